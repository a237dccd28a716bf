#include "command.h"
#include "watch_story.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/link/carrier.h"
#include "fadeline/link/gl1.h"
#include "fadeline/report/shown_json.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Listens on a line and says what goes over it. Nothing is ever sent: the carrier is opened to listen only,
 * and refuses every write. On the far side of a tap both directions come in on one line. */

typedef struct watcher {
    bool json, frames, chosen; /* chosen: --uid was given, and HELLO does not change it */
    char uid[FL_MESSAGE_TEXT_MAX + 1];
    fl_instant began, heard;
    bool silent; /* and said so */
    fl_line line;
    watch_story_teller story;
    const char *doubt; /* said after every line of a frame that could not be checked */
} watcher;

#define SILENCE_US 2000000

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static double seconds_since(fl_instant began)
{
    const fl_clock *clock = fl_clock_system();
    return (double)fl_since(clock->now(clock->self), began).us / 1e6;
}

/* How far a frame is to be believed. Without the identity its check cannot be made. */
typedef enum trust { CHECKED, UNCHECKED } trust;
#define NOT_CHECKED "   (not checked: identity unknown)"

static void add_number(json_t *object, const fl_message *message, fl_key key)
{
    char text[40];
    const uint64_t value = message->value[key];
    if (fl_key_form(key) == FL_FORM_HEX) {
        snprintf(text, sizeof text, "%0*" PRIX64, (int)fl_key_digits(key), value);
        json_object_set_new(object, fl_key_name(key), json_string(text));
    } else if (value <= INT64_MAX)
        json_object_set_new(object, fl_key_name(key), json_integer((json_int_t)value));
    else
        json_object_set_new(object, fl_key_name(key), json_null()); /* no JSON reader would keep it whole */
}

static void add_value(json_t *object, const fl_message *message, fl_key key)
{
    char text[2 * FL_ROOT_SIZE + 1];
    switch (fl_key_form(key)) {
    case FL_FORM_BYTES:
        if (key == FL_KEY_ph)
            fl_hex(message->plan, FL_PLAN_SIZE, text);
        else
            fl_hex(message->root, FL_ROOT_SIZE, text);
        json_object_set_new(object, fl_key_name(key), json_string(text));
        break;
    case FL_FORM_TEXT:
        json_object_set_new(object, fl_key_name(key),
                            json_string(key == FL_KEY_uid ? message->uid : message->firmware));
        break;
    case FL_FORM_PURPOSE:
        json_object_set_new(object, fl_key_name(key),
                            json_string(message->value[key] == 'C' ? "calibration" : "treatment"));
        break;
    case FL_FORM_REASON:
        json_object_set_new(object, fl_key_name(key), json_string(fl_nak_name((fl_nak)message->value[key])));
        break;
    case FL_FORM_DECIMAL:
    case FL_FORM_HEX: add_number(object, message, key); break;
    }
}

static void print_json(const watcher *w, json_t *object)
{
    json_object_set_new(object, "at_s", json_real(seconds_since(w->began)));
    fl_shown_json(object, stdout, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(object);
}

static void show_frame_json(const watcher *w, const fl_frame *frame, const fl_message *message, trust how)
{
    char session[9], number[9];
    snprintf(session, sizeof session, "%08X", frame->session);
    snprintf(number, sizeof number, "%08X", frame->number);
    json_t *object = json_object();
    json_object_set_new(object, "from", json_string(frame->direction == '>' ? "host" : "device"));
    json_object_set_new(object, "session", json_string(session));
    json_object_set_new(object, "number", json_string(number));
    json_object_set_new(object, "checked", json_boolean(how == CHECKED));
    json_object_set_new(object, "word", json_string(fl_word_verb(message->word)));
    fl_gl1_stat stat;
    if (fl_gl1_stat_of(message, &stat)) {
        char bad[300];
        watch_not_good(&stat, bad);
        json_object_set_new(object, "mode", json_string(fl_gl1_device_name(stat.state)));
        json_object_set_new(object, "not_good", json_string(bad));
    }
    for (int key = 0; key < FL_KEYS; key++)
        if (fl_message_has(message, (fl_key)key)) add_value(object, message, (fl_key)key);
    print_json(w, object);
}

static void show_frame(const watcher *w, const fl_frame *frame, const fl_message *message)
{
    printf("%9.3f  %s  %08X  %.*s", seconds_since(w->began), frame->direction == '>' ? "host  " : "device",
           frame->number, (int)frame->size, frame->body);
    fl_gl1_stat stat;
    if (fl_gl1_stat_of(message, &stat)) printf("   %s", fl_gl1_device_name(stat.state));
    if (message->word == FL_SAY_NAK) printf("   %s", fl_nak_text((fl_nak)message->value[FL_KEY_e]));
    puts(w->doubt);
}

static void tell(void *self, const char *who, const char *what)
{
    const watcher *w = self;
    printf("%9.3f  %-6s  %s%s\n", seconds_since(w->began), who, what, w->doubt);
}

/* What is no frame: an identity question or answer, `!`, or damage. */
static void show_other(const watcher *w, const char *what, const char *text, size_t size)
{
    if (!w->json) {
        char shown[FL_SHOWN_MAX];
        printf("%9.3f  %s%s%s\n", seconds_since(w->began), what, size ? ": " : "",
               fl_show_bytes(shown, sizeof shown, text, size));
        return;
    }
    json_t *object = json_object();
    json_object_set_new(object, "other", json_string(what));
    if (size) json_object_set_new(object, "text", json_stringn(text, size));
    print_json(w, object);
}

static void take_line(watcher *w)
{
    const char *text = w->line.text;
    const size_t size = w->line.size;
    fl_frame frame;
    fl_message message;
    trust how = CHECKED;
    if (size && text[0] != '<' && text[0] != '>') {
        const bool safe = size == 1 && text[0] == '!';
        show_other(w, safe ? "host says SAFE" : "no frame", text, size);
        return;
    }
    fl_frame_fault fault = fl_frame_read(text, size, w->uid[0] ? w->uid : NULL, &frame);
    if (fault == FL_FRAME_CHECK && !w->uid[0]) {
        how = UNCHECKED;
        fault = fl_frame_read_unchecked(text, size, &frame);
    }
    if (fault != FL_FRAME_GOOD) {
        show_other(w, fl_frame_fault_text(fault), text, size);
        return;
    }
    if (fl_message_read(frame.direction, frame.body, frame.size, &message) != FL_OK) {
        show_other(w, "a frame that follows no grammar", text, size);
        return;
    }
    if (message.word == FL_SAY_HELLO && !w->chosen) memcpy(w->uid, message.uid, sizeof w->uid);
    w->doubt = how == CHECKED ? "" : NOT_CHECKED;
    if (w->json)
        show_frame_json(w, &frame, &message, how);
    else if (w->frames)
        show_frame(w, &frame, &message);
    else
        watch_story(&w->story, &message);
}

/* A host polls at least ten times a second: two seconds without a byte are worth a line. */
static void note_silence(watcher *w, size_t got)
{
    const fl_instant now = fl_clock_system()->now(fl_clock_system()->self);
    const bool silent = !got && fl_since(now, w->heard).us > SILENCE_US;
    if (got) w->heard = now;
    if (silent && !w->silent) show_other(w, "silence: nothing for two seconds", "", 0);
    w->silent = silent;
}

static fl_status listen_once(watcher *w, fl_carrier *carrier)
{
    char bytes[512];
    size_t got;
    const fl_status status = fl_carrier_read(carrier, bytes, sizeof bytes, &got);
    note_silence(w, got);
    for (size_t i = 0; i < got; i++) {
        fl_frame_fault fault = FL_FRAME_GOOD;
        const fl_line_event event = fl_line_take(&w->line, bytes[i], &fault);
        if (event == FL_LINE_WHOLE && w->line.size) take_line(w);
        if (event == FL_LINE_SPOILED) show_other(w, fl_frame_fault_text(fault), w->line.text, w->line.size);
    }
    fflush(stdout);
    return status;
}

/* Until the time is over, somebody presses Ctrl-C, or the line hangs up. */
static fl_status watch(watcher *w, fl_carrier *carrier, double seconds)
{
    fl_status status = FL_OK;
    while (status == FL_OK && !interrupted && seconds_since(w->began) < seconds) {
        struct pollfd wait = {.fd = fl_carrier_fd(carrier), .events = POLLIN};
        if (poll(&wait, 1, 50) < 0 && errno != EINTR) return FL_E_IO;
        status = listen_once(w, carrier);
    }
    return interrupted ? FL_E_INTERRUPTED : status;
}

static int run(const fl_args *args)
{
    if (args->count != 1) return fl_args_wrong(args, "one port is needed");
    watcher w = {.json = fl_args_has(args, "json"),
                 .chosen = fl_args_has(args, "uid"),
                 .frames = fl_args_has(args, "frames")};
    w.story = (watch_story_teller){.tell = tell, .self = &w};
    double seconds = 1e9;
    unsigned long long baud = 0;
    if (!fl_args_number(args, "seconds", 0.01, 1e6, &seconds, NULL)) return fl_status_exit(FL_E_USAGE);
    if (!fl_args_whole(args, "baud", 4000000, &baud, NULL)) return fl_status_exit(FL_E_USAGE);
    const char *uid = fl_args_value(args, "uid");
    if (uid && (!*uid || strlen(uid) > FL_MESSAGE_TEXT_MAX))
        return fl_args_wrong(args, "--uid wants the identity of the laser, at most %d letters",
                             FL_MESSAGE_TEXT_MAX);
    if (uid) snprintf(w.uid, sizeof w.uid, "%s", uid);

    fl_error error = {.status = FL_OK};
    fl_carrier carrier;
    const fl_carrier_options options = {.baud = (unsigned)baud, .listen_only = true};
    fl_status status = fl_carrier_open(args->words[0], &options, &carrier, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    w.began = w.heard = fl_clock_system()->now(fl_clock_system()->self);
    status = watch(&w, &carrier, seconds);
    fl_carrier_close(&carrier);
    if (status == FL_E_GONE) {
        fl_error_set(&error, status, "%s hung up", args->words[0]);
        return fl_args_failed(&error);
    }
    return fl_status_exit(status);
}

static const fl_option options[] = {
    {"json", NULL, "one object a line, every quantity with its unit"},
    {"frames", NULL, "every frame as it is, not only what changed"},
    {"seconds", "N", "stop after so long; without it, Ctrl-C stops"},
    {"uid", "TEXT", "identity of the laser, to check frames before its HELLO is seen"},
    {"baud", "N", "rate of a serial line; 921600 when not given"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_watch = {
    .name = "watch",
    .arguments = "PORT [--json | --frames] [--seconds N] [--uid TEXT] [--baud N]",
    .summary = "listen on a laser's line and say what goes over it; sends nothing",
    .more =
        "Says modes, inputs, shutter orders, settings, grants and what became of them, each when it "
        "changes;\n"
        "damage on the line is named, and silence. Two programs cannot share one port: put a tap on the "
        "line\n"
        "(an adapter that listens to both wires) and watch that. Frames are checked as soon as the laser's\n"
        "identity is known, from its HELLO or --uid.\n\n"
        "  fadeline watch /dev/ttyUSB1 --seconds 10\n"
        "  fadeline watch /dev/ttyUSB1 --frames\n"
        "  fadeline watch /dev/ttyUSB1 --json --uid SIM-00042\n",
    .options = options,
    .run = run,
};
