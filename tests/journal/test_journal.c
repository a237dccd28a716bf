/* labels: unit fault   timeout: 120 */
#include "check.h"
#include "helper_log.h"

#include "fadeline/base/text.h"

#include <sys/stat.h>
#include <unistd.h>

static void a_session_is_written_and_verified(void)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    fl_verify_report report;
    helper_clock_init(&clock);
    helper_directory(directory);
    fl_journal *journal = helper_open(directory, &clock, FL_JOURNAL_CREATE);
    CHECK(fl_journal_size(journal) == 2, "log.open and boot, not %llu",
          (unsigned long long)fl_journal_size(journal));
    CHECK(helper_session(journal, &clock, 1, 41, 41207, 17) == FL_OK, "session refused");
    CHECK(fl_journal_size(journal) == 2 + 2 + 34, "size %llu", (unsigned long long)fl_journal_size(journal));
    const fl_hash root = fl_journal_root(journal);
    fl_error error = {0};
    CHECK(fl_verify(directory, NULL, &report, &error) == FL_OK, "while it is open: %s", error.what);
    CHECK(fl_hash_same(&report.root, &root), "roots differ");
    CHECK(report.pulses == 17 && report.grants == 17 && report.unknowns == 0, "%llu pulses",
          (unsigned long long)report.pulses);
    CHECK(report.signed_size == report.entries, "a session close is signed");
    fl_journal_close(journal);
    CHECK(fl_verify(directory, NULL, &report, &error) == FL_OK, "after it: %s", error.what);
    CHECK(report.entries == 39 && report.simulated, "%llu entries", (unsigned long long)report.entries);
    CHECK_TEXT(report.what, "all 39 entries match", "finding");
    helper_remove(directory);
}

typedef struct desk { /* one open journal and what it stands on */
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    fl_journal *journal;
    uint64_t free_bytes;
    fl_space space;
} desk;

static uint64_t free_bytes(void *self, const char *directory)
{
    (void)directory;
    return ((desk *)self)->free_bytes;
}

static void desk_open(desk *d)
{
    fl_error error = {0};
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = true,
                                        .clock = &d->clock.clock,
                                        .space = &d->space,
                                        .no_ballast = true};
    CHECK(fl_journal_open(d->directory, &options, &d->journal, &error) == FL_OK, "%s", error.what);
}

static void desk_init(desk *d)
{
    *d = (desk){.free_bytes = 1 << 30};
    d->space = (fl_space){free_bytes, d};
    helper_clock_init(&d->clock);
    helper_directory(d->directory);
    desk_open(d);
}

static void desk_fini(desk *d)
{
    fl_journal_close(d->journal);
    helper_remove(d->directory);
}

/* What no verification would accept is refused before it is written, with the rule or the field. */
/* hazards: H11 */
static void bad_entries_are_refused(void)
{
    desk d;
    desk_init(&d);
    fl_entry entries[2];
    helper_session_open(&entries[0], 1, 500);
    helper_grant(&entries[1], 41, 500, 1);
    CHECK(fl_journal_append(d.journal, entries, 2, NULL) == FL_OK, "a batch");
    const uint64_t size = fl_journal_size(d.journal);
    const fl_hash root = fl_journal_root(d.journal);
    for (int i = 0; i < 14; i++) {
        fl_entry e;
        const char *want = "rule";
        fl_status status = FL_E_RANGE;
        switch (i) {
        case 0: helper_grant(&e, 42, 500, 1); break; /* one is outstanding */
        case 1: helper_pulse(&e, 40, 501, 1); break; /* another grant */
        case 2: helper_pulse(&e, 41, 502, 1); break; /* two pulses for one grant */
        case 3: helper_pulse(&e, 41, 500, 1); break; /* none */
        case 4: helper_session_close(&e, 1, 500, 1), want = "closes with"; break;
        case 5: fl_entry_begin(&e, FL_KIND_PULSE), want = "missing"; break;
        case 6: helper_counter(&e, 9), fl_entry_int(&e, "energy", 1), want = "unit"; break;
        case 7: helper_counter(&e, 9), fl_entry_int(&e, "boot", 1), want = "twice"; break;
        case 8:
            fl_entry_begin(&e, FL_KIND_COUNTER), want = "simulated";
            fl_entry_text(&e, "dev", "SIM-1"), fl_entry_int(&e, "ctr", 1);
            break;
        case 9:
            fl_entry_begin(&e, FL_KIND_COUNTER), want = "real device", status = FL_E_REFUSED;
            fl_entry_device(&e, "PW-1", false), fl_entry_int(&e, "ctr", 1);
            break;
        case 10:
        case 11:
        case 12:
        default:
            fl_entry_begin(&e, i == 13 ? FL_KIND_PULSE_UNKNOWN : FL_KIND_RECON);
            fl_entry_device(&e, HELPER_DEVICE, true);
            fl_entry_int(&e, i == 13 ? "ctr" : "ctr_was", i == 10 ? 499 : i == 13 ? 501 : 500);
            fl_entry_int(&e, i == 13 ? "gid" : "ctr_now", i == 13 ? 41 : 501);
            if (i != 13) fl_entry_int(&e, "delivered", i == 11 ? 2 : 1), fl_entry_text(&e, "by", "op:17");
            if (i == 12) fl_entry_int(&e, "energy", 1), want = "unit";
        }
        fl_error error = {0};
        helper_counter(&entries[0], 7);
        entries[1] = e;
        CHECK(fl_journal_append(d.journal, entries, 2, &error) == status, "case %d: %s", i, error.what);
        CHECK(strstr(error.what, want) != NULL, "case %d: '%s' does not say '%s'", i, error.what, want);
        const fl_hash now = fl_journal_root(d.journal);
        CHECK(fl_journal_size(d.journal) == size && fl_hash_same(&root, &now),
              "case %d: half of the batch stayed", i);
    }
    fl_entry good;
    helper_pulse(&good, 41, 501, 1);
    CHECK(fl_journal_append(d.journal, &good, 1, NULL) == FL_OK, "the good one, after all of them");
    desk_fini(&d);
}

/* An unanswered grant: unknown, the process dies, the next start sees it and a person reconciles. */
/* hazards: H11 H55 */
static void an_unknown_pulse_is_reconciled(void)
{
    desk d;
    desk_init(&d);
    fl_entry e[2];
    fl_counter_state state;
    helper_session_open(&e[0], 7, 18446744073709551000u); /* a counter that needs the text form */
    helper_grant(&e[1], 9007199254740993u, 18446744073709551000u, 7);
    CHECK(fl_journal_append(d.journal, e, 2, NULL) == FL_OK, "grant");
    fl_entry_begin(&e[0], FL_KIND_PULSE_UNKNOWN);
    fl_entry_device(&e[0], HELPER_DEVICE, true);
    fl_entry_count(&e[0], "gid", 9007199254740993u);
    fl_entry_count(&e[0], "ctr", 18446744073709551000u);
    CHECK(fl_journal_append(d.journal, e, 1, NULL) == FL_OK, "unknown");
    fl_journal_close(d.journal);
    desk_open(&d);
    CHECK(fl_journal_counter(d.journal, HELPER_DEVICE, &state), "device");
    CHECK(state.outstanding && state.unknown && state.gid == 9007199254740993u &&
              state.ctr == 18446744073709551000u && state.in_session && state.sid == 7,
          "what the next start must know");
    CHECK(!fl_journal_counter(d.journal, "SIM-9", &state) && fl_journal_next_sid(d.journal) == 8, "the rest");
    helper_pulse(&e[0], 9007199254740993u, 18446744073709551001u, 7);
    CHECK(fl_journal_append(d.journal, e, 1, NULL) == FL_E_RANGE, "a pulse after unknown");
    fl_entry_begin(&e[0], FL_KIND_RECON);
    fl_entry_device(&e[0], HELPER_DEVICE, true);
    fl_entry_count(&e[0], "ctr_was", 18446744073709551000u);
    fl_entry_count(&e[0], "ctr_now", 18446744073709551001u);
    fl_entry_int(&e[0], "delivered", 1);
    fl_entry_text(&e[0], "by", "op:17");
    helper_session_close(&e[1], 7, 18446744073709551001u, 1);
    CHECK(fl_journal_append(d.journal, e, 2, NULL) == FL_OK, "recon and close");
    fl_verify_report report;
    CHECK(fl_verify(d.directory, NULL, &report, NULL) == FL_OK && report.pulses == 1 && report.unknowns == 1,
          "%s", report.what);
    desk_fini(&d);
}

/* A counter at its largest value counts no further: a grant there is refused, for its pulse would read as 0.
 * Grant numbers end the same way. */
/* hazards: H55 */
static void counters_end_and_do_not_wrap(void)
{
    desk d;
    desk_init(&d);
    fl_entry e[2];
    fl_error error = {0};
    helper_session_open(&e[0], 7, UINT64_MAX - 1);
    helper_grant(&e[1], UINT64_MAX - 1, UINT64_MAX - 1, 7);
    CHECK(fl_journal_append(d.journal, e, 2, &error) == FL_OK, "the last pulse but one: %s", error.what);
    helper_pulse(&e[0], UINT64_MAX - 1, UINT64_MAX, 7);
    CHECK(fl_journal_append(d.journal, e, 1, &error) == FL_OK, "the last pulse: %s", error.what);
    helper_grant(&e[0], UINT64_MAX, UINT64_MAX, 7);
    helper_pulse(&e[1], UINT64_MAX, 0, 7);
    CHECK(fl_journal_append(d.journal, e, 2, &error) == FL_E_RANGE, "the counter fell to 0");
    CHECK(fl_journal_append(d.journal, e, 1, &error) == FL_E_RANGE, "a grant that nothing can count");
    CHECK(strstr(error.what, "at its end") != NULL, "why: %s", error.what);
    helper_counter(&e[0], 5); /* the laser was exchanged */
    helper_grant(&e[1], UINT64_MAX, 5, 7);
    CHECK(fl_journal_append(d.journal, e, 2, &error) == FL_OK, "the last grant number: %s", error.what);
    helper_pulse(&e[0], UINT64_MAX, 6, 7);
    helper_grant(&e[1], 0, 6, 7);
    CHECK(fl_journal_append(d.journal, e, 2, &error) == FL_E_RANGE, "grant numbers began anew");
    desk_fini(&d);
}

static void one_writer_and_many_readers(void)
{
    desk d;
    desk_init(&d);
    fl_journal *second = NULL, *reader = NULL;
    fl_error error = {0};
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true}, read = {0};
    CHECK(fl_journal_open(d.directory, &write, &second, &error) == FL_E_BUSY && !second,
          "a second writer: %s", error.what);
    CHECK(fl_journal_open(d.directory, &read, &reader, NULL) == FL_OK, "a reader");
    const uint64_t size = fl_journal_size(reader);
    CHECK(helper_session(d.journal, &d.clock, 1, 1, 100, 5) == FL_OK, "writing goes on");
    fl_verify_report report;
    CHECK(fl_verify_journal(reader, NULL, &report, NULL) == FL_OK && report.entries == size,
          "the reader sees its own moment: %s", report.what);
    CHECK(!fl_journal_is_healthy(reader), "a reader is not a journal to fire on");
    fl_journal_close(reader);
    CHECK(fl_journal_open("/nonexistent/journal", &read, &reader, &error) == FL_E_FILE, "nothing there: %s",
          error.what);
    CHECK(fl_journal_open("/nonexistent/journal", &write, &second, &error) == FL_E_FILE, "nothing there: %s",
          error.what);
    desk_fini(&d);
}

/* A simulated pulse never enters a clinic's real journal, nor the reverse. */
/* hazards: H54 */
static void worlds_do_not_mix(void)
{
    desk d;
    desk_init(&d);
    fl_journal_close(d.journal);
    fl_error error = {0};
    fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .no_ballast = true};
    CHECK(fl_journal_open(d.directory, &options, &d.journal, &error) == FL_E_REFUSED,
          "a real session in a SIMULATED journal: %s", error.what);
    char real[FL_PLACE_MAX];
    helper_directory(real);
    options.origin = "SIMULATED/x.example/y";
    CHECK(fl_journal_open(real, &options, &d.journal, &error) == FL_E_REFUSED,
          "a real log with a simulated name: %s", error.what);
    options.origin = "x.example/y";
    CHECK(fl_journal_open(real, &options, &d.journal, &error) == FL_OK, "%s", error.what);
    fl_entry e;
    helper_counter(&e, 41207);
    CHECK(fl_journal_append(d.journal, &e, 1, &error) == FL_E_REFUSED,
          "a virtual pulse in a clinic's record: %s", error.what);
    fl_journal_close(d.journal);
    options.simulated = true;
    options.origin = NULL;
    CHECK(fl_journal_open(real, &options, &d.journal, &error) == FL_E_REFUSED,
          "a simulated session in a real journal: %s", error.what);
    helper_remove(real);
    helper_remove(d.directory);
}

/* Below 64 MiB the journal is not ready, and that is written down. */
/* hazards: H26 */
static void a_full_disk_is_said(void)
{
    desk d;
    desk_init(&d);
    CHECK(fl_journal_is_healthy(d.journal), "1 GiB free");
    d.free_bytes = FL_JOURNAL_ROOM_LOW;
    CHECK(fl_journal_is_healthy(d.journal), "exactly 64 MiB");
    d.free_bytes--;
    CHECK(!fl_journal_is_healthy(d.journal), "one byte less");
    const uint64_t size = fl_journal_size(d.journal);
    CHECK(fl_journal_tick(d.journal, NULL) == FL_OK && fl_journal_tick(d.journal, NULL) == FL_OK, "ticks");
    fl_record record;
    uint64_t told;
    CHECK(fl_journal_size(d.journal) == size + 1, "written down once");
    CHECK(fl_journal_record(d.journal, size, &record) == FL_OK && fl_record_is(&record, FL_KIND_DISK_LOW) &&
              fl_record_count(&record, "free_B", &told) == FL_OK && told == d.free_bytes,
          "disk.low");
    d.free_bytes = 1 << 30;
    CHECK(fl_journal_tick(d.journal, NULL) == FL_OK && fl_journal_is_healthy(d.journal), "room again");
    desk_fini(&d);
}

/* A step of the wall clock, and a start before the newest record. */
/* hazards: H25 */
static void a_clock_that_steps_is_recorded(void)
{
    static const struct {
        const char *what;
        int64_t step_us;
        bool recorded;
    } rows[] = {
        {"2 s", 2000000, false},
        {"just over 2 s", 2000001, true},
        {"back an hour", -3600000000, true},
        {"drift back", -1999999, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk d;
        desk_init(&d);
        fl_entry e;
        const uint64_t size = fl_journal_size(d.journal);
        d.clock.utc_us += rows[i].step_us;
        helper_counter(&e, 41207);
        CHECK(fl_journal_append(d.journal, &e, 1, NULL) == FL_OK, "%s", rows[i].what);
        CHECK((fl_journal_size(d.journal) == size + 2) == rows[i].recorded, "%s: recorded", rows[i].what);
        CHECK((fl_journal_clock_steps(d.journal) == 1) == rows[i].recorded, "%s: remembered", rows[i].what);
        fl_journal_close(d.journal);
        d.clock.utc_us -= 86400000000; /* the next start, a day before the newest record */
        desk_open(&d);
        CHECK(fl_journal_clock_steps(d.journal) == 1, "%s: a start in the past", rows[i].what);
        fl_verify_report report;
        CHECK(fl_verify(d.directory, NULL, &report, NULL) == FL_OK, "%s: %s", rows[i].what, report.what);
        desk_fini(&d);
    }
}

static uint64_t signed_size(const desk *d)
{
    fl_verify_report report;
    return fl_verify(d->directory, NULL, &report, NULL) == FL_OK ? report.signed_size : 0;
}

/* The log is signed after 256 entries, after 5 s and with what must not be lost. */
/* hazards: H45 H58 */
static void checkpoints_come_when_they_must(void)
{
    desk d;
    desk_init(&d);
    fl_entry e;
    uint64_t was = fl_journal_size(d.journal);
    CHECK(fl_journal_checkpoint(d.journal, NULL) == FL_OK && signed_size(&d) == was, "when asked");
    for (int i = 0; i < FL_JOURNAL_UNSIGNED_MAX; i++) {
        CHECK(signed_size(&d) == was || i % 64, "not before");
        helper_counter(&e, 41207 + (uint64_t)i);
        CHECK(fl_journal_append(d.journal, &e, 1, NULL) == FL_OK, "append");
    }
    CHECK(signed_size(&d) == was + FL_JOURNAL_UNSIGNED_MAX, "after 256 entries");
    CHECK(fl_journal_append(d.journal, &e, 1, NULL) == FL_OK, "one more");
    helper_clock_add(&d.clock, FL_JOURNAL_UNSIGNED_US - 1);
    CHECK(fl_journal_tick(d.journal, NULL) == FL_OK && signed_size(&d) == was + FL_JOURNAL_UNSIGNED_MAX,
          "not yet 5 s");
    helper_clock_add(&d.clock, 1);
    CHECK(fl_journal_tick(d.journal, NULL) == FL_OK && signed_size(&d) == fl_journal_size(d.journal),
          "after 5 s");
    fl_entry_begin(&e, FL_KIND_ESTOP);
    fl_entry_text(&e, "cause", "button");
    CHECK(fl_journal_append(d.journal, &e, 1, NULL) == FL_OK && signed_size(&d) == fl_journal_size(d.journal),
          "with an emergency stop");
    desk_fini(&d);
}

/* The key belongs to this machine and this log. */
/* hazards: H44 */
static void a_copy_is_not_written_to(void)
{
    desk d;
    desk_init(&d);
    fl_journal_close(d.journal);
    char path[FL_PLACE_MAX + 32];
    snprintf(path, sizeof path, "%s/install.key", d.directory);
    struct stat about;
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600, "mode of the key");
    size_t size;
    char *good = helper_file(path, &size);
    static const struct {
        const char *what, *line;
        fl_status want;
    } rows[] = {
        {"another machine", "\nmachine ", FL_E_REFUSED},
        {"another disk", "\nfilesystem ", FL_E_REFUSED},
        {"a damaged key", "\nkey PRIVATE+", FL_E_DAMAGED},
    };
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    fl_error error = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *bad = strdup(good);
        char *at = strstr(bad, rows[i].line) + strlen(rows[i].line);
        *at = *at == '3' ? '4' : '3';
        CHECK(fl_place_write(path, bad, size, 0600, NULL) == FL_OK, "write");
        CHECK(fl_journal_open(d.directory, &write, &d.journal, &error) == rows[i].want, "%s: %s",
              rows[i].what, error.what);
        free(bad);
    }
    unlink(path);
    CHECK(fl_journal_open(d.directory, &write, &d.journal, &error) == FL_E_REFUSED, "no key: %s", error.what);
    fl_verify_report report;
    CHECK(fl_verify(d.directory, NULL, &report, NULL) == FL_OK, "a copy without key reads: %s", report.what);
    CHECK(fl_place_write(path, good, size, 0600, NULL) == FL_OK, "put back");
    snprintf(path, sizeof path, "%s/journal.db", d.directory);
    CHECK(truncate(path, 0) == 0, "truncate");
    CHECK(fl_journal_open(d.directory, &write, &d.journal, &error) == FL_E_DAMAGED,
          "an emptied log is no new log: %s", error.what);
    free(good);
    helper_remove(d.directory);
}

FL_TESTS("journal/journal", TEST(a_session_is_written_and_verified), TEST(bad_entries_are_refused),
         TEST(an_unknown_pulse_is_reconciled), TEST(counters_end_and_do_not_wrap),
         TEST(one_writer_and_many_readers), TEST(worlds_do_not_mix), TEST(a_full_disk_is_said),
         TEST(a_clock_that_steps_is_recorded), TEST(checkpoints_come_when_they_must),
         TEST(a_copy_is_not_written_to))
