/* A check through fadeline-control: it conducts a session into the calibration port, this program is its face
 * and reads the meter. A person types arm, a foot fires; no order makes light. What was fired and what the
 * laser measured of it is read from the records of that session when control has left, and only then is there
 * a verdict. Whoever kills this program, or the other one, leaves a check that was begun: the head is locked.
 */
#include "energy_check.h"

#include "ask.h"
#include "run_script.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/session/face_client.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BEGIN_S 60 /* to prove the switches and come to STANDBY */
#define LEAVE_S 10
#define LAST_READING_S 2
#define SETTINGS_S 5

typedef struct port {
    checking *c;
    fl_face_client client;
    fl_instant beat, news, calm; /* news: anything that a person or the laser did */
    char state[16];
    int waiting_for; /* order whose answer has not come; 0: none */
    bool answer_ok, terminal, typed_all;
    char code[48], text[200], hint[200]; /* of the newest refusal */
    char line[160];
    size_t filled;
} port;

static fl_instant now(void)
{
    return fl_clock_system()->now(NULL);
}

static void say(const port *p, const char *what, const char *text, const char *hint)
{
    const char *mark = p->c->simulated ? "SIMULATED " : "";
    if (p->c->json) return;
    printf("%s%s%s\n", mark, what, FL_SHOWN(text));
    if (hint[0]) printf("%s  hint: %s\n", mark, FL_SHOWN(hint));
    fflush(stdout);
}

/* ---- what control says ---- */

static void take_answer(port *p, const json_t *message)
{
    const bool ok = fl_face_whole(message, "ok") == 1;
    if (fl_face_whole(message, "order") == p->waiting_for) p->waiting_for = 0, p->answer_ok = ok;
    const char *text = fl_face_text(message, "text"), *hint = fl_face_text(message, "hint");
    if (ok && !text[0]) return;
    say(p, ok ? "" : "refused: ", text, hint);
    if (ok) return;
    snprintf(p->code, sizeof p->code, "%s", fl_face_text(message, "code"));
    snprintf(p->text, sizeof p->text, "%s", text);
    snprintf(p->hint, sizeof p->hint, "%s", hint);
    size_t i;
    json_t *reason;
    json_array_foreach(json_object_get(message, "reasons"), i, reason)
        say(p, "  because ", json_string_value(reason) ? json_string_value(reason) : "?", "");
}

static void take_event(port *p, const json_t *message)
{
    const char *kind = fl_face_text(message, "kind");
    char what[32];
    const bool pulse = fl_text_same(kind, "pulse");
    snprintf(what, sizeof what, "%s: ", pulse ? "     the laser measured" : kind);
    p->news = now();
    say(p, fl_text_same(kind, "note") ? "" : what, fl_face_text(message, "text"),
        fl_face_text(message, "hint"));
}

static void take(port *p, json_t *message)
{
    const char *type = fl_face_text(message, "type");
    if (fl_text_same(type, "answer"))
        take_answer(p, message);
    else if (fl_text_same(type, "event"))
        take_event(p, message);
    else if (fl_text_same(type, "bye"))
        say(p, "", fl_face_text(message, "text"), "");
    json_decref(message);
    if (fl_text_same(p->state, p->client.status.state)) return;
    snprintf(p->state, sizeof p->state, "%s", p->client.status.state);
    p->news = p->calm = now();
    static const char *const told[] = {"STANDBY", "ARMING", "READY", "FAULT",
                                       "ESTOP"}; /* pulses tell the rest */
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (fl_text_same(p->state, told[i])) say(p, "", p->state, "");
}

/* Both sides once: the meter is looked at for some milliseconds, control for none. false: the meter is lost.
 */
static bool pump(port *p)
{
    const bool going = energy_meter_look(&p->c->meter, energy_seen, p->c);
    json_t *message;
    while ((message = fl_face_next(&p->client, 0))) take(p, message);
    if (!p->client.gone && fl_since(now(), p->beat).us > FL_FACE_SILENCE_MS * 1000 / 4) {
        fl_face_send(&p->client, "here", NULL);
        p->beat = now();
    }
    if (!going) usleep(5000); /* a lost meter no longer keeps the pace */
    return going;
}

static bool is_armed(const port *p)
{
    static const char *const cold[] = {"", "OFF", "SELFTEST", "STANDBY", "FAULT", "ESTOP"};
    for (size_t i = 0; i < sizeof cold / sizeof *cold; i++)
        if (fl_text_same(p->state, cold[i])) return false;
    return true;
}

/* ---- what a person says ---- */

/* Waits for its answer. */
static bool order(port *p, const char *what, json_t *more)
{
    p->waiting_for = fl_face_send(&p->client, what, more);
    p->answer_ok = false;
    const fl_instant until = fl_after(now(), fl_seconds(LEAVE_S));
    while (p->waiting_for && !p->client.gone && now().us < until.us) pump(p);
    return p->answer_ok;
}

static fl_status refused(const port *p, fl_error *error)
{
    fl_error_set(error, FL_E_NO, "%s", p->text[0] ? p->text : "the control process gave no answer");
    if (p->hint[0]) fl_error_hint(error, "%s", p->hint);
    if (p->code[0]) fl_error_code(error, p->code);
    return FL_E_NO;
}

/* On a terminal the PIN of a second person is asked for and not shown. */
static void add_pin(char *line, size_t size)
{
    static const char *const signs[] = {"sign-in ", "second ", "reconcile ", "service ", "date "};
    char pin[FL_PIN_MOST + 2], said[160];
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!fl_text_begins(line, signs[i])) continue;
        const size_t who = strlen(signs[i]) + strcspn(line + strlen(signs[i]), " ");
        if (!ask_pin(pin)) return;
        snprintf(said, sizeof said, "%.*s %s%s", (int)who, line, pin, line + who);
        snprintf(line, size, "%s", said);
        explicit_bzero(pin, sizeof pin);
        explicit_bzero(said, sizeof said);
        return;
    }
}

static void obey(port *p, char *line)
{
    run_step step;
    fl_error error = {0};
    p->news = now();
    if (p->terminal) add_pin(line, sizeof p->line);
    const fl_status status = run_script_line(line, &step, &error);
    explicit_bzero(line, strlen(line));
    if (status != FL_OK && is_armed(p)) return (void)fl_face_send(&p->client, "standby", NULL);
    if (status != FL_OK) return say(p, "not understood: ", error.what, error.hint);
    p->waiting_for = run_script_send(&p->client, &step);
    explicit_bzero(&step, sizeof step);
}

/* The laser has taken its settings, or will not. */
static bool is_settled(const port *p)
{
    return !strstr(p->client.status.bad, "limits") || fl_since(now(), p->calm).us > SETTINGS_S * 1000000;
}

/* Orders that were written down before wait until they mean something: nobody stands behind a pipe to see
 * that the laser takes a second for its settings, or that it is armed already. */
static bool is_time(const port *p)
{
    return p->terminal || (!p->waiting_for && !is_armed(p) && is_settled(p));
}

static void listen_to_person(port *p)
{
    struct pollfd input = {.fd = p->typed_all ? -1 : STDIN_FILENO, .events = POLLIN};
    while (!memchr(p->line, '\n', p->filled) && poll(&input, 1, 0) == 1) {
        const ssize_t got = read(STDIN_FILENO, p->line + p->filled, sizeof p->line - 1 - p->filled);
        if (got <= 0) p->typed_all = true, input.fd = -1;
        if (got > 0) p->filled += (size_t)got;
        if (p->filled == sizeof p->line - 1) p->line[p->filled - 1] = '\n'; /* too long: no order at all */
    }
    char *end = memchr(p->line, '\n', p->filled), line[sizeof p->line];
    if (!end || !is_time(p)) return;
    const size_t size = (size_t)(end - p->line);
    snprintf(line, sizeof line, "%.*s", (int)size, p->line);
    p->filled -= size + 1;
    memmove(p->line, end + 1, p->filled);
    explicit_bzero(p->line + p->filled, sizeof p->line - p->filled);
    line[strcspn(line, "\r")] = 0;
    if (line[0]) obey(p, line);
}

/* ---- the session ---- */

static fl_status sign_in(port *p, fl_error *error)
{
    char pin[FL_PIN_MOST + 2] = "";
    setvbuf(stdin, NULL, _IONBF, 0); /* what follows the PIN is read as it comes */
    if (!ask_pin(pin)) return fl_error_set(error, FL_E_NO, "no PIN was given");
    const bool good = order(p, "sign-in", json_pack("{s:s, s:s}", "who", p->c->who, "pin", pin));
    explicit_bzero(pin, sizeof pin);
    return good ? FL_OK : refused(p, error);
}

static fl_status await_standby(port *p, fl_error *error)
{
    const fl_instant until = fl_after(now(), fl_seconds(BEGIN_S));
    while (!fl_text_same(p->state, "STANDBY")) {
        if (*p->c->stop) return fl_error_set(error, FL_E_INTERRUPTED, "interrupted");
        if (p->client.gone) return fl_error_set(error, FL_E_GONE, "the session ended before it began");
        if (now().us > until.us)
            return fl_error_set(error, FL_E_TIMEOUT, "the laser did not come to STANDBY in %d s: %s", BEGIN_S,
                                p->client.status.bad[0] ? p->client.status.bad : p->state);
        if (!pump(p)) return energy_meter_failure(&p->c->meter, error);
    }
    return FL_OK;
}

static fl_status confirm_eyewear(port *p, fl_error *error)
{
    const char *marks = fl_args_value(p->c->args, "eyewear");
    if (!marks) return FL_OK; /* then it is typed */
    json_t *more =
        json_pack("{s:I, s:s}", "wl_nm", (json_int_t)fl_whole_nm(p->c->head->wavelength), "code", marks);
    return order(p, "eyewear", more) ? FL_OK : refused(p, error);
}

/* Until all pulses are made, or somebody or something ends it. */
static fl_status fire(port *p, fl_error *error)
{
    const checking *c = p->c;
    p->news = now();
    while (!p->client.gone) {
        if (*c->stop) return fl_error_set(error, FL_E_INTERRUPTED, "interrupted");
        if (!pump(p)) return energy_meter_failure(&c->meter, error);
        if (p->client.status.session_pulses >= (long long)c->wanted && !is_armed(p)) return FL_OK;
        if (fl_since(now(), p->news).us > (int64_t)(c->patience_s * 1e6))
            return fl_error_set(error, FL_E_TIMEOUT, "nothing happened for %g s", c->patience_s);
        listen_to_person(p);
    }
    return fl_error_set(error, FL_E_GONE, "the session ended");
}

static fl_status conduct(port *p, fl_error *error)
{
    const checking *c = p->c;
    fl_status status = sign_in(p, error);
    if (status == FL_OK) status = await_standby(p, error);
    if (status == FL_OK) status = confirm_eyewear(p, error);
    if (status != FL_OK) return status;
    while (!is_settled(p) && !p->client.gone && !*c->stop && pump(p)) continue;
    if (!c->json)
        fprintf(
            stderr,
            "%sdock the handpiece at the meter, foot up, everybody behind eyewear for %lld nm; then type: "
            "arm\n%llu pulses of %g mJ, by the foot; anything else that is typed while it is armed is "
            "STANDBY\n",
            c->simulated ? "SIMULATED " : "", (long long)fl_whole_nm(c->head->wavelength), c->wanted,
            c->set_mJ);
    return fire(p, error);
}

/* Stands down, lets the last reading come, and lets control close its books. */
static void leave(port *p)
{
    if (is_armed(p)) fl_face_send(&p->client, "standby", NULL);
    fl_instant until = fl_after(now(), fl_seconds(LAST_READING_S));
    while (now().us < until.us && !p->client.gone && !fl_meter_is_over(&p->c->meter.meter) &&
           (is_armed(p) || (long long)energy_meter_seen(&p->c->meter) < p->client.status.session_pulses))
        pump(p);
    fl_face_send(&p->client, "end", NULL);
    until = fl_after(now(), fl_seconds(LEAVE_S));
    while (!p->client.gone && now().us < until.us) pump(p);
}

static fl_status run_session(checking *c, fl_error *error)
{
    static port p;
    p = (port){.c = c, .terminal = isatty(STDIN_FILENO), .beat = now(), .news = now(), .calm = now()};
    const fl_calibration_wish wish = {.device = fl_args_value(c->args, "device"),
                                      .head = c->head->id,
                                      .energy_uJ = (uint64_t)llround(c->set_mJ * 1e3),
                                      .spot_um = (uint64_t)llround(c->spot_mm * 1e3),
                                      .rate_mHz = (uint64_t)llround(c->rate_Hz * 1e3),
                                      .pulses = (unsigned)c->wanted};
    const fl_face_start start = {
        .port = fl_args_value(c->args, "port"), .date = fl_args_value(c->args, "date"), .calibration = &wish};
    fl_status status = fl_face_open(&p.client, &start, error);
    if (status == FL_OK) {
        status = conduct(&p, error);
        leave(&p);
    }
    c->left = fl_face_close(&p.client);
    return status;
}

fl_status energy_by_control(checking *c, fl_error *error)
{
    fl_error stopped = {0};
    fl_status status = energy_open_meter(c, error);
    if (status == FL_OK) status = energy_meter_ready(&c->meter, c->stop, error);
    if (status != FL_OK) return status;
    if (!c->json)
        fprintf(stderr, "%sthe meter is ready: %s\n", c->simulated ? "SIMULATED " : "",
                c->meter.meter.status.identity);
    const uint64_t since = energy_journal_size(c);
    status = run_session(c, &stopped);
    const bool whole = status == FL_OK;
    const bool proven = energy_meter_prove(&c->meter, whole ? &stopped : &(fl_error){0});
    fl_error never = {0};
    const bool wrote =
        energy_journal_size(c) > since; /* if not, this program does not begin a record either */
    if (wrote && (status = energy_open_journal(c, false, error)) != FL_OK) return status;
    if (!wrote || energy_read_session(c, since, &never) != FL_OK) { /* then it was never allowed to fire */
        *error = stopped.what[0] || !wrote ? stopped : never;
        return error->status ? error->status : FL_E_NO;
    }
    if (stopped.what[0] && !c->json) fprintf(stderr, "%s\n", stopped.what);
    return energy_conclude(c, proven, error);
}
