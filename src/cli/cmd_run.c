/* fadeline run: the face of a session. Everything that decides lives in fadeline-control, a process of its
 * own; this one shows, asks and passes on what people order. It may hang or die, and nothing but its orders
 * is lost. */
#include "command.h"
#include "run_keys.h"
#include "run_manual.h"
#include "run_screen.h"
#include "run_script.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/link/ports.h"
#include "fadeline/report/shown_json.h"
#include "fadeline/session/face_client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT_CODES 64
#define HELD 16

typedef struct conduct {
    fl_face_client client;
    run_screen screen;
    run_script script;
    bool is_terminal, json;
    fl_instant begun, beat, drawn;
    run_keys keys;
    char last_line[200];
    char codes[KEPT_CODES][48]; /* of refusals, drops and faults not yet expected by the script */
    size_t code_count;
    json_t *held[HELD]; /* lines that came before the first status */
    size_t held_count;
    int waiting_for; /* order whose answer the script waits for; 0: none */
    bool answer_ok;
} conduct;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted++;
}

static fl_instant now(void)
{
    return fl_clock_system()->now(NULL);
}

static void say(conduct *c, const char *what, const char *text, const char *hint)
{
    const double seconds = (double)fl_since(now(), c->begun).us / 1e6;
    if (c->is_terminal) {
        run_screen_note(&c->screen, "%6.1f s  %s%s", seconds, what, text);
        if (hint[0]) run_screen_note(&c->screen, "          %s", hint);
        return;
    }
    if (c->json) return; /* the object itself was printed */
    printf("%s%7.2f  %s%s\n", c->client.status.simulated ? "SIMULATED " : "", seconds, what, FL_SHOWN(text));
    if (hint[0])
        printf("%s         hint: %s\n", c->client.status.simulated ? "SIMULATED " : "", FL_SHOWN(hint));
    fflush(stdout);
}

static void keep_code(conduct *c, const char *code)
{
    if (!code[0]) return;
    if (c->code_count == KEPT_CODES)
        memmove(c->codes[0], c->codes[1], sizeof c->codes - sizeof c->codes[0]), c->code_count--;
    snprintf(c->codes[c->code_count++], sizeof c->codes[0], "%s", code);
}

/* "door-open: the room door is open" */
static void take_reason(conduct *c, const char *text)
{
    const char *sentence = text ? strstr(text, ": ") : NULL;
    if (!sentence) return;
    char code[48];
    snprintf(code, sizeof code, "%.*s", (int)(sentence - text), text);
    keep_code(c, code);
    say(c, "  because ", sentence + 2, "");
}

static void take_answer(conduct *c, const json_t *message)
{
    const bool ok = fl_face_whole(message, "ok") == 1;
    if (fl_face_whole(message, "order") == c->waiting_for) c->waiting_for = 0, c->answer_ok = ok;
    if (ok && !fl_face_text(message, "text")[0]) return;
    if (!ok) keep_code(c, fl_face_text(message, "code"));
    say(c, ok ? "" : "refused: ", fl_face_text(message, "text"), fl_face_text(message, "hint"));
    size_t i;
    json_t *reason;
    json_array_foreach(json_object_get(message, "reasons"), i, reason)
        take_reason(c, json_string_value(reason));
}

static void take_event(conduct *c, const json_t *message)
{
    const char *kind = fl_face_text(message, "kind");
    if (fl_text_same(kind, "pulse")) return; /* the status shows the count */
    keep_code(c, fl_face_text(message, "code"));
    char what[24];
    snprintf(what, sizeof what, "%s: ", kind);
    if (c->is_terminal && fl_text_same(kind, "tone")) fputs("\a", stdout);
    say(c, fl_text_same(kind, "note") ? "" : what, fl_face_text(message, "text"),
        fl_face_text(message, "hint"));
}

/* Without a terminal, a line whenever the state changes, and at most one in five seconds while pulses are
 * counted.
 */
static void log_status(conduct *c)
{
    if (!c->client.status.seen) return;
    char line[200];
    run_status_line(&c->client.status, line, sizeof line);
    const bool new_state = strncmp(line, c->last_line, 8) != 0;
    if (strcmp(line, c->last_line) == 0 || (!new_state && fl_since(now(), c->drawn).us < 5000000)) return;
    snprintf(c->last_line, sizeof c->last_line, "%s", line);
    c->drawn = now();
    say(c, line, "", "");
}

static void take(conduct *c, json_t *message)
{
    const char *type = fl_face_text(message, "type");
    if (c->json && !fl_text_same(type, "status")) fl_shown_json(message, stdout, JSON_COMPACT), putchar('\n');
    if (fl_text_same(type, "answer"))
        take_answer(c, message);
    else if (fl_text_same(type, "event"))
        take_event(c, message);
    else if (fl_text_same(type, "bye"))
        say(c, "", fl_face_text(message, "text"), "");
    json_decref(message);
}

/* Takes everything that has come, waiting at most wait_ms for the first line. What comes before the first
 * status waits for it: only then is it known whether the laser is simulated, and every line must say so. */
static void pump(conduct *c, int wait_ms)
{
    json_t *message;
    while ((message = fl_face_next(&c->client, wait_ms))) {
        wait_ms = 0;
        if (!c->client.status.seen && !c->client.gone && c->held_count < HELD) {
            c->held[c->held_count++] = message;
            continue;
        }
        for (size_t i = 0; i < c->held_count; i++) take(c, c->held[i]);
        c->held_count = 0;
        take(c, message);
    }
    if (!c->client.gone && fl_since(now(), c->beat).us > FL_FACE_SILENCE_MS * 1000 / 4) {
        fl_face_send(&c->client, "here", NULL);
        c->beat = now();
    }
    if (!c->is_terminal) {
        log_status(c);
    } else if (fl_since(now(), c->drawn).us > 100000) {
        run_screen_draw(&c->screen, &c->client.status, &c->keys);
        c->drawn = now();
    }
}

/* ---- a script in the person's place ---- */

static bool has_come(conduct *c, const run_step *step)
{
    const fl_face_status *status = &c->client.status;
    switch (step->kind) {
    case STEP_WAIT_STATE: return strcmp(status->state, step->word) == 0;
    case STEP_WAIT_PULSES: return status->session_pulses >= step->number;
    case STEP_WAIT_ZONE: return status->zone_budget > 0 && status->zone_pulses >= status->zone_budget;
    case STEP_ORDER: return c->waiting_for == 0;
    case STEP_EXPECT:
        for (size_t i = 0; i < c->code_count; i++)
            if (strcmp(c->codes[i], step->word) == 0) return c->code_count = 0, true;
        return false;
    case STEP_WAIT_TIME: return false; /* only the time ends it */
    }
    return false;
}

/* 0 to go on; else the exit code. */
static int do_step(conduct *c, const char *path, const run_step *step)
{
    fl_error error = {0};
    if (step->kind == STEP_ORDER && run_script_named(&c->client, step, &error) != FL_OK)
        return fl_args_failed(&error);
    if (step->kind == STEP_ORDER && !(c->waiting_for = run_script_send(&c->client, step)))
        return c->client.exit_code;
    const double patience = step->kind == STEP_ORDER ? 10 : step->seconds;
    const fl_instant begun = now(), until = fl_after(begun, fl_seconds(patience));
    bool come; /* asked once a round: an expected code is used up when it is found */
    while (!(come = has_come(c, step)) && !c->client.gone && now().us < until.us && !interrupted) pump(c, 20);
    if (interrupted) return fl_status_exit(FL_E_INTERRUPTED);
    if (come || step->kind == STEP_WAIT_TIME) return 0;
    if (c->client.gone && strcmp(step->word, "end") == 0) return 0;
    fprintf(stderr, "%s:%u: error: %s after %.1f s: '%s' did not come\n", path, step->line,
            c->client.gone ? "the session ended" : "gave up", (double)fl_since(now(), begun).us / 1e6,
            step->word[0] ? step->word : "the count");
    return fl_status_exit(c->client.gone ? FL_E_GONE : FL_E_TIMEOUT);
}

static int conduct_script(conduct *c, const char *path)
{
    int code = 0;
    for (size_t i = 0; i < c->script.count && !code; i++) code = do_step(c, path, &c->script.steps[i]);
    if (!c->client.gone) fl_face_send(&c->client, "end", NULL);
    const fl_instant until = fl_after(now(), fl_seconds(10));
    while (!c->client.gone && now().us < until.us) pump(c, 50);
    const int left = fl_face_close(&c->client);
    return code ? code : left;
}

/* ---- a person at the keys ---- */

static int conduct_person(conduct *c)
{
    run_screen_open(&c->screen);
    bool stay = true;
    while (stay && !c->client.gone) {
        pump(c, 20);
        char key;
        while (stay && read(STDIN_FILENO, &key, 1) == 1) {
            stay = run_keys_press(&c->keys, &c->client, key, now());
            if (c->keys.fault.status != FL_OK)
                say(c, "not understood: ", c->keys.fault.what, c->keys.fault.hint);
            c->keys.fault.status = FL_OK;
        }
        run_keys_tick(&c->keys, now());
        if (interrupted) stay = false;
    }
    fl_face_send(&c->client, "end", NULL);
    const fl_instant until = fl_after(now(), fl_seconds(10));
    while (!c->client.gone && now().us < until.us) pump(c, 50);
    run_screen_close();
    const int code = fl_face_close(&c->client);
    printf("%sfadeline: session %s, %lld pulses\n", c->client.status.simulated ? "SIMULATED " : "",
           code == 0 ? "closed" : "ended",
           c->client.status.session_pulses == FL_FACE_UNKNOWN ? 0 : c->client.status.session_pulses);
    return interrupted ? fl_status_exit(FL_E_INTERRUPTED) : code;
}

/* "1209:0001" as the link calls it: "usb:1209:0001". */
static bool usb_name(const char *said, char *name, size_t size)
{
    fl_usb_name read;
    return snprintf(name, size, "usb:%s", said) < (int)size && fl_usb_name_read(name, &read);
}

static int run(const fl_args *args)
{
    static conduct c;
    if (args->count != 1) return fl_args_wrong(args, "one plan file is needed");
    const char *device = fl_args_value(args, "device");
    if (device && !fl_text_begins(device, "manual:"))
        return fl_args_wrong(args,
                             "--device wants manual:ID; a laser with a link is found by --port or --usb");
    if (device && (fl_args_has(args, "port") || fl_args_has(args, "usb") || fl_args_has(args, "laser-port")))
        return fl_args_wrong(args, "a laser that is set by hand has no port");
    if (device) return run_manual(args, device + strlen("manual:"));
    if (fl_args_has(args, "card")) return fl_args_wrong(args, "--card belongs to --device manual:ID");
    const char *usb = fl_args_value(args, "usb");
    fl_face_start start = {.plan = args->words[0],
                           .port = fl_args_value(args, "port"),
                           .laser_port = fl_args_value(args, "laser-port"),
                           .date = fl_args_value(args, "date"),
                           .training = fl_args_has(args, "training")};
    if (!start.port == !usb)
        return fl_args_wrong(args, "which laser? say --port PATH, --usb VID:PID or --device manual:ID");
    char name[16 + FL_USB_TEXT_MAX];
    if (usb && !usb_name(usb, name, sizeof name))
        return fl_args_wrong(
            args, "--usb wants VID:PID or VID:PID:SERIAL, such as 1209:0001:SIM-00042, not '%s'", usb);
    if (usb) start.port = name;
    fl_date date;
    if (start.date && fl_date_read(start.date, &date) != FL_OK)
        return fl_args_wrong(args, "--date wants YYYY-MM-DD, not '%s'", start.date);
    const char *script = fl_args_value(args, "script");
    if (script) {
        const fl_status status = run_script_read(script, &c.script);
        if (status != FL_OK) return fl_status_exit(status);
    }
    c.is_terminal = !script && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (!script && !c.is_terminal)
        return fl_args_wrong(args, "there is no terminal here; give --script FILE");
    c.json = fl_args_has(args, "json");
    c.begun = c.beat = now();
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    fl_error error;
    if (fl_face_open(&c.client, &start, &error) != FL_OK) {
        const int code = fl_face_close(&c.client);
        fl_error_print(stderr, &error);
        return code ? code : fl_status_exit(error.status);
    }
    return script ? conduct_script(&c, script) : conduct_person(&c);
}

static const fl_option options[] = {
    {"port", "PATH", "serial port of the laser, or the pseudo-terminal of a simulated one"},
    {"laser-port", "PATH", "second line, of a laser behind a gate; then --port or --usb is the gate's"},
    {"usb", "VID:PID[:SERIAL]", "USB device of the laser; the serial number when several are plugged in"},
    {"device", "manual:ID", "a laser that is set by hand: its shot counter is typed in"},
    {"card", "FILE.pdf|.txt", "by hand: what to set, a page for each zone and test spot; nothing is run"},
    {"training", NULL, "an exercise, which never reaches the clinic's record: a simulated laser, or by hand"},
    {"script", "FILE", "take the orders from a file instead of a person"},
    {"date", "YYYY-MM-DD", "pretend another day; a simulated laser or an exercise only"},
    {"json", NULL, "one object a line: answers and events as they come"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_run = {
    .name = "run",
    .arguments = "PLAN.json (--port PATH | --usb VID:PID[:SERIAL] | --device manual:ID) [--script FILE]",
    .summary = "conduct a session from a plan",
    .more = "The laser fires only while a foot is down and everything the interlock asks for is good; this "
            "program\n"
            "has no order that makes light. Any key that is not an order means STANDBY.\n\n"
            "examples:\n"
            "  fadeline run plan.json --port /dev/ttyUSB0\n"
            "  fadeline run plan.json --usb 1209:0001:SIM-00042\n"
            "  fadeline run plan.json --port /dev/ttyACM0 --laser-port /dev/ttyUSB0\n"
            "  fadeline-twin --device example-pico --pty /tmp/laser --script room.txt &\n"
            "  fadeline run plan.json --port /tmp/laser --script orders.txt\n"
            "  fadeline run plan.json --device manual:picoway --card cards.pdf\n"
            "  fadeline run plan.json --device manual:picoway\n\n"
            "a script, one order a line ('#' begins a comment):\n"
            "  sign-in op:17 PIN | sign-out | eyewear 755 OD7 M LB9 | zone F-L | spots 1 | arm | standby |\n"
            "  reset | endpoint frost | end\n"
            "  note pain 3 | note reaction erythema oedema | note cooling air | note anaesthetic none |\n"
            "  note aftercare smp-4 | note photos 0-min 15-min | near-miss wrong-spot (eyewear zone other)\n"
            "  reconcile WHO PIN [WHY] | service WHO PIN | second WHO PIN | date WHO PIN YYYY-MM-DD\n"
            "  wait ready 20 | wait pulses 12 60 | wait zone 90 | wait 1.5 | expect spot-mismatch 10\n\n"
            "by hand, the same words but those that wait or arm, and:\n"
            "  before 88410 | after 88722 | explain WHY | card | expect counter-unexpected\n"
            "A doubtful number is believed when it is typed twice. Without --script, lines come from the "
            "keyboard\n"
            "or a pipe.\n",
    .options = options,
    .run = run,
};
