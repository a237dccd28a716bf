/* labels: unit fault */
#include "check.h"

#include "helper_line.h"

/* A laser under watch, on a scripted line: a small MicroJewel of this file's own, which can lie. */

typedef struct jewel {
    const char *identity;
    unsigned status, shots;
    double rate, width;
    bool keeps_rate;                   /* says ok to RR and keeps the old */
    const char *mute_word;             /* hears it and says nothing; begins so */
    unsigned mute_times;               /* so often; */
    const char *odd_word, *odd_answer; /* answers this to that */
    int delay_ms;
    const char
        *slow_word; /* thinks about it for slow_ms, once; what is asked meanwhile is answered behind it */
    int slow_ms;
    int64_t busy_until_us;
} jewel;

static void queue_answer(line *l, jewel *j, const char *answer)
{
    int64_t at_us = l->now_us + j->delay_ms * INT64_C(1000);
    if (at_us < j->busy_until_us + j->delay_ms * 1000) at_us = j->busy_until_us + j->delay_ms * 1000;
    j->busy_until_us = at_us;
    line_answer(l, (int)((at_us - l->now_us) / 1000), answer);
}

static void say_back(line *l, jewel *j, const char *format, double value)
{
    char room[120];
    snprintf(room, sizeof room, "%.*f\r\n", format[0] - '0', value);
    queue_answer(l, j, room);
}

static void jewel_hear(line *l, const char *word, void *self)
{
    jewel *j = self;
    char room[160];
    if (strncmp(word, ";LA:", 4) != 0) return line_answer(l, 1, "?1\r\n");
    word += 4;
    if (j->mute_word && j->mute_times && strncmp(word, j->mute_word, strlen(j->mute_word)) == 0)
        return (void)j->mute_times--;
    if (j->odd_word && strncmp(word, j->odd_word, strlen(j->odd_word)) == 0)
        return queue_answer(l, j, j->odd_answer);
    if (j->slow_word && strncmp(word, j->slow_word, strlen(j->slow_word)) == 0) {
        j->busy_until_us = l->now_us + j->slow_ms * INT64_C(1000);
        j->slow_word = NULL;
    }
    if (strcmp(word, "ID?") == 0)
        snprintf(room, sizeof room, "%s\r\n", j->identity);
    else if (strcmp(word, "SS?") == 0)
        snprintf(room, sizeof room, "%u\r\n", j->status);
    else if (strcmp(word, "SC?") == 0)
        snprintf(room, sizeof room, "%u\r\n", j->shots);
    else if (strcmp(word, "RR?") == 0)
        return say_back(l, j, "3", j->rate);
    else if (strcmp(word, "DW?") == 0)
        return say_back(l, j, "8", j->width);
    else if (strncmp(word, "RR ", 3) == 0) {
        if (!j->keeps_rate) j->rate = strtod(word + 3, NULL);
        snprintf(room, sizeof room, "ok\r\n");
    } else if (strncmp(word, "DW ", 3) == 0) {
        j->width = strtod(word + 3, NULL);
        snprintf(room, sizeof room, "ok\r\n");
    } else
        snprintf(room, sizeof room, "ok\r\n");
    queue_answer(l, j, room);
}

typedef struct bench {
    line l;
    jewel j;
    fl_laser laser;
    fl_dialect *dialect;
} bench;

static bench b; /* too large for a stack */

static void begin_as(const char *identity, bool simulated)
{
    fl_dialect_free(b.dialect);
    memset(&b, 0, sizeof b);
    fl_error error = {0};
    if (fl_dialect_load("microjewel", &b.dialect, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    line_init(&b.l, simulated);
    b.l.hear = jewel_hear;
    b.l.self = &b.j;
    b.j = (jewel){.identity = identity,
                  .status = 1024 | 8,
                  .shots = 41207,
                  .rate = 10,
                  .width = 0.00012,
                  .delay_ms = 4};
    fl_laser_init(&b.laser, &b.l.carrier, b.dialect, &b.l.clock);
}

static void begin(void)
{
    begin_as("QC,SIM-MicroJewel,00042,1.0.9", true);
}

static void run(int ms)
{
    line_run_laser(&b.l, &b.laser, 2, ms);
}

static void up(void)
{
    begin();
    run(1500);
    CHECK(b.laser.status.phase == FL_LASER_UP && b.laser.status.good, "not up: %s, %s",
          fl_laser_phase_text(b.laser.status.phase), b.laser.status.why);
}

/* Stopped, told to stop, both words once, and nothing but asks since. */
static void check_stopped(const char *what)
{
    CHECK(b.laser.status.phase == FL_LASER_STOPPED && !b.laser.status.good, "%s: %s", what,
          fl_laser_phase_text(b.laser.status.phase));
    CHECK(strncmp(b.laser.status.why, "stopped: ", 9) == 0, "%s: %s", what, b.laser.status.why);
    CHECK(line_count(&b.l, ";LA:FL 0\r;LA:EN 0\r") == 1, "%s: the stop words are not on the wire", what);
    const char *after = strstr(b.l.said, ";LA:EN 0\r");
    after = after ? after + 9 : "";
    CHECK(!strchr(after, ' '), "%s: told something after the stop: %.200s", what, after);
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_E_REFUSED, "%s: set when stopped", what);
}

static void it_comes_up_and_is_good(void)
{
    up();
    CHECK_TEXT(b.laser.status.identity, "QC,SIM-MicroJewel,00042,1.0.9", "identity");
    CHECK(b.laser.status.has_counter && b.laser.status.counter == 41207, "counter");
    CHECK(b.laser.status.link && !b.laser.status.light, "link and dark");
    CHECK(line_count(&b.l, "DT 1\r") == 1 && line_count(&b.l, "EM 0\r") == 1, "the opening is said once");
    CHECK(line_count(&b.l, "FL 1") + line_count(&b.l, "EN 1") == 0, "it has no word for light");
    const size_t before = line_count(&b.l, "SS?");
    run(2500);
    const size_t asked = line_count(&b.l, "SS?") - before;
    CHECK(asked >= 9 && asked <= 11, "%zu rounds in 2.5 s", asked);
}

static void another_device_is_told_nothing(void)
{
    static const struct {
        const char *what, *identity;
        bool simulated;
    } rows[] = {
        {"another laser", "QC,SIM-Jewel,00042,1.0.9", true},
        {"simulated where a real one belongs", "QC,SIM-MicroJewel,00042,1.0.9", false},
        {"real where only a simulated one belongs", "QC,MicroJewel,08130,1.0.9", true},
        {"no text", "\x01\x02", true},
        {"a refusal", "?1", true},
        {"nothing", "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin_as(rows[i].identity, rows[i].simulated);
        run(3000);
        CHECK(b.laser.status.phase == FL_LASER_REJECTED && !b.laser.status.good && b.laser.status.why[0],
              "%s: %s", rows[i].what, fl_laser_phase_text(b.laser.status.phase));
        CHECK_TEXT(line_said(&b.l), ";LA:ID?\r", rows[i].what);
        fl_laser_stop(&b.laser, "somebody pressed it");
        fl_laser_leave(&b.laser);
        CHECK_TEXT(line_said(&b.l), ";LA:ID?\r", rows[i].what);
        CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_E_REFUSED, "%s: set", rows[i].what);
    }
    begin_as("QC,MicroJewel,08130,1.0.9", false);
    run(1500);
    CHECK(b.laser.status.good, "a real one on a real line: %s", b.laser.status.why);
}

static void the_device_file_may_say_who(void)
{
    begin();
    fl_laser_expect(&b.laser, "MicroJewel,00043");
    run(1500);
    CHECK(b.laser.status.phase == FL_LASER_REJECTED, "another serial number is taken");
    begin();
    fl_laser_expect(&b.laser, "MicroJewel,00042");
    run(1500);
    CHECK(b.laser.status.good, "%s", b.laser.status.why);
    begin();
    fl_laser_expect(&b.laser, NULL); /* nobody says who it should be */
    run(1500);
    CHECK(b.laser.status.phase == FL_LASER_WATCHED && b.laser.status.link && !b.laser.status.good, "%s",
          fl_laser_phase_text(b.laser.status.phase));
    CHECK(!strchr(b.l.said, ' '), "a watched laser was told something");
}

/* Every word of the opening: refused, garbled, silent. */
static void an_opening_that_is_not_done_stops(void)
{
    static const char *const words[] = {"DT 1", "EM 0"};
    static const char *const answers[] = {"?8\r\n", "OK\r\n", "o\r\n", "ok\r\nok\r\n", "\x80\x01\r\n", NULL};
    for (size_t w = 0; w < 2; w++) {
        for (size_t a = 0; a < sizeof answers / sizeof *answers; a++) {
            char what[60];
            snprintf(what, sizeof what, "%s answered %zu", words[w], a);
            begin();
            if (answers[a])
                b.j.odd_word = words[w], b.j.odd_answer = answers[a];
            else
                b.j.mute_word = words[w], b.j.mute_times = 1;
            run(4000);
            check_stopped(what);
            CHECK(line_count(&b.l, words[w]) == 1, "%s: said twice", what);
        }
    }
}

static void a_setting_counts_when_it_was_read_back(void)
{
    up();
    fl_error error = {0};
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 51, &error) == FL_E_RANGE && error.what[0], "beyond the page");
    CHECK(fl_laser_set(&b.laser, "energy_mJ", 5, &error) == FL_E_NO, "no such setting");
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, &error) == FL_OK, "%s", error.what);
    fl_laser_tick(&b.laser);
    CHECK(!b.laser.status.good && strstr(b.laser.status.why, "rate_Hz"), "good before it was said");
    run(600);
    CHECK(b.laser.status.good && b.laser.settings[0].state == FL_LASER_VERIFIED, "%s", b.laser.status.why);
    CHECK(b.laser.settings[0].read == 5 && b.j.rate == 5, "read %g", b.laser.settings[0].read);
    CHECK(line_count(&b.l, "RR 5.000\r") == 1, "said once");
    const size_t read = line_count(&b.l, "RR?");
    run(2000);
    CHECK(line_count(&b.l, "RR?") >= read + 7, "it is read for ever");
}

static void a_laser_that_lies_about_a_setting_is_not_good(void)
{
    up();
    b.j.keeps_rate = true;
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
    run(1000);
    CHECK(!b.laser.status.good && b.laser.settings[0].state == FL_LASER_WRONG, "%s", b.laser.status.why);
    CHECK(b.laser.settings[0].read == 10 && strstr(b.laser.status.why, "not what was set"), "%s",
          b.laser.status.why);
    CHECK(b.laser.status.phase == FL_LASER_UP && line_count(&b.l, "RR 5") == 1, "said again");
}

static void a_refused_setting_is_wrong_and_says_why(void)
{
    up();
    b.j.odd_word = "RR ", b.j.odd_answer = "?5\r\n";
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
    run(2000);
    CHECK(!b.laser.status.good && strstr(b.laser.status.why, "value invalid"), "%s", b.laser.status.why);
    CHECK(b.laser.status.phase == FL_LASER_UP && b.laser.settings[0].read == 10,
          "what it has is read all the same");
    b.j.odd_word = NULL;
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 7, NULL) == FL_OK, "refused");
    run(2000);
    CHECK(b.laser.status.good, "set anew: %s", b.laser.status.why);
}

static void a_setting_that_is_not_answered_stops(void)
{
    static const char *const answers[] = {NULL, "ok?\r\n", "5.000\r\n"};
    for (size_t i = 0; i < 3; i++) {
        up();
        if (answers[i])
            b.j.odd_word = "RR ", b.j.odd_answer = answers[i];
        else
            b.j.mute_word = "RR ", b.j.mute_times = 1;
        CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
        run(3000);
        check_stopped(answers[i] ? answers[i] : "silence");
        CHECK(line_count(&b.l, "RR 5") == 1, "said twice");
    }
}

static void a_value_that_moved_stays_wrong(void)
{
    up();
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
    run(1000);
    CHECK(b.laser.status.good, "%s", b.laser.status.why);
    b.j.rate = 5.0005; /* within the tolerance of its last decimal */
    run(1000);
    CHECK(b.laser.status.good, "half a digit: %s", b.laser.status.why);
    b.j.rate = 5.01;
    run(1000);
    CHECK(!b.laser.status.good, "it moved and is good");
    b.j.rate = 5;
    run(1000);
    CHECK(!b.laser.status.good, "it came back and is trusted");
}

/* A second value while the first is on its way: the second is said, and is what counts. */
static void the_newest_wish_counts(void)
{
    for (int later = 0; later < 60; later += 2) {
        up();
        CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
        run(later);
        CHECK(fl_laser_set(&b.laser, "rate_Hz", 20, NULL) == FL_OK, "refused");
        run(1500);
        CHECK(b.laser.status.good && b.j.rate == 20, "later by %d: %g, %s", later, b.j.rate,
              b.laser.status.why);
        CHECK(line_count(&b.l, "RR 20") == 1, "later by %d: said %zu times", later,
              line_count(&b.l, "RR 20"));
    }
}

static void lost_read_backs_age(void)
{
    up();
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
    run(1000);
    b.j.mute_word = "RR?", b.j.mute_times = 1;
    for (int ms = 0; ms < 2000; ms += 10) {
        run(10);
        CHECK(b.laser.status.good, "one lost read-back: %s", b.laser.status.why);
    }
    b.j.mute_times = 1000;
    run(3000);
    /* one word that is never answered keeps it out of step, so it may as well be said of the whole laser */
    CHECK(!b.laser.status.good && b.laser.status.why[0], "never read, and good: '%s'", b.laser.status.why);
}

static void status_bits_decide(void)
{
    static const struct {
        const char *what;
        unsigned status;
        bool good, light;
        const char *why;
    } rows[] = {
        {"interlock", 8 | 64, false, false, "interlock open"},
        {"trigger internal", 1024, false, false, "trigger external"},
        {"an unknown bit", 8 | 4, false, true, "nobody knows"},
        {"bit 31", 8 | 1u << 31, false, true, "nobody knows"},
        {"firing", 8 | 3 | 3072, true, true, NULL},
        {"ready", 8 | 1 | 3072, true, false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        up();
        b.j.status = rows[i].status;
        run(600);
        CHECK(b.laser.status.good == rows[i].good && b.laser.status.light == rows[i].light,
              "%s: good %d light %d", rows[i].what, b.laser.status.good, b.laser.status.light);
        if (rows[i].why)
            CHECK(strstr(b.laser.status.why, rows[i].why), "%s: %s", rows[i].what, b.laser.status.why);
    }
}

static void an_answer_that_is_no_status_is_bad_at_once(void)
{
    static const char *const answers[] = {"0xC01\r\n", "3073.0\r\n", "ok\r\n",          "-1\r\n",
                                          "?9\r\n",    "\r\n",       "3081\r\n3081\r\n"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        up();
        b.j.odd_word = "SS?", b.j.odd_answer = answers[i];
        run(320);
        CHECK(!b.laser.status.good && b.laser.status.light && b.laser.status.why[0], "'%s' is good",
              answers[i]);
        b.j.odd_word = NULL;
        run(2000);
        CHECK(b.laser.status.good, "'%s': it never recovers: %s", answers[i], b.laser.status.why);
    }
}

static void one_lost_status_is_survived_and_two_are_not(void)
{
    up();
    b.j.mute_word = "SS?", b.j.mute_times = 1;
    for (int ms = 0; ms < 3000; ms += 10) {
        run(10);
        CHECK(b.laser.status.good, "%d ms after one lost status: %s", ms, b.laser.status.why);
    }
    up();
    b.j.mute_word = "SS?", b.j.mute_times = 2;
    bool lost = false;
    for (int ms = 0; ms < 3000; ms += 10) {
        run(10);
        lost = lost || (!b.laser.status.good && !b.laser.status.link);
    }
    CHECK(lost, "two lost statuses went unnoticed");
    CHECK(b.laser.status.good, "it comes back: %s", b.laser.status.why);
}

/* The device is slow by more than two patiences, for ever: every answer is an older word's. The identity is
 * asked after each silence, and no other word before it fits. */
static void a_slow_device_is_never_out_of_step(void)
{
    for (int delay = 280; delay < 1500; delay += 7) {
        up();
        b.j.status = 1032, b.j.shots = 1032; /* a counter that would read as a good status */
        run(600);
        b.j.status = 64; /* the interlock opens, and then the device gets slow */
        b.j.delay_ms = delay;
        bool good = false;
        run(700);
        for (int ms = 0; ms < 12000; ms += 20) {
            run(20);
            good = good || b.laser.status.good;
        }
        CHECK(!good, "slow by %d ms: the counter was taken for the status", delay);
    }
}

/* One answer comes later than two patiences, and the rest behind it in order: a counter that reads like a
 * good status must not be one, however late it is. */
static void no_answer_slips_by_one(void)
{
    for (int late = 280; late < 2500; late += 7) {
        up();
        b.j.shots = 1032;
        b.laser.counter_fell = false;
        b.laser.status.counter = 0;
        run(600);
        CHECK(b.laser.status.good, "late by %d: %s", late, b.laser.status.why);
        b.j.slow_word = "SC?", b.j.slow_ms = late;
        while (b.j.slow_word) run(2);
        b.j.status = 64 | 8; /* the interlock opens while the counter is thought about */
        const int64_t opened_us = b.l.now_us;
        bool believed = false;
        for (int ms = 0; ms < 6000; ms += 10) {
            run(10);
            believed =
                believed || (b.laser.readings[0].asked.us > opened_us && b.laser.readings[0].judged.good);
        }
        CHECK(!believed, "late by %d: the counter was taken for the status", late);
        CHECK(strstr(b.laser.status.why, "interlock"), "late by %d: it never recovers: %s", late,
              b.laser.status.why);
    }
}

static void a_counter_that_falls_is_bad(void)
{
    up();
    b.j.shots = 50000;
    run(600);
    CHECK(b.laser.status.good && b.laser.status.counter == 50000, "%s", b.laser.status.why);
    b.j.shots = 49999;
    run(600);
    b.j.shots = 50001;
    run(600);
    CHECK(!b.laser.status.good && strstr(b.laser.status.why, "counter"), "%s", b.laser.status.why);
}

static void stop_goes_over_whatever_is_out(void)
{
    for (int ms = 0; ms < 300; ms += 3) {
        up();
        b.j.delay_ms = 40;
        if (ms % 2) CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_OK, "refused");
        run(ms);
        fl_laser_stop(&b.laser, "somebody pressed it");
        fl_laser_tick(&b.laser);
        CHECK(line_count(&b.l, "FL 0") == 1, "%d ms: the first stop word waits", ms);
        run(2500);
        check_stopped("pressed");
        CHECK(b.laser.status.link, "%d ms: it is not watched any more", ms);
    }
}

static void a_stop_in_the_greeting_stands(void)
{
    begin();
    fl_laser_stop(&b.laser, "somebody pressed it");
    run(2000);
    CHECK(b.laser.status.phase == FL_LASER_STOPPED && !strchr(b.l.said, ' '), "it was opened after a stop");
}

static void leaving_stops_it(void)
{
    up();
    fl_laser_leave(&b.laser);
    CHECK(line_count(&b.l, ";LA:FL 0\r;LA:EN 0\r") == 1, "left without the stop words");
    run(100);
    CHECK(line_count(&b.l, "FL 0") == 1 && !b.laser.status.good, "told twice");
}

static void a_lost_line_is_gone(void)
{
    for (unsigned n = 1; n < 60; n++) {
        begin();
        b.l.lost_at = n;
        run(3000);
        CHECK(b.laser.status.phase == FL_LASER_GONE && !b.laser.status.good && b.laser.status.light,
              "call %u", n);
        CHECK(b.laser.settings[0].state == FL_LASER_UNSET, "call %u: a setting is believed", n);
        fl_laser_stop(&b.laser, "too late");
        fl_laser_tick(&b.laser);
        fl_laser_leave(&b.laser);
        CHECK(b.laser.status.phase == FL_LASER_GONE, "call %u", n);
        CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, NULL) == FL_E_REFUSED, "call %u", n);
    }
}

static void a_dialect_without_stop_is_told_nothing(void)
{
    begin();
    b.dialect->laser.stop_count = 0;
    CHECK(!fl_dialect_is_whole(b.dialect), "whole without a stop");
    fl_error error = {0};
    CHECK(fl_laser_set(&b.laser, "rate_Hz", 5, &error) == FL_E_REFUSED && strstr(error.what, "watched"), "%s",
          error.what);
    run(2000);
    fl_laser_stop(&b.laser, "pressed");
    fl_laser_leave(&b.laser);
    CHECK(!strchr(b.l.said, ' ') && line_count(&b.l, "SS?") > 3, "it was told: %.100s", b.l.said);
}

static void without_an_identity_nobody_is_simulated(void)
{
    begin();
    b.dialect->laser.identity = NULL;
    run(1000);
    CHECK(b.laser.status.phase == FL_LASER_REJECTED && !b.l.said_size, "watched on a pseudo-terminal");
    begin_as("x", false);
    b.dialect->laser.identity = NULL;
    run(1000);
    CHECK(b.laser.status.phase == FL_LASER_WATCHED && b.laser.status.link && !b.laser.status.good,
          "not watched");
}

/* The watchdog is said first, and read back where there is a query. */
static void a_watchdog_is_set_first(void)
{
    for (int lies = 0; lies < 2; lies++) {
        begin();
        b.dialect->laser.watchdog = "rate-set"; /* any number with a query will do */
        b.dialect->laser.watchdog_s = 2;
        b.j.keeps_rate = lies;
        run(2500);
        const char *dog = strstr(b.l.said, "RR 2.000\r"), *read = strstr(b.l.said, "RR?\r"),
                   *open = strstr(b.l.said, "DT 1");
        CHECK(dog && read && dog < read && (lies || (open && read < open)), "order: %.100s", b.l.said);
        if (lies)
            check_stopped("a watchdog that is not what was set");
        else
            CHECK(b.laser.status.good, "%s", b.laser.status.why);
    }
}

FL_TESTS("link/laser", TEST(it_comes_up_and_is_good), TEST(another_device_is_told_nothing),
         TEST(the_device_file_may_say_who), TEST(an_opening_that_is_not_done_stops),
         TEST(a_setting_counts_when_it_was_read_back), TEST(a_laser_that_lies_about_a_setting_is_not_good),
         TEST(a_refused_setting_is_wrong_and_says_why), TEST(a_setting_that_is_not_answered_stops),
         TEST(a_value_that_moved_stays_wrong), TEST(the_newest_wish_counts), TEST(lost_read_backs_age),
         TEST(status_bits_decide), TEST(an_answer_that_is_no_status_is_bad_at_once),
         TEST(one_lost_status_is_survived_and_two_are_not), TEST(a_slow_device_is_never_out_of_step),
         TEST(no_answer_slips_by_one), TEST(a_counter_that_falls_is_bad),
         TEST(stop_goes_over_whatever_is_out), TEST(a_stop_in_the_greeting_stands), TEST(leaving_stops_it),
         TEST(a_lost_line_is_gone), TEST(a_dialect_without_stop_is_told_nothing),
         TEST(without_an_identity_nobody_is_simulated), TEST(a_watchdog_is_set_first))
