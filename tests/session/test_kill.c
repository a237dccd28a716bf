/* labels: unit fault   timeout: 600   needs: fadeline-control fadeline-twin   serial */
/* SIGKILL for the control process at sixteen random instants of real sessions. The thousand stand in
 * test_kill_slow.c. */
#include "check.h"

#include "helper_kill.h"

/* Sixteen real kills of the control process over a pseudo-terminal. */
/* hazards: H19 H29 */
static void a_killed_control_leaves_at_most_one_pulse(void)
{
    kill_result sum;
    helper_kill(4, 4, 20261122, &sum);
    CHECK(!sum.fault[0], "%s", sum.fault);
    CHECK(sum.kills == 16 && sum.more_than_one == 0, "%u kills, %u with more than one pulse after", sum.kills,
          sum.more_than_one);
    CHECK(sum.pulses > 0, "no pulse was made: nothing was killed while firing");
    printf("%u kills, %u while firing, %llu pulses of %llu grants ", sum.kills, sum.while_firing,
           (unsigned long long)sum.pulses, (unsigned long long)sum.grants);
}

FL_TESTS("session/kill", TEST(a_killed_control_leaves_at_most_one_pulse))
