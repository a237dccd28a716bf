/* Store: walks that were walked before, kept by the hash of all they depend on.
 *
 * A file is named after the SHA-256 of its inputs and carries that of its content; whatever is missing,
 * short, changed or made by another version is walked again. So the folder can be deleted at any time, by
 * anybody, and a plan is the same to the bit with and without it.
 *
 * The folder keeps the newest few hundred files. Nothing in it names a client: skin type, site, ink and spots
 * are hashed, not written.
 */
#ifndef FL_PLANNER_FIELD_STORE_H
#define FL_PLANNER_FIELD_STORE_H

#include "field.h"

/* True: the field's walks were read. */
bool fl_field_recall(const fl_planner_request *request, const fl_deposit_order *order, fl_field *field);
/* A full disk or a folder that cannot be written costs time at the next plan, nothing else. */
void fl_field_remember(const fl_planner_request *request, const fl_deposit_order *order,
                       const fl_field *field);

#endif
