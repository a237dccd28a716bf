/* People: who may do what, from a file the owner keeps, and a PIN nobody can read out of it.
 *
 * $FADELINE_HOME/people.yaml (schema people/1) names persons by pseudonym, their roles and the day their
 * certificate ends. A PIN is kept as scrypt (Percival 2009; N 32768, r 8, p 1: 32 MiB) of salt and PIN
 * together with a secret that lives in a file of its own: six digits are tried in hours, so the hash alone
 * protects nobody.
 *
 * The file alone is not believed. What scrypt hashes covers id, roles and certificate (pin_version 2), so a
 * hash copied into another block is nobody's; and every change is in the real journal, as role.change with a
 * commitment to the block. A block which the journal does not know, or knows otherwise, signs nobody in
 * (FL_PEOPLE_DISPUTED; fl_people_dispute says where). The journal is read as it stands, beside whoever writes
 * it. Two things are left to whoever can write here: a journal that tells of nobody, which is where every
 * installation begins, believes the file as it is (fl_people_are_unsigned; say so); and entries of before the
 * commitments tell roles and dates only (FL_PROOF_OLD), until that person is renewed.
 *
 * The trap: sign-in takes about a tenth of a second of a processor. Never call fl_people_check while armed.
 *
 *     fl_people *people;
 *     fl_people_load(home, &people, &error);
 *     fl_people_guard guard = { 0 };
 *     fl_people_answer answer = fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR,
 * today); if (answer != FL_PEOPLE_YES) show(fl_people_answer_text(answer)); fl_people_free(people);
 */
#ifndef FL_SESSION_PEOPLE_H
#define FL_SESSION_PEOPLE_H

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/base/error.h"
#include "fadeline/config/yaml.h"
#include "fadeline/journal/entry.h"

#include <stdio.h>

#define FL_PIN_LEAST 6
#define FL_PIN_MOST 32

typedef enum fl_role {
    FL_ROLE_OPERATOR = 1,
    FL_ROLE_SUPERVISOR,
    FL_ROLE_SERVICE,
    FL_ROLE_AUDITOR,
    FL_ROLE_OWNER
} fl_role;

/*              name                    code                sentence */
#define FL_PEOPLE_ANSWERS(X)                                                                                 \
    X(FL_PEOPLE_YES, "signed-in", "signed in")                                                               \
    X(FL_PEOPLE_UNKNOWN, "sign-in-wrong", "person or PIN is wrong")                                          \
    X(FL_PEOPLE_WAIT, "sign-in-locked", "too many wrong tries; wait before the next")                        \
    X(FL_PEOPLE_ROLE, "sign-in-role", "this person's role does not allow it; ask the owner")                 \
    X(FL_PEOPLE_EXPIRED, "sign-in-expired", "this person's certificate has ended; ask the owner")            \
    X(FL_PEOPLE_DISPUTED, "sign-in-disputed",                                                                \
      "people.yaml says of this person what the journal does not; ask the owner")

typedef enum fl_people_answer {
#define X(name, code, text) name,
    FL_PEOPLE_ANSWERS(X)
#undef X
} fl_people_answer;

const char *fl_people_answer_code(fl_people_answer answer);
const char *fl_people_answer_text(fl_people_answer answer);

typedef struct fl_people fl_people;

/* Wrong PINs that nobody has made good; all 0: none. A right PIN makes good what was typed wrong for the same
 * person and for nobody else: else whoever has a PIN of his own could guess another's for ever. What is mixed
 * is forgotten after an hour without a wrong one. */
typedef struct fl_people_tries {
    unsigned wrong;
    bool several; /* not all for `who` */
    char who[64];
    int64_t last_us; /* when the newest was: wall clock, or inside a guard its own */
} fl_people_tries;

/* Five wrong tries: a minute's wait, doubling to an hour. One guard per face or process; zeroed to begin. */
typedef struct fl_people_guard {
    fl_people_tries tries;
    fl_instant until;
} fl_people_guard;

/* Counts the sign-ins of the journal, oldest first; one that was not looked at changes nothing. Other records
 * are passed over. */
void fl_people_recall(const fl_record *record, fl_people_tries *tries);
/* A guard that goes on where another process stood. Whole days that have passed are not believed: --date pretends them. */
void fl_people_resume(fl_people_guard *guard, const fl_people_tries *tries, fl_utc utc_now, fl_instant now);

/* ---- what the journal says ---- */

typedef struct fl_roster_row { /* the newest role.change of a person */
    char who[64];
    unsigned roles; /* bits 1 << fl_role */
    fl_date until;
    bool left;      /* role none */
    bool committed; /* cmt is there: entries of before had none */
    uint8_t cmt[FL_SHA256_SIZE];
    uint64_t entry; /* its index, of several the last */
    int64_t boot;
} fl_roster_row;

typedef struct fl_roster {
    fl_roster_row *rows;
    size_t count, room;
} fl_roster;

/* Other kinds are passed over. FL_E_MEMORY. */
FL_MUST_USE fl_status fl_roster_take(fl_roster *roster, const fl_record *record, uint64_t index);
/* The journal in a directory, as it is at this moment; none there: nobody. Wants fl_roster_fini. */
FL_MUST_USE fl_status fl_roster_read(const char *directory, fl_roster *roster, fl_error *error);
void fl_roster_fini(fl_roster *roster);
const fl_roster_row *fl_roster_find(const fl_roster *roster, const char *who);
const fl_roster_row *fl_roster_owner(const fl_roster *roster); /* one who has not left; NULL: no owner */

typedef enum fl_people_proof {
    FL_PROOF_UNSIGNED = 0, /* the journal tells of nobody yet: the file is believed as it is */
    FL_PROOF_GOOD,
    FL_PROOF_OLD,     /* roles and date as the journal says; it has no commitment: renew */
    FL_PROOF_UNKNOWN, /* the journal tells of others */
    FL_PROOF_OTHER    /* the journal says otherwise */
} fl_people_proof;
bool fl_people_may_sign(fl_people_proof proof); /* the first three */

/* ---- the file ---- */

/* Compared with $home/journal. FL_E_FILE with place and hint when the file is missing or faulty; a missing
 * secret is a fault too, and a journal that cannot be read. */
FL_MUST_USE fl_status fl_people_load(const char *home, fl_people **people, fl_error *error);
/* The same for whoever has read the journal. */
FL_MUST_USE fl_status fl_people_load_for(const char *home, const fl_roster *roster, fl_people **people,
                                         fl_error *error);
bool fl_people_are_unsigned(const fl_people *people); /* the journal tells of nobody */
/* FL_OK: nothing is disputed, or nobody is called so. FL_E_NO with the place in the file, the entry and what
 * to do. */
FL_MUST_USE fl_status fl_people_dispute(const fl_people *people, const char *who, fl_error *error);
/* To people, when a program begins: that nobody is in the journal, and each dispute. Often nothing. */
void fl_people_tell(FILE *out, const fl_people *people);
void fl_people_free(fl_people *people);

fl_people_answer fl_people_check(const fl_people *people, fl_people_guard *guard, fl_instant now,
                                 const char *who, const char *pin, fl_role role, fl_date today);
/* The same for whoever has one of several roles, as bits 1 << fl_role. */
fl_people_answer fl_people_check_any(const fl_people *people, fl_people_guard *guard, fl_instant now,
                                     const char *who, const char *pin, unsigned roles, fl_date today);
/* Who may check a laser against a meter: operator, service person and supervisor. */
#define FL_ROLES_CHECK (1u << FL_ROLE_OPERATOR | 1u << FL_ROLE_SERVICE | 1u << FL_ROLE_SUPERVISOR)

typedef struct fl_person {
    const char *id;
    unsigned roles; /* bits 1 << fl_role */
    fl_date until;  /* last day of the certificate */
    fl_date ended;  /* set: the person left and may do nothing any more */
    bool bound;     /* the PIN covers id, roles and until */
    fl_people_proof proof;
    uint8_t cmt[FL_SHA256_SIZE]; /* for role.change */
} fl_person;

#define FL_ROLE_FIRST FL_ROLE_OPERATOR
#define FL_ROLE_LAST FL_ROLE_OWNER
const char *fl_role_word(fl_role role); /* "operator" */
/* In the order of the file; false past the end. Valid as long as `people`. */
bool fl_people_at(const fl_people *people, size_t n, fl_person *person);
bool fl_people_find(const fl_people *people, const char *who, fl_person *person);
/* Whom to ask: those who have one of these roles today, "own:1 or sup:2"; empty: nobody. Returns room. */
const char *fl_people_whom(const fl_people *people, unsigned roles, fl_date today, char *room, size_t size);

/* ---- changing it ----
 *
 * A change is staged beside the file, told to the journal with the commitments of what is staged, and kept:
 *
 *     fl_people_stage_end(home, "op:17", today, &error);
 *     fl_people_staged(home, &next, &error);                     // fl_people_find(next, "op:17", &p): p.cmt
 *     ... role.change who=op:17 role=none cmt=...                // from here on it counts
 *     fl_people_keep(home, &error);
 *
 * Whatever ends in between: without the entry the staged file means nothing, with it fl_people_load reads the
 * staged one. No line of others is changed, and comments stay. */

/* Whether a person can be added; writes nothing. FL_E_NO: PIN not 6 to 32 digits, all alike or counting up,
 * the person is there already. */
FL_MUST_USE fl_status fl_people_may_add(const char *home, const char *who, const char *pin, fl_error *error);
/* The file and its secret are made when they are missing. `roles` as bits 1 << fl_role. */
FL_MUST_USE fl_status fl_people_stage_add(const char *home, const char *who, unsigned roles, fl_date until,
                                          const char *pin, fl_error *error);
/* Another last day, under the same PIN, which must be known: its hash covers the day. FL_E_NO: nobody of that
 * name, or the person has ended already. FL_E_FILE: the file is written in a way this cannot change surely
 * (people_edit.c). */
FL_MUST_USE fl_status fl_people_stage_renew(const char *home, const char *who, fl_date until, const char *pin,
                                            fl_error *error);
FL_MUST_USE fl_status fl_people_stage_end(const char *home, const char *who, fl_date day, fl_error *error);
FL_MUST_USE fl_status fl_people_staged(const char *home, fl_people **people, fl_error *error);
FL_MUST_USE fl_status fl_people_keep(const char *home, fl_error *error);
/* Before a change: ends what an earlier one left half done, the way the journal says. */
FL_MUST_USE fl_status fl_people_settle(const char *home, const fl_roster *roster, fl_error *error);
/* Staged and kept at once, where no journal is kept. */
FL_MUST_USE fl_status fl_people_add(const char *home, const char *who, unsigned roles, fl_date until,
                                    const char *pin, fl_error *error);

extern const fl_yaml_schema fl_people_schema; /* for `fadeline check` */

#endif
