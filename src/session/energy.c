#include "fadeline/session/energy.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STUCK_J 5e-6 /* a report is a whole number of microjoules */
#define STUCK_SHARE 0.002

const char *fl_energy_verdict_text(fl_energy_verdict verdict)
{
    static const char *const texts[] = {"?", "pass", "warn", "lock", "void"};
    return texts[verdict <= FL_ENERGY_VOID ? verdict : 0];
}

/* The worst one stands; every reason is told. */
FL_PRINTF(3, 4)
static void because(fl_energy_result *r, fl_energy_verdict verdict, const char *format, ...)
{
    if (verdict > r->verdict) r->verdict = verdict;
    if (r->reason_count == FL_ENERGY_REASONS) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->reasons[r->reason_count++], sizeof r->reasons[0], format, arguments);
    va_end(arguments);
}

static void measure(const fl_device_calibration *limits, const fl_energy_check *c, fl_energy_result *r)
{
    r->mean_J = gsl_stats_mean(c->readings_J, 1, c->count);
    r->sd_J = c->count > 1 ? gsl_stats_sd_m(c->readings_J, 1, c->count, r->mean_J) : NAN;
    r->se_J = r->sd_J / sqrt((double)c->count);
    gsl_stats_minmax(&r->low_J, &r->high_J, c->readings_J, 1, c->count);
    r->off_percent = 100 * (r->mean_J / c->set_J - 1);
    const double t = c->count > 1 ? gsl_cdf_tdist_Pinv(0.975, (double)c->count - 1) : NAN;
    r->unsure_percent = hypot(limits->meter_tolerance_percent, 100 * t * r->se_J / c->set_J);
    r->laser_off_percent = 100 * (r->laser_J / r->mean_J - 1);
    r->drift_percent = 100 * (r->mean_J / c->set_J / c->before_ratio - 1);
}

/* Every counted pulse was measured once, or it was no check. */
static void judge_whole(const fl_energy_check *c, fl_energy_result *r)
{
    const uint64_t seen = c->count + c->over + c->bad;
    if (!c->proven) because(r, FL_ENERGY_VOID, "the meter was not proven to be set right after the pulses");
    if (c->over) because(r, FL_ENERGY_VOID, "%llu readings were over range", (unsigned long long)c->over);
    if (c->bad) because(r, FL_ENERGY_VOID, "%llu readings were no numbers", (unsigned long long)c->bad);
    if (c->lost)
        because(r, FL_ENERGY_VOID, "the meter made %llu readings that nobody got",
                (unsigned long long)c->lost);
    if (!c->counted)
        because(r, FL_ENERGY_VOID, "nobody said what the shot counter shows after the pulses");
    else if (c->pulses != seen)
        because(r, FL_ENERGY_VOID, "the laser counted %llu pulses and the meter saw %llu",
                (unsigned long long)c->pulses, (unsigned long long)seen);
    if (c->counted && c->is_granted && c->pulses != c->granted)
        because(r, FL_ENERGY_VOID, "the laser counted %llu pulses and %llu were granted",
                (unsigned long long)c->pulses, (unsigned long long)c->granted);
    if (seen + c->lost < c->wanted) /* stopping when it begins to look good is no check */
        because(r, FL_ENERGY_VOID, "it was broken off after %llu of %zu pulses",
                (unsigned long long)(seen + c->lost), c->wanted);
    if (c->count < FL_ENERGY_LEAST)
        because(r, FL_ENERGY_VOID, "%zu readings are not enough: at least %d", c->count, FL_ENERGY_LEAST);
    else if (r->low_J == r->high_J)
        because(r, FL_ENERGY_VOID,
                "every reading is the same to the last digit: the meter repeats an old one");
}

static void judge_limits(const fl_device_calibration *l, const fl_energy_check *c, fl_energy_result *r)
{
    const double off = fabs(r->off_percent), warn = l->energy_warn_percent, lock = l->energy_lock_percent;
    const double worst = 100 * fmax(fabs(r->low_J / c->set_J - 1), fabs(r->high_J / c->set_J - 1));
    if (off > lock)
        because(r, FL_ENERGY_LOCK, "the meter says %+.1f %% of what was set; the limit is %g %%",
                r->off_percent, lock);
    else if (off > warn)
        because(r, FL_ENERGY_WARN, "the meter says %+.1f %% of what was set; we warn beyond %g %%",
                r->off_percent, warn);
    if (off <= lock && off + r->unsure_percent > lock)
        because(r, FL_ENERGY_WARN, "with the meter's own error, %.1f %%, it may be beyond %g %%",
                r->unsure_percent, lock);
    if (off <= lock && worst > lock) because(r, FL_ENERGY_WARN, "one of the pulses was %.1f %% off", worst);
    if (fabs(r->drift_percent) > warn)
        because(r, FL_ENERGY_WARN, "it moved by %+.1f %% since the check before", r->drift_percent);
}

/* What the laser says of itself. Every pulse of a session is judged by that sensor, so one that is stuck at a
 * plausible number (hazard H10) would pass every pulse: here something else looks at the same light. Equal
 * reports convict it only when the meter saw more movement than rounding and its own noise could hide. */
static void judge_laser(const fl_device_calibration *l, const fl_energy_check *c, fl_energy_result *r)
{
    const double warn = l->energy_warn_percent, lock = l->energy_lock_percent;
    const double off = fabs(r->laser_off_percent), moved = r->high_J - r->low_J;
    double least = INFINITY, most = 0, worst = 0;
    for (size_t i = 0; i < c->report_count; i++) {
        least = fmin(least, c->reports_J[i]);
        most = fmax(most, c->reports_J[i]);
        if (c->report_count == c->count)
            worst = fmax(worst, 100 * fabs(c->reports_J[i] / c->readings_J[i] - 1));
    }
    if (off > lock)
        because(r, FL_ENERGY_LOCK, "the laser's own measure is %+.1f %% off the meter; the limit is %g %%",
                r->laser_off_percent, lock);
    else if (worst > lock)
        because(r, FL_ENERGY_LOCK,
                "the laser's own measure of one pulse is %.1f %% off the meter; the limit is %g %%", worst,
                lock);
    else if (off > warn)
        because(r, FL_ENERGY_WARN, "the laser's own measure is %+.1f %% off the meter", r->laser_off_percent);
    if (c->report_count >= FL_ENERGY_LEAST && least == most && moved > fmax(STUCK_J, STUCK_SHARE * r->mean_J))
        because(r, FL_ENERGY_LOCK,
                "the laser says the same of every pulse and the meter saw them differ by %.1f %%: its own "
                "sensor is stuck",
                100 * moved / r->mean_J);
    if (c->is_granted && c->report_count < c->granted)
        because(r, FL_ENERGY_WARN, "the laser did not measure %llu of its %llu pulses",
                (unsigned long long)(c->granted - c->report_count), (unsigned long long)c->granted);
}

void fl_energy_judge(const fl_device_calibration *limits, const fl_energy_check *check,
                     fl_energy_result *result)
{
    FL_ASSERT(check->set_J > 0 && check->count <= FL_ENERGY_MOST);
    *result = (fl_energy_result){.verdict = FL_ENERGY_PASS,
                                 .mean_J = NAN,
                                 .sd_J = NAN,
                                 .se_J = NAN,
                                 .low_J = NAN,
                                 .high_J = NAN,
                                 .laser_J = check->report_count
                                                ? gsl_stats_mean(check->reports_J, 1, check->report_count)
                                                : check->laser_J,
                                 .off_percent = NAN,
                                 .unsure_percent = NAN,
                                 .laser_off_percent = NAN,
                                 .drift_percent = NAN};
    if (check->count) measure(limits, check, result);
    judge_whole(check, result);
    if (check->count) judge_limits(limits, check, result);
    if (check->count) judge_laser(limits, check, result);
}
