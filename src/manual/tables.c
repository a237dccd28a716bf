#include "tables.h"

#include "command.h"
#include "glossary.h"
#include "roff.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/yaml.h"
#include "schemas.h"

#include <stdlib.h>
#include <string.h>

#define X(name) extern const fl_yaml_schema name;
FL_SCHEMA_LIST(X)
#undef X

void write_exit_codes(FILE *out)
{
    static const fl_status all[] = {
#define X(name, exit, text) name,
        FL_STATUS_LIST(X)
#undef X
    };
    enum { COUNT = sizeof all / sizeof *all };
    for (size_t i = 0; i < COUNT; i++) {
        const int code = fl_status_exit(all[i]);
        if (i && fl_status_exit(all[i - 1]) == code) continue; /* the list is in the order of the codes */
        char words[400], term[16];
        fl_text text = fl_text_in(words, sizeof words);
        for (size_t j = i; j < COUNT && fl_status_exit(all[j]) == code; j++)
            fl_text_add(&text, "%s%s", j > i ? "; " : "", fl_status_text(all[j]));
        snprintf(term, sizeof term, "`%d`", code);
        roff_item(out, term, words);
    }
}

static void write_commands(FILE *out)
{
    for (size_t i = 0; fl_commands[i]; i++) {
        char term[64];
        snprintf(term, sizeof term, "`fadeline-%s`(1)", fl_commands[i]->name);
        roff_item(out, term, fl_commands[i]->summary);
    }
}

static void write_glossary(FILE *out)
{
#define X(en, fr, what, quoi) roff_item(out, "`" en "`, *" fr "*", what ".");
    GLOSSARY(X)
#undef X
}

/* "of one pulse at the skin (number, 0.1 to 5000 mJ, or the word unknown; needed)" */
static void write_field(FILE *out, const fl_yaml_field *field)
{
    char takes[500], words[2000], term[80];
    fl_text text = fl_text_in(words, sizeof words);
    snprintf(term, sizeof term, "`%s`", field->key);
    if (field->help && *field->help) fl_text_add(&text, "%s ", field->help);
    fl_text_add(&text, "(%s%s", fl_yaml_takes(field, takes, sizeof takes),
                field->need == FL_YAML_REQUIRED ? "; needed" : "");
    fl_text_add(&text, "%s%s)", field->otherwise ? "; when absent: " : "",
                field->otherwise ? field->otherwise : "");
    roff_item(out, term, words);
    bool explained = false;
    for (const fl_yaml_choice *choice = field->choices; choice && choice->word; choice++) {
        if (!choice->help || !*choice->help) continue;
        if (!explained) roff_line(out, ".RS");
        explained = true;
        snprintf(term, sizeof term, "%s", choice->word);
        roff_item(out, term, choice->help);
    }
    if (explained) roff_line(out, ".RE");
}

static void write_schema(FILE *out, const fl_yaml_schema *schema)
{
    const fl_yaml_table *tables[FL_YAML_TABLES_MOST];
    const size_t count = fl_yaml_tables(schema, tables);
    char words[200];
    snprintf(words, sizeof words, "the words %s; needed, in the first line.", schema->name);
    for (size_t i = 0; i < count; i++) {
        if (i) roff_heading(out, tables[i]->name);
        if (tables[i]->help && *tables[i]->help) roff_text(out, tables[i]->help);
        if (!i) roff_item(out, "`schema`", words);
        for (const fl_yaml_field *field = tables[i]->fields; field->key; field++) write_field(out, field);
    }
}

static fl_status write_file(FILE *out, const char *root, const char *what, fl_error *error)
{
    char path[FL_PLACE_MAX], *bytes;
    size_t size;
    const char *until = strstr(what, " until ");
    snprintf(path, sizeof path, "%s/%.*s", root, (int)(until ? (size_t)(until - what) : strlen(what)), what);
    const fl_status status = fl_place_read(path, 1 << 20, &bytes, &size, error);
    if (status != FL_OK) return status;
    char *end = until ? strstr(bytes, until + strlen(" until ")) : NULL;
    if (end) {
        while (end > bytes && end[-1] != '\n') end--;
        *end = 0;
    }
    roff_block(out, bytes);
    free(bytes);
    return until && !end ? fl_error_set(error, FL_E_FILE, "%s has no '%s'", path, until + strlen(" until "))
                         : FL_OK;
}

fl_status write_table(FILE *out, const char *root, const char *name, fl_error *error)
{
    static const fl_yaml_schema *const schemas[] = {
#define X(name) &name,
        FL_SCHEMA_LIST(X)
#undef X
    };
    if (strcmp(name, "commands") == 0) return write_commands(out), FL_OK;
    if (strcmp(name, "glossary") == 0) return write_glossary(out), FL_OK;
    if (strcmp(name, "exit-codes") == 0) return write_exit_codes(out), FL_OK;
    if (fl_text_begins(name, "file ")) return write_file(out, root, name + strlen("file "), error);
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        if (fl_text_begins(name, "schema ") && fl_text_same(name + strlen("schema "), schemas[i]->name))
            return write_schema(out, schemas[i]), FL_OK;
    return fl_error_set(error, FL_E_FILE, "nobody writes {{%s}}", name);
}
