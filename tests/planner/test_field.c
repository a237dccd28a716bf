/* labels: unit physics   timeout: 300 */
/* The light around any amount of ink, read with one weight, against a walk with exactly that ink. */
#include "check.h"
#include "helper_request.h"

#include "field.h"

#include "fadeline/transport/transport.h"

#include <stdlib.h>

/* The skin with its ink as plane layers, walked for itself and controlled by the exact solution. */
static double walked(const fl_planner_request *r, const fl_field *f, unsigned v, unsigned spot,
                     double mean_depth)
{
    const fl_skin_stack *stack = &f->skins->variant[v].stack;
    const fl_skin_draw *draw = &f->skins->draw[0];
    fl_medium *medium = calloc(1, sizeof *medium);
    medium->n_above = 1.0, medium->n_below = draw->bare.n_subcutis;
    fl_optical_layer layers[6];
    layers[0] = stack->layer[0], layers[1] = stack->layer[1];
    layers[2] = layers[3] = layers[4] = stack->layer[2];
    layers[2].thickness.m = draw->ink_top.m - stack->top[2].m;
    layers[3].thickness = draw->ink_thickness;
    layers[3].mua.per_m += mean_depth / draw->ink_thickness.m;
    layers[4].thickness.m -= layers[2].thickness.m + layers[3].thickness.m;
    layers[5] = stack->layer[3];
    fl_error error = {0};
    CHECK(fl_medium_add(medium, layers, 6, &error) == FL_OK, "%s", error.what);
    fl_length spots[2] = {r->spots[0].spot, r->spots[1].spot};
    fl_transport_options options = fl_transport_options_default();
    options.photons = 60000, options.threads = 2, options.depth_edges = f->draw[0].edges;
    options.depth_cells = FL_FIELD_UNDER, options.spots = spots, options.spot_count = 2;
    fl_transport *run;
    CHECK(fl_transport_new(medium, &options, &run, &error) == FL_OK, "%s", error.what);
    fl_transport_finish(run);
    double sum = 0;
    if (r->geometry->form == FL_FORM_LAYER)
        sum = fl_transport_fluence(run, 0, spot, FL_FIELD_NEAR).value;
    else
        for (int c = 0; c < 3; c++) sum += fl_transport_fluence(run, 0, spot, FL_FIELD_INK + c).value / 3;
    fl_transport_free(run);
    free(medium);
    return sum;
}

static void one_weight_serves_all_inks(void)
{
    double worst = 0;
    for (int form = 0; form < 2; form++) {
        fl_planner_request r =
            test_request("scalp-male", 2 + 2 * form, "carbon-black", form ? "tattoo" : "smp", test_heads[2]);
        r.draws = 1, r.variants = 3, r.photons = 60000, r.spot_count = 2, r.spots[1].spot = fl_mm(5);
        const fl_deposit_order order = {.target = r.ink};
        fl_field *field;
        fl_error error = {0};
        CHECK(fl_field_new(&r, &order, &field, &error) == FL_OK, "%s", error.what);
        static const double depths[] = {0.003, 0.03, 0.15, 0.5, 1.5};
        for (unsigned v = 0; v < 3; v += 2)
            for (unsigned spot = 0; spot < 2; spot++)
                for (int i = 0; i < 5; i++) {
                    const double fast = fl_field_around(field, 0, v, spot, depths[i]),
                                 slow = walked(&r, field, v, spot, depths[i]);
                    CHECK_REL(fast, slow, 0.07, form ? "on top of a layer" : "among dots");
                    worst = fmax(worst, fabs(fast / slow - 1));
                }
        fl_field_free(field);
    }
    printf("(worst %.1f %%) ", 100 * worst);
}

/* Depth grid: edges rise, the ink lies in its cells, hair bulbs are inside. */
static void cells_lie_where_they_should(void)
{
    static const char *const sites[] = {"scalp-male", "eyelid", "lip", "areola"};
    for (int i = 0; i < 4; i++)
        for (int cover = 0; cover < 2; cover++) {
            fl_planner_request r =
                test_request(sites[i], 3, "carbon-black", i % 2 ? "tattoo" : "pmu", test_heads[1]);
            r.draws = 24, r.variants = 2, r.photons = 100, r.spot_count = 1, r.scar = i == 1;
            r.cover = cover ? fl_planner_ink_find(test_library(), "white") : NULL;
            fl_deposit_order order;
            fl_field *f;
            fl_error error = {0};
            CHECK(fl_deposit_order_of(&r, &order) == FL_OK && fl_field_new(&r, &order, &f, &error) == FL_OK,
                  "%s", error.what);
            for (unsigned d = 0; d < 24; d++) {
                const fl_length *edges = f->draw[d].edges;
                const fl_skin_draw *skin = &f->skins->draw[d];
                for (int c = 0; c < FL_FIELD_CELLS; c++)
                    CHECK(edges[c + 1].m > edges[c].m, "%s, draw %u: cell %d", sites[i], d, c);
                CHECK_REL(edges[FL_FIELD_DERMIS].m, skin->epidermis.m, 1e-12, "epidermis");
                CHECK_REL(edges[FL_FIELD_UNDER].m, skin->ink_top.m + skin->ink_thickness.m, 1e-9,
                          "end of the ink");
                CHECK(edges[FL_FIELD_INK].m >= skin->ink_top.m - 1e-12, "the ink begins above itself");
                CHECK(edges[FL_FIELD_CELLS].m >= 7e-3, "bulbs are out of reach");
                CHECK(skin->ink_top.m + skin->ink_thickness.m < skin->epidermis.m + skin->dermis.m,
                      "ink in the fat");
            }
            fl_field_free(f);
        }
}

FL_TESTS("planner/field", TEST(one_weight_serves_all_inks), TEST(cells_lie_where_they_should))
