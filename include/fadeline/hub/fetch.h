/* Fetch: a log out of the hub, for the console that lost it.
 *
 * What comes is what the hub witnessed, with every checkpoint it cosigned. Nothing here vouches for it:
 * fl_journal_heal (journal/heal.h) takes only what leads to a root the log's own key signed.
 */
#ifndef FL_HUB_FETCH_H
#define FL_HUB_FETCH_H

#include "fadeline/hub/hub.h"
#include "fadeline/journal/heal.h"

typedef struct fl_hub_fetch fl_hub_fetch;

/* FL_E_NO: not enrolled, not visible to this login, or nothing of it was cosigned. */
FL_MUST_USE fl_status fl_hub_fetch_new(fl_hub *hub, const char *origin, fl_hub_fetch **fetch,
                                       fl_error *error);
void fl_hub_fetch_free(fl_hub_fetch *fetch);
/* Valid as long as the fetch. */
fl_heal_source fl_hub_fetch_source(fl_hub_fetch *fetch);

#endif
