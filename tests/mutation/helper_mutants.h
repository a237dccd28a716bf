/* Mutants: every single edit of a C source that a list of operators gives.
 *
 *     mutants all;
 *     mutants_of(text, "step.c", &all);
 *     for (size_t i = 0; i < all.count; i++) mutant_write(&all, i, file);    // the source with one edit
 *     mutants_free(&all);
 *
 * The operators work on tokens: comparison, logic, bit and arithmetic operators swapped; negations dropped
 * and added; conditions made constant; operands of && || | & left out; branches of ?: exchanged; statements,
 * cases and initialisers deleted; numbers, truths and the words of the interlock (modes, flags, codes,
 * fields) replaced by their neighbours. An edit that does not compile is harmless: it is counted apart.
 *
 * A mutant is named by file, function, the text of its line and its edit, never by a line number, so that the
 * name survives changes elsewhere.
 */
#ifndef FL_TESTS_MUTATION_HELPER_MUTANTS_H
#define FL_TESTS_MUTATION_HELPER_MUTANTS_H

#include <stddef.h>
#include <stdio.h>

typedef struct mutant {
    size_t at, length; /* what is replaced */
    char *with;
    char *name;
} mutant;

typedef struct mutants {
    const char *source; /* kept by the caller */
    size_t count, room;
    mutant *all;
} mutants;

void mutants_of(const char *source, const char *file, mutants *out);
void mutant_write(const mutants *all, size_t i, FILE *file);
void mutants_free(mutants *all);

#endif
