/* Explore: breadth first over packed states. The set is an array of keys with the number of the state each
 * was first reached from, and a table of their numbers; a counterexample is read back from the parents and
 * printed move by move.
 *
 *     explored e;
 *     const explore_limits limits = { .states = 20000000, .calm_every = 64 };
 *     explore(&model, &limits, &e);
 *     if (e.found) explore_print(&model, &e, stdout);
 *     explore_free(&e);
 */
#ifndef FL_TESTS_PRODUCT_HELPER_EXPLORE_H
#define FL_TESTS_PRODUCT_HELPER_EXPLORE_H

#include "helper_model.h"

#include <stdio.h>

typedef struct explore_limits {
    uint32_t states;     /* stop there */
    uint32_t calm_every; /* every so many states the adversary stops, and STANDBY must come; 0: never */
    const product *from; /* start here; NULL: everything off */
} explore_limits;

typedef struct explored {
    uint32_t states, expanded;
    uint64_t transitions;
    unsigned depth; /* whole levels */
    bool exhausted;
    uint32_t calm; /* states from which the way back was tried */
    double seconds;
    double bytes_a_state;
    breach found;
    uint32_t found_from;
    char found_move[80];
    uint64_t pulses_seen; /* transitions in which the laser fired */
    uint32_t modes_seen;  /* bit per state of the interlock */
    product_key *keys;
    uint32_t *parent, *table;
    uint64_t table_size; /* power of two */
    uint32_t room;
} explored;

void explore(const model *m, const explore_limits *limits, explored *e);
/* The first state with a grant just sent, three dozen moves from the start: what is near it is what matters.
 */
product explore_first_sent(const model *m);
void explore_free(explored *e);
void explore_print_figures(const explored *e, const char *name);     /* one line */
unsigned explore_print(const model *m, const explored *e, FILE *to); /* the trace; its length */

#endif
