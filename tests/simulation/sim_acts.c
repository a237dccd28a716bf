#include "sim_acts.h"

static int64_t lasts_us(sim *s, const attack *a)
{
    return 1000 * (int64_t)(a->from_ms + sim_below(&s->chance, a->to_ms - a->from_ms + 1));
}

static double amount(sim *s, const attack *a)
{
    return a->low + (a->high - a->low) * fl_random_uniform(&s->chance);
}

/* From now on somebody is told an untruth: what follows says nothing about the program. */
static void lies(sim *s, int64_t for_us)
{
    const int64_t until = s->us + for_us + 150000;
    if (until > s->chaos.lies_until_us) s->chaos.lies_until_us = until;
}

/* ---- the laser ---- */

void by_twin(sim *s, const attack *a)
{
    if (!s->laser_on) return;
    twin_fault fault = {.kind = (fault_kind)a->kind,
                        .mask = a->mask,
                        .on = a->on,
                        .amount = amount(s, a),
                        .duration_ms = (uint64_t)lasts_us(s, a) / 1000};
    fault.number = (int64_t)fault.amount;
    if (a->kind == FAULT_SHUTTER) fault.number = a->on ? ROOM_SHUTTER_STUCK_OPEN : ROOM_SHUTTER_STUCK_SHUT;
    if (a->kind == FAULT_LIE_SPOT || a->kind == FAULT_LIE_HANDPIECE) fault.number = (int64_t)a->mask;
    if (a->kind >= FAULT_LIE_INPUT && a->kind <= FAULT_LIE_LN) lies(s, (int64_t)fault.duration_ms * 1000);
    if (a->kind == FAULT_SHUTTER) lies(s, (int64_t)fault.duration_ms * 1000);
    if (a->kind == FAULT_LIE_K || a->kind == FAULT_LIE_LN) s->chaos.k_lied |= a->kind == FAULT_LIE_K;
    if (a->kind == FAULT_LIE_K) s->chaos.k_lies_until_us = s->us + (int64_t)fault.duration_ms * 1000 + 200000;
    if (a->kind == FAULT_COUNTER) s->oracle.extra += (uint64_t)fault.number;
    twin_fail(&s->laser, &fault);
}

void by_light(sim *s, const attack *a) /* out of tolerance, or not read, with the foot lifted just then */
{
    by_twin(s, a);
    s->person.foot = false;
    room_switch(&s->laser.room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, false);
}

/* The report of a bad pulse comes when the host has stood down already: the answer is late, the order was
 * not. */
void by_late_light(sim *s, const attack *a)
{
    const twin_fault late = {
        .kind = FAULT_DELAY, .number = 12 + (int64_t)sim_below(&s->chance, 20), .duration_ms = 60};
    by_twin(s, a);
    if (!s->laser_on || !sim_is_connected(s->person.line) || s->person.silent) return;
    twin_fail(&s->laser, &late);
    chaos_later(s, 12000, SIM_DO_STANDBY, 0, true); /* when the grant has left */
}

void by_room(sim *s, const attack *a)
{
    if (!s->laser_on) return;
    room_switch(&s->laser.room, a->mask, a->on);
    chaos_later(s, lasts_us(s, a), SIM_DO_SWITCH, a->mask, !a->on);
}

void by_foot(sim *s, const attack *a)
{
    if (!s->laser_on) return;
    s->person.foot = a->on;
    room_switch(&s->laser.room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, a->on);
    if (a->to_ms) chaos_later(s, lasts_us(s, a), SIM_DO_SWITCH, GL1_IN_FOOT_A | GL1_IN_FOOT_B, !a->on);
}

void by_ring(sim *s, const attack *a)
{
    const uint32_t other = sim_below(&s->chance, 3) ? (uint32_t)a->mask : 0;
    s->laser.room.spot_um = other;
    chaos_later(s, lasts_us(s, a), SIM_DO_SPOT, 4000, true);
}

void by_handpiece(sim *s, const attack *a)
{
    s->laser.room.handpiece = (uint8_t)a->mask;
    chaos_later(s, lasts_us(s, a), SIM_DO_HANDPIECE, 0x21, true);
}

void by_panel(sim *s, const attack *a)
{
    (void)a;
    if (!s->laser_on) return;
    gl1_settings edited = s->laser.device.set;
    switch (sim_below(&s->chance, 3)) {
    case 0: edited.en_uJ += 1000; break;
    case 1: edited.rr_mHz = edited.rr_mHz > 2000 ? edited.rr_mHz - 1000 : 9000; break;
    default: edited.en_uJ /= 2;
    }
    if (!gl1_device_panel(&s->laser.device, &edited)) {
        edited = s->laser.device.set;
        edited.en_uJ -= 7;
        if (!gl1_device_panel(&s->laser.device, &edited)) return;
    }
}

void by_self_test(sim *s, const attack *a)
{
    s->laser.room.self_test_good = false;
    room_self_test(&s->laser.room);
    chaos_later(s, lasts_us(s, a), SIM_DO_SELF_TEST, 0, true);
}

void by_power(sim *s, const attack *a)
{
    world_laser_off(s);
    chaos_later(s, lasts_us(s, a), SIM_DO_LASER_ON, 0, true);
}

/* ---- the line ---- */

void by_line(sim *s, const attack *a)
{
    sim_wire *w = &s->wire;
    switch (a->kind) {
    case 0: w->drop_percent = amount(s, a); break;
    case 1: w->duplicate_percent = amount(s, a); break;
    case 2: w->delay_us = 1000 * (int64_t)amount(s, a); break;
    case 4: w->grant_delay_us = 1000 * (int64_t)amount(s, a); break;
    default: w->corrupt_percent = amount(s, a);
    }
    chaos_later(s, lasts_us(s, a), SIM_DO_WIRE_GOOD, 0, true);
}

void by_cable(sim *s, const attack *a)
{
    s->wire.cut = true;
    if (a->on && s->laser_on) twin_hangup(&s->laser);
    chaos_later(s, lasts_us(s, a), SIM_DO_CABLE, 0, true);
}

/* Inputs that the firmware shows wrongly: `mask` reads 0, what `kind` says reads 1. */
void by_firmware(sim *s, const attack *a)
{
    const int64_t for_us = lasts_us(s, a);
    s->wire.lie_0 = a->mask;
    s->wire.lie_1 = (uint32_t)a->kind;
    lies(s, for_us);
    chaos_later(s, for_us, SIM_DO_TRUTH, 0, true);
}

/* A self-test begins: the key is turned for it. */
static void test_again(sim *s)
{
    room_switch(&s->laser.room, GL1_IN_KEY, false);
    chaos_later(s, 150000, SIM_DO_SWITCH, GL1_IN_KEY, true);
    s->person.think_us = s->us + 400000;
}

void by_bad_test(sim *s, const attack *a)
{
    if (!s->laser_on) return;
    by_firmware(s, a);
    test_again(s);
}

void by_test_twin(sim *s, const attack *a)
{
    if (!s->laser_on) return;
    by_twin(s, a);
    test_again(s);
}

void by_test_foot(sim *s, const attack *a)
{
    by_foot(s, a);
    test_again(s);
    s->person.think_us = s->us + 1000000;
}

/* ---- the host ---- */

void by_kill(sim *s, const attack *a)
{
    switch (a->kind) {
    case 0: s->host.dead = true; break; /* now */
    case 1: s->wire.bytes_left = (int64_t)sim_below(&s->chance, 900); break;
    case 2: disk_kill_after((int64_t)sim_below(&s->chance, 30000)); break;
    default: world_bury(s, true); /* the machine loses its power */
    }
}

void by_freeze(sim *s, const attack *a)
{
    const int64_t for_us = lasts_us(s, a);
    if (for_us > 30000) oracle_host_cause(s, SIM_CAUSE_FROZEN); /* shorter is only late */
    s->host.frozen_until_us = s->us + for_us;
}

void by_clock(sim *s, const attack *a)
{
    if (a->kind == 0) {
        s->asleep_us += lasts_us(s, a); /* it slept, and the monotonic clock did not run */
        oracle_host_cause(s, SIM_CAUSE_SUSPEND);
    } else
        s->wall_us += (a->on ? 1 : -1) * lasts_us(s, a);
}

void by_disk(sim *s, const attack *a)
{
    disk_fail((disk_fault)a->kind, 1 + (unsigned)sim_below(&s->chance, a->mask));
    (void)s;
}

void by_slow_disk(sim *s, const attack *a)
{
    s->host.disk_latency_us = 1000 * (int64_t)amount(s, a);
    chaos_later(s, lasts_us(s, a), SIM_DO_DISK_FAST, 0, true);
}

void by_space(sim *s, const attack *a)
{
    s->host.free_bytes = 1u << 20;
    s->chaos.space_low = true;
    chaos_later(s, lasts_us(s, a), SIM_DO_HEAL_DISK_SPACE, 0, true);
}

/* A bit of the core's memory flips. The state and its deadline are its first members (src/interlock/core.c).
 */
void by_damage(sim *s, const attack *a)
{
    unsigned char *core = (unsigned char *)s->host.conduct->core;
    const size_t at = a->on ? 8 + sim_below(&s->chance, 16) : sim_below(&s->chance, 3);
    core[at] ^= (unsigned char)(1u << sim_below(&s->chance, 8));
    s->chaos.damaged = true;
    oracle_host_cause(s, SIM_CAUSE_DAMAGE);
}

/* An order byte that no person gave. */
void by_order_byte(sim *s, const attack *a)
{
    s->host.conduct->cmd = (uint8_t)a->kind;
}

/* No order of a face arms for calibration. So the byte of it comes from nowhere, when everything else is
 * good: see calibrate. */
void by_calibration(sim *s, const attack *a)
{
    (void)a;
    s->chaos.calibrates = true;
}

void calibrate(sim *s)
{
    const fl_conduct *c = s->host.conduct;
    if (world_mode(s) != FL_MODE_STANDBY || !c->eyewear[0] || c->armer.what != FL_DO_NONE || !s->laser_on)
        return;
    if (!conduct_limits_are_good(c) || !conduct_counter_is_good(c)) return;
    s->chaos.calibrates = false;
    room_switch(&s->laser.room, GL1_IN_DOCKED, true);
    s->person.think_us = s->us + 400000;
    chaos_later(s, 150000, SIM_DO_ORDER_CAL, 0, true);
    chaos_later(s, 900000, SIM_DO_SWITCH, GL1_IN_DOCKED, false);
}

/* ---- people and screens ---- */

static void say(sim *s, const char *before, const char *after)
{
    person_say(s, "%s%lld%s\n", before, (long long)++s->person.order, after);
}

void by_order(sim *s, const attack *a)
{
    static const char *const orders[][2] = {
        {"{\"do\":\"standby\",\"order\":", "}"},
        {"{\"do\":\"sign-out\",\"order\":", "}"},
        {"{\"do\":\"endpoint\",\"order\":", ",\"seen\":\"spark\"}"},
        {"{\"do\":\"end\",\"order\":", "}"},
        {"{\"do\":\"endpoint\",\"order\":", ",\"seen\":\"bleed\"}"},
        {"{\"do\":\"endpoint\",\"order\":", ",\"seen\":\"darkened\"}"},
        {"{\"do\":\"arm\",\"order\":", "}"},
        {"{\"do\":\"endpoint\",\"order\":", ",\"seen\":\"weak\"}"},
        {"{\"do\":\"reset\",\"fault\":77,\"order\":", "}"},
        {"{\"do\":\"zone\",\"order\":", ",\"zone\":\"MID\"}"},
        {"{\"do\":\"zone\",\"order\":", ",\"zone\":\"OCC\"}"},
        {"{\"do\":\"sign-in\",\"order\":", ",\"pin\":\"493027\",\"who\":\"op:17\"}"},
        {"{\"do\":\"reconcile\",\"order\":", ",\"pin\":\"801246\",\"reason\":\"\",\"who\":\"op:9\"}"},
        {"{\"do\":\"dance\",\"order\":", "}"},
        {"{\"code\":\"OD2\",\"do\":\"eyewear\",\"order\":", ",\"wl_nm\":1064}"},
        {"{\"do\":\"spots\",\"order\":", ",\"spot\":9}"},
    };
    if (!sim_is_connected(s->person.line) || s->person.silent) return;
    if (a->on) oracle_host_cause(s, (sim_cause)a->mask);
    say(s, orders[a->kind][0], orders[a->kind][1]);
    if (a->kind == 3) s->person.leaving = s->person.day_over = true;
}

void by_silence(sim *s, const attack *a)
{
    s->person.silent = true;
    chaos_later(s, s->person.said_us + 2000000 - s->us, SIM_DO_SILENCE_TELLS, 0, true);
    chaos_later(s, 2000000 + lasts_us(s, a), SIM_DO_TALK_AGAIN, 0, true);
}

void by_hanging_up(sim *s, const attack *a)
{
    (void)a;
    if (!sim_is_connected(s->person.line)) return;
    oracle_host_cause(s, SIM_CAUSE_HANG_UP);
    sim_hang_up(s->person.line);
    s->person.line = -1;
}

void by_screen(sim *s, const attack *a)
{
    sim_person *p = &s->person;
    if (!sim_is_connected(p->second)) {
        p->second = sim_dial();
        p->second_order = 0;
    }
    if (p->second < 0) return;
    char line[FL_FACE_LINE_MAX + 16];
    switch (a->kind) {
    case 0: /* floods */
        for (int i = 0; i < 80; i++) {
            const int size = snprintf(line, sizeof line, "{\"do\":\"reset\",\"fault\":1,\"order\":%lld}\n",
                                      (long long)++p->second_order);
            sim_say(p->second, line, (size_t)size);
        }
        break;
    case 1: /* says what nobody understands */
        for (size_t i = 0; i < 40; i++) line[i] = (char)(33 + sim_below(&s->chance, 94));
        line[40] = '\n';
        sim_say(p->second, line, 41);
        break;
    case 2: /* says half a line and goes */
        sim_say(p->second, "{\"do\":\"arm\",\"ord", 16);
        sim_hang_up(p->second);
        p->second = -1;
        break;
    case 3: /* does not read for some time */
        sim_stop_reading(p->second, true);
        chaos_later(s, lasts_us(s, a), SIM_DO_READ_AGAIN, (uint32_t)p->second, true);
        break;
    case 4: /* a line longer than a line may be */
        memset(line, 'x', FL_FACE_LINE_MAX + 8);
        sim_say(p->second, line, FL_FACE_LINE_MAX + 8);
        break;
    case 5: { /* a second person gives a good order; it counts like any */
        const int size = snprintf(line, sizeof line, "{\"do\":\"standby\",\"order\":%lld}\n",
                                  (long long)++p->second_order);
        oracle_host_cause(s, SIM_CAUSE_STANDBY);
        sim_say(p->second, line, (size_t)size);
        break;
    }
    default: { /* an old number */
        const int size = snprintf(line, sizeof line, "{\"do\":\"arm\",\"order\":0}\n");
        sim_say(p->second, line, (size_t)size);
    }
    }
}

void by_wrong_pin(sim *s, const attack *a)
{
    s->person.wrong_pins = 1 + (unsigned)sim_below(&s->chance, a->mask);
    if (!sim_is_connected(s->person.line) || s->person.silent) return;
    say(s, "{\"do\":\"sign-out\",\"order\":", "}");
}
