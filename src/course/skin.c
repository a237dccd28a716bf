#include "work.h"

#include "fadeline/base/text.h"

#include <math.h>

/* ITA as given, or from L* and b*; false: neither. A meter that gives nonsense is said, not used. */
static bool measured(fl_work *w, double ita_deg, double lightness, double b, const char *where, double *found)
{
    if (isfinite(ita_deg)) {
        *found = ita_deg;
        return true;
    }
    if (isnan(lightness) && isnan(b)) return false;
    if (fl_skin_ita(lightness, b, found) == FL_OK) return true;
    fl_plan_say(w->plan, FL_RANK_CAUTION, "ita-unusable",
                "L* and b* of the %s skin give no angle and are not used.", where);
    return false;
}

static void say_form(fl_work *w, const fl_skin_score *score)
{
    fl_plan *plan = w->plan;
    if (score->blank >= 0) {
        fl_plan_reason *reason = fl_plan_say(plan, FL_RANK_DEFER, "form-blank",
                                             "Item %s of the skin form is blank: no type, no plan.",
                                             fl_skin_item_name(score->blank));
        snprintf(reason->change, sizeof reason->change, "Answer all ten items.");
        return;
    }
    if (score->two_bands)
        fl_plan_say(plan, FL_RANK_INFO, "form-two-bands",
                    "A total of %d stands in two bands; the darker, %s, is taken.", score->total,
                    fl_skin_type_roman(score->type));
    if (w->skin.open) {
        fl_plan_reason *reason = fl_plan_say(
            plan, FL_RANK_CAUTION, "type-open",
            "A total of %d says V-VI and does not split them; planned as VI until the practitioner chooses.",
            score->total);
        snprintf(reason->change, sizeof reason->change, "The practitioner chooses V or VI.");
    }
}

static void say_types(fl_work *w)
{
    fl_plan *plan = w->plan;
    const fl_skin_decision *skin = &w->skin;
    if (skin->disagree) {
        char text[FL_PLAN_LINE];
        fl_text line = fl_text_in(text, sizeof text);
        if (w->score.type) fl_text_add(&line, "form %s", fl_skin_type_roman(w->score.type));
        if (skin->from_ita)
            fl_text_add(&line, "%scolour %s", line.length ? ", " : "", fl_skin_type_roman(skin->from_ita));
        if (w->body->skin.practitioner)
            fl_text_add(&line, "%spractitioner %s", line.length ? ", " : "",
                        fl_skin_type_roman(w->body->skin.practitioner));
        fl_plan_say(plan, FL_RANK_CAUTION, "types-disagree",
                    "The skin types do not agree (%s): planned with the darkest, %s.", text,
                    fl_skin_type_roman(skin->planned_as));
    }
    if (skin->tan_suspected) {
        fl_plan_reason *reason = fl_plan_say(
            plan, FL_RANK_CAUTION, "tan-suspected",
            "The colour angle falls by %.1f degrees from unexposed skin to the site, which suggests a tan.",
            skin->tan_drop_deg);
        snprintf(reason->change, sizeof reason->change, "Measure again when the tan has faded.");
    }
    if (!skin->planned_as && w->score.blank < 0) {
        fl_plan_reason *reason =
            fl_plan_say(plan, FL_RANK_DEFER, "type-unknown", "Nobody has typed the skin: no type, no plan.");
        snprintf(reason->change, sizeof reason->change,
                 "Fill in the skin form, or the practitioner names the type.");
    }
}

/* A form on which nothing at all was answered was not filled in. */
static bool is_empty(const fl_skin_form *form)
{
    for (int i = 0; i < FL_SKIN_ITEMS; i++)
        if (form->answers[i] != FL_SKIN_BLANK) return false;
    return true;
}

fl_status fl_work_skin(fl_work *w)
{
    const fl_case_skin *skin = &w->body->skin;
    const fl_case_form *f = &skin->form;
    const fl_skin_form form = {{f->G1, f->G2, f->G3, f->G4, f->R1, f->R2, f->R3, f->R4, f->T1, f->T2}};
    const bool filled = !is_empty(&form);
    w->score = (fl_skin_score){.blank = -1, .total = -1, .subtotal = -1};
    if (filled) {
        fl_status status = fl_skin_form_score(&form, &w->rules->skin, &w->score, w->error);
        if (status != FL_OK) return status;
    }
    fl_skin_evidence evidence = {.score = filled ? &w->score : NULL, .practitioner = skin->practitioner};
    evidence.has_ita_site =
        measured(w, skin->site_ita_deg, skin->site_lightness, skin->site_b, "site's", &evidence.ita_site_deg);
    evidence.has_ita_unexposed = measured(w, skin->unexposed_ita_deg, skin->unexposed_lightness,
                                          skin->unexposed_b, "unexposed", &evidence.ita_unexposed_deg);
    fl_skin_decide(&evidence, &w->rules->skin, &w->skin);

    w->plan->skin = (fl_plan_skin){
        .type = w->skin.type,
        .form_total = w->score.total,
        .form_subtotal = w->score.subtotal,
        .ita_known = evidence.has_ita_site,
        .ita_deg = evidence.has_ita_site ? evidence.ita_site_deg : 0.0,
        .planned_as = w->skin.planned_as,
    };
    if (filled) say_form(w, &w->score);
    say_types(w);
    return FL_OK;
}
