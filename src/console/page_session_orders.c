/* Orders from the session's screen, the stream it listens to, and its heart. An order is a request to
 * control; none makes light. Control answers, and its answer is what the page gets. */
#include "session_parts.h"

#include "book.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/names.h"
#include "fadeline/session/said.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MS 6000 /* a PIN takes some tenths of a second, ARM a tick */
#define SIGN_OUT_MS 1000

/* Which page of which visitor; false: the page did not name itself. */
static bool read_key(const page *p, live_key *key)
{
    const char *name = page_given(p, "page");
    if (!name || strlen(name) < 16 || strlen(name) > 64) return false;
    const fl_piece pieces[] = {{p->visitor->secret, sizeof p->visitor->secret}, {name, strlen(name)}};
    fl_sha256_pieces(pieces, 2, key->bytes);
    return true;
}

/* "here-1a2b3c": this machine's browser or a paired tablet's, and which tab, when the page named it. For the
 * journal: it proves nothing. */
static void add_screen(page *p, const live_key *key, bool named, json_t *order)
{
    const uint8_t *tab = key->bytes;
    const char *place = p->far ? "tablet" : "here";
    if (named) place = page_format(p, "%s-%02x%02x%02x", place, tab[0], tab[1], tab[2]);
    json_object_set_new(order, "screen", json_string(place));
}

/* ---- from a form to an order; NULL: it was not understood ---- */

static json_t *text_of(const page *p, const char *name, const char *key)
{
    const char *value = page_given(p, name);
    return value && *value ? json_pack("{s:s}", key, value) : NULL;
}

static json_t *number_of(const page *p, const char *name, const char *key)
{
    uint64_t value;
    const char *text = page_given(p, name);
    if (!text || fl_read_u64(text, &value) != FL_OK || value > 1000000) return NULL;
    return json_pack("{s:I}", key, (json_int_t)value);
}

static json_t *self_of(const page *p)
{
    const char *pin = page_given(p, "pin");
    return pin && *pin ? json_pack("{s:s,s:s}", "pin", pin, "who", p->visitor->who) : NULL;
}

static json_t *other_of(const page *p)
{
    const char *pin = page_given(p, "pin"), *who = page_given(p, "who"), *reason = page_given(p, "reason");
    if (!pin || !*pin || !who || !*who) return NULL;
    json_t *order = json_pack("{s:s,s:s}", "pin", pin, "who", who);
    if (order && reason && *reason) json_object_set_new(order, "reason", json_string(reason));
    return order;
}

/* "755 OD7 M LB9": the wavelength stands first. */
static json_t *marks_of(const page *p)
{
    const char *marks = page_given(p, "marks");
    if (!marks) return NULL;
    char *end;
    const long nm = strtol(marks, &end, 10);
    end += strspn(end, " ");
    return nm > 0 && nm < 20000 && *end ? json_pack("{s:s,s:i}", "code", end, "wl_nm", (int)nm) : NULL;
}

/* "reaction: erythema oedema" from boxes that were ticked; "pain: 3" from one. */
static json_t *note_of(const page *p)
{
    char said[FL_SAID_TEXT];
    const char *about = page_given(p, "about"), *said_word;
    size_t at = 0;
    fl_text text = fl_text_in(said, sizeof said);
    while (about && (said_word = fields_each(&p->request->form, "said", &at)))
        fl_text_add(&text, "%s%s", text.length ? " " : "", said_word);
    return text.length && !text.cut ? json_pack("{s:s,s:s}", "about", about, "said", said) : NULL;
}

static json_t *plain(const page *p)
{
    (void)p;
    return json_object();
}
static json_t *zone_of(const page *p)
{
    return text_of(p, "zone", "zone");
}
static json_t *spot_of(const page *p)
{
    return number_of(p, "spot", "spot");
}
static json_t *fault_of(const page *p)
{
    return number_of(p, "fault", "fault");
}
static json_t *seen_of(const page *p)
{
    return text_of(p, "seen", "seen");
}
static json_t *what_of(const page *p)
{
    return text_of(p, "what", "what");
}

static const struct {
    const char *what;
    json_t *(*read)(const page *p);
} orders[] = {
    {"sign-in", self_of},   {"sign-out", plain}, {"eyewear", marks_of}, {"zone", zone_of},
    {"spots", spot_of},     {"arm", plain},      {"reset", fault_of},   {"endpoint", seen_of},
    {"near-miss", what_of}, {"note", note_of},   {"second", other_of},  {"reconcile", other_of},
    {"service", other_of},  {"end", plain},
};

/* ---- answers ---- */

static bool by_script(const page *p)
{
    return page_given(p, "script") != NULL;
}

static void put_json(page *p, int status, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    page_file(p, "application/json", NULL, text ? text : "{}", text ? strlen(text) : 2);
    p->status = status;
    free(text);
}

/* Without a script the person is back on the screen, where the newest answer stands. */
static void say_no(page *p, int status, word why)
{
    if (!by_script(p)) return page_refuse(p, status, say(p, why), NULL);
    json_t *object =
        json_pack("{s:i,s:s}", "ok", 0, "text", say(p, why)); /* no type: the stream does not say it */
    put_json(p, status, object);
    json_decref(object);
}

typedef enum there { THERE_NOBODY_RUNS, THERE_OTHER, THERE_SAME } there;

/* Whether this person is the one who is signed in at control. */
static there is_there(const page *p, const char *who)
{
    live_view *v = calloc(1, sizeof *v);
    if (!v) return THERE_OTHER;
    live_look(session_live(p), v);
    const bool same = who[0] && fl_text_same(v->status.person, who);
    const there is = !v->running ? THERE_NOBODY_RUNS : same ? THERE_SAME : THERE_OTHER;
    free(v);
    return is;
}

/* What is proven by a PIN of its own needs nobody signed in; everything else is the operator's at the laser.
 */
static bool may_give(const page *p, const char *what)
{
    static const char *const proven[] = {"sign-in", "second", "service", "reconcile"};
    for (size_t i = 0; i < sizeof proven / sizeof *proven; i++)
        if (fl_text_same(proven[i], what)) return true;
    return is_there(p, p->visitor->who) != THERE_OTHER;
}

/* Control conducts and has no register: whoever sends it a sentence asks first. */
static bool names_client(const page *p)
{
    static const char *const typed[] = {"reason", "marks", "said"};
    live_view *v = calloc(1, sizeof *v);
    if (!v) return true;
    live_look(session_live(p), v);
    const char *about = v->status.client[0] ? v->status.client : NULL;
    bool named = false;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        named |= page_names_client(p, page_given(p, typed[i]), about);
    free(v);
    return named;
}

void page_order_post(page *p)
{
    live_key key = {{0}};
    json_t *more = NULL, *answer = NULL;
    const char *what = page_given(p, "do");
    size_t i = 0;
    while (i < sizeof orders / sizeof *orders && !fl_text_same(orders[i].what, what)) i++;
    const bool known = i < sizeof orders / sizeof *orders;
    const bool tab = read_key(p, &key),
               named = tab || !fl_text_same(what, "arm"); /* who arms must be able to beat */
    if (known && named) more = orders[i].read(p);
    if (!more) return say_no(p, 422, W_S_BAD_ORDER);
    if (names_client(p)) {
        json_decref(more);
        return say_no(p, 422, W_NAMES_CLIENT);
    }
    if (!may_give(p, what)) {
        json_decref(more);
        return say_no(p, 403, W_S_NOT_YOURS);
    }
    add_screen(p, &key, tab, more);
    const live_answered got =
        fl_text_same(what, "arm")
            ? live_arm(session_live(p), &key, p->request->halts, json_deep_copy(more), &answer, ANSWER_MS)
            : live_order(session_live(p), &key, orders[i].what, json_deep_copy(more), &answer, ANSWER_MS);
    if (answer && fl_text_same(what, "end") && fl_face_whole(answer, "ok") == 1)
        live_wait_over(session_live(p), ANSWER_MS);
    json_decref(more);
    if (got == LIVE_NOBODY) return say_no(p, 409, W_S_NONE_RUNS);
    if (got == LIVE_STOPPED) return say_no(p, 409, W_S_STOPPED);
    if (got == LIVE_NOT_HELD) return say_no(p, 409, W_S_HOLD_FIRST);
    if (got == LIVE_LATE) return say_no(p, 503, W_S_LATE);
    if (by_script(p))
        put_json(p, 200, answer);
    else
        page_redirect(p, fl_text_same(what, "note") || fl_text_same(what, "end") ? "/session/finish"
                                                                                 : "/session");
    json_decref(answer);
}

bool session_unlocks(const page *p, const char *who, const char *pin)
{
    json_t *answer = NULL;
    if (is_there(p, who) != THERE_SAME) return false;
    live_order(session_live(p), NULL, "sign-in", json_pack("{s:s,s:s}", "pin", pin, "who", who), &answer,
               ANSWER_MS);
    const bool yes = answer && fl_face_whole(answer, "ok") == 1;
    json_decref(answer);
    return yes;
}

void session_sign_out(const page *p)
{
    json_t *answer = NULL;
    if (is_there(p, p->visitor->who) != THERE_SAME) return;
    live_halt(session_live(p));
    live_order(session_live(p), NULL, "sign-out", json_object(), &answer, SIGN_OUT_MS);
    json_decref(answer);
}

void page_standby_post(page *p)
{
    live_halt(session_live(p));
    if (by_script(p))
        p->status = 204;
    else
        page_redirect(p, "/session");
}

void page_hold_post(page *p)
{
    live_key key;
    if (is_there(p, p->visitor->who) != THERE_SAME) return say_no(p, 403, W_S_NOT_YOURS);
    if (!read_key(p, &key)) return say_no(p, 422, W_S_BAD_ORDER);
    live_hold(session_live(p), &key, !page_given(p, "up"));
    p->status = 204;
}

void page_here_post(page *p)
{
    live_key key;
    const bool mine = read_key(p, &key) && live_here(session_live(p), &key);
    page_file(p, "application/json", NULL, mine ? "{\"mine\":1}" : "{\"mine\":0}", 10);
}

void page_live(page *p)
{
    const char *last = p->request->last_event ? p->request->last_event : page_given(p, "last");
    live_viewer *viewer = live_watch(session_live(p), p->visitor->secret, last);
    if (!viewer) return page_refuse(p, 503, say(p, W_S_FULL), NULL);
    page_stream(p, "text/event-stream", live_read, viewer, live_viewer_free);
}
