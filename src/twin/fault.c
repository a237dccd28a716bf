/* Faults on cue: reading `KIND[=VALUE][@CUE][/SECONDS]`. What they do is in twin.c and wire.c. */
#include "script.h"

#include "room.h"

#include "fadeline/base/text.h"

#include <math.h>
#include <string.h>

typedef enum value_kind {
    VALUE_NONE,
    VALUE_COUNT,   /* 1 .. 1000000, a plus sign allowed */
    VALUE_MS,      /* 1 .. 60000 */
    VALUE_PERCENT, /* 0 .. 100 */
    VALUE_OFF,     /* -99 .. 900 percent, `off` or `stuck` */
    VALUE_RATE,    /* 0 .. 1 */
    VALUE_SHUTTER,
    VALUE_FOOT,
    VALUE_LIE,
    VALUE_NAK, /* 1 .. 60000 ms, and no longer */
    VALUE_WAY  /* in or out, as the host sees it, and how many: in:3 */
} value_kind;

// clang-format off
static const struct fault_row { const char *word; fault_kind kind; value_kind value; const char *form, *help; } rows[] = {
    { "lie",       FAULT_LIE_INPUT, VALUE_LIE,     "lie=NAME:0|1",     "an input reads wrong: key estop-a door-b shut-a open-b foot-a head ..." },
    { "stall",     FAULT_STALL,     VALUE_MS,      "stall=MS",         "no answers for so long; the laser itself goes on" },
    { "echo",      FAULT_ECHO,      VALUE_NONE,    "echo",             "every byte that arrives is sent back" },
    { "drop",      FAULT_DROP,      VALUE_PERCENT, "drop=P%",          "so many answers are lost" },
    { "duplicate", FAULT_DUPLICATE, VALUE_PERCENT, "duplicate=P%",     "so many answers come twice" },
    { "delay",     FAULT_DELAY,     VALUE_MS,      "delay=MS",         "every answer comes so much later" },
    { "corrupt",   FAULT_CORRUPT,   VALUE_RATE,    "corrupt=RATE",     "bit error rate of what we send, 1e-3 for example" },
    { "die",       FAULT_DIE,       VALUE_NONE,    "die",              "the process is gone at once" },
    { "power-cut", FAULT_POWER_CUT, VALUE_NONE,    "power-cut",        "at the next pulse, after the counter is kept and before the trigger" },
    { "energy",    FAULT_ENERGY,    VALUE_OFF,     "energy=P%|off|stuck", "every pulse so much off, -20.5% for example; off: not measured; stuck: the sensor says what was asked" },
    { "counter",   FAULT_COUNTER,   VALUE_COUNT,   "counter=+N",       "the laser fires and counts N pulses without a grant" },
    { "flash",     FAULT_FLASH,     VALUE_COUNT,   "flash=+N",         "N flashes nobody granted and nobody counted" },
    { "dud",       FAULT_DUD,       VALUE_COUNT,   "dud=N",            "the next N pulses give no light" },
    { "shutter",   FAULT_SHUTTER,   VALUE_SHUTTER, "shutter=stuck-open|stuck-shut|free", "shutter A" },
    { "foot",      FAULT_FOOT,      VALUE_FOOT,    "foot=disagree|agree", "contact B stays where it is" },
    { "usb-nak",   FAULT_USB_NAK,   VALUE_NAK,     "usb-nak=MS",       "USB: the pipes take nothing and say nothing for so long" },
    { "usb-stall", FAULT_USB_STALL, VALUE_WAY,     "usb-stall=in|out[:N]", "USB: the pipe halts until the host clears it, N times" },
    { "usb-error", FAULT_USB_ERROR, VALUE_WAY,     "usb-error=in|out[:N]", "USB: the next N transfers end with a protocol error" },
    { "usb-short", FAULT_USB_SHORT, VALUE_COUNT,   "usb-short=N",      "USB: N answers come in two pieces, the first in a short packet" },
    { "usb-empty", FAULT_USB_EMPTY, VALUE_COUNT,   "usb-empty=N",      "USB: N packets without a byte" },
};
static const struct input_row { const char *word; uint32_t mask; } inputs[] = {
    { "key", GL1_IN_KEY }, { "estop", GL1_IN_ESTOP_A | GL1_IN_ESTOP_B }, { "estop-a", GL1_IN_ESTOP_A }, { "estop-b", GL1_IN_ESTOP_B },
    { "door", GL1_IN_DOOR_A | GL1_IN_DOOR_B }, { "door-a", GL1_IN_DOOR_A }, { "door-b", GL1_IN_DOOR_B }, { "covers", GL1_IN_COVERS },
    { "flow", GL1_IN_FLOW }, { "temperature", GL1_IN_TEMPERATURE }, { "head", GL1_IN_HEAD }, { "watchdog", GL1_IN_WATCHDOG },
    { "docked", GL1_IN_DOCKED }, { "shut-a", GL1_IN_SHUT_A }, { "shut-b", GL1_IN_SHUT_B }, { "open-a", GL1_IN_OPEN_A },
    { "open-b", GL1_IN_OPEN_B }, { "foot", GL1_IN_FOOT_A | GL1_IN_FOOT_B }, { "foot-a", GL1_IN_FOOT_A }, { "foot-b", GL1_IN_FOOT_B },
    { "test-passed", GL1_IN_TEST_PASSED }, { "test-finished", GL1_IN_TEST_FINISHED }, { "energy-sensor", GL1_IN_ENERGY_SENSOR },
};
// clang-format on
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* "+5", "5" or "-3". */
static bool read_signed(const char *text, int64_t *number)
{
    return fl_read_i64(text + (text[0] == '+'), number) == FL_OK && *number >= -1000000 && *number <= 1000000;
}

static bool read_number(const char *text, const char *unit, double lowest, double highest, double *value)
{
    char room[32];
    const size_t length = strlen(text), tail = strlen(unit);
    if (length >= sizeof room) return false;
    strcpy(room, text);
    if (length > tail && strcmp(room + length - tail, unit) == 0) room[length - tail] = 0;
    return fl_read_double(room[0] == '+' ? room + 1 : room, value) == FL_OK && *value >= lowest &&
           *value <= highest;
}

static bool read_lie(char *text, twin_fault *fault)
{
    char *colon = strchr(text, ':');
    if (!colon) return false;
    *colon = 0;
    const char *value = colon + 1;
    double mm;
    uint64_t hex;
    if (fl_text_same(text, "spot")) {
        fault->kind = FAULT_LIE_SPOT;
        if (!read_number(value, "mm", 0.0, 50.0, &mm)) return false;
        fault->number = llround(mm * 1000.0);
        return true;
    }
    if (fl_text_same(text, "handpiece")) {
        fault->kind = FAULT_LIE_HANDPIECE;
        if (strlen(value) != 2 || !gl1_read_hex(value, 2, &hex)) return false;
        fault->number = (int64_t)hex;
        return true;
    }
    if (fl_text_same(text, "k") || fl_text_same(text, "ln")) {
        fault->kind = text[0] == 'k' ? FAULT_LIE_K : FAULT_LIE_LN;
        return read_signed(value, &fault->number);
    }
    for (size_t i = 0; i < COUNT(inputs); i++)
        if (fl_text_same(text, inputs[i].word)) fault->mask = inputs[i].mask;
    fault->on = fl_text_same(value, "1");
    return fault->mask && (fault->on || fl_text_same(value, "0"));
}

static bool read_way(char *text, twin_fault *fault)
{
    char *colon = strchr(text, ':');
    if (colon) *colon = 0;
    fault->on = fl_text_same(text, "in");
    fault->number = 1;
    if (colon &&
        (fl_read_i64(colon + 1, &fault->number) != FL_OK || fault->number < 1 || fault->number > 1000))
        return false;
    return fault->on || fl_text_same(text, "out");
}

static bool read_value(value_kind kind, char *text, twin_fault *fault)
{
    switch (kind) {
    case VALUE_NONE: return false;
    case VALUE_COUNT: return read_signed(text, &fault->number) && fault->number >= 1;
    case VALUE_MS:
        if (!read_number(text, "ms", 1, 60000, &fault->amount)) return false;
        fault->number = llround(fault->amount);
        return true;
    case VALUE_PERCENT: return read_number(text, "%", 0, 100, &fault->amount);
    case VALUE_RATE: return read_number(text, "", 0, 1, &fault->amount);
    case VALUE_OFF:
        if (fl_text_same(text, "off")) fault->kind = FAULT_ENERGY_UNREAD;
        if (fl_text_same(text, "stuck")) fault->kind = FAULT_ENERGY_STUCK;
        return fault->kind != FAULT_ENERGY || read_number(text, "%", -99, 900, &fault->amount);
    case VALUE_SHUTTER:
        fault->number = fl_text_same(text, "stuck-open") ? ROOM_SHUTTER_STUCK_OPEN : ROOM_SHUTTER_STUCK_SHUT;
        if (fl_text_same(text, "free")) fault->number = ROOM_SHUTTER_FREE;
        return fl_text_same(text, "stuck-open") || fl_text_same(text, "stuck-shut") ||
               fl_text_same(text, "free");
    case VALUE_FOOT:
        fault->on = fl_text_same(text, "disagree");
        return fault->on || fl_text_same(text, "agree");
    case VALUE_LIE: return read_lie(text, fault);
    case VALUE_WAY: return read_way(text, fault);
    case VALUE_NAK:
        if (!read_number(text, "ms", 1, 60000, &fault->amount)) return false;
        fault->number = llround(fault->amount);
        fault->duration_ms = (uint64_t)fault->number;
        return true;
    }
    return false;
}

/* spec is cut up. */
static fl_status read_kind(char *spec, twin_fault *fault, fl_error *error)
{
    char *value = strchr(spec, '=');
    if (value) *value++ = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!fl_text_same(spec, rows[i].word)) continue;
        char hint[160];
        snprintf(hint, sizeof hint, "write %s: %s", rows[i].form, rows[i].help);
        fault->kind = rows[i].kind;
        if (rows[i].value == VALUE_NONE ? value == NULL : value && read_value(rows[i].value, value, fault))
            return FL_OK;
        return script_wrong(error, hint, "the value of the fault '%s' cannot be used", spec);
    }
    const char *known[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) known[i] = rows[i].word;
    const char *near = fl_text_nearest(spec, known, COUNT(rows));
    char hint[80];
    snprintf(hint, sizeof hint, near ? "did you mean '%s'?" : "`fadeline-twin --help` lists the faults",
             near);
    return script_wrong(error, hint, "there is no fault '%s'", spec);
}

/* "t=12.5", "pulses=40", "ready", "ready+1.5": turned into a line of the script and read by it. */
static fl_status read_cue(const char *text, twin_cue *cue, fl_error *error)
{
    char room[128];
    const char *plus = strchr(text, '+');
    const int before = plus ? (int)(plus - text) : (int)strlen(text);
    if (strlen(text) > 60)
        return script_wrong(error, "write @t=12.5, @pulses=40 or @ready+1.5", "'%s' is not a cue", text);
    if (fl_text_begins(text, "t="))
        snprintf(room, sizeof room, "at %s prove", text + 2);
    else if (fl_text_begins(text, "pulses="))
        snprintf(room, sizeof room, "after %.*s pulses %s prove", before - 7, text + 7, plus ? plus : "");
    else
        snprintf(room, sizeof room, "when %.*s %s prove", before, text, plus ? plus : "");
    script_line line;
    bool empty;
    if (script_line_read(room, &line, &empty, NULL) != FL_OK)
        return script_wrong(error, "write @t=12.5, @pulses=40 or @ready+1.5", "'%s' is not a cue", text);
    *cue = line.cue;
    return FL_OK;
}

static fl_status take_spec(const char *spec, char room[160], twin_fault *fault, fl_error *error)
{
    *fault = (twin_fault){.kind = 0};
    if (strlen(spec) >= 160)
        return script_wrong(error, "see --help", "the fault '%.40s...' is too long", spec);
    strcpy(room, spec);
    char *slash = strrchr(room, '/');
    double s;
    if (!slash) return FL_OK;
    *slash = 0;
    if (fl_read_double(slash + 1, &s) != FL_OK || !(s > 0.0 && s <= 86400.0))
        return script_wrong(error, "/5 lets a fault last five seconds", "'%s' does not say how long",
                            slash + 1);
    fault->duration_ms = (uint64_t)llround(s * 1000.0);
    return FL_OK;
}

fl_status fault_read_plain(const char *spec, twin_fault *fault, fl_error *error)
{
    char room[160];
    twin_fault read;
    fl_status status = take_spec(spec, room, &read, error);
    if (status == FL_OK && strchr(room, '@'))
        status = script_wrong(error, "the line already says when", "'%s' has a cue", spec);
    if (status == FL_OK) status = read_kind(room, &read, error);
    if (status == FL_OK) *fault = read;
    return status;
}

fl_status fault_read(const char *spec, script_line *line, fl_error *error)
{
    char room[160];
    script_line read = {.cue = {.kind = CUE_AT}};
    read.event.kind = EVENT_FAULT;
    fl_status status = take_spec(spec, room, &read.event.fault, error);
    char *at = status == FL_OK ? strchr(room, '@') : NULL;
    if (at) {
        *at = 0;
        status = read_cue(at + 1, &read.cue, error);
    }
    if (status == FL_OK) status = read_kind(room, &read.event.fault, error);
    if (status != FL_OK) return status;
    snprintf(read.event.text, sizeof read.event.text, "fault %.70s", spec);
    *line = read;
    return FL_OK;
}

void fault_help(FILE *out)
{
    fputs("A fault is KIND[=VALUE][@CUE][/SECONDS]; without a cue from the start, without /SECONDS to the "
          "end.\n"
          "CUE: @t=12.5 (seconds), @pulses=40, @ready, @ready+1.5 or another state.\n",
          out);
    for (size_t i = 0; i < COUNT(rows); i++) fprintf(out, "  %-23s %s\n", rows[i].form, rows[i].help);
    fputs("  lie=spot:MM             the sensed spot reads MM; lie=handpiece:HH likewise\n"
          "  lie=k:+N, lie=ln:+N     STAT shows another pulse counter; the light sensor another count\n",
          out);
}
