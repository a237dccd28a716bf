#include "plan_work.h"

#include "program.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

static fl_status start(work *k, const plan_wish *wish, fl_error *error)
{
    char json[FL_PLACE_MAX + 16], sheet[FL_PLACE_MAX + 16], said[FL_PLACE_MAX + 16];
    snprintf(json, sizeof json, "%s/plan.json", k->folder);
    snprintf(sheet, sizeof sheet, "%s/sheet.pdf", k->folder);
    snprintf(said, sizeof said, "%s/said.txt", k->folder);
    const int file = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const program_how how = {.words = {"plan", wish->path, "--device", wish->device, "--date", wish->day,
                                       "--out", json, "--svg", k->folder, "--picture", sheet, NULL},
                             .said = file};
    const fl_status status = program_start(&how, &k->child, error);
    if (file >= 0) close(file);
    return status;
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
    status = start(k, wish, error);
    if (status != FL_OK) return remove_folder(k->folder), status;
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
