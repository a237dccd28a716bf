/* A conversation with a device, as rows for the `transcript` of its dialect file: what `fadeline check` then
 * replays. */
#ifndef FL_CLI_DEVICES_RECORD_H
#define FL_CLI_DEVICES_RECORD_H

#include "fadeline/base/error.h"
#include "fadeline/link/talk.h"

typedef struct devices_record {
    char *rows; /* each once, in the order in which they came */
    size_t size;
    const char *port;
    char day[11];
} devices_record;

void devices_record_begin(devices_record *record, fl_talk *talk, const char *port);
/* Writes the file whole, or not at all. */
FL_MUST_USE fl_status devices_record_end(devices_record *record, const char *path, fl_error *error);

#endif
