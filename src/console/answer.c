#include "answer.h"

#include "assets.h"
#include "book.h"

#include "fadeline/base/text.h"

#include <string.h>

/* ---- addresses ---- */

static const route *find_row(const asked *a, char path[GATE_TARGET_MOST + 1], const char *parts[ROUTE_PARTS],
                             bool *other)
{
    const char *query;
    if (!gate_path(a->head->target, a->head->target_size, path, &query))
        return NULL; /* the gate knows better */
    return routes_find(a->gate->post ? ROUTE_POST : ROUTE_GET, path, parts, other);
}

static bool is_asset(const asked *a)
{
    return !a->gate->post && a->head->target_size > 8 && memcmp(a->head->target, "/assets/", 8) == 0;
}

static bool give_asset(const asked *a, page *p)
{
    char name[64];
    const size_t size = a->head->target_size - 8;
    if (size >= sizeof name) return false;
    memcpy(name, a->head->target + 8, size);
    name[size] = 0;
    const asset *found = assets_find(name);
    if (!found) return false;
    p->etag = found->etag;
    p->type = found->type;
    if (p->request->if_none_match && fl_text_same(p->request->if_none_match, found->etag))
        p->status = 304;
    else
        html_raw(&p->html, (const char *)found->bytes, found->size);
    return true;
}

/* ---- who ---- */

static void see_screen(const char *cookies, page *p)
{
    char value[8];
    const char *wishes = p->request->languages;
    p->language = wishes && strncasecmp(wishes, "fr", 2) == 0 ? FRENCH : ENGLISH;
    if (!cookies) return;
    if (fields_cookie(cookies, "fadeline-language", value, sizeof value) == 1)
        p->language = fl_text_same(value, "fr") ? FRENCH : ENGLISH;
    p->light =
        fields_cookie(cookies, "fadeline-theme", value, sizeof value) == 1 && fl_text_same(value, "light");
}

static void see_visitor(door *d, const char *cookies, visitor *v, page *p)
{
    char cookie[VISITOR_COOKIE];
    const unsigned how = p->request->route ? p->request->route->how : ROUTE_TOLD;
    const bool there = cookies && fields_cookie(cookies, d->cookie, cookie, sizeof cookie) == 1;
    visitors_find(p->console->visitors, there ? cookie : NULL, !(how & ROUTE_TOLD), v);
    if (v->known && (!v->locked || how & ROUTE_GLASS)) p->roles = book_rights(p, v->who, &p->late);
}

static void see_tablet(const door *d, const char *cookies, page *p)
{
    char cookie[TABLET_COOKIE];
    p->paired = d->far && cookies && fields_cookie(cookies, d->tablet, cookie, sizeof cookie) == 1 &&
                tablets_knows(p->console->tablets, cookie);
}

/* ---- what may say no ---- */

/* Nobody is signed in: a person is shown the door, a script is told. */
static void show_the_door(page *p)
{
    const request *r = p->request;
    if (r->route->method == ROUTE_GET && !(r->route->how & ROUTE_TOLD))
        page_redirect(p, page_format(p, "%s?to=%s", "/sign-in", page_url(p, "/%s", r->path) + 1));
    else
        page_refuse(p, r->route->how & ROUTE_TOLD ? 401 : 403, say(p, W_NO_SIGN_IN), NULL);
}

static void name_who_can(page *p, word what, unsigned roles)
{
    char whom[120] = "";
    fl_people *people = book_people(p, NULL);
    if (people) fl_people_whom(people, roles, p->today, whom, sizeof whom);
    fl_people_free(people);
    page_refuse(p, 403, say(p, what), *whom ? page_fill(p, W_ASK, whom) : NULL);
}

/* An act answers only here, or a paired tablet. */
static bool is_looking_on(const page *p)
{
    return p->far && !p->paired && p->request->route->how & ROUTE_ACT;
}

static bool rights_pass(page *p)
{
    const route *row = p->request->route;
    if (row->how & (p->far ? ROUTE_NEAR : ROUTE_FAR))
        return page_refuse(p, 404, say(p, W_NO_PAGE), NULL), false;
    if (is_looking_on(p)) return page_refuse(p, 403, say(p, W_LOOKS_ON), NULL), false;
    if (!row->who) return true;
    if (!p->roles) return show_the_door(p), false;
    if (!(p->roles & row->who)) return name_who_can(p, W_NO_ROLE, row->who), false;
    if (p->late && row->how & ROUTE_ACT)
        return name_who_can(p, W_NO_CERTIFICATE, MAY(OWNER) | MAY(SUPERVISOR)), false;
    return true;
}

static bool form_passes(const asked *a, request *r, page *p)
{
    size_t count;
    const char *type = gate_header_of(a->head, "content-type", &count);
    bool good = a->gate->multipart ? fields_read_multipart(&r->form, type, a->body, a->body_size)
                                   : fields_read_form(&r->form, a->body, a->body_size);
    if (good && fields_files(&r->form) > 1) good = false; /* a photo at a time */
    if (!good) page_refuse(p, 400, say(p, W_BAD_FORM), NULL);
    return good;
}

static bool token_passes(page *p)
{
    const route *row = p->request->route;
    const char *token = fields_get(&p->request->form, "token");
    visitor_token answer = TOKEN_GOOD;
    if (row->how & ROUTE_SET) answer = visitors_check_set(p->visitor, token);
    if (row->how & ROUTE_ACT) answer = visitors_spend(p->console->visitors, p->visitor, token);
    if (answer == TOKEN_GOOD) return true;
    if (answer == TOKEN_SPENT)
        page_refuse(p, 409, say(p, W_SPENT_TOKEN), say(p, W_OPEN_AGAIN));
    else
        page_refuse(p, 403, say(p, W_NO_TOKEN), say(p, W_OPEN_AGAIN));
    return false;
}

static bool query_passes(const asked *a, request *r, page *p)
{
    const char *mark = memchr(a->head->target, '?', a->head->target_size);
    if (!mark) return true;
    mark++;
    const size_t size = a->head->target_size - (size_t)(mark - a->head->target);
    if (fields_read_form(&r->query, mark, size)) return true;
    page_refuse(p, 400, say(p, W_BAD_FORM), NULL);
    return false;
}

/* ---- together ---- */

static void handle(page *p)
{
    atomic_fetch_add(&p->console->handled, 1);
    p->request->route->handler(p);
}

/* STOP asks nobody who they are: it must not wait for a roster that is being read, a people.yaml that hangs
 * or anybody's lock. */
static bool stops(const request *r)
{
    return r->route && r->route->how & ROUTE_HALT;
}

static void prepare(door *d, const asked *a, request *r, visitor *v, page *p)
{
    size_t count;
    fl_console *c = d->console;
    r->if_none_match = gate_header_of(a->head, "if-none-match", &count);
    r->last_event = gate_header_of(a->head, "last-event-id", &count);
    r->languages = gate_header_of(a->head, "accept-language", &count);
    r->path = a->head->target;
    r->halts = a->halts;
    *p = (page){.console = c,
                .request = r,
                .visitor = v,
                .far = d->far,
                .simulated = c->simulated,
                .today = fl_date_of(c->clock.utc(c->clock.self)),
                .status = 200,
                .type = "text/html; charset=utf-8"};
    *v = (visitor){0};
    const char *cookies = gate_header_of(a->head, "cookie", &count);
    see_screen(cookies, p);
    see_tablet(d, cookies, p);
    if (!is_asset(a) && !stops(r)) see_visitor(d, cookies, v, p);
}

/* By the row alone: what a page says to those who may not, they read when they open the page. */
static bool may_send(door *d, const asked *a, const route *row)
{
    request r = {.route = row};
    visitor v;
    page p;
    prepare(d, a, &r, &v, &p);
    const bool may = page_may(&p, row->who) && !(p.late && row->how & ROUTE_ACT) && !is_looking_on(&p);
    page_fini(&p);
    return may;
}

int answer_early(door *d, const asked *a, const char **why)
{
    char path[GATE_TARGET_MOST + 1];
    const char *parts[ROUTE_PARTS];
    bool other = false;
    if (!a->gate->post) return 0; /* a person sees a page that says so */
    const route *row = find_row(a, path, parts, &other);
    *why = row ? "no picture is taken here" : other ? "this is not a form" : "there is no such form";
    if (!row) return other ? 405 : 404;
    if (!a->gate->multipart) return 0;
    if (!(row->how & ROUTE_PHOTO)) return 415;
    *why = "sign in first: a picture is taken only from who is signed in here and may send one";
    return may_send(d, a, row) ? 0 : 403;
}

void answer_make(door *d, const asked *a, request *r, visitor *v, page *p)
{
    fl_console *c = d->console;
    bool other = false;
    r->route = find_row(a, r->room, r->parts, &other);
    prepare(d, a, r, v, p);
    if (is_asset(a) && give_asset(a, p)) return;
    if (!r->route) return page_refuse(p, other ? 405 : 404, say(p, other ? W_NO_METHOD : W_NO_PAGE), NULL);
    if (!rights_pass(p)) return;
    if (!query_passes(a, r, p)) return;
    if (a->gate->post && (!form_passes(a, r, p) || !token_passes(p))) return;
    handle(p);
    if (r->route->how & ROUTE_ACT) visitors_act_token(c->visitors, v, p->act_token);
}
