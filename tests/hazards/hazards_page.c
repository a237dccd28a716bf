/* hazards_page: writes the page that traces hazards to controls and tests. `cmake --build build --target
 * fadeline-hazards` runs it; `hazards_page --text` shows the same in a terminal. A table or a tag with a
 * fault gives no page: an auditor must not read from a broken trace. */
#include "helper_page.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <getopt.h>
#include <stdlib.h>

static int help(FILE *out, int code)
{
    fputs("Usage: hazards_page [--root FOLDER] [--text] [--out FILE]\n", out);
    return code;
}

/* The whole page or none: written in memory first. */
static fl_status write_page(const char *path, const char *bytes, size_t size, fl_error *error)
{
    if (path) return fl_place_write(path, bytes, size, 0644, error);
    if (fwrite(bytes, 1, size, stdout) == size && fflush(stdout) == 0) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot write the page");
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"root", required_argument, NULL, 'r'},
                                          {"out", required_argument, NULL, 'o'},
                                          {"text", no_argument, NULL, 't'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const char *root = FL_SOURCE_DIR, *path = NULL;
    bool text = false;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) switch (option) {
        case 'r': root = optarg; break;
        case 'o': path = optarg; break;
        case 't': text = true; break;
        case 'h': return help(stdout, 0);
        default: return help(stderr, 2);
        }
    if (optind < argc) return help(stderr, 2);

    char place[FL_PLACE_MAX];
    snprintf(place, sizeof place, "%s/tests/hazards/hazards.yaml", root);
    fl_faults *faults = fl_faults_new();
    fl_yaml *file = NULL;
    trace t;
    const hazard_table *table = table_load(place, faults, &file);
    trace_read(&t, root, faults);
    if (table) table_judge(table, place, root, HAZARDS, faults);
    if (table) trace_judge(&t, table, faults);
    fl_error error = {0};
    fl_status status = FL_OK;
    if (faults->count) {
        fl_faults_print(stderr, faults);
        status = FL_E_FILE;
    } else {
        char *bytes = NULL;
        size_t size = 0;
        FILE *memory = open_memstream(&bytes, &size);
        if (!memory) return 70;
        (text ? page_text : page_html)(memory, table, &t, "version " FL_VERSION);
        fclose(memory);
        status = write_page(path, bytes, size, &error);
        if (status != FL_OK) fprintf(stderr, "hazards_page: %s\n", error.what);
        free(bytes);
    }
    trace_free(&t);
    if (file) fl_yaml_free(file);
    fl_faults_free(faults);
    return fl_status_exit(status);
}
