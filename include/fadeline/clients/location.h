/* Location: whether a photo says where it was taken. Such a photo is not taken into a record.
 *
 * JPEG and PNG only. Looked for are Exif blocks anywhere in the file (also in a second picture that a phone
 * appended, where a walk over the first one's segments would not come) with a GPS directory that holds more
 * than its version, and the words that XMP uses (UTF-8, UTF-16, UTF-32); in a PNG also its texts, opened. The
 * bytes are hostile: nothing in them is believed, no offset leaves the file, no chain of directories is
 * followed for ever.
 */
#ifndef FL_CLIENTS_LOCATION_H
#define FL_CLIENTS_LOCATION_H

#include <stdbool.h>
#include <stddef.h>

typedef enum fl_location {
    FL_LOCATION_NONE = 0,
    FL_LOCATION_EXIF,
    FL_LOCATION_XMP,
    FL_LOCATION_NOT_A_PHOTO /* neither JPEG nor PNG: we cannot say */
} fl_location;

fl_location fl_photo_location(const void *bytes, size_t size);

#endif
