/* Message: what a frame says. One table of words and one of keys make reader, writer and `fadeline watch`.
 *
 * Numbers are decimal without sign (canonical: no leading zero) or hexadecimal, upper case, of a stated
 * length; each key at most once, in any order; an unknown key, a missing one, a key that belongs to another
 * word, a number above 64 bits: the whole message is refused. There is nothing to repair in a message that
 * stands between a laser and a person.
 *
 *     fl_message say = { .word = FL_ASK_POLL };
 *     fl_message_put(&say, FL_KEY_sh, 1);
 *     char body[FL_FRAME_BODY_MAX + 1];
 *     size_t size = fl_message_write(&say, body);        // "POLL sh=1"
 *
 * Pure: no allocation, no recursion, no globals but the tables.
 */
#ifndef FL_LINK_MESSAGE_H
#define FL_LINK_MESSAGE_H

#include "fadeline/base/status.h"
#include "fadeline/link/frame.h"

#define FL_MESSAGE_TEXT_MAX 32 /* uid and fw */
#define FL_PLAN_SIZE 16        /* first bytes of the plan's hash */
#define FL_ROOT_SIZE 32        /* root of the journal tree */

typedef enum fl_word {
    FL_WORD_NONE = 0,
    FL_ASK_HELLO,
    FL_ASK_POLL,
    FL_ASK_SET,
    FL_ASK_GET,
    FL_ASK_COMMIT,
    FL_ASK_CHALLENGE,
    FL_ASK_ARM,
    FL_ASK_GRANT,
    FL_ASK_STOP,
    FL_ASK_RESET,
    FL_ASK_ANCHOR,
    FL_ASK_ANCHOR_SET,
    FL_SAY_HELLO,
    FL_SAY_STAT,
    FL_SAY_SHDW,
    FL_SAY_CHAL,
    FL_SAY_ANCH,
    FL_SAY_NAK,
    FL_WORDS
} fl_word;

/* How a value is written. */
typedef enum fl_form {
    FL_FORM_DECIMAL,
    FL_FORM_HEX,
    FL_FORM_BYTES,
    FL_FORM_TEXT,
    FL_FORM_PURPOSE,
    FL_FORM_REASON
} fl_form;

// clang-format off
/*             key  form            digits  name with its unit, as JSON shows it */
#define FL_KEY_LIST(X)                                                                                       \
    X(v,   FL_FORM_DECIMAL,  0, "version")                                                                   \
    X(hn,  FL_FORM_HEX,      8, "host_nonce")                                                                \
    X(uid, FL_FORM_TEXT,     0, "uid")                                                                       \
    X(dn,  FL_FORM_HEX,      8, "device_nonce")                                                              \
    X(wd,  FL_FORM_DECIMAL,  0, "watchdog_ms")                                                               \
    X(ga,  FL_FORM_DECIMAL,  0, "grant_life_ms")                                                             \
    X(wa,  FL_FORM_DECIMAL,  0, "warning_ms")                                                                \
    X(cap, FL_FORM_HEX,      2, "capabilities")                                                              \
    X(fw,  FL_FORM_TEXT,     0, "firmware")                                                                  \
    X(sh,  FL_FORM_DECIMAL,  1, "shutter_open")                                                              \
    X(EN,  FL_FORM_DECIMAL,  0, "energy_uJ")                                                                 \
    X(RR,  FL_FORM_DECIMAL,  0, "rate_mHz")                                                                  \
    X(SP,  FL_FORM_DECIMAL,  0, "spot_um")                                                                   \
    X(WL,  FL_FORM_DECIMAL,  0, "wavelength_nm")                                                             \
    X(ep,  FL_FORM_HEX,      8, "epoch")                                                                     \
    X(dg,  FL_FORM_HEX,      8, "digest")                                                                    \
    X(ph,  FL_FORM_BYTES,   32, "plan")                                                                      \
    X(ch,  FL_FORM_HEX,      8, "challenge")                                                                 \
    X(g,   FL_FORM_HEX,     16, "grant")                                                                     \
    X(f,   FL_FORM_HEX,      8, "status_number")                                                             \
    X(k,   FL_FORM_HEX,     16, "pulses")                                                                    \
    X(en,  FL_FORM_DECIMAL,  0, "pulse_energy_uJ")                                                           \
    X(sp,  FL_FORM_DECIMAL,  0, "sensed_spot_um")                                                            \
    X(pu,  FL_FORM_PURPOSE,  1, "purpose")                                                                   \
    X(st,  FL_FORM_DECIMAL,  4, "state")                                                                     \
    X(in,  FL_FORM_HEX,      8, "inputs")                                                                    \
    X(hp,  FL_FORM_HEX,      2, "handpiece")                                                                 \
    X(ln,  FL_FORM_HEX,      8, "flashes_seen")                                                              \
    X(ca,  FL_FORM_HEX,      8, "causes")                                                                    \
    X(gap, FL_FORM_DECIMAL,  0, "numbers_skipped")                                                           \
    X(t,   FL_FORM_HEX,      8, "device_ms")                                                                 \
    X(e,   FL_FORM_REASON,   0, "reason")                                                                    \
    X(n,   FL_FORM_HEX,     16, "log_size")                                                                  \
    X(r,   FL_FORM_BYTES,   64, "log_root")
// clang-format on
/* `digits` of a decimal: 0 any, else the largest value (sh 1, st 4). */

typedef enum fl_key {
#define X(key, form, digits, name) FL_KEY_##key,
    FL_KEY_LIST(X)
#undef X
        FL_KEYS
} fl_key;

// clang-format off
/* Why a device says no. Order is the order in which it tests a grant; SYN to RATE as on the wire. */
#define FL_NAK_LIST(X)                                                                                       \
    X(SYN,    "the device could not read what we sent")                                                      \
    X(STATE,  "the device is not in a state where this is allowed")                                          \
    X(RANGE,  "a value is outside what the device can do")                                                   \
    X(EPOCH,  "a setting was changed since it was read back")                                                \
    X(DIG,    "the digest of the settings is not the device's own")                                          \
    X(CHAL,   "the arming challenge is missing, wrong, used or older than 3 s")                              \
    X(ILK,    "an interlock input of the device is open")                                                    \
    X(FOOT,   "the footswitch is not as it must be")                                                         \
    X(SHUT,   "a shutter is not as it must be")                                                              \
    X(OLD,    "the grant number was seen before")                                                            \
    X(AGE,    "the status that the grant answers is too old")                                                \
    X(PLAN,   "the plan is not the committed one")                                                           \
    X(COUNT,  "the pulse counter is not the expected one")                                                   \
    X(ENERGY, "the pulse energy is not the one set")                                                         \
    X(SPOT,   "the spot is not the one planned")                                                             \
    X(DOCK,   "the handpiece is docked for treatment, or not docked for calibration")                        \
    X(RATE,   "too soon after the last pulse")                                                               \
    X(VERB,   "the device does not know this word")
// clang-format on

typedef enum fl_nak {
    FL_NAK_NONE = 0,
#define X(name, text) FL_NAK_##name,
    FL_NAK_LIST(X)
#undef X
        FL_NAKS
} fl_nak;

const char *fl_nak_name(fl_nak reason); /* "EPOCH"; "-" for none */
const char *fl_nak_text(fl_nak reason);

typedef struct fl_message {
    fl_word word;
    uint64_t has;            /* bit 1 << key for each key that is there */
    uint64_t value[FL_KEYS]; /* of all keys but those below; purpose 'T' or 'C', reason an fl_nak */
    uint8_t plan[FL_PLAN_SIZE], root[FL_ROOT_SIZE];
    char uid[FL_MESSAGE_TEXT_MAX + 1], firmware[FL_MESSAGE_TEXT_MAX + 1];
} fl_message;

static inline bool fl_message_has(const fl_message *message, fl_key key)
{
    return message->has >> key & 1;
}
void fl_message_put(fl_message *message, fl_key key, uint64_t value);
void fl_message_put_plan(fl_message *message, const uint8_t plan[FL_PLAN_SIZE]);
void fl_message_put_root(fl_message *message, const uint8_t root[FL_ROOT_SIZE]);
/* uid and fw; false, leaving the message alone, when the text cannot stand in a message. */
FL_MUST_USE bool fl_message_put_text(fl_message *message, fl_key key, const char *text);

/* `direction` as in the frame: the same verb means different things in each. FL_E_DEVICE, leaving *message
 * alone, when the body does not follow the grammar to the letter. */
FL_MUST_USE fl_status fl_message_read(char direction, const char *body, size_t size, fl_message *message);
/* Writes the body with a closing 0 and returns its size; keys stand in the order of the page. 0 when a key is
 * missing, does not belong to the word, or has a value that cannot be written. */
size_t fl_message_write(const fl_message *message, char body[FL_FRAME_BODY_MAX + 1]);

const char *fl_word_verb(fl_word word); /* "ARM?" */
char fl_word_direction(fl_word word);   /* '>' or '<' */
const char *fl_key_wire(fl_key key);    /* "EN" */
const char *fl_key_name(fl_key key);    /* "energy_uJ" */
fl_form fl_key_form(fl_key key);
unsigned fl_key_digits(fl_key key);

/* CRC-32C of "EN=.. RR=.. SP=.. WL=..": what both sides must agree on before a commitment. */
uint32_t fl_settings_digest(uint64_t energy_uJ, uint64_t rate_mHz, uint64_t spot_um, uint64_t wavelength_nm);

#endif
