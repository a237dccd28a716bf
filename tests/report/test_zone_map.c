/* labels: unit   timeout: 120 */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/report/zone_map.h"

#include <cairo.h>
#include <unistd.h>

static char directory[] = "/tmp/fl-zone-map-XXXXXX";

static void path_of(char *path, const char *name, const char *ending)
{
    snprintf(path, FL_PLACE_MAX, "%s/%s.%s", directory, name, ending);
}

typedef struct map {
    fl_shape *shape, *locked;
    const fl_shape *list[1];
    fl_lattice_rules rules;
    fl_lattice *lattice;
    fl_zone_picture picture;
} map;

static void make(map *m, const char *text, const char *locked, fl_lattice_order order)
{
    *m = (map){
        .rules = {
            .spot = fl_mm(3), .overlap = 0.10, .spill = fl_mm(1.5), .order = order, .clearance = fl_mm(3)}};
    CHECK(fl_shape_read(text, &m->shape, NULL) == FL_OK, "%s", text);
    if (locked) {
        CHECK(fl_shape_read(locked, &m->locked, NULL) == FL_OK, "%s", locked);
        m->list[0] = m->locked;
        m->rules.locked = m->list, m->rules.locked_count = 1;
    }
    CHECK(fl_lattice_new(m->shape, &m->rules, &m->lattice) == FL_OK, "lattice");
    m->picture = (fl_zone_picture){.title = "F-BAND",
                                   .foot = "An invented zone.",
                                   .shape = m->shape,
                                   .lattice = m->lattice,
                                   .rules = &m->rules,
                                   .rate = fl_Hz(2.5),
                                   .anaesthetic = fl_cm2(56.6)};
}

static void end(map *m)
{
    fl_lattice_free(m->lattice);
    fl_shape_free(m->shape);
    fl_shape_free(m->locked);
}

/* Pixels of about this colour. */
static int count_pixels(cairo_surface_t *image, int red, int green, int blue)
{
    const unsigned char *data = cairo_image_surface_get_data(image);
    const int width = cairo_image_surface_get_width(image), height = cairo_image_surface_get_height(image),
              stride = cairo_image_surface_get_stride(image);
    int count = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const unsigned char *p = data + y * stride + 4 * x;
            count += abs(p[2] - red) < 12 && abs(p[1] - green) < 12 && abs(p[0] - blue) < 12;
        }
    return count;
}

static cairo_surface_t *drawn(const map *m, const char *name)
{
    char path[FL_PLACE_MAX];
    fl_error error = {.what = ""};
    CHECK(fl_zone_map_write(&m->picture, directory, name, &error) == FL_OK, "%s: %s", name, error.what);
    path_of(path, name, "png");
    cairo_surface_t *image = cairo_image_surface_create_from_png(path);
    CHECK(cairo_surface_status(image) == CAIRO_STATUS_SUCCESS, "%.300s is no picture", path);
    CHECK(cairo_image_surface_get_width(image) == 2160, "%d pixels wide",
          cairo_image_surface_get_width(image));
    return image;
}

static void a_map_shows_what_it_says(void)
{
    CHECK(mkdtemp(directory) != NULL, "a directory");
    map full, thin, other, locked;
    make(&full, "band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left", NULL, FL_ORDER_ROWS);
    make(&thin, "band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left feather=0.5,0.25", NULL, FL_ORDER_ROWS);
    make(&other, "polygon:0,0 160,0 160,20 0,20", NULL, FL_ORDER_ROWS);
    make(&locked, "polygon:0,0 160,0 160,20 0,20", "polygon:60,-5 90,-5 90,25 60,25", FL_ORDER_ROWS);
    cairo_surface_t *a = drawn(&full, "full"), *b = drawn(&thin, "thin"), *c = drawn(&other, "other"),
                    *d = drawn(&locked, "locked");
    /* zone colour shows where no spot lies, keep colour only where there is a line */
    CHECK(count_pixels(b, 0xf4, 0xf1, 0xec) > 2 * count_pixels(a, 0xf4, 0xf1, 0xec) + 2000,
          "feather cannot be seen");
    CHECK(count_pixels(a, 0xb5, 0x47, 0x00) > 5000, "no keep line");
    CHECK(count_pixels(c, 0xb5, 0x47, 0x00) < 50, "a keep line where none is");
    CHECK(count_pixels(d, 0xb9, 0xbf, 0xc5) > count_pixels(c, 0xb9, 0xbf, 0xc5) + 1000,
          "a locked zone cannot be seen");
    cairo_surface_destroy(a), cairo_surface_destroy(b), cairo_surface_destroy(c), cairo_surface_destroy(d);
    char path[FL_PLACE_MAX], *svg;
    size_t size;
    path_of(path, "full", "svg");
    CHECK(fl_place_read(path, 1 << 24, &svg, &size, NULL) == FL_OK && size > 20000 && strstr(svg, "<svg"),
          "no SVG");
    free(svg);
    end(&full), end(&thin), end(&other), end(&locked);
}

/* From a zone without room to the one with the most rows: nothing is divided by nothing, nothing runs off. */
static void odd_zones_are_drawn(void)
{
    static const struct {
        const char *name, *text;
        fl_lattice_order order;
    } rows[] = {
        {"empty", "band:0,0 40,0 width=1.4 keep=left", FL_ORDER_ROWS}, /* narrower than half a spot */
        {"one", "circle:3", FL_ORDER_SPACED},
        {"small", "circle:12@900,-900", FL_ORDER_SPACED},
        {"tall", "polygon:0,0 5,0 5,400 0,400", FL_ORDER_ROWS},
        {"flat", "polygon:0,0 400,0 400,5 0,5", FL_ORDER_SPACED},
        {"large", "circle:257", FL_ORDER_ROWS},
        {"backwards", "band:160,0 80,14 0,0 width=12 keep=right feather=0.5", FL_ORDER_ROWS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        map m;
        make(&m, rows[i].text, NULL, rows[i].order);
        cairo_surface_t *image = drawn(&m, rows[i].name);
        CHECK(cairo_image_surface_get_height(image) < 2000, "%s: %d pixels high", rows[i].name,
              cairo_image_surface_get_height(image));
        CHECK(count_pixels(image, 0x22, 0x27, 0x2b) > 200, "%s: no text", rows[i].name);
        cairo_surface_destroy(image);
        end(&m);
    }
}

static void what_cannot_be_written_is_said(void)
{
    map m;
    fl_error error = {.what = ""};
    make(&m, "circle:12", NULL, FL_ORDER_ROWS);
    CHECK(fl_zone_map_write(&m.picture, "/proc/no-such-place", "map", &error) != FL_OK && error.what[0],
          "written");
    end(&m);
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    CHECK(system(command) == 0, "clean up");
}

FL_TESTS("report/zone_map", TEST(a_map_shows_what_it_says), TEST(odd_zones_are_drawn),
         TEST(what_cannot_be_written_is_said))
