/* A text file as a manual page. */
#include "pages.h"
#include "roff.h"
#include "tables.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* "fadeline-link(7): the open link" */
static fl_status write_head(FILE *out, const char *heading, fl_error *error)
{
    char name[64];
    int section, used = 0;
    if (sscanf(heading, "%63[a-z-](%d): %n", name, &section, &used) != 2 || !used)
        return fl_error_set(error, FL_E_FILE, "'%s' is no head of a page, such as 'fadeline(1): plans'",
                            heading);
    roff_title(out, name, section);
    roff_name(out, name, heading + used);
    return FL_OK;
}

/* Rows up to `end`, the first is the head. Cells are between strokes. */
static size_t write_rows(FILE *out, const prose *text, size_t at)
{
    const char *first = text->list[at].text;
    size_t columns = 0;
    for (const char *c = first; (c = strchr(c, '|')); c++) columns++;
    roff_line(out, ".PP\n.TS\ntab(|);");
    for (int line = 0; line < 2; line++) {
        for (size_t i = 0; i + 1 < columns; i++) fprintf(out, "%s%s", i ? " " : "", line ? "lx" : "lb");
        fputs(line ? ".\n" : "\n", out);
    }
    for (; at < text->count && text->list[at].kind == PROSE_ROW; at++) {
        const char *cell = text->list[at].text + 1;
        for (size_t i = 0; i + 1 < columns && cell; i++) {
            const char *end = strchr(cell, '|');
            if (!end) break;
            while (cell < end && *cell == ' ') cell++;
            const char *last = end;
            while (last > cell && last[-1] == ' ') last--;
            char words[500];
            snprintf(words, sizeof words, "%.*s", (int)(last - cell), cell);
            fprintf(out, "%sT{\n\\&", i ? "|" : "");
            roff_words(out, words);
            fputs("\nT}", out);
            cell = end + 1;
        }
        fputc('\n', out);
    }
    roff_line(out, ".TE");
    return at - 1;
}

static fl_status write_piece(FILE *out, const char *root, const prose *text, size_t *at, fl_error *error)
{
    const prose_piece *piece = &text->list[*at];
    switch (piece->kind) {
    case PROSE_HEADING:
        piece->level == 1 ? roff_section(out, piece->text) : roff_heading(out, piece->text);
        break;
    case PROSE_PARAGRAPH:
    case PROSE_INTRODUCTION: roff_text(out, piece->text); break;
    case PROSE_ITEM: roff_item(out, piece->term ? piece->term : "\xE2\x80\xA2", piece->text); break;
    case PROSE_BLOCK:
    case PROSE_EXAMPLE: roff_block(out, piece->text); break;
    case PROSE_ROW: *at = write_rows(out, text, *at); break;
    case PROSE_PICTURE: break; /* a page of a terminal has none */
    case PROSE_INSERT: return write_table(out, root, piece->text, error);
    }
    return FL_OK;
}

fl_status page_of_text(FILE *out, const char *root, const prose *text, fl_error *error)
{
    if (!text->count || text->list[0].kind != PROSE_HEADING)
        return fl_error_set(error, FL_E_FILE, "a page begins with its head");
    fl_status status = write_head(out, text->list[0].text, error);
    for (size_t i = 1; i < text->count && status == FL_OK; i++)
        status = write_piece(out, root, text, &i, error);
    return status;
}
