/* Below SQLite: the system calls its own VFS makes, failing on cue as the system would. */
#include "helper_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* Which of these it uses was chosen when it was built. */
static struct {
    int (*open)(const char *path, int flags, int mode);
    ssize_t (*read)(int file, void *bytes, size_t size);
    ssize_t (*write)(int file, const void *bytes, size_t size);
    ssize_t (*pread)(int file, void *bytes, size_t size, off_t at);
    ssize_t (*pwrite)(int file, const void *bytes, size_t size, off_t at);
    int (*ftruncate)(int file, off_t size);
} system_calls;

static bool interrupts(void)
{
    if (helper_vfs_strikes(HELPER_SYS_EIO)) return errno = EIO, true;
    if (helper_vfs_strikes(HELPER_SYS_EINTR)) return errno = EINTR, true;
    return false;
}

static int sys_open(const char *path, int flags, int mode)
{
    return interrupts() ? -1 : system_calls.open(path, flags, mode);
}
static ssize_t sys_read(int file, void *bytes, size_t size)
{
    return interrupts() ? -1 : system_calls.read(file, bytes, size);
}
static ssize_t sys_pread(int file, void *bytes, size_t size, off_t at)
{
    return interrupts() ? -1 : system_calls.pread(file, bytes, size, at);
}
static size_t cut_short(size_t size)
{
    return size > 1 && helper_vfs_strikes(HELPER_SYS_SHORT) ? size / 2 : size;
}
static bool no_write(void)
{
    if (interrupts()) return true;
    if (!helper_vfs_strikes(HELPER_SYS_ENOSPC)) return false;
    errno = ENOSPC;
    return true;
}
static ssize_t sys_write(int file, const void *bytes, size_t size)
{
    return no_write() ? -1 : system_calls.write(file, bytes, cut_short(size));
}
static ssize_t sys_pwrite(int file, const void *bytes, size_t size, off_t at)
{
    return no_write() ? -1 : system_calls.pwrite(file, bytes, cut_short(size), at);
}
static int sys_ftruncate(int file, off_t size)
{
    return interrupts() ? -1 : system_calls.ftruncate(file, size);
}

/* SQLite hands functions about as sqlite3_syscall_ptr, whatever they are. */
#define TAKE(name, field, mine)                                                                              \
    do {                                                                                                     \
        sqlite3_syscall_ptr theirs = real->xGetSystemCall(real, name);                                       \
        if (theirs && (void *)theirs != (void *)(mine)) {                                                    \
            memcpy(&system_calls.field, &theirs, sizeof theirs);                                             \
            if (real->xSetSystemCall(real, name, (sqlite3_syscall_ptr)(void *)(mine)) != SQLITE_OK) abort(); \
        }                                                                                                    \
    } while (0)

void helper_vfs_take_system(sqlite3_vfs *real)
{
    TAKE("open", open, sys_open);
    TAKE("read", read, sys_read);
    TAKE("write", write, sys_write);
    TAKE("pread", pread, sys_pread);
    TAKE("pread64", pread, sys_pread);
    TAKE("pwrite", pwrite, sys_pwrite);
    TAKE("pwrite64", pwrite, sys_pwrite);
    TAKE("ftruncate", ftruncate, sys_ftruncate);
}
