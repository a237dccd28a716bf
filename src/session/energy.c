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

/* ---- in the journal ---- */

void fl_energy_put_mark(fl_entry *entry, const char *verdict, const char *head, uint64_t wl_nm, double set_J,
                        const char *who)
{
    fl_entry_count(entry, "pulses", 0);
    fl_entry_text(entry, "head", head);
    fl_entry_count(entry, "wl_nm", wl_nm);
    fl_entry_int(entry, "set_uJ", llround(set_J * 1e6));
    fl_entry_int(entry, "mean_uJ", 0);
    fl_entry_int(entry, "pass", 0); /* also for a reader that does not know the verdict */
    fl_entry_text(entry, "verdict", verdict);
    fl_entry_text(entry, "who", who);
}

/* What cannot be read did not pass. */
static fl_energy_last read_last(const fl_record *record)
{
    int64_t pass = 0, set_uJ = 0, mean_uJ = 0, utc_us = 0;
    fl_energy_last last = {.seen = true, .ratio = NAN};
    if (fl_record_int(record, "pass", &pass) != FL_OK) pass = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) pass = 0;
    if (fl_record_int(record, "set_uJ", &set_uJ) == FL_OK &&
        fl_record_int(record, "mean_uJ", &mean_uJ) == FL_OK && set_uJ > 0 && mean_uJ > 0)
        last.ratio = (double)mean_uJ / (double)set_uJ;
    last.pass = pass == 1;
    last.at.us = utc_us;
    last.strength.set_uJ = set_uJ > 0 ? (uint64_t)set_uJ : 0;
    last.strength.granted = fl_record_has(record, "sid"); /* of the session that granted its pulses */
    last.strength.measured = fl_record_has(record, "laser_uJ");
    if (fl_record_text(record, "verdict", last.verdict, sizeof last.verdict) != FL_OK)
        snprintf(last.verdict, sizeof last.verdict, "%s", last.pass ? "pass" : "lock");
    return last;
}

/* The row of this name and wavelength. NULL: there is no room for another. */
static struct fl_energy_row *row_of(fl_energy_history *h, const char *head, uint64_t wl_nm)
{
    for (size_t i = 0; i < h->count; i++)
        if (h->rows[i].wl_nm == wl_nm && fl_text_same(h->rows[i].head, head)) return &h->rows[i];
    if (h->count == FL_ENERGY_ROWS) return NULL;
    struct fl_energy_row *row = &h->rows[h->count++];
    *row = (struct fl_energy_row){.wl_nm = wl_nm, .last.ratio = NAN};
    snprintf(row->head, sizeof row->head, "%s", head);
    return row;
}

/* More heads than there is room for become one without a name: what did not pass locks them all. */
static void take_crowded(fl_energy_history *h, const fl_energy_last *last)
{
    struct fl_energy_row *row = &h->rows[FL_ENERGY_ROWS - 1];
    row->head[0] = 0, row->wl_nm = 0;
    if (last->pass) return;
    row->last = row->before = *last;
    row->place = row->place_before = h->taken;
}

static bool undoes(const fl_energy_strength *check, const fl_energy_strength *lock)
{
    return check->set_uJ >= lock->set_uJ && check->granted >= lock->granted &&
           check->measured >= lock->measured;
}

static fl_energy_strength both(fl_energy_strength a, const fl_energy_strength *b)
{
    if (b->set_uJ > a.set_uJ) a.set_uJ = b->set_uJ;
    a.granted |= b->granted;
    a.measured |= b->measured;
    return a;
}

/* Locks add up: what undoes the newest has to undo those before it, under whichever of its two names they
 * stand. A pass that does not is a lock itself. */
static void weigh(const fl_energy_history *h, const struct fl_energy_row *own, fl_energy_last *last)
{
    for (size_t i = 0; i < h->count; i++) {
        const struct fl_energy_row *row = &h->rows[i];
        const bool related =
            (row->head[0] && fl_text_same(row->head, own->head)) || (row->wl_nm && row->wl_nm == own->wl_nm);
        if (!related || !row->last.seen || row->last.pass || row->place <= own->settled) continue;
        if (last->pass && undoes(&last->strength, &row->last.strength)) continue;
        if (last->pass) snprintf(last->verdict, sizeof last->verdict, FL_ENERGY_WEAKER);
        last->pass = false;
        last->strength = both(last->strength, &row->last.strength);
    }
}

void fl_energy_take(const fl_record *record, const char *dev, fl_energy_history *h)
{
    char head[FL_ENERGY_HEAD] = "";
    uint64_t wl_nm = 0;
    if (!fl_record_is(record, FL_KIND_CHECK) || !fl_record_text_is(record, "dev", dev)) return;
    if (fl_record_text(record, "head", head, sizeof head) != FL_OK) head[0] = 0;
    if (fl_record_count(record, "wl_nm", &wl_nm) != FL_OK) wl_nm = 0;
    fl_energy_last last = read_last(record);
    h->taken++;
    struct fl_energy_row *row = row_of(h, head, wl_nm);
    if (!row) return take_crowded(h, &last);
    const bool was_begun = row->last.seen && fl_text_same(row->last.verdict, FL_ENERGY_BEGUN);
    if (was_begun && fl_text_same(last.verdict, FL_ENERGY_WITHDRAWN)) {
        row->last = row->before; /* no pulse was made: what stood before stands */
        row->place = row->place_before;
        return;
    }
    if (isnan(last.ratio)) last.ratio = row->last.ratio; /* it measured nothing */
    weigh(h, row, &last);
    row->before = row->last;
    row->place_before = row->place;
    row->last = last;
    row->place = h->taken;
    if (last.pass) row->settled = row->place;
}

static bool names(const struct fl_energy_row *row, const fl_device_head *head)
{
    return row->head[0] && fl_text_same(row->head, head->id);
}

static bool shines_as(const struct fl_energy_row *row, const fl_device_head *head)
{
    return row->wl_nm && (int64_t)row->wl_nm == fl_whole_nm(head->wavelength);
}

static bool is_about(const struct fl_energy_row *row, const fl_device *device, const fl_device_head *head)
{
    if (!row->last.seen) return false;
    if (row->last.pass) return head && names(row, head) && (!row->wl_nm || shines_as(row, head));
    if (!head || names(row, head) || shines_as(row, head)) return true;
    for (size_t i = 0; i < device->heads_count; i++)
        if (names(row, &device->heads[i]) || shines_as(row, &device->heads[i])) return false;
    return true; /* of a head that the file does not have any more, under whatever name it stands there now */
}

fl_energy_last fl_energy_last_of(const fl_energy_history *history, const fl_device *device,
                                 const fl_device_head *head)
{
    fl_energy_last newest = {.ratio = NAN};
    uint64_t place = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct fl_energy_row *row = &history->rows[i];
        if (row->place > place && is_about(row, device, head)) place = row->place, newest = row->last;
    }
    return newest;
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
        if (fl_text_same(last->verdict, FL_ENERGY_BEGUN))
            snprintf(
                room, size,
                "the energy check of %s was begun and has no verdict: locked for treatment, free for checks",
                day);
        else if (fl_text_same(last->verdict, FL_ENERGY_WEAKER))
            snprintf(room, size,
                     "the energy check of %s passed with less than it takes to undo the lock before it: %.4g "
                     "mJ%s%s",
                     day, (double)last->strength.set_uJ / 1e3,
                     last->strength.granted ? ", over the laser's line" : "",
                     last->strength.measured ? ", with its own measure" : "");
        else
            snprintf(room, size,
                     "the energy check of %s did not pass (%s): locked for treatment, free for checks", day,
                     last->verdict);
        break;
    default: room[0] = 0;
    }
    return room;
}
