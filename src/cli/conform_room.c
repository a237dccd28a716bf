#include "conform_room.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a person ---- */

#define HAND_PATIENCE_MS 120000
#define FIFO_PATIENCE_MS 5000

/* Faster or finer than a hand. */
static bool hand_can(void *self, fl_conform_event event)
{
    (void)self;
    return event != FL_CONFORM_POWER_CUT && event != FL_CONFORM_SENSE_OFF;
}

static fl_status hand_ask(void *self, fl_conform_event event, const fl_conform_wish *wish)
{
    const conform_hand *hand = self;
    (void)wish;
    fprintf(hand->out, "    >> please %s   (there is time; `s` and Enter skips this check)\n",
            fl_conform_event_text(event));
    return FL_OK;
}

static bool hand_gives_up(void *self)
{
    const conform_hand *hand = self;
    struct pollfd wait = {.fd = hand->in, .events = POLLIN};
    char said[80];
    if (poll(&wait, 1, 0) != 1 || !(wait.revents & POLLIN)) return false;
    const ssize_t got = read(hand->in, said, sizeof said);
    return got > 0 && (said[0] == 's' || said[0] == 'S');
}

static void hand_seen(void *self, fl_conform_event event)
{
    const conform_hand *hand = self;
    (void)event;
    fputs("    >> seen\n", hand->out);
}

fl_conform_room conform_hand_room(conform_hand *hand, int in, FILE *out)
{
    *hand = (conform_hand){.in = in, .out = out};
    return (fl_conform_room){.self = hand,
                             .can = hand_can,
                             .ask = hand_ask,
                             .gives_up = hand_gives_up,
                             .seen = hand_seen,
                             .patience_ms = HAND_PATIENCE_MS};
}

/* ---- a virtual room ---- */

static bool fifo_can(void *self, fl_conform_event event)
{
    (void)self;
    return event < FL_CONFORM_EVENTS;
}

static fl_status fifo_ask(void *self, fl_conform_event event, const fl_conform_wish *wish)
{
    const conform_fifo *fifo = self;
    char lines[FL_CONFORM_ROOM_LINES];
    fl_conform_room_lines(event, wish, lines);
    const size_t size = strlen(lines);
    return write(fifo->fd, lines, size) == (ssize_t)size ? FL_OK : FL_E_IO;
}

static bool fifo_gives_up(void *self)
{
    (void)self;
    return false;
}

void conform_fifo_close(conform_fifo *fifo)
{
    if (fifo->fd >= 0) close(fifo->fd);
    fifo->fd = -1;
}

fl_status conform_fifo_open(conform_fifo *fifo, const char *path, fl_conform_room *room, fl_error *error)
{
    fifo->fd = open(path, O_WRONLY | O_NONBLOCK | O_APPEND | O_CLOEXEC);
    struct stat about;
    if (fifo->fd >= 0 && (fstat(fifo->fd, &about) != 0 || !S_ISFIFO(about.st_mode))) {
        conform_fifo_close(fifo);
        fl_error_set(error, FL_E_FILE, "%s is no room: a virtual laser reads its room from a FIFO", path);
        return fl_error_hint(error, "start the virtual laser with --room and a name that is free"), FL_E_FILE;
    }
    if (fifo->fd < 0) {
        fl_error_set(error, FL_E_FILE, "cannot write to the room %s: %s", path,
                     errno == ENXIO ? "nobody reads it" : strerror(errno));
        return fl_error_hint(error, "start the virtual laser with --room %s", path), FL_E_FILE;
    }
    *room = (fl_conform_room){.self = fifo,
                              .can = fifo_can,
                              .ask = fifo_ask,
                              .gives_up = fifo_gives_up,
                              .patience_ms = FIFO_PATIENCE_MS,
                              .sure = true};
    return FL_OK;
}
