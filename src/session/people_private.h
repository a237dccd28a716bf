/* The inside of fl_people, shared by people.c, people_pin.c, people_proof.c, people_stage.c and
 * people_edit.c. */
#ifndef FL_SESSION_PEOPLE_PRIVATE_H
#define FL_SESSION_PEOPLE_PRIVATE_H

#include "fadeline/base/place.h"
#include "fadeline/session/people.h"

#define PIN_SALT 16
#define PIN_SECRET 32
#define PIN_HASH 32
#define PIN_BOUND 2 /* the version whose scrypt covers person, roles and certificate */

typedef struct person { /* a block of the file */
    const char *id, *salt, *hash;
    unsigned roles;
    int version;
    fl_date until, ended;
    fl_mark at;
} person;

typedef struct people_file {
    person *people;
    size_t people_count;
} people_file;

typedef struct people_proof {
    fl_people_proof is;
    uint64_t entry; /* that says otherwise, or the same */
} people_proof;

struct fl_people {
    fl_yaml *file;
    uint8_t secret[PIN_SECRET];
    people_proof *proofs; /* one a person */
};

#define PEOPLE_FILE "people.yaml"
#define PEOPLE_NEXT "people.yaml.next"

void people_path(const char *home, const char *name, char path[FL_PLACE_MAX]);
/* A file, or bytes (not NULL) that are not the file yet; nothing is compared with the journal. */
FL_MUST_USE fl_status people_read(const char *home, const char *name, const char *bytes, size_t size,
                                  fl_people **people, fl_error *error);
/* *people (NULL: there is none) becomes the file beside when that is what the journal means. */
bool people_take_next(const char *home, const fl_roster *roster, fl_people **people);
const person *people_block(const fl_people *people, const char *who);   /* NULL: nobody */
const char *people_role_words(unsigned roles, char *room, size_t size); /* "operator, owner" */

/* ---- people_pin.c ---- */

FL_MUST_USE fl_status people_make_secret(const char *home, fl_error *error);
FL_MUST_USE fl_status people_read_secret(const char *home, uint8_t secret[PIN_SECRET], fl_error *error);
bool people_is_good_pin(const char *pin);
/* scrypt of the PIN for this block, which is told by its version what is covered; hash and salt of the block
 * are not looked at. */
void people_hash_pin(const uint8_t secret[PIN_SECRET], const person *p, const uint8_t salt[PIN_SALT],
                     const char *pin, uint8_t hash[PIN_HASH]);
/* What role.change carries of a block: all that decides who may sign in as what. */
void people_commit(const person *p, uint8_t cmt[FL_SHA256_SIZE]);

/* ---- people_proof.c ---- */

/* Fills in the proofs. */
void people_compare(fl_people *people, const fl_roster *roster);
/* Blocks that the journal does not bear out, and whom it knows and the file does not. */
size_t people_differences(const fl_people *people, const fl_roster *roster);

/* ---- people_guard.c ---- */

void people_count_wrong(fl_people_guard *guard, const char *who, int64_t now_us);
void people_count_right(fl_people_guard *guard, const char *who, int64_t now_us);

#endif
