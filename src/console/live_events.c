/* What viewers read: the last events with their marks, and the newest status. */
#include "live_private.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FRAME (4 * FL_FACE_LINE_MAX) /* one line of control, and the same in French */
#define WAIT_NS 500000000            /* a stream looks up so often, or the console could not stop */
#define QUIET_US 5000000             /* something is sent so often: a viewer that left is noticed */

struct live_viewer {
    live *l;
    uint64_t next, status_seen;
    char frame[FRAME]; /* one at a time: that is all a slow viewer costs */
    size_t size, sent;
    bool over, told; /* it is to be told bye; it was */
    uint8_t visitor[32];
    live_viewer *older;
    fl_instant spoke;
};

fl_instant live_now(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self);
}

int64_t live_age_ms(const live_view *view)
{
    return fl_since(live_now(), view->heard).us / 1000;
}

/* ---- what comes in ---- */

void live_put_event(live *l, const char *kind, char *data)
{
    if (!data) return; /* no memory: the status still tells the state */
    live_event *place = &l->events[l->next_event % LIVE_EVENTS];
    free(place->data);
    *place = (live_event){kind, data};
    snprintf(l->view.mark, sizeof l->view.mark, "%08x-%llu", l->epoch, (unsigned long long)l->next_event);
    l->next_event++;
    pthread_cond_broadcast(&l->news);
}

void live_put_status(live *l, const json_t *message)
{
    char *line = json_dumps(message, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    if (!line) return;
    snprintf(l->view.line, sizeof l->view.line, "%s", line);
    free(line);
    l->view.status = l->client.status;
    l->view.heard = live_now();
    l->status_serial++;
    pthread_cond_broadcast(&l->news);
}

/* ---- what goes out ---- */

static uint64_t oldest(const live *l)
{
    return l->next_event > LIVE_EVENTS ? l->next_event - LIVE_EVENTS : 1;
}

/* The event after this mark; everything there is when the mark is another console's. */
static uint64_t after_mark(const live *l, const char *mark)
{
    unsigned epoch;
    unsigned long long number;
    if (!mark || !*mark) return l->next_event;
    if (sscanf(mark, "%8x-%19llu", &epoch, &number) != 2 || epoch != l->epoch || number >= l->next_event)
        return oldest(l);
    return number + 1;
}

size_t live_said(live *l, char **texts, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&l->lock);
    for (uint64_t n = l->next_event; n > oldest(l) && count < most; n--) {
        const live_event *event = &l->events[(n - 1) % LIVE_EVENTS];
        if (strstr(event->data, "\"kind\":\"pulse\"")) continue;
        texts[count] = strdup(event->data);
        if (texts[count]) count++;
    }
    pthread_mutex_unlock(&l->lock);
    return count;
}

/* With the lock held. Counts them all, and ends the oldest of a visitor who has enough. */
static size_t make_room(live *l, const uint8_t visitor[32])
{
    size_t all = 0, mine = 0;
    for (live_viewer *v = l->viewers; v; v = v->older, all++)
        if (memcmp(v->visitor, visitor, sizeof v->visitor) == 0 && !v->over && ++mine >= LIVE_STREAMS)
            v->over = true;
    return all;
}

live_viewer *live_watch(live *l, const uint8_t visitor[32], const char *last)
{
    live_viewer *v = calloc(1, sizeof *v);
    if (!v) return NULL;
    pthread_mutex_lock(&l->lock);
    const bool room = make_room(l, visitor) < LIVE_VIEWERS;
    v->l = l;
    memcpy(v->visitor, visitor, sizeof v->visitor);
    v->older = l->viewers;
    if (room) l->viewers = v;
    v->next = after_mark(l, last);
    pthread_mutex_unlock(&l->lock);
    v->size = (size_t)snprintf(v->frame, sizeof v->frame, "retry: 500\n\n");
    v->spoke = live_now();
    if (room) return v;
    free(v);
    return NULL;
}

void live_viewer_free(void *viewer)
{
    live_viewer *v = viewer;
    if (!v) return;
    pthread_mutex_lock(&v->l->lock);
    live_viewer **at = &v->l->viewers;
    while (*at != v) at = &(*at)->older;
    *at = v->older;
    pthread_mutex_unlock(&v->l->lock);
    free(v);
}

static void put(live_viewer *v, const char *kind, const char *data, uint64_t number)
{
    fl_text text = fl_text_in(v->frame, sizeof v->frame);
    if (number) fl_text_add(&text, "id: %08x-%llu\n", v->l->epoch, (unsigned long long)number);
    fl_text_add(&text, "event: %s\ndata: %s\n\n", kind, data);
    v->size = strlen(v->frame);
    v->sent = 0;
}

/* The next frame, with the lock held. Events first and each of them; of status lines only the newest. */
static bool take_next(live_viewer *v)
{
    const live *l = v->l;
    if (v->over) {
        put(v, "bye", "{\"code\":\"elsewhere\",\"type\":\"bye\"}", 0);
        v->told = true;
        return true;
    }
    if (v->next < oldest(l)) {
        /* What it missed is gone: a place in between would be a lie, so the page is told to begin anew. */
        put(v, "lost", "{}", 0);
        v->next = oldest(l);
        return true;
    }
    if (v->next < l->next_event) {
        const live_event *event = &l->events[v->next % LIVE_EVENTS];
        put(v, event->kind, event->data, v->next);
        v->next++;
        return true;
    }
    if (l->view.line[0] && v->status_seen != l->status_serial && live_age_ms(&l->view) <= LIVE_STALE_MS) {
        v->status_seen = l->status_serial;
        put(v, "status", l->view.line, 0);
        return true;
    }
    return false;
}

static bool fill(live_viewer *v)
{
    live *l = v->l;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_NS;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&l->lock);
    bool have = take_next(v);
    while (!have && pthread_cond_timedwait(&l->news, &l->lock, &until) == 0) have = take_next(v);
    pthread_mutex_unlock(&l->lock);
    if (!have && fl_since(live_now(), v->spoke).us > QUIET_US) {
        v->size = (size_t)snprintf(v->frame, sizeof v->frame, ":\n\n");
        v->sent = 0;
        have = true;
    }
    return have;
}

ssize_t live_read(void *viewer, char *bytes, size_t room)
{
    live_viewer *v = viewer;
    if (v->sent == v->size && v->told) return -1;
    if (v->sent == v->size && !fill(v)) return 0;
    const size_t size = v->size - v->sent < room ? v->size - v->sent : room;
    memcpy(bytes, v->frame + v->sent, size);
    v->sent += size;
    v->spoke = live_now();
    return (ssize_t)size;
}
