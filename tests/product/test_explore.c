/* labels: unit proof   timeout: 300   fast */
/* The product explored, everyday: all states with foot, kills and a wire that loses, doubles and delays; and
 * the states nearest to a grant with everything the adversary may do. The large runs are test_explore_slow.c.
 */
#include "check.h"
#include "helper_explore.h"

static void run(const char *name, const model *m, const explore_limits *limits, bool all)
{
    explored e;
    explore(m, limits, &e);
    explore_print_figures(&e, name);
    CHECK(!e.found, "%s: %s", name, breach_text(e.found));
    if (e.found) explore_print(m, &e, stderr);
    CHECK(!all || e.exhausted, "%s: not all states: %u", name, e.states);
    CHECK(e.found || e.pulses_seen > 0, "%s: the laser never fired", name);
    explore_free(&e);
}

static void foot_and_kills_in_every_state(void)
{
    const model m = {.powers = POWER_FOOT | POWER_CRASH, .frames = 1, .ga = 1, .lost = 2, .wd = 2};
    run("foot and kills, one request in flight", &m, &(explore_limits){2000000, 64, NULL}, true);
}

/* Foot, kills, faults and a bad line together, in every state within reach. */
/* hazards: H11 H17 H21 H29 */
static void everything_at_once_near_a_grant(void)
{
    const model m = {.powers = (1u << 12) - 1, .frames = 3, .ga = 1, .lost = 2, .wd = 2};
    const product sent = explore_first_sent(&m);
    CHECK(sent.stage == BOOK_SENT, "no grant was sent");
    run("everything, three requests in flight, from a grant", &m, &(explore_limits){400000, 64, &sent},
        false);
}

/* A key that loses a bit would merge states that differ. */
static void keys_keep_every_bit(void)
{
    product w, back;
    uint32_t x = 1;
    for (int round = 0; round < 1000; round++) {
        product_key key, again;
        for (int i = 0; i < KEY_WORDS; i++) {
            x = x * 1664525 + 1013904223;
            key.word[i] = x ^ x >> 16;
        }
        product_unpack(&key, &w);
        product_pack(&w, &again);
        product_unpack(&again, &back);
        CHECK(memcmp(&w, &back, sizeof w) == 0, "round %d", round);
    }
}

FL_TESTS("product/explore", TEST(keys_keep_every_bit), TEST(foot_and_kills_in_every_state),
         TEST(everything_at_once_near_a_grant))
