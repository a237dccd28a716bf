/* labels: unit replay fault   timeout: 120 */
#include "check.h"

#include "helper_device.h"
#include "helper_vectors.h"
#include "helper_world.h"

/* For the newest STAT that the test has looked at. */
static fl_permit *make_permit(permits *p, world *w)
{
    return permits_make(p, (fl_instant){w->now_us}, w->status.stat_number, w->status.stat_asked);
}

/* ---- the page's own conversation ---- */

static void says(world *w, size_t index)
{
    fl_gl1_speak(&w->link);
    CHECK(strcmp(w->sent, vectors[index].line) == 0, "vector %zu\n want %s\n  got %s", index,
          vectors[index].line, w->sent);
}

static void hears(world *w, const char *line)
{
    char bytes[WORLD_LINE];
    memset(w->flying, 0, sizeof w->flying); /* nobody but the script answers */
    snprintf(bytes, sizeof bytes, "%s\r\n", line);
    world_say_to_host(w, bytes);
    w->now_us += 1500;
    fl_gl1_listen(&w->link);
    fl_gl1_look(&w->link, &w->status);
}

/* Section 12: with its random numbers, its device and its orders, the host says exactly the page's bytes. */
static void host_speaks_the_vectors(void)
{
    world w;
    world_init(&w, &world_expected, 1);
    w.nonces[0] = 0x13579BDF;
    world_listen_to(&w, &world_expected); /* starts at number 3E8 */
    says(&w, 0);
    hears(&w, vectors[1].line);
    CHECK(w.status.phase == FL_GL1_OPEN && w.status.session == 0x373F373F, "session %08X", w.status.session);
    CHECK(fl_gl1_set(&w.link, &world_settings, &w.error) == FL_OK, "%s", w.error.what);
    says(&w, 2);
    hears(&w, vectors[3].line);
    CHECK(w.status.settings_state == FL_SETTINGS_VERIFIED && w.status.settings_digest == 0x22F6FCB6,
          "read back");
    CHECK(fl_gl1_commit(&w.link, world_plan, &w.error) == FL_OK, "%s", w.error.what);
    says(&w, 4);
    hears(&w, vectors[5].line);
    CHECK(w.status.settings_state == FL_SETTINGS_COMMITTED && w.status.stat.pulses == 0x12344, "committed");
    CHECK(fl_gl1_arm(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    says(&w, 6);
    hears(&w, vectors[7].line);
    says(&w, 8);
    char line[WORLD_LINE];
    device_frame(&w.device, 0x373F373F, 0x3ED,
                 "STAT st=2 in=000E1BFF hp=21 sp=4000 k=0000000000012344 ln=00012344 g=0000000000000122 en=0 "
                 "ep=00000003 ca=00000000 gap=0 t=00000070",
                 line);
    line[strlen(line) - 1] = 0;
    hears(&w, line);
    CHECK(w.status.result == FL_RESULT_DONE && w.status.stat.state == FL_DEVICE_WARN, "armed");

    w.now_us += 10000;
    w.link.number = 0x4AF; /* the page skips the polls of three seconds */
    w.link.now.stat.state = FL_DEVICE_READY;
    fl_gl1_shutter(&w.link, true);
    says(&w, 9);
    hears(&w, vectors[10].line);
    permits p;
    fl_permit *permit = make_permit(&p, &w);
    fl_gl1_pulse pulse = world_pulse(&w, 0x123);
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_OK, "%s", w.error.what);
    CHECK_TEXT(w.sent, vectors[11].line, "the grant");
    hears(&w, vectors[12].line);
    CHECK(w.status.outcome == FL_GRANT_ACCEPTED && w.status.stat.pulse_energy_uJ == 196000, "accepted");
    permits_fini(&p);

    permit = make_permit(&p, &w); /* the page sends number 123 again; this host never does */
    pulse.pulses++;
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_REFUSED,
          "an old number went through the door");
    permits_fini(&p);
    w.link.number = 0x4B2;
    fl_gl1_stop(&w.link);
    says(&w, 15);
    CHECK(w.resends == 0 && w.grants == 1, "%u grants, %u of them again", w.grants, w.resends);
}

/* ---- talking to a device ---- */

static void from_hello_to_pulse(void)
{
    world w;
    world_init(&w, &world_expected, 2);
    CHECK(world_open(&w) && w.status.watch == FL_GL1_EXPECTED, "%s", fl_gl1_watch_text(w.status.watch));
    CHECK_TEXT(w.status.hello.uid, "SIM-00042", "who");
    CHECK(world_ready(&w), "READY with shutters open: %s", w.error.what);
    permits p;
    fl_permit *permit = make_permit(&p, &w);
    const fl_gl1_pulse pulse = world_pulse(&w, 0x200);
    while (w.link.asked) world_ms(&w, 1);
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_OK, "%s", w.error.what);
    CHECK(w.link.now.outcome == FL_GRANT_WAITING, "the answer may still come");
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_BUSY, "one at a time");
    world_ms(&w, 5);
    CHECK(w.status.outcome == FL_GRANT_ACCEPTED, "%s", fl_gl1_outcome_text(w.status.outcome));
    CHECK(w.device.pulses == 1 && world_fired(&w, 0x200) && w.device.k == 0x12345, "%u pulses",
          w.device.pulses);
    while (w.link.asked) world_ms(&w, 1);
    const fl_gl1_pulse next = world_pulse(&w, 0x201);
    CHECK(fl_gl1_grant(&w.link, permit, &next, &w.error) == FL_E_REFUSED, "a spent permit");
    CHECK(w.grants == 1, "no byte left");
    permits_fini(&p);
}

/* Polls come every 10 ms when hot, every 40 when cold, and 99 % of them are answered in time on a quiet wire.
 */
static void rhythm_of_polls(void)
{
    world w;
    world_init(&w, &world_expected, 3);
    CHECK(world_commit(&w), "%s", w.error.what);
    unsigned before = w.lines_sent;
    world_ms(&w, 1000);
    CHECK(w.lines_sent - before == 25, "%u polls in a cold second", w.lines_sent - before);
    CHECK(world_ready(&w), "%s", w.error.what);
    before = w.lines_sent;
    world_ms(&w, 1000);
    CHECK(w.lines_sent - before == 100, "%u polls in a hot second", w.lines_sent - before);
    CHECK(w.status.counters.missed == 0 && w.status.counters.stray == 0 && w.status.counters.bad == 0,
          "a quiet wire");
    CHECK(w.device.st == 3, "the device stayed READY");
}

/* A real tick does not begin and end in the same microsecond: a caller on the 10 ms grid, 30 us late
 * with every second tick, still polls a hundred times a second. */
static void rhythm_of_polls_with_a_trembling_tick(void)
{
    world w;
    world_init(&w, &world_expected, 3);
    CHECK(world_commit(&w) && world_ready(&w), "%s", w.error.what);
    const unsigned before = w.lines_sent;
    for (int i = 0; i < 100; i++) {
        world_pass(&w, i % 2 ? 9970 : 10030);
        fl_gl1_tick(&w.link);
    }
    const unsigned polls = w.lines_sent - before;
    CHECK(polls >= 95, "%u polls in a hot second", polls);
}

/* What is lost comes back as LOST, never as done, and may be ordered again. */
static void orders_that_are_lost(void)
{
    static const struct {
        const char *verb;
        bool deaf;
    } rows[] = {
        {"SET", true},  {"SET", false},  {"COMMIT", true}, {"COMMIT", false},
        {"ARM?", true}, {"ARM?", false}, {"ARM", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        world_init(&w, &world_expected, 40 + i);
        CHECK(world_open(&w), "session");
        if (rows[i].deaf)
            w.device.deaf_verb = rows[i].verb;
        else
            w.device.mute_verb = rows[i].verb;
        if (world_commit(&w) && fl_gl1_arm(&w.link, &w.error) == FL_OK) world_ms(&w, 100);
        CHECK(w.status.result == FL_RESULT_LOST, "%s %s: result %d", rows[i].verb,
              rows[i].deaf ? "lost" : "unanswered", (int)w.status.result);
        CHECK(w.status.counters.missed == 1, "%s: %llu missed", rows[i].verb,
              (unsigned long long)w.status.counters.missed);
        w.device.deaf_verb = w.device.mute_verb = NULL;
        CHECK(world_ready(&w), "%s: ordered again: %s", rows[i].verb, w.error.what);
        CHECK(w.status.counters.sessions == 1, "%s: the session survived", rows[i].verb);
    }
}

static void lost_hello_is_said_again(void)
{
    world w;
    world_init(&w, &world_expected, 5);
    w.device.deaf_verb = "HELLO";
    world_ms(&w, 1000);
    CHECK(w.status.phase == FL_GL1_GREETING && w.lines_sent == 5, "%u HELLOs in a second", w.lines_sent);
    CHECK(fl_gl1_get(&w.link, &w.error) == FL_E_GONE, "no orders without a session");
    w.device.deaf_verb = NULL;
    CHECK(world_open(&w), "and then it is heard");
}

/* Doubled and late answers. */
/* hazards: H18 H21 */
static void twins_and_latecomers_change_nothing(void)
{
    world w;
    world_init(&w, &world_expected, 6);
    w.twice = 1;
    CHECK(world_ready(&w), "every line twice, both ways: %s", w.error.what);
    CHECK(w.status.counters.stray > 50 && w.status.counters.bad == 0, "%llu strays, %llu bad",
          (unsigned long long)w.status.counters.stray, (unsigned long long)w.status.counters.bad);
    w.twice = 0;
    w.wire_us = 60000; /* answers come 120 ms after the question: every one too late */
    const unsigned long long missed = w.status.counters.missed;
    world_ms(&w, 149);
    CHECK(!w.status.link, "an answer after 50 ms is no answer");
    CHECK(w.status.counters.missed >= missed + 2 && w.status.counters.bad == 0,
          "counted as missed, not as bad");
}

/* Without an answer nothing is believed any longer than that. */
/* hazards: H18 H19 */
static void silence_is_link_lost_after_100_ms(void)
{
    world w;
    world_init(&w, &world_expected, 7);
    CHECK(world_ready(&w), "%s", w.error.what);
    while (w.link.asked) world_ms(&w, 1);
    w.device.mute = true;
    const int64_t asked_us = w.status.stat_asked.us;
    fl_gl1_shutter(&w.link, true);
    while (w.now_us < asked_us + 100000) {
        CHECK(w.status.link, "lost after %lld us", (long long)(w.now_us - asked_us));
        world_ms(&w, 1);
    }
    world_ms(&w, 1);
    CHECK(!w.status.link && !w.link.shutter, "100 ms after it was asked for, a STAT is not believed");
    CHECK(w.status.stat_age.us > 100000, "age %lld us", (long long)w.status.stat_age.us);
    world_ms(&w, 150);
    CHECK(w.status.phase == FL_GL1_GREETING, "four misses end the session");
    CHECK(w.status.settings_state == FL_SETTINGS_CHANGED, "and with it the commitment");
    w.device.mute = false;
    CHECK(world_open(&w) && w.status.counters.sessions == 2, "a new one begins by itself");
    CHECK(w.status.stat.state == FL_DEVICE_STBY && fl_gl1_arm(&w.link, &w.error) == FL_E_REFUSED,
          "nothing resumes");
}

static void a_device_that_forgot_us(void)
{
    world w;
    world_init(&w, &world_expected, 8);
    CHECK(world_ready(&w), "%s", w.error.what);
    device_hear(&w, "!", 1);
    world_ms(&w, 300);
    CHECK(w.status.counters.sessions == 2 && w.status.stat.state == FL_DEVICE_STBY,
          "session over, new session");
    CHECK(w.status.settings_state == FL_SETTINGS_CHANGED, "uncommitted");
    world_ms(&w, 3000);
    CHECK(w.device.st == 1, "and it stays in STBY");
}

/* ---- settings ---- */

/* A laser that reads back one value wrong is not committed to. */
/* hazards: H17 H20 */
static void every_value_is_compared(void)
{
    for (int bad = 1; bad <= 5; bad++) {
        world w;
        world_init(&w, &world_expected, 90 + (uint64_t)bad);
        w.device.spoil_shadow = bad;
        CHECK(!world_commit(&w), "value %d of SHDW was not compared", bad);
        CHECK(w.status.result == FL_RESULT_MISMATCH, "value %d: result %d", bad, (int)w.status.result);
        CHECK(w.status.settings_state != FL_SETTINGS_VERIFIED, "value %d: verified", bad);
        CHECK(fl_gl1_commit(&w.link, world_plan, &w.error) == FL_E_REFUSED, "value %d: COMMIT went through",
              bad);
        CHECK(!w.device.committed, "value %d: the device has a commitment", bad);
    }
    world w;
    world_init(&w, &world_expected, 96);
    CHECK(world_open(&w), "session");
    const fl_gl1_settings hot = {400001, 10000, 4000, 1064};
    CHECK(fl_gl1_set(&w.link, &hot, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.result == FL_RESULT_REFUSED && w.status.reason == FL_NAK_RANGE, "out of range: %s",
          fl_nak_text(w.status.reason));
    CHECK(w.status.settings_state == FL_SETTINGS_UNKNOWN,
          "after a refused SET the settings are unknown here");
}

/* Somebody turns the knob between check and COMMIT, in standby, and when armed. */
/* hazards: H17 */
static void an_edit_at_any_moment_undoes_the_commitment(void)
{
    world w;
    world_init(&w, &world_expected, 10);
    w.device.edit_after_shadow = true; /* the knob turns between SHDW and COMMIT */
    CHECK(!world_commit(&w), "committed over an edit");
    CHECK(w.status.settings_state == FL_SETTINGS_CHANGED, "state %d", (int)w.status.settings_state);
    CHECK(w.status.reason == FL_NAK_EPOCH || w.status.result == FL_RESULT_MISMATCH, "the device said EPOCH");
    CHECK(world_commit(&w), "set again: %s", w.error.what);
    device_edit(&w.device); /* in STBY, committed */
    world_ms(&w, 60);
    CHECK(w.status.settings_state == FL_SETTINGS_CHANGED, "seen in the next STAT");
    CHECK(fl_gl1_arm(&w.link, &w.error) == FL_E_REFUSED, "ARM over an edit");
    CHECK(world_ready(&w), "%s", w.error.what);
    device_edit(&w.device); /* in READY */
    world_ms(&w, 20);
    CHECK(w.status.settings_state == FL_SETTINGS_CHANGED && w.status.stat.state == FL_DEVICE_STBY, "dropped");
    permits p;
    fl_permit *permit = make_permit(&p, &w);
    const fl_gl1_pulse pulse = world_pulse(&w, 0x300);
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_REFUSED && !w.grants,
          "a grant over an edit");
    permits_fini(&p);
}

static void get_shows_the_devices_own_numbers(void)
{
    world w;
    world_init(&w, &world_expected, 11);
    CHECK(world_commit(&w), "%s", w.error.what);
    CHECK(fl_gl1_get(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.settings_state == FL_SETTINGS_COMMITTED, "an equal GET keeps the commitment");
    w.device.EN = 123;
    device_edit(&w.device);
    CHECK(fl_gl1_get(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.settings_state == FL_SETTINGS_READ && w.status.settings.energy_uJ == 123,
          "as the device has it");
}

/* ---- who is there ---- */

/* Another serial number, firmware, ability or time: no order at all is sent. */
/* hazards: H22 H23 */
static void another_device_is_only_watched(void)
{
    static const struct {
        const char *what;
        fl_gl1_watch why;
    } rows[] = {
        {"uid", FL_GL1_OTHER_UID},          {"fw", FL_GL1_OTHER_FIRMWARE},    {"cap", FL_GL1_OTHER_ABILITY},
        {"grant life", FL_GL1_OTHER_TIMES}, {"watchdog", FL_GL1_OTHER_TIMES}, {"warning", FL_GL1_OTHER_TIMES},
        {"nobody said", FL_GL1_NOT_TOLD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        world_init(&w, i == 6 ? NULL : &world_expected, 120 + i);
        if (i == 0) strcpy(w.device.uid, "SIM-00043");
        if (i == 1) strcpy(w.device.fw, "1.1");
        if (i == 2) w.device.cap = 0x3F;
        if (i == 3) w.device.ga = 41;
        if (i == 4) w.device.wd = 101;
        if (i == 5) w.device.wa = 1999;
        CHECK(world_open(&w) && w.status.watch == rows[i].why, "%s: %s", rows[i].what,
              fl_gl1_watch_text(w.status.watch));
        const uint8_t root[FL_ROOT_SIZE] = {1};
        CHECK(fl_gl1_set(&w.link, &world_settings, &w.error) == FL_E_REFUSED, "%s: SET", rows[i].what);
        w.link.now.settings_state = FL_SETTINGS_VERIFIED;
        CHECK(fl_gl1_commit(&w.link, world_plan, &w.error) == FL_E_REFUSED, "%s: COMMIT", rows[i].what);
        w.link.now.settings_state = FL_SETTINGS_COMMITTED;
        CHECK(fl_gl1_arm(&w.link, &w.error) == FL_E_REFUSED, "%s: ARM", rows[i].what);
        CHECK(fl_gl1_reset(&w.link, 1, &w.error) == FL_E_REFUSED, "%s: RESET", rows[i].what);
        CHECK(fl_gl1_anchor_set(&w.link, 1, root, &w.error) == FL_E_REFUSED, "%s: ANCHOR", rows[i].what);
        permits p;
        fl_permit *permit = make_permit(&p, &w);
        w.link.now.stat.state = FL_DEVICE_READY;
        const fl_gl1_pulse pulse = world_pulse(&w, 0x300);
        CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_REFUSED, "%s: GRANT", rows[i].what);
        permits_fini(&p);
        fl_gl1_shutter(&w.link, true);
        world_ms(&w, 50);
        CHECK(strstr(w.sent, "POLL sh=0"), "%s: %s", rows[i].what, w.sent);
        CHECK(fl_gl1_get(&w.link, &w.error) == FL_OK, "%s: looking is allowed", rows[i].what);
        world_ms(&w, 10);
        CHECK(w.status.result == FL_RESULT_DONE && w.device.ep == 2, "%s: epoch untouched", rows[i].what);
    }
}

/* What is not simulated gets nothing but a goodbye there. */
/* hazards: H22 */
static void a_real_device_on_a_pty_is_turned_away(void)
{
    world w;
    world_init(&w, &world_expected, 13);
    w.carrier.simulated_only = true;
    CHECK(world_open(&w), "SIM-00042 is welcome");
    world_init(&w, &world_expected, 14);
    w.carrier.simulated_only = true;
    strcpy(w.device.uid, "00042-SIM");
    world_ms(&w, 50);
    CHECK(w.status.phase == FL_GL1_REJECTED && !fl_carrier_is_open(&w.carrier), "rejected and closed");
    CHECK(strcmp(w.sent, "!") == 0, "the last thing said is '!': %s", w.sent);
    const unsigned lines = w.lines_sent;
    world_ms(&w, 1000);
    CHECK(w.lines_sent == lines, "and then nothing more");
}

/* ---- grants ---- */

static const char *const reasons[] = {"SYN",   "STATE",  "RANGE", "EPOCH", "DIG",  "CHAL",
                                      "ILK",   "FOOT",   "SHUT",  "OLD",   "AGE",  "PLAN",
                                      "COUNT", "ENERGY", "SPOT",  "DOCK",  "RATE", "VERB"};

static void every_refusal_is_named(void)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        world w;
        world_init(&w, &world_expected, 150 + i);
        CHECK(world_ready(&w), "%s", w.error.what);
        while (w.link.asked) world_ms(&w, 1);
        permits p;
        fl_permit *permit = make_permit(&p, &w);
        const fl_gl1_pulse pulse = world_pulse(&w, 0x400);
        w.device.RR = i == 16 ? 1 : w.device.RR;
        w.device.pulse_us = w.now_us;
        w.device.nak = reasons[i];
        w.device.nak_verb = "GRANT";
        w.device.foot = false; /* so that it does not fire while it says no */
        CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_OK, "%s", w.error.what);
        world_ms(&w, 5);
        CHECK(w.status.outcome == FL_GRANT_NAKED && w.status.grant_reason == (fl_nak)(i + 1), "%s read as %s",
              reasons[i], fl_nak_name(w.status.grant_reason));
        CHECK(!w.device.pulses && w.grants == 1, "%s: no pulse, and no second try", reasons[i]);
        world_ms(&w, 100);
        CHECK(w.grants == 1, "%s: sent again", reasons[i]);
        permits_fini(&p);
    }
}

/* No answer: unknown, until a STAT sampled more than 40 ms after the one the grant answered. */
/* hazards: H11 */
static void unknown_until_the_counter_is_read(void)
{
    for (int fires = 0; fires <= 1; fires++) {
        world w;
        world_init(&w, &world_expected, 170 + (uint64_t)fires);
        CHECK(world_ready(&w), "%s", w.error.what);
        while (w.link.asked) world_ms(&w, 1);
        permits p;
        fl_permit *permit = make_permit(&p, &w);
        const fl_gl1_pulse pulse = world_pulse(&w, 0x500);
        if (fires)
            w.device.mute_verb = "GRANT";
        else
            w.device.deaf_verb = "GRANT";
        const int64_t sampled_us = w.status.stat_asked.us;
        CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_OK, "%s", w.error.what);
        world_ms(&w, 49);
        CHECK(w.status.outcome == FL_GRANT_WAITING, "still waiting");
        world_ms(&w, 1);
        CHECK(w.status.outcome == FL_GRANT_UNKNOWN, "%s", fl_gl1_outcome_text(w.status.outcome));
        CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_BUSY,
              "an unresolved grant holds the door");
        for (int i = 0; i < 100 && w.status.outcome == FL_GRANT_UNKNOWN; i++) world_ms(&w, 1);
        CHECK(w.status.stat_asked.us - sampled_us > 40000, "believed %lld us after",
              (long long)(w.status.stat_asked.us - sampled_us));
        CHECK(w.status.outcome == (fires ? FL_GRANT_FOUND_FIRED : FL_GRANT_FOUND_UNFIRED), "fires %d: %s",
              fires, fl_gl1_outcome_text(w.status.outcome));
        CHECK((int)w.device.pulses == fires && w.grants == 1, "%u pulses", w.device.pulses);
        permits_fini(&p);
    }
}

/* The counter moved while the grant was unknown, then the session died too: the next session tells. */
/* hazards: H04 H11 */
static void unknown_across_a_new_session(void)
{
    world w;
    world_init(&w, &world_expected, 18);
    CHECK(world_ready(&w), "%s", w.error.what);
    while (w.link.asked) world_ms(&w, 1);
    permits p;
    fl_permit *permit = make_permit(&p, &w);
    const fl_gl1_pulse pulse = world_pulse(&w, 0x600);
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_OK, "%s", w.error.what);
    w.device.mute = true;
    world_ms(&w, 300);
    CHECK(w.status.outcome == FL_GRANT_UNKNOWN && w.status.phase == FL_GL1_GREETING, "nobody answers");
    w.device.mute = false;
    CHECK(world_open(&w), "new session");
    CHECK(w.status.outcome == FL_GRANT_FOUND_FIRED && w.device.k == 0x12345, "%s",
          fl_gl1_outcome_text(w.status.outcome));
    w.link.now.outcome = FL_GRANT_UNKNOWN;
    w.device.k += 5; /* light that nobody here granted */
    world_ms(&w, 50);
    CHECK(w.status.outcome == FL_GRANT_FOUND_ODD, "%s", fl_gl1_outcome_text(w.status.outcome));
    permits_fini(&p);
}

/* An old number, another counter, epoch, energy, spot or plan, no permit or a stale one: no grant on the
 * wire. */
/* hazards: H14 H17 H21 */
static void the_door_refuses(void)
{
    // clang-format off
    static const struct { const char *what; fl_status status; } rows[] = {
        { "nothing wrong", FL_OK }, { "old grant number", FL_E_REFUSED }, { "counter ahead", FL_E_REFUSED },
        { "counter behind", FL_E_REFUSED }, { "another epoch", FL_E_REFUSED }, { "another energy", FL_E_REFUSED },
        { "another spot", FL_E_REFUSED }, { "another plan", FL_E_REFUSED }, { "no permit", FL_E_REFUSED },
        { "a stale permit", FL_E_REFUSED }, { "STOP on its way", FL_E_REFUSED }, { "request outstanding", FL_E_BUSY },
        { "permit of a foreign STAT", FL_E_REFUSED }, { "device in STBY", FL_E_REFUSED },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        world_init(&w, &world_expected, 200 + i);
        CHECK(world_ready(&w), "%s", w.error.what);
        while (w.link.asked) world_ms(&w, 1);
        if (i == 12) w.status.stat_number += 7;
        permits p;
        fl_permit *permit = make_permit(&p, &w);
        fl_gl1_pulse pulse = world_pulse(&w, 0x700);
        if (i == 1) pulse.grant = 0x122;
        if (i == 2) pulse.pulses++;
        if (i == 3) pulse.pulses--;
        if (i == 4) pulse.epoch++;
        if (i == 5) pulse.energy_uJ++;
        if (i == 6) pulse.spot_um = 3000;
        if (i == 7) pulse.plan[15] ^= 1;
        if (i == 8) permit = NULL;
        if (i == 9) world_pass(&w, 40000);
        if (i == 10) fl_gl1_stop(&w.link);
        if (i == 11) world_pass(&w, 10000), fl_gl1_speak(&w.link);
        if (i == 13) w.device.door_open = true, world_ms(&w, 12);
        while (i == 13 && w.link.asked) world_ms(&w, 1);
        const fl_status status = fl_gl1_grant(&w.link, permit, &pulse, &w.error);
        CHECK(status == rows[i].status, "%s: %s, %s", rows[i].what, fl_status_name(status), w.error.what);
        CHECK(w.grants == (i == 0), "%s: %u grants on the wire", rows[i].what, w.grants);
        permits_fini(&p);
    }
}

/* A line that takes nothing sends nothing; one that takes a part leaves the outcome to the counter. */
/* hazards: H11 */
static void a_clogged_line(void)
{
    static const struct {
        size_t most;
        fl_status status;
        fl_gl1_outcome after;
    } rows[] = {
        {0, FL_E_IO, FL_GRANT_NONE},
        {60, FL_OK, FL_GRANT_FOUND_UNFIRED},
        {1, FL_OK, FL_GRANT_FOUND_UNFIRED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        world_init(&w, &world_expected, 230 + i);
        CHECK(world_ready(&w), "%s", w.error.what);
        while (w.link.asked) world_ms(&w, 1);
        permits p;
        fl_permit *permit = make_permit(&p, &w);
        const fl_gl1_pulse pulse = world_pulse(&w, 0x800);
        w.accept_most = rows[i].most;
        const fl_status status = fl_gl1_grant(&w.link, permit, &pulse, &w.error);
        CHECK(status == rows[i].status, "%zu bytes: %s", rows[i].most, fl_status_name(status));
        w.accept_most = SIZE_MAX;
        world_ms(&w, 120);
        CHECK(w.status.outcome == rows[i].after, "%zu bytes: %s", rows[i].most,
              fl_gl1_outcome_text(w.status.outcome));
        CHECK(w.device.pulses == 0 && w.status.link, "%zu bytes: no pulse, and the talk goes on",
              rows[i].most);
        permits_fini(&p);
    }
}

/* The line is gone while a grant is written: the outcome is unknown, and no order follows. */
/* hazards: H19 */
static void a_hang_up_is_the_end(void)
{
    world w;
    world_init(&w, &world_expected, 24);
    CHECK(world_ready(&w), "%s", w.error.what);
    while (w.link.asked) world_ms(&w, 1);
    permits p;
    fl_permit *permit = make_permit(&p, &w);
    const fl_gl1_pulse pulse = world_pulse(&w, 0x900);
    w.hung_up = true;
    CHECK(fl_gl1_grant(&w.link, permit, &pulse, &w.error) == FL_E_GONE, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.phase == FL_GL1_GONE && !w.status.link && w.status.outcome == FL_GRANT_UNKNOWN,
          "gone, unknown");
    CHECK(fl_gl1_set(&w.link, &world_settings, &w.error) == FL_E_GONE, "no order either");
    permits_fini(&p);
}

/* ---- disturbance ---- */

static void disturb(world *w, unsigned lines)
{
    for (unsigned i = 0; i < lines; i++) {
        world_say_to_host(w, "<373F373F000004B3 NOISE*00000000\n");
        world_ms(w, 3);
    }
}

/* The laser is stood down until a person has seen it. */
/* hazards: H20 */
static void eleven_bad_frames_an_hour_while_armed(void)
{
    world w;
    world_init(&w, &world_expected, 25);
    CHECK(world_commit(&w), "%s", w.error.what);
    disturb(&w, 40);
    CHECK(!w.status.stand_down && w.status.counters.bad == 40, "in standby they are only counted");
    CHECK(world_ready(&w), "%s", w.error.what);
    disturb(&w, 10);
    CHECK(!w.status.stand_down && w.status.counters.bad_in_hour == 10, "ten are allowed");
    world_say_to_host(&w, "\x80\x81\x82\n");
    world_ms(&w, 20);
    CHECK(w.status.stand_down && w.device.st == 1, "the eleventh stands it down: device in state %d",
          w.device.st);
    CHECK(fl_gl1_arm(&w.link, &w.error) == FL_E_REFUSED, "until a person has seen it");
    world_ms(&w, 5000);
    CHECK(w.status.stand_down, "time alone clears nothing");
    fl_gl1_clear_stand_down(&w.link);
    CHECK(world_ready(&w), "%s", w.error.what);
}

/* A line as it may be does not stop the work. */
/* hazards: H49 */
static void ten_an_hour_for_hours_are_borne(void)
{
    world w;
    world_init(&w, &world_expected, 26);
    CHECK(world_ready(&w), "%s", w.error.what);
    for (int hour = 0; hour < 4; hour++) {
        disturb(&w, 10);
        CHECK(!w.status.stand_down, "hour %d", hour);
        /* An hour of simulated polls is 360 000; move the clock and the device along instead. */
        while (w.link.asked) world_ms(&w, 1);
        w.now_us += INT64_C(3600) * 1000000;
        w.device.heard_us = w.link.now.stat_asked.us = w.now_us;
        world_ms(&w, 20);
        CHECK(w.status.link && w.device.st == 3, "still READY in hour %d", hour);
    }
}

/* ---- the rest ---- */

static void stop_goes_on_until_it_is_obeyed(void)
{
    world w;
    world_init(&w, &world_expected, 27);
    CHECK(world_ready(&w), "%s", w.error.what);
    w.device.deaf_verb = "STOP";
    fl_gl1_stop(&w.link);
    world_ms(&w, 40);
    CHECK(w.device.st == 3 && strstr(w.sent, " STOP*") && !w.link.shutter, "says %s", w.sent);
    w.device.deaf_verb = NULL;
    world_ms(&w, 70);
    CHECK(w.device.st == 1 && strstr(w.sent, " POLL "), "obeyed, and polled again: %s", w.sent);
    CHECK(w.status.settings_state == FL_SETTINGS_COMMITTED, "STOP keeps the commitment");
}

static void stop_overtakes_orders(void)
{
    world w;
    world_init(&w, &world_expected, 28);
    CHECK(world_commit(&w) && fl_gl1_arm(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    fl_gl1_stop(&w.link);
    world_ms(&w, 20);
    CHECK(w.device.st == 1 && w.status.result == FL_RESULT_LOST, "the order that waited is lost, not late");
    CHECK(fl_gl1_arm(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 2);
    CHECK(w.link.asked == FL_ASK_CHALLENGE || w.link.asked == FL_ASK_ARM, "half armed");
    fl_gl1_stop(&w.link);
    world_ms(&w, 30);
    CHECK(w.device.st == 1, "stopped between ARM? and ARM");
}

/* The laser takes no smaller journal than it has seen, and no other one of the same size. */
/* hazards: H44 */
static void anchors_only_grow(void)
{
    world w;
    world_init(&w, &world_expected, 29);
    uint8_t root[FL_ROOT_SIZE] = {0xAB, 0xCD}, other[FL_ROOT_SIZE] = {0xAB, 0xCE};
    CHECK(world_open(&w) && fl_gl1_anchor_read(&w.link, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.has_anchor && w.status.anchor_size == 0, "a new device");
    CHECK(fl_gl1_anchor_set(&w.link, 17, root, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.result == FL_RESULT_DONE && w.status.anchor_size == 17, "kept");
    CHECK(memcmp(w.status.anchor_root, root, sizeof root) == 0, "root");
    CHECK(fl_gl1_anchor_set(&w.link, 16, root, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.result == FL_RESULT_REFUSED && w.status.anchor_size == 17, "a smaller size is refused");
    CHECK(fl_gl1_anchor_set(&w.link, 17, other, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.result == FL_RESULT_REFUSED, "another root of the same size too");
}

/* A reset for another cause than the one shown is refused. */
/* hazards: H49 */
static void reset_names_the_cause(void)
{
    world w;
    world_init(&w, &world_expected, 30);
    w.device.st = 4;
    w.device.ca = 0x60;
    CHECK(world_open(&w) && w.status.stat.state == FL_DEVICE_FAULT, "a FAULT outlives HELLO");
    CHECK(fl_gl1_reset(&w.link, 0x40, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 10);
    CHECK(w.status.result == FL_RESULT_REFUSED && w.device.st == 4, "another cause is refused");
    CHECK(fl_gl1_reset(&w.link, w.status.stat.causes, &w.error) == FL_OK, "%s", w.error.what);
    world_ms(&w, 60);
    CHECK(w.status.result == FL_RESULT_DONE && w.status.stat.state == FL_DEVICE_STBY,
          "the shown cause is taken");
}

static void drop_says_so_and_begins_again(void)
{
    world w;
    world_init(&w, &world_expected, 31);
    CHECK(world_ready(&w), "%s", w.error.what);
    fl_gl1_drop(&w.link);
    CHECK(strcmp(w.sent, "!") == 0, "%s", w.sent);
    world_pass(&w, 1000);
    CHECK(w.device.st == 0, "SAFE within a millisecond");
    world_ms(&w, 1);
    CHECK(!w.status.link, "what was known is not believed any more");
    CHECK(world_open(&w) && w.status.counters.sessions == 2, "and a new session");
}

/* Frames with a right check that are no answer to what was asked. */
/* hazards: H20 */
static void answers_that_do_not_fit(void)
{
    static const struct {
        const char *what, *body;
        bool to_host;
    } rows[] = {
        {"another kind of answer", "CHAL ch=00000001 ep=00000003", true},
        {"a word nobody knows", "STATUS ok=1", true},
        {"an unknown key", "NAK e=SYN why=1", true},
        {"our own question, as an echo", "POLL sh=0", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world w;
        world_init(&w, &world_expected, 320 + i);
        CHECK(world_open(&w), "session");
        w.device.mute = true;
        while (!w.link.asked) world_ms(&w, 1);
        char line[WORLD_LINE + 2];
        if (rows[i].to_host)
            device_frame(&w.device, w.status.session, w.link.number, rows[i].body, line);
        else
            snprintf(line, sizeof line, "%s\n", w.sent);
        world_say_to_host(&w, line);
        fl_gl1_listen(&w.link);
        fl_gl1_look(&w.link, &w.status);
        CHECK(w.status.counters.bad == 1 && w.link.asked, "%s: bad, and the question stays open",
              rows[i].what);
    }
}

static void a_flood_does_not_hold_the_host(void)
{
    world w;
    world_init(&w, &world_expected, 33);
    CHECK(world_open(&w), "session");
    char line[WORLD_LINE];
    memset(line, 'x', 250);
    line[250] = 0;
    for (int i = 0; i < 50; i++) world_say_to_host(&w, line);
    fl_gl1_listen(&w.link);
    unsigned left = 0;
    for (int i = 0; i < WORLD_FLYING; i++) left += w.flying[i].used;
    CHECK(left >= 50 - 17, "one listen read %u of 50 lines", 50 - left);
}

FL_TESTS("link/gl1", TEST(host_speaks_the_vectors), TEST(from_hello_to_pulse), TEST(rhythm_of_polls),
         TEST(rhythm_of_polls_with_a_trembling_tick), TEST(orders_that_are_lost),
         TEST(lost_hello_is_said_again), TEST(twins_and_latecomers_change_nothing),
         TEST(silence_is_link_lost_after_100_ms), TEST(a_device_that_forgot_us),
         TEST(every_value_is_compared), TEST(an_edit_at_any_moment_undoes_the_commitment),
         TEST(get_shows_the_devices_own_numbers), TEST(another_device_is_only_watched),
         TEST(a_real_device_on_a_pty_is_turned_away), TEST(every_refusal_is_named),
         TEST(unknown_until_the_counter_is_read), TEST(unknown_across_a_new_session), TEST(the_door_refuses),
         TEST(a_clogged_line), TEST(a_hang_up_is_the_end), TEST(eleven_bad_frames_an_hour_while_armed),
         TEST(ten_an_hour_for_hours_are_borne), TEST(stop_goes_on_until_it_is_obeyed),
         TEST(stop_overtakes_orders), TEST(anchors_only_grow), TEST(reset_names_the_cause),
         TEST(drop_says_so_and_begins_again), TEST(answers_that_do_not_fit),
         TEST(a_flood_does_not_hold_the_host))
