/* Reading the script. Running it is in script_run.c, faults are in fault.c. */
#include "script.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 24
#define LATEST_S 86400.0
#define SCRIPT_SIZE_MAX (1u << 20)

#define ESTOP (GL1_IN_ESTOP_A | GL1_IN_ESTOP_B)
#define DOOR (GL1_IN_DOOR_A | GL1_IN_DOOR_B)
#define COOLANT (GL1_IN_FLOW | GL1_IN_TEMPERATURE)
#define FOOT (GL1_IN_FOOT_A | GL1_IN_FOOT_B)

typedef struct word_list {
    char room[400];
    const char *word[WORDS_MAX];
    unsigned count, next;
    const char *rest; /* of the text as written, after the cue */
} word_list;

// clang-format off
static const struct switch_row {
    const char *word, *good, *bad; /* good sets the contact */
    uint32_t contacts;
    const char *help;
} switches[] = {
    { "key",           "on",      "off",   GL1_IN_KEY,           "key switch" },
    { "estop",         "release", "press", ESTOP,                "emergency stop, both channels" },
    { "estop-a",       "release", "press", GL1_IN_ESTOP_A,       "one channel of it" },
    { "estop-b",       "release", "press", GL1_IN_ESTOP_B,       NULL },
    { "door",          "close",   "open",  DOOR,                 "treatment-room door (remote interlock), both channels" },
    { "door-a",        "close",   "open",  GL1_IN_DOOR_A,        "one channel of it" },
    { "door-b",        "close",   "open",  GL1_IN_DOOR_B,        NULL },
    { "covers",        "close",   "open",  GL1_IN_COVERS,        "protective panels of the machine" },
    { "coolant",       "ok",      "bad",   COOLANT,              "flow and temperature" },
    { "flow",          "ok",      "bad",   GL1_IN_FLOW,          "coolant flow alone" },
    { "temperature",   "ok",      "bad",   GL1_IN_TEMPERATURE,   "coolant temperature alone" },
    { "head",          "ok",      "bad",   GL1_IN_HEAD,          "laser head" },
    { "watchdog",      "ok",      "bad",   GL1_IN_WATCHDOG,      "independent watchdog of the machine" },
    { "dock",          "in",      "out",   GL1_IN_DOCKED,        "handpiece in the calibration port" },
    { "foot",          "down",    "up",    FOOT,                 "footswitch, both contacts" },
    { "foot-a",        "down",    "up",    GL1_IN_FOOT_A,        "one contact of it" },
    { "foot-b",        "down",    "up",    GL1_IN_FOOT_B,        NULL },
    { "energy-sensor", "ok",      "bad",   GL1_IN_ENERGY_SENSOR, "energy sensor" },
};
static const char *const other_words[] = { "spot", "handpiece", "panel", "self-test", "prove", "power", "fault", "say", "quit" };
static const struct state_row { const char *word; uint8_t state; } states[] = {
    { "safe", GL1_SAFE }, { "standby", GL1_STBY }, { "stby", GL1_STBY }, { "warn", GL1_WARN },
    { "ready", GL1_READY }, { "fault", GL1_FAULT }, { "hello", CUE_HELLO },
};
// clang-format on
#define COUNT(list) (sizeof(list) / sizeof *(list))

fl_status script_wrong(fl_error *error, const char *hint, const char *format, ...)
{
    char what[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fl_error_set(error, FL_E_FILE, "%s", what);
    if (hint) fl_error_hint(error, "%s", hint);
    return FL_E_FILE;
}

/* What the next word is, or "" past the end. */
static const char *peek(const word_list *words)
{
    return words->next < words->count ? words->word[words->next] : "";
}

static const char *take(word_list *words)
{
    const char *word = peek(words);
    if (words->next < words->count) words->next++;
    return word;
}

static fl_status split(const char *text, word_list *words, fl_error *error)
{
    words->count = words->next = 0;
    if (strlen(text) >= sizeof words->room)
        return script_wrong(error, "put one event on a line", "the line is longer than 399 bytes");
    for (const char *c = text; *c; c++)
        if ((*c < ' ' && *c != '\t') || *c > '~')
            return script_wrong(error, "write plain ASCII", "there is a byte %02X in the line",
                                (unsigned char)*c);
    strcpy(words->room, text);
    char *save = NULL;
    for (char *word = strtok_r(words->room, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
        if (words->count == WORDS_MAX)
            return script_wrong(error, "put one event on a line", "more than %d words in a line", WORDS_MAX);
        words->word[words->count++] = word;
    }
    words->rest = text;
    return FL_OK;
}

static fl_status read_seconds(const char *text, uint64_t *ms, fl_error *error)
{
    double s;
    if (fl_read_double(text, &s) != FL_OK || !(s >= 0.0 && s <= LATEST_S))
        return script_wrong(error, "write seconds with a point, 0 to 86400, as in 6.5", "'%s' is not a time",
                            text);
    *ms = (uint64_t)llround(s * 1000.0);
    return FL_OK;
}

/* An optional "+1.5". */
static fl_status read_plus(word_list *words, uint64_t *ms, fl_error *error)
{
    *ms = 0;
    if (peek(words)[0] != '+') return FL_OK;
    return read_seconds(take(words) + 1, ms, error);
}

static bool find_state(const char *word, uint8_t *state)
{
    for (size_t i = 0; i < COUNT(states); i++)
        if (fl_text_same(states[i].word, word)) {
            *state = states[i].state;
            return true;
        }
    return false;
}

static fl_status read_cue_state(word_list *words, twin_cue *cue, fl_error *error)
{
    const char *word = take(words);
    if (!find_state(word, &cue->state))
        return script_wrong(error, "one of safe, standby, warn, ready, fault, hello",
                            "'%s' is not a state of the laser", word);
    cue->kind = CUE_STATE;
    cue->count = 1;
    if (!cue->every && fl_read_u64(peek(words), &cue->count) == FL_OK) {
        take(words);
        if (cue->count < 1 || cue->count > 1000000)
            return script_wrong(error, "1 is the first time", "no such time: %llu",
                                (unsigned long long)cue->count);
    }
    return read_plus(words, &cue->plus_ms, error);
}

static fl_status read_cue_pulses(word_list *words, twin_cue *cue, fl_error *error)
{
    const char *word = take(words);
    if (fl_read_u64(word, &cue->count) != FL_OK || cue->count < 1 || cue->count > 1000000000)
        return script_wrong(error, "write for example `after 12 pulses door open`",
                            "'%s' is not a number of pulses", word);
    word = take(words);
    if (!fl_text_same(word, "pulses") && !fl_text_same(word, "pulse"))
        return script_wrong(error, "write for example `after 12 pulses door open`",
                            "expected 'pulses', found '%s'", word);
    cue->kind = CUE_PULSES;
    return read_plus(words, &cue->plus_ms, error);
}

static fl_status read_cue_every(word_list *words, twin_cue *cue, fl_error *error)
{
    uint8_t state;
    cue->every = true;
    if (find_state(peek(words), &state)) return read_cue_state(words, cue, error);
    const char *unit = words->next + 1 < words->count ? words->word[words->next + 1] : "";
    if (!fl_text_same(unit, "s")) return read_cue_pulses(words, cue, error);
    const char *period = take(words);
    take(words);
    cue->kind = CUE_PERIOD;
    const fl_status status = read_seconds(period, &cue->at_ms, error);
    if (status == FL_OK && cue->at_ms < 10)
        return script_wrong(error, "0.01 s is the shortest", "'every %s s' is too often", period);
    return status;
}

static fl_status read_cue(word_list *words, twin_cue *cue, fl_error *error)
{
    static const char *const known[] = {"at", "when", "after", "every", "then", "now"};
    const char *word = take(words);
    if (fl_text_same(word, "at")) {
        cue->kind = CUE_AT;
        return read_seconds(take(words), &cue->at_ms, error);
    }
    if (fl_text_same(word, "when")) return read_cue_state(words, cue, error);
    if (fl_text_same(word, "after")) return read_cue_pulses(words, cue, error);
    if (fl_text_same(word, "every")) return read_cue_every(words, cue, error);
    if (fl_text_same(word, "then")) {
        cue->kind = CUE_THEN;
        return read_plus(words, &cue->plus_ms, error);
    }
    if (fl_text_same(word, "now")) {
        cue->kind = CUE_NOW;
        return FL_OK;
    }
    const char *near = fl_text_nearest(word, known, COUNT(known));
    char hint[120];
    snprintf(hint, sizeof hint,
             near ? "did you mean '%s'?" : "a line begins with at, when, after, every, then or now", near);
    return script_wrong(error, hint, "'%s' does not say when", word);
}

static fl_status read_switch(word_list *words, const struct switch_row *row, twin_event *event,
                             fl_error *error)
{
    const char *word = take(words);
    event->kind = EVENT_SWITCH;
    event->contacts = row->contacts;
    event->on = fl_text_same(word, row->good);
    if (event->on || fl_text_same(word, row->bad)) return FL_OK;
    char hint[80];
    snprintf(hint, sizeof hint, "write '%s %s' or '%s %s'", row->word, row->good, row->word, row->bad);
    return script_wrong(error, hint, "'%s' is nothing that a %s does", word, row->word);
}

static fl_status read_spot(word_list *words, twin_event *event, fl_error *error)
{
    const char *word = take(words);
    double mm;
    event->kind = EVENT_SPOT;
    if (fl_text_same(word, "unknown")) return FL_OK;
    if (fl_read_double(word, &mm) != FL_OK || !(mm >= 0.1 && mm <= 50.0))
        return script_wrong(error, "millimetres from 0.1 to 50, as in `spot 3`, or `spot unknown`",
                            "'%s' is not a spot", word);
    event->number = (uint32_t)lround(mm * 1000.0);
    return FL_OK;
}

static fl_status read_handpiece(word_list *words, twin_event *event, fl_error *error)
{
    const char *word = take(words);
    uint64_t number;
    event->kind = EVENT_HANDPIECE;
    if (fl_text_same(word, "none")) return FL_OK;
    if (fl_text_same(word, "unreadable"))
        event->number = 0xFF;
    else if (strlen(word) == 2 && gl1_read_hex(word, 2, &number))
        event->number = (uint32_t)number;
    else
        return script_wrong(error,
                            "two upper-case hexadecimal digits as in `handpiece 21`, or none, or unreadable",
                            "'%s' is not a handpiece", word);
    return FL_OK;
}

static fl_status read_panel(word_list *words, twin_event *event, fl_error *error)
{
    static const char *const hint =
        "write for example `panel EN=190000 SP=4000`, as on the wire: EN uJ, RR mHz, SP um, WL nm";
    static const char *const keys[] = {"EN=", "RR=", "SP=", "WL="};
    event->kind = EVENT_PANEL;
    uint32_t *const members[] = {&event->settings.en_uJ, &event->settings.rr_mHz, &event->settings.sp_um,
                                 &event->settings.wl_nm};
    if (words->next == words->count) return script_wrong(error, hint, "what does the panel set?");
    while (words->next < words->count) {
        const char *word = take(words);
        unsigned i = 0;
        while (i < 4 && !fl_text_begins(word, keys[i])) i++;
        uint64_t value;
        if (i == 4 || fl_read_u64(word + 3, &value) != FL_OK || value > UINT32_MAX)
            return script_wrong(error, hint, "the panel has no '%s'", word);
        if (event->named & 1u << i) return script_wrong(error, "once is enough", "%.2s is set twice", word);
        event->named |= (uint8_t)(1u << i);
        *members[i] = (uint32_t)value;
    }
    return FL_OK;
}

static fl_status read_power(word_list *words, twin_event *event, fl_error *error)
{
    static const char *const ways[] = {"off", "on", "cut"};
    const char *word = take(words);
    event->kind = EVENT_POWER;
    for (uint32_t i = 0; i < COUNT(ways); i++)
        if (fl_text_same(word, ways[i])) {
            event->number = i;
            return FL_OK;
        }
    return script_wrong(error, "write 'power off', 'power on' or 'power cut'", "power does not '%s'", word);
}

static fl_status unknown_event(const char *word, fl_error *error)
{
    const char *known[COUNT(switches) + COUNT(other_words)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(switches); i++) known[count++] = switches[i].word;
    for (size_t i = 0; i < COUNT(other_words); i++) known[count++] = other_words[i];
    const char *near = fl_text_nearest(word, known, count);
    char hint[100];
    snprintf(hint, sizeof hint, near ? "did you mean '%s'?" : "`fadeline-twin --help` lists what can happen",
             near);
    if (!*word) return script_wrong(error, hint, "the line says when, but not what");
    return script_wrong(error, hint, "'%s' is nothing that can happen here", word);
}

static fl_status read_event(word_list *words, twin_event *event, fl_error *error)
{
    const char *word = take(words);
    for (size_t i = 0; i < COUNT(switches); i++)
        if (fl_text_same(word, switches[i].word)) return read_switch(words, &switches[i], event, error);
    if (fl_text_same(word, "spot")) return read_spot(words, event, error);
    if (fl_text_same(word, "handpiece")) return read_handpiece(words, event, error);
    if (fl_text_same(word, "panel")) return read_panel(words, event, error);
    if (fl_text_same(word, "self-test")) {
        const char *how = take(words);
        event->kind = EVENT_SELF_TEST;
        event->on = fl_text_same(how, "pass");
        if (event->on || fl_text_same(how, "fail")) return FL_OK;
        return script_wrong(error, "write 'self-test pass' or 'self-test fail'", "a self-test does not '%s'",
                            how);
    }
    if (fl_text_same(word, "power")) return read_power(words, event, error);
    if (fl_text_same(word, "fault")) {
        event->kind = EVENT_FAULT;
        return fault_read_plain(take(words), &event->fault, error);
    }
    if (fl_text_same(word, "say")) {
        event->kind = EVENT_SAY;
        words->next = words->count;
        return FL_OK;
    }
    event->kind = fl_text_same(word, "prove") ? EVENT_PROVE : EVENT_QUIT;
    return fl_text_same(word, "prove") || fl_text_same(word, "quit") ? FL_OK : unknown_event(word, error);
}

fl_status script_line_read(const char *text, script_line *line, bool *empty, fl_error *error)
{
    word_list words;
    script_line read = {.number = 0};
    *empty = false;
    fl_status status = split(text, &words, error);
    if (status != FL_OK) return status;
    *empty = words.count == 0 || words.word[0][0] == '#';
    if (*empty) return FL_OK;
    status = read_cue(&words, &read.cue, error);
    if (status != FL_OK) return status;
    const unsigned first = words.next;
    status = read_event(&words, &read.event, error);
    if (status != FL_OK) return status;
    if (words.next < words.count)
        return script_wrong(error, "one event a line", "'%s' is a word too many", peek(&words));
    fl_text as_written = fl_text_in(read.event.text, sizeof read.event.text);
    for (unsigned i = first; i < words.count; i++)
        fl_text_add(&as_written, "%s%s", i > first ? " " : "", words.word[i]);
    *line = read;
    return FL_OK;
}

/* One line of the file: cut at its end, read, kept, or complained about. */
static fl_status load_line(twin_script *script, char *text, unsigned number, const char *path,
                           fl_error *error)
{
    script_line line;
    bool empty;
    const size_t length = strlen(text);
    if (length && text[length - 1] == '\r') text[length - 1] = 0;
    fl_status status = script_line_read(text, &line, &empty, error);
    if (status == FL_OK && !empty) {
        line.number = number;
        if (line.cue.kind == CUE_THEN && script->count == 0)
            status = script_wrong(error, "put it below another event", "'then' follows nothing");
        else
            status = script_add(script, &line, error);
    }
    if (status != FL_OK) fl_error_at(error, path, number, 0);
    return status;
}

fl_status script_load(twin_script *script, const char *path, void (*complain)(const fl_error *error),
                      fl_error *error)
{
    char *bytes;
    size_t size;
    fl_status worst = fl_place_read(path, SCRIPT_SIZE_MAX, &bytes, &size, error);
    if (worst != FL_OK) {
        if (complain && error) complain(error);
        return worst;
    }
    unsigned number = 0;
    if (memchr(bytes, 0, size)) {
        script_wrong(error, "is it the right file?", "there is a zero byte in the script");
        worst = FL_E_FILE;
        fl_error_at(error, path, 1, 0);
        if (complain && error) complain(error);
        size = 0;
    }
    for (char *at = bytes; worst != FL_E_FULL && at < bytes + size;) {
        char *end = strchr(at, '\n');
        if (end) *end = 0;
        fl_error here = {.status = FL_OK};
        const fl_status status = load_line(script, at, ++number, path, &here);
        if (status != FL_OK && worst == FL_OK && error) *error = here;
        if (status != FL_OK && complain) complain(&here);
        if (status != FL_OK) worst = status;
        if (!end) break;
        at = end + 1;
    }
    free(bytes);
    return worst;
}

void script_help(FILE *out)
{
    fputs("A script line is WHEN and WHAT:\n"
          "  at T                    T seconds after the start\n"
          "  when STATE [N] [+T]     the first (or N-th) time the laser is in STATE, and T seconds\n"
          "  every STATE [+T]        each time\n"
          "  after N pulses [+T]     N pulses since the start\n"
          "  every N pulses [+T]     each N-th pulse\n"
          "  every T s               again and again\n"
          "  then [+T]               so long after the line above has happened\n"
          "  now                     as soon as it is read: for lines said live, see --room\n"
          "  STATE: safe, standby, warn, ready, fault, or hello (a session begins)\n"
          "What can happen:\n",
          out);
    for (size_t i = 0; i < COUNT(switches); i++) {
        char words[40];
        snprintf(words, sizeof words, "%s %s|%s", switches[i].word, switches[i].good, switches[i].bad);
        fprintf(out, "  %-23s %s\n", words, switches[i].help ? switches[i].help : "the other");
    }
    fputs("  spot MM|unknown         the ring of the handpiece is turned\n"
          "  handpiece HH|none|unreadable\n"
          "  panel EN=.. RR=.. ..    an edit at the laser's own panel; uJ, mHz, um, nm\n"
          "  self-test pass|fail     how self-tests end from now on\n"
          "  prove                   with the key off: e-stop, door and foot moved once; then key on\n"
          "  power off|on|cut        the mains; cut: at the next pulse, after the counter is kept, before "
          "the trigger\n"
          "  fault SPEC              as --fault, without a cue\n"
          "  say TEXT                on standard error\n"
          "  quit                    the twin ends\n",
          out);
}
