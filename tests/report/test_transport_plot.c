/* labels: unit   timeout: 240 */
#include "check.h"

#include "helper_folder.h"

#include "fadeline/base/place.h"
#include "fadeline/report/transport_plot.h"

#include <cairo.h>
#include <unistd.h>

enum { DEPTHS = 40, RADII = 25, CURVES = 12 };

/* A made-up skin of five layers to 2 mm, and light that fades in it. */
typedef struct made {
    double edges[DEPTHS + 1], z[DEPTHS], ratio[CURVES][DEPTHS], error[CURVES][DEPTHS];
    double radius[RADII], beam[RADII], map[RADII * DEPTHS];
    fl_transport_curve curves[CURVES];
    fl_transport_picture picture;
} made;

static const double ends_mm[] = {0.08, 0.38, 1.08, 4.08, 9.08};
static const char *const names[CURVES] = {
    "2 mm spot", "4 mm spot", "wide beam, exact", "4 mm Gaussian", "4/2 mm ring, × 0.3", "0.5 mm spot",
    "6 mm spot", "8 mm spot", "10 mm spot",       "12 mm spot",    "14 mm spot",         "16 mm spot"};

static made *make(void)
{
    made *m = calloc(1, sizeof *m);
    for (int i = 0; i <= DEPTHS; i++) m->edges[i] = 2.0 * i / DEPTHS;
    for (int i = 0; i < DEPTHS; i++) {
        m->z[i] = 0.5 * (m->edges[i] + m->edges[i + 1]);
        for (int k = 0; k < CURVES; k++) {
            m->ratio[k][i] = (2.5 + 0.1 * k) * exp(-(3.1 - 0.1 * k) * m->z[i]);
            m->error[k][i] = m->ratio[k][i] * 0.03 * (1 + m->z[i]);
        }
        for (int r = 0; r < RADII; r++)
            m->map[r * DEPTHS + i] =
                3.3 * exp(-2.7 * m->z[i]) / (1 + exp(12.0 * (3.2 * r / (RADII - 1) - 2.0)));
    }
    for (int r = 0; r < RADII; r++) {
        m->radius[r] = 3.2 * r / (RADII - 1);
        m->beam[r] = m->radius[r] <= 2.0;
    }
    for (int k = 0; k < CURVES; k++)
        m->curves[k] = (fl_transport_curve){names[k], m->ratio[k], k == 2 ? NULL : m->error[k], k == 2};
    m->picture = (fl_transport_picture){.subject = "made.mci, 0.2 million photons, seed 1",
                                        .foot = "A made-up skin.",
                                        .edges_mm = m->edges,
                                        .depths = DEPTHS,
                                        .curves = m->curves,
                                        .curve_count = 3,
                                        .marks = {ends_mm, 5, 3, 0.08},
                                        .map = {.beam = "flat-top beam, 4 mm",
                                                .spot_mm = 4,
                                                .radii = RADII,
                                                .depths = DEPTHS,
                                                .radius_mm = m->radius,
                                                .z_mm = m->z,
                                                .ratio = m->map,
                                                .beam_points = RADII,
                                                .beam_mm = m->radius,
                                                .beam_ratio = m->beam}};
    return m;
}

/* How many pixels in a part of a page are darker than so much, in any colour. */
static long pixels(const char *png, int darker, double left, double top, double right, double bottom)
{
    cairo_surface_t *page = cairo_image_surface_create_from_png(folder_path(png));
    CHECK(cairo_surface_status(page) == CAIRO_STATUS_SUCCESS, "%s cannot be read", png);
    if (cairo_surface_status(page) != CAIRO_STATUS_SUCCESS) return -1;
    const int width = cairo_image_surface_get_width(page), height = cairo_image_surface_get_height(page);
    const unsigned char *data = cairo_image_surface_get_data(page);
    long count = 0;
    for (int y = (int)(top * height); y < (int)(bottom * height); y++)
        for (int x = (int)(left * width); x < (int)(right * width); x++) {
            const unsigned char *p =
                data + (size_t)y * (size_t)cairo_image_surface_get_stride(page) + 4 * (size_t)x;
            count += p[0] < darker || p[1] < darker || p[2] < darker;
        }
    cairo_surface_destroy(page);
    return count;
}

static void check_page(const char *of, const char *page)
{
    char svg[64], png[64], *bytes = NULL;
    size_t size = 0;
    snprintf(svg, sizeof svg, "%s.svg", page);
    snprintf(png, sizeof png, "%s.png", page);
    CHECK(fl_place_read(folder_path(svg), 1 << 24, &bytes, &size, NULL) == FL_OK, "%s: no %s", of, svg);
    CHECK(bytes && strstr(bytes, "<svg") && strstr(bytes, "</svg>"), "%s: %s is no picture", of, svg);
    CHECK(size < 2000000, "%s: %s has %zu bytes", of, svg, size);
    CHECK(bytes && !strstr(bytes, "nan") && !strstr(bytes, "inf"), "%s: a coordinate of %s is no number", of,
          svg);
    free(bytes);
    CHECK(pixels(png, 250, 0.05, 0.1, 0.95, 0.95) > 2000, "%s: %s is empty", of, png);
    CHECK(pixels(png, 250, 0, 0, 0.025, 1) == 0 && pixels(png, 250, 0.98, 0, 1, 1) == 0 &&
              pixels(png, 250, 0, 0, 1, 0.015) == 0 && pixels(png, 250, 0, 0.99, 1, 1) == 0,
          "%s: %s runs off the page", of, png);
}

/* Skins, curves and maps at the ends of what may come: all drawn, nothing off the page, no coordinate that is
 * none. */
static void everything_can_be_drawn(void)
{
    static const char *const rows[] = {
        "as made",       "no marks",       "one curve",     "many curves", "one depth",
        "nothing known", "all the same",   "a gap",         "no light",    "ends in the midst",
        "ink below",     "twenty decades", "no map at all", "long words",  "errors not known"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made *m = make();
        fl_transport_picture *p = &m->picture;
        char longest[400];
        memset(longest, 'w', sizeof longest - 1);
        longest[sizeof longest - 1] = 0;
        switch (i) {
        case 1: p->marks = (fl_transport_marks){0}; break;
        case 2: p->curve_count = 1; break;
        case 3: p->curve_count = CURVES; break;
        case 4: p->depths = p->map.depths = 1; break;
        case 5:
            for (int k = 0; k < DEPTHS; k++) m->ratio[0][k] = m->ratio[1][k] = m->ratio[2][k] = NAN;
            for (int k = 0; k < RADII * DEPTHS; k++) m->map[k] = NAN;
            break;
        case 6:
            for (int k = 0; k < DEPTHS; k++) m->ratio[0][k] = m->ratio[1][k] = m->ratio[2][k] = 1.0;
            for (int k = 0; k < RADII * DEPTHS; k++) m->map[k] = 1.0;
            break;
        case 7: m->ratio[0][7] = NAN, m->ratio[1][20] = INFINITY, m->map[3 * DEPTHS + 9] = NAN; break;
        case 8:
            for (int k = 0; k < DEPTHS; k++) m->ratio[0][k] = m->ratio[1][k] = m->ratio[2][k] = 0.0;
            memset(m->map, 0, sizeof m->map);
            break;
        case 9: p->marks.layers = 2, p->marks.ink_layer = 2; break;
        case 10: p->marks.ink_layer = 5, p->marks.basal_mm = 3; break;
        case 11:
            for (int k = 0; k < DEPTHS; k++) m->ratio[0][k] = pow(10, -k / 2.0);
            for (int k = 0; k < RADII * DEPTHS; k++) m->map[k] = pow(10, -(k % DEPTHS) / 2.0);
            break;
        case 12: p->map = (fl_transport_map){0}; break;
        case 13: p->subject = p->foot = longest, m->curves[0].name = longest; break;
        case 14:
            for (int k = 0; k < DEPTHS; k++) m->error[0][k] = NAN, m->error[1][k] = 10;
            break;
        default: break;
        }
        fl_error error = {0};
        folder_fresh("transport-plot");
        CHECK(fl_transport_plot_write(p, folder(), 0, &error) == FL_OK, "%s: %s", rows[i], error.what);
        check_page(rows[i], "fluence-depth");
        if (p->map.depths)
            check_page(rows[i], "isofluence");
        else
            CHECK(!fl_place_exists(folder_path("isofluence.png")), "a map of nothing");
        folder_clean();
        free(m);
    }
}

/* Each mark leaves its trace: without it, there is less on the page, where it should be. */
static void marks_can_be_seen(void)
{
    long depth[3], map[3];
    for (int k = 0; k < 3; k++) {
        made *m = make();
        if (k == 1) m->picture.marks.ink_layer = 0;
        if (k == 2) m->picture.marks.basal_mm = 0;
        folder_fresh("transport-plot");
        CHECK(fl_transport_plot_write(&m->picture, folder(), 0, NULL) == FL_OK, "refused");
        depth[k] = pixels("fluence-depth.png", 235, 0.1, 0.15, 0.85, 0.85);
        map[k] = pixels("isofluence.png", 250, 0.752, 0.15, 0.87, 0.9); /* names beside the map */
        folder_clean();
        free(m);
    }
    CHECK(depth[0] > depth[1] + 50000, "ink band: %ld pixels with, %ld without", depth[0], depth[1]);
    CHECK(depth[0] > depth[2] + 500, "basal layer: %ld pixels with, %ld without", depth[0], depth[2]);
    CHECK(map[0] > map[1] + 2000, "ink beside the map: %ld pixels with, %ld without", map[0], map[1]);
    CHECK(map[0] > map[2] + 300, "basal layer beside the map: %ld pixels with, %ld without", map[0], map[2]);
}

/* Left is right: a map has one axis, and it lies in the middle. */
static void the_map_is_mirrored(void)
{
    made *m = make();
    m->picture.marks = (fl_transport_marks){0};
    folder_fresh("transport-plot");
    CHECK(fl_transport_plot_write(&m->picture, folder(), 0, NULL) == FL_OK, "refused");
    cairo_surface_t *page = cairo_image_surface_create_from_png(folder_path("isofluence.png"));
    const int stride = cairo_image_surface_get_stride(page), height = cairo_image_surface_get_height(page);
    const unsigned char *data = cairo_image_surface_get_data(page);
    /* Along a row of pixels two thirds down, colours of the map turn about its middle; frame and labels left
     * out. */
    const unsigned char *row = data + (size_t)(height * 0.55) * (size_t)stride;
    const int left = 2 * (44 + 62) + 6, right = 2 * (1080 - 44 - 132 - 96) - 6;
    int unlike = 0;
    for (int i = 0; i < (right - left) / 2 - 60; i++)
        unlike += abs(row[4 * (left + i) + 1] - row[4 * (right - 1 - i) + 1]) > 12;
    CHECK(unlike < 20, "%d of %d pixels are not mirrored", unlike, (right - left) / 2);
    cairo_surface_destroy(page);
    folder_clean();
    free(m);
}

/* What is dark has more light: down the axis the ramp only pales, wherever no contour or number is. */
static void deeper_is_paler(void)
{
    made *m = make();
    m->picture.marks = (fl_transport_marks){0};
    folder_fresh("transport-plot");
    CHECK(fl_transport_plot_write(&m->picture, folder(), 0, NULL) == FL_OK, "refused");
    cairo_surface_t *page = cairo_image_surface_create_from_png(folder_path("isofluence.png"));
    const int stride = cairo_image_surface_get_stride(page), height = cairo_image_surface_get_height(page);
    const unsigned char *data = cairo_image_surface_get_data(page);
    const int x = 44 + 62 + (1080 - 88 - 62 - 132 - 96) / 2; /* in points; 80 pixels beside the axis */
    int last = 0, palest = 0, falls = 0;
    for (int y = 2 * 180; y < height - 2 * (48 + 62) - 8; y += 2) {
        const unsigned char *p = data + (size_t)y * (size_t)stride + 4 * (size_t)(2 * x - 80);
        const int grey = (2 * p[2] + 5 * p[1] + p[0]) / 8;
        const bool flat = grey == last; /* inside a band, not on a line */
        falls += flat && grey < palest - 2;
        if (flat && grey > palest) palest = grey;
        last = grey;
    }
    CHECK(falls == 0 && palest > 200, "%d places darker than above, palest %d", falls, palest);
    cairo_surface_destroy(page);
    folder_clean();
    free(m);
}

static void runs_have_numbers_and_repeat(void)
{
    made *m = make();
    char *before = NULL, *after = NULL;
    size_t size[2] = {0};
    folder_fresh("transport-plot");
    CHECK(fl_transport_plot_write(&m->picture, folder(), 12, NULL) == FL_OK, "refused");
    check_page("run 12", "fluence-depth-12");
    check_page("run 12", "isofluence-12");
    CHECK(fl_place_read(folder_path("isofluence-12.png"), 1 << 24, &before, &size[0], NULL) == FL_OK,
          "gone");
    CHECK(fl_transport_plot_write(&m->picture, folder(), 12, NULL) == FL_OK, "refused to replace");
    CHECK(fl_place_read(folder_path("isofluence-12.png"), 1 << 24, &after, &size[1], NULL) == FL_OK, "gone");
    CHECK(size[0] == size[1] && before && after && memcmp(before, after, size[0]) == 0, "another picture");
    free(before);
    free(after);
    folder_clean();
    free(m);
}

static void a_place_that_cannot_be_written_is_named(void)
{
    made *m = make();
    fl_error error = {0};
    CHECK(fl_transport_plot_write(&m->picture, "/dev/null/plots", 0, &error) != FL_OK &&
              strstr(error.what, "/dev/null"),
          "'%s'", error.what);
    char longest[FL_PLACE_MAX + 50];
    memset(longest, 'x', sizeof longest - 1);
    longest[0] = '/', longest[sizeof longest - 1] = 0;
    CHECK(fl_transport_plot_write(&m->picture, longest, 0, &error) != FL_OK, "a path too long");
    free(m);
}

FL_TESTS("report/transport_plot", TEST(everything_can_be_drawn), TEST(marks_can_be_seen),
         TEST(the_map_is_mirrored), TEST(deeper_is_paler), TEST(runs_have_numbers_and_repeat),
         TEST(a_place_that_cannot_be_written_is_named))
