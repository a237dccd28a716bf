#include "fadeline/session/people.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define SALT 16
#define SECRET 32
#define HASH 32
#define TRIES 5

typedef struct person {
    const char *id, *salt, *hash;
    unsigned roles;
    fl_date until, ended;
} person;

typedef struct people_file {
    person *people;
    size_t people_count;
} people_file;

struct fl_people {
    fl_yaml *file;
    uint8_t secret[SECRET];
};

static const fl_yaml_choice roles[] = {
    {"operator", FL_ROLE_OPERATOR, "treats within a plan"},
    {"supervisor", FL_ROLE_SUPERVISOR, "second person where one is needed"},
    {"service", FL_ROLE_SERVICE, "repairs; calibration port only"},
    {"auditor", FL_ROLE_AUDITOR, "reads and exports"},
    {"owner", FL_ROLE_OWNER, "keeps this file"},
    {NULL, 0, NULL},
};

static const fl_yaml_field person_fields[] = {
    {"id", FL_YAML_ID(person, id), FL_YAML_REQUIRED, .help = "pseudonym, never a name: op:17"},
    {"roles", FL_YAML_SET(person, roles, roles), FL_YAML_REQUIRED, .help = "what the person may do"},
    {"until", FL_YAML_DATE(person, until), FL_YAML_REQUIRED, .help = "last day of the certificate"},
    {"ended", FL_YAML_DATE(person, ended), .help = "day the person left; written by fadeline people end"},
    {"pin_salt", FL_YAML_ID(person, salt), FL_YAML_REQUIRED, .help = "written by fadeline people add"},
    {"pin_scrypt", FL_YAML_TEXT(person, hash), FL_YAML_REQUIRED, .help = "written by fadeline people add"},
    {.key = NULL},
};

static void check_person(void *object, const fl_yaml_place *place)
{
    const person *p = object;
    uint8_t salt[SALT], hash[HASH];
    if (fl_read_hex(p->salt, salt, sizeof salt) != FL_OK || fl_read_hex(p->hash, hash, sizeof hash) != FL_OK)
        fl_yaml_fault(place, "pin_scrypt", "remove the person and use: fadeline people add",
                      "not a PIN that fadeline wrote");
}

static const fl_yaml_table person_table = {"person", sizeof(person), person_fields, check_person, NULL};
static const fl_yaml_field file_fields[] = {
    {"people", FL_YAML_MAPS(people_file, people, person_table), FL_YAML_REQUIRED, .items_max = 500,
     .help = "at least one"},
    {.key = NULL},
};

static void check_twice(void *object, const fl_yaml_place *place)
{
    const people_file *f = object;
    for (size_t i = 1; i < f->people_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(f->people[i].id, f->people[j].id) == 0) {
                char key[48];
                snprintf(key, sizeof key, "people[%zu].id", i);
                fl_yaml_fault(place, key, "remove one of the two", "'%s' stands here twice", f->people[i].id);
            }
}

static const fl_yaml_table file_table = {"people", sizeof(people_file), file_fields, check_twice, NULL};
const fl_yaml_schema fl_people_schema = {"people/1", "The people of a clinic", &file_table};

static const struct {
    const char *code, *text;
} answers[] = {
#define X(name, code, text) {code, text},
    FL_PEOPLE_ANSWERS(X)
#undef X
};

const char *fl_people_answer_code(fl_people_answer answer)
{
    return answers[answer].code;
}
const char *fl_people_answer_text(fl_people_answer answer)
{
    return answers[answer].text;
}

static void path_in(const char *home, const char *name, char path[FL_PLACE_MAX])
{
    FL_ASSERT(snprintf(path, FL_PLACE_MAX, "%s/%s", home, name) < FL_PLACE_MAX);
}

static void hash_pin(const uint8_t secret[SECRET], const uint8_t salt[SALT], const char *pin,
                     uint8_t hash[HASH])
{
    uint8_t salted[SALT + SECRET];
    memcpy(salted, salt, SALT);
    memcpy(salted + SALT, secret, SECRET);
    FL_ASSERT(EVP_PBE_scrypt(pin, strlen(pin), salted, sizeof salted, 32768, 8, 1, 64u << 20, hash, HASH) ==
              1);
    OPENSSL_cleanse(salted, sizeof salted);
}

static fl_status read_secret(const char *home, uint8_t secret[SECRET], fl_error *error)
{
    char path[FL_PLACE_MAX], *bytes;
    size_t size;
    path_in(home, "people.secret", path);
    fl_status status = fl_place_read(path, SECRET, &bytes, &size, error);
    if (status != FL_OK) return status;
    if (size == SECRET)
        memcpy(secret, bytes, SECRET);
    else
        status = fl_error_set(error, FL_E_FILE, "%s is not 32 bytes; without it no PIN can be checked", path);
    OPENSSL_cleanse(bytes, size);
    free(bytes);
    return status;
}

/* From the file, or from bytes that are not the file yet. */
static fl_status load(const char *home, const char *path, const char *bytes, size_t size, fl_people **people,
                      fl_error *error)
{
    static const fl_yaml_schema *const schemas[] = {&fl_people_schema};
    fl_people *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for people.yaml");
    fl_faults *faults = fl_faults_new();
    fl_status status = bytes ? fl_yaml_read(path, bytes, size, schemas, 1, faults, &made->file)
                             : fl_yaml_load(path, &fl_people_schema, faults, &made->file);
    if (status != FL_OK) fl_faults_error(faults, error);
    fl_faults_free(faults);
    if (status == FL_OK) status = read_secret(home, made->secret, error);
    if (status == FL_OK)
        *people = made;
    else
        fl_people_free(made);
    return status;
}

fl_status fl_people_read(const char *home, const char *bytes, size_t size, fl_people **people,
                         fl_error *error)
{
    char path[FL_PLACE_MAX];
    path_in(home, "people.yaml", path);
    return load(home, path, bytes, size, people, error);
}

fl_status fl_people_load(const char *home, fl_people **people, fl_error *error)
{
    char path[FL_PLACE_MAX];
    path_in(home, "people.yaml", path);
    if (fl_place_exists(path)) return load(home, path, NULL, 0, people, error);
    fl_error_set(error, FL_E_FILE, "nobody is known here: there is no %s", path);
    fl_error_hint(error, "fadeline people add op:1 --role operator --until YYYY-MM-DD");
    return FL_E_FILE;
}

void fl_people_free(fl_people *people)
{
    if (!people) return;
    if (people->file) fl_yaml_free(people->file);
    OPENSSL_cleanse(people->secret, sizeof people->secret);
    free(people);
}

static const person *find(const fl_people *people, const char *who)
{
    const people_file *f = fl_yaml_root(people->file);
    for (size_t i = 0; i < f->people_count; i++)
        if (fl_text_same(f->people[i].id, who)) return &f->people[i];
    return NULL;
}

/* The same work whether or not the person exists, so the time taken does not tell names. */
static bool is_pin_of(const fl_people *people, const person *p, const char *pin)
{
    uint8_t salt[SALT] = {0}, wanted[HASH] = {0}, got[HASH];
    if (p && (fl_read_hex(p->salt, salt, sizeof salt) != FL_OK ||
              fl_read_hex(p->hash, wanted, sizeof wanted) != FL_OK))
        p = NULL;
    hash_pin(people->secret, salt, pin, got);
    return CRYPTO_memcmp(wanted, got, HASH) == 0 && p;
}

#define FORGET_US (3600 * INT64_C(1000000))

static void count_wrong(fl_people_tries *tries, const char *who, int64_t at_us)
{
    if (tries->wrong && at_us - tries->last_us > FORGET_US) *tries = (fl_people_tries){0};
    tries->several = tries->several || (tries->wrong && !fl_text_same(tries->who, who));
    snprintf(tries->who, sizeof tries->who, "%s", who);
    tries->wrong++;
    tries->last_us = at_us;
}

static void count_right(fl_people_tries *tries, const char *who, int64_t at_us)
{
    const bool own = !tries->several && fl_text_same(tries->who, who);
    if (own || at_us - tries->last_us > FORGET_US) *tries = (fl_people_tries){0};
}

static fl_instant end_of_wait(const fl_people_tries *tries)
{
    unsigned minutes = tries->wrong < TRIES ? 0 : 1;
    for (unsigned i = TRIES; i < tries->wrong && minutes < 60; i++) minutes *= 2;
    return fl_after((fl_instant){tries->last_us}, fl_seconds(60.0 * (minutes < 60 ? minutes : 60)));
}

void fl_people_resume(fl_people_guard *guard, const fl_people_tries *tries, fl_utc utc_now, fl_instant now)
{
    /* Whole days are not believed: --date pretends them, and a wait is an hour at the most. */
    const int64_t day_us = 86400000000, ago_us = (utc_now.us - tries->last_us) % day_us;
    *guard = (fl_people_guard){.tries = *tries};
    if (!tries->wrong) return;
    guard->tries.last_us = now.us - (ago_us > 0 ? ago_us : 0); /* from the future: just now */
    guard->until = end_of_wait(&guard->tries);
}

fl_people_answer fl_people_check(const fl_people *people, fl_people_guard *guard, fl_instant now,
                                 const char *who, const char *pin, fl_role role, fl_date today)
{
    return fl_people_check_any(people, guard, now, who, pin, 1u << role, today);
}

fl_people_answer fl_people_check_any(const fl_people *people, fl_people_guard *guard, fl_instant now,
                                     const char *who, const char *pin, unsigned role_bits, fl_date today)
{
    if (now.us < guard->until.us) return FL_PEOPLE_WAIT;
    const person *p = find(people, who);
    if (strlen(pin) > FL_PIN_MOST || !is_pin_of(people, p, pin)) {
        count_wrong(&guard->tries, who, now.us);
        guard->until = end_of_wait(&guard->tries);
        return FL_PEOPLE_UNKNOWN;
    }
    count_right(&guard->tries, who, now.us);
    if (!(p->roles & role_bits) || fl_date_is_set(p->ended)) return FL_PEOPLE_ROLE;
    if (fl_date_compare(p->until, today) < 0) return FL_PEOPLE_EXPIRED;
    return FL_PEOPLE_YES;
}

static bool is_good_pin(const char *pin)
{
    const size_t length = strlen(pin);
    if (length < FL_PIN_LEAST || length > FL_PIN_MOST || strspn(pin, "0123456789") != length) return false;
    bool alike = true, rising = true;
    for (size_t i = 1; i < length; i++)
        alike = alike && pin[i] == pin[0], rising = rising && pin[i] == pin[i - 1] + 1;
    return !alike && !rising;
}

static fl_status make_secret(const char *home, fl_error *error)
{
    char path[FL_PLACE_MAX];
    uint8_t secret[SECRET];
    path_in(home, "people.secret", path);
    if (fl_place_exists(path)) return FL_OK;
    if (fl_random_secret(secret, sizeof secret) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    const fl_status status = fl_place_write(path, secret, sizeof secret, 0600, error);
    OPENSSL_cleanse(secret, sizeof secret);
    return status;
}

/* The old bytes, untouched, and the new person after them. */
static fl_status append(const char *home, const char *block, fl_error *error)
{
    static const char head[] =
        "# Who may sign in. Persons are pseudonyms; the list of names is kept elsewhere.\n"
        "# Roles and dates may be edited here; a PIN only through: fadeline people add\n"
        "schema: people/1\npeople:\n";
    char path[FL_PLACE_MAX], *old = NULL;
    size_t size = 0;
    path_in(home, "people.yaml", path);
    if (fl_place_exists(path)) {
        const fl_status status = fl_place_read(path, FL_YAML_SIZE_MAX, &old, &size, error);
        if (status != FL_OK) return status;
    }
    const size_t room = size + sizeof head + strlen(block) + 2;
    char *bytes = malloc(room);
    FL_ASSERT(bytes);
    fl_text text = fl_text_in(bytes, room);
    if (old)
        fl_text_add_bytes(&text, old, size);
    else
        fl_text_add(&text, "%s", head);
    if (text.length && text.at[text.length - 1] != '\n') fl_text_add(&text, "\n");
    fl_text_add(&text, "%s", block);
    const fl_status status = fl_place_write(path, bytes, text.length, 0600, error);
    free(old);
    free(bytes);
    return status;
}

static void write_block(const char *who, unsigned role_bits, fl_date until, const uint8_t salt[SALT],
                        const uint8_t hash[HASH], char *block, size_t size)
{
    char salt_hex[2 * SALT + 1], hash_hex[2 * HASH + 1], day[11];
    fl_text text = fl_text_in(block, size);
    fl_text_add(&text, "  - id: %s\n    roles: [", who);
    for (size_t i = 0, n = 0; roles[i].word; i++)
        if (role_bits & 1u << roles[i].value) fl_text_add(&text, "%s%s", n++ ? ", " : "", roles[i].word);
    fl_text_add(&text, "]\n    until: %s\n    pin_salt: %s\n    pin_scrypt: %s\n", fl_date_text(until, day),
                fl_hex(salt, SALT, salt_hex), fl_hex(hash, HASH, hash_hex));
    FL_ASSERT(!text.cut);
}

fl_status fl_people_may_add(const char *home, const char *who, const char *pin, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (!is_good_pin(pin)) {
        fl_error_set(error, FL_E_NO, "this PIN will not do");
        fl_error_hint(error, "%d to %d digits, not all alike and not counting up", FL_PIN_LEAST, FL_PIN_MOST);
        return FL_E_NO;
    }
    if (!*who || strlen(who) > 31 ||
        who[strspn(who, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")])
        return fl_error_set(error, FL_E_NO,
                            "'%s' is no pseudonym: letters, digits, - _ . : and at most 31 of them", who);
    path_in(home, "people.yaml", path);
    if (!fl_place_exists(path)) return FL_OK;
    fl_people *people;
    const fl_status status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    const bool there = find(people, who) != NULL;
    fl_people_free(people);
    return there ? fl_error_set(error, FL_E_NO, "%s is in %s already", who, path) : FL_OK;
}

fl_status fl_people_add(const char *home, const char *who, unsigned role_bits, fl_date until, const char *pin,
                        fl_error *error)
{
    char block[512];
    uint8_t secret[SECRET], salt[SALT], hash[HASH];
    fl_status status = fl_people_may_add(home, who, pin, error);
    if (status == FL_OK) status = fl_place_make(home, error);
    if (status == FL_OK) status = make_secret(home, error);
    if (status == FL_OK) status = read_secret(home, secret, error);
    if (status != FL_OK) return status;
    if (fl_random_secret(salt, sizeof salt) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    hash_pin(secret, salt, pin, hash);
    OPENSSL_cleanse(secret, sizeof secret);
    write_block(who, role_bits, until, salt, hash, block, sizeof block);
    return append(home, block, error);
}

/* ---- who there is ---- */

const char *fl_role_word(fl_role role)
{
    return roles[role - FL_ROLE_OPERATOR].word;
}

bool fl_people_at(const fl_people *people, size_t n, fl_person *person_out)
{
    const people_file *f = fl_yaml_root(people->file);
    if (n >= f->people_count) return false;
    const person *p = &f->people[n];
    *person_out = (fl_person){p->id, p->roles, p->until, p->ended};
    return true;
}

bool fl_people_find(const fl_people *people, const char *who, fl_person *found)
{
    fl_person p;
    for (size_t n = 0; fl_people_at(people, n, &p); n++)
        if (fl_text_same(p.id, who)) return *found = p, true;
    return false;
}

const char *fl_people_whom(const fl_people *people, unsigned role_bits, fl_date today, char *room,
                           size_t size)
{
    fl_person p;
    fl_text text = fl_text_in(room, size);
    for (size_t n = 0; fl_people_at(people, n, &p); n++) {
        if (!(p.roles & role_bits) || fl_date_is_set(p.ended) || fl_date_compare(p.until, today) < 0)
            continue;
        const size_t before = text.length;
        fl_text_add(&text, "%s%s", before ? " or " : "", p.id);
        if (!text.cut) continue;
        room[before] = 0; /* enough of them */
        break;
    }
    return room;
}

void fl_people_recall(const fl_record *record, fl_people_tries *tries)
{
    char who[sizeof tries->who] = "?";
    int64_t utc_us = tries->last_us;
    const fl_kind kind = fl_record_kind(record);
    if (kind != FL_KIND_AUTH_OK && kind != FL_KIND_AUTH_FAIL) return;
    if (fl_record_text_is(record, "why", fl_people_answer_code(FL_PEOPLE_WAIT))) return;
    const bool was_wrong = kind == FL_KIND_AUTH_FAIL &&
                           fl_record_text_is(record, "why", fl_people_answer_code(FL_PEOPLE_UNKNOWN));
    if (fl_record_text(record, "who", who, sizeof who) != FL_OK) snprintf(who, sizeof who, "?");
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = tries->last_us;
    was_wrong ? count_wrong(tries, who, utc_us) : count_right(tries, who, utc_us);
}
