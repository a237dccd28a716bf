/* By hand: the session with a laser that has no link, conducted by this very process (decision 0007). It
 * holds the journal's writer lock for as long; what is answered is durable.
 *
 *     by_hand *h = by_hand_new();
 *     status = by_hand_begin(h, &start, &error);             // FL_E_BUSY: one runs, or another holds the
 * journal by_hand_look(h, &view);                                // what is waited for, what was said status
 * = by_hand_order(h, turn, act, self, &error);    // `act` gets the session, and nobody else has it then
 *     by_hand_free(h);                                       // closes it, unless a zone is not counted
 *
 * Turns: every order is a turn, also one that was refused. An order of a page that was made before another
 * order came is FL_E_RANGE, and nothing is done: two tabs cannot type one number twice between them.
 *
 * Safe from any thread; whoever asks waits for the order before, which may check a PIN for a tenth of a
 * second.
 */
#ifndef FL_CONSOLE_BY_HAND_H
#define FL_CONSOLE_BY_HAND_H

#include "fadeline/base/place.h"
#include "fadeline/session/said.h"
#include "fadeline/session/sitting.h"

#define BY_HAND_SAID 8
#define BY_HAND_NOTES 12
#define BY_HAND_ANY_TURN UINT64_MAX

typedef struct by_hand by_hand;

typedef struct by_hand_line { /* what was said, or an order that was not taken: kind "no" */
    char kind[12], code[48], text[320], hint[200];
} by_hand_line;

typedef struct by_hand_note { /* what was noted in this session, for its page */
    char about[16], said[FL_SAID_TEXT];
} by_hand_note;

typedef struct by_hand_view {
    bool running;
    bool ever;   /* one was begun since the console opened */
    bool broken; /* it ended because the journal failed: `said` has why */
    bool training;
    char plan[FL_PLACE_MAX], device[FL_PLAN_NAME];
    uint8_t plan_sha256[FL_SHA256_SIZE]; /* of the plan that is conducted: its file may be another by now */
    char who[64];                        /* signed in at the session; "": nobody */
    char zone[FL_PLAN_NAME];             /* chosen, or open */
    fl_manual_view now;                  /* its texts are `who` and `zone` above */
    uint64_t turn, sid;              /* sid: of this session, kept when it has ended; 0: none was opened */
    bool refused;                    /* the newest order */
    by_hand_line said[BY_HAND_SAID]; /* of the newest order and before, newest first */
    size_t said_count, said_now;     /* said_now: by the newest order */
    by_hand_note notes[BY_HAND_NOTES];
    size_t note_count;
    char typed[40]; /* the counter of an order that was refused */
} by_hand_view;

by_hand *by_hand_new(void); /* NULL: no memory or no thread */
void by_hand_free(by_hand *h);

FL_MUST_USE fl_status by_hand_begin(by_hand *h, const fl_sitting_start *start, fl_error *error);
void by_hand_look(by_hand *h, by_hand_view *view);
bool by_hand_runs(by_hand *h);

typedef fl_status by_hand_act(void *self, fl_sitting *s, fl_error *error);
/* What `act` answers: FL_OK, FL_E_NO, FL_E_USAGE. FL_E_GONE: none runs. FL_E_RANGE: another turn. Any other
 * is the journal's failure: the session has ended here, and goes on from its records when it is begun again.
 */
FL_MUST_USE fl_status by_hand_order(by_hand *h, uint64_t turn, by_hand_act *act, void *self, fl_error *error);
void by_hand_typed(by_hand *h,
                   const char *counter); /* of the order that was just refused; to be shown again */
void by_hand_noted(by_hand *h, const char *about,
                   const char *said); /* was just taken; the newest of each stays */
/* Closes the session in the journal and ends it here. FL_E_NO: a zone is not counted. */
FL_MUST_USE fl_status by_hand_end(by_hand *h, uint64_t turn, fl_error *error);
/* Leaves without closing, as a kill would: for a beginning whose PIN was wrong. */
void by_hand_drop(by_hand *h);

/* The journal of the session, for entries that belong to nobody's zone (sign-ins, photographs): while it is
 * lent every order waits. NULL: no session runs here. */
fl_journal *by_hand_lend(by_hand *h);
void by_hand_take_back(by_hand *h);

#endif
