#include "gl1_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <string.h>

#define READ_AT_ONCE 256
#define READS_AT_ONCE                                                                                        \
    16 /* 4 kB a tick is four times what 921600 baud brings in 10 ms; a flood cannot hold us */
#define MISSED_IN_ROW                                                                                        \
    4 /* 200 ms of silence: a hot device has shut, and a cold one loses only a commitment                    \
       */
#define POLL_SLACK_US 500
#define GREET_EVERY_MS 200                     /* our own pace: each HELLO sends the device to SAFE */
#define SESSION_MS (20 * 3600 * INT64_C(1000)) /* a device ends it after 24 h; we do not wait for that */
#define NUMBER_LAST 0xFFFFFF00u                /* numbers only go up; before they wrap, a new session */
#define HOUR_MS (3600 * INT64_C(1000))

const char *fl_gl1_device_name(fl_gl1_device state)
{
    static const char *const names[] = {"SAFE", "STBY", "WARN", "READY", "FAULT"};
    return (unsigned)state < sizeof names / sizeof *names ? names[state] : "?";
}

const char *fl_gl1_watch_text(fl_gl1_watch why)
{
    switch (why) {
#define X(name, text)                                                                                        \
    case name: return text;
        FL_GL1_WATCH_LIST(X)
#undef X
    }
    return "?";
}

static fl_status system_nonce(void *self, uint32_t *value)
{
    (void)self;
    return fl_random_secret(value, sizeof *value);
}

void fl_gl1_init(fl_gl1 *link, const fl_gl1_setup *setup)
{
    FL_ASSERT(link && setup && setup->carrier);
    *link = (fl_gl1){
        .carrier = setup->carrier,
        .clock = setup->clock ? setup->clock : fl_clock_system(),
        .has_expected = setup->expected != NULL,
        .nonce = setup->nonce ? setup->nonce : system_nonce,
        .nonce_self = setup->nonce_self,
        .phase = FL_GL1_GREETING,
        .now = {.watch = setup->carrier->listen_only ? FL_GL1_LISTENING : FL_GL1_NO_HELLO},
    };
    if (setup->expected) link->expected = *setup->expected;
    link->greeted.us = gl1_now(link).us - 1000 * GREET_EVERY_MS;
    /* Not 1: the first HELLO of this process must not bear the number of the last one of another, or the
     * device would repeat its stored answer. */
    uint32_t start;
    if (link->nonce(link->nonce_self, &start) == FL_OK) link->number = start >> 8;
}

bool gl1_is_fresh(const fl_gl1 *link, fl_instant now)
{
    return link->phase == FL_GL1_OPEN && link->now.has_stat &&
           !gl1_older(now, link->now.stat_asked, FL_GL1_LOST_MS);
}

bool gl1_is_hot(const fl_gl1 *link)
{
    if (link->phase != FL_GL1_OPEN) return false;
    if (link->waiting == FL_GL1_ORDER_ARM || link->asked == FL_ASK_ARM || link->asked == FL_ASK_CHALLENGE)
        return true;
    const fl_gl1_device state = link->now.stat.state;
    return link->now.has_stat && (state == FL_DEVICE_WARN || state == FL_DEVICE_READY);
}

bool gl1_may_act(const fl_gl1 *link)
{
    return link->phase == FL_GL1_OPEN && link->now.watch == FL_GL1_EXPECTED;
}

/* ---- rule L4 ---- */

static unsigned bad_in_hour(const fl_gl1 *link, fl_instant now)
{
    const unsigned most = FL_GL1_BAD_FRAMES + 1;
    unsigned count = 0;
    for (unsigned i = 0; i < most && i < link->bad_count; i++)
        count += !gl1_older(now, link->bad_at[i], HOUR_MS);
    return count;
}

void gl1_bad_frame(fl_gl1 *link)
{
    link->now.counters.bad++;
    if (!gl1_is_hot(link)) return;
    const unsigned most = FL_GL1_BAD_FRAMES + 1;
    const fl_instant now = gl1_now(link);
    link->bad_at[link->bad_count % most] = now;
    link->bad_count =
        link->bad_count + 1 < 2 * most ? link->bad_count + 1 : most; /* the ring stays in phase */
    if (bad_in_hour(link, now) < most) return;
    link->now.stand_down = true;
    fl_gl1_stop(link);
}

void fl_gl1_clear_stand_down(fl_gl1 *link)
{
    link->now.stand_down = false;
    link->bad_count = 0;
}

/* ---- sending ---- */

fl_status gl1_send(fl_gl1 *link, const fl_message *message, size_t *taken)
{
    FL_ASSERT(!link->asked);
    char body[FL_FRAME_BODY_MAX + 1], line[1 + FL_FRAME_ROOM];
    const size_t body_size = fl_message_write(message, body);
    FL_ASSERT(body_size); /* we filled it in */
    const uint32_t session = message->word == FL_ASK_HELLO ? 0 : link->session;
    link->number++;
    line[0] = '\n';
    const size_t size =
        fl_frame_write('>', session, link->number, link->now.hello.uid, body, body_size, line + 1);
    FL_ASSERT(size);
    const size_t skip = link->ragged ? 0 : 1;
    size_t left = 0;
    link->asked = message->word;
    link->asked_at = gl1_now(link); /* before the bytes leave: ages err to the old side */
    const fl_status status = fl_carrier_write(link->carrier, line + skip, size + 1 - skip, &left);
    link->now.counters.asked++;
    if (left) link->ragged = left < size + 1 - skip;
    if (taken) *taken = left > 1 - skip ? left - (1 - skip) : 0;
    if (status != FL_OK) gl1_end_session(link, FL_GL1_GONE);
    return status;
}

static void greet(fl_gl1 *link)
{
    if (!gl1_older(gl1_now(link), link->greeted, GREET_EVERY_MS - 1)) return;
    if (link->nonce(link->nonce_self, &link->host_nonce) != FL_OK) return; /* no random number, no session */
    if (link->number >= NUMBER_LAST) link->number = 0;
    link->greeted = gl1_now(link);
    fl_message hello = {.word = FL_ASK_HELLO};
    fl_message_put(&hello, FL_KEY_v, 1);
    fl_message_put(&hello, FL_KEY_hn, link->host_nonce);
    if (gl1_send(link, &hello, NULL) != FL_OK) return; /* the phase says GONE */
}

/* Open only where the device may obey, and never remembered beyond that. */
static bool shutter_level(fl_gl1 *link, fl_instant now)
{
    if (!gl1_may_act(link) || !gl1_is_fresh(link, now) || link->now.stat.state != FL_DEVICE_READY ||
        link->stopping || link->now.stand_down)
        link->shutter = false;
    return link->shutter;
}

void fl_gl1_speak(fl_gl1 *link)
{
    if (link->phase == FL_GL1_GONE || link->phase == FL_GL1_REJECTED || link->carrier->listen_only) return;
    if (link->asked) return;
    const fl_instant now = gl1_now(link);
    const bool worn = gl1_older(now, link->session_began, SESSION_MS) || link->number >= NUMBER_LAST;
    if (link->phase == FL_GL1_OPEN && worn && !gl1_is_hot(link)) gl1_end_session(link, FL_GL1_GREETING);
    if (link->phase == FL_GL1_GREETING) {
        greet(link);
        return;
    }
    fl_message message = {.word = FL_ASK_STOP};
    if (link->stopping) {
        if (gl1_send(link, &message, NULL) != FL_OK) return;
    } else if (link->waiting) {
        gl1_send_order(link);
    } else {
        const int64_t every_ms = gl1_is_hot(link) ? FL_GL1_POLL_HOT_MS : FL_GL1_POLL_COLD_MS;
        /* The last one was asked for a moment after its tick began: without the slack a caller that ticks at
         * this very rate would find it too early every second time, and poll half as often. */
        if (link->now.has_stat && fl_since(now, link->now.stat_asked).us < every_ms * 1000 - POLL_SLACK_US)
            return;
        message.word = FL_ASK_POLL;
        fl_message_put(&message, FL_KEY_sh, shutter_level(link, now));
        if (gl1_send(link, &message, NULL) != FL_OK) return;
    }
}

/* ---- endings ---- */

void gl1_finish_order(fl_gl1 *link, fl_gl1_result result)
{
    if (link->now.result == FL_RESULT_WAITING) link->now.result = result;
    link->waiting = FL_GL1_ORDER_NONE;
    link->challenged = false;
}

void gl1_give_up(fl_gl1 *link)
{
    const fl_word asked = link->asked;
    link->asked = FL_WORD_NONE;
    if (asked == FL_ASK_GRANT) gl1_grant_unanswered(link);
    /* POLL, HELLO and STOP are asked again as a matter of course; an order is the caller's to repeat. */
    if (asked != FL_ASK_GRANT && asked != FL_ASK_POLL && asked != FL_ASK_HELLO && asked != FL_ASK_STOP)
        gl1_finish_order(link, FL_RESULT_LOST);
}

void gl1_end_session(fl_gl1 *link, fl_gl1_phase next)
{
    if (link->asked) gl1_give_up(link);
    gl1_finish_order(link, FL_RESULT_LOST);
    link->phase = next;
    link->session = 0;
    link->stats_count = 0;
    link->missed_in_row = 0;
    link->shutter = link->stopping = false; /* HELLO sends the device to SAFE: shut is what it will be */
    link->now.has_stat = false;
    link->now.has_anchor = false;
    if (link->now.settings_state != FL_SETTINGS_UNKNOWN) link->now.settings_state = FL_SETTINGS_CHANGED;
}

void fl_gl1_greet(fl_gl1 *link)
{
    if (link->phase == FL_GL1_OPEN) gl1_end_session(link, FL_GL1_GREETING);
}

void fl_gl1_drop(fl_gl1 *link)
{
    fl_carrier_drop(link->carrier);
    link->ragged = false;
    if (link->phase == FL_GL1_OPEN || link->phase == FL_GL1_GREETING)
        gl1_end_session(link, fl_carrier_is_gone(link->carrier) ? FL_GL1_GONE : FL_GL1_GREETING);
}

/* ---- listening ---- */

static void take_line(fl_gl1 *link, fl_instant arrived)
{
    const char *identity = link->now.hello.uid[0] ? link->now.hello.uid : NULL;
    fl_frame frame;
    if (fl_frame_read(link->line.text, link->line.size, identity, &frame) != FL_FRAME_GOOD ||
        frame.direction != '<') {
        gl1_bad_frame(link);
        return;
    }
    if (!link->asked || frame.session != link->session || frame.number != link->number) {
        link->now.counters.stray++;
        return;
    }
    fl_message message;
    if (fl_message_read('<', frame.body, frame.size, &message) != FL_OK ||
        !gl1_take_answer(link, &message, arrived))
        gl1_bad_frame(link);
}

static void expire(fl_gl1 *link)
{
    const fl_instant now = gl1_now(link);
    if (link->asked && fl_since(now, link->asked_at).us >= FL_GL1_REPLY_MS * 1000) {
        link->now.counters.missed++;
        link->missed_in_row++;
        gl1_give_up(link);
        if (link->phase == FL_GL1_OPEN && link->missed_in_row >= MISSED_IN_ROW)
            gl1_end_session(link, FL_GL1_GREETING);
    }
    if (!gl1_is_fresh(link, now)) link->shutter = false;
}

void fl_gl1_listen(fl_gl1 *link)
{
    if (link->phase == FL_GL1_GONE || link->phase == FL_GL1_REJECTED) return;
    char bytes[READ_AT_ONCE];
    size_t got = sizeof bytes;
    for (int n = 0; n < READS_AT_ONCE && got == sizeof bytes; n++) {
        if (fl_carrier_read(link->carrier, bytes, sizeof bytes, &got) != FL_OK) {
            gl1_end_session(link, FL_GL1_GONE);
            return;
        }
        const fl_instant arrived =
            gl1_now(link); /* after the read: whatever was sampled, was sampled before */
        for (size_t i = 0; i < got;) {
            fl_line_event event;
            i += fl_line_take_some(&link->line, bytes + i, got - i, &event);
            if (event == FL_LINE_SPOILED) gl1_bad_frame(link);
            if (event == FL_LINE_WHOLE) take_line(link, arrived);
            if (link->phase == FL_GL1_REJECTED) return;
        }
    }
    expire(link);
}

void fl_gl1_look(const fl_gl1 *link, fl_gl1_status *status)
{
    FL_ASSERT(link && status);
    const fl_instant now = gl1_now(link);
    *status = link->now;
    status->phase = link->phase;
    status->session = link->session;
    status->link = gl1_is_fresh(link, now);
    if (status->has_stat) status->stat_age = fl_since(now, link->now.stat_asked);
    status->busy = link->asked || link->waiting || link->stopping;
    status->counters.bad_in_hour = bad_in_hour(link, now);
}
