#include "roff.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* One letter. A minus that somebody may copy into a shell must stay a minus, and so must quotes. */
static void put(FILE *out, char letter)
{
    switch (letter) {
    case '\\': fputs("\\e", out); break;
    case '-': fputs("\\-", out); break;
    case '\'': fputs("\\(aq", out); break;
    case '`': fputs("\\(ga", out); break;
    case '^': fputs("\\(ha", out); break;
    case '~': fputs("\\(ti", out); break;
    case '"': fputs("\\(dq", out); break;
    default: fputc(letter, out);
    }
}

void roff_words(FILE *out, const char *words)
{
    bool bold = false, italic = false;
    for (const char *at = words; *at; at++) {
        const bool alone =
            at > words && !isspace((unsigned char)at[-1]) && !strchr("([", at[-1]); /* ends something */
        if (*at == '`' && (bold || strchr(at + 1, '`'))) {
            bold = !bold;
            fputs(bold ? "\\fB" : "\\fR", out);
        } else if (*at == '*' && !bold &&
                   (italic || (!alone && isalpha((unsigned char)at[1]) && strchr(at + 1, '*')))) {
            italic = !italic;
            fputs(italic ? "\\fI" : "\\fR", out);
        } else if (*at == '\n') {
            fputc(' ', out);
        } else {
            put(out, *at);
        }
    }
    if (bold || italic) fputs("\\fR", out);
}

/* A line of text that cannot be a request: `\&` is nothing, and no point stands first any more. */
static void put_line(FILE *out, const char *text)
{
    fputs("\\&", out);
    roff_words(out, text);
    fputc('\n', out);
}

void roff_title(FILE *out, const char *name, int section)
{
    fprintf(out,
            ".\\\" Made by fadeline-manual from the program's own tables: change those.\n.nr HY 0\n.TH ");
    for (const char *at = name; *at; at++) put(out, (char)toupper((unsigned char)*at));
    /* No day: two builds of one commit are the same bytes. */
    fprintf(out, " %d \"\" \"fadeline %s\" \"Fadeline\"\n.ad l\n", section, FL_VERSION);
}

void roff_section(FILE *out, const char *name)
{
    fprintf(out, ".SH ");
    for (const char *at = name; *at; at++) put(out, (char)toupper((unsigned char)*at));
    fputc('\n', out);
}

void roff_heading(FILE *out, const char *name)
{
    fputs(".SS ", out);
    roff_words(out, name);
    fputc('\n', out);
}

void roff_line(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
    fputc('\n', out);
}

void roff_text(FILE *out, const char *text)
{
    fputs(".PP\n", out);
    put_line(out, text);
}

void roff_item(FILE *out, const char *term, const char *text)
{
    fputs(".TP\n", out);
    put_line(out, term);
    put_line(out, text);
}

void roff_block(FILE *out, const char *lines)
{
    fputs(".PP\n.RS 2n\n.EX\n", out);
    while (*lines) {
        const size_t size = strcspn(lines, "\n");
        fputs("\\&", out);
        for (size_t i = 0; i < size; i++) put(out, lines[i]);
        fputc('\n', out);
        lines += size + (lines[size] == '\n');
    }
    fputs(".EE\n.RE\n", out);
}

void roff_name(FILE *out, const char *name, const char *summary)
{
    roff_section(out, "NAME");
    roff_words(out, name);
    fputs(" \\- ", out);
    roff_words(out, summary);
    fputc('\n', out);
}
