/* labels: fault   timeout: 420   needs: fadeline fadeline-control fadeline-twin   serial */
/* The real processes of a session with two links: fadeline-control between the twin of a gate and the twin of
 * a laser that runs by itself, each on a line of its own. What goes wrong on simulated time stands in
 * test_two_links.c. */
#include "check.h"

#include "helper_lane.h"

#include "fadeline/journal/journal.h"
#include "fadeline/journal/verify.h"

#include <signal.h>
#include <unistd.h>

static const char room[] = "every ready +0.45 foot down\n"
                           "every standby foot up\n"
                           "every safe foot up\n";

static char people[64];
static lane l;

static void clean_up(void)
{
    lane_people_gone(people);
}

/* A busy machine may make a line or a tick late, and the session stops for it, as it should: try again. */
static bool fires(const char *laser, const char *dialect)
{
    if (!people[0]) lane_people(people), atexit(clean_up);
    const lane_options options = {
        .people = people, .script = room, .laser = laser, .laser_dialect = dialect, .laser_faults = {"hand"}};
    for (int i = 0; i < 4; i++) {
        tap_seen seen = {0};
        if (!lane_open(&l, &options)) break;
        if (lane_ready(&l) && lane_listen(&l, 1800)) tap_look(&l.tap, &seen);
        if (seen.pulses >= 5 && strcmp(l.state, "FAULT") != 0) return true;
        fprintf(stderr, "  (%s: state %s after %llu pulses, heard %s, code %s: again)\n", laser, l.state,
                (unsigned long long)seen.pulses, l.events, l.code);
        lane_close(&l);
    }
    CHECK(false, "no session with two links fires on this machine: %s", l.fault);
    return false;
}

static bool heard(const char *word)
{
    static char words[262144];
    lane_laser_heard(&l, words, sizeof words);
    return strstr(words, word) != NULL;
}

static bool hears_within(const char *word, int ms)
{
    for (int i = 0; i < ms && !heard(word); i += 20) lane_listen(&l, 20);
    return heard(word);
}

/* How many records of a kind hold this text under this key; the books' counter of the gate. */
static int in_journal(const char *kind, const char *key, const char *text)
{
    char place[160];
    fl_error error = {0};
    fl_journal *journal = NULL;
    int count = 0;
    snprintf(place, sizeof place, "%.100s/journal-simulated", l.folder);
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "journal: %s", error.what);
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) != FL_OK || !fl_record_text_is(&record, "k", kind))
            continue;
        count += fl_record_text_is(&record, key, text);
    }
    fl_journal_close(journal);
    return count;
}

static void books_are_right(const char *what)
{
    static fl_verify_report report;
    char place[160];
    fl_error error = {0};
    fl_journal *journal = NULL;
    fl_counters books = {0};
    char why[200] = "";
    tap_seen seen;
    tap_look(&l.tap, &seen);
    snprintf(place, sizeof place, "%.100s/journal-simulated", l.folder);
    CHECK(fl_verify(place, NULL, &report, &error) == FL_OK, "%s: %s", what, report.what);
    CHECK(fl_journal_open(place, &(fl_journal_options){.mode = FL_JOURNAL_READ}, &journal, &error) == FL_OK,
          "%s", error.what);
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK &&
                  fl_counters_take(&books, &record, why, sizeof why) == FL_OK,
              "%s: %s", what, why);
    }
    const fl_counter_state *state = fl_counters_find(&books, "SIM-GATE-7");
    CHECK(state && state->ctr == l.tap.counter && !state->outstanding,
          "%s: the books of the gate say %llu, it counts %llu", what,
          state ? (unsigned long long)state->ctr : 0ull, (unsigned long long)l.tap.counter);
    fl_counters_fini(&books);
    fl_journal_close(journal);
}

/* ---- sessions ---- */

static void whole(const char *laser, const char *dialect, const char *identity, const char *last_stop)
{
    if (!fires(laser, dialect)) return;
    CHECK(lane_number(&l, "armed_allocations") == 0, "%s: %lld heap calls while armed", laser,
          (long long)lane_number(&l, "armed_allocations"));
    CHECK(lane_number(&l, "laser_good") == 1 && strstr(l.line, identity), "%s: in the status: %.900s", laser,
          l.line);
    CHECK(!heard(last_stop), "%s: not stopped yet", laser);
    CHECK(lane_order(&l, "\"do\":\"standby\""), "%s: standby", laser);
    lane_until(&l, "STANDBY", 3000);
    CHECK(hears_within(last_stop, 2000), "%s: stop words at STANDBY", laser);
    lane_listen(&l, 2500);
    CHECK(!lane_heard(&l, "laser-shots-more"), "%s: %.900s", laser, l.events);
    CHECK(lane_number(&l, "laser_ctr") > 41207, "%s: the gate's pulses moved its counter: %.900s", laser,
          l.line);
    lane_end(&l);
    CHECK(!l.fault[0], "%s: %s", laser, l.fault);
    CHECK(in_journal("session.open", "dev", "SIM-GATE-7") == 1 &&
              in_journal("session.open", "laser", identity) == 1,
          "%s: both identities", laser);
    CHECK(in_journal("note", "text", "laser-shots") >= 1, "%s: its counter is told beside the gate's", laser);
    books_are_right(laser);
    lane_close(&l);
}

/* hazards: H22 */
static void a_session_of_two_links(void)
{
    whole("microjewel", NULL, "QC,SIM-MicroJewel,00042,1.0.9", ";LA:EN 0" + 1);
    whole("cfr", "quantel-cfr", "s/number    SIM", ">R0");
}

/* ---- what happens to processes and cables while it fires ---- */

static void stays_dark(const char *what)
{
    tap_seen before, after;
    lane_listen(&l, 150); /* one grant may be under way */
    tap_look(&l.tap, &before);
    usleep(600000);
    tap_look(&l.tap, &after);
    CHECK(after.pulses == before.pulses, "%s: %llu pulses more", what,
          (unsigned long long)(after.pulses - before.pulses));
}

/* hazards: H19 */
static void a_pulled_laser_shuts_the_gate(void)
{
    if (!fires("microjewel", NULL)) return;
    lane_laser_pull(&l);
    stays_dark("laser pulled");
    CHECK(lane_left(&l, 8000) == 4, "the process leaves with 4");
    books_are_right("laser pulled");
    lane_close(&l);
}

/* hazards: H19 */
static void a_pulled_gate_stops_the_laser(void)
{
    if (!fires("microjewel", NULL)) return;
    kill(l.twin, SIGKILL);
    CHECK(hears_within("LA:FL 0", 1500) && hears_within("LA:EN 0", 500), "the stop words of the laser");
    lane_kill(&l);
    lane_close(&l);
}

static void a_signal_says_the_stop_words(void)
{
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (!fires("microjewel", NULL)) return;
        kill(l.control, signals[i]);
        const int left = lane_left(&l, 8000);
        CHECK(left == 0, "signal %d: left with %d", signals[i], left);
        CHECK(heard("LA:FL 0") && heard("LA:EN 0"), "signal %d: no stop words", signals[i]);
        stays_dark("signal");
        books_are_right("signal");
        lane_close(&l);
    }
}

static void a_face_that_dies_says_them_too(void)
{
    if (!fires("microjewel", NULL)) return;
    lane_hang_up(&l);
    usleep(2700000);
    CHECK(heard("LA:FL 0") && heard("LA:EN 0"), "two seconds without the face that armed");
    CHECK(lane_dial(&l) && lane_until(&l, "STANDBY", 3000), "STANDBY, but %s", l.state);
    lane_end(&l);
    books_are_right("face");
    lane_close(&l);
}

/* Nobody is left to say a word: the gate shuts by itself, and the next start finds both and mends the books.
 */
/* hazards: H29 */
static void a_kill_is_mended_at_the_next_start(void)
{
    if (!fires("microjewel", NULL)) return;
    lane_kill(&l);
    stays_dark("kill");
    CHECK(!heard("LA:FL 0"), "nobody said it");
    CHECK(lane_start(&l) && lane_ready(&l), "the next session: %s, %s", l.fault, l.code);
    CHECK(lane_order(&l, "\"do\":\"standby\""), "standby");
    lane_until(&l, "STANDBY", 3000);
    lane_listen(&l, 1500);
    lane_end(&l);
    CHECK(!l.fault[0], "%s", l.fault);
    CHECK(heard("LA:FL 0"), "and stopped by the next");
    books_are_right("kill");
    lane_close(&l);
}

/* The words of the command that people use. */
static void fadeline_run_takes_both_ports(void)
{
    char command[700], said[4000];
    if (!people[0]) lane_people(people), atexit(clean_up);
    const lane_options options = {
        .people = people, .script = room, .laser = "microjewel", .laser_faults = {"hand"}};
    CHECK(lane_open(&l, &options), "%s", l.fault);
    lane_end(&l);
    snprintf(
        command, sizeof command,
        "cd %.90s && printf 'wait standby 20\\nsign-in op:17 493027\\nzone MID\\neyewear 755 OD7 M LB9\\n"
        "wait 3\\narm\\nwait ready 10\\nwait pulses 2 10\\nstandby\\nend\\n' > orders && "
        "FADELINE_HOME=. %s/fadeline run plan.json --port laser --laser-port behind --date 2026-05-04 "
        "--script orders </dev/null 2>&1",
        l.folder, FL_BUILD_DIR);
    tap_redial(&l.tap);
    FILE *pipe = popen(command, "r");
    CHECK(pipe != NULL, "popen");
    said[pipe ? fread(said, 1, sizeof said - 1, pipe) : 0] = 0;
    CHECK(pipe && pclose(pipe) == 0, "it says: %.900s", said);
    CHECK(strstr(said, "SIMULATED") && strstr(said, "behind the gate: QC,SIM-MicroJewel"), "it says: %.900s",
          said);
    lane_close(&l);
}

FL_TESTS("session/gate_process", TEST(a_session_of_two_links), TEST(a_pulled_laser_shuts_the_gate),
         TEST(a_pulled_gate_stops_the_laser), TEST(a_signal_says_the_stop_words),
         TEST(a_face_that_dies_says_them_too), TEST(a_kill_is_mended_at_the_next_start),
         TEST(fadeline_run_takes_both_ports))
