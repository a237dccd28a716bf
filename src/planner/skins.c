#include "skins.h"

#include "draws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BASAL_SHARE 0.25 /* as in optics/skin.h */
/* Melanin is tabulated for a 60 um epidermis (optics/skin.h), and no tissue is more than nine tenths
 * melanosome: the far tail of the darkest draws stops there, which keeps a darker type darker. */
#define REFERENCE_M 60e-6
#define MOST_MELANIN 0.9

/* Ink that heals in stays under the epidermis (what was above is shed) and above the fat. */
#define UNDER_EPIDERMIS_M 20e-6
#define THINNEST_INK_M 40e-6

/* A scar: nothing was measured. Its collagen scatters otherwise and its ink lies uneven (users reference,
 * scar camouflage), so both are known less well. Estimates. */
#define SCAR_SCATTERING_LN_SIGMA 0.40
#define SCAR_INK_LN_SIGMA 0.60

enum { WALK_DIMENSIONS = 12 };
enum { WHICH_WALK = 1, WHICH_SKIN = 2 }; /* streams of one seed */

/* Where the ink lies, inside the dermis that was drawn. */
static void draw_ink(const fl_planner_request *r, const double *u, fl_skin_draw *draw)
{
    const fl_planner_geometry *g = r->geometry;
    const double wide = r->scar ? SCAR_INK_LN_SIGMA : 0.0;
    const double least = draw->epidermis.m + UNDER_EPIDERMIS_M, end = draw->epidermis.m + draw->dermis.m;
    const double top = fl_draw_lognormal(u[0], g->top.m, fmax(g->top_ln_sigma, wide));
    draw->ink_top.m = fmin(fmax(top, least), fmax(end - 2.0 * THINNEST_INK_M, least));
    draw->ink_thickness.m = fmin(fl_draw_lognormal(u[1], g->thickness.m, fmax(g->thickness_ln_sigma, wide)),
                                 fmax(end - draw->ink_top.m - UNDER_EPIDERMIS_M, THINNEST_INK_M));
    draw->ink_thickness.m = fmax(draw->ink_thickness.m, THINNEST_INK_M);
    draw->mass = fl_draw_lognormal(u[2], 1.0, g->mass_ln_sigma);
    draw->cover_mass = fl_draw_lognormal(u[3], 1.0, g->mass_ln_sigma);
}

/* What scatters, and thicknesses. */
static void draw_walk(const fl_planner_request *r, const double *u, fl_skin_draw *draw)
{
    const fl_planner_site *site = r->site;
    fl_skin *skin = &draw->bare;
    *skin = fl_skin_default();
    skin->dermis_musp_scale = fl_draw_lognormal(u[0], 1.0, r->scar ? SCAR_SCATTERING_LN_SIGMA : 0.25);
    skin->epidermis_musp_scale = fl_draw_lognormal(u[1], 1.0, 0.20);
    skin->subcutis_musp_scale = fl_draw_lognormal(u[2], 1.0, 0.30);
    skin->exponent_shift = fl_draw_normal(u[3], 0.0, 0.25);
    skin->g = fl_draw_uniform(u[4], 0.80, 0.93);
    skin->n = fl_draw_normal(u[5], 1.40, 0.02);
    skin->epidermis.m = fl_draw_lognormal(u[6], site->epidermis.m, site->epidermis_ln_sigma);
    skin->dermis.m = fl_draw_lognormal(u[7], site->dermis.m, site->dermis_ln_sigma);
    skin->subcutis = site->subcutis;
    skin->dermis_scattering = fl_scattering_find(site->dermis_scattering);
    skin->melanin_fraction = 0.0;
    skin->baseline_scale = 2.0;
    skin->blood_fraction = site->blood;
    draw->epidermis = skin->epidermis;
    draw->dermis = skin->dermis;
    draw_ink(r, u + 8, draw);
}

/* What absorbs. */
static void draw_skin(const fl_planner_request *r, const double *u, fl_skin *skin)
{
    const fl_planner_site *site = r->site;
    const double melanin = fl_draw_lognormal(u[0], r->skin_type->melanin, r->skin_type->melanin_ln_sigma) *
                           fl_draw_lognormal(u[1], site->melanin_factor, site->melanin_factor_ln_sigma) *
                           r->tan_factor;
    skin->basal_loading = fl_draw_uniform(u[2], 1.0, 4.0);
    const double most = MOST_MELANIN * skin->epidermis.m / REFERENCE_M / skin->basal_loading;
    skin->melanin_fraction = fmin(melanin, fmin(0.6, most));
    skin->melanosome.scale = fl_draw_lognormal(u[3], 1.0, 0.30);
    skin->melanosome.exponent = fl_draw_normal(u[4], 3.33, 0.20);
    skin->baseline_scale = fl_draw_lognormal(u[5], 2.0, 0.6);
    skin->blood_fraction = fmin(fl_draw_lognormal(u[6], site->blood, site->blood_ln_sigma), 0.3);
    skin->saturation = fl_draw_uniform(u[7], 0.5, 0.95);
    skin->water_scale = fl_draw_lognormal(u[8], 1.0, 0.10);
    skin->water_fraction = fmin(fl_draw_normal(u[9], 0.65, 0.06), 1.0 - skin->blood_fraction);
    if (fl_as_nm(r->wavelength) > 1000.0) { /* sources disagree: HbO2 670-830, Hb 50-355 per cm and M */
        skin->hbo2_scale = fl_draw_uniform(u[10], 1.0, 830.0 / 670.0);
        skin->hb_scale = exp(fl_draw_uniform(u[11], log(50.0 / 57.0), log(355.0 / 57.0)));
    }
}

static fl_status describe(const fl_skin *skin, fl_wavelength wavelength, fl_skin_variant *variant,
                          fl_error *error)
{
    fl_attenuation melanosome;
    fl_status status = fl_skin_layers(skin, wavelength, &variant->stack, error);
    if (status == FL_OK) status = fl_melanosome_absorption(&skin->melanosome, wavelength, &melanosome);
    if (status != FL_OK) return status;
    const double mean = skin->melanin_fraction * REFERENCE_M / skin->epidermis.m;
    variant->melanin_basal = mean * skin->basal_loading;
    variant->melanin_upper =
        fmax(mean * (1.0 - BASAL_SHARE * skin->basal_loading) / (1.0 - BASAL_SHARE), 0.0);
    variant->melanosome_per_m = melanosome.per_m;
    return FL_OK;
}

static fl_status fill(const fl_planner_request *r, fl_draws *walks, fl_draws *each, fl_skins *s,
                      fl_error *error)
{
    for (unsigned d = 0; d < r->draws; d++) {
        double u[WALK_DIMENSIONS];
        fl_draws_next(walks, u);
        draw_walk(r, u, &s->draw[d]);
        for (unsigned v = 0; v < r->variants; v++) {
            const size_t k = (size_t)d * r->variants + v;
            fl_skin skin = s->draw[d].bare;
            fl_draws_next(each, s->u + k * FL_SKINS_INPUTS);
            draw_skin(r, s->u + k * FL_SKINS_INPUTS, &skin);
            const fl_status status = describe(&skin, r->wavelength, &s->variant[k], error);
            if (status != FL_OK) return status;
        }
    }
    return FL_OK;
}

fl_status fl_skins_new(const fl_planner_request *r, fl_skins **skins, fl_error *error)
{
    const size_t count = (size_t)r->draws * r->variants;
    fl_skins *s = calloc(1, sizeof *s);
    fl_draws *walks = fl_draws_new(WALK_DIMENSIONS, r->seed, WHICH_WALK);
    fl_draws *each = fl_draws_new(FL_SKINS_INPUTS, r->seed, WHICH_SKIN);
    fl_status status = FL_E_MEMORY;
    if (s) {
        s->draws = r->draws, s->variants = r->variants;
        s->draw = calloc(r->draws, sizeof *s->draw);
        s->variant = calloc(count, sizeof *s->variant);
        s->u = calloc(count * FL_SKINS_INPUTS, sizeof *s->u);
    }
    if (s && walks && each && s->draw && s->variant && s->u)
        status = fill(r, walks, each, s, error);
    else
        fl_error_set(error, status, "no memory for %zu skins", count);
    fl_draws_free(walks);
    fl_draws_free(each);
    if (status != FL_OK) return fl_skins_free(s), status;
    *skins = s;
    return FL_OK;
}

void fl_skins_free(fl_skins *skins)
{
    if (!skins) return;
    free(skins->draw);
    free(skins->variant);
    free(skins->u);
    free(skins);
}
