/* Estimate: the Kirby-Desai score (Kirby W, Desai A, Desai T, Kartono F, Geeta P. J Clin Aesthet Dermatol
 * 2009;2(3):32-37).
 *
 * Six items add up to a score that is read as a number of sessions, for nanosecond lasers and tattoos of the
 * body. For micropigmentation and picosecond lasers it overstates by two to four times, so a plan shows it as
 * one voice among several and never as the answer. Some points are from memory of the paper's table; each
 * level says which.
 *
 *     fl_estimate estimate = fl_estimate_of(&items); // 2+1+1+2+0+0 = 6: 4 to 9, picosecond 5
 *
 * Pure.
 */
#ifndef FL_COURSE_ESTIMATE_H
#define FL_COURSE_ESTIMATE_H

#include "fadeline/base/error.h"
#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum fl_estimate_item {
    FL_ESTIMATE_SKIN,
    FL_ESTIMATE_LOCATION,
    FL_ESTIMATE_COLOUR,
    FL_ESTIMATE_INK,
    FL_ESTIMATE_SCARRING,
    FL_ESTIMATE_LAYERING,
    FL_ESTIMATE_ITEMS
} fl_estimate_item;

typedef struct fl_estimate_level {
    fl_estimate_item item;
    const char *name; /* "head_neck" */
    int points;
    bool from_memory; /* else seen in a source */
} fl_estimate_level;

/* All levels, in the order of the paper. */
const fl_estimate_level *fl_estimate_levels(size_t *count);
const char *fl_estimate_item_name(fl_estimate_item item); /* "skin", "location", ... */
/* The level called `name`; dashes and underscores are the same. FL_E_USAGE naming the levels there are. */
FL_MUST_USE fl_status fl_estimate_level_of(fl_estimate_item item, const char *name,
                                           const fl_estimate_level **level, fl_error *error);

typedef struct fl_estimate {
    int score, low, high;    /* high = ceil(score + 2.5), low = max(1, ceil(score - 2.5)) */
    int picosecond_adjusted; /* ceil(0.752 score); the factor is from one vendor page, low grade */
    bool from_memory;        /* at least one of the points used is */
} fl_estimate;

fl_estimate fl_estimate_of(const fl_estimate_level *const levels[FL_ESTIMATE_ITEMS]);

/* Sessions until the ink left is at most 1 - share, when each session takes the same share of what is there:
 * ceil(ln(1 - share) / ln(1 - fade)). fade 0.2135 is implied by 79 % after 6.5 sessions (Bernstein et al.
 * 2015). A planning aid, not a published rule. 0 unless both are inside (0, 1). */
int fl_estimate_fade_sessions(double share, double fade);

#endif
