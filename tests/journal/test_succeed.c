/* labels: unit fault   timeout: 120 */
/* One log ends and another goes on: nothing is forgotten, nothing is believed, and a crash at any step leaves
 * one of both. */
#include "check.h"
#include "helper_log.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/succeed.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct home { /* as an installation has it: the journal in it, and journals/ beside that */
    char root[FL_PLACE_MAX], journal[FL_PLACE_MAX + 16];
    helper_clock clock;
} home;

/* Two sessions, the second one left open with a grant that nobody settled. */
static void begin(home *h)
{
    helper_clock_init(&h->clock);
    helper_directory(h->root);
    snprintf(h->journal, sizeof h->journal, "%s/journal", h->root);
    fl_journal *journal = helper_open(h->journal, &h->clock, FL_JOURNAL_CREATE);
    fl_entry entry;
    CHECK(helper_session(journal, &h->clock, 1, 1, 41207, 10) == FL_OK, "session");
    helper_session_open(&entry, 2, 41217);
    CHECK(fl_journal_append(journal, &entry, 1, NULL) == FL_OK, "open");
    helper_grant(&entry, 11, 41217, 2);
    CHECK(fl_journal_append(journal, &entry, 1, NULL) == FL_OK, "grant");
    fl_journal_close(journal);
}

static fl_journal_options options_of(home *h, fl_journal_mode mode)
{
    return (fl_journal_options){.mode = mode,
                                .simulated = true,
                                .clock = &h->clock.clock,
                                .clk = FL_CLK_SYNCHRONISED,
                                .no_ballast = true};
}

static fl_status open_as(home *h, const char *directory, fl_journal_mode mode, fl_journal **journal,
                         fl_error *error)
{
    const fl_journal_options options = options_of(h, mode);
    return fl_journal_open(directory, &options, journal, error);
}

static fl_status succeed_with(home *h, fl_succession wish, fl_succession_done *done, fl_error *error)
{
    const fl_journal_options options = options_of(h, FL_JOURNAL_CREATE);
    fl_succession_done spare;
    fl_error local = {0};
    wish.who = "op:1";
    if (!wish.why) wish.why = FL_SUCCEED_COPY;
    return fl_journal_succeed(h->journal, &options, &wish, done ? done : &spare, error ? error : &local);
}

static fl_status succeed(home *h)
{
    return succeed_with(h, (fl_succession){.why = FL_SUCCEED_COPY}, NULL, NULL);
}

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static fl_status verify(home *h, fl_verify_report *report)
{
    fl_error error = {0};
    return fl_verify(h->journal, NULL, report, &error);
}

/* The history as one list: every record at its position, and no two logs in another order. */
static uint64_t sessions_in(fl_journal *journal)
{
    uint64_t sessions = 0;
    for (uint64_t i = 0; i < fl_journal_length(journal); i++) {
        fl_record record;
        CHECK(fl_journal_past(journal, i, &record) == FL_OK, "position %llu", (unsigned long long)i);
        sessions += fl_record_is(&record, FL_KIND_SESSION_OPEN);
    }
    return sessions;
}

static void nothing_is_forgotten(void)
{
    home h;
    fl_journal *journal;
    fl_succession_done done;
    fl_counter_state state;
    fl_error error = {0};
    static fl_verify_report report;
    begin(&h);
    CHECK(verify(&h, &report) == FL_OK && !report.predecessors, "before");
    const uint64_t size = report.entries;
    const fl_succession wish = {.why = FL_SUCCEED_KEY_STOLEN, .text = "the PC was lent out"};
    CHECK(succeed_with(&h, wish, &done, &error) == FL_OK, "%s", error.what);
    CHECK(done.size == size && done.before == size && !fl_text_same(done.origin, done.old_origin),
          "what it says");
    CHECK(fl_text_begins(done.origin, FL_JOURNAL_SIMULATED), "%s", done.origin);
    CHECK(verify(&h, &report) == FL_OK && report.predecessors == 1 && report.before == size &&
              !report.missing[0],
          "%s", report.what);
    CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
    fl_record record;
    CHECK(fl_journal_record(journal, 0, &record) == FL_OK && fl_record_is(&record, FL_KIND_LOG_OPEN),
          "first");
    CHECK(fl_record_text_is(&record, "pred", done.old_origin), "pred");
    CHECK(fl_journal_record(journal, 1, &record) == FL_OK && fl_record_is(&record, FL_KIND_LOG_SUCCEED),
          "second");
    CHECK(fl_record_text_is(&record, "why", "key-stolen") && fl_record_has(&record, "note_sha256"), "why");
    /* The grant that nobody settled, the session that nobody closed, the numbers. */
    CHECK(fl_journal_counter(journal, HELPER_DEVICE, &state), "the laser is known");
    CHECK(state.outstanding && state.gid == 11 && state.ctr == 41217 && state.in_session && state.sid == 2,
          "state");
    CHECK(fl_journal_next_sid(journal) == 3, "session numbers go on");
    CHECK(sessions_in(journal) == 2, "both sessions are read");
    fl_entry entry;
    helper_grant(&entry, 12, 41217, 2);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_E_RANGE, "no grant while one is outstanding");
    fl_entry_begin(&entry, FL_KIND_RECON);
    fl_entry_device(&entry, HELPER_DEVICE, true);
    fl_entry_count(&entry, "ctr_was", 41217);
    fl_entry_count(&entry, "ctr_now", 41218);
    fl_entry_int(&entry, "delivered", 1);
    fl_entry_text(&entry, "by", "start");
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
    helper_session_close(&entry, 2, 41218, 1);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "the pulse counts for its session: %s",
          error.what);
    fl_journal_close(journal);
    CHECK(verify(&h, &report) == FL_OK, "%s", report.what);
    helper_remove(h.root);
}

static void the_old_one_is_only_read(void)
{
    home h;
    fl_journal *journal;
    fl_succession_done done;
    fl_error error = {0};
    char key[FL_PLACE_MAX + 32];
    begin(&h);
    CHECK(succeed_with(&h, (fl_succession){0}, &done, &error) == FL_OK, "%s", error.what);
    snprintf(key, sizeof key, "%s/install.key", done.kept);
    CHECK(!fl_place_exists(key), "its key is gone");
    CHECK(open_as(&h, done.kept, FL_JOURNAL_WRITE, &journal, &error) == FL_E_REFUSED, "no writer");
    CHECK(open_as(&h, done.kept, FL_JOURNAL_READ, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_text_same(fl_journal_origin(journal), done.old_origin) && fl_journal_size(journal) == done.size,
          "whole");
    fl_journal_close(journal);
    helper_remove(h.root);
}

static void one_after_another(void)
{
    home h;
    fl_journal *journal;
    fl_error error = {0};
    static fl_verify_report report;
    begin(&h);
    for (unsigned n = 1; n <= 3; n++) {
        helper_clock_add(&h.clock, 1000000);
        CHECK(succeed(&h) == FL_OK, "succession %u", n);
        CHECK(verify(&h, &report) == FL_OK && report.predecessors == n, "%u: %s", n, report.what);
        CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
        CHECK(fl_journal_before(journal) == report.before && sessions_in(journal) == 1 + n, "all of them");
        fl_counter_state state;
        CHECK(fl_journal_counter(journal, HELPER_DEVICE, &state), "the laser is known");
        fl_entry entry;
        if (state.outstanding) {
            fl_entry_begin(&entry, FL_KIND_RECON);
            fl_entry_device(&entry, HELPER_DEVICE, true);
            fl_entry_count(&entry, "ctr_was", state.ctr);
            fl_entry_count(&entry, "ctr_now", state.ctr);
            fl_entry_int(&entry, "delivered", 0);
            fl_entry_text(&entry, "by", "start");
            CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
        }
        CHECK(helper_session(journal, &h.clock, fl_journal_next_sid(journal), 100 * n, state.ctr, 3) == FL_OK,
              "goes on");
        fl_journal_close(journal);
    }
    helper_remove(h.root);
}

static void change_file(const home *h, const char *name, const char *from, const char *to)
{
    char path[FL_PLACE_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", h->journal, name);
    char *content = helper_file(path, NULL), *at = strstr(content, from);
    CHECK(at && strlen(from) == strlen(to), "the file has it");
    if (at) memcpy(at, to, strlen(to));
    CHECK(fl_place_write(path, content, strlen(content), 0600, NULL) == FL_OK, "written");
    free(content);
}

/* What an opening refuses names the way out, and that is one. */
static void a_seat_that_does_not_fit(void)
{
    static const char *const cases[] = {"machine", "lost", "garbled"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        home h;
        fl_journal *journal;
        fl_error error = {0};
        char key[FL_PLACE_MAX + 32];
        begin(&h);
        snprintf(key, sizeof key, "%s/install.key", h.journal);
        if (i == 0) {
            char *content = helper_file(key, NULL), *at = strstr(content, "\nmachine ");
            at[9] = at[9] == '0' ? '1' : '0';
            CHECK(fl_place_write(key, content, strlen(content), 0600, NULL) == FL_OK, "another machine's");
            free(content);
        } else if (i == 1)
            unlink(key);
        else
            change_file(&h, "install.key", "fadeline-install 1", "fadeline-install x");
        const fl_status status = open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error);
        CHECK(status == (i == 2 ? FL_E_DAMAGED : FL_E_REFUSED), "%s: %d %s", cases[i], (int)status,
              error.what);
        CHECK(contains(error.hint, "fadeline journal succeed"), "%s: %s", cases[i], error.hint);
        CHECK(succeed(&h) == FL_OK, "%s", cases[i]);
        CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s: %s", cases[i],
              error.what);
        CHECK(sessions_in(journal) == 2, "%s", cases[i]);
        fl_journal_close(journal);
        helper_remove(h.root);
    }
}

static void what_has_no_successor(void)
{
    home h;
    fl_journal *journal;
    fl_error error = {0};
    fl_entry entry;
    begin(&h);
    CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(succeed_with(&h, (fl_succession){0}, NULL, &error) == FL_E_BUSY, "in use: %s", error.what);
    /* Nobody writes the words of a succession into a log that goes on. */
    fl_entry_begin(&entry, FL_KIND_LOG_SUCCEED);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_E_RANGE, "by append");
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, "SIM-0008", true);
    fl_counters_carry(&(fl_counter_state){.known = true, .ctr = 9}, &entry);
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_E_RANGE && contains(error.what, "rule 7"), "%s",
          error.what);
    fl_journal_close(journal);
    helper_tamper(
        h.journal,
        "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'41210','41299') AS BLOB) WHERE idx=9");
    CHECK(succeed_with(&h, (fl_succession){0}, NULL, &error) == FL_E_DAMAGED, "damaged: %s", error.what);
    char journals[FL_PLACE_MAX + 32];
    snprintf(journals, sizeof journals, "%s/journals", h.root);
    CHECK(!fl_place_exists(journals), "and nothing was begun");
    snprintf(h.journal, sizeof h.journal, "%s/none", h.root);
    CHECK(succeed_with(&h, (fl_succession){0}, NULL, &error) == FL_E_FILE, "none: %s", error.what);
    helper_remove(h.root);
}

static void the_log_before_is_not_believed(void)
{
    home h;
    fl_journal *journal;
    fl_succession_done done;
    fl_error error = {0};
    static fl_verify_report report;
    char away[FL_PLACE_MAX + 32];
    begin(&h);
    CHECK(succeed_with(&h, (fl_succession){0}, &done, &error) == FL_OK, "%s", error.what);
    /* Missing: the log itself is good, but nobody can say what came before. */
    snprintf(away, sizeof away, "%s/away", h.root);
    CHECK(rename(done.kept, away) == 0, "away");
    CHECK(verify(&h, &report) == FL_OK && fl_text_same(report.missing, done.old_origin), "%s",
          report.missing);
    CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_journal_whole(journal, &error) == FL_E_FILE && contains(error.hint, "journals/"), "%s",
          error.hint);
    fl_record record;
    CHECK(fl_journal_past(journal, 0, &record) == FL_E_FILE, "no position before this log");
    fl_journal_close(journal);
    /* Another one in its place: one that is shorter, and verifies by itself. */
    home other;
    begin(&other);
    CHECK(rename(other.journal, done.kept) == 0, "another");
    CHECK(open_as(&h, done.kept, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal); /* two entries more */
    CHECK(verify(&h, &report) == FL_E_DAMAGED && report.first_bad == 1, "%s", report.what);
    CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_journal_whole(journal, &error) == FL_E_DAMAGED, "%s", error.what);
    fl_journal_close(journal);
    helper_remove(done.kept);
    helper_remove(other.root);
    /* The right one, with one digit of it changed: the head agrees, the entries do not. */
    CHECK(rename(away, done.kept) == 0, "back");
    CHECK(verify(&h, &report) == FL_OK && report.predecessors == 1, "%s", report.what);
    helper_tamper(
        done.kept,
        "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'41210','41299') AS BLOB) WHERE idx=9");
    CHECK(verify(&h, &report) == FL_E_DAMAGED && contains(report.what, "the log before"), "%s", report.what);
    helper_remove(h.root);
}

/* Yesterday's directory over today's: the very log that was put aside comes back. */
static void a_log_is_succeeded_once(void)
{
    home h;
    fl_succession_done done;
    fl_error error = {0};
    char aside[FL_PLACE_MAX + 32], now[FL_PLACE_MAX + 32];
    begin(&h);
    snprintf(aside, sizeof aside, "%s/backup", h.root);
    snprintf(now, sizeof now, "%s/now", h.root);
    helper_copy(h.journal, aside);
    CHECK(succeed_with(&h, (fl_succession){0}, &done, &error) == FL_OK, "%s", error.what);
    CHECK(rename(h.journal, now) == 0 && rename(aside, h.journal) == 0, "restored");
    CHECK(succeed_with(&h, (fl_succession){0}, &done, &error) == FL_E_REFUSED, "%s", error.what);
    CHECK(contains(error.what, "succeeded before"), "%s", error.what);
    helper_remove(h.root);
}

/* ---- a crash at each step ---- */

static const char *const steps[] = {"lock",  "verify",   "stage", "make",   "carry",
                                    "close", "exchange", "sync",  "retire", "done"};
#define STEPS (sizeof steps / sizeof *steps)

static void die_at(void *self, const char *name)
{
    if (fl_text_same(self, name)) _exit(42);
}

static void crash_at(home *h, size_t n)
{
    const pid_t child = fork();
    if (child == 0) {
        char name[16];
        snprintf(name, sizeof name, "%s", steps[n]);
        (void)succeed_with(h, (fl_succession){.step = die_at, .self = name}, NULL, NULL);
        _exit(1);
    }
    int how = 0;
    waitpid(child, &how, 0);
    CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 42, "it died at '%s'", steps[n]);
}

static void a_crash_leaves_one_of_both(void)
{
    for (size_t n = 0; n < STEPS; n++) {
        home h;
        fl_journal *journal;
        fl_error error = {0};
        static fl_verify_report report;
        begin(&h);
        crash_at(&h, n);
        CHECK(verify(&h, &report) == FL_OK && !report.missing[0], "'%s': %s", steps[n], report.what);
        const bool is_new = report.predecessors == 1;
        CHECK(is_new == (n > 6), "'%s': the exchange is the step that counts", steps[n]);
        /* Whichever it is can be written, and knows all. */
        CHECK(open_as(&h, h.journal, FL_JOURNAL_WRITE, &journal, &error) == FL_OK, "'%s': %s", steps[n],
              error.what);
        fl_counter_state state;
        CHECK(fl_journal_counter(journal, HELPER_DEVICE, &state) && state.outstanding && state.gid == 11,
              "'%s'", steps[n]);
        CHECK(sessions_in(journal) == 2, "'%s'", steps[n]);
        fl_journal_close(journal);
        /* And the next try goes through, whatever lies there. A second crash in the same place, too. */
        crash_at(&h, n < 7 ? n : 3);
        CHECK(succeed_with(&h, (fl_succession){0}, NULL, &error) == FL_OK, "'%s': %s", steps[n], error.what);
        CHECK(verify(&h, &report) == FL_OK && report.predecessors == (is_new ? 2u : 1u), "'%s': %s", steps[n],
              report.what);
        helper_remove(h.root);
    }
}

FL_TESTS("journal/succeed", TEST(nothing_is_forgotten), TEST(the_old_one_is_only_read),
         TEST(one_after_another), TEST(a_seat_that_does_not_fit), TEST(what_has_no_successor),
         TEST(the_log_before_is_not_believed), TEST(a_log_is_succeeded_once),
         TEST(a_crash_leaves_one_of_both))
