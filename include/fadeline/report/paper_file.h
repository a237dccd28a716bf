/* Paper file: whatever cairo can draw, in one file, as SVG, PNG or PDF.
 *
 * The same drawing code serves all three. A glyph in a picture is a shape and no letter, so an SVG also
 * carries the words of the page as <title> and <desc>, for screen readers, for searching and for tests: the
 * painter hands over what it writes with fl_paper_words_add().
 *
 *     const fl_paper_page page = {.width = 595.28, .height = 841.89, .is_points = true, .pixels = 3, .mode =
 * 0600}; status = fl_paper_file_write(FL_PAPER_PDF, paint, what, &page, "plan.pdf", &error);
 *
 * The trap: the painter runs once a file and must draw the same each time; a PDF takes its date from the
 * page, never from the clock, so that the same plan gives the same bytes.
 */
#ifndef FL_REPORT_PAPER_FILE_H
#define FL_REPORT_PAPER_FILE_H

#include "fadeline/base/error.h"

#include <cairo.h>
#include <stdbool.h>

typedef enum fl_paper_kind { FL_PAPER_NONE, FL_PAPER_SVG, FL_PAPER_PNG, FL_PAPER_PDF } fl_paper_kind;

/* By the ending: .svg, .png, .pdf, in small letters or capitals; FL_PAPER_NONE for any other. */
fl_paper_kind fl_paper_kind_of(const char *path);

typedef struct fl_paper_page {
    double width, height; /* in units of the painter */
    bool is_points;       /* a unit is 1/72 inch, for paper; false: a pixel of a screen */
    double pixels;        /* of a PNG, a unit; 0: 1 */
    unsigned mode;        /* of the file */
    const char *title;    /* of SVG and PDF; NULL: none */
    const char *day;      /* YYYY-MM-DD, of a PDF; NULL: not said */
    const char *lang;     /* "en", "fr-CA": what a reader of screens speaks; NULL: not said; PDF only */
} fl_paper_page;

typedef struct fl_paper_words fl_paper_words; /* lives during one painting */
void fl_paper_words_add(fl_paper_words *words, const char *text);

typedef void (*fl_paper_painter)(cairo_t *cairo, fl_paper_words *words, const void *what);

/* Whole or not at all: what stood there is replaced, but never a device, a pipe or a link. Errors name
 * the path. */
FL_MUST_USE fl_status fl_paper_file_write(fl_paper_kind kind, fl_paper_painter painter, const void *what,
                                          const fl_paper_page *page, const char *path, fl_error *error);

/* The same in memory, for who must hash it first. *bytes: free. */
FL_MUST_USE fl_status fl_paper_file_make(fl_paper_kind kind, fl_paper_painter painter, const void *what,
                                         const fl_paper_page *page, char **bytes, size_t *size,
                                         fl_error *error);

#endif
