/* Paper: a page to draw on, in points, with text by Pango. Knows nothing of plans or light. */
#ifndef FL_REPORT_PAPER_H
#define FL_REPORT_PAPER_H

#include "fadeline/report/paper_file.h"

typedef struct fl_paper {
    cairo_t *cairo;
    double width, height;
    fl_paper_words *words; /* what fl_paper_text wrote; NULL: nobody wants to know */
} fl_paper;

typedef struct fl_shade {
    double red, green, blue, alpha;
} fl_shade;

#define FL_SHADE(hex)                                                                                        \
    ((fl_shade){((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0, 1.0})
fl_shade fl_shade_thin(fl_shade shade, double alpha);

#define FL_SHADE_TEXT FL_SHADE(0x22272b)
#define FL_SHADE_QUIET FL_SHADE(0x6b747c)
#define FL_SHADE_LINE FL_SHADE(0xc9ced3)
#define FL_SHADE_FAINT FL_SHADE(0xe9ecee)
#define FL_SHADE_PAPER FL_SHADE(0xffffff)

typedef enum fl_align { FL_ALIGN_LEFT, FL_ALIGN_CENTRE, FL_ALIGN_RIGHT } fl_align;

typedef struct fl_type { /* how a text is set */
    double size;
    bool bold;
    fl_shade shade;
    fl_align align;
    double wrap; /* width to break lines at; 0: one line, cut with an ellipsis at `most` */
    int lines;   /* with wrap: at most so many, the last with an ellipsis; 0: as many as it takes */
    double most; /* 0: as wide as it is */
} fl_type;

/* Baseline of the first line at y. Returns the height of the whole text. */
double fl_paper_text(fl_paper *paper, double x, double y, fl_type type, const char *format, ...)
    FL_PRINTF(5, 6);
double fl_paper_text_width(fl_paper *paper, fl_type type, const char *text);
double fl_paper_text_height(fl_paper *paper, fl_type type,
                            const char *text); /* as fl_paper_text would return */
/* Where fl_paper_text would put the letters: the box around all its lines. */
typedef struct fl_paper_extent {
    double left, top, width, height;
} fl_paper_extent;
fl_paper_extent fl_paper_text_extent(fl_paper *paper, double x, double y, fl_type type, const char *text);

void fl_paper_line(fl_paper *paper, double x0, double y0, double x1, double y1, double width, fl_shade shade);
void fl_paper_box(fl_paper *paper, double x, double y, double width, double height, double radius,
                  fl_shade fill);
void fl_paper_frame(fl_paper *paper, double x, double y, double width, double height, double radius,
                    double line, bool dashed, fl_shade shade);
/* Slanted strokes: what is not there. */
void fl_paper_hatch(fl_paper *paper, double x, double y, double width, double height, fl_shade shade);
void fl_paper_dot(fl_paper *paper, double x, double y, double radius, fl_shade fill);

/* Draws a page twice: NAME.svg in points, and NAME.png with two pixels a point. Each file appears whole or
 * not at all; what stood there is replaced. The directory must be there. */
typedef void (*fl_paper_draw)(fl_paper *paper, const void *what);
FL_MUST_USE fl_status fl_paper_write(fl_paper_draw draw, const void *what, double width, double height,
                                     const char *directory, const char *name, fl_error *error);
/* The same, one file of one kind. */
FL_MUST_USE fl_status fl_paper_write_page(fl_paper_kind kind, fl_paper_draw draw, const void *what,
                                          const fl_paper_page *page, const char *path, fl_error *error);
FL_MUST_USE fl_status fl_paper_make_page(fl_paper_kind kind, fl_paper_draw draw, const void *what,
                                         const fl_paper_page *page, char **bytes, size_t *size,
                                         fl_error *error);

#endif
