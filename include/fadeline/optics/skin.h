/* Skin: from what a person knows about a piece of skin to the layers light meets in it.
 *
 * From the surface down: upper epidermis, basal quarter of the epidermis, dermis above the ink, ink, dermis
 * below the ink, subcutis. A part that is not there (no ink, or ink right under the epidermis) has no layer.
 *
 * Trap: melanin_fraction counts melanosomes as if the epidermis were 60 um thick (that is how skin types are
 * tabulated); a thicker epidermis holds the same melanin, thinner spread. Ink depth counts from the surface.
 *
 * Absorption only: skins that differ in melanin, basal loading, blood, saturation, water, baseline, ink mass
 * or MAC have the same scattering, index and thickness, and one photon walk serves them all
 * (transport/medium.h).
 *
 *     fl_skin skin = fl_skin_default();               // light scalp skin, no ink
 *     skin.melanin_fraction = 0.065;                  // type IV
 *     skin.ink = (fl_skin_ink){ fl_mm(0.1), fl_mm(0.35), fl_mg_cm2(0.1), mac };
 *     fl_skin_stack stack;
 *     fl_status status = fl_skin_layers(&skin, fl_nm(755), &stack, &error);
 *
 * Pure. FL_E_RANGE names the parameter and its range and leaves *stack alone; a NaN is always refused.
 */
#ifndef FL_OPTICS_SKIN_H
#define FL_OPTICS_SKIN_H

#include "fadeline/base/error.h"
#include "fadeline/optics/layer.h"
#include "fadeline/optics/spectra.h"

typedef struct fl_skin_ink {
    fl_length top, thickness; /* top: depth below the surface, at least the epidermis; thickness 0: no ink */
    fl_areal_mass mass;       /* pigment per skin area, as a homogeneous layer */
    fl_mass_absorption mac;   /* at this wavelength; mix pigments by mass before */
} fl_skin_ink;

typedef struct fl_skin {
    double melanin_fraction; /* volume fraction of melanosomes of a 60 um epidermis: 0-0.6 */
    double basal_loading;    /* melanin of the basal quarter over the mean: 1 (even) to 4 (all of it) */
    fl_melanosome melanosome;
    fl_length epidermis, dermis, subcutis; /* thicknesses; dermis holds the ink */
    double blood_fraction;                 /* dermis: 0-0.5 */
    double saturation;                     /* 0-1 */
    double water_fraction;                 /* dermis: 0-0.95 */
    double water_scale;                    /* uncertainty of water absorption: (0, 5] */
    double baseline_scale;                 /* uncertainty of the baseline: [0, 20] */
    double hbo2_scale, hb_scale;           /* uncertainty of haemoglobin: (0, 10] */
    double subcutis_blood_fraction, subcutis_water_fraction, subcutis_fat_fraction;
    const fl_scattering *epidermis_scattering, *dermis_scattering, *subcutis_scattering;
    double epidermis_musp_scale, dermis_musp_scale, subcutis_musp_scale; /* (0, 10] */
    double exponent_shift;                                               /* of all three, [-2, 2] */
    double g;                                                            /* 0-0.99, musp held fixed */
    double n, n_subcutis;                                                /* 1-2 */
    fl_skin_ink ink;
} fl_skin;

/* Central values of the reference, scalp, skin type II, no ink: a starting point, not a client. */
fl_skin fl_skin_default(void);

typedef enum fl_skin_part {
    FL_SKIN_EPIDERMIS = 1, /* upper three quarters */
    FL_SKIN_BASAL,         /* lowest quarter, where melanin gathers */
    FL_SKIN_DERMIS_ABOVE,
    FL_SKIN_INK,
    FL_SKIN_DERMIS_BELOW,
    FL_SKIN_SUBCUTIS,
} fl_skin_part;
const char *fl_skin_part_name(fl_skin_part part); /* "basal layer" */

#define FL_SKIN_LAYERS 6
typedef struct fl_skin_stack {
    unsigned count;
    fl_optical_layer layer[FL_SKIN_LAYERS];
    fl_skin_part part[FL_SKIN_LAYERS];
    fl_length top[FL_SKIN_LAYERS]; /* depth of each layer's upper face */
} fl_skin_stack;

FL_MUST_USE fl_status fl_skin_layers(const fl_skin *skin, fl_wavelength wavelength, fl_skin_stack *stack,
                                     fl_error *error);
/* Index of a part in the stack, or -1. */
int fl_skin_find(const fl_skin_stack *stack, fl_skin_part part);

#endif
