/* labels: unit physics   timeout: 120 */
/* Beams: what must hold for weights of any shape and place, and what comes out in a run. */
#include "check.h"

#include "fadeline/transport/beam.h"
#include "helper_media.h"

#include <gsl/gsl_integration.h>

// clang-format off
static const struct { const char *text; fl_beam beam; } beams[] = {
    { "flat:4",         { FL_BEAM_FLAT, { 4e-3 }, { 0 }, 0 } },
    { "gaussian:3",     { FL_BEAM_GAUSSIAN, { 3e-3 }, { 0 }, 0 } },
    { "ring:5:2:0.25",  { FL_BEAM_RING, { 5e-3 }, { 2e-3 }, 0.25 } },
    { "ring:2:1.9:0",   { FL_BEAM_RING, { 2e-3 }, { 1.9e-3 }, 0 } },
};
// clang-format on
#define BEAMS (sizeof beams / sizeof *beams)

static fl_transport *run_for(const fl_beam *some, unsigned count, uint64_t photons, bool control)
{
    static fl_length rings[FL_TRANSPORT_RINGS];
    static const fl_length edges[] = {{0}, {1e-4}, {4e-4}, {1e-3}};
    static const fl_length spots[] = {{2e-3}, {4e-3}, {5e-3}};
    const fl_medium medium = media_make(1.0, media_scalp, 1.0);
    fl_transport_options options = fl_transport_options_default();
    options.photons = photons, options.roulette = 1e-2, options.control = control;
    options.depth_edges = edges, options.depth_cells = 3;
    options.spots = spots, options.spot_count = 3;
    options.rings = rings, options.ring_count = fl_beam_rings(some, count, rings);
    return media_run(&medium, &options);
}

static void texts_are_read(void)
{
    for (size_t i = 0; i < BEAMS; i++) {
        fl_beam beam;
        CHECK(fl_beam_read(beams[i].text, &beam, NULL) == FL_OK, "%s", beams[i].text);
        CHECK(beam.shape == beams[i].beam.shape, "%s: shape", beams[i].text);
        CHECK_NEAR(beam.diameter.m, beams[i].beam.diameter.m, 1e-12, beams[i].text);
        CHECK_NEAR(beam.inner.m, beams[i].beam.inner.m, 1e-12, beams[i].text);
        CHECK_NEAR(beam.centre, beams[i].beam.centre, 1e-12, beams[i].text);
    }
    static const char *const wrong[] = {
        "",
        "flat",
        "flat:",
        "flat:4:",
        "flat:4:2",
        "flat:0",
        "flat:-4",
        "flat:4mm",
        "flat:nan",
        "Flat:4",
        "gauss:4",
        "gaussian:inf",
        "ring:4",
        "ring:4:2",
        "ring:4:4:0.5",
        "ring:4:5:0.5",
        "ring:4:2:-1",
        "ring:4:2:x",
        "ring:4:2:0.5:1",
        "ring:4:2:101",
        ":::::::",
        "flat:1e9",
        "ring:4:2:0.5555555555555555555555555555555555555555555555555555555555555555555555555555"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fl_beam beam = {FL_BEAM_FLAT, {1}, {0}, 0};
        fl_error error = {.what = ""};
        CHECK(fl_beam_read(wrong[i], &beam, &error) != FL_OK && error.what[0] && beam.diameter.m == 1,
              "'%s' taken", wrong[i]);
    }
}

/* Energy over area: every profile's mean over its nominal disc's area is 1 (a Gaussian's tail included). */
static void profiles_hold_the_energy(void)
{
    for (size_t i = 0; i < BEAMS; i++) {
        const double spot = 0.5 * beams[i].beam.diameter.m, end = 3.0 * spot, step = end / 300000;
        double sum = 0.0;
        for (double r = 0.5 * step; r < end; r += step)
            sum += fl_beam_profile(&beams[i].beam, (fl_length){r}) * 2.0 * r * step;
        CHECK_REL(sum / (spot * spot), 1.0, 2e-5, beams[i].text);
    }
}

/* Seen from anywhere, all of the beam is somewhere: weights times ring areas add up to its energy. */
static void every_place_sees_the_whole_beam(void)
{
    double weight[FL_TRANSPORT_RINGS + FL_TRANSPORT_SPOTS + 1];
    for (size_t i = 0; i < BEAMS; i++) {
        const fl_beam *beam = &beams[i].beam;
        fl_transport *run = run_for(beam, 1, 100, false);
        const double spot = 0.5 * beam->diameter.m;
        const fl_beam_place places[] = {fl_beam_on_axis(),
                                        fl_beam_at_edge(beam),
                                        fl_beam_average(),
                                        {{0.37 * spot}, false},
                                        {{1.2 * spot}, false}};
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            fl_beam_weights(run, beam, places[p], weight);
            double sum = 0.0, from = 0.0;
            for (unsigned ring = 0; ring < fl_transport_rings(run); ring++) {
                const double to = fl_transport_radius(run, ring).m;
                CHECK(weight[ring] >= -1e-9 && weight[ring] < 30.0, "%s, place %zu: weight %g", beams[i].text,
                      p, weight[ring]);
                sum += weight[ring] * (to * to - from * from);
                from = to;
            }
            CHECK_NEAR(sum / (spot * spot), 1.0, 2e-4, beams[i].text);
        }
        fl_transport_free(run);
    }
}

/* The mean over the spot is the mean of all places in it. */
static void the_average_is_the_mean_of_places(void)
{
    static double average[600], one[600], sum[600];
    for (size_t i = 0; i < BEAMS; i++) {
        const fl_beam *beam = &beams[i].beam;
        fl_transport *run = run_for(beam, 1, 100, false);
        const unsigned rings = fl_transport_rings(run);
        const double spot = 0.5 * beam->diameter.m;
        const double axis = fl_beam_weights(run, beam, fl_beam_average(), average);
        memset(sum, 0, sizeof sum);
        enum { PLACES = 400 };
        double axis_sum = 0.0;
        for (int p = 0; p < PLACES; p++) { /* equal areas */
            const fl_beam_place place = {{spot * sqrt((p + 0.5) / PLACES)}, false};
            axis_sum += fl_beam_weights(run, beam, place, one) / PLACES;
            for (unsigned r = 0; r < rings; r++) sum[r] += one[r] / PLACES;
        }
        double worst = 0.0;
        for (unsigned r = 0; r < rings; r++) worst = fmax(worst, fabs(sum[r] - average[r]));
        CHECK(worst < 0.01, "%s: worst ring off by %g", beams[i].text, worst);
        CHECK_NEAR(axis_sum, axis, 0.01, beams[i].text);
        fl_transport_free(run);
    }
}

/* A flat beam on its axis is the spot of the same diameter, to rounding; its edge has about half of it near
 * the surface and its average lies between; a wide flat-top is the planar fluence. Gaussian on the axis:
 * twice at the surface. */
static void beams_in_skin_are_what_they_should_be(void)
{
    static const fl_beam some[] = {{FL_BEAM_FLAT, {4e-3}, {0}, 0},
                                   {FL_BEAM_GAUSSIAN, {4e-3}, {0}, 0},
                                   {FL_BEAM_RING, {4e-3}, {2e-3}, 1.0},
                                   {FL_BEAM_FLAT, {60e-3}, {0}, 0}};
    fl_transport *run = run_for(some, 4, 60000, true);
    for (unsigned cell = 0; cell < 3; cell++) {
        const fl_estimate axis = fl_beam_fluence(run, 0, &some[0], fl_beam_on_axis(), cell);
        const fl_estimate edge = fl_beam_fluence(run, 0, &some[0], fl_beam_at_edge(&some[0]), cell);
        const fl_estimate mean = fl_beam_fluence(run, 0, &some[0], fl_beam_average(), cell);
        CHECK_REL(axis.value, fl_transport_fluence(run, 0, 1, cell).value, 1e-9, "flat on the axis");
        CHECK(edge.value < mean.value && mean.value < axis.value, "cell %u: %g %g %g", cell, edge.value,
              mean.value, axis.value);
        CHECK_NEAR(edge.value / axis.value, 0.49, 0.03, "half at the edge");
        const fl_estimate ring = fl_beam_fluence(run, 0, &some[2], fl_beam_at_edge(&some[2]), cell);
        CHECK_REL(ring.value, edge.value, 1e-6, "a ring that is no ring is flat");
        const fl_estimate wide = fl_beam_fluence(run, 0, &some[3], fl_beam_on_axis(), cell);
        CHECK_REL(wide.value, fl_transport_fluence(run, 0, FL_TRANSPORT_WIDE, cell).value, 1e-4,
                  "60 mm is wide");
        const fl_estimate gauss = fl_beam_fluence(run, 0, &some[1], fl_beam_on_axis(), cell);
        CHECK(gauss.value > 1.6 * axis.value && gauss.value < 2.0 * axis.value, "cell %u: Gaussian %g of %g",
              cell, gauss.value, axis.value);
        CHECK(edge.standard_error > 0.0 && edge.standard_error < 0.02 * edge.value, "edge known to %g",
              edge.standard_error);
    }
    fl_transport_free(run);
}

/* Rings too coarse for a beam give no number instead of a wrong one; a thin ring gets rings as fine as it is.
 */
static void coarse_rings_say_nothing(void)
{
    static const fl_beam thin = {FL_BEAM_RING, {4e-3}, {3.9e-3}, 0.0},
                         flat = {FL_BEAM_FLAT, {0.05e-3}, {0}, 0};
    fl_transport *coarse = run_for(&flat, 0, 1000, false);
    CHECK(isnan(fl_beam_fluence(coarse, 0, &beams[1].beam, fl_beam_on_axis(), 0).value),
          "a Gaussian from three rings");
    CHECK(isnan(fl_beam_fluence(coarse, 0, &beams[0].beam, fl_beam_at_edge(&beams[0].beam), 0).value),
          "an edge");
    CHECK(fl_beam_fluence(coarse, 0, &beams[0].beam, fl_beam_on_axis(), 0).value > 0.5,
          "a flat-top on its axis needs its own");
    fl_transport_free(coarse);
    const fl_beam both[] = {thin, flat};
    fl_transport *own = run_for(both, 1, 60000, true), *finer = run_for(both, 2, 60000, true);
    for (unsigned cell = 0; cell < 3; cell++) {
        const fl_estimate a = fl_beam_fluence(own, 0, &thin, fl_beam_at_edge(&thin), cell);
        const fl_estimate b = fl_beam_fluence(finer, 0, &thin, fl_beam_at_edge(&thin), cell);
        CHECK_REL(a.value, b.value, 0.01, "edge of a thin ring");
    }
    fl_transport_free(own);
    fl_transport_free(finer);
}

FL_TESTS("transport/beam", TEST(coarse_rings_say_nothing), TEST(texts_are_read),
         TEST(profiles_hold_the_energy), TEST(every_place_sees_the_whole_beam),
         TEST(the_average_is_the_mean_of_places), TEST(beams_in_skin_are_what_they_should_be))
