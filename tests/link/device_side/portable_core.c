/* The device core that makers copy (src/link/device_side) in the place of the virtual laser's own: the room,
 * the script, the faults and the carriers of fadeline-twin, around other firmware. What the host, `fadeline
 * conform` and fadeline-control meet is the portable core alone. */
#include "gl1_device.h"
#include "grant_link.h"

#include <stdlib.h>
#include <string.h>

static gl_device core; /* one laser a process */
static gl_make made;
static gl1_device *twin; /* whose platform functions are called */

/* ---- the nine functions, and what may be set ---- */

static gl1_settings there(const gl_settings *s)
{
    return (gl1_settings){s->en_uJ, s->rr_mHz, s->sp_um, s->wl_nm};
}

static gl_settings here(const gl1_settings *s)
{
    return (gl_settings){s->en_uJ, s->rr_mHz, s->sp_um, s->wl_nm};
}

static void on_send(void *self, const char *bytes, size_t size)
{
    (void)self;
    twin->on.send(twin->on.self, bytes, size);
}

static void on_outputs(void *self, unsigned out)
{
    (void)self;
    twin->out = out & ~(uint32_t)GL1_OUT_SELF_TEST;
    twin->on.outputs(twin->on.self, out);
}

static uint32_t on_pulse(void *self, const gl_settings *settings)
{
    (void)self;
    const gl1_settings now = there(settings);
    return twin->on.pulse(twin->on.self, &now);
}

static uint32_t on_inputs(void *self)
{
    (void)self;
    return twin->on.inputs(twin->on.self) & GL1_IN_ALL;
}

static uint32_t on_spot(void *self)
{
    (void)self;
    return twin->on.spot(twin->on.self);
}

static uint8_t on_handpiece(void *self)
{
    (void)self;
    return twin->on.handpiece(twin->on.self);
}

static uint32_t on_flashes(void *self)
{
    (void)self;
    return twin->on.flashes(twin->on.self);
}

static uint32_t on_random(void *self)
{
    (void)self;
    return twin->on.random(twin->on.self);
}

static bool on_keep(void *self, const gl_kept *kept)
{
    (void)self;
    gl1_kept now = {.k = kept->k, .g = kept->g, .anchor_n = kept->anchor};
    memcpy(now.anchor_r, kept->root, sizeof now.anchor_r);
    return twin->on.keep(twin->on.self, &now);
}

bool gl1_settings_allowed(const gl1_make *make, const gl1_settings *settings)
{
    for (unsigned i = 0; i < make->head_count; i++) {
        const gl1_head *head = &make->heads[i];
        if (head->wl_nm != settings->wl_nm || settings->rr_mHz < 1 || settings->rr_mHz > head->rr_max_mHz)
            continue;
        for (unsigned s = 0; s < head->spot_count; s++)
            if (head->spots[s].sp_um == settings->sp_um)
                return settings->en_uJ >= head->en_min_uJ && settings->en_uJ <= head->spots[s].en_max_uJ;
    }
    return false;
}

static bool on_allowed(void *self, const gl_settings *settings)
{
    (void)self;
    const gl1_settings now = there(settings);
    return gl1_settings_allowed(twin->make, &now);
}

/* ---- what the program around asks for ---- */

/* What the script of the room looks at. */
static void show(gl1_device *device)
{
    device->state = (gl1_state)core.state;
    device->in_session = core.in_session;
    device->session = core.session;
    device->set = there(&core.set);
    device->cause = core.cause;
    device->flashes_seen = core.seen;
    device->kept.k = core.kept.k;
    device->kept.g = core.kept.g;
}

const char *gl1_state_name(gl1_state state)
{
    static const char *const names[] = {"safe", "standby", "warn", "ready", "fault"};
    return state <= GL1_FAULT ? names[state] : "?";
}

bool gl1_device_init(gl1_device *device, const gl1_make *make, const gl1_platform *on, const gl1_kept *kept)
{
    const gl1_platform platform = *on; /* may lie in *device */
    gl_kept now = {.k = kept->k, .g = kept->g, .anchor = kept->anchor_n};
    memcpy(now.root, kept->anchor_r, sizeof now.root);
    *device = (gl1_device){.make = make, .on = platform, .kept = *kept};
    twin = device;
    made = (gl_make){
        make->maker, make->model, make->uid, make->fw, make->cap, make->wa_ms, here(&make->at_power_on)};
    const gl_board board = {.send = on_send,
                            .outputs = on_outputs,
                            .pulse = on_pulse,
                            .inputs = on_inputs,
                            .spot = on_spot,
                            .handpiece = on_handpiece,
                            .flashes = on_flashes,
                            .random = on_random,
                            .keep = on_keep,
                            .allowed = on_allowed};
    gl_start(&core, &made, &board, &now);
    show(device);
    return gl1_settings_allowed(make, &make->at_power_on);
}

void gl1_device_tick(gl1_device *device, uint64_t now_ms)
{
    gl_tick(&core, now_ms);
    show(device);
}

void gl1_device_byte(gl1_device *device, char byte)
{
    gl_byte(&core, byte);
    show(device);
}

void gl1_device_hangup(gl1_device *device)
{
    gl_hangup(&core);
    show(device);
}

bool gl1_device_panel(gl1_device *device, const gl1_settings *edited)
{
    const gl_settings now = here(edited);
    const bool may = gl_panel(&core, &now);
    show(device);
    return may;
}
