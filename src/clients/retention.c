#include "fadeline/clients/retention.h"

#include "fadeline/base/text.h"

#include <stddef.h>

static const fl_retention rules[] = {
#define X(id, years, birthday, at17, where, source) {id, years, birthday, at17, where, source},
    FL_RETENTION_LIST(X)
#undef X
};

const fl_retention *fl_retention_at(unsigned n)
{
    return n < sizeof rules / sizeof *rules ? &rules[n] : NULL;
}

const fl_retention *fl_retention_find(const char *id)
{
    for (unsigned n = 0; n < sizeof rules / sizeof *rules; n++)
        if (fl_text_same(rules[n].id, id)) return &rules[n];
    return NULL;
}

fl_date fl_date_anniversary(fl_date date, int years)
{
    const fl_date same = {date.year + years, date.month, date.day};
    /* A day that does not exist counts on into the next month, as days do. */
    return date.day == 29 && date.month == 2
               ? fl_date_from_days(fl_date_days((fl_date){same.year, 2, 28}) + 1)
               : same;
}

fl_date fl_retention_until(const fl_retention *rule, fl_date last_entry, fl_date born)
{
    const fl_date until = fl_date_anniversary(last_entry, rule->years);
    if (!rule->birthday) return until;
    if (!fl_date_is_set(born) || fl_date_compare(born, last_entry) > 0) born = last_entry;
    if (fl_date_compare(last_entry, fl_date_anniversary(born, 18)) >= 0) return until;
    const bool at17 = fl_date_compare(last_entry, fl_date_anniversary(born, 17)) >= 0;
    return fl_date_later(
        until, fl_date_anniversary(born, at17 && rule->birthday_at17 ? rule->birthday_at17 : rule->birthday));
}
