#include "transport_answer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* With --relative-error the file's photon count is ignored; this many is where we give up and say so. */
#define PHOTONS_AT_MOST 1000000000u

const char *const transport_places[TRANSPORT_PLACES] = {"on_axis", "average", "edge"};

fl_beam transport_map_beam(const transport_request *wanted)
{
    if (wanted->beam_count) return wanted->beams[0];
    return (fl_beam){.shape = FL_BEAM_FLAT, .diameter = fl_mm(wanted->given_mm[0])};
}

/* The run's own stop rule knows spots. With beams the walk looks at everything that will be printed. */
static fl_transport_options options_of(const fl_mci_run *input, const transport_request *wanted)
{
    fl_transport_options options = fl_transport_options_default();
    options.seed = wanted->seed;
    options.threads = wanted->threads;
    options.lanes = wanted->lanes;
    options.roulette = wanted->roulette;
    options.control = !wanted->counted;
    options.relative_error = wanted->beam_count ? 0.0 : wanted->relative_error;
    options.photons = wanted->relative_error > 0.0 ? PHOTONS_AT_MOST : input->photons;
    options.spots = wanted->spots;
    options.spot_count = wanted->spot_count;
    return options;
}

/* Cells with tissue in them: below the last layer there is no fluence to know well. */
static unsigned cells_inside(const transport_answer *a)
{
    double bottom_m = 0.0;
    unsigned cells = 0;
    for (unsigned i = 0; i < a->input->medium.layers; i++) bottom_m += a->input->medium.layer[i].thickness.m;
    while (cells < a->cells && a->input->dz.m * cells < bottom_m * (1.0 - 1e-9)) cells++;
    return cells;
}

static unsigned rings_of(const transport_request *wanted, fl_length rings[FL_TRANSPORT_RINGS])
{
    fl_beam beams[TRANSPORT_BEAMS + 1];
    unsigned count = 0;
    for (; count < wanted->beam_count; count++) beams[count] = wanted->beams[count];
    if (wanted->svg && !count) beams[count++] = transport_map_beam(wanted);
    return count ? fl_beam_rings(beams, count, rings) : 0;
}

/* A medium that has no exact solution can still be walked: said once, and counted. */
static fl_status new_run(transport_answer *a, fl_error *error)
{
    fl_length edges[FL_TRANSPORT_CELLS + 1], rings[FL_TRANSPORT_RINGS];
    fl_transport_options options = options_of(a->input, a->wanted);
    for (unsigned i = 0; i <= a->cells; i++) edges[i].m = a->input->dz.m * i;
    a->cells_inside = cells_inside(a);
    options.error_to = edges[a->cells_inside];
    options.depth_edges = edges;
    options.depth_cells = a->cells;
    options.rings = rings;
    options.ring_count = rings_of(a->wanted, rings);
    fl_status status = fl_transport_new(&a->input->medium, &options, &a->run, error);
    fl_error no_exact = *error;
    if (status == FL_E_RANGE && options.control && a->cells) {
        options.control = false;
        if (fl_transport_new(&a->input->medium, &options, &a->run, &(fl_error){0}) != FL_OK) return status;
    } else if (status == FL_OK && options.control && a->cells) {
        a->exact = fl_transport_exact(a->run, 0);
        return FL_OK;
    } else if (status != FL_OK || !options.control) {
        return status;
    } else if (fl_exact_new(&a->input->medium, 0, 0, &a->own_exact, &no_exact) == FL_OK) {
        a->exact = a->own_exact;
        return FL_OK;
    }
    fprintf(stderr, "fadeline: %s:%u: no exact solution, only counting: %s\n", a->wanted->path,
            a->input->line, no_exact.what);
    return FL_OK;
}

static double *weights_of(const transport_answer *a, unsigned beam, unsigned place)
{
    return a->weights + ((size_t)beam * TRANSPORT_PLACES + place) * (fl_transport_rings(a->run) + 2);
}

static void weigh_beams(transport_answer *a)
{
    const unsigned rings = fl_transport_rings(a->run);
    for (unsigned i = 0; i < a->wanted->beam_count; i++) {
        const fl_beam *beam = &a->wanted->beams[i];
        const fl_beam_place places[] = {fl_beam_on_axis(), fl_beam_average(), fl_beam_at_edge(beam)};
        for (unsigned p = 0; p < TRANSPORT_PLACES; p++) {
            double *weight = weights_of(a, i, p);
            weight[rings + 1] = fl_beam_weights(a->run, beam, places[p], weight);
        }
    }
}

static fl_status make_room(transport_answer *a, fl_error *error)
{
    const size_t cells = a->cells, beams = (size_t)a->wanted->beam_count * TRANSPORT_PLACES;
    a->z_mm = calloc(cells + 1, sizeof *a->z_mm);
    a->wide = calloc(cells + 1, sizeof *a->wide);
    a->wide_counted = calloc(cells + 1, sizeof *a->wide_counted);
    a->wide_apart = calloc(cells + 1, sizeof *a->wide_apart);
    a->spot = calloc(cells * a->wanted->spot_count + 1, sizeof *a->spot);
    a->beam = calloc(cells * beams + 1, sizeof *a->beam);
    a->weights = calloc(beams * (fl_transport_rings(a->run) + 2) + 1, sizeof *a->weights);
    if (!(a->z_mm && a->wide && a->wide_counted && a->wide_apart && a->spot && a->beam && a->weights))
        return fl_error_set(error, FL_E_MEMORY, "no memory for the answer");
    weigh_beams(a);
    return FL_OK;
}

transport_answer *transport_answer_new(const fl_mci_run *input, const transport_request *wanted,
                                       fl_error *error)
{
    transport_answer *a = calloc(1, sizeof *a);
    if (!a) {
        fl_error_set(error, FL_E_MEMORY, "no memory for the answer");
        return NULL;
    }
    *error = (fl_error){0};
    a->wanted = wanted;
    a->input = input;
    a->cells = wanted->spot_count || wanted->beam_count || wanted->csv ? input->z_cells : 0;
    fl_status status = new_run(a, error);
    if (status == FL_OK) status = make_room(a, error);
    if (status == FL_OK) return a;
    transport_answer_free(a);
    return NULL;
}

void transport_answer_free(transport_answer *a)
{
    if (!a) return;
    fl_transport_free(a->run);
    fl_exact_free(a->own_exact);
    free(a->weights);
    free(a->z_mm);
    free(a->wide);
    free(a->wide_counted);
    free(a->wide_apart);
    free(a->spot);
    free(a->beam);
    free(a);
}

static double apart(fl_estimate counted, double exact)
{
    return counted.standard_error > 0.0 ? (counted.value - exact) / counted.standard_error : NAN;
}

static transport_total total(fl_estimate counted, double exact)
{
    return (transport_total){counted, exact, apart(counted, exact)};
}

static void read_totals(transport_answer *a)
{
    const fl_exact *e = a->exact;
    a->specular = fl_transport_specular(a->run);
    a->lost = fl_transport_lost(a->run, 0);
    a->diffuse = total(fl_transport_diffuse(a->run, 0), e ? fl_exact_diffuse(e) : NAN);
    a->transmitted = total(fl_transport_transmitted(a->run, 0), e ? fl_exact_transmitted(e) : NAN);
    for (unsigned i = 0; i < a->input->medium.layers; i++)
        a->absorbed[i] = total(fl_transport_absorbed(a->run, 0, i), e ? fl_exact_absorbed(e, i) : NAN);
}

static void read_cell(transport_answer *a, unsigned cell)
{
    a->z_mm[cell] = fl_as_mm(a->input->dz) * (cell + 0.5);
    a->wide[cell] = fl_transport_fluence(a->run, 0, FL_TRANSPORT_WIDE, cell);
    a->wide_counted[cell] = fl_transport_counted(a->run, 0, FL_TRANSPORT_WIDE, cell);
    a->wide_apart[cell] = a->exact ? apart(a->wide_counted[cell], a->wide[cell].value) : NAN;
    for (unsigned i = 0; i < a->wanted->spot_count; i++)
        a->spot[(size_t)i * a->cells + cell] = fl_transport_fluence(a->run, 0, a->wanted->order[i], cell);
    const unsigned rings = fl_transport_rings(a->run);
    if (cell >=
        a->cells_inside) { /* nothing was counted there, and no share of nothing is known: 0, not NaN */
        for (unsigned i = 0; i < a->wanted->spot_count; i++)
            a->spot[(size_t)i * a->cells + cell] = (fl_estimate){0};
        return;
    }
    for (unsigned i = 0; i < a->wanted->beam_count; i++)
        for (unsigned p = 0; p < TRANSPORT_PLACES; p++) {
            const double *weight = weights_of(a, i, p);
            a->beam[((size_t)i * TRANSPORT_PLACES + p) * a->cells + cell] =
                fl_transport_response(a->run, 0, weight, weight[rings + 1], cell);
        }
}

void transport_answer_read(transport_answer *a)
{
    read_totals(a);
    for (unsigned cell = 0; cell < a->cells; cell++) read_cell(a, cell);
}

const fl_estimate *transport_answer_spot(const transport_answer *a, unsigned spot)
{
    return a->spot + (size_t)spot * a->cells;
}

const fl_estimate *transport_answer_beam(const transport_answer *a, unsigned beam, unsigned place)
{
    return a->beam + ((size_t)beam * TRANSPORT_PLACES + place) * a->cells;
}

static double worst_of(const fl_estimate *e, unsigned count, double worst)
{
    for (unsigned i = 0; i < count; i++) {
        const bool known = e[i].value > 0.0 && isfinite(e[i].standard_error);
        worst = fmax(worst, known ? e[i].standard_error / e[i].value : INFINITY);
    }
    return worst;
}

double transport_answer_worst(const transport_answer *a)
{
    double worst = worst_of(a->wide, a->cells_inside, 0.0);
    for (unsigned i = 0; i < a->wanted->spot_count; i++)
        worst = worst_of(transport_answer_spot(a, i), a->cells_inside, worst);
    for (unsigned i = 0; i < a->wanted->beam_count; i++)
        for (unsigned p = 0; p < TRANSPORT_PLACES; p++)
            worst = worst_of(transport_answer_beam(a, i, p), a->cells_inside, worst);
    return worst;
}

double transport_answer_rate(const transport_answer *a)
{
    return a->seconds > 0.0 ? (double)a->progress.photons / a->seconds : NAN;
}
