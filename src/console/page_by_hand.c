/* The screen of a session by hand: on the left what to set on the laser, on the right what is asked next,
 * below it what is seen. It fits 1280 x 800 without scrolling; every number that is set stands there in
 * figures of 8 mm. */
#include "by_hand_parts.h"

#include "book.h"
#include "core.h"
#include "live.h"
#include "session_parts.h"

#include "fadeline/base/text.h"
#include "fadeline/session/said.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

by_hand *by_hand_of(const page *p)
{
    return p->console->hand;
}

bool by_hand_may_order(const page *p)
{
    return page_may_open(p, ROUTE_POST, "/by-hand/order") && !p->visitor->locked;
}

bool by_hand_is_own(const page *p, const by_hand_view *v)
{
    return by_hand_may_order(p) && (!v->who[0] || fl_text_same(v->who, p->visitor->who));
}

fl_plan *by_hand_plan(const by_hand_view *v)
{
    fl_plan *plan = v->running ? fl_plan_new() : NULL;
    if (plan && fl_plan_read_json(v->plan, plan, NULL) == FL_OK &&
        fl_same_digest(plan->sha256, v->plan_sha256))
        return plan;
    fl_plan_free(plan);
    return NULL;
}

void by_hand_form(page *p, const by_hand_view *v, const char *what)
{
    page_form(p, "/by-hand/order");
    html_put(&p->html,
             "<input type=\"hidden\" name=\"do\" value=\"%s\"><input type=\"hidden\" name=\"turn\" "
             "value=\"%llu\">",
             what, (unsigned long long)v->turn);
}

/* ---- what to set ---- */

static void put_figure(page *p, word name, const char *unit, const char *value)
{
    html_put(&p->html, "<div><dt>%s <span class=\"unit\">%s</span></dt><dd class=\"digits\">%s</dd></div>",
             say(p, name), unit, value);
}

/* 450 ps, 6 ns, 0.5 µs: as it stands on the front of a laser. */
static void put_pulse_length(page *p, fl_pulse_length pulse)
{
    static const struct {
        double of, ps;
        const char *unit;
    } rows[] = {{1e6, 1e6, "µs"}, {1e3, 1e3, "ns"}, {0, 1, "ps"}};
    const double ps = pulse.s * 1e12;
    size_t i = 0;
    while (ps < rows[i].of) i++;
    const double value = ps / rows[i].ps;
    put_figure(p, W_BH_PULSE, rows[i].unit, page_number(p, value, fabs(value - round(value)) < 0.05 ? 0 : 1));
}

static const char *mm_of(page *p, fl_length spot)
{
    const double mm = fl_as_mm(spot);
    return page_number(p, mm, fabs(mm - round(mm)) < 0.005 ? 0 : 1);
}

static void put_setting(page *p, const by_hand_view *v, const fl_plan *plan)
{
    const bool test = v->now.test;
    const fl_plan_spot *spot = test ? &plan->test_spots.grid[v->now.index] : NULL;
    const fl_plan_setting *s = &plan->settings[test ? spot->setting : plan->chosen];
    put_figure(p, W_S_WAVELENGTH, "nm", page_number(p, fl_as_nm(s->wavelength), 0));
    html_put(&p->html, "<div><dt>%s</dt><dd class=\"head\">%s</dd></div>", say(p, W_BH_HEAD), s->head);
    put_figure(p, W_S_SPOT, "mm", mm_of(p, s->spot));
    put_pulse_length(p, s->pulse);
    put_figure(p, W_FLUENCE, "J/cm²", page_number(p, fl_as_J_cm2(test ? spot->fluence : s->start), 2));
    put_figure(p, W_ENERGY, "mJ", page_number(p, (test ? spot->energy : s->energy).J * 1e3, 1));
    put_figure(p, W_RATE, "Hz",
               page_number(p, s->rate.Hz, fabs(s->rate.Hz - round(s->rate.Hz)) < 0.05 ? 0 : 1));
    put_figure(p, W_BH_PASSES, "", page_count(p, test ? 1 : (uint64_t)s->passes));
}

static void put_card(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    const fl_manual_view *n = &v->now;
    const char *side = session_side(p, v->zone);
    html_put(w, "<section class=\"h-card\"><h2>%s</h2>", say(p, W_BH_SET));
    if (!v->zone[0]) {
        html_put(w, "<p class=\"h-zone\">%s</p><p>%s</p></section>", page_number(p, NAN, 0),
                 say(p, W_BH_NO_ZONE));
        return;
    }
    html_put(w, "<p class=\"h-zone\"><b>%s</b>", v->zone);
    if (n->test) html_put(w, " <span>%s</span>", say(p, W_BH_TEST));
    if (n->test && n->chosen) html_put(w, " <span>%s</span>", plan->test_spots.grid[n->index].zone);
    if (side[0]) html_put(w, " <span>%s</span>", side);
    html_put(w, "</p><dl class=\"h-set\">");
    /* What is open since another client's session has its settings in another plan. */
    if (n->chosen && !n->interrupted && plan) put_setting(p, v, plan);
    put_figure(p, W_BH_PLANNED, "", page_count(p, (uint64_t)n->planned));
    put_figure(p, W_BH_STOP_AT, "", page_count(p, (uint64_t)n->stop_at));
    put_figure(p, W_BH_DONE, "", page_count(p, (uint64_t)n->pulses));
    html_put(w, "</dl></section>");
}

/* ---- what was said ---- */

/* What a number that does not fit asks for: typed again, or, once it was taken, a word. */
static word asks_for(const by_hand_line *line)
{
    static const char *const doubts[] = {"counter-unexpected", "pulses-over-plan", "pulses-too-fast"};
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (strcmp(doubts[i], line->code) == 0)
            return strcmp(line->kind, "no") == 0 ? W_BH_TWICE : W_BH_SAY_WHY;
    return W_NONE;
}

/* A sentence in the reader's language for what has one, then the session's own when it has numbers. */
void by_hand_put_said(page *p, const by_hand_view *v, size_t first, size_t count)
{
    html *w = &p->html;
    for (size_t i = first; i < first + count && i < v->said_count; i++) {
        const by_hand_line *line = &v->said[i];
        const word known = line->code[0] ? session_word("BH_NO", line->code) : W_NONE;
        html_put(w, "<li data-kind=\"%s\" data-code=\"%s\">", line->kind, line->code);
        if (known) html_put(w, "<p>%s %s</p>", say(p, known), say(p, asks_for(line)));
        if (!known || strpbrk(line->text, "0123456789")) {
            html_put(w, "<p class=\"%s\">", known ? "todo" : "");
            page_put_said(p, line->text);
            html_put(w, "</p>");
        }
        if (!known && line->code[0] &&
            line->hint[0]) { /* the others speak of words that are typed at a terminal */
            html_put(w, "<p class=\"todo\">");
            page_put_said(p, line->hint);
            html_put(w, "</p>");
        }
        html_put(w, "</li>");
    }
}

static void put_log(page *p, const by_hand_view *v)
{
    html *w = &p->html;
    if (v->said_count <= v->said_now) return;
    html_put(w,
             "<section class=\"h-log\"><h2>%s</h2><div class=\"log\" tabindex=\"0\" role=\"log\" "
             "aria-label=\"%s\"><ol>",
             say(p, W_BH_BEFORE_THAT), say(p, W_BH_BEFORE_THAT));
    by_hand_put_said(p, v, v->said_now, BY_HAND_SAID);
    html_put(w, "</ol></div></section>");
}

/* ---- what is seen, and the rest ---- */

static void put_choices(page *p, const by_hand_view *v, const char *what, const char *name,
                        const char *prefix, const char *const *values, size_t count)
{
    by_hand_form(p, v, what);
    html_put(&p->html, "<div class=\"row\">");
    for (size_t i = 0; i < count; i++) {
        const word shown = session_word(prefix, values[i]);
        session_button(p, "", name, values[i], shown ? say(p, shown) : values[i]);
    }
    html_put(&p->html, "</div></form>");
}

static void put_endpoints(page *p, const by_hand_view *v)
{
    static const char *const seen[] = {"none", "frost", "weak", "bleed", "darkened", "hair-white", "spark"};
    html_put(&p->html, "<section class=\"l-end\" aria-labelledby=\"end-name\"><h2 id=\"end-name\">%s</h2>",
             say(p, W_S_ENDPOINT));
    put_choices(p, v, "endpoint", "seen", "END", seen, sizeof seen / sizeof *seen);
    html_put(&p->html, "</section>");
}

static void open_panel(page *p, const char *id, word name)
{
    html_put(&p->html, "<details class=\"panel\" name=\"panel\" id=\"h-%s\"><summary>%s</summary><div>", id,
             say(p, name));
}

static void close_panel(page *p)
{
    html_put(&p->html, "</div></details>");
}

static void put_near_miss(page *p, const by_hand_view *v)
{
    const char *what[FL_NEAR_MISSES];
    for (unsigned i = 0; i < FL_NEAR_MISSES; i++) what[i] = fl_near_miss(i + 1);
    open_panel(p, "near", W_S_NEAR_MISS);
    html_put(&p->html, "<p class=\"hint\">%s</p>", say(p, W_S_NEAR_WHICH));
    put_choices(p, v, "near-miss", "what", "NEAR", what, FL_NEAR_MISSES);
    close_panel(p);
}

static void put_eyewear(page *p, const by_hand_view *v, const fl_plan *plan)
{
    open_panel(p, "eyewear", W_NEAR_eyewear);
    by_hand_form(p, v, "eyewear");
    by_hand_put_marks(p, plan, v->now.wl_nm, true);
    page_form_end(p, W_S_CONFIRM);
    close_panel(p);
}

static void put_photo(page *p)
{
    page_form_photo(p, "/by-hand/photo");
    html_put(&p->html, "<p class=\"hint\">%s</p>", say(p, W_BH_PHOTO_NOTE));
    page_photo_input(p, "photo-screen", W_BH_PHOTO, W_NONE);
    page_form_end(p, W_BH_PHOTO_KEEP);
}

static void put_more(page *p, const by_hand_view *v)
{
    open_panel(p, "more", W_S_MORE);
    put_photo(p);
    put_log(p, v);
    by_hand_put_signature(p, v, "second", W_S_SECOND, false);
    by_hand_put_signature(p, v, "reconcile", W_BH_SUPERVISOR, true);
    by_hand_put_signature(p, v, "date", W_BH_DATE, false);
    by_hand_form(p, v, "sign-out");
    html_put(&p->html, "<p class=\"hint\">%s</p><button>%s</button></form>", say(p, W_BH_BREAK_NOTE),
             say(p, W_BH_BREAK));
    close_panel(p);
}

static void put_acts(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    put_endpoints(p, v);
    html_put(w, "<div class=\"l-acts\">");
    open_panel(p, "zone", W_BH_OTHER_ZONE);
    by_hand_put_targets(p, v, plan);
    close_panel(p);
    put_eyewear(p, v, plan);
    put_near_miss(p, v);
    put_more(p, v);
    html_put(w, "<a class=\"button\" href=\"/session/finish\">%s</a></div>", say(p, W_S_FINISH));
}

/* ---- the whole ---- */

static void put_fact(page *p, word name, const char *value)
{
    html_put(&p->html, "<span>%s <b>%s</b></span> ", say(p, name), value);
}

static void put_facts(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html_put(&p->html, "<p class=\"h-facts\">");
    put_fact(p, W_LASER, v->device);
    put_fact(p, W_S_CLIENT, plan ? plan->client : page_number(p, NAN, 0));
    put_fact(p, W_S_OPERATOR, v->who[0] ? v->who : page_number(p, NAN, 0));
    put_fact(p, W_BH_SO_FAR, page_count(p, v->now.session_pulses));
    html_put(&p->html, "</p>");
}

static void put_screen(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    const bool own = by_hand_is_own(p, v);
    page_begin_live(p, say(p, W_BY_HAND));
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\"><link rel=\"stylesheet\" "
                "href=\"/assets/by_hand.css\"><script src=\"/assets/by_hand.js\" defer></script>");
    html_put(w, "<div class=\"by-hand\" id=\"by-hand\" data-turn=\"%llu\" data-next=\"%d\">",
             (unsigned long long)v->turn, (int)v->now.next);
    html_put(w, "<div class=\"h-left\">");
    put_facts(p, v, plan);
    put_card(p, v, plan);
    if (!v->zone[0]) put_log(p, v); /* else the figures need the room, and it stands under More */
    html_put(w, "</div>");
    by_hand_put_step(p, v, plan);
    if (own && v->who[0]) put_acts(p, v, plan);
    html_put(w, "</div>");
    page_end(p);
}

void page_by_hand(page *p)
{
    by_hand_view *v = calloc(1, sizeof *v);
    if (!v) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    by_hand_look(by_hand_of(p), v);
    fl_plan *plan = by_hand_plan(v);
    if (v->running)
        put_screen(p, v, plan);
    else
        by_hand_put_start(p, NULL);
    fl_plan_free(plan);
    free(v);
}

/* The same for the script that follows it. A page that was not changed is not made: its forms would use up
 * the tokens of the one that stands there. */
void page_by_hand_seen(page *p)
{
    uint64_t turn, next;
    const char *had = page_given(p, "turn"), *asked = page_given(p, "next");
    by_hand_view *v = calloc(1, sizeof *v);
    if (v) by_hand_look(by_hand_of(p), v);
    const bool same = v && v->running && had && asked && fl_read_u64(had, &turn) == FL_OK &&
                      turn == v->turn && fl_read_u64(asked, &next) == FL_OK && next == (uint64_t)v->now.next;
    free(v);
    if (same)
        p->status = 204;
    else
        page_by_hand(p);
}
