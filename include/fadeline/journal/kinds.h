/* Kinds: what the journal can say, and with which words.
 *
 * One row a kind: its name, whether a checkpoint is signed in the same transaction, and the fields that must
 * be there (others may be added; units stand in the key). Every entry has also v, k, boot, mono_us, utc_us
 * and clk, which the journal fills in. An entry with `dev` must have `sim` (fl_entry_device adds both).
 * Optional fields are named in src/journal/README.md with the meaning of all.
 *
 *   dev   serial or id of the laser            sim    0 real, 1 simulated          site  clinic site,
 * optional ctr   the device's shot counter, as read   sid    session number               who   "op:17", a
 * pseudonym gid   grant number, rising for ever        pu     "T" treat, "S" test spot, "C" energy check
 *
 * How counters are believed, per device (verify checks 1 to 4 and 6, the audit reports 5):
 *   1  grant.ctr is the counter before, equal to the last reading or pulse; no other grant is outstanding.
 *   2  pulse.ctr is the counter after: grant.ctr + 1, same gid. It settles the grant.
 *   3  pulse.unknown names the outstanding grant and repeats its ctr. Only a recon settles it.
 *   4  recon: ctr_was is what the journal held, ctr_now what the device shows, delivered 1 when the
 * outstanding grant made its pulse (never 1 without one). A restart writes a recon before anything else is
 * granted. 5  session.open, session.close, counter, service.old, recon.ctr_now are readings. A reading that
 * differs from what the records add up to is not damage: it is an unexplained pulse. session.close.pulses
 * counts the pulses of the session: pulse records plus recon delivered = 1. It has ctr when the counter could
 * be read at the close, and ctr_read 0 when it could not: what the records add up to is never a reading.
 *   6  A laser without grants (session.open has man = 1): a confirm.zone with ctr begins a zone at that counter, and
 * pulses.counted ends it: ctr_was is that counter, pulses is ctr_now - ctr_was. A reading in between settles nothing;
 * when nobody can count (the counter went back), a recon ends the zone. No second zone, no close, no other session
 * while one is open. session.close.pulses is then their sum; without any zone it is stated, `pulses`, of them `tests`
 * and `checks`.
 *   7  After log.succeed, before anything of its own, a log takes over how the log before it left each laser:
 * counter with carry = 1 and that state, one a device. Session numbers go on after log.succeed.sid.
 */
#ifndef FL_JOURNAL_KINDS_H
#define FL_JOURNAL_KINDS_H

#include <stdbool.h>

/* clang-format off */
/*    name           text              sign  fields that must be there */
#define FL_KIND_LIST(X)                                                                                      \
    X(LOG_OPEN,      "log.open",       1,    "inst log pred")                                                \
    X(LOG_SUCCEED,   "log.succeed",    1,    "log size root before anchor sid who why")                                                \
    X(BOOT,          "boot",           0,    "version")                                                      \
    X(SHUTDOWN,      "shutdown",       1,    "")                                                             \
    X(AUTH_OK,       "auth.ok",        0,    "who")                                                          \
    X(AUTH_FAIL,     "auth.fail",      0,    "who")                                                          \
    X(ROLE_CHANGE,   "role.change",    0,    "who role by")                                                  \
    X(SESSION_OPEN,  "session.open",   1,    "sid dev ctr who pat plan")                                     \
    X(SESSION_CLOSE, "session.close",  1,    "sid dev pulses")                                               \
    X(PLAN_LOAD,     "plan.load",      0,    "plan")                                                         \
    X(PLAN_CONFIRM,  "plan.confirm",   0,    "sid plan who")                                                 \
    X(EYEWEAR,       "confirm.eyewear", 0,   "sid who")                                                      \
    X(ZONE,          "confirm.zone",   0,    "sid zone who")                                                 \
    X(OVERRIDE,      "override",       0,    "who reason")                                                   \
    X(ARM,           "arm",            0,    "sid who")                                                      \
    X(ARM_REFUSED,   "arm.refused",    0,    "sid cause")                                                    \
    X(READY,         "ready",          0,    "sid")                                                          \
    X(GRANT,         "grant",          0,    "gid ctr plan sid zone pu energy_uJ spot_um wl_nm dev who")     \
    X(PULSE,         "pulse",          0,    "gid ctr meas_uJ sid dev")                                      \
    X(PULSE_UNKNOWN, "pulse.unknown",  0,    "gid ctr dev")                                                  \
    X(PULSES,        "pulses.counted", 0,    "sid dev zone pu ctr_was ctr_now pulses who")                     \
    X(RECON,         "recon",          1,    "dev ctr_was ctr_now delivered by")                             \
    X(COUNTER,       "counter",        0,    "dev ctr")                                                      \
    X(DROP,          "drop",           1,    "cause")                                                        \
    X(FAULT,         "fault",          1,    "cause")                                                        \
    X(RESET,         "reset",          0,    "who")                                                          \
    X(ESTOP,         "estop",          1,    "cause")                                                        \
    X(SVC,           "svc",            1,    "cause")                                                        \
    X(PROFILE,       "profile.import", 0,    "profile sha256 who")                                           \
    X(LIMITS,        "limits.change",  0,    "what who")                                                     \
    X(CLOCK_STEP,    "clock.step",     0,    "was_us now_us")                                                \
    X(DISK_LOW,      "disk.low",       0,    "free_B")                                                       \
    X(EXPORT,        "export",         0,    "what")                                                         \
    X(PRINT,         "print",          0,    "what")                                                         \
    X(ANCHOR_DEVICE, "anchor.device",  0,    "dev size root")                                                \
    X(ANCHOR_HUB,    "anchor.hub",     0,    "size root")                                                    \
    X(SELFTEST,      "selftest",       0,    "what ok")                                                      \
    X(CONFIG_CHANGE, "config.change",  0,    "what who")                                                     \
    X(ERASE,         "erase",          0,    "what who")                                                     \
    X(SERVICE,       "service",        1,    "dev old new who doc")                                          \
    X(CHECK,         "check",          0,    "dev pulses set_uJ mean_uJ pass who")                           \
    X(CLIENT,        "client",         0,    "pat cmt who")                                                  \
    X(CONSENT,       "consent",        0,    "pat what who")                                                 \
    X(PHOTO,         "photo",          0,    "pat what sha256 who")                                          \
    X(LOOK,          "look",           0,    "pat what who")                                                 \
    X(INVOICE,       "invoice",        0,    "no pat cents cur who")                                         \
    X(EVENT,         "event",          1,    "pat what who")                                                 \
    X(NEAR_MISS,     "near-miss",      1,    "what who")                                                     \
    X(FOLLOW_UP,     "follow-up",      0,    "sid task who")                                                 \
    X(CORRECTION,    "correction",     0,    "index text who")                                               \
    X(NOTE,          "note",           0,    "who text")
/* clang-format on */

#define X(name, text, sign, fields) FL_KIND_##name,
typedef enum fl_kind { FL_KIND_LIST(X) FL_KIND_UNKNOWN } fl_kind;
#undef X

#define FL_PURPOSE_TREAT "T"
#define FL_PURPOSE_TEST "S"
#define FL_PURPOSE_CHECK "C"

const char *fl_kind_text(fl_kind kind);                /* "pulse.unknown"; "?" for a number not in the list */
const char *fl_kind_fields(fl_kind kind);              /* "gid ctr dev" */
bool fl_kind_signs(fl_kind kind);                      /* whether a checkpoint goes with it */
fl_kind fl_kind_find(const char *text, unsigned size); /* FL_KIND_UNKNOWN when not in the list */

#endif
