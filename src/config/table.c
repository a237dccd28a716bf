#include "table.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MOST 128u
#define ITEMS_USUAL 64u

struct fl_yaml_place {
    struct typing *typing;
    const node *map;
};

static bool type_value(struct typing *typing, const fl_yaml_field *field, const node *value, char *object);

static const char *kind_word(node_kind kind)
{
    return kind == NODE_LIST ? "a list" : kind == NODE_MAP ? "a map of keys" : "one value";
}

/* ---- absent values ---- */

static void set_absent(struct typing *typing, const fl_yaml_table *table, char *object)
{
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        if (field->kind == FL_YAML_KIND_MAP) {
            FL_ASSERT(field->size == field->map->size);
            set_absent(typing, field->map, object + field->offset);
        } else if (field->otherwise) {
            const node text = {
                .kind = NODE_SCALAR, .text = field->otherwise, .length = strlen(field->otherwise)};
            const bool good = type_scalar(typing, field, &text, object + field->offset);
            FL_ASSERT(good); /* our own default must fit its own row */
        } else {
            type_absent(field, object + field->offset);
        }
    }
}

/* ---- lists ---- */

static bool type_items(struct typing *typing, const fl_yaml_field *field, const node *list, char *items)
{
    bool good = true;
    size_t n = 0;
    const node_kind wanted = field->kind == FL_YAML_KIND_MAPS ? NODE_MAP : NODE_SCALAR;
    for (const node *item = list->first; item; item = item->next, n++) {
        if (item->kind == NODE_BAD) {
            good = false;
        } else if (item->kind != wanted) {
            typing_fault(typing, item->at,
                         wanted == NODE_MAP ? "begin it with `- key: value`" : "write the value alone",
                         "item %zu of '%s' is %s, not %s", n + 1, field->key, kind_word(item->kind),
                         kind_word(wanted));
            good = false;
        } else if (wanted == NODE_MAP) {
            good &= type_map(typing, field->map, item, items + n * field->size, false);
        } else {
            good &= type_scalar(typing, field, item, items + n * field->size);
        }
    }
    return good;
}

static bool list_has_size(struct typing *typing, const fl_yaml_field *field, const node *list)
{
    const size_t most = field->items_max ? field->items_max : ITEMS_USUAL;
    if (list->count > most) {
        char hint[64];
        snprintf(hint, sizeof hint, "at most %zu", most);
        typing_fault(typing, list->at, hint, "too many items in '%s'", field->key);
        return false;
    }
    if (!list->count && field->need == FL_YAML_REQUIRED) {
        typing_fault(typing, list->at, "at least one is needed", "'%s' is an empty list", field->key);
        return false;
    }
    return true;
}

static bool type_set(struct typing *typing, const fl_yaml_field *field, const node *list, unsigned *set)
{
    int values[32];
    FL_ASSERT(field->size == sizeof *set);
    if (list->count > 32) {
        typing_fault(typing, list->at, "name each once", "too many items in '%s'", field->key);
        return false;
    }
    if (!type_items(typing,
                    &(fl_yaml_field){.key = field->key,
                                     .kind = FL_YAML_KIND_SET,
                                     .choices = field->choices,
                                     .size = sizeof *values},
                    list, (char *)values))
        return false;
    const node *item = list->first;
    for (size_t i = 0; i < list->count; i++, item = item->next) {
        FL_ASSERT(values[i] > 0 && values[i] < 32);
        if (*set & 1u << values[i]) {
            typing_fault(typing, item->at, "name each once", "'%s' stands twice in '%s'", item->text,
                         field->key);
            return false;
        }
        *set |= 1u << values[i];
    }
    return true;
}

static bool type_list(struct typing *typing, const fl_yaml_field *field, const node *list, char *object)
{
    if (!list_has_size(typing, field, list)) return false;
    if (field->kind == FL_YAML_KIND_SET)
        return type_set(typing, field, list, (unsigned *)(void *)(object + field->offset));
    FL_ASSERT(field->kind != FL_YAML_KIND_MAPS || field->size == field->map->size);
    char *items = arena_take(typing->room, list->count * field->size + 1);
    if (!type_items(typing, field, list, items)) return false;
    memcpy(object + field->offset, &(void *){items}, sizeof(void *));
    memcpy(object + field->count_offset, &list->count, sizeof list->count);
    return true;
}

/* ---- one value ---- */

static node_kind wanted_kind(const fl_yaml_field *field)
{
    switch (field->kind) {
    case FL_YAML_KIND_MAP: return NODE_MAP;
    case FL_YAML_KIND_SET:
    case FL_YAML_KIND_TEXTS:
    case FL_YAML_KIND_NUMBERS:
    case FL_YAML_KIND_CHOICES:
    case FL_YAML_KIND_MAPS: return NODE_LIST;
    default: return NODE_SCALAR;
    }
}

static bool type_value(struct typing *typing, const fl_yaml_field *field, const node *value, char *object)
{
    if (value->kind == NODE_BAD) return false;
    const node_kind wanted = wanted_kind(field);
    if (value->kind == wanted) {
        switch (wanted) {
        case NODE_MAP: return type_map(typing, field->map, value, object + field->offset, false);
        case NODE_LIST: return type_list(typing, field, value, object);
        default: return type_scalar(typing, field, value, object + field->offset);
        }
    }
    char hint[120], shown[64];
    const char *text = value->kind == NODE_SCALAR ? show(value->text, value->length, shown) : "...";
    if (wanted == NODE_LIST && field->kind != FL_YAML_KIND_MAPS)
        snprintf(hint, sizeof hint, "write [%s]", text);
    else if (wanted == NODE_LIST)
        snprintf(hint, sizeof hint, "begin each item with a dash on a line of its own");
    else if (wanted == NODE_MAP)
        snprintf(hint, sizeof hint, "write its keys on lines of their own, indented");
    else
        snprintf(hint, sizeof hint, "write one value after the colon");
    typing_fault(typing, value->at, hint, "'%s' is %s, not %s", field->key, kind_word(value->kind),
                 kind_word(wanted));
    return false;
}

/* ---- a map ---- */

static const fl_yaml_field *field_of(const fl_yaml_table *table, const char *key)
{
    for (const fl_yaml_field *field = table->fields; field->key; field++)
        if (fl_text_same(field->key, key)) return field;
    return NULL;
}

/* The known key that differs from this one only in its unit: energy_max_J for energy_max_mJ. */
static const char *other_unit(const fl_yaml_table *table, const char *key)
{
    static const char *const strange[] = {"_J",      "_uJ",   "_kJ",  "_m",  "_ns",  "_us", "_fs", "_kHz",
                                          "_mJ_cm2", "_J_m2", "_mm2", "_m2", "_min", "_mW", "_W"};
    const unit *in = unit_of(key);
    const char *suffix = in ? in->suffix : NULL;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        const size_t length = strlen(key), end = strlen(strange[i]);
        if (length <= end || strcmp(key + length - end, strange[i]) != 0) continue;
        if (!suffix || strlen(suffix) < end) suffix = strange[i];
    }
    if (!suffix) return NULL;
    const size_t stem = strlen(key) - strlen(suffix);
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        const unit *ours = unit_of(field->key);
        if (ours && strlen(field->key) - strlen(ours->suffix) == stem && strncmp(field->key, key, stem) == 0)
            return field->key;
    }
    return NULL;
}

/* The known key a person probably meant; NULL: no idea. */
static const char *meant(const fl_yaml_table *table, const char *key)
{
    const char *keys[KEYS_MOST];
    size_t count = 0;
    const char *near = other_unit(table, key);
    if (near) return near;
    for (const fl_yaml_field *field = table->fields; field->key && count < KEYS_MOST; field++)
        keys[count++] = field->key;
    return fl_text_nearest(key, keys, count);
}

static void unknown_key(struct typing *typing, const fl_yaml_table *table, const node *entry)
{
    char hint[200], shown[64];
    const char *near = meant(table, entry->key);
    const unit *in = near ? unit_of(near) : NULL;
    if (near && in && near == other_unit(table, entry->key))
        snprintf(hint, sizeof hint, "here it is '%s', a number in %s", near, in->name);
    else if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    else
        snprintf(hint, sizeof hint, "`fadeline check --reference SCHEMA` lists the keys");
    typing_fault(typing, entry->key_at, hint, "a %s has no key '%s'", table->name,
                 show(entry->key, strlen(entry->key), shown));
}

static bool is_twice(struct typing *typing, const node *map, const node *entry)
{
    const node *first = tree_find(map, entry->key, strlen(entry->key));
    if (first == entry) return false;
    char hint[80], shown[64];
    snprintf(hint, sizeof hint, "it stands already in line %u: keep one", first->key_at.line);
    typing_fault(typing, entry->key_at, hint, "the key '%s' stands twice",
                 show(entry->key, strlen(entry->key), shown));
    return true;
}

/* An unknown key was reported with this one as its hint: one complaint is enough. */
static bool is_misspelt(const fl_yaml_table *table, const node *map, const char *key)
{
    for (const node *entry = map->first; entry; entry = entry->next)
        if (entry->key && !field_of(table, entry->key) && fl_text_same(meant(table, entry->key), key))
            return true;
    return false;
}

static bool find_missing(struct typing *typing, const fl_yaml_table *table, const node *map)
{
    bool good = true;
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        if (field->need != FL_YAML_REQUIRED || tree_find(map, field->key, strlen(field->key))) continue;
        good = false;
        if (is_misspelt(table, map, field->key)) continue;
        char hint[240];
        snprintf(hint, sizeof hint, "add `%s:` (%s)", field->key, field->help ? field->help : "needed");
        typing_fault(typing, map->first ? map->first->key_at : map->at, hint, "this %s has no '%s'",
                     table->name, field->key);
        good = false;
    }
    return good;
}

bool type_map(struct typing *typing, const fl_yaml_table *table, const node *map, void *object,
              bool schema_allowed)
{
    bool good = true;
    set_absent(typing, table, object);
    if (map->count > KEYS_MOST) {
        typing_fault(typing, map->at, "is this the right file?", "far more keys than a %s has", table->name);
        return false;
    }
    for (const node *entry = map->first; entry; entry = entry->next) {
        if (!entry->key || (entry->kind == NODE_BAD && !field_of(table, entry->key))) {
            good = false;
            continue;
        }
        if (is_twice(typing, map, entry)) {
            good = false;
            continue;
        }
        if (schema_allowed && fl_text_same(entry->key, "schema")) continue;
        const fl_yaml_field *field = field_of(table, entry->key);
        if (!field) {
            unknown_key(typing, table, entry);
            good = false;
        } else {
            good &= type_value(typing, field, entry, object);
        }
    }
    good &= find_missing(typing, table, map);
    if (good && table->check) {
        const size_t before = typing->faults->count + typing->faults->more;
        table->check(object, &(fl_yaml_place){typing, map});
        good = typing->faults->count + typing->faults->more == before;
    }
    return good;
}

/* ---- for checks ---- */

/* "zones[2].area_cm2" from this map; what cannot be found stays at the last thing that could. */
static fl_mark find_path(const node *map, const char *path)
{
    const node *here = map;
    fl_mark at = map->first && map->first->key ? map->first->key_at : map->at;
    while (path && *path) {
        if (*path == '.') path++;
        const node *next = NULL;
        if (*path == '[') {
            char *end;
            unsigned long index = strtoul(path + 1, &end, 10);
            FL_ASSERT(*end == ']');
            for (next = here->first; next && index; index--) next = next->next;
            path = end + 1;
        } else {
            const size_t length = strcspn(path, ".[");
            next = here->kind == NODE_MAP ? tree_find(here, path, length) : NULL;
            path += length;
        }
        if (!next) break;
        here = next;
        at = here->at;
    }
    return at;
}

void fl_yaml_fault(const fl_yaml_place *place, const char *key, const char *hint, const char *format, ...)
{
    char what[sizeof((fl_fault *)0)->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    typing_fault(place->typing, find_path(place->map, key), hint, "%s", what);
}

fl_mark fl_yaml_mark(const fl_yaml_place *place, const char *key)
{
    return find_path(place->map, key);
}

bool fl_yaml_given(const fl_yaml_place *place, const char *key)
{
    return tree_find(place->map, key, strlen(key)) != NULL;
}

void *fl_yaml_room(const fl_yaml_place *place, size_t size)
{
    return arena_take(place->typing->room, size);
}
