#include "manual_desk.h"

#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/course/seal.h"
#include "fadeline/report/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char screen[300000];

void desk_laser(void)
{
    char path[FL_PLACE_MAX], *text = NULL;
    size_t size;
    console_need(fl_place_read(FL_SOURCE_DIR "/devices/example-pico.yaml", 1 << 20, &text, &size, NULL) ==
                     FL_OK,
                 "a laser");
    char *link = strstr(text, "\nlink:\n"), *heads = strstr(text, "\nheads:\n"),
         *id = strstr(text, "example-pico\n");
    console_need(link && heads && id, "the parts of a device file");
    snprintf(path, sizeof path, "%s/devices", getenv("FADELINE_HOME"));
    console_need(fl_place_make(path, NULL) == FL_OK, path);
    strcat(path, "/" LASER ".yaml");
    FILE *file = fopen(path, "w");
    console_need(file != NULL, path);
    fprintf(file, "%.*s" LASER "%.*s\nlink:\n  kind: none\n%s", (int)(id - text), text,
            (int)(link - (id + strlen("example-pico"))), id + strlen("example-pico"), heads);
    fclose(file);
    free(text);
}

void desk_plan(const char *name, int days_ahead, void (*change)(fl_plan *plan))
{
    char path[FL_PLACE_MAX];
    const char *home = getenv("FADELINE_HOME");
    fl_plan *plan =
        helper_plan(fl_date_add_days(fl_date_of(fl_clock_system()->utc(NULL)), days_ahead), HELPER_NO_TESTS);
    helper_plan_for(plan, LASER);
    if (change) change(plan);
    fl_plan_seal(plan);
    snprintf(path, sizeof path, "%s/plans", home);
    console_need(fl_place_make(path, NULL) == FL_OK, "a shelf");
    snprintf(path, sizeof path, "%s/plans/%s", home, name);
    console_need(
        fl_plan_seal_here(home, plan, NULL) == FL_OK && fl_plan_write_json(plan, path, NULL) == FL_OK, path);
    fl_plan_free(plan);
}

bool desk_begins(http_browser *b, const char *marks)
{
    char form[200];
    http_get(b, "/by-hand?plan=plan.json");
    snprintf(form, sizeof form, "plan=plan.json&device=" LASER "&pin=" PIN_OPERATOR "&marks=%s", marks);
    const http_answer a = http_post(b, "/by-hand/start", form, true);
    if (a.status != 303) fprintf(stderr, "  it does not begin: %d %.900s\n", a.status, a.body);
    desk_look(b);
    return a.status == 303;
}

/* ---- the screen ---- */

static void desk_see(http_browser *b, const char *path)
{
    const http_answer a = http_get(b, path);
    snprintf(screen, sizeof screen, "%s", a.body);
}

void desk_look(http_browser *b)
{
    desk_see(b, "/by-hand");
}

bool desk_says(const char *text)
{
    return strstr(screen, text) != NULL;
}

static unsigned long long number_after(const char *mark)
{
    const char *at = strstr(screen, mark);
    return at ? strtoull(at + strlen(mark), NULL, 10) : 0;
}

int desk_step(void)
{
    return (int)number_after("data-step=\"");
}

unsigned long long desk_turn(void)
{
    return number_after("data-turn=\"");
}

int desk_order(http_browser *b, const char *form)
{
    char whole[400];
    desk_see(b, "/by-hand?take=1"); /* with a form also for who looks on */
    snprintf(whole, sizeof whole, "turn=%llu&%s", desk_turn(), form);
    const int status = http_post(b, "/by-hand/order", whole, true).status;
    desk_look(b);
    return status;
}

bool desk_refused(const char *code)
{
    char mark[100];
    const char *answer = strstr(screen, "class=\"h-said no-good\"");
    snprintf(mark, sizeof mark, "data-code=\"%s\"", code);
    return answer && strncmp(strstr(answer, "data-code=\"") ? strstr(answer, "data-code=\"") : "", mark,
                             strlen(mark)) == 0;
}

/* ---- the journal ---- */

static fl_journal *open_journal(void)
{
    char place[FL_PLACE_MAX];
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ, .simulated = true};
    console_need(fl_journal_place(true, place, NULL) == FL_OK &&
                     fl_journal_open(place, &options, &journal, NULL) == FL_OK,
                 "the journal");
    return journal;
}

unsigned desk_entries(fl_kind kind)
{
    unsigned n = 0;
    fl_journal *journal = open_journal();
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) == FL_OK) n += fl_record_is(&record, kind);
    }
    fl_journal_close(journal);
    return n;
}

uint64_t desk_size(void)
{
    fl_journal *journal = open_journal();
    const uint64_t size = fl_journal_size(journal);
    fl_journal_close(journal);
    return size;
}

void desk_audit(uint64_t treatment, int64_t unexplained, const char *what)
{
    fl_audit *found = NULL;
    fl_error error = {0};
    fl_journal *journal = open_journal();
    const fl_audit_options options = {.from = {2026, 1, 1}, .to = {2099, 12, 31}};
    CHECK(fl_audit_new(journal, &options, &found, &error) == FL_OK, "%s: %s", what, error.what);
    bool seen = false;
    for (size_t i = 0; found && i < found->total_count; i++) {
        const fl_audit_line *t = &found->totals[i];
        if (strcmp(t->dev, DEV) != 0) continue;
        seen = true;
        CHECK(t->treatment == treatment && t->unexplained == unexplained,
              "%s: treatment %llu, unexplained %lld", what, (unsigned long long)t->treatment,
              (long long)t->unexplained);
    }
    CHECK(seen, "%s: no line of this laser", what);
    fl_audit_free(found);
    fl_journal_close(journal);
}
