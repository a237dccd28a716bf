/* Visit: one session with all that its papers and pages need, opened together and closed together: the
 * journal, the record, and the very plan it was done under, when that still stands in HOME/plans.
 *
 *     visit_file v;
 *     if (visit_open(p, sid, &v, &error) == FL_OK) ... fl_client_next(&paper) ...
 *     visit_close(&v);                                        // also after an error
 */
#ifndef FL_CONSOLE_VISIT_H
#define FL_CONSOLE_VISIT_H

#include "page.h"

#include "fadeline/course/case.h"
#include "fadeline/report/client_paper.h"

typedef struct visit_file {
    fl_journal *journal;
    fl_plan *plan; /* NULL: not at hand, or another than the journal says */
    fl_session_record *record;
} visit_file;

/* FL_E_NO: the journal has no such session. */
FL_MUST_USE fl_status visit_open(const page *p, uint64_t sid, visit_file *v, fl_error *error);
void visit_close(visit_file *v);
/* Its paper in the reader's language. */
fl_client_paper visit_paper(const page *p, const visit_file *v);

/* visit_table.c. Set, planned, delivered, endpoint and read of each zone; c NULL: no case, so no read. */
void visit_put_zones(page *p, const visit_file *v, const fl_case *c, fl_date day);
/* The same in as few lines as there were settings, and what was said and seen besides. */
void visit_put_settings(page *p, const visit_file *v);
void visit_put_responses(page *p, const visit_file *v);

#endif
