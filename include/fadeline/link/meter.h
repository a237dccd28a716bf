/* Meter: an energy meter that speaks a dialect. Who it is, whether it is set to what we measure, and every
 * reading once.
 *
 *     const fl_meter_wish wish = {.wavelength_nm = 755, .range = 3, .energy_J = 0.2, .rate_Hz = 2};
 *     fl_meter meter;
 *     fl_meter_init(&meter, &carrier, dialect, clock, &wish);
 *     ...                                              every 5 ms or so:
 *     fl_meter_tick(&meter);
 *     if (meter.status.phase == FL_METER_UP) light_may_come();
 *     fl_meter_reading r;
 *     while (fl_meter_take(&meter, &r)) ...            r.kind says whether there is a number
 *     ...
 *     fl_meter_finish(&meter);                         wavelength, range and unit are looked at again
 *     ...                                              until phase is PROVEN: only now are the readings
 * joules
 *
 *     GREETING ─▶ SETTING ─▶ CLEARING ─▶ UP ─finish─▶ PROVING ─▶ PROVEN
 *         └─ another device, or simulated where real: REJECTED     a doubt anywhere ─▶ FAILED     GONE
 *
 * Guarantees. A meter left in watts answers numbers too: the unit is asked before and after, and a reading
 * counts only when both were joules. What is set is said once, read back and compared, before and after. A
 * reading is taken once, and only when the meter said that it is new (or numbered it anew); what was there
 * before UP is thrown away. Over range, a flag, a word that is no number and nothing at all are no numbers.
 * A garbled reading is not asked for again: it might be the next one by then.
 *
 * The trap: a meter cannot know what it did not see. Whoever fires compares the number of readings with the
 * laser's own counter; `missing` here only says that at the expected rate nothing came in time.
 *
 * No allocation, no clock of its own, never blocks.
 */
#ifndef FL_LINK_METER_H
#define FL_LINK_METER_H

#include "fadeline/link/talk.h"

#define FL_METER_WHY 160
#define FL_METER_HELD 16 /* readings that wait to be taken; the oldest is lost first, and that is counted */

typedef enum fl_meter_phase {
    FL_METER_GREETING,
    FL_METER_SETTING,
    FL_METER_CLEARING,
    FL_METER_UP,
    FL_METER_PROVING,
    FL_METER_PROVEN,
    FL_METER_FAILED, /* it is not set as it must be, or does not answer; status.why */
    FL_METER_REJECTED,
    FL_METER_GONE,
} fl_meter_phase;
const char *fl_meter_phase_text(fl_meter_phase phase);

typedef struct fl_meter_wish {
    double wavelength_nm;
    double range;    /* the meter's own range number; not used when its ranges are in joules */
    double energy_J; /* the largest that is expected: ranges in joules must hold it */
    double rate_Hz;  /* 0: nobody knows when pulses come, and none is missed */
} fl_meter_wish;

typedef enum fl_meter_kind {
    FL_METER_ENERGY = 1,
    FL_METER_OVER,    /* out of range: some light, no number */
    FL_METER_BAD,     /* a reading that is none; `why` */
    FL_METER_LOST,    /* `count` readings that the meter made and nobody read */
    FL_METER_MISSING, /* none within 1 / rate + 200 ms after the last; told once a gap */
} fl_meter_kind;

typedef struct fl_meter_reading {
    fl_meter_kind kind;
    double energy_J; /* NaN unless ENERGY */
    uint64_t count;  /* of LOST; else 1 */
    fl_instant at;   /* when the word left that found it */
    const char *why; /* BAD; "" else */
} fl_meter_reading;

typedef struct fl_meter_status {
    fl_meter_phase phase;
    bool good; /* UP, and it answers */
    char identity[FL_READING_TEXT];
    char why[FL_METER_WHY]; /* not good: the reason in words */
    uint64_t readings, over, bad, lost, missing;
} fl_meter_status;

typedef struct fl_meter {
    fl_talk talk;
    fl_meter_status status;
    /* private */
    fl_meter_wish wish;
    bool simulated_only, armed, is_new, has_sequence, paused;
    unsigned step, tries;
    uint64_t sequence;
    fl_instant poll_at, heard, last;
    fl_meter_reading held[FL_METER_HELD];
    unsigned first, count;
} fl_meter;

/* The dialect serves a meter. `carrier` was opened with other_words. */
void fl_meter_init(fl_meter *meter, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock,
                   const fl_meter_wish *wish);
void fl_meter_tick(fl_meter *meter);
FL_MUST_USE bool fl_meter_take(fl_meter *meter, fl_meter_reading *reading); /* false: none waits */
void fl_meter_finish(fl_meter *meter); /* no reading is taken from here on; only from UP */
/* PROVEN, FAILED, REJECTED or GONE: nothing more will come of it. */
bool fl_meter_is_over(const fl_meter *meter);

#endif
