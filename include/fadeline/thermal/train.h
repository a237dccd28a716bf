/* Train: a row of equal pulses on one place, and how fast they may follow each other.
 *
 * Heat adds up: after n pulses it is what the first one left, plus what the second one left, ... So one pulse
 * is simulated once, as long as any train will last, and remembered at a few depths. After that every rate,
 * number of pulses and strength is a sum, and costs no more simulation. Cooling that began before the light
 * is a second such memory.
 *
 * A spot of finite size also loses heat sideways. In one diffusivity that is exactly a factor which depends
 * on the age of a pulse, on the axis: 1 - exp(-a^2 / 4 alpha t) for a disc of radius a, w^2 / (w^2 + 8 alpha
 * t) for a Gaussian of 1/e2 radius w. In layers the truth is an average over the paths heat takes, and lies
 * between the factors of the smallest and the largest diffusivity; we take the smallest, which errs warm,
 * unless told another. Skin of Jiang 2002 under a 4 mm disc: the two differ by 5 % at an age of 3 s, by 1.8
 * times at 30 s. Light that spreads in skin heats a disc with soft edges, wider than the spot; its factor
 * falls less steeply.
 *
 *     fl_train_setup setup = {.heat = &heat, .pulse = absorbed, .depths = depths, .depth_count = 2,
 *                             .spot = {FL_TRAIN_DISC, fl_mm(4)}, .reach_s = 60};
 *     fl_train *train; // 420 kB
 *     status = fl_train_new(&setup, &train, &error);
 *     fl_train_question question = {.pulses = 300, .rate = fl_Hz(10), .strength = 1, .sets = sets, .set_count
 * = 1}; fl_train_answer answer[2]; // one a depth status = fl_train_ask(train, &question, answer, &error);
 *     fl_train_free(train);
 *
 * The trap: `left` and `peak` are those of straight lines between moments, and of the depths asked about: ask
 * about the middle of the epidermis and its bottom, for the hottest place is not known before.
 *
 * Asking allocates nothing and changes nothing: any number of threads may ask one train.
 */
#ifndef FL_THERMAL_TRAIN_H
#define FL_THERMAL_TRAIN_H

#include "fadeline/thermal/damage.h"
#include "fadeline/thermal/heat.h"

#define FL_TRAIN_DEPTHS 16 /* most depths */

typedef enum fl_train_shape {
    FL_TRAIN_WIDE = 1, /* nothing is lost sideways */
    FL_TRAIN_DISC,
    FL_TRAIN_GAUSSIAN
} fl_train_shape; /* 0: not set */

typedef struct fl_train_spot {
    fl_train_shape shape;
    fl_length diameter; /* 1/e2 when Gaussian; the pulse is the one on the axis */
} fl_train_spot;

/* What is left on the axis of a wide pulse's warming when it is so old. NaN for what makes no sense. */
double fl_train_sideways(fl_train_spot spot, double age_s, fl_diffusivity alpha);

typedef struct fl_train_setup {
    const fl_heat_setup *heat;
    const fl_energy_density *pulse; /* heat absorbed from one pulse, a value a cell */
    const fl_length *depths;
    unsigned depth_count;
    fl_train_spot spot;
    fl_diffusivity sideways; /* 0: the smallest of all layers */
    double reach_s; /* the longest train that will be asked about, cooling before and after included */
} fl_train_setup;

typedef struct fl_train fl_train;

/* Simulates. FL_E_RANGE for what fl_heat_init refuses, a depth outside, a spot or a reach that makes no
 * sense, and a surface or source that heats by itself (use heat.h). FL_E_MEMORY. *train is untouched. */
FL_MUST_USE fl_status fl_train_new(const fl_train_setup *setup, fl_train **train, fl_error *error);
void fl_train_free(fl_train *train); /* NULL is fine */

typedef struct fl_train_question {
    unsigned pulses;
    fl_rate rate;
    double strength; /* 1: the pulse as it was given; heat is proportional to it */
    double before_s; /* cooling before the first pulse */
    double after_s;  /* how long to watch after the last one; one interval when that is longer */
    const fl_damage_set *const *sets;
    unsigned set_count; /* 0 to FL_DAMAGE_SETS */
} fl_train_question;

typedef struct fl_train_answer {  /* at one depth */
    fl_temperature peak;          /* the hottest it ever was */
    fl_temperature end;           /* when the watch ends */
    fl_warming left;              /* most that was left when an interval ended, over the start */
    double omega[FL_DAMAGE_SETS]; /* by the sets of the question */
} fl_train_answer;

/* FL_E_RANGE, answers untouched, unless there is a pulse, rate is positive, strength and times are not
 * negative, and all of it fits into the reach. One answer a depth. */
FL_MUST_USE fl_status fl_train_ask(const fl_train *train, const fl_train_question *question,
                                   fl_train_answer *answer, fl_error *error);

/* What must hold at every depth asked about. INFINITY: no limit. */
typedef struct fl_train_limit {
    fl_warming left;
    fl_temperature peak;
    double omega; /* for every set of the question */
} fl_train_limit;

/* The highest rate from `slowest` to `fastest` that keeps the limits, for the question's pulses (its rate is
 * not read), to 0.1 %. The rate returned was tried and keeps them; a rate 0.1 % higher breaks them, unless it
 * is the fastest. FL_E_NO when even the slowest breaks them; FL_E_RANGE as above. By bisection: at a depth
 * where heat of one pulse still arrives when the next one falls, a band of higher rates could be allowed
 * again, and is not looked for. */
FL_MUST_USE fl_status fl_train_rate(const fl_train *train, const fl_train_question *question,
                                    const fl_train_limit *limit, fl_rate slowest, fl_rate fastest,
                                    fl_rate *rate, fl_error *error);

#endif
