/* Permits from the real interlock: a core that is kept firing with inputs of its own. Nobody else can make
 * one. */
#ifndef FL_TESTS_LINK_PERMITS_H
#define FL_TESTS_LINK_PERMITS_H

#include "fadeline/interlock/core.h"

typedef struct permits {
    fl_interlock_core *core;
    fl_instant emit;
} permits;

/* A core in OPENING, one tick before its first token. It has lived through the seconds before `now` by
 * itself. */
void permits_init(permits *p, fl_instant now);
void permits_fini(permits *p);
/* One tick of the core on the STAT `frame` asked for at `asked`, at most 30 ms after the last; NULL when no
 * permit is live and young. */
fl_permit *permits_tick(permits *p, fl_instant now, uint32_t frame, fl_instant asked);
/* init and the first tick. */
fl_permit *permits_make(permits *p, fl_instant now, uint32_t frame, fl_instant asked);

#endif
