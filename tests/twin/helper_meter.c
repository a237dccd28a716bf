#include "helper_meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fl_instant now(void *self)
{
    return (fl_instant){((meter_bench *)self)->now_us};
}

static fl_status wire_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    meter_bench *b = carrier->self;
    *got = b->to_host_size < room ? b->to_host_size : room;
    memcpy(bytes, b->to_host, *got);
    b->to_host_size -= *got;
    memmove(b->to_host, b->to_host + *got, b->to_host_size);
    return FL_OK;
}

static fl_status wire_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    meter_bench *b = carrier->self;
    b->who->take(b->self, bytes, size);
    *taken = size;
    return FL_OK;
}

static void wire_close(fl_carrier *carrier)
{
    (void)carrier;
}

static const fl_carrier_kind wire = {"wire", wire_read, wire_write, NULL, wire_close};

void meter_bench_open(meter_bench *b, const char *dialect, const speaker *who, const char *const *faults,
                      unsigned fault_count, const fl_meter_wish *wish)
{
    fl_error error = {0};
    *b = (meter_bench){.who = who, .now_us = 1000000};
    snprintf(b->light, sizeof b->light, "/tmp/fl-light-%ld", (long)getpid());
    unlink(b->light);
    const speak_options options = {.light = b->light, .faults = faults, .fault_count = fault_count};
    if (who && !(b->self = who->make(&options, &error))) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    if (fl_dialect_load(dialect, &b->dialect, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    b->clock = (fl_clock){.now = now, .boot = now, .self = b};
    b->carrier = (fl_carrier){.kind = &wire, .self = b, .fd = -1, .simulated_only = true};
    fl_meter_init(&b->meter, &b->carrier, b->dialect, &b->clock, wish);
}

void meter_bench_close(meter_bench *b)
{
    if (b->who && b->who->free) b->who->free(b->self);
    fl_dialect_free(b->dialect);
    unlink(b->light);
}

void meter_bench_run(meter_bench *b, int ms)
{
    for (int i = 0; i < ms; i++) {
        b->now_us += 1000;
        if (!b->who->tick(b->self, (uint64_t)(b->now_us / 1000))) b->carrier.gone = true;
        if (b->to_host_size < sizeof b->to_host / 2)
            b->to_host_size += b->who->give(b->self, b->to_host + b->to_host_size, sizeof b->to_host / 2);
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
    fprintf(file, "%lld %.6g\n", (long long)(b->now_us / 1000), energy_J);
    fclose(file);
}

unsigned meter_bench_kind(const meter_bench *b, fl_meter_kind kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < b->count; i++) n += b->readings[i].kind == kind;
    return n;
}
