#include "fadeline/colour/photo.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "photo_parts.h"

#include <stdlib.h>
#include <string.h>

fl_status photo_damaged(fl_error *error, const photo_file *file, const char *kind, const char *why)
{
    fl_error_set(error, FL_E_FILE, "'%s' is a damaged %s file: %s", file->name, kind, why);
    if (error) fl_error_hint(error, "copy it from the camera again, or save it again as PNG or JPEG");
    fl_error_code(error, "colour-photo-unreadable");
    return FL_E_FILE;
}

fl_photo *photo_new(const photo_file *file, const char *format, unsigned width, unsigned height,
                    fl_error *error)
{
    if ((unsigned long long)width * height > FL_PHOTO_PIXELS_MAX) {
        fl_error_set(error, FL_E_FILE, "'%s' has %u x %u pixels, more than %u million", file->name, width,
                     height, FL_PHOTO_PIXELS_MAX / 1000000u);
        if (error)
            fl_error_hint(error, "cut out the part with the card and the skin; do not rescale or filter it");
        fl_error_code(error, "colour-photo-too-big");
        return NULL;
    }
    fl_photo *photo = calloc(1, sizeof *photo);
    float *light = malloc(3 * sizeof *light * (size_t)width * height);
    if (!photo || !light) {
        free(photo);
        free(light);
        fl_error_set(error, FL_E_MEMORY, "no memory for a photo of %u x %u pixels", width, height);
        return NULL;
    }
    *photo = (fl_photo){.width = width, .height = height, .light = light, .format = format, .bits = 8};
    photo->clipped_light = (float)fl_srgb_decode(FL_PHOTO_CLIPPED_CODE);
    strcpy(photo->curve, "sRGB");
    return photo;
}

void fl_photo_free(fl_photo *photo)
{
    if (!photo) return;
    free(photo->light);
    free(photo);
}

fl_status fl_photo_read(const char *name, const void *bytes, size_t size, fl_photo **photo, fl_error *error)
{
    FL_ASSERT(name && bytes && photo);
    const photo_file file = {name, bytes, size};
    if (photo_is_png(&file)) return photo_read_png(&file, photo, error);
    if (photo_is_jpeg(&file)) return photo_read_jpeg(&file, photo, error);
    fl_error_set(error, FL_E_FILE, "'%s' is neither a PNG nor a JPEG file", name);
    if (error)
        fl_error_hint(error, "phones that save HEIC can save JPEG: set the camera to 'most compatible'");
    fl_error_code(error, "colour-photo-unreadable");
    return FL_E_FILE;
}

fl_status fl_photo_load(const char *path, fl_photo **photo, fl_error *error)
{
    char *bytes;
    size_t size;
    fl_status status = fl_place_read(path, FL_PHOTO_BYTES_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    status = fl_photo_read(path, bytes, size, photo, error);
    free(bytes);
    return status;
}
