/* A check by hand: a person sets the laser and a foot fires it; the meter is read live. The counter is
 * written down before any light, and the check is begun on record, so pulses of one that is broken off are in
 * the record as pulses nobody explained, and the head is locked. */
#include "energy_check.h"

#include "ask.h"

#include "fadeline/base/text.h"
#include "fadeline/session/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- the counter before ---- */

/* A laser in the middle of a session is not checked beside it. */
static fl_status check_idle(const checking *c, fl_counter_state *books, fl_error *error)
{
    if (!fl_journal_counter(c->journal, c->dev, books)) return *books = (fl_counter_state){0}, FL_OK;
    if (!books->outstanding && !books->in_session) return FL_OK;
    fl_error_set(error, FL_E_NO, "a session with this laser is not closed");
    return fl_error_hint(error, "close it, or let `fadeline run` settle what it left open"), FL_E_NO;
}

static fl_status post_counter(checking *c, fl_error *error)
{
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_count(&entry, "ctr", c->before);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* As a session by hand writes it: what is durable refuses whoever comes next, until somebody has said why. */
static fl_status post_mismatch(checking *c, uint64_t was, fl_error *error)
{
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_DROP);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_text(&entry, "cause", "counter-mismatch");
    fl_entry_count(&entry, "ctr_now", c->before);
    fl_entry_count(&entry, "ctr_was", was);
    fl_entry_int(&entry, "man", 1);
    const fl_status status = fl_journal_append(c->journal, &entry, 1, error);
    return status == FL_OK ? post_counter(c, error) : status;
}

/* The counter is taken as it is; what it moved stays unexplained in the audit. */
static fl_status post_recon(checking *c, const char *why, fl_error *error)
{
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_RECON);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_count(&entry, "ctr_was", c->before);
    fl_entry_count(&entry, "ctr_now", c->before);
    fl_entry_int(&entry, "delivered", 0);
    fl_entry_int(&entry, "man", 1);
    fl_entry_text(&entry, "by", c->who);
    fl_entry_text(&entry, "why", c->mismatch.far ? "counter-mismatch" : "explained");
    fl_entry_text(&entry, "text", why);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* What the laser shows has to be where the records stand, as before a zone. A difference is asked about, not
 * taken: moving the books with a check would hide what a session has to answer for. `fresh`: nobody found it
 * before. */
static fl_status meet_books(checking *c, const fl_counter_state *books, bool fresh, fl_error *error)
{
    const char *why = fl_args_value(c->args, "explain");
    fl_status status = FL_OK;
    if (fresh)
        status = post_mismatch(c, books->ctr, error);
    else if (!books->known || c->before != books->ctr)
        status = post_counter(c, error);
    if (status != FL_OK || !c->mismatch.open) return status;
    if (why) return post_recon(c, why, error);
    fl_error_set(error, FL_E_NO, "the laser shows %llu, the journal %llu", c->before,
                 (unsigned long long)c->mismatch.held);
    fl_error_code(error, "counter-mismatch");
    return fl_error_hint(error, c->mismatch.far ? "a supervisor says why: --who SUPERVISOR --explain WHY"
                                                : "say what they were: --explain WHY"),
           FL_E_NO;
}

/* What the laser shows now. Nobody answering is an answer too: the check is void, and its pulses stay
 * unexplained, for what a meter saw is no reading of a counter. */
static void ask_after(checking *c)
{
    char line[64];
    while (!c->has_after && ask_line("shot counter now", line, sizeof line) && *line) {
        uint64_t value;
        c->has_after = fl_read_u64(line, &value) == FL_OK && value >= c->before && value <= FL_ENTRY_INT_MAX;
        if (c->has_after)
            c->after = value;
        else
            fprintf(stderr, "a whole number, and not below %llu\n", c->before);
    }
    double mJ;
    while (isnan(c->laser_mJ) && isatty(STDIN_FILENO) &&
           ask_line("what the laser measured, mean in mJ (nothing: it does not say)", line, sizeof line) &&
           *line)
        if (fl_read_double(line, &mJ) == FL_OK && mJ > 0) c->laser_mJ = mJ;
}

static fl_status measure(checking *c, fl_error *error)
{
    fl_error stopped = {0};
    fl_status status = energy_meter_ready(&c->meter, c->stop, error);
    if (status == FL_OK) status = energy_mark(c, FL_ENERGY_BEGUN, error);
    if (status != FL_OK) return status;
    fprintf(stderr,
            "%sthe meter is ready: %s\nset %g mJ, dock the handpiece at the meter, fire %llu pulses\n",
            c->simulated ? "SIMULATED " : "", c->meter.meter.status.identity, c->set_mJ, c->wanted);
    status =
        energy_meter_collect(&c->meter, (size_t)c->wanted, c->patience_s, energy_seen, c, c->stop, &stopped);
    const bool proven = status == FL_OK && energy_meter_prove(&c->meter, &stopped);
    if (stopped.what[0]) fprintf(stderr, "%s\n", stopped.what);
    ask_after(c);
    return energy_conclude(c, proven, error);
}

fl_status energy_by_hand(checking *c, fl_error *error)
{
    fl_counter_state books = {0};
    /* The meter first: one that does not belong here leaves no trace in a clinic's record. */
    fl_status status = energy_open_meter(c, error);
    if (status == FL_OK) status = energy_open_journal(c, true, error);
    if (status == FL_OK) status = check_idle(c, &books, error);
    if (status != FL_OK) return status;
    const bool fresh = !c->mismatch.open && books.known && c->before != books.ctr;
    if (fresh || c->mismatch.open) fl_mismatch_find(&c->mismatch, books.ctr, c->before);
    /* More than an operator may explain is a supervisor's; asking for it is anybody's who checks. */
    const bool signs = c->mismatch.far && fl_args_has(c->args, "explain");
    status = energy_sign(c, signs ? ACT_ANSWER : ACT_CHECK, error);
    if (status == FL_OK) status = meet_books(c, &books, fresh, error);
    return status == FL_OK ? measure(c, error) : status;
}
