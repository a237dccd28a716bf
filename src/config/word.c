/* A word of a dialect as bytes, and its answer as a value. Pure. */
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/config/dialect.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- out ---- */

static const char *end_text(fl_line_end end)
{
    switch (end) {
    case FL_END_CR: return "\r";
    case FL_END_LF: return "\n";
    case FL_END_CRLF: return "\r\n";
    default: return "";
    }
}

/* Decimal digits without the locale: the point is a point everywhere. */
static bool add_number(fl_text *text, const fl_word *word, double value)
{
    char digits[48];
    const double scaled = value * word->send_scale;
    static const double tens[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const int decimals = word->send_decimals;
    FL_ASSERT(decimals >= 0 && decimals < (int)(sizeof tens / sizeof *tens));
    const double whole = round(fabs(scaled) * tens[decimals]);
    if (!(whole < 1e18)) return false;
    const unsigned long long all = (unsigned long long)whole, unit = (unsigned long long)tens[decimals];
    const bool negative = scaled < 0 && all > 0;
    fl_text made = fl_text_in(digits, sizeof digits);
    if (decimals)
        fl_text_add(&made, "%llu.%0*llu", all / unit, decimals, all % unit);
    else
        fl_text_add(&made, "%llu", all);
    if (negative) fl_text_add_word(text, "-");
    for (size_t i = made.length + negative; i < (size_t)word->send_width; i++) fl_text_add_word(text, "0");
    fl_text_add_bytes(text, digits, made.length);
    return true;
}

size_t fl_word_compose(const fl_dialect *dialect, const fl_word *word, double value, char out[FL_WORD_ROOM],
                       fl_error *error)
{
    const char *body = word->ask ? word->ask : word->say;
    const char *hole = strstr(body, "{}");
    fl_text text = fl_text_in(out, FL_WORD_ROOM);
    if (dialect->line.begin) fl_text_add_word(&text, dialect->line.begin);
    if (hole) {
        if (!(value >= word->least && value <= word->most)) {
            fl_error_set(error, FL_E_RANGE, "%s takes %g to %g, not %g", word->id, word->least, word->most,
                         value);
            return 0;
        }
        fl_text_add_bytes(&text, body, (size_t)(hole - body));
        if (!add_number(&text, word, value)) text.cut = true;
        fl_text_add_word(&text, hole + 2);
    } else {
        fl_text_add_word(&text, body);
    }
    fl_text_add_word(&text, end_text(dialect->line.send_end));
    if (!text.cut && text.length <= (size_t)dialect->line.longest) return text.length;
    fl_error_set(error, FL_E_RANGE, "%s is longer than the line takes", word->id);
    return 0;
}

/* ---- in: lines ---- */

typedef struct piece {
    const char *at;
    size_t size;
} piece;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static piece trimmed(piece p)
{
    while (p.size && (is_blank(p.at[0]) || p.at[0] == '\r' || p.at[0] == '\n')) p.at++, p.size--;
    while (p.size && (is_blank(p.at[p.size - 1]) || p.at[p.size - 1] == '\r' || p.at[p.size - 1] == '\n'))
        p.size--;
    return p;
}

static bool piece_is(piece p, const char *text)
{
    return p.size == strlen(text) && memcmp(p.at, text, p.size) == 0;
}

/* "E1" begins "E1 range", and not "E10". */
static bool piece_begins(piece p, const char *text)
{
    const size_t size = strlen(text);
    return p.size >= size && memcmp(p.at, text, size) == 0 &&
           (p.size == size || !isalnum((unsigned char)p.at[size]) || !isdigit((unsigned char)text[size - 1]));
}

static bool piece_holds(piece p, const char *text)
{
    return memmem(p.at, p.size, text, strlen(text)) != NULL;
}

/* The next line, without its end; false when it is not whole. LF takes a CR before it, CR an LF after it. */
static bool next_line(const fl_dialect_line *line, piece *rest, bool quiet, piece *found)
{
    if (line->answer_end == FL_END_FIXED) {
        const size_t size = (size_t)line->answer_fixed;
        if (rest->size < size) return false;
        *found = (piece){rest->at, size};
        rest->at += size, rest->size -= size;
        return true;
    }
    const char mark = line->answer_end == FL_END_CR ? '\r' : '\n';
    const char *end = line->answer_end == FL_END_IDLE ? NULL : memchr(rest->at, mark, rest->size);
    if (!end && line->answer_end == FL_END_IDLE && quiet && rest->size) end = rest->at + rest->size - 1;
    if (!end) return false;
    const size_t size = (size_t)(end - rest->at) + 1;
    *found = (piece){rest->at, size};
    rest->at += size, rest->size -= size;
    if (mark == '\r' && rest->size && rest->at[0] == '\n') rest->at++, rest->size--;
    return true;
}

/* ---- in: one line against its template ---- */

enum { HOLE_VALUE, HOLE_SKIP, HOLE_FLAG, HOLE_SEQUENCE, HOLES };
static const char *const hole_names[HOLES] = {"{}", "{-}", "{flag}", "{sequence}"};

typedef struct match {
    piece hole[HOLES], rest; /* rest: of {*} */
    bool fits;
} match;

/* Where the hole ends: at the literal that stands behind it in the template, or at a blank. */
static bool hole_end(const char *behind, piece line, size_t *end)
{
    if (!*behind) return *end = line.size, true;
    const char *stop = behind + strspn(behind, " ");
    const size_t length = strcspn(stop, " {");
    if (!length) {
        while (*end < line.size && !is_blank(line.at[*end])) ++*end;
        return true;
    }
    const size_t begin = *end;
    const bool apart = *behind == ' '; /* the template has blanks there, and so must the line */
    while (*end + length <= line.size && (memcmp(line.at + *end, stop, length) != 0 ||
                                          (apart && (*end == begin || !is_blank(line.at[*end - 1])))))
        ++*end;
    return *end + length <= line.size;
}

/* A run of blanks in the template takes one or more in the line; a hole takes up to the literal behind it,
 * {*} anything. No two holes touch and {*} is the last: no search is needed. */
static match fit(const char *pattern, piece line)
{
    match m = {.fits = false};
    size_t i = 0;
    if (strcmp(pattern, "{empty}") == 0) return m.fits = !line.size, m;
    for (const char *p = pattern; *p;) {
        if (strncmp(p, "{*}", 3) == 0) {
            m.rest = (piece){line.at + i, line.size - i};
            return m.fits = true, m;
        }
        int hole = 0;
        while (hole < HOLES && strncmp(p, hole_names[hole], strlen(hole_names[hole])) != 0) hole++;
        if (hole < HOLES) {
            p += strlen(hole_names[hole]);
            while (i < line.size && is_blank(line.at[i])) i++;
            size_t end = i;
            if (!hole_end(p, line, &end)) return m;
            m.hole[hole] = trimmed((piece){line.at + i, end - i});
            if (hole == HOLE_SKIP && !m.hole[hole].size) return m;
            i = end;
            const char *literal = p + strspn(p, " ");
            if (*literal && *literal != '{') p = literal; /* blanks before it were trimmed off the value */
            continue;
        }
        if (*p == ' ') {
            if (i >= line.size || !is_blank(line.at[i])) return m;
            while (i < line.size && is_blank(line.at[i])) i++;
            while (*p == ' ') p++;
            continue;
        }
        if (i >= line.size || line.at[i] != *p) return m;
        i++, p++;
    }
    m.fits = i == line.size;
    return m;
}

/* ---- in: the value ---- */

/* Exactly as many as the file says: a row that lost its end would read as good. */
static bool read_flags(piece p, int row, uint64_t *bits)
{
    uint64_t value = 0;
    int count = 0;
    for (size_t i = 0; i < p.size; i++) {
        if (is_blank(p.at[i]) || p.at[i] == ',') continue;
        if ((p.at[i] != '0' && p.at[i] != '1') || count == row) return false;
        value |= (uint64_t)(p.at[i] == '1') << count++;
    }
    *bits = value;
    return count == row;
}

static bool read_hexadecimal(const char *text, uint64_t *bits)
{
    uint64_t value = 0;
    const char *p = text;
    for (; *p; p++) {
        const char *digits = "0123456789ABCDEF", c = *p >= 'a' && *p <= 'f' ? (char)(*p - 'a' + 'A') : *p;
        const char *found = strchr(digits, c);
        if (!found || p - text >= 16) return false;
        value = value << 4 | (uint64_t)(found - digits);
    }
    *bits = value;
    return p != text;
}

static fl_reading garbage(const char *why)
{
    return (fl_reading){.kind = FL_READ_GARBAGE, .number = NAN, .why = why};
}

static fl_reading take_value(const fl_word *word, piece p)
{
    fl_reading r = {.kind = FL_READ_VALUE, .number = NAN};
    if (!p.size) return garbage("the value is missing");
    const size_t kept = p.size < FL_READING_TEXT - 1 ? p.size : FL_READING_TEXT - 1;
    for (size_t i = 0; i < kept; i++) r.text[i] = p.at[i] >= 0x20 && p.at[i] < 0x7F ? p.at[i] : '?';
    r.text[kept] = 0;
    if (word->over && piece_is(p, word->over)) return r.kind = FL_READ_OVER, r;
    if (kept < p.size && word->value != FL_VALUE_TEXT) return garbage("the value is too long");
    switch (word->value) {
    case FL_VALUE_NUMBER:
        if (fl_read_double(r.text, &r.number) != FL_OK) return garbage("no number where one belongs");
        if (r.number >= word->over_from) return r.kind = FL_READ_OVER, r.number = NAN, r;
        r.number *= word->read_scale;
        return r;
    case FL_VALUE_BITS:
        if (word->base == 16 ? !read_hexadecimal(r.text, &r.bits) : fl_read_u64(r.text, &r.bits) != FL_OK)
            return garbage("no mask where one belongs");
        return r;
    case FL_VALUE_FLAGS:
        if (!read_flags(p, word->row, &r.bits)) return garbage("no whole row of 0 and 1 where one belongs");
        return r;
    case FL_VALUE_STATE:
        for (size_t i = 0; i < word->states_count; i++)
            if (piece_is(p, word->states[i].code)) r.state = &word->states[i];
        return r; /* a state nobody listed is a value all the same; fl_word_judge calls it unknown */
    default: return r;
    }
}

static bool is_text(piece p)
{
    for (size_t i = 0; i < p.size; i++) {
        const unsigned char c = (unsigned char)p.at[i];
        if ((c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7F) return false;
    }
    return true;
}

static const fl_refusal *refusal_in(const fl_dialect *dialect, piece body)
{
    for (size_t i = 0; i < dialect->refusals_count; i++) {
        const fl_refusal *r = &dialect->refusals[i];
        if (r->anywhere == FL_YES ? piece_holds(body, r->text) : piece_begins(body, r->text)) return r;
    }
    return NULL;
}

/* "Current Value : 0.2" is "0.2" to a word with `after: ":"`, and so is "0.2". */
static piece unlabelled(const fl_word *word, piece p)
{
    if (!word->after) return p;
    for (size_t i = p.size; i > 0; i--)
        if (p.at[i - 1] == word->after[0]) return trimmed((piece){p.at + i, p.size - i});
    return p;
}

/* "4 248 366 532 1064" is the fourth of them; nothing when there is no such one. */
static piece picked(piece which, piece words)
{
    char text[8] = "";
    uint64_t left = 0;
    if (which.size < sizeof text) memcpy(text, which.at, which.size);
    if (fl_read_u64(text, &left) != FL_OK) left = 0;
    for (size_t i = 0; left && i < words.size;) {
        while (i < words.size && is_blank(words.at[i])) i++;
        const size_t begin = i;
        while (i < words.size && !is_blank(words.at[i])) i++;
        if (i > begin && --left == 0) return (piece){words.at + begin, i - begin};
    }
    return (piece){words.at, 0};
}

/* What stands beside the value in the same answer: which reading it is, and whether it is any good. */
static fl_reading beside_value(const fl_word *word, const match *m, fl_reading r)
{
    char text[24] = "";
    if (r.kind != FL_READ_VALUE && r.kind != FL_READ_OVER) return r;
    if (strstr(word->answer, hole_names[HOLE_SEQUENCE])) {
        const piece p = m->hole[HOLE_SEQUENCE];
        if (p.size < sizeof text) memcpy(text, p.at, p.size);
        r.has_sequence = fl_read_u64(text, &r.sequence) == FL_OK;
        if (!r.has_sequence) return garbage("the reading has no number of its own");
    }
    for (size_t i = 0; word->value != FL_VALUE_STATE && i < word->states_count; i++)
        if (piece_is(m->hole[HOLE_FLAG], word->states[i].code)) r.state = &word->states[i];
    return r;
}

static fl_reading judge_line(const fl_word *word, piece line)
{
    if (!is_text(line)) return garbage("bytes that are no text");
    const piece body = trimmed(line);
    if (memchr(body.at, '\r', body.size) || memchr(body.at, '\n', body.size))
        return garbage("two lines in one");
    const match m = fit(word->answer, unlabelled(word, body));
    if (!m.fits) return garbage("not the answer to this word");
    if (word->value == FL_VALUE_NONE) return (fl_reading){.kind = FL_READ_DONE, .number = NAN};
    const piece value = word->pick == FL_YES ? picked(m.hole[HOLE_VALUE], m.rest) : m.hole[HOLE_VALUE];
    return beside_value(word, &m, take_value(word, value));
}

/* ---- in: the whole answer ---- */

/* To the letter: on such a line the echo is all that says what the device understood. */
static bool echoed(const char *sent, piece line)
{
    const piece p = trimmed(line), s = trimmed((piece){sent, strlen(sent)});
    return p.size == s.size && memcmp(p.at, s.at, s.size) == 0;
}

static fl_reading more(void)
{
    return (fl_reading){.kind = FL_READ_MORE, .number = NAN};
}

static bool is_alone(const fl_dialect_line *rule, piece line)
{
    for (size_t i = 0; i < rule->alone_count; i++)
        if (piece_holds(line, rule->alone[i])) return true;
    return false;
}

/* Takes the lines of one answer off *rest. A refusal is one line, whatever would have come. */
static fl_reading read_lines(const fl_dialect *dialect, const fl_word *word, piece *rest, bool quiet)
{
    const fl_dialect_line *rule = &dialect->line;
    fl_reading found = more();
    piece line;
    for (int n = 1; word->until || n <= word->lines; n++) {
        if (!next_line(rule, rest, quiet, &line)) return more();
        if (!is_text(line)) return garbage("bytes that are no text");
        const fl_refusal *no = n == 1 || n == word->line ? refusal_in(dialect, trimmed(line)) : NULL;
        if (no) return (fl_reading){.kind = FL_READ_REFUSED, .number = NAN, .why = no->means};
        if (word->until && piece_is(trimmed(line), word->until)) {
            if (found.kind == FL_READ_MORE) return garbage("it ended before the line with the value");
            break;
        }
        if (n == word->line) found = judge_line(word, line);
        if (rule->alone_count && !is_alone(rule, line)) {
            if (!next_line(rule, rest, quiet, &line)) return more();
            if (!is_text(line)) return garbage("bytes that are no text");
        }
    }
    if (!rule->closing || fl_text_same(rule->closing, word->answer)) return found;
    if (!next_line(rule, rest, quiet, &line)) return more();
    return piece_is(trimmed(line), rule->closing) ? found : garbage("the closing line is missing");
}

fl_reading fl_word_read(const fl_dialect *dialect, const fl_word *word, const char *sent, const char *bytes,
                        size_t size, bool quiet)
{
    FL_ASSERT(word->answer);
    piece rest = {bytes, size}, line;
    fl_reading r = {.kind = FL_READ_DONE, .number = NAN};
    bool whole = true;
    if (dialect->line.echo == FL_YES) {
        whole = next_line(&dialect->line, &rest, quiet, &line);
        if (whole && !echoed(sent, line)) return garbage("the echo is not what was sent");
    }
    if (!whole)
        r = more();
    else if (strcmp(word->answer, "{echo}") != 0)
        r = read_lines(dialect, word, &rest, quiet);
    if (r.kind == FL_READ_MORE) return size >= FL_ANSWER_ROOM ? garbage("longer than any answer") : r;
    return trimmed(rest).size ? garbage("more than one answer") : r;
}

/* ---- what a status tells ---- */

fl_judgement fl_word_judge(const fl_word *word, const fl_reading *reading)
{
    fl_judgement j = {.known = false};
    if (reading->kind != FL_READ_VALUE) return j;
    if (word->states_count) {
        if (!reading->state) return j;
        j.known = true;
        j.faults = reading->state->is == FL_SIGN_FAULT;
        j.light = reading->state->is == FL_SIGN_LIGHT;
        j.missing = reading->state->is == FL_SIGN_NOTE;
        j.good = !j.faults && !j.missing;
        return j;
    }
    uint64_t listed = 0;
    for (size_t i = 0; i < word->bits_count; i++) {
        const fl_word_bit *bit = &word->bits[i];
        const uint64_t mask = UINT64_C(1) << bit->bit;
        const bool set = reading->bits & mask;
        listed |= mask;
        if (bit->is == FL_SIGN_FAULT && set) j.faults |= mask;
        if (bit->is == FL_SIGN_NEEDED && !set) j.missing |= mask;
        if (bit->is == FL_SIGN_LIGHT && set) j.light = true;
    }
    j.unknown = reading->bits & ~listed;
    j.known = word->bits_count && !j.unknown;
    j.good = j.known && !j.faults && !j.missing;
    return j;
}
