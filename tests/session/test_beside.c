/* labels: unit fault   needs: fadeline-control   timeout: 120 */
/* Beside: the whole journal is verified by another process; what it finds is met seconds later, and it never
 * outlives whoever asked. */
#include "check.h"

#include "helper_world.h"

#include "fadeline/journal/journal.h"
#include "fadeline/session/beside.h"

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

static bool turns_bad(fl_beside *beside, int seconds)
{
    for (int i = 0; i < 200 * seconds; i++) {
        if (fl_beside_is_bad(beside)) return true;
        if (!beside->child) return false;
        usleep(5000);
    }
    CHECK(false, "it never came to an end");
    return false;
}

static void what_was_changed_is_found(void)
{
    fl_beside beside;
    fl_error error = {0};
    fl_journal *journal;
    make_log();
    CHECK(fl_beside_begin(&beside, FL_BUILD_DIR "/fadeline-control", place, &error) == FL_OK, "%s",
          error.what);
    CHECK(!turns_bad(&beside, 60), "a good log");
    change_a_letter();
    /* The start believes the seal of the good end: that is why there is something beside it. */
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_beside_begin(&beside, FL_BUILD_DIR "/fadeline-control", place, &error) == FL_OK, "%s",
          error.what);
    CHECK(turns_bad(&beside, 60) && fl_beside_is_bad(&beside), "a changed letter, while somebody writes");
    fl_journal_close(journal);
}

static void who_cannot_look_does_not_say_good(void)
{
    fl_beside beside;
    fl_error error = {0};
    CHECK(fl_beside_begin(&beside, FL_BUILD_DIR "/fadeline-control", "/nowhere/at/all", &error) == FL_OK,
          "%s", error.what);
    CHECK(turns_bad(&beside, 60), "no journal");
    CHECK(fl_beside_begin(&beside, "/nowhere/program", place, &error) != FL_OK && error.what[0],
          "no program");
    CHECK(fl_beside_begin(&beside, "/bin/sleep", place, &error) == FL_OK && turns_bad(&beside, 60),
          "another program");
    CHECK(fl_beside_begin(&beside, FL_BUILD_DIR "/fadeline-control", place, &error) == FL_OK, "%s",
          error.what);
    const pid_t child = beside.child;
    kill(child, SIGSTOP);
    CHECK(!fl_beside_is_bad(&beside), "stopped is not done");
    fl_beside_end(&beside);
    CHECK(kill(child, 0) != 0 && beside.child == 0, "gone when the session ends");
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

FL_TESTS("session/beside", TEST(what_was_changed_is_found), TEST(who_cannot_look_does_not_say_good),
         TEST(a_damaged_journal_takes_the_permit_away))
