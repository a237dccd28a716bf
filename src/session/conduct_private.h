/* Inside the conduct: shared by conduct.c (the tick), conduct_grant.c (one grant and the counter),
 * conduct_laser.c (the laser behind a gate),
 * conduct_duties.c (whether a turn may speak), conduct_setup.c (targets and settings), conduct_second.c (what
 * needs another person), conduct_orders.c (what people say), conduct_said.c (what they say of the client and
 * of near misses) and conduct_words.c (records, events, status). */
#ifndef FL_SESSION_CONDUCT_PRIVATE_H
#define FL_SESSION_CONDUCT_PRIVATE_H

#include "adapter.h"
#include "allow.h"
#include "budget.h"
#include "conduct.h"
#include "duties.h"
#include "fault_text.h"
#include "second.h"

#define HEX_HASH (2 * FL_SHA256_SIZE + 1)

typedef enum target_kind { TARGET_NONE, TARGET_ZONE, TARGET_SPOT, TARGET_PORT } target_kind;

typedef struct target { /* what the next pulses belong to */
    target_kind kind;
    size_t index;
    const char *name;
    const fl_plan_setting *setting;
    fl_gl1_settings wanted;
    unsigned tries; /* of settings the laser refused or answered wrongly */
    bool refused;   /* and we stopped trying */
} target;

typedef enum grant_stage {
    STAGE_NONE,
    STAGE_RECORDING, /* posted, perhaps not durable yet; nothing was sent */
    STAGE_UNSENT,    /* recorded, will never be sent; the record is closed when the counter is read */
    STAGE_SENT,
    STAGE_OPEN /* may have made a pulse; only the counter knows */
} grant_stage;

typedef struct books {
    bool known;        /* `expected` stands for something */
    uint64_t expected; /* the counter as the records have it, without the grant that is out */
    uint64_t gid;      /* newest number used */
    grant_stage stage;
    uint64_t ticket; /* of its record */
    bool unknown_written, recovered, recovered_delivered;
    target_kind kind;           /* what the newest grant is for, */
    size_t index;               /* and which of them it counts for; SIZE_MAX: none that we know */
    const char *why;            /* an unsent one was not sent */
    bool mismatch;              /* the counter said what no record explains; only a supervisor ends it */
    bool mismatch_told;         /* by this process */
    uint64_t held;              /* what the records added up to when the mismatch was found */
    uint64_t certain, possible; /* pulses of this session */
    uint64_t session_records;   /* pulses the journal counts for this session, for its close */
} books;

typedef enum laser_told { LASER_UNKNOWN, LASER_GOOD, LASER_BAD, LASER_ORDERED } laser_told;

typedef struct laser_shots { /* its counter and the gate's, from ARMING to the first readings after the stop
                              */
    bool open, laser_read, gate_read;
    uint64_t laser_was, gate_was;
    fl_instant ended; /* 0: not yet */
} laser_shots;

typedef enum anchor_stand {
    ANCHOR_UNREAD,
    ANCHOR_COMPARING, /* the writer's thread works out what root we had there */
    ANCHOR_GOOD,      /* it is in our history, or the laser has none yet */
    ANCHOR_IS_AHEAD,  /* the laser has seen more than we have */
    ANCHOR_DIFFERS    /* it has seen another history */
} anchor_stand;

typedef struct anchor {
    anchor_stand stand;
    bool due, setting, closing; /* to be set again; sent and not answered; the one at the end was sent */
    uint64_t number, size;      /* as the laser counts, and entries of this log */
    uint8_t root[FL_ROOT_SIZE];
} anchor;

struct fl_conduct {
    fl_conduct_setup setup;
    char plan_hex[HEX_HASH];
    fl_gl1 link;
    fl_gl1_status status; /* of this tick */
    fl_adapter adapter;
    fl_interlock_core *core;
    fl_inputs inputs; /* of this tick */
    const fl_core_tick *tick;
    fl_instant began, now;

    fl_mode mode;
    fl_instant entered;
    unsigned motion_written;
    anchor anchor;
    bool greeted;

    target target;
    books books;
    fl_past_count zones[FL_PLAN_ZONES], spots[FL_PLAN_GRID], port;
    bool zone_locked[FL_PLAN_ZONES];
    int plan_pulses;
    fl_past_bars bars;        /* settings of test spots that ended badly */
    bool pulsed, pulsed_test; /* the newest pulse of this plan: whether there is one, at a test spot */
    size_t pulsed_index;
    bool looked;                 /* a good endpoint was recorded after the last test spot */
    fl_utc tested_at, looked_at; /* as in the past */
    fl_instant pause_until;

    uint64_t sid;             /* 0: no session is open in the journal */
    char who[FACES_TEXT];     /* signed in; empty: nobody */
    char eyewear[FACES_TEXT]; /* what was confirmed; empty: nothing */
    uint64_t eyewear_nm;
    unsigned armed_face;
    bool face_lost;
    fl_instant last_order;

    fl_face_order asking;          /* whose PIN the doorman looks at; what DO_NONE: nobody's */
    uint8_t cmd;                   /* for the next tick */
    fl_face_order armer, resetter; /* orders that the next tick answers */
    bool resetting, reset_service;
    char service_who[FACES_TEXT]; /* signed for a service reset; empty: nobody */
    fl_instant reset_until;

    unsigned fault; /* number of the newest fault; 0: none yet */
    bool faulted;
    char fault_text[FAULT_TEXT];
    fl_reasons fault_causes;
    fl_reasons fault_history[8];
    unsigned fault_count;
    bool needs_supervisor;

    fl_second_signed given; /* by a second person */
    bool date_unsure;       /* the wall clock was set and nobody confirmed the date */
    uint64_t clock_steps;   /* as the journal last counted */

    bool journal_stalled;
    uint64_t durable_seen;
    fl_instant durable_at;
    bool journal_lost;    /* an entry found no place: nothing goes on */
    bool journal_damaged; /* it does not verify */

    fl_duties duties;
    uint64_t judged; /* serial of the newest tick of the core */
    bool missed;     /* at the end of the turn before */
    bool missed_told;
    fl_instant missed_at; /* when a missing duty was last told */

    fl_instant token_at;                   /* of the grant that is recorded now */
    int64_t grant_last_us, grant_worst_us; /* from the token to the bytes */

    laser_told laser_told; /* what people heard last of the laser behind the gate */
    uint64_t laser_ticks;  /* of its line, seen last */
    bool laser_ordered;    /* it stopped because we said so */
    laser_shots laser_shots;

    bool ending, end_posted, ended;
    fl_instant end_began;
    fl_status end_status;
    uint64_t end_ticket;
    fl_entry scratch; /* large; one entry is made at a time */
};

/* This session checks the laser in its calibration port and treats nobody. */
static inline bool conduct_calibrates(const fl_conduct *c)
{
    return c->setup.check_pulses > 0;
}

/* conduct_words.c */
fl_entry *conduct_entry(fl_conduct *c, fl_kind kind); /* begun, with dev, sim and, when open, sid */
void conduct_screen(fl_entry *entry,
                    const fl_face_order *order); /* which screen ordered it, when that was said */
uint64_t conduct_post(fl_conduct *c);            /* the entry begun last; 0 also ends the journal input */
void conduct_codes(fl_reasons reasons, char *room, size_t size); /* "door-open,eyewear" */
void conduct_event(fl_conduct *c, const char *kind, const char *code, const char *hint, const char *format,
                   ...) FL_PRINTF(5, 6);
const char *conduct_reason_text(const fl_conduct *c, fl_reason reason, char *room, size_t size);
const char *conduct_reason_todo(const fl_conduct *c, fl_reason reason);
const char *conduct_state_word(fl_mode mode); /* "STANDBY" */
fl_reason conduct_first(fl_reasons reasons);

/* conduct_grant.c */
void conduct_books_open(fl_conduct *c);
void conduct_settle(fl_conduct *c); /* before the adapter: what became of the last grant */
void conduct_after_token(fl_conduct *c);
void conduct_reported(fl_conduct *c); /* the interlock took a report in this tick */
void conduct_abandon(fl_conduct *c);  /* the interlock stopped waiting for it */
void conduct_send(fl_conduct *c);
/* Of this session: reported, or settled by the counter; and those that may have been besides. */
void conduct_pulses(const fl_conduct *c, uint64_t *certain, uint64_t *possible);
bool conduct_counter_is_good(const fl_conduct *c);
/* The expected laser's own counter, fresh; false: not known now. */
bool conduct_read_counter(const fl_conduct *c, uint64_t *shown);
uint64_t conduct_held(const fl_conduct *c); /* what the records add up to, without an unexplained reading */
bool conduct_reconcile(fl_conduct *c, const char *who); /* a supervisor takes the laser's counter as it is */

/* conduct_duties.c */
void conduct_did(fl_conduct *c, fl_duty duty); /* in this turn */
void conduct_did_judge(fl_conduct *c);
/* Whether every duty is done so far, in the middle of a turn and at its end, and every other thread is well.
 * Tells what is missing. */
bool conduct_may_grant(fl_conduct *c);
bool conduct_may_speak(fl_conduct *c);

/* conduct_laser.c: each does nothing and says good where the laser is on the link itself */
void conduct_laser(fl_conduct *c); /* listens, speaks and looks; before the conditions */
bool conduct_laser_is_healthy(const fl_conduct *c);
bool conduct_laser_is_set(const fl_conduct *c);
void conduct_laser_aim(fl_conduct *c);   /* at the target */
void conduct_laser_armed(fl_conduct *c); /* ARMING was entered */
void conduct_laser_stop(fl_conduct *c, const char *why);
bool conduct_laser_owes(const fl_conduct *c); /* its counter after the last time it was armed */
void conduct_laser_end(fl_conduct *c);
const char *conduct_laser_text(const fl_conduct *c, char *room, size_t size); /* only where there is one */
void conduct_laser_name(const fl_conduct *c, fl_entry *entry);
void conduct_laser_status(const fl_conduct *c, fl_entry *line);

/* conduct_setup.c */
fl_status conduct_aim_zone(fl_conduct *c, const char *id, fl_error *error);
fl_status conduct_aim_spot(fl_conduct *c, int64_t number, fl_error *error);
void conduct_aim_port(fl_conduct *c); /* in a calibration: the only target there is */
/* conduct_anchor.c */
bool conduct_anchor_owes(fl_conduct *c); /* it is being read or compared: nothing else is asked meanwhile */
bool conduct_anchor_is_good(const fl_conduct *c);     /* part of input 9 */
const char *conduct_anchor_text(const fl_conduct *c); /* why it is not; NULL when it is */
void conduct_anchor_is_due(fl_conduct *c);
void conduct_anchor(fl_conduct *c);      /* sets it when it is due and the line is free */
bool conduct_anchor_ends(fl_conduct *c); /* the last one: true when there is nothing to wait for */

void conduct_settings(fl_conduct *c); /* one step towards committed settings, when nothing is armed */
bool conduct_plan_is_good(const fl_conduct *c);
bool conduct_limits_are_good(const fl_conduct *c);
const char *conduct_limits_text(const fl_conduct *c, char *room, size_t size);
fl_past_count *conduct_count_of(fl_conduct *c, target_kind kind, size_t index);
const fl_past_count *conduct_read_count(const fl_conduct *c, target_kind kind, size_t index);
const char *conduct_purpose(target_kind kind);        /* FL_PURPOSE_... */
void conduct_subject(fl_conduct *c, target *subject); /* what an endpoint speaks of; TARGET_NONE: nothing */
const fl_plan_budget *conduct_budget(const fl_conduct *c, fl_plan_budget *room); /* of the target */

/* conduct_second.c */
/* NULL: nothing asks for a second person, or that person has signed. */
const char *conduct_second_text(const fl_conduct *c, char *room, size_t size);
const char *conduct_date_text(const fl_conduct *c); /* NULL: the wall clock is believed */
void conduct_watch_clock(fl_conduct *c);
fl_status conduct_sign_second(fl_conduct *c, const char *who, fl_error *error);
fl_status conduct_sign_date(fl_conduct *c, const char *who, const char *date, fl_error *error);

/* conduct_orders.c */
void conduct_yes(fl_conduct *c, const fl_face_order *order, const char *text);
/* A refusal is answered and journalled. */
void conduct_no(fl_conduct *c, const fl_face_order *order, const char *code, const char *text,
                const char *hint);
void conduct_answer_late(fl_conduct *c); /* PINs that were looked at, and orders the tick decided */
void conduct_open_session(fl_conduct *c);

/* conduct_said.c */
void conduct_note(fl_conduct *c, const fl_face_order *order);
void conduct_near_miss(fl_conduct *c, const fl_face_order *order);

#endif
