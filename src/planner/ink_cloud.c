#include "ink_cloud.h"

#include "draws.h"
#include "fadeline/base/assert.h"
#include "fadeline/colour/sight.h"
#include "fadeline/optics/pigment_colour.h"
#include "fadeline/optics/skin.h"
#include "ink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is unknown. Distributions are those of the optics reference, section 10; marked otherwise. */
enum {
    MELANIN,
    SITE_FACTOR,
    MELANOSOME,
    BLOOD,
    SATURATION,
    BASELINE,
    SCATTER,
    EXPONENT,
    EPIDERMIS,
    TOP,
    THICKNESS,
    MASS,
    LEFT,
    COVERAGE,
    WHERE,
    CLUMP,
    WHITE,
    SHARES, /* one each for the first pigments of a recipe */
    DIMENSIONS = SHARES + 4,
};
_Static_assert((int)DIMENSIONS <= (int)FL_DRAWS_MOST, "a point holds every unknown");

/* Living skin scatters and absorbs less than cut skin: a median reduced scattering of 32.2 /cm at 475 nm and
 * 12.0 at 850 (Swedish cohort, J Biomed Opt 2023 28:115001 [abstract seen]), 0.67 and 0.57 of the dermis row.
 * So the baseline is the formula's own here, not the twofold that is advised for cut skin. Bare skin then
 * comes out with the lightness of its type, and ink shows through. */
#define IN_VIVO 0.65
/* The geometry's mass is what is put in. Regretted ink is months to years old: from a tenth of it to all of
 * it is left, evenly in the logarithm [estimate; a third goes within weeks, Engel 2008 and review]. */
#define LEFT_LEAST 0.1

/* Recipes vary by brand: each share of a mixture, as a logarithm [estimate]. */
#define SHARE_LN_SIGMA 0.3
/* Effective diameter of a particle or clump: one of two populations. */
#define LOOSE_SHARE 0.6
#define LOOSE_UM 0.12
#define LOOSE_LN_SIGMA 0.5
#define CLUMP_UM 1.0
#define CLUMP_LN_SIGMA 0.6
/* Particles in clumps stand in each other's near field: half of the lone particle's scattering [estimate]. */
#define CROWDING 0.5
#define CROWDING_LN_SIGMA 0.5

struct ink_scene {
    fl_sight sight;
    struct skin {
        double point[DIMENSIONS];
        double dense_kg_m2, coverage;
        fl_skin_stack stack[FL_SIGHT_LINES]; /* with a layer for ink, empty */
        double bare[FL_SIGHT_LINES];
    } skin[INK_SKINS];
    fl_lab bare[INK_SKINS];
};

static void draw_skin(struct skin *made, const fl_ink_view *view)
{
    const double *u = made->point;
    const fl_planner_site *site = view->site;
    const fl_planner_geometry *lies = view->geometry;
    const fl_planner_skin_type *type = fl_planner_skin_type_find(view->library, view->skin_type);
    fl_skin skin = fl_skin_default();
    skin.epidermis.m = fl_draw_lognormal(u[EPIDERMIS], site->epidermis.m, site->epidermis_ln_sigma);
    skin.dermis = site->dermis;
    skin.subcutis = site->subcutis;
    skin.melanin_fraction =
        fl_draw_lognormal(u[MELANIN], type->melanin, type->melanin_ln_sigma) *
        fl_draw_lognormal(u[SITE_FACTOR], site->melanin_factor, site->melanin_factor_ln_sigma);
    /* the basal layer of a thin dark epidermis cannot hold more than itself */
    skin.melanin_fraction =
        fmin(skin.melanin_fraction, fmin(0.6, 0.95 * skin.epidermis.m / 60e-6 / skin.basal_loading));
    skin.melanosome.scale = fl_draw_lognormal(u[MELANOSOME], 1.0, 0.30);
    skin.blood_fraction = fmin(fl_draw_lognormal(u[BLOOD], site->blood, site->blood_ln_sigma), 0.3);
    skin.saturation = fl_draw_uniform(u[SATURATION], 0.5, 0.95);
    skin.baseline_scale = fl_draw_lognormal(u[BASELINE], 1.0, 0.6);
    skin.dermis_scattering = fl_scattering_find(site->dermis_scattering);
    skin.dermis_musp_scale = fl_draw_lognormal(u[SCATTER], IN_VIVO, 0.25);
    skin.epidermis_musp_scale = skin.subcutis_musp_scale = IN_VIVO;
    skin.exponent_shift = fl_draw_normal(u[EXPONENT], 0.0, 0.25);
    skin.ink.top.m =
        fmax(fl_draw_lognormal(u[TOP], lies->top.m, lies->top_ln_sigma), skin.epidermis.m + 1e-6);
    const double room_m = skin.epidermis.m + skin.dermis.m - skin.ink.top.m - 1e-5;
    skin.ink.thickness.m = fmax(
        fmin(fl_draw_lognormal(u[THICKNESS], lies->thickness.m, lies->thickness_ln_sigma), room_m), 2e-5);
    made->coverage = fmin(fl_draw_lognormal(u[COVERAGE], lies->coverage, lies->coverage_ln_sigma), 1.0);
    made->dense_kg_m2 = fl_draw_lognormal(u[MASS], lies->mass.kg_m2, lies->mass_ln_sigma) *
                        pow(LEFT_LEAST, u[LEFT]) / made->coverage;
    for (size_t i = 0; i < FL_SIGHT_LINES; i++) {
        const fl_status status = fl_skin_layers(&skin, fl_sight_line(i), &made->stack[i], NULL);
        FL_ASSERT(status == FL_OK); /* drawn within its ranges */
        made->bare[i] = fl_two_flux_reflectance(made->stack[i].layer, made->stack[i].count);
    }
}

ink_scene *ink_scene_new(const fl_ink_view *view)
{
    ink_scene *scene = malloc(sizeof *scene);
    fl_draws *draws = fl_draws_new(DIMENSIONS, 1, 0);
    if (!scene || !draws) {
        free(scene);
        fl_draws_free(draws);
        return NULL;
    }
    scene->sight = fl_sight_new();
    for (size_t k = 0; k < INK_SKINS; k++) {
        fl_draws_next(draws, scene->skin[k].point);
        draw_skin(&scene->skin[k], view);
        scene->bare[k] = fl_lab_of_xyz(fl_sight_xyz(&scene->sight, scene->skin[k].bare), FL_D65);
    }
    fl_draws_free(draws);
    return scene;
}

void ink_scene_free(ink_scene *scene)
{
    free(scene);
}

const fl_lab *ink_scene_skin(const ink_scene *scene)
{
    return scene->bare;
}

/* Sizes here are of solid pigment; ink.h takes clumps that are half water. */
static double packed(double mac_m2_kg, const fl_pigment *pigment, double size_um)
{
    return fl_ink_packed(mac_m2_kg, pigment->density_g_cm3 * 1e3, fl_ink_primary(pigment),
                         fl_um(2.0 * size_um));
}

static double clump_um(double u)
{
    return u < LOOSE_SHARE
               ? fl_draw_lognormal(u / LOOSE_SHARE, LOOSE_UM, LOOSE_LN_SIGMA)
               : fl_draw_lognormal((u - LOOSE_SHARE) / (1.0 - LOOSE_SHARE), CLUMP_UM, CLUMP_LN_SIGMA);
}

typedef struct palette { /* of one ink's pigments, at the lines */
    const fl_pigment *pigment[4];
    double share[4];
    size_t count;
    fl_pigment_look look[4][FL_SIGHT_LINES];
} palette;

static void mix(const fl_planner_ink *ink, palette *made)
{
    made->count = ink->shares_count < 4 ? ink->shares_count : 4;
    for (size_t j = 0; j < made->count; j++) {
        made->pigment[j] = fl_pigment_find(ink->shares[j].pigment);
        made->share[j] = ink->shares[j].mass_fraction;
        for (size_t i = 0; i < FL_SIGHT_LINES; i++) {
            const fl_status status =
                fl_pigment_look_at(made->pigment[j], fl_sight_line(i), &made->look[j][i]);
            FL_ASSERT(status == FL_OK);
        }
    }
}

static double inked(const struct skin *skin, const palette *ink, size_t line)
{
    fl_optical_layer layer[FL_SKIN_LAYERS];
    const fl_skin_stack *stack = &skin->stack[line];
    memcpy(layer, stack->layer, stack->count * sizeof *layer);
    const int at = fl_skin_find(stack, FL_SKIN_INK);
    FL_ASSERT(at >= 0);
    const double size_um = clump_um(skin->point[CLUMP]);
    const double crowding = fl_draw_lognormal(skin->point[WHITE], CROWDING, CROWDING_LN_SIGMA);
    double absorption = 0.0, scattering = 0.0;
    for (size_t j = 0; j < ink->count; j++) {
        const fl_pigment *pigment = ink->pigment[j];
        const double sigma = hypot(pigment->ln_sigma, ink->count > 1 ? SHARE_LN_SIGMA : 0.0);
        const double amount =
            fl_draw_lognormal(skin->point[SHARES + j], ink->share[j], ink->count > 1 ? SHARE_LN_SIGMA : 0.0);
        const double mac =
            fl_draw_lognormal(skin->point[SHARES + j], ink->look[j][line].absorption.m2_kg, sigma);
        absorption += ink->share[j] * packed(mac, pigment, size_um);
        scattering += amount * crowding * ink->look[j][line].scattering.m2_kg;
    }
    const double per_m = skin->dense_kg_m2 / layer[at].thickness.m;
    layer[at].mua.per_m += absorption * per_m;
    layer[at].mus.per_m += scattering * per_m / (1.0 - layer[at].g);
    return fl_two_flux_reflectance(layer, stack->count);
}

void ink_scene_look(const ink_scene *scene, const fl_planner_ink *ink, ink_seen where, fl_lab seen[INK_SKINS])
{
    palette pigments;
    mix(ink, &pigments);
    for (size_t k = 0; k < INK_SKINS; k++) {
        const struct skin *skin = &scene->skin[k];
        double covered = 1.0, light[FL_SIGHT_LINES];
        if (where == INK_SEEN_MEAN) covered = skin->coverage;
        if (where == INK_SEEN_SOMEWHERE) covered = fl_draw_uniform(skin->point[WHERE], skin->coverage, 1.0);
        for (size_t i = 0; i < FL_SIGHT_LINES; i++)
            light[i] = covered * inked(skin, &pigments, i) + (1.0 - covered) * skin->bare[i];
        seen[k] = fl_lab_of_xyz(fl_sight_xyz(&scene->sight, light), FL_D65);
    }
}
