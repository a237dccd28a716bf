/* Fade: how much ink is left after n sessions, from published series first and from this client's reads then.
 *
 * A session takes a share of the ink that is there. In logarithms that is a sum: with H = -ln(ink left), a
 * session adds h, and the goal (a share T of the ink gone) is reached when H >= -ln(1 - T).
 *
 *     h | rate    ~ gamma, mean `rate`, coefficient of variation `variation`   one session of this client
 *     rate        ~ two pieces of a log-normal, and a few inks that hardly answer   this client: the prior
 *     read | h    ~ 1 - exp(-h) + normal(0, noise), held between 0 and 1       what a person writes down
 *
 * The rate lives on a grid (1 % to 99.8 % a session), and so does the ink taken so far given the rate; a read
 * multiplies, a session convolves, sums are sums over grids, so every distribution adds up to one. In words a
 * rate is the share 1 - exp(-rate).
 *
 * The prior is not a belief of ours about rates, which nobody published for micropigmentation, but the rate
 * that makes the *sessions* come out as a series says: its low, likely and high number stand at 5, 50 and 95
 * %. The session-to-session variation is inside that spread, not added to it. So the model without reads says
 * what the series says, and a series that is widened (unknown ink, no publication) gives a wider prior. Two
 * pieces, because 1, 3, 5 and 1, 2, 10 are skewed to different sides and one log-normal cannot hold both.
 * Likely is the median and not the peak: after a poor read the chance is flat with a small peak far below the
 * range.
 *
 * What the numbers lean on (ids of the clinical reference's parameter table):
 *   series       SMP1: four of four scalps clear in 1 to 3; PMU3, PMU7: brows, mean 3; PMU5: mean 2.5, 1 to
 * 11 variation    35 %, an estimate. BODY1: 79 % gone after 6.5 sessions, standard error 0.9 points of 31
 *                tattoos, so 5 points from tattoo to tattoo; if sessions alone made that, one varies by 39 %
 *   slow         2 % of clients, an estimate; inks that hardly answer exist: BODY2, four sessions, yellow 5 %
 *                and red 11 %, black 61 %. Their rates: even from 1 % to the 21 % of BODY1, in logarithms
 *   noise        10 points for a zone, an estimate: studies read in quarters (PMU7), which alone is 7; 15 for
 * a test spot, which speaks for one place
 *
 * A read says how much of what was there *before that session* is gone. A better read never makes more
 * sessions likely: gamma and normal both have a monotone likelihood ratio, and so has what is made of them.
 *
 *     const fl_fade_prior prior = {.low = 1, .likely = 2, .high = 4, .goal = 0.9, .variation = 0.35, .slow =
 * 0.02}; fl_fade *fade; if (fl_fade_new(&prior, &fade) == FL_OK) { fl_fade_session(fade,
 * &(fl_fade_read){.share = 0.55, .noise = 0.10}); // one session, 55 % gone fl_fade_answer answer =
 * fl_fade_ask(fade);                            // 1 to 3 more, likely 2
 *     }
 *     fl_fade_free(fade);
 *
 * The trap: the same client with another wavelength or laser is another rate. The model does not know that;
 * who calls decides which reads are of the kind that will follow, and gives the others to fl_fade_other.
 */
#ifndef FL_COURSE_FADE_H
#define FL_COURSE_FADE_H

#include "fadeline/base/status.h"

#include <stdbool.h>

enum {
    FL_FADE_MOST = 60, /* sessions counted; beyond it is "or more" */
    FL_FADE_LEFT = 8,  /* sessions ahead for which the ink left is told */
};

typedef struct fl_fade_prior {
    int low, likely, high; /* sessions to the goal: 5, 50, 95 %; 1 <= low <= likely <= high <= 30 */
    double goal;           /* share of the ink to go, 0.05 to 0.99 */
    double variation;      /* of one session about the client's rate, 0.1 to 0.5 */
    double slow;           /* share of clients whose ink hardly answers, 0 to 0.04 */
} fl_fade_prior;

typedef struct fl_fade_read {
    double share; /* gone, of what was there before the session: 0 to 1 */
    double noise; /* standard deviation of the reading: 0.03 to 0.5 */
} fl_fade_read;

typedef struct fl_fade_band {
    double median, p05, p95;
} fl_fade_band;

typedef struct fl_fade_answer {
    int sessions;                        /* that took place since the ink was whole */
    double chance[FL_FADE_MOST + 1];     /* that exactly so many more are needed */
    double beyond;                       /* that more than FL_FADE_MOST are; with the above: 1 */
    int low, likely, high;               /* more: 5, 50, 95 %; FL_FADE_MOST stands for "or more" */
    fl_fade_band per_session;            /* share of the ink that is there */
    fl_fade_band left[FL_FADE_LEFT + 1]; /* of the whole ink, after so many more; [0]: today */
} fl_fade_answer;

typedef struct fl_fade fl_fade;

/* FL_E_RANGE, *fade untouched, unless every number is in its range. A range narrower than sessions vary is
 * widened to what they do. */
FL_MUST_USE fl_status fl_fade_new(const fl_fade_prior *prior, fl_fade **fade);
void fl_fade_free(fl_fade *fade); /* NULL is fine */

/* A session that took place; read NULL: nobody read it. FL_E_RANGE, nothing changed, for a read out of range.
 */
FL_MUST_USE fl_status fl_fade_session(fl_fade *fade, const fl_fade_read *read);
/* A test spot: tells the rate and takes no ink from the zones. */
FL_MUST_USE fl_status fl_fade_spot(fl_fade *fade, const fl_fade_read *read);

/* A session of another kind, by wavelength or laser: takes ink, as read, and tells nothing of the rate. */
FL_MUST_USE fl_status fl_fade_other(fl_fade *fade, const fl_fade_read *read);

fl_fade_answer fl_fade_ask(const fl_fade *fade);
/* Chance that the goal is reached within n more sessions; 0 for n < 0. */
double fl_fade_within(const fl_fade_answer *answer, int n);

#endif
