#include "fadeline/colour/region.h"

#include "fadeline/base/assert.h"
#include "sample.h"

#include <math.h>
#include <stdlib.h>

#define DEGREES_PER_RADIAN 57.295779513082320877
#define NEAR_PATCHES 8          /* nearest in colour: they err as the region does */
#define CARD_VALUES 0.5         /* standard uncertainty of a card's own values, CIEDE2000 [our estimate] */
#define LIGHT_SHARE 0.5         /* of the light taken out, as its standard uncertainty [our rule] */
#define LOOKED_AT_MOST 400000.0 /* pixels; of a larger region every n-th is taken */

/* ---- pixels ---- */

typedef struct pixels {
    size_t count, room, full;
    float *L, *a, *b;
    fl_xyz sum;
    double log_light;
} pixels;

static bool is_in_photo(const fl_photo *photo, const fl_circle *c)
{
    return c->radius >= 1.0 && c->x - c->radius >= 0.0 && c->x + c->radius <= photo->width &&
           c->y - c->radius >= 0.0 && c->y + c->radius <= photo->height;
}

static void take_circle(pixels *p, const fl_photo *photo, const fl_correction *correction, const fl_circle *c,
                        unsigned step)
{
    const unsigned left = (unsigned)(c->x - c->radius), top = (unsigned)(c->y - c->radius);
    for (unsigned y = top; y < photo->height && y <= c->y + c->radius; y += step)
        for (unsigned x = left; x < photo->width && x <= c->x + c->radius; x += step) {
            const fl_point at = {x + 0.5, y + 0.5};
            if (hypot(at.x - c->x, at.y - c->y) > c->radius || p->count == p->room) continue;
            const fl_rgb light = fl_photo_at(photo, x, y);
            const fl_xyz xyz = fl_corrected(correction, light, at);
            const fl_lab lab = fl_lab_of_xyz(xyz, FL_D65);
            p->full += fl_photo_is_clipped(photo, light);
            p->L[p->count] = (float)lab.L_star;
            p->a[p->count] = (float)lab.a_star;
            p->b[p->count++] = (float)lab.b_star;
            p->sum = (fl_xyz){p->sum.X + xyz.X, p->sum.Y + xyz.Y, p->sum.Z + xyz.Z};
            p->log_light += log(fl_correction_light(correction, at));
        }
}

static double half_spread(const float *sorted, size_t count)
{
    return 0.5 * (sample_quantile(sorted, count, 0.84) - sample_quantile(sorted, count, 0.16));
}

static void find_colour(pixels *p, fl_region *r)
{
    const double n = (double)p->count;
    sample_sort(p->L, p->count);
    sample_sort(p->a, p->count);
    sample_sort(p->b, p->count);
    r->pixels = p->count;
    r->clipped = p->full / n;
    r->light = exp(p->log_light / n);
    r->median = (fl_lab){sample_quantile(p->L, p->count, 0.5), sample_quantile(p->a, p->count, 0.5),
                         sample_quantile(p->b, p->count, 0.5)};
    r->mean = fl_lab_of_xyz((fl_xyz){p->sum.X / n, p->sum.Y / n, p->sum.Z / n}, FL_D65);
    r->spread =
        (fl_lab){half_spread(p->L, p->count), half_spread(p->a, p->count), half_spread(p->b, p->count)};
}

static fl_status read_pixels(const fl_photo *photo, const fl_correction *correction, const fl_circle *circles,
                             size_t count, fl_region *r)
{
    double area = 0.0;
    for (size_t i = 0; i < count; i++) area += 4.0 * (circles[i].radius + 1.0) * (circles[i].radius + 1.0);
    const unsigned step = area > LOOKED_AT_MOST ? (unsigned)ceil(sqrt(area / LOOKED_AT_MOST)) : 1;
    pixels p = {.room = (size_t)fmin(area, 2.0 * LOOKED_AT_MOST) + 64};
    p.L = malloc(3 * p.room * sizeof *p.L);
    if (!p.L) return FL_E_MEMORY;
    p.a = p.L + p.room;
    p.b = p.a + p.room;
    for (size_t i = 0; i < count; i++) take_circle(&p, photo, correction, &circles[i], step);
    if (p.count) find_colour(&p, r);
    free(p.L);
    return FL_OK;
}

/* ---- how sure ---- */

typedef struct near_patches {
    size_t index[NEAR_PATCHES];
    size_t count;
} near_patches;

static near_patches find_near(const fl_correction *c, fl_lab lab)
{
    near_patches found = {.count = 0};
    bool taken[FL_CARD_PATCHES_MOST] = {false};
    while (found.count < NEAR_PATCHES && found.count < c->patches) {
        size_t best = c->patches;
        for (size_t i = 0; i < c->patches; i++)
            if (!taken[i] && (best == c->patches || fl_delta_e_76(c->patch[i].known, lab) <
                                                        fl_delta_e_76(c->patch[best].known, lab)))
                best = i;
        taken[best] = true;
        found.index[found.count++] = best;
    }
    return found;
}

/* L* of light that is off by this share of itself: dL* / d ln Y = (L* + 16) / 3. */
static double lightness_error(double log_light, double L_star)
{
    return LIGHT_SHARE * fabs(log_light) * (L_star + 16.0) / 3.0;
}

static void find_uncertainty(const fl_correction *c, fl_region *r)
{
    const near_patches near = find_near(c, r->lab);
    double L = 0.0, a = 0.0, b = 0.0, delta = 0.0;
    for (size_t i = 0; i < near.count; i++) {
        const fl_patch_reading *p = &c->patch[near.index[i]];
        L += pow(p->left_out.L_star - p->known.L_star, 2.0);
        a += pow(p->left_out.a_star - p->known.a_star, 2.0);
        b += pow(p->left_out.b_star - p->known.b_star, 2.0);
        delta += pow(p->left_out_delta_e_2000, 2.0);
    }
    const double n = (double)near.count, own = CARD_VALUES * CARD_VALUES;
    const double dark = lightness_error(log(r->light), r->lab.L_star);
    fl_lab darker = r->lab;
    darker.L_star -= dark;
    const double dark_delta = fl_delta_e_2000(r->lab, darker);
    r->uncertainty = (fl_lab){FL_COLOUR_COVERAGE * sqrt(L / n + own + dark * dark),
                              FL_COLOUR_COVERAGE * sqrt(a / n + own), FL_COLOUR_COVERAGE * sqrt(b / n + own)};
    r->delta_e_2000_uncertainty = FL_COLOUR_COVERAGE * sqrt(delta / n + own + dark_delta * dark_delta);
    r->has_ita = fl_colour_ita(r->lab, &r->ita_deg) == FL_OK;
    if (!r->has_ita) return;
    const double up = r->lab.L_star - 50.0, along = r->lab.b_star, square = up * up + along * along;
    r->ita_uncertainty_deg =
        DEGREES_PER_RADIAN * hypot(along * r->uncertainty.L_star, up * r->uncertainty.b_star) / square;
}

/* ---- judging ---- */

static void judge(const fl_region *r, const char *name, fl_colour_reasons *reasons)
{
    if (r->pixels < FL_REGION_PIXELS_LEAST) {
        fl_colour_say(reasons, "colour-region-small", "the %s region has %zu pixels, %d are needed", name,
                      r->pixels, FL_REGION_PIXELS_LEAST);
        return;
    }
    if (r->clipped > FL_COLOUR_CLIPPED_MAX)
        fl_colour_say(reasons, "colour-region-glare", "%.0f %% of the %s region shines (%.0f %% are allowed)",
                      100 * r->clipped, name, 100 * FL_COLOUR_CLIPPED_MAX);
    else if (fl_xyz_of_lab(r->lab, FL_D65).Y < FL_REGION_LIGHT_LEAST)
        fl_colour_say(reasons, "colour-region-dark", "the %s region is nearly black (L* %.1f)", name,
                      r->lab.L_star);
    if (fabs(log(r->light)) > log(FL_REGION_LIGHT_MOST))
        fl_colour_say(reasons, "colour-region-far",
                      "at the %s region the light would be %.2f times the card's; %.2f to %.2f is allowed",
                      name, r->light, 1.0 / FL_REGION_LIGHT_MOST, FL_REGION_LIGHT_MOST);
}

fl_status fl_region_read(const fl_photo *photo, const fl_correction *correction, const char *name,
                         const fl_circle *circles, size_t count, fl_region_middle middle, fl_region *region,
                         fl_colour_reasons *reasons)
{
    FL_ASSERT(photo && correction && correction->is_fitted && circles && region && reasons && count);
    FL_ASSERT(middle == FL_REGION_MEDIAN || middle == FL_REGION_MEAN);
    for (size_t i = 0; i < count; i++)
        if (!is_in_photo(photo, &circles[i])) return FL_E_RANGE;
    fl_region made = {.light = 1.0};
    const fl_status status = read_pixels(photo, correction, circles, count, &made);
    if (status != FL_OK) return status;
    made.lab = middle == FL_REGION_MEAN ? made.mean : made.median;
    if (made.pixels) find_uncertainty(correction, &made);
    const size_t before = reasons->count;
    judge(&made, name, reasons);
    *region = made;
    return reasons->count > before ? FL_E_NO : FL_OK;
}

/* ---- contrast ---- */

/* The card holds hundreds of pairs of colours like ink and skin, each with a known contrast. How wrong this
 * photo gets those, with both left out of the fit, is how wrong it gets ours. */
static double pair_error(const fl_correction *c, fl_lab ink, fl_lab site)
{
    const near_patches inks = find_near(c, ink), sites = find_near(c, site);
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < inks.count; i++)
        for (size_t k = 0; k < sites.count; k++) {
            const fl_patch_reading *one = &c->patch[inks.index[i]], *two = &c->patch[sites.index[k]];
            if (one == two) continue;
            const double off =
                fl_delta_e_2000(one->left_out, two->left_out) - fl_delta_e_2000(one->known, two->known);
            sum += off * off;
            count++;
        }
    return count ? sqrt(sum / count) : 0.0;
}

fl_contrast fl_contrast_of(const fl_correction *c, const fl_region *ink, const fl_region *site)
{
    const double pairs = pair_error(c, ink->lab, site->lab);
    const double L_star = 0.5 * (ink->lab.L_star + site->lab.L_star);
    const double light = lightness_error(log(ink->light / site->light), L_star);
    return (fl_contrast){
        .delta_e_2000 = fl_delta_e_2000(ink->lab, site->lab),
        .delta_e_76 = fl_delta_e_76(ink->lab, site->lab),
        .uncertainty = FL_COLOUR_COVERAGE * sqrt(pairs * pairs + CARD_VALUES * CARD_VALUES + light * light),
    };
}

fl_fading fl_fading_of(fl_contrast before, fl_contrast now)
{
    fl_fading f = {.delta_e_2000 = before.delta_e_2000 - now.delta_e_2000,
                   .uncertainty = hypot(before.uncertainty, now.uncertainty),
                   .percent = NAN,
                   .percent_uncertainty = NAN};
    f.is_beyond_uncertainty = fabs(f.delta_e_2000) > f.uncertainty;
    if (!(before.delta_e_2000 > before.uncertainty)) return f; /* a share of nothing */
    const double left = now.delta_e_2000 / before.delta_e_2000;
    f.percent = 100.0 * (1.0 - left);
    f.percent_uncertainty = 100.0 / before.delta_e_2000 * hypot(now.uncertainty, left * before.uncertainty);
    return f;
}
