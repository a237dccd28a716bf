/* Collector: what the log says beside the counters, gathered while the ledger reads.
 *
 * One collector reads one log. It keeps raw facts of the whole log (a consent of last year counts for a
 * session of today); at the end each section picks its rows. Pulses are attributed line by line of the
 * ledger, so that the sums of section 4 are those of section 3 and not merely close to them.
 *
 *     fl_collect collect = { .audit = audit, .ledger = &ledger };
 *     ledger.ear = fl_collect_ear(&collect);
 *     for every entry: fl_ledger_take(...), then fl_collect_take(&collect, index, &record)
 *     fl_collect_end(&collect)                     // sites are known now; appends to audit->sections
 */
#ifndef FL_REPORT_AUDIT_COLLECT_H
#define FL_REPORT_AUDIT_COLLECT_H

#include "audit_ledger.h"

typedef struct fl_case {
    fl_audit_session session; /* its counts are those within the period */
    uint64_t ever, ever_test; /* treatment and test pulses without regard to the period */
    bool invoiced;
} fl_case;

typedef struct fl_share { /* pulses of one session (or none: SIZE_MAX) in one line of the ledger */
    size_t session, line;
    uint64_t treatment, test, check;
} fl_share;

typedef struct fl_fact { /* a consent, a photo, a follow-up, an invoice: what a session is looked up against
                          */
    FL_AUDIT_WHERE;
    fl_kind kind;
    uint64_t sid;
    char pat[FL_AUDIT_NAME_MAX + 1], what[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1], cur[8];
    int64_t cents;
    bool withdrawn, is_signed;
} fl_fact;

typedef struct fl_due { /* a service entry said when the next one is due */
    FL_AUDIT_WHERE;
    uint64_t counter;
} fl_due;

typedef struct fl_stop { /* the interlock refused or stopped */
    FL_AUDIT_WHERE;
    bool refused;
    char code[FL_AUDIT_NAME_MAX + 1];
} fl_stop;

typedef struct fl_slip { /* a zone by hand past a stop (1 soft, 2 hard), or a look at test spots that came too
                            early (0) */
    FL_AUDIT_WHERE;
    int over;
} fl_slip;

typedef struct fl_collect {
    fl_audit *audit;
    const fl_ledger *ledger;
    const char *only_site; /* where everything without a site is, when the log has one site; else "" */
    FL_AUDIT_LIST(fl_case) cases;
    FL_AUDIT_LIST(fl_share) shares;
    FL_AUDIT_LIST(fl_fact) facts;
    FL_AUDIT_LIST(fl_due) dues;
    FL_AUDIT_LIST(fl_audit_certificate) roles; /* every role.change */
    FL_AUDIT_LIST(fl_audit_energy) checks;
    FL_AUDIT_LIST(fl_stop) stops;
    FL_AUDIT_LIST(fl_slip) slips;
    FL_AUDIT_LIST(fl_audit_override) overrides;
    FL_AUDIT_LIST(fl_audit_harm) harm;
    FL_AUDIT_LIST(fl_audit_correction) corrections;
    FL_AUDIT_LIST(fl_audit_look) looks;
    FL_AUDIT_LIST(fl_audit_act) acts;
    bool unsorted;
    bool several; /* logs in this audit: people of two clinics are not the same people */
} fl_collect;

fl_ledger_ear fl_collect_ear(fl_collect *collect);
FL_MUST_USE fl_status fl_collect_take(fl_collect *collect, uint64_t index, const fl_record *record);
FL_MUST_USE fl_status fl_collect_end(fl_collect *collect);
void fl_collect_fini(fl_collect *collect);

/* The sections, one file each or a few. */
fl_status fl_section_acts(fl_collect *collect);    /* 5, 6, corrections, looks, acts */
fl_status fl_section_use(fl_collect *collect);     /* 4, sessions */
fl_status fl_section_care(fl_collect *collect);    /* 6 follow-ups, 7, 11 */
fl_status fl_section_machine(fl_collect *collect); /* 8, 9, 10 */
fl_status fl_section_money(fl_collect *collect);   /* 13 */
/* Row of a person: the pseudonym, with the site before it when there are several logs. */
void fl_use_person(bool several, const char *site, const char *who, char name[FL_AUDIT_SITE_MAX + 1]);
const char *fl_use_procedure(const fl_audit_session *session);
/* When every log is in: 1, 2, rates, order. */
FL_MUST_USE fl_status fl_sections_finish(fl_audit *audit);
void fl_sections_fini(fl_audit_sections *sections);

size_t fl_case_find(const fl_collect *collect, uint64_t sid); /* SIZE_MAX: no such session */
/* Facts of one kind about a client (consent, photo) or a session (follow-up, invoice), in the order of the
 * log: the first of them, and how many. Good after fl_facts_sort. */
void fl_facts_sort(fl_collect *collect);
const fl_fact *fl_facts_find(const fl_collect *collect, fl_kind kind, const char *pat, uint64_t sid,
                             size_t *count);

/* Whether the period, the site and the device of the audit's options want it. A row that names no device is
 * wanted whatever device was asked for; one that names no site, only when none was. */
bool fl_audit_wants(const fl_audit *audit, fl_date day, const char *site, const char *dev);
bool fl_audit_wants_place(const fl_audit *audit, const char *site, const char *dev);

/* Room for one more at the end, zeroed; NULL without memory. */
void *fl_list_more(void **at, size_t *count, size_t *room, size_t size);
#define FL_LIST_ADD(list)                                                                                    \
    fl_list_more((void **)&(list)->at, &(list)->count, &(list)->room, sizeof *(list)->at)

/* A field as text, cut with "..." when it is longer; empty when there is none. */
void fl_collect_text(const fl_record *record, const char *key, char *room, size_t size);

#define FL_WHERE_COPY(to, from)                                                                              \
    do {                                                                                                     \
        (to)->log = (from)->log, (to)->index = (from)->index, (to)->day = (from)->day,                       \
        (to)->at = (from)->at;                                                                               \
        memcpy((to)->site, (from)->site, sizeof(to)->site);                                                  \
        memcpy((to)->dev, (from)->dev, sizeof(to)->dev);                                                     \
    } while (0)

#endif
