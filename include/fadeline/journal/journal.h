/* Journal: what happened, durable when we say so, and never changed unnoticed.
 *
 * A directory with journal.db (SQLite, one table of entries, read by anyone), install.key (the log's signing
 * key, mode 0600, bound to this machine), lock, and ballast. fl_journal_append returns FL_OK only when the
 * entries survive a power cut; before that, nobody may act on them.
 *
 *     fl_journal *journal;
 *     fl_journal_options options = { .mode = FL_JOURNAL_CREATE, .simulated = true };
 *     status = fl_journal_open("/home/rae/.local/share/fadeline/journal-simulated", &options, &journal,
 * &error); fl_entry entry; fl_entry_begin(&entry, FL_KIND_COUNTER); fl_entry_device(&entry, "SIM-0007",
 * true); fl_entry_count(&entry, "ctr", 41207); status = fl_journal_append(journal, &entry, 1, &error);
 *     fl_journal_close(journal);
 *
 * One process writes, from one thread: the lock is held for the life of the handle and a second writer gets
 * FL_E_BUSY. Opening for writing verifies the whole log first (verify.h), unless it was closed well: then the
 * seal of that closing, the newest checkpoint and the end of the log are verified, and the whole by `fadeline
 * journal verify`, beside a session if one likes. A damaged one is FL_E_DAMAGED and can only be read. The
 * first I/O error closes the store for good: after a failed sync nobody knows what is on the disk, so nothing
 * is tried again, and every later call answers FL_E_IO. A full disk is not that: the append is rolled back,
 * FL_E_FULL, and the journal goes on when there is room.
 *
 * A log is real or simulated, for ever: its origin begins with "SIMULATED/" or it does not. An entry that
 * names a device of the other nature is refused (FL_E_REFUSED): no virtual pulse can enter a clinic's record.
 *
 * Common fields: v, k, boot (number of this opening), mono_us (since the opening), utc_us, clk. When the wall
 * clock steps by more than 2 s against the one that runs on in sleep, or is behind the newest record at
 * opening, a clock.step entry goes in before the next one and fl_journal_clock_steps counts it.
 */
#ifndef FL_JOURNAL_JOURNAL_H
#define FL_JOURNAL_JOURNAL_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/journal/checkpoint.h"
#include "fadeline/journal/counters.h"
#include "fadeline/journal/entry.h"

#define FL_JOURNAL_ROOM_LOW (64u << 20) /* bytes free below which the journal is not healthy */
#define FL_JOURNAL_BALLAST                                                                                   \
    (16u << 20)                     /* bytes kept to be given up, so that "disk full" can be written down */
#define FL_JOURNAL_UNSIGNED_MAX 256 /* entries without a checkpoint */
#define FL_JOURNAL_UNSIGNED_US 5000000    /* and how long */
#define FL_JOURNAL_SIMULATED "SIMULATED/" /* how the origin of a simulated log begins */
#define FL_JOURNAL_BATCH_MAX 1024         /* entries in one append */

typedef struct fl_journal fl_journal;

typedef enum fl_journal_mode {
    FL_JOURNAL_READ = 0, /* a snapshot of this moment; looking changes nothing and needs no lock */
    FL_JOURNAL_WRITE,    /* must exist */
    FL_JOURNAL_CREATE    /* made when it is not there */
} fl_journal_mode;

typedef enum fl_clock_quality {
    FL_CLK_UNKNOWN = 0,
    FL_CLK_HAND,
    FL_CLK_SYNCHRONISED,
    FL_CLK_WITNESSED
} fl_clock_quality;

/* Bytes free where the journal lives. */
typedef struct fl_space {
    uint64_t (*free_bytes)(void *self, const char *directory);
    void *self;
} fl_space;

/* All 0 is a good default. What is handed in must outlive the journal. */
typedef struct fl_journal_options {
    fl_journal_mode mode;
    bool simulated; /* must agree with a log that exists, except in FL_JOURNAL_READ, where the log tells */
    const char *origin;    /* when made; NULL: "[SIMULATED/]fadeline.local/console/<install id>" */
    const fl_clock *clock; /* NULL: the system's */
    fl_clock_quality clk;  /* how good utc is, until fl_journal_set_clock_quality */
    const fl_space *space; /* NULL: statvfs */
    const char
        *token; /* when made: PKCS#11 URI of its key (token.h); NULL: a key of its own in install.key */
    const uint8_t *seed; /* 32 bytes for the key of a new log, for tests; NULL: from the operating system */
    const char *vfs;     /* SQLite VFS by name, for fault tests; NULL: the default */
    bool no_ballast;
    bool full;                            /* verify every entry at the opening, also after a good end */
    const struct fl_successor *successor; /* only succeed.c: the log is made as the one after another */
} fl_journal_options;

/* FL_E_BUSY: another process writes. FL_E_DAMAGED: error names the first bad index. FL_E_REFUSED: the other
 * nature, or a key made for another machine. */
FL_MUST_USE fl_status fl_journal_open(const char *directory, const fl_journal_options *options,
                                      fl_journal **journal, fl_error *error);
/* NULL is fine. Signs what is unsigned first, when it can; says nothing about failures: all acknowledged
 * entries are already durable. */
void fl_journal_close(fl_journal *journal);

/* All or none, in this order. Kinds that ask for it get a checkpoint in the same transaction. FL_E_RANGE,
 * with the rule or the missing field in the error, for an entry that no verification would accept; nothing is
 * then written. */
FL_MUST_USE fl_status fl_journal_append(fl_journal *journal, const fl_entry *entries, size_t count,
                                        fl_error *error);
/* Signs the present tree, if it is not signed yet. Before every push, print and export. */
FL_MUST_USE fl_status fl_journal_checkpoint(fl_journal *journal, fl_error *error);
/* Call now and then while idle: signs when the oldest unsigned entry is 5 s old. */
FL_MUST_USE fl_status fl_journal_tick(fl_journal *journal, fl_error *error);

/* Input 9 of the interlock: open for writing, nothing failed, at least 64 MiB free. */
bool fl_journal_is_healthy(fl_journal *journal);
bool fl_journal_is_simulated(const fl_journal *journal);
uint64_t fl_journal_clock_steps(const fl_journal *journal); /* of this opening */
void fl_journal_set_clock_quality(fl_journal *journal, fl_clock_quality clk);

/* How many entries the last full verification at an opening for writing covered, and when that was. Behind
 * it, the counters and the tree were continued. */
uint64_t fl_journal_verified(const fl_journal *journal, fl_utc *when);
uint64_t fl_journal_size(const fl_journal *journal);
fl_hash fl_journal_root(const fl_journal *journal);
uint64_t fl_journal_boot(const fl_journal *journal);
const char *fl_journal_directory(const fl_journal *journal);
const char *fl_journal_origin(const fl_journal *journal);
const char *fl_journal_vkey(const fl_journal *journal);
/* Where the key that signs is: "in install.key", "in the token pkcs11:...", "not here: this is a copy"
 * (false). */
#define FL_JOURNAL_KEY_PLACE 600
bool fl_journal_key_place(const char *directory, char room[FL_JOURNAL_KEY_PLACE]);
/* The newest signed note; FL_E_NO when there is none. */
FL_MUST_USE fl_status fl_journal_newest_checkpoint(fl_journal *journal, char note[FL_CHECKPOINT_MAX]);

/* Entry number `index`, as stored. Valid until the next call on this journal. In order is fast. FL_E_NO past
 * the end, FL_E_DAMAGED when the store cannot give it or (open for writing) its bytes do not have the hash
 * stored with them. */
FL_MUST_USE fl_status fl_journal_read(fl_journal *journal, uint64_t index, const char **bytes, size_t *size);
/* The same, parsed. FL_E_DAMAGED when it is not canonical. */
FL_MUST_USE fl_status fl_journal_record(fl_journal *journal, uint64_t index, fl_record *record);

/* A log may have succeeded another (succeed.h), which was put aside and is never written again. Its entries
 * come before those of this log: positions count through all of them, so that nobody escapes a lock, a budget
 * or a wrong PIN by a succession. Own entry i has position before + i; what is signed, hashed and anchored
 * goes by own numbers. */
const char *fl_journal_predecessor(const fl_journal *journal); /* its origin; "": this is the first */
uint64_t fl_journal_before(const fl_journal *journal);         /* entries in all logs before this one */
uint64_t fl_journal_length(const fl_journal *journal);         /* before + size */
/* The entry at a position, from whichever log has it; valid until the next call. FL_E_FILE: a log before this
 * one is not where it was put; FL_E_DAMAGED: it is not what it was. */
FL_MUST_USE fl_status fl_journal_past(fl_journal *journal, uint64_t position, fl_record *record);
/* The same as stored, for its hash. */
FL_MUST_USE fl_status fl_journal_past_bytes(fl_journal *journal, uint64_t position, const char **bytes,
                                            size_t *size);
/* Whether all of them are there, with the size and root that their successors name; the error says which is
 * not. */
FL_MUST_USE fl_status fl_journal_whole(fl_journal *journal, fl_error *error);
/* An anchor of this log, as a laser keeps it, is this number + size: lasers take no smaller number, ever. */
uint64_t fl_journal_anchor_base(const fl_journal *journal);

/* What the records say of a laser's counter; after a restart this tells the outstanding grant and the session
 * that was interrupted. false: the log never named it. Only for a journal open for writing. */
bool fl_journal_counter(const fl_journal *journal, const char *dev, fl_counter_state *state);
uint64_t fl_journal_next_sid(const fl_journal *journal); /* one more than any session number in the log */

/* Where the journal of this installation is: $FADELINE_HOME/journal or .../journal-simulated. */
FL_MUST_USE fl_status fl_journal_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error);

#endif
