/* Push: the console's side. It trusts nothing of the hub but what the hub signs. */
#include "ledger.h"
#include "parcel.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 3 /* send; twice more what was only said to be there, and the witness cleared away */
#define CAREFUL                                                                                              \
    8 /* bundles sent one by one, each with its commit: a short push that is cut repeats at most one */

typedef struct pushing {
    fl_hub *hub;
    const fl_push_source *source;
    const fl_push_options *options;
    fl_push_report *report;
    fl_hub_head head;
    fl_vkey key;
    fl_checkpoint mine;
    fl_offer offer;
    bool *there; /* parcel by parcel: the inbox has it */
} pushing;

static fl_status read_journal(void *self, uint64_t index, const char **bytes, size_t *size)
{
    return fl_journal_read(self, index, bytes, size);
}

fl_status fl_push_from(fl_journal *journal, fl_push_source *source, fl_error *error)
{
    *source = (fl_push_source){.read = read_journal, .self = journal};
    snprintf(source->origin, sizeof source->origin, "%s", fl_journal_origin(journal));
    snprintf(source->vkey, sizeof source->vkey, "%s", fl_journal_vkey(journal));
    const fl_status status = fl_journal_newest_checkpoint(journal, source->checkpoint);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, status, "nothing in this journal is signed yet");
    return fl_error_hint(error, "fadeline journal checkpoint signs what is there");
}

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    const fl_push_source *source = self;
    const char *bytes;
    size_t size;
    const fl_status status = source->read(source->self, index, &bytes, &size);
    if (status == FL_OK) *leaf = fl_tree_leaf(bytes, size);
    return status == FL_E_NO ? FL_E_DAMAGED : status;
}

static fl_leaves leaves_of(const fl_push_source *source)
{
    union {
        const fl_push_source *in;
        void *out;
    } self = {.in = source}; /* read_leaf takes it as const again */
    return (fl_leaves){read_leaf, self.out};
}

/* What my history looked like at `size`: proof first, which is one pass when the root is the one I expect. */
static fl_status make_claim(const pushing *p, uint64_t size, const fl_hash *expected, fl_claim *claim)
{
    const fl_leaves leaves = leaves_of(p->source);
    *claim = (fl_claim){.root = *expected};
    if (!size || size == p->mine.size) return FL_OK;
    fl_status status = fl_tree_prove_consistency(&leaves, size, p->mine.size, &claim->proof);
    if (status != FL_OK) return status;
    if (fl_tree_verify_consistency(size, p->mine.size, &claim->root, &p->mine.root, claim->proof.hash,
                                   claim->proof.count))
        return FL_OK;
    return fl_tree_root_of(&leaves, 0, size, &claim->root);
}

typedef struct batch {
    fl_bytes *entries;
    size_t count;
    char *pool; /* their bytes */
    size_t room;
} batch;

static fl_status unreadable(fl_status status, fl_error *error)
{
    fl_error_set(error, status, "the journal's own entries cannot be read");
    return fl_error_hint(error, "fadeline journal verify names the first that is bad");
}

static fl_status meet(pushing *p, fl_error *error)
{
    const fl_hub_about *about = fl_hub_what(p->hub);
    const bool simulated = fl_text_begins(p->source->origin, FL_JOURNAL_SIMULATED);
    if (simulated != about->simulated) {
        fl_error_set(error, FL_E_NO, "a %s log does not go into a %s hub", simulated ? "SIMULATED" : "real",
                     about->simulated ? "SIMULATED" : "real");
        return fl_error_hint(error, "virtual pulses never stand beside real ones; take the other hub");
    }
    const fl_status status = fl_hub_find(p->hub, p->source->origin, &p->head, error);
    if (status != FL_OK) return status;
    if (!fl_text_same(p->head.vkey, p->source->vkey)) {
        fl_error_set(error, FL_E_NO, "'%s' is enrolled with another key than this journal's",
                     p->source->origin);
        return fl_error_hint(error,
                             "a journal keeps its key for ever; ask the hub's owner which one he enrolled");
    }
    if (fl_vkey_read(p->source->vkey, &p->key) != FL_OK ||
        fl_checkpoint_open(p->source->checkpoint, strlen(p->source->checkpoint), &p->key, &p->mine) !=
            FL_OK) {
        fl_error_set(error, FL_E_DAMAGED, "the newest checkpoint is not signed by this journal's key");
        return fl_error_hint(error, "fadeline journal verify says more");
    }
    p->report->size = p->mine.size;
    p->report->hub_size = p->head.tree.size;
    snprintf(p->report->checkpoint, sizeof p->report->checkpoint, "%s", p->source->checkpoint);
    snprintf(p->offer.note, sizeof p->offer.note, "%s", p->source->checkpoint);
    p->offer.old = p->head.tree.size;
    return FL_OK;
}

/* Copies the entries from ... to - 1: the bytes of one read last only until the next. */
static fl_status copy_entries(const pushing *p, uint64_t from, uint64_t to, batch *b, fl_error *error)
{
    size_t used = 0;
    b->count = (size_t)(to - from);
    for (size_t i = 0; i < b->count; i++) {
        const char *bytes;
        size_t size;
        const fl_status status = p->source->read(p->source->self, from + i, &bytes, &size);
        if (status != FL_OK) return unreadable(status == FL_E_NO ? FL_E_DAMAGED : status, error);
        if (used + size > b->room) {
            const size_t room = (used + size) * 2 + 65536;
            char *more = realloc(b->pool, room);
            if (!more) return fl_error_set(error, FL_E_MEMORY, "no memory to send");
            b->pool = more;
            b->room = room;
        }
        memcpy(b->pool + used, bytes, size);
        b->entries[i] = (fl_bytes){.size = size}; /* its place is known when the pool stands still */
        used += size;
    }
    for (size_t i = 0, at = 0; i < b->count; at += b->entries[i++].size) b->entries[i].bytes = b->pool + at;
    return FL_OK;
}

/* How many parcels from k on, up to so many, go out in one transaction: a run of those not there. */
static size_t run_from(const pushing *p, size_t k)
{
    const uint64_t sent = p->report->bundles;
    const size_t most = sent < CAREFUL ? 1 : sent < 2 * CAREFUL ? 8 : FL_BUNDLES;
    size_t run = 0;
    while (run < most && k + run < p->offer.count && !p->there[k + run]) run++;
    return run;
}

/* The parcels that are not there, a transaction at a time. */
static fl_status send(pushing *p, fl_error *error)
{
    batch b = {.entries = malloc(FL_BUNDLE * FL_BUNDLES * sizeof *b.entries)};
    fl_status status = b.entries ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory to send");
    for (size_t k = 0; k < p->offer.count && status == FL_OK;) {
        uint64_t from, to, known = 0;
        const size_t run = run_from(p, k);
        if (!run && ++k) continue;
        fl_parcel_span(p->offer.old, p->mine.size, k + run - 1, &from, &to);
        fl_parcel_span(p->offer.old, p->mine.size, k, &from, &(uint64_t){0});
        status = copy_entries(p, from, to, &b, error);
        if (status == FL_OK)
            status = fl_hub_receive(p->hub, &p->head, from, b.entries, b.count, &known, error);
        if (status != FL_OK) break;
        p->report->sent += b.count;
        p->report->known += known;
        p->report->bundles += run;
        for (size_t i = 0; i < run; i++) p->there[k++] = true;
        if (p->options->progress)
            p->options->progress(p->options->self, to - p->offer.old, p->mine.size - p->offer.old);
    }
    free(b.pool);
    free(b.entries);
    return status;
}

static fl_status ask_witness(pushing *p, fl_witnessing *w, fl_error *error)
{
    const fl_status status = fl_hub_witness(p->hub, p->source->origin, &p->offer, p->options->witness,
                                            p->options->clock, w, error);
    fl_push_report *report = p->report;
    report->judgement = w->judgement;
    report->frozen = w->frozen;
    memcpy(report->line, w->line, sizeof report->line);
    if (w->has_evidence) report->has_evidence = true, report->evidence = w->evidence;
    return status;
}

typedef struct accusation {
    const fl_hub_head *head;
    const fl_evidence *evidence;
    int64_t now_us;
} accusation;

static fl_status accuse(fl_db *db, void *self, fl_error *error)
{
    const accusation *a = self;
    const fl_status status = fl_ledger_accuse(db, a->head, FL_EVIDENCE_FORK, a->evidence, a->now_us);
    return status == FL_OK ? FL_OK : fl_db_failed(db, status, "cannot write down the evidence", error);
}

/* Another checkpoint over other entries waits at the hub, signed by the same key: with both and a proof out
 * of my own history that is evidence for anybody. What lies in the inbox is none. */
static fl_status confront(pushing *p, const fl_ledger_offer *other, fl_error *error)
{
    fl_push_report *report = p->report;
    fl_evidence evidence = {0};
    const fl_hash none = {0};
    fl_status status = make_claim(p, other->size, &none, &evidence.claim);
    if (status != FL_OK) return unreadable(status, error);
    snprintf(evidence.older, sizeof evidence.older, "%s", other->offer.note);
    snprintf(evidence.newer, sizeof evidence.newer, "%s", p->source->checkpoint);
    if (other->size == p->mine.size) evidence.claim = (fl_claim){0};
    if (!fl_evidence_check(&evidence, &p->key)) return FL_OK; /* a note of no worth */
    report->judgement = FL_JUDGE_FORK;
    report->has_evidence = true;
    report->evidence = evidence;
    return FL_OK;
}

static fl_status write_down(pushing *p, fl_error *error)
{
    const fl_clock *clock = p->options->clock ? p->options->clock : fl_clock_system();
    accusation a = {&p->head, &p->report->evidence, clock->utc(clock->self).us};
    const fl_status status = fl_db_transact(&p->hub->db, accuse, &a, error);
    p->report->frozen = status == FL_OK;
    return status;
}

static fl_status say_fork(fl_error *error)
{
    fl_error_set(error, FL_E_NO, "FORK: the hub has another history of this log under the same key");
    return fl_error_hint(error,
                         "two machines wrote one log, or one was restored and went on. Keep both, write into "
                         "neither, and begin a new journal");
}

/* The hub stands at or beyond my checkpoint. */
static fl_status push_nothing(pushing *p, fl_error *error)
{
    fl_witnessing w;
    const fl_claim none = {0};
    if (p->options->witness) return ask_witness(p, &w, error);
    fl_status status = fl_hub_offer(p->hub, &p->head, &p->offer, error);
    if (status != FL_OK) return status;
    const fl_checkpoint head = fl_hub_head_checkpoint(&p->head);
    if (p->mine.size == head.size)
        p->report->judgement = fl_judge_newer(&head, &p->mine, &none);
    else {
        fl_claim own;
        status = fl_ledger_own_claim(&p->hub->db, &p->head, p->mine.size, &own);
        if (status != FL_OK) return fl_db_failed(&p->hub->db, status, "cannot read the hub's entries", error);
        p->report->judgement = fl_judge_older(&head, &p->mine, &own);
    }
    if (p->report->judgement == FL_JUDGE_SAME) return FL_OK;
    if (p->report->judgement == FL_JUDGE_FORK) return say_fork(error);
    fl_error_set(error, FL_E_NO, "this copy is older: %llu entries, the hub has witnessed %llu",
                 (unsigned long long)p->mine.size, (unsigned long long)head.size);
    return fl_error_hint(error,
                         "it was restored, or the disk lost its end. Write nothing into it: fadeline hub "
                         "restore brings back what is missing");
}

/* One pass over what the hub does not have: the names of its parcels, and the roots at the sizes of the
 * checkpoints that wait there. */
static fl_status survey(pushing *p, const fl_ledger_offer *waiting, size_t count, fl_error *error)
{
    fl_hash leaves[FL_BUNDLE];
    fl_tree tree = p->head.tree; /* the claim has shown that it is my own as well */
    size_t next = 0, held = 0;
    for (size_t k = 0; k < p->offer.count; k++) {
        uint64_t first, end;
        fl_parcel_span(p->offer.old, p->mine.size, k, &first, &end);
        for (held = 0; tree.size < end; held++) {
            const fl_status status = read_leaf(leaves_of(p->source).self, tree.size, &leaves[held]);
            if (status != FL_OK) return unreadable(status, error);
            fl_tree_append(&tree, &leaves[held]);
            for (; next < count && waiting[next].size <= tree.size; next++) {
                fl_checkpoint other;
                const char *note = waiting[next].offer.note;
                const fl_hash root = fl_tree_root(&tree);
                if (p->report->has_evidence || waiting[next].size < tree.size ||
                    fl_checkpoint_open(note, strlen(note), &p->key, &other) != FL_OK ||
                    fl_hash_same(&root, &other.root))
                    continue;
                const fl_status confronted = confront(p, &waiting[next], error);
                if (confronted != FL_OK) return confronted;
            }
        }
        p->offer.names[k] = fl_parcel_name(leaves, held);
    }
    return FL_OK;
}

/* Which of my parcels lie in the inbox. One of them may be no true one: then the witness says that it is
 * missing. */
static fl_status look_what_is_there(fl_db *db, void *self, fl_error *error)
{
    pushing *p = self;
    PGresult *result;
    fl_arg args[] = {fl_arg_number(p->head.log_id), fl_arg_number(p->offer.old), fl_arg_number(p->mine.size)};
    const fl_status status = fl_db_run(
        db, "SELECT first, name FROM fadeline.inbox WHERE log_id = $1 AND first >= $2 AND first < $3", args,
        3, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot look into the inbox", error);
    memset(p->there, 0, p->offer.count * sizeof *p->there);
    for (int i = 0; i < PQntuples(result); i++) {
        size_t size;
        uint64_t from, to;
        const uint64_t first = fl_db_number(result, i, 0);
        const void *name = fl_db_bytes(result, i, 1, &size);
        const size_t k = (size_t)(first / FL_BUNDLE - p->offer.old / FL_BUNDLE);
        fl_parcel_span(p->offer.old, p->mine.size, k, &from, &to);
        if (from == first && size == sizeof(fl_hash) && memcmp(name, &p->offer.names[k], size) == 0)
            p->there[k] = true;
    }
    PQclear(result);
    return FL_OK;
}

static fl_status prepare(pushing *p, fl_error *error)
{
    fl_ledger_offer *waiting = NULL;
    size_t count = 0;
    p->offer.count = fl_parcel_count(p->offer.old, p->mine.size);
    p->offer.names = malloc(p->offer.count * sizeof *p->offer.names);
    p->there = calloc(p->offer.count, sizeof *p->there);
    if (!p->offer.names || !p->there) return fl_error_set(error, FL_E_MEMORY, "no memory to push");
    fl_status status = fl_ledger_offers(&p->hub->db, &p->head.log_id, &waiting, &count, error);
    if (status == FL_OK) status = survey(p, waiting, count, error);
    fl_ledger_free(waiting, count);
    return status;
}

/* All of it, and again what the witness does not find. */
static fl_status deliver(pushing *p, fl_error *error)
{
    fl_witnessing w;
    fl_status status = FL_OK;
    for (int round = 0; round < ROUNDS; round++) {
        status = fl_db_transact(&p->hub->db, look_what_is_there, p, error);
        if (status == FL_OK) status = send(p, error);
        if (status != FL_OK || !p->options->witness || p->report->has_evidence) break;
        status = ask_witness(p, &w, error);
        if (w.missing == UINT64_MAX) break;
    }
    return status;
}

static fl_status push_more(pushing *p, fl_error *error)
{
    const fl_checkpoint head = fl_hub_head_checkpoint(&p->head);
    fl_witnessing w;
    fl_status status = make_claim(p, head.size, &head.root, &p->offer.claim);
    if (status != FL_OK) return unreadable(status, error);
    p->report->judgement = fl_judge_newer(&head, &p->mine, &p->offer.claim);
    if (p->report->judgement == FL_JUDGE_WRONG)
        return unreadable(FL_E_DAMAGED, error); /* my own entries do not give my own checkpoint */
    if (p->report->judgement == FL_JUDGE_FORK) {
        status = fl_hub_offer(p->hub, &p->head, &p->offer, error);
        if (status == FL_OK && p->options->witness) return ask_witness(p, &w, error);
        return status == FL_OK ? say_fork(error) : status;
    }
    status = prepare(p, error);
    if (status == FL_OK) status = fl_hub_offer(p->hub, &p->head, &p->offer, error);
    if (status == FL_OK && p->report->has_evidence && p->options->witness)
        status = write_down(p, error);
    else if (status == FL_OK)
        status = deliver(p, error); /* also of a fork: with them the witness proves it */
    return status == FL_OK && p->report->has_evidence ? say_fork(error) : status;
}

fl_status fl_hub_push(fl_hub *hub, const fl_push_source *source, const fl_push_options *options,
                      fl_push_report *report, fl_error *error)
{
    pushing *p = calloc(1, sizeof *p);
    if (!p) return fl_error_set(error, FL_E_MEMORY, "no memory to push");
    *report = (fl_push_report){0};
    *p = (pushing){.hub = hub, .source = source, .options = options, .report = report};
    fl_status status = meet(p, error);
    if (status == FL_OK && p->head.frozen) {
        report->frozen = true;
        report->has_evidence = fl_hub_evidence(hub, &p->head, &report->evidence, NULL) == FL_OK;
        fl_error_set(error, status = FL_E_NO, "this log is frozen: it showed two histories before");
        fl_error_hint(error, "a frozen log never heals; begin a new journal and have it enrolled");
    } else if (status == FL_OK)
        status = p->mine.size > p->head.tree.size ? push_more(p, error) : push_nothing(p, error);
    free(p->offer.names);
    free(p->there);
    free(p);
    return status;
}
