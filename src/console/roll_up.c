#include "roll_up.h"

#include "program.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 4 /* periods whose answer is kept */
#define ANSWER_MOST ((size_t)16 << 20)

typedef struct slot {
    fl_date from, to;
    roll_up_state state;
    pid_t child; /* 0: none */
    int out, said;
    struct timespec begun;
    fl_utc ended;
    json_t *json;
    char words[800];
} slot;

struct roll_up {
    pthread_mutex_t lock;
    const fl_clock *clock;
    char *hub;
    int patience; /* seconds */
    slot list[SLOTS];
};

roll_up *roll_up_new(const char *hub, const fl_clock *clock)
{
    roll_up *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    pthread_mutex_init(&r->lock, NULL);
    r->clock = clock;
    r->patience = ROLL_UP_SECONDS;
    r->hub = hub ? strdup(hub) : NULL;
    return r;
}

bool roll_up_has_hub(const roll_up *r)
{
    return r->hub != NULL;
}

void roll_up_patience(roll_up *r, int seconds)
{
    pthread_mutex_lock(&r->lock);
    r->patience = seconds;
    pthread_mutex_unlock(&r->lock);
}

/* ---- the process ---- */

static int since(const slot *s)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int)(now.tv_sec - s->begun.tv_sec);
}

/* What a stream holds, as a text of its own; NULL: nothing, or too much. */
static char *text_of(int file)
{
    const off_t size = lseek(file, 0, SEEK_END);
    if (size <= 0 || (size_t)size > ANSWER_MOST) return NULL;
    char *text = malloc((size_t)size + 1);
    if (text && pread(file, text, (size_t)size, 0) != size) free(text), text = NULL;
    if (text) text[size] = 0;
    return text;
}

static void close_streams(slot *s)
{
    if (s->out > 0) close(s->out);
    if (s->said > 0) close(s->said);
    s->out = s->said = 0;
}

static void end(const roll_up *r, slot *s, roll_up_state state)
{
    s->child = 0;
    s->state = state;
    s->ended = r->clock->utc(r->clock->self);
    close_streams(s);
}

static void kill_child(const slot *s)
{
    kill(s->child, SIGKILL);
    while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Exit 1 and 6 are answers too: somebody needs a call, a log is damaged. Then there is an object. */
static void take_answer(const roll_up *r, slot *s)
{
    char *answer = text_of(s->out), *said = text_of(s->said);
    json_decref(s->json);
    s->json = answer ? json_loads(answer, 0, NULL) : NULL;
    snprintf(s->words, sizeof s->words, "%s", said ? said : "");
    free(answer);
    free(said);
    end(r, s, json_is_array(json_object_get(s->json, "logs")) ? ROLL_UP_TOLD : ROLL_UP_FAILED);
}

static void settle(const roll_up *r, slot *s)
{
    if (!s->child) return;
    if (waitpid(s->child, NULL, WNOHANG) == s->child) return take_answer(r, s);
    if (since(s) < r->patience) return;
    kill_child(s);
    end(r, s, ROLL_UP_LATE);
}

static fl_status start(const roll_up *r, slot *s, fl_date today, fl_error *error)
{
    char from[11], to[11], as_of[11];
    const program_how how = {.words = {"hub", "roll-up", "--json", "--from", fl_date_text(s->from, from),
                                       "--to", fl_date_text(s->to, to), "--as-of", fl_date_text(today, as_of),
                                       NULL},
                             .out = s->out = memfd_create("roll-up", MFD_CLOEXEC),
                             .said = s->said = memfd_create("roll-up-said", MFD_CLOEXEC),
                             .name = "FADELINE_HUB",
                             .value = r->hub};
    fl_status status =
        s->out > 0 && s->said > 0 ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory to ask");
    if (status == FL_OK) status = program_start(&how, &s->child, error);
    if (status != FL_OK) return close_streams(s), status;
    clock_gettime(CLOCK_MONOTONIC, &s->begun);
    s->state = ROLL_UP_ASKING;
    return FL_OK;
}

/* ---- slots ---- */

static slot *find(roll_up *r, fl_date from, fl_date to)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (r->list[i].state != ROLL_UP_NEVER && fl_date_compare(r->list[i].from, from) == 0 &&
            fl_date_compare(r->list[i].to, to) == 0)
            return &r->list[i];
    return NULL;
}

static void clear(slot *s)
{
    if (s->child) kill_child(s);
    close_streams(s);
    json_decref(s->json);
    *s = (slot){0};
}

/* An unused one, else the one whose answer is oldest; one that still asks goes only when all do. */
static slot *slot_for(roll_up *r)
{
    slot *best = &r->list[0];
    for (size_t i = 0; i < SLOTS; i++) {
        slot *s = &r->list[i];
        if (s->state == ROLL_UP_NEVER) return s;
        if (!best->child != !s->child ? !s->child : s->ended.us < best->ended.us) best = s;
    }
    clear(best);
    return best;
}

static bool is_fresh(const roll_up *r, const slot *s)
{
    return s->child || r->clock->utc(r->clock->self).us - s->ended.us < ROLL_UP_FRESH_US;
}

fl_status roll_up_ask(roll_up *r, fl_date from, fl_date to, fl_date today, bool again, fl_error *error)
{
    fl_status status = FL_OK;
    pthread_mutex_lock(&r->lock);
    slot *s = find(r, from, to);
    if (s) settle(r, s);
    if (!s || (!s->child && (again || !is_fresh(r, s)))) {
        if (!s) s = slot_for(r);
        s->from = from, s->to = to;
        status = start(r, s, today, error);
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

static bool is_asking(roll_up *r, fl_date from, fl_date to)
{
    pthread_mutex_lock(&r->lock);
    slot *s = find(r, from, to);
    if (s) settle(r, s);
    const bool asking = s && s->child;
    pthread_mutex_unlock(&r->lock);
    return asking;
}

void roll_up_wait(roll_up *r, fl_date from, fl_date to, unsigned milliseconds)
{
    const struct timespec step = {.tv_nsec = 20000000};
    for (unsigned waited = 0; waited < milliseconds && is_asking(r, from, to); waited += 20)
        nanosleep(&step, NULL);
}

void roll_up_look(roll_up *r, fl_date from, fl_date to, roll_up_view *view)
{
    *view = (roll_up_view){0};
    pthread_mutex_lock(&r->lock);
    slot *s = find(r, from, to);
    if (s) settle(r, s);
    if (s) {
        view->state = s->state;
        view->seconds = since(s);
        view->ended = s->ended;
        view->json = s->json ? json_deep_copy(s->json) : NULL;
        snprintf(view->said, sizeof view->said, "%s", s->words);
    }
    pthread_mutex_unlock(&r->lock);
}

void roll_up_view_fini(roll_up_view *view)
{
    json_decref(view->json);
    *view = (roll_up_view){0};
}

void roll_up_free(roll_up *r)
{
    if (!r) return;
    for (size_t i = 0; i < SLOTS; i++) clear(&r->list[i]);
    pthread_mutex_destroy(&r->lock);
    if (r->hub) explicit_bzero(r->hub, strlen(r->hub));
    free(r->hub);
    free(r);
}
