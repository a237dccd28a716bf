/* The numbers of a plan's page: settings and why not, zones and their budgets, test spots, sessions, eyewear.
 * A margin is never one number: its middle and its 5 to 95 %. */
#include "plan_parts.h"

#include "fadeline/course/coverage.h"

#include <math.h>
#include <string.h>

static const char *nm(page *p, fl_wavelength w)
{
    return page_number(p, fl_as_nm(w), 0);
}

static const char *mm(page *p, fl_length l)
{
    return page_number(p, fl_as_mm(l), 1);
}

/* A margin of thousands says no more than one of a hundred. */
static const char *margin(page *p, double value)
{
    if (value >= 99.5) return ">99";
    return page_number(p, value, value >= 9.95 ? 0 : 1);
}

static const char *band(page *p, const fl_plan_band *b)
{
    return page_format(p, "%s (%s–%s)", margin(p, b->median), margin(p, b->p05), margin(p, b->p95));
}

static const char *percent(page *p, double share, int decimals)
{
    return page_format(p, "%s %%", page_number(p, 100 * share, decimals));
}

static void put_digits(page *p, word label, const char *value, const char *unit)
{
    html_put(&p->html, "<div><dt>%s</dt><dd><span class=\"digits\">%s</span> %s</dd></div>", say(p, label),
             value, unit);
}

/* ---- the chosen setting, large ---- */

static void put_side(page *p, word label, const char *value)
{
    html_put(&p->html, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, label), value);
}

/* What else the chosen fluence does. */
static void put_sides(page *p, const fl_plan_setting *s)
{
    if (!s->has_sides) return;
    html_put(&p->html, "<dl class=\"facts\">");
    put_side(p, W_PLAN_REACHES,
             page_format(p, "%s (%s–%s)", percent(p, s->ink_reached.median, 0),
                         page_number(p, 100 * s->ink_reached.p05, 0),
                         page_number(p, 100 * s->ink_reached.p95, 0)));
    put_side(p, W_PLAN_BURN, percent(p, s->burn_probability, 2));
    put_side(p, W_PLAN_SPARK, percent(p, s->plasma_probability, 0));
    if (s->has_hair) {
        put_side(p, W_PLAN_HAIR_SHAFT, band(p, &s->hair_shaft_margin));
        put_side(p, W_PLAN_HAIR_BULB, band(p, &s->hair_bulb_margin));
    }
    html_put(&p->html, "</dl>");
}

void plan_put_chosen(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    if (!plan_has_numbers(plan)) return;
    if (plan->chosen < 0) {
        html_put(w, "<div class=\"no\"><p>%s</p></div>", say(p, W_PLAN_NO_SETTING));
        return;
    }
    const fl_plan_setting *s = &plan->settings[plan->chosen];
    html_put(w, "<section><h2>%s</h2><dl class=\"facts\">",
             say(p, fl_plan_treats_zones(plan) ? W_PLAN_CHOSEN : W_PLAN_CHOSEN_TEST));
    put_digits(p, W_WAVELENGTH, nm(p, s->wavelength), "nm");
    put_digits(p, W_SPOT, mm(p, s->spot), "mm");
    put_digits(p, W_FLUENCE, page_number(p, fl_as_J_cm2(s->start), 2), "J/cm²");
    put_digits(p, W_ENERGY, page_number(p, fl_as_mJ(s->energy), 1), "mJ");
    put_digits(p, W_RATE, page_number(p, s->rate.Hz, 1), "Hz");
    put_digits(p, W_PLAN_PASSES, page_number(p, s->passes, 0), "");
    html_put(w, "</dl>");
    put_sides(p, s);
    for (size_t i = 0; i < s->reason_count; i++) {
        html_put(w, "<p>");
        plan_put_why(p, &s->reasons[i]);
        html_put(w, "</p>");
    }
    html_put(w, "</section>");
}

/* ---- all that were looked at ---- */

static word limit_word(const char *who)
{
    if (strcmp(who, "device") == 0) return W_PLAN_BY_DEVICE;
    return strcmp(who, "rules") == 0 ? W_PLAN_BY_RULES : W_PLAN_BY_PHYSICS;
}

/* What bars a setting is said once for all its spots. */
static bool is_said_above(const fl_plan *plan, size_t n)
{
    const fl_plan_setting *s = &plan->settings[n];
    for (size_t i = 0; i < n; i++)
        if (plan->settings[i].reason_count && plan->settings[i].wavelength.m == s->wavelength.m &&
            !plan->settings[i].allowed && strcmp(plan->settings[i].reasons[0].code, s->reasons[0].code) == 0)
            return true;
    return false;
}

static void put_setting_state(page *p, const fl_plan *plan, size_t n)
{
    html *w = &p->html;
    const fl_plan_setting *s = &plan->settings[n];
    if (s->allowed) {
        html_put(w, "<span class=\"state good\">%s</span>", say(p, W_PLAN_ALLOWED));
        return;
    }
    html_put(w, "<span class=\"state %s\">%s</span>", s->has_fluence ? "warn" : "bad",
             say(p, s->has_fluence ? W_PLAN_TEST_ONLY : W_PLAN_BLOCKED));
    if (!s->reason_count || is_said_above(plan, n)) return;
    html_put(w, "<br>");
    plan_put_why(p, &s->reasons[0]);
}

static void put_setting(page *p, const fl_plan *plan, size_t n)
{
    html *w = &p->html;
    const fl_plan_setting *s = &plan->settings[n];
    const bool numbers = plan_has_numbers(plan) && s->has_fluence;
    const bool chosen = plan_has_numbers(plan) && (int)n == plan->chosen;
    html_put(w, "<tr class=\"%s\"><th scope=\"row\">%s%s nm · %s mm</th>", chosen ? "chosen" : "",
             chosen ? "▶ " : "", nm(p, s->wavelength), mm(p, s->spot));
    if (numbers)
        html_put(w, "<td class=\"number\">%s (%s–%s)<br>%s</td><td class=\"number\">%s</td>",
                 page_number(p, fl_as_J_cm2(s->start), 2), page_number(p, fl_as_J_cm2(s->low), 2),
                 page_number(p, fl_as_J_cm2(s->high), 2), say(p, limit_word(s->limited_by)),
                 page_number(p, fl_as_mJ(s->energy), 1));
    else
        html_put(w, "<td>–</td><td>–</td>");
    if (numbers && s->has_physics)
        html_put(w, "<td class=\"number\">%s</td><td class=\"number\">%s</td><td class=\"number\">%s</td>",
                 band(p, &s->ink_margin), band(p, &s->epidermis_margin),
                 percent(p, s->injury_probability, 1));
    else
        html_put(w, "<td>–</td><td>–</td><td>–</td>");
    html_put(w, "<td>");
    put_setting_state(p, plan, n);
    html_put(w, "</td></tr>");
}

void plan_put_settings(page *p, const fl_plan *plan)
{
    static const word heads[] = {W_PLAN_SETTING,     W_PLAN_FLUENCE, W_PLAN_ENERGY_MJ, W_PLAN_INK_MARGIN,
                                 W_PLAN_SKIN_MARGIN, W_PLAN_HARM,    W_STATE};
    html *w = &p->html;
    if (!plan->setting_count) return;
    html_put(w,
             "<section><h2>%s</h2><p>%s</p><div class=\"table\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"%s\"><table>",
             say(p, W_PLAN_SETTINGS), say(p, W_PLAN_SETTINGS_NOTE), say(p, W_PLAN_SETTINGS));
    plan_put_head_row(p, heads, sizeof heads / sizeof *heads);
    html_put(w, "<tbody>");
    for (size_t i = 0; i < plan->setting_count; i++) put_setting(p, plan, i);
    html_put(w, "</tbody></table></div></section>");
}

/* ---- zones ---- */

/* Over the whole area: zones are rounded one by one, and their sum may differ from it by a pulse or two.
 * Spots counted in a drawing are what they are, and add up. 0: there is nothing to count. */
static int pulses_of_all(const fl_plan *plan, fl_length spot)
{
    double cm2 = 0;
    int sum = 0;
    bool drawn = false;
    fl_coverage all;
    for (size_t i = 0; i < plan->zone_count; i++) {
        cm2 += fl_as_cm2(plan->zones[i].area);
        sum += plan->zones[i].pulses;
        drawn |= plan->zones[i].drawn;
    }
    if (drawn) return plan->zone_count && spot.m == plan->zones[0].spot.m ? sum : 0;
    return plan->zone_count && fl_coverage_of(fl_cm2(cm2), spot, plan->zones[0].overlap, &all) == FL_OK
               ? all.pulses
               : 0;
}

/* The same area with the other spots that are allowed. */
static void put_other_spots(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    bool begun = false;
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_length spot = plan->settings[i].spot;
        bool seen = spot.m == plan->zones[0].spot.m || !plan->settings[i].has_fluence;
        for (size_t j = 0; j < i && !seen; j++)
            seen = plan->settings[j].has_fluence && plan->settings[j].spot.m == spot.m;
        const int pulses = seen ? 0 : pulses_of_all(plan, spot);
        if (!pulses) continue;
        if (!begun) html_put(w, "<p>%s:", say(p, W_PLAN_OTHER_SPOTS));
        html_put(w, "%s %s mm: %s", begun ? " ·" : "", mm(p, spot), page_count(p, (uint64_t)pulses));
        begun = true;
    }
    if (begun) html_put(w, "</p>");
}

static void put_zone(page *p, const fl_plan *plan, const fl_plan_zone *z)
{
    html *w = &p->html;
    const char *name = fl_client_zone(plan_lang(p), z->id);
    html_put(w, "<tr><th scope=\"row\">%s%s%s</th><td class=\"number\">%s</td>", z->id,
             strcmp(name, z->id) ? " · " : "", strcmp(name, z->id) ? name : "",
             page_number(p, fl_as_cm2(z->area), 1));
    if (z->locked) {
        html_put(w, "<td colspan=\"3\"><span class=\"state bad\">%s</span> ", say(p, W_PLAN_LOCKED));
        page_put_said(p, z->reason);
        html_put(w, "</td></tr>");
    } else if (!plan_has_numbers(plan))
        html_put(w, "<td>–</td><td>–</td><td>–</td></tr>");
    else
        html_put(w,
                 "<td class=\"number\">%s · %s %%</td><td class=\"number\">%s</td><td class=\"number\">%s · "
                 "%s · %s · %s</td></tr>",
                 mm(p, z->spot), page_number(p, 100 * z->overlap, 0), page_count(p, (uint64_t)z->pulses),
                 page_count(p, (uint64_t)z->budget.notice), page_count(p, (uint64_t)z->budget.planned),
                 page_count(p, (uint64_t)z->budget.soft_stop), page_count(p, (uint64_t)z->budget.hard_stop));
}

void plan_put_zones(page *p, const fl_plan *plan)
{
    static const word heads[] = {W_ZONE_NAME, W_ZONE_AREA, W_ZONE_SPOT, W_PULSES_A_PASS, W_ZONE_BUDGET};
    html *w = &p->html;
    double cm2 = 0;
    if (!plan->zone_count) return;
    html_put(w, "<section><h2>%s</h2>", say(p, W_PLAN_ZONES));
    plan_put_map(p, plan);
    html_put(w, "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>",
             say(p, W_PLAN_ZONES));
    plan_put_head_row(p, heads, sizeof heads / sizeof *heads);
    html_put(w, "<tbody>");
    for (size_t i = 0; i < plan->zone_count; i++) {
        put_zone(p, plan, &plan->zones[i]);
        cm2 += fl_as_cm2(plan->zones[i].area);
    }
    const int all = plan_has_numbers(plan) ? pulses_of_all(plan, plan->zones[0].spot) : 0;
    html_put(w,
             "</tbody><tfoot><tr><th scope=\"row\">%s</th><td class=\"number\">%s</td><td></td><td "
             "class=\"number\">"
             "<strong>%s</strong></td><td></td></tr></tfoot></table></div>",
             say(p, W_PLAN_TOTAL), page_number(p, cm2, 1), all ? page_count(p, (uint64_t)all) : "–");
    if (plan_has_numbers(plan)) put_other_spots(p, plan);
    html_put(w, "</section>");
}

/* ---- test spots ---- */

void plan_put_tests(page *p, const fl_plan *plan)
{
    static const word heads[] = {W_TEST_SPOT, W_ZONE_NAME,      W_WAVELENGTH, W_SPOT,
                                 W_FLUENCE,   W_PLAN_ENERGY_MJ, W_PULSES_WORD};
    const fl_plan_test_spots *t = &plan->test_spots;
    html *w = &p->html;
    if (!t->required) return;
    html_put(w, "<section><h2>%s</h2>", say(p, W_PLAN_TESTS));
    if (fl_date_is_set(t->place_not_before))
        html_put(w, "<p><strong>%s</strong></p>",
                 page_fill(p, W_TEST_PLACE, page_date(p, t->place_not_before)));
    if (t->same_day)
        html_put(w, "<p>%s</p>", page_fill(p, W_TEST_SAME_DAY, page_number(p, t->look_minutes, 0)));
    else
        html_put(w, "<p>%s <strong>%s %s</strong></p>",
                 page_fill(p, W_TEST_LOOK, page_number(p, t->look_minutes, 0)),
                 page_fill(p, W_TEST_FROM, page_date(p, t->read_not_before)),
                 page_fill(p, W_TEST_BY, page_date(p, t->read_by)));
    if (plan_has_numbers(plan) && t->grid_count) {
        html_put(w, "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>",
                 say(p, W_PLAN_TESTS));
        plan_put_head_row(p, heads, sizeof heads / sizeof *heads);
        html_put(w, "<tbody>");
        for (size_t i = 0; i < t->grid_count; i++) {
            const fl_plan_spot *s = &t->grid[i];
            html_put(w,
                     "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%s nm</td><td "
                     "class=\"number\">%s mm</td>",
                     s->id, s->zone, nm(p, s->wavelength), mm(p, s->spot));
            html_put(w,
                     "<td class=\"number\">%s J/cm²</td><td class=\"number\">%s</td><td "
                     "class=\"number\">%d</td></tr>",
                     page_number(p, fl_as_J_cm2(s->fluence), 2), page_number(p, fl_as_mJ(s->energy), 1),
                     s->pulses);
        }
        html_put(w, "</tbody></table></div><p>%s</p>", say(p, W_TEST_STACK));
    }
    html_put(w, "</section>");
}

/* ---- sessions, eyewear ---- */

void plan_put_sessions(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    char room[160];
    const fl_plan_sessions *s = &plan->sessions;
    html_put(w, "<section><h2>%s</h2><p class=\"digits small\">%s</p>", say(p, W_PLAN_SESSIONS),
             s->known ? fl_client_range(plan_lang(p), s, room) : say(p, W_PLAN_NO_RANGE));
    if (s->modelled && s->left_count) {
        html_put(w,
                 "<table class=\"narrow\"><caption>%s</caption><thead><tr><th scope=\"col\">%s</th><th "
                 "scope=\"col\">%s</th>"
                 "<th scope=\"col\">%s</th></tr></thead><tbody>",
                 say(p, W_PLAN_LEFT), say(p, W_PLAN_AFTER), say(p, W_PLAN_INK_LEFT), say(p, W_PLAN_REACHED));
        for (size_t i = 0; i < s->left_count; i++)
            html_put(w,
                     "<tr><th scope=\"row\">%d</th><td class=\"number\">%s (%s–%s)</td><td "
                     "class=\"number\">%s</td></tr>",
                     s->left[i].after, percent(p, s->left[i].left.median, 0),
                     page_number(p, 100 * s->left[i].left.p05, 0),
                     page_number(p, 100 * s->left[i].left.p95, 0),
                     percent(p, s->left[i].goal_probability, 0));
        html_put(w, "</tbody></table>");
    }
    if (s->reason_count) html_put(w, "<ul>");
    for (size_t i = 0; i < s->reason_count; i++) {
        html_put(w, "<li>");
        page_put_said(p, s->reasons[i]);
        html_put(w, "</li>");
    }
    if (s->reason_count) html_put(w, "</ul>");
    html_put(w, "</section>");
}

void plan_put_eyewear(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    if (!plan->eyewear_count) return;
    html_put(w, "<section><h2>%s</h2><p>%s</p><ul>", say(p, W_S_EYEWEAR), say(p, W_PLAN_EYEWEAR_NOTE));
    for (size_t i = 0; i < plan->eyewear_count; i++) {
        const fl_plan_eyewear *e = &plan->eyewear[i];
        html_put(w, "<li><strong>%s nm</strong> · %s · %s", nm(p, e->wavelength),
                 page_fill(p, W_PLAN_OD, page_number(p, e->od, 0)), e->en207);
        if (e->nohd_known) html_put(w, " · %s", page_fill(p, W_PLAN_NOHD, page_number(p, e->nohd.m, 0)));
        html_put(w, "</li>");
    }
    html_put(w, "</ul></section>");
}
