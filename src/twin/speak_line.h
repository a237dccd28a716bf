/* Speak line: what every virtual device with a protocol of its own has. Lines in, answers that leave when
 * they are due, and faults on cue. It knows no word of any protocol.
 *
 * A device's struct begins with a laser_twin or a meter_twin, and those begin with this, so that `give` of a
 * speaker is speak_line_give whatever the device. Cues count the words a laser has heard, and the pulses that
 * fell on a meter, from 1: `lie@7-` lies from the seventh on.
 */
#ifndef TWIN_SPEAK_LINE_H
#define TWIN_SPEAK_LINE_H

#include "speak.h"

#define SPEAK_LINE 120 /* longest line from the host; what is behind it is cut off */
#define SPEAK_ANSWER 400
#define SPEAK_WAITING 64
#define SPEAK_FAULTS 16

typedef enum speak_fault_kind {
    SPEAK_LIE,      /* it answers a setting well and keeps the old value */
    SPEAK_STALL,    /* it obeys, and says nothing */
    SPEAK_ECHO,     /* it says what it hears */
    SPEAK_GARBAGE,  /* bytes that are no text in every answer */
    SPEAK_SLOW,     /* VALUE ms later */
    SPEAK_DIE,      /* nothing works any more, and nothing will */
    SPEAK_STRANGER, /* another device answers when asked who it is */
    SPEAK_REAL,     /* it does not say SIM */
    SPEAK_JUMP,     /* its counter moves by VALUE, once */
    SPEAK_YANK,     /* it is pulled out; with VALUE: that many ms after it was switched on */
    /* lasers */
    SPEAK_LATE, /* one answer VALUE ms later, and the others behind it */
    SPEAK_BIT,  /* bit VALUE of its status is set; where a status is one number: it is VALUE */
    SPEAK_OPEN, /* its interlock is open */
    /* meters */
    SPEAK_OVER,       /* the reading is over range */
    SPEAK_STALE,      /* it says `new`, and the number is the old one */
    SPEAK_MISS,       /* it does not see the pulse */
    SPEAK_WATTS,      /* it takes the order for joules, and stays in watts */
    SPEAK_DRIFT,      /* VALUE percent more at every pulse */
    SPEAK_GAIN,       /* VALUE percent off */
    SPEAK_LABELS,     /* the other shape of answers of the same family */
    SPEAK_LATE_LIGHT, /* the reading is there VALUE ms after its pulse */
    SPEAK_FAULT_KINDS
} speak_fault_kind;

typedef enum speak_family { SPEAK_LASER = 1, SPEAK_METER = 2 } speak_family;

#define SPEAK_FAULT_HELP                                                                                     \
    "  lie stall echo garbage        keeps the old value; says nothing; says what it hears; no text\n"       \
    "  slow=MS die                   every answer later; nothing works from then on\n"                       \
    "  stranger real                 another device; no SIM\n"                                               \
    "  yank yank=MS                  pulled out on cue, or after so many ms\n"
#define SPEAK_CUE_HELP(what)                                                                                 \
    "  each with @N for " what " N alone, @N- from it on, @N-M; without: all the time\n"

typedef struct speak_fault {
    speak_fault_kind kind;
    bool has_value;
    double value;
    uint64_t from, to;
} speak_fault;

typedef struct speak_line {
    uint64_t now_ms, cue;
    bool gone, dead;
    char in[SPEAK_LINE];
    size_t in_size;
    speak_fault faults[SPEAK_FAULTS];
    unsigned fault_count;
    uint64_t busy_until_ms;
    struct {
        uint64_t due_ms;
        size_t size;
        char bytes[SPEAK_ANSWER];
    } waiting[SPEAK_WAITING];
    unsigned first, count;
} speak_line;

FL_MUST_USE fl_status speak_line_init(speak_line *line, speak_family family, const speak_options *options,
                                      fl_error *error);
bool speak_line_tick(speak_line *line, uint64_t now_ms); /* false: yanked */
void speak_line_cue(speak_line *line);                   /* one more word or pulse, before it does anything */
const speak_fault *speak_line_fault(const speak_line *line, speak_fault_kind kind); /* NULL: not now */
bool speak_line_has(const speak_line *line, speak_fault_kind kind);
double speak_line_jump(const speak_line *line); /* of the cue that just came; 0: none */

/* `self` begins with a speak_line. */
size_t speak_line_give(void *self, char *room, size_t size);
/* Ends lines at any character of `ends` and hands on each that is not empty, without its end. */
void speak_line_take(void *self, const char *bytes, size_t size, const char *ends,
                     void (*obey)(void *self, char *text));
void speak_line_echo(void *self, char c); /* of what is heard, when it does that */
void speak_line_answer(void *self, const char *format, ...) FL_PRINTF(2, 3);

/* A number from least to most: it becomes *value, unless the device lies. false: it is none. */
bool speak_line_number(const speak_line *line, const char *text, double least, double most, double *value);
/* The text is the word, alone or with something behind a blank: that, or "". NULL: another word. */
const char *speak_behind(const char *text, const char *word);
/* A SCPI header such as "SENSe:CORRection:WAVelength": each part short or long, in any case; `[:NODE]` at the
 * end may be left out. What stands behind it from the `?` or the value on, or ""; NULL: another header. */
const char *speak_scpi(const char *text, const char *header);

#endif
