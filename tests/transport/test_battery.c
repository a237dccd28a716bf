/* labels: slow   timeout: 1200   fast */
/* A battery on the photons' generator (xoshiro128++; Blackman & Vigna, ACM TOMS 47(4), 2021, report no
 * failure in BigCrush and PractRand; from memory): one long stream, 1,000 neighbouring streams strung
 * together, and each half of the word. Every test gives a chi2 or normal p value; the smallest of all must be
 * believable. The lagged subtractive generator of the classic program goes through the same battery and has
 * to fail it. */
#include "check.h"

#include "helper_classic.h"
#include "streams.h"

#include <gsl/gsl_cdf.h>

typedef struct source {
    const char *what;
    uint32_t (*next)(struct source *self);
    stream at;
    uint64_t left, block; /* for streams strung together */
    unsigned lane;
    lagged bad;
} source;

static uint32_t one_stream(source *s)
{
    return stream_next(&s->at);
}

static uint32_t reversed(source *s)
{
    uint32_t x = stream_next(&s->at);
    x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1, x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4;
    return __builtin_bswap32(x);
}

static void take(source *s, uint64_t block, unsigned lane)
{
    uint32_t words[4][STREAMS];
    streams_init(20261126, block, words);
    for (unsigned w = 0; w < 4; w++) s->at.s[w] = words[w][lane];
}

/* 97 numbers of each lane of each block: what a short photon sees. */
static uint32_t strung(source *s)
{
    if (s->left == 0) {
        take(s, s->block, s->lane);
        s->left = 97;
        if (++s->lane == STREAMS) s->lane = 0, s->block++;
    }
    s->left--;
    return stream_next(&s->at);
}

static uint32_t lagged_bits(source *s)
{
    return (uint32_t)(lagged_uniform(&s->bad) * 4294967296.0);
}

static double chi2_p(const unsigned *count, unsigned bins, double expected)
{
    double chi2 = 0.0;
    for (unsigned i = 0; i < bins; i++) chi2 += (count[i] - expected) * (count[i] - expected) / expected;
    return gsl_cdf_chisq_Q(chi2, bins - 1);
}

static double normal_p(double z)
{
    return 2.0 * gsl_cdf_ugaussian_Q(fabs(z));
}

/* Powers of u up to the eighth: worst of eight. */
static double moments(source *s)
{
    enum { N = 4000000 };
    double sum[8] = {0}, worst = 1.0;
    for (int i = 0; i < N; i++) {
        const double u = (s->next(s) + 0.5) * 0x1p-32;
        double power = 1.0;
        for (int k = 0; k < 8; k++) sum[k] += power *= u;
    }
    for (int k = 0; k < 8; k++) {
        const double mean = 1.0 / (k + 2), variance = 1.0 / (2 * k + 3) - mean * mean;
        worst = fmin(worst, normal_p((sum[k] / N - mean) / sqrt(variance / N)));
    }
    return fmin(1.0, 8.0 * worst);
}

/* Each of the 32 bits is set half the time. */
static double bits(source *s)
{
    enum { N = 4000000 };
    unsigned set[32] = {0};
    for (int i = 0; i < N; i++) {
        const uint32_t x = s->next(s);
        for (int b = 0; b < 32; b++) set[b] += x >> b & 1;
    }
    double worst = 1.0;
    for (int b = 0; b < 32; b++) worst = fmin(worst, normal_p((set[b] - N / 2.0) / sqrt(N / 4.0)));
    return fmin(1.0, 32.0 * worst);
}

/* Correlation at lags 1 to 300. */
static double serial(source *s)
{
    enum { N = 300000, LAGS = 300 };
    static double u[N];
    for (int i = 0; i < N; i++) u[i] = s->next(s) * 0x1p-32 - 0.5;
    double worst = 1.0;
    for (int lag = 1; lag <= LAGS; lag++) {
        double sum = 0.0;
        for (int i = lag; i < N; i++) sum += u[i] * u[i - lag];
        worst = fmin(worst, normal_p(sum * 12.0 / sqrt(N - lag)));
    }
    return fmin(1.0, LAGS * worst);
}

/* Boxes of pairs (64 x 64) and of quadruples (8^4): chi2. */
static double boxes(source *s, unsigned dimensions, unsigned bits_each)
{
    enum { N = 4000000 };
    static unsigned count[4096];
    memset(count, 0, sizeof count);
    for (int i = 0; i < N; i++) {
        unsigned box = 0;
        for (unsigned d = 0; d < dimensions; d++) box = box << bits_each | s->next(s) >> (32 - bits_each);
        count[box]++;
    }
    return chi2_p(count, 4096, N / 4096.0);
}

static double pairs(source *s)
{
    return boxes(s, 2, 6);
}

static double quadruples(source *s)
{
    return boxes(s, 4, 3);
}

/* Order of three numbers that stand eight and eighteen steps of three apart, where the classic program's
 * bite. */
static double orders(source *s)
{
    enum { N = 2000000, BACK = 55 };
    static double last[64];
    unsigned count[6] = {0};
    for (int i = 0; i < N + BACK; i++) {
        const double u = last[i % 64] = s->next(s) * 0x1p-32;
        if (i < BACK) continue;
        const double a = last[(i - 24) % 64], b = last[(i - 55) % 64];
        count[u < a ? (a < b ? 0 : u < b ? 1 : 2) : (u < b ? 3 : a < b ? 4 : 5)]++;
    }
    return chi2_p(count, 6, N / 6.0);
}

/* Birthday spacings (Marsaglia): 512 days in a year of 2^24, equal spacings are Poisson with mean 2. */
static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static double birthdays(source *s)
{
    enum { DAYS = 512, YEARS = 20000, MOST = 8 };
    unsigned count[MOST + 1] = {0};
    for (int year = 0; year < YEARS; year++) {
        uint32_t day[DAYS];
        for (int i = 0; i < DAYS; i++) day[i] = s->next(s) >> 8;
        qsort(day, DAYS, sizeof *day, by_value);
        for (int i = DAYS - 1; i > 0; i--) day[i] -= day[i - 1];
        qsort(day, DAYS, sizeof *day, by_value);
        unsigned equal = 0;
        for (int i = 1; i < DAYS; i++) equal += day[i] == day[i - 1];
        count[equal < MOST ? equal : MOST]++;
    }
    double chi2 = 0.0, p = exp(-2.0), left = 1.0;
    for (unsigned k = 0; k <= MOST; k++) {
        const double expected = YEARS * (k < MOST ? p : left);
        chi2 += (count[k] - expected) * (count[k] - expected) / expected;
        left -= p, p *= 2.0 / (k + 1);
    }
    return gsl_cdf_chisq_Q(chi2, MOST);
}

/* Collisions (Knuth 3.3.2): 2^14 balls in 2^20 urns of two numbers' upper bits; 127 on average. */
static double collisions(source *s)
{
    enum { BALLS = 1 << 14, URNS = 1 << 20, ROUNDS = 500 };
    static uint8_t urn[URNS];
    double sum = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        memset(urn, 0, sizeof urn);
        for (int i = 0; i < BALLS; i++) {
            const uint32_t at = s->next(s) >> 22 << 10 | s->next(s) >> 22;
            sum += urn[at];
            urn[at] = 1;
        }
    }
    const double mean =
        BALLS - URNS * -expm1(BALLS * log1p(-1.0 / URNS)); /* its variance is nearly the mean */
    return normal_p((sum - ROUNDS * mean) / sqrt(ROUNDS * mean));
}

/* Rank of random 32 x 32 bit matrices: full, one less, or lower still. */
static double ranks(source *s)
{
    enum { N = 40000 };
    unsigned count[3] = {0};
    for (int i = 0; i < N; i++) {
        uint32_t row[32];
        for (int r = 0; r < 32; r++) row[r] = s->next(s);
        unsigned rank = 0;
        for (int b = 0; b < 32; b++) {
            unsigned pivot = rank;
            while (pivot < 32 && !(row[pivot] >> b & 1)) pivot++;
            if (pivot == 32) continue;
            const uint32_t swap = row[pivot];
            row[pivot] = row[rank], row[rank] = swap;
            for (unsigned r = rank + 1; r < 32; r++)
                if (row[r] >> b & 1) row[r] ^= swap;
            rank++;
        }
        count[rank == 32 ? 0 : rank == 31 ? 1 : 2]++;
    }
    static const double share[3] = {0.2887880952, 0.5775761902, 0.1336357146};
    double chi2 = 0.0;
    for (int k = 0; k < 3; k++)
        chi2 += (count[k] - N * share[k]) * (count[k] - N * share[k]) / (N * share[k]);
    return gsl_cdf_chisq_Q(chi2, 2);
}

/* Lengths of gaps between visits to the lowest eighth. */
static double gaps(source *s)
{
    enum { N = 500000, MOST = 40 };
    unsigned count[MOST + 1] = {0};
    for (int i = 0; i < N; i++) {
        unsigned gap = 0;
        while (s->next(s) >> 29) gap++;
        count[gap < MOST ? gap : MOST]++;
    }
    double chi2 = 0.0, p = 0.125, left = 1.0;
    for (unsigned k = 0; k <= MOST; k++) {
        const double expected = N * (k < MOST ? p : left);
        chi2 += (count[k] - expected) * (count[k] - expected) / expected;
        left -= p, p *= 0.875;
    }
    return gsl_cdf_chisq_Q(chi2, MOST);
}

static const struct {
    const char *what;
    double (*p)(source *);
} battery[] = {
    {"moments", moments},
    {"bits", bits},
    {"serial correlation", serial},
    {"pairs", pairs},
    {"quadruples", quadruples},
    {"orders", orders},
    {"birthday spacings", birthdays},
    {"collisions", collisions},
    {"matrix ranks", ranks},
    {"gaps", gaps},
};
#define TESTS_IN_BATTERY (sizeof battery / sizeof *battery)

static double smallest(source *s)
{
    double least = 1.0;
    for (size_t i = 0; i < TESTS_IN_BATTERY; i++) {
        const double p = battery[i].p(s);
        printf("\n    %-28s %-20s p %.3g", s->what, battery[i].what, p);
        /* Too good is as bad as too poor. */
        least = fmin(least, 2.0 * fmin(p, p < 1.0 ? 1.0 - p : 1.0));
    }
    return least;
}

static void the_generator_passes(void)
{
    source sources[] = {{.what = "one stream", .next = one_stream},
                        {.what = "bits reversed", .next = reversed},
                        {.what = "1,000s of streams", .next = strung}};
    take(&sources[0], 3, 7);
    take(&sources[1], 1u << 30, 0);
    for (size_t i = 0; i < 3; i++) {
        const double least = smallest(&sources[i]);
        /* Thirty p values in all: one in 3,000 of such runs would fall below by chance. */
        CHECK(least > 1e-5, "%s: smallest p %.2g", sources[i].what, least);
    }
}

static void the_lagged_one_fails(void)
{
    source bad = {.what = "lagged subtractive", .next = lagged_bits};
    lagged_init(&bad.bad, 1);
    CHECK(smallest(&bad) < 1e-10, "the battery finds nothing wrong with the classic program's generator");
}

FL_TESTS("transport/battery", TEST(the_generator_passes), TEST(the_lagged_one_fails))
