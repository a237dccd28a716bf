#include "page.h"

#include "core.h"

#include "fadeline/base/assert.h"
#include "fadeline/clients/names.h"

#include <string.h>

const char *page_part(const page *p, size_t n)
{
    FL_ASSERT(n < ROUTE_PARTS && p->request->parts[n]);
    return p->request->parts[n];
}

const char *page_given(const page *p, const char *name)
{
    return fields_get(p->request->route && p->request->route->method == ROUTE_POST ? &p->request->form
                                                                                   : &p->request->query,
                      name);
}

bool page_may(const page *p, unsigned roles)
{
    return (p->roles & roles) != 0;
}

static const route *row_of(route_method method, const char *url)
{
    char path[256];
    const char *parts[ROUTE_PARTS];
    bool other;
    const size_t size = strcspn(url, "?");
    if (size >= sizeof path) return NULL;
    memcpy(path, url, size);
    path[size] = 0;
    return routes_find(method, path, parts, &other);
}

bool page_may_open(const page *p, route_method method, const char *path)
{
    const route *row = row_of(method, path);
    return row && (!row->who || page_may(p, row->who)) && !(p->late && (row->how & ROUTE_ACT));
}

bool page_names_client(const page *p, const char *sentence, const char *about)
{
    return fl_clients_named_here(p->simulated, "", sentence, about, NULL) != FL_OK;
}

/* ---- forms ---- */

static void form(page *p, const char *action, const char *coding)
{
    char token[VISITOR_TOKEN];
    const route *row = row_of(ROUTE_POST, action);
    FL_ASSERT(row); /* a form to nowhere */
    if (row->how & ROUTE_ACT)
        visitors_act_token(p->console->visitors, p->visitor, token);
    else
        visitors_set_token(p->visitor, token);
    html_put(&p->html, "<form method=\"post\" action=\"%s\" enctype=\"%s\" autocomplete=\"off\">", action,
             coding);
    if (!(row->how & ROUTE_HALT))
        html_put(&p->html, "<input type=\"hidden\" name=\"token\" value=\"%s\">", token);
}

void page_form(page *p, const char *action)
{
    form(p, action, "application/x-www-form-urlencoded");
}

void page_form_photo(page *p, const char *action)
{
    form(p, action, "multipart/form-data");
}

void page_form_end(page *p, word button)
{
    html_put(&p->html, "<button>%s</button></form>", say(p, button));
}

/* Why a field cannot be taken, in its own paragraph that the field names. */
static void put_wrong(page *p, const char *name, word wrong)
{
    if (wrong != W_NONE) html_put(&p->html, "<p class=\"wrong\" id=\"%s-wrong\">%s</p>", name, say(p, wrong));
}

void page_input(page *p, const char *name, const char *type, word label, word hint, word wrong)
{
    html *w = &p->html;
    const bool secret = strcmp(type, "password") == 0, number = strcmp(type, "number") == 0;
    const bool pin = secret;
    const char *given = secret ? NULL : page_given(p, name);
    html_put(w, "<div class=\"field\"><label for=\"%s\">%s</label>", name, say(p, label));
    if (hint != W_NONE) html_put(w, "<p class=\"hint\" id=\"%s-hint\">%s</p>", name, say(p, hint));
    put_wrong(p, name, wrong);
    html_put(w, "<input id=\"%s\" name=\"%s\" type=\"%s\" value=\"%s\"", name, name, number ? "text" : type,
             given ? given : "");
    if (number || pin) html_put(w, " inputmode=\"numeric\"");
    if (hint != W_NONE || wrong != W_NONE) {
        html_put(w, " aria-describedby=\"");
        if (hint != W_NONE) html_put(w, "%s-hint", name);
        if (wrong != W_NONE) html_put(w, " %s-wrong", name);
        html_put(w, "\"");
    }
    if (wrong != W_NONE) html_put(w, " aria-invalid=\"true\"");
    html_put(w, " autocapitalize=\"none\" spellcheck=\"false\" required></div>");
}

void page_choice(page *p, const char *name, word label, const char *const *values, const char *const *texts,
                 size_t count, word wrong)
{
    html *w = &p->html;
    const char *given = page_given(p, name);
    html_put(w, "<fieldset class=\"choice\"><legend>%s</legend>", say(p, label));
    put_wrong(p, name, wrong);
    for (size_t i = 0; i < count; i++) {
        html_put(w, "<label><input type=\"radio\" name=\"%s\" value=\"%s\" required", name, values[i]);
        if (given && strcmp(given, values[i]) == 0) html_put(w, " checked");
        html_put(w, "><span>%s</span></label>", texts[i]);
    }
    html_put(w, "</fieldset>");
}

/* Where to go afterwards: one of our own addresses, whoever wrote the link. */
const char *page_way_back(page *p)
{
    const char *to = page_given(p, "to");
    if (!to || to[0] != '/' || to[1] == '/' || strlen(to) > 1000) return "/";
    for (const char *c = to; *c; c++)
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || *c == '\\') return "/";
    return page_format(p, "%s", to);
}

void page_photo_input(page *p, const char *id, word label, word wrong)
{
    html *w = &p->html;
    html_put(w, "<div class=\"field photo\"><label for=\"%s\">%s</label>", id, say(p, label));
    html_put(w, "<p class=\"hint\" id=\"%s-hint\">%s</p>", id, say(p, W_PHOTO_HINT));
    put_wrong(p, id, wrong);
    html_put(w,
             "<input id=\"%s\" name=\"photo\" type=\"file\" accept=\"image/jpeg,image/png\" "
             "capture=\"environment\" aria-describedby=\"%s-hint",
             id, id);
    if (wrong != W_NONE) html_put(w, " %s-wrong\" aria-invalid=\"true", id);
    html_put(w, "\" required></div>");
}
