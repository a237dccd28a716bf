/* labels: unit fuzz   timeout: 300 */
/* Hostile input in READY with the foot down and the shutters open, where one good frame makes light: frames
 * with wrong bits, bodies nobody should say under a check that is right, and noise. No pulse, ever, unless
 * the bytes are a grant that holds in every field. Each run also fires the good grant, so that silence proves
 * something.
 */
#include "check.h"
#include "helper_bench.h"

#include "fadeline/base/random.h"

#define BROKEN_FRAMES 500000
#define HOSTILE_BODIES 500000
#define NOISE_LINES 150000

static bench live, ready; /* `ready` is put back before each attack: the address inside stays right */

static uint32_t below(fl_random *random, uint32_t bound)
{
    return (uint32_t)(fl_random_u64(random) % bound);
}

static void prepare(uint64_t seed, fl_random *random)
{
    fl_random_init(random, seed, 77);
    bench_init(&live);
    bench_tick(&live, 13);
    CHECK(bench_ready(&live), "not ready");
    ready = live;
    bench_grant(&live, NULL);
    CHECK(live.pulses == 1, "the good grant does not fire: %s", live.body);
    live = ready;
}

/* The body of a grant that would fire now. */
static void good_grant(char body[256])
{
    live = ready;
    bench_grant(&live, NULL);
    const char *at = strchr(live.frame, ' ') + 1;
    snprintf(body, 256, "%.*s", (int)(strchr(at, '*') - at), at);
    live = ready;
}

/* Frames with any share of their bits wrong: none is heard. */
/* hazards: H20 */
static void wrong_bits(void)
{
    fl_random random;
    prepare(20260504, &random);
    char frames[3][256], grant[256];
    good_grant(grant);
    const char *const bodies[] = {grant, "POLL sh=1", "STOP"};
    for (int i = 0; i < 3; i++) {
        bench_frame(&live, live.session, live.number + 1, bodies[i]);
        memcpy(frames[i], live.frame, 256);
    }
    uint64_t heard = 0, untouched = 0;
    for (int n = 0; n < BROKEN_FRAMES; n++) {
        char wrong[256];
        const char *frame = frames[n % 3];
        const size_t length = strlen(frame) - 1;
        memcpy(wrong, frame, length + 2);
        const double rate = 0.0025 * (double)(1 + below(&random, 200)); /* 0.0025 .. 0.5 */
        for (size_t i = 0; i < length; i++)
            for (int bit = 0; bit < 8; bit++)
                if (fl_random_uniform(&random) < rate) wrong[i] ^= (char)(1 << bit);
        if (memcmp(wrong, frame, length) == 0) {
            untouched++;
            continue;
        }
        live = ready;
        bench_bytes(&live, wrong, length + 1);
        heard += live.device.number != ready.device.number;
        if (live.pulses) CHECK(false, "a broken frame made light: %s", wrong);
    }
    CHECK(heard == 0, "%llu broken frames were taken", (unsigned long long)heard);
    CHECK(untouched < BROKEN_FRAMES / 100, "%llu frames were not broken at all",
          (unsigned long long)untouched);
}

/* One byte more, less, other, or two pieces exchanged. */
static void mutate(fl_random *random, char *body, size_t room)
{
    static const char letters[] = "0123456789ABCDEFabcdef =GRANTPOLSTCMIkgfepnsuh?-+x";
    const size_t length = strlen(body);
    const size_t at = below(random, (uint32_t)length), other = below(random, (uint32_t)length);
    const char letter = letters[below(random, sizeof letters - 1)], kept = body[at];
    switch (below(random, 5)) {
    case 0: body[at] = letter; break;
    case 1: memmove(body + at, body + at + 1, length - at); break;
    case 2:
        if (length + 2 > room) break;
        memmove(body + at + 1, body + at, length - at + 1);
        body[at] = letter;
        break;
    case 3:
        body[at] = body[other];
        body[other] = kept;
        break;
    case 4: body[at] = 0; break;
    }
}

static void whole_mutations(fl_random *random, char *body, const char *grant)
{
    static const char *const words[] = {"POLL sh=1",
                                        "POLL sh=0",
                                        "SET EN=400000",
                                        "GET",
                                        "COMMIT ep=00000002 dg=22F6FCB6 ph=" BENCH_PLAN,
                                        "ARM?",
                                        "ARM ch=CAFE0001 ep=00000002",
                                        "STOP",
                                        "RESET ca=00000000",
                                        "ANCHOR?",
                                        "HELLO v=1 hn=00000001",
                                        "GRANT",
                                        "GRANT g=FFFFFFFFFFFFFFFF"};
    const bool is_grant = below(random, 4) != 0;
    snprintf(body, 220, "%.219s", is_grant ? grant : words[below(random, sizeof words / sizeof *words)]);
    for (uint32_t n = 1 + below(random, 3); n && body[0]; n--) mutate(random, body, 220);
    if (!body[0]) snprintf(body, 220, "x");
}

/* What the mutated body would have to be: the same fields in some order. Counted separately: an exchange may
 * give a grant that still is good, such as a higher g. */
static bool still_good(const char *body)
{
    unsigned long long g, k;
    unsigned f, ep, en, sp;
    char pu, ph[33];
    const int read = sscanf(body, "GRANT g=%16llx f=%8x ep=%8x k=%16llx en=%u sp=%u pu=%c ph=%32s", &g, &f,
                            &ep, &k, &en, &sp, &pu, ph);
    if (read != 8) return false;
    bool recent = false;
    for (unsigned i = 0; i < GL1_STATS_KEPT; i++)
        recent = recent || (ready.device.stats[i].valid && ready.device.stats[i].number == f &&
                            ready.now_ms - ready.device.stats[i].ms <= 40);
    return g > 0x122 && recent && ep == ready.device.epoch && k == 0x12344 && en == 200000 && sp == 4000 &&
           pu == 'T' && strcmp(ph, BENCH_PLAN) == 0;
}

/* Mutated grants with a right check: no pulse that was not granted. */
/* hazards: H20 H21 */
static void hostile_bodies(void)
{
    fl_random random;
    prepare(7, &random);
    char grant[256], body[256];
    good_grant(grant);
    uint64_t fired = 0, good = 0, answered = 0;
    for (int n = 0; n < HOSTILE_BODIES; n++) {
        whole_mutations(&random, body, grant);
        live = ready;
        bench_ask(&live, body);
        answered += live.body[0] != 0;
        if (!live.pulses) continue;
        fired++;
        const bool allowed = still_good(body);
        good += allowed;
        if (!allowed) CHECK(false, "light for: %s", body);
        CHECK(live.pulses == 1 && live.kept_before_pulse == 1, "more than one pulse for: %s", body);
    }
    CHECK(fired == good, "%llu pulses, %llu good grants", (unsigned long long)fired,
          (unsigned long long)good);
    CHECK(answered > HOSTILE_BODIES / 2, "only %llu bodies were even read", (unsigned long long)answered);
}

/* The good grant itself, while the machine is not as it must be. */
/* hazards: H04 */
static void good_grants_in_a_bad_moment(void)
{
    fl_random random;
    prepare(11, &random);
    char grant[256];
    good_grant(grant);
    uint64_t fired = 0;
    for (int n = 0; n < 100000; n++) {
        live = ready;
        const uint32_t flipped = 1u << below(&random, 20);
        live.follow = false;
        const bool turned = below(&random, 4) == 0;
        live.contacts ^= flipped & ~(uint32_t)(BENCH_SHUT | BENCH_OPEN);
        live.shutters ^= flipped & (BENCH_SHUT | BENCH_OPEN);
        if (turned) live.spot_um = 1 + below(&random, 3999);
        if (below(&random, 2)) bench_tick(&live, 1 + below(&random, 60));
        bench_ask(&live, grant);
        fired += live.pulses;
    }
    CHECK(fired == 0, "%llu pulses in a bad moment", (unsigned long long)fired);
}

/* Lines of any bytes: the core neither crashes (sanitizers watch) nor fires nor answers. */
static void noise(void)
{
    fl_random random;
    prepare(13, &random);
    live = ready;
    for (int n = 0; n < NOISE_LINES; n++) {
        char line[300];
        const uint32_t length = below(&random, sizeof line);
        const bool printable = below(&random, 2);
        for (uint32_t i = 0; i < length; i++)
            line[i] = (char)(printable ? 0x20 + below(&random, 0x5F) : below(&random, 256));
        if (length) line[0] = ">!*<"[below(&random, 4)];
        if (n % 64 == 0) live = ready;
        bench_bytes(&live, line, length);
        bench_raw(&live, "\n");
        if (n % 8 == 0) bench_tick(&live, 1);
        if (live.pulses) CHECK(false, "noise made light");
    }
    CHECK(live.pulses == 0, "noise made light");
}

FL_TESTS("twin/hostile", TEST(wrong_bits), TEST(hostile_bodies), TEST(good_grants_in_a_bad_moment),
         TEST(noise))
