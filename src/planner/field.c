#include "field.h"

#include "draws.h"

#include "fadeline/base/assert.h"
#include "fadeline/optics/skin.h"
#include "fadeline/transport/transport.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST_M 3e-3
#define BASAL_SHARE 0.25 /* as in optics/skin.h */
/* Melanin is tabulated for a 60 um epidermis (optics/skin.h), and no tissue is more than nine tenths
 * melanosome: the far tail of the darkest draws stops there, which keeps a darker type darker. */
#define REFERENCE_M 60e-6
#define MOST_MELANIN 0.9

enum { WALK_DIMENSIONS = 8, SKIN_DIMENSIONS = FL_FIELD_SKIN_INPUTS };
enum { WHICH_WALK = 1, WHICH_SKIN = 2, WHICH_PHOTONS = 1000 }; /* streams of one seed */

/* Optics reference, section 10: what scatters, and thicknesses. */
static void draw_walk(const fl_planner_request *r, const double *u, fl_skin *skin)
{
    const fl_planner_site *site = r->site;
    skin->dermis_musp_scale = fl_draw_lognormal(u[0], 1.0, 0.25);
    skin->epidermis_musp_scale = fl_draw_lognormal(u[1], 1.0, 0.20);
    skin->subcutis_musp_scale = fl_draw_lognormal(u[2], 1.0, 0.30);
    skin->exponent_shift = fl_draw_normal(u[3], 0.0, 0.25);
    skin->g = fl_draw_uniform(u[4], 0.80, 0.93);
    skin->n = fl_draw_normal(u[5], 1.40, 0.02);
    skin->epidermis.m = fl_draw_lognormal(u[6], site->epidermis.m, site->epidermis_ln_sigma);
    skin->dermis.m = fl_draw_lognormal(u[7], site->dermis.m, site->dermis_ln_sigma);
    skin->subcutis = site->subcutis;
    skin->dermis_scattering = fl_scattering_find(site->dermis_scattering);
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
}

static void lay_cells(fl_field_draw *draw)
{
    const double epidermis = draw->epidermis.m;
    draw->edges[FL_FIELD_UPPER].m = 0.0;
    draw->edges[FL_FIELD_BASAL].m = (1.0 - BASAL_SHARE) * epidermis;
    draw->edges[FL_FIELD_DERMIS].m = epidermis;
    /* Fine under the epidermis, coarse below: the step grows evenly. */
    const unsigned n = FL_FIELD_CELLS - FL_FIELD_DERMIS;
    for (unsigned i = 1; i <= n; i++) {
        const double x = (double)i / n;
        draw->edges[FL_FIELD_DERMIS + i].m = epidermis + (DEEPEST_M - epidermis) * (0.35 * x + 0.65 * x * x);
    }
}

static fl_status walk(const fl_planner_request *r, const fl_medium *medium, unsigned d, fl_field *field,
                      fl_error *error)
{
    fl_length spots[FL_PLANNER_SPOTS];
    for (unsigned s = 0; s < r->spot_count; s++) spots[s] = r->spots[s].spot;
    fl_transport_options options = fl_transport_options_default();
    options.seed = r->seed + WHICH_PHOTONS * (uint64_t)(d + 1);
    options.photons = r->photons;
    options.threads = r->threads;
    options.roulette = 1e-2; /* equal variance for half the work: transport reference 3 */
    options.control = false; /* counted, so that darker is never brighter: exactly (transport.h) */
    options.depth_edges = field->draw[d].edges;
    options.depth_cells = FL_FIELD_CELLS;
    options.spots = spots;
    options.spot_count = r->spot_count;

    fl_transport *run;
    const fl_status status = fl_transport_new(medium, &options, &run, error);
    if (status != FL_OK) return status;
    fl_transport_finish(run);
    for (unsigned v = 0; v < field->variants; v++)
        for (unsigned s = 0; s < field->spots; s++) {
            const size_t at = ((size_t)d * field->variants + v) * field->spots + s;
            for (unsigned c = 0; c < FL_FIELD_CELLS; c++)
                field->ratio[at * FL_FIELD_CELLS + c] = fl_transport_fluence(run, v + 1, s, c).value;
            const fl_estimate basal = fl_transport_fluence(run, v + 1, s, FL_FIELD_BASAL);
            field->basal_error[at] = basal.standard_error / basal.value;
        }
    fl_transport_free(run);
    return FL_OK;
}

static fl_status describe(const fl_skin *skin, fl_wavelength wavelength, const fl_skin_stack *stack,
                          fl_field_variant *variant)
{
    fl_attenuation melanosome;
    const fl_status status = fl_melanosome_absorption(&skin->melanosome, wavelength, &melanosome);
    if (status != FL_OK) return status;
    const double mean = skin->melanin_fraction * REFERENCE_M / skin->epidermis.m;
    variant->melanin_basal = mean * skin->basal_loading;
    variant->melanin_upper =
        fmax(mean * (1.0 - BASAL_SHARE * skin->basal_loading) / (1.0 - BASAL_SHARE), 0.0);
    variant->melanosome_per_m = melanosome.per_m;
    variant->upper_per_m = stack->layer[0].mua.per_m;
    variant->basal_per_m = stack->layer[1].mua.per_m;
    variant->dermis_per_m = stack->layer[2].mua.per_m;
    variant->dermis_musp_per_m = stack->layer[2].mus.per_m * (1.0 - stack->layer[2].g);
    return FL_OK;
}

/* Variant 0, never read: no epidermal absorption, and below it the least of all. Roulette asks the heaviest
 * photon, which is this one in every skin type; so all types, tans and shades walk the very same paths. */
static fl_status add_anchor(fl_medium *medium, const fl_skin_stack *stacks, unsigned count, fl_error *error)
{
    fl_skin_stack anchor = stacks[0];
    for (unsigned l = 0; l < anchor.count; l++) {
        const bool epidermis = anchor.part[l] == FL_SKIN_EPIDERMIS || anchor.part[l] == FL_SKIN_BASAL;
        for (unsigned v = 0; v < count; v++)
            anchor.layer[l].mua.per_m =
                epidermis ? 0.0 : fmin(anchor.layer[l].mua.per_m, stacks[v].layer[l].mua.per_m);
    }
    return fl_medium_add(medium, anchor.layer, anchor.count, error);
}

static fl_status fill(const fl_planner_request *r, fl_draws *walks, fl_draws *skins, fl_medium *medium,
                      fl_field *field, fl_error *error)
{
    for (unsigned d = 0; d < r->draws; d++) {
        double u[SKIN_DIMENSIONS];
        fl_skin skin = fl_skin_default();
        fl_draws_next(walks, u);
        draw_walk(r, u, &skin);
        field->draw[d].epidermis = skin.epidermis;
        field->draw[d].dermis = skin.dermis;
        lay_cells(&field->draw[d]);
        fl_skin_stack stacks[FL_MEDIUM_VARIANTS];
        for (unsigned v = 0; v < r->variants; v++) {
            fl_draws_next(skins, u);
            memcpy(field->skin_u + ((size_t)d * r->variants + v) * SKIN_DIMENSIONS, u, sizeof u);
            draw_skin(r, u, &skin);
            fl_status status = fl_skin_layers(&skin, r->wavelength, &stacks[v], error);
            if (status == FL_OK)
                status = describe(&skin, r->wavelength, &stacks[v], &field->variant[d * r->variants + v]);
            if (status != FL_OK) return status;
        }
        *medium = (fl_medium){.n_above = 1.0, .n_below = skin.n_subcutis};
        fl_status status = add_anchor(medium, stacks, r->variants, error);
        for (unsigned v = 0; status == FL_OK && v < r->variants; v++)
            status = fl_medium_add(medium, stacks[v].layer, stacks[v].count, error);
        if (status != FL_OK) return status;
        status = walk(r, medium, d, field, error);
        if (status != FL_OK) return status;
    }
    return FL_OK;
}

fl_status fl_field_new(const fl_planner_request *r, fl_field **field, fl_error *error)
{
    const size_t skins = (size_t)r->draws * r->variants, rows = skins * r->spot_count;
    fl_field *f = calloc(1, sizeof *f);
    fl_draws *walk_draws = fl_draws_new(WALK_DIMENSIONS, r->seed, WHICH_WALK);
    fl_draws *skin_draws = fl_draws_new(SKIN_DIMENSIONS, r->seed, WHICH_SKIN);
    fl_medium *medium = malloc(sizeof *medium);
    fl_status status = FL_E_MEMORY;
    if (f) {
        f->draws = r->draws, f->variants = r->variants, f->spots = r->spot_count;
        f->draw = calloc(r->draws, sizeof *f->draw);
        f->variant = calloc(skins, sizeof *f->variant);
        f->ratio = calloc(rows * FL_FIELD_CELLS, sizeof *f->ratio);
        f->basal_error = calloc(rows, sizeof *f->basal_error);
        f->skin_u = calloc(skins * SKIN_DIMENSIONS, sizeof *f->skin_u);
    }
    if (f && walk_draws && skin_draws && medium && f->draw && f->variant && f->ratio && f->basal_error &&
        f->skin_u)
        status = fill(r, walk_draws, skin_draws, medium, f, error);
    else
        fl_error_set(error, status, "no memory for %u skins", r->draws * r->variants);
    fl_draws_free(walk_draws);
    fl_draws_free(skin_draws);
    free(medium);
    if (status != FL_OK) return fl_field_free(f), status;
    *field = f;
    return FL_OK;
}

void fl_field_free(fl_field *field)
{
    if (!field) return;
    free(field->draw);
    free(field->variant);
    free(field->ratio);
    free(field->basal_error);
    free(field->skin_u);
    free(field);
}

const double *fl_field_row(const fl_field *field, unsigned draw, unsigned variant, unsigned spot)
{
    FL_ASSERT(draw < field->draws && variant < field->variants && spot < field->spots);
    return field->ratio + (((size_t)draw * field->variants + variant) * field->spots + spot) * FL_FIELD_CELLS;
}

static double middle(const fl_field_draw *draw, unsigned cell)
{
    return 0.5 * (draw->edges[cell].m + draw->edges[cell + 1].m);
}

double fl_field_at(const fl_field_draw *draw, const double *row, fl_length depth)
{
    if (depth.m <= middle(draw, 0)) return row[0];
    for (unsigned c = 1; c < FL_FIELD_CELLS; c++) {
        const double above = middle(draw, c - 1), below = middle(draw, c);
        if (depth.m > below) continue;
        const double x = (depth.m - above) / (below - above);
        return (1.0 - x) * row[c - 1] + x * row[c]; /* a weighted sum keeps every order exactly */
    }
    return row[FL_FIELD_CELLS - 1];
}
