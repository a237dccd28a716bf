/* What is ordered from the session's screen: forms of large buttons, each behind its own summary, so that
 * they open without a script too. No PIN and no mark stays on the page after it was sent. */
#include "map.h"
#include "session_parts.h"

#include "fadeline/session/said.h"

#include <string.h>

void session_form(page *p, const char *what)
{
    page_form(p, "/session/order");
    html_put(&p->html, "<input type=\"hidden\" name=\"do\" value=\"%s\">", what);
}

void session_button(page *p, const char *class, const char *name, const char *value, const char *text)
{
    html_put(&p->html, "<button class=\"%s\" name=\"%s\" value=\"%s\">%s</button>", class, name, value, text);
}

static void open_panel(page *p, const char *id, word name)
{
    html_put(&p->html, "<details class=\"panel\" name=\"panel\" id=\"p-%s\"><summary>%s</summary><div>", id,
             say(p, name));
}

static void close_panel(page *p)
{
    html_put(&p->html, "</div></details>");
}

void session_put_pin(page *p, const char *id, word label)
{
    html *w = &p->html;
    html_put(w, "<div class=\"pin\"><div class=\"field\"><label for=\"%s\">%s</label>", id, say(p, label));
    html_put(w,
             "<input id=\"%s\" name=\"pin\" type=\"password\" inputmode=\"numeric\" autocomplete=\"off\" "
             "required></div>",
             id);
    html_put(w, "<div class=\"pad\" data-for=\"%s\">", id);
    for (const char *key = "1234567890"; *key; key++)
        html_put(w, "<button type=\"button\" data-key=\"%s\">%s</button>", (char[]){*key, 0},
                 (char[]){*key, 0});
    html_put(w, "<button type=\"button\" data-key=\"\">%s</button></div></div>", say(p, W_S_CLEAR));
}

void session_put_who(page *p, const char *id)
{
    html_put(&p->html,
             "<div class=\"field\"><label for=\"%s\">%s</label><input id=\"%s\" name=\"who\" type=\"text\" "
             "autocapitalize=\"none\" spellcheck=\"false\" required></div>",
             id, say(p, W_WHO), id);
}

static void put_sign_in(page *p)
{
    open_panel(p, "sign", W_SIGN_IN);
    session_form(p, "sign-in");
    session_put_pin(p, "pin-self", W_S_PIN_AGAIN);
    page_form_end(p, W_SIGN_IN);
    close_panel(p);
}

/* What the plan asks for, beside what is printed. */
static void put_eyewear(page *p, const live_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    open_panel(p, "eyewear", W_NEAR_eyewear);
    session_form(p, "eyewear");
    for (size_t i = 0; plan && i < plan->eyewear_count; i++)
        html_put(w, "<p class=\"hint\">%s</p>",
                 page_fill(p, W_S_MARKS_ASKED,
                           page_format(p, "%s nm, OD %s, %s",
                                       page_number(p, plan->eyewear[i].wavelength.m * 1e9, 0),
                                       page_number(p, plan->eyewear[i].od, 1), plan->eyewear[i].en207)));
    html_put(w,
             "<div class=\"field\"><label for=\"marks\">%s</label><p class=\"hint\" id=\"marks-hint\">%s</p>",
             say(p, W_S_MARKS), say(p, W_S_MARKS_HINT));
    html_put(w,
             "<input id=\"marks\" name=\"marks\" type=\"text\" value=\"%s\" aria-describedby=\"marks-hint\" "
             "required></div>",
             v->status.planned.wavelength_nm > 0 ? page_format(p, "%lld ", v->status.planned.wavelength_nm)
                                                 : "");
    page_form_end(p, W_S_CONFIRM);
    close_panel(p);
}

static void put_zones(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    session_form(p, "zone");
    html_put(w, "<p class=\"hint\">%s</p><div class=\"grid\">", say(p, W_S_ZONE_WHICH));
    for (size_t i = 0; plan && i < plan->zone_count; i++) {
        const fl_plan_zone *zone = &plan->zones[i];
        const char *side = session_side(p, zone->id);
        html_put(w,
                 "<button name=\"zone\" value=\"%s\"%s><b>%s</b> <span>%s</span> <small>%s</small></button>",
                 zone->id, zone->locked ? " disabled" : "", zone->id, side,
                 zone->locked ? say(p, W_S_LOCKED_ZONE) : page_count(p, (uint64_t)zone->budget.planned));
    }
    html_put(w, "</div></form>");
}

static void put_spots(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    if (!plan || !plan->test_spots.grid_count) return;
    html_put(w, "<h2>%s</h2>", say(p, W_S_TEST_SPOTS));
    session_form(p, "spots");
    html_put(w, "<div class=\"grid\">");
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        html_put(w,
                 "<button name=\"spot\" value=\"%zu\"><b>%s</b> <span>%s</span> <small>%s nm %s "
                 "mm</small></button>",
                 i + 1, spot->id, spot->zone, page_number(p, spot->wavelength.m * 1e9, 0),
                 page_number(p, spot->spot.m * 1e3, 1));
    }
    html_put(w, "</div></form>");
}

static void put_choices(page *p, const char *what, const char *name, const char *prefix,
                        const char *const *values, size_t count)
{
    session_form(p, what);
    html_put(&p->html, "<div class=\"row\">");
    for (size_t i = 0; i < count; i++) {
        const word shown = session_word(prefix, values[i]);
        session_button(p, "", name, values[i], shown ? say(p, shown) : values[i]);
    }
    html_put(&p->html, "</div></form>");
}

static void put_endpoints(page *p)
{
    static const char *const seen[] = {"none", "frost", "weak", "bleed", "darkened", "hair-white", "spark"};
    html_put(&p->html, "<section class=\"l-end\" aria-labelledby=\"end-name\"><h2 id=\"end-name\">%s</h2>",
             say(p, W_S_ENDPOINT));
    put_choices(p, "endpoint", "seen", "END", seen, sizeof seen / sizeof *seen);
    html_put(&p->html, "</section>");
}

static void put_near_miss(page *p)
{
    const char *what[FL_NEAR_MISSES];
    for (unsigned i = 0; i < FL_NEAR_MISSES; i++) what[i] = fl_near_miss(i + 1);
    open_panel(p, "near", W_S_NEAR_MISS);
    html_put(&p->html, "<p class=\"hint\">%s</p>", say(p, W_S_NEAR_WHICH));
    put_choices(p, "near-miss", "what", "NEAR", what, FL_NEAR_MISSES);
    close_panel(p);
}

static void put_signature(page *p, const char *what, word name, bool reason)
{
    html *w = &p->html;
    const char *id = page_format(p, "pin-%s", what);
    html_put(w, "<details class=\"sign\" name=\"sign\"><summary>%s</summary>", say(p, name));
    session_form(p, what);
    session_put_who(p, page_format(p, "who-%s", what));
    if (reason)
        html_put(w,
                 "<div class=\"field\"><label for=\"reason-%s\">%s</label><input id=\"reason-%s\" "
                 "name=\"reason\" type=\"text\"></div>",
                 what, say(p, W_S_REASON), what);
    session_put_pin(p, id, W_PIN);
    page_form_end(p, W_S_CONFIRM);
    html_put(w, "</details>");
}

static void put_reset(page *p, const live_view *v)
{
    session_form(p, "reset");
    html_put(&p->html, "<input type=\"hidden\" name=\"fault\" id=\"fault\" value=\"%lld\">",
             v->status.fault > 0 ? v->status.fault : 0LL);
    page_form_end(p, W_S_RESET);
}

static void put_more(page *p, const live_view *v)
{
    html *w = &p->html;
    open_panel(p, "more", W_S_MORE);
    html_put(w, "<div class=\"row\">");
    if (session_is_own(p, v)) put_reset(p, v);
    if (page_may_open(p, ROUTE_GET, "/session/finish"))
        html_put(w, "<a class=\"button\" href=\"/session/finish\">%s</a>", say(p, W_S_FINISH));
    html_put(w, "</div>");
    put_signature(p, "second", W_S_SECOND, false);
    put_signature(p, "reconcile", W_S_RECONCILE, true);
    put_signature(p, "service", W_S_SERVICE_SIGNS, false);
    close_panel(p);
}

void session_panels(page *p, const live_view *view, const fl_plan *plan)
{
    const bool own = session_is_own(p, view);
    if (own) put_endpoints(p);
    html_put(&p->html, "<div class=\"l-acts\">");
    put_sign_in(p);
    if (own) {
        put_eyewear(p, view, plan);
        open_panel(p, "zone", W_S_ZONE);
        put_zones(p, plan);
        put_spots(p, plan);
        map_put_live(p, view, plan);
        close_panel(p);
        put_near_miss(p);
    }
    put_more(p, view);
    html_put(&p->html, "</div>");
}
