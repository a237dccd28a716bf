#include "manual_orders.h"

#include "ask.h"
#include "fadeline/clients/names.h"

#include "fadeline/base/text.h"
#include "fadeline/report/manual_card.h"
#include "fadeline/report/shown_json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define N(x) ((unsigned long long)(x))

/* The next word of the line; the rest stays where it is. "" when there is none. */
static char *word(char **rest)
{
    char *at = *rest + strspn(*rest, " \t");
    *rest = at + strcspn(at, " \t");
    if (**rest) *(*rest)++ = 0;
    *rest += strspn(*rest, " \t");
    return at;
}

static fl_status usage(fl_error *error, const char *what, const char *hint)
{
    fl_error_set(error, FL_E_USAGE, "%s", what);
    fl_error_code(error, "order-unknown");
    return fl_error_hint(error, "%s", hint), FL_E_USAGE;
}

/* On a terminal a PIN is asked for, and not shown; elsewhere it stands in the line. */
static fl_status take_pin(const manual_run *r, char **rest, const char *hint, char pin[FL_PIN_MOST + 2],
                          fl_error *error)
{
    const char *said = word(rest);
    if (strlen(said) > FL_PIN_MOST) return usage(error, "this is no PIN", hint);
    snprintf(pin, FL_PIN_MOST + 2, "%s", said);
    if (pin[0] || (r->is_terminal && ask_pin(pin))) return FL_OK;
    return usage(error, "the PIN is missing", hint);
}

/* What is typed in full sentences. The session asks nobody who a client is: the face does. */
static fl_status check_words(const manual_run *r, const char *what, const char *words, fl_error *error)
{
    return fl_clients_named_here(r->s.training, what, words, r->s.plan->client, error);
}

/* ---- orders ---- */

static fl_status sign_in(manual_run *r, char *rest, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    const char *who = word(&rest);
    if (!who[0]) return usage(error, "who?", "sign-in op:17 PIN");
    fl_status status = take_pin(r, &rest, "sign-in op:17 PIN", pin, error);
    if (status == FL_OK) status = fl_manual_sign_in(r->s.manual, who, pin, error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) manual_print(r, "%s is signed in", who);
    return status;
}

static fl_status sign_out(manual_run *r, char *rest, fl_error *error)
{
    (void)rest;
    const fl_status status = fl_manual_sign_out(r->s.manual, error);
    if (status == FL_OK) manual_print(r, "signed out");
    return status;
}

static fl_status second(manual_run *r, char *rest, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    const char *who = word(&rest);
    fl_status status = take_pin(r, &rest, "second op:9 PIN", pin, error);
    if (status == FL_OK) status = fl_manual_second(r->s.manual, who, pin, error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) manual_print(r, "signed as the second person");
    return status;
}

static fl_status date(manual_run *r, char *rest, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    const char *who = word(&rest);
    fl_status status = take_pin(r, &rest, "date op:9 PIN YYYY-MM-DD", pin, error);
    if (status == FL_OK) status = fl_manual_date(r->s.manual, who, pin, rest, error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) manual_print(r, "the date is confirmed");
    return status;
}

static fl_status reconcile(manual_run *r, char *rest, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    const char *who = word(&rest);
    fl_status status = take_pin(r, &rest, "reconcile op:9 PIN WHY", pin, error);
    if (status == FL_OK) status = check_words(r, "the reason", rest, error);
    if (status == FL_OK) status = fl_manual_reconcile(r->s.manual, who, pin, rest, error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) manual_print(r, "signed by %s: %s", who, rest);
    return status;
}

static fl_status explain(manual_run *r, char *rest, fl_error *error)
{
    fl_status status = check_words(r, "the reason", rest, error);
    if (status == FL_OK) status = fl_manual_explain(r->s.manual, rest, error);
    if (status == FL_OK) manual_print(r, "noted: %s", rest);
    return status;
}

static fl_status eyewear(manual_run *r, char *rest, fl_error *error)
{
    uint64_t nm;
    const char *said = word(&rest);
    if (fl_read_u64(said, &nm) != FL_OK)
        return usage(error, "the wavelength comes first", "eyewear 1064 OD7 M LB9");
    fl_status status = check_words(r, "what stands on the eyewear", rest, error);
    if (status == FL_OK) status = fl_manual_eyewear(r->s.manual, nm, rest, error);
    if (status == FL_OK) manual_print(r, "eyewear confirmed for %llu nm: on every face in the room", N(nm));
    return status;
}

static fl_status show_card(manual_run *r, char *rest, fl_error *error)
{
    (void)rest;
    fl_manual_view v;
    fl_manual_look(r->s.manual, &v);
    if (!v.chosen) return usage(error, "no zone and no test spot is chosen", "zone NAME, or: spots 1");
    if (!r->json) fl_card_print(r->s.plan, v.test, v.index, r->mark, stdout);
    return FL_OK;
}

static fl_status zone(manual_run *r, char *rest, fl_error *error)
{
    const char *id = word(&rest);
    if (!id[0]) return usage(error, "which zone?", "zone F-L");
    const fl_status status = fl_manual_zone(r->s.manual, id, error);
    return status == FL_OK ? show_card(r, rest, error) : status;
}

static fl_status spots(manual_run *r, char *rest, fl_error *error)
{
    uint64_t number;
    if (fl_read_u64(word(&rest), &number) != FL_OK) return usage(error, "which test spot?", "spots 1");
    const fl_status status = fl_manual_spot(r->s.manual, number, error);
    return status == FL_OK ? show_card(r, rest, error) : status;
}

static fl_status before(manual_run *r, char *rest, fl_error *error)
{
    fl_manual_view v;
    const fl_status status = fl_manual_before(r->s.manual, rest, error);
    if (status != FL_OK) return status;
    fl_manual_look(r->s.manual, &v);
    const int left = v.planned > v.pulses ? v.planned - v.pulses : 0;
    manual_print(r, "GO  %s from %llu: %d pulses, to %llu", v.zone, N(v.begun), left, N(v.begun) + N(left));
    return FL_OK;
}

static fl_status after(manual_run *r, char *rest, fl_error *error)
{
    return fl_manual_after(r->s.manual, rest, error);
}

static fl_status endpoint(manual_run *r, char *rest, fl_error *error)
{
    const char *seen = word(&rest);
    const fl_status status = fl_manual_endpoint(r->s.manual, seen, error);
    if (status == FL_OK) manual_print(r, "noted: %s", seen);
    return status;
}

static fl_status note(manual_run *r, char *rest, fl_error *error)
{
    const char *about = word(&rest);
    fl_status status = check_words(r, "the note", rest, error);
    if (status == FL_OK) status = fl_manual_note(r->s.manual, about, rest, error);
    if (status == FL_OK) manual_print(r, "noted: %s %s", about, rest);
    return status;
}

static fl_status near_miss(manual_run *r, char *rest, fl_error *error)
{
    return fl_manual_near_miss(r->s.manual, rest, error);
}

static fl_status end(manual_run *r, char *rest, fl_error *error)
{
    (void)rest;
    const fl_status status = fl_manual_end(r->s.manual, error);
    r->ended = status == FL_OK;
    return status;
}

/* A script says which refusal must have come since it asked last. */
static fl_status expect(manual_run *r, char *rest, fl_error *error)
{
    const char *code = word(&rest);
    for (size_t i = 0; i < r->code_count; i++)
        if (strcmp(r->codes[i], code) == 0) return r->code_count = 0, FL_OK;
    fl_error_set(error, FL_E_TIMEOUT, "'%.60s' did not come", code);
    return fl_error_at(error, r->script, r->line, 1), FL_E_TIMEOUT;
}

static const struct {
    const char *word;
    fl_status (*take)(manual_run *r, char *rest, fl_error *error);
} orders[] = {
    {"sign-in", sign_in},
    {"sign-out", sign_out},
    {"second", second},
    {"date", date},
    {"explain", explain},
    {"eyewear", eyewear},
    {"reconcile", reconcile},
    {"zone", zone},
    {"spots", spots},
    {"card", show_card},
    {"before", before},
    {"after", after},
    {"end", end},
    {"endpoint", endpoint},
    {"expect", expect},
    {"note", note},
    {"near-miss", near_miss},
};
enum { ORDERS = sizeof orders / sizeof *orders };

static fl_status unknown(const char *said, fl_error *error)
{
    const char *all[ORDERS];
    for (size_t i = 0; i < ORDERS; i++) all[i] = orders[i].word;
    const char *near = fl_text_nearest(said, all, ORDERS);
    fl_error_set(error, FL_E_USAGE, "'%.40s' is no order of a session by hand", said);
    fl_error_code(error, "order-unknown");
    if (fl_text_same(said, "arm") || fl_text_same(said, "foot") || fl_text_same(said, "standby"))
        fl_error_hint(error, "the laser itself is armed by hand; here: before COUNTER, after COUNTER");
    else if (near)
        fl_error_hint(error, "did you mean '%s'?", near);
    else
        fl_error_hint(error, "zone NAME, before COUNTER, after COUNTER, endpoint SEEN, end");
    return FL_E_USAGE;
}

static fl_status take(manual_run *r, const char *said, char *rest, fl_error *error)
{
    for (size_t i = 0; i < ORDERS; i++)
        if (strcmp(said, orders[i].word) == 0) return orders[i].take(r, rest, error);
    return unknown(said, error);
}

static void answer(manual_run *r, const char *said, fl_status status, const fl_error *error)
{
    if (r->json) {
        json_t *line = json_pack("{s:s, s:s, s:i, s:i}", "type", "answer", "order", said, "ok",
                                 status == FL_OK, "sim", r->s.training ? 1 : 0);
        if (status != FL_OK)
            json_object_update_new(line, json_pack("{s:s, s:s, s:s}", "code", error->code, "text",
                                                   error->what, "hint", error->hint));
        fl_shown_json(line, stdout, JSON_COMPACT), putchar('\n');
        fflush(stdout);
        json_decref(line);
    }
    if (status == FL_OK) return;
    manual_keep_code(r, error->code);
    manual_print(r, "NO  %s", error->what);
    if (error->hint[0]) manual_print(r, "   hint: %s", error->hint);
}

int manual_order(manual_run *r, char *line)
{
    fl_error error = {0};
    fl_manual_view v;
    char *comment = r->is_terminal ? NULL : strchr(line, '#'), *rest = line;
    if (comment) *comment = 0;
    for (size_t size = strlen(line); size && isspace((unsigned char)line[size - 1]);) line[--size] = 0;
    char whole[MANUAL_LINE];
    snprintf(whole, sizeof whole, "%s", line);
    const char *said = word(&rest);
    if (!said[0]) return 0;
    /* A bare number is the counter that is asked for: the whole line, since half of "88 410" is another
     * number. */
    fl_manual_look(r->s.manual, &v);
    const bool asked = v.next == FL_NEXT_BEFORE || v.next == FL_NEXT_AFTER;
    if (asked && said[0] >= '0' && said[0] <= '9') {
        rest = whole;
        said = v.next == FL_NEXT_BEFORE ? "before" : "after";
    }
    const fl_status status = take(r, said, rest, &error);
    if (status == FL_E_TIMEOUT) return fl_error_print(stderr, &error), fl_status_exit(FL_E_NO);
    answer(r, said, status, &error);
    if (status == FL_OK || status == FL_E_NO || status == FL_E_USAGE) return 0;
    r->fatal = true; /* the journal: what was ordered did not happen, and nobody knows what is on the disk */
    fl_error_print(stderr, &error);
    return fl_status_exit(status);
}
