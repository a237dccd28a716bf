#include "fadeline/colour/card.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>

struct fl_card {
    fl_yaml *file;
    const fl_card_file *content;
};

/* ---- the file ---- */

/* clang-format off */
static const fl_yaml_choice whites[] = {
    { "D65", FL_CARD_D65, "daylight, 6500 K" },
    { "D50", FL_CARD_D50, "the printer's light, 5000 K" },
    { NULL, 0, NULL },
};

static const fl_yaml_field patch_fields[] = {
    { "name", FL_YAML_ID(fl_card_patch, name), FL_YAML_REQUIRED, .help = "as on the card's sheet" },
    { "x", FL_YAML_NUMBER(fl_card_patch, x, 0, 1), FL_YAML_REQUIRED, .help = "centre, from the left edge of the card" },
    { "y", FL_YAML_NUMBER(fl_card_patch, y, 0, 1), FL_YAML_REQUIRED, .help = "centre, from the top edge of the card" },
    { "L_star", FL_YAML_NUMBER(fl_card_patch, L_star, 0, 100), FL_YAML_REQUIRED, .help = "CIELAB, 2 degree observer" },
    { "a_star", FL_YAML_NUMBER(fl_card_patch, a_star, -128, 128), FL_YAML_REQUIRED, .help = "" },
    { "b_star", FL_YAML_NUMBER(fl_card_patch, b_star, -128, 128), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table patch_table = { "patch", sizeof(fl_card_patch), patch_fields, .check = NULL };
/* clang-format on */

/* A grey that is not grey would be taken for a coloured light. */
#define GREY_CHROMA_MAX 6.0
#define GREY_SPAN_LEAST 40.0

static const fl_card_patch *find(const fl_card_file *card, const char *name)
{
    for (size_t i = 0; i < card->patches_count; i++)
        if (fl_text_same(card->patches[i].name, name)) return &card->patches[i];
    return NULL;
}

static void check_greys(const fl_card_file *card, const fl_yaml_place *place)
{
    const fl_card_patch *before = NULL, *first = NULL;
    for (size_t i = 0; i < card->grey_steps_count; i++) {
        const fl_card_patch *grey = find(card, card->grey_steps[i]);
        if (!grey) {
            fl_yaml_fault(place, "grey_steps", "names as in patches", "there is no patch '%s'",
                          card->grey_steps[i]);
            return;
        }
        if (hypot(grey->a_star, grey->b_star) > GREY_CHROMA_MAX)
            fl_yaml_fault(place, "grey_steps", "a grey has a* and b* near 0", "'%s' is not grey", grey->name);
        if (before && grey->L_star >= before->L_star)
            fl_yaml_fault(place, "grey_steps", "lightest first", "'%s' is not darker than '%s'", grey->name,
                          before->name);
        if (!first) first = grey;
        before = grey;
    }
    if (card->grey_steps_count < FL_CARD_GREYS_LEAST)
        fl_yaml_fault(place, "grey_steps", "white, black and greys between",
                      "%d grey steps are needed, here are %zu", FL_CARD_GREYS_LEAST, card->grey_steps_count);
    else if (first && before && first->L_star - before->L_star < GREY_SPAN_LEAST)
        fl_yaml_fault(place, "grey_steps", "take the card's white and its black",
                      "the grey steps span only %.0f L*", first->L_star - before->L_star);
}

static void card_check(void *object, const fl_yaml_place *place)
{
    const fl_card_file *card = object;
    if (card->patches_count < FL_CARD_PATCHES_LEAST)
        fl_yaml_fault(place, "patches", NULL, "%d patches are needed, here are %zu", FL_CARD_PATCHES_LEAST,
                      card->patches_count);
    for (size_t i = 0; i < card->patches_count; i++) {
        const fl_card_patch *p = &card->patches[i];
        char key[40];
        snprintf(key, sizeof key, "patches[%zu]", i);
        if (p->x - card->patch_width / 2 < -1e-9 || p->x + card->patch_width / 2 > 1 + 1e-9 ||
            p->y - card->patch_height / 2 < -1e-9 || p->y + card->patch_height / 2 > 1 + 1e-9)
            fl_yaml_fault(place, key, "x and y are the patch's centre",
                          "'%s' reaches over the edge of the card", p->name);
        for (size_t k = 0; k < i; k++) {
            const fl_card_patch *other = &card->patches[k];
            if (fl_text_same(p->name, other->name))
                fl_yaml_fault(place, key, "a name stands once", "'%s' stands twice", p->name);
            if (fabs(p->x - other->x) < card->patch_width - 1e-9 &&
                fabs(p->y - other->y) < card->patch_height - 1e-9)
                fl_yaml_fault(place, key, "patch_width and patch_height are of every patch",
                              "'%s' lies over '%s'", p->name, other->name);
        }
    }
    check_greys(card, place);
}

/* clang-format off */
static const fl_yaml_field card_fields[] = {
    { "id", FL_YAML_ID(fl_card_file, id), FL_YAML_REQUIRED, .help = "short name, kept with every measurement" },
    { "title", FL_YAML_TEXT(fl_card_file, title), FL_YAML_REQUIRED, .help = "for people" },
    { "maker", FL_YAML_TEXT(fl_card_file, maker), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_card_file, source), FL_YAML_REQUIRED, .help = "where the values come from" },
    { "measured_on", FL_YAML_DATE(fl_card_file, measured_on), .help = "day of the measurement; cards fade" },
    { "white", FL_YAML_CHOICE(fl_card_file, white, whites), FL_YAML_REQUIRED, .help = "light the values are for" },
    { "patch_width", FL_YAML_NUMBER(fl_card_file, patch_width, 0.01, 0.5), FL_YAML_REQUIRED, .help = "share of the card's width" },
    { "patch_height", FL_YAML_NUMBER(fl_card_file, patch_height, 0.01, 0.5), FL_YAML_REQUIRED, .help = "share of the card's height" },
    { "grey_steps", FL_YAML_TEXTS(fl_card_file, grey_steps), FL_YAML_REQUIRED, .help = "names of the neutral patches, lightest first" },
    { "patches", FL_YAML_MAPS(fl_card_file, patches, patch_table), FL_YAML_REQUIRED, .help = "at least 12" },
    { .key = NULL },
};
/* clang-format on */
static const fl_yaml_table card_table = {"card", sizeof(fl_card_file), card_fields, .check = card_check};
const fl_yaml_schema fl_card_schema = {"card/1", "A colour card", &card_table};

fl_status fl_card_load(const char *path, fl_card **card, fl_error *error)
{
    FL_ASSERT(path && card);
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    fl_status status = fl_yaml_load(path, &fl_card_schema, faults, &file);
    if (status != FL_OK) {
        status = fl_faults_error(faults, error);
    } else {
        fl_card *made = malloc(sizeof *made);
        if (made) {
            *made = (fl_card){file, fl_yaml_root(file)};
            *card = made;
        } else {
            fl_yaml_free(file);
            status = fl_error_set(error, FL_E_MEMORY, "no memory for a card");
        }
    }
    fl_faults_free(faults);
    return status;
}

void fl_card_free(fl_card *card)
{
    if (!card) return;
    fl_yaml_free(card->file);
    free(card);
}

const fl_card_file *fl_card_content(const fl_card *card)
{
    return card->content;
}

const uint8_t *fl_card_sha256(const fl_card *card)
{
    return fl_yaml_sha256(card->file);
}

fl_lab fl_card_patch_lab(const fl_card *card, size_t patch)
{
    FL_ASSERT(patch < card->content->patches_count);
    const fl_card_patch *p = &card->content->patches[patch];
    const fl_lab lab = {p->L_star, p->a_star, p->b_star};
    if (card->content->white == FL_CARD_D65) return lab;
    return fl_lab_of_xyz(fl_bradford(fl_xyz_of_lab(lab, FL_D50), FL_D50, FL_D65), FL_D65);
}

size_t fl_card_grey_patch(const fl_card *card, size_t grey_step)
{
    FL_ASSERT(grey_step < card->content->grey_steps_count);
    const fl_card_patch *grey = find(card->content, card->content->grey_steps[grey_step]);
    FL_ASSERT(grey); /* the file was checked */
    return (size_t)(grey - card->content->patches);
}

/* ---- where it lies ---- */

static double turn(fl_point a, fl_point b, fl_point c)
{
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/* Either way round is convex: a card seen in a mirror is refused by its colours, not here. */
static bool is_convex(const fl_quad *q)
{
    int left = 0, right = 0;
    for (int i = 0; i < 4; i++) {
        const fl_point a = q->corner[i], b = q->corner[(i + 1) % 4], c = q->corner[(i + 2) % 4];
        const double side = hypot(b.x - a.x, b.y - a.y), t = turn(a, b, c);
        if (!(side >= 1.0) || !isfinite(t)) return false;
        if (t > 1e-3 * side * side) left++;
        if (t < -1e-3 * side * side) right++;
    }
    return left == 4 || right == 4;
}

fl_status fl_plane_of(const fl_quad *quad, fl_plane *plane)
{
    FL_ASSERT(quad && plane);
    if (!is_convex(quad)) return FL_E_RANGE;
    const fl_point *p = quad->corner;
    const double dx1 = p[1].x - p[2].x, dx2 = p[3].x - p[2].x, sx = p[0].x - p[1].x + p[2].x - p[3].x;
    const double dy1 = p[1].y - p[2].y, dy2 = p[3].y - p[2].y, sy = p[0].y - p[1].y + p[2].y - p[3].y;
    const double area = dx1 * dy2 - dx2 * dy1;
    const double g = (sx * dy2 - dx2 * sy) / area, h = (dx1 * sy - sx * dy1) / area;
    const fl_plane made = {.out = {{p[1].x - p[0].x + g * p[1].x, p[3].x - p[0].x + h * p[3].x, p[0].x},
                                   {p[1].y - p[0].y + g * p[1].y, p[3].y - p[0].y + h * p[3].y, p[0].y},
                                   {g, h, 1.0}}};
    *plane = made;
    /* The adjugate is the inverse up to a factor, and a factor does not matter here. */
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r = (j + 1) % 3, s = (j + 2) % 3, t = (i + 1) % 3, u = (i + 2) % 3;
            plane->in[i][j] = made.out[r][t] * made.out[s][u] - made.out[r][u] * made.out[s][t];
        }
    return FL_OK;
}

static fl_point project(const double m[3][3], fl_point p)
{
    const double w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
    return (fl_point){(m[0][0] * p.x + m[0][1] * p.y + m[0][2]) / w,
                      (m[1][0] * p.x + m[1][1] * p.y + m[1][2]) / w};
}

fl_point fl_plane_to_photo(const fl_plane *plane, fl_point card)
{
    return project(plane->out, card);
}

fl_point fl_plane_to_card(const fl_plane *plane, fl_point photo)
{
    return project(plane->in, photo);
}
