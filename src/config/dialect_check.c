/* What the values of a dialect file owe each other, and the replay of its transcript: a word nobody has seen
 * answered is not in the file. */
#include "dialect_tables.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct checking {
    const fl_dialect *d;
    const fl_yaml_place *place;
} checking;

static const char *path_to(const char *list, size_t index, const char *key, char room[120])
{
    snprintf(room, 120, key ? "%s[%zu].%s" : "%s[%zu]", list, index, key);
    return room;
}

/* ---- one word ---- */

static bool has_hole(const char *text)
{
    return text && strstr(text, "{}");
}

/* The matcher does not search: each hole once ({-} as often as one likes), no two of them touching, and {*}
 * at the very end. */
static bool is_template(const char *text)
{
    static const char *const holes[] = {"{}", "{flag}", "{sequence}", "{-}"};
    int seen[4] = {0};
    if (strcmp(text, "{empty}") == 0) return true;
    for (const char *brace = text; (brace = strchr(brace, '{'));) {
        if (strcmp(brace, "{*}") == 0) return true;
        size_t i = 0;
        while (i < 4 && strncmp(brace, holes[i], strlen(holes[i])) != 0) i++;
        if (i == 4 || (++seen[i] > 1 && i != 3)) return false;
        brace += strlen(holes[i]);
        if (*brace == '{') return false;
    }
    return true;
}

/* The holes beside {} belong to a reading, so they come with a number. */
static void check_beside(const checking *c, const fl_word *w, size_t i)
{
    char path[120];
    const bool flag = strstr(w->answer, "{flag}"), sequence = strstr(w->answer, "{sequence}");
    if ((flag || sequence) && w->value != FL_VALUE_NUMBER)
        fl_yaml_fault(c->place, path_to("words", i, "answer", path), "add {} and `value: number`",
                      "{flag} and {sequence} stand beside a number");
    if ((w->states_count != 0) != (w->value == FL_VALUE_STATE || flag))
        fl_yaml_fault(c->place, path_to("words", i, NULL, path),
                      "`states` go with `value: state` or with {flag}", "'%s' has one of them", w->id);
    if (w->pick == FL_YES && (w->value != FL_VALUE_NUMBER || !strstr(w->answer, "{*}")))
        fl_yaml_fault(c->place, path_to("words", i, "pick", path), "add {}, {*} and `value: number`",
                      "nothing to pick from");
    if (w->after && (strlen(w->after) != 1 || w->after[0] == ' '))
        fl_yaml_fault(c->place, path_to("words", i, "after", path), "the last character of a label",
                      "`after` is one character");
}

static void check_sending(const checking *c, const fl_word *w, size_t i)
{
    char path[120];
    if (!w->ask == !w->say)
        fl_yaml_fault(c->place, path_to("words", i, NULL, path),
                      "`ask` changes nothing, `say` changes something",
                      "the word '%s' needs one of ask and say", w->id);
    if (has_hole(w->ask))
        fl_yaml_fault(c->place, path_to("words", i, "ask", path), "numbers are said, not asked",
                      "an ask has no number in it");
    if (!has_hole(w->say)) return;
    if (isnan(w->least) || isnan(w->most) || w->least > w->most)
        fl_yaml_fault(c->place, path_to("words", i, "say", path), "add `least` and `most`, from the page",
                      "'%s' sends a number and does not say which are allowed", w->id);
    const fl_word *check = fl_dialect_word(c->d, w->check);
    if (!check || !check->ask || check->value != FL_VALUE_NUMBER)
        fl_yaml_fault(c->place, path_to("words", i, w->check ? "check" : "say", path),
                      "name the ask, with `value: number`, that reads it back",
                      "what '%s' sets is not read back", w->id);
}

static void check_answer(const checking *c, const fl_word *w, size_t i)
{
    char path[120];
    if (!w->answer) {
        if (w->ask)
            fl_yaml_fault(c->place, path_to("words", i, "ask", path), "add `answer`",
                          "an ask without an answer");
        return;
    }
    if (!is_template(w->answer))
        fl_yaml_fault(c->place, path_to("words", i, "answer", path),
                      "{} for the value, {-} {flag} {sequence} beside it, {*} at the very end, or {empty}",
                      "not a template");
    if (has_hole(w->answer) != (w->value != FL_VALUE_NONE))
        fl_yaml_fault(c->place, path_to("words", i, "answer", path), "{} in `answer` and `value` go together",
                      "'%s' has one of {} and value", w->id);
    if (w->line > w->lines && !w->until)
        fl_yaml_fault(c->place, path_to("words", i, "line", path), "count from 1", "line %d of %d", w->line,
                      w->lines);
    if (w->base != 10 && w->base != 16)
        fl_yaml_fault(c->place, path_to("words", i, "base", path), "10 or 16", "base %d", w->base);
    const bool masks = w->value == FL_VALUE_BITS || w->value == FL_VALUE_FLAGS;
    if (w->bits_count && !masks)
        fl_yaml_fault(c->place, path_to("words", i, "bits", path), NULL,
                      "bits belong to `value: bits` or flags");
    check_beside(c, w, i);
    for (size_t k = 0; k < w->bits_count; k++)
        for (size_t j = 0; j < k; j++)
            if (w->bits[j].bit == w->bits[k].bit)
                fl_yaml_fault(c->place, path_to("words", i, "bits", path), "one row a bit",
                              "bit %d stands twice", w->bits[k].bit);
}

static void check_words(const checking *c)
{
    for (size_t i = 0; i < c->d->words_count; i++) {
        const fl_word *w = &c->d->words[i];
        char path[120];
        check_sending(c, w, i);
        check_answer(c, w, i);
        for (size_t j = 0; j < i; j++)
            if (fl_text_same(c->d->words[j].id, w->id))
                fl_yaml_fault(c->place, path_to("words", i, "id", path), "each word has a name of its own",
                              "two words are called '%s'", w->id);
    }
}

/* ---- roles ---- */

typedef enum need { ASK_TEXT, ASK_NUMBER, ASK_ANY, ASK_STATUS, SAY_ANY, SAY_NUMBER } need;

static bool fits(const fl_word *w, need n)
{
    switch (n) {
    case ASK_TEXT: return w->ask && w->value == FL_VALUE_TEXT;
    case ASK_NUMBER: return w->ask && w->value == FL_VALUE_NUMBER;
    case ASK_ANY: return w->ask && w->value != FL_VALUE_NONE;
    case ASK_STATUS: return w->ask && (w->bits_count || w->states_count);
    case SAY_ANY: return w->say && !has_hole(w->say);
    case SAY_NUMBER: return has_hole(w->say);
    }
    return false;
}

static void check_role(const checking *c, const char *key, const char *id, need n)
{
    static const char *const wanted[] = {
        [ASK_TEXT] = "an ask with `value: text`", [ASK_NUMBER] = "an ask with `value: number`",
        [ASK_ANY] = "an ask with a value",        [ASK_STATUS] = "an ask with `bits` or `states`",
        [SAY_ANY] = "a say without a number",     [SAY_NUMBER] = "a say with {}",
    };
    if (!id) return;
    const fl_word *w = fl_dialect_word(c->d, id);
    if (!w)
        fl_yaml_fault(c->place, key, "words have an `id`", "no word is called '%s'", id);
    else if (!fits(w, n))
        fl_yaml_fault(c->place, key, wanted[n], "'%s' cannot do this", id);
}

static void check_roles(const checking *c, const char *list, const char *const *ids, size_t count, need n)
{
    for (size_t i = 0; i < count; i++) {
        char path[120];
        check_role(c, path_to(list, i, NULL, path), ids[i], n);
    }
}

static bool listed(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(ids[i], id)) return true;
    return false;
}

static void check_laser(const checking *c)
{
    const fl_dialect_laser *l = &c->d->laser;
    const char *const *const status = (const char *const *)l->status;
    check_role(c, "laser.identity", l->identity, ASK_TEXT);
    check_role(c, "laser.counter", l->counter, ASK_NUMBER);
    check_role(c, "laser.watchdog", l->watchdog, SAY_NUMBER);
    check_roles(c, "laser.status", status, l->status_count, ASK_STATUS);
    check_roles(c, "laser.stop", (const char *const *)l->stop, l->stop_count, SAY_ANY);
    check_roles(c, "laser.opening", (const char *const *)l->opening, l->opening_count, SAY_ANY);
    for (size_t i = 0; i < l->interlock_count; i++) {
        char path[120];
        if (!listed(l->interlock[i], status, l->status_count))
            fl_yaml_fault(c->place, path_to("laser.interlock", i, NULL, path), "one of laser.status",
                          "'%s' is not asked in every round", l->interlock[i]);
    }
    if (!l->watchdog != isnan(l->watchdog_s))
        fl_yaml_fault(c->place, "laser", "`watchdog` and `watchdog_s` go together", "half a watchdog");
    for (size_t i = 0; i < l->settings_count; i++) {
        char path[120];
        check_role(c, path_to("laser.settings", i, "set", path), l->settings[i].set, SAY_NUMBER);
        check_role(c, path_to("laser.settings", i, "read", path), l->settings[i].read, ASK_NUMBER);
        const fl_word *set = fl_dialect_word(c->d, l->settings[i].set);
        if (set && set->check && !fl_text_same(set->check, l->settings[i].read))
            fl_yaml_fault(c->place, path_to("laser.settings", i, "read", path),
                          "the same word as in its `check`", "'%s' is read back by '%s'", set->id,
                          set->check);
    }
}

static void check_pair(const checking *c, const char *key, const char *set, const char *what,
                       const char *read)
{
    const fl_word *w = fl_dialect_word(c->d, set);
    if (set && !read)
        fl_yaml_fault(c->place, key, NULL, "what is set is read back: `%s` is missing", what);
    else if (w && w->check && !fl_text_same(w->check, read))
        fl_yaml_fault(c->place, key, "the same word as in its `check`", "'%s' is read back by '%s'", w->id,
                      w->check);
}

static void check_meter(const checking *c)
{
    const fl_dialect_meter *m = &c->d->meter;
    check_role(c, "meter.identity", m->identity, ASK_TEXT);
    check_roles(c, "meter.opening", (const char *const *)m->opening, m->opening_count, SAY_ANY);
    check_role(c, "meter.wavelength_set", m->wavelength_set, SAY_NUMBER);
    check_role(c, "meter.wavelength_read", m->wavelength_read, ASK_NUMBER);
    check_role(c, "meter.range_set", m->range_set, SAY_NUMBER);
    check_role(c, "meter.range_read", m->range_read, ASK_NUMBER);
    check_role(c, "meter.trigger_set", m->trigger_set, SAY_NUMBER);
    check_role(c, "meter.trigger_read", m->trigger_read, ASK_NUMBER);
    check_role(c, "meter.unit", m->unit, m->unit_is ? ASK_TEXT : ASK_STATUS);
    check_role(c, "meter.proof", m->proof, ASK_TEXT);
    check_role(c, "meter.arm", m->arm, SAY_ANY);
    check_role(c, "meter.fresh", m->fresh, ASK_ANY);
    check_role(c, "meter.read", m->read, ASK_NUMBER);
    if (!fl_yaml_given(c->place, "meter")) return;
    check_pair(c, "meter.wavelength_set", m->wavelength_set, "wavelength_read", m->wavelength_read);
    check_pair(c, "meter.range_set", m->range_set, "range_read", m->range_read);
    check_pair(c, "meter.trigger_set", m->trigger_set, "trigger_read", m->trigger_read);
    if (!m->trigger_set != isnan(m->trigger))
        fl_yaml_fault(c->place, "meter", "`trigger_set`, `trigger_read` and `trigger` go together",
                      "half a trigger");
    if (!m->proof != !m->proof_is)
        fl_yaml_fault(c->place, "meter", "`proof` and `proof_is` go together", "half a proof");
    const fl_word *read = fl_dialect_word(c->d, m->read);
    if (!m->fresh && read && read->answer && !strstr(read->answer, "{sequence}"))
        fl_yaml_fault(c->place, "meter.read", "add `fresh`, or a {sequence} to its answer",
                      "nothing tells a new reading from the one before");
}

static void check_line(const checking *c)
{
    const fl_dialect_line *l = &c->d->line;
    if ((l->answer_end == FL_END_FIXED) != (l->answer_fixed > 0))
        fl_yaml_fault(c->place, "line.answer_end", "`answer_end: fixed` and `answer_fixed` go together",
                      "half a rule");
    if ((l->answer_end == FL_END_IDLE) != (l->answer_idle_ms > 0))
        fl_yaml_fault(c->place, "line.answer_end", "`answer_end: idle` and `answer_idle_ms` go together",
                      "half a rule");
    if (fl_yaml_given(c->place, "laser") != (c->d->serves == FL_SERVES_LASER) ||
        fl_yaml_given(c->place, "meter") != (c->d->serves == FL_SERVES_METER))
        fl_yaml_fault(c->place, "serves", "`serves: laser` has a map `laser`, `serves: meter` a map `meter`",
                      "the maps do not fit");
}

/* ---- the transcript ---- */

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

static void check_answered(const checking *c, size_t i, const fl_word *w, const char *bytes, int size)
{
    const fl_dialect_line_said *said = &c->d->transcript[i];
    char path[120];
    const fl_reading r = fl_word_read(c->d, w, bytes, (size_t)size, true);
    const bool done = r.kind == FL_READ_DONE || r.kind == FL_READ_VALUE || r.kind == FL_READ_OVER;
    const bool as_said = said->result == FL_TALK_DONE ? done
                         : said->result == FL_TALK_REFUSED
                             ? r.kind == FL_READ_REFUSED
                             : said->result == FL_TALK_BAD && r.kind == FL_READ_GARBAGE;
    if (!as_said)
        fl_yaml_fault(c->place, path_to("transcript", i, "answer", path), r.why,
                      "this answer is not understood as the file says it is");
    else if (r.kind == FL_READ_VALUE && !means_that(w, &r, said))
        fl_yaml_fault(c->place, path_to("transcript", i, "answer", path),
                      "say what it means in `value` or `state`", "this is read as %s", r.text);
}

static void check_exchange(const checking *c, size_t i)
{
    const fl_dialect_line_said *said = &c->d->transcript[i];
    const fl_word *w = fl_dialect_word(c->d, said->word);
    char path[120], sent[FL_WORD_ROOM], answer[FL_ANSWER_ROOM], out[FL_WORD_ROOM];
    if (!w) {
        fl_yaml_fault(c->place, path_to("transcript", i, "word", path), NULL, "no word is called '%s'",
                      said->word);
        return;
    }
    const int sent_size = bytes_of(said->sent, sent, sizeof sent);
    const int answer_size = said->answer ? bytes_of(said->answer, answer, sizeof answer) : 0;
    if (sent_size < 0 || answer_size < 0) {
        fl_yaml_fault(c->place, path_to("transcript", i, sent_size < 0 ? "sent" : "answer", path),
                      "\\r \\n \\t \\\\ and \\xHH", "not bytes");
        return;
    }
    fl_error error = {0};
    const size_t size = fl_word_compose(c->d, w, said->value, out, &error);
    if (!size || size != (size_t)sent_size || memcmp(out, sent, size) != 0)
        fl_yaml_fault(c->place, path_to("transcript", i, "sent", path),
                      error.what[0] ? error.what : "compare with `ask`, `say` and `line`",
                      "this is not what '%s' sends", w->id);
    if (!said->answer || !w->answer) {
        if ((said->result == FL_TALK_SILENCE) != !said->answer || !w->answer != !said->answer)
            fl_yaml_fault(c->place, path_to("transcript", i, "word", path),
                          "`result: silence` without an answer", "answer and result do not fit the word");
        return;
    }
    check_answered(c, i, w, answer, answer_size);
}

static void check_transcript(const checking *c)
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
            fl_yaml_fault(c->place, path_to("words", i, "id", path),
                          "add an exchange from the page or a recording",
                          "the transcript does not show '%s' done", w->id);
    }
}

void dialect_check(void *object, const fl_yaml_place *place)
{
    const checking c = {object, place};
    check_line(&c);
    check_words(&c);
    check_laser(&c);
    check_meter(&c);
    check_transcript(&c);
}
