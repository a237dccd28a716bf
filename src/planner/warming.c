#include "warming.h"

#include "fadeline/base/assert.h"
#include "fadeline/thermal/heat.h"

#include <math.h>
#include <stdlib.h>

#define SKIN_C 33.0
#define FIRST_S 1e-5
#define DEEP_M 20e-3 /* where skin keeps its temperature */
/* Flux into black ink over the fluence on top of it: Eddington's mean of diffuse light. */
#define FLUX_OF_FLUENCE 0.57735

static double time_s(unsigned i)
{
    return i ? ldexp(FIRST_S, (int)i - 1) : 0.0;
}

/* ---- kernels ---- */

/* How many heat cells a field cell is cut into: fine where heat is put and asked for. */
static const unsigned parts[FL_FIELD_CELLS] = {12, 8, 4, 4, 4, 5, 4, 4, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1};
enum { PARTS = 68, DEEP_PARTS = 3 };

typedef struct grid {
    fl_length edges[PARTS + 1];
    unsigned of[PARTS]; /* the field cell of a heat cell; FL_FIELD_CELLS: below all */
    unsigned count;
} grid;

static void cut(const fl_field_draw *draw, grid *g)
{
    g->count = 0;
    for (unsigned c = 0; c < FL_FIELD_CELLS + 1; c++) {
        const bool below = c == FL_FIELD_CELLS;
        const double from = draw->edges[c].m, to = below ? DEEP_M : draw->edges[c + 1].m;
        const unsigned n = below ? DEEP_PARTS : parts[c];
        for (unsigned i = 0; i < n; i++) {
            FL_ASSERT(g->count < PARTS);
            g->edges[g->count].m = from + (to - from) * i / n;
            g->of[g->count++] = c;
        }
    }
    g->edges[g->count].m = DEEP_M;
}

static void read_cells(const fl_heat *heat, const grid *g, double probe_m, double K[FL_FIELD_CELLS])
{
    for (unsigned c = 0; c < FL_FIELD_CELLS; c++) K[c] = 0.0;
    for (unsigned i = 0; i < g->count; i++) {
        if (g->of[i] == FL_FIELD_CELLS) continue;
        const double warm = fl_heat_cell(heat, i).K - fl_heat_celsius(SKIN_C).K;
        K[g->of[i]] += fmax(warm, 0.0) * (g->edges[i + 1].m - g->edges[i].m) / probe_m;
    }
}

static fl_status kernel_of(const fl_planner_request *r, const fl_skin_draw *skin, const fl_field_draw *draw,
                           fl_heat *heat, fl_warming_kernel *kernel, fl_error *error)
{
    grid g;
    cut(draw, &g);
    const fl_heat_layer layers[] = {
        fl_heat_tissue(FL_HEAT_EPIDERMIS, skin->epidermis),
        fl_heat_tissue(FL_HEAT_DERMIS, (fl_length){DEEP_M - skin->epidermis.m}),
    };
    fl_heat_setup setup = {.layers = layers,
                           .layer_count = 2,
                           .edges = g.edges,
                           .cells = g.count,
                           .surface = {.kind = FL_HEAT_INSULATED},
                           .start = fl_heat_celsius(SKIN_C),
                           .deep = fl_heat_celsius(SKIN_C)};
    if (r->cooling.W_m2_K > 0.0) /* kernels are of warming alone: what cools the skin itself comes on top */
        setup.surface = (fl_heat_surface){.kind = FL_HEAT_FILM, .film = r->cooling, .outside = setup.start};
    for (unsigned p = 0; p < FL_WARMING_PROBES; p++) {
        const unsigned cell = p == FL_WARMING_UPPER ? FL_FIELD_UPPER : FL_FIELD_BASAL;
        const double thick = draw->edges[cell + 1].m - draw->edges[cell].m, unit = 1e6;
        fl_energy_density put[PARTS] = {{0.0}};
        for (unsigned i = 0; i < g.count; i++) put[i].J_m3 = g.of[i] == cell ? unit : 0.0;
        fl_status status = fl_heat_init(heat, &setup, error);
        if (status == FL_OK) status = fl_heat_pulse(heat, put);
        for (unsigned t = 0; status == FL_OK && t < FL_WARMING_TIMES; t++) {
            if (t) status = fl_heat_advance(heat, time_s(t) - time_s(t - 1));
            read_cells(heat, &g, thick * unit, kernel->K[p][t]);
        }
        if (status != FL_OK) return status;
    }
    return FL_OK;
}

fl_status fl_warming_kernels(const fl_planner_request *r, const fl_field *field, fl_warming_kernel *kernels,
                             fl_error *error)
{
    fl_heat *heat = malloc(sizeof *heat);
    fl_status status = heat ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory for the heat");
    for (unsigned d = 0; status == FL_OK && d < field->draws; d++)
        status = kernel_of(r, &field->skins->draw[d], &field->draw[d], heat, &kernels[d], error);
    free(heat);
    return status;
}

/* ---- what is absorbed ---- */

/* At the upper face of a layer from its mean: attenuation inside by absorption alone (the mean of exp(-x)
 * over the layer is (1 - exp(-x)) / x). Without it a darker layer would seem to take up less, because its own
 * upper part shades the rest of the cell. */
static double face(double mean, double mua_per_m, double thickness_m)
{
    const double x = mua_per_m * thickness_m;
    return x < 1e-6 ? mean : mean * x / -expm1(-x);
}

typedef struct load {
    double upper, basal; /* melanin, J/m3 per incident J/m2, at the upper faces */
} load;

static load load_of(const fl_field *f, unsigned d, unsigned v, unsigned spot)
{
    const fl_skin_variant *skin = &f->skins->variant[(size_t)d * f->variants + v];
    const double *row = fl_field_row(f, d, v, spot), white = f->white[d];
    const fl_length *edges = f->draw[d].edges;
    const double split_m = edges[FL_FIELD_BASAL].m, end_m = edges[FL_FIELD_DERMIS].m;
    const double melanosome = white * skin->melanosome_per_m;
    const double upper_per_m = skin->stack.layer[0].mua.per_m, basal_per_m = skin->stack.layer[1].mua.per_m;
    return (load){
        melanosome * skin->melanin_upper * face(row[FL_FIELD_UPPER], upper_per_m, split_m),
        melanosome * skin->melanin_basal * face(row[FL_FIELD_BASAL], basal_per_m, end_m - split_m),
    };
}

double fl_epidermis_load(const fl_field *field, unsigned draw, unsigned variant, unsigned spot)
{
    const load l = load_of(field, draw, variant, spot);
    return fmax(l.upper, l.basal);
}

static void deposit_heat(const fl_field *f, unsigned d, unsigned v, unsigned spot, double put[FL_FIELD_CELLS])
{
    const fl_skin_variant *skin = &f->skins->variant[(size_t)d * f->variants + v];
    const fl_length *edges = f->draw[d].edges;
    const double *bare = fl_field_bare(f, d, spot);
    const load melanin = load_of(f, d, v, spot);
    const fl_optical_layer *upper = &skin->stack.layer[0], *dermis = &skin->stack.layer[2];
    const double melanin_per_m = skin->melanin_upper * skin->melanosome_per_m;
    const double bloodless =
        fmax(upper->mua.per_m - melanin_per_m, 0.0) / fmax(1.0 - skin->melanin_upper, 0.1);
    put[FL_FIELD_UPPER] = melanin.upper + bloodless * bare[FL_FIELD_UPPER];
    put[FL_FIELD_BASAL] = fmax(melanin.upper, melanin.basal) + bloodless * bare[FL_FIELD_BASAL];
    for (unsigned c = FL_FIELD_DERMIS; c < FL_FIELD_CELLS; c++) put[c] = dermis->mua.per_m * bare[c];
    /* Ink: what flows in from on top of it; thin ink takes up its optical depth times the fluence. */
    const double taken = FLUX_OF_FLUENCE * fl_field_bare_around(f, d, spot);
    const double depth = f->ink_depth[d] / FLUX_OF_FLUENCE;
    for (unsigned i = 0; i < 3; i++)
        put[FL_FIELD_INK + i] += taken * (exp(-depth * i / 3.0) - exp(-depth * (i + 1) / 3.0)) /
                                 (edges[FL_FIELD_INK + i + 1].m - edges[FL_FIELD_INK + i].m);
}

fl_warming_curve fl_warming_curve_of(const fl_field *field, const fl_warming_kernel *kernel, unsigned draw,
                                     unsigned variant, unsigned spot)
{
    double put[FL_FIELD_CELLS];
    fl_warming_curve curve;
    deposit_heat(field, draw, variant, spot, put);
    for (unsigned t = 0; t < FL_WARMING_TIMES; t++) {
        double K[FL_WARMING_PROBES] = {0.0};
        for (unsigned p = 0; p < FL_WARMING_PROBES; p++)
            for (unsigned c = 0; c < FL_FIELD_CELLS; c++) K[p] += kernel->K[p][t][c] * put[c];
        curve.K[t] = fmax(K[FL_WARMING_UPPER], K[FL_WARMING_BASAL]);
    }
    return curve;
}

/* ---- trains ---- */

double fl_warming_after(const fl_warming_curve *curve, double s)
{
    if (!(s > FIRST_S)) return curve->K[0];
    const double at = 1.0 + log2(s / FIRST_S);
    const unsigned i = (unsigned)fmin(at, FL_WARMING_TIMES - 2.0);
    const double a = log(curve->K[i] + 1e-300), b = log(curve->K[i + 1] + 1e-300);
    return exp(a + (at - i) * (b - a)); /* beyond the last time the last slope goes on */
}

double fl_warming_left(const fl_warming_curve *curve, fl_rate rate, unsigned n)
{
    double left = 0.0;
    for (unsigned j = 1; j <= n; j++) left += fl_warming_after(curve, j / rate.Hz);
    return left;
}

/* ln Omega of the last of n pulses, and its n-1 forerunners counted as alike. */
static double ln_omega(const double K[FL_WARMING_TIMES], double fluence_J_m2, unsigned n,
                       const fl_damage_set *set)
{
    double omega = 0.0;
    fl_temperature before = {fl_heat_celsius(SKIN_C).K + K[0] * fluence_J_m2};
    for (unsigned t = 1; t < FL_WARMING_TIMES; t++) {
        const fl_temperature now = {fl_heat_celsius(SKIN_C).K + K[t] * fluence_J_m2};
        omega += fl_damage_ramp(set, before, now, time_s(t) - time_s(t - 1));
        before = now;
    }
    return log(n * omega + 1e-300);
}

fl_fluence fl_warming_burn(const fl_warming_curve *curve, fl_rate rate, unsigned n, const fl_damage_set *set)
{
    double K[FL_WARMING_TIMES];
    for (unsigned t = 0; t < FL_WARMING_TIMES; t++) {
        K[t] = curve->K[t];
        for (unsigned j = 1; j < n; j++) K[t] += fl_warming_after(curve, j / rate.Hz + time_s(t));
    }
    /* Begin at what lasts a millisecond at 72 C; ln Omega is nearly straight in the logarithm of the warming.
     */
    double x0 = log(39.0 / K[8]), y0 = ln_omega(K, exp(x0), n, set);
    double x1 = x0 - fmin(fmax(y0, -8.0), 8.0) / 16.0, y1 = ln_omega(K, exp(x1), n, set);
    for (int i = 0; i < 40 && fabs(y1) > 1e-10 && x1 != x0; i++) {
        const double slope = (y1 - y0) / (x1 - x0), step = slope > 1.0 ? y1 / slope : y1 / 16.0;
        x0 = x1, y0 = y1;
        x1 -= fmin(fmax(step, -0.5), 0.5);
        y1 = ln_omega(K, exp(x1), n, set);
    }
    return (fl_fluence){exp(x1)};
}
