#include "colour_answer.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES_MAX (1u << 20)

static bool take(const json_t *object, const char *key, double least, double most, double *value)
{
    const json_t *found = json_object_get(object, key);
    if (!json_is_number(found)) return false;
    *value = json_number_value(found);
    return *value >= least && *value <= most;
}

static void copy(char *to, size_t size, const json_t *text)
{
    snprintf(to, size, "%s", json_is_string(text) ? json_string_value(text) : "");
}

static bool take_all(const json_t *object, colour_before *b)
{
    const json_t *contrast = json_object_get(object, "contrast"), *site = json_object_get(object, "site");
    copy(b->card_id, sizeof b->card_id, json_object_get(json_object_get(object, "card"), "id"));
    copy(b->statistic, sizeof b->statistic, json_object_get(json_object_get(object, "ink"), "statistic"));
    return take(contrast, "delta_e_2000", 0, 200, &b->contrast.delta_e_2000) &&
           take(contrast, "delta_e_76", 0, 300, &b->contrast.delta_e_76) &&
           take(contrast, "delta_e_2000_uncertainty", 0, 200, &b->contrast.uncertainty) &&
           take(site, "L_star", -20, 150, &b->site.L_star) &&
           take(site, "a_star", -200, 200, &b->site.a_star) &&
           take(site, "b_star", -200, 200, &b->site.b_star) &&
           take(site, "delta_e_2000_uncertainty", 0, 200, &b->site_uncertainty);
}

fl_status colour_read_before(const char *path, colour_before *before, fl_error *error)
{
    char *bytes;
    size_t size;
    const fl_status status = fl_place_read(path, BYTES_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    json_error_t fault;
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &fault);
    free(bytes);
    colour_before found = {.path = path};
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const char *verdict = json_string_value(json_object_get(object, "verdict"));
    fl_status answer = FL_OK;
    if (!object) {
        answer = fl_error_set(error, FL_E_FILE, "not JSON: %s", fault.text);
        fl_error_at(error, path, (unsigned)fmax(fault.line, 1), (unsigned)fmax(fault.column, 1));
    } else if (!kind || !fl_text_same(kind, "colour/1")) {
        answer = fl_error_set(error, FL_E_FILE, "'%s' is not what `fadeline colour --json` prints", path);
    } else if (!verdict || !fl_text_same(verdict, "measured")) {
        answer = fl_error_set(error, FL_E_FILE,
                              "the photo of '%s' was refused: there is nothing to compare with", path);
    } else if (!take_all(object, &found)) {
        answer = fl_error_set(error, FL_E_FILE, "'%s' holds no ink contrast", path);
    }
    if (answer != FL_OK)
        fl_error_hint(error, "make it with --ink and --site: fadeline colour PHOTO ... --json > visit.json");
    else
        *before = found;
    json_decref(object);
    return answer;
}
