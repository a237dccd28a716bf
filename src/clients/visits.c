#include "fadeline/clients/visits.h"

#include "grow.h"

#include <string.h>

static fl_visit *find(const fl_visits *visits, uint64_t sid)
{
    for (size_t i = visits->count; i-- > 0;) /* records of a session come soon after its opening */
        if (visits->list[i].sid == sid) return &visits->list[i];
    return NULL;
}

static void take_text(const fl_record *record, const char *key, char *room, size_t size)
{
    if (fl_record_text(record, key, room, size) != FL_OK) room[0] = 0;
}

static fl_utc when(const fl_record *record)
{
    int64_t utc_us = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = 0;
    return (fl_utc){utc_us};
}

static fl_status open_one(fl_visits *visits, const fl_record *record, uint64_t sid, uint64_t index)
{
    int64_t man = 0;
    const fl_status status = grow(&visits->list, visits->count, &visits->room, sizeof *visits->list);
    if (status != FL_OK) return status;
    fl_visit *v = &visits->list[visits->count++];
    *v = (fl_visit){.sid = sid, .opened_at = index, .begun = when(record), .ended = when(record)};
    take_text(record, "pat", v->pat, sizeof v->pat);
    take_text(record, "dev", v->dev, sizeof v->dev);
    take_text(record, "site", v->site, sizeof v->site);
    take_text(record, "who", v->who, sizeof v->who);
    if (fl_record_int(record, "man", &man) == FL_OK) v->man = man != 0;
    return FL_OK;
}

/* What a session made that has no close yet. Corrections of what comes after a close are the audit's. */
static void add_pulses(fl_visit *v, const fl_record *record, const char *key)
{
    uint64_t more;
    if (!v->closed && fl_record_count(record, key, &more) == FL_OK) v->pulses += more;
}

fl_status fl_visits_take(fl_visits *visits, const fl_record *record, uint64_t index)
{
    uint64_t sid;
    const fl_kind kind = fl_record_kind(record);
    switch (kind) {
    case FL_KIND_SESSION_OPEN:
    case FL_KIND_SESSION_CLOSE:
    case FL_KIND_PULSE:
    case FL_KIND_RECON:
    case FL_KIND_ZONE:
    case FL_KIND_PULSES: break;
    default: return FL_OK;
    }
    if (fl_record_count(record, "sid", &sid) != FL_OK) return FL_OK;
    fl_visit *v = find(visits, sid);
    if (kind == FL_KIND_SESSION_OPEN && !v) return open_one(visits, record, sid, index);
    if (!v || v->closed) return FL_OK;
    v->ended = when(record);
    switch (kind) {
    case FL_KIND_PULSE: v->pulses++; break;
    case FL_KIND_RECON: add_pulses(v, record, "delivered"); break;
    case FL_KIND_PULSES: add_pulses(v, record, "pulses"); break;
    case FL_KIND_SESSION_CLOSE: v->closed = fl_record_count(record, "pulses", &v->pulses) == FL_OK; break;
    default: break;
    }
    return FL_OK;
}

const fl_visit *fl_visits_find(const fl_visits *visits, uint64_t sid)
{
    return find(visits, sid);
}

void fl_visits_fini(fl_visits *visits)
{
    free(visits->list);
    *visits = (fl_visits){0};
}
