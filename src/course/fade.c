#include "fadeline/course/fade.h"

#include "fade_parts.h"

#include "fadeline/base/assert.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATES FL_FADE_RATES
#define NODES FL_FADE_NODES
#define POINTS FL_FADE_POINTS
#define STEP_MOST 0.03        /* of H: 3 % of the ink */
#define SLOW_RATE_MOST 0.2401 /* -ln(1 - 0.2135): BODY1's share a session */
#define EDGE 0.05             /* what a range leaves out on each side */
#define NOTHING 1e-15

/* ---- one session ---- */

/* How likely the reading is when the session took h. Nobody reads below nothing or above all, so the ends
 * hold whatever an eye without ends would have said beyond them. */
static double likelihood(const fl_fade_read *read, double h)
{
    const double off = (read->share - -expm1(-h)) / read->noise;
    if (read->share <= 0.0) return gsl_cdf_ugaussian_P(off);
    if (read->share >= 1.0) return gsl_cdf_ugaussian_Q(off);
    return gsl_ran_ugaussian_pdf(off);
}

/* What one session at rate r adds to H, laid on the points; between two points a mass is split so that its
 * mean stays. With a read the sum is the likelihood of the read; without, 1. `used` is the length. */
static double session_of(const fl_fade *f, size_t r, const fl_fade_read *read, double kernel[POINTS],
                         size_t *used)
{
    double sum = 0.0;
    memset(kernel, 0, POINTS * sizeof *kernel);
    *used = 1;
    for (size_t j = 0; j < NODES; j++) {
        const double h = f->rate[r] * f->node[j];
        const double mass = read ? f->mass[j] * likelihood(read, h) : f->mass[j];
        const double at = fmin(h / f->step, (double)(f->points - 1));
        const size_t below = (size_t)at, above = below + 1 < f->points ? below + 1 : below;
        kernel[below] += mass * (1.0 - (at - (double)below));
        kernel[above] += mass * (at - (double)below);
        sum += mass;
        *used = above + 1;
    }
    return sum;
}

static void add(const fl_fade *f, const double from[POINTS], const double kernel[POINTS], size_t used,
                double to[POINTS])
{
    const size_t last = f->points - 1;
    memset(to, 0, POINTS * sizeof *to);
    for (size_t i = 0; i <= last; i++) {
        if (from[i] < NOTHING) continue;
        const size_t inside = used < last - i ? used : last - i;
        for (size_t k = 0; k < inside; k++) to[i + k] += from[i] * kernel[k];
        for (size_t k = inside; k < used; k++) to[last] += from[i] * kernel[k];
    }
}

/* A point speaks for half a step on either side of it, so half of what lies on the goal has reached it. */
static double reached(const fl_fade *f, const double taken[POINTS])
{
    double sum = 0.5 * taken[f->goal_at];
    for (size_t i = f->goal_at + 1; i < f->points; i++) sum += taken[i];
    return sum;
}

/* ---- the prior ---- */

static void normalise(double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    FL_ASSERT(sum > 0.0);
    for (size_t i = 0; i < count; i++) values[i] /= sum;
}

/* Two half normals of ln(rate) that meet at the mode, and the slow ones. */
static void lay(fl_fade *f, double mode, double sd_slow, double sd_fast, double slow)
{
    double tail[RATES];
    for (size_t r = 0; r < RATES; r++) {
        const double off = log(f->rate[r]) - mode;
        f->weight[r] = exp(-0.5 * pow(off / (off < 0.0 ? sd_slow : sd_fast), 2.0));
        tail[r] = f->rate[r] <= SLOW_RATE_MOST ? 1.0 : 0.0;
    }
    normalise(f->weight, RATES);
    normalise(tail, RATES);
    for (size_t r = 0; r < RATES; r++) f->weight[r] = (1.0 - slow) * f->weight[r] + slow * tail[r];
}

typedef struct fitting {
    fl_fade *fade;
    const fl_fade_prior *prior;
    double by[31][RATES]; /* chance that so many sessions are enough, given the rate */
} fitting;

static double enough(const fitting *fit, int n)
{
    double sum = 0.0;
    for (size_t r = 0; r < RATES; r++) sum += fit->fade->weight[r] * fit->by[n][r];
    return sum;
}

/* How much is missing to put the number n at `level`: as many as that are enough at n, and not yet at n - 1.
 */
static double missed(const fitting *fit, int n, double level, double margin)
{
    const double before = fmax(0.0, enough(fit, n - 1) - (level - margin));
    const double after = fmax(0.0, level + margin - enough(fit, n));
    return pow((before + after) / 0.002, 2);
}

/* First the three numbers at 5, 50 and 95 %, with a little room; then the ends in the middle of their step,
 * the likely number the most probable one, and the two pieces alike. An end that is the likely number asks
 * nothing. */
static double misfit(const gsl_vector *x, void *parameters)
{
    const fitting *fit = parameters;
    const fl_fade_prior *p = fit->prior;
    const double sd_slow = exp(gsl_vector_get(x, 1)), sd_fast = exp(gsl_vector_get(x, 2));
    lay(fit->fade, gsl_vector_get(x, 0), fmax(sd_slow, 0.02), fmax(sd_fast, 0.02), p->slow);
    double sum = missed(fit, p->likely, 0.5, 0.02) + 0.1 * pow(log(sd_slow / sd_fast), 2) +
                 1e-3 * pow(log(sd_slow * sd_fast), 2);
    if (p->low < p->likely) {
        const double middle = 0.5 * (enough(fit, p->low - 1) + enough(fit, p->low));
        sum += missed(fit, p->low, EDGE, 0.005) + pow((middle - EDGE) / 0.03, 2);
    }
    if (p->high > p->likely) {
        const double middle = 0.5 * (enough(fit, p->high - 1) + enough(fit, p->high));
        sum += missed(fit, p->high, 1.0 - EDGE, 0.002) + pow((middle - (1.0 - EDGE)) / 0.03, 2);
    }
    const double here = enough(fit, p->likely) - enough(fit, p->likely - 1);
    if (p->likely > 1) {
        const double fewer = enough(fit, p->likely - 1) - enough(fit, p->likely - 2);
        sum += pow(fmax(0.0, fewer - here) / 0.05, 2);
    }
    return sum;
}

static void walk_whole_ink(fitting *fit)
{
    const fl_fade *f = fit->fade;
    double kernel[POINTS], now[POINTS], next[POINTS];
    size_t used;
    for (size_t r = 0; r < RATES; r++) {
        session_of(f, r, NULL, kernel, &used);
        memcpy(now, f->taken[r], sizeof now);
        for (int n = 1; n <= fit->prior->high; n++) {
            add(f, now, kernel, used, next);
            memcpy(now, next, sizeof now);
            fit->by[n][r] = reached(f, now);
        }
    }
}

static void fit_prior(fl_fade *f, const fl_fade_prior *prior)
{
    fitting *fit = calloc(1, sizeof *fit);
    gsl_multimin_fminimizer *search = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 3);
    gsl_vector *start = gsl_vector_alloc(3), *stride = gsl_vector_alloc(3);
    FL_ASSERT(fit && search && start && stride);
    fit->fade = f;
    fit->prior = prior;
    walk_whole_ink(fit);
    gsl_vector_set(start, 0, log(f->goal / (prior->likely - 0.4)));
    gsl_vector_set(start, 1, log(0.4));
    gsl_vector_set(start, 2, log(0.4));
    gsl_vector_set_all(stride, 0.3);
    gsl_multimin_function function = {misfit, 3, fit};
    gsl_multimin_fminimizer_set(search, &function, start, stride);
    for (int i = 0; i < 400 && gsl_multimin_fminimizer_size(search) > 1e-5; i++)
        if (gsl_multimin_fminimizer_iterate(search)) break;
    misfit(gsl_multimin_fminimizer_x(search), fit); /* leaves the best weights */
    gsl_vector_free(stride);
    gsl_vector_free(start);
    gsl_multimin_fminimizer_free(search);
    free(fit);
}

static void lay_grids(fl_fade *f, const fl_fade_prior *prior)
{
    f->goal = -log1p(-prior->goal);
    f->goal_at = (size_t)ceil(f->goal / STEP_MOST);
    f->step = f->goal / (double)f->goal_at;
    f->points = (size_t)ceil(FL_FADE_H_MOST / f->step) + 1;
    FL_ASSERT(f->points <= POINTS);
    for (size_t r = 0; r < RATES; r++) {
        f->rate[r] =
            FL_FADE_RATE_LEAST * pow(FL_FADE_RATE_MOST / FL_FADE_RATE_LEAST, (double)r / (RATES - 1));
        f->taken[r][0] = 1.0;
    }
    const double shape = 1.0 / (prior->variation * prior->variation);
    for (size_t j = 0; j < NODES; j++) {
        f->node[j] = FL_FADE_NODE_MOST * (double)(j + 1) / NODES;
        f->mass[j] = gsl_ran_gamma_pdf(f->node[j], shape, 1.0 / shape);
    }
    normalise(f->mass, NODES);
}

fl_status fl_fade_new(const fl_fade_prior *prior, fl_fade **fade)
{
    FL_ASSERT(prior && fade);
    const fl_fade_prior *p = prior;
    if (!(1 <= p->low && p->low <= p->likely && p->likely <= p->high && p->high <= 30)) return FL_E_RANGE;
    if (!(p->goal >= 0.05 && p->goal <= 0.99)) return FL_E_RANGE;
    if (!(p->variation >= 0.1 && p->variation <= 0.5 && p->slow >= 0.0 && p->slow <= 0.04)) return FL_E_RANGE;
    fl_fade *f = calloc(1, sizeof *f);
    FL_ASSERT(f);
    lay_grids(f, prior);
    fit_prior(f, prior);
    *fade = f;
    return FL_OK;
}

void fl_fade_free(fl_fade *fade)
{
    free(fade);
}

/* ---- reads ---- */

static bool is_read(const fl_fade_read *read)
{
    return read->share >= 0.0 && read->share <= 1.0 && read->noise >= 0.03 && read->noise <= 0.5;
}

fl_status fl_fade_session(fl_fade *f, const fl_fade_read *read)
{
    FL_ASSERT(f);
    if (read && !is_read(read)) return FL_E_RANGE;
    double kernel[POINTS], next[POINTS];
    for (size_t r = 0; r < RATES; r++) {
        size_t used;
        const double likely = session_of(f, r, read, kernel, &used);
        f->weight[r] *= likely;
        if (!(likely > 0.0)) continue; /* a rate that the read rules out keeps its old row, with weight 0 */
        for (size_t k = 0; k < used; k++) kernel[k] /= likely;
        add(f, f->taken[r], kernel, used, next);
        memcpy(f->taken[r], next, sizeof next);
    }
    normalise(f->weight, RATES);
    f->sessions++;
    return FL_OK;
}

fl_status fl_fade_spot(fl_fade *f, const fl_fade_read *read)
{
    FL_ASSERT(f && read);
    if (!is_read(read)) return FL_E_RANGE;
    double kernel[POINTS];
    size_t used;
    for (size_t r = 0; r < RATES; r++) f->weight[r] *= session_of(f, r, read, kernel, &used);
    normalise(f->weight, RATES);
    return FL_OK;
}

fl_status fl_fade_other(fl_fade *f, const fl_fade_read *read)
{
    FL_ASSERT(f && read);
    if (!is_read(read)) return FL_E_RANGE;
    double kernel[POINTS], any[POINTS] = {0}, next[POINTS];
    size_t used, longest = 0;
    for (size_t r = 0; r < RATES; r++) {
        session_of(f, r, read, kernel, &used);
        for (size_t k = 0; k < used; k++) any[k] += f->weight[r] * kernel[k];
        if (used > longest) longest = used;
    }
    normalise(any, longest);
    for (size_t r = 0; r < RATES; r++) {
        add(f, f->taken[r], any, longest, next);
        memcpy(f->taken[r], next, sizeof next);
    }
    f->sessions++;
    return FL_OK;
}

/* ---- answers ---- */

/* Where the running sum of the masses passes `level`, in steps; each mass stands in the middle of its step.
 */
static double quantile(const double *mass, size_t count, double level)
{
    double before = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double here = before + 0.5 * mass[i];
        if (i == 0 && level <= mass[0]) return 0.0; /* nothing taken is a place, not a step */
        if (here >= level) {
            const double previous = before - 0.5 * mass[i - 1];
            return (double)i - (here - level) / (here - previous);
        }
        before += mass[i];
    }
    return (double)(count - 1);
}

static fl_fade_band ink_left(const fl_fade *f, const double all[POINTS])
{
    return (fl_fade_band){.median = exp(-f->step * quantile(all, f->points, 0.5)),
                          .p05 = exp(-f->step * quantile(all, f->points, 1.0 - EDGE)),
                          .p95 = exp(-f->step * quantile(all, f->points, EDGE))};
}

static double share_at(const fl_fade *f, double level)
{
    const double step = log(f->rate[1] / f->rate[0]);
    return -expm1(-f->rate[0] * exp(step * quantile(f->weight, RATES, level)));
}

/* One more session for every rate that still counts; returns the chance that the goal is reached. */
static double look(const fl_fade *f, double (*taken)[POINTS], double all[POINTS])
{
    double sum = 0.0;
    memset(all, 0, POINTS * sizeof *all);
    for (size_t r = 0; r < RATES; r++) {
        if (f->weight[r] < NOTHING) continue;
        sum += f->weight[r] * reached(f, taken[r]);
        for (size_t i = 0; i < f->points; i++) all[i] += f->weight[r] * taken[r][i];
    }
    return fmin(sum, 1.0);
}

static void treat(const fl_fade *f, double (*taken)[POINTS])
{
    double kernel[POINTS], next[POINTS];
    size_t used;
    for (size_t r = 0; r < RATES; r++) {
        if (f->weight[r] < NOTHING) continue;
        session_of(f, r, NULL, kernel, &used);
        add(f, taken[r], kernel, used, next);
        memcpy(taken[r], next, sizeof next);
    }
}

static void name_range(fl_fade_answer *a)
{
    a->low = a->likely = a->high = FL_FADE_MOST;
    for (int n = FL_FADE_MOST; n >= 0; n--) {
        const double by = fl_fade_within(a, n);
        if (by >= EDGE) a->low = n;
        if (by >= 0.5) a->likely = n;
        if (by >= 1.0 - EDGE) a->high = n;
    }
}

fl_fade_answer fl_fade_ask(const fl_fade *f)
{
    FL_ASSERT(f);
    fl_fade_answer a = {.sessions = f->sessions};
    double all[POINTS], before = 0.0;
    double(*taken)[POINTS] = malloc(sizeof f->taken);
    FL_ASSERT(taken);
    memcpy(taken, f->taken, sizeof f->taken);
    for (int n = 0; n <= FL_FADE_MOST; n++) {
        if (n > 0) treat(f, taken);
        const double by = look(f, taken, all);
        a.chance[n] = fmax(by - before, 0.0);
        before = fmax(by, before);
        if (n <= FL_FADE_LEFT) a.left[n] = ink_left(f, all);
        if (n >= FL_FADE_LEFT && before > 1.0 - 1e-9) break;
    }
    a.beyond = 1.0 - before;
    free(taken);
    a.per_session = (fl_fade_band){share_at(f, 0.5), share_at(f, EDGE), share_at(f, 1.0 - EDGE)};
    name_range(&a);
    return a;
}

double fl_fade_within(const fl_fade_answer *answer, int n)
{
    FL_ASSERT(answer);
    double sum = 0.0;
    for (int i = 0; i <= n && i <= FL_FADE_MOST; i++) sum += answer->chance[i];
    return fmin(sum, 1.0);
}
