#include "by_hand.h"

#include "fadeline/base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICK_S 5 /* as often the journal signs what it holds while nobody orders */

struct by_hand {
    pthread_mutex_t lock;
    pthread_cond_t news; /* it stops */
    pthread_t thread;
    bool stopping;
    fl_sitting s; /* s.manual: a session runs */
    by_hand_view view;
};

/* ---- what was said ---- */

static void put(by_hand *h, const char *kind, const char *code, const char *text, const char *hint)
{
    by_hand_view *v = &h->view;
    if (v->said_count < BY_HAND_SAID) v->said_count++;
    memmove(v->said + 1, v->said, (v->said_count - 1) * sizeof *v->said);
    by_hand_line *line = &v->said[0];
    snprintf(line->kind, sizeof line->kind, "%s", kind);
    snprintf(line->code, sizeof line->code, "%s", code);
    snprintf(line->text, sizeof line->text, "%s", text);
    snprintf(line->hint, sizeof line->hint, "%s", hint);
    if (v->said_now < v->said_count) v->said_now++;
}

static void say(void *self, const char *kind, const char *code, const char *text, const char *hint)
{
    put(self, kind, code, text, hint);
}

/* ---- with the lock held ---- */

static void refresh(by_hand *h)
{
    by_hand_view *v = &h->view;
    v->running = h->s.manual != NULL;
    if (!v->running) {
        v->who[0] = v->zone[0] = 0;
        v->now = (fl_manual_view){.who = "", .zone = ""};
        return;
    }
    fl_manual_look(h->s.manual, &v->now);
    snprintf(v->who, sizeof v->who, "%s", v->now.who);
    snprintf(v->zone, sizeof v->zone, "%s", v->now.zone);
    if (v->now.sid) v->sid = v->now.sid;
}

static void leave(by_hand *h)
{
    fl_sitting_close(&h->s);
    refresh(h);
}

static void new_turn(by_hand *h)
{
    h->view.turn++;
    h->view.said_now = 0;
    h->view.refused = false;
    h->view.typed[0] = 0;
}

/* The record of what was acknowledged is whole; what was ordered now did not happen, and nothing goes on. */
static void settle(by_hand *h, fl_status status, const fl_error *error)
{
    if (status != FL_OK) put(h, "no", error->code, error->what, error->hint);
    h->view.refused = status != FL_OK;
    if (status == FL_OK || status == FL_E_NO || status == FL_E_USAGE) return refresh(h);
    h->view.broken = true;
    leave(h);
}

/* ---- pages ---- */

static fl_status begin(by_hand *h, const fl_sitting_start *start, fl_error *error)
{
    fl_status status = fl_sitting_read(&h->s, start, error);
    if (status == FL_OK) status = fl_sitting_open(&h->s, error);
    if (status != FL_OK) return status;
    const uint64_t turn = h->view.turn;
    h->view = (by_hand_view){.ever = true, .training = start->training, .turn = turn};
    new_turn(h);
    snprintf(h->view.plan, sizeof h->view.plan, "%s", start->plan);
    snprintf(h->view.device, sizeof h->view.device, "%s", start->device);
    memcpy(h->view.plan_sha256, h->s.plan->sha256, FL_SHA256_SIZE);
    return fl_sitting_begin(&h->s, h, say, error);
}

fl_status by_hand_begin(by_hand *h, const fl_sitting_start *start, fl_error *error)
{
    pthread_mutex_lock(&h->lock);
    fl_status status = h->s.manual ? fl_error_set(error, FL_E_BUSY, "a session by hand runs already")
                                   : begin(h, start, error);
    if (status == FL_OK)
        refresh(h);
    else if (!h->s.manual)
        leave(h);
    pthread_mutex_unlock(&h->lock);
    return status;
}

void by_hand_look(by_hand *h, by_hand_view *view)
{
    pthread_mutex_lock(&h->lock);
    refresh(h); /* a pause runs on while nobody orders */
    *view = h->view;
    pthread_mutex_unlock(&h->lock);
    view->now.who = view->who;
    view->now.zone = view->zone;
}

bool by_hand_runs(by_hand *h)
{
    pthread_mutex_lock(&h->lock);
    const bool runs = h->s.manual != NULL;
    pthread_mutex_unlock(&h->lock);
    return runs;
}

/* With the lock held. */
static fl_status may_order(by_hand *h, uint64_t turn, fl_error *error)
{
    if (!h->s.manual) return fl_error_set(error, FL_E_GONE, "no session by hand runs");
    if (turn != BY_HAND_ANY_TURN && turn != h->view.turn)
        return fl_error_set(error, FL_E_RANGE, "another order came first");
    new_turn(h);
    return FL_OK;
}

fl_status by_hand_order(by_hand *h, uint64_t turn, by_hand_act *act, void *self, fl_error *error)
{
    pthread_mutex_lock(&h->lock);
    fl_status status = may_order(h, turn, error);
    if (status == FL_OK) {
        status = act(self, &h->s, error);
        if (status == FL_E_GONE || status == FL_E_RANGE) status = FL_E_IO; /* those two are ours */
        settle(h, status, error);
    }
    pthread_mutex_unlock(&h->lock);
    return status;
}

void by_hand_typed(by_hand *h, const char *counter)
{
    pthread_mutex_lock(&h->lock);
    snprintf(h->view.typed, sizeof h->view.typed, "%s", counter);
    pthread_mutex_unlock(&h->lock);
}

void by_hand_noted(by_hand *h, const char *about, const char *said)
{
    by_hand_view *v = &h->view;
    size_t n = 0;
    pthread_mutex_lock(&h->lock);
    while (n < v->note_count && !fl_text_same(v->notes[n].about, about)) n++;
    if (n < BY_HAND_NOTES) {
        snprintf(v->notes[n].about, sizeof v->notes[n].about, "%s", about);
        snprintf(v->notes[n].said, sizeof v->notes[n].said, "%s", said);
        if (n == v->note_count) v->note_count++;
    }
    pthread_mutex_unlock(&h->lock);
}

fl_status by_hand_end(by_hand *h, uint64_t turn, fl_error *error)
{
    pthread_mutex_lock(&h->lock);
    fl_status status = may_order(h, turn, error);
    if (status == FL_OK) {
        status = fl_sitting_end(&h->s, error);
        settle(h, status, error);
        if (status == FL_OK) leave(h);
    }
    pthread_mutex_unlock(&h->lock);
    return status;
}

void by_hand_drop(by_hand *h)
{
    pthread_mutex_lock(&h->lock);
    leave(h);
    pthread_mutex_unlock(&h->lock);
}

fl_journal *by_hand_lend(by_hand *h)
{
    pthread_mutex_lock(&h->lock);
    if (h->s.manual) return h->s.journal;
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

void by_hand_take_back(by_hand *h)
{
    pthread_mutex_unlock(&h->lock);
}

/* ---- while nobody orders ---- */

static void *run(void *self)
{
    by_hand *h = self;
    pthread_mutex_lock(&h->lock);
    while (!h->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += TICK_S;
        pthread_cond_timedwait(&h->news, &h->lock, &until);
        if (h->s.manual && fl_journal_tick(h->s.journal, NULL) != FL_OK) {
            /* the next order tells it */
        }
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

by_hand *by_hand_new(void)
{
    by_hand *h = calloc(1, sizeof *h);
    pthread_condattr_t kind;
    if (!h) return NULL;
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_init(&kind);
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC);
    pthread_cond_init(&h->news, &kind);
    pthread_condattr_destroy(&kind);
    h->view.now = (fl_manual_view){.who = "", .zone = ""};
    if (pthread_create(&h->thread, NULL, run, h) == 0) return h;
    free(h);
    return NULL;
}

void by_hand_free(by_hand *h)
{
    fl_error error = {0};
    if (!h) return;
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_cond_broadcast(&h->news);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    /* As a terminal that is closed: what is counted is closed, what is not stays the first thing that is
     * asked. */
    if (h->s.manual && fl_sitting_end(&h->s, &error) != FL_OK)
        fprintf(stderr, "the session by hand stays open: %s\n", error.what);
    fl_sitting_close(&h->s);
    pthread_cond_destroy(&h->news);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
