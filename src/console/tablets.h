/* Tablets: which devices elsewhere may do more than look on.
 *
 * Whoever stands at this machine asks for a code, reads it out, and it is typed on the tablet: once, within
 * ten minutes, and five wrong tries end it. The tablet then carries a cookie of 256 random bits; of it only a
 * hash is kept, until the console ends or all tablets are forgotten. Safe from any thread.
 */
#ifndef FL_CONSOLE_TABLETS_H
#define FL_CONSOLE_TABLETS_H

#include "fadeline/base/clock.h"

#include <stdbool.h>
#include <stddef.h>

#define TABLETS_MOST 8
#define TABLET_CODE (8 + 1)
#define TABLET_COOKIE (2 * 32 + 1)
#define TABLET_CODE_MS (10 * 60 * 1000)
#define TABLET_TRIES 5

typedef struct tablets tablets;

tablets *tablets_new(const fl_clock *clock); /* NULL: no memory */
void tablets_free(tablets *all);

/* A new code; the one before is worth nothing any more. false: no randomness. */
bool tablets_make_code(tablets *all, char code[TABLET_CODE]);
/* The code that waits for its tablet; false: none does. */
bool tablets_code(tablets *all, char code[TABLET_CODE]);
/* true: this was it; the cookie is for the tablet, and the code is used up. */
bool tablets_pair(tablets *all, const char *code, char cookie[TABLET_COOKIE]);
bool tablets_knows(tablets *all, const char *cookie); /* NULL is nobody's */
size_t tablets_count(tablets *all);
void tablets_forget(tablets *all);

#endif
