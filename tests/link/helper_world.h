/* A world for the host side of GL1: simulated time, a wire that can lose, double, delay and damage lines, and
 * a small device written from the page alone. It shares no code with the host: its own check, its own reader.
 * Time moves only when a test moves it. */
#ifndef FL_TESTS_LINK_WORLD_H
#define FL_TESTS_LINK_WORLD_H

#include "fadeline/base/random.h"
#include "fadeline/link/gl1.h"

#include "helper_permits.h"

#define WORLD_LINE 260
#define WORLD_FLYING 64

typedef struct world_device {
    char uid[40], fw[40];
    unsigned cap, wd, ga, wa;
    int st; /* 0 SAFE .. 4 FAULT */
    unsigned in, hp, ep, ca;
    uint64_t sp, k, g, en, gap;
    uint64_t EN, RR, SP, WL;
    bool committed, polled_open, foot, door_open, has_last;
    char plan[33], stored[WORLD_LINE];
    uint32_t dn, session, last, challenge;
    int64_t heard_us, warn_us, pulse_us, challenge_us;
    struct {
        uint32_t number;
        int64_t at_us;
    } stats[8];
    unsigned stats_count, bad_in_second;
    uint64_t anchor_n;
    char anchor_r[65];
    /* what the script may ask for */
    bool mute;             /* obeys, but says nothing */
    const char *mute_verb; /* obeys this word, but says nothing */
    const char *deaf_verb; /* never hears this word */
    const char *nak;       /* answers the next `nak_verb` with this reason */
    const char *nak_verb;
    int spoil_shadow;       /* 1..4: one of the values of SHDW is wrong; 5: its digest */
    bool edit_after_shadow; /* somebody turns a knob right after SHDW */
    /* what happened */
    unsigned pulses, fired_late;
    uint64_t fired[64]; /* grant numbers of the last pulses */
} world_device;

typedef struct world_line {
    int64_t at_us;
    bool to_device, used;
    size_t size;
    char bytes[WORLD_LINE];
} world_line;

typedef struct world {
    int64_t now_us;
    fl_clock clock;
    fl_carrier carrier;
    fl_random random;
    double lose, twice, late, damage; /* chances per line */
    int64_t late_most_us;
    int64_t wire_us; /* usual time on the wire */
    world_line flying[WORLD_FLYING];
    world_device device;
    char sent[WORLD_LINE]; /* the last line of the host, without LF */
    char partial[WORLD_LINE];
    size_t partial_size;
    unsigned lines_sent;
    uint64_t last_grant;      /* highest grant number on the wire */
    unsigned grants, resends; /* GRANT lines; of these, with a number not above the last */
    int64_t grant_us;         /* when the last one left */
    size_t accept_most;       /* bytes a write takes; SIZE_MAX: all */
    bool hung_up;
    uint32_t nonces[2];
    unsigned nonce_count;
    fl_gl1 link;
    fl_gl1_status status;
    fl_error error;
} world;

extern const fl_gl1_expected world_expected; /* the device that world_init makes */
extern const fl_gl1_settings world_settings;
extern const uint8_t world_plan[FL_PLAN_SIZE];

void world_init(world *w, const fl_gl1_expected *expected, uint64_t seed);
void world_listen_to(world *w, const fl_gl1_expected *expected); /* a new link on the same wire */
/* Moves time; lines that are due reach the device, its 1 ms loop runs. */
void world_pass(world *w, int64_t us);
/* One round of the host: 1 ms of time, then a tick and a look. */
void world_ms(world *w, unsigned ms);
/* Ticks until the condition of the caller... the usual ones: */
bool world_open(world *w);                          /* session and a STAT */
bool world_commit(world *w);                        /* settings committed */
bool world_ready(world *w);                         /* READY, foot down, shutters open */
void world_say_to_host(world *w, const char *line); /* raw bytes, due now */
bool world_fired(const world *w, uint64_t grant);

fl_gl1_pulse world_pulse(const world *w, uint64_t grant);

#endif
