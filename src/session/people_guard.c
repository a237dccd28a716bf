/* Wrong PINs and the waits they cost; over processes, because the journal remembers them. */
#include "people_private.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define TRIES 5
#define FORGET_US (3600 * INT64_C(1000000))

static void count_wrong(fl_people_tries *tries, const char *who, int64_t at_us)
{
    if (tries->wrong && at_us - tries->last_us > FORGET_US) *tries = (fl_people_tries){0};
    tries->several = tries->several || (tries->wrong && !fl_text_same(tries->who, who));
    snprintf(tries->who, sizeof tries->who, "%s", who);
    tries->wrong++;
    tries->last_us = at_us;
}

static void count_right(fl_people_tries *tries, const char *who, int64_t at_us)
{
    const bool own = !tries->several && fl_text_same(tries->who, who);
    if (own || at_us - tries->last_us > FORGET_US) *tries = (fl_people_tries){0};
}

static fl_instant end_of_wait(const fl_people_tries *tries)
{
    unsigned minutes = tries->wrong < TRIES ? 0 : 1;
    for (unsigned i = TRIES; i < tries->wrong && minutes < 60; i++) minutes *= 2;
    return fl_after((fl_instant){tries->last_us}, fl_seconds(60.0 * (minutes < 60 ? minutes : 60)));
}

void fl_people_resume(fl_people_guard *guard, const fl_people_tries *tries, fl_utc utc_now, fl_instant now)
{
    /* Whole days are not believed: --date pretends them, and a wait is an hour at the most. */
    const int64_t day_us = 86400000000, ago_us = (utc_now.us - tries->last_us) % day_us;
    *guard = (fl_people_guard){.tries = *tries};
    if (!tries->wrong) return;
    guard->tries.last_us = now.us - (ago_us > 0 ? ago_us : 0); /* from the future: just now */
    guard->until = end_of_wait(&guard->tries);
}

void fl_people_recall(const fl_record *record, fl_people_tries *tries)
{
    char who[sizeof tries->who] = "?";
    int64_t utc_us = tries->last_us;
    const fl_kind kind = fl_record_kind(record);
    if (kind != FL_KIND_AUTH_OK && kind != FL_KIND_AUTH_FAIL) return;
    if (fl_record_text_is(record, "why", fl_people_answer_code(FL_PEOPLE_WAIT)) ||
        fl_record_text_is(record, "why", fl_people_answer_code(FL_PEOPLE_DISPUTED)))
        return;
    const bool was_wrong = kind == FL_KIND_AUTH_FAIL &&
                           fl_record_text_is(record, "why", fl_people_answer_code(FL_PEOPLE_UNKNOWN));
    if (fl_record_text(record, "who", who, sizeof who) != FL_OK) snprintf(who, sizeof who, "?");
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = tries->last_us;
    was_wrong ? count_wrong(tries, who, utc_us) : count_right(tries, who, utc_us);
}

void people_count_wrong(fl_people_guard *guard, const char *who, int64_t now_us)
{
    count_wrong(&guard->tries, who, now_us);
    guard->until = end_of_wait(&guard->tries);
}

void people_count_right(fl_people_guard *guard, const char *who, int64_t now_us)
{
    count_right(&guard->tries, who, now_us);
}
