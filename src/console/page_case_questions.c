/* Screening in the case form: each question of the rule file, yes or no; a yes has a day and words. What
 * nobody asked stays unasked: it does not pass for a no. */
#include "case_form.h"

#include <string.h>

static const char *input(page *p, const char *what, const char *id)
{
    return case_input(p, page_format(p, "%s-%s", what, id));
}

/* Its place among the answers that are yes; -1: it is not. */
static int reported_at(page *p, const case_form *f, const char *id)
{
    for (int i = 0; i < 64; i++) {
        const char *found = fl_draft_get(f->d, page_format(p, "reported[%d].id", i));
        if (!found) return -1;
        if (strcmp(found, id) == 0) return i;
    }
    return -1;
}

static void put_question(page *p, const case_form *f, const fl_screening_rule *rule)
{
    html *w = &p->html;
    const int at = reported_at(p, f, rule->id);
    const bool no = fl_draft_lists(f->d, "denied", rule->id);
    const char *name = input(p, "ask", rule->id), *on = NULL, *text = NULL;
    if (at >= 0) {
        on = fl_draft_get(f->d, page_format(p, "reported[%d].on", at));
        text = fl_draft_get(f->d, page_format(p, "reported[%d].text", at));
    }
    html_put(w, "<fieldset class=\"choice question\" id=\"%s\"><legend>", name);
    page_put_said(p, rule->ask);
    html_put(w, "</legend>");
    if (at >= 0) {
        case_put_wrong(p, f, page_format(p, "reported[%d].on", at));
        case_put_wrong(p, f, page_format(p, "reported[%d].text", at));
    }
    html_put(w, "<label><input type=\"radio\" name=\"%s\" value=\"no\"%s><span>%s</span></label>", name,
             no ? " checked" : "", say(p, W_NO));
    html_put(w, "<label><input type=\"radio\" name=\"%s\" value=\"yes\"%s><span>%s</span></label>", name,
             at >= 0 ? " checked" : "", say(p, W_YES));
    html_put(w,
             "<div class=\"when\"><input type=\"date\" name=\"%s\" value=\"%s\" aria-label=\"%s\">"
             "<input type=\"text\" name=\"%s\" value=\"%s\" aria-label=\"%s\"></div></fieldset>",
             input(p, "on", rule->id), on ? on : "", say(p, W_CASE_SINCE), input(p, "why", rule->id),
             text ? text : "", say(p, W_CASE_REMARK));
}

void case_put_questions(page *p, const case_form *f)
{
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><p>%s</p>", say(p, W_CASE_QUESTIONS), say(p, W_CASE_QUESTIONS_NOTE));
    for (size_t i = 0; i < f->book->rules->screening_count; i++)
        put_question(p, f, &f->book->rules->screening[i]);
    html_put(w, "</section>");
}

/* A yes keeps what the page does not show of it: a physician's clearance. */
static void report(page *p, case_form *f, const char *id, const char *fresh, int to)
{
    static const char *const kept[] = {"cleared_by", "cleared_on"};
    const int at = reported_at(p, f, id);
    for (size_t i = 0; at >= 0 && i < 2; i++)
        fl_draft_set(f->d, page_format(p, "%s[%d].%s", fresh, to, kept[i]),
                     fl_draft_get(f->d, page_format(p, "reported[%d].%s", at, kept[i])));
    fl_draft_set(f->d, page_format(p, "%s[%d].id", fresh, to), id);
    fl_draft_set(f->d, page_format(p, "%s[%d].on", fresh, to), page_given(p, input(p, "on", id)));
    fl_draft_set(f->d, page_format(p, "%s[%d].text", fresh, to), page_given(p, input(p, "why", id)));
}

void case_read_questions(page *p, case_form *f)
{
    enum { MOST = 128 };
    const char *denied[MOST];
    size_t no = 0;
    int yes = 0;
    for (size_t i = 0; i < f->book->rules->screening_count; i++) {
        const char *id = f->book->rules->screening[i].id, *said = page_given(p, input(p, "ask", id));
        if (said && strcmp(said, "no") == 0 && no < MOST) denied[no++] = id;
        if (said && strcmp(said, "yes") == 0) report(p, f, id, "fresh", yes++);
    }
    fl_draft_drop(f->d, "reported");
    fl_draft_move(f->d, "fresh", "reported");
    fl_draft_list(f->d, "denied", denied, no);
}
