/* Warming: where the heat of a pulse goes in skin that was drawn, and when it burns.
 *
 * Heat is linear in what is absorbed, so one conduction problem a draw serves all its skins, spots and
 * fluences. By reciprocity it is solved backwards: unit heat is put where the temperature is asked for (the
 * upper epidermis; the basal layer), and what has arrived in a depth cell after t is what heat put into that
 * cell would send back (Green's functions of conduction are symmetric; Carslaw & Jaeger 1959, 14.1).
 *
 * What is absorbed errs warm, so that darker skin is never cooler: the basal layer takes up the larger of
 * both epidermal densities, and what lies below sees the light of skin without melanin. Heat of the ink
 * itself is counted: a filled tattoo is a hot plate under the epidermis.
 */
#ifndef FL_PLANNER_WARMING_H
#define FL_PLANNER_WARMING_H

#include "field.h"

#include "fadeline/thermal/damage.h"

enum {
    FL_WARMING_UPPER, /* probes */
    FL_WARMING_BASAL,
    FL_WARMING_PROBES,
    FL_WARMING_TIMES = 21, /* at once, 10 us, 20 us, ... 5.2 s */
};

typedef struct fl_warming_kernel { /* of one draw: K in the probe for 1 J/m3 put into a cell */
    double K[FL_WARMING_PROBES][FL_WARMING_TIMES][FL_FIELD_CELLS];
} fl_warming_kernel;

/* Surface as the request says: insulated, or cooled by air or gel. One kernel a draw. */
FL_MUST_USE fl_status fl_warming_kernels(const fl_planner_request *request, const fl_field *field,
                                         fl_warming_kernel *kernels, fl_error *error);

typedef struct fl_warming_curve { /* of one skin and spot: K for 1 J/m2 incident, of the probe that stays
                                     hotter */
    double K[FL_WARMING_TIMES];
} fl_warming_curve;
fl_warming_curve fl_warming_curve_of(const fl_field *field, const fl_warming_kernel *kernel, unsigned draw,
                                     unsigned variant, unsigned spot);

/* What is left of one pulse after s, per J/m2; level before 10 us. */
double fl_warming_after(const fl_warming_curve *curve, double s);
/* What n pulses in place have left when the next one falls. */
double fl_warming_left(const fl_warming_curve *curve, fl_rate rate, unsigned n);
/* Incident fluence at which n pulses in place burn: Omega 1 of a set, counted as n times that of the last. */
fl_fluence fl_warming_burn(const fl_warming_curve *curve, fl_rate rate, unsigned n, const fl_damage_set *set);

/* Highest energy density [J/m3] that melanin takes up anywhere in the epidermis per incident J/m2. */
double fl_epidermis_load(const fl_field *field, unsigned draw, unsigned variant, unsigned spot);

#endif
