/* labels: unit fault   timeout: 300 */
/* A line that loses 5 %, doubles 5 % and delays 30 % of all frames by up to 60 ms, in both directions, with a
 * host that dies at random and a foot that comes and goes: no grant fires twice, none fires more than 40 ms
 * after it was sent, the counter is the number of pulses. Simulated time; the odds are those of section 9.
 */
#include "check.h"
#include "helper_bench.h"

#include "fadeline/base/random.h"

#define FRAMES 4096
#define RUN_MS 8000000

typedef struct flying {
    uint64_t due_ms;
    char bytes[256];
} flying;

typedef struct line {
    flying frames[FRAMES];
    unsigned count;
    bool lose; /* nothing arrives: the other end is dead */
} line;

typedef enum step { SAY_HELLO, SAY_SET, SAY_COMMIT, SAY_ASK, SAY_ARM, SAY_POLL } step;

typedef struct host {
    step step;
    uint32_t session, number, stat_number;
    bool waiting, has_stat;
    uint64_t asked_ms, dead_until_ms, next_ms, grant;
    unsigned missed;
    char stat[256];
} host;

static bench b;
static line to_device, to_host;
static host h;
static fl_random chance;
static uint64_t sent_ms[200000]; /* when grant 0x123 + i was sent */
static uint64_t granted, last_fired, last_pulses, late, twice, after_death;

static bool percent(unsigned p)
{
    return fl_random_u64(&chance) % 100 < p;
}

static void fly(line *l, const char *bytes, size_t length)
{
    const int copies = percent(5) ? 0 : percent(5) ? 2 : 1;
    for (int i = 0; i < copies && l->count < FRAMES; i++) {
        flying *f = &l->frames[l->count++];
        f->due_ms = b.now_ms + (percent(30) ? fl_random_u64(&chance) % 61 : 0);
        snprintf(f->bytes, sizeof f->bytes, "%.*s", (int)length, bytes);
    }
}

static bool land(line *l, char bytes[256])
{
    for (unsigned i = 0; i < l->count; i++)
        if (l->frames[i].due_ms <= b.now_ms) {
            memcpy(bytes, l->frames[i].bytes, 256);
            l->frames[i] = l->frames[--l->count];
            return true;
        }
    return false;
}

static void host_says(const char *body)
{
    h.number++;
    bench_frame(&b, h.step == SAY_HELLO ? 0 : h.session, h.number, body);
    fly(&to_device, b.frame, strlen(b.frame));
    h.waiting = true;
    h.asked_ms = b.now_ms;
}

static void host_restarts(void)
{
    h.step = SAY_HELLO;
    h.waiting = h.has_stat = false;
    h.missed = 0;
}

static void host_grants(void)
{
    char body[256];
    snprintf(b.body, sizeof b.body, "%s", h.stat);
    const unsigned long long k = bench_value(&b, "k", 16), g = bench_value(&b, "g", 16);
    h.grant = (h.grant > g ? h.grant : g) + 1;
    snprintf(body, sizeof body,
             "GRANT g=%016llX f=%08X ep=%08X k=%016llX en=200000 sp=4000 pu=T ph=" BENCH_PLAN,
             (unsigned long long)h.grant, (unsigned)h.stat_number, (unsigned)bench_value(&b, "ep", 16), k);
    sent_ms[h.grant - 0x123] = b.now_ms;
    granted++;
    host_says(body);
}

static void host_speaks(void)
{
    char body[120];
    switch (h.step) {
    case SAY_HELLO: host_says("HELLO v=1 hn=13579BDF"); break;
    case SAY_SET: host_says("SET EN=200000 RR=10000 SP=4000 WL=1064"); break;
    case SAY_COMMIT:
        snprintf(b.body, sizeof b.body, "%s", h.stat);
        snprintf(body, sizeof body, "COMMIT ep=%08X dg=%08X ph=" BENCH_PLAN,
                 (unsigned)bench_value(&b, "ep", 16), (unsigned)bench_value(&b, "dg", 16));
        host_says(body);
        break;
    case SAY_ASK: host_says("ARM?"); break;
    case SAY_ARM:
        snprintf(b.body, sizeof b.body, "%s", h.stat);
        snprintf(body, sizeof body, "ARM ch=%08X ep=%08X", (unsigned)bench_value(&b, "ch", 16),
                 (unsigned)bench_value(&b, "ep", 16));
        host_says(body);
        break;
    case SAY_POLL:
        if (h.has_stat && strncmp(h.stat, "STAT st=3 in=000FE3FF", 21) == 0 && percent(30))
            host_grants();
        else
            host_says("POLL sh=1");
        h.has_stat = false;
        break;
    }
}

static void host_hears(char *bytes)
{
    gl1_frame frame;
    const size_t length = strlen(bytes);
    if (length < 2 || !gl1_frame_read(bytes, length - 1, '<', "SIM-00042", &frame)) return;
    if (!h.waiting || frame.number != h.number) return;
    if (frame.session != (h.step == SAY_HELLO ? 0 : h.session)) return;
    h.waiting = false;
    h.missed = 0;
    snprintf(h.stat, sizeof h.stat, "%s", frame.body);
    if (strncmp(frame.body, "NAK", 3) == 0) {
        if (h.step != SAY_POLL) host_restarts();
        return;
    }
    if (h.step == SAY_HELLO) {
        snprintf(b.body, sizeof b.body, "%s", h.stat);
        h.session = 0x13579BDFu ^ (uint32_t)bench_value(&b, "dn", 16);
    }
    h.has_stat = strncmp(frame.body, "STAT", 4) == 0;
    h.stat_number = frame.number;
    if (h.step == SAY_POLL && !(strstr(h.stat, "st=2") || strstr(h.stat, "st=3")))
        host_restarts();
    else if (h.step != SAY_POLL)
        h.step++;
}

static void host_lives(void)
{
    char bytes[256];
    while (land(&to_host, bytes))
        if (b.now_ms >= h.dead_until_ms) host_hears(bytes);
    if (b.now_ms < h.dead_until_ms) return;
    if (fl_random_u64(&chance) % 9000 == 0) { /* dies, and comes back a second later knowing nothing */
        h.dead_until_ms = b.now_ms + 1000;
        host_restarts();
        return;
    }
    if (h.waiting && b.now_ms - h.asked_ms > 50) {
        h.waiting = false;
        if (++h.missed >= 4 || h.step != SAY_POLL) host_restarts();
    }
    if (!h.waiting && b.now_ms >= h.next_ms) {
        h.next_ms = b.now_ms + 10;
        host_speaks();
    }
}

static void device_hears(void)
{
    char bytes[256];
    while (land(&to_device, bytes)) {
        bench_clear(&b);
        bench_raw(&b, bytes);
        if (b.sent_length) fly(&to_host, b.sent, b.sent_length);
        if (b.pulses == last_pulses) continue;
        const uint64_t g = b.device.kept.g;
        if (b.pulses != last_pulses + 1 || g <= last_fired) twice++;
        if (b.now_ms - sent_ms[g - 0x123] > 40) late++;
        if (b.now_ms < h.dead_until_ms && b.now_ms > h.dead_until_ms - 1000 + 40) after_death++;
        last_pulses = b.pulses;
        last_fired = g;
    }
}

static void move_foot(void)
{
    const bool hot = b.device.state == GL1_READY;
    if (!hot || b.now_ms % 4000 > 3500)
        b.contacts &= ~(uint32_t)BENCH_FEET;
    else
        b.contacts |= BENCH_FEET;
}

/* Over a bad line no grant fires twice, none later than 40 ms, none more than 40 ms after the host died. */
/* hazards: H11 H18 H19 H21 */
static void nothing_fires_twice_or_late(void)
{
    fl_random_init(&chance, 20260713, 5);
    bench_init(&b);
    while (b.now_ms < RUN_MS) {
        bench_tick(&b, 1);
        move_foot();
        device_hears();
        host_lives();
    }
    CHECK(b.pulses > 100 && granted > b.pulses, "the run proves nothing: %llu grants, %llu pulses",
          (unsigned long long)granted, (unsigned long long)b.pulses);
    CHECK(twice == 0, "%llu grants fired twice", (unsigned long long)twice);
    CHECK(late == 0, "%llu pulses more than 40 ms after their grant", (unsigned long long)late);
    CHECK(after_death == 0, "%llu pulses more than 40 ms after the host died",
          (unsigned long long)after_death);
    CHECK(b.device.kept.k == 0x12344 + b.pulses, "counter and pulses differ");
    CHECK(b.flashes == 0x12344 + b.pulses && b.device.state != GL1_FAULT, "light nobody ordered");
    CHECK(b.kept_before_pulse == b.pulses, "a pulse before its counter was kept");
    fprintf(stderr, "%d ms, %llu grants, %llu pulses\n", RUN_MS, (unsigned long long)granted,
            (unsigned long long)b.pulses);
}

FL_TESTS("twin/lossy", TEST(nothing_fires_twice_or_late))
