#include "fold.h"

#include <glib.h>
#include <string.h>

/* Letters that no decomposition takes apart, and what a keyboard without them types. */
static const char *plain_of(gunichar letter)
{
    static const struct {
        gunichar letter;
        const char *plain;
    } rows[] = {{0xD8, "o"},   {0xF8, "o"},   {0x141, "l"}, {0x142, "l"},  {0x110, "d"}, {0x111, "d"},
                {0xD0, "d"},   {0xF0, "d"},   {0xDE, "th"}, {0xFE, "th"},  {0xC6, "ae"}, {0xE6, "ae"},
                {0x152, "oe"}, {0x153, "oe"}, {0x131, "i"}, {0x126, "h"},  {0x127, "h"}, {0x166, "t"},
                {0x167, "t"},  {0x14A, "n"},  {0x14B, "n"}, {0x2019, "'"}, {0x2BC, "'"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].letter == letter) return rows[i].plain;
    return NULL;
}

void fold_free(char *folded)
{
    if (folded) explicit_bzero(folded, strlen(folded));
    g_free(folded);
}

char *fold(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKD);
    GString *plain = g_string_sized_new(strlen(apart) + 1);
    for (const char *at = apart; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        const char *known = plain_of(letter);
        if (known)
            g_string_append(plain, known);
        else if (!g_unichar_ismark(letter) && g_unichar_type(letter) != G_UNICODE_FORMAT)
            g_string_append_unichar(plain, letter); /* a soft hyphen is no letter */
    }
    char *folded = g_utf8_casefold(plain->str, (gssize)plain->len);
    explicit_bzero(plain->str, plain->len);
    g_string_free(plain, TRUE);
    fold_free(valid), fold_free(apart);
    return folded;
}

static bool joins(const char *at)
{
    return g_unichar_isalnum(g_utf8_get_char(at));
}

bool fold_stands_in(const char *text, const char *word)
{
    const size_t length = strlen(word);
    if (!length) return false;
    const bool anywhere = g_unichar_iswide(g_utf8_get_char(word));
    for (const char *at = text; (at = strstr(at, word)); at = g_utf8_next_char(at)) {
        if (anywhere) return true;
        const bool begins = at == text || !joins(g_utf8_prev_char(at));
        if (begins && (!at[length] || !joins(at + length))) return true;
    }
    return false;
}
