#include "fadeline/course/skin_form.h"

#include "fadeline/base/assert.h"

#include <math.h>

#define DEGREES_PER_RADIAN 57.295779513082320877

const char *fl_skin_item_name(int index)
{
    static const char *const names[FL_SKIN_ITEMS] = {"G1", "G2", "G3", "G4", "R1",
                                                     "R2", "R3", "R4", "T1", "T2"};
    FL_ASSERT(index >= 0 && index < FL_SKIN_ITEMS);
    return names[index];
}

/* Every band that holds the total is looked at: where two do, the darker one wins. */
static int type_of_total(const fl_skin_rules *rules, int total, bool *two_bands)
{
    int type = 0;
    *two_bands = false;
    for (size_t i = 0; i < rules->bands_count; i++) {
        if (total < rules->bands[i].from || total > rules->bands[i].to) continue;
        if (type) *two_bands = true;
        if (rules->bands[i].type > type) type = rules->bands[i].type;
    }
    return type;
}

fl_status fl_skin_form_score(const fl_skin_form *form, const fl_skin_rules *rules, fl_skin_score *score,
                             fl_error *error)
{
    FL_ASSERT(form && rules && score);
    fl_skin_score found = {.blank = -1, .total = 0, .subtotal = 0};
    bool eight_complete = true;
    for (int i = 0; i < FL_SKIN_ITEMS; i++) {
        const int answer = form->answers[i];
        if (answer == FL_SKIN_BLANK) {
            if (found.blank < 0) found.blank = i;
            if (i < FL_SKIN_SUN_LAST) eight_complete = false;
            continue;
        }
        if (answer < 0 || answer > FL_SKIN_ITEM_MOST) {
            fl_error_set(error, FL_E_RANGE, "item %s of the skin form is %d", fl_skin_item_name(i), answer);
            if (error) fl_error_hint(error, "every answer is a whole number from 0 to %d", FL_SKIN_ITEM_MOST);
            return FL_E_RANGE;
        }
        found.total += answer;
        if (i < FL_SKIN_SUN_LAST) found.subtotal += answer;
    }
    if (!eight_complete) found.subtotal = -1;
    found.sun_recent = form->answers[FL_SKIN_SUN_LAST] >= rules->sun_item_recent;
    if (found.blank >= 0) {
        found.total = -1;
        *score = found;
        return FL_OK;
    }
    found.type = type_of_total(rules, found.total, &found.two_bands);
    if (!found.type) {
        fl_error_set(error, FL_E_FILE, "no band of the rule file holds a skin form total of %d", found.total);
        if (error) fl_error_hint(error, "the bands must cover every total from 0 to 40");
        return FL_E_FILE;
    }
    *score = found;
    return FL_OK;
}

fl_status fl_skin_ita(double lightness, double b, double *ita_deg)
{
    FL_ASSERT(ita_deg);
    if (!(lightness >= 0.0 && lightness <= 100.0)) return FL_E_RANGE;
    if (!(b > 0.0 && b <= 100.0)) return FL_E_RANGE;
    *ita_deg = atan((lightness - 50.0) / b) * DEGREES_PER_RADIAN;
    return FL_OK;
}

const fl_skin_class *fl_skin_ita_class_of(const fl_skin_rules *rules, double ita_deg)
{
    if (!rules->ita_classes_count) return NULL;
    for (size_t i = 0; i + 1 < rules->ita_classes_count; i++)
        if (ita_deg > rules->ita_classes[i].above_deg) return &rules->ita_classes[i];
    return &rules->ita_classes[rules->ita_classes_count - 1];
}

static void take_darker(int type, int *planned_as, bool *disagree)
{
    if (!type) return;
    if (*planned_as && *planned_as != type) *disagree = true;
    if (type > *planned_as) *planned_as = type;
}

void fl_skin_decide(const fl_skin_evidence *evidence, const fl_skin_rules *rules, fl_skin_decision *decision)
{
    FL_ASSERT(evidence && rules && decision);
    *decision = (fl_skin_decision){0};
    const fl_skin_score *score = evidence->score;
    /* A form that was begun and not finished is no evidence of anything: no type, and so no plan. */
    if (score && score->blank >= 0) return;

    int form = score ? score->type : 0;
    if (form == FL_SKIN_V_VI) {
        /* Only V or VI answers the question the form leaves open; a lighter word does not close it. */
        if (evidence->practitioner >= 5)
            form = evidence->practitioner;
        else
            decision->open = true;
    }
    decision->type = form ? form : evidence->practitioner;
    take_darker(decision->open ? 6 : form, &decision->planned_as, &decision->disagree);
    take_darker(evidence->practitioner, &decision->planned_as, &decision->disagree);
    if (evidence->has_ita_site) {
        const fl_skin_class *measured = fl_skin_ita_class_of(rules, evidence->ita_site_deg);
        decision->from_ita = measured ? measured->type : 0;
        /* Colour alone types nobody: it can only darken what a form or a person said. */
        if (decision->planned_as) take_darker(decision->from_ita, &decision->planned_as, &decision->disagree);
    }
    if (evidence->has_ita_site && evidence->has_ita_unexposed) {
        decision->tan_drop_deg = evidence->ita_unexposed_deg - evidence->ita_site_deg;
        decision->tan_suspected = decision->tan_drop_deg > rules->tan_drop_deg;
    }
}
