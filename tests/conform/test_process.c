/* labels: unit   timeout: 600   needs: fadeline fadeline-twin   serial */
/* `fadeline conform` against the real fadeline-twin, two programs and a pseudo-terminal, in real time. Every
 * day what takes no waiting, and one check of each kind; FL_ALL=1 runs the whole script. */
#include "check.h"

#include "fadeline/base/place.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct scene {
    char folder[64];
    pid_t twin;
} scene;

static bool begin(scene *s, const char *fault)
{
    *s = (scene){.folder = "/tmp/fl-conform-XXXXXX"};
    if (!mkdtemp(s->folder)) abort();
    char laser[96], room[96], line[64] = "";
    snprintf(laser, sizeof laser, "%s/laser", s->folder);
    snprintf(room, sizeof room, "%s/room", s->folder);
    int pair[2];
    if (pipe(pair)) abort();
    s->twin = fork();
    if (s->twin == 0) {
        const int null = open("/dev/null", O_WRONLY);
        if (dup2(pair[1], STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0) _exit(71);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--device", "example-pico", "--pty", laser,
              "--room", room, fault ? "--fault" : NULL, fault, NULL);
        _exit(72);
    }
    close(pair[1]);
    const bool ready = read(pair[0], line, sizeof line - 1) > 0 && strncmp(line, "ready ", 6) == 0;
    close(pair[0]);
    CHECK(ready, "fadeline-twin did not say ready: %s", line);
    return ready;
}

static void end(scene *s)
{
    kill(s->twin, SIGTERM);
    waitpid(s->twin, NULL, 0);
    char command[120];
    snprintf(command, sizeof command, "rm -rf '%s'", s->folder);
    CHECK(system(command) == 0, "clean up");
}

/* The exit code; what was printed goes into `printed`. The folder is the present one. */
static const char *before = ""; /* put before the command */

static int conform(const scene *s, const char *arguments, char printed[200000])
{
    char command[1200];
    snprintf(command, sizeof command,
             "cd '%s' && FADELINE_HOME='%s/state' %s '%s/fadeline' conform %s 2>&1 </dev/null", s->folder,
             s->folder, before, FL_BUILD_DIR, arguments);
    FILE *pipe = popen(command, "r");
    if (!pipe) abort();
    printed[fread(printed, 1, 199999, pipe)] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static char printed[200000];

static void the_script_ends_well(void)
{
    scene s;
    if (!begin(&s, NULL)) return;
    const char *few =
        "laser --light --room room --only "
        "identity.text,hello.form,set.out-of-range,frame.251-bytes,number.old,session.old,bang,anchor.kept,"
        "ready.door,grant.no-foot,grant.old-stat,grant.fires,grant.same-bytes,counter.ahead";
    const int code = conform(&s, getenv("FL_ALL") ? "laser --light --room room" : few, printed);
    CHECK(code == 0, "exit code %d:\n%.900s", code, printed);
    CHECK(strncmp(printed, "SIMULATED: ", 11) == 0 && strstr(printed, "\nSIMULATED: no light"), "%.300s",
          printed);
    CHECK(strstr(printed, " 0 failed, 0 skipped"), "%.300s",
          printed + (strlen(printed) > 300 ? strlen(printed) - 300 : 0));
    char state[96];
    snprintf(state, sizeof state, "%s/state", s.folder);
    CHECK(access(state, F_OK) != 0, "something was written into the journal's place");
    end(&s);
}

/* A laser that lies: the check fails, says what came, and the exit code is 1. */
static void a_failure_shows_its_frames(void)
{
    scene s;
    if (!begin(&s, "duplicate=100%")) return;
    const int wrong = conform(&s, "laser --json --only set.epoch --out report.json", printed);
    json_t *object = json_loads(printed, 0, NULL);
    CHECK(wrong == 1 && object, "exit code %d: %.500s", wrong, printed);
    const json_t *check = json_array_get(json_object_get(object, "checks"), 0);
    CHECK(json_is_string(json_object_get(check, "got")) && json_is_string(json_object_get(check, "expected")),
          "%.500s", printed);
    CHECK(json_array_size(json_object_get(check, "frames")) >= 2, "no frames: %.500s", printed);
    CHECK(json_is_true(json_object_get(object, "simulated")), "simulated");
    json_decref(object);
    char path[96], *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/report.json", s.folder);
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "no report");
    json_t *report = json_loads(bytes ? bytes : "", 0, NULL);
    CHECK(report && json_integer_value(json_object_get(report, "failed")) == 1, "report: %.300s",
          bytes ? bytes : "none");
    json_decref(report);
    free(bytes);
    end(&s);
}

static void dark_is_the_default(void)
{
    scene s;
    if (!begin(&s, NULL)) return;
    CHECK(conform(&s, "laser --only set.epoch,grant.fires", printed) == 2 && strstr(printed, "wants --light"),
          "%.300s", printed);
    CHECK(conform(&s, "laser --only ready.stop", printed) == 2 && strstr(printed, "wants --armed"), "%.300s",
          printed);
    const int code = conform(&s, "laser", printed);
    CHECK(code == 0 && strstr(printed, " 0 failed, ") && strstr(printed, " 0 pulses"), "%d: %.600s", code,
          printed);
    CHECK(conform(&s, "laser --only set.epoch --out no-such/report.json", printed) == 3 &&
              strstr(printed, "cannot write no-such/report.json") && !strstr(printed, "ok "),
          "%.300s", printed);
    CHECK(conform(&s, "laser --identity SIM-00043", printed) == 4 && strstr(printed, "SIM-00042"), "%.300s",
          printed);
    CHECK(conform(&s, "laser --room no-room", printed) == 3 && strstr(printed, "--room"), "%.300s", printed);
    /* a file is not a room: nothing is written into it */
    char path[96], *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/plan.json", s.folder);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs("kept\n", file) >= 0 && fclose(file) == 0, "%s", path);
    CHECK(conform(&s, "laser --light --only grant.fires --room plan.json", printed) == 3 &&
              strstr(printed, "plan.json is no room"),
          "%.300s", printed);
    CHECK(fl_place_read(path, 100, &bytes, &size, NULL) == FL_OK && size == 5, "%zu bytes in %s", size, path);
    free(bytes);
    end(&s);
}

/* Ctrl-C while the laser is armed: SAFE at once, and said so. */
static void a_person_may_stop_it(void)
{
    scene s;
    if (!begin(&s, NULL)) return;
    before = "timeout --preserve-status -s INT 3";
    const int code =
        conform(&s, "laser --armed --only ready.after-wa,ready.stop,ready.bang,silence.hot", printed);
    before = "";
    CHECK(code == 130 && strstr(printed, "told to be SAFE"), "%d: %.500s", code, printed);
    CHECK(conform(&s, "laser --only identity.text", printed) == 0, "after it: %.500s", printed);
    end(&s);
}

FL_TESTS("conform/process", TEST(the_script_ends_well), TEST(a_failure_shows_its_frames),
         TEST(dark_is_the_default), TEST(a_person_may_stop_it))
