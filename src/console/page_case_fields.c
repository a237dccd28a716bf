/* One input of the case form: its label, what is wrong with it, and what it holds. */
#include "case_form.h"

#include <ctype.h>
#include <string.h>

const char *case_input(page *p, const char *path)
{
    char name[FIELD_NAME_MOST + 1];
    size_t n = 0;
    for (; *path && n < FIELD_NAME_MOST; path++)
        if (*path != ']')
            name[n++] = *path == '.' || *path == '[' ? '-' : (char)tolower((unsigned char)*path);
    name[n] = 0;
    return page_format(p, "%s", name);
}

const fl_fault *case_fault(const case_form *f, const char *path)
{
    for (size_t i = 0; f->faults && i < f->faults->count; i++) {
        const char *at = fl_draft_path(f->d, f->faults->list[i].at.line);
        if (at && strcmp(at, path) == 0) return &f->faults->list[i];
    }
    return NULL;
}

void case_put_wrong(page *p, const case_form *f, const char *path)
{
    const fl_fault *fault = case_fault(f, path);
    const char *blank = f->faults ? case_blank_item(f) : NULL;
    if (fault) {
        html_put(&p->html, "<p class=\"wrong\" id=\"%s-wrong\">", case_input(p, path));
        page_put_said(p, fault->what);
        html_put(&p->html, " ");
        page_put_said(p, fault->hint);
        html_put(&p->html, "</p>");
    } else if (blank && strcmp(blank, path) == 0)
        html_put(&p->html, "<p class=\"wrong\" id=\"%s-wrong\">%s</p>", case_input(p, path),
                 page_fill(p, W_CASE_BLANK, blank + 10));
}

/* Data has points; a reader has his comma. */
static const char *shown(page *p, const case_form *f, const char *path, const char *type)
{
    const char *value = fl_draft_get(f->d, path);
    const char *point = value ? strchr(value, '.') : NULL;
    if (!value) return "";
    if (strcmp(type, "number") != 0 || p->language != FRENCH || !point || strchr(value, ',')) return value;
    return page_format(p, "%.*s,%s", (int)(point - value), value, point + 1);
}

void case_put_text(page *p, const case_form *f, const char *path, const char *label, const char *type)
{
    html *w = &p->html;
    const char *name = case_input(p, path);
    const bool number = strcmp(type, "number") == 0;
    html_put(w, "<div class=\"field\"><label for=\"%s\">%s</label>", name, label);
    case_put_wrong(p, f, path);
    html_put(w, "<input id=\"%s\" name=\"%s\" type=\"%s\" value=\"%s\"", name, name, number ? "text" : type,
             shown(p, f, path, type));
    if (number) html_put(w, " inputmode=\"decimal\"");
    if (case_fault(f, path)) html_put(w, " aria-invalid=\"true\" aria-describedby=\"%s-wrong\"", name);
    html_put(w, " autocapitalize=\"none\" spellcheck=\"false\"></div>");
}

void case_put_select(page *p, const case_form *f, const char *path, const char *label,
                     const char *const *values, const char *const *texts, size_t count)
{
    html *w = &p->html;
    bool found = false;
    const char *name = case_input(p, path), *now = fl_draft_get(f->d, path);
    html_put(w, "<div class=\"field\"><label for=\"%s\">%s</label>", name, label);
    case_put_wrong(p, f, path);
    html_put(w, "<select id=\"%s\" name=\"%s\" aria-invalid=\"%s\"><option value=\"\">–</option>", name, name,
             case_fault(f, path) ? "true" : "false");
    for (size_t i = 0; i < count; i++) {
        const bool chosen = now && strcmp(now, values[i]) == 0;
        const char *french = page_in_french(p, texts[i]);
        html_put(w,
                 p->language == FRENCH && !french ? "<option value=\"%s\" lang=\"en\"%s>%s</option>"
                                                  : "<option value=\"%s\"%s>%s</option>",
                 values[i], chosen ? " selected" : "", french ? french : texts[i]);
        found |= chosen;
    }
    if (now && !found) html_put(w, "<option value=\"%s\" selected>%s</option>", now, now);
    html_put(w, "</select></div>");
}

static void put_radio(page *p, const char *name, const char *value, const char *text, bool on)
{
    html_put(&p->html, "<label><input type=\"radio\" name=\"%s\" value=\"%s\"%s><span>%s</span></label>",
             name, value, on ? " checked" : "", text);
}

/* Words of the schema that have one of ours, the others as they are. */
static const char *word_text(page *p, const char *value)
{
    static const struct {
        const char *value;
        word text;
    } rows[] = {{"remove", W_GOAL_REMOVE},
                {"fade", W_GOAL_FADE},
                {"lighten-for-redo", W_GOAL_LIGHTEN},
                {"reshape", W_GOAL_RESHAPE},
                {"goggles", W_SHIELD_GOGGLES},
                {"opaque", W_SHIELD_OPAQUE},
                {"metal-external", W_SHIELD_OUT},
                {"metal-internal", W_SHIELD_IN}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].value, value) == 0) return say(p, rows[i].text);
    const char *french = page_in_french(p, value);
    return french ? french : value;
}

void case_put_choice(page *p, const case_form *f, const char *path, const char *label)
{
    html *w = &p->html;
    const char *name = case_input(p, path), *now = fl_draft_get(f->d, path);
    const fl_yaml_field *row = fl_draft_field(f->d, path);
    html_put(w, "<fieldset class=\"choice\" id=\"%s\"><legend>%s</legend>", name, label);
    case_put_wrong(p, f, path);
    if (row && row->choices) {
        for (const fl_yaml_choice *c = row->choices; c->word; c++)
            put_radio(p, name, c->word, word_text(p, c->word), now && strcmp(now, c->word) == 0);
    } else {
        put_radio(p, name, "yes", say(p, W_YES), now && strcmp(now, "yes") == 0);
        put_radio(p, name, "no", say(p, W_NO), now && strcmp(now, "no") == 0);
    }
    html_put(w, "</fieldset>");
}
