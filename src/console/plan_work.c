#include "plan_work.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

typedef struct work {
    plan_work_view view;
    unsigned number; /* 0: never used */
    pid_t child;     /* 0: none */
    char folder[FL_PLACE_MAX];
    struct timespec begun;
} work;

struct plan_work {
    pthread_mutex_t lock;
    char plans[FL_PLACE_MAX];
    unsigned newest;
    work list[PLANS_REMEMBERED];
};

/* ---- folders: ours have no folders in them ---- */

static void remove_folder(const char *path)
{
    char file[FL_PLACE_MAX];
    struct dirent *found;
    DIR *folder = opendir(path);
    while (folder && (found = readdir(folder)))
        if (found->d_name[0] != '.' &&
            snprintf(file, sizeof file, "%s/%s", path, found->d_name) < (int)sizeof file)
            unlink(file);
    if (folder) closedir(folder);
    rmdir(path);
}

/* What a console that was killed left behind. */
static void sweep(const char *plans)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    DIR *folder = opendir(plans);
    while (folder && (found = readdir(folder))) {
        int pid;
        if (sscanf(found->d_name, ".work-%d-", &pid) != 1 || pid <= 0 || kill(pid, 0) == 0 || errno != ESRCH)
            continue;
        if (snprintf(path, sizeof path, "%s/%s", plans, found->d_name) < (int)sizeof path)
            remove_folder(path);
    }
    if (folder) closedir(folder);
}

plan_work *plan_work_new(const char *home)
{
    plan_work *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    pthread_mutex_init(&w->lock, NULL);
    if (snprintf(w->plans, sizeof w->plans, "%s/plans", home) >= (int)sizeof w->plans) w->plans[0] = 0;
    sweep(w->plans);
    return w;
}

/* ---- the process ---- */

/* The program `fadeline` beside this one; a test's stands one folder below it. */
static bool path_of_program(char path[FL_PLACE_MAX])
{
    static const char *const places[] = {"fadeline", "../fadeline"};
    char self[FL_PLACE_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0) return false;
    self[length] = 0;
    char *slash = strrchr(self, '/');
    if (!slash) return false;
    *slash = 0;
    for (size_t i = 0; i < 2; i++)
        if (snprintf(path, FL_PLACE_MAX, "%s/%s", self, places[i]) < FL_PLACE_MAX && access(path, X_OK) == 0)
            return true;
    return false;
}

/* It starts with no signal blocked or ignored, whatever the thread that asked has done with its own. */
static int start(work *k, const plan_wish *wish, const char *program)
{
    char json[FL_PLACE_MAX + 16], sheet[FL_PLACE_MAX + 16], said[FL_PLACE_MAX + 16];
    snprintf(json, sizeof json, "%s/plan.json", k->folder);
    snprintf(sheet, sizeof sheet, "%s/sheet.pdf", k->folder);
    snprintf(said, sizeof said, "%s/said.txt", k->folder);
    const char *words[] = {program, "plan", wish->path, "--device", wish->device, "--date", wish->day,
                           "--out", json,   "--svg",    k->folder,  "--picture",  sheet,    NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none), sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    const int failed = posix_spawn(&k->child, program, &files, &how, (char *const *)(void *)words, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    if (failed)
        k->child = 0;
    else
        setpriority(PRIO_PROCESS, (id_t)k->child, 10);
    return failed;
}

/* ---- how it ended ---- */

static void read_said(work *k)
{
    char path[FL_PLACE_MAX + 16], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/said.txt", k->folder);
    if (fl_place_read(path, 1u << 20, &text, &size, NULL) == FL_OK)
        snprintf(k->view.said, sizeof k->view.said, "%s", text);
    free(text);
}

/* The plan under its own name, then its pictures beside it: who finds the one finds the others, or sees that
 * there are none. */
static fl_status shelve(plan_work *w, work *k)
{
    char from[FL_PLACE_MAX + 16], to[FL_PLACE_MAX + FL_PLAN_NAME + 16], *text = NULL;
    size_t size = 0;
    fl_error error = {0};
    fl_plan *plan = fl_plan_new();
    if (!plan) return FL_E_MEMORY;
    snprintf(from, sizeof from, "%s/plan.json", k->folder);
    fl_status status = fl_place_read(from, 4u << 20, &text, &size, &error);
    if (status == FL_OK) status = fl_plan_read_text(text, size, plan, &error);
    if (status == FL_OK) {
        snprintf(k->view.plan_id, sizeof k->view.plan_id, "%s", plan->plan_id);
        snprintf(to, sizeof to, "%s/%s", w->plans, plan->plan_id);
        remove_folder(to);
        unlink(from);
        char said[FL_PLACE_MAX + 16];
        snprintf(said, sizeof said, "%s/said.txt", k->folder);
        unlink(said);
        if (rename(k->folder, to) != 0) remove_folder(k->folder);
        snprintf(to, sizeof to, "%s/%s.json", w->plans, plan->plan_id);
        status = fl_place_write(to, text, size, 0600, &error);
    }
    if (status != FL_OK) snprintf(k->view.said, sizeof k->view.said, "%s", error.what);
    free(text);
    fl_plan_free(plan);
    return status;
}

/* Exit code 1 is a plan too: its answer is no. */
static void settle(plan_work *w, work *k)
{
    int how = 0;
    if (!k->child || waitpid(k->child, &how, WNOHANG) != k->child) return;
    k->child = 0;
    const bool good = WIFEXITED(how) && (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 1);
    if (good && shelve(w, k) == FL_OK) {
        k->view.state = PLAN_DONE;
        return;
    }
    if (!good) read_said(k);
    k->view.state = PLAN_FAILED;
    remove_folder(k->folder);
}

static void end(work *k)
{
    if (!k->child) return;
    kill(k->child, SIGKILL);
    while (waitpid(k->child, NULL, 0) < 0 && errno == EINTR)
        ;
    k->child = 0;
    k->view.state = PLAN_CANCELLED;
    remove_folder(k->folder);
}

/* ---- pages ---- */

static work *slot_for(plan_work *w)
{
    work *oldest = NULL;
    unsigned under_way = 0;
    for (size_t i = 0; i < PLANS_REMEMBERED; i++) {
        settle(w, &w->list[i]);
        if (w->list[i].child)
            under_way++;
        else if (!oldest || w->list[i].number < oldest->number)
            oldest = &w->list[i];
    }
    return under_way < PLANS_AT_ONCE ? oldest : NULL;
}

static fl_status begin(plan_work *w, const plan_wish *wish, unsigned *number, fl_error *error)
{
    char program[FL_PLACE_MAX];
    if (!path_of_program(program))
        return fl_error_set(error, FL_E_FILE, "the program fadeline is not beside this one");
    fl_status status = fl_place_make(w->plans, error);
    if (status != FL_OK) return status;
    work *k = slot_for(w);
    if (!k) return fl_error_set(error, FL_E_BUSY, "%d plans are being made already", PLANS_AT_ONCE);
    *k = (work){.number = ++w->newest};
    if (snprintf(k->folder, sizeof k->folder, "%s/.work-%d-%u", w->plans, (int)getpid(), k->number) >=
        (int)sizeof k->folder)
        return fl_error_set(error, FL_E_RANGE, "the name of the folder of plans is too long");
    status = fl_place_make(k->folder, error);
    if (status != FL_OK) return status;
    const char *slash = strrchr(wish->path, '/');
    snprintf(k->view.name, sizeof k->view.name, "%s", slash ? slash + 1 : wish->path);
    snprintf(k->view.device, sizeof k->view.device, "%s", wish->device);
    clock_gettime(CLOCK_MONOTONIC, &k->begun);
    const int failed = start(k, wish, program);
    if (failed) {
        remove_folder(k->folder);
        return fl_error_set(error, FL_E_IO, "planning could not be started: %s", strerror(failed));
    }
    k->view.state = PLAN_WORKS;
    *number = k->number;
    return FL_OK;
}

fl_status plan_work_begin(plan_work *w, const plan_wish *wish, unsigned *number, fl_error *error)
{
    pthread_mutex_lock(&w->lock);
    const fl_status status = begin(w, wish, number, error);
    pthread_mutex_unlock(&w->lock);
    return status;
}

static work *find(plan_work *w, unsigned number)
{
    for (size_t i = 0; i < PLANS_REMEMBERED; i++)
        if (number && w->list[i].number == number) return &w->list[i];
    return NULL;
}

void plan_work_look(plan_work *w, unsigned number, plan_work_view *view)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&w->lock);
    work *k = find(w, number);
    if (k) settle(w, k);
    *view = k ? k->view : (plan_work_view){0};
    if (k) view->seconds = (int)(now.tv_sec - k->begun.tv_sec);
    pthread_mutex_unlock(&w->lock);
}

void plan_work_cancel(plan_work *w, unsigned number)
{
    pthread_mutex_lock(&w->lock);
    work *k = find(w, number);
    if (k) settle(w, k);
    if (k) end(k);
    pthread_mutex_unlock(&w->lock);
}

void plan_work_free(plan_work *w)
{
    if (!w) return;
    for (size_t i = 0; i < PLANS_REMEMBERED; i++) end(&w->list[i]);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
