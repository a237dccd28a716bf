/* labels: unit   timeout: 300 */
/* A folio breaks by itself: whatever is written, nothing lies on anything else, nothing leaves the page,
 * every row is there, and readers of screens find headings, tables and the language. */
#include "check.h"

#include "folio.h"
#include "helper_folder.h"
#include "helper_pdf.h"

#include "fadeline/base/place.h"

#include <qrencode.h>

static const char *path_of(const char *name)
{
    if (!folder()[0]) {
        folder_fresh("folio");
        CHECK(fl_place_make(folder(), NULL) == FL_OK, "no folder");
        atexit(folder_clean);
    }
    return folder_path(name);
}

/* ---- what was drawn where ---- */

typedef struct box {
    int page;
    double left, top, width, height;
    char text[48];
} box;

static struct {
    box *list;
    size_t count, room;
} drawn;

static void note_box(void *self, int page, double left, double top, double width, double height,
                     const char *text)
{
    (void)self;
    if (drawn.count == drawn.room) {
        drawn.room = 2 * drawn.room + 256;
        drawn.list = realloc(drawn.list, drawn.room * sizeof *drawn.list);
        if (!drawn.list) abort();
    }
    box *b = &drawn.list[drawn.count++];
    *b = (box){page, left, top, width, height, ""};
    snprintf(b->text, sizeof b->text, "%s", text);
}
static const fl_folio_watch watch = {note_box, NULL};

static bool meet(const box *a, const box *b)
{
    const double slack = 0.35; /* of a point: the box of a line is higher than its letters */
    return a->page == b->page && a->left + slack < b->left + b->width &&
           b->left + slack < a->left + a->width && a->top + slack < b->top + b->height &&
           b->top + slack < a->top + a->height;
}

static size_t faults(char *first, size_t size)
{
    size_t found = 0;
    for (size_t i = 0; i < drawn.count; i++) {
        const box *a = &drawn.list[i];
        if (a->left < 30 || a->top < 20 || a->left + a->width > FL_FOLIO_WIDTH - 30 ||
            a->top + a->height > FL_FOLIO_HEIGHT - 12)
            if (!found++) snprintf(first, size, "page %d: '%s' leaves it", a->page, a->text);
        for (size_t k = 0; k < i; k++)
            if (meet(a, &drawn.list[k]) && !found++)
                snprintf(first, size, "page %d: '%s' on '%s'", a->page, a->text, drawn.list[k].text);
    }
    return found;
}

/* ---- random papers ---- */

static unsigned long long seed;
static unsigned below(unsigned n)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(seed >> 33) % n;
}

static const char *words(char *room, size_t size, unsigned most)
{
    static const char *const all[] = {
        "été",   "spot",    "1064",     "nm",
        "Œuvre", "de",      "zone",     "ÀÉÎÕÜ",
        "p",     "fluence", "imprévue", "0123456789",
        "J/cm²", "client",  "gj|Qpy",   "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"};
    const unsigned count = below(most) + (most > 3);
    size_t length = 0;
    room[0] = 0;
    for (unsigned i = 0; i < count && length + 80 < size; i++)
        length += (size_t)snprintf(room + length, size - length, "%s%s", i ? " " : "",
                                   all[below(sizeof all / sizeof *all)]);
    return room;
}

static const char *random_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const unsigned long long kept = seed;
    seed = *(const unsigned long long *)what + 7919 * row + 104729 * column;
    below(2), below(2);
    words(room, FL_FOLIO_CELL, below(12) == 0 ? 60 : 5);
    seed = kept;
    return room;
}

static bool odd(const void *what, size_t row)
{
    (void)what;
    return row % 3 == 1;
}

static void random_paper(fl_folio *folio, const void *what)
{
    static const fl_folio_column columns[] = {{"when", 0.12, FL_ALIGN_LEFT},
                                              {"a long title of a column", 0.13, FL_ALIGN_RIGHT},
                                              {"who", 0.35, FL_ALIGN_LEFT},
                                              {"middle", 0.15, FL_ALIGN_CENTRE},
                                              {"n", 0.25, FL_ALIGN_RIGHT}};
    char room[FL_FOLIO_CELL];
    seed = *(const unsigned long long *)what;
    fl_folio_heading(folio, 1, "%s", words(room, 300, 9));
    for (int part = 0; part < 9; part++) switch (below(6)) {
        case 0: fl_folio_heading(folio, 2 + (int)below(2), "%s", words(room, 300, 9)); break;
        case 1: fl_folio_say(folio, FL_FOLIO_TEXT, "%s", words(room, sizeof room, 120)); break;
        case 2: fl_folio_point(folio, FL_FOLIO_SMALL, "%s", words(room, sizeof room, 40)); break;
        case 3: {
            fl_folio_fact facts[7];
            const size_t count = 1 + below(7);
            for (size_t i = 0; i < count; i++)
                facts[i].label = "a label", words(facts[i].value, sizeof facts[i].value, 20);
            fl_folio_facts(folio, facts, count, 1 + (int)below(4));
            break;
        }
        case 4: {
            const fl_folio_table table = {.columns = columns,
                                          .column_count = 5,
                                          .rows = below(5) ? below(30) : 200,
                                          .cell = random_cell,
                                          .strong = odd,
                                          .what = what,
                                          .inset = below(3) ? 0 : 120,
                                          .nothing = "none"};
            fl_folio_table_draw(folio, &table);
            break;
        }
        default: fl_folio_room(folio, 20 + below(300)); break;
        }
    fl_folio_seal(folio, "origin.example/log\n12\nnK/jH6Ci6hLA2jJK6lR64pj4KuO6RgYr2XnDbSRQYqE=\n\n— a b\n",
                  NULL);
}

static fl_folio_look look_of(bool simulated)
{
    return (fl_folio_look){
        .title = "A title that is rather long, longer than most, and longer than its place",
        .subject = "Somewhere with a very long name of a site, device SIM-0007-AND-MORE-OF-IT",
        .lang = "en",
        .day = "2026-05-04",
        .simulated = simulated,
        .foot = {"entry 689 7be40f3ab4a7ce0b7dc1be996ca18ca57f43c0b6713864818ecb3faaa534b348",
                 "before it, 688 7be40f3ab4a7ce0b7dc1be996ca18ca57f43c0b6713864818ecb3faaa534b348"},
        .watch = &watch};
}

static void nothing_lies_on_anything(void)
{
    char first[200] = "";
    size_t boxes = 0;
    for (unsigned long long of = 1; of <= 24; of++) {
        fl_error error = {.what = ""};
        fl_folio_look look = look_of(of % 2);
        drawn.count = 0;
        CHECK(fl_folio_write(&look, random_paper, &of, path_of("random.pdf"), &error) == FL_OK, "%s",
              error.what);
        boxes += drawn.count;
        const size_t found = faults(first, sizeof first);
        CHECK(!found, "paper %llu: %zu faults, the first %s", of, found, first);
    }
    CHECK(boxes > 5000, "only %zu texts were looked at", boxes);
}

/* The checker itself: a text set where another is, and one beyond the edge. */
static void bad_layout(fl_folio *folio, const void *what)
{
    fl_folio_say(folio, FL_FOLIO_TEXT, "here");
    const double y = folio->y;
    if (what)
        fl_folio_put(folio, "P", FL_FOLIO_MARGIN + 5, y - 4, FL_FOLIO_TEXT, "there");
    else
        fl_folio_put(folio, "P", FL_FOLIO_WIDTH - 45, y + 20, FL_FOLIO_TEXT, "beyond");
}

static void a_bad_layout_is_seen(void)
{
    char first[200];
    for (int i = 0; i < 2; i++) {
        const fl_folio_look look = look_of(false);
        drawn.count = 0;
        CHECK(fl_folio_write(&look, bad_layout, i ? "x" : NULL, path_of("bad.pdf"), NULL) == FL_OK,
              "no file");
        CHECK(faults(first, sizeof first) == 1, "fault %d was not seen", i);
    }
}

static const char *numbered(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    (void)what;
    snprintf(room, FL_FOLIO_CELL, column ? "r%03zu is «été, Œuvre, naïve, garçon»" : "%zu", row);
    return room;
}

static void long_table(fl_folio *folio, const void *what)
{
    static const fl_folio_column columns[] = {{"n", 0.1, FL_ALIGN_RIGHT}, {"HEAD-OF-IT", 0.9, FL_ALIGN_LEFT}};
    const fl_folio_table table = {
        .columns = columns, .column_count = 2, .rows = 200, .cell = numbered, .what = what};
    fl_folio_heading(folio, 1, "Registre des séances");
    fl_folio_heading(folio, 2, "Two hundred");
    fl_folio_table_draw(folio, &table);
}

static void every_row_is_there_and_every_page_has_its_head(void)
{
    fl_folio_look look = look_of(true);
    look.lang = "fr-CA";
    CHECK(fl_folio_write(&look, long_table, NULL, path_of("long.pdf"), NULL) == FL_OK, "no file");
    char *text = pdf_text(path_of("long.pdf"));
    const int pages = pdf_pages(path_of("long.pdf"));
    CHECK(pages >= 4, "%d pages", pages);
    int heads = 0, stamps = 0;
    for (const char *at = text; (at = strstr(at, "HEAD-OF-IT")); at++) heads++;
    for (const char *at = text; (at = strstr(at, "SIMULATED")); at++) stamps++;
    CHECK(heads == pages && stamps >= pages, "%d heads, %d stamps on %d pages", heads, stamps, pages);
    for (int i = 0; i < 200; i++) {
        char row[60];
        snprintf(row, sizeof row, "r%03d is «été, Œuvre, naïve, garçon»", i);
        CHECK(strstr(text, row), "no row %d", i);
    }
    for (int i = 1; i <= pages; i++) {
        char line[40];
        snprintf(line, sizeof line, "page %d de %d", i, pages);
        CHECK(strstr(text, line), "no '%s'", line);
    }
    free(text);
    long fewest;
    CHECK(pdf_dark_at_edge(path_of("long.pdf"), 20, &fewest) == 0 && fewest > 500,
          "ink at the edge, or none: %ld", fewest);
}

static void readers_of_screens_find_their_way(void)
{
    fl_folio_look look = look_of(false);
    look.lang = "fr-CA";
    CHECK(fl_folio_write(&look, long_table, NULL, path_of("tags.pdf"), NULL) == FL_OK, "no file");
    char *info = pdf_tool("pdfinfo '%s' 2>&1", path_of("tags.pdf"));
    CHECK(strstr(info, "Tagged:") && strstr(strstr(info, "Tagged:"), "yes"), "not tagged: %s", info);
    CHECK(!strstr(info, "rror") && strstr(info, "A title that is rather long"), "%s", info);
    free(info);
    char *tree = pdf_tool("pdfinfo -struct-text '%s' 2>&1", path_of("tags.pdf"));
    CHECK(strstr(tree, "H1") && strstr(tree, "Table") && strstr(tree, "TH") && strstr(tree, "TD") &&
              strstr(tree, "r199 is"),
          "the structure: %.400s", tree);
    CHECK(!strstr(tree, "SIMULATED") && !strstr(tree, "rror"), "%.300s", tree);
    free(tree);
    char *bytes = NULL;
    size_t size = 0;
    CHECK(fl_place_read(path_of("tags.pdf"), 1 << 24, &bytes, &size, NULL) == FL_OK, "not there");
    CHECK(memmem(bytes, size, "/Lang (fr-CA)", 13) && memmem(bytes, size, "/Outlines", 9),
          "no language, no outline");
    free(bytes);
}

static void the_same_paper_is_the_same_bytes(void)
{
    const fl_folio_look look = look_of(false);
    char *a = NULL, *b = NULL;
    size_t a_size = 0, b_size = 0;
    CHECK(fl_folio_write(&look, long_table, NULL, path_of("a.pdf"), NULL) == FL_OK, "no file");
    CHECK(fl_folio_write(&look, long_table, NULL, path_of("b.pdf"), NULL) == FL_OK, "no file");
    CHECK(fl_place_read(path_of("a.pdf"), 1 << 24, &a, &a_size, NULL) == FL_OK, "not there");
    CHECK(fl_place_read(path_of("b.pdf"), 1 << 24, &b, &b_size, NULL) == FL_OK, "not there");
    CHECK(a_size == b_size && memcmp(a, b, a_size) == 0, "other bytes");
    free(a), free(b);
}

/* ---- the code ---- */

static const char note[] =
    "SIMULATED/fadeline.local/console/a0be1498e6880694c5e6898a1a64fa46\n692\n"
    "nK/jH6Ci6hLA2jJK6lR64pj4KuO6RgYr2XnDbSRQYqE=\n\n"
    "— SIMULATED/fadeline.local/console/a0be1498e6880694c5e6898a1a64fa46 "
    "cEyoHDaoLv8zujb123na5JpqqGi/z+bESTFO8pvp7Zd9Z9Wwm4RcycqaIjiRPdf+xgakry5XI3Dr1z1wBVrvEf1O6Qg=\n";
#define QR_LEFT 100.0
#define QR_TOP 120.0
#define QR_MODULE 1.35

static void one_code(fl_folio *folio, const void *what)
{
    fl_folio_qr(folio, QR_LEFT, QR_TOP, QR_MODULE, what);
}

/* Module by module, as a camera sees it, against the matrix of the text. */
static int wrong_modules(const char *text)
{
    const int scale = 8; /* 576 dpi */
    free(pdf_tool("pdftoppm -r %d -png -singlefile '%s' '%s.qr'", 72 * scale, path_of("qr.pdf"),
                  path_of("qr.pdf")));
    char png[1100];
    snprintf(png, sizeof png, "%s.qr.png", path_of("qr.pdf"));
    cairo_surface_t *s = cairo_image_surface_create_from_png(png);
    QRcode *code = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_L);
    int wrong = 0;
    for (int y = -4; y < code->width + 4; y++)
        for (int x = -4; x < code->width + 4; x++) {
            const bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
            const bool dark = inside && code->data[y * code->width + x] & 1;
            const int px = (int)(scale * (QR_LEFT + (x + 4.5) * QR_MODULE)),
                      py = (int)(scale * (QR_TOP + (y + 4.5) * QR_MODULE));
            const unsigned char *p = cairo_image_surface_get_data(s) +
                                     (size_t)py * (size_t)cairo_image_surface_get_stride(s) + 4 * (size_t)px;
            wrong += dark != (p[1] < 128);
        }
    QRcode_free(code);
    cairo_surface_destroy(s);
    return wrong;
}

static void the_code_is_the_checkpoint(void)
{
    const fl_folio_look look = look_of(true);
    CHECK(fl_folio_write(&look, one_code, note, path_of("qr.pdf"), NULL) == FL_OK, "no file");
    CHECK(wrong_modules(note) == 0, "%d modules are wrong", wrong_modules(note));
    char other[sizeof note];
    memcpy(other, note, sizeof note);
    other[66] = '7'; /* another size of the log */
    CHECK(wrong_modules(other) > 0, "the test cannot tell two codes apart");
}

FL_TESTS("report/folio", TEST(nothing_lies_on_anything), TEST(a_bad_layout_is_seen),
         TEST(every_row_is_there_and_every_page_has_its_head), TEST(readers_of_screens_find_their_way),
         TEST(the_same_paper_is_the_same_bytes), TEST(the_code_is_the_checkpoint))
