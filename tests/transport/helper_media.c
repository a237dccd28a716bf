#include "helper_media.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const media_layer media_slab[] = {{1.0, 10, 90, 0.75, 0.02}, {.n = 0}};
const media_layer media_half[] = {{1.5, 10, 90, 0, 1e8}, {.n = 0}};
const media_layer media_scalp[] = {
    {1.4, 8, 350, 0.80, 0.008}, {1.4, 0.6, 230, 0.82, 0.03}, {1.4, 25, 230, 0.82, 0.07},
    {1.4, 0.5, 200, 0.85, 0.3}, {1.4, 0.2, 120, 0.85, 0.5},  {.n = 0},
};

fl_medium media_make(double n_above, const media_layer *layers, double n_below)
{
    fl_medium medium = {.n_above = n_above, .n_below = n_below, .variants = 1};
    for (; layers->n > 0.0; layers++)
        medium.layer[medium.layers++] = (fl_medium_layer){.n = layers->n,
                                                          .mus = fl_per_cm(layers->mus_per_cm),
                                                          .g = layers->g,
                                                          .thickness = fl_cm(layers->d_cm),
                                                          .mua = {fl_per_cm(layers->mua_per_cm)}};
    return medium;
}

fl_transport *media_run(const fl_medium *medium, const fl_transport_options *options)
{
    fl_transport *run = NULL;
    fl_error error;
    if (fl_transport_new(medium, options, &run, &error) != FL_OK) {
        fprintf(stderr, "\nthe test's own run was refused: %s\n", error.what);
        abort();
    }
    fl_transport_finish(run);
    return run;
}

double media_energy_error(const fl_transport *run, const fl_medium *medium, unsigned variant)
{
    double sum = fl_transport_specular(run) + fl_transport_diffuse(run, variant).value +
                 fl_transport_transmitted(run, variant).value + fl_transport_lost(run, variant);
    for (unsigned i = 0; i < medium->layers; i++) sum += fl_transport_absorbed(run, variant, i).value;
    return sum - 1.0;
}

double media_z(fl_estimate got, double want)
{
    return (got.value - want) / got.standard_error;
}

double media_cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
