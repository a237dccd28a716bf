/* Ledger: what a journal says about the pulses, added up here a second time, without the library's own
 * counters, and compared with what the laser itself counts.
 *
 * Each grant has exactly one end: a pulse, or a recon with delivered 0 or 1; after pulse.unknown only a
 * recon. Nothing may be left over: the laser's counter is the number of pulses and delivered recons.
 */
#ifndef FL_TESTS_DISTURB_HELPER_LEDGER_H
#define FL_TESTS_DISTURB_HELPER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ledger {
    uint64_t next;     /* entry to be read next */
    bool open, doubts; /* a grant without its end; and pulse.unknown was written */
    uint64_t gid;      /* of that grant */
    uint64_t grants, pulses, unknowns, delivered, undelivered;
    int64_t unexplained;                /* pulses that only a counter reading knows of */
    uint64_t outcomes;                  /* entries that tell of a disturbance, in the newest reading */
    uint64_t steps, lows, closed_later; /* clock.step, disk.low, sessions closed after an interruption */
    char fault[250];                    /* what broke the arithmetic first; empty: nothing */
} ledger;

/* Reads what has come since. false: it cannot be read now (`fault` says why when that is for good). */
bool ledger_read(ledger *l, const char *journal);

/* The highest of the two slots in the memory of the virtual laser; 0 when there is none. */
uint64_t ledger_laser(const char *state);

/* Everything: the journal verifies, its arithmetic holds, nothing is open, and the laser counts the same. A
 * sentence in `fault` when not; empty when all is well. */
void ledger_close(ledger *l, const char *journal, const char *state, bool may_be_open);

#endif
