/* labels: unit twin   timeout: 60   needs: fadeline-twin
 */
/* The USB device of the twin, asked over USB/IP as a kernel would: descriptors that hold together, the laser
 * behind each of its three pipes, NAK, unlink, stall, and hosts that talk nonsense. */
#include "check.h"

#include "usbip.h"

#include "fadeline/base/random.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct bench {
    usbip u;
    int host; /* our end of the wire */
    bool far; /* a program serves its other end */
    char heard[4096];
    size_t heard_size;
    uint32_t number;
} bench;

static void hear(void *laser, const char *bytes, size_t length)
{
    bench *b = laser;
    if (length > sizeof b->heard - b->heard_size) return;
    memcpy(b->heard + b->heard_size, bytes, length);
    b->heard_size += length;
}

static bench *bench_new(bool imported)
{
    bench *b = calloc(1, sizeof *b);
    int pair[2];
    if (!b || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) abort();
    usbip_init(&b->u, "SIM-00042", b, hear);
    usbip_connect(&b->u, pair[0], imported);
    b->host = pair[1];
    return b;
}

static void bench_free(bench *b)
{
    usbip_disconnect(&b->u);
    close(b->host);
    free(b);
}

static void put32(uint8_t *at, uint32_t n)
{
    const uint32_t big = htonl(n);
    memcpy(at, &big, 4);
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t big;
    memcpy(&big, at, 4);
    return ntohl(big);
}

static uint32_t submit(bench *b, unsigned endpoint, bool in, uint32_t length, const uint8_t *setup,
                       const void *data)
{
    uint8_t header[48] = {0};
    put32(header, 1), put32(header + 4, ++b->number), put32(header + 8, 65538);
    put32(header + 12, in), put32(header + 16, endpoint), put32(header + 24, length);
    if (setup) memcpy(header + 40, setup, 8);
    CHECK(send(b->host, header, sizeof header, 0) == sizeof header, "header");
    if (!in && length) CHECK(send(b->host, data, length, 0) == (ssize_t)length, "data");
    return b->number;
}

typedef struct reply {
    bool there;
    uint32_t command, number, length;
    int32_t status;
    uint8_t data[USB_TRANSFER_MAX];
} reply;

/* One answer, or none. The direction says whether data follows. */
static reply next_reply(bench *b, bool in)
{
    static reply r;
    uint8_t header[48];
    r = (reply){.there = false};
    if (b->far)
        poll(&(struct pollfd){.fd = b->host, .events = POLLIN}, 1, 5000);
    else
        usbip_serve(&b->u);
    if (recv(b->host, header, sizeof header, MSG_DONTWAIT) != sizeof header) return r;
    r.there = true;
    r.command = get32(header), r.number = get32(header + 4), r.status = (int32_t)get32(header + 20);
    r.length = get32(header + 24);
    if (r.command == 3 && in && r.status == 0 && r.length)
        CHECK(r.length <= sizeof r.data && recv(b->host, r.data, r.length, MSG_WAITALL) == (ssize_t)r.length,
              "data");
    return r;
}

static reply control(bench *b, uint8_t kind, uint8_t request, uint16_t value, uint16_t index, uint16_t length)
{
    const uint8_t setup[8] = {kind,
                              request,
                              (uint8_t)value,
                              (uint8_t)(value >> 8),
                              (uint8_t)index,
                              (uint8_t)(index >> 8),
                              (uint8_t)length,
                              (uint8_t)(length >> 8)};
    const uint32_t number = submit(b, 0, kind & 0x80, length, setup, setup);
    const reply r = next_reply(b, kind & 0x80);
    CHECK(r.there && r.command == 3 && r.number == number, "request %02X is answered", request);
    return r;
}

static void descriptors_hold_together(void)
{
    bench *b = bench_new(true);
    const reply device = control(b, 0x80, 6, 0x0100, 0, 64);
    CHECK(device.status == 0 && device.length == 18 && device.data[0] == 18, "device descriptor");
    CHECK(device.data[8] == 0x09 && device.data[9] == 0x12, "vendor 1209, the test one");
    const reply head = control(b, 0x80, 6, 0x0200, 0, 9);
    const unsigned total = head.data[2] | head.data[3] << 8u;
    CHECK(head.length == 9 && total > 9, "cut to what was asked for");
    const reply all = control(b, 0x80, 6, 0x0200, 0, 255);
    unsigned at = 0, interfaces = 0, endpoints = 0, promised = 0;
    for (; at < all.length && all.data[at] > 1; at += all.data[at]) {
        interfaces += all.data[at + 1] == 4, endpoints += all.data[at + 1] == 5;
        if (all.data[at + 1] == 4) promised += all.data[at + 4];
    }
    CHECK(at == total && all.length == total, "%u bytes walked of %u", at, total);
    CHECK(interfaces == 4 && interfaces == all.data[4], "four interfaces");
    CHECK(endpoints == 9 && promised == endpoints, "%u endpoints of %u", endpoints, promised);
    const reply serial = control(b, 0x80, 6, 0x0303, 0x0409, 255);
    CHECK(serial.data[0] == serial.length && serial.data[2] == 'S' && serial.data[4] == 'I' &&
              serial.data[6] == 'M',
          "serial");
    const reply product = control(b, 0x80, 6, 0x0302, 0x0409, 255);
    CHECK(product.data[2] == 'S' && product.data[4] == 'I' && product.data[6] == 'M', "the product says SIM");
    CHECK(control(b, 0x80, 6, 0x0F00, 0, 64).status == USB_STALL, "no BOS");
    CHECK(control(b, 0x80, 99, 0, 0, 1).status == USB_STALL, "an unknown request stalls");
    bench_free(b);
}

/* What is said on a pipe is heard, and the answer waits for the host on the same pipe only. */
static void each_pipe_reaches_the_laser(void)
{
    static const struct {
        unsigned out, in;
    } pipes[] = {{1, 1}, {4, 4}};
    for (size_t i = 0; i < 2; i++) {
        bench *b = bench_new(true);
        const uint32_t early = submit(b, pipes[i].in, true, 512, NULL, NULL);
        CHECK(!next_reply(b, true).there, "nothing to say is NAK");
        submit(b, pipes[i].out, false, 6, NULL, "*IDN?\n");
        const reply taken = next_reply(b, false);
        CHECK(taken.there && taken.status == 0 && taken.length == 6, "taken");
        CHECK(b->heard_size == 6 && memcmp(b->heard, "*IDN?\n", 6) == 0, "heard");
        usbip_say(&b->u, "A,B,SIM,1\n", 10);
        const reply said = next_reply(b, true);
        CHECK(said.there && said.number == early && said.length == 10 &&
                  memcmp(said.data, "A,B,SIM,1\n", 10) == 0,
              "said");
        submit(b, pipes[1 - i].in, true, 512, NULL, NULL);
        usbip_say(&b->u, "X\n", 2);
        CHECK(!next_reply(b, true).there, "not on the pipe that did not speak");
        bench_free(b);
    }
}

static void one_line_a_bulk_transfer(void)
{
    bench *b = bench_new(true);
    submit(b, 1, false, 2, NULL, "a\n");
    CHECK(next_reply(b, false).there, "taken");
    usbip_say(&b->u, "one\ntwo\nhal", 11);
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(next_reply(b, true).length == 4, "the first line");
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(next_reply(b, true).length == 4, "the second");
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(!next_reply(b, true).there, "half a line waits");
    usbip_say(&b->u, "f\n", 2);
    const reply r = next_reply(b, true);
    CHECK(r.length == 5 && memcmp(r.data, "half\n", 5) == 0, "until it is whole");
    bench_free(b);
}

static void messages_of_usbtmc(void)
{
    bench *b = bench_new(true);
    const uint8_t out[20] = {1, 7, 0xF8, 0, 6, 0, 0, 0, 1, 0, 0, 0, '*', 'I', 'D', 'N', '?', '\n'};
    submit(b, 5, false, sizeof out, NULL, out);
    CHECK(next_reply(b, false).status == 0, "a message");
    CHECK(b->heard_size == 6 && memcmp(b->heard, "*IDN?\n", 6) == 0, "without its padding");
    usbip_say(&b->u, "A,B,SIM,1\n", 10);
    submit(b, 5, true, 512, NULL, NULL);
    CHECK(!next_reply(b, true).there, "not before it is asked for");
    const uint8_t ask[12] = {2, 8, 0xF7, 0, 0, 1, 0, 0, 0};
    submit(b, 5, false, sizeof ask, NULL, ask);
    CHECK(next_reply(b, false).status == 0, "asked");
    const reply r = next_reply(b, true);
    CHECK(r.length == 24 && r.data[0] == 2 && r.data[1] == 8 && r.data[2] == 0xF7 && r.data[4] == 10 &&
              r.data[8] == 1,
          "answered");
    CHECK(memcmp(r.data + 12, "A,B,SIM,1\n", 10) == 0, "the line");
    b->heard_size = 0;
    CHECK(control(b, 0xA1, 5, 0, 3, 1).data[0] == 1, "INITIATE_CLEAR");
    CHECK(b->heard_size == 3 && memcmp(b->heard, "\n!\n", 3) == 0, "means !");
    submit(b, 5, false, 12, NULL, "garbage here");
    CHECK(next_reply(b, false).status == USB_STALL, "a wrong header stalls");
    submit(b, 5, false, sizeof out, NULL, out);
    CHECK(next_reply(b, false).status == USB_STALL, "until it is cleared");
    control(b, 0x02, 1, 0, 0x05, 0);
    submit(b, 5, false, sizeof out, NULL, out);
    CHECK(next_reply(b, false).status == 0, "cleared");
    bench_free(b);
}

static void dtr_down_shuts(void)
{
    bench *b = bench_new(true);
    control(b, 0x21, 0x22, 3, 1, 0);
    CHECK(b->heard_size == 0, "DTR up says nothing");
    control(b, 0x21, 0x22, 2, 1, 0);
    CHECK(b->heard_size == 3 && memcmp(b->heard, "\n!\n", 3) == 0, "DTR down is !");
    bench_free(b);
}

static void unlink_is_answered_once(void)
{
    bench *b = bench_new(true);
    const uint32_t waiting = submit(b, 1, true, 512, NULL, NULL);
    uint8_t header[48] = {0};
    put32(header, 2), put32(header + 4, 900), put32(header + 20, waiting);
    CHECK(send(b->host, header, sizeof header, 0) == sizeof header, "unlink");
    const reply r = next_reply(b, false);
    CHECK(r.command == 4 && r.number == 900 && r.status == -104, "given up");
    CHECK(!next_reply(b, true).there, "and no RET_SUBMIT for it");
    put32(header + 4, 901);
    CHECK(send(b->host, header, sizeof header, 0) == sizeof header, "unlink again");
    CHECK(next_reply(b, false).status == 0, "too late");
    bench_free(b);
}

static void faults_on_cue(void)
{
    bench *b = bench_new(true);
    submit(b, 1, false, 4, NULL, "hey\n");
    CHECK(next_reply(b, false).status == 0, "taken");
    /* Short: two pieces, nothing lost. */
    usbip_fail(&b->u, USB_FAULT_SHORT, 1);
    usbip_say(&b->u, "abcdef\n", 7);
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(next_reply(b, true).length == 3, "half of it");
    submit(b, 1, true, 512, NULL, NULL);
    const reply rest = next_reply(b, true);
    CHECK(rest.length == 4 && memcmp(rest.data, "def\n", 4) == 0, "the rest");
    /* In flight: empty, error, stall. What was to be said comes after it. */
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(!next_reply(b, true).there, "nothing to say");
    usbip_fail(&b->u, USB_FAULT_EMPTY, 1);
    const reply empty = next_reply(b, true);
    CHECK(empty.there && empty.status == 0 && empty.length == 0, "an empty packet");
    submit(b, 1, true, 512, NULL, NULL);
    usbip_serve(&b->u);
    usbip_fail(&b->u, USB_FAULT_ERROR_IN, 1);
    CHECK(next_reply(b, false).status == USB_PROTOCOL, "a protocol error");
    submit(b, 1, true, 512, NULL, NULL);
    usbip_serve(&b->u);
    usbip_fail(&b->u, USB_FAULT_STALL_IN, 1);
    CHECK(next_reply(b, false).status == USB_STALL, "a stall in flight");
    usbip_say(&b->u, "kept\n", 5);
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(next_reply(b, false).status == USB_STALL, "until it is cleared");
    control(b, 0x02, 1, 0, 0x81, 0);
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(next_reply(b, true).length == 5, "and nothing is lost");
    /* Out. */
    usbip_fail(&b->u, USB_FAULT_ERROR_OUT, 1);
    submit(b, 1, false, 4, NULL, "hey\n");
    CHECK(next_reply(b, false).status == USB_PROTOCOL && b->heard_size == 4, "not heard");
    /* NAK: nothing is taken, given up or taken later. */
    usbip_nak(&b->u, true);
    const uint32_t given_up = submit(b, 1, false, 4, NULL, "one\n");
    submit(b, 1, false, 4, NULL, "two\n");
    usbip_say(&b->u, "late\n", 5);
    submit(b, 1, true, 512, NULL, NULL);
    CHECK(!next_reply(b, false).there && b->heard_size == 4, "neither taken nor said");
    uint8_t header[48] = {0};
    put32(header, 2), put32(header + 4, 900), put32(header + 20, given_up);
    CHECK(send(b->host, header, sizeof header, 0) == sizeof header, "unlink");
    CHECK(next_reply(b, false).status == -104, "what is held can be given up");
    usbip_nak(&b->u, false);
    CHECK(next_reply(b, false).length == 4, "taken at last");
    CHECK(b->heard_size == 8 && memcmp(b->heard + 4, "two\n", 4) == 0, "the other one");
    CHECK(next_reply(b, true).length == 5, "and said");
    bench_free(b);
}

static void who_is_here_is_told_before_the_import(void)
{
    bench *b = bench_new(false);
    const uint8_t list[8] = {1, 0x11, 0x80, 5};
    uint8_t room[400], import[40] = {1, 0x11, 0x80, 3};
    CHECK(send(b->host, list, sizeof list, 0) == sizeof list, "list");
    CHECK(usbip_serve(&b->u), "served");
    CHECK(recv(b->host, room, sizeof room, MSG_DONTWAIT) == 12 + 312 + 16, "one device, four interfaces");
    strcpy((char *)import + 8, "2-9");
    CHECK(send(b->host, import, sizeof import, 0) == sizeof import, "a wrong bus");
    CHECK(usbip_serve(&b->u) && !b->u.imported, "is refused");
    CHECK(recv(b->host, room, sizeof room, MSG_DONTWAIT) == 8 && room[7] == 1, "with status 1");
    strcpy((char *)import + 8, "1-1");
    CHECK(send(b->host, import, sizeof import, 0) == sizeof import, "ours");
    CHECK(usbip_serve(&b->u) && b->u.imported, "is imported");
    CHECK(recv(b->host, room, sizeof room, MSG_DONTWAIT) == 320 && room[7] == 0, "and told");
    bench_free(b);
}

/* A header that is nearly right: mostly a transfer of some bytes to some pipe, sometimes anything. */
static size_t nonsense(fl_random *random, uint8_t bytes[160])
{
    for (size_t k = 0; k < 160; k++) bytes[k] = (uint8_t)fl_random_u64(random);
    if (fl_random_u64(random) % 40 == 0) return 48 + fl_random_u64(random) % 100;
    const bool in = fl_random_u64(random) % 2;
    const uint32_t length = (uint32_t)(fl_random_u64(random) % 100);
    put32(bytes, 1 + fl_random_u64(random) % 6 / 5), put32(bytes + 12, in);
    put32(bytes + 16, (uint32_t)(fl_random_u64(random) % 8)), put32(bytes + 24, length);
    if (fl_random_u64(random) % 2) bytes[40] &= 0xA3, bytes[41] &= 0x2F, bytes[44] &= 3;
    return 48 + (in ? 0 : length);
}

/* Whatever a host sends: no crash, no endless loop; the plug is pulled or it goes on. */
static void nonsense_pulls_the_plug(void)
{
    fl_random random;
    fl_random_init(&random, 20261127, 7);
    unsigned pulled = 0;
    for (int round = 0; round < 3000; round++) {
        bench *b = bench_new(round % 4 != 0);
        for (int i = 0; i < 12; i++) {
            uint8_t bytes[160];
            const size_t size = nonsense(&random, bytes);
            if (send(b->host, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) break;
            if (!usbip_serve(&b->u)) {
                pulled++;
                break;
            }
            if (fl_random_u64(&random) % 3 == 0) usbip_say(&b->u, "<line>\n", 7);
            while (recv(b->host, bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
        }
        bench_free(b);
    }
    CHECK(pulled > 300 && pulled < 2700, "some are cut off (%u) and some are not", pulled);
}

/* The program plays a meter behind the same plug: imported over TCP, and asked over USBTMC. */
static void a_meter_behind_the_plug(void)
{
    static const uint8_t out[20] = "\1\7\xF8\0\6\0\0\0\1\0\0\0*IDN?\n\0";
    static const uint8_t ask[12] = "\2\10\xF7\0\0\1\0\0\0\0\0";
    static bench b;
    char printed[64] = "";
    int pipe_of[2];
    b = (bench){.far = true};
    if (pipe(pipe_of) != 0) abort();
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(pipe_of[1], STDOUT_FILENO);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--speak", "thorlabs", "--usbip", "0",
              (char *)NULL);
        _exit(99);
    }
    close(pipe_of[1]);
    CHECK(read(pipe_of[0], printed, sizeof printed - 1) > 0, "nothing printed");
    close(pipe_of[0]);
    const char *colon = strchr(printed, ':');
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0))};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    b.host = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(b.host, (struct sockaddr *)&there, sizeof there) == 0) {
        uint8_t import[40] = {1, 0x11, 0x80, 3}, room[320];
        strcpy((char *)import + 8, "1-1");
        CHECK(send(b.host, import, sizeof import, 0) == sizeof import, "import");
        CHECK(recv(b.host, room, sizeof room, MSG_WAITALL) == 320 && room[7] == 0, "imported");
        submit(&b, 5, false, sizeof out, NULL, out);
        CHECK(next_reply(&b, false).status == 0, "taken");
        submit(&b, 5, true, 512, NULL, NULL);
        submit(&b, 5, false, sizeof ask, NULL, ask);
        CHECK(next_reply(&b, false).status == 0, "asked");
        const reply r = next_reply(&b, true);
        CHECK(r.there && r.length > 47 &&
                  memcmp(r.data + 12, "Thorlabs,PM100USB,SIM2004525,1.4.0\n", 35) == 0,
              "%u bytes: %.40s", r.length, (const char *)r.data + 12);
    } else {
        CHECK(false, "nobody listens: '%s'", printed);
    }
    close(b.host);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

FL_TESTS("twin/usbip", TEST(descriptors_hold_together), TEST(each_pipe_reaches_the_laser),
         TEST(one_line_a_bulk_transfer), TEST(messages_of_usbtmc), TEST(dtr_down_shuts),
         TEST(unlink_is_answered_once), TEST(faults_on_cue), TEST(who_is_here_is_told_before_the_import),
         TEST(nonsense_pulls_the_plug), TEST(a_meter_behind_the_plug))
