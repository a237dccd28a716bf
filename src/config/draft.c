#include "fadeline/config/draft.h"

#include "values.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MOST 160

typedef struct entry {
    char path[PATH_MOST];
    char *text;   /* a scalar, as typed */
    char **items; /* a list; text is then NULL */
    size_t count;
} entry;

struct fl_draft {
    const fl_yaml_schema *schema;
    entry *list;
    size_t count, room;
    char *yaml; /* NULL: has to be written */
    size_t yaml_size;
    char (*lines)[PATH_MOST];
    size_t line_count, line_room;
};

fl_draft *fl_draft_new(const fl_yaml_schema *schema)
{
    fl_draft *d = calloc(1, sizeof *d);
    FL_ASSERT(d);
    d->schema = schema;
    return d;
}

static void empty(entry *e)
{
    free(e->text);
    for (size_t i = 0; i < e->count; i++) free(e->items[i]);
    free(e->items);
}

static void forget_text(fl_draft *d)
{
    free(d->yaml);
    d->yaml = NULL;
}

void fl_draft_free(fl_draft *d)
{
    if (!d) return;
    for (size_t i = 0; i < d->count; i++) empty(&d->list[i]);
    free(d->list);
    free(d->lines);
    forget_text(d);
    free(d);
}

/* ---- values ---- */

static const entry *find(const fl_draft *d, const char *path)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->list[i].path, path) == 0) return &d->list[i];
    return NULL;
}

static void drop_at(fl_draft *d, size_t n)
{
    empty(&d->list[n]);
    d->list[n] = d->list[--d->count];
    forget_text(d);
}

static entry *put(fl_draft *d, const char *path)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->list[i].path, path) == 0) drop_at(d, i--);
    if (d->count == d->room) {
        d->room = d->room ? 2 * d->room : 64;
        d->list = realloc(d->list, d->room * sizeof *d->list);
        FL_ASSERT(d->list);
    }
    FL_ASSERT(strlen(path) < PATH_MOST);
    entry *e = &d->list[d->count++];
    *e = (entry){.text = NULL};
    memcpy(e->path, path, strlen(path) + 1);
    forget_text(d);
    return e;
}

static char *copy(const char *text)
{
    char *made = strdup(text);
    FL_ASSERT(made);
    return made;
}

void fl_draft_set(fl_draft *d, const char *path, const char *text)
{
    entry *e = put(d, path);
    if (text && *text)
        e->text = copy(text);
    else
        drop_at(d, d->count - 1);
}

void fl_draft_list(fl_draft *d, const char *path, const char *const *items, size_t count)
{
    entry *e = put(d, path);
    if (!count) return drop_at(d, d->count - 1);
    e->items = calloc(count + 1, sizeof *e->items);
    FL_ASSERT(e->items);
    for (size_t i = 0; i < count; i++) e->items[e->count++] = copy(items[i]);
}

const char *fl_draft_get(const fl_draft *d, const char *path)
{
    const entry *e = find(d, path);
    return e ? e->text : NULL;
}

bool fl_draft_lists(const fl_draft *d, const char *path, const char *item)
{
    const entry *e = find(d, path);
    for (size_t i = 0; e && i < e->count; i++)
        if (strcmp(e->items[i], item) == 0) return true;
    return false;
}

const char *fl_draft_item(const fl_draft *d, const char *path, size_t n)
{
    const entry *e = find(d, path);
    return e && n < e->count ? e->items[n] : NULL;
}

static bool is_below(const char *path, const char *above)
{
    const size_t size = strlen(above);
    return strncmp(path, above, size) == 0 && (!path[size] || path[size] == '.' || path[size] == '[');
}

bool fl_draft_has(const fl_draft *d, const char *path)
{
    for (size_t i = 0; i < d->count; i++)
        if (is_below(d->list[i].path, path)) return true;
    return false;
}

void fl_draft_drop(fl_draft *d, const char *path)
{
    for (size_t i = 0; i < d->count;)
        if (is_below(d->list[i].path, path))
            drop_at(d, i);
        else
            i++;
}

void fl_draft_move(fl_draft *d, const char *from, const char *to)
{
    char rest[PATH_MOST];
    if (strcmp(from, to) == 0) return;
    fl_draft_drop(d, to);
    for (size_t i = 0; i < d->count; i++) {
        if (!is_below(d->list[i].path, from)) continue;
        snprintf(rest, sizeof rest, "%s", d->list[i].path + strlen(from));
        const int size = snprintf(d->list[i].path, PATH_MOST, "%s%s", to, rest);
        FL_ASSERT(size < PATH_MOST);
    }
    forget_text(d);
}

const fl_yaml_field *fl_draft_field(const fl_draft *d, const char *path)
{
    const fl_yaml_table *table = d->schema->root;
    while (table) {
        const size_t size = strcspn(path, ".[");
        const fl_yaml_field *field = table->fields;
        while (field->key && (strlen(field->key) != size || strncmp(field->key, path, size) != 0)) field++;
        if (!field->key) return NULL;
        path += size;
        if (*path == '[') path += strcspn(path, "]") + 1;
        if (!*path) return field;
        if (*path == '.') path++;
        table = field->map;
    }
    return NULL;
}

/* ---- from a loaded file ---- */

static const char *word_of(const fl_yaml_choice *choices, int value)
{
    for (; choices->word; choices++)
        if (choices->value == value) return choices->word;
    return NULL;
}

static bool number_text(const fl_yaml_field *field, const char *member, char room[40])
{
    double value;
    memcpy(&value, member, sizeof value);
    if (isnan(value)) return false;
    const unit *in = unit_of_field(field);
    if (in) value = value * in->over / in->times;
    snprintf(room, 40, "%.10g", value);
    return true;
}

/* The text of one value, or of one item of a list; NULL: it is not there. */
static const char *text_of(const fl_yaml_field *field, const char *member, char room[40])
{
    int whole;
    fl_date date;
    const char *text;
    switch (field->kind) {
    case FL_YAML_KIND_TEXT:
    case FL_YAML_KIND_TEXTS:
    case FL_YAML_KIND_ID: memcpy(&text, member, sizeof text); return text;
    case FL_YAML_KIND_NUMBER:
    case FL_YAML_KIND_NUMBERS: return number_text(field, member, room) ? room : NULL;
    case FL_YAML_KIND_WHOLE:
        memcpy(&whole, member, sizeof whole);
        snprintf(room, 40, "%d", whole);
        return whole == -1 ? NULL : room;
    case FL_YAML_KIND_YES_NO:
        memcpy(&whole, member, sizeof whole);
        return whole == FL_YES ? "yes" : whole == FL_NO ? "no" : NULL;
    case FL_YAML_KIND_DATE:
        memcpy(&date, member, sizeof date);
        return fl_date_is_set(date) ? fl_date_text(date, room) : NULL;
    case FL_YAML_KIND_CHOICE:
    case FL_YAML_KIND_CHOICES:
        memcpy(&whole, member, sizeof whole);
        return whole ? word_of(field->choices, whole) : NULL;
    default: return NULL;
    }
}

static void take_list(fl_draft *d, const char *path, const fl_yaml_field *field, const char *object)
{
    char rooms[64][40];
    size_t count;
    const char *at;
    memcpy(&count, object + field->count_offset, sizeof count);
    memcpy(&at, object + field->offset, sizeof at);
    const char **items = calloc(count + 1, sizeof *items);
    char(*room)[40] = count > 64 ? calloc(count, sizeof *room) : rooms;
    FL_ASSERT(items && room);
    for (size_t i = 0; i < count; i++) items[i] = text_of(field, at + i * field->size, room[i]);
    fl_draft_list(d, path, items, count);
    if (room != rooms) free(room);
    free(items);
}

static void take_set(fl_draft *d, const char *path, const fl_yaml_field *field, const char *member)
{
    unsigned bits;
    const char *items[32];
    size_t count = 0;
    memcpy(&bits, member, sizeof bits);
    for (const fl_yaml_choice *c = field->choices; c->word; c++)
        if (bits & 1u << c->value) items[count++] = c->word;
    fl_draft_list(d, path, items, count);
}

static void take(fl_draft *d, const char *before, const fl_yaml_table *table, const char *object)
{
    char path[PATH_MOST], room[40];
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        snprintf(path, sizeof path, "%s%s%s", before, *before ? "." : "", field->key);
        if (field->kind == FL_YAML_KIND_MAP) {
            take(d, path, field->map, object + field->offset);
        } else if (field->kind == FL_YAML_KIND_MAPS) {
            size_t count;
            const char *at;
            memcpy(&count, object + field->count_offset, sizeof count);
            memcpy(&at, object + field->offset, sizeof at);
            for (size_t i = 0; i < count; i++) {
                snprintf(path, sizeof path, "%s%s%s[%zu]", before, *before ? "." : "", field->key, i);
                take(d, path, field->map, at + i * field->size);
            }
        } else if (field->kind == FL_YAML_KIND_TEXTS || field->kind == FL_YAML_KIND_NUMBERS ||
                   field->kind == FL_YAML_KIND_CHOICES) {
            take_list(d, path, field, object);
        } else if (field->kind == FL_YAML_KIND_SET) {
            take_set(d, path, field, object + field->offset);
        } else {
            fl_draft_set(d, path, text_of(field, object + field->offset, room));
        }
    }
}

void fl_draft_take(fl_draft *d, const void *root)
{
    take(d, "", d->schema->root, root);
}

/* ---- as YAML ---- */

typedef struct writer {
    fl_draft *d;
    FILE *out;
    bool dash; /* the next line begins an item */
} writer;

static void begin_line(writer *w, const char *path, int depth)
{
    fl_draft *d = w->d;
    if (d->line_count == d->line_room) {
        d->line_room = d->line_room ? 2 * d->line_room : 64;
        d->lines = realloc(d->lines, d->line_room * sizeof *d->lines);
        FL_ASSERT(d->lines);
    }
    snprintf(d->lines[d->line_count++], PATH_MOST, "%s", path);
    fprintf(w->out, "%*s%s", 2 * depth - (w->dash ? 2 : 0), "", w->dash ? "- " : "");
    w->dash = false;
}

static bool is_plain(const char *text)
{
    if (!strcmp(text, "null")) return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-._", *c)) return false;
    return isalnum((unsigned char)*text) || (text[0] == '-' && isdigit((unsigned char)text[1]));
}

/* Double quotes, in which nothing but \ and " and line ends means anything. */
static void put_scalar(FILE *out, const char *text)
{
    if (is_plain(text)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') fputc('\\', out);
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)*c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void write_map(writer *w, const char *before, const fl_yaml_table *table, int depth);

static void write_items(writer *w, const char *path, const fl_yaml_field *field, int depth)
{
    char item[PATH_MOST];
    for (size_t i = 0;; i++) {
        const int size = snprintf(item, sizeof item, "%s[%zu]", path, i);
        if (size >= PATH_MOST || !fl_draft_has(w->d, item)) return;
        w->dash = true;
        write_map(w, item, field->map, depth + 2);
        w->dash = false;
    }
}

static void write_map(writer *w, const char *before, const fl_yaml_table *table, int depth)
{
    char path[PATH_MOST];
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        snprintf(path, sizeof path, "%s%s%s", before, *before ? "." : "", field->key);
        if (!fl_draft_has(w->d, path)) continue;
        const entry *e = find(w->d, path);
        begin_line(w, path, depth);
        fprintf(w->out, "%s:", field->key);
        if (e && e->text) {
            fputc(' ', w->out);
            put_scalar(w->out, e->text);
        } else if (e) {
            fputs(" [", w->out);
            for (size_t i = 0; i < e->count; i++) {
                if (i) fputs(", ", w->out);
                put_scalar(w->out, e->items[i]);
            }
            fputc(']', w->out);
        }
        fputc('\n', w->out);
        if (field->kind == FL_YAML_KIND_MAP) write_map(w, path, field->map, depth + 1);
        if (field->kind == FL_YAML_KIND_MAPS) write_items(w, path, field, depth);
    }
}

const char *fl_draft_yaml(fl_draft *d, size_t *size)
{
    if (!d->yaml) {
        writer w = {.d = d, .out = open_memstream(&d->yaml, &d->yaml_size)};
        FL_ASSERT(w.out);
        d->line_count = 0;
        begin_line(&w, "schema", 0);
        fprintf(w.out, "schema: %s\n", d->schema->name);
        write_map(&w, "", d->schema->root, 0);
        const int failed = fclose(w.out);
        FL_ASSERT(!failed && d->yaml);
    }
    if (size) *size = d->yaml_size;
    return d->yaml;
}

fl_status fl_draft_check(fl_draft *d, fl_faults *faults)
{
    size_t size;
    fl_yaml *file;
    const char *text = fl_draft_yaml(d, &size);
    const fl_status status = fl_yaml_read("", text, size, &d->schema, 1, faults, &file);
    if (status == FL_OK) fl_yaml_free(file);
    return status;
}

const char *fl_draft_path(const fl_draft *d, unsigned line)
{
    return line && line <= d->line_count ? d->lines[line - 1] : NULL;
}
