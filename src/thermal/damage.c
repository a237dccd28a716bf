#include "fadeline/thermal/damage.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_sf_expint.h>
#include <math.h>
#include <stdbool.h>

/* clang-format off */
#define R FL_DAMAGE_GAS_J_mol_K
#define LN_10 2.30258509299404568402
#define A(ln_digits, tens) ((ln_digits) + (tens) * LN_10) /* ln A: A itself nears the end of what a double holds */
#define ONE(a, e) {a, a}, {e, e}
#define TWO(a, e, a_hot, e_hot) {a, a_hot}, {e, e_hot}

/* thermal.csv. Ea/R in kelvins where the source prints that, else Ea over R. */
static const fl_damage_set sets[FL_DAMAGE_SETS] = {
    [FL_DAMAGE_HENRIQUES] = {"henriques", "Henriques 1947 skin burn", "skin, all T", "seen: two public codes",
        ONE(A(1.131402111491101, 98), 628000 / R)}, /* A 3.1e98 */
    [FL_DAMAGE_WEAVER_STOLL] = {"weaver-stoll", "Weaver & Stoll 1969", "skin, 44-50 C and above 50 C", /* A 2.185e124 and 1.823e51 */
        "seen: public code", TWO(A(0.7816158285475535, 124), 93534.9, A(0.6004834956965259, 51), 39109.8)},
    [FL_DAMAGE_TAKATA] = {"takata", "Takata 1974", "skin, 44-50 C and 50-60 C", "seen: public code",
        TWO(A(1.463255402256019, 64), 50000, A(2.239645293220172, 104), 80000)}, /* A 4.32e64 and 9.39e104 */
    [FL_DAMAGE_MEHTA_WONG_EPIDERMIS] = {"mehta-wong-epidermis", "Mehta & Wong 1973, epidermis", "epidermis",
        "seen: public code", ONE(A(0.3576744442718159, 72), 55000)}, /* A 1.43e72 */
    [FL_DAMAGE_MEHTA_WONG_DERMIS] = {"mehta-wong-dermis", "Mehta & Wong 1973, dermis", "dermis",
        "seen: public code", ONE(A(1.050821624831761, 69), 55000)}, /* A 2.86e69 */
    [FL_DAMAGE_AGAH_ARTERY] = {"agah-artery", "Agah 1994 coagulation", "arterial tissue",
        "seen: public code", ONE(A(1.722766597741104, 63), 430000 / R)}, /* A 5.6e63 */
    [FL_DAMAGE_GAYLOR_MEMBRANE] = {"gaylor-membrane", "Gaylor 1989 cell membrane", "muscle cells",
        "from memory", ONE(A(1.064710736992428, 37), 240000 / R)}, /* A 2.9e37 */
    [FL_DAMAGE_PEARCE_COLLAGEN] = {"pearce-collagen", "Pearce 1993 birefringence loss", "collagen, rat skin",
        "from memory", ONE(A(0.47374661552457, 45), 306000 / R)}, /* A 1.606e45 */
    [FL_DAMAGE_MAITLAND_COLLAGEN] = {"maitland-collagen", "Maitland & Walsh 1997", "collagen, rat tail",
        "from memory", ONE(A(0.5709795465857378, 56), 367600 / R)}, /* A 1.77e56 */
    [FL_DAMAGE_MILES_COLLAGEN] = {"miles-collagen", "Miles 1995", "collagen",
        "from memory", ONE(A(1.895819139152833, 79), 521000 / R)}, /* A 6.658e79 */
    [FL_DAMAGE_AKSAN_COLLAGEN] = {"aksan-collagen", "Aksan 2005", "collagen",
        "from memory", ONE(A(0.1275133202989595, 86), 562300 / R)}, /* A 1.136e86 */
    [FL_DAMAGE_DEMO_BLOOD] = {"demo-blood", "MCmatlab demonstration, blood coagulation", "blood",
        "seen: called a placeholder by its authors", ONE(A(2.028148247292285, 66), 422500 / R)}, /* A 7.6e66 */
};
/* clang-format on */

static bool is_warm(fl_temperature t)
{
    return isfinite(t.K) && t.K > 0.0; /* a NaN fails */
}

const fl_damage_set *fl_damage_set_of(fl_damage_name name)
{
    FL_ASSERT((unsigned)name < FL_DAMAGE_SETS);
    return &sets[name];
}

static int piece_at(double K)
{
    return K >= FL_DAMAGE_STEP_K;
}

double fl_damage_rate_per_s(const fl_damage_set *set, fl_temperature t)
{
    FL_ASSERT(set);
    if (!is_warm(t)) return NAN;
    const int piece = piece_at(t.K);
    return exp(set->log_a[piece] - set->ea_over_r_K[piece] / t.K);
}

double fl_damage_time_s(const fl_damage_set *set, fl_temperature t)
{
    return 1.0 / fl_damage_rate_per_s(set, t);
}

/* Up to here in Ea/RT along the line, Gauss-Legendre with 4 nodes is exact to 1e-14; past it the difference
 * of two exponential integrals loses no more than a digit. */
#define CLOSE 0.25

/* Mean of exp(log_a - b/T) while T runs evenly from one value to the other. */
static double mean_rate(double log_a, double b, double from, double to)
{
    const double x_from = b / from, x_to = b / to;
    if (fabs(x_from - x_to) > CLOSE) {
        /* d/dT [T E2(b/T)] = exp(-b/T) */
        const double at_from = from * exp(log_a - x_from) * gsl_sf_expint_E2_scaled(x_from),
                     at_to = to * exp(log_a - x_to) * gsl_sf_expint_E2_scaled(x_to);
        return (at_to - at_from) / (to - from);
    }
    static const double node[] = {0.33998104358485626480, 0.86113631159405257522},
                        weight[] = {0.32607257743127307131, 0.17392742256872692869};
    const double middle = 0.5 * (from + to), reach = 0.5 * (to - from);
    double sum = 0.0;
    for (int i = 0; i < 2; i++)
        sum += weight[i] *
               (exp(log_a - b / (middle - reach * node[i])) + exp(log_a - b / (middle + reach * node[i])));
    return sum;
}

double fl_damage_ramp(const fl_damage_set *set, fl_temperature from, fl_temperature to, double s)
{
    FL_ASSERT(set);
    if (!(is_warm(from) && is_warm(to) && isfinite(s) && s >= 0.0)) return NAN;
    const int first = piece_at(from.K), last = piece_at(to.K);
    if (first == last || set->ea_over_r_K[0] == set->ea_over_r_K[1])
        return s * mean_rate(set->log_a[last], set->ea_over_r_K[last], from.K, to.K);
    const double share = (FL_DAMAGE_STEP_K - from.K) / (to.K - from.K); /* of the time in the first piece */
    return s * (share * mean_rate(set->log_a[first], set->ea_over_r_K[first], from.K, FL_DAMAGE_STEP_K) +
                (1.0 - share) * mean_rate(set->log_a[last], set->ea_over_r_K[last], FL_DAMAGE_STEP_K, to.K));
}

fl_temperature fl_damage_threshold(const fl_damage_set *set, double s)
{
    FL_ASSERT(set);
    if (!(isfinite(s) && s > 0.0)) return (fl_temperature){NAN};
    double K[2];
    for (int piece = 0; piece < 2; piece++) {
        const double log_rates = set->log_a[piece] + log(s); /* Ea/RT at which Omega is 1 */
        K[piece] = log_rates > 0.0 ? set->ea_over_r_K[piece] / log_rates : INFINITY;
    }
    if (K[1] >= FL_DAMAGE_STEP_K) return (fl_temperature){K[1]};
    return (fl_temperature){fmin(K[0], FL_DAMAGE_STEP_K)};
}

static bool all_warm(const fl_temperature *t, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!is_warm(t[i])) return false;
    return true;
}

fl_status fl_damage_init(fl_damage *damage, const fl_damage_set *set, unsigned depths, double *omega,
                         fl_temperature *last, const fl_temperature *now)
{
    FL_ASSERT(damage && set && omega && last && now);
    if (!all_warm(now, depths)) return FL_E_RANGE;
    *damage = (fl_damage){set, depths, omega, last};
    for (unsigned i = 0; i < depths; i++) omega[i] = 0.0, last[i] = now[i];
    return FL_OK;
}

fl_status fl_damage_step(fl_damage *damage, const fl_temperature *now, double s)
{
    FL_ASSERT(damage && now);
    if (!(isfinite(s) && s >= 0.0) || !all_warm(now, damage->depths)) return FL_E_RANGE;
    for (unsigned i = 0; i < damage->depths; i++) {
        damage->omega[i] += fl_damage_ramp(damage->set, damage->last[i], now[i], s);
        damage->last[i] = now[i];
    }
    return FL_OK;
}
