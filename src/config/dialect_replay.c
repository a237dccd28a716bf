/* The replay of a dialect file's transcript: a word nobody has seen answered is not in the file. */
#include "dialect_tables.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* \r \n \t \\ and \xHH become bytes. -1 when an escape is wrong or it is too long. */
static int bytes_of(const char *text, char *room, size_t size)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        char byte = *p;
        if (n == size) return -1;
        if (byte == '\\') {
            const char *const letters = "rnt\\", *const bytes = "\r\n\t\\";
            const char *found = p[1] ? strchr(letters, p[1]) : NULL;
            if (found) {
                byte = bytes[found - letters];
                p++;
            } else if (p[1] == 'x' && isxdigit((unsigned char)p[2]) && isxdigit((unsigned char)p[3])) {
                const char pair[3] = {p[2], p[3], 0};
                uint8_t value = 0;
                if (fl_read_hex(pair, &value, 1) != FL_OK) return -1;
                byte = (char)value;
                p += 3;
            } else {
                return -1;
            }
        }
        room[n++] = byte;
    }
    return (int)n;
}

static bool close_enough(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool means_that(const fl_word *w, const fl_reading *r, const fl_dialect_line_said *said)
{
    switch (w->value) {
    case FL_VALUE_NUMBER: return w->say || close_enough(r->number, said->value);
    case FL_VALUE_BITS:
    case FL_VALUE_FLAGS: return close_enough((double)r->bits, said->value);
    case FL_VALUE_STATE: return fl_text_same(r->state ? r->state->name : NULL, said->state);
    case FL_VALUE_TEXT: return fl_text_same(r->text, said->state);
    default: return true;
    }
}

static void check_answered(const dialect_checking *c, size_t i, const fl_word *w, const char *sent,
                           const char *bytes, int size)
{
    const fl_dialect_line_said *said = &c->d->transcript[i];
    char path[120];
    const fl_reading r = fl_word_read(c->d, w, sent, bytes, (size_t)size, true);
    const bool done = r.kind == FL_READ_DONE || r.kind == FL_READ_VALUE || r.kind == FL_READ_OVER;
    const bool as_said = said->result == FL_TALK_DONE ? done
                         : said->result == FL_TALK_REFUSED
                             ? r.kind == FL_READ_REFUSED
                             : said->result == FL_TALK_BAD && r.kind == FL_READ_GARBAGE;
    if (!as_said)
        fl_yaml_fault(c->place, dialect_path("transcript", i, "answer", path), r.why,
                      "this answer is not understood as the file says it is");
    else if (r.kind == FL_READ_VALUE && !means_that(w, &r, said))
        fl_yaml_fault(c->place, dialect_path("transcript", i, "answer", path),
                      "say what it means in `value` or `state`", "this is read as %s", r.text);
}

static void check_exchange(const dialect_checking *c, size_t i)
{
    const fl_dialect_line_said *said = &c->d->transcript[i];
    const fl_word *w = fl_dialect_word(c->d, said->word);
    char path[120], sent[FL_WORD_ROOM], answer[FL_ANSWER_ROOM], out[FL_WORD_ROOM];
    if (!w) {
        fl_yaml_fault(c->place, dialect_path("transcript", i, "word", path), NULL, "no word is called '%s'",
                      said->word);
        return;
    }
    const int sent_size = bytes_of(said->sent, sent, sizeof sent);
    const int answer_size = said->answer ? bytes_of(said->answer, answer, sizeof answer) : 0;
    if (sent_size < 0 || answer_size < 0) {
        fl_yaml_fault(c->place, dialect_path("transcript", i, sent_size < 0 ? "sent" : "answer", path),
                      "\\r \\n \\t \\\\ and \\xHH", "not bytes");
        return;
    }
    fl_error error = {0};
    const size_t size = fl_word_compose(c->d, w, said->value, out, &error);
    if (!size || size != (size_t)sent_size || memcmp(out, sent, size) != 0)
        fl_yaml_fault(c->place, dialect_path("transcript", i, "sent", path),
                      error.what[0] ? error.what : "compare with `ask`, `say` and `line`",
                      "this is not what '%s' sends", w->id);
    if (!said->answer || !w->answer) {
        if ((said->result == FL_TALK_SILENCE) != !said->answer || !w->answer != !said->answer)
            fl_yaml_fault(c->place, dialect_path("transcript", i, "word", path),
                          "`result: silence` without an answer", "answer and result do not fit the word");
        return;
    }
    check_answered(c, i, w, out, answer, answer_size);
}

void dialect_replay(const dialect_checking *c)
{
    for (size_t i = 0; i < c->d->transcript_count; i++) check_exchange(c, i);
    for (size_t i = 0; i < c->d->words_count; i++) {
        const fl_word *w = &c->d->words[i];
        bool seen = false;
        char path[120];
        for (size_t j = 0; j < c->d->transcript_count; j++)
            seen = seen || (fl_text_same(c->d->transcript[j].word, w->id) &&
                            (c->d->transcript[j].result == FL_TALK_DONE ||
                             c->d->transcript[j].result == FL_TALK_SILENCE));
        if (!seen)
            fl_yaml_fault(c->place, dialect_path("words", i, "id", path),
                          "add an exchange from the page or a recording",
                          "the transcript does not show '%s' done", w->id);
    }
}
