/* What a session by hand waits for, one thing at a time, in the order of the session itself (fl_manual_look).
 */
#include "by_hand_parts.h"

#include "session_parts.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

/* ---- fields ---- */

void by_hand_put_marks(page *p, const fl_plan *plan, uint64_t wl_nm, bool needed)
{
    html *w = &p->html;
    for (size_t i = 0; plan && i < plan->eyewear_count; i++) {
        const fl_plan_eyewear *e = &plan->eyewear[i];
        if (wl_nm && (long long)wl_nm != fl_whole_nm(e->wavelength)) continue;
        html_put(w, "<p class=\"hint\">%s</p>",
                 page_fill(p, W_S_MARKS_ASKED,
                           page_format(p, "%s nm, OD %s, %s", page_number(p, fl_as_nm(e->wavelength), 0),
                                       page_number(p, e->od, 1), e->en207)));
    }
    const char *given = page_given(p, "marks");
    const char *begun = wl_nm ? page_format(p, "%llu ", (unsigned long long)wl_nm) : "";
    html_put(w,
             "<div class=\"field\"><label for=\"marks\">%s</label><p class=\"hint\" id=\"marks-hint\">%s</p>",
             say(p, W_S_MARKS), say(p, W_S_MARKS_HINT));
    html_put(w,
             "<input id=\"marks\" name=\"marks\" type=\"text\" value=\"%s\" aria-describedby=\"marks-hint\" "
             "autocapitalize=\"characters\" spellcheck=\"false\"",
             given ? given : begun);
    if (needed) html_put(w, " required");
    html_put(w, "></div>");
}

static void put_reason(page *p, const char *id)
{
    html_put(&p->html,
             "<div class=\"field\"><label for=\"%s\">%s</label><input id=\"%s\" name=\"why\" type=\"text\" "
             "maxlength=\"200\" required></div>",
             id, say(p, W_S_REASON), id);
}

static void put_signing(page *p, const by_hand_view *v, const char *what, bool reason, bool answer)
{
    html *w = &p->html;
    by_hand_form(p, v, what);
    session_put_who(p, page_format(p, "who-%s", what));
    if (reason) put_reason(p, page_format(p, "why-%s", what));
    if (fl_text_same(what, "date"))
        html_put(
            w,
            "<div class=\"field\"><label for=\"day\">%s</label><p class=\"hint\">%s</p><input id=\"day\" "
            "name=\"date\" type=\"text\" inputmode=\"numeric\" required></div>",
            say(p, W_BH_DAY), say(p, W_BH_DAY_HINT));
    session_put_pin(p, page_format(p, "pin-%s", what), W_PIN);
    html_put(w, "<button>%s</button>", say(p, W_S_CONFIRM));
    if (answer) by_hand_put_answer(p, v);
    html_put(w, "</form>");
}

void by_hand_put_signature(page *p, const by_hand_view *v, const char *what, word why, bool reason)
{
    html_put(&p->html, "<details class=\"sign\" name=\"sign\"><summary>%s</summary>", say(p, why));
    put_signing(p, v, what, reason, false);
    html_put(&p->html, "</details>");
}

/* ---- where the next pulses belong ---- */

static void put_zones(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    if (!fl_plan_treats_zones(plan)) return;
    by_hand_form(p, v, "zone");
    html_put(w, "<p class=\"hint\">%s</p><div class=\"grid\">", say(p, W_S_ZONE_WHICH));
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *zone = &plan->zones[i];
        html_put(w,
                 "<button name=\"zone\" value=\"%s\"%s><b>%s</b> <span>%s</span> <small>%s</small></button>",
                 zone->id, zone->locked ? " disabled" : "", zone->id, session_side(p, zone->id),
                 zone->locked ? say(p, W_S_LOCKED_ZONE) : page_count(p, (uint64_t)zone->budget.planned));
    }
    html_put(w, "</div></form>");
}

static void put_spots(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    if (!fl_plan_tests(plan) || !plan->test_spots.grid_count) return;
    by_hand_form(p, v, "spots");
    html_put(w, "<p class=\"hint\">%s</p><div class=\"grid\">", say(p, W_S_TEST_SPOTS));
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        html_put(w,
                 "<button name=\"spot\" value=\"%zu\"><b>%s</b> <span>%s</span> <small>%s nm %s "
                 "mm</small></button>",
                 i + 1, spot->id, spot->zone, page_number(p, fl_as_nm(spot->wavelength), 0),
                 page_number(p, fl_as_mm(spot->spot), 1));
    }
    html_put(w, "</div></form>");
}

void by_hand_put_targets(page *p, const by_hand_view *v, const fl_plan *plan)
{
    if (!plan) return;
    if (plan->test_spots.required) put_spots(p, v, plan);
    put_zones(p, v, plan);
    if (!plan->test_spots.required) put_spots(p, v, plan);
}

/* ---- the counter ---- */

static void put_counter_fact(page *p, word name, const char *value)
{
    html_put(&p->html, "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div>", say(p, name), value);
}

/* What the number is held against, and what was typed when it did not fit. */
static void put_counter_facts(page *p, const by_hand_view *v)
{
    html *w = &p->html;
    const fl_manual_view *n = &v->now;
    uint64_t typed, held = n->open ? n->begun : n->counter;
    html_put(w, "<dl class=\"h-counts%s\">", v->typed[0] ? " small" : "");
    put_counter_fact(p, n->open ? W_BH_BEGUN : W_BH_LAST,
                     n->open || n->known ? page_count(p, held) : page_number(p, NAN, 0));
    if (n->open && !n->interrupted && !n->stopped && !v->typed[0] && n->planned > n->pulses)
        put_counter_fact(p, W_BH_UNTIL, page_count(p, n->begun + (uint64_t)(n->planned - n->pulses)));
    if (v->typed[0] && fl_read_u64(v->typed, &typed) == FL_OK && (n->open || n->known)) {
        put_counter_fact(p, W_BH_TYPED, page_count(p, typed));
        put_counter_fact(p, W_BH_DIFFERENCE,
                         typed < held ? page_format(p, "−%s", page_count(p, held - typed))
                                      : page_count(p, typed - held));
    }
    html_put(w, "</dl>");
}

void by_hand_put_answer(page *p, const by_hand_view *v)
{
    html *w = &p->html;
    if (!v->said_now) return;
    html_put(w, "<div class=\"h-said%s\" role=\"%s\"><ol>", v->refused ? " no-good" : "",
             v->refused ? "alert" : "status");
    by_hand_put_said(p, v, 0, v->said_now);
    html_put(w, "</ol></div>");
}

static void put_keypad(page *p, const char *id)
{
    html *w = &p->html;
    html_put(w, "<div class=\"pad\" data-for=\"%s\">", id);
    for (const char *key = "123456789"; *key; key++)
        html_put(w, "<button type=\"button\" data-key=\"%s\">%s</button>", (char[]){*key, 0},
                 (char[]){*key, 0});
    html_put(
        w,
        "<button type=\"button\" data-key=\"\">%s</button><button type=\"button\" data-key=\"0\">0</button>"
        "<button type=\"button\" data-key=\"back\" aria-label=\"%s\">⌫</button></div>",
        say(p, W_S_CLEAR), say(p, W_BH_BACK));
}

static void put_counter(page *p, const by_hand_view *v, const char *what, word label)
{
    html *w = &p->html;
    by_hand_form(p, v, what);
    html_put(w, "<div class=\"h-count\"><div><div class=\"field\"><label for=\"counter\">%s</label>",
             say(p, label));
    html_put(w,
             "<input id=\"counter\" class=\"digits\" name=\"counter\" type=\"text\" inputmode=\"numeric\" "
             "pattern=\"[0-9]*\" "
             "maxlength=\"16\" autocomplete=\"off\" required></div><button class=\"main\">%s</button>",
             say(p, fl_text_same(what, "before") ? W_BH_GO_BEFORE : W_BH_GO_AFTER));
    put_counter_facts(p, v);
    by_hand_put_answer(p, v);
    html_put(w, "</div>");
    put_keypad(p, "counter");
    html_put(w, "</div></form>");
}

/* ---- the steps ---- */

/* Whether a number is asked for, on the pad. */
static bool is_counter(const by_hand_view *v)
{
    const fl_manual_view *n = &v->now;
    return n->next == FL_NEXT_AFTER || (n->next == FL_NEXT_BEFORE && !n->second && !n->date_unsure);
}

/* Beside a pad there is room for what came of the newest order; above it there is none. */
static bool answers_beside(const by_hand_view *v)
{
    return is_counter(v) || v->now.next == FL_NEXT_BEFORE || v->now.next == FL_NEXT_SUPERVISOR;
}

static void put_before(page *p, const by_hand_view *v)
{
    const fl_manual_view *n = &v->now;
    if (n->pause_s)
        html_put(&p->html, "<p class=\"h-pause\">%s</p>",
                 page_fill(p, W_BH_PAUSE, page_count(p, (uint64_t)n->pause_s)));
    if (!is_counter(v)) return put_signing(p, v, n->second ? "second" : "date", false, true);
    put_counter(p, v, "before", W_BH_COUNTER_BEFORE);
}

static void put_sign_in(page *p, const by_hand_view *v)
{
    by_hand_form(p, v, "sign-in");
    session_put_pin(p, "pin-self", W_S_PIN_AGAIN);
    page_form_end(p, W_SIGN_IN);
}

static void put_explain(page *p, const by_hand_view *v)
{
    by_hand_form(p, v, "explain");
    put_reason(p, "why-explain");
    page_form_end(p, W_S_CONFIRM);
}

static void put_eyewear(page *p, const by_hand_view *v, const fl_plan *plan)
{
    by_hand_form(p, v, "eyewear");
    by_hand_put_marks(p, plan, v->now.wl_nm, true);
    page_form_end(p, W_S_CONFIRM);
}

static word heading(const by_hand_view *v)
{
    const fl_manual_view *n = &v->now;
    if (v->typed[0] && is_counter(v)) return W_BH_STEP_AGAIN; /* nobody fires on a doubtful number */
    switch (n->next) {
    case FL_NEXT_SIGN_IN: return n->open ? W_BH_STEP_OPEN : W_BH_STEP_SIGN_IN;
    case FL_NEXT_AFTER:
        return n->interrupted ? W_BH_STEP_INTERRUPTED : n->stopped ? W_BH_STEP_STOPPED : W_BH_STEP_AFTER;
    case FL_NEXT_EXPLAIN: return W_BH_STEP_EXPLAIN;
    case FL_NEXT_SUPERVISOR: return W_BH_STEP_SUPERVISOR;
    case FL_NEXT_TARGET: return W_BH_STEP_TARGET;
    case FL_NEXT_EYEWEAR: return W_BH_STEP_EYEWEAR;
    case FL_NEXT_BEFORE: return n->second ? W_BH_STEP_SECOND : n->date_unsure ? W_BH_DATE : W_BH_STEP_BEFORE;
    }
    return W_NONE;
}

static void put_fields(page *p, const by_hand_view *v, const fl_plan *plan)
{
    switch (v->now.next) {
    case FL_NEXT_SIGN_IN: return put_sign_in(p, v);
    case FL_NEXT_AFTER: return put_counter(p, v, "after", W_BH_COUNTER_AFTER);
    case FL_NEXT_EXPLAIN: return put_explain(p, v);
    case FL_NEXT_SUPERVISOR: return put_signing(p, v, "reconcile", true, true);
    case FL_NEXT_TARGET: return by_hand_put_targets(p, v, plan);
    case FL_NEXT_EYEWEAR: return put_eyewear(p, v, plan);
    case FL_NEXT_BEFORE: return put_before(p, v);
    }
}

/* Another operator takes over with a PIN; who does not want to only sees it, again and again. */
static void put_looks_on(page *p, const by_hand_view *v)
{
    html *w = &p->html;
    html_put(w, "<p class=\"looks\">%s</p>", say(p, W_BH_LOOKS));
    if (!by_hand_may_order(p)) return;
    if (page_given(p, "take"))
        put_sign_in(p, v);
    else
        html_put(w, "<p><a class=\"button\" href=\"/by-hand?take=1\">%s</a></p>", say(p, W_BH_TAKE));
}

void by_hand_put_step(page *p, const by_hand_view *v, const fl_plan *plan)
{
    html *w = &p->html;
    html_put(w, "<section class=\"h-step\" id=\"step\" data-step=\"%d\"><h2 class=\"h-ask\">%s</h2>",
             (int)v->now.next, say(p, heading(v)));
    if (!by_hand_is_own(p, v) || !answers_beside(v)) by_hand_put_answer(p, v);
    if (by_hand_is_own(p, v))
        put_fields(p, v, plan);
    else
        put_looks_on(p, v);
    html_put(w, "</section>");
}
