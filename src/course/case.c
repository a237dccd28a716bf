#include "fadeline/course/case.h"

#include "case_table.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether a variant says nothing about this value: what the engine leaves for an absent key. */
static bool is_absent(const fl_yaml_field *field, const char *member, const char *object)
{
    double number;
    int whole;
    fl_date date;
    const char *text;
    switch (field->kind) {
    case FL_YAML_KIND_TEXT:
    case FL_YAML_KIND_ID: memcpy(&text, member, sizeof text); return text == NULL;
    case FL_YAML_KIND_NUMBER: memcpy(&number, member, sizeof number); return isnan(number);
    case FL_YAML_KIND_WHOLE: memcpy(&whole, member, sizeof whole); return whole == -1;
    case FL_YAML_KIND_DATE: memcpy(&date, member, sizeof date); return !fl_date_is_set(date);
    case FL_YAML_KIND_YES_NO:
    case FL_YAML_KIND_CHOICE:
    case FL_YAML_KIND_SET: memcpy(&whole, member, sizeof whole); return whole == 0;
    default: {
        size_t count;
        memcpy(&count, object + field->count_offset, sizeof count);
        return count == 0;
    }
    }
}

static const char *id_of(const char *item)
{
    const char *id;
    memcpy(&id, item, sizeof id);
    return id;
}

static void overlay(fl_case *c, const fl_yaml_table *table, char *object, const char *changes);

/* Items are matched by id: a matched one takes the changes, a new one is added at the end. */
static void merge(fl_case *c, const fl_yaml_field *field, char *object, const char *changes)
{
    size_t count, change_count;
    memcpy(&count, object + field->count_offset, sizeof count);
    memcpy(&change_count, changes + field->count_offset, sizeof change_count);
    if (!change_count) return;
    char *old, *change;
    memcpy(&old, object + field->offset, sizeof old);
    memcpy(&change, changes + field->offset, sizeof change);

    const size_t size = field->size;
    char *list = calloc(count + change_count, size);
    FL_ASSERT(list && c->merged_count < sizeof c->merged / sizeof *c->merged);
    c->merged[c->merged_count++] = list;
    if (count) memcpy(list, old, count * size);
    for (size_t i = 0; i < change_count; i++) {
        const char *item = change + i * size;
        size_t at = 0;
        while (at < count && !fl_text_same(id_of(list + at * size), id_of(item))) at++;
        if (at < count)
            overlay(c, field->map, list + at * size, item);
        else
            memcpy(list + count++ * size, item, size);
    }
    memcpy(object + field->offset, &list, sizeof list);
    memcpy(object + field->count_offset, &count, sizeof count);
}

/* An ink named another way is not also what it was named before. */
static void rename_ink(fl_case_ink *ink, const fl_case_ink *change)
{
    if (!fl_case_ink_names(change)) return;
    const fl_case_lab none = {NAN, NAN, NAN};
    ink->id = NULL;
    ink->family = FL_INK_ANY;
    ink->seen = 0;
    ink->lab = ink->skin_lab = none;
}

static void overlay(fl_case *c, const fl_yaml_table *table, char *object, const char *changes)
{
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        char *member = object + field->offset;
        const char *change = changes + field->offset;
        if (field->map == &fl_case_shape_table) {
            /* half of one drawing and half of another are no drawing */
            if (fl_case_shape_is_drawn((const fl_case_shape *)(const void *)change))
                memcpy(member, change, field->size);
        } else if (field->kind == FL_YAML_KIND_MAP) {
            if (field->map == &fl_case_ink_change_table)
                rename_ink((fl_case_ink *)(void *)member, (const fl_case_ink *)(const void *)change);
            overlay(c, field->map, member, change);
        } else if (field->kind == FL_YAML_KIND_MAPS && fl_text_same(field->map->fields[0].key, "id")) {
            merge(c, field, object, changes);
        } else if (!is_absent(field, change, changes)) {
            const bool list = field->kind == FL_YAML_KIND_TEXTS || field->kind == FL_YAML_KIND_NUMBERS ||
                              field->kind == FL_YAML_KIND_CHOICES || field->kind == FL_YAML_KIND_MAPS;
            memcpy(member, change, list ? sizeof(void *) : field->size);
            if (list) memcpy(object + field->count_offset, changes + field->count_offset, sizeof(size_t));
        }
    }
}

/* What a variant reports is no longer denied. */
static void undeny(fl_case *c)
{
    fl_case_body *body = &c->body;
    const char **kept = calloc(body->denied_count + 1, sizeof *kept);
    FL_ASSERT(kept && c->merged_count < sizeof c->merged / sizeof *c->merged);
    c->merged[c->merged_count++] = kept;
    size_t count = 0;
    for (size_t i = 0; i < body->denied_count; i++) {
        bool reported = false;
        for (size_t j = 0; j < body->reported_count; j++)
            reported |= fl_text_same(body->denied[i], body->reported[j].id);
        if (!reported) kept[count++] = body->denied[i];
    }
    body->denied = kept;
    body->denied_count = count;
}

static fl_status apply_variant(fl_case *c, const char *variant, fl_error *error)
{
    char known[256];
    fl_text text = fl_text_in(known, sizeof known);
    for (size_t i = 0; i < c->variants_count; i++) {
        if (!fl_text_same(c->variants[i].id, variant)) {
            fl_text_add(&text, "%s%s", text.length ? ", " : "", c->variants[i].id);
            continue;
        }
        overlay(c, &fl_case_changes_table, (char *)&c->body, (const char *)&c->variants[i].changes);
        undeny(c);
        c->variant = c->variants[i].id;
        return FL_OK;
    }
    fl_error_set(error, FL_E_USAGE, "case %s has no variant '%s'", c->id, variant);
    if (error) fl_error_hint(error, text.length ? "it has %s" : "it has none%s", text.length ? known : "");
    return FL_E_USAGE;
}

/* A variant's area for a zone that the case drew. */
static fl_status check_drawn(const fl_case *c, fl_case_zone *zone, fl_error *error)
{
    fl_shape *shape;
    const fl_status status = fl_case_shape_new(&zone->shape, &shape, NULL);
    FL_ASSERT(status == FL_OK); /* the tables made it before */
    const fl_area given = zone->area, drawn = fl_shape_area(shape);
    fl_shape_free(shape);
    zone->area = drawn;
    if (!isfinite(given.m2) || fl_case_areas_agree(given, drawn)) return FL_OK;
    fl_error_set(error, FL_E_FILE, "zone %s is drawn with %.2f cm2, and variant %s gives it %.2f", zone->id,
                 fl_as_cm2(drawn), c->variant, fl_as_cm2(given));
    if (error) {
        fl_error_at(error, fl_yaml_path(c->file), 0, 0);
        fl_error_hint(error, "draw the zone anew in the variant: a shape has its area");
    }
    return FL_E_FILE;
}

/* What the tables cannot see: a zone that a variant added needs an area like any other. */
static fl_status check_body(const fl_case *c, fl_error *error)
{
    for (size_t i = 0; i < c->body.zones_count; i++) {
        fl_case_zone *zone = &c->body.zones[i];
        if (fl_case_shape_is_drawn(&zone->shape)) {
            const fl_status status = check_drawn(c, zone, error);
            if (status != FL_OK) return status;
        }
        if (isfinite(zone->area.m2)) continue;
        fl_error_set(error, FL_E_FILE, "zone %s has no area", zone->id);
        if (error) {
            fl_error_at(error, fl_yaml_path(c->file), 0, 0);
            fl_error_hint(error, "a zone that variant %s adds needs area_cm2", c->variant);
        }
        return FL_E_FILE;
    }
    return FL_OK;
}

fl_status fl_case_load(const char *path, const char *variant, fl_case **out, fl_error *error)
{
    FL_ASSERT(path && out);
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    fl_status status = fl_yaml_load(path, &fl_case_schema, faults, &file);
    if (status != FL_OK) status = fl_faults_error(faults, error);
    fl_faults_free(faults);
    if (status != FL_OK) return status;

    const fl_case_file *read = fl_yaml_root(file);
    fl_case *c = calloc(1, sizeof *c);
    FL_ASSERT(c);
    *c = (fl_case){.id = read->id,
                   .title = read->title,
                   .variant = "",
                   .body = read->body,
                   .variants = read->variants,
                   .variants_count = read->variants_count,
                   .file = file};
    memcpy(c->sha256, fl_yaml_sha256(file), sizeof c->sha256);
    if (variant && *variant) status = apply_variant(c, variant, error);
    if (status == FL_OK) status = check_body(c, error);
    if (status != FL_OK) {
        fl_case_free(c);
        return status;
    }
    *out = c;
    return FL_OK;
}

void fl_case_free(fl_case *c)
{
    if (!c) return;
    for (size_t i = 0; i < c->merged_count; i++) free(c->merged[i]);
    fl_yaml_free(c->file);
    free(c);
}
