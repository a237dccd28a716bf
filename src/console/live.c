/* The thread that holds the line to control, and how pages order through it. */
#include "live_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define TURN_MS 50
#define STANDBY_AGAIN_US 250000  /* an answer that never comes silences no STOP */
#define FIRST_STATUS_US 10000000 /* control opens laser, journal and plan in this time */

bool live_is_armed(const char *state)
{
    static const char *const armed[] = {"ARMING", "READY", "OPENING", "EMIT", "GAP", "CLOSING"};
    for (size_t i = 0; i < sizeof armed / sizeof *armed; i++)
        if (fl_text_same(state, armed[i])) return true;
    return false;
}

/* ---- what comes from control; all with the lock held ---- */

static void finish(live_asked *order, json_t *answer)
{
    order->answer = answer;
    order->state = ORDER_DONE;
    if (!order->abandoned) return;
    json_decref(order->answer);
    *order = (live_asked){0};
}

/* Only what control took is armed: an ARM that it refused takes the heart away from nobody. */
static void keep_key(live *l, const live_asked *order)
{
    l->has_key = true;
    l->told_silent = false;
    l->key = order->key;
    l->beat = live_now();
}

static void take_answer(live *l, json_t *message)
{
    const long long number = fl_face_whole(message, "order");
    if (number == l->standby) l->standby = 0;
    for (size_t i = 0; i < LIVE_ORDERS; i++) {
        live_asked *order = &l->orders[i];
        if (order->state != ORDER_SENT || order->number != number) continue;
        if (fl_text_same(order->what, "arm") && fl_face_whole(message, "ok") == 1) keep_key(l, order);
        finish(order, json_deep_copy(message));
    }
    pthread_cond_broadcast(&l->news);
}

/* Beats and orders that were simply taken are answered too, and say nothing. */
static bool says_something(const json_t *message)
{
    return fl_face_whole(message, "ok") != 1 || fl_face_text(message, "text")[0];
}

static void tell(live *l, const char *code, const char *text, const char *hint)
{
    json_t *event = json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", "event", "kind", "note", "code", code, "text",
                              text, "hint", hint);
    if (event) live_french(event);
    live_put_event(l, "event", event ? json_dumps(event, JSON_COMPACT | JSON_SORT_KEYS) : NULL);
    json_decref(event);
}

/* The journal that is shown here must be the one that this laser writes. An exercise writes none that counts,
 * and may be held at the clinic's own console. */
static void look_whether_it_fits(live *l)
{
    if (l->mismatch || l->client.status.simulated == (l->simulated || l->exercise)) return;
    l->mismatch = true;
    fl_face_send_now(&l->client, "end", NULL);
    tell(l, "console-other-journal",
         l->client.status.simulated
             ? "this is a simulated laser, and this console shows real ones: the session ends"
             : "this is a real laser, and a simulated one belongs here: the session ends",
         l->client.status.simulated ? "for an exercise choose Exercise; else: fadeline console --simulated"
                                    : "start it without --simulated: fadeline console");
}

static void take(live *l, json_t *message)
{
    const char *type = fl_face_text(message, "type");
    char *line = NULL;
    live_french(message);
    pthread_mutex_lock(&l->lock);
    if (fl_text_same(type, "status")) {
        look_whether_it_fits(l);
        live_put_status(l, message);
    } else {
        if (fl_text_same(type, "answer")) take_answer(l, message);
        if (!fl_text_same(type, "answer") || says_something(message))
            line = json_dumps(message, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
        if (line && fl_text_same(type, "bye"))
            free(l->bye), l->bye = line; /* told when the session is over for everybody: by leave */
        else if (line)
            live_put_event(l, fl_text_same(type, "answer") ? "answer" : "event", line);
    }
    pthread_mutex_unlock(&l->lock);
}

/* ---- what goes to control ---- */

/* STOP wins against what waits to arm. What was sent is before STANDBY on the line, and ends with it. */
static void drop_arms(live *l)
{
    for (size_t i = 0; i < LIVE_ORDERS; i++) {
        live_asked *order = &l->orders[i];
        if (order->state != ORDER_QUEUED || !fl_text_same(order->what, "arm")) continue;
        json_decref(order->more);
        order->more = NULL;
        order->stopped = true;
        finish(order, NULL);
    }
    pthread_cond_broadcast(&l->news);
}

/* One that control has not answered yet is enough, unless an ARM went after it: whoever leans on STOP while
 * control hangs does not fill the line. */
static void send_standby(live *l)
{
    const fl_instant now = live_now();
    if (l->standby && fl_since(now, l->standby_at).us < STANDBY_AGAIN_US) return;
    l->standby_at = now;
    l->standby = fl_face_send_now(&l->client, "standby", NULL);
}

static bool pick(live *l, live_asked **next)
{
    for (size_t i = 0; i < LIVE_ORDERS; i++)
        if (l->orders[i].state == ORDER_QUEUED) return *next = &l->orders[i], true;
    return false;
}

static void send_orders(live *l)
{
    pthread_mutex_lock(&l->lock);
    const bool halt = l->halt, here = l->here;
    l->halt = l->here = false;
    live_asked *next;
    if (halt) {
        drop_arms(l);
        send_standby(l);
    }
    if (here) fl_face_send_now(&l->client, "here", NULL);
    while (pick(l, &next)) { /* a line of a few hundred bytes into a socket's room: it does not wait */
        if (fl_text_same(next->what, "arm")) l->standby = 0;
        next->number = fl_face_send_now(&l->client, next->what, next->more);
        next->more = NULL;
        next->state = ORDER_SENT;
    }
    pthread_mutex_unlock(&l->lock);
}

/* An ARM that control has not answered: its status may come first, and nobody is missing yet. */
static bool arm_is_on_its_way(const live *l)
{
    for (size_t i = 0; i < LIVE_ORDERS; i++)
        if (l->orders[i].state == ORDER_SENT && fl_text_same(l->orders[i].what, "arm")) return true;
    return false;
}

/* Control would stand down by itself, if nobody else's order kept this line busy. */
static void watch_the_page(live *l)
{
    if (!live_is_armed(l->client.status.state)) return;
    pthread_mutex_lock(&l->lock);
    const bool silent = !l->told_silent && !arm_is_on_its_way(l) &&
                        (!l->has_key || fl_since(live_now(), l->beat).us > FL_FACE_SILENCE_MS * 1000);
    if (silent) {
        l->told_silent = true;
        send_standby(l);
        tell(l, "page-silent", "the screen that armed does not answer any more: STANDBY",
             "look at that screen; then arm again");
    }
    pthread_mutex_unlock(&l->lock);
}

/* ---- a session's beginning and end ---- */

/* With the lock held. */
static void drop_orders(live *l)
{
    for (size_t i = 0; i < LIVE_ORDERS; i++) {
        live_asked *order = &l->orders[i];
        if (order->state != ORDER_QUEUED && order->state != ORDER_SENT) continue;
        json_decref(order->more);
        order->more = NULL;
        finish(order, NULL);
    }
    l->halt = l->here = l->has_key = false;
    l->standby = 0;
}

/* Over for everybody at once: a page is drawn with the session, and hears bye, or without it. */
static void leave(live *l)
{
    const int code = fl_face_close(&l->client);
    char *bye = l->bye ? l->bye : live_stderr_bye(l, code);
    l->bye = NULL;
    live_stderr_close(l);
    pthread_mutex_lock(&l->lock);
    l->view.running = false;
    l->view.line[0] = 0;
    drop_orders(l);
    live_put_event(l, "bye", bye);
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->lock);
}

static void answer_begin(live *l, fl_status status, const fl_error *error)
{
    pthread_mutex_lock(&l->lock);
    l->begun = status;
    if (status != FL_OK) *l->begun_error = *error;
    l->has_begun = true;
    l->wish = NULL;
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->lock);
}

/* The wish stays until it is answered: the page that has it waits for that, however long. */
static fl_status open_control(live *l, fl_error *error)
{
    const live_start *wish = l->wish;
    live_stderr_open(l);
    const fl_face_start start = {.plan = wish->plan,
                                 .port = wish->port,
                                 .laser_port = wish->laser_port,
                                 .date = wish->date,
                                 .training = wish->training,
                                 .said = l->said >= 0 ? l->said : 0};
    fl_status status = fl_face_open(&l->client, &start, error);
    const fl_instant until = fl_after(live_now(), (fl_duration){FIRST_STATUS_US});
    l->mismatch = false;
    l->exercise = wish->training;
    while (status == FL_OK && !l->client.status.seen) {
        json_t *message = fl_face_next(&l->client, TURN_MS);
        if (message) take(l, message);
        json_decref(message);
        if (l->client.gone)
            status = fl_error_set(error, FL_E_GONE, "fadeline-control left before the session began");
        else if (live_now().us > until.us)
            status = fl_error_set(error, FL_E_TIMEOUT, "fadeline-control said nothing in ten seconds");
    }
    return status;
}

static void begin(live *l)
{
    fl_error error = {0};
    const fl_status status = open_control(l, &error);
    if (status != FL_OK) {
        fl_face_close(&l->client);
        live_stderr_why(l, &error);
        live_stderr_close(l);
        free(l->bye), l->bye = NULL;
        return answer_begin(l, status, &error);
    }
    pthread_mutex_lock(&l->lock);
    l->view.running = l->view.ever = true;
    l->view.training = l->wish->training;
    snprintf(l->view.port, sizeof l->view.port, "%s", l->wish->port);
    snprintf(l->view.plan, sizeof l->view.plan, "%s", l->wish->plan);
    pthread_mutex_unlock(&l->lock);
    answer_begin(l, FL_OK, NULL);
}

/* ---- the thread ---- */

static void rest(live *l, bool running)
{
    uint64_t count;
    struct pollfd fds[] = {{.fd = l->wake, .events = POLLIN}, {.fd = l->client.socket, .events = POLLIN}};
    if (poll(fds, running ? 2 : 1, running ? TURN_MS : 1000) > 0 && fds[0].revents &&
        read(l->wake, &count, sizeof count) < 0)
        return; /* somebody was faster: nothing to do */
}

static void conduct(live *l)
{
    json_t *message;
    send_orders(l);
    for (int n = 0; n < 64 && (message = fl_face_next(&l->client, 0)); n++) {
        take(l, message);
        json_decref(message);
    }
    watch_the_page(l);
    if (l->client.gone) leave(l);
}

/* The console closes: the session is closed in the journal, as an order would. */
static void end(live *l)
{
    const fl_instant until = fl_after(live_now(), fl_seconds(10));
    fl_face_send_now(&l->client, "end", NULL);
    while (!l->client.gone && live_now().us < until.us) json_decref(fl_face_next(&l->client, TURN_MS));
    leave(l);
}

static void *run(void *self)
{
    live *l = self;
    bool running = false, stopping = false;
    while (!stopping) {
        rest(l, running);
        pthread_mutex_lock(&l->lock);
        const bool wish = l->wish != NULL;
        stopping = l->stopping;
        pthread_mutex_unlock(&l->lock);
        if (wish) begin(l);
        pthread_mutex_lock(&l->lock);
        running = l->view.running;
        pthread_mutex_unlock(&l->lock);
        if (running) conduct(l);
        pthread_mutex_lock(&l->lock);
        running = l->view.running;
        pthread_mutex_unlock(&l->lock);
    }
    if (running) end(l);
    return NULL;
}

static void wake(live *l)
{
    const uint64_t one = 1;
    const ssize_t done = write(l->wake, &one, sizeof one);
    FL_ASSERT(done == (ssize_t)sizeof one || errno == EAGAIN);
}

/* ---- pages ---- */

static void wait_until(struct timespec *until, int ms)
{
    clock_gettime(CLOCK_MONOTONIC, until);
    until->tv_sec += ms / 1000;
    until->tv_nsec += ms % 1000 * 1000000L;
    if (until->tv_nsec >= 1000000000) until->tv_sec++, until->tv_nsec -= 1000000000;
}

fl_status live_begin(live *l, const live_start *start, fl_error *error)
{
    pthread_mutex_lock(&l->lock);
    if (l->wish || l->view.running) {
        pthread_mutex_unlock(&l->lock);
        return fl_error_set(error, FL_E_BUSY, "a session runs already");
    }
    l->has_begun = false;
    l->begun_error = error;
    l->wish = start;
    wake(l);
    while (!l->has_begun)
        pthread_cond_wait(&l->news, &l->lock); /* the thread answers: it has limits of its own */
    const fl_status status = l->begun;
    pthread_mutex_unlock(&l->lock);
    return status;
}

void live_wait_over(live *l, int ms)
{
    struct timespec until;
    wait_until(&until, ms);
    pthread_mutex_lock(&l->lock);
    while (l->view.running && pthread_cond_timedwait(&l->news, &l->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&l->lock);
}

bool live_is_exercise(live *l)
{
    pthread_mutex_lock(&l->lock);
    const bool is = l->view.running && l->view.training;
    pthread_mutex_unlock(&l->lock);
    return is;
}

void live_look(live *l, live_view *view)
{
    pthread_mutex_lock(&l->lock);
    *view = l->view;
    pthread_mutex_unlock(&l->lock);
}

/* With the lock held. `more` is consumed. */
static live_answered ask(live *l, const live_key *key, const char *what, json_t *more, json_t **answer,
                         int wait_ms)
{
    struct timespec until;
    live_asked *order = NULL;
    wait_until(&until, wait_ms);
    for (size_t i = 0; i < LIVE_ORDERS && !order && l->view.running; i++)
        if (l->orders[i].state == ORDER_FREE) order = &l->orders[i];
    if (!order) {
        const live_answered why = l->view.running ? LIVE_LATE : LIVE_NOBODY;
        json_decref(more);
        return why;
    }
    *order = (live_asked){.state = ORDER_QUEUED, .what = what, .more = more};
    if (key) order->key = *key;
    wake(l);
    while (order->state != ORDER_DONE && pthread_cond_timedwait(&l->news, &l->lock, &until) == 0)
        ;
    live_answered result = LIVE_LATE;
    if (order->state == ORDER_DONE) {
        *answer = order->answer;
        result = *answer ? LIVE_ANSWERED : order->stopped ? LIVE_STOPPED : LIVE_NOBODY;
        *order = (live_asked){0};
    } else {
        order->abandoned = true;
    }
    return result;
}

live_answered live_order(live *l, const live_key *key, const char *what, json_t *more, json_t **answer,
                         int wait_ms)
{
    *answer = NULL;
    pthread_mutex_lock(&l->lock);
    const live_answered result = ask(l, key, what, more, answer, wait_ms);
    pthread_mutex_unlock(&l->lock);
    return result;
}

/* With the lock held. A hold serves once. */
static bool was_held(live *l, const live_key *key)
{
    if (!l->has_hold || !fl_same_digest(l->hold.bytes, key->bytes)) return false;
    const int64_t us = fl_since(live_now(), l->held_from).us;
    l->has_hold = false;
    return us >= LIVE_HELD_MS * INT64_C(1000) && us <= LIVE_HOLD_OVER_MS * INT64_C(1000);
}

live_answered live_arm(live *l, const live_key *key, uint64_t halts, json_t *more, json_t **answer,
                       int wait_ms)
{
    live_answered result = LIVE_NOT_HELD;
    *answer = NULL;
    pthread_mutex_lock(&l->lock);
    if (halts != l->halts)
        result = LIVE_STOPPED, json_decref(more);
    else if (was_held(l, key))
        result = ask(l, key, "arm", more, answer, wait_ms);
    else
        json_decref(more);
    pthread_mutex_unlock(&l->lock);
    return result;
}

void live_hold(live *l, const live_key *key, bool down)
{
    pthread_mutex_lock(&l->lock);
    if (down) {
        l->has_hold = true;
        l->hold = *key;
        l->held_from = live_now();
    } else if (l->has_hold && fl_same_digest(l->hold.bytes, key->bytes)) {
        l->has_hold = false;
    }
    pthread_mutex_unlock(&l->lock);
}

void live_halt(live *l)
{
    pthread_mutex_lock(&l->lock);
    l->has_hold = false; /* a button that is held while STOP comes arms nothing */
    l->halt = l->view.running;
    l->halts++;
    pthread_mutex_unlock(&l->lock);
    wake(l);
}

uint64_t live_halts(live *l)
{
    pthread_mutex_lock(&l->lock);
    const uint64_t halts = l->halts;
    pthread_mutex_unlock(&l->lock);
    return halts;
}

bool live_here(live *l, const live_key *key)
{
    pthread_mutex_lock(&l->lock);
    const bool mine =
        l->view.running && l->has_key && !l->told_silent && fl_same_digest(l->key.bytes, key->bytes);
    if (mine) {
        l->beat = live_now();
        l->here = true;
    }
    pthread_mutex_unlock(&l->lock);
    if (mine) wake(l);
    return mine;
}

live *live_new(bool simulated)
{
    live *l = calloc(1, sizeof *l);
    pthread_condattr_t kind;
    if (!l) return NULL;
    l->simulated = simulated;
    l->said = -1;
    l->client.socket = -1;
    l->next_event = 1;
    l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fl_random_secret(&l->epoch, sizeof l->epoch) != FL_OK) l->epoch = (uint32_t)live_now().us;
    snprintf(l->view.mark, sizeof l->view.mark, "%08x-0", l->epoch);
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_init(&kind);
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC);
    pthread_cond_init(&l->news, &kind);
    pthread_condattr_destroy(&kind);
    if (l->wake >= 0 && pthread_create(&l->thread, NULL, run, l) == 0) return l;
    if (l->wake >= 0) close(l->wake);
    free(l);
    return NULL;
}

void live_free(live *l)
{
    if (!l) return;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_mutex_unlock(&l->lock);
    wake(l);
    pthread_join(l->thread, NULL);
    for (size_t i = 0; i < LIVE_EVENTS; i++) free(l->events[i].data);
    for (size_t i = 0; i < LIVE_ORDERS; i++) json_decref(l->orders[i].answer);
    close(l->wake);
    pthread_cond_destroy(&l->news);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
