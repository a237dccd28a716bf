#include "wrap.h"

#include <string.h>

#define WIDTH 100

void wrap(FILE *out, const char *text, int at, int indent)
{
    int column = at;
    while (*text) {
        const size_t word = strcspn(text, " ");
        if (column > indent && column + 1 + (int)word > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)word, text);
        column += (int)word;
        text += word;
        text += strspn(text, " ");
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
