#include "fadeline/optics/pigment_colour.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>

/* Absorption at 450, 500 and 595 nm [m2/g]. KM: pigment_spectra_relative.csv, paint films, times the peak
 * that inks.csv gives the pigment (from memory), so that 532 nm comes out as in pigment.c. FORS: reflectance
 * of swatches less glare, as Kubelka-Munk, scaled likewise. Scattering is the reduced one, MSC (1 - g), at
 * 532 nm, and its exponent to 755 nm, from mie_particles.csv (computed) for the size in column three of the
 * source. Organic pigments have no row there and are taken as not scattering. */
// clang-format off
static const struct row {
    const char *id;
    double m2_g[3], scattering_m2_g, exponent;
    const char *source;
    double lines_m2_g[5]; /* 585, 650, 670, 694, 755 nm where the measured colour is believed over pigment.c; else 0 */
} rows[] = {
    { "carbon_black",               { 11.63, 10.60, 9.14 }, 0.70, 1.0, "slope of its own lines continued to 450 nm (about wavelength^-0.9, computed); scattering of 300 nm", { 0 } },
    { "carbon_black_aggregate_1um", { 0.98, 0.99, 1.01 },   0.11, 0.0, "flat, as between its own lines (computed)", { 0 } },
    { "iron_oxide_black",           { 1.20, 1.21, 1.26 },   0.95, 0.7, "no visible spectrum found: taken as flat below 532 nm; scattering of 200 nm", { 0 } },
    { "iron_oxide_red",             { 2.21, 2.21, 0.279 },  1.28, 0.2, "FORS red ochre at every line, 2.2 m2/g at 532 nm (Mie's own slope is a third as steep: no such oxide would be red); saturated below 532 nm, taken as flat; scattering of 200 nm", { 0.424, 0.127, 0.108, 0.0874, 0.0658 } },
    { "iron_oxide_yellow",          { 0.900, 0.702, 0.0573 }, 1.28, 0.2, "FORS yellow ochre, 0.9 m2/g at 450 nm from memory; scattering as hematite, not found for goethite", { 0 } },
    { "iron_oxide_brown",           { 1.55, 1.48, 0.398 },  1.2, 0.3, "0.45 red, 0.35 yellow, 0.20 black of the rows above", { 0.467, 0.313, 0.290, 0.262, 0.214 } },
    { "titanium_dioxide",           { 1e-3, 2e-4, 1e-4 },   3.60, 2.3, "does not absorb above 410 nm (floor); scattering of rutile, 200-250 nm", { 0 } },
    { "chromium_oxide_green",       { 0.292, 0.151, 0.226 }, 0.0, 0.0, "FORS chrome green", { 0 } },
    { "ultramarine",                { 0.00295, 0.0380, 0.287 }, 0.0, 0.0, "KM ultramarine PB29", { 0 } },
    { "azo_red",                    { 2.72, 3.71, 0.914 },  0.0, 0.0, "KM pyrrole red PR254, a stand-in: no spectrum of naphthol AS found", { 0 } },
    { "quinacridone",               { 0.553, 2.00, 0.844 }, 0.0, 0.0, "KM quinacridone magenta PR122", { 0 } },
    { "orange",                     { 2.22, 3.62, 0.0179 }, 0.0, 0.0, "KM pyrrole orange PO73", { 0 } },
    { "yellow_diarylide",           { 5.43, 5.91, 0.00110 }, 0.0, 0.0, "KM diarylide yellow PY83", { 0 } },
    { "yellow_arylide",             { 5.40, 2.01, 5.36e-4 }, 0.0, 0.0, "KM arylide yellow PY74", { 0 } },
    { "phthalo_blue",               { 0.0290, 0.0944, 4.25 }, 0.0, 0.0, "KM phthalo blue PB15:3", { 0 } },
    { "phthalo_green",              { 0.519, 0.0519, 1.77 }, 0.0, 0.0, "KM phthalo green PG7", { 0 } },
    { "dioxazine_violet",           { 0.343, 1.92, 3.86 },  0.0, 0.0, "KM dioxazine purple PV23", { 0 } },
};
// clang-format on
#define ROWS (sizeof rows / sizeof *rows)

static const struct row *find(const fl_pigment *pigment)
{
    for (size_t i = 0; i < ROWS; i++)
        if (fl_text_same(rows[i].id, pigment->id)) return &rows[i];
    FL_ASSERT(!"every pigment has a row here"); /* tests/optics/test_pigment_colour.c */
    return NULL;
}

const char *fl_pigment_look_source(const fl_pigment *pigment)
{
    return find(pigment)->source;
}

fl_status fl_pigment_look_at(const fl_pigment *pigment, fl_wavelength wavelength, fl_pigment_look *look)
{
    FL_ASSERT(pigment && look);
    const struct row *row = find(pigment);
    /* All that is known from 450 to 755 nm, in order: ours at 450, 500 and 595, the lines in between. */
    const double nm[] = {450, 500, 532, 585, 595, 650, 670, 694, 755};
    const double *line = row->lines_m2_g[0] > 0.0 ? row->lines_m2_g : &pigment->m2_g[1];
    const double m2_g[] = {row->m2_g[0], row->m2_g[1], pigment->m2_g[0], line[0], row->m2_g[2],
                           line[1],      line[2],      line[3],          line[4]};
    const double at = fl_as_nm(wavelength);
    if (!(at >= nm[0] - 1e-6 && at <= 750.0 + 1e-6)) return FL_E_RANGE;
    size_t i = 0;
    while (at > nm[i + 1]) i++;
    const double share = (at - nm[i]) / (nm[i + 1] - nm[i]);
    look->absorption = fl_m2_g(exp((1.0 - share) * log(m2_g[i]) + share * log(m2_g[i + 1])));
    look->scattering = fl_m2_g(row->scattering_m2_g * pow(at / 532.0, -row->exponent));
    return FL_OK;
}

/* ---- two fluxes ---- */

/* Light comes in straight and forward and is not diffuse at once: near the surface a layer sends back less
 * than Kubelka and Munk's flux would, and its way through is shorter. Both grow to theirs with the reduced
 * optical depth. Four numbers, fitted to our exact solver (transport/exact.h) over 290 skins with and without
 * ink, types I to V, 450 to 700 nm: 0.9 units of L* (rms); without them 9.4, for dark ink below clear skin
 * above all. */
#define FRESH_S 0.15    /* of S at the very surface */
#define FRESH_K 1.30    /* times mua there; 2 in diffuse light */
#define FRESH_DEPTH 0.6 /* reduced optical depth over which that changes */
#define INNER 1.116     /* times the inner reflection of diffuse light: 0.59 for n = 1.4 */

/* What a layer alone sends back and lets through. */
static void layer_alone(double K, double S, double d, double *back, double *through)
{
    if (S * d < 1e-9) {
        *back = 0.0;
        *through = exp(-K * d);
        return;
    }
    const double a = 1.0 + K / S, b = sqrt(a * a - 1.0), x = b * S * d;
    if (x < 1e-6) { /* no absorption */
        *back = S * d / (1.0 + S * d);
        *through = 1.0 - *back;
        return;
    }
    /* b coth x and b / sinh x, in a form that does not overflow */
    const double decay = exp(-2.0 * x), coth = (1.0 + decay) / (1.0 - decay);
    *back = 1.0 / (a + b * coth);
    *through = 2.0 * b * exp(-x) / ((1.0 - decay) * (a + b * coth));
}

/* Diffuse light inside that meets the surface and turns back (Egan & Hilgeman 1979, as fitted by Groenhuis,
 * Ferwerda & Ten Bosch 1983; from memory). */
static double turned_back(double n)
{
    return INNER * (-1.440 / (n * n) + 0.710 / n + 0.668 + 0.0636 * n);
}

double fl_two_flux_reflectance(const fl_optical_layer *layers, size_t count)
{
    FL_ASSERT(layers && count);
    double depth = 0.0;
    for (size_t i = 0; i + 1 < count; i++)
        depth += layers[i].mus.per_m * (1.0 - layers[i].g) * layers[i].thickness.m;
    double below = 0.0;
    for (size_t i = count; i-- > 0;) {
        const double musp = layers[i].mus.per_m * (1.0 - layers[i].g), mua = layers[i].mua.per_m;
        if (i == count - 1) { /* endless */
            const double a = 1.0 + 2.0 * mua / (0.75 * musp);
            below = musp > 0.0 ? 1.0 / (a + sqrt(a * a - 1.0)) : 0.0;
            continue;
        }
        const double own = musp * layers[i].thickness.m;
        depth -= own;
        const double spread = -expm1(-(depth + 0.5 * own) / FRESH_DEPTH);
        double back, through;
        layer_alone(mua * (FRESH_K + (2.0 - FRESH_K) * spread),
                    0.75 * musp * (FRESH_S + (1.0 - FRESH_S) * spread), layers[i].thickness.m, &back,
                    &through);
        below = back + through * through * below / (1.0 - back * below);
    }
    const double n = layers[0].n, mirror = (n - 1.0) * (n - 1.0) / ((n + 1.0) * (n + 1.0)),
                 inside = turned_back(n);
    return (1.0 - mirror) * (1.0 - inside) * below / (1.0 - inside * below);
}
