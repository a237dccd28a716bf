/* Small: a photo made smaller for a screen, turned as the camera was held, and without anything else that the
 * file said: where, when, by which camera, and the preview that cameras put beside the picture.
 *
 *     small_picture picture;
 *     if (small_make(bytes, size, 320, &picture, &error) == FL_OK) ... picture.jpeg, picture.size
 *     small_free(&picture);
 *
 * The bytes are whatever somebody sent. At most SMALL_PIXELS are decoded; a file that ends early or is
 * damaged is refused whole, as the colour reader does: half a photo could be half of what is to be seen.
 */
#ifndef FL_CONSOLE_SMALL_H
#define FL_CONSOLE_SMALL_H

#include "fadeline/base/error.h"

#include <stddef.h>

#define SMALL_PIXELS 50000000u

typedef struct small_picture {
    unsigned char *jpeg;
    unsigned long size;
    unsigned width, height;
} small_picture;

/* The longer side has `side` pixels at most; never made larger than it is. FL_E_FILE with a sentence. */
FL_MUST_USE fl_status small_make(const void *bytes, size_t size, unsigned side, small_picture *picture,
                                 fl_error *error);
/* Only its size upright, when the longer side has `side` pixels at most; nothing is decoded. */
FL_MUST_USE fl_status small_measure(const void *bytes, size_t size, unsigned side, small_picture *picture,
                                    fl_error *error);
void small_free(small_picture *picture);

#endif
