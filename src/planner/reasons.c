#include "setting.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Scarring from about 12 J/cm2 (clinical ceiling, thresholds.csv): an ink that needs more is out of reach of
 * any laser of this kind. */
#define BEYOND_ANY_LASER_J_CM2 12.0
/* Below this share of the coloured pigment, a wavelength leaves most of the ink where it is. */
#define PARTLY 0.5

static fl_planner_reason *say(fl_setting *s, const char *code, const char *change, const char *format, ...)
    FL_PRINTF(4, 5);
static fl_planner_reason *say(fl_setting *s, const char *code, const char *change, const char *format, ...)
{
    FL_ASSERT(s->reason_count < FL_PLANNER_REASONS); /* no reason is ever lost */
    fl_planner_reason *reason = &s->reasons[s->reason_count++];
    snprintf(reason->code, sizeof reason->code, "%s", code);
    snprintf(reason->change, sizeof reason->change, "%s", change);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason->text, sizeof reason->text, format, arguments);
    va_end(arguments);
    return reason;
}

static const char *longer_wavelength(const fl_setting *s)
{
    return fl_as_nm(s->wavelength) < 1060.0
               ? "a longer wavelength spares melanin; so does a lighter skin after the tan "
                 "has gone, or another laser"
               : "a lighter skin after the tan has gone, or a test spot under medical order";
}

/* The two things that end what skin bears, as one clause. */
static void bears(const fl_planner_request *r, const fl_setting *s, char *room, size_t size)
{
    if (s->bearable_heat.J_m2 < s->bearable.J_m2)
        snprintf(room, size,
                 "the skin would gather more than %.0f K above %.2f J/cm2 under a hand that stands still",
                 r->warming_max.K, fl_as_J_cm2(s->bearable_heat));
    else if (s->bearable_heat.J_m2 < s->bearable_test.J_m2)
        snprintf(
            room, size,
            "the skin bears %.2f J/cm2 at a risk of %.0f %%; above %.2f it would gather more than %.0f K",
            fl_as_J_cm2(s->bearable), 100.0 * r->accepted_risk, fl_as_J_cm2(s->bearable_heat),
            r->warming_max.K);
    else
        snprintf(room, size, "the skin bears %.2f J/cm2 at a risk of %.0f %% (%.0f %%: %.2f)",
                 fl_as_J_cm2(s->bearable), 100.0 * r->accepted_risk, 100.0 * r->accepted_test_risk,
                 fl_as_J_cm2(s->bearable_test));
}

static void explain_closed(const fl_planner_request *r, fl_setting *s)
{
    const double need = fl_as_J_cm2(s->needed_test), limit = fl_as_J_cm2(s->limit);
    const double bear = fmin(fl_as_J_cm2(s->bearable_test), fl_as_J_cm2(s->bearable_heat));
    char clause[200];
    if (s->target_colour < FL_INK_PALE || s->target_share <= 0.0)
        say(s, "ink-not-reached", "a wavelength that this ink absorbs",
            "at %.0f nm %s absorbs only %.1f %% of what it does at its best laser line",
            fl_as_nm(s->wavelength), s->target, 100.0 * s->target_colour);
    else if (need > BEYOND_ANY_LASER_J_CM2)
        say(s, "ink-not-reached", "a wavelength that this ink absorbs",
            "this ink hardly absorbs at %.0f nm: it would need %.1f J/cm2, more than any laser of this kind "
            "may give",
            fl_as_nm(s->wavelength), need);
    else if (bear < need) {
        bears(r, s, clause, sizeof clause);
        say(s, "no-window", longer_wavelength(s),
            "no window at %.0f nm, %g mm: for a chance of %.0f %% of an effect the ink needs %.2f J/cm2 "
            "(%.0f %%: %.2f); %s",
            fl_as_nm(s->wavelength), fl_as_mm(s->spot), 100.0 * r->effect_least, fl_as_J_cm2(s->needed),
            100.0 * r->effect_least_test, need, clause);
    } else
        say(s, "limit-below-need",
            "a smaller spot, or a laser with more energy; rules only by who signs them",
            "the %s ends at %.2f J/cm2 with %g mm, the ink needs %.2f J/cm2",
            s->limit_by == FL_LIMIT_DEVICE ? "device" : "rule file", limit, fl_as_mm(s->spot), need);
}

static void explain_limit(const fl_planner_request *r, fl_setting *s)
{
    const double high = fl_as_J_cm2(s->allowed ? s->high : s->test_high);
    switch (s->limited_by) {
    case FL_LIMIT_DEVICE:
        say(s, "limited-by-device", "a smaller spot", "the device gives no more than %.2f J/cm2 with %g mm",
            high, fl_as_mm(s->spot));
        break;
    case FL_LIMIT_PROFILE:
        say(s, "limited-by-rules", "who signs the rule file", "the rule file allows no more than %.2f J/cm2",
            high);
        break;
    default:
        if (s->bearable_heat.J_m2 < (s->window == FL_WINDOW_OPEN ? s->bearable : s->bearable_test).J_m2) {
            say(s, "limited-by-heat", "cooling",
                "above %.2f J/cm2 the skin would gather more than %.0f K under a hand that stands still, "
                "even at 1 Hz",
                high, r->warming_max.K);
            break;
        }
        say(s, "limited-by-physics", longer_wavelength(s),
            "above %.2f J/cm2 the risk of injury exceeds %.0f %%", high,
            100.0 * (s->window == FL_WINDOW_OPEN ? r->accepted_risk : r->accepted_test_risk));
    }
}

static void explain_cover(const fl_study *study, fl_setting *s)
{
    const fl_planner_request *r = study->request;
    if (study->order.cover_first)
        say(s, "cover-first", "a plan of its own for what lies below, after the read",
            "%s lies on top and absorbs at %.0f nm: it is treated first, %s below it later", r->cover->title,
            fl_as_nm(s->wavelength), r->ink->title);
    else if (study->order.above)
        say(s, "under-cover", "a test spot, read when it is due",
            "%s lies on top, lets %.0f nm through and scatters it: planned for %s below it", r->cover->title,
            fl_as_nm(s->wavelength), r->ink->title);
}

/* A margin of 1 or less in half of all cases, or in one of twenty for what stays. */
static void explain_hair(fl_setting *s)
{
    const fl_planner_band *shaft = &s->hair_shaft_margin, *bulb = &s->hair_bulb_margin;
    if (bulb->p05 > 0.0 && bulb->p05 < 1.0)
        say(s, "hair-bulb", "a longer wavelength, a smaller spot, or less fluence",
            "light may reach the hair bulbs (margin %.1f, 5-95 %%: %.1f-%.1f): hair may grow back white, or "
            "not",
            bulb->median, bulb->p05, bulb->p95);
    if (shaft->median > 0.0 && shaft->median < 1.0)
        say(s, "hair-shaft", "clip the hair, a longer wavelength, or less fluence",
            "hair in the skin is likely to turn white or break at this fluence (margin %.1f); it grows back",
            shaft->median);
}

#define BURN_COUNTS 0.25 /* of all injuries */
#define PLASMA_LIKELY 0.50

static void explain_sides(const fl_planner_request *r, fl_setting *s)
{
    explain_hair(s);
    if (s->burn_probability > BURN_COUNTS * fmax(s->injury_probability, 0.002))
        say(s, "burn-counts", r->cooling.W_m2_K > 0.0 ? "less fluence, or a longer wavelength" : "cooling",
            "heat alone burns in %.1f %% of the cases, of %.1f %% that are harmed at all",
            100.0 * s->burn_probability, 100.0 * s->injury_probability);
    if (s->plasma_probability > PLASMA_LIKELY)
        say(s, "plasma-possible", "a larger spot at less fluence; clean, dry, hairless skin",
            "sparks on melanin are likely (%.0f %%; the threshold is from memory): stop at the first one",
            100.0 * s->plasma_probability);
    if (s->passes > 1)
        say(s, "several-passes", "one pass at the full fluence",
            "%d passes in the day, each at %.0f %% of the fluence of a single one: wait until the whitening "
            "is gone",
            s->passes, 100.0 * fl_passes_fluence(s->passes));
}

static void explain_ink(const fl_planner_request *r, fl_setting *s)
{
    if (s->window != FL_WINDOW_CLOSED && s->target_share < PARTLY)
        say(s, "ink-partly-reached", "a second wavelength for the rest",
            "at %.0f nm mostly %s absorbs, %.0f %% of the coloured pigment", fl_as_nm(s->wavelength),
            s->target, 100.0 * s->target_share);
    if (r->ink->darkens == FL_YES || (r->cover && r->cover->darkens == FL_YES))
        say(s, "ink-darkens", "a test spot, read when it is due",
            "this ink can turn dark at once (iron oxide or titanium dioxide), at every wavelength; no "
            "threshold is known");
    const fl_planner_ink *guess = r->ink->known != FL_YES ? r->ink : r->cover;
    if (guess && guess->known != FL_YES)
        say(s, "ink-unknown", "the name of the ink, or a test spot", "nobody knows this ink: planned as %s",
            guess->title);
}

static void explain_test_only(const fl_planner_request *r, fl_setting *s)
{
    char clause[200];
    bears(r, s, clause, sizeof clause);
    say(s, "window-test-only", longer_wavelength(s),
        "only a test spot: treating a zone needs %.2f J/cm2, a test spot may learn something from %.2f on; "
        "%s",
        fl_as_J_cm2(s->needed), fl_as_J_cm2(s->needed_test), clause);
}

void fl_setting_explain(const fl_study *study, fl_setting *s)
{
    const fl_planner_request *r = study->request;
    if (s->window == FL_WINDOW_CLOSED) explain_closed(r, s);
    if (s->window == FL_WINDOW_TEST_ONLY) explain_test_only(r, s);
    if (s->window != FL_WINDOW_CLOSED) explain_limit(r, s);
    explain_ink(r, s);
    explain_cover(study, s);
    if (s->window != FL_WINDOW_CLOSED) explain_sides(r, s);
    if (s->window != FL_WINDOW_CLOSED && s->rate.Hz + 0.5 < r->rate_max.Hz)
        say(s, "rate-lowered", "cooling between pulses, or a lower fluence",
            "%.0f Hz instead of %.0f: a hand that stands still for three pulses would leave more than %.0f K "
            "or burn "
            "in more than %.0f %%%s",
            s->rate.Hz, r->rate_max.Hz, r->warming_max.K, 100.0 * r->accepted_risk,
            s->rate.Hz > 1.5 ? "" : "; even so slow, keep it moving");
}
