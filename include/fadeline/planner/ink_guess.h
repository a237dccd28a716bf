/* Ink guess: from a colour, seen or measured, to the inks it may be, with probabilities.
 *
 * Each ink of the library is laid into 192 skins that could be this one (melanin, blood, depth, amount of
 * ink, clumping, recipe), and what an eye would see of it is predicted. How often that meets what was seen,
 * times how often such ink is found there, is its chance; inks of one recipe are one class. "Other" is a
 * class too: an ink, a mixture or a shadow that is not in the table looks like any colour, evenly. Far from
 * everything it wins.
 *
 * The trap: a colour is not an ink. Carbon and dark oxides look alike and answer lasers differently; so
 * whatever is guessed from colour alone is planned as not identified, and when any class with a chance of 5 %
 * darkens, darkening is possible.
 *
 *     const fl_ink_view view = {library, 2, fl_planner_site_find(library, "eyebrow"),
 *                               fl_planner_geometry_find(library, "pmu"), FL_INK_ANY};
 *     fl_ink_guess guess;
 *     if (fl_ink_guess_word(&view, FL_COLOUR_ORANGE, &guess, &error) != FL_OK) ...
 *     // guess.list[0]: the likeliest; .ink is NULL for "other"
 *
 * Deterministic: the same answer to the bit, whatever the order of the library. FL_E_RANGE for a NaN, a
 * colour that no surface has, or a skin type that is none; *guess is then left alone.
 */
#ifndef FL_PLANNER_INK_GUESS_H
#define FL_PLANNER_INK_GUESS_H

#include "fadeline/colour/lab.h"
#include "fadeline/config/device.h"
#include "fadeline/planner/library.h"

/* What a brand sells, told by what is in it: shares by mass, our rule. */
typedef enum fl_ink_family {
    FL_INK_ANY,
    FL_INK_CARBON,    /* carbon and nothing else that absorbs */
    FL_INK_HYBRID,    /* carbon with iron oxides or organics */
    FL_INK_IRON,      /* iron oxides, with or without some white */
    FL_INK_CORRECTOR, /* 70 % white and more */
    FL_INK_WARM,      /* organic reds, oranges, yellows */
    FL_INK_COOL,      /* organic and mineral blues, greens, violets */
    FL_INK_FAMILIES
} fl_ink_family;
extern const fl_yaml_choice fl_ink_family_choices[]; /* "carbon-smp", "hybrid", "iron-oxide", ... */
fl_ink_family fl_ink_family_of(const fl_planner_ink *ink);
/* Words of fl_colour_choices, and "flesh" for tan, "violet" for purple. */
extern const fl_yaml_choice fl_ink_word_choices[];

typedef struct fl_ink_view {
    const fl_planner_library *library;
    int skin_type; /* 1..6 */
    const fl_planner_site *site;
    const fl_planner_geometry *geometry;
    fl_ink_family family; /* somebody's word: only these; "other" is then left out */
} fl_ink_view;

typedef struct fl_ink_chance {
    const fl_planner_ink *ink; /* first by id of its recipe; NULL: other, not in the table */
    double probability;
    double ratio; /* how much better it explains what was seen than "any colour" does; 1 for other */
} fl_ink_chance;

#define FL_INK_CHANCES 64
typedef struct fl_ink_guess {
    fl_ink_chance list[FL_INK_CHANCES]; /* likeliest first; they sum to 1 */
    size_t count;
    double other; /* chance that it is in no class */
} fl_ink_guess;

#define FL_INK_DARKENS_FROM 0.05 /* a class with this chance counts [our rule] */
/* The likeliest class with an ink. Never NULL. */
const fl_ink_chance *fl_ink_guess_best(const fl_ink_guess *guess);
/* True when a class of that chance darkens; "other" darkens: unknown reads as bad. */
bool fl_ink_guess_may_darken(const fl_ink_guess *guess);

/* CIELAB under D65 for the 2 degree observer, as `fadeline colour` measures it: of the ink, anywhere between
 * one dense place and the mean over dots. `skin`: bare skin beside it, from the same photo, or FL_INK_NO_LAB;
 * it takes out most of what is not known of skin, light and camera. */
#define FL_INK_NO_LAB ((fl_lab){NAN, NAN, NAN})
FL_MUST_USE fl_status fl_ink_guess_lab(const fl_ink_view *view, fl_lab ink, fl_lab skin, fl_ink_guess *guess,
                                       fl_error *error);
/* A colour as a person names it, of the dense part of the ink. */
FL_MUST_USE fl_status fl_ink_guess_word(const fl_ink_view *view, fl_colour word, fl_ink_guess *guess,
                                        fl_error *error);
/* Several words at once, bits 1 << fl_colour, each of some of the ink; 0: nothing was seen, only the habits
 * of the place and the family speak. */
FL_MUST_USE fl_status fl_ink_guess_words(const fl_ink_view *view, unsigned words, fl_ink_guess *guess,
                                         fl_error *error);

/* ---- what an ink should look like ---- */

typedef struct fl_ink_look {
    fl_lab ink, ink_sd;   /* its dense part: mean and standard deviation over the skins */
    fl_lab mean, mean_sd; /* the light of inked and bare skin together, as the geometry covers it */
    fl_lab skin, skin_sd; /* bare */
} fl_ink_look;
FL_MUST_USE fl_status fl_ink_look_of(const fl_ink_view *view, const fl_planner_ink *ink, fl_ink_look *look,
                                     fl_error *error);

#endif
