#include "fadeline/session/beside.h"

#include "fadeline/base/place.h"
#include "fadeline/journal/verify.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Nothing of the parent's is inherited: a file that stayed open here would outlive it as a lock. */
static int spawn(pid_t *child, const char *program, const char *place)
{
    char name[] = "fadeline-verify", option[] = "--verify", where[FL_PLACE_MAX];
    char *const arguments[] = {name, option, where, NULL};
    snprintf(where, sizeof where, "%s", place);
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!failed) failed = posix_spawn(child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

fl_status fl_beside_begin(fl_beside *beside, const char *program, const char *place, fl_error *error)
{
    *beside = (fl_beside){.child = 0};
    const int failed = spawn(&beside->child, program, place);
    if (!failed) return FL_OK;
    beside->child = 0;
    return fl_error_set(error, FL_E_IO, "the verification of the journal could not be started: %s",
                        strerror(failed));
}

bool fl_beside_is_bad(fl_beside *beside)
{
    int how = 0;
    if (beside->child <= 0) return beside->bad;
    const pid_t left = waitpid(beside->child, &how, WNOHANG);
    if (left == 0 || (left < 0 && errno == EINTR)) return false;
    beside->child = 0;
    beside->bad = left < 0 || !WIFEXITED(how) || WEXITSTATUS(how) != 0;
    return beside->bad;
}

void fl_beside_end(fl_beside *beside)
{
    if (beside->child <= 0) return;
    kill(beside->child, SIGKILL);
    while (waitpid(beside->child, NULL, 0) < 0 && errno == EINTR) continue;
    beside->child = 0;
}

int fl_beside_work(const char *place)
{
    static fl_verify_report report; /* large */
    fl_error error = {0};
    const struct sched_param none = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == 1) return fl_status_exit(FL_E_INTERRUPTED); /* it died before that */
    sched_setscheduler(0, SCHED_IDLE, &none);
    const fl_status status = fl_verify(place, NULL, &report, &error);
    if (status != FL_OK) fl_error_print(stderr, &error);
    return fl_status_exit(status);
}
