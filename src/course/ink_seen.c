#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>

/* More likely than not something that is in no row: then a plan for the likeliest row is a plan for another
 * ink [our rule]. */
#define UNLIKE_FROM 0.5
/* The skin of a client who has no type yet: the plan is not made, only the guess is. */
#define TYPE_MEANWHILE 3

static fl_status guess(fl_work *w, fl_ink_guess *found)
{
    const fl_case_ink *ink = &w->body->ink;
    const fl_ink_view view = {
        .library = w->in->library,
        .skin_type = w->skin.planned_as ? w->skin.planned_as : TYPE_MEANWHILE,
        .site = w->site,
        .geometry = w->geometry,
        .family = ink->family,
    };
    if (ink->family) return fl_ink_guess_words(&view, ink->colours, found, w->error);
    if (ink->seen) return fl_ink_guess_word(&view, ink->seen, found, w->error);
    return fl_ink_guess_lab(&view, (fl_lab){ink->lab.L, ink->lab.a, ink->lab.b},
                            (fl_lab){ink->skin_lab.L, ink->skin_lab.a, ink->skin_lab.b}, found, w->error);
}

static const char *how(const fl_case_ink *ink, char text[64])
{
    if (ink->family) {
        for (const fl_yaml_choice *f = fl_ink_family_choices; f->word; f++)
            if (f->value == (int)ink->family) snprintf(text, 64, "of the family %s", f->word);
    } else if (ink->seen) {
        for (const fl_yaml_choice *c = fl_ink_word_choices; c->word; c++)
            if (c->value == (int)ink->seen) return snprintf(text, 64, "seen as %s", c->word), text;
    } else {
        snprintf(text, 64, "measured as L* %.0f, a* %.0f, b* %.0f", ink->lab.L, ink->lab.a, ink->lab.b);
    }
    return text;
}

fl_status fl_work_ink(fl_work *w)
{
    if (w->ink) return FL_OK; /* named by its id */
    const fl_case_ink *ink = &w->body->ink;
    fl_ink_guess found;
    const fl_status status = guess(w, &found);
    if (status != FL_OK) return status;

    const fl_ink_chance *best = fl_ink_guess_best(&found);
    const bool named = ink->family && best->probability >= w->rules->ink_known_from;
    const bool darkens = fl_ink_guess_may_darken(&found);
    w->guessed = *best->ink;
    if (!named) w->guessed.known = FL_NO;
    if (darkens) w->guessed.darkens = FL_YES;
    w->ink = &w->guessed;
    if (named && found.count == 1) return FL_OK; /* the family is one ink: as good as its id */

    char by[64] = "", text[300];
    fl_text list = fl_text_in(text, sizeof text);
    for (size_t i = 0; i < found.count && i < 3; i++)
        fl_text_add(&list, "%s%s %.0f %%", i ? ", " : "", found.list[i].ink ? found.list[i].ink->id : "other",
                    100.0 * found.list[i].probability);
    fl_plan_reason *reason = fl_plan_say(
        w->plan, FL_RANK_CAUTION, "ink-guessed", "The ink is %s, which may be: %s. It is planned as %s%s.%s",
        how(ink, by), text, w->ink->id, named ? "" : ", and not as identified",
        darkens ? " One of them darkens: darkening is possible." : "");
    snprintf(reason->change, sizeof reason->change,
             "The artist's or maker's word, on paper; or a colour measured beside bare skin.");
    if (found.other > UNLIKE_FROM) {
        reason = fl_plan_say(
            w->plan, FL_RANK_REFUSE, "ink-unlike-any",
            "No ink of the table looks like this (%.0f %%): nothing is planned for an ink nobody can name.",
            100.0 * found.other);
        snprintf(reason->change, sizeof reason->change, "Measure again with a colour card, or name the ink.");
    }
    return FL_OK;
}
