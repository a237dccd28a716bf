/* Where the pulses of a session went: planned and delivered on a head from above or a face from the front.
 * Private to report. */
#ifndef FL_REPORT_SESSION_MAP_H
#define FL_REPORT_SESSION_MAP_H

#include "fadeline/report/session_record.h"
#include "folio.h"

/* false: no zone of the session stands on either, and nothing would be drawn. */
bool fl_session_map_has(const fl_session_record *record);
void fl_session_map_draw(fl_folio *folio, const fl_session_record *record, double x, double y, double scale);

#endif
