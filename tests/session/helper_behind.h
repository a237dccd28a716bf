/* Behind: the twin of a laser that runs by itself, behind the gate of a world, on a second wire of memory and
 * on the world's time. The gate's pulses trigger it.
 *
 *     static world w;
 *     behind b;
 *     behind_open(&b, "microjewel", "microjewel", faults);       // faults: NULL at the end; cues are words
 * heard world_open_behind(&w, HELPER_NO_TESTS, &b.hook); world_ready(&w, "MID"); CHECK(behind_count(&b,
 * ";LA:FL 0") == 0, ...);             // what the host said to it world_close(&w); behind_close(&b);
 */
#ifndef FL_TESTS_SESSION_HELPER_BEHIND_H
#define FL_TESTS_SESSION_HELPER_BEHIND_H

#include "helper_world.h"

typedef struct behind {
    world_behind hook;
    struct behind_inside *inside;
    char said[262144]; /* all that the host wrote, in order */
    size_t said_size;
    bool cut; /* nothing arrives on either side, and the carrier knows nothing of it */
} behind;

void behind_open(behind *b, const char *speaker, const char *dialect, const char *const *faults);
void behind_close(behind *b);
void behind_panel(behind *b,
                  const char *bytes); /* somebody says this at the laser itself; its answer is lost */
void behind_pull(behind *b);          /* the carrier sees the line go */
int behind_count(const behind *b, const char *text); /* in what was said */
uint64_t behind_shots(const behind *b);
void behind_set_shots(behind *b, uint64_t shots);

#endif
