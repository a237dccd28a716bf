/* Writer: the one thread that owns the journal, so that a slow disk never makes a tick late.
 *
 * The tick puts an entry and gets a ticket; a later tick asks whether the ticket is durable. Tickets are
 * durable in order, and everything waiting goes into one transaction. Nothing here allocates after new. A
 * failed append stops the writer for good: `fl_writer_status` tells, and the interlock's journal bit falls.
 *
 *     uint64_t ticket = fl_writer_put(writer, &entry);      // 0: queue full or writer failed; then no grant
 *     ...
 *     if (fl_writer_durable(writer) >= ticket) send the grant;
 */
#ifndef FL_SESSION_WRITER_H
#define FL_SESSION_WRITER_H

#include "fadeline/journal/journal.h"

/* Entries waiting; a power of two. Every order of a face can become a record or two, and four faces give up
 * to 160 at once (faces.h): with 64 places a flood filled the queue, and the session was lost to it. Half of
 * this (where the journal stops being healthy) holds such a burst and half a second of a disk that stands
 * still. */
#define WRITER_ROOM 512
#define WRITER_ALIVE_US 1000000

typedef struct fl_writer fl_writer;

typedef enum fl_writer_answer {
    WRITER_ROOT_WAITS, /* nothing was asked, or it is not worked out yet */
    WRITER_ROOT_KNOWN,
    WRITER_ROOT_AHEAD, /* no log of this history ever had that number */
    WRITER_ROOT_BROKEN /* the log that had it cannot be read */
} fl_writer_answer;

typedef struct fl_writer_report {
    uint64_t size; /* entries in the log, of the newest transaction */
    fl_hash root;
    uint64_t clock_steps;      /* of the wall clock, found by this opening of the journal */
    int64_t last_us, worst_us; /* time of the newest and of the slowest transaction */
} fl_writer_report;

/* Takes over the journal: nobody else may call it until fl_writer_free has returned. With `in_place` there is
 * no thread and put is durable when it returns: for tests on simulated time. */
FL_MUST_USE fl_status fl_writer_new(fl_journal *journal, bool in_place, fl_writer **writer, fl_error *error);
/* The thread in the caller's hand, for the simulation: nothing is written until fl_writer_work says so, which
 * does one turn of what the thread does (one transaction of what waits, or its look around). A schedule of
 * the two threads is then part of the seed. */
FL_MUST_USE fl_status fl_writer_new_by_hand(fl_journal *journal, fl_writer **writer, fl_error *error);
void fl_writer_work(fl_writer *writer);
/* Writes what waits, joins the thread; the journal is the caller's again. NULL is fine. */
void fl_writer_free(fl_writer *writer);

uint64_t fl_writer_put(fl_writer *writer, const fl_entry *entry); /* copied */
uint64_t fl_writer_durable(fl_writer *writer);                    /* highest durable ticket */
fl_status fl_writer_status(fl_writer *writer);
/* The status with its sentence; FL_OK leaves *error alone. */
fl_status fl_writer_fault(fl_writer *writer, fl_error *error);
bool fl_writer_is_idle(fl_writer *writer); /* nothing waits */
bool fl_writer_is_healthy(
    fl_writer *writer); /* nothing failed, room in the queue, journal healthy at last look */
/* The thread did something within WRITER_ALIVE_US, or said that it failed; a journal that failed is told by
 * its own input of the interlock. A write of half a second makes that input bad first. */
bool fl_writer_is_alive(fl_writer *writer);
fl_writer_report fl_writer_look(fl_writer *writer);
/* What root the history had at this number of a laser (anchor.h): worked out by the thread, a little at a
 * time and only while nothing waits to be written. A new question replaces the old one. */
void fl_writer_ask_root(fl_writer *writer, uint64_t number);
fl_writer_answer fl_writer_root(fl_writer *writer, fl_hash *root);
/* Waits until everything put before is durable or the writer failed. Never while armed. */
fl_status fl_writer_flush(fl_writer *writer);

#endif
