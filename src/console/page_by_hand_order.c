/* Orders of a session by hand, from forms to the session: the same calls as the words of the terminal make.
 */
#include "by_hand_parts.h"

#include "core.h"
#include "owe.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/names.h"
#include "fadeline/session/said.h"

#include <stdlib.h>
#include <string.h>

/* One order as the form has it. */
typedef struct ordered {
    const page *p;
    const char *who; /* at this screen */
} ordered;

static fl_status not_understood(fl_error *error)
{
    fl_error_set(error, FL_E_USAGE, "a field of this order is missing");
    return fl_error_code(error, "order-unknown"), FL_E_USAGE;
}

/* A field that must be there; "" is not. */
static bool field_of(const ordered *o, const char *name, const char **value)
{
    *value = page_given(o->p, name);
    return *value && **value;
}

/* What is typed in full sentences. The session asks nobody who a client is: the face does. */
static fl_status check_words(const fl_sitting *s, const char *what, const char *words, fl_error *error)
{
    return fl_clients_named_here(s->training, what, words, s->plan->client, error);
}

/* ---- people ---- */

static fl_status sign_in(void *self, fl_sitting *s, fl_error *error)
{
    const char *pin;
    const ordered *o = self;
    return field_of(o, "pin", &pin) ? fl_manual_sign_in(s->manual, o->who, pin, error)
                                    : not_understood(error);
}

static fl_status sign_out(void *self, fl_sitting *s, fl_error *error)
{
    (void)self;
    return fl_manual_sign_out(s->manual, error);
}

static fl_status second(void *self, fl_sitting *s, fl_error *error)
{
    const char *who, *pin;
    const ordered *o = self;
    if (!field_of(o, "who", &who) || !field_of(o, "pin", &pin)) return not_understood(error);
    return fl_manual_second(s->manual, who, pin, error);
}

static fl_status date(void *self, fl_sitting *s, fl_error *error)
{
    const char *who, *pin, *day;
    const ordered *o = self;
    if (!field_of(o, "who", &who) || !field_of(o, "pin", &pin) || !field_of(o, "date", &day))
        return not_understood(error);
    return fl_manual_date(s->manual, who, pin, day, error);
}

static fl_status reconcile(void *self, fl_sitting *s, fl_error *error)
{
    const char *who, *pin, *why;
    const ordered *o = self;
    if (!field_of(o, "who", &who) || !field_of(o, "pin", &pin) || !field_of(o, "why", &why))
        return not_understood(error);
    const fl_status status = check_words(s, "the reason", why, error);
    return status == FL_OK ? fl_manual_reconcile(s->manual, who, pin, why, error) : status;
}

static fl_status explain(void *self, fl_sitting *s, fl_error *error)
{
    const char *why;
    if (!field_of(self, "why", &why)) return not_understood(error);
    const fl_status status = check_words(s, "the reason", why, error);
    return status == FL_OK ? fl_manual_explain(s->manual, why, error) : status;
}

/* ---- eyewear, zone, counter ---- */

/* "755 OD7 M LB9": the wavelength stands first. */
fl_status by_hand_take_marks(fl_sitting *s, const char *marks, fl_error *error)
{
    uint64_t nm;
    char number[12];
    marks += strspn(marks, " ");
    const size_t size = strcspn(marks, " ");
    snprintf(number, sizeof number, "%.*s", size < sizeof number ? (int)size : 0, marks);
    if (fl_read_u64(number, &nm) != FL_OK) {
        fl_error_set(error, FL_E_NO, "the wavelength comes first: 1064 OD7 M LB9");
        return fl_error_code(error, "eyewear"), FL_E_NO;
    }
    marks += size + strspn(marks + size, " ");
    const fl_status status = check_words(s, "what stands on the eyewear", marks, error);
    return status == FL_OK ? fl_manual_eyewear(s->manual, nm, marks, error) : status;
}

static fl_status eyewear(void *self, fl_sitting *s, fl_error *error)
{
    const char *marks;
    return field_of(self, "marks", &marks) ? by_hand_take_marks(s, marks, error) : not_understood(error);
}

static fl_status zone(void *self, fl_sitting *s, fl_error *error)
{
    const char *id;
    return field_of(self, "zone", &id) ? fl_manual_zone(s->manual, id, error) : not_understood(error);
}

static fl_status spots(void *self, fl_sitting *s, fl_error *error)
{
    uint64_t number;
    const char *text;
    if (!field_of(self, "spot", &text) || fl_read_u64(text, &number) != FL_OK) return not_understood(error);
    return fl_manual_spot(s->manual, number, error);
}

static fl_status before(void *self, fl_sitting *s, fl_error *error)
{
    const char *counter;
    return field_of(self, "counter", &counter) ? fl_manual_before(s->manual, counter, error)
                                               : not_understood(error);
}

static fl_status after(void *self, fl_sitting *s, fl_error *error)
{
    const char *counter;
    return field_of(self, "counter", &counter) ? fl_manual_after(s->manual, counter, error)
                                               : not_understood(error);
}

/* ---- what is seen and said ---- */

static fl_status endpoint(void *self, fl_sitting *s, fl_error *error)
{
    const char *seen;
    return field_of(self, "seen", &seen) ? fl_manual_endpoint(s->manual, seen, error) : not_understood(error);
}

static fl_status near_miss(void *self, fl_sitting *s, fl_error *error)
{
    const char *what;
    return field_of(self, "what", &what) ? fl_manual_near_miss(s->manual, what, error)
                                         : not_understood(error);
}

/* Several words from boxes that were ticked; one from a button. false: none, or too many. */
static bool words_of(const page *p, char said[FL_SAID_TEXT])
{
    const char *one;
    size_t at = 0;
    fl_text text = fl_text_in(said, FL_SAID_TEXT);
    while ((one = fields_each(&p->request->form, "said", &at)))
        fl_text_add(&text, "%s%s", text.length ? " " : "", one);
    return text.length && !text.cut;
}

static fl_status note(void *self, fl_sitting *s, fl_error *error)
{
    char said[FL_SAID_TEXT];
    const char *about;
    const ordered *o = self;
    if (!field_of(o, "about", &about) || !words_of(o->p, said)) return not_understood(error);
    const fl_status status = check_words(s, "the note", said, error);
    return status == FL_OK ? fl_manual_note(s->manual, about, said, error) : status;
}

static const struct {
    const char *what;
    by_hand_act *act;
    bool proven; /* it carries a PIN of its own: taken also from who is not signed in at the session */
} orders[] = {
    {"sign-in", sign_in, true},
    {"sign-out", sign_out, false},
    {"second", second, true},
    {"date", date, true},
    {"reconcile", reconcile, true},
    {"explain", explain, false},
    {"eyewear", eyewear, false},
    {"zone", zone, false},
    {"spots", spots, false},
    {"before", before, false},
    {"after", after, false},
    {"endpoint", endpoint, false},
    {"near-miss", near_miss, false},
    {"note", note, false},
    {"end", NULL, false},
};

/* ---- answers ---- */

static bool is_own(const page *p)
{
    by_hand_view *v = calloc(1, sizeof *v);
    if (!v) return false;
    by_hand_look(by_hand_of(p), v);
    const bool own = by_hand_is_own(p, v);
    free(v);
    return own;
}

static void refuse(page *p, int status, word why)
{
    p->status = status;
    page_begin_gloves(p, say(p, W_BY_HAND));
    html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>%s</p></div>", say(p, why));
    html_put(&p->html, "<p><a class=\"button main\" href=\"/by-hand\">%s</a></p>", say(p, W_BY_HAND));
    page_end(p);
}

/* Back to the screen, which says what came of it; notes to the page they were made on. */
static void answer(page *p, const char *what, fl_status status, const fl_error *error)
{
    const char *counter = page_given(p, "counter");
    switch (status) {
    case FL_E_GONE: return refuse(p, 409, W_S_NONE_RUNS);
    case FL_E_RANGE: return refuse(p, 409, W_BH_OLD_TURN);
    case FL_OK:
    case FL_E_NO:
    case FL_E_USAGE: break;
    default: return page_failed(p, error);
    }
    if (status == FL_E_NO && counter && strspn(counter, "0123456789") == strlen(counter))
        by_hand_typed(by_hand_of(p), counter);
    char said[FL_SAID_TEXT];
    if (status == FL_OK && fl_text_same(what, "note") && words_of(p, said))
        by_hand_noted(by_hand_of(p), page_given(p, "about"), said);
    const bool finish = fl_text_same(what, "note") || (fl_text_same(what, "end") && status == FL_OK);
    page_redirect(p, finish ? "/session/finish" : "/by-hand");
}

void page_by_hand_order_post(page *p)
{
    uint64_t turn;
    fl_error error = {0};
    const char *what = page_given(p, "do"), *given = page_given(p, "turn");
    size_t i = 0;
    while (i < sizeof orders / sizeof *orders && !fl_text_same(orders[i].what, what)) i++;
    if (i == sizeof orders / sizeof *orders || !given || fl_read_u64(given, &turn) != FL_OK ||
        turn == BY_HAND_ANY_TURN)
        return refuse(p, 422, W_S_BAD_ORDER);
    if (!orders[i].proven && !is_own(p)) return refuse(p, 403, W_S_NOT_YOURS);
    ordered o = {.p = p, .who = p->visitor->who};
    const fl_status status = orders[i].act ? by_hand_order(by_hand_of(p), turn, orders[i].act, &o, &error)
                                           : by_hand_end(by_hand_of(p), turn, &error);
    answer(p, orders[i].what, status, &error);
}

/* ---- a photo of the laser's screen ---- */

/* Whose session, and which zone or test spot it shows; false: none runs. The caller frees *plan. */
static bool subject_of(const page *p, by_hand_view *v, fl_plan **plan)
{
    by_hand_look(by_hand_of(p), v);
    *plan = by_hand_plan(v);
    return *plan != NULL;
}

/* Its entry goes into the journal of the session at once: we hold it. */
static fl_status write_photo(const page *p, fl_error *error)
{
    fl_journal *journal = by_hand_lend(by_hand_of(p));
    if (!journal) return FL_OK; /* it has ended meanwhile: the book writes it with its next entry */
    const fl_status status = owe_pay(p->console, journal, error);
    by_hand_take_back(by_hand_of(p));
    return status;
}

static void take_photo(page *p, const by_hand_view *v, const fl_plan *plan)
{
    word wrong = W_NONE;
    fl_error error = {0};
    const fl_manual_view *n = &v->now;
    const bool spot = n->test && n->chosen;
    const page_photo photo = {.pat = plan->client,
                              .what = "screen",
                              .sid = v->sid,
                              .zone = spot         ? plan->test_spots.grid[n->index].zone
                                      : v->zone[0] ? v->zone
                                                   : NULL,
                              .spot = n->test && v->zone[0] ? v->zone : NULL};
    if (!page_upload(p, &photo, &wrong)) {
        if (wrong != W_NONE) refuse(p, 422, wrong);
    } else if (write_photo(p, &error) != FL_OK) {
        page_failed(p, &error);
    } else {
        page_redirect(p, "/by-hand");
    }
}

void page_by_hand_photo_post(page *p)
{
    fl_plan *plan = NULL;
    by_hand_view *v = calloc(1, sizeof *v);
    if (!v || !subject_of(p, v, &plan))
        refuse(p, 409, W_S_NONE_RUNS);
    else if (!by_hand_is_own(p, v))
        refuse(p, 403, W_S_NOT_YOURS);
    else
        take_photo(p, v, plan);
    fl_plan_free(plan);
    free(v);
}

void by_hand_sign_out(const page *p)
{
    fl_error error = {0};
    by_hand_view *v = calloc(1, sizeof *v);
    if (v) by_hand_look(by_hand_of(p), v);
    const bool here = v && v->running && v->who[0] && fl_text_same(v->who, p->visitor->who);
    free(v);
    if (here && by_hand_order(by_hand_of(p), BY_HAND_ANY_TURN, sign_out, NULL, &error) != FL_OK) return;
}
