#include "checking.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct checking {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    pthread_t thread;
    bool has_thread, stop;
    const fl_clock *clock;
    char directory[FL_PLACE_MAX];
    checking_state state;
};

checking *checking_new(const fl_clock *clock)
{
    checking *k = calloc(1, sizeof *k);
    pthread_condattr_t monotonic;
    if (!k) return NULL;
    k->clock = clock;
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&k->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return k;
}

static bool watch(void *self, uint64_t entries)
{
    checking *k = self;
    pthread_mutex_lock(&k->lock);
    k->state.entries = entries;
    const bool go_on = !k->stop;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static uint64_t size_of(const char *directory)
{
    fl_journal *journal;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    if (fl_journal_open(directory, &read, &journal, NULL) != FL_OK) return 0;
    const uint64_t size = fl_journal_size(journal);
    fl_journal_close(journal);
    return size;
}

static void *run(void *self)
{
    checking *k = self;
    fl_verify_report *report = calloc(1, sizeof *report);
    fl_error error = {0};
    const uint64_t total = size_of(k->directory);
    pthread_mutex_lock(&k->lock);
    k->state.total = total;
    pthread_mutex_unlock(&k->lock);
    const fl_verify_options options = {.watch = watch, .self = k};
    const fl_status status = report ? fl_verify(k->directory, &options, report, &error)
                                    : fl_error_set(&error, FL_E_MEMORY, "no memory for the verification");
    pthread_mutex_lock(&k->lock);
    k->state.running = false;
    k->state.done = true;
    k->state.ended = k->clock->utc(k->clock->self);
    k->state.status = status;
    k->state.error = error;
    k->state.report = report ? *report : (fl_verify_report){0};
    pthread_cond_broadcast(&k->ended);
    pthread_mutex_unlock(&k->lock);
    free(report);
    return NULL;
}

bool checking_start(checking *k, const char *directory)
{
    pthread_mutex_lock(&k->lock);
    bool good = true;
    if (!k->state.running && !k->stop) {
        if (k->has_thread) pthread_join(k->thread, NULL); /* it has left, or does at once */
        snprintf(k->directory, sizeof k->directory, "%s", directory);
        k->state.running = true;
        k->state.entries = k->state.total = 0;
        k->state.began = k->clock->utc(k->clock->self);
        good = k->has_thread = pthread_create(&k->thread, NULL, run, k) == 0;
        if (!good) k->state.running = false;
    }
    pthread_mutex_unlock(&k->lock);
    return good;
}

void checking_wait(checking *k, unsigned milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&k->lock);
    while (k->state.running && pthread_cond_timedwait(&k->ended, &k->lock, &until) == 0) continue;
    pthread_mutex_unlock(&k->lock);
}

void checking_look(checking *k, checking_state *state)
{
    pthread_mutex_lock(&k->lock);
    *state = k->state;
    pthread_mutex_unlock(&k->lock);
}

void checking_free(checking *k)
{
    if (!k) return;
    pthread_mutex_lock(&k->lock);
    k->stop = true;
    pthread_mutex_unlock(&k->lock);
    if (k->has_thread) pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->ended);
    pthread_mutex_destroy(&k->lock);
    free(k);
}
