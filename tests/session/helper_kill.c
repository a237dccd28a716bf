#include "helper_kill.h"

#include "helper_plan.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/course/seal.h"
#include "fadeline/journal/verify.h"
#include "fadeline/session/people.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define LANES_MOST 64
#define DAY "2026-05-04"
#define PATIENCE_MS 20000

typedef struct lane {
    unsigned index, kills;
    char folder[64];
    fl_random random;
    pid_t twin, control;
    int socket;
    int order;
    char room[65536];
    size_t filled;
    char state[24];
    long long pulses, fault; /* of the newest status */
    kill_result result;
} lane;

static int64_t now_ms(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us / 1000;
}

static void fail(lane *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(lane *l, const char *format, ...)
{
    if (l->result.fault[0]) return;
    char text[250];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(l->result.fault, sizeof l->result.fault, "lane %u: %s", l->index, text);
}

/* ---- processes ---- */

static pid_t start(const lane *l, const char *program, const char *const words[])
{
    char path[512], home[128], log[128];
    snprintf(path, sizeof path, "%s/%s", FL_BUILD_DIR, program);
    snprintf(home, sizeof home, "FADELINE_HOME=%s", l->folder);
    snprintf(log, sizeof log, "%s/%s.log", l->folder, program);
    const char *const environment[] = {home, "ASAN_OPTIONS=detect_leaks=0", "PATH=/usr/bin:/bin", NULL};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    pid_t child = -1;
    const int failed =
        posix_spawn(&child, path, &files, NULL, (char *const *)words, (char *const *)environment);
    posix_spawn_file_actions_destroy(&files);
    return failed ? -1 : child;
}

static bool start_twin(lane *l)
{
    char pty[100], state[100], script[100];
    snprintf(pty, sizeof pty, "%s/laser", l->folder);
    snprintf(state, sizeof state, "%s/laser.state", l->folder);
    snprintf(script, sizeof script, "%s/room.txt", l->folder);
    FILE *file = fopen(script, "w");
    if (!file) return false;
    fputs("when hello +0.2 prove\n"
          "every ready +0.4 foot down\n"
          "every 9 pulses foot up\n"
          "every 9 pulses +0.3 foot down\n"
          "every standby foot up\n"
          "every safe foot up\n",
          file);
    fclose(file);
    const char *const words[] = {"fadeline-twin", "--device", "example-pico", "--pty", pty,
                                 "--state",       state,      "--script",     script,  NULL};
    l->twin = start(l, "fadeline-twin", words);
    for (int i = 0; i < 500 && access(pty, F_OK) != 0; i++) usleep(20000);
    return l->twin > 0 && access(pty, F_OK) == 0;
}

/* The laser's own counter, from its memory: the higher of the two slots. */
static uint64_t laser_counter(const lane *l)
{
    char path[100], bytes[1024] = "";
    snprintf(path, sizeof path, "%s/laser.state", l->folder);
    const int fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, bytes, sizeof bytes - 1) < 0) bytes[0] = 0;
    if (fd >= 0) close(fd);
    uint64_t highest = 0;
    for (const char *at = bytes; (at = strstr(at, " k=")); at++) {
        const uint64_t k = strtoull(at + 3, NULL, 16);
        if (k > highest) highest = k;
    }
    return highest;
}

/* ---- the face ---- */

static void take_line(lane *l, const char *line, size_t size, json_t **answer)
{
    json_t *message = json_loadb(line, size, 0, NULL);
    const char *type = json_string_value(json_object_get(message, "type"));
    if (fl_text_same(type, "status")) {
        snprintf(l->state, sizeof l->state, "%s", json_string_value(json_object_get(message, "state")));
        l->pulses = json_integer_value(json_object_get(message, "session_pulses"));
        l->fault = json_integer_value(json_object_get(message, "fault"));
    }
    if (fl_text_same(type, "answer") && answer &&
        json_integer_value(json_object_get(message, "order")) == l->order) {
        json_decref(*answer);
        *answer = json_incref(message);
    }
    json_decref(message);
}

/* Takes what has come within `ms`; false when control is gone. */
static bool listen_for(lane *l, int ms, json_t **answer)
{
    struct pollfd fd = {.fd = l->socket, .events = POLLIN};
    if (poll(&fd, 1, ms) <= 0) return true;
    const ssize_t got = recv(l->socket, l->room + l->filled, sizeof l->room - l->filled, MSG_DONTWAIT);
    if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
    l->filled += (size_t)got;
    char *end;
    size_t used = 0;
    while ((end = memchr(l->room + used, '\n', l->filled - used))) {
        take_line(l, l->room + used, (size_t)(end - (l->room + used)), answer);
        used = (size_t)(end + 1 - l->room);
    }
    l->filled -= used;
    memmove(l->room, l->room + used, l->filled);
    return l->filled < sizeof l->room;
}

static bool say(lane *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool say(lane *l, const char *format, ...)
{
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return send(l->socket, line, (size_t)size, MSG_NOSIGNAL) == size;
}

#define ORDER(l, before, after) (say(l, "{" before "\"order\":%d" after "}\n", ++(l)->order) && answered(l))

static bool answered(lane *l)
{
    json_t *answer = NULL;
    const int64_t until = now_ms() + PATIENCE_MS;
    while (!answer && now_ms() < until && listen_for(l, 50, &answer)) {
    }
    const bool ok = answer && json_integer_value(json_object_get(answer, "ok")) == 1;
    json_decref(answer);
    return ok;
}

/* Heartbeats go on, so that the session does not stand down for a silent face. */
static bool wait_for(lane *l, const char *state, int ms)
{
    const int64_t until = now_ms() + ms;
    int64_t beat = 0;
    while (now_ms() < until && strcmp(l->state, state) != 0) {
        if (now_ms() - beat > 300) {
            beat = now_ms();
            say(l, "{\"do\":\"here\",\"order\":%d}\n", ++l->order);
        }
        if (!listen_for(l, 20, NULL)) return false;
    }
    return strcmp(l->state, state) == 0;
}

static bool start_control(lane *l)
{
    char pty[100], plan[100];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(pty, sizeof pty, "%s/laser", l->folder);
    snprintf(plan, sizeof plan, "%s/plan.json", l->folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/s", l->folder);
    unlink(address.sun_path);
    const char *const words[] = {"fadeline-control", "--plan",         plan,     "--port", pty,
                                 "--socket",         address.sun_path, "--date", DAY,      NULL};
    l->control = start(l, "fadeline-control", words);
    l->order = 0;
    l->filled = 0;
    l->state[0] = 0;
    l->pulses = l->fault = 0;
    const int64_t until = now_ms() + PATIENCE_MS;
    while (l->control > 0 && now_ms() < until) {
        l->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(l->socket, (struct sockaddr *)&address, sizeof address) == 0) return true;
        close(l->socket);
        l->socket = -1;
        if (waitpid(l->control, NULL, WNOHANG) == l->control) {
            l->control = -1;
            break;
        }
        usleep(20000);
    }
    fail(l, "control does not listen");
    return false;
}

static bool go_ready(lane *l)
{
    if (!wait_for(l, "STANDBY", PATIENCE_MS)) return false;
    if (!ORDER(l, "\"do\":\"sign-in\",", ",\"pin\":\"493027\",\"who\":\"op:17\"")) return false;
    if (!ORDER(l, "\"do\":\"zone\",", ",\"zone\":\"MID\"")) return false;
    if (!ORDER(l, "\"code\":\"OD7 M LB9\",\"do\":\"eyewear\",", ",\"wl_nm\":755")) return false;
    for (int i = 0; i < 20; i++) { /* the settings need a moment */
        if (ORDER(l, "\"do\":\"arm\",", "")) return wait_for(l, "READY", PATIENCE_MS);
        usleep(100000);
    }
    return false;
}

/* ---- one kill ---- */

static void kill_once(lane *l)
{
    if (!start_control(l)) return;
    /* The first process of a lane lives until READY, so that it sees door, stop and foot move: the room moves
     * them once. */
    const bool anywhere = l->result.kills > 0 && fl_random_u64(&l->random) % 4 == 0;
    const int most_ms = anywhere ? 4500 : 1200;
    const int wait_ms = (int)(fl_random_u64(&l->random) % (unsigned)most_ms);
    const bool ready = !anywhere && go_ready(l);
    if (ready) {
        l->state[0] = 0;
        wait_for(l, "nothing", wait_ms);
    } else {
        usleep((useconds_t)wait_ms * 1000);
    }
    kill(l->control, SIGKILL);
    waitpid(l->control, NULL, 0);
    l->control = -1;
    const uint64_t at_death = laser_counter(l); /* nothing more leaves a dead process */
    close(l->socket);
    usleep(250000);
    const uint64_t later = laser_counter(l);
    l->result.kills++;
    l->result.while_firing += ready && l->pulses > 0;
    if (later > at_death + 1) {
        l->result.more_than_one++;
        fail(l, "%llu pulses after a kill", (unsigned long long)(later - at_death));
    }
}

static void end_properly(lane *l)
{
    if (!start_control(l)) return;
    if (!wait_for(l, "STANDBY", PATIENCE_MS)) fail(l, "no STANDBY after the last kill, but %s", l->state);
    if (!ORDER(l, "\"do\":\"sign-in\",", ",\"pin\":\"493027\",\"who\":\"op:17\""))
        fail(l, "no sign-in after the last kill");
    wait_for(l, "nothing", 500);
    if (!ORDER(l, "\"do\":\"end\",", "")) fail(l, "the session does not end");
    while (listen_for(l, 100, NULL)) {
    }
    int how = 0;
    waitpid(l->control, &how, 0);
    l->control = -1;
    close(l->socket);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        fail(l, "control left with %d", WIFEXITED(how) ? WEXITSTATUS(how) : -1);
}

/* ---- the record ---- */

static void check_record(lane *l)
{
    fl_verify_report *report = malloc(sizeof *report);
    char directory[128];
    fl_error error = {0};
    fl_journal *journal = NULL;
    snprintf(directory, sizeof directory, "%s/journal-simulated", l->folder);
    if (!report || fl_verify(directory, NULL, report, &error) != FL_OK)
        fail(l, "the journal does not verify");
    free(report);
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (fl_journal_open(directory, &options, &journal, &error) != FL_OK) {
        fail(l, "no journal: %s", error.what);
        return;
    }
    fl_counters books = {0};
    char why[200] = "";
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) != FL_OK ||
            fl_counters_take(&books, &record, why, sizeof why) != FL_OK)
            fail(l, "entry %llu: %s", (unsigned long long)i, why);
    }
    const fl_counter_state *state = fl_counters_find(&books, "SIM-00042");
    const uint64_t made = laser_counter(l);
    if (!state || state->outstanding || state->ctr != made || books.pulses != made)
        fail(l, "the laser made %llu pulses, the journal accounts for %llu and stands at %llu%s",
             (unsigned long long)made, (unsigned long long)books.pulses,
             (unsigned long long)(state ? state->ctr : 0),
             state && state->outstanding ? ", one grant open" : "");
    l->result.pulses = books.pulses;
    l->result.grants = books.grants;
    l->result.unknowns = books.unknowns;
    fl_counters_fini(&books);
    fl_journal_close(journal);
}

static void *run_lane(void *self)
{
    lane *l = self;
    if (start_twin(l)) {
        for (unsigned i = 0; i < l->kills && !l->result.fault[0]; i++) kill_once(l);
        if (!l->result.fault[0]) end_properly(l);
    } else {
        fail(l, "the twin does not start");
    }
    if (l->control > 0) kill(l->control, SIGKILL), waitpid(l->control, NULL, 0);
    if (l->twin > 0) kill(l->twin, SIGTERM), waitpid(l->twin, NULL, 0);
    if (!l->result.fault[0]) check_record(l);
    return NULL;
}

/* ---- all lanes ---- */

static bool furnish(lane *l, const char *people_home, fl_plan *plan)
{
    char path[128], command[300];
    fl_error error = {0};
    snprintf(l->folder, sizeof l->folder, "/tmp/fl-kill-XXXXXX");
    if (!mkdtemp(l->folder)) return false;
    snprintf(path, sizeof path, "%s/plan.json", l->folder);
    snprintf(command, sizeof command, "cp -p %s/people.* %s/", people_home, l->folder);
    return fl_plan_seal_here(l->folder, plan, &error) == FL_OK &&
           fl_plan_write_json(plan, path, &error) == FL_OK && system(command) == 0;
}

static void add(kill_result *sum, const lane *l)
{
    sum->kills += l->result.kills;
    sum->while_firing += l->result.while_firing;
    sum->more_than_one += l->result.more_than_one;
    sum->pulses += l->result.pulses;
    sum->grants += l->result.grants;
    sum->unknowns += l->result.unknowns;
    if (!sum->fault[0]) memcpy(sum->fault, l->result.fault, sizeof sum->fault);
}

void helper_kill(unsigned lanes, unsigned kills, uint64_t seed, kill_result *sum)
{
    static lane all[LANES_MOST];
    pthread_t threads[LANES_MOST];
    char people_home[] = "/tmp/fl-kill-people-XXXXXX", command[128];
    fl_error error = {0};
    fl_date day;
    *sum = (kill_result){0};
    if (fl_date_read(DAY, &day) != FL_OK || !mkdtemp(people_home) ||
        fl_people_add(people_home, "op:17", 1u << FL_ROLE_OPERATOR, (fl_date){2030, 1, 1}, "493027",
                      &error) != FL_OK)
        abort();
    fl_plan *plan = helper_plan(day, HELPER_NO_TESTS);
    for (unsigned i = 0; i < lanes; i++) {
        all[i] = (lane){.index = i, .kills = kills, .control = -1, .twin = -1, .socket = -1};
        fl_random_init(&all[i].random, seed, i);
        if (!furnish(&all[i], people_home, plan) || pthread_create(&threads[i], NULL, run_lane, &all[i]) != 0)
            abort();
    }
    for (unsigned i = 0; i < lanes; i++) {
        pthread_join(threads[i], NULL);
        add(sum, &all[i]);
        if (all[i].result.fault[0]) continue; /* kept for a look */
        snprintf(command, sizeof command, "rm -rf '%s'", all[i].folder);
        if (system(command) != 0) fprintf(stderr, "%s stays\n", all[i].folder);
    }
    snprintf(command, sizeof command, "rm -rf '%s'", people_home);
    if (system(command) != 0) fprintf(stderr, "%s stays\n", people_home);
    fl_plan_free(plan);
}
