#include "fadeline/transport/exact.h"

#include "fadeline/base/assert.h"

#include "exact_stack.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define HALF_PI (0.5 * PI)

/* How far energy may be from adding up before we call it no answer. */
#define ENERGY_WITHIN 1e-6

struct fl_exact {
    exact_angles angles;
    double specular, diffuse, transmitted;
    unsigned layers, nodes;
    double least_error; /* relative, of fluences, however many nodes */
    bool forward;       /* some layer scatters with g above 0.85 */
    exact_profile layer[FL_MEDIUM_LAYERS];
    double up[EXACT_NODES]; /* radiance that leaves above, 1/sr */
    double *kept;           /* storage of the profiles */
};

/* Storage of a solve; `next` is where the next piece begins. */
typedef struct exact_work {
    double *block, *next;
    exact_scratch scratch;
    exact_layer layer[FL_MEDIUM_LAYERS];
    double *reflection, *down, *up;
} exact_work;

static double *take(exact_work *work, size_t count)
{
    double *piece = work->next;
    work->next += count;
    return piece;
}

#define NODES_LEAST 48u
#define BACKWARD_MOST -0.95
/* The more forward light scatters, the more moments it takes: 48 to g 0.85, 72 at 0.9, 96 from 0.925 on. */
static unsigned default_nodes(const fl_medium *medium)
{
    double g = 0.0;
    for (unsigned i = 0; i < medium->layers; i++)
        if (medium->layer[i].mus.per_m > 0.0) g = fmax(g, fabs(medium->layer[i].g));
    const double eights = ceil(0.9 / (1.0 - g) - 1e-9); /* the little: 0.9 is meant to give 72, not 80 */
    return (unsigned)fmin(fmax(8.0 * eights, NODES_LEAST), 96.0);
}

/* Read off the convergence of media of each kind against 128 nodes (README), each a little above the worst
 * seen. */
static double error_by_forwardness(const fl_medium *medium)
{
    double g = 0.0;
    for (unsigned i = 0; i < medium->layers; i++)
        if (medium->layer[i].mus.per_m > 0.0) g = fmax(g, fabs(medium->layer[i].g));
    return g <= 0.85 ? 1e-5 : g <= 0.95 ? 3e-5 : g <= 0.99 ? 1e-4 : 3e-4;
}

/* Where the index steps, and most of all in layers there that hardly scatter, light near grazing angles has
 * structure that no number of nodes we can afford resolves. */
static double error_by_steps(const fl_medium *medium)
{
    double worst = 0.0;
    for (unsigned i = 1; i < medium->layers; i++) {
        const fl_medium_layer *a = &medium->layer[i - 1], *b = &medium->layer[i];
        if (fabs(a->n - b->n) < 1e-7) continue;
        const double thinnest = fmin(a->mus.per_m * a->thickness.m, b->mus.per_m * b->thickness.m);
        worst = fmax(worst, thinnest < 1.0 ? 1e-3 : 1e-4);
    }
    return worst;
}

/* Henyey and Greenstein's peak straight backward is not cut off by delta-M, and is not resolved. */
static fl_status check_backward(const fl_medium *medium, fl_error *error)
{
    for (unsigned i = 0; i < medium->layers; i++) {
        if (!(medium->layer[i].mus.per_m > 0.0 && medium->layer[i].g < BACKWARD_MOST)) continue;
        fl_error_set(error, FL_E_RANGE,
                     "layer %u: g is %g; the exact solution resolves scattering down to %g", i + 1,
                     medium->layer[i].g, BACKWARD_MOST);
        fl_error_hint(error, "photons can be counted there: --counted");
        return FL_E_RANGE;
    }
    return FL_OK;
}

static void describe(exact_layer *layer, const exact_angles *angles, const fl_medium_layer *from,
                     double mua_per_m)
{
    exact_profile *profile = layer->profile;
    profile->turbid = from->mus.per_m > 0.0;
    const double straight = profile->turbid ? exact_phase_forward(from->g, angles->moments) : 0.0;
    const double mus_per_m = from->mus.per_m * (1.0 - straight);
    profile->mua_per_m = mua_per_m;
    profile->mut_per_m = mua_per_m + mus_per_m;
    profile->tau = profile->mut_per_m * from->thickness.m;
    layer->albedo = profile->turbid ? mus_per_m / profile->mut_per_m : 0.0;
    layer->g = from->g;
}

static void describe_all(fl_exact *exact, exact_work *work, const fl_medium *medium, unsigned variant)
{
    double top_m = 0.0, *kept = exact->kept;
    for (unsigned i = 0; i < medium->layers; i++) {
        exact_layer *layer = &work->layer[i];
        exact_profile *profile = layer->profile = &exact->layer[i];
        layer->place = i + 1;
        profile->modes = layer->nodes = exact->angles.in[i + 1];
        profile->k = kept, profile->first = kept + layer->nodes, profile->second = kept + 2 * layer->nodes;
        kept += 3 * layer->nodes;
        profile->top_m = top_m, profile->bottom_m = top_m += medium->layer[i].thickness.m;
        describe(layer, &exact->angles, &medium->layer[i], medium->layer[i].mua[variant].per_m);
    }
}

/* One block for all. False when there is no memory. */
static bool work_init(exact_work *work, const fl_exact *exact)
{
    const size_t n = exact->angles.nodes, square = n * n;
    work->block = work->next =
        malloc((exact->layers * (4 * square + 2 * n) + 7 * square + 8 * n) * sizeof(double));
    if (!work->block) return false;
    for (unsigned i = 0; i < 4; i++) {
        work->scratch.matrix[i] = take(work, square);
        work->scratch.vector[i] = take(work, n);
    }
    work->scratch.mu = take(work, n);
    work->scratch.root = take(work, n);
    work->scratch.phase.even = take(work, square);
    work->scratch.phase.odd = take(work, square);
    work->reflection = take(work, square);
    work->down = take(work, n);
    work->up = take(work, n);
    for (unsigned i = 0; i < exact->layers; i++) {
        exact_layer *layer = &work->layer[i];
        gsl_matrix *const matrices[] = {&layer->v, &layer->u, &layer->second, &layer->lu};
        for (unsigned k = 0; k < 4; k++)
            *matrices[k] = gsl_matrix_view_array(take(work, square), layer->nodes, layer->nodes).matrix;
        layer->fluence = take(work, n);
        layer->permutation = (size_t *)(void *)take(work, n);
    }
    return true;
}

static void find_light(fl_exact *exact, exact_work *work)
{
    const exact_angles *angles = &exact->angles;
    exact_scratch *scratch = &work->scratch;
    for (unsigned i = 0; i < exact->layers; i++) exact_modes_find(&work->layer[i], angles, scratch);

    const unsigned last = angles->in[exact->layers];
    gsl_matrix reflection = gsl_matrix_view_array(work->reflection, last, last).matrix;
    gsl_matrix_set_zero(&reflection);
    exact_angles_fresnel(angles, exact->layers, scratch->vector[0], last);
    for (unsigned i = 0; i < last; i++) gsl_matrix_set(&reflection, i, i, scratch->vector[0][i]);
    for (unsigned i = exact->layers; i-- > 0;)
        exact_stack_climb(&work->layer[i], angles, scratch, &reflection);

    for (unsigned i = 0; i < angles->nodes; i++) work->down[i] = 0.0;
    work->down[0] = 1.0 / (PI * sqrt(angles->weight[0])); /* a flux of 1 */
    double *up = work->up;                                /* of the surface; between layers nobody asks */
    for (unsigned i = 0; i < exact->layers; i++, up = scratch->mu)
        exact_stack_descend(&work->layer[i], angles, scratch, work->down, up);
}

/* Light that leaves, and whether all of it adds up. */
static bool find_totals(fl_exact *exact, exact_work *work, double specular)
{
    const exact_angles *angles = &exact->angles;
    const unsigned last = angles->in[exact->layers];
    double *step = work->scratch.vector[0], absorbed = 0.0;
    exact->specular = specular;
    exact->diffuse = -specular;
    for (unsigned i = 0; i < angles->in[0]; i++) {
        const double root = sqrt(angles->weight[i]);
        exact->diffuse += PI * root * work->up[i];
        exact->up[i] = angles->n2[0] * work->up[i] / root;
    }
    exact_angles_fresnel(angles, exact->layers, step, last);
    for (unsigned i = 0; i < last; i++)
        exact->transmitted += PI * sqrt(angles->weight[i]) * (1.0 - step[i]) * work->down[i];
    for (unsigned i = 0; i < exact->layers; i++) absorbed += fl_exact_absorbed(exact, i);
    return fabs(specular + exact->diffuse + exact->transmitted + absorbed - 1.0) <= ENERGY_WITHIN;
}

static fl_status check(const fl_medium *medium, unsigned variant, unsigned nodes, fl_error *error)
{
    const fl_status status = fl_medium_check(medium, error);
    if (status != FL_OK) return status;
    if (variant >= medium->variants)
        return fl_error_set(error, FL_E_RANGE, "there is no variant %u, the medium has %u", variant + 1,
                            medium->variants);
    if (nodes != 0 && !(nodes >= FL_EXACT_NODES_MIN && nodes <= FL_EXACT_NODES_MAX))
        return fl_error_set(error, FL_E_RANGE, "%u directions asked for, must be %d to %d, or 0 to choose",
                            nodes, FL_EXACT_NODES_MIN, FL_EXACT_NODES_MAX);
    return FL_OK;
}

fl_status fl_exact_new(const fl_medium *medium, unsigned variant, unsigned nodes, fl_exact **exact,
                       fl_error *error)
{
    FL_ASSERT(medium && exact);
    fl_status status = check(medium, variant, nodes, error);
    if (status == FL_OK) status = check_backward(medium, error);
    if (status != FL_OK) return status;

    exact_work *work = calloc(1, sizeof *work);
    fl_exact *made = calloc(1, sizeof *made);
    if (!work || !made) goto no_memory;
    made->layers = medium->layers;
    made->forward = default_nodes(medium) > NODES_LEAST;
    made->least_error = fmax(error_by_forwardness(medium), error_by_steps(medium));
    made->nodes = nodes ? nodes : default_nodes(medium);
    exact_angles_init(&made->angles, medium, made->nodes);
    made->kept = calloc(3 * (size_t)made->layers * made->angles.nodes, sizeof(double));
    if (!made->kept) goto no_memory;
    describe_all(made, work, medium, variant);
    if (!work_init(work, made)) goto no_memory;

    find_light(made, work);
    if (!find_totals(made, work, fl_medium_specular(medium))) {
        status = fl_error_set(error, FL_E_RANGE, "the medium is too extreme: energy does not add up to 1e-6");
        fl_error_hint(error, "look for albedos very near 1 in very thick layers");
        goto out;
    }
    *exact = made, made = NULL;
    goto out;

no_memory:
    status = fl_error_set(error, FL_E_MEMORY, "no memory for an exact solution of %u layers", medium->layers);
out:
    if (work) free(work->block);
    free(work);
    fl_exact_free(made);
    return status;
}

void fl_exact_free(fl_exact *exact)
{
    if (!exact) return;
    free(exact->kept);
    free(exact);
}

unsigned fl_exact_nodes(const fl_exact *exact)
{
    return exact->nodes;
}
double fl_exact_error(const fl_exact *exact)
{
    const double per_tenfold = exact->forward ? 16.0 : 10.0;
    return fmax(exact->least_error, 0.01 * pow(10.0, -(exact->nodes - 8.0) / per_tenfold));
}
double fl_exact_specular(const fl_exact *exact)
{
    return exact->specular;
}
double fl_exact_diffuse(const fl_exact *exact)
{
    return exact->diffuse;
}
double fl_exact_transmitted(const fl_exact *exact)
{
    return exact->transmitted;
}

/* Scaling changes what counts as scattered, never what is absorbed: mua times the true fluence. */
double fl_exact_absorbed(const fl_exact *exact, unsigned layer)
{
    FL_ASSERT(layer < exact->layers);
    const exact_profile *profile = &exact->layer[layer];
    const double thickness_m = profile->bottom_m - profile->top_m;
    return profile->mua_per_m * thickness_m * exact_profile_mean(profile, 0.0, thickness_m);
}

double fl_exact_fluence(const fl_exact *exact, fl_length depth)
{
    if (!(depth.m >= 0.0)) return NAN;
    double sum = 0.0;
    unsigned sides = 0;
    for (unsigned i = 0; i < exact->layers; i++) {
        const exact_profile *profile = &exact->layer[i];
        if (!(depth.m >= profile->top_m && depth.m <= profile->bottom_m)) continue;
        sum += exact_profile_mean(profile, depth.m - profile->top_m, depth.m - profile->top_m);
        sides++;
    }
    return sides ? sum / sides : 0.0;
}

double fl_exact_fluence_mean(const fl_exact *exact, fl_length from, fl_length to)
{
    if (!(from.m >= 0.0 && from.m < to.m && isfinite(to.m))) return NAN;
    double sum = 0.0;
    for (unsigned i = 0; i < exact->layers; i++) {
        const exact_profile *profile = &exact->layer[i];
        const double top_m = fmax(from.m, profile->top_m), bottom_m = fmin(to.m, profile->bottom_m);
        if (!(top_m < bottom_m)) continue;
        sum += (bottom_m - top_m) *
               exact_profile_mean(profile, top_m - profile->top_m, bottom_m - profile->top_m);
    }
    return sum / (to.m - from.m);
}

double fl_exact_diffuse_per_sr(const fl_exact *exact, fl_angle from_vertical)
{
    if (!(from_vertical.rad >= 0.0 && from_vertical.rad <= HALF_PI)) return NAN;
    const double sine = sin(from_vertical.rad);
    return cos(from_vertical.rad) *
           exact_angles_interpolate(&exact->angles, exact->up, exact->angles.n2[0] * sine * sine);
}
