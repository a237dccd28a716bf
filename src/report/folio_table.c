/* Tables of a folio: rows as high as what they hold, the head again on every page. */
#include "folio.h"

#include <math.h>

#define GAP 5.0 /* between columns */
#define PAD 2.6 /* above and below a row */

static double width_of(const fl_folio_table *t, size_t column)
{
    return t->columns[column].share * (FL_FOLIO_INNER - t->inset) - GAP;
}

/* Letters of the head are a little smaller. */
static fl_type type_of(const fl_folio_table *t, size_t column, bool head, bool bold, double part)
{
    return (fl_type){.size = part * ((t->size > 0 ? t->size : 7.5) - (head ? 0.5 : 0)),
                     .bold = bold,
                     .shade = FL_SHADE_TEXT,
                     .align = t->columns[column].align,
                     .wrap = width_of(t, column)};
}

static const char *text_of(const fl_folio_table *t, bool head, size_t row, size_t column,
                           char room[FL_FOLIO_CELL])
{
    room[0] = 0;
    const char *text = head ? t->columns[column].title : t->cell(t->what, row, column, room);
    return text ? text : "";
}

static bool is_strong(const fl_folio_table *t, bool head, size_t row)
{
    return head || (t->strong && t->strong(t->what, row));
}

static double height_with(fl_folio *folio, const fl_folio_table *t, bool head, size_t row, double part)
{
    char room[FL_FOLIO_CELL];
    double high = 0;
    for (size_t c = 0; c < t->column_count; c++)
        high =
            fmax(high, fl_paper_text_height(folio->paper, type_of(t, c, head, is_strong(t, head, row), part),
                                            text_of(t, head, row, c, room)));
    return high + 2 * PAD;
}

/* A row that is higher than a page is set smaller until it is not: nothing that was recorded is cut. */
static double part_of(fl_folio *folio, const fl_folio_table *t, bool head, size_t row)
{
    const double most = FL_FOLIO_BOTTOM - FL_FOLIO_TOP - 40;
    double part = 1;
    while (part > 0.3 && height_with(folio, t, head, row, part) > most) part *= 0.9;
    return part;
}

static double height_of(fl_folio *folio, const fl_folio_table *t, bool head, size_t row)
{
    return height_with(folio, t, head, row, part_of(folio, t, head, row));
}

static void draw_row(fl_folio *folio, const fl_folio_table *t, bool head, size_t row)
{
    char room[FL_FOLIO_CELL];
    const double part = part_of(folio, t, head, row), high = height_with(folio, t, head, row, part),
                 top = folio->y;
    const double left = FL_FOLIO_MARGIN + t->inset, wide = FL_FOLIO_INNER - t->inset;
    double x = left;
    if (head) fl_paper_box(folio->paper, left, top, wide, high, 0, FL_SHADE_FAINT);
    fl_folio_open(folio, "TR");
    for (size_t c = 0; c < t->column_count; c++) {
        fl_type type = type_of(t, c, head, is_strong(t, head, row), part);
        const double at = type.align == FL_ALIGN_LEFT    ? x + GAP / 2
                          : type.align == FL_ALIGN_RIGHT ? x + GAP / 2 + type.wrap
                                                         : x + GAP / 2 + type.wrap / 2;
        fl_folio_put(folio, head ? "TH" : "TD", at, top + PAD + type.size, type,
                     text_of(t, head, row, c, room));
        x += t->columns[c].share * wide;
    }
    fl_folio_shut(folio, "TR");
    folio->y += high;
    fl_paper_line(folio->paper, left, folio->y, left + wide, folio->y, 0.4, FL_SHADE_LINE);
}

void fl_folio_table_draw(fl_folio *folio, const fl_folio_table *t)
{
    const double head = height_of(folio, t, true, 0);
    if (!t->rows && t->nothing) {
        fl_folio_say(folio, FL_FOLIO_TEXT, "%s", t->nothing);
        return;
    }
    if (folio->y + head + (t->rows ? height_of(folio, t, false, 0) : 0) > FL_FOLIO_BOTTOM)
        fl_folio_page(folio);
    fl_folio_open(folio, "Table");
    draw_row(folio, t, true, 0);
    for (size_t row = 0; row < t->rows; row++) {
        if (folio->y + height_of(folio, t, false, row) > FL_FOLIO_BOTTOM) {
            fl_folio_shut(folio, "Table"); /* a table on each page: a structure stays on its page */
            fl_folio_page(folio);
            fl_folio_open(folio, "Table");
            draw_row(folio, t, true, 0);
        }
        draw_row(folio, t, false, row);
    }
    fl_folio_shut(folio, "Table");
    fl_folio_space(folio, 6);
}
