/* People: who may do what, from a file the owner keeps, and a PIN nobody can read out of it.
 *
 * $FADELINE_HOME/people.yaml (schema people/1) names persons by pseudonym, their roles and the day their
 * certificate ends. A PIN is kept as scrypt (Percival 2009; N 32768, r 8, p 1: 32 MiB) of salt and PIN
 * together with a secret that lives in a file of its own: six digits are tried in hours, so the hash alone
 * protects nobody.
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
    X(FL_PEOPLE_EXPIRED, "sign-in-expired", "this person's certificate has ended; ask the owner")

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

/* FL_E_FILE with place and hint when the file is missing or faulty; a missing secret is a fault too. */
FL_MUST_USE fl_status fl_people_load(const char *home, fl_people **people, fl_error *error);
/* The same from bytes that are not the file yet. */
FL_MUST_USE fl_status fl_people_read(const char *home, const char *bytes, size_t size, fl_people **people,
                                     fl_error *error);
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
} fl_person;

#define FL_ROLE_FIRST FL_ROLE_OPERATOR
#define FL_ROLE_LAST FL_ROLE_OWNER
const char *fl_role_word(fl_role role); /* "operator" */
/* In the order of the file; false past the end. Valid as long as `people`. */
bool fl_people_at(const fl_people *people, size_t n, fl_person *person);
bool fl_people_find(const fl_people *people, const char *who, fl_person *person);
/* Whom to ask: those who have one of these roles today, "own:1 or sup:2"; empty: nobody. Returns room. */
const char *fl_people_whom(const fl_people *people, unsigned roles, fl_date today, char *room, size_t size);

/* Whether fl_people_add would take this person; writes nothing. */
FL_MUST_USE fl_status fl_people_may_add(const char *home, const char *who, const char *pin, fl_error *error);
/* Appends a person; the file and its secret are made when they are missing, and no line that is there is
 * changed. `roles` as bits 1 << fl_role. FL_E_NO: PIN not 6 to 32 digits, all alike or counting up, the
 * person is there already. */
FL_MUST_USE fl_status fl_people_add(const char *home, const char *who, unsigned roles, fl_date until,
                                    const char *pin, fl_error *error);

/* A longer certificate, or the end: one line of the person's block is changed or added, everything else in
 * the file stays as a person wrote it. FL_E_NO: nobody of that name, or the person has ended already.
 * FL_E_FILE, and the file as it was: it is written in a way this cannot change surely (people_edit.c).
 * Without `write` it is only tried. */
FL_MUST_USE fl_status fl_people_renew(const char *home, const char *who, fl_date until, bool write,
                                      fl_error *error);
FL_MUST_USE fl_status fl_people_end(const char *home, const char *who, fl_date day, bool write,
                                    fl_error *error);

extern const fl_yaml_schema fl_people_schema; /* for `fadeline check` */

#endif
