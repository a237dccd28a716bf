#include "wrap.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 100

static bool begins_letter(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static int letters(const char *text, size_t size)
{
    int count = 0;
    for (size_t i = 0; i < size; i++) count += begins_letter(text[i]);
    return count;
}

/* Bytes of the first `most` letters. */
static size_t fitting(const char *text, size_t size, int most)
{
    size_t at = 0;
    for (int count = 0; at < size; at++)
        if (begins_letter(text[at]) && count++ == most) break;
    return at;
}

void wrap(FILE *out, const char *text, int at, int indent)
{
    int column = at;
    while (*text) {
        size_t word = strcspn(text, " \n");
        const int wide = letters(text, word);
        if (column > indent && column + 1 + wide > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        if (column + wide > WIDTH) word = fitting(text, word, WIDTH - column); /* a hash, a key, a path */
        fprintf(out, "%.*s", (int)word, text);
        column += letters(text, word);
        text += word;
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}

void wrap_bytes(FILE *out, const char *text, int indent)
{
    const size_t room = (size_t)(WIDTH - indent);
    for (size_t left = strlen(text); left > room; left -= room, text += room)
        fprintf(out, "%.*s\n%*s", (int)room, text, indent, "");
    fprintf(out, "%s\n", text);
}
