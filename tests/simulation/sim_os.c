#include "sim_os.h"

#include "sim_disk.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/journal/journal.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INSIDE(path) (strncmp((path), DISK_ROOT "/", sizeof DISK_ROOT) == 0)

uint64_t sim_digest;
sim_append sim_append_mode;

static struct {
    int64_t now_us, boot_us, utc_us;
    fl_random secrets;
    bool locked;
} os;

#define SIGNATURES 1024

static struct {
    uint64_t a, b;
} signatures[SIGNATURES];

void sim_os_begin(uint64_t seed)
{
    fl_random_init(&os.secrets, seed, 22);
    os.locked = false;
    sim_digest = seed;
    sim_append_mode = SIM_APPEND_REAL;
    sim_all_sockets_die();
    memset(signatures, 0, sizeof signatures);
}

void sim_os_set(int64_t now_us, int64_t boot_us, int64_t utc_us)
{
    os.now_us = now_us;
    os.boot_us = boot_us;
    os.utc_us = utc_us;
}

int64_t sim_os_utc_us(void)
{
    return os.utc_us;
}

/* Not a cryptographic hash: nobody forges a simulation. Two lanes, so that one need not wait for the other;
 * the multipliers are those of splitmix64. */
static uint64_t stir(uint64_t lane, const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    lane = (lane ^ word) * 0xBF58476D1CE4E5B9u;
    return lane ^ lane >> 29;
}

uint64_t sim_mix(uint64_t digest, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t a = digest ^ size * 0x9E3779B97F4A7C15u, b = ~digest;
    for (; size >= 16; at += 16, size -= 16) {
        a = stir(a, at);
        b = stir(b, at + 8);
    }
    unsigned char rest[16] = {0};
    if (size) memcpy(rest, at, size);
    a = stir(a, rest);
    b = stir(b, rest + 8);
    a = (a ^ b >> 31 ^ b << 33) * 0x94D049BB133111EBu;
    return a ^ a >> 32;
}

/* ---- time ---- */

static fl_instant os_now(void *self)
{
    (void)self;
    return (fl_instant){os.now_us};
}
static fl_instant os_boot(void *self)
{
    (void)self;
    return (fl_instant){os.boot_us};
}
static fl_utc os_utc(void *self)
{
    (void)self;
    return (fl_utc){os.utc_us};
}

const fl_clock *__wrap_fl_clock_system(void);
const fl_clock *__wrap_fl_clock_system(void)
{
    static const fl_clock clock = {os_now, os_boot, os_utc, NULL};
    return &clock;
}

/* ---- chance ---- */

fl_status __wrap_fl_random_secret(void *bytes, size_t size);
fl_status __wrap_fl_random_secret(void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size--) *at++ = (unsigned char)(fl_random_u64(&os.secrets) >> 56);
    return FL_OK;
}

/* A PIN costs a tenth of a second each time it is looked at, and the answer is a function of what it is
 * asked: each question is answered by the real one, once. */
int __real_EVP_PBE_scrypt(const char *pass, size_t pass_size, const unsigned char *salt, size_t salt_size,
                          uint64_t n, uint64_t r, uint64_t p, uint64_t memory, unsigned char *key,
                          size_t key_size);
int __wrap_EVP_PBE_scrypt(const char *pass, size_t pass_size, const unsigned char *salt, size_t salt_size,
                          uint64_t n, uint64_t r, uint64_t p, uint64_t memory, unsigned char *key,
                          size_t key_size);
int __wrap_EVP_PBE_scrypt(const char *pass, size_t pass_size, const unsigned char *salt, size_t salt_size,
                          uint64_t n, uint64_t r, uint64_t p, uint64_t memory, unsigned char *key,
                          size_t key_size)
{
    static struct {
        char pass[64];
        unsigned char salt[128], key[64];
        size_t pass_size, salt_size, key_size;
    } known[32];
    static unsigned count;
    if (pass_size >= sizeof known[0].pass || salt_size > sizeof known[0].salt ||
        key_size > sizeof known[0].key)
        abort();
    for (unsigned i = 0; i < count; i++)
        if (known[i].pass_size == pass_size && known[i].salt_size == salt_size &&
            known[i].key_size == key_size && memcmp(known[i].pass, pass, pass_size) == 0 &&
            memcmp(known[i].salt, salt, salt_size) == 0) {
            memcpy(key, known[i].key, key_size);
            return 1;
        }
    const int answer =
        __real_EVP_PBE_scrypt(pass, pass_size, salt, salt_size, n, r, p, memory, key, key_size);
    if (answer != 1 || count == sizeof known / sizeof *known) return answer;
    memcpy(known[count].pass, pass, pass_size);
    memcpy(known[count].salt, salt, salt_size);
    memcpy(known[count].key, key, key_size);
    known[count].pass_size = pass_size;
    known[count].salt_size = salt_size;
    known[count].key_size = key_size;
    count++;
    return answer;
}

/* And for the one key of each log: making it ready costs as much as a signature. The pair stays with us for
 * ever; who asks gets another hold on it. */
#define PAIRS 64
EVP_PKEY *__real_EVP_PKEY_new_raw_private_key(int type, ENGINE *engine, const unsigned char *seed,
                                              size_t size);
EVP_PKEY *__wrap_EVP_PKEY_new_raw_private_key(int type, ENGINE *engine, const unsigned char *seed,
                                              size_t size);
EVP_PKEY *__wrap_EVP_PKEY_new_raw_private_key(int type, ENGINE *engine, const unsigned char *seed,
                                              size_t size)
{
    static struct {
        unsigned char seed[32];
        EVP_PKEY *pair;
    } known[PAIRS];
    const size_t place = size == 32 ? sim_mix(7, seed, 32) % PAIRS : 0;
    if (size != 32 || type != EVP_PKEY_ED25519)
        return __real_EVP_PKEY_new_raw_private_key(type, engine, seed, size);
    if (!known[place].pair || memcmp(known[place].seed, seed, 32) != 0) {
        EVP_PKEY_free(known[place].pair);
        memcpy(known[place].seed, seed, 32);
        known[place].pair = __real_EVP_PKEY_new_raw_private_key(type, engine, seed, size);
    }
    if (known[place].pair) EVP_PKEY_up_ref(known[place].pair);
    return known[place].pair;
}

static bool key_of_seed(const uint8_t seed[32], uint8_t key[32])
{
    size_t size = 32;
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    const bool good = pair && EVP_PKEY_get_raw_public_key(pair, key, &size) == 1 && size == 32;
    EVP_PKEY_free(pair);
    return good;
}

/* The same for signatures: opening a journal looks at every one in it, and a life opens its journal many
 * times. Only good ones are remembered, by two digests of all that was asked. */
static void mark_signature(const uint8_t key[32], const void *bytes, size_t size, const uint8_t signature[64],
                           uint64_t marks[2])
{
    marks[0] = sim_mix(sim_mix(sim_mix(3, key, 32), bytes, size), signature, 64);
    marks[1] = sim_mix(sim_mix(sim_mix(5, signature, 64), key, 32), bytes, size);
}

static void remember_signature(const uint64_t marks[2])
{
    signatures[marks[0] % SIGNATURES].a = marks[0];
    signatures[marks[0] % SIGNATURES].b = marks[1];
}

fl_status __real_fl_ed25519_verify(const uint8_t key[32], const void *bytes, size_t size,
                                   const uint8_t signature[64]);
fl_status __wrap_fl_ed25519_verify(const uint8_t key[32], const void *bytes, size_t size,
                                   const uint8_t signature[64]);
fl_status __wrap_fl_ed25519_verify(const uint8_t key[32], const void *bytes, size_t size,
                                   const uint8_t signature[64])
{
    uint64_t marks[2];
    mark_signature(key, bytes, size, signature, marks);
    const size_t place = marks[0] % SIGNATURES;
    if (signatures[place].a == marks[0] && signatures[place].b == marks[1]) return FL_OK;
    const fl_status status = __real_fl_ed25519_verify(key, bytes, size, signature);
    if (status == FL_OK) remember_signature(marks);
    return status;
}

/* A signature just made is good under the key of its seed, for these bytes and no others: of sixteen, one is
 * looked at all the same. */
#define LOOKED_AT 16
fl_status __real_fl_ed25519_sign(const uint8_t seed[32], const void *bytes, size_t size,
                                 uint8_t signature[64]);
fl_status __wrap_fl_ed25519_sign(const uint8_t seed[32], const void *bytes, size_t size,
                                 uint8_t signature[64]);
fl_status __wrap_fl_ed25519_sign(const uint8_t seed[32], const void *bytes, size_t size,
                                 uint8_t signature[64])
{
    static unsigned made;
    uint8_t key[32];
    uint64_t marks[2];
    const fl_status status = __real_fl_ed25519_sign(seed, bytes, size, signature);
    if (status != FL_OK || made++ % LOOKED_AT == 0 || !key_of_seed(seed, key)) return status;
    mark_signature(key, bytes, size, signature, marks);
    remember_signature(marks);
    return status;
}

/* ---- files ---- */

bool __real_fl_place_exists(const char *path);
bool __wrap_fl_place_exists(const char *path);
bool __wrap_fl_place_exists(const char *path)
{
    return INSIDE(path) ? disk_exists(path) : __real_fl_place_exists(path);
}

fl_status __wrap_fl_place_make(const char *directory, fl_error *error);
fl_status __wrap_fl_place_make(const char *directory, fl_error *error)
{
    if (INSIDE(directory) && !disk_is_dead()) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot make the directory %s", directory);
}

fl_status __wrap_fl_place_write(const char *path, const void *bytes, size_t size, unsigned mode,
                                fl_error *error);
fl_status __wrap_fl_place_write(const char *path, const void *bytes, size_t size, unsigned mode,
                                fl_error *error)
{
    (void)mode;
    if (INSIDE(path) && disk_store(path, bytes, size)) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot write %s", path);
}

fl_status __real_fl_place_read(const char *path, size_t limit, char **bytes, size_t *size, fl_error *error);
fl_status __wrap_fl_place_read(const char *path, size_t limit, char **bytes, size_t *size, fl_error *error);
fl_status __wrap_fl_place_read(const char *path, size_t limit, char **bytes, size_t *size, fl_error *error)
{
    const char *there;
    size_t length;
    if (!INSIDE(path)) return __real_fl_place_read(path, limit, bytes, size, error);
    if (!disk_load(path, &there, &length) || length > limit)
        return fl_error_set(error, FL_E_FILE, "cannot open %s", path);
    char *room = malloc(length + 1);
    if (!room) return fl_error_set(error, FL_E_MEMORY, "no memory");
    if (length) memcpy(room, there, length);
    room[length] = 0;
    *bytes = room;
    *size = length;
    return FL_OK;
}

/* Files of this disk are their owner's alone: the rights they were written with are not simulated. */
int __real_lstat(const char *path, struct stat *about);
int __wrap_lstat(const char *path, struct stat *about);
int __wrap_lstat(const char *path, struct stat *about)
{
    if (!INSIDE(path)) return __real_lstat(path, about);
    *about = (struct stat){.st_mode = S_IFREG | 0600};
    return disk_exists(path) ? 0 : -1;
}

#define LOCK_FD 900001
#define LISTEN_FD 900002
#define LINE_FD 900010

fl_status __wrap_fl_seat_lock(const char *directory, int *lock, fl_error *error);
fl_status __wrap_fl_seat_lock(const char *directory, int *lock, fl_error *error)
{
    (void)directory;
    if (disk_is_dead()) return fl_error_set(error, FL_E_IO, "cannot lock");
    if (os.locked) return fl_error_set(error, FL_E_BUSY, "another process writes this journal");
    os.locked = true;
    *lock = LOCK_FD;
    return FL_OK;
}

/* The ballast is a size and nothing else here: free space is told by fl_space. */
void __wrap_fl_ballast_keep(const char *directory);
void __wrap_fl_ballast_keep(const char *directory)
{
    (void)directory;
}
bool __wrap_fl_ballast_release(const char *directory);
bool __wrap_fl_ballast_release(const char *directory)
{
    (void)directory;
    return true;
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
    return strcmp(path, "/etc/machine-id") == 0 ? NULL
                                                : __real_fopen(path, mode); /* a machine without a number */
}

/* ---- the journal, when it only pretends ---- */

#define FORGETFUL_MOST 64

static bool is_forgotten(const fl_entry *entry)
{
    char bytes[FL_ENTRY_MAX];
    size_t size = 0;
    fl_record record;
    const fl_kind kind = sim_append_mode == SIM_APPEND_FORGETS_GRANTS ? FL_KIND_GRANT : FL_KIND_PULSE;
    return fl_entry_encode(entry, bytes, sizeof bytes, &size) == FL_OK &&
           fl_record_read(bytes, size, &record) == FL_OK && fl_record_is(&record, kind);
}

fl_status __real_fl_journal_append(fl_journal *journal, const fl_entry *entries, size_t count,
                                   fl_error *error);
fl_status __wrap_fl_journal_append(fl_journal *journal, const fl_entry *entries, size_t count,
                                   fl_error *error);
fl_status __wrap_fl_journal_append(fl_journal *journal, const fl_entry *entries, size_t count,
                                   fl_error *error)
{
    if (sim_append_mode == SIM_APPEND_PRETEND)
        return disk_is_dead() ? fl_error_set(error, FL_E_IO, "the disk is gone") : FL_OK;
    if (sim_append_mode == SIM_APPEND_FORGETS_GRANTS || sim_append_mode == SIM_APPEND_FORGETS_PULSES) {
        static fl_entry kept[FORGETFUL_MOST];
        size_t left = 0;
        for (size_t i = 0; i < count && left < FORGETFUL_MOST; i++)
            if (!is_forgotten(&entries[i])) kept[left++] = entries[i];
        return left ? __real_fl_journal_append(journal, kept, left, error) : FL_OK;
    }
    return __real_fl_journal_append(journal, entries, count, error);
}

/* ---- sockets ---- */

#define LINE_ROOM 65536

static struct line {
    bool dialled, accepted; /* accepted: the program holds its end */
    bool hung_up, cut, stopped;
    size_t size, unread; /* unread: what this end has not taken */
    char *bytes;
} lines[SIM_LINES];
static char line_rooms[SIM_LINES][LINE_ROOM];
static bool listening;

void sim_os_keep(sim_os_kept *kept)
{
    _Static_assert(sizeof lines <= sizeof kept->lines, "room");
    memcpy(kept->lines, lines, sizeof lines);
    kept->now_us = os.now_us;
    kept->boot_us = os.boot_us;
    kept->utc_us = os.utc_us;
}

void sim_os_return(const sim_os_kept *kept)
{
    memcpy(lines, kept->lines, sizeof lines);
    sim_os_set(kept->now_us, kept->boot_us, kept->utc_us);
}

int sim_dial(void)
{
    if (!listening) return -1;
    for (int i = 0; i < SIM_LINES; i++) {
        struct line *l = &lines[i];
        if (l->dialled || l->accepted) continue;
        l->dialled = true;
        l->bytes = line_rooms[i];
        l->hung_up = l->cut = l->stopped = false;
        l->size = l->unread = 0;
        return i;
    }
    return -1;
}

void sim_say(int line, const char *bytes, size_t size)
{
    struct line *l = &lines[line];
    if (!l->dialled || l->cut || l->size + size > LINE_ROOM) return;
    memcpy(l->bytes + l->size, bytes, size);
    l->size += size;
    sim_note(bytes, size);
}

void sim_hang_up(int line)
{
    lines[line].hung_up = true;
    if (!lines[line].accepted) lines[line].dialled = false;
}

void sim_stop_reading(int line, bool stopped)
{
    lines[line].stopped = stopped;
    if (!stopped) lines[line].unread = 0;
}

bool sim_is_connected(int line)
{
    return line >= 0 && lines[line].dialled && !lines[line].cut && !lines[line].hung_up;
}

bool sim_has_news(void)
{
    for (int i = 0; i < SIM_LINES; i++)
        if (lines[i].dialled && (!lines[i].accepted || lines[i].size || lines[i].hung_up)) return true;
    return false;
}

void sim_all_sockets_die(void)
{
    for (int i = 0; i < SIM_LINES; i++) {
        lines[i].dialled = lines[i].accepted = false;
        lines[i].cut = true;
    }
    listening = false;
    os.locked = false;
}

struct sockaddr;
struct pollfd;
int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    (void)domain;
    (void)type;
    (void)protocol;
    return LISTEN_FD;
}
int __wrap_bind(int fd, const struct sockaddr *address, unsigned size);
int __wrap_bind(int fd, const struct sockaddr *address, unsigned size)
{
    (void)fd;
    (void)address;
    (void)size;
    return 0;
}
int __wrap_listen(int fd, int most);
int __wrap_listen(int fd, int most)
{
    (void)fd;
    (void)most;
    listening = true;
    return 0;
}
unsigned __wrap_umask(unsigned mask);
unsigned __wrap_umask(unsigned mask)
{
    return mask;
}
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    return INSIDE(path) ? 0 : __real_unlink(path);
}
int __wrap_accept4(int fd, struct sockaddr *address, unsigned *size, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, unsigned *size, int flags)
{
    (void)fd;
    (void)address;
    (void)size;
    (void)flags;
    for (int i = 0; i < SIM_LINES; i++)
        if (lines[i].dialled && !lines[i].accepted) {
            lines[i].accepted = true;
            return LINE_FD + i;
        }
    errno = EAGAIN;
    return -1;
}
ssize_t __wrap_recv(int fd, void *room, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *room, size_t size, int flags)
{
    struct line *l = &lines[fd - LINE_FD];
    (void)flags;
    if (!l->size) {
        if (l->hung_up) return 0;
        errno = EAGAIN;
        return -1;
    }
    const size_t got = l->size < size ? l->size : size;
    memcpy(room, l->bytes, got);
    l->size -= got;
    memmove(l->bytes, l->bytes + got, l->size);
    return (ssize_t)got;
}
#define UNREAD_ROOM 8192
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    struct line *l = &lines[fd - LINE_FD];
    (void)flags;
    if (l->hung_up) {
        errno = EPIPE;
        return -1;
    }
    size_t takes = size;
    if (l->stopped && takes > UNREAD_ROOM - l->unread) takes = UNREAD_ROOM - l->unread;
    if (!takes) {
        errno = EAGAIN;
        return -1;
    }
    if (l->stopped) l->unread += takes;
    sim_note(bytes, takes);
    return (ssize_t)takes;
}
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    if (fd < LOCK_FD) return __real_close(fd);
    if (fd == LOCK_FD) os.locked = false;
    if (fd == LISTEN_FD) listening = false;
    if (fd >= LINE_FD && fd < LINE_FD + SIM_LINES) {
        struct line *l = &lines[fd - LINE_FD];
        l->accepted = l->dialled = false;
        l->cut = true;
    }
    return 0;
}
