/* Medium: plane layers between two half-spaces, with any number of absorption variants.
 *
 * Variants are media that differ only in absorption: darker or lighter skin, more or less ink. One photon
 * walk serves them all (transport.h), so build them together:
 *
 *     fl_medium medium = { .n_above = 1.0, .n_below = 1.0 };
 *     for (unsigned i = 0; i < scenarios; i++) {
 *         ... fl_skin_layers(&skin[i], wavelength, &stack, &error) ...
 *         status = fl_medium_add(&medium, stack.layer, stack.count, &error); // variant i
 *     }
 *
 * The struct is plain data: fill it by hand if you like; fl_medium_check is called before every run.
 */
#ifndef FL_TRANSPORT_MEDIUM_H
#define FL_TRANSPORT_MEDIUM_H

#include "fadeline/base/error.h"
#include "fadeline/optics/layer.h"

#define FL_MEDIUM_LAYERS 32
#define FL_MEDIUM_VARIANTS 64

typedef struct fl_medium_layer {
    double n;
    fl_attenuation mus;
    double g;
    fl_length thickness;
    fl_attenuation mua[FL_MEDIUM_VARIANTS];
} fl_medium_layer;

typedef struct fl_medium {
    double n_above, n_below;
    unsigned layers, variants;
    fl_medium_layer layer[FL_MEDIUM_LAYERS]; /* from the surface down */
} fl_medium;

/* Adds the next absorption variant. The first one sets the layers; a later one that differs in anything but
 * absorption is refused (FL_E_RANGE), and so is one too many (FL_E_FULL). */
FL_MUST_USE fl_status fl_medium_add(fl_medium *medium, const fl_optical_layer *layers, unsigned count,
                                    fl_error *error);

/* Can photons be walked here? Refuses what is not a number, negative, of zero thickness, without layers, an
 * index outside 1-4, |g| above 0.999 where light scatters, and media in which a photon would neither leave
 * nor be absorbed within reach (albedo 1 in an endless layer). The error names the layer, counted from 1. */
FL_MUST_USE fl_status fl_medium_check(const fl_medium *medium, fl_error *error);

/* Fraction of a beam falling straight down that the surface sends back unscattered: Fresnel at the first
 * index step, and all bounces inside clear layers (glass) that lie on top. */
double fl_medium_specular(const fl_medium *medium);

#endif
