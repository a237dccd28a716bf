#include "helper_lane.h"

#include "helper_plan.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"

#include "fadeline/course/seal.h"
#include "fadeline/session/people.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY "2026-05-04"
#define PATIENCE_MS 20000
#define BEAT_US 300000

void lane_fail(lane *l, const char *format, ...)
{
    if (l->fault[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(l->fault, sizeof l->fault, format, arguments);
    va_end(arguments);
}

/* ---- processes ---- */

static void give_up_rights(void)
{
    prctl(PR_CAPBSET_DROP, CAP_SYS_NICE);
    prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK);
    setrlimit(RLIMIT_RTPRIO, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, 0});
}

/* Between fork and exec only what may be called there: other threads hold locks. */
static pid_t start(const lane *l, const char *program, const char *const words[], int out, int err,
                   bool plain)
{
    char path[512], home[128], log[200];
    snprintf(path, sizeof path, "%s/%s", FL_BUILD_DIR, program);
    if (program[0] == '/') snprintf(path, sizeof path, "%s", program);
    snprintf(home, sizeof home, "FADELINE_HOME=%s", l->folder);
    const char *name = strrchr(program, '/');
    snprintf(log, sizeof log, "%.100s/%.60s.log", l->folder, name ? name + 1 : program);
    const char *const environment[] = {home, "ASAN_OPTIONS=detect_leaks=0", "PATH=/usr/bin:/bin",
                                       l->options.variable, NULL};
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int kept = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const pid_t child = fork();
    if (child == 0) {
        dup2(nothing, 0);
        dup2(out >= 0 ? out : kept, 1);
        dup2(err >= 0 ? err : kept, 2);
        if (l->options.spare_descriptor > 0) fcntl(l->options.spare_descriptor, F_SETFD, 0);
        if (plain) give_up_rights();
        /* Death of the thread that forked, so only where that is the one that waits for all. A control
         * process without its line or its face leaves by itself. */
        if (err >= 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
        execve(path, (char *const *)words, (char *const *)environment);
        _exit(127);
    }
    close(nothing);
    close(kept);
    return child;
}

/* The laser of the tests' plan, behind a gate. */
static bool write_device(const lane *l, const char *path)
{
    char *text;
    size_t size;
    if (fl_place_read(FL_SOURCE_DIR "/devices/example-pico.yaml", 1 << 20, &text, &size, NULL) != FL_OK)
        return false;
    const char *cut = strstr(text, "link:"), *heads = strstr(text, "heads:");
    const char *dialect = l->options.laser_dialect ? l->options.laser_dialect : l->options.laser;
    FILE *file = fopen(path, "w");
    const bool good =
        cut && heads && file &&
        fprintf(file,
                "%.*slink: { kind: simulated, dialect: %s, identity: %s }\n"
                "gate: { identity: SIM-GATE-7, firmware: \"1.0\", capabilities: 7F, warn_ms: 3000 }\n%s",
                (int)(cut - text), text, dialect,
                strcmp(dialect, "microjewel") == 0 ? "SIM-MicroJewel" : "SIM", heads) > 0;
    free(text);
    return file && fclose(file) == 0 && good;
}

static bool plan_for_gate(lane *l, fl_plan *plan)
{
    char path[150];
    fl_device *device = NULL;
    snprintf(path, sizeof path, "%.90s/g.yaml", l->folder);
    if (!write_device(l, path) || fl_device_load(path, &device, NULL) != FL_OK) return false;
    snprintf(plan->device, sizeof plan->device, "%.47s", path);
    fl_hex(device->sha256, FL_SHA256_SIZE, plan->device_sha256);
    fl_device_free(device);
    return true;
}

static bool is_ready(int out)
{
    char line[200] = "";
    struct pollfd fd = {.fd = out, .events = POLLIN};
    if (poll(&fd, 1, PATIENCE_MS) != 1 || read(out, line, sizeof line - 1) <= 0) return false;
    return strncmp(line, "ready ", 6) == 0;
}

bool lane_laser_start(lane *l)
{
    char pty[150], trigger[150], heard[150], state[150];
    int out[2];
    const char *words[32] = {"fadeline-twin", "--speak", l->options.laser, "--pty", pty, "--light", trigger,
                             "--heard",       heard,     "--state",        state};
    size_t count = 11;
    snprintf(pty, sizeof pty, "%.90s/behind", l->folder);
    snprintf(trigger, sizeof trigger, "%.90s/trigger", l->folder);
    snprintf(heard, sizeof heard, "%.90s/heard", l->folder);
    snprintf(state, sizeof state, "%.90s/shots", l->folder);
    for (size_t i = 0; i < sizeof l->options.laser_faults / sizeof(char *) && l->options.laser_faults[i]; i++)
        words[count++] = "--fault", words[count++] = l->options.laser_faults[i];
    if (pipe2(out, O_CLOEXEC) != 0) return false;
    l->laser = start(l, "fadeline-twin", words, out[1], -1, l->options.no_real_time);
    close(out[1]);
    const bool ready = is_ready(out[0]);
    close(out[0]);
    if (!ready) lane_fail(l, "the laser behind the gate does not start");
    return ready;
}

void lane_laser_pull(lane *l)
{
    if (l->laser > 0) kill(l->laser, SIGKILL), waitpid(l->laser, NULL, 0);
    l->laser = -1;
}

void lane_laser_heard(const lane *l, char *room, size_t size)
{
    char path[150];
    snprintf(path, sizeof path, "%.90s/heard", l->folder);
    FILE *file = fopen(path, "r");
    room[0] = 0;
    if (!file) return;
    room[fread(room, 1, size - 1, file)] = 0;
    fclose(file);
}

static bool start_twin(lane *l, unsigned *port)
{
    char state[150], script[150], device[150], trigger[150], line[200] = "";
    int out[2], err[2];
    snprintf(state, sizeof state, "%s/laser.state", l->folder);
    snprintf(script, sizeof script, "%s/room.txt", l->folder);
    FILE *file = fopen(script, "w");
    if (!file || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) return false;
    fprintf(file, "when hello +0.2 prove\n%s", l->options.script ? l->options.script : "");
    fclose(file);
    snprintf(device, sizeof device, "%.90s/g.yaml", l->folder);
    snprintf(trigger, sizeof trigger, "%.90s/trigger", l->folder);
    const bool gate = l->options.laser != NULL;
    const char *const words[] = {
        "fadeline-twin", "--device", gate ? device : "example-pico", "--tcp", "0", "--state", state,
        "--script",      script,     gate ? "--light" : NULL,        trigger, NULL};
    l->twin = start(l, "fadeline-twin", words, out[1], err[1], l->options.no_real_time);
    close(out[1]);
    close(err[1]);
    l->said = err[0];
    struct pollfd fd = {.fd = out[0], .events = POLLIN};
    if (poll(&fd, 1, PATIENCE_MS) != 1 || read(out[0], line, sizeof line - 1) <= 0) line[0] = 0;
    close(out[0]);
    return sscanf(line, "ready 127.0.0.1:%u", port) == 1;
}

static bool furnish(lane *l)
{
    char path[150], command[400];
    fl_error error = {0};
    fl_date day;
    snprintf(l->folder, sizeof l->folder, "%s/fl-lane-XXXXXX", l->options.place ? l->options.place : "/tmp");
    if (!mkdtemp(l->folder) || fl_date_read(DAY, &day) != FL_OK) return false;
    fl_plan *plan = helper_plan(day, HELPER_NO_TESTS);
    plan->zones[1].pulses = 100000; /* MID: nobody runs out of budget here */
    plan->zones[1].budget = (fl_plan_budget){90000, 100000, 110000, 120000};
    if (l->options.laser && !plan_for_gate(l, plan)) lane_fail(l, "no device file");
    fl_plan_seal(plan);
    snprintf(path, sizeof path, "%s/plan.json", l->folder);
    snprintf(command, sizeof command, "cp -p %s/people.* %s/", l->options.people, l->folder);
    const bool good = fl_plan_seal_here(l->folder, plan, &error) == FL_OK &&
                      fl_plan_write_json(plan, path, &error) == FL_OK && system(command) == 0;
    if (!good) lane_fail(l, "cannot furnish %s: %s", l->folder, error.what);
    fl_plan_free(plan);
    return good;
}

/* ---- the face ---- */

bool lane_dial(lane *l)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/s", l->folder);
    lane_hang_up(l);
    l->face = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    l->order = l->asked = l->answered = 0;
    l->filled = 0;
    if (connect(l->face, (struct sockaddr *)&address, sizeof address) == 0) return true;
    lane_hang_up(l);
    return false;
}

void lane_hang_up(lane *l)
{
    if (l->face >= 0) close(l->face);
    l->face = -1;
}

static void text_of(const char *line, const char *key, char *room, size_t size)
{
    const char *at = strstr(line, key);
    size_t n = 0;
    if (at)
        for (at += strlen(key); *at && *at != '"' && n + 1 < size;) room[n++] = *at++;
    room[n] = 0;
}

static void take_line(lane *l, const char *line)
{
    char code[64];
    if (strstr(line, "\"type\":\"status\"")) {
        text_of(line, "\"state\":\"", l->state, sizeof l->state);
        snprintf(l->line, sizeof l->line, "%.4095s", line);
        l->statuses++;
    } else if (strstr(line, "\"type\":\"answer\"")) {
        const char *number = strstr(line, "\"order\":");
        if (!number || atoi(number + 8) != l->asked) return;
        l->answered = l->asked;
        l->ok = strstr(line, "\"ok\":1") != NULL;
        text_of(line, "\"code\":\"", l->code, sizeof l->code);
    } else if (strstr(line, "\"type\":\"event\"")) {
        text_of(line, "\"code\":\"", code, sizeof code);
        const size_t used = strlen(l->events);
        if (code[0] && used + strlen(code) + 2 < sizeof l->events)
            snprintf(l->events + used, sizeof l->events - used, "%s ", code);
    }
    if (l->told) l->told(l, line, l->told_self);
}

int lane_say(lane *l, const char *order)
{
    char line[300];
    const char *more = strchr(order, '|');
    const int before = more ? (int)(more - order) : (int)strlen(order);
    const int size = snprintf(line, sizeof line, "{%.*s,\"order\":%d%s}\n", before, order, ++l->order,
                              more ? more + 1 : "");
    if (l->face < 0 || send(l->face, line, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT) != size) return 0;
    return l->order;
}

/* One look of at most `ms`. */
static bool look(lane *l, int ms)
{
    if (tap_now_us() - l->beat_us > BEAT_US) {
        l->beat_us = tap_now_us();
        lane_say(l, "\"do\":\"here\"");
    }
    struct pollfd fd = {.fd = l->face, .events = POLLIN};
    if (poll(&fd, 1, ms) <= 0) return l->face >= 0;
    const ssize_t got = recv(l->face, l->room + l->filled, sizeof l->room - l->filled - 1, MSG_DONTWAIT);
    if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
    l->filled += (unsigned)got;
    unsigned used = 0;
    for (char *end; (end = memchr(l->room + used, '\n', l->filled - used));) {
        *end = 0;
        take_line(l, l->room + used);
        used = (unsigned)(end + 1 - l->room);
    }
    l->filled -= used;
    memmove(l->room, l->room + used, l->filled);
    return l->filled < sizeof l->room - 1;
}

bool lane_listen(lane *l, int ms)
{
    const int64_t until = tap_now_us() + ms * INT64_C(1000);
    for (int64_t left; (left = until - tap_now_us()) > 0;)
        if (!look(l, left > 20000 ? 20 : (int)(left / 1000) + 1)) return false;
    return true;
}

bool lane_until(lane *l, const char *state, int ms)
{
    const int64_t until = tap_now_us() + ms * INT64_C(1000);
    while (strcmp(l->state, state) != 0 && tap_now_us() < until)
        if (!look(l, 20)) return false;
    return strcmp(l->state, state) == 0;
}

bool lane_order(lane *l, const char *order)
{
    if (l->fault[0]) return false;
    const int number = l->asked = lane_say(l, order);
    const int64_t until = tap_now_us() + PATIENCE_MS * INT64_C(1000);
    l->ok = false;
    while (number && l->answered != number && tap_now_us() < until)
        if (!look(l, 20)) return false;
    return number && l->answered == number && l->ok;
}

bool lane_sign_in(lane *l)
{
    return lane_order(l, "\"do\":\"sign-in\"|,\"pin\":\"493027\",\"who\":\"op:17\"") &&
           lane_order(l, "\"do\":\"zone\"|,\"zone\":\"MID\"") &&
           lane_order(l, "\"code\":\"OD7 M LB9\",\"do\":\"eyewear\"|,\"wl_nm\":755");
}

bool lane_ready(lane *l)
{
    if (l->fault[0]) return false;
    if (!lane_until(l, "STANDBY", PATIENCE_MS)) return false;
    if (!strstr(l->line, "\"eyewear\":\"") && !lane_sign_in(l)) return false;
    for (int i = 0; i < 50;
         i++) { /* the settings need a moment, and the foot goes up when nothing is armed */
        if (lane_order(l, "\"do\":\"arm\"")) return lane_until(l, "READY", PATIENCE_MS);
        lane_listen(l, 60);
    }
    return false;
}

int64_t lane_number(const lane *l, const char *key)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"%s\":", key);
    const char *at = strstr(l->line, wanted);
    return at ? strtoll(at + strlen(wanted), NULL, 10) : -1;
}

bool lane_heard(const lane *l, const char *code)
{
    char wanted[70];
    snprintf(wanted, sizeof wanted, "%s ", code);
    const char *at = strstr(l->events, wanted);
    return at && (at == l->events || at[-1] == ' ');
}

void lane_forget(lane *l)
{
    l->events[0] = 0;
}

/* ---- the whole ---- */

bool lane_start(lane *l)
{
    char plan[150], socket_path[150], behind[150];
    snprintf(plan, sizeof plan, "%s/plan.json", l->folder);
    snprintf(socket_path, sizeof socket_path, "%s/s", l->folder);
    unlink(socket_path);
    snprintf(behind, sizeof behind, "%.90s/behind", l->folder);
    const char *const words[] = {"fadeline-control",
                                 "--plan",
                                 plan,
                                 "--port",
                                 l->tap.link,
                                 "--socket",
                                 socket_path,
                                 "--date",
                                 DAY,
                                 l->options.laser ? "--laser-port" : NULL,
                                 behind,
                                 NULL};
    l->control = start(l, l->options.program ? l->options.program : "fadeline-control", words, -1, -1,
                       l->options.no_real_time);
    l->state[0] = l->line[0] = 0;
    const int64_t until = tap_now_us() + PATIENCE_MS * INT64_C(1000);
    while (l->control > 0 && tap_now_us() < until) {
        if (lane_dial(l)) return true;
        if (waitpid(l->control, NULL, WNOHANG) == l->control) {
            l->control = -1;
            break;
        }
        usleep(10000);
    }
    lane_fail(l, "control does not listen");
    return false;
}

void lane_kill(lane *l)
{
    if (l->control > 0) kill(l->control, SIGKILL), waitpid(l->control, NULL, 0);
    l->control = -1;
    lane_hang_up(l);
    tap_redial(&l->tap);
}

bool lane_open(lane *l, const lane_options *options)
{
    char link[150];
    unsigned port = 0;
    *l = (lane){.options = *options, .twin = -1, .control = -1, .laser = -1, .face = -1, .said = -1};
    if (!furnish(l)) return lane_fail(l, "cannot furnish a lane"), false;
    if (!start_twin(l, &port)) return lane_fail(l, "the twin does not start"), false;
    if (options->laser && !lane_laser_start(l)) return false;
    snprintf(link, sizeof link, "%.90s/laser", l->folder);
    if (!tap_open(&l->tap, link, port, l->said, options->keep_samples))
        return lane_fail(l, "the tap does not open"), false;
    return lane_start(l);
}

int lane_left(lane *l, int ms)
{
    const int64_t until = tap_now_us() + ms * INT64_C(1000);
    int how = 0;
    while (l->control > 0 && waitpid(l->control, &how, WNOHANG) != l->control) {
        if (tap_now_us() > until) return -1;
        look(l, 10);
    }
    l->control = -1;
    lane_hang_up(l);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
}

void lane_end(lane *l)
{
    if (l->control > 0 && l->face >= 0) {
        lane_order(l, "\"do\":\"end\"");
        while (lane_listen(l, 100)) continue;
    }
    int how = 0;
    if (l->control > 0 && l->fault[0]) kill(l->control, SIGKILL);
    if (l->control > 0) waitpid(l->control, &how, 0);
    if (l->control > 0 && (!WIFEXITED(how) || WEXITSTATUS(how) != 0))
        lane_fail(l, "control left with %d", WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how));
    l->control = -1;
    lane_hang_up(l);
}

void lane_close(lane *l)
{
    char command[200];
    lane_end(l);
    if (l->tap.port) tap_close(&l->tap);
    if (l->twin > 0) kill(l->twin, SIGTERM), waitpid(l->twin, NULL, 0);
    if (l->laser > 0) kill(l->laser, SIGTERM), waitpid(l->laser, NULL, 0);
    if (l->said >= 0) close(l->said);
    snprintf(command, sizeof command, "rm -rf '%s'", l->folder);
    if (!l->fault[0] && system(command) != 0) fprintf(stderr, "%s stays\n", l->folder);
}

void lane_people(char home[64])
{
    fl_error error = {0};
    snprintf(home, 64, "/tmp/fl-lane-people-XXXXXX");
    if (!mkdtemp(home) || fl_people_add(home, "op:17", 1u << FL_ROLE_OPERATOR, (fl_date){2030, 1, 1},
                                        "493027", &error) != FL_OK)
        abort();
}

void lane_people_gone(const char *home)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    if (system(command) != 0) fprintf(stderr, "%s stays\n", home);
}
