#include "run_manual.h"

#include "ask.h"
#include "manual_orders.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/manual_card.h"
#include "fadeline/report/shown_json.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked_to_leave;

static void on_signal(int number)
{
    (void)number;
    asked_to_leave = 1;
}

/* ---- words ---- */

void manual_print(const manual_run *r, const char *format, ...)
{
    va_list arguments;
    char text[1200];
    if (r->json) return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("%s%s\n", r->mark, FL_SHOWN(text));
    fflush(stdout);
}

void manual_keep_code(manual_run *r, const char *code)
{
    if (!code[0]) return;
    if (r->code_count == MANUAL_CODES)
        memmove(r->codes[0], r->codes[1], sizeof r->codes - sizeof r->codes[0]), r->code_count--;
    snprintf(r->codes[r->code_count++], sizeof r->codes[0], "%s", code);
}

static void say(void *self, const char *kind, const char *code, const char *text, const char *hint)
{
    manual_run *r = self;
    manual_keep_code(r, code);
    if (r->json) {
        json_t *line =
            json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "type", "event", "sim", r->s.training ? 1 : 0, "kind",
                      kind, "code", code, "text", text, "hint", hint);
        fl_shown_json(line, stdout, JSON_COMPACT), putchar('\n');
        fflush(stdout);
        return json_decref(line);
    }
    const bool bad = fl_text_same(kind, "refused");
    if (r->is_terminal && fl_text_same(kind, "tone")) putchar('\a');
    manual_print(r, "%s%s", bad ? "!! " : "", text);
    if (hint[0]) manual_print(r, "   hint: %s", hint);
}

/* ---- one line ---- */

/* What a person at the terminal is asked for, in words that can be typed. */
static void prompt(const manual_run *r)
{
    fl_manual_view v;
    char text[200];
    fl_manual_look(r->s.manual, &v);
    switch (v.next) {
    case FL_NEXT_SIGN_IN: snprintf(text, sizeof text, "who operates? sign-in WHO"); break;
    case FL_NEXT_AFTER:
        snprintf(text, sizeof text, "%s: %slaser to STANDBY, then the shot counter", v.zone,
                 v.stopped || v.interrupted ? "" : "fire, ");
        break;
    case FL_NEXT_EXPLAIN: snprintf(text, sizeof text, "what were these pulses? explain WHY"); break;
    case FL_NEXT_SUPERVISOR: snprintf(text, sizeof text, "a supervisor: reconcile WHO PIN WHY"); break;
    case FL_NEXT_TARGET:
        snprintf(text, sizeof text, "what next? zone NAME, spots N, endpoint SEEN, end");
        break;
    case FL_NEXT_EYEWEAR:
        snprintf(text, sizeof text, "what is printed on the eyewear? eyewear %llu MARKS",
                 (unsigned long long)v.wl_nm);
        break;
    case FL_NEXT_BEFORE:
        snprintf(text, sizeof text, "%s: set the laser, then the shot counter", v.zone);
        break;
    default: text[0] = 0;
    }
    printf("%s%s > ", r->mark, FL_SHOWN(text));
    fflush(stdout);
}

/* While nobody types, the journal signs what it holds. */
static bool wait_for_line(manual_run *r)
{
    struct pollfd input = {.fd = fileno(r->input), .events = POLLIN};
    while (r->is_terminal && !asked_to_leave) {
        const int got = poll(&input, 1, 5000);
        if (got > 0) break;
        if (got == 0 && fl_journal_tick(r->s.journal, NULL) != FL_OK) break; /* the next order tells it */
    }
    return !asked_to_leave;
}

static bool next_line(manual_run *r, char *line, size_t size)
{
    if (r->is_terminal) prompt(r);
    if (!wait_for_line(r) || !fgets(line, (int)size, r->input)) return false;
    r->line++;
    if (!strchr(line, '\n') && !feof(r->input)) { /* the rest of it would be an order of its own */
        for (int c = 0; c != '\n' && c != EOF;) c = getc(r->input);
        manual_keep_code(r, "order-unknown");
        manual_print(r, "NO  an order of more than %zu characters is none", size - 2);
        *line = 0;
    }
    line[strcspn(line, "\r\n")] = 0;
    return !asked_to_leave;
}

/* ---- the session ---- */

static int leave(manual_run *r, int code)
{
    fl_error error = {0};
    if (r->fatal) return code;
    const fl_status status = r->ended ? FL_OK : fl_sitting_end(&r->s, &error);
    if (status == FL_OK) {
        manual_print(r, "the session is closed");
    } else {
        fprintf(stderr, "%sNOT CLOSED: %s\n  hint: start it again, then %s\n", r->mark, error.what,
                error.hint);
        if (!code) code = fl_status_exit(status);
    }
    return asked_to_leave ? fl_status_exit(FL_E_INTERRUPTED) : code;
}

static int conduct(manual_run *r)
{
    char line[MANUAL_LINE];
    int code = 0;
    while (!r->ended && !code && next_line(r, line, sizeof line)) code = manual_order(r, line);
    explicit_bzero(line, sizeof line);
    return leave(r, code);
}

static fl_status open_all(manual_run *r, fl_error *error)
{
    fl_status status = fl_sitting_open(&r->s, error);
    if (r->s.people) fl_people_tell(stderr, r->s.people);
    if (status != FL_OK) return status;
    manual_print(r, "BY HAND: %s %s, client %s, plan %s", r->s.device->maker, r->s.device->model,
                 r->s.plan->client, r->s.plan->plan_id);
    if (r->s.training) manual_print(r, "an exercise: nothing of it reaches the clinic's record");
    return fl_sitting_begin(&r->s, r, say, error);
}

static fl_status open_input(manual_run *r, const char *script, fl_error *error)
{
    r->script = script ? script : "input";
    r->input = script ? fopen(script, "r") : stdin;
    if (!r->input) return fl_error_set(error, FL_E_FILE, "cannot open '%s'", script);
    r->is_terminal = !script && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    setvbuf(r->input, NULL, _IONBF, 0); /* a line that waits here would not wake poll() */
    /* No SA_RESTART: a question is not asked for ever. */
    const struct sigaction stop = {.sa_handler = on_signal};
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) sigaction(stops[i], &stop, NULL);
    return FL_OK;
}

static void close_all(manual_run *r)
{
    fl_sitting_close(&r->s);
    if (r->input && r->input != stdin) fclose(r->input);
}

int run_manual(const fl_args *args, const char *device)
{
    static manual_run r;
    fl_error error = {0};
    const char *card = fl_args_value(args, "card");
    const fl_sitting_start start = {.plan = args->words[0],
                                    .device = device,
                                    .date = fl_args_value(args, "date"),
                                    .training = fl_args_has(args, "training")};
    r.json = fl_args_has(args, "json");
    r.mark = start.training ? "TRAINING (SIMULATED) " : "";
    int code = 0;
    fl_status status = card ? fl_sitting_plan(&r.s, &start, &error) : fl_sitting_read(&r.s, &start, &error);
    if (status == FL_OK && card) {
        status = fl_card_write(r.s.plan, r.s.training, card, &error);
        if (status == FL_OK) manual_print(&r, "the cards are in %s", card);
    } else if (status == FL_OK) {
        status = open_input(&r, fl_args_value(args, "script"), &error);
        if (status == FL_OK) status = open_all(&r, &error);
        if (status == FL_OK) code = conduct(&r);
    }
    close_all(&r);
    return status == FL_OK ? code : fl_args_failed(&error);
}
