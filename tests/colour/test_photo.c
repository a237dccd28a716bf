/* labels: unit fuzz   timeout: 240 */
#include "check.h"
#include "helper_scene.h"

#include "fadeline/base/random.h"

#include <unistd.h>

#define WIDTH 61
#define HEIGHT 47

/* Smooth, odd in size, every channel another way. */
static void ramps(uint16_t codes[3 * WIDTH * HEIGHT])
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint16_t *code = codes + 3 * (y * WIDTH + x);
            code[0] = (uint16_t)(x * 65535 / (WIDTH - 1));
            code[1] = (uint16_t)(y * 65535 / (HEIGHT - 1));
            code[2] = (uint16_t)((x + y) * 65535 / (WIDTH + HEIGHT - 2));
        }
}

static fl_photo *read_back(const char *what, scene_file file)
{
    fl_photo *photo = NULL;
    fl_error error = {0};
    CHECK(fl_photo_read(what, file.bytes, file.size, &photo, &error) == FL_OK, "%s: %s", what, error.what);
    free(file.bytes);
    return photo;
}

/* The worst code of any channel against what was written, through `decode`. */
static double worst(const fl_photo *photo, const uint16_t *codes, bool grey, double (*decode)(double))
{
    double most = 0.0;
    for (unsigned y = 0; y < photo->height; y++)
        for (unsigned x = 0; x < photo->width; x++) {
            const uint16_t *code = codes + 3 * (y * photo->width + x);
            const fl_rgb light = fl_photo_at(photo, x, y);
            const double got[3] = {light.r, light.g, light.b};
            for (int i = 0; i < 3; i++)
                most = fmax(most, fabs(fl_srgb_encode(got[i]) -
                                       fl_srgb_encode(decode(code[grey ? 1 : i] / 65535.0))));
        }
    return most * 255.0;
}

static double power_1_8(double code)
{
    return pow(code, 1.8);
}

static void every_form_of_png_is_read(void)
{
    /* clang-format off */
    static const struct { const char *what; scene_form form; int bits; double gamma, within_codes; const char *curve; bool grey; } rows[] = {
        { "8 bits, sRGB",        SCENE_RGB,         8,  0,             0.51, "sRGB",       false },
        { "16 bits, sRGB",       SCENE_RGB,        16,  0,             0.01, "sRGB",       false },
        { "nothing said",        SCENE_RGB,         8, -1,             0.51, "sRGB",       false },
        { "transparency",        SCENE_RGBA,        8,  0,             0.51, "sRGB",       false },
        { "16 bits transparent", SCENE_RGBA,       16,  0,             0.01, "sRGB",       false },
        { "grey",                SCENE_GREY,        8,  0,             0.51, "sRGB",       true  },
        { "grey of 16 bits",     SCENE_GREY,       16,  0,             0.01, "sRGB",       true  },
        { "palette",             SCENE_PALETTE,     8,  0,             0.51, "sRGB",       true  },
        { "interlaced",          SCENE_INTERLACED,  8,  0,             0.51, "sRGB",       false },
        { "interlaced, 16 bits", SCENE_INTERLACED, 16,  0,             0.01, "sRGB",       false },
        { "gAMA of 1/2.2",       SCENE_RGB,        16,  0.45455,       0.01, "sRGB",       false },
        { "gAMA of 1/1.8",       SCENE_RGB,        16,  0.55556,       0.01, "gamma 1.80", false },
    };
    /* clang-format on */
    static uint16_t codes[3 * WIDTH * HEIGHT];
    ramps(codes);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_photo *photo = read_back(
            rows[i].what, scene_png(codes, WIDTH, HEIGHT, rows[i].bits, rows[i].form, rows[i].gamma));
        if (!photo) continue;
        CHECK(photo->width == WIDTH && photo->height == HEIGHT, "%s: %u x %u", rows[i].what, photo->width,
              photo->height);
        CHECK_TEXT(photo->format, "PNG", rows[i].what);
        CHECK_TEXT(photo->curve, rows[i].curve, rows[i].what);
        CHECK((int)photo->bits == rows[i].bits, "%s: %u bits", rows[i].what, photo->bits);
        const bool one = rows[i].form == SCENE_GREY || rows[i].form == SCENE_PALETTE;
        CHECK(photo->is_grey == (rows[i].form == SCENE_GREY), "%s: grey", rows[i].what);
        const double off = worst(photo, codes, one, rows[i].gamma > 0.5 ? power_1_8 : fl_srgb_decode);
        CHECK(off <= rows[i].within_codes, "%s: off by %.3f codes", rows[i].what, off);
        fl_photo_free(photo);
    }
}

static void every_form_of_jpeg_is_read(void)
{
    static uint16_t codes[3 * WIDTH * HEIGHT];
    ramps(codes);
    for (int form = 0; form < 3; form++) {
        const char *what = form == 2 ? "grey" : form ? "progressive" : "baseline";
        fl_photo *photo = read_back(what, scene_jpeg(codes, WIDTH, HEIGHT, 98, form == 1, form == 2));
        if (!photo) continue;
        CHECK_TEXT(photo->format, "JPEG", what);
        CHECK(photo->is_grey == (form == 2), "%s: grey", what);
        const double off = worst(photo, codes, form == 2, fl_srgb_decode);
        CHECK(off < (form == 2 ? 3.0 : 14.0), "%s: off by %.1f codes", what,
              off); /* colour at half resolution */
        fl_photo_free(photo);
    }
}

static void full_is_said(void)
{
    uint16_t codes[3] = {65535, 30000, 30000};
    fl_photo *photo = read_back("full", scene_png(codes, 1, 1, 8, SCENE_RGB, 0));
    CHECK(fl_photo_is_clipped(photo, fl_photo_at(photo, 0, 0)), "one full channel is enough");
    fl_photo_free(photo);
    codes[0] = 64000; /* 249 of 255 */
    photo = read_back("nearly full", scene_png(codes, 1, 1, 8, SCENE_RGB, 0));
    CHECK(!fl_photo_is_clipped(photo, fl_photo_at(photo, 0, 0)), "249 is a measurement");
    fl_photo_free(photo);
}

static void refused(const char *what, const void *bytes, size_t size, const char *code)
{
    fl_photo *photo = (fl_photo *)(uintptr_t)0x5a;
    fl_error error = {0};
    const fl_status status = fl_photo_read(what, bytes, size, &photo, &error);
    CHECK(status == FL_E_FILE, "%s: %s", what, fl_status_name(status));
    CHECK(photo == (fl_photo *)(uintptr_t)0x5a, "%s: a refusal wrote", what);
    CHECK_TEXT(error.code, code, what);
    CHECK(error.what[0] && error.hint[0], "%s: says what and what to do", what);
    CHECK(fl_photo_read(what, bytes, size, &photo, NULL) == FL_E_FILE, "%s: without an error", what);
}

/* A PNG's header with its check sum and the beginning of its pixels. */
static size_t png_header(unsigned char to[45], unsigned width, unsigned height)
{
    static const unsigned char head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    memcpy(to, head, 16);
    for (int i = 0; i < 4; i++)
        to[16 + i] = (unsigned char)(width >> (24 - 8 * i)),
                to[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    memcpy(to + 24, "\x08\x02\0\0\0", 5);
    uint32_t crc = 0xffffffffu;
    for (int i = 12; i < 29; i++) {
        crc ^= to[i];
        for (int k = 0; k < 8; k++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    crc = ~crc;
    for (int i = 0; i < 4; i++) to[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
    memcpy(to + 33, "\0\0\0\x20IDATx\x9c\0\0", 12);
    return 45;
}

static void damaged_files_are_refused_whole(void)
{
    static uint16_t codes[3 * WIDTH * HEIGHT];
    ramps(codes);
    scene_file png = scene_png(codes, WIDTH, HEIGHT, 8, SCENE_RGB, 0);
    scene_file jpeg = scene_jpeg(codes, WIDTH, HEIGHT, 90, false, false);
    scene_file slow = scene_jpeg(codes, WIDTH, HEIGHT, 90, true, false);
    refused("nothing", "", 0, "colour-photo-unreadable");
    refused("a text", "schema: card/1\n", 15, "colour-photo-unreadable");
    refused("HEIC",
            "\0\0\0\x18"
            "ftypheic",
            12, "colour-photo-unreadable");
    for (size_t cut = 8; cut + 12 < png.size; cut += png.size / 41)
        refused("a PNG cut short", png.bytes, cut, "colour-photo-unreadable");
    for (size_t cut = 3; cut + 2 < jpeg.size; cut += jpeg.size / 41)
        refused("a JPEG cut short", jpeg.bytes, cut, "colour-photo-unreadable");
    for (size_t cut = 3; cut + 2 < slow.size; cut += slow.size / 41)
        refused("a progressive JPEG cut short", slow.bytes, cut, "colour-photo-unreadable");
    png.bytes[png.size / 2] ^= 0x40;
    refused("a PNG with one bit turned", png.bytes, png.size, "colour-photo-unreadable");
    unsigned char big[45];
    const size_t size = png_header(big, 10000, 5001);
    refused("50.01 million pixels", big, size, "colour-photo-too-big");
    png_header(big, 10000, 5000);
    refused("a header alone", big, size, "colour-photo-unreadable");
    png_header(big, 0xffffffffu, 1);
    refused("a side of 2^32", big, size, "colour-photo-unreadable");
    free(png.bytes);
    free(jpeg.bytes);
    free(slow.bytes);
}

static void paths_are_read(void)
{
    char path[] = "/tmp/fl-photo-XXXXXX";
    static uint16_t codes[3 * WIDTH * HEIGHT];
    ramps(codes);
    scene_file png = scene_png(codes, WIDTH, HEIGHT, 8, SCENE_RGB, 0);
    const int out = mkstemp(path);
    CHECK(out >= 0 && write(out, png.bytes, png.size) == (ssize_t)png.size, "a file");
    close(out);
    fl_photo *photo = NULL;
    CHECK(fl_photo_load(path, &photo, NULL) == FL_OK, "the file");
    fl_photo_free(photo);
    unlink(path);
    fl_error error = {0};
    CHECK(fl_photo_load(path, &photo, &error) != FL_OK && fl_status_exit(error.status) == 3,
          "no file: exit 3");
    free(png.bytes);
    fl_photo_free(NULL);
}

/* 2,000 files with bytes changed, cut out, doubled or cut off; half with repaired PNG check sums, so that
 * damage gets past the door. Whatever comes, there is an answer; under the sanitizers there is also nothing
 * lost. */
static void repair_png(unsigned char *bytes, size_t size)
{
    for (size_t at = 8; at + 12 <= size;) {
        const size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                              (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (length > size - at - 12) return;
        uint32_t crc = 0xffffffffu;
        for (size_t i = at + 4; i < at + 8 + length; i++) {
            crc ^= bytes[i];
            for (int k = 0; k < 8; k++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
        }
        crc = ~crc;
        for (int i = 0; i < 4; i++) bytes[at + 8 + length + i] = (unsigned char)(crc >> (24 - 8 * i));
        at += 12 + length;
    }
}

static size_t mutate(unsigned char *bytes, size_t size, fl_random *random)
{
    const int changes = 1 + (int)(6 * fl_random_uniform(random));
    for (int i = 0; i < changes && size > 16; i++) {
        /* heads are short and decide much: half of the changes go there */
        const double share = fl_random_uniform(random);
        const size_t span = share < 0.5 && size > 600 ? 600 : size,
                     at = 2 + (size_t)((span - 2) * fl_random_uniform(random));
        const size_t length = (size_t)(24 * fl_random_uniform(random)) % (size - at);
        switch ((int)(5 * fl_random_uniform(random))) {
        case 0: bytes[at] ^= (unsigned char)(1u << (int)(8 * fl_random_uniform(random))); break;
        case 1: bytes[at] = (unsigned char)(256 * fl_random_uniform(random)); break;
        case 2: memmove(bytes + at, bytes + at + length, size - at - length), size -= length; break;
        case 3: memset(bytes + at, fl_random_uniform(random) < 0.5 ? 0 : 255, length); break;
        default:
            if (fl_random_uniform(random) < 0.3) size = at + 1;
        }
    }
    return size;
}

static void mutated_files_get_an_answer(void)
{
    static uint16_t codes[3 * WIDTH * HEIGHT];
    ramps(codes);
    scene_file seeds[] = {
        scene_png(codes, WIDTH, HEIGHT, 8, SCENE_RGB, 0),
        scene_png(codes, WIDTH, HEIGHT, 16, SCENE_RGBA, 0.5),
        scene_png(codes, WIDTH, HEIGHT, 8, SCENE_INTERLACED, -1),
        scene_png(codes, WIDTH, HEIGHT, 8, SCENE_PALETTE, 0),
        scene_jpeg(codes, WIDTH, HEIGHT, 90, false, false),
        scene_jpeg(codes, WIDTH, HEIGHT, 90, true, false),
        scene_jpeg(codes, WIDTH, HEIGHT, 60, false, true),
    };
    const size_t kinds = sizeof seeds / sizeof *seeds;
    fl_random random;
    fl_random_init(&random, 20260504, 5);
    int good = 0, bad = 0;
    for (int i = 0; i < 2000; i++) {
        const scene_file *seed = &seeds[i % kinds];
        unsigned char *bytes = malloc(seed->size);
        memcpy(bytes, seed->bytes, seed->size);
        const size_t size = mutate(bytes, seed->size, &random);
        unsigned char *exact = malloc(size); /* so that reading past the end is seen */
        memcpy(exact, bytes, size);
        if (i % 2) repair_png(exact, i % kinds < 4 ? size : 0);
        fl_photo *photo = NULL;
        fl_error error = {0};
        const fl_status status = fl_photo_read("mutated", exact, size, &photo, &error);
        CHECK(status == FL_OK ? photo != NULL : (status == FL_E_FILE && error.what[0]), "file %d: %s", i,
              fl_status_name(status));
        if (status == FL_OK) {
            good++;
            const size_t all = 3 * (size_t)photo->width * photo->height;
            for (size_t k = 0; k < all; k++)
                if (!(photo->light[k] >= 0.0f && photo->light[k] <= 1.0f))
                    CHECK(false, "file %d: light %g", i, photo->light[k]);
        } else {
            bad++;
        }
        fl_photo_free(photo);
        free(exact);
        free(bytes);
    }
    CHECK(good > 50 && bad > 500, "%d good and %d bad: the mutations are too kind or too cruel", good, bad);
    for (size_t i = 0; i < kinds; i++) free(seeds[i].bytes);
}

FL_TESTS("colour/photo", TEST(every_form_of_png_is_read), TEST(every_form_of_jpeg_is_read),
         TEST(full_is_said), TEST(damaged_files_are_refused_whole), TEST(paths_are_read),
         TEST(mutated_files_get_an_answer))
