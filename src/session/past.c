#include "past.h"

#include "adapter.h"
#include "endpoint.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/session/people.h"
#include "past_index.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US (24 * 3600 * (int64_t)1000000)

enum { LASERS = 16 }; /* whose newest grant is followed; of any more, a grant counts at once */

typedef struct place { /* of the newest grant of one laser */
    char dev[FL_DEVICE_ID_MAX + 1];
    bool open;            /* that grant is not settled, or a zone by hand not counted */
    int possible;         /* pulses that count while it is open: the one of a grant, those planned by hand */
    fl_past_count *count; /* where it counts; NULL: elsewhere */
    fl_past_rest *rest;   /* or which zone it sets to rest: a treatment on another day */
    fl_utc at;
    fl_date day, not_before;
    bool own_plan, test, check;
} place;

typedef struct reader {
    fl_past *past;
    const char *device;
    const char *behind; /* the laser, when `device` is its gate; else the same */
    const fl_plan *plan;
    char plan_hex[2 * FL_SHA256_SIZE + 1];
    fl_utc now;
    struct {
        uint64_t sid;
        bool ours;     /* of this plan's client, */
        bool own_plan; /* and today under this very plan */
        fl_date not_before;
    } session;                            /* the newest; one process at a time has the journal */
    bool plan_was_run;                    /* today */
    char profile[2 * FL_SHA256_SIZE + 1]; /* of the newest session of this laser; "": it names none */
    place lasers[LASERS];
    size_t laser_count;
} reader;

/* ---- whose, when ---- */

static fl_utc time_of(const reader *r, const fl_record *record)
{
    int64_t utc_us = r->now.us;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = r->now.us;
    return (fl_utc){utc_us};
}

static fl_date day_of(const reader *r, const fl_record *record)
{
    return fl_date_of(time_of(r, record));
}

static void take_session(reader *r, const fl_record *record)
{
    char day[11] = "";
    r->session.sid = 0;
    r->session.own_plan = false;
    r->session.not_before = (fl_date){0};
    const bool check = fl_record_text_is(record, "pu", FL_PURPOSE_CHECK);
    r->session.ours = !check && fl_record_text_is(record, "pat", r->plan->client);
    if (fl_record_count(record, "sid", &r->session.sid) != FL_OK) r->session.ours = false;
    if (r->session.ours && fl_date_compare(day_of(r, record), r->plan->date) == 0) {
        const bool own = fl_record_text_is(record, "plan", r->plan_hex);
        if (!own && r->plan_was_run) r->past->superseded = true;
        r->session.own_plan = own;
        r->plan_was_run = r->plan_was_run || own;
    }
    if (fl_record_text(record, "not_before", day, sizeof day) == FL_OK &&
        fl_date_read(day, &r->session.not_before) != FL_OK)
        r->session.not_before = (fl_date){0};
}

static bool is_ours(const reader *r, const fl_record *record)
{
    uint64_t sid = 0;
    return r->session.ours && fl_record_count(record, "sid", &sid) == FL_OK && sid == r->session.sid;
}

/* The end of the interval as it was planned then, and as it would be planned today: the later one. */
static fl_date rest_until(const reader *r, fl_date treated)
{
    const fl_plan *plan = r->plan;
    fl_date until = r->session.not_before;
    if (plan->verdict == FL_VERDICT_PLAN && fl_date_is_set(plan->next_not_before))
        until = fl_date_later(
            until, fl_date_add_days(treated, fl_date_days(plan->next_not_before) - fl_date_days(plan->date)));
    return until;
}

static bool find_zone(const fl_plan *plan, const char *id, size_t *index)
{
    const fl_plan_zone *zone = fl_plan_zone_of(plan, id);
    if (zone) *index = (size_t)(zone - plan->zones);
    return zone != NULL;
}

static bool find_spot(const fl_plan *plan, const char *id, size_t *index)
{
    for (*index = 0; *index < plan->test_spots.grid_count; ++*index)
        if (fl_text_same(plan->test_spots.grid[*index].id, id)) return true;
    return false;
}

/* ---- pulses ---- */

static place *laser_of(reader *r, const fl_record *record, place *spare)
{
    char dev[FL_DEVICE_ID_MAX + 1] = "";
    if (fl_record_text(record, "dev", dev, sizeof dev) != FL_OK) return NULL;
    for (size_t i = 0; i < r->laser_count; i++)
        if (fl_text_same(r->lasers[i].dev, dev)) return &r->lasers[i];
    place *laser = r->laser_count < LASERS ? &r->lasers[r->laser_count++] : spare;
    *laser = (place){0};
    memcpy(laser->dev, dev, sizeof dev);
    return laser;
}

/* Where pulses of this laser belong from here on: a grant, or a zone that is begun by hand. */
static void place_grant(reader *r, const fl_record *record, place *laser, const char *zone)
{
    fl_past *past = r->past;
    size_t i = 0;
    laser->open = true;
    laser->possible = 1;
    laser->count = NULL;
    laser->rest = NULL;
    laser->test = fl_record_text_is(record, "pu", FL_PURPOSE_TEST);
    laser->check = fl_record_text_is(record, "pu", FL_PURPOSE_CHECK);
    laser->own_plan = fl_record_text_is(record, "plan", r->plan_hex);
    laser->at = time_of(r, record);
    laser->day = fl_date_of(laser->at);
    if (laser->check) return; /* nobody was treated: it counts nowhere, whatever its place is called */
    const bool found = laser->test ? find_spot(r->plan, zone, &i) : find_zone(r->plan, zone, &i);
    if (!found) return;
    if (laser->own_plan) {
        past->last_known = true;
        past->last_test = laser->test;
        past->last_index = i;
    }
    if (laser->test) {
        if (laser->own_plan) laser->count = &past->spots[i];
    } else if (laser->own_plan || (is_ours(r, record) && fl_date_compare(laser->day, r->plan->date) == 0)) {
        laser->count = &past->zones[i];
    } else if (is_ours(r, record)) {
        laser->rest = &past->rests[i];
        laser->not_before = rest_until(r, laser->day);
    }
}

static void count(reader *r, place *laser, int pulses)
{
    if (!laser->open) return;
    laser->open = false;
    if (!pulses) return;
    if (laser->test && laser->own_plan) {
        r->past->looked = false;
        r->past->tested_at = laser->at;
    }
    if (laser->count) {
        laser->count->pulses = fl_past_sum(laser->count->pulses, pulses);
        r->past->plan_pulses = fl_past_sum(r->past->plan_pulses, pulses);
    }
    if (!laser->rest) return;
    fl_past_rest *rest = laser->rest;
    rest->treated = fl_date_later(rest->treated, laser->day);
    rest->not_before = fl_date_later(rest->not_before, laser->not_before);
}

static int pulses_of(const fl_record *record, const char *key)
{
    uint64_t pulses = 0;
    if (fl_record_count(record, key, &pulses) != FL_OK || pulses > INT_MAX / 4) return INT_MAX / 4;
    return (int)pulses;
}

static void begin_by_hand(reader *r, const fl_record *record, place *laser, bool own)
{
    fl_past_by_hand begun = {.open = true, .planned = pulses_of(record, "planned")};
    uint64_t had = 0;
    if (fl_record_text(record, "zone", begun.zone, sizeof begun.zone) != FL_OK) begun.zone[0] = 0;
    place_grant(r, record, laser, begun.zone);
    if (fl_record_count(record, "had", &had) == FL_OK && had < (uint64_t)begun.planned)
        laser->possible = begun.planned - (int)had;
    if (!own) return;
    begun.test = laser->test;
    begun.had = (int)(had > INT_MAX / 4 ? INT_MAX / 4 : had);
    begun.soft_stop = pulses_of(record, "soft");
    begun.hard_stop = pulses_of(record, "hard");
    begun.reason_given = fl_record_has(record, "reason");
    if (fl_record_text(record, "plan", begun.plan, sizeof begun.plan) != FL_OK) begun.plan[0] = 0;
    if (fl_record_count(record, "ctr", &begun.ctr) != FL_OK ||
        fl_record_count(record, "sid", &begun.sid) != FL_OK)
        begun.sid = 0;
    r->past->by_hand = begun;
    memcpy(r->past->interrupted_zone, begun.zone, sizeof begun.zone);
}

static void end_by_hand(reader *r, const fl_record *record)
{
    int64_t over = 0;
    r->past->by_hand.open = false;
    if (fl_record_int(record, "over", &over) == FL_OK && over > r->past->over)
        r->past->over = over >= FL_OVER_HARD ? FL_OVER_HARD : FL_OVER_SOFT;
}

/* A person passed the soft stop of the zone that the record names. */
static void take_reason(reader *r, const fl_record *record, const place *laser)
{
    char zone[FL_PLAN_NAME];
    size_t i = 0;
    if (!laser->own_plan || fl_record_text(record, "zone", zone, sizeof zone) != FL_OK) return;
    if (find_zone(r->plan, zone, &i)) r->past->zones[i].reason_given = true;
}

static void take_pulses(reader *r, const fl_record *record, bool own)
{
    place spare, *laser = laser_of(r, record, &spare);
    char zone[FL_PLAN_NAME] = "";
    int64_t delivered = 0;
    if (!laser) return;
    switch (fl_record_kind(record)) {
    case FL_KIND_GRANT:
        if (fl_record_text(record, "zone", zone, sizeof zone) != FL_OK) zone[0] = 0;
        place_grant(r, record, laser, zone);
        if (laser->check) zone[0] = 0;
        if (own) {
            memcpy(r->past->outstanding_zone, zone, sizeof zone);
            memcpy(r->past->interrupted_zone, zone, sizeof zone);
            r->past->outstanding_test = laser->test;
            r->past->outstanding_check = laser->check;
        }
        if (laser == &spare) count(r, laser, 1);
        break;
    case FL_KIND_PULSE: count(r, laser, 1); break;
    case FL_KIND_ZONE:
        if (fl_record_has(record, "ctr")) begin_by_hand(r, record, laser, own);
        break;
    case FL_KIND_PULSES:
        count(r, laser, pulses_of(record, "pulses"));
        if (own) end_by_hand(r, record);
        break;
    case FL_KIND_RECON:
        if (own) r->past->by_hand.open = false;
        if (fl_record_has(record, "possible")) count(r, laser, pulses_of(record, "possible"));
        if (fl_record_int(record, "delivered", &delivered) == FL_OK && delivered == 1) count(r, laser, 1);
        laser->open = false;
        break;
    case FL_KIND_OVERRIDE:
        if (fl_record_text_is(record, "reason", "date")) r->past->date_unsure = false;
        if (fl_record_text_is(record, "reason", "soft-stop")) take_reason(r, record, laser);
        if (own && fl_record_text_is(record, "reason", "over-plan")) r->past->over = FL_OVER_NOT;
        break;
    default: break;
    }
}

/* A session that was closed by a person: what it treated is a visit of its own. */
static void take_close(reader *r, const fl_record *record)
{
    int64_t interrupted = 0;
    if (!is_ours(r, record) || fl_date_compare(day_of(r, record), r->plan->date) != 0) return;
    if (fl_record_int(record, "interrupted", &interrupted) == FL_OK && interrupted) return;
    for (size_t i = 0; i < FL_PLAN_ZONES; i++)
        if (r->past->zones[i].pulses > 0) r->past->closed_today[i] = true;
}

/* A session names its device file when somebody signs in; whether a second person had to compare it is only
 * known when it was armed, or a zone begun by hand. */
static void take_profile(reader *r, const fl_record *record)
{
    if (fl_record_text(record, "profile", r->profile, sizeof r->profile) != FL_OK) r->profile[0] = 0;
}

static void take_arm(reader *r, const fl_record *record, bool own)
{
    if (is_ours(r, record) && r->session.own_plan)
        r->past->superseded = false;    /* it needed a signature too */
    if (!own || !r->profile[0]) return; /* a check in the calibration port vouches for no file */
    r->past->profile = fl_text_same(r->profile, r->plan->device_sha256) ? FL_PROFILE_SAME : FL_PROFILE_OTHER;
}

/* A date that somebody gave by hand is not a clock that stepped. */
static void take_step(reader *r, const fl_record *record)
{
    int64_t quality = FL_CLK_UNKNOWN;
    if (fl_record_int(record, "clk", &quality) == FL_OK && quality == FL_CLK_HAND) return;
    r->past->date_unsure = true;
}

/* ---- what was seen ---- */

bool fl_past_is_barred(const fl_past_bars *bars, uint64_t wl_nm, uint64_t spot_um)
{
    for (size_t i = 0; i < bars->count; i++)
        if (bars->rows[i].wl_nm == wl_nm && bars->rows[i].spot_um == spot_um) return true;
    return bars->all;
}

void fl_past_bar(fl_past_bars *bars, uint64_t wl_nm, uint64_t spot_um)
{
    if (fl_past_is_barred(bars, wl_nm, spot_um)) return;
    if (bars->count == sizeof bars->rows / sizeof *bars->rows || !wl_nm || !spot_um) {
        bars->all = true;
        return;
    }
    bars->rows[bars->count].wl_nm = wl_nm;
    bars->rows[bars->count++].spot_um = spot_um;
}

static void take_pause(reader *r, const fl_record *record)
{
    int64_t utc_us = r->now.us;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK || utc_us > r->now.us)
        utc_us = r->now.us; /* unknown, or from the future: the whole pause */
    const int64_t left = FL_ENDPOINT_PAUSE_US - (r->now.us - utc_us);
    if (left > r->past->pause_left.us) r->past->pause_left.us = left;
}

/* Of this plan, or of this client on this day. A word we do not know reads as the worst one. */
static void take_endpoint(reader *r, const fl_record *record)
{
    if (!fl_record_text_is(record, "text", "endpoint")) return;
    const bool own_plan = fl_record_text_is(record, "plan", r->plan_hex);
    const bool ours = fl_record_text_is(record, "pat", r->plan->client) &&
                      fl_date_compare(day_of(r, record), r->plan->date) == 0;
    if (!own_plan && !ours) return;
    static const fl_endpoint worst = {"", .lock = true, .bar = true, .pause = true};
    char seen[FL_PLAN_NAME] = "", zone[FL_PLAN_NAME] = "";
    if (fl_record_text(record, "seen", seen, sizeof seen) != FL_OK) seen[0] = 0;
    const fl_endpoint *end = fl_endpoint_find(seen);
    if (!end) end = &worst;
    if (own_plan && end->look) {
        r->past->looked = true;
        r->past->looked_at = time_of(r, record);
    }
    if (end->pause) take_pause(r, record);
    if (fl_record_text(record, "zone", zone, sizeof zone) != FL_OK) return;
    size_t i = 0;
    uint64_t wl_nm = 0, spot_um = 0;
    if (!fl_record_text_is(record, "pu", FL_PURPOSE_TEST)) {
        if (end->lock && find_zone(r->plan, zone, &i)) r->past->locked[i] = true;
    } else if (end->bar) {
        if (fl_record_count(record, "wl_nm", &wl_nm) != FL_OK) wl_nm = 0;
        if (fl_record_count(record, "spot_um", &spot_um) != FL_OK) spot_um = 0;
        fl_past_bar(&r->past->bars, wl_nm, spot_um);
    }
}

/* ---- this laser ---- */

static void take_motion(reader *r, const fl_record *record)
{
    int64_t utc_us = 0, ok = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK || fl_record_int(record, "ok", &ok) != FL_OK ||
        ok != 1)
        return;
    if (utc_us > r->now.us || r->now.us - utc_us > DAY_US)
        return; /* from the future, or too old: not proven */
    static const struct {
        const char *what;
        unsigned bit;
    } rows[] = {
        {"motion:door", FL_MOTION_DOOR}, {"motion:estop", FL_MOTION_ESTOP}, {"motion:foot", FL_MOTION_FOOT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_record_text_is(record, "what", rows[i].what)) r->past->motion |= rows[i].bit;
}

/* What a succession signed for: the laser shows it, and no history of ours has it. */
static void take_anchor(fl_past *past, const fl_record *record)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    if (!fl_record_has(record, "seen") || fl_record_count(record, "size", &past->anchor_seen_size) != FL_OK ||
        fl_record_text(record, "root", hex, sizeof hex) != FL_OK)
        return;
    past->anchor_seen =
        fl_read_hex(hex, past->anchor_seen_root.byte, sizeof past->anchor_seen_root.byte) == FL_OK;
}

static void take_laser(reader *r, const fl_record *record)
{
    int64_t number = 0;
    switch (fl_record_kind(record)) {
    case FL_KIND_SVC: r->past->svc = true; break;
    case FL_KIND_RESET:
        if (fl_record_int(record, "svc", &number) == FL_OK && number == 1) r->past->svc = false;
        break;
    case FL_KIND_SELFTEST: take_motion(r, record); break;
    case FL_KIND_ANCHOR_DEVICE: take_anchor(r->past, record); break;
    case FL_KIND_CHECK:
        fl_energy_take(record, fl_record_text_is(record, "dev", r->device) ? r->device : r->behind,
                       &r->past->checks);
        break;
    default: break;
    }
}

static void take(reader *r, const fl_record *record)
{
    const bool own = fl_record_text_is(record, "dev", r->device);
    const bool check = fl_record_is(record, FL_KIND_CHECK) && fl_record_text_is(record, "dev", r->behind);
    if (fl_record_is(record, FL_KIND_COUNTER) && fl_record_has(record, "carry"))
        return; /* the entries themselves were read, from the log before */
    if (own) fl_mismatch_take(&r->past->mismatch, record);
    switch (fl_record_kind(record)) {
    case FL_KIND_SESSION_OPEN:
        take_session(r, record);
        if (own) take_profile(r, record);
        break;
    case FL_KIND_SESSION_CLOSE: take_close(r, record); break;
    case FL_KIND_AUTH_OK:
    case FL_KIND_AUTH_FAIL: fl_people_recall(record, &r->past->tries); break;
    case FL_KIND_ARM: take_arm(r, record, own); break;
    case FL_KIND_CLOCK_STEP: take_step(r, record); break;
    case FL_KIND_ZONE:
        if (fl_record_has(record, "ctr"))
            take_arm(r, record, own); /* by hand nothing is armed, a zone is begun */
        take_pulses(r, record, own);
        break;
    case FL_KIND_GRANT:
    case FL_KIND_PULSE:
    case FL_KIND_PULSES:
    case FL_KIND_RECON:
    case FL_KIND_OVERRIDE: take_pulses(r, record, own); break;
    case FL_KIND_NOTE: take_endpoint(r, record); break;
    default:
        if (own || check) take_laser(r, record);
    }
}

/* ---- reading ---- */

static fl_status take_at(reader *r, fl_journal *journal, uint64_t position, fl_past_index *index,
                         fl_error *error)
{
    fl_record record;
    const fl_status status = fl_journal_past(journal, position, &record);
    if (status != FL_OK)
        return fl_error_set(error, status, "entry %llu of the journal cannot be read",
                            (unsigned long long)position);
    take(r, &record);
    if (index) fl_past_index_take(index, position, &record);
    return FL_OK;
}

/* What the journal's own books say, and what is still open. */
static void conclude(reader *r, fl_journal *journal, fl_past *past)
{
    fl_past *found = r->past;
    found->read_at = r->now;
    found->anchor_base = fl_journal_anchor_base(journal);
    found->known = fl_journal_counter(journal, r->device, &found->counter);
    found->next_sid = fl_journal_next_sid(journal);
    found->interrupted = found->known && found->counter.in_session;
    /* An outstanding grant counts until the counter says that it was none; the session takes it back then. A
     * zone that was begun by hand and never counted counts as planned. */
    for (size_t i = 0; i < r->laser_count; i++) count(r, &r->lasers[i], r->lasers[i].possible);
    *past = *found;
}

static void begin(reader *r, fl_past *found, const char *device, const char *behind, const fl_plan *plan,
                  fl_utc now)
{
    *found = (fl_past){0};
    *r = (reader){.past = found, .device = device, .behind = behind, .plan = plan, .now = now};
    fl_hex(plan->sha256, sizeof plan->sha256, r->plan_hex);
}

fl_status fl_past_read_plain(fl_journal *journal, const char *device, const char *behind, const fl_plan *plan,
                             fl_utc now, fl_past_index *index, fl_past *past, fl_error *error)
{
    FL_ASSERT(journal && device && behind && plan && past);
    fl_past found;
    reader r;
    begin(&r, &found, device, behind, plan, now);
    fl_status status = fl_journal_whole(journal, error);
    const uint64_t length = fl_journal_length(journal);
    for (uint64_t i = 0; i < length && status == FL_OK; i++) status = take_at(&r, journal, i, index, error);
    if (status == FL_OK) conclude(&r, journal, past);
    return status;
}

fl_status fl_past_read_by(fl_journal *journal, const char *device, const char *behind, const fl_plan *plan,
                          fl_utc now, fl_past_index *index, fl_past *past, fl_error *error)
{
    fl_past found;
    reader r;
    uint64_t *positions = NULL;
    size_t count_of = 0;
    const uint64_t length = fl_journal_length(journal);
    if (index->broken || index->length > length || now.us < index->newest_us) return FL_E_NO;
    begin(&r, &found, device, behind, plan, now);
    fl_status status = fl_journal_whole(journal, error);
    if (status == FL_OK)
        status = fl_past_index_pick(index, device, behind, plan->client, r.plan_hex, &positions, &count_of);
    for (size_t i = 0; i < count_of && status == FL_OK; i++)
        status = take_at(&r, journal, positions[i], NULL, error);
    free(positions);
    for (uint64_t i = index->length; i < length && status == FL_OK; i++)
        status = take_at(&r, journal, i, index, error);
    if (status == FL_OK) conclude(&r, journal, past);
    return status;
}

fl_status fl_past_read(fl_journal *journal, const char *device, const fl_plan *plan, fl_utc now,
                       fl_past *past, fl_error *error)
{
    return fl_past_read_behind(journal, device, device, plan, now, past, error);
}

fl_status fl_past_read_behind(fl_journal *journal, const char *device, const char *behind,
                              const fl_plan *plan, fl_utc now, fl_past *past, fl_error *error)
{
    fl_past_index index = {.length = 0};
    fl_status status = past_index_find(journal, &index);
    const uint64_t had = index.length;
    if (status == FL_OK) status = fl_past_read_by(journal, device, behind, plan, now, &index, past, error);
    if (status == FL_E_NO) { /* none that is vouched for, or a clock behind the records: all is read */
        fl_past_index_free(&index);
        status = fl_past_read_plain(journal, device, behind, plan, now, &index, past, error);
    }
    if (status == FL_OK && !index.broken && index.length - had >= PAST_INDEX_WORTH)
        status = past_index_keep(journal, &index, error);
    fl_past_index_free(&index);
    return status;
}
