#include "twin.h"

#include <stdarg.h>
#include <string.h>

static void say(twin *t, const char *format, ...) FL_PRINTF(2, 3);
static void say(twin *t, const char *format, ...)
{
    char room[300], what[240];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(room, sizeof room, "%llu.%03llu s: %s", (unsigned long long)(t->now_ms / 1000),
             (unsigned long long)(t->now_ms % 1000), what);
    t->options.say(t->options.self, room);
}

/* ---- the nine platform functions of the device core ---- */

static void on_send(void *self, const char *frame, size_t length)
{
    twin *t = self;
    if (!t->end && !t->is_off) wire_send(&t->wire, frame, length);
}

static void on_outputs(void *self, uint32_t out)
{
    twin *t = self;
    t->room.out = out & ~(uint32_t)GL1_OUT_SELF_TEST;
    if (out & GL1_OUT_SELF_TEST) room_self_test(&t->room);
}

/* The mains: everything but the memory is lost, and comes up as after any start. What the sensors of the room
 * say goes on, as it does for a person who stands in it. */
static void switch_power(twin *t, bool on)
{
    if (t->is_off != on) return;
    const gl1_platform platform = t->device.on;
    t->is_off = !on;
    t->room.out = 0;
    wire_cut(&t->wire);
    if (on) gl1_device_init(&t->device, t->options.make, &platform, &t->memory.now.kept);
}

static uint32_t on_inputs(void *self)
{
    const twin *t = self;
    return (room_inputs(&t->room) & ~t->lie_mask) | (t->lie_bits & t->lie_mask);
}

static uint32_t on_pulse(void *self, const gl1_settings *settings)
{
    twin *t = self;
    if (t->cuts_power) {
        t->end = TWIN_POWER_CUT;
        return 0;
    }
    if (t->loses_power) {
        t->loses_power = false;
        switch_power(t, false);
        return 0;
    }
    const uint32_t before = t->room.flashes, energy_uJ = room_pulse(&t->room, settings);
    if (t->options.light && t->room.flashes != before)
        t->options.light(t->options.light_self, t->now_ms, t->room.light_uJ / 1e6);
    t->memory.now.flashes = t->room.flashes;
    fl_error error;
    if (nvm_note(&t->memory, &error) != FL_OK) say(t, "%s", error.what);
    script_pulsed(&t->script);
    return energy_uJ;
}

static uint32_t on_spot(void *self)
{
    const twin *t = self;
    return t->lies_spot ? t->lie_spot_um : t->room.spot_um;
}

static uint8_t on_handpiece(void *self)
{
    const twin *t = self;
    return t->lies_handpiece ? t->lie_handpiece : t->room.handpiece;
}

static uint32_t on_flashes(void *self)
{
    const twin *t = self;
    return t->room.flashes + t->lie_ln;
}

static uint32_t on_random(void *self)
{
    twin *t = self;
    return (uint32_t)(fl_random_u64(&t->nonces) >> 32);
}

static bool on_keep(void *self, const gl1_kept *kept)
{
    twin *t = self;
    if (t->is_off) return false; /* nothing is written without power */
    fl_error error;
    t->memory.now.kept = *kept;
    if (nvm_keep(&t->memory, &error) == FL_OK) return true;
    say(t, "%s", error.what);
    return false;
}

fl_status twin_init(twin *t, const twin_options *options, fl_error *error)
{
    const gl1_platform on = {.self = t,
                             .send = on_send,
                             .outputs = on_outputs,
                             .pulse = on_pulse,
                             .inputs = on_inputs,
                             .spot = on_spot,
                             .handpiece = on_handpiece,
                             .flashes = on_flashes,
                             .random = on_random,
                             .keep = on_keep};
    *t = (twin){.options = *options, .memory.fd = -1};
    fl_status status = script_init(&t->script);
    if (status != FL_OK) return fl_error_set(error, status, "no memory for the script");
    status = nvm_open(&t->memory, options->state_path, options->make->uid, error);
    if (status == FL_OK) {
        room_init(&t->room, options->seed);
        t->room.flashes = t->memory.now.flashes;
        fl_random_init(&t->nonces, options->seed, 3);
        /* The same seed must not greet twice with the same number: sessions differ by the counters too. */
        t->nonces.s[0] ^= t->memory.sequence * 0x9E3779B97F4A7C15u;
        wire_init(&t->wire, options->make->uid, options->seed, options->self, options->put);
        if (!gl1_device_init(&t->device, options->make, &on, &t->memory.now.kept)) {
            fl_error_set(error, FL_E_FILE, "the device file describes a laser that GL1 does not allow");
            status =
                fl_error_hint(error, "warning time at least 2000 ms, a head, an identity without blanks");
        }
    }
    if (status != FL_OK) twin_fini(t);
    return status;
}

void twin_fini(twin *t)
{
    nvm_close(&t->memory);
    script_fini(&t->script);
}

/* ---- faults ---- */

static void fire_by_itself(twin *t, uint32_t pulses, bool counted)
{
    t->room.flashes += pulses;
    t->memory.now.flashes = t->room.flashes;
    if (counted) {
        /* Firmware that fires and counts sees its own light as ordered. */
        t->device.kept.k += pulses;
        t->device.flashes_seen += pulses;
        t->memory.now.kept.k = t->device.kept.k;
    }
    fl_error error;
    if (nvm_note(&t->memory, &error) != FL_OK) say(t, "%s", error.what);
}

static void lie(twin *t, const twin_fault *fault, bool begin)
{
    if (fault->kind == FAULT_LIE_INPUT) {
        t->lie_mask = begin ? t->lie_mask | fault->mask : t->lie_mask & ~fault->mask;
        t->lie_bits = begin && fault->on ? t->lie_bits | fault->mask : t->lie_bits & ~fault->mask;
    } else if (fault->kind == FAULT_LIE_SPOT) {
        t->lies_spot = begin;
        t->lie_spot_um = (uint32_t)fault->number;
    } else if (fault->kind == FAULT_LIE_HANDPIECE) {
        t->lies_handpiece = begin;
        t->lie_handpiece = (uint8_t)fault->number;
    } else if (fault->kind == FAULT_LIE_K)
        t->wire.k_lie = begin ? fault->number : 0;
    else
        t->lie_ln = begin ? (uint32_t)fault->number : 0;
}

/* A fault begins, or one that lasts for a while ends. What happens at once has no end. */
static void set_fault(twin *t, const twin_fault *fault, bool begin)
{
    switch (fault->kind) {
    case FAULT_LIE_INPUT:
    case FAULT_LIE_SPOT:
    case FAULT_LIE_HANDPIECE:
    case FAULT_LIE_K:
    case FAULT_LIE_LN: lie(t, fault, begin); break;
    case FAULT_STALL: t->wire.stalled_until_ms = begin ? t->now_ms + (uint64_t)fault->number : 0; break;
    case FAULT_ECHO: t->wire.echo = begin; break;
    case FAULT_DROP: t->wire.drop_percent = begin ? fault->amount : 0; break;
    case FAULT_DUPLICATE: t->wire.duplicate_percent = begin ? fault->amount : 0; break;
    case FAULT_DELAY: t->wire.delay_ms = begin ? (uint64_t)fault->number : 0; break;
    case FAULT_CORRUPT: t->wire.corrupt_rate = begin ? fault->amount : 0; break;
    case FAULT_DIE:
        if (begin) t->end = TWIN_DIED;
        break;
    case FAULT_POWER_CUT: t->cuts_power = begin; break;
    case FAULT_ENERGY: t->room.energy_off_percent = begin ? fault->amount : 0; break;
    case FAULT_ENERGY_UNREAD: t->room.energy_unread = begin; break;
    case FAULT_ENERGY_STUCK: t->room.energy_stuck = begin; break;
    case FAULT_COUNTER:
    case FAULT_FLASH:
        if (begin) fire_by_itself(t, (uint32_t)fault->number, fault->kind == FAULT_COUNTER);
        break;
    case FAULT_DUD: t->room.duds = begin ? (uint32_t)fault->number : 0; break;
    case FAULT_SHUTTER:
        t->room.shutter_a.fault = begin ? (room_shutter_fault)fault->number : ROOM_SHUTTER_FREE;
        break;
    case FAULT_FOOT: t->room.foot_b_stuck = begin && fault->on; break;
    case FAULT_USB_NAK:
    case FAULT_USB_STALL:
    case FAULT_USB_ERROR:
    case FAULT_USB_SHORT:
    case FAULT_USB_EMPTY:
        if (t->options.plug)
            t->options.plug(t->options.self, fault, begin);
        else if (begin)
            say(t, "there is no USB here to go wrong");
        break;
    }
}

void twin_fail(twin *t, const twin_fault *fault)
{
    set_fault(t, fault, true);
    if (!fault->duration_ms) return;
    for (size_t i = 0; i < sizeof t->passing / sizeof *t->passing; i++)
        if (!t->passing[i].until_ms) {
            t->passing_count++;
            t->passing[i].until_ms = t->now_ms + fault->duration_ms;
            t->passing[i].fault = *fault;
            return;
        }
    say(t, "too many passing faults at once: this one stays");
}

static void end_faults(twin *t)
{
    if (!t->passing_count) return;
    for (size_t i = 0; i < sizeof t->passing / sizeof *t->passing; i++)
        if (t->passing[i].until_ms && t->passing[i].until_ms <= t->now_ms) {
            t->passing[i].until_ms = 0;
            t->passing_count--;
            set_fault(t, &t->passing[i].fault, false);
            say(t, "a fault has passed");
        }
}

/* ---- events ---- */

static void edit_panel(twin *t, const twin_event *event)
{
    gl1_settings edited = t->device.set;
    if (event->named & 1) edited.en_uJ = event->settings.en_uJ;
    if (event->named & 2) edited.rr_mHz = event->settings.rr_mHz;
    if (event->named & 4) edited.sp_um = event->settings.sp_um;
    if (event->named & 8) edited.wl_nm = event->settings.wl_nm;
    if (!gl1_device_panel(&t->device, &edited)) say(t, "the panel refused: out of range");
}

static void happen(twin *t, const script_line *line)
{
    const twin_event *event = &line->event;
    say(t, "%s", event->text);
    switch (event->kind) {
    case EVENT_SWITCH: room_switch(&t->room, event->contacts, event->on); break;
    case EVENT_SELF_TEST: t->room.self_test_good = event->on; break;
    case EVENT_SPOT: t->room.spot_um = event->number; break;
    case EVENT_HANDPIECE: t->room.handpiece = (uint8_t)event->number; break;
    case EVENT_PANEL: edit_panel(t, event); break;
    case EVENT_POWER:
        t->loses_power = event->number == 2;
        if (!t->loses_power) switch_power(t, event->number == 1);
        break;
    case EVENT_FAULT: twin_fail(t, &event->fault); break;
    case EVENT_QUIT: t->end = TWIN_QUIT; break;
    case EVENT_PROVE: /* was turned into its steps by script_add */
    case EVENT_SAY: break;
    }
}

/* Tells the script what became of the device since it was last told. */
static void tell_script(twin *t)
{
    if (t->device.in_session && t->device.session != t->session_shown) {
        t->session_shown = t->device.session;
        say(t, "a session begins");
        script_state_entered(&t->script, CUE_HELLO);
    }
    if (!t->began || t->device.state != t->shown) {
        t->began = true;
        t->shown = t->device.state;
        say(t, "%s (ca=%08X)", gl1_state_name(t->shown), (unsigned)t->device.cause);
        script_state_entered(&t->script, t->shown);
    }
}

void twin_tick(twin *t, uint64_t now_ms)
{
    t->now_ms = now_ms;
    end_faults(t);
    script_time(&t->script, now_ms);
    tell_script(t);
    for (const script_line *line; !t->end && (line = script_due(&t->script));) happen(t, line);
    if (t->end) return;
    room_tick(&t->room, now_ms, t->room.out);
    wire_tick(&t->wire, now_ms);
    if (t->is_off) return;
    gl1_device_tick(&t->device, now_ms);
    tell_script(t);
}

void twin_heard(twin *t, const char *bytes, size_t length)
{
    if (t->is_off) return;
    wire_heard(&t->wire, bytes, length);
    for (size_t i = 0; i < length && !t->end && !t->is_off; i++) {
        gl1_device_byte(&t->device, bytes[i]);
        if (bytes[i] == '\n')
            tell_script(t); /* a state may come and go within one read, but not within a line */
    }
}

void twin_hangup(twin *t)
{
    if (t->is_off) return;
    gl1_device_hangup(&t->device);
    wire_cut(&t->wire);
    tell_script(t);
}
