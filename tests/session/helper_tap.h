/* Tap: sits on the line between a real twin (TCP) and a real fadeline-control (pseudo-terminal) and writes
 * down when every frame passed. Neither of the two knows; no product code is changed for it.
 *
 *     tap t;
 *     tap_open(&t, "/tmp/x/laser", port, twin_stderr);     // makes the pseudo-terminal's link, connects,
 * listens
 *     ...
 *     tap_look(&t, &seen);
 *     tap_close(&t);
 *
 * A thread of its own, in the real-time class above both when the system allows it. Instants are microseconds
 * of CLOCK_MONOTONIC when read() returned. What a pulse needs to be dated better than that: the twin's own
 * millisecond clock is in every STAT, it is the same clock with an unknown beginning, and the smallest
 * difference ever seen between a STAT's arrival and its `t` is that beginning (to some 0.1 ms).
 */
#ifndef FL_TESTS_SESSION_HELPER_TAP_H
#define FL_TESTS_SESSION_HELPER_TAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define TAP_LINE 300
#define TAP_SAMPLES 65536

typedef enum tap_measure {
    TAP_STAT_TO_GRANT,      /* POLL that asked for the STAT a GRANT answers -> the GRANT */
    TAP_GRANT_TO_STAT,      /* GRANT -> the laser's answer that it fired */
    TAP_FOOT_TO_SHUT_ORDER, /* "foot up" said by the room -> first POLL sh=0 or STOP */
    TAP_FOOT_TO_SHUT,       /* ... -> first STAT with both shutters proven shut */
    TAP_DOOR_TO_STOP,       /* "door open" -> first POLL sh=0 or STOP */
    TAP_DOOR_TO_SHUT,
    TAP_POLL_GAP, /* between two POLLs or GRANTs while hot: what a late tick looks like from the line */
    TAP_MEASURES
} tap_measure;

typedef struct tap_samples {
    uint32_t count; /* more than there is room for are counted, not kept */
    int32_t us[TAP_SAMPLES];
} tap_samples;

typedef struct tap_seen {
    uint64_t frames, grants, pulses;
    int64_t pulse_us;      /* newest pulse, by the laser's clock, at the latest; 0: none */
    int64_t pulse_seen_us; /* when the answer that told it passed here */
    int state;             /* `st` of the newest STAT */
} tap_seen;

typedef struct tap {
    pthread_t thread;
    pthread_mutex_t lock;
    bool real_time, closing, dial; /* dial: hang up and call the twin again */
    int master, slave, twin, said;
    unsigned port;
    char link[100];
    char from_host[TAP_LINE], from_twin[TAP_LINE], from_room[TAP_LINE];
    unsigned host_size, twin_size, room_size;

    struct {
        uint32_t number;
        int64_t us;
    } asked[64];
    uint32_t grant_number;
    int64_t grant_us, spoke_us, begin_us; /* begin: of the twin's clock, as far as is known */
    int64_t foot_us, door_us;             /* not answered yet; 0: none */
    int64_t foot_shut_us, door_shut_us;
    uint64_t counter, pulse_t_ms;
    tap_seen seen;
    tap_samples *samples; /* TAP_MEASURES of them, or NULL */
} tap;

bool tap_open(tap *t, const char *link, unsigned port, int said, bool keep_samples);
void tap_redial(tap *t);
void tap_look(tap *t, tap_seen *seen);
void tap_close(tap *t);

int64_t tap_now_us(void);

#endif
