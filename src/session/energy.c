#include "fadeline/session/energy.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    r->laser_off_percent = 100 * (c->laser_J / r->mean_J - 1);
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
    const double laser = fabs(r->laser_off_percent);
    if (laser > lock)
        because(r, FL_ENERGY_LOCK, "the laser's own measure is %+.1f %% off the meter; the limit is %g %%",
                r->laser_off_percent, lock);
    else if (laser > warn)
        because(r, FL_ENERGY_WARN, "the laser's own measure is %+.1f %% off the meter", r->laser_off_percent);
    if (fabs(r->drift_percent) > warn)
        because(r, FL_ENERGY_WARN, "it moved by %+.1f %% since the check before", r->drift_percent);
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
                                 .off_percent = NAN,
                                 .unsure_percent = NAN,
                                 .laser_off_percent = NAN,
                                 .drift_percent = NAN};
    if (check->count) measure(limits, check, result);
    judge_whole(check, result);
    if (check->count) judge_limits(limits, check, result);
}

/* ---- in the journal ---- */

void fl_energy_take(const fl_record *record, const char *dev, const char *head, fl_energy_last *last)
{
    int64_t pass = 0, set_uJ = 0, mean_uJ = 0, utc_us = 0;
    if (!fl_record_is(record, FL_KIND_CHECK) || !fl_record_text_is(record, "dev", dev)) return;
    if (fl_record_has(record, "head") && head && !fl_record_text_is(record, "head", head)) return;
    *last = (fl_energy_last){.seen = true, .ratio = NAN};
    /* What cannot be read did not pass. */
    if (fl_record_int(record, "pass", &pass) != FL_OK) pass = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) pass = 0;
    if (fl_record_int(record, "set_uJ", &set_uJ) == FL_OK &&
        fl_record_int(record, "mean_uJ", &mean_uJ) == FL_OK && set_uJ > 0 && mean_uJ > 0)
        last->ratio = (double)mean_uJ / (double)set_uJ;
    last->pass = pass == 1;
    last->at.us = utc_us;
    if (fl_record_text(record, "verdict", last->verdict, sizeof last->verdict) != FL_OK)
        snprintf(last->verdict, sizeof last->verdict, "%s", last->pass ? "pass" : "lock");
}

fl_date fl_energy_due(const fl_energy_last *last, const fl_device_calibration *limits)
{
    return fl_date_add_days(fl_date_of(last->at), limits->due_every_days);
}

fl_energy_stand fl_energy_standing(const fl_energy_last *last, const fl_device_calibration *limits,
                                   fl_date today, bool simulated)
{
    if (!last->seen) return simulated ? FL_STAND_GOOD : FL_STAND_NEVER;
    if (!last->pass) return FL_STAND_LOCKED;
    const fl_date day = fl_date_of(last->at);
    if (fl_date_compare(day, today) > 0 || fl_date_compare(today, fl_energy_due(last, limits)) > 0)
        return FL_STAND_DUE;
    return FL_STAND_GOOD;
}

const char *fl_energy_stand_code(fl_energy_stand stand)
{
    switch (stand) {
    case FL_STAND_GOOD: return NULL;
    case FL_STAND_LOCKED: return "energy-locked";
    default: return "energy-check-due";
    }
}

const char *fl_energy_stand_text(const fl_energy_last *last, fl_energy_stand stand, char *room, size_t size)
{
    char day[11];
    fl_date_text(fl_date_of(last->at), day);
    switch (stand) {
    case FL_STAND_NEVER:
        snprintf(room, size, "the energy of this laser was never checked against a meter");
        break;
    case FL_STAND_DUE:
        snprintf(room, size, "the energy check is of %s and too old, or the date is wrong", day);
        break;
    case FL_STAND_LOCKED:
        snprintf(room, size,
                 "the energy check of %s did not pass (%s): locked for treatment, free for checks", day,
                 last->verdict);
        break;
    default: room[0] = 0;
    }
    return room;
}
