#include "audit_collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *fl_list_more(void **at, size_t *count, size_t *room, size_t size)
{
    if (*count == *room) {
        const size_t larger = *room ? 2 * *room : 8;
        void *moved = realloc(*at, larger * size);
        if (!moved) return NULL;
        *at = moved;
        *room = larger;
    }
    return memset((char *)*at + (*count)++ * size, 0, size);
}

void fl_collect_text(const fl_record *record, const char *key, char *room, size_t size)
{
    char whole[FL_ENTRY_TEXT_MAX + 1] = "";
    room[0] = 0;
    const fl_status status = fl_record_text(record, key, whole, sizeof whole);
    if (status == FL_E_FULL) snprintf(room, size, "...");
    if (status != FL_OK) return;
    size_t length = strlen(whole);
    if (length >= size) {
        length = size - 4;
        while (length && ((unsigned char)whole[length] & 0xC0) == 0x80) length--; /* no half letter */
        memcpy(whole + length, "...", 4);
        length += 3;
    }
    memcpy(room, whole, length + 1);
}
#define TEXT(record, key, room) fl_collect_text(record, key, room, sizeof(room))

static uint64_t count_of(const fl_record *record, const char *key)
{
    uint64_t value = 0;
    return fl_record_count(record, key, &value) == FL_OK ? value : 0;
}

bool fl_audit_wants_place(const fl_audit *audit, const char *site, const char *dev)
{
    return (!audit->options.site || strcmp(audit->site, site) == 0) &&
           (!audit->options.device || !dev[0] || strcmp(audit->device, dev) == 0);
}

bool fl_audit_wants(const fl_audit *audit, fl_date day, const char *site, const char *dev)
{
    return fl_date_compare(audit->options.from, day) <= 0 && fl_date_compare(day, audit->options.to) <= 0 &&
           fl_audit_wants_place(audit, site, dev);
}

/* Session numbers rise in a log that one program wrote; in any other they are looked for one by one. */
size_t fl_case_find(const fl_collect *c, uint64_t sid)
{
    size_t low = 0, high = c->cases.count;
    if (!sid || !high) return SIZE_MAX;
    if (c->cases.at[high - 1].session.sid == sid) return high - 1;
    for (size_t i = high; c->unsorted && i-- > 0;)
        if (c->cases.at[i].session.sid == sid) return i;
    while (!c->unsorted && low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->cases.at[middle].session.sid < sid)
            low = middle + 1;
        else
            high = middle;
    }
    return !c->unsorted && low < c->cases.count && c->cases.at[low].session.sid == sid ? low : SIZE_MAX;
}

/* ---- pulses ---- */

static fl_status explained(void *self, const fl_ledger_device *device, char purpose, uint64_t pulses)
{
    fl_collect *c = self;
    if (!pulses) return FL_OK;
    const size_t line = device->day - 1,
                 session = device->in_session ? fl_case_find(c, device->sid) : SIZE_MAX;
    fl_share *share = NULL;
    for (size_t i = c->shares.count, near = 0; i-- > 0 && near < 8 && !share;
         near++) /* a few lasers at once */
        if (c->shares.at[i].line == line && c->shares.at[i].session == session) share = &c->shares.at[i];
    if (!share) {
        share = FL_LIST_ADD(&c->shares);
        if (!share) return FL_E_MEMORY;
        share->session = session;
        share->line = line;
    }
    *(purpose == 'S' ? &share->test : purpose == 'C' ? &share->check : &share->treatment) += pulses;
    return FL_OK;
}

fl_ledger_ear fl_collect_ear(fl_collect *collect)
{
    return (fl_ledger_ear){explained, collect};
}

/* ---- entries ---- */

typedef struct taking {
    fl_collect *collect;
    const fl_record *record;
    uint64_t index, sid;
    fl_date day;
    fl_utc at;
    char site[FL_AUDIT_SITE_MAX + 1], dev[FL_DEVICE_ID_MAX + 1];
    size_t session;
} taking;

#define FILL(row, t)                                                                                         \
    do {                                                                                                     \
        (row)->log = (t)->collect->ledger->log, (row)->index = (t)->index;                                   \
        (row)->day = (t)->day, (row)->at = (t)->at;                                                          \
        memcpy((row)->site, (t)->site, sizeof(row)->site);                                                   \
        memcpy((row)->dev, (t)->dev, sizeof(row)->dev);                                                      \
    } while (0)

/* Adds a filled row to `list`, or returns from the caller. */
#define NEW(type, row, list, t)                                                                              \
    type *row = FL_LIST_ADD(list);                                                                           \
    if (!row) return FL_E_MEMORY;                                                                            \
    FILL(row, t)

static fl_status take_open(const taking *t)
{
    const fl_record *r = t->record;
    fl_case *made = FL_LIST_ADD(&t->collect->cases);
    if (!made) return FL_E_MEMORY;
    if (t->collect->cases.count > 1 && made[-1].session.sid >= t->sid) t->collect->unsorted = true;
    fl_audit_session *s = &made->session;
    FILL(s, t);
    s->sid = t->sid;
    s->manual = count_of(r, "man") == 1;
    s->calibration = fl_record_text_is(r, "pu", FL_PURPOSE_CHECK);
    TEXT(r, "pat", s->pat);
    TEXT(r, "who", s->who);
    TEXT(r, "proc", s->proc);
    return FL_OK;
}

static fl_status take_fact(const taking *t, fl_kind kind)
{
    const fl_record *r = t->record;
    char day[16] = "";
    NEW(fl_fact, fact, &t->collect->facts, t);
    fact->kind = kind;
    fact->sid = t->sid;
    TEXT(r, "pat", fact->pat);
    TEXT(r, "who", fact->who);
    TEXT(r, kind == FL_KIND_FOLLOW_UP ? "task" : kind == FL_KIND_INVOICE ? "no" : "what", fact->what);
    TEXT(r, "cur", fact->cur);
    if (fl_record_int(r, "cents", &fact->cents) != FL_OK) fact->cents = 0;
    fact->withdrawn = count_of(r, "withdrawn") == 1;
    fact->is_signed = fl_record_has(r, "cmt");
    if (kind != FL_KIND_INVOICE) return FL_OK;
    TEXT(r, "day", day); /* the day it is for, not the day it was typed */
    fl_date said;
    if (fl_date_read(day, &said) == FL_OK) fact->day = said;
    return FL_OK;
}

static fl_status take_harm(const taking *t, bool near_miss)
{
    NEW(fl_audit_harm, row, &t->collect->harm, t);
    row->near_miss = near_miss;
    row->sid = t->sid;
    row->grade = count_of(t->record, "grade");
    row->after_h = count_of(t->record, "after_h");
    TEXT(t->record, "pat", row->pat);
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "what", row->what);
    TEXT(t->record, "text", row->words);
    return FL_OK;
}

static fl_status take_override(const taking *t)
{
    NEW(fl_audit_override, row, &t->collect->overrides, t);
    row->sid = t->sid;
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "reason", row->reason);
    TEXT(t->record, "zone", row->zone);
    TEXT(t->record, "text", row->words);
    return FL_OK;
}

static fl_status take_stop(const taking *t, bool refused)
{
    NEW(fl_stop, row, &t->collect->stops, t);
    row->refused = refused;
    TEXT(t->record, "cause", row->code);
    return FL_OK;
}

static fl_status take_slip(const taking *t, int over)
{
    NEW(fl_slip, row, &t->collect->slips, t);
    row->over = over;
    return FL_OK;
}

static fl_status take_look(const taking *t)
{
    NEW(fl_audit_look, row, &t->collect->looks, t);
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "pat", row->pat);
    TEXT(t->record, "what", row->what);
    return FL_OK;
}

static fl_status take_act(const taking *t, fl_kind kind)
{
    NEW(fl_audit_act, row, &t->collect->acts, t);
    row->kind = kind;
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "pat", row->pat);
    TEXT(t->record, kind == FL_KIND_AUTH_FAIL ? "why" : "what", row->what);
    return FL_OK;
}

static fl_status take_correction(const taking *t)
{
    NEW(fl_audit_correction, row, &t->collect->corrections, t);
    row->about = count_of(t->record, "index");
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "text", row->words);
    return FL_OK;
}

static fl_status take_role(const taking *t)
{
    char until[16];
    NEW(fl_audit_certificate, row, &t->collect->roles, t);
    TEXT(t->record, "who", row->who);
    TEXT(t->record, "role", row->role);
    TEXT(t->record, "until", until);
    if (fl_date_read(until, &row->until) != FL_OK) row->until = (fl_date){0};
    return FL_OK;
}

/* A check is begun, and then concluded or withdrawn: one row. */
static fl_status take_check(const taking *t)
{
    const fl_record *r = t->record;
    fl_audit_energy now = {.set_uJ = count_of(r, "set_uJ"),
                           .mean_uJ = count_of(r, "mean_uJ"),
                           .spread_uJ = count_of(r, "spread_uJ"),
                           .wl_nm = count_of(r, "wl_nm"),
                           .n = count_of(r, "n")};
    FILL(&now, t);
    TEXT(r, "head", now.head);
    TEXT(r, "who", now.who);
    TEXT(r, "meter", now.meter);
    TEXT(r, "verdict", now.verdict);
    TEXT(r, "reason", now.reason);
    if (!now.verdict[0]) snprintf(now.verdict, sizeof now.verdict, count_of(r, "pass") ? "pass" : "fail");
    now.has_off = fl_record_int(r, "off_ppm", &now.off_ppm) == FL_OK;
    if (!now.has_off && now.set_uJ && now.mean_uJ) {
        now.off_ppm = ((int64_t)now.mean_uJ - (int64_t)now.set_uJ) * 1000000 / (int64_t)now.set_uJ;
        now.has_off = true;
    }
    for (size_t i = t->collect->checks.count; i-- > 0;) {
        fl_audit_energy *old = &t->collect->checks.at[i];
        if (strcmp(old->dev, now.dev) != 0 || strcmp(old->head, now.head) != 0) continue;
        if (strcmp(old->verdict, "begun") != 0) break;
        *old = now;
        return FL_OK;
    }
    fl_audit_energy *row = FL_LIST_ADD(&t->collect->checks);
    return row ? *row = now, FL_OK : FL_E_MEMORY;
}

static fl_status take_service(const taking *t)
{
    if (!fl_record_has(t->record, "next")) return FL_OK;
    NEW(fl_due, due, &t->collect->dues, t);
    due->counter = count_of(t->record, "next");
    return FL_OK;
}

static fl_status take_note(const taking *t)
{
    return fl_record_text_is(t->record, "text", "look-early") ? take_slip(t, 0) : FL_OK;
}

static fl_status take_counted(const taking *t)
{
    const uint64_t over = count_of(t->record, "over");
    return over ? take_slip(t, over > 1 ? 2 : 1) : FL_OK;
}

/* Site and laser: as the entry says, else as its session, else as the ledger last heard of this laser. */
static void find_place(taking *t)
{
    const fl_collect *c = t->collect;
    TEXT(t->record, "site", t->site);
    TEXT(t->record, "dev", t->dev);
    t->session = fl_case_find(c, t->sid);
    if (t->session != SIZE_MAX) {
        const fl_audit_session *s = &c->cases.at[t->session].session;
        if (!t->site[0]) memcpy(t->site, s->site, sizeof t->site);
        if (!t->dev[0]) memcpy(t->dev, s->dev, sizeof t->dev);
    }
    for (size_t i = 0; i < c->ledger->device_count && !t->site[0]; i++)
        if (t->dev[0] && strcmp(c->ledger->devices[i].dev, t->dev) == 0)
            memcpy(t->site, c->ledger->devices[i].site, sizeof t->site);
}

static fl_status take_kind(taking *t, fl_kind kind)
{
    fl_audit_session *s = t->session == SIZE_MAX ? NULL : &t->collect->cases.at[t->session].session;
    switch (kind) {
    case FL_KIND_SESSION_OPEN: return take_open(t);
    case FL_KIND_SESSION_CLOSE:
        if (s) s->closed = true, s->ended = t->at;
        return FL_OK;
    case FL_KIND_PLAN_CONFIRM:
        if (s) s->confirmed = true;
        return FL_OK;
    case FL_KIND_CONSENT:
    case FL_KIND_PHOTO:
    case FL_KIND_FOLLOW_UP:
    case FL_KIND_INVOICE: return take_fact(t, kind);
    case FL_KIND_EVENT: return take_harm(t, false);
    case FL_KIND_NEAR_MISS: return take_harm(t, true);
    case FL_KIND_OVERRIDE: return take_override(t);
    case FL_KIND_ARM_REFUSED: return take_stop(t, true);
    case FL_KIND_DROP:
    case FL_KIND_FAULT: return take_stop(t, false);
    case FL_KIND_LOOK: return take_look(t);
    case FL_KIND_AUTH_OK:
    case FL_KIND_AUTH_FAIL:
    case FL_KIND_EXPORT:
    case FL_KIND_PRINT:
    case FL_KIND_ERASE: return take_act(t, kind);
    case FL_KIND_CORRECTION: return take_correction(t);
    case FL_KIND_ROLE_CHANGE: return take_role(t);
    case FL_KIND_CHECK: return take_check(t);
    case FL_KIND_SERVICE: return take_service(t);
    case FL_KIND_NOTE: return take_note(t);
    case FL_KIND_PULSES: return take_counted(t);
    default: return FL_OK;
    }
}

fl_status fl_collect_take(fl_collect *collect, uint64_t index, const fl_record *record)
{
    const fl_kind kind = fl_record_kind(record);
    if (kind == FL_KIND_GRANT || kind == FL_KIND_PULSE)
        return FL_OK; /* nearly all; the ear has their pulses */
    taking t = {.collect = collect, .record = record, .index = index};
    if (fl_record_int(record, "utc_us", &t.at.us) != FL_OK) return FL_E_DAMAGED;
    t.day = fl_date_of((fl_utc){t.at.us + (int64_t)collect->audit->options.utc_offset_min * 60000000});
    t.sid = count_of(record, "sid");
    find_place(&t);
    return take_kind(&t, kind);
}

/* ---- the end of this log ---- */

/* The one site of the log; "" when there are several or none. */
static const char *only_site(const fl_ledger *ledger)
{
    const char *only = "";
    for (size_t i = 0; i < ledger->device_count; i++) {
        const char *site = ledger->devices[i].site;
        if (!site[0]) continue;
        if (only[0] && strcmp(only, site) != 0) return "";
        only = site;
    }
    return only;
}

static void settle_site(const fl_collect *c, const char *dev, char site[FL_AUDIT_SITE_MAX + 1])
{
    for (size_t i = 0; i < c->ledger->device_count && !site[0]; i++)
        if (dev[0] && strcmp(c->ledger->devices[i].dev, dev) == 0)
            memcpy(site, c->ledger->devices[i].site, FL_AUDIT_SITE_MAX + 1);
    if (!site[0]) snprintf(site, FL_AUDIT_SITE_MAX + 1, "%s", c->only_site);
}

#define SETTLE(c, list)                                                                                      \
    for (size_t i_ = 0; i_ < (list)->count; i_++) settle_site(c, (list)->at[i_].dev, (list)->at[i_].site)

fl_status fl_collect_end(fl_collect *collect)
{
    collect->only_site = only_site(collect->ledger);
    for (size_t i = 0; i < collect->cases.count; i++)
        settle_site(collect, collect->cases.at[i].session.dev, collect->cases.at[i].session.site);
    SETTLE(collect, &collect->facts);
    SETTLE(collect, &collect->checks);
    SETTLE(collect, &collect->roles);
    SETTLE(collect, &collect->stops);
    SETTLE(collect, &collect->slips);
    SETTLE(collect, &collect->overrides);
    SETTLE(collect, &collect->harm);
    SETTLE(collect, &collect->corrections);
    SETTLE(collect, &collect->looks);
    SETTLE(collect, &collect->acts);
    fl_status status = fl_section_acts(collect);
    if (status == FL_OK) status = fl_section_use(collect);
    if (status == FL_OK) status = fl_section_care(collect);
    if (status == FL_OK) status = fl_section_machine(collect);
    if (status == FL_OK) status = fl_section_money(collect);
    return status;
}

void fl_collect_fini(fl_collect *collect)
{
    free(collect->cases.at);
    free(collect->shares.at);
    free(collect->facts.at);
    free(collect->dues.at);
    free(collect->roles.at);
    free(collect->checks.at);
    free(collect->stops.at);
    free(collect->slips.at);
    free(collect->overrides.at);
    free(collect->harm.at);
    free(collect->corrections.at);
    free(collect->looks.at);
    free(collect->acts.at);
}
