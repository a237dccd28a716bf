/* libjpeg leaves by longjmp: all that must survive it lives in `work`, never in a local variable of the
 * function that called setjmp. */
#include "small.h"

#include <cairo.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#define SCANS_MAX 100 /* a progressive file of thousands of empty scans would keep a thread for hours */
#define QUALITY 85

typedef struct work {
    const unsigned char *bytes;
    size_t size, read; /* read: of a PNG so far */
    unsigned side;
    bool measure;  /* the head only */
    unsigned turn; /* Exif 2.32, tag 0x0112: 1 as it stands, 3 half round, 6 and 8 a quarter */
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    JSAMPROW row;
    cairo_surface_t *from, *to;
    small_picture made;
    bool done;
    char why[JMSG_LENGTH_MAX];
    jmp_buf leave;
} work;

static void stop(work *w, const char *why)
{
    snprintf(w->why, sizeof w->why, "%s", why);
    longjmp(w->leave, 1);
}

static void fail(j_common_ptr jpeg)
{
    work *w = jpeg->client_data;
    jpeg->err->format_message(jpeg, w->why);
    longjmp(w->leave, 1);
}

/* libjpeg goes on after damage and paints what is missing grey. Not here; what cameras do wrong without harm
 * may pass. */
static void warn(j_common_ptr jpeg, int level)
{
    const int code = jpeg->err->msg_code;
    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR)
        fail(jpeg);
}

static void silent(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void watch_scans(j_common_ptr jpeg)
{
    work *w = jpeg->client_data;
    if (w->in.input_scan_number > SCANS_MAX) stop(w, "it has too many scans");
}

/* ---- how the camera was held ---- */

static uint32_t number(const uint8_t *at, unsigned bytes, bool big)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++) value |= (uint32_t)at[i] << 8 * (big ? bytes - 1 - i : i);
    return value;
}

/* The first directory only; whatever does not fit says nothing. */
static unsigned turn_of(const uint8_t *exif, size_t size)
{
    if (size < 14 || memcmp(exif, "Exif\0\0", 6) != 0) return 1;
    const uint8_t *tiff = exif + 6;
    size -= 6;
    const bool big = tiff[0] == 'M';
    const uint32_t first = number(tiff + 4, 4, big);
    if (first > size || size - first < 2) return 1;
    const uint32_t count = number(tiff + first, 2, big);
    for (uint32_t i = 0; i < count && first + 2 + (size_t)12 * (i + 1) <= size; i++) {
        const uint8_t *entry = tiff + first + 2 + (size_t)12 * i;
        if (number(entry, 2, big) != 0x0112) continue;
        const uint32_t turn = number(entry + 8, 2, big);
        return turn >= 1 && turn <= 8 ? turn : 1;
    }
    return 1;
}

/* ---- in ---- */

typedef struct fitted { /* as it is stored, not yet turned */
    unsigned wide, high;
} fitted;

static fitted fit(work *w, unsigned width, unsigned height)
{
    const unsigned longer = width > height ? width : height;
    const double scale = longer > w->side ? (double)w->side / longer : 1.0;
    fitted f = {(unsigned)(width * scale + 0.5), (unsigned)(height * scale + 0.5)};
    if (!f.wide) f.wide = 1;
    if (!f.high) f.high = 1;
    const bool across = w->turn >= 5; /* a quarter round: width is height */
    w->made.width = across ? f.high : f.wide;
    w->made.height = across ? f.wide : f.high;
    return f;
}

static void check_pixels(work *w, uint64_t width, uint64_t height)
{
    if (!width || !height || width * height > SMALL_PIXELS) stop(w, "it has too many pixels, or none");
}

static void new_surface(work *w, cairo_surface_t **surface, unsigned width, unsigned height)
{
    *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    if (cairo_surface_status(*surface) != CAIRO_STATUS_SUCCESS) stop(w, "no memory for it");
}

/* An eighth, a quarter, half of it is decoded when that is enough: what is left over cairo scales. */
static void read_jpeg(work *w)
{
    struct jpeg_decompress_struct *jpeg = &w->in;
    jpeg_mem_src(jpeg, w->bytes, w->size);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(jpeg, TRUE);
    check_pixels(w, jpeg->image_width, jpeg->image_height);
    if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
        stop(w, "it is made for print (CMYK), not by a camera");
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m && w->turn == 1; m = m->next)
        w->turn = turn_of(m->data, m->data_length);
    if (w->measure) {
        fit(w, jpeg->image_width, jpeg->image_height);
        return;
    }
    const unsigned longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    jpeg->scale_num = 1;
    for (jpeg->scale_denom = 8; jpeg->scale_denom > 1 && longer / jpeg->scale_denom < w->side;)
        jpeg->scale_denom /= 2;
    jpeg->out_color_space = JCS_RGB;
    jpeg_start_decompress(jpeg);
    if (jpeg->output_components != 3) stop(w, "its pixels have an unknown form");
    if (!(w->row = malloc(3 * (size_t)jpeg->output_width))) stop(w, "no memory for it");
    new_surface(w, &w->from, jpeg->output_width, jpeg->output_height);
    unsigned char *data = cairo_image_surface_get_data(w->from);
    const size_t stride = (size_t)cairo_image_surface_get_stride(w->from);
    while (jpeg->output_scanline < jpeg->output_height) {
        uint32_t *line = (uint32_t *)(void *)(data + stride * jpeg->output_scanline);
        if (jpeg_read_scanlines(jpeg, &w->row, 1) != 1) stop(w, "it ends early");
        for (size_t x = 0; x < jpeg->output_width; x++)
            line[x] = (uint32_t)w->row[3 * x] << 16 | (uint32_t)w->row[3 * x + 1] << 8 | w->row[3 * x + 2];
    }
    jpeg_finish_decompress(jpeg);
    cairo_surface_mark_dirty(w->from);
}

static cairo_status_t give_png(void *self, unsigned char *room, unsigned wanted)
{
    work *w = self;
    if (w->size - w->read < wanted) return CAIRO_STATUS_READ_ERROR;
    memcpy(room, w->bytes + w->read, wanted);
    w->read += wanted;
    return CAIRO_STATUS_SUCCESS;
}

static void read_png(work *w)
{
    if (w->size < 33 || memcmp(w->bytes + 12, "IHDR", 4) != 0) stop(w, "it does not begin as a PNG does");
    check_pixels(w, number(w->bytes + 16, 4, true), number(w->bytes + 20, 4, true));
    if (w->measure) {
        fit(w, number(w->bytes + 16, 4, true), number(w->bytes + 20, 4, true));
        return;
    }
    w->from = cairo_image_surface_create_from_png_stream(give_png, w);
    if (cairo_surface_status(w->from) != CAIRO_STATUS_SUCCESS)
        stop(w, cairo_status_to_string(cairo_surface_status(w->from)));
}

/* ---- smaller, upright ---- */

static void draw(work *w)
{
    const unsigned width = (unsigned)cairo_image_surface_get_width(w->from),
                   height = (unsigned)cairo_image_surface_get_height(w->from);
    const fitted f = fit(w, width, height);
    new_surface(w, &w->to, w->made.width, w->made.height);
    /* x' = xx x + xy y + x0: the eight ways of Exif, for a picture of wide by high */
    static const struct {
        double xx, yx, xy, yy;
    } ways[9] = {{0, 0, 0, 0}, {1, 0, 0, 1},  {-1, 0, 0, 1},  {-1, 0, 0, -1}, {1, 0, 0, -1},
                 {0, 1, 1, 0}, {0, 1, -1, 0}, {0, -1, -1, 0}, {0, -1, 1, 0}};
    cairo_matrix_t m;
    cairo_matrix_init(&m, ways[w->turn].xx, ways[w->turn].yx, ways[w->turn].xy, ways[w->turn].yy,
                      ways[w->turn].xx + ways[w->turn].xy < 0 ? w->made.width : 0,
                      ways[w->turn].yx + ways[w->turn].yy < 0 ? w->made.height : 0);
    cairo_t *c = cairo_create(w->to);
    cairo_set_source_rgb(c, 1, 1, 1); /* under what a PNG leaves open */
    cairo_paint(c);
    cairo_transform(c, &m);
    cairo_scale(c, (double)f.wide / width, (double)f.high / height);
    cairo_set_source_surface(c, w->from, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
    cairo_paint(c);
    const cairo_status_t status = cairo_status(c);
    cairo_destroy(c);
    if (status != CAIRO_STATUS_SUCCESS) stop(w, cairo_status_to_string(status));
    cairo_surface_flush(w->to);
}

/* ---- out ---- */

static void write_jpeg(work *w)
{
    struct jpeg_compress_struct *jpeg = &w->out;
    free(w->row);
    if (!(w->row = malloc(3 * (size_t)w->made.width))) stop(w, "no memory for it");
    jpeg_mem_dest(jpeg, &w->made.jpeg, &w->made.size);
    jpeg->image_width = w->made.width;
    jpeg->image_height = w->made.height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, QUALITY, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    const unsigned char *data = cairo_image_surface_get_data(w->to);
    const size_t stride = (size_t)cairo_image_surface_get_stride(w->to);
    while (jpeg->next_scanline < jpeg->image_height) {
        const uint32_t *line = (const uint32_t *)(const void *)(data + stride * jpeg->next_scanline);
        for (size_t x = 0; x < w->made.width; x++) {
            w->row[3 * x] = (JSAMPLE)(line[x] >> 16);
            w->row[3 * x + 1] = (JSAMPLE)(line[x] >> 8);
            w->row[3 * x + 2] = (JSAMPLE)line[x];
        }
        jpeg_write_scanlines(jpeg, &w->row, 1);
    }
    jpeg_finish_compress(jpeg);
}

static void begin(work *w)
{
    w->in.err = w->out.err = jpeg_std_error(&w->errors);
    w->errors.error_exit = fail;
    w->errors.emit_message = warn;
    w->errors.output_message = silent;
    w->in.client_data = w->out.client_data = w;
    jpeg_create_decompress(&w->in);
    jpeg_create_compress(&w->out);
    w->in.progress = &w->progress;
    w->progress.progress_monitor = watch_scans;
}

static fl_status make(const void *bytes, size_t size, unsigned side, bool measure, small_picture *picture,
                      fl_error *error)
{
    work *w = calloc(1, sizeof *w);
    *picture = (small_picture){0};
    if (!w) return fl_error_set(error, FL_E_MEMORY, "no memory for a picture");
    w->bytes = bytes;
    w->size = size;
    w->side = side;
    w->measure = measure;
    w->turn = 1;
    if (setjmp(w->leave) == 0) {
        begin(w);
        if (size > 3 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0)
            read_jpeg(w);
        else
            read_png(w);
        if (!measure) draw(w);
        if (!measure) write_jpeg(w);
        *picture = w->made;
        w->done = true;
    }
    /* made.jpeg is libjpeg's until it has finished; what it leaves is lost with the memory it lacked */
    const fl_status status =
        w->done ? FL_OK : fl_error_set(error, FL_E_FILE, "this picture cannot be read: %.150s", w->why);
    jpeg_destroy_decompress(&w->in);
    jpeg_destroy_compress(&w->out);
    if (w->from) cairo_surface_destroy(w->from);
    if (w->to) cairo_surface_destroy(w->to);
    free(w->row);
    free(w);
    return status;
}

fl_status small_make(const void *bytes, size_t size, unsigned side, small_picture *picture, fl_error *error)
{
    return make(bytes, size, side, false, picture, error);
}

fl_status small_measure(const void *bytes, size_t size, unsigned side, small_picture *picture,
                        fl_error *error)
{
    return make(bytes, size, side, true, picture, error);
}

void small_free(small_picture *picture)
{
    free(picture->jpeg);
    *picture = (small_picture){0};
}
