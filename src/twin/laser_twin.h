/* What virtual lasers with a protocol of their own share beyond their line: a counter that survives. Words
 * belong to speak_<protocol>.c. Nothing here fires on its own initiative, and all of it is simulated.
 *
 * A laser's struct begins with this:
 *
 *     typedef struct pilas { laser_twin laser; ... } pilas;
 *     static void obey(void *self, char *text) { pilas *p = self; laser_twin_word(&p->laser); ... }
 */
#ifndef TWIN_LASER_TWIN_H
#define TWIN_LASER_TWIN_H

#include "speak_line.h"

#define LASER_FAULT_HELP                                                                                     \
    SPEAK_FAULT_HELP                                                                                         \
    "  late=MS                       one answer so much later, and the others behind it\n"                   \
    "  jump=N bit=N open             its counter jumps; a bit of its status, or this state; its "            \
    "interlock\n" SPEAK_CUE_HELP("word")

typedef struct laser_twin {
    speak_line line;
    uint64_t shots;
    const char *state; /* file, or NULL */
    uint64_t kept_shots, kept_ms;
} laser_twin;

/* So many bytes of zeros that begin with a laser_twin; NULL: *error says why. */
FL_MUST_USE void *laser_twin_make(size_t size, const speak_options *options, fl_error *error);
void laser_twin_free(void *self);
bool laser_twin_tick(laser_twin *laser, uint64_t now_ms); /* false: yanked */
void laser_twin_word(laser_twin *laser);                  /* one more was heard: before it is obeyed */
bool laser_twin_has(const laser_twin *laser, speak_fault_kind kind);
uint64_t laser_twin_bits(const laser_twin *laser);             /* of bit=N; 0: none */
int laser_twin_status(const laser_twin *laser, int otherwise); /* of bit=N, where the status is one number */
void laser_twin_flash(laser_twin *laser);                      /* a pulse; a dead one gives none */

#endif
