/* labels: slow physics   timeout: 3600 */
/* The fast kernel against the exact solution on fifty random media (helper_problem.h), four million photons
 * each, so that what is not rare is known to 0.1 %: reflected, transmitted and absorbed light, and planar
 * fluence in cells. */
#include "check.h"

#include "helper_problem.h"

#define MEDIA 50
#define PHOTONS 4000000

typedef struct tally {
    unsigned count, sharp, over2, over3;
    double square, worst;
} tally;

static void compare(tally *sum, const char *what, unsigned number, unsigned index, fl_estimate got,
                    double exact, double solver)
{
    const double error = hypot(got.standard_error, solver);
    if (!(exact > 1e-4) || fabs(got.value - exact) < 2e-6)
        return; /* single precision, and what hardly any photon sees */
    const double z = (got.value - exact) / error;
    CHECK(fabs(z) < 4.5, "medium %u: %s %u: %.6f +- %.6f, exact %.6f, z %.2f", number, what, index, got.value,
          error, exact, z);
    sum->count++, sum->sharp += error < 1e-3 * exact;
    sum->over2 += fabs(z) > 2, sum->over3 += fabs(z) > 3;
    sum->square += z * z, sum->worst = fmax(sum->worst, fabs(z));
}

static void fifty_media_agree_with_the_exact_solution(void)
{
    fl_random random;
    fl_random_init(&random, 20261126, 6);
    tally sum = {0};
    for (unsigned number = 0; number < MEDIA; number++) {
        const problem p = random_problem(&random, number);
        fl_transport_options options = fl_transport_options_default();
        options.photons = PHOTONS, options.seed = 9000 + number, options.threads = 2, options.roulette = 1e-2;
        options.depth_edges = p.edges, options.depth_cells = p.cells, options.exact_nodes = 96;
        fl_transport *run = media_run(&p.medium, &options);
        const fl_exact *exact = fl_transport_exact(run, 0);
        compare(&sum, "Rd", number, 0, fl_transport_diffuse(run, 0), fl_exact_diffuse(exact), 2e-6);
        compare(&sum, "T", number, 0, fl_transport_transmitted(run, 0), fl_exact_transmitted(exact), 2e-6);
        for (unsigned i = 0; i < p.medium.layers; i++)
            compare(&sum, "A of layer", number, i + 1, fl_transport_absorbed(run, 0, i),
                    fl_exact_absorbed(exact, i), 2e-6);
        for (unsigned cell = 0; cell < p.cells; cell++) {
            const double planar = fl_exact_fluence_mean(exact, p.edges[cell], p.edges[cell + 1]);
            compare(&sum, "fluence of cell", number, cell,
                    fl_transport_counted(run, 0, FL_TRANSPORT_WIDE, cell), planar, planar * 1e-4);
        }
        fl_transport_free(run);
    }
    printf("\n  %u answers, %u known to 0.1 %%; |z| > 2: %.1f %%, > 3: %.2f %%, worst %.2f, chi2/n %.3f ",
           sum.count, sum.sharp, 100.0 * sum.over2 / sum.count, 100.0 * sum.over3 / sum.count, sum.worst,
           sum.square / sum.count);
    CHECK(sum.sharp > 200, "only %u answers are known to 0.1 %%", sum.sharp);
    CHECK(sum.square / sum.count > 0.7 && sum.square / sum.count < 1.3, "chi2/n %.3f",
          sum.square / sum.count);
    CHECK(sum.over3 <= sum.count / 60, "%u beyond 3", sum.over3);
}

FL_TESTS("transport/sharp", TEST(fifty_media_agree_with_the_exact_solution))
