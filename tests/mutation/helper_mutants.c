#include "helper_mutants.h"

#include "helper_tokens.h"

#include <stdlib.h>
#include <string.h>

typedef struct maker {
    const tokens *t;
    const char *file;
    mutants *out;
} maker;

static char *copy(const char *from, size_t length)
{
    char *text = malloc(length + 1);
    if (!text) abort();
    memcpy(text, from, length);
    text[length] = 0;
    return text;
}

/* Appends `length` bytes with runs of white space (and continuation marks) as one blank. */
static size_t squeeze(char *to, size_t room, size_t n, const char *from, size_t length)
{
    for (size_t i = 0; i < length && n + 1 < room; i++) {
        const char c = from[i];
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\\';
        if (!blank) to[n++] = c;
        if (blank && n && to[n - 1] != ' ') to[n++] = ' ';
    }
    to[n] = 0;
    return n;
}

static void name_it(const maker *k, mutant *m, const char *where)
{
    const char *s = k->out->source, *line = s + m->at, *end = line;
    while (line > s && line[-1] != '\n') line--;
    while (*end && *end != '\n') end++;
    char text[900];
    size_t n = (size_t)snprintf(text, sizeof text, "%s %s: ", k->file, where);
    n = squeeze(text, sizeof text - 300, n, line, (size_t)(end - line));
    n += (size_t)snprintf(text + n, sizeof text - n, " :: ");
    n = squeeze(text, sizeof text - 160, n, s + m->at, m->length);
    n += (size_t)snprintf(text + n, sizeof text - n, " -> ");
    n = squeeze(text, sizeof text - 20, n, m->with, strlen(m->with));
    while (n && text[n - 1] == ' ') text[--n] = 0;
    int same = 1;
    const size_t self = (size_t)(m - k->out->all);
    for (size_t i = 0; i < self; i++) {
        const char *other = k->out->all[i].name;
        same += strncmp(other, text, n) == 0 && (other[n] == 0 || strncmp(other + n, " #", 2) == 0);
    }
    if (same > 1) n += (size_t)snprintf(text + n, sizeof text - n, " #%d", same);
    m->name = copy(text, n);
}

static void add(const maker *k, int i, size_t at, size_t length, const char *with)
{
    mutants *o = k->out;
    if (strlen(with) == length && strncmp(o->source + at, with, length) == 0) return;
    for (size_t n = o->count; n-- > 0 && o->all[n].at + 400 > at;)
        if (o->all[n].at == at && o->all[n].length == length && strcmp(o->all[n].with, with) == 0) return;
    if (o->count == o->room) {
        o->room = o->room ? 2 * o->room : 256;
        o->all = realloc(o->all, o->room * sizeof *o->all);
        if (!o->all) abort();
    }
    mutant *m = &o->all[o->count];
    *m = (mutant){at, length, copy(with, strlen(with)), NULL};
    name_it(k, m, k->t->all[i].where);
    o->count++;
}

static void replace(const maker *k, int i, const char *with)
{
    add(k, i, k->t->all[i].at, k->t->all[i].length, with);
}

/* Tokens from..to (inclusive) become FORMAT with their own text in the place of %s. */
static void wrap(const maker *k, int from, int to, const char *format)
{
    const token *a = &k->t->all[from], *b = &k->t->all[to];
    const size_t length = b->at + b->length - a->at;
    char *inner = copy(k->out->source + a->at, length), *with = malloc(length + strlen(format) + 1);
    if (!with) abort();
    const char *mark = strstr(format, "%s");
    const size_t before = mark ? (size_t)(mark - format) : strlen(format);
    memcpy(with, format, before);
    strcpy(with + before, mark ? inner : "");
    if (mark) strcat(with, mark + 2);
    add(k, from, a->at, length, with);
    free(with);
    free(inner);
}

/* Operators */

static void swap_operator(const maker *k, int i)
{
    static const char *const swaps[][4] = {
        {"==", "!="},     {"!=", "=="},     {"<", "<=", ">", ">="}, {"<=", "<", ">"},
        {">", ">=", "<"}, {">=", ">", "<"}, {"&&", "||"},           {"||", "&&"},
        {"&", "|", "^"},  {"|", "&", "^"},  {"^", "&", "|"},        {"+", "-"},
        {"-", "+"},       {"<<", ">>"},     {">>", "<<"},           {"|=", "&=", "="},
        {"/", "*"},       {"*", "/"},
    };
    for (size_t s = 0; s < sizeof swaps / sizeof *swaps; s++)
        if (token_is(k->t, i, swaps[s][0]))
            for (int w = 1; w < 4 && swaps[s][w]; w++) replace(k, i, swaps[s][w]);
}

/* Leaves out the right operand of an operator, and the left one of the first of a chain. */
static void drop_operands(const maker *k, int i)
{
    static const char *const droppable[] = {"&&", "||", "|", "&", "^", "+", "-"};
    for (size_t d = 0; d < sizeof droppable / sizeof *droppable; d++) {
        if (!token_is(k->t, i, droppable[d])) continue;
        const int right = tokens_operand_end(k->t, i), left = tokens_operand_start(k->t, i);
        wrap(k, i, right, "");
        if (!tokens_is_chained(k->t, i)) wrap(k, left, i, "");
    }
}

static void change_negation(const maker *k, int i)
{
    const tokens *t = k->t;
    if (token_is(t, i, "!") || token_is(t, i, "~")) replace(k, i, "");
    const int end = tokens_truth_end(t, i);
    if (end >= 0 && !token_is(t, i - 1, "!")) wrap(k, i, end, "!%s");
}

static void change_condition(const maker *k, int i)
{
    const tokens *t = k->t;
    if (token_is(t, i, "if")) {
        const int close = tokens_close(t, i + 1);
        wrap(k, i + 1, close, "(0)");
        wrap(k, i + 1, close, "(1)");
        wrap(k, i + 1, close, "(!%s)");
    }
    if (token_is(t, i, "?")) {
        const int start = tokens_operand_start(t, i);
        wrap(k, start, i - 1, "!(%s)");
        wrap(k, start, i - 1, "0");
        wrap(k, start, i - 1, "1");
    }
}

static void delete_part(const maker *k, int i)
{
    const tokens *t = k->t;
    if (token_is(t, i, "case")) wrap(k, i, tokens_find(t, i, ":"), "");
    if (token_is(t, i, ".") && token_is(t, i + 2, "=") &&
        (token_is(t, i - 1, "{") || token_is(t, i - 1, ","))) {
        const int end = tokens_item_end(t, i);
        wrap(k, i, token_is(t, end + 1, ",") ? end + 1 : end, "");
    }
    if (tokens_begins_expression(t, i)) wrap(k, i, tokens_find(t, i, ";"), ";");
}

static void change_number(const maker *k, int i)
{
    const token *n = &k->t->all[i];
    if (n->kind != TOKEN_NUMBER) return;
    char *end;
    const unsigned long long value = strtoull(k->out->source + n->at, &end, 0);
    char with[64];
    const char *suffix = end; /* u, or nothing */
    const int rest = (int)(k->out->source + n->at + n->length - suffix);
    snprintf(with, sizeof with, "%llu%.*s", value + 1, rest, suffix);
    replace(k, i, with);
    if (value) snprintf(with, sizeof with, "%llu%.*s", value - 1, rest, suffix), replace(k, i, with);
    if (value > 1) replace(k, i, "0");
}

/* Words that may stand for one another; each is tried as the next, and as the one a few further on. */
static const char *const families[][27] = {
    {"FL_MODE_OFF", "FL_MODE_SELFTEST", "FL_MODE_STANDBY", "FL_MODE_ARMING", "FL_MODE_READY",
     "FL_MODE_OPENING", "FL_MODE_EMIT", "FL_MODE_GAP", "FL_MODE_CLOSING", "FL_MODE_FAULT", "FL_MODE_ESTOP"},
    {"FL_FLAG_CAL", "FL_FLAG_FR", "FL_FLAG_NX", "FL_FLAG_OUT", "FL_FLAG_SVC"},
    {"FL_CMD_NONE", "FL_CMD_ARM_TREAT", "FL_CMD_ARM_CAL", "FL_CMD_STANDBY", "FL_CMD_RESET",
     "FL_CMD_RESET_SERVICE"},
    {"FL_ENERGY_NONE", "FL_ENERGY_GOOD", "FL_ENERGY_OUT", "FL_ENERGY_FAILED"},
    {"FL_FOOT_RELEASED", "FL_FOOT_PRESSED", "FL_FOOT_DISAGREE", "FL_FOOT_IMPOSSIBLE"},
    {"FL_SELFTEST_RUNNING", "FL_SELFTEST_PASS", "FL_SELFTEST_FAIL", "FL_SELFTEST_IMPOSSIBLE"},
    {"FL_T_SELF_US", "FL_T_IDLE_US", "FL_T_OPEN_US", "FL_T_REPORT_US", "FL_T_GAP_LEAST_US", "FL_T_CLOSE_US",
     "FL_T_CLK_US", "FL_T_GRANT_US", "FL_T_ARM_LEAST_US", "FL_T_ARM_US"},
    {"FL_REASON_VETO", "FL_REASON_CORRUPT"},
    {"FL_E_RANGE", "FL_E_REFUSED", "FL_E_MEMORY", "FL_OK"},
    {"true", "false"},
    {"FROM", "TO"},
    {"ENERGY", "FOOT", "CMD", "TEST"},
    {"SOFT", "HARD"},
    {"had", "has"},
    {"flags", "flags_not"},
    {"hard_ok", "soft_ok"},
    {"before", "next"},
    {"deadline", "last"},
    {"asked", "now"},
    {"live", "spent"},
    {"NEVER", "LATEST"},
};
/* Bare words of macros and of the monitor's view. */
static const char *const fields[] = {
    "key",       "estop",   "remote", "covers",  "coolant", "head",   "link",    "wdog",      "clock",
    "journal",   "auth",    "dual",   "eyewear", "plan",    "limits", "counter", "handpiece", "dock",
    "sh_closed", "sh_open", "energy", "foot",    "cmd",     "due",    "selftest"};
static const char *const modes[] = {"OFF",  "SELFTEST", "STANDBY", "ARMING", "READY", "OPENING",
                                    "EMIT", "GAP",      "CLOSING", "FAULT",  "ESTOP"};
static const char *const views[] = {"link",     "key",   "estop",    "due",        "closed",     "open",
                                    "dark",     "light", "released", "pressed",    "order",      "armed",
                                    "to_armed", "soft",  "hard",     "out_before", "svc_before", "svc_after"};
static const char *const outputs[] = {"permit", "token", "shutter_open", "hv", "indicator"};

static void neighbours(const maker *k, int i, const char *const *family, int count, int further)
{
    for (int f = 0; f < count && family[f]; f++) {
        if (!token_is(k->t, i, family[f])) continue;
        int size = 0;
        while (size < count && family[size]) size++;
        replace(k, i, family[(f + 1) % size]);
        if (further) replace(k, i, family[(f + further) % size]);
        return;
    }
}

#define SIZE(list) ((int)(sizeof(list) / sizeof *(list)))

static void change_word(const maker *k, int i)
{
    const tokens *t = k->t;
    if (t->all[i].kind != TOKEN_WORD) return;
    for (int f = 0; f < SIZE(families); f++) neighbours(k, i, families[f], 27, f < 7 ? 3 : 0);
    const bool argument = token_is(t, i - 1, "(");
    if (argument && (token_is(t, i - 2, "BIT") || token_is(t, i - 2, "ON") || token_is(t, i - 2, "CODE") ||
                     token_is(t, i - 2, "FIELD")))
        neighbours(k, i, fields, SIZE(fields), 7);
    if (argument && (token_is(t, i - 2, "FROM") || token_is(t, i - 2, "TO")))
        neighbours(k, i, modes, SIZE(modes), 4);
    if (token_is(t, i - 1, "->") && token_is(t, i - 2, "v")) neighbours(k, i, views, SIZE(views), 5);
    if (token_is(t, i - 1, ".") && !token_is(t, i + 1, "=")) neighbours(k, i, outputs, SIZE(outputs), 0);
}

void mutants_of(const char *source, const char *file, mutants *out)
{
    *out = (mutants){.source = source};
    tokens t;
    tokens_of(source, &t);
    const maker k = {&t, file, out};
    for (int i = 0; i < t.count; i++) {
        if (tokens_is_binary(&t, i)) {
            swap_operator(&k, i);
            drop_operands(&k, i);
        }
        change_negation(&k, i);
        change_condition(&k, i);
        delete_part(&k, i);
        change_number(&k, i);
        change_word(&k, i);
    }
    tokens_free(&t);
}

void mutant_write(const mutants *all, size_t i, FILE *file)
{
    const mutant *m = &all->all[i];
    fwrite(all->source, 1, m->at, file);
    fputs(m->with, file);
    fputs(all->source + m->at + m->length, file);
}

void mutants_free(mutants *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->all[i].with);
        free(all->all[i].name);
    }
    free(all->all);
    *all = (mutants){0};
}
