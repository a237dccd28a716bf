/* labels: unit   timeout: 120   needs: fadeline-control fadeline-twin   serial */
/* What fadeline-control refuses before anything is opened, and with which exit code of the contract. */
#include "check.h"
#include "helper_plan.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/course/seal.h"

#include <sys/stat.h>
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

static void write_sealed(fl_plan *plan, const char *home, const char *path)
{
    fl_error error = {0};
    CHECK(fl_plan_seal_here(home, plan, &error) == FL_OK, "%s", error.what);
    CHECK(fl_plan_write_json(plan, path, &error) == FL_OK, "%s", error.what);
}

/* All that one can do who may write the plan file and not read the home. */
static void forge(const char *what, const char *path, bool keep_seal, bool elsewhere)
{
    fl_error error = {0};
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    CHECK(fl_plan_seal_here(folder, plan, &error) == FL_OK, "%s", error.what);
    fl_plan_setting *setting = &plan->settings[plan->chosen];
    setting->start.J_m2 *= 2;
    setting->high.J_m2 *= 2;
    setting->energy.J *= 2;
    fl_plan_seal(plan); /* the digest fits */
    CHECK(!plan->has_seal, "%s: a seal for other content stays", what);
    plan->has_seal = keep_seal;
    char home[100];
    snprintf(home, sizeof home, "%s/another-home", folder);
    if (elsewhere) CHECK(fl_plan_seal_here(home, plan, &error) == FL_OK, "%s", error.what);
    CHECK(fl_plan_write_json(plan, path, &error) == FL_OK, "%s", error.what);
    CHECK(fl_plan_read_json(path, plan, &error) == FL_OK, "%s: the file itself reads well: %s", what,
          error.what);
    fl_plan_free(plan);
}

/* Three forgeries with a fitting digest, and the secret missing or cut. */
/* hazards: H33 H42 */
static void a_plan_is_run_where_it_was_sealed(void)
{
    char file[100], empty[100], secret[100], said[600], command[100];
    fl_error error = {0};
    CHECK(mkdtemp(folder) != NULL, "folder");
    snprintf(file, sizeof file, "%s/plan.json", folder);
    snprintf(empty, sizeof empty, "%s/empty-home", folder);
    snprintf(secret, sizeof secret, "%s/plan.secret", folder);
    static const struct {
        const char *what;
        bool keep_seal, elsewhere;
    } forgeries[] = {
        {"no seal", false, false}, {"the old seal", true, false}, {"another home's", true, true}};
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        forge(forgeries[i].what, file, forgeries[i].keep_seal, forgeries[i].elsewhere);
        const int code = run(folder, file, "/nowhere/laser", "2026-05-04", said, sizeof said);
        CHECK(code == 3 && strstr(said, "plan-not-sealed"), "%s: exit %d, '%s'", forgeries[i].what, code,
              said);
    }
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    write_sealed(plan, folder, file);
    fl_plan_free(plan);
    struct stat about;
    CHECK(stat(secret, &about) == 0 && (about.st_mode & 0777) == 0600 && about.st_size == 32, "the secret");
    CHECK(run(folder, file, "/nowhere/laser", "2026-05-04", said, sizeof said) == 4, "its own: '%s'", said);
    CHECK(run(empty, file, "/nowhere/laser", "2026-05-04", said, sizeof said) == 3, "no secret: '%s'", said);
    CHECK(access(empty, F_OK) != 0, "asking makes no home");
    CHECK(fl_place_write(secret, "short", 5, 0600, &error) == FL_OK, "%s", error.what);
    CHECK(run(folder, file, "/nowhere/laser", "2026-05-04", said, sizeof said) == 3, "cut: '%s'", said);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean");
    memcpy(strrchr(folder, '-'), "-XXXXXX", 7);
}

/* Edited, refused or missing plans open neither line nor journal. */
/* hazards: H33 */
static void nothing_is_opened_for_a_plan_that_must_not_run(void)
{
    char good[100], edited[100], none[100], said[400];
    CHECK(mkdtemp(folder) != NULL, "folder");
    snprintf(good, sizeof good, "%s/plan.json", folder);
    snprintf(edited, sizeof edited, "%s/edited.json", folder);
    snprintf(none, sizeof none, "%s/none.json", folder);
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    write_sealed(plan, folder, good);
    spoil(good, edited);
    plan->verdict = FL_VERDICT_REFUSE;
    plan->chosen = -1;
    fl_plan_seal(plan);
    write_sealed(plan, folder, none);
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

/* ---- a laser that runs by itself, behind a gate: two links ---- */

static void plan_for(const char *laser, const char *file)
{
    fl_error error = {0};
    fl_device *device;
    if (fl_device_load(laser, &device, &error) != FL_OK) {
        CHECK(false, "%s", error.what);
        return;
    }
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    snprintf(plan->device, sizeof plan->device, "%s", laser);
    fl_hex(device->sha256, FL_SHA256_SIZE, plan->device_sha256);
    fl_device_free(device);
    fl_plan_seal(plan);
    write_sealed(plan, folder, file);
    fl_plan_free(plan);
}

/* The laser of the tests' plan, with another link, and perhaps a gate. */
static void write_laser(const char *path, const char *link)
{
    char *text;
    size_t size;
    fl_error error = {0};
    CHECK(fl_place_read(FL_SOURCE_DIR "/devices/example-pico.yaml", 1 << 20, &text, &size, &error) == FL_OK,
          "%s", error.what);
    const char *cut = strstr(text, "link:"), *heads = strstr(text, "heads:");
    FILE *file = fopen(path, "w");
    CHECK(cut && heads && file, "no file to make");
    fprintf(file, "%.*s%s\n%s", (int)(cut - text), text, link, heads);
    fclose(file);
    free(text);
}

#define GATE "gate: { identity: SIM-GATE-7, firmware: \"1.0\", capabilities: 7F, warn_ms: 2000 }\n"
#define LINKED(kind, identity)                                                                               \
    "link: { kind: " kind ", dialect: gl1, identity: " identity ", firmware: \"1.0\", capabilities: 7F }\n"
#define SPEAKS(dialect) "link: { kind: simulated, dialect: " dialect ", identity: SIM-Bench }\n"

/* As many ports as the device file has lines, and no line is opened before that is so. */
static void ports_must_fit_the_lines_of_the_laser(void)
{
    static const struct {
        const char *what, *laser, *ports, *says, *code;
        int exit;
    } rows[] = {
        {"one port for two lines", SPEAKS("microjewel") GATE, "/nowhere/gate", "two links", "two-links", 2},
        {"two ports for one line", "link: { kind: simulated, dialect: gl1, identity: SIM-1 }\n",
         "/nowhere/laser --laser-port /nowhere/more", "one line", "one-link", 2},
        {"no gate in the file", SPEAKS("microjewel"), "/nowhere/gate --laser-port /nowhere/laser",
         "names no gate", "gate-missing", 3},
        {"no gate on the port", SPEAKS("microjewel") GATE, "/nowhere/gate --laser-port /nowhere/laser",
         "/nowhere/gate", NULL, 4},
        {"no such dialect", SPEAKS("nothing-speaks-this") GATE, "/nowhere/gate", "two links", NULL, 2},
        {"an exercise on a real laser", LINKED("serial", "SN-17"), "/nowhere/laser --training", "no exercise",
         "training-real", 1},
        {"an exercise", LINKED("simulated", "SIM-17"), "/nowhere/laser --training", "/nowhere/laser", NULL,
         4},
    };
    char file[100], laser[40], said[600], journal[120], command[100];
    CHECK(mkdtemp(folder) != NULL, "folder");
    snprintf(laser, sizeof laser, "%s/g.yaml", folder);
    snprintf(file, sizeof file, "%s/plan.json", folder);
    snprintf(journal, sizeof journal, "%s/journal-simulated", folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_laser(laser, rows[i].laser);
        plan_for(laser, file);
        const int code = run(folder, file, rows[i].ports, "2026-05-04", said, sizeof said);
        CHECK(code == rows[i].exit, "%s: exit %d, '%s'", rows[i].what, code, said);
        CHECK(strstr(said, rows[i].says), "%s: '%s'", rows[i].what, said);
        CHECK(!rows[i].code || strstr(said, rows[i].code), "%s: not explained: '%s'", rows[i].what, said);
        CHECK(access(journal, F_OK) != 0, "%s: a journal was made", rows[i].what);
    }
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0, "clean");
    memcpy(strrchr(folder, '-'), "-XXXXXX", 7);
}

FL_TESTS("session/control", TEST(ports_must_fit_the_lines_of_the_laser),
         TEST(a_plan_is_run_where_it_was_sealed), TEST(nothing_is_opened_for_a_plan_that_must_not_run))
