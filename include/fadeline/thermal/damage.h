/* Damage: how far heat has cooked something, by the Arrhenius integral Omega = A exp(-Ea / (R T)) dt.
 *
 * Omega 0.53 is called first degree, 1 second degree, 10^4 third degree (a teaching text); 1 - exp(-Omega) is
 * the share of what can be damaged that is. Nobody knows which of the published A and Ea is right for a
 * scalp: they differ by 2 C in the temperature that burns in a second and by more in milliseconds, so ask
 * several and take the worst, or the spread.
 *
 * The trap: near 60 C the rate doubles with every kelvin. The rate at the middle of a step of 10 K is 4 times
 * too low for the step. So a step is integrated exactly along a straight line in temperature, by the
 * exponential integral; steps may be long as long as the line is true.
 *
 *     const fl_damage_set *set = fl_damage_set_of(FL_DAMAGE_HENRIQUES);
 *     double omega = fl_damage_ramp(set, fl_heat_celsius(70), fl_heat_celsius(45), 2e-3); // 70 to 45 C in 2
 * ms fl_temperature t = fl_damage_threshold(set, 1e-3);                                  // 70.4 C
 *
 * Depth by depth, along a simulation:
 *
 *     double omega[60]; fl_temperature last[60];
 *     fl_damage damage;
 *     status = fl_damage_init(&damage, set, 60, omega, last, now);
 *     status = fl_damage_step(&damage, after_pulse, 0.0); // a jump takes no time
 *     status = fl_damage_step(&damage, later, 1e-3);
 *
 * Outside the temperatures a set was measured in it is used all the same: below 44 C, where some authors
 * count no damage, this errs on the side of more. All functions are pure; a value that makes no sense answers
 * NaN.
 */
#ifndef FL_THERMAL_DAMAGE_H
#define FL_THERMAL_DAMAGE_H

#include "fadeline/base/status.h"
#include "fadeline/units/units.h"

typedef enum fl_damage_name {
    FL_DAMAGE_HENRIQUES = 0, /* the four for skin (thermal.csv) begin here: one of them, */
    FL_DAMAGE_WEAVER_STOLL,
    FL_DAMAGE_TAKATA,
    FL_DAMAGE_MEHTA_WONG_EPIDERMIS, /* and these two are one set, */
    FL_DAMAGE_MEHTA_WONG_DERMIS,    /* each for its layer */
    FL_DAMAGE_AGAH_ARTERY,
    FL_DAMAGE_GAYLOR_MEMBRANE,
    FL_DAMAGE_PEARCE_COLLAGEN,
    FL_DAMAGE_MAITLAND_COLLAGEN,
    FL_DAMAGE_MILES_COLLAGEN,
    FL_DAMAGE_AKSAN_COLLAGEN,
    FL_DAMAGE_DEMO_BLOOD,
    FL_DAMAGE_SETS
} fl_damage_name;

typedef struct fl_damage_set {
    const char *id, *name; /* "henriques"; "Henriques 1947 skin burn" */
    const char *range;     /* what it was measured on */
    const char *surety;    /* how the numbers came to us: "seen: ..." or "from memory" */
    double log_a[2];       /* ln(A s); first below, then from 50 C on; alike when the set has no such step */
    double ea_over_r_K[2];
} fl_damage_set;

#define FL_DAMAGE_STEP_K 323.15           /* where a set in two pieces changes over: 50 C */
#define FL_DAMAGE_GAS_J_mol_K 8.314462618 /* CODATA; sources that print Ea/R are taken at their Ea/R */
#define FL_DAMAGE_FIRST_DEGREE 0.53
#define FL_DAMAGE_SECOND_DEGREE 1.0
#define FL_DAMAGE_THIRD_DEGREE 1e4

/* FL_ASSERT that it exists. Lives for ever. */
const fl_damage_set *fl_damage_set_of(fl_damage_name name);

double fl_damage_rate_per_s(const fl_damage_set *set, fl_temperature t);
/* Omega of a straight line in temperature, up or down; exact, also where it is level. */
double fl_damage_ramp(const fl_damage_set *set, fl_temperature from, fl_temperature to, double s);
/* Seconds to Omega = 1 at constant temperature. */
double fl_damage_time_s(const fl_damage_set *set, fl_temperature t);
/* The constant temperature that makes Omega = 1 in so many seconds; where a set in two pieces jumps over the
 * rate, 50 C. */
fl_temperature fl_damage_threshold(const fl_damage_set *set, double s);

typedef struct fl_damage {
    const fl_damage_set *set;
    unsigned depths;
    double *omega;        /* read it at any time */
    fl_temperature *last; /* temperatures of the last step */
} fl_damage;

/* Arrays of so many depths, borrowed until the last step; omega begins at 0, last at `now`. FL_E_RANGE,
 * nothing changed, unless all temperatures are finite and positive. */
FL_MUST_USE fl_status fl_damage_init(fl_damage *damage, const fl_damage_set *set, unsigned depths,
                                     double *omega, fl_temperature *last, const fl_temperature *now);
/* Straight from the last temperatures to these in s seconds; 0: a jump. Refuses as init, and a time that is
 * not finite or is negative. */
FL_MUST_USE fl_status fl_damage_step(fl_damage *damage, const fl_temperature *now, double s);

#endif
