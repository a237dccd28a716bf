/* labels: fault   timeout: 240   needs: fadeline fadeline-control fadeline-twin   serial */
/* What was said, from a script to paper: `fadeline run` with real processes, one note and one near miss added
 * afterwards, and what the session record and the audit show of it. */
#include "check.h"

#include "helper_lane.h"

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
    lane_people(people), atexit(clean_up);
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

FL_TESTS("session/said_process", TEST(from_a_script_to_paper))
