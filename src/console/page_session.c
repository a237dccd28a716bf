/* The session's screen: word, shape and place first; planned and measured side by side; STOP from anywhere.
 * What the newest status says is put here, so that the page reads without a script; session.js then keeps it
 * current. */
#include "session_parts.h"

#include "by_hand.h"
#include "core.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAID_SHOWN 4

live *session_live(const page *p)
{
    return p->console->live;
}

/* The file may hold another plan by now: control says which it conducts. */
fl_plan *session_plan(const live_view *view)
{
    fl_plan *plan = view->plan[0] ? fl_plan_new() : NULL;
    const char *id = view->status.plan;
    if (plan && fl_plan_read_json(view->plan, plan, NULL) == FL_OK &&
        (!id[0] || fl_text_same(plan->plan_id, id)))
        return plan;
    fl_plan_free(plan);
    return NULL;
}

bool session_may_order(const page *p)
{
    return page_may_open(p, ROUTE_POST, "/session/order") && !p->visitor->locked;
}

bool session_is_own(const page *p, const live_view *view)
{
    const char *person = view->status.person;
    return session_may_order(p) && (!person[0] || fl_text_same(person, p->visitor->who));
}

bool session_holds_journal(const page *p)
{
    live_view *v = calloc(1, sizeof *v);
    if (v) live_look(session_live(p), v);
    const bool holds = v && v->running && (p->simulated || !v->training);
    free(v);
    return holds;
}

const char *session_side(const page *p, const char *zone)
{
    const char *side = fl_face_side(zone);
    return side[0] ? say(p, side[0] == 'l' ? W_S_LEFT : W_S_RIGHT) : "";
}

static const char *const word_ids[WORDS] = {
#define X(id, english, french) #id,
    WORD_LIST(X)
#undef X
};

word session_word(const char *prefix, const char *name)
{
    char id[80];
    snprintf(id, sizeof id, "%s_%s", prefix, name);
    for (char *c = id; *c; c++)
        if (*c == '-' || *c == ' ') *c = '_';
    for (word w = W_NONE; w < WORDS; w++)
        if (strcmp(word_ids[w], id) == 0) return w;
    return W_NONE;
}

/* ---- the state ---- */

static const struct {
    const char *state;
    word shown, note;
} states[] = {
    {"OFF", W_S_OFF, W_S_OFF_NOTE},
    {"SELFTEST", W_S_SELFTEST, W_S_SELFTEST_NOTE},
    {"STANDBY", W_S_STANDBY, W_S_STANDBY_NOTE},
    {"ARMING", W_S_ARMING, W_S_ARMING_NOTE},
    {"READY", W_S_READY, W_S_READY_NOTE},
    {"OPENING", W_S_OPENING, W_S_EMIT_NOTE},
    {"EMIT", W_S_EMIT, W_S_EMIT_NOTE},
    {"GAP", W_S_EMIT, W_S_EMIT_NOTE},
    {"CLOSING", W_S_CLOSING, W_S_STANDBY_NOTE},
    {"FAULT", W_S_FAULT, W_S_FAULT_NOTE},
    {"ESTOP", W_S_ESTOP, W_S_ESTOP_NOTE},
    {"LOST", W_S_NO_CONTACT, W_S_NO_CONTACT_NOTE},
    {"BROKEN", W_S_ENDED, W_S_BROKEN_NOTE},
    {"ENDED", W_S_ENDED, W_S_ENDED_NOTE},
};
enum { STATES = sizeof states / sizeof *states };

static void put_state(page *p, const live_view *v)
{
    html *w = &p->html;
    size_t i = 0;
    while (i < STATES - 1 && !fl_text_same(states[i].state, v->status.state)) i++;
    html_put(w,
             "<section class=\"l-state\" id=\"state\" data-state=\"%s\" aria-live=\"assertive\" "
             "aria-atomic=\"true\">",
             v->status.state);
    html_put(w, "<span class=\"shape\" aria-hidden=\"true\"></span><p class=\"word\">%s</p>",
             say(p, states[i].shown));
    html_put(w, "<p class=\"note\">%s</p></section>",
             fl_text_same(v->status.state, "ARMING")
                 ? page_fill(p, W_S_ARMING_NOTE, page_number(p, (double)v->status.ready_in_ms / 1e3, 1))
                 : say(p, states[i].note));
}

/* ---- settings and counts ---- */

/* What unknown looks like is page_number's dash. */
static const char *scaled(page *p, long long value, double unit, int decimals)
{
    return page_number(p, value == FL_FACE_UNKNOWN ? NAN : (double)value / unit, decimals);
}

static void put_setting(page *p, word name, const char *unit, const char *id, long long planned,
                        long long measured, double scale, int decimals)
{
    html *w = &p->html;
    html_put(w, "<tr><th scope=\"row\">%s <span class=\"unit\">%s</span></th>", say(p, name), unit);
    html_put(w, "<td data-v=\"planned.%s\" data-scale=\"%d\" data-decimals=\"%d\">%s</td>", id, (int)scale,
             decimals, scaled(p, planned, scale, decimals));
    html_put(w, "<td data-v=\"measured.%s\" data-scale=\"%d\" data-decimals=\"%d\">%s</td></tr>", id,
             (int)scale, decimals, scaled(p, measured, scale, decimals));
}

static void put_settings(page *p, const live_view *v)
{
    html *w = &p->html;
    const fl_face_setting *a = &v->status.planned, *b = &v->status.measured;
    html_put(w,
             "<section class=\"l-set\"><table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>",
             say(p, W_S_QUANTITY), say(p, W_S_PLANNED));
    html_put(w, "<th scope=\"col\">%s <span id=\"age\" class=\"age\"></span></th></tr></thead><tbody>",
             say(p, W_S_MEASURED));
    put_setting(p, W_S_WAVELENGTH, "nm", "wl_nm", a->wavelength_nm, b->wavelength_nm, 1, 0);
    put_setting(p, W_S_SPOT, "mm", "spot_um", a->spot_um, b->spot_um, 1e3, 1);
    put_setting(p, W_FLUENCE, "J/cm²", "fluence_uJ_cm2", a->fluence_uJ_cm2, b->fluence_uJ_cm2, 1e6, 2);
    put_setting(p, W_ENERGY, "mJ", "energy_uJ", a->energy_uJ, b->energy_uJ, 1e3, 1);
    put_setting(p, W_RATE, "Hz", "rate_mHz", a->rate_mHz, b->rate_mHz, 1e3, 1);
    html_put(w, "</tbody></table></section>");
}

static void put_count(page *p, word name, const char *id, long long done, long long budget)
{
    html *w = &p->html;
    const char *of = budget == FL_FACE_UNKNOWN ? page_number(p, NAN, 0) : page_count(p, (uint64_t)budget);
    html_put(w,
             "<div class=\"count\"><span class=\"name\" %s>%s</span><span class=\"digits\" "
             "data-count=\"%s_pulses\">%s</span>",
             "", say(p, name), id,
             done == FL_FACE_UNKNOWN ? page_number(p, NAN, 0) : page_count(p, (uint64_t)done));
    html_put(w, "<span class=\"of\">%s <b data-count=\"%s_budget\">%s</b></span>", say(p, W_S_OF), id, of);
    html_put(w,
             "<progress data-bar=\"%s\" aria-label=\"%s: %s\" value=\"%lld\" max=\"%lld\"></progress></div>",
             id, say(p, W_S_PULSES), say(p, name), done > 0 ? done : 0, budget > 0 ? budget : 1);
}

static void put_counts(page *p, const live_view *v)
{
    html_put(&p->html, "<section class=\"l-count\"><h2>%s</h2>", say(p, W_S_PULSES));
    put_count(p, W_S_IN_ZONE, "zone", v->status.zone_pulses, v->status.zone_budget);
    put_count(p, W_S_IN_SESSION, "session", v->status.session_pulses, v->status.session_budget);
    html_put(&p->html, "</section>");
}

/* ---- facts ---- */

/* `off`: not as it has to be, by a mark and a colour. */
static void put_fact(page *p, word name, const char *id, const char *value, bool off)
{
    html_put(&p->html, "<div><dt>%s</dt><dd data-fact=\"%s\"%s>%s</dd></div>", say(p, name), id,
             off ? " class=\"off\"" : "", value[0] ? value : page_number(p, NAN, 0));
}

static void put_contact(page *p, word name, const char *id, const char *state, const char *good)
{
    put_fact(p, name, id, state[0] ? say(p, session_word("ROOM", state)) : "",
             state[0] && !fl_text_same(state, good));
}

/* Door, stop and covers in one word: the worst of them. "": one is unknown. */
static const char *interlock(const fl_face_room *r)
{
    if (!r->door[0] || !r->stop[0] || !r->covers[0]) return "";
    if (fl_text_same(r->door, "open") || fl_text_same(r->stop, "pressed") || fl_text_same(r->covers, "open"))
        return "open";
    return fl_text_same(r->door, "unproven") || fl_text_same(r->stop, "unproven") ? "unproven" : "closed";
}

/* "2026-05-04 passed, +1.2 %" */
static const char *check_text(page *p, const fl_face_check *check)
{
    const word how = fl_text_same(check->verdict, "pass")   ? W_S_CHECK_PASS
                     : fl_text_same(check->verdict, "warn") ? W_S_CHECK_WARN
                                                            : W_S_CHECK_LOCK;
    return check->day[0] ? page_format(p, "%s %s", check->day, say(p, how)) : say(p, W_S_NEVER_CHECKED);
}

static void put_facts(page *p, const live_view *v)
{
    html *w = &p->html;
    const fl_face_status *s = &v->status;
    const fl_face_room *r = &s->room;
    const char *side = session_side(p, s->zone);
    html_put(w, "<section class=\"l-facts\"><dl>");
    put_fact(p, W_S_ZONE, "zone", page_format(p, "%s%s%s", s->zone, side[0] ? " · " : "", side), false);
    put_fact(p, W_S_CLIENT, "client", s->client, false);
    put_fact(p, W_S_EYEWEAR, "eyewear", s->eyewear, false);
    put_contact(p, W_S_AIMING, "aim", r->aim, "on");
    put_contact(p, W_S_COOLING, "cooling", r->cooling, "good");
    put_contact(p, W_S_INTERLOCK, "interlock", interlock(r), "closed");
    put_contact(p, W_S_KEY, "key", r->key, "on");
    put_contact(p, W_S_FOOT, "foot", r->foot, "up");
    put_fact(p, W_S_CHECK, "check", check_text(p, &s->check), s->check.day[0] && !s->check.good);
    put_fact(p, W_S_OPERATOR, "operator", s->person, false);
    put_fact(p, W_S_TIME, "time", "", false);
    put_fact(p, W_LASER, "device", s->device, false);
    html_put(w, "</dl></section>");
}

/* ---- what is missing, and what was said ---- */

static void put_missing(page *p, const live_view *v)
{
    html *w = &p->html;
    bool any = false;
    html_put(w,
             "<section class=\"l-missing\" tabindex=\"0\" aria-label=\"%s\"><h2>%s</h2><ul id=\"missing\">",
             say(p, W_S_WHAT_IS_MISSING), say(p, W_S_WHAT_IS_MISSING));
    for (const char *at = v->status.bad; *at; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        const word sentence = session_word("BAD", page_format(p, "%.*s", (int)length, at));
        html_put(w, "<li>%s</li>", sentence ? say(p, sentence) : page_format(p, "%.*s", (int)length, at));
        any = true;
        at += length;
    }
    if (!any) html_put(w, "<li class=\"calm\">%s</li>", say(p, W_S_ALL_GOOD));
    html_put(w, "</ul></section>");
}

static void put_line(page *p, const char *text)
{
    html *w = &p->html;
    json_t *said = json_loads(text, 0, NULL);
    const char *kind = fl_face_text(said, "kind"), *hint = fl_face_text(said, "hint");
    size_t i;
    json_t *reason;
    html_put(w, "<li data-kind=\"%s\"><p>", kind[0] ? kind : fl_face_text(said, "type"));
    page_put_said(p, fl_face_text(said, "text"));
    html_put(w, "</p>");
    json_array_foreach(json_object_get(said, "reasons"), i, reason)
    {
        const char *sentence = json_string_value(reason), *after = sentence ? strstr(sentence, ": ") : NULL;
        if (!i || !after) continue;
        html_put(w, "<p>");
        page_put_said(p, after + 2);
        html_put(w, "</p>");
    }
    if (hint[0]) {
        html_put(w, "<p class=\"todo\">");
        page_put_said(p, hint);
        html_put(w, "</p>");
    }
    html_put(w, "</li>");
    json_decref(said);
}

void session_put_said(page *p)
{
    html *w = &p->html;
    char *texts[SAID_SHOWN];
    const size_t count = live_said(session_live(p), texts, SAID_SHOWN);
    html_put(w,
             "<section class=\"l-said\"><h2>%s</h2><div class=\"log\" role=\"log\" tabindex=\"0\" "
             "aria-label=\"%s\">"
             "<ol id=\"said\">",
             say(p, W_S_LATEST), say(p, W_S_LATEST));
    for (size_t i = 0; i < count; i++) {
        put_line(p, texts[i]);
        free(texts[i]);
    }
    html_put(w, "</ol></div></section>");
}

/* ---- the whole ---- */

/* What session.js says in this language: states by name, everything else by its id. */
static void put_words(page *p)
{
    html *w = &p->html;
    html_put(w, "<ul id=\"words\" hidden>");
    for (size_t i = 0; i < STATES; i++)
        html_put(w, "<li data-state=\"%s\" data-note=\"%s\">%s</li>", states[i].state, say(p, states[i].note),
                 say(p, states[i].shown));
    for (word id = W_NONE; id < WORDS; id++) {
        const char *name = word_ids[id];
        if (fl_text_begins(name, "S_") || fl_text_begins(name, "BAD_") || fl_text_begins(name, "ROOM_"))
            html_put(w, "<li data-word=\"%s\">%s</li>", name, say(p, id));
    }
    html_put(w, "</ul>");
}

void session_put_stop(page *p)
{
    html *w = &p->html;
    page_form(p, "/session/standby");
    html_put(w,
             "<button class=\"stop\" id=\"stop\" aria-keyshortcuts=\"Escape "
             "Space\"><span>%s</span><small>%s</small></button></form>",
             say(p, W_S_STOP), say(p, W_S_STOP_HOW));
}

static void put_arm(page *p, const live_view *v)
{
    html *w = &p->html;
    if (!session_is_own(p, v)) {
        html_put(w, "<p class=\"looks\">%s</p>", say(p, W_S_VIEW_ONLY));
        return;
    }
    session_form(p,
                 "arm"); /* only a script can tell how long it was held: without one nobody arms from here */
    html_put(
        w,
        "<button class=\"arm\" id=\"arm\" type=\"button\"%s><span>%s</span><small>%s</small></button></form>",
        fl_text_same(v->status.state, "STANDBY") ? "" : " disabled", say(p, W_S_ARM), say(p, W_S_ARM_HOW));
}

/* Control says nothing any more: what it said last is not shown as if it were so now. */
static void forget_what_is_old(live_view *v)
{
    fl_face_status *s = &v->status;
    if (live_age_ms(v) <= LIVE_STALE_MS) return;
    snprintf(s->state, sizeof s->state, "LOST");
    s->measured = (fl_face_setting){.wavelength_nm = FL_FACE_UNKNOWN,
                                    .spot_um = FL_FACE_UNKNOWN,
                                    .fluence_uJ_cm2 = FL_FACE_UNKNOWN,
                                    .energy_uJ = FL_FACE_UNKNOWN,
                                    .rate_mHz = FL_FACE_UNKNOWN,
                                    .pulse_ps = FL_FACE_UNKNOWN};
    s->room = (fl_face_room){.utc_us = FL_FACE_UNKNOWN};
}

void page_session(page *p)
{
    live_view *v = calloc(1, sizeof *v);
    if (!v) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    live_look(session_live(p), v);
    if (!v->running) {
        free(v);
        if (by_hand_runs(p->console->hand)) return page_redirect(p, "/by-hand");
        return session_put_start(p, W_NONE, W_NONE, NULL);
    }
    const int64_t age = live_age_ms(v);
    forget_what_is_old(v);
    html *w = &p->html;
    fl_plan *plan = session_plan(v);
    page_begin_live(p, say(p, W_SESSION));
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\"><script src=\"/assets/session.js\" "
                "defer></script>");
    html_put(w,
             "<div class=\"session\" id=\"session\" data-mark=\"%s\" data-age=\"%lld\" data-orders=\"%d\" "
             "data-own=\"%d\" data-who=\"%s\">",
             v->mark, (long long)age, session_may_order(p), session_is_own(p, v), p->visitor->who);
    html_put(w, "<div class=\"l-left\">");
    put_state(p, v);
    session_put_stop(p);
    put_arm(p, v);
    html_put(w, "</div>");
    put_settings(p, v);
    put_counts(p, v);
    put_facts(p, v);
    put_missing(p, v);
    session_put_said(p);
    if (session_may_order(p)) session_panels(p, v, plan);
    html_put(w, "<p id=\"sound\" hidden>%s</p></div>", say(p, W_S_SOUND_OFF));
    put_words(p);
    page_end(p);
    fl_plan_free(plan);
    free(v);
}
