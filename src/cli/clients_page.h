/* What `fadeline clients` prints, for people and as JSON. */
#ifndef FL_CLI_CLIENTS_PAGE_H
#define FL_CLI_CLIENTS_PAGE_H

#include "act.h"

#include "fadeline/clients/identity.h"

typedef struct clients_due {
    const fl_care *care;
    fl_date until;
    bool known; /* the day of birth is; if not, the client counts as newborn at the last entry */
} clients_due;

void clients_print_added(const act *a, const char *code);
void clients_print_one(const act *a, const fl_care *care, const fl_identity *who);
void clients_print_list(const act *a);
void clients_print_due(const act *a, const clients_due *rows, size_t count);
void clients_print_hold(const act *a, const char *code, bool on);
void clients_print_rules(const act *a);
void clients_print_erased(const act *a, const char *code);

#endif
