#include "past.h"

#include "adapter.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <string.h>

#define DAY_US (24 * 3600 * (int64_t)1000000)

typedef struct reader {
    fl_past *past;
    const char *device;
    const fl_plan *plan;
    char plan_hex[2 * FL_SHA256_SIZE + 1];
    fl_utc now;
    fl_past_count *grant_count; /* where the newest grant of this plan counts; NULL: elsewhere */
    bool open;                  /* that grant is not settled */
} reader;

static fl_past_count *place_of(reader *r, const fl_record *record, char zone[FL_PLAN_NAME], bool *test)
{
    zone[0] = 0;
    *test = fl_record_text_is(record, "pu", FL_PURPOSE_TEST);
    if (fl_record_text(record, "zone", zone, FL_PLAN_NAME) != FL_OK) return NULL;
    if (!fl_record_text_is(record, "plan", r->plan_hex)) return NULL;
    for (size_t i = 0; *test && i < r->plan->test_spots.grid_count; i++)
        if (fl_text_same(r->plan->test_spots.grid[i].id, zone)) return &r->past->spots[i];
    for (size_t i = 0; !*test && i < r->plan->zone_count; i++)
        if (fl_text_same(r->plan->zones[i].id, zone)) return &r->past->zones[i];
    return NULL;
}

static void count(reader *r)
{
    if (!r->open) return;
    r->open = false;
    if (!r->grant_count) return;
    r->grant_count->pulses++;
    r->past->plan_pulses++;
}

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

static void take(reader *r, const fl_record *record)
{
    int64_t number = 0;
    switch (fl_record_kind(record)) {
    case FL_KIND_GRANT:
        r->grant_count = place_of(r, record, r->past->outstanding_zone, &r->past->outstanding_test);
        memcpy(r->past->interrupted_zone, r->past->outstanding_zone, sizeof r->past->interrupted_zone);
        r->open = true;
        break;
    case FL_KIND_PULSE: count(r); break;
    case FL_KIND_DROP:
        if (fl_record_has(record, "ctr_now") &&
            fl_record_count(record, "ctr_was", &r->past->mismatch_held) == FL_OK)
            r->past->mismatch = true;
        break;
    case FL_KIND_RECON:
        r->past->mismatch = false;
        if (fl_record_int(record, "delivered", &number) == FL_OK && number == 1) count(r);
        r->open = false;
        break;
    case FL_KIND_SVC: r->past->svc = true; break;
    case FL_KIND_RESET:
        if (fl_record_int(record, "svc", &number) == FL_OK && number == 1) r->past->svc = false;
        break;
    case FL_KIND_SELFTEST: take_motion(r, record); break;
    case FL_KIND_OVERRIDE:
        if (fl_record_text_is(record, "reason", "soft-stop") && r->grant_count)
            r->grant_count->reason_given = true;
        break;
    default: break;
    }
}

fl_status fl_past_read(fl_journal *journal, const char *device, const fl_plan *plan, fl_utc now,
                       fl_past *past, fl_error *error)
{
    FL_ASSERT(journal && device && plan && past);
    fl_past found = {0};
    reader r = {.past = &found, .device = device, .plan = plan, .now = now};
    fl_hex(plan->sha256, sizeof plan->sha256, r.plan_hex);
    const uint64_t size = fl_journal_size(journal);
    for (uint64_t i = 0; i < size; i++) {
        fl_record record;
        const fl_status status = fl_journal_record(journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu of the journal cannot be read",
                                (unsigned long long)i);
        if (fl_record_text_is(&record, "dev", device)) take(&r, &record);
    }
    found.known = fl_journal_counter(journal, device, &found.counter);
    found.next_sid = fl_journal_next_sid(journal);
    found.interrupted = found.known && found.counter.in_session;
    /* An outstanding grant counts until the counter says that it was none; the session takes it back then. */
    if (found.known && found.counter.outstanding) count(&r);
    *past = found;
    return FL_OK;
}
