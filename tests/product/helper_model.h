/* The product: control process x laser x the wire between them x the disk, small enough to be explored whole.
 *
 *     room   foot, interlock loop, shutters              <- the adversary moves them
 *     laser  GL1 sections 4 to 6                          <- written from the page; lock-step with src/twin
 *     wire   requests in flight, any order, any delay, any number of copies; the answer in flight
 *     link   section 7: one request at a time, the waiting rule, what became of the last grant
 *     host   the real fl_interlock_step, judged by the real monitor in every tick
 *     books  grant stages of the conduct; restart reads what the disk has
 *     disk   entries that wait and what they become when durable
 *
 * Time is a beat. Ages count beats up to where nothing depends on them any more; a deadline may come at any
 * beat after its least. Counters are differences to the laser's own counter k, grant numbers are generations
 * behind the newest, request numbers are lags behind the newest: the space is finite, the runs are not.
 *
 * What is left out, and in which direction, is in README.md.
 */
#ifndef FL_TESTS_PRODUCT_HELPER_MODEL_H
#define FL_TESTS_PRODUCT_HELPER_MODEL_H

#include "fadeline/interlock/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOOP_GOOD, LOOP_SOFT, LOOP_HARD, LOOP_STOP, LOOP_KEY }; /* what is open: door, cover, e-stop, key */
enum { LASER_SAFE, LASER_STBY, LASER_WARN, LASER_READY };
enum { ASK_NONE, ASK_HELLO, ASK_POLL, ASK_SETUP, ASK_ARM, ASK_STOP, ASK_GRANT };
enum { ANS_NONE, ANS_STAT, ANS_NAK };
enum { WAIT_NONE, WAIT_SETUP, WAIT_ARM };
enum { OUT_NONE, OUT_WAITING, OUT_ACCEPTED, OUT_NAKED, OUT_UNKNOWN, OUT_FOUND };
enum { BOOK_NONE, BOOK_RECORDING, BOOK_UNSENT, BOOK_SENT, BOOK_OPEN };
enum { ENTRY_NONE, ENTRY_GRANT, ENTRY_DELIVERED, ENTRY_NOT }; /* pulse or recon 1; recon 0 */

#define FLYING 3  /* requests in flight; copies of one request are one */
#define WAITING 3 /* entries that are not durable yet */

/* The state. Each field has its width, and everything that cannot matter any more is 0 (see canonical). */
#define PRODUCT_FIELDS(X)                                                                                    \
    X(loop, 3)                                                                                               \
    X(foot, 1)                                                                                               \
    X(open, 1) /* both shutters stand open */                                                                \
    X(st, 2)                                                                                                 \
    X(want, 1)  /* the laser drives its shutters open */                                                     \
    X(warm, 1)  /* WARN has lasted a beat */                                                                 \
    X(heard, 3) /* beats of silence */                                                                       \
    X(session, 1)                                                                                            \
    X(taken, 1) /* a frame of the session was obeyed */                                                      \
    X(commit, 1)                                                                                             \
    X(g_lag, 2)   /* highest grant ever accepted: generations behind the newest */                           \
    X(unsaved, 1) /* only without RULE_KEEP_FIRST */                                                         \
    X(fly0, 13)                                                                                              \
    X(fly1, 13)                                                                                              \
    X(fly2, 13)                                                                                              \
    X(n_lag, 3) /* the last number the laser took, behind the newest */                                      \
    X(ans, 2)   /* the answer to the outstanding request is in flight */                                     \
    X(hello_now, 1)                                                                                          \
    X(hello_old, 1) /* of a session that is over already */                                                  \
    X(c_st, 2)      /* what the answer says */                                                               \
    X(c_loop, 3)                                                                                             \
    X(c_foot, 1)                                                                                             \
    X(c_open, 1)                                                                                             \
    X(c_kd, 2)   /* k now, less the k it says */                                                             \
    X(c_age, 2)  /* since it was sampled */                                                                  \
    X(c_ep, 1)   /* its epoch is still the laser's */                                                        \
    X(c_note, 1) /* STAT: the grant was accepted. NAK: because of the commitment */                          \
    X(alive, 1)                                                                                              \
    X(mode, 5)  /* one of the 28 */                                                                          \
    X(m_age, 2) /* since it was entered */                                                                   \
    X(phase, 1) /* a session is believed in, */                                                              \
    X(same, 1)  /* and it is the laser's */                                                                  \
    X(asked, 3)                                                                                              \
    X(a_age, 3)                                                                                              \
    X(a_late, 1) /* asked when no earlier grant could fire any more */                                       \
    X(stopping, 1)                                                                                           \
    X(waiting, 2)                                                                                            \
    X(h_commit, 1)                                                                                           \
    X(h_ep, 1) /* the epoch we committed is the laser's */                                                   \
    X(h_shut, 1)                                                                                             \
    X(outcome, 3)                                                                                            \
    X(pin, 2) /* since the status the last grant answers, or since a restart */                              \
    X(was_open, 1)                                                                                           \
    X(s_has, 1) /* the newest status */                                                                      \
    X(s_st, 2)                                                                                               \
    X(s_loop, 3)                                                                                             \
    X(s_foot, 1)                                                                                             \
    X(s_open, 1)                                                                                             \
    X(s_kd, 2)                                                                                               \
    X(s_age, 3)  /* since it was asked for */                                                                \
    X(s_sage, 2) /* since it was sampled */                                                                  \
    X(s_late, 1)                                                                                             \
    X(stage, 3)                                                                                              \
    X(ed, 2) /* k now, less `expected` */                                                                    \
    X(recovered, 1)                                                                                          \
    X(jd, 2) /* k now, less the counter on the disk */                                                       \
    X(j_out, 1)                                                                                              \
    X(q0, 2)                                                                                                 \
    X(q1, 2)                                                                                                 \
    X(q2, 2)                                                                                                 \
    X(j_bad, 1)  /* the writer has failed */                                                                 \
    X(j_lost, 1) /* an entry found no place */                                                               \
    /* Ghosts: nothing reads them but the checks. */                                                         \
    X(g_pass, 1)                                                                                             \
    X(g_arm, 1)                                                                                              \
    X(g_warm, 1)                                                                                             \
    X(t2, 1)    /* EMIT entered, no good report since, no ARM since */                                       \
    X(t3, 1)    /* tokens less reports less unknowns */                                                      \
    X(fired, 1) /* the newest grant made its pulse */                                                        \
    X(orphan, 1)                                                                                             \
    X(dead, 2)                                                                                               \
    X(orphan_pulse, 1)

typedef struct product {
#define X(field, bits) uint16_t field;
    PRODUCT_FIELDS(X)
#undef X
} product;

#define KEY_WORDS 5
typedef struct product_key {
    uint32_t word[KEY_WORDS];
} product_key; /* 20 bytes */

typedef struct frame { /* a request in flight to the laser, of its present session, or a HELLO */
    uint8_t type;
    uint8_t lag; /* its number, behind the newest */
    bool shut;   /* POLL: sh=1. HELLO: it is the outstanding one */
    uint8_t age; /* GRANT: since the status it answers was sampled */
    uint8_t gen; /* GRANT: its number, behind the newest grant */
    bool fits;   /* GRANT: its k is the laser's */
    bool ep;     /* GRANT, ARM: its epoch is the laser's */
    bool fired;  /* ghost: this number made its pulse */
    bool lost;   /* ghost: no record of it will ever be on the disk */
} frame;

/* What a seeded variant leaves out; the product keeps them all. */
typedef enum rule {
    RULE_ORDER = 1 << 0,        /* laser: an older number is not obeyed */
    RULE_FRAME_AGE = 1 << 1,    /* laser: a grant answers a status of at most 40 ms */
    RULE_GRANT_NUMBER = 1 << 2, /* laser: g only upwards */
    RULE_COUNT = 1 << 3,        /* laser: k of the grant is its own */
    RULE_KEEP_FIRST = 1 << 4,   /* laser: k and g are kept before the pulse */
    RULE_SESSION = 1 << 5,      /* laser: a new session ends the old one's frames */
    RULE_WATCHDOG = 1 << 6,     /* laser: hot silence ends in SAFE */
    RULE_WAITING = 1 << 7,      /* host: the counter is believed only from a late status (C4) */
    RULE_SEND_ONCE = 1 << 8,    /* host: no grant is sent again (C4) */
    RULE_DURABLE = 1 << 9,      /* host: record before bytes (C6) */
    RULE_OUTSTANDING = 1 << 10, /* host: after a restart the last grant is outstanding (C4) */
    RULE_UNKNOWN = 1 << 11,     /* host: no answer is not "no pulse" (T3) */
    RULE_BOOK_FIRST = 1 << 12,  /* host: while a grant is open nothing is armed (B3) */
    RULE_REPORT = 1 << 13,      /* step: EMIT waits for the report (a due EMIT asks for another pulse) */
    RULE_REARM = 1 << 14,       /* step: after a drop, ARM and the whole warning again */
    RULE_MONITOR = 1 << 15,     /* the monitor's verdict is looked at */
    RULE_STORED = 1 << 16,      /* laser: the same number again is answered, not obeyed */
    RULE_SETTLE = 1 << 17,      /* host: an open grant is closed when the counter tells */
    RULE_CLOSING = 1 << 18      /* step: CLOSING without its report ends in STANDBY */
} rule;

/* What the adversary may do, beyond losing, doubling, delaying and reordering frames and timing everything.
 */
typedef enum power {
    POWER_FOOT = 1 << 0,
    POWER_SOFT = 1 << 1,
    POWER_HARD = 1 << 2,
    POWER_STOP = 1 << 3, /* e-stop, and the key that ends it */
    POWER_CRASH = 1 << 4,
    POWER_CUT = 1 << 5, /* of the laser, also between keep and trigger */
    POWER_DISK = 1 << 6,
    POWER_PANEL = 1 << 7,
    POWER_BANG = 1 << 8,   /* `!`, a pulled cable, or too many corrupt frames */
    POWER_ENERGY = 1 << 9, /* a pulse out of tolerance */
    POWER_TEST = 1 << 10,  /* a self-test that fails */
    POWER_DUE = 1 << 11    /* deadlines come at any beat between their least and their most */
} power;

typedef struct tick_note { /* one tick of the host, as the conformance test compares it with the code */
    uint8_t mode, stage, outcome;
    int8_t shown; /* counter shown less expected, before the tick; 2: anything else */
    bool link, recovered;
    uint8_t mode_after, stage_after;
    bool booked, sent;
} tick_note;

typedef struct model {
    unsigned without;      /* RULE_... */
    unsigned powers;       /* POWER_... */
    unsigned frames;       /* in flight, 1..FLYING */
    unsigned ga, lost, wd; /* beats: life of a grant, oldest status believed, hot silence */
    void (*on_tick)(void *self, const tick_note *note);
    void *self;
} model;

typedef enum breach {
    BREACH_NONE,
    BREACH_TWICE,      /* a grant fired twice */
    BREACH_SETTLED,    /* a grant fired after the books had closed it */
    BREACH_UNRECORDED, /* a pulse without a durable record */
    BREACH_AFTER_LIFE, /* a pulse later than a grant's life after the host died */
    BREACH_AFTER_TWO,  /* a second pulse after the host died */
    BREACH_BEHIND,     /* the kept counter is behind the light */
    BREACH_MONITOR,
    BREACH_T1,
    BREACH_T2,
    BREACH_T3,
    BREACH_TOKEN,    /* a token while an earlier grant is not settled */
    BREACH_MISMATCH, /* the counter showed what no record explains */
    BREACH_LIGHT,    /* the adapter would call it light that nobody granted */
    BREACH_JOURNAL,  /* the disk does not account for the counter */
    BREACH_BOOKS,    /* the books do not */
    BREACH_HOT,      /* the laser stays hot in silence */
    BREACH_STUCK,    /* no way back to STANDBY with settled books */
    BREACH_COUNT
} breach;
const char *breach_text(breach b);

/* ---- helper_state.c ---- */
void product_pack(const product *w, product_key *key);
void product_unpack(const product_key *key, product *w);
void product_print(const product *w, char *room, size_t size);
frame frame_read(uint16_t code);
uint16_t frame_write(frame f);
static inline uint16_t *product_fly(product *w, unsigned i)
{
    return i == 0 ? &w->fly0 : i == 1 ? &w->fly1 : &w->fly2;
}
fl_interlock_state mode_state(unsigned index);
unsigned mode_index(fl_interlock_state state);
unsigned mode_count(void);
product product_start(void); /* everything off but the laser, which nobody has spoken to */

/* ---- helper_laser.c ---- */
void laser_send(const model *m, product *w, frame f); /* under the next number */
breach laser_hear(const model *m, product *w, unsigned i, bool keep_copy, bool cut); /* frame i arrives */
void laser_safe(const model *m, product *w);                                         /* the session is over */
void laser_cut(product *w);
void laser_feel(product *w); /* the 1 ms loop, after anything in the room changed */
void laser_panel(product *w);

/* ---- helper_host.c ---- */
typedef struct choice { /* what the adversary leaves open in one tick */
    uint8_t cmd;
    bool due, other, stall, out_of_tolerance;
    bool quick; /* a record of this tick is durable before the tick sends */
    uint8_t selftest;
} choice;
breach host_tick(const model *m, product *w, choice c);
void host_accept(product *w, bool old_hello); /* the answer arrives */
void host_give_up(product *w, bool end_session);
void host_crash(product *w);
void host_restart(const model *m, product *w);
bool host_reads(const model *m, const product *w);
bool host_may_be_due(const product *w);
bool host_must_be_due(const product *w);
bool host_awaits(unsigned mode);
void disk_settle_one(product *w);

/* ---- helper_moves.c ---- */
typedef breach emit(void *self, const product *next, breach found, const char *move);
void product_beat(const model *m, product *w);
void product_canonical(const model *m, product *w);
breach product_check(const model *m, const product *w);
/* Every successor, each canonical. Stops at the first breach that emit returns. */
breach product_moves(const model *m, const product *w, emit *out, void *self);
/* The adversary stops: frames arrive, people reset. True when STANDBY is reached with settled books. */
bool product_settles(const model *m, const product *from);

#endif
