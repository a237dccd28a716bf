/* labels: fault   timeout: 240   needs: fadeline fadeline-control fadeline-twin   serial */
/* What was said, from a script to paper: `fadeline run` with real processes, one note and one near miss added
 * afterwards, and what the session record and the audit show of it. */
#include "check.h"

#include "helper_lane.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char people[64];
static lane l;

static void clean_up(void)
{
    lane_people_gone(people);
}

/* 0: its exit code was 0. What it printed stands in `said`. */
static int run(const char *format, char said[16000])
{
    char command[1600];
    snprintf(command, sizeof command,
             "cd %.90s && PATH=%s:$PATH FADELINE_HOME=. ; export PATH FADELINE_HOME; (%s) 2>&1", l.folder,
             FL_BUILD_DIR, format);
    FILE *pipe = popen(command, "r");
    CHECK(pipe != NULL, "popen");
    if (!pipe) return -1;
    said[fread(said, 1, 15999, pipe)] = 0;
    return pclose(pipe);
}

static void from_a_script_to_paper(void)
{
    static char said[16000];
    if (!people[0]) lane_people(people), atexit(clean_up);
    CHECK(lane_open(&l, &(lane_options){.people = people, .script = ""}), "%s", l.fault);
    lane_end(&l);
    tap_redial(&l.tap);
    CHECK(run("printf 'wait standby 20\\nsign-in op:17 493027\\nwait 1\\nzone MID\\nnear-miss "
              "wrong-spot\\nnote pain 4\\n"
              "note reaction oedema erythema\\nnote cooling air\\nnote anaesthetic none\\nnote aftercare "
              "smp-4\\n"
              "note photos 0-min\\nend\\n' > orders && fadeline run plan.json --port laser --date 2026-05-04 "
              "--script orders </dev/null",
              said) == 0,
          "it says: %.900s", said);
    CHECK(run("printf 'note reaction sunburn\\nnear-miss door\\nnote pain\\n' > wrong; fadeline run "
              "plan.json --port laser "
              "--date 2026-05-04 --script wrong </dev/null",
              said) != 0 &&
              strstr(said, "wrong:1:") && strstr(said, "wrong:2:") && strstr(said, "wrong:3:"),
          "every fault at once, before anything is started: %.900s", said);
    CHECK(run("echo 493027 | fadeline record note --sid 1 --what photos --said 15-min --who op:17 "
              "--simulated --date "
              "2026-05-04",
              said) == 0,
          "%.900s", said);
    CHECK(run("echo 493027 | fadeline record note --sid 1 --what pain --said bad --who op:17 --simulated "
              "--date 2026-05-04",
              said) != 0 &&
              strstr(said, "pain is a whole number"),
          "%.900s", said);
    CHECK(run("fadeline paper session 1 --simulated --json", said) == 0, "%.900s", said);
    static const char *const wanted[] = {"erythema oedema", "4 of 10",   "version smp-4", "\"air\"", "0-min",
                                         "15-min",          "near-miss", "wrong spot",    "zone MID"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK(strstr(said, wanted[i]) != NULL, "the record does not show '%s': %.900s", wanted[i], said);
    CHECK(run("fadeline paper session 1 --simulated --out s.pdf && head -c 4 s.pdf", said) == 0 &&
              strstr(said, "%PDF"),
          "%.900s", said);
    CHECK(run("fadeline audit --simulated --from 2026-05-01 --to 2026-05-31", said) == 0 &&
              strstr(said, "near misses 1"),
          "the audit counts it: %.900s", said);
    lane_close(&l);
}

/* ---- a person at the keys ---- */

static char screen[400000];
static size_t shown;

/* Everything that comes until these words do; false: they do not. */
static bool sees(int terminal, const char *words, int ms)
{
    for (const int64_t until = tap_now_us() + ms * INT64_C(1000); tap_now_us() < until;) {
        struct pollfd fd = {.fd = terminal, .events = POLLIN};
        if (poll(&fd, 1, 50) > 0) {
            const ssize_t got = read(terminal, screen + shown, sizeof screen - 1 - shown);
            if (got <= 0) return false;
            shown += (size_t)got;
        }
        screen[shown] = 0;
        if (strstr(screen, words)) return true;
    }
    return false;
}

static void press(int terminal, const char *keys)
{
    shown = 0; /* what comes is of after it */
    CHECK(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys), "write");
}

static void two_keys_are_a_near_miss(void)
{
    static char said[16000];
    if (!people[0]) lane_people(people), atexit(clean_up);
    CHECK(lane_open(&l, &(lane_options){.people = people, .script = ""}), "%s", l.fault);
    lane_end(&l);
    tap_redial(&l.tap);
    int terminal;
    const struct winsize size = {.ws_row = 50, .ws_col = 120};
    const pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        if (chdir(l.folder) != 0) _exit(71);
        setenv("FADELINE_HOME", ".", 1);
        setenv("NO_COLOR", "1", 1);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "run", "plan.json", "--port", "laser", "--date",
              "2026-05-04", (char *)NULL);
        _exit(72);
    }
    CHECK(sees(terminal, "STANDBY", 20000), "no STANDBY: %.600s", screen);
    press(terminal, "iop:17 493027\r");
    CHECK(sees(terminal, "signed in", 20000), "no sign-in");
    CHECK(!strstr(screen, "493027"), "the PIN is shown");
    CHECK(sees(terminal, "key on", 3000) && sees(terminal, "door closed", 3000), "the room is shown");
    press(terminal, "m");
    CHECK(sees(terminal, "1 wrong spot   2 eyewear   3 zone   4 other", 3000), "no four choices");
    press(terminal, "2");
    CHECK(sees(terminal, "near miss noted: eyewear", 3000), "not noted");
    press(terminal, "m");
    CHECK(sees(terminal, "1 wrong spot", 3000), "no choices");
    press(terminal, "7");
    CHECK(sees(terminal, "space STANDBY", 3000), "what is no choice asks no more");
    press(terminal, "ppain 3\r");
    CHECK(sees(terminal, "noted", 3000), "no note");
    press(terminal, "q");
    sees(terminal, "session closed", 10000);
    int how = -1;
    waitpid(child, &how, 0);
    close(terminal);
    CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 0, "left with %d", how);
    CHECK(run("fadeline journal show --simulated --json", said) == 0 && strstr(said, "\"score\":3"), "%.900s",
          said);
    const char *miss = strstr(said, "\"k\":\"near-miss\"");
    CHECK(strstr(said, "\"what\":\"eyewear\"") && miss && !strstr(miss + 1, "\"k\":\"near-miss\""),
          "one: %.900s", said);
    lane_close(&l);
}

FL_TESTS("session/said_process", TEST(from_a_script_to_paper), TEST(two_keys_are_a_near_miss))
