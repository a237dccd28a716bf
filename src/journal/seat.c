#include "seat.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

fl_status fl_seat_path(const char *directory, const char *file, char path[FL_PLACE_MAX], fl_error *error)
{
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", directory, file) < FL_PLACE_MAX) return FL_OK;
    return fl_error_set(error, FL_E_IO, "path too long: %.80s...", directory);
}

fl_status fl_seat_lock(const char *directory, int *lock, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_status status = fl_seat_path(directory, "lock", path, error);
    if (status != FL_OK) return status;
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        fl_error_set(error, FL_E_IO, "cannot lock: %s", strerror(errno));
        fl_error_at(error, path, 0, 0);
        return FL_E_IO;
    }
    struct stat here, there; /* a succession may have put another directory in this place meanwhile */
    if (flock(file, LOCK_EX | LOCK_NB) == 0) {
        const bool same = fstat(file, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino &&
                          here.st_dev == there.st_dev;
        if (same) return *lock = file, FL_OK;
        errno = EWOULDBLOCK;
    }
    status = errno == EWOULDBLOCK ? FL_E_BUSY : FL_E_IO;
    if (status == FL_E_BUSY) {
        fl_error_set(error, status, "another process writes this journal");
        fl_error_hint(error, "a session or console is running; end it, or only look (verify, show)");
    } else
        fl_error_set(error, status, "cannot lock: %s", strerror(errno));
    fl_error_at(error, path, 0, 0);
    close(file);
    return status;
}

fl_status fl_seat_touch(const char *directory, bool *made, fl_error *error)
{
    char path[FL_PLACE_MAX];
    const fl_status status = fl_seat_path(directory, "journal.db", path, error);
    if (status != FL_OK) return status;
    *made = !fl_place_exists(path);
    return *made ? fl_place_write(path, "", 0, 0600, error) : FL_OK;
}

/* Who we run on: a hash, because the number itself is nobody's business. "" when the system does not say. */
static void name_machine(char hex[2 * FL_SHA256_SIZE + 1])
{
    static const char label[] = "fadeline machine ";
    char id[64] = "";
    FILE *file = fopen("/etc/machine-id", "re");
    const size_t size = file ? fread(id, 1, sizeof id, file) : 0;
    if (file) fclose(file);
    const fl_piece pieces[] = {{label, sizeof label - 1}, {id, size}};
    uint8_t digest[FL_SHA256_SIZE];
    fl_sha256_pieces(pieces, 2, digest);
    fl_hex(digest, sizeof digest, hex);
}

static unsigned long name_filesystem(const char *directory)
{
    struct statvfs about;
    return statvfs(directory, &about) == 0 ? about.f_fsid : 0;
}

fl_status fl_install_make(const fl_journal_options *options, int64_t now_us, fl_install *install,
                          fl_error *error)
{
    uint8_t seed[32], id[16];
    char origin[FL_NOTE_NAME_MAX + 1];
    if (fl_random_secret(id, sizeof id) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    if (options->seed)
        memcpy(seed, options->seed, sizeof seed);
    else if (fl_random_secret(seed, sizeof seed) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    *install = (fl_install){.created_us = now_us};
    fl_hex(id, sizeof id, install->inst);
    const char *nature = options->simulated ? FL_JOURNAL_SIMULATED : "";
    const bool marked = options->origin && fl_text_begins(options->origin, FL_JOURNAL_SIMULATED);
    if (options->origin && marked != options->simulated)
        return fl_error_set(error, FL_E_REFUSED, "the origin '%s' is not that of a %s log", options->origin,
                            options->simulated ? "simulated" : "real");
    const int size = options->origin ? snprintf(origin, sizeof origin, "%s", options->origin)
                                     : snprintf(origin, sizeof origin, "%sfadeline.local/console/%s", nature,
                                                install->inst);
    fl_status status = size < (int)sizeof origin ? FL_OK : FL_E_RANGE;
    if (status == FL_OK) status = fl_signer_init(&install->signer, origin, FL_KEY_ED25519, seed);
    OPENSSL_cleanse(seed, sizeof seed);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, status, "'%.100s' cannot be the origin of a log", origin);
    return fl_error_hint(error, "no spaces and no '+', at most %d bytes, like clinic.example/site/console",
                         FL_NOTE_NAME_MAX);
}

fl_status fl_install_write(const char *directory, const fl_install *install, fl_error *error)
{
    char path[FL_PLACE_MAX], content[1024], key[FL_VKEY_TEXT_MAX], machine[2 * FL_SHA256_SIZE + 1];
    fl_status status = fl_seat_path(directory, "install.key", path, error);
    if (status != FL_OK) return status;
    name_machine(machine);
    const int size = snprintf(
        content, sizeof content,
        "fadeline-install 1\nkey %s\ninst %s\nmachine %s\nfilesystem %lx\ncreated_us %lld\nstate %s\n",
        fl_signer_text(&install->signer, key), install->inst, machine, name_filesystem(directory),
        (long long)install->created_us, install->complete ? "complete" : "making");
    status = fl_place_write(path, content, (size_t)size, 0600, error);
    OPENSSL_cleanse(content, sizeof content);
    OPENSSL_cleanse(key, sizeof key);
    return status;
}

/* Takes "name value\n" off *at; the value is terminated in place. */
static char *take_line(char **at, const char *name)
{
    const size_t size = strlen(name);
    char *newline = strchr(*at, '\n');
    if (!newline || strncmp(*at, name, size) != 0 || (*at)[size] != ' ') return NULL;
    char *value = *at + size + 1;
    *newline = 0;
    *at = newline + 1;
    return value;
}

static fl_status read_lines(char *content, const char *directory, fl_install *install)
{
    char machine_now[2 * FL_SHA256_SIZE + 1], filesystem_now[24];
    char *at = content;
    const char *version = take_line(&at, "fadeline-install");
    const char *key = version ? take_line(&at, "key") : NULL;
    const char *inst = key ? take_line(&at, "inst") : NULL;
    const char *machine = inst ? take_line(&at, "machine") : NULL;
    const char *filesystem = machine ? take_line(&at, "filesystem") : NULL;
    const char *created = filesystem ? take_line(&at, "created_us") : NULL;
    const char *state = created ? take_line(&at, "state") : NULL;
    if (!state || *at || strcmp(version, "1") != 0 || strlen(inst) != FL_INSTALL_ID_SIZE - 1)
        return FL_E_DAMAGED;
    if (fl_read_i64(created, &install->created_us) != FL_OK) return FL_E_DAMAGED;
    if (fl_signer_read(key, &install->signer) != FL_OK) return FL_E_DAMAGED;
    memcpy(install->inst, inst, FL_INSTALL_ID_SIZE);
    install->complete = strcmp(state, "complete") == 0;
    name_machine(machine_now);
    snprintf(filesystem_now, sizeof filesystem_now, "%lx", name_filesystem(directory));
    if (strcmp(machine, machine_now) != 0 || strcmp(filesystem, filesystem_now) != 0) return FL_E_REFUSED;
    return FL_OK;
}

fl_status fl_install_read(const char *directory, fl_install *install, fl_error *error)
{
    char path[FL_PLACE_MAX], *content = NULL;
    size_t size = 0;
    fl_status status = fl_seat_path(directory, "install.key", path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path)) return FL_E_NO;
    status = fl_place_read(path, 4096, &content, &size, error);
    if (status != FL_OK) return status;
    *install = (fl_install){0};
    status = read_lines(content, directory, install);
    OPENSSL_cleanse(content, size);
    free(content);
    if (status == FL_E_DAMAGED) {
        fl_error_set(error, status, "the key file is not what was written");
        fl_error_hint(
            error,
            "restore it; if it is lost, a successor goes on with this history: fadeline journal succeed");
    } else if (status == FL_E_REFUSED) {
        fl_error_set(error, status,
                     "this journal's key was made on another machine or disk: this looks like a copy");
        fl_error_hint(
            error,
            "two machines must never write one log; to go on here, in a log of its own: fadeline journal succeed");
    }
    if (status != FL_OK) fl_error_at(error, path, 0, 0);
    return status;
}

/* Sixteen mebibytes of nothing, so that a full disk can still be written down. */
void fl_ballast_keep(const char *directory)
{
    char path[FL_PLACE_MAX];
    struct stat about;
    if (fl_seat_path(directory, "ballast", path, NULL) != FL_OK) return;
    if (stat(path, &about) == 0 && about.st_size == FL_JOURNAL_BALLAST) return;
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return;
    if (posix_fallocate(file, 0, FL_JOURNAL_BALLAST) != 0) unlink(path);
    close(file);
}

bool fl_ballast_release(const char *directory)
{
    char path[FL_PLACE_MAX];
    return fl_seat_path(directory, "ballast", path, NULL) == FL_OK && unlink(path) == 0;
}

uint64_t fl_space_free(const fl_space *space, const char *directory)
{
    if (space) return space->free_bytes(space->self, directory);
    struct statvfs about;
    /* A disk that does not say how full it is counts as full. */
    return statvfs(directory, &about) == 0 ? (uint64_t)about.f_bavail * about.f_frsize : 0;
}

#define FAILED_FILE "failed"

/* No more than a name; when even that cannot be made, there is still no seal. */
void fl_failure_mark(const char *directory)
{
    char path[FL_PLACE_MAX];
    if (fl_seat_path(directory, FAILED_FILE, path, NULL) != FL_OK) return;
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return;
    fsync(file);
    close(file);
}

bool fl_failure_marked(const char *directory)
{
    char path[FL_PLACE_MAX];
    return fl_seat_path(directory, FAILED_FILE, path, NULL) == FL_OK && fl_place_exists(path);
}

void fl_failure_clear(const char *directory)
{
    char path[FL_PLACE_MAX];
    if (fl_seat_path(directory, FAILED_FILE, path, NULL) == FL_OK) unlink(path);
}
