/* The inside of fl_hub, shared by the sources of this module. */
#ifndef FL_HUB_HANDLE_H
#define FL_HUB_HANDLE_H

#include "db.h"

#include "fadeline/hub/hub.h"

struct fl_hub {
    fl_db db;
    fl_hub_about about;
};

#define FL_BUNDLE 256 /* entries; bundles begin at multiples of it */
#define FL_BUNDLES 32 /* in one transaction */

/* Columns of fl_hub_read_head, in its order. */
#define FL_HEAD_COLUMNS "l.origin, l.vkey, l.site, l.size, l.range, l.root, l.checkpoint, l.frozen"
FL_MUST_USE fl_status fl_hub_read_head(const PGresult *result, int row, fl_hub_head *head, fl_error *error);
/* The head as a checkpoint, for the judge. */
fl_checkpoint fl_hub_head_checkpoint(const fl_hub_head *head);

typedef struct fl_hub_row {
    uint64_t index;
    fl_hash leaf;
    const void *data; /* valid during the call */
    size_t size;
} fl_hub_row;
/* Rows first ... end - 1 in order, page by page, as far as they are there. Stops at a status that is not
 * FL_OK. */
typedef fl_status (*fl_hub_taker)(void *self, const fl_hub_row *row);
FL_MUST_USE fl_status fl_hub_each_row(fl_db *db, uint64_t log_id, uint64_t first, uint64_t end,
                                      fl_hub_taker take, void *self);
/* What one entry must be by itself: canonical, its kind's fields there, of this log's nature. why: a
 * sentence. */
bool fl_hub_entry_holds(const char *origin, uint64_t index, const void *data, size_t size, char *why,
                        size_t why_size);

#endif
