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

FL_TESTS("journal/journal", TEST(a_session_is_written_and_verified))
