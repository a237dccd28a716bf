#include "fadeline/clients/photos.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- places ---- */

fl_status fl_photos_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error)
{
    char home[FL_PLACE_MAX];
    const fl_status status = fl_place_home(home, error);
    if (status != FL_OK) return status;
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", home, simulated ? "photos-simulated" : "photos") < FL_PLACE_MAX)
        return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of FADELINE_HOME is too long");
}

/* The folder of a client. A code is nothing that could lead elsewhere. */
static fl_status folder_of(const char *place, const char *code, char path[FL_PLACE_MAX], fl_error *error)
{
    if (!fl_client_code_is(code))
        return fl_error_set(error, FL_E_RANGE, "'%s' is no client code; write C-0001", code);
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", place, code) < FL_PLACE_MAX - 2 * FL_SHA256_SIZE - 24)
        return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of the photos is too long");
}

static fl_status file_of(const char *place, const char *code, const uint8_t sha256[FL_SHA256_SIZE],
                         char folder[FL_PLACE_MAX], char path[FL_PLACE_MAX + 80], fl_error *error)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    const fl_status status = folder_of(place, code, folder, error);
    if (status == FL_OK)
        snprintf(path, FL_PLACE_MAX + 80, "%s/%s", folder, fl_hex(sha256, FL_SHA256_SIZE, hex));
    return status;
}

/* ---- in and out ---- */

fl_status fl_photos_put(const char *place, const char *code, const void *bytes, size_t size,
                        uint8_t sha256[FL_SHA256_SIZE], fl_error *error)
{
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + 80];
    if (!size || size > FL_PHOTO_FILE_MAX)
        return fl_error_set(error, FL_E_RANGE, "a photo of %zu bytes is not kept", size);
    fl_sha256(bytes, size, sha256);
    fl_status status = file_of(place, code, sha256, folder, path, error);
    if (status == FL_OK) status = fl_place_make(folder, error);
    return status == FL_OK ? fl_place_write(path, bytes, size, 0600, error) : status;
}

fl_status fl_photos_read(const char *place, const char *code, const uint8_t sha256[FL_SHA256_SIZE],
                         char **bytes, size_t *size, fl_error *error)
{
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + 80];
    uint8_t made[FL_SHA256_SIZE];
    fl_status status = file_of(place, code, sha256, folder, path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path)) {
        fl_error_set(error, FL_E_NO, "this photo of %s is not kept here", code);
        return fl_error_hint(error, "the journal has its hash: who has the file can show that it is the one"),
               FL_E_NO;
    }
    status = fl_place_read(path, FL_PHOTO_FILE_MAX, bytes, size, error);
    if (status != FL_OK) return status;
    fl_sha256(*bytes, *size, made);
    if (fl_same_digest(made, sha256)) return FL_OK;
    free(*bytes);
    *bytes = NULL;
    fl_error_set(error, FL_E_FILE, "a photo of %s is not the one that was recorded", code);
    fl_error_at(error, path, 0, 0);
    return fl_error_hint(error, "bring back a backup of this file; its name is the hash it must have"),
           FL_E_FILE;
}

/* ---- erasing ---- */

static bool is_entry(const struct dirent *found)
{
    return strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0;
}

bool fl_photos_has(const char *place, const char *code)
{
    char folder[FL_PLACE_MAX];
    struct dirent *found;
    bool any = false;
    DIR *list = folder_of(place, code, folder, NULL) == FL_OK ? opendir(folder) : NULL;
    while (list && !any && (found = readdir(list))) any = is_entry(found);
    if (list) closedir(list);
    return any;
}

/* Zeros over it first, so that the blocks that are given back hold nothing on a disk that writes in place. */
static bool scrub(int folder, const char *name)
{
    static const char zeros[65536];
    struct stat facts;
    const int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
    for (off_t left = good ? facts.st_size : 0; good && left > 0;) {
        const ssize_t wrote = write(fd, zeros, (size_t)left < sizeof zeros ? (size_t)left : sizeof zeros);
        if (wrote <= 0) good = wrote < 0 && errno == EINTR;
        left -= wrote > 0 ? wrote : 0;
    }
    if (good) good = fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return unlinkat(folder, name, 0) == 0 && good;
}

fl_status fl_photos_erase(const char *place, const char *code, fl_error *error)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    fl_status status = folder_of(place, code, path, error);
    if (status != FL_OK) return status;
    DIR *list = opendir(path);
    if (!list && errno == ENOENT) return FL_OK;
    bool good = list != NULL;
    while (list && (found = readdir(list)))
        if (is_entry(found)) good = scrub(dirfd(list), found->d_name) && good;
    if (list) closedir(list);
    if (rmdir(path) == 0 && good) {
        const int above = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (above >= 0 && fsync(above) == 0) return close(above), FL_OK;
        if (above >= 0) close(above);
    }
    fl_error_set(error, FL_E_IO, "not every photo of %s is gone: %s", code, strerror(errno));
    fl_error_at(error, path, 0, 0);
    return fl_error_hint(error, "make the folder writable, and do it again: what is gone stays gone"),
           FL_E_IO;
}

fl_status fl_photos_settle(const char *place, fl_journal *journal, unsigned *erased, fl_error *error)
{
    *erased = 0;
    if (!fl_place_exists(place)) return FL_OK;
    for (uint64_t i = 0; i < fl_journal_length(journal); i++) {
        fl_record record;
        char pat[FL_PAT_MAX];
        fl_status status = fl_journal_past(journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        if (!fl_record_is(&record, FL_KIND_ERASE) ||
            fl_record_text(&record, "pat", pat, sizeof pat) != FL_OK || !fl_photos_has(place, pat))
            continue;
        status = fl_photos_erase(place, pat, error);
        if (status != FL_OK) return status;
        ++*erased;
    }
    return FL_OK;
}

/* ---- what the journal says ---- */

static void take_text(const fl_record *record, const char *key, char *room, size_t size)
{
    if (fl_record_text(record, key, room, size) != FL_OK) room[0] = 0;
}

bool fl_photo_entry_of(const fl_record *record, uint64_t index, const char *pat, fl_photo_entry *photo)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    *photo = (fl_photo_entry){.index = index};
    if (!fl_record_is(record, FL_KIND_PHOTO) || (pat && !fl_record_text_is(record, "pat", pat))) return false;
    if (fl_record_text(record, "sha256", hex, sizeof hex) != FL_OK ||
        fl_read_hex(hex, photo->sha256, sizeof photo->sha256) != FL_OK)
        return false;
    take_text(record, "pat", photo->pat, sizeof photo->pat);
    take_text(record, "what", photo->what, sizeof photo->what);
    take_text(record, "zone", photo->zone, sizeof photo->zone);
    take_text(record, "test", photo->spot, sizeof photo->spot);
    take_text(record, "moment", photo->moment, sizeof photo->moment);
    take_text(record, "who", photo->who, sizeof photo->who);
    if (fl_record_count(record, "sid", &photo->sid) != FL_OK) photo->sid = 0;
    if (fl_record_int(record, "was_us", &photo->at.us) != FL_OK &&
        fl_record_int(record, "utc_us", &photo->at.us) != FL_OK)
        photo->at.us = 0;
    return true;
}
