#include "run_manual.h"

#include "ask.h"
#include "manual_orders.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/manual_card.h"
#include "fadeline/report/shown_json.h"
#include "fadeline/session/beside.h"

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
        json_t *line = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "type", "event", "sim",
                                 r->training ? 1 : 0, "kind", kind, "code", code, "text", text, "hint", hint);
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
    fl_manual_look(r->manual, &v);
    switch (v.next) {
    case FL_NEXT_SIGN_IN: snprintf(text, sizeof text, "who operates? sign-in WHO"); break;
    case FL_NEXT_AFTER:
        snprintf(text, sizeof text, "%s: fire, laser to STANDBY, then the shot counter", v.zone);
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
        if (got == 0 && fl_journal_tick(r->journal, NULL) != FL_OK) break; /* the next order tells it */
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
    const fl_status status = r->ended ? FL_OK : fl_manual_end(r->manual, &error);
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

static fl_status open_all(manual_run *r, const char *home, fl_error *error)
{
    char place[FL_PLACE_MAX];
    fl_status status = fl_people_load(home, &r->people, error);
    if (status == FL_OK) fl_people_tell(stderr, r->people);
    if (status == FL_OK) status = fl_journal_place(r->training, place, error);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .full = true, /* nothing verifies it beside this session */
                                        .simulated = r->training,
                                        .clock = &r->clock,
                                        .clk = r->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &options, &r->journal, error);
    static fl_entry verified;
    if (status == FL_OK) {
        fl_beside_record_own(fl_journal_verified(r->journal, NULL), &verified);
        status = fl_journal_append(r->journal, &verified, 1, error);
    }
    if (status != FL_OK) return status;
    const fl_manual_setup setup = {.plan = r->plan,
                                   .device = r->device,
                                   .dev = fl_manual_name(r->device, r->training, r->dev),
                                   .training = r->training,
                                   .journal = r->journal,
                                   .people = r->people,
                                   .clock = &r->clock,
                                   .today = r->today,
                                   .date_by_hand = r->days_ahead != 0,
                                   .self = r,
                                   .say = say};
    manual_print(r, "BY HAND: %s %s, client %s, plan %s", r->device->maker, r->device->model, r->plan->client,
                 r->plan->plan_id);
    if (r->training) manual_print(r, "an exercise: nothing of it reaches the clinic's record");
    return fl_manual_new(&setup, &r->manual, error);
}

static fl_status take_date(manual_run *r, const char *date, fl_error *error)
{
    const fl_date real = fl_date_of(fl_clock_system()->utc(NULL));
    r->today = real;
    if (date && !r->training) return fl_error_set(error, FL_E_USAGE, "--date is for --training only");
    if (date && fl_date_read(date, &r->today) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", date);
    r->days_ahead = fl_date_days(r->today) - fl_date_days(real);
    r->clock = fl_clock_ahead(&r->days_ahead);
    if (fl_date_compare(r->today, r->plan->date) == 0) return FL_OK;
    char planned[11], today[11];
    fl_error_set(error, FL_E_NO, "the plan is for %s, today is %s", fl_date_text(r->plan->date, planned),
                 fl_date_text(r->today, today));
    return fl_error_hint(error, "skin, sun and medicine are asked anew on the day: plan again"), FL_E_NO;
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
    fl_manual_free(r->manual);
    fl_journal_close(r->journal);
    fl_people_free(r->people);
    fl_device_free(r->device);
    fl_plan_free(r->plan);
    if (r->input && r->input != stdin) fclose(r->input);
}

int run_manual(const fl_args *args, const char *device)
{
    static manual_run r;
    char home[FL_PLACE_MAX];
    fl_error error = {0};
    const char *card = fl_args_value(args, "card");
    r.training = fl_args_has(args, "training");
    r.json = fl_args_has(args, "json");
    r.mark = r.training ? "TRAINING (SIMULATED) " : "";
    int code = 0;
    fl_status status = fl_place_home(home, &error);
    if (status == FL_OK) status = fl_manual_open_plan(args->words[0], device, &r.plan, &r.device, &error);
    if (status == FL_OK && card) {
        status = fl_card_write(r.plan, r.training, card, &error);
        if (status == FL_OK) manual_print(&r, "the cards are in %s", card);
    } else if (status == FL_OK) {
        status = take_date(&r, fl_args_value(args, "date"), &error);
        if (status == FL_OK) status = open_input(&r, fl_args_value(args, "script"), &error);
        if (status == FL_OK) status = open_all(&r, home, &error);
        if (status == FL_OK) code = conduct(&r);
    }
    close_all(&r);
    return status == FL_OK ? code : fl_args_failed(&error);
}
