/* Line and laser: what the host writes reaches the twin late, twice, broken or never; what the twin answers
 * comes back. */
#include "sim.h"

#include "fadeline/base/text.h"

/* ---- the wire ---- */

static fl_status wire_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    sim *s = carrier->self;
    *got = s->wire.waiting < room ? s->wire.waiting : room;
    memcpy(bytes, s->wire.to_host, *got);
    s->wire.waiting -= *got;
    memmove(s->wire.to_host, s->wire.to_host + *got, s->wire.waiting);
    return FL_OK;
}

static void deliver(sim *s, const char *bytes, size_t size)
{
    if (!s->laser_on || s->wire.cut) return;
    twin_heard(&s->laser, bytes, size);
    oracle_laser(s);
}

static void put_under_way(sim *s, const char *bytes, size_t size, int64_t delay_us)
{
    sim_wire *w = &s->wire;
    if (delay_us == 0 && !w->count) {
        deliver(s, bytes, size);
        return;
    }
    if (w->count == sizeof w->under_way / sizeof *w->under_way || size > sizeof w->under_way[0].bytes) return;
    w->under_way[w->count].due_us = s->us + delay_us;
    w->under_way[w->count].size = size;
    memcpy(w->under_way[w->count++].bytes, bytes, size);
}

/* Delays differ from frame to frame, so frames may also pass each other. */
static void wire_arrive(sim *s)
{
    sim_wire *w = &s->wire;
    for (unsigned i = 0; i < w->count;) {
        if (w->under_way[i].due_us > s->us) {
            i++;
            continue;
        }
        char bytes[sizeof w->under_way[0].bytes];
        const size_t size = w->under_way[i].size;
        memcpy(bytes, w->under_way[i].bytes, size);
        memmove(&w->under_way[i], &w->under_way[i + 1], (w->count - i - 1) * sizeof w->under_way[0]);
        w->count--;
        deliver(s, bytes, size);
    }
}

static void send_on(sim *s, const char *bytes, size_t size)
{
    sim_wire *w = &s->wire;
    char room[300];
    sim_note(bytes, size);
    oracle_sent(s, bytes, size);
    if (size > sizeof room) return deliver(s, bytes, size);
    if (w->drop_percent > 0 && sim_percent(&s->line_dice, w->drop_percent)) return;
    memcpy(room, bytes, size);
    if (w->corrupt_percent > 0 && sim_percent(&s->line_dice, w->corrupt_percent))
        room[sim_below(&s->line_dice, size)] ^= (char)(1u << sim_below(&s->line_dice, 7));
    const bool twice = w->duplicate_percent > 0 && sim_percent(&s->line_dice, w->duplicate_percent);
    if (s->options.variant == SIM_SLOW_DEVICE_CLOCK && s->oracle.granted % 4 == 3 &&
        sim_says_grant(bytes, size)) {
        s->host.dead = true;
        return put_under_way(s, room, size, 60000);
    }
    if (w->grant_delay_us && sim_says_grant(bytes, size))
        return put_under_way(s, room, size, w->grant_delay_us);
    const int64_t late =
        w->delay_us ? (int64_t)sim_below(&s->line_dice, (uint64_t)w->delay_us / 1000 + 1) * 1000 : 0;
    put_under_way(s, room, size, late);
    if (twice) put_under_way(s, room, size, late + 3000);
}

static fl_status wire_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    sim *s = carrier->self;
    sim_wire *w = &s->wire;
    *taken = size;
    if (s->host.dead || disk_is_dead()) return FL_OK; /* nobody is there any more to write */
    size_t leaves = size;
    if (w->bytes_left >= 0 && (int64_t)size > w->bytes_left) {
        leaves = (size_t)w->bytes_left;
        s->host.dead = true; /* in the middle of a write */
    }
    if (w->bytes_left >= 0) w->bytes_left -= (int64_t)leaves;
    if (leaves) send_on(s, bytes, leaves);
    return FL_OK;
}

static void wire_drop(fl_carrier *carrier)
{
    sim *s = carrier->self;
    if (!s->host.dead) send_on(s, "!\n", 2);
}

static void wire_close(fl_carrier *carrier)
{
    carrier->kind = NULL;
}

const fl_carrier_kind line_kind = {"wire", wire_read, wire_write, wire_drop, wire_close};

/* What the laser's firmware would send if it erred about an input: written anew, with a good check. */
static size_t lie_about_inputs(const sim *s, const char *bytes, size_t size, char room[GL1_LINE_MAX + 2])
{
    char line[GL1_LINE_MAX + 2], body[GL1_LINE_MAX + 1];
    gl1_frame read;
    uint64_t in;
    memcpy(line, bytes, size);
    if (!gl1_frame_read(line, size - 1, '<', s->file->make.uid, &read) || !fl_text_begins(read.body, "STAT "))
        return 0;
    const char *at = strstr(read.body, " in=");
    if (!at || !gl1_read_hex(at + 4, 8, &in)) return 0;
    in = (in & ~s->wire.lie_0) | s->wire.lie_1;
    snprintf(body, sizeof body, "%.*s in=%08X%s", (int)(at - read.body), read.body, (unsigned)in, at + 4 + 8);
    return gl1_frame_write(room, '<', s->file->make.uid, read.session, read.number, body);
}

static void laser_put(void *self, const char *bytes, size_t size)
{
    sim *s = self;
    char room[GL1_LINE_MAX + 2];
    s->report->frames++;
    if ((s->wire.lie_0 || s->wire.lie_1) && size > 20 && size < sizeof room && bytes[0] == '<') {
        const size_t lied = lie_about_inputs(s, bytes, size, room);
        if (lied) bytes = room, size = lied;
    }
    if (s->wire.cut || !s->host.conduct || s->wire.waiting + size > sizeof s->wire.to_host) return;
    sim_note(bytes, size);
    memcpy(s->wire.to_host + s->wire.waiting, bytes, size);
    s->wire.waiting += size;
}

static void laser_say(void *self, const char *text)
{
    const sim *s = self;
    sim_note(text, strlen(text));
    if (s->options.loud) fprintf(stderr, "    SIM %s\n", text);
}

/* ---- the laser ---- */

void world_laser_on(sim *s)
{
    fl_error error = {0};
    const twin_options options = {.make = &s->file->make,
                                  .seed = s->options.seed * 1000 + s->power_ups++,
                                  .self = s,
                                  .put = laser_put,
                                  .say = laser_say};
    const twin_room before = s->laser.room;
    if (twin_init(&s->laser, &options, &error) != FL_OK) abort();
    /* What its memory kept; the room is as it was left. */
    s->laser.memory.now = s->kept;
    if (s->power_ups > 1) {
        s->laser.room.contacts = before.contacts;
        s->laser.room.spot_um = before.spot_um;
        s->laser.room.handpiece = before.handpiece;
    }
    s->laser.room.flashes = s->kept.flashes;
    const gl1_platform on = s->laser.device.on;
    if (!gl1_device_init(&s->laser.device, &s->file->make, &on, &s->kept.kept)) abort();
    s->laser_on = true;
}

void world_laser_off(sim *s)
{
    if (!s->laser_on) return;
    s->kept = s->laser.memory.now;
    s->laser_on = false;
    const twin_room room = s->laser.room;
    twin_fini(&s->laser);
    s->laser.room = room;
}

/* A wrong world: see send_on for the grant that comes late. */
static bool is_slow(const sim *s)
{
    const bool killed = s->oracle.killed_us && s->us - s->oracle.killed_us < 300000;
    return s->options.variant == SIM_SLOW_DEVICE_CLOCK && killed;
}

void line_ms(sim *s)
{
    if (!s->laser_on) return;
    s->device_us += is_slow(s) && s->us / 1000 % 10 ? 0 : 1000;
    if (s->options.variant == SIM_FOOT_IGNORED) {
        const bool now = world_mode(s) == FL_MODE_EMIT || world_mode(s) == FL_MODE_GAP;
        s->laser.lie_bits = now ? GL1_IN_FOOT_A | GL1_IN_FOOT_B | GL1_IN_OPEN_A | GL1_IN_OPEN_B : 0;
        s->laser.lie_mask = now ? s->laser.lie_bits | GL1_IN_SHUT_A | GL1_IN_SHUT_B : 0;
    }
    twin_tick(&s->laser, (uint64_t)(s->device_us / 1000));
    oracle_laser(s);
    wire_arrive(s);
    if (s->laser.end) {
        world_laser_off(s);
        chaos_later(s, 200000 + (int64_t)sim_below(&s->dice, 800) * 1000, SIM_DO_LASER_ON, 0, true);
    }
}
