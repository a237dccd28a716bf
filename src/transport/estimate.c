/* Estimates: answers and their standard errors from the sums of the groups.
 *
 * A count is a sum over photons: its error comes from how much the groups differ. A controlled fluence is the
 * straight beam's, exact, plus what the exact solution has scattered x (scattered inside / scattered
 * anywhere); its error is the jackknife's, each group left out once (Efron & Stein 1981), which sees that
 * numerator and denominator share their photons. Neither sees what too few photons have not shown: see `few`.
 */
#include "run.h"

#include "fadeline/base/assert.h"

#include <math.h>

#define FRACTION_THAT_COUNTS 1e-3 /* the stop rule without depths waits for fractions of at least this */

static const double *sums_of(const fl_transport *run, unsigned group)
{
    return run->group + group * run->layout.size;
}

/* Mean over all photons of what `of` reads from a group, times a scale. */
typedef double reader(const fl_transport *run, const double *sums, const void *what);

static fl_estimate estimate(const fl_transport *run, reader *of, const void *what, double scale)
{
    const double n = (double)run->photons;
    double x[GROUPS], sum = 0.0, spread = 0.0;
    unsigned used = 0;
    for (unsigned g = 0; g < run->groups; g++) {
        if (!run->group_photons[g]) continue;
        x[g] = of(run, sums_of(run, g), what);
        sum += x[g];
        used++;
    }
    const double mean = n > 0.0 ? sum / n : NAN;
    if (used < 2) return (fl_estimate){mean * scale, NAN};
    for (unsigned g = 0; g < run->groups; g++) {
        if (!run->group_photons[g]) continue;
        const double photons = (double)run->group_photons[g], off = x[g] - mean * photons;
        spread += off * off / photons;
    }
    return (fl_estimate){mean * scale, sqrt(spread / (n * (used - 1.0))) * fabs(scale)};
}

static double read_entry(const fl_transport *run, const double *sums, const void *what)
{
    (void)run;
    return sums[*(const size_t *)what];
}

static fl_estimate fraction(const fl_transport *run, size_t first, unsigned variant)
{
    FL_ASSERT(variant < run->plan.variants);
    const size_t at = first + variant;
    return estimate(run, read_entry, &at, run->plan.entry_weight);
}

fl_estimate fl_transport_diffuse(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.diffuse, variant);
}

fl_estimate fl_transport_transmitted(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.transmitted, variant);
}

fl_estimate fl_transport_absorbed(const fl_transport *run, unsigned variant, unsigned layer)
{
    FL_ASSERT(layer < run->plan.layers);
    return fraction(run, run->layout.absorbed + (size_t)layer * run->plan.stride, variant);
}

double fl_transport_lost(const fl_transport *run, unsigned variant)
{
    return fraction(run, run->layout.lost, variant).value;
}

double fl_transport_specular(const fl_transport *run)
{
    return run->plan.specular;
}

const fl_exact *fl_transport_exact(const fl_transport *run, unsigned variant)
{
    FL_ASSERT(variant < run->plan.variants);
    return run->exact ? run->exact[variant] : NULL;
}

unsigned fl_transport_lanes(const fl_transport *run)
{
    return run->lanes;
}

unsigned fl_transport_rings(const fl_transport *run)
{
    return run->plan.grid.rings - 1;
}

fl_length fl_transport_radius(const fl_transport *run, unsigned ring)
{
    FL_ASSERT(ring + 1 < run->plan.grid.rings);
    return (fl_length){run->plan.grid.radii_m[ring]};
}

/* A linear answer in one depth cell: weights of rings, NULL for 1 in the first `inside` of them. */
typedef struct question {
    unsigned variant, cell, inside;
    const double *weight;
    double axis;
} question;

static double read_question(const fl_transport *run, const double *sums, const void *what)
{
    const question *q = what;
    const size_t stride = run->plan.stride, rings = run->plan.grid.rings;
    const double *row = sums + run->layout.score + (q->cell + 1) * rings * stride + q->variant;
    double sum = 0.0;
    for (size_t i = 0; i < q->inside; i++) sum += (q->weight ? q->weight[i] : 1.0) * row[i * stride];
    return sum;
}

static double height_of(const fl_transport *run, unsigned cell)
{
    return run->plan.grid.edges_m[cell + 1] - run->plan.grid.edges_m[cell];
}

static bool is_outside(const fl_transport *run, unsigned cell)
{
    return run->plan.grid.edges_m[cell] >= run->plan.layer[run->plan.layers - 1].bottom_m;
}

static double straight(const fl_transport *run, const question *q)
{
    return run->plan.direct[(size_t)q->cell * run->plan.variants + q->variant];
}

/* How many of the groups carry the sum, were they alike: (sum x)^2 / sum x^2. */
static double carriers(const double *x, unsigned count)
{
    double sum = 0.0, square = 0.0;
    for (unsigned i = 0; i < count; i++) sum += x[i], square += x[i] * x[i];
    return square > 0.0 ? sum * sum / square : 0.0;
}

/* Least relative error of a sum that so few groups carry. Groups that see four photons each on average, or
 * more, speak for themselves. Below, what none of m photons has done may still be done by one in m (the rule
 * of three, at one sigma); and one photon or none says nothing. */
static double few(const double *x, unsigned count)
{
    const double m = carriers(x, count);
    return m >= 0.8 * count ? 0.0 : m >= 2.0 ? 1.0 / m : NAN;
}

static unsigned read_groups(const fl_transport *run, const question *q, double *x)
{
    unsigned used = 0;
    for (unsigned g = 0; g < run->groups; g++)
        if (run->group_photons[g]) x[used++] = read_question(run, sums_of(run, g), q);
    return used;
}

static bool scatters(const fl_transport *run)
{
    bool any = false;
    for (unsigned i = 0; i < run->plan.layers; i++) any |= run->plan.layer[i].mus_per_m > 0.0;
    return any;
}

static double scale_of(const fl_transport *run, const question *q)
{
    /* Path length per volume of the slice, photons per area of the beam: height is all that is left. */
    return run->plan.entry_weight * run->plan.unit_m / height_of(run, q->cell);
}

static fl_estimate counted(const fl_transport *run, const question *q)
{
    fl_estimate e = estimate(run, read_question, q, scale_of(run, q));
    double x[GROUPS];
    const unsigned used = read_groups(run, q, x);
    if (used >= 2 && scatters(run) && !is_outside(run, q->cell))
        e.standard_error = hypot(e.standard_error, few(x, used) * e.value);
    e.value += q->axis * straight(run, q);
    return e;
}

static fl_estimate controlled(const fl_transport *run, const question *q)
{
    const question all = {q->variant, q->cell, run->plan.grid.rings, NULL, 1.0};
    const fl_length from = {run->plan.grid.edges_m[q->cell]}, to = {run->plan.grid.edges_m[q->cell + 1]};
    const double planar = fl_exact_fluence_mean(run->exact[q->variant], from, to);
    const double direct = straight(run, q), scattered = fmax(planar - direct, 0.0);
    const double solver = planar * fl_exact_error(run->exact[q->variant]);
    if (scattered <= solver) /* whatever the photons say */
        return (fl_estimate){q->axis * direct + 0.5 * scattered, hypot(0.5 * scattered, solver)};
    double inside[GROUPS], total[GROUPS], sum_inside = 0.0, sum_total = 0.0;
    const unsigned used = read_groups(run, q, inside);
    read_groups(run, &all, total);
    for (unsigned g = 0; g < used; g++) sum_inside += inside[g], sum_total += total[g];
    if (!(sum_total > 0.0)) return (fl_estimate){NAN, NAN}; /* no photon came here: nothing is known */
    const double ratio = sum_inside / sum_total;
    double spread = 0.0;
    for (unsigned g = 0; g < used; g++) {
        const double without = (sum_inside - inside[g]) / (sum_total - total[g]);
        spread += (without - ratio) * (without - ratio);
    }
    /* Where hardly a photon falls outside, the solver's own error is what is left. */
    const double jackknife = used < 2 ? NAN : sqrt(spread * (used - 1.0) / used);
    const double error = scattered * hypot(jackknife, few(total, used));
    return (fl_estimate){q->axis * direct + scattered * ratio, hypot(error, solver * fmin(fabs(ratio), 1.0))};
}

static question spot_question(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell)
{
    const walk_grid *grid = &run->plan.grid;
    FL_ASSERT(variant < run->plan.variants && cell < grid->cells);
    FL_ASSERT(spot == FL_TRANSPORT_WIDE || spot < run->options.spot_count);
    return (question){variant, cell, spot == FL_TRANSPORT_WIDE ? grid->rings : grid->spot_rings[spot], NULL,
                      1.0};
}

fl_estimate fl_transport_counted(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell)
{
    const question q = spot_question(run, variant, spot, cell);
    return counted(run, &q);
}

fl_estimate fl_transport_fluence(const fl_transport *run, unsigned variant, uint32_t spot, unsigned cell)
{
    const question q = spot_question(run, variant, spot, cell);
    if (!run->exact) return counted(run, &q);
    if (spot != FL_TRANSPORT_WIDE) return controlled(run, &q);
    const double *edges_m = run->plan.grid.edges_m;
    const fl_length from = {edges_m[cell]}, to = {edges_m[cell + 1]};
    const double planar = fl_exact_fluence_mean(run->exact[variant], from, to);
    return (fl_estimate){planar, planar * fl_exact_error(run->exact[variant])};
}

fl_estimate fl_transport_response(const fl_transport *run, unsigned variant, const double *weight,
                                  double axis, unsigned cell)
{
    FL_ASSERT(weight && variant < run->plan.variants && cell < run->plan.grid.cells);
    const question q = {variant, cell, run->plan.grid.rings, weight, axis};
    return run->exact ? controlled(run, &q) : counted(run, &q);
}

static double relative(fl_estimate e)
{
    return e.value > 0.0 && isfinite(e.standard_error) ? e.standard_error / e.value : INFINITY;
}

static double worst_of_fluence(const fl_transport *run)
{
    const walk_grid *grid = &run->plan.grid;
    const double from = run->options.error_from.m,
                 to = run->options.error_to.m > 0.0 ? run->options.error_to.m : INFINITY;
    double worst = 0.0;
    bool any = false;
    for (unsigned cell = 0; cell < grid->cells; cell++) {
        if (grid->edges_m[cell] < from || grid->edges_m[cell + 1] > to) continue;
        any = true;
        for (unsigned k = 0; k < run->plan.variants; k++) {
            for (uint32_t spot = 0; spot < run->options.spot_count; spot++)
                worst = fmax(worst, relative(fl_transport_fluence(run, k, spot, cell)));
            if (!run->exact || !run->options.spot_count)
                worst = fmax(worst, relative(fl_transport_counted(run, k, FL_TRANSPORT_WIDE, cell)));
        }
    }
    return any ? worst : INFINITY;
}

static double worst_of_fractions(const fl_transport *run)
{
    double worst = 0.0;
    for (size_t i = 0; i < run->layout.score; i++) {
        if (i % run->plan.stride >= run->plan.variants) continue;
        const fl_estimate e = estimate(run, read_entry, &i, run->plan.entry_weight);
        if (e.value >= FRACTION_THAT_COUNTS) worst = fmax(worst, relative(e));
    }
    return worst;
}

double run_worst_error(const fl_transport *run)
{
    if (run->merged * run->batches < 2) return INFINITY;
    return run->plan.grid.cells ? worst_of_fluence(run) : worst_of_fractions(run);
}

int fl_transport_cell(const fl_transport *run, fl_length depth)
{
    const walk_grid *grid = &run->plan.grid;
    if (!(grid->cells && depth.m >= grid->edges_m[0] && depth.m < grid->edges_m[grid->cells])) return -1;
    unsigned cell = 0;
    while (depth.m >= grid->edges_m[cell + 1]) cell++;
    return (int)cell;
}
