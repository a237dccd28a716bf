/* What virtual lasers with a protocol of their own share: faults on cue, answers that leave when they are
 * due, and counters that survive. Words belong to speak_<protocol>.c.
 *
 * Cues are the words the host has said, from 1: `lie@7-` lies from the seventh word on. Nothing here fires on
 * its own initiative, and all of it is simulated.
 */
#ifndef TWIN_LASER_TWIN_H
#define TWIN_LASER_TWIN_H

#include "speak.h"

#define LASER_ANSWER 300
#define LASER_WAITING 64
#define LASER_FAULTS 16

typedef enum laser_fault_kind {
    LASER_LIE,      /* it answers a setting well and keeps the old value */
    LASER_STALL,    /* it obeys, and says nothing */
    LASER_ECHO,     /* it says what it hears */
    LASER_GARBAGE,  /* bytes that are no text in every answer */
    LASER_SLOW,     /* VALUE ms later */
    LASER_LATE,     /* one answer VALUE ms later, and the others behind it */
    LASER_STRANGER, /* another device answers when asked who it is */
    LASER_REAL,     /* it does not say SIM */
    LASER_JUMP,     /* its counter moves by VALUE, once */
    LASER_BIT,      /* bit VALUE of its status is set */
    LASER_OPEN,     /* its interlock is open */
    LASER_YANK,     /* it is pulled out; with VALUE: that many ms after it was switched on */
    LASER_FAULT_KINDS
} laser_fault_kind;

#define LASER_FAULT_HELP                                                                                     \
    "  lie stall echo garbage        keeps the old value; says nothing; says what it hears; no text\n"       \
    "  slow=MS late=MS               every answer later; one, and the others behind it\n"                    \
    "  stranger real                 another device; no SIM\n"                                               \
    "  jump=N bit=N open             its counter jumps; a bit of its status; its interlock is open\n"        \
    "  yank yank=MS                  pulled out at its word, or after so many ms\n"                          \
    "  each with @N for word N alone, @N- from it on, @N-M; without: all the time\n"

typedef struct laser_fault {
    laser_fault_kind kind;
    bool has_value;
    double value;
    uint64_t from, to;
} laser_fault;

typedef struct laser_twin {
    uint64_t now_ms, words, shots;
    bool gone;
    laser_fault faults[LASER_FAULTS];
    unsigned fault_count;
    const char *state; /* file, or NULL */
    uint64_t kept_shots, kept_ms, busy_until_ms;
    struct {
        uint64_t due_ms;
        size_t size;
        char bytes[LASER_ANSWER];
    } waiting[LASER_WAITING];
    unsigned first, count;
} laser_twin;

FL_MUST_USE fl_status laser_twin_init(laser_twin *laser, const speak_options *options, fl_error *error);
void laser_twin_fini(laser_twin *laser);
bool laser_twin_tick(laser_twin *laser, uint64_t now_ms); /* false: yanked */
void laser_twin_word(laser_twin *laser);                  /* one more was heard: before it is obeyed */
size_t laser_twin_give(laser_twin *laser, char *room, size_t size);
void laser_twin_echo(laser_twin *laser, const char *bytes, size_t size); /* when it does */
void laser_twin_answer(laser_twin *laser, const char *format, ...) FL_PRINTF(2, 3);
bool laser_twin_has(const laser_twin *laser, laser_fault_kind kind);
uint64_t laser_twin_bits(const laser_twin *laser); /* of bit=N */

#endif
