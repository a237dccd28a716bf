/* Parcels: entries on their way into a log, up to 256 of them in one row of `inbox`.
 *
 * A parcel never crosses a multiple of 256. It is named by the root of its own leaves, so nobody can change
 * what a name means: whoever puts other bytes under it puts a row that does not hash to its name, and is
 * passed over. An offer lists the names that lead from a head to its signed checkpoint. Everything here is
 * a proposal until the witness has recomputed it; only he writes `entry`.
 *
 * Inside: the size of an entry in two bytes, high one first, then its bytes, as in a tiled log's bundle.
 */
#ifndef FL_HUB_PARCEL_H
#define FL_HUB_PARCEL_H

#include "handle.h"

#include "fadeline/hub/push.h"

/* How many parcels lead from `old` to `size`, and which entries the one numbered `k` holds. */
size_t fl_parcel_count(uint64_t old, uint64_t size);
void fl_parcel_span(uint64_t old, uint64_t size, size_t k, uint64_t *first, uint64_t *end);

typedef struct fl_parcel { /* unpacked: points into the packed bytes */
    size_t count;
    fl_bytes entry[FL_BUNDLE];
    fl_hash leaf[FL_BUNDLE];
} fl_parcel;

/* FL_E_DAMAGED: these bytes are not `count` entries that hash to `name`. */
FL_MUST_USE fl_status fl_parcel_open(const void *packed, size_t size, size_t count, const fl_hash *name,
                                     fl_parcel *parcel);
fl_hash fl_parcel_name(const fl_hash *leaves, size_t count);

/* The parcel under this name in the inbox, whichever of the rows there is the true one; *result holds its
 * bytes, the caller clears it (NULL is fine). FL_E_NO: it has not come. In the present transaction. */
FL_MUST_USE fl_status fl_parcel_fetch(fl_db *db, uint64_t log_id, uint64_t first, size_t count,
                                      const fl_hash *name, fl_parcel *parcel, PGresult **result);
/* Puts away the rows under this name that do not hash to it: they would only hide that it is missing. */
FL_MUST_USE fl_status fl_parcel_sweep(fl_db *db, uint64_t log_id, uint64_t first, size_t count,
                                      const fl_hash *name);

#endif
