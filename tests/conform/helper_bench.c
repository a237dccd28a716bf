#include "helper_bench.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- building a machine ---- */

static int run_command(const char *command)
{
    const int how = system(command);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

/* The source with the edit in it; false, and said why, unless `from` stands there exactly once. */
static bool apply(char **text, const bench_edit *edit)
{
    char *at = strstr(*text, edit->from);
    if (!at || strstr(at + 1, edit->from)) {
        fprintf(stderr, "%s: '%s' stands there %s\n", edit->file, edit->from,
                at ? "more than once" : "nowhere");
        return false;
    }
    const size_t size = strlen(*text) + strlen(edit->to) + 1;
    char *edited = calloc(1, size);
    if (!edited) abort();
    snprintf(edited, size, "%.*s%s%s", (int)(at - *text), *text, edit->to, at + strlen(edit->from));
    free(*text);
    *text = edited;
    return true;
}

static bool edit_file(const bench *b, const char *file, const bench_edit *edits, size_t count)
{
    char path[600], *bytes;
    size_t size;
    snprintf(path, sizeof path, "%s/src/twin/%s", FL_SOURCE_DIR, file);
    if (fl_place_read(path, 1 << 20, &bytes, &size, NULL) != FL_OK) return false;
    char *text = strndup(bytes, size);
    free(bytes);
    bool good = text != NULL;
    for (size_t i = 0; i < count && good; i++)
        if (fl_text_same(edits[i].file, file)) good = apply(&text, &edits[i]);
    snprintf(path, sizeof path, "%s/%s", b->folder, file);
    FILE *out = good ? fopen(path, "w") : NULL;
    if (out) {
        fputs(text, out);
        good = fclose(out) == 0;
    }
    free(text);
    return good && out;
}

/* Objects of the machine as built once, in place of those whose source is edited. */
static bool link_machine(const bench *b, const bench_edit *edits, size_t count)
{
    char path[600], command[16000], *objects;
    size_t size;
    snprintf(path, sizeof path, "%s/tests/conform/objects.txt", FL_BUILD_DIR);
    if (fl_place_read(path, 1 << 20, &objects, &size, NULL) != FL_OK) return false;
    fl_text text = fl_text_in(command, sizeof command);
    fl_text_add(&text, "%s -shared -Wl,-Bsymbolic -o %s/machine.so", FL_CC, b->folder);
    char *save = NULL;
    for (char *object = strtok_r(objects, "\n", &save); object; object = strtok_r(NULL, "\n", &save)) {
        bool edited = false;
        for (size_t i = 0; i < count; i++) {
            char tail[64];
            snprintf(tail, sizeof tail, "/twin/%s.o", edits[i].file);
            edited = edited || strstr(object, tail);
        }
        if (!edited) fl_text_add(&text, " '%s'", object);
    }
    free(objects);
    for (size_t i = 0; i < count; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++) first = first && !fl_text_same(edits[i].file, edits[j].file);
        if (first) fl_text_add(&text, " %s/%s.o", b->folder, edits[i].file);
    }
    fl_text_add(&text, " -lcrypto -lm");
    return !text.cut && run_command(command) == 0;
}

static bool build(const bench *b, const bench_edit *edits, size_t count)
{
    char command[1200];
    for (size_t i = 0; i < count; i++) {
        if (!edit_file(b, edits[i].file, edits, count)) return false;
        snprintf(command, sizeof command,
                 "%s -std=c17 -w -O0 -fPIC -D_GNU_SOURCE -I%s/include -I%s/src/twin -c -o %s/%s.o %s/%s",
                 FL_CC, FL_SOURCE_DIR, FL_SOURCE_DIR, b->folder, edits[i].file, b->folder, edits[i].file);
        if (run_command(command) != 0) return false;
    }
    return link_machine(b, edits, count);
}

static void on_put(void *self, const char *bytes, size_t size)
{
    bench *b = self;
    if (size > sizeof b->in - b->in_size) size = sizeof b->in - b->in_size;
    memcpy(b->in + b->in_size, bytes, size);
    b->in_size += size;
}

bool bench_open(bench *b, const bench_edit *edits, size_t count)
{
    *b = (bench){.now_us = 1000};
    snprintf(b->folder, sizeof b->folder, "%s/fl-conform-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(b->folder)) return false;
    snprintf(b->state, sizeof b->state, "%s/state", b->folder);
    if (!build(b, edits, count)) return false;
    char path[100];
    snprintf(path, sizeof path, "%s/machine.so", b->folder);
    b->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!b->library) return fprintf(stderr, "%s\n", dlerror()), false;
    const machine_api *(*get)(void);
    *(void **)(void *)&get = dlsym(b->library, "machine_get");
    if (!get) return false;
    b->api = get();
    b->machine = b->api->make(b->state, b, on_put);
    return b->machine != NULL;
}

void bench_close(bench *b)
{
    if (b->machine) b->api->unmake(b->machine);
    if (b->library) dlclose(b->library);
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", b->folder);
    if (run_command(command) != 0) fprintf(stderr, "%s stays\n", b->folder);
    *b = (bench){.count = 0};
}

/* ---- its line and its time ---- */

static fl_instant sim_now(void *self)
{
    return (fl_instant){((const bench *)self)->now_us};
}

static void sim_wait(void *self, fl_instant until)
{
    bench *b = self;
    while (b->now_us < until.us && !b->in_size) {
        const int64_t next_us = (b->now_us / 1000 + 1) * 1000;
        b->now_us = next_us < until.us ? next_us : until.us;
        if (b->now_us == next_us) b->api->tick(b->machine, (uint64_t)next_us / 1000);
    }
}

static fl_status sim_write(void *self, const void *bytes, size_t size)
{
    bench *b = self;
    if (b->hiccup_every && ++b->seen % b->hiccup_every == 0) {
        const int64_t end_us = b->now_us + b->hiccup_us;
        while (b->now_us < end_us) b->api->tick(b->machine, (uint64_t)(b->now_us += 1000) / 1000);
    }
    if (b->said) b->said(b, bytes, size);
    b->api->heard(b->machine, bytes, size);
    return FL_OK;
}

static fl_status sim_read(void *self, void *bytes, size_t room, size_t *got)
{
    bench *b = self;
    *got = b->in_size < room ? b->in_size : room;
    memcpy(bytes, b->in, *got);
    memmove(b->in, b->in + *got, b->in_size - *got);
    b->in_size -= *got;
    return FL_OK;
}

/* ---- its room ---- */

static bool sim_can(void *self, fl_conform_event event)
{
    return !(((const bench *)self)->cannot >> event & 1);
}

static fl_status sim_ask(void *self, fl_conform_event event, const fl_conform_wish *wish)
{
    bench *b = self;
    char lines[FL_CONFORM_ROOM_LINES], *save = NULL;
    b->asked++;
    if (b->by_hand) return FL_OK; /* and does nothing */
    fl_conform_room_lines(event, wish, lines);
    for (char *line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        if (!b->api->say(b->machine, line)) return FL_E_BUG;
    return FL_OK;
}

static bool sim_gives_up(void *self)
{
    (void)self;
    return false;
}

/* ---- the script ---- */

static bool wanted(void *self, const fl_conform_check *check)
{
    const bench *b = self;
    return !b->only || fl_text_same(b->only, check->name);
}

static void told(void *self, const fl_conform_outcome *outcome)
{
    bench *b = self;
    if (b->count == BENCH_OUTCOMES) abort();
    b->outcomes[b->count].check = outcome->check;
    b->outcomes[b->count].result = outcome->result;
    b->outcomes[b->count].tries = outcome->tries;
    b->outcomes[b->count].pulses = outcome->pulses;
    snprintf(b->outcomes[b->count++].text, sizeof b->outcomes[0].text, "%s; expected: %s; got: %s",
             outcome->why, outcome->expected, outcome->got);
}

fl_status bench_run(bench *b, const char *only, fl_conform_class up_to, fl_conform_report *report)
{
    b->only = only;
    b->count = 0;
    b->room = (fl_conform_room){.self = b,
                                .can = sim_can,
                                .ask = sim_ask,
                                .gives_up = sim_gives_up,
                                .patience_ms = 1000,
                                .sure = !b->by_hand};
    const fl_conform_line line = {
        .self = b, .write = sim_write, .read = sim_read, .wait = sim_wait, .now = sim_now};
    const fl_conform_options options = {.up_to = up_to,
                                        .room = &b->room,
                                        .may_begin_anchor = true,
                                        .self = b,
                                        .wanted = wanted,
                                        .told = told};
    fl_error error = {.status = FL_OK};
    sim_wait(b, (fl_instant){b->now_us + 10000});
    const fl_status status = fl_conform_run(&options, &line, report, &error);
    if (status != FL_OK) fprintf(stderr, "conform: %s\n", error.what);
    return status;
}

bool bench_failed(const bench *b, const char *name, const char **text)
{
    for (unsigned i = 0; i < b->count; i++)
        if (fl_text_same(b->outcomes[i].check->name, name)) {
            *text = b->outcomes[i].text;
            return b->outcomes[i].result == FL_CONFORM_FAILED;
        }
    *text = "was not run";
    return false;
}
