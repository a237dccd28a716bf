#include "heat_inside.h"

#include "fadeline/base/assert.h"

#include <math.h>

/* Phrased so that a NaN fails. */
static bool is_positive(double x)
{
    return isfinite(x) && x > 0.0;
}

#define COLDEST_K 1.0 /* whoever means 33 C by 33 is caught by the planner; whoever means nothing, here */

fl_heat_layer fl_heat_tissue(fl_heat_tissue_kind tissue, fl_length thickness)
{
    /* Jiang 2002, central values: W/m/K, kg/m3 times J/kg/K */
    switch (tissue) {
    case FL_HEAT_EPIDERMIS: return (fl_heat_layer){"epidermis", thickness, {0.24}, {1200.0 * 3590.0}};
    case FL_HEAT_DERMIS: return (fl_heat_layer){"dermis", thickness, {0.45}, {1200.0 * 3300.0}};
    case FL_HEAT_FAT: return (fl_heat_layer){"fat", thickness, {0.19}, {1000.0 * 2500.0}};
    case FL_HEAT_INNER: return (fl_heat_layer){"inner tissue", thickness, {0.5}, {1000.0 * 4000.0}};
    }
    return (fl_heat_layer){NULL, thickness, {NAN}, {NAN}};
}

static fl_status wrong(fl_error *error, const fl_heat_layer *layers, unsigned i, const char *what,
                       double value)
{
    const char *name = layers[i].name;
    return fl_error_set(error, FL_E_RANGE, "layer %u%s%s%s: %s is %g, must be finite and positive", i + 1,
                        name ? " (" : "", name ? name : "", name ? ")" : "", what, value);
}

fl_status fl_heat_check_layers(const fl_heat_layer *layers, unsigned count, fl_error *error)
{
    if (!(layers && count >= 1 && count <= FL_HEAT_LAYERS))
        return fl_error_set(error, FL_E_RANGE, "heat flows in 1 to %d layers, not %u", FL_HEAT_LAYERS, count);
    for (unsigned i = 0; i < count; i++) {
        const fl_heat_layer *layer = &layers[i];
        if (!is_positive(layer->thickness.m))
            return wrong(error, layers, i, "thickness_m", layer->thickness.m);
        if (!is_positive(layer->conductivity.W_m_K))
            return wrong(error, layers, i, "conductivity_W_m_K", layer->conductivity.W_m_K);
        if (!is_positive(layer->capacity.J_m3_K))
            return wrong(error, layers, i, "capacity_J_m3_K", layer->capacity.J_m3_K);
    }
    return FL_OK;
}

static fl_status check_temperature(fl_error *error, const char *what, fl_temperature t)
{
    if (isfinite(t.K) && t.K >= COLDEST_K) return FL_OK;
    fl_error_set(error, FL_E_RANGE, "%s temperature is %g K, must be finite and positive", what, t.K);
    return fl_error_hint(error, "temperatures are absolute: fl_heat_celsius(33)"), FL_E_RANGE;
}

static fl_status check_surface(const fl_heat_surface *surface, fl_error *error)
{
    if (!(surface->kind >= FL_HEAT_INSULATED && surface->kind <= FL_HEAT_FIXED))
        return fl_error_set(error, FL_E_RANGE,
                            "the surface is neither insulated, nor under a film, nor fixed");
    if (!(isfinite(surface->absorbed.W_m2) && surface->absorbed.W_m2 >= 0.0))
        return fl_error_set(error, FL_E_RANGE,
                            "surface: absorbed_W_m2 is %g, must be finite and not negative",
                            surface->absorbed.W_m2);
    if (surface->kind == FL_HEAT_FIXED && surface->absorbed.W_m2 > 0.0)
        return fl_error_set(error, FL_E_RANGE, "a surface of fixed temperature takes up no light");
    if (surface->kind == FL_HEAT_FILM && !is_positive(surface->film.W_m2_K))
        return fl_error_set(error, FL_E_RANGE, "surface: film_W_m2_K is %g, must be finite and positive",
                            surface->film.W_m2_K);
    return surface->kind == FL_HEAT_INSULATED ? FL_OK : check_temperature(error, "outside", surface->outside);
}

/* Every layer must end where a cell ends, or its heat would be shared between two conductivities. */
static fl_status check_edges(const fl_heat_setup *setup, fl_error *error)
{
    const fl_length *edges = setup->edges;
    const unsigned n = setup->cells;
    if (!(edges && n >= 2 && n <= FL_HEAT_CELLS))
        return fl_error_set(error, FL_E_RANGE, "heat needs 2 to %d cells, not %u", FL_HEAT_CELLS, n);
    if (!(edges[0].m == 0.0)) return fl_error_set(error, FL_E_RANGE, "the first edge must be 0");
    for (unsigned i = 0; i < n; i++)
        if (!(isfinite(edges[i + 1].m) && edges[i + 1].m > edges[i].m))
            return fl_error_set(error, FL_E_RANGE,
                                "edge %u (%g m) does not lie below the one before it (%g m)", i + 1,
                                edges[i + 1].m, edges[i].m);
    double border = 0.0;
    unsigned at = 0;
    for (unsigned layer = 0; layer < setup->layer_count; layer++) {
        border += setup->layers[layer].thickness.m;
        while (at < n && edges[at].m < border - 1e-9 * edges[n].m) at++;
        if (fabs(edges[at].m - border) <= 1e-9 * edges[n].m) continue;
        fl_error_set(error, FL_E_RANGE, "layer %u ends at %g m, where no cell ends", layer + 1, border);
        return fl_error_hint(error, "fl_heat_grid makes edges that fit"), FL_E_RANGE;
    }
    if (at != n)
        return fl_error_set(error, FL_E_RANGE, "edges reach to %g m, layers only to %g m", edges[n].m,
                            border);
    return FL_OK;
}

fl_status fl_heat_check(const fl_heat_setup *setup, fl_error *error)
{
    fl_status status = fl_heat_check_layers(setup->layers, setup->layer_count, error);
    if (status == FL_OK) status = check_edges(setup, error);
    if (status == FL_OK) status = check_surface(&setup->surface, error);
    if (status == FL_OK) status = check_temperature(error, "start", setup->start);
    if (status == FL_OK) status = check_temperature(error, "deep", setup->deep);
    const double share = setup->step_share;
    if (status == FL_OK && !(share == 0.0 || (share >= 1e-3 && share <= 1.0)))
        return fl_error_set(error, FL_E_RANGE, "step_share is %g, must be 0 or 0.001 to 1", share);
    return status;
}

unsigned fl_heat_layer_of(const fl_heat_setup *setup, unsigned cell)
{
    const double middle = 0.5 * (setup->edges[cell].m + setup->edges[cell + 1].m);
    double border = setup->layers[0].thickness.m;
    unsigned layer = 0;
    while (layer + 1 < setup->layer_count && middle > border) border += setup->layers[++layer].thickness.m;
    return layer;
}

/* Cells of height finest + growth z: so many lie above z. */
static double cells_above(double z, double finest, double growth)
{
    const double x = growth * z / finest;
    return x < 1e-9 ? z / finest : log1p(x) / growth;
}
static double depth_of(double cells, double finest, double growth)
{
    return growth * cells < 1e-9 ? cells * finest : finest * expm1(growth * cells) / growth;
}

/* The growth that makes so many cells reach the bottom. More growth, fewer cells: bisection. */
static double growth_for(double bottom, double finest, double cells)
{
    double low = 0.0, high = 1.0;
    while (cells_above(bottom, finest, high) > cells && high < 1e6) high *= 2.0;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        *(cells_above(bottom, finest, middle) > cells ? &low : &high) = middle;
    }
    return high;
}

fl_status fl_heat_grid(const fl_heat_layer *layers, unsigned count, fl_length finest, unsigned cells,
                       fl_length *edges, fl_error *error)
{
    FL_ASSERT(edges);
    const fl_status status = fl_heat_check_layers(layers, count, error);
    if (status != FL_OK) return status;
    if (!(cells >= 2 && cells >= count && cells <= FL_HEAT_CELLS))
        return fl_error_set(error, FL_E_RANGE, "%u layers need %u to %d cells, not %u", count,
                            count > 2 ? count : 2, FL_HEAT_CELLS, cells);
    double bottom = 0.0;
    for (unsigned i = 0; i < count; i++) bottom += layers[i].thickness.m;
    if (!(is_positive(finest.m) && finest.m * (cells - 1) <= bottom))
        return fl_error_set(error, FL_E_RANGE,
                            "the finest cell is %g m, must be positive and fit %u times into %g m", finest.m,
                            cells, bottom);

    const double growth = growth_for(bottom, finest.m, cells);
    double border = 0.0;
    unsigned done = 0; /* cells */
    edges[0].m = 0.0;
    for (unsigned i = 0; i < count; i++) {
        const double top = border, from = cells_above(top, finest.m, growth);
        border += layers[i].thickness.m;
        const double to = cells_above(border, finest.m, growth);
        /* Whole cells for this layer, and at least one for each below it. */
        const double wish = fmin(fmax(round(to), done + 1.0), (double)(cells - (count - 1 - i)));
        const unsigned until = i + 1 == count ? cells : (unsigned)wish;
        for (unsigned c = done + 1; c <= until; c++)
            edges[c].m = depth_of(from + (to - from) * (c - done) / (until - done), finest.m, growth);
        edges[done = until].m = border;
    }
    return FL_OK;
}
