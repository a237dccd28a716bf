#include "live_world.h"

#include "helper_plan.h"

#include "fadeline/base/place.h"
#include "fadeline/course/seal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIN_SECOND "518062"

fl_console *world;
http_browser op17, op18;
static pid_t twin;
char world_port[64];
static char folder[] = "/tmp/fl-live-XXXXXX", fifo[64];

/* ---- the world ---- */

int64_t world_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void world_rest(int ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static void clean(void)
{
    char command[80];
    if (twin > 0) kill(twin, SIGTERM), waitpid(twin, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fprintf(stderr, "left behind: %s\n", folder);
}

/* The console starts the control process that stands beside its own program. */
static void put_control_beside_us(void)
{
    char self[FL_PLACE_MAX];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 40);
    console_need(size > 0, "a place of our own");
    self[size] = 0;
    strcpy(strrchr(self, '/') + 1, "fadeline-control");
    if (access(self, X_OK) != 0) console_need(symlink(FL_BUILD_DIR "/fadeline-control", self) == 0, self);
}

static void start_twin(void)
{
    char state[64], script[64], ready[200] = "";
    int out[2];
    snprintf(world_port, sizeof world_port, "%s/laser", folder);
    snprintf(fifo, sizeof fifo, "%s/room", folder);
    snprintf(state, sizeof state, "%s/state", folder);
    snprintf(script, sizeof script, "%s/script", folder);
    FILE *file = fopen(script, "w");
    console_need(file && pipe(out) == 0, "a room for the laser");
    fputs("when hello +0.2 prove\n", file);
    fclose(file);
    twin = fork();
    if (twin == 0) {
        dup2(out[1], 1);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--device", "example-pico", "--pty", world_port,
              "--room", fifo, "--state", state, "--script", script, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    setpriority(PRIO_PROCESS, (id_t)twin,
                -15); /* a laser has a processor of its own; not everybody may give it one */
    console_need(read(out[0], ready, sizeof ready - 1) > 0 && strstr(ready, "ready"), "the simulated laser");
}

static void put_plan(void)
{
    char path[FL_PLACE_MAX];
    fl_plan *plan = helper_plan(fl_date_of(fl_clock_system()->utc(NULL)), HELPER_NO_TESTS);
    snprintf(path, sizeof path, "%s/plans", getenv("FADELINE_HOME"));
    console_need(fl_place_make(path, NULL) == FL_OK, "a shelf");
    strcat(path, "/plan.json");
    console_need(fl_plan_seal_here(getenv("FADELINE_HOME"), plan, NULL) == FL_OK, "a seal");
    console_need(fl_plan_write_json(plan, path, NULL) == FL_OK, "a plan");
    fl_plan_free(plan);
}

/* A browser of this person, without the tenths of a second that a PIN takes. */
void world_signed_in(http_browser *who, const char *name)
{
    visitor v = {0};
    http_browser_at(who, fl_console_url(world));
    console_need(visitors_sign_in(world->visitors, &v, name), "a visitor");
    snprintf(who->cookie, sizeof who->cookie, "%s=%s", world->near.cookie, v.cookie);
}

void world_begin(void)
{
    if (world) return;
    console_need(mkdtemp(folder) != NULL, "a folder");
    atexit(clean);
    put_control_beside_us();
    world = console_start();
    put_plan();
    start_twin();
    http_browser_at(&op17, fl_console_url(world));
    console_need(http_sign_in(&op17, "op:17", PIN_OPERATOR), "a sign-in");
    console_need(fl_people_add(getenv("FADELINE_HOME"), "op:18", 1u << FL_ROLE_OPERATOR,
                               (fl_date){2099, 5, 1}, PIN_SECOND, NULL) == FL_OK,
                 "another operator");
    world_signed_in(&op18, "op:18");
}

void world_room(const char *event)
{
    FILE *file = fopen(fifo, "a");
    console_need(file != NULL, fifo);
    fprintf(file, "now %s\n", event);
    fclose(file);
}

/* ---- a session ---- */

void world_look(live_view *v)
{
    live_look(world->live, v);
}

bool world_until_state(const char *state, int ms)
{
    static live_view v;
    const int64_t end = world_ms() + ms;
    do {
        world_look(&v);
        if (v.running && strcmp(v.status.state, state) == 0) return true;
        world_rest(10);
    } while (world_ms() < end);
    fprintf(stderr, "  it is %s, not %s; not good: %s\n", v.running ? v.status.state : "over", state,
            v.status.bad);
    return false;
}

bool world_until_good(int ms)
{
    static live_view v;
    const int64_t end = world_ms() + ms;
    do {
        world_look(&v);
        if (v.running && !v.status.bad[0]) return true;
        world_rest(10);
    } while (world_ms() < end);
    fprintf(stderr, "  not good: %s\n", v.status.bad);
    return false;
}

char world_answer[600];

bool world_order(const char *form)
{
    char whole[300];
    snprintf(whole, sizeof whole, PAGE "%s", form);
    http_get(&op17, "/session"); /* a page with a token that was not used */
    const http_answer a = http_post(&op17, "/session/order", whole, true);
    snprintf(world_answer, sizeof world_answer, "%d %.580s", a.status, a.body);
    return a.status == 200 && strstr(a.body, "\"ok\":1");
}

/* A session that has just begun still settles what the one before it left. */
bool world_soon(const char *form)
{
    const int64_t end = world_ms() + 8000;
    while (!world_order(form)) {
        if (world_ms() > end) return false;
        world_rest(200);
    }
    return true;
}

void world_mend_fault(void)
{
    static live_view v;
    char form[40];
    world_look(&v);
    if (!v.running || strcmp(v.status.state, "FAULT") != 0) return;
    fprintf(stderr, "  reset: %.120s\n", v.status.fault_text);
    snprintf(form, sizeof form, "do=reset&fault=%lld", v.status.fault);
    world_order(form);
}

static bool not_yet(const char *what)
{
    fprintf(stderr, "  %s: %.500s\n", what, world_answer);
    return false;
}

static bool begin_a_session(void)
{
    char form[200];
    http_get(&op17, "/session");
    snprintf(form, sizeof form, "plan=plan.json&kind=treatment&port=%s", world_port);
    const http_answer a = http_post(&op17, "/session/start", form, true);
    const char *said = strstr(a.body, "<main");
    snprintf(world_answer, sizeof world_answer, "%d %.580s", a.status, said ? said : a.body);
    return a.status == 303;
}

bool world_start(void)
{
    static live_view v;
    world_begin();
    world_look(&v);
    if (!v.running && !begin_a_session()) return not_yet("it does not begin");
    world_look(&v);
    if (strcmp(v.status.person, "op:17") != 0 && !world_soon("do=sign-in&pin=" PIN_OPERATOR))
        return not_yet("sign in");
    world_mend_fault();
    if (!world_until_state("STANDBY", 20000)) return not_yet("no STANDBY");
    if (!world_soon("do=zone&zone=MID")) return not_yet("zone");
    if (!world_soon("do=eyewear&marks=755+OD7+M+LB9")) return not_yet("eyewear");
    /* Too many resets, on a machine that is too busy: then a supervisor signs. */
    if (!world_until_good(3000)) world_order("do=reconcile&who=sup:2&pin=" PIN_SUPERVISOR);
    return world_until_good(10000) || not_yet("not good");
}

/* The button is held for a second; the order as a page gives it after that. */
bool world_press(http_browser *who, const char *up)
{
    char form[100];
    snprintf(form, sizeof form, PAGE "%s", up);
    const http_answer a = http_post(who, "/session/hold", form, false);
    return a.status == 204;
}

bool world_hold_and_arm(void)
{
    world_press(&op17, "");
    world_rest(1000);
    return world_order("do=arm");
}

bool world_beat(void)
{
    const http_answer a = http_post(&op17, "/session/here", PAGE, false);
    return a.status == 200 && strstr(a.body, "\"mine\":1");
}

/* A busy machine may be too slow for a laser that wants a word every 100 ms: then it is reset, as a person
 * would. */
static bool armed_once(void)
{
    static live_view v;
    if (!world_start()) return false;
    if (!world_hold_and_arm())
        return fprintf(stderr, "  once more: %s\n", world_answer), world_rest(300), false;
    for (int i = 0; i < 30; i++) {
        world_look(&v);
        if (!strcmp(v.status.state, "READY")) return true;
        if (!live_is_armed(v.status.state)) break;
        world_beat();
        world_rest(200);
    }
    world_mend_fault();
    return false;
}

bool world_arm(void)
{
    for (int tries = 0; tries < 6; tries++)
        if (armed_once()) return true;
    return false;
}

pid_t world_control(void)
{
    char command[120], line[40] = "";
    snprintf(command, sizeof command, "pgrep -P %d -f fadeline-contro[l]", (int)getpid());
    FILE *pipe = popen(command, "r");
    if (pipe && !fgets(line, sizeof line, pipe)) line[0] = 0;
    if (pipe) pclose(pipe);
    return (pid_t)atoi(line);
}

int world_order_of(http_browser *who, const char *form)
{
    char whole[300];
    snprintf(whole, sizeof whole, PAGE "%s", form);
    http_get(who, "/session");
    const http_answer a = http_post(who, "/session/order", whole, true);
    snprintf(world_answer, sizeof world_answer, "%d %.580s", a.status, a.body);
    return a.status;
}
