/* What location.c and location_png.c share. */
#ifndef FL_CLIENTS_LOCATION_PARTS_H
#define FL_CLIENTS_LOCATION_PARTS_H

#include "fadeline/clients/location.h"

#include <stdint.h>

/* Exif anywhere in these bytes, or a TIFF that they begin with; the words of XMP in any of its encodings. */
fl_location location_in_bytes(const uint8_t *bytes, size_t size);
/* What the texts of a PNG hold beside its plain bytes: compressed, or as hexadecimal digits (ImageMagick's
 * "Raw profile type"). A text that cannot be opened might be opened by somebody more patient: it counts. */
fl_location location_in_png_texts(const uint8_t *bytes, size_t size);

#endif
