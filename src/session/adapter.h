/* Adapter: raw status and host conditions in, the interlock's thirty bits out, once a tick.
 *
 * Unknown reads as bad. Nothing in a status older than T_LINK is believed. A contact pair that disagrees is
 * released for 50 ms and then a fault; a press counts after 30 ms, a release at once. Door, e-stop and foot
 * must each have been seen in both positions (a bridged switch never moves) before they may read good.
 *
 *     fl_adapter adapter;
 *     fl_adapter_init(&adapter, &(fl_adapter_config){ .capabilities = 0x7F, .energy_tolerance = 0.20 });
 *     fl_adapter_tick(&adapter, now, boot, &status, &host, &inputs);
 *
 * The trap: light. Every pulse the laser counts, and every flash its sensor sees, is either the one grant
 * that is out, or a pulse the books can explain, or light that nobody granted; the last is reported until a
 * mode is reached that can latch it.
 *
 * No allocation, no clock of its own.
 */
#ifndef FL_SESSION_ADAPTER_H
#define FL_SESSION_ADAPTER_H

#include "fadeline/interlock/core.h"
#include "fadeline/link/gl1.h"

typedef struct fl_adapter_config {
    uint32_t capabilities;   /* FL_CAP_...: a signal the device does not have is never good */
    double energy_tolerance; /* share of the requested energy; at most 0.20 is used */
} fl_adapter_config;

enum { FL_MOTION_DOOR = 1, FL_MOTION_ESTOP = 2, FL_MOTION_FOOT = 4, FL_MOTION_ALL = 7 };

typedef struct fl_host_conditions { /* what the host itself knows in this tick */
    fl_interlock_state state;       /* of the core, before the tick */
    fl_instant entered;             /* when that mode was entered */
    bool journal, auth, dual, eyewear, plan, limits, counter, monitor;
    bool laser_bad; /* the laser is behind the gate that speaks here, and is not known to be well */
    uint8_t cmd;
    uint64_t spot_um;   /* planned; 0: nothing is planned yet */
    uint64_t energy_uJ; /* requested of the pulse that is out */
    bool outstanding;   /* one grant is recorded and not settled */
    uint64_t expected;  /* the counter as the books have it, without the outstanding grant */
} fl_host_conditions;

typedef struct fl_adapter {
    fl_adapter_config config;
    unsigned motion; /* FL_MOTION_... proven */
    unsigned seen_0, seen_1;
    bool has_stat;
    uint32_t stat_number, session;
    uint64_t pulses; /* of the newest status looked at */
    bool has_flashes;
    uint32_t flash_offset, flash_low;
    bool flash_is_low;
    bool unasked;  /* light nobody granted, not yet latched */
    bool reported; /* the report of the outstanding grant was given to the interlock */
    bool foot_down, foot_differs;
    fl_instant foot_down_since, foot_differs_since;
    bool ticked;
    int64_t asleep_us;    /* boot clock minus monotonic clock, at the last tick */
    bool warned;          /* the device was seen in WARN or READY since ARMING was entered */
    bool was_open;        /* both shutters proven open in the tick before */
    uint64_t measured_uJ; /* of the pulse reported in this tick; 0 none */
} fl_adapter;

void fl_adapter_init(fl_adapter *adapter, const fl_adapter_config *config);
/* What the journal of the last 24 hours has already proved. */
void fl_adapter_remember_motion(fl_adapter *adapter, unsigned motion);
/* A new grant is out: the next report is its own. */
void fl_adapter_expect(fl_adapter *adapter);
void fl_adapter_tick(fl_adapter *adapter, fl_instant now, fl_instant boot, const fl_gl1_status *status,
                     const fl_host_conditions *host, fl_inputs *inputs);

#endif
