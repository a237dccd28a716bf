/* Plays a speaker on an open carrier until told to end, or until it is yanked. A program's part: tests drive
 * the speaker itself. */
#ifndef TWIN_SPEAK_PLAY_H
#define TWIN_SPEAK_PLAY_H

#include "speak.h"

#include <signal.h>

/* FL_OK when told to end, FL_E_DEVICE when it was yanked. */
FL_MUST_USE fl_status speak_play(const speaker *who, void *self, twin_carrier *carrier,
                                 const volatile sig_atomic_t *end);

#endif
