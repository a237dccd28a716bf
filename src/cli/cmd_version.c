/* fadeline version: which program this is, and which rules it would plan by. Nothing here says where or when
 * it was built: two builds of one commit are the same bytes. */
#include "command.h"
#include "fadeline_commit.h" /* FL_COMMIT, FL_COMMIT_CHANGED; written by src/package/commit.cmake */
#include "schemas.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device_list.h"
#include "fadeline/course/rules.h"
#include "fadeline/planner/library.h"
#include "fadeline/report/shown_json.h"

#include <stdlib.h>
#include <string.h>

#define X(name) extern const fl_yaml_schema name;
FL_SCHEMA_LIST(X)
#undef X
static const fl_yaml_schema *const schemas[] = {
#define X(name) &name,
    FL_SCHEMA_LIST(X)
#undef X
};

#define LINK_VERSION "GL1"

/* The files that a plan of today would come from, the clinic's own before the shipped ones. */
typedef struct found {
    fl_rulebook *book;
    fl_planner_library *library;
    fl_error book_fault, library_fault; /* `what` empty: there is none */
    size_t devices;
} found;

static void look(found *f)
{
    char **ids;
    *f = (found){.devices = fl_device_ids(&ids)};
    for (size_t i = 0; i < f->devices; i++) free(ids[i]);
    free(ids);
    if (fl_rulebook_load(NULL, NULL, &f->book, &f->book_fault) != FL_OK) f->book = NULL;
    if (fl_planner_library_load(&f->library, &f->library_fault) != FL_OK) f->library = NULL;
}

static void forget(found *f)
{
    fl_rulebook_free(f->book);
    fl_planner_library_free(f->library);
}

typedef void see_file(void *self, const char *what, const char *path, const char *version, fl_date review_by,
                      const uint8_t *sha256);

static void each_file(const found *f, see_file *see, void *self)
{
    static const char *const names[FL_PLANNER_FILES] = {"sites", "skin types", "inks"};
    if (f->book) {
        see(self, "rules", fl_yaml_path(f->book->rules_file), f->book->rules->version,
            f->book->rules->review_by, fl_yaml_sha256(f->book->rules_file));
        see(self, "procedures", fl_yaml_path(f->book->procedures_file), f->book->procedures->version,
            f->book->procedures->review_by, fl_yaml_sha256(f->book->procedures_file));
    }
    for (unsigned n = 0; f->library && n < FL_PLANNER_FILES; n++) {
        const fl_planner_file file = fl_planner_library_file(f->library, n);
        see(self, names[n], file.path, file.version, file.review_by, file.sha256);
    }
}

/* A file in the clinic's own folder stands before the one that ships. */
static bool is_own(const char *path)
{
    char home[FL_PLACE_MAX];
    return fl_place_home(home, NULL) == FL_OK && fl_text_begins(path, home);
}

static void print_file(void *self, const char *what, const char *path, const char *version, fl_date review_by,
                       const uint8_t *sha256)
{
    char day[11], hex[2 * FL_SHA256_SIZE + 1];
    (void)self;
    printf("  %-11s %-18s review by %s, sha256 %.12s, %s\n", what, FL_SHOWN(version),
           fl_date_text(review_by, day), fl_hex(sha256, FL_SHA256_SIZE, hex),
           is_own(path) ? "the clinic's own" : "as shipped");
}

static void print(const found *f)
{
    printf("fadeline %s, commit %s%s\n", FL_VERSION, FL_COMMIT, FL_COMMIT_CHANGED ? " with changes" : "");
    puts("Not a certified medical device. GPL-3.0-or-later, no warranty.\n");
    each_file(f, print_file, NULL);
    if (f->book_fault.what[0]) printf("  rules cannot be used: %s\n", FL_SHOWN(f->book_fault.what));
    if (f->library_fault.what[0])
        printf("  sites, skin types and inks cannot be used: %s\n", FL_SHOWN(f->library_fault.what));
    printf("  devices     %zu files\n  speaks      %s\n  reads       ", f->devices, LINK_VERSION);
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        printf("%s%s", i ? ", " : "", schemas[i]->name);
    putchar('\n');
}

static void add_file(void *self, const char *what, const char *path, const char *version, fl_date review_by,
                     const uint8_t *sha256)
{
    char day[11], hex[2 * FL_SHA256_SIZE + 1];
    json_array_append_new(self, json_pack("{s:s, s:s, s:s, s:s, s:b}", "what", what, "version", version,
                                          "review_by", fl_date_text(review_by, day), "sha256",
                                          fl_hex(sha256, FL_SHA256_SIZE, hex), "own", is_own(path)));
}

static void print_json(const found *f)
{
    json_t *files = json_array(), *names = json_array(), *faults = json_array();
    each_file(f, add_file, files);
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        json_array_append_new(names, json_string(schemas[i]->name));
    if (f->book_fault.what[0]) json_array_append_new(faults, json_string(f->book_fault.what));
    if (f->library_fault.what[0]) json_array_append_new(faults, json_string(f->library_fault.what));
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:o, s:I, s:s, s:o, s:o}", "version", FL_VERSION, "commit", FL_COMMIT,
                  "changed", FL_COMMIT_CHANGED, "files", files, "devices", (json_int_t)f->devices, "link",
                  LINK_VERSION, "schemas", names, "faults", faults);
    fl_shown_json(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static int run(const fl_args *args)
{
    found f;
    if (args->count) return fl_args_wrong(args, "nothing may follow 'version' but options");
    look(&f);
    if (fl_args_has(args, "json"))
        print_json(&f);
    else
        print(&f);
    forget(&f);
    return 0; /* also with faulty files: whoever asks for help needs this line most then */
}

static const fl_option options[] = {{"json", NULL, "one object on stdout"}, {NULL, NULL, NULL}};

const fl_command fl_command_version = {
    .name = "version",
    .arguments = "[--json]",
    .summary = "say which Fadeline this is, and which rules it plans by",
    .more = "The commit is that of the source it was built from; \"with changes\": files differed from it.\n"
            "Rules and profiles are those a plan of today would use, the clinic's own before the shipped "
            "ones.\n\n"
            "examples:\n"
            "  fadeline version\n"
            "  fadeline --version --json\n",
    .options = options,
    .run = run,
};
