/* Figure: a picture of the body map on paper. Private to report. */
#ifndef FL_REPORT_PLAN_SHEET_FIGURE_H
#define FL_REPORT_PLAN_SHEET_FIGURE_H

#include "plan_sheet_parts.h"

#include "fadeline/report/body_map.h"

typedef struct fl_figure {
    fl_paper *paper;
    const fl_plan *plan;
    fl_body_view view;
    bool allows;
    double x, y, scale; /* centre, and points for half a head */
} fl_figure;

#define FL_FIGURE_SKIN FL_SHADE(0xfaf6f0)
#define FL_FIGURE_EDGE FL_SHADE(0x9aa1a7)

double fl_figure_x(const fl_figure *figure, double x_mm); /* on the page */
double fl_figure_y(const fl_figure *figure, double y_mm);
void fl_figure_use(const fl_figure *figure, fl_shade shade);
bool fl_figure_is_small(const fl_body_part *part); /* its name stands beside the figure */
void fl_figure_trace(const fl_figure *figure, const fl_body_part *part); /* leaves a path */
/* The picture without a zone filled; what makes a face of it is so faint that zones stand out. */
void fl_figure_draw(const fl_figure *figure);

/* Of the picture with more of these zones, the head or the face; FL_BODY_VIEWS: none is on either. */
fl_body_view fl_figure_view(size_t on_head, size_t on_face);

#endif
