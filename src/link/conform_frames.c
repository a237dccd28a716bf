/* Checks of the frame: damage, numbers, sessions. Each provocation is a frame that would be obeyed if the one
 * rule were not there, so that silence means the rule and not something else. */
#include "conform_private.h"

#include "fadeline/base/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A line of ours with its right check, whatever stands in it; with LF. */
static size_t with_check(const conform *c, const char *text, size_t size, char *line)
{
    memcpy(line, text, size);
    const uint32_t check = fl_crc32c(fl_crc32c(0, c->identity, strlen(c->identity)), text, size);
    return size + (size_t)sprintf(line + size, "*%08" PRIX32 "\n", check);
}

/* Everything before the star of the next frame; it counts the number up only in the text: what is dropped
 * does not take its number over. */
static size_t head_of(const conform *c, const char *body, char *text)
{
    return (size_t)sprintf(text, ">%08" PRIX32 "%08" PRIX32 " %s", c->session, c->number + 1, body);
}

/* Sends a bad line, hears nothing, and the session goes on with nothing done. */
static void dropped(conform *c, const char *line, size_t size, const char *expected)
{
    if (!conform_goes(c)) return;
    c->spoiled = true;
    conform_write(c, line, size);
    c->spoiled_at = conform_now(c);
    conform_listen(c, c->session, c->number + 1, SILENT_MS);
    conform_want_silence(c, expected);
}

static void still_standby(conform *c)
{
    conform_poll(c, false);
    conform_want_stat(c, FL_DEVICE_STBY);
    conform_must(c, c->stat.epoch == c->epoch, "nothing was set", "ep=%08" PRIX32 " after %08" PRIX32,
                 c->stat.epoch, c->epoch);
}

/* SET with the value it has: obeyed, it would count the epoch up. */
static void some_set(const conform *c, char body[60])
{
    snprintf(body, 60, "SET EN=%" PRIu64, c->set.energy_uJ);
}

static size_t bad_check(const conform *c, char *line)
{
    char body[60];
    some_set(c, body);
    const size_t size = conform_frame(c, c->session, c->number + 1, NULL, body, line);
    line[size - 2] = line[size - 2] == '0' ? '1' : '0';
    return size;
}

static void frame_wrong_check(conform *c)
{
    char line[320], body[60];
    conform_standby(c);
    dropped(c, line, bad_check(c, line), "a frame with a wrong check is dropped in silence");
    some_set(c, body); /* of another laser: the identity is in the check */
    dropped(c, line, conform_frame(c, c->session, c->number + 1, "SIM-OTHER", body, line),
            "a frame for another identity is dropped in silence");
    still_standby(c);
}

/* A good frame of exactly `length` bytes before LF. */
static size_t long_line(const conform *c, size_t length, char *line)
{
    char text[300];
    size_t size = head_of(c, "GET x=", text);
    while (size < length - 9) text[size++] = '0';
    return with_check(c, text, size, line);
}

static void frame_251(conform *c)
{
    char line[320];
    conform_standby(c);
    if (!conform_goes(c)) return;
    const size_t size = long_line(c, 250, line); /* the longest is read: an unknown key */
    conform_write(c, line, size);
    conform_listen(c, c->session, ++c->number, ANSWER_MS);
    conform_want_nak(c, FL_NAK_SYN);
    dropped(c, line, long_line(c, 251, line), "251 bytes are dropped in silence");
    still_standby(c);
}

/* A body the rules do not allow, under a right check. */
static size_t bad_body(const conform *c, const char *body, char *line)
{
    char text[120];
    const size_t size = head_of(c, body, text);
    return with_check(c, text, size, line);
}

#define BYTE_80 "GET x=\x80"
#define TWO_STARS "GET x=*" /* the second stands before the check */

static void frame_byte_80(conform *c)
{
    char line[320];
    conform_standby(c);
    dropped(c, line, bad_body(c, BYTE_80, line), "a line with a byte outside 20..7E is dropped in silence");
    still_standby(c);
}

static void frame_two_stars(conform *c)
{
    char line[320];
    conform_standby(c);
    dropped(c, line, bad_body(c, TWO_STARS, line), "a line with two `*` is dropped in silence");
    still_standby(c);
}

/* Lower case in session or number has a right check over the small letters; in the check itself it is the
 * same number written otherwise. A number with a letter in it is waited for. */
static void frame_lower_case(conform *c)
{
    char line[320], text[120], body[60];
    conform_standby(c);
    some_set(c, body);
    /* The check: the epoch tells, if the frame has no letter in its check then another body has. */
    for (int i = 0; i < 40 && conform_goes(c); i++) {
        const size_t size = conform_frame(c, c->session, c->number + 1, NULL, body, line);
        const size_t digits = strcspn(line + size - 9, "ABCDEF");
        if (digits < 8) {
            line[size - 9 + digits] = (char)(line[size - 9 + digits] | 0x20);
            dropped(c, line, size, "a check in lower case is dropped in silence");
            break;
        }
        conform_poll(c, false);
    }
    while (conform_goes(c) && ((c->number + 1) & 15) < 10) conform_poll(c, false);
    if (!conform_goes(c)) return;
    snprintf(text, sizeof text, ">%08" PRIX32 "%08" PRIx32 " %s", c->session, c->number + 1, body);
    dropped(c, line, with_check(c, text, strlen(text), line), "a number in lower case is dropped in silence");
    still_standby(c);
}

/* Three bad frames in a second are borne, the fourth ends the session. */
static void frame_four_bad(conform *c)
{
    char line[320];
    conform_standby(c);
    const fl_instant began = conform_now(c);
    for (int i = 0; i < 3; i++) conform_write(c, line, bad_check(c, line));
    still_standby(c);
    conform_write(c, line, bad_check(c, line));
    c->spoiled = true;
    c->spoiled_at = conform_now(c);
    if (conform_ms_since(c, began) > 900) c->late = true;
    conform_session_over(c, "no answer: a fourth bad frame within a second ends the session");
    conform_standby(c);
}

/* Each kind of damage counts: one of each is four. */
static void frame_each_counts(conform *c)
{
    char line[320];
    conform_standby(c);
    const fl_instant began = conform_now(c);
    conform_write(c, line, long_line(c, 251, line));
    conform_write(c, line, bad_body(c, BYTE_80, line));
    conform_write(c, line, bad_body(c, TWO_STARS, line));
    still_standby(c);
    conform_write(c, line, bad_check(c, line));
    c->spoiled = true;
    c->spoiled_at = conform_now(c);
    if (conform_ms_since(c, began) > 900) c->late = true;
    conform_session_over(c, "no answer: four bad frames of four kinds within a second end the session");
}

static void number_gap(conform *c)
{
    conform_standby(c);
    c->number += 5;
    conform_poll(c, false);
    conform_must(c, c->stat.gap == 5, "gap=5 after five lost numbers", "gap=%" PRIu64, c->stat.gap);
    c->number += 7;
    conform_poll(c, false); /* eight above the last is the furthest */
    conform_must(c, c->stat.gap == 12, "gap=12 after seven more", "gap=%" PRIu64, c->stat.gap);
}

static void number_nine_ahead(conform *c)
{
    conform_standby(c);
    const uint64_t gap = c->stat.gap;
    conform_say_as(c, c->session, c->number + 9, NULL, "POLL sh=0", SILENT_MS);
    conform_want_silence(c, "a number nine above the last is dropped in silence");
    conform_poll(c, false);
    conform_must(c, c->stat.gap == gap, "and counts as no gap", "gap=%" PRIu64 " after %" PRIu64, c->stat.gap,
                 gap);
}

static void number_old(conform *c)
{
    char line[FL_FRAME_ROOM], body[60];
    conform_standby(c);
    if (!conform_goes(c)) return;
    some_set(c, body);
    conform_say(c, body);
    conform_want(c, FL_SAY_SHDW, "SHDW");
    const size_t size = c->sent_size;
    memcpy(line, c->sent, size);
    const uint32_t number = c->number;
    conform_get(c);
    for (int i = 0; i < 5; i++)
        conform_write(c, line, size); /* five: were it counted, the session would end */
    conform_listen(c, c->session, number, SILENT_MS);
    conform_want_silence(c, "an old number is dropped in silence");
    still_standby(c);
}

static void number_same(conform *c)
{
    char line[FL_FRAME_ROOM], first[FL_FRAME_ROOM], body[60];
    conform_standby(c);
    if (!conform_goes(c)) return;
    some_set(c, body);
    conform_say(c, body);
    conform_want(c, FL_SAY_SHDW, "SHDW");
    const size_t size = c->sent_size;
    memcpy(line, c->sent, size);
    memcpy(first, c->heard, sizeof first);
    conform_write(c, line, size);
    conform_listen(c, c->session, c->number, ANSWER_MS);
    conform_want_answer(c, "the stored answer");
    conform_must(c, strcmp(first, c->heard) == 0, "the stored answer, byte for byte", "%s", c->heard);
    if (conform_goes(c)) c->epoch = (uint32_t)c->answer.value[FL_KEY_ep];
    still_standby(c);
}

static void session_old(conform *c)
{
    char body[60];
    conform_standby(c);
    const uint32_t before = c->session;
    conform_standby(c);
    some_set(c, body);
    for (int i = 0; i < 2; i++) conform_say_as(c, before, c->number + 1, NULL, body, SILENT_MS / 2);
    conform_want_silence(c, "a frame of the session before is nobody's");
    still_standby(c);
}

static void session_none(conform *c)
{
    conform_standby(c);
    conform_say_as(c, 0, c->number + 1, NULL, "POLL sh=0", SILENT_MS);
    conform_want_silence(c, "in session 0 only HELLO is understood");
    still_standby(c);
}

static void bang(conform *c)
{
    conform_standby(c);
    conform_write(c, "!\n", 2);
    conform_listen(c, c->session, c->number + 1, SILENT_MS);
    conform_want_silence(c, "`!` has no answer");
    conform_session_over(c, "no answer: `!` ends the session");
    conform_standby(c);
}

// clang-format off
const fl_conform_check conform_frames[] = {
    {"frame.wrong-check", "3", "a frame with a wrong check, or made for another identity, is dropped in silence", FL_CONFORM_DARK, 0, 0, true, frame_wrong_check},
    {"frame.251-bytes", "3", "250 bytes are read, 251 are dropped in silence", FL_CONFORM_DARK, 0, 0, true, frame_251},
    {"frame.byte-80", "3", "a line with a byte 80 is dropped in silence", FL_CONFORM_DARK, 0, 0, true, frame_byte_80},
    {"frame.two-stars", "3", "a line with two `*` is dropped in silence", FL_CONFORM_DARK, 0, 0, true, frame_two_stars},
    {"frame.lower-case", "3", "number and check in lower-case hexadecimal are dropped in silence", FL_CONFORM_DARK, 0, 0, true, frame_lower_case},
    {"frame.four-bad", "3", "three bad frames within a second are borne, the fourth ends the session", FL_CONFORM_DARK, 0, 0, true, frame_four_bad},
    {"frame.each-counts", "3", "251 bytes, byte 80, two `*` and a wrong check each count as a bad frame", FL_CONFORM_DARK, 0, 0, true, frame_each_counts},
    {"number.gap", "2", "five lost numbers are counted in gap; eight above the last is taken", FL_CONFORM_DARK, 0, 0, false, number_gap},
    {"number.nine-ahead", "2", "nine above the last is dropped", FL_CONFORM_DARK, 0, 0, false, number_nine_ahead},
    {"number.old", "3", "an old number is dropped, does nothing, and is not counted as damage", FL_CONFORM_DARK, 0, 0, false, number_old},
    {"number.same", "6.7", "the same frame again gets the stored answer and does nothing", FL_CONFORM_DARK, 0, 0, false, number_same},
    {"session.old", "2", "a frame of the session before is nobody's", FL_CONFORM_DARK, 0, 0, false, session_old},
    {"session.none", "2", "in session 0 only HELLO is understood", FL_CONFORM_DARK, 0, 0, false, session_none},
    {"bang", "3", "`!` ends the session without an answer", FL_CONFORM_DARK, 0, 0, false, bang},
    {NULL, NULL, NULL, FL_CONFORM_DARK, 0, 0, false, NULL},
};
// clang-format on
