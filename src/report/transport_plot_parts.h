/* What the two pictures of a photon run share: page, axes, names that keep out of each other's way. */
#ifndef FL_REPORT_TRANSPORT_PLOT_PARTS_H
#define FL_REPORT_TRANSPORT_PLOT_PARTS_H

#include "fadeline/report/transport_plot.h"

#include "paper.h"

enum { TRANSPORT_MARGIN = 44, TRANSPORT_TOP = 100, TRANSPORT_FOOT = 62 };
#define TRANSPORT_WIDTH 1080.0

typedef struct transport_area { /* where data lies, in points */
    double left, top, width, height;
} transport_area;

void transport_page(fl_paper *paper, const fl_transport_picture *picture, const char *title,
                    const char *subtitle);
void transport_sideways(fl_paper *paper, double x, double y, fl_type type,
                        const char *text); /* reading upwards */
/* 1, 2 or 5 times a power of ten: about so many steps to a span. */
double transport_nice_step(double span, unsigned steps);
/* Moves places (in points, rising) apart to at least `gap`, as little as may be, within from and to. */
void transport_spread(double *y, unsigned count, double gap, double from, double to);
double transport_depth_mm(const fl_transport_picture *picture); /* of the picture's bottom */
double transport_bottom_mm(
    const fl_transport_picture *picture); /* of the tissue, or of the picture if that is higher */
/* Top and bottom of the ink layer inside the picture; false when there is nothing to mark. */
bool transport_ink(const fl_transport_picture *picture, double *from_mm, double *to_mm);

void transport_draw_depth(fl_paper *paper, const void *picture);
#define TRANSPORT_DEPTH_HEIGHT 660.0
void transport_draw_map(fl_paper *paper, const void *picture);
double transport_map_height(const fl_transport_picture *picture); /* of the page */

#endif
