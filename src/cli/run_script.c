#include "run_script.h"

#include "fadeline/clients/names.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/session/said.h"

#include <stdlib.h>
#include <string.h>

typedef struct reading {
    const char *path;
    unsigned line, faults;
    fl_error *only; /* one line from a person: the fault goes here, not to stderr */
    char *words[64];
    unsigned columns[64];
    int count;
} reading;

static bool complain(reading *r, int word, const char *what, const char *hint)
{
    fl_error error;
    fl_error_set(&error, FL_E_FILE, "%s", what);
    fl_error_at(&error, r->path, r->line, word < r->count ? r->columns[word] : 1);
    fl_error_hint(&error, "%s", hint);
    if (r->only)
        *r->only = error;
    else
        fl_error_print(stderr, &error);
    r->faults++;
    return false;
}

static void split(reading *r, char *text)
{
    r->count = 0;
    char *comment = strchr(text, '#');
    if (comment) *comment = 0;
    for (char *at = text; *at && r->count < 64;) {
        at += strspn(at, " \t\r");
        if (!*at) break;
        r->columns[r->count] = (unsigned)(at - text) + 1;
        r->words[r->count++] = at;
        at += strcspn(at, " \t\r");
        if (*at) *at++ = 0;
    }
}

/* Orders without further words. */
static const char *const plain_orders[] = {"arm", "standby", "reset", "sign-out", "end"};
static const char *const all_words[] = {"arm",       "standby", "reset",   "sign-out", "end",  "sign-in",
                                        "zone",      "spots",   "eyewear", "endpoint", "wait", "expect",
                                        "reconcile", "service", "second",  "date",     "note", "near-miss"};
/* WHO PIN, and for some of them a reason or a date. */
static const char *const signatures[] = {"reconcile", "service", "second", "date"};
static const char *const states[] = {"off",  "selftest", "standby", "arming", "ready", "opening",
                                     "emit", "gap",      "closing", "fault",  "estop"};

#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof list / sizeof *list)

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0) return true;
    return false;
}

/* Optional seconds at `word`. */
static bool read_seconds(reading *r, int word, run_step *step)
{
    step->seconds = 30;
    if (word >= r->count) return true;
    if (fl_read_double(r->words[word], &step->seconds) == FL_OK && step->seconds >= 0 &&
        step->seconds <= 3600)
        return true;
    return complain(r, word, "this is not a number of seconds up to 3600", "write for example 20 or 1.5");
}

static bool read_wait(reading *r, run_step *step)
{
    if (r->count < 2)
        return complain(r, 0, "'wait' needs to know for what",
                        "wait ready, wait pulses 12, wait zone, wait 1.5");
    const char *what = r->words[1];
    if (fl_read_double(what, &step->seconds) == FL_OK)
        return step->kind = STEP_WAIT_TIME, read_seconds(r, 1, step);
    if (strcmp(what, "zone") == 0) return step->kind = STEP_WAIT_ZONE, read_seconds(r, 2, step);
    if (strcmp(what, "pulses") == 0) {
        uint64_t number;
        if (r->count < 3 || fl_read_u64(r->words[2], &number) != FL_OK || number > 1000000)
            return complain(r, 2, "'wait pulses' needs a whole number", "wait pulses 12 60");
        step->kind = STEP_WAIT_PULSES;
        step->number = (long long)number;
        return read_seconds(r, 3, step);
    }
    if (!IS_ONE_OF(what, states))
        return complain(r, 1, "there is no such state to wait for",
                        "standby, arming, ready, fault, estop, ...");
    step->kind = STEP_WAIT_STATE;
    for (size_t i = 0; what[i] && i + 1 < sizeof step->word; i++) step->word[i] = (char)(what[i] - 'a' + 'A');
    return read_seconds(r, 2, step);
}

/* false: there is more than an order can carry. Half the marks of eyewear would be other marks. */
static bool join_rest(const reading *r, int from, run_step *step)
{
    fl_text text = fl_text_in(step->rest, sizeof step->rest);
    for (int i = from; i < r->count; i++) fl_text_add(&text, "%s%s", i > from ? " " : "", r->words[i]);
    return !text.cut;
}

/* What was said is read here as control will read it: all faults of a script are shown before anything is
 * started. */
static bool read_said(reading *r, run_step *step)
{
    fl_said said;
    fl_error error;
    if (strcmp(step->word, "note") == 0)
        return fl_said_read(step->first, step->rest, &said, &error) == FL_OK ||
               complain(r, 1, error.what, error.hint);
    if (strcmp(step->word, "near-miss") != 0) return true;
    if (step->rest[0] || !fl_near_miss_find(step->first))
        return complain(r, 1, "this is none of the four near misses",
                        "near-miss wrong-spot, eyewear, zone or other");
    return true;
}

static bool read_order(reading *r, run_step *step)
{
    const char *word = step->word;
    step->kind = STEP_ORDER;
    if (IS_ONE_OF(word, plain_orders))
        return r->count == 1 ||
               complain(r, 1, "nothing may follow this order", "put each order on its own line");
    if (r->count < 2)
        return complain(r, 0, "this order needs to know which",
                        "zone F-L, spots 1, endpoint frost, eyewear 755 OD7, sign-in op:17 PIN, note pain 3");
    snprintf(step->first, sizeof step->first, "%s", r->words[1]);
    uint64_t number = 0;
    if (strcmp(word, "spots") == 0 || strcmp(word, "eyewear") == 0)
        if (fl_read_u64(r->words[1], &number) != FL_OK || number > 20000)
            return complain(r, 1, "a whole number belongs here", "spots 1; eyewear 755 OD7 M LB9");
    step->number = (long long)number;
    const bool signs = strcmp(word, "sign-in") == 0 || IS_ONE_OF(word, signatures);
    if ((signs || strcmp(word, "eyewear") == 0) && r->count < 3)
        return complain(r, 0, "this order needs two things", "sign-in op:17 PIN; eyewear 755 OD7 M LB9");
    if (!join_rest(r, 2, step))
        return complain(r, 2, "this is too long for an order", "leave out what is not needed");
    return read_said(r, step);
}

static bool read_step(reading *r, run_step *step)
{
    const char *word = r->words[0];
    *step = (run_step){.line = r->line};
    snprintf(step->word, sizeof step->word, "%s", word);
    if (strcmp(word, "foot") == 0)
        return complain(r, 0, "'foot' is never an order",
                        "a foot fires; for the virtual laser it belongs into the script of fadeline-twin");
    if (strcmp(word, "wait") == 0) return read_wait(r, step);
    if (!IS_ONE_OF(word, all_words)) {
        const char *near = fl_text_nearest(word, all_words, sizeof all_words / sizeof *all_words);
        char hint[64];
        snprintf(hint, sizeof hint, near ? "did you mean '%s'?" : "fadeline help run lists the orders", near);
        return complain(r, 0, "this order is not known", hint);
    }
    if (strcmp(word, "expect") != 0) return read_order(r, step);
    if (r->count < 2)
        return complain(r, 0, "'expect' needs the code of a refusal", "expect spot-mismatch 10");
    step->kind = STEP_EXPECT;
    snprintf(step->word, sizeof step->word, "%s", r->words[1]);
    return read_seconds(r, 2, step);
}

fl_status run_script_read(const char *path, run_script *script)
{
    char *bytes;
    size_t size;
    fl_error error;
    if (fl_place_read(path, 1 << 16, &bytes, &size, &error) != FL_OK)
        return fl_error_print(stderr, &error), error.status;
    *script = (run_script){.count = 0};
    reading r = {.path = path};
    char *rest = bytes, *line;
    while ((line = strsep(&rest, "\n"))) {
        r.line++;
        split(&r, line);
        if (r.count == 0) continue;
        if (script->count == RUN_SCRIPT_MOST) {
            complain(&r, 0, "the script has too many steps", "512 are enough for a session");
            break;
        }
        if (read_step(&r, &script->steps[script->count])) script->count++;
    }
    free(bytes);
    if (r.faults) fprintf(stderr, "%u fault%s in 1 file\n", r.faults, r.faults == 1 ? "" : "s");
    return r.faults ? FL_E_FILE : FL_OK;
}

fl_status run_script_line(const char *line, run_step *step, fl_error *error)
{
    char text[160];
    snprintf(text, sizeof text, "%s", line);
    reading r = {.path = "order", .only = error};
    split(&r, text);
    if (r.count == 0) return fl_error_set(error, FL_E_USAGE, "no order was typed");
    if (!read_step(&r, step)) return FL_E_USAGE;
    return step->kind == STEP_ORDER ? FL_OK : fl_error_set(error, FL_E_USAGE, "only a script can wait");
}

fl_status run_script_named(const fl_face_client *client, const run_step *step, fl_error *error)
{
    const fl_face_status *status = &client->status;
    const char *words = step->rest, *what = "the reason";
    if (IS_ONE_OF(step->word, signatures))
        words += strcspn(words, " "); /* behind the PIN */
    else if (strcmp(step->word, "eyewear") == 0)
        what = "what stands on the eyewear";
    else if (strcmp(step->word, "note") == 0)
        what = "the note";
    else
        return FL_OK;
    return fl_clients_named_here(status->simulated, what, words, status->client, error);
}

int run_script_send(fl_face_client *client, const run_step *step)
{
    json_t *more = json_object();
    const char *word = step->word;
    if (strcmp(word, "sign-in") == 0) {
        json_object_set_new(more, "who", json_string(step->first));
        json_object_set_new(more, "pin", json_string(step->rest));
    } else if (IS_ONE_OF(word, signatures)) {
        const size_t pin = strcspn(step->rest, " ");
        json_object_set_new(more, "who", json_string(step->first));
        json_object_set_new(more, "pin", json_stringn(step->rest, pin));
        if (step->rest[pin])
            json_object_set_new(more, strcmp(word, "date") == 0 ? "date" : "reason",
                                json_string(step->rest + pin + 1));
    } else if (strcmp(word, "eyewear") == 0) {
        json_object_set_new(more, "wl_nm", json_integer(step->number));
        json_object_set_new(more, "code", json_string(step->rest));
    } else if (strcmp(word, "zone") == 0)
        json_object_set_new(more, "zone", json_string(step->first));
    else if (strcmp(word, "spots") == 0)
        json_object_set_new(more, "spot", json_integer(step->number));
    else if (strcmp(word, "endpoint") == 0)
        json_object_set_new(more, "seen", json_string(step->first));
    else if (strcmp(word, "near-miss") == 0)
        json_object_set_new(more, "what", json_string(fl_near_miss_find(step->first)));
    else if (strcmp(word, "note") == 0) {
        json_object_set_new(more, "about", json_string(step->first));
        json_object_set_new(more, "said", json_string(step->rest));
    } else if (strcmp(word, "reset") == 0)
        json_object_set_new(more, "fault",
                            json_integer(client->status.fault == FL_FACE_UNKNOWN ? 0 : client->status.fault));
    return fl_face_send(client, word, more);
}
