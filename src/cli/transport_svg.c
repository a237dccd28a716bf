/* From an answer to the plain arrays of a picture. */
#include "transport_answer.h"

#include "fadeline/report/transport_plot.h"

#include <stdio.h>
#include <stdlib.h>

#define RADII 61       /* of the map, the axis among them */
#define MAP_DEPTHS 240 /* as fine as anybody can see */
#define BEAM_POINTS 401
#define MAP_REACH 1.6 /* spot radii */
#define CURVES (FL_TRANSPORT_SPOTS + TRANSPORT_BEAMS + 1)

typedef struct drawing {
    fl_transport_picture picture;
    fl_transport_curve curves[CURVES];
    char names[CURVES][64], subject[300], foot[300], beam[80];
    double boundaries_mm[FL_MEDIUM_LAYERS];
    double *edges_mm, *values, *map; /* values: ratio and error of each curve */
    double radius_mm[RADII], z_mm[MAP_DEPTHS], beam_mm[BEAM_POINTS], beam_ratio[BEAM_POINTS];
} drawing;

static void add_curve(drawing *d, const transport_answer *a, const fl_estimate *e, bool exact)
{
    const unsigned k = d->picture.curve_count++;
    double *ratio = d->values + 2 * (size_t)k * a->cells, *error = ratio + a->cells;
    for (unsigned i = 0; i < a->cells; i++) ratio[i] = e[i].value, error[i] = e[i].standard_error;
    d->curves[k] = (fl_transport_curve){d->names[k], ratio, exact ? NULL : error, e == a->wide};
}

static void name_beam(const fl_beam *beam, char *name, size_t size)
{
    const double mm = fl_as_mm(beam->diameter);
    if (beam->shape == FL_BEAM_RING)
        snprintf(name, size, "%g/%g mm ring, × %g", mm, fl_as_mm(beam->inner), beam->centre);
    else
        snprintf(name, size, "%g mm %s", mm, beam->shape == FL_BEAM_GAUSSIAN ? "Gaussian" : "flat-top");
}

static void add_curves(drawing *d, const transport_answer *a)
{
    const transport_request *wanted = a->wanted;
    for (unsigned i = 0; i < wanted->spot_count; i++) {
        snprintf(d->names[d->picture.curve_count], sizeof *d->names, "%g mm spot", wanted->given_mm[i]);
        add_curve(d, a, transport_answer_spot(a, i), false);
    }
    for (unsigned i = 0; i < wanted->beam_count; i++) {
        name_beam(&wanted->beams[i], d->names[d->picture.curve_count], sizeof *d->names);
        add_curve(d, a, transport_answer_beam(a, i, TRANSPORT_ON_AXIS), false);
    }
    snprintf(d->names[d->picture.curve_count], sizeof *d->names, "wide beam%s", a->exact ? ", exact" : "");
    add_curve(d, a, a->wide, a->exact != NULL);
}

static void add_marks(drawing *d, const transport_answer *a)
{
    double bottom_mm = 0.0;
    for (unsigned i = 0; i < a->input->medium.layers; i++)
        d->boundaries_mm[i] = bottom_mm += fl_as_mm(a->input->medium.layer[i].thickness);
    d->picture.marks = (fl_transport_marks){d->boundaries_mm, a->input->medium.layers, a->wanted->ink_layer,
                                            a->wanted->basal_mm};
}

static void title_beam(const fl_beam *beam, char *title, size_t size)
{
    const double mm = fl_as_mm(beam->diameter);
    if (beam->shape == FL_BEAM_RING)
        snprintf(title, size, "ring beam, %g mm; inside %g mm %g of that outside", mm, fl_as_mm(beam->inner),
                 beam->centre);
    else if (beam->shape == FL_BEAM_GAUSSIAN)
        snprintf(title, size, "Gaussian beam, %g mm (1/e²)", mm);
    else
        snprintf(title, size, "flat-top beam, %g mm", mm);
}

/* Section under the first beam: each place asks the run anew, from the same rings. */
static void add_map(drawing *d, const transport_answer *a, double *weight)
{
    const fl_beam beam = transport_map_beam(a->wanted);
    const unsigned depths = a->cells < MAP_DEPTHS ? a->cells : MAP_DEPTHS;
    for (unsigned r = 0; r < RADII; r++) {
        const fl_beam_place place = {{0.5 * MAP_REACH * beam.diameter.m * r / (RADII - 1)}, false};
        const double axis = fl_beam_weights(a->run, &beam, place, weight);
        d->radius_mm[r] = fl_as_mm(place.radius);
        for (unsigned i = 0; i < depths; i++) {
            const unsigned cell = (unsigned)((2 * (uint64_t)i + 1) * a->cells / (2 * depths));
            d->z_mm[i] = a->z_mm[cell];
            d->map[r * depths + i] = fl_transport_response(a->run, 0, weight, axis, cell).value;
        }
    }
    for (unsigned i = 0; i < BEAM_POINTS; i++) {
        const fl_length radius = {0.5 * MAP_REACH * beam.diameter.m * i / (BEAM_POINTS - 1)};
        d->beam_mm[i] = fl_as_mm(radius);
        d->beam_ratio[i] = fl_beam_profile(&beam, radius);
    }
    title_beam(&beam, d->beam, sizeof d->beam);
    d->picture.map = (fl_transport_map){.beam = d->beam,
                                        .spot_mm = fl_as_mm(beam.diameter),
                                        .radii = RADII,
                                        .depths = depths,
                                        .radius_mm = d->radius_mm,
                                        .z_mm = d->z_mm,
                                        .ratio = d->map,
                                        .beam_points = BEAM_POINTS,
                                        .beam_mm = d->beam_mm,
                                        .beam_ratio = d->beam_ratio};
}

static void describe(drawing *d, const transport_answer *a, unsigned number)
{
    char run[32] = "";
    if (number) snprintf(run, sizeof run, ", run %u", number);
    snprintf(d->subject, sizeof d->subject, "%.200s%s · %.3g million photons, seed %llu", a->wanted->path,
             run, (double)a->progress.photons / 1e6, (unsigned long long)a->wanted->seed);
    snprintf(d->foot, sizeof d->foot, "Layered Monte Carlo%s; surface loss is included.",
             a->exact ? ", noise taken out with the exact planar solution" : ", counted");
    d->picture.subject = d->subject;
    d->picture.foot = d->foot;
}

fl_status transport_svg(const transport_answer *a, unsigned number, fl_error *error)
{
    drawing *d = calloc(1, sizeof *d);
    double *weight = calloc(fl_transport_rings(a->run) + 1, sizeof *weight);
    if (d) {
        d->edges_mm = calloc(a->cells + 1, sizeof *d->edges_mm);
        d->values = calloc(2 * (size_t)CURVES * a->cells, sizeof *d->values);
        d->map = calloc((size_t)RADII * MAP_DEPTHS, sizeof *d->map);
    }
    fl_status status = FL_E_MEMORY;
    if (d && weight && d->edges_mm && d->values && d->map) {
        for (unsigned i = 0; i <= a->cells; i++) d->edges_mm[i] = fl_as_mm(a->input->dz) * i;
        d->picture.edges_mm = d->edges_mm;
        d->picture.depths = a->cells;
        d->picture.curves = d->curves;
        add_curves(d, a);
        add_marks(d, a);
        add_map(d, a, weight);
        describe(d, a, number);
        status = fl_transport_plot_write(&d->picture, a->wanted->svg, number, error);
    } else {
        fl_error_set(error, FL_E_MEMORY, "no memory for the pictures");
    }
    if (d) free(d->edges_mm), free(d->values), free(d->map);
    free(d);
    free(weight);
    return status;
}
