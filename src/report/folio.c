#include "folio.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/show.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts at a place ---- */

void fl_folio_open(fl_folio *folio, const char *tag)
{
    cairo_tag_begin(folio->paper->cairo, tag, NULL);
}

void fl_folio_shut(fl_folio *folio, const char *tag)
{
    cairo_tag_end(folio->paper->cairo, tag);
}

double fl_folio_put(fl_folio *folio, const char *tag, double x, double y, fl_type type, const char *text)
{
    if (!*text) return 0;
    if (folio->look->watch && !folio->counting) {
        const fl_paper_extent e = fl_paper_text_extent(folio->paper, x, y, type, text);
        folio->look->watch->text(folio->look->watch->self, folio->page, e.left, e.top, e.width, e.height,
                                 text);
    }
    if (tag) fl_folio_open(folio, tag);
    const double height = fl_paper_text(folio->paper, x, y, type, "%s", text);
    if (tag) fl_folio_shut(folio, tag);
    return height;
}

/* ---- pages ---- */

static void draw_simulated(fl_folio *folio)
{
    cairo_t *c = folio->paper->cairo;
    const fl_type type = {
        .size = 112, .bold = true, .shade = fl_shade_thin(FL_SHADE_TEXT, 0.05), .align = FL_ALIGN_CENTRE};
    cairo_save(c);
    cairo_translate(c, FL_FOLIO_WIDTH / 2, FL_FOLIO_HEIGHT / 2);
    cairo_rotate(c, -0.93);
    fl_paper_text(folio->paper, 0, 40, type, "SIMULATED");
    cairo_restore(c);
}

static bool is_french(const fl_folio *folio)
{
    return folio->look->lang && strncmp(folio->look->lang, "fr", 2) == 0;
}

static void draw_head(fl_folio *folio)
{
    const double y = 36, right = FL_FOLIO_WIDTH - FL_FOLIO_MARGIN;
    char page[48];
    snprintf(page, sizeof page, is_french(folio) ? "page %d de %d" : "page %d of %d", folio->page,
             folio->pages);
    fl_type quiet = FL_FOLIO_SMALL, bold = FL_FOLIO_SMALL;
    quiet.align = FL_ALIGN_RIGHT, quiet.most = 60;
    bold.bold = true, bold.shade = FL_SHADE_TEXT, bold.most = 190;
    fl_folio_put(folio, NULL, FL_FOLIO_MARGIN, y, bold, folio->look->title);
    fl_folio_put(folio, NULL, right, y, quiet, page);
    quiet.most = folio->look->simulated ? 150 : 235;
    if (folio->look->subject) fl_folio_put(folio, NULL, right - 66, y, quiet, folio->look->subject);
    if (folio->look->simulated) {
        const fl_type stamp = {.size = 8.5, .bold = true, .shade = FL_SHADE_PAPER, .align = FL_ALIGN_CENTRE};
        fl_paper_box(folio->paper, FL_FOLIO_MARGIN + 196, y - 10.5, 76, 14.5, 2, FL_SHADE_TEXT);
        fl_folio_put(folio, NULL, FL_FOLIO_MARGIN + 234, y, stamp, "SIMULATED");
    }
    fl_paper_line(folio->paper, FL_FOLIO_MARGIN, y + 8, right, y + 8, 0.6, FL_SHADE_LINE);
}

static void draw_foot(fl_folio *folio)
{
    const double top = FL_FOLIO_HEIGHT - 52, right = FL_FOLIO_WIDTH - FL_FOLIO_MARGIN;
    fl_type quiet = {.size = 6.3, .shade = FL_SHADE_QUIET, .most = FL_FOLIO_INNER};
    char whose[160];
    snprintf(whose, sizeof whose, "Fadeline %s · %s", FL_VERSION,
             is_french(folio) ? "n'est pas un instrument médical homologué"
                              : "not a certified medical device");
    fl_paper_line(folio->paper, FL_FOLIO_MARGIN, top, right, top, 0.6, FL_SHADE_LINE);
    double y = top + 10;
    for (int i = 0; i < 2; i++)
        if (folio->look->foot[i] && *folio->look->foot[i])
            fl_folio_put(folio, NULL, FL_FOLIO_MARGIN, y, quiet, folio->look->foot[i]), y += 9;
    fl_folio_put(folio, NULL, FL_FOLIO_MARGIN, y, quiet, whose);
}

static void begin_page(fl_folio *folio)
{
    folio->page++;
    folio->y = FL_FOLIO_TOP;
    /* no white ground: what covers a whole page makes cairo 1.16 forget what was recorded before it, and with
     * it the beginning of the document's structure */
    if (folio->look->simulated) draw_simulated(folio);
    draw_head(folio);
    draw_foot(folio);
}

void fl_folio_page(fl_folio *folio)
{
    if (folio->y <= FL_FOLIO_TOP) return;
    cairo_show_page(folio->paper->cairo);
    begin_page(folio);
}

void fl_folio_keep(fl_folio *folio, double height)
{
    if (folio->y + height > FL_FOLIO_BOTTOM) fl_folio_page(folio);
}

double fl_folio_room(fl_folio *folio, double height)
{
    fl_folio_keep(folio, height);
    const double top = folio->y;
    folio->y += height;
    return top;
}

void fl_folio_space(fl_folio *folio, double points)
{
    if (folio->y > FL_FOLIO_TOP) folio->y += points;
}

/* ---- flowing text ---- */

/* In the outline: sections below the title before them. */
static void outline(fl_folio *folio, int level, const char *text)
{
    char where[64];
    if (folio->counting) return;
    cairo_surface_t *surface = cairo_get_target(folio->paper->cairo);
    snprintf(where, sizeof where, "page=%d pos=[%d %d]", folio->page, (int)FL_FOLIO_MARGIN, (int)folio->y);
    const int parent = level == 1 ? CAIRO_PDF_OUTLINE_ROOT : folio->outline;
    const int id =
        cairo_pdf_surface_add_outline(surface, parent, FL_SHOWN(text), where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
    if (level == 1) folio->outline = id;
}

void fl_folio_heading(fl_folio *folio, int level, const char *format, ...)
{
    static const double sizes[] = {17, 11, 9};
    static const double before[] = {6, 9, 6}, after[] = {6, 4, 3};
    static const char *const tags[] = {"H1", "H2", "H3"};
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    FL_ASSERT(level >= 1 && level <= 3);
    const int i = level - 1;
    const fl_type type = {.size = sizes[i], .bold = true, .shade = FL_SHADE_TEXT, .wrap = FL_FOLIO_INNER};
    const double high = fl_paper_text_height(folio->paper, type, text);
    fl_folio_space(folio, before[i]);
    if (folio->y + high + after[i] + 48 > FL_FOLIO_BOTTOM) fl_folio_page(folio); /* with something under it */
    if (level <= 2) outline(folio, level, text);
    if (level == 2 && folio->y > FL_FOLIO_TOP)
        fl_paper_line(folio->paper, FL_FOLIO_MARGIN, folio->y, FL_FOLIO_WIDTH - FL_FOLIO_MARGIN, folio->y,
                      0.6, FL_SHADE_LINE),
            folio->y += 4;
    fl_folio_put(folio, tags[i], FL_FOLIO_MARGIN, folio->y + sizes[i], type, text);
    folio->y += high + after[i];
}

void fl_folio_section(fl_folio *folio, double size, const char *text)
{
    const fl_type type = {.size = size, .bold = true, .shade = FL_SHADE_TEXT, .wrap = FL_FOLIO_INNER};
    const double high = fl_paper_text_height(folio->paper, type, text);
    fl_folio_space(folio, 0.45 * size);
    if (folio->y + high + 3 * size > FL_FOLIO_BOTTOM) fl_folio_page(folio);
    outline(folio, 2, text);
    fl_folio_put(folio, "H2", FL_FOLIO_MARGIN, folio->y + size, type, text);
    folio->y += high + 0.2 * size;
}

static void flow(fl_folio *folio, fl_type type, bool dotted, const char *text)
{
    const double indent = dotted ? 9 : 0;
    if (type.wrap <= 0) type.wrap = FL_FOLIO_INNER - indent;
    const double high = fl_paper_text_height(folio->paper, type, text);
    if (!*text) return;
    const double top = fl_folio_room(folio, fmin(high, FL_FOLIO_BOTTOM - FL_FOLIO_TOP));
    if (dotted)
        fl_paper_dot(folio->paper, FL_FOLIO_MARGIN + 2.2, top + 0.68 * type.size, 0.16 * type.size,
                     type.shade);
    fl_folio_put(folio, "P", FL_FOLIO_MARGIN + indent, top + type.size, type, text);
    fl_folio_space(folio, 0.4 * type.size);
}

void fl_folio_say(fl_folio *folio, fl_type type, const char *format, ...)
{
    char text[FL_FOLIO_CELL];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    flow(folio, type, false, text);
}

void fl_folio_point(fl_folio *folio, fl_type type, const char *format, ...)
{
    char text[FL_FOLIO_CELL];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    flow(folio, type, true, text);
}

void fl_folio_facts(fl_folio *folio, const fl_folio_fact *facts, size_t count, int columns)
{
    const double gap = 12, wide = (FL_FOLIO_INNER - gap * (columns - 1)) / columns;
    const fl_type label = {.size = 6.8, .shade = FL_SHADE_QUIET, .most = wide};
    const fl_type value = {.size = 8.5, .shade = FL_SHADE_TEXT, .wrap = wide};
    for (size_t first = 0; first < count; first += (size_t)columns) {
        const size_t end = first + (size_t)columns < count ? first + (size_t)columns : count;
        double high = 0;
        for (size_t i = first; i < end; i++)
            high = fmax(high, fl_paper_text_height(folio->paper, value, facts[i].value));
        const double top = fl_folio_room(folio, fmin(high + 16, FL_FOLIO_BOTTOM - FL_FOLIO_TOP));
        for (size_t i = first; i < end; i++) {
            const double x = FL_FOLIO_MARGIN + (double)(i - first) * (wide + gap);
            fl_folio_put(folio, "P", x, top + 7.5, label, facts[i].label);
            fl_folio_put(folio, "P", x, top + 18.5, value, facts[i].value);
        }
    }
    fl_folio_space(folio, 3);
}

/* ---- the whole ---- */

typedef struct binding {
    const fl_folio_look *look;
    fl_folio_fill fill;
    const void *what;
} binding;

static int run(fl_paper *paper, const binding *b, int pages)
{
    fl_folio folio = {.paper = paper, .look = b->look, .pages = pages, .counting = pages == 0};
    fl_folio_open(&folio, "Document");
    begin_page(&folio);
    b->fill(&folio, b->what);
    fl_folio_shut(&folio, "Document");
    return folio.page;
}

static cairo_status_t forget(void *closure, const unsigned char *data, unsigned length)
{
    (void)closure, (void)data, (void)length;
    return CAIRO_STATUS_SUCCESS;
}

/* Counted on a page of the same kind: another surface would measure letters another way. */
static int count_pages(const binding *b)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(forget, NULL, FL_FOLIO_WIDTH, FL_FOLIO_HEIGHT);
    fl_paper paper = {cairo_create(surface), FL_FOLIO_WIDTH, FL_FOLIO_HEIGHT, NULL};
    const int pages = run(&paper, b, 0);
    cairo_destroy(paper.cairo);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    return pages;
}

static void paint(fl_paper *paper, const void *what)
{
    const binding *b = what;
    const int counted = count_pages(b), drawn = run(paper, b, counted);
    FL_ASSERT(drawn == counted);
}

fl_status fl_folio_make(const fl_folio_look *look, fl_folio_fill fill, const void *what, char **bytes,
                        size_t *size, fl_error *error)
{
    char title[240];
    snprintf(title, sizeof title, "%s%s%s%s", look->title, look->subject ? ", " : "",
             look->subject ? look->subject : "", look->simulated ? " (SIMULATED)" : "");
    const binding b = {look, fill, what};
    const fl_paper_page page = {.width = FL_FOLIO_WIDTH,
                                .height = FL_FOLIO_HEIGHT,
                                .is_points = true,
                                .title = title,
                                .lang = look->lang,
                                .day = look->day};
    return fl_paper_make_page(FL_PAPER_PDF, paint, &b, &page, bytes, size, error);
}

fl_status fl_folio_write(const fl_folio_look *look, fl_folio_fill fill, const void *what, const char *path,
                         fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    if (fl_paper_kind_of(path) != FL_PAPER_PDF)
        return fl_error_set(error, FL_E_USAGE, "this paper is written as .pdf, not as '%.200s'", path);
    fl_status status = fl_folio_make(look, fill, what, &bytes, &size, error);
    if (status == FL_OK) status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    return status;
}

int fl_folio_count(const fl_folio_look *look, fl_folio_fill fill, const void *what)
{
    const binding b = {look, fill, what};
    return count_pages(&b);
}
