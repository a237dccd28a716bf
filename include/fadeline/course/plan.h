/* Plan: what may be done to one client on one day with one laser, and why not more.
 *
 * A plan is an answer, and "no" is one of its values. It carries everything a session needs, so that the
 * session opens no case, rule or device file: zones with their pulse budgets, settings with wavelength, spot,
 * energy and rate, the test spots, and the reasons in sentences for people.
 *
 * The trap: a plan that says test-first allows the pulses of test_spots.grid and nothing else. Ask
 * fl_plan_treats_zones() before any zone is opened, never only `chosen`.
 *
 *     fl_plan *plan = fl_plan_new();                               // large: on the heap
 *     status = fl_plan_read_json("plan.json", plan, &error);       // FL_E_FILE for an edited plan
 *     if (fl_plan_treats_zones(plan)) use(&plan->settings[plan->chosen], plan->hash);
 *     fl_plan_free(plan);
 *
 * plan_id is made of the inputs alone: same case, device, rules, date and seed, same id. plan_sha256 is made
 * of the content: the SHA-256 of the canonical JSON (sorted keys, no spaces, reals with 12 digits) without
 * the keys plan_sha256 itself and plan_seal (seal.h). `hash` is its first 16 bytes, the plan hash that grants
 * and the device carry.
 */
#ifndef FL_COURSE_PLAN_H
#define FL_COURSE_PLAN_H

#include "fadeline/base/date.h"
#include "fadeline/base/digest.h"
#include "fadeline/base/error.h"
#include "fadeline/units/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FL_PLAN_NAME = 48,     /* codes, ids, versions, with their end */
    FL_PLAN_LINE = 360,    /* one sentence */
    FL_PLAN_REASONS = 128, /* of the plan */
    FL_PLAN_WHY = 8,       /* reasons of one setting */
    FL_PLAN_ZONES = 32,
    FL_PLAN_SETTINGS = 32, /* wavelength and spot pairs looked at */
    FL_PLAN_GRID = 16,     /* test spots */
    FL_PLAN_EYEWEAR = 8,   /* wavelengths of the device */
    FL_PLAN_FORECAST = 12, /* reasons of the session range */
    FL_PLAN_LEFT = 9,      /* sessions ahead whose ink left is told, with today */
    FL_PLAN_INPUTS = 3,    /* unknowns that matter most, for the ink and for the skin */
    FL_PLAN_HASH = 16,     /* bytes of plan_sha256 that go on the wire */
};

/*              name                   word in JSON   first line for people */
#define FL_PLAN_VERDICTS(X)                                                                                  \
    X(FL_VERDICT_PLAN, "plan", "PLAN")                                                                       \
    X(FL_VERDICT_TEST_FIRST, "test-first", "TEST FIRST")                                                     \
    X(FL_VERDICT_DEFER, "defer", "DEFER")                                                                    \
    X(FL_VERDICT_CLEARANCE, "clearance", "CLEARANCE NEEDED")                                                 \
    X(FL_VERDICT_REFUSE, "refuse", "REFUSE")

typedef enum fl_plan_verdict {
    FL_VERDICT_NONE, /* not decided: never in a sealed plan */
#define X(name, word, line) name,
    FL_PLAN_VERDICTS(X)
#undef X
} fl_plan_verdict;

/* How much a reason weighs; the heaviest one decides. */
#define FL_PLAN_RANKS(X)                                                                                     \
    X(FL_RANK_INFO, "info")                                                                                  \
    X(FL_RANK_CAUTION, "caution")                                                                            \
    X(FL_RANK_DEFER, "defer")                                                                                \
    X(FL_RANK_CLEARANCE, "clearance")                                                                        \
    X(FL_RANK_REFUSE, "refuse")

typedef enum fl_plan_rank {
    FL_RANK_NONE,
#define X(name, word) name,
    FL_PLAN_RANKS(X)
#undef X
} fl_plan_rank;

typedef struct fl_plan_reason {
    char code[FL_PLAN_NAME];   /* "isotretinoin-recent"; `fadeline explain` knows it */
    fl_plan_rank rank;         /* key "class" */
    char text[FL_PLAN_LINE];   /* what and why, one sentence */
    fl_date until;             /* when it ends by itself; may be unset */
    char change[FL_PLAN_LINE]; /* what would change it; may be empty */
} fl_plan_reason;

typedef struct fl_plan_band {
    double median, p05, p95;
} fl_plan_band;

typedef struct fl_plan_skin {
    int type;          /* 1..6, from the form or the practitioner; 0: no type, so no plan */
    int form_total;    /* 0..40; -1: no form */
    int form_subtotal; /* eight items without the sun; -1: no form */
    bool ita_known;
    double ita_deg; /* at the site */
    int planned_as; /* 1..6: the darkest of form, measured colour and practitioner; 0: no type */
} fl_plan_skin;

typedef struct fl_plan_budget { /* pulse counts at which the session acts; 0 for a locked zone */
    int notice;                 /* tone */
    int planned;                /* tone */
    int soft_stop;              /* stop with a reason to go on */
    int hard_stop;              /* no pulse until planned again */
} fl_plan_budget;

typedef struct fl_plan_zone {
    char id[FL_PLAN_NAME]; /* "F-L" */
    fl_area area;
    fl_length spot;
    double overlap; /* 0.10: centres stand at 0.9 diameters */
    int pulses;     /* of one pass */
    fl_plan_budget budget;
    bool locked;               /* no pulse here, whatever else the plan says */
    char reason[FL_PLAN_LINE]; /* why it is locked, or a remark; may be empty */

    bool drawn; /* its area and pulses come from a drawing; false: the next two are not known */
    int rows;
    double covered_once, covered_twice, covered_thrice; /* fractions of the area; thrice: or more */
    bool timed;                                         /* there is a setting whose rate is known */
    double minutes;                                     /* of one pass, without a pause */
    bool creamed;
    fl_area anaesthetic; /* the zone and the margin its case asks for */
} fl_plan_zone;

typedef struct fl_plan_input { /* one thing nobody knows exactly */
    char input[FL_PLAN_NAME];  /* "amount of ink" */
    double share;              /* of the variance of ln(fluence) that would go if it were known; 0-1 */
} fl_plan_input;

typedef struct fl_plan_setting {
    fl_wavelength wavelength;
    fl_pulse_length pulse;
    fl_length spot;
    char head[FL_PLAN_NAME]; /* id of the head in the device file */
    bool allowed;
    fl_plan_reason reasons[FL_PLAN_WHY]; /* why not, or with what care */
    size_t reason_count;
    bool has_fluence; /* false: no window exists or none was looked for; the numbers below are then null */
    fl_fluence start, low, high; /* high: the lowest of device, rules and physics */
    char limited_by[16];         /* "device", "rules" or "physics": who set `high` */
    fl_energy energy;            /* of one pulse at `start`, a whole number of microjoules */
    fl_rate rate;
    int passes;
    bool has_physics; /* false: the bands and probabilities below are null */
    fl_plan_band fluence_at_ink_ratio, fluence_at_basal_ratio; /* local over incident */
    fl_plan_band ink_margin, epidermis_margin;                 /* at `start`; above 1 is good */
    double injury_probability, effect_probability;             /* at `start` */
    fl_plan_input ink_inputs[FL_PLAN_INPUTS],
        skin_inputs[FL_PLAN_INPUTS]; /* key what_matters_most; most first */
    size_t ink_input_count, skin_input_count;
} fl_plan_setting;

typedef struct fl_plan_left { /* what the fade model (fade.h) expects */
    int after;                /* sessions from now; 0: today, when reads say */
    fl_plan_band left;        /* share of the whole ink */
    double goal_probability;  /* that the goal is reached by then */
} fl_plan_left;

typedef struct fl_plan_sessions {
    bool known;               /* false: no honest range; low, likely, high are then null */
    int low, likely, high;    /* still to come; low may be 0 after reads */
    bool modelled;            /* false: the four below are not known */
    double goal_share;        /* of the ink to go */
    int reads;                /* that the range and the numbers below lean on */
    fl_plan_band per_session; /* share of the ink there is that one session takes */
    fl_plan_left left[FL_PLAN_LEFT];
    size_t left_count;
    char reasons[FL_PLAN_FORECAST][FL_PLAN_LINE];
    size_t reason_count;
    bool scored; /* false: the Kirby-Desai items are not known; the three below are then null */
    int kirby_desai_score, kirby_desai_low, kirby_desai_high;
} fl_plan_sessions;

typedef struct fl_plan_spot { /* one test spot */
    char id[FL_PLAN_NAME];    /* "T1" */
    char zone[FL_PLAN_NAME];
    int setting; /* index into settings: head, rate and pulse length are that one's */
    fl_wavelength wavelength;
    fl_length spot;
    fl_fluence fluence;
    fl_energy energy; /* a whole number of microjoules */
    int pulses;       /* side by side, never stacked */
} fl_plan_spot;

typedef struct fl_plan_test_spots {
    bool required; /* pulses of the grid come before any zone */
    bool same_day; /* true: looked at after look_minutes, and the zones may follow. false: no zone before the
                      read */
    int look_minutes; /* response is noted at 0 and at this many minutes */
    fl_plan_spot grid[FL_PLAN_GRID];
    size_t grid_count;
    fl_date place_not_before;         /* unset: today; a zone treated before has to rest first */
    fl_date read_not_before, read_by; /* of the later read; unset when nothing is required */
} fl_plan_test_spots;

typedef struct fl_plan_eyewear {
    fl_wavelength wavelength;
    double od;
    char en207[FL_PLAN_NAME]; /* "M LB6" style marking asked for */
    bool nohd_known;          /* false: no device file states a divergence; nohd_m is then null */
    fl_length nohd;
} fl_plan_eyewear;

typedef struct fl_plan {
    fl_plan_verdict verdict;
    fl_plan_reason reasons[FL_PLAN_REASONS]; /* heaviest first */
    size_t reason_count;
    fl_plan_skin skin;
    fl_plan_zone zones[FL_PLAN_ZONES];
    size_t zone_count;
    fl_plan_setting settings[FL_PLAN_SETTINGS];
    size_t setting_count;
    int chosen; /* index into settings; -1: none */
    fl_plan_sessions sessions;
    fl_plan_test_spots test_spots;
    fl_date next_not_before; /* of the session after this one; of this one when the verdict is defer */
    fl_plan_eyewear eyewear[FL_PLAN_EYEWEAR];
    size_t eyewear_count;

    char client[FL_PLAN_NAME];    /* key case.client; code, never a name */
    char procedure[FL_PLAN_NAME]; /* id in profiles/procedures.yaml */
    char variant[FL_PLAN_NAME];   /* of the case; empty: as written */
    char goal[FL_PLAN_LINE];
    char device[FL_PLAN_NAME]; /* id of the device file */
    char device_sha256[2 * FL_SHA256_SIZE + 1];
    fl_date date; /* the day it was planned for */
    uint64_t seed;
    struct {
        char file[FL_PLAN_LINE], version[FL_PLAN_NAME], sha256[2 * FL_SHA256_SIZE + 1];
    } rules;
    char inputs_sha256[2 * FL_SHA256_SIZE + 1];
    char plan_id[FL_PLAN_NAME]; /* "P-" and 16 hexadecimal digits */

    uint8_t sha256[FL_SHA256_SIZE]; /* key plan_sha256; set by fl_plan_seal */
    uint8_t hash[FL_PLAN_HASH];     /* its first bytes */
    bool has_seal; /* key plan_seal, not part of what is hashed; see fadeline/course/seal.h */
    uint8_t seal[FL_SHA256_SIZE];
} fl_plan;

fl_plan *fl_plan_new(void); /* all unset, chosen -1; NULL without memory */
void fl_plan_free(fl_plan *plan);

const char *fl_plan_verdict_word(fl_plan_verdict verdict); /* "test-first" */
const char *fl_plan_verdict_line(fl_plan_verdict verdict); /* "TEST FIRST" */
const char *fl_plan_rank_word(fl_plan_rank rank);
const char *fl_skin_type_roman(int type); /* 1..6, else "-" */

/* May a zone that is not locked be treated under this plan? Only verdict plan with a chosen, allowed setting.
 */
bool fl_plan_treats_zones(const fl_plan *plan);
/* May the spots of the grid be placed? Verdicts plan and test-first. */
bool fl_plan_tests(const fl_plan *plan);
const fl_plan_zone *fl_plan_zone_of(const fl_plan *plan, const char *id); /* NULL: no such zone */

/* Adds a reason; heavier ones stand before lighter ones, in the order they came. A plan that cannot hold all
 * its reasons is our bug and stops the process: no refusal is ever lost. Returns the reason. */
fl_plan_reason *fl_plan_say(fl_plan *plan, fl_plan_rank rank, const char *code, const char *format, ...)
    FL_PRINTF(4, 5);
/* The first reason with this code, NULL when there is none. */
const fl_plan_reason *fl_plan_reason_of(const fl_plan *plan, const char *code);

/* Computes sha256 and hash from the content, and drops a seal that was for other content. Call last. */
void fl_plan_seal(fl_plan *plan);

/* The plan as JSON text, one object, for people (indented) or canonical without plan_sha256 (what is hashed).
 * malloc'ed; NULL only without memory. */
char *fl_plan_json(const fl_plan *plan);
char *fl_plan_canonical(const fl_plan *plan);

/* Writes a sealed plan, whole or not at all. */
FL_MUST_USE fl_status fl_plan_write_json(const fl_plan *plan, const char *path, fl_error *error);
/* Strict: every key known, none missing, none twice, every number in range, energy = fluence x area, and the
 * content must give plan_sha256. FL_E_FILE with what is wrong, *plan then untouched. */
FL_MUST_USE fl_status fl_plan_read_json(const char *path, fl_plan *plan, fl_error *error);
FL_MUST_USE fl_status fl_plan_read_text(const char *text, size_t size, fl_plan *plan, fl_error *error);

#endif
