/* What a fault or an emergency stop says to people: what was sensed, what the machine did, how many pulses
 * are certain and how many more are possible, and what to do (interlock, section 6). A bare number is a
 * defect.
 *
 *     char text[FAULT_TEXT];
 *     fl_fault_text(&(fl_fault_facts){.causes = tick->causes, .from = tick->before.mode, .certain = 12},
 * text);
 *     // "A protective cover is open. No further pulse is granted; the shutters were ordered closed and the
 * laser
 *     //  to standby. 12 pulses are certain, no other is possible. Close it, then reset."
 */
#ifndef FL_SESSION_FAULT_TEXT_H
#define FL_SESSION_FAULT_TEXT_H

#include "fadeline/interlock/reason.h"
#include "fadeline/interlock/step.h"

#include <stddef.h>

#define FAULT_TEXT 800

typedef struct fl_fault_facts {
    fl_reasons causes;          /* all of them are named */
    fl_reason first;            /* the one to act on, */
    const char *sensed;         /* and its sentence when it knows the numbers; NULL: the table's */
    fl_mode from;               /* where the machine stood when it sensed it */
    bool link;                  /* the laser can still be ordered */
    bool svc;                   /* the fault is kept over power-off */
    uint64_t certain, possible; /* pulses of this session */
} fl_fault_facts;

/* Whole sentences; never empty, whatever the facts. */
void fl_fault_text(const fl_fault_facts *facts, char room[FAULT_TEXT]);

#endif
