/* Zone map: where each spot of a pass stands, as SVG for paper and PNG for a screen.
 *
 * Spots are drawn to scale and see-through, so that overlap is what looks darker; the number beside a row is
 * the pulse with which it begins. The keep line is bold, with teeth on the side that stays; places left empty
 * by feathering are dotted rings, places left out beside a locked zone are crossed. Position and shape carry
 * the meaning; colour only repeats it.
 *
 *     fl_zone_picture picture = {.title = "F-BAND", .shape = shape, .lattice = lattice, .rules = &rules,
 *                                .rate = fl_Hz(2.5), .foot = "Drawn flat, in mm."};
 *     status = fl_zone_map_write(&picture, "maps", "f-band", &error);   // maps/f-band.svg, maps/f-band.png
 */
#ifndef FL_REPORT_ZONE_MAP_H
#define FL_REPORT_ZONE_MAP_H

#include "fadeline/base/error.h"
#include "fadeline/course/lattice.h"

typedef struct fl_zone_picture {
    const char *title, *foot;
    const fl_shape *shape;
    const fl_lattice *lattice;
    const fl_lattice_rules *rules; /* the lattice was made with */
    fl_rate rate;                  /* 0: no minutes */
    fl_area anaesthetic;           /* 0: not shown */
} fl_zone_picture;

/* Makes the directory when it is missing. Each file appears whole or not at all; what stood there is
 * replaced. */
FL_MUST_USE fl_status fl_zone_map_write(const fl_zone_picture *picture, const char *directory,
                                        const char *name, fl_error *error);

#endif
