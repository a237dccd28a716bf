/* Case: what is known of one client on one day, as answers and measurements, never as conclusions.
 *
 * One YAML file (case/1), with variants: named sets of changes to the same case ("v1": isotretinoin ended in
 * February). A change replaces single values, answers and lists; zones, answers of the screening, earlier
 * sessions and test spots are matched by id, and new ones are added.
 *
 *     fl_case *c;
 *     status = fl_case_load("profiles/cases/case-1.yaml", "v1", &c, &error);
 *     fl_course_plan(..., c->body ...);
 *     fl_case_free(c);
 *
 * A zone may be drawn (shape.h). Then its area and pulses come from the drawing; an area given as well has to
 * agree within 5 %. A variant's shape replaces the whole shape of the case.
 *
 * Unknown reads as bad: an answer that is not there stops a plan, it does not pass for "no".
 */
#ifndef FL_COURSE_CASE_H
#define FL_COURSE_CASE_H

#include "fadeline/course/rules.h"
#include "fadeline/course/shape.h"
#include "fadeline/planner/ink_guess.h"

typedef enum fl_goal_kind {
    FL_GOAL_REMOVE = 1,
    FL_GOAL_FADE,
    FL_GOAL_LIGHTEN_FOR_REDO,
    FL_GOAL_RESHAPE
} fl_goal_kind;

typedef struct fl_case_goal {
    fl_goal_kind kind;
    double fade_percent; /* of the ink; removal: what counts as cleared */
    const char *text;
    fl_date deadline;
    const char *deadline_for;
    fl_answer deadline_stands; /* no: the client gave the date up */
} fl_case_goal;

typedef struct fl_case_form {
    int G1, G2, G3, G4, R1, R2, R3, R4, T1, T2; /* -1: blank */
} fl_case_form;

typedef struct fl_case_skin {
    fl_case_form form;
    double site_ita_deg, unexposed_ita_deg; /* NaN: not measured, or measured as L* and b* */
    double site_lightness, site_b, unexposed_lightness, unexposed_b;
    int practitioner; /* 0: has not said */
    fl_date last_sun; /* last day of sun on the site */
} fl_case_skin;

typedef struct fl_case_lab { /* CIELAB, D65, 2 degrees; NaN: not measured */
    double L, a, b;
} fl_case_lab;

typedef struct fl_case_ink {   /* named once: id, family, seen or lab */
    const char *id;            /* row of profiles/inks.yaml */
    fl_ink_family family;      /* 0: not given */
    fl_colour seen;            /* a person's word; 0: not given */
    fl_case_lab lab, skin_lab; /* of the ink, and of bare skin beside it */
    const char *cover;         /* row of the ink that was laid over it; NULL: none */
    const char *geometry;      /* NULL: the procedure's */
    fl_answer identified;      /* brand or maker known */
    unsigned colours;          /* bits 1 << fl_colour, as seen today */
    fl_answer white_inside;    /* corrector or white was mixed in */
    int age_months, layers;
    const char *text;
} fl_case_ink;

typedef struct fl_case_score { /* Kirby-Desai levels a person picked */
    const char *colour, *ink, *scarring, *layering;
} fl_case_score;

/* A zone's drawing: one of circle, polygon, strip and band. Lists of places are x, y, x, y ... in one drawing
 * for all zones of the case. */
typedef struct fl_case_shape {
    struct fl_case_circle {
        fl_length diameter; /* NaN: no circle */
        fl_length *centre;  /* absent: the origin */
        size_t centre_count;
    } circle;
    struct fl_case_polygon {
        fl_length *points;
        size_t points_count; /* 0: no polygon */
    } polygon;
    struct fl_case_strip { /* a scar: a line and how wide it is */
        fl_length *line;
        size_t line_count; /* 0: no strip */
        fl_length width;
    } strip;
    struct fl_case_band {
        fl_length *line;   /* what lies on the `keep` side of it stays */
        size_t line_count; /* 0: no band */
        fl_length width;
        fl_side keep;
        double *feather; /* shares of the last rows, the last at the line */
        size_t feather_count;
    } band;
    fl_length spill;              /* NaN: half a spot */
    fl_length anaesthetic_margin; /* NaN: cream is not counted */
    fl_rate hand_rate;            /* pulses a second that hands reach; NaN: the laser's */
} fl_case_shape;

int fl_case_ink_names(const fl_case_ink *ink); /* how many of id, family, seen and lab are given */

bool fl_case_shape_is_drawn(const fl_case_shape *shape);
/* FL_E_RANGE with the reason: see shape.h. */
FL_MUST_USE fl_status fl_case_shape_new(const fl_case_shape *drawing, fl_shape **shape,
                                        fl_shape_fault *fault);

typedef struct fl_case_zone {
    const char *id;
    fl_area area; /* of the shape, when there is one */
    fl_case_shape shape;
    fl_answer locked; /* a person locked it: the keep side of a line */
    const char *why;
    const char **features; /* ids of the rules: grafts, pale-spots, bumps */
    size_t features_count;
    const char *test_site; /* two landmarks, where a test spot may go */
} fl_case_zone;

typedef struct fl_case_answer { /* a screening question answered yes */
    const char *id;
    fl_date on; /* ended on, or will end on, or happened on */
    const char *text;
    const char *cleared_by; /* the physician whose written word is on file */
    fl_date cleared_on;
} fl_case_answer;

typedef struct fl_case_earlier {
    const char *id;
    fl_date on;
    fl_answer elsewhere;
    const char **zones; /* empty: all */
    size_t zones_count;
    const char *device; /* id or path of a device file; NULL: unknown */
    fl_wavelength wavelength;
    fl_length spot;
    fl_fluence fluence;     /* NaN: not recorded */
    fl_date read_on;        /* unset: nobody read it */
    double cleared_percent; /* of the ink that was there before this session; NaN with read_on unset */
    const char *text;
} fl_case_earlier;

typedef enum fl_read_result {
    FL_READ_OPEN = 1,
    FL_READ_LIGHTER,
    FL_READ_SAME,
    FL_READ_DARKER
} fl_read_result;

typedef struct fl_case_test {
    const char *id, *zone;
    fl_date placed_on, read_on; /* read_on unset: not read */
    const char *device;
    fl_wavelength wavelength;
    fl_length spot;
    fl_fluence fluence;
    int pulses;
    fl_read_result result;
    double cleared_percent;
    fl_answer skin_change; /* pigment or texture of the skin itself changed */
    fl_answer hair_white;
} fl_case_test;

typedef struct fl_case_wish { /* a setting the client or technician insists on */
    fl_wavelength wavelength;
    const char *text;
} fl_case_wish;

typedef struct fl_case_room {
    fl_answer physician; /* an authorised physician has signed in */
    fl_shields shields;  /* recorded as worn; 0: not recorded */
} fl_case_room;

typedef struct fl_case_body {
    const char *client, *procedure, *site;
    int age_years;
    fl_date date;
    const char *text;
    fl_case_goal goal;
    fl_case_skin skin;
    fl_case_ink ink;
    fl_case_score score;
    double overlap; /* NaN: the procedure's */
    fl_case_zone *zones;
    size_t zones_count;
    const char **denied; /* screening ids answered no */
    size_t denied_count;
    fl_case_answer *reported;
    size_t reported_count;
    fl_case_earlier *earlier;
    size_t earlier_count;
    fl_case_test *tests;
    size_t tests_count;
    fl_case_wish *wishes;
    size_t wishes_count;
    fl_case_room room;
    fl_answer smoker;
    double picture_scale; /* of the pictures behind drawings; NaN: 1. Plans do not see it */
} fl_case_body;

typedef struct fl_case_variant {
    const char *id, *text;
    fl_case_body changes;
} fl_case_variant;

typedef struct fl_case {
    const char *id, *title;
    const char *variant; /* id, or "" */
    fl_case_body body;   /* with the variant's changes */
    const fl_case_variant *variants;
    size_t variants_count;
    uint8_t sha256[FL_SHA256_SIZE]; /* of the file */
    fl_yaml *file;                  /* owns all text */
    void *merged[8];                /* lists made by a variant */
    size_t merged_count;
} fl_case;

extern const fl_yaml_schema fl_case_schema;

/* variant NULL or "": as written. FL_E_USAGE, naming the variants there are, for one that is not. */
FL_MUST_USE fl_status fl_case_load(const char *path, const char *variant, fl_case **c, fl_error *error);
void fl_case_free(fl_case *c); /* NULL is fine */

#endif
