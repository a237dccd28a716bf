#include "prose.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void add(prose *out, prose_kind kind, int level, const char *term, size_t term_size, const char *text,
                size_t size)
{
    out->list = realloc(out->list, (out->count + 1) * sizeof *out->list);
    FL_ASSERT(out->list);
    prose_piece *piece = &out->list[out->count++];
    *piece = (prose_piece){kind, level, strndup(text, size), term ? strndup(term, term_size) : NULL};
    FL_ASSERT(piece->text);
}

/* What flows: a line break and the indent behind it are one blank. */
static void add_flowing(prose *out, prose_kind kind, const char *term, size_t term_size, const char *text,
                        size_t size)
{
    add(out, kind, 0, term, term_size, text, size);
    char *to = out->list[out->count - 1].text;
    for (const char *from = to; *from;) {
        const bool breaks = *from == '\n';
        *to++ = breaks ? ' ' : *from;
        from++;
        while (breaks && *from == ' ') from++;
    }
    *to = 0;
}

/* ---- help texts ---- */

static bool calls_us(const char *line, size_t size)
{
    char words[200];
    snprintf(words, sizeof words, "%.*s", (int)size, line + strspn(line, " "));
    return fl_text_begins(words, "fadeline") || strstr(words, "| fadeline ") != NULL;
}

/* Lines from `at` that are all indented, or all not; their last line end is left out. */
static size_t run_of(const char *at)
{
    size_t size = 0;
    while (at[size] && at[size] != '\n' && (at[size] == ' ') == (*at == ' ')) {
        size += strcspn(at + size, "\n");
        size += at[size] == '\n';
    }
    return size && at[size - 1] == '\n' ? size - 1 : size;
}

/* Indented lines as a block of their own, by the indent of the first. */
static void add_indented(prose *out, prose_kind kind, const char *lines, size_t size)
{
    const size_t indent = strspn(lines, " ");
    char *text = malloc(size + 1);
    FL_ASSERT(text);
    size_t used = 0;
    for (size_t at = 0; at < size;) {
        size_t line = strcspn(lines + at, "\n");
        if (line > size - at) line = size - at;
        const size_t skip = strspn(lines + at, " ") < indent ? strspn(lines + at, " ") : indent;
        memcpy(text + used, lines + at + skip, line - skip);
        used += line - skip;
        text[used++] = '\n';
        at += line + 1;
    }
    add(out, kind, 0, NULL, 0, text, used);
    free(text);
}

void prose_of_help(const char *more, prose *out)
{
    *out = (prose){0};
    while (more && *more) {
        const size_t size = run_of(more);
        if (!size) {
            more++;
            continue;
        }
        const char *next = more + size + (more[size] == '\n');
        if (*more == ' ')
            add_indented(out, calls_us(more, strcspn(more, "\n")) ? PROSE_EXAMPLE : PROSE_BLOCK, more, size);
        else
            add(out,
                *next == ' ' && calls_us(next, strcspn(next, "\n")) ? PROSE_INTRODUCTION : PROSE_PARAGRAPH, 0,
                NULL, 0, more, size);
        more = next;
    }
}

/* ---- text files ---- */

/* "- `term`: text", or an item without a term. */
static void add_item(prose *out, const char *text, size_t size)
{
    const char *end = *text == '`' || *text == '*' ? memchr(text + 1, *text, size - 1) : NULL;
    if (end && (size_t)(end - text) + 2 < size && end[1] == ':' && end[2] == ' ')
        add_flowing(out, PROSE_ITEM, text, (size_t)(end + 1 - text), end + 3,
                    size - (size_t)(end + 3 - text));
    else
        add_flowing(out, PROSE_ITEM, NULL, 0, text, size);
}

/* The lines of one paragraph or item, up to an empty one or one that begins something else. */
static size_t flowing(const char *at)
{
    size_t size = strcspn(at, "\n");
    while (at[size] == '\n' && at[size + 1] && !strchr("\n#|!{", at[size + 1]) &&
           strncmp(at + size + 1, "- ", 2) != 0 && strncmp(at + size + 1, "```", 3) != 0)
        size += 1 + strcspn(at + size + 1, "\n");
    return size;
}

/* One piece; what follows it. NULL: the text is not in our small markup. */
static const char *take(prose *out, const char *at)
{
    const size_t line = strcspn(at, "\n");
    if (*at == '#') {
        const size_t level = strspn(at, "#");
        if (level > 2 || at[level] != ' ') return NULL;
        add(out, PROSE_HEADING, (int)level, NULL, 0, at + level + 1, line - level - 1);
        return at + line;
    }
    if (strncmp(at, "```", 3) == 0) {
        const char *end = strstr(at + line, "\n```");
        if (!end || !at[line]) return NULL;
        const char *lines = at + line + 1;
        add(out, PROSE_BLOCK, 0, at + 3, line - 3, lines, end < lines ? 0 : (size_t)(end + 1 - lines));
        return end + 4 + strcspn(end + 4, "\n");
    }
    if (*at == '|') {
        if (strspn(at, "|-: ") < line)
            add(out, PROSE_ROW, 0, NULL, 0, at, line); /* not the stroke below the head */
        return at + line;
    }
    if (strncmp(at, "![", 2) == 0) {
        const char *middle = strstr(at, "]("), *end = middle ? strchr(middle, ')') : NULL;
        if (!end || end > at + line) return NULL;
        add(out, PROSE_PICTURE, 0, at + 2, (size_t)(middle - at - 2), middle + 2, (size_t)(end - middle - 2));
        return at + line;
    }
    if (strncmp(at, "{{", 2) == 0) {
        if (line < 5 || strncmp(at + line - 2, "}}", 2) != 0) return NULL;
        add(out, PROSE_INSERT, 0, NULL, 0, at + 2, line - 4);
        return at + line;
    }
    const size_t size = flowing(at);
    if (strncmp(at, "- ", 2) == 0)
        add_item(out, at + 2, size - 2);
    else
        add_flowing(out, PROSE_PARAGRAPH, NULL, 0, at, size);
    return at + size;
}

fl_status prose_of_file(const char *path, prose *out, fl_error *error)
{
    char *bytes;
    size_t size;
    *out = (prose){0};
    const fl_status status = fl_place_read(path, 1 << 20, &bytes, &size, error);
    if (status != FL_OK) return status;
    const char *at = bytes;
    while (at && *at) at = *at == '\n' ? at + 1 : take(out, at);
    free(bytes);
    if (at) return FL_OK;
    const char *last = out->count ? out->list[out->count - 1].text : "the beginning";
    fl_error_set(error, FL_E_FILE, "%s: not in the markup of src/manual/prose.h, after '%.60s'", path, last);
    prose_free(out);
    return FL_E_FILE;
}

void prose_free(prose *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->list[i].text);
        free(p->list[i].term);
    }
    free(p->list);
    *p = (prose){0};
}
