#include "speak_line.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BOTH (SPEAK_LASER | SPEAK_METER)

static const struct {
    const char *word;
    speak_fault_kind kind;
    unsigned families;
    bool value; /* it needs one */
} words[] = {
    {"lie", SPEAK_LIE, BOTH, false},
    {"deaf", SPEAK_LIE, SPEAK_METER, false},
    {"stall", SPEAK_STALL, BOTH, false},
    {"silent", SPEAK_STALL, SPEAK_METER, false},
    {"echo", SPEAK_ECHO, BOTH, false},
    {"garbage", SPEAK_GARBAGE, BOTH, false},
    {"slow", SPEAK_SLOW, BOTH, true},
    {"die", SPEAK_DIE, BOTH, false},
    {"stranger", SPEAK_STRANGER, BOTH, false},
    {"real", SPEAK_REAL, BOTH, false},
    {"jump", SPEAK_JUMP, BOTH, true},
    {"yank", SPEAK_YANK, BOTH, false},
    {"late", SPEAK_LATE, SPEAK_LASER, true},
    {"bit", SPEAK_BIT, SPEAK_LASER, true},
    {"open", SPEAK_OPEN, SPEAK_LASER, false},
    {"over", SPEAK_OVER, SPEAK_METER, false},
    {"stale", SPEAK_STALE, SPEAK_METER, false},
    {"miss", SPEAK_MISS, SPEAK_METER, false},
    {"watts", SPEAK_WATTS, SPEAK_METER, false},
    {"drift", SPEAK_DRIFT, SPEAK_METER, true},
    {"gain", SPEAK_GAIN, SPEAK_METER, true},
    {"labels", SPEAK_LABELS, SPEAK_METER, false},
    {"late", SPEAK_LATE_LIGHT, SPEAK_METER, true},
};

/* ---- faults ---- */

static bool value_fits(const speak_fault *f, bool needed)
{
    if (f->kind == SPEAK_YANK) return !f->has_value || (f->value >= 0 && f->value < 1e9);
    if (needed != f->has_value || fabs(f->value) >= 1e12) return false;
    if (f->kind == SPEAK_BIT) return f->value >= 0 && f->value < 64;
    const bool ms = f->kind == SPEAK_SLOW || f->kind == SPEAK_LATE || f->kind == SPEAK_LATE_LIGHT;
    return !ms || f->value >= 0;
}

/* KIND[=VALUE][@N[-[M]]] */
static bool read_fault(const char *spec, speak_family family, speak_fault *fault)
{
    char word[40];
    if (snprintf(word, sizeof word, "%s", spec) >= (int)sizeof word) return false;
    *fault = (speak_fault){.to = UINT64_MAX};
    char *at = strchr(word, '@');
    if (at) {
        *at++ = 0;
        char *dash = strchr(at, '-');
        if (dash) *dash++ = 0;
        if (fl_read_u64(at, &fault->from) != FL_OK) return false;
        if (!dash) fault->to = fault->from;
        if (dash && *dash && fl_read_u64(dash, &fault->to) != FL_OK) return false;
    }
    char *value = strchr(word, '=');
    if (value) {
        *value++ = 0;
        fault->has_value = true;
        if (fl_read_double(value, &fault->value) != FL_OK) return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!(words[i].families & family) || strcmp(word, words[i].word) != 0) continue;
        fault->kind = words[i].kind;
        return value_fits(fault, words[i].value);
    }
    return false;
}

fl_status speak_line_init(speak_line *line, speak_family family, const speak_options *options,
                          fl_error *error)
{
    *line = (speak_line){.fault_count = 0};
    if (options->fault_count > SPEAK_FAULTS) return fl_error_set(error, FL_E_USAGE, "too many faults");
    for (unsigned i = 0; i < options->fault_count; i++) {
        if (!read_fault(options->faults[i], family, &line->faults[i])) {
            fl_error_set(error, FL_E_USAGE, "such a %s has no fault '%s'",
                         family == SPEAK_LASER ? "laser" : "meter", options->faults[i]);
            return fl_error_hint(error, "fadeline-twin --help"), FL_E_USAGE;
        }
        line->fault_count++;
    }
    return FL_OK;
}

const speak_fault *speak_line_fault(const speak_line *line, speak_fault_kind kind)
{
    for (unsigned i = 0; i < line->fault_count; i++) {
        const speak_fault *f = &line->faults[i];
        const bool waits = kind == SPEAK_YANK && f->has_value && (double)line->now_ms < f->value;
        if (f->kind == kind && line->cue >= f->from && line->cue <= f->to && !waits) return f;
    }
    return NULL;
}

bool speak_line_has(const speak_line *line, speak_fault_kind kind)
{
    return speak_line_fault(line, kind) != NULL;
}

double speak_line_jump(const speak_line *line)
{
    const speak_fault *f = speak_line_fault(line, SPEAK_JUMP);
    return f && line->cue == (f->from ? f->from : 1) ? f->value : 0;
}

bool speak_line_tick(speak_line *line, uint64_t now_ms)
{
    line->now_ms = now_ms;
    line->dead = line->dead || speak_line_has(line, SPEAK_DIE);
    line->gone = line->gone || speak_line_has(line, SPEAK_YANK);
    return !line->gone;
}

void speak_line_cue(speak_line *line)
{
    line->cue++;
    speak_line_tick(line, line->now_ms);
}

/* ---- answers ---- */

static void queue(speak_line *line, const char *bytes, size_t size)
{
    if (size > SPEAK_ANSWER || line->gone || line->dead) return;
    const speak_fault *slow = speak_line_fault(line, SPEAK_SLOW), *late = speak_line_fault(line, SPEAK_LATE);
    uint64_t due_ms = line->now_ms + (slow ? (uint64_t)slow->value : 0);
    if (late) line->busy_until_ms = line->now_ms + (uint64_t)late->value;
    if (due_ms < line->busy_until_ms) due_ms = line->busy_until_ms;
    unsigned place = (line->first + line->count + SPEAK_WAITING - 1) % SPEAK_WAITING;
    const bool joins = line->count && line->waiting[place].due_ms == due_ms &&
                       line->waiting[place].size + size <= SPEAK_ANSWER;
    if (!joins && line->count == SPEAK_WAITING) return;
    if (!joins) place = (line->first + line->count++) % SPEAK_WAITING, line->waiting[place].size = 0;
    line->waiting[place].due_ms = due_ms;
    memcpy(line->waiting[place].bytes + line->waiting[place].size, bytes, size);
    line->waiting[place].size += size;
}

void speak_line_answer(void *self, const char *format, ...)
{
    speak_line *line = self;
    char bytes[SPEAK_ANSWER];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(bytes, sizeof bytes, format, arguments);
    va_end(arguments);
    if (size < 0 || size >= (int)sizeof bytes || speak_line_has(line, SPEAK_STALL)) return;
    if (speak_line_has(line, SPEAK_GARBAGE)) {
        for (int i = 0; i + 1 < size; i += 2) bytes[i] = (char)(0x80 | bytes[i]) ^ 0x15;
        if (size > 1) bytes[(size - 1) / 2] = 0x15; /* never the end mark: it is whole, and no text */
    }
    queue(line, bytes, (size_t)size);
}

size_t speak_line_give(void *self, char *room, size_t size)
{
    speak_line *line = self;
    size_t used = 0;
    while (line->count && !line->gone && !line->dead && line->waiting[line->first].due_ms <= line->now_ms &&
           used + line->waiting[line->first].size <= size) {
        memcpy(room + used, line->waiting[line->first].bytes, line->waiting[line->first].size);
        used += line->waiting[line->first].size;
        line->first = (line->first + 1) % SPEAK_WAITING;
        line->count--;
    }
    return used;
}

/* ---- what is heard ---- */

void speak_line_echo(void *self, char c)
{
    if (speak_line_has(self, SPEAK_ECHO)) queue(self, &c, 1);
}

void speak_line_take(void *self, const char *bytes, size_t size, const char *ends,
                     void (*obey)(void *self, char *text))
{
    speak_line *line = self;
    for (size_t i = 0; i < size; i++) {
        speak_line_echo(line, bytes[i]);
        if (!bytes[i] || !strchr(ends, bytes[i])) {
            if (line->in_size < SPEAK_LINE - 1) line->in[line->in_size++] = bytes[i];
            continue;
        }
        line->in[line->in_size] = 0;
        const bool empty = line->in_size == 0;
        line->in_size = 0;
        if (!empty && !line->dead) obey(self, line->in);
    }
}

bool speak_line_number(const speak_line *line, const char *text, double least, double most, double *value)
{
    double number;
    if (!*text || fl_read_double(text, &number) != FL_OK || !(number >= least && number <= most))
        return false;
    if (!speak_line_has(line, SPEAK_LIE)) *value = number;
    return true;
}

const char *speak_behind(const char *text, const char *word)
{
    const size_t size = strlen(word);
    if (strncmp(text, word, size) != 0) return NULL;
    if (!text[size]) return text + size;
    return text[size] == ' ' ? text + size + strspn(text + size, " ") : NULL;
}

/* One part of a header, its capitals alone or all of it: how many characters of the text it is; 0: none. */
static size_t part_size(const char *text, const char *part, size_t whole)
{
    size_t brief = 0;
    while (brief < whole && !islower((unsigned char)part[brief])) brief++;
    const size_t has = strspn(text, "*ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return (has == brief || has == whole) && strncasecmp(text, part, has) == 0 ? has : 0;
}

const char *speak_scpi(const char *text, const char *header)
{
    text += *text == ':';
    for (const char *part = header; *part;) {
        const bool optional = *part == '[';
        part += optional || *part == ':' ? strspn(part, "[:") : 0;
        const size_t whole = strcspn(part, ":[]");
        if (part != header && *text != ':')
            return optional && (!*text || strchr("? ", *text)) ? text + strspn(text, " ") : NULL;
        text += part != header;
        const size_t has = part_size(text, part, whole);
        if (!has) return NULL;
        text += has, part += whole;
        part += *part == ']';
    }
    if (*text && !strchr("? ", *text)) return NULL;
    return text + strspn(text, " ");
}
