/* Killers: the project's own tests, linked against a shared library made of the one source that is mutated.
 *
 * A mutant is compiled into a library of the same name in a directory of its own, and the killers run with
 * that directory first in the library path. The first complaint of a test ends it: killed. All silent: alive.
 * An alive mutant whose machine code at -O2 is that of the original cannot be told apart by any test: equal.
 */
#ifndef FL_TESTS_MUTATION_HELPER_KILLERS_H
#define FL_TESTS_MUTATION_HELPER_KILLERS_H

#include "helper_mutants.h"

#include <stdbool.h>

typedef struct killer {
    const char *program; /* in FL_BUILD_DIR/tests */
    const char *tests;   /* part of the names of the tests to run, NULL for all */
} killer;

typedef struct victim {
    const char *source; /* "step": src/interlock/step.c, libfl_mutable_step.so */
    killer killers[4];  /* in the order they are asked; ends with a NULL program */
} victim;

enum { MUTANT_ALIVE = -1, MUTANT_EQUAL = -2, MUTANT_STILLBORN = -3, MUTANT_NOT_RUN = -4 };

/* fates[i] becomes the index of the killer, or one of the above, for each i with wanted[i]. Two at a time. */
void killers_run(const victim *v, const mutants *all, const bool *wanted, int *fates);
/* The source as it stands, through the same machinery: MUTANT_ALIVE when no killer complains, as it should
 * be. */
int killers_run_original(const victim *v, const char *source);

#endif
