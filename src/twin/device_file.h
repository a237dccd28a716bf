/* Device file: turns devices/ID.yaml into the make of a virtual laser, and refuses a file of a real one. Of a
 * laser behind a gate it is the gate that is played: it takes the grants.
 *
 *     static device_file file;
 *     if (device_file_load("example-pico", &file, &error) != FL_OK) ...
 *     twin_options options = { .make = &file.make, ... };
 *     device_file_free(&file);                       // after the twin: make borrows its texts
 */
#ifndef TWIN_DEVICE_FILE_H
#define TWIN_DEVICE_FILE_H

#include "gl1_device.h"

#include "fadeline/config/device.h"

typedef struct device_file {
    fl_device *device;
    char maker[49], model[49]; /* without commas, for *IDN? */
    gl1_make make;
} device_file;

/* FL_E_FILE unless the file says `kind: simulated`, it or its gate speaks gl1 and that identity begins with
 * SIM: nobody may take this program for the laser whose name it borrows. */
FL_MUST_USE fl_status device_file_load(const char *id, device_file *file, fl_error *error);
void device_file_free(device_file *file);

#endif
