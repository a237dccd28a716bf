/* Push: the console's side. It trusts nothing of the hub but what the hub signs. */
#include "ledger.h"

#include "fadeline/hub/push.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 3 /* send, send again what was missing, compare everything */
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
    fl_claim claim; /* about my history where the head is */
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
    return FL_OK;
}

/* Entries first ... the checkpoint's size, a transaction at a time. The bytes of one read last only until the
 * next. */
static fl_status send(pushing *p, uint64_t first, fl_error *error)
{
    const size_t most = FL_BUNDLE * FL_BUNDLES;
    fl_bytes *entries = malloc(most * sizeof *entries);
    char *pool = NULL;
    size_t room = 0;
    fl_status status = entries ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory to send");
    for (uint64_t at = first; at < p->mine.size && status == FL_OK;) {
        const uint64_t step = p->report->bundles < CAREFUL       ? 1
                              : p->report->bundles < 2 * CAREFUL ? 8
                                                                 : FL_BUNDLES;
        const uint64_t edge = (at / FL_BUNDLE + step) * FL_BUNDLE;
        const size_t count = (size_t)((edge < p->mine.size ? edge : p->mine.size) - at);
        size_t used = 0;
        for (size_t i = 0; i < count && status == FL_OK; i++) {
            const char *bytes;
            size_t size;
            status = p->source->read(p->source->self, at + i, &bytes, &size);
            if (status != FL_OK) {
                status = unreadable(status == FL_E_NO ? FL_E_DAMAGED : status, error);
                break;
            }
            if (used + size > room) {
                char *more = realloc(pool, room = (used + size) * 2 + 65536);
                if (!more) status = fl_error_set(error, FL_E_MEMORY, "no memory to send");
                if (!more) break;
                pool = more;
            }
            memcpy(pool + used, bytes, size);
            entries[i] = (fl_bytes){.size = size}; /* its place is known when the pool stands still */
            used += size;
        }
        for (size_t i = 0, from = 0; i < count && status == FL_OK; from += entries[i++].size)
            entries[i].bytes = pool + from;
        uint64_t known = 0;
        if (status == FL_OK)
            status =
                fl_hub_receive(p->hub, &p->head, at, entries, count, &known, &p->report->first_other, error);
        if (status != FL_OK) break;
        p->report->sent += count;
        p->report->known += known;
        p->report->bundles += (at + count - 1) / FL_BUNDLE - at / FL_BUNDLE + 1;
        at += count;
        if (p->options->progress) p->options->progress(p->options->self, at - first, p->mine.size - first);
    }
    free(pool);
    free(entries);
    return status;
}

static fl_status ask_witness(pushing *p, const fl_claim *claim, fl_witnessing *w, fl_error *error)
{
    const fl_status status = fl_hub_witness(p->hub, p->source->origin, p->source->checkpoint, claim,
                                            p->options->witness, p->options->clock, w, error);
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

/* An entry that lies at the hub, signed for by a checkpoint that was offered, is another than mine. With both
 * checkpoints and a proof out of my own history that is evidence for anybody. */
static fl_status confront(pushing *p, fl_error *error)
{
    fl_ledger_offer *offers;
    size_t count;
    fl_push_report *report = p->report;
    fl_status status = fl_ledger_offers(&p->hub->db, &p->head.log_id, &offers, &count, error);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < count && !report->has_evidence; i++) {
        fl_evidence evidence = {0};
        const fl_hash none = {0};
        if (offers[i].size > p->mine.size) continue; /* what it had at my size only its rows could tell */
        status = make_claim(p, offers[i].size, &none, &evidence.claim);
        if (status != FL_OK) break;
        snprintf(evidence.older, sizeof evidence.older, "%s", offers[i].note);
        snprintf(evidence.newer, sizeof evidence.newer, "%s", p->source->checkpoint);
        if (!fl_evidence_check(&evidence, &p->key)) continue;
        report->has_evidence = true;
        report->evidence = evidence;
    }
    free(offers);
    report->judgement = FL_JUDGE_FORK;
    if (report->has_evidence && p->options->witness) {
        const fl_clock *clock = p->options->clock ? p->options->clock : fl_clock_system();
        accusation a = {&p->head, &report->evidence, clock->utc(clock->self).us};
        status = fl_db_transact(&p->hub->db, accuse, &a, error);
        report->frozen = status == FL_OK;
    }
    if (status != FL_OK) return status;
    fl_error_set(error, FL_E_NO, "FORK: entry %llu is another one at the hub, under the same key",
                 (unsigned long long)report->first_other);
    return fl_error_hint(error,
                         "two machines wrote one log, or one was restored and went on. Keep both, write into "
                         "neither, and begin a new journal");
}

/* The hub stands at or beyond my checkpoint. */
static fl_status push_nothing(pushing *p, fl_error *error)
{
    fl_witnessing w;
    const fl_claim none = {0};
    if (p->options->witness) return ask_witness(p, NULL, &w, error);
    fl_status status = fl_hub_offer(p->hub, &p->head, p->source->checkpoint, &none, error);
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
    if (p->report->judgement == FL_JUDGE_FORK)
        return fl_error_set(error, FL_E_NO,
                            "FORK: the hub has another history of this log under the same key");
    fl_error_set(error, FL_E_NO, "this copy is older: %llu entries, the hub has witnessed %llu",
                 (unsigned long long)p->mine.size, (unsigned long long)head.size);
    return fl_error_hint(error,
                         "it was restored, or the disk lost its end. Write nothing more into it: begin a new "
                         "journal, and keep this one");
}

/* Where to go on: in the bundle that holds what came last, so that a torn bundle is compared and completed.
 */
static uint64_t resume_at(const fl_hub_head *head)
{
    const uint64_t bundle = head->next / FL_BUNDLE * FL_BUNDLE;
    return bundle > head->tree.size ? bundle : head->tree.size;
}

typedef struct counting {
    const pushing *p;
    uint64_t there;
} counting;

static fl_status count_there(fl_db *db, void *self, fl_error *error)
{
    counting *c = self;
    PGresult *result;
    fl_arg args[] = {fl_arg_number(c->p->head.log_id), fl_arg_number(c->p->head.tree.size),
                     fl_arg_number(c->p->mine.size)};
    const fl_status status =
        fl_db_run(db, "SELECT count(*) FROM fadeline.entry WHERE log_id = $1 AND idx >= $2 AND idx < $3",
                  args, 3, &result);
    if (status != FL_OK) return fl_db_failed(db, status, "cannot count the entries", error);
    c->there = fl_db_number(result, 0, 0);
    PQclear(result);
    return FL_OK;
}

/* Nobody witnesses now, so nobody would say that there is a hole: a stray row far ahead hides where to go on.
 */
static fl_status fill_holes(pushing *p, fl_error *error)
{
    counting c = {.p = p};
    const fl_status status = fl_db_transact(&p->hub->db, count_there, &c, error);
    if (status != FL_OK || c.there == p->mine.size - p->head.tree.size) return status;
    return send(p, p->head.tree.size, error);
}

static fl_status push_more(pushing *p, fl_error *error)
{
    const fl_checkpoint head = fl_hub_head_checkpoint(&p->head);
    fl_witnessing w = {.missing = UINT64_MAX};
    fl_status status = make_claim(p, head.size, &head.root, &p->claim);
    if (status != FL_OK) return unreadable(status, error);
    p->report->judgement = fl_judge_newer(&head, &p->mine, &p->claim);
    if (p->report->judgement == FL_JUDGE_WRONG)
        return unreadable(FL_E_DAMAGED, error); /* my own entries do not give my own checkpoint */
    status = fl_hub_offer(p->hub, &p->head, p->source->checkpoint, &p->claim, error);
    if (status != FL_OK) return status;
    if (p->report->judgement == FL_JUDGE_FORK) {
        if (p->options->witness) return ask_witness(p, &p->claim, &w, error);
        return fl_error_set(error, FL_E_NO,
                            "FORK: the hub has another history of this log under the same key");
    }
    uint64_t from = resume_at(&p->head);
    for (int round = 0; round < ROUNDS; round++) {
        status = send(p, from, error);
        if (status == FL_OK && !p->options->witness) status = fill_holes(p, error);
        if (p->report->first_other != UINT64_MAX) return confront(p, error);
        if (status != FL_OK || !p->options->witness) return status;
        fl_error said = {0};
        status = ask_witness(p, &p->claim, &w, &said);
        if (status != FL_OK && error) *error = said;
        if (w.missing != UINT64_MAX)
            from = w.missing;
        else if (status == FL_E_NO && w.judgement == FL_JUDGE_FORK && from > p->head.tree.size)
            from = p->head.tree.size; /* which entry it is shows when all are compared */
        else
            return status;
    }
    return status;
}

fl_status fl_hub_push(fl_hub *hub, const fl_push_source *source, const fl_push_options *options,
                      fl_push_report *report, fl_error *error)
{
    pushing *p = calloc(1, sizeof *p);
    if (!p) return fl_error_set(error, FL_E_MEMORY, "no memory to push");
    *report = (fl_push_report){.first_other = UINT64_MAX};
    *p = (pushing){.hub = hub, .source = source, .options = options, .report = report};
    fl_status status = meet(p, error);
    if (status == FL_OK && p->head.frozen) {
        report->frozen = true;
        report->has_evidence = fl_hub_evidence(hub, &p->head, &report->evidence, NULL) == FL_OK;
        fl_error_set(error, status = FL_E_NO, "this log is frozen: it showed two histories before");
        fl_error_hint(error, "a frozen log never heals; begin a new journal and have it enrolled");
    } else if (status == FL_OK)
        status = p->mine.size > p->head.tree.size ? push_more(p, error) : push_nothing(p, error);
    free(p);
    return status;
}
