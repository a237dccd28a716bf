#include "duties.h"

#include "fadeline/base/assert.h"

static const struct {
    const char *word;
    int64_t within_us;
    const char *text;
} rows[FL_DUTY_COUNT] = {
#define X(name, word, within_us, text) {word, within_us, text},
    FL_DUTY_LIST(X)
#undef X
};

void fl_duties_init(fl_duties *duties, fl_instant now)
{
    *duties = (fl_duties){0};
    for (int i = 0; i < FL_DUTY_COUNT; i++) duties->last[i] = now;
}

void fl_duties_begin(fl_duties *duties)
{
    duties->done = 0;
}

void fl_duties_done(fl_duties *duties, fl_duty duty, fl_instant now)
{
    FL_ASSERT(duty < FL_DUTY_COUNT);
    duties->done |= 1u << duty;
    duties->last[duty] = now;
}

/* A time that lies ahead is no recent one: it reads as long ago. */
static bool is_missing(const fl_duties *duties, fl_duty duty, fl_instant now, bool hot)
{
    if (!rows[duty].within_us) return !(duties->done >> duty & 1);
    const int64_t ago_us = fl_since(now, duties->last[duty]).us;
    return hot && (ago_us < 0 || ago_us > rows[duty].within_us);
}

fl_duty fl_duties_missing_so_far(const fl_duties *duties, fl_instant now, bool hot, fl_duty before)
{
    for (int i = 0; i < FL_DUTY_COUNT; i++) {
        const bool due = rows[i].within_us || i < (int)before;
        if (due && is_missing(duties, (fl_duty)i, now, hot)) return (fl_duty)i;
    }
    return FL_DUTY_COUNT;
}

fl_duty fl_duties_missing(const fl_duties *duties, fl_instant now, bool hot)
{
    return fl_duties_missing_so_far(duties, now, hot, FL_DUTY_COUNT);
}

const char *fl_duty_word(fl_duty duty)
{
    return duty < FL_DUTY_COUNT ? rows[duty].word : "none";
}

const char *fl_duty_text(fl_duty duty)
{
    return duty < FL_DUTY_COUNT ? rows[duty].text : "every duty is done";
}
