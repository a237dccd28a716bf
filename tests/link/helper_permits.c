#include "helper_permits.h"

#include "inputs_good.h"

#include <stdio.h>
#include <stdlib.h>

static fl_inputs good_inputs(void)
{
    return (fl_inputs)INPUTS_GOOD;
}

void permits_init(permits *p, fl_instant now)
{
    fl_core_config config = fl_core_config_default();
    config.rate_mHz = 20000;
    *p = (permits){.core = NULL};
    fl_instant at = {now.us - 3200000};
    if (fl_interlock_core_new(&config, at, &p->core, NULL) != FL_OK) abort();
    while ((at.us += 10000) < now.us) {
        fl_inputs in = good_inputs();
        const fl_mode mode = (fl_mode)fl_interlock_core_state(p->core).mode;
        in.cmd = mode == FL_MODE_STANDBY ? FL_CMD_ARM_TREAT : FL_CMD_NONE;
        if (at.us == now.us - 10000) in.foot = FL_FOOT_PRESSED;
        fl_interlock_core_tick(p->core, at, &in, 0, at);
    }
    const fl_mode mode = (fl_mode)fl_interlock_core_state(p->core).mode;
    if (mode == FL_MODE_OPENING) return;
    fprintf(stderr, "the interlock of the test is in %s\n", fl_mode_word(mode));
    abort();
}

void permits_fini(permits *p)
{
    fl_interlock_core_free(p->core);
    p->core = NULL;
}

/* After 45 ms in EMIT the core is told that a good pulse came, whatever the device of the test did: GAP
 * follows, and then the next token. It is only a source of permits here. */
fl_permit *permits_tick(permits *p, fl_instant now, uint32_t frame, fl_instant asked)
{
    fl_inputs in = good_inputs();
    const fl_mode mode = (fl_mode)fl_interlock_core_state(p->core).mode;
    in.foot = FL_FOOT_PRESSED;
    if (mode == FL_MODE_EMIT && fl_since(now, p->emit).us >= 45000) in.energy = FL_ENERGY_GOOD;
    if (mode == FL_MODE_OPENING || mode == FL_MODE_EMIT || mode == FL_MODE_GAP) {
        in.sh_closed = false;
        in.sh_open = true;
    }
    if (fl_interlock_core_tick(p->core, now, &in, frame, asked)->result.outputs.token) p->emit = now;
    fl_permit *permit = fl_interlock_core_permit(p->core);
    return fl_permit_is_good(permit, now) ? permit : NULL;
}

fl_permit *permits_make(permits *p, fl_instant now, uint32_t frame, fl_instant asked)
{
    permits_init(p, now);
    return permits_tick(p, now, frame, asked);
}
