/* Script: what happens in the room, one event a line (the contract of fadeline-twin).
 *
 *     # comment; blank lines are fine
 *     at 4.0 key on                       seconds since the twin started
 *     when ready +1.0 foot down           the first time the device is READY, and 1 s
 *     when ready 2 +1.0 foot down         the second time
 *     every ready +0.3 foot down          each time
 *     after 12 pulses door open           pulses since the twin started; `+T` may follow
 *     every 20 pulses foot up             each twentieth
 *     every 2.5 s say still here
 *     then +0.5 door close                so long after the line above has happened
 *     now door open                       as soon as the line is read (for a room that is told live)
 *
 * States: safe, standby (or stby), warn, ready, fault; `hello` is the beginning of a session. A complaint has
 * file and line, and all are shown at once. Nothing is guessed: a word too many is a fault.
 *
 * Reading allocates nothing but the lines; running allocates nothing.
 */
#ifndef TWIN_SCRIPT_H
#define TWIN_SCRIPT_H

#include "gl1_device.h"

#include "fadeline/base/error.h"

#include <stdio.h>

typedef enum event_kind {
    EVENT_SWITCH = 1, /* contacts, on */
    EVENT_SELF_TEST,  /* on: the next self-tests pass */
    EVENT_SPOT,       /* number: um, 0 unknown */
    EVENT_HANDPIECE,  /* number */
    EVENT_PANEL,      /* settings; only the named ones */
    EVENT_PROVE,      /* script_add turns it into its steps: key off, e-stop, door, foot each moved, key on */
    EVENT_FAULT,      /* fault */
    EVENT_POWER,      /* number: 0 off, 1 on, 2 off between keep and trigger of the next pulse */
    EVENT_SAY,        /* text */
    EVENT_QUIT
} event_kind;

typedef enum fault_kind {
    FAULT_LIE_INPUT = 1, /* mask, on */
    FAULT_LIE_SPOT,      /* number: um */
    FAULT_LIE_HANDPIECE, /* number */
    FAULT_LIE_K,         /* number: added to k in STAT, by the wire, with a good check */
    FAULT_LIE_LN,        /* number: added to what the light sensor says */
    FAULT_STALL,         /* number: ms */
    FAULT_ECHO,
    FAULT_DROP,      /* percent */
    FAULT_DUPLICATE, /* percent */
    FAULT_DELAY,     /* number: ms */
    FAULT_CORRUPT,   /* rate of wrong bits */
    FAULT_DIE,
    FAULT_POWER_CUT, /* between keep and trigger of the next pulse */
    FAULT_ENERGY,    /* percent off */
    FAULT_ENERGY_UNREAD,
    FAULT_ENERGY_STUCK, /* the sensor says what was asked, whatever came */
    FAULT_COUNTER, /* number: pulses counted and flashed that nobody granted */
    FAULT_FLASH,   /* number: flashes that nobody granted nor counted */
    FAULT_DUD,     /* number of pulses without light */
    FAULT_SHUTTER, /* number: room_shutter_fault */
    FAULT_FOOT,
    FAULT_USB_NAK,   /* number: ms */
    FAULT_USB_STALL, /* on: towards the host; number of transfers */
    FAULT_USB_ERROR, /* likewise */
    FAULT_USB_SHORT, /* number of transfers */
    FAULT_USB_EMPTY
} fault_kind;

typedef struct twin_fault {
    fault_kind kind;
    bool on;
    uint32_t mask;
    int64_t number;
    double amount;        /* percent, or a rate */
    uint64_t duration_ms; /* 0: until the end */
} twin_fault;

typedef struct twin_event {
    event_kind kind;
    bool on;
    uint32_t contacts, number;
    uint8_t named; /* of settings: 1 EN, 2 RR, 4 SP, 8 WL */
    gl1_settings settings;
    twin_fault fault;
    char text[80]; /* as written: for SIM lines and for SAY */
} twin_event;

typedef enum cue_kind { CUE_AT = 1, CUE_STATE, CUE_PULSES, CUE_PERIOD, CUE_THEN, CUE_NOW } cue_kind;
#define CUE_HELLO 5 /* beside the five values of gl1_state */

typedef struct twin_cue {
    cue_kind kind;
    bool every;     /* each time, not once */
    uint8_t state;  /* gl1_state or CUE_HELLO */
    uint64_t count; /* of pulses, or the n-th time in the state */
    uint64_t at_ms; /* AT, PERIOD */
    uint64_t plus_ms;
} twin_cue;

typedef struct script_line {
    unsigned number; /* in its file; 0: from --fault */
    twin_cue cue;
    twin_event event;
} script_line;

#define SCRIPT_LINES_MAX 1000
#define SCRIPT_WAITING_MAX 256

typedef struct twin_script {
    script_line *lines; /* room for SCRIPT_LINES_MAX */
    unsigned count;
    unsigned entered[CUE_HELLO + 1]; /* how often each state was entered */
    uint64_t pulses, now_ms;
    struct {
        unsigned line; /* its event is due */
        uint64_t due_ms;
    } waiting[SCRIPT_WAITING_MAX];
    unsigned waiting_count, lost;
    unsigned
        lasting; /* lines before this one stay; those after it were said live and go when they are past */
    bool begun, live;
} twin_script;

FL_MUST_USE fl_status script_init(twin_script *script);
void script_fini(twin_script *script);

/* One line without its end. *empty: a comment or nothing, *line untouched. The error carries no place. */
FL_MUST_USE fl_status script_line_read(const char *text, script_line *line, bool *empty, fl_error *error);
/* KIND[=VALUE][@t=S|@pulses=N|@STATE[+S]][/S]: see fault_help. Starts at once without a cue. */
FL_MUST_USE fl_status fault_read(const char *spec, script_line *line, fl_error *error);
/* The same without a cue, for `at 3 fault stall=300`. */
FL_MUST_USE fl_status fault_read_plain(const char *spec, twin_fault *fault, fl_error *error);

/* Says what is wrong with a line or a fault, and what to do (hint may be NULL). FL_E_FILE. */
fl_status script_wrong(fl_error *error, const char *hint, const char *format, ...) FL_PRINTF(3, 4);

FL_MUST_USE fl_status script_add(twin_script *script, const script_line *line, fl_error *error);
/* A line said while the twin runs. `then` follows the line said before it, past or not. Lines of `now` and
 * `then` that have happened make room for new ones, so a room can be told for days. */
FL_MUST_USE fl_status script_say(twin_script *script, const char *text, fl_error *error);
/* Reads a whole file; complain (may be NULL) hears every fault. FL_E_FILE when there was one; the
 * error is the first. */
FL_MUST_USE fl_status script_load(twin_script *script, const char *path,
                                  void (*complain)(const fl_error *error), fl_error *error);

/* Running: tell it what happened, then take what is due. */
void script_state_entered(twin_script *script, unsigned state_or_hello);
void script_pulsed(twin_script *script);
void script_time(twin_script *script, uint64_t now_ms);
const script_line *script_due(twin_script *script); /* NULL: nothing more now */

void script_help(FILE *out);
void fault_help(FILE *out);

#endif
