#include "helper_disturb.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LANES_MOST 64
#define READY_MS 180000 /* a lane that is not READY after this long is reported */
#define LATE_MS 130     /* longer than any grant lives, and its way through the laser's memory */

typedef struct run {
    const disturb_options *options;
    const lane_people *people;
    uint8_t *deck; /* the kind of each instant */
    _Atomic unsigned next;
    int64_t until;
    pthread_mutex_t lock; /* guards the result */
    disturb_result *result;
} run;

typedef struct seat {
    run *r;
    lane lane;
    unsigned index;
    pthread_t thread;
} seat;

/* ---- one instant ---- */

static bool is_past_the_warning(const lane *l)
{
    return lane_is_armed(l) && strcmp(l->state, "ARMING") != 0;
}

static bool is_disarmed(const lane *l)
{
    return l->state[0] && !lane_is_armed(l);
}

/* Brings the lane to the chosen instant. false: control is not there. */
static bool come_to_the_instant(lane *l)
{
    if (!lane_is_alive(l) && !lane_start_control(l)) return false;
    if (lane_draw(l, 100) < 65) {
        if (!lane_operate(l, lane_now() + READY_MS, is_past_the_warning)) return false;
        if (!is_past_the_warning(l))
            return lane_fail(l, "not READY after %d s but %s, %s", READY_MS / 1000, l->state, l->refusal),
                   false;
        return lane_operate(l, lane_now() + (int64_t)lane_draw(l, 700), NULL);
    }
    return lane_operate(l, lane_now() + (int64_t)lane_draw(l, 4500), NULL);
}

/* Whatever is left of a control process whose journal failed, in one of the ways in which people end it. Half
 * of the time the disk is still bad then. */
static void end_what_is_left(lane *l, const kind *what)
{
    if (lane_draw(l, 2)) what->undo(l);
    switch (lane_is_alive(l) ? lane_draw(l, 3) : 3) {
    case 0: lane_ask_to_end(l); break;
    case 1: lane_signal(l->control, SIGTERM); break;
    case 2: lane_signal(l->control, SIGKILL); break;
    default: break;
    }
    lane_watch(l, lane_now() + 60000, NULL);
    lane_collect(l, 2000);
    what->undo(l);
}

static void classify(const lane *l, bool alive, unsigned faults, bool armed, disturb_row *row)
{
    if (!alive)
        row->died++;
    else if (l->faults != faults)
        row->faulted++;
    else if (armed && is_disarmed(l))
        row->dropped++;
    else
        row->went_on++;
}

static void judge(lane *l, const kind *what, bool armed, bool alive, unsigned hits, disturb_row *row)
{
    const bool off = !alive || is_disarmed(l);
    bool kept = true;
    switch (what->promise) {
    case KIND_DIES: kept = !alive; break;
    case KIND_DISARMS:
    case KIND_LATER: kept = !armed || off; break;
    case KIND_IF_MET: kept = !armed || !hits || off; break;
    default: break;
    }
    row->met += hits != 0;
    if (kept) return;
    row->broken++;
    lane_fail(l, "%s: control is %s", what->name, alive ? l->state : "gone");
}

void disturb_once(lane *l, const kind *what, disturb_row *row)
{
    const bool armed = lane_is_armed(l), firing = lane_is_firing(l);
    const unsigned told = l->told, faults = l->faults;
    const bool counts_at_once =
        what->promise == KIND_DIES || what->promise == KIND_DISARMS || what->promise == KIND_IF_MET;
    atomic_store(&l->page->hits, 0);
    l->exit_status = 0;
    uint64_t from = lane_counter(l);
    what->act(l);
    const bool blind = l->socket < 0; /* nobody is there to be told */
    if (what->promise == KIND_DIES && !what->watch_ms)
        from = lane_counter(l); /* of the moment of its death */
    bool alive = lane_is_alive(l);
    if (alive)
        alive = lane_watch(l, lane_now() + what->watch_ms, what->promise == KIND_DIES ? NULL : is_disarmed);
    unsigned hits = atomic_load(&l->page->hits);
    /* On a loaded machine the news may come late, and the first call that met the fault may have been the
     * last thing in that time. What is counted goes on being counted. */
    if (alive && armed && !is_disarmed(l) &&
        (what->promise == KIND_DISARMS || what->promise == KIND_LATER ||
         (what->promise == KIND_IF_MET && hits)))
        alive = lane_watch(l, lane_now() + 10000, is_disarmed);
    if (!counts_at_once) from = lane_counter(l);
    const bool off = !alive || is_disarmed(l);
    if (alive && off)
        alive = lane_watch(l, lane_now() + LATE_MS, NULL);
    else if (!alive)
        usleep(LATE_MS * 1000);
    const uint64_t after = off ? lane_counter(l) - from : 0;
    judge(l, what, armed, alive, hits, row);
    classify(l, alive, faults, armed, row);
    if (armed && off && !(WIFSIGNALED(l->exit_status) && WTERMSIG(l->exit_status) == SIGKILL)) {
        const bool said = l->told != told || (WIFEXITED(l->exit_status) && !alive);
        row->told += said;
        row->silent += !said && !blind;
    }
    if (what->undo && !hits) what->undo(l); /* before the last look: a call may meet the fault until now */
    if (what->ends && atomic_load(&l->page->hits))
        end_what_is_left(l, what);
    else if (what->undo)
        what->undo(l);
    if (!lane_is_alive(l)) lane_collect(l, 0);
    row->instants++;
    row->armed += armed;
    row->firing += firing;
    if (after > row->most_after) row->most_after = after;
    if (after > 1) {
        row->over++;
        lane_fail(l, "%s: %llu pulses after it", what->name, (unsigned long long)after);
    }
}

/* ---- one lane ---- */

static void merge(disturb_row *to, const disturb_row *from)
{
    to->instants += from->instants;
    to->armed += from->armed;
    to->firing += from->firing;
    to->died += from->died;
    to->faulted += from->faulted;
    to->dropped += from->dropped;
    to->went_on += from->went_on;
    to->told += from->told;
    to->silent += from->silent;
    to->met += from->met;
    to->broken += from->broken;
    to->over += from->over;
    to->outcomes += from->outcomes;
    if (from->most_after > to->most_after) to->most_after = from->most_after;
}

static void give(run *r, int kind_number, const disturb_row *row)
{
    pthread_mutex_lock(&r->lock);
    merge(&r->result->rows[kind_number], row);
    merge(&r->result->sum, row);
    pthread_mutex_unlock(&r->lock);
}

static void live(seat *s)
{
    lane *l = &s->lane;
    run *r = s->r;
    int before = -1;
    unsigned failures = 0;
    /* The first process lives until READY, so that it sees door, stop and foot move: the room moves them
     * once. */
    if (!lane_start_control(l) || !lane_operate(l, lane_now() + READY_MS, is_past_the_warning))
        lane_fail(l, "the lane never becomes READY: %s %s", l->state, l->refusal);
    while (!l->fault[0] && (!r->until || lane_now() < r->until)) {
        if (!come_to_the_instant(l)) {
            if (l->fault[0]) break;
            lane_collect(l, 30000);
            pthread_mutex_lock(&r->lock);
            r->result->by_itself++;
            pthread_mutex_unlock(&r->lock);
            if (++failures > 5)
                lane_fail(l, "control ends by itself again and again: %x", (unsigned)l->exit_status);
            continue;
        }
        failures = 0;
        const unsigned card = atomic_fetch_add(&r->next, 1);
        ledger_read(&l->ledger, l->journal);
        if (before >= 0) give(r, before, &(disturb_row){.outcomes = l->ledger.outcomes});
        if (card >= r->options->instants) break;
        disturb_row row = {0};
        disturb_once(l, &kinds[r->deck[card]], &row);
        before = r->deck[card];
        give(r, before, &row);
    }
}

static void *run_lane(void *self)
{
    seat *s = self;
    lane *l = &s->lane;
    disturb_result *sum = s->r->result;
    if (lane_open(l, s->index, s->r->options->seed, NULL, s->r->people)) live(s);
    if (!l->fault[0]) lane_end_properly(l);
    lane_close(l, false);
    pthread_mutex_lock(&s->r->lock);
    sum->starts += l->starts;
    sum->services += l->services;
    sum->lines_seen += l->lines_seen;
    sum->grants += l->ledger.grants;
    sum->pulses += l->ledger.pulses;
    sum->delivered += l->ledger.delivered;
    sum->undelivered += l->ledger.undelivered;
    sum->unknowns += l->ledger.unknowns;
    sum->steps += l->ledger.steps;
    sum->lows += l->ledger.lows;
    sum->closed_later += l->ledger.closed_later;
    sum->lanes_good += !l->fault[0];
    if (l->fault[0]) {
        fprintf(stderr, "\n%s (%s is kept)\n", l->fault, l->folder);
        if (!sum->fault[0]) memcpy(sum->fault, l->fault, sizeof sum->fault);
    }
    pthread_mutex_unlock(&s->r->lock);
    return NULL;
}

/* ---- all lanes ---- */

static unsigned share(const disturb_options *options, unsigned k)
{
    if (options->only && !strstr(options->only, kinds[k].name)) return 0;
    return options->even ? 1 : kinds[k].weight;
}

/* Every kind in its share, in an order that the seed decides. */
static uint8_t *shuffled(const disturb_options *options)
{
    uint8_t *deck = malloc(options->instants ? options->instants : 1);
    if (!deck) abort();
    unsigned filled = 0;
    while (filled < options->instants)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            for (unsigned n = 0; n < share(options, k) && filled < options->instants; n++)
                deck[filled++] = (uint8_t)k;
    fl_random random;
    fl_random_init(&random, options->seed, 4711);
    for (unsigned i = filled; i > 1; i--) {
        const unsigned j = (unsigned)(fl_random_u64(&random) % i);
        const uint8_t kept = deck[i - 1];
        deck[i - 1] = deck[j];
        deck[j] = kept;
    }
    return deck;
}

static void tell_progress(run *r, int64_t began)
{
    pthread_mutex_lock(&r->lock);
    const disturb_row sum = r->result->sum;
    pthread_mutex_unlock(&r->lock);
    fprintf(stderr, "%lld s: %u instants, %u while firing, %u broken, %u with more than one pulse after\n",
            (long long)((lane_now() - began) / 1000), sum.instants, sum.firing, sum.broken, sum.over);
}

void disturb_run(const disturb_options *options, disturb_result *result)
{
    static seat seats[LANES_MOST];
    lane_people people;
    const int64_t began = lane_now();
    lane_people_make(&people);
    *result = (disturb_result){0};
    run r = {.options = options,
             .people = &people,
             .deck = shuffled(options),
             .until = options->minutes ? began + options->minutes * 60000LL : 0,
             .result = result};
    pthread_mutex_init(&r.lock, NULL);
    const unsigned lanes = options->lanes < LANES_MOST ? options->lanes : LANES_MOST;
    for (unsigned i = 0; i < lanes; i++) {
        seats[i] = (seat){.r = &r, .index = i};
        if (pthread_create(&seats[i].thread, NULL, run_lane, &seats[i]) != 0) abort();
        usleep(300000); /* not all in step */
    }
    int64_t told = began;
    for (unsigned i = 0; i < lanes; i++) {
        while (pthread_tryjoin_np(seats[i].thread, NULL) != 0) {
            usleep(20000);
            if (!options->progress || lane_now() - told < 60000) continue;
            tell_progress(&r, began);
            told = lane_now();
        }
    }
    result->took_ms = lane_now() - began;
    free(r.deck);
    pthread_mutex_destroy(&r.lock);
    lane_people_drop(&people);
}

static void print_row(const char *name, const disturb_row *row)
{
    printf("%-17s %8u %6u %6u %6u %6u %7u %7u %6u %5llu %5u %6u %8llu %6u\n", name, row->instants, row->armed,
           row->firing, row->died, row->faulted, row->dropped, row->went_on, row->met,
           (unsigned long long)row->most_after, row->told, row->silent, (unsigned long long)row->outcomes,
           row->broken + row->over);
}

void disturb_print(const disturb_result *result)
{
    printf("\n%-17s %8s %6s %6s %6s %6s %7s %7s %6s %5s %5s %6s %8s %6s\n", "what happened", "instants",
           "armed", "firing", "died", "fault", "dropped", "went on", "met", "after", "told", "untold",
           "outcomes", "broken");
    for (int k = 0; k < KIND_COUNT; k++) print_row(kinds[k].name, &result->rows[k]);
    print_row("all", &result->sum);
    printf("%u control processes, %u ended by themselves; a disturbed line was confirmed %u times; %llu "
           "grants: %llu "
           "pulses, %llu delivered and %llu not by recon, "
           "%llu in doubt first; %llu sessions closed later, %llu clock steps, %llu times little room; %u "
           "service faults; "
           "%.0f s\n",
           result->starts, result->by_itself, result->lines_seen, (unsigned long long)result->grants,
           (unsigned long long)result->pulses, (unsigned long long)result->delivered,
           (unsigned long long)result->undelivered, (unsigned long long)result->unknowns,
           (unsigned long long)result->closed_later, (unsigned long long)result->steps,
           (unsigned long long)result->lows, result->services, (double)result->took_ms / 1000);
}
