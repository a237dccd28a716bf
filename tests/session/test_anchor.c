/* labels: unit fault   timeout: 120 */
/* The anchor in a session: compared before anything is armed, set in the warning of every ARM and at the end,
 * and what does not fit lets nothing arm. */
#include "check.h"

#include "helper_world.h"

#include "conduct_private.h"

static world w;

static void close_session(void)
{
    fl_status status = FL_E_BUG;
    CHECK(world_order(&w, FL_DO_END, "", -1), "end");
    for (int i = 0; i < 3000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(status == FL_OK, "the session does not end: %s", fl_status_name(status));
}

static void again(void)
{
    world_kill(&w);
    world_come_back(&w, 0, 5);
    world_start(&w);
    world_forget(&w);
}

/* From the order to READY, in simulated milliseconds. */
static int ms_to_ready(bool with_anchor)
{
    world_order(&w, FL_DO_STANDBY, "", -1);
    CHECK(world_until(&w, FL_MODE_STANDBY, 2000), "standby");
    world_run(&w, 300);
    CHECK(world_order(&w, FL_DO_ARM, "", -1), "arm: %s", w.text);
    for (int ms = 0; ms < 8000; ms++) {
        if (!with_anchor) w.conduct->anchor.due = false;
        if (world_mode(&w) == FL_MODE_READY) return ms;
        world_run(&w, 1);
    }
    return -1;
}

static void every_arm_is_anchored_and_none_is_late(void)
{
    world_open(&w, HELPER_NO_TESTS);
    CHECK(w.laser.device.kept.anchor_n == 0, "a new laser");
    world_ready(&w, "F-L");
    const uint64_t first = w.laser.device.kept.anchor_n;
    CHECK(first > 0 && world_entries(&w, "anchor.device", NULL, NULL) == 1, "at the first ARM");
    CHECK(first <= fl_writer_look(w.writer).size && first + 3 >= fl_writer_look(w.writer).size,
          "of that moment");
    const int bare = ms_to_ready(false), anchored = ms_to_ready(true);
    CHECK(bare > 0 && bare == anchored, "%d ms to READY with an anchor, %d without", anchored, bare);
    CHECK(w.laser.device.kept.anchor_n > first && world_entries(&w, "anchor.device", NULL, NULL) == 2,
          "and the next");
    printf("(%d ms from ARM to READY, with or without) ", anchored);
    close_session();
    CHECK(world_entries(&w, "anchor.device", NULL, NULL) == 3, "and at the end");
    world_kill(&w);
    uint64_t pulses, counter;
    bool outstanding;
    CHECK(world_verify(&w, &pulses, &counter, &outstanding), "the journal verifies");
    world_close(&w);
}

/* After a good session the next one compares an anchor that is older than the log. */
static void an_older_one_that_fits(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    close_session();
    again();
    CHECK(w.laser.device.kept.anchor_n < fl_writer_look(w.writer).size, "the log went on");
    world_run(&w, 6000);
    CHECK(!world_said(&w, "journal-not-lasers") && !world_said(&w, "journal-behind-laser"),
          "nothing is said");
    CHECK(world_entries(&w, "selftest", "what", "anchor") == 0, "and nothing recorded");
    CHECK(w.conduct->anchor.stand == ANCHOR_GOOD, "compared");
    world_close(&w);
}

static bool ends_in(const char *code)
{
    for (int i = 0; i < 6000 && !world_said(&w, code); i++) world_run(&w, 1);
    return world_said(&w, code);
}

static void nothing_arms(const char *code)
{
    CHECK(ends_in(code), "%s is not said", code);
    CHECK(world_count(&w, "selftest", "ok", "0") >= 1, "and it is a record");
    CHECK(world_entries(&w, "selftest", "what", "anchor") == 1, "of the anchor, once");
    const uint64_t kept = w.laser.device.kept.anchor_n;
    CHECK(!world_order(&w, FL_DO_ARM, "", -1), "armed");
    world_run(&w, 1000);
    CHECK(world_mode(&w) != FL_MODE_READY && !fl_mode_is_armed(world_mode(&w)), "it arms");
    fl_status status = FL_E_BUG;
    (void)world_order(&w, FL_DO_END, "", -1);
    for (int i = 0; i < 3000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(w.laser.device.kept.anchor_n == kept, "and the laser keeps what it knows");
}

/* Who rewrites what came before and goes on is longer than what the laser has seen, and another. */
static void an_older_one_that_does_not_fit(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    close_session();
    world_kill(&w);
    world_come_back(&w, 0, 5);
    w.laser.device.kept.anchor_r[7] ^= 1;
    world_start(&w);
    world_forget(&w);
    CHECK(w.laser.device.kept.anchor_n < fl_writer_look(w.writer).size, "older");
    nothing_arms("journal-not-lasers");
    world_close(&w);
}

static void one_that_is_ahead(void)
{
    world_open(&w, HELPER_NO_TESTS);
    world_ready(&w, "F-L");
    close_session();
    world_kill(&w);
    world_come_back(&w, 0, 5);
    w.laser.device.kept.anchor_n += 5000;
    world_start(&w);
    world_forget(&w);
    nothing_arms("journal-behind-laser");
    world_close(&w);
}

/* The last anchor is not set over one that was never compared. */
static void a_session_that_never_asked(void)
{
    world_open(&w, HELPER_NO_TESTS);
    w.laser.device.kept.anchor_n = 1;
    w.laser.device.kept.anchor_r[0] = 1;
    w.conduct->anchor.stand = ANCHOR_UNREAD;
    fl_conduct_end(w.conduct);
    fl_status status = FL_E_BUG;
    for (int i = 0; i < 3000 && !fl_conduct_has_ended(w.conduct, &status); i++) world_run(&w, 1);
    CHECK(status == FL_OK && w.laser.device.kept.anchor_n == 1, "the only witness stays");
    world_close(&w);
}

/* ---- the writer's question ---- */

static void an_answer_is_worked_out_beside_the_writing(void)
{
    char place[64];
    static fl_entry entries[1000];
    fl_journal *journal;
    fl_writer *writer;
    fl_error error = {0};
    snprintf(place, sizeof place, "/tmp/fl-anchor-XXXXXX");
    CHECK(mkdtemp(place) != NULL, "folder");
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    for (int i = 0; i < 1000; i++) {
        fl_entry_begin(&entries[i], FL_KIND_NOTE);
        fl_entry_text(&entries[i], "who", "");
        fl_entry_text(&entries[i], "text", "a note");
    }
    for (int i = 0; i < 8; i++)
        CHECK(fl_journal_append(journal, entries, 1000, &error) == FL_OK, "%s", error.what);
    const fl_hash was = fl_journal_root(journal);
    const uint64_t at = fl_journal_size(journal);
    for (int i = 0; i < 9; i++)
        CHECK(fl_journal_append(journal, entries, 1000, &error) == FL_OK, "%s", error.what);
    CHECK(fl_writer_new_by_hand(journal, &writer, &error) == FL_OK, "%s", error.what);
    fl_hash root;
    fl_writer_ask_root(writer, at);
    CHECK(fl_writer_put(writer, &entries[0]) == 1, "a record waits");
    fl_writer_work(writer);
    CHECK(fl_writer_durable(writer) == 1, "what is to be written comes first");
    unsigned turns = 0;
    while (fl_writer_root(writer, &root) == WRITER_ROOT_WAITS && turns < 50) fl_writer_work(writer), turns++;
    CHECK(turns > 1 && turns < 10, "%u turns", turns);
    CHECK(fl_writer_root(writer, &root) == WRITER_ROOT_KNOWN && fl_hash_same(&root, &was), "the root it had");
    fl_writer_ask_root(writer, at + 20000);
    fl_writer_work(writer);
    CHECK(fl_writer_root(writer, &root) == WRITER_ROOT_AHEAD, "more than there is");
    fl_writer_free(writer);
    fl_journal_close(journal);
    char clean[100];
    snprintf(clean, sizeof clean, "rm -rf %s", place);
    CHECK(system(clean) == 0, "clean up");
}

FL_TESTS("session/anchor", TEST(every_arm_is_anchored_and_none_is_late), TEST(an_older_one_that_fits),
         TEST(an_older_one_that_does_not_fit), TEST(one_that_is_ahead), TEST(a_session_that_never_asked),
         TEST(an_answer_is_worked_out_beside_the_writing))
