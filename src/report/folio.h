/* Folio: a paper of many pages that breaks by itself. Private to report.
 *
 * Text wraps and moves what is below it; a row that has no room begins a new page under the table's head
 * again; nothing lies on anything else and nothing leaves the page. Every page has a head ("page 2 of 3",
 * SIMULATED) and a foot. The PDF is tagged for readers of screens (headings, paragraphs, tables), has an
 * outline, and its language is said.
 *
 *     static void fill(fl_folio *folio, const void *what)
 *     {
 *         fl_folio_heading(folio, 1, "Session 17");
 *         fl_folio_say(folio, FL_FOLIO_TEXT, "What was done, and %s.", "why");
 *         fl_folio_table(folio, &table);
 *     }
 *     status = fl_folio_write(&look, fill, &record, "record.pdf", &error);
 *
 * The trap: fill runs twice, first only to count the pages, and must do the same both times.
 */
#ifndef FL_REPORT_FOLIO_H
#define FL_REPORT_FOLIO_H

#include "paper.h"

#include <stddef.h>

#define FL_FOLIO_CELL 1200 /* bytes of what stands in a cell */
#define FL_FOLIO_WIDTH 595.28
#define FL_FOLIO_HEIGHT 841.89
#define FL_FOLIO_MARGIN 46.0
#define FL_FOLIO_INNER (FL_FOLIO_WIDTH - 2 * FL_FOLIO_MARGIN)
#define FL_FOLIO_TOP 62.0                        /* below the head of the page */
#define FL_FOLIO_BOTTOM (FL_FOLIO_HEIGHT - 62.0) /* nothing of fill below this */

/* Told of every text that is drawn, with the box its letters may fill; for tests of the layout. */
typedef struct fl_folio_watch {
    void (*text)(void *self, int page, double left, double top, double width, double height,
                 const char *text);
    void *self;
} fl_folio_watch;

typedef struct fl_folio_look {
    const char *title;   /* of the document and of every page's head */
    const char *subject; /* quiet, beside it: site, device; NULL: none */
    const char *lang;    /* "en", "fr-CA" */
    const char *day;     /* YYYY-MM-DD, of the document; never the clock's */
    bool simulated;
    const char *foot[2];         /* hashes and the like; NULL: none */
    const fl_folio_watch *watch; /* NULL: nobody wants to know */
} fl_folio_look;

typedef struct fl_folio {
    fl_paper *paper;
    const fl_folio_look *look;
    double y; /* top of what comes next */
    int page, pages;
    bool counting;       /* the first of the two runs */
    int outline, titled; /* ids of cairo's outline, and how many H1 so far */
} fl_folio;

typedef void (*fl_folio_fill)(fl_folio *folio, const void *what);
/* Whole or not at all, mode 0600. FL_E_USAGE for a path that does not end in .pdf. */
FL_MUST_USE fl_status fl_folio_write(const fl_folio_look *look, fl_folio_fill fill, const void *what,
                                     const char *path, fl_error *error);

/* The same in memory, for who must hash it first. *bytes: free. */
FL_MUST_USE fl_status fl_folio_make(const fl_folio_look *look, fl_folio_fill fill, const void *what,
                                    char **bytes, size_t *size, fl_error *error);
/* How many pages it would have; for papers that must have one. */
int fl_folio_count(const fl_folio_look *look, fl_folio_fill fill, const void *what);

#define FL_FOLIO_TEXT ((fl_type){.size = 9, .shade = FL_SHADE_TEXT})
#define FL_FOLIO_SMALL ((fl_type){.size = 7.5, .shade = FL_SHADE_QUIET})

/* ---- what flows ---- */

/* 1: title of the paper, 2: section, in the outline; 3: within a section. Never the last thing on a page. */
void fl_folio_heading(fl_folio *folio, int level, const char *format, ...) FL_PRINTF(3, 4);
/* A section of a paper in large type: its size, no rule, in the outline. */
void fl_folio_section(fl_folio *folio, double size, const char *text);
/* A paragraph as wide as the page; type.wrap says otherwise. */
void fl_folio_say(fl_folio *folio, fl_type type, const char *format, ...) FL_PRINTF(3, 4);
/* The same with a dot before it. */
void fl_folio_point(fl_folio *folio, fl_type type, const char *format, ...) FL_PRINTF(3, 4);
void fl_folio_space(fl_folio *folio, double points); /* none at the top of a page */
void fl_folio_page(fl_folio *folio);                 /* a new page, unless this one is empty */
void fl_folio_keep(fl_folio *folio, double height);  /* a new page when there is less room than this */
/* Room for a drawing: its top. A new page when there is none; at most a page. */
double fl_folio_room(fl_folio *folio, double height);

typedef struct fl_folio_fact {
    const char *label;
    char value[FL_FOLIO_CELL];
} fl_folio_fact;
/* Label over value, `columns` beside each other. */
void fl_folio_facts(fl_folio *folio, const fl_folio_fact *facts, size_t count, int columns);

typedef struct fl_folio_column {
    const char *title;
    double share; /* of the width; all of a table together make 1 */
    fl_align align;
} fl_folio_column;

typedef struct fl_folio_table {
    const fl_folio_column *columns;
    size_t column_count, rows;
    /* What stands in a cell; may use room. */
    const char *(*cell)(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL]);
    bool (*strong)(const void *what, size_t row); /* a total, or what needs a look; NULL: none */
    const void *what;
    double inset;        /* from the left margin, beside a drawing */
    double size;         /* of letters; 0: 7.5 */
    const char *nothing; /* said when there are no rows; NULL: the head alone */
} fl_folio_table;
void fl_folio_table_draw(fl_folio *folio, const fl_folio_table *table);

/* A QR code of the text, as rectangles. Returns its width with the quiet zone; 0: too long for one. */
double fl_folio_qr(fl_folio *folio, double left, double top, double module, const char *text);
/* A signed checkpoint as a QR code, and a text beside it. */
void fl_folio_code(fl_folio *folio, const char *checkpoint, fl_type type, const char *text);
/* A signed checkpoint with its QR code, and how to check the paper against the log. `more` goes under it; may
 * be NULL. */
void fl_folio_seal(fl_folio *folio, const char *checkpoint, const char *more);

/* ---- what stands where it is told ---- */

/* Baseline of the first line at y; `tag` is a PDF structure type ("P", "TD") or NULL: decoration. Returns the
 * height. */
double fl_folio_put(fl_folio *folio, const char *tag, double x, double y, fl_type type, const char *text);
void fl_folio_open(fl_folio *folio, const char *tag); /* a structure that holds others: "Table", "TR" */
void fl_folio_shut(fl_folio *folio, const char *tag);

#endif
