/* Skin form: the typing form, the colour measured, what the practitioner sees, and the type we plan with.
 *
 * Ten answers of 0..4 give a total; bands turn it into a Fitzpatrick type. Two of the ten (T1 last in the
 * sun, T2 area exposed) mix a tan into the type, so the total, the eight-item subtotal and the sun gate are
 * three separate things; the subtotal has no bands of its own. Bands, classes and the tan rule are data of
 * the rule file: this module knows the mechanism only.
 *
 * When form, colour and practitioner disagree, the darkest is planned with: melanin is where a pulse goes
 * wrong.
 *
 *     fl_skin_score score;
 *     status = fl_skin_form_score(&form, &rules, &score, &error); // FL_E_RANGE for an answer of 5
 *     if (score.blank >= 0) no_type_no_plan();
 *
 * Pure: no allocation, no globals.
 */
#ifndef FL_COURSE_SKIN_FORM_H
#define FL_COURSE_SKIN_FORM_H

#include "fadeline/base/error.h"
#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FL_SKIN_ITEMS = 10,
    FL_SKIN_ITEM_MOST = 4,
    FL_SKIN_SUN_LAST = 8, /* index of T1 */
    FL_SKIN_SUN_AREA = 9, /* index of T2 */
    FL_SKIN_BLANK = -1,   /* an answer that was not given */
    FL_SKIN_V_VI = 7,     /* a type: the form does not split V from VI, the practitioner has to */
};

typedef struct fl_skin_band {
    int from, to; /* both ends belong */
    int type;     /* 1..6 or FL_SKIN_V_VI */
} fl_skin_band;

typedef struct fl_skin_class {
    const char *name;
    double above_deg; /* the last class takes what is left */
    int type;
} fl_skin_class;

typedef struct fl_skin_rules {
    const char *form_version;
    fl_skin_band *bands;
    size_t bands_count;
    fl_skin_class *ita_classes; /* lightest first */
    size_t ita_classes_count;
    double tan_drop_deg; /* unexposed ITA less site ITA above this suggests a tan */
    int sun_item_recent; /* T1 at or above this: sun within the gate's interval */
    double tan_factor;   /* melanin of tanned over untanned skin, when a tan is known or suspected */
    const char *source;
} fl_skin_rules;

typedef struct fl_skin_form {
    int answers[FL_SKIN_ITEMS]; /* G1-4 R1-4 T1-2 */
} fl_skin_form;

typedef struct fl_skin_score {
    int blank;      /* index of the first blank item, -1: none. With a blank there is no total and no type. */
    int total;      /* -1 with a blank */
    int subtotal;   /* without T1 and T2; -1 with a blank among the eight */
    int type;       /* 1..6 or FL_SKIN_V_VI; 0 with a blank */
    bool two_bands; /* the total stands in two bands and the darker was taken */
    bool sun_recent; /* T1 says so */
} fl_skin_score;

/* FL_E_RANGE for an answer that is neither blank nor 0..4, FL_E_FILE when no band holds the total. */
FL_MUST_USE fl_status fl_skin_form_score(const fl_skin_form *form, const fl_skin_rules *rules,
                                         fl_skin_score *score, fl_error *error);
const char *fl_skin_item_name(int index); /* "G1" .. "T2" */

/* Individual typology angle: atan((L* - 50) / b*), degrees (Chardon et al. 1991). FL_E_RANGE unless L* is
 * 0..100 and b* positive: on skin b* is never zero or less, so such a reading is a mistake of the meter. */
FL_MUST_USE fl_status fl_skin_ita(double lightness, double b, double *ita_deg);
/* Class of an ITA; NULL when the rules have no classes. */
const fl_skin_class *fl_skin_ita_class_of(const fl_skin_rules *rules, double ita_deg);

typedef struct fl_skin_evidence {
    const fl_skin_score *score; /* NULL: no form */
    bool has_ita_site, has_ita_unexposed;
    double ita_site_deg, ita_unexposed_deg;
    int practitioner; /* 1..6; 0: has not said */
} fl_skin_evidence;

typedef struct fl_skin_decision {
    int type;       /* the form's, FL_SKIN_V_VI while nobody chose; the practitioner's without a form */
    int planned_as; /* darkest of all that is known; VI while V-VI is open; 0: nothing is known or a blank */
    int from_ita;   /* 0: not measured */
    bool open;      /* V-VI: the practitioner has not chosen */
    bool disagree;  /* form, colour and practitioner name more than one type */
    bool tan_suspected;
    double tan_drop_deg; /* when both were measured */
} fl_skin_decision;

void fl_skin_decide(const fl_skin_evidence *evidence, const fl_skin_rules *rules, fl_skin_decision *decision);

#endif
