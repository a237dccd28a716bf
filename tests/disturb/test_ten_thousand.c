/* labels: slow fault   timeout: 7200   needs: fadeline-control fadeline-twin */
/* Ten thousand random instants of real sessions of real processes, disturbed in every way of helper_kinds.c.
 *
 * FL_INSTANTS, FL_LANES and FL_SEED change the number, the lanes side by side and the dice; FL_MINUTES ends
 * it early with what was reached, so that many short runs with seeds of their own make one long one.
 */
#include "check.h"

#include "helper_disturb.h"

static unsigned long from_environment(const char *name, unsigned long usual)
{
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : usual;
}

/* hazards: H18 H19 H24 H26 H27 H29 H30 */
static void nothing_is_lost_at_ten_thousand_instants(void)
{
    static disturb_result result;
    const disturb_options options = {.lanes = (unsigned)from_environment("FL_LANES", 20),
                                     .instants = (unsigned)from_environment("FL_INSTANTS", 10000),
                                     .seed = from_environment("FL_SEED", 10000),
                                     .minutes = (int)from_environment("FL_MINUTES", 0),
                                     .progress = true};
    disturb_run(&options, &result);
    disturb_print(&result);
    CHECK(!result.fault[0], "%s", result.fault);
    CHECK(options.minutes || result.sum.instants == options.instants, "only %u instants",
          result.sum.instants);
    CHECK(result.sum.over == 0 && result.sum.broken == 0, "%u with more than one pulse, %u promises broken",
          result.sum.over, result.sum.broken);
    CHECK(result.sum.silent == 0, "%u times control stood down and said nothing", result.sum.silent);
    CHECK(result.sum.firing * 4 > result.sum.instants, "only %u instants while firing", result.sum.firing);
}

FL_TESTS("disturb/ten_thousand", TEST(nothing_is_lost_at_ten_thousand_instants))
