/* labels: unit fault   timeout: 300   needs: fadeline-control fadeline-twin */
/* The checks of this directory, checked: a laser that fires by itself, a laser that fires on after the
 * process is dead, a journal whose last record was cut out, one that is an older copy, and a promise that
 * nobody keeps must each be found; a lane to which nothing happened must not. */
#include "check.h"

#include "helper_disturb.h"

#include "fadeline/base/text.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static lane_people people;

typedef struct story {
    const char *laser_fault;
    pthread_t thread;
    lane lane;
    disturb_row row;
    ledger good, cut, stale; /* what the accounts say of the journal, of one that was cut, of an older copy */
    bool fired;
} story;

static bool has_fired(const lane *l)
{
    return l->pulses >= 6;
}

static bool is_firing(const lane *l)
{
    return lane_is_firing(l) && l->pulses >= 2;
}

static void copy(const lane *l, const char *name, char path[160])
{
    char command[400];
    snprintf(path, 160, "%s/%s", l->folder, name);
    snprintf(command, sizeof command, "cp -r '%s' '%s'", l->journal, path);
    if (system(command) != 0) abort();
}

static void run_sql(const char *directory, const char *sql)
{
    char path[200];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/journal.db", directory);
    if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) abort();
    sqlite3_close(db);
}

/* Fires, ends, is copied, fires again, ends: and the books hold. Then the two damaged journals. */
static void *tell_the_honest_one(void *self)
{
    story *s = self;
    lane *l = &s->lane;
    char old[160], cut[160];
    if (!lane_open(l, 0, 5, NULL, &people) || !lane_start_control(l)) return NULL;
    lane_operate(l, lane_now() + 60000, has_fired);
    lane_end_properly(l);
    copy(l, "old", old);
    if (!l->fault[0] && !lane_start_control(l))
        lane_fail(l, "no second control: %x", (unsigned)l->exit_status);
    if (l->fault[0]) return NULL;
    s->fired = lane_operate(l, lane_now() + 60000, has_fired) && has_fired(l);
    lane_end_properly(l);
    copy(l, "cut", cut);
    run_sql(cut, "DROP TRIGGER entry_no_delete;"
                 "DELETE FROM entry WHERE idx=(SELECT max(idx) FROM entry WHERE CAST(data AS TEXT) LIKE "
                 "'%\"k\":\"pulse\"%')");
    ledger_close(&s->good, l->journal, l->laser_state, false);
    ledger_close(&s->stale, old, l->laser_state, false);
    ledger_close(&s->cut, cut, l->laser_state, false);
    return NULL;
}

/* One pulse nobody granted: control finds it and the books do not close. */
static void *tell_the_one_that_fires_by_itself(void *self)
{
    story *s = self;
    lane *l = &s->lane;
    if (!lane_open(l, 1, 5, s->laser_fault, &people) || !lane_start_control(l)) return NULL;
    s->fired = !lane_operate(l, lane_now() + 60000, NULL) && l->fault[0];
    lane_collect(l, 0);
    ledger_close(&s->good, l->journal, l->laser_state, true);
    return NULL;
}

/* Two pulses after the process that granted them is dead: the laser comes back with a fault of its own. */
static void kill_and_fire_on(lane *l)
{
    lane_signal(l->control, SIGKILL);
    lane_collect(l, 1000);
    unlink(l->laser_link);
    lane_signal(l->twin, SIGKILL);
    waitpid(l->twin, NULL, 0);
    l->laser_fault = "counter=+2";
    lane_start_laser(l, false);
}

static void *tell_the_one_that_fires_on(void *self)
{
    static const kind fires_on = {"fires on", 1, KIND_DIES, 1, kill_and_fire_on, NULL, false};
    story *s = self;
    lane *l = &s->lane;
    if (!lane_open(l, 2, 5, NULL, &people) || !lane_start_control(l)) return NULL;
    s->fired = lane_operate(l, lane_now() + 60000, is_firing) && lane_is_firing(l);
    if (s->fired) disturb_once(l, &fires_on, &s->row);
    return NULL;
}

static void do_nothing(lane *l)
{
    (void)l;
}

/* A kind whose promise is not kept. */
static void *tell_the_broken_promise(void *self)
{
    static const kind nothing = {"nothing", 1, KIND_DISARMS, 50, do_nothing, NULL, false};
    story *s = self;
    lane *l = &s->lane;
    if (!lane_open(l, 3, 5, NULL, &people) || !lane_start_control(l)) return NULL;
    /* On a busy machine it may stand down by itself: in that moment, then again; or many pulses later, and
     * those pulses are found instead. */
    for (int i = 0; i < 5 && !s->row.broken && !s->row.over; i++) {
        s->fired = lane_operate(l, lane_now() + 60000, is_firing) && lane_is_firing(l);
        if (s->fired) disturb_once(l, &nothing, &s->row);
    }
    return NULL;
}

static void every_check_finds_what_it_is_for(void)
{
    enum { HONEST, BY_ITSELF, FIRES_ON, BROKEN, STORIES };
    static story s[STORIES] = {[BY_ITSELF] = {.laser_fault = "counter=+1@pulses=3+0.3"}};
    void *(*const tell[STORIES])(void *) = {tell_the_honest_one, tell_the_one_that_fires_by_itself,
                                            tell_the_one_that_fires_on, tell_the_broken_promise};
    lane_people_make(&people);
    for (int i = 0; i < STORIES; i++)
        if (pthread_create(&s[i].thread, NULL, tell[i], &s[i]) != 0) abort();
    for (int i = 0; i < STORIES; i++) pthread_join(s[i].thread, NULL);

    CHECK(s[HONEST].fired && !s[HONEST].lane.fault[0], "the honest lane: %s", s[HONEST].lane.fault);
    CHECK(!s[HONEST].good.fault[0] && s[HONEST].good.pulses >= 12, "its books: %llu pulses, %s",
          (unsigned long long)s[HONEST].good.pulses, s[HONEST].good.fault);
    CHECK(strstr(s[HONEST].stale.fault, "the laser made"), "an older copy of the journal: '%s'",
          s[HONEST].stale.fault);
    CHECK(s[HONEST].cut.fault[0], "a journal without its last pulse passes");

    CHECK(s[BY_ITSELF].fired, "nobody noticed a pulse without a grant");
    CHECK(strstr(s[BY_ITSELF].good.fault, "the laser made") ||
              strstr(s[BY_ITSELF].good.fault, "no grant explains"),
          "books with a pulse that nobody granted close: '%s'", s[BY_ITSELF].good.fault);

    CHECK(s[FIRES_ON].fired && s[FIRES_ON].row.over == 1 && s[FIRES_ON].row.most_after >= 2,
          "two pulses after a kill: %u found, %s", s[FIRES_ON].row.over, s[FIRES_ON].lane.fault);
    CHECK(s[BROKEN].fired && s[BROKEN].row.broken + s[BROKEN].row.over == 1, "a promise that is not kept: %s",
          s[BROKEN].lane.fault);

    for (int i = 0; i < STORIES; i++) {
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", s[i].lane.folder);
        s[i].lane.fault[0] = s[i].lane.ledger.fault[0] = 0;
        lane_close(&s[i].lane, true);
        if (getenv("KEEP")) continue;
        if (system(command) != 0) fprintf(stderr, "%s stays\n", s[i].lane.folder);
    }
    lane_people_drop(&people);
}

FL_TESTS("disturb/accounts", TEST(every_check_finds_what_it_is_for))
