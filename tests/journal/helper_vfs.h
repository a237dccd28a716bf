/* A disk that fails on cue: an SQLite VFS over the real one.
 *
 * It counts writes, truncations, syncs, opens and reads. The n-th of the chosen sort fails once, and it
 * keeps, for every file, what a power cut would leave: the bytes as of the last sync, and the list of what
 * came after.
 */
#ifndef FL_TESTS_JOURNAL_HELPER_VFS_H
#define FL_TESTS_JOURNAL_HELPER_VFS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum helper_fault {
    HELPER_NONE,
    HELPER_EIO_WRITE,
    HELPER_ENOSPC,
    HELPER_SHORT,
    HELPER_EIO_SYNC,
    HELPER_EIO_OPEN,
    HELPER_EIO_TRUNCATE,
    HELPER_EIO_READ,
    HELPER_NO_MEMORY /* of SQLite */
} helper_fault;

#define HELPER_VFS "faulty"

void helper_vfs_register(void);
/* The n-th (from 1) operation that this fault concerns fails; 0 or HELPER_NONE: none does. Forgets the files.
 */
void helper_vfs_set(helper_fault fault, unsigned n);
bool helper_vfs_fired(void);

/* Called before every write, truncation and sync; NULL: nobody. */
void helper_vfs_watch(void (*before)(void *self), void *self);
typedef enum helper_tear { HELPER_NOTHING_MORE, HELPER_EVERYTHING, HELPER_TORN } helper_tear;
/* Writes into a directory what a power cut at this moment leaves of every file. HELPER_TORN: of the unsynced
 * writes any sectors of 512 bytes, chosen by the seed. */
void helper_vfs_cut(const char *directory, helper_tear tear, uint64_t seed);

#endif
