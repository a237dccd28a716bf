#include "fadeline/session/beside.h"

#include "fadeline/journal/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES 2
#define SAYS "verified %llu entries, %llu before them\n"

extern char **environ;

const char *fl_beside_word(fl_beside_outcome outcome)
{
    static const char *const words[] = {
#define X(name, word) word,
        FL_BESIDE_LIST(X)
#undef X
    };
    return words[outcome];
}

/* Nothing of the parent's is inherited but its errors: a file that stayed open here would outlive it as a
 * lock. */
static int spawn(fl_beside *beside, int says)
{
    char name[] = "fadeline-verify", option[] = "--verify";
    char *const arguments[] = {name, option, beside->place, NULL};
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    failed = posix_spawn_file_actions_adddup2(&actions, says, STDOUT_FILENO);
    if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!failed) failed = posix_spawn(&beside->child, beside->program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) beside->child = 0;
    return failed;
}

static void start(fl_beside *beside)
{
    int ends[2];
    beside->tries++;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        snprintf(beside->why, sizeof beside->why, "it could not be started: %s", strerror(errno));
        return;
    }
    const int failed = spawn(beside, ends[1]);
    close(ends[1]);
    beside->pipe = ends[0];
    if (failed) snprintf(beside->why, sizeof beside->why, "it could not be started: %s", strerror(failed));
}

void fl_beside_begin(fl_beside *beside, const char *program, const char *place)
{
    *beside = (fl_beside){.pipe = -1};
    snprintf(beside->program, sizeof beside->program, "%s", program);
    snprintf(beside->place, sizeof beside->place, "%s", place);
    start(beside);
}

static void hang_up(fl_beside *beside)
{
    if (beside->pipe >= 0) close(beside->pipe);
    beside->pipe = -1;
}

/* Good is only who says how much it was. */
static bool hears_size(fl_beside *beside)
{
    char line[100];
    unsigned long long size, before;
    const ssize_t got = beside->pipe < 0 ? 0 : read(beside->pipe, line, sizeof line - 1);
    if (got <= 0) return false;
    line[got] = 0;
    if (sscanf(line, SAYS, &size, &before) != 2) return false;
    beside->size = size;
    beside->before = before;
    return true;
}

static void judge(fl_beside *beside, pid_t left, int how)
{
    if (left > 0 && WIFEXITED(how) && WEXITSTATUS(how) == fl_status_exit(FL_E_DAMAGED))
        beside->outcome = FL_BESIDE_DAMAGED;
    else if (left > 0 && WIFEXITED(how) && WEXITSTATUS(how) == 0 && hears_size(beside))
        beside->outcome = FL_BESIDE_GOOD;
    else if (left > 0 && WIFSIGNALED(how))
        snprintf(beside->why, sizeof beside->why, "it was killed by signal %d", WTERMSIG(how));
    else if (left > 0 && WIFEXITED(how))
        snprintf(beside->why, sizeof beside->why, "it left with %d and no word", WEXITSTATUS(how));
    else
        snprintf(beside->why, sizeof beside->why, "it is gone, and nobody knows how");
}

fl_beside_outcome fl_beside_look(fl_beside *beside, bool may_start)
{
    if (beside->outcome != FL_BESIDE_WORKS) return beside->outcome;
    if (beside->child > 0) {
        int how = 0;
        const pid_t left = waitpid(beside->child, &how, WNOHANG);
        if (left == 0 || (left < 0 && errno == EINTR)) return FL_BESIDE_WORKS;
        beside->child = 0;
        judge(beside, left, how);
        hang_up(beside);
        if (beside->outcome != FL_BESIDE_WORKS) return beside->outcome;
    }
    hang_up(beside);
    if (beside->tries < TRIES && may_start)
        start(beside);
    else if (beside->tries >= TRIES)
        beside->outcome = FL_BESIDE_UNVERIFIED;
    return beside->outcome;
}

void fl_beside_end(fl_beside *beside)
{
    if (!beside->program[0]) return; /* never begun */
    if (beside->child > 0 && fl_beside_look(beside, false) == FL_BESIDE_WORKS) {
        if (beside->child > 0) kill(beside->child, SIGKILL);
        while (beside->child > 0 && waitpid(beside->child, NULL, 0) < 0 && errno == EINTR) continue;
        beside->child = 0;
        beside->outcome = FL_BESIDE_CUT_OFF;
    }
    if (beside->outcome == FL_BESIDE_WORKS) beside->outcome = FL_BESIDE_UNVERIFIED;
    hang_up(beside);
}

static void begin_record(fl_entry *entry, bool good, const char *result)
{
    fl_entry_begin(entry, FL_KIND_SELFTEST);
    fl_entry_text(entry, "what", "journal");
    fl_entry_int(entry, "ok", good);
    fl_entry_text(entry, "result", result);
}

void fl_beside_record(const fl_beside *beside, fl_entry *entry)
{
    const bool good = beside->outcome == FL_BESIDE_GOOD;
    begin_record(entry, good, fl_beside_word(beside->outcome));
    fl_entry_int(entry, "tries", beside->tries);
    if (good) {
        fl_entry_count(entry, "size", beside->size);
        if (beside->before) fl_entry_count(entry, "before", beside->before);
    }
    if (beside->outcome == FL_BESIDE_UNVERIFIED && fl_entry_takes(beside->why))
        fl_entry_text(entry, "why", beside->why);
}

void fl_beside_record_own(uint64_t size, fl_entry *entry)
{
    begin_record(entry, true, fl_beside_word(FL_BESIDE_GOOD));
    fl_entry_count(entry, "size", size);
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
    if (status == FL_OK) {
        printf(SAYS, (unsigned long long)report.entries, (unsigned long long)report.before);
        fflush(stdout);
    }
    return fl_status_exit(status);
}
