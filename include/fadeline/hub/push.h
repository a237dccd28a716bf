/* Push: a console's log goes to the hub, as much of it as the hub does not have.
 *
 * Bundles of at most 256 entries, aligned; the first eight with a commit each, later up to 32 in one transaction. The signed checkpoint is offered
 * before the entries, so whatever lies at the hub was signed for. Sending anything twice is harmless: an
 * entry that is there already is compared, not written. So a push that was cut anywhere is simply run again.
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
    uint64_t sent, known, bundles; /* entries that went over the wire, of them already there; bundles sent */
    uint64_t first_other;          /* fork by an entry: the index that differs; else UINT64_MAX */
    bool frozen;                   /* it was frozen before, or is now */
    bool has_evidence;
    fl_evidence evidence;
} fl_push_report;

/* FL_E_NO when nothing is signed. */
FL_MUST_USE fl_status fl_push_from(fl_journal *journal, fl_push_source *source, fl_error *error);

/* FL_OK: accepted or known, with a line when there is a witness. FL_E_NO: rollback, fork, frozen, another
 * key, not enrolled; the report says which. FL_E_GONE: cut; run it again. */
FL_MUST_USE fl_status fl_hub_push(fl_hub *hub, const fl_push_source *source, const fl_push_options *options,
                                  fl_push_report *report, fl_error *error);

/* The parts of a push, for those who bring entries another way. Puts entries start ... start + count - 1
 * there, at most 32 bundles. FL_E_NO with *first_other when an entry that is there is another one. */
FL_MUST_USE fl_status fl_hub_receive(fl_hub *hub, const fl_hub_head *head, uint64_t start,
                                     const fl_bytes *entries, size_t count, uint64_t *known,
                                     uint64_t *first_other, fl_error *error);
FL_MUST_USE fl_status fl_hub_offer(fl_hub *hub, const fl_hub_head *head, const char *note,
                                   const fl_claim *claim, fl_error *error);

typedef struct fl_witnessing {
    fl_judgement judgement;
    char line[FL_NOTE_LINE_MAX];
    uint64_t missing, bad; /* UINT64_MAX, or the entry that is not there yet, or does not hold */
    bool frozen, has_evidence;
    fl_evidence evidence;
} fl_witnessing;

/* The witness judges one offer: reads back what is stored, recomputes, moves the head, then signs. A fork is
 * written down and the log frozen. FL_E_NO: see the judgement. */
FL_MUST_USE fl_status fl_hub_witness(fl_hub *hub, const char *origin, const char *note, const fl_claim *claim,
                                     const fl_signer *witness, const fl_clock *clock,
                                     fl_witnessing *witnessing, fl_error *error);

typedef struct fl_cosigned {
    uint64_t logs, signed_now, forks, waiting;
} fl_cosigned;
/* All offers that wait, of all logs: what the hub's own process does again and again. */
FL_MUST_USE fl_status fl_hub_witness_offers(fl_hub *hub, const fl_signer *witness, const fl_clock *clock,
                                            fl_cosigned *cosigned, fl_error *error);

#endif
