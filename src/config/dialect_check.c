/* What the values of a dialect file owe each other,. */
#include "dialect_tables.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *dialect_path(const char *list, size_t index, const char *key, char room[120])
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
    if (fl_text_same(text, "{empty}") || fl_text_same(text, "{echo}")) return true;
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

/* One number, and it fits: fl_word_compose knows the rest. */
static void check_number(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120], out[FL_WORD_ROOM];
    if (strstr(strstr(w->say, "{}") + 2, "{"))
        fl_yaml_fault(c->place, dialect_path("words", i, "say", path),
                      "one {} for the number, nothing else in braces", "a word sends one number");
    if (isnan(w->least) || isnan(w->most) || w->least > w->most) {
        fl_yaml_fault(c->place, dialect_path("words", i, "say", path),
                      "add `least` and `most`, from the page",
                      "'%s' sends a number and does not say which are allowed", w->id);
        return;
    }
    fl_error error = {0};
    if (!fl_word_compose(c->d, w, w->least, out, &error) || !fl_word_compose(c->d, w, w->most, out, &error))
        fl_yaml_fault(c->place, dialect_path("words", i, "say", path),
                      "look at send_scale, send_decimals and longest", "%s", error.what);
}

/* The holes beside {} belong to a reading, so they come with a number. */
static void check_beside(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120];
    const bool flag = strstr(w->answer, "{flag}"), sequence = strstr(w->answer, "{sequence}");
    if ((flag || sequence) && w->value != FL_VALUE_NUMBER)
        fl_yaml_fault(c->place, dialect_path("words", i, "answer", path), "add {} and `value: number`",
                      "{flag} and {sequence} stand beside a number");
    if ((w->states_count != 0) != (w->value == FL_VALUE_STATE || flag))
        fl_yaml_fault(c->place, dialect_path("words", i, NULL, path),
                      "`states` go with `value: state` or with {flag}", "'%s' has one of them", w->id);
    if (w->pick == FL_YES && (w->value != FL_VALUE_NUMBER || !strstr(w->answer, "{*}")))
        fl_yaml_fault(c->place, dialect_path("words", i, "pick", path), "add {}, {*} and `value: number`",
                      "nothing to pick from");
    if (w->after && (strlen(w->after) != 1 || w->after[0] == ' '))
        fl_yaml_fault(c->place, dialect_path("words", i, "after", path), "the last character of a label",
                      "`after` is one character");
}

/* What a number did must be seen. Two exceptions, and neither can be a setting: a line whose echo is all the
 * evidence there is, and a watchdog that has no query. */
static void check_readback(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120];
    if (fl_text_same(w->check, "echo") && c->d->line.echo == FL_YES) return;
    if (!w->check && fl_text_same(w->id, c->d->laser.watchdog)) return;
    const fl_word *check = fl_dialect_word(c->d, w->check);
    if (!check || !check->ask || check->value != FL_VALUE_NUMBER)
        fl_yaml_fault(c->place, dialect_path("words", i, w->check ? "check" : "say", path),
                      "name the ask, with `value: number`, that reads it back",
                      "what '%s' sets is not read back", w->id);
}

static void check_sending(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120];
    if (!w->ask == !w->say)
        fl_yaml_fault(c->place, dialect_path("words", i, NULL, path),
                      "`ask` changes nothing, `say` changes something",
                      "the word '%s' needs one of ask and say", w->id);
    if (w->ask && strchr(w->ask, '{'))
        fl_yaml_fault(c->place, dialect_path("words", i, "ask", path), "numbers are said, not asked",
                      "an ask has no number in it");
    if (w->ask && w->light == FL_YES)
        fl_yaml_fault(c->place, dialect_path("words", i, "light", path), "an ask changes nothing",
                      "asking makes no light");
    if (has_hole(w->say)) {
        check_number(c, w, i);
        check_readback(c, w, i);
    } else if (w->say && strchr(w->say, '{')) {
        fl_yaml_fault(c->place, dialect_path("words", i, "say", path), "{} stands for the number",
                      "not a word that can be sent");
    }
}

static void check_answer(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120];
    if (!w->answer) {
        if (w->ask)
            fl_yaml_fault(c->place, dialect_path("words", i, "ask", path), "add `answer`",
                          "an ask without an answer");
        return;
    }
    if (!is_template(w->answer))
        fl_yaml_fault(c->place, dialect_path("words", i, "answer", path),
                      "{} for the value, {-} {flag} {sequence} beside it, {*} at the very end, or {empty}",
                      "not a template");
    if (has_hole(w->answer) != (w->value != FL_VALUE_NONE))
        fl_yaml_fault(c->place, dialect_path("words", i, "answer", path),
                      "{} in `answer` and `value` go together", "'%s' has one of {} and value", w->id);
    if (fl_text_same(w->answer, "{echo}") && c->d->line.echo != FL_YES)
        fl_yaml_fault(c->place, dialect_path("words", i, "answer", path), "add `echo: yes` to `line`",
                      "this line has no echo");
    if (w->line > w->lines && !w->until)
        fl_yaml_fault(c->place, dialect_path("words", i, "line", path), "count from 1", "line %d of %d",
                      w->line, w->lines);
    if (w->base != 10 && w->base != 16)
        fl_yaml_fault(c->place, dialect_path("words", i, "base", path), "10 or 16", "base %d", w->base);
    if ((w->value == FL_VALUE_FLAGS) != (w->row > 0))
        fl_yaml_fault(c->place, dialect_path("words", i, w->row > 0 ? "row" : "value", path),
                      "`row`: how many 0 and 1, so that half a row is no row",
                      "`value: flags` and `row` go together");
    const bool masks = w->value == FL_VALUE_BITS || w->value == FL_VALUE_FLAGS;
    if (w->bits_count && !masks)
        fl_yaml_fault(c->place, dialect_path("words", i, "bits", path), NULL,
                      "bits belong to `value: bits` or flags");
    for (size_t k = 0; k < w->bits_count; k++)
        if (w->value == FL_VALUE_FLAGS && w->bits[k].bit >= w->row)
            fl_yaml_fault(c->place, dialect_path("words", i, "bits", path), "count from 0",
                          "bit %d of a row of %d", w->bits[k].bit, w->row);
    for (size_t k = 0; k < w->states_count; k++)
        for (size_t j = 0; j < k; j++)
            if (fl_text_same(w->states[j].code, w->states[k].code))
                fl_yaml_fault(c->place, dialect_path("words", i, "states", path), "one row a state",
                              "state '%s' stands twice", w->states[k].code);
    check_beside(c, w, i);
    for (size_t k = 0; k < w->bits_count; k++)
        for (size_t j = 0; j < k; j++)
            if (w->bits[j].bit == w->bits[k].bit)
                fl_yaml_fault(c->place, dialect_path("words", i, "bits", path), "one row a bit",
                              "bit %d stands twice", w->bits[k].bit);
}

/* ---- bytes: the laser hears them, and not what we call the word ---- */

static const char *body_of(const fl_word *w)
{
    return w->ask ? w->ask : w->say ? w->say : "";
}

/* `part` in `whole`, and no piece of a longer word or number: "EN 1" is in "EM 0;EN 1" and not in "EN 10". */
static bool holds_word(const char *whole, const char *part)
{
    const size_t size = strlen(part);
    for (const char *at = whole; (at = strstr(at, part)); at++)
        if ((at == whole || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[size]))
            return true;
    return false;
}

/* Could this word, with one of the numbers it allows, say that? Zeros in front and behind the point are the
 * same number to a laser. */
static bool can_say(const fl_word *w, const char *text)
{
    const char *body = body_of(w), *hole = strstr(body, "{}");
    if (!hole) return holds_word(body, text);
    const size_t head = (size_t)(hole - body), tail = strlen(hole + 2), size = strlen(text);
    char number[40];
    double value;
    if (size <= head + tail || size - head - tail >= sizeof number || memcmp(text, body, head) != 0 ||
        strcmp(text + size - tail, hole + 2) != 0)
        return false;
    snprintf(number, sizeof number, "%.*s", (int)(size - head - tail), text + head);
    if (fl_read_double(number, &value) != FL_OK) return false;
    return value >= w->least * w->send_scale && value <= w->most * w->send_scale;
}

/* A stop, an opening or a setting that sends what makes light would fire under a harmless name, and an ask
 * is asked again, in every round. */
static void check_bytes(const dialect_checking *c, const fl_word *w, size_t i)
{
    char path[120];
    const char *key = w->ask ? "ask" : "say";
    for (size_t j = 0; j < c->d->words_count; j++) {
        const fl_word *other = &c->d->words[j];
        const char *text = body_of(other);
        if (j == i || !*text || strchr(text, '{')) continue;
        if (other->light == FL_YES && w->light != FL_YES && can_say(w, text))
            fl_yaml_fault(c->place, dialect_path("words", i, key, path),
                          "what sends these bytes is `light: yes`",
                          "'%s' can say what '%s' says, and that makes light", w->id, other->id);
        else if (other->ask && w->say && fl_text_same(w->say, text))
            fl_yaml_fault(c->place, dialect_path("words", i, key, path), "an ask changes nothing",
                          "'%s' changes something and sends what '%s' asks", w->id, other->id);
    }
}

static void check_words(const dialect_checking *c)
{
    for (size_t i = 0; i < c->d->words_count; i++) {
        const fl_word *w = &c->d->words[i];
        char path[120];
        check_sending(c, w, i);
        check_answer(c, w, i);
        check_bytes(c, w, i);
        for (size_t j = 0; j < i; j++)
            if (fl_text_same(c->d->words[j].id, w->id))
                fl_yaml_fault(c->place, dialect_path("words", i, "id", path),
                              "each word has a name of its own", "two words are called '%s'", w->id);
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

static void check_role(const dialect_checking *c, const char *key, const char *id, need n)
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
    else if (w->light == FL_YES)
        fl_yaml_fault(c->place, key, "nothing here makes light: the gate does", "'%s' makes light", id);
}

static void check_roles(const dialect_checking *c, const char *list, const char *const *ids, size_t count,
                        need n)
{
    for (size_t i = 0; i < count; i++) {
        char path[120];
        check_role(c, dialect_path(list, i, NULL, path), ids[i], n);
    }
}

static bool listed(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fl_text_same(ids[i], id)) return true;
    return false;
}

/* Never 0, and nothing that rounds to it: 0 is how these lasers spell "no watchdog". */
static void check_watchdog(const dialect_checking *c)
{
    const fl_dialect_laser *l = &c->d->laser;
    if (!l->watchdog != isnan(l->watchdog_s))
        fl_yaml_fault(c->place, "laser", "`watchdog` and `watchdog_s` go together", "half a watchdog");
    const fl_word *w = fl_dialect_word(c->d, l->watchdog);
    if (!w || !has_hole(w->say) || isnan(l->watchdog_s)) return;
    double unit = w->send_scale;
    for (int i = 0; i < w->send_decimals; i++) unit *= 10;
    if (!(round(w->least * unit) >= 1))
        fl_yaml_fault(c->place, "laser.watchdog", "give the word a `least` above 0", "'%s' could send 0",
                      w->id);
    else if (!(l->watchdog_s >= w->least && l->watchdog_s <= w->most))
        fl_yaml_fault(c->place, "laser.watchdog_s", "between `least` and `most` of the word",
                      "'%s' does not take %g s", w->id, l->watchdog_s);
}

/* The transcript shows what the identity is compared with. */
static void check_identity(const dialect_checking *c)
{
    const fl_dialect_laser *l = &c->d->laser;
    if (!l->identity_holds) return;
    if (!l->identity)
        fl_yaml_fault(c->place, "laser.identity_holds", "name the ask in `identity`", "nobody asks for it");
    bool seen = !l->identity;
    for (size_t i = 0; i < c->d->transcript_count; i++) {
        const fl_dialect_line_said *said = &c->d->transcript[i];
        seen = seen || (fl_text_same(said->word, l->identity) && said->state &&
                        strstr(said->state, l->identity_holds));
    }
    if (!seen)
        fl_yaml_fault(c->place, "laser.identity_holds", "compare with the page",
                      "no identity in the transcript holds '%s'", l->identity_holds);
}

static void check_laser(const dialect_checking *c)
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
            fl_yaml_fault(c->place, dialect_path("laser.interlock", i, NULL, path), "one of laser.status",
                          "'%s' is not asked in every round", l->interlock[i]);
    }
    check_watchdog(c);
    check_identity(c);
    for (size_t i = 0; i < l->settings_count; i++) {
        char path[120];
        check_role(c, dialect_path("laser.settings", i, "set", path), l->settings[i].set, SAY_NUMBER);
        check_role(c, dialect_path("laser.settings", i, "read", path), l->settings[i].read, ASK_NUMBER);
        for (size_t j = 0; j < i; j++)
            if (fl_text_same(l->settings[j].quantity, l->settings[i].quantity) ||
                fl_text_same(l->settings[j].read, l->settings[i].read) ||
                fl_text_same(l->settings[j].set, l->settings[i].set))
                fl_yaml_fault(c->place, dialect_path("laser.settings", i, "quantity", path),
                              "each setting has its own name, set and read", "two settings share a word");
        const fl_word *set = fl_dialect_word(c->d, l->settings[i].set);
        if (set && 2 * l->settings[i].tolerance > set->most - set->least)
            fl_yaml_fault(c->place, dialect_path("laser.settings", i, "tolerance", path),
                          "how far a read-back of the same number may be off: a step of its last digit",
                          "any read-back of '%s' would do", set->id);
        if (set && has_hole(set->say) && !fl_text_same(set->check, l->settings[i].read))
            fl_yaml_fault(c->place, dialect_path("laser.settings", i, "read", path),
                          "the same word as in its `check`", "'%s' is read back by '%s'", set->id,
                          set->check ? set->check : "nothing");
    }
}

static void check_pair(const dialect_checking *c, const char *key, const char *set, const char *what,
                       const char *read)
{
    const fl_word *w = fl_dialect_word(c->d, set);
    if (set && !read)
        fl_yaml_fault(c->place, key, NULL, "what is set is read back: `%s` is missing", what);
    else if (w && w->check && !fl_text_same(w->check, read))
        fl_yaml_fault(c->place, key, "the same word as in its `check`", "'%s' is read back by '%s'", w->id,
                      w->check);
}

static void check_meter(const dialect_checking *c)
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

static void check_line(const dialect_checking *c)
{
    const fl_dialect_line *l = &c->d->line;
    if ((l->answer_end == FL_END_FIXED) != (l->answer_fixed > 0))
        fl_yaml_fault(c->place, "line.answer_end", "`answer_end: fixed` and `answer_fixed` go together",
                      "half a rule");
    if ((l->answer_end == FL_END_IDLE) != (l->answer_idle_ms > 0))
        fl_yaml_fault(c->place, "line.answer_end", "`answer_end: idle` and `answer_idle_ms` go together",
                      "half a rule");
    if (l->answer_end == FL_END_IDLE && (l->echo == FL_YES || l->closing || l->alone_count))
        fl_yaml_fault(c->place, "line.answer_end", "silence ends the whole answer, not a line of it",
                      "no echo, closing or alone with `answer_end: idle`");
    for (size_t i = 0; i < c->d->words_count; i++) {
        const fl_word *w = &c->d->words[i];
        char path[120];
        if ((l->answer_end == FL_END_IDLE || l->alone_count) && (w->until || w->lines != 1))
            fl_yaml_fault(c->place, dialect_path("words", i, "id", path), "one line a word",
                          "this line's answers have no lines to count");
    }
    if (fl_yaml_given(c->place, "laser") != (c->d->serves == FL_SERVES_LASER) ||
        fl_yaml_given(c->place, "meter") != (c->d->serves == FL_SERVES_METER))
        fl_yaml_fault(c->place, "serves", "`serves: laser` has a map `laser`, `serves: meter` a map `meter`",
                      "the maps do not fit");
}

void dialect_check(void *object, const fl_yaml_place *place)
{
    const dialect_checking c = {object, place};
    check_line(&c);
    check_words(&c);
    check_laser(&c);
    check_meter(&c);
    dialect_replay(&c);
}
