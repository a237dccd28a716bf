/* A virtual Quantel Q-smart, from the page: commands end LF; a query is answered `NAME = value` and a second
 * line with a status code; a set by one line OK; a failure by one line with ERROR.
 *
 * What the page leaves open, and what this one does: a number is asked by its name alone, with `?` or
 * without; the status code is 0; `ERROR 1` to a word nobody knows, `ERROR 2` to a value that is none, `ERROR
 * 3` to what this state does not allow; warming up takes 5 s, the lamp's own wait 8 s after RUN (state 4),
 * then 5; 5 s of silence stop it; an open interlock is state 0, boot fault, as this protocol has no other;
 * `TRIG` with an E gives no pulse, because nothing is plugged in there; no harmonics, so never above 5. */
#include "laser_twin.h"

#include <stdio.h>
#include <string.h>

#define WARM_MS 5000
#define WAIT_MS 8000
#define SILENCE_MS 5000
#define PERIOD_MS 100

typedef struct q_smart {
    laser_twin laser;
    bool running;
    char trigger[3]; /* lamp, Q-switch */
    double q_switch, par[3], delay_ns, sync_ns, cap_V, width_us, echo, to_panel;
    uint64_t run_ms, heard_ms, next_ms, user_shots;
} q_smart;

static void *make(const speak_options *options, fl_error *error)
{
    q_smart *q = laser_twin_make(sizeof *q, options, error);
    if (!q) return NULL;
    memcpy(q->trigger, "II", 3);
    q->par[2] = 1;
    q->delay_ns = 100;
    q->cap_V = 1150;
    q->width_us = 200;
    return q;
}

static int state(const q_smart *q)
{
    const uint64_t now_ms = q->laser.line.now_ms;
    if (laser_twin_has(&q->laser, SPEAK_OPEN)) return laser_twin_status(&q->laser, 0);
    const int is = q->running ? now_ms - q->run_ms < WAIT_MS ? 4 : 5 : now_ms < WARM_MS ? 1 : 2;
    return laser_twin_status(&q->laser, is);
}

static void stop(q_smart *q)
{
    q->running = false;
    q->q_switch = 0;
}

/* ---- answers ---- */

static void tell(q_smart *q, const char *name, const char *value)
{
    speak_line_answer(q, "%s = %s\n0\n", name, value);
}

static void ok(q_smart *q)
{
    speak_line_answer(q, "OK\n");
}

static void failed(q_smart *q, int why)
{
    speak_line_answer(q, "ERROR %d\n", why);
}

static void tell_number(q_smart *q, const char *name, double value)
{
    char text[24];
    snprintf(text, sizeof text, "%.10g", value);
    tell(q, name, text);
}

static bool tell_texts(q_smart *q, const char *text)
{
    const char *serial = laser_twin_has(&q->laser, SPEAK_REAL) ? "QS00042" : "SIM00042";
    if (laser_twin_has(&q->laser, SPEAK_STRANGER)) serial = "SIM99999";
    const struct {
        const char *name, *value;
    } rows[] = {{"CHKSERIAL", serial},
                {"PSVERS", "SIM1.0"},
                {"LVERS", "SIM1.0"},
                {"UIVERS", "SIM1.0"},
                {"TRIG", q->trigger},
                {"CGTEMP", "33.5"},
                {"STATUS", "SIM Q-smart, all interlocks closed"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(text, rows[i].name) == 0) return tell(q, rows[i].name, rows[i].value), true;
    if (strcmp(text, "STATE") == 0) return tell_number(q, "STATE", state(q)), true;
    if (strcmp(text, "SSHOT") == 0) return tell_number(q, "SSHOT", (double)q->laser.shots), true;
    if (strcmp(text, "USHOT") == 0) return tell_number(q, "USHOT", (double)q->user_shots), true;
    return false;
}

/* ---- words ---- */

static void run(q_smart *q)
{
    if (state(q) != 2) return failed(q, 3);
    if (!laser_twin_has(&q->laser, SPEAK_LIE)) q->running = true, q->run_ms = q->laser.line.now_ms;
    ok(q);
}

static void set_trigger(q_smart *q, const char *two)
{
    if (strlen(two) != 2 || strspn(two, "IE") != 2) return failed(q, 2);
    if (!laser_twin_has(&q->laser, SPEAK_LIE)) memcpy(q->trigger, two, 2);
    ok(q);
}

static void set_q_switch(q_smart *q, const char *value)
{
    if (strcmp(value, "1") == 0 && state(q) < 5) return failed(q, 3);
    if (!speak_line_number(&q->laser.line, value, 0, 1, &q->q_switch)) return failed(q, 2);
    if (strcmp(value, "0") == 0) q->q_switch = 0; /* it never lies about stopping */
    ok(q);
}

static bool numbers(q_smart *q, const char *text)
{
    const struct {
        const char *name;
        double least, most, *value;
    } rows[] = {
        {"QSW", 0, 1, &q->q_switch},       {"QSPAR1", 0, 1e6, &q->par[0]},    {"QSPAR2", 0, 1e6, &q->par[1]},
        {"QSPAR3", 0, 1e6, &q->par[2]},    {"QDLYO", -500, 500, &q->sync_ns}, {"QDLY", 0, 254, &q->delay_ns},
        {"CAPVSET", 500, 1800, &q->cap_V}, {"LPW", 50, 500, &q->width_us},    {"ECHO", 0, 1, &q->echo},
        {"SSWITCH", 0, 1, &q->to_panel},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = speak_behind(text, rows[i].name);
        if (!value) continue;
        if (!*value || strcmp(value, "?") == 0) return tell_number(q, rows[i].name, *rows[i].value), true;
        if (i == 0) return set_q_switch(q, value), true;
        if (!speak_line_number(&q->laser.line, value, rows[i].least, rows[i].most, rows[i].value))
            return failed(q, 2), true;
        return ok(q), true;
    }
    return false;
}

static void obey(void *self, char *text)
{
    q_smart *q = self;
    const char *value;
    laser_twin_word(&q->laser);
    q->heard_ms = q->laser.line.now_ms;
    if (strcmp(text, "RUN") == 0) return run(q);
    if (strcmp(text, "STOP") == 0) return stop(q), ok(q);
    if (strcmp(text, "USHOT 0") == 0) return q->user_shots = 0, ok(q);
    if (tell_texts(q, text)) return;
    if ((value = speak_behind(text, "TRIG"))) return set_trigger(q, value);
    if (!numbers(q, text)) failed(q, 1);
}

static void take(void *self, const char *bytes, size_t size)
{
    speak_line_take(self, bytes, size, "\r\n", obey);
}

static bool tick(void *self, uint64_t now_ms)
{
    q_smart *q = self;
    if (!laser_twin_tick(&q->laser, now_ms)) return false;
    if (laser_twin_has(&q->laser, SPEAK_OPEN) || now_ms - q->heard_ms > SILENCE_MS) stop(q);
    const bool gives = q->running && state(q) == 5 && q->q_switch > 0 && strcmp(q->trigger, "II") == 0;
    if (!gives) q->next_ms = now_ms + PERIOD_MS;
    for (; gives && now_ms >= q->next_ms; q->next_ms += PERIOD_MS)
        laser_twin_flash(&q->laser), q->user_shots++;
    return true;
}

const speaker speak_q_smart = {"q-smart", LASER_FAULT_HELP, make,           take,
                               tick,      speak_line_give,  laser_twin_free};
