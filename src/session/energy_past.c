/* Energy checks in the journal: what stands for a head, and how far a supervisor narrowed a lock. */
#include "fadeline/session/energy.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define VOID_OFF 0.10    /* a check without a verdict that measured this far off was bad all the same */
#define SAME_ENERGY 0.01 /* a plan says 199.8 mJ, the laser was set to 200 */

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
    row->crowded = true;
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

/* ---- what is outstanding, one by one ---- */

/* Anything but a check that was begun or broken off was found bad. So was one that was broken off and had
 * measured far from what was set, or from what the laser says: its verdict, void, hides that. */
static bool is_failed(const fl_record *record, const fl_energy_last *last)
{
    int64_t laser_uJ = 0, mean_uJ = 0;
    if (fl_text_same(last->verdict, FL_ENERGY_BEGUN)) return false;
    if (!fl_text_same(last->verdict, fl_energy_verdict_text(FL_ENERGY_VOID))) return true;
    if (!isnan(last->ratio) && fabs(last->ratio - 1) > VOID_OFF) return true;
    if (fl_record_int(record, "laser_uJ", &laser_uJ) != FL_OK || laser_uJ <= 0) return false;
    if (fl_record_int(record, "mean_uJ", &mean_uJ) != FL_OK || mean_uJ <= 0) return false;
    return fabs((double)laser_uJ / (double)mean_uJ - 1) > VOID_OFF;
}

static void lock(struct fl_energy_row *row, const fl_energy_mark *mark)
{
    if (row->lock_count == FL_ENERGY_MARKS)
        row->crowded = true; /* what is not remembered one by one is not narrowed */
    else
        row->locks[row->lock_count++] = *mark;
}

/* Its locks that this pass undoes are gone; of passes at one energy the newest is kept. */
static void passed(struct fl_energy_row *row, const fl_energy_mark *mark)
{
    size_t kept = 0;
    for (size_t i = 0; i < row->lock_count; i++)
        if (!undoes(&mark->strength, &row->locks[i].strength)) row->locks[kept++] = row->locks[i];
    row->lock_count = kept;
    for (size_t i = kept = 0; i < row->passed_count; i++)
        if (row->passed[i].strength.set_uJ != mark->strength.set_uJ) row->passed[kept++] = row->passed[i];
    if (kept == FL_ENERGY_MARKS)
        memmove(row->passed, row->passed + 1, --kept * sizeof *row->passed); /* the oldest */
    row->passed[kept++] = *mark;
    row->passed_count = kept;
}

/* Everything before it is settled. */
static void settle(struct fl_energy_row *row)
{
    row->settled = row->place;
    row->lock_count = row->passed_count = 0;
    row->narrowed = 0;
    row->crowded = false;
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

static bool made_one(const fl_energy_mark *marks, size_t count, const char *who)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(marks[i].who, who)) return true;
    return false;
}

/* A supervisor's narrowing says nothing by itself: it counts from the place where it stands (opened_by). Who
 * made a check that is still spoken of has no say in it. */
static void narrow(const fl_energy_history *h, struct fl_energy_row *row, const char *who)
{
    if (!who[0] || row->last.pass || !row->passed_count || made_one(row->passed, row->passed_count, who))
        return;
    for (size_t i = 0; i < h->count; i++)
        if (made_one(h->rows[i].locks, h->rows[i].lock_count, who)) return;
    row->narrowed = h->taken;
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
    fl_energy_mark mark = {.strength = last.strength, .place = h->taken, .at = last.at};
    if (fl_record_text(record, "who", mark.who, sizeof mark.who) != FL_OK) mark.who[0] = 0;
    if (fl_text_same(last.verdict, FL_ENERGY_NARROWED)) return narrow(h, row, mark.who);
    const bool was_begun = row->last.seen && fl_text_same(row->last.verdict, FL_ENERGY_BEGUN);
    if (was_begun && fl_text_same(last.verdict, FL_ENERGY_WITHDRAWN)) {
        row->last = row->before; /* no pulse was made: what stood before stands */
        row->place = row->place_before;
        if (row->lock_count) row->lock_count--;
        return;
    }
    mark.failed = !last.pass && is_failed(record, &last);
    if (isnan(last.ratio)) last.ratio = row->last.ratio; /* it measured nothing */
    last.pass ? passed(row, &mark) : lock(row, &mark);
    weigh(h, row, &last);
    row->before = row->last;
    row->place_before = row->place;
    row->last = last;
    row->place = h->taken;
    if (last.pass) settle(row);
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

/* ---- a lock that was narrowed ---- */

/* Each lock of these is undone by this pass, or only unknown: older than the narrowing and the pass, above
 * this energy, and not of more than the pass looked at. */
static bool leaves_open(const struct fl_energy_row *locked, const struct fl_energy_row *own,
                        const fl_energy_mark *pass, uint64_t set_uJ)
{
    if (locked->crowded) return false;
    for (size_t i = 0; i < locked->lock_count; i++) {
        const fl_energy_mark *lock = &locked->locks[i];
        if (lock->place <= own->settled) continue;
        if (lock->place >= pass->place) return false;
        if (undoes(&pass->strength, &lock->strength)) continue; /* of a row under another name */
        if (lock->failed || lock->place >= own->narrowed || lock->strength.set_uJ <= set_uJ) return false;
        if (pass->strength.granted < lock->strength.granted ||
            pass->strength.measured < lock->strength.measured)
            return false;
    }
    return true;
}

/* At this energy, or a little above: no more than what a check may be off. */
static bool covers(const fl_energy_mark *pass, const fl_device_calibration *limits, uint64_t set_uJ)
{
    const double at = (double)pass->strength.set_uJ, wanted = (double)set_uJ;
    return wanted <= at * (1 + SAME_ENERGY) && wanted >= at * (1 - limits->energy_lock_percent / 100);
}

static const struct fl_energy_row *own_row(const fl_energy_history *h, const fl_device_head *head)
{
    for (size_t i = 0; head && i < h->count; i++)
        if (names(&h->rows[i], head) && shines_as(&h->rows[i], head)) return &h->rows[i];
    return NULL;
}

/* The newest pass that opens this energy under a narrowed lock; NULL: none. */
static const fl_energy_mark *opened_by(const fl_energy_history *h, const fl_device *device,
                                       const fl_device_head *head, uint64_t set_uJ)
{
    const struct fl_energy_row *own = own_row(h, head);
    const fl_energy_mark *newest = NULL;
    if (!own || !own->narrowed) return NULL;
    for (size_t k = 0; k < own->passed_count; k++) {
        const fl_energy_mark *pass = &own->passed[k];
        bool open = covers(pass, &device->calibration, set_uJ);
        for (size_t i = 0; open && i < h->count; i++) {
            const struct fl_energy_row *row = &h->rows[i];
            if (row->last.seen && !row->last.pass && row->place > own->settled && is_about(row, device, head))
                open = leaves_open(row, own, pass, set_uJ);
        }
        if (open && (!newest || pass->place > newest->place)) newest = pass;
    }
    return newest;
}

fl_energy_stand fl_energy_stand_for(const fl_energy_history *history, const fl_device *device,
                                    const fl_device_head *head, uint64_t set_uJ, fl_date today,
                                    bool simulated, fl_energy_last *last)
{
    *last = fl_energy_last_of(history, device, head);
    if (last->seen && !last->pass) {
        const struct fl_energy_row *own = own_row(history, head);
        const fl_energy_mark *pass = opened_by(history, device, head, set_uJ);
        if (pass)
            last->pass = true, last->at = pass->at;
        else if (own && own->narrowed && fl_text_same(last->verdict, FL_ENERGY_WEAKER))
            snprintf(last->verdict, sizeof last->verdict, FL_ENERGY_NARROWED);
    }
    return fl_energy_standing(last, &device->calibration, today, simulated);
}

fl_status fl_energy_may_narrow(const fl_energy_history *history, const fl_device *device,
                               const fl_device_head *head, const char *who, uint64_t *most_uJ,
                               uint64_t *least_uJ, fl_error *error)
{
    static fl_energy_history tried; /* large: as if it were signed */
    const fl_energy_last last = fl_energy_last_of(history, device, head);
    const struct fl_energy_row *row = own_row(history, head);
    *most_uJ = 0, *least_uJ = UINT64_MAX;
    if (!last.seen || last.pass)
        return fl_error_set(error, FL_E_NO, "this head is not locked: there is nothing to narrow");
    tried = *history;
    tried.taken++;
    struct fl_energy_row *own = row ? &tried.rows[row - history->rows] : NULL;
    if (own) own->narrowed = 0, narrow(&tried, own, who);
    for (size_t i = 0; own && i < own->passed_count; i++) {
        const uint64_t uJ = own->passed[i].strength.set_uJ;
        if (uJ > *most_uJ && opened_by(&tried, device, head, uJ)) *most_uJ = uJ;
    }
    for (size_t i = 0; own && i < own->lock_count; i++)
        if (own->locks[i].strength.set_uJ < *least_uJ) *least_uJ = own->locks[i].strength.set_uJ;
    if (*most_uJ) return FL_OK;
    if (own && own->passed_count && !own->narrowed) {
        fl_error_set(error, FL_E_NO, "%s made one of these checks", who);
        return fl_error_hint(error, "another supervisor signs"), FL_E_NO;
    }
    fl_error_set(error, FL_E_NO,
                 "nothing can be opened: a lock is narrowed when it was begun or broken off, not when it was "
                 "found bad, and "
                 "a check below it has passed since");
    return fl_error_hint(error,
                         "check the head at each energy that is planned with it, the same way, then sign"),
           FL_E_NO;
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
        else if (fl_text_same(last->verdict, FL_ENERGY_NARROWED))
            snprintf(room, size,
                     "the lock of this head was narrowed, and no check since %s passed at this energy: it "
                     "stays locked here",
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
