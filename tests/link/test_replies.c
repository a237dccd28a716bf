/* labels: unit fault fuzz   timeout: 900 */
#include "check.h"

#include "fadeline/base/random.h"

#include "helper_line.h"

#include <ctype.h>
#include <glob.h>
#include <regex.h>

/* Random and mutated replies to every status word of every laser's dialect, through the talk on a line of the
 * test: no crash, an end within the patience of the word, and never good from garbage. What is garbage is
 * said by somebody else: POSIX regular expressions made of the template, and a loop over the table of the
 * file. FL_CASES: replies per dialect; 20,000 in the everyday run, 1,000,000 in the slow one. */

static unsigned long cases(void)
{
    const char *text = getenv("FL_CASES");
    return text ? strtoul(text, NULL, 10) : 20000;
}

/* ---- the other opinion ---- */

/* The template as an expression for one line, without its end. */
static void make_expression(const fl_word *w, char *out, size_t size)
{
    const char *value = w->value == FL_VALUE_BITS    ? "([0-9]+)"
                        : w->value == FL_VALUE_FLAGS ? "([01, \t]*)"
                                                     : "([^\r\n]*[^ \t\r\n])";
    size_t n = (size_t)snprintf(out, size, "^[ \t\r\n]*");
    for (const char *p = w->answer; *p;) {
        if (strncmp(p, "{}", 2) == 0) {
            n += (size_t)snprintf(out + n, size - n, "[ \t]*%s", value);
            p += 2;
        } else if (strncmp(p, "{-}", 3) == 0 || strncmp(p, "{*}", 3) == 0) {
            n += (size_t)snprintf(out + n, size - n, p[1] == '-' ? "[ \t]*[^\r\n]+" : ".*");
            p += 3;
        } else if (*p == ' ') {
            n += (size_t)snprintf(out + n, size - n, "[ \t]*");
            p++;
        } else {
            n += (size_t)snprintf(out + n, size - n, isalnum((unsigned char)*p) ? "%c" : "[%c]", *p);
            p++;
        }
    }
    snprintf(out + n, size - n, "[ \t\r\n]*$");
}

static bool is_good_mask(const fl_word *w, uint64_t mask)
{
    for (int bit = 0; bit < 64; bit++) {
        const fl_word_bit *row = NULL;
        for (size_t i = 0; i < w->bits_count; i++)
            if (w->bits[i].bit == bit) row = &w->bits[i];
        const bool set = mask >> bit & 1;
        if (set && (!row || row->is == FL_SIGN_FAULT)) return false;
        if (!set && row && row->is == FL_SIGN_NEEDED) return false;
    }
    return true;
}

static bool is_good_value(const fl_word *w, const char *text, size_t size)
{
    uint64_t mask = 0;
    int count = 0;
    if (w->value == FL_VALUE_STATE) {
        for (size_t i = 0; i < w->states_count; i++)
            if (strlen(w->states[i].code) == size && memcmp(w->states[i].code, text, size) == 0)
                return w->states[i].is == FL_SIGN_NEEDED || w->states[i].is == FL_SIGN_LIGHT;
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (w->value == FL_VALUE_BITS) {
            if (mask > (UINT64_MAX - 9) / 10) return false;
            mask = mask * 10 + (uint64_t)(text[i] - '0');
        } else if (text[i] == '0' || text[i] == '1') {
            if (count < 64) mask |= (uint64_t)(text[i] == '1') << count;
            count++;
        }
    }
    return (w->value == FL_VALUE_BITS || count == w->row) && is_good_mask(w, mask);
}

/* May these bytes be called good? Everything after the echo is one answer and nothing else. */
static bool may_be_good(const fl_dialect *d, const fl_word *w, const regex_t *expression, const char *bytes,
                        size_t size)
{
    char flat[5000];
    regmatch_t m[2];
    if (memchr(bytes, 0, size) || size >= sizeof flat) return false;
    memcpy(flat, bytes, size);
    flat[size] = 0;
    const char *text = flat;
    if (d->line.echo == FL_YES) {
        text = strchr(flat, d->line.answer_end == FL_END_CR ? '\r' : '\n');
        if (!text || strncmp(flat, w->ask, strlen(w->ask)) != 0) return false;
        text++;
    }
    if (d->line.answer_end == FL_END_FIXED &&
        size != (size_t)d->line.answer_fixed + strspn(flat + d->line.answer_fixed, "\r\n \t"))
        return false;
    if (d->line.alone_count) { /* and a second flat of any text */
        char *end = strchr(flat, '\n');
        if (!end) return false;
        *end = 0;
    }
    if (regexec(expression, text, 2, m, 0) != 0) return false;
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 && !strchr("\r\n\t", *p)) return false;
    return is_good_value(w, text + m[1].rm_so, (size_t)(m[1].rm_eo - m[1].rm_so));
}

/* ---- replies ---- */

/* A seed of the transcript's own answers, spoiled; or bytes of no sense. */
static size_t make_reply(fl_random *r, const fl_dialect *d, const fl_word *w, char *out, size_t room)
{
    size_t size = 0;
    const size_t start = fl_random_u64(r) % d->transcript_count;
    for (size_t i = 0; i < d->transcript_count && fl_random_u64(r) % 16; i++) {
        const fl_dialect_line_said *said = &d->transcript[(start + i) % d->transcript_count];
        if (!said->answer || (strcmp(said->word, w->id) != 0 && fl_random_u64(r) % 8)) continue;
        for (const char *p = said->answer; *p && size < 200; p++) {
            if (*p != '\\' || !p[1]) {
                out[size++] = *p;
            } else {
                p++;
                out[size++] = *p == 'r' ? '\r' : *p == 'n' ? '\n' : *p == 't' ? '\t' : 'x';
            }
        }
        break;
    }
    if (!size)
        for (size = fl_random_u64(r) % 40; size && room > 300;) {
            for (size_t i = 0; i < size; i++) out[i] = (char)fl_random_u64(r);
            break;
        }
    for (unsigned edits = (unsigned)(fl_random_u64(r) % 4); edits && size; edits--) {
        const size_t at = fl_random_u64(r) % size;
        switch (fl_random_u64(r) % 6) {
        case 0: out[at] = (char)fl_random_u64(r); break;
        case 1: out[at] ^= (char)(1 << fl_random_u64(r) % 7); break;
        case 2: memmove(out + at, out + at + 1, --size - at); break;
        case 3: size = at; break;
        case 4: /* twice */
            if (size < 200) memcpy(out + size, out, size), size *= 2;
            break;
        default: out[at] = "0123456789 \r\n"[fl_random_u64(r) % 13]; break;
        }
    }
    return size;
}

static line l; /* too large for a stack */

/* The judgement of the talk, in pieces and with pauses; the deadline is checked on the way. */
static bool believed(fl_talk *t, fl_random *r, const fl_word *w, const char *bytes, size_t size)
{
    l.due_count = 0;
    l.said_size = 0;
    for (int i = 0; i < 4000 && !fl_talk_is_free(t); i++) {
        l.now_us += 20000;
        fl_talk_tick(t);
    }
    if (fl_talk_begin(t, w, 0, NULL) != FL_OK) {
        CHECK(false, "%s: never free", w->id);
        return false;
    }
    const int64_t asked = l.now_us;
    const int patience = w->answer_ms > 0 ? w->answer_ms : t->dialect->line.answer_ms;
    for (size_t at = 0; at < size;) {
        const size_t n = 1 + fl_random_u64(r) % size;
        line_answer_bytes(&l, (int)(fl_random_u64(r) % 4), bytes + at, n < size - at ? n : size - at);
        if (l.due_count > 1 && l.due[l.due_count - 1].at_us < l.due[l.due_count - 2].at_us)
            l.due[l.due_count - 1].at_us = l.due[l.due_count - 2].at_us;
        at += n;
    }
    /* all of it is there before the first look: what comes behind an answer is another test's matter */
    l.now_us += 5000;
    fl_talk_event event = FL_TALK_NOTHING;
    for (int i = 0; i < 10000 && event == FL_TALK_NOTHING; i++) {
        event = fl_talk_tick(t);
        if (event == FL_TALK_NOTHING) l.now_us += 25000;
    }
    if (event == FL_TALK_NOTHING || l.now_us - asked > (patience + 30) * INT64_C(1000)) {
        CHECK(false, "%s: event %d after %lld ms", w->id, event, (long long)(l.now_us - asked) / 1000);
        return false;
    }
    return event == FL_TALK_ANSWERED && fl_word_judge(w, &t->reading).good;
}

static void try_word(const fl_dialect *d, const fl_word *w, unsigned long count, unsigned long *good)
{
    char expression[400], bytes[600];
    regex_t compiled;
    fl_talk t;
    fl_random r;
    unsigned long odd = 0;
    make_expression(w, expression, sizeof expression);
    if (regcomp(&compiled, expression, REG_EXTENDED) != 0) {
        CHECK(false, "%s: no expression '%s'", w->id, expression);
        return;
    }
    fl_random_init(&r, 20261127, 6);
    line_init(&l, false);
    fl_talk_init(&t, &l.carrier, d, &l.clock);
    for (unsigned long i = 0; i < count && odd < 5; i++) {
        const size_t size = make_reply(&r, d, w, bytes, sizeof bytes);
        const bool got = believed(&t, &r, w, bytes, size);
        *good += got;
        if (!got || may_be_good(d, w, &compiled, bytes, size)) continue;
        odd++;
        CHECK(false, "%s %s: good from '%.*s' (%zu bytes, case %lu)", d->id, w->id, (int)size, bytes, size,
              i);
    }
    regfree(&compiled);
}

static void never_good_from_garbage(void)
{
    glob_t files = {0};
    unsigned lasers = 0;
    CHECK(glob(FL_SOURCE_DIR "/devices/dialects/*.yaml", 0, NULL, &files) == 0, "no dialect files");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        fl_dialect *d;
        unsigned long good = 0;
        if (fl_dialect_load(files.gl_pathv[i], &d, NULL) != FL_OK) continue;
        const size_t words = d->serves == FL_SERVES_LASER ? d->laser.status_count : 0;
        lasers += words > 0;
        for (size_t k = 0; k < words; k++)
            try_word(d, fl_dialect_word(d, d->laser.status[k]), cases() / words, &good);
        if (words) CHECK(good > 10, "%s: nothing was good in %lu replies: the test is blind", d->id, cases());
        fl_dialect_free(d);
    }
    globfree(&files);
    CHECK(lasers == 9, "%u lasers: every dialect file of one is tried", lasers);
}

/* The other opinion is not blind: what a careless reader would take is garbage to it. */
static void the_other_opinion_sees(void)
{
    static const struct {
        const char *dialect, *word, *bytes;
        bool good;
    } rows[] = {
        {"microjewel", "status", "1032\r\n", true},
        {"microjewel", "status", "1032\r\n1032\r\n", false},
        {"microjewel", "status", "1036\r\n", false},
        {"microjewel", "status", "1032.0\r\n", false},
        {"microjewel", "status", "x1032\r\n", false},
        {"microjewel", "status", "18446744073709552648\r\n", false},
        {"quantel-cfr", "if1", "\r\nIF1 00 00 00 00", true},
        {"quantel-cfr", "if1", "\r\nIF1 00 00 00   ", false},
        {"quantel-cfr", "if1", "\r\nIF2 00 00 00 00", false},
        {"quantel-cfr", "if1", "\r\nIF1 00 00 01 00", false},
        {"surelite", "status", "SE\r00\r", true},
        {"surelite", "status", "SC\r00\r", false},
        {"surelite", "status", "SE\r0\r", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_dialect *d;
        char expression[400];
        regex_t compiled;
        if (fl_dialect_load(rows[i].dialect, &d, NULL) != FL_OK) abort();
        const fl_word *w = fl_dialect_word(d, rows[i].word);
        make_expression(w, expression, sizeof expression);
        if (regcomp(&compiled, expression, REG_EXTENDED) != 0) abort();
        CHECK(may_be_good(d, w, &compiled, rows[i].bytes, strlen(rows[i].bytes)) == rows[i].good, "row %zu",
              i);
        regfree(&compiled);
        fl_dialect_free(d);
    }
}

FL_TESTS("link/replies", TEST(the_other_opinion_sees), TEST(never_good_from_garbage))
