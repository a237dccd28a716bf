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
    uint8_t seed[32] = {0}, id[16];
    char origin[FL_NOTE_NAME_MAX + 1];
    if (fl_random_secret(id, sizeof id) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    if (options->seed)
        memcpy(seed, options->seed, sizeof seed);
    else if (!options->token && fl_random_secret(seed, sizeof seed) != FL_OK)
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
    if (options->token && size < (int)sizeof origin) {
        snprintf(install->token, sizeof install->token, "%s", options->token);
        return fl_signer_open_token(options->token, origin, FL_KEY_ED25519, &install->signer, error);
    }
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
    char path[FL_PLACE_MAX], content[2048], key[FL_VKEY_TEXT_MAX], token[FL_TOKEN_URI_MAX + 8] = "";
    char machine[2 * FL_SHA256_SIZE + 1];
    fl_status status = fl_seat_path(directory, "install.key", path, error);
    if (status != FL_OK) return status;
    name_machine(machine);
    const bool in_token = install->token[0];
    if (in_token) snprintf(token, sizeof token, "token %s\n", install->token);
    const int size = snprintf(
        content, sizeof content,
        "fadeline-install %d\nkey %s\n%sinst %s\nmachine %s\nfilesystem %lx\ncreated_us %lld\nstate %s\n",
        in_token ? 2 : 1,
        in_token ? fl_vkey_text(&install->signer.vkey, key) : fl_signer_text(&install->signer, key), token,
        install->inst, machine, name_filesystem(directory), (long long)install->created_us,
        install->complete ? "complete" : "making");
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
    const bool in_token = version && strcmp(version, "2") == 0;
    const char *token = in_token && key ? take_line(&at, "token") : "";
    const char *inst = key && token ? take_line(&at, "inst") : NULL;
    const char *machine = inst ? take_line(&at, "machine") : NULL;
    const char *filesystem = machine ? take_line(&at, "filesystem") : NULL;
    const char *created = filesystem ? take_line(&at, "created_us") : NULL;
    const char *state = created ? take_line(&at, "state") : NULL;
    if (!state || *at || (!in_token && strcmp(version, "1") != 0) || strlen(inst) != FL_INSTALL_ID_SIZE - 1)
        return FL_E_DAMAGED;
    if (fl_read_i64(created, &install->created_us) != FL_OK) return FL_E_DAMAGED;
    const bool has_key = in_token ? fl_vkey_read(key, &install->signer.vkey) == FL_OK
                                  : fl_signer_read(key, &install->signer) == FL_OK;
    if (!has_key || strlen(token) >= sizeof install->token) return FL_E_DAMAGED;
    memcpy(install->token, token, strlen(token) + 1);
    memcpy(install->inst, inst, FL_INSTALL_ID_SIZE);
    install->complete = strcmp(state, "complete") == 0;
    name_machine(machine_now);
    snprintf(filesystem_now, sizeof filesystem_now, "%lx", name_filesystem(directory));
    if (strcmp(machine, machine_now) != 0 || strcmp(filesystem, filesystem_now) != 0) return FL_E_REFUSED;
    return FL_OK;
}

/* The token has the key that the file says, or nobody signs. */
static fl_status open_token(fl_install *install, fl_error *error)
{
    char is[FL_VKEY_TEXT_MAX], was[FL_VKEY_TEXT_MAX];
    fl_signer signer = {.token = NULL};
    const fl_vkey vkey = install->signer.vkey;
    const fl_status status = fl_signer_open_token(install->token, vkey.name, vkey.type, &signer, error);
    if (status != FL_OK) return status;
    if (fl_text_same(fl_vkey_text(&signer.vkey, is), fl_vkey_text(&vkey, was)))
        return install->signer = signer, FL_OK;
    fl_signer_wipe(&signer);
    fl_error_set(error, FL_E_REFUSED, "the key in the token is not the one this log began with");
    return fl_error_hint(error, "put the right token in: %s", was), FL_E_REFUSED;
}

static fl_status check_rights(const char *path, fl_error *error)
{
    struct stat about;
    if (lstat(path, &about) == 0 && S_ISREG(about.st_mode) && !(about.st_mode & 077)) return FL_OK;
    fl_error_set(error, FL_E_REFUSED, "others can read this journal's key");
    fl_error_at(error, path, 0, 0);
    return fl_error_hint(error,
                         "chmod 600; whoever read it can sign as this log: begin a new one if you doubt"),
           FL_E_REFUSED;
}

fl_status fl_install_read(const char *directory, fl_install *install, fl_error *error)
{
    char path[FL_PLACE_MAX], *content = NULL;
    size_t size = 0;
    fl_status status = fl_seat_path(directory, "install.key", path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path)) return FL_E_NO;
    status = check_rights(path, error);
    if (status == FL_OK) status = fl_place_read(path, 4096, &content, &size, error);
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
        fl_error_hint(error, "two machines must never write one log; to go on here, in a log of its own: "
                             "fadeline journal succeed");
    }
    if (status == FL_OK && install->token[0]) status = open_token(install, error);
    if (status != FL_OK) fl_error_at(error, path, 0, 0);
    return status;
}

bool fl_journal_key_place(const char *directory, char room[FL_JOURNAL_KEY_PLACE])
{
    char path[FL_PLACE_MAX], *content;
    size_t size;
    snprintf(room, FL_JOURNAL_KEY_PLACE, "not here: this is a copy");
    if (fl_seat_path(directory, "install.key", path, NULL) != FL_OK || !fl_place_exists(path)) return false;
    snprintf(room, FL_JOURNAL_KEY_PLACE, "in install.key");
    if (fl_place_read(path, 4096, &content, &size, NULL) != FL_OK) return false;
    const char *token = strstr(content, "\ntoken ");
    if (token)
        snprintf(room, FL_JOURNAL_KEY_PLACE, "in the token %.*s", (int)strcspn(token + 7, "\n"), token + 7);
    OPENSSL_cleanse(content, size);
    free(content);
    return true;
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
