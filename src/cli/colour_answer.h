/* One measured photo, as text, JSON and picture print it. */
#ifndef FL_CLI_COLOUR_ANSWER_H
#define FL_CLI_COLOUR_ANSWER_H

#include "fadeline/base/digest.h"
#include "fadeline/colour/region.h"

enum { COLOUR_INK, COLOUR_SKIN, COLOUR_SITE, COLOUR_KINDS };
extern const char *const colour_kind_names[COLOUR_KINDS];  /* "ink": option and JSON key */
extern const char *const colour_kind_titles[COLOUR_KINDS]; /* "unexposed skin" */

#define COLOUR_CAUTIONS_MAX 8
#define COLOUR_TAN_FALL_DEG 10.0 /* [our rule], users reference, section 3 */

/* What an earlier answer said. */
typedef struct colour_before {
    const char *path;
    fl_contrast contrast;
    fl_lab site;
    double site_uncertainty;
    char card_id[64], statistic[16];
} colour_before;

typedef struct colour_answer {
    const char *photo_path;
    const fl_photo *photo;
    uint8_t photo_sha256[FL_SHA256_SIZE];
    const fl_card *card;
    fl_quad corners;
    fl_correction correction;
    bool is_dots; /* the ink's colour is the mean of its light */
    fl_circle circles[COLOUR_KINDS][FL_REGION_CIRCLES_MAX];
    size_t circle_count[COLOUR_KINDS];
    fl_region region[COLOUR_KINDS];
    bool has_region[COLOUR_KINDS];
    bool has_contrast, has_before, has_fading;
    fl_contrast contrast;
    colour_before before;
    fl_fading fading;
    fl_colour_reasons reasons; /* any: refused */
    char cautions[COLOUR_CAUTIONS_MAX][240];
    size_t caution_count;
} colour_answer;

void colour_print_text(const colour_answer *answer);
int colour_print_json(const colour_answer *answer);
/* The photo with card, patches and circles drawn on it. The ending says what is written. */
FL_MUST_USE fl_status colour_draw_png(const colour_answer *answer, const char *path, fl_error *error);
FL_MUST_USE fl_status colour_draw_svg(const colour_answer *answer, const char *path, fl_error *error);
/* Reads what --json printed at an earlier visit. */
FL_MUST_USE fl_status colour_read_before(const char *path, colour_before *before, fl_error *error);

#endif
