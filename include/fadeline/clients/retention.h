/* Retention: until which day a client's record has to be kept. Rules are data with their source; none is
 * legal advice.
 *
 * A record is kept until the later of: so many years after its last entry, and, when the client was under 18
 * at the last entry, a birthday. A leap day's anniversary in a common year is 1 March, never a day less. A
 * client whose day of birth is not known might be newborn, as far as we know: the birthday is counted from
 * the last entry. A legal hold overrides everything (care.h tells whether there is one).
 *
 *     const fl_retention *rule = fl_retention_find("ten-years");
 *     fl_date until = fl_retention_until(rule, last_entry, born);
 *     if (fl_date_compare(today, until) <= 0) ...                     // until is the last day it must be
 * there
 */
#ifndef FL_CLIENTS_RETENTION_H
#define FL_CLIENTS_RETENTION_H

#include "fadeline/base/date.h"

typedef struct fl_retention {
    const char *id;
    int years;                  /* after the last entry */
    int birthday;               /* of who was a minor then; 0: nothing more */
    int birthday_at17;          /* and of who was 17 then; 0: the same */
    const char *where, *source; /* source as in the reference on records: [S] seen, [M] memory, [D] ours */
} fl_retention;

/* clang-format off */
/*    id                 years  birthday  at 17   where, source */
#define FL_RETENTION_LIST(X)                                                                                  \
    X("ten-years",        10,    28,      0,      "no place in particular", "project default [D]")            \
    X("fifteen-years",    15,    28,      0,      "no place in particular", "owner's choice [D]")             \
    X("ontario",          10,    28,      0,      "Ontario, regulated professions",                           \
                                                  "10 years, or 10 after the 18th birthday [S]")              \
    X("british-columbia", 16,    35,      0,      "British Columbia", "16 years [S]; minors from 19 on [D]")   \
    X("ontario-studio",    3,    0,       0,      "Ontario, personal services", "one year on site, two more [S]") \
    X("wales",             8,    25,      26,     "Wales, and usual insurers in the UK", "independent care schedule [M]") \
    X("new-jersey",        7,    0,       0,      "New Jersey, physicians and electrology", "[S, part]")      \
    X("arizona",           6,    21,      0,      "Arizona", "6 years, minors 3 after 18 [M]")                \
    X("australia",         7,    25,      0,      "Australia", "[M]")
/* clang-format on */

/* The first of the list is in force until an owner chooses another. NULL past the end. */
const fl_retention *fl_retention_at(unsigned n);
const fl_retention *fl_retention_find(const char *id); /* NULL: no such rule */

/* The last day on which the record must still be there. `born` may be not set. */
fl_date fl_retention_until(const fl_retention *rule, fl_date last_entry, fl_date born);

fl_date fl_date_anniversary(fl_date date, int years); /* 1 March where there is no 29 February */

#endif
