/* The list of lasers, as text and JSON. */
#ifndef FL_CLI_DEVICE_PAGES_H
#define FL_CLI_DEVICE_PAGES_H

#include "fadeline/config/device.h"

#include <jansson.h>

void device_print(const fl_device *device);
json_t *device_json(const fl_device *device);

#endif
