/* Act: one person does one thing that the journal keeps. Who, with which right, when; read the journal, ask
 * the PIN, write the entry. Shared by the commands
 * of clients, records, people and devices.
 *
 *     act a;
 *     fl_status status = act_begin(&a, args, simulated, ACT_CLIENTS, &error);     // opens, settles, reads
 *     if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_CONSENT, &error);
 *     if (status == FL_OK) status = act_write(&a, &entry, 1, &error);
 *     return act_end(&a, status, &error);                                         // exit code
 */
#ifndef FL_CLI_ACT_H
#define FL_CLI_ACT_H

#include "command.h"

#include "fadeline/clients/care.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

#define ROLE(name) (1u << FL_ROLE_##name)

/* What may be done, by whom, and whether it is only consulting: then a certificate that has ended does not
 * stop it. */
/* clang-format off */
/*    act            roles                                                             consult  in words */
#define ACT_LIST(X)                                                                                           \
    X(ADD,           ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(OWNER),                   0, "add a client")     \
    X(SHOW,          ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(OWNER),                   1, "see who a client is") \
    X(HOLD,          ROLE(SUPERVISOR) | ROLE(OWNER),                                    0, "set or lift a legal hold") \
    X(RETENTION,     ROLE(OWNER),                                                       0, "choose how long records are kept") \
    X(ERASE,         ROLE(OWNER),                                                       0, "erase who a client is") \
    X(ERASE_SECOND,  ROLE(SUPERVISOR),                                                  0, "sign an erasure as the second person") \
    X(SERVICE,       ROLE(SERVICE) | ROLE(OWNER),                                       0, "record a service") \
    X(CONSENT,       ROLE(OPERATOR) | ROLE(SUPERVISOR),                                 0, "record a consent") \
    X(PHOTO,         ROLE(OPERATOR) | ROLE(SUPERVISOR),                                 0, "record a photo")   \
    X(LOOK_AT,       ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(AUDITOR) | ROLE(OWNER),   1, "look at a record") \
    X(INVOICE,       ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(OWNER),                   0, "record an invoice") \
    X(EVENT,         ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(OWNER),                   0, "record an event")  \
    X(NEAR_MISS,     ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(SERVICE) | ROLE(OWNER),   0, "record a near miss") \
    X(FOLLOW_UP,     ROLE(OPERATOR) | ROLE(SUPERVISOR),                                 0, "record a follow-up") \
    X(CORRECTION,    ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(SERVICE) | ROLE(OWNER),   0, "correct an entry") \
    X(CONFIRM,       ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(SERVICE) | ROLE(OWNER), 0, "confirm a number of a label") \
    X(CHECK,         FL_ROLES_CHECK,                                                    0, "check the energy of a laser") \
    X(ANSWER,        ROLE(SUPERVISOR),                                                  0, "answer for a counter, or for a lock") \
    X(PEOPLE,        ROLE(SUPERVISOR) | ROLE(OWNER),                                    0, "change who may sign in") \
    X(POWER,         ROLE(OWNER),                                                       0, "make owners and supervisors") \
    X(OWN,           ROLE(OPERATOR) | ROLE(SUPERVISOR) | ROLE(SERVICE) | ROLE(AUDITOR) | ROLE(OWNER), 1, "have the own PIN renewed")
/* clang-format on */

typedef enum act_right {
#define X(name, roles, consult, text) ACT_##name,
    ACT_LIST(X)
#undef X
} act_right;

unsigned act_roles(act_right right); /* bits 1 << fl_role */
bool act_consults(act_right right);
const char *act_text(act_right right);

#define ACT_CLIENTS 1u /* the clients' database as well */
#define ACT_LOOK 2u    /* nothing is written: a snapshot of the journal, which may be in use */
#define ACT_NOW 4u     /* the command has a --date of its own: this is done today */

typedef struct act {
    const fl_args *args;
    bool simulated, json;
    fl_clock clock; /* the system's, or moved by whole days */
    int64_t days_ahead;
    fl_date today;
    fl_journal *journal;
    fl_clients *clients;
    fl_people *people; /* once somebody was asked to sign in */
    fl_people_guard guard;
    fl_care_book care; /* the journal as it was at the beginning */
    const char *who;   /* the first who signed */
} act;

/* --simulated, --date (only then) and --json are taken from args. The journal is made when it is not there,
 * not for ACT_LOOK. Half-done things of a crash are settled, and said. */
fl_status act_begin(act *a, const fl_args *args, bool simulated, unsigned needs, fl_error *error);
/* Asks for the PIN, journals the sign-in, and refuses with whom to ask. */
fl_status act_sign(act *a, const char *who, act_right right, fl_error *error);
/* The same, and hands out the PIN, which is then the caller's to wipe; wiped when it did not sign. */
fl_status act_sign_pin(act *a, const char *who, act_right right, char pin[FL_PIN_MOST + 2], fl_error *error);
/* The entries, durable. Fills in nothing. */
fl_status act_write(act *a, const fl_entry *entries, size_t count, fl_error *error);
uint64_t act_entry(const act *a); /* index of the newest entry */
/* Closes all; prints the error when status is one. */
int act_end(act *a, fl_status status, const fl_error *error);

const char *act_mark(const act *a); /* "SIMULATED " or "" */
/* FL_E_NO when no entry ever named this client, or its identity is erased. */
fl_status act_client(const act *a, const char *code, const fl_care **care, fl_error *error);
/* A sentence that goes into the journal: clean, of a length, and without any client's name in it (clients/names.h).
 * `code`: the client it is about, or NULL. */
fl_status act_sentence(const act *a, const char *option, const char *text, const char *code, fl_error *error);
/* The rows of --who, --simulated, --date and --json for a table of options. */
#define ACT_OPTIONS                                                                                          \
    {"who", "WHO", "who does this; the PIN comes from the keyboard or standard input"},                      \
        {"simulated", NULL, "in the world of simulated lasers: another journal, other clients"},             \
        {"date", "YYYY-MM-DD", "pretend another day; with --simulated only"},                                \
    {                                                                                                        \
        "json", NULL, "one object on stdout"                                                                 \
    }

#endif
