/* labels: unit   timeout: 300   needs: fadeline-twin   serial */
/* The program itself, over a real pseudo-terminal and over TCP: what it prints, that it talks and fires, that
 * it keeps its counters through a kill, and how it refuses. Deadlines are generous: only order is asserted.
 */
#include "check.h"
#include "helper_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM FL_BUILD_DIR "/fadeline-twin"
#define PATIENCE_MS 15000

typedef struct program {
    pid_t pid;
    int out, err; /* read ends */
    char printed[600], said[16000];
    char directory[64], path[100];
} program;

typedef struct wire {
    int fd;
    client c;
} wire;

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void collect(int fd, char *room, size_t size)
{
    const size_t used = strlen(room);
    const ssize_t got = used + 1 < size ? read(fd, room + used, size - used - 1) : 0;
    if (got > 0) room[used + (size_t)got] = 0;
}

static bool wait_for_text(program *p, const char *room, const char *text)
{
    for (const long end = now_ms() + PATIENCE_MS; now_ms() < end && !strstr(room, text); usleep(5000)) {
        collect(p->out, p->printed, sizeof p->printed);
        collect(p->err, p->said, sizeof p->said);
    }
    return strstr(room, text) != NULL;
}

static void start(program *p, const char *const *more)
{
    const char *arguments[40] = {"fadeline-twin"};
    size_t count = 1;
    while (*more && count < 39) arguments[count++] = *more++;
    int out[2], err[2];
    p->printed[0] = p->said[0] = 0;
    if (pipe(out) != 0 || pipe(err) != 0) abort();
    p->pid = fork();
    if (p->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        execv(PROGRAM, (char *const *)arguments);
        _exit(99);
    }
    close(out[1]);
    close(err[1]);
    p->out = out[0];
    p->err = err[0];
    fcntl(p->out, F_SETFL, O_NONBLOCK);
    fcntl(p->err, F_SETFL, O_NONBLOCK);
}

/* Exit code, -1 for a signal, -2 when it does not end. */
static int end_of(program *p)
{
    int status = 0;
    pid_t got = 0;
    for (const long end = now_ms() + PATIENCE_MS; now_ms() < end && got == 0; usleep(2000)) {
        collect(p->out, p->printed, sizeof p->printed);
        collect(p->err, p->said, sizeof p->said);
        got = waitpid(p->pid, &status, WNOHANG);
    }
    if (got != p->pid) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, &status, 0);
        return -2;
    }
    collect(p->out, p->printed, sizeof p->printed);
    collect(p->err, p->said, sizeof p->said);
    close(p->out);
    close(p->err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void make_directory(program *p)
{
    snprintf(p->directory, sizeof p->directory, "/tmp/fadeline-twin-XXXXXX");
    CHECK(mkdtemp(p->directory) != NULL, "no directory");
    snprintf(p->path, sizeof p->path, "%s/laser", p->directory);
}

static void remove_directory(const program *p)
{
    static const char *const names[] = {"laser", "state", "room.txt"};
    char path[120];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", p->directory, names[i]);
        unlink(path);
    }
    CHECK(rmdir(p->directory) == 0, "%s is not empty", p->directory);
}

static void write_room(const program *p, const char *text, char path[120])
{
    snprintf(path, 120, "%s/room.txt", p->directory);
    FILE *f = fopen(path, "w");
    CHECK(f && fputs(text, f) >= 0, "cannot write %s", path);
    if (f) fclose(f);
}

static void wire_put(void *self, const char *bytes, size_t length)
{
    const wire *w = self;
    while (length) {
        const ssize_t put = write(w->fd, bytes, length);
        if (put < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (put <= 0) return;
        bytes += put;
        length -= (size_t)put;
    }
}

static void wire_pump(void *self)
{
    wire *w = self;
    struct pollfd wait = {.fd = w->fd, .events = POLLIN};
    char bytes[1024];
    if (poll(&wait, 1, 1) != 1) return;
    const ssize_t got = read(w->fd, bytes, sizeof bytes);
    if (got > 0)
        client_take(&w->c, bytes, (size_t)got);
    else
        usleep(1000);
}

static bool open_wire(wire *w, const char *path)
{
    struct termios raw;
    w->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (w->fd < 0 || tcgetattr(w->fd, &raw) != 0) return false;
    cfmakeraw(&raw);
    client_init(&w->c, w, wire_put, wire_pump, 3000);
    return tcsetattr(w->fd, TCSANOW, &raw) == 0;
}

/* Under a loaded machine the session may end for good reasons (silence above 100 ms): begin again. */
static bool fire(wire *w, unsigned pulses)
{
    unsigned fired = 0;
    for (int attempt = 0; attempt < 20 && fired < pulses; attempt++) {
        if (!client_hello(&w->c) || !client_poll_until(&w->c, "in=000E1BFF", false, 2000))
            continue; /* self-test */
        if (!client_commit(&w->c, "EN=200000 RR=10000 SP=4000 WL=1064")) continue;
        if (!client_arm(&w->c) || !client_poll_until(&w->c, "st=3", false, 2000)) continue;
        while (fired < pulses && client_poll_until(&w->c, "in=000FE3FF", true, 400)) {
            if (strstr(client_grant(&w->c, 200000, 4000), "STAT st=")) fired++;
            client_poll_until(&w->c, "never", true, 12);
        }
    }
    return fired == pulses;
}

static bool every_line_begins_with_sim(const char *said)
{
    for (const char *at = said; *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : at + strlen(at))
        if (strncmp(at, "SIM", 3) != 0) return false;
    return true;
}

static void a_session_over_a_pseudo_terminal(void)
{
    program p;
    wire w;
    char room[120], state[120];
    struct stat link;
    make_directory(&p);
    write_room(&p, "every ready +0.2 foot down\nevery standby foot up\nevery safe foot up\n", room);
    snprintf(state, sizeof state, "%s/state", p.directory);
    const char *const arguments[] = {"--device", "example-pico", "--pty",  p.path, "--state", state,
                                     "--script", room,           "--seed", "31",   NULL};
    start(&p, arguments);
    CHECK(wait_for_text(&p, p.printed, "\n"), "nothing printed: %.200s", p.said);
    char want[120];
    snprintf(want, sizeof want, "ready %s\n", p.path);
    CHECK_TEXT(p.printed, want, "standard output");
    CHECK(lstat(p.path, &link) == 0 && S_ISLNK(link.st_mode), "no link");
    CHECK(open_wire(&w, p.path), "cannot open %s", p.path);
    CHECK_TEXT(client_line(&w.c, "*IDN?"), "Example Instruments,Pico 2,SIM-00042,1.0", "identity");
    CHECK(fire(&w, 3), "no three pulses: %s / %.300s", w.c.body, p.said);
    kill(p.pid, SIGKILL); /* counters must not need a clean end */
    CHECK(end_of(&p) == -1, "not killed");
    close(w.fd);

    start(&p, arguments); /* the link of the dead one is replaced */
    CHECK(wait_for_text(&p, p.printed, "\n"), "nothing printed: %.200s", p.said);
    CHECK(open_wire(&w, p.path), "cannot open %s again", p.path);
    CHECK(client_hello(&w.c), "no HELLO: %.200s", p.said);
    client_ask(&w.c, "POLL sh=0");
    CHECK(client_value(&w.c, "k", 16) >= 3 && client_value(&w.c, "k", 16) == client_value(&w.c, "ln", 16),
          "after the kill: %s", w.c.body);
    close(w.fd);
    CHECK(wait_for_text(&p, p.said, "closed the line"), "hang-up not seen: %.300s", p.said);
    kill(p.pid, SIGTERM);
    CHECK(end_of(&p) == 0, "SIGTERM: %.300s", p.said);
    CHECK_TEXT(p.printed, want, "standard output at the end");
    CHECK(lstat(p.path, &link) != 0, "the link stays");
    CHECK(every_line_begins_with_sim(p.said), "a line without SIM: %.400s", p.said);
    remove_directory(&p);
}

static void power_is_cut_between_keep_and_trigger(void)
{
    program p;
    wire w;
    char room[120], state[120];
    make_directory(&p);
    write_room(&p, "every ready +0.2 foot down\nevery standby foot up\n", room);
    snprintf(state, sizeof state, "%s/state", p.directory);
    start(&p, (const char *const[]){"--device", "example-pico", "--pty", p.path, "--state", state, "--script",
                                    room, "--fault", "power-cut@pulses=1", NULL});
    CHECK(wait_for_text(&p, p.printed, "\n") && open_wire(&w, p.path), "no start: %.200s", p.said);
    w.c.patience = 400;
    CHECK(!fire(&w, 2), "two pulses");
    CHECK(end_of(&p) == 4, "exit code: %.300s", p.said);
    close(w.fd);
    unlink(p.path);
    FILE *f = fopen(state, "r");
    char bytes[600] = "";
    CHECK(f && fread(bytes, 1, sizeof bytes - 1, f) == 512, "no state");
    if (f) fclose(f);
    CHECK(strstr(bytes, "k=0000000000000002") && !strstr(bytes, "ln=00000002"), "state: %.300s", bytes);
    remove_directory(&p);
}

/* A door that somebody else opens, by writing into the room. */
static void the_room_is_told_live(void)
{
    program p;
    char room[120];
    make_directory(&p);
    snprintf(room, sizeof room, "%s/room.txt", p.directory);
    start(&p, (const char *const[]){"--device", "example-pico", "--pty", p.path, "--room", room, NULL});
    CHECK(wait_for_text(&p, p.printed, "\n"), "no start: %.200s", p.said);
    for (int i = 0; i < 2; i++) { /* who writes may come and go */
        FILE *f = fopen(room, "w");
        CHECK(f && fputs(i ? "now door close\n" : "now dor open\nnow door open\n", f) >= 0, "cannot write %s",
              room);
        if (f) fclose(f);
        CHECK(wait_for_text(&p, p.said, i ? ": door close" : ": door open"), "not obeyed: %.400s", p.said);
    }
    CHECK(strstr(p.said, "'door'"), "no hint: %.400s", p.said);
    CHECK(every_line_begins_with_sim(p.said), "a line without SIM: %.400s", p.said);
    kill(p.pid, SIGTERM);
    CHECK(end_of(&p) == 0, "exit code: %.300s", p.said);
    CHECK(access(room, F_OK) != 0, "the FIFO is still there");
    write_room(&p, "a file of somebody", room);
    start(&p, (const char *const[]){"--device", "example-pico", "--pty", p.path, "--room", room, NULL});
    CHECK(end_of(&p) == 3 && strstr(p.said, "free"), "a file was taken for a room: %.300s", p.said);
    remove_directory(&p);
}

static void over_tcp_on_this_machine_only(void)
{
    program p;
    wire w;
    unsigned port = 0;
    start(&p, (const char *const[]){"--device", "example-pico", "--tcp", "0", NULL});
    CHECK(wait_for_text(&p, p.printed, "\n"), "nothing printed: %.200s", p.said);
    CHECK(sscanf(p.printed, "ready 127.0.0.1:%u\n", &port) == 1 && port > 0, "printed %s", p.printed);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    w.fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(w.fd, (struct sockaddr *)&address, sizeof address) == 0, "cannot connect to %u", port);
    client_init(&w.c, &w, wire_put, wire_pump, 3000);
    CHECK(client_hello(&w.c) && client_commit(&w.c, "EN=1000"), "%s", w.c.body);
    const int second = socket(AF_INET, SOCK_STREAM, 0);
    char byte;
    CHECK(connect(second, (struct sockaddr *)&address, sizeof address) == 0, "cannot knock");
    CHECK(read(second, &byte, 1) == 0, "a second host was let in");
    close(second);
    close(w.fd); /* the same as a `!` */
    CHECK(wait_for_text(&p, p.said, "closed the line") && wait_for_text(&p, strstr(p.said, "closed"), "safe"),
          "close is not safe: %.300s", p.said);
    kill(p.pid, SIGTERM);
    CHECK(end_of(&p) == 0, "SIGTERM: %.300s", p.said);
}

static void refusals(void)
{
    static const struct {
        const char *what, *arguments[8];
        int code;
        const char *says;
    } rows[] = {
        {"nothing", {NULL}, 2, "--device"},
        {"no carrier", {"--device", "example-pico"}, 2, "--pty"},
        {"two carriers", {"--device", "example-pico", "--pty", "/tmp/x", "--tcp", "0"}, 2, "one of"},
        {"a plug nowhere", {"--device", "example-pico", "--usbip", "vhci:99"}, 2, "no place for a USB plug"},
        {"a plug that is no port", {"--device", "example-pico", "--usbip", "port"}, 2, "'port'"},
        {"a speaker nobody knows", {"--speak", "nobody", "--usbip", "0"}, 2, "nobody speaks"},
        {"an unknown option", {"--device", "example-pico", "--speed", "10"}, 2, "understood"},
        {"a word too many", {"--device", "example-pico", "--pty", "/tmp/x", "now"}, 2, "now"},
        {"a port that is none", {"--device", "example-pico", "--tcp", "70000"}, 2, "70000"},
        {"a seed that is none", {"--device", "example-pico", "--tcp", "0", "--seed", "-1"}, 2, "-1"},
        {"an unknown laser", {"--device", "no-such", "--tcp", "0"}, 3, "no-such"},
        {"an unknown fault", {"--device", "example-pico", "--tcp", "0", "--fault", "stal=3"}, 3, "'stall'"},
        {"no script",
         {"--device", "example-pico", "--tcp", "0", "--script", "/nonexistent"},
         3,
         "/nonexistent"},
        {"a file in place of the link",
         {"--device", "example-pico", "--pty", FL_TEST_DIR "/test_process.c"},
         3,
         "no link to a pseudo-terminal"},
        {"a link nowhere", {"--device", "example-pico", "--pty", "/nonexistent/laser"}, 3, "/nonexistent"},
        {"a state nowhere",
         {"--device", "example-pico", "--tcp", "0", "--state", "/nonexistent/s"},
         3,
         "/nonexistent"},
        {"a state that is none",
         {"--device", "example-pico", "--tcp", "0", "--state", FL_TEST_DIR "/test_process.c"},
         3,
         "state"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        program p;
        start(&p, rows[i].arguments);
        const int code = end_of(&p);
        CHECK(code == rows[i].code, "%s: exit %d, %.300s", rows[i].what, code, p.said);
        CHECK(strstr(p.said, rows[i].says) && every_line_begins_with_sim(p.said), "%s: %.300s", rows[i].what,
              p.said);
        CHECK(p.printed[0] == 0, "%s: printed %s", rows[i].what, p.printed);
    }
}

static void a_faulty_script_is_shown_whole(void)
{
    program p;
    char room[120], want[200];
    make_directory(&p);
    write_room(&p, "at 1 foot down\nat 2 fot up\n\nwhen redy foot up\n", room);
    start(&p, (const char *const[]){"--device", "example-pico", "--pty", p.path, "--script", room, NULL});
    CHECK(end_of(&p) == 3, "exit code, %.300s", p.said);
    snprintf(want, sizeof want, "SIM %s:2: error: ", room);
    CHECK(strstr(p.said, want) && strstr(p.said, "did you mean 'foot'?"), "line 2: %.400s", p.said);
    snprintf(want, sizeof want, "SIM %s:4: error: ", room);
    CHECK(strstr(p.said, want), "line 4: %.400s", p.said);
    remove_directory(&p);
}

static void help_shows_everything(void)
{
    program p;
    start(&p, (const char *const[]){"--help", NULL});
    char help[9000] = "";
    for (const long end = now_ms() + PATIENCE_MS; now_ms() < end; usleep(2000)) {
        collect(p.out, help, sizeof help);
        if (waitpid(p.pid, NULL, WNOHANG) == p.pid) break;
    }
    for (size_t before = 1; before != strlen(help);) {
        before = strlen(help);
        collect(p.out, help, sizeof help);
    }
    static const char *const words[] = {"when STATE", "prove", "spot MM", "stall=MS",
                                        "power-cut",  "lie=k", "--state", "foot down"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK(strstr(help, words[i]), "help does not know '%s'", words[i]);
    close(p.out);
    close(p.err);
}

FL_TESTS("twin/process", TEST(a_session_over_a_pseudo_terminal), TEST(power_is_cut_between_keep_and_trigger),
         TEST(the_room_is_told_live), TEST(over_tcp_on_this_machine_only), TEST(refusals),
         TEST(a_faulty_script_is_shown_whole), TEST(help_shows_everything))
