#include "helper_vfs.h"

#include "fadeline/base/random.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FILES 8

typedef struct write {
    int64_t at;
    char *bytes; /* NULL: a truncation to `at` */
    int size;
} write;

/* One path: the bytes a sync has made safe, and what was done since. */
typedef struct disk_file {
    char path[512];
    bool used;
    char *safe;
    int64_t safe_size;
    write *later;
    int later_count, later_room;
    char *ghost; /* the file of this name that was removed, until the next sync makes that sure */
    int64_t ghost_size;
    bool gone; /* and not made again */
} disk_file;

typedef struct shim_file {
    sqlite3_file base;
    disk_file *disk; /* NULL: not watched */
    sqlite3_file *real;
} shim_file;

static struct {
    sqlite3_vfs vfs, *real;
    helper_fault fault;
    unsigned n, seen;
    bool fired, lies;
    volatile bool
        at_work; /* the allocations are the shim's own; a compiler knows that realloc would not look */
    void (*before)(void *self);
    void *self;
    disk_file files[MOST_FILES];
} shim;

/* The shim's own memory never fails: it is not what is tested. */
static void *own(void *memory, size_t size)
{
    const bool was = shim.at_work;
    shim.at_work = true;
    void *got = realloc(memory, size ? size : 1);
    shim.at_work = was;
    if (!got) abort();
    return got;
}

static bool strikes(helper_fault a, helper_fault b, helper_fault c)
{
    if (shim.at_work || shim.fault == HELPER_NONE || (shim.fault != a && shim.fault != b && shim.fault != c))
        return false;
    if (++shim.seen != shim.n) return false;
    return shim.fired = true;
}

static void tell(void)
{
    if (!shim.before) return;
    void (*before)(void *) = shim.before;
    shim.before = NULL; /* what the watcher does itself is not watched */
    shim.at_work = true;
    before(shim.self);
    shim.at_work = false;
    shim.before = before;
}

static void add(disk_file *disk, write w)
{
    if (disk->later_count == disk->later_room) {
        disk->later_room = disk->later_room ? 2 * disk->later_room : 64;
        disk->later = own(disk->later, (size_t)disk->later_room * sizeof *disk->later);
    }
    disk->later[disk->later_count++] = w;
}

static void apply(char **bytes, int64_t *size, int64_t at, const char *from, int64_t count)
{
    if (!from) {
        if (at < *size) *size = at;
        return;
    }
    if (at + count > *size) {
        *bytes = own(*bytes, (size_t)(at + count));
        if (at > *size) memset(*bytes + *size, 0, (size_t)(at - *size));
        *size = at + count;
    }
    if (count) memcpy(*bytes + at, from, (size_t)count);
}

static void forget_later(disk_file *disk)
{
    for (int i = 0; i < disk->later_count; i++) free(disk->later[i].bytes);
    disk->later_count = 0;
}

static void forget(disk_file *disk)
{
    forget_later(disk);
    free(disk->ghost);
    free(disk->later);
    free(disk->safe);
    *disk = (disk_file){0};
}

static disk_file *watch_path(const char *path)
{
    disk_file *empty = NULL;
    for (int i = 0; i < MOST_FILES; i++) {
        if (shim.files[i].used && strcmp(shim.files[i].path, path) == 0)
            return shim.files[i].gone = false, &shim.files[i];
        if (!shim.files[i].used && !empty) empty = &shim.files[i];
    }
    if (!empty) abort();
    empty->used = true;
    snprintf(empty->path, sizeof empty->path, "%s", path);
    FILE *file = fopen(path, "re"); /* what was there before we looked is taken as safe */
    char chunk[4096];
    for (size_t got; file && (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        apply(&empty->safe, &empty->safe_size, empty->safe_size, chunk, (int64_t)got);
    if (file) fclose(file);
    return empty;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((shim_file *)file)->real;
}

static int shim_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    const int code = real->pMethods->xClose(real);
    sqlite3_free(real);
    return code;
}

static int shim_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
    if (strikes(HELPER_EIO_READ, HELPER_EIO_READ, HELPER_EIO_READ)) return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), bytes, size, at);
}

static int do_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    disk_file *disk = ((shim_file *)file)->disk;
    if (disk && size) {
        char *copy = own(NULL, (size_t)size);
        memcpy(copy, bytes, (size_t)size);
        add(disk, (write){at, copy, size});
    }
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, size, at);
}

static int shim_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    tell();
    if (strikes(HELPER_EIO_WRITE, HELPER_ENOSPC, HELPER_SHORT)) {
        if (shim.fault == HELPER_SHORT && do_write(file, bytes, size / 2, at) != SQLITE_OK)
            return SQLITE_IOERR_WRITE;
        return shim.fault == HELPER_EIO_WRITE ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    }
    return do_write(file, bytes, size, at);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    disk_file *disk = ((shim_file *)file)->disk;
    tell();
    if (strikes(HELPER_EIO_TRUNCATE, HELPER_EIO_TRUNCATE, HELPER_EIO_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
    if (disk) add(disk, (write){size, NULL, 0});
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    disk_file *disk = ((shim_file *)file)->disk;
    tell();
    /* After a failed sync the pages count as clean and may never be written: the unsynced writes stay unsafe.
     */
    if (strikes(HELPER_EIO_SYNC, HELPER_EIO_SYNC, HELPER_EIO_SYNC)) return SQLITE_IOERR_FSYNC;
    (void)flags; /* our image is the disk; the real one is spared */
    if (shim.lies) return SQLITE_OK;
    /* A journalling file system: what was removed before a sync of anything beside it is gone. */
    for (int i = 0; i < MOST_FILES; i++) {
        free(shim.files[i].ghost);
        shim.files[i].ghost = NULL;
    }
    for (int i = 0; disk && i < disk->later_count; i++)
        apply(&disk->safe, &disk->safe_size, disk->later[i].at, disk->later[i].bytes, disk->later[i].size);
    if (disk) forget_later(disk);
    return SQLITE_OK;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
static int shim_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
static int shim_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
static int shim_reserved(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
static int shim_control(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}
static int shim_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
/* A plain disk: nothing it writes is atomic, nor kept when power fails. */
static int shim_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}
static int shim_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}
static void shim_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
static int shim_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_traits,
    .xShmMap = shim_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_barrier,
    .xShmUnmap = shim_unmap,
};

static int shim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    shim_file *opened = (shim_file *)file;
    *opened = (shim_file){0};
    if (strikes(HELPER_EIO_OPEN, HELPER_EIO_OPEN, HELPER_EIO_OPEN)) return SQLITE_CANTOPEN;
    sqlite3_file *real = sqlite3_malloc(shim.real->szOsFile);
    if (!real) return SQLITE_NOMEM;
    memset(real, 0, (size_t)shim.real->szOsFile);
    const int code = shim.real->xOpen(shim.real, name, real, flags, out);
    if (code != SQLITE_OK) {
        if (real->pMethods) real->pMethods->xClose(real);
        sqlite3_free(real);
        return code;
    }
    opened->real = real;
    opened->disk = name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
                       ? watch_path(name)
                       : NULL;
    opened->base.pMethods = &methods;
    return SQLITE_OK;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    for (int i = 0; i < MOST_FILES; i++) {
        disk_file *disk = &shim.files[i];
        if (!disk->used || strcmp(disk->path, name) != 0) continue;
        char *ghost = sync ? NULL : disk->safe;
        const int64_t ghost_size = disk->safe_size;
        if (ghost) disk->safe = NULL;
        forget(disk);
        if (!ghost) continue;
        *disk = (disk_file){.used = true, .gone = true, .ghost = ghost, .ghost_size = ghost_size};
        snprintf(disk->path, sizeof disk->path, "%s", name);
    }
    return shim.real->xDelete(shim.real, name, sync);
}

static sqlite3_mem_methods real_memory;

static void *shim_malloc(int size)
{
    if (strikes(HELPER_NO_MEMORY, HELPER_NO_MEMORY, HELPER_NO_MEMORY)) return NULL;
    return real_memory.xMalloc(size);
}

static void *shim_realloc(void *memory, int size)
{
    if (strikes(HELPER_NO_MEMORY, HELPER_NO_MEMORY, HELPER_NO_MEMORY)) return NULL;
    return real_memory.xRealloc(memory, size);
}

void helper_vfs_register(void)
{
    if (shim.real) return;
    /* Only before SQLite was ever used; a test that needs failing memory registers first. */
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory) == SQLITE_OK) {
        sqlite3_mem_methods memory = real_memory;
        memory.xMalloc = shim_malloc;
        memory.xRealloc = shim_realloc;
        if (sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) != SQLITE_OK) abort();
    }
    shim.real = sqlite3_vfs_find(NULL);
    if (!shim.real) abort();
    shim.vfs = *shim.real; /* what is not replaced does not look at which VFS it is called for */
    shim.vfs.zName = HELPER_VFS;
    shim.vfs.pNext = NULL;
    shim.vfs.szOsFile = (int)sizeof(shim_file);
    shim.vfs.xOpen = shim_open;
    shim.vfs.xDelete = shim_delete;
    if (sqlite3_vfs_register(&shim.vfs, 0) != SQLITE_OK) abort();
    helper_vfs_take_system(shim.real);
}

void helper_vfs_set(helper_fault fault, unsigned n)
{
    for (int i = 0; i < MOST_FILES; i++) forget(&shim.files[i]);
    shim.fault = fault;
    shim.n = n;
    shim.seen = 0;
    shim.fired = false;
}

bool helper_vfs_fired(void)
{
    return shim.fired;
}

void helper_vfs_lie(bool lies)
{
    shim.lies = lies;
}

void helper_vfs_watch(void (*before)(void *self), void *self)
{
    shim.before = before;
    shim.self = self;
}

static void tear_write(char **bytes, int64_t *size, const write *w, helper_tear tear, int64_t sector,
                       fl_random *random)
{
    if (tear == HELPER_EVERYTHING || !w->bytes) {
        if (tear == HELPER_EVERYTHING || fl_random_u64(random) % 2)
            apply(bytes, size, w->at, w->bytes, w->size);
        return;
    }
    for (int64_t at = w->at; at < w->at + w->size;) {
        int64_t next = (at / sector + 1) * sector;
        if (next > w->at + w->size) next = w->at + w->size;
        if (fl_random_u64(random) % 2) apply(bytes, size, at, w->bytes + (at - w->at), next - at);
        at = next;
    }
}

/* The file as it would be; false: there would be none. */
static bool picture(const disk_file *disk, helper_tear tear, uint64_t seed, fl_random *random, char **bytes,
                    int64_t *size)
{
    if (disk->ghost && (tear == HELPER_NOTHING_MORE || (tear == HELPER_TORN && fl_random_u64(random) % 2))) {
        apply(bytes, size, 0, disk->ghost, disk->ghost_size);
        return true;
    }
    if (disk->gone) return false;
    apply(bytes, size, 0, disk->safe ? disk->safe : "", disk->safe_size);
    for (int w = 0; tear != HELPER_NOTHING_MORE && w < disk->later_count; w++)
        tear_write(bytes, size, &disk->later[w], tear, seed % 2 ? 4096 : 512, random);
    return true;
}

static uint64_t number_of(uint64_t number, const char *bytes, int64_t size)
{
    for (int64_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, size - at < 8 ? (size_t)(size - at) : 8);
        number = (number ^ word) * 0x9E3779B97F4A7C15u;
        number ^= number >> 29;
    }
    return (number ^ (uint64_t)size) * 0xBF58476D1CE4E5B9u;
}

uint64_t helper_vfs_cut(const char *directory, helper_tear tear, uint64_t seed)
{
    fl_random random;
    fl_random_init(&random, seed, 11);
    uint64_t number = 1;
    for (int i = 0; i < MOST_FILES; i++) {
        const disk_file *disk = &shim.files[i];
        int64_t size = 0;
        char *bytes = NULL, path[1024];
        if (!disk->used || !picture(disk, tear, seed, &random, &bytes, &size)) continue;
        const char *name = strrchr(disk->path, '/') + 1;
        number = number_of(number_of(number, name, (int64_t)strlen(name)), bytes ? bytes : "", size);
        if (directory) {
            snprintf(path, sizeof path, "%s/%s", directory, name);
            FILE *file = fopen(path, "we");
            if (!file || fwrite(bytes ? bytes : "", 1, (size_t)size, file) != (size_t)size ||
                fclose(file) != 0)
                abort();
        }
        free(bytes);
    }
    return number;
}

bool helper_vfs_starves(void)
{
    return strikes(HELPER_OUR_MEMORY, HELPER_OUR_MEMORY, HELPER_OUR_MEMORY);
}

bool helper_vfs_strikes(helper_fault fault)
{
    return strikes(fault, fault, fault);
}
