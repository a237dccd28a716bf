/* Skin in the case form: ten items with their texts, the measured colour, what the practitioner sees; and
 * what they add up to, by the same functions that a plan asks. */
#include "case_form.h"

#include "fadeline/base/text.h"
#include "fadeline/course/skin_form.h"

#include <math.h>
#include <string.h>

#define ITEM_WORDS(name)                                                                                     \
    {                                                                                                        \
        W_SKIN_##name,                                                                                       \
        {                                                                                                    \
            W_SKIN_##name##_0, W_SKIN_##name##_1, W_SKIN_##name##_2, W_SKIN_##name##_3, W_SKIN_##name##_4    \
        }                                                                                                    \
    }
static const struct item_words {
    word ask, answers[FL_SKIN_ITEM_MOST + 1];
} items[FL_SKIN_ITEMS] = {ITEM_WORDS(G1), ITEM_WORDS(G2), ITEM_WORDS(G3), ITEM_WORDS(G4), ITEM_WORDS(R1),
                          ITEM_WORDS(R2), ITEM_WORDS(R3), ITEM_WORDS(R4), ITEM_WORDS(T1), ITEM_WORDS(T2)};

static const char *const item_paths[FL_SKIN_ITEMS] = {
    "skin.form.G1", "skin.form.G2", "skin.form.G3", "skin.form.G4", "skin.form.R1",
    "skin.form.R2", "skin.form.R3", "skin.form.R4", "skin.form.T1", "skin.form.T2"};

const char *case_blank_item(const case_form *f)
{
    for (size_t i = 0; i < FL_SKIN_ITEMS; i++)
        if (!fl_draft_get(f->d, item_paths[i])) return item_paths[i];
    return NULL;
}

static void put_item(page *p, const case_form *f, size_t n)
{
    html *w = &p->html;
    const char *name = case_input(p, item_paths[n]), *now = fl_draft_get(f->d, item_paths[n]);
    html_put(w, "<fieldset class=\"choice\" id=\"%s\"><legend>%s · %s</legend>", name,
             fl_skin_item_name((int)n), say(p, items[n].ask));
    case_put_wrong(p, f, item_paths[n]);
    for (int i = 0; i <= FL_SKIN_ITEM_MOST; i++) {
        const char digit[2] = {(char)('0' + i), 0};
        html_put(w, "<label><input type=\"radio\" name=\"%s\" value=\"%s\"%s><span>%s · %s</span></label>",
                 name, digit, now && strcmp(now, digit) == 0 ? " checked" : "", digit,
                 say(p, items[n].answers[i]));
    }
    html_put(w, "</fieldset>");
}

/* ---- what it adds up to ---- */

static double number_at(const case_form *f, const char *path)
{
    double value;
    const char *text = fl_draft_get(f->d, path);
    return text && fl_read_double(text, &value) == FL_OK ? value : NAN;
}

static int practitioner(const case_form *f)
{
    const char *now = fl_draft_get(f->d, "skin.practitioner");
    for (const fl_yaml_choice *c = fl_draft_field(f->d, "skin.practitioner")->choices; now && c->word; c++)
        if (strcmp(c->word, now) == 0) return c->value;
    return 0;
}

static const char *type_text(const page *p, int type)
{
    return type == FL_SKIN_V_VI ? say(p, W_SKIN_V_VI) : fl_skin_type_roman(type);
}

static void put_fact(page *p, word label, const char *value)
{
    html_put(&p->html, "<div><dt>%s</dt><dd>%s</dd></div>", say(p, label), value);
}

static void put_sum(page *p, const case_form *f)
{
    html *w = &p->html;
    fl_skin_form form;
    fl_skin_score score;
    fl_error error = {0};
    fl_skin_decision decision;
    const fl_skin_rules *rules = &f->book->rules->skin;
    bool any = false;
    for (size_t i = 0; i < FL_SKIN_ITEMS; i++) {
        const char *now = fl_draft_get(f->d, item_paths[i]);
        int64_t value;
        form.answers[i] = now && fl_read_i64(now, &value) == FL_OK && value >= 0 && value < 1000
                              ? (int)value
                              : FL_SKIN_BLANK;
        any |= now != NULL;
    }
    if (!any) return;
    html_put(w, "<div class=\"sum-up\" id=\"sum\" role=\"status\">");
    if (fl_skin_form_score(&form, rules, &score, &error) != FL_OK) {
        page_put_said(p, error.what);
        html_put(w, ". ");
        page_put_said(p, error.hint);
        html_put(w, "</div>");
        return;
    }
    const double site = number_at(f, "skin.site_ita_deg"), bare = number_at(f, "skin.unexposed_ita_deg");
    const fl_skin_evidence evidence = {.score = &score,
                                       .has_ita_site = isfinite(site),
                                       .has_ita_unexposed = isfinite(bare),
                                       .ita_site_deg = site,
                                       .ita_unexposed_deg = bare,
                                       .practitioner = practitioner(f)};
    fl_skin_decide(&evidence, rules, &decision);
    html_put(w, "<dl class=\"facts\">");
    put_fact(p, W_SKIN_TOTAL, page_number(p, score.total >= 0 ? score.total : NAN, 0));
    put_fact(p, W_SKIN_EIGHT, page_number(p, score.subtotal >= 0 ? score.subtotal : NAN, 0));
    put_fact(p, W_SKIN_BAND, score.type ? type_text(p, score.type) : "–");
    if (isfinite(site))
        put_fact(p, W_SKIN_FROM_ITA, decision.from_ita ? fl_skin_type_roman(decision.from_ita) : "–");
    put_fact(p, W_SKIN_PLANNED, decision.planned_as ? fl_skin_type_roman(decision.planned_as) : "–");
    html_put(w, "</dl>");
    if (score.blank >= 0)
        html_put(w, "<p class=\"wrong\">%s</p>", page_fill(p, W_CASE_BLANK, fl_skin_item_name(score.blank)));
    if (score.two_bands) html_put(w, "<p>%s</p>", say(p, W_SKIN_TWO_BANDS));
    if (decision.open) html_put(w, "<p>%s</p>", say(p, W_SKIN_OPEN));
    if (decision.disagree) html_put(w, "<p>%s</p>", say(p, W_SKIN_DISAGREE));
    html_put(w, "<p>%s</p></div>",
             say(p, score.sun_recent || decision.tan_suspected ? W_SKIN_SUN : W_SKIN_SUN_CLEAR));
}

void case_put_skin(page *p, const case_form *f)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_PLAN_SKIN));
    for (size_t i = 0; i < FL_SKIN_ITEMS; i++) put_item(p, f, i);
    html_put(w, "<div class=\"pair\">");
    case_put_text(p, f, "skin.site_ita_deg", say(p, W_CASE_ITA), "number");
    case_put_text(p, f, "skin.unexposed_ita_deg", say(p, W_CASE_ITA_BARE), "number");
    case_put_text(p, f, "skin.last_sun", say(p, W_CASE_LAST_SUN), "date");
    html_put(w, "</div>");
    case_put_choice(p, f, "skin.practitioner", say(p, W_CASE_PRACTITIONER));
    put_sum(p, f);
    html_put(w, "</section>");
}
