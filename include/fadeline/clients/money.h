/* Money: invoices against sessions. What stands on one side only is on one list.
 *
 *     fl_money_book book = {0};
 *     for (i ...) fl_money_take(&book, &record, i);
 *     fl_money_match(&book, from, to, &rows, &count);
 *     free(rows), fl_money_fini(&book);
 *
 * An invoice that names its session belongs to it. One that names none belongs to a session of its client on
 * its day, or the day beside it (an evening here is tomorrow in UTC), that no other invoice has. A session is
 * one that made pulses; sessions of nobody are checks and cost nothing. Matching is over the whole journal,
 * so the ends of a period make no strays; the list holds what lies in it.
 */
#ifndef FL_CLIENTS_MONEY_H
#define FL_CLIENTS_MONEY_H

#include "fadeline/clients/visits.h"

/*                  name               word               what is wrong */
#define FL_MONEY_FINDINGS(X)                                                                                 \
    X(FL_MONEY_MATCHED, "matched", "invoice and session belong together")                                    \
    X(FL_MONEY_NO_INVOICE, "session-no-invoice", "session with pulses, and no invoice")                      \
    X(FL_MONEY_NO_PULSES, "invoice-no-pulses", "invoice, and no pulses of this client")                      \
    X(FL_MONEY_OTHER, "invoice-other", "invoice to one client for a session of another")                     \
    X(FL_MONEY_TWICE, "invoice-twice", "a second invoice for one session, or its number again")

typedef enum fl_money_finding {
#define X(name, word, text) name,
    FL_MONEY_FINDINGS(X)
#undef X
} fl_money_finding;

const char *fl_money_word(fl_money_finding finding);
const char *fl_money_text(fl_money_finding finding);

typedef struct fl_invoice {
    uint64_t index, sid; /* sid 0: it names none */
    char no[33], pat[FL_PAT_MAX], cur[4];
    int64_t cents;
    fl_date day; /* that it is for */
} fl_invoice;

typedef struct fl_money_book { /* all 0 to begin */
    fl_visits visits;
    fl_invoice *invoices;
    size_t count, room;
} fl_money_book;

typedef struct fl_money_row {
    fl_money_finding finding;
    const fl_invoice *invoice; /* NULL: there is none */
    const fl_visit *visit;     /* NULL: there is none */
    fl_date day;               /* of the invoice, or of the session when there is none */
} fl_money_row;

FL_MUST_USE fl_status fl_money_take(fl_money_book *book, const fl_record *record, uint64_t index);
/* Everything of the days from..to, matched or not, by day; malloc'ed, the caller's, pointing into the book.
 */
FL_MUST_USE fl_status fl_money_match(const fl_money_book *book, fl_date from, fl_date to, fl_money_row **rows,
                                     size_t *count);
void fl_money_fini(fl_money_book *book);

/* "120", "120.5" or "120.00": FL_E_RANGE for a comma, a sign, more than two decimals or 10^12 and more. */
FL_MUST_USE fl_status fl_cents_read(const char *text, int64_t *cents);
bool fl_currency_is(const char *text); /* three capital letters (ISO 4217) */

#endif
