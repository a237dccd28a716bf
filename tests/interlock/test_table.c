/* labels: unit proof   timeout: 120 */
/* The step agrees with the table of the reference, coded a third time row by row (table_rows.c), on 2 * 10^7
 * random pairs; half of them near health, where the rules that let light out are decided. */
#include "check.h"

#include "fadeline/base/random.h"
#include "table.h"

static const struct {
    fl_mode mode;
    unsigned flags;
} states[28] = {
    {FL_MODE_OFF, 0},     {FL_MODE_OFF, 16},    {FL_MODE_SELFTEST, 0}, {FL_MODE_STANDBY, 0},
    {FL_MODE_ARMING, 0},  {FL_MODE_ARMING, 1},  {FL_MODE_READY, 0},    {FL_MODE_READY, 1},
    {FL_MODE_READY, 2},   {FL_MODE_READY, 3},   {FL_MODE_OPENING, 0},  {FL_MODE_OPENING, 1},
    {FL_MODE_EMIT, 0},    {FL_MODE_EMIT, 1},    {FL_MODE_GAP, 0},      {FL_MODE_GAP, 1},
    {FL_MODE_CLOSING, 0}, {FL_MODE_CLOSING, 1}, {FL_MODE_CLOSING, 4},  {FL_MODE_CLOSING, 5},
    {FL_MODE_CLOSING, 8}, {FL_MODE_CLOSING, 9}, {FL_MODE_CLOSING, 12}, {FL_MODE_CLOSING, 13},
    {FL_MODE_FAULT, 0},   {FL_MODE_FAULT, 16},  {FL_MODE_ESTOP, 0},    {FL_MODE_ESTOP, 16},
};

/* Good bits 0..16 set; then each field is disturbed with a small chance, so deep rules are reached. */
static uint32_t near_health(fl_random *random)
{
    uint32_t word = (1u << 17) - 1;
    const uint64_t r = fl_random_u64(random), q = fl_random_u64(random);
    if (r % 3 == 0) word ^= 1u << (r >> 8) % 17;
    if (r >> 16 & 3) word |= (r >> 18 & 1) << FL_BIT_dock;
    const unsigned shutter = r >> 20 & 15; /* closed, open, and seldom both or none */
    word |= (shutter < 7 ? 1u : shutter < 14 ? 2u : shutter == 14 ? 0u : 3u) << FL_BIT_sh_closed;
    word |= (uint32_t)(r >> 24 & 7 ? r >> 28 & 1 : r >> 28 & 3) << FL_BIT_energy;
    word |= (uint32_t)(r >> 32 & 7 ? r >> 36 & 1 : r >> 36 & 3) << FL_BIT_foot;
    word |= (uint32_t)(q & 1 ? 0 : q >> 1 & 7) << FL_BIT_cmd;
    word |= (uint32_t)(q >> 4 & 1) << FL_BIT_due | (uint32_t)(q >> 8 & 7 ? 1 : q >> 11 & 3)
                                                       << FL_BIT_selftest;
    return word;
}

/* The rules written a third time, row by row, on 20 million random pairs. */
/* hazards: H57 */
static void the_step_reads_as_the_table(void)
{
    fl_random random;
    fl_random_init(&random, 20260504, 7);
    uint64_t differences = 0, row_count[64] = {0};
    for (uint32_t n = 0; n < 20000000; n++) {
        const uint32_t word = n & 1 ? near_health(&random) : (uint32_t)fl_random_u64(&random) >> 2;
        const int k = (int)(fl_random_u64(&random) % 28);
        const fl_inputs in = fl_inputs_unpack(word);
        const table_answer want = table_step(states[k].mode, states[k].flags, &in);
        const fl_interlock_result got =
            fl_interlock_step(fl_interlock_state_of(states[k].mode, states[k].flags), word);
        row_count[want.row]++;
        const bool same = got.next.mode == want.to && got.next.flags == want.flags &&
                          got.outputs.token == want.token && got.outputs.permit == (want.to == FL_MODE_EMIT);
        if (!same && differences++ < 5)
            CHECK(same, "%s flags %u, inputs %08X: step says %s %u, row %d says %s %u",
                  fl_mode_word(states[k].mode), states[k].flags, (unsigned)word, fl_mode_word(got.next.mode),
                  got.next.flags, want.row, fl_mode_word(want.to), want.flags);
    }
    CHECK(differences == 0, "%llu pairs differ", (unsigned long long)differences);
    CHECK(row_count[0] == 0, "%llu pairs match no row", (unsigned long long)row_count[0]);
    for (int row = 2; row <= 54; row++)
        CHECK(row == 6 || row_count[row] > 100,
              "row %d was met only %llu times: the sample proves nothing about it", row,
              (unsigned long long)row_count[row]);
}

FL_TESTS("interlock/table", TEST(the_step_reads_as_the_table))
