#include "fadeline/thermal/train.h"

#include "fadeline/base/assert.h"
#include "heat_inside.h"

#include <math.h>
#include <stdlib.h>

#define TIMES 800     /* of the memory of one pulse; enough from nanoseconds to a day */
#define SHARE 0.0625  /* of the time since the pulse: how long each step of the memory is */
#define EVERY 4       /* an answer looks at every fourth of these times */
#define LONGEST_S 1e5 /* no train lasts longer */

/* What one pulse left, and what cooling did, at each depth after each time: value and slope. Between the
 * times the cubic that has both. */
typedef struct memory {
    double K[TIMES], K_per_s[TIMES];
} memory;

struct fl_train {
    unsigned depths, times;
    bool cooled; /* the start does not stay by itself */
    double start_K;
    double time_s[TIMES];
    memory pulse[FL_TRAIN_DEPTHS], cooling[FL_TRAIN_DEPTHS];
};

double fl_train_sideways(fl_train_spot spot, double age_s, fl_diffusivity alpha)
{
    if (!(isfinite(age_s) && age_s >= 0.0 && isfinite(alpha.m2_s) && alpha.m2_s > 0.0)) return NAN;
    if (spot.shape == FL_TRAIN_WIDE) return 1.0;
    if (!(isfinite(spot.diameter.m) && spot.diameter.m > 0.0)) return NAN;
    const double radius2 = 0.25 * spot.diameter.m * spot.diameter.m, spread2 = 4.0 * alpha.m2_s * age_s;
    switch (spot.shape) {
    case FL_TRAIN_DISC: return spread2 > 0.0 ? -expm1(-radius2 / spread2) : 1.0;
    case FL_TRAIN_GAUSSIAN: return radius2 / (radius2 + 2.0 * spread2); /* exp(-2 r^2 / w^2) */
    default: return NAN;
    }
}

/* How fast that falls. */
static double sideways_per_s(fl_train_spot spot, double age_s, double alpha_m2_s)
{
    const double radius2 = 0.25 * spot.diameter.m * spot.diameter.m, spread2 = 4.0 * alpha_m2_s * age_s;
    if (spot.shape == FL_TRAIN_WIDE || (spot.shape == FL_TRAIN_DISC && age_s == 0.0)) return 0.0;
    if (spot.shape == FL_TRAIN_DISC) return -exp(-radius2 / spread2) * radius2 / (spread2 * age_s);
    const double sum = radius2 + 2.0 * spread2;
    return -radius2 * 8.0 * alpha_m2_s / (sum * sum);
}

static double least_alpha_m2_s(const fl_heat_setup *setup)
{
    double least = INFINITY;
    for (unsigned i = 0; i < setup->layer_count; i++)
        least = fmin(least, setup->layers[i].conductivity.W_m_K / setup->layers[i].capacity.J_m3_K);
    return least;
}

/* Steps as fl_heat_advance would choose them, one a time, so that each remembered value ends a step. */
static unsigned choose_times(double first_s, double reach_s, double *time_s)
{
    unsigned count = 1;
    time_s[0] = 0.0;
    while (time_s[count - 1] < reach_s) {
        if (count == TIMES) return 0;
        const double now = time_s[count - 1];
        time_s[count++] = now + fmax(first_s, SHARE * now);
    }
    return count;
}

static fl_status remember(const fl_train *train, fl_heat *heat, const fl_heat_probe *probe, memory *into)
{
    for (unsigned j = 0; j < train->times; j++) {
        if (j) {
            const fl_status status = fl_heat_advance(heat, train->time_s[j] - train->time_s[j - 1]);
            if (status != FL_OK) return status;
        }
        for (unsigned d = 0; d < train->depths; d++) {
            into[d].K[j] = fl_heat_probe_K(heat, &probe[d]);
            into[d].K_per_s[j] = fl_heat_probe_K_per_s(heat, &probe[d]);
        }
    }
    return FL_OK;
}

/* Two memories: cooling without light; and a pulse alone, all ends as warm as the start. */
static fl_status simulate(fl_train *train, const fl_train_setup *setup, fl_heat *heat, fl_error *error)
{
    const fl_heat_setup *given = setup->heat;
    fl_heat_setup alone = *given;
    alone.step_share = SHARE;
    fl_status status = fl_heat_init(heat, &alone, error);
    if (status != FL_OK) return status;
    if (given->surface.absorbed.W_m2 > 0.0)
        return fl_error_set(error, FL_E_RANGE,
                            "a train begins dark: the surface may absorb nothing by itself");
    fl_heat_probe probe[FL_TRAIN_DEPTHS];
    for (unsigned d = 0; d < train->depths; d++)
        if (!fl_heat_probe_at(heat, setup->depths[d], &probe[d]))
            return fl_error_set(error, FL_E_RANGE, "depth %u (%g m) lies outside the layers", d + 1,
                                setup->depths[d].m);
    train->times = choose_times(heat->first_s, setup->reach_s, train->time_s);
    if (!train->times)
        return fl_error_set(error, FL_E_RANGE,
                            "%g s are too many steps from %g s, the first that this grid needs",
                            setup->reach_s, heat->first_s);
    train->start_K = given->start.K;
    train->cooled = heat->deep_K != 0.0 || heat->top_K != 0.0;
    if (train->cooled) status = remember(train, heat, probe, train->cooling);
    if (status != FL_OK) return status;

    alone.deep = alone.start, alone.surface.outside = alone.start;
    status = fl_heat_init(heat, &alone, error);
    if (status != FL_OK) return status;
    if (fl_heat_pulse(heat, setup->pulse) != FL_OK)
        return fl_error_set(error, FL_E_RANGE, "absorbed heat must be finite and not negative in every cell");
    for (unsigned d = 0; d < train->depths; d++) (void)fl_heat_probe_at(heat, setup->depths[d], &probe[d]);
    return remember(train, heat, probe, train->pulse);
}

static void lose_sideways(fl_train *train, const fl_train_setup *setup)
{
    const double alpha = setup->sideways.m2_s > 0.0 ? setup->sideways.m2_s : least_alpha_m2_s(setup->heat);
    for (unsigned j = 0; j < train->times; j++) {
        const double age = train->time_s[j],
                     share = fl_train_sideways(setup->spot, age, (fl_diffusivity){alpha}),
                     slope = sideways_per_s(setup->spot, age, alpha);
        for (unsigned d = 0; d < train->depths; d++) {
            memory *m = &train->pulse[d];
            m->K_per_s[j] = m->K_per_s[j] * share + m->K[j] * slope;
            m->K[j] *= share;
        }
    }
}

fl_status fl_train_new(const fl_train_setup *setup, fl_train **train, fl_error *error)
{
    FL_ASSERT(setup && setup->heat && setup->pulse && train);
    if (!(setup->depths && setup->depth_count >= 1 && setup->depth_count <= FL_TRAIN_DEPTHS))
        return fl_error_set(error, FL_E_RANGE, "a train is watched at 1 to %d depths, not %u",
                            FL_TRAIN_DEPTHS, setup->depth_count);
    if (isnan(fl_train_sideways(setup->spot, 0.0, FL_SKIN_DIFFUSIVITY)))
        return fl_error_set(error, FL_E_RANGE, "the spot has no shape, or no diameter");
    if (!(isfinite(setup->sideways.m2_s) && setup->sideways.m2_s >= 0.0))
        return fl_error_set(error, FL_E_RANGE,
                            "sideways diffusivity is %g m2/s, must be finite and not negative",
                            setup->sideways.m2_s);
    if (!(setup->reach_s > 0.0 && setup->reach_s <= LONGEST_S))
        return fl_error_set(error, FL_E_RANGE, "reach_s is %g, must be positive and at most %g",
                            setup->reach_s, LONGEST_S);
    fl_train *made = calloc(1, sizeof *made);
    fl_heat *heat = malloc(sizeof *heat);
    fl_status status = FL_E_MEMORY;
    if (!made || !heat) {
        fl_error_set(error, FL_E_MEMORY, "no memory for a train");
        goto out;
    }
    made->depths = setup->depth_count;
    status = simulate(made, setup, heat, error);
    if (status != FL_OK) goto out;
    lose_sideways(made, setup);
    *train = made, made = NULL;
out:
    free(heat);
    free(made);
    return status;
}

void fl_train_free(fl_train *train)
{
    free(train);
}

/* A place in the memory: the interval a time falls into, and the four weights of its cubic (Hermite). Walks
 * from where it was, because times are asked for in order. */
typedef struct place {
    unsigned at;
    double left, right, left_s, right_s;
} place;

static void find(const fl_train *train, double t_s, place *p)
{
    const double *time = train->time_s;
    while (p->at + 2 < train->times && t_s > time[p->at + 1]) p->at++;
    while (p->at > 0 && t_s < time[p->at]) p->at--;
    const double h = time[p->at + 1] - time[p->at], u = (t_s - time[p->at]) / h, v = 1.0 - u;
    p->left = v * v * (1.0 + 2.0 * u), p->right = u * u * (1.0 + 2.0 * v);
    p->left_s = h * u * v * v, p->right_s = -h * u * u * v;
}

static inline double recall(const memory *m, const place *p)
{
    return p->left * m->K[p->at] + p->right * m->K[p->at + 1] + p->left_s * m->K_per_s[p->at] +
           p->right_s * m->K_per_s[p->at + 1];
}

/* The moments of an interval that an answer looks at. The last interval is the one watched to the end: its
 * first `common` moments are those of every interval. */
typedef struct moments {
    unsigned common, all;
    double s[TIMES + 2];
} moments;

static void choose_moments(const fl_train *train, const fl_train_question *q, moments *m)
{
    const double interval = 1.0 / q->rate.Hz, watch = fmax(interval, q->after_s);
    m->all = 0;
    unsigned j = 0;
    for (; j < train->times && train->time_s[j] < interval; j += EVERY) m->s[m->all++] = train->time_s[j];
    m->s[m->all++] = interval;
    m->common = m->all;
    for (; j < train->times && train->time_s[j] < watch; j += EVERY)
        if (train->time_s[j] > interval) m->s[m->all++] = train->time_s[j];
    if (watch > interval) m->s[m->all++] = watch;
}

/* One question in the working: what every pulse so far has left at each moment of the present interval. */
typedef struct working {
    const fl_train *train;
    const fl_train_question *question;
    moments moments;
    place cooling;
    double sum_K[FL_TRAIN_DEPTHS][TIMES + 2];
    double last_K[FL_TRAIN_DEPTHS];
} working;

/* Adds the pulse that is `age` intervals older than the youngest, at moments from..to. */
static void add_pulse(working *w, unsigned age, unsigned from, unsigned to, place *p)
{
    const fl_train *train = w->train;
    for (unsigned j = from; j < to; j++) {
        find(train, w->moments.s[j] + age / w->question->rate.Hz, p);
        for (unsigned d = 0; d < train->depths; d++) w->sum_K[d][j] += recall(&train->pulse[d], p);
    }
}

/* Goes through one interval after pulse n (from 0). */
static void watch(working *w, unsigned n, unsigned count, fl_train_answer *answer)
{
    const fl_train *train = w->train;
    const fl_train_question *q = w->question;
    for (unsigned j = 0; j < count; j++) {
        if (train->cooled) find(train, q->before_s + n / q->rate.Hz + w->moments.s[j], &w->cooling);
        for (unsigned d = 0; d < train->depths; d++) {
            fl_train_answer *a = &answer[d];
            double K = train->start_K + q->strength * w->sum_K[d][j];
            if (train->cooled) K += recall(&train->cooling[d], &w->cooling);
            a->peak.K = fmax(a->peak.K, K);
            a->end.K = K;
            for (unsigned s = 0; j && s < q->set_count; s++)
                a->omega[s] += fl_damage_ramp(q->sets[s], (fl_temperature){w->last_K[d]}, (fl_temperature){K},
                                              w->moments.s[j] - w->moments.s[j - 1]);
            w->last_K[d] = K;
            if (j + 1 == w->moments.common) a->left.K = fmax(a->left.K, K - train->start_K);
        }
    }
}

static fl_status check_question(const fl_train *train, const fl_train_question *q, fl_error *error)
{
    if (!(q->pulses >= 1 && isfinite(q->rate.Hz) && q->rate.Hz > 0.0))
        return fl_error_set(error, FL_E_RANGE, "a train has at least one pulse and a positive rate");
    if (!(isfinite(q->strength) && q->strength >= 0.0))
        return fl_error_set(error, FL_E_RANGE, "strength is %g, must be finite and not negative",
                            q->strength);
    if (!(q->before_s >= 0.0 && q->after_s >= 0.0))
        return fl_error_set(error, FL_E_RANGE, "times before and after a train must not be negative");
    if (q->set_count > FL_DAMAGE_SETS || (q->set_count && !q->sets))
        return fl_error_set(error, FL_E_RANGE, "a question has 0 to %d sets of damage", FL_DAMAGE_SETS);
    const double interval = 1.0 / q->rate.Hz,
                 s = q->before_s + (q->pulses - 1) * interval + fmax(interval, q->after_s);
    if (s <= train->time_s[train->times - 1] * (1.0 + 1e-12)) return FL_OK;
    fl_error_set(error, FL_E_RANGE, "the train lasts %g s, the simulation only %g s", s,
                 train->time_s[train->times - 1]);
    return fl_error_hint(error, "make the train with a longer reach_s"), FL_E_RANGE;
}

fl_status fl_train_ask(const fl_train *train, const fl_train_question *question, fl_train_answer *answer,
                       fl_error *error)
{
    FL_ASSERT(train && question && answer);
    const fl_status status = check_question(train, question, error);
    if (status != FL_OK) return status;
    working w;
    w.train = train, w.question = question, w.cooling = (place){.at = 0};
    choose_moments(train, question, &w.moments);
    for (unsigned d = 0; d < train->depths; d++) {
        answer[d] = (fl_train_answer){.left = {-INFINITY}};
        for (unsigned j = 0; j < w.moments.all; j++) w.sum_K[d][j] = 0.0;
    }
    place at = {.at = 0};
    for (unsigned n = 0; n < question->pulses; n++) {
        const bool last = n + 1 == question->pulses;
        add_pulse(&w, n, 0, w.moments.common, &at);
        if (last) /* the watch after it lies beyond the moments that earlier intervals have summed */
            for (unsigned j = w.moments.common; j < w.moments.all; j++)
                for (unsigned age = 0; age < question->pulses; age++) add_pulse(&w, age, j, j + 1, &at);
        watch(&w, n, last ? w.moments.all : w.moments.common, answer);
    }
    return FL_OK;
}

static bool keeps(const fl_train *train, const fl_train_question *q, const fl_train_limit *limit,
                  const fl_train_answer *answer)
{
    for (unsigned d = 0; d < train->depths; d++) {
        if (!(answer[d].left.K <= limit->left.K && answer[d].peak.K <= limit->peak.K)) return false;
        for (unsigned s = 0; s < q->set_count; s++)
            if (!(answer[d].omega[s] <= limit->omega)) return false;
    }
    return true;
}

fl_status fl_train_rate(const fl_train *train, const fl_train_question *question, const fl_train_limit *limit,
                        fl_rate slowest, fl_rate fastest, fl_rate *rate, fl_error *error)
{
    FL_ASSERT(train && question && limit && rate);
    if (!(slowest.Hz > 0.0 && fastest.Hz >= slowest.Hz && isfinite(fastest.Hz)))
        return fl_error_set(error, FL_E_RANGE, "rates from %g to %g Hz are no range", slowest.Hz, fastest.Hz);
    if (isnan(limit->left.K) || isnan(limit->peak.K) || isnan(limit->omega))
        return fl_error_set(error, FL_E_RANGE, "a limit is not a number");
    fl_train_answer answer[FL_TRAIN_DEPTHS];
    fl_train_question q = *question;
    double low = slowest.Hz, high = fastest.Hz;
    q.rate.Hz = low;
    fl_status status = fl_train_ask(train, &q, answer, error); /* the slowest train is the longest */
    if (status != FL_OK) return status;
    if (!keeps(train, &q, limit, answer))
        return fl_error_set(error, FL_E_NO, "even %g pulses a second are too many", low);
    for (q.rate.Hz = high; high > low * 1.001; q.rate.Hz = sqrt(low * high)) {
        status = fl_train_ask(train, &q, answer, error);
        if (status != FL_OK) return status;
        if (!keeps(train, &q, limit, answer)) {
            high = q.rate.Hz;
        } else {
            low = q.rate.Hz;
        }
    }
    rate->Hz = low;
    return FL_OK;
}
