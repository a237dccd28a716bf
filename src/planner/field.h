/* Field: local over incident fluence in the skins that the one on the table may be, beside the ink and in it.
 *
 * One photon walk a draw serves all its skins (skins.h), each three times: without ink, which is what the
 * epidermis must bear, for beside a dot nothing shades it; with ink that takes up nothing; and with ink that
 * takes up nearly all. Between the last two the light around any amount of ink is read with one weight, found
 * in the same walk on skin without melanin: 1/H = (1 - w)/clear + w/black. A thin absorber that dims its own
 * light gives H = clear / (1 + G tau), whatever G the skin and the spot have, so w is nearly the same for all
 * (to 7 %, test_field), and what must be monotone in skin type, tan and spot is so exactly and not only on
 * average. An ink that scatters (white), or that is covered, has a second walk of its own.
 *
 * The photons' seed depends on the request's seed and the draw alone: two skin types, spots or wavelengths
 * meet the same photons.
 *
 * Depth cells of a draw: upper epidermis, basal layer, dermis above the ink, a thin one on top of it, three
 * in the ink, then dermis to 3 mm and the depth of hair bulbs below.
 */
#ifndef FL_PLANNER_FIELD_H
#define FL_PLANNER_FIELD_H

#include "deposit.h"
#include "skins.h"

enum {
    FL_FIELD_UPPER,
    FL_FIELD_BASAL,
    FL_FIELD_DERMIS,
    FL_FIELD_NEAR = 4, /* on top of the ink */
    FL_FIELD_INK,      /* three of them */
    FL_FIELD_UNDER = 8,
    FL_FIELD_CELLS = 19,
    FL_FIELD_NODES = 8, /* amounts of ink, from none to the black one */
};

typedef struct fl_field_draw {
    fl_length edges[FL_FIELD_CELLS + 1];
    double
        weight[FL_FIELD_NODES]; /* of the mean field's optical depth most * 4^(node - last); node 0: none */
    double most;
} fl_field_draw;

typedef struct fl_field_ink { /* light around the ink: the top of a layer, the middle of dots */
    double clear, black;
} fl_field_ink;

typedef struct fl_field {
    unsigned draws, variants, spots;
    fl_skins *skins;
    fl_field_draw *draw;
    double *ratio;     /* [draw][variant][spot][cell]: no ink */
    double *bare;      /* [draw][spot][cell]: no ink, no melanin, least absorption: more than any skin has */
    fl_field_ink *ink; /* [draw][variant][spot] */
    fl_field_ink *bare_ink; /* [draw][spot]: the same of bare skin */
    double *ink_depth;      /* [draw]: optical depth of the mean field of the ink that this draw carries */
    double *white; /* [draw]: light that white ink throws back to the basal layer, wide beam; factor, at least
                      1 */
    double *basal_error; /* [draw][variant][spot]: relative standard error of the basal ratio */
} fl_field;

FL_MUST_USE fl_status fl_field_new(const fl_planner_request *request, const fl_deposit_order *order,
                                   fl_field **field, fl_error *error);
void fl_field_free(fl_field *field);

/* The row of cells of one skin and spot. */
const double *fl_field_row(const fl_field *field, unsigned draw, unsigned variant, unsigned spot);
const double *fl_field_bare(const fl_field *field, unsigned draw, unsigned spot);
/* Ratio at a depth: linear between the middles of cells, level beyond the first and last. */
double fl_field_at(const fl_field_draw *draw, const double *row, fl_length depth);
/* Around ink whose mean field has this optical depth. */
double fl_field_around(const fl_field *field, unsigned draw, unsigned variant, unsigned spot,
                       double mean_depth);
/* The same on bare skin, with the ink that the draw carries: for what ink takes up. */
double fl_field_bare_around(const fl_field *field, unsigned draw, unsigned spot);

#endif
