#include "fadeline/colour/correction.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fit.h"
#include "sample.h"

#include <math.h>
#include <string.h>

#define NO_CARD_RESIDUAL 12.0 /* mean CIEDE2000: no camera is that wrong */
#define STEP_RATIO_LEAST 1.04 /* of light, from one grey step to the next darker */
#define CRUSHED_LIGHT 0.0009  /* code 3 of 255 */

double fl_correction_light(const fl_correction *c, fl_point at)
{
    return exp(c->slope_x * (at.x - c->centre.x) + c->slope_y * (at.y - c->centre.y));
}

fl_xyz fl_corrected(const fl_correction *c, fl_rgb light, fl_point at)
{
    colour_fit fit = {.gain = c->gain};
    memcpy(fit.matrix, c->matrix, sizeof fit.matrix);
    return colour_fit_xyz(&fit, colour_fit_even(c, light, at));
}

typedef struct job {
    const fl_photo *photo;
    const fl_card_file *card;
    fl_correction *c;
    fl_colour_reasons *reasons;
    size_t greys[FL_CARD_PATCHES_MOST], grey_count;
    double brightest_Y; /* luminance in the photo of the brightest patch */
} job;

static double lightness(double ratio)
{
    return fl_lab_of_xyz((fl_xyz){0, ratio, 0}, FL_D65).L_star;
}

static fl_status read_patches(job *j)
{
    fl_correction *c = j->c;
    double high[FL_CARD_PATCHES_MOST], low[FL_CARD_PATCHES_MOST];
    for (size_t i = 0; i < c->patches; i++) {
        const fl_card_patch *patch = &j->card->patches[i];
        /* The inner half: corners that are off by a quarter of a patch still hit it, and edges blur. */
        const sample_box box = {patch->x, patch->y, j->card->patch_width / 4, j->card->patch_height / 4};
        sample found;
        const fl_status status = sample_card(j->photo, &c->plane, &box, &found);
        if (status != FL_OK) return status;
        fl_patch_reading *reading = &c->patch[i];
        reading->at = fl_plane_to_photo(&c->plane, (fl_point){patch->x, patch->y});
        reading->pixels = found.pixels;
        reading->light = found.median;
        reading->clipped = found.clipped;
        high[i] = found.high_Y;
        low[i] = found.low_Y;
    }
    /* Against the brightest patch, not the white one: whether the white is where it should be is not known
     * yet. */
    for (size_t i = 0; i < c->patches; i++)
        j->brightest_Y = fmax(j->brightest_Y, c->patch[i].pixels ? fl_xyz_of_rgb(c->patch[i].light).Y : 0.0);
    for (size_t i = 0; i < c->patches; i++)
        if (j->brightest_Y > 0.0 && c->patch[i].pixels)
            c->patch[i].spread_L_star =
                lightness(high[i] / j->brightest_Y) - lightness(low[i] / j->brightest_Y);
    return FL_OK;
}

/* ---- judging what was read ---- */

/* "white, grey-80 and 3 more" */
static void name_patches(const job *j, bool (*is_bad)(const job *, size_t), char *room, size_t size,
                         size_t *count)
{
    fl_text text = fl_text_in(room, size);
    *count = 0;
    for (size_t i = 0; i < j->c->patches; i++)
        if (is_bad(j, i) && (*count)++ < 3)
            fl_text_add(&text, "%s%s", *count > 1 ? ", " : "", j->card->patches[i].name);
    if (*count > 3) fl_text_add(&text, " and %zu more", *count - 3);
}

static bool is_small(const job *j, size_t i)
{
    return j->c->patch[i].pixels < FL_COLOUR_PATCH_PIXELS_LEAST;
}

static bool is_clipped(const job *j, size_t i)
{
    return j->c->patch[i].clipped > FL_COLOUR_CLIPPED_MAX;
}

static bool is_uneven(const job *j, size_t i)
{
    return j->c->patch[i].spread_L_star > FL_COLOUR_PATCH_SPREAD_MAX;
}

static double grey_light(const job *j, size_t step)
{
    return fl_xyz_of_rgb(j->c->patch[j->greys[step]].light).Y;
}

/* Each sees only what makes sense after the ones before it: a full white has no steps, a missing card no
 * spread. */
static void judge_reading(const job *j)
{
    char names[120];
    size_t count;
    if (name_patches(j, is_small, names, sizeof names, &count), count) {
        fl_colour_say(j->reasons, "colour-card-small", "%zu patches have less than %d pixels (%s)", count,
                      FL_COLOUR_PATCH_PIXELS_LEAST, names);
        return;
    }
    if (name_patches(j, is_clipped, names, sizeof names, &count), count) {
        fl_colour_say(j->reasons, "colour-overexposed",
                      "%zu patch%s too bright: more than %.0f %% of the pixels are full (%s)", count,
                      count == 1 ? " is" : "es are", 100 * FL_COLOUR_CLIPPED_MAX, names);
        return;
    }
    const double white = grey_light(j, 0), black = grey_light(j, j->grey_count - 1);
    size_t broken = 0;
    for (size_t i = 0; i + 1 < j->grey_count && !broken; i++)
        if (!(grey_light(j, i) > STEP_RATIO_LEAST * grey_light(j, i + 1))) broken = i + 1;
    /* Steps that are not there may be a dark photo's; then nothing in it is bright. */
    if ((broken ? j->brightest_Y : white) < FL_COLOUR_WHITE_LEAST || (!broken && black < CRUSHED_LIGHT)) {
        fl_colour_say(j->reasons, "colour-underexposed",
                      "'%s' has %.1f %% of full light and '%s' %.2f %%; %.0f %% and %.2f %% are needed",
                      j->card->grey_steps[0], 100 * white, j->card->grey_steps[j->grey_count - 1],
                      100 * black, 100 * FL_COLOUR_WHITE_LEAST, 100 * CRUSHED_LIGHT);
        return;
    }
    if (name_patches(j, is_uneven, names, sizeof names, &count), count)
        fl_colour_say(j->reasons, "colour-patch-uneven",
                      "%zu patch%s not of one colour: more than %.0f L* within it (%s)", count,
                      count == 1 ? " is" : "es are", FL_COLOUR_PATCH_SPREAD_MAX, names);
    if (broken)
        fl_colour_say(j->reasons, "colour-no-card", "'%s' is not brighter than '%s' in the photo",
                      j->card->grey_steps[broken - 1], j->card->grey_steps[broken]);
}

/* ---- fitting, and judging the fit ---- */

static void find_residuals(job *j)
{
    fl_correction *c = j->c;
    double sum = 0.0, left_out = 0.0;
    c->worst = 0;
    for (size_t i = 0; i < c->patches; i++) {
        fl_patch_reading *patch = &c->patch[i];
        const fl_rgb even = colour_fit_even(c, patch->light, patch->at);
        colour_fit without;
        colour_fit_patches(c, j->greys, j->grey_count, i, &without);
        patch->lab = fl_lab_of_xyz(fl_corrected(c, patch->light, patch->at), FL_D65);
        patch->left_out = fl_lab_of_xyz(colour_fit_xyz(&without, even), FL_D65);
        patch->delta_e_2000 = fl_delta_e_2000(patch->known, patch->lab);
        patch->left_out_delta_e_2000 = fl_delta_e_2000(patch->known, patch->left_out);
        sum += patch->delta_e_2000;
        left_out += patch->left_out_delta_e_2000 * patch->left_out_delta_e_2000;
        if (patch->delta_e_2000 > c->patch[c->worst].delta_e_2000) c->worst = i;
    }
    c->residual_mean = sum / c->patches;
    c->residual_max = c->patch[c->worst].delta_e_2000;
    c->left_out_rms = sqrt(left_out / c->patches);
    double most = 0.0, least = INFINITY;
    for (int i = 0; i < 4; i++) {
        const double light = fl_correction_light(c, fl_plane_to_photo(&c->plane, (fl_point){i & 1, i >> 1}));
        most = fmax(most, light);
        least = fmin(least, light);
    }
    c->light_ratio = most / least;
}

static void judge_fit(const job *j)
{
    const fl_correction *c = j->c;
    if (!(c->residual_mean <= NO_CARD_RESIDUAL)) {
        fl_colour_say(j->reasons, "colour-no-card",
                      "the colours between the corners are not this card's: they differ by %.0f (CIEDE2000) "
                      "in the mean",
                      c->residual_mean);
        return;
    }
    if (!(c->light_ratio <= FL_COLOUR_LIGHT_RATIO_MAX))
        fl_colour_say(j->reasons, "colour-light-uneven",
                      "one corner of the card has %.2f times the light of another, more than %.2f",
                      c->light_ratio, FL_COLOUR_LIGHT_RATIO_MAX);
    if (!(c->residual_mean <= FL_COLOUR_RESIDUAL_MEAN_MAX) || !(c->residual_max <= FL_COLOUR_RESIDUAL_MAX))
        fl_colour_say(j->reasons, "colour-card-residual",
                      "after correction the card is off by %.1f (CIEDE2000) in the mean and %.1f at '%s'; "
                      "%.0f and %.0f are allowed",
                      c->residual_mean, c->residual_max, j->card->patches[c->worst].name,
                      FL_COLOUR_RESIDUAL_MEAN_MAX, FL_COLOUR_RESIDUAL_MAX);
}

static bool is_in_photo(const fl_photo *photo, const fl_quad *corners)
{
    for (int i = 0; i < 4; i++) {
        const fl_point p = corners->corner[i];
        if (!(p.x >= 0.0 && p.x <= photo->width && p.y >= 0.0 && p.y <= photo->height)) return false;
    }
    return true;
}

static fl_status read_and_fit(job *j)
{
    const fl_status status = read_patches(j);
    if (status != FL_OK) return status;
    judge_reading(j);
    if (j->reasons->count) return FL_E_NO;
    colour_fit_all(j->c, j->greys, j->grey_count);
    find_residuals(j);
    j->c->is_fitted = true;
    judge_fit(j);
    return j->reasons->count ? FL_E_NO : FL_OK;
}

/* Would the card fit if it were turned, or the corners given the other way round? Then say so: it is the
 * usual slip. */
static void try_other_orders(const job *j, const fl_quad *corners, const fl_card *card)
{
    static const char *const names[4] = {"first", "second", "third", "fourth"};
    for (int order = 1; order < 8; order++) {
        fl_quad turned;
        for (int i = 0; i < 4; i++)
            turned.corner[i] = corners->corner[(order & 4 ? 3 - i + order : i + order) & 3];
        fl_correction c = {.patches = 0};
        fl_colour_reasons reasons = {.count = 0};
        if (fl_plane_of(&turned, &c.plane) != FL_OK) continue;
        job other = *j;
        other.c = &c;
        other.reasons = &reasons;
        c.patches = j->c->patches;
        c.centre = j->c->centre;
        for (size_t i = 0; i < c.patches; i++) c.patch[i].known = fl_card_patch_lab(card, i);
        if (read_and_fit(&other) != FL_OK) continue;
        /* where in the given list the turned quad begins */
        const int first = (order & 4 ? 3 + order : order) & 3;
        j->reasons->count = 0;
        fl_colour_say(j->reasons, "colour-no-card",
                      "the corners are in another order than the card's: its top left is the %s given, and "
                      "they go %s from there",
                      names[first], order & 4 ? "backwards" : "forwards");
        return;
    }
}

static bool may_be_turned(const fl_colour_reasons *reasons)
{
    for (size_t i = 0; i < reasons->count; i++)
        if (fl_text_same(reasons->list[i].code, "colour-no-card") ||
            fl_text_same(reasons->list[i].code, "colour-patch-uneven"))
            return true;
    return false;
}

fl_status fl_correct(const fl_photo *photo, const fl_card *card, const fl_quad *corners,
                     fl_correction *correction, fl_colour_reasons *reasons)
{
    FL_ASSERT(photo && card && corners && correction && reasons);
    fl_correction made = {.patches = 0};
    if (!is_in_photo(photo, corners) || fl_plane_of(corners, &made.plane) != FL_OK) return FL_E_RANGE;
    job j = {.photo = photo, .card = fl_card_content(card), .c = &made, .reasons = reasons};
    made.patches = j.card->patches_count;
    made.centre = fl_plane_to_photo(&made.plane, (fl_point){0.5, 0.5});
    for (size_t i = 0; i < made.patches; i++) made.patch[i].known = fl_card_patch_lab(card, i);
    j.grey_count = j.card->grey_steps_count;
    for (size_t i = 0; i < j.grey_count; i++) j.greys[i] = fl_card_grey_patch(card, i);

    fl_status status = FL_E_NO;
    if (photo->is_grey)
        fl_colour_say(reasons, "colour-photo-grey", "the %s file holds no colour", photo->format);
    else
        status = read_and_fit(&j);
    if (status == FL_E_NO && may_be_turned(reasons)) try_other_orders(&j, corners, card);
    if (status == FL_OK || status == FL_E_NO) *correction = made;
    return status;
}
