/* What the two readers share. Both libraries leave by longjmp: all that must survive it lives in the reader's
 * struct, never in a local variable of the function that called setjmp. */
#ifndef FL_COLOUR_PHOTO_PARTS_H
#define FL_COLOUR_PHOTO_PARTS_H

#include "fadeline/colour/photo.h"

typedef struct photo_file {
    const char *name;
    const unsigned char *bytes;
    size_t size;
} photo_file;

/* `why` is the library's own sentence. */
fl_status photo_damaged(fl_error *error, const photo_file *file, const char *kind, const char *why);
/* A photo with room for its light; the size is checked first. NULL, with the error set, when it is too big.
 */
fl_photo *photo_new(const photo_file *file, const char *format, unsigned width, unsigned height,
                    fl_error *error);

bool photo_is_png(const photo_file *file);
bool photo_is_jpeg(const photo_file *file);
fl_status photo_read_png(const photo_file *file, fl_photo **photo, fl_error *error);
fl_status photo_read_jpeg(const photo_file *file, fl_photo **photo, fl_error *error);

#endif
