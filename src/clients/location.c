#include "location_parts.h"

#include <string.h>

#define GPS_DIRECTORY 0x8825 /* Exif 2.32, table 4 */
#define DIRECTORIES_MOST 8
#define BLOCKS_MOST 64 /* a photo has one or two; reading thousands of long directories would take hours */

/* A TIFF: everything counts from its own beginning. */
typedef struct tiff {
    const uint8_t *at;
    size_t size;
    bool big_end;
} tiff;

static bool take(const tiff *t, size_t offset, unsigned bytes, uint32_t *value)
{
    if (offset > t->size || t->size - offset < bytes) return false;
    *value = 0;
    for (unsigned i = 0; i < bytes; i++)
        *value |= (uint32_t)t->at[offset + i] << 8 * (t->big_end ? bytes - 1 - i : i);
    return true;
}

/* A directory that is there but cannot be read might be read by somebody more patient: it counts. */
static bool gps_says_where(const tiff *t, uint32_t offset)
{
    uint32_t count, tag;
    if (!take(t, offset, 2, &count)) return true;
    for (uint32_t i = 0; i < count; i++) {
        if (!take(t, offset + 2 + (size_t)12 * i, 2, &tag)) return true;
        if (tag != 0) return true; /* 0: version of the GPS directory */
    }
    return false;
}

static bool directory_says_where(const tiff *t, uint32_t offset, uint32_t *next)
{
    uint32_t count, tag, gps;
    *next = 0;
    if (!take(t, offset, 2, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        const size_t entry = offset + 2 + (size_t)12 * i;
        if (!take(t, entry, 2, &tag)) return false;
        if (tag == GPS_DIRECTORY && (!take(t, entry + 8, 4, &gps) || gps_says_where(t, gps))) return true;
    }
    if (!take(t, offset + 2 + (size_t)12 * count, 4, next)) *next = 0;
    return false;
}

static bool exif_says_where(const uint8_t *bytes, size_t size)
{
    tiff t = {bytes, size, false};
    uint32_t magic, offset;
    if (size < 8 || memcmp(bytes, bytes[0] == 'M' ? "MM" : "II", 2) != 0) return false;
    t.big_end = bytes[0] == 'M';
    if (!take(&t, 2, 2, &magic) || magic != 42 || !take(&t, 4, 4, &offset)) return false;
    for (unsigned i = 0; offset && i < DIRECTORIES_MOST; i++)
        if (directory_says_where(&t, offset, &offset)) return true;
    return false;
}

static bool any_says_where(const uint8_t *bytes, size_t size, const char *mark, size_t mark_size)
{
    const uint8_t *at = bytes, *end = bytes + size;
    for (unsigned n = 0; (at = memmem(at, (size_t)(end - at), mark, mark_size)); n++) {
        at += mark_size;
        if (n == BLOCKS_MOST || exif_says_where(at, (size_t)(end - at))) return true;
    }
    return false;
}

/* XMP is UTF-8, UTF-16 or UTF-32, and there the letters stand with zeros between them, in either order of
 * bytes. */
static bool holds_word(const uint8_t *bytes, size_t size, const char *word)
{
    char wide[4 * 16];
    const size_t length = strlen(word);
    for (size_t step = 1; step <= 4; step *= 2) {
        memset(wide, 0, sizeof wide);
        for (size_t i = 0; i < length; i++) wide[i * step] = word[i];
        if (memmem(bytes, size, wide, (length - 1) * step + 1)) return true;
    }
    return false;
}

fl_location location_in_bytes(const uint8_t *bytes, size_t size)
{
    static const char exif[] = "Exif\0"; /* six bytes with its own end */
    static const char *const words[] = {"GPSLatitude", "GPSLongitude", "GPSPosition"};
    if (any_says_where(bytes, size, exif, sizeof exif) || exif_says_where(bytes, size))
        return FL_LOCATION_EXIF;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds_word(bytes, size, words[i])) return FL_LOCATION_XMP;
    return FL_LOCATION_NONE;
}

fl_location fl_photo_location(const void *bytes, size_t size)
{
    static const uint8_t png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const bool is_jpeg = size >= 3 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0;
    const bool is_png = size >= sizeof png && memcmp(bytes, png, sizeof png) == 0;
    if (!is_jpeg && !is_png) return FL_LOCATION_NOT_A_PHOTO;
    if (is_png && any_says_where(bytes, size, "eXIf", 4)) return FL_LOCATION_EXIF;
    const fl_location where = location_in_bytes(bytes, size);
    return where != FL_LOCATION_NONE ? where
                                     : location_in_png_texts(bytes, size); /* a JPEG may carry a PNG, too */
}
