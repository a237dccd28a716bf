/* Device list: which lasers there are files of.
 *
 *     char **ids;
 *     const size_t count = fl_device_ids(&ids);
 *     for (i ...) { fl_device_load(ids[i], &device, &error); ... free(ids[i]); }
 *     free(ids);
 */
#ifndef FL_CONFIG_DEVICE_LIST_H
#define FL_CONFIG_DEVICE_LIST_H

#include <stddef.h>

/* Ids of all device files in reach, each once: the file that fl_place_find would give. malloc'ed strings in a malloc'ed
 * list, in order. */
size_t fl_device_ids(char ***ids);

#endif
