#include "setting.h"

#include "fadeline/thermal/thermal.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* The hand that stands still for three pulses is noticed by the third; the fourth must not fall on hot skin.
 */
#define PULSES_IN_PLACE 3

/* Light of a spot of some millimetres reaches no deeper than about 0.7 mm on average, however little skin
 * absorbs (cases P of the optics reference). */
#define DEEPEST_MEAN_M 0.7e-3

/* How fast warming falls with depth in the dermis: as diffuse light does. */
static fl_attenuation falls(const fl_field_variant *v)
{
    const double diffuse = sqrt(3.0 * v->dermis_per_m * (v->dermis_per_m + v->dermis_musp_per_m));
    return (fl_attenuation){fmax(diffuse, 1.0 / DEEPEST_MEAN_M)};
}

/* What is left in the epidermis of one skin before the next pulse. Epidermis: a slab heated evenly by all it
 * took up. Dermis: warming that decays from its level under the epidermis. */
static double left_K(const fl_field_draw *draw, const fl_field_variant *v, const double *row,
                     fl_fluence fluence, fl_rate rate)
{
    const double upper = 0.75 * v->upper_per_m * row[FL_FIELD_UPPER],
                 basal = 0.25 * v->basal_per_m * row[FL_FIELD_BASAL];
    const fl_attenuation mean = {upper + basal};
    const fl_warming epidermis = fl_thermal_adiabatic(mean, fluence, FL_SKIN_HEAT_CAPACITY);
    const fl_attenuation below = {v->dermis_per_m * row[FL_FIELD_DERMIS]};
    const fl_warming dermis = fl_thermal_adiabatic(below, fluence, FL_SKIN_HEAT_CAPACITY);
    return epidermis.K * fl_thermal_train(draw->epidermis, rate, PULSES_IN_PLACE, FL_SKIN_DIFFUSIVITY) +
           dermis.K * fl_thermal_train_decay(falls(v), rate, PULSES_IN_PLACE, FL_SKIN_DIFFUSIVITY);
}

/* 95th percentile over the skins that this may be. */
static double hot_K(const fl_field *field, unsigned spot, fl_fluence fluence, fl_rate rate)
{
    const size_t skins = (size_t)field->draws * field->variants;
    double worst[64 * 64];
    for (unsigned d = 0; d < field->draws; d++)
        for (unsigned v = 0; v < field->variants; v++)
            worst[d * field->variants + v] = left_K(&field->draw[d], &field->variant[d * field->variants + v],
                                                    fl_field_row(field, d, v, spot), fluence, rate);
    gsl_sort(worst, 1, skins);
    return worst[(size_t)(0.95 * (double)skins)];
}

#define SLOWEST_HZ 1.0

fl_fluence fl_setting_heat_limit(const fl_planner_request *r, const fl_field *field, unsigned spot)
{
    const fl_rate slow = {fmin(SLOWEST_HZ, r->rate_max.Hz)};
    const fl_fluence unit = fl_J_cm2(1.0); /* warming is proportional to it */
    return (fl_fluence){unit.J_m2 * r->warming_max.K / hot_K(field, spot, unit, slow)};
}

fl_rate fl_setting_rate(const fl_planner_request *r, const fl_field *field, unsigned spot, fl_fluence high,
                        fl_warming *left)
{
    if (high.J_m2 <= 0.0) return *left = (fl_warming){0.0}, (fl_rate){0.0};
    double rate = r->rate_max.Hz >= 1.0 ? floor(r->rate_max.Hz) : r->rate_max.Hz;
    left->K = hot_K(field, spot, high, (fl_rate){rate});
    while (left->K > r->warming_max.K && rate > SLOWEST_HZ) {
        rate -= 1.0;
        left->K = hot_K(field, spot, high, (fl_rate){rate});
    }
    return (fl_rate){rate};
}
