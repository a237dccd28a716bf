/* Turn: the rhythm of the control process's loop. The loop of control.c and the one of the simulation are
 * made of these steps, so that what is simulated is what ships.
 *
 *     fl_turn turn = fl_turn_begin(conduct, faces, now);
 *     for (;;) {
 *         ... wait until something happens or turn.next_tick ...
 *         fl_conduct_listen(conduct);
 *         const fl_instant now = ...;
 *         if (called || fl_turn_is_due(&turn, now)) fl_turn_serve(&turn, now);
 *         fl_turn_end_if(&turn, now, leave);
 *         if (fl_turn_tick(&turn, now)) ... look at what it did ...
 *         fl_turn_show(&turn, now);
 *     }
 *
 * Never blocks, never allocates.
 */
#ifndef FL_SESSION_TURN_H
#define FL_SESSION_TURN_H

#include "conduct.h"
#include "faces.h"

typedef struct fl_turn {
    fl_conduct *conduct;
    fl_faces *faces;
    fl_instant next_tick;
    fl_instant served; /* when faces were last read and their orders taken */
    fl_instant lonely_since, shown_at;
    fl_mode shown;
} fl_turn;

fl_turn fl_turn_begin(fl_conduct *conduct, fl_faces *faces, fl_instant now);
bool fl_turn_is_due(const fl_turn *turn, fl_instant now);
/* Reads the faces and gives their orders to the conduct, a bounded number at once. */
void fl_turn_serve(fl_turn *turn, fl_instant now);
/* Ends the session when asked to, or when half a minute has passed cold and without any face. */
void fl_turn_end_if(fl_turn *turn, fl_instant now, bool leave);
/* A tick, if one is due. Late ones are not made up for: the core sees the lateness, we do not hurry. */
bool fl_turn_tick(fl_turn *turn, fl_instant now);
/* The status line for faces: ten times a second, and at once when the mode has changed. */
void fl_turn_show(fl_turn *turn, fl_instant now);

#endif
