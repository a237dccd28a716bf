/* labels: unit fault */
/* The device core where a table of scripts is too narrow: every input, every order of the grant checks, bytes
 * that may not be in a frame, the end of a long session, makes that break the rules.
 */
#include "check.h"
#include "helper_bench.h"

#include <ctype.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Each of the inputs that must be good: no arming without it, and out of READY within one loop. */
/* hazards: H01 H13 */
static void every_input_stops(void)
{
    uint32_t required = 0;
    for (unsigned bit = 0; bit < 20; bit++) {
        bench b;
        bench_init(&b);
        CHECK(bench_ready(&b), "bit %u: ready", bit);
        if (!(BENCH_GOOD & 1u << bit)) continue;
        required++;
        b.contacts &= ~(1u << bit);
        bench_grant(&b, NULL);
        CHECK(strcmp(b.body, "NAK e=ILK") == 0 && b.pulses == 0, "bit %u: %s", bit, b.body);
        bench_tick(&b, 1);
        const bool fault = 1u << bit == GL1_IN_TEST_PASSED; /* finished and not passed is more than bad */
        CHECK(b.device.state == (fault ? GL1_FAULT : GL1_STBY), "bit %u: state %d", bit, b.device.state);
        CHECK(b.device.cause == 1u << bit && b.out == 0, "bit %u: ca %X out %X", bit, b.device.cause, b.out);
    }
    CHECK(required == 13, "%u inputs are required", (unsigned)required);
}

/* The order of rule 5: with everything from one check on wrong at once, that check is the one named. */
static const char *const order[] = {"SYN",    "STATE", "OLD",  "AGE", "EPOCH", "PLAN", "COUNT",
                                    "ENERGY", "SPOT",  "DOCK", "ILK", "FOOT",  "SHUT", "RATE"};

static void spoil(bench *b, unsigned what, char *fields, size_t room)
{
    static const char *const replace[] = {" x=1",
                                          "",
                                          " g=0000000000000001",
                                          " f=00000007",
                                          " ep=00000077",
                                          " ph=FF112233445566778899AABBCCDDEEFF",
                                          " k=0000000000000007",
                                          " en=200003",
                                          " sp=3000",
                                          " pu=C"};
    if (what < COUNT(replace)) {
        const size_t used = strlen(fields);
        snprintf(fields + used, room - used, "%s", replace[what]);
    }
    if (what == 0) snprintf(fields, room, " en=x");
    if (what == 1) bench_ask(b, "STOP");
    if (what == 10) b->contacts &= ~(uint32_t)GL1_IN_COVERS;
    if (what == 11) b->contacts &= ~(uint32_t)GL1_IN_FOOT_B;
    if (what == 12) b->shutters = BENCH_SHUT;
}

static void first_failure_is_named(void)
{
    for (unsigned first = 0; first < COUNT(order); first++)
        for (unsigned last = first; last < COUNT(order); last++) {
            bench b;
            char fields[256] = "", want[20];
            bench_init(&b);
            CHECK(bench_ready(&b), "ready");
            if (last == COUNT(order) - 1) bench_grant(&b, NULL); /* fired just now: RATE */
            const uint64_t before = b.pulses;
            for (unsigned what = first; what <= last; what++) spoil(&b, what, fields, sizeof fields);
            bench_grant(&b, fields[0] ? fields + 1 : NULL);
            snprintf(want, sizeof want, "NAK e=%s", order[first]);
            CHECK(strcmp(b.body, want) == 0 && b.pulses == before, "%s..%s wrong: %s", order[first],
                  order[last], b.body);
        }
}

/* Bytes that may not be in a frame: dropped to the end of the line, counted once, the next line is heard. */
static void broken_lines(void)
{
    static const struct {
        const char *what;
        size_t blanks; /* so many x in front */
        const char *bytes;
    } lines[] = {
        {"251 bytes", 251, ""},   {"1000 bytes", 1000, ""},        {"250 bytes", 250, ""},
        {"byte 0x80", 0, "\x80"}, {"byte 0x07 in front", 0, "\a"}, {"a tab", 0, "\t"},
        {"byte 0x7F", 0, "\x7F"}, {"byte 0xFF", 3, "\xFF"},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        bench b;
        bench_init(&b);
        CHECK(bench_hello(&b), "hello");
        bench_frame(&b, b.session, ++b.number, "POLL sh=0");
        bench_clear(&b);
        for (size_t n = 0; n < lines[i].blanks; n++) bench_raw(&b, "x");
        bench_raw(&b, lines[i].bytes);
        bench_raw(&b, b.frame); /* swallowed: it ends the broken line */
        CHECK(b.sent_length == 0 && b.device.bad_total == 1, "%s: %s", lines[i].what, b.sent);
        bench_ask(&b, "POLL sh=0");
        CHECK(strstr(b.body, "gap=1"), "%s: not heard again: %s", lines[i].what, b.sent);
    }
}

/* A second `*`, and hexadecimal in lower case, with a check that would be right. */
static void grammar_before_check(void)
{
    static const char *const bodies[] = {"POLL sh=0*", "*POLL sh=0", "POLL*sh=0"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        bench b;
        bench_init(&b);
        CHECK(bench_hello(&b), "hello");
        bench_ask(&b, bodies[i]);
        CHECK(b.sent_length == 0 && b.device.bad_total == 1, "%s was heard: %s", bodies[i], b.sent);
    }
    bench b;
    bench_init(&b);
    CHECK(bench_hello(&b), "hello");
    bench_frame(&b, b.session, ++b.number, "POLL sh=0");
    bench_clear(&b);
    char *star = strchr(b.frame, '*');
    bool changed = false;
    for (char *c = star; *c; c++) {
        changed = changed || isupper((unsigned char)*c);
        *c = (char)tolower((unsigned char)*c);
    }
    bench_raw(&b, b.frame);
    CHECK(changed && b.sent_length == 0 && b.device.bad_total == 1, "a lower-case check was heard");
}

static void a_session_ends_after_24_hours(void)
{
    bench b;
    bench_init(&b);
    CHECK(bench_hello(&b), "hello");
    const uint64_t began_ms = b.now_ms;
    while (b.now_ms + 1400 < began_ms + GL1_SESSION_MS) {
        b.now_ms += 1400; /* the loop need not run every millisecond to be right */
        gl1_device_tick(&b.device, b.now_ms);
        bench_ask(&b, "POLL sh=0");
    }
    b.now_ms = began_ms + GL1_SESSION_MS;
    gl1_device_tick(&b.device, b.now_ms);
    CHECK(b.device.state == GL1_STBY, "over before 24 h");
    bench_tick(&b, 1);
    CHECK(b.device.state == GL1_SAFE && !b.device.in_session, "alive after 24 h");
}

static void a_make_that_breaks_the_rules_is_refused(void)
{
    bench b;
    bench_init(&b);
    const gl1_platform on = b.device.on;
    gl1_make make = b.make;
    gl1_device device;
    CHECK(gl1_device_init(&device, &make, &on, &b.nvm), "a good make was refused");
    make.wa_ms = 1999;
    CHECK(!gl1_device_init(&device, &make, &on, &b.nvm), "wa of 1999 ms");
    make.wa_ms = 2000;
    CHECK(gl1_device_init(&device, &make, &on, &b.nvm), "wa of 2000 ms");
    static const char *const bad[] = {"",       "SIM 42",  "SIM*42",
                                      "SIM=42", "SIM\x80", "SIM-0004200042000420004200042000420"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        make.uid = bad[i];
        CHECK(!gl1_device_init(&device, &make, &on, &b.nvm), "identity '%s'", bad[i]);
    }
    make = b.make;
    make.at_power_on.en_uJ = 400001;
    CHECK(!gl1_device_init(&device, &make, &on, &b.nvm), "settings out of range at power-on");
    make.at_power_on.en_uJ = 1;
    make.head_count = 0;
    CHECK(!gl1_device_init(&device, &make, &on, &b.nvm), "no head");
}

/* A device draws again rather than open a session 0 or the session before. */
static void sessions_are_never_zero_nor_the_same(void)
{
    bench b;
    bench_init(&b);
    b.randoms[0] = 0x13579BDF; /* equal to hn */
    b.randoms[1] = 0x13579BDE; /* would be the session before */
    CHECK(bench_hello(&b) && b.session != 0, "session 0");
    const uint32_t first = b.session;
    bench_ask(&b, "GET");
    CHECK(bench_hello(&b) && b.session != first && b.session != 0, "the session before again");
}

FL_TESTS("twin/device", TEST(every_input_stops), TEST(first_failure_is_named), TEST(broken_lines),
         TEST(grammar_before_check), TEST(a_session_ends_after_24_hours),
         TEST(a_make_that_breaks_the_rules_is_refused), TEST(sessions_are_never_zero_nor_the_same))
