#include "helper_problem.h"

#include <math.h>

static double between(fl_random *random, double low, double high)
{
    return low + (high - low) * fl_random_uniform(random);
}

static double log_between(fl_random *random, double low, double high)
{
    return exp(between(random, log(low), log(high)));
}

static fl_medium_layer random_layer(fl_random *random, bool steps, double least_rest)
{
    const double albedo = 1.0 - log_between(random, least_rest, 0.9), coin = fl_random_uniform(random);
    const double g = coin < 0.15   ? 0.0
                     : coin < 0.25 ? between(random, -0.6, 0.0)
                                   : between(random, 0.0, 0.99);
    const double mus_per_cm = log_between(random, 1.0, 30.0) / (1.0 - g);
    return (fl_medium_layer){.n = steps ? between(random, 1.0, 1.6) : 1.4,
                             .g = g,
                             .mus = fl_per_cm(mus_per_cm),
                             .mua = {fl_per_cm(mus_per_cm * (1.0 / albedo - 1.0))},
                             .thickness = fl_cm(log_between(random, 0.005, 0.3))};
}

static fl_medium random_medium(fl_random *random, unsigned number)
{
    static const double outside[] = {1.0, 1.33, 1.5, 1.4, 1.0};
    const bool steps = number % 2;
    fl_medium medium = {.layers = 1 + number % 7, .variants = 1, .n_above = 1.0, .n_below = 1.0};
    if (number % 3) medium.n_above = outside[number % 5], medium.n_below = outside[number / 5 % 5];
    const unsigned last = medium.layers - 1;
    for (unsigned i = 0; i <= last; i++)
        medium.layer[i] = random_layer(random, steps, number % 6 == 5 && i == last ? 1e-3 : 1e-4);
    if (number % 5 == 4 && last > 0) medium.layer[0] = (fl_medium_layer){.n = 1.5, .thickness = fl_cm(0.1)};
    if (number % 10 == 6 && last > 1) medium.layer[1].mus = medium.layer[1].mua[0] = fl_per_cm(0);
    if (number % 10 == 3 && last > 0) medium.layer[last].mus = fl_per_cm(0);
    if (number % 4 == 1) medium.layer[last / 2 + (last > 2)].thickness = fl_um(1);
    if (number % 6 == 5) medium.layer[last].thickness = fl_cm(1e8);
    return medium;
}

problem random_problem(fl_random *random, unsigned number)
{
    problem p = {.medium = random_medium(random, number), .spots = {{0.6e-3}, {3e-3}}};
    double bottom_m = 0.0;
    for (unsigned i = 0; i < p.medium.layers; i++) bottom_m += fmin(p.medium.layer[i].thickness.m, 2e-3);
    p.cells = number % 3 == 2 ? PROBLEM_CELLS : 6;
    for (unsigned i = 1; i <= p.cells; i++)
        p.edges[i].m = p.edges[i - 1].m + (number % 3 ? between(random, 0.4, 1.6) : 1.0) * bottom_m / p.cells;
    if (number % 3 == 2) p.ring_count = PROBLEM_RINGS;
    for (unsigned i = 0; i < p.ring_count; i++) p.rings[i].m = 5e-5 * pow(1.15, i);
    return p;
}
