#include "field.h"

#include "field_store.h"
#include "field_walk.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define HAIR_M 8e-3 /* bulbs of the scalp lie 3.5 to 7 mm deep */
#define DEEPEST_M 3e-3
#define NEAR_M 40e-6

/* Around the ink that is treated; what covers it lies in the cells above. */
static void lay_cells(const fl_skin_draw *skin, const fl_deposit_order *order, fl_field_draw *draw)
{
    const double epidermis = skin->epidermis.m, over = order->above_share * skin->ink_thickness.m;
    const double top = skin->ink_top.m + over, h = skin->ink_thickness.m - over;
    const double near = fmin(NEAR_M, 0.5 * (top - epidermis)), gap = top - near - epidermis;
    const double end = fmax(DEEPEST_M, top + h + 0.5e-3), under = end - top - h;
    fl_length *edge = draw->edges;
    edge[FL_FIELD_UPPER].m = 0.0;
    edge[FL_FIELD_BASAL].m = 0.75 * epidermis; /* optics/skin.h: the lowest quarter */
    edge[FL_FIELD_DERMIS].m = epidermis;
    edge[FL_FIELD_DERMIS + 1].m = epidermis + 0.5 * gap;
    edge[FL_FIELD_NEAR].m = top - near;
    for (int i = 0; i < 3; i++) edge[FL_FIELD_INK + i].m = top + h * i / 3.0;
    /* Fine under the ink, coarse below: the step grows evenly. */
    for (int i = 0; i <= 7; i++) {
        const double x = i / 7.0;
        edge[FL_FIELD_UNDER + i].m = top + h + under * (0.35 * x + 0.65 * x * x);
    }
    for (int i = 1; i <= 4; i++) edge[FL_FIELD_UNDER + 7 + i].m = end + (HAIR_M - end) * i / 4.0;
}

static fl_status room(const fl_planner_request *r, fl_field *f)
{
    const size_t rows = (size_t)r->draws * r->variants * r->spot_count;
    f->draws = r->draws, f->variants = r->variants, f->spots = r->spot_count;
    f->draw = calloc(r->draws, sizeof *f->draw);
    f->ratio = calloc(rows * FL_FIELD_CELLS, sizeof *f->ratio);
    f->bare = calloc((size_t)r->draws * r->spot_count * FL_FIELD_CELLS, sizeof *f->bare);
    f->ink = calloc(rows, sizeof *f->ink);
    f->white = calloc(r->draws, sizeof *f->white);
    f->basal_error = calloc(rows, sizeof *f->basal_error);
    f->bare_ink = calloc((size_t)r->draws * r->spot_count, sizeof *f->bare_ink);
    f->ink_depth = calloc(r->draws, sizeof *f->ink_depth);
    return f->draw && f->ratio && f->bare && f->ink && f->bare_ink && f->ink_depth && f->white &&
                   f->basal_error
               ? FL_OK
               : FL_E_MEMORY;
}

/* What the ink of each draw takes up: medians, but for the amount, which is the draw's. */
static fl_status weigh_ink(const fl_planner_request *r, const fl_deposit_order *order, fl_field *f,
                           fl_error *error)
{
    for (unsigned d = 0; d < r->draws; d++) {
        const fl_skin_draw *skin = &f->skins->draw[d];
        fl_ink_draw ink = fl_ink_central(r->geometry);
        fl_deposit deposit;
        ink.mass.kg_m2 *= skin->mass;
        const fl_length depth = {skin->ink_thickness.m * (1.0 - order->above_share)};
        const fl_status status = fl_deposit_of(r, order, &ink, depth, &deposit);
        if (status != FL_OK)
            return fl_error_set(error, status, "ink '%s' is not tabulated at %g nm", order->target->id,
                                fl_as_nm(r->wavelength));
        f->ink_depth[d] = deposit.mean_depth;
    }
    return FL_OK;
}

/* Draws are walked side by side; each has its own photons and its own place in the field, so who walks which
 * does not matter. */
typedef struct crew {
    const fl_planner_request *request;
    const fl_deposit_order *order;
    fl_field *field;
    atomic_uint next;
    atomic_int status; /* of the first that failed */
    fl_error errors[FL_PLANNER_THREADS];
    atomic_uint members;
} crew;

static void *work(void *of)
{
    crew *c = of;
    fl_error *error = &c->errors[atomic_fetch_add(&c->members, 1)];
    for (unsigned d; (d = atomic_fetch_add(&c->next, 1)) < c->request->draws;) {
        const fl_status status = fl_field_walk(c->request, c->order, d, c->field, error);
        int fine = FL_OK;
        if (status != FL_OK) atomic_compare_exchange_strong(&c->status, &fine, (int)status);
    }
    return NULL;
}

static fl_status walk_all(const fl_planner_request *r, const fl_deposit_order *order, fl_field *f,
                          fl_error *error)
{
    crew c = {.request = r, .order = order, .field = f};
    pthread_t helpers[FL_PLANNER_THREADS];
    unsigned hired = 0;
    const unsigned wanted = r->threads < r->draws ? r->threads : r->draws;
    while (hired + 1 < wanted && pthread_create(&helpers[hired], NULL, work, &c) == 0) hired++;
    work(&c); /* a machine that refuses us threads makes this slower, never wrong */
    for (unsigned i = 0; i < hired; i++) pthread_join(helpers[i], NULL);
    const fl_status status = (fl_status)atomic_load(&c.status);
    for (unsigned i = 0; error && status != FL_OK && i <= hired; i++)
        if (c.errors[i].status == status) *error = c.errors[i];
    return status;
}

fl_status fl_field_new(const fl_planner_request *r, const fl_deposit_order *order, fl_field **field,
                       fl_error *error)
{
    fl_field *f = calloc(1, sizeof *f);
    fl_status status = f ? room(r, f) : FL_E_MEMORY;
    if (status == FL_E_MEMORY) fl_error_set(error, status, "no memory for %u skins", r->draws * r->variants);
    if (status == FL_OK) status = fl_skins_new(r, &f->skins, error);
    for (unsigned d = 0; status == FL_OK && d < r->draws; d++)
        lay_cells(&f->skins->draw[d], order, &f->draw[d]);
    if (status == FL_OK) status = weigh_ink(r, order, f, error);
    if (status == FL_OK && !fl_field_recall(r, order, f)) {
        status = walk_all(r, order, f, error);
        if (status == FL_OK) fl_field_remember(r, order, f);
    }
    if (status != FL_OK) return fl_field_free(f), status;
    *field = f;
    return FL_OK;
}

void fl_field_free(fl_field *field)
{
    if (!field) return;
    fl_skins_free(field->skins);
    free(field->draw);
    free(field->ratio);
    free(field->bare);
    free(field->ink);
    free(field->bare_ink);
    free(field->ink_depth);
    free(field->white);
    free(field->basal_error);
    free(field);
}

const double *fl_field_row(const fl_field *field, unsigned draw, unsigned variant, unsigned spot)
{
    FL_ASSERT(draw < field->draws && variant < field->variants && spot < field->spots);
    return field->ratio + (((size_t)draw * field->variants + variant) * field->spots + spot) * FL_FIELD_CELLS;
}

const double *fl_field_bare(const fl_field *field, unsigned draw, unsigned spot)
{
    FL_ASSERT(draw < field->draws && spot < field->spots);
    return field->bare + ((size_t)draw * field->spots + spot) * FL_FIELD_CELLS;
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

static double weight_at(const fl_field_draw *draw, double mean_depth)
{
    const double node = FL_FIELD_NODES - 1 + log(mean_depth / draw->most) / log(4.0);
    if (!(node < FL_FIELD_NODES - 1)) return draw->weight[FL_FIELD_NODES - 1];
    if (node <= 1.0) return draw->weight[1] * mean_depth / (draw->most * pow(4.0, 2.0 - FL_FIELD_NODES));
    const unsigned i = (unsigned)node; /* nearly proportional: a power between two nodes */
    const double from = draw->weight[i] + 1e-300, to = draw->weight[i + 1] + 1e-300;
    return from * pow(to / from, node - i);
}

static double between(const fl_field_draw *draw, const fl_field_ink *ink, double mean_depth)
{
    const double weight = weight_at(draw, mean_depth);
    return 1.0 / ((1.0 - weight) / ink->clear + weight / ink->black);
}

double fl_field_around(const fl_field *f, unsigned draw, unsigned variant, unsigned spot, double mean_depth)
{
    return between(&f->draw[draw], &f->ink[((size_t)draw * f->variants + variant) * f->spots + spot],
                   mean_depth);
}

double fl_field_bare_around(const fl_field *f, unsigned draw, unsigned spot)
{
    return between(&f->draw[draw], &f->bare_ink[(size_t)draw * f->spots + spot], f->ink_depth[draw]);
}
