/* fadeline-manual: makes the manual at build time, from the tables the program itself works by.
 *
 *     fadeline-manual SOURCE OUT fadeline-control fadeline-twin
 *
 * SOURCE is the source tree; OUT gets man/ (pages), completion/ (bash, zsh, fish) and guide/
 * (PDF). The two programs are
 * asked for their
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
    const char *root, *out;
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

/* case.md and its like; the page is named in their first line. */
static fl_status make_text(job *j, const char *text, const char *page)
{
    char path[FL_PLACE_MAX];
    snprintf(path, sizeof path, "%s/src/manual/%s", j->root, text);
    prose pieces;
    if (prose_of_file(path, &pieces, &j->error) != FL_OK) return j->error.status;
    FILE *out = begin(j, page);
    fl_status status = out ? page_of_text(out, j->root, &pieces, &j->error) : j->error.status;
    if (out && end(j, out) != FL_OK) status = j->error.status;
    prose_free(&pieces);
    return status;
}

static fl_status make_texts(job *j)
{
    static const struct {
        const char *text, *page;
    } texts[] = {{"fadeline.md", "man/fadeline.1"},      {"case.md", "man/fadeline-case.5"},
                 {"device.md", "man/fadeline-device.5"}, {"profile.md", "man/fadeline-profile.5"},
                 {"link.md", "man/fadeline-link.7"},     {"glossary.md", "man/fadeline-glossary.7"}};
    fl_status status = FL_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == FL_OK; i++)
        status = make_text(j, texts[i].text, texts[i].page);
    return status;
}

static fl_status make_guides(job *j)
{
    static const struct {
        const char *text, *lang, *paper;
    } guides[] = {{"quick-guide.md", "en", "guide/quick-guide.pdf"},
                  {"quick-guide-fr.md", "fr-CA", "guide/guide-rapide.pdf"},
                  {"owner.md", "en", "guide/owner.pdf"}};
    fl_status status = FL_OK;
    for (size_t i = 0; i < sizeof guides / sizeof *guides && status == FL_OK; i++) {
        char path[FL_PLACE_MAX], paper[FL_PLACE_MAX];
        prose pieces;
        snprintf(path, sizeof path, "%s/src/manual/%s", j->root, guides[i].text);
        snprintf(paper, sizeof paper, "%s/%s", j->out, guides[i].paper);
        if (prose_of_file(path, &pieces, &j->error) != FL_OK) return j->error.status;
        status = guide_of_text(j->root, &pieces, guides[i].lang, paper, &j->error);
        prose_free(&pieces);
        if (status == FL_OK && chmod(paper, 0644) != 0)
            status = fl_error_set(&j->error, FL_E_IO, "%s: %s", paper, strerror(errno));
    }
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
        fputs("usage: fadeline-manual SOURCE OUT fadeline-control fadeline-twin\n", stderr);
        return fl_status_exit(FL_E_USAGE);
    }
    job j = {.root = argv[1], .out = argv[2]};
    fl_status status = make_folder(&j, "man");
    if (status == FL_OK) status = make_folder(&j, "completion");
    if (status == FL_OK) status = make_commands(&j);
    if (status == FL_OK) status = make_texts(&j);
    if (status == FL_OK)
        status = make_other(&j, argv[3], "fadeline-control", 8, "conduct one session with one laser");
    if (status == FL_OK)
        status = make_other(&j, argv[4], "fadeline-twin", 1, "play a laser or an energy meter");
    if (status == FL_OK) status = make_completion(&j);
    if (status == FL_OK) status = make_folder(&j, "guide");
    if (status == FL_OK) status = make_guides(&j);
    if (status != FL_OK) fl_error_print(stderr, &j.error);
    return fl_status_exit(status);
}
