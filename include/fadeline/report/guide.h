/* Guide: a paper that explains, from a text in pieces. Large letters, pictures of real screens, two beside
 * each other when two follow one another; tagged and searchable like every paper. Knows nothing of where the
 * text came from.
 *
 *     const fl_guide guide = {.title = "Quick guide", .lang = "en", .pieces = pieces, .count = count,
 * .pictures = folder}; status = fl_guide_write(&guide, "quick-guide.pdf", &error);
 *
 * The same pieces make the same bytes: there is no day on it but the one that is given.
 */
#ifndef FL_REPORT_GUIDE_H
#define FL_REPORT_GUIDE_H

#include "fadeline/base/error.h"

#include <stddef.h>

typedef enum fl_guide_kind {
    FL_GUIDE_TITLE = 1, /* of the paper */
    FL_GUIDE_HEADING,
    FL_GUIDE_SUB, /* within a section */
    FL_GUIDE_TEXT,
    FL_GUIDE_POINT,   /* `term` in bold before it, or NULL */
    FL_GUIDE_LINES,   /* commands, as they stand */
    FL_GUIDE_ROW,     /* of a table: cells between strokes; the first row of several is its head */
    FL_GUIDE_PICTURE, /* a PNG below `pictures`; `term`: what it shows */
} fl_guide_kind;

typedef struct fl_guide_piece {
    fl_guide_kind kind;
    const char *text, *term;
} fl_guide_piece;

typedef struct fl_guide {
    const char *title, *subject; /* of every page's head */
    const char *lang;            /* "en", "fr-CA" */
    const char *day;             /* YYYY-MM-DD; NULL: none */
    const fl_guide_piece *pieces;
    size_t count;
    const char *pictures; /* folder */
} fl_guide;

/* Whole or not at all. FL_E_FILE for a picture that cannot be read. */
FL_MUST_USE fl_status fl_guide_write(const fl_guide *guide, const char *path, fl_error *error);

#endif
