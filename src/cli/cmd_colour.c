#include "colour_answer.h"
#include "command.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const colour_kind_names[COLOUR_KINDS] = {"ink", "skin", "site"};
const char *const colour_kind_titles[COLOUR_KINDS] = {"ink", "unexposed skin", "skin of the site"};

#define DOTS_DELTA 3.0 /* between median and mean: the region is not of one colour */

/* ---- words ---- */

/* "412,300,40" into so many numbers, none below 0. */
static bool read_numbers(const char *text, size_t length, double *numbers, int count)
{
    char part[32];
    for (int i = 0; i < count; i++) {
        const size_t taken = strcspn(text, ","), here = taken < length ? taken : length;
        if (here == 0 || here >= sizeof part || (i + 1 < count) == (here == length)) return false;
        snprintf(part, sizeof part, "%.*s", (int)here, text);
        if (fl_read_double(part, &numbers[i]) != FL_OK || !(numbers[i] >= 0.0 && numbers[i] <= 1e6))
            return false;
        if (here == length) return true;
        text += here + 1;
        length -= here + 1;
    }
    return false;
}

/* Four pairs in one word ("1,2 3,4 5,6 7,8"), or the first behind --corners and the rest as words of their
 * own. */
static int read_corners(const fl_args *args, fl_quad *corners, const char **photo)
{
    const char *text = fl_args_value(args, "corners");
    int found = 0;
    double pair[2];
    *photo = NULL;
    for (const char *at = text; at && *(at += strspn(at, " ")); at += strcspn(at, " ")) {
        if (found == 4 || !read_numbers(at, strcspn(at, " "), pair, 2))
            return fl_args_wrong(args, "'%s' is not x,y", at);
        corners->corner[found++] = (fl_point){pair[0], pair[1]};
    }
    for (int i = 0; i < args->count; i++) {
        if (found < 4 && text && read_numbers(args->words[i], strlen(args->words[i]), pair, 2))
            corners->corner[found++] = (fl_point){pair[0], pair[1]};
        else if (!*photo)
            *photo = args->words[i];
        else
            return fl_args_wrong(args, "'%s' is one word too many", args->words[i]);
    }
    if (!*photo) return fl_args_wrong(args, "name one photo");
    if (!text) return fl_args_wrong(args, "--corners is needed: the card is not looked for");
    if (found != 4) return fl_args_wrong(args, "--corners wants four pairs x,y, not %d", found);
    return 0;
}

static int read_circles(const fl_args *args, colour_answer *a)
{
    size_t all = 0;
    for (int kind = 0; kind < COLOUR_KINDS; kind++) {
        const char *text;
        for (size_t at = 0; (text = fl_args_each(args, colour_kind_names[kind], &at)); all++) {
            double n[3];
            if (!read_numbers(text, strlen(text), n, 3) || n[2] < 1.0)
                return fl_args_wrong(args, "--%s wants x,y,r in pixels, not '%s'", colour_kind_names[kind],
                                     text);
            if (a->circle_count[kind] == FL_REGION_CIRCLES_MAX)
                return fl_args_wrong(args, "at most %d circles for --%s", FL_REGION_CIRCLES_MAX,
                                     colour_kind_names[kind]);
            a->circles[kind][a->circle_count[kind]++] = (fl_circle){n[0], n[1], n[2]};
        }
    }
    if (!all) return fl_args_wrong(args, "name a place: --ink, --skin or --site");
    if (fl_args_has(args, "before") && (!a->circle_count[COLOUR_INK] || !a->circle_count[COLOUR_SITE]))
        return fl_args_wrong(args,
                             "--before compares ink with the skin of the site: --ink and --site are needed");
    return 0;
}

/* ---- measuring ---- */

static void caution(colour_answer *a, const char *format, ...) FL_PRINTF(2, 3);
static void caution(colour_answer *a, const char *format, ...)
{
    if (a->caution_count == COLOUR_CAUTIONS_MAX) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->cautions[a->caution_count++], sizeof *a->cautions, format, arguments);
    va_end(arguments);
}

static void look_for_cautions(colour_answer *a)
{
    const fl_region *ink = &a->region[COLOUR_INK], *skin = &a->region[COLOUR_SKIN],
                    *site = &a->region[COLOUR_SITE];
    const double apart = fl_delta_e_2000(ink->median, ink->mean);
    if (a->has_region[COLOUR_INK] && !a->is_dots && apart > DOTS_DELTA)
        caution(a,
                "median and mean of the ink differ by %.1f: if it is dots, measure it with --dots, each time",
                apart);
    if (a->has_region[COLOUR_SKIN] && !skin->has_ita)
        caution(a, "unexposed skin has no yellow (b* is not above 0): no ITA");
    if (a->has_region[COLOUR_SITE] && !site->has_ita)
        caution(a, "the site has no yellow (b* is not above 0): no ITA");
    if (a->has_region[COLOUR_SKIN] && a->has_region[COLOUR_SITE] && skin->has_ita && site->has_ita &&
        skin->ita_deg - site->ita_deg > COLOUR_TAN_FALL_DEG)
        caution(a,
                "ITA of the site lies %.0f degrees below unexposed skin, more than %.0f: it suggests a tan "
                "[our rule]",
                skin->ita_deg - site->ita_deg, COLOUR_TAN_FALL_DEG);
    if (!a->has_fading) return;
    if (!fl_text_same(a->before.card_id, fl_card_content(a->card)->id))
        caution(a, "the photo before was measured with another card, '%s'", a->before.card_id);
    if (!fl_text_same(a->before.statistic, a->is_dots ? "mean" : "median"))
        caution(a, "the ink before was measured %s --dots: the two contrasts do not compare",
                a->is_dots ? "without" : "with");
    const double moved = fl_delta_e_2000(a->before.site, site->lab);
    if (moved > hypot(a->before.site_uncertainty, site->delta_e_2000_uncertainty))
        caution(a,
                "the skin of the site itself changed by %.1f since then: part of the change is the skin's, "
                "not the ink's",
                moved);
}

static int measure_regions(const fl_args *args, colour_answer *a)
{
    for (int kind = 0; kind < COLOUR_KINDS; kind++) {
        if (!a->circle_count[kind]) continue;
        const fl_region_middle middle = kind == COLOUR_INK && a->is_dots ? FL_REGION_MEAN : FL_REGION_MEDIAN;
        const fl_status status =
            fl_region_read(a->photo, &a->correction, colour_kind_names[kind], a->circles[kind],
                           a->circle_count[kind], middle, &a->region[kind], &a->reasons);
        if (status == FL_E_RANGE)
            return fl_args_wrong(args, "a circle of --%s is not wholly inside the photo of %u x %u",
                                 colour_kind_names[kind], a->photo->width, a->photo->height);
        if (status != FL_OK && status != FL_E_NO) return fl_status_exit(status);
        a->has_region[kind] = true;
    }
    if (a->reasons.count) return 0;
    if (a->has_region[COLOUR_INK] && a->has_region[COLOUR_SITE]) {
        a->contrast = fl_contrast_of(&a->correction, &a->region[COLOUR_INK], &a->region[COLOUR_SITE]);
        a->has_contrast = true;
    }
    if (a->has_before && a->has_contrast) {
        a->fading = fl_fading_of(a->before.contrast, a->contrast);
        a->has_fading = true;
    }
    look_for_cautions(a);
    return 0;
}

static int draw(const fl_args *args, const colour_answer *a)
{
    fl_error error = {0};
    const char *svg = fl_args_value(args, "svg"), *png = fl_args_value(args, "png");
    if (svg && colour_draw_svg(a, svg, &error) != FL_OK) return fl_args_failed(&error);
    if (png && colour_draw_png(a, png, &error) != FL_OK) return fl_args_failed(&error);
    return 0;
}

static int measure(const fl_args *args, colour_answer *a)
{
    const fl_status status = fl_correct(a->photo, a->card, &a->corners, &a->correction, &a->reasons);
    if (status == FL_E_RANGE)
        return fl_args_wrong(args, "the corners do not go round a card inside the photo of %u x %u",
                             a->photo->width, a->photo->height);
    if (status != FL_OK && status != FL_E_NO) return fl_status_exit(status);
    int failed = status == FL_OK ? measure_regions(args, a) : 0;
    if (!failed) failed = draw(args, a);
    if (failed) return failed;
    if (fl_args_has(args, "json")) return colour_print_json(a);
    colour_print_text(a);
    return a->reasons.count ? fl_status_exit(FL_E_NO) : 0;
}

/* ---- files ---- */

static fl_status load_photo(colour_answer *a, fl_photo **photo, fl_error *error)
{
    char *bytes;
    size_t size;
    fl_status status = fl_place_read(a->photo_path, FL_PHOTO_BYTES_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    fl_sha256(bytes, size, a->photo_sha256);
    status = fl_photo_read(a->photo_path, bytes, size, photo, error);
    free(bytes);
    a->photo = *photo;
    return status;
}

static fl_status load_card(const char *path, fl_card **card, fl_error *error)
{
    char found[FL_PLACE_MAX];
    if (!fl_place_exists(path) && fl_place_find(path, found, NULL) == FL_OK) path = found;
    return fl_card_load(path, card, error);
}

static int run(const fl_args *args)
{
    static colour_answer answer; /* 30 KB */
    colour_answer *a = &answer;
    const char *card_path = fl_args_value(args, "card"), *before = fl_args_value(args, "before");
    memset(a, 0, sizeof *a);
    a->is_dots = fl_args_has(args, "dots");
    int code = read_corners(args, &a->corners, &a->photo_path);
    if (!code && !card_path)
        code = fl_args_wrong(args, "--card is needed: without a card a colour is a guess");
    if (!code) code = read_circles(args, a);
    if (code) return code;

    fl_error error = {0};
    fl_photo *photo = NULL;
    fl_card *card = NULL;
    fl_status status = load_card(card_path, &card, &error);
    if (status == FL_OK && before) status = colour_read_before(before, &a->before, &error);
    a->has_before = before != NULL;
    a->card = card;
    if (status == FL_OK) status = load_photo(a, &photo, &error);
    code = status == FL_OK ? measure(args, a) : fl_args_failed(&error);
    fl_photo_free(photo);
    fl_card_free(card);
    return code;
}

static const fl_option options[] = {
    {"card", "CARD.yaml", "what the card in the photo is: profiles/cards/"},
    {"corners", "X,Y X,Y X,Y X,Y", "its corners in the photo, as printed: from its top left, clockwise"},
    {"ink", "X,Y,R", "a circle of ink, in pixels; may be given again"},
    {"skin", "X,Y,R", "a circle of skin that sees no sun (inner upper arm)"},
    {"site", "X,Y,R", "a circle of skin beside the ink"},
    {"dots", NULL, "the ink is dots: take the mean of the light, not the median"},
    {"before", "OLD.json", "what --json printed at an earlier visit"},
    {"svg", "FILE", "the photo with card and circles drawn on it, to look at"},
    {"png", "FILE", "the same as PNG"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_colour = {
    .name = "colour",
    .arguments =
        "PHOTO --card CARD.yaml --corners X,Y X,Y X,Y X,Y [--ink X,Y,R] [--skin X,Y,R] [--site X,Y,R]",
    .summary = "measure ink and skin in a photo with a colour card",
    .more =
        "PNG or JPEG. Pixels count from the top left of the picture as stored; EXIF is ignored, so a turned "
        "phone\n"
        "photo may count from another corner than your viewer: look with --png. Exit code 1 when the photo "
        "is refused\n"
        "(too bright or dark, glare, uneven light, no card there). A measured colour, not a diagnosis.\n\n"
        "examples, the first visit and the second:\n"
        "  fadeline colour tests/colour/visit-1.jpg --card profiles/cards/example-24.yaml \\\n"
        "    --corners 60,70 470,95 455,365 48,345 --ink 700,420,50 --skin 620,150,60 --site 560,520,50 \\\n"
        "    --json\n"
        "  fadeline colour tests/colour/visit-2.jpg --card profiles/cards/example-24.yaml \\\n"
        "    --corners 90,60 500,72 492,350 84,340 --ink 690,430,50 --skin 620,150,60 --site 550,520,50 \\\n"
        "    --before tests/colour/visit-1.json "
        "--png look.png\n",
    .options = options,
    .run = run,
};
