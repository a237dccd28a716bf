#include "helper_scene.h"

#include "check.h"
#include "fadeline/base/random.h"

#include <png.h>

#include <jpeglib.h>

const fl_circle scene_skin = {620, 150, 60}, scene_site = {560, 520, 50}, scene_ink = {700, 420, 50};

scene scene_plain(void)
{
    return (scene){.width = 900,
                   .height = 640,
                   .corners = {{{60, 70}, {470, 95}, {455, 365}, {48, 345}}},
                   .lamp = {1, 1, 1},
                   .exposure = 0.72,
                   .curve = 1.0,
                   .skin = {66.2, 9.4, 15.1},
                   .site = {62.9, 11.2, 16.4},
                   .ink = {38.4, 2.1, 2.8},
                   .seed = 1};
}

fl_card *scene_card(void)
{
    fl_card *card = NULL;
    fl_error error = {0};
    if (fl_card_load(FL_SOURCE_DIR "/profiles/cards/example-24.yaml", &card, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        exit(70);
    }
    return card;
}

/* ---- what is where ---- */

static double normal(fl_random *random)
{
    const double u = fmax(fl_random_uniform(random), 1e-300), v = fl_random_uniform(random);
    return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}

static bool is_ink(const scene *s, double x, double y)
{
    if (hypot(x - scene_ink.x, y - scene_ink.y) > scene_ink.radius + 35) return false;
    if (s->dots <= 0.0) return true;
    /* a square lattice of 12 pixels: dots of one millimetre, seen from near */
    const double radius = 12.0 * sqrt(s->dots / M_PI);
    return hypot(fmod(x, 12.0) - 6.0, fmod(y, 12.0) - 6.0) < radius;
}

/* What a pixel shows: a patch of the card by its number, or one of these. */
enum { GROUND = FL_CARD_PATCHES_MOST, INK, SKIN, SITE, KINDS };

static int kind_at(const scene *s, const fl_card_file *card, const fl_plane *plane, double x, double y)
{
    const fl_point at = fl_plane_to_card(plane, (fl_point){x, y});
    if (!s->no_card && at.x >= 0.0 && at.x <= 1.0 && at.y >= 0.0 && at.y <= 1.0) {
        for (size_t i = 0; i < card->patches_count; i++)
            if (fabs(at.x - card->patches[i].x) <= card->patch_width / 2 &&
                fabs(at.y - card->patches[i].y) <= card->patch_height / 2)
                return (int)i;
        return GROUND;
    }
    if (is_ink(s, x, y)) return INK;
    return x > 0.57 * s->width && y < 0.45 * s->height ? SKIN : SITE;
}

/* ---- lamp and camera ---- */

/* No camera sees as an eye does: two colours alike to one differ to the other. The same colour always errs
 * alike. */
static fl_rgb misfit_of(const scene *s, fl_lab lab)
{
    fl_random random;
    const int64_t key =
        llround(lab.L_star * 10) * 40009 + llround(lab.a_star * 10) * 1009 + llround(lab.b_star * 10);
    fl_random_init(&random, s->seed * 7919 + 3, (uint64_t)key);
    return (fl_rgb){1.0 + s->misfit * normal(&random), 1.0 + s->misfit * normal(&random),
                    1.0 + s->misfit * normal(&random)};
}

/* Light of a colour in the camera's channels, under full even light. */
static fl_rgb camera(const scene *s, fl_lab lab)
{
    const fl_rgb c = fl_rgb_of_xyz(fl_xyz_of_lab(lab, FL_D65)), off = misfit_of(s, lab);
    const double t = s->crosstalk;
    fl_rgb seen = {(1 - t) * c.r + 0.8 * t * c.g + 0.2 * t * c.b,
                   0.4 * t * c.r + (1 - t) * c.g + 0.6 * t * c.b,
                   0.1 * t * c.r + 0.9 * t * c.g + (1 - t) * c.b};
    seen = (fl_rgb){s->lamp.r * off.r * seen.r, s->lamp.g * off.g * seen.g, s->lamp.b * off.b * seen.b};
    if (s->is_grey) seen.r = seen.g = seen.b = fl_xyz_of_rgb(seen).Y;
    return seen;
}

static double light_at(const scene *s, double x, double y)
{
    const double light =
        s->exposure * exp(s->gradient_x * (x / s->width - 0.5) + s->gradient_y * (y / s->height - 0.5));
    if (s->glare.radius > 0.0 && hypot(x - s->glare.x, y - s->glare.y) < s->glare.radius) return 1000.0;
    return x < s->shadow_x ? light / 3.0 : light;
}

#define STEPS 65536

/* Codes 0 to 255 of light 0 to 1, with the camera's look. */
static void make_look(const scene *s, float *look)
{
    for (int i = 0; i < STEPS; i++) {
        const double code = fl_srgb_encode(pow((double)i / (STEPS - 1), s->curve));
        look[i] = (float)(255.0 * (code - s->s_curve * sin(2.0 * M_PI * code) / (2.0 * M_PI)));
    }
}

static uint16_t encode(const scene *s, const float *look, double light, fl_random *random)
{
    double code = look[(int)(fmin(1.0, fmax(0.0, light)) * (STEPS - 1))];
    if (s->noise > 0.0) code += s->noise * normal(random);
    return (uint16_t)lround(257.0 * fmin(255.0, fmax(0.0, code)));
}

uint16_t *scene_render(const scene *s, const fl_card *card)
{
    static float look[STEPS];
    uint16_t *codes = malloc(3 * sizeof *codes * s->width * s->height), *at = codes;
    const fl_card_file *file = fl_card_content(card);
    fl_rgb seen[KINDS] = {[GROUND] = camera(s, (fl_lab){30, 0, 0}),
                          [INK] = camera(s, s->ink),
                          [SKIN] = camera(s, s->skin),
                          [SITE] = camera(s, s->site)};
    fl_plane plane;
    fl_random random;
    if (!codes || fl_plane_of(&s->corners, &plane) != FL_OK) exit(70);
    for (size_t i = 0; i < file->patches_count; i++) seen[i] = camera(s, fl_card_patch_lab(card, i));
    fl_random_init(&random, s->seed, 11);
    make_look(s, look);
    for (unsigned y = 0; y < s->height; y++)
        for (unsigned x = 0; x < s->width; x++, at += 3) {
            const int kind = kind_at(s, file, &plane, x + 0.5, y + 0.5);
            double light = light_at(s, x + 0.5, y + 0.5);
            if (kind >= SKIN)
                light *= 1.0 + 0.03 * sin(0.31 * x) * sin(0.23 * y + 1.0); /* skin is not paint */
            at[0] = encode(s, look, light * seen[kind].r, &random);
            at[1] = encode(s, look, light * seen[kind].g, &random);
            at[2] = encode(s, look, light * seen[kind].b, &random);
        }
    return codes;
}

/* ---- files ---- */

static void append(png_structp png, png_bytep bytes, size_t size)
{
    scene_file *file = png_get_io_ptr(png);
    unsigned char *more = realloc(file->bytes, file->size + size);
    if (!more) exit(70);
    memcpy(more + file->size, bytes, size);
    *file = (scene_file){more, file->size + size};
}

/* The form's samples of one pixel, most significant byte first. */
static size_t put(const uint16_t *code, int bits, scene_form form, unsigned char *to)
{
    uint16_t samples[4] = {code[0], code[1], code[2], 65535};
    size_t count = form == SCENE_GREY || form == SCENE_PALETTE ? 1 : form == SCENE_RGBA ? 4 : 3, size = 0;
    if (form == SCENE_GREY || form == SCENE_PALETTE) samples[0] = code[1];
    for (size_t i = 0; i < count; i++) {
        if (bits == 16)
            to[size++] = (unsigned char)(samples[i] >> 8), to[size++] = (unsigned char)samples[i];
        else
            to[size++] = (unsigned char)((samples[i] + 128u) / 257u);
    }
    return size;
}

scene_file scene_png(const uint16_t *codes, unsigned width, unsigned height, int bits, scene_form form,
                     double gamma)
{
    static const int types[] = {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_GRAY,
                                PNG_COLOR_TYPE_PALETTE, PNG_COLOR_TYPE_RGB};
    scene_file file = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &file, append, NULL);
    png_set_compression_level(png, 1);
    png_set_IHDR(png, info, width, height, bits, types[form],
                 form == SCENE_INTERLACED ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (form == SCENE_PALETTE) {
        png_color greys[256];
        for (int i = 0; i < 256; i++) greys[i] = (png_color){(png_byte)i, (png_byte)i, (png_byte)i};
        png_set_PLTE(png, info, greys, 256);
    }
    if (gamma == 0.0) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (gamma > 0.0) png_set_gAMA(png, info, gamma);
    png_write_info(png, info);
    unsigned char *rows = malloc((size_t)width * height * 8), **row = malloc(height * sizeof *row);
    size_t size = 0;
    for (unsigned y = 0; y < height; y++) {
        row[y] = rows + size;
        for (unsigned x = 0; x < width; x++)
            size += put(codes + 3 * ((size_t)y * width + x), bits, form, rows + size);
    }
    png_write_image(png, row);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    free(row);
    free(rows);
    return file;
}

scene_file scene_jpeg(const uint16_t *codes, unsigned width, unsigned height, int quality, bool progressive,
                      bool grey)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = grey ? 1 : 3;
    jpeg.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE); /* chroma at half resolution, as cameras do */
    if (progressive) jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    JSAMPROW row = malloc(3 * (size_t)width);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++)
            put(codes + 3 * ((size_t)y * width + x), 8, grey ? SCENE_GREY : SCENE_RGB,
                row + (grey ? 1 : 3) * (size_t)x);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    return (scene_file){bytes, size};
}

fl_photo *scene_photo(const scene *s, const fl_card *card, int quality)
{
    uint16_t *codes = scene_render(s, card);
    scene_file file = quality > 0 ? scene_jpeg(codes, s->width, s->height, quality, false, false)
                                  : scene_png(codes, s->width, s->height, 8, SCENE_RGB, 0.0);
    fl_photo *photo = NULL;
    fl_error error = {0};
    CHECK(fl_photo_read("scene", file.bytes, file.size, &photo, &error) == FL_OK, "%s", error.what);
    free(file.bytes);
    free(codes);
    return photo;
}
