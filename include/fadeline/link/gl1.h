/* GL1: the host side of the grant link, as a state machine that never blocks and never allocates.
 *
 * The caller owns the rhythm: one tick every 10 ms or whenever the carrier's descriptor is readable.
 *
 *     fl_gl1_listen(&link);                       // take in answers, age what is known
 *     fl_gl1_look(&link, &status);                // judge it: interlock, journal
 *     if (permit) fl_gl1_grant(&link, permit, &pulse, &error);
 *     fl_gl1_speak(&link);                        // HELLO, an order, or the next POLL
 *
 * Rules kept here (numbers as in section 7 of the reference):
 *   L1  one request outstanding; no answer in 50 ms: the next number, counted; newest STAT older than 100 ms,
 *       counted from the moment we asked for it: link lost, nothing in it is believed.
 *   L2  settings: SET, every value of SHDW equal to the one wanted, own digest equal to the device's, then
 * COMMIT. An epoch that moves afterwards undoes the commitment on this side too. L3  a GRANT leaves at most
 * once, for a permit that is spent in the same call; there is no retry anywhere. No answer: outcome unknown,
 * until a STAT that was sampled more than `ga` after the one the grant answered. L4  more than 10 bad frames
 * in an hour while armed: stand down, and stay down until a person clears it. L5  a device that is not the
 * expected one is only watched: HELLO, POLL sh=0, GET, ANCHOR? and STOP, no more. L6  on a carrier for
 * simulated devices, a uid that does not begin with SIM ends the conversation.
 *
 *     GREETING ──HELLO answered──▶ OPEN ──4 requests in a row unanswered, or 20 h──▶ GREETING
 *         └────────── line hung up ────────┴──▶ GONE        wrong kind of device ──▶ REJECTED
 *
 * Everything happens on the caller's thread. The object is the caller's; its members are for gl1.c only.
 */
#ifndef FL_LINK_GL1_H
#define FL_LINK_GL1_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/interlock/permit.h"
#include "fadeline/link/carrier.h"
#include "fadeline/link/message.h"

/* Section 7.1; ms. */
#define FL_GL1_REPLY_MS 50    /* no answer in this time: none will be waited for */
#define FL_GL1_LOST_MS 100    /* oldest STAT that is believed */
#define FL_GL1_POLL_HOT_MS 10 /* WARN, READY, and while arming */
#define FL_GL1_POLL_COLD_MS                                                                                  \
    40 /* the page says 100; see src/link/README.md: 100 - 50 - 10 survives one lost answer */
#define FL_GL1_GRANT_LIFE_MS 40 /* longest `ga`, */
#define FL_GL1_WATCHDOG_MS 100  /* longest `wd` */
#define FL_GL1_WARNING_MS 2000  /* and shortest `wa` of a device that we do more than watch */
#define FL_GL1_BAD_FRAMES 10    /* an hour, while armed */

typedef enum fl_gl1_device {
    FL_DEVICE_SAFE,
    FL_DEVICE_STBY,
    FL_DEVICE_WARN,
    FL_DEVICE_READY,
    FL_DEVICE_FAULT
} fl_gl1_device;
const char *fl_gl1_device_name(fl_gl1_device state); /* "READY" */

/* Bits of `in`, 1 = good or present. */
enum {
    FL_IN_KEY,
    FL_IN_ESTOP_A,
    FL_IN_ESTOP_B,
    FL_IN_DOOR_A,
    FL_IN_DOOR_B,
    FL_IN_COVERS,
    FL_IN_FLOW,
    FL_IN_COOLANT,
    FL_IN_HEAD,
    FL_IN_WATCHDOG,
    FL_IN_DOCKED,
    FL_IN_SHUT_A,
    FL_IN_SHUT_B,
    FL_IN_OPEN_A,
    FL_IN_OPEN_B,
    FL_IN_FOOT_A,
    FL_IN_FOOT_B,
    FL_IN_SELFTEST_PASSED,
    FL_IN_SELFTEST_FINISHED,
    FL_IN_ENERGY_SENSOR
};
/* Bits of `cap`. */
enum {
    FL_CAP_ENERGY,
    FL_CAP_FLASHES,
    FL_CAP_SHUTTER,
    FL_CAP_ANCHOR,
    FL_CAP_SPOT,
    FL_CAP_HANDPIECE,
    FL_CAP_FOOT
};

#define FL_HANDPIECE_NONE 0x00
#define FL_HANDPIECE_UNREADABLE 0xFF

typedef struct fl_gl1_stat {
    fl_gl1_device state;
    uint32_t inputs;
    uint8_t handpiece;
    uint64_t spot_um;         /* sensed; 0 unknown */
    uint64_t pulses;          /* k: triggered in the life of the device */
    uint32_t flashes;         /* ln: seen by the light sensor, low 32 bits */
    uint64_t grant;           /* g: highest grant number ever accepted */
    uint64_t pulse_energy_uJ; /* of pulse k; 0 not yet known */
    uint32_t epoch;
    uint32_t causes; /* inputs that were bad when the device last dropped by itself */
    uint64_t gap;    /* numbers skipped */
    uint32_t device_ms;
} fl_gl1_stat;
FL_MUST_USE bool fl_gl1_stat_of(const fl_message *message, fl_gl1_stat *stat); /* false unless it is a STAT */

typedef struct fl_gl1_settings {
    uint64_t energy_uJ, rate_mHz, spot_um, wavelength_nm;
} fl_gl1_settings;

typedef struct fl_gl1_hello { /* what the device says it is */
    char uid[FL_MESSAGE_TEXT_MAX + 1], firmware[FL_MESSAGE_TEXT_MAX + 1];
    uint32_t capabilities;
    uint64_t watchdog_ms, grant_life_ms, warning_ms;
} fl_gl1_hello;

typedef struct fl_gl1_expected { /* from the device file and the clinic's own note of the serial number */
    char uid[FL_MESSAGE_TEXT_MAX + 1], firmware[FL_MESSAGE_TEXT_MAX + 1];
    uint32_t capabilities;
} fl_gl1_expected;

// clang-format off
/* Why a device is only watched. */
#define FL_GL1_WATCH_LIST(X)                                                                                 \
    X(FL_GL1_EXPECTED,       "this is the expected device")                                                  \
    X(FL_GL1_NO_HELLO,       "the device has not introduced itself yet")                                     \
    X(FL_GL1_NOT_TOLD,       "nobody said which device to expect")                                           \
    X(FL_GL1_OTHER_UID,      "another laser answers: its identity is not the expected one")                  \
    X(FL_GL1_OTHER_FIRMWARE, "the firmware is not the version in the device file")                           \
    X(FL_GL1_OTHER_ABILITY,  "the abilities (cap) are not those in the device file")                         \
    X(FL_GL1_OTHER_TIMES,    "its watchdog, grant life or warning time is outside what we rely on")          \
    X(FL_GL1_LISTENING,      "the port was opened to listen only")
// clang-format on

typedef enum fl_gl1_watch {
#define X(name, text) name,
    FL_GL1_WATCH_LIST(X)
#undef X
} fl_gl1_watch;
const char *fl_gl1_watch_text(fl_gl1_watch why);

typedef enum fl_gl1_phase { FL_GL1_GREETING, FL_GL1_OPEN, FL_GL1_GONE, FL_GL1_REJECTED } fl_gl1_phase;

/* What became of the last order (SET, GET, COMMIT, ARM, RESET, ANCHOR). A new order begins at WAITING. */
typedef enum fl_gl1_order {
    FL_GL1_ORDER_NONE,
    FL_GL1_ORDER_SET,
    FL_GL1_ORDER_GET,
    FL_GL1_ORDER_COMMIT,
    FL_GL1_ORDER_ARM,
    FL_GL1_ORDER_RESET,
    FL_GL1_ORDER_ANCHOR_READ,
    FL_GL1_ORDER_ANCHOR_SET
} fl_gl1_order;
typedef enum fl_gl1_result {
    FL_RESULT_NONE,
    FL_RESULT_WAITING,
    FL_RESULT_DONE,
    FL_RESULT_REFUSED,  /* the device said NAK; `reason` says why */
    FL_RESULT_MISMATCH, /* SHDW is not what was set, or the digests differ, or a reply does not fit */
    FL_RESULT_LOST      /* no answer, or the session ended first; ask again when wanted */
} fl_gl1_result;

/* Where the settings stand. Only COMMITTED allows ARM and GRANT. */
typedef enum fl_gl1_setup_state {
    FL_SETTINGS_UNKNOWN,
    FL_SETTINGS_READ,     /* the device's own numbers are known (GET, SHDW) */
    FL_SETTINGS_VERIFIED, /* read back, equal to what was wanted, digests equal */
    FL_SETTINGS_COMMITTED,
    FL_SETTINGS_CHANGED /* the epoch moved, or the session ended: set and commit again */
} fl_gl1_setup_state;

/* What became of the last grant. UNKNOWN becomes one of the three FOUND ones by reading the counter. */
typedef enum fl_gl1_outcome {
    FL_GRANT_NONE,
    FL_GRANT_WAITING,       /* sent, the answer may still come */
    FL_GRANT_ACCEPTED,      /* STAT with this grant number and k + 1 */
    FL_GRANT_NAKED,         /* the device said no; `reason` says why. No pulse */
    FL_GRANT_UNKNOWN,       /* no answer: it may have fired, or still may until `ga` is over */
    FL_GRANT_FOUND_FIRED,   /* the counter is k + 1 */
    FL_GRANT_FOUND_UNFIRED, /* the counter is k */
    FL_GRANT_FOUND_ODD      /* the counter is neither: tell a person */
} fl_gl1_outcome;
const char *fl_gl1_outcome_text(fl_gl1_outcome outcome);

/* The numbers of one pulse; frame and purpose come from the permit. */
typedef struct fl_gl1_pulse {
    uint64_t grant;  /* strictly above every number ever used with this device */
    uint64_t pulses; /* k the device must have now */
    uint32_t epoch;
    uint64_t energy_uJ, spot_um;
    uint8_t plan[FL_PLAN_SIZE];
} fl_gl1_pulse;

typedef struct fl_gl1_counters {
    uint64_t asked, answered;
    uint64_t missed; /* requests without an answer in time */
    uint64_t bad;    /* frames dropped: bytes, shape, check, grammar, or an answer to another question */
    uint64_t stray;  /* good frames with an old number or of an old session: late, not corrupt */
    uint64_t naks;
    uint64_t sessions;    /* HELLOs answered */
    uint64_t grants;      /* sent */
    unsigned bad_in_hour; /* while armed, in the last hour; stops counting at 11 */
} fl_gl1_counters;

typedef struct fl_gl1_status {
    fl_gl1_phase phase;
    fl_gl1_watch watch; /* FL_GL1_EXPECTED, or why the device is only watched */
    bool stand_down;    /* rule L4 */
    bool link; /* a STAT exists in this session and its age is at most 100 ms: only then believe `stat` */
    bool has_stat;
    fl_gl1_stat stat;
    uint32_t stat_number;  /* f */
    fl_instant stat_asked; /* when we asked for it */
    fl_duration stat_age;  /* since then */
    fl_gl1_hello hello;    /* empty before the first session */
    uint32_t session;
    fl_gl1_setup_state settings_state;
    fl_gl1_settings settings; /* as the device read them back; zero when UNKNOWN */
    uint32_t settings_epoch;
    uint32_t settings_digest;
    uint8_t plan[FL_PLAN_SIZE]; /* committed */
    fl_gl1_order order;
    fl_gl1_result result;
    fl_nak reason; /* of the last NAK, whatever it answered */
    fl_gl1_outcome outcome;
    fl_nak grant_reason; /* when outcome is NAKED */
    uint64_t grant;      /* number of the last grant sent; 0 none */
    bool has_anchor;
    uint64_t anchor_size; /* what the device keeps */
    uint8_t anchor_root[FL_ROOT_SIZE];
    bool busy; /* an order waits or a request is outstanding */
    fl_gl1_counters counters;
} fl_gl1_status;

typedef struct fl_gl1_setup {
    fl_carrier *carrier;             /* borrowed for the life of the link; open */
    const fl_clock *clock;           /* borrowed; NULL: the system's */
    const fl_gl1_expected *expected; /* copied; NULL: the device is only watched */
    /* Random number for a session; NULL: from the operating system. */
    fl_status (*nonce)(void *self, uint32_t *value);
    void *nonce_self;
} fl_gl1_setup;

typedef struct fl_gl1 fl_gl1; /* defined at the end: the caller owns the storage */

void fl_gl1_init(fl_gl1 *link, const fl_gl1_setup *setup);
void fl_gl1_listen(fl_gl1 *link);
void fl_gl1_speak(fl_gl1 *link);
static inline void fl_gl1_tick(fl_gl1 *link)
{
    fl_gl1_listen(link), fl_gl1_speak(link);
}
void fl_gl1_look(const fl_gl1 *link, fl_gl1_status *status); /* ages are of this moment */

/* Orders: one at a time, FL_E_BUSY while another waits; the next speak sends it, status tells the end. They
 * are refused with FL_E_REFUSED and a sentence where a rule above forbids them, FL_E_GONE without a session.
 */
FL_MUST_USE fl_status fl_gl1_set(fl_gl1 *link, const fl_gl1_settings *wanted, fl_error *error);
FL_MUST_USE fl_status fl_gl1_get(fl_gl1 *link, fl_error *error);
/* Needs FL_SETTINGS_VERIFIED. The plan hash may not be all zero: zero is "no plan" on the wire. */
FL_MUST_USE fl_status fl_gl1_commit(fl_gl1 *link, const uint8_t plan[FL_PLAN_SIZE], fl_error *error);
/* ARM?, then ARM with the challenge. DONE when the STAT says WARN or READY. */
FL_MUST_USE fl_status fl_gl1_arm(fl_gl1 *link, fl_error *error);
FL_MUST_USE fl_status fl_gl1_reset(fl_gl1 *link, uint32_t causes, fl_error *error);
FL_MUST_USE fl_status fl_gl1_anchor_read(fl_gl1 *link, fl_error *error);
FL_MUST_USE fl_status fl_gl1_anchor_set(fl_gl1 *link, uint64_t size, const uint8_t root[FL_ROOT_SIZE],
                                        fl_error *error);

/* Level that POLL carries. Falls to shut by itself whenever the link is lost, the device leaves READY, or
 * STOP. */
void fl_gl1_shutter(fl_gl1 *link, bool open);
/* Needs no permission: drops any waiting order, sends STOP until a STAT shows that it was obeyed. */
void fl_gl1_stop(fl_gl1 *link);
/* `!` and DTR down, now, then a new session. For an exit in a hurry. */
void fl_gl1_drop(fl_gl1 *link);
/* A new session by wish: HELLO. The device goes SAFE. */
void fl_gl1_greet(fl_gl1 *link);
/* A person has seen the stand-down (L4). */
void fl_gl1_clear_stand_down(fl_gl1 *link);

/* The one door for light. Checks everything this side knows (link, session, expected device, READY, the
 * committed settings, epoch, plan and counter, a number above every earlier one, the permit's STAT among the
 * last 8 of this session and younger than `ga`), then spends the permit and writes the GRANT, once. FL_OK the
 * bytes left; status.outcome tells the rest FL_E_BUSY     a request is outstanding or a grant unresolved:
 * permit not spent, try in the next tick FL_E_REFUSED  a rule said no: no byte left; the error says which.
 * The permit is spent only if it was stale FL_E_GONE     the line failed while writing: outcome unknown when
 * a byte may have left, none otherwise */
FL_MUST_USE fl_status fl_gl1_grant(fl_gl1 *link, fl_permit *permit, const fl_gl1_pulse *pulse,
                                   fl_error *error);

/* ---- storage; private to gl1.c ---- */

#define FL_GL1_LAST_STATS 8 /* a device remembers as many */

struct fl_gl1 {
    fl_carrier *carrier;
    const fl_clock *clock;
    bool has_expected;
    fl_gl1_expected expected;
    fl_status (*nonce)(void *self, uint32_t *value);
    void *nonce_self;

    fl_gl1_phase phase;
    uint32_t session, number, host_nonce;
    fl_instant session_began, greeted;
    fl_line line;

    fl_word asked; /* outstanding request; FL_WORD_NONE: none */
    fl_instant asked_at;
    unsigned missed_in_row;
    bool ragged;          /* a line was cut short by a full buffer: end it before the next one */
    fl_gl1_order waiting; /* order to be sent */
    bool challenged;      /* the ARM order holds a challenge */
    uint32_t challenge;
    bool stopping, shutter;

    fl_gl1_settings wanted;
    uint8_t wanted_plan[FL_PLAN_SIZE];
    uint32_t wanted_causes;
    uint64_t wanted_size;
    uint8_t wanted_root[FL_ROOT_SIZE];

    struct fl_gl1_seen {
        uint32_t number, device_ms;
        fl_instant asked, in;
    } stats[FL_GL1_LAST_STATS]; /* of this session, newest at stats_count - 1 modulo 8 */
    unsigned stats_count;
    fl_instant bad_at[FL_GL1_BAD_FRAMES + 1];
    unsigned bad_count;

    fl_gl1_pulse pulse;            /* of the last grant, */
    struct fl_gl1_seen pulse_stat; /* the STAT it answers, */
    uint32_t pulse_session;        /* and the session it was sent in */
    fl_gl1_status now;             /* what look() copies */
};

#endif
