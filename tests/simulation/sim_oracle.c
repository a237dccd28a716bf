/* Oracle: what must hold. It knows the room, the device and the bytes on the wire and on the disk; of the
 * program it reads the judged inputs of a tick, which it judges again with the table of the reference, and at
 * the end the journal, which it reads as any stranger would. */
#include "sim.h"

#include "../interlock/table.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/verify.h"

#include <stdarg.h>

void oracle_wrong(sim *s, const char *format, ...)
{
    if (s->oracle.broken) return; /* the first is the one to look at */
    s->oracle.broken = true;
    char text[360];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(s->oracle.what, sizeof s->oracle.what, "at %lld ms: %s", (long long)s->us / 1000, text);
}

void oracle_begin(sim *s)
{
    s->oracle.k = s->laser.device.kept.k;
    s->oracle.g = s->laser.device.kept.g;
    s->oracle.last_cause = -1;
}

static sim_grant *grant_of(sim *s, uint64_t gid)
{
    return &s->oracle.grants[gid % SIM_GRANTS]; /* numbers of a life lie close together */
}

/* ---- light ---- */

static bool lied_to(const sim *s)
{
    return s->us <= s->chaos.lies_until_us;
}

static bool room_allows(const sim *s)
{
    const uint32_t must = ROOM_CONTACTS & ~(uint32_t)GL1_IN_DOCKED;
    const twin_room *room = &s->laser.room;
    return (room->contacts & must) == must && !(room->contacts & GL1_IN_DOCKED) && room->self_test_good;
}

static void on_pulse(sim *s, uint64_t gid)
{
    sim_oracle *o = &s->oracle;
    sim_grant *grant = grant_of(s, gid);
    char record[64];
    o->fired++;
    s->report->pulses++;
    if (grant->fired) oracle_wrong(s, "grant %llu fired a second time", (unsigned long long)gid);
    if (!grant->sent) oracle_wrong(s, "grant %llu fired and was never sent", (unsigned long long)gid);
    grant->fired = true;
    grant->fired_us = s->us;
    /* The record of this grant stands where a power cut would leave it: by its bytes, not by what anybody
     * says. */
    const int size = snprintf(record, sizeof record, "\"gid\":%llu,\"k\":\"grant\"", (unsigned long long)gid);
    s->report->checks++;
    if (sim_append_mode != SIM_APPEND_PRETEND && !disk_has_durable(record, (size_t)size))
        oracle_wrong(s, "a pulse of grant %llu, and no durable record of that grant",
                     (unsigned long long)gid);
    if (s->us - grant->sent_us > SIM_KILL_BOUND_US + 10000)
        oracle_wrong(s, "grant %llu fired %lld ms after it was sent", (unsigned long long)gid,
                     (long long)(s->us - grant->sent_us) / 1000);
    if (s->us - o->emit_us > SIM_KILL_BOUND_US)
        oracle_wrong(s, "a pulse %lld ms after the last tick that permitted one",
                     (long long)(s->us - o->emit_us) / 1000);
    if (!room_allows(s) && !lied_to(s)) oracle_wrong(s, "a pulse while something in the room forbids it");
    if (o->killed_us) {
        if (++o->after_kill > 1) oracle_wrong(s, "two pulses after the control process was killed");
        s->report->pulses_after_kill++;
        if (s->us - o->killed_us > SIM_KILL_BOUND_US)
            oracle_wrong(s, "a pulse %lld ms after the kill", (long long)(s->us - o->killed_us) / 1000);
    }
    if (o->host_bad_us) {
        const int64_t late_us = s->us - o->host_bad_us;
        if (late_us > s->report->drop_worst_us[o->last_cause])
            s->report->drop_worst_us[o->last_cause] = late_us;
        if (late_us > SIM_DROP_BOUND_US)
            oracle_wrong(s, "a pulse %lld ms after a host-only cause (%s)", (long long)late_us / 1000,
                         sim_cause_name((sim_cause)o->last_cause));
    }
}

void oracle_laser(sim *s)
{
    sim_oracle *o = &s->oracle;
    const gl1_kept *kept = &s->laser.device.kept;
    if (kept->k == o->k && kept->g == o->g) return;
    uint64_t more = kept->k - o->k;
    if (kept->g != o->g && more) {
        on_pulse(s, kept->g);
        more--;
    }
    o->k = kept->k;
    o->g = kept->g;
    if (s->options.variant == SIM_FIRES_TWICE && o->fired % 7 == 3) {
        s->laser.device.kept.k++; /* not told to the oracle: the next look finds it */
        s->laser.memory.now.kept.k++;
        s->laser.room.flashes++;
        s->laser.device.flashes_seen++;
    }
    if (more > o->extra) oracle_wrong(s, "%llu pulses that nobody granted", (unsigned long long)more);
    o->extra -= more > o->extra ? o->extra : more;
}

void oracle_sent(sim *s, const char *bytes, size_t size)
{
    char line[300];
    if (size >= sizeof line || !sim_says_grant(bytes, size)) return;
    memcpy(line, bytes, size);
    line[size] = 0;
    const char *at = strstr(line, " g=");
    uint64_t gid;
    if (!at || !gl1_read_hex(at + 3, 16, &gid)) return; /* cut off by a kill */
    sim_oracle *o = &s->oracle;
    sim_grant *grant = grant_of(s, gid);
    char record[64];
    if (grant->sent) oracle_wrong(s, "grant %llu was sent twice", (unsigned long long)gid);
    *grant = (sim_grant){.sent = true, .sent_us = s->us};
    o->granted++;
    s->report->grants++;
    if (!o->emit) oracle_wrong(s, "grant %llu left while the table does not permit", (unsigned long long)gid);
    const int length =
        snprintf(record, sizeof record, "\"gid\":%llu,\"k\":\"grant\"", (unsigned long long)gid);
    if (sim_append_mode != SIM_APPEND_PRETEND && !disk_has_durable(record, (size_t)length))
        oracle_wrong(s, "grant %llu left before its record was durable", (unsigned long long)gid);
    o->killed_us = 0; /* a new process has taken over */
    o->after_kill = 0;
}

/* ---- ticks ---- */

static void judge_again(sim *s, const fl_core_tick *tick)
{
    const fl_interlock_state before = tick->before, next = tick->result.next;
    const fl_inputs in = fl_inputs_unpack(tick->inputs);
    sim_oracle *o = &s->oracle;
    o->emit = false;
    const bool damaged = s->chaos.damaged;
    s->chaos.damaged = false;
    if (damaged || !fl_interlock_is_well_formed(before)) {
        s->report->rows[1]++;
        if (next.mode != FL_MODE_FAULT || !(next.flags & FL_FLAG_SVC) || tick->result.outputs.permit)
            oracle_wrong(s, "a damaged state went to %s", fl_mode_word((fl_mode)next.mode));
        return;
    }
    const table_answer row = table_step((fl_mode)before.mode, before.flags, &in);
    s->report->rows[row.row]++;
    if (next.flags & ~before.flags & FL_FLAG_SVC) s->report->rows[6]++;
    if (tick->vetoed) oracle_wrong(s, "the monitor disagreed");
    if (row.to != (fl_mode)next.mode || row.flags != next.flags || row.token != tick->result.outputs.token)
        oracle_wrong(s, "from %s the table goes to %s (row %d), the core to %s",
                     fl_mode_word((fl_mode)before.mode), fl_mode_word(row.to), row.row,
                     fl_mode_word((fl_mode)next.mode));
    o->emit = row.to == FL_MODE_EMIT;
    if (o->emit) o->emit_us = s->us;
    if (!o->emit || !o->room_bad_us || lied_to(s)) return;
    const int64_t bad_us = s->us - o->room_bad_us;
    if (bad_us > s->report->permit_room_worst_us) s->report->permit_room_worst_us = bad_us;
    if (bad_us > SIM_ROOM_BOUND_US)
        oracle_wrong(s, "a permit is in force %lld ms after the room went bad", (long long)bad_us / 1000);
}

/* Ticks from a bad input to a state in which no pulse is enabled. */
static void count_disarm(sim *s)
{
    sim_oracle *o = &s->oracle;
    const bool firing = world_is_firing(world_mode(s));
    bool *const open[2] = {&o->room_bad_open, &o->host_bad_open};
    unsigned *const ticks[2] = {&o->room_bad_ticks, &o->host_bad_ticks};
    for (int i = 0; i < 2; i++) {
        if (!*open[i]) continue;
        ++*ticks[i];
        if (firing) continue;
        *open[i] = false;
        s->report->disarm_ticks[i][*ticks[i] < SIM_TICKS ? *ticks[i] : SIM_TICKS - 1]++;
    }
}

/* At rest, and with a reading that is of now: what the journal counts is what the laser counts. */
static void check_rest(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    fl_counter_state state;
    if (c->mode != FL_MODE_STANDBY || c->books.stage != STAGE_NONE || !c->books.known || c->books.mismatch)
        return;
    if (!c->status.link || c->status.stat.pulses != s->laser.device.kept.k ||
        s->us <= s->chaos.k_lies_until_us)
        return;
    if (!fl_writer_is_idle(s->host.writer) || fl_writer_status(s->host.writer) != FL_OK) return;
    if (sim_append_mode == SIM_APPEND_PRETEND ||
        !fl_journal_counter(s->host.journal, s->file->make.uid, &state))
        return;
    s->report->rests++;
    if (state.outstanding || (state.known && state.ctr != s->laser.device.kept.k))
        oracle_wrong(s, "at rest the journal counts %llu%s, the laser %llu", (unsigned long long)state.ctr,
                     state.outstanding ? " and an open grant" : "",
                     (unsigned long long)s->laser.device.kept.k);
}

void oracle_tick(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    const fl_core_tick *tick = c->tick;
    const uint32_t judged[3] = {
        (uint32_t)(tick->before.mode | tick->before.flags << 8 | (uint32_t)tick->before.flags_not << 16),
        tick->inputs,
        (uint32_t)(tick->result.next.mode | tick->result.next.flags << 8 |
                   (uint32_t)tick->result.outputs.permit << 16 | (uint32_t)tick->result.outputs.token << 17)};
    sim_note(judged, sizeof judged);
    judge_again(s, tick);
    count_disarm(s);
    check_rest(s);
    if (tick->before.mode == FL_MODE_ARMING && tick->result.next.mode == FL_MODE_READY)
        s->oracle.host_bad_us = 0;
}

void oracle_room(sim *s)
{
    sim_oracle *o = &s->oracle;
    const bool good = s->laser_on && room_allows(s) &&
                      (int64_t)s->laser.room.spot_um ==
                          (int64_t)(s->host.conduct ? s->host.conduct->target.wanted.spot_um : 0);
    if (good) {
        o->room_bad_us = 0;
    } else if (!o->room_bad_us) {
        o->room_bad_us = s->us;
        if (world_is_firing(world_mode(s))) {
            o->room_bad_open = true;
            o->room_bad_ticks = 0;
        }
    }
}

void oracle_host_cause(sim *s, sim_cause cause)
{
    sim_oracle *o = &s->oracle;
    const fl_mode mode = world_mode(s);
    if (!s->host.conduct || !fl_mode_is_armed(mode) || mode == FL_MODE_CLOSING) return;
    if (o->host_bad_us) return; /* the earlier one counts */
    o->host_bad_us = s->us;
    o->last_cause = (int)cause;
    if (!world_is_firing(mode)) return;
    s->report->drops[cause]++;
    o->host_bad_open = true;
    o->host_bad_ticks = 0;
}

void oracle_killed(sim *s)
{
    oracle_host_cause(s, SIM_CAUSE_KILL);
    s->oracle.host_bad_open = s->oracle.room_bad_open = false;
    s->oracle.killed_us = s->us;
    s->oracle.after_kill = 0;
    s->oracle.emit = false;
}

/* ---- the books, at the end of a life ---- */

typedef struct book { /* what the journal says of one grant */
    bool granted, ended, delivered, by_person, test;
    uint64_t gid;
    size_t plan;
    char zone[FL_PLAN_NAME];
} book;

typedef struct reading {
    sim *s;
    book *books; /* by gid % SIM_GRANTS */
    fl_counters counters;
    bool any_person; /* a supervisor took a counter as it was */
} reading;

static size_t plan_of(const sim *s, const fl_record *record)
{
    for (size_t i = 0; i < s->plan_count; i++)
        if (fl_record_text_is(record, "plan", s->plans[i].hex)) return i;
    return SIZE_MAX;
}

static void read_grant(reading *r, const fl_record *record)
{
    uint64_t gid = 0;
    if (fl_record_count(record, "gid", &gid) != FL_OK) return oracle_wrong(r->s, "a grant without a number");
    book *b = &r->books[gid % SIM_GRANTS];
    if (b->granted) oracle_wrong(r->s, "two records of grant %llu", (unsigned long long)gid);
    *b = (book){.granted = true, .gid = gid, .plan = plan_of(r->s, record)};
    b->test = fl_record_text_is(record, "pu", FL_PURPOSE_TEST);
    if (fl_record_text(record, "zone", b->zone, sizeof b->zone) != FL_OK || b->plan == SIZE_MAX)
        oracle_wrong(r->s, "grant %llu names no zone or no plan of ours", (unsigned long long)gid);
}

static void read_end(reading *r, const fl_record *record, bool delivered)
{
    uint64_t gid = 0;
    if (fl_record_count(record, "gid", &gid) != FL_OK) return;
    book *b = &r->books[gid % SIM_GRANTS];
    if (!b->granted || b->gid != gid)
        return oracle_wrong(r->s, "an end of grant %llu that was never granted", (unsigned long long)gid);
    if (b->ended) oracle_wrong(r->s, "grant %llu ended twice", (unsigned long long)gid);
    b->ended = true;
    b->delivered = delivered;
    b->by_person = fl_record_has(record, "by") && !fl_record_text_is(record, "by", "control");
}

static void read_record(reading *r, const fl_record *record)
{
    int64_t delivered = 0;
    switch (fl_record_kind(record)) {
    case FL_KIND_GRANT: read_grant(r, record); break;
    case FL_KIND_PULSE: read_end(r, record, true); break;
    case FL_KIND_RECON:
        if (fl_record_int(record, "delivered", &delivered) != FL_OK)
            oracle_wrong(r->s, "a recon without an answer");
        r->any_person |= !fl_record_text_is(record, "by", "control");
        read_end(r, record, delivered == 1);
        break;
    default: break;
    }
}

static bool read_journal(reading *r)
{
    static fl_verify_report report;
    sim *s = r->s;
    fl_error error = {0};
    fl_journal *journal = NULL;
    char why[200] = "";
    const fl_verify_options verify = {.vfs = DISK_VFS};
    if (fl_verify(SIM_JOURNAL, &verify, &report, &error) != FL_OK) {
        oracle_wrong(s, "the journal does not verify: %s", report.what[0] ? report.what : error.what);
        return false;
    }
    s->report->verified++;
    s->oracle.root = report.root;
    s->report->entries += report.entries;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ, .clock = &s->clock, .vfs = DISK_VFS};
    if (fl_journal_open(SIM_JOURNAL, &options, &journal, &error) != FL_OK) {
        oracle_wrong(s, "the journal cannot be read: %s", error.what);
        return false;
    }
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) != FL_OK ||
            fl_counters_take(&r->counters, &record, why, sizeof why) != FL_OK) {
            oracle_wrong(s, "entry %llu: %s", (unsigned long long)i, why);
            break;
        }
        if (s->options.loud) {
            const char *bytes;
            size_t size;
            if (fl_journal_read(journal, i, &bytes, &size) == FL_OK)
                fprintf(stderr, "  %.*s\n", (int)size, bytes);
        }
        read_record(r, &record);
    }
    fl_journal_close(journal);
    return !s->oracle.broken;
}

/* Every grant against what the device really did. */
static void compare_grants(reading *r)
{
    sim *s = r->s;
    for (unsigned i = 0; i < SIM_GRANTS; i++) {
        const book *b = &r->books[i];
        const sim_grant *grant = &s->oracle.grants[i];
        if (grant->fired && !b->granted) oracle_wrong(s, "a pulse whose grant is in no record (slot %u)", i);
        if (!b->granted) continue;
        if (!b->ended) oracle_wrong(s, "grant %llu has no end", (unsigned long long)b->gid);
        /* A counter that was lied about while a grant was settled cannot be told from the truth. */
        if (b->ended && !b->by_person && !s->chaos.k_lied && b->delivered != grant->fired)
            oracle_wrong(s, "grant %llu: the journal says %s, the laser %s", (unsigned long long)b->gid,
                         b->delivered ? "delivered" : "not delivered", grant->fired ? "fired" : "did not");
    }
}

/* Nobody got more than the plan allows, by what the laser really did, whatever happened in between. */
static void compare_zones(reading *r)
{
    sim *s = r->s;
    for (unsigned p = 0; p < s->plan_count; p++) {
        const fl_plan *plan = s->plans[p].plan;
        for (size_t z = 0; z < plan->zone_count; z++) {
            int fired = 0;
            for (unsigned i = 0; i < SIM_GRANTS; i++) {
                const book *b = &r->books[i];
                fired += b->granted && !b->test && b->plan == p && s->oracle.grants[i].fired &&
                         strcmp(b->zone, plan->zones[z].id) == 0;
            }
            if (fired > plan->zones[z].budget.hard_stop)
                oracle_wrong(s, "zone %s of plan %u got %d pulses, its hard stop is %d", plan->zones[z].id, p,
                             fired, plan->zones[z].budget.hard_stop);
        }
        for (size_t t = 0; t < plan->test_spots.grid_count; t++) {
            int fired = 0;
            for (unsigned i = 0; i < SIM_GRANTS; i++) {
                const book *b = &r->books[i];
                fired += b->granted && b->test && b->plan == p && s->oracle.grants[i].fired &&
                         strcmp(b->zone, plan->test_spots.grid[t].id) == 0;
            }
            if (fired > plan->test_spots.grid[t].pulses)
                oracle_wrong(s, "test spot %s got %d pulses", plan->test_spots.grid[t].id, fired);
        }
    }
}

void oracle_books(sim *s)
{
    static book list[SIM_GRANTS];
    memset(list, 0, sizeof list);
    reading r = {.s = s, .books = list};
    if (read_journal(&r)) {
        compare_grants(&r);
        compare_zones(&r);
        const fl_counter_state *state = fl_counters_find(&r.counters, s->file->make.uid);
        const uint64_t k = s->laser.device.kept.k;
        if (state && state->known && state->ctr != k)
            oracle_wrong(s, "the journal ends at %llu, the laser at %llu", (unsigned long long)state->ctr,
                         (unsigned long long)k);
        if (state && state->outstanding) oracle_wrong(s, "a grant is still open at the end");
        if (!state && s->oracle.fired) oracle_wrong(s, "pulses, and a journal that does not name the laser");
    }
    fl_counters_fini(&r.counters);
}
