/* Lattice: where each spot of one even pass over a drawn zone stands, and in which order they are fired.
 *
 * Centres stand on a hexagonal lattice at spot x (1 - overlap), as fl_coverage_of counts them. In a circle
 * and a polygon the rows run along the longer side; in a band they follow the keep line, because straight
 * rows would leave it a staircase. The phase is the one that covers most for the fewest spots.
 *
 * Promises, each of them tested on thousands of drawings:
 *   1. no part of a spot touches a keep line or lies on the kept side, whatever the drawing;
 *   2. no centre lies outside the shape, and no edge further out than `spill`;
 *   3. no two centres stand nearer than 0.8 of the pitch: a sharp bend never stacks the dose;
 *   4. a feathered row holds its share of its places, rounded to the nearest.
 *
 *     fl_lattice_rules rules = {.spot = fl_mm(3), .overlap = 0.10, .spill = fl_mm(1.5)};
 *     fl_lattice *lattice;
 *     status = fl_lattice_new(shape, &rules, &lattice);
 *     lattice->count;                                  // pulses of one pass
 *     fl_lattice_minutes(lattice, fl_Hz(2.5));         // of one pass, at the rate hands reach
 *     fl_lattice_free(lattice);
 *
 * The same inputs give the same spots in the same order. No threads, no globals, no clock.
 */
#ifndef FL_COURSE_LATTICE_H
#define FL_COURSE_LATTICE_H

#include "fadeline/course/shape.h"

#define FL_LATTICE_SPOTS 200000u /* more than a whole body at 3 mm */
#define FL_LATTICE_BAND_SPOTS 20000u
#define FL_LATTICE_LOCKED 32u

typedef enum fl_lattice_order {
    FL_ORDER_ROWS,   /* row by row, there and back: the hand moves little */
    FL_ORDER_SPACED, /* a pulse never touches the one before it: at least 1.5 pitches away where that can be
                      */
} fl_lattice_order;

typedef struct fl_lattice_rules {
    fl_length spot;
    double overlap;  /* 0 to below 0.9 */
    fl_length spill; /* how far a spot's edge may stand over a free edge of the zone; 0 to half a spot */
    fl_lattice_order order;
    const fl_shape *const *locked; /* zones that get no light, in the same drawing */
    size_t locked_count;
    fl_length clearance; /* between the edge of a spot and a locked zone */
    unsigned phases; /* tried along each direction; 0: 6. More cover no better by anything a person sees */
} fl_lattice_rules;

typedef struct fl_lattice_spot {
    fl_point at;
    int row; /* from 0; in a band the last row is the one at the keep line */
} fl_lattice_spot;

typedef struct fl_lattice {
    fl_length spot, pitch;
    fl_lattice_spot *spots; /* in the order of firing */
    size_t count;           /* pulses of one pass */
    int rows;               /* with at least one spot */
    size_t feathered;       /* places left empty on purpose */
    size_t left_out;        /* places too near to a locked zone */
    fl_point *gaps;         /* where those are: the feathered first, then the left out */
    fl_area area;           /* of the shape */
    double covered[4];      /* fractions of the area under no, one, two, three or more spots */
    double dose_factor;     /* mean fluence over the area in fluences of one pulse: fl_coverage's, measured */
    double dose_covered;    /* the same over what is covered: area of spots over the area they cover */
    fl_length path;         /* of the hand, centre to centre */
    fl_length step_least;   /* between one pulse and the next; infinite with fewer than two */
} fl_lattice;

/* FL_E_RANGE: a number out of its bounds, more spots than FL_LATTICE_SPOTS (in a band FL_LATTICE_BAND_SPOTS),
 * or more locked zones than FL_LATTICE_LOCKED. A shape without room for a spot is no failure: count is 0. */
FL_MUST_USE fl_status fl_lattice_new(const fl_shape *shape, const fl_lattice_rules *rules,
                                     fl_lattice **lattice);
void fl_lattice_free(fl_lattice *lattice); /* NULL is fine */

/* One pass without a pause. */
double fl_lattice_minutes(const fl_lattice *lattice, fl_rate rate);

#endif
