#include "helper_behind.h"

#include "check.h"

#include <unistd.h>

/* The dialect's types and GL1's do not meet in one file; what is asked of them here is little. */
typedef struct fl_dialect fl_dialect;
fl_status fl_dialect_load(const char *name, fl_dialect **dialect, fl_error *error);
void fl_dialect_free(fl_dialect *dialect);

#include "../../src/twin/laser_twin.h"

struct behind_inside {
    const speaker *who;
    void *self;
    fl_dialect *dialect;
    const char *identity;
    fl_carrier carrier;
    char to_host[8192];
    size_t waiting;
    char trigger[64];
};

static fl_status read_wire(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    struct behind_inside *in = ((behind *)carrier->self)->inside;
    *got = in->waiting < room ? in->waiting : room;
    memcpy(bytes, in->to_host, *got);
    in->waiting -= *got;
    memmove(in->to_host, in->to_host + *got, in->waiting);
    return FL_OK;
}

static fl_status write_wire(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    behind *b = carrier->self;
    if (b->said_size + size < sizeof b->said) {
        memcpy(b->said + b->said_size, bytes, size);
        b->said_size += size;
        b->said[b->said_size] = 0;
    }
    if (!b->cut) b->inside->who->take(b->inside->self, bytes, size);
    return *taken = size, FL_OK;
}

static void close_wire(fl_carrier *carrier)
{
    carrier->kind = NULL;
}

static const fl_carrier_kind wire = {"wire", read_wire, write_wire, NULL, close_wire};

static fl_laser_link *begin(world *w, void *self)
{
    behind *b = self;
    struct behind_inside *in = b->inside;
    fl_laser_link *link = NULL;
    fl_error error = {0};
    in->waiting = 0;
    in->carrier = (fl_carrier){.kind = &wire, .self = b, .fd = -1, .simulated_only = true};
    CHECK(fl_laser_link_new(&in->carrier, in->dialect, in->identity, &w->clock, &link, &error) == FL_OK, "%s",
          error.what);
    return link;
}

static void run(world *w, void *self)
{
    behind *b = self;
    struct behind_inside *in = b->inside;
    if (!in->who->tick(in->self, (uint64_t)(w->us / 1000))) in->carrier.gone = true;
    if (b->cut) return;
    in->waiting += in->who->give(in->self, in->to_host + in->waiting, sizeof in->to_host - in->waiting);
}

static void shine(void *self)
{
    FILE *file = fopen(((behind *)self)->inside->trigger, "a");
    CHECK(file && fputs("1 0.2\n", file) >= 0 && fclose(file) == 0, "the trigger's file");
}

void behind_open(behind *b, const char *name, const char *dialect, const char *const *faults)
{
    memset(b, 0, sizeof *b);
    struct behind_inside *in = b->inside = calloc(1, sizeof *in);
    unsigned count = 0;
    while (faults && faults[count]) count++;
    fl_error error = {0};
    snprintf(in->trigger, sizeof in->trigger, "/tmp/fl-behind-XXXXXX");
    close(mkstemp(in->trigger));
    in->who = speak_find(name);
    in->identity = strcmp(name, "microjewel") == 0 ? "SIM-MicroJewel" : "SIM";
    const speak_options options = {.light = in->trigger, .faults = faults, .fault_count = count};
    in->self = in->who->make(&options, &error);
    if (!in->self || fl_dialect_load(dialect, &in->dialect, &error) != FL_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    b->hook = (world_behind){begin, run, shine, b};
}

void behind_close(behind *b)
{
    b->inside->who->free(b->inside->self);
    fl_dialect_free(b->inside->dialect);
    unlink(b->inside->trigger);
    free(b->inside);
}

void behind_panel(behind *b, const char *bytes)
{
    struct behind_inside *in = b->inside;
    laser_twin *laser = in->self;
    const unsigned waited = laser->line.count;
    in->who->take(in->self, bytes, strlen(bytes));
    laser->line.count = waited; /* nobody hears what it answers there */
}

void behind_pull(behind *b)
{
    b->inside->carrier.gone = b->cut = true;
}

int behind_count(const behind *b, const char *text)
{
    int count = 0;
    for (const char *at = b->said; (at = strstr(at, text)); at += strlen(text)) count++;
    return count;
}

uint64_t behind_shots(const behind *b)
{
    return ((const laser_twin *)b->inside->self)->shots;
}

void behind_set_shots(behind *b, uint64_t shots)
{
    ((laser_twin *)b->inside->self)->shots = shots;
}
