#include "fadeline/link/probe.h"

#include "carriers.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/link/frame.h"

#include <poll.h>
#include <string.h>

static bool take_part(const char *from, size_t size, char room[FL_IDENTITY_MAX + 1])
{
    if (size > FL_IDENTITY_MAX) return false;
    memcpy(room, from, size);
    room[size] = 0;
    return true;
}

fl_status fl_link_identity_read(const char *line, size_t size, fl_link_identity *who)
{
    FL_ASSERT(line && who);
    fl_link_identity read = {.simulated = false};
    char *const rooms[4] = {read.maker, read.model, read.identity, read.version};
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        const char *comma = memchr(line + at, ',', size - at);
        if ((part < 3) != (comma != NULL)) return FL_E_DEVICE;
        const size_t end = comma ? (size_t)(comma - line) : size;
        if (!take_part(line + at, end - at, rooms[part])) return FL_E_DEVICE;
        at = end + 1;
    }
    for (size_t i = 0; i < size; i++)
        if (line[i] < 0x20 || line[i] > 0x7E) return FL_E_DEVICE;
    if (!read.identity[0]) return FL_E_DEVICE;
    read.simulated = fl_text_begins(read.identity, "SIM");
    *who = read;
    return FL_OK;
}

static fl_status hung_up(fl_status status, const char *path, fl_error *error)
{
    fl_error_set(error, status, "%s hung up", path);
    return fl_error_hint(error, "is the cable in, and the device on?"), status;
}

static fl_status ask(fl_carrier *carrier, const char *question, const char *path, fl_error *error)
{
    size_t taken;
    const fl_status status = fl_carrier_write(carrier, question, strlen(question), &taken);
    return status == FL_OK ? FL_OK : hung_up(status, path, error);
}

/* One read; looks for a line that is an identity. Frames of an earlier conversation may still be on the wire
 * and are skipped, and so is noise. */
static fl_status look_for_answer(fl_carrier *carrier, fl_line *line, fl_link_identity *who, bool *found)
{
    char bytes[256];
    size_t got;
    const fl_status status = fl_carrier_read(carrier, bytes, sizeof bytes, &got);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < got && !*found; i++)
        if (fl_line_take(line, bytes[i], NULL) == FL_LINE_WHOLE)
            *found = fl_link_identity_read(line->text, line->size, who) == FL_OK;
    return FL_OK;
}

fl_status fl_carrier_identify(fl_carrier *carrier, const char *path, unsigned patience_ms,
                              fl_link_identity *who, fl_error *error)
{
    const fl_clock *clock = fl_clock_system();
    const int64_t patience_us = 1000 * (int64_t)(patience_ms ? patience_ms : FL_CARRIER_IDENTIFY_MS);
    const fl_instant began = clock->now(NULL);
    fl_line line = {.size = 0};
    bool found = false, asked_again = false;
    fl_status status = ask(carrier, "*IDN?\n", path, error);
    while (status == FL_OK && !found) {
        const int64_t spent_us = fl_since(clock->now(NULL), began).us;
        if (spent_us >= patience_us) {
            fl_error_set(error, FL_E_TIMEOUT, "nobody at %s answers *IDN? within %lld ms", path,
                         (long long)(patience_us / 1000));
            return fl_error_hint(error, "is the device on, and is this its port?"), FL_E_TIMEOUT;
        }
        if (spent_us >= patience_us / 2 && !asked_again) { /* the LF ends half a line that we may have hit */
            asked_again = true;
            status = ask(carrier, "\n*IDN?\n", path, error);
            continue;
        }
        struct pollfd wait = {.fd = carrier->fd, .events = POLLIN};
        const int64_t until_us = asked_again ? patience_us : patience_us / 2;
        if (poll(&wait, 1, (int)((until_us - spent_us) / 1000 + 1)) < 0)
            continue; /* EINTR: the clock bounds us */
        status = look_for_answer(carrier, &line, who, &found);
        if (status != FL_OK) return hung_up(status, path, error);
    }
    return status;
}

fl_status fl_link_probe(const char *path, const fl_carrier_options *options, fl_link_identity *who,
                        fl_error *error)
{
    FL_ASSERT(path && options && who);
    fl_carrier carrier;
    fl_status status = fl_carrier_open(path, options, &carrier, error);
    if (status != FL_OK) return status;
    status = fl_carrier_identify(&carrier, path, options->identify_ms, who, error);
    who->simulated_line = status == FL_OK && carrier.simulated_only;
    fl_carrier_close(&carrier);
    return status;
}
