/* One tree of tables (plan_table.c), two walks: plan to JSON and back.
 *
 * The reader's last word is not the tables but the comparison: what was understood, written again, must be
 * what was read, byte by byte in canonical form. A key out of place, a null where a number belongs or a
 * number that two fields contradict cannot pass that.
 */
#include "plan_table.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "plan/1"
#define LARGEST_FILE (2u << 20)
#define CANONICAL (JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(12))

/* ---- writing ---- */

static json_t *write_object(const fl_field *fields, const char *object);

static json_t *write_list(const fl_field *field, const char *object)
{
    size_t count;
    memcpy(&count, object + field->count_at, sizeof count);
    FL_ASSERT(count <= field->limit);
    json_t *list = field->kind == FL_FIELD_BY_NM ? json_object() : json_array();
    for (size_t i = 0; i < count; i++) {
        const char *item = object + field->at + i * field->room;
        if (field->kind == FL_FIELD_LINES) {
            json_array_append_new(list, json_string(item));
        } else if (field->kind == FL_FIELD_LIST) {
            json_array_append_new(list, write_object(field->fields, item));
        } else {
            fl_wavelength wavelength; /* the first member of what is keyed by it */
            memcpy(&wavelength, item, sizeof wavelength);
            char key[24];
            snprintf(key, sizeof key, "%lld", fl_whole_nm(wavelength));
            json_object_set_new(list, key, write_object(field->fields, item));
        }
    }
    return list;
}

static json_t *write_number(const fl_field *field, const char *member)
{
    if (field->kind == FL_FIELD_REAL) {
        double value;
        memcpy(&value, member, sizeof value);
        /* json_real refuses what is not finite and gives NULL: an infinite fluence in a plan is our bug. */
        json_t *real = json_real(value * field->scale);
        FL_ASSERT(real);
        return real;
    }
    if (field->kind == FL_FIELD_SEED) {
        uint64_t seed;
        memcpy(&seed, member, sizeof seed);
        FL_ASSERT(seed <= INT64_MAX);
        return json_integer((json_int_t)seed);
    }
    int whole;
    memcpy(&whole, member, sizeof whole);
    return field->unset != FL_NEVER && whole == field->unset ? json_null() : json_integer(whole);
}

static json_t *write_value(const fl_field *field, const char *object)
{
    const char *member = object + field->at;
    int whole;
    bool flag;
    fl_date date;
    char day[11];
    switch (field->kind) {
    case FL_FIELD_TEXT:
    case FL_FIELD_HEX: return json_string(member);
    case FL_FIELD_WORD:
        memcpy(&whole, member, sizeof whole);
        FL_ASSERT(whole >= 1);
        return json_string(field->words[whole - 1]);
    case FL_FIELD_SKIN:
        memcpy(&whole, member, sizeof whole);
        return whole ? json_string(fl_skin_type_roman(whole)) : json_null();
    case FL_FIELD_FLAG: memcpy(&flag, member, sizeof flag); return json_boolean(flag);
    case FL_FIELD_DATE:
        memcpy(&date, member, sizeof date);
        return fl_date_is_set(date) ? json_string(fl_date_text(date, day)) : json_null();
    case FL_FIELD_OBJECT: return write_object(field->fields, member);
    case FL_FIELD_LIST:
    case FL_FIELD_BY_NM:
    case FL_FIELD_LINES: return write_list(field, object);
    default: return write_number(field, member);
    }
}

static json_t *write_object(const fl_field *fields, const char *object)
{
    json_t *made = json_object();
    for (const fl_field *field = fields; field->key; field++) {
        bool present = true;
        if (field->has_flag) memcpy(&present, object + field->flag, sizeof present);
        json_t *value = present ? write_value(field, object) : json_null();
        FL_ASSERT(value); /* a text that is not UTF-8, or no memory: never half a plan */
        const bool empty = json_is_null(value) || (json_is_string(value) && !json_string_length(value));
        if (field->optional && empty)
            json_decref(value);
        else
            FL_ASSERT(json_object_set_new(made, field->key, value) == 0);
    }
    return made;
}

static json_t *plan_object(const fl_plan *plan)
{
    json_t *object = write_object(fl_plan_fields, (const char *)plan);
    FL_ASSERT(json_object_set_new(object, "schema", json_string(SCHEMA)) == 0);
    return object;
}

char *fl_plan_canonical(const fl_plan *plan)
{
    json_t *object = plan_object(plan);
    char *text = json_dumps(object, CANONICAL);
    json_decref(object);
    return text;
}

char *fl_plan_json(const fl_plan *plan)
{
    json_t *object = plan_object(plan);
    char hex[2 * FL_SHA256_SIZE + 1];
    FL_ASSERT(json_object_set_new(object, "plan_sha256",
                                  json_string(fl_hex(plan->sha256, FL_SHA256_SIZE, hex))) == 0);
    if (plan->has_seal)
        FL_ASSERT(json_object_set_new(object, "plan_seal",
                                      json_string(fl_hex(plan->seal, FL_SHA256_SIZE, hex))) == 0);
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    json_decref(object);
    return text;
}

fl_status fl_plan_write_json(const fl_plan *plan, const char *path, fl_error *error)
{
    char *text = fl_plan_json(plan);
    if (!text) return fl_error_set(error, FL_E_MEMORY, "no memory for the plan");
    const size_t length = strlen(text);
    text[length] = '\n'; /* the file ends with a line end instead of the string's zero */
    fl_status status = fl_place_write(path, text, length + 1, 0600, error);
    free(text);
    return status;
}

/* ---- reading ---- */

typedef struct reader {
    char path[200]; /* "settings[2].energy_mJ" */
    size_t length;
    fl_error *error;
} reader;

static fl_status wrong(reader *r, const char *why)
{
    fl_error_set(r->error, FL_E_FILE, "the plan cannot be used: %s %s", r->length ? r->path : "it", why);
    if (r->error) {
        fl_error_hint(r->error, "plan again; a plan is never edited by hand");
        fl_error_code(r->error, "plan-edited");
    }
    return FL_E_FILE;
}

static size_t enter(reader *r, const char *key, size_t index)
{
    const size_t before = r->length;
    fl_text text = fl_text_in(r->path + r->length, sizeof r->path - r->length);
    if (key) { /* once for every field of a plan: without printf */
        if (r->length) fl_text_add_bytes(&text, ".", 1);
        fl_text_add_word(&text, key);
    } else {
        fl_text_add_bytes(&text, "[", 1);
        fl_text_add_u64(&text, index);
        fl_text_add_bytes(&text, "]", 1);
    }
    r->length += text.length;
    return before;
}

static void leave(reader *r, size_t before)
{
    r->length = before;
    r->path[before] = 0;
}

static fl_status read_object(reader *r, const fl_field *fields, const json_t *json, char *object,
                             size_t extra);

static fl_status read_list(reader *r, const fl_field *field, json_t *json, char *object)
{
    const bool keyed = field->kind == FL_FIELD_BY_NM;
    if (keyed ? !json_is_object(json) : !json_is_array(json)) return wrong(r, "is not a list");
    const size_t count = keyed ? json_object_size(json) : json_array_size(json);
    if (count > field->limit) return wrong(r, "is too long");
    void *iter = keyed ? json_object_iter(json) : NULL;
    for (size_t i = 0; i < count; i++) {
        char *item = object + field->at + i * field->room;
        const json_t *value = keyed ? json_object_iter_value(iter) : json_array_get(json, i);
        const size_t before = enter(r, NULL, i);
        if (field->kind == FL_FIELD_LINES) {
            if (!json_is_string(value) || json_string_length(value) >= field->room)
                return wrong(r, "is no line of text");
            memcpy(item, json_string_value(value), json_string_length(value) + 1);
        } else {
            if (keyed) {
                uint64_t nm;
                if (fl_read_u64(json_object_iter_key(iter), &nm) != FL_OK || nm < 200 || nm > 12000)
                    return wrong(r, "is not keyed by a wavelength in nm");
                const fl_wavelength wavelength = fl_nm((double)nm);
                memcpy(item, &wavelength, sizeof wavelength);
                iter = json_object_iter_next(json, iter);
            }
            fl_status status = read_object(r, field->fields, value, item, 0);
            if (status != FL_OK) return status;
        }
        leave(r, before);
    }
    memcpy(object + field->count_at, &count, sizeof count);
    return FL_OK;
}

static fl_status read_text(reader *r, const fl_field *field, const json_t *json, char *member)
{
    if (!json_is_string(json)) return wrong(r, "is not text");
    const char *text = json_string_value(json);
    const size_t length = json_string_length(json);
    if (length >= field->room || strlen(text) != length) return wrong(r, "is too long");
    if (field->kind == FL_FIELD_HEX) {
        if (length != field->room - 1 || strspn(text, "0123456789abcdef") != length)
            return wrong(r, "is not a lower-case digest");
    }
    memset(member, 0, field->room);
    memcpy(member, text, length);
    return FL_OK;
}

static fl_status read_number(reader *r, const fl_field *field, const json_t *json, char *member)
{
    if (field->kind == FL_FIELD_REAL) {
        if (!json_is_real(json)) return wrong(r, "is not a number with a point");
        double value = json_real_value(json);
        if (!(value >= field->least && value <= field->most)) return wrong(r, "is outside its range");
        value /= field->scale;
        memcpy(member, &value, sizeof value);
        return FL_OK;
    }
    if (field->kind == FL_FIELD_WHOLE && field->unset != FL_NEVER && json_is_null(json)) {
        memcpy(member, &field->unset, sizeof field->unset);
        return FL_OK;
    }
    if (!json_is_integer(json)) return wrong(r, "is not a whole number");
    const json_int_t value = json_integer_value(json);
    if (field->kind == FL_FIELD_SEED) {
        if (value < 0) return wrong(r, "is outside its range");
        const uint64_t seed = (uint64_t)value;
        memcpy(member, &seed, sizeof seed);
        return FL_OK;
    }
    if (!((double)value >= field->least && (double)value <= field->most))
        return wrong(r, "is outside its range");
    const int whole = (int)value;
    memcpy(member, &whole, sizeof whole);
    return FL_OK;
}

/* 1.. for the word's place in the list, 0 when it is none of them. */
static int word_of(const char *const *words, const char *text)
{
    for (int i = 0; words[i]; i++)
        if (fl_text_same(words[i], text)) return i + 1;
    return 0;
}

static fl_status read_value(reader *r, const fl_field *field, json_t *json, char *object)
{
    char *member = object + field->at;
    int whole = 0;
    fl_date date = {0};
    switch (field->kind) {
    case FL_FIELD_TEXT:
    case FL_FIELD_HEX: return read_text(r, field, json, member);
    case FL_FIELD_WORD:
        whole = word_of(field->words, json_string_value(json));
        if (!whole) return wrong(r, "is not one of the words for it");
        memcpy(member, &whole, sizeof whole);
        return FL_OK;
    case FL_FIELD_SKIN:
        for (int type = 1; type <= 7 && !whole; type++)
            if (fl_text_same(fl_skin_type_roman(type), json_string_value(json))) whole = type;
        if (!whole && !json_is_null(json)) return wrong(r, "is not a skin type");
        memcpy(member, &whole, sizeof whole);
        return FL_OK;
    case FL_FIELD_FLAG: {
        if (!json_is_boolean(json)) return wrong(r, "is not true or false");
        const bool flag = json_is_true(json);
        memcpy(member, &flag, sizeof flag);
        return FL_OK;
    }
    case FL_FIELD_DATE:
        if (!json_is_null(json) &&
            (!json_is_string(json) || fl_date_read(json_string_value(json), &date) != FL_OK))
            return wrong(r, "is not a day");
        memcpy(member, &date, sizeof date);
        return FL_OK;
    case FL_FIELD_OBJECT: return read_object(r, field->fields, json, member, 0);
    case FL_FIELD_LIST:
    case FL_FIELD_BY_NM:
    case FL_FIELD_LINES: return read_list(r, field, json, object);
    default: return read_number(r, field, json, member);
    }
}

/* `extra`: keys that the caller reads itself. Too many keys are unknown ones: none can stand twice. */
static fl_status read_object(reader *r, const fl_field *fields, const json_t *json, char *object,
                             size_t extra)
{
    if (!json_is_object(json)) return wrong(r, "is not an object");
    size_t known = extra;
    for (const fl_field *field = fields; field->key; field++) {
        const size_t before = enter(r, field->key, 0);
        json_t *value = json_object_get(json, field->key);
        if (value) known++;
        if (!value && !field->optional) return wrong(r, "is missing");
        const bool present = value && !json_is_null(value);
        if (field->has_flag) memcpy(object + field->flag, &present, sizeof present);
        const bool skip = !value || (field->has_flag && !present);
        if (skip && field->kind == FL_FIELD_WHOLE && field->unset != FL_NEVER)
            memcpy(object + field->at, &field->unset, sizeof field->unset);
        fl_status status = skip ? FL_OK : read_value(r, field, value, object);
        if (status != FL_OK) return status;
        leave(r, before);
    }
    if (json_object_size(json) != known) return wrong(r, "has a key that a plan does not have");
    return FL_OK;
}

static bool agrees(fl_energy energy, fl_fluence fluence, fl_length spot)
{
    const double want_J = fl_energy_of(fluence, spot).J;
    return fabs(energy.J - want_J) <= 1e-6 + 1e-4 * want_J;
}

/* Rules over several fields. */
static fl_status check_sense(reader *r, const fl_plan *plan)
{
    if (plan->chosen >= 0 &&
        ((size_t)plan->chosen >= plan->setting_count || !plan->settings[plan->chosen].allowed))
        return wrong(r, "chooses a setting that is not there or not allowed");
    if (plan->verdict == FL_VERDICT_PLAN && !fl_plan_treats_zones(plan))
        return wrong(r, "says plan and chooses nothing");
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        if (s->allowed && !s->has_fluence) return wrong(r, "allows a setting without a fluence");
        if (!s->has_fluence) continue;
        if (s->start.J_m2 > s->high.J_m2 * (1 + 1e-9)) return wrong(r, "starts above what it allows");
        if (!agrees(s->energy, s->start, s->spot))
            return wrong(r, "has an energy that is not fluence times area");
    }
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        if ((size_t)spot->setting >= plan->setting_count || !fl_plan_zone_of(plan, spot->zone))
            return wrong(r, "has a test spot of a setting or zone that is not there");
        const fl_plan_setting *s = &plan->settings[spot->setting];
        if (fl_whole_um(s->spot) != fl_whole_um(spot->spot) ||
            fl_whole_nm(s->wavelength) != fl_whole_nm(spot->wavelength))
            return wrong(r, "has a test spot that is not its setting's");
        if (!agrees(spot->energy, spot->fluence, spot->spot))
            return wrong(r, "has a test energy that is not fluence times area");
    }
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *zone = &plan->zones[i];
        if (fl_plan_zone_of(plan, zone->id) != zone) return wrong(r, "has a zone twice");
        if (zone->drawn && zone->covered_once + zone->covered_twice + zone->covered_thrice > 1.0 + 1e-9)
            return wrong(r, "covers more of a zone than there is");
    }
    return FL_OK;
}

static fl_status read_root(reader *r, json_t *root, fl_plan *plan)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    if (!fl_text_same(schema, SCHEMA)) return wrong(r, "does not begin with schema plan/1");
    const char *written = json_string_value(json_object_get(root, "plan_sha256"));
    if (!written || fl_read_hex(written, plan->sha256, FL_SHA256_SIZE) != FL_OK)
        return wrong(r, "has no plan_sha256");
    memcpy(plan->hash, plan->sha256, sizeof plan->hash);

    const json_t *seal = json_object_get(root, "plan_seal");
    plan->has_seal = seal != NULL;
    if (seal &&
        (!json_is_string(seal) || fl_read_hex(json_string_value(seal), plan->seal, FL_SHA256_SIZE) != FL_OK))
        return wrong(r, "has a plan_seal that is no seal");

    fl_status status = read_object(r, fl_plan_fields, root, (char *)plan, seal ? 3 : 2);
    if (status != FL_OK) return status;
    json_object_del(root, "plan_sha256");
    json_object_del(root, "plan_seal");
    char *as_read = json_dumps(root, CANONICAL);
    uint8_t digest[FL_SHA256_SIZE];
    if (as_read) fl_sha256(as_read, strlen(as_read), digest);
    const bool sealed = as_read && memcmp(digest, plan->sha256, sizeof digest) == 0;
    char *understood = sealed ? fl_plan_canonical(plan) : NULL;
    const bool same = understood && strcmp(as_read, understood) == 0;
    free(as_read);
    free(understood);
    if (!sealed) return wrong(r, "was changed after it was made: its content does not give plan_sha256");
    if (!same) return wrong(r, "contradicts itself");
    return check_sense(r, plan);
}

fl_status fl_plan_read_text(const char *text, size_t size, fl_plan *plan, fl_error *error)
{
    FL_ASSERT(text && plan);
    reader r = {.error = error};
    json_error_t fault;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        fl_error_set(error, FL_E_FILE, "the plan is not JSON: %s", fault.text);
        if (error) fl_error_hint(error, "plan again, and pass the file that `fadeline plan --out` wrote");
        return FL_E_FILE;
    }
    fl_plan *fresh = fl_plan_new();
    FL_ASSERT(fresh);
    fl_status status = read_root(&r, root, fresh);
    if (status == FL_OK) *plan = *fresh;
    fl_plan_free(fresh);
    json_decref(root);
    return status;
}

fl_status fl_plan_read_json(const char *path, fl_plan *plan, fl_error *error)
{
    char *bytes;
    size_t size;
    fl_status status = fl_place_read(path, LARGEST_FILE, &bytes, &size, error);
    if (status != FL_OK) return status;
    status = fl_plan_read_text(bytes, size, plan, error);
    if (status != FL_OK && error) fl_error_at(error, path, 0, 0);
    free(bytes);
    return status;
}
