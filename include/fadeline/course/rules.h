/* Rules: what a clinic's medical director signed, as data.
 *
 * profiles/clinic.yaml (rules/1) holds screening classes, intervals, test-spot windows, budgets, wavelength
 * and fluence limits by skin type, and the session series; profiles/procedures.yaml (procedures/1) holds one
 * row per kind of work. The code knows mechanisms only: a date gate, a flag, a lock of a zone. Nothing here
 * can raise a limit of the device file.
 *
 * Both files carry who signed them, when, and until when they hold. Outside that time they are not used.
 *
 *     fl_rulebook *book;
 *     status = fl_rulebook_load(NULL, NULL, &book, &error);      // the clinic's own, else the shipped ones
 *     status = fl_rulebook_check_date(book, today, &error);      // FL_E_FILE past review_by
 *     fl_rulebook_free(book);
 *
 * Constant once loaded.
 */
#ifndef FL_COURSE_RULES_H
#define FL_COURSE_RULES_H

#include "fadeline/config/device.h"
#include "fadeline/config/yaml.h"
#include "fadeline/course/coverage.h"
#include "fadeline/course/plan.h"
#include "fadeline/course/skin_form.h"

typedef enum fl_region {
    FL_REGION_SCALP = 1,
    FL_REGION_BROW,
    FL_REGION_LID,
    FL_REGION_LIP,
    FL_REGION_BEARD,
    FL_REGION_AREOLA,
    FL_REGION_SCAR,
    FL_REGION_BODY,
} fl_region;
extern const fl_yaml_choice fl_region_choices[];

typedef enum fl_shields { /* rising */
                          FL_SHIELDS_GOGGLES = 1,
                          FL_SHIELDS_OPAQUE,
                          FL_SHIELDS_METAL_EXTERNAL,
                          FL_SHIELDS_METAL_INTERNAL,
} fl_shields;
extern const fl_yaml_choice fl_shields_choices[];
extern const fl_yaml_choice fl_rank_choices[]; /* caution, defer, clearance, refuse, info */

typedef enum fl_level {
    FL_LEVEL_NONE = 1,
    FL_LEVEL_LOW,
    FL_LEVEL_MEDIUM,
    FL_LEVEL_HIGH,
    FL_LEVEL_VERY_HIGH
} fl_level;
extern const fl_yaml_choice fl_level_choices[];
const char *fl_level_word(fl_level level);

/* One screening question. With months, weeks or days it is a date gate: a "yes" defers until that long after
 * the date in the answer, and is over after it. Without, a "yes" stands until a person changes it. */
typedef struct fl_screening_rule {
    const char *id, *ask;
    fl_plan_rank rank;
    int months, days;    /* -1: no gate */
    fl_answer clearable; /* a physician's written word, recorded in the case, lifts it */
    fl_answer must;      /* an unanswered question stops the plan */
    unsigned regions;    /* bits 1 << fl_region; 0: everywhere */
    const char *text, *change, *source;
} fl_screening_rule;

/* What is seen on a zone. */
typedef struct fl_feature_rule {
    const char *id;
    fl_answer locks;
    fl_plan_rank rank; /* of the reason said for the plan */
    const char *text, *change, *source;
} fl_feature_rule;

typedef struct fl_zone_prefix {
    const char *prefix; /* "LID-" */
    fl_region region;
} fl_zone_prefix;

/* Who must be there and what must be worn before any pulse in a region. */
typedef struct fl_region_rule {
    fl_region region;
    fl_answer physician; /* an authorised physician has signed in */
    fl_shields shields;
    fl_plan_rank rank; /* when either is missing */
    const char *code, *text, *change, *source;
} fl_region_rule;

typedef struct fl_wavelength_rule {
    fl_wavelength wavelength;
    unsigned skin_types, colours; /* allowed for; colours 0: all */
    fl_answer untanned;           /* only while no tan is known or suspected */
    fl_answer test_only;          /* may be tested, never used on a zone before a read */
    const char *code, *why_not, *change, *source;
} fl_wavelength_rule;

typedef struct fl_fluence_rule {
    fl_wavelength wavelength;
    unsigned skin_types;
    fl_fluence start, max;
    const char *source;
} fl_fluence_rule;

typedef struct fl_interval_rule {
    unsigned skin_types;
    int min_days, max_days;
    const char *source;
} fl_interval_rule;

typedef enum fl_when { /* conditions of a case that rules name */
                       FL_WHEN_TYPE_IV_VI = 1,
                       FL_WHEN_INK_UNKNOWN,
                       FL_WHEN_INK_DARKENS,
                       FL_WHEN_TREATED_ELSEWHERE,
                       FL_WHEN_SCAR,
                       FL_WHEN_LAYERS,
                       FL_WHEN_SMOKER,
                       FL_WHEN_UNPUBLISHED, /* no published series for this procedure */
                       FL_WHEN_PROCEDURE,   /* the procedure's own row asks for it */
                       FL_WHEN_HAIR_HIGH,
} fl_when;
extern const fl_yaml_choice fl_when_choices[];

typedef struct fl_test_need {
    fl_when when;
    const char *text, *source;
} fl_test_need;

typedef struct fl_test_rules {
    fl_interval_rule *reads; /* read from min_days to max_days after placing */
    size_t reads_count;
    int expires_days, steps, pulses, look_minutes, zones_when_unknown;
    double step_percent;
    fl_test_need *needs;
    size_t needs_count;
} fl_test_rules;

typedef struct fl_series {
    const char **procedures;
    size_t procedures_count;
    int low, likely, high;
    fl_answer published;
    const char *text, *source;
} fl_series;

typedef struct fl_seen { /* settings that others published: plausibility only, never a limit */
    const char **procedures;
    size_t procedures_count;
    fl_wavelength wavelength;
    fl_fluence low, high;
    const char *text, *source;
} fl_seen;

typedef enum fl_reach {
    FL_REACH_NONE = 1,
    FL_REACH_PICOSECOND,
    FL_REACH_SCORE,
    FL_REACH_SCORE_HIGH
} fl_reach;
extern const fl_yaml_choice fl_reach_choices[];

typedef struct fl_series_change { /* of the range, when a condition holds */
    fl_when when;
    int likely_add, high_add;
    fl_reach high_at_least; /* the Kirby-Desai number the upper end reaches at least */
    const char *text, *source;
} fl_series_change;

/* Of the fade model (fade.h) and what a poor read means. */
typedef struct fl_fade_rules {
    double read_low_percent;                       /* a read at or below it asks for causes */
    double read_noise_percent, test_noise_percent; /* points, of a zone's read and a test spot's */
    double variation_percent;                      /* of one session about the client's own rate */
    double slow_percent;                           /* of clients: the ink hardly answers */
    double goal_percent;                           /* what counts as cleared when the goal does not say */
} fl_fade_rules;

typedef struct fl_risk_rules {
    double injury_accepted, test_injury_accepted, effect_least, test_effect_least;
    fl_warming warming_max;
    double cooling_film; /* of the skin's surface by air or gel, W/m2/K; 0: none is counted on */
    int passes_max;
} fl_risk_rules;

/* How much chance is averaged over: speed against error, the same code path. */
typedef struct fl_sampling_rules {
    int draws, variants, photons;
} fl_sampling_rules;

typedef struct fl_rules {
    const char *version, *title, *signed_by, *source;
    fl_date signed_on, review_by;
    fl_skin_rules skin;
    int age_least_years;
    fl_screening_rule *screening;
    size_t screening_count;
    fl_zone_prefix *zones;
    size_t zones_count;
    fl_feature_rule *features;
    size_t features_count;
    fl_region_rule *regions;
    size_t regions_count;
    fl_wavelength_rule *wavelengths; /* by skin, whatever the procedure */
    size_t wavelengths_count;
    fl_fluence_rule *fluences; /* where the procedure has none of its own */
    size_t fluences_count;
    fl_test_rules test;
    int earlier_session_days; /* of a zone that was treated before, by anybody */
    fl_budget_shares budget;
    fl_series *series;
    size_t series_count;
    fl_seen *settings_seen;
    size_t settings_seen_count;
    fl_series_change *series_changes;
    size_t series_changes_count;
    double fade_per_session;
    fl_fade_rules fade;
    fl_risk_rules risk;
    fl_sampling_rules sampling;
    double ink_known_from; /* chance from which a brand family names the ink */
} fl_rules;

typedef struct fl_procedure_note {
    const char *code;
    fl_plan_rank rank;
    unsigned skin_types; /* said only for these; 0: all */
    const char *text, *change;
} fl_procedure_note;

typedef struct fl_procedure_grid {
    fl_wavelength wavelength;
    int steps;
} fl_procedure_grid;

typedef struct fl_procedure {
    const char *id, *title, *area, *usual_ink, *eye_protection, *differs, *source;
    unsigned regions;
    const char *geometry; /* how the ink lies: row of profiles/inks.yaml */
    const char *location; /* of the Kirby-Desai score */
    fl_level hair_risk, darkening;
    fl_answer in_scar;               /* the ink lies in a scar */
    fl_answer read_first;            /* the row's "T": no zone before a read */
    fl_answer deadlines;             /* FL_NO: none is ever accepted */
    fl_wavelength_rule *wavelengths; /* in the order of choice */
    size_t wavelengths_count;
    fl_length *spots;
    size_t spots_count;
    fl_length spot; /* first choice */
    double overlap, overlap_most;
    fl_interval_rule *intervals;
    size_t intervals_count;
    fl_fluence_rule *fluences;
    size_t fluences_count;
    fl_procedure_grid *grid;
    size_t grid_count;
    fl_procedure_note *notes;
    size_t notes_count;
} fl_procedure;

typedef struct fl_procedures {
    const char *version, *title, *signed_by, *source;
    fl_date signed_on, review_by;
    fl_procedure *list;
    size_t list_count;
} fl_procedures;

extern const fl_yaml_schema fl_rules_schema, fl_procedures_schema;

typedef struct fl_rulebook {
    const fl_rules *rules;
    const fl_procedures *procedures;
    fl_yaml *rules_file, *procedures_file; /* own the two above */
} fl_rulebook;

/* NULL for a path: profiles/clinic.yaml and profiles/procedures.yaml, the clinic's own before the shipped. */
FL_MUST_USE fl_status fl_rulebook_load(const char *rules_path, const char *procedures_path,
                                       fl_rulebook **book, fl_error *error);
void fl_rulebook_free(fl_rulebook *book); /* NULL is fine */
/* FL_E_FILE with code "rules-expired" past the review date of either file, or before it was signed. */
FL_MUST_USE fl_status fl_rulebook_check_date(const fl_rulebook *book, fl_date today, fl_error *error);

const fl_procedure *fl_procedure_find(const fl_rulebook *book, const char *id); /* NULL: none */
const fl_screening_rule *fl_screening_find(const fl_rules *rules, const char *id);
const fl_feature_rule *fl_feature_find(const fl_rules *rules, const char *id);
/* By the longest prefix of the zone id that stands in the rules; 0: none does. */
fl_region fl_region_of_zone(const fl_rules *rules, const char *zone);
/* The row for a skin type; NULL: none, and that is a refusal. */
const fl_interval_rule *fl_interval_for(const fl_interval_rule *rows, size_t count, int skin_type);
const fl_fluence_rule *fl_fluence_for(const fl_rulebook *book, const fl_procedure *procedure,
                                      fl_wavelength wavelength, int skin_type);

#endif
