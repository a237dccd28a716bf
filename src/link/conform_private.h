/* Inside the conformance script: the conversation (conform_talk.c), the way to a state in which something can
 * be provoked (conform_steps.c), the tables of checks (conform_<group>.c) and their running (conform.c).
 *
 * A check reads from top to bottom. The first thing that goes wrong ends it: every function below does
 * nothing once the check has failed or was skipped, so that no check goes on to make light on a device that
 * already misbehaves, and no line needs an `if`.
 */
#ifndef FL_LINK_CONFORM_PRIVATE_H
#define FL_LINK_CONFORM_PRIVATE_H

#include "fadeline/link/conform.h"
#include "fadeline/link/frame.h"
#include "fadeline/link/message.h"

/* Ours; ms. */
#define ANSWER_MS 250     /* how long an answer is waited for; the page gives a host 50 */
#define SILENT_MS 60      /* how long silence is listened to: shorter than a hot watchdog */
#define TRAVEL_MS 400     /* longest travel of a shutter; the page gives none */
#define COLD_MS 1500      /* rule 6.3 */
#define CHALLENGE_MS 3000 /* section 4 */
#define POLL_MS 10        /* rule 7.1, hot */
#define SECOND_MS 1100    /* a second, for bad frames, and a little */
#define BOOT_MS 30000     /* from power on to the first answer */
#define LATE_MS 25        /* woken so much later than wanted: a failure may be our own */

enum {
    IN_BIT_DOOR = 3u << FL_IN_DOOR_A,
    IN_BIT_FEET = 3u << FL_IN_FOOT_A,
    IN_BIT_SHUT = 3u << FL_IN_SHUT_A,
    IN_BIT_OPEN = 3u << FL_IN_OPEN_A
};

typedef struct conform_grant { /* fields of a GRANT, to be spoiled one by one */
    uint64_t g, k, en, sp;
    uint32_t f, ep;
    char pu;
    char ph[33];
} conform_grant;

typedef struct fl_conform conform;
struct fl_conform {
    const fl_conform_options *options;
    const fl_conform_line *line;
    fl_conform_report *report;
    fl_status status; /* other than FL_OK: the run is over */

    /* the check that runs */
    fl_conform_outcome outcome;
    bool over, late, grave; /* grave: a pulse that should not have been; never tried again */
    fl_conform_said
        said[2 * FL_CONFORM_LOG]; /* pushed down by half when full, so that the newest are in order */
    uint32_t moved;               /* events that want to be undone */
    uint64_t spot_before_um;
    bool wants_open; /* polls while the room is waited for */

    /* the device */
    char identity[FL_MESSAGE_TEXT_MAX + 1];
    fl_message hello; /* its last answer to HELLO */
    bool in_session, committed;
    uint32_t session, number;
    fl_gl1_settings set; /* by its last SHDW */
    uint32_t epoch, digest;

    /* the line */
    fl_line in;
    char sent[320]; /* the last frame we wrote, with LF */
    size_t sent_size;
    char heard[FL_FRAME_ROOM]; /* the answer to it, without LF */
    size_t heard_size;
    fl_message answer; /* valid when heard_size */
    fl_instant sent_at, heard_at, spoiled_at, last_now;
    bool spoiled, may_go, gone; /* may_go: the line may go away with the power */
    bool waits, waits_identity; /* for an answer to: */
    uint32_t wait_session, wait_number;
    uint64_t offered; /* number of the GRANT that was just said; 0: none */
    uint64_t unknown; /* number of a GRANT without an answer: the next STAT tells (rule 7.3); 0: none */

    fl_gl1_stat stat;
    uint32_t stat_number;
    fl_instant stat_heard;
    bool has_stat, has_count;
    uint64_t k, g; /* what they must be */
    uint32_t ln, ln_owed;
    fl_instant pulsed_at;
    bool has_pulsed;
};

/* ---- conform_talk.c: frames out, answers in, and what is wrong with them ---- */
bool conform_goes(const conform *c);
void conform_fail(conform *c, const char *expected, const char *format, ...) FL_PRINTF(3, 4);
void conform_skip(conform *c, const char *format, ...) FL_PRINTF(2, 3);
void conform_broken(conform *c, fl_status status); /* the run cannot go on */
void conform_note(conform *c, char from, const char *bytes, size_t size);

fl_instant conform_now(conform *c);
int64_t conform_ms_since(conform *c, fl_instant then);
void conform_wait_until(conform *c, fl_instant until); /* silent; what comes unasked is a failure */
void conform_wait(conform *c, int64_t ms);

/* Writes bytes as they are and forgets the answer before. */
void conform_write(conform *c, const char *bytes, size_t size);
/* Takes in what comes: true when the answer to (session, number) is there within ms. */
bool conform_listen(conform *c, uint32_t session, uint32_t number, int64_t ms);
/* The next frame of the session and its answer, which may be none: c->heard_size. */
void conform_say(conform *c, const char *body);
/* A frame with everything chosen; its answer is waited for ms. */
void conform_say_as(conform *c, uint32_t session, uint32_t number, const char *identity, const char *body,
                    int64_t ms);
/* The frame that conform_say would write, without writing it; returns its size with LF. */
size_t conform_frame(const conform *c, uint32_t session, uint32_t number, const char *identity,
                     const char *body, char line[FL_FRAME_ROOM]);

void conform_want_answer(conform *c, const char *expected);
void conform_want(conform *c, fl_word word, const char *expected);
void conform_want_stat(conform *c, int state); /* -1: any */
void conform_want_nak(conform *c, fl_nak reason);
void conform_want_silence(conform *c, const char *expected);
void conform_must(conform *c, bool good, const char *expected, const char *format, ...) FL_PRINTF(4, 5);

/* say and want at once */
void conform_refused(conform *c, const char *body, fl_nak reason);

/* ---- conform_steps.c: the way to where something can be provoked ---- */
void conform_hello(conform *c);   /* a new session; the device is in SAFE */
void conform_standby(conform *c); /* a new session in STBY, settings read */
void conform_poll(conform *c, bool open);
void conform_hold(conform *c, int64_t ms, bool open); /* polls, hot or cold, for so long */
void conform_get(conform *c);
void conform_commit(conform *c); /* the settings as they are, for the plan of this run */
uint32_t conform_challenge(conform *c);
void conform_arm_with(conform *c, uint32_t challenge);       /* says it; judge the answer */
void conform_arm(conform *c);                                /* from standby to WARN */
void conform_ready(conform *c);                              /* READY, foot up */
void conform_open(conform *c);                               /* READY, foot down, both shutters proven open */
void conform_session_over(conform *c, const char *expected); /* our session is nobody's any more */

bool conform_shut(const conform *c);
bool conform_opened(const conform *c);
uint32_t conform_feet(const conform *c); /* contacts this device has */

/* Asks the room and polls until `seen` says so. */
void conform_ask(conform *c, fl_conform_event event, bool (*seen)(const conform *c));
void conform_ask_blind(conform *c, fl_conform_event event); /* nothing will show it */
void conform_power(conform *c, bool on);
void conform_await_power(conform *c, bool on);
void conform_restore(conform *c, bool foot); /* what was moved goes back; also after a failure */
void conform_foot(conform *c, bool down);

conform_grant conform_grant_now(const conform *c); /* one that would fire, for the newest STAT */
void conform_grant_say(conform *c, const conform_grant *grant);
void conform_grant_refused(conform *c, const conform_grant *grant, fl_nak reason); /* and nothing moved */
void conform_fire(conform *c); /* one pulse, one period after the one before */
int64_t conform_period_ms(const conform *c);

extern const char conform_plan[33];

/* ---- the groups ---- */
extern const fl_conform_check conform_words[], conform_frames[], conform_states[], conform_grants[],
    conform_memory[]; /* each ends with a row without a name */

#endif
