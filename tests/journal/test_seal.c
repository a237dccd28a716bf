/* labels: unit fault   timeout: 120 */
/* The start that does not read 10^7 entries: what it believes, when it does not, and that it learns the same.
 */
#include "check.h"
#include "helper_log.h"
#include "helper_vfs.h"

#include "seal.h"

#include "fadeline/base/random.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

/* Opens, tells whether the whole was verified at it, and closes again (which seals) or is killed (which does
 * not). */
static bool opens_by_seal(const char *directory, helper_clock *clock)
{
    helper_clock_add(clock, 5000000);
    fl_journal *journal = helper_open(directory, clock, FL_JOURNAL_WRITE);
    fl_utc when;
    /* A full verification covers everything but the boot entry, and is of this moment. */
    const bool full =
        fl_journal_verified(journal, &when) == fl_journal_size(journal) - 1 && when.us == clock->utc_us;
    CHECK(full || fl_journal_verified(journal, NULL) < fl_journal_size(journal) - 1, "neither");
    fl_journal_close(journal);
    return !full;
}

static fl_status open_status(const char *directory, helper_clock *clock, bool full, fl_error *error)
{
    fl_journal *journal;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE,
                                        .simulated = true,
                                        .clock = &clock->clock,
                                        .no_ballast = true,
                                        .full = full};
    const fl_status status = fl_journal_open(directory, &options, &journal, error);
    if (status == FL_OK) fl_journal_close(journal);
    return status;
}

static void make(char directory[FL_PLACE_MAX], helper_clock *clock, uint64_t sessions)
{
    helper_clock_init(clock);
    helper_directory(directory);
    fl_journal *journal = helper_open(directory, clock, FL_JOURNAL_CREATE);
    for (uint64_t i = 0; i < sessions; i++)
        CHECK(helper_session(journal, clock, i + 1, 1 + 40 * i, 41207 + 40 * i, 40) == FL_OK, "session");
    fl_journal_close(journal);
}

/* A killed process: the child opens, writes and is gone without closing. */
static void killed(const char *directory, helper_clock *clock)
{
    const pid_t child = fork();
    if (child == 0) {
        helper_open(directory, clock, FL_JOURNAL_WRITE);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void a_good_end_is_believed_and_a_bad_one_is_not(void)
{
    char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX];
    helper_clock clock;
    make(directory, &clock, 8);
    CHECK(opens_by_seal(directory, &clock) && opens_by_seal(directory, &clock), "closed well");
    killed(directory, &clock);
    CHECK(!opens_by_seal(directory, &clock), "killed: all of it is verified");
    CHECK(opens_by_seal(directory, &clock), "and then it has a good end again");
    helper_tamper(directory, "DELETE FROM seal");
    CHECK(!opens_by_seal(directory, &clock), "no seal");
    helper_tamper(directory, "DROP TABLE seal"); /* as a program before seals left it */
    CHECK(!opens_by_seal(directory, &clock) && opens_by_seal(directory, &clock), "a log older than seals");
    CHECK(open_status(directory, &clock, true, NULL) == FL_OK, "on demand");
    /* Yesterday's seal under today's log. */
    helper_directory(copy);
    helper_copy(directory, copy);
    CHECK(opens_by_seal(directory, &clock), "a day passes");
    char sql[2 * FL_PLACE_MAX];
    snprintf(sql, sizeof sql,
             "ATTACH '%s/journal.db' AS old; DELETE FROM seal; INSERT INTO seal SELECT * FROM old.seal",
             copy);
    helper_tamper(directory, sql);
    fl_verify_report report;
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_OK, "an old seal says nothing: %s", report.what);
    CHECK(!opens_by_seal(directory, &clock) && opens_by_seal(directory, &clock), "nor is it believed");
    helper_remove(copy);
    helper_remove(directory);
}

/* The disk failed while it was open: there is no seal, whatever was closed afterwards. */
static void a_failed_sync_means_everything(void)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    helper_vfs_register();
    for (unsigned n = 2; n < 14; n++) {
        make(directory, &clock, 1);
        fl_journal *journal = NULL;
        fl_entry entry;
        helper_vfs_set(HELPER_EIO_SYNC, n);
        const fl_journal_options options = {.mode = FL_JOURNAL_WRITE,
                                            .simulated = true,
                                            .clock = &clock.clock,
                                            .no_ballast = true,
                                            .vfs = HELPER_VFS};
        bool failed = fl_journal_open(directory, &options, &journal, NULL) != FL_OK;
        for (uint64_t i = 0; i < 6 && !failed; i++) {
            helper_counter(&entry, 50000 + i);
            failed = fl_journal_append(journal, &entry, 1, NULL) != FL_OK;
        }
        fl_journal_close(journal);
        const bool fired = helper_vfs_fired();
        helper_vfs_set(HELPER_NONE, 0);
        if (failed) CHECK(fired && !opens_by_seal(directory, &clock), "sync %u failed and was forgotten", n);
        helper_remove(directory);
    }
}

/* Whatever a bit of the seal says, the log opens as it is or says that it is damaged; never anything else. */
static void no_bit_of_the_seal_can_lie(void)
{
    char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    helper_clock clock;
    make(directory, &clock, 2);
    snprintf(path, sizeof path, "%s/journal.db", directory);
    sqlite3 *db;
    sqlite3_stmt *get = NULL;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "SELECT note FROM seal", -1, &get, NULL) == SQLITE_OK &&
              sqlite3_step(get) == SQLITE_ROW,
          "the seal");
    char *note = strdup((const char *)sqlite3_column_text(get, 0));
    sqlite3_finalize(get);
    sqlite3_close(db);
    fl_vkey key;
    fl_note opened;
    fl_seal seal;
    fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_READ);
    CHECK(fl_vkey_read(fl_journal_vkey(journal), &key) == FL_OK, "key");
    fl_journal_close(journal);
    const size_t size = strlen(note);
    CHECK(fl_note_open(note, size, &key, 1, &opened) == FL_OK &&
              fl_seal_read(opened.text, opened.text_size, &seal) == FL_OK,
          "reads");
    fl_counters_fini(&seal.state.counters);
    unsigned taken = 0, tried = 0;
    for (size_t at = 0; at < size; at++)
        for (int bit = 0; bit < 8; bit++, tried++) {
            note[at] ^= (char)(1 << bit);
            if (fl_note_open(note, size, &key, 1, &opened) == FL_OK) taken++;
            /* And with the signature made good: only the one text of what it says is read. */
            if (at < opened.text_size && fl_seal_read(note, opened.text_size, &seal) == FL_OK) {
                char again[FL_SEAL_MAX];
                size_t length;
                if (fl_seal_text(&seal, again, sizeof again, &length) != FL_OK ||
                    length != opened.text_size || memcmp(again, note, length) != 0)
                    taken++;
                fl_counters_fini(&seal.state.counters);
            }
            note[at] ^= (char)(1 << bit);
        }
    CHECK(!taken && tried > 4000, "%u of %u flips taken", taken, tried);
    helper_directory(copy);
    helper_copy(directory, copy);
    helper_tamper(copy,
                  "UPDATE seal SET note=replace(note,'SIM','SIN')"); /* hex of the id stays: the origin */
    helper_tamper(copy, "UPDATE seal SET note=replace(note,'newest 1 ','newest 2 ')");
    fl_verify_report report;
    CHECK(fl_verify(copy, NULL, &report, NULL) == FL_E_DAMAGED, "verify says so: %s", report.what);
    CHECK(open_status(copy, &clock, false, NULL) == FL_E_DAMAGED, "and so does opening");
    free(note);
    helper_remove(copy);
    helper_remove(directory);
}

static void damage(char *sql, size_t size, bool removes, uint64_t index)
{
    if (removes)
        snprintf(sql, size, "DELETE FROM entry WHERE idx=%llu", (unsigned long long)index);
    else
        snprintf(sql, size,
                 "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'\"v\":1','\"v\":2') AS BLOB) WHERE "
                 "idx=%llu",
                 (unsigned long long)index);
}

/* The end is read at every start; the middle is what `verify` and the hub are for, and options.full. */
static void what_a_changed_entry_meets(void)
{
    char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX], sql[512];
    helper_clock clock;
    make(directory, &clock, 16); /* about 1,310 entries */
    fl_verify_report report;
    CHECK(fl_verify(directory, NULL, &report, NULL) == FL_OK && report.entries > 1200, "%s", report.what);
    const uint64_t newest = report.entries - 1;
    for (size_t h = 0; h < 2; h++)
        for (uint64_t back = 0; back < 256; back += 51) {
            fl_error error = {0};
            helper_directory(copy);
            helper_copy(directory, copy);
            damage(sql, sizeof sql, h == 1, newest - back);
            helper_tamper(copy, sql);
            CHECK(fl_verify(copy, NULL, &report, NULL) == FL_E_DAMAGED && report.first_bad == newest - back,
                  "%s", report.what);
            CHECK(open_status(copy, &clock, false, &error) == FL_E_DAMAGED, "entry %llu from the end",
                  (unsigned long long)back);
            helper_remove(copy);
        }
    helper_directory(copy);
    helper_copy(directory, copy);
    damage(sql, sizeof sql, false, 40);
    helper_tamper(copy, sql);
    CHECK(open_status(copy, &clock, true, NULL) == FL_E_DAMAGED, "a full opening reads the middle");
    CHECK(open_status(copy, &clock, false, NULL) == FL_OK, "the quick one does not");
    fl_journal *journal = helper_open(copy, &clock, FL_JOURNAL_WRITE);
    const char *bytes;
    size_t size;
    CHECK(fl_journal_read(journal, 39, &bytes, &size) == FL_OK &&
              fl_journal_read(journal, 40, &bytes, &size) == FL_E_DAMAGED,
          "but nobody reads it as good");
    fl_journal_close(journal);
    CHECK(fl_verify(copy, NULL, &report, NULL) == FL_E_DAMAGED && report.first_bad == 40, "%s", report.what);
    helper_remove(copy);
    helper_remove(directory);
}

static bool same_state(const fl_journal *a, const fl_journal *b)
{
    bool same = a->tree.size == b->tree.size && a->tree.peaks == b->tree.peaks &&
                memcmp(a->tree.peak, b->tree.peak, a->tree.peaks * sizeof *a->tree.peak) == 0 &&
                a->boot == b->boot && a->signed_size == b->signed_size &&
                a->wall_minus_boot == b->wall_minus_boot && a->counters.count == b->counters.count &&
                a->counters.last_sid == b->counters.last_sid && a->counters.grants == b->counters.grants &&
                a->counters.pulses == b->counters.pulses && a->counters.unknowns == b->counters.unknowns;
    for (size_t i = 0; same && i < a->counters.count; i++) {
        const fl_counter_state *x = &a->counters.list[i], *y = &b->counters.list[i];
        same = strcmp(x->dev, y->dev) == 0 && x->known == y->known && x->ctr == y->ctr && x->gid == y->gid &&
               x->outstanding == y->outstanding && x->unknown == y->unknown &&
               x->in_session == y->in_session && x->manual == y->manual && x->in_zone == y->in_zone &&
               x->zoned == y->zoned && x->sid == y->sid && x->pulses == y->pulses &&
               x->grant_sid == y->grant_sid;
    }
    return same;
}

/* One thing a laser may say, by chance; the journal refuses what the rules do not allow. */
static void say_something(fl_entry *entry, fl_random *chance, uint64_t *gid)
{
    static const char *const lasers[] = {HELPER_DEVICE, "SIM two\x01\n", "SIM-\xC3\xA9", "S"};
    const char *dev = lasers[fl_random_u64(chance) % 4];
    const uint64_t ctr = 41207 + fl_random_u64(chance) % 3, sid = 1 + fl_random_u64(chance) % 5;
    static const fl_kind kinds[] = {
        FL_KIND_GRANT,        FL_KIND_PULSE, FL_KIND_PULSE_UNKNOWN, FL_KIND_RECON,         FL_KIND_COUNTER,
        FL_KIND_SESSION_OPEN, FL_KIND_ZONE,  FL_KIND_PULSES,        FL_KIND_SESSION_CLOSE, FL_KIND_SERVICE};
    const fl_kind kind = kinds[fl_random_u64(chance) % (sizeof kinds / sizeof *kinds)];
    fl_entry_begin(entry, kind);
    fl_entry_device(entry, dev, true);
    *gid += kind == FL_KIND_GRANT;
    for (const char *at = fl_kind_fields(kind); *at;) {
        const size_t length = strcspn(at, " ");
        char key[40];
        snprintf(key, sizeof key, "%.*s", (int)length, at);
        at += length + (at[length] == ' ');
        if (strcmp(key, "dev") == 0) continue;
        if (strcmp(key, "gid") == 0)
            fl_entry_count(entry, key, *gid);
        else if (strcmp(key, "sid") == 0)
            fl_entry_count(entry, key, sid);
        else if (strncmp(key, "ctr", 3) == 0)
            fl_entry_count(entry, key, ctr);
        else if (strcmp(key, "delivered") == 0 || strcmp(key, "pulses") == 0)
            fl_entry_count(entry, key, fl_random_u64(chance) % 2);
        else if (strstr(key, "_uJ") || strstr(key, "_um") || strstr(key, "_nm"))
            fl_entry_int(entry, key, 1);
        else if (strcmp(key, "old") == 0 || strcmp(key, "new") == 0)
            fl_entry_count(entry, key, ctr);
        else
            fl_entry_text(entry, key, "x");
    }
    if (kind == FL_KIND_ZONE) fl_entry_count(entry, "ctr", ctr);
    if (kind == FL_KIND_SESSION_OPEN && fl_random_u64(chance) % 2) fl_entry_int(entry, "man", 1);
}

/* A start by the seal and a start by every entry leave the same journal, in every state a laser was left in.
 */
static void both_ways_learn_the_same(void)
{
    fl_random chance;
    fl_random_init(&chance, 271828, 6);
    unsigned taken = 0, outstanding = 0, in_zone = 0, different = 0, unsealed = 0;
    for (unsigned round = 0; round < 60; round++) {
        char directory[FL_PLACE_MAX], copy[FL_PLACE_MAX];
        helper_clock clock, twin;
        uint64_t gid = 0;
        fl_entry entry;
        helper_clock_init(&clock);
        helper_directory(directory);
        fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_CREATE);
        for (uint64_t n = fl_random_u64(&chance) % 120; n; n--) {
            helper_clock_add(&clock, (int64_t)(fl_random_u64(&chance) % 900000));
            say_something(&entry, &chance, &gid);
            taken += fl_journal_append(journal, &entry, 1, NULL) == FL_OK;
        }
        for (size_t i = 0; i < journal->counters.count; i++) {
            outstanding += journal->counters.list[i].outstanding;
            in_zone += journal->counters.list[i].in_zone;
        }
        fl_journal_close(journal);
        helper_directory(copy);
        helper_copy(directory, copy);
        helper_tamper(copy, "DELETE FROM seal");
        twin = clock;
        twin.clock.self = &twin;
        fl_journal *quick = helper_open(directory, &clock, FL_JOURNAL_WRITE);
        fl_journal *whole = helper_open(copy, &twin, FL_JOURNAL_WRITE);
        unsealed += fl_journal_verified(quick, NULL) == fl_journal_size(quick) - 1;
        different += !same_state(quick, whole);
        fl_journal_close(quick);
        fl_journal_close(whole);
        helper_remove(directory);
        helper_remove(copy);
    }
    CHECK(!different && !unsealed && taken > 600 && outstanding > 10 && in_zone > 3,
          "%u differ, %u unsealed; %u entries, %u outstanding, %u zones open", different, unsealed, taken,
          outstanding, in_zone);
}

FL_TESTS("journal/seal", TEST(a_good_end_is_believed_and_a_bad_one_is_not),
         TEST(a_failed_sync_means_everything), TEST(no_bit_of_the_seal_can_lie),
         TEST(what_a_changed_entry_meets), TEST(both_ways_learn_the_same))
