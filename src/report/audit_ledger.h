/* Ledger: reads the journal from its first entry and keeps, per device, what the counter did and what
 * explains it. */
#ifndef FL_REPORT_AUDIT_LEDGER_H
#define FL_REPORT_AUDIT_LEDGER_H

#include "fadeline/report/audit.h"

typedef struct fl_ledger_device {
    char dev[FL_DEVICE_ID_MAX + 1], site[FL_AUDIT_SITE_MAX + 1];
    bool known;       /* whether ctr was ever read */
    uint64_t ctr;     /* last reading, moved by every explained pulse since */
    fl_utc read_at;   /* when that was */
    bool outstanding; /* a grant not settled */
    uint64_t gid, grant_sid;
    char purpose;                   /* of that grant */
    bool in_session, manual, zoned; /* zoned: its pulses were told zone by zone */
    bool zone_open;                 /* one was begun by hand and not counted */
    char zone[32];
    uint64_t zone_ctr;
    fl_utc zone_at;
    uint64_t sid;
    fl_utc opened_at;
    size_t day; /* newest line of this device, plus 1; 0: none */
} fl_ledger_device;

/* Told of every pulse that a record explains, as it goes into its column
 * of line device->day - 1. */
typedef struct fl_ledger_ear {
    fl_status (*explained)(void *self, const fl_ledger_device *device, char purpose, uint64_t pulses);
    void *self;
} fl_ledger_ear;

typedef struct fl_ledger {
    int utc_offset_min;
    unsigned log; /* written into lines and findings */
    fl_ledger_ear ear;
    fl_ledger_device *devices;
    size_t device_count, device_room;
    fl_audit_line *days;
    size_t day_count, day_room;
    fl_audit_finding *findings;
    size_t finding_count, finding_room;
} fl_ledger;

/* FL_E_DAMAGED when a record cannot be what verification said it is. */
FL_MUST_USE fl_status fl_ledger_take(fl_ledger *ledger, uint64_t index, const fl_record *record);
/* What is still open at the end of the log. */
FL_MUST_USE fl_status fl_ledger_end(fl_ledger *ledger, uint64_t size);
void fl_ledger_fini(fl_ledger *ledger);

#endif
