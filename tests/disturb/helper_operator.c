/* The operator of a lane: reads the status, does the next sensible thing, one order at a time. */
#include "helper_lane.h"

#include "fadeline/base/text.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MS                                                                                            \
    90000 /* a sign-in is a tenth of a second of a processor that thirty lanes may want at once */
#define BEAT_MS 300
#define AGAIN_MS 80    /* after a refusal */
#define STUCK_MS 40000 /* refused for the same reason so long */

bool lane_is_armed(const lane *l)
{
    static const char *const words[] = {"ARMING", "READY", "OPENING", "EMIT", "GAP", "CLOSING"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fl_text_same(l->state, words[i])) return true;
    return false;
}

bool lane_is_firing(const lane *l)
{
    return lane_is_armed(l) && !fl_text_same(l->state, "ARMING") && !fl_text_same(l->state, "READY");
}

/* ---- hearing ---- */

static void take_status(lane *l, const json_t *message)
{
    const char *person = json_string_value(json_object_get(message, "operator"));
    snprintf(l->state, sizeof l->state, "%s", json_string_value(json_object_get(message, "state")));
    snprintf(l->person, sizeof l->person, "%s", person ? person : "");
    l->aimed = json_object_get(message, "zone") != NULL;
    l->goggles = json_object_get(message, "eyewear") != NULL;
    l->pulses = json_integer_value(json_object_get(message, "session_pulses"));
    l->fault_number = json_integer_value(json_object_get(message, "fault"));
    l->seen = true;
}

static void take_event(lane *l, const json_t *message)
{
    const char *kind = json_string_value(json_object_get(message, "kind"));
    const char *code = json_string_value(json_object_get(message, "code"));
    const bool drop = fl_text_same(kind, "drop"), fault = fl_text_same(kind, "fault");
    l->drops += drop;
    l->faults += fault;
    l->told += drop || fault || fl_text_same(kind, "refused") || fl_text_same(kind, "unknown");
    if (fl_text_same(code, "counter-mismatch"))
        lane_fail(l, "%s", json_string_value(json_object_get(message, "text")));
}

static void refused(lane *l, const json_t *message)
{
    const char *code = json_string_value(json_object_get(message, "code"));
    const char *text = json_string_value(json_object_get(message, "text"));
    const int64_t now = lane_now();
    l->not_before = now + AGAIN_MS;
    if (!fl_text_same(code, l->refusal)) l->refused_since = now;
    snprintf(l->refusal, sizeof l->refusal, "%s", code);
    if (text && strstr(text, "supervisor must sign")) l->wants_supervisor = true;
    if (text && strstr(text, "line was disturbed")) l->wants_reset = true;
    if (fl_text_same(code, "second-person")) l->wants_second = true;
    if (fl_text_same(code, "service-latched")) l->wants_service = true;
    if (l->asked == LANE_ASKED_SUPERVISOR) l->wants_supervisor = l->served = false;
    if (now - l->refused_since > STUCK_MS / 2 && fl_text_same(code, "plan"))
        l->aimed = false; /* order it again */
    if (now - l->refused_since > STUCK_MS)
        lane_fail(l, "refused for %d s: %s: %s", STUCK_MS / 1000, code, text);
}

static void take_answer(lane *l, const json_t *message)
{
    if (!l->waits_since || json_integer_value(json_object_get(message, "order")) != l->order) return;
    const bool ok = json_integer_value(json_object_get(message, "ok")) == 1;
    l->waits_since = 0;
    l->seen = false; /* what the answer changed shows in the next status */
    if (!ok)
        refused(l, message);
    else {
        l->refusal[0] = 0;
        l->refused_since = lane_now();
        if (l->asked == LANE_ASKED_SERVICE) l->served = true;
        if (l->asked == LANE_ASKED_SUPERVISOR) {
            l->services += l->wants_service;
            l->wants_supervisor = l->wants_service = l->served = false;
        }
    }
    l->asked = LANE_ASKED_NOTHING;
}

static void take_line(lane *l, const char *line, size_t size)
{
    json_t *message = json_loadb(line, size, 0, NULL);
    const char *type = json_string_value(json_object_get(message, "type"));
    if (fl_text_same(type, "status")) take_status(l, message);
    if (fl_text_same(type, "event")) take_event(l, message);
    if (fl_text_same(type, "answer")) take_answer(l, message);
    if (fl_text_same(type, "bye")) {
        l->said_bye = true;
        l->told += json_integer_value(json_object_get(message, "exit")) != 0;
    }
    json_decref(message);
}

/* Takes what comes within `ms`; false when the other end is gone. */
static bool hear(lane *l, int ms)
{
    struct pollfd fd = {.fd = l->socket, .events = POLLIN};
    if (l->socket < 0) return false;
    if (poll(&fd, 1, ms) <= 0) return true;
    const ssize_t got = recv(l->socket, l->room + l->filled, sizeof l->room - l->filled, MSG_DONTWAIT);
    if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
    l->filled += (size_t)got;
    char *end;
    size_t used = 0;
    while ((end = memchr(l->room + used, '\n', l->filled - used))) {
        take_line(l, l->room + used, (size_t)(end - (l->room + used)));
        used = (size_t)(end + 1 - l->room);
    }
    l->filled -= used;
    memmove(l->room, l->room + used, l->filled);
    return l->filled < sizeof l->room;
}

/* ---- saying ---- */

static void say(lane *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(lane *l, const char *format, ...)
{
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (send(l->socket, line, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT) != size)
        return; /* seen as silence */
}

#define ASK(l, what, before, after)                                                                          \
    ((l)->asked = (what), (l)->waits_since = lane_now(),                                                     \
     say((l), "{" before "\"order\":%d" after "}\n", ++(l)->order))

static void be_present(lane *l)
{
    const int64_t now = lane_now();
    if (now - l->beaten < BEAT_MS || l->waits_since) return;
    l->beaten = now;
    say(l, "{\"do\":\"here\",\"order\":%d}\n", ++l->order);
}

static void prepare_and_arm(lane *l)
{
    if (!l->person[0])
        ASK(l, LANE_ASKED_OTHER, "\"do\":\"sign-in\",", ",\"pin\":\"493027\",\"who\":\"op:17\"");
    else if (l->wants_supervisor)
        ASK(l, LANE_ASKED_SUPERVISOR, "\"do\":\"reconcile\",",
            ",\"pin\":\"801246\",\"reason\":\"seen\",\"who\":\"op:9\"");
    else if (l->wants_reset) {
        l->wants_reset = false;
        l->lines_seen++;
        ASK(l, LANE_ASKED_OTHER, "\"do\":\"reset\",\"fault\":0,", "");
    } else if (l->wants_second) { /* the zone was treated in a session that was closed */
        l->wants_second = false;
        ASK(l, LANE_ASKED_OTHER, "\"do\":\"second\",", ",\"pin\":\"801246\",\"who\":\"op:9\"");
    } else if (!l->aimed)
        ASK(l, LANE_ASKED_OTHER, "\"do\":\"zone\",", ",\"zone\":\"MID\"");
    else if (!l->goggles)
        ASK(l, LANE_ASKED_OTHER, "\"code\":\"OD7 M LB9\",\"do\":\"eyewear\",", ",\"wl_nm\":755");
    else
        ASK(l, LANE_ASKED_ARM, "\"do\":\"arm\",", "");
}

static void mend(lane *l)
{
    if (!l->person[0])
        ASK(l, LANE_ASKED_OTHER, "\"do\":\"sign-in\",", ",\"pin\":\"493027\",\"who\":\"op:17\"");
    else if (l->wants_service && !l->served)
        ASK(l, LANE_ASKED_SERVICE, "\"do\":\"service\",", ",\"pin\":\"660318\",\"who\":\"op:30\"");
    else if (l->wants_service)
        ASK(l, LANE_ASKED_SUPERVISOR, "\"do\":\"reconcile\",",
            ",\"pin\":\"801246\",\"reason\":\"seen\",\"who\":\"op:9\"");
    else {
        l->asked = LANE_ASKED_RESET;
        l->waits_since = lane_now();
        ++l->order;
        say(l, "{\"do\":\"reset\",\"fault\":%lld,\"order\":%d}\n", l->fault_number, l->order);
    }
}

static void do_something(lane *l)
{
    const int64_t now = lane_now();
    if (l->waits_since && now - l->waits_since > ANSWER_MS) lane_fail(l, "order %d got no answer", l->order);
    if (l->waits_since || !l->seen || now < l->not_before) return;
    if (fl_text_same(l->state, "STANDBY")) prepare_and_arm(l);
    if (fl_text_same(l->state, "FAULT")) mend(l);
    if (fl_text_same(l->state, "ESTOP")) lane_fail(l, "an emergency stop that nobody pressed");
}

static bool turn(lane *l, int64_t until, bool acts, bool (*enough)(const lane *l))
{
    while (!l->fault[0]) {
        if (enough && enough(l)) return true;
        const int64_t left = until - lane_now();
        if (left <= 0) return lane_is_alive(l);
        if (!hear(l, left < 20 ? (int)left : 20)) {
            if (!lane_is_alive(l)) return false;
            if (l->socket >= 0) close(l->socket);
            l->socket = -1;
            if (!lane_dial(l)) usleep(2000); /* cut off, or leaving */
            continue;
        }
        be_present(l);
        if (acts) do_something(l);
    }
    return false;
}

bool lane_operate(lane *l, int64_t until, bool (*enough)(const lane *l))
{
    return turn(l, until, true, enough);
}

bool lane_watch(lane *l, int64_t until, bool (*enough)(const lane *l))
{
    return turn(l, until, false, enough);
}

/* ---- the end of a session ---- */

static bool is_settled(const lane *l)
{
    return fl_text_same(l->state, "STANDBY") && l->person[0];
}

static bool is_armed(const lane *l)
{
    return lane_is_armed(l);
}

void lane_ask_to_end(lane *l)
{
    say(l, "{\"do\":\"end\",\"order\":%d}\n", ++l->order);
}

void lane_end_properly(lane *l)
{
    if (!lane_is_alive(l) && !lane_start_control(l))
        return lane_fail(l, "control does not start for the end");
    /* Armed once more: then nothing is open, and whatever had to be settled is. */
    if (!lane_operate(l, lane_now() + 180000, is_armed) || !is_armed(l))
        return lane_fail(l, "not armed again at the end, but %s %s", l->state, l->refusal);
    say(l, "{\"do\":\"standby\",\"order\":%d}\n", ++l->order);
    if (!lane_watch(l, lane_now() + 60000, is_settled)) return lane_fail(l, "no STANDBY at the end");
    lane_watch(l, lane_now() + 300, NULL);
    lane_ask_to_end(l);
    lane_watch(l, lane_now() + 60000, NULL);
    lane_collect(l, 30000);
    if (!WIFEXITED(l->exit_status) || WEXITSTATUS(l->exit_status) != 0)
        lane_fail(l, "control left with status %x", (unsigned)l->exit_status);
}
