/* The status adapter, and behind it the real core with its real monitor: bytes become a run of statuses, host
 * conditions and times, in any order a broken laser, link or host may bring them.
 *
 * The first byte: bit 0, a healthy run up to READY comes first; bit 1, up to the first grant; bit 2, motion
 * is not remembered; bit 3, the laser follows the mode of the host by itself; bit 4, one foot contact only;
 * bit 5, no flash counter; bit 6, a tolerance of 10 %. Then one operation a byte, some with an operand.
 *
 * What must hold is written here a second time, from the raw bits alone: nothing is believed without a link;
 * a raw bit that is 0 never reads as good; nothing unproven by motion reads as good; a press counts after
 * 30 ms and a release at once; one good energy report a grant; light nobody granted is told until a mode has
 * latched it; the monitor never vetoes; a permit means that every single thing is good.
 */
#include "fuzz.h"

#include "adapter.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define MOST 400
#define TICKS 1000

#define BIT(n) (UINT32_C(1) << (n))
#define GOOD_IN                                                                                              \
    (BIT(FL_IN_KEY) | BIT(FL_IN_ESTOP_A) | BIT(FL_IN_ESTOP_B) | BIT(FL_IN_DOOR_A) | BIT(FL_IN_DOOR_B) |      \
     BIT(FL_IN_COVERS) | BIT(FL_IN_FLOW) | BIT(FL_IN_COOLANT) | BIT(FL_IN_HEAD) | BIT(FL_IN_WATCHDOG) |      \
     BIT(FL_IN_SELFTEST_PASSED) | BIT(FL_IN_SELFTEST_FINISHED) | BIT(FL_IN_ENERGY_SENSOR))
#define SHUT_IN (BIT(FL_IN_SHUT_A) | BIT(FL_IN_SHUT_B))
#define OPEN_IN (BIT(FL_IN_OPEN_A) | BIT(FL_IN_OPEN_B))
#define FEET_IN (BIT(FL_IN_FOOT_A) | BIT(FL_IN_FOOT_B))
#define ENERGY_UJ 199800
#define SPOT_UM 4000

/* What the adapter may know of the past, kept apart from it. */
typedef struct memory {
    unsigned seen[2], motion; /* contacts seen at 0 and at 1 */
    bool pressed, differs;    /* in every believed status since */
    int64_t pressed_us, differs_us;
    bool any; /* a status was believed */
    uint32_t number, session;
    uint64_t pulses;
    bool flash_any;
    int32_t flash_most; /* highest flashes minus pulses so far, from the first */
    uint32_t flash_first;
    bool owed;     /* light nobody granted, not latched yet */
    unsigned good; /* reports since the newest grant */
    bool open;     /* told open in the tick before */
} memory;

static struct {
    fl_adapter adapter;
    fl_interlock_core *core;
    fl_gl1_status status;
    fl_host_conditions host;
    fl_inputs in;
    memory past;
    int64_t now_us, boot_us;
    uint8_t mode;
    bool two_feet, flashes, follows;
    double tolerance;
    unsigned ticks;
} w;

static bool raw(int bit)
{
    return w.status.stat.inputs >> bit & 1;
}

/* ---- what must hold of one tick ---- */

static void nothing_is_believed(void)
{
    fl_inputs bare = w.in;
    bare.clock = bare.journal = bare.auth = bare.dual = bare.eyewear = bare.plan = false;
    bare.limits = bare.counter = false;
    bare.cmd = 0;
    FUZZ_MUST(fl_inputs_pack(&bare) == 0, "believed without a link: %08X", (unsigned)fl_inputs_pack(&bare));
}

static void bad_stays_bad(void)
{
    const struct {
        bool told, raw;
        const char *what;
    } rows[] = {
        {w.in.key, raw(FL_IN_KEY), "key"},
        {w.in.estop, raw(FL_IN_ESTOP_A) && raw(FL_IN_ESTOP_B), "estop"},
        {w.in.remote, raw(FL_IN_DOOR_A) && raw(FL_IN_DOOR_B), "door"},
        {w.in.covers, raw(FL_IN_COVERS), "covers"},
        {w.in.coolant, raw(FL_IN_FLOW) && raw(FL_IN_COOLANT), "coolant"},
        {w.in.head, raw(FL_IN_HEAD) && w.status.stat.state != FL_DEVICE_FAULT, "head"},
        {w.in.wdog, raw(FL_IN_WATCHDOG) && w.host.monitor, "watchdog"},
        {w.in.dock, raw(FL_IN_DOCKED), "dock"},
        {w.in.selftest == FL_SELFTEST_PASS, raw(FL_IN_SELFTEST_PASSED) && raw(FL_IN_SELFTEST_FINISHED),
         "test"},
        {w.in.energy != FL_ENERGY_FAILED, raw(FL_IN_ENERGY_SENSOR), "energy sensor"},
        {w.in.estop, w.past.motion & FL_MOTION_ESTOP, "estop that never moved"},
        {w.in.remote, w.past.motion & FL_MOTION_DOOR, "door that never moved"},
        {w.in.handpiece, w.status.stat.handpiece != 0 && w.status.stat.handpiece != 0xFF, "handpiece"},
        {w.in.handpiece, w.status.stat.spot_um == SPOT_UM && w.host.spot_um == SPOT_UM, "spot"},
        {w.in.journal, w.host.journal, "journal"},
        {w.in.auth, w.host.auth, "auth"},
        {w.in.dual, w.host.dual, "dual"},
        {w.in.eyewear, w.host.eyewear, "eyewear"},
        {w.in.plan, w.host.plan, "plan"},
        {w.in.limits, w.host.limits, "limits"},
        {w.in.counter, w.host.counter, "counter"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        FUZZ_MUST(!rows[i].told || rows[i].raw, "%s reads good and is not", rows[i].what);
}

/* Shutters never better than they are, but for one tick in which the reason is told first (adapter.c,
 * tell_reason_first). */
static void shutters_are_told(void)
{
    const bool open = raw(FL_IN_OPEN_A) && raw(FL_IN_OPEN_B), shut = raw(FL_IN_SHUT_A) && raw(FL_IN_SHUT_B);
    const fl_inputs *in = &w.in;
    const bool reason = in->foot != FL_FOOT_PRESSED || !in->remote || !in->estop || !in->key || !in->covers ||
                        !in->coolant || !in->handpiece || !in->plan;
    const bool firing = w.host.state.mode == FL_MODE_EMIT || w.host.state.mode == FL_MODE_GAP;
    FUZZ_MUST(!in->sh_closed || shut, "closed is told and not so");
    FUZZ_MUST(!in->sh_open || open || (firing && reason && w.past.open && !in->sh_closed),
              "open is told and not so");
    w.past.open = open;
}

static void foot_is_told(void)
{
    const bool a = raw(FL_IN_FOOT_A), b = w.two_feet ? raw(FL_IN_FOOT_B) : a;
    if (!(a && b)) w.past.pressed = false;
    if (a && b && !w.past.pressed) w.past.pressed = true, w.past.pressed_us = w.now_us;
    if (a == b) w.past.differs = false;
    if (a != b && !w.past.differs) w.past.differs = true, w.past.differs_us = w.now_us;
    const bool unproven = w.host.state.mode == FL_MODE_STANDBY && !(w.past.motion & FL_MOTION_FOOT);
    const bool long_press = w.past.pressed && w.now_us - w.past.pressed_us >= 30000;
    const bool long_differs = w.past.differs && w.now_us - w.past.differs_us > 50000;
    uint8_t want = long_press ? FL_FOOT_PRESSED : long_differs ? FL_FOOT_DISAGREE : FL_FOOT_RELEASED;
    if (unproven && want == FL_FOOT_RELEASED) want = FL_FOOT_PRESSED;
    FUZZ_MUST(w.in.foot == want, "the foot reads %d, not %d", w.in.foot, want);
}

static void light_is_told(void)
{
    const fl_gl1_stat *stat = &w.status.stat;
    memory *m = &w.past;
    const bool fresh = !m->any || w.status.stat_number != m->number || w.status.session != m->session;
    const fl_interlock_state before = w.host.state;
    const bool waits =
        before.mode == FL_MODE_EMIT || (before.mode == FL_MODE_CLOSING && (before.flags & FL_FLAG_OUT));
    if (fresh && m->any && stat->pulses > m->pulses && stat->pulses > w.host.expected + w.host.outstanding)
        m->owed = true;
    if (fresh && w.flashes) {
        const uint32_t offset = stat->flashes - (uint32_t)stat->pulses;
        if (!m->flash_any) m->flash_first = offset;
        const int32_t grown = (int32_t)(offset - m->flash_first);
        if (m->flash_any && grown > m->flash_most) m->owed = true;
        if (!m->flash_any || grown > m->flash_most) m->flash_most = grown;
        m->flash_any = true;
    }
    if (!raw(FL_IN_ENERGY_SENSOR)) return;
    FUZZ_MUST(!m->owed || w.in.energy == FL_ENERGY_OUT, "light nobody granted reads as %d in %s", w.in.energy,
              fl_mode_word((fl_mode)before.mode));
    if (m->owed && !waits) m->owed = false;
    if (w.in.energy != FL_ENERGY_GOOD) return;
    FUZZ_MUST(++m->good == 1, "one grant was reported %u times", m->good);
    FUZZ_MUST(waits && w.host.outstanding && stat->pulses > w.host.expected, "a report of no grant");
    const double off_uJ = (double)stat->pulse_energy_uJ - (double)w.host.energy_uJ;
    FUZZ_MUST(off_uJ <= w.tolerance * ENERGY_UJ && -off_uJ <= w.tolerance * ENERGY_UJ,
              "%.0f uJ off and called good", off_uJ);
}

static void remember(void)
{
    memory *m = &w.past;
    m->any = true;
    m->number = w.status.stat_number;
    m->session = w.status.session;
    m->pulses = w.status.stat.pulses;
}

static void watch_contacts(void)
{
    const int pairs[3][2] = {{FL_IN_DOOR_A, FL_IN_DOOR_B},
                             {FL_IN_ESTOP_A, FL_IN_ESTOP_B},
                             {FL_IN_FOOT_A, w.two_feet ? FL_IN_FOOT_B : FL_IN_FOOT_A}};
    for (unsigned i = 0; i < 3; i++)
        if (raw(pairs[i][0]) == raw(pairs[i][1])) w.past.seen[raw(pairs[i][0])] |= 1u << i;
    w.past.motion |= w.past.seen[0] & w.past.seen[1];
}

static void permit_means_all_good(const fl_core_tick *tick)
{
    const bool cal = tick->result.next.flags & FL_FLAG_CAL;
    const uint32_t must = GOOD_IN | OPEN_IN | (w.two_feet ? FEET_IN : BIT(FL_IN_FOOT_A));
    const uint32_t need = must & ~(BIT(FL_IN_SELFTEST_PASSED) | BIT(FL_IN_SELFTEST_FINISHED));
    FUZZ_MUST(w.status.link && w.status.has_stat && w.status.watch == FL_GL1_EXPECTED, "permit without link");
    FUZZ_MUST((w.status.stat.inputs & need) == need, "permit, and raw is %08X", w.status.stat.inputs);
    FUZZ_MUST((w.past.motion & 3) == 3 && !w.past.owed && w.past.pressed, "permit unproven");
    FUZZ_MUST(w.host.journal && w.host.auth && w.host.dual && w.host.eyewear && w.host.limits &&
                  w.host.counter && w.host.monitor && (cal || w.host.plan),
              "permit, and the host says no");
    FUZZ_MUST(w.status.stat.spot_um == SPOT_UM && w.host.spot_um == SPOT_UM && raw(FL_IN_DOCKED) == cal,
              "permit with another handpiece");
}

/* ---- one tick ---- */

/* Adapters that are wrong in one way each. */
static void spoil(fl_inputs *in, const fl_inputs *before)
{
    const bool link = in->link;
    if (fuzz_bad == 1 && !link) in->key = before->key, in->estop = before->estop;
    if (fuzz_bad == 2) in->coolant = link && raw(FL_IN_FLOW);
    if (fuzz_bad == 3 && link && raw(FL_IN_FOOT_A) && raw(FL_IN_FOOT_B)) in->foot = FL_FOOT_PRESSED;
    if (fuzz_bad == 4 && link) in->remote = raw(FL_IN_DOOR_A) && raw(FL_IN_DOOR_B);
    if (fuzz_bad == 5 && in->energy == FL_ENERGY_OUT && w.host.state.mode == FL_MODE_STANDBY)
        in->energy = FL_ENERGY_NONE;
    if (fuzz_bad == 6 && w.host.state.mode == FL_MODE_GAP && in->energy == FL_ENERGY_NONE && w.past.good)
        in->energy = FL_ENERGY_GOOD;
}

static void follow(const fl_core_tick *tick)
{
    const fl_mode mode = (fl_mode)tick->result.next.mode;
    fl_gl1_stat *stat = &w.status.stat;
    stat->state = mode == FL_MODE_ARMING   ? FL_DEVICE_WARN
                  : fl_mode_is_armed(mode) ? FL_DEVICE_READY
                                           : FL_DEVICE_STBY;
    stat->inputs &= ~(SHUT_IN | OPEN_IN);
    stat->inputs |= tick->result.outputs.shutter_open ? OPEN_IN : SHUT_IN;
}

static void tick(int64_t us)
{
    if (w.ticks++ == TICKS) return;
    w.now_us += us;
    w.boot_us += us;
    const fl_inputs before = w.in;
    const bool link = w.status.link && w.status.has_stat && w.status.watch == FL_GL1_EXPECTED;
    fl_adapter_tick(&w.adapter, (fl_instant){w.now_us}, (fl_instant){w.boot_us}, &w.status, &w.host, &w.in);
    spoil(&w.in, &before);
    FUZZ_MUST(w.in.link == link, "the link reads %d", w.in.link);
    if (link) {
        watch_contacts();
        bad_stays_bad();
        foot_is_told();
        shutters_are_told();
        light_is_told();
        remember();
    } else {
        w.past.pressed = w.past.differs = w.past.open = false;
        nothing_is_believed();
    }
    const fl_core_tick *judged = fl_interlock_core_tick(w.core, (fl_instant){w.now_us}, &w.in,
                                                        w.status.stat_number, w.status.stat_asked);
    FUZZ_MUST(!judged->vetoed && judged->verdict.broken == 0, "veto: %llX",
              (unsigned long long)judged->verdict.broken);
    if (judged->result.outputs.permit || fl_interlock_core_permit(w.core)) permit_means_all_good(judged);
    if (judged->result.next.mode != w.mode) w.host.entered = (fl_instant){w.now_us};
    w.mode = judged->result.next.mode;
    if (w.in.energy == FL_ENERGY_GOOD || w.in.energy == FL_ENERGY_OUT) {
        w.host.outstanding = false;
        w.host.expected = w.status.stat.pulses;
    }
    if (judged->result.outputs.token) {
        fl_adapter_expect(&w.adapter);
        w.past.good = 0;
        w.host.outstanding = true;
    }
    w.host.state = judged->result.next;
    w.host.cmd = FL_CMD_NONE;
    w.status.stat_number++;
    w.status.stat_asked = (fl_instant){w.now_us};
    if (w.follows) follow(judged);
}

/* ---- the run ---- */

static void begin(uint8_t how)
{
    fl_interlock_core *core = w.core;
    memset(&w, 0, sizeof w);
    w.now_us = 5000000;
    w.boot_us = 5000077;
    fl_interlock_core_free(core);
    fl_core_config config = fl_core_config_default();
    config.arm_us = FL_T_ARM_LEAST_US;
    config.rate_mHz = 10000;
    FUZZ_MUST(fl_interlock_core_new(&config, (fl_instant){w.now_us}, &w.core, NULL) == FL_OK, "no core");
    w.two_feet = !(how & 16);
    w.flashes = !(how & 32);
    w.follows = how & 8;
    w.tolerance = how & 64 ? 0.1 : 0.2;
    const uint32_t less = (w.two_feet ? 0 : BIT(FL_CAP_FOOT)) | (w.flashes ? 0 : BIT(FL_CAP_FLASHES));
    fl_adapter_init(&w.adapter,
                    &(fl_adapter_config){.capabilities = 0x7F & ~less, .energy_tolerance = w.tolerance});
    if (!(how & 4)) {
        fl_adapter_remember_motion(&w.adapter, FL_MOTION_ALL);
        w.past.motion = FL_MOTION_ALL;
    }
    w.mode = FL_MODE_OFF;
    w.status = (fl_gl1_status){
        .link = true, .has_stat = true, .watch = FL_GL1_EXPECTED, .session = 7, .stat_number = 100};
    w.status.stat = (fl_gl1_stat){.state = FL_DEVICE_STBY,
                                  .inputs = GOOD_IN | SHUT_IN,
                                  .handpiece = 0x21,
                                  .spot_um = SPOT_UM,
                                  .pulses = 812,
                                  .flashes = 812};
    w.host = (fl_host_conditions){.state = fl_interlock_core_state(w.core),
                                  .entered = {w.now_us},
                                  .journal = true,
                                  .auth = true,
                                  .dual = true,
                                  .eyewear = true,
                                  .plan = true,
                                  .limits = true,
                                  .counter = true,
                                  .monitor = true,
                                  .spot_um = SPOT_UM,
                                  .energy_uJ = ENERGY_UJ,
                                  .expected = 812};
}

static void healthy(bool to_emit)
{
    const bool follows = w.follows;
    w.follows = true;
    for (int i = 0; i < 3; i++) tick(10000);
    w.host.cmd = FL_CMD_ARM_TREAT;
    for (int i = 0; i < 72; i++) tick(29000);
    if (to_emit) {
        w.status.stat.inputs |= FEET_IN;
        for (int i = 0; i < 6; i++) tick(10000);
    }
    w.follows = follows;
}

static void pulse(unsigned pulses, unsigned flashes, uint64_t energy_uJ)
{
    w.status.stat.pulses += pulses;
    w.status.stat.flashes += flashes;
    w.status.stat.pulse_energy_uJ = energy_uJ;
}

static void toggle_host(unsigned which)
{
    bool *const all[] = {&w.host.journal, &w.host.auth,   &w.host.dual,    &w.host.eyewear,
                         &w.host.plan,    &w.host.limits, &w.host.counter, &w.host.monitor};
    bool *one = all[which % 8];
    *one = !*one;
}

static void operate(uint8_t operation, fuzz_bytes *bytes)
{
    static const int32_t times_us[16] = {0,     1000,  5000,  10000, 20000,  29000,  30000,   30001,
                                         50000, 51000, 99000, 60000, 150000, 400000, 3000000, -5000};
    static const uint64_t energies_uJ[8] = {0, ENERGY_UJ, 159840, 159839, 239760, 239761, 1, UINT64_MAX};
    fl_gl1_stat *stat = &w.status.stat;
    switch (operation % 32) {
    case 0: tick(10000); break;
    case 1: tick(times_us[fuzz_byte(bytes) % 16]); break;
    case 2:
        for (unsigned n = 1 + fuzz_byte(bytes) % 16; n; n--) tick(10000);
        break;
    case 3: stat->inputs ^= BIT(fuzz_byte(bytes) % 20); break;
    case 4: stat->inputs = (stat->inputs & (SHUT_IN | OPEN_IN | FEET_IN)) | GOOD_IN; break;
    case 5: stat->inputs |= FEET_IN; break;
    case 6: stat->inputs &= ~FEET_IN; break;
    case 7: stat->state = (fl_gl1_device)(fuzz_byte(bytes) % 5); break;
    case 8: pulse(1, 1, ENERGY_UJ); break;
    case 9: pulse(1, 0, ENERGY_UJ); break;
    case 10: pulse(0, 1, stat->pulse_energy_uJ); break;
    case 11: pulse(0, 0, energies_uJ[fuzz_byte(bytes) % 8]); break;
    case 12: pulse(1, 1, 0); break;
    case 13: stat->causes ^= BIT(fuzz_byte(bytes) % 32); break;
    case 14: stat->causes = 0; break;
    case 15: toggle_host(fuzz_byte(bytes)); break;
    case 16: w.host.cmd = fuzz_byte(bytes) % 8; break;
    case 17: w.status.stat_number--; break; /* the same status once more */
    case 18: w.status.link = !w.status.link; break;
    case 19: w.status.has_stat = !w.status.has_stat; break;
    case 20: w.status.watch = w.status.watch ? FL_GL1_EXPECTED : FL_GL1_OTHER_UID; break;
    case 21: stat->spot_um = stat->spot_um == SPOT_UM ? fuzz_byte(bytes) : SPOT_UM; break;
    case 22: w.host.spot_um = w.host.spot_um ? 0 : SPOT_UM; break;
    case 23: stat->handpiece = fuzz_byte(bytes); break;
    case 24: w.status.session++; break;
    case 25: stat->inputs ^= SHUT_IN; break;
    case 26: stat->inputs ^= OPEN_IN; break;
    case 27: w.host.outstanding = !w.host.outstanding; break;
    case 28: w.host.expected += (uint64_t)fuzz_byte(bytes) - 2; break;
    case 29: w.boot_us += times_us[fuzz_byte(bytes) % 16]; break;
    case 30: w.follows = !w.follows; break;
    case 31:
        stat->pulses -= fuzz_byte(bytes) % 4; /* another device, or a counter that lost its memory */
        break;
    }
}

/* The healthy run costs seventy ticks, so it is made once and put back: world and core are plain storage. */
static void begin_as(uint8_t how)
{
    static struct {
        bool made;
        uint8_t world[sizeof w], core[1024];
    } kept[128];
    const size_t room = sizeof kept[0].core;
    uint8_t *world = kept[how % 128].world, *core = kept[how % 128].core;
    if (kept[how % 128].made && !fuzz_bad) {
        fl_interlock_core *own = w.core;
        memcpy(&w, world, sizeof w);
        w.core = own;
        memcpy(w.core, core, malloc_usable_size(w.core));
        return;
    }
    begin(how);
    if (how & 1) healthy(how & 2);
    FUZZ_MUST(malloc_usable_size(w.core) <= room, "the core has grown");
    memcpy(core, w.core, malloc_usable_size(w.core));
    memcpy(world, &w, sizeof w);
    kept[how % 128].made = !fuzz_bad;
}

static void run(const uint8_t *data, size_t size)
{
    if (!size || size > MOST) return;
    fuzz_bytes bytes = {data, data + size};
    begin_as(fuzz_byte(&bytes));
    while (bytes.at < bytes.end && w.ticks < TICKS) operate(fuzz_byte(&bytes), &bytes);
}

static const char *const bad_words[] = {
    "key and emergency stop are kept when the link is gone",
    "the coolant temperature is not looked at",
    "a press counts at once",
    "a door that never moved is believed",
    "light in STANDBY is swallowed",
    "a pulse is reported once more",
};
const fuzz_target fuzz_adapter = {"adapter", run, 6, bad_words};
