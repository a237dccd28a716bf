/* Reading: is this number, typed in from the front of a laser, to be believed?
 *
 * A person in gloves and coloured goggles reads five to seven digits. A number that does not fit is asked for
 * twice before it is written down: the first time it is a slip, the second time it is what the laser shows.
 * What then is more than anybody planned, or less than was there before, wants a person's word:
 *
 *     before a zone    equals the last known reading                          good
 *                      no reading of this laser is known                      first: typed twice
 *                      up to 50 more (the audit's tolerance of a day)         ahead: the operator says why
 *                      more than that                                         far: a supervisor signs
 *                      less                                                   behind: a supervisor signs
 *     after a zone     all pulses of the zone today up to its soft stop       good (110 % of the plan by
 * default) up to its hard stop (120 % by default)                 ahead: the operator says why beyond it far:
 * a supervisor signs less than before the zone                              behind: a supervisor signs
 *
 * A laser cannot fire faster than its label says. More pulses than its highest rate makes between the two
 * readings, with a few seconds for who fires before the reading is typed in, are asked for twice like every
 * number that does not fit, and then want the operator's word.
 *
 * A test spot is ahead with one pulse more than planned and far beyond twice as many. Pure.
 */
#ifndef FL_SESSION_READING_H
#define FL_SESSION_READING_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/course/plan.h"
#include "fadeline/journal/entry.h"

#define FL_READING_TOLERANCE 50 /* pulses between two zones; as the audit's */
#define FL_READING_SLACK_S 5    /* between firing and typing */

typedef enum fl_reading_fit {
    FL_READING_GOOD,
    FL_READING_FIRST,
    FL_READING_AHEAD,
    FL_READING_FAR,
    FL_READING_BEHIND
} fl_reading_fit;

/* Digits and nothing else, and not more than the journal can hold. FL_E_NO with what to type. */
FL_MUST_USE fl_status fl_reading_take(const char *text, uint64_t *shown, fl_error *error);

fl_reading_fit fl_reading_before(bool known, uint64_t held, uint64_t shown);

/* had: pulses the zone had before on this day. `budget` is of the zone or of the spot; allowed: a person gave
 * a reason to pass the soft stop before. */
fl_reading_fit fl_reading_after(uint64_t begun, uint64_t shown, int had, const fl_plan_budget *budget,
                                bool allowed);

/* The most pulses a laser of this highest rate makes in this time; UINT64_MAX when the rate is not known. */
uint64_t fl_reading_possible(fl_rate rate_max, fl_duration between);

/* What a test spot of so many pulses allows. */
fl_plan_budget fl_reading_spot_budget(int pulses);

/* A counter that did not fit, and nobody has said why: read from the records of one laser, oldest first. What
 * it is measured against stays what the records held when it was found, and how far it once was stays known:
 * a reading that comes nearer later makes it no smaller. */
typedef struct fl_mismatch {
    bool open;
    bool far; /* beyond what an operator may explain */
    uint64_t held;
} fl_mismatch;

void fl_mismatch_take(fl_mismatch *mismatch, const fl_record *record);
void fl_mismatch_find(fl_mismatch *mismatch, uint64_t held, uint64_t shown); /* as a drop does */
bool fl_mismatch_is_far(const fl_mismatch *mismatch, uint64_t shown);        /* a supervisor signs it */

#endif
