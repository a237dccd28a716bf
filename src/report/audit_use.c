/* Section 4: who used the lasers for what, and where. */
#include "audit_collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fl_use_procedure(const fl_audit_session *session)
{
    return session->calibration ? "energy check" : session->proc[0] ? session->proc : "not said";
}

void fl_use_person(bool several, const char *site, const char *who, char name[FL_AUDIT_SITE_MAX + 1])
{
    if (several)
        snprintf(name, FL_AUDIT_SITE_MAX + 1, "%.14s %s", site, who);
    else
        snprintf(name, FL_AUDIT_SITE_MAX + 1, "%s", who);
}

static fl_audit_use *row_of(fl_audit_uses *uses, const char *name)
{
    for (size_t i = 0; i < uses->count; i++)
        if (strcmp(uses->at[i].name, name) == 0) return &uses->at[i];
    fl_audit_use *row = FL_LIST_ADD(uses);
    if (row) snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static fl_status add(fl_audit_uses *uses, const char *name, uint64_t n, const fl_share *share)
{
    fl_audit_use *row = row_of(uses, name[0] ? name : "-");
    if (!row) return FL_E_MEMORY;
    row->n += n;
    row->treatment += share->treatment;
    row->test += share->test;
    row->check += share->check;
    return FL_OK;
}

static fl_status add_all(fl_collect *c, const fl_audit_session *s, const char *site, uint64_t n,
                         const fl_share *share)
{
    fl_audit_sections *sections = &c->audit->sections;
    char person[FL_AUDIT_SITE_MAX + 1] = "-";
    if (s) fl_use_person(c->several, site, s->who, person);
    fl_status status = add(&sections->procedures, s ? fl_use_procedure(s) : "-", n, share);
    if (status == FL_OK) status = add(&sections->places, site, n, share);
    if (status == FL_OK) status = add(&sections->people, person, n, share);
    return status;
}

/* Every explained pulse of section 3, once. */
static fl_status take_shares(fl_collect *c)
{
    for (size_t i = 0; i < c->shares.count; i++) {
        const fl_share *share = &c->shares.at[i];
        const fl_audit_line *line = &c->ledger->days[share->line];
        fl_case *in = share->session == SIZE_MAX ? NULL : &c->cases.at[share->session];
        if (in) in->ever += share->treatment, in->ever_test += share->test;
        if (!fl_audit_wants(c->audit, line->from, line->site, line->dev)) continue;
        if (in) {
            in->session.treatment += share->treatment;
            in->session.test += share->test;
            in->session.check += share->check;
        }
        const fl_status status = add_all(c, in ? &in->session : NULL, line->site, 0, share);
        if (status != FL_OK) return status;
    }
    return FL_OK;
}

fl_status fl_section_use(fl_collect *c)
{
    fl_audit_sections *sections = &c->audit->sections;
    static const fl_share nothing = {0};
    fl_status status = take_shares(c);
    for (size_t i = 0; i < c->cases.count && status == FL_OK; i++) {
        const fl_audit_session *s = &c->cases.at[i].session;
        const bool opened = fl_audit_wants(c->audit, s->day, s->site, s->dev);
        if (!opened && !(s->treatment + s->test + s->check)) continue;
        fl_audit_session *row = FL_LIST_ADD(&sections->sessions);
        if (!row) return FL_E_MEMORY;
        *row = *s;
        if (!opened || s->calibration) continue;
        sections->sessions_n++;
        status = add_all(c, s, s->site, 1, &nothing);
    }
    return status;
}
