/* Store: walks that were walked before, kept by the hash of all they depend on.
 *
 * A file is named after the SHA-256 of what went into the walk, the layers' own numbers and not the names
 * they came from, and ends with an HMAC of name and content by a secret of this installation. What is
 * missing, short, changed, forged, out of all reason or made of other tables is walked again. So the folder
 * can be deleted at any time, by anybody, and a plan is the same to the bit with and without it. Who may read
 * the secret can forge (seal.h says the same of plans).
 *
 * The folder keeps the newest few hundred files. Nothing in it names a client.
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
