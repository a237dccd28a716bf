#include "transport_answer.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *numbers(const double *values, unsigned count)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < count; i++) json_array_append_new(array, number(values[i]));
    return array;
}

/* {ratio[], standard_error[]}, to which more may be added. */
static json_t *curve(const fl_estimate *e, unsigned cells)
{
    json_t *ratio = json_array(), *standard_error = json_array();
    for (unsigned i = 0; i < cells; i++) {
        json_array_append_new(ratio, number(e[i].value));
        json_array_append_new(standard_error, number(e[i].standard_error));
    }
    return json_pack("{s:o, s:o}", "ratio", ratio, "standard_error", standard_error);
}

static json_t *spot_json(const fl_estimate *e, unsigned cells, json_t *spot_mm)
{
    json_t *spot = json_pack("{s:o}", "spot_mm", spot_mm), *rest = curve(e, cells);
    json_object_update(spot, rest);
    json_decref(rest);
    return spot;
}

static json_t *fluence_json(const transport_answer *a)
{
    json_t *spots = json_array();
    for (unsigned i = 0; i < a->wanted->spot_count; i++)
        json_array_append_new(
            spots, spot_json(transport_answer_spot(a, i), a->cells, json_real(a->wanted->given_mm[i])));
    json_array_append_new(spots, spot_json(a->wide, a->cells, json_null()));
    return json_pack("{s:o, s:o, s:o, s:o}", "z_mm", numbers(a->z_mm, a->cells), "spots", spots,
                     "wide_counted", curve(a->wide_counted, a->cells),
                     "monte_carlo_minus_exact_in_standard_errors",
                     a->exact ? numbers(a->wide_apart, a->cells) : json_null());
}

static json_t *beams_json(const transport_answer *a)
{
    json_t *beams = json_array();
    for (unsigned i = 0; i < a->wanted->beam_count; i++) {
        const fl_beam *beam = &a->wanted->beams[i];
        json_t *one = json_pack("{s:s, s:f}", "shape", fl_beam_name(beam->shape), "diameter_mm",
                                fl_as_mm(beam->diameter));
        if (beam->shape == FL_BEAM_RING) {
            json_object_set_new(one, "inner_mm", json_real(fl_as_mm(beam->inner)));
            json_object_set_new(one, "centre", json_real(beam->centre));
        }
        for (unsigned p = 0; p < TRANSPORT_PLACES; p++)
            json_object_set_new(one, transport_places[p], curve(transport_answer_beam(a, i, p), a->cells));
        json_array_append_new(beams, one);
    }
    return beams;
}

/* The three totals, read from each by `of`: into the run itself, its errors, the exact ones and the
 * distances. */
static json_t *totals(json_t *into, const transport_answer *a, double (*of)(const transport_total *total))
{
    json_t *absorbed = json_array();
    for (unsigned i = 0; i < a->input->medium.layers; i++)
        json_array_append_new(absorbed, number(of(&a->absorbed[i])));
    json_object_set_new(into, "diffuse_reflectance", number(of(&a->diffuse)));
    json_object_set_new(into, "transmittance", number(of(&a->transmitted)));
    json_object_set_new(into, "absorbed", absorbed);
    return into;
}

static double counted_of(const transport_total *total)
{
    return total->counted.value;
}
static double error_of(const transport_total *total)
{
    return total->counted.standard_error;
}
static double exact_of(const transport_total *total)
{
    return total->exact;
}
static double apart_of(const transport_total *total)
{
    return total->apart;
}

json_t *transport_json(const transport_answer *a)
{
    json_t *one = json_pack("{s:f}", "specular_reflectance", a->specular);
    totals(one, a, counted_of);
    json_object_set_new(one, "standard_error",
                        totals(json_pack("{s:f}", "specular_reflectance", 0.0), a, error_of));
    json_object_set_new(one, "exact", a->exact ? totals(json_object(), a, exact_of) : json_null());
    json_object_set_new(one, "monte_carlo_minus_exact_in_standard_errors",
                        a->exact ? totals(json_object(), a, apart_of) : json_null());
    json_t *rest = json_pack("{s:f, s:I, s:f, s:o, s:i, s:i, s:I}", "lost", a->lost, "photons",
                             (json_int_t)a->progress.photons, "seconds", a->seconds, "photons_per_second",
                             number(transport_answer_rate(a)), "threads", (int)a->wanted->threads, "lanes",
                             (int)fl_transport_lanes(a->run), "seed", (json_int_t)a->wanted->seed);
    json_object_update(one, rest);
    json_decref(rest);
    if (a->cells) json_object_set_new(one, "fluence_ratio", fluence_json(a));
    if (a->wanted->beam_count) json_object_set_new(one, "beams", beams_json(a));
    if (a->wanted->relative_error > 0.0) {
        json_object_set_new(one, "relative_error", number(a->progress.relative_error));
        json_object_set_new(one, "relative_error_met", json_boolean(a->progress.met));
    }
    return one;
}
