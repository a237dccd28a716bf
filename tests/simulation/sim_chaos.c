/* Chaos: the table of what goes wrong, and when. One attack waits at a time, for the mode in which it hurts
 * most; what it began ends by itself some time later, so that several overlap. */
#include "sim_acts.h"

#define PULSES_BETWEEN 19 /* two attacks, on average */
#define LATEST_US 8000000 /* and when no pulse comes */

enum { /* modes to wait for, by fl_mode_index */
       OFF = 1,
       SELF = 2,
       STBY = 4,
       ARMG = 8,
       REDY = 16,
       OPNG = 32,
       EMIT = 64,
       GAPP = 128,
       CLSG = 256,
       FALT = 512,
       ESTP = 1024,
       FIRE = OPNG | EMIT | GAPP,
       HOT = ARMG | REDY | FIRE | CLSG,
       COLD = OFF | SELF | STBY,
       ANY = 2047
};

// clang-format off
#define IN_A_B(name) (GL1_IN_##name##_A | GL1_IN_##name##_B)
static const attack attacks[] = {
    /* name                 weight cue            run             kind                mask                  on     low  high  from  to ms */
    {"lie key",               1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_KEY,           false, 0,   0,    3,    120},
    {"lie estop a",           1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_ESTOP_A,       false, 0,   0,    3,    120},
    {"lie door b",            1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_DOOR_B,        false, 0,   0,    3,    120},
    {"lie covers",            1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_COVERS,        false, 0,   0,    3,    120},
    {"lie flow",              1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_FLOW,          false, 0,   0,    3,    120},
    {"lie temperature",       1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_TEMPERATURE,   false, 0,   0,    3,    120},
    {"lie head",              1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_HEAD,          false, 0,   0,    3,    120},
    {"lie watchdog",          1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_WATCHDOG,      false, 0,   0,    3,    120},
    {"lie docked",            1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_DOCKED,        true,  0,   0,    3,    120},
    {"lie shut a while open", 1, EMIT | GAPP,   by_twin,        FAULT_LIE_INPUT,    GL1_IN_SHUT_A,        true,  0,   0,    3,    60},
    {"lie not shut",          2, STBY | ARMG | REDY, by_twin,   FAULT_LIE_INPUT,    GL1_IN_SHUT_A,        false, 0,   0,    3,    60},
    {"lie not open in emit",  4, EMIT,          by_twin,        FAULT_LIE_INPUT,    GL1_IN_OPEN_A,        false, 0,   0,    15,   60},
    {"lie not open in gap",   2, GAPP,          by_twin,        FAULT_LIE_INPUT,    GL1_IN_OPEN_B,        false, 0,   0,    15,   60},
    {"lie open while shut",   2, ARMG | REDY,   by_twin,        FAULT_LIE_INPUT,    IN_A_B(OPEN),         true,  0,   0,    3,    60},
    {"lie foot a down",       2, ARMG | REDY,   by_twin,        FAULT_LIE_INPUT,    GL1_IN_FOOT_A,        true,  0,   0,    5,    200},
    {"lie foot b up",         1, FIRE,          by_twin,        FAULT_LIE_INPUT,    GL1_IN_FOOT_B,        false, 0,   0,    5,    200},
    {"lie energy sensor",     1, HOT,           by_twin,        FAULT_LIE_INPUT,    GL1_IN_ENERGY_SENSOR, false, 0,   0,    3,    120},
    {"lie test unfinished", 4, STBY, by_test_twin, FAULT_LIE_INPUT, GL1_IN_TEST_FINISHED, false, 0, 0, 2000, 4000},
    {"lie spot",              1, HOT | STBY,    by_twin,        FAULT_LIE_SPOT,     3000,                 false, 0,   0,    10,   200},
    {"lie handpiece off",     1, HOT | STBY,    by_twin,        FAULT_LIE_HANDPIECE, 0,                   false, 0,   0,    10,   200},
    {"lie handpiece unread",  1, HOT | STBY,    by_twin,        FAULT_LIE_HANDPIECE, 0xFF,                false, 0,   0,    10,   200},
    {"lie counter",           1, ANY,           by_twin,        FAULT_LIE_K,        0,                    false, 1,   5,    20,   300},
    {"lie flashes",           1, HOT,           by_twin,        FAULT_LIE_LN,       0,                    false, 1,   4,    20,   300},
    {"answers stall",         1, HOT,           by_twin,        FAULT_STALL,        0,                    false, 20,  90,   0,    0},
    {"answers stall long",    1, ANY,           by_twin,        FAULT_STALL,        0,                    false, 120, 500,  0,    0},
    {"answers stall, cold", 4, STBY | SELF, by_twin, FAULT_STALL, 0, false, 120, 500, 0, 0},
    {"echo",                  1, ANY,           by_twin,        FAULT_ECHO,         0,                    false, 0,   0,    50,   400},
    {"answers lost",          2, ANY,           by_twin,        FAULT_DROP,         0,                    false, 3,   40,   100,  900},
    {"answers doubled",       2, ANY,           by_twin,        FAULT_DUPLICATE,    0,                    false, 10,  90,   100,  900},
    {"answers late",          2, ANY,           by_twin,        FAULT_DELAY,        0,                    false, 3,   25,   100,  900},
    {"answers very late",     2, HOT,           by_twin,        FAULT_DELAY,        0,                    false, 40,  140,  100,  300},
    {"answers corrupt",       2, ANY,           by_twin,        FAULT_CORRUPT,      0,                    false, 1e-5, 4e-4, 100, 500},
    {"laser dies",            1, ANY,           by_twin,        FAULT_DIE,          0,                    false, 0,   0,    0,    0},
    {"laser power cut",       2, FIRE,          by_twin,        FAULT_POWER_CUT,    0,                    false, 0,   0,    0,    0},
    {"energy high",           1, FIRE,          by_twin,        FAULT_ENERGY,       0,                    false, 22,  80,   80,   300},
    {"energy low",            1, FIRE,          by_twin,        FAULT_ENERGY,       0,                    false, -70, -25,  80,   300},
    {"energy within",         1, FIRE,          by_twin,        FAULT_ENERGY,       0,                    false, -10, 10,   80,   900},
    {"energy unread",         2, FIRE,          by_twin,        FAULT_ENERGY_UNREAD, 0,                   false, 0,   0,    80,   300},
    {"energy high, foot up",  3, EMIT,          by_light,       FAULT_ENERGY,       0,                    false, 40,  80,   80,   200},
    {"energy unread, foot up", 2, EMIT,         by_light,       FAULT_ENERGY_UNREAD, 0,                   false, 0,   0,    250,  400},
    {"energy high, then standby", 3, EMIT, by_late_light, FAULT_ENERGY, 0, false, 40, 80, 80, 200},
    {"fires by itself",       1, ANY,           by_twin,        FAULT_COUNTER,      0,                    false, 1,   3.9,  0,    0},
    {"flash by itself",       1, ANY,           by_twin,        FAULT_FLASH,        0,                    false, 1,   2.9,  0,    0},
    {"dud",                   1, FIRE,          by_twin,        FAULT_DUD,          0,                    false, 1,   2.9,  100,  400},
    {"shutter stuck open",    1, FIRE,          by_twin,        FAULT_SHUTTER,      0,                    true,  0,   0,    200,  900},
    {"shutter stuck shut",    6, REDY,          by_twin,        FAULT_SHUTTER,      0,                    false, 0,   0,    700,  1500},
    {"foot contacts differ",  1, FIRE | REDY,   by_twin,        FAULT_FOOT,         0,                    true,  0,   0,    200,  900},

    {"door opens",            1, HOT,           by_room,        0, IN_A_B(DOOR),                          false, 0,   0,    300,  900},
    {"door for 3 ms",         1, FIRE,          by_room,        0, IN_A_B(DOOR),                          false, 0,   0,    2,    4},
    {"emergency stop",        1, HOT | STBY,    by_room,        0, IN_A_B(ESTOP),                         false, 0,   0,    300,  900},
    {"one stop channel",      1, HOT,           by_room,        0, GL1_IN_ESTOP_B,                        false, 0,   0,    100,  400},
    {"key off",               1, HOT | STBY,    by_room,        0, GL1_IN_KEY,                            false, 0,   0,    200,  600},
    {"cover off",             1, HOT,           by_room,        0, GL1_IN_COVERS,                         false, 0,   0,    100,  600},
    {"no flow",               1, HOT,           by_room,        0, GL1_IN_FLOW,                           false, 0,   0,    100,  600},
    {"coolant warm",          1, HOT,           by_room,        0, GL1_IN_TEMPERATURE,                    false, 0,   0,    100,  600},
    {"head fault",            1, HOT,           by_room,        0, GL1_IN_HEAD,                           false, 0,   0,    100,  600},
    {"watchdog out",          1, HOT,           by_room,        0, GL1_IN_WATCHDOG,                       false, 0,   0,    100,  600},
    {"docked",                1, HOT | STBY,    by_room,        0, GL1_IN_DOCKED,                         true,  0,   0,    100,  600},
    {"energy sensor out",     1, HOT,           by_room,        0, GL1_IN_ENERGY_SENSOR,                  false, 0,   0,    100,  600},
    {"foot up in opening",    2, OPNG,          by_foot,        0, 0,                                     false, 0,   0,    0,    0},
    {"foot up in emit",       2, EMIT,          by_foot,        0, 0,                                     false, 0,   0,    0,    0},
    {"foot up in gap",        1, GAPP,          by_foot,        0, 0,                                     false, 0,   0,    0,    0},
    {"foot bounces",          2, FIRE,          by_foot,        0, 0,                                     false, 0,   0,    1,    15},
    {"foot in warning",       2, ARMG,          by_foot,        0, 0,                                     true,  0,   0,    50,   400},
    {"foot in self-test", 4, STBY, by_test_foot, 0, 0, true, 0, 0, 1500, 3000},
    {"foot tapped",           2, REDY,          by_foot,        0, 0,                                     true,  0,   0,    2,    25},
    {"ring turned",           1, HOT | STBY,    by_ring,        0, 3000,                                  false, 0,   0,    200,  900},
    {"handpiece off",         1, HOT | STBY,    by_handpiece,   0, 0x00,                                  false, 0,   0,    200,  900},
    {"handpiece unreadable",  1, HOT | STBY,    by_handpiece,   0, 0xFF,                                  false, 0,   0,    200,  900},
    {"panel edited",          2, HOT | STBY,    by_panel,       0, 0,                                     false, 0,   0,    0,    0},
    {"self-test fails", 3, SELF | OFF | STBY, by_self_test, 0, 0, false, 0, 0, 900, 2000},
    {"laser off and on",      1, ANY,           by_power,       0, 0,                                     false, 0,   0,    200,  900},

    {"requests lost",         2, ANY,           by_line,        0, 0,                                     false, 3,   40,   100,  900},
    {"requests doubled",      2, ANY,           by_line,        1, 0,                                     false, 10,  90,   100,  900},
    {"requests late",         2, ANY,           by_line,        2, 0,                                     false, 3,   20,   100,  900},
    {"requests very late",    1, HOT,           by_line,        2, 0,                                     false, 40,  150,  100,  400},
    {"grants late", 4, FIRE, by_line, 4, 0, false, 8, 45, 200, 900},
    {"requests corrupt",      2, ANY,           by_line,        3, 0,                                     false, 2,   10,   100,  300},
    {"cable out",             1, ANY,           by_cable,       0, 0,                                     false, 0,   0,    20,   400},
    {"cable out, heard",      1, HOT,           by_cable,       0, 0,                                     true,  0,   0,    20,   400},
    {"says self-test failed", 3, STBY, by_bad_test, GL1_IN_TEST_FINISHED, GL1_IN_TEST_PASSED, false, 0, 0, 1500, 2500},
    {"says not open",         2, EMIT | GAPP,   by_firmware,    0,                  IN_A_B(OPEN),         false, 0,   0,    5,    40},
    {"says no energy sensor", 1, HOT | STBY,    by_firmware,    0,                  GL1_IN_ENERGY_SENSOR, false, 0,   0,    10,   60},
    {"self-test never ends", 4, STBY, by_bad_test, 0, GL1_IN_TEST_FINISHED | GL1_IN_TEST_PASSED, false, 0, 0, 32500, 33000},

    {"killed",                2, ANY,           by_kill,        0, 0,                                     false, 0,   0,    0,    0},
    {"killed while firing",   2, FIRE,          by_kill,        0, 0,                                     false, 0,   0,    0,    0},
    {"killed in a frame",     2, FIRE | ARMG,   by_kill,        1, 0,                                     false, 0,   0,    0,    0},
    {"killed in a disk write", 3, FIRE | ARMG | STBY, by_kill,  2, 0,                                     false, 0,   0,    0,    0},
    {"host power cut",        3, FIRE | ARMG | STBY, by_kill,   3, 0,                                     false, 0,   0,    0,    0},
    {"late by some ms",       2, HOT,           by_freeze,      0, 0,                                     false, 0,   0,    2,    25},
    {"stopped for a while",   2, HOT,           by_freeze,      0, 0,                                     false, 0,   0,    31,   600},
    {"asleep",                2, HOT,           by_clock,       0, 0,                                     false, 0,   0,    2000, 90000},
    {"wall clock ahead",      2, ANY,           by_clock,       1, 0,                                     true,  0,   0,    3000, 3600000},
    {"wall clock back",       1, ANY,           by_clock,       1, 0,                                     false, 0,   0,    3000, 3600000},
    {"disk slow",             2, FIRE | ARMG,   by_slow_disk,   0, 0,                                     false, 8,   60,   100,  900},
    {"disk stands",           1, FIRE | ARMG,   by_slow_disk,   0, 0,                                     false, 520, 900,  600,  1500},
    {"disk: write fails",     1, FIRE | ARMG | STBY, by_disk,   DISK_EIO_WRITE, 12,                       false, 0,   0,    0,    0},
    {"disk: sync fails",      1, FIRE | ARMG | STBY, by_disk,   DISK_EIO_SYNC,  4,                        false, 0,   0,    0,    0},
    {"disk: full",            1, FIRE | ARMG | STBY, by_disk,   DISK_FULL,      12,                       false, 0,   0,    0,    0},
    {"disk: short write",     2, FIRE | ARMG | STBY, by_disk,   DISK_SHORT,     12,                       false, 0,   0,    0,    0},
    {"disk: read fails",      1, ANY,           by_disk,        DISK_EIO_READ,  2,                        false, 0,   0,    0,    0},
    {"disk: open fails",      1, ANY,           by_disk,        DISK_EIO_OPEN,  2,                        false, 0,   0,    0,    0},
    {"disk nearly full",      2, FIRE | ARMG,   by_space,       0, 0,                                     false, 0,   0,    300,  1500},
    {"state damaged",         1, HOT | STBY,    by_damage,      0, 0,                                     false, 0,   0,    0,    0},
    {"deadline damaged",      1, HOT,           by_damage,      0, 0,                                     true,  0,   0,    0,    0},
    {"arm to calibrate", 6, STBY | ARMG, by_calibration, 0, 0, false, 0, 0, 0, 0},
    {"unknown order byte",    1, HOT,           by_order_byte,  6,              0,                        false, 0,   0,    0,    0},

    {"order standby",         2, HOT,           by_order,       0, SIM_CAUSE_STANDBY,                     true,  0,   0,    0,    0},
    {"order standby, ready", 3, REDY, by_order, 0, SIM_CAUSE_STANDBY, true, 0, 0, 0, 0},
    {"sign-out while firing", 1, HOT,           by_order,       1, SIM_CAUSE_SIGN_OUT,                    true,  0,   0,    0,    0},
    {"spark",                 1, FIRE,          by_order,       2, SIM_CAUSE_ENDPOINT,                    true,  0,   0,    0,    0},
    {"end while firing",      1, FIRE,          by_order,       3, SIM_CAUSE_END,                         true,  0,   0,    0,    0},
    {"arm while armed",       1, HOT,           by_order,       6, SIM_CAUSE_STANDBY,                     true,  0,   0,    0,    0},
    {"harmless endpoint",     2, HOT | STBY,    by_order,       7, 0,                                     false, 0,   0,    0,    0},
    {"reset of nothing",      1, ANY,           by_order,       8, 0,                                     false, 0,   0,    0,    0},
    {"zone while armed",      1, HOT,           by_order,       9, 0,                                     false, 0,   0,    0,    0},
    {"locked zone",           4, STBY,          by_order,       10, 0,                                    false, 0,   0,    0,    0},
    {"sign-in while armed",   1, HOT,           by_order,       11, 0,                                    false, 0,   0,    0,    0},
    {"nothing to reconcile",  4, STBY,          by_order,       12, 0,                                    false, 0,   0,    0,    0},
    {"unknown order",         1, ANY,           by_order,       13, 0,                                    false, 0,   0,    0,    0},
    {"wrong eyewear",         1, STBY | HOT,    by_order,       14, 0,                                    false, 0,   0,    0,    0},
    {"no such spot",          6, STBY,          by_order,       15, 0,                                    false, 0,   0,    0,    0},
    {"face silent",           2, FIRE | ARMG,   by_silence,     0, 0,                                     false, 0,   0,    200,  900},
    {"face hangs up",         2, HOT | STBY,    by_hanging_up,  0, 0,                                     false, 0,   0,    0,    0},
    {"face floods",           1, ANY,           by_screen,      0, 0,                                     false, 0,   0,    0,    0},
    {"face babbles",          1, ANY,           by_screen,      1, 0,                                     false, 0,   0,    0,    0},
    {"face goes in a word",   1, ANY,           by_screen,      2, 0,                                     false, 0,   0,    0,    0},
    {"face does not read",    2, ANY,           by_screen,      3, 0,                                     false, 0,   0,    500,  3000},
    {"face line too long",    1, ANY,           by_screen,      4, 0,                                     false, 0,   0,    0,    0},
    {"standby elsewhere",     1, HOT,           by_screen,      5, 0,                                     false, 0,   0,    0,    0},
    {"old number",            1, ANY,           by_screen,      6, 0,                                     false, 0,   0,    0,    0},
    {"wrong PINs",            4, STBY,          by_wrong_pin,   0, 6,                                     false, 0,   0,    0,    0},
};
// clang-format on
#define COUNT (sizeof attacks / sizeof *attacks)
_Static_assert(COUNT <= SIM_ATTACKS, "the report has too few places");

unsigned chaos_count(void)
{
    return (unsigned)COUNT;
}
const char *chaos_name(unsigned number)
{
    return attacks[number].name;
}

static void choose(sim *s)
{
    unsigned all = 0;
    for (size_t i = 0; i < COUNT; i++) all += attacks[i].weight;
    uint64_t at = sim_below(&s->chance, all);
    size_t i = 0;
    while (at >= attacks[i].weight) at -= attacks[i++].weight;
    s->chaos.attack = (int)i;
    s->chaos.cue = attacks[i].cue;
    s->chaos.delay_ms = (unsigned)sim_below(&s->chance, (attacks[i].cue & ~(unsigned)FIRE) ? 200 : 25);
    if (attacks[i].cue == EMIT || attacks[i].cue == OPNG)
        s->chaos.delay_ms %= attacks[i].run == by_late_light ? 6 : 18;
    s->chaos.since_us = s->us;
}

static void plan_next(sim *s)
{
    s->chaos.attack = -1;
    s->chaos.next_us = s->us + 1000 * (int64_t)(100 + sim_below(&s->chance, 1600));
    s->chaos.next_pulse = s->oracle.fired + sim_below(&s->chance, 2 * PULSES_BETWEEN);
    s->chaos.latest_us = s->us + LATEST_US;
}

void chaos_begin(sim *s)
{
    plan_next(s);
    s->chaos.next_us += 2000000;
}
void chaos_later(sim *s, int64_t after_us, sim_do what, uint32_t number, bool on)
{
    sim_chaos *c = &s->chaos;
    if (c->todo_count == SIM_TODOS) abort();
    c->todo[c->todo_count++] = (sim_todo){s->us + after_us, what, number, on};
}

static void undo(sim *s, const sim_todo *todo)
{
    twin_room *room = &s->laser.room;
    switch (todo->what) {
    case SIM_DO_NOTHING: break;
    case SIM_DO_SWITCH: room_switch(room, todo->number, todo->on); break;
    case SIM_DO_HEAL_DISK_SPACE: s->host.free_bytes = (uint64_t)1 << 40; break;
    case SIM_DO_SPOT: room->spot_um = todo->number; break;
    case SIM_DO_HANDPIECE: room->handpiece = (uint8_t)todo->number; break;
    case SIM_DO_SELF_TEST:
        if (!room->self_test_good) room_self_test(room);
        room->self_test_good = true;
        break;
    case SIM_DO_READ_AGAIN: sim_stop_reading((int)todo->number, false); break;
    case SIM_DO_LASER_ON:
        if (!s->laser_on) world_laser_on(s);
        break;
    case SIM_DO_TALK_AGAIN: s->person.silent = false; break;
    case SIM_DO_WIRE_GOOD:
        s->wire.drop_percent = s->wire.duplicate_percent = s->wire.corrupt_percent = 0;
        s->wire.delay_us = s->wire.grant_delay_us = 0;
        break;
    case SIM_DO_TRUTH: s->wire.lie_0 = s->wire.lie_1 = 0; break;
    case SIM_DO_SILENCE_TELLS:
        if (s->person.silent) oracle_host_cause(s, SIM_CAUSE_SILENT);
        break;
    case SIM_DO_STANDBY:
        if (!sim_is_connected(s->person.line) || s->person.silent) break;
        oracle_host_cause(s, SIM_CAUSE_STANDBY);
        person_say(s, "{\"do\":\"standby\",\"order\":%lld}\n", (long long)++s->person.order);
        break;
    case SIM_DO_ORDER_CAL:
        if (s->host.conduct) s->host.conduct->cmd = FL_CMD_ARM_CAL;
        break;
    case SIM_DO_CABLE: s->wire.cut = false; break;
    case SIM_DO_DISK_FAST: s->host.disk_latency_us = 1000; break;
    }
}

static void undo_what_is_due(sim *s)
{
    sim_chaos *c = &s->chaos;
    for (unsigned i = 0; i < c->todo_count;) {
        if (c->todo[i].at_us > s->us) {
            i++;
            continue;
        }
        const sim_todo todo = c->todo[i];
        memmove(&c->todo[i], &c->todo[i + 1], (c->todo_count - i - 1) * sizeof c->todo[0]);
        c->todo_count--;
        undo(s, &todo);
    }
}

static void strike(sim *s)
{
    const attack *a = &attacks[s->chaos.attack];
    if (s->options.loud)
        fprintf(stderr, "%lld ms in %s: %s\n", (long long)s->us / 1000, fl_mode_word(world_mode(s)), a->name);
    s->report->faults++;
    s->report->attacks[s->chaos.attack]++;
    a->run(s, a);
    plan_next(s);
}

void chaos_ms(sim *s)
{
    sim_chaos *c = &s->chaos;
    if (c->todo_count) undo_what_is_due(s);
    if (s->over || !s->host.conduct || c->todo_count > SIM_TODOS - 12) return;
    if (c->calibrates) calibrate(s);
    if (c->attack < 0) {
        if (s->us < c->next_us || (s->oracle.fired < c->next_pulse && s->us < c->latest_us)) return;
        choose(s);
    }
    const int mode = fl_mode_index(world_mode(s));
    if (mode < 0 || !(c->cue >> mode & 1)) {
        if (s->us - c->since_us > 6000000) plan_next(s); /* that mode does not come */
        return;
    }
    if (c->delay_ms) {
        c->delay_ms--;
        return;
    }
    if (s->laser_on) strike(s);
}
