/* What the sources of a lattice share. Private to course; lengths in millimetres. */
#ifndef FL_COURSE_LATTICE_PARTS_H
#define FL_COURSE_LATTICE_PARTS_H

#include "shape_parts.h"

#include "fadeline/course/lattice.h"

typedef struct fl_site { /* a place of the lattice */
    fl_vec at;
    int row;       /* while placing a band: 0 at the keep line */
    double along;  /* in its row, rising */
    bool left_out; /* too near to a locked zone: it keeps its place and gets no spot */
} fl_site;

typedef struct fl_sites {
    fl_site *list;
    size_t count, room;
} fl_sites;

/* False without memory or beyond FL_LATTICE_SPOTS. */
bool fl_sites_add(fl_sites *sites, fl_site site);

typedef struct fl_placing {
    const fl_shape *shape;
    const fl_lattice_rules *rules;
    double spot, pitch, step; /* step: between rows */
    unsigned phases;
    struct fl_cover *cover;
} fl_placing;

bool fl_placing_holds(const fl_placing *p, fl_vec at);
bool fl_placing_locked(const fl_placing *p, fl_vec at);
/* What a set of places is worth: the area covered, less a price for each spot. */
double fl_placing_score(const fl_placing *p, const fl_sites *sites);

bool fl_place_straight(const fl_placing *p, fl_sites *sites); /* circle, polygon */
bool fl_place_band(const fl_placing *p, fl_sites *sites);     /* rows from 0 at the keep line */

/* ---- lattice_cover.c ---- */

typedef struct fl_cover fl_cover; /* its buffers */

typedef struct fl_covered { /* mm2 inside the shape */
    double under[4];        /* under no, one, two, three or more spots */
    double light;           /* each place as often as it is lit */
} fl_covered;

fl_cover *fl_cover_new(const fl_shape *shape); /* NULL without memory */
void fl_cover_free(fl_cover *cover);
/* Scan lines `step_mm` apart, exact along each. False without memory. */
bool fl_cover_measure(fl_cover *cover, const fl_sites *sites, double radius_mm, double step_mm,
                      fl_covered *covered);

/* ---- lattice_order.c ---- */

/* Rows there and back, in place. False without memory. */
bool fl_order_rows(fl_lattice_spot *spots, const double *along, size_t count);
/* Then apart: each at least `apart_mm` from the one before, where that can be. False without memory. */
bool fl_order_spaced(fl_lattice_spot *spots, size_t count, double apart_mm);

#endif
