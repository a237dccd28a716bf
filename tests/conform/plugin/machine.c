#include "machine.h"

#include "gl1_core.h"
#include "twin.h"

#include <stdlib.h>

/* The laser of the examples, without its file. */
static const gl1_make make = {
    .maker = "Example Instruments",
    .model = "Pico 2",
    .uid = "SIM-00042",
    .fw = "1.0",
    .cap = 0x7F,
    .wa_ms = 3000,
    .head_count = 1,
    .heads = {{.wl_nm = 1064,
               .en_min_uJ = 1,
               .rr_max_mHz = 10000,
               .spot_count = 3,
               .spots = {{3000, 400000}, {4000, 400000}, {5000, 400000}}}},
    .at_power_on = {.en_uJ = 40000, .rr_mHz = 5000, .sp_um = 4000, .wl_nm = 1064},
};

static void say_nothing(void *self, const char *text)
{
    (void)self;
    (void)text;
}

static void *machine_make(const char *state_path, void *self,
                          void (*put)(void *self, const char *bytes, size_t size))
{
    twin *t = calloc(1, sizeof *t);
    const twin_options options = {
        .make = &make, .state_path = state_path, .seed = 4711, .self = self, .put = put, .say = say_nothing};
    if (t && twin_init(t, &options, NULL) == FL_OK) return t;
    free(t);
    return NULL;
}

static void machine_tick(void *machine, uint64_t ms)
{
    twin_tick(machine, ms);
}

static void machine_heard(void *machine, const char *bytes, size_t size)
{
    twin_heard(machine, bytes, size);
}

static bool machine_say(void *machine, const char *line)
{
    return script_say(&((twin *)machine)->script, line, NULL) == FL_OK;
}

static uint64_t machine_light(void *machine)
{
    return ((const twin *)machine)->room.flashes;
}

static bool machine_committed(void *machine)
{
    return gl1_committed(&((const twin *)machine)->device);
}

static void machine_unmake(void *machine)
{
    twin_fini(machine);
    free(machine);
}

const machine_api *machine_get(void)
{
    static const machine_api api = {machine_make,  machine_tick,      machine_heard, machine_say,
                                    machine_light, machine_committed, machine_unmake};
    return &api;
}
