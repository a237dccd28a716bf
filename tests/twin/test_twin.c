/* labels: unit fault */
/* The whole twin in simulated time: machine, script, faults and memory, seen through the wire by a small
 * host. */
#include "check.h"
#include "device_file.h"
#include "helper_client.h"
#include "twin.h"

#include "fadeline/base/place.h"

#include <fcntl.h>
#include <unistd.h>

#define SETTINGS "EN=200000 RR=10000 SP=4000 WL=1064"
#define LIVELY "every ready +0.2 foot down\nevery standby foot up\n"

static device_file file;

typedef struct stage {
    twin t;
    client c;
    uint64_t now_ms, first_ms;
    bool silent;
    unsigned said;
    size_t heard;
} stage;

static void on_put(void *self, const char *bytes, size_t length)
{
    stage *s = self;
    s->heard += length;
    client_take(&s->c, bytes, length);
}

static void on_say(void *self, const char *text)
{
    stage *s = self;
    s->said += text[0] != 0;
}

static void to_twin(void *self, const char *bytes, size_t length)
{
    twin_heard(&((stage *)self)->t, bytes, length);
}

static void pump(void *self)
{
    stage *s = self;
    if (!s->t.end) twin_tick(&s->t, ++s->now_ms);
}

static void pump_ms(stage *s, unsigned ms)
{
    while (ms--) pump(s);
}

static void add_script(twin_script *script, const char *text)
{
    char room[1000];
    snprintf(room, sizeof room, "%s", text);
    char *save = NULL;
    for (char *at = strtok_r(room, "\n", &save); at; at = strtok_r(NULL, "\n", &save)) {
        script_line line;
        bool empty;
        fl_error error = {.status = FL_OK};
        CHECK(script_line_read(at, &line, &empty, &error) == FL_OK, "%s: %s", at, error.what);
        CHECK(script_add(script, &line, &error) == FL_OK, "%s: %s", at, error.what);
    }
}

/* state and fault may be NULL. */
static void raise_curtain(stage *s, const char *state, const char *script, const char *fault)
{
    *s = (stage){.now_ms = 0};
    if (!file.device) {
        fl_error error;
        CHECK(device_file_load("example-pico", &file, &error) == FL_OK, "%s", error.what);
    }
    const twin_options options = {
        .make = &file.make, .state_path = state, .seed = 4711, .self = s, .put = on_put, .say = on_say};
    fl_error error = {.status = FL_OK};
    CHECK(twin_init(&s->t, &options, &error) == FL_OK, "%s", error.what);
    add_script(&s->t.script, script);
    if (fault) {
        script_line line;
        CHECK(fault_read(fault, &line, &error) == FL_OK && script_add(&s->t.script, &line, &error) == FL_OK,
              "%s: %s", fault, error.what);
    }
    client_init(&s->c, s, to_twin, pump, 50);
    pump_ms(s, 800); /* the self-test of power-on */
}

static void drop_curtain(stage *s)
{
    twin_fini(&s->t);
}

/* To a STAT with both shutters open. */
static bool to_open(stage *s)
{
    if (!client_hello(&s->c) || !client_commit(&s->c, SETTINGS) || !client_arm(&s->c)) return false;
    if (!client_poll_until(&s->c, "st=3", false, 400)) return false;
    return client_poll_until(&s->c, "in=000FE3FF", true, 100);
}

static bool pulse(stage *s)
{
    if (!strstr(client_grant(&s->c, 200000, 4000), "STAT st=3")) return false;
    return true;
}

static void wait_period(stage *s)
{
    client_poll_until(&s->c, "never", true, 10);
}

static void the_main_way(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, NULL);
    CHECK(to_open(&s), "not open: %s", s.c.body);
    double sum = 0, squares = 0;
    const int pulses = 400;
    for (int i = 0; i < pulses; i++) {
        CHECK(pulse(&s), "pulse %d: %s", i, s.c.body);
        const double uJ = (double)client_value(&s.c, "en", 10);
        CHECK(client_value(&s.c, "k", 16) == (uint64_t)i + 1 &&
                  client_value(&s.c, "ln", 16) == (uint64_t)i + 1,
              "counters after pulse %d: %s", i, s.c.body);
        sum += uJ;
        squares += uJ * uJ;
        wait_period(&s);
    }
    const double mean = sum / pulses, deviation = sqrt(squares / pulses - mean * mean);
    /* 1 % a pulse: the mean of 400 is good to 0.05 %, its spread to 3.5 %; four of those. */
    CHECK_NEAR(mean, 200000, 200000 * 0.01 / 20 * 4, "mean energy");
    CHECK_REL(deviation, 2000, 0.15, "spread of the energy");
    drop_curtain(&s);
}

static void the_same_seed_is_the_same_laser(void)
{
    char first[256] = "";
    for (int run = 0; run < 2; run++) {
        stage s;
        raise_curtain(&s, NULL, LIVELY, NULL);
        CHECK(to_open(&s) && pulse(&s), "run %d: %s", run, s.c.body);
        if (run == 0) snprintf(first, sizeof first, "%s", s.c.body);
        CHECK_TEXT(s.c.body, first, "second run");
        drop_curtain(&s);
    }
}

static void shutters_keep_their_times(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, NULL);
    CHECK(client_hello(&s.c) && client_commit(&s.c, SETTINGS) && client_arm(&s.c), "%s", s.c.body);
    CHECK(client_poll_until(&s.c, "in=000F9BFF", false, 400), "foot down, shut: %s", s.c.body);
    client_ask(&s.c, "POLL sh=1");
    unsigned opening = 0, closing = 0;
    while (opening < 300 &&
           (room_inputs(&s.t.room) & (GL1_IN_OPEN_A | GL1_IN_OPEN_B)) != (GL1_IN_OPEN_A | GL1_IN_OPEN_B)) {
        pump(&s);
        opening++;
    }
    CHECK(opening > 20 && opening < 200, "open after %u ms", opening); /* T_OPEN */
    client_ask(&s.c, "POLL sh=0");
    while (closing < 300 &&
           (room_inputs(&s.t.room) & (GL1_IN_SHUT_A | GL1_IN_SHUT_B)) != (GL1_IN_SHUT_A | GL1_IN_SHUT_B)) {
        pump(&s);
        closing++;
    }
    CHECK(closing > 15 && closing < 150, "shut after %u ms", closing); /* T_CLOSE */
    drop_curtain(&s);
}

/* The hardware chain needs no processor: with a sense that lies, the device lets the trigger through and
 * still there is no light. */
/* hazards: H01 H04 H13 */
static void the_chain_works_without_the_processor(void)
{
    static const char *const chain[] = {"key off",     "estop-a press", "estop-b press",
                                        "door-a open", "covers open",   "foot-b up"};
    static const char *const lies[] = {"lie=key:1@ready",    "lie=estop-a:1@ready", "lie=estop-b:1@ready",
                                       "lie=door-a:1@ready", "lie=covers:1@ready",  "lie=foot-b:1@ready+0.5"};
    for (size_t i = 0; i < sizeof chain / sizeof *chain; i++) {
        stage s;
        char script[200];
        snprintf(script, sizeof script, LIVELY "when ready +2 %s", chain[i]);
        raise_curtain(&s, NULL, script, lies[i]);
        CHECK(to_open(&s), "%s: %s", chain[i], s.c.body);
        CHECK(!client_poll_until(&s.c, "never", true, 220), "%s", chain[i]);
        CHECK(s.t.room.shutter_a.at == 0 && s.t.room.shutter_b.at == 0, "%s: shutters stay open", chain[i]);
        const uint32_t before = s.t.room.flashes;
        client_grant(&s.c, 200000, 4000);
        pump_ms(&s, 3);
        s.t.room.shutter_a.at = s.t.room.shutter_b.at = 1000; /* even with both forced open */
        CHECK(room_pulse(&s.t.room, &s.t.device.set) == 0, "%s: energy", chain[i]);
        s.t.room.shutter_a.at = s.t.room.shutter_b.at = 0;
        CHECK(s.t.room.flashes == before, "%s: light", chain[i]);
        drop_curtain(&s);
    }
}

// clang-format off
/* Faults seen through the wire: before the first pulse (open), after it, or from the start. */
static const struct { const char *fault, *moment, *sees; } seen[] = {
    { "lie=docked:1@ready+1",    "pulse",  "NAK e=DOCK" },
    { "lie=head:0",              "stat",   "in=000E1AFF" },
    { "lie=spot:3",              "stat",   "sp=3000" },
    { "lie=handpiece:FF",        "stat",   "hp=FF" },
    { "lie=k:+5",                "stat",   "k=0000000000000005" },
    { "lie=k:+5",                "pulse",  "NAK e=COUNT" },
    { "lie=ln:+5@t=0.9",         "stat",   "st=4" },
    { "counter=+3",              "stat",   "k=0000000000000003 ln=00000003" },
    { "counter=+3@t=0.9",        "stat",   "st=1" },
    { "flash=+1@t=0.9",          "stat",   "ca=80000000" },
    { "dud=1",                   "pulse",  "k=0000000000000001 ln=00000000" },
    { "energy=off",              "pulse",  "en=0 " },
    { "lie=spot:3@ready+1",      "pulse",  "NAK e=SPOT" },
    { "shutter=stuck-shut",      "open",   "in=000FCBFF" },
    { "shutter=stuck-shut@t=1/30", "pulse", "NAK e=SHUT" },
    { "foot=disagree",           "open",   "in=000E9BFF" },
    { "delay=30",                "stat",   "st=1" },
    { "duplicate=100%",          "stat",   "st=1" },
    { "echo",                    "stat",   "st=1" },
    { "drop=100%",               "stat",   "" },
    { "stall=60000",             "stat",   "" },
    { "corrupt=0.02",            "stat",   "" },
};
// clang-format on

static void faults_on_cue(void)
{
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        stage s;
        raise_curtain(&s, NULL, LIVELY, seen[i].fault);
        pump_ms(&s, 200);
        if (strcmp(seen[i].moment, "stat") == 0) {
            client_hello(&s.c);
            client_ask(&s.c, "POLL sh=0");
        } else {
            to_open(&s);
            /* Passing through WARN hides nothing: the last STAT is of READY, 1.5 s old in state. */
            client_poll_until(&s.c, "never", true, 150);
            if (strcmp(seen[i].moment, "pulse") == 0) client_grant(&s.c, 200000, 4000);
        }
        if (seen[i].sees[0])
            CHECK(strstr(s.c.body, seen[i].sees), "%s: wanted %s, got '%s'", seen[i].fault, seen[i].sees,
                  s.c.body);
        else
            CHECK(s.c.body[0] == 0, "%s: an answer: %s", seen[i].fault, s.c.body);
        drop_curtain(&s);
    }
}

static void bad_lines_are_bad(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, "duplicate=100%");
    CHECK(client_hello(&s.c), "hello");
    const unsigned before = s.c.lines;
    for (int i = 0; i < 10; i++) client_ask(&s.c, "GET");
    pump_ms(&s, 2);
    client_ask(&s.c, "GET");
    CHECK(s.c.lines - before >= 20, "11 questions, %u lines", s.c.lines - before);
    drop_curtain(&s);

    raise_curtain(&s, NULL, LIVELY, "delay=30");
    CHECK(client_hello(&s.c), "hello");
    const uint64_t asked_ms = s.now_ms;
    client_ask(&s.c, "GET");
    CHECK(s.now_ms - asked_ms == 30, "an answer after %llu ms", (unsigned long long)(s.now_ms - asked_ms));
    drop_curtain(&s);

    raise_curtain(&s, NULL, LIVELY, "stall=300@t=2");
    CHECK(client_hello(&s.c), "hello");
    unsigned none = 0;
    while (s.now_ms < 4000) none += client_ask(&s.c, "GET")[0] == 0, pump(&s);
    CHECK(none >= 4 && none <= 6, "%u of 300 ms without answers of 50 ms patience", none);
    drop_curtain(&s);

    raise_curtain(&s, NULL, LIVELY, "drop=20%");
    while (!client_hello(&s.c)) continue;
    none = 0;
    for (int i = 0; i < 500; i++) none += client_ask(&s.c, "GET")[0] == 0;
    CHECK(none > 100 - 45 && none < 100 + 45, "%u of 500 lost at 20 %%", none); /* five deviations */
    drop_curtain(&s);
}

static void energy_faults(void)
{
    static const struct {
        const char *fault;
        double mean_uJ;
    } rows[] = {
        {"energy=-20.5%", 159000},
        {"energy=-4.9%", 190200},
        {"energy=+25%", 250000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stage s;
        raise_curtain(&s, NULL, LIVELY, rows[i].fault);
        CHECK(to_open(&s), "%s", s.c.body);
        double sum = 0;
        for (int n = 0; n < 25; n++) {
            CHECK(pulse(&s), "%s: %s", rows[i].fault, s.c.body);
            sum += (double)client_value(&s.c, "en", 10);
            wait_period(&s);
        }
        CHECK_NEAR(sum / 25, rows[i].mean_uJ, 200000 * 0.01 / 5 * 4, rows[i].fault);
        drop_curtain(&s);
    }
}

static void a_passing_fault_passes(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, "lie=covers:0@t=1/0.5");
    CHECK(client_hello(&s.c), "hello");
    client_ask(&s.c, "POLL sh=0");
    CHECK(client_value(&s.c, "in", 16) & GL1_IN_COVERS, "before: %s", s.c.body);
    pump_ms(&s, 300);
    client_ask(&s.c, "POLL sh=0");
    CHECK(!(client_value(&s.c, "in", 16) & GL1_IN_COVERS), "during: %s", s.c.body);
    pump_ms(&s, 500);
    client_ask(&s.c, "POLL sh=0");
    CHECK(client_value(&s.c, "in", 16) & GL1_IN_COVERS, "after: %s", s.c.body);
    drop_curtain(&s);
}

/* Key, stop, door and foot are seen in both positions, the stop never with the key on. */
static void proof_by_motion(void)
{
    stage s;
    raise_curtain(&s, NULL, "when hello +0.2 prove", NULL);
    CHECK(client_hello(&s.c), "hello");
    uint64_t ones = 0, zeros = 0, off = 0;
    for (int i = 0; i < 400; i++) {
        client_ask(&s.c, "POLL sh=0");
        const uint64_t in = client_value(&s.c, "in", 16);
        ones |= in;
        zeros |= ~in;
        if (!(in & GL1_IN_ESTOP_A)) off |= in & GL1_IN_KEY;
        pump_ms(&s, 9);
    }
    const uint64_t moved = GL1_IN_KEY | GL1_IN_ESTOP_A | GL1_IN_ESTOP_B | GL1_IN_DOOR_A | GL1_IN_DOOR_B |
                           GL1_IN_FOOT_A | GL1_IN_FOOT_B;
    CHECK((ones & moved) == moved && (zeros & moved) == moved, "ones %llX zeros %llX",
          (unsigned long long)ones, (unsigned long long)zeros);
    CHECK(off == 0, "the e-stop was pressed with the key on");
    pump_ms(&s, 1000);
    client_ask(&s.c, "POLL sh=0");
    CHECK(client_value(&s.c, "in", 16) == 0xE1BFF, "at the end: %s", s.c.body);
    drop_curtain(&s);
}

/* The laser is safe at once. */
/* hazards: H19 */
static void the_host_hangs_up(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, NULL);
    CHECK(to_open(&s), "%s", s.c.body);
    twin_hangup(&s.t);
    CHECK(s.t.device.state == GL1_SAFE && s.t.room.out == 0, "still %s", gl1_state_name(s.t.device.state));
    CHECK(client_ask(&s.c, "POLL sh=0")[0] == 0, "the session goes on: %s", s.c.body);
    drop_curtain(&s);
}

/* ---- memory ---- */

static void path_for(char path[64])
{
    snprintf(path, 64, "/tmp/fadeline-twin-state-XXXXXX");
    const int fd = mkstemp(path);
    CHECK(fd >= 0, "cannot make %s", path);
    if (fd >= 0) close(fd);
    unlink(path);
}

/* A kill and a power cut between keeping and firing: ahead of the light, never behind. */
/* hazards: H21 H44 */
static void counters_survive(void)
{
    char path[64];
    stage s;
    path_for(path);
    raise_curtain(&s, path, LIVELY, NULL);
    CHECK(to_open(&s), "%s", s.c.body);
    for (int i = 0; i < 7; i++) {
        CHECK(pulse(&s), "pulse %d: %s", i, s.c.body);
        wait_period(&s);
    }
    client_ask(
        &s.c, "ANCHOR n=0000000000000009 r=00000000000000000000000000000000000000000000000000000000000000CD");
    drop_curtain(&s); /* nothing is written at the end: the same as a kill */

    raise_curtain(&s, path, LIVELY, "power-cut@pulses=2");
    CHECK(client_hello(&s.c), "hello");
    CHECK(strstr(client_ask(&s.c, "ANCHOR?"), "n=0000000000000009 r=00"), "anchor: %s", s.c.body);
    CHECK(to_open(&s), "%s", s.c.body);
    CHECK(strstr(s.c.body, "k=0000000000000007 ln=00000007 g=0000000000000007"), "after restart: %s",
          s.c.body);
    for (int i = 0; i < 2; i++) {
        CHECK(pulse(&s), "pulse %d: %s", i, s.c.body);
        wait_period(&s);
    }
    CHECK(client_grant(&s.c, 200000, 4000)[0] == 0 && s.t.end == TWIN_POWER_CUT, "no power cut: %s",
          s.c.body);
    CHECK(s.t.room.flashes == 9, "light after the power cut");
    drop_curtain(&s);

    raise_curtain(&s, path, LIVELY, NULL);
    CHECK(client_hello(&s.c), "hello");
    client_ask(&s.c, "POLL sh=0");
    CHECK(strstr(s.c.body, "k=000000000000000A ln=00000009 g=000000000000000A"), "ahead, never behind: %s",
          s.c.body);
    drop_curtain(&s);
    unlink(path);
}

static void say_live(stage *s, const char *line, bool good)
{
    fl_error error = {.status = FL_OK};
    CHECK((script_say(&s->t.script, line, &error) == FL_OK) == good, "%s: %s", line, error.what);
}

/* The mains fail: nobody answers, everything but the memory is new. A room can be told of it as it happens.
 */
static void the_power_goes_and_comes(void)
{
    stage s;
    raise_curtain(&s, NULL, LIVELY, NULL);
    CHECK(to_open(&s) && pulse(&s), "%s", s.c.body);
    say_live(&s, "now power off", true);
    pump_ms(&s, 2);
    CHECK(!client_ask(&s.c, "POLL sh=0")[0] && s.t.room.out == 0, "somebody answers: %s", s.c.body);
    say_live(&s, "now power on", true);
    say_live(&s, "then +0.02 foot up", true);
    pump_ms(&s, 800);
    CHECK(!client_ask(&s.c, "POLL sh=0")[0], "the session outlived the power: %s", s.c.body);
    CHECK(client_hello(&s.c) && strstr(client_ask(&s.c, "GET"), "ep=00000001"), "not as after a start: %s",
          s.c.body);
    client_ask(&s.c, "POLL sh=0");
    CHECK(strstr(s.c.body, "k=0000000000000001 ln=00000001 g=0000000000000001"), "%s", s.c.body);

    CHECK(to_open(&s), "%s", s.c.body);
    say_live(&s, "now power cut", true);
    pump_ms(&s, 2);
    CHECK(!client_grant(&s.c, 200000, 4000)[0] && s.t.is_off, "no power cut: %s", s.c.body);
    say_live(&s, "now power on", true);
    pump_ms(&s, 800);
    CHECK(client_hello(&s.c), "hello");
    client_ask(&s.c, "POLL sh=0");
    CHECK(strstr(s.c.body, "k=0000000000000002 ln=00000001 g=0000000000000002"), "ahead of the light: %s",
          s.c.body);
    drop_curtain(&s);
}

static void a_room_is_told_live_for_long(void)
{
    stage s;
    raise_curtain(&s, NULL, "at 3600 say late", NULL);
    say_live(&s, "then door open", false);
    say_live(&s, "now dor open", false);
    for (int i = 0; i < 3 * SCRIPT_LINES_MAX; i++) {
        say_live(&s, i % 2 ? "now door open" : "now door close", true);
        pump(&s);
        CHECK(!(s.t.room.contacts & GL1_IN_DOOR_A) == (i % 2 == 1), "the door, the %dth time", i);
    }
    say_live(&s, "when safe 1000 door open", true); /* stays */
    say_live(&s, "now prove", true);
    pump_ms(&s, 4000);
    say_live(&s, "now door open", true);
    say_live(&s, "then +0.01 door close", true);
    CHECK(s.t.script.count == 4, "%u lines are kept", s.t.script.count);
    pump_ms(&s, 5);
    CHECK(!(s.t.room.contacts & GL1_IN_DOOR_A), "open");
    pump_ms(&s, 20);
    CHECK(s.t.room.contacts & GL1_IN_DOOR_A, "and closed");
    CHECK(s.t.script.lost == 0, "nothing is lost");
    drop_curtain(&s);
}

static void limits_come_from_the_device_file(void)
{
    stage s;
    raise_curtain(&s, NULL, "", NULL);
    CHECK(client_hello(&s.c), "hello");
    CHECK(strstr(client_ask(&s.c, "SET WL=755 SP=4000 EN=200000 RR=10000"), "SHDW"), "%s", s.c.body);
    CHECK(strstr(client_ask(&s.c, "SET WL=755 SP=4000 EN=200001 RR=10000"), "NAK e=RANGE"), "%s", s.c.body);
    CHECK(strstr(client_ask(&s.c, "SET WL=1064 SP=3000 EN=400000"), "SHDW"), "%s", s.c.body);
    /* 6 J/cm2 over a 2 mm spot is 188.5 mJ */
    CHECK(strstr(client_ask(&s.c, "SET WL=1064 SP=2000 EN=188495"), "SHDW"), "%s", s.c.body);
    CHECK(strstr(client_ask(&s.c, "SET WL=1064 SP=2000 EN=188497"), "NAK e=RANGE"), "%s", s.c.body);
    CHECK(strstr(client_ask(&s.c, "SET WL=694"), "NAK e=RANGE"), "%s", s.c.body);
    CHECK(strstr(client_line(&s.c, "*IDN?"), ",Pico 2,SIM-00042,1.0"), "%s", s.c.body);
    drop_curtain(&s);
}

FL_TESTS("twin/twin", TEST(the_main_way), TEST(the_same_seed_is_the_same_laser),
         TEST(shutters_keep_their_times), TEST(the_chain_works_without_the_processor), TEST(faults_on_cue),
         TEST(bad_lines_are_bad), TEST(energy_faults), TEST(a_passing_fault_passes), TEST(proof_by_motion),
         TEST(the_host_hangs_up), TEST(counters_survive), TEST(the_power_goes_and_comes),
         TEST(a_room_is_told_live_for_long), TEST(limits_come_from_the_device_file))
