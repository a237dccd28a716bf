#include "people_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    {"pin_version", FL_YAML_WHOLE(person, version, 1, PIN_BOUND), .otherwise = "1",
     .help = "2: the PIN covers id, roles and until; 1: the PIN alone, until fadeline people renew"},
    {"pin_salt", FL_YAML_ID(person, salt), FL_YAML_REQUIRED, .help = "written by fadeline people add"},
    {"pin_scrypt", FL_YAML_TEXT(person, hash), FL_YAML_REQUIRED, .help = "written by fadeline people add"},
    {.key = NULL},
};

static void check_person(void *object, const fl_yaml_place *place)
{
    person *p = object;
    uint8_t salt[PIN_SALT], hash[PIN_HASH];
    p->at = fl_yaml_mark(place, "id");
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

/* ---- reading ---- */

void people_path(const char *home, const char *name, char path[FL_PLACE_MAX])
{
    FL_ASSERT(snprintf(path, FL_PLACE_MAX, "%s/%s", home, name) < FL_PLACE_MAX);
}

fl_status people_read(const char *home, const char *name, const char *bytes, size_t size, fl_people **people,
                      fl_error *error)
{
    static const fl_yaml_schema *const schemas[] = {&fl_people_schema};
    char path[FL_PLACE_MAX];
    people_path(home, name, path);
    fl_people *made = calloc(1, sizeof *made);
    if (!made) return fl_error_set(error, FL_E_MEMORY, "no memory for people.yaml");
    fl_faults *faults = fl_faults_new();
    fl_status status = bytes ? fl_yaml_read(path, bytes, size, schemas, 1, faults, &made->file)
                             : fl_yaml_load(path, &fl_people_schema, faults, &made->file);
    if (status != FL_OK) fl_faults_error(faults, error);
    fl_faults_free(faults);
    if (status == FL_OK) status = people_read_secret(home, made->secret, error);
    if (status == FL_OK) {
        made->proofs =
            calloc(((const people_file *)fl_yaml_root(made->file))->people_count + 1, sizeof *made->proofs);
        if (!made->proofs) status = fl_error_set(error, FL_E_MEMORY, "no memory for people.yaml");
    }
    if (status == FL_OK)
        *people = made;
    else
        fl_people_free(made);
    return status;
}

/* A change whose entry is in the journal and whose file was not moved into its place any more: the file
 * beside is then the one the journal means. It counts for nothing else. */
bool people_take_next(const char *home, const fl_roster *roster, fl_people **people)
{
    fl_people *next = NULL;
    char path[FL_PLACE_MAX];
    people_path(home, PEOPLE_NEXT, path);
    if (!roster->count || !fl_place_exists(path)) return false;
    if (people_read(home, PEOPLE_NEXT, NULL, 0, &next, NULL) != FL_OK) return false;
    const bool better = !*people || people_differences(next, roster) < people_differences(*people, roster);
    fl_people_free(better ? *people : next);
    if (better) *people = next;
    return better;
}

fl_status fl_people_load_for(const char *home, const fl_roster *roster, fl_people **people, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_people *made = NULL;
    people_path(home, PEOPLE_FILE, path);
    if (fl_place_exists(path)) {
        const fl_status status = people_read(home, PEOPLE_FILE, NULL, 0, &made, error);
        if (status != FL_OK) return status;
    }
    people_take_next(home, roster, &made);
    if (made) {
        people_compare(made, roster);
        return *people = made, FL_OK;
    }
    fl_error_set(error, FL_E_FILE, "nobody is known here: there is no %s", path);
    fl_error_hint(error, "fadeline people add op:1 --role operator --until YYYY-MM-DD");
    const fl_roster_row *owner = fl_roster_owner(roster);
    if (owner)
        fl_error_hint(error, "the journal knows %s as an owner: put people.yaml back from a copy",
                      owner->who);
    return FL_E_FILE;
}

fl_status fl_people_load(const char *home, fl_people **people, fl_error *error)
{
    char journal[FL_PLACE_MAX];
    fl_roster roster;
    people_path(home, "journal", journal);
    fl_status status = fl_roster_read(journal, &roster, error);
    if (status == FL_OK) status = fl_people_load_for(home, &roster, people, error);
    fl_roster_fini(&roster);
    return status;
}

void fl_people_free(fl_people *people)
{
    if (!people) return;
    if (people->file) fl_yaml_free(people->file);
    OPENSSL_cleanse(people->secret, sizeof people->secret);
    free(people->proofs);
    free(people);
}

/* ---- signing in ---- */

const person *people_block(const fl_people *people, const char *who)
{
    const people_file *f = fl_yaml_root(people->file);
    for (size_t i = 0; i < f->people_count; i++)
        if (fl_text_same(f->people[i].id, who)) return &f->people[i];
    return NULL;
}

/* The same work whether or not the person exists, so the time taken does not tell names. */
static bool is_pin_of(const fl_people *people, const person *p, const char *pin)
{
    static const person nobody = {.id = "?", .version = PIN_BOUND};
    uint8_t salt[PIN_SALT] = {0}, wanted[PIN_HASH] = {0}, got[PIN_HASH];
    if (p && (fl_read_hex(p->salt, salt, sizeof salt) != FL_OK ||
              fl_read_hex(p->hash, wanted, sizeof wanted) != FL_OK))
        p = NULL;
    people_hash_pin(people->secret, p ? p : &nobody, salt, pin, got);
    return CRYPTO_memcmp(wanted, got, PIN_HASH) == 0 && p;
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
    const people_file *f = fl_yaml_root(people->file);
    const person *p = people_block(people, who);
    /* Said before any PIN is looked at: there is nothing to guess here, and the owner learns what is wrong.
     */
    if (p && !fl_people_may_sign(people->proofs[p - f->people].is)) return FL_PEOPLE_DISPUTED;
    if (strlen(pin) > FL_PIN_MOST || !is_pin_of(people, p, pin)) {
        people_count_wrong(guard, who, now.us);
        return FL_PEOPLE_UNKNOWN;
    }
    people_count_right(guard, who, now.us);
    if (!(p->roles & role_bits) || fl_date_is_set(p->ended)) return FL_PEOPLE_ROLE;
    if (fl_date_compare(p->until, today) < 0) return FL_PEOPLE_EXPIRED;
    return FL_PEOPLE_YES;
}

/* ---- who there is ---- */

const char *fl_role_word(fl_role role)
{
    return roles[role - FL_ROLE_OPERATOR].word;
}

const char *people_role_words(unsigned bits, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (bits & 1u << r) fl_text_add(&text, "%s%s", text.length ? ", " : "", fl_role_word(r));
    return room;
}

bool fl_people_at(const fl_people *people, size_t n, fl_person *found)
{
    const people_file *f = fl_yaml_root(people->file);
    if (n >= f->people_count) return false;
    const person *p = &f->people[n];
    *found = (fl_person){.id = p->id,
                         .roles = p->roles,
                         .until = p->until,
                         .ended = p->ended,
                         .bound = p->version >= PIN_BOUND,
                         .proof = people->proofs[n].is};
    people_commit(p, found->cmt);
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
        if (!(p.roles & role_bits) || fl_date_is_set(p.ended) || fl_date_compare(p.until, today) < 0 ||
            !fl_people_may_sign(p.proof))
            continue;
        const size_t before = text.length;
        fl_text_add(&text, "%s%s", before ? " or " : "", p.id);
        if (!text.cut) continue;
        room[before] = 0; /* enough of them */
        break;
    }
    return room;
}
