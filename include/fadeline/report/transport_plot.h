/* Transport plot: two pictures of one photon run, as SVG for paper and PNG for a screen.
 *
 *   fluence-depth   local over incident fluence against depth, logarithmic: a line per spot or beam with its
 * 95 % band, its name at its end; layers in the head, the ink band shaded, the basal layer marked. isofluence
 * a section through the axis of one beam, the skin from above: filled contours of the same ratio, the beam as
 * it arrives on top, ink and basal layer marked. What is right of the axis is mirrored.
 *
 * Plain arrays, so that a picture can be drawn of any calculation. Readable in grey and with any colour
 * vision: lines carry their names, contours their numbers, and the ramp only darkens.
 *
 *     fl_transport_curve curves[] = {{"4 mm spot", ratio, error}, {"wide beam", wide, NULL}};
 *     fl_transport_picture picture = {.subject = "scalp.mci", .foot = "...", .edges_mm = edges, .depths = 40,
 *                                     .curves = curves, .curve_count = 2, .marks = {...}};
 *     status = fl_transport_plot_write(&picture, "pictures", 0, &error); // pictures/fluence-depth.svg, .png
 *
 * Values that are not numbers or not above 0 are left out, and a line is broken there.
 */
#ifndef FL_REPORT_TRANSPORT_PLOT_H
#define FL_REPORT_TRANSPORT_PLOT_H

#include "fadeline/base/error.h"

#include <stdbool.h>

typedef struct fl_transport_curve {
    const char *name;
    const double *ratio, *standard_error; /* one a depth cell; errors NULL: exact */
    bool plain;                           /* the one to compare the others with: drawn in grey */
} fl_transport_curve;

typedef struct fl_transport_marks {
    const double *boundaries_mm; /* ends of the layers, rising; the last may lie below the picture */
    unsigned layers;
    unsigned ink_layer; /* from 1; 0: none */
    double basal_mm;    /* 0: none */
} fl_transport_marks;

/* A section through the axis of a beam: the ratio in depth cell z at radius r is ratio[r * depths + z]. Its
 * own depths, so that it may be coarser than the curves. */
typedef struct fl_transport_map {
    const char *beam; /* "Gaussian beam, 4 mm (1/e²)" */
    double spot_mm;
    unsigned radii, depths;  /* at least two radii; no depths: no map is drawn */
    const double *radius_mm; /* rising from 0 */
    const double *z_mm;      /* centres of the cells, rising */
    const double *ratio;
    unsigned
        beam_points; /* the beam as it arrives: fluence over its mean, at these radii up to the map's last */
    const double *beam_mm, *beam_ratio;
} fl_transport_map;

typedef struct fl_transport_picture {
    const char *subject, *foot; /* what was calculated, and how the numbers came about */
    const double *edges_mm;     /* depths + 1 */
    unsigned depths;
    const fl_transport_curve *curves;
    unsigned curve_count;
    fl_transport_marks marks;
    fl_transport_map map;
} fl_transport_picture;

/* Makes the directory when it is missing. `number` goes into the names (fluence-depth-2.svg); 0: no number.
 * Each file appears whole or not at all; what stood there is replaced. */
FL_MUST_USE fl_status fl_transport_plot_write(const fl_transport_picture *picture, const char *directory,
                                              unsigned number, fl_error *error);

#endif
