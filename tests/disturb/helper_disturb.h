/* Disturb: many lanes, and at random instants of each something happens to one of its parts. */
#ifndef FL_TESTS_DISTURB_HELPER_DISTURB_H
#define FL_TESTS_DISTURB_HELPER_DISTURB_H

#include "helper_kinds.h"

typedef struct disturb_options {
    unsigned lanes, instants; /* in all lanes together */
    uint64_t seed;
    bool even; /* all kinds alike, instead of by weight */
    const char
        *only;   /* kinds whose names stand in it, one after another: "cable pulled, laser lost"; NULL: all */
    int minutes; /* no instant begins later; 0: no end but the number */
    bool progress; /* a line a minute on standard error */
} disturb_options;

typedef struct disturb_row { /* of one kind */
    unsigned instants, armed, firing;
    unsigned died, faulted, dropped, went_on;
    unsigned told;       /* of those that were armed and are not any more */
    unsigned silent;     /* and nobody was told */
    unsigned met;        /* a call met the fault */
    unsigned broken;     /* the promise of the kind */
    uint64_t most_after; /* pulses after */
    unsigned over;       /* how often that was more than one */
    uint64_t outcomes;   /* entries in the journal until the next instant */
} disturb_row;

typedef struct disturb_result {
    disturb_row rows[KIND_COUNT], sum;
    unsigned starts, by_itself;    /* control processes; those that ended with nothing done to them */
    unsigned services, lines_seen; /* service faults signed off; a disturbed line confirmed by reset */
    uint64_t grants, pulses, delivered, undelivered, unknowns, steps, lows, closed_later;
    unsigned lanes_good;
    int64_t took_ms;
    char fault[300];
} disturb_result;

void disturb_run(const disturb_options *options, disturb_result *result);
void disturb_print(const disturb_result *result);

/* One instant on one lane, added to *row. For tests that disturb by hand. */
void disturb_once(lane *l, const kind *what, disturb_row *row);

#endif
