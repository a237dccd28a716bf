/* labels: physics   timeout: 300 */
/* Light, heat and boiling together: excised pig skin under one long infrared pulse (DeLisi 2018, J Biomed Opt
 * 23:125001, abstract read). Half of the samples showed
 *
 *                                    distortion   bubble   rupture
 *     3 ms, 3 mm (1/e2 diameter)         28          35        49   J/cm2
 *     100 ms, 7 mm                       96         141       212   J/cm2
 *
 * at 1070 nm. How brown the pig was is not in the abstract, and the absorption of dermis is the weakest
 * number we have: so melanin and baseline are a grid, and every skin of it is asked.
 *
 * Model: layers of optics/skin.h without ink, walked for both beams; absorbed heat per depth cell on the axis
 * shone for the pulse into heat.h; the incident fluence (mean over the 1/e2 spot) at which the hottest place
 * reaches 100 C, from 25 C. No latent heat, so it is where boiling can begin: distortion and bubbles, not
 * rupture.
 */
#include "check.h"

#include "fadeline/optics/skin.h"
#include "fadeline/thermal/heat.h"
#include "fadeline/transport/beam.h"

#include <stdbool.h>

#define CELLS 90u
#define START_C 25.0 /* excised, in a room */
#define BOIL_C 100.0

/* clang-format off */
static const double melanins[] = { 0.0, 0.02, 0.035, 0.065, 0.12, 0.22 }; /* skin types: none, II to VI */
static const double baselines[] = { 1, 2, 4 };                            /* times the formula */
static const double loadings[] = { 1, 2.5, 4 };                           /* U(1, 4) of the reference */
static const struct shot { const char *what; double mm, s, distortion, bubble, rupture; } shots[] = {
    { "3 ms, 3 mm",   3, 0.003, 28, 35, 49 },
    { "100 ms, 7 mm", 7, 0.100, 96, 141, 212 },
};
/* clang-format on */
#define COUNT(x) (sizeof(x) / sizeof *(x))
#define VARIANTS (COUNT(melanins) * COUNT(baselines) * COUNT(loadings))

static fl_skin pig(unsigned variant)
{
    fl_skin skin = fl_skin_default();
    skin.epidermis = fl_um(70), skin.dermis = fl_mm(2.0), skin.subcutis = fl_mm(6);
    skin.blood_fraction = 0.002; /* excised: hardly any */
    skin.melanin_fraction = melanins[variant / (COUNT(baselines) * COUNT(loadings))];
    skin.baseline_scale = baselines[variant / COUNT(loadings) % COUNT(baselines)];
    skin.basal_loading = loadings[variant % COUNT(loadings)];
    return skin;
}

static double need[COUNT(shots)][VARIANTS]; /* J/cm2 for 100 C */
static double depth_um[COUNT(shots)][VARIANTS];

/* Kelvins per J/m2 at the hottest place, when the pulse ends. */
static double hottest(const fl_heat_setup *setup, const fl_attenuation *mua, const double *ratio, double s,
                      double *deep_um)
{
    static fl_heat heat;
    fl_heating power[CELLS];
    for (unsigned i = 0; i < CELLS; i++) power[i].W_m3 = mua[i].per_m * ratio[i] * 1e4 / s; /* 1 J/cm2 */
    CHECK(fl_heat_init(&heat, setup, NULL) == FL_OK && fl_heat_shine(&heat, power) == FL_OK &&
              fl_heat_advance(&heat, s) == FL_OK,
          "heat");
    double most = 0.0;
    for (unsigned i = 0; i < CELLS; i++) {
        const double K = fl_heat_cell(&heat, i).K - setup->start.K;
        if (K > most) most = K, *deep_um = 5e5 * (setup->edges[i].m + setup->edges[i + 1].m);
    }
    return most / 1e4;
}

static void answer(const fl_transport *run, const fl_skin_stack *stacks, const fl_heat_setup *setup)
{
    for (size_t shot = 0; shot < COUNT(shots); shot++) {
        const fl_beam beam = {.shape = FL_BEAM_GAUSSIAN, .diameter = fl_mm(shots[shot].mm)};
        double weight[FL_TRANSPORT_RINGS + FL_TRANSPORT_SPOTS + 1];
        const double axis = fl_beam_weights(run, &beam, fl_beam_on_axis(), weight);
        for (unsigned v = 0; v < VARIANTS; v++) {
            fl_attenuation mua[CELLS];
            double ratio[CELLS];
            for (unsigned i = 0, layer = 0; i < CELLS; i++) {
                const double middle = 0.5 * (setup->edges[i].m + setup->edges[i + 1].m);
                while (layer + 1 < stacks[v].count && stacks[v].top[layer + 1].m < middle) layer++;
                mua[i] = stacks[v].layer[layer].mua;
                ratio[i] = fl_transport_response(run, v, weight, axis, i).value;
            }
            const double K_m2_J = hottest(setup, mua, ratio, shots[shot].s, &depth_um[shot][v]);
            need[shot][v] = (BOIL_C - START_C) / K_m2_J / 1e4;
        }
    }
}

static void walk_and_heat(void)
{
    static bool done;
    if (done) return;
    done = true;
    static fl_skin_stack stacks[VARIANTS];
    static fl_medium medium;
    medium = (fl_medium){.n_above = 1.0, .n_below = 1.0};
    for (unsigned v = 0; v < VARIANTS; v++) {
        const fl_skin skin = pig(v);
        CHECK(fl_skin_layers(&skin, fl_nm(1070), &stacks[v], NULL) == FL_OK &&
                  fl_medium_add(&medium, stacks[v].layer, stacks[v].count, NULL) == FL_OK,
              "variant %u", v);
    }
    /* The layers of light are cut out of the layers of heat, so that every border is an edge of both. */
    const fl_skin skin = pig(0);
    const fl_length basal = {0.25 * skin.epidermis.m}, upper = {0.75 * skin.epidermis.m};
    const fl_heat_layer layers[] = {
        fl_heat_tissue(FL_HEAT_EPIDERMIS, upper), fl_heat_tissue(FL_HEAT_EPIDERMIS, basal),
        fl_heat_tissue(FL_HEAT_DERMIS, skin.dermis), fl_heat_tissue(FL_HEAT_FAT, skin.subcutis)};
    static fl_length edges[CELLS + 1], rings[FL_TRANSPORT_RINGS];
    CHECK(fl_heat_grid(layers, COUNT(layers), fl_um(4), CELLS, edges, NULL) == FL_OK, "grid");
    const fl_heat_setup setup = {.layers = layers,
                                 .layer_count = COUNT(layers),
                                 .edges = edges,
                                 .cells = CELLS,
                                 .surface = {.kind = FL_HEAT_FILM,
                                             .film = {10.0}, /* still air */
                                             .outside = fl_heat_celsius(START_C)},
                                 .start = fl_heat_celsius(START_C),
                                 .deep = fl_heat_celsius(START_C)};
    fl_beam beams[COUNT(shots)];
    for (size_t i = 0; i < COUNT(shots); i++)
        beams[i] = (fl_beam){.shape = FL_BEAM_GAUSSIAN, .diameter = fl_mm(shots[i].mm)};
    fl_transport_options options = fl_transport_options_default();
    options.seed = 3, options.photons = 40000, options.threads = 2;
    options.depth_edges = edges, options.depth_cells = CELLS;
    options.rings = rings, options.ring_count = fl_beam_rings(beams, COUNT(shots), rings);
    fl_transport *run;
    fl_error error = {0};
    CHECK(fl_transport_new(&medium, &options, &run, &error) == FL_OK, "%s", error.what);
    fl_transport_finish(run);
    answer(run, stacks, &setup);
    fl_transport_free(run);
}

static unsigned at(unsigned melanin, unsigned baseline, unsigned loading)
{
    return (melanin * COUNT(baselines) + baseline) * COUNT(loadings) + loading;
}

static void print_table(void)
{
    printf("\n  J/cm2 for 100 C at the hottest place (depth in um); measured: 28 / 35 and 96 / 141\n"
           "  melanin  baseline  loading    3 ms, 3 mm     100 ms, 7 mm   100 ms : 3 ms\n");
    for (unsigned m = 0; m < COUNT(melanins); m++)
        for (unsigned b = 0; b < COUNT(baselines); b++)
            for (unsigned l = 0; l < COUNT(loadings); l++) {
                const unsigned v = at(m, b, l);
                if (b != 1 && l != 1) continue;
                printf("  %7.3f  %8.0f  %7.1f  %6.1f (%4.0f)    %6.1f (%4.0f)   %8.2f\n", melanins[m],
                       baselines[b], loadings[l], need[0][v], depth_um[0][v], need[1][v], depth_um[1][v],
                       need[1][v] / need[0][v]);
            }
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of `value` over all pigs that are neither white nor black (melanin 0.02 to 0.12). */
static void brown_pigs(const double *value, double *least, double *median, double *most)
{
    double list[VARIANTS];
    size_t count = 0;
    for (unsigned m = 1; m < 5; m++)
        for (unsigned b = 0; b < COUNT(baselines); b++)
            for (unsigned l = 0; l < COUNT(loadings); l++) list[count++] = value[at(m, b, l)];
    qsort(list, count, sizeof *list, rising);
    *least = list[0], *median = 0.5 * (list[(count - 1) / 2] + list[count / 2]), *most = list[count - 1];
}

/* The short pulse is met: what boils there is the brown quarter of the epidermis, and how much the dermis
 * absorbs hardly matters. The long one is missed: with the pig that meets the short one (melanin 0.02 to
 * 0.035) it comes out at 36 to 53, two to three times too low. We leave out what would raise it: latent heat
 * (boiling a gram takes seven times what warmed it) and water that evaporates from the surface; whether that
 * is all of it we do not know. Both err warm, so the miss lies on the careful side. */
static void fluences_lie_in_their_bands(void)
{
    walk_and_heat();
    print_table();
    double least, median, most;
    brown_pigs(need[0], &least, &median, &most);
    printf("  3 ms: %.1f (%.1f to %.1f) J/cm2, measured 28 to 35\n", median, least, most);
    CHECK(median > 28.0 / 2 && median < 35.0 * 2, "3 ms: median %.1f J/cm2", median);
    CHECK(least < 28.0 && most > 35.0, "3 ms: %.1f to %.1f J/cm2 leaves the measured out", least, most);
    brown_pigs(need[1], &least, &median, &most);
    printf("  100 ms: %.1f (%.1f to %.1f) J/cm2, measured 96 to 141\n", median, least, most);
    CHECK(median > 96.0 / 5 && median < 141.0, "100 ms: median %.1f J/cm2", median);
    CHECK(most < 141.0, "100 ms: as much as %.1f J/cm2: no longer on the careful side, say so above", most);
}

/* Heat leaves a brown layer of 17 um in 2 ms and a white dermis hardly in 100: so only in pigmented skin does
 * a longer pulse need more, and the more the thinner the layer its melanin lies in. White skin would need
 * less with 100 ms, because the wider beam builds up more light. The pig of the experiment was therefore
 * brown. */
static void longer_pulses_need_more_where_melanin_lies_thin(void)
{
    walk_and_heat();
    double ratio[VARIANTS];
    for (unsigned v = 0; v < VARIANTS; v++) ratio[v] = need[1][v] / need[0][v];
    for (unsigned m = 0; m < COUNT(melanins); m++)
        for (unsigned b = 0; b < COUNT(baselines); b++) {
            if (m == 0) {
                CHECK(ratio[at(m, b, 1)] < 1.0, "white skin: %.2f", ratio[at(m, b, 1)]);
                continue;
            }
            CHECK(ratio[at(m, b, 1)] > 1.0 && ratio[at(m, b, 2)] > ratio[at(m, b, 1)] &&
                      ratio[at(m, b, 1)] > ratio[at(m, b, 0)],
                  "melanin %.3f, baseline %.0f: %.2f, %.2f, %.2f by loading", melanins[m], baselines[b],
                  ratio[at(m, b, 0)], ratio[at(m, b, 1)], ratio[at(m, b, 2)]);
        }
    double least, median, most;
    brown_pigs(ratio, &least, &median, &most);
    printf("\n  100 ms over 3 ms: %.2f (%.2f to %.2f), measured %.2f to %.2f\n", median, least, most,
           96.0 / 28, 141.0 / 35);
    CHECK(most > 96.0 / 28 / 2 && most < 2 * 141.0 / 35, "most: %.2f", most);
    CHECK(median > 1.3, "median %.2f", median);
}

FL_TESTS("thermal/delisi", TEST(fluences_lie_in_their_bands),
         TEST(longer_pulses_need_more_where_melanin_lies_thin))
