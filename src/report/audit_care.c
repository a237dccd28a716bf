/* Sections 6, 7 and 11: what a session on a client should have beside it, and has not. */
#include "audit_collect.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int days;
} tasks[] = {{"24h", 1}, {"7d", 7}, {"6wk", 42}};

static bool is_on_client(const fl_case *c)
{
    return !c->session.calibration && c->ever + c->ever_test > 0;
}

static bool is_done(const fl_collect *c, uint64_t sid, const char *task)
{
    size_t count;
    const fl_fact *fact = fl_facts_find(c, FL_KIND_FOLLOW_UP, "", sid, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(fact[i].what, task) == 0 && fl_date_compare(fact[i].day, c->audit->options.to) <= 0)
            return true;
    return false;
}

static fl_status follow_up(fl_collect *c, const fl_audit_session *s)
{
    fl_audit_sections *sections = &c->audit->sections;
    const fl_date last = c->audit->options.to;
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        const fl_date due = fl_date_add_days(s->day, tasks[i].days);
        if (fl_date_compare(due, last) > 0) continue;
        sections->tasks_due++;
        if (is_done(c, s->sid, tasks[i].name)) {
            sections->tasks_done++;
            continue;
        }
        fl_audit_follow_up *row = FL_LIST_ADD(&sections->follow_ups);
        if (!row) return FL_E_MEMORY;
        FL_WHERE_COPY(row, s);
        row->sid = s->sid;
        memcpy(row->pat, s->pat, sizeof row->pat);
        row->task = tasks[i].name;
        row->due = due;
        row->overdue_days = fl_date_days(last) - fl_date_days(due);
    }
    return FL_OK;
}

/* ---- test spots ---- */

typedef struct spot {
    const char *pat;
    int day;
} spot;

static int compare_spots(const void *a, const void *b)
{
    const spot *x = a, *y = b;
    const int order = strcmp(x->pat, y->pat);
    return order ? order : (x->day > y->day) - (x->day < y->day);
}

/* Days since the newest test spot on this client on an earlier day; -1: none. */
static int days_since_spot(const spot *spots, size_t count, const char *pat, int day)
{
    const spot key = {pat, day};
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_spots(&spots[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low && strcmp(spots[low - 1].pat, pat) == 0 ? day - spots[low - 1].day : -1;
}

static fl_status judge_spots(fl_collect *c, const fl_audit_session *s, const spot *spots, size_t count)
{
    fl_audit_sections *sections = &c->audit->sections;
    const int days = days_since_spot(spots, count, s->pat, fl_date_days(s->day));
    sections->spots.n++;
    *(days >= FL_AUDIT_SPOT_DAYS ? &sections->spots.tested
      : days >= 0                ? &sections->spots.early
                                 : &sections->spots.none) += 1;
    if (days >= FL_AUDIT_SPOT_DAYS) return FL_OK;
    fl_audit_spot_gap *row = FL_LIST_ADD(&sections->spot_gaps);
    if (!row) return FL_E_MEMORY;
    FL_WHERE_COPY(row, s);
    row->sid = s->sid;
    memcpy(row->pat, s->pat, sizeof row->pat);
    memcpy(row->who, s->who, sizeof row->who);
    memcpy(row->proc, s->proc, sizeof row->proc);
    row->days = days;
    return FL_OK;
}

static fl_status test_spots(fl_collect *c)
{
    spot *spots = calloc(c->cases.count + 1, sizeof *spots);
    size_t count = 0;
    if (!spots) return FL_E_MEMORY;
    for (size_t i = 0; i < c->cases.count; i++)
        if (c->cases.at[i].ever_test)
            spots[count++] = (spot){c->cases.at[i].session.pat, fl_date_days(c->cases.at[i].session.day)};
    qsort(spots, count, sizeof *spots, compare_spots);
    fl_status status = FL_OK;
    for (size_t i = 0; i < c->cases.count && status == FL_OK; i++) {
        const fl_audit_session *s = &c->cases.at[i].session;
        if (s->treatment && is_on_client(&c->cases.at[i])) status = judge_spots(c, s, spots, count);
    }
    free(spots);
    return status;
}

/* ---- papers ---- */

static fl_status miss(fl_collect *c, const fl_audit_session *s, fl_audit_missing_kind kind)
{
    fl_audit_missing *row = FL_LIST_ADD(&c->audit->sections.missing);
    if (!row) return FL_E_MEMORY;
    FL_WHERE_COPY(row, s);
    row->kind = kind;
    row->sid = s->sid;
    memcpy(row->pat, s->pat, sizeof row->pat);
    memcpy(row->who, s->who, sizeof row->who);
    return FL_OK;
}

/* The newest word on treatment, on or before that day. */
static fl_status judge_consent(fl_collect *c, const fl_audit_session *s)
{
    size_t count;
    const fl_fact *fact = fl_facts_find(c, FL_KIND_CONSENT, s->pat, 0, &count), *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(fact[i].what, "treatment") == 0 && fl_date_compare(fact[i].day, s->day) <= 0)
            newest = &fact[i];
    if (!newest || newest->withdrawn) return miss(c, s, FL_AUDIT_NO_CONSENT);
    return newest->is_signed ? FL_OK : miss(c, s, FL_AUDIT_NO_SIGNED_TEXT);
}

static bool has_photo(const fl_collect *c, const fl_audit_session *s)
{
    size_t count;
    const fl_fact *fact = fl_facts_find(c, FL_KIND_PHOTO, s->pat, 0, &count);
    for (size_t i = 0; i < count; i++)
        if ((strcmp(fact[i].what, "before") == 0 || strcmp(fact[i].what, "test") == 0) &&
            (fact[i].sid ? fact[i].sid == s->sid : fl_date_compare(fact[i].day, s->day) == 0))
            return true;
    return false;
}

static fl_status judge_papers(fl_collect *c, const fl_audit_session *s)
{
    fl_status status = judge_consent(c, s);
    if (status == FL_OK && !has_photo(c, s)) status = miss(c, s, FL_AUDIT_NO_PHOTO);
    if (status == FL_OK && !s->confirmed) status = miss(c, s, FL_AUDIT_NO_CONFIRMATION);
    if (status == FL_OK && !s->closed) status = miss(c, s, FL_AUDIT_NO_CLOSE);
    return status;
}

fl_status fl_section_care(fl_collect *c)
{
    fl_facts_sort(c);
    fl_status status = FL_OK;
    for (size_t i = 0; i < c->cases.count && status == FL_OK; i++) {
        const fl_audit_session *s = &c->cases.at[i].session;
        if (!is_on_client(&c->cases.at[i])) continue;
        if (fl_audit_wants_place(c->audit, s->site, s->dev)) status = follow_up(c, s);
        if (status == FL_OK && fl_audit_wants(c->audit, s->day, s->site, s->dev)) status = judge_papers(c, s);
    }
    return status == FL_OK ? test_spots(c) : status;
}

const char *fl_audit_missing_text(fl_audit_missing_kind kind)
{
    switch (kind) {
    case FL_AUDIT_NO_CONSENT: return "no consent to treatment";
    case FL_AUDIT_NO_SIGNED_TEXT: return "consent without its signed text";
    case FL_AUDIT_NO_PHOTO: return "no photo from before";
    case FL_AUDIT_NO_CONFIRMATION: return "plan not confirmed";
    case FL_AUDIT_NO_CLOSE: return "never closed";
    case FL_AUDIT_NO_IDENTITY: return "identity deleted, and no erasure in the journal";
    default: return "?";
    }
}
