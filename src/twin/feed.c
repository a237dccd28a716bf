#include "feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

fl_status feed_open(room_feed *feed, const char *path, fl_error *error)
{
    *feed = (room_feed){.fd = -1};
    if (snprintf(feed->path, sizeof feed->path, "%s", path) >= (int)sizeof feed->path)
        return fl_error_set(error, FL_E_FILE, "the path of the room is too long");
    struct stat about;
    if (mkfifo(path, 0600) != 0 &&
        (errno != EEXIST || lstat(path, &about) != 0 || !S_ISFIFO(about.st_mode))) {
        fl_error_set(error, FL_E_FILE, "cannot make the FIFO %s: %s", path, strerror(errno));
        return fl_error_hint(error, "give --room a name that is free");
    }
    /* Open for writing as well, so that it never ends when the last writer leaves. */
    feed->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (feed->fd < 0) return fl_error_set(error, FL_E_IO, "cannot open %s: %s", path, strerror(errno));
    return FL_OK;
}

/* Takes a whole line out of what was read; one that fills the room without an end is dropped to its end. */
static bool take_line(room_feed *feed, char *line, size_t room)
{
    const char *end;
    while ((end = memchr(feed->bytes, '\n', feed->size)) != NULL) {
        const size_t length = (size_t)(end - feed->bytes);
        const bool good = !feed->too_long && length < room && !memchr(feed->bytes, 0, length);
        if (good) memcpy(line, feed->bytes, length), line[length] = 0;
        feed->size -= length + 1;
        memmove(feed->bytes, end + 1, feed->size);
        feed->too_long = false;
        if (good) return true;
    }
    if (feed->size == sizeof feed->bytes) {
        feed->size = 0;
        feed->too_long = true;
    }
    return false;
}

bool feed_line(room_feed *feed, char *line, size_t room)
{
    if (feed->fd < 0) return false;
    if (take_line(feed, line, room)) return true;
    const ssize_t got = read(feed->fd, feed->bytes + feed->size, sizeof feed->bytes - feed->size);
    if (got <= 0) return false;
    feed->size += (size_t)got;
    return take_line(feed, line, room);
}

void feed_close(room_feed *feed)
{
    if (feed->fd < 0) return;
    close(feed->fd);
    unlink(feed->path);
    feed->fd = -1;
}
