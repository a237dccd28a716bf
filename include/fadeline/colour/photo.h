/* Photo: a PNG or JPEG file as linear light.
 *
 * Codes in a file are not light: twice the code is four to five times the light. All arithmetic here is done
 * in light, and this is the only place where codes are read. The traps: a gAMA chunk that says something else
 * than sRGB, and a phone's EXIF turn. EXIF is ignored, so pixels are counted in the picture as it is stored,
 * from its top left corner; the overlay shows where that is.
 *
 *     fl_photo *photo;
 *     if (fl_photo_load("visit-1.jpg", &photo, &error) != FL_OK) return fl_error_print(stderr, &error), 3;
 *     fl_rgb light = fl_photo_at(photo, 120, 80);
 *     fl_photo_free(photo);
 *
 * PNG: 1 to 16 bits, grey, palette or RGB; transparency is ignored. JPEG: 8 bits, grey or colour, also
 * progressive. A file that ends early or is damaged anywhere is refused whole: half a photo could be half a
 * card.
 */
#ifndef FL_COLOUR_PHOTO_H
#define FL_COLOUR_PHOTO_H

#include "fadeline/base/error.h"
#include "fadeline/colour/lab.h"

#include <stdbool.h>
#include <stddef.h>

#define FL_PHOTO_PIXELS_MAX 50000000u /* 600 MB as light */
#define FL_PHOTO_BYTES_MAX (256u << 20)

/* A code from here up (251 of 255) is no measurement: the sensor or the camera's curve was full. JPEG moves a
 * full white about by a few codes, which is why this is not 255. */
#define FL_PHOTO_CLIPPED_CODE 0.984

typedef struct fl_photo {
    unsigned width, height;
    float *light;        /* three a pixel, row by row from the top: linear, 0 to 1 */
    float clipped_light; /* light of FL_PHOTO_CLIPPED_CODE */
    const char *format;  /* "PNG" or "JPEG" */
    unsigned bits;       /* of a code in the file: 8 or 16 */
    bool is_grey;        /* the file holds no colour */
    bool has_profile;    /* an ICC profile is embedded; it is not used, the card takes its place */
    char curve[32];      /* "sRGB", or "gamma 1.80" from the file's gAMA chunk */
} fl_photo;

/* FL_E_IO or FL_E_FILE, and *photo alone, when the file cannot be read, is no photo, is damaged or too big.
 */
FL_MUST_USE fl_status fl_photo_load(const char *path, fl_photo **photo, fl_error *error);
/* The same from memory; `name` stands in the error. */
FL_MUST_USE fl_status fl_photo_read(const char *name, const void *bytes, size_t size, fl_photo **photo,
                                    fl_error *error);
void fl_photo_free(fl_photo *photo);

static inline fl_rgb fl_photo_at(const fl_photo *photo, unsigned x, unsigned y)
{
    const float *light = photo->light + 3 * ((size_t)y * photo->width + x);
    return (fl_rgb){light[0], light[1], light[2]};
}

static inline bool fl_photo_is_clipped(const fl_photo *photo, fl_rgb light)
{
    const double full = photo->clipped_light;
    return light.r >= full || light.g >= full || light.b >= full;
}

#endif
