/* Summary: the state of ledger and collector after so many entries, as bytes of this machine and this
 * version. */
#ifndef FL_REPORT_AUDIT_SUMMARY_H
#define FL_REPORT_AUDIT_SUMMARY_H

#include "audit_collect.h"

typedef struct fl_summary {
    char origin[FL_NOTE_NAME_MAX + 1];
    fl_tree tree;  /* of the entries summed up, of the newest log: its entry 1 binds those before it */
    uint64_t from; /* the first position that was read: not 0 when an older log was missing then */
    fl_ledger ledger;
    fl_collect collect;
} fl_summary;

/* FL_E_FILE: it is none of ours, or was damaged; the summary is then empty. */
FL_MUST_USE fl_status fl_summary_read(const char *path, fl_summary *summary);
FL_MUST_USE fl_status fl_summary_write(const char *path, const fl_summary *summary, fl_error *error);
void fl_summary_fini(fl_summary *summary);

#endif
