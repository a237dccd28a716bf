#include "far_tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* libserialport refuses a pseudo-terminal twice, by its name and by its missing modem lines. For these
 * tests only, the linker sends every ioctl here (tests/CMakeLists.txt), and what ENOTTY would end is answered
 * from these bits. */
int modem_lines = TIOCM_CTS | TIOCM_DSR;
unsigned dtr_falls;

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    const int before = modem_lines;
    const int result = __real_ioctl(fd, request, argument);
    if (result == 0 || errno != ENOTTY) return result;
    switch (request) {
    case TIOCMGET: *(int *)argument = modem_lines; return 0;
    case TIOCMSET: modem_lines = *(int *)argument; break;
    case TIOCMBIS: modem_lines |= *(int *)argument; break;
    case TIOCMBIC: modem_lines &= ~*(int *)argument; break;
    default: errno = ENOTTY; return -1;
    }
    dtr_falls += (before & TIOCM_DTR) && !(modem_lines & TIOCM_DTR);
    return 0;
}

/* ---- a pseudo-terminal with something behind it ---- */

static void *far_side(void *self)
{
    far_end *far = self;
    char seen[512];
    size_t size = 0;
    while (!far->stop) {
        struct pollfd wait = {.fd = far->master, .events = POLLIN};
        if (far->flood && write(far->master, "\x81garbage~*\xFF", 11) < 0 && errno != EAGAIN) break;
        poll(&wait, 1, far->flood ? 0 : 5);
        const ssize_t n = wait.revents & POLLIN ? read(far->master, seen + size, sizeof seen - 1 - size) : 0;
        if (n <= 0) {
            usleep(1000); /* with no slave open the master polls as hung up: sleep, do not spin */
            continue;
        }
        size += (size_t)n;
        seen[size] = 0;
        if (strstr(seen, "*IDN?\n")) {
            far->questions++;
            size = 0;
            if (far->identity && write(far->master, far->identity, strlen(far->identity)) < 0) break;
        }
        if (size > 400) size = 0;
    }
    return NULL;
}

static unsigned far_count;

void far_make(far_end *far, const char *identity)
{
    *far = (far_end){.master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), .identity = identity};
    if (far->master < 0 || grantpt(far->master) || unlockpt(far->master)) abort();
    if (ptsname_r(far->master, far->slave, sizeof far->slave)) abort();
    snprintf(far->link, sizeof far->link, "/tmp/fl-carrier-%d-%u", (int)getpid(), far_count++);
    snprintf(far->trick, sizeof far->trick, "/dev/../../..%s", far->link);
    unlink(far->link);
    if (symlink(far->slave, far->link)) abort();
}

void far_start(far_end *far)
{
    if (pthread_create(&far->thread, NULL, far_side, far)) abort();
}

void far_stop(far_end *far)
{
    far->stop = true;
    pthread_join(far->thread, NULL);
}

void far_gone(far_end *far)
{
    if (far->master >= 0) close(far->master);
    far->master = -1;
    unlink(far->link);
}
