/* Core: the step in real time. Deadlines, the monitor in every tick, and the only door to a permit.
 *
 *     fl_interlock_core *core;
 *     fl_core_config config = fl_core_config_default();
 *     config.rate_mHz = 10000;
 *     status = fl_interlock_core_new(&config, now, &core, &error);
 *     ...
 *     const fl_core_tick *tick = fl_interlock_core_tick(core, now, &inputs, stat_number, stat_asked);
 *     if (tick->result.outputs.token) journal the grant, then, some ticks later:
 *     fl_permit *permit = fl_interlock_core_permit(core);        // NULL when this tick does not permit
 *     if (permit && durable) fl_link_grant(link, permit, ...);
 *
 * Deadlines are absolute 64-bit microseconds, set when a mode is entered; nothing counts up, so nothing
 * wraps. Time that runs backwards, or pauses longer than T_CLK while armed, reads as clock = 0. A broken
 * invariant or a missing verdict is a veto: FAULT with svc, every output off.
 *
 * Allocates once, in new. One thread.
 */
#ifndef FL_INTERLOCK_CORE_H
#define FL_INTERLOCK_CORE_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/interlock/monitor.h"
#include "fadeline/interlock/permit.h"
#include "fadeline/interlock/step.h"

/* Section 2 of the interlock reference; all [design]. */
#define FL_T_TICK_US 10000
#define FL_T_LINK_US 100000
#define FL_T_GRANT_US 40000
#define FL_T_REPORT_US 60000
#define FL_T_ARM_US 3000000
#define FL_T_ARM_LEAST_US 2000000
#define FL_T_IDLE_US 120000000
#define FL_T_OPEN_US 200000
#define FL_T_CLOSE_US 150000
#define FL_T_GAP_LEAST_US 50000
#define FL_T_SELF_US 30000000
#define FL_T_FOOT_DB_US 30000
#define FL_T_FOOT_X_US 50000
#define FL_T_CLK_US 30000

typedef fl_interlock_verdict fl_interlock_monitor_function(fl_interlock_state, uint32_t, fl_interlock_state,
                                                           fl_interlock_outputs, uint64_t);

typedef struct fl_core_config {
    int64_t arm_us;                         /* warning time; at least FL_T_ARM_LEAST_US, at most one minute */
    uint64_t rate_mHz;                      /* planned pulse rate; T_GAP = max(1/rate, 50 ms) */
    bool svc;                               /* a service-class fault was latched when power went off */
    fl_interlock_monitor_function *monitor; /* NULL: no verdict ever, hence a veto in the first tick */
} fl_core_config;

typedef struct fl_interlock_core fl_interlock_core;

typedef struct fl_core_tick {
    uint64_t serial; /* from 1 */
    fl_instant now;
    fl_interlock_state before;
    uint32_t inputs; /* as judged, with `due` and `clock` as the core found them */
    fl_interlock_result result;
    fl_reasons causes;
    fl_interlock_verdict verdict;
    bool vetoed;     /* the monitor disagreed, or gave no verdict: result is FAULT svc */
    uint64_t tokens; /* tokens issued since new, this tick included */
} fl_core_tick;

/* T_ARM 3 s, 1 Hz, no svc, the monitor of monitor.h. */
fl_core_config fl_core_config_default(void);

/* Starts in OFF. Refuses (FL_E_RANGE) a warning time below 2 s or above 60 s, a rate outside 0.01 Hz to 1
 * kHz, and a time before 0 or past 2^62 us. */
FL_MUST_USE fl_status fl_interlock_core_new(const fl_core_config *config, fl_instant now,
                                            fl_interlock_core **core, fl_error *error);
void fl_interlock_core_free(fl_interlock_core *core);

/* One tick. `inputs->due` is ignored. `frame` is the number of the STAT the inputs come from and `asked` the
 * moment the host asked for it. The answer is valid until the next tick. */
const fl_core_tick *fl_interlock_core_tick(fl_interlock_core *core, fl_instant now, const fl_inputs *inputs,
                                           uint32_t frame, fl_instant asked);

/* The permit of the newest tick, or NULL when it does not permit or the permit was spent. */
fl_permit *fl_interlock_core_permit(fl_interlock_core *core);

fl_interlock_state fl_interlock_core_state(const fl_interlock_core *core);
/* When the present mode ends by itself; INT64_MAX when it does not. */
fl_instant fl_interlock_core_deadline(const fl_interlock_core *core);
/* The pulse rate of the next GAP, from a new setting; refused while armed (FL_E_REFUSED) and outside its
 * range. */
FL_MUST_USE fl_status fl_interlock_core_set_rate(fl_interlock_core *core, uint64_t rate_mHz);

#endif
