/* What the fade model is made of, for its tests: they put another prior in, and check against brute force. */
#ifndef FL_COURSE_FADE_PARTS_H
#define FL_COURSE_FADE_PARTS_H

#include "fadeline/course/fade.h"

#include <stddef.h>

enum {
    FL_FADE_RATES = 81,   /* even in logarithms */
    FL_FADE_NODES = 200,  /* of one session, as multiples of the rate */
    FL_FADE_POINTS = 400, /* of H */
};
#define FL_FADE_RATE_LEAST 0.01 /* 1 % a session */
#define FL_FADE_RATE_MOST 6.0   /* 99.8 % */
#define FL_FADE_NODE_MOST                                                                                    \
    4.0 /* a session four times as strong as usual; gamma leaves 1e-4 at 50 %, 1e-10 at 35 % */
#define FL_FADE_H_MOST 6.0 /* 0.25 % of the ink: what is beyond stays there */

struct fl_fade {
    double goal;                                     /* as H */
    double step;                                     /* of H: a whole number of them makes the goal */
    size_t goal_at, points;                          /* point of the goal; points in use */
    double rate[FL_FADE_RATES];                      /* of H a session */
    double weight[FL_FADE_RATES];                    /* how likely, sum 1 */
    double node[FL_FADE_NODES], mass[FL_FADE_NODES]; /* of h over the rate; sum of mass 1 */
    int sessions;
    double taken[FL_FADE_RATES][FL_FADE_POINTS]; /* of H so far, given the rate; each row sums to 1 */
};

#endif
