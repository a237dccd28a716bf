/* labels: unit fuzz */
/* Whether a photo tells where it was taken: built by hand in both byte orders, as phones write it, and
 * damaged. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"
#include "fadeline/clients/location.h"

#include <stdint.h>
#include <zlib.h>

typedef struct file {
    uint8_t byte[4096];
    size_t size;
    bool big;
} file;

static void add(file *f, const void *bytes, size_t size)
{
    memcpy(f->byte + f->size, bytes, size);
    f->size += size;
}

static void number(file *f, unsigned bytes, uint32_t value)
{
    for (unsigned i = 0; i < bytes; i++)
        f->byte[f->size++] = (uint8_t)(value >> 8 * (f->big ? bytes - 1 - i : i));
}

static void entry(file *f, unsigned tag, unsigned type, uint32_t count, uint32_t value)
{
    number(f, 2, tag), number(f, 2, type), number(f, 4, count), number(f, 4, value);
}

typedef enum gps { NO_GPS, ONLY_VERSION, LATITUDE, OUTSIDE, IN_SECOND } gps;

/* Exif with a make, an orientation and, perhaps, a GPS directory behind it. */
static void add_exif(file *f, gps what)
{
    const bool first = what == ONLY_VERSION || what == LATITUDE || what == OUTSIDE;
    add(f, "Exif\0", 6);
    add(f, f->big ? "MM" : "II", 2);
    number(f, 2, 42), number(f, 4, 8);
    number(f, 2, first ? 3 : 2);
    entry(f, 0x010F, 2, 4, 0x41424300);
    entry(f, 0x0112, 3, 1, 1);
    if (first) entry(f, 0x8825, 4, 1, what == OUTSIDE ? 0xFFFFFFF0u : 8 + 2 + 36 + 4);
    number(f, 4, what == IN_SECOND ? 8 + 2 + 24 + 4 : 0);
    if (what == IN_SECOND) {
        number(f, 2, 1);
        entry(f, 0x8825, 4, 1, 8 + 2 + 24 + 4 + 2 + 12 + 4);
        number(f, 4, 0);
    }
    if (what == NO_GPS || what == OUTSIDE) return;
    number(f, 2, what == ONLY_VERSION ? 1 : 3);
    entry(f, 0, 1, 4, 0x02030000);
    if (what == ONLY_VERSION) return;
    entry(f, 1, 2, 2, 0x4E000000);
    entry(f, 2, 5, 3, 200);
}

static void add_segment(file *f, const file *inner)
{
    const uint8_t head[] = {0xFF, 0xE1, (uint8_t)((inner->size + 2) >> 8), (uint8_t)(inner->size + 2)};
    add(f, head, 4);
    add(f, inner->byte, inner->size);
}

static file jpeg(gps what, bool big)
{
    file inner = {.big = big}, f = {.big = big};
    add_exif(&inner, what);
    add(&f, "\xFF\xD8", 2);
    add_segment(&f, &inner);
    add(&f, "\xFF\xDA\0\x08\x01\x01\0\0\x3F\0some light\xFF\xD9", 22);
    return f;
}

static void exif_in_both_orders(void)
{
    static const struct {
        gps what;
        fl_location want;
        const char *name;
    } rows[] = {{NO_GPS, FL_LOCATION_NONE, "no GPS"},
                {ONLY_VERSION, FL_LOCATION_NONE, "a version is no place"},
                {LATITUDE, FL_LOCATION_EXIF, "latitude"},
                {OUTSIDE, FL_LOCATION_EXIF, "a directory outside the file"},
                {IN_SECOND, FL_LOCATION_EXIF, "in the second directory"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int big = 0; big < 2; big++) {
            const file f = jpeg(rows[i].what, big);
            CHECK(fl_photo_location(f.byte, f.size) == rows[i].want, "%s, %s", rows[i].name,
                  big ? "MM" : "II");
        }
}

/* A phone appends a second JPEG behind the end of the first; a PNG has the same directory in a chunk of its
 * own. */
static void where_a_walk_would_not_come(void)
{
    file f = jpeg(NO_GPS, false);
    const file second = jpeg(LATITUDE, true);
    add(&f, second.byte, second.size);
    CHECK(fl_photo_location(f.byte, f.size) == FL_LOCATION_EXIF, "in the second picture");
    file png = {.big = true}, exif = {.big = true};
    add_exif(&exif, LATITUDE);
    add(&png,
        "\x89PNG\r\n\x1A\n\0\0\0\x40"
        "eXIf",
        16);
    add(&png, exif.byte + 6, exif.size - 6);
    CHECK(fl_photo_location(png.byte, png.size) == FL_LOCATION_EXIF, "in a PNG");
    file xmp = {0};
    add(&xmp, "\xFF\xD8\xFF\xE1\0\x60http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='45,25N'/>", 64);
    CHECK(fl_photo_location(xmp.byte, xmp.size) == FL_LOCATION_XMP, "in XMP");
    CHECK(fl_photo_location("GIF89a", 6) == FL_LOCATION_NOT_A_PHOTO, "GIF");
    CHECK(fl_photo_location("", 0) == FL_LOCATION_NOT_A_PHOTO, "nothing");
}

static void begin_png(file *f)
{
    *f = (file){.big = true};
    add(f,
        "\x89PNG\r\n\x1A\n\0\0\0\x0D"
        "IHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0",
        8 + 8 + 13 + 4);
}

static void add_chunk(file *f, const char *kind, const void *head, size_t head_size, const void *text,
                      size_t size)
{
    number(f, 4, (uint32_t)(head_size + size));
    add(f, kind, 4), add(f, head, head_size), add(f, text, size);
    number(f, 4, 0); /* nobody checks the sum of a text */
}

/* As ImageMagick writes it: the digits of the Exif block in lines of 36 bytes. */
static size_t raw_profile(gps what, char *text)
{
    file exif = {.big = true};
    add_exif(&exif, what);
    size_t size = (size_t)sprintf(text, "\nexif\n%8zu\n", exif.size);
    for (size_t i = 0; i < exif.size; i++)
        size += (size_t)sprintf(text + size, "%02x%s", exif.byte[i], i % 36 == 35 ? "\n" : "");
    return size + (size_t)sprintf(text + size, "\n");
}

#define RAW(kind_end) "Raw profile type exif\0" kind_end, sizeof "Raw profile type exif\0" kind_end - 1
static void texts_of_a_png_are_opened(void)
{
    static const char xmp[] = "<x:xmpmeta><rdf:li exif:GPSLatitude=\"45,25.1N\"/></x:xmpmeta>";
    for (int g = 0; g < 2; g++) {
        const gps what = g ? LATITUDE : NO_GPS;
        const fl_location want = g ? FL_LOCATION_EXIF : FL_LOCATION_NONE;
        char text[2000];
        uint8_t packed[2000];
        const size_t size = raw_profile(what, text);
        uLongf packed_size = sizeof packed;
        CHECK(compress(packed, &packed_size, (const uint8_t *)text, size) == Z_OK, "compress");
        file f;
        begin_png(&f), add_chunk(&f, "tEXt", RAW(""), text, size);
        CHECK(fl_photo_location(f.byte, f.size) == want, "tEXt %d", g);
        begin_png(&f), add_chunk(&f, "zTXt", RAW("\0"), packed, packed_size);
        CHECK(fl_photo_location(f.byte, f.size) == want, "zTXt %d", g);
        begin_png(&f), add_chunk(&f, "iTXt", RAW("\0\0\0\0"), text, size);
        CHECK(fl_photo_location(f.byte, f.size) == want, "iTXt %d", g);
        begin_png(&f), add_chunk(&f, "iTXt", RAW("\x01\0en\0\0"), packed, packed_size);
        CHECK(fl_photo_location(f.byte, f.size) == want, "iTXt, compressed %d", g);
        begin_png(&f), add_chunk(&f, "IEND", "", 0, "", 0);
        file second;
        begin_png(&second), add_chunk(&second, "zTXt", RAW("\0"), packed, packed_size);
        add(&f, "rest", 4), add(&f, second.byte, second.size);
        CHECK(fl_photo_location(f.byte, f.size) == want, "in a second PNG %d", g);
        begin_png(&f), add_chunk(&f, "zTXt", RAW("\0"), packed, packed_size / 2);
        CHECK(fl_photo_location(f.byte, f.size) != FL_LOCATION_NONE, "half of it cannot be opened");
    }
    uint8_t packed[200];
    uLongf packed_size = sizeof packed;
    CHECK(compress(packed, &packed_size, (const uint8_t *)xmp, sizeof xmp) == Z_OK, "compress");
    file f;
    begin_png(&f), add_chunk(&f, "iTXt", "XML:com.adobe.xmp\0\x01\0\0\0", 22, packed, packed_size);
    CHECK(fl_photo_location(f.byte, f.size) == FL_LOCATION_XMP, "XMP, compressed");
    begin_png(&f), add_chunk(&f, "tEXt", "Comment\0", 8, "a scalp", 7);
    CHECK(fl_photo_location(f.byte, f.size) == FL_LOCATION_NONE, "a comment");
    uint8_t *zeros = calloc(1, 32 << 20), *bomb = malloc(1 << 20);
    uLongf bomb_size = 1 << 20;
    CHECK(zeros && bomb && compress(bomb, &bomb_size, zeros, 32 << 20) == Z_OK, "a bomb");
    uint8_t *whole = malloc(bomb_size + 200);
    begin_png(&f);
    const size_t before = f.size;
    number(&f, 4, (uint32_t)bomb_size + 9), add(&f, "zTXtComment\0\0", 13);
    memcpy(whole, f.byte, f.size), memcpy(whole + f.size, bomb, bomb_size),
        memset(whole + f.size + bomb_size, 0, 4);
    CHECK(fl_photo_location(whole, f.size + bomb_size + 4) == FL_LOCATION_XMP && before,
          "a bomb is not opened");
    free(zeros), free(bomb), free(whole);
}

/* Compressed, cut, of any length: an answer. */
static void damaged_texts_end(void)
{
    fl_random random;
    fl_random_init(&random, 7, 1);
    char text[2000];
    uint8_t packed[2000];
    const size_t size = raw_profile(LATITUDE, text);
    uLongf packed_size = sizeof packed;
    CHECK(compress(packed, &packed_size, (const uint8_t *)text, size) == Z_OK, "compress");
    unsigned found = 0;
    for (int i = 0; i < 20000; i++) {
        file f;
        begin_png(&f);
        add_chunk(&f, i & 1 ? "zTXt" : "iTXt",
                  i & 1 ? "Raw profile type exif\0\0" : "Raw profile type exif\0\x01\0\0\0", i & 1 ? 23 : 26,
                  packed, packed_size);
        add_chunk(&f, "tEXt", RAW(""), text, 300);
        for (int n = 1 + i % 4; n--;)
            f.byte[8 + fl_random_u64(&random) % (f.size - 8)] = (uint8_t)fl_random_u64(&random);
        found += fl_photo_location(f.byte, f.size - fl_random_u64(&random) % 64) != FL_LOCATION_NONE;
    }
    CHECK(found > 15000, "%u of 20000 damaged ones were let in", 20000 - found);
}

static void xmp_in_every_encoding(void)
{
    static const char words[] = "exif:GPSLongitude=\"73,34W\"";
    for (unsigned step = 1; step <= 4; step *= 2)
        for (unsigned big = 0; big < 2; big++) {
            file f = {.big = big};
            add(&f, "\xFF\xD8\xFF\xE1\0\x60http://ns.adobe.com/xap/1.0/\0", 35);
            for (const char *c = words; *c; c++) number(&f, step, (uint8_t)*c);
            CHECK(fl_photo_location(f.byte, f.size) == FL_LOCATION_XMP, "%u bytes a letter, %s", step,
                  big ? "BE" : "LE");
        }
}

static void our_own_pictures_say_nothing(void)
{
    char *bytes;
    size_t size;
    CHECK(fl_place_read(FL_SOURCE_DIR "/tests/colour/visit-1.jpg", 1 << 24, &bytes, &size, NULL) == FL_OK,
          "read");
    CHECK(fl_photo_location(bytes, size) == FL_LOCATION_NONE, "visit-1.jpg");
    free(bytes);
}

/* Directories that lead to each other, and thousands of blocks: an answer, at once. */
static void hostile_files_end(void)
{
    file loop = {0};
    add(&loop,
        "\xFF\xD8\xFF\xE1\0\x20"
        "Exif\0\0II",
        14);
    number(&loop, 2, 42), number(&loop, 4, 8), number(&loop, 2, 0), number(&loop, 4, 8);
    CHECK(fl_photo_location(loop.byte, loop.size) == FL_LOCATION_NONE, "a circle");
    const size_t size = 8 << 20;
    uint8_t *many = calloc(1, size);
    if (!many) abort();
    memcpy(many, "\xFF\xD8\xFF", 3);
    for (size_t i = 3; i + 16 < size; i += 16) memcpy(many + i, "Exif\0\0II*\0\10\0\0\0\xFF\xFF", 16);
    CHECK(fl_photo_location(many, size) == FL_LOCATION_EXIF, "half a million blocks");
    free(many);
}

/* Copies of exact size, so that a byte beyond the end is seen by the sanitizer. */
static void damaged_files(void)
{
    fl_random random;
    unsigned seen[4] = {0};
    fl_random_init(&random, 11, 1);
    for (int i = 0; i < 60000; i++) {
        file f = jpeg((gps)(i % 5), i % 2);
        for (int n = 1 + i % 4; n--;)
            f.byte[3 + fl_random_u64(&random) % (f.size - 3)] = (uint8_t)fl_random_u64(&random);
        const size_t size = i % 3 ? f.size : 1 + fl_random_u64(&random) % f.size;
        uint8_t *exact = malloc(size);
        if (!exact) abort();
        memcpy(exact, f.byte, size);
        seen[fl_photo_location(exact, size)]++;
        free(exact);
    }
    CHECK(seen[FL_LOCATION_NONE] > 1000 && seen[FL_LOCATION_EXIF] > 1000, "%u without, %u with",
          seen[FL_LOCATION_NONE], seen[FL_LOCATION_EXIF]);
}

FL_TESTS("clients/location", TEST(exif_in_both_orders), TEST(where_a_walk_would_not_come),
         TEST(texts_of_a_png_are_opened), TEST(damaged_texts_end), TEST(xmp_in_every_encoding),
         TEST(our_own_pictures_say_nothing), TEST(hostile_files_end), TEST(damaged_files))
