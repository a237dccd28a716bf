/* What virtual energy meters share: the light that falls on them, what it becomes as a reading, faults on
 * cue, and answers that leave when they are due. Words belong to speak_<protocol>.c.
 *
 * Light comes from a file or FIFO that a laser twin writes with --light, one line `t_ms energy_J` a pulse;
 * what stood there before the meter was switched on has passed.
 */
#ifndef TWIN_METER_TWIN_H
#define TWIN_METER_TWIN_H

#include "speak.h"

#define METER_ANSWER 400
#define METER_WAITING 16
#define METER_FAULTS 16

typedef enum meter_fault_kind {
    METER_OVER,     /* the reading is over range */
    METER_STALE,    /* it says `new`, and the number is the old one */
    METER_MISS,     /* it does not see the pulse */
    METER_WATTS,    /* it takes the order for joules, and stays in watts */
    METER_DEAF,     /* it answers every setting well, and does nothing */
    METER_DRIFT,    /* VALUE percent more at every pulse */
    METER_GAIN,     /* VALUE percent off */
    METER_GARBAGE,  /* bytes that are no text in every answer */
    METER_SLOW,     /* VALUE ms later */
    METER_SILENT,   /* no answer */
    METER_STRANGER, /* another device answers when asked who it is */
    METER_REAL,     /* it does not say SIM */
    METER_LABELS,   /* the other shape of answers of the same family */
    METER_YANK,     /* it is pulled out */
    METER_FAULT_KINDS
} meter_fault_kind;

#define METER_FAULT_HELP                                                                                     \
    "  over stale miss      of this pulse: over range, the old number again, not seen\n"                     \
    "  drift=P gain=P       percent more at every pulse, percent off\n"                                      \
    "  watts deaf           stays in watts; answers settings well and does nothing\n"                        \
    "  garbage silent slow=MS yank   answers damaged, none, late; pulled out\n"                              \
    "  stranger real labels another device; no SIM; the other shape of answers\n"                            \
    "  each with @N for pulse N alone, @N- from pulse N on; without: all the time\n"

typedef struct meter_fault {
    meter_fault_kind kind;
    double value;
    uint64_t from, to;
} meter_fault;

typedef struct meter_twin {
    int light; /* -1: dark */
    char line[80];
    size_t line_size;
    uint64_t now_ms, pulses; /* pulses: that fell on it */
    meter_fault faults[METER_FAULTS];
    unsigned fault_count;
    /* the newest reading */
    bool is_new, over, has_reading;
    double energy_J;
    struct {
        uint64_t due_ms;
        size_t size;
        char bytes[METER_ANSWER];
    } waiting[METER_WAITING];
    unsigned first, count;
} meter_twin;

FL_MUST_USE fl_status meter_twin_init(meter_twin *meter, const speak_options *options, fl_error *error);
void meter_twin_fini(meter_twin *meter);
bool meter_twin_tick(meter_twin *meter, uint64_t now_ms, double full_scale_J); /* false: yanked */
size_t meter_twin_give(meter_twin *meter, char *room, size_t size);
void meter_twin_answer(meter_twin *meter, const char *format, ...) FL_PRINTF(2, 3);
bool meter_twin_has(const meter_twin *meter, meter_fault_kind kind);

#endif
