#include "photo_parts.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SIDE_MAX 1000000u
/* One byte of deflate makes at most 1032 (zlib's own statement), so a short file cannot hold a big picture.
 */
#define EXPANSION_MAX 1040u

typedef struct reader {
    const photo_file *file;
    size_t at;
    fl_error *error;
    png_structp png;
    png_infop info;
    png_bytep rows;  /* one row, or all of them when interlaced */
    float *light_of; /* one entry a code */
    fl_photo *photo;
    bool told; /* the error is set already */
    char why[120];
    jmp_buf out;
} reader;

static void fail(png_structp png, png_const_charp why)
{
    reader *r = png_get_error_ptr(png);
    snprintf(r->why, sizeof r->why, "%s", why);
    longjmp(r->out, 1);
}

static void ignore(png_structp png, png_const_charp why)
{
    (void)png;
    (void)why;
}

static void take(png_structp png, png_bytep to, size_t count)
{
    reader *r = png_get_io_ptr(png);
    if (count > r->file->size - r->at) png_error(png, "it ends early");
    memcpy(to, r->file->bytes + r->at, count);
    r->at += count;
}

bool photo_is_png(const photo_file *file)
{
    return file->size >= 8 && png_sig_cmp(file->bytes, 0, 8) == 0;
}

/* What the codes mean. sRGB or nothing said: sRGB. A profile: its curve is taken for sRGB's, and the card
 * finds the rest. gAMA alone: a power, but 1/2.2 is how files say sRGB to old readers. */
static void find_curve(reader *r)
{
    fl_photo *photo = r->photo;
    double gamma = 0.0;
    png_charp name;
    int intent, kind;
    png_bytep profile;
    png_uint_32 length;
    photo->has_profile = png_get_iCCP(r->png, r->info, &name, &kind, &profile, &length) != 0;
    const bool plain = photo->has_profile || png_get_sRGB(r->png, r->info, &intent) ||
                       !png_get_gAMA(r->png, r->info, &gamma) || fabs(gamma - 0.45455) < 1e-4;
    if (!plain && !(gamma >= 0.2 && gamma <= 2.0)) png_error(r->png, "its gAMA chunk makes no sense");
    const unsigned most = photo->bits == 16 ? 65535u : 255u;
    r->light_of = malloc((most + 1u) * sizeof *r->light_of);
    if (!r->light_of) png_error(r->png, "no memory");
    for (unsigned code = 0; code <= most; code++) {
        const double v = (double)code / most;
        r->light_of[code] = (float)(plain ? fl_srgb_decode(v) : pow(v, 1.0 / gamma));
    }
    if (plain) return;
    photo->clipped_light = (float)pow(FL_PHOTO_CLIPPED_CODE, 1.0 / gamma);
    snprintf(photo->curve, sizeof photo->curve, "gamma %.2f", 1.0 / gamma);
}

static void convert(const reader *r, const unsigned char *codes, unsigned y)
{
    const fl_photo *photo = r->photo;
    float *light = photo->light + 3 * (size_t)y * photo->width;
    for (size_t i = 0; i < 3 * (size_t)photo->width; i++)
        light[i] = r->light_of[photo->bits == 16 ? (unsigned)codes[2 * i] << 8 | codes[2 * i + 1] : codes[i]];
}

static void read_all(reader *r)
{
    png_set_read_fn(r->png, r, take);
    png_set_user_limits(r->png, SIDE_MAX, SIDE_MAX);
    png_read_info(r->png, r->info);
    const unsigned width = png_get_image_width(r->png, r->info),
                   height = png_get_image_height(r->png, r->info);
    const bool deep = png_get_bit_depth(r->png, r->info) == 16;
    const bool grey = !(png_get_color_type(r->png, r->info) & PNG_COLOR_MASK_COLOR);
    const unsigned long long packed = (unsigned long long)png_get_rowbytes(r->png, r->info) * height;
    r->photo = photo_new(r->file, "PNG", width, height, r->error);
    if (!r->photo) r->told = true, png_error(r->png, "too big");
    if (packed / EXPANSION_MAX > r->file->size) png_error(r->png, "it is too short for its size in pixels");
    r->photo->bits = deep ? 16 : 8;
    r->photo->is_grey = grey;

    png_set_palette_to_rgb(r->png);
    png_set_expand_gray_1_2_4_to_8(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_strip_alpha(r->png);
    const unsigned passes = (unsigned)png_set_interlace_handling(r->png), kept = passes > 1 ? height : 1;
    png_read_update_info(r->png, r->info);
    find_curve(r);
    const size_t row = png_get_rowbytes(r->png, r->info);
    if (row != (size_t)width * 3 * (deep ? 2 : 1)) png_error(r->png, "its pixels have an unknown form");
    r->rows = calloc(kept, row);
    if (!r->rows) png_error(r->png, "no memory");
    for (unsigned pass = 0; pass < passes; pass++)
        for (unsigned y = 0; y < height; y++) {
            png_bytep codes = r->rows + (passes > 1 ? y * row : 0);
            png_read_row(r->png, codes, NULL);
            if (pass + 1 == passes) convert(r, codes, y);
        }
    png_read_end(r->png, NULL);
}

fl_status photo_read_png(const photo_file *file, fl_photo **photo, fl_error *error)
{
    reader *r = calloc(1, sizeof *r);
    if (!r) return fl_error_set(error, FL_E_MEMORY, "no memory to read '%s'", file->name);
    r->file = file;
    r->error = error;
    fl_status status = FL_OK;
    if (setjmp(r->out) == 0) {
        r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, fail, ignore);
        r->info = r->png ? png_create_info_struct(r->png) : NULL;
        if (r->info)
            read_all(r);
        else
            status = fl_error_set(error, FL_E_MEMORY, "no memory to read '%s'", file->name);
    } else {
        status = r->told ? FL_E_FILE : photo_damaged(error, file, "PNG", r->why);
    }
    png_destroy_read_struct(&r->png, &r->info, NULL);
    free(r->rows);
    free(r->light_of);
    if (status == FL_OK)
        *photo = r->photo;
    else
        fl_photo_free(r->photo);
    free(r);
    return status;
}
