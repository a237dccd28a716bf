/* labels: unit fault */
#include "check.h"

#include "helper_line.h"

/* One word at a time on a scripted line with a clock of the test. The accident it exists for: an answer that
 * comes late is taken for the next word's. */

#define STEP 5

static fl_word words[] = {
    {.id = "a",
     .ask = "A?",
     .answer = "{}",
     .value = FL_VALUE_NUMBER,
     .read_scale = 1,
     .over_from = NAN,
     .lines = 1,
     .line = 1,
     .answer_ms = -1},
    {.id = "b",
     .ask = "B?",
     .answer = "{}",
     .value = FL_VALUE_NUMBER,
     .read_scale = 1,
     .over_from = NAN,
     .lines = 1,
     .line = 1,
     .answer_ms = -1},
    {.id = "go",
     .say = "GO {}",
     .send_scale = 1,
     .least = 0,
     .most = 999999999,
     .answer = "ok",
     .lines = 1,
     .line = 1,
     .answer_ms = -1,
     .wait_ms = 70},
    {.id = "mute", .say = "MUTE", .answer_ms = -1},
    {.id = "off", .say = "OFF", .answer = "ok", .lines = 1, .line = 1, .answer_ms = -1},
    {.id = "safe", .say = "SAFE", .answer = "ok", .lines = 1, .line = 1, .answer_ms = -1},
};
static fl_refusal refusals[] = {{"?8", FL_NO, "not now"}};
enum { A, B, GO, MUTE, OFF, SAFE };

static fl_dialect plain(void)
{
    return (fl_dialect){.id = "plain",
                        .line = {.send_end = FL_END_CR,
                                 .answer_end = FL_END_LF,
                                 .gap_ms = 10,
                                 .answer_ms = 100,
                                 .longest = 200,
                                 .echo = FL_NO},
                        .words = words,
                        .words_count = sizeof words / sizeof *words,
                        .refusals = refusals,
                        .refusals_count = 1};
}

static void rested(line *l, fl_talk *t, const fl_dialect *d)
{
    line_init(l, false);
    fl_talk_init(t, &l->carrier, d, &l->clock);
    CHECK(!fl_talk_is_free(t), "it trusts a line it has just met");
    for (int i = 0; i < 400 && !fl_talk_is_free(t); i++) {
        l->now_us += STEP * 1000;
        fl_talk_tick(t);
    }
    CHECK(fl_talk_is_free(t), "never free");
}

/* ms until it is free again. */
static int until_free(line *l, fl_talk *t)
{
    int ms = 0;
    for (; ms < 5000 && !fl_talk_is_free(t); ms += STEP) {
        l->now_us += STEP * 1000;
        fl_talk_tick(t);
    }
    return ms;
}

static void a_word_and_its_answer(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    const int64_t asked = l.now_us;
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    CHECK_TEXT(line_said(&l), "A?\r", "said");
    CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_E_BUSY, "two words at once");
    line_answer(&l, 30, "5.");
    line_answer(&l, 60, "25\r\n");
    CHECK(line_run(&l, &t, STEP, 200) == FL_TALK_ANSWERED && t.reading.number == 5.25, "%g",
          t.reading.number);
    CHECK(t.sent.us == asked, "aged from the answer");
    CHECK(!fl_talk_is_free(&t) && until_free(&l, &t) == 10, "the gap of the line was not kept");
    CHECK(fl_talk_begin(&t, &words[GO], 1e9, NULL) == FL_E_RANGE && fl_talk_is_free(&t),
          "out of range, and said");
    CHECK(fl_talk_begin(&t, &words[GO], 7, NULL) == FL_OK, "refused");
    line_answer(&l, 5, "ok\n");
    CHECK(line_run(&l, &t, STEP, 200) == FL_TALK_ANSWERED && t.reading.kind == FL_READ_DONE, "not done");
    CHECK(until_free(&l, &t) == 80, "gap and wait of the word");
    CHECK(l.said_size == strlen("A?\rGO 7\r") && t.counters.said == 2 && t.counters.answered == 2,
          "said twice");
}

/* However late the answer to A is, up to two patiences: never B's. The word asked after it gets its own. */
static void a_late_answer_is_never_the_next_words(void)
{
    const fl_dialect d = plain();
    for (int late = 0; late <= 195; late += 5) {
        line l;
        fl_talk t;
        rested(&l, &t, &d);
        CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
        line_answer(&l, late, "111\n");
        const fl_talk_event first = line_run(&l, &t, STEP, 150);
        CHECK(first == (late <= 100 ? FL_TALK_ANSWERED : FL_TALK_SILENT), "late by %d: event %d", late,
              first);
        until_free(&l, &t);
        CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_OK, "late by %d: refused", late);
        line_answer(&l, 20, "222\n");
        CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.number == 222,
              "late by %d: B is %g", late, t.reading.number);
        CHECK(late <= 100 || t.counters.stray == 4, "late by %d: %d stray bytes", late,
              (int)t.counters.stray);
    }
}

/* Half an answer in time and half of it late: the second half is nobody's. */
static void the_second_half_of_a_late_answer_is_thrown_away(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    line_answer(&l, 90, "11");
    line_answer(&l, 190, "1\n");
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_SILENT, "half an answer");
    CHECK(until_free(&l, &t) >= 180, "free before it was quiet");
    CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_OK, "refused");
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_SILENT, "an old half was taken for B's answer");
}

static void what_speaks_unasked_makes_the_line_rest(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    line_answer(&l, 0, "33\n"); /* arrives between the last tick and the word */
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_E_BUSY && !l.said_size, "said into somebody's answer");
    CHECK(until_free(&l, &t) == 100, "it did not rest");
    line_answer(&l, 0, "\r\n"); /* the rest of an end mark is nothing */
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "an end mark stopped it");
}

static void garbage_and_refusals_rest_too(void)
{
    const fl_dialect d = plain();
    static const struct {
        const char *answer;
        fl_reading_kind kind;
    } rows[] = {{"?8\r\n", FL_READ_REFUSED},
                {"\x81\x02\n", FL_READ_GARBAGE},
                {"5.0\n6.0\n", FL_READ_GARBAGE},
                {"A?\n", FL_READ_GARBAGE} /* its own echo */};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        line l;
        fl_talk t;
        rested(&l, &t, &d);
        CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
        line_answer(&l, 10, rows[i].answer);
        CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.kind == rows[i].kind,
              "'%s' is kind %d", rows[i].answer, t.reading.kind);
        CHECK(until_free(&l, &t) == 100, "'%s': it did not rest", rows[i].answer);
    }
}

static void a_flood_ends_every_tick_and_is_no_answer(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    l.flood = true;
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.kind == FL_READ_GARBAGE, "believed");
    for (int i = 0; i < 1000; i++) {
        l.now_us += STEP * 1000;
        CHECK(fl_talk_tick(&t) == FL_TALK_NOTHING && !fl_talk_is_free(&t), "free in a flood");
    }
    fl_talk_say_over(&t, &words[OFF]);
    CHECK(line_count(&l, "OFF\r") == 1, "a flood kept the stop word");
    l.flood = false;
    until_free(&l, &t);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "never free again");
}

static void a_word_without_an_answer_is_done_when_it_left(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[MUTE], 0, NULL) == FL_OK, "refused");
    CHECK(fl_talk_tick(&t) == FL_TALK_ANSWERED && t.reading.kind == FL_READ_DONE, "kind %d", t.reading.kind);
    CHECK(until_free(&l, &t) == 10, "no gap");
}

static void other_ends(void)
{
    fl_dialect d = plain();
    line l;
    fl_talk t;
    d.line.answer_end = FL_END_FIXED, d.line.answer_fixed = 6;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    line_answer(&l, 10, "\r\n  17");
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.number == 17, "fixed");

    d = plain();
    d.line.answer_end = FL_END_IDLE, d.line.answer_idle_ms = 30;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    line_answer(&l, 10, "4");
    line_answer(&l, 35, "2");
    const int64_t before = l.now_us;
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.number == 42, "idle: %g",
          t.reading.number);
    CHECK(l.now_us - before >= 65000, "cut by a pause of 25 ms");

    d = plain();
    d.line.echo = FL_YES, d.line.closing = "done";
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    line_answer(&l, 10, "A?\r\n42\r\n");
    line_answer(&l, 80, "done\r\n");
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.number == 42, "echo and closing line");
    until_free(&l, &t);
    CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_OK, "refused");
    line_answer(&l, 10, "A?\r\n42\r\ndone\r\n");
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_ANSWERED && t.reading.kind == FL_READ_GARBAGE,
          "another word's echo");
}

/* ---- a line that takes a part ---- */

static void a_full_line_gets_the_rest_later(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    l.room = 2;
    CHECK(fl_talk_begin(&t, &words[GO], 12345, NULL) == FL_OK, "refused");
    CHECK_TEXT(line_said(&l), "GO", "the first part");
    line_run(&l, &t, STEP, 50);
    CHECK_TEXT(line_said(&l), "GO 12345\r", "all of it, once");
}

/* Half a word has left and the line is stuck: it is ended by the dialect's mark, and the stop words follow.
 */
static void stop_words_leave_over_half_a_word(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    l.room = 4;
    CHECK(fl_talk_begin(&t, &words[GO], 12345, NULL) == FL_OK, "refused");
    l.room = SIZE_MAX;
    fl_talk_say_over(&t, &words[OFF]);
    CHECK_TEXT(line_said(&l), "GO 1\rOFF\r", "stop over half a word");

    rested(&l, &t, &d);
    l.room = 0;
    fl_talk_say_over(&t, &words[OFF]);
    CHECK(!l.said_size && !fl_talk_has_left(&t), "it left through a full line");
    l.room = 3;
    line_run(&l, &t, STEP, 20);
    CHECK_TEXT(line_said(&l), "OFF\r", "what the line did not take at once leaves later");

    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    fl_talk_say_over(&t, &words[OFF]);
    line_answer(&l, 10, "5\r\nok\r\n");
    CHECK(line_run(&l, &t, STEP, 50) == FL_TALK_NOTHING, "an answer to a word that was given up");
}

static void half_a_word_is_ended_before_the_next(void)
{
    const fl_dialect d = plain();
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    l.room = 1;
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    l.room = 0;
    CHECK(line_run(&l, &t, STEP, 150) == FL_TALK_SILENT, "half a word was answered");
    l.room = SIZE_MAX;
    until_free(&l, &t);
    CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_E_BUSY, "said into half a word");
    CHECK_TEXT(line_said(&l), "A\r", "the half is ended");
    until_free(&l, &t);
    CHECK(fl_talk_begin(&t, &words[B], 0, NULL) == FL_OK, "refused");
    CHECK_TEXT(line_said(&l), "A\rB?\r", "then the next");
}

static void leaving_says_every_stop_word(void)
{
    const fl_dialect d = plain();
    const char *ids[] = {"off", "safe"};
    line l;
    fl_talk t;
    rested(&l, &t, &d);
    CHECK(fl_talk_begin(&t, &words[A], 0, NULL) == FL_OK, "refused");
    fl_talk_leave(&t, ids, 2);
    CHECK_TEXT(line_said(&l), "A?\rOFF\rSAFE\r", "on the way out");
    rested(&l, &t, &d);
    l.room = 0; /* a line that takes nothing: it must end all the same */
    fl_talk_leave(&t, ids, 2);
    CHECK(!l.said_size, "written through a full line");
}

/* The line is lost at the first, second, third... call: GONE or FL_E_GONE once, and never anything else. */
static void gone_at_every_call(void)
{
    const fl_dialect d = plain();
    for (unsigned n = 1;; n++) {
        line l;
        fl_talk t;
        rested(&l, &t, &d);
        l.lost_at = n;
        bool gone = fl_talk_begin(&t, &words[A], 0, NULL) == FL_E_GONE;
        line_answer(&l, 10, "5\n");
        if (!gone) {
            const fl_talk_event event = line_run(&l, &t, STEP, 150);
            gone = event == FL_TALK_GONE;
            CHECK(gone || event == FL_TALK_ANSWERED, "call %u: event %d", n, event);
        }
        if (!gone) gone = line_run(&l, &t, STEP, 300) == FL_TALK_GONE;
        CHECK(gone == (l.calls >= n), "call %u: lost and not told", n);
        if (gone) CHECK(fl_talk_begin(&t, &words[A], 0, NULL) != FL_OK, "call %u: said to nobody", n);
        fl_talk_say_over(&t, &words[OFF]); /* must only not crash */
        if (n > 40) break;
    }
}

FL_TESTS("link/talk", TEST(a_word_and_its_answer), TEST(a_late_answer_is_never_the_next_words),
         TEST(the_second_half_of_a_late_answer_is_thrown_away), TEST(what_speaks_unasked_makes_the_line_rest),
         TEST(garbage_and_refusals_rest_too), TEST(a_flood_ends_every_tick_and_is_no_answer),
         TEST(a_word_without_an_answer_is_done_when_it_left), TEST(other_ends),
         TEST(a_full_line_gets_the_rest_later), TEST(stop_words_leave_over_half_a_word),
         TEST(half_a_word_is_ended_before_the_next), TEST(leaving_says_every_stop_word),
         TEST(gone_at_every_call))
