#include "room.h"

#include <math.h>

/* Times and spread of this invented machine; a real one is measured. */
#define OPEN_A_PER_MS 32  /* 31.25 ms from shut to open */
#define OPEN_B_PER_MS 27  /* 37 ms */
#define CLOSE_A_PER_MS 43 /* 23 ms: the spring is quicker than the coil */
#define CLOSE_B_PER_MS 34 /* 29 ms */
#define FULL_TRAVEL 1000
#define SENSE_WINDOW 20    /* the end switches close this near to the end */
#define SPREAD_PERCENT 1.0 /* standard deviation from pulse to pulse */
#define HANDPIECE 0x21
#define SPOT_UM 4000

/* Key, e-stop, door, covers, foot: in series, without the processor. */
#define CHAIN                                                                                                \
    (GL1_IN_KEY | GL1_IN_ESTOP_A | GL1_IN_ESTOP_B | GL1_IN_DOOR_A | GL1_IN_DOOR_B | GL1_IN_COVERS |          \
     GL1_IN_FOOT_A | GL1_IN_FOOT_B)

void room_init(twin_room *room, uint64_t seed)
{
    *room = (twin_room){
        .contacts = ROOM_CONTACTS & ~(GL1_IN_DOCKED | GL1_IN_FOOT_A | GL1_IN_FOOT_B),
        .spot_um = SPOT_UM,
        .handpiece = HANDPIECE,
        .shutter_a = {.opening = OPEN_A_PER_MS, .closing = CLOSE_A_PER_MS},
        .shutter_b = {.opening = OPEN_B_PER_MS, .closing = CLOSE_B_PER_MS},
        .self_test_good = true,
    };
    fl_random_init(&room->spread, seed, 1);
    room_self_test(room);
}

static bool chain_closed(const twin_room *room)
{
    return (room->contacts & CHAIN) == CHAIN;
}

static void shutter_move(room_shutter *shutter, bool driven, uint32_t ms)
{
    if (driven && shutter->fault != ROOM_SHUTTER_STUCK_SHUT) {
        const uint32_t way = shutter->opening * ms;
        shutter->at = way >= FULL_TRAVEL - shutter->at ? FULL_TRAVEL : shutter->at + way;
    } else if (!driven && shutter->fault != ROOM_SHUTTER_STUCK_OPEN) {
        const uint32_t way = shutter->closing * ms;
        shutter->at = way >= shutter->at ? 0 : shutter->at - way;
    }
}

void room_tick(twin_room *room, uint64_t now_ms, uint32_t out)
{
    const uint64_t passed = now_ms - room->now_ms;
    const uint32_t ms = passed > FULL_TRAVEL ? FULL_TRAVEL : (uint32_t)passed;
    room->now_ms = now_ms;
    room->out = out;
    const bool driven = (out & GL1_OUT_SHUTTERS) && chain_closed(room);
    shutter_move(&room->shutter_a, driven, ms);
    shutter_move(&room->shutter_b, driven, ms);
    if ((room->contacts & GL1_IN_KEY) && now_ms >= room->self_test_until_ms) room->self_test_finished = true;
}

void room_self_test(twin_room *room)
{
    room->self_test_finished = false;
    room->self_test_until_ms = room->now_ms + ROOM_SELF_TEST_MS;
}

void room_switch(twin_room *room, uint32_t contacts, bool on)
{
    const uint32_t before = room->contacts;
    uint32_t moved = contacts & ROOM_CONTACTS;
    if (room->foot_b_stuck) moved &= ~(uint32_t)GL1_IN_FOOT_B;
    room->contacts = on ? before | moved : before & ~moved;
    if ((before ^ room->contacts) & GL1_IN_KEY) room_self_test(room); /* power comes and goes with the key */
}

static uint32_t shutter_senses(const room_shutter *shutter, uint32_t shut, uint32_t open)
{
    if (shutter->at <= SENSE_WINDOW) return shut;
    return shutter->at >= FULL_TRAVEL - SENSE_WINDOW ? open : 0;
}

uint32_t room_inputs(const twin_room *room)
{
    uint32_t in = room->contacts;
    in |= shutter_senses(&room->shutter_a, GL1_IN_SHUT_A, GL1_IN_OPEN_A);
    in |= shutter_senses(&room->shutter_b, GL1_IN_SHUT_B, GL1_IN_OPEN_B);
    if (room->self_test_finished) {
        in |= GL1_IN_TEST_FINISHED;
        if (room->self_test_good) in |= GL1_IN_TEST_PASSED;
    }
    return in;
}

/* Near enough to a normal deviate: twelve uniforms (Irwin-Hall), so never more than six deviations off. */
static double deviate(fl_random *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++) sum += fl_random_uniform(random);
    return sum;
}

uint32_t room_pulse(twin_room *room, const gl1_settings *settings)
{
    const double off_percent = room->energy_off_percent + SPREAD_PERCENT * deviate(&room->spread);
    const uint32_t both = GL1_IN_OPEN_A | GL1_IN_OPEN_B;
    if (!chain_closed(room) || (room_inputs(room) & both) != both) return 0;
    if (room->duds) {
        room->duds--;
        return 0;
    }
    room->flashes++;
    const double seen_uJ = settings->en_uJ * (1.0 + off_percent / 100.0);
    room->light_uJ = seen_uJ;
    if (room->energy_unread || !(room->contacts & GL1_IN_ENERGY_SENSOR)) return 0;
    if (room->energy_stuck) return settings->en_uJ;
    return seen_uJ >= 1.0 ? (uint32_t)lround(seen_uJ) : 1; /* some light was seen, so never "unknown" */
}
