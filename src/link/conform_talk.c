/* The conversation of the conformance script: frames out, answers in, and what is wrong with them. */
#include "conform_private.h"

#include "fadeline/base/assert.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool conform_goes(const conform *c)
{
    return !c->over && c->status == FL_OK;
}

/* ---- how a check ends ---- */

void conform_fail(conform *c, const char *expected, const char *format, ...)
{
    if (!conform_goes(c)) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->outcome.got, sizeof c->outcome.got, format, arguments);
    va_end(arguments);
    snprintf(c->outcome.expected, sizeof c->outcome.expected, "%s", expected);
    c->outcome.result = FL_CONFORM_FAILED;
    c->over = true;
}

void conform_skip(conform *c, const char *format, ...)
{
    if (!conform_goes(c)) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->outcome.why, sizeof c->outcome.why, format, arguments);
    va_end(arguments);
    c->outcome.result = FL_CONFORM_SKIPPED;
    c->over = true;
}

void conform_broken(conform *c, fl_status status)
{
    if (status == FL_E_GONE && c->may_go)
        c->gone = true;
    else if (c->status == FL_OK)
        c->status = status;
}

void conform_must(conform *c, bool good, const char *expected, const char *format, ...)
{
    if (good || !conform_goes(c)) return;
    char got[sizeof c->outcome.got];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(got, sizeof got, format, arguments);
    va_end(arguments);
    conform_fail(c, expected, "%s", got);
}

/* ---- time ---- */

/* Every look at the clock also sees whether this process was held up since the last one. */
fl_instant conform_now(conform *c)
{
    const fl_instant now = c->line->now(c->line->self);
    if (fl_since(now, c->last_now).us > fl_ms(LATE_MS).us) c->late = true;
    return c->last_now = now;
}

int64_t conform_ms_since(conform *c, fl_instant then)
{
    return fl_since(conform_now(c), then).us / 1000;
}

static void sleep_until(conform *c, fl_instant until)
{
    const fl_conform_options *options = c->options;
    if (options->stopped && options->stopped(options->self)) conform_broken(c, FL_E_INTERRUPTED);
    c->line->wait(c->line->self, until);
    const fl_instant now = c->line->now(c->line->self);
    if (fl_since(now, until).us > fl_ms(LATE_MS).us) c->late = true;
    c->last_now = now;
}

/* ---- out ---- */

void conform_note(conform *c, char from, const char *bytes, size_t size)
{
    const unsigned room = sizeof c->said / sizeof *c->said;
    if (c->outcome.said_count == room) {
        memmove(c->said, c->said + room / 2, (room - room / 2) * sizeof *c->said);
        c->outcome.said_count = room - room / 2;
        c->outcome.said_before += room / 2;
    }
    fl_conform_said *said = &c->said[c->outcome.said_count++];
    *said = (fl_conform_said){.at = conform_now(c), .from = from};
    said->size = (uint16_t)(size < sizeof said->bytes ? size : sizeof said->bytes);
    memcpy(said->bytes, bytes, said->size);
}

void conform_write(conform *c, const char *bytes, size_t size)
{
    if (!conform_goes(c) || c->gone) return;
    FL_ASSERT(size && size <= sizeof c->sent);
    memcpy(c->sent, bytes, size);
    c->sent_size = size;
    c->heard_size = 0;
    conform_note(c, '>', bytes, size - 1);
    c->sent_at = conform_now(c);
    const fl_status status = c->line->write(c->line->self, bytes, size);
    if (status != FL_OK) conform_broken(c, status);
}

size_t conform_frame(const conform *c, uint32_t session, uint32_t number, const char *identity,
                     const char *body, char line[FL_FRAME_ROOM])
{
    const size_t size =
        fl_frame_write('>', session, number, identity ? identity : c->identity, body, strlen(body), line);
    FL_ASSERT(size);
    return size;
}

/* ---- in ---- */

static void take_frame(conform *c, const char *text, size_t size)
{
    fl_frame frame;
    fl_message message;
    const fl_frame_fault fault = fl_frame_read(text, size, c->identity, &frame);
    if (fault != FL_FRAME_GOOD) {
        conform_fail(c, "frames as in section 3", "%s: %.*s", fl_frame_fault_text(fault), (int)size, text);
        return;
    }
    if (!c->waits || frame.session != c->wait_session || frame.number != c->wait_number || c->heard_size) {
        conform_fail(c, "one answer, with the session and the number that were asked", "%.*s", (int)size,
                     text);
        return;
    }
    if (fl_message_read('<', frame.body, frame.size, &message) != FL_OK) {
        conform_fail(c, "words and keys as in sections 4 and 5", "%.*s", (int)size, text);
        return;
    }
    memcpy(c->heard, text, size);
    c->heard[size] = 0;
    c->heard_size = size;
    c->heard_at = conform_now(c);
    c->answer = message;
    const fl_duration took = fl_since(c->heard_at, c->sent_at);
    if (took.us > c->report->slowest_answer.us) c->report->slowest_answer = took;
    if (took.us > fl_ms(LATE_MS).us) c->late = true;
}

static void take_line(conform *c, const char *text, size_t size)
{
    conform_note(c, '<', text, size);
    if (c->waits_identity && size && text[0] != '<' && !c->heard_size) {
        memcpy(c->heard, text, size);
        c->heard[size] = 0;
        c->heard_size = size;
        c->heard_at = conform_now(c);
    } else if (size && !c->may_go) /* noise of a power that comes and goes is no word of the device */
        take_frame(c, text, size);
}

static void take_in(conform *c)
{
    if (c->gone) return;
    char bytes[512];
    size_t got = 0;
    const fl_status status = c->line->read(c->line->self, bytes, sizeof bytes, &got);
    if (status != FL_OK) conform_broken(c, status);
    for (size_t i = 0; i < got; i++) {
        fl_frame_fault fault = FL_FRAME_GOOD;
        const fl_line_event event = fl_line_take(&c->in, bytes[i], &fault);
        if (event == FL_LINE_WHOLE) take_line(c, c->in.text, c->in.size);
        if (event != FL_LINE_SPOILED || c->may_go) continue;
        conform_note(c, '<', c->in.text, c->in.size);
        conform_fail(c, "lines as in section 3", "%s", fl_frame_fault_text(fault));
    }
}

bool conform_listen(conform *c, uint32_t session, uint32_t number, int64_t ms)
{
    const fl_instant until = fl_after(conform_now(c), fl_ms(ms));
    c->waits = true;
    c->wait_session = session;
    c->wait_number = number;
    while (conform_goes(c) && !c->heard_size && fl_since(until, conform_now(c)).us > 0) {
        sleep_until(c, until);
        take_in(c);
    }
    c->waits = false;
    return conform_goes(c) && c->heard_size > 0;
}

void conform_wait_until(conform *c, fl_instant until)
{
    do {
        take_in(c);
        if (!conform_goes(c) || fl_since(until, conform_now(c)).us <= 0) return;
        sleep_until(c, until);
    } while (true);
}

void conform_wait(conform *c, int64_t ms)
{
    conform_wait_until(c, fl_after(conform_now(c), fl_ms(ms)));
}

/* ---- what every STAT must show ---- */

static void watch_counters(conform *c, const fl_gl1_stat *stat)
{
    const bool found = c->unknown && !c->offered && stat->grant == c->unknown && stat->pulses == c->k + 1;
    const uint64_t number = found ? c->unknown : c->offered;
    const bool granted = number != 0;
    const uint64_t k = c->k + granted, g = granted ? number : c->g;
    c->unknown = 0;
    if (granted) {
        c->report->granted++;
        c->outcome.pulses++;
        c->ln_owed++;
        c->pulsed_at = c->sent_at;
        c->has_pulsed = true;
    }
    c->report->k_last = stat->pulses;
    if (!c->has_count) {
        if (!c->report->counted) c->report->k_first = stat->pulses - granted;
        c->report->counted = c->has_count = true;
        c->ln = stat->flashes;
        c->ln_owed = 0;
    } else if (stat->pulses != k || stat->grant != g) {
        c->grave = c->grave || stat->pulses != k;
        conform_fail(c, "counter and grant number move by granted pulses only",
                     "k=%016" PRIX64 " g=%016" PRIX64 " where they must be %016" PRIX64 " and %016" PRIX64,
                     stat->pulses, stat->grant, k, g);
    }
    c->k = stat->pulses;
    c->g = stat->grant;
    if (!(c->hello.value[FL_KEY_cap] >> FL_CAP_FLASHES & 1)) return;
    const uint32_t more = stat->flashes - c->ln;
    c->ln = stat->flashes;
    if (more > c->ln_owed) {
        c->grave = true;
        conform_fail(c, "no light but that of granted pulses",
                     "the light sensor saw %u flashes, %u were granted", more, c->ln_owed);
    }
    c->ln_owed -= more > c->ln_owed ? c->ln_owed : more;
}

static void watch_stat(conform *c)
{
    fl_gl1_stat stat;
    if (!c->heard_size || !fl_gl1_stat_of(&c->answer, &stat)) return;
    c->stat = stat;
    c->stat_number = c->number;
    c->stat_heard = c->heard_at;
    c->has_stat = true;
    watch_counters(c, &stat);
}

/* ---- question and answer ---- */

void conform_say_as(conform *c, uint32_t session, uint32_t number, const char *identity, const char *body,
                    int64_t ms)
{
    if (!conform_goes(c)) return;
    char line[FL_FRAME_ROOM];
    const size_t size = conform_frame(c, session, number, identity, body, line);
    conform_write(c, line, size);
    conform_listen(c, session, number, ms);
}

void conform_say(conform *c, const char *body)
{
    if (!conform_goes(c)) return;
    conform_say_as(c, c->session, ++c->number, NULL, body, ANSWER_MS);
    watch_stat(c);
}

/* ---- what is wanted ---- */

void conform_want_answer(conform *c, const char *expected)
{
    if (conform_goes(c) && !c->heard_size) conform_fail(c, expected, "no answer");
}

static const char *body_of(const conform *c)
{
    return c->heard_size > 18 && c->heard[0] == '<' ? c->heard + 18 : c->heard;
}

void conform_want(conform *c, fl_word word, const char *expected)
{
    conform_want_answer(c, expected);
    if (conform_goes(c) && c->answer.word != word) conform_fail(c, expected, "%s", body_of(c));
}

void conform_want_stat(conform *c, int state)
{
    char expected[40] = "STAT";
    if (state >= 0)
        snprintf(expected, sizeof expected, "STAT st=%d (%s)", state,
                 fl_gl1_device_name((fl_gl1_device)state));
    conform_want(c, FL_SAY_STAT, expected);
    if (conform_goes(c) && state >= 0 && c->answer.value[FL_KEY_st] != (uint64_t)state)
        conform_fail(c, expected, "%s", body_of(c));
}

void conform_want_nak(conform *c, fl_nak reason)
{
    char expected[40];
    snprintf(expected, sizeof expected, "NAK e=%s", fl_nak_name(reason));
    conform_want(c, FL_SAY_NAK, expected);
    if (conform_goes(c) && c->answer.value[FL_KEY_e] != (uint64_t)reason)
        conform_fail(c, expected, "%s", body_of(c));
}

void conform_want_silence(conform *c, const char *expected)
{
    if (conform_goes(c) && c->heard_size) conform_fail(c, expected, "%s", body_of(c));
}

void conform_refused(conform *c, const char *body, fl_nak reason)
{
    conform_say(c, body);
    conform_want_nak(c, reason);
}
