#include "helper_world.h"

#include "helper_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const fl_gl1_expected world_expected = {"SIM-00042", "1.0", 0x7F};
const fl_gl1_settings world_settings = {200000, 10000, 4000, 1064};
const uint8_t world_plan[FL_PLAN_SIZE] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                          0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};

static fl_instant world_now(void *self)
{
    return (fl_instant){((world *)self)->now_us};
}
static fl_utc world_utc(void *self)
{
    return (fl_utc){((world *)self)->now_us};
}

static fl_status nonce(void *self, uint32_t *value)
{
    world *w = self;
    *value = w->nonces[0] && w->nonce_count++ ? w->nonces[0]
             : w->nonces[0]                   ? 0x3E800
                                              : (uint32_t)fl_random_u64(&w->random);
    return FL_OK;
}

/* ---- the wire ---- */

static void put(world *w, bool to_device, const char *bytes, size_t size, int64_t at_us)
{
    for (int i = 0; i < WORLD_FLYING; i++) {
        world_line *line = &w->flying[i];
        if (line->used) continue;
        *line = (world_line){.at_us = at_us, .to_device = to_device, .used = true, .size = size};
        memcpy(line->bytes, bytes, size);
        return;
    }
    fprintf(stderr, "the wire of the test is full\n");
    abort();
}

static bool chance(world *w, double p)
{
    return p > 0 && fl_random_uniform(&w->random) < p;
}

void world_fly(world *w, bool to_device, const char *bytes, size_t size)
{
    if (chance(w, w->lose)) return;
    for (int copies = chance(w, w->twice) ? 2 : 1; copies; copies--) {
        char damaged[WORLD_LINE];
        memcpy(damaged, bytes, size);
        if (chance(w, w->damage))
            damaged[fl_random_u64(&w->random) % size] ^= (char)(1 << fl_random_u64(&w->random) % 7);
        int64_t at_us = w->now_us + w->wire_us;
        if (chance(w, w->late)) at_us += (int64_t)(fl_random_uniform(&w->random) * (double)w->late_most_us);
        put(w, to_device, damaged, size, at_us);
    }
}

void world_say_to_host(world *w, const char *line)
{
    put(w, false, line, strlen(line), w->now_us);
}

static world_line *next_due(world *w, bool to_device)
{
    world_line *next = NULL;
    for (int i = 0; i < WORLD_FLYING; i++) {
        world_line *line = &w->flying[i];
        if (!line->used || line->to_device != to_device || line->at_us > w->now_us) continue;
        if (!next || line->at_us < next->at_us) next = line;
    }
    return next;
}

/* ---- the carrier under the host ---- */

static fl_status wire_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    world *w = carrier->self;
    if (w->hung_up) {
        carrier->gone = true;
        return FL_E_GONE;
    }
    world_line *line = next_due(w, false);
    if (!line) return FL_OK;
    *got = line->size < room ? line->size : room;
    memcpy(bytes, line->bytes, *got);
    line->size -= *got;
    memmove(line->bytes, line->bytes + *got, line->size);
    line->used = line->size > 0;
    return FL_OK;
}

/* The one place that every byte of the host passes: a GRANT whose number is not above the last is a second
 * one. */
static void note_line(world *w, const char *line, size_t size)
{
    memcpy(w->sent, line, size);
    w->sent[size] = 0;
    w->lines_sent++;
    if (size < 45 || strncmp(line + 18, "GRANT g=", 8) != 0) return;
    const uint64_t g = strtoull(w->sent + 26, NULL, 16);
    w->grants++;
    w->resends += g <= w->last_grant;
    if (g > w->last_grant) w->last_grant = g;
    w->grant_us = w->now_us;
}

static fl_status wire_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    world *w = carrier->self;
    if (w->hung_up) {
        carrier->gone = true;
        return FL_E_GONE;
    }
    *taken = size < w->accept_most ? size : w->accept_most;
    for (size_t i = 0; i < *taken; i++) {
        const char byte = ((const char *)bytes)[i];
        if (byte != '\n') {
            if (w->partial_size < WORLD_LINE - 2) w->partial[w->partial_size++] = byte;
            continue;
        }
        if (w->partial_size) {
            note_line(w, w->partial, w->partial_size);
            w->partial[w->partial_size] = '\n';
            world_fly(w, true, w->partial, w->partial_size + 1);
        }
        w->partial_size = 0;
    }
    return FL_OK;
}

static void wire_close(fl_carrier *carrier)
{
    (void)carrier;
}

static const fl_carrier_kind wire = {"test", wire_read, wire_write, NULL, wire_close};

/* ---- the world ---- */

void world_listen_to(world *w, const fl_gl1_expected *expected)
{
    w->carrier = (fl_carrier){.kind = &wire, .self = w, .fd = -1};
    const fl_gl1_setup setup = {
        .carrier = &w->carrier, .clock = &w->clock, .expected = expected, .nonce = nonce, .nonce_self = w};
    fl_gl1_init(&w->link, &setup);
}

void world_init(world *w, const fl_gl1_expected *expected, uint64_t seed)
{
    *w = (world){.now_us = 5000000, .wire_us = 800, .accept_most = SIZE_MAX};
    w->clock = (fl_clock){world_now, world_now, world_utc, w};
    fl_random_init(&w->random, seed, 9);
    w->device = (world_device){.uid = "SIM-00042",
                               .fw = "1.0",
                               .cap = 0x7F,
                               .wd = 100,
                               .ga = 40,
                               .wa = 3000,
                               .in = 0xE03FF,
                               .hp = 0x21,
                               .sp = 4000,
                               .k = 0x12344,
                               .g = 0x122,
                               .ep = 2};
    memset(w->device.anchor_r, '0', 64);
    world_listen_to(w, expected);
}

void world_pass(world *w, int64_t us)
{
    const int64_t end = w->now_us + us;
    while (w->now_us < end) {
        const int64_t next_ms = (w->now_us / 1000 + 1) * 1000;
        w->now_us = next_ms < end ? next_ms : end;
        for (world_line *line; (line = next_due(w, true));) {
            line->used = false;
            device_hear(w, line->bytes, line->size - 1);
        }
        device_ms(&w->device, w->now_us);
    }
}

void world_ms(world *w, unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        world_pass(w, 1000);
        fl_gl1_tick(&w->link);
        fl_gl1_look(&w->link, &w->status);
    }
}

bool world_open(world *w)
{
    for (int i = 0; i < 1000 && !w->status.link; i++) world_ms(w, 1);
    return w->status.link;
}

static bool finish(world *w)
{
    for (int i = 0; i < 300 && w->status.result == FL_RESULT_WAITING; i++) world_ms(w, 1);
    return w->status.result == FL_RESULT_DONE;
}

bool world_commit(world *w)
{
    if (!world_open(w) || fl_gl1_set(&w->link, &world_settings, &w->error) != FL_OK) return false;
    w->status.result = FL_RESULT_WAITING;
    if (!finish(w) || fl_gl1_commit(&w->link, world_plan, &w->error) != FL_OK) return false;
    w->status.result = FL_RESULT_WAITING;
    return finish(w) && w->status.settings_state == FL_SETTINGS_COMMITTED;
}

bool world_ready(world *w)
{
    w->device.foot = false;
    if (!world_commit(w) || fl_gl1_arm(&w->link, &w->error) != FL_OK) return false;
    for (int i = 0; i < 4000 && w->status.stat.state != FL_DEVICE_READY; i++) world_ms(w, 1);
    w->device.foot = true;
    for (int i = 0; i < 200 && !(w->status.stat.inputs >> FL_IN_OPEN_A & 1); i++) {
        fl_gl1_shutter(&w->link, true);
        world_ms(w, 1);
    }
    return w->status.stat.state == FL_DEVICE_READY && w->status.stat.inputs >> FL_IN_OPEN_A & 1;
}

bool world_fired(const world *w, uint64_t grant)
{
    for (unsigned i = 0; i < 64 && i < w->device.pulses; i++)
        if (w->device.fired[i] == grant) return true;
    return false;
}

fl_gl1_pulse world_pulse(const world *w, uint64_t grant)
{
    fl_gl1_pulse pulse = {.grant = grant,
                          .pulses = w->status.stat.pulses,
                          .epoch = w->status.settings_epoch,
                          .energy_uJ = world_settings.energy_uJ,
                          .spot_um = world_settings.spot_um};
    memcpy(pulse.plan, world_plan, sizeof pulse.plan);
    return pulse;
}
