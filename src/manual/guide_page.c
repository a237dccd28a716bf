/* A text file of this folder as a guide on paper. */
#include "glossary.h"
#include "pages.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/report/guide.h"

#include <stdlib.h>
#include <string.h>

typedef struct pieces {
    fl_guide_piece *list; /* each owns its words */
    size_t count;
} pieces;

/* Paper has one kind of letters: the marks of words that a terminal sets apart are left out. */
static char *plain(const char *text)
{
    char *words = text ? malloc(strlen(text) + 1) : NULL, *to = words;
    FL_ASSERT(!text || words);
    for (; text && *text; text++)
        if (*text != '`' && *text != '*') *to++ = *text;
    if (to) *to = 0;
    return words;
}

static void add(pieces *p, fl_guide_kind kind, const char *text, const char *term)
{
    p->list = realloc(p->list, (p->count + 1) * sizeof *p->list);
    FL_ASSERT(p->list);
    p->list[p->count++] = (fl_guide_piece){kind, plain(text), plain(term)};
}

static void add_glossary(pieces *p, bool french)
{
    static const char *const words[][4] = {
#define X(en, fr, what, quoi) {en, fr, what, quoi},
        GLOSSARY(X)
#undef X
    };
    add(p, FL_GUIDE_ROW,
        french ? "| français | English | ce que cela veut dire |" : "| English | français | what it means |",
        NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char row[600];
        snprintf(row, sizeof row, "| %s | %s | %s |", words[i][french], words[i][!french],
                 words[i][french ? 3 : 2]);
        add(p, FL_GUIDE_ROW, row, NULL);
    }
}

static fl_status add_piece(pieces *p, const prose_piece *piece, fl_error *error)
{
    switch (piece->kind) {
    case PROSE_HEADING: add(p, !p->count ? FL_GUIDE_TITLE : FL_GUIDE_HEADING, piece->text, NULL); break;
    case PROSE_PARAGRAPH:
    case PROSE_INTRODUCTION: add(p, FL_GUIDE_TEXT, piece->text, NULL); break;
    case PROSE_ITEM: add(p, FL_GUIDE_POINT, piece->text, piece->term); break;
    case PROSE_BLOCK:
    case PROSE_EXAMPLE: add(p, FL_GUIDE_LINES, piece->text, NULL); break;
    case PROSE_ROW: add(p, FL_GUIDE_ROW, piece->text, NULL); break;
    case PROSE_PICTURE: add(p, FL_GUIDE_PICTURE, piece->text, piece->term); break;
    case PROSE_INSERT:
        if (!fl_text_begins(piece->text, "glossary "))
            return fl_error_set(error, FL_E_FILE, "no guide has {{%s}}", piece->text);
        add_glossary(p, strcmp(piece->text, "glossary fr") == 0);
    }
    return FL_OK;
}

fl_status guide_of_text(const char *root, const prose *text, const char *lang, const char *path,
                        fl_error *error)
{
    pieces p = {0};
    fl_status status = FL_OK;
    for (size_t i = 0; i < text->count && status == FL_OK; i++) status = add_piece(&p, &text->list[i], error);
    const fl_guide guide = {.title = p.count ? p.list[0].text : "",
                            .subject = "Fadeline " FL_VERSION,
                            .lang = lang,
                            .pieces = p.list,
                            .count = p.count,
                            .pictures = root};
    if (status == FL_OK) status = fl_guide_write(&guide, path, error);
    for (size_t i = 0; i < p.count; i++) {
        free((char *)p.list[i].text);
        free((char *)p.list[i].term);
    }
    free(p.list);
    return status;
}
