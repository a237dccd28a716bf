/* labels: unit fault   timeout: 120 */
#include "check.h"

#include "carriers.h"
#include "fadeline/link/gl1.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* libserialport refuses a pseudo-terminal twice, by its name and by its missing modem lines. For this test
 * only, the linker sends every ioctl here (tests/CMakeLists.txt), and what ENOTTY would end is answered from
 * these bits. */
static int modem_lines = TIOCM_CTS | TIOCM_DSR;
static unsigned dtr_falls;

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

typedef struct far_end {
    int master;
    char slave[64], link[96], trick[128];
    const char *identity; /* answer to *IDN?; NULL: says nothing */
    bool flood;           /* garbage without end */
    volatile bool stop;
    pthread_t thread;
    unsigned questions;
} far_end;

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

static void far_make(far_end *far, const char *identity)
{
    *far = (far_end){.master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), .identity = identity};
    if (far->master < 0 || grantpt(far->master) || unlockpt(far->master)) abort();
    if (ptsname_r(far->master, far->slave, sizeof far->slave)) abort();
    snprintf(far->link, sizeof far->link, "/tmp/fl-carrier-%d-%u", (int)getpid(), far_count++);
    snprintf(far->trick, sizeof far->trick, "/dev/../../..%s", far->link);
    unlink(far->link);
    if (symlink(far->slave, far->link)) abort();
}

static void far_start(far_end *far)
{
    if (pthread_create(&far->thread, NULL, far_side, far)) abort();
}

static void far_stop(far_end *far)
{
    far->stop = true;
    pthread_join(far->thread, NULL);
}

static void far_gone(far_end *far)
{
    if (far->master >= 0) close(far->master);
    far->master = -1;
    unlink(far->link);
}

#define SIM "SIMULATED Example,Pico 2,SIM-00042,1.0\n"

/* Both kinds on the same far end. The pty kind asks who is there, so its far end runs while it opens. */
static fl_status open_kind(bool serial, far_end *far, fl_carrier *carrier, fl_error *error)
{
    const fl_carrier_options options = {.identify_ms = 5000};
    if (serial) return fl_carrier_open_serial(far->trick, &options, carrier, error);
    far_start(far);
    const fl_status status = fl_carrier_open_pty(far->slave, &options, carrier, error);
    far_stop(far);
    far->stop = false;
    return status;
}

static size_t read_for(fl_carrier *carrier, char *bytes, size_t wanted, int patience_ms)
{
    size_t size = 0;
    for (int i = 0; i < patience_ms && size < wanted && !fl_carrier_is_gone(carrier); i++) {
        size_t got;
        if (fl_carrier_read(carrier, bytes + size, wanted - size, &got) == FL_OK) size += got;
        if (!got) usleep(1000);
    }
    return size;
}

static void bytes_travel_both_ways_unchanged(void)
{
    for (int serial = 0; serial <= 1; serial++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, SIM);
        CHECK(open_kind(serial, &far, &carrier, &error) == FL_OK, "serial %d: %s", serial, error.what);
        CHECK_TEXT(carrier.kind->name, serial ? "serial" : "pty", "kind");
        CHECK(carrier.simulated_only == !serial, "only a pty asks for SIM");
        char all[256], back[256] = {0};
        for (int i = 0; i < 256; i++)
            all[i] = (char)i; /* every byte: nothing may be cooked, echoed or eaten */
        size_t taken = 0;
        CHECK(fl_carrier_write(&carrier, all, 256, &taken) == FL_OK && taken == 256, "%zu taken", taken);
        size_t size = 0;
        for (int i = 0; i < 5000 && size < 256; i++) {
            const ssize_t n = read(far.master, back + size, 256 - size);
            if (n > 0) size += (size_t)n;
            if (n <= 0) usleep(1000);
        }
        CHECK(size == 256 && memcmp(all, back, 256) == 0, "serial %d: %zu bytes arrived", serial, size);
        size_t got = 99;
        CHECK(fl_carrier_read(&carrier, back, 256, &got) == FL_OK && got == 0, "no echo: %zu bytes", got);
        memset(back, 0, sizeof back);
        CHECK(write(far.master, all, 100) == 100, "first part");
        size = read_for(&carrier, back, 100, 5000);
        CHECK(write(far.master, all + 100, 156) == 156, "second part");
        size += read_for(&carrier, back + size, 256 - size, 5000);
        CHECK(size == 256 && memcmp(all, back, 256) == 0, "serial %d: %zu bytes came back", serial, size);
        fl_carrier_close(&carrier);
        fl_carrier_close(&carrier); /* a closed one is fine */
        far_gone(&far);
    }
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The master closes: the next read knows, and so does every one after it. A caller who obeys is_gone spends
 * nothing. */
/* hazards: H19 */
static void a_hang_up_is_seen_at_once(void)
{
    for (int serial = 0; serial <= 1; serial++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, SIM);
        CHECK(open_kind(serial, &far, &carrier, &error) == FL_OK, "serial %d: %s", serial, error.what);
        char bytes[64];
        size_t got, rounds = 0;
        CHECK(fl_carrier_read(&carrier, bytes, sizeof bytes, &got) == FL_OK && !got, "quiet is not gone");
        CHECK(!fl_carrier_is_gone(&carrier), "not gone yet");
        close(far.master);
        far.master = -1;
        const double before = cpu_s();
        while (!fl_carrier_is_gone(&carrier) && rounds < 1000) { /* the loop of a control process */
            struct pollfd wait = {.fd = fl_carrier_fd(&carrier), .events = POLLIN};
            poll(&wait, 1, 10);
            const fl_status status = fl_carrier_read(&carrier, bytes, sizeof bytes, &got);
            CHECK(status == FL_OK || status == FL_E_GONE, "%s", fl_status_name(status));
            rounds++;
        }
        CHECK(rounds <= 3, "serial %d: %zu rounds until it was seen", serial, rounds);
        CHECK(cpu_s() - before < 0.1, "serial %d: %.3f s of processor", serial, cpu_s() - before);
        CHECK(fl_carrier_read(&carrier, bytes, sizeof bytes, &got) == FL_E_GONE, "and stays gone");
        CHECK(fl_carrier_write(&carrier, "x", 1, &got) == FL_E_GONE && got == 0, "for writing too");
        fl_carrier_drop(&carrier); /* nothing to tell, and no harm */
        fl_carrier_close(&carrier);
        far_gone(&far);
    }
}

static void a_write_notices_the_hang_up(void)
{
    for (int serial = 0; serial <= 1; serial++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, SIM);
        CHECK(open_kind(serial, &far, &carrier, &error) == FL_OK, "serial %d: %s", serial, error.what);
        close(far.master);
        far.master = -1;
        size_t taken = 5;
        CHECK(fl_carrier_write(&carrier, "x", 1, &taken) == FL_E_GONE && taken == 0 &&
                  fl_carrier_is_gone(&carrier),
              "serial %d", serial);
        fl_carrier_close(&carrier);
        far_gone(&far);
    }
}

/* Nobody reads: the line fills. A write then takes nothing and says so; it never blocks. */
static void a_full_line_takes_nothing_and_does_not_block(void)
{
    for (int serial = 0; serial <= 1; serial++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, SIM);
        CHECK(open_kind(serial, &far, &carrier, &error) == FL_OK, "serial %d: %s", serial, error.what);
        char block[512];
        memset(block, 'x', sizeof block);
        size_t taken = 1, total = 0;
        for (int i = 0; i < 10000 && taken; i++) {
            CHECK(fl_carrier_write(&carrier, block, sizeof block, &taken) == FL_OK, "write %d", i);
            total += taken;
        }
        CHECK(!taken && total > 1000, "serial %d: %zu bytes were taken", serial, total);
        CHECK(!fl_carrier_is_gone(&carrier), "full is not gone");
        fl_carrier_close(&carrier);
        far_gone(&far);
    }
}

/* Closing our side of the line says so in every way the line knows. */
/* hazards: H19 */
static void a_drop_says_it_by_every_means(void)
{
    for (int serial = 0; serial <= 1; serial++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, SIM);
        CHECK(open_kind(serial, &far, &carrier, &error) == FL_OK, "serial %d: %s", serial, error.what);
        CHECK(!serial || (modem_lines & TIOCM_DTR), "DTR is up while open");
        const unsigned falls = dtr_falls;
        fl_carrier_drop(&carrier);
        CHECK(!serial || dtr_falls == falls + 1, "DTR fell %u times", dtr_falls - falls);
        char seen[16] = "";
        for (int i = 0; i < 5000 && read(far.master, seen, sizeof seen - 1) <= 0; i++) usleep(1000);
        CHECK_TEXT(seen, "\n!\n", "and '!' on a line of its own");
        fl_carrier_close(&carrier);
        CHECK(!serial || !(modem_lines & TIOCM_DTR), "DTR is down when closed");
        far_gone(&far);
    }
}

/* The rate as the kernel has it: libserialport sets 921600 as a free number, which tcgetattr does not show.
 */
static unsigned rate_of(int fd)
{
    struct {
        unsigned iflag, oflag, cflag, lflag;
        unsigned char line, cc[19];
        unsigned in_rate, out_rate;
    } line = {.out_rate = 0};
    return ioctl(fd, _IOR('T', 0x2A, line), &line) == 0 ? line.out_rate : 0; /* TCGETS2 */
}

static void the_serial_line_is_set_up_as_told(void)
{
    static const struct {
        unsigned baud;
        unsigned rate;
        fl_status status;
    } rows[] = {
        {0, 921600, FL_OK},      {921600, 921600, FL_OK}, {460800, 460800, FL_OK},
        {115200, 0, FL_E_RANGE}, {9600, 0, FL_E_RANGE},   {921601, 0, FL_E_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, NULL);
        const fl_status status =
            fl_carrier_open_serial(far.trick, &(fl_carrier_options){.baud = rows[i].baud}, &carrier, &error);
        CHECK(status == rows[i].status, "%u baud: %s %s", rows[i].baud, fl_status_name(status), error.what);
        struct termios line;
        CHECK(tcgetattr(far.master, &line) == 0, "line");
        if (status == FL_OK) {
            CHECK(rate_of(far.master) == rows[i].rate, "%u baud was not set: %u", rows[i].baud,
                  rate_of(far.master));
            CHECK((line.c_cflag & CSIZE) == CS8 && !(line.c_cflag & (PARENB | CSTOPB | CRTSCTS)),
                  "8N1, no flow control");
            CHECK(!(line.c_lflag & (ECHO | ICANON | ISIG)) && !(line.c_iflag & (IXON | ICRNL)), "raw");
        }
        fl_carrier_close(&carrier);
        far_gone(&far);
    }
}

static void libserialport_refuses_a_pty_by_nature(void)
{
    far_end far;
    fl_carrier carrier;
    fl_error error = {.what = ""};
    far_make(&far, SIM);
    CHECK(fl_carrier_open_serial(far.slave, &(fl_carrier_options){0}, &carrier, &error) == FL_E_DEVICE, "%s",
          far.slave);
    CHECK(error.what[0] && !fl_carrier_is_open(&carrier), "%s", error.what);
    far_gone(&far);
}

/* open looks at what the path is, not at what it is called. */
static void the_path_chooses_the_kind(void)
{
    far_end far;
    fl_carrier carrier;
    fl_error error = {.what = ""};
    far_make(&far, SIM);
    far_start(&far);
    CHECK(fl_carrier_open(far.link, &(fl_carrier_options){.identify_ms = 5000}, &carrier, &error) == FL_OK,
          "%s", error.what);
    CHECK_TEXT(carrier.kind->name, "pty", "a link to a pseudo-terminal");
    fl_carrier second;
    CHECK(fl_carrier_open(far.slave, &(fl_carrier_options){.identify_ms = 5000}, &second, &error) ==
              FL_E_BUSY,
          "a second reader would get half of every line: %s", error.what);
    CHECK(!fl_carrier_is_open(&second) && error.hint[0], "%s", error.hint);
    fl_carrier_close(&carrier);
    far_stop(&far);
    far_gone(&far);
    static const char *const no_ports[] = {"/nowhere/ttyUSB7", "/tmp", "/dev/null", "/etc/hostname"};
    for (size_t i = 0; i < sizeof no_ports / sizeof *no_ports; i++) {
        const fl_status status = fl_carrier_open(no_ports[i], &(fl_carrier_options){0}, &carrier, &error);
        CHECK(status == FL_E_DEVICE && error.hint[0] && !fl_carrier_is_open(&carrier), "%s: %s", no_ports[i],
              error.what);
    }
}

/* A device that does not call itself simulated is turned away from a pseudo-terminal. */
/* hazards: H22 */
static void only_the_simulated_may_use_a_pty(void)
{
    static const struct {
        const char *what, *answer;
        fl_status status;
    } rows[] = {
        {"simulated", SIM, FL_OK},
        {"after noise", "\x81\x82\n<0000000000000001 STAT*00000000\n" SIM, FL_OK},
        {"with CR LF", "SIM x,y,SIM-7,1\r\n", FL_OK},
        {"a real name", "Example,Pico 2,00042,1.0\n", FL_E_DEVICE},
        {"SIM later in the name", "Example,Pico 2,X-SIM-00042,1.0\n", FL_E_DEVICE},
        {"SIM only in the maker", "SIM,SIM,00042,SIM\n", FL_E_DEVICE},
        {"lower case", "Example,Pico 2,sim-00042,1.0\n", FL_E_DEVICE},
        {"three parts", "Example,SIM-00042,1.0\n", FL_E_TIMEOUT},
        {"no answer", NULL, FL_E_TIMEOUT},
        {"half a line", "SIM x,y,SIM-7,1", FL_E_TIMEOUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_end far;
        fl_carrier carrier;
        fl_error error = {.what = ""};
        far_make(&far, rows[i].answer);
        far_start(&far);
        const bool silent = rows[i].status == FL_E_TIMEOUT;
        const fl_carrier_options options = {.identify_ms = silent ? 300 : 10000};
        const fl_status status = fl_carrier_open(far.slave, &options, &carrier, &error);
        CHECK(status == rows[i].status, "%s: %s %s", rows[i].what, fl_status_name(status), error.what);
        CHECK(fl_carrier_is_open(&carrier) == (status == FL_OK), "%s: closed otherwise", rows[i].what);
        CHECK(status == FL_OK || error.hint[0], "%s: no hint", rows[i].what);
        fl_carrier_close(&carrier);
        far_stop(&far);
        far_gone(&far);
    }
}

static void a_flood_of_garbage_ends_in_time(void)
{
    far_end far;
    fl_carrier carrier;
    fl_error error = {.what = ""};
    far_make(&far, NULL);
    far.flood = true;
    far_start(&far);
    const fl_status status =
        fl_carrier_open(far.slave, &(fl_carrier_options){.identify_ms = 200}, &carrier, &error);
    CHECK(status == FL_E_TIMEOUT, "%s %s", fl_status_name(status), error.what);
    far_stop(&far);
    far_gone(&far);
}

static void listening_sends_nothing(void)
{
    far_end far;
    fl_carrier carrier;
    fl_error error = {.what = ""};
    far_make(&far, "Example,Pico 2,00042,1.0\n");
    far_start(&far);
    const fl_status status =
        fl_carrier_open(far.slave, &(fl_carrier_options){.listen_only = true}, &carrier, &error);
    CHECK(status == FL_OK, "%s", error.what);
    size_t taken = 9;
    CHECK(fl_carrier_write(&carrier, "x", 1, &taken) == FL_E_REFUSED && taken == 0, "a write is refused");
    fl_carrier_drop(&carrier);
    fl_gl1 link;
    fl_gl1_init(&link, &(fl_gl1_setup){.carrier = &carrier});
    for (int i = 0; i < 50; i++) {
        fl_gl1_tick(&link);
        usleep(1000);
    }
    fl_carrier_close(&carrier);
    far_stop(&far);
    CHECK(far.questions == 0 && link.now.counters.asked == 0, "%u questions", far.questions);
    char seen[8];
    CHECK(read(far.master, seen, sizeof seen) <= 0, "a byte left");
    far_gone(&far);
}

static void probe_says_who_is_there(void)
{
    far_end far;
    fl_error error = {.what = ""};
    fl_link_identity who = {.maker = "untouched"};
    far_make(&far, SIM);
    far_start(&far);
    const fl_status status =
        fl_link_probe(far.link, &(fl_carrier_options){.identify_ms = 5000}, &who, &error);
    CHECK(status == FL_OK, "%s", error.what);
    CHECK(who.simulated && strcmp(who.identity, "SIM-00042") == 0 && strcmp(who.version, "1.0") == 0, "%s",
          who.identity);
    CHECK_TEXT(who.maker, "SIMULATED Example", "maker");
    far_stop(&far);
    far_gone(&far);
    far_make(&far, NULL);
    far_start(&far);
    who.maker[0] = 'X';
    CHECK(fl_link_probe(far.link, &(fl_carrier_options){.identify_ms = 100}, &who, &error) == FL_E_TIMEOUT,
          "silence");
    CHECK(who.maker[0] == 'X', "the answer was touched");
    far_stop(&far);
    far_gone(&far);
}

static void identities_that_are_none(void)
{
    static const char *const bad[] = {
        "",          ",",           ",,",
        ",,,",       "a,b,c",       "a,b,,d",
        "a,b,c,d,e", "a,b,c\x80,d", "a,b,1234567890123456789012345678901234567890123456789,d"};
    fl_link_identity who;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(fl_link_identity_read(bad[i], strlen(bad[i]), &who) == FL_E_DEVICE, "'%s' was taken", bad[i]);
    CHECK(fl_link_identity_read(",,x,", 4, &who) == FL_OK && !who.simulated, "an identity is enough");
}

FL_TESTS("link/carrier", TEST(bytes_travel_both_ways_unchanged), TEST(a_hang_up_is_seen_at_once),
         TEST(a_write_notices_the_hang_up), TEST(a_full_line_takes_nothing_and_does_not_block),
         TEST(a_drop_says_it_by_every_means), TEST(the_serial_line_is_set_up_as_told),
         TEST(libserialport_refuses_a_pty_by_nature), TEST(the_path_chooses_the_kind),
         TEST(only_the_simulated_may_use_a_pty), TEST(a_flood_of_garbage_ends_in_time),
         TEST(listening_sends_nothing), TEST(probe_says_who_is_there), TEST(identities_that_are_none))
