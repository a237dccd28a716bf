/* Skins: the skins that the one on the table may be, drawn from the distributions of the optics reference,
 * section 10.
 *
 * A draw fixes what scatters, the thicknesses, and where the ink lies; its variants differ in what absorbs,
 * so that one photon walk serves them all. The same (seed, draw, variant) is the same skin for every
 * wavelength, spot and skin type, but for what the type says.
 */
#ifndef FL_PLANNER_SKINS_H
#define FL_PLANNER_SKINS_H

#include "fadeline/optics/skin.h"
#include "fadeline/planner/planner.h"

enum { FL_SKINS_INPUTS = 12 }; /* coordinates of one variant */

typedef struct fl_skin_draw {
    fl_length epidermis, dermis;
    fl_length ink_top, ink_thickness; /* inside the dermis */
    double mass;                      /* of what scatters in the ink, over its median */
    double cover_mass;                /* of a covering layer, over its median */
    fl_skin bare;                     /* no melanin, medians of what absorbs: the same for every skin type */
} fl_skin_draw;

typedef struct fl_skin_variant {         /* one skin; index draw * variants + variant */
    double melanin_upper, melanin_basal; /* volume fractions there */
    double melanosome_per_m;             /* absorption of a melanosome */
    fl_skin_stack stack;                 /* upper epidermis, basal layer, dermis, subcutis; no ink */
} fl_skin_variant;

typedef struct fl_skins {
    unsigned draws, variants;
    fl_skin_draw *draw;
    fl_skin_variant *variant;
    double *u; /* [draw][variant][FL_SKINS_INPUTS]: the coordinates each was drawn with */
} fl_skins;

FL_MUST_USE fl_status fl_skins_new(const fl_planner_request *request, fl_skins **skins, fl_error *error);
void fl_skins_free(fl_skins *skins);

#endif
