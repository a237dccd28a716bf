/* Visits: the sessions of clients, as the journal's records add up to them. Checks of a laser are known as
 * such.
 *
 *     fl_visits visits = {0};
 *     for (i ...) { fl_journal_record(journal, i, &record); fl_visits_take(&visits, &record); }
 *     const fl_visit *visit = fl_visits_find(&visits, sid);
 *     fl_visits_fini(&visits);
 *
 * Pulses are those the close states; of a session nobody closed, those that were reported, counted by hand or
 * settled afterwards.
 */
#ifndef FL_CLIENTS_VISITS_H
#define FL_CLIENTS_VISITS_H

#include "fadeline/base/date.h"
#include "fadeline/journal/entry.h"

#define FL_PAT_MAX 33 /* codes of old sessions may have another form than fl_client_code_is wants */

typedef struct fl_visit {
    uint64_t sid, opened_at; /* opened_at: index of its session.open */
    char pat[FL_PAT_MAX];    /* empty: a check, nobody was treated */
    char dev[64], site[33], who[33];
    fl_utc begun, ended; /* ended: of its newest record until it is closed */
    uint64_t pulses;
    bool closed, man;
} fl_visit;

typedef struct fl_visits { /* all 0 to begin */
    fl_visit *list;        /* as they were opened */
    size_t count, room;
} fl_visits;

/* `index`: of the record in the journal. FL_E_MEMORY. */
FL_MUST_USE fl_status fl_visits_take(fl_visits *visits, const fl_record *record, uint64_t index);
const fl_visit *fl_visits_find(const fl_visits *visits, uint64_t sid); /* NULL: never opened */
static inline fl_date fl_visit_day(const fl_visit *visit)
{
    return fl_date_of(visit->ended);
}
void fl_visits_fini(fl_visits *visits);

#endif
