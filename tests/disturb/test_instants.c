/* labels: unit fault   timeout: 300   needs: fadeline-control fadeline-twin   serial */
/* Every kind of disturbance a few times, in real sessions of real processes. The ten thousand stand in
 * test_ten_thousand.c. */
#include "check.h"

#include "helper_disturb.h"

/* hazards: H18 H19 H24 H26 H27 H29 H30 */
static void nothing_is_lost_at_any_instant(void)
{
    static disturb_result result;
    const char *lanes = getenv("FL_LANES"), *instants = getenv("FL_INSTANTS");
    const disturb_options options = {.lanes = lanes ? (unsigned)atoi(lanes) : 9,
                                     .instants = instants ? (unsigned)atoi(instants) : 2 * KIND_COUNT,
                                     .seed = 20261127,
                                     .even = true};
    disturb_run(&options, &result);
    disturb_print(&result);
    CHECK(!result.fault[0], "%s", result.fault);
    CHECK(result.sum.instants == options.instants, "%u instants", result.sum.instants);
    CHECK(result.sum.over == 0 && result.sum.broken == 0, "%u with more than one pulse, %u promises broken",
          result.sum.over, result.sum.broken);
    CHECK(result.sum.silent == 0, "%u times control stood down and said nothing", result.sum.silent);
    CHECK(result.pulses > 0 && result.sum.firing > 0, "nothing was disturbed while firing");
    for (int k = 0; k < KIND_COUNT; k++)
        CHECK(result.rows[k].instants >= 2, "%s: %u instants", kinds[k].name, result.rows[k].instants);
}

FL_TESTS("disturb/instants", TEST(nothing_is_lost_at_any_instant))
