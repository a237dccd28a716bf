/* A disk that fails on cue: an SQLite VFS over the real one.
 *
 * It counts writes, truncations, syncs, opens and reads, allocations and system calls. The n-th of the chosen
 * sort fails once, and it * keeps, for every file, what a power cut would leave: the bytes as of the last
 * sync, and the list of what came after.
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
    HELPER_NO_MEMORY,  /* of SQLite */
    HELPER_OUR_MEMORY, /* of the journal itself; only in a program linked with --wrap (tests/CMakeLists.txt)
                        */
    HELPER_SYS_EIO,    /* below SQLite: the system calls open, pread, pwrite, ftruncate */
    HELPER_SYS_ENOSPC, /* pwrite */
    HELPER_SYS_SHORT,  /* pwrite does half: not an error */
    HELPER_SYS_EINTR   /* any of them: not an error */
} helper_fault;

#define HELPER_VFS "faulty"

void helper_vfs_register(void);
/* The n-th (from 1) operation that this fault concerns fails; 0 or HELPER_NONE: none does. Forgets the files.
 */
void helper_vfs_set(helper_fault fault, unsigned n);
bool helper_vfs_fired(void);

/* A disk that answers a sync and does nothing: to see that the rig notices. */
void helper_vfs_lie(bool lies);

/* Called before every write, truncation and sync; NULL: nobody. */
void helper_vfs_watch(void (*before)(void *self), void *self);
typedef enum helper_tear { HELPER_NOTHING_MORE, HELPER_EVERYTHING, HELPER_TORN } helper_tear;
/* Writes into a directory what a power cut at this moment leaves of every file. HELPER_TORN: of the unsynced
 * writes any sectors, of 512 bytes or (odd seeds) of 4096, chosen by the seed; a file that was removed and
 * not synced since may be there again. Returns a number that is the same for the same files; NULL: only that.
 */
uint64_t helper_vfs_cut(const char *directory, helper_tear tear, uint64_t seed);
/* For the wrapped allocators: whether this one must fail. */
bool helper_vfs_starves(void);
/* Between the two files of the shim. */
struct sqlite3_vfs;
void helper_vfs_take_system(struct sqlite3_vfs *real);
bool helper_vfs_strikes(helper_fault fault); /* and it is counted */

#endif
