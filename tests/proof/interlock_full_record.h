/* What was enumerated last: proven.txt beside this file holds the SHA-256 over every source that decides, and
 * over the loops that proved it. Equal digest: the run need not be repeated. Another digest: nothing is
 * known. */
#ifndef FL_TESTS_PROOF_INTERLOCK_FULL_RECORD_H
#define FL_TESTS_PROOF_INTERLOCK_FULL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digest of the sources as they stand, in hex. */
void record_of_sources(char hex[65]);
/* Does proven.txt say that this digest was proved, with these numbers? */
bool record_says(const char *hex, uint64_t pairs, uint64_t permits, uint64_t tokens);
bool record_write(const char *hex, uint64_t pairs, uint64_t permits, uint64_t tokens,
                  double processor_seconds);

/* One of our headers that a source of the list includes and that is not in the list itself; NULL when all
 * are. */
const char *record_is_incomplete(void);

#endif
