/* labels: unit   timeout: 120   fast */
/* Section 9 of the grant link page, worked out again: how likely is it that a frame damaged by independent
 * bit errors is accepted? Exactly, not by chance: all error patterns are in it.
 *
 * The model. A frame is n checked bytes and eight hexadecimal digits, each digit a byte of its own on the
 * wire. An error e on the checked bytes moves the check by a linear d(e); the frame is accepted when the
 * digits were turned, by errors too, into just the digits of the check so moved. A digit for a becomes the
 * digit for a^x with probability p^w (1-p)^(8-w), w the bits in which the two characters differ; T(x) is its
 * mean over the sixteen a, because the check of a frame is as good as random. So
 *
 *     P = sum over d of  Pr[d(e) = d] * T(d1) T(d2) .. T(d8)   -   Pr[no error at all]
 *
 * Directly that is a sum over all e: 2^8n terms, for frames of up to three bytes. The other way round
 * (MacWilliams) it is a sum over all checks u, whatever the length:
 *
 *     P = 2^-32 sum over u of (1-2p)^w(u) * F(u1) .. F(u8)  -  Pr[no error]
 *
 * w(u) is the weight of the dual word that belongs to u, and F the Walsh transform of T. Every day: both ways
 * give the same for a 16-bit check, the direct way for CRC-32C on short frames, and the parts against
 * fl_frame_read. With FL_ALL=1: all 2^32 dual words for the POLL frame, and the numbers of the page. */
#include "check.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/random.h"
#include "fadeline/link/frame.h"

#include <stdint.h>

#define BYTES_MAX 48
#define WORDS (BYTES_MAX / 8)

#if defined(__x86_64__) && defined(__GNUC__)
#define POPCOUNT __attribute__((target("popcnt")))
#else
#define POPCOUNT
#endif

/* A check of `digits` hexadecimal digits: how much bit b of the checked bytes moves it. */
typedef struct code {
    unsigned digits, bits; /* bits checked: 8n */
    uint32_t move[8 * BYTES_MAX];
} code;

/* ---- digits on the wire ---- */

static char digit(unsigned value)
{
    return "0123456789ABCDEF"[value & 15];
}

static void digit_tables(double p, double turned[16], double walsh[16])
{
    for (unsigned x = 0; x < 16; x++) {
        turned[x] = 0;
        for (unsigned a = 0; a < 16; a++) {
            const int w = __builtin_popcount((unsigned)(digit(a) ^ digit(a ^ x)));
            turned[x] += pow(p, w) * pow(1 - p, 8 - w) / 16;
        }
    }
    for (unsigned v = 0; v < 16; v++) {
        walsh[v] = 0;
        for (unsigned x = 0; x < 16; x++) walsh[v] += __builtin_parity(v & x) ? -turned[x] : turned[x];
    }
}

static double product(const double table[16], uint32_t value, unsigned digits)
{
    double all = 1;
    for (unsigned i = 0; i < digits; i++) all *= table[value >> (4 * i) & 15];
    return all;
}

static double no_error(const code *c, double p)
{
    return pow(1 - p, c->bits + 8.0 * c->digits);
}

/* ---- two codes ---- */

static code crc32c_code(unsigned bytes)
{
    code c = {.digits = 8, .bits = 8 * bytes};
    uint8_t zeros[BYTES_MAX] = {0};
    const uint32_t none = fl_crc32c(0, zeros, bytes);
    for (unsigned b = 0; b < c.bits; b++) {
        zeros[b / 8] = (uint8_t)(1u << b % 8);
        c.move[b] = fl_crc32c(0, zeros, bytes) ^ none;
        zeros[b / 8] = 0;
    }
    return c;
}

/* CRC-16/CCITT, bit by bit: only to have a code small enough to be summed both ways. */
static code crc16_code(unsigned bytes)
{
    code c = {.digits = 4, .bits = 8 * bytes};
    for (unsigned b = 0; b < c.bits; b++) {
        uint32_t state = 0;
        for (unsigned i = 0; i < c.bits; i++) {
            const uint32_t out = (state >> 15 & 1) ^ (i == b);
            state = (state << 1 & 0xFFFF) ^ (out ? 0x1021 : 0);
        }
        c.move[b] = state;
    }
    return c;
}

/* ---- the direct way: every error pattern ---- */

static double directly(const code *c, double p)
{
    double turned[16], walsh[16], of_weight[8 * 4 + 1];
    digit_tables(p, turned, walsh);
    for (unsigned w = 0; w <= c->bits; w++) of_weight[w] = pow(p, w) * pow(1 - p, c->bits - w);
    double sum = 0;
    uint32_t error = 0, moved = 0;
    for (uint32_t i = 1; i < 1u << c->bits; i++) { /* in Gray's order: one bit a step, and never no error */
        const unsigned bit = (unsigned)__builtin_ctz(i);
        error ^= 1u << bit;
        moved ^= c->move[bit];
        sum += of_weight[__builtin_popcount(error)] * product(turned, moved, c->digits);
    }
    /* Nothing wrong but digits: another number is another check. Only the same digits are accepted: no error.
     */
    return sum;
}

/* ---- the other way: every dual word ---- */

#define LOW 4096 /* dual words of the low twelve bits of u, kept */

typedef struct dual {
    uint64_t word[WORDS];
} dual;

static dual dual_of(const code *c, uint32_t u)
{
    dual d = {.word = {0}};
    for (unsigned b = 0; b < c->bits; b++)
        if (__builtin_parity(c->move[b] & u)) d.word[b / 64] |= UINT64_C(1) << b % 64;
    return d;
}

/* Sum over the low part, for one high part. */
POPCOUNT static double sum_low(const dual *high, const dual *low, const double *weight_power,
                               const double *low_product, unsigned words)
{
    double sum = 0;
    for (unsigned i = 0; i < LOW; i++) {
        int w = 0;
        for (unsigned j = 0; j < words; j++) w += __builtin_popcountll(high->word[j] ^ low[i].word[j]);
        sum += weight_power[w] * low_product[i];
    }
    return sum;
}

static double by_duals(const code *c, double p)
{
    static dual low[LOW];
    static double low_product[LOW], weight_power[8 * BYTES_MAX + 1];
    double turned[16], walsh[16];
    digit_tables(p, turned, walsh);
    for (unsigned w = 0; w <= c->bits; w++) weight_power[w] = pow(1 - 2 * p, w);
    for (uint32_t i = 0; i < LOW; i++) {
        low[i] = dual_of(c, i);
        low_product[i] = product(walsh, i, 3);
    }
    const unsigned words = (c->bits + 63) / 64;
    const uint32_t highs = (uint32_t)((UINT64_C(1) << 4 * c->digits) / LOW);
    long double sum = 0;
    dual high = dual_of(c, 0);
    for (uint32_t i = 0; i < highs; i++) {
        const uint32_t u = (i ^ i >> 1) * LOW; /* Gray again */
        if (i) {
            const dual step = dual_of(c, LOW * (i & -i));
            for (unsigned j = 0; j < words; j++) high.word[j] ^= step.word[j];
        }
        sum += (long double)product(walsh, u / LOW, c->digits - 3) *
               (long double)sum_low(&high, low, weight_power, low_product, words);
    }
    return (double)(ldexpl(sum, -4 * (int)c->digits) - (long double)no_error(c, p));
}

/* ---- tests ---- */

static const double rates[] = {0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 1e-3};
#define RATES (sizeof rates / sizeof *rates)

static void both_ways_give_the_same(void)
{
    for (unsigned bytes = 1; bytes <= 3; bytes++) {
        const code c = crc16_code(bytes);
        for (size_t i = 0; i < RATES; i++) {
            const double a = directly(&c, rates[i]), b = by_duals(&c, rates[i]);
            /* by_duals is a small difference of numbers near one */
            CHECK(fabs(a - b) <= 1e-9 * a + 1e-14, "%u bytes at %g: directly %.12g, by dual words %.12g",
                  bytes, rates[i], a, b);
        }
    }
}

/* The direct sum for CRC-32C itself on frames of three bytes: far below the bound of 2^-32 at every rate, and
 * at one half, where everything is equally likely, what counting gives. */
static void short_frames_directly(void)
{
    const double bound = ldexp(1, -32);
    for (unsigned bytes = 1; bytes <= 3; bytes++) {
        const code c = crc32c_code(bytes);
        for (size_t i = 0; i < RATES; i++) {
            const double p = directly(&c, rates[i]);
            CHECK(p > 0 && p < bound, "%u bytes at %g: %.3g, the bound is %.3g", bytes, rates[i], p, bound);
        }
        const double half = (pow(2, 8.0 * bytes) - 1) / pow(2, 8.0 * bytes + 64);
        CHECK_REL(directly(&c, 0.5), half, 1e-9, "one damaged frame in 2^64 digits fits each error");
    }
}

/* What the model calls accepted, fl_frame_read accepts, and nothing else: for errors of the checked bytes
 * that leave them printable, the moved check passes and its neighbours do not. */
static void the_model_is_the_reader(void)
{
    const char identity[] = "SIM-00042", body[] = "POLL sh=0";
    fl_random random;
    fl_random_init(&random, 9, 1);
    const code c = crc32c_code(27);
    unsigned tried = 0;
    for (int i = 0; i < 20000; i++) {
        char line[FL_FRAME_ROOM];
        const size_t size =
            fl_frame_write('>', (uint32_t)fl_random_u64(&random) | 1, (uint32_t)fl_random_u64(&random),
                           identity, body, sizeof body - 1, line) -
            1;
        CHECK(size == 27 + 9, "%zu bytes", size);
        uint32_t moved = 0;
        for (int k = 0; k < 3; k++) { /* in the body, where any printable byte but a star may stand */
            const unsigned b = 8 * 18 + (unsigned)(fl_random_u64(&random) % 72);
            line[b / 8] ^= (char)(1 << b % 8);
            moved ^= c.move[b];
        }
        bool may = true;
        for (int k = 18; k < 27; k++) may = may && line[k] >= 0x20 && line[k] <= 0x7E && line[k] != '*';
        if (!may || !moved) continue;
        uint32_t check = (uint32_t)strtoul(line + 28, NULL, 16);
        fl_frame frame;
        CHECK(fl_frame_read(line, size, identity, &frame) == FL_FRAME_CHECK, "accepted: %.36s", line);
        check ^= moved;
        for (int k = 0; k < 8; k++) line[28 + k] = digit(check >> (28 - 4 * k));
        CHECK(fl_frame_read(line, size, identity, &frame) == FL_FRAME_GOOD,
              "the moved check is refused: %.36s", line);
        const unsigned k = (unsigned)(fl_random_u64(&random) % 8);
        line[28 + k] = digit((check >> (28 - 4 * k)) ^ 1u << fl_random_u64(&random) % 4);
        CHECK(fl_frame_read(line, size, identity, &frame) == FL_FRAME_CHECK, "a neighbour is accepted: %.36s",
              line);
        tried++;
    }
    CHECK(tried > 5000, "only %u", tried);
}

/* The page: 36 bytes, highest 6.0e-11 at 2 %, below 1e-13 at 1e-3. All 2^32 dual words, three times. */
static void poll_by_all_dual_words(void)
{
    if (!getenv("FL_ALL")) return;
    const code short_frame = crc32c_code(3);
    CHECK_REL(by_duals(&short_frame, 0.1), directly(&short_frame, 0.1), 1e-2, "three bytes, both ways");
    const code poll = crc32c_code(36);
    const double at_2_percent = by_duals(&poll, 0.02), at_1e3 = by_duals(&poll, 1e-3);
    printf(" 36 bytes: %.4g at 2 %%, %.3g at 1e-3 ", at_2_percent, at_1e3);
    CHECK(at_2_percent > 5.95e-11 && at_2_percent < 6.05e-11, "at 2 %%: %.4g, the page says 6.0e-11",
          at_2_percent);
    CHECK(fabs(at_1e3) < 1e-13, "at 1e-3: %.4g, the page says below 1e-13", at_1e3);
    CHECK(at_2_percent > by_duals(&poll, 0.01) && at_2_percent > by_duals(&poll, 0.05),
          "2 %% is the highest of its grid");
}

FL_TESTS("link/residual", TEST(both_ways_give_the_same), TEST(short_frames_directly),
         TEST(the_model_is_the_reader), TEST(poll_by_all_dual_words))
