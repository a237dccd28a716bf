/* Prose: a help text or a text file in pieces, for whoever writes pages of it.
 *
 * Two sources, one list of pieces. A help text (`more` of a command): paragraphs, and what is indented stays
 * as it is; indented lines that call one of our programs are an example, and the line right before them
 * introduces it. A text file (*.md of this folder): `#` and `##` headings, paragraphs, `- ` items (`- TERM:
 * text` has a term), blocks between ```, tables of `|`, `![words](picture)`, and {{name}} alone on a line for
 * what a table of the program writes there.
 */
#ifndef FL_MANUAL_PROSE_H
#define FL_MANUAL_PROSE_H

#include "fadeline/base/error.h"

#include <stddef.h>

typedef enum prose_kind {
    PROSE_HEADING = 1, /* level 1 or 2 */
    PROSE_PARAGRAPH,
    PROSE_INTRODUCTION, /* of the example that follows */
    PROSE_ITEM,         /* `term` or NULL */
    PROSE_BLOCK,
    PROSE_EXAMPLE,
    PROSE_ROW,     /* of a table: cells as they stand between the strokes */
    PROSE_PICTURE, /* text: file; term: what it shows */
    PROSE_INSERT,
} prose_kind;

typedef struct prose_piece {
    prose_kind kind;
    int level;
    char *text, *term;
} prose_piece;

typedef struct prose {
    prose_piece *list;
    size_t count;
} prose;

void prose_of_help(const char *more, prose *out);
FL_MUST_USE fl_status prose_of_file(const char *path, prose *out, fl_error *error);
void prose_free(prose *p);

#endif
