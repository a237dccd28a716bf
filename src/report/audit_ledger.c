#include "audit_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One entry being read. */
typedef struct reading {
    fl_ledger *ledger;
    const fl_record *record;
    uint64_t index;
    fl_utc at;
    fl_ledger_device *device;
    fl_audit_line *line; /* of its day */
} reading;

/* Room for one more; FL_E_MEMORY leaves the list as it was. */
static fl_status grow(void **list, size_t count, size_t *room, size_t size)
{
    if (count < *room) return FL_OK;
    const size_t larger = *room ? 2 * *room : 16;
    void *moved = realloc(*list, larger * size);
    if (!moved) return FL_E_MEMORY;
    *list = moved;
    *room = larger;
    return FL_OK;
}

static fl_status find_device(fl_ledger *ledger, const char *dev, fl_ledger_device **device)
{
    for (size_t i = 0; i < ledger->device_count; i++)
        if (strcmp(ledger->devices[i].dev, dev) == 0) return *device = &ledger->devices[i], FL_OK;
    const fl_status status =
        grow((void **)&ledger->devices, ledger->device_count, &ledger->device_room, sizeof *ledger->devices);
    if (status != FL_OK) return status;
    *device = &ledger->devices[ledger->device_count++];
    **device = (fl_ledger_device){0};
    snprintf((*device)->dev, sizeof(*device)->dev, "%s", dev);
    return FL_OK;
}

/* The line of the entry's day. The index is the order and the wall clock only a claim: a clock that went back
 * does not open an earlier day again. */
static fl_status find_day(reading *r, uint64_t first_reading)
{
    fl_ledger *ledger = r->ledger;
    fl_ledger_device *device = r->device;
    fl_date day = fl_date_of((fl_utc){r->at.us + (int64_t)ledger->utc_offset_min * 60000000});
    fl_audit_line *newest = device->day ? &ledger->days[device->day - 1] : NULL;
    if (newest) day = fl_date_later(day, newest->from);
    if (newest && fl_date_compare(newest->from, day) == 0) return r->line = newest, FL_OK;
    const fl_status status =
        grow((void **)&ledger->days, ledger->day_count, &ledger->day_room, sizeof *ledger->days);
    if (status != FL_OK) return status;
    /* What happened overnight belongs to the day that finds it: opening is the last closing. */
    const uint64_t opening = device->known ? device->ctr : first_reading;
    ledger->days[ledger->day_count] =
        (fl_audit_line){.log = ledger->log, .from = day, .to = day, .opening = opening, .closing = opening};
    device->day = ++ledger->day_count;
    r->line = &ledger->days[device->day - 1];
    memcpy(r->line->dev, device->dev, sizeof r->line->dev);
    return FL_OK;
}

static fl_status add_finding(reading *r, fl_audit_finding finding)
{
    fl_ledger *ledger = r->ledger;
    const fl_status status = grow((void **)&ledger->findings, ledger->finding_count, &ledger->finding_room,
                                  sizeof *ledger->findings);
    if (status != FL_OK) return status;
    if (r->device) {
        memcpy(finding.dev, r->device->dev, sizeof finding.dev);
        memcpy(finding.site, r->device->site, sizeof finding.site);
    }
    finding.day =
        r->line ? r->line->from : fl_date_of((fl_utc){r->at.us + (int64_t)ledger->utc_offset_min * 60000000});
    finding.log = ledger->log;
    finding.index = r->index;
    ledger->findings[ledger->finding_count++] = finding;
    return FL_OK;
}

/* The counter shows `ctr`. What it moved beyond the explained pulses is a gap. */
static fl_status read_counter(reading *r, uint64_t ctr)
{
    fl_ledger_device *device = r->device;
    fl_status status = find_day(r, ctr);
    if (status != FL_OK) return status;
    const int64_t moved = device->known ? (int64_t)(ctr - device->ctr) : 0;
    if (moved) {
        status =
            add_finding(r, (fl_audit_finding){.kind = FL_AUDIT_GAP,
                                              .since = device->read_at,
                                              .until = r->at,
                                              .pulses = moved,
                                              .old = device->ctr,
                                              .now = ctr,
                                              .sid = device->sid,
                                              .in_session = device->in_session &&
                                                            !fl_record_is(r->record, FL_KIND_SESSION_OPEN) &&
                                                            device->read_at.us >= device->opened_at.us});
        if (status != FL_OK) return status;
    }
    device->known = true;
    device->ctr = ctr;
    device->read_at = r->at;
    r->line->closing = ctr;
    r->line->unexplained += moved;
    r->line->unexplained_absolute += moved < 0 ? 0 - (uint64_t)moved : (uint64_t)moved;
    return FL_OK;
}

/* Pulses that a record explains: the counter is expected to have moved by them. */
static fl_status explain(reading *r, char purpose, uint64_t pulses)
{
    fl_ledger_device *device = r->device;
    const fl_status status = find_day(r, device->ctr);
    if (status != FL_OK) return status;
    uint64_t *column = purpose == 'S'   ? &r->line->test
                       : purpose == 'C' ? &r->line->check
                                        : &r->line->treatment;
    *column += pulses;
    device->ctr += pulses;
    r->line->closing = device->ctr;
    const fl_ledger_ear *ear = &r->ledger->ear;
    return ear->explained ? ear->explained(ear->self, device, purpose, pulses) : FL_OK;
}

static uint64_t count_of(const fl_record *record, const char *key)
{
    uint64_t value = 0;
    return fl_record_count(record, key, &value) == FL_OK ? value : 0;
}

static fl_status read_key(reading *r, const char *key)
{
    uint64_t ctr;
    if (!fl_record_has(r->record, key)) return FL_OK;
    if (fl_record_count(r->record, key, &ctr) != FL_OK) return FL_E_DAMAGED;
    const fl_ledger_device *device = r->device;
    if (device->outstanding && ctr - device->ctr <= 1) return FL_OK; /* its pulse may still be told */
    return read_counter(r, ctr);
}

static fl_status take_grant(reading *r)
{
    char purpose[4] = "T";
    const fl_status status = read_key(r, "ctr");
    if (status != FL_OK) return status;
    if (fl_record_text(r->record, "pu", purpose, sizeof purpose) == FL_E_FULL) return FL_E_DAMAGED;
    r->device->outstanding = true;
    r->device->gid = count_of(r->record, "gid");
    r->device->grant_sid = count_of(r->record, "sid");
    r->device->purpose = purpose[0];
    return FL_OK;
}

static fl_status settle(reading *r, bool delivered)
{
    r->device->outstanding = false;
    const fl_status status = delivered ? explain(r, r->device->purpose, 1) : FL_OK;
    if (status == FL_OK && delivered) r->device->read_at = r->at;
    return status;
}

/* Light between the zone's counter and the next reading belongs to nobody. */
static fl_status tell_open_zone(reading *r)
{
    fl_ledger_device *device = r->device;
    if (!device->zone_open) return FL_OK;
    device->zone_open = false;
    fl_audit_finding finding = {.kind = FL_AUDIT_OPEN_ZONE,
                                .sid = device->sid,
                                .since = device->zone_at,
                                .until = r->at,
                                .old = device->zone_ctr,
                                .now = device->ctr};
    snprintf(finding.text, sizeof finding.text, "%s", device->zone);
    return add_finding(r, finding);
}

static fl_status take_open(reading *r)
{
    fl_ledger_device *device = r->device;
    fl_status status = read_key(r, "ctr");
    if (status == FL_OK) status = tell_open_zone(r);
    if (status == FL_OK && device->in_session)
        status = add_finding(r, (fl_audit_finding){.kind = FL_AUDIT_INTERRUPTED,
                                                   .sid = device->sid,
                                                   .since = device->opened_at,
                                                   .until = r->at});
    device->in_session = true;
    device->manual = count_of(r->record, "man") == 1;
    device->zoned = false;
    device->sid = count_of(r->record, "sid");
    device->opened_at = r->at;
    return status;
}

static fl_status take_close(reading *r)
{
    fl_ledger_device *device = r->device;
    fl_status status = FL_OK;
    if (device->in_session && device->manual && !device->zoned && device->sid == count_of(r->record, "sid")) {
        const uint64_t pulses = count_of(r->record, "pulses"), tests = count_of(r->record, "tests"),
                       checks = count_of(r->record, "checks");
        if (tests > pulses || checks > pulses - tests) return FL_E_DAMAGED;
        status = explain(r, 'T', pulses - tests - checks);
        if (status == FL_OK) status = explain(r, 'S', tests);
        if (status == FL_OK) status = explain(r, 'C', checks);
    }
    if (status == FL_OK) status = read_key(r, "ctr");
    device->in_session = false;
    return status;
}

/* A zone by hand: its counter before is a reading like any other, its pulses are what the counter moved until
 * the reading after. */
static fl_status take_zone(reading *r)
{
    if (!fl_record_has(r->record, "ctr")) return FL_OK;
    r->device->zoned = r->device->zone_open = true;
    if (fl_record_text(r->record, "zone", r->device->zone, sizeof r->device->zone) != FL_OK)
        snprintf(r->device->zone, sizeof r->device->zone, "?");
    const fl_status status = read_key(r, "ctr");
    r->device->zone_ctr = r->device->ctr;
    r->device->zone_at = r->at;
    return status;
}

static fl_status take_pulses(reading *r)
{
    char purpose[4] = "T";
    r->device->zone_open = false;
    if (fl_record_text(r->record, "pu", purpose, sizeof purpose) == FL_E_FULL) return FL_E_DAMAGED;
    const fl_status status = explain(r, purpose[0], count_of(r->record, "pulses"));
    return status == FL_OK ? read_key(r, "ctr_now") : status;
}

/* Pulses of an energy check that had no grants; the counter after them comes with it. */
static fl_status take_check(reading *r)
{
    const uint64_t pulses = count_of(r->record, "pulses"), after = count_of(r->record, "ctr");
    fl_status status = FL_OK;
    if (!r->device->known && after >= pulses) status = read_counter(r, after - pulses);
    if (status == FL_OK) status = explain(r, 'C', pulses);
    return status == FL_OK ? read_key(r, "ctr") : status;
}

static fl_status take_service(reading *r)
{
    uint64_t now;
    char who[64] = "-", doc[100] = "-";
    fl_status status = read_key(r, "old");
    if (status != FL_OK || fl_record_count(r->record, "new", &now) != FL_OK)
        return status == FL_OK ? FL_E_DAMAGED : status;
    status = find_day(r, now);
    if (status != FL_OK) return status;
    const int64_t change = (int64_t)(now - r->device->ctr);
    fl_audit_finding finding = {.kind = FL_AUDIT_SERVICE,
                                .since = r->at,
                                .until = r->at,
                                .pulses = change,
                                .old = r->device->ctr,
                                .now = now};
    if (fl_record_text(r->record, "who", who, sizeof who) == FL_E_FULL)
        snprintf(who, sizeof who, "(a long name)");
    if (fl_record_text(r->record, "doc", doc, sizeof doc) == FL_E_FULL)
        snprintf(doc, sizeof doc, "(see entry)");
    snprintf(finding.text, sizeof finding.text, "by %s, paper %s", who, doc);
    r->line->service += change;
    r->line->closing = r->device->ctr = now;
    r->device->known = true;
    r->device->read_at = r->at;
    return add_finding(r, finding);
}

/* The control found the counter where no record puts it, and stopped. The readings around it make the gap. */
static fl_status take_drop(reading *r)
{
    uint64_t was, now;
    if (!fl_record_has(r->record, "ctr_now")) return FL_OK;
    if (fl_record_count(r->record, "ctr_was", &was) != FL_OK ||
        fl_record_count(r->record, "ctr_now", &now) != FL_OK)
        return FL_E_DAMAGED;
    return add_finding(r, (fl_audit_finding){.kind = FL_AUDIT_MISMATCH,
                                             .since = r->at,
                                             .until = r->at,
                                             .pulses = (int64_t)(now - was),
                                             .old = was,
                                             .now = now,
                                             .sid = count_of(r->record, "sid")});
}

static fl_status take_svc(reading *r)
{
    fl_audit_finding finding = {
        .kind = FL_AUDIT_FAULT, .since = r->at, .until = r->at, .sid = count_of(r->record, "sid")};
    const fl_status status = fl_record_text(r->record, "cause", finding.text, sizeof finding.text);
    if (status == FL_E_FULL)
        snprintf(finding.text, sizeof finding.text, "many causes: see the entry");
    else if (status != FL_OK)
        return FL_E_DAMAGED;
    return add_finding(r, finding);
}

/* ---- what the journal says of itself ---- */

static const char *text_of(const reading *r, const char *key, char *room, size_t size)
{
    const fl_status status = fl_record_text(r->record, key, room, size);
    if (status != FL_OK) snprintf(room, size, "%s", status == FL_E_FULL ? "..." : "");
    return room;
}

/* The laser remembers more, or another past, than this journal has. */
static fl_status take_anchor(reading *r)
{
    if (count_of(r->record, "ok") == 1) return FL_OK;
    return add_finding(r, (fl_audit_finding){.kind = FL_AUDIT_ANCHOR,
                                             .since = r->at,
                                             .until = r->at,
                                             .old = count_of(r->record, "size"),
                                             .now = count_of(r->record, "entries")});
}

static fl_status take_verification(reading *r)
{
    char result[32], why[120];
    text_of(r, "result", result, sizeof result);
    if (strcmp(result, "good") == 0 || (!result[0] && count_of(r->record, "ok") == 1)) return FL_OK;
    fl_audit_finding finding = {.kind = strcmp(result, "cut-off") == 0 || strcmp(result, "not-verified") == 0
                                            ? FL_AUDIT_UNVERIFIED
                                            : FL_AUDIT_DAMAGE,
                                .since = r->at,
                                .until = r->at};
    text_of(r, "why", why, sizeof why);
    snprintf(finding.text, sizeof finding.text, "%s%s%s", result[0] ? result : "no result",
             why[0] ? ": " : "", why);
    return add_finding(r, finding);
}

static fl_status take_healed(reading *r)
{
    char from[120];
    fl_audit_finding finding = {.kind = FL_AUDIT_HEALED,
                                .since = r->at,
                                .until = r->at,
                                .old = count_of(r->record, "replaced"),
                                .now = count_of(r->record, "appended")};
    snprintf(finding.text, sizeof finding.text, "%s", text_of(r, "from", from, sizeof from));
    return add_finding(r, finding);
}

static fl_status take_succession(reading *r)
{
    char who[48], why[24], text[100];
    fl_audit_finding finding = {.kind = FL_AUDIT_SUCCESSION, .since = r->at, .until = r->at};
    text_of(r, "who", who, sizeof who), text_of(r, "why", why, sizeof why);
    text_of(r, "text", text, sizeof text);
    snprintf(finding.text, sizeof finding.text, "by %s, %s%s%s", who, why, text[0] ? ": " : "", text);
    return add_finding(r, finding);
}

static fl_status take_own(reading *r, fl_kind kind)
{
    switch (kind) {
    case FL_KIND_CLOCK_STEP:
        return add_finding(r, (fl_audit_finding){.kind = FL_AUDIT_CLOCK, .since = r->at, .until = r->at});
    case FL_KIND_LOG_SUCCEED: return take_succession(r);
    case FL_KIND_CONFIG_CHANGE:
        return fl_record_text_is(r->record, "what", "healed") ? take_healed(r) : FL_OK;
    case FL_KIND_SELFTEST:
        return fl_record_text_is(r->record, "what", "anchor")    ? take_anchor(r)
               : fl_record_text_is(r->record, "what", "journal") ? take_verification(r)
                                                                 : FL_OK;
    default: return FL_OK;
    }
}

/* What a successor repeats of the log before it is no reading of a laser: the ledger has read that log, and
 * goes on by its own books. Only when that log is missing is this what there is. */
static fl_status take_carried(reading *r)
{
    fl_ledger_device *device = r->device;
    if (device->known || device->day) return FL_OK;
    const uint64_t state = count_of(r->record, "state");
    const fl_status status = state & 1 ? read_key(r, "ctr") : FL_OK;
    device->outstanding = state & 2;
    device->in_session = state & 8;
    device->manual = state & 16;
    device->zone_open = state & 32;
    device->zoned = state & 64;
    device->gid = count_of(r->record, "gid");
    device->sid = count_of(r->record, "was_sid");
    device->grant_sid = count_of(r->record, "grant_sid");
    device->purpose = 'T'; /* that grant said which, in the log that is not there */
    device->opened_at = device->zone_at = r->at;
    device->zone_ctr = device->ctr;
    snprintf(device->zone, sizeof device->zone, "?");
    return status;
}

static fl_status take_kind(reading *r, fl_kind kind)
{
    fl_status status;
    switch (kind) {
    case FL_KIND_GRANT: return take_grant(r);
    case FL_KIND_PULSE: return settle(r, true);
    case FL_KIND_RECON:
        r->device->zone_open = false; /* it ends a zone that nobody can count */
        status = settle(r, count_of(r->record, "delivered") == 1);
        return status == FL_OK ? read_key(r, "ctr_now") : status;
    case FL_KIND_SESSION_OPEN: return take_open(r);
    case FL_KIND_SESSION_CLOSE: return take_close(r);
    case FL_KIND_SERVICE: return take_service(r);
    case FL_KIND_ZONE: return take_zone(r);
    case FL_KIND_PULSES: return take_pulses(r);
    case FL_KIND_CHECK: return take_check(r);
    case FL_KIND_COUNTER: return count_of(r->record, "carry") == 1 ? take_carried(r) : read_key(r, "ctr");
    case FL_KIND_DROP: return take_drop(r);
    case FL_KIND_SVC: return take_svc(r);
    case FL_KIND_CLOCK_STEP:
    case FL_KIND_SELFTEST:
    case FL_KIND_CONFIG_CHANGE: return take_own(r, kind);
    default: return FL_OK;
    }
}

fl_status fl_ledger_take(fl_ledger *ledger, uint64_t index, const fl_record *record)
{
    reading r = {.ledger = ledger, .record = record, .index = index};
    char dev[FL_DEVICE_ID_MAX + 1] = "", site[FL_AUDIT_SITE_MAX + 1];
    const fl_kind kind = fl_record_kind(record);
    if (fl_record_int(record, "utc_us", &r.at.us) != FL_OK) return FL_E_DAMAGED;
    if (fl_record_text(record, "dev", dev, sizeof dev) == FL_E_FULL) return FL_E_DAMAGED;
    if (kind != FL_KIND_GRANT && kind != FL_KIND_PULSE && !fl_record_has(record, "dev"))
        return take_own(&r, kind);
    const fl_status status = find_device(ledger, dev, &r.device);
    if (status != FL_OK) return status;
    if (fl_record_text(record, "site", site, sizeof site) == FL_OK) memcpy(r.device->site, site, sizeof site);
    const fl_status taken = take_kind(&r, kind);
    if (taken == FL_OK && r.line) memcpy(r.line->site, r.device->site, sizeof r.line->site);
    return taken;
}

fl_status fl_ledger_end(fl_ledger *ledger, uint64_t size)
{
    for (size_t i = 0; i < ledger->device_count; i++) {
        fl_ledger_device *device = &ledger->devices[i];
        reading r = {.ledger = ledger,
                     .index = size,
                     .device = device,
                     .line = device->day ? &ledger->days[device->day - 1] : NULL};
        fl_status status = FL_OK;
        if (device->outstanding)
            status = add_finding(&r, (fl_audit_finding){.kind = FL_AUDIT_UNSETTLED,
                                                        .gid = device->gid,
                                                        .sid = device->grant_sid,
                                                        .since = device->read_at,
                                                        .until = device->read_at});
        if (status == FL_OK) status = tell_open_zone(&r);
        if (status == FL_OK && device->in_session)
            status = add_finding(&r, (fl_audit_finding){.kind = FL_AUDIT_INTERRUPTED,
                                                        .sid = device->sid,
                                                        .since = device->opened_at,
                                                        .until = device->read_at});
        if (status != FL_OK) return status;
    }
    return FL_OK;
}

void fl_ledger_fini(fl_ledger *ledger)
{
    free(ledger->devices);
    free(ledger->days);
    free(ledger->findings);
    *ledger = (fl_ledger){0};
}
