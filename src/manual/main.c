/* fadeline-manual: makes the manual at build time, from the tables the program itself works by.
 *
 *     fadeline-manual TEXTS OUT fadeline-control fadeline-twin
 *
 * TEXTS is this folder; OUT gets man/ (pages) and completion/ (bash, zsh, fish). The two programs are asked
 * for their
 * --help. Not installed. The same tables and texts make the same bytes. */
#include "complete.h"
#include "pages.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct job {
    const char *texts, *out;
    fl_error error;
} job;

static fl_status make_folder(job *j, const char *name)
{
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/%s", j->out, name);
    if (mkdir(path, 0755) == 0 || errno == EEXIST) return FL_OK;
    return fl_error_set(&j->error, FL_E_IO, "%s: %s", path, strerror(errno));
}

static FILE *begin(job *j, const char *name)
{
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/%s", j->out, name);
    FILE *out = fopen(path, "w");
    if (!out) fl_error_set(&j->error, FL_E_IO, "%s: %s", path, strerror(errno));
    return out;
}

static fl_status end(job *j, FILE *out)
{
    const bool lost = ferror(out) != 0;
    if (fclose(out) == 0 && !lost) return FL_OK;
    return fl_error_set(&j->error, FL_E_IO, "a page could not be written");
}

static fl_status make_commands(job *j)
{
    for (size_t i = 0; fl_commands[i]; i++) {
        char name[100];
        snprintf(name, sizeof name, "man/fadeline-%s.1", fl_commands[i]->name);
        FILE *out = begin(j, name);
        if (!out) return j->error.status;
        page_of_command(out, fl_commands[i]);
        if (end(j, out) != FL_OK) return j->error.status;
    }
    return FL_OK;
}

static fl_status make_text(job *j, const char *text, const char *page)
{
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/%s", j->texts, text);
    prose pieces;
    if (prose_of_file(path, &pieces, &j->error) != FL_OK) return j->error.status;
    FILE *out = begin(j, page);
    fl_status status = out ? page_of_text(out, &pieces, &j->error) : j->error.status;
    if (out && end(j, out) != FL_OK) status = j->error.status;
    prose_free(&pieces);
    return status;
}

static fl_status make_other(job *j, const char *program, const char *name, int section, const char *summary)
{
    static char help[64000];
    char command[FL_PLACE_MAX], page[100];
    snprintf(command, sizeof command, "'%s' --help", program);
    FILE *pipe = popen(command, "r");
    const size_t size = pipe ? fread(help, 1, sizeof help - 1, pipe) : 0;
    help[size] = 0;
    if (!pipe || pclose(pipe) != 0 || !size)
        return fl_error_set(&j->error, FL_E_IO, "%s --help says nothing", program);
    snprintf(page, sizeof page, "man/%s.%d", name, section);
    FILE *out = begin(j, page);
    if (!out) return j->error.status;
    page_of_help(out, name, section, summary, help);
    return end(j, out);
}

static fl_status make_completion(job *j)
{
    static const struct {
        const char *name;
        void (*write)(FILE *);
    } shells[] = {{"completion/fadeline.bash", complete_bash},
                  {"completion/_fadeline", complete_zsh},
                  {"completion/fadeline.fish", complete_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        FILE *out = begin(j, shells[i].name);
        if (!out) return j->error.status;
        shells[i].write(out);
        if (end(j, out) != FL_OK) return j->error.status;
    }
    return FL_OK;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: fadeline-manual TEXTS OUT fadeline-control fadeline-twin\n", stderr);
        return fl_status_exit(FL_E_USAGE);
    }
    job j = {.texts = argv[1], .out = argv[2]};
    fl_status status = make_folder(&j, "man");
    if (status == FL_OK) status = make_folder(&j, "completion");
    if (status == FL_OK) status = make_commands(&j);
    if (status == FL_OK) status = make_text(&j, "fadeline.md", "man/fadeline.1");
    if (status == FL_OK) status = make_text(&j, "link.md", "man/fadeline-link.7");
    if (status == FL_OK)
        status = make_other(&j, argv[3], "fadeline-control", 8, "conduct one session with one laser");
    if (status == FL_OK)
        status = make_other(&j, argv[4], "fadeline-twin", 1, "play a laser or an energy meter");
    if (status == FL_OK) status = make_completion(&j);
    if (status != FL_OK) fl_error_print(stderr, &j.error);
    return fl_status_exit(status);
}
