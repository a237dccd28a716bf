/* Laser link: the second line of a session, to a laser that runs by itself and emits only through a grant
 * gate. The gate is the GL1 link and owns foot, door, shutters, watchdog and the counter of the books; this
 * line supplies who the laser is, whether it is well, and what it is set to. Both must be fresh.
 *
 *     fl_laser_link *link;
 *     fl_laser_link_open(port, device, priority, clock, &link, &error);
 *     fl_laser_link_aim(link, rate_Hz, &error);                      // what the plan asks of it
 *     ...                                                            every tick, and before its verdict:
 *     fl_laser_link_tick(link, gate_is_shut);
 *     const fl_laser_look *look = fl_laser_link_look(link);
 *     if (!look->healthy) ...                                        // to the interlock: head
 *     if (!look->set) ...                                            // to the interlock: plan
 *     ...
 *     fl_laser_link_stop(link, "standing down");                     // stop words, in this and the next
 * ticks
 *     ...
 *     fl_laser_link_leave(link);                                     // and again on the way out
 *
 *     BEGINS ─▶ UP ─stop─▶ STOPPED ─seen stopped, gate shut─▶ BEGINS ...
 *
 * Rules. Opening words and settings are said only while the gate is known to be shut. A stop of ours is
 * followed by a new beginning, because it only hands the trigger to the gate again: whatever the stop words
 * switched off stays off until a person switches it on at the laser, since no word of a dialect that makes
 * light is ever said. A stop that the laser's own line asked for (a word was not done, its watchdog is
 * another) and another device are left alone until a person chooses the zone again. What the plan says is
 * set, read back and compared. What it does not say (pump, pulse width) is not ours to set: it is read when
 * the zone is chosen, and moving it is a change of settings.
 *
 * Only open allocates; only leave blocks, for the gaps between the stop words. The dialect's types stay
 * inside, because GL1 has words of its own.
 */
#ifndef FL_SESSION_LASER_LINK_H
#define FL_SESSION_LASER_LINK_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/config/device.h"
#include "fadeline/link/carrier.h"

#define LASER_LINK_OLDEST_MS 3000 /* a dialect whose good news may be older than this conducts no session */
#define LASER_LINK_WHY 240

typedef enum fl_laser_stand {
    LASER_BEGINS,  /* asked who it is, or being made ready: nothing is known yet */
    LASER_IS_UP,   /* it may be healthy or not */
    LASER_STOPPED, /* its stop words were said */
    LASER_IS_OTHER,
    LASER_IS_GONE
} fl_laser_stand;

typedef struct fl_laser_look {
    fl_laser_stand stand;
    bool heard;               /* every status word was answered lately enough */
    bool healthy;             /* it is who it should be, up, heard, and every bit it told is known and good */
    bool set;                 /* healthy, aimed, and every setting is as it was asked or as it was found */
    const char *why;          /* not both: the first reason, in words; else "" */
    const char *identity;     /* as it calls itself; "": not yet */
    const char *dialect;      /* which one it speaks */
    bool counts, has_counter; /* its protocol tells a shot counter; it was read lately */
    uint64_t counter;
    uint64_t ticks; /* that went to their end: what its duty is seen by */
} fl_laser_look;

typedef struct fl_laser_link fl_laser_link;
struct fl_dialect;

/* The line of this device file's laser. FL_E_DEVICE, with a code, when its dialect may only be watched or
 * tells too seldom how the laser is, or a simulated laser belongs elsewhere. */
FL_MUST_USE fl_status fl_laser_link_open(const char *port, const fl_device *device, int priority,
                                         const fl_clock *clock, fl_laser_link **link, fl_error *error);
/* The same over a carrier and a dialect of the caller's, which outlive it. */
FL_MUST_USE fl_status fl_laser_link_new(fl_carrier *carrier, const struct fl_dialect *dialect,
                                        const char *identity, const fl_clock *clock, fl_laser_link **link,
                                        fl_error *error);
void fl_laser_link_free(fl_laser_link *link); /* says nothing; NULL is fine */

/* What the plan asks, as far as the dialect can set it; whatever else is taken as it is found next. Also a
 * person's word that they have looked at a laser that stopped. FL_E_RANGE outside the page's limits. */
FL_MUST_USE fl_status fl_laser_link_aim(fl_laser_link *link, double rate_Hz, fl_error *error);
void fl_laser_link_tick(fl_laser_link *link, bool gate_is_shut);
void fl_laser_link_stop(fl_laser_link *link, const char *why);
void fl_laser_link_leave(fl_laser_link *link);
const fl_laser_look *fl_laser_link_look(const fl_laser_link *link);
/* Its own shot counter, asked for at `since` or later. */
bool fl_laser_link_counter(const fl_laser_link *link, fl_instant since, uint64_t *shots);

#endif
