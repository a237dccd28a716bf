/* The photo with what was looked at drawn on it: a wrong corner is seen at once by eye, and by nothing else
 * so surely. */
#include "colour_answer.h"

#include "fadeline/report/paper_file.h"

#include <math.h>
#include <stdio.h>

#define SIDE_MOST 1600.0 /* pixels of the picture's longer side */

/* ---- the photo, smaller ---- */

static unsigned code(double light)
{
    return (unsigned)lround(255.0 * fmin(1.0, fmax(0.0, fl_srgb_encode(light))));
}

static cairo_surface_t *shrink(const fl_photo *photo, double scale)
{
    const int width = (int)fmax(1.0, floor(photo->width * scale)),
              height = (int)fmax(1.0, floor(photo->height * scale));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) return surface;
    cairo_surface_flush(surface);
    unsigned char *rows = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)(rows + (size_t)y * stride);
        for (int x = 0; x < width; x++) {
            /* the mean light of the pixels that fall into one */
            const unsigned x0 = (unsigned)(x / scale), y0 = (unsigned)(y / scale);
            const unsigned x1 = (unsigned)fmin(photo->width, fmax(x0 + 1, (x + 1) / scale));
            const unsigned y1 = (unsigned)fmin(photo->height, fmax(y0 + 1, (y + 1) / scale));
            fl_rgb sum = {0, 0, 0};
            for (unsigned v = y0; v < y1; v++)
                for (unsigned u = x0; u < x1; u++) {
                    const fl_rgb light = fl_photo_at(photo, u, v);
                    sum = (fl_rgb){sum.r + light.r, sum.g + light.g, sum.b + light.b};
                }
            const double n = (double)(x1 - x0) * (y1 - y0);
            row[x] = code(sum.r / n) << 16 | code(sum.g / n) << 8 | code(sum.b / n);
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

/* ---- marks: white on black, so that they are seen on any skin ---- */

static void stroke(cairo_t *c, double width, double r, double g, double b)
{
    cairo_set_source_rgb(c, 0, 0, 0);
    cairo_set_line_width(c, width + 2.4);
    cairo_stroke_preserve(c);
    cairo_set_source_rgb(c, r, g, b);
    cairo_set_line_width(c, width);
    cairo_stroke(c);
}

static void label(cairo_t *c, fl_paper_words *words, double x, double y, double size, const char *text)
{
    cairo_text_extents_t box;
    fl_paper_words_add(words, text);
    cairo_select_font_face(c, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(c, size);
    cairo_text_extents(c, text, &box);
    cairo_rectangle(c, x + box.x_bearing - 4, y + box.y_bearing - 4, box.width + 8, box.height + 8);
    cairo_set_source_rgba(c, 0, 0, 0, 0.72);
    cairo_fill(c);
    cairo_move_to(c, x, y);
    cairo_set_source_rgb(c, 1, 1, 1);
    cairo_show_text(c, text);
    cairo_new_path(c);
}

static void trace_box(cairo_t *c, const fl_plane *plane, double x, double y, double half_width,
                      double half_height, double scale)
{
    static const int order[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (int i = 0; i < 4; i++) {
        const fl_point at =
            fl_plane_to_photo(plane, (fl_point){x + order[i][0] * half_width, y + order[i][1] * half_height});
        if (i)
            cairo_line_to(c, scale * at.x, scale * at.y);
        else
            cairo_move_to(c, scale * at.x, scale * at.y);
    }
    cairo_close_path(c);
}

static void draw_card(cairo_t *c, fl_paper_words *words, const colour_answer *a, double scale)
{
    const fl_card_file *card = fl_card_content(a->card);
    const fl_plane *plane = &a->correction.plane;
    trace_box(c, plane, 0.5, 0.5, 0.5, 0.5, scale);
    stroke(c, 2.0, 1, 1, 1);
    for (size_t i = 0; i < a->correction.patches; i++) {
        const fl_patch_reading *p = &a->correction.patch[i];
        const bool bad = p->clipped > FL_COLOUR_CLIPPED_MAX ||
                         p->spread_L_star > FL_COLOUR_PATCH_SPREAD_MAX ||
                         (a->correction.is_fitted && p->delta_e_2000 > FL_COLOUR_RESIDUAL_MAX);
        trace_box(c, plane, card->patches[i].x, card->patches[i].y, card->patch_width / 4,
                  card->patch_height / 4, scale);
        if (bad) { /* crossed out as well as red: colour is never the only sign */
            const fl_point at = {scale * p->at.x, scale * p->at.y};
            cairo_move_to(c, at.x - 6, at.y - 6), cairo_line_to(c, at.x + 6, at.y + 6);
            cairo_move_to(c, at.x - 6, at.y + 6), cairo_line_to(c, at.x + 6, at.y - 6);
        }
        stroke(c, bad ? 2.0 : 1.0, 1, bad ? 0.3 : 1, bad ? 0.2 : 1);
    }
    static const char *const corners[4] = {"1 top left", "2", "3", "4"};
    for (int i = 0; i < 4; i++)
        label(c, words, scale * a->corners.corner[i].x + (i == 1 || i == 2 ? 8 : -4),
              scale * a->corners.corner[i].y + (i < 2 ? -10 : 20), 13, corners[i]);
}

static void draw_regions(cairo_t *c, fl_paper_words *words, const colour_answer *a, double scale)
{
    for (int kind = 0; kind < COLOUR_KINDS; kind++)
        for (size_t i = 0; i < a->circle_count[kind]; i++) {
            const fl_circle *circle = &a->circles[kind][i];
            const double x = scale * circle->x, y = scale * circle->y, r = scale * circle->radius;
            static const double dash[COLOUR_KINDS][2] = {{1, 0}, {9, 5}, {2, 4}}; /* solid, dashed, dotted */
            cairo_new_sub_path(c);
            cairo_arc(c, x, y, r, 0, 2 * M_PI);
            if (kind) cairo_set_dash(c, dash[kind], 2, 0);
            stroke(c, 2.2, 1, 1, 1);
            cairo_set_dash(c, NULL, 0, 0);
            char text[80];
            if (a->has_region[kind] && !a->reasons.count)
                snprintf(text, sizeof text, "%s  L* %.0f  a* %.0f  b* %.0f", colour_kind_titles[kind],
                         a->region[kind].lab.L_star, a->region[kind].lab.a_star, a->region[kind].lab.b_star);
            else
                snprintf(text, sizeof text, "%s", colour_kind_titles[kind]);
            cairo_text_extents_t box;
            cairo_select_font_face(c, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
            cairo_set_font_size(c, 13);
            cairo_text_extents(c, text, &box);
            const bool above =
                kind != COLOUR_SITE && y - r > 26; /* the site lies beside the ink: its name goes below */
            const double most = scale * a->photo->width - box.width - 6;
            label(c, words, fmax(6, fmin(most, x - box.width / 2)), above ? y - r - 9 : y + r + 20, 13, text);
        }
}

typedef struct picture {
    const colour_answer *answer;
    cairo_surface_t *photo;
    double scale;
} picture;

static void draw(cairo_t *c, fl_paper_words *words, const void *what)
{
    const picture *p = what;
    const colour_answer *a = p->answer;
    cairo_set_source_surface(c, p->photo, 0, 0);
    cairo_paint(c);
    cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
    draw_card(c, words, a, p->scale);
    draw_regions(c, words, a, p->scale);
    char foot[300];
    if (a->reasons.count)
        snprintf(foot, sizeof foot, "REFUSED: %s", a->reasons.list[0].code);
    else if (a->has_contrast)
        snprintf(foot, sizeof foot, "ink contrast %.1f ± %.1f (CIEDE2000)   card off by %.1f in the mean",
                 a->contrast.delta_e_2000, a->contrast.uncertainty, a->correction.residual_mean);
    else
        snprintf(foot, sizeof foot, "card off by %.1f (CIEDE2000) in the mean", a->correction.residual_mean);
    label(c, words, 12, cairo_image_surface_get_height(p->photo) - 14, 14, foot);
}

static fl_status render(const colour_answer *a, fl_paper_kind kind, const char *path, fl_error *error)
{
    const double scale = fmin(1.0, SIDE_MOST / fmax(a->photo->width, a->photo->height));
    const picture p = {a, shrink(a->photo, scale), scale};
    const fl_paper_page page = {.width = cairo_image_surface_get_width(p.photo),
                                .height = cairo_image_surface_get_height(p.photo),
                                .mode = 0600, /* a person's skin: for the owner's eyes */
                                .title = "What was looked at in the photo"};
    const fl_status status = fl_paper_file_write(kind, draw, &p, &page, path, error);
    cairo_surface_destroy(p.photo);
    return status;
}

fl_status colour_draw_png(const colour_answer *a, const char *path, fl_error *error)
{
    return render(a, FL_PAPER_PNG, path, error);
}

fl_status colour_draw_svg(const colour_answer *a, const char *path, fl_error *error)
{
    return render(a, FL_PAPER_SVG, path, error);
}
