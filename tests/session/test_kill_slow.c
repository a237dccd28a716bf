/* labels: slow fault   timeout: 3600   needs: fadeline-control fadeline-twin */
/* SIGKILL for the control process at a thousand random instants of real sessions (must-show 6). */
#include "check.h"

#include "helper_kill.h"

/* A thousand real kills, every journal intact and equal to the laser's counter. */
/* hazards: H29 */
static void a_thousand_kills_lose_nothing(void)
{
    kill_result sum;
    helper_kill(10, 100, 1000, &sum);
    CHECK(!sum.fault[0], "%s", sum.fault);
    CHECK(sum.kills == 1000 && sum.more_than_one == 0, "%u kills, %u with more than one pulse after",
          sum.kills, sum.more_than_one);
    CHECK(sum.pulses > 1000, "only %llu pulses were made: nothing was killed while firing",
          (unsigned long long)sum.pulses);
    printf("%u kills, %u while firing, %llu pulses of %llu grants, %llu outcomes unknown when written ",
           sum.kills, sum.while_firing, (unsigned long long)sum.pulses, (unsigned long long)sum.grants,
           (unsigned long long)sum.unknowns);
}

FL_TESTS("session/kill_slow", TEST(a_thousand_kills_lose_nothing))
