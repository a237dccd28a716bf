/* Take: what lies in the inbox becomes entries of the log, when it leads from the head to a signed root. */
#ifndef FL_HUB_TAKE_H
#define FL_HUB_TAKE_H

#include "ledger.h"
#include "parcel.h"

typedef struct fl_taking {
    const fl_hub_head *head; /* its row is locked */
    const fl_offer *offer;
    const fl_checkpoint *offered; /* the offer's note, signed by the log, larger than the head */
    fl_tree tree;                 /* FL_OK: of all that is offered */
    uint64_t missing, bad;        /* UINT64_MAX, or the entry that has not come, or does not hold */
    char why[120];
} fl_taking;

/* In the present transaction. FL_OK: taken. FL_E_NO: `missing` is set, or else the parcels lead elsewhere;
 * the log is as before, nobody is accused. FL_E_DAMAGED: what the log's key signed is no entry (`bad`), or
 * there are rows beyond the head. */
FL_MUST_USE fl_status fl_take(fl_db *db, fl_taking *t, fl_error *error);

/* What the parcels of an offer made before the head moved say against that head: the offerer's own root
 * there, and the proof from there to his checkpoint. FL_E_NO when they say nothing. */
FL_MUST_USE fl_status fl_take_against(fl_db *db, const fl_taking *t, fl_claim *claim);

#endif
