/* labels: unit   timeout: 120 */
/* The core in time: C1 (it is the step with a clock), C2 (deadlines), the clock guard, vetoes, and the
 * permit. */
#include "check.h"
#include "inputs_good.h"

#include "fadeline/base/random.h"
#include "fadeline/interlock/core.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

static const fl_inputs good = INPUTS_GOOD;

static fl_interlock_core *made(int64_t start_us)
{
    fl_core_config config = fl_core_config_default();
    config.rate_mHz = 7700;
    fl_interlock_core *core = NULL;
    fl_error error;
    CHECK(fl_interlock_core_new(&config, (fl_instant){start_us}, &core, &error) == FL_OK, "new: %s",
          error.what);
    return core;
}

typedef struct rig {
    fl_interlock_core *core;
    int64_t now_us;
    fl_inputs in;
    uint32_t frame;
    const fl_core_tick *tick;
} rig;

static void tick(rig *r, int64_t step_us)
{
    r->now_us += step_us;
    r->frame++;
    r->tick = fl_interlock_core_tick(r->core, (fl_instant){r->now_us}, &r->in, r->frame,
                                     (fl_instant){r->now_us - 2000});
    r->in.cmd = FL_CMD_NONE;
}

static fl_mode mode_of(const rig *r)
{
    return fl_interlock_core_state(r->core).mode;
}

static void until(rig *r, fl_mode mode, int most)
{
    for (int i = 0; i < most && mode_of(r) != mode; i++) tick(r, FL_T_TICK_US);
    CHECK(mode_of(r) == mode, "wanted %s within %d ticks, got %s", fl_mode_word(mode), most,
          fl_mode_word(mode_of(r)));
}

static rig to_standby(int64_t start_us)
{
    rig r = {.core = made(start_us), .now_us = start_us, .in = good, .frame = 40};
    until(&r, FL_MODE_STANDBY, 4);
    return r;
}

static void fire(rig *r)
{
    r->in.cmd = FL_CMD_ARM_TREAT;
    until(r, FL_MODE_READY, 320);
    r->in.foot = FL_FOOT_PRESSED;
    tick(r, FL_T_TICK_US);
    CHECK(mode_of(r) == FL_MODE_OPENING && r->tick->result.outputs.shutter_open, "a fresh press opens");
    r->in.sh_closed = false;
    tick(r, FL_T_TICK_US);
    r->in.sh_open = true;
    tick(r, FL_T_TICK_US);
    CHECK(mode_of(r) == FL_MODE_EMIT && r->tick->result.outputs.token, "open shutters grant");
}

static rig to_emit(int64_t start_us)
{
    rig r = to_standby(start_us);
    fire(&r);
    return r;
}

/* C1: the core is the step with `due` and `clock` filled in; nothing else of it reaches the verdict. */
static void the_core_is_the_step_with_a_clock(void)
{
    fl_random random;
    fl_random_init(&random, 1, 1);
    uint64_t seen[FL_MODE_COUNT] = {0};
    for (int run = 0; run < 400; run++) {
        rig r = {.core = made(run), .now_us = run, .in = good};
        for (int n = 0; n < 2000; n++) {
            const uint64_t q = fl_random_u64(&random);
            uint32_t word = fl_inputs_pack(&good);
            const fl_interlock_state before = fl_interlock_core_state(r.core);
            const bool firing =
                before.mode == FL_MODE_OPENING || before.mode == FL_MODE_EMIT || before.mode == FL_MODE_GAP;
            if (firing) word ^= 3u << FL_BIT_sh_closed | 1u << FL_BIT_foot;
            if (before.mode == FL_MODE_READY) word |= (uint32_t)(q & 1) << FL_BIT_foot;
            if (before.mode == FL_MODE_EMIT) word |= (uint32_t)(q >> 1 & 1) << FL_BIT_energy;
            if (before.mode == FL_MODE_STANDBY) word |= 1u << FL_BIT_cmd;
            if (before.mode == FL_MODE_FAULT) word |= (q >> 2 & 1 ? 5u : 4u) << FL_BIT_cmd;
            if (before.mode == FL_MODE_ESTOP) word &= ~1u;
            if ((q >> 4) % 61 == 0) word ^= 1u << (q >> 12) % 30;
            static const int64_t steps[8] = {10000, 10000, 9999, 30000, 30001, 1000, 100000, 500000};
            const int64_t step =
                before.mode == FL_MODE_ARMING ? 29000 : steps[(q >> 20) % 6 + ((q >> 30) % 97 == 0 ? 2 : 0)];
            const fl_instant deadline = fl_interlock_core_deadline(r.core);
            const int64_t now = r.now_us + step;
            r.in = fl_inputs_unpack(word);
            const bool first = r.tick == NULL;
            tick(&r, step);
            uint32_t want = (word & ~(1u << FL_BIT_due)) | (now >= deadline.us ? 1u << FL_BIT_due : 0);
            if (!first && fl_mode_is_armed(before.mode) && step > 30000) want &= ~(1u << FL_BIT_clock);
            const fl_interlock_result result = fl_interlock_step(before, want);
            CHECK(r.tick->inputs == want, "judged %08X, want %08X", (unsigned)r.tick->inputs, (unsigned)want);
            CHECK(memcmp(&result, &r.tick->result, sizeof result) == 0,
                  "the core differs from the step in %s", fl_mode_word(before.mode));
            CHECK(!r.tick->vetoed && r.tick->verdict.broken == 0, "vetoed: %llX",
                  (unsigned long long)r.tick->verdict.broken);
            seen[fl_mode_index(before.mode)]++;
        }
        fl_interlock_core_free(r.core);
    }
    for (int m = 0; m < FL_MODE_COUNT; m++)
        CHECK(seen[m] > 50, "%s was met only %llu times", fl_mode_word(fl_modes[m]),
              (unsigned long long)seen[m]);
}

/* C2: each deadline to the microsecond: one before it nothing happens, at it the mode ends. */
/* hazards: H02 H07 H25 */
static void deadlines_are_exact(void)
{
    rig r = to_standby(1234567);
    CHECK(fl_interlock_core_deadline(r.core).us == INT64_MAX, "STANDBY has no deadline");
    r.in.cmd = FL_CMD_ARM_TREAT;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_ARMING, "armed");
    const int64_t ready_us = r.now_us + FL_T_ARM_US;
    CHECK(fl_interlock_core_deadline(r.core).us == ready_us, "T_ARM from the entry");
    while (r.now_us + FL_T_TICK_US < ready_us) {
        tick(&r, FL_T_TICK_US);
        CHECK(mode_of(&r) == FL_MODE_ARMING, "READY %lld us early", (long long)(ready_us - r.now_us));
        CHECK(fl_interlock_core_deadline(r.core).us == ready_us, "the deadline moved");
    }
    tick(&r, ready_us - 1 - r.now_us);
    CHECK(mode_of(&r) == FL_MODE_ARMING, "one microsecond early");
    tick(&r, 1);
    CHECK(mode_of(&r) == FL_MODE_READY, "at the deadline");
    const int64_t idle_us = r.now_us + FL_T_IDLE_US;
    while (r.now_us + FL_T_TICK_US < idle_us) tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_READY, "idle early");
    tick(&r, idle_us - r.now_us);
    CHECK(mode_of(&r) == FL_MODE_STANDBY && r.tick->causes == fl_reason_bit(FL_REASON_IDLE),
          "idle stands down");
    fl_interlock_core_free(r.core);
}

/* The period between grants: report, then T_GAP. At 7.7 Hz that is 129 870 us; above 20 Hz never less than 50
 * ms. */
/* hazards: H08 H38 */
static void grants_keep_their_distance(void)
{
    static const struct {
        uint64_t rate_mHz;
        int64_t gap_us;
    } rows[] = {{7700, 129870}, {20000, 50000}, {100000, 50000}, {10, 100000000},
                {3000, 333333}, {11, 90909090}, {22000, 50000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig r = to_standby(5);
        CHECK(fl_interlock_core_set_rate(r.core, rows[i].rate_mHz) == FL_OK, "rate %zu", i);
        fire(&r);
        CHECK(fl_interlock_core_set_rate(r.core, 1000) == FL_E_REFUSED, "a rate is not changed while armed");
        r.in.energy = FL_ENERGY_GOOD;
        tick(&r, FL_T_TICK_US);
        CHECK(fl_interlock_core_deadline(r.core).us == r.now_us + rows[i].gap_us, "%llu mHz: gap of %lld us",
              (unsigned long long)rows[i].rate_mHz,
              (long long)(fl_interlock_core_deadline(r.core).us - r.now_us));
        fl_interlock_core_free(r.core);
    }
    rig r = to_emit(0);
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_EMIT && !r.tick->result.outputs.token && r.tick->result.outputs.permit,
          "no second token");
    r.in.energy = FL_ENERGY_GOOD;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_GAP, "reported");
    const int64_t next_us = r.now_us + 129870;
    r.in.energy = FL_ENERGY_NONE;
    while (r.now_us + FL_T_TICK_US < next_us) tick(&r, FL_T_TICK_US);
    tick(&r, next_us - 1 - r.now_us);
    CHECK(mode_of(&r) == FL_MODE_GAP, "one microsecond early");
    tick(&r, 1);
    CHECK(mode_of(&r) == FL_MODE_EMIT && r.tick->result.outputs.token && r.tick->tokens == 2,
          "the second grant");
    fl_interlock_core_free(r.core);
}

/* No report of a pulse: a fault, no repetition, and the reset leads to the self-test. */
/* hazards: H11 */
static void a_missing_report_is_a_fault_at_its_deadline(void)
{
    rig r = to_emit(3);
    const int64_t report_us = r.now_us + FL_T_REPORT_US;
    while (r.now_us + FL_T_TICK_US < report_us) tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_EMIT, "early");
    tick(&r, report_us - r.now_us);
    CHECK(mode_of(&r) == FL_MODE_FAULT && r.tick->causes == fl_reason_bit(FL_REASON_PULSE_MISSING),
          "pulse missing: %llX", (unsigned long long)r.tick->causes);
    CHECK(!(fl_interlock_core_state(r.core).flags & FL_FLAG_SVC), "resettable");
    r.in.foot = FL_FOOT_RELEASED;
    r.in.sh_open = false;
    r.in.sh_closed = true;
    r.in.cmd = FL_CMD_RESET;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_SELFTEST, "reset leads to the self-test, not to STANDBY");
    fl_interlock_core_free(r.core);
}

/* Sleep, steps back, standing still and the end of time. */
/* hazards: H24 H25 H55 */
static void strange_clocks_are_bad_clocks(void)
{
    static const struct {
        const char *what;
        int64_t step_us;
        fl_mode want;
    } rows[] = {
        {"30 ms is believable", 30000, FL_MODE_EMIT},     {"30.001 ms is not", 30001, FL_MODE_FAULT},
        {"a second of sleep", 1000000, FL_MODE_FAULT},    {"standing still", 0, FL_MODE_EMIT},
        {"one microsecond backwards", -1, FL_MODE_FAULT}, {"an hour backwards", -3600000000, FL_MODE_FAULT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig r = to_emit(7200000000);
        const int64_t before = r.tick->now.us;
        tick(&r, rows[i].step_us);
        CHECK(mode_of(&r) == rows[i].want, "%s: %s", rows[i].what, fl_mode_word(mode_of(&r)));
        CHECK(r.tick->now.us >= before, "%s: time went back in the step", rows[i].what);
        CHECK(rows[i].want == FL_MODE_EMIT || r.tick->causes & fl_reason_bit(FL_REASON_CLOCK), "%s: cause",
              rows[i].what);
        fl_interlock_core_free(r.core);
    }
    /* In STANDBY a gap is the slow tick, not a fault; time past 2^62 us is no time. */
    rig r = to_standby(0);
    tick(&r, 100000);
    CHECK(r.tick->inputs >> FL_BIT_clock & 1, "cold ticks are 100 ms apart");
    const uint32_t frame = 9;
    fl_inputs in = good;
    const fl_core_tick *t =
        fl_interlock_core_tick(r.core, (fl_instant){INT64_MAX}, &in, frame, (fl_instant){0});
    CHECK(!(t->inputs >> FL_BIT_clock & 1) && t->now.us < INT64_MAX, "the end of time is not believed");
    fl_interlock_core_free(r.core);
}

static void bad_configurations_are_refused(void)
{
    static const struct {
        const char *what;
        int64_t arm_us;
        uint64_t rate_mHz;
        int64_t now_us;
        bool good;
    } rows[] = {{"2 s", 2000000, 1000, 0, true},
                {"just under 2 s", 1999999, 1000, 0, false},
                {"no warning", 0, 1000, 0, false},
                {"negative", -3000000, 1000, 0, false},
                {"one hour", 3600000000, 1000, 0, false},
                {"no rate", 3000000, 0, 0, false},
                {"1 kHz", 3000000, 1000000, 0, true},
                {"above", 3000000, 1000001, 0, false},
                {"negative time", 3000000, 1000, -1, false},
                {"late", 3000000, 1000, INT64_MAX, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_core_config config = fl_core_config_default();
        config.arm_us = rows[i].arm_us;
        config.rate_mHz = rows[i].rate_mHz;
        fl_interlock_core *core = NULL;
        const fl_status status = fl_interlock_core_new(&config, (fl_instant){rows[i].now_us}, &core, NULL);
        CHECK((status == FL_OK) == rows[i].good && (core != NULL) == rows[i].good, "%s: %s", rows[i].what,
              fl_status_name(status));
        fl_interlock_core_free(core);
    }
}

static uint64_t complaint;
static uint64_t wrong_serial;
static fl_interlock_verdict disagreeing(fl_interlock_state s, uint32_t w, fl_interlock_state n,
                                        fl_interlock_outputs o, uint64_t serial)
{
    fl_interlock_verdict v = fl_interlock_monitor(s, w, n, o, serial + wrong_serial);
    v.broken |= o.permit ? complaint : 0;
    return v;
}

/* A monitor that disagrees once, or answers for another tick, or is not there, takes the permit away in that
 * tick. */
/* hazards: H56 H57 */
static void a_veto_is_a_service_fault(void)
{
    fl_core_config config = fl_core_config_default();
    config.monitor = disagreeing;
    complaint = 1u << 4;
    wrong_serial = 0;
    rig r = {.in = good};
    CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &r.core, NULL) == FL_OK, "new");
    until(&r, FL_MODE_STANDBY, 4);
    r.in.cmd = FL_CMD_ARM_TREAT;
    until(&r, FL_MODE_READY, 320);
    r.in.foot = FL_FOOT_PRESSED;
    tick(&r, FL_T_TICK_US);
    r.in.sh_closed = false;
    r.in.sh_open = true;
    tick(&r, FL_T_TICK_US);
    CHECK(r.tick->vetoed && mode_of(&r) == FL_MODE_FAULT &&
              (fl_interlock_core_state(r.core).flags & FL_FLAG_SVC),
          "veto");
    CHECK(!r.tick->result.outputs.permit && !r.tick->result.outputs.token &&
              !r.tick->result.outputs.shutter_open,
          "off");
    CHECK(fl_interlock_core_permit(r.core) == NULL && r.tick->tokens == 0, "no permit after a veto");
    CHECK(r.tick->causes & fl_reason_bit(FL_REASON_VETO), "the record says so");
    fl_interlock_core_free(r.core);

    for (int missing = 0; missing < 2; missing++) {
        config.monitor = missing ? NULL : disagreeing;
        complaint = 0;
        wrong_serial = 1;
        rig q = {.in = good};
        CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &q.core, NULL) == FL_OK, "new");
        tick(&q, FL_T_TICK_US);
        CHECK(q.tick->vetoed && mode_of(&q) == FL_MODE_FAULT, "%s: no verdict of this tick is a veto",
              missing ? "no monitor" : "old verdict");
        fl_interlock_core_free(q.core);
    }
}

/* A permit is spent once, and stale 40 ms after its status was asked for. */
/* hazards: H18 H19 H29 */
static void a_permit_is_for_one_pulse_and_soon_stale(void)
{
    rig r = to_emit(0);
    fl_permit *permit = fl_interlock_core_permit(r.core);
    CHECK(permit && fl_permit_token(permit) == 1 && !fl_permit_is_for_calibration(permit),
          "the first permit");
    CHECK(permit && fl_permit_frame(permit) == r.frame, "it answers the newest frame");
    const int64_t asked_us = r.now_us - 2000;
    CHECK(fl_permit_is_good(permit, (fl_instant){asked_us + 39999}), "39.999 ms after asking");
    CHECK(!fl_permit_is_good(permit, (fl_instant){asked_us + 40000}), "40 ms after asking");
    CHECK(!fl_permit_is_good(permit, (fl_instant){asked_us - 1}), "before asking");
    CHECK(!fl_permit_is_good(NULL, (fl_instant){0}) && !fl_permit_spend(NULL, (fl_instant){0}),
          "nothing is no permit");

    tick(&r, FL_T_TICK_US); /* the permit moves to the newest frame and stays the same token */
    permit = fl_interlock_core_permit(r.core);
    CHECK(permit && fl_permit_frame(permit) == r.frame && fl_permit_token(permit) == 1, "moved, not renewed");
    CHECK(!fl_permit_spend(permit, (fl_instant){r.now_us + 38000}), "a stale permit is not spent");
    CHECK(fl_permit_spend(permit, (fl_instant){r.now_us}), "spent once");
    CHECK(!fl_permit_spend(permit, (fl_instant){r.now_us}), "and not twice");
    CHECK(fl_interlock_core_permit(r.core) == NULL, "nothing is left");
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_EMIT && fl_interlock_core_permit(r.core) == NULL,
          "nor after the next tick of EMIT");
    fl_interlock_core_free(r.core);

    r = to_emit(0);
    permit = fl_interlock_core_permit(r.core);
    r.in.remote = false; /* the door opens after the token, before the record is durable */
    tick(&r, FL_T_TICK_US);
    CHECK(!fl_permit_is_good(permit, (fl_instant){r.now_us}) &&
              !fl_permit_spend(permit, (fl_instant){r.now_us}),
          "a permit kept from the tick before is dead");
    fl_interlock_core_free(r.core);
}

/* Turning the power off clears no service fault. */
/* hazards: H04 */
static void a_latched_service_fault_is_shown_again_after_power_off(void)
{
    fl_core_config config = fl_core_config_default();
    config.svc = true;
    rig r = {.in = good};
    CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &r.core, NULL) == FL_OK, "new");
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_FAULT && fl_interlock_core_state(r.core).flags == FL_FLAG_SVC,
          "shown at once");
    CHECK(r.tick->causes == fl_reason_bit(FL_REASON_SERVICE), "with its cause: %llX",
          (unsigned long long)r.tick->causes);
    r.in.cmd = FL_CMD_RESET;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_FAULT, "an ordinary reset does not clear it");
    r.in.dual = false;
    r.in.cmd = FL_CMD_RESET_SERVICE;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_FAULT, "nor one person alone");
    r.in.dual = true;
    r.in.cmd = FL_CMD_RESET_SERVICE;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_SELFTEST && fl_interlock_core_state(r.core).flags == 0, "two persons do");
    fl_interlock_core_free(r.core);
}

/* The machine's memory as a stray write sees it: where the deadline of a core lies, found by its value. */
static uint8_t *bytes_of(fl_interlock_core *core, int64_t value)
{
    uint8_t *bytes = (uint8_t *)core;
    const size_t size = malloc_usable_size(core);
    for (size_t at = 0; at + sizeof value <= size; at++)
        if (memcmp(bytes + at, &value, sizeof value) == 0) return bytes + at;
    CHECK(false, "the value %lld is nowhere in the core", (long long)value);
    return NULL;
}

/* One flipped bit anywhere in the deadline or its complement, in EMIT and in FAULT: a service fault in the
 * next tick, all off, and the deadline is whole again, so that the fault can be reset. */
static void a_stray_write_to_the_deadline_is_a_service_fault(void)
{
    for (int bit = 0; bit < 256; bit++) {
        const bool complement = bit & 64, in_fault = bit & 128;
        rig r = to_emit(77);
        if (in_fault) {
            r.in.covers = false;
            tick(&r, FL_T_TICK_US);
            r.in = good;
        }
        const fl_interlock_state before = fl_interlock_core_state(r.core);
        const int64_t deadline_us = fl_interlock_core_deadline(r.core).us;
        bytes_of(r.core, complement ? ~deadline_us : deadline_us)[bit / 8 % 8] ^= (uint8_t)(1u << bit % 8);
        tick(&r, FL_T_TICK_US);
        const fl_interlock_outputs *o = &r.tick->result.outputs;
        CHECK(mode_of(&r) == FL_MODE_FAULT && fl_interlock_core_state(r.core).flags == FL_FLAG_SVC,
              "bit %d: %s", bit, fl_mode_word(mode_of(&r)));
        CHECK(!o->permit && !o->token && !o->shutter_open && !o->hv && !o->indicator, "bit %d: not off", bit);
        CHECK(fl_interlock_core_permit(r.core) == NULL, "bit %d: a permit is left", bit);
        CHECK(memcmp(&r.tick->before, &before, sizeof before) == 0, "bit %d: the record of what was before",
              bit);
        CHECK(r.tick->causes == fl_reason_bit(FL_REASON_CORRUPT) && !r.tick->vetoed, "bit %d: causes %llX",
              bit, (unsigned long long)r.tick->causes);
        CHECK(fl_interlock_core_deadline(r.core).us == INT64_MAX, "bit %d: the deadline is not repaired",
              bit);
        r.in = good;
        r.in.cmd = FL_CMD_RESET_SERVICE;
        tick(&r, FL_T_TICK_US);
        CHECK(mode_of(&r) == FL_MODE_SELFTEST, "bit %d: cannot be reset", bit);
        fl_interlock_core_free(r.core);
    }
}

/* The deadline each mode sets on entry, to the microsecond, and none where nothing ends by itself. */
static void every_mode_has_its_deadline(void)
{
    rig r = {.core = made(1000), .now_us = 1000, .in = good};
    CHECK(fl_interlock_core_deadline(r.core).us == INT64_MAX, "OFF, new");
    r.in.selftest = FL_SELFTEST_RUNNING;
    tick(&r, 10);
    CHECK(mode_of(&r) == FL_MODE_SELFTEST && fl_interlock_core_deadline(r.core).us == 1010 + 30000000,
          "T_SELF");
    r.in = good;
    until(&r, FL_MODE_STANDBY, 1);
    CHECK(fl_interlock_core_deadline(r.core).us == INT64_MAX, "STANDBY");
    r.in.cmd = FL_CMD_ARM_TREAT;
    until(&r, FL_MODE_READY, 320);
    r.in.foot = FL_FOOT_PRESSED;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_OPENING && fl_interlock_core_deadline(r.core).us == r.now_us + 200000,
          "T_OPEN");
    r.in.foot = FL_FOOT_RELEASED;
    r.in.sh_closed = false;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_CLOSING && fl_interlock_core_deadline(r.core).us == r.now_us + 150000,
          "T_CLOSE");
    r.in.key = false;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_OFF && fl_interlock_core_deadline(r.core).us == INT64_MAX, "OFF");
    fl_interlock_core_free(r.core);

    r = to_emit(0);
    r.in.covers = false;
    tick(&r, FL_T_TICK_US);
    CHECK(mode_of(&r) == FL_MODE_FAULT && fl_interlock_core_deadline(r.core).us == INT64_MAX, "FAULT");
    fl_interlock_core_free(r.core);
}

/* Time at its edges: before the moment of new, at the last instant believed, and as far back as a number
 * goes. */
static void time_has_edges(void)
{
    const int64_t latest = (int64_t)1 << 62;
    rig r = {.core = made(5000000), .now_us = 5000000, .in = good};
    tick(&r, -1);
    CHECK(!(r.tick->inputs >> FL_BIT_clock & 1) && r.tick->now.us == 5000000, "earlier than new is believed");
    fl_interlock_core_free(r.core);

    r = (rig){.core = made(latest - 7), .now_us = latest - 7, .in = good};
    tick(&r, 7);
    CHECK(r.tick->inputs >> FL_BIT_clock & 1 && r.tick->now.us == latest,
          "the latest instant is not believed");
    tick(&r, 1);
    CHECK(!(r.tick->inputs >> FL_BIT_clock & 1) && r.tick->now.us == latest, "an instant later is believed");
    fl_interlock_core_free(r.core);

    r = to_emit(0);
    fl_inputs in = r.in;
    r.tick = fl_interlock_core_tick(r.core, (fl_instant){INT64_MIN}, &in, 1, (fl_instant){0});
    CHECK(mode_of(&r) == FL_MODE_FAULT, "the beginning of time is believed");
    fl_interlock_core_free(r.core);
}

static void limits_are_exact_and_said(void)
{
    static const struct {
        const char *what, *says;
        int64_t arm_us;
        uint64_t rate_mHz;
        int64_t now_us;
        bool good;
    } rows[] = {
        {"60 s", "", 60000000, 1000, 0, true},
        {"a microsecond more", "60000001", 60000001, 1000, 0, false},
        {"a short warning", "1234567", 1234567, 1000, 0, false},
        {"10 mHz", "", 3000000, 10, 0, true},
        {"9 mHz", "9 mHz", 3000000, 9, 0, false},
        {"1000001 mHz", "1000001 mHz", 3000000, 1000001, 0, false},
        {"the latest start", "", 3000000, 1000, (int64_t)1 << 62, true},
        {"later", "clock", 3000000, 1000, ((int64_t)1 << 62) + 1, false},
        {"before 0", "clock", 3000000, 1000, -1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_core_config config = fl_core_config_default();
        config.arm_us = rows[i].arm_us;
        config.rate_mHz = rows[i].rate_mHz;
        fl_interlock_core *core = NULL;
        fl_error error = {0};
        const fl_status status = fl_interlock_core_new(&config, (fl_instant){rows[i].now_us}, &core, &error);
        CHECK(status == (rows[i].good ? FL_OK : FL_E_RANGE), "%s: %s", rows[i].what, fl_status_name(status));
        CHECK(rows[i].good || (error.status == FL_E_RANGE && strstr(error.what, rows[i].says)), "%s: '%s'",
              rows[i].what, error.what);
        fl_interlock_core_free(core);
    }
    const fl_core_config config = fl_core_config_default();
    CHECK(config.arm_us == 3000000 && config.rate_mHz == 1000 && !config.svc &&
              config.monitor == fl_interlock_monitor,
          "the defaults");
    rig r = to_standby(0);
    CHECK(fl_interlock_core_set_rate(r.core, 9) == FL_E_RANGE &&
              fl_interlock_core_set_rate(r.core, 0) == FL_E_RANGE &&
              fl_interlock_core_set_rate(r.core, 1000001) == FL_E_RANGE,
          "a rate out of range");
    fl_interlock_core_free(r.core);
}

/* The second grant: a new token, unspent, with the purpose of the session in it. */
static void each_token_is_a_new_permit(void)
{
    for (int calibrate = 0; calibrate < 2; calibrate++) {
        rig r = to_standby(0);
        r.in.dock = calibrate;
        r.in.cmd = calibrate ? FL_CMD_ARM_CAL : FL_CMD_ARM_TREAT;
        until(&r, FL_MODE_READY, 320);
        r.in.foot = FL_FOOT_PRESSED;
        tick(&r, FL_T_TICK_US);
        r.in.sh_closed = false;
        r.in.sh_open = true;
        for (uint64_t token = 1; token <= 3; token++) {
            until(&r, FL_MODE_EMIT, 20);
            fl_permit *permit = fl_interlock_core_permit(r.core);
            CHECK(permit && fl_permit_token(permit) == token, "token %d", (int)token);
            CHECK(permit && fl_permit_is_for_calibration(permit) == (calibrate == 1), "purpose");
            CHECK(fl_permit_is_good(permit, (fl_instant){r.now_us - 2000}),
                  "good from the instant of asking");
            CHECK(fl_permit_spend(permit, (fl_instant){r.now_us}), "spent");
            r.in.energy = FL_ENERGY_GOOD;
            tick(&r, FL_T_TICK_US);
            CHECK(mode_of(&r) == FL_MODE_GAP && fl_interlock_core_permit(r.core) == NULL, "reported");
            r.in.energy = FL_ENERGY_NONE;
        }
        fl_interlock_core_free(r.core);
    }
}

/* A veto adds its cause to the others, and lasts for one tick: what follows is the fault it left. */
static void a_veto_keeps_the_causes_and_ends(void)
{
    fl_core_config config = fl_core_config_default();
    config.monitor = disagreeing;
    complaint = wrong_serial = 0;
    rig r = {.in = good};
    CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &r.core, NULL) == FL_OK, "new");
    until(&r, FL_MODE_STANDBY, 4);
    fire(&r);
    wrong_serial = 1;
    r.in.coolant = false;
    tick(&r, FL_T_TICK_US);
    CHECK(r.tick->vetoed &&
              r.tick->causes == (fl_reason_bit(FL_REASON_VETO) | fl_reason_bit(FL_REASON_COOLANT)),
          "causes %llX", (unsigned long long)r.tick->causes);
    wrong_serial = 0;
    tick(&r, FL_T_TICK_US);
    CHECK(!r.tick->vetoed && mode_of(&r) == FL_MODE_FAULT, "the veto lasts");
    fl_interlock_core_free(r.core);

    config.monitor = NULL;
    rig q = {.in = good};
    CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &q.core, NULL) == FL_OK, "new");
    tick(&q, FL_T_TICK_US);
    CHECK(q.tick->vetoed && q.tick->verdict.serial == 0 && q.tick->verdict.broken == 0,
          "no monitor, no verdict");
    fl_interlock_core_free(q.core);
}

/* Asking without a core, a configuration or a place for the answer is our own bug and stops the process. */
static void nothing_is_no_core(void)
{
    for (int i = 0; i < 4; i++) {
        fflush(NULL);
        const pid_t child = fork();
        if (child == 0) {
            const fl_core_config config = fl_core_config_default();
            fl_interlock_core *core = NULL;
            const int nothing = open("/dev/null", O_WRONLY);
            dup2(nothing, 2);
            unsetenv("FL_ASSERT_ABORT");
            if (i == 0) (void)!fl_interlock_core_new(NULL, (fl_instant){0}, &core, NULL);
            if (i == 1) (void)!fl_interlock_core_new(&config, (fl_instant){0}, NULL, NULL);
            if (i == 2) fl_interlock_core_tick(NULL, (fl_instant){0}, &good, 1, (fl_instant){0});
            if (i == 3) fl_interlock_core_tick(made(0), (fl_instant){0}, NULL, 1, (fl_instant){0});
            _exit(0);
        }
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 70,
              "row %d went on", i);
    }
}

/* Memory: refused when there is none, given back when it is freed. The sanitizers bring an allocator of their
 * own and look for leaks themselves. */
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
static bool no_memory;
void *__libc_calloc(size_t count, size_t size);
void *calloc(size_t count, size_t size)
{
    return no_memory ? NULL : __libc_calloc(count, size);
}

static void memory_is_asked_for_and_given_back(void)
{
    const fl_core_config config = fl_core_config_default();
    fl_interlock_core *core = NULL;
    fl_error error = {0};
    no_memory = true;
    const fl_status status = fl_interlock_core_new(&config, (fl_instant){0}, &core, &error);
    no_memory = false;
    CHECK(status == FL_E_MEMORY && error.status == FL_E_MEMORY && !core, "without memory: %s",
          fl_status_name(status));
    const size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 100; i++) {
        CHECK(fl_interlock_core_new(&config, (fl_instant){0}, &core, NULL) == FL_OK, "new");
        fl_interlock_core_free(core);
    }
    CHECK(mallinfo2().uordblks == before, "%zu bytes are kept", mallinfo2().uordblks - before);
    fl_interlock_core_free(NULL);
}
#else
static void memory_is_asked_for_and_given_back(void)
{
    fl_interlock_core_free(NULL);
}
#endif

FL_TESTS("interlock/core", TEST(the_core_is_the_step_with_a_clock), TEST(deadlines_are_exact),
         TEST(every_mode_has_its_deadline), TEST(grants_keep_their_distance),
         TEST(a_missing_report_is_a_fault_at_its_deadline), TEST(strange_clocks_are_bad_clocks),
         TEST(time_has_edges), TEST(bad_configurations_are_refused), TEST(limits_are_exact_and_said),
         TEST(a_veto_is_a_service_fault), TEST(a_veto_keeps_the_causes_and_ends),
         TEST(a_permit_is_for_one_pulse_and_soon_stale), TEST(each_token_is_a_new_permit),
         TEST(a_latched_service_fault_is_shown_again_after_power_off),
         TEST(a_stray_write_to_the_deadline_is_a_service_fault), TEST(nothing_is_no_core),
         TEST(memory_is_asked_for_and_given_back))
