#include "writer.h"

#include "fadeline/base/assert.h"
#include "fadeline/journal/anchor.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WALK_ENTRIES 2000 /* of a question for a root, between two looks at what waits: some milliseconds */
#define LOOK_EVERY_NS 500000000 /* checkpoints and free space while nothing is written */

struct fl_writer {
    fl_journal *journal;
    bool in_place, by_hand;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, progress;
    /* Under the lock: */
    uint64_t put, durable; /* tickets; entry of ticket t is ring[(t - 1) % WRITER_ROOM] */
    bool closing, healthy;
    fl_error fault;  /* status FL_OK: none */
    int64_t beat_us; /* when the thread last had the lock */
    fl_writer_report report;
    bool asked; /* a question for a root is open, */
    uint64_t number;
    bool walking; /* and begun */
    fl_writer_answer answer;
    fl_hash root;
    fl_anchor_walk walk; /* the thread's */
    /* Slots durable+1 .. put are the thread's to read; the others are the tick's to write. */
    fl_entry ring[WRITER_ROOM];
};

static int64_t now_us(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us;
}

/* One transaction of the entries `from` to `to`, at most to the end of the ring. Without the lock. Returns
 * the ticket it came to. */
static uint64_t write_some(fl_writer *writer, uint64_t from, uint64_t to, fl_error *error)
{
    const size_t slot = (size_t)((from - 1) % WRITER_ROOM);
    size_t count = (size_t)(to - from + 1);
    if (slot + count > WRITER_ROOM) count = WRITER_ROOM - slot;
    return fl_journal_append(writer->journal, &writer->ring[slot], count, error) == FL_OK ? from + count - 1
                                                                                          : 0;
}

/* Under the lock, which it lets go while it writes. */
static void write_waiting(fl_writer *writer)
{
    const uint64_t from = writer->durable + 1, to = writer->put;
    pthread_mutex_unlock(&writer->lock);
    fl_error error = {.status = FL_OK};
    const int64_t begun = now_us();
    const uint64_t reached = write_some(writer, from, to, &error);
    const int64_t took = now_us() - begun;
    const bool healthy = reached && fl_journal_is_healthy(writer->journal);
    const fl_writer_report seen = {.size = fl_journal_size(writer->journal),
                                   .root = fl_journal_root(writer->journal),
                                   .clock_steps = fl_journal_clock_steps(writer->journal)};
    pthread_mutex_lock(&writer->lock);
    writer->healthy = healthy;
    if (reached)
        writer->durable = reached;
    else
        writer->fault = error;
    if (took > writer->report.worst_us) writer->report.worst_us = took;
    writer->report.last_us = took;
    writer->report.size = seen.size;
    writer->report.root = seen.root;
    writer->report.clock_steps = seen.clock_steps;
    pthread_cond_broadcast(&writer->progress);
}

static void look_around(fl_writer *writer)
{
    pthread_mutex_unlock(&writer->lock);
    fl_error error = {.status = FL_OK};
    const fl_status status = fl_journal_tick(writer->journal, &error);
    const bool healthy = status == FL_OK && fl_journal_is_healthy(writer->journal);
    pthread_mutex_lock(&writer->lock);
    writer->healthy = healthy;
    if (status != FL_OK && status != FL_E_FULL) writer->fault = error;
}

static fl_writer_answer answer_of(fl_status status)
{
    return status == FL_E_NO ? WRITER_ROOT_AHEAD : WRITER_ROOT_BROKEN;
}

/* One step of the question that is open. Under the lock, which it lets go while it reads. */
static void walk_on(fl_writer *writer)
{
    const uint64_t number = writer->number;
    const bool begins = !writer->walking;
    pthread_mutex_unlock(&writer->lock);
    fl_status status = FL_OK;
    if (begins) status = fl_anchor_begin(writer->journal, number, &writer->walk);
    if (status == FL_OK) status = fl_anchor_step(&writer->walk, WALK_ENTRIES);
    pthread_mutex_lock(&writer->lock);
    if (number != writer->number) { /* another one was asked meanwhile */
        writer->walking = false;
        return;
    }
    writer->walking = status == FL_OK && !writer->walk.done;
    writer->asked = writer->walking;
    if (writer->walking) return;
    writer->answer = status == FL_OK ? WRITER_ROOT_KNOWN : answer_of(status);
    writer->root = writer->walk.root;
}

static void *work(void *self)
{
    fl_writer *writer = self;
    pthread_mutex_lock(&writer->lock);
    while (writer->fault.status == FL_OK) {
        writer->beat_us = now_us();
        if (writer->durable < writer->put) {
            write_waiting(writer);
        } else if (writer->closing) {
            break;
        } else if (writer->asked) {
            walk_on(writer);
        } else {
            struct timespec until;
            clock_gettime(CLOCK_MONOTONIC, &until);
            until.tv_nsec += LOOK_EVERY_NS;
            if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
            if (pthread_cond_timedwait(&writer->work, &writer->lock, &until) == ETIMEDOUT) {
                writer->beat_us = now_us();
                look_around(writer);
            }
        }
    }
    pthread_cond_broadcast(&writer->progress);
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

static fl_status make(fl_journal *journal, bool in_place, bool by_hand, fl_writer **writer, fl_error *error)
{
    fl_writer *made = malloc(sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for the journal's queue");
    explicit_bzero(made, sizeof *made); /* touches every page now, which no tick has to wait for later */
    made->journal = journal;
    made->in_place = in_place;
    made->by_hand = by_hand;
    made->healthy = fl_journal_is_healthy(journal);
    made->beat_us = now_us();
    made->report.size = fl_journal_size(journal);
    made->report.root = fl_journal_root(journal);
    made->report.clock_steps = fl_journal_clock_steps(journal);
    /* While the tick waits for the lock, its holder runs at the tick's priority: else any busy program could
     * hold up the tick by holding up the writer. */
    pthread_mutexattr_t inherits;
    pthread_mutexattr_init(&inherits);
    pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&made->lock, &inherits);
    pthread_mutexattr_destroy(&inherits);
    pthread_condattr_t monotonic; /* a wall clock that is set must not stop the writer */
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->work, &monotonic);
    pthread_cond_init(&made->progress, NULL);
    pthread_condattr_destroy(&monotonic);
    if (!in_place && !by_hand && pthread_create(&made->thread, NULL, work, made) != 0) {
        made->in_place = true; /* nothing to join */
        fl_writer_free(made);
        return fl_error_set(error, FL_E_MEMORY, "the journal's thread could not be started");
    }
    *writer = made;
    return FL_OK;
}

fl_status fl_writer_new(fl_journal *journal, bool in_place, fl_writer **writer, fl_error *error)
{
    return make(journal, in_place, false, writer, error);
}

fl_status fl_writer_new_by_hand(fl_journal *journal, fl_writer **writer, fl_error *error)
{
    return make(journal, false, true, writer, error);
}

/* One turn of what the thread does. */
void fl_writer_work(fl_writer *writer)
{
    FL_ASSERT(writer->by_hand);
    pthread_mutex_lock(&writer->lock);
    writer->beat_us = now_us();
    if (writer->fault.status == FL_OK) {
        if (writer->durable < writer->put)
            write_waiting(writer);
        else if (writer->asked)
            walk_on(writer);
        else
            look_around(writer);
    }
    pthread_mutex_unlock(&writer->lock);
}

void fl_writer_free(fl_writer *writer)
{
    if (!writer) return;
    if (writer->by_hand) (void)fl_writer_flush(writer);
    if (!writer->in_place && !writer->by_hand) {
        pthread_mutex_lock(&writer->lock);
        writer->closing = true;
        pthread_cond_signal(&writer->work);
        pthread_mutex_unlock(&writer->lock);
        pthread_join(writer->thread, NULL);
    }
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->work);
    pthread_cond_destroy(&writer->progress);
    free(writer);
}

uint64_t fl_writer_put(fl_writer *writer, const fl_entry *entry)
{
    pthread_mutex_lock(&writer->lock);
    uint64_t ticket = 0;
    if (writer->fault.status == FL_OK && writer->put - writer->durable < WRITER_ROOM) {
        ticket = ++writer->put;
        writer->ring[(ticket - 1) % WRITER_ROOM] = *entry;
        if (writer->in_place) {
            write_waiting(writer);
            if (writer->durable < ticket) ticket = 0;
        } else
            pthread_cond_signal(&writer->work);
    }
    pthread_mutex_unlock(&writer->lock);
    return ticket;
}

uint64_t fl_writer_durable(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    const uint64_t durable = writer->durable;
    pthread_mutex_unlock(&writer->lock);
    return durable;
}

fl_status fl_writer_fault(fl_writer *writer, fl_error *error)
{
    pthread_mutex_lock(&writer->lock);
    const fl_status status = writer->fault.status;
    if (status != FL_OK && error) *error = writer->fault;
    pthread_mutex_unlock(&writer->lock);
    return status;
}

fl_status fl_writer_status(fl_writer *writer)
{
    return fl_writer_fault(writer, NULL);
}

bool fl_writer_is_idle(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    const bool idle = writer->durable == writer->put;
    pthread_mutex_unlock(&writer->lock);
    return idle;
}

/* Under the lock. */
static bool is_beating(const fl_writer *writer)
{
    return writer->in_place || now_us() - writer->beat_us <= WRITER_ALIVE_US;
}

bool fl_writer_is_healthy(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    if (writer->in_place && writer->fault.status == FL_OK) /* no thread looks around */
        writer->healthy = fl_journal_is_healthy(writer->journal);
    const bool healthy = writer->fault.status == FL_OK && writer->healthy && is_beating(writer) &&
                         writer->put - writer->durable < WRITER_ROOM / 2;
    pthread_mutex_unlock(&writer->lock);
    return healthy;
}

bool fl_writer_is_alive(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    const bool alive = writer->fault.status != FL_OK || is_beating(writer);
    pthread_mutex_unlock(&writer->lock);
    return alive;
}

void fl_writer_ask_root(fl_writer *writer, uint64_t number)
{
    pthread_mutex_lock(&writer->lock);
    writer->asked = true;
    writer->walking = writer->walking && writer->number == number;
    writer->number = number;
    writer->answer = WRITER_ROOT_WAITS;
    while (writer->in_place && writer->asked) walk_on(writer);
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
}

fl_writer_answer fl_writer_root(fl_writer *writer, fl_hash *root)
{
    pthread_mutex_lock(&writer->lock);
    const fl_writer_answer answer = writer->answer;
    if (answer == WRITER_ROOT_KNOWN) *root = writer->root;
    pthread_mutex_unlock(&writer->lock);
    return answer;
}

fl_writer_report fl_writer_look(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    const fl_writer_report report = writer->report;
    pthread_mutex_unlock(&writer->lock);
    return report;
}

fl_status fl_writer_flush(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->in_place && writer->fault.status == FL_OK && writer->durable < writer->put) {
        if (writer->by_hand)
            write_waiting(writer);
        else
            pthread_cond_wait(&writer->progress, &writer->lock);
    }
    const fl_status status = writer->fault.status;
    pthread_mutex_unlock(&writer->lock);
    return status;
}
