#include "helper_meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void meter_bench_open(meter_bench *b, const char *dialect, const speaker *who, const char *const *faults,
                      unsigned fault_count, const fl_meter_wish *wish)
{
    fl_error error = {0};
    *b = (meter_bench){.count = 0};
    snprintf(b->light, sizeof b->light, "/tmp/fl-light-%ld", (long)getpid());
    unlink(b->light);
    const speak_options options = {.light = b->light, .faults = faults, .fault_count = fault_count};
    wire_open(&b->wire, who, &options, true);
    if (fl_dialect_load(dialect, &b->dialect, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    fl_meter_init(&b->meter, &b->wire.carrier, b->dialect, &b->wire.clock, wish);
}

void meter_bench_close(meter_bench *b)
{
    wire_close(&b->wire);
    fl_dialect_free(b->dialect);
    unlink(b->light);
}

void meter_bench_run(meter_bench *b, int ms)
{
    for (int i = 0; i < ms; i++) {
        wire_ms(&b->wire);
        fl_meter_tick(&b->meter);
        while (b->count < 64 && fl_meter_take(&b->meter, &b->readings[b->count])) b->count++;
    }
}

bool meter_bench_up(meter_bench *b, int most_ms)
{
    for (int ms = 0; ms < most_ms && b->meter.status.phase != FL_METER_UP && !fl_meter_is_over(&b->meter);
         ms++)
        meter_bench_run(b, 1);
    return b->meter.status.phase == FL_METER_UP;
}

void meter_bench_shine(meter_bench *b, double energy_J)
{
    FILE *file = fopen(b->light, "a");
    if (!file) abort();
    fprintf(file, "%lld %.6g\n", (long long)(b->wire.now_us / 1000), energy_J);
    fclose(file);
}

unsigned meter_bench_kind(const meter_bench *b, fl_meter_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < b->count; i++) n += b->readings[i].kind == kind;
    return n;
}
