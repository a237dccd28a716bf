/* labels: unit fault   needs: fadeline-control   timeout: 120 */
/* Beside: the whole journal is verified by another process; what it finds is met seconds later, and it never
 * outlives whoever asked. */
#include "check.h"

#include "helper_world.h"

#include "fadeline/journal/journal.h"
#include "fadeline/session/beside.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static char place[80];

static void make_log(void)
{
    fl_journal *journal;
    static fl_entry entries[100];
    fl_error error = {0};
    snprintf(place, sizeof place, "/tmp/fl-beside-XXXXXX");
    CHECK(mkdtemp(place) != NULL, "folder");
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    for (int batch = 0; batch < 60; batch++) { /* a start looks at the last 4,351 again */
        for (int i = 0; i < 100; i++) {
            fl_entry_begin(&entries[i], FL_KIND_NOTE);
            fl_entry_text(&entries[i], "who", "op:17");
            fl_entry_text(&entries[i], "text", batch == 1 && i == 7 ? "AAAA" : "a note");
        }
        CHECK(fl_journal_append(journal, entries, 100, &error) == FL_OK, "%s", error.what);
    }
    fl_journal_close(journal);
}

/* In the file, under the database: an old entry that no start looks at again. */
static void change_a_letter(void)
{
    char path[120];
    static char bytes[4 << 20];
    snprintf(path, sizeof path, "%s/journal.db", place);
    FILE *file = fopen(path, "r+b");
    const size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    char *at = size ? memmem(bytes, size, "AAAA", 4) : NULL;
    CHECK(at != NULL, "the entry is in the file");
    if (!at) return;
    fseek(file, at - bytes, SEEK_SET);
    fputc('B', file);
    fclose(file);
}

/* The outcome, waited for. */
static fl_beside_outcome comes_to(fl_beside *beside, int seconds)
{
    for (int i = 0; i < 200 * seconds; i++) {
        const fl_beside_outcome outcome = fl_beside_look(beside, true);
        if (outcome != FL_BESIDE_WORKS) return outcome;
        usleep(5000);
    }
    CHECK(false, "it never came to an end");
    return FL_BESIDE_WORKS;
}

static bool records(const fl_beside *beside, const char *result, int64_t ok)
{
    static fl_entry entry;
    static char bytes[FL_ENTRY_MAX];
    size_t size;
    int64_t is_ok = -1;
    fl_record record;
    fl_beside_record(beside, &entry);
    return fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK &&
           fl_record_read(bytes, size, &record) == FL_OK && fl_record_is(&record, FL_KIND_SELFTEST) &&
           fl_record_text_is(&record, "what", "journal") && fl_record_text_is(&record, "result", result) &&
           fl_record_int(&record, "ok", &is_ok) == FL_OK && is_ok == ok &&
           fl_record_has(&record, "size") == (ok == 1);
}

static const char program[] = FL_BUILD_DIR "/fadeline-control";

static void what_was_changed_is_found(void)
{
    fl_beside beside;
    fl_error error = {0};
    fl_journal *journal;
    make_log();
    fl_beside_begin(&beside, program, place);
    CHECK(comes_to(&beside, 60) == FL_BESIDE_GOOD && beside.tries == 1, "a good log");
    CHECK(beside.size > 6000 && records(&beside, "good", 1), "%llu entries", (unsigned long long)beside.size);
    change_a_letter();
    /* The start believes the seal of the good end: that is why there is something beside it. */
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    fl_beside_begin(&beside, program, place);
    CHECK(comes_to(&beside, 60) == FL_BESIDE_DAMAGED && beside.tries == 1,
          "a changed letter, while somebody writes");
    CHECK(fl_beside_look(&beside, true) == FL_BESIDE_DAMAGED && records(&beside, "damaged", 0), "for good");
    fl_journal_close(journal);
}

/* Who did not verify has not found anything: tried twice, and then said. */
static void who_cannot_look_says_neither(void)
{
    static const struct {
        const char *program, *place, *why;
    } cases[] = {
        {program, "/nowhere/at/all", "left with"},
        {"/nowhere/program", place, "could not be started"},
        {"/bin/sleep", place, "left with"}, /* another program */
        {"/bin/true", place, "no word"},    /* one that says that all is well, and not what */
    };
    fl_beside beside;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fl_beside_begin(&beside, cases[i].program, cases[i].place);
        CHECK(comes_to(&beside, 60) == FL_BESIDE_UNVERIFIED && beside.tries == 2, "%zu", i);
        CHECK(strstr(beside.why, cases[i].why) && records(&beside, "not-verified", 0), "%zu: %s", i,
              beside.why);
    }
}

static void one_that_is_killed_is_started_again(void)
{
    fl_beside beside;
    char clean[120];
    snprintf(clean, sizeof clean, "rm -rf %s", place);
    CHECK(system(clean) == 0, "clean up");
    make_log();
    fl_beside_begin(&beside, program, place);
    kill(beside.child, SIGKILL);
    while (fl_beside_look(&beside, false) == FL_BESIDE_WORKS && beside.child) usleep(1000);
    CHECK(fl_beside_look(&beside, false) == FL_BESIDE_WORKS && !beside.child, "not while that may not be");
    CHECK(comes_to(&beside, 60) == FL_BESIDE_GOOD && beside.tries == 2, "the second one");
    fl_beside_begin(&beside, program, place);
    for (int i = 0; i < 2; i++) {
        kill(beside.child, SIGKILL);
        const pid_t child = beside.child;
        while (fl_beside_look(&beside, true) == FL_BESIDE_WORKS && beside.child == child) usleep(1000);
    }
    CHECK(comes_to(&beside, 60) == FL_BESIDE_UNVERIFIED && strstr(beside.why, "signal 9"), "%s", beside.why);
}

static void the_end_of_the_session_cuts_it_off(void)
{
    fl_beside beside;
    fl_beside_begin(&beside, program, place);
    const pid_t child = beside.child;
    kill(child, SIGSTOP);
    CHECK(fl_beside_look(&beside, true) == FL_BESIDE_WORKS, "stopped is not done");
    fl_beside_end(&beside);
    CHECK(kill(child, 0) != 0 && beside.child == 0, "gone when the session ends");
    CHECK(beside.outcome == FL_BESIDE_CUT_OFF && records(&beside, "cut-off", 0), "and that is what it says");
    beside = (fl_beside){.child = 0};
    fl_beside_end(&beside); /* never begun: nothing is closed */
    CHECK(fcntl(0, F_GETFD) != -1, "standard input is still there");
    char clean[120];
    snprintf(clean, sizeof clean, "rm -rf %s", place);
    CHECK(system(clean) == 0, "clean up");
}

static world w;

/* READY, and then it is known: no pulse, STANDBY, the reason, no ARM. */
static void a_damaged_journal_takes_the_permit_away(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    fl_conduct_distrust(w.conduct);
    CHECK(world_until(&w, FL_MODE_STANDBY, 500), "it stays armed");
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed over a journal that does not verify");
    CHECK(strstr(w.code, "journal"), "%s: %s", w.code, w.text);
    world_close(&w);
}

FL_TESTS("session/beside", TEST(what_was_changed_is_found), TEST(who_cannot_look_says_neither),
         TEST(one_that_is_killed_is_started_again), TEST(the_end_of_the_session_cuts_it_off),
         TEST(a_damaged_journal_takes_the_permit_away))
