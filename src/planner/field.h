/* Field: local over incident fluence in many skins that the one on the table may be.
 *
 * A draw fixes what scatters (and the thicknesses); one photon walk then serves all its variants, which
 * differ in what absorbs. Depth cells of a draw: upper epidermis, basal layer, then the dermis down to 3 mm.
 *
 * The photons' seed depends on the request's seed and the draw alone. So two skin types, spots or wavelengths
 * meet the same photons, and what must be monotone is so exactly and not only on average.
 */
#ifndef FL_PLANNER_FIELD_H
#define FL_PLANNER_FIELD_H

#include "fadeline/planner/planner.h"

enum { FL_FIELD_UPPER, FL_FIELD_BASAL, FL_FIELD_DERMIS, FL_FIELD_CELLS = 18, FL_FIELD_SKIN_INPUTS = 10 };

typedef struct fl_field_draw {
    fl_length epidermis, dermis;
    fl_length edges[FL_FIELD_CELLS + 1];
} fl_field_draw;

typedef struct fl_field_variant {        /* one skin; index draw * variants + variant */
    double melanin_upper, melanin_basal; /* volume fractions there */
    double melanosome_per_m;             /* absorption of a melanosome */
    double upper_per_m, basal_per_m, dermis_per_m, dermis_musp_per_m; /* absorption of the layer */
} fl_field_variant;

typedef struct fl_field {
    unsigned draws, variants, spots;
    fl_field_draw *draw;
    fl_field_variant *variant;
    double *ratio;       /* [draw][variant][spot][cell] */
    double *skin_u;      /* [draw][variant][FL_FIELD_SKIN_INPUTS]: the coordinates each skin was drawn with */
    double *basal_error; /* relative standard error of the basal ratio, same order without cell */
} fl_field;

FL_MUST_USE fl_status fl_field_new(const fl_planner_request *request, fl_field **field, fl_error *error);
void fl_field_free(fl_field *field);

/* The row of cells of one skin and spot. */
const double *fl_field_row(const fl_field *field, unsigned draw, unsigned variant, unsigned spot);
/* Ratio at a depth: linear between the middles of cells, level beyond the first and last. */
double fl_field_at(const fl_field_draw *draw, const double *row, fl_length depth);

#endif
