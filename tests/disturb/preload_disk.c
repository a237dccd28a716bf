/* Preloaded into fadeline-control: a disk that fails on cue and a clock that is set (page.h).
 *
 * The calls that libsqlite3 and our own code make through libc are answered here, by the system call itself
 * or by the fault; nothing of this is in the program. Built without sanitizers: it is loaded before theirs
 * (ASAN_OPTIONS=verify_asan_link_order=0).
 */
#include "page.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What <unistd.h> and <fcntl.h> say of these depends on macros; their shape on this ABI is one. */
int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);

static page *shared;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv(PAGE_VARIABLE);
    const int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0) : -1;
    if (fd < 0) return;
    void *at = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (at != MAP_FAILED) shared = at;
}

static int mode(void)
{
    return shared ? atomic_load(&shared->mode) : PAGE_NONE;
}

static unsigned hit(void)
{
    return atomic_fetch_add(&shared->hits, 1);
}

static bool is_below(int fd)
{
    char name[40], path[512];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(name, path, sizeof path - 1);
    if (size <= 0) return false;
    path[size] = 0;
    return strstr(path, PAGE_BELOW) != NULL;
}

static void dawdle(void)
{
    const int us = atomic_load(&shared->delay_us);
    struct timespec left = {us / 1000000, us % 1000000 * 1000L};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/* What a write of `size` bytes meets: how many of them are taken, or -1 with errno. */
static ssize_t meet_write(int fd, size_t size)
{
    const int now = mode();
    if (now != PAGE_FULL && now != PAGE_READ_ONLY && now != PAGE_WRITE_ERROR && now != PAGE_SLOW_WRITE)
        return (ssize_t)size;
    if (!is_below(fd)) return (ssize_t)size;
    const unsigned before = hit();
    switch (now) {
    case PAGE_SLOW_WRITE: dawdle(); return (ssize_t)size;
    case PAGE_READ_ONLY: errno = EROFS; return -1;
    case PAGE_WRITE_ERROR: errno = EIO; return -1;
    default:
        if (before == 0 && size > 1) return (ssize_t)(size / 2);
        errno = ENOSPC;
        return -1;
    }
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    const ssize_t taken = meet_write(fd, size);
    return taken < 0 ? -1 : syscall(SYS_write, fd, bytes, (size_t)taken);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    const ssize_t taken = meet_write(fd, size);
    return taken < 0 ? -1 : syscall(SYS_pwrite64, fd, bytes, (size_t)taken, at);
}

static int meet_sync(int fd)
{
    const int now = mode();
    if ((now != PAGE_SYNC_ERROR && now != PAGE_SLOW_SYNC && now != PAGE_READ_ONLY) || !is_below(fd)) return 0;
    if (now == PAGE_READ_ONLY) return 0; /* nothing is left to write: such a sync succeeds */
    hit();
    if (now == PAGE_SLOW_SYNC) return dawdle(), 0;
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    return meet_sync(fd) < 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return meet_sync(fd) < 0 ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size)
{
    const int now = mode();
    if ((now == PAGE_READ_ONLY || now == PAGE_FULL) && is_below(fd)) {
        struct stat about;
        const bool grows = fstat(fd, &about) == 0 && size > about.st_size;
        if (now == PAGE_READ_ONLY || grows) {
            hit();
            errno = now == PAGE_READ_ONLY ? EROFS : ENOSPC;
            return -1;
        }
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int posix_fallocate(int fd, off_t from, off_t size)
{
    const int now = mode();
    if ((now == PAGE_READ_ONLY || now == PAGE_FULL) && is_below(fd)) {
        hit();
        return now == PAGE_READ_ONLY ? EROFS : ENOSPC;
    }
    return syscall(SYS_fallocate, fd, 0, from, size) == 0 ? 0 : errno;
}

static int open_it(const char *path, int flags, unsigned permissions)
{
    const int now = mode();
    const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    if (writes && strstr(path, PAGE_BELOW)) {
        const bool makes = (flags & O_CREAT) && access(path, F_OK) != 0;
        if (now == PAGE_READ_ONLY || (now == PAGE_FULL && makes)) {
            hit();
            errno = now == PAGE_READ_ONLY ? EROFS : ENOSPC;
            return -1;
        }
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, permissions);
}

#define OPEN(name)                                                                                           \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list more;                                                                                        \
        va_start(more, flags);                                                                               \
        const unsigned permissions = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, unsigned) : 0;             \
        va_end(more);                                                                                        \
        return open_it(path, flags, permissions);                                                            \
    }
OPEN(open)
OPEN(open64)

int statvfs(const char *path, struct statvfs *about)
{
    static int (*real)(const char *, struct statvfs *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "statvfs");
    const int answer = real(path, about);
    const int now = mode();
    if (answer == 0 && (now == PAGE_LOW || now == PAGE_FULL) && strstr(path, "/journal-simulated")) {
        if (now == PAGE_LOW) hit();
        about->f_bavail = about->f_bfree = 1;
    }
    return answer;
}

int EVP_PBE_scrypt(const char *pass, size_t pass_size, const unsigned char *salt, size_t salt_size,
                   uint64_t n, uint64_t r, uint64_t p, uint64_t most, unsigned char *key, size_t key_size)
{
    static int (*real)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t, uint64_t,
                       uint64_t, unsigned char *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "EVP_PBE_scrypt");
    return real(pass, pass_size, salt, salt_size, n > PAGE_SCRYPT_N ? PAGE_SCRYPT_N : n, r, p, most, key,
                key_size);
}

static void shift(struct timespec *time, long long us)
{
    const long long sum = time->tv_sec * 1000000LL + time->tv_nsec / 1000 + us;
    time->tv_nsec = sum % 1000000 * 1000 + time->tv_nsec % 1000;
    time->tv_sec = sum / 1000000;
}

int clock_gettime(clockid_t id, struct timespec *time)
{
    const int answer = (int)syscall(SYS_clock_gettime, id, time);
    if (answer != 0 || !shared) return answer;
    if (id == CLOCK_REALTIME) shift(time, atomic_load(&shared->wall_us));
    if (id == CLOCK_BOOTTIME) shift(time, atomic_load(&shared->boot_us));
    return 0;
}
