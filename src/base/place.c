#include "fadeline/base/place.h"

#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
try {
    const char *variable, *below;
}
try;

static fl_status first_of(const try *tries, size_t count, char path[FL_PLACE_MAX], fl_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = getenv(tries[i].variable);
        if (!value || !*value) continue;
        if (snprintf(path, FL_PLACE_MAX, "%s%s", value, tries[i].below) < FL_PLACE_MAX) return FL_OK;
        return fl_error_set(error, FL_E_IO, "%s is longer than %d bytes", tries[i].variable,
                            FL_PLACE_MAX - 1);
    }
    fl_error_set(error, FL_E_IO, "no place for Fadeline's state");
    fl_error_hint(error, "set FADELINE_HOME to a directory of your own");
    return FL_E_IO;
}

fl_status fl_place_home(char path[FL_PLACE_MAX], fl_error *error)
{
    static const try tries[] = {
        {"FADELINE_HOME", ""}, {"XDG_DATA_HOME", "/fadeline"}, {"HOME", "/.local/share/fadeline"}};
    return first_of(tries, sizeof tries / sizeof *tries, path, error);
}

fl_status fl_place_cache(char path[FL_PLACE_MAX], fl_error *error)
{
    static const try tries[] = {
        {"FADELINE_HOME", "/cache"}, {"XDG_CACHE_HOME", "/fadeline"}, {"HOME", "/.cache/fadeline"}};
    return first_of(tries, sizeof tries / sizeof *tries, path, error);
}

/* Where an installed program's data are, from where the program itself is: a tree that was installed with
 * another prefix, or moved as a whole, still finds them. Empty when nothing is there, as in a build folder.
 */
static void beside_the_program(char path[FL_PLACE_MAX])
{
    char program[FL_PLACE_MAX], sought[2 * FL_PLACE_MAX], found[PATH_MAX];
    path[0] = 0;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return;
    program[length] = 0;
    char *slash = strrchr(program, '/');
    if (!slash) return;
    *slash = 0;
    snprintf(sought, sizeof sought, "%s/" FL_DATA_FROM_PROGRAM, program);
    if (realpath(sought, found) && strlen(found) < FL_PLACE_MAX) strcpy(path, found);
}

const char *fl_place_data_root(unsigned n, char path[FL_PLACE_MAX])
{
    const char *data = getenv("FADELINE_DATA");
    switch (n) {
    case 0:
        if (fl_place_home(path, NULL) != FL_OK) path[0] = 0;
        return path;
    case 1: snprintf(path, FL_PLACE_MAX, "%s", data ? data : ""); return path;
    case 2: beside_the_program(path); return path;
    case 3:
        beside_the_program(path);
        snprintf(path, FL_PLACE_MAX, "%s", strcmp(path, FL_INSTALLED_DATA) ? FL_INSTALLED_DATA : "");
        return path;
#ifdef FL_SOURCE_DATA /* not in a package: it would name a folder of the machine that built it */
    case 4: snprintf(path, FL_PLACE_MAX, "%s", FL_SOURCE_DATA); return path;
#endif
    default: return NULL;
    }
}

fl_status fl_place_find(const char *relative, char path[FL_PLACE_MAX], fl_error *error)
{
    char root[FL_PLACE_MAX], sought[300];
    fl_text list = fl_text_in(sought, sizeof sought);
    for (unsigned n = 0; fl_place_data_root(n, root); n++) {
        if (!root[0]) continue;
        if (snprintf(path, FL_PLACE_MAX, "%s/%s", root, relative) >= FL_PLACE_MAX) continue;
        if (fl_place_exists(path)) return FL_OK;
        fl_text_add(&list, "%s%s", list.length ? ", " : "", root);
    }
    fl_error_set(error, FL_E_FILE, "there is no %s", relative);
    fl_error_hint(error, "sought in %s", sought);
    return FL_E_FILE;
}

bool fl_place_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

fl_status fl_place_make(const char *directory, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (snprintf(path, sizeof path, "%s", directory) >= (int)sizeof path)
        return fl_error_set(error, FL_E_IO, "path too long: %.80s...", directory);
    for (char *at = path + 1;; at++) {
        if (*at && *at != '/') continue;
        const char kept = *at;
        *at = 0;
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            fl_error_set(error, FL_E_IO, "cannot make the directory %s: %s", path, strerror(errno));
            return FL_E_IO;
        }
        *at = kept;
        if (!kept) return FL_OK;
    }
}

fl_status fl_place_read(const char *path, size_t limit, char **bytes, size_t *size, fl_error *error)
{
    fl_status status = FL_OK;
    char *room = NULL;
    size_t length = 0;
    const int file =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not hang us */
    if (file < 0) {
        fl_error_set(error, FL_E_FILE, "cannot open: %s", strerror(errno));
        fl_error_at(error, path, 0, 0);
        return FL_E_FILE;
    }
    struct stat info;
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(file);
        fl_error_set(error, FL_E_FILE, "this is not a file");
        fl_error_at(error, path, 0, 0);
        return FL_E_FILE;
    }
    if (!(room = malloc(limit + 2))) {
        status = fl_error_set(error, FL_E_MEMORY, "no memory to read %s", path);
        goto out;
    }
    for (;;) {
        const ssize_t got = read(file, room + length, limit + 1 - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            status = fl_error_set(error, FL_E_IO, "cannot read: %s", strerror(errno));
            fl_error_at(error, path, 0, 0);
            goto out;
        }
        length += (size_t)got;
        if (length > limit) {
            status = fl_error_set(error, FL_E_FILE, "longer than %zu bytes", limit);
            fl_error_at(error, path, 0, 0);
            goto out;
        }
        if (got == 0) break;
    }
    room[length] = 0;
    char *fitted = realloc(room, length + 1);
    *bytes = fitted ? fitted : room;
    *size = length;
    room = NULL;
out:
    free(room);
    close(file);
    return status;
}

static fl_status write_all(int file, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        const ssize_t put = write(file, at, size);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno == ENOSPC ? FL_E_FULL : FL_E_IO;
        at += put;
        size -= (size_t)put;
    }
    return fsync(file) == 0 ? FL_OK : FL_E_IO;
}

/* A rename is only durable once its directory is. */
static fl_status sync_directory_of(const char *path)
{
    char directory[FL_PLACE_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    char *slash = strrchr(directory, '/');
    if (slash) slash[slash == directory] = 0;
    const int handle = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return FL_E_IO;
    const int synced = fsync(handle);
    close(handle);
    return synced == 0 ? FL_OK : FL_E_IO;
}

/* A rename would put a file in the place of a device, a pipe or a link: nobody who named one meant that. */
static fl_status refuse_special(const char *path, fl_error *error)
{
    struct stat info;
    if (lstat(path, &info) != 0 || S_ISREG(info.st_mode)) return FL_OK;
    fl_error_set(error, FL_E_IO, "this is %s, not a file",
                 S_ISDIR(info.st_mode)   ? "a directory"
                 : S_ISLNK(info.st_mode) ? "a symbolic link"
                                         : "a device or a pipe");
    fl_error_at(error, path, 0, 0);
    fl_error_hint(error, "name a file; it is written anew and then takes that name");
    return FL_E_IO;
}

fl_status fl_place_write(const char *path, const void *bytes, size_t size, unsigned mode, fl_error *error)
{
    char temporary[FL_PLACE_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.%ld.new", path, (long)getpid()) >= (int)sizeof temporary)
        return fl_error_set(error, FL_E_IO, "path too long: %.80s...", path);
    if (refuse_special(path, error) != FL_OK) return FL_E_IO;
    unlink(temporary); /* left by a process of the same number that died */
    const int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0) {
        fl_error_set(error, FL_E_IO, "cannot write: %s", strerror(errno));
        fl_error_at(error, path, 0, 0);
        return FL_E_IO;
    }
    fl_status status = write_all(file, bytes, size);
    if (close(file) != 0 && status == FL_OK) status = FL_E_IO;
    if (status == FL_OK && rename(temporary, path) != 0) status = FL_E_IO;
    if (status == FL_OK) status = sync_directory_of(path);
    if (status != FL_OK) {
        const int why = errno;
        unlink(temporary);
        fl_error_set(error, status, "cannot write: %s", strerror(why));
        fl_error_at(error, path, 0, 0);
    }
    return status;
}
