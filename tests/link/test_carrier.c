/* labels: unit fault   timeout: 120 */
#include "check.h"

#include "carriers.h"
#include "fadeline/link/gl1.h"
#include "far_tty.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define SIM "SIMULATED Example,Pico 2,SIM-00042,1.0\n"

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

FL_TESTS("link/carrier", TEST(the_serial_line_is_set_up_as_told), TEST(libserialport_refuses_a_pty_by_nature),
         TEST(the_path_chooses_the_kind), TEST(only_the_simulated_may_use_a_pty),
         TEST(a_flood_of_garbage_ends_in_time), TEST(listening_sends_nothing), TEST(probe_says_who_is_there),
         TEST(identities_that_are_none))
