/* Laser: one that speaks a dialect, kept under watch. Who it is, whether it is good, what it is set to, and
 * its stop. It makes no light by itself: such a laser emits only through a grant gate in its trigger line, so
 * this object has no word for firing.
 *
 *     fl_laser laser;
 *     fl_laser_init(&laser, &carrier, dialect, clock);
 *     fl_laser_set(&laser, "rate_Hz", 5, &error);
 *     ...                                                  every 10 ms or so:
 *     fl_laser_tick(&laser);
 *     if (!laser.status.good) ...                          unknown is bad; status.why says it in words
 *     ...
 *     fl_laser_leave(&laser);                              stop words, on every way out
 *
 *     GREETING ─identity fits─▶ OPENING ─all done─▶ UP        anything else answers ─▶ REJECTED
 *         └── file without identity, stop, status, interlock ──▶ WATCHED      line lost ─▶ GONE
 *
 * Guarantees. Nothing that changes the laser is said twice. A say that is garbled or not answered ends in
 * STOPPED: the stop words leave, and a person has to look. In OPENING a refusal does so too; a setting that
 * is refused is wrong, and stays wrong until it is set anew. A setting counts only when it was read back
 * equal within its tolerance, and is read again for ever; a value that moved is wrong even when it comes
 * back. A status counts from the moment it was asked for. A counter that falls is bad for good. After every
 * silence or garbage the identity is asked first: these devices answer in order, so the right identity says
 * that no older answer is under way. Watched lasers are asked and told nothing.
 *
 * No allocation, no clock of its own, never blocks except in fl_laser_leave.
 */
#ifndef FL_LINK_LASER_H
#define FL_LINK_LASER_H

#include "fadeline/link/talk.h"

#define FL_LASER_STATUS_MOST 8
#define FL_LASER_SETTINGS_MOST 8
#define FL_LASER_WHY 160

typedef enum fl_laser_phase {
    FL_LASER_GREETING,
    FL_LASER_OPENING,
    FL_LASER_UP,
    FL_LASER_WATCHED,
    FL_LASER_STOPPED,  /* stop words were said, and nothing else will be but asks */
    FL_LASER_REJECTED, /* another device, or a simulated one where a real one belongs or the reverse */
    FL_LASER_GONE,
} fl_laser_phase;
const char *fl_laser_phase_text(fl_laser_phase phase);

typedef enum fl_laser_setting_state {
    FL_LASER_UNSET,
    FL_LASER_WANTED,  /* not said yet */
    FL_LASER_SAYING,  /* the word is out */
    FL_LASER_READING, /* said, and not read back */
    FL_LASER_VERIFIED,
    FL_LASER_WRONG, /* refused, read back otherwise, or moved */
} fl_laser_setting_state;

typedef struct fl_laser_setting {
    const fl_dialect_setting *what;
    fl_laser_setting_state state;
    double wanted, read; /* NaN: not */
    fl_instant asked;    /* of the newest read-back */
    const char *refused; /* why, in words of the dialect file; NULL: it was not */
} fl_laser_setting;
const char *fl_laser_setting_text(fl_laser_setting_state state);

typedef struct fl_laser_reading {
    const fl_word *word;
    fl_reading reading;
    fl_judgement judged;
    fl_instant asked; /* of the newest answer */
    bool heard;
} fl_laser_reading;

typedef struct fl_laser_status {
    fl_laser_phase phase;
    bool link;    /* every status word was answered lately enough */
    bool healthy; /* UP, link, every status good; settings aside */
    bool good;    /* healthy, and every setting that was asked for verified */
    bool light;   /* some status says it emits */
    char identity[FL_READING_TEXT];
    char why[FL_LASER_WHY]; /* not good: the first reason, in words; "" when good */
    bool has_counter;       /* heard lately */
    uint64_t counter;
} fl_laser_status;

typedef struct fl_laser {
    fl_talk talk;
    fl_laser_status status;
    fl_laser_reading readings[FL_LASER_STATUS_MOST];
    size_t readings_count;
    fl_laser_setting settings[FL_LASER_SETTINGS_MOST];
    size_t settings_count;
    /* private */
    const char *expected; /* what the identity must hold */
    bool simulated_only, only_watch, unsure, counter_fell, held, reads_all;
    unsigned errand; /* what the word that is out is for */
    size_t errand_index;
    size_t clean;          /* answers in a row, since the last doubt */
    size_t step, stopping; /* of opening; of stop */
    size_t turn;           /* of the round */
    int patience_ms;       /* the longest of the status words */
    fl_instant round, next_stop, counter_asked, stopped;
} fl_laser;

/* The dialect serves a laser. `carrier` was opened with other_words. */
void fl_laser_init(fl_laser *laser, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock);
/* Before the first tick: what the identity must hold, from the device file, instead of the dialect's word. A
 * dialect that has none and is given none is only watched. */
void fl_laser_expect(fl_laser *laser, const char *identity_holds);
/* Before the first tick: it is asked and told nothing, however whole its dialect is. Then also what could be
 * set is read in every round. */
void fl_laser_only_watch(fl_laser *laser);
/* FL_E_NO when the dialect has no such setting, FL_E_RANGE outside the page's limits, FL_E_REFUSED when only
 * watched or stopped. Said in a later tick, once. */
FL_MUST_USE fl_status fl_laser_set(fl_laser *laser, const char *quantity, double value, fl_error *error);
/* While held nothing that changes the laser is said: opening words and settings wait. Asks and stop words do
 * not. */
void fl_laser_hold(fl_laser *laser, bool held);
/* What could be set and was not is read in every round as well. */
void fl_laser_read_all(fl_laser *laser);
/* The oldest that a status, a counter or a read-back may be and still count. */
int64_t fl_laser_oldest_ms(const fl_laser *laser);
/* Lately enough. */
bool fl_laser_is_fresh(const fl_laser *laser, fl_instant asked);
/* Every stop word has left, and everything that is read was asked for after it. */
bool fl_laser_is_seen_stopped(const fl_laser *laser);
void fl_laser_tick(fl_laser *laser);
/* The stop words leave in the next ticks, over whatever is outstanding. */
void fl_laser_stop(fl_laser *laser, const char *why);
/* Says them all and returns: for the way out. A watched laser is told nothing. */
void fl_laser_leave(fl_laser *laser);

#endif
