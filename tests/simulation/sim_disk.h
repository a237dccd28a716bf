/* Simulated disk: an SQLite VFS in memory, with everything a disk may do to a journal.
 *
 * Every file is kept twice: as the system shows it, and as a power cut would leave it. A sync makes the
 * second equal to the first; what was written since is kept in order, so that a cut can tear it sector by
 * sector. A process that was killed leaves the first; a machine that lost power, the second.
 *
 *     disk_format(seed);                        // empty, healthy
 *     disk_fail(DISK_EIO_SYNC, 1);              // the next sync fails
 *     disk_kill_after(37);                      // the process dies when 37 more bytes are written
 *     if (disk_is_dead()) ... free what the process had ...
 *     disk_power_cut(); or disk_revive();
 *
 * One thread. Files under DISK_ROOT live here and nowhere else.
 */
#ifndef FL_TESTS_SIMULATION_DISK_H
#define FL_TESTS_SIMULATION_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_VFS "simulated"
#define DISK_ROOT "/simulated"

typedef enum disk_fault {
    DISK_GOOD,
    DISK_EIO_WRITE,
    DISK_EIO_READ,
    DISK_EIO_SYNC,
    DISK_EIO_OPEN,
    DISK_FULL,  /* a write finds no room */
    DISK_SHORT, /* half of it was written, then no room */
} disk_fault;

void disk_register(void);
void disk_format(uint64_t seed);
void disk_fail(disk_fault fault, unsigned nth); /* the n-th operation of its sort from now fails, once */
bool disk_failed(void);                         /* it has */
void disk_kill_after(int64_t bytes);            /* -1: never; 0: nothing more reaches the disk */
bool disk_is_dead(void);
void disk_revive(void);    /* the process is gone, the machine goes on */
void disk_power_cut(void); /* the machine lost power: what was synced, and torn sectors of the rest */
void disk_lie(bool lies);  /* a disk that says "synced" and has not: only to show that somebody notices */

/* Whether these bytes stand in some file as a power cut at this moment would leave it. */
bool disk_has_durable(const char *bytes, size_t size);
uint64_t disk_digest(void); /* of every file as the system shows it */

typedef struct disk_counts {
    uint64_t writes, syncs, bytes, cuts, torn;
} disk_counts;
disk_counts disk_count(void);

/* Whole files, for what is not SQLite's: written whole or not at all, as fl_place_write promises. */
bool disk_exists(const char *path);
bool disk_store(const char *path, const void *bytes, size_t size);  /* false: dead, or an error */
bool disk_load(const char *path, const char **bytes, size_t *size); /* valid until the next call */
#endif
