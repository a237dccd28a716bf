/* Trace: which test stands against which hazard, read from the tests themselves.
 *
 * The tag is one line directly above a test function, below its comment:
 *
 *     (comment: what the test shows)
 *     (slash)* hazards: H01 H15 *(slash)
 *     static void a_door_opens_on_the_way(void)
 *
 * A tag counts only where the function runs: it must be in FL_TESTS of that very file, and the file must be
 * a tests/<module>/test_<thing>.c, which the build finds by name. Anything that looks like a tag and is none
 * is a fault, so that nobody believes in a test that is not there.
 */
#ifndef FL_TESTS_HAZARDS_HELPER_TRACE_H
#define FL_TESTS_HAZARDS_HELPER_TRACE_H

#include "helper_table.h"

#define TRACE_TAGS 24 /* hazards of one test */

typedef struct traced_test {
    char file[128]; /* from the root of the repository */
    char function[96];
    char *shows; /* its comment as one line; empty when it has none */
    unsigned line;
    bool slow;
    char hazards[TRACE_TAGS][8];
    size_t hazard_count;
} traced_test;

typedef struct trace {
    traced_test *tests; /* with at least one tag, by file and line */
    size_t count, room;
    size_t files, functions; /* test files seen, and test functions listed in them */
} trace;

/* Reads every tests/<module>/<name>.c below root; what is wrong with a tag is added to faults. */
void trace_read(trace *t, const char *root, fl_faults *faults);
void trace_free(trace *t);
/* Tags that name no row. */
void trace_judge(const trace *t, const hazard_table *table, fl_faults *faults);
/* Number of tests of this hazard; `everyday` counts only those that run every day. */
size_t trace_count(const trace *t, const char *id, bool everyday);
bool trace_has(const traced_test *test, const char *id);

#endif
