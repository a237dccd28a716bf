/* labels: unit golden fault   timeout: 300   needs: fadeline fadeline-twin */
#include "check.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* `fadeline devices ask` against the virtual lasers, over a real pseudo-terminal: the whole page it prints,
 * and the exit code. Twin and dialect file were written from the same page and from nothing of each other. */

static char port[64];

static pid_t switch_on(const char *who, const char *fault)
{
    int out[2];
    snprintf(port, sizeof port, "/tmp/fl-ask-%ld", (long)getpid());
    if (pipe(out) != 0) abort();
    const pid_t pid = fork();
    if (pid == 0) {
        const char *arguments[] = {"fadeline-twin",          "--speak", who, "--pty", port,
                                   fault ? "--fault" : NULL, fault,     NULL};
        dup2(out[1], STDOUT_FILENO);
        execv(FL_BUILD_DIR "/fadeline-twin", (char *const *)arguments);
        _exit(72);
    }
    char line[200] = "";
    close(out[1]);
    struct pollfd wait = {.fd = out[0], .events = POLLIN};
    if (poll(&wait, 1, 20000) != 1 || read(out[0], line, sizeof line - 1) <= 0) abort();
    CHECK(strncmp(line, "ready ", 6) == 0, "the twin says '%s'", line);
    close(out[0]);
    return pid;
}

static int ask(const char *options, char *page, size_t size)
{
    char command[400];
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline devices ask %s %s 2>&1", port, options);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    const size_t got = fread(page, 1, size - 1, pipe);
    page[got] = 0;
    const int status = pclose(pipe);
    /* the port has another name in every run */
    for (char *at; (at = strstr(page, port));) {
        memcpy(at, "PORT", 4);
        memmove(at + 4, at + strlen(port), strlen(at + strlen(port)) + 1);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void pages_are_as_they_should_be(void)
{
#define JEWEL                                                                                                \
    "SIMULATED: PORT speaks microjewel: Quantum Composers Jewel and MicroJewel, diode-pumped Nd:YAG 1064 "   \
    "nm\n"
#define WHO "  identity        QC,SIM-MicroJewel,00042,1.0.9\n"
#define SAID "its stop words were said on leaving\n"
    static const struct {
        const char *who, *fault, *options, *page;
        int exit;
    } rows[] = {
        {"microjewel", NULL, "--dialect microjewel",
         JEWEL WHO "  status          ready to enable\n  counter         41207\n  rate_Hz         5\n"
                   "  diode_width_us  140\nnot good: status: not trigger external\n",
         1},
        {"microjewel", NULL, "--dialect microjewel --set rate_Hz=7.5 --set diode_width_us=120",
         JEWEL WHO
         "  status          trigger external, ready to enable\n  counter         41207\n"
         "  rate_Hz         7.5, wanted 7.5: as set\n  diode_width_us  120, wanted 120: as set\ngood\n" SAID,
         0},
        {"microjewel", "lie@4", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL WHO
         "  status          trigger external, ready to enable\n  counter         41207\n"
         "  rate_Hz         5, wanted 7.5: not what was set\nnot good: rate_Hz is not what was set\n" SAID,
         1},
        {"microjewel", "open", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL WHO "  status          trigger external, interlock open\n  counter         41207\n"
                   "  rate_Hz         7.5, wanted 7.5: as set\nnot good: status: interlock open\n" SAID,
         1},
        {"microjewel", "bit=20", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL WHO "  status          trigger external, ready to enable, a bit that nobody knows\n"
                   "  counter         41207\n  rate_Hz         7.5, wanted 7.5: as set\n"
                   "not good: status: a bit that nobody knows is set\n" SAID,
         1},
        {"microjewel", "stranger", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL "  identity        XY,SIM-Other,1,1\nnot good: another device answers: XY,SIM-Other,1,1\n", 4},
        {"microjewel", "real", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL
         "  identity        QC,MicroJewel,08130,1.0.9\n"
         "not good: a laser that does not call itself simulated answers where only a simulated one belongs\n",
         4},
        {"microjewel", "stall@2", "--dialect microjewel --set rate_Hz=7.5",
         JEWEL WHO "  status          no answer\n  rate_Hz         not read, wanted 7.5: not set by us\n"
                   "not good: stopped: 'trigger-external' was not done: no answer\n" SAID,
         4},
        {"microjewel", NULL, "--dialect microjewel --set rate_Hz=51",
         "fadeline: rate-set takes 0.1 to 50, not 51\n", 2},
        {"microjewel", NULL, "--dialect microjewel --set watts=5",
         "fadeline: this laser's protocol cannot set 'watts'\n  hint: it sets rate_Hz, diode_width_us\n", 2},
        {"microjewel", NULL, "--dialect microjewel --identity ''",
         "fadeline: --identity wants what must stand in its identity\n", 2},
        {"microjewel", NULL, "--dialect surelite",
         "SIMULATED: PORT speaks surelite: Continuum Surelite, flash-lamp Q-switched Nd:YAG\n"
         "not good: its protocol has no identity: it cannot call itself simulated\n",
         4},
        {"cfr", NULL, "--dialect quantel-cfr",
         "SIMULATED: PORT speaks quantel-cfr: Quantel / Big Sky CFR (ICE450-class supply), flash-lamp "
         "Q-switched Nd:YAG\n"
         "  identity        s/number    SIM\n  if1             nothing is set\n  if2             nothing is "
         "set\n"
         "  iq              shutter closed\n  interlocks      interlocks good\n  lamp            lamp "
         "stopped\n"
         "  q-switch        Q-switch stopped, not external\n  counter         41207\n  lamp_voltage_V  1150\n"
         "  lamp_energy_J   12.5\n  rate_Hz         10\n  q_switch_delay_us 180\n  q_switch_every  1\n"
         "not good: iq: shutter closed\n",
         1},
        {"ultra", NULL, "--dialect quantel-ultra --set lamp_voltage_V=1200",
         "SIMULATED: PORT speaks quantel-ultra: Quantel / Lumibird Ultra (ICE450-class supply), flash-lamp "
         "Q-switched "
         "Nd:YAG\n  identity        s/number    SIM\n  if1             nothing is set\n  if2             "
         "nothing is set\n"
         "  if3             nothing is set\n  iq              shutter closed\n  interlocks      interlocks "
         "good\n"
         "  lamp            lamp stopped\n  q-switch        Q-switch stopped, external\n  counter         "
         "41207\n"
         "  lamp_voltage_V  1200, wanted 1200: as set\nnot good: iq: shutter closed\n" SAID,
         1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char page[1500] = "", what[200];
        const pid_t twin = switch_on(rows[i].who, rows[i].fault);
        const int code = ask(rows[i].options, page, 900);
        snprintf(what, sizeof what, "%s %s %s", rows[i].who, rows[i].fault ? rows[i].fault : "-",
                 rows[i].options);
        CHECK(code == rows[i].exit, "%s: exit %d", what, code);
        if (strcmp(page, rows[i].page) != 0)
            fprintf(stderr, "%s: got\n%swanted\n%s", what, page, rows[i].page);
        CHECK(strcmp(page, rows[i].page) == 0, "%.190s: another page", what);
        kill(twin, SIGTERM);
        waitpid(twin, NULL, 0);
    }
}

/* The terminal is closed, or Ctrl-\\: the laser is told to stop all the same. */
static void every_way_out_says_the_stop_words(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < 4; i++) {
        char command[400], page[1500] = "";
        const pid_t twin = switch_on("microjewel", NULL);
        snprintf(command, sizeof command,
                 "FADELINE_DATA=%s timeout --preserve-status -s %d 3 %s/fadeline devices ask %s --dialect "
                 "microjewel --set rate_Hz=7.5 --seconds 60",
                 FL_SOURCE_DIR, signals[i], FL_BUILD_DIR, port);
        FILE *pipe = popen(command, "r");
        if (!pipe) abort();
        page[fread(page, 1, sizeof page - 1, pipe)] = 0;
        const int status = pclose(pipe);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 130, "signal %d: status %d", signals[i], status);
        CHECK(strstr(page, SAID), "signal %d: %.900s", signals[i], page);
        kill(twin, SIGTERM);
        waitpid(twin, NULL, 0);
    }
}

/* What --record writes goes behind the file's own transcript, and `fadeline check` replays it: for every
 * virtual laser, whatever bytes it uses. With one letter of an answer changed the check says so. */
static void a_recording_is_replayed(void)
{
    static const struct {
        const char *who, *dialect, *options;
    } rows[] = {{"microjewel", "microjewel", "--set rate_Hz=7.5"},
                {"cfr", "quantel-cfr", ""},
                {"ultra", "quantel-ultra", "--set lamp_voltage_V=1200"},
                {"pilas", "pilas", ""},
                {"q-smart", "q-smart", ""},
                {"spi-g4", "spi-g4", ""}};
    char folder[] = "/tmp/fl-record-XXXXXX", page[1500], command[1200];
    if (!mkdtemp(folder)) abort();
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const pid_t twin = switch_on(rows[i].who, i ? NULL : "lie@4"); /* a lie is recorded as it was said */
        snprintf(command, sizeof command, "--dialect %s %s --record %s/rows", rows[i].dialect,
                 rows[i].options, folder);
        ask(command, page, sizeof page);
        kill(twin, SIGTERM);
        waitpid(twin, NULL, 0);
        snprintf(command, sizeof command,
                 "cd %s && grep -c recorded rows >count && cat %s/devices/dialects/%s.yaml rows >good.yaml "
                 "&& %s/fadeline check "
                 "good.yaml >said 2>&1",
                 folder, FL_SOURCE_DIR, rows[i].dialect, FL_BUILD_DIR);
        const int good = system(command);
        CHECK(WIFEXITED(good) && WEXITSTATUS(good) == 0, "%s: its recording is not replayed; it stands in %s",
              rows[i].who, folder);
        if (good != 0) return;
        snprintf(command, sizeof command,
                 "cd %s && sed \"/recorded/s/answer: '/&~/\" good.yaml >bad.yaml && ! cmp -s good.yaml "
                 "bad.yaml && "
                 "%s/fadeline check bad.yaml >said 2>&1",
                 folder, FL_BUILD_DIR);
        const int bad = system(command);
        CHECK(WIFEXITED(bad) && WEXITSTATUS(bad) == 3, "%s: a changed answer passes (exit %d)", rows[i].who,
              WEXITSTATUS(bad));
    }
    const pid_t twin = switch_on("microjewel", NULL);
    snprintf(command, sizeof command, "--dialect microjewel --record %s/nowhere/rows", folder);
    CHECK(ask(command, page, sizeof page) == 3 && strstr(page, "nowhere/rows"), "%.300s", page);
    kill(twin, SIGTERM);
    waitpid(twin, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0, "clean up");
}

FL_TESTS("cli/devices_ask", TEST(a_recording_is_replayed), TEST(every_way_out_says_the_stop_words),
         TEST(pages_are_as_they_should_be))
