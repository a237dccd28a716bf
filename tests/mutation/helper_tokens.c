#include "helper_tokens.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool token_is(const tokens *t, int i, const char *text)
{
    if (i < 0 || i >= t->count) return false;
    const token *k = &t->all[i];
    return strlen(text) == k->length && memcmp(t->source + k->at, text, k->length) == 0;
}

static bool is_one_of(const tokens *t, int i, const char *const *list)
{
    for (; *list; list++)
        if (token_is(t, i, *list)) return true;
    return false;
}

static bool is_word(const tokens *t, int i)
{
    return i >= 0 && i < t->count && t->all[i].kind == TOKEN_WORD;
}

static size_t mark_length(const char *s)
{
    static const char *const long_marks[] = {"<<=", ">>=", "...", "==", "!=", "<=", ">=", "&&", "||", "<<",
                                             ">>",  "->",  "|=",  "&=", "+=", "-=", "^=", "++", "--", NULL};
    for (int i = 0; long_marks[i]; i++)
        if (strncmp(s, long_marks[i], strlen(long_marks[i])) == 0) return strlen(long_marks[i]);
    return 1;
}

typedef struct reader {
    tokens *t;
    const char *at;
    int depth;
    char where[48], called[48]; /* function or macro; the last word before a bracket outside functions */
    bool in_define;
} reader;

static void put(reader *r, token_kind kind, size_t length)
{
    tokens *t = r->t;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 1024;
        t->all = realloc(t->all, (size_t)t->room * sizeof *t->all);
        if (!t->all) abort();
    }
    const char c = *r->at;
    if (kind == TOKEN_MARK && strchr(")]}", c)) r->depth--;
    token *k = &t->all[t->count++];
    *k = (token){(size_t)(r->at - t->source), length, kind, r->depth, ""};
    if (kind == TOKEN_MARK && c == '{' && r->depth == 0) snprintf(r->where, sizeof r->where, "%s", r->called);
    snprintf(k->where, sizeof k->where, "%s", r->where);
    if (kind == TOKEN_MARK && c == '}' && r->depth == 0) r->where[0] = 0;
    if (kind == TOKEN_MARK && strchr("([{", c)) r->depth++;
    if (kind == TOKEN_WORD && r->depth == 0 && r->at[length] == '(')
        snprintf(r->called, sizeof r->called, "%.*s", (int)length, r->at);
    r->at += length;
}

/* An include or undef is skipped; of a define the head. */
static void directive(reader *r)
{
    if (strncmp(r->at, "#define ", 8) == 0) {
        const char *name = r->at + 8;
        const size_t length = strcspn(name, "( \n");
        snprintf(r->where, sizeof r->where, "%.*s", (int)length, name);
        r->at = name + length;
        if (*r->at == '(') r->at += strcspn(r->at, ")") + 1;
        r->in_define = true;
        return;
    }
    r->at += strcspn(r->at, "\n");
}

static void blank(reader *r)
{
    if (*r->at == '\n' && r->in_define && r->at[-1] != '\\') {
        r->in_define = false;
        r->where[0] = 0;
    }
    r->at++;
}

void tokens_of(const char *source, tokens *t)
{
    *t = (tokens){.source = source};
    reader r = {.t = t, .at = source};
    while (*r.at) {
        const char c = *r.at;
        if (isspace((unsigned char)c) || c == '\\') {
            blank(&r);
        } else if (strncmp(r.at, "/*", 2) == 0) {
            const char *end = strstr(r.at, "*/");
            r.at = end ? end + 2 : r.at + strlen(r.at);
        } else if (strncmp(r.at, "//", 2) == 0) {
            r.at += strcspn(r.at, "\n");
        } else if (c == '#' && r.depth == 0 && !r.in_define) {
            directive(&r);
        } else if (isalpha((unsigned char)c) || c == '_') {
            size_t n = 1;
            while (isalnum((unsigned char)r.at[n]) || r.at[n] == '_') n++;
            put(&r, TOKEN_WORD, n);
        } else if (isdigit((unsigned char)c)) {
            size_t n = 1;
            while (isalnum((unsigned char)r.at[n])) n++;
            put(&r, TOKEN_NUMBER, n);
        } else if (c == '"' || c == '\'') {
            size_t n = 1;
            while (r.at[n] && r.at[n] != c) n += r.at[n] == '\\' ? 2 : 1;
            put(&r, TOKEN_TEXT, n + 1);
        } else {
            put(&r, TOKEN_MARK, mark_length(r.at));
        }
    }
}

void tokens_free(tokens *t)
{
    free(t->all);
    *t = (tokens){0};
}

int tokens_close(const tokens *t, int open)
{
    for (int i = open + 1; i < t->count; i++)
        if (t->all[i].depth == t->all[open].depth && strchr(")]}", t->source[t->all[i].at])) return i;
    return open;
}

int tokens_find(const tokens *t, int from, const char *text)
{
    for (int i = from; i < t->count; i++)
        if (t->all[i].depth == t->all[from].depth && token_is(t, i, text)) return i;
    return from;
}

/* Binding strength; 0 for what ends every expression, -1 for what is no operator. */
static int strength(const tokens *t, int i)
{
    static const struct {
        const char *mark;
        int strength;
    } table[] = {{"*", 12}, {"/", 12}, {"%", 12}, {"+", 11}, {"-", 11},     {"<<", 10}, {">>", 10},
                 {"<", 9},  {"<=", 9}, {">", 9},  {">=", 9}, {"==", 8},     {"!=", 8},  {"&", 7},
                 {"^", 6},  {"|", 5},  {"&&", 4}, {"||", 3}, {"?", 2},      {":", 2},   {"=", 1},
                 {"|=", 1}, {"+=", 1}, {",", 0},  {";", 0},  {"return", 0}, {"{", 0},   {"}", 0}};
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        if (token_is(t, i, table[n].mark)) return table[n].strength;
    return -1;
}

bool tokens_is_binary(const tokens *t, int i)
{
    if (i < 1 || t->all[i].kind != TOKEN_MARK || strength(t, i) < 1) return false;
    static const char *const words[] = {"return", "case", NULL};
    const token *before = &t->all[i - 1];
    const bool operand = before->kind == TOKEN_NUMBER || before->kind == TOKEN_TEXT ||
                         (before->kind == TOKEN_WORD && !is_one_of(t, i - 1, words)) ||
                         strchr(")]", t->source[before->at]) != NULL;
    if (!operand) return false;
    /* `fl_permit *permit` declares, it does not multiply. */
    static const char *const types[] = {
        "fl_permit", "fl_interlock_core", "fl_core_tick",   "fl_interlock_result",
        "fl_inputs", "fl_error",          "fl_core_config", "view",
        NULL};
    return !(token_is(t, i, "*") && is_one_of(t, i - 1, types));
}

int tokens_operand_start(const tokens *t, int i)
{
    const int depth = t->all[i].depth, own = strength(t, i);
    int k = i - 1;
    for (; k >= 0 && t->all[k].depth >= depth; k--) {
        if (t->all[k].depth > depth || !(tokens_is_binary(t, k) || strength(t, k) == 0)) continue;
        if (strength(t, k) < own || (own == 2 && strength(t, k) <= 2)) break;
    }
    return k + 1;
}

int tokens_operand_end(const tokens *t, int i)
{
    const int depth = t->all[i].depth, own = strength(t, i);
    int k = i + 1;
    for (; k < t->count && t->all[k].depth >= depth; k++) {
        if (t->all[k].depth > depth) continue;
        if ((tokens_is_binary(t, k) || strength(t, k) == 0) && strength(t, k) <= own) break;
    }
    return k - 1;
}

bool tokens_is_chained(const tokens *t, int i)
{
    for (int k = tokens_operand_start(t, i); k < i; k++)
        if (t->all[k].depth == t->all[i].depth && strength(t, k) == strength(t, i)) return true;
    return false;
}

int tokens_truth_end(const tokens *t, int i)
{
    static const char *const macros[] = {"BIT", "ALL", "TO", "FROM", NULL};
    static const char *const not_alone[] = {"&", "^", "==", "!=", "<", ">", "|", ".", "->", "=", NULL};
    if (!is_word(t, i)) return -1;
    if (is_one_of(t, i, macros) && token_is(t, i + 1, "(")) return tokens_close(t, i + 1);
    if ((token_is(t, i + 1, "->") || token_is(t, i + 1, ".")) && is_word(t, i + 2) &&
        !token_is(t, i - 1, ".") && !token_is(t, i - 1, "->")) {
        int end = i + 2;
        while (token_is(t, end + 1, ".") || token_is(t, end + 1, "->")) end += 2;
        return is_one_of(t, end + 1, not_alone) || token_is(t, end, "word") || token_is(t, end + 1, "(")
                   ? -1
                   : end;
    }
    static const char *const before[] = {"(", "&&", "||", "=", "?", ":", ",", NULL};
    static const char *const after[] = {")", "&&", "||", "?", ":", ";", NULL};
    static const char *const taking_words[] = {"BIT", "ON", "CODE", "FIELD", "FROM", "TO", NULL};
    const bool lower = islower((unsigned char)t->source[t->all[i].at]);
    if (!lower || !is_one_of(t, i - 1, before) || !is_one_of(t, i + 1, after)) return -1;
    if (token_is(t, i - 1, "(") && is_one_of(t, i - 2, taking_words)) return -1;
    const token *k = &t->all[i];
    const bool type = k->length > 2 && memcmp(t->source + k->at + k->length - 2, "_t", 2) == 0;
    return type || token_is(t, i, "bool") || token_is(t, i, "default") || token_is(t, i, "true") ||
                   token_is(t, i, "false")
               ? -1
               : i;
}

int tokens_item_end(const tokens *t, int i)
{
    int k = i;
    while (k + 1 < t->count && t->all[k + 1].depth >= t->all[i].depth &&
           !(t->all[k + 1].depth == t->all[i].depth && token_is(t, k + 1, ",")))
        k++;
    return k;
}

bool tokens_begins_expression(const tokens *t, int i)
{
    static const char *const before[] = {";", "{", "}", ")", NULL};
    static const char *const after[] = {"=", "|=", "+=", "->", ".", "(", "++", NULL};
    static const char *const control[] = {"if", "return", "switch", "for", "while", "FL_ASSERT", NULL};
    return is_word(t, i) && t->all[i].depth >= 1 && is_one_of(t, i - 1, before) &&
           is_one_of(t, i + 1, after) && !is_one_of(t, i, control) &&
           t->all[i].depth == t->all[i - 1].depth + (token_is(t, i - 1, "{") ? 1 : 0);
}
