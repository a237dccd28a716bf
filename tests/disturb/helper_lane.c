/* The lane's folder and processes; the operator is in helper_operator.c. */
#include "helper_lane.h"

#include "../session/helper_plan.h"

#include "fadeline/base/clock.h"
#include "fadeline/course/seal.h"
#include "fadeline/session/people.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY "2026-05-04"
#define PATIENCE_MS 90000

int64_t lane_now(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self).us / 1000;
}

void lane_fail(lane *l, const char *format, ...)
{
    if (l->fault[0]) return;
    char text[250];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(l->fault, sizeof l->fault, "lane %u: %s", l->index, text);
}

uint64_t lane_draw(lane *l, uint64_t below)
{
    return fl_random_u64(&l->random) % below;
}

uint64_t lane_counter(const lane *l)
{
    return ledger_laser(l->laser_state);
}

/* ---- what all lanes have in common ---- */

/* In place of the library's, for this program: see PAGE_SCRYPT_N. */
int EVP_PBE_scrypt(const char *pass, size_t pass_size, const unsigned char *salt, size_t salt_size,
                   uint64_t n, uint64_t r, uint64_t p, uint64_t most, unsigned char *key, size_t key_size)
{
    static int (*real)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t, uint64_t,
                       uint64_t, unsigned char *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "EVP_PBE_scrypt");
    return real(pass, pass_size, salt, salt_size, n > PAGE_SCRYPT_N ? PAGE_SCRYPT_N : n, r, p, most, key,
                key_size);
}

void lane_people_make(lane_people *people)
{
    static const struct {
        const char *who, *pin;
        fl_role role;
    } rows[] = {{"op:17", "493027", FL_ROLE_OPERATOR},
                {"op:9", "801246", FL_ROLE_SUPERVISOR},
                {"op:30", "660318", FL_ROLE_SERVICE}};
    fl_error error = {0};
    fl_date day;
    *people = (lane_people){.home = "/tmp/fl-disturb-people-XXXXXX"};
    if (fl_date_read(DAY, &day) != FL_OK || !mkdtemp(people->home)) abort();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fl_people_add(people->home, rows[i].who, 1u << rows[i].role, (fl_date){2030, 1, 1}, rows[i].pin,
                          &error) != FL_OK)
            abort();
    char command[700];
    snprintf(command, sizeof command,
             "cp '%s/fadeline-twin' '%s/laser' && cp '%s/fadeline-control' '%s/control' && "
             "cp '%s/tests/libdisturb_disk.so' '%s/disk.so'",
             FL_BUILD_DIR, people->home, FL_BUILD_DIR, people->home, FL_BUILD_DIR, people->home);
    if (system(command) != 0) abort();
    people->plan = helper_plan(day, HELPER_NO_TESTS);
    /* Hours of firing under one plan: no zone is ever full. */
    people->plan->zones[1].budget = (fl_plan_budget){900000, 1000000, 1100000, 1200000};
    people->plan->zones[1].pulses = 1000000;
    fl_plan_seal(people->plan);
}

static void remove_folder(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fprintf(stderr, "%s stays\n", folder);
}

void lane_people_drop(lane_people *people)
{
    remove_folder(people->home);
    fl_plan_free(people->plan);
}

/* ---- processes ---- */

void lane_signal(pid_t process, int number)
{
    if (process > 1) kill(process, number);
}

static pid_t start(const lane *l, const char *program, bool disturbed, const char *const words[])
{
    char path[512], home[128], log[128], shared[128], preload[128];
    snprintf(path, sizeof path, "%s/%s", l->people->home, program);
    snprintf(home, sizeof home, "FADELINE_HOME=%s", l->folder);
    snprintf(log, sizeof log, "%s/%s.log", l->folder, program);
    snprintf(shared, sizeof shared, PAGE_VARIABLE "=%s/page", l->folder);
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s/disk.so", l->people->home);
    const char *environment[] = {home,
                                 "ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0",
                                 "PATH=/usr/bin:/bin",
                                 disturbed ? shared : NULL,
                                 preload,
                                 NULL};
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

/* The foot presses after READY (ours comes 0.3 s after the laser's) and fires in bursts; it lets go whenever
 * the laser stands down, and once more a little later, because a press that was due may come in between. */
static bool write_room(const lane *l, bool first)
{
    char path[100];
    snprintf(path, sizeof path, "%s/room.txt", l->folder);
    FILE *file = fopen(path, "w");
    if (!file) return false;
    if (first) fputs("when hello +0.2 prove\n", file);
    fputs("every ready +0.4 foot down\n"
          "every 25 pulses foot up\n"
          "every 25 pulses +0.2 foot down\n"
          "every standby foot up\n"
          "every standby +0.5 foot up\n"
          "every safe foot up\n"
          "every safe +0.5 foot up\n"
          "every fault foot up\n",
          file);
    return fclose(file) == 0;
}

bool lane_start_laser(lane *l, bool first)
{
    char script[100];
    snprintf(script, sizeof script, "%s/room.txt", l->folder);
    if (!write_room(l, first)) return false;
    unlink(l->laser_link);
    const char *const words[] = {"laser",        "--device",
                                 "example-pico", "--pty",
                                 l->laser_link,  "--state",
                                 l->laser_state, "--script",
                                 script,         l->laser_fault ? "--fault" : NULL,
                                 l->laser_fault, NULL};
    l->twin = start(l, "laser", false, words);
    const int64_t until = lane_now() + PATIENCE_MS;
    while (l->twin > 0 && lane_now() < until && access(l->laser_link, F_OK) != 0) usleep(5000);
    if (l->twin > 0 && access(l->laser_link, F_OK) == 0) return true;
    lane_fail(l, "the laser does not start");
    return false;
}

static void hang_up(lane *l)
{
    if (l->socket >= 0) close(l->socket);
    l->socket = -1;
    l->filled = 0;
    l->state[0] = l->person[0] = l->refusal[0] = 0;
    l->seen = l->aimed = l->goggles = l->said_bye = false;
    l->order = 0;
    l->pulses = l->fault_number = 0;
    l->waits_since = l->not_before = l->beaten = l->refused_since = 0;
    l->asked = LANE_ASKED_NOTHING;
    l->wants_supervisor = l->wants_service = l->served = l->wants_reset = l->wants_second = false;
}

bool lane_is_alive(lane *l)
{
    int how = 0;
    if (l->control <= 0) return false;
    if (waitpid(l->control, &how, WNOHANG) == 0) return true;
    l->exit_status = how;
    l->control = -1;
    return false;
}

void lane_collect(lane *l, int ms)
{
    const int64_t until = lane_now() + ms;
    while (lane_is_alive(l)) {
        if (lane_now() < until) {
            usleep(2000);
            continue;
        }
        if (ms) lane_fail(l, "control does not leave");
        lane_signal(l->control, SIGKILL);
        waitpid(l->control, &l->exit_status, 0);
        l->control = -1;
    }
    hang_up(l);
}

bool lane_dial(lane *l)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", l->address);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        hang_up(l);
        l->socket = fd;
        return true;
    }
    if (fd >= 0) close(fd);
    return false;
}

bool lane_start_control(lane *l)
{
    char plan[100];
    snprintf(plan, sizeof plan, "%s/plan.json", l->folder);
    unlink(l->address);
    hang_up(l);
    const char *const words[] = {"control",  "--plan",   plan,     "--port", l->link,
                                 "--socket", l->address, "--date", DAY,      NULL};
    l->control = start(l, "control", true, words);
    l->starts++;
    const int64_t until = lane_now() + PATIENCE_MS;
    while (lane_is_alive(l) && lane_now() < until) {
        if (lane_dial(l)) return true;
        usleep(5000);
    }
    if (l->control > 0) lane_fail(l, "control does not listen");
    return false;
}

/* ---- the whole lane ---- */

static bool furnish(lane *l, const lane_people *people)
{
    char path[128], command[300];
    fl_error error = {0};
    snprintf(path, sizeof path, "%s/plan.json", l->folder);
    snprintf(command, sizeof command, "cp -p %s/people.* %s/", people->home, l->folder);
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER; /* the seal stands in the plan itself */
    pthread_mutex_lock(&one_at_a_time);
    const bool sealed = fl_plan_seal_here(l->folder, people->plan, &error) == FL_OK &&
                        fl_plan_write_json(people->plan, path, &error) == FL_OK;
    pthread_mutex_unlock(&one_at_a_time);
    if (!sealed || system(command) != 0) return false;
    snprintf(path, sizeof path, "%s/page", l->folder);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *l->page) != 0) return false;
    void *at = mmap(NULL, sizeof *l->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    l->page = at == MAP_FAILED ? NULL : at;
    return l->page != NULL;
}

bool lane_open(lane *l, unsigned index, uint64_t seed, const char *laser_fault, const lane_people *people)
{
    *l = (lane){.index = index,
                .people = people,
                .control = -1,
                .twin = -1,
                .socket = -1,
                .laser_fault = laser_fault};
    fl_random_init(&l->random, seed, index);
    snprintf(l->folder, sizeof l->folder, "/tmp/fl-disturb-XXXXXX");
    if (!mkdtemp(l->folder)) return lane_fail(l, "no folder"), false;
    snprintf(l->journal, sizeof l->journal, "%.60s/journal-simulated", l->folder);
    snprintf(l->laser_state, sizeof l->laser_state, "%.60s/laser.state", l->folder);
    snprintf(l->laser_link, sizeof l->laser_link, "%.60s/laser", l->folder);
    snprintf(l->link, sizeof l->link, "%.60s/line", l->folder);
    snprintf(l->address, sizeof l->address, "%.60s/s", l->folder);
    if (!furnish(l, people)) return lane_fail(l, "the lane cannot be furnished"), false;
    l->cable = relay_new(l->laser_link, l->link, seed + index);
    return lane_start_laser(l, true);
}

void lane_close(lane *l, bool may_be_open)
{
    if (l->control > 0) lane_signal(l->control, SIGCONT);
    if (l->control > 0) lane_collect(l, 0);
    hang_up(l);
    if (l->twin > 0) lane_signal(l->twin, SIGCONT), lane_signal(l->twin, SIGTERM), waitpid(l->twin, NULL, 0);
    l->twin = -1;
    relay_free(l->cable);
    l->cable = NULL;
    if (!l->fault[0]) ledger_close(&l->ledger, l->journal, l->laser_state, may_be_open);
    if (l->ledger.fault[0]) lane_fail(l, "%s", l->ledger.fault);
    if (l->page) munmap(l->page, sizeof *l->page);
    l->page = NULL;
    if (!l->fault[0]) remove_folder(l->folder); /* else it is kept for a look */
}
