/* A meter under test on a wire in memory, with simulated time. The device is a speaker of the twin, or a
 * function of the test. */
#ifndef FL_TESTS_TWIN_METER_H
#define FL_TESTS_TWIN_METER_H

#include "fadeline/link/meter.h"
#include "helper_wire.h"

typedef struct meter_bench {
    wire wire;
    fl_dialect *dialect;
    fl_meter meter;
    char light[64]; /* path of the file that light is told in */
    fl_meter_reading readings[64];
    unsigned count;
} meter_bench;

/* who NULL: the test sets it and its `self` on the wire afterwards. */
void meter_bench_open(meter_bench *b, const char *dialect, const speaker *who, const char *const *faults,
                      unsigned fault_count, const fl_meter_wish *wish);
void meter_bench_close(meter_bench *b);
void meter_bench_run(meter_bench *b, int ms);     /* readings are taken */
bool meter_bench_up(meter_bench *b, int most_ms); /* runs until it is up, or until it will never be */
void meter_bench_shine(meter_bench *b, double energy_J);
unsigned meter_bench_kind(const meter_bench *b, fl_meter_kind kind); /* how many readings of a kind */

#endif
