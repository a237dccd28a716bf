#include "fadeline/journal/counters.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct judge {
    const fl_record *record;
    char *why;
    size_t why_size;
} judge;

static fl_status bad(const judge *j, const char *format, ...) FL_PRINTF(2, 3);
static fl_status bad(const judge *j, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(j->why, j->why_size, format, arguments);
    va_end(arguments);
    return FL_E_DAMAGED;
}

/* A counter field that must be there. */
static fl_status need(const judge *j, const char *key, uint64_t *value)
{
    return fl_record_count(j->record, key, value) == FL_OK ? FL_OK
                                                           : bad(j, "'%s' is missing or no number", key);
}

#define N(x) ((unsigned long long)(x))

static fl_status take_grant(const judge *j, fl_counter_state *state)
{
    uint64_t gid, ctr, sid = 0;
    if (need(j, "gid", &gid) != FL_OK || need(j, "ctr", &ctr) != FL_OK) return FL_E_DAMAGED;
    if (fl_record_has(j->record, "sid") && need(j, "sid", &sid) != FL_OK) return FL_E_DAMAGED;
    if (state->outstanding)
        return bad(j, "rule 1: grant %llu while grant %llu is outstanding", N(gid), N(state->gid));
    if (gid <= state->gid) return bad(j, "rule 1: grant %llu after grant %llu", N(gid), N(state->gid));
    if (ctr == UINT64_MAX) return bad(j, "rule 1: the counter is at its end, no pulse could be counted");
    if (state->known && ctr != state->ctr)
        return bad(j, "rule 1: grant at counter %llu, the records stand at %llu", N(ctr), N(state->ctr));
    state->known = true;
    state->ctr = ctr;
    state->gid = gid;
    state->grant_sid = sid;
    state->outstanding = true;
    state->unknown = false;
    return FL_OK;
}

static void count_pulse(fl_counter_state *state)
{
    if (state->in_session && state->grant_sid == state->sid) state->pulses++;
}

static fl_status take_pulse(const judge *j, fl_counter_state *state)
{
    uint64_t gid, ctr;
    if (need(j, "gid", &gid) != FL_OK || need(j, "ctr", &ctr) != FL_OK) return FL_E_DAMAGED;
    if (!state->outstanding || gid != state->gid)
        return bad(j, "rule 2: a pulse for grant %llu, which is not outstanding", N(gid));
    if (state->unknown) return bad(j, "rule 3: grant %llu is unknown and needs a recon", N(gid));
    if (ctr != state->ctr + 1)
        return bad(j, "rule 2: counter %llu after a grant at %llu", N(ctr), N(state->ctr));
    state->ctr = ctr;
    state->outstanding = false;
    count_pulse(state);
    return FL_OK;
}

static fl_status take_unknown(const judge *j, fl_counter_state *state)
{
    uint64_t gid, ctr;
    if (need(j, "gid", &gid) != FL_OK || need(j, "ctr", &ctr) != FL_OK) return FL_E_DAMAGED;
    if (!state->outstanding || gid != state->gid)
        return bad(j, "rule 3: grant %llu is not outstanding", N(gid));
    if (state->unknown) return bad(j, "rule 3: grant %llu is said to be unknown twice", N(gid));
    if (ctr != state->ctr)
        return bad(j, "rule 3: counter %llu, the grant was at %llu", N(ctr), N(state->ctr));
    state->unknown = true;
    return FL_OK;
}

static fl_status take_recon(const judge *j, fl_counter_state *state, uint64_t *delivered)
{
    uint64_t was, now, made;
    if (need(j, "ctr_was", &was) != FL_OK || need(j, "ctr_now", &now) != FL_OK ||
        need(j, "delivered", &made) != FL_OK)
        return FL_E_DAMAGED;
    if (state->known && was != state->ctr)
        return bad(j, "rule 4: ctr_was %llu, the records stand at %llu", N(was), N(state->ctr));
    if (made > 1 || (made && !state->outstanding))
        return bad(j, "rule 4: delivered %llu with %d grant outstanding", N(made), state->outstanding);
    *delivered = made;
    if (made) count_pulse(state);
    state->known = true;
    state->ctr = now;
    state->outstanding = state->unknown = state->in_zone = false;
    return FL_OK;
}

/* A reading says what the counter shows. While a grant is outstanding it settles nothing: the pulse may still
 * come, and the recon that must follow starts from the grant's own counter. So it is with a zone that is
 * treated by hand. */
static fl_status take_reading(const judge *j, fl_counter_state *state, const char *key)
{
    uint64_t ctr;
    if (!fl_record_has(j->record, key)) return FL_OK;
    if (need(j, key, &ctr) != FL_OK) return FL_E_DAMAGED;
    if (state->outstanding || state->in_zone) return FL_OK;
    state->known = true;
    state->ctr = ctr;
    return FL_OK;
}

#define ZONE_OPEN "rule 6: a zone is open since counter %llu, and its pulses are not counted"

/* A zone by hand begins where the counter stands. Without a counter it is only a choice. */
static fl_status take_zone(const judge *j, fl_counter_state *state)
{
    uint64_t ctr;
    if (!fl_record_has(j->record, "ctr")) return FL_OK;
    if (need(j, "ctr", &ctr) != FL_OK) return FL_E_DAMAGED;
    if (!state->in_session || !state->manual)
        return bad(j, "rule 6: a zone by hand outside a session by hand");
    if (state->in_zone) return bad(j, ZONE_OPEN, N(state->ctr));
    if (state->known && ctr != state->ctr)
        return bad(j, "rule 6: a zone at counter %llu, the records stand at %llu", N(ctr), N(state->ctr));
    state->known = state->in_zone = state->zoned = true;
    state->ctr = ctr;
    return FL_OK;
}

static fl_status take_pulses(const judge *j, fl_counter_state *state, uint64_t *delivered)
{
    uint64_t was, now, pulses;
    if (need(j, "ctr_was", &was) != FL_OK || need(j, "ctr_now", &now) != FL_OK ||
        need(j, "pulses", &pulses) != FL_OK)
        return FL_E_DAMAGED;
    if (!state->in_zone) return bad(j, "rule 6: pulses of a zone that was not begun");
    if (was != state->ctr)
        return bad(j, "rule 6: ctr_was %llu, the zone was begun at %llu", N(was), N(state->ctr));
    if (now < was || now - was != pulses)
        return bad(j, "rule 6: %llu pulses between counter %llu and %llu", N(pulses), N(was), N(now));
    state->ctr = now;
    state->in_zone = false;
    state->pulses += pulses;
    *delivered = pulses;
    return FL_OK;
}

static fl_status take_open(const judge *j, fl_counter_state *state)
{
    uint64_t sid, manual = 0;
    if (state->in_zone) return bad(j, ZONE_OPEN, N(state->ctr));
    if (need(j, "sid", &sid) != FL_OK) return FL_E_DAMAGED;
    if (fl_record_has(j->record, "man") && need(j, "man", &manual) != FL_OK) return FL_E_DAMAGED;
    const fl_status status = take_reading(j, state, "ctr");
    if (status != FL_OK) return status;
    state->in_session = true;
    state->manual = manual == 1;
    state->zoned = false;
    state->sid = sid;
    state->pulses = 0;
    return FL_OK;
}

static fl_status take_close(const judge *j, fl_counter_state *state)
{
    uint64_t sid, pulses;
    if (need(j, "sid", &sid) != FL_OK || need(j, "pulses", &pulses) != FL_OK) return FL_E_DAMAGED;
    const bool ours = state->in_session && state->sid == sid;
    if (ours && state->in_zone) return bad(j, ZONE_OPEN, N(state->ctr));
    if (ours && (!state->manual || state->zoned) && pulses != state->pulses)
        return bad(j, "session %llu closes with %llu pulses, its records have %llu", N(sid), N(pulses),
                   N(state->pulses));
    const fl_status status = take_reading(j, state, "ctr");
    if (status != FL_OK) return status;
    if (ours) {
        state->in_session = false;
        state->pulses = pulses;
    }
    return FL_OK;
}

static fl_status take_service(const judge *j, fl_counter_state *state)
{
    if (state->outstanding) return bad(j, "rule 1: service while grant %llu is outstanding", N(state->gid));
    if (state->in_zone) return bad(j, ZONE_OPEN, N(state->ctr));
    return take_reading(j, state, "new");
}

/* Pulses of a check that had no grants move the counter: without a reading the records would stand wrong. */
static fl_status take_check(const judge *j, fl_counter_state *state)
{
    uint64_t pulses;
    if (need(j, "pulses", &pulses) != FL_OK) return FL_E_DAMAGED;
    if (pulses && !fl_record_has(j->record, "ctr"))
        return bad(j, "rule 5: a check with pulses of its own and no counter after it");
    return take_reading(j, state, "ctr");
}

/* Rule 7: how the log before this one left a laser. */
static fl_status take_carry(const judge *j, const fl_counters *counters, fl_counter_state *state)
{
    uint64_t flags;
    fl_counter_state carried = {0};
    memcpy(carried.dev, state->dev, sizeof carried.dev);
    if (!counters->inherits)
        return bad(j, "rule 7: what was carried over comes first in a log that succeeds another");
    if (state->known || state->gid || state->sid || state->outstanding || state->in_session)
        return bad(j, "rule 7: this laser was named before");
    if (need(j, "ctr", &carried.ctr) != FL_OK || need(j, "state", &flags) != FL_OK ||
        need(j, "gid", &carried.gid) != FL_OK || need(j, "was_sid", &carried.sid) != FL_OK ||
        need(j, "pulses", &carried.pulses) != FL_OK || need(j, "grant_sid", &carried.grant_sid) != FL_OK)
        return FL_E_DAMAGED;
    if (flags > 127) return bad(j, "rule 7: 'state' is a sum of 1 to 64");
    carried.known = flags & 1, carried.outstanding = flags >> 1 & 1, carried.unknown = flags >> 2 & 1;
    carried.in_session = flags >> 3 & 1, carried.manual = flags >> 4 & 1, carried.in_zone = flags >> 5 & 1;
    carried.zoned = flags >> 6 & 1;
    *state = carried;
    return FL_OK;
}

void fl_counters_carry(const fl_counter_state *state, fl_entry *entry)
{
    const unsigned flags = (unsigned)state->known | (unsigned)state->outstanding << 1 |
                           (unsigned)state->unknown << 2 | (unsigned)state->in_session << 3 |
                           (unsigned)state->manual << 4 | (unsigned)state->in_zone << 5 |
                           (unsigned)state->zoned << 6;
    fl_entry_int(entry, "carry", 1);
    fl_entry_int(entry, "state", flags);
    fl_entry_count(entry, "ctr", state->ctr);
    fl_entry_count(entry, "gid", state->gid);
    fl_entry_count(entry, "was_sid", state->sid);
    fl_entry_count(entry, "pulses", state->pulses);
    fl_entry_count(entry, "grant_sid", state->grant_sid);
}

static bool is_carry(const fl_record *record, fl_kind kind)
{
    int64_t carry = 0;
    return kind == FL_KIND_COUNTER && fl_record_int(record, "carry", &carry) == FL_OK && carry == 1;
}

static bool concerns(fl_kind kind)
{
    switch (kind) {
    case FL_KIND_GRANT:
    case FL_KIND_PULSE:
    case FL_KIND_PULSE_UNKNOWN:
    case FL_KIND_ZONE:
    case FL_KIND_PULSES:
    case FL_KIND_RECON:
    case FL_KIND_COUNTER:
    case FL_KIND_SESSION_OPEN:
    case FL_KIND_SESSION_CLOSE:
    case FL_KIND_CHECK:
    case FL_KIND_SERVICE: return true;
    default: return false;
    }
}

/* The device's place in the list, made when it is new. */
static fl_counter_state *place_of(fl_counters *counters, const char *dev)
{
    fl_counter_state *found = (fl_counter_state *)fl_counters_find(counters, dev);
    if (found) return found;
    if (counters->count == counters->room) {
        const size_t room = counters->room ? 2 * counters->room : 8;
        fl_counter_state *list = realloc(counters->list, room * sizeof *list);
        if (!list) return NULL;
        counters->list = list;
        counters->room = room;
    }
    found = &counters->list[counters->count++];
    *found = (fl_counter_state){0};
    snprintf(found->dev, sizeof found->dev, "%s", dev);
    return found;
}

static fl_status take_kind(const judge *j, fl_kind kind, fl_counter_state *state, uint64_t *delivered)
{
    switch (kind) {
    case FL_KIND_GRANT: return take_grant(j, state);
    case FL_KIND_PULSE: *delivered = 1; return take_pulse(j, state);
    case FL_KIND_ZONE: return take_zone(j, state);
    case FL_KIND_PULSES: return take_pulses(j, state, delivered);
    case FL_KIND_PULSE_UNKNOWN: return take_unknown(j, state);
    case FL_KIND_RECON: return take_recon(j, state, delivered);
    case FL_KIND_SESSION_OPEN: return take_open(j, state);
    case FL_KIND_SESSION_CLOSE: return take_close(j, state);
    case FL_KIND_SERVICE: return take_service(j, state);
    case FL_KIND_CHECK: return take_check(j, state);
    default: return take_reading(j, state, "ctr");
    }
}

fl_status fl_counters_take(fl_counters *counters, const fl_record *record, char *why, size_t why_size)
{
    const judge j = {record, why, why_size};
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_LOG_SUCCEED) {
        uint64_t sid;
        if (need(&j, "sid", &sid) != FL_OK) return FL_E_DAMAGED;
        counters->inherits = true;
        counters->last_sid = sid;
        return FL_OK;
    }
    if (!concerns(kind)) return FL_OK;
    char dev[FL_DEVICE_ID_MAX + 1] = "";
    if (fl_record_has(record, "dev") && fl_record_text(record, "dev", dev, sizeof dev) != FL_OK)
        return bad(&j, "'dev' is no device id of at most %d bytes", FL_DEVICE_ID_MAX);
    fl_counter_state *place = place_of(counters, dev);
    if (!place) return FL_E_MEMORY;
    fl_counter_state state = *place;
    uint64_t delivered = 0;
    const bool carry = is_carry(record, kind);
    const fl_status status =
        carry ? take_carry(&j, counters, &state) : take_kind(&j, kind, &state, &delivered);
    if (status != FL_OK) return status;
    *place = state;
    if (!carry) counters->inherits = false;
    counters->grants += kind == FL_KIND_GRANT;
    counters->unknowns += kind == FL_KIND_PULSE_UNKNOWN;
    counters->pulses += delivered;
    if (kind == FL_KIND_SESSION_OPEN && state.sid > counters->last_sid) counters->last_sid = state.sid;
    return FL_OK;
}

fl_status fl_counters_put(fl_counters *counters, const fl_counter_state *state)
{
    if (fl_counters_find(counters, state->dev)) return FL_E_DAMAGED;
    fl_counter_state *place = place_of(counters, state->dev);
    if (!place) return FL_E_MEMORY;
    *place = *state;
    return FL_OK;
}

const fl_counter_state *fl_counters_find(const fl_counters *counters, const char *dev)
{
    for (size_t i = 0; i < counters->count; i++)
        if (strcmp(counters->list[i].dev, dev) == 0) return &counters->list[i];
    return NULL;
}

fl_status fl_counters_copy(const fl_counters *from, fl_counters *to)
{
    if (to->room < from->count) {
        fl_counter_state *list = realloc(to->list, from->room * sizeof *list);
        if (!list) return FL_E_MEMORY;
        to->list = list;
        to->room = from->room;
    }
    if (from->count) memcpy(to->list, from->list, from->count * sizeof *to->list);
    to->count = from->count;
    to->last_sid = from->last_sid;
    to->inherits = from->inherits;
    to->grants = from->grants;
    to->pulses = from->pulses;
    to->unknowns = from->unknowns;
    return FL_OK;
}

void fl_counters_fini(fl_counters *counters)
{
    free(counters->list);
    *counters = (fl_counters){0};
}
