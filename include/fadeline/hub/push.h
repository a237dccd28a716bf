/* Push: a console's log goes to the hub, as much of it as the hub does not have.
 *
 * The signed checkpoint is offered first, with the names of the parcels (256 entries each, named by their
 * hash) that lead to it. Then the parcels go into an inbox, the first eight with a commit each, later up to
 * 32 in one transaction; those that are there already are not sent. Nothing of it is an entry of the log, or
 * held against anybody, until the witness has recomputed the signed root from it and copied it. So a push
 * that was cut anywhere is simply run again, and whatever a stranger with the site's login puts beside it
 * changes nothing.
 *
 *     fl_push_options options = { .witness = &signer };       // NULL: the hub's own process will cosign
 *     fl_push_report report;
 *     status = fl_hub_push(hub, journal, &options, &report, &error);
 *     if (report.judgement == FL_JUDGE_FORK) ... report.evidence
 *     if (report.line[0]) ...       // the witness's signature over report.checkpoint; verify, then keep it
 */
#ifndef FL_HUB_PUSH_H
#define FL_HUB_PUSH_H

#include "fadeline/hub/hub.h"
#include "fadeline/journal/journal.h"

typedef struct fl_bytes {
    const void *bytes;
    size_t size;
} fl_bytes;

/* Where the log is read from: fl_push_from makes one of a journal. */
typedef struct fl_push_source {
    char origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    char checkpoint[FL_CHECKPOINT_MAX]; /* the newest signed one: what is pushed ends there */
    fl_status (*read)(void *self, uint64_t index, const char **bytes, size_t *size);
    void *self;
} fl_push_source;

typedef struct fl_push_options {
    const fl_signer *witness; /* of the hub, when this process may use it; NULL: the offer waits for it */
    const fl_clock *clock;    /* of the witness; NULL: the system's */
    /* After every transaction; NULL: nobody watches. */
    void (*progress)(void *self, uint64_t done, uint64_t total);
    void *self;
} fl_push_options;

typedef struct fl_push_report {
    fl_judgement judgement;                                     /* 0: it did not come so far */
    char checkpoint[FL_CHECKPOINT_MAX], line[FL_NOTE_LINE_MAX]; /* line empty: not cosigned yet */
    uint64_t size;                                              /* of that checkpoint */
    uint64_t hub_size;                                          /* what the hub had witnessed before */
    uint64_t sent, known; /* entries that went over the wire, and of them those that were there already */
    uint64_t bundles;     /* parcels sent */
    bool frozen;          /* it was frozen before, or is now */
    bool has_evidence;
    fl_evidence evidence;
} fl_push_report;

/* FL_E_NO when nothing is signed. */
FL_MUST_USE fl_status fl_push_from(fl_journal *journal, fl_push_source *source, fl_error *error);

/* FL_OK: accepted or known, with a line when there is a witness. FL_E_NO: rollback, fork, frozen, another
 * key, not enrolled; the report says which. FL_E_GONE: cut; run it again. */
FL_MUST_USE fl_status fl_hub_push(fl_hub *hub, const fl_push_source *source, const fl_push_options *options,
                                  fl_push_report *report, fl_error *error);

typedef struct fl_offer {
    char note[FL_CHECKPOINT_MAX];
    uint64_t old;   /* where the hub stood; the parcels lead from there to the size in the note */
    fl_claim claim; /* about the offerer's own history at `old` */
    fl_hash *names; /* of the parcels in order; of the caller */
    size_t count;
} fl_offer;

/* The parts of a push, for those who bring entries another way. An offer is put there once however often it
 * is made; FL_E_NO: not signed by the log's key. */
FL_MUST_USE fl_status fl_hub_offer(fl_hub *hub, const fl_hub_head *head, const fl_offer *offer,
                                   fl_error *error);
/* Puts entries start ... start + count - 1 there, at most 32 parcels; one ends at every multiple of 256.
 * *known: how many were there. again: they were sent before and the witness did not find them. */
FL_MUST_USE fl_status fl_hub_receive(fl_hub *hub, const fl_hub_head *head, uint64_t start,
                                     const fl_bytes *entries, size_t count, uint64_t *known, fl_error *error);

typedef struct fl_witnessing {
    fl_judgement judgement;
    char line[FL_NOTE_LINE_MAX];
    uint64_t missing,
        bad; /* UINT64_MAX, or the entry that has not come, or is signed for and does not hold */
    bool frozen, has_evidence;
    fl_evidence evidence;
} fl_witnessing;

/* The witness judges one offer: reads the parcels back, recomputes, copies the entries into the log, moves
 * the head, then signs. A fork is written down and the log frozen; that takes two signed checkpoints, never
 * what lies in the inbox alone. FL_E_NO: see the judgement. */
FL_MUST_USE fl_status fl_hub_witness(fl_hub *hub, const char *origin, const fl_offer *offer,
                                     const fl_signer *witness, const fl_clock *clock,
                                     fl_witnessing *witnessing, fl_error *error);

typedef struct fl_cosigned {
    uint64_t logs, signed_now, forks;
    uint64_t waiting; /* offers whose entries have not come */
    uint64_t broken;  /* logs whose signed entries do not hold, or whose rows at the hub are damaged */
} fl_cosigned;
/* All offers that wait, of all logs: what the hub's own process does again and again. One log's
 * trouble stops no other: FL_E_DAMAGED comes after all were looked at. */
FL_MUST_USE fl_status fl_hub_witness_offers(fl_hub *hub, const fl_signer *witness, const fl_clock *clock,
                                            fl_cosigned *cosigned, fl_error *error);

#endif
