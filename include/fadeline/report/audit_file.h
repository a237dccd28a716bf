/* Audit file: an audit made into a file that somebody is given, and the entry that says so.
 *
 * What is handed out is made in memory first, because its hash stands in the journal before it leaves: no
 * file without its entry. The commands and the console both go this way.
 *
 *     const fl_audit_format *format = fl_audit_format_of("may.xlsx");             // NULL: no such ending
 *     status = fl_audit_file(audit, format, &csv, &bytes, &size, &error);         // bytes: free
 *     fl_audit_file_entry(audit, format, bytes, size, &entry);                    // append it, then hand
 * bytes out
 */
#ifndef FL_REPORT_AUDIT_FILE_H
#define FL_REPORT_AUDIT_FILE_H

#include "fadeline/journal/entry.h"
#include "fadeline/report/audit_export.h"

typedef struct fl_audit_format {
    const char *ending; /* ".fhir.json" */
    const char *media;  /* "application/fhir+json" */
    fl_status (*make)(const fl_audit *audit, const fl_audit_csv_options *csv, char **bytes, size_t *size,
                      fl_error *error);
} fl_audit_format;

const fl_audit_format *fl_audit_format_at(size_t i);             /* NULL past the last */
const fl_audit_format *fl_audit_format_of(const char *path);     /* by its ending; NULL: none has it */
const fl_audit_format *fl_audit_format_find(const char *ending); /* exactly; NULL: there is none */

/* `csv` is for .csv, and its `french` for .xlsx too. FL_E_NO: there is no such table. */
FL_MUST_USE fl_status fl_audit_file(const fl_audit *audit, const fl_audit_format *format,
                                    const fl_audit_csv_options *csv, char **bytes, size_t *size,
                                    fl_error *error);
/* The `export` entry for these bytes. */
void fl_audit_file_entry(const fl_audit *audit, const fl_audit_format *format, const char *bytes, size_t size,
                         fl_entry *entry);

#endif
