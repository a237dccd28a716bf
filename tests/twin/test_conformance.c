/* labels: unit fault */
/* Section 11 of the grant link as a table: each row is one short script against the device core in simulated
 * time. Words of a row are in `words` below; rows read as sentences and name the point of the list they show.
 */
#include "check.h"
#include "helper_bench.h"

#define SET "ask SET EN=200000 RR=10000 SP=4000 WL=1064; "
#define PH "ph=" BENCH_PLAN

// clang-format off
static const struct { const char *what, *script; } rows[] = {
    /* talk */
    { "HELLO in its form", "ask0 HELLO v=1 hn=13579BDF; expect HELLO v=1 uid=SIM-00042 dn=2468ACE0 wd=100 ga=40 wa=3000 cap=7F fw=1.0; state safe" },
    { "HELLO of another version", "ask0 HELLO v=2 hn=13579BDF; expect NAK e=RANGE; state safe; ask POLL sh=0; silent" },
    { "HELLO without its number", "ask0 HELLO v=1; expect NAK e=SYN" },
    { "a HELLO the wire doubled is one HELLO", "ask0 HELLO v=1 hn=13579BDF; expect dn=2468ACE0; repeat; expect dn=2468ACE0; randoms 1" },
    { "the first good frame leaves SAFE", "hello; state safe; ask GET; state standby" },
    { "no session, no answer", "ask POLL sh=0; silent; ask0 POLL sh=0; silent" },
    { "lower-case hexadecimal in a body", "hello; ask COMMIT ep=0000000a dg=22F6FCB6 " PH "; expect NAK e=SYN" },
    { "a key twice", "hello; ask POLL sh=0 sh=0; expect NAK e=SYN" },
    { "an unknown key", "hello; ask POLL sh=0 xx=1; expect NAK e=SYN" },
    { "a missing key", "hello; ask POLL; expect NAK e=SYN" },
    { "two blanks", "hello; ask POLL  sh=0; expect NAK e=SYN" },
    { "a blank at the end", "hello; ask POLL sh=0 ; expect NAK e=SYN" },
    { "a sign", "hello; ask SET EN=+200000; expect NAK e=SYN" },
    { "a number of 2^32", "hello; ask SET EN=4294967296; expect NAK e=SYN" },
    { "a word nobody knows", "hello; ask FIRE now=1; expect NAK e=VERB" },
    { "HELLO inside a session", "hello; ask HELLO v=1 hn=00000001; expect NAK e=VERB" },
    { "5 lost numbers are counted", "hello; skip 5; ask POLL sh=0; expect gap=5; ask POLL sh=0; expect gap=5" },
    { "8 above the last is taken", "hello; skip 7; ask POLL sh=0; expect gap=7" },
    { "9 above the last is refused", "hello; skip 8; ask POLL sh=0; silent; bad 0; ask POLL sh=0; silent" },
    { "an old number is dropped, not counted", "hello; ask POLL sh=0; keep; ask POLL sh=0; ask POLL sh=0; replay; silent; bad 0" },
    { "the same number gets the stored answer", "hello; ask SET EN=77000; expect ep=00000002; repeat; expect ep=00000002; ask GET; expect ep=00000002" },
    { "an old session is nobody's", "hello; ask POLL sh=0; keep; hello; replay; silent; bad 0; state safe" },
    { "numbers pass FFFFFFFF within a session", "number 4294967293; hello; ask GET; ask GET; ask POLL sh=0; expect gap=0" },
    { "! at any time, without an answer", "ready; raw !; silent; state safe; out none; ask POLL sh=0; silent" },
    { "! only when it is alone on its line", "hello; ask GET; raw !!; state standby; bad 1" },
    { "an empty line is nothing", "hello; ask GET; raw ; raw ; bad 0" },
    { "three bad frames in a second are borne", "hello; ask GET; raw >x; raw >x; raw >x; state standby; bad 3" },
    { "four are not", "hello; ask GET; raw >x; raw >x; raw >x; raw >x; state safe; ask GET; silent" },
    { "four in READY shut it", "ready; raw >x; raw >x; raw >x; state ready; raw >x; state safe; out none" },
    { "four in 1001 ms are borne", "hello; raw >x; raw >x; raw >x; poll 1000; wait 1; raw >x; state standby; bad 4" },

    /* settings */
    { "SET out of range changes nothing", "hello; ask SET EN=400001 SP=3000; expect NAK e=RANGE; ask GET; expect SHDW EN=40000 RR=1000 SP=4000 WL=1064 ep=00000001" },
    { "SET of a spot the head lacks", "hello; ask SET WL=755 SP=3000; expect NAK e=RANGE" },
    { "SET: the limit of the new head binds", "hello; ask SET EN=200001; expect SHDW; ask SET WL=755; expect NAK e=RANGE" },
    { "SET of a rate above the head's", "hello; ask SET RR=10001; expect NAK e=RANGE" },
    { "SET of no energy and no rate", "hello; ask SET EN=0; expect NAK e=RANGE; ask SET RR=0; expect NAK e=RANGE" },
    { "SET of a part keeps the rest", "hello; ask SET EN=123457; expect SHDW EN=123457 RR=1000 SP=4000 WL=1064 ep=00000002" },
    { "SET of nothing", "hello; ask SET; expect NAK e=SYN" },
    { "read-back digest", "hello; " SET "expect ep=00000002 dg=22F6FCB6; ask GET; expect dg=22F6FCB6" },
    { "SET while WARN", "hello; commit; arm; ask SET EN=1000; expect NAK e=STATE; state warn" },
    { "COMMIT with an old epoch", "hello; " SET "ask COMMIT ep=00000001 dg=22F6FCB6 " PH "; expect NAK e=EPOCH" },
    { "COMMIT with a wrong digest", "hello; " SET "ask COMMIT ep=00000002 dg=22F6FCB7 " PH "; expect NAK e=DIG" },
    { "COMMIT to no plan", "hello; " SET "ask COMMIT ep=00000002 dg=22F6FCB6 ph=00000000000000000000000000000000; expect NAK e=PLAN" },
    { "HELLO clears the commitment", "hello; commit; hello; ask ARM?; ask ARM ch=5A17B0B3 ep=00000002; expect NAK e=PLAN" },
    { "SET clears the commitment", "hello; commit; ask SET RR=9000; ask ARM?; ask ARM ch=CAFE0001 ep=00000003; expect NAK e=PLAN" },

    /* arming */
    { "ARM without commitment", "hello; ask ARM?; ask ARM ch=CAFE0001 ep=00000001; expect NAK e=PLAN" },
    { "ARM with the door open", "hello; commit; off door-a; ask ARM?; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=ILK; state standby" },
    { "ARM with the foot down", "hello; commit; on feet; ask ARM?; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=FOOT" },
    { "ARM with one foot contact", "hello; commit; on foot-b; ask ARM?; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=FOOT" },
    { "ARM with a shutter not shut", "hello; commit; shutters between; ask ARM?; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=SHUT" },
    { "ARM without a challenge", "hello; commit; ask ARM ch=00000000 ep=00000002; expect NAK e=CHAL" },
    { "ARM with a guessed challenge", "hello; commit; ask ARM?; ask ARM ch=CAFE0002 ep=00000002; expect NAK e=CHAL; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=CHAL" },
    { "a challenge of 3000 ms", "hello; commit; ask ARM?; poll 3000; ask ARM ch=CAFE0001 ep=00000002; expect STAT st=2" },
    { "a challenge of 3001 ms is stale", "hello; commit; ask ARM?; poll 3000; wait 1; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=CHAL" },
    { "a challenge twice", "hello; commit; arm; ask STOP; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=CHAL" },
    { "a challenge of the session before", "hello; commit; ask ARM?; hello; commit; ask ARM ch=CAFE0001 ep=00000003; expect NAK e=CHAL" },
    { "ARM? while WARN", "hello; commit; arm; ask ARM?; expect NAK e=STATE" },
    { "indicator from WARN on, enable only in READY", "hello; commit; out none; arm; out indicator; poll 3000; out indicator+enable" },
    { "READY not before wa", "hello; commit; arm; poll 2990; state warn; wait 9; state warn; wait 1; state ready" },
    { "STOP in WARN", "hello; commit; arm; ask STOP; state standby; out none" },

    /* light */
    { "a grant makes one pulse", "ready; grant; expect STAT st=3; pulses 1; expect k=0000000000012345 ln=00012345 g=0000000000000123 en=196000" },
    { "GRANT without a foot", "ready; off feet; grant; expect NAK e=FOOT; pulses 0" },
    { "GRANT with one foot contact", "ready; off foot-a; grant; expect NAK e=FOOT; pulses 0" },
    { "GRANT for a wrong epoch", "ready; grant ep=00000003; expect NAK e=EPOCH; pulses 0" },
    { "GRANT for another plan", "ready; grant ph=00112233445566778899AABBCCDDEEFE; expect NAK e=PLAN; pulses 0" },
    { "GRANT for no plan", "ready; grant ph=00000000000000000000000000000000; expect NAK e=PLAN; pulses 0" },
    { "GRANT with a wrong counter", "ready; grant k=0000000000012343; expect NAK e=COUNT; pulses 0" },
    { "GRANT with another energy", "ready; grant en=200001; expect NAK e=ENERGY; pulses 0" },
    { "GRANT for another spot", "ready; grant sp=3000; expect NAK e=SPOT; pulses 0" },
    { "GRANT to calibrate, undocked", "ready; grant pu=C; expect NAK e=DOCK; pulses 0" },
    { "GRANT to treat, docked", "ready; on docked; grant; expect NAK e=DOCK; open 10; grant pu=C; pulses 1" },
    { "GRANT with an old number", "ready; grant g=0000000000000122; expect NAK e=OLD; open 10; grant g=0000000000000000; expect NAK e=OLD; pulses 0" },
    { "GRANT numbers may have gaps", "ready; grant g=00000000FFFFFFFF; pulses 1; expect g=00000000FFFFFFFF" },
    { "GRANT for a STAT 40 ms old", "ready; wait 40; grant; pulses 1" },
    { "GRANT for a STAT 41 ms old", "ready; wait 41; grant; expect NAK e=AGE; pulses 0" },
    { "GRANT for a STAT that was none", "ready; ask GET; grant; expect NAK e=AGE; pulses 0" },
    { "GRANT for a STAT never sent", "ready; grant f=00000001; expect NAK e=AGE; pulses 0" },
    { "a repeated STAT is not a fresh one", "ready; wait 30; repeat; wait 11; grant; expect NAK e=AGE; pulses 0" },
    { "GRANT too soon", "ready; grant; open 90; grant; expect NAK e=RATE; pulses 1; wait 10; ask POLL sh=1; grant; pulses 2" },
    { "GRANT with a shutter shut", "ready; shutters shut; grant; expect NAK e=SHUT; pulses 0" },
    { "GRANT with a shutter between", "ready; shutters between; grant; expect NAK e=SHUT; pulses 0" },
    { "GRANT with a door open", "ready; off door-b; grant; expect NAK e=ILK; pulses 0" },
    { "GRANT in STBY", "ready; ask STOP; grant; expect NAK e=STATE; pulses 0" },
    { "GRANT in WARN", "hello; commit; arm; on feet; open 20; grant; expect NAK e=STATE; pulses 0" },
    { "GRANT with a missing field", "ready; ask GRANT g=0000000000000123; expect NAK e=SYN; pulses 0" },
    { "the same bytes twice are one pulse", "ready; grant; expect k=0000000000012345; repeat; expect k=0000000000012345; pulses 1" },
    { "an old grant in a new session", "ready; grant; keep; hello; replay; silent; pulses 1" },
    { "an unused grant in a new session", "ready; hold; hello; off feet; wait 1; ready; replay; silent; pulses 0" },
    { "memory that fails makes no light", "ready; keepfail; grant; expect NAK e=COUNT; pulses 0; state fault; out none" },

    /* what happens meanwhile */
    { "a panel edit in READY", "ready; panel 100000; state standby; out none; grant; expect NAK e=STATE; ask GET; expect ep=00000003" },
    { "a panel edit clears the commitment", "hello; commit; panel 200000; ask ARM?; ask ARM ch=CAFE0001 ep=00000003; expect NAK e=PLAN" },
    { "the lens turned in READY", "ready; spot 3000; grant; expect NAK e=SPOT; open 10; grant sp=3000; expect NAK e=SPOT; pulses 0" },
    { "the lens between two marks", "ready; spot 0; grant; expect NAK e=SPOT; pulses 0" },
    { "the door in READY", "ready; off door-b; wait 1; state standby; out none; ask POLL sh=1; expect st=1; expect ca=00000010; out none" },
    { "the door back: STBY stays", "ready; off door-b; wait 1; on door-b; poll 5000; state standby" },
    { "the door in WARN", "hello; commit; arm; poll 500; off door-a; wait 1; state standby; on door-a; poll 3000; state standby" },
    { "the foot released: shut at once", "ready; out indicator+enable+shutters; off foot-a; wait 1; out indicator+enable; state ready" },
    { "the foot back: a fresh POLL is needed", "ready; off foot-b; wait 1; on foot-b; wait 5; out indicator+enable; open 10; out indicator+enable+shutters" },
    { "POLL sh=1 without a foot is forgotten", "ready; off feet; open 30; on feet; wait 5; out indicator+enable" },
    { "POLL sh=1 in STBY and WARN", "hello; commit; on feet; open 30; out none; off feet; arm; on feet; open 30; out indicator" },
    { "silence of 100 ms hot is borne", "ready; wait 100; state ready" },
    { "silence of 101 ms hot", "ready; wait 101; state safe; out none; ask POLL sh=0; silent" },
    { "a repeated frame is silence", "ready; wait 60; repeat; wait 41; state safe" },
    { "bad frames are silence", "ready; wait 60; raw >x; wait 41; state safe" },
    { "silence of 1500 ms cold is borne", "hello; ask GET; wait 1500; state standby" },
    { "silence of 1501 ms cold", "hello; ask GET; wait 1501; state safe; ask GET; silent" },
    { "silence forgets the commitment", "hello; commit; wait 1501; hello; ask ARM?; ask ARM ch=5A17B0B3 ep=00000002; expect NAK e=PLAN" },

    /* memory */
    { "counter and g survive power-off", "ready; grant; power; hello; ask POLL sh=0; expect k=0000000000012345 ln=00012345 g=0000000000000123 en=0" },
    { "power cut between keep and trigger: counter ahead", "ready; cut; grant; power; hello; ask POLL sh=0; expect k=0000000000012345 ln=00012344 g=0000000000000123; pulses 0" },
    { "power-on is SAFE", "ready; power; state safe; wait 1; out none; state safe" },
    { "an anchor is kept", "hello; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; expect ANCH n=0000000000000007; power; hello; ask ANCHOR?; expect r=00000000000000000000000000000000000000000000000000000000000000AB" },
    { "an anchor backwards", "hello; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; ask ANCHOR n=0000000000000006 r=00000000000000000000000000000000000000000000000000000000000000AB; expect NAK e=OLD; ask ANCHOR?; expect n=0000000000000007" },
    { "an anchor of the same size, another root", "hello; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AC; expect NAK e=OLD" },
    { "the same anchor again", "hello; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; expect ANCH" },
    { "an anchor does not touch the counter", "hello; ask ANCHOR n=0000000000000007 r=00000000000000000000000000000000000000000000000000000000000000AB; ask POLL sh=0; expect k=0000000000012344 ln=00012344 g=0000000000000122" },

    /* FAULT */
    { "light nobody ordered", "hello; ask GET; flash; wait 1; state fault; ask POLL sh=0; expect st=4; expect ca=80000000" },
    { "light nobody ordered in READY", "ready; flash; wait 1; state fault; out none; grant; expect NAK e=STATE; pulses 0" },
    { "two flashes for one grant", "ready; flashes 2; grant; wait 1; state fault" },
    { "a dud does not excuse a later flash", "ready; flashes 0; grant; pulses 1; open 20; state ready; flash; wait 1; state fault" },
    { "FAULT outlives STOP, !, silence and HELLO", "hello; flash; wait 1; ask STOP; state fault; raw !; state fault; hello; ask SET EN=1000; expect NAK e=STATE; wait 1501; state fault" },
    { "RESET of nothing", "hello; ask RESET ca=00000000; expect NAK e=STATE" },
    { "RESET of another cause", "hello; flash; wait 1; ask RESET ca=00000000; expect NAK e=DIG; state fault" },
    { "RESET with a foot down", "hello; flash; on foot-a; wait 1; ask RESET ca=80000000; expect NAK e=FOOT" },
    { "RESET with a bad head", "hello; flash; off head; wait 1; ask RESET ca=80000000; expect NAK e=ILK" },
    { "RESET tests itself again", "hello; flash; wait 1; selftests 1; ask RESET ca=80000000; expect STAT st=1; selftests 2; ask POLL sh=0; expect ca=00000000" },
    { "a self-test that fails", "hello; ask GET; off test-passed; wait 1; state fault; ask POLL sh=0; expect ca=00020000" },
    { "a self-test that is not finished: no arming", "hello; commit; off test-passed; off test-finished; ask ARM?; ask ARM ch=CAFE0001 ep=00000002; expect NAK e=ILK; state standby" },
    { "a shutter that says both", "hello; ask GET; shutters both; wait 1; state fault" },
    { "a shutter that stays open", "hello; ask GET; shutters open; wait 500; state standby; wait 1; state fault; ask POLL sh=0; expect ca=00007800" },
    { "panel edit in FAULT stays FAULT", "hello; flash; wait 1; panel 1000; state fault" },
};

static const struct { const char *name; uint32_t bits; } signals[] = {
    { "key", GL1_IN_KEY }, { "estop-a", GL1_IN_ESTOP_A }, { "estop-b", GL1_IN_ESTOP_B }, { "door-a", GL1_IN_DOOR_A },
    { "door-b", GL1_IN_DOOR_B }, { "covers", GL1_IN_COVERS }, { "flow", GL1_IN_FLOW }, { "temperature", GL1_IN_TEMPERATURE },
    { "head", GL1_IN_HEAD }, { "watchdog", GL1_IN_WATCHDOG }, { "docked", GL1_IN_DOCKED }, { "foot-a", GL1_IN_FOOT_A },
    { "foot-b", GL1_IN_FOOT_B }, { "feet", BENCH_FEET }, { "test-passed", GL1_IN_TEST_PASSED },
    { "test-finished", GL1_IN_TEST_FINISHED }, { "energy-sensor", GL1_IN_ENERGY_SENSOR },
};
// clang-format on
#define COUNT(list) (sizeof(list) / sizeof *(list))

typedef struct walk {
    bench b;
    const char *what;
    char saved[256];
} walk;

static uint32_t signal_bits(const char *name)
{
    for (size_t i = 0; i < COUNT(signals); i++)
        if (strcmp(signals[i].name, name) == 0) return signals[i].bits;
    fprintf(stderr, "no signal %s\n", name);
    abort();
}

/* ---- words that do ---- */

static void do_hello(walk *r, const char *rest)
{
    CHECK(bench_hello(&r->b), "%s: hello%s", r->what, rest);
}
static void do_commit(walk *r, const char *rest)
{
    CHECK(bench_commit(&r->b), "%s: commit%s", r->what, rest);
}
static void do_arm(walk *r, const char *rest)
{
    CHECK(bench_arm(&r->b), "%s: arm%s: %s", r->what, rest, r->b.body);
}
static void do_ready(walk *r, const char *rest)
{
    CHECK(bench_ready(&r->b), "%s: ready%s", r->what, rest);
}
static void do_ask(walk *r, const char *rest)
{
    bench_ask(&r->b, rest);
}
static void do_ask0(walk *r, const char *rest)
{
    bench_ask_as(&r->b, 0, ++r->b.number, rest);
}
static void do_grant(walk *r, const char *rest)
{
    bench_grant(&r->b, rest);
}
static void do_wait(walk *r, const char *rest)
{
    bench_tick(&r->b, strtoull(rest, NULL, 10));
}
static void do_poll(walk *r, const char *rest)
{
    bench_poll(&r->b, strtoull(rest, NULL, 10), false);
}
static void do_open(walk *r, const char *rest)
{
    bench_poll(&r->b, strtoull(rest, NULL, 10), true);
}
static void do_on(walk *r, const char *rest)
{
    r->b.contacts |= signal_bits(rest);
}
static void do_off(walk *r, const char *rest)
{
    r->b.contacts &= ~signal_bits(rest);
}
static void do_spot(walk *r, const char *rest)
{
    r->b.spot_um = (uint32_t)strtoul(rest, NULL, 10);
}
static void do_skip(walk *r, const char *rest)
{
    r->b.number += (uint32_t)strtoul(rest, NULL, 10);
}
static void do_number(walk *r, const char *rest)
{
    r->b.number = (uint32_t)strtoul(rest, NULL, 10);
}
static void do_flash(walk *r, const char *rest)
{
    r->b.flashes += 1u + (uint32_t)strlen(rest);
}
static void do_keepfail(walk *r, const char *rest)
{
    r->b.keep_fails = rest[0] == 0;
}
static void do_cut(walk *r, const char *rest)
{
    r->b.power_cut = rest[0] == 0;
}
static void do_keep(walk *r, const char *rest)
{
    snprintf(r->saved, sizeof r->saved, "%s%s", r->b.frame, rest);
}

static void do_power(walk *r, const char *rest)
{
    (void)rest;
    r->b.contacts &= ~(uint32_t)BENCH_FEET;
    bench_power_cycle(&r->b);
}

static void do_raw(walk *r, const char *rest)
{
    bench_clear(&r->b);
    bench_raw(&r->b, rest);
    bench_raw(&r->b, "\n");
}

static void do_repeat(walk *r, const char *rest)
{
    char before[sizeof r->b.sent];
    snprintf(before, sizeof before, "%s", r->b.sent);
    bench_clear(&r->b);
    bench_raw(&r->b, r->b.frame);
    CHECK(strcmp(before, r->b.sent) == 0, "%s: repeat%s: %s", r->what, rest, r->b.sent);
}

static void do_replay(walk *r, const char *rest)
{
    (void)rest;
    bench_clear(&r->b);
    bench_raw(&r->b, r->saved);
}

/* A grant that would fire now is written down and not sent. */
static void do_hold(walk *r, const char *rest)
{
    bench copy = r->b;
    copy.device.on.self = &copy;
    bench_grant(&copy, rest);
    CHECK(copy.pulses == r->b.pulses + 1, "%s: the held grant would not have fired: %s", r->what, copy.body);
    snprintf(r->saved, sizeof r->saved, "%s", copy.frame);
}

static void do_perpulse(walk *r, const char *rest)
{
    r->b.flashes_a_pulse = (uint32_t)strtoul(rest, NULL, 10);
}

static void do_panel(walk *r, const char *rest)
{
    gl1_settings edited = r->b.device.set;
    edited.en_uJ = (uint32_t)strtoul(rest, NULL, 10);
    CHECK(gl1_device_panel(&r->b.device, &edited), "%s: panel %s", r->what, rest);
}

static void do_shutters(walk *r, const char *rest)
{
    r->b.follow = false;
    r->b.shutters = strcmp(rest, "shut") == 0   ? BENCH_SHUT
                    : strcmp(rest, "open") == 0 ? BENCH_OPEN
                    : strcmp(rest, "both") == 0 ? BENCH_SHUT | GL1_IN_OPEN_A
                                                : GL1_IN_SHUT_A | GL1_IN_OPEN_B;
}

/* ---- words that ask ---- */

static void see_expect(walk *r, const char *rest)
{
    CHECK(strstr(r->b.sent, rest), "%s: wanted '%s', got '%s'", r->what, rest, r->b.sent);
}

static void see_silent(walk *r, const char *rest)
{
    CHECK(r->b.sent_length == 0, "%s: an answer%s: %s", r->what, rest, r->b.sent);
}

static void see_state(walk *r, const char *rest)
{
    const char *state = gl1_state_name(r->b.device.state);
    CHECK(strcmp(state, rest) == 0, "%s: wanted %s, is %s", r->what, rest, state);
}

static void see_number(walk *r, const char *rest, uint64_t is, const char *of)
{
    CHECK(is == strtoull(rest, NULL, 10), "%s: wanted %s %s, got %llu", r->what, rest, of,
          (unsigned long long)is);
}

static void see_pulses(walk *r, const char *rest)
{
    see_number(r, rest, r->b.pulses, "pulses");
}
static void see_bad(walk *r, const char *rest)
{
    see_number(r, rest, r->b.device.bad_total, "bad frames");
}
static void see_randoms(walk *r, const char *rest)
{
    see_number(r, rest, r->b.random_next, "random numbers");
}
static void see_selftests(walk *r, const char *rest)
{
    see_number(r, rest, r->b.self_tests, "self-tests");
}

static void see_out(walk *r, const char *rest)
{
    const uint32_t want = (strstr(rest, "indicator") ? GL1_OUT_INDICATOR : 0) |
                          (strstr(rest, "enable") ? GL1_OUT_ENABLE : 0) |
                          (strstr(rest, "shutters") ? GL1_OUT_SHUTTERS : 0);
    CHECK(r->b.out == want, "%s: wanted %s, outputs are %X", r->what, rest, (unsigned)r->b.out);
}

static const struct {
    const char *word;
    void (*run)(walk *r, const char *rest);
} words[] = {
    {"hello", do_hello},
    {"commit", do_commit},
    {"arm", do_arm},
    {"ready", do_ready},
    {"ask", do_ask},
    {"ask0", do_ask0},
    {"grant", do_grant},
    {"wait", do_wait},
    {"poll", do_poll},
    {"open", do_open},
    {"on", do_on},
    {"off", do_off},
    {"spot", do_spot},
    {"skip", do_skip},
    {"number", do_number},
    {"flash", do_flash},
    {"cut", do_cut},
    {"keepfail", do_keepfail},
    {"keep", do_keep},
    {"power", do_power},
    {"raw", do_raw},
    {"repeat", do_repeat},
    {"replay", do_replay},
    {"hold", do_hold},
    {"flashes", do_perpulse},
    {"panel", do_panel},
    {"shutters", do_shutters},
    {"expect", see_expect},
    {"silent", see_silent},
    {"state", see_state},
    {"pulses", see_pulses},
    {"bad", see_bad},
    {"randoms", see_randoms},
    {"selftests", see_selftests},
    {"out", see_out},
};

static void run_step(walk *r, const char *step)
{
    const size_t length = strcspn(step, " ");
    for (size_t i = 0; i < COUNT(words); i++)
        if (strlen(words[i].word) == length && memcmp(words[i].word, step, length) == 0) {
            words[i].run(r, step[length] ? step + length + 1 : "");
            return;
        }
    fprintf(stderr, "%s: no word '%s'\n", r->what, step);
    abort();
}

static void the_list_of_section_11(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        walk r = {.what = rows[i].what};
        bench_init(&r.b);
        bench_tick(&r.b, 7);
        char script[1200];
        CHECK(strlen(rows[i].script) < sizeof script, "%s: too long", rows[i].what);
        snprintf(script, sizeof script, "%s", rows[i].script);
        for (char *step = script, *next; step; step = next) {
            next = strstr(step, "; ");
            if (next) *next = 0, next += 2;
            run_step(&r, step);
        }
        CHECK(r.b.kept_before_pulse == r.b.pulses, "%s: a pulse before its counter was kept", rows[i].what);
    }
}

FL_TESTS("twin/conformance", TEST(the_list_of_section_11))
