/* Device: what a laser's label says, number by number, and how sure we are of each.
 *
 * One YAML file per laser in devices/. A number "from memory" is not usable until a person has read it off
 * the label and confirmed it (`fadeline devices confirm`); an unknown one is not usable at all and has to be
 * entered from the label. A confirmation is kept apart, in $FADELINE_HOME/devices/confirmed/ID.yaml, and
 * counts only while the device file has not changed by a byte and the value is the confirmed one.
 *
 *     fl_device *device;
 *     fl_status status = fl_device_load("example-pico", &device, &error);      // an id, or a path
 *     const fl_device_head *head = fl_device_head_at(device, fl_nm(755));
 *     fl_head_limits limits;
 *     status = fl_device_head_limits(head, fl_mm(4), &limits, &error);         // 1.59 J/cm2, bound by energy
 *     if (limits.open_count) ...                                                // numbers nobody confirmed
 *     if (fl_device_is_cleared(head, FL_COLOUR_BLACK, 2) == FL_NO) ...          // clearances bind
 *     fl_device_free(device);
 *
 * Constant once loaded, safe to read from any thread.
 */
#ifndef FL_CONFIG_DEVICE_H
#define FL_CONFIG_DEVICE_H

#include "fadeline/config/usb.h"
#include "fadeline/config/yaml.h"

#include <stdint.h>

typedef enum fl_sureness {
    FL_SURE_UNSAID, /* never in a loaded file */
    FL_SURE_LABEL,
    FL_SURE_SOURCE_SEEN,
    FL_SURE_COMPUTED, /* from numbers that were seen */
    FL_SURE_MEMORY,
    FL_SURE_MEMORY_WEAK,
    FL_SURE_UNKNOWN,
} fl_sureness;
const char *fl_sureness_word(fl_sureness sureness); /* "label", "source-seen", ... as written in the file */

/* The facts of a head that carry a source and a sureness.   member / key in the file */
#define FL_HEAD_FACT_LIST(X)                                                                                 \
    X(WAVELENGTH, "wavelength_nm")                                                                           \
    X(PULSES, "pulse_widths_ps")                                                                             \
    X(SHAPE, "beam_shape")                                                                                   \
    X(ENERGY_MAX, "energy_max_mJ")                                                                           \
    X(FLUENCE_MAX, "fluence_max_J_cm2")                                                                      \
    X(SPOT_CAPS, "fluence_max_by_spot")                                                                      \
    X(RATE_MAX, "rate_max_Hz")                                                                               \
    X(SPOTS, "spots_mm")                                                                                     \
    X(SKIN_TYPES, "skin_types")                                                                              \
    X(COLOURS, "tattoo_colours")

typedef enum fl_head_fact {
#define X(name, key) FL_FACT_##name,
    FL_HEAD_FACT_LIST(X)
#undef X
        FL_HEAD_FACTS
} fl_head_fact;
const char *fl_head_fact_key(fl_head_fact fact);

typedef struct fl_provenance {
    fl_sureness sureness;
    const char *source;       /* where it was read; never NULL */
    bool stated;              /* the file gives a value */
    const char *confirmed_by; /* NULL: not confirmed */
    const char *confirmed_document;
    fl_date confirmed_on;
} fl_provenance;
/* Stated, and sure enough or confirmed. */
bool fl_provenance_is_usable(const fl_provenance *provenance);

typedef enum fl_device_shape {
    FL_DEVICE_SHAPE_UNSTATED,
    FL_DEVICE_TOP_HAT,
    FL_DEVICE_GAUSSIAN
} fl_device_shape;

typedef enum fl_colour { /* words of clearances and of ink */
                         FL_COLOUR_BLACK = 1,
                         FL_COLOUR_BROWN,
                         FL_COLOUR_BLUE,
                         FL_COLOUR_SKY_BLUE,
                         FL_COLOUR_GREEN,
                         FL_COLOUR_PURPLE,
                         FL_COLOUR_RED,
                         FL_COLOUR_ORANGE,
                         FL_COLOUR_YELLOW,
                         FL_COLOUR_TAN,
                         FL_COLOUR_GREY,
                         FL_COLOUR_PINK,
                         FL_COLOUR_WHITE,
} fl_colour;                                        /* below 32: they stand in bit sets */
extern const fl_yaml_choice fl_colour_choices[];    /* "black", ..., for other schemas too */
extern const fl_yaml_choice fl_skin_type_choices[]; /* "I" = 1 ... "VI" = 6 */
const char *fl_skin_type_text(int type);            /* "I".."VI", "-" otherwise */

typedef struct fl_spot_cap {
    fl_length spot;
    fl_fluence fluence_max;
} fl_spot_cap;

typedef struct fl_fact_source { /* rows of the file; read `facts` instead */
    const char **keys;
    size_t keys_count;
    fl_sureness sure;
    const char *source;
} fl_fact_source;

typedef struct fl_device_head {
    const char *id;
    const char *medium;
    fl_wavelength wavelength;
    fl_pulse_length *pulses; /* the lengths a person can choose, shortest first; may be empty (unknown) */
    size_t pulses_count;
    fl_device_shape shape;
    fl_energy energy_max;   /* of one pulse at the skin; NaN: unknown */
    fl_fluence fluence_max; /* label cap at any spot; NaN: the label names none */
    fl_spot_cap *spot_caps; /* label caps by spot; may be empty */
    size_t spot_caps_count;
    fl_rate rate_max; /* NaN: unknown */
    fl_length *spots; /* rising; may be empty (unknown) */
    size_t spots_count;
    fl_answer spot_sensed;      /* the laser reads its own spot ring */
    fl_answer tattoo_use;       /* FL_NO: cleared for other things only */
    unsigned skin_types;        /* bits 1 << type; 0: not stated */
    unsigned colours;           /* bits 1 << fl_colour; 0: not stated */
    fl_answer colours_complete; /* FL_NO: a colour not in the list is not stated rather than not cleared */
    const char *clearance;      /* its words; may be NULL */
    const char *clearance_id;
    const char *note;
    fl_fact_source *sources;
    size_t sources_count;
    fl_provenance facts[FL_HEAD_FACTS];
} fl_device_head;

typedef enum fl_link_kind {
    FL_LINK_KIND_UNSET,
    FL_LINK_KIND_SERIAL,
    FL_LINK_KIND_USB,
    FL_LINK_KIND_SIMULATED, /* speaks its dialect over any carrier and must call itself simulated */
    FL_LINK_KIND_NONE,      /* no protocol known: manual mode */
} fl_link_kind;

typedef struct fl_device_link {
    fl_link_kind kind;
    const char *dialect;  /* "gl1", or a file in devices/dialects; NULL with kind none */
    int baud;             /* -1: not stated */
    const char *identity; /* the device's own name for itself (uid); NULL: any */
    const char *firmware; /* the version we know; another is only watched */
    int capabilities;     /* GL1 cap byte; -1: not stated */
    const char *capabilities_text;
    int watchdog_ms, grant_age_ms, warn_ms; /* GL1 wd, ga, wa; -1: not stated */
    fl_device_usb usb;                      /* how it is told from other things that are plugged in */
} fl_device_link;

/* A grant gate in the trigger line of a laser that runs by itself: such a laser emits only through one. Two
 * links, one session. */
typedef struct fl_device_gate {
    const char *identity, *firmware; /* NULL identity: there is no gate */
    int capabilities, baud;          /* -1: not stated */
    const char *capabilities_text;
    int watchdog_ms, grant_age_ms, warn_ms;
} fl_device_gate;

typedef struct fl_device_calibration {
    double meter_tolerance_percent;                  /* error of the meter itself */
    double energy_warn_percent, energy_lock_percent; /* measured against set */
    int due_every_days;
} fl_device_calibration;

typedef struct fl_device {
    const char *id, *maker, *model, *source, *note;
    int year;
    fl_answer invented; /* a model nobody sells */
    fl_sureness sure;   /* of what no head's `sources` names */
    fl_device_link link;
    fl_device_gate gate;
    fl_device_calibration calibration;
    fl_device_head *heads;
    size_t heads_count;
    fl_yaml *file;          /* owns all of this */
    fl_yaml *confirmed;     /* owns the confirmations, or NULL */
    size_t confirmed_stale; /* confirmations of other bytes or values than this file has: not honoured */
    size_t confirmed_unproven; /* which fl_device_prove did not find in the journal: not honoured */
    uint8_t sha256[FL_SHA256_SIZE]; /* of the device file */
} fl_device;

extern const fl_yaml_schema fl_device_schema;
extern const fl_yaml_schema fl_confirmed_schema; /* confirmed/1 */

/* `name` is an id, found through fl_place_find("devices/<id>.yaml"), or a path with a '/' or ending in
 * ".yaml". */
FL_MUST_USE fl_status fl_device_load(const char *name, fl_device **device, fl_error *error);
void fl_device_free(fl_device *device);
bool fl_device_is_simulated(const fl_device *device);

const fl_device_head *fl_device_head_find(const fl_device *device, const char *id); /* NULL: none */
const fl_device_head *fl_device_head_at(const fl_device *device,
                                        fl_wavelength wavelength);        /* to the nanometre */
bool fl_device_head_has_spot(const fl_device_head *head, fl_length spot); /* to the micrometre */

typedef enum fl_limit_bound { FL_BOUND_ENERGY = 1, FL_BOUND_LABEL_CAP, FL_BOUND_SPOT_CAP } fl_limit_bound;

typedef struct fl_head_limits {
    fl_length spot;
    fl_energy energy_max;   /* lowest of the energy limit and every label cap times the area */
    fl_fluence fluence_max; /* energy_max over the area: the mean. The peak is crest times this */
    double crest;           /* 1 for a top hat, 2 for a Gaussian, and 2 when the shape is not stated */
    fl_rate rate_max;
    fl_limit_bound bound;
    fl_head_fact
        open[FL_HEAD_FACTS]; /* facts this answer rests on that nobody confirmed: not to be used yet */
    size_t open_count;
} fl_head_limits;

/* FL_E_NO, leaving *limits alone, when the spot is not one of the head's, or its energy, rate, spots, pulse
 * lengths or wavelength is unknown: the error says which to enter from the label. */
FL_MUST_USE fl_status fl_device_head_limits(const fl_device_head *head, fl_length spot,
                                            fl_head_limits *limits, fl_error *error);

/* By the clearance of this head: FL_YES, FL_NO, or FL_NOT_STATED. skin_type 1..6. */
fl_answer fl_device_is_cleared(const fl_device_head *head, fl_colour colour, int skin_type);

/* The value of a fact as a person would type it to confirm it: "200", "2, 2.5, 3", "I, II, III"; "unknown"
 * when the file does not state it. Returns room. */
char *fl_head_fact_value(const fl_device_head *head, fl_head_fact fact, char *room, size_t size);
FL_MUST_USE fl_status fl_head_fact_find(const char *key, fl_head_fact *fact, fl_error *error);

/* ---- confirmations: a person read a number off the label ---- */

typedef struct fl_confirmation {
    const char *device_sha256; /* 64 hexadecimal digits: the version of the device file it was read against */
    const char *head, *key, *value;
    const char *person, *document;
    fl_date on;
    int journal_entry; /* index of its config.change entry; -1: none */
} fl_confirmation;

/* Would this confirmation be honoured? FL_E_NO with the reason: no such head or key, already sure, unknown in
 * the file, or a value other than the file's. device_sha256 and journal_entry are not looked at. */
FL_MUST_USE fl_status fl_device_may_confirm(const fl_device *device, const fl_confirmation *confirmation,
                                            fl_error *error);
/* Adds it to $FADELINE_HOME/devices/confirmed/ID.yaml, written whole or not at all; the device file is never
 * touched. device_sha256 is taken from the device. Journal it first: a confirmation without an entry is
 * nobody's. */
FL_MUST_USE fl_status fl_device_keep_confirmation(const fl_device *device,
                                                  const fl_confirmation *confirmation, fl_error *error);
/* Loading honours every confirmation that fits the file, because this module knows no journal. Here each is
 * asked about again, and only what `proof` says yes to counts (session/proven.h asks the journal). */
typedef bool (*fl_confirmation_proof)(void *self, const fl_device *device, const fl_confirmation *it);
void fl_device_prove(fl_device *device, fl_confirmation_proof proof, void *self);

#endif
