#include "nvm.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOT 256
#define FORMAT "SIM fadeline-twin state 1 uid=%s seq=%016llX k=%016llX g=%016llX ln=%08X n=%016llX r="
#define HINT_OTHER "give another --state file, or move this one away to start at zero"

static void slot_write(const nvm *memory, char slot[SLOT])
{
    char room[SLOT + 1];
    fl_text text = fl_text_in(room, sizeof room);
    const nvm_record *now = &memory->now;
    fl_text_add(&text, FORMAT, memory->uid, (unsigned long long)memory->sequence,
                (unsigned long long)now->kept.k, (unsigned long long)now->kept.g, (unsigned)now->flashes,
                (unsigned long long)now->kept.anchor_n);
    for (size_t i = 0; i < 32; i++) fl_text_add(&text, "%02X", (unsigned)now->kept.anchor_r[i]);
    fl_text_add(&text, " *%08X", (unsigned)fl_crc32c(0, room, text.length));
    memset(slot, ' ', SLOT);
    memcpy(slot, room, text.length);
    slot[SLOT - 1] = '\n';
}

/* After `key`, so many upper-case digits. */
static bool slot_hex(const char *line, const char *key, unsigned digits, uint64_t *value)
{
    const char *at = strstr(line, key);
    return at && gl1_read_hex(at + strlen(key), digits, value);
}

static bool slot_read(const char slot[SLOT], nvm *found)
{
    char line[SLOT + 1];
    memcpy(line, slot, SLOT);
    line[SLOT] = 0;
    char *star = strrchr(line, '*');
    uint64_t check, k, g, flashes, n, sequence;
    if (!star || !gl1_read_hex(star + 1, 8, &check)) return false;
    if (fl_crc32c(0, line, (size_t)(star - line) - 1) != check) return false;
    if (sscanf(line, "SIM fadeline-twin state 1 uid=%32s", found->uid) != 1) return false;
    const char *root = strstr(line, " r=");
    if (!root || !slot_hex(line, " seq=", 16, &sequence) || !slot_hex(line, " k=", 16, &k) ||
        !slot_hex(line, " g=", 16, &g) || !slot_hex(line, " ln=", 8, &flashes) ||
        !slot_hex(line, " n=", 16, &n))
        return false;
    for (size_t i = 0; i < 32; i++) {
        uint64_t byte;
        if (!gl1_read_hex(root + 3 + 2 * i, 2, &byte)) return false;
        found->now.kept.anchor_r[i] = (uint8_t)byte;
    }
    found->sequence = sequence;
    found->now.kept.k = k;
    found->now.kept.g = g;
    found->now.kept.anchor_n = n;
    found->now.flashes = (uint32_t)flashes;
    return true;
}

static fl_status write_slot(nvm *memory, bool durable, fl_error *error)
{
    if (memory->fd < 0) return FL_OK;
    char slot[SLOT];
    memory->sequence++;
    slot_write(memory, slot);
    const off_t at = (off_t)(memory->sequence % 2 * SLOT);
    const ssize_t written = pwrite(memory->fd, slot, SLOT, at);
    if (written == SLOT && (!durable || fdatasync(memory->fd) == 0)) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot write the state of the laser: %s",
                        written >= 0 && written < SLOT ? "no room" : strerror(errno));
}

fl_status nvm_keep(nvm *memory, fl_error *error)
{
    return write_slot(memory, true, error);
}
fl_status nvm_note(nvm *memory, fl_error *error)
{
    return write_slot(memory, false, error);
}

/* Both slots, then the directory that holds the new name. */
static fl_status begin_file(nvm *memory, const char *path, fl_error *error)
{
    fl_status status = nvm_note(memory, error);
    if (status == FL_OK) status = nvm_keep(memory, error);
    if (status != FL_OK) return status;
    char room[1024];
    if (snprintf(room, sizeof room, "%s", path) >= (int)sizeof room)
        return fl_error_set(error, FL_E_IO, "the path of the state file is too long");
    const int directory = open(dirname(room), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || fsync(directory) != 0)
        status = fl_error_set(error, FL_E_IO, "cannot sync the directory of %s: %s", path, strerror(errno));
    if (directory >= 0) close(directory);
    return status;
}

static fl_status take_file(nvm *memory, const char *path, fl_error *error)
{
    char slots[2 * SLOT];
    const ssize_t size = pread(memory->fd, slots, sizeof slots, 0);
    if (size < 0) return fl_error_set(error, FL_E_IO, "cannot read %s: %s", path, strerror(errno));
    if (size == 0) return begin_file(memory, path, error);
    nvm best = {.fd = -1};
    bool any = false;
    for (int i = 0; i < 2 && size >= (i + 1) * SLOT; i++) {
        nvm found = {.fd = -1};
        if (!slot_read(slots + i * SLOT, &found)) continue;
        if (!any || found.sequence > best.sequence) best = found;
        any = true;
    }
    if (!any) {
        fl_error_set(error, FL_E_FILE, "%s holds no whole state of a virtual laser", path);
        return fl_error_hint(error, HINT_OTHER);
    }
    if (strcmp(best.uid, memory->uid) != 0) {
        fl_error_set(error, FL_E_FILE, "%s belongs to %s, not to %s", path, best.uid, memory->uid);
        return fl_error_hint(error, HINT_OTHER);
    }
    memory->now = best.now;
    memory->sequence = best.sequence;
    return FL_OK;
}

fl_status nvm_open(nvm *memory, const char *path, const char *uid, fl_error *error)
{
    *memory = (nvm){.fd = -1};
    if (snprintf(memory->uid, sizeof memory->uid, "%s", uid) >= (int)sizeof memory->uid)
        return fl_error_set(error, FL_E_RANGE, "the identity %s is longer than 32 letters", uid);
    if (!path || !*path) return FL_OK;
    memory->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (memory->fd < 0) return fl_error_set(error, FL_E_IO, "cannot open %s: %s", path, strerror(errno));
    fl_status status = FL_OK;
    if (flock(memory->fd, LOCK_EX | LOCK_NB) != 0)
        status = fl_error_set(error, FL_E_BUSY, "%s is in use by another virtual laser", path);
    if (status == FL_OK) status = take_file(memory, path, error);
    if (status != FL_OK) nvm_close(memory);
    return status;
}

void nvm_close(nvm *memory)
{
    if (memory->fd >= 0) close(memory->fd);
    memory->fd = -1;
}
