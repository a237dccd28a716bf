/* labels: unit   timeout: 120   needs: fadeline-control fadeline-twin   serial */
/* What fadeline-control refuses before anything is opened, and with which exit code of the contract. */
#include "check.h"
#include "helper_plan.h"

#include "fadeline/base/place.h"

#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/fl-control-XXXXXX";

static int run(const char *home, const char *plan, const char *port, const char *date, char *said,
               size_t size)
{
    char command[900];
    snprintf(
        command, sizeof command,
        "FADELINE_HOME=%s %s/fadeline-control --plan %s --port %s --socket %s/s --date %s 2>&1 </dev/null",
        home, FL_BUILD_DIR, plan, port, folder, date);
    FILE *pipe = popen(command, "r");
    CHECK(pipe != NULL, "popen");
    size_t got = fread(said, 1, size - 1, pipe);
    said[got] = 0;
    const int how = pclose(pipe);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static void spoil(const char *from, const char *to)
{
    char *text;
    size_t size;
    fl_error error;
    CHECK(fl_place_read(from, 1 << 20, &text, &size, &error) == FL_OK, "%s", error.what);
    char *energy = strstr(text, "1.59");
    CHECK(energy != NULL, "the plan names its fluence");
    if (energy) energy[2] = '6'; /* 1.69 J/cm2, by hand */
    CHECK(fl_place_write(to, text, size, 0600, &error) == FL_OK, "%s", error.what);
    free(text);
}

static void nothing_is_opened_for_a_plan_that_must_not_run(void)
{
    char good[100], edited[100], none[100], said[400];
    fl_error error;
    CHECK(mkdtemp(folder) != NULL, "folder");
    snprintf(good, sizeof good, "%s/plan.json", folder);
    snprintf(edited, sizeof edited, "%s/edited.json", folder);
    snprintf(none, sizeof none, "%s/none.json", folder);
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    CHECK(fl_plan_write_json(plan, good, &error) == FL_OK, "%s", error.what);
    spoil(good, edited);
    plan->verdict = FL_VERDICT_REFUSE;
    plan->chosen = -1;
    fl_plan_seal(plan);
    CHECK(fl_plan_write_json(plan, none, &error) == FL_OK, "%s", error.what);
    fl_plan_free(plan);
    const struct {
        const char *what, *plan, *port, *date;
        int exit;
        const char *says;
    } rows[] = {
        {"no such plan", "/nowhere/plan.json", "/dev/null", "2026-05-04", 3, "plan.json"},
        {"edited by hand", edited, "/dev/null", "2026-05-04", 3, "changed"},
        {"a plan that says no", none, "/dev/null", "2026-05-04", 1, "refuse"},
        {"no such port", good, "/nowhere/laser", "2026-05-04", 4, "laser"},
        {"not a line", good, "/dev/null", "2026-05-04", 4, "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int code = run(folder, rows[i].plan, rows[i].port, rows[i].date, said, sizeof said);
        CHECK(code == rows[i].exit, "%s: exit %d, '%s'", rows[i].what, code, said);
        CHECK(strstr(said, rows[i].says) != NULL, "%s: says '%s'", rows[i].what, said);
        char journal[120];
        snprintf(journal, sizeof journal, "%s/journal-simulated", folder);
        CHECK(access(journal, F_OK) != 0, "%s: a journal was made", rows[i].what);
    }
    CHECK(run(folder, good, "/dev/null --here", "2026-05-04", said, sizeof said) == 2,
          "an unknown option: '%s'", said);
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean");
}

FL_TESTS("session/control", TEST(nothing_is_opened_for_a_plan_that_must_not_run))
