#include "plan_page.h"
#include "wrap.h"

#include "fadeline/base/text.h"
#include "fadeline/course/coverage.h"

#include <string.h>

static void say(FILE *out, const char *mark, const char *text)
{
    fprintf(out, "  %-10s", mark);
    wrap(out, text, 12, 12);
}

static void reasons(FILE *out, const fl_plan *plan)
{
    char day[11], line[FL_PLAN_LINE + 40];
    if (plan->reason_count) fputs("\nWhy\n", out);
    for (size_t i = 0; i < plan->reason_count; i++) {
        const fl_plan_reason *r = &plan->reasons[i];
        say(out, fl_plan_rank_word(r->rank), r->text);
        if (fl_date_is_set(r->until)) {
            snprintf(line, sizeof line, "until %s", fl_date_text(r->until, day));
            say(out, "", line);
        }
        if (r->change[0] && r->rank > FL_RANK_INFO) {
            snprintf(line, sizeof line, "would change it: %s", r->change);
            say(out, "", line);
        }
    }
}

static void skin(FILE *out, const fl_plan *plan)
{
    const fl_plan_skin *s = &plan->skin;
    fputs("\nSkin\n  ", out);
    fprintf(out, "type %s, planned as %s", fl_skin_type_roman(s->type), fl_skin_type_roman(s->planned_as));
    if (s->form_total >= 0)
        fprintf(out, "; form %d, eight items without sun %d (no band of its own)", s->form_total,
                s->form_subtotal);
    if (s->ita_known) fprintf(out, "; ITA %.1f degrees at the site", s->ita_deg);
    fputc('\n', out);
}

static void setting(FILE *out, const fl_plan_setting *s, bool chosen)
{
    fprintf(out, "%s %5.0f nm %4.1f mm  ", chosen ? " >" : "  ", fl_as_nm(s->wavelength), fl_as_mm(s->spot));
    if (s->has_fluence)
        fprintf(out, "%4.2f (%.2f-%.2f) J/cm2 %6.1f mJ  by %-8s", fl_as_J_cm2(s->start), fl_as_J_cm2(s->low),
                fl_as_J_cm2(s->high), fl_as_mJ(s->energy), s->limited_by);
    else
        fprintf(out, "%-42s", "no fluence");
    if (s->has_physics)
        fprintf(out, "  ink %.2f (%.2f-%.2f)  skin %.2f (%.2f-%.2f)  harm %.1f %%  effect %.0f %%",
                s->ink_margin.median, s->ink_margin.p05, s->ink_margin.p95, s->epidermis_margin.median,
                s->epidermis_margin.p05, s->epidermis_margin.p95, 100 * s->injury_probability,
                100 * s->effect_probability);
    fprintf(out, "  %s\n", s->allowed ? "allowed" : s->has_fluence ? "test only" : "NOT ALLOWED");
}

/* What bars a setting is said once for all its spots. */
static void setting_reason(FILE *out, const fl_plan_setting *s, const fl_plan_setting *before)
{
    if (s->allowed || !s->reason_count) return;
    if (before && before->reason_count && before->wavelength.m == s->wavelength.m &&
        strcmp(before->reasons[0].code, s->reasons[0].code) == 0)
        return;
    fputs("              ", out);
    wrap(out, s->reasons[0].text, 14, 14);
}

/* A margin of thousands says no more than one of a hundred. */
static const char *margin(double value, char room[8])
{
    snprintf(room, 8, value >= 99.5 ? ">99" : value >= 9.95 ? "%.0f" : "%.1f", value);
    return room;
}

/* What else the chosen fluence does. */
static void sides(FILE *out, const fl_plan_setting *s)
{
    if (!s->has_sides) return;
    fprintf(out,
            "     reaches %.0f %% of the ink (%.0f-%.0f); heat alone harms in %.2f %%; a spark in %.0f %%\n",
            100 * s->ink_reached.median, 100 * s->ink_reached.p05, 100 * s->ink_reached.p95,
            100 * s->burn_probability, 100 * s->plasma_probability);
    if (!s->has_hair) return;
    const fl_plan_band *both[2] = {&s->hair_shaft_margin, &s->hair_bulb_margin};
    char room[3][8];
    for (int i = 0; i < 2; i++)
        fprintf(out, "%s %s (%s to %s)%s", i ? " bulb" : "     hair in the skin, margins: shaft",
                margin(both[i]->median, room[0]), margin(both[i]->p05, room[1]),
                margin(both[i]->p95, room[2]), i ? "; above 1 is good\n" : ",");
}

static void settings(FILE *out, const fl_plan *plan)
{
    if (!plan->setting_count) return;
    fputs("\nSettings   start (low-high), energy of one pulse, who limits it; margins at start, median (5-95 "
          "%), above 1 "
          "is good\n",
          out);
    for (size_t i = 0; i < plan->setting_count; i++) {
        setting(out, &plan->settings[i], (int)i == plan->chosen);
        setting_reason(out, &plan->settings[i], i ? &plan->settings[i - 1] : NULL);
    }
    if (plan->chosen >= 0) {
        const fl_plan_setting *s = &plan->settings[plan->chosen];
        fprintf(out,
                "   > chosen: %.0f nm, %.1f mm, %.2f J/cm2, %.1f mJ, %.1f Hz, %d pass%s, %.0f ps, head %s\n",
                fl_as_nm(s->wavelength), fl_as_mm(s->spot), fl_as_J_cm2(s->start), fl_as_mJ(s->energy),
                s->rate.Hz, s->passes, s->passes == 1 ? "" : "es", fl_as_ps(s->pulse), s->head);
        sides(out, s);
        for (size_t i = 0; i < s->reason_count; i++) {
            fputs("     ", out);
            wrap(out, s->reasons[i].text, 5, 7);
        }
    }
}

static void zones(FILE *out, const fl_plan *plan)
{
    double area_cm2 = 0;
    int pulses = 0;
    bool drawn = false;
    fputs("\nZones      area      spot  overlap  pulses   tone at / stop to ask at / stop at\n", out);
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        fprintf(out, "  %-8s %5.1f cm2  %.1f mm  %2.0f %%   %6d   ", z->id, fl_as_cm2(z->area),
                fl_as_mm(z->spot), 100 * z->overlap, z->pulses);
        if (z->locked) {
            fputs("LOCKED  ", out);
            wrap(out, z->reason, 60, 60);
        } else {
            fprintf(out, "%d, %d / %d / %d\n", z->budget.notice, z->budget.planned, z->budget.soft_stop,
                    z->budget.hard_stop);
        }
        area_cm2 += fl_as_cm2(z->area);
        pulses += z->pulses;
        drawn |= z->drawn;
    }
    /* Over the whole area: zones are rounded one by one, and their sum may differ from it by a pulse or two.
     * Spots counted in a drawing are what they are, and add up. */
    fl_coverage whole = {.pulses = pulses};
    if (plan->zone_count && !drawn &&
        fl_coverage_of(fl_cm2(area_cm2), plan->zones[0].spot, plan->zones[0].overlap, &whole) != FL_OK)
        whole.pulses = pulses;
    fprintf(out, "  total    %5.1f cm2                   %6d a pass\n", area_cm2, whole.pulses);
}

static void tests(FILE *out, const fl_plan *plan)
{
    const fl_plan_test_spots *t = &plan->test_spots;
    char a[11], b[11];
    if (!t->required) return;
    fputs("\nTest spots", out);
    if (fl_date_is_set(t->place_not_before))
        fprintf(out, ", not before %s", fl_date_text(t->place_not_before, a));
    fputc('\n', out);
    for (size_t i = 0; i < t->grid_count; i++) {
        const fl_plan_spot *p = &t->grid[i];
        fprintf(out, "  %-4s %-8s %5.0f nm  %.1f mm  %.2f J/cm2  %6.1f mJ  %d pulses, never stacked\n", p->id,
                p->zone, fl_as_nm(p->wavelength), fl_as_mm(p->spot), fl_as_J_cm2(p->fluence),
                fl_as_mJ(p->energy), p->pulses);
    }
    if (t->same_day)
        fprintf(out, "  look at 0 and %d minutes; the zones may follow the same day\n", t->look_minutes);
    else
        fprintf(out, "  look at 0 and %d minutes; read from %s to %s; no full session before the read\n",
                t->look_minutes, fl_date_text(t->read_not_before, a), fl_date_text(t->read_by, b));
}

static void ink_left(FILE *out, const fl_plan_sessions *s)
{
    char line[FL_PLAN_LINE + 40];
    fl_text text = fl_text_in(line, sizeof line);
    fl_text_add(&text, "ink left, median (5-95 %%):");
    for (size_t i = 0; i < s->left_count; i++) {
        const fl_plan_left *l = &s->left[i];
        if (l->after)
            fl_text_add(&text, "%s after %d", i ? "," : "", l->after);
        else
            fl_text_add(&text, " today");
        fl_text_add(&text, " %.0f %% (%.0f-%.0f)", 100 * l->left.median, 100 * l->left.p05,
                    100 * l->left.p95);
    }
    fputs("  ", out);
    wrap(out, line, 2, 4);
}

static void sessions(FILE *out, const fl_plan *plan)
{
    const fl_plan_sessions *s = &plan->sessions;
    fputs("\nSessions\n", out);
    if (s->known)
        fprintf(out, "  %d to %d %ssessions, most likely %d\n", s->low, s->high, s->reads ? "more " : "",
                s->likely);
    else
        fputs("  no honest range\n", out);
    if (s->modelled) ink_left(out, s);
    for (size_t i = 0; i < s->reason_count; i++) {
        fputs("    ", out);
        wrap(out, s->reasons[i], 4, 4);
    }
}

static void feet(FILE *out, const fl_plan *plan)
{
    char day[11], hex[2 * FL_SHA256_SIZE + 1];
    if (fl_date_is_set(plan->next_not_before))
        fprintf(out, "\nNext, not before %s\n", fl_date_text(plan->next_not_before, day));
    fputs("\nEyewear    for the most the laser can make\n", out);
    for (size_t i = 0; i < plan->eyewear_count; i++) {
        const fl_plan_eyewear *e = &plan->eyewear[i];
        fprintf(out, "  %5.0f nm  OD %.0f or more, %s", fl_as_nm(e->wavelength), e->od, e->en207);
        if (e->nohd_known)
            fprintf(out, ", hazard distance %.0f m\n", e->nohd.m);
        else
            fputs(", hazard distance not known (no divergence in the device file)\n", out);
    }
    fprintf(out, "\nPlan %s  sha256 %.16s...  rules %s %s  seed %llu\n", plan->plan_id,
            fl_hex(plan->sha256, FL_SHA256_SIZE, hex), plan->rules.file, plan->rules.version,
            (unsigned long long)plan->seed);
}

void fl_plan_page(FILE *out, const fl_plan *plan, const char *title, bool simulated)
{
    char day[11];
    fprintf(out, "%s\n", fl_plan_verdict_line(plan->verdict));
    fprintf(out, "%s, %s%s%s, %s for %s%s\n", plan->client, title, plan->variant[0] ? ", variant " : "",
            plan->variant, plan->device, fl_date_text(plan->date, day),
            simulated ? "  (SIMULATED laser)" : "");
    reasons(out, plan);
    skin(out, plan);
    settings(out, plan);
    zones(out, plan);
    tests(out, plan);
    sessions(out, plan);
    feet(out, plan);
}
