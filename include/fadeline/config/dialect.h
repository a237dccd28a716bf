/* Dialect: what a laser or an energy meter says and understands, as data.
 *
 * One YAML file a protocol in devices/dialects/, written from the page that publishes it; a device file names
 * it in `link.dialect`. The file says words: what is sent, what comes back, what each bit means. It cannot
 * say what could hurt: no retry, no loop, no condition over time, no "skip this", no default for what is
 * missing. Those are in C (src/link) or do not exist.
 *
 *     fl_dialect *dialect;
 *     if (fl_dialect_load("microjewel", &dialect, &error) != FL_OK) ...
 *     const fl_word *rate = fl_dialect_word(dialect, "rate");
 *     char out[FL_WORD_ROOM];
 *     size_t size = fl_word_compose(dialect, rate, 0, out, &error);              // ";LA:RR?\r"
 *     fl_reading r = fl_word_read(dialect, rate, out, "5.000\r\n", 7, false);    // FL_READ_VALUE, number 5
 *     fl_dialect_free(dialect);
 *
 * A word is an `ask` (it changes nothing and may be asked again) or a `say` (it changes something: sent once,
 * and when it sets a number, read back by the ask in `check`). A dialect is complete only when it names
 * identity, status, interlock and stop; one that does not may be watched and nothing else
 * (fl_dialect_is_whole). A file whose recorded transcript does not exercise every word, or whose transcript
 * is not what this code would send and understand, is refused by fl_dialect_load and `fadeline check`.
 *
 * Constant once loaded; the two functions on words are pure: no allocation, no clock, no locale.
 */
#ifndef FL_CONFIG_DIALECT_H
#define FL_CONFIG_DIALECT_H

#include "fadeline/config/device.h"

#define FL_WORD_ROOM 256    /* a word as bytes, with a closing 0 */
#define FL_ANSWER_ROOM 2048 /* the longest answer, all its lines */
#define FL_READING_TEXT 96

typedef enum fl_word_value { /* what stands at {} in an answer */
                             FL_VALUE_NONE,
                             FL_VALUE_NUMBER,
                             FL_VALUE_BITS,  /* a mask, decimal or hexadecimal */
                             FL_VALUE_FLAGS, /* characters 0 and 1, blanks or commas between: the first is bit
                                                0; exactly `row` of them, so that half a row is no row */
                             FL_VALUE_STATE, /* one of `states`, as text */
                             FL_VALUE_TEXT,
} fl_word_value;

typedef enum fl_sign {                   /* what a bit that is set, or a state, tells */
                       FL_SIGN_NOTE = 1, /* nothing that decides */
                       FL_SIGN_FAULT,    /* the laser is not to be used */
                       FL_SIGN_NEEDED,   /* bits: must be set for light to be allowed; states: light may be
                                            asked for */
                       FL_SIGN_LIGHT,    /* it emits, or may */
} fl_sign;

typedef struct fl_word_bit {
    int bit;
    const char *name;
    fl_sign is;
} fl_word_bit;

typedef struct fl_word_state {
    const char *code; /* as it stands in the answer */
    const char *name;
    fl_sign is;
} fl_word_state;

typedef struct fl_word {
    const char *id;
    const char *ask, *say; /* exactly one; {} stands for the number */
    /* sending a number: value x send_scale, so many decimals, zero-padded to so many characters */
    double send_scale;
    int send_decimals, send_width;
    double least, most; /* before scaling; NaN without a {} */
    /* the answer: {} is the value, {*} the rest, {-} anything up to what stands behind it, {flag} one of
     * `states`, {sequence} a whole number; blanks match one or more of blank and tab. With line.closing, a
     * word whose answer is the closing line itself has no other. */
    const char *answer; /* NULL: none comes. "{echo}": the echo is all of it */
    fl_answer pick;     /* yes: the value counts, from 1, which word of {*} is the number */
    const char *after;  /* one character: labels end with it, and what counts is behind the last one */
    fl_word_value value;
    int base; /* of bits: 10 or 16 */
    int row;  /* of flags: how many */
    double read_scale;
    const char *over;  /* stands in place of a number: out of range */
    double over_from;  /* a number from here on means out of range; NaN: none does */
    int lines;         /* of the answer */
    int line;          /* which of them has the value, from 1 */
    const char *until; /* or: lines up to this one */
    const char *check; /* of a say with a number: the ask that reads it back; "echo": only the echo tells */
    fl_answer light;   /* it makes light or charges for it: such a word has no role and is never said */
    int wait_ms;       /* after the answer, before the next word */
    int answer_ms;     /* patience; -1: the line's */
    fl_word_bit *bits;
    size_t bits_count;
    fl_word_state *states;
    size_t states_count;
    const char *note;
} fl_word;

typedef struct fl_refusal {
    const char *text;   /* as it begins */
    fl_answer anywhere; /* yes: wherever it stands in the line */
    const char *means;
} fl_refusal;

typedef enum fl_line_end {
    FL_END_UNSAID,
    FL_END_NONE,
    FL_END_CR,
    FL_END_LF,
    FL_END_CRLF,
    FL_END_FIXED,
    FL_END_IDLE
} fl_line_end;

typedef struct fl_dialect_line {
    int baud;             /* -1: not stated */
    int stop_bits;        /* 1 or 2 */
    const char *begin;    /* before every word; NULL: nothing */
    fl_line_end send_end; /* after every word: none, CR, LF, CRLF */
    fl_line_end
        answer_end; /* LF takes CR LF too; fixed: answer_fixed bytes; idle: answer_idle_ms of silence */
    int answer_fixed, answer_idle_ms;
    const char *closing; /* a line of its own after every answer; NULL: none */
    const char **alone; /* a line that holds one of these is a whole answer; after any other one more comes */
    size_t alone_count;
    fl_answer echo; /* the word comes back as a line before its answer */
    int gap_ms, answer_ms, longest;
} fl_dialect_line;

typedef struct fl_dialect_setting {
    const char *quantity; /* "rate_Hz": for people and for the plan */
    const char *set, *read;
    double tolerance; /* of the read-back, in the same unit */
} fl_dialect_setting;

typedef struct fl_dialect_laser {
    const char *identity, *identity_holds; /* holds NULL: the page does not say; the device file must */
    const char **status;                   /* asked in every round; every bit and state known or bad */
    size_t status_count;
    const char **interlock; /* those of them that carry the interlocks */
    size_t interlock_count;
    const char **stop; /* said in this order on every way out, whatever is answered */
    size_t stop_count;
    const char *
        *opening; /* said once, each answered, before anything is believed: hands the trigger to the gate */
    size_t opening_count;
    const char *watchdog; /* a say with a number that is never 0: seconds of silence the laser forgives */
    double watchdog_s;
    const char *counter;
    const char *silence; /* for people: what it does when nobody talks to it */
    int poll_ms;
    fl_dialect_setting *settings;
    size_t settings_count;
} fl_dialect_laser;

typedef enum fl_range_is { /* what a range number is */
                           FL_RANGE_UNSAID,
                           FL_RANGE_INDEX, /* the meter's own: read back equal */
                           FL_RANGE_J,     /* full scale: read back no smaller than the energy */
} fl_range_is;

typedef struct fl_dialect_meter {
    const char *identity, *identity_holds;
    const char **opening; /* energy mode, no streaming */
    size_t opening_count;
    const char *wavelength_set, *wavelength_read; /* nm; set: NULL when it cannot be set */
    const char *range_set, *range_read;           /* set: NULL when the opening chose it */
    fl_range_is range_is;
    const char *trigger_set, *trigger_read; /* with `trigger`, in percent of the range */
    double trigger;                         /* NaN: not set */
    const char *unit, *unit_is; /* an ask whose text is this, or a state that is `needed`: joules */
    const char *proof,
        *proof_is;     /* NULL, or an ask whose text is this before and after a check, as a guard */
    const char *arm;   /* NULL, or a say before every reading */
    const char *fresh; /* an ask: number 1, or a state that is `needed`: a new reading is there. NULL when
                          `read` has a {sequence}: another number is a new reading, gaps are lost pulses */
    const char *read;  /* J */
    int poll_ms;
} fl_dialect_meter;

typedef enum fl_talk_result {
    FL_TALK_UNSAID,
    FL_TALK_DONE,
    FL_TALK_REFUSED,
    FL_TALK_BAD,
    FL_TALK_SILENCE
} fl_talk_result;

typedef struct fl_dialect_line_said { /* one exchange of the transcript; bytes with \r \n \t \xHH */
    const char *word;
    double value;      /* sent, or read as number, bits or flags; NaN: none */
    const char *state; /* read as state or text */
    const char *sent, *answer;
    fl_talk_result result;
    const char *from; /* where it was recorded, or which lines of the page it is made of */
} fl_dialect_line_said;

typedef enum fl_dialect_serves { FL_SERVES_LASER = 1, FL_SERVES_METER } fl_dialect_serves;

typedef struct fl_dialect {
    const char *id, *title, *source, *note;
    fl_sureness sure;
    fl_dialect_serves serves;
    fl_dialect_line line;
    fl_refusal *refusals;
    size_t refusals_count;
    fl_word *words;
    size_t words_count;
    fl_dialect_laser laser;
    fl_dialect_meter meter;
    fl_dialect_line_said *transcript;
    size_t transcript_count;
    fl_yaml *file; /* owns all of this */
} fl_dialect;

extern const fl_yaml_schema fl_dialect_schema;

/* `name` is an id, found through fl_place_find("devices/dialects/<id>.yaml"), or a path. */
FL_MUST_USE fl_status fl_dialect_load(const char *name, fl_dialect **dialect, fl_error *error);
void fl_dialect_free(fl_dialect *dialect);
const fl_word *fl_dialect_word(const fl_dialect *dialect, const char *id); /* NULL: none, or id is NULL */
/* A laser whose words are enough to know, set and stop it; else it is only watched. */
bool fl_dialect_is_whole(const fl_dialect *dialect);
#define FL_DIALECT_PARTS 4
/* What a laser's dialect lacks to be whole, of identity, status, interlock, stop. A meter's lacks nothing. */
size_t fl_dialect_missing(const fl_dialect *dialect, const char *missing[FL_DIALECT_PARTS]);

/* The word as bytes, with prefix and end mark; the size without the closing 0, 0 on failure. FL_E_RANGE in
 * *error when the value is outside least..most or is no number, or the word longer than line.longest. */
size_t fl_word_compose(const fl_dialect *dialect, const fl_word *word, double value, char out[FL_WORD_ROOM],
                       fl_error *error);

typedef enum fl_reading_kind {
    FL_READ_MORE, /* not whole yet */
    FL_READ_DONE, /* answered, no value in it */
    FL_READ_VALUE,
    FL_READ_OVER,    /* out of range: no number */
    FL_READ_REFUSED, /* `why` says what the device means */
    FL_READ_GARBAGE, /* whole, and not an answer to this word; `why` says so */
} fl_reading_kind;

typedef struct fl_reading {
    fl_reading_kind kind;
    double number;              /* NUMBER, scaled */
    uint64_t bits;              /* BITS, FLAGS */
    const fl_word_state *state; /* STATE, or the {flag} beside a number; NULL: one that nobody listed */
    bool has_sequence;
    uint64_t sequence;          /* of {sequence} */
    char text[FL_READING_TEXT]; /* what stood at {}, cut */
    const char *why;
} fl_reading;

/* All bytes since the word left. `sent`: the word as composed, which an echo must repeat to the letter; not
 * looked at on a line without echo. `quiet`: nothing has come for line.answer_idle_ms; ends an answer that
 * has no other end. Never reads beyond size. A byte that is not text makes garbage of an answer, and so does
 * anything behind it: two answers to one word are out of step. */
fl_reading fl_word_read(const fl_dialect *dialect, const fl_word *word, const char *sent, const char *bytes,
                        size_t size, bool quiet);

typedef struct fl_judgement { /* of one status reading; everything 0 is "not known": bad */
    bool known;               /* a value, every bit of it in the table */
    bool good;  /* known, no fault, and all needed bits set or in a state that is `needed` or `light` */
    bool light; /* emits or may */
    uint64_t faults, missing, unknown; /* bits; of a state 1: it is a fault; it is one to wait in */
} fl_judgement;
fl_judgement fl_word_judge(const fl_word *word, const fl_reading *reading);

#endif
