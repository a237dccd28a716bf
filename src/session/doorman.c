#include "doorman.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fl_doorman {
    const fl_people *people;
    fl_people_guard guard; /* the thread's own */
    bool in_place;
    pthread_t thread;

    pthread_mutex_t gate; /* guards all below */
    pthread_cond_t bell;
    bool ending, asked, answered;
    int64_t asked_us;
    char who[64], pin[FL_PIN_MOST + 1];
    unsigned roles;
    fl_date today;
    fl_people_answer answer;
};

static int64_t now_us(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us;
}

static void look(fl_doorman *d)
{
    char who[sizeof d->who], pin[sizeof d->pin];
    pthread_mutex_lock(&d->gate);
    memcpy(who, d->who, sizeof who);
    memcpy(pin, d->pin, sizeof pin);
    explicit_bzero(d->pin, sizeof d->pin);
    const unsigned roles = d->roles;
    const fl_date today = d->today;
    pthread_mutex_unlock(&d->gate);

    const fl_clock *clock = fl_clock_system();
    const fl_people_answer answer =
        d->people ? fl_people_check_any(d->people, &d->guard, clock->now(clock->self), who, pin, roles, today)
                  : FL_PEOPLE_UNKNOWN;
    explicit_bzero(pin, sizeof pin);

    pthread_mutex_lock(&d->gate);
    d->asked = false;
    d->answered = true;
    d->answer = answer;
    pthread_mutex_unlock(&d->gate);
}

static void *run(void *self)
{
    fl_doorman *d = self;
    for (;;) {
        pthread_mutex_lock(&d->gate);
        while (!d->ending && !d->asked) pthread_cond_wait(&d->bell, &d->gate);
        const bool ending = d->ending;
        pthread_mutex_unlock(&d->gate);
        if (ending) return NULL;
        look(d);
    }
}

fl_status fl_doorman_new(const fl_people *people, bool in_place, fl_doorman **doorman, fl_error *error)
{
    fl_doorman *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for sign-in");
    made->people = people;
    made->in_place = in_place;
    pthread_mutexattr_t inherits; /* the tick asks here, and must not wait behind a busy machine */
    pthread_mutexattr_init(&inherits);
    pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&made->gate, &inherits);
    pthread_mutexattr_destroy(&inherits);
    pthread_cond_init(&made->bell, NULL);
    if (!in_place && pthread_create(&made->thread, NULL, run, made) != 0) {
        free(made);
        return fl_error_set(error, FL_E_MEMORY, "the thread for sign-in could not be started");
    }
    *doorman = made;
    return FL_OK;
}

void fl_doorman_resume(fl_doorman *d, const fl_people_tries *tries, fl_utc utc_now)
{
    const fl_clock *clock = fl_clock_system();
    pthread_mutex_lock(&d->gate);
    fl_people_resume(&d->guard, tries, utc_now, clock->now(clock->self));
    pthread_mutex_unlock(&d->gate);
}

void fl_doorman_free(fl_doorman *d)
{
    if (!d) return;
    if (!d->in_place) {
        pthread_mutex_lock(&d->gate);
        d->ending = true;
        pthread_cond_signal(&d->bell);
        pthread_mutex_unlock(&d->gate);
        pthread_join(d->thread, NULL);
    }
    pthread_cond_destroy(&d->bell);
    pthread_mutex_destroy(&d->gate);
    explicit_bzero(d->pin, sizeof d->pin);
    free(d);
}

bool fl_doorman_ask(fl_doorman *d, const char *who, const char *pin, unsigned roles, fl_date today)
{
    if (strlen(who) >= sizeof d->who || strlen(pin) >= sizeof d->pin) return false;
    pthread_mutex_lock(&d->gate);
    const bool idle = !d->asked && !d->answered;
    if (idle) {
        snprintf(d->who, sizeof d->who, "%s", who);
        snprintf(d->pin, sizeof d->pin, "%s", pin);
        d->roles = roles;
        d->today = today;
        d->asked = true;
        d->asked_us = now_us();
        pthread_cond_signal(&d->bell);
    }
    pthread_mutex_unlock(&d->gate);
    if (idle && d->in_place) look(d);
    return idle;
}

bool fl_doorman_answered(fl_doorman *d, fl_people_answer *answer)
{
    pthread_mutex_lock(&d->gate);
    const bool done = d->answered;
    if (done) *answer = d->answer;
    d->answered = false;
    pthread_mutex_unlock(&d->gate);
    return done;
}

bool fl_doorman_knows(const fl_doorman *d, const char *who)
{
    fl_person person;
    return d->people && fl_people_find(d->people, who, &person);
}

bool fl_doorman_is_well(fl_doorman *d)
{
    pthread_mutex_lock(&d->gate);
    const bool well = !d->asked || now_us() - d->asked_us <= DOORMAN_LATE_US;
    pthread_mutex_unlock(&d->gate);
    return well;
}
