/* What the journal tests share: a temporary directory, a clock that is told what time it is, and a small log.
 */
#ifndef FL_TESTS_JOURNAL_HELPER_LOG_H
#define FL_TESTS_JOURNAL_HELPER_LOG_H

#include "fadeline/journal/verify.h"

typedef struct helper_clock {
    fl_clock clock;
    int64_t now_us, utc_us;
} helper_clock;

void helper_clock_init(helper_clock *clock);
void helper_clock_add(helper_clock *clock, int64_t us); /* both hands */

/* Under $TMPDIR; removed with everything in it by helper_remove. */
char *helper_directory(char room[FL_PLACE_MAX]);
void helper_remove(const char *directory);
void helper_copy(const char *from, const char *to); /* the files of a directory */

/* A simulated journal with the test key. Asserts. */
fl_journal *helper_open(const char *directory, helper_clock *clock, fl_journal_mode mode);
#define HELPER_DEVICE "SIM-0007"
void helper_counter(fl_entry *entry, uint64_t ctr);
void helper_session_open(fl_entry *entry, uint64_t sid, uint64_t ctr);
void helper_session_close(fl_entry *entry, uint64_t sid, uint64_t ctr, uint64_t pulses);
void helper_grant(fl_entry *entry, uint64_t gid, uint64_t ctr, uint64_t sid);
void helper_pulse(fl_entry *entry, uint64_t gid, uint64_t ctr, uint64_t sid);
/* A session of `pulses` pulses from counter `ctr`; returns FL_OK or the first failure. */
fl_status helper_session(fl_journal *journal, helper_clock *clock, uint64_t sid, uint64_t gid, uint64_t ctr,
                         unsigned pulses);

/* Runs SQL on the database behind the journal's back, triggers dropped. */
void helper_tamper(const char *directory, const char *sql);
/* A whole file, ended with 0; free it. */
char *helper_file(const char *path, size_t *size);

#endif
