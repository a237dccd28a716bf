/* Runs section 11 of the grant link page on whatever is at a port. The one command that can fire a laser
 * without the interlock: so it makes no light unless told, and a real laser's identity is typed by the person
 * who takes the beam. */
#include "command.h"
#include "conform_consent.h"
#include "conform_room.h"
#include "conform_show.h"

#include "fadeline/base/text.h"
#include "fadeline/link/probe.h"
#include "fadeline/report/shown_json.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct conformer {
    const fl_args *args;
    const char *only;
    FILE *out;    /* where progress goes */
    FILE *report; /* of --out, or NULL */
    bool json;
    json_t *checks;     /* for --json: frames of failed checks */
    json_t *all_frames; /* for --out */
} conformer;

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static bool stopped(void *self)
{
    (void)self;
    return interrupted;
}

/* ---- which checks ---- */

/* One name of "a,b,c" at a time; false past the end. */
static bool next_name(const char **at, char name[64])
{
    const size_t length = strcspn(*at, ",");
    snprintf(name, 64, "%.*s", (int)(length < 63 ? length : 63), *at);
    *at += length + ((*at)[length] == ',');
    return length > 0;
}

static bool wanted(void *self, const fl_conform_check *check)
{
    const conformer *c = self;
    char name[64];
    for (const char *at = c->only ? c->only : check->name; next_name(&at, name);)
        if (fl_text_same(name, check->name)) return true;
    return false;
}

static void unknown_name(const fl_args *args, const char *name)
{
    const char *names[128];
    size_t count = 0;
    const fl_conform_check *check;
    while (count < 128 && (check = fl_conform_at(count)) != NULL) names[count++] = check->name;
    const char *near = fl_text_nearest(name, names, count);
    fl_args_wrong(args, "there is no check '%s'%s%s%s", name,
                  near ? ": did you mean '" : "; --list names them", near ? near : "", near ? "'?" : "");
}

static fl_conform_class class_allowed(const fl_args *args)
{
    if (fl_args_has(args, "light")) return FL_CONFORM_LIGHT;
    return fl_args_has(args, "armed") ? FL_CONFORM_ARMED : FL_CONFORM_DARK;
}

/* A check that was asked for by name and may not run is no success. */
static bool names_can_run(const fl_args *args, const char *only)
{
    char name[64];
    for (const char *at = only; *at;) {
        next_name(&at, name);
        const fl_conform_check *check = fl_conform_find(name);
        if (!check) return unknown_name(args, name), false;
        if (check->class > class_allowed(args)) {
            const char *class = fl_conform_class_name(check->class);
            fl_args_wrong(args, "'%s' is of class %s: it wants --%s", name, class, class);
            return false;
        }
    }
    return true;
}

static void begins(void *self, const fl_conform_check *check)
{
    const conformer *c = self;
    if (!c->json && isatty(STDOUT_FILENO)) fprintf(c->out, "  ...    %s\r", check->name), fflush(c->out);
}

static void told(void *self, const fl_conform_outcome *outcome)
{
    const conformer *c = self;
    if (!c->json) conform_show_outcome(c->out, outcome);
    json_array_append_new(c->checks, conform_outcome_json(outcome, false));
    json_array_append_new(c->all_frames, conform_outcome_json(outcome, true));
}

/* ---- before a laser is armed ---- */

static fl_status may_run(const fl_args *args, const fl_carrier_options *how, fl_link_identity *who,
                         fl_error *error)
{
    const fl_status status = fl_link_probe(args->words[0], how, who, error);
    if (status != FL_OK) return status;
    const char *identity = fl_args_value(args, "identity");
    if (identity && !fl_text_same(identity, who->identity))
        return fl_error_set(error, FL_E_DEVICE, "the laser at %s is '%s', not '%s'", args->words[0],
                            who->identity, identity);
    const fl_conform_class up_to = class_allowed(args);
    if (conform_consent(STDIN_FILENO, stderr, who, up_to)) return FL_OK;
    return fl_error_set(error, FL_E_NO,
                        "that is not the identity: nothing was sent but the question who it is");
}

/* ---- the run ---- */

/* Opened before the first frame: a report that cannot be written is known before a pulse is made for it. What
 * stands there is replaced when there is something to replace it with. */
static fl_status open_out(conformer *c, fl_error *error)
{
    const char *path = fl_args_value(c->args, "out");
    if (!path || (c->report = fopen(path, "ae")) != NULL) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot write %s: %s", path, strerror(errno));
}

static fl_status write_out(conformer *c, const fl_conform_report *report, fl_error *error)
{
    if (!c->report) return FL_OK;
    json_t *object = conform_report_json(report, c->args->words[0], json_incref(c->all_frames));
    bool bad = ftruncate(fileno(c->report), 0) != 0 && errno != EINVAL; /* EINVAL: a pipe */
    bad |= fl_shown_json(object, c->report, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) != 0;
    bad |= fputc('\n', c->report) == EOF;
    bad |= fclose(c->report) != 0;
    c->report = NULL;
    json_decref(object);
    if (!bad) return FL_OK;
    return fl_error_set(error, FL_E_IO, "cannot write %s: %s", fl_args_value(c->args, "out"),
                        strerror(errno));
}

static void print_end(const conformer *c, const fl_args *args, const fl_conform_report *report)
{
    if (!c->json) {
        conform_show_end(c->out, report);
        return;
    }
    json_t *object = conform_report_json(report, args->words[0], json_incref(c->checks));
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
}

static fl_status converse(conformer *c, const fl_carrier_options *how, const fl_conform_room *room,
                          bool simulated, fl_error *error)
{
    const fl_args *args = c->args;
    fl_conform_port port;
    fl_status status = fl_conform_port_open(&port, args->words[0], how, error);
    if (status != FL_OK) return status;
    const fl_conform_line line = fl_conform_over(&port);
    const fl_conform_options options = {.identity = fl_args_value(args, "identity"),
                                        .up_to = class_allowed(args),
                                        .room = room,
                                        .may_begin_anchor = simulated,
                                        .self = c,
                                        .wanted = wanted,
                                        .begins = begins,
                                        .told = told,
                                        .stopped = stopped};
    fl_conform_report report;
    status = fl_conform_run(&options, &line, &report, error);
    fl_conform_port_close(&port);
    print_end(c, args, &report);
    fl_error writing = {.status = FL_OK};
    if (write_out(c, &report, &writing) != FL_OK) {
        if (status == FL_OK)
            *error = writing, status = writing.status;
        else
            fl_error_print(stderr, &writing);
    }
    return status == FL_OK && report.failed ? FL_E_NO : status;
}

static int list(const fl_args *args)
{
    if (!fl_args_has(args, "json")) return conform_show_list(stdout), 0;
    json_t *object = conform_list_json();
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
    return 0;
}

static int run_with_room(conformer *c, const fl_carrier_options *how)
{
    const fl_args *args = c->args;
    fl_error error = {.status = FL_OK};
    fl_link_identity who;
    conform_hand hand;
    conform_fifo fifo = {.fd = -1};
    fl_conform_room room;
    const char *path = fl_args_value(args, "room");
    const bool by_hand = fl_args_has(args, "by-hand");
    fl_status status = may_run(args, how, &who, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    if (path && !who.simulated) {
        fl_error_set(&error, FL_E_REFUSED, "--room moves a virtual room, and %s is not simulated",
                     who.identity);
        fl_error_hint(&error, "a real laser is moved by hand: --by-hand");
        return fl_args_failed(&error);
    }
    if (by_hand) room = conform_hand_room(&hand, STDIN_FILENO, stderr);
    if (path && (status = conform_fifo_open(&fifo, path, &room, &error)) != FL_OK)
        return fl_args_failed(&error);
    if ((status = open_out(c, &error)) != FL_OK) return fl_args_failed(&error);
    if (!c->json)
        fprintf(c->out, "%s%s %s, identity %s, firmware %s: checks up to class %s\n",
                who.simulated ? "SIMULATED: " : "", who.maker, who.model, who.identity, who.version,
                fl_conform_class_name(class_allowed(args)));
    c->checks = json_array();
    c->all_frames = json_array();
    status = converse(c, how, path || by_hand ? &room : NULL, who.simulated, &error);
    if (c->report) fclose(c->report); /* nothing came to be reported */
    json_decref(c->checks);
    json_decref(c->all_frames);
    conform_fifo_close(&fifo);
    if (status != FL_OK && status != FL_E_NO) return fl_args_failed(&error);
    return fl_status_exit(status);
}

static int run(const fl_args *args)
{
    if (fl_args_has(args, "list"))
        return args->count ? fl_args_wrong(args, "--list takes no port") : list(args);
    if (args->count != 1) return fl_args_wrong(args, "one port is needed");
    conformer c = {
        .args = args, .only = fl_args_value(args, "only"), .out = stdout, .json = fl_args_has(args, "json")};
    unsigned long long baud = 0;
    if (!fl_args_whole(args, "baud", 4000000, &baud, NULL)) return fl_status_exit(FL_E_USAGE);
    if (c.only && !*c.only) return fl_args_wrong(args, "--only wants names; --list names them");
    if (c.only && !names_can_run(args, c.only)) return fl_status_exit(FL_E_USAGE);
    if (fl_args_has(args, "room") && fl_args_has(args, "by-hand"))
        return fl_args_wrong(args, "either --room or --by-hand: one of them moves the machine");
    const struct sigaction action = {.sa_handler = on_signal};
    static const int ways_out[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT}; /* SAFE is said on each of them */
    for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) sigaction(ways_out[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return run_with_room(&c, &(fl_carrier_options){.baud = (unsigned)baud});
}

static const fl_option options[] = {
    {"list", NULL, "name every check, its class and its rule; no port is needed"},
    {"only", "NAME,...", "these checks and no others"},
    {"armed", NULL, "also checks that arm the laser; no GRANT, no shutter opened"},
    {"light", NULL, "also checks that FIRE PULSES: beam into a dump, eyewear, room closed"},
    {"identity", "ID", "the laser that is expected; another one is left alone"},
    {"by-hand", NULL, "a person opens the door, presses the foot, turns the lens when asked"},
    {"room", "PATH", "a virtual room does it: the FIFO of fadeline-twin --room"},
    {"out", "FILE", "the whole report with every frame, as JSON"},
    {"json", NULL, "one object on stdout"},
    {"baud", "N", "rate of a serial line; 921600 when not given"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_conform = {
    .name = "conform",
    .arguments = "(PORT [--armed | --light] [--only NAME,...] [--by-hand | --room PATH] [--out FILE] | "
                 "--list) [--json]",
    .summary = "check a laser against the grant link, rule by rule; for makers",
    .more = "Provokes one rule after the other (section 11 of the grant link page) and says of each: ok, "
            "failed with what\n"
            "was sent, expected and got, or skipped with the reason. Checks have a class, and by default "
            "only dark ones run:\n"
            "  dark   settings are never committed, so nothing can arm; no GRANT\n"
            "  armed  the laser is armed; no GRANT, no shutter is opened, nobody presses the foot\n"
            "  light  foot, shutters, GRANT: about ten pulses at the laser's own settings\n"
            "For armed and light a real laser's identity must be typed. Light is for a bench: no interlock "
            "of ours stands\n"
            "before it. The counter is printed before and after; a real laser's pulses must be booked by "
            "hand, as test\n"
            "pulses. Ctrl-C tells the laser to be SAFE. Exit code 1 when a check failed.\n\n"
            "examples:\n"
            "  fadeline conform --list\n"
            "  fadeline conform /dev/ttyACM0\n"
            "  fadeline conform /dev/ttyACM0 --identity SN-17 --light --by-hand --out report.json\n"
            "  fadeline conform /dev/ttyACM0 --only frame.two-stars,number.old\n"
            "A virtual laser, whole:\n"
            "  fadeline-twin --device example-pico --pty /tmp/laser --room /tmp/laser.room &\n"
            "  fadeline conform /tmp/laser --light --room /tmp/laser.room\n",
    .options = options,
    .run = run,
};
