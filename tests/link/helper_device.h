#ifndef FL_TESTS_LINK_DEVICE_H
#define FL_TESTS_LINK_DEVICE_H

#include "helper_world.h"

void device_hear(world *w, const char *line, size_t size); /* without LF */
void device_ms(world_device *d, int64_t now_us);           /* its 1 ms loop */
void device_edit(world_device *d);                         /* somebody turns a knob on the panel */
size_t device_frame(const world_device *d, uint32_t session, uint32_t number, const char *body,
                    char line[WORLD_LINE]);
void world_fly(world *w, bool to_device, const char *bytes, size_t size); /* onto the wire, with its faults */

#endif
