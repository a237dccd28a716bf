#include "audit_ask.h"

#include "fadeline/base/text.h"

#include <string.h>

bool audit_ask_day(const fl_args *args, const char *name, fl_date *date)
{
    const char *text = fl_args_value(args, name);
    if (text && fl_date_read(text, date) == FL_OK) return true;
    fl_args_wrong(args, text ? "--%s wants a day like 2026-05-01, not '%s'" : "--%s is needed%s", name,
                  text ? text : "");
    return false;
}

/* Whether there is such a table; prints the names when there is not. */
static bool is_table(const fl_args *args, const char *name)
{
    char names[400];
    fl_text text = fl_text_in(names, sizeof names);
    for (size_t i = 0; fl_audit_table_name(i); i++) {
        if (strcmp(fl_audit_table_name(i), name) == 0) return true;
        fl_text_add(&text, "%s%s", i ? ", " : "", fl_audit_table_name(i));
    }
    return fl_args_wrong(args, "there is no table '%s'; there are: %s", name, names), false;
}

/* Options of a file that is not asked for would be silently lost. */
static bool ask_csv(const fl_args *args, const fl_audit_format *format, fl_audit_csv_options *csv)
{
    *csv = (fl_audit_csv_options){.table = fl_args_value(args, "table"),
                                  .bom = fl_args_has(args, "bom"),
                                  .french = fl_args_has(args, "french")};
    if (csv->table && !is_table(args, csv->table)) return false;
    const bool is_csv = format && strcmp(format->ending, ".csv") == 0,
               is_xlsx = format && strcmp(format->ending, ".xlsx") == 0;
    if ((csv->table || csv->bom) && !is_csv)
        return fl_args_wrong(args, "--table and --bom belong to --out FILE.csv"), false;
    if (csv->french && !is_csv && !is_xlsx)
        return fl_args_wrong(args, "--french belongs to --out FILE.csv or FILE.xlsx"), false;
    return true;
}

bool audit_ask_file(const fl_args *args, const fl_audit_format **format, fl_audit_csv_options *csv)
{
    const char *path = fl_args_value(args, "out");
    *format = path ? fl_audit_format_of(path) : NULL;
    if (path && !*format)
        return fl_args_wrong(args,
                             "--out wants a name that ends in .pdf, .csv, .xlsx, .json, .jsonl, .fhir.json "
                             "or .txt, not '%s'",
                             path),
               false;
    return ask_csv(args, *format, csv);
}
