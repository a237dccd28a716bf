#include "watch.h"

#include "fadeline/base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_NS 200000000

struct watched {
    watched *next, *before;
    const void *door;
    int fd;
    bool cut;
    watch_phase phase;
    fl_instant since;
};

struct watch {
    pthread_mutex_t
        lock; /* held while a descriptor is shut down, so that it cannot be closed and be another's */
    pthread_cond_t ended;
    pthread_t thread;
    bool ending;
    watched *list;
};

static fl_instant now(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self);
}

static bool is_late(const watched *one, fl_instant at)
{
    static const int64_t ms[] = {WATCH_HEAD_MS, WATCH_FORM_MS, WATCH_PHOTO_MS, WATCH_ANSWER_MS,
                                 INT64_MAX / 1000};
    return fl_since(at, one->since).us > ms[one->phase] * 1000;
}

/* The caller holds the lock. */
static void cut(watched *one)
{
    one->cut = true;
    shutdown(one->fd, SHUT_RDWR);
}

static void *look(void *self)
{
    watch *all = self;
    pthread_mutex_lock(&all->lock);
    while (!all->ending) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_NS;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&all->ended, &all->lock, &until);
        const fl_instant at = now();
        for (watched *one = all->list; one; one = one->next)
            if (is_late(one, at)) cut(one);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

watch *watch_new(void)
{
    pthread_condattr_t monotonic;
    watch *all = calloc(1, sizeof *all);
    if (!all) return NULL;
    pthread_mutex_init(&all->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&all->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&all->thread, NULL, look, all) == 0) return all;
    pthread_cond_destroy(&all->ended);
    pthread_mutex_destroy(&all->lock);
    free(all);
    return NULL;
}

void watch_free(watch *all)
{
    if (!all) return;
    pthread_mutex_lock(&all->lock);
    all->ending = true;
    pthread_cond_signal(&all->ended);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->thread, NULL);
    pthread_cond_destroy(&all->ended);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

/* Room for the one that comes. The caller holds the lock. */
static void make_room(watch *all, const void *door)
{
    size_t count = 0;
    watched *longest = NULL;
    for (watched *one = all->list; one; one = one->next) {
        if (one->door != door || one->cut) continue;
        count++;
        if (one->phase == WATCH_STREAM) continue; /* of who is signed in, and counted by live.c */
        if (!longest || one->since.us <= longest->since.us) longest = one;
    }
    if (count >= WATCH_CROWD && longest) cut(longest);
}

watched *watch_begin(watch *all, const void *door, int fd)
{
    watched *one = calloc(1, sizeof *one);
    if (!one) return NULL;
    *one = (watched){.door = door, .fd = fd, .since = now()};
    pthread_mutex_lock(&all->lock);
    make_room(all, door);
    one->next = all->list;
    if (one->next) one->next->before = one;
    all->list = one;
    pthread_mutex_unlock(&all->lock);
    return one;
}

void watch_phase_is(watch *all, watched *one, watch_phase phase)
{
    if (!one) return;
    pthread_mutex_lock(&all->lock);
    one->phase = phase;
    one->since = now();
    pthread_mutex_unlock(&all->lock);
}

void watch_end(watch *all, watched *one)
{
    if (!one) return;
    pthread_mutex_lock(&all->lock);
    if (one->before)
        one->before->next = one->next;
    else
        all->list = one->next;
    if (one->next) one->next->before = one->before;
    pthread_mutex_unlock(&all->lock);
    free(one);
}

void watch_cut_streams(watch *all)
{
    pthread_mutex_lock(&all->lock);
    for (watched *one = all->list; one; one = one->next)
        if (one->phase == WATCH_STREAM || one->phase == WATCH_HEAD) cut(one);
    pthread_mutex_unlock(&all->lock);
}
