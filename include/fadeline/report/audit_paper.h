/* Audit on paper: the monthly audit as a PDF, for an owner who was not there.
 *
 *   page 1     the verdict: which site needs a call, and why
 *   2 to 13    the sections of audit_sections.h, the same rows as every export, with a picture of each
 * laser's days (what the counter moved beside what was recorded) and of its energy checks (lines at 10 and 20
 * %) appendix   what the words mean; the signed checkpoint as a code
 *
 *     status = fl_audit_pdf(audit, &bytes, &size, &error);             // bytes: free
 */
#ifndef FL_REPORT_AUDIT_PAPER_H
#define FL_REPORT_AUDIT_PAPER_H

#include "fadeline/report/audit.h"

FL_MUST_USE fl_status fl_audit_pdf(const fl_audit *audit, char **bytes, size_t *size, fl_error *error);

#endif
