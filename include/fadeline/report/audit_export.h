/* The audit for other programs: CSV, XLSX, JSON lines, FHIR. The totals in every one are those of the page,
 * to the pulse, because all of them read the same rows.
 *
 *     status = fl_audit_write_csv(audit, &(fl_audit_csv_options){ .table = "energy", .french = true }, out);
 *     status = fl_audit_xlsx(audit, french, &bytes, &size, &error);     // bytes: free
 *
 * CSV is RFC 4180 in UTF-8: header with units, ISO days, decimal points; `french` has French headers,
 * semicolons and decimal commas (days stay ISO: 2026-05-13 is a day in both languages). A text that a
 * spreadsheet would run gets an apostrophe in front; numbers, also negative ones, stay numbers. XLSX has a
 * sheet a table, with real numbers and days, and holds no formula at all.
 */
#ifndef FL_REPORT_AUDIT_EXPORT_H
#define FL_REPORT_AUDIT_EXPORT_H

#include "fadeline/report/audit.h"

typedef struct fl_audit_csv_options {
    const char
        *table; /* NULL: "days", the reconciliation per device and day; of the whole period: "devices" */
    bool french,
        bom; /* bom: EF BB BF first, for spreadsheets that take UTF-8 for something else without it */
} fl_audit_csv_options;

/* FL_E_NO: there is no such table. */
FL_MUST_USE fl_status fl_audit_write_csv(const fl_audit *audit, const fl_audit_csv_options *options,
                                         FILE *out);
/* Every row of every table, one object a line: {"table":"days","world":"SIMULATED",...}. */
FL_MUST_USE fl_status fl_audit_jsonl(const fl_audit *audit, FILE *out);
FL_MUST_USE fl_status fl_audit_xlsx(const fl_audit *audit, bool french, char **bytes, size_t *size,
                                    fl_error *error);
/* A Bundle of type collection, FHIR R4: Device, Procedure, AuditEvent; codes for people, never names. */
FL_MUST_USE fl_status fl_audit_fhir(const fl_audit *audit, FILE *out);
/* The n-th name for `table`, NULL past the last. */
const char *fl_audit_table_name(size_t i);

#endif
