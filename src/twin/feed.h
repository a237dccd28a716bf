/* Feed: the room told live (`--room PATH`), one event a line, as in a script.
 *
 *     room_feed feed;
 *     if (feed_open(&feed, "/tmp/laser.room", &error) != FL_OK) ...   // makes a FIFO, and removes it at the
 * end while (feed_line(&feed, line, sizeof line)) script_say(&script, line, &error); feed_close(&feed);
 *
 * Whoever writes to it may come and go (`echo now door open > /tmp/laser.room`); nothing here ever waits.
 */
#ifndef TWIN_FEED_H
#define TWIN_FEED_H

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct room_feed {
    int fd; /* -1: none */
    char path[1024], bytes[4096];
    size_t size;
    bool too_long; /* dropping to the end of a line that did not fit */
} room_feed;

/* A FIFO that is already there is taken over; anything else at that name is refused. */
FL_MUST_USE fl_status feed_open(room_feed *feed, const char *path, fl_error *error);
bool feed_line(room_feed *feed, char *line, size_t room); /* without its end; false: nothing whole is there */
void feed_close(room_feed *feed);

#endif
