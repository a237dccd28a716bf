#include "colour_answer.h"

#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void set_lab(json_t *object, fl_lab lab)
{
    set(object, "L_star", number(lab.L_star));
    set(object, "a_star", number(lab.a_star));
    set(object, "b_star", number(lab.b_star));
}

static json_t *lab_object(fl_lab lab)
{
    json_t *object = json_object();
    set_lab(object, lab);
    return object;
}

static json_t *photo_object(const colour_answer *a)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    json_t *object = json_object();
    set(object, "file", json_string(a->photo_path));
    set(object, "sha256", json_string(fl_hex(a->photo_sha256, FL_SHA256_SIZE, hex)));
    set(object, "format", json_string(a->photo->format));
    set(object, "width_px", json_integer(a->photo->width));
    set(object, "height_px", json_integer(a->photo->height));
    set(object, "bits", json_integer(a->photo->bits));
    set(object, "curve", json_string(a->photo->curve));
    set(object, "profile_ignored", json_boolean(a->photo->has_profile));
    return object;
}

static json_t *card_object(const colour_answer *a)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    json_t *object = json_object(), *corners = json_array();
    set(object, "id", json_string(fl_card_content(a->card)->id));
    set(object, "sha256", json_string(fl_hex(fl_card_sha256(a->card), FL_SHA256_SIZE, hex)));
    for (int i = 0; i < 4; i++)
        json_array_append_new(corners, json_pack("[f, f]", a->corners.corner[i].x, a->corners.corner[i].y));
    set(object, "corners_px", corners);
    return object;
}

static json_t *patches_array(const colour_answer *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->correction.patches; i++) {
        const fl_patch_reading *p = &a->correction.patch[i];
        json_t *patch = json_object();
        set(patch, "name", json_string(fl_card_content(a->card)->patches[i].name));
        set_lab(patch, p->lab);
        set(patch, "known", lab_object(p->known));
        set(patch, "delta_e_2000", number(p->delta_e_2000));
        set(patch, "left_out_delta_e_2000", number(p->left_out_delta_e_2000));
        set(patch, "spread_L_star", number(p->spread_L_star));
        set(patch, "clipped_percent", number(100.0 * p->clipped));
        set(patch, "pixels", json_integer((json_int_t)p->pixels));
        json_array_append_new(list, patch);
    }
    return list;
}

static json_t *correction_object(const colour_answer *a)
{
    const fl_correction *c = &a->correction;
    if (!c->is_fitted) return json_null();
    json_t *object = json_object(), *matrix = json_array();
    set(object, "gain",
        json_pack("{s:f, s:f, s:f}", "red", c->gain.r, "green", c->gain.g, "blue", c->gain.b));
    for (int i = 0; i < 3; i++)
        json_array_append_new(matrix,
                              json_pack("[f, f, f]", c->matrix[i][0], c->matrix[i][1], c->matrix[i][2]));
    set(object, "tone_exponent", number(c->tone));
    set(object, "matrix_to_xyz", matrix);
    set(object, "residual_delta_e_2000",
        json_pack("{s:f, s:f, s:s, s:f}", "mean", c->residual_mean, "max", c->residual_max, "worst",
                  fl_card_content(a->card)->patches[c->worst].name, "left_out_rms", c->left_out_rms));
    set(object, "light_gradient_percent", number(100.0 * (c->light_ratio - 1.0)));
    set(object, "patches", patches_array(a));
    return object;
}

static json_t *region_object(const colour_answer *a, int kind)
{
    if (!a->has_region[kind]) return json_null();
    const fl_region *r = &a->region[kind];
    json_t *object = json_object(), *circles = json_array();
    for (size_t i = 0; i < a->circle_count[kind]; i++) {
        const fl_circle *c = &a->circles[kind][i];
        json_array_append_new(
            circles, json_pack("{s:f, s:f, s:f}", "x_px", c->x, "y_px", c->y, "radius_px", c->radius));
    }
    set_lab(object, r->lab);
    set(object, "statistic", json_string(kind == COLOUR_INK && a->is_dots ? "mean" : "median"));
    set(object, "median", lab_object(r->median));
    set(object, "mean", lab_object(r->mean));
    set(object, "spread", lab_object(r->spread));
    set(object, "uncertainty", lab_object(r->uncertainty));
    set(object, "delta_e_2000_uncertainty", number(r->delta_e_2000_uncertainty));
    if (kind != COLOUR_INK) {
        const fl_ita_band *band = r->has_ita ? fl_ita_class(r->ita_deg) : NULL;
        set(object, "ita_deg", band ? number(r->ita_deg) : json_null());
        set(object, "ita_uncertainty_deg", band ? number(r->ita_uncertainty_deg) : json_null());
        set(object, "ita_class", band ? json_string(band->name) : json_null());
        set(object, "ita_pairs_with", band ? json_string(band->pairs_with) : json_null());
    }
    set(object, "clipped_percent", number(100.0 * r->clipped));
    set(object, "light", number(r->light));
    set(object, "pixels", json_integer((json_int_t)r->pixels));
    set(object, "circles", circles);
    return object;
}

static json_t *contrast_object(const fl_contrast *c)
{
    return json_pack("{s:f, s:f, s:f}", "delta_e_2000", c->delta_e_2000, "delta_e_2000_uncertainty",
                     c->uncertainty, "delta_e_76", c->delta_e_76);
}

static json_t *change_object(const colour_answer *a)
{
    if (!a->has_fading) return json_null();
    const fl_fading *f = &a->fading;
    json_t *object = json_object();
    set(object, "before_file", json_string(a->before.path));
    set(object, "then", contrast_object(&a->before.contrast));
    set(object, "now", contrast_object(&a->contrast));
    set(object, "faded_delta_e_2000", number(f->delta_e_2000));
    set(object, "faded_delta_e_2000_uncertainty", number(f->uncertainty));
    set(object, "faded_percent", number(f->percent));
    set(object, "faded_percent_uncertainty", number(f->percent_uncertainty));
    set(object, "is_beyond_uncertainty", json_boolean(f->is_beyond_uncertainty));
    return object;
}

int colour_print_json(const colour_answer *a)
{
    const bool refused = a->reasons.count > 0;
    json_t *object = json_object(), *reasons = json_array(), *cautions = json_array();
    for (size_t i = 0; i < a->reasons.count; i++) {
        const fl_colour_reason *reason = &a->reasons.list[i];
        json_array_append_new(reasons,
                              json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", reason->code, "class", "refuse",
                                        "text", reason->what, "why", reason->why, "change", reason->change));
    }
    for (size_t i = 0; i < a->caution_count; i++)
        json_array_append_new(cautions, json_string(a->cautions[i]));
    set(object, "kind", json_string("colour/1"));
    set(object, "verdict", json_string(refused ? "refused" : "measured"));
    set(object, "reasons", reasons);
    set(object, "cautions", cautions);
    set(object, "white", json_string("D65"));
    set(object, "observer_deg", json_integer(2));
    set(object, "coverage_factor", number(FL_COLOUR_COVERAGE));
    set(object, "photo", photo_object(a));
    set(object, "card", card_object(a));
    set(object, "correction", correction_object(a));
    /* A refused photo has no colours: nobody can pick them out of the file later. */
    for (int kind = 0; kind < COLOUR_KINDS; kind++)
        set(object, colour_kind_names[kind], refused ? json_null() : region_object(a, kind));
    set(object, "contrast", a->has_contrast ? contrast_object(&a->contrast) : json_null());
    set(object, "change", change_object(a));
    const int failed = fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
    return failed ? fl_status_exit(FL_E_MEMORY) : refused ? fl_status_exit(FL_E_NO) : 0;
}
