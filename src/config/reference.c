/* The reference page, printed from the tables that read the files. */
#include "values.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <string.h>

const char *fl_yaml_takes(const fl_yaml_field *field, char *room, size_t size)
{
    char words[300];
    const unit *in = unit_of(field->key);
    fl_text text = fl_text_in(room, size);
    switch (field->kind) {
    case FL_YAML_KIND_TEXT: fl_text_add(&text, "text"); break;
    case FL_YAML_KIND_ID: fl_text_add(&text, "short name"); break;
    case FL_YAML_KIND_YES_NO: fl_text_add(&text, "yes or no"); break;
    case FL_YAML_KIND_DATE: fl_text_add(&text, "date, YYYY-MM-DD"); break;
    case FL_YAML_KIND_TEXTS: fl_text_add(&text, "list of texts"); break;
    case FL_YAML_KIND_MAP: fl_text_add(&text, "map: see '%s' below", field->map->name); break;
    case FL_YAML_KIND_MAPS: fl_text_add(&text, "list of maps: see '%s' below", field->map->name); break;
    case FL_YAML_KIND_CHOICE:
        fl_text_add(&text, "one of: %s", list_words(field->choices, words, sizeof words));
        break;
    case FL_YAML_KIND_CHOICES:
    case FL_YAML_KIND_SET:
        fl_text_add(&text, "list of: %s", list_words(field->choices, words, sizeof words));
        break;
    case FL_YAML_KIND_NUMBER:
    case FL_YAML_KIND_NUMBERS:
    case FL_YAML_KIND_WHOLE:
        fl_text_add(&text, "%s, %.10g to %.10g%s%s",
                    field->kind == FL_YAML_KIND_NUMBERS ? "list of numbers"
                    : field->kind == FL_YAML_KIND_WHOLE ? "whole number"
                                                        : "number",
                    field->least, field->most, in ? " " : "", in ? in->name : "");
        break;
    }
    if (field->may_be_unknown) fl_text_add(&text, ", or the word unknown");
    return room;
}

static void print_table(FILE *out, const fl_yaml_table *table)
{
    if (table->help) fprintf(out, "%s\n", table->help);
    for (const fl_yaml_field *field = table->fields; field->key; field++) {
        char room[500];
        fprintf(out, "\n  %s%s\n", field->key, field->need == FL_YAML_REQUIRED ? "  (needed)" : "");
        fprintf(out, "      %s", fl_yaml_takes(field, room, sizeof room));
        if (field->otherwise) fprintf(out, "; when absent: %s", field->otherwise);
        if (field->help && *field->help) fprintf(out, "\n      %s", field->help);
        fputc('\n', out);
    }
}

static void add_once(const fl_yaml_table **list, size_t *count, const fl_yaml_table *table)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i] == table) return;
    FL_ASSERT(*count < FL_YAML_TABLES_MOST);
    list[(*count)++] = table;
}

size_t fl_yaml_tables(const fl_yaml_schema *schema, const fl_yaml_table *tables[FL_YAML_TABLES_MOST])
{
    size_t count = 0;
    add_once(tables, &count, schema->root);
    for (size_t i = 0; i < count; i++)
        for (const fl_yaml_field *field = tables[i]->fields; field->key; field++)
            if (field->map) add_once(tables, &count, field->map);
    return count;
}

void fl_yaml_reference(FILE *out, const fl_yaml_schema *schema)
{
    const fl_yaml_table *tables[FL_YAML_TABLES_MOST];
    const size_t count = fl_yaml_tables(schema, tables);
    fprintf(out, "%s: %s\n\n  schema  (needed)\n      the words %s, in the first line\n", schema->name,
            schema->title, schema->name);
    for (size_t i = 0; i < count; i++) {
        if (i) fprintf(out, "\n%s\n", tables[i]->name);
        print_table(out, tables[i]);
    }
}
