/* Test spots of a case: those the newest plan asked for, placed, looked at when they were made and a quarter
 * of an hour later, and read when their time has come. What was read is written into the case, where the next
 * plan finds it: a spot that went darker excludes its setting. What may be said of them, and when:
 * test_spots.c; what is said: page_test_spots_say.c. */
#include "photo_parts.h"
#include "plan_parts.h"
#include "session_parts.h"
#include "test_spots_parts.h"

#include "book.h"
#include "core.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- forms ---- */

static void begin_form(page *p, const spots *s, size_t n, const char *action, spot_moment moment)
{
    page_form_photo(p, action);
    html_put(&p->html,
             "<input type=\"hidden\" name=\"case\" value=\"%s\"><input type=\"hidden\" name=\"spot\" "
             "value=\"%zu\"><input type=\"hidden\" name=\"moment\" value=\"%s\">",
             s->name, n, spot_moments[moment]);
}

/* With a photo when the client consented: then it belongs to the look. */
static void end_form(page *p, const spots *s, size_t n, spot_moment moment)
{
    html *w = &p->html;
    const char *id = page_format(p, "photo-%zu-%d", n, (int)moment);
    if (s->may_photo)
        html_put(w,
                 "<div class=\"field photo\"><label for=\"%s\">%s</label><input id=\"%s\" name=\"photo\" "
                 "type=\"file\" accept=\"image/jpeg,image/png\" capture=\"environment\"></div>",
                 id, say(p, W_SPOTS_PHOTO), id);
    page_form_end(p, W_RECORD_IT);
}

static void put_wrong(page *p, const spot_wrong *wrong, size_t n, spot_moment moment)
{
    if (wrong && wrong->sentence && wrong->spot == n && wrong->moment == moment)
        html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", wrong->sentence);
}

static void put_radio(page *p, const char *name, word legend, const char *const *values, const word *texts,
                      size_t count)
{
    html *w = &p->html;
    html_put(w, "<fieldset class=\"choice\"><legend>%s</legend>", say(p, legend));
    for (size_t i = 0; i < count; i++)
        html_put(w, "<label><input type=\"radio\" name=\"%s\" value=\"%s\" required><span>%s</span></label>",
                 name, values[i], say(p, texts[i]));
    html_put(w, "</fieldset>");
}

static void put_look_form(page *p, const spots *s, size_t n, spot_moment moment)
{
    word texts[SPOT_SEEN];
    for (size_t i = 0; i < SPOT_SEEN; i++) texts[i] = session_word("END", spot_seen[i]);
    begin_form(p, s, n, "/tests/look", moment);
    put_radio(p, "seen", W_S_ENDPOINT, spot_seen, texts, SPOT_SEEN);
    end_form(p, s, n, moment);
}

static void put_tick(page *p, const char *name, word text)
{
    html_put(&p->html,
             "<label class=\"tick\"><input type=\"checkbox\" name=\"%s\" value=\"yes\"> %s</label> ", name,
             say(p, text));
}

static void put_read_form(page *p, const spots *s, size_t n)
{
    static const char *const results[] = {"lighter", "same", "darker"};
    static const word texts[] = {W_READ_LIGHTER, W_READ_SAME, W_READ_DARKER};
    html *w = &p->html;
    begin_form(p, s, n, "/tests/read", SPOT_READ);
    put_radio(p, "result", W_TESTS_RESULT, results, texts, 3);
    html_put(w,
             "<div class=\"field\"><label for=\"cleared-%zu\">%s</label><input type=\"text\" "
             "inputmode=\"decimal\" id=\"cleared-%zu\" name=\"cleared\" value=\"\"></div><p>",
             n, say(p, W_CLIENT_CLEARED_PERCENT), n);
    put_tick(p, "pigment", W_SPOTS_PIGMENT);
    put_tick(p, "texture", W_SPOTS_TEXTURE);
    put_tick(p, "hair", W_TESTS_HAIR);
    html_put(w, "</p>");
    end_form(p, s, n, SPOT_READ);
}

/* ---- one spot ---- */

/* The clock of the second look. A script counts it down; without one the time of day stands there. */
static void put_clock(page *p, fl_utc due)
{
    const fl_clock *clock = &p->console->clock;
    const long long left_ms = (long long)(due.us - clock->utc(clock->self).us) / 1000;
    html_put(&p->html, "<p class=\"due\">%s <span class=\"digits\" data-due=\"%lld\">%s</span></p>",
             page_fill(p, W_SPOTS_AGAIN_AT, page_time(p, due)), left_ms,
             page_format(p, "%lld min", (left_ms + 59999) / 60000));
}

static void put_moment(page *p, const spots *s, size_t n, spot_moment moment, const spot_wrong *wrong)
{
    html *w = &p->html;
    const spot_state *state = &s->state[n];
    const fl_clock *clock = &p->console->clock;
    const bool today = fl_date_compare(s->c->body.tests[n].placed_on, p->today) == 0;
    const fl_utc due = {state->placed_at.us + SPOT_LOOK_MIN * (int64_t)60000000};
    html_put(w, "<div class=\"moment\"><h3>%s</h3>",
             say(p, moment == SPOT_AT_ONCE ? W_SPOTS_AT_ONCE : W_SPOTS_LATER));
    put_wrong(p, wrong, n, moment);
    if (state->seen[moment][0])
        html_put(w, "<p><span class=\"state good\">%s</span> %s</p>",
                 say(p, session_word("END", state->seen[moment])), page_time(p, state->seen_at[moment]));
    else if (!today || !page_may_open(p, ROUTE_POST, "/tests/look"))
        html_put(w, "<p>%s</p>", say(p, W_SPOTS_NOT_SAID));
    else if (moment == SPOT_LATER && state->placed && due.us > clock->utc(clock->self).us)
        put_clock(p, due);
    else
        put_look_form(p, s, n, moment);
    html_put(w, "</div>");
}

static word decision(const spots *s, size_t n)
{
    const fl_case_test *t = &s->c->body.tests[n];
    if (t->result == FL_READ_DARKER) return W_SPOTS_OUT_DARKER;
    if (spot_is_excluded(t)) return W_SPOTS_OUT_HARMED;
    return spot_is_out_with_another(s, n) ? W_SPOTS_OUT_WITH : W_SPOTS_KEPT;
}

static void put_result(page *p, const spots *s, size_t n)
{
    html *w = &p->html;
    const fl_case_test *t = &s->c->body.tests[n];
    const bool out = spot_is_excluded(t);
    const word said = t->result == FL_READ_DARKER ? W_READ_DARKER
                      : t->result == FL_READ_SAME ? W_READ_SAME
                                                  : W_READ_LIGHTER;
    html_put(w, "<p><span class=\"state %s\">%s</span> %s", out ? "bad" : "good", say(p, said),
             page_date(p, t->read_on));
    if (isfinite(t->cleared_percent))
        html_put(w, " · %s %%",
                 page_number(p, t->cleared_percent, t->cleared_percent == floor(t->cleared_percent) ? 0 : 1));
    if (t->skin_change == FL_YES) html_put(w, " · %s", say(p, W_TESTS_SKIN));
    if (t->hair_white == FL_YES) html_put(w, " · %s", say(p, W_TESTS_HAIR));
    html_put(w, "</p><p><strong>%s</strong></p>", say(p, decision(s, n)));
}

static void put_read(page *p, const spots *s, size_t n, const spot_wrong *wrong)
{
    html *w = &p->html;
    const char *early = spot_too_early(p, s, n);
    html_put(w, "<div class=\"moment\"><h3>%s</h3>", say(p, W_SPOTS_READ));
    put_wrong(p, wrong, n, SPOT_READ);
    if (spot_is_read(s, n))
        put_result(p, s, n);
    else if (early && s->window)
        html_put(w, "<p><span class=\"state warn\">%s</span> %s</p>",
                 page_fill(p, W_SPOTS_NOT_BEFORE, page_date(p, spot_read_from(s, n))), spot_why_weeks(p, s));
    else if (early)
        html_put(w, "<p>%s</p>", early);
    else if (page_may_open(p, ROUTE_POST, "/tests/read"))
        put_read_form(p, s, n);
    else
        html_put(w, "<p>%s</p>", say(p, W_READ_OPEN));
    html_put(w, "</div>");
}

static void put_spot(page *p, const spots *s, size_t n, const spot_wrong *wrong)
{
    html *w = &p->html;
    const fl_case_test *t = &s->c->body.tests[n];
    html_put(w,
             "<section class=\"spot\" id=\"spot-%zu\"><h2>%s · %s</h2><p>%s nm · %s mm · %s J/cm² · %d × · "
             "%s %s</p>",
             n, t->id, t->zone ? t->zone : "–", page_number(p, fl_as_nm(t->wavelength), 0),
             page_number(p, fl_as_mm(t->spot), 1), page_number(p, fl_as_J_cm2(t->fluence), 2), t->pulses,
             say(p, W_TESTS_PLACED),
             s->state[n].placed ? page_time(p, s->state[n].placed_at) : page_date(p, t->placed_on));
    html_put(w, "<div class=\"moments\">");
    put_moment(p, s, n, SPOT_AT_ONCE, wrong);
    put_moment(p, s, n, SPOT_LATER, wrong);
    put_read(p, s, n, wrong);
    html_put(w, "</div></section>");
}

/* ---- their photos ---- */

static void put_photos(page *p, const spots *s)
{
    fl_journal *journal = NULL;
    fl_photo_entry *list = NULL;
    html *w = &p->html;
    unsigned all = 0;
    const char *client = s->c->body.client;
    for (size_t n = 0; n < s->count; n++) all += s->state[n].photos;
    if (!page_may_open(p, ROUTE_POST, "/photos")) return;
    html_put(w, "<section><h2>%s</h2>", say(p, W_PHOTOS));
    if (!s->may_photo)
        html_put(w, "<p>%s <a href=\"%s\">%s</a></p>", say(p, W_SPOTS_NO_PHOTOS),
                 page_url(p, "/photos/%s", client), say(p, W_PHOTO_CONSENT_TITLE));
    else if (!all || !s->looked || book_look(p, &journal, NULL) != FL_OK)
        html_put(w, "<p>%s <a href=\"%s\">%s</a></p>", page_fill(p, W_SPOTS_PHOTOS, page_count(p, all)),
                 page_url(p, "/photos/%s", client), say(p, W_PHOTOS));
    if (journal) {
        const size_t count = photo_list(journal, client, &list);
        photo_form(p, client);
        html_put(w, "<div class=\"photos\">");
        for (size_t n = 0; n < s->count; n++)
            for (size_t i = 0; i < count; i++)
                if (strcmp(list[i].spot, s->c->body.tests[n].id) == 0) photo_put(p, &list[i], true);
        html_put(w, "</div><button class=\"main\">%s</button></form>", say(p, W_PHOTO_COMPARE));
    }
    html_put(w, "</section>");
    free(list);
    fl_journal_close(journal);
}

/* ---- the page ---- */

static void put_plan(page *p, const spots *s)
{
    if (!s->plan || s->count) return;
    plan_put_tests(p, s->plan);
    if (!fl_plan_tests(s->plan) || !page_may_open(p, ROUTE_POST, "/tests")) return;
    if (fl_date_compare(s->plan->date, p->today) != 0) {
        html_put(&p->html, "<p class=\"hint\">%s</p>", say(p, W_CLIENT_AGAIN_WHY));
        return;
    }
    page_form(p, "/tests");
    html_put(&p->html,
             "<input type=\"hidden\" name=\"case\" value=\"%s\"><input type=\"hidden\" name=\"place\" "
             "value=\"%s\">",
             s->name, s->plan->plan_id);
    page_form_end(p, W_TESTS_PLACE);
}

void spots_show(page *p, const spots *s, const spot_wrong *wrong)
{
    html *w = &p->html;
    page_begin_gloves(p, page_format(p, "%s %s", say(p, W_PLAN_TESTS), s->name));
    put_plan(p, s);
    spots_picture(p, s);
    for (size_t n = 0; n < s->count; n++) put_spot(p, s, n, wrong);
    if (s->count) put_photos(p, s);
    if (!s->plan && !s->count) html_put(w, "<p>%s</p>", say(p, W_TESTS_NONE));
    html_put(w, "<p><a class=\"button\" href=\"/plans\">%s</a></p>", say(p, W_PLANS_NEW));
    html_put(w, "<script src=\"/assets/spots.js\" defer></script>");
    page_end(p);
}

void page_test_spots(page *p)
{
    spots s;
    if (!spots_open(p, page_part(p, 0), &s)) return;
    spots_show(p, &s, NULL);
    spots_close(&s);
}
