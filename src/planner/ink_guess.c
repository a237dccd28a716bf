#include "fadeline/planner/ink_guess.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "ink_cloud.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
const fl_yaml_choice fl_ink_family_choices[] = {
    { "carbon-smp", FL_INK_CARBON, "carbon black and nothing else" },
    { "hybrid", FL_INK_HYBRID, "carbon with iron oxides or organics" },
    { "iron-oxide", FL_INK_IRON, "mineral" },
    { "corrector", FL_INK_CORRECTOR, "white, skin tone" },
    { "organic-warm", FL_INK_WARM, "red, orange, yellow" },
    { "organic-cool", FL_INK_COOL, "blue, green, violet" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_ink_word_choices[] = {
    { "black", FL_COLOUR_BLACK, NULL }, { "brown", FL_COLOUR_BROWN, NULL }, { "blue", FL_COLOUR_BLUE, NULL },
    { "sky-blue", FL_COLOUR_SKY_BLUE, NULL }, { "green", FL_COLOUR_GREEN, NULL }, { "purple", FL_COLOUR_PURPLE, NULL },
    { "red", FL_COLOUR_RED, NULL }, { "orange", FL_COLOUR_ORANGE, NULL }, { "yellow", FL_COLOUR_YELLOW, NULL },
    { "tan", FL_COLOUR_TAN, NULL }, { "grey", FL_COLOUR_GREY, NULL }, { "pink", FL_COLOUR_PINK, NULL },
    { "white", FL_COLOUR_WHITE, NULL }, { "flesh", FL_COLOUR_TAN, NULL }, { "violet", FL_COLOUR_PURPLE, NULL }, { NULL, 0, NULL },
};

/* How often ink of a family is found where. Estimates of ours throughout: no survey was found. What they rest on is
 * the table of procedures (usual ink of each) and nothing else. Within a family every recipe counts the same. */
#define OTHER 0.08 /* an ink or mixture that is not in the table [estimate] */
static const struct habit {
    const char *geometry, *site; /* NULL: any; the first row that fits */
    double family[FL_INK_FAMILIES];
} habits[] = {
    /*                        -  carbon hybrid iron corr. warm cool */
    { "smp",    NULL,      { 0, 0.76, 0.06, 0.07, 0.03, 0.02, 0.06 } },
    { "pmu",    "lip",     { 0, 0.02, 0.03, 0.33, 0.14, 0.45, 0.03 } },
    { "pmu",    "eyelid",  { 0, 0.60, 0.10, 0.12, 0.02, 0.02, 0.14 } },
    { "pmu",    "areola",  { 0, 0.02, 0.10, 0.55, 0.20, 0.12, 0.01 } },
    { "pmu",    NULL,      { 0, 0.15, 0.24, 0.50, 0.05, 0.04, 0.02 } },
    { NULL,     NULL,      { 0, 0.60, 0.03, 0.07, 0.04, 0.12, 0.14 } },
};

/* What people call a colour in skin: centre and spread as a difference to the bare skin around it in CIELAB, because
 * that is what an eye has adapted to (grey looks blue on warm skin, and brown is dark skin). Estimates of ours, set
 * beside what the model makes of the inks that the colour table and clinics call so; no study of colour words in
 * skin was found. */
static const struct word {
    fl_colour colour;
    fl_lab centre, spread;
} words[] = {
    { FL_COLOUR_BLACK,    { -30, -14, -17 }, { 8, 5, 6 } },
    { FL_COLOUR_GREY,     { -18, -11, -13 }, { 7, 5, 6 } },
    { FL_COLOUR_BROWN,    { -20,  -5,  -6 }, { 8, 5, 5 } },
    { FL_COLOUR_RED,      { -21,  10,  -7 }, { 9, 7, 5 } },
    { FL_COLOUR_ORANGE,   { -14,   9,   2 }, { 8, 7, 5 } },
    { FL_COLOUR_YELLOW,   {  -7,   8,  12 }, { 8, 7, 6 } },
    { FL_COLOUR_PINK,     { -12,  10, -10 }, { 8, 6, 6 } },
    { FL_COLOUR_PURPLE,   { -25,  -6, -23 }, { 9, 6, 6 } },
    { FL_COLOUR_BLUE,     { -24, -17, -28 }, { 9, 5, 6 } },
    { FL_COLOUR_SKY_BLUE, { -12, -17, -21 }, { 7, 5, 6 } },
    { FL_COLOUR_GREEN,    { -21, -26, -14 }, { 9, 6, 6 } },
    { FL_COLOUR_WHITE,    {   8,  -2,   2 }, { 7, 4, 5 } },
    { FL_COLOUR_TAN,      {  -4,   1,   0 }, { 4, 4, 4 } },
};
// clang-format on
#define WORDS (sizeof words / sizeof *words)
/* One naming in twenty is a slip, or another person's word for it. */
#define SLIP 0.05

/* A measured colour: what the meter adds and what the model of skin and ink gets wrong, together, as a
 * standard deviation of L*, a*, b* [estimate]; less when the skin beside the ink was measured too. */
static const fl_lab blur_alone = {4.0, 3.5, 4.5}, blur_beside = {3.5, 3.0, 3.5};
/* "Other" spreads evenly over the colours that skin with ink can have. */
static const fl_lab other_least = {5.0, -60.0, -60.0}, other_most = {95.0, 80.0, 80.0};

/* ---- classes ---- */

static bool is_cool(const char *pigment)
{
    static const char *const cool[] = {"phthalo_blue", "phthalo_green", "dioxazine_violet", "ultramarine",
                                       "chromium_oxide_green"};
    for (size_t i = 0; i < sizeof cool / sizeof *cool; i++)
        if (fl_text_same(pigment, cool[i])) return true;
    return false;
}

fl_ink_family fl_ink_family_of(const fl_planner_ink *ink)
{
    double carbon = 0.0, iron = 0.0, white = 0.0, warm = 0.0, cool = 0.0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        const char *id = ink->shares[i].pigment;
        const double share = ink->shares[i].mass_fraction;
        if (strncmp(id, "carbon", 6) == 0)
            carbon += share;
        else if (strncmp(id, "iron_oxide", 10) == 0)
            iron += share;
        else if (fl_text_same(id, "titanium_dioxide"))
            white += share;
        else if (is_cool(id))
            cool += share;
        else
            warm += share;
    }
    if (white >= 0.7) return FL_INK_CORRECTOR;
    const double coloured = 1.0 - white, trace = 0.1 * coloured;
    if (carbon > trace && coloured - carbon > trace) return FL_INK_HYBRID;
    if (carbon > trace) return FL_INK_CARBON;
    if (iron >= warm && iron >= cool) return FL_INK_IRON;
    return warm >= cool ? FL_INK_WARM : FL_INK_COOL;
}

static bool same_recipe(const fl_planner_ink *a, const fl_planner_ink *b)
{
    if (a->shares_count != b->shares_count || a->darkens != b->darkens) return false;
    for (size_t i = 0; i < a->shares_count; i++) {
        bool found = false;
        for (size_t j = 0; j < b->shares_count; j++)
            found |= fl_text_same(a->shares[i].pigment, b->shares[j].pigment) &&
                     fabs(a->shares[i].mass_fraction - b->shares[j].mass_fraction) < 1e-9;
        if (!found) return false;
    }
    return true;
}

typedef struct class
{
    const fl_planner_ink *ink;
    fl_ink_family family;
    double prior, log_density; /* of what was seen, over that under "other" */
} class;

static int by_id(const void *a, const void *b)
{
    const fl_planner_ink *const *one = a, *const *two = b;
    return strcmp((*one)->id, (*two)->id);
}

/* In the order of their ids, so that the library's own order decides nothing. Guesses of the library ("nobody
 * knows what") are no inks. */
static size_t find_classes(const fl_ink_view *view, class classes[FL_INK_CHANCES - 1])
{
    const fl_planner_ink *inks[4 * FL_INK_CHANCES];
    size_t ink_count = 0, count = 0;
    for (const fl_planner_ink *ink; (ink = fl_planner_ink_row(view->library, ink_count)); ink_count++) {
        if (ink_count == sizeof inks / sizeof *inks) break;
        inks[ink_count] = ink;
    }
    qsort(inks, ink_count, sizeof *inks, by_id);
    for (size_t i = 0; i < ink_count && count < FL_INK_CHANCES - 1; i++) {
        const fl_ink_family family = fl_ink_family_of(inks[i]);
        if (inks[i]->known != FL_YES || (view->family && family != view->family)) continue;
        bool twin = false;
        for (size_t j = 0; j < count; j++) twin |= same_recipe(classes[j].ink, inks[i]);
        if (!twin) classes[count++] = (class){.ink = inks[i], .family = family};
    }
    return count;
}

static void set_priors(const fl_ink_view *view, class *classes, size_t count)
{
    const struct habit *habit = habits;
    while ((habit->geometry && !fl_text_same(habit->geometry, view->geometry->id)) ||
           (habit->site && !fl_text_same(habit->site, view->site->id)))
        habit++;
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        size_t siblings = 0;
        for (size_t j = 0; j < count; j++) siblings += classes[j].family == classes[i].family;
        sum += classes[i].prior = habit->family[classes[i].family] / (double)siblings;
    }
    const double all = view->family ? 1.0 : 1.0 - OTHER;
    for (size_t i = 0; i < count; i++) classes[i].prior *= all / sum;
}

/* ---- what was seen ---- */

typedef struct evidence {
    fl_lab ink, skin;
    unsigned words;
} evidence;

static bool is_lab(fl_lab lab)
{
    return isfinite(lab.L_star) && isfinite(lab.a_star) && isfinite(lab.b_star);
}

static double distance2(fl_lab a, fl_lab b, fl_lab spread)
{
    const double L = (a.L_star - b.L_star) / spread.L_star, A = (a.a_star - b.a_star) / spread.a_star,
                 B = (a.b_star - b.b_star) / spread.b_star;
    return L * L + A * A + B * B;
}

/* Mean over the skins of a normal density around what each predicts: kernels as wide as the blur. Logarithms,
 * for a colour far from all of them. */
static double density_of_lab(const ink_scene *scene, const fl_lab *seen, const evidence *e)
{
    const bool beside = is_lab(e->skin);
    const fl_lab blur = beside ? blur_beside : blur_alone, *bare = ink_scene_skin(scene);
    double least = INFINITY, sum = 0.0, far[INK_SKINS];
    for (size_t k = 0; k < INK_SKINS; k++) {
        fl_lab here = seen[k];
        if (beside)
            here = (fl_lab){e->skin.L_star + here.L_star - bare[k].L_star,
                            e->skin.a_star + here.a_star - bare[k].a_star,
                            e->skin.b_star + here.b_star - bare[k].b_star};
        least = fmin(least, far[k] = 0.5 * distance2(e->ink, here, blur));
    }
    for (size_t k = 0; k < INK_SKINS; k++) sum += exp(least - far[k]);
    const double peak = 0.0634936359342410 / (blur.L_star * blur.a_star * blur.b_star); /* (2 pi)^(-3/2) */
    const double volume = (other_most.L_star - other_least.L_star) *
                          (other_most.a_star - other_least.a_star) * (other_most.b_star - other_least.b_star);
    return log(sum / INK_SKINS * peak * volume) - least;
}

/* Chance that somebody says one of the words to this colour, over that of saying it to anything. */
static double says(unsigned asked, fl_lab colour, fl_lab skin)
{
    double all = 0.0, some = 0.0;
    unsigned count = 0;
    for (size_t i = 0; i < WORDS; i++) {
        const fl_lab c = words[i].centre, s = words[i].spread;
        const fl_lab there = {skin.L_star + c.L_star, skin.a_star + c.a_star, skin.b_star + c.b_star};
        const double d = exp(-0.5 * distance2(colour, there, s)) / (s.L_star * s.a_star * s.b_star);
        all += d;
        if (asked & 1u << words[i].colour) some += d, count++;
    }
    const double share = all > 0.0 ? some / all : 0.0;
    return ((1.0 - SLIP) * share / count + SLIP / WORDS) * WORDS;
}

static double density_of_words(const ink_scene *scene, const fl_lab *seen, unsigned asked)
{
    double sum = 0.0;
    for (size_t k = 0; k < INK_SKINS; k++) sum += says(asked, seen[k], ink_scene_skin(scene)[k]);
    return log(sum / INK_SKINS);
}

/* ---- the answer ---- */

static int likelier(const void *a, const void *b)
{
    const fl_ink_chance *one = a, *two = b;
    if (one->probability != two->probability) return one->probability < two->probability ? 1 : -1;
    if (!one->ink || !two->ink) return one->ink ? -1 : 1;
    return strcmp(one->ink->id, two->ink->id);
}

static void answer(const class *classes, size_t count, bool with_other, fl_ink_guess *guess)
{
    fl_ink_guess made = {.count = 0};
    double most = with_other ? 0.0 : -INFINITY, sum = 0.0;
    for (size_t i = 0; i < count; i++) most = fmax(most, classes[i].log_density);
    for (size_t i = 0; i < count; i++)
        made.list[made.count++] =
            (fl_ink_chance){.ink = classes[i].ink,
                            .probability = classes[i].prior * exp(classes[i].log_density - most),
                            .ratio = exp(classes[i].log_density)};
    if (with_other)
        made.list[made.count++] = (fl_ink_chance){.probability = OTHER * exp(-most), .ratio = 1.0};
    for (size_t i = 0; i < made.count; i++) sum += made.list[i].probability;
    for (size_t i = 0; i < made.count; i++) made.list[i].probability /= sum;
    if (with_other) made.other = made.list[made.count - 1].probability;
    qsort(made.list, made.count, sizeof *made.list, likelier);
    *guess = made;
}

static fl_status check_view(const fl_ink_view *view, fl_error *error)
{
    FL_ASSERT(view && view->library && view->site && view->geometry);
    if (!fl_planner_skin_type_find(view->library, view->skin_type))
        return fl_error_set(error, FL_E_RANGE, "a colour is judged on a skin of type I to VI, not %d",
                            view->skin_type);
    return FL_OK;
}

static fl_status guess_from(const fl_ink_view *view, const evidence *e, fl_ink_guess *guess, fl_error *error)
{
    fl_status status = check_view(view, error);
    if (status != FL_OK) return status;
    class classes[FL_INK_CHANCES - 1];
    const size_t count = find_classes(view, classes);
    if (!count)
        return fl_error_set(error, FL_E_RANGE, "profiles/inks.yaml has no identified ink of this family");
    set_priors(view, classes, count);
    const bool measured = is_lab(e->ink);
    if (measured || e->words) {
        ink_scene *scene = ink_scene_new(view);
        if (!scene) return fl_error_set(error, FL_E_MEMORY, "no memory for the colours of inks");
        for (size_t i = 0; i < count; i++) {
            fl_lab seen[INK_SKINS];
            ink_scene_look(scene, classes[i].ink, measured ? INK_SEEN_SOMEWHERE : INK_SEEN_DENSE, seen);
            classes[i].log_density =
                measured ? density_of_lab(scene, seen, e) : density_of_words(scene, seen, e->words);
        }
        ink_scene_free(scene);
    }
    answer(classes, count, view->family == FL_INK_ANY, guess);
    return FL_OK;
}

static fl_status check_lab(fl_lab lab, const char *of, fl_error *error)
{
    if (is_lab(lab) && lab.L_star >= 0.0 && lab.L_star <= 100.0 && fabs(lab.a_star) <= 128.0 &&
        fabs(lab.b_star) <= 128.0)
        return FL_OK;
    return fl_error_set(error, FL_E_RANGE,
                        "the %s is no CIELAB colour: L* is 0 to 100, a* and b* are -128 to 128", of);
}

fl_status fl_ink_guess_lab(const fl_ink_view *view, fl_lab ink, fl_lab skin, fl_ink_guess *guess,
                           fl_error *error)
{
    FL_ASSERT(view && guess);
    const bool no_skin = isnan(skin.L_star) && isnan(skin.a_star) && isnan(skin.b_star);
    fl_status status = check_lab(ink, "ink", error);
    if (status == FL_OK && !no_skin) status = check_lab(skin, "skin", error);
    if (status != FL_OK) return status;
    return guess_from(view, &(evidence){.ink = ink, .skin = skin}, guess, error);
}

fl_status fl_ink_guess_words(const fl_ink_view *view, unsigned asked, fl_ink_guess *guess, fl_error *error)
{
    FL_ASSERT(view && guess);
    unsigned known = 0;
    for (size_t i = 0; i < WORDS; i++) known |= 1u << words[i].colour;
    if (asked & ~known) return fl_error_set(error, FL_E_RANGE, "a colour word that nobody explained");
    return guess_from(view, &(evidence){FL_INK_NO_LAB, FL_INK_NO_LAB, asked}, guess, error);
}

fl_status fl_ink_guess_word(const fl_ink_view *view, fl_colour word, fl_ink_guess *guess, fl_error *error)
{
    if (word < FL_COLOUR_BLACK || word > FL_COLOUR_WHITE)
        return fl_error_set(error, FL_E_RANGE, "%d is no colour word", (int)word);
    return fl_ink_guess_words(view, 1u << word, guess, error);
}

const fl_ink_chance *fl_ink_guess_best(const fl_ink_guess *guess)
{
    FL_ASSERT(guess && guess->count);
    const fl_ink_chance *best = &guess->list[0];
    if (!best->ink) best++; /* there is a class, or there would be no guess */
    FL_ASSERT(best < guess->list + guess->count && best->ink);
    return best;
}

bool fl_ink_guess_may_darken(const fl_ink_guess *guess)
{
    for (size_t i = 0; i < guess->count; i++)
        if (guess->list[i].probability >= FL_INK_DARKENS_FROM &&
            (!guess->list[i].ink || guess->list[i].ink->darkens != FL_NO))
            return true;
    return false;
}

/* ---- looks ---- */

static void middle(const fl_lab *seen, fl_lab *mean, fl_lab *sd)
{
    fl_lab m = {0}, s = {0};
    for (size_t k = 0; k < INK_SKINS; k++) {
        m.L_star += seen[k].L_star / INK_SKINS;
        m.a_star += seen[k].a_star / INK_SKINS;
        m.b_star += seen[k].b_star / INK_SKINS;
    }
    for (size_t k = 0; k < INK_SKINS; k++) {
        s.L_star += pow(seen[k].L_star - m.L_star, 2) / (INK_SKINS - 1);
        s.a_star += pow(seen[k].a_star - m.a_star, 2) / (INK_SKINS - 1);
        s.b_star += pow(seen[k].b_star - m.b_star, 2) / (INK_SKINS - 1);
    }
    *mean = m;
    *sd = (fl_lab){sqrt(s.L_star), sqrt(s.a_star), sqrt(s.b_star)};
}

fl_status fl_ink_look_of(const fl_ink_view *view, const fl_planner_ink *ink, fl_ink_look *look,
                         fl_error *error)
{
    FL_ASSERT(ink && look);
    const fl_status status = check_view(view, error);
    if (status != FL_OK) return status;
    ink_scene *scene = ink_scene_new(view);
    if (!scene) return fl_error_set(error, FL_E_MEMORY, "no memory for the colours of inks");
    fl_lab seen[INK_SKINS];
    ink_scene_look(scene, ink, INK_SEEN_DENSE, seen);
    middle(seen, &look->ink, &look->ink_sd);
    ink_scene_look(scene, ink, INK_SEEN_MEAN, seen);
    middle(seen, &look->mean, &look->mean_sd);
    middle(ink_scene_skin(scene), &look->skin, &look->skin_sd);
    ink_scene_free(scene);
    return FL_OK;
}
