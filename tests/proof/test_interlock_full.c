/* labels: slow proof   timeout: 3600   fast */
/* Every well-formed state times every input: 28 * 2^30 pairs through step and monitor, two threads. No
 * violation, and every number of the count matrix of the interlock reference, section 8.
 *
 * The everyday run asks the record first (proof_interlock_record): the same sources as in proven.txt need no
 * second proof. Sources that changed are enumerated there and then, and the test stays red until the record
 * is renewed:
 *
 *     FL_RENEW=1 build/tests/test_proof_interlock_full      enumerates, and writes proven.txt if all is right
 */
#include "enumerate.h"
#include "interlock_full_record.h"

#include <time.h>

static tally total[STATE_COUNT];
static atomic_uint_fast32_t next_chunk;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
#define LOWS_A_CHUNK 256u
#define CHUNKS_A_STATE (BLOCK / LOWS_A_CHUNK)

static void *work(void *unused)
{
    (void)unused;
    for (;;) {
        const uint32_t chunk = (uint32_t)atomic_fetch_add(&next_chunk, 1);
        const uint32_t state = chunk / CHUNKS_A_STATE, first = chunk % CHUNKS_A_STATE * LOWS_A_CHUNK;
        if (state >= STATE_COUNT) return NULL;
        tally mine = {0};
        for (uint32_t low = first; low < first + LOWS_A_CHUNK; low++) states[state].block(low, 0, 1, &mine);
        pthread_mutex_lock(&gate);
        tally *sum = &total[state];
        for (int i = 0; i < 256; i++) sum->next[i] += mine.next[i];
        sum->permits += mine.permits;
        sum->tokens += mine.tokens;
        sum->broken += mine.broken;
        sum->broken_set |= mine.broken_set;
        if (mine.broken) sum->broken_word = mine.broken_word;
        pthread_mutex_unlock(&gate);
    }
}

/* Section 8 of the interlock reference, rows and columns in the order of the modes. */
static const uint64_t want[FL_MODE_COUNT][FL_MODE_COUNT] = {
    /* clang-format off */
    /* OFF      */ { 1660944384, 50331648, 0, 0, 0, 0, 0, 0, 0, 436207616, 0 },
    /* SELFTEST */ { 805306368, 720896, 131072, 0, 0, 0, 0, 0, 0, 133365760, 134217728 },
    /* STANDBY  */ { 805306368, 0, 1048552, 24, 0, 0, 0, 0, 0, 133169152, 134217728 },
    /* ARMING   */ { 536870912, 0, 262120, 12, 12, 0, 0, 0, 0, 1341915136, 268435456 },
    /* READY    */ { 1073741824, 0, 524240, 0, 36, 12, 0, 0, 0, 2683830272, 536870912 },
    /* OPENING  */ { 536870912, 0, 0, 0, 0, 24, 24, 0, 786360, 1341390872, 268435456 },
    /* EMIT     */ { 536870912, 0, 0, 0, 0, 0, 12, 24, 524240, 1341653004, 268435456 },
    /* GAP      */ { 536870912, 0, 0, 0, 0, 0, 12, 12, 262120, 1341915136, 268435456 },
    /* CLOSING  */ { 2147483648, 0, 1310624, 0, 96, 0, 0, 0, 1835008, 5365563392, 1073741824 },
    /* FAULT    */ { 536870912, 49152, 0, 0, 0, 0, 0, 0, 0, 1342128128, 268435456 },
    /* ESTOP    */ { 536870912, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1610612736 },
    /* clang-format on */
};

#define PAIRS 30064771072u
#define PERMITS 48u
#define TOKENS 36u
static double seconds, processor_seconds;
static bool enumerated, right;

static void enumerate_all(void)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0, "thread %d", i);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    processor_seconds = (double)clock() / CLOCKS_PER_SEC;
    enumerated = true;
}

/* All 28 states with all 2^30 inputs: no invariant is ever broken. */
/* hazards: H01 H04 H05 H06 H07 H11 H12 H13 H14 H16 H18 H50 H56 H57 */
static void every_pair_is_as_the_reference_counts(void)
{
    if (!enumerated) enumerate_all();
    uint64_t got[FL_MODE_COUNT][FL_MODE_COUNT] = {0}, pairs = 0, permits = 0, tokens = 0, broken = 0;
    for (int s = 0; s < STATE_COUNT; s++) {
        for (int to = 0; to < FL_MODE_COUNT; to++)
            got[fl_mode_index(states[s].mode)][to] += total[s].next[fl_modes[to]];
        for (int code = 0; code < 256; code++) pairs += total[s].next[code];
        permits += total[s].permits;
        tokens += total[s].tokens;
        broken += total[s].broken;
        report_broken(&total[s], s);
    }
    for (int from = 0; from < FL_MODE_COUNT; from++)
        for (int to = 0; to < FL_MODE_COUNT; to++)
            CHECK(got[from][to] == want[from][to], "%s to %s: got %llu, want %llu",
                  fl_mode_word(fl_modes[from]), fl_mode_word(fl_modes[to]), (unsigned long long)got[from][to],
                  (unsigned long long)want[from][to]);
    CHECK(pairs == STATE_COUNT * INPUT_COUNT && pairs == PAIRS, "pairs: %llu", (unsigned long long)pairs);
    CHECK(broken == 0, "violations: %llu", (unsigned long long)broken);
    CHECK(permits == PERMITS, "permits: %llu", (unsigned long long)permits);
    CHECK(tokens == TOKENS, "tokens: %llu", (unsigned long long)tokens);
    right = memcmp(got, want, sizeof got) == 0 && pairs == PAIRS && !broken && permits == PERMITS &&
            tokens == TOKENS;
    printf("%llu pairs, %llu violations, %llu permits, %llu tokens, %.0f s, %.0f s of processor ",
           (unsigned long long)pairs, (unsigned long long)broken, (unsigned long long)permits,
           (unsigned long long)tokens, seconds, processor_seconds);
}

/* What was proven is what is shipped: other sources are enumerated anew before this passes. */
/* hazards: H57 */
static void the_record_is_of_these_sources(void)
{
    char hex[65];
    record_of_sources(hex);
    CHECK(record_is_incomplete() == NULL, "%s is included and not in the digest", record_is_incomplete());
    if (!getenv("FL_RENEW") && record_says(hex, PAIRS, PERMITS, TOKENS)) {
        printf("proved before, %.16s ", hex);
        return;
    }
    if (!enumerated) every_pair_is_as_the_reference_counts();
    if (!right) return; /* said above, sentence by sentence */
    if (getenv("FL_RENEW"))
        CHECK(record_write(hex, PAIRS, PERMITS, TOKENS, processor_seconds),
              "tests/proof/proven.txt cannot be written");
    CHECK(record_says(hex, PAIRS, PERMITS, TOKENS),
          "the changed sources were proved just now, and nobody recorded it. Run "
          "FL_RENEW=1 build/tests/test_proof_interlock_full and commit tests/proof/proven.txt");
}

/* A record of other sources, or of other numbers, is none. */
static void a_wrong_record_is_refused(void)
{
    char hex[65];
    record_of_sources(hex);
    const char kept = hex[63];
    hex[63] = kept == '0' ? '1' : '0';
    CHECK(!record_says(hex, PAIRS, PERMITS, TOKENS), "another digest passes");
    hex[63] = kept;
    CHECK(!record_says(hex, PAIRS - 1, PERMITS, TOKENS) && !record_says(hex, PAIRS, PERMITS + 1, TOKENS),
          "other numbers pass");
}

FL_TESTS("proof/interlock_full", TEST(every_pair_is_as_the_reference_counts),
         TEST(the_record_is_of_these_sources), TEST(a_wrong_record_is_refused))
