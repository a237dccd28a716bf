/* Conform: does a device keep the grant link? Section 11 of the page as a table of short scripts.
 *
 * Each check provokes one rule and judges what comes back: bad frames, old numbers, grants with one thing
 * wrong. It talks over a line of bytes with frames of its own, not through gl1.c: a host that keeps the rules
 * cannot show that a device keeps them. Where a hand is needed (foot, door, lens, panel, mains) it asks the
 * room and waits until a STAT shows it.
 *
 *     fl_conform_line line = fl_conform_over(&carrier);
 *     fl_conform_options options = { .identity = "SIM-00042", .up_to = FL_CONFORM_LIGHT, .room = &room, .told
 * = show }; fl_conform_report report; fl_status status = fl_conform_run(&options, &line, &report, &error);
 *
 * DANGER. This is a second way to a GRANT, beside the door in gl1_grant.c, and no interlock of ours stands
 * before it: it is for a laser on a bench with its beam in a dump, and for virtual ones. Nobody but `fadeline
 * conform` may use it (a test reads every #include). Checks have a class, and no check runs that is above the
 * class the caller allows:
 *
 *   dark   no settings are committed, so nothing can arm; no GRANT; no shutter is asked to open
 *   armed  arms, or tries to; no GRANT, no shutter is asked to open, nobody is asked to press the foot
 *   light  foot, shutters, GRANT: pulses come out, and are counted
 *
 * What a check sees in every STAT, whatever it is about: counter and grant number move by our own pulses only
 * and never back, no light is sensed without a pulse, nothing is said that was not asked for.
 *
 * Times: how old something is for the device is judged by the device's own `t`, or made certain by our clock
 * (what we heard is at least as old for it as for us). A check that fails while this process was not
 * scheduled in time is run again, at most FL_CONFORM_TRIES times.
 *
 * No allocation. One run at a time: the object is large and stands still.
 */
#ifndef FL_LINK_CONFORM_H
#define FL_LINK_CONFORM_H

#include "fadeline/base/clock.h"
#include "fadeline/link/carrier.h"
#include "fadeline/link/gl1.h"

#define FL_CONFORM_TRIES 3

typedef enum fl_conform_class { FL_CONFORM_DARK, FL_CONFORM_ARMED, FL_CONFORM_LIGHT } fl_conform_class;
const char *fl_conform_class_name(fl_conform_class class); /* "dark" */

/* What is asked of the room. Each but the power cut shows in a STAT, or in silence. */
// clang-format off
/*                        words for a person */
#define FL_CONFORM_EVENT_LIST(X)                                                                             \
    X(FOOT_DOWN,  "press the footswitch and hold it down")                                                   \
    X(FOOT_UP,    "take the foot off the footswitch")                                                        \
    X(FOOT_ONE,   "close contact A of the footswitch alone (contact B stays open)")                          \
    X(DOOR_OPEN,  "open the door contact of the room")                                                       \
    X(DOOR_SHUT,  "close the door contact of the room")                                                      \
    X(SPOT_OTHER, "turn the lens of the handpiece to another spot")                                          \
    X(SPOT_BACK,  "turn the lens of the handpiece back to the spot it had")                                  \
    X(PANEL_EDIT, "change the pulse energy at the laser's own panel, by a little")                           \
    X(SENSE_OFF,  "take away the 'shut' sense of shutter A for a third of a second")                         \
    X(POWER_OFF,  "switch the laser off")                                                                    \
    X(POWER_ON,   "switch the laser on")                                                                     \
    X(POWER_CUT,  "cut the power between keeping the counter and the trigger of the next pulse")
// clang-format on

typedef enum fl_conform_event {
#define X(name, text) FL_CONFORM_##name,
    FL_CONFORM_EVENT_LIST(X)
#undef X
        FL_CONFORM_EVENTS
} fl_conform_event;

const char *fl_conform_event_text(fl_conform_event event);

/* What the room needs to know to do it: where things stand. */
typedef struct fl_conform_wish {
    uint64_t spot_um, energy_uJ; /* sensed and set now; SPOT_BACK: the one to go back to */
} fl_conform_wish;

/* A person, or a program that moves a virtual machine. */
typedef struct fl_conform_room {
    void *self;
    bool (*can)(void *self, fl_conform_event event);
    /* Begins it. Anything but FL_OK skips the check. */
    fl_status (*ask)(void *self, fl_conform_event event, const fl_conform_wish *wish);
    bool (*gives_up)(void *self);                     /* looked at while waiting: true skips the check */
    void (*seen)(void *self, fl_conform_event event); /* it has happened; may be NULL */
    int64_t patience_ms;                              /* how long to wait for it */
    bool sure; /* what it does has certainly happened: not seen is the device's fault, not a skip */
} fl_conform_room;

#define FL_CONFORM_ROOM_LINES 100
/* How a virtual room is told: one or more lines of the script of fadeline-twin, each ended. */
void fl_conform_room_lines(fl_conform_event event, const fl_conform_wish *wish,
                           char lines[FL_CONFORM_ROOM_LINES]);

/* Bytes and time. Every function returns at once, except wait. */
typedef struct fl_conform_line {
    void *self;
    fl_status (*write)(void *self, const void *bytes, size_t size); /* all of it, or FL_E_GONE */
    fl_status (*read)(void *self, void *bytes, size_t room, size_t *got);
    void (*wait)(void *self, fl_instant until); /* earlier when bytes are there */
    fl_instant (*now)(void *self);
    fl_status (*again)(void *self); /* the line may have gone with the power: open it again; may be NULL */
} fl_conform_line;

struct fl_conform; /* the running script: conform_private.h */

typedef struct fl_conform_check {
    const char *name; /* "grant.old-number" */
    const char *rule; /* "6.5": section and rule of the page */
    const char *what; /* what a good device does */
    fl_conform_class class;
    uint32_t events; /* bits 1 << fl_conform_event: what the room must be able to do */
    uint32_t cap;    /* bits of cap without which the rule does not apply */
    bool spoils;     /* sends bad frames: never within a second of the check before */
    void (*run)(struct fl_conform *c);
} fl_conform_check;

const fl_conform_check *fl_conform_at(size_t index); /* in the order in which they run; NULL past the last */
const fl_conform_check *fl_conform_find(const char *name);

typedef enum fl_conform_result { FL_CONFORM_OK, FL_CONFORM_FAILED, FL_CONFORM_SKIPPED } fl_conform_result;
const char *fl_conform_result_name(fl_conform_result result); /* "ok" */

#define FL_CONFORM_LOG 64

typedef struct fl_conform_said { /* one line on the wire */
    fl_instant at;
    char from;       /* '>' host, '<' device, '!' room */
    uint16_t size;   /* without LF */
    char bytes[300]; /* cut when longer */
} fl_conform_said;

typedef struct fl_conform_outcome {
    const fl_conform_check *check;
    fl_conform_result result;
    char expected[160], got[200]; /* FAILED: what a good device would have done, and what came */
    char why[160];                /* SKIPPED */
    unsigned tries;
    fl_instant began;
    fl_duration took;
    unsigned pulses;             /* made by this check */
    unsigned said_count;         /* of the last try: the newest FL_CONFORM_LOG lines */
    unsigned said_before;        /* lines that were pushed out */
    const fl_conform_said *said; /* oldest first */
} fl_conform_outcome;

typedef struct fl_conform_options {
    const char *identity; /* the laser to expect, NULL: whoever answers */
    fl_conform_class up_to;
    const fl_conform_room *room; /* NULL: nobody is there */
    bool may_begin_anchor;       /* a device without an anchor may be given one: for virtual devices only */
    void *self;
    bool (*wanted)(void *self, const fl_conform_check *check);   /* NULL: all */
    void (*begins)(void *self, const fl_conform_check *check);   /* may be NULL */
    void (*told)(void *self, const fl_conform_outcome *outcome); /* once a check */
    bool (*stopped)(void *self);                                 /* true ends the run; may be NULL */
} fl_conform_options;

typedef struct fl_conform_report {
    char maker[49], model[49], identity[49], version[49];
    bool simulated;
    unsigned ok, failed, skipped;
    bool counted;               /* the device told its counter at least once */
    uint64_t k_first, k_last;   /* pulses in the life of the device, before and after */
    uint64_t granted;           /* GRANTs it accepted */
    fl_duration slowest_answer; /* of all that were answered */
} fl_conform_report;

/* FL_OK when the script came to its end, whatever it found; else the device or the line failed so that
 * nothing can be said (FL_E_TIMEOUT, FL_E_GONE, FL_E_DEVICE), or the caller stopped it (FL_E_INTERRUPTED).
 * The report is filled as far as it goes in either case. At the end the device is told to be SAFE. */
FL_MUST_USE fl_status fl_conform_run(const fl_conform_options *options, const fl_conform_line *line,
                                     fl_conform_report *report, fl_error *error);

/* The line of a carrier. `port` is opened again after a power cycle when it went away. */
typedef struct fl_conform_port {
    fl_carrier carrier;
    const char *path;
    fl_carrier_options options;
} fl_conform_port;
FL_MUST_USE fl_status fl_conform_port_open(fl_conform_port *port, const char *path,
                                           const fl_carrier_options *options, fl_error *error);
void fl_conform_port_close(fl_conform_port *port);
fl_conform_line fl_conform_over(fl_conform_port *port);

#endif
