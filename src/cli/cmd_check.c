#include "command.h"

#include "fadeline/base/text.h"
#include "fadeline/config/dialect.h"
#include "fadeline/config/yaml.h"
#include "fadeline/report/shown_json.h"
#include "schemas.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define X(name) extern const fl_yaml_schema name;
FL_SCHEMA_LIST(X)
#undef X

static const fl_yaml_schema *const schemas[] = {
#define X(name) &name,
    FL_SCHEMA_LIST(X)
#undef X
};
#define SCHEMAS (sizeof schemas / sizeof *schemas)

/* "device" names device/1. */
static bool is_called(const fl_yaml_schema *schema, const char *name)
{
    const size_t length = strcspn(schema->name, "/");
    return fl_text_same(schema->name, name) ||
           (strlen(name) == length && strncmp(schema->name, name, length) == 0);
}

static int print_reference(const fl_args *args, const char *name)
{
    char list[300] = "";
    fl_text known = fl_text_in(list, sizeof list);
    for (size_t i = 0; i < SCHEMAS; i++) {
        if (is_called(schemas[i], name)) return fl_yaml_reference(stdout, schemas[i]), 0;
        fl_text_add(&known, "%s%s", i ? ", " : "", schemas[i]->name);
    }
    return fl_args_wrong(args, "there is no schema '%s'; there are: %s", name, list);
}

static void print_json(const fl_faults *faults, int files, size_t bad_files)
{
    json_t *object = json_object(), *list = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const fl_fault *fault = &faults->list[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:s, s:s}", "file", fault->file, "line",
                                              (int)fault->at.line, "column", (int)fault->at.column, "what",
                                              fault->what, "hint", fault->hint));
    }
    json_object_set_new(object, "files", json_integer(files));
    json_object_set_new(object, "bad_files", json_integer((json_int_t)bad_files));
    json_object_set_new(object, "fault_count", json_integer((json_int_t)(faults->count + faults->more)));
    json_object_set_new(object, "faults", list);
    fl_shown_json(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

/* A good file, and still no laser that may be set: its author should know now. */
static void say_only_watched(const char *path)
{
    fl_dialect *dialect;
    if (fl_dialect_load(path, &dialect, NULL) != FL_OK) return;
    const char *missing[FL_DIALECT_PARTS];
    const size_t count = fl_dialect_missing(dialect, missing);
    if (count) printf("  lasers that speak it are only watched: no ");
    for (size_t i = 0; i < count; i++) printf("%s%s", i ? ", no " : "", missing[i]);
    if (count) putchar('\n');
    fl_dialect_free(dialect);
}

static int run(const fl_args *args)
{
    const char *reference = fl_args_value(args, "reference");
    if (reference)
        return args->count ? fl_args_wrong(args, "--reference takes no files")
                           : print_reference(args, reference);
    if (!args->count) return fl_args_wrong(args, "name at least one file");
    const bool json = fl_args_has(args, "json");
    fl_faults *faults = fl_faults_new();
    size_t bad_files = 0;
    for (int i = 0; i < args->count; i++) {
        fl_yaml *file;
        if (fl_yaml_load_any(args->words[i], schemas, SCHEMAS, faults, &file) != FL_OK) {
            bad_files++;
            continue;
        }
        if (!json) {
            printf("%s: %s, good\n", args->words[i], fl_yaml_schema_of(file)->name);
            if (fl_yaml_schema_of(file) == &fl_dialect_schema) say_only_watched(args->words[i]);
        }
        fl_yaml_free(file);
    }
    const size_t count = faults->count + faults->more;
    if (json) {
        print_json(faults, args->count, bad_files);
    } else {
        fl_faults_print(stdout, faults);
        if (count)
            printf("%zu fault%s in %zu file%s\n", count, count == 1 ? "" : "s", bad_files,
                   bad_files == 1 ? "" : "s");
    }
    fl_faults_free(faults);
    return count ? fl_status_exit(FL_E_FILE) : 0;
}

static const fl_option options[] = {
    {"reference", "SCHEMA", "print every key a kind of file may have, such as `device`"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_check = {
    .name = "check",
    .arguments = "FILE... | --reference SCHEMA",
    .summary = "look for faults in files people edit: lasers, profiles, cases",
    .more = "A file says what it is in its first line (`schema: device/1`). All faults are shown at once, "
            "each with\n"
            "file, line, column and a hint; exit code 3 when there is one.\n\n"
            "examples:\n"
            "  fadeline check devices/example-pico.yaml\n"
            "  fadeline check --reference device\n",
    .options = options,
    .run = run,
};
