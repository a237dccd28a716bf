/* labels: unit link fault   timeout: 120 */
/* The laser object, led by the dialect files, against virtual lasers that were written from the pages: well,
 * with every fault, and stopped. A disagreement is a misreading on one of the two sides. */
#include "check.h"

#include "fadeline/link/laser.h"
#include "helper_wire.h"
#include "speak_line.h"

typedef struct kind {
    const char *dialect;
    const speaker *who;
    const char *holds;       /* what a device file would say of its identity; NULL: the dialect does */
    bool real_line, watched; /* real_line: no word says who it is, so it is let in nowhere else */
    const char *by_hand[3];  /* what a person does before it can be good */
    const char *quantity;
    double value;
    const char *fault_bit;
    const char *asked, *stopped; /* the answer once the stop words were said */
} kind;

/* clang-format off */
static const kind kinds[] = {
    { "microjewel", &speak_microjewel, NULL, false, false, { NULL }, "rate_Hz", 7, "bit=6", ";LA:EN?\r", "0\r\n" },
    { "quantel-cfr", &speak_cfr, NULL, false, false, { ">R1\r\n", ">E\r\n" }, "rate_Hz", 7, "bit=0", ">WOR\r\n", "\r\nI 0 F 4 S 0 Q 4" },
    { "quantel-ultra", &speak_ultra, NULL, false, false, { ">R1\r\n", ">E\r\n" }, "rate_Hz", 7, "bit=0", ">ST\r\n", "\r\nstandby        " },
    { "quanta-ray", &speak_quanta_ray, "Quanta-Ray", false, false, { "ON\r", "LAMP EXT\r" }, "oscillator_percent", 62, "bit=20",
      "*STB?\r", "12582912\n" },
    { "spi-g4", &speak_spi_g4, "SIM-G4", false, false, { "SS 9\r\n", "SS 0\r\n", "SS 1\r\n" }, "rate_Hz", 20000, "bit=4", "GS\r\n",
      "0, 0, 0, 0, 0, 1\r\n" },
    { "q-smart", &speak_q_smart, "SIM0", false, false, { "RUN\n" }, NULL, 0, "bit=0", "STATE\n", "STATE = 2\n0\n" },
    { "pilas", &speak_pilas, "PiLas", false, true, { "ld=1\n" }, NULL, 0, "bit=1", NULL, NULL },
    { "surelite", &speak_surelite, NULL, true, true, { NULL }, NULL, 0, "bit=2", NULL, NULL },
    { "insight", &speak_insight, NULL, true, true, { NULL }, NULL, 0, "bit=15", NULL, NULL },
};
/* clang-format on */
#define KINDS (sizeof kinds / sizeof *kinds)

typedef struct bench {
    const kind *k;
    wire w;
    fl_dialect *dialect;
    fl_laser laser;
} bench;

static bench b; /* too large for a stack */

static void begin(const kind *k, const char *fault, bool simulated)
{
    fl_error error = {0};
    memset(&b, 0, sizeof b);
    b.k = k;
    wire_open(&b.w, k->who, &(speak_options){.faults = &fault, .fault_count = fault ? 1 : 0}, simulated);
    if (fl_dialect_load(k->dialect, &b.dialect, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    fl_laser_init(&b.laser, &b.w.carrier, b.dialect, &b.w.clock);
    if (k->holds) fl_laser_expect(&b.laser, k->holds);
}

static void end(void)
{
    wire_close(&b.w);
    fl_dialect_free(b.dialect);
}

static void run(int ms)
{
    for (int i = 0; i < ms; i++) {
        wire_ms(&b.w);
        if (i % 2 == 0) fl_laser_tick(&b.laser);
    }
}

static bool is_good(void)
{
    if (!b.k->watched) return b.laser.status.good;
    bool good = b.laser.status.link;
    for (size_t i = 0; i < b.laser.readings_count; i++) good = good && b.laser.readings[i].judged.good;
    return good && b.laser.status.phase == FL_LASER_WATCHED;
}

/* From now on, until the next one. */
static void strike(const char *fault)
{
    fl_error error = {0};
    static speak_line with;
    speak_line *line = b.w.self;
    if (speak_line_init(&with, SPEAK_LASER, &(speak_options){.faults = &fault, .fault_count = fault ? 1 : 0},
                        &error) != FL_OK)
        abort();
    memcpy(line->faults, with.faults, sizeof with.faults);
    line->fault_count = with.fault_count;
}

static void by_hand(const char *sent)
{
    char got[400];
    wire_ask(&b.w, sent, got, sizeof got);
}

/* As a person does it: what it answers meanwhile is not for the driver, so the driver's own words are let out
 * first. */
static void up(const kind *k)
{
    begin(k, NULL, !k->real_line);
    for (int ms = 0; ms < 5000 && k->real_line == 0 && b.laser.status.phase < FL_LASER_UP; ms++) run(1);
    run(5500);
    for (int i = 0; i < 3 && k->by_hand[i]; i++) {
        for (int ms = 0; ms < 2000 && !fl_talk_is_free(&b.laser.talk); ms++) run(1);
        by_hand(k->by_hand[i]);
    }
    run(10000);
    CHECK(is_good(), "%s: %s: %s", k->dialect, fl_laser_phase_text(b.laser.status.phase), b.laser.status.why);
}

/* ---- */

static void it_comes_up_and_is_good(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        const kind *k = &kinds[i];
        up(k);
        CHECK(b.laser.status.phase == (k->watched ? FL_LASER_WATCHED : FL_LASER_UP), "%s: %s", k->dialect,
              fl_laser_phase_text(b.laser.status.phase));
        CHECK(k->real_line || strstr(b.laser.status.identity, "SIM"), "%s says '%s'", k->dialect,
              b.laser.status.identity);
        if (k->dialect && b.dialect->laser.counter)
            CHECK(b.laser.status.has_counter && b.laser.status.counter == 41207, "%s counts %llu", k->dialect,
                  (unsigned long long)b.laser.status.counter);
        CHECK(b.laser.talk.counters.garbage == 0 && b.laser.talk.counters.silent == 0 &&
                  b.laser.talk.counters.refused == 0,
              "%s: %llu garbage, %llu silent, %llu refused", k->dialect,
              (unsigned long long)b.laser.talk.counters.garbage,
              (unsigned long long)b.laser.talk.counters.silent,
              (unsigned long long)b.laser.talk.counters.refused);
        for (int s = 0; s < 120; s++) {
            run(500);
            CHECK(is_good(), "%s after %d ms: %s", k->dialect, s * 500, b.laser.status.why);
        }
        end();
    }
}

/* Every setting of its dialect, at both ends of what the file allows. */
static void every_setting_is_read_back(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].watched) continue;
        up(&kinds[i]);
        for (size_t s = 0; s < b.laser.settings_count; s++) {
            const fl_dialect_setting *what = b.laser.settings[s].what;
            const fl_word *word = fl_dialect_word(b.dialect, what->set);
            const double values[] = {word->least, word->most};
            for (int v = 0; v < 2; v++) {
                CHECK(fl_laser_set(&b.laser, what->quantity, values[v], NULL) == FL_OK, "%s: %s",
                      kinds[i].dialect, what->quantity);
                run(4000);
                CHECK(b.laser.settings[s].state == FL_LASER_VERIFIED && is_good(), "%s: %s = %g: %s",
                      kinds[i].dialect, what->quantity, values[v], b.laser.status.why);
            }
        }
        end();
    }
}

static void lies_about_a_setting_are_seen(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        const kind *k = &kinds[i];
        if (!k->quantity) continue;
        up(k);
        strike("lie");
        CHECK(fl_laser_set(&b.laser, k->quantity, k->value, NULL) == FL_OK, "%s: not taken", k->dialect);
        run(4000);
        CHECK(!is_good() && b.laser.status.phase == FL_LASER_UP && strstr(b.laser.status.why, k->quantity),
              "%s: %s", k->dialect, b.laser.status.why);
        strike(NULL);
        CHECK(fl_laser_set(&b.laser, k->quantity, k->value, NULL) == FL_OK, "%s: not taken", k->dialect);
        run(4000);
        CHECK(is_good(), "%s, honest again: %s", k->dialect, b.laser.status.why);
        end();
    }
}

/* While it lasts it is not good; afterwards it is again, unless the fault is for good. */
static void faults_are_never_good(void)
{
    static const struct {
        const char *fault;
        bool for_good;
    } rows[] = {{"stall", false},     {"garbage", false}, {"echo", false}, {"slow=6000", false},
                {"slow=2400", false}, {"bit", false},     {"open", true},  {"die", true}};
    for (size_t i = 0; i < KINDS; i++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            const kind *k = &kinds[i];
            const char *fault = strcmp(rows[r].fault, "bit") == 0 ? k->fault_bit : rows[r].fault;
            if (k->who == &speak_pilas && strcmp(fault, "open") == 0) continue; /* it has no interlock */
            up(k);
            strike(fault);
            run(8000);
            for (int ms = 0; ms < 8000; ms += 10) {
                run(10);
                if (!is_good()) continue;
                CHECK(false, "%s, %s: good", k->dialect, fault);
                break;
            }
            CHECK(b.laser.status.phase != FL_LASER_REJECTED && b.laser.status.phase != FL_LASER_GONE,
                  "%s, %s: %s", k->dialect, fault, fl_laser_phase_text(b.laser.status.phase));
            CHECK(!b.laser.status.has_counter || b.laser.status.counter == 41207, "%s, %s: counts %llu",
                  k->dialect, fault, (unsigned long long)b.laser.status.counter);
            strike(NULL);
            const bool ended =
                k->who == &speak_pilas || k->who == &speak_q_smart; /* by the fault; by hand again */
            run(16000);
            if (!rows[r].for_good && !ended)
                CHECK(is_good(), "%s after %s: %s", k->dialect, fault, b.laser.status.why);
            end();
        }
}

/* One answer three seconds late, and the others behind it: nothing slips, at any word of a round. */
static void late_answers_do_not_slip(void)
{
    for (size_t i = 0; i < KINDS; i++)
        for (int at = 0; at < 12; at++) {
            up(&kinds[i]);
            char fault[40];
            const speak_line *line = b.w.self;
            snprintf(fault, sizeof fault, "late=%d@%llu", 700 + 350 * at,
                     (unsigned long long)line->cue + 1 + at);
            strike(fault);
            for (int ms = 0; ms < 20000; ms += 10) {
                run(10);
                CHECK(!b.laser.status.has_counter || b.laser.status.counter == 41207, "%s, %s: counts %llu",
                      kinds[i].dialect, fault, (unsigned long long)b.laser.status.counter);
            }
            CHECK(kinds[i].who == &speak_q_smart || is_good(), "%s, %s: %s", kinds[i].dialect, fault,
                  b.laser.status.why);
            end();
        }
}

static void a_counter_that_falls_is_bad_for_good(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].watched || !kinds[i].holds) continue;
        up(&kinds[i]);
        if (b.dialect->laser.counter) {
            char fault[40];
            snprintf(fault, sizeof fault, "jump=-7@%llu",
                     (unsigned long long)((speak_line *)b.w.self)->cue + 2);
            strike(fault);
            run(6000);
            CHECK(b.laser.status.counter == 41200 && !is_good() && strstr(b.laser.status.why, "went back"),
                  "%s: %s", kinds[i].dialect, b.laser.status.why);
        }
        end();
    }
}

static void another_device_is_rejected(void)
{
    static const char *const faults[] = {"stranger", "real"};
    for (size_t i = 0; i < KINDS; i++)
        for (size_t f = 0; f < 2 && !kinds[i].real_line; f++) {
            begin(&kinds[i], faults[f], true);
            run(8000);
            CHECK(b.laser.status.phase == FL_LASER_REJECTED && !is_good(), "%s, %s: %s", kinds[i].dialect,
                  faults[f], fl_laser_phase_text(b.laser.status.phase));
            CHECK(b.laser.talk.counters.said <= 2, "%s, %s: told %llu words", kinds[i].dialect, faults[f],
                  (unsigned long long)b.laser.talk.counters.said);
            end();
        }
    /* Exchanged while it was silent: the identity is asked before anything is believed. */
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].real_line) continue;
        up(&kinds[i]);
        strike("stall");
        run(3000);
        strike("stranger");
        for (int ms = 0; ms < 8000; ms += 10) {
            run(10);
            CHECK(!is_good(), "%s: exchanged, and good", kinds[i].dialect);
        }
        end();
    }
}

/* A protocol without identity: nothing on a line where simulated things are let in; only watched on a real
 * one. */
static void without_identity_nothing_simulated_is_believed(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (!kinds[i].real_line) continue;
        begin(&kinds[i], NULL, true);
        run(5000);
        CHECK(b.laser.status.phase == FL_LASER_REJECTED && b.laser.talk.counters.said == 0, "%s: %s",
              kinds[i].dialect, fl_laser_phase_text(b.laser.status.phase));
        end();
    }
}

static void yanked_is_gone(void)
{
    for (size_t i = 0; i < KINDS; i++) {
        up(&kinds[i]);
        strike("yank");
        run(10);
        CHECK(b.laser.status.phase == FL_LASER_GONE && !is_good() && b.laser.status.light, "%s: %s",
              kinds[i].dialect, fl_laser_phase_text(b.laser.status.phase));
        end();
    }
}

/* Told to stop in the middle, whatever is out: the laser's own answer says that it did, also one that lies.
 */
static void stop_words_stop_it(void)
{
    for (size_t i = 0; i < KINDS; i++)
        for (int lies = 0; lies < 2; lies++) {
            const kind *k = &kinds[i];
            char got[400];
            if (!k->asked) continue;
            up(k);
            run(37);
            if (lies) strike("lie");
            fl_laser_stop(&b.laser, "somebody pressed it");
            run(3000);
            for (int ms = 0; ms < 2000 && !fl_talk_is_free(&b.laser.talk); ms++) run(1);
            CHECK(b.laser.status.phase == FL_LASER_STOPPED && !is_good(), "%s: %s", k->dialect,
                  fl_laser_phase_text(b.laser.status.phase));
            CHECK_TEXT(wire_ask(&b.w, k->asked, got, sizeof got), k->stopped, k->dialect);
            end();
        }
}

/* The driver dies, and the laser's own watchdog, which the driver set, turns it off. */
static void the_watchdog_that_was_set_turns_it_off(void)
{
    char got[100];
    up(&kinds[3]);
    by_hand("*STB?\r"); /* a word: it begins anew */
    for (int ms = 0; ms < 1900; ms++) wire_ms(&b.w);
    CHECK(strtoul(wire_ask(&b.w, "*STB?\r", got, sizeof got), NULL, 10) & 1u << 8, "off too early: %s", got);
    for (int ms = 0; ms < 2010; ms++) wire_ms(&b.w);
    CHECK(!(strtoul(wire_ask(&b.w, "*STB?\r", got, sizeof got), NULL, 10) & 1u << 8), "still on: %s", got);
    end();
}

FL_TESTS("twin/laser_drivers", TEST(it_comes_up_and_is_good), TEST(every_setting_is_read_back),
         TEST(lies_about_a_setting_are_seen), TEST(faults_are_never_good), TEST(late_answers_do_not_slip),
         TEST(a_counter_that_falls_is_bad_for_good), TEST(another_device_is_rejected),
         TEST(without_identity_nothing_simulated_is_believed), TEST(yanked_is_gone), TEST(stop_words_stop_it),
         TEST(the_watchdog_that_was_set_turns_it_off))
