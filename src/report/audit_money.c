/* Section 13: an invoice without pulses and a session without an invoice, on one list. */
#include "audit_collect.h"

#include <string.h>

static bool had_pulses(const fl_case *c)
{
    return !c->session.calibration && c->ever + c->ever_test > 0;
}

/* The session an invoice is for: the one it names, else one with this client on the day it is for, best one
 * that no invoice is for yet. */
static fl_case *case_of(fl_collect *c, const fl_fact *invoice)
{
    fl_case *found = NULL;
    if (invoice->sid) {
        const size_t at = fl_case_find(c, invoice->sid);
        return at == SIZE_MAX ? NULL : &c->cases.at[at];
    }
    for (size_t i = c->cases.count; i-- > 0 && !(found && !found->invoiced);) {
        const fl_audit_session *s = &c->cases.at[i].session;
        if (strcmp(s->pat, invoice->pat) == 0 && fl_date_compare(s->day, invoice->day) == 0 &&
            had_pulses(&c->cases.at[i]) && (!found || !c->cases.at[i].invoiced))
            found = &c->cases.at[i];
    }
    return found;
}

static fl_status add_up(fl_audit_sections *sections, const fl_fact *invoice)
{
    fl_audit_invoiced *row = NULL;
    for (size_t i = 0; i < sections->invoiced.count && !row; i++)
        if (strcmp(sections->invoiced.at[i].cur, invoice->cur) == 0) row = &sections->invoiced.at[i];
    if (!row && !(row = FL_LIST_ADD(&sections->invoiced))) return FL_E_MEMORY;
    memcpy(row->cur, invoice->cur, sizeof row->cur);
    row->n++;
    row->cents += invoice->cents;
    return FL_OK;
}

static fl_status list_invoice(fl_collect *c, const fl_fact *invoice, fl_audit_money_kind kind)
{
    fl_audit_money *row = FL_LIST_ADD(&c->audit->sections.money);
    if (!row) return FL_E_MEMORY;
    FL_WHERE_COPY(row, invoice);
    row->kind = kind;
    row->sid = invoice->sid;
    row->cents = invoice->cents;
    memcpy(row->no, invoice->what, sizeof row->no);
    memcpy(row->pat, invoice->pat, sizeof row->pat);
    memcpy(row->cur, invoice->cur, sizeof row->cur);
    return FL_OK;
}

static fl_status list_session(fl_collect *c, const fl_audit_session *s)
{
    fl_audit_money *row = FL_LIST_ADD(&c->audit->sections.money);
    if (!row) return FL_E_MEMORY;
    FL_WHERE_COPY(row, s);
    row->kind = FL_AUDIT_NO_INVOICE;
    row->sid = s->sid;
    row->pulses = s->treatment + s->test;
    memcpy(row->pat, s->pat, sizeof row->pat);
    return FL_OK;
}

static fl_status judge_invoice(fl_collect *c, const fl_fact *invoice)
{
    fl_case *of = case_of(c, invoice);
    const bool again = of && of->invoiced;
    if (of) of->invoiced = true;
    const char *site = invoice->site[0] || !of ? invoice->site : of->session.site;
    if (!fl_audit_wants(c->audit, invoice->day, site, of ? of->session.dev : "")) return FL_OK;
    fl_status status = add_up(&c->audit->sections, invoice);
    if (status == FL_OK && (!of || !had_pulses(of)))
        status = list_invoice(c, invoice, FL_AUDIT_NO_PULSES);
    else if (status == FL_OK && again)
        status = list_invoice(c, invoice, FL_AUDIT_TWO_INVOICES);
    return status;
}

fl_status fl_section_money(fl_collect *c)
{
    /* an invoice that names its session goes before one that does not */
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < c->facts.count; i++) {
            const fl_fact *invoice = &c->facts.at[i];
            if (invoice->kind == FL_KIND_INVOICE && (invoice->sid != 0) == named &&
                judge_invoice(c, invoice) != FL_OK)
                return FL_E_MEMORY;
        }
    for (size_t i = 0; i < c->cases.count; i++) {
        const fl_case *of = &c->cases.at[i];
        const fl_audit_session *s = &of->session;
        if ((s->treatment || s->test) && had_pulses(of) && !of->invoiced && list_session(c, s) != FL_OK)
            return FL_E_MEMORY;
    }
    return FL_OK;
}

const char *fl_audit_money_text(fl_audit_money_kind kind)
{
    switch (kind) {
    case FL_AUDIT_NO_PULSES: return "invoice without pulses";
    case FL_AUDIT_NO_INVOICE: return "session without invoice";
    case FL_AUDIT_TWO_INVOICES: return "second invoice for one session";
    default: return "?";
    }
}
