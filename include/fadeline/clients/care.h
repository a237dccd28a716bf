/* Care: what the journal knows of each client, by code: since when, the newest entry, a hold, an erasure, and
 * under which retention rule. Names are not in it.
 *
 *     fl_care_book book = {0};
 *     for (i ...) { fl_journal_record(journal, i, &record); fl_care_take(&book, &record, i); }
 *     const fl_care *care = fl_care_find(&book, "C-0001");
 *     fl_care_fini(&book);
 *
 * The last entry is the day of the newest one about the client's treatment, its sessions with it. That
 * somebody looked, printed, held or erased does not begin the years anew.
 */
#ifndef FL_CLIENTS_CARE_H
#define FL_CLIENTS_CARE_H

#include "fadeline/clients/clients.h"
#include "fadeline/clients/retention.h"
#include "fadeline/clients/visits.h"

typedef struct fl_care {
    char code[FL_PAT_MAX];
    bool registered; /* a `client` entry: who it is stands in the clients' database, unless erased */
    fl_date registered_on;
    uint64_t registered_at; /* that entry, the first */
    bool hold, erased;
    bool photo_consent, photo_withdrawn; /* the newest word of it */
    fl_date first, last;                 /* UTC days of entries */
    fl_date erased_on;
    unsigned sessions;
} fl_care;

typedef struct fl_care_book { /* all 0 to begin */
    fl_care *list;            /* in the order they came up */
    size_t count, room;
    uint32_t *slots; /* where a code is: its place + 1, by hash */
    size_t slot_count;
    fl_visits visits;
    const fl_retention *rule; /* the newest that an owner chose; NULL: the first of the list */
} fl_care_book;

FL_MUST_USE fl_status fl_care_take(fl_care_book *book, const fl_record *record,
                                   uint64_t index);                      /* FL_E_MEMORY */
const fl_care *fl_care_find(const fl_care_book *book, const char *code); /* NULL: never named */
const fl_care *fl_care_of_session(const fl_care_book *book,
                                  uint64_t sid); /* NULL: no such session, or a check */
/* Who it is ought to be in the clients' database (NULL: there is none), and is not, and no `erase` entry says
 * why. */
bool fl_care_is_missing(const fl_care *care, fl_clients *clients);
const fl_retention *fl_care_rule(const fl_care_book *book);
/* C-0001 and on: one more than the highest of that form. FL_E_FULL after C-99999999. */
FL_MUST_USE fl_status fl_care_next_code(const fl_care_book *book, char code[FL_CLIENT_CODE_MAX]);
void fl_care_fini(fl_care_book *book);

#endif
