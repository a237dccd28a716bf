/* The list of lasers, as text and JSON. */
#ifndef FL_CLI_DEVICE_PAGES_H
#define FL_CLI_DEVICE_PAGES_H

#include "fadeline/config/device.h"

#include <jansson.h>

/* Ids of all device files in reach, each once: the file that fl_place_find would give. malloc'ed strings in a
 * malloc'ed list. */
size_t device_ids(char ***ids);
void device_print(const fl_device *device);
json_t *device_json(const fl_device *device);

#endif
