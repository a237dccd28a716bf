/* One grant at a time, from its record to its end, and the counter that has the last word.
 *
 *     token ─▶ RECORDING ─▶ SENT ─▶ reported: pulse
 *                  │           └──▶ OPEN ─▶ recon (delivered 0 or 1), from the laser's counter only
 *                  └──▶ UNSENT ─▶ recon (delivered 0)
 *
 * B1 A GRANT leaves only when its record is durable and the interlock permits in this very tick.
 * B2 No grant is ever sent twice; nothing here could, the permit is spent.
 * B3 While a grant is open nothing is armed: the counter input is bad.
 */
#include "conduct_private.h"

#include "fadeline/base/assert.h"

#include <string.h>

#define SETTLE_AFTER_US 50000 /* past the life of any grant (40 ms) an earlier process may have sent */

const fl_past_count *conduct_read_count(const fl_conduct *c, target_kind kind, size_t index)
{
    return kind == TARGET_PORT ? &c->port : kind == TARGET_SPOT ? &c->spots[index] : &c->zones[index];
}

fl_past_count *conduct_count_of(fl_conduct *c, target_kind kind, size_t index)
{
    return (fl_past_count *)conduct_read_count(c, kind, index);
}

const char *conduct_purpose(target_kind kind)
{
    return kind == TARGET_PORT ? FL_PURPOSE_CHECK : kind == TARGET_SPOT ? FL_PURPOSE_TEST : FL_PURPOSE_TREAT;
}

static bool is_read(const fl_conduct *c)
{
    return c->status.link && c->status.has_stat;
}

void conduct_books_open(fl_conduct *c)
{
    const fl_past *past = &c->setup.past;
    books *b = &c->books;
    b->known = past->known && past->counter.known;
    b->expected = past->counter.ctr;
    b->gid = past->counter.gid;
    b->mismatch = past->mismatch.open;
    b->held = past->mismatch.held;
    memcpy(c->zones, past->zones, sizeof c->zones);
    memcpy(c->spots, past->spots, sizeof c->spots);
    memcpy(c->zone_locked, past->locked, sizeof c->zone_locked);
    c->plan_pulses = past->plan_pulses;
    c->bars = past->bars;
    c->looked = past->looked;
    c->tested_at = past->tested_at;
    c->looked_at = past->looked_at;
    c->pulsed = past->last_known;
    c->pulsed_test = past->last_test;
    c->pulsed_index = past->last_index;
    if (past->pause_left.us > 0) c->pause_until = fl_after(c->now, past->pause_left);
    if (!past->known || !past->counter.outstanding) return;
    b->stage = STAGE_OPEN;
    b->recovered = true;
    b->unknown_written = past->counter.unknown;
    b->kind = past->outstanding_check ? TARGET_PORT : past->outstanding_test ? TARGET_SPOT : TARGET_ZONE;
    b->index = SIZE_MAX; /* found by name; a check before this one is another check */
    if (b->kind == TARGET_PORT) return;
    const bool test = b->kind == TARGET_SPOT;
    const size_t count = test ? c->setup.plan->test_spots.grid_count : c->setup.plan->zone_count;
    for (size_t i = 0; i < count; i++) {
        const char *id = test ? c->setup.plan->test_spots.grid[i].id : c->setup.plan->zones[i].id;
        if (strcmp(id, past->outstanding_zone) == 0 && conduct_count_of(c, b->kind, i)->pulses > 0)
            b->index = i;
    }
}

/* ---- counting ---- */

static void tell_budget(fl_conduct *c)
{
    fl_plan_budget room;
    const fl_plan_budget *budget = conduct_budget(c, &room);
    if (!budget || c->books.kind != TARGET_ZONE) return;
    const int pulses = c->zones[c->books.index].pulses;
    const char *zone = c->setup.plan->zones[c->books.index].id;
    switch (fl_budget_at(budget, pulses)) {
    case FL_BUDGET_GOOD: return;
    case FL_BUDGET_NOTICE:
        conduct_event(c, "tone", "zone-notice", "", "%s: %d of %d pulses", zone, pulses, budget->planned);
        break;
    case FL_BUDGET_PLANNED:
        conduct_event(c, "tone", "zone-done", "", "%s: all %d planned pulses are delivered", zone,
                      budget->planned);
        break;
    case FL_BUDGET_SOFT:
        if (c->zones[c->books.index].reason_given)
            return; /* a person said that it goes on: not at every pulse */
        conduct_event(c, "refused", "zone-soft-stop", "order the zone again to say that you go on",
                      "%s: %d pulses, %d were planned", zone, pulses, budget->planned);
        break;
    case FL_BUDGET_HARD:
        conduct_event(c, "refused", "zone-hard-stop", "plan the zone again",
                      "%s: %d pulses, no more under this plan", zone, pulses);
        break;
    }
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_entry_text(entry, "text", "budget");
    fl_entry_text(entry, "zone", zone);
    fl_entry_int(entry, "pulses", pulses);
    fl_entry_count(entry, "ctr", c->books.expected);
    conduct_post(c);
}

static void count_pulse(fl_conduct *c)
{
    books *b = &c->books;
    if (b->index == SIZE_MAX) return;
    conduct_count_of(c, b->kind, b->index)->pulses++;
    if (b->kind == TARGET_PORT) return;
    c->plan_pulses++;
    if (b->kind == TARGET_SPOT) {
        c->looked = false;
        c->tested_at = c->setup.clock->utc(c->setup.clock->self);
    }
    c->pulsed = true;
    c->pulsed_test = b->kind == TARGET_SPOT;
    c->pulsed_index = b->index;
}

static void uncount_pulse(fl_conduct *c)
{
    books *b = &c->books;
    if (b->index == SIZE_MAX) return;
    conduct_count_of(c, b->kind, b->index)->pulses--;
    if (b->kind != TARGET_PORT) c->plan_pulses--;
}

/* ---- ends of a grant ---- */

uint64_t conduct_held(const fl_conduct *c)
{
    return c->books.mismatch ? c->books.held : c->books.expected;
}

bool conduct_read_counter(const fl_conduct *c, uint64_t *shown)
{
    if (!is_read(c) || c->status.watch != FL_GL1_EXPECTED) return false;
    *shown = c->status.stat.pulses;
    return true;
}

/* What the laser shows goes into the books as it is (kinds.h, rule 5). While a grant is outstanding a reading
 * settles nothing, and `expected` stays where that grant began. */
static void post_reading(fl_conduct *c)
{
    uint64_t shown;
    if (!conduct_read_counter(c, &shown) || shown == c->books.expected) return;
    fl_entry *entry = conduct_entry(c, FL_KIND_COUNTER);
    fl_entry_count(entry, "ctr", shown);
    conduct_post(c);
    if (c->books.stage == STAGE_NONE) c->books.expected = shown;
}

static void tell_mismatch(fl_conduct *c)
{
    c->books.mismatch_told = true;
    conduct_event(c, "refused", "counter-mismatch", "a supervisor must look at it: reconcile",
                  "the laser counts %llu pulses, the journal %llu%s",
                  (unsigned long long)c->status.stat.pulses, (unsigned long long)c->books.held,
                  c->books.stage == STAGE_OPEN ? " and one more that may have been" : "");
    post_reading(c);
}

/* The drop is written before the reading: what is durable first is what refuses the next session. */
static void find_mismatch(fl_conduct *c)
{
    books *b = &c->books;
    if (b->mismatch) return;
    b->mismatch = true;
    b->held = b->expected;
    fl_entry *entry = conduct_entry(c, FL_KIND_DROP);
    fl_entry_text(entry, "cause", "counter-mismatch");
    fl_entry_count(entry, "ctr_now", c->status.stat.pulses);
    fl_entry_count(entry, "ctr_was", b->held);
    conduct_post(c);
    tell_mismatch(c);
}

static void post_recon(fl_conduct *c, bool delivered, const char *by, const char *why)
{
    fl_entry *entry = conduct_entry(c, FL_KIND_RECON);
    fl_entry_count(entry, "ctr_was", c->books.expected);
    fl_entry_count(entry, "ctr_now", c->status.stat.pulses);
    fl_entry_int(entry, "delivered", delivered);
    fl_entry_text(entry, "by", by);
    if (why) fl_entry_text(entry, "why", why);
    if (c->books.stage != STAGE_NONE) fl_entry_count(entry, "gid", c->books.gid);
    conduct_post(c);
    c->books.expected = c->status.stat.pulses;
    c->books.stage = STAGE_NONE;
    c->books.mismatch = c->books.mismatch_told = false;
}

/* The counter speaks about a grant that may have made a pulse. */
static void close_open(fl_conduct *c)
{
    books *b = &c->books;
    const uint64_t shown = c->status.stat.pulses;
    if (shown != b->expected && shown != b->expected + 1) {
        find_mismatch(c);
        return;
    }
    const bool delivered = shown == b->expected + 1;
    const bool ours = !b->recovered;
    if (delivered && ours) b->session_records++;
    if (delivered && !ours) b->recovered_delivered = true;
    if (!delivered) uncount_pulse(c);
    if (ours) {
        b->possible--;
        b->certain += delivered;
    }
    conduct_event(c, "note", "pulse-settled", "", "the laser's counter says: grant %llu made %s pulse",
                  (unsigned long long)b->gid, delivered ? "its" : "no");
    post_recon(c, delivered, "control", b->recovered ? "restart" : "counter");
    b->recovered = false;
}

static void settle_open(fl_conduct *c)
{
    books *b = &c->books;
    if (!is_read(c) || b->mismatch) return;
    if (b->recovered) {
        /* A new session of the link has begun since, and no grant of an ended session can fire; the wait is a
         * second lock, for a laser that does not keep that rule. */
        if (fl_since(c->status.stat_asked, c->began).us < SETTLE_AFTER_US ||
            c->status.watch != FL_GL1_EXPECTED)
            return;
        close_open(c);
        return;
    }
    const fl_gl1_outcome outcome = c->status.outcome;
    if (outcome == FL_GRANT_ACCEPTED || outcome == FL_GRANT_NAKED || outcome == FL_GRANT_FOUND_FIRED ||
        outcome == FL_GRANT_FOUND_UNFIRED || outcome == FL_GRANT_FOUND_ODD)
        close_open(c);
}

static void close_unsent(fl_conduct *c, const char *why)
{
    c->books.stage = STAGE_UNSENT;
    c->books.why = why;
    conduct_event(c, "unknown", "grant-not-sent", "", "no pulse: %s", why);
}

void conduct_settle(fl_conduct *c)
{
    books *b = &c->books;
    if (!b->known && is_read(c) && c->status.watch == FL_GL1_EXPECTED) {
        b->known = true; /* the first contact: this reading is where our records begin */
        b->expected = c->status.stat.pulses;
    }
    if (b->mismatch && !b->mismatch_told && is_read(c)) tell_mismatch(c); /* of an earlier process */
    if (is_read(c) && c->status.stat.grant > b->gid && b->stage == STAGE_NONE) b->gid = c->status.stat.grant;
    switch (b->stage) {
    case STAGE_NONE:
        if (b->known && is_read(c) && c->status.watch == FL_GL1_EXPECTED &&
            c->status.stat.pulses != b->expected)
            find_mismatch(c);
        break;
    case STAGE_UNSENT:
        if (!is_read(c) || b->mismatch) break; /* that is a supervisor's, also if the counter came back */
        if (c->status.stat.pulses != b->expected)
            find_mismatch(c);
        else
            post_recon(c, false, "control", b->why);
        break;
    case STAGE_SENT: /* a refusal is an end at once: the laser will not take this number later either */
        if (c->status.grant == b->gid && c->status.outcome == FL_GRANT_NAKED && is_read(c) &&
            c->status.stat.pulses == b->expected) {
            conduct_event(c, "unknown", "grant-refused", "", "no pulse: %s",
                          fl_nak_text(c->status.grant_reason));
            post_recon(c, false, "control", fl_nak_name(c->status.grant_reason));
        }
        break;
    case STAGE_OPEN: settle_open(c); break;
    case STAGE_RECORDING: break;
    }
}

bool conduct_reconcile(fl_conduct *c, const char *who)
{
    if (!c->books.mismatch || !is_read(c)) return false;
    if (c->books.stage == STAGE_OPEN && !c->books.recovered) c->books.possible--;
    c->books.recovered = false;
    post_recon(c, false, who, "counter-mismatch");
    return true;
}

void conduct_pulses(const fl_conduct *c, uint64_t *certain, uint64_t *possible)
{
    *certain = c->books.certain;
    *possible = c->books.possible + (c->books.stage == STAGE_SENT);
}

bool conduct_counter_is_good(const fl_conduct *c)
{
    const books *b = &c->books;
    if (!b->known || b->mismatch || b->stage == STAGE_OPEN || b->stage == STAGE_UNSENT) return false;
    const uint64_t shown = c->status.stat.pulses;
    return shown == b->expected || (b->stage == STAGE_SENT && shown == b->expected + 1);
}

/* ---- the road to the wire ---- */

void conduct_after_token(fl_conduct *c)
{
    books *b = &c->books;
    FL_ASSERT(b->stage == STAGE_NONE); /* B3: the counter input keeps a second one away */
    c->token_at = c->now;
    b->gid++;
    b->stage = STAGE_RECORDING;
    b->unknown_written = false;
    b->kind = c->target.kind;
    b->index = c->target.index;
    fl_entry *entry = conduct_entry(c, FL_KIND_GRANT);
    fl_entry_count(entry, "gid", b->gid);
    fl_entry_count(entry, "ctr", b->expected);
    fl_entry_text(entry, "plan", c->plan_hex);
    fl_entry_text(entry, "zone", c->target.name);
    fl_entry_text(entry, "pu", conduct_purpose(b->kind));
    fl_entry_count(entry, "energy_uJ", c->target.wanted.energy_uJ);
    fl_entry_count(entry, "spot_um", c->target.wanted.spot_um);
    fl_entry_count(entry, "wl_nm", c->target.wanted.wavelength_nm);
    fl_entry_text(entry, "who", c->who);
    b->ticket = conduct_post(c);
    if (!b->ticket) b->stage = STAGE_NONE; /* no record, no grant; the journal input falls in the next tick */
}

void conduct_send(fl_conduct *c)
{
    books *b = &c->books;
    if (b->stage != STAGE_RECORDING) return;
    fl_permit *permit = fl_interlock_core_permit(c->core);
    if (!permit) {
        close_unsent(c, "the interlock took the permit back before the record was durable");
        return;
    }
    if (fl_writer_durable(c->setup.writer) < b->ticket) return; /* C6; perhaps in the next tick */
    fl_gl1_pulse pulse = {.grant = b->gid,
                          .pulses = b->expected,
                          .epoch = c->status.settings_epoch,
                          .energy_uJ = c->target.wanted.energy_uJ,
                          .spot_um = c->target.wanted.spot_um};
    memcpy(pulse.plan, c->setup.plan->hash, sizeof pulse.plan);
    fl_error error = {0};
    const fl_status status = fl_gl1_grant(&c->link, permit, &pulse, &error);
    if (status == FL_E_BUSY) return;
    fl_gl1_look(&c->link, &c->status);
    if (status == FL_OK || (c->status.grant == b->gid && c->status.outcome != FL_GRANT_NONE)) {
        b->stage = STAGE_SENT;
        c->grant_last_us = fl_since(c->setup.clock->now(c->setup.clock->self), c->token_at).us;
        if (c->grant_last_us > c->grant_worst_us) c->grant_worst_us = c->grant_last_us;
        fl_adapter_expect(&c->adapter);
    } else if (!fl_interlock_core_permit(c->core)) {
        close_unsent(c, "its status was too old when the record was durable");
    }
    /* Any other refusal is tried again in the next tick, with a newer status, until the interlock's deadline.
     */
}

/* ---- reports ---- */

void conduct_reported(fl_conduct *c)
{
    books *b = &c->books;
    if (b->stage != STAGE_SENT) return;
    fl_entry *entry = conduct_entry(c, FL_KIND_PULSE);
    fl_entry_count(entry, "gid", b->gid);
    fl_entry_count(entry, "ctr", b->expected + 1);
    fl_entry_count(entry, "meas_uJ", c->adapter.measured_uJ);
    conduct_post(c);
    b->expected++;
    b->stage = STAGE_NONE;
    b->certain++;
    b->session_records++;
    count_pulse(c);
    conduct_event(c, "pulse", "", "", "%llu uJ", (unsigned long long)c->adapter.measured_uJ);
    tell_budget(c);
}

void conduct_abandon(fl_conduct *c)
{
    books *b = &c->books;
    if (b->stage != STAGE_SENT) return;
    fl_entry *entry = conduct_entry(c, FL_KIND_PULSE_UNKNOWN);
    fl_entry_count(entry, "gid", b->gid);
    fl_entry_count(entry, "ctr", b->expected);
    conduct_post(c);
    b->unknown_written = true;
    b->stage = STAGE_OPEN;
    b->possible++;
    count_pulse(c); /* as delivered, until the counter says otherwise */
    conduct_event(c, "unknown", "pulse-missing",
                  "it counts as delivered until the laser's counter says otherwise",
                  "grant %llu was not reported", (unsigned long long)b->gid);
}
