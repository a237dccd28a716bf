/* labels: unit proof   timeout: 3600   needs: killer_table killer_step killer_verdicts killer_core   serial
 */
/* Do the tests notice? Every single-edit mutant of step, monitor and core is run against the interlock's own
 * tests (helper_killers.h). Whoever lives must be the same machine code, or stand in survivors.txt with the
 * reason why no test can tell it from the original; a name there that is killed, or is no mutant any more,
 * fails as well.
 *
 * Every day a seeded sample of those that are not in the list; FL_MUTANTS=all is the slow run.
 * FL_MUTANTS=names prints the names and runs nothing. */
#include "check.h"
#include "helper_killers.h"

#include "fadeline/base/place.h"
#include "fadeline/base/random.h"

/* clang-format off */
static const victim step = { "step", {
    { "killer_table", "monitor" }, /* the invariants: section 8 of the reference wants these to do it alone */
    { "killer_step", NULL }, { "killer_table", "three_copies" }, { "killer_core", NULL } } };
static const victim monitor = { "monitor", {
    { "killer_table", "monitor" }, { "killer_verdicts", NULL }, { "killer_core", NULL } } };
static const victim core = { "core", { { "killer_core", NULL } } };
/* clang-format on */

static char *read_text(const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    CHECK(fl_place_read(path, 1 << 22, &bytes, &size, NULL) == FL_OK, "%s", path);
    return bytes;
}

/* Survivors that are explained: names below a line that begins with "because". */

typedef struct explained {
    char *text; /* the file, cut into lines */
    const char *names[1024];
    bool met[1024];
    int count, without_reason;
} explained;

static explained read_explained(const char *path)
{
    explained e = {.text = read_text(path)};
    bool reason = false;
    char *rest = e.text, *line;
    while (rest && (line = strsep(&rest, "\n"))) {
        if (!*line) reason = false;
        if (strncmp(line, "because ", 8) == 0) reason = true;
        if (!*line || *line == '#' || *line == ' ' || strncmp(line, "because ", 8) == 0) continue;
        e.without_reason += !reason;
        if (e.count < 1024) e.names[e.count++] = line;
    }
    return e;
}

static int find_explained(const explained *e, const char *name)
{
    for (int i = 0; i < e->count; i++)
        if (strcmp(e->names[i], name) == 0) return i;
    return -1;
}

typedef struct score {
    size_t all, run, killed, by[4], equal, explained, stillborn, alive, wrong;
} score;

/* Judges what happened to each mutant against the list. */
static score judge_fates(const mutants *all, const int *fates, explained *e, bool say)
{
    score s = {.all = all->count};
    for (size_t i = 0; i < all->count; i++) {
        const int known = find_explained(e, all->all[i].name), fate = fates[i];
        if (known >= 0) e->met[known] = true;
        if (fate == MUTANT_NOT_RUN) continue;
        s.run++;
        s.stillborn += fate == MUTANT_STILLBORN;
        s.equal += fate == MUTANT_EQUAL;
        if (fate >= 0) s.killed++, s.by[fate]++;
        if (fate == MUTANT_ALIVE && known >= 0) s.explained++;
        if (fate == MUTANT_ALIVE && known < 0) {
            s.alive++;
            if (say) fprintf(stderr, "alive: %s\n", all->all[i].name);
        }
        if (fate >= 0 && known >= 0) {
            s.wrong++;
            if (say) fprintf(stderr, "killed, and yet in survivors.txt: %s\n", all->all[i].name);
        }
    }
    return s;
}

static bool everything(void)
{
    const char *mode = getenv("FL_MUTANTS");
    return mode && strcmp(mode, "all") == 0;
}

/* Every mutant, or `sample` of those that are not explained: a survivor costs a run of every killer. */
static void choose(const mutants *all, const explained *e, size_t sample, bool *wanted)
{
    fl_random random;
    fl_random_init(&random, 20261127, 1);
    for (size_t i = 0; i < all->count; i++) wanted[i] = everything();
    for (size_t n = 0; n < sample && !everything(); n++) {
        const size_t i = fl_random_u64(&random) % all->count;
        wanted[i] = find_explained(e, all->all[i].name) < 0;
    }
}

static void run_victim(const victim *v, size_t least, size_t sample)
{
    char path[512], file[32];
    snprintf(path, sizeof path, FL_SOURCE_DIR "/src/interlock/%s.c", v->source);
    snprintf(file, sizeof file, "%s.c", v->source);
    char *source = read_text(path);
    mutants all;
    mutants_of(source, file, &all);
    if (getenv("FL_MUTANTS") && strcmp(getenv("FL_MUTANTS"), "names") == 0) {
        for (size_t i = 0; i < all.count; i++) puts(all.all[i].name);
        return;
    }
    explained e = read_explained(FL_TEST_DIR "/survivors.txt");
    CHECK(e.without_reason == 0, "%d names in survivors.txt stand below no reason", e.without_reason);
    bool *wanted = calloc(all.count, sizeof *wanted);
    int *fates = calloc(all.count, sizeof *fates);
    choose(&all, &e, sample, wanted);
    /* The everyday run has every test pass on the original anyhow. */
    if (everything())
        CHECK(killers_run_original(v, source) == MUTANT_ALIVE, "the tests complain about %s itself", file);
    killers_run(v, &all, wanted, fates);
    const score s = judge_fates(&all, fates, &e, true);
    CHECK(s.alive == 0, "%zu mutants of %s live and are not explained (named above)", s.alive, file);
    CHECK(s.wrong == 0, "%zu explained mutants of %s are killed (named above)", s.wrong, file);
    for (int i = 0; i < e.count; i++)
        CHECK(e.met[i] || strncmp(e.names[i], file, strlen(file)) != 0, "no mutant any more: %s", e.names[i]);
    CHECK(s.all - s.stillborn >= least, "only %zu mutants of %s", s.all, file);
    printf("%zu mutants, %zu run: %zu killed (", s.all, s.run, s.killed);
    for (int k = 0; k < 4 && v->killers[k].program; k++)
        printf("%s%zu by %s %s", k ? ", " : "", s.by[k], v->killers[k].program + 7,
               v->killers[k].tests ? v->killers[k].tests : "");
    printf("), %zu the same code, %zu explained, %zu do not compile ", s.equal, s.explained, s.stillborn);
    free(wanted);
    free(fates);
    free(e.text);
    mutants_free(&all);
    free(source);
}

/* Every single edit of the step is noticed, or named with the reason why it changes nothing. */
/* hazards: H57 */
static void mutants_of_step_are_killed(void)
{
    run_victim(&step, 200, 12);
}

/* The same of the monitor. */
/* hazards: H57 */
static void mutants_of_monitor_are_killed(void)
{
    run_victim(&monitor, 200, 12);
}

/* The same of the core, its deadlines and its permit. */
/* hazards: H55 H57 */
static void mutants_of_core_are_killed(void)
{
    run_victim(&core, 100, 6);
}

/* The judge is judged: killers that see nothing leave survivors, and a list that is out of date is noticed.
 */
static void a_survivor_does_not_pass(void)
{
    char nothing[] = "", listed[] = "x.c f: listed", other[] = "x.c f: not listed", third[] = "x.c f: third";
    mutant some[3] = {{0, 0, nothing, listed}, {0, 0, nothing, other}, {0, 0, nothing, third}};
    const mutants all = {"", 3, 3, some};
    explained e = {.names = {"x.c f: listed", "x.c f: gone"}, .count = 2};
    const int alive[3] = {MUTANT_ALIVE, MUTANT_ALIVE, 1}, killed[3] = {0, 0, MUTANT_EQUAL};
    score s = judge_fates(&all, alive, &e, false);
    CHECK(s.alive == 1 && s.explained == 1 && s.wrong == 0 && s.killed == 1, "an unlisted survivor");
    CHECK(e.met[0] && !e.met[1], "a name that is no mutant any more");
    s = judge_fates(&all, killed, &e, false);
    CHECK(s.wrong == 1 && s.alive == 0 && s.equal == 1, "a listed mutant that is killed");
}

FL_TESTS("mutation/interlock", TEST(a_survivor_does_not_pass), TEST(mutants_of_step_are_killed),
         TEST(mutants_of_monitor_are_killed), TEST(mutants_of_core_are_killed))
