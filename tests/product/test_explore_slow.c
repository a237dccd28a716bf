/* labels: proof slow   timeout: 7200   fast */
/* The product explored, the large runs: more than 10^7 states, below 3 GB. Figures: README.md. */
#include "check.h"
#include "helper_explore.h"

#define EVERYTHING ((1u << 12) - 1)

static void run(const char *name, model m, uint32_t states, bool all, bool fine)
{
    explored e;
    m.ga = fine ? 2 : 1;
    m.lost = m.wd = fine ? 5 : 2;
    const product sent = all ? product_start() : explore_first_sent(&m); /* deep enough for light */
    explore(&m, &(explore_limits){states, 64, &sent}, &e);
    explore_print_figures(&e, name);
    fflush(stdout);
    CHECK(!e.found, "%s: %s", name, breach_text(e.found));
    if (e.found) explore_print(&m, &e, stderr);
    CHECK(!all || e.exhausted, "%s: not all states: %u", name, e.states);
    CHECK(all || e.states >= 10000000, "%s: only %u states", name, e.states);
    CHECK(e.pulses_seen > 0, "%s: the laser never fired", name);
    explore_free(&e);
}

static void foot_and_kills_three_in_flight(void)
{
    run("foot, kills", (model){.powers = POWER_FOOT | POWER_CRASH, .frames = 3}, 8000000, true, false);
}

static void foot_door_kills_and_power_cuts(void)
{
    run("foot, door, kills, power cuts",
        (model){.powers = POWER_FOOT | POWER_SOFT | POWER_CRASH | POWER_CUT, .frames = 2}, 60000000, true,
        false);
}

/* The same as far as ten million states. */
/* hazards: H11 H17 H21 H29 */
static void everything(void)
{
    run("everything", (model){.powers = EVERYTHING, .frames = 3}, 20000000, false, false);
}

static void everything_in_beats_of_20_ms(void)
{
    run("everything, 20 ms", (model){.powers = EVERYTHING, .frames = 2}, 12000000, false, true);
}

/* Rules with a second lock: without them nothing breaks, in all states. */
static void second_locks_hold(void)
{
    static const struct {
        const char *name;
        unsigned without;
    } rows[] = {{"g is not looked at", RULE_GRANT_NUMBER},
                {"k is not looked at", RULE_COUNT},
                {"the counter is believed at once", RULE_WAITING},
                {"older numbers are obeyed", RULE_ORDER},
                {"ARM does not mind an open grant", RULE_BOOK_FIRST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        run(rows[i].name,
            (model){.without = rows[i].without, .powers = POWER_FOOT | POWER_CRASH, .frames = 1}, 4000000,
            true, false);
}

/* C4 by itself, as the small model of the reference has it: with numbers that do not order, the waiting rule
 * is what is left. */
static void the_waiting_rule_is_needed_without_numbers(void)
{
    explored e;
    const model m = {
        .without = RULE_ORDER | RULE_WAITING, .powers = POWER_FOOT, .frames = 2, .ga = 1, .lost = 2, .wd = 2};
    explore(&m, &(explore_limits){4000000, 0, NULL}, &e);
    explore_print_figures(&e, "no order, no waiting");
    CHECK(e.found == BREACH_BOOKS, "found %s", breach_text(e.found));
    explore_free(&e);
}

FL_TESTS("product/explore_slow", TEST(the_waiting_rule_is_needed_without_numbers), TEST(second_locks_hold),
         TEST(foot_and_kills_three_in_flight), TEST(foot_door_kills_and_power_cuts), TEST(everything),
         TEST(everything_in_beats_of_20_ms))
