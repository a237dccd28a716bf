/* Sections 5 and 6, corrections, looks and acts: rows of the log that are shown as they are. */
#include "audit_collect.h"

#include <string.h>

/* Rows that the period, the site and the device want, into their section; returns from the caller without
 * memory. */
#define PICK(c, from, into)                                                                                  \
    for (size_t i_ = 0; i_ < (from)->count; i_++) {                                                          \
        if (!fl_audit_wants((c)->audit, (from)->at[i_].day, (from)->at[i_].site, (from)->at[i_].dev))        \
            continue;                                                                                        \
        void *row_ = FL_LIST_ADD(into);                                                                      \
        if (!row_) return FL_E_MEMORY;                                                                       \
        memcpy(row_, &(from)->at[i_], sizeof *(from)->at);                                                   \
    }

/* What the plan or the laser allows, as against the room, the people and the machine. */
static bool is_envelope(const char *code)
{
    static const char *const codes[] = {"limit-reached", "energy-out", "spot-mismatch", "plan-not-ready"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i], code) == 0) return true;
    return false;
}

static fl_status count_stop(fl_audit_sections *sections, const fl_stop *stop)
{
    fl_audit_cause *row = NULL;
    for (size_t i = 0; i < sections->causes.count && !row; i++)
        if (strcmp(sections->causes.at[i].code, stop->code) == 0) row = &sections->causes.at[i];
    if (!row && !(row = FL_LIST_ADD(&sections->causes))) return FL_E_MEMORY;
    memcpy(row->code, stop->code, sizeof row->code);
    row->envelope = is_envelope(stop->code);
    *(stop->refused ? &row->refused : &row->stopped) += 1;
    return FL_OK;
}

fl_status fl_section_acts(fl_collect *c)
{
    fl_audit_sections *sections = &c->audit->sections;
    PICK(c, &c->overrides, &sections->overrides);
    PICK(c, &c->harm, &sections->harm);
    PICK(c, &c->corrections, &sections->corrections);
    PICK(c, &c->looks, &sections->looks);
    PICK(c, &c->acts, &sections->acts);
    for (size_t i = 0; i < c->stops.count; i++) {
        const fl_stop *stop = &c->stops.at[i];
        if (fl_audit_wants(c->audit, stop->day, stop->site, stop->dev) && count_stop(sections, stop) != FL_OK)
            return FL_E_MEMORY;
    }
    for (size_t i = 0; i < c->slips.count; i++) {
        const fl_slip *slip = &c->slips.at[i];
        if (!fl_audit_wants(c->audit, slip->day, slip->site, slip->dev)) continue;
        *(slip->over == 2   ? &sections->over_hard
          : slip->over == 1 ? &sections->over_soft
                            : &sections->spots.looks_early) += 1;
    }
    return FL_OK;
}
