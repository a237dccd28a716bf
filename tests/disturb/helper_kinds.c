#include "helper_kinds.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between two numbers, even on a logarithmic scale: short ones are as likely as long ones. */
static int span(lane *l, int least, int most)
{
    return (int)lround(least * pow((double)most / least, fl_random_uniform(&l->random)));
}

static void sleep_ms(int ms)
{
    usleep((useconds_t)ms * 1000);
}

/* ---- the process ---- */

static void kill_it(lane *l)
{
    lane_signal(l->control, SIGKILL);
    if (l->control > 1) waitpid(l->control, &l->exit_status, 0);
    l->control = -1;
}

static void ask_to_leave(lane *l)
{
    lane_signal(l->control, SIGTERM);
}

static void freeze(pid_t process, int ms)
{
    if (process <= 1) return;
    lane_signal(process, SIGSTOP);
    waitpid(process, NULL, WUNTRACED);
    sleep_ms(ms);
    lane_signal(process, SIGCONT);
}

static void freeze_short(lane *l)
{
    freeze(l->control, span(l, 1, 25));
}

static void freeze_long(lane *l)
{
    freeze(l->control, span(l, 60, 1500));
}

/* ---- clocks ---- */

static void set_wall(lane *l)
{
    const long long us = span(l, 3, 43200) * 1000000LL;
    atomic_store(&l->page->wall_us, lane_draw(l, 2) ? us : -us);
}

static void mend_wall(lane *l)
{
    atomic_store(&l->page->wall_us, 0);
}

static void suspend(lane *l)
{
    atomic_fetch_add(&l->page->boot_us, span(l, 50, 3600000) * 1000LL);
}

/* ---- the disk ---- */

static void set_disk(lane *l, page_mode mode)
{
    atomic_store(&l->page->hits, 0);
    atomic_store(&l->page->mode, mode);
}

static void fill_disk(lane *l)
{
    set_disk(l, PAGE_FULL);
}
static void lock_disk(lane *l)
{
    set_disk(l, PAGE_READ_ONLY);
}
static void break_sync(lane *l)
{
    set_disk(l, PAGE_SYNC_ERROR);
}
static void break_write(lane *l)
{
    set_disk(l, PAGE_WRITE_ERROR);
}
static void nearly_fill_disk(lane *l)
{
    set_disk(l, PAGE_LOW);
}

static void slow(lane *l, int least, int most)
{
    const bool sync = lane_draw(l, 2);
    const int ms = span(l, least, most);
    atomic_store(&l->page->delay_us, (sync ? ms : 1 + ms / 4) * 1000); /* one commit makes several writes */
    set_disk(l, sync ? PAGE_SLOW_SYNC : PAGE_SLOW_WRITE);
}

static void slow_a_little(lane *l)
{
    slow(l, 5, 50);
}
static void slow_down(lane *l)
{
    slow(l, 50, 3000);
}

/* While records wait for the disk: what is durable and what was granted lie furthest apart then. */
static void kill_while_slow(lane *l)
{
    slow(l, 5, 60);
    sleep_ms(span(l, 1, 150));
    kill_it(l);
}

static void mend_disk(lane *l)
{
    atomic_store(&l->page->mode, PAGE_NONE);
}

/* ---- the cable ---- */

static void pull_cable(lane *l)
{
    relay_cut(l->cable);
}

static void plug_cable(lane *l)
{
    relay_plug(l->cable);
}

static void hold_cable(lane *l)
{
    relay_hold(l->cable, span(l, 10, 600));
}

static void flood_host(lane *l)
{
    relay_flood(l->cable, false, (relay_rubbish)lane_draw(l, RELAY_RUBBISH_KINDS), span(l, 3, 300));
}

static void flood_laser(lane *l)
{
    relay_flood(l->cable, true, (relay_rubbish)lane_draw(l, RELAY_RUBBISH_KINDS), span(l, 3, 300));
}

/* ---- the laser ---- */

static void lose_laser(lane *l)
{
    unlink(l->laser_link); /* a name that lives longer than its terminal may soon name another one's */
    lane_signal(l->twin, SIGKILL);
    if (l->twin > 1) waitpid(l->twin, NULL, 0);
    sleep_ms(span(l, 5, 500));
    lane_start_laser(l, false);
}

static void freeze_laser(lane *l)
{
    freeze(l->twin, span(l, 10, 600));
}

/* ---- screens ---- */

static void silence(lane *l)
{
    l->beaten = lane_now() + 2500; /* the operator does nothing for so long */
}

static void lose_screen(lane *l)
{
    close(l->socket);
    l->socket = -1;
}

/* Another screen that shouts at full speed: rubbish, orders that mean nothing, or one endless line. */
static void flood_orders(lane *l)
{
    char bytes[4096];
    size_t size = sizeof bytes;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", l->address);
    const uint64_t way = lane_draw(l, 3);
    const int64_t until = lane_now() + span(l, 20, 400);
    int order = 0;
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = way == 0 ? (char)fl_random_u64(&l->random) : 'x';
    while (lane_now() < until) {
        const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
            if (fd >= 0) close(fd);
            sleep_ms(1);
            continue;
        }
        ssize_t put = 1;
        while (put > 0 && lane_now() < until) {
            if (way == 2)
                size = (size_t)snprintf(bytes, sizeof bytes, "{\"do\":\"here\",\"order\":%d}\n", ++order);
            put = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (put < 0) sleep_ms(1);
        }
        close(fd);
        sleep_ms(1); /* so that the other lanes' processors are not ours alone */
    }
}

// clang-format off
const kind kinds[KIND_COUNT] = {
    /* name             weight promise     watch  act               undo         ends */
    { "killed",             10, KIND_DIES,      0, kill_it,          NULL,        false },
    { "asked to leave",      2, KIND_DIES,   60000, ask_to_leave,     NULL,        false },
    { "frozen < 30 ms",     10, KIND_GOES_ON, 150, freeze_short,     NULL,        false },
    { "frozen longer",       5, KIND_DISARMS, 200, freeze_long,      NULL,        false },
    { "wall clock set",     14, KIND_GOES_ON, 250, set_wall,         mend_wall,   false },
    { "suspended",           5, KIND_DISARMS, 300, suspend,          NULL,        false },
    { "disk full",           4, KIND_IF_MET, 1500, fill_disk,        mend_disk,   true  },
    { "disk read-only",      4, KIND_IF_MET, 1500, lock_disk,        mend_disk,   true  },
    { "sync fails",          4, KIND_IF_MET, 1500, break_sync,       mend_disk,   true  },
    { "write fails",         4, KIND_IF_MET, 1500, break_write,      mend_disk,   true  },
    { "disk nearly full",    4, KIND_IF_MET, 1500, nearly_fill_disk, mend_disk,   false },
    { "disk a bit slow",    10, KIND_ANY,     300, slow_a_little,    mend_disk,   false },
    { "disk slow",           5, KIND_ANY,     700, slow_down,        mend_disk,   false },
    { "killed while slow",   6, KIND_DIES,      0, kill_while_slow,  mend_disk,   false },
    { "cable pulled",        5, KIND_DIES,   60000, pull_cable,       plug_cable,  false },
    { "cable held",          5, KIND_ANY,     700, hold_cable,       NULL,        false },
    { "host flooded",        5, KIND_ANY,     450, flood_host,       NULL,        false },
    { "laser flooded",       5, KIND_ANY,     450, flood_laser,      NULL,        false },
    { "laser lost",          5, KIND_DISARMS, 300, lose_laser,       NULL,        false },
    { "laser frozen",        5, KIND_ANY,     300, freeze_laser,     NULL,        false },
    { "orders flooded",     10, KIND_GOES_ON, 150, flood_orders,     NULL,        false },
    { "screen silent",       2, KIND_LATER,  2800, silence,          NULL,        false },
    { "screen lost",         4, KIND_DISARMS, 300, lose_screen,      NULL,        false },
};
// clang-format on
