#include "field_walk.h"

#include "fadeline/base/assert.h"
#include "fadeline/transport/transport.h"

#include <math.h>
#include <stdlib.h>

enum { USUAL_SPOTS = 8, WHICH_PHOTONS = 1000 }; /* streams of one seed */

/* The blackest ink of a walk. Dots do not shade each other more than this, and a layer of it is black. */
#define MOST_DOTS 4.0
#define MOST_LAYER 30.0

/* What the ink of one draw does to the light, by layer. */
typedef struct inked {
    double above_m, above_per_m, above_mus_per_m; /* the covering layer; 0 m: none */
    double target_m, target_mus_per_m;
} inked;

static fl_status mean_fields(const fl_planner_request *r, const fl_deposit_order *order,
                             const fl_skin_draw *skin, inked *ink)
{
    const fl_planner_geometry *g = r->geometry;
    const fl_length depth = skin->ink_thickness, chord = fl_deposit_chord(g, g->dot, depth);
    const double forward = 1.0 - skin->bare.g;
    *ink = (inked){.above_m = order->above ? order->above_share * depth.m : 0.0};
    ink->target_m = depth.m - ink->above_m;
    double m2_kg;
    fl_status status = fl_ink_scattering(order->target, r->wavelength, &m2_kg);
    if (status != FL_OK) return status;
    const double dense = g->mass.kg_m2 * skin->mass / g->coverage / ink->target_m; /* kg/m3 inside */
    ink->target_mus_per_m = fl_deposit_mean_field(m2_kg * dense, chord, g->coverage) / forward;
    if (!order->above) return FL_OK;
    const double over = g->mass.kg_m2 * skin->cover_mass / g->coverage / ink->above_m;
    fl_ink_draw central = fl_ink_central(g);
    double mac_m2_kg;
    status = fl_ink_scattering(order->above, r->wavelength, &m2_kg);
    if (status == FL_OK) status = fl_ink_mixture(order->above, r->wavelength, &central, &mac_m2_kg);
    if (status != FL_OK) return status;
    ink->above_mus_per_m = fl_deposit_mean_field(m2_kg * over, chord, g->coverage) / forward;
    ink->above_per_m = fl_deposit_mean_field(mac_m2_kg * over, chord, g->coverage);
    return FL_OK;
}

/* ---- one medium ---- */

typedef struct walk_plan {
    fl_medium medium;
    const inked *ink; /* NULL: the plain skin */
    const fl_skin_draw *skin;
} walk_plan;

/* The skin's layers with the dermis cut where the ink lies; the target takes up `target_per_m` more. */
static fl_status add(walk_plan *plan, const fl_skin_stack *stack, double target_per_m, fl_error *error)
{
    fl_optical_layer layers[FL_SKIN_LAYERS + 2];
    unsigned n = 0;
    for (unsigned i = 0; i < stack->count; i++) {
        if (stack->part[i] != FL_SKIN_DERMIS_BELOW) {
            layers[n++] = stack->layer[i];
            continue;
        }
        const fl_optical_layer dermis = stack->layer[i];
        const double depth = plan->skin->ink_thickness.m, above = plan->ink ? plan->ink->above_m : 0.0;
        fl_optical_layer cut[4] = {dermis, dermis, dermis, dermis};
        cut[0].thickness.m = plan->skin->ink_top.m - stack->top[i].m;
        cut[1].thickness.m = above;
        cut[2].thickness.m = depth - above;
        cut[3].thickness.m = dermis.thickness.m - cut[0].thickness.m - depth;
        cut[2].mua.per_m += target_per_m;
        if (plan->ink) {
            cut[1].mua.per_m += plan->ink->above_per_m;
            cut[1].mus.per_m += plan->ink->above_mus_per_m;
            cut[2].mus.per_m += plan->ink->target_mus_per_m;
        }
        for (int k = 0; k < 4; k++)
            if (cut[k].thickness.m > 0.0) layers[n++] = cut[k];
    }
    return fl_medium_add(&plan->medium, layers, n, error);
}

/* Variant 0: no epidermal absorption, and below it the least of all. Roulette asks the heaviest photon, which
 * is this one in every skin type; so all types, tans and shades walk the very same paths. */
static fl_status add_anchor(walk_plan *plan, const fl_skin_variant *variants, unsigned count,
                            const fl_skin_stack *bare, fl_error *error)
{
    fl_skin_stack anchor = *bare;
    for (unsigned l = 0; l < anchor.count; l++) {
        const bool epidermis = anchor.part[l] == FL_SKIN_EPIDERMIS || anchor.part[l] == FL_SKIN_BASAL;
        for (unsigned v = 0; v < count; v++)
            anchor.layer[l].mua.per_m =
                epidermis ? 0.0 : fmin(anchor.layer[l].mua.per_m, variants[v].stack.layer[l].mua.per_m);
    }
    return add(plan, &anchor, 0.0, error);
}

static fl_status walk(const fl_planner_request *r, const walk_plan *plan, unsigned d, const fl_field *field,
                      fl_transport **run, fl_error *error)
{
    /* How a run is cut into blocks depends on the size of its tables, so they have one size whatever is asked
     * for: a spot meets the same photons in any company. */
    fl_length spots[FL_PLANNER_SPOTS];
    const unsigned columns = r->spot_count <= USUAL_SPOTS ? USUAL_SPOTS : FL_PLANNER_SPOTS;
    for (unsigned s = 0; s < columns; s++)
        spots[s] = s < r->spot_count ? r->spots[s].spot : fl_mm(fl_as_mm(spots[s - 1]) + 10.0);
    fl_transport_options options = fl_transport_options_default();
    options.seed = r->seed + WHICH_PHOTONS * (uint64_t)(d + 1);
    options.photons = r->photons;
    options.threads = 1;     /* draws are walked side by side */
    options.roulette = 1e-2; /* equal variance for half the work: transport reference 3 */
    options.control = false; /* counted, so that darker is never brighter: exactly (transport.h) */
    options.depth_edges = field->draw[d].edges;
    options.depth_cells = FL_FIELD_CELLS;
    options.spots = spots;
    options.spot_count = columns;
    const fl_status status = fl_transport_new(&plan->medium, &options, run, error);
    if (status == FL_OK) fl_transport_finish(*run);
    return status;
}

/* ---- reading ---- */

static void read_plain(const fl_transport *run, unsigned d, fl_field *f)
{
    for (unsigned s = 0; s < f->spots; s++) {
        double *bare = f->bare + ((size_t)d * f->spots + s) * FL_FIELD_CELLS;
        for (unsigned c = 0; c < FL_FIELD_CELLS; c++) bare[c] = fl_transport_fluence(run, 0, s, c).value;
    }
    for (unsigned v = 0; v < f->variants; v++)
        for (unsigned s = 0; s < f->spots; s++) {
            const size_t at = ((size_t)d * f->variants + v) * f->spots + s;
            for (unsigned c = 0; c < FL_FIELD_CELLS; c++)
                f->ratio[at * FL_FIELD_CELLS + c] = fl_transport_fluence(run, v + 1, s, c).value;
            const fl_estimate basal = fl_transport_fluence(run, v + 1, s, FL_FIELD_BASAL);
            f->basal_error[at] = basal.standard_error / basal.value;
        }
}

/* Light around the ink: on top of a layer, among dots on average over their depth. */
static double around(const fl_transport *run, unsigned variant, uint32_t spot, bool dots)
{
    if (!dots) return fmax(fl_transport_fluence(run, variant, spot, FL_FIELD_NEAR).value, 1e-12);
    double sum = 0.0;
    for (unsigned c = 0; c < 3; c++) sum += fl_transport_fluence(run, variant, spot, FL_FIELD_INK + c).value;
    return fmax(sum / 3.0, 1e-12);
}

static void read_ink(const fl_transport *run, unsigned first, bool dots, unsigned d, fl_field *f)
{
    for (unsigned v = 0; v < f->variants; v++)
        for (unsigned s = 0; s < f->spots; s++)
            f->ink[((size_t)d * f->variants + v) * f->spots + s] =
                (fl_field_ink){around(run, 1 + v, s, dots), around(run, first + v, s, dots)};
    /* The weight, on bare skin under a wide beam: the same for every type and spot. */
    const unsigned nodes = first + f->variants, last = nodes + FL_FIELD_NODES - 1;
    const uint32_t wide = FL_TRANSPORT_WIDE;
    for (unsigned s = 0; s < f->spots; s++)
        f->bare_ink[(size_t)d * f->spots + s] =
            (fl_field_ink){around(run, nodes, s, dots), around(run, last, s, dots)};
    const double clear = around(run, nodes, wide, dots);
    const double black = around(run, last, wide, dots);
    for (unsigned k = 0; k < FL_FIELD_NODES; k++) {
        const double here = around(run, nodes + k, wide, dots);
        f->draw[d].weight[k] =
            clear > black ? fmin(fmax((1.0 / here - 1.0 / clear) / (1.0 / black - 1.0 / clear), 0.0), 1.0)
                          : 0.0;
    }
}

/* Black ink under every skin, then bare skin over ever more ink. */
static fl_status add_inks(walk_plan *plan, const fl_skin_variant *variants, unsigned count,
                          const fl_skin_stack *bare, double most, fl_error *error)
{
    const double thick = plan->skin->ink_thickness.m - (plan->ink ? plan->ink->above_m : 0.0);
    fl_status status = FL_OK;
    for (unsigned v = 0; status == FL_OK && v < count; v++)
        status = add(plan, &variants[v].stack, most / thick, error);
    for (int k = 0; status == FL_OK && k < FL_FIELD_NODES; k++)
        status = add(plan, bare, k ? most * pow(4.0, k - FL_FIELD_NODES + 1) / thick : 0.0, error);
    return status;
}

static fl_status add_skins(walk_plan *plan, const fl_skin_variant *variants, unsigned count,
                           const fl_skin_stack *bare, fl_error *error)
{
    plan->medium = (fl_medium){.n_above = 1.0, .n_below = plan->skin->bare.n_subcutis};
    fl_status status = add_anchor(plan, variants, count, bare, error);
    for (unsigned v = 0; status == FL_OK && v < count; v++)
        status = add(plan, &variants[v].stack, 0.0, error);
    return status;
}

static fl_status walks(const fl_planner_request *r, walk_plan *plan, const inked *ink, unsigned d,
                       fl_field *f, fl_error *error)
{
    const fl_skin_variant *variants = f->skins->variant + (size_t)d * r->variants;
    const bool dots = r->geometry->form == FL_FORM_DOTS;
    const bool apart = ink->above_m > 0.0 || ink->target_mus_per_m > 0.0;
    fl_skin_stack bare;
    fl_transport *run = NULL;
    f->draw[d].most = dots ? MOST_DOTS : MOST_LAYER;
    fl_status status = fl_skin_layers(&plan->skin->bare, r->wavelength, &bare, error);
    if (status == FL_OK) status = add_skins(plan, variants, r->variants, &bare, error);
    if (status == FL_OK && !apart)
        status = add_inks(plan, variants, r->variants, &bare, f->draw[d].most, error);
    if (status == FL_OK) status = walk(r, plan, d, f, &run, error);
    if (status != FL_OK) return status;
    read_plain(run, d, f);
    f->white[d] = 1.0;
    if (apart) {
        const double plain = fl_transport_fluence(run, 0, FL_TRANSPORT_WIDE, FL_FIELD_BASAL).value;
        fl_transport_free(run), run = NULL;
        plan->ink = ink;
        status = add_skins(plan, variants, r->variants, &bare, error);
        if (status == FL_OK) status = add_inks(plan, variants, r->variants, &bare, f->draw[d].most, error);
        if (status == FL_OK) status = walk(r, plan, d, f, &run, error);
        if (status != FL_OK) return status;
        f->white[d] =
            fmax(fl_transport_fluence(run, 0, FL_TRANSPORT_WIDE, FL_FIELD_BASAL).value / plain, 1.0);
    }
    read_ink(run, 1 + r->variants, dots, d, f);
    fl_transport_free(run);
    return FL_OK;
}

fl_status fl_field_walk(const fl_planner_request *r, const fl_deposit_order *order, unsigned d,
                        fl_field *field, fl_error *error)
{
    FL_ASSERT(2 * r->variants + 1 + FL_FIELD_NODES <= FL_MEDIUM_VARIANTS);
    inked ink;
    fl_status status = mean_fields(r, order, &field->skins->draw[d], &ink);
    if (status != FL_OK)
        return fl_error_set(error, status, "ink '%s' is not tabulated at %g nm", order->target->id,
                            fl_as_nm(r->wavelength));
    walk_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return fl_error_set(error, FL_E_MEMORY, "no memory for a walk");
    plan->skin = &field->skins->draw[d];
    status = walks(r, plan, &ink, d, field, error);
    free(plan);
    return status;
}
