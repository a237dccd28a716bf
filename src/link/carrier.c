#include "fadeline/link/carrier.h"

#include "carriers.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Unix98 pseudo-terminal slaves have majors 136 to 143 (Linux, admin-guide/devices.txt). */
bool fl_carrier_is_pty(unsigned device_major)
{
    return device_major >= 136 && device_major <= 143;
}

fl_status fl_carrier_claim(int fd, const char *path, fl_error *error)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return FL_OK;
    if (errno != EWOULDBLOCK) /* a file system without locks: the port works, and we say nothing false */
        return FL_OK;
    fl_error_set(error, FL_E_BUSY, "%s is in use by another Fadeline process", path);
    return fl_error_hint(error, "end the session that runs on it; to watch a live line, put a tap on it"),
           FL_E_BUSY;
}

fl_status fl_carrier_open(const char *path, const fl_carrier_options *options, fl_carrier *carrier,
                          fl_error *error)
{
    FL_ASSERT(path && options && carrier);
    *carrier = (fl_carrier){.fd = -1};
    if (fl_text_begins(path, "usb:") || fl_text_begins(path, "usbtmc:"))
        return fl_carrier_open_usb(path, options, carrier, error);
    struct stat about;
    if (stat(path, &about) != 0) {
        fl_error_set(error, FL_E_DEVICE, "there is no port %s: %s", path, strerror(errno));
        return fl_error_hint(error, "fadeline devices probe lists the ports that answer"), FL_E_DEVICE;
    }
    /* The memory devices of the kernel (/dev/null and its like) are character devices too. */
    if (!S_ISCHR(about.st_mode) || major(about.st_rdev) == 1) {
        fl_error_set(error, FL_E_DEVICE, "%s is not a port", path);
        return fl_error_hint(error, "a serial port looks like /dev/ttyUSB0 or /dev/ttyACM0"), FL_E_DEVICE;
    }
    return fl_carrier_is_pty(major(about.st_rdev)) ? fl_carrier_open_pty(path, options, carrier, error)
                                                   : fl_carrier_open_serial(path, options, carrier, error);
}

void fl_carrier_close(fl_carrier *carrier)
{
    if (carrier->kind) carrier->kind->close(carrier);
    *carrier = (fl_carrier){.fd = -1};
}

fl_status fl_carrier_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    *got = 0;
    if (fl_carrier_is_gone(carrier)) return FL_E_GONE;
    return carrier->kind->read(carrier, bytes, room, got);
}

fl_status fl_carrier_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    *taken = 0;
    if (fl_carrier_is_gone(carrier)) return FL_E_GONE;
    if (carrier->listen_only) return FL_E_REFUSED;
    return carrier->kind->write(carrier, bytes, size, taken);
}

void fl_carrier_drop(fl_carrier *carrier)
{
    if (fl_carrier_is_gone(carrier) || carrier->listen_only) return;
    size_t taken; /* the first LF ends whatever half line may stand in the device's buffer */
    if (!carrier->own_drop && fl_carrier_write(carrier, "\n!\n", 3, &taken) != FL_OK) carrier->gone = true;
    if (carrier->kind->drop) carrier->kind->drop(carrier);
}
