#include "fadeline/report/audit_identity.h"

#include "audit_collect.h"

#include "fadeline/clients/care.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who was treated where: a client belongs to the sites and lasers of the sessions, at any time. */
typedef struct visit {
    char pat[FL_AUDIT_NAME_MAX + 1], dev[FL_DEVICE_ID_MAX + 1], site[FL_AUDIT_SITE_MAX + 1];
} visit;

typedef struct visits {
    FL_AUDIT_LIST(visit) of;
    FL_AUDIT_LIST(visit) places; /* pat unused: where each laser was last said to be */
} visits;

static fl_status take_place(visits *v, const visit *now)
{
    if (!now->dev[0] || !now->site[0]) return FL_OK;
    for (size_t i = 0; i < v->places.count; i++)
        if (strcmp(v->places.at[i].dev, now->dev) == 0) return v->places.at[i] = *now, FL_OK;
    visit *row = FL_LIST_ADD(&v->places);
    return row ? *row = *now, FL_OK : FL_E_MEMORY;
}

static fl_status take_visit(visits *v, const fl_record *record)
{
    visit now = {.pat = ""};
    if (fl_record_is(record, FL_KIND_GRANT) || fl_record_is(record, FL_KIND_PULSE)) return FL_OK;
    fl_collect_text(record, "dev", now.dev, sizeof now.dev);
    fl_collect_text(record, "site", now.site, sizeof now.site);
    const fl_status status = take_place(v, &now);
    if (status != FL_OK || !fl_record_is(record, FL_KIND_SESSION_OPEN)) return status;
    fl_collect_text(record, "pat", now.pat, sizeof now.pat);
    visit *row = now.pat[0] ? FL_LIST_ADD(&v->of) : &now;
    return row ? *row = now, FL_OK : FL_E_MEMORY;
}

/* A client without any session is at no place, and stands in the audit of all. */
static bool is_wanted(const fl_audit *audit, const visits *v, const char *pat)
{
    if (!audit->options.site && !audit->options.device) return true;
    for (size_t i = 0; i < v->of.count; i++) {
        const visit *of = &v->of.at[i];
        const char *site = of->site;
        if (strcmp(of->pat, pat) != 0) continue;
        for (size_t p = 0; p < v->places.count && !site[0]; p++)
            if (strcmp(v->places.at[p].dev, of->dev) == 0) site = v->places.at[p].site;
        if (fl_audit_wants_place(audit, site, of->dev)) return true;
    }
    return false;
}

static fl_status add(fl_audit *audit, const fl_care *care)
{
    fl_audit_missing *row = FL_LIST_ADD(&audit->sections.missing);
    if (!row) return FL_E_MEMORY;
    row->kind = FL_AUDIT_NO_IDENTITY;
    row->day = care->registered_on;
    row->index = care->registered_at;
    snprintf(row->pat, sizeof row->pat, "%s", care->code);
    return FL_OK;
}

fl_status fl_audit_identities(fl_audit *audit, fl_journal *journal, fl_clients *clients, fl_error *error)
{
    fl_care_book book = {0};
    visits v = {0};
    fl_status status = FL_OK;
    const bool by_place = audit->options.site || audit->options.device;
    const fl_history *history = &audit->histories[0];
    for (uint64_t i = history->from; status == FL_OK && i < history->length; i++) {
        fl_record record;
        status = fl_journal_past(journal, i, &record);
        if (status == FL_OK) status = fl_care_take(&book, &record, i);
        if (status == FL_OK && by_place) status = take_visit(&v, &record);
    }
    for (size_t i = 0; status == FL_OK && i < book.count; i++)
        if (fl_care_is_missing(&book.list[i], clients) && is_wanted(audit, &v, book.list[i].code))
            status = add(audit, &book.list[i]);
    fl_care_fini(&book);
    free(v.of.at);
    free(v.places.at);
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "the journal's clients cannot be read");
}

void fl_audit_identities_unlooked(fl_audit *audit, const char *why)
{
    snprintf(audit->unlooked, sizeof audit->unlooked, "whether identities are missing was not looked at: %s",
             why);
}
