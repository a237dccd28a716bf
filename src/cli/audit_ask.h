/* Audit ask: the days of an audit and the file it is wanted as; `audit` and `hub audit` ask alike. */
#ifndef FL_CLI_AUDIT_ASK_H
#define FL_CLI_AUDIT_ASK_H

#include "command.h"

#include "fadeline/base/date.h"
#include "fadeline/report/audit_file.h"

/* --from, --to. false: printed why not. */
bool audit_ask_day(const fl_args *args, const char *name, fl_date *date);
/* --out, --table, --bom, --french; *format stays NULL without --out. false: printed why not. */
bool audit_ask_file(const fl_args *args, const fl_audit_format **format, fl_audit_csv_options *csv);

/* Rows of the option table, for the help. */
#define AUDIT_ASK_CSV                                                                                        \
    {"table", "NAME", "CSV: this table instead of `days`, the reconciliation per laser and day"},            \
        {"bom", NULL, "CSV: begin with a byte order mark"},                                                  \
    {                                                                                                        \
        "french", NULL, "CSV, XLSX: French headers; CSV: semicolons and decimal commas"                      \
    }

#endif
