/* A case: the form, and the file that it writes to HOME/cases/CODE-DATE.yaml. What is checked is the text
 * that will be kept, by the config module that will read it; every fault stands at its input. */
#include "case_form.h"
#include "core.h"

#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"
#include "fadeline/course/estimate.h"

#include <stdlib.h>
#include <string.h>

/* What one input is, besides zones and questions. */
static const char *const paths[] = {"client",
                                    "procedure",
                                    "site",
                                    "age_years",
                                    "date",
                                    "text",
                                    "goal.kind",
                                    "goal.fade_percent",
                                    "goal.text",
                                    "goal.deadline",
                                    "goal.deadline_for",
                                    "goal.deadline_stands",
                                    "skin.form.G1",
                                    "skin.form.G2",
                                    "skin.form.G3",
                                    "skin.form.G4",
                                    "skin.form.R1",
                                    "skin.form.R2",
                                    "skin.form.R3",
                                    "skin.form.R4",
                                    "skin.form.T1",
                                    "skin.form.T2",
                                    "skin.site_ita_deg",
                                    "skin.unexposed_ita_deg",
                                    "skin.practitioner",
                                    "skin.last_sun",
                                    "ink.id",
                                    "ink.identified",
                                    "ink.white_inside",
                                    "ink.age_months",
                                    "ink.layers",
                                    "ink.text",
                                    "kirby_desai.colour",
                                    "kirby_desai.ink",
                                    "kirby_desai.scarring",
                                    "kirby_desai.layering",
                                    "smoker",
                                    "overlap",
                                    "picture_scale",
                                    "room.physician",
                                    "room.shields"};
#define PATHS (sizeof paths / sizeof *paths)

/* ---- a form's beginning and end ---- */

static void end(case_form *f)
{
    fl_draft_free(f->d);
    fl_faults_free(f->faults);
    fl_rulebook_free(f->book);
    fl_planner_library_free(f->library);
}

static fl_status take_base(page *p, case_form *f, const char *name, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_case *c;
    if (!cases_path(p, name, path)) return fl_error_set(error, FL_E_NO, "there is no case %s", name);
    const fl_status status = fl_case_load(path, NULL, &c, error);
    if (status != FL_OK) return status;
    fl_draft_take(f->d, fl_yaml_root(c->file));
    case_forget_drawn_areas(p, f->d);
    fl_case_free(c);
    f->base = page_format(p, "%s", name);
    return FL_OK;
}

/* false: answered. */
static bool begin(page *p, case_form *f, const char *base)
{
    char day[11];
    fl_error error = {0};
    *f = (case_form){.d = fl_draft_new(&fl_case_schema)};
    fl_status status = fl_rulebook_load(NULL, NULL, &f->book, &error);
    if (status == FL_OK) status = fl_planner_library_load(&f->library, &error);
    const bool read_base = status == FL_OK && base && *base;
    if (read_base) status = take_base(p, f, base, &error);
    if (status != FL_OK) {
        end(f);
        if (read_base &&
            (status == FL_E_FILE || status == FL_E_IO)) /* a file of this place: who reads mends it */
            page_refuse_error(p, 422, &error, NULL);
        else
            page_failed(p, &error);
        return false;
    }
    if (!f->base) {
        fl_draft_set(f->d, "client", page_given(p, "client"));
        fl_draft_set(f->d, "date", fl_date_text(p->today, day));
    }
    return true;
}

/* ---- what was typed ---- */

/* A decimal comma is a reader's; a file has points. Anything else stays as typed, and the file's reader says
 * what it thinks of it. */
const char *case_as_typed(page *p, const fl_yaml_field *row, const char *text)
{
    double value;
    const bool number = row && (row->kind == FL_YAML_KIND_NUMBER || row->kind == FL_YAML_KIND_WHOLE);
    text += strspn(text, " ");
    size_t size = strlen(text);
    while (size && text[size - 1] == ' ') size--;
    const char *trimmed = page_format(p, "%.*s", (int)size, text), *comma = strchr(trimmed, ',');
    if (!number || !comma || strchr(trimmed, '.') || !page_read_number(trimmed, &value)) return trimmed;
    return page_format(p, "%.*s.%s", (int)(comma - trimmed), trimmed, comma + 1);
}

static void read_colours(page *p, case_form *f)
{
    const char *items[32], *value;
    size_t count = 0, at = 0;
    while (count < 32 && (value = fields_each(&p->request->form, "ink-colours", &at))) items[count++] = value;
    fl_draft_list(f->d, "ink.colours", items, count);
}

static void read_form(page *p, case_form *f)
{
    for (size_t i = 0; i < PATHS; i++) {
        const char *given = page_given(p, case_input(p, paths[i]));
        if (given) fl_draft_set(f->d, paths[i], case_as_typed(p, fl_draft_field(f->d, paths[i]), given));
    }
    if (fl_draft_get(f->d, "ink.id")) { /* named anew: not also what it was named before */
        fl_draft_set(f->d, "ink.seen", NULL), fl_draft_set(f->d, "ink.family", NULL);
        fl_draft_drop(f->d, "ink.lab"), fl_draft_drop(f->d, "ink.skin_lab");
    }
    if (!fl_draft_get(f->d, "goal.deadline")) fl_draft_set(f->d, "goal.deadline_stands", NULL);
    read_colours(p, f);
    case_read_zones(p, f);
    case_read_questions(p, f);
    case_read_earlier(p, f);
    const char *procedure = fl_draft_get(f->d, "procedure");
    const fl_procedure *work = procedure ? fl_procedure_find(f->book, procedure) : NULL;
    fl_draft_set(f->d, "title", work ? work->title : "-");
}

/* ---- the page ---- */

static bool wrong_drawing(const case_form *f)
{
    for (size_t row = 0; row < CASE_ROWS; row++)
        if (f->drawn[row].wrong) return true;
    return false;
}

static void put_faults(page *p, const case_form *f)
{
    html *w = &p->html;
    if (!f->faults) return;
    const char *blank = case_blank_item(f);
    if (!f->faults->count && !blank && !f->wrong_name && !wrong_drawing(f)) return;
    html_put(w, "<div class=\"no\" role=\"alert\"><p>%s</p><ul>", say(p, W_CASE_FAULTS));
    if (f->wrong_name) html_put(w, "<li>%s</li>", say(p, f->wrong_name));
    for (size_t row = 0; row < CASE_ROWS; row++)
        if (f->drawn[row].wrong) {
            html_put(w, "<li><a href=\"#%s\">", case_input(p, case_zone_path(p, row, "shape")));
            page_put_said(p, f->drawn[row].wrong);
            html_put(w, "</a></li>");
        }
    if (blank)
        html_put(w, "<li><a href=\"#%s\">%s</a></li>", case_input(p, blank),
                 page_fill(p, W_CASE_BLANK, blank + 10));
    for (size_t i = 0; i < f->faults->count && i < 20; i++) {
        const fl_fault *fault = &f->faults->list[i];
        const char *path = fl_draft_path(f->d, fault->at.line);
        html_put(w, "<li><a href=\"#%s\">", path ? case_input(p, path) : "content");
        page_put_said(p, fault->what);
        html_put(w, "</a> ");
        page_put_said(p, fault->hint);
        html_put(w, "</li>");
    }
    html_put(w, "</ul></div>");
}

static void put_who(page *p, const case_form *f)
{
    enum { MOST = 64 };
    const char *ids[MOST], *titles[MOST];
    size_t count = 0;
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2><div class=\"pair\">", say(p, W_CASE_WHO));
    case_put_text(p, f, "client", say(p, W_CASE_CLIENT), "text");
    case_put_text(p, f, "date", say(p, W_CASE_DATE), "date");
    case_put_text(p, f, "age_years", say(p, W_CASE_AGE), "number");
    const fl_procedures *all = f->book->procedures;
    for (; count < all->list_count && count < MOST; count++)
        ids[count] = all->list[count].id, titles[count] = all->list[count].title;
    case_put_select(p, f, "procedure", say(p, W_CASE_PROCEDURE), ids, titles, count);
    const fl_planner_site *site;
    for (count = 0; count < MOST && (site = fl_planner_site_row(f->library, count)); count++)
        ids[count] = site->id, titles[count] = site->title ? site->title : site->id;
    case_put_select(p, f, "site", say(p, W_CASE_SITE), ids, titles, count);
    case_put_choice(p, f, "smoker", say(p, W_CASE_SMOKER));
    html_put(w, "</div>");
    case_put_text(p, f, "text", say(p, W_CASE_TEXT), "text");
    html_put(w, "</section><section><h2>%s</h2>", say(p, W_PLAN_GOAL));
    case_put_choice(p, f, "goal.kind", say(p, W_CASE_GOAL));
    html_put(w, "<div class=\"pair\">");
    case_put_text(p, f, "goal.fade_percent", say(p, W_CASE_FADE), "number");
    case_put_text(p, f, "goal.text", say(p, W_CASE_GOAL_TEXT), "text");
    case_put_text(p, f, "goal.deadline", say(p, W_CASE_DEADLINE), "date");
    case_put_text(p, f, "goal.deadline_for", say(p, W_CASE_DEADLINE_FOR), "text");
    case_put_choice(p, f, "goal.deadline_stands", say(p, W_CASE_DEADLINE_STANDS));
    html_put(w, "</div></section>");
}

static void put_colours(page *p, const case_form *f)
{
    html *w = &p->html;
    const fl_yaml_field *row = fl_draft_field(f->d, "ink.colours");
    html_put(w, "<fieldset class=\"choice\" id=\"ink-colours\"><legend>%s</legend>", say(p, W_CASE_COLOURS));
    for (const fl_yaml_choice *c = row->choices; c->word; c++) {
        const char *french = page_in_french(p, c->word);
        html_put(
            w, "<label><input type=\"checkbox\" name=\"ink-colours\" value=\"%s\"%s><span>%s</span></label>",
            c->word, fl_draft_lists(f->d, "ink.colours", c->word) ? " checked" : "",
            french ? french : c->word);
    }
    html_put(w, "</fieldset>");
}

static void put_score(page *p, const case_form *f, const char *path, word label, fl_estimate_item item)
{
    const char *names[32];
    size_t count = 0, all;
    const fl_estimate_level *levels = fl_estimate_levels(&all);
    for (size_t i = 0; i < all && count < 32; i++)
        if (levels[i].item == item) names[count++] = levels[i].name;
    case_put_select(p, f, path, say(p, label), names, names, count);
}

static void put_ink(page *p, const case_form *f)
{
    enum { MOST = 128 };
    const char *ids[MOST], *titles[MOST];
    size_t count = 0;
    const fl_planner_ink *ink;
    html *w = &p->html;
    html_put(w, "<section><h2>%s</h2>", say(p, W_CASE_INK));
    for (; count < MOST && (ink = fl_planner_ink_row(f->library, count)); count++)
        ids[count] = ink->id, titles[count] = ink->title ? ink->title : ink->id;
    case_put_select(p, f, "ink.id", say(p, W_CASE_INK_ID), ids, titles, count);
    put_colours(p, f);
    html_put(w, "<div class=\"pair\">");
    case_put_choice(p, f, "ink.identified", say(p, W_CASE_IDENTIFIED));
    case_put_choice(p, f, "ink.white_inside", say(p, W_CASE_WHITE));
    case_put_text(p, f, "ink.age_months", say(p, W_CASE_INK_AGE), "number");
    case_put_text(p, f, "ink.layers", say(p, W_CASE_LAYERS), "number");
    html_put(w, "</div>");
    case_put_text(p, f, "ink.text", say(p, W_CASE_INK_TEXT), "text");
    html_put(w, "<h3>%s</h3><div class=\"pair\">", say(p, W_CASE_SCORE));
    put_score(p, f, "kirby_desai.colour", W_CASE_SCORE_COLOUR, FL_ESTIMATE_COLOUR);
    put_score(p, f, "kirby_desai.ink", W_CASE_SCORE_INK, FL_ESTIMATE_INK);
    put_score(p, f, "kirby_desai.scarring", W_CASE_SCORE_SCAR, FL_ESTIMATE_SCARRING);
    put_score(p, f, "kirby_desai.layering", W_CASE_SCORE_LAYER, FL_ESTIMATE_LAYERING);
    html_put(w, "</div></section>");
}

static void put_room(page *p, const case_form *f)
{
    html_put(&p->html, "<section><h2>%s</h2>", say(p, W_CASE_ROOM));
    case_put_choice(p, f, "room.physician", say(p, W_CASE_PHYSICIAN));
    case_put_choice(p, f, "room.shields", say(p, W_CASE_SHIELDS));
    html_put(&p->html, "</section>");
}

static void put_button(page *p, const char *what, word text)
{
    html_put(&p->html, "<button name=\"do\" value=\"%s\" formnovalidate>%s</button> ", what, say(p, text));
}

static void show(page *p, const case_form *f)
{
    html *w = &p->html;
    page_begin(p, f->base ? page_format(p, "%s %s", say(p, W_CASE), f->base) : say(p, W_CASE_NEW));
    if (f->base && p->request->route->method == ROUTE_GET && page_given(p, "kept"))
        html_put(w,
                 "<div class=\"yes\" role=\"status\"><p>%s</p><p><a class=\"button\" "
                 "href=\"/plans\">%s</a></p></div>",
                 page_fill(p, W_CASE_KEPT, f->base), say(p, W_PLANS_NEW));
    put_faults(p, f);
    page_form(p, "/case");
    html_put(w, "<div class=\"case\">");
    if (f->base) html_put(w, "<input type=\"hidden\" name=\"base\" value=\"%s\">", f->base);
    put_who(p, f);
    case_put_skin(p, f);
    html_put(w, "<p>");
    put_button(p, "score", W_CASE_ADD_UP);
    html_put(w, "</p>");
    put_ink(p, f);
    case_put_zones(p, f);
    html_put(w, "<p>");
    put_button(p, "rows", W_CASE_MORE_ROWS);
    html_put(w, "</p>");
    case_put_questions(p, f);
    case_put_earlier(p, f);
    put_room(p, f);
    html_put(w, "</div>");
    put_button(p, "keep", W_CASE_KEEP);
    html_put(w, "</form><script src=\"/assets/zones.js\" defer></script><script "
                "src=\"/assets/draw.js\" defer></script>");
    page_end(p);
}

void page_case_new(page *p)
{
    case_form f;
    if (!begin(p, &f, NULL)) return;
    f.rows = 0;
    show(p, &f);
    end(&f);
}

void page_case(page *p)
{
    case_form f;
    if (!begin(p, &f, page_part(p, 0))) return;
    show(p, &f);
    end(&f);
}

/* ---- keeping it ---- */

/* CODE-DATE; a case that is there is only written over by who began with it. NULL: wrong_name says why. */
static const char *name_of(page *p, case_form *f)
{
    char path[FL_PLACE_MAX];
    fl_date day;
    const char *client = fl_draft_get(f->d, "client"), *date = fl_draft_get(f->d, "date");
    if (!client || !fl_client_code_is(client) || !date || fl_date_read(date, &day) != FL_OK) {
        f->wrong_name = W_CASE_WANTS_NAME;
        return NULL;
    }
    const char *name = page_format(p, "%s-%s", client, date);
    if (cases_path(p, name, path) && !fl_text_same(f->base, name)) {
        f->wrong_name = W_CASE_THERE;
        return NULL;
    }
    return name;
}

/* As the tables write it: 40,0 typed is 40, and opening and keeping again changes nothing. */
static void settle(page *p, case_form *f)
{
    size_t size;
    fl_yaml *file;
    const fl_yaml_schema *schema = &fl_case_schema;
    const char *text = fl_draft_yaml(f->d, &size);
    if (fl_yaml_read("", text, size, &schema, 1, f->faults, &file) != FL_OK) return;
    fl_draft *fresh = fl_draft_new(schema);
    fl_draft_take(fresh, fl_yaml_root(file));
    case_forget_drawn_areas(p, fresh);
    fl_yaml_free(file);
    fl_draft_free(f->d);
    f->d = fresh;
}

static fl_status keep(page *p, case_form *f, const char *name, fl_error *error)
{
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + CASE_NAME + 8];
    size_t size;
    settle(p, f);
    const char *text = fl_draft_yaml(f->d, &size);
    const fl_status status = cases_folder(p, folder, error);
    if (status != FL_OK) return status;
    snprintf(path, sizeof path, "%s/%s.yaml", folder, name);
    return fl_place_write(path, text, size, 0600, error);
}

static void take_case(page *p)
{
    case_form f;
    fl_error error = {0};
    const char *what = page_given(p, "do");
    if (!begin(p, &f, page_given(p, "base"))) return;
    read_form(p, &f);
    if (what && (strcmp(what, "score") == 0 || strcmp(what, "rows") == 0)) {
        if (strcmp(what, "rows") == 0) f.rows += 8;
        show(p, &f);
        return end(&f);
    }
    const char *name = name_of(p, &f);
    fl_draft_set(f.d, "id", name ? name : "case");
    f.faults = fl_faults_new();
    const fl_status status = fl_draft_check(f.d, f.faults);
    if (status != FL_OK || !name || case_blank_item(&f) || wrong_drawing(&f)) {
        p->status = 422;
        show(p, &f);
    } else if (keep(p, &f, name, &error) != FL_OK) {
        page_failed(p, &error);
    } else {
        page_redirect(p, page_format(p, "/case/%s?kept=1", name));
    }
    end(&f);
}

/* From the file that is read to the file that is written nobody else writes it: a read of a test spot would
 * be lost. */
void page_case_post(page *p)
{
    pthread_mutex_lock(&p->console->cases);
    take_case(p);
    pthread_mutex_unlock(&p->console->cases);
}
