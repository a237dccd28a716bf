/* Bad: seeded bad devices. Each is the virtual laser with one rule broken in its source, and names the check
 * that must find it. */
#ifndef TESTS_CONFORM_BAD_H
#define TESTS_CONFORM_BAD_H

#include "helper_bench.h"

#define BAD_EDITS 2

typedef struct bad_device {
    const char *check; /* that must fail on it */
    const char *what;  /* it does */
    bench_edit edits[BAD_EDITS];
} bad_device;

extern const bad_device bad_devices[]; /* ends with a row without a check */

#endif
