/* The row of a command as a manual page. */
#include "pages.h"
#include "roff.h"
#include "tables.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* PLAN.json, ID, 120.00: what a person puts something else for. */
static bool is_placeholder(const char *word, size_t size)
{
    size_t capitals = 0;
    while (capitals < size &&
           (isupper((unsigned char)word[capitals]) || isdigit((unsigned char)word[capitals])))
        capitals++;
    return capitals > 0 && (capitals == size || !islower((unsigned char)word[capitals]));
}

static void write_usage(FILE *out, const char *usage)
{
    static const char marks[] = "[]()| \n";
    while (*usage) {
        const size_t mark = strspn(usage, marks), size = strcspn(usage + mark, marks);
        for (size_t i = 0; i < mark; i++)
            if (!i || !isspace((unsigned char)usage[i]) || !isspace((unsigned char)usage[i - 1]))
                fputc(isspace((unsigned char)usage[i]) ? ' ' : usage[i], out);
        char word[200];
        snprintf(word, sizeof word, "%.*s", (int)size, usage + mark);
        if (size) fputs(is_placeholder(word, size) ? "\\fI" : "\\fB", out);
        roff_words(out, word);
        if (size) fputs("\\fR", out);
        usage += mark + size;
    }
    fputc('\n', out);
}

static void write_options(FILE *out, const fl_option *options)
{
    if (!options->name) return;
    roff_section(out, "OPTIONS");
    for (const fl_option *option = options; option->name; option++) {
        roff_line(out, ".TP");
        fputs("\\fB\\-\\-", out);
        roff_words(out, option->name);
        fputs("\\fR", out);
        if (option->value) {
            fputs(" \\fI", out);
            roff_words(out, option->value);
            fputs("\\fR", out);
        }
        fputs("\n\\&", out);
        roff_words(out, option->help);
        fputs("\n", out);
    }
    roff_item(out, "`--help`", "print what this page says, and do nothing");
}

/* `examples`: only those with their introductions; else all the rest. */
static size_t write_prose(FILE *out, const prose *text, bool examples)
{
    size_t count = 0;
    for (size_t i = 0; i < text->count; i++) {
        const prose_piece *piece = &text->list[i];
        if ((piece->kind == PROSE_EXAMPLE || piece->kind == PROSE_INTRODUCTION) != examples) continue;
        const bool plain = piece->kind == PROSE_PARAGRAPH || piece->kind == PROSE_INTRODUCTION;
        const bool bare = strcmp(piece->text, "example:") == 0 || strcmp(piece->text, "examples:") == 0;
        if (plain && !bare)
            roff_text(out, piece->text);
        else if (!plain)
            roff_block(out, piece->text);
        count++;
    }
    return count;
}

void page_of_command(FILE *out, const fl_command *command)
{
    char name[64], summary[200];
    snprintf(name, sizeof name, "fadeline-%s", command->name);
    roff_title(out, name, 1);
    roff_name(out, name, command->summary);
    roff_section(out, "SYNOPSIS");
    fprintf(out, ".HP\n\\fBfadeline ");
    roff_words(out, command->name);
    fputs("\\fR ", out);
    write_usage(out, command->arguments);
    roff_section(out, "DESCRIPTION");
    snprintf(summary, sizeof summary, "%c%s.", toupper((unsigned char)*command->summary),
             command->summary + 1);
    roff_text(out, summary);
    prose text;
    prose_of_help(command->more, &text);
    write_prose(out, &text, false);
    write_options(out, command->options);
    bool has_examples = false;
    for (size_t i = 0; i < text.count; i++) has_examples = has_examples || text.list[i].kind == PROSE_EXAMPLE;
    if (has_examples) {
        roff_section(out, "EXAMPLES");
        write_prose(out, &text, true);
    }
    prose_free(&text);
    roff_section(out, "EXIT STATUS");
    write_exit_codes(out);
    roff_section(out, "SEE ALSO");
    roff_text(
        out,
        "`fadeline`(1), and `fadeline explain` for what a refusal means. Not a certified medical device.");
}

/* "  --script FILE   what happens in the room": an option of another program's help. */
static bool is_option(const char *line)
{
    return strncmp(line, "--", 2) == 0;
}

static void write_option_lines(FILE *out, const char *lines)
{
    while (*lines) {
        const size_t size = strcspn(lines, "\n");
        char line[400], term[410];
        snprintf(line, sizeof line, "%.*s", (int)size, lines);
        char *text = strstr(line, "  ");
        if (text) *text++ = 0;
        snprintf(term, sizeof term, "`%s`", line);
        roff_item(out, term, text ? text + strspn(text, " ") : "");
        lines += size + (lines[size] == '\n');
    }
}

void page_of_help(FILE *out, const char *name, int section, const char *summary, const char *help)
{
    roff_title(out, name, section);
    roff_name(out, name, summary);
    roff_section(out, "SYNOPSIS");
    prose text;
    prose_of_help(help, &text);
    for (size_t i = 0; i < text.count; i++) {
        const prose_piece *piece = &text.list[i];
        if (i == 0) { /* Usage: NAME ...; lines below it that begin with the name are other ways */
            roff_block(out, piece->text + strcspn(piece->text, " ") + 1);
            continue;
        }
        if (i == 1 && piece->kind == PROSE_EXAMPLE) {
            roff_block(out, piece->text);
            continue;
        }
        if (i == 1 || (i == 2 && text.list[1].kind == PROSE_EXAMPLE)) roff_section(out, "DESCRIPTION");
        if (is_option(piece->text))
            write_option_lines(out, piece->text);
        else if (piece->kind == PROSE_PARAGRAPH || piece->kind == PROSE_INTRODUCTION)
            roff_text(out, piece->text);
        else
            roff_block(out, piece->text);
    }
    prose_free(&text);
    roff_section(out, "SEE ALSO");
    roff_text(out, "`fadeline`(1). Not a certified medical device.");
}
