/* Inspector's pack: everything about one laser in one period, for somebody who may ask for all of it at once.
 *
 *   index         with pages
 *   register      per laser and day: counters, and each session with client code, person, settings, eyewear,
 * pulses device file   what was serviced, imported, limited and changed; energy checks; pulses to service
 *   training      who might do what, and until when
 *   local rules   files of rules and limits as the log knows them
 *   eyewear       markings as they were confirmed
 *   incidents     events, near misses, faults, emergency stops
 *   verification  how the log was verified, and how to do it again
 *
 * Codes only: the log holds no names, so neither has this. The journal is verified first; a damaged one gives
 * no pack.
 *
 *     fl_inspector *pack;
 *     status = fl_inspector_new(journal, &options, &pack, &error);  // options.device must be named
 *     status = fl_inspector_pdf(pack, &bytes, &size, &error);       // bytes: free; log it, then hand it out
 *     fl_inspector_free(pack);
 */
#ifndef FL_REPORT_INSPECTOR_H
#define FL_REPORT_INSPECTOR_H

#include "fadeline/journal/entry.h"
#include "fadeline/report/audit.h"

typedef struct fl_inspector fl_inspector;

/* FL_E_NO: the log never names this device. FL_E_DAMAGED: it does not verify. */
FL_MUST_USE fl_status fl_inspector_new(fl_journal *journal, const fl_audit_options *options,
                                       fl_inspector **pack, fl_error *error);
void fl_inspector_free(fl_inspector *pack);
const fl_audit *fl_inspector_audit(const fl_inspector *pack);
size_t fl_inspector_sessions(const fl_inspector *pack); /* rows of the register */

FL_MUST_USE fl_status fl_inspector_pdf(const fl_inspector *pack, char **bytes, size_t *size, fl_error *error);
/* The `print` entry for these bytes: append it before they are handed out. */
void fl_inspector_entry(const fl_inspector *pack, const char *bytes, size_t size, fl_entry *entry);
FL_MUST_USE fl_status fl_inspector_json(const fl_inspector *pack, FILE *out);

#endif
