/* labels: unit fault   timeout: 300 */
/* What a laser remembers against the history at hand: at every size, across successions, and in random lives
 * of two machines with one log, where everything that a laser has seen otherwise is found at its first
 * contact. FL_LIVES: how many lives. */
#include "check.h"
#include "helper_log.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/anchor.h"
#include "fadeline/journal/succeed.h"

#include <sys/resource.h>
#include <unistd.h>

static helper_clock clock_;

static fl_status open_log(const char *directory, fl_journal_mode mode, fl_journal **journal)
{
    const fl_journal_options options = {.mode = mode,
                                        .simulated = true,
                                        .clock = &clock_.clock,
                                        .clk = FL_CLK_SYNCHRONISED,
                                        .no_ballast = true};
    fl_error error = {0};
    helper_clock_add(&clock_, 1000000);
    const fl_status status = fl_journal_open(directory, &options, journal, &error);
    if (status != FL_OK) printf("%s\n", error.what);
    return status;
}

static fl_status add_note(fl_journal *journal, uint64_t number)
{
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "who", "");
    fl_entry_text(&entry, "text", "event");
    fl_entry_count(&entry, "number", number);
    return fl_journal_append(journal, &entry, 1, NULL);
}

static fl_status root_at(fl_journal *journal, uint64_t number, unsigned step, fl_hash *root, unsigned *steps)
{
    fl_anchor_walk walk;
    fl_status status = fl_anchor_begin(journal, number, &walk);
    for (*steps = 0; status == FL_OK && !walk.done; ++*steps) status = fl_anchor_step(&walk, step);
    *root = walk.root;
    return status;
}

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    const char *bytes;
    size_t size;
    const fl_status status = fl_journal_read(self, index, &bytes, &size);
    if (status == FL_OK) *leaf = fl_tree_leaf(bytes, size);
    return status;
}

/* Against the root grown plainly from every leaf. */
static void every_size_of_every_log(void)
{
    char directory[FL_PLACE_MAX];
    fl_journal *journal;
    unsigned wrong = 0, compared = 0, steps;
    helper_clock_init(&clock_);
    helper_directory(directory);
    CHECK(open_log(directory, FL_JOURNAL_CREATE, &journal) == FL_OK, "log");
    while (fl_journal_size(journal) < 150) {
        const fl_leaves leaves = {read_leaf, journal};
        for (uint64_t m = 1; m <= fl_journal_size(journal); m += 1 + m / 20) {
            fl_hash plain, got;
            CHECK(fl_tree_root_of(&leaves, 0, m, &plain) == FL_OK, "plain");
            wrong += root_at(journal, m, 7, &got, &steps) != FL_OK || !fl_hash_same(&plain, &got);
            compared++;
        }
        fl_hash none;
        CHECK(root_at(journal, fl_journal_size(journal) + 1, 7, &none, &steps) == FL_E_NO, "ahead");
        CHECK(add_note(journal, fl_journal_size(journal)) == FL_OK, "note");
    }
    CHECK(!wrong && compared > 3000, "%u of %u", wrong, compared);
    fl_journal_close(journal);
    helper_remove(directory);
}

/* An entry behind the shared peaks that was changed together with its own hash gives another root. */
static void a_rewritten_entry_gives_another_root(void)
{
    char directory[FL_PLACE_MAX];
    fl_journal *journal;
    fl_hash before, after;
    unsigned steps;
    helper_clock_init(&clock_);
    helper_directory(directory);
    CHECK(open_log(directory, FL_JOURNAL_CREATE, &journal) == FL_OK, "log");
    for (uint64_t i = 0; i < 40; i++) CHECK(add_note(journal, 7000 + i) == FL_OK, "note");
    CHECK(root_at(journal, 39, 100, &before, &steps) == FL_OK, "before");
    fl_journal_close(journal);
    helper_tamper(
        directory,
        "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'7035','7999') AS BLOB) WHERE idx=37");
    CHECK(open_log(directory, FL_JOURNAL_READ, &journal) == FL_OK, "reader");
    CHECK(root_at(journal, 39, 100, &after, &steps) == FL_OK && !fl_hash_same(&before, &after),
          "another root");
    fl_journal_close(journal);
    helper_remove(directory);
}

/* ---- lives ---- */

enum { MACHINES = 2, BACKUPS = 2, MOST = 400, LASERS = 2 };

typedef struct story { /* what happened in a log, as the owner of the truth sees it: events that never come
                          twice */
    uint64_t event[MOST];
    unsigned count;
} story;

typedef struct laser {
    uint64_t number;
    fl_hash root;
    story seen;
} laser;

typedef struct life {
    char root[FL_PLACE_MAX];
    story machine[MACHINES], backup[BACKUPS];
    laser lasers[LASERS];
    fl_random random;
    uint64_t next_event;
} life;

typedef struct tally {
    unsigned contacts, good, found, missed, false_alarms, successions, refused_by_laser, still_found;
} tally;

static bool is_prefix(const story *a, const story *b)
{
    return a->count <= b->count && memcmp(a->event, b->event, a->count * sizeof *a->event) == 0;
}

static void home_of(const life *l, const char *kind, unsigned n, char path[FL_PLACE_MAX])
{
    snprintf(path, FL_PLACE_MAX, "%.900s/%s%u", l->root, kind, n);
}

static void log_of(const life *l, const char *kind, unsigned n, char path[FL_PLACE_MAX])
{
    snprintf(path, FL_PLACE_MAX, "%.900s/%s%u/journal", l->root, kind, n);
}

/* A whole home, with what was put aside. */
static void copy_home(const life *l, const char *from_kind, unsigned from, const char *to_kind, unsigned to)
{
    char a[FL_PLACE_MAX], b[FL_PLACE_MAX], command[4 * FL_PLACE_MAX];
    home_of(l, from_kind, from, a);
    home_of(l, to_kind, to, b);
    snprintf(command, sizeof command, "rm -rf '%.1000s' && cp -a '%.1000s' '%.1000s'", b, a, b);
    CHECK(system(command) == 0, "%.200s", command);
}

static void happen(life *l, story *s)
{
    if (s->count < MOST) s->event[s->count++] = ++l->next_event;
}

static fl_status open_machine(life *l, unsigned m, fl_journal **journal)
{
    char path[FL_PLACE_MAX];
    log_of(l, "machine", m, path);
    const fl_status status = open_log(path, FL_JOURNAL_CREATE, journal);
    happen(l, &l->machine[m]); /* boot and, at the end, shutdown */
    return status;
}

static void grow(life *l, unsigned m)
{
    fl_journal *journal;
    CHECK(open_machine(l, m, &journal) == FL_OK, "open");
    for (unsigned n = (unsigned)(fl_random_u64(&l->random) % 4); n; n--) {
        CHECK(add_note(journal, l->next_event) == FL_OK, "note");
        happen(l, &l->machine[m]);
    }
    fl_journal_close(journal);
}

/* The laser's rule: no smaller number, no other root at the same one. */
static bool laser_takes(laser *at, uint64_t number, const fl_hash *root)
{
    if (at->number && (number < at->number || (number == at->number && !fl_hash_same(&at->root, root))))
        return false;
    at->number = number;
    at->root = *root;
    return true;
}

/* A session: compared, and set when it was good. true: good. Seeded bad variant: older numbers are not
 * compared. */
static bool contact(life *l, unsigned m, laser *at, bool lazy, tally *t)
{
    fl_journal *journal;
    fl_hash root = {{0}};
    unsigned steps = 0;
    bool good = true;
    CHECK(open_machine(l, m, &journal) == FL_OK, "open");
    const bool truth = !at->number || is_prefix(&at->seen, &l->machine[m]);
    const uint64_t present = fl_journal_anchor_base(journal) + fl_journal_size(journal);
    if (at->number && !(lazy && at->number < present))
        good = root_at(journal, at->number, 50, &root, &steps) == FL_OK && fl_hash_same(&root, &at->root);
    t->contacts++;
    t->good += good;
    t->found += !good;
    t->missed += good && !truth;
    t->false_alarms += !good && truth;
    if (good && truth) {
        CHECK(add_note(journal, l->next_event) == FL_OK, "arm");
        happen(l, &l->machine[m]);
        root = fl_journal_root(journal);
        t->refused_by_laser +=
            !laser_takes(at, fl_journal_anchor_base(journal) + fl_journal_size(journal), &root);
        at->seen = l->machine[m];
    }
    fl_journal_close(journal);
    return good;
}

/* The owner signs for what the laser shows; from then on the successor is what it knows. */
static void succeed(life *l, unsigned m, laser *at, tally *t)
{
    char path[FL_PLACE_MAX];
    fl_error error = {0};
    fl_succession_done done;
    fl_seen seen = {.dev = HELPER_DEVICE, .size = at->number, .root = at->root};
    const fl_journal_options options = {.simulated = true, .clock = &clock_.clock, .no_ballast = true};
    const fl_succession wish = {.who = "op:1", .why = FL_SUCCEED_RESTORED, .seen = &seen, .seen_count = 1};
    log_of(l, "machine", m, path);
    helper_clock_add(&clock_, 1000000);
    CHECK(fl_journal_succeed(path, &options, &wish, &done, &error) == FL_OK, "%s", error.what);
    happen(l, &l->machine[m]);
    t->successions++;
    /* Its first contact: signed for, so taken, and the laser takes the new number. */
    fl_journal *journal;
    CHECK(open_machine(l, m, &journal) == FL_OK, "successor");
    const fl_hash root = fl_journal_root(journal);
    const uint64_t number = fl_journal_anchor_base(journal) + fl_journal_size(journal);
    t->refused_by_laser += number <= at->number || !laser_takes(at, number, &root);
    at->seen = l->machine[m];
    fl_journal_close(journal);
}

static void live(uint64_t seed, bool lazy, tally *t)
{
    static life l;
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    memset(&l, 0, sizeof l);
    fl_random_init(&l.random, seed, 3);
    snprintf(l.root, sizeof l.root, "%s/fl-anchor-XXXXXX", base);
    CHECK(mkdtemp(l.root) != NULL, "folder");
    helper_clock_init(&clock_);
    char home[FL_PLACE_MAX];
    home_of(&l, "machine", 0, home);
    CHECK(fl_place_make(home, NULL) == FL_OK, "home");
    grow(&l, 0);
    copy_home(&l, "machine", 0, "machine", 1);
    l.machine[1] = l.machine[0];
    for (unsigned b = 0; b < BACKUPS; b++)
        copy_home(&l, "machine", 0, "backup", b), l.backup[b] = l.machine[0];
    for (int step = 0; step < 12; step++) {
        const unsigned m = fl_random_u64(&l.random) % 4 == 0,
                       b = (unsigned)(fl_random_u64(&l.random) % BACKUPS);
        laser *at = &l.lasers[fl_random_u64(&l.random) % LASERS];
        switch (fl_random_u64(&l.random) % 8) {
        case 0:
        case 1: grow(&l, m); break;
        case 2: copy_home(&l, "machine", m, "backup", b), l.backup[b] = l.machine[m]; break;
        case 3:
            if (fl_random_u64(&l.random) % 2)
                copy_home(&l, "backup", b, "machine", m), l.machine[m] = l.backup[b];
            break;
        case 4:
            if (fl_random_u64(&l.random) % 3 == 0)
                copy_home(&l, "machine", !m, "machine", m), l.machine[m] = l.machine[!m];
            break;
        default:
            if (contact(&l, m, at, lazy, t)) break;
            if (fl_random_u64(&l.random) % 2)
                succeed(&l, m, at, t);
            else
                t->still_found += !contact(&l, m, at, lazy, t); /* nothing heals by itself */
        }
    }
    helper_remove(l.root);
}

static void what_a_laser_saw_otherwise_is_found(void)
{
    const char *asked = getenv("FL_LIVES");
    const unsigned lives = asked ? (unsigned)strtoul(asked, NULL, 10) : 60;
    tally t = {0}, bad = {0};
    struct rusage used;
    for (unsigned seed = 1; seed <= lives; seed++) live(seed, false, &t);
    getrusage(RUSAGE_SELF, &used);
    printf("(%u lives, %u contacts: %u good, %u found, %u missed, %u false alarms; %u successions; %ld s) ",
           lives, t.contacts, t.good, t.found, t.missed, t.false_alarms, t.successions,
           (long)used.ru_utime.tv_sec);
    CHECK(!t.missed && !t.false_alarms, "%u missed, %u false alarms", t.missed, t.false_alarms);
    CHECK(!t.refused_by_laser, "%u anchors were refused by a laser", t.refused_by_laser);
    CHECK(t.found > lives / 10 && t.good > lives / 2 && t.successions > lives / 20,
          "something of everything");
    for (unsigned seed = 1; seed <= 40; seed++) live(seed, true, &bad);
    CHECK(bad.missed > 3, "who compares only larger numbers misses some: %u", bad.missed);
}

FL_TESTS("journal/anchor", TEST(every_size_of_every_log), TEST(a_rewritten_entry_gives_another_root),
         TEST(what_a_laser_saw_otherwise_is_found))
