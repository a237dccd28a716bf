#include "helper_killers.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2
#define PROCESSOR_SECONDS 120 /* for one killer; a mutant that hangs is killed by this */

typedef struct work {
    const victim *v;
    const mutants *all;
    const bool *wanted;
    int *fates;
    atomic_size_t next;
    atomic_int worker;
} work;

static void run(const char *const argv[], const char *library_path, int error_fd)
{
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(nothing, 1);
    dup2(error_fd >= 0 ? error_fd : nothing, 2);
    const struct rlimit limit = {PROCESSOR_SECONDS, PROCESSOR_SECONDS}, no_core = {0, 0};
    setrlimit(RLIMIT_CPU, &limit);
    setrlimit(RLIMIT_CORE, &no_core);
    if (library_path) setenv("LD_LIBRARY_PATH", library_path, 1);
    execvp(argv[0], (char **)(uintptr_t)argv); /* exec does not write to them */
    _exit(127);
}

static bool succeeds(const char *const argv[])
{
    const pid_t child = fork();
    if (child == 0) run(argv, NULL, -1);
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool compile(const char *directory, const char *source, const char *kind, const char *output)
{
    char in[256], out[256];
    snprintf(in, sizeof in, "%s/%s.c", directory, source);
    snprintf(out, sizeof out, "%s/%s", directory, output);
    /* At -O2 for comparing, at -O1 for running: compiling is most of the time. */
    const char *const argv[] = {FL_CC,
                                "-std=c17",
                                "-D_GNU_SOURCE",
                                strcmp(kind, "-c") ? "-O1" : "-O2",
                                "-w",
                                "-fPIC",
                                kind,
                                "-I" FL_SOURCE_DIR "/include",
                                "-o",
                                out,
                                in,
                                NULL};
    return succeeds(argv);
}

/* True at the first complaint of a test, or when the program ends badly. */
static bool complains(const killer *k, const char *directory)
{
    int pipe_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) abort();
    const pid_t child = fork();
    if (child == 0) {
        char program[512];
        snprintf(program, sizeof program, FL_BUILD_DIR "/tests/%s", k->program);
        const char *const argv[] = {program, k->tests, NULL};
        run(argv, directory, pipe_fds[1]);
    }
    close(pipe_fds[1]);
    char byte;
    const bool complaint = read(pipe_fds[0], &byte, 1) == 1;
    if (complaint && child > 0) kill(child, SIGKILL);
    close(pipe_fds[0]);
    int status = -1;
    waitpid(child, &status, 0);
    return complaint || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static bool same_bytes(const char *a, const char *b)
{
    FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
    bool same = f && g;
    for (int c = 0; same && c != EOF;) {
        c = fgetc(f);
        same = c == fgetc(g);
    }
    if (f) fclose(f);
    if (g) fclose(g);
    return same;
}

/* The file name in the object must be the same, so both are compiled under it, one after the other. */
static bool is_the_same_code(const char *directory, const victim *v, const mutants *all, size_t i)
{
    char source[256], object[256], original[256];
    snprintf(source, sizeof source, "%s/%s.c", directory, v->source);
    snprintf(object, sizeof object, "%s/mutant.o", directory);
    snprintf(original, sizeof original, "%s/original.o", directory);
    if (!compile(directory, v->source, "-c", "mutant.o")) return false;
    FILE *file = fopen(source, "w");
    if (!file) abort();
    fputs(all->source, file);
    fclose(file);
    const bool same = compile(directory, v->source, "-c", "original.o") && same_bytes(object, original);
    file = fopen(source, "w");
    if (!file) abort();
    mutant_write(all, i, file);
    fclose(file);
    return same;
}

static int fate_of(const char *directory, const victim *v, const mutants *all, size_t i)
{
    char path[256], library[64];
    snprintf(path, sizeof path, "%s/%s.c", directory, v->source);
    snprintf(library, sizeof library, "libfl_mutable_%s.so", v->source);
    FILE *file = fopen(path, "w");
    if (!file) abort();
    mutant_write(all, i, file);
    fclose(file);
    if (!compile(directory, v->source, "-shared", library)) return MUTANT_STILLBORN;
    for (int k = 0; k < 4 && v->killers[k].program; k++)
        if (complains(&v->killers[k], directory)) return k;
    return is_the_same_code(directory, v, all, i) ? MUTANT_EQUAL : MUTANT_ALIVE;
}

static void remove_directory(const char *directory)
{
    const char *const argv[] = {"rm", "-rf", directory, NULL};
    succeeds(argv);
}

static void *worker(void *argument)
{
    work *w = argument;
    char directory[200];
    snprintf(directory, sizeof directory, FL_BUILD_DIR "/tests/mutants-%d-%d", (int)getpid(),
             atomic_fetch_add(&w->worker, 1));
    remove_directory(directory);
    if (mkdir(directory, 0700) != 0) abort();
    for (;;) {
        const size_t i = atomic_fetch_add(&w->next, 1);
        if (i >= w->all->count) break;
        w->fates[i] = w->wanted[i] ? fate_of(directory, w->v, w->all, i) : MUTANT_NOT_RUN;
    }
    remove_directory(directory);
    return NULL;
}

void killers_run(const victim *v, const mutants *all, const bool *wanted, int *fates)
{
    work w = {.v = v, .all = all, .wanted = wanted, .fates = fates};
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        if (pthread_create(&threads[i], NULL, worker, &w) != 0) abort();
    for (int i = 0; i < WORKERS; i++) pthread_join(threads[i], NULL);
}

int killers_run_original(const victim *v, const char *source)
{
    char nothing[] = "";
    mutant none = {0, 0, nothing, nothing};
    const mutants one = {source, 1, 1, &none};
    const bool wanted = true;
    int fate = MUTANT_NOT_RUN;
    killers_run(v, &one, &wanted, &fate);
    return fate == MUTANT_EQUAL ? MUTANT_ALIVE : fate;
}
