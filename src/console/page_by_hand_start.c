/* Where a session by hand begins: first which plan, then who, with which laser and which eyewear. What was
 * interrupted stands before everything. It begins as `fadeline run PLAN --device manual:ID` does. */
#include "by_hand_left.h"
#include "by_hand_parts.h"

#include "book.h"
#include "core.h"
#include "live.h"
#include "plan_parts.h"
#include "plan_shelf.h"
#include "session_parts.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/names.h"

#include <stdlib.h>
#include <string.h>

/* ---- lasers that are set by hand ---- */

static bool is_by_hand(const char *id)
{
    fl_device *device;
    if (fl_device_load(id, &device, NULL) != FL_OK) return false;
    const bool hand = !fl_device_is_simulated(device) && !fl_text_same(device->link.dialect, "gl1");
    fl_device_free(device);
    return hand;
}

/* Of the plans on the shelf, each once. */
static size_t lasers(const plan_shelf *s, const char *ids[PLAN_SHELF_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t n = 0;
        while (n < count && !fl_text_same(ids[n], s->plans[i]->device)) n++;
        if (n == count && is_by_hand(s->plans[i]->device)) ids[count++] = s->plans[i]->device;
    }
    return count;
}

static bool is_one_of(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(ids[i], id)) return true;
    return false;
}

/* ---- what was interrupted ---- */

void by_hand_put_left(page *p)
{
    html *w = &p->html;
    by_hand_left left;
    fl_journal *journal = NULL;
    if (!book_exists(p) || book_look(p, &journal, NULL) != FL_OK) return;
    const bool found = by_hand_left_find(&p->console->hand_books, journal, &left);
    fl_journal_close(journal);
    plan_shelf *s = found ? plan_shelf_new(p, NULL) : NULL;
    if (!s) return;
    html_put(w, "<section class=\"no\" role=\"alert\" id=\"left\"><p>%s</p><dl class=\"facts\">",
             say(p, left.in_zone ? W_BH_LEFT_ZONE : W_BH_LEFT));
    html_put(w, "<div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>%s</dd></div>", say(p, W_LASER),
             left.dev, say(p, W_S_CLIENT), left.client);
    if (left.in_zone)
        html_put(w,
                 "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div><div><dt>%s</dt><dd "
                 "class=\"digits\">%s</dd></div>",
                 say(p, W_S_ZONE), left.zone, say(p, W_BH_BEGUN), page_count(p, left.ctr));
    html_put(w, "<div><dt>%s</dt><dd>%s</dd></div></dl>", say(p, W_BH_LEFT_WHEN),
             page_time(p, (fl_utc){left.at_us}));
    for (size_t i = 0; i < s->count; i++) {
        char hex[2 * FL_SHA256_SIZE + 1];
        if (!fl_text_same(fl_hex(s->plans[i]->sha256, FL_SHA256_SIZE, hex), left.plan)) continue;
        html_put(w, "<p><a class=\"button\" href=\"%s\">%s</a></p>",
                 page_url(p, "/by-hand?plan=%s", s->names[i]), say(p, W_BH_LEFT_GO));
    }
    html_put(w, "</section>");
    plan_shelf_free(s);
}

/* ---- the two steps ---- */

static void put_plans(page *p, const plan_shelf *s)
{
    html *w = &p->html;
    const char *ids[PLAN_SHELF_MOST];
    const size_t count = lasers(s, ids);
    bool any = false;
    html_put(w, "<h2>%s</h2><ul class=\"ways\">", say(p, W_BH_WHICH_PLAN));
    for (size_t i = 0; i < s->count; i++) {
        const fl_plan *plan = s->plans[i];
        if (!is_one_of(plan->device, ids, count) || fl_date_compare(plan->date, p->today) != 0) continue;
        html_put(w, "<li><a href=\"%s\">%s · %s · %s</a></li>", page_url(p, "/by-hand?plan=%s", s->names[i]),
                 plan->client, plan->device, say(p, plan_verdict_word(plan->verdict)));
        any = true;
    }
    html_put(w, "</ul>");
    if (!any) html_put(w, "<p>%s</p>", page_fill(p, W_BH_NO_PLAN, s->folder));
}

static void put_plan(page *p, const fl_plan *plan)
{
    html *w = &p->html;
    html_put(w, "<dl class=\"facts\"><div><dt>%s</dt><dd class=\"digits\">%s</dd></div>", say(p, W_S_CLIENT),
             plan->client);
    html_put(w, "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div>", say(p, W_LASER), plan->device);
    html_put(w, "<div><dt>%s</dt><dd class=\"digits\">%s</dd></div>", say(p, W_VERDICT),
             say(p, plan_verdict_word(plan->verdict)));
    html_put(w, "<div><dt>%s</dt><dd>%s</dd></div></dl>", say(p, W_PLAN), plan->plan_id);
    html_put(w, "<p class=\"warn\">%s</p>", page_fill(p, W_BH_SCREENED, page_date(p, plan->date)));
}

static void put_form(page *p, const plan_shelf *s, size_t n)
{
    html *w = &p->html;
    const char *ids[PLAN_SHELF_MOST];
    const fl_plan *plan = s->plans[n];
    const size_t count = lasers(s, ids);
    put_plan(p, plan);
    page_form(p, "/by-hand/start");
    html_put(w, "<input type=\"hidden\" name=\"plan\" value=\"%s\">", s->names[n]);
    html_put(w, "<div class=\"beside\"><div>");
    page_choice(p, "device", W_BH_WHICH_LASER, ids, ids, count, W_NONE);
    const bool treats = fl_plan_treats_zones(plan);
    const uint64_t nm = treats ? (uint64_t)fl_whole_nm(plan->settings[plan->chosen].wavelength) : 0;
    by_hand_put_marks(p, plan, nm, false);
    html_put(w, "</div><div>");
    session_put_pin(p, "pin-self", W_S_PIN_AGAIN);
    html_put(w, "</div></div>");
    html_put(w, "<p class=\"hint\">%s</p><button class=\"main\">%s</button></form>",
             say(p, p->simulated ? W_BH_EXERCISE : W_BH_TREATS), say(p, W_START_GO));
    html_put(w, "<p><a class=\"button\" href=\"/by-hand\">%s</a></p>", say(p, W_BH_OTHER_PLAN));
}

static void put_why(page *p, const fl_error *why)
{
    html *w = &p->html;
    const word known = why->code[0] ? session_word("BH_NO", why->code) : W_NONE;
    if (known) html_put(w, "<p>%s</p>", page_fill(p, W_START_FAILED, say(p, known)));
    page_put_no(p, why->what, why->hint);
}

/* The journal failed in the middle of a session: that is the last thing it said. */
static void put_broken(page *p)
{
    by_hand_view *v = calloc(1, sizeof *v);
    if (!v) return;
    by_hand_look(by_hand_of(p), v);
    if (v->broken) {
        html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", say(p, W_BH_BROKEN));
        by_hand_put_answer(p, v);
    }
    free(v);
}

static bool is_live(const page *p)
{
    live_view *v = calloc(1, sizeof *v);
    if (v) live_look(p->console->live, v);
    const bool running = v && v->running;
    free(v);
    return running;
}

void by_hand_put_start(page *p, const fl_error *why)
{
    html *w = &p->html;
    plan_shelf *s = plan_shelf_new(p, NULL);
    if (!s) return page_refuse(p, 500, say(p, W_NO_MEMORY), NULL);
    const char *wanted = page_given(p, "plan");
    const size_t n = plan_shelf_find(s, wanted);
    page_begin_gloves(p, say(p, W_BH_BEGIN));
    html_put(w, "<link rel=\"stylesheet\" href=\"/assets/session.css\"><link rel=\"stylesheet\" "
                "href=\"/assets/by_hand.css\"><script src=\"/assets/by_hand.js\" defer></script>");
    if (why) put_why(p, why);
    put_broken(p);
    by_hand_put_left(p);
    if (is_live(p))
        html_put(w, "<p>%s</p><p><a class=\"button\" href=\"/session\">%s</a></p>", say(p, W_BH_LIVE_RUNS),
                 say(p, W_SESSION));
    else if (!by_hand_may_order(p))
        html_put(w, "<p>%s</p>", say(p, W_S_NONE_RUNS));
    else if (n < s->count && is_by_hand(s->plans[n]->device))
        put_form(p, s, n);
    else
        put_plans(p, s);
    html_put(w, "<p><a class=\"button\" href=\"/session/finish\">%s</a></p>", say(p, W_S_FINISH));
    page_end(p);
    plan_shelf_free(s);
}

/* ---- beginning ---- */

typedef struct beginning {
    const page *p;
    const char *pin, *marks;
} beginning;

static fl_status sign_in(void *self, fl_sitting *s, fl_error *error)
{
    const beginning *b = self;
    return fl_manual_sign_in(s->manual, b->p->visitor->who, b->pin, error);
}

/* Refused marks begin the session all the same: they are asked for again on its screen. */
static fl_status wear(void *self, fl_sitting *s, fl_error *error)
{
    const beginning *b = self;
    return by_hand_take_marks(s, b->marks, error);
}

static void refuse_start(page *p, int status, const fl_error *why)
{
    p->status = status;
    by_hand_put_start(p, why);
}

/* Only what stands on the shelf can be begun. */
static bool find_plan(page *p, char path[FL_PLACE_MAX])
{
    plan_shelf *s = plan_shelf_new(p, NULL);
    const size_t n = s ? plan_shelf_find(s, page_given(p, "plan")) : 0;
    const bool found = s && n < s->count;
    if (found) plan_shelf_path(s, n, path);
    plan_shelf_free(s);
    return found;
}

static fl_status begin(page *p, const char *path, fl_error *error)
{
    char day[11];
    const char *device = page_given(p, "device");
    const fl_sitting_start start = {.plan = path,
                                    .device = device ? device : "",
                                    .date = p->console->days_ahead ? fl_date_text(p->today, day) : NULL,
                                    .training = p->simulated};
    if (is_live(p)) return fl_error_set(error, FL_E_BUSY, "a driven session runs");
    return by_hand_begin(by_hand_of(p), &start, error);
}

void page_by_hand_start_post(page *p)
{
    char path[FL_PLACE_MAX];
    fl_error error = {0};
    by_hand *h = by_hand_of(p);
    beginning b = {.p = p, .pin = page_given(p, "pin"), .marks = page_given(p, "marks")};
    if (by_hand_runs(h)) return page_redirect(p, "/by-hand");
    if (!find_plan(p, path) || !b.pin || !*b.pin) {
        fl_error_set(&error, FL_E_USAGE, "%s", say(p, b.pin && *b.pin ? W_START_WANTS_PLAN : W_BH_WANTS_PIN));
        return refuse_start(p, 422, &error);
    }
    fl_status status = begin(p, path, &error);
    if (status == FL_E_BUSY) return page_failed(p, &error);
    if (status != FL_OK) return refuse_start(p, 409, &error);
    status = by_hand_order(h, BY_HAND_ANY_TURN, sign_in, &b, &error);
    if (status != FL_OK) {
        by_hand_drop(h);
        return refuse_start(p, 403, &error);
    }
    if (b.marks && b.marks[strspn(b.marks, "0123456789 ")] &&
        by_hand_order(h, BY_HAND_ANY_TURN, wear, &b, &error) != FL_OK) {
        /* its screen says so */
    }
    page_redirect(p, "/by-hand");
}
