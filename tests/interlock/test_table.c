/* labels: unit proof   timeout: 120 */
/* Three copies of the machine agree: the step, the monitor, and the table of the reference coded a third time
 * row by row (table_rows.c). 2 * 10^7 biased pairs every day on two threads; FL_PAIRS=1000000000 is the slow
 * run. */
#include "biased.h"
#include "check.h"
#include "table.h"

#include "fadeline/interlock/monitor.h"

#include <pthread.h>
#include <time.h>

#define THREADS 2
#define ROWS 64

typedef struct share {
    uint64_t pairs, stream;
    bool ask_table;
    uint64_t row_count[ROWS], differences, broken;
    char first[400]; /* the first difference, in words */
} share;

/* A difference names the pair, so that one line is enough to start from. */
static void compare(share *s, int k, uint32_t word)
{
    const fl_interlock_state state = biased_state(k);
    const fl_interlock_result got = fl_interlock_step(state, word);
    const uint64_t broken = fl_interlock_monitor(state, word, got.next, got.outputs, 1).broken;
    if (broken && s->broken++ == 0)
        snprintf(s->first, sizeof s->first, "%s flags %u, inputs %08X: the monitor objects, %s",
                 fl_mode_word(state.mode), state.flags, (unsigned)word,
                 fl_invariant_name(1 + __builtin_ctzll(broken)));
    if (!s->ask_table) return;
    const fl_inputs in = fl_inputs_unpack(word);
    const table_answer want = table_step(state.mode, state.flags, &in);
    s->row_count[want.row]++;
    const bool armed = want.to == FL_MODE_ARMING || want.to == FL_MODE_READY || want.to == FL_MODE_OPENING ||
                       want.to == FL_MODE_EMIT || want.to == FL_MODE_GAP || want.to == FL_MODE_CLOSING;
    const bool open = want.to == FL_MODE_OPENING || want.to == FL_MODE_EMIT || want.to == FL_MODE_GAP;
    const bool same = got.next.mode == want.to && got.next.flags == want.flags &&
                      (got.next.flags ^ got.next.flags_not) == 0xFF && got.outputs.token == want.token &&
                      got.outputs.permit == (want.to == FL_MODE_EMIT) && got.outputs.shutter_open == open &&
                      got.outputs.hv == armed && got.outputs.indicator == armed;
    if (!same && s->differences++ == 0 && !s->broken)
        snprintf(s->first, sizeof s->first, "%s flags %u, inputs %08X: step says %s %u, row %d says %s %u",
                 fl_mode_word(state.mode), state.flags, (unsigned)word, fl_mode_word(got.next.mode),
                 got.next.flags, want.row, fl_mode_word(want.to), want.flags);
}

static void *work(void *argument)
{
    share *s = argument;
    fl_random random;
    fl_random_init(&random, 20260504, s->stream);
    for (uint64_t n = 0; n < s->pairs && s->differences + s->broken < 100; n++) {
        const int k = (int)(fl_random_u64(&random) % BIASED_STATES);
        compare(s, k, biased_word(&random, biased_states[k].mode));
    }
    return NULL;
}

static void on_threads(share shares[THREADS], uint64_t pairs, bool ask_table)
{
    pthread_t threads[THREADS];
    for (uint64_t i = 0; i < THREADS; i++) {
        shares[i] = (share){.pairs = pairs / THREADS, .stream = 7 + i, .ask_table = ask_table};
        CHECK(pthread_create(&threads[i], NULL, work, &shares[i]) == 0, "thread %d", (int)i);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(shares[i].broken == 0, "%llu pairs; %s", (unsigned long long)shares[i].broken, shares[i].first);
        CHECK(shares[i].differences == 0, "%llu pairs differ; %s", (unsigned long long)shares[i].differences,
              shares[i].first);
    }
}

static uint64_t wanted_pairs(void)
{
    const char *text = getenv("FL_PAIRS");
    return text ? strtoull(text, NULL, 10) : 20000000;
}

/* The rules written a third time, row by row, on 20 million biased pairs a day and a thousand million in the slow run. */
/* hazards: H57 */
static void three_copies_agree(void)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    static share shares[THREADS];
    on_threads(shares, wanted_pairs(), true);
    clock_gettime(CLOCK_MONOTONIC, &end);
    uint64_t row_count[ROWS] = {0}, pairs = 0;
    for (int i = 0; i < THREADS; i++)
        for (int row = 0; row < ROWS; row++) row_count[row] += shares[i].row_count[row];
    for (int row = 0; row < ROWS; row++) pairs += row_count[row];
    CHECK(pairs == wanted_pairs() / THREADS * THREADS, "only %llu pairs were compared",
          (unsigned long long)pairs);
    CHECK(row_count[0] == 0, "%llu pairs match no row", (unsigned long long)row_count[0]);
    for (int row = 2; row <= 54; row++)
        CHECK(row == 6 || row_count[row] >= wanted_pairs() / 2500,
              "row %d was met only %llu times: the sample proves nothing about it", row,
              (unsigned long long)row_count[row]);
    printf("%llu pairs in %.0f s ", (unsigned long long)pairs,
           (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec));
}

/* The monitor alone, as it stands beside the step in every tick; the mutation run asks it first. Damaged
 * states and words too wide for the layout are in the sample. */
static void the_monitor_has_no_objection_to_the_step(void)
{
    static share shares[THREADS];
    on_threads(shares, 2000000, false);
    fl_random random;
    fl_random_init(&random, 20260504, 5);
    uint64_t broken = 0, damaged = 0;
    for (int n = 0; n < 400000; n++) {
        fl_interlock_state state = biased_damage(&random);
        damaged += !fl_interlock_is_well_formed(state);
        uint32_t word = biased_word(&random, state.mode);
        if (n % 4 == 0) {
            state = biased_state((int)(fl_random_u64(&random) % BIASED_STATES));
            word |= 1u << (30 + (n >> 2) % 2);
        }
        const fl_interlock_result r = fl_interlock_step(state, word);
        broken += fl_interlock_monitor(state, word, r.next, r.outputs, 1).broken != 0;
    }
    CHECK(broken == 0, "%llu objections to damage and wide words", (unsigned long long)broken);
    CHECK(damaged > 200000, "only %llu states were damaged", (unsigned long long)damaged);
}

FL_TESTS("interlock/table", TEST(the_monitor_has_no_objection_to_the_step), TEST(three_copies_agree))
