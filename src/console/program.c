#include "program.h"

#include "fadeline/base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

/* The program `fadeline` beside this one; a test's stands one folder below it. */
static bool find_program(char path[FL_PLACE_MAX])
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

/* Ours with one more; its list is malloc'ed, its last string too. Another thread may not change ours
 * meanwhile: nothing in the console does. */
static char **environment_of(const program_how *how, char **own)
{
    size_t count = 0, kept = 0;
    while (environ[count]) count++;
    char **list = calloc(count + 2, sizeof *list);
    const size_t room = strlen(how->name) + strlen(how->value) + 2;
    *own = malloc(room);
    if (!list || !*own) return free(list), NULL;
    snprintf(*own, room, "%s=%s", how->name, how->value);
    const size_t name = strlen(how->name) + 1;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], *own, name) != 0) list[kept++] = environ[i];
    list[kept] = *own;
    return list;
}

static void add_stream(posix_spawn_file_actions_t *files, int stream, int from)
{
    if (from > 0)
        posix_spawn_file_actions_adddup2(files, from, stream);
    else
        posix_spawn_file_actions_addopen(files, stream, "/dev/null", O_WRONLY, 0);
}

static int spawn(const char *program, const program_how *how, char *const *environment, pid_t *child)
{
    const char *words[PROGRAM_WORDS + 1] = {program};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    for (size_t i = 0; i + 1 < PROGRAM_WORDS && how->words[i]; i++) words[i + 1] = how->words[i];
    sigemptyset(&none), sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    add_stream(&files, STDOUT_FILENO, how->out);
    add_stream(&files, STDERR_FILENO, how->said);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    const int failed =
        posix_spawn(child, program, &files, &attributes, (char *const *)(void *)words, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

fl_status program_start(const program_how *how, pid_t *child, fl_error *error)
{
    char program[FL_PLACE_MAX], *own = NULL;
    *child = 0;
    if (!find_program(program))
        return fl_error_set(error, FL_E_FILE, "the program fadeline is not beside this one");
    char **changed = how->name ? environment_of(how, &own) : NULL;
    const int failed =
        how->name && !changed ? ENOMEM : spawn(program, how, changed ? changed : environ, child);
    free(changed);
    if (own) explicit_bzero(own, strlen(own)); /* it may be an address with a password in it */
    free(own);
    if (failed) {
        *child = 0;
        return fl_error_set(error, FL_E_IO, "it could not be started: %s", strerror(failed));
    }
    setpriority(PRIO_PROCESS, (id_t)*child, 10);
    return FL_OK;
}
