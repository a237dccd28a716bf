#include "sensitivity.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bins: enough to follow a bend, few enough that chance stays small with the hundred skins of a plan. */
#define SKIN_BINS 8
#define SAMPLE_BINS 32
#define BINS_MOST 32

static const char *const skin_inputs[FL_SKINS_INPUTS] = {
    "melanin of the skin type",
    "melanin of the site",
    "melanin in the basal layer",
    "absorption of melanosomes",
    "melanin's fall with wavelength",
    "absorption of bloodless skin",
    "blood",
    "oxygen in the blood",
    "absorption of water",
    "water content",
    "absorption of oxygenated blood",
    "absorption of venous blood",
};
static const char *const sample_inputs[FL_SAMPLE_INPUTS] = {
    "amount of ink",
    "share of the area inked",
    "width of the dots",
    "absorption of the pigment",
    "size of particles",
    "size of clumps",
    "energy the pigment breaks at",
    "strength of the particles",
    "diffusion of heat",
    "energy melanosomes burst at",
    "gain of picoseconds in the skin",
    "step from whitening to harm",
    "fluence error of the laser",
    "spot error of the laser",
    "hot spots of the beam",
    "energy vessels burst at",
    "onset of plasma",
    "depth of the hair",
};

double fl_sensitivity_share(const double *value, const double *u, size_t stride, size_t count, unsigned bins,
                            double variance)
{
    FL_ASSERT(bins >= 2 && bins <= BINS_MOST);
    double sum[BINS_MOST] = {0}, square = 0.0, all = 0.0;
    size_t in[BINS_MOST] = {0};
    for (size_t i = 0; i < count; i++) {
        const unsigned bin = (unsigned)fmin(u[i * stride] * bins, bins - 1.0);
        sum[bin] += value[i], in[bin]++;
        all += value[i], square += value[i] * value[i];
    }
    double between = 0.0, used = 0.0;
    for (unsigned b = 0; b < bins; b++)
        if (in[b]) between += sum[b] * sum[b] / (double)in[b], used++;
    const double n = (double)count, within = square - between; /* sums of squares about bin means */
    between -= all * all / n;
    if (!(n > used && variance > 0.0)) return 0.0;
    const double by_chance = (used - 1.0) * within / (n - used);
    return fmax((between - by_chance) / n / variance, 0.0);
}

static double variance_of(const double *value, size_t count)
{
    double sum = 0.0, square = 0.0;
    for (size_t i = 0; i < count; i++) sum += value[i], square += value[i] * value[i];
    return square / (double)count - sum / (double)count * (sum / (double)count);
}

/* Into a list of the few largest, most first. */
static void keep(fl_planner_input *list, const char *name, double share)
{
    for (int i = 0; i < FL_PLANNER_INPUTS; i++) {
        if (!(share > list[i].share)) continue;
        memmove(list + i + 1, list + i, (size_t)(FL_PLANNER_INPUTS - 1 - i) * sizeof *list);
        list[i] = (fl_planner_input){name, share};
        return;
    }
}

/* What is drawn once a walk, together: there are too few walks to tell them apart. */
static double share_of_walks(const fl_skins *skins, const double *value, double variance)
{
    double u[64 * 64];
    const size_t count = (size_t)skins->draws * skins->variants;
    for (size_t i = 0; i < count; i++) u[i] = ((double)(i / skins->variants) + 0.5) / skins->draws;
    return skins->draws >= 2 && skins->draws <= BINS_MOST
               ? fl_sensitivity_share(value, u, 1, count, skins->draws, variance)
               : 0.0;
}

static fl_status rank(const fl_study *study, const double *fluence, fl_planner_input *list)
{
    const size_t skins = study->skins, count = study->count;
    double *value = malloc((count + skins) * sizeof *value), *skin_mean = value + count;
    if (!value) return FL_E_MEMORY;
    for (size_t i = 0; i < count; i++) value[i] = log(fluence[i]);
    for (size_t k = 0; k < skins; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < FL_SAMPLE_REPEATS; i++) sum += value[k * FL_SAMPLE_REPEATS + i];
        skin_mean[k] = sum / FL_SAMPLE_REPEATS;
    }
    const double variance = variance_of(value, count);
    memset(list, 0, FL_PLANNER_INPUTS * sizeof *list);
    for (unsigned x = 0; x < FL_SAMPLE_INPUTS; x++)
        keep(list, sample_inputs[x],
             fl_sensitivity_share(value, study->u + x, FL_SAMPLE_INPUTS, count, SAMPLE_BINS, variance));
    for (unsigned x = 0; x < FL_SKINS_INPUTS; x++)
        keep(list, skin_inputs[x],
             fl_sensitivity_share(skin_mean, study->field->skins->u + x, FL_SKINS_INPUTS, skins, SKIN_BINS,
                                  variance));
    keep(list, "layers and scattering", share_of_walks(study->field->skins, skin_mean, variance));
    free(value);
    return FL_OK;
}

fl_status fl_sensitivity_of(const fl_study *study, const fl_cloud *cloud, fl_setting *setting)
{
    const fl_status status = rank(study, cloud->bearable_J_m2, setting->injury_inputs);
    return status == FL_OK ? rank(study, cloud->needed_J_m2, setting->effect_inputs) : status;
}
