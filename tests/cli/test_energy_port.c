/* labels: fault slow   timeout: 900   needs: fadeline fadeline-control fadeline-twin   serial */
/* fadeline energy-check --port with real processes on pseudo-terminals: a virtual laser that tells its light,
 * a virtual meter that sees it, fadeline-control between, and the room's foot. Honest, lying, undocked,
 * pulled out and killed; what is said, the exit code, what stands for the head afterwards, and what the audit
 * adds up. */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/verify.h"
#include "fadeline/session/energy.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES 6    /* a busy machine may make a tick late, and the session faults for it, as it should */
#define SAID 60000 /* bytes */

typedef enum victim { NOBODY, FACE, CONTROL } victim;

typedef struct scenario {
    const char *name;
    const char *laser[2], *meter; /* faults */
    bool undocked, terminal;      /* terminal: a person types, instead of a pipe */
    victim victim;                /* killed with -9 */
    const char *when;             /* this is said */
    int code;                     /* of the program; not looked at when it is killed */
    const char *says;
    const char *stands; /* the verdict for the head afterwards; "": none */
} scenario;

static const scenario scenarios[] = {
    {"typed by a person", .terminal = true, .code = 0, .says = "SIMULATED PASS", .stands = "pass"},
    {"honest", .code = 0, .says = "SIMULATED PASS", .stands = "pass"},
    {"stuck sensor", {"energy=stuck"}, .code = 1, .says = "its own sensor is stuck", .stands = "lock"},
    {"stuck sensor, light too low",
     {"energy=stuck", "energy=-40%"},
     .code = 1,
     .says = "LOCKED",
     .stands = "lock"},
    {"light 15 % low", {"energy=-15%"}, .code = 0, .says = "SIMULATED WARN", .stands = "warn"},
    {"meter says a quarter less", .meter = "gain=-25", .code = 1, .says = "own measure is", .stands = "lock"},
    {"meter misses one", .meter = "miss@2", .code = 1, .says = "counted 4 pulses and the meter saw 3",
     .stands = "void"},
    {"meter pulled out", .meter = "yank@2", .code = 1, .says = "VOID", .stands = "void"},
    {"laser pulled out", {"die@pulses=2"}, .code = 1, .says = "VOID", .stands = "void"},
    {"laser counts one more", {"counter=+1@pulses=2"}, .code = 1, .says = "VOID", .stands = "void"},
    {"not docked", .undocked = true, .code = 1, .says = "handpiece-undocked", .stands = ""},
    {"face killed before ARM", .victim = FACE, .when = "eyewear confirmed", .stands = "begun"},
    {"face killed while it fires", .victim = FACE, .when = "laser measured", .stands = "begun"},
    {"control killed at READY", .victim = CONTROL, .when = "READY", .code = 1, .says = "no verdict",
     .stands = "begun"},
    {"control killed while it fires", .victim = CONTROL, .when = "laser measured", .code = 1, .says = "VOID",
     .stands = "void"},
};
#define SCENARIOS (sizeof scenarios / sizeof *scenarios)

/* ---- one scenario, in a process of its own: what it says is what is wrong ---- */

static char people[] = "/tmp/fl-port-XXXXXX", home[64];
static pid_t laser, meter;

static void write_room(bool undocked)
{
    char path[100];
    snprintf(path, sizeof path, "%s/room", home);
    FILE *file = fopen(path, "w");
    if (!file) abort();
    fprintf(file,
            "when hello +0.1 prove\n%severy ready +0.6 foot down\nevery standby foot up\nevery safe foot "
            "up\nevery fault foot up\n",
            undocked ? "" : "at 0.1 dock in\n");
    fclose(file);
}

static pid_t twin_on(const char *const *words)
{
    int pair[2];
    if (pipe2(pair, O_CLOEXEC)) abort();
    const pid_t twin = fork();
    if (twin == 0) {
        dup2(pair[1], STDOUT_FILENO);
        const int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, STDERR_FILENO);
        execv(FL_BUILD_DIR "/fadeline-twin", (char *const *)words);
        _exit(72);
    }
    close(pair[1]);
    char ready[200];
    const ssize_t got = read(pair[0], ready, sizeof ready);
    close(pair[0]);
    if (got < 6 || memcmp(ready, "ready ", 6) != 0) printf("a twin does not come up\n");
    return twin;
}

static void twins_on(const scenario *s)
{
    char laser_pty[100], meter_pty[100], light[100], room[100];
    snprintf(laser_pty, sizeof laser_pty, "%s/laser", home);
    snprintf(meter_pty, sizeof meter_pty, "%s/meter", home);
    snprintf(light, sizeof light, "%s/light", home);
    snprintf(room, sizeof room, "%s/room", home);
    write_room(s->undocked);
    close(open(light, O_CREAT | O_WRONLY | O_TRUNC, 0600));
    const char *words[20] = {
        "fadeline-twin", "--device", "example-pico", "--pty", laser_pty, "--script", room,
        "--light",       light,      "--seed",       "5"};
    size_t n = 11;
    for (size_t i = 0; i < 2 && s->laser[i]; i++) words[n++] = "--fault", words[n++] = s->laser[i];
    laser = twin_on(words);
    const char *others[20] = {"fadeline-twin", "--speak", "ophir", "--pty", meter_pty, "--light", light};
    if (s->meter) others[7] = "--fault", others[8] = s->meter;
    meter = twin_on(others);
}

static void twin_off(pid_t twin)
{
    kill(twin, SIGTERM);
    waitpid(twin, NULL, 0);
}

/* fadeline-control, which the program started. */
static pid_t child_of(pid_t parent)
{
    char path[80];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%d", &child) != 1) child = 0;
    if (file) fclose(file);
    return child;
}

static pid_t start(bool terminal, int *input, int *output)
{
    int in[2], out[2], master = -1;
    char laser_pty[100], meter_pty[100];
    snprintf(laser_pty, sizeof laser_pty, "%s/laser", home);
    snprintf(meter_pty, sizeof meter_pty, "%s/meter", home);
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) abort();
    const pid_t program = terminal ? forkpty(&master, NULL, NULL, NULL) : fork();
    if (program == 0) {
        if (!terminal) {
            dup2(in[0], STDIN_FILENO);
            dup2(out[1], STDOUT_FILENO);
            dup2(out[1], STDERR_FILENO);
        }
        setenv("FADELINE_HOME", home, 1);
        setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
        setenv("XDG_RUNTIME_DIR", home, 1);
        setenv("NO_COLOR", "1", 1);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "energy-check", "--meter", meter_pty, "--dialect",
              "ophir", "--range", "1", "--port", laser_pty, "--device", "example-pico", "--head", "alex-755",
              "--set-mJ", "150", "--spot-mm", "4", "--pulses", "4", "--rate-Hz", "2", "--who", "op:17",
              "--eyewear", "OD7 M LB9", "--patience-s", "6", (char *)NULL);
        _exit(71);
    }
    close(in[0]), close(out[1]);
    *input = in[1], *output = out[0];
    if (terminal) {
        close(in[1]), close(out[0]);
        fcntl(master, F_SETFD, FD_CLOEXEC);
        *input = *output = master;
        return program;
    }
    if (write(in[1], "493027\narm\n", 11) != 11) printf("no PIN\n");
    return program;
}

/* What a person does: the PIN when it is asked for, arm, something that is no order while it fires, and arm
 * again. */
static void type(int fd, const char *said, unsigned *step)
{
    static const struct {
        const char *when, *text;
    } steps[] = {{"PIN: ", "493027\n"},
                 {"then type: arm", "arm\n"},
                 {"laser measured", "oh\n"},
                 {"drop: a person ordered it", "arm\n"}};
    const char *now = *step < sizeof steps / sizeof *steps ? strstr(said, steps[*step].when) : NULL;
    if (!now || (*step == 3 && !strstr(now, "STANDBY"))) return;
    if (*step == 3) usleep(700000); /* the foot goes up */
    const size_t size = strlen(steps[*step].text);
    if (write(fd, steps[*step].text, size) != (ssize_t)size) printf("nothing can be typed\n");
    ++*step;
}

static bool machine_was_late(const char *said)
{
    return strstr(said, "paused or slept between two ticks") || strstr(said, "fresh status from the laser") ||
           strstr(said, "nothing is said to the laser");
}

/* Runs a check to its end, or to the death of somebody. Exit code; -1: the program itself was killed. */
static int check(const scenario *s, char *said)
{
    int input, output, how = 0;
    size_t used = 0;
    unsigned step = 0;
    bool done = false;
    said[0] = 0;
    const pid_t program = start(s->terminal, &input, &output);
    pid_t control = 0;
    for (ssize_t got = 1; got > 0;) {
        struct pollfd more = {.fd = output, .events = POLLIN};
        if (poll(&more, 1, 40000) != 1) {
            printf("nothing is said for 40 s\n");
            kill(program, SIGKILL);
        }
        got = read(output, said + used, SAID - 1 - used);
        if (got > 0) said[used += (size_t)got] = 0;
        if (s->terminal) type(input, said, &step);
        if (s->victim == NOBODY || done || !strstr(said, s->when)) continue;
        done = true;
        control = child_of(program);
        usleep(s->victim == CONTROL ? 0 : 60000); /* somewhere in the middle */
        kill(s->victim == FACE ? program : control, SIGKILL);
        if (s->victim == FACE) {
            usleep(3500000); /* it stands down without the face that armed it */
            kill(control, SIGTERM);
            for (int i = 0; i < 500 && kill(control, 0) == 0; i++) usleep(20000);
        }
    }
    close(output);
    if (!s->terminal) close(input);
    if (s->terminal && step != 4 && !machine_was_late(said)) printf("%u of 4 things were typed\n", step);
    if (strstr(said, "493027")) printf("the PIN is shown\n");
    waitpid(program, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/* ---- what is left behind ---- */

static void look_at_record(const scenario *s, const char *stands, bool settled)
{
    static fl_verify_report report;
    static fl_energy_history history;
    char place[100];
    fl_error error = {0};
    fl_journal *journal;
    fl_device *device;
    unsigned pulses = 0, grants = 0, other = 0;
    history = (fl_energy_history){0};
    snprintf(place, sizeof place, "%s/journal-simulated", home);
    if (fl_verify(place, NULL, &report, &error) != FL_OK) printf("verify: %s\n", report.what);
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
    if (fl_journal_open(place, &options, &journal, &error) != FL_OK ||
        fl_device_load("example-pico", &device, &error) != FL_OK) {
        printf("record: %s\n", error.what);
        return;
    }
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        uint64_t made = 0;
        if (fl_journal_record(journal, i, &record) != FL_OK) printf("entry %u\n", (unsigned)i);
        fl_energy_take(&record, "SIM-00042", &history);
        pulses += fl_record_is(&record, FL_KIND_PULSE);
        if (fl_record_is(&record, FL_KIND_RECON) && fl_record_count(&record, "delivered", &made) == FL_OK)
            pulses += (unsigned)made;
        grants += fl_record_is(&record, FL_KIND_GRANT);
        other += fl_record_is(&record, FL_KIND_GRANT) && !fl_record_text_is(&record, "pu", FL_PURPOSE_CHECK);
    }
    const fl_energy_last last = fl_energy_last_of(&history, device, fl_device_head_find(device, "alex-755"));
    if (!fl_text_same(last.seen ? last.verdict : "", stands))
        printf("%s: '%s' stands, not '%s'\n", s->name, last.seen ? last.verdict : "", stands);
    if (other) printf("%u grants of a check say something else\n", other);
    if (s->undocked && grants) printf("%u grants undocked\n", grants);
    char path[100], line[100];
    unsigned flashes = 0;
    snprintf(path, sizeof path, "%s/light", home);
    FILE *light = fopen(path, "r");
    while (light && fgets(line, sizeof line, light)) flashes++;
    if (light) fclose(light);
    if (settled && pulses != flashes) printf("%u pulses on record, %u flashes\n", pulses, flashes);
    if (flashes > grants && !s->laser[0]) printf("%u flashes, %u grants\n", flashes, grants);
    fl_device_free(device);
    fl_journal_close(journal);
}

/* All of them are check pulses, and nothing is unexplained. */
static void look_at_audit(void)
{
    char command[400], line[400];
    bool check = false, explained = true, treated = false;
    snprintf(
        command, sizeof command,
        "FADELINE_HOME=%s FADELINE_DATA=%s %s/fadeline audit --simulated --from 2000-01-01 --to 2100-01-01 "
        "--json 2>&1",
        home, FL_SOURCE_DIR, FL_BUILD_DIR);
    FILE *pipe = popen(command, "r");
    while (pipe && fgets(line, sizeof line, pipe)) {
        check = check || (strstr(line, "\"check\": ") && !strstr(line, "\"check\": 0"));
        treated = treated || (strstr(line, "\"treatment\": ") && !strstr(line, "\"treatment\": 0"));
        explained = explained && (!strstr(line, "\"unexplained\": ") || strstr(line, "\"unexplained\": 0"));
    }
    if (!pipe || pclose(pipe) != 0) printf("no audit\n");
    if (!check || treated || !explained)
        printf("audit: check %d, treatment %d, all explained %d\n", check, treated, explained);
}

static bool try_once(const scenario *s, char *said, bool last)
{
    snprintf(home, sizeof home, "/tmp/fl-port-XXXXXX");
    char command[200];
    if (!mkdtemp(home)) abort();
    snprintf(command, sizeof command, "cp %s/people.* %s/", people, home);
    if (system(command)) printf("no people\n");
    twins_on(s);
    const int code = check(s, said);
    const bool lost = s->laser[0] && !fl_text_begins(s->laser[0], "energy"); /* it is to go silent */
    const bool is_late = machine_was_late(said) && !lost && !last;
    if (!is_late) {
        const bool right = s->victim == FACE || (code == s->code && strstr(said, s->says));
        if (!right) printf("left with %d, not %d and '%s'\n", code, s->code, s->says);
        look_at_record(s, s->stands, s->victim == NOBODY && !lost);
        if (fl_text_same(s->stands, "pass")) look_at_audit();
    }
    /* Whatever was killed: the next check settles it, and a good one lifts the lock. */
    static char again[SAID];
    static const scenario good = {.name = "again"};
    if (!is_late && s->victim != NOBODY) {
        int second = 1;
        for (int i = 0; i < TRIES && second; i++) second = check(&good, again);
        if (second) printf("the next check left with %d: %.1500s\n", second, again);
        look_at_record(s, "pass", true);
        look_at_audit();
    }
    twin_off(meter);
    twin_off(laser);
    snprintf(command, sizeof command, "rm -rf %s", home);
    if (system(command)) printf("%s stays\n", home);
    return !is_late;
}

static void play(const scenario *s)
{
    static char said[SAID];
    for (int i = 1; i <= TRIES && !try_once(s, said, i == TRIES); i++) continue;
    fflush(stdout);
    if (ftell(stdout) > 0) printf("it said:\n%.3000s\n", said);
    fflush(stdout);
}

/* ---- all of them, some at a time: they mostly wait ---- */

static void somebody_may_sign_in(void)
{
    char command[400];
    CHECK(mkdtemp(people) != NULL, "people");
    snprintf(
        command, sizeof command,
        "printf '493027\\n' | FADELINE_HOME=%s FADELINE_DATA=%s %s/fadeline people add op:17 --role service "
        "--until 2035-01-01 >/dev/null 2>&1",
        people, FL_SOURCE_DIR, FL_BUILD_DIR);
    CHECK(system(command) == 0, "people add");
}

/* hazards: H10 H16 H54 */
static void each_check_ends_as_it_should(void)
{
    enum { LANES = 5 };
    FILE *files[SCENARIOS];
    unsigned running = 0;
    const char *only = getenv("FL_ONLY");
    for (size_t i = 0; i < SCENARIOS; i++) {
        files[i] = tmpfile();
        if (only && !strstr(scenarios[i].name, only)) continue;
        if (running == LANES) wait(NULL), running--;
        fflush(stdout);
        if (fork() == 0) {
            if (!freopen("/dev/null", "w", stdout) || dup2(fileno(files[i]), STDOUT_FILENO) < 0) _exit(1);
            play(&scenarios[i]);
            _exit(0);
        }
        running++;
    }
    while (wait(NULL) > 0) continue;
    for (size_t i = 0; i < SCENARIOS; i++) {
        char wrong[5000];
        rewind(files[i]);
        wrong[fread(wrong, 1, sizeof wrong - 1, files[i])] = 0;
        if (wrong[0]) fprintf(stderr, "  %s: %s\n", scenarios[i].name, wrong);
        CHECK(!wrong[0], "%s: %.200s", scenarios[i].name, wrong);
        fclose(files[i]);
    }
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", people);
    CHECK(system(command) == 0, "%s stays", people);
}

FL_TESTS("cli/energy_port", TEST(somebody_may_sign_in), TEST(each_check_ends_as_it_should))
