#include "gl1_core.h"

#include "fadeline/base/text.h"

#include <string.h>

/* This device's own times, where GL1 gives none. */
#define SHUT_WITHIN_MS 500 /* ordered shut and still not proven shut: FAULT */
#define FLASH_WITHIN_MS 5  /* a flash later than this after its pulse was not ordered */
#define BAD_WINDOW_MS 1000

const char *gl1_state_name(gl1_state state)
{
    static const char *const names[] = {"safe", "standby", "warn", "ready", "fault"};
    return state <= GL1_FAULT ? names[state] : "?";
}

uint32_t gl1_required(const gl1_device *device)
{
    const uint32_t always = GL1_IN_KEY | GL1_IN_ESTOP_A | GL1_IN_ESTOP_B | GL1_IN_DOOR_A | GL1_IN_DOOR_B |
                            GL1_IN_COVERS | GL1_IN_FLOW | GL1_IN_TEMPERATURE | GL1_IN_HEAD | GL1_IN_WATCHDOG |
                            GL1_IN_TEST_PASSED | GL1_IN_TEST_FINISHED;
    return always | (device->make->cap & GL1_CAP_ENERGY ? GL1_IN_ENERGY_SENSOR : 0);
}

uint32_t gl1_bad_inputs(const gl1_device *device)
{
    return gl1_required(device) & ~device->in;
}

/* A device without shutter senses can prove neither, so it never arms: unknown reads as bad. */
bool gl1_shutters_shut(const gl1_device *device)
{
    const uint32_t shut = GL1_IN_SHUT_A | GL1_IN_SHUT_B, open = GL1_IN_OPEN_A | GL1_IN_OPEN_B;
    return (device->in & (shut | open)) == shut;
}

bool gl1_shutters_open(const gl1_device *device)
{
    const uint32_t shut = GL1_IN_SHUT_A | GL1_IN_SHUT_B, open = GL1_IN_OPEN_A | GL1_IN_OPEN_B;
    return (device->in & (shut | open)) == open;
}

static uint32_t foot_contacts(const gl1_device *device)
{
    return device->make->cap & GL1_CAP_TWO_CHANNEL_FOOT ? GL1_IN_FOOT_A | GL1_IN_FOOT_B : GL1_IN_FOOT_A;
}

bool gl1_foot_down(const gl1_device *device)
{
    return (device->in & foot_contacts(device)) == foot_contacts(device);
}

bool gl1_foot_up(const gl1_device *device)
{
    return (device->in & foot_contacts(device)) == 0;
}

bool gl1_hot(const gl1_device *device)
{
    return device->state == GL1_WARN || device->state == GL1_READY;
}

bool gl1_committed(const gl1_device *device)
{
    for (size_t i = 0; i < sizeof device->plan; i++)
        if (device->plan[i]) return true;
    return false;
}

static void forget_commitment(gl1_device *device)
{
    memset(device->plan, 0, sizeof device->plan);
}

void gl1_sample(gl1_device *device)
{
    device->in = device->on.inputs(device->on.self) & GL1_IN_ALL;
}

/* Shutters follow the wish only while everything that must hold holds; a wish that may not be obeyed now is
 * forgotten, so a foot that comes back needs a fresh POLL. */
void gl1_drive(gl1_device *device)
{
    const bool may_open = device->state == GL1_READY && gl1_foot_down(device) && !gl1_bad_inputs(device);
    if (!may_open) device->want_open = false;
    uint32_t out = 0;
    if (gl1_hot(device)) out |= GL1_OUT_INDICATOR;
    if (device->state == GL1_READY) out |= GL1_OUT_ENABLE;
    if (device->want_open) out |= GL1_OUT_SHUTTERS;
    device->out = out;
    if (device->self_test_due) out |= GL1_OUT_SELF_TEST;
    device->self_test_due = false;
    device->on.outputs(device->on.self, out);
}

static void end_session(gl1_device *device)
{
    device->in_session = device->taken = false;
    device->session = 0;
    device->answer_length = 0;
    device->challenge = 0;
    device->want_open = false;
    memset(device->stats, 0, sizeof device->stats);
    forget_commitment(device);
}

void gl1_to_safe(gl1_device *device)
{
    if (device->state != GL1_FAULT) device->state = GL1_SAFE;
    end_session(device);
    gl1_drive(device);
}

void gl1_to_standby(gl1_device *device, uint32_t cause)
{
    device->state = GL1_STBY;
    device->cause = cause;
    gl1_drive(device);
}

void gl1_to_fault(gl1_device *device, uint32_t cause)
{
    if (device->state == GL1_FAULT) return; /* the first cause is the one RESET must name */
    device->state = GL1_FAULT;
    device->cause = cause;
    device->challenge = 0;
    gl1_drive(device);
}

void gl1_settings_changed(gl1_device *device, const gl1_settings *settings)
{
    device->set = *settings;
    device->epoch++;
    forget_commitment(device);
    if (gl1_hot(device)) gl1_to_standby(device, 0);
}

bool gl1_settings_allowed(const gl1_make *make, const gl1_settings *settings)
{
    for (unsigned i = 0; i < make->head_count; i++) {
        const gl1_head *head = &make->heads[i];
        if (head->wl_nm != settings->wl_nm) continue;
        if (settings->rr_mHz < 1 || settings->rr_mHz > head->rr_max_mHz) return false;
        for (unsigned s = 0; s < head->spot_count; s++)
            if (head->spots[s].sp_um == settings->sp_um)
                return settings->en_uJ >= head->en_min_uJ && settings->en_uJ <= head->spots[s].en_max_uJ;
        return false;
    }
    return false;
}

static bool is_word(const char *text, size_t longest)
{
    const size_t length = strlen(text);
    if (length < 1 || length > longest) return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~' || strchr("*=,", text[i])) return false;
    return true;
}

bool gl1_device_init(gl1_device *device, const gl1_make *make, const gl1_platform *on, const gl1_kept *kept)
{
    if (make->wa_ms < GL1_WA_MIN_MS || make->head_count < 1 || make->head_count > GL1_HEADS_MAX) return false;
    if (!is_word(make->uid, 32) || !is_word(make->fw, 16)) return false;
    if (!gl1_settings_allowed(make, &make->at_power_on)) return false;
    memset(device, 0, sizeof *device);
    device->make = make;
    device->on = *on;
    device->kept = *kept;
    device->set = make->at_power_on;
    device->epoch = 1;
    device->self_test_due = true;
    device->flashes_seen = on->flashes(on->self);
    gl1_sample(device);
    return true;
}

/* Light nobody ordered: the sensor counted more flashes than pulses were triggered just now. A pulse whose
 * flash never came is owed for a moment only, so that a dud cannot hide a later stray flash. */
static void watch_light(gl1_device *device)
{
    if (!(device->make->cap & GL1_CAP_FLASHES)) return;
    const uint32_t flashes = device->on.flashes(device->on.self), more = flashes - device->flashes_seen;
    device->flashes_seen = flashes;
    if (more > device->flashes_owed) gl1_to_fault(device, GL1_CAUSE_LIGHT);
    device->flashes_owed -= more > device->flashes_owed ? device->flashes_owed : more;
    if (device->now_ms - device->pulsed_ms > FLASH_WITHIN_MS) device->flashes_owed = 0;
}

static void watch_shutters(gl1_device *device)
{
    const uint32_t shut = device->in & (GL1_IN_SHUT_A | GL1_IN_SHUT_B);
    const uint32_t open = device->in & (GL1_IN_OPEN_A | GL1_IN_OPEN_B);
    const uint32_t both = shut & open >> 2; /* a shutter that says shut and open at once */
    if (both) gl1_to_fault(device, both | both << 2);
    if (!(device->make->cap & GL1_CAP_SHUTTER_SENSES)) return;
    if ((device->out & GL1_OUT_SHUTTERS) || gl1_shutters_shut(device)) device->not_shut_ms = device->now_ms;
    if (device->now_ms - device->not_shut_ms > SHUT_WITHIN_MS)
        gl1_to_fault(device, (shut ^ (GL1_IN_SHUT_A | GL1_IN_SHUT_B)) | open);
}

static void watch_self_test(gl1_device *device)
{
    const uint32_t test = device->in & (GL1_IN_TEST_FINISHED | GL1_IN_TEST_PASSED);
    if (test == GL1_IN_TEST_FINISHED) gl1_to_fault(device, GL1_IN_TEST_PASSED);
}

static void watch_silence(gl1_device *device)
{
    if (!device->in_session) return;
    const uint64_t silent_ms = device->now_ms - device->heard_ms;
    const uint64_t bound_ms = gl1_hot(device) ? GL1_WD_MS : GL1_COLD_MS;
    if (silent_ms > bound_ms || device->now_ms - device->session_began_ms > GL1_SESSION_MS)
        gl1_to_safe(device);
}

void gl1_device_tick(gl1_device *device, uint64_t now_ms)
{
    device->now_ms = now_ms;
    if (device->self_test_due) { /* the first loop, or the one after RESET */
        device->not_shut_ms = now_ms;
        gl1_drive(device);
    }
    gl1_sample(device);
    watch_light(device);
    watch_shutters(device);
    watch_self_test(device);
    watch_silence(device);
    if (gl1_hot(device) && gl1_bad_inputs(device)) gl1_to_standby(device, gl1_bad_inputs(device));
    if (device->state == GL1_WARN && now_ms - device->warned_ms >= device->make->wa_ms)
        device->state = GL1_READY;
    gl1_drive(device);
}

static void bad_frame(gl1_device *device)
{
    const uint64_t now_ms = device->now_ms, oldest_ms = device->bad_ms[GL1_BAD_MAX - 1];
    const bool too_many = device->bad_count == GL1_BAD_MAX && now_ms - oldest_ms <= BAD_WINDOW_MS;
    memmove(device->bad_ms + 1, device->bad_ms, (GL1_BAD_MAX - 1) * sizeof device->bad_ms[0]);
    device->bad_ms[0] = now_ms;
    if (device->bad_count < GL1_BAD_MAX) device->bad_count++;
    device->bad_total++;
    if (too_many) gl1_to_safe(device);
}

/* A frame of the present session whose check is good. Only a new number is news: it alone feeds the watchdog,
 * so a wire that repeats the last frame for ever cannot keep the device hot. */
static void session_frame(gl1_device *device, const gl1_frame *frame)
{
    const uint32_t ahead = frame->number - device->number; /* numbers may pass FFFFFFFF within a session */
    if (ahead == 0) {
        if (device->answer_length) device->on.send(device->on.self, device->answer, device->answer_length);
        return;
    }
    if (ahead > GL1_AHEAD_MAX) return; /* old, or too far: dropped and not counted */
    device->number = frame->number;
    device->gap += ahead - 1;
    device->heard_ms = device->now_ms;
    device->answer_length = 0;
    device->taken = true;
    gl1_sample(device);
    if (device->state == GL1_SAFE) device->state = GL1_STBY;
    gl1_word(device, frame->body);
}

static void whole_line(gl1_device *device)
{
    char *line = device->line.text;
    if (!line[0]) return; /* a person pressed Enter */
    if (strcmp(line, "!") == 0) {
        gl1_to_safe(device);
        return;
    }
    if (strcmp(line, "*IDN?") == 0) {
        char room[GL1_LINE_MAX + 2];
        fl_text text = fl_text_in(room, sizeof room);
        fl_text_add(&text, "%s,%s,%s,%s\n", device->make->maker, device->make->model, device->make->uid,
                    device->make->fw);
        device->on.send(device->on.self, room, text.length);
        return;
    }
    gl1_frame frame;
    if (!gl1_frame_read(line, device->line.length, '>', device->make->uid, &frame)) {
        bad_frame(device);
        return;
    }
    if (frame.session == 0)
        gl1_hello(device, frame.number, frame.body);
    else if (device->in_session && frame.session == device->session)
        session_frame(device, &frame);
}

void gl1_device_byte(gl1_device *device, char byte)
{
    switch (gl1_line_byte(&device->line, byte)) {
    case GL1_LINE_MORE: break;
    case GL1_LINE_WHOLE: whole_line(device); break;
    case GL1_LINE_SPOILED: bad_frame(device); break;
    }
}

void gl1_device_hangup(gl1_device *device)
{
    device->line = (gl1_line){.length = 0};
    gl1_to_safe(device);
}

bool gl1_device_panel(gl1_device *device, const gl1_settings *edited)
{
    if (!gl1_settings_allowed(device->make, edited)) return false;
    gl1_settings_changed(device, edited);
    return true;
}
