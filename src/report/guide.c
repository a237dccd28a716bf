#include "fadeline/report/guide.h"

#include "folio.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define SIZE 10.5     /* of letters: read at a bench, not at a desk */
#define GAP 14.0      /* between two pictures */
#define ALONE 0.47    /* of the width, for a picture that has no neighbour */
#define HIGHEST 225.0 /* a picture: a page of paper is read here by its headings only */
#define CELLS_MOST 6

static const fl_type letters = {.size = SIZE};

static fl_type set(double part, bool bold, fl_shade shade)
{
    fl_type type = letters;
    type.size *= part;
    type.bold = bold;
    type.shade = shade;
    return type;
}

/* ---- pictures ---- */

static cairo_surface_t *picture_of(const fl_guide *guide, const fl_guide_piece *piece)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", guide->pictures, piece->text);
    return cairo_image_surface_create_from_png(path);
}

/* One picture with its words below; its height. */
static double draw_picture(fl_folio *folio, const fl_guide *guide, const fl_guide_piece *piece, double left,
                           double top, double width, bool measure)
{
    cairo_surface_t *image = picture_of(guide, piece);
    const double wide = cairo_image_surface_get_width(image), high = cairo_image_surface_get_height(image);
    double scale = wide > 0 ? width / wide : 1;
    if (high * scale > HIGHEST) scale = HIGHEST / high;
    const double height = high * scale;
    fl_type words = set(0.82, false, FL_SHADE_QUIET);
    words.wrap = width;
    if (!measure) {
        cairo_t *cairo = folio->paper->cairo;
        cairo_save(cairo);
        cairo_translate(cairo, left, top);
        cairo_scale(cairo, scale, scale);
        cairo_set_source_surface(cairo, image, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
        cairo_paint(cairo);
        cairo_restore(cairo);
        fl_paper_frame(folio->paper, left, top, wide * scale, height, 0, 0.6, false, FL_SHADE_LINE);
        fl_folio_put(folio, "P", left, top + height + 12, words, piece->term);
    }
    cairo_surface_destroy(image);
    return height + 6 + fl_paper_text_height(folio->paper, words, piece->term) + 4;
}

/* One, or two side by side; how many pieces were taken. */
static size_t draw_pictures(fl_folio *folio, const fl_guide *guide, size_t at)
{
    const fl_guide_piece *piece = &guide->pieces[at];
    const bool two = at + 1 < guide->count && piece[1].kind == FL_GUIDE_PICTURE;
    const double width = two ? (FL_FOLIO_INNER - GAP) / 2 : ALONE * FL_FOLIO_INNER;
    double height = draw_picture(folio, guide, piece, 0, 0, width, true);
    if (two) {
        const double other = draw_picture(folio, guide, piece + 1, 0, 0, width, true);
        if (other > height) height = other;
    }
    fl_folio_space(folio, 4);
    const double top = fl_folio_room(folio, height + 4);
    draw_picture(folio, guide, piece, FL_FOLIO_MARGIN, top, width, false);
    if (two) draw_picture(folio, guide, piece + 1, FL_FOLIO_MARGIN + width + GAP, top, width, false);
    return two ? 2 : 1;
}

/* ---- tables ---- */

typedef struct rows {
    const fl_guide_piece *first; /* the head */
    size_t columns;
} rows;

/* What stands between two strokes, without the blanks around it. */
static const char *cell_of(const char *row, size_t column, char room[FL_FOLIO_CELL])
{
    const char *at = strchr(row, '|');
    for (size_t i = 0; at && i < column; i++) at = strchr(at + 1, '|');
    room[0] = 0;
    if (!at) return room;
    at += 1 + strspn(at + 1, " ");
    size_t size = strcspn(at, "|");
    while (size && at[size - 1] == ' ') size--;
    snprintf(room, FL_FOLIO_CELL, "%.*s", (int)size, at);
    return room;
}

static const char *cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const rows *r = what;
    return cell_of(r->first[row + 1].text, column, room);
}

static size_t draw_table(fl_folio *folio, const fl_guide *guide, size_t at)
{
    rows r = {.first = &guide->pieces[at]};
    for (const char *c = r.first->text; (c = strchr(c, '|')); c++) r.columns++;
    r.columns = r.columns > CELLS_MOST + 1 ? CELLS_MOST : r.columns - 1;
    size_t count = 0;
    while (at + count < guide->count && guide->pieces[at + count].kind == FL_GUIDE_ROW) count++;
    static char titles[CELLS_MOST][FL_FOLIO_CELL];
    fl_folio_column columns[CELLS_MOST];
    const double narrow = r.columns > 2 ? 0.24 : 0.34;
    for (size_t i = 0; i < r.columns; i++)
        columns[i] = (fl_folio_column){cell_of(r.first->text, i, titles[i]),
                                       i + 1 < r.columns ? narrow : 1 - narrow * (double)(r.columns - 1),
                                       FL_ALIGN_LEFT};
    const fl_folio_table table = {.columns = columns,
                                  .column_count = r.columns,
                                  .rows = count - 1,
                                  .cell = cell,
                                  .what = &r,
                                  .size = 0.9 * SIZE};
    fl_folio_space(folio, 4);
    fl_folio_table_draw(folio, &table);
    fl_folio_space(folio, 6);
    return count;
}

/* ---- text ---- */

static void draw_lines(fl_folio *folio, const char *lines)
{
    while (*lines) {
        const size_t size = strcspn(lines, "\n");
        fl_type type = set(0.84, true, FL_SHADE_TEXT);
        type.wrap = FL_FOLIO_INNER;
        fl_folio_say(folio, type, "    %.*s", (int)size, lines);
        lines += size + (lines[size] == '\n');
    }
    fl_folio_space(folio, 3);
}

static void draw_point(fl_folio *folio, const fl_guide *guide, const fl_guide_piece *piece)
{
    const bool french = fl_text_begins(guide->lang, "fr"); /* a blank before the colon */
    const fl_type type = set(1, false, FL_SHADE_TEXT);
    if (piece->term)
        fl_folio_point(folio, type, "%s%s: %s", piece->term, french ? "\xC2\xA0" : "", piece->text);
    else
        fl_folio_point(folio, type, "%s", piece->text);
}

static void fill(fl_folio *folio, const void *what)
{
    const fl_guide *guide = what;
    for (size_t i = 0; i < guide->count;) {
        const fl_guide_piece *piece = &guide->pieces[i];
        size_t taken = 1;
        switch (piece->kind) {
        case FL_GUIDE_TITLE: fl_folio_heading(folio, 1, "%s", piece->text); break;
        case FL_GUIDE_HEADING: fl_folio_section(folio, 1.3 * SIZE, piece->text); break;
        case FL_GUIDE_SUB: fl_folio_heading(folio, 3, "%s", piece->text); break;
        case FL_GUIDE_TEXT:
            fl_folio_say(folio, set(1, false, FL_SHADE_TEXT), "%s", piece->text);
            fl_folio_space(folio, 3);
            break;
        case FL_GUIDE_POINT: draw_point(folio, guide, piece); break;
        case FL_GUIDE_LINES: draw_lines(folio, piece->text); break;
        case FL_GUIDE_ROW: taken = draw_table(folio, guide, i); break;
        case FL_GUIDE_PICTURE: taken = draw_pictures(folio, guide, i); break;
        }
        i += taken;
    }
}

/* Before anything is drawn: a picture that is not there would be a hole on a page. */
static fl_status look_at_pictures(const fl_guide *guide, fl_error *error)
{
    for (size_t i = 0; i < guide->count; i++) {
        if (guide->pieces[i].kind != FL_GUIDE_PICTURE) continue;
        cairo_surface_t *image = picture_of(guide, &guide->pieces[i]);
        const cairo_status_t status = cairo_surface_status(image);
        cairo_surface_destroy(image);
        if (status != CAIRO_STATUS_SUCCESS)
            return fl_error_set(error, FL_E_FILE, "%s/%s: %s", guide->pictures, guide->pieces[i].text,
                                cairo_status_to_string(status));
    }
    return FL_OK;
}

fl_status fl_guide_write(const fl_guide *guide, const char *path, fl_error *error)
{
    const fl_status status = look_at_pictures(guide, error);
    if (status != FL_OK) return status;
    const fl_folio_look look = {
        .title = guide->title, .subject = guide->subject, .lang = guide->lang, .day = guide->day};
    return fl_folio_write(&look, fill, guide, path, error);
}
