#include "writer.h"

#include "fadeline/base/assert.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_EVERY_NS 500000000 /* checkpoints and free space while nothing is written */

struct fl_writer {
    fl_journal *journal;
    bool in_place;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, progress;
    /* Under the lock: */
    uint64_t put, durable; /* tickets; entry of ticket t is ring[(t - 1) % WRITER_ROOM] */
    bool closing, healthy;
    fl_error fault; /* status FL_OK: none */
    fl_writer_report report;
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
                                   .root = fl_journal_root(writer->journal)};
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

static void *work(void *self)
{
    fl_writer *writer = self;
    pthread_mutex_lock(&writer->lock);
    while (writer->fault.status == FL_OK) {
        if (writer->durable < writer->put) {
            write_waiting(writer);
        } else if (writer->closing) {
            break;
        } else {
            struct timespec until;
            clock_gettime(CLOCK_MONOTONIC, &until);
            until.tv_nsec += LOOK_EVERY_NS;
            if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
            if (pthread_cond_timedwait(&writer->work, &writer->lock, &until) == ETIMEDOUT)
                look_around(writer);
        }
    }
    pthread_cond_broadcast(&writer->progress);
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

fl_status fl_writer_new(fl_journal *journal, bool in_place, fl_writer **writer, fl_error *error)
{
    fl_writer *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for the journal's queue");
    made->journal = journal;
    made->in_place = in_place;
    made->healthy = fl_journal_is_healthy(journal);
    made->report.size = fl_journal_size(journal);
    made->report.root = fl_journal_root(journal);
    pthread_mutexattr_t lends; /* a thread of ordinary priority must not hold the tick up while it waits for a
                                  processor */
    pthread_mutexattr_init(&lends);
    pthread_mutexattr_setprotocol(&lends, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&made->lock, &lends);
    pthread_mutexattr_destroy(&lends);
    pthread_condattr_t monotonic; /* a wall clock that is set must not stop the writer */
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->work, &monotonic);
    pthread_cond_init(&made->progress, NULL);
    pthread_condattr_destroy(&monotonic);
    if (!in_place && pthread_create(&made->thread, NULL, work, made) != 0) {
        made->in_place = true; /* nothing to join */
        fl_writer_free(made);
        return fl_error_set(error, FL_E_MEMORY, "the journal's thread could not be started");
    }
    *writer = made;
    return FL_OK;
}

void fl_writer_free(fl_writer *writer)
{
    if (!writer) return;
    if (!writer->in_place) {
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

bool fl_writer_is_healthy(fl_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    if (writer->in_place && writer->fault.status == FL_OK) /* no thread looks around */
        writer->healthy = fl_journal_is_healthy(writer->journal);
    const bool healthy =
        writer->fault.status == FL_OK && writer->healthy && writer->put - writer->durable < WRITER_ROOM / 2;
    pthread_mutex_unlock(&writer->lock);
    return healthy;
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
    while (!writer->in_place && writer->fault.status == FL_OK && writer->durable < writer->put)
        pthread_cond_wait(&writer->progress, &writer->lock);
    const fl_status status = writer->fault.status;
    pthread_mutex_unlock(&writer->lock);
    return status;
}
