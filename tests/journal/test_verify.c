/* labels: unit fault   timeout: 300 */
#include "check.h"
#include "helper_log.h"
#include "helper_vectors.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

/* A closed journal of one session with `pulses` pulses: 5 + 2 * pulses entries. */
static void make(char directory[FL_PLACE_MAX], unsigned pulses)
{
    helper_clock clock;
    helper_clock_init(&clock);
    helper_directory(directory);
    fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_CREATE);
    CHECK(helper_session(journal, &clock, 1, 41, 41207, pulses) == FL_OK, "session");
    fl_journal_close(journal);
}

static fl_status verify_copy(const char *from, const char *sql, fl_verify_report *report)
{
    char copy[FL_PLACE_MAX];
    helper_directory(copy);
    helper_copy(from, copy);
    if (sql) helper_tamper(copy, sql);
    fl_error error = {0};
    const fl_status status = fl_verify(copy, NULL, report, &error);
    helper_remove(copy);
    return status;
}

#define FLIP "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),"

/* What an attacker, a bug or a bit can do to the tables, and the index that must be named. */
/* hazards: H45 H58 */
static void tampering_is_named(void)
{
    /* clang-format off */
    static const struct { const char *what, *sql; uint64_t bad; } rows[] = {
        { "a measured energy is changed", FLIP "'197350','197351') AS BLOB) WHERE idx=8", 8 },
        { "and its leaf hash is changed too", "UPDATE entry SET leaf=zeroblob(32) WHERE idx=9", 9 },
        { "the first entry", FLIP "'clinic-7','clinic-8') AS BLOB) WHERE idx=0", 0 },
        { "an entry is removed", "DELETE FROM entry WHERE idx=11", 11 },
        { "two neighbours change places", "UPDATE entry SET idx=1000 WHERE idx=6; UPDATE entry SET idx=6 WHERE idx=7;"
                                          "UPDATE entry SET idx=7 WHERE idx=1000", 6 },
        { "an entry is doubled at the end", "INSERT INTO entry SELECT 39, leaf, data FROM entry WHERE idx=38", 39 },
        { "the last ten are removed", "DELETE FROM entry WHERE idx>=29", 29 },
        { "and the head says so", "DELETE FROM entry WHERE idx>=29; UPDATE head SET size=29", 29 },
        { "the head's root", "UPDATE head SET root=zeroblob(32)", 39 },
        { "the head's size", "UPDATE head SET size=38, range=zeroblob(96)", 38 },
        { "the head is gone", "DELETE FROM head", 39 },
        { "the newest checkpoint is forged", "UPDATE checkpoint SET note=replace(note,char(10)||'39'||char(10),char(10)||'38'||char(10))", 38 },
        { "the key is exchanged", "UPDATE install SET vkey='log.example/clinic-7/console-2+3a723370+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'", 0 },
        { "the key is noise", "UPDATE install SET vkey='x'", 0 },
        { "nobody's log", "DELETE FROM install", 0 },
        { "the table is gone", "DROP TABLE entry", 0 },
        { "every entry is gone", "DELETE FROM entry", 0 },
        { "not a journal", "PRAGMA application_id=1", 0 },
        { "a later schema", "PRAGMA user_version=2", 0 },
    };
    /* clang-format on */
    char directory[FL_PLACE_MAX];
    fl_verify_report report;
    make(directory, 17);
    CHECK(verify_copy(directory, NULL, &report) == FL_OK && report.entries == 39, "the good one");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_status status = verify_copy(directory, rows[i].sql, &report);
        CHECK(status == FL_E_DAMAGED && report.damaged, "%s: %s", rows[i].what, fl_status_name(status));
        CHECK(report.first_bad == rows[i].bad, "%s: named %llu (%s)", rows[i].what,
              (unsigned long long)report.first_bad, report.what);
        /* A replaced entry may hide among those before the first that fails: then only what is signed is
         * good. */
        const bool hides = strstr(rows[i].what, "neighbours") || strstr(rows[i].what, "removed") ||
                           strstr(rows[i].what, "head says so");
        const uint64_t good = hides ? 2 : report.first_bad - 1;
        CHECK(report.has_good == (report.first_bad > 0) && (!report.has_good || report.last_good == good),
              "%s: last good", rows[i].what);
    }
    helper_remove(directory);
}

/* What is called good is: nothing at or beyond the place that was touched. */
static bool claims_good_below(const fl_verify_report *report, uint64_t touched)
{
    return report->damaged && (!report->has_good || report->last_good < touched);
}

/* Every entry of a log removed, doubled over its successor, and exchanged with its neighbour. */
/* hazards: H45 */
static void every_entry_is_missed(void)
{
    char directory[FL_PLACE_MAX], sql[512];
    fl_verify_report report;
    make(directory, 7);
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_OK && report.entries == 19, "the good one");
    for (int i = 0; i < 19; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM entry WHERE idx=%d", i);
        CHECK(verify_copy(directory, sql, &report) == FL_E_DAMAGED && report.first_bad == (uint64_t)i,
              "removed %d: %s", i, report.what);
        snprintf(sql, sizeof sql, "DELETE FROM entry WHERE idx=%d; UPDATE entry SET idx=idx-1 WHERE idx>%d",
                 i, i);
        CHECK(verify_copy(directory, sql, &report) == FL_E_DAMAGED && claims_good_below(&report, (uint64_t)i),
              "closed up after %d: %s", i, report.what);
        if (i == 18) break;
        snprintf(
            sql, sizeof sql,
            "DELETE FROM entry WHERE idx=%d; INSERT INTO entry SELECT %d, leaf, data FROM entry WHERE idx=%d",
            i + 1, i + 1, i);
        CHECK(verify_copy(directory, sql, &report) == FL_E_DAMAGED &&
                  claims_good_below(&report, (uint64_t)i + 1),
              "doubled %d: %s", i, report.what);
        snprintf(sql, sizeof sql,
                 "UPDATE entry SET idx=999 WHERE idx=%d; UPDATE entry SET idx=%d WHERE idx=%d; UPDATE entry "
                 "SET idx=%d WHERE idx=999",
                 i, i, i + 1, i + 1);
        CHECK(verify_copy(directory, sql, &report) == FL_E_DAMAGED && claims_good_below(&report, (uint64_t)i),
              "exchanged %d: %s", i, report.what);
    }
    helper_remove(directory);
}

/* Replaces entry `index` by `text`, with the leaf hash to match. */
static void replace_entry(const char *directory, uint64_t index, const char *text)
{
    char sql[2048], leaf_hex[65];
    const fl_hash leaf = fl_tree_leaf(text, strlen(text));
    snprintf(sql, sizeof sql, "UPDATE entry SET leaf=x'%s', data=CAST('%s' AS BLOB) WHERE idx=%llu",
             fl_hex(leaf.byte, 32, leaf_hex), text, (unsigned long long)index);
    helper_tamper(directory, sql);
}

/* An entry and its own hash replaced together: the signed root finds it, and says between which checkpoints.
 */
/* hazards: H45 H58 */
static void rehashed_entries_are_found(void)
{
    char directory[FL_PLACE_MAX];
    fl_verify_report report;
    make(directory, 17);
    fl_journal *journal;
    const fl_journal_options read = {0};
    CHECK(fl_journal_open(directory, &read, &journal, NULL) == FL_OK, "open");
    const char *bytes;
    size_t size;
    char text[1024];
    CHECK(fl_journal_read(journal, 8, &bytes, &size) == FL_OK, "entry 8");
    snprintf(text, sizeof text, "%.*s", (int)size, bytes);
    fl_journal_close(journal);
    char *digit = strstr(text, "197350");
    CHECK(digit != NULL, "entry 8 is a pulse: %.200s", text);
    if (digit) digit[5] = '1';
    replace_entry(directory, 8, text);
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_E_DAMAGED, "not found");
    CHECK(report.first_bad == 3 && strstr(report.what, "3 to 37"), "%s",
          report.what); /* signed at 3 (session.open) and 38 */
    replace_entry(directory, 8, "{\"a\" :1}");
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_E_DAMAGED && report.first_bad == 8,
          "not canonical: %s", report.what);
    replace_entry(directory, 8, "{\"boot\":2,\"clk\":2,\"k\":\"note\",\"mono_us\":1,\"utc_us\":1,\"v\":1}");
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_E_DAMAGED && report.first_bad == 8, "older: %s",
          report.what);
    replace_entry(directory, 8,
                  "{\"boot\":1,\"clk\":2,\"k\":\"note\",\"mono_us\":999999999,\"utc_us\":1,\"v\":1}");
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_E_DAMAGED && report.first_bad == 8,
          "an earlier start: %s", report.what);
    helper_remove(directory);
}

/* Story 8.4 of the owner, with its own numbers. */
static void story_8_4(void)
{
    char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX];
    fl_verify_report report;
    make(directory, 700);
    CHECK(verify_copy(directory, FLIP "'meas_uJ\":197350','meas_uJ\":197950') AS BLOB) WHERE idx=1024",
                      &report) == FL_E_DAMAGED,
          "one digit");
    CHECK(report.first_bad == 1024 && report.last_good == 1023, "named %llu",
          (unsigned long long)report.first_bad);
    CHECK(fl_text_begins(report.what, "1,024 does not match; 1 to 1,023 good"), "%s", report.what);
    CHECK(verify_copy(directory, "DELETE FROM entry WHERE idx>=1395", &report) == FL_E_DAMAGED &&
              report.first_bad == 1395,
          "last ten: %s", report.what);
    /* A clever thief removes the checkpoints as well and mends the head: only a checkpoint kept elsewhere
     * tells. */
    fl_verify_report whole;
    CHECK(fl_verify(directory, NULL, &whole, NULL) == FL_OK && whole.entries == 1405, "%s", whole.what);
    helper_directory(copy);
    helper_copy(directory, copy);
    helper_tamper(
        copy, "DELETE FROM entry WHERE idx>=1283; DELETE FROM checkpoint WHERE size>1283; DELETE FROM seal");
    CHECK(fl_verify(copy, NULL, &report, NULL) == FL_E_DAMAGED, "the head was not mended");
    fl_tree tree = {0};
    fl_journal *journal;
    const fl_journal_options read = {0};
    CHECK(fl_journal_open(copy, &read, &journal, NULL) == FL_OK, "open the stolen copy");
    const char *bytes;
    size_t size;
    for (uint64_t i = 0; i < 1283 && fl_journal_read(journal, i, &bytes, &size) == FL_OK; i++) {
        const fl_hash leaf = fl_tree_leaf(bytes, size);
        fl_tree_append(&tree, &leaf);
    }
    fl_journal_close(journal);
    char sql[2048], hex[1024], root_hex[65];
    const fl_hash root = fl_tree_root(&tree);
    snprintf(sql, sizeof sql, "UPDATE head SET size=1283, range=x'%s', root=x'%s'",
             fl_hex(tree.peak[0].byte, tree.peaks * sizeof(fl_hash), hex), fl_hex(root.byte, 32, root_hex));
    helper_tamper(copy, sql);
    CHECK(fl_verify(copy, NULL, &report, NULL) == FL_OK, "by itself it cannot tell: %s", report.what);
    const char *kept[] = {whole.checkpoint};
    const fl_verify_options outside = {.outside = kept, .outside_count = 1};
    CHECK(fl_verify(copy, &outside, &report, NULL) == FL_E_DAMAGED && report.first_bad == 1283, "%s",
          report.what);
    CHECK(fl_verify(directory, &outside, &report, NULL) == FL_OK, "the true one contains it");
    helper_remove(copy);
    helper_remove(directory);
}

/* Every byte of every entry of a small log, flipped in one bit: found, and the index is the right one. */
/* hazards: H45 */
static void every_byte_is_watched(void)
{
    char directory[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    make(directory, 2);
    snprintf(path, sizeof path, "%s/journal.db", directory);
    helper_tamper(directory, "SELECT 1"); /* drops the triggers */
    sqlite3 *db;
    sqlite3_stmt *sizes, *get, *put;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK, "open");
    sqlite3_prepare_v2(db, "SELECT idx, length(data) FROM entry ORDER BY idx", -1, &sizes, NULL);
    sqlite3_prepare_v2(db, "SELECT data FROM entry WHERE idx=?1", -1, &get, NULL);
    sqlite3_prepare_v2(db, "UPDATE entry SET data=?2 WHERE idx=?1", -1, &put, NULL);
    int size_of[16] = {0}, entries = 0;
    while (sqlite3_step(sizes) == SQLITE_ROW) size_of[entries++] = sqlite3_column_int(sizes, 1);
    sqlite3_finalize(sizes);
    sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
    unsigned tried = 0, missed = 0, misnamed = 0;
    for (int index = 0; index < entries; index++)
        for (int at = 0; at < size_of[index]; at++) {
            unsigned char data[4096];
            sqlite3_bind_int(get, 1, index);
            sqlite3_step(get);
            memcpy(data, sqlite3_column_blob(get, 0), (size_t)size_of[index]);
            sqlite3_reset(get);
            for (int undo = 0; undo < 2; undo++) {
                data[at] ^= (unsigned char)(1 << (at + index) % 8);
                sqlite3_bind_int(put, 1, index);
                sqlite3_bind_blob(put, 2, data, size_of[index], SQLITE_STATIC);
                sqlite3_step(put);
                sqlite3_reset(put);
                if (undo) break;
                fl_verify_report report;
                missed += fl_verify(directory, NULL, &report, NULL) != FL_E_DAMAGED;
                misnamed += report.first_bad != (uint64_t)index;
                tried++;
            }
        }
    sqlite3_finalize(get);
    sqlite3_finalize(put);
    sqlite3_close(db);
    fl_verify_report report;
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_OK, "put back: %s", report.what);
    CHECK(tried > 1500 && missed == 0 && misnamed == 0, "%u flips: %u missed, %u misnamed", tried, missed,
          misnamed);
    helper_remove(directory);
}

/* Bits flipped anywhere in the file: never a crash, and what still verifies is the very same log. */
static void every_part_of_the_file_is_watched(void)
{
    char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    fl_verify_report whole, report;
    make(directory, 9);
    CHECK(fl_verify(directory, NULL, &whole, NULL) == FL_OK, "good");
    snprintf(path, sizeof path, "%s/journal.db", directory);
    size_t size;
    char *bytes = helper_file(path, &size);
    helper_directory(copy);
    snprintf(path, sizeof path, "%s/journal.db", copy);
    unsigned found = 0, same = 0, wrong = 0, odd = 0;
    for (size_t at = 0; at < size; at += 7) {
        bytes[at] ^= (char)(1 << at % 8);
        FILE *file = fopen(path, "we");
        CHECK(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "write");
        bytes[at] ^= (char)(1 << at % 8);
        const fl_status status = fl_verify(copy, NULL, &report, NULL);
        if (status == FL_E_DAMAGED)
            found++;
        else if (status == FL_OK)
            same++, wrong += !fl_hash_same(&report.root, &whole.root) || report.entries != whole.entries;
        else
            odd++, fprintf(stderr, "byte %zu: %s\n", at, fl_status_name(status));
    }
    CHECK(wrong == 0 && found > 100 && odd == 0, "%u found, %u the same, %u wrong, %u odd", found, same,
          wrong, odd);
    for (size_t cut = 0; cut < size; cut += 1021) {
        FILE *file = fopen(path, "we");
        CHECK(file && fwrite(bytes, 1, cut, file) == cut && fclose(file) == 0, "write");
        CHECK(fl_verify(copy, NULL, &report, NULL) == FL_E_DAMAGED, "cut at %zu", cut);
    }
    free(bytes);
    helper_remove(copy);
    helper_remove(directory);
}

/* The small log of the reference as a store of its own, then with its fork. */
static void the_reference_log_verifies_and_its_fork_is_evidence(void)
{
    const json_t *log = helper_vectors("example_log");
    char directory[FL_PLACE_MAX];
    helper_reference_log(helper_directory(directory));
    fl_verify_report report;
    fl_error error = {0};
    CHECK(fl_verify(directory, NULL, &report, &error) == FL_OK, "%s", error.what);
    CHECK(report.entries == 5 && report.pulses == 1 && report.checkpoints == 3 && !report.simulated,
          "its numbers");
    const char *fork[] = {helper_string(log, "fork_checkpoint_5")},
               *old[] = {helper_string(log, "checkpoint_3")};
    fl_verify_options options = {.outside = old, .outside_count = 1, .vkey = helper_string(log, "log_vkey")};
    CHECK(fl_verify(directory, &options, &report, NULL) == FL_OK && report.vkey_from_outside,
          "checkpoint 3 is contained");
    options.outside = fork;
    CHECK(fl_verify(directory, &options, &report, NULL) == FL_E_DAMAGED && report.fork, "fork: %s",
          report.what);
    CHECK(strcmp(report.fork_a, helper_string(log, "checkpoint_5")) == 0 &&
              strcmp(report.fork_b, fork[0]) == 0,
          "the evidence");
    options.vkey = helper_string(helper_vectors("c2sp_note"), "vkey");
    CHECK(fl_verify(directory, &options, &report, NULL) == FL_E_DAMAGED, "another key");
    helper_remove(directory);
}

FL_TESTS("journal/verify", TEST(tampering_is_named), TEST(every_entry_is_missed),
         TEST(rehashed_entries_are_found), TEST(story_8_4), TEST(every_byte_is_watched),
         TEST(every_part_of_the_file_is_watched), TEST(the_reference_log_verifies_and_its_fork_is_evidence))
