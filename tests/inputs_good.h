/* Inputs of a laser in STANDBY with everything good and nothing pressed, ordered or seen: what tests start from and
 * spoil one bit at a time. */
#ifndef FL_TESTS_INPUTS_GOOD_H
#define FL_TESTS_INPUTS_GOOD_H

#include "fadeline/interlock/inputs.h"

// clang-format off
#define INPUTS_GOOD                                                                                          \
    { .key = true, .estop = true, .remote = true, .covers = true, .coolant = true, .head = true,             \
      .link = true, .wdog = true, .clock = true, .journal = true, .auth = true, .dual = true,                \
      .eyewear = true, .plan = true, .limits = true, .counter = true, .handpiece = true,                     \
      .sh_closed = true, .selftest = FL_SELFTEST_PASS }
// clang-format on

#endif
