/* Twin: device core, room, script, faults and memory put together. No clock, no descriptors: main.c hands in
 * time and bytes, and so does a test.
 *
 *     twin_init(&twin, &options, &error);
 *     twin_tick(&twin, ms);                   // every millisecond
 *     twin_heard(&twin, bytes, length);       // what the host wrote, after the tick of that millisecond
 *     if (twin.end) ...
 *     twin_fini(&twin);
 */
#ifndef TWIN_TWIN_H
#define TWIN_TWIN_H

#include "gl1_device.h"
#include "nvm.h"
#include "room.h"
#include "script.h"
#include "wire.h"

typedef enum twin_end {
    TWIN_RUNS,
    TWIN_QUIT,     /* the script said so */
    TWIN_DIED,     /* a fault on cue */
    TWIN_POWER_CUT /* between keep and trigger */
} twin_end;

typedef struct twin_options {
    const gl1_make *make;   /* borrowed */
    const char *state_path; /* NULL: counters are forgotten */
    uint64_t seed;
    void *self;
    void (*put)(void *self, const char *bytes, size_t length); /* to the host */
    void (*say)(void *self, const char *text); /* one line of its own, without "SIM" and end */
    void *light_self;
    void (*light)(void *self, uint64_t ms, double energy_J);       /* NULL, or every flash as it is */
    void (*plug)(void *self, const twin_fault *fault, bool begin); /* USB faults; NULL: no USB here */
} twin_options;

typedef struct twin {
    twin_options options;
    gl1_device device;
    twin_room room;
    nvm memory;
    twin_script script; /* filled by the caller, before the first tick */
    twin_wire wire;
    fl_random nonces;
    twin_end end;

    uint64_t now_ms;
    gl1_state shown; /* state and session last told to the script */
    uint32_t session_shown;
    bool began;

    uint32_t lie_mask, lie_bits;
    bool lies_spot, lies_handpiece, cuts_power, loses_power;
    bool is_off; /* the mains; the line stays, nobody answers */
    uint32_t lie_spot_um, lie_ln;
    uint8_t lie_handpiece;
    struct {
        uint64_t until_ms; /* 0: free place */
        twin_fault fault;
    } passing[16]; /* faults that end by themselves */
    unsigned passing_count;
} twin;

FL_MUST_USE fl_status twin_init(twin *t, const twin_options *options, fl_error *error);
void twin_fini(twin *t);
void twin_tick(twin *t, uint64_t now_ms);
void twin_heard(twin *t, const char *bytes, size_t length);
void twin_hangup(twin *t);                        /* the host closed the line */
void twin_fail(twin *t, const twin_fault *fault); /* begins now, as a line of the script would */

#endif
