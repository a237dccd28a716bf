#include "fadeline/report/audit_identity.h"

#include "audit_collect.h"

#include "fadeline/clients/care.h"

#include <stdio.h>

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
    fl_status status = FL_OK;
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_size(journal); i++) {
        fl_record record;
        status = fl_journal_record(journal, i, &record);
        if (status == FL_OK) status = fl_care_take(&book, &record, i);
    }
    for (size_t i = 0; status == FL_OK && i < book.count; i++)
        if (fl_care_is_missing(&book.list[i], clients)) status = add(audit, &book.list[i]);
    fl_care_fini(&book);
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "the journal's clients cannot be read");
}
