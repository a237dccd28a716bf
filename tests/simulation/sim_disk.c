#include "sim_disk.h"

#include "sim_os.h"

#include "fadeline/base/random.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FILES 12
#define SECTOR 512
#define MAP_PIECE 32768
#define MOST_MAPS 16

typedef struct bytes {
    char *at;
    int64_t size, room;
} bytes;

typedef struct change { /* since the last sync */
    int64_t at;
    int size;    /* -1: a truncation to `at` */
    size_t from; /* in the file's heap */
} change;

typedef struct disk_file {
    char path[96];
    bool used;
    bytes shown, safe;
    change *changes;
    int change_count, change_room;
    bytes heap;                       /* what the changes wrote */
    int64_t synced_from, last_synced; /* what the newest sync made safe: lowest byte, end of the last write */
    int opened;
    char *map[MOST_MAPS]; /* shared memory of the write-ahead log's index */
} disk_file;

typedef struct handle {
    sqlite3_file base;
    disk_file *file;
} handle;

static struct {
    sqlite3_vfs vfs;
    bool registered;
    disk_file files[MOST_FILES];
    disk_fault fault;
    unsigned nth;
    bool failed, dead, lies;
    int64_t bytes_left;
    fl_random chance;
    disk_counts counts;
} disk = {.bytes_left = -1};

/* ---- bytes ---- */

static void grow(bytes *b, int64_t size)
{
    if (size <= b->room) return;
    int64_t room = b->room ? b->room : 16384;
    while (room < size) room *= 2;
    b->at = realloc(b->at, (size_t)room);
    if (!b->at) abort();
    b->room = room;
}

static void put(bytes *b, int64_t at, const void *from, int64_t size)
{
    grow(b, at + size);
    if (at > b->size) memset(b->at + b->size, 0, (size_t)(at - b->size));
    memcpy(b->at + at, from, (size_t)size);
    if (at + size > b->size) b->size = at + size;
}

static void copy(bytes *to, const bytes *from)
{
    to->size = 0;
    if (from->size) put(to, 0, from->at, from->size);
}

/* ---- files ---- */

static disk_file *find(const char *path)
{
    for (int i = 0; i < MOST_FILES; i++)
        if (disk.files[i].used && strcmp(disk.files[i].path, path) == 0) return &disk.files[i];
    return NULL;
}

static void forget_changes(disk_file *f)
{
    f->change_count = 0;
    f->heap.size = 0;
}

static void forget_maps(disk_file *f)
{
    for (int i = 0; i < MOST_MAPS; i++) {
        free(f->map[i]);
        f->map[i] = NULL;
    }
}

/* Storage stays for the next file in this place. */
static void forget(disk_file *f)
{
    forget_maps(f);
    forget_changes(f);
    f->shown.size = f->safe.size = f->synced_from = f->last_synced = 0;
    f->used = false;
    f->opened = 0;
}

static disk_file *make(const char *path)
{
    for (int i = 0; i < MOST_FILES; i++) {
        disk_file *f = &disk.files[i];
        if (f->used) continue;
        snprintf(f->path, sizeof f->path, "%s", path);
        f->used = true;
        return f;
    }
    abort();
}

static void note(disk_file *f, int64_t at, const void *from, int size)
{
    if (f->change_count == f->change_room) {
        f->change_room = f->change_room ? 2 * f->change_room : 64;
        f->changes = realloc(f->changes, (size_t)f->change_room * sizeof *f->changes);
        if (!f->changes) abort();
    }
    f->changes[f->change_count++] = (change){at, size, (size_t)f->heap.size};
    if (size > 0) put(&f->heap, f->heap.size, from, size);
}

static void apply(disk_file *f, const change *c)
{
    if (c->size < 0) {
        if (c->at < f->safe.size) f->safe.size = c->at;
    } else {
        put(&f->safe, c->at, f->heap.at + c->from, c->size);
        if (c->at < f->synced_from) f->synced_from = c->at;
        f->last_synced = c->at + c->size;
    }
}

static void make_safe(disk_file *f)
{
    if (f->change_count) f->synced_from = INT64_MAX;
    for (int i = 0; i < f->change_count; i++) apply(f, &f->changes[i]);
    forget_changes(f);
}

/* Any sectors of what was written since the last sync, in any mixture. */
static void tear(disk_file *f)
{
    for (int i = 0; i < f->change_count; i++) {
        const change *c = &f->changes[i];
        if (c->size < 0) {
            if (fl_random_u64(&disk.chance) & 1) apply(f, c);
            continue;
        }
        for (int done = 0; done < c->size;) {
            const int64_t at = c->at + done;
            int some = (int)((at / SECTOR + 1) * SECTOR - at);
            if (some > c->size - done) some = c->size - done;
            if (fl_random_u64(&disk.chance) & 1)
                put(&f->safe, at, f->heap.at + c->from + done, some);
            else
                disk.counts.torn++;
            done += some;
        }
    }
    forget_changes(f);
}

/* ---- what goes wrong ---- */

static bool strikes(disk_fault fault)
{
    if (disk.fault != fault || disk.nth == 0 || --disk.nth) return false;
    disk.fault = DISK_GOOD;
    return disk.failed = true;
}

/* How many of so many bytes reach the disk before the process dies. */
static int survives(int size)
{
    if (disk.dead) return 0;
    if (disk.bytes_left < 0) return size;
    if (size <= disk.bytes_left) {
        disk.bytes_left -= size;
        return size;
    }
    disk.dead = true;
    const int left = (int)disk.bytes_left;
    disk.bytes_left = 0;
    return left;
}

/* ---- SQLite's methods ---- */

static int on_close(sqlite3_file *file)
{
    disk_file *f = ((handle *)file)->file;
    if (f && f->used && f->opened > 0 && --f->opened == 0) forget_maps(f);
    return SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    const disk_file *f = ((handle *)file)->file;
    if (disk.dead || strikes(DISK_EIO_READ)) return SQLITE_IOERR_READ;
    const int64_t there = f->shown.size - at;
    const int got = there >= size ? size : there > 0 ? (int)there : 0;
    if (got) memcpy(to, f->shown.at + at, (size_t)got);
    if (got == size) return SQLITE_OK;
    memset((char *)to + got, 0, (size_t)(size - got));
    return SQLITE_IOERR_SHORT_READ;
}

static void write_some(disk_file *f, const void *from, int size, int64_t at)
{
    if (size <= 0) return;
    put(&f->shown, at, from, size);
    note(f, at, from, size);
    disk.counts.writes++;
    disk.counts.bytes += (uint64_t)size;
}

static int on_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    disk_file *f = ((handle *)file)->file;
    if (disk.dead) return SQLITE_IOERR_WRITE;
    if (strikes(DISK_EIO_WRITE)) return SQLITE_IOERR_WRITE;
    if (strikes(DISK_FULL)) return SQLITE_FULL;
    if (strikes(DISK_SHORT)) {
        write_some(f, from, size / 2, at);
        return SQLITE_FULL;
    }
    const int some = survives(size);
    write_some(f, from, some, at);
    return some == size ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    disk_file *f = ((handle *)file)->file;
    if (disk.dead) return SQLITE_IOERR_TRUNCATE;
    if (size < f->shown.size) f->shown.size = size;
    note(f, size, NULL, -1);
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *file, int flags)
{
    disk_file *f = ((handle *)file)->file;
    (void)flags;
    if (disk.dead) return SQLITE_IOERR_FSYNC;
    disk.counts.syncs++;
    /* After a failed sync nobody knows what is on the disk: it stays unsafe for ever. */
    if (strikes(DISK_EIO_SYNC)) return SQLITE_IOERR_FSYNC;
    if (disk.bytes_left == 0) {
        disk.dead = true;
        return SQLITE_IOERR_FSYNC;
    }
    if (!disk.lies) make_safe(f);
    return SQLITE_OK;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = ((handle *)file)->file->shown.size;
    return SQLITE_OK;
}

/* One process and one thread: whoever asks for a lock has it, but nobody is alone while another looks. */
static int on_lock(sqlite3_file *file, int level)
{
    const disk_file *f = ((handle *)file)->file;
    return level == SQLITE_LOCK_EXCLUSIVE && f->opened > 1 ? SQLITE_BUSY : SQLITE_OK;
}
static int on_unlock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}
static int on_reserved(sqlite3_file *file, int *out)
{
    (void)file;
    *out = 0;
    return SQLITE_OK;
}
static int on_control(sqlite3_file *file, int op, void *argument)
{
    (void)file;
    (void)op;
    (void)argument;
    return SQLITE_NOTFOUND;
}
static int on_sector(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}
static int on_traits(sqlite3_file *file)
{
    (void)file;
    return 0; /* nothing is atomic, nothing is in order */
}
static int on_map(sqlite3_file *file, int piece, int size, int extend, void volatile **out)
{
    disk_file *f = ((handle *)file)->file;
    if (piece >= MOST_MAPS || size != MAP_PIECE) return SQLITE_IOERR_SHMMAP;
    if (!f->map[piece] && extend) f->map[piece] = calloc(1, MAP_PIECE);
    *out = f->map[piece];
    return SQLITE_OK;
}
static int on_map_lock(sqlite3_file *file, int offset, int n, int flags)
{
    (void)file;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}
static void on_barrier(sqlite3_file *file)
{
    (void)file;
}
static int on_unmap(sqlite3_file *file, int remove)
{
    (void)file;
    (void)remove;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_traits,
    .xShmMap = on_map,
    .xShmLock = on_map_lock,
    .xShmBarrier = on_barrier,
    .xShmUnmap = on_unmap,
};

static int on_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    handle *h = (handle *)file;
    *h = (handle){0};
    if (disk.dead || strikes(DISK_EIO_OPEN)) return SQLITE_CANTOPEN;
    if (!name) return SQLITE_CANTOPEN; /* a temporary file: the journal needs none */
    disk_file *f = find(name);
    if (!f && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (!f) f = make(name);
    f->opened++;
    h->file = f;
    h->base.pMethods = &methods;
    if (out) *out = flags;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)sync;
    if (disk.dead) return SQLITE_IOERR_DELETE;
    disk_file *f = find(name);
    if (!f) return SQLITE_IOERR_DELETE_NOENT;
    forget(f);
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    const disk_file *f = find(name);
    *out = f && (flags != SQLITE_ACCESS_EXISTS || f->shown.size > 0);
    return SQLITE_OK;
}

static int on_full_name(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)room, "%s", name);
    return SQLITE_OK;
}

static int on_random(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    for (int i = 0; i < size; i++) out[i] = (char)fl_random_u64(&disk.chance);
    return size;
}

static int on_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int on_time(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
    (void)vfs;
    *ms = 210866760000000 + sim_os_utc_us() / 1000; /* Julian days in ms */
    return SQLITE_OK;
}

static int on_time_days(sqlite3_vfs *vfs, double *days)
{
    sqlite3_int64 ms;
    on_time(vfs, &ms);
    *days = (double)ms / 86400000.0;
    return SQLITE_OK;
}

static int on_error(sqlite3_vfs *vfs, int room, char *out)
{
    (void)vfs;
    if (room > 0) out[0] = 0;
    return 0;
}

void disk_register(void)
{
    if (disk.registered) return;
    disk.registered = true;
    disk.vfs = (sqlite3_vfs){.iVersion = 2,
                             .szOsFile = (int)sizeof(handle),
                             .mxPathname = 90,
                             .zName = DISK_VFS,
                             .xOpen = on_open,
                             .xDelete = on_delete,
                             .xAccess = on_access,
                             .xFullPathname = on_full_name,
                             .xRandomness = on_random,
                             .xSleep = on_sleep,
                             .xCurrentTime = on_time_days,
                             .xGetLastError = on_error,
                             .xCurrentTimeInt64 = on_time};
    /* The default one as well: SQLite's own random numbers come from it. */
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK) abort();
}

/* ---- hands on the disk ---- */

void disk_format(uint64_t seed)
{
    for (int i = 0; i < MOST_FILES; i++)
        if (disk.files[i].used) forget(&disk.files[i]);
    disk.fault = DISK_GOOD;
    disk.nth = 0;
    disk.failed = disk.dead = disk.lies = false;
    disk.bytes_left = -1;
    disk.counts = (disk_counts){0};
    fl_random_init(&disk.chance, seed, 21);
    sqlite3_randomness(0, NULL); /* begins anew from on_random */
}

void disk_fail(disk_fault fault, unsigned nth)
{
    disk.fault = fault;
    disk.nth = nth;
    disk.failed = false;
}
bool disk_failed(void)
{
    return disk.failed;
}
void disk_kill_after(int64_t left)
{
    disk.bytes_left = left;
    if (left == 0) disk.dead = true;
}
bool disk_is_dead(void)
{
    return disk.dead;
}

void disk_revive(void)
{
    for (int i = 0; i < MOST_FILES; i++) {
        if (!disk.files[i].used) continue;
        disk.files[i].opened = 0;
        forget_maps(&disk.files[i]);
    }
    disk.dead = false;
    disk.bytes_left = -1;
    disk.fault = DISK_GOOD;
}

void disk_power_cut(void)
{
    for (int i = 0; i < MOST_FILES; i++) {
        disk_file *f = &disk.files[i];
        if (!f->used) continue;
        tear(f);
        copy(&f->shown, &f->safe);
    }
    disk.counts.cuts++;
    disk_revive();
}

void disk_lie(bool lies)
{
    disk.lies = lies;
}

/* Where the newest record that was asked for stands: asked for again, those bytes are looked at first. */
static struct {
    const disk_file *file;
    int64_t at;
} found;

static bool holds(const disk_file *f, int64_t from, int64_t to, const char *what, size_t size)
{
    if (from < 0) from = 0;
    if (to > f->safe.size) to = f->safe.size;
    if (!f->used || to <= from) return false;
    const char *at = memmem(f->safe.at + from, (size_t)(to - from), what, size);
    if (!at) return false;
    found.file = f;
    found.at = at - f->safe.at;
    return true;
}

/* The same question of more and more bytes, the last time of the whole disk: only the time differs. */
bool disk_has_durable(const char *what, size_t size)
{
    const disk_file *f = found.file;
    if (f && holds(f, found.at, found.at + (int64_t)size, what, size)) return true;
    if (f && holds(f, f->synced_from, f->last_synced, what, size)) return true;
    for (int i = 0; i < MOST_FILES; i++) {
        f = &disk.files[i];
        if (holds(f, f->last_synced - 32768, f->last_synced, what, size)) return true;
    }
    for (int i = 0; i < MOST_FILES; i++) {
        f = &disk.files[i];
        if (holds(f, 0, f->safe.size, what, size)) return true;
    }
    return false;
}

uint64_t disk_digest(void)
{
    uint64_t digest = 1;
    for (int i = 0; i < MOST_FILES; i++) {
        const disk_file *f = &disk.files[i];
        if (!f->used) continue;
        digest = sim_mix(digest, f->path, strlen(f->path));
        if (f->shown.size) digest = sim_mix(digest, f->shown.at, (size_t)f->shown.size);
    }
    return digest;
}

disk_counts disk_count(void)
{
    return disk.counts;
}

bool disk_exists(const char *path)
{
    return find(path) != NULL;
}

bool disk_store(const char *path, const void *from, size_t size)
{
    if (disk.dead || survives((int)size) != (int)size) return false;
    disk_file *f = find(path);
    if (!f) f = make(path);
    f->shown.size = f->safe.size = 0;
    if (size) put(&f->shown, 0, from, (int64_t)size);
    copy(&f->safe, &f->shown);
    return true;
}

bool disk_load(const char *path, const char **out, size_t *size)
{
    const disk_file *f = find(path);
    if (!f || disk.dead) return false;
    *out = f->shown.at;
    *size = (size_t)f->shown.size;
    return true;
}
