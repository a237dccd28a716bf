/* labels: unit */
#include "check.h"

static void helper(void)
{
    puts("help");
}

/* The door is opened
 * at every tick. */
/* hazards: H01 */
static void an_open_door_stops(void)
{
    helper();
}

/* hazards: H01 H02 */
static void eyewear_is_asked_for(void)
{
    helper();
}

FL_TESTS("unit/door", TEST(an_open_door_stops), TEST(eyewear_is_asked_for))
