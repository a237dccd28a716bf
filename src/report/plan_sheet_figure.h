/* Figure: a head from above or a face from the front, as an outline with named regions. Schematic: it says
 * which zone is which and nothing of a person's measures. Private to plan_sheet. */
#ifndef FL_REPORT_PLAN_SHEET_FIGURE_H
#define FL_REPORT_PLAN_SHEET_FIGURE_H

#include "plan_sheet_parts.h"

typedef struct fl_figure_curve {
    double a, b;
} fl_figure_curve;

typedef struct fl_figure_region {
    const char *id;
    double x0, x1; /* of the strip */
    fl_figure_curve top, bottom;
    double x, y;         /* where its name stands, or the leader to its name begins */
    double points[8][2]; /* of the smooth line; count 0: a strip */
    int count;
    double name_x, name_y; /* outside, at the end of a leader; 0, 0: inside */
} fl_figure_region;

/* Each ends with an id of NULL. */
extern const fl_figure_region fl_figure_scalp[], fl_figure_face[];
const fl_figure_region *fl_figure_region_of(const fl_figure_region *regions, const char *id); /* NULL: none */

typedef struct fl_figure {
    fl_paper *paper;
    const fl_plan *plan;
    const fl_figure_region *regions;
    bool is_face, allows;
    double x, y, scale; /* centre, and points a unit */
} fl_figure;

#define FL_FIGURE_SKIN FL_SHADE(0xfaf6f0)
#define FL_FIGURE_EDGE FL_SHADE(0x9aa1a7)

double fl_figure_x(const fl_figure *figure, double x); /* on the page */
double fl_figure_y(const fl_figure *figure, double y);
void fl_figure_use(const fl_figure *figure, fl_shade shade);
void fl_figure_fill_and_line(const fl_figure *figure, fl_shade fill, fl_shade line, double width);
/* These two leave a path. `k`: times as large. */
void fl_figure_trace_outline(const fl_figure *figure, double k);
void fl_figure_trace_region(const fl_figure *figure, const fl_figure_region *region);
void fl_figure_draw_head(const fl_figure *figure);     /* outline, ears, and from above the nose */
void fl_figure_draw_features(const fl_figure *figure); /* of a face: so faint that zones stand out */

#endif
