/* What the files of the audit's paper share, and the inspector's pack with them. Private to report. */
#ifndef FL_REPORT_AUDIT_PAPER_PARTS_H
#define FL_REPORT_AUDIT_PAPER_PARTS_H

#include "fadeline/report/audit_table.h"
#include "folio.h"

/* A table of every export, on paper: columns as wide as what they hold, those that hold nothing left out.
 * `nothing` is said when it has no rows. */
void fl_audit_paper_table(fl_folio *folio, const fl_audit *audit, const char *name, const char *nothing);

/* A row a day: what the counter moved, less what service set it to, beside what was recorded. */
void fl_audit_paper_days(fl_folio *folio, const fl_audit *audit, const fl_audit_line *device);
/* Energy checks of one laser against lines at 10 and 20 %; nothing when it has none. */
void fl_audit_paper_energy(fl_folio *folio, const fl_audit *audit, const char *dev);

#endif
