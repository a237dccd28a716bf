/* labels: fault   timeout: 400 */
/* What the disk, the power and the kernel can do to a journal. The one promise: an append that returned FL_OK
 * is there afterwards, and what is there verifies. */
#include "check.h"
#include "helper_log.h"
#include "helper_vfs.h"

#include "fadeline/base/random.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static fl_journal_options options_for(helper_clock *clock, const char *vfs)
{
    return (fl_journal_options){
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &clock->clock, .vfs = vfs, .no_ballast = true};
}

/* Entries from ... to - 1 of sessions of three pulses, some at a time; *acknowledged follows what was
 * promised. Stops at the first failure. */
static fl_status work(fl_journal *journal, helper_clock *clock, uint64_t from, uint64_t to, unsigned batch,
                      uint64_t *acknowledged)
{
    fl_entry entries[4];
    for (uint64_t i = from; i < to;) {
        size_t n = 0;
        helper_clock_add(clock, 31013);
        for (; n < batch && i < to; n++, i++) {
            const uint64_t sid = i / 8, step = i % 8, base = 41207 + 3 * sid;
            const uint64_t gid = 1 + 3 * sid + (step ? (step - 1) / 2 : 0);
            if (step == 0)
                helper_session_open(&entries[n], sid + 1, base);
            else if (step == 7)
                helper_session_close(&entries[n], sid + 1, base + 3, 3);
            else if (step % 2)
                helper_grant(&entries[n], gid, base + (step - 1) / 2, sid + 1);
            else
                helper_pulse(&entries[n], gid, base + step / 2, sid + 1);
        }
        const fl_status status = fl_journal_append(journal, entries, n, NULL);
        if (status != FL_OK) return status;
        *acknowledged = fl_journal_size(journal);
    }
    return FL_OK;
}

typedef struct outcome {
    unsigned cases, lost, unverified, unhealthy, silent;
} outcome;

/* After a failure: reopened without faults, everything acknowledged is there, verified, and work goes on. */
static void check_after(const char *directory, helper_clock *clock, uint64_t acknowledged, outcome *out)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    const fl_journal_options options = options_for(clock, NULL);
    out->cases++;
    if (fl_journal_open(directory, &options, &journal, &error) != FL_OK) {
        out->unverified++;
        fprintf(stderr, "not usable: %s\n", error.what);
        return;
    }
    if (fl_journal_size(journal) < acknowledged + 1) out->lost++; /* and the boot entry */
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "who", "op:17");
    fl_entry_text(&entry, "text", "after the failure");
    if (fl_journal_append(journal, &entry, 1, NULL) != FL_OK) out->unhealthy++;
    fl_journal_close(journal);
    fl_verify_report report;
    if (fl_verify(directory, NULL, &report, NULL) != FL_OK) out->unverified++;
}

/* An interruption or a short write is no failure: everything must go on. */
static bool is_no_error(helper_fault fault)
{
    return fault == HELPER_SYS_EINTR || fault == HELPER_SYS_SHORT;
}

/* One opening, some work, and its end. */
static fl_status live_once(const fl_journal_options *options, const char *directory, unsigned entries,
                           unsigned life, unsigned batch, uint64_t *acknowledged, outcome *out)
{
    fl_journal *journal = NULL;
    fl_status status = fl_journal_open(directory, options, &journal, NULL);
    if (status != FL_OK) return status;
    *acknowledged = fl_journal_size(journal);
    helper_clock *clock = options->clock->self;
    status = work(journal, clock, entries * life, entries * (life + 1), batch, acknowledged);
    fl_entry entry;
    helper_counter(&entry, 555);
    /* Closed for good after an I/O error; open again after a full disk. */
    if (status != FL_OK && status != FL_E_FULL && status != FL_E_BUSY &&
        (fl_journal_is_healthy(journal) || fl_journal_append(journal, &entry, 1, NULL) != FL_E_IO))
        out->silent++;
    if (status == FL_E_FULL && fl_journal_append(journal, &entry, 1, NULL) != FL_OK) out->unhealthy++;
    if (status == FL_E_FULL) *acknowledged = fl_journal_size(journal);
    fl_journal_close(journal);
    return status;
}

/* One run with the n-th operation failing. false: the run met no failure. */
static bool fail_once(helper_fault fault, unsigned n, unsigned round, outcome *out)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    uint64_t acknowledged = 0;
    helper_clock_init(&clock);
    helper_directory(directory);
    helper_vfs_set(fault, n);
    const fl_journal_options options = options_for(&clock, HELPER_VFS);
    fl_status status = FL_OK;
    for (unsigned life = 0; life < 2 && status == FL_OK; life++)
        status = live_once(&options, directory, 8 * (1 + round / 3), life, 1 + round % 3, &acknowledged, out);
    const bool fired = helper_vfs_fired();
    if (status != FL_OK && (!fired || is_no_error(fault))) out->unhealthy++;
    helper_vfs_set(HELPER_NONE, 0);
    check_after(directory, &clock, acknowledged, out);
    helper_remove(directory);
    return fired;
}

/* Each call to the disk fails once: what was acknowledged is there after opening again. */
/* hazards: H27 */
static void every_operation_fails_once(void)
{
    static const struct {
        const char *what;
        helper_fault fault;
    } rows[] = {
        {"EIO on write", HELPER_EIO_WRITE},
        {"ENOSPC", HELPER_ENOSPC},
        {"short write", HELPER_SHORT},
        {"EIO on sync", HELPER_EIO_SYNC},
        {"open fails", HELPER_EIO_OPEN},
        {"EIO on truncate", HELPER_EIO_TRUNCATE},
        {"EIO on read", HELPER_EIO_READ},
        {"no memory for SQLite", HELPER_NO_MEMORY},
        {"no memory for us", HELPER_OUR_MEMORY},
        {"EIO of the system", HELPER_SYS_EIO},
        {"ENOSPC of the system", HELPER_SYS_ENOSPC},
        {"half a write", HELPER_SYS_SHORT},
        {"EINTR", HELPER_SYS_EINTR},
    };
    helper_vfs_register();
    const bool full = getenv("FL_FULL") != NULL;
    unsigned total = 0, kinds = 0;
    for (unsigned round = 0; round < 1 || (full && total < 50000 && round < 12); round++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const bool often = rows[i].fault == HELPER_NO_MEMORY;
            outcome out = {0};
            unsigned n = 1;
            /* Every one; every day half of them, and of the allocations, of which there are far more, one
             * of 23. */
            while (n < 99000 && fail_once(rows[i].fault, n, round, &out)) n += full ? 1 : often ? 23 : 2;
            CHECK(n < 99000 && (n > 1 || rows[i].fault == HELPER_EIO_TRUNCATE), "%s: %u runs", rows[i].what,
                  n);
            CHECK(!out.lost && !out.unverified && !out.unhealthy && !out.silent,
                  "%s, %u cases: %u lost, %u unverified, %u unhealthy, %u silent", rows[i].what, out.cases,
                  out.lost, out.unverified, out.unhealthy, out.silent);
            fprintf(stderr, "    %-24s %u\n", rows[i].what, out.cases - 1);
            total += out.cases - 1; /* the last met none */
            kinds += out.cases > 1;
        }
    CHECK(kinds >= 12, "%u kinds of failure", kinds);
    if (full) CHECK(total >= 50000, "only %u", total);
    fprintf(stderr, "    %u failures injected\n", total);
}

/* Numbers of the disks that were looked at: only different ones count. */
#define SEEN (1u << 20)
static uint64_t *seen;

static bool is_new(uint64_t number)
{
    if (!seen) seen = calloc(SEEN, sizeof *seen);
    if (!number) number = 1;
    size_t at = (size_t)(number % SEEN);
    while (seen[at] && seen[at] != number) at = (at + 1) % SEEN;
    if (seen[at] == number) return false;
    seen[at] = number;
    return true;
}

typedef struct cutter {
    const char *directory;
    helper_clock *clock;
    uint64_t acknowledged, seed;
    unsigned moment, torn; /* torn disks at each moment */
    bool quiet;
    outcome out;
} cutter;

static void copy_key(cutter *c, const char *after)
{
    char from[FL_PLACE_MAX + 16], to[FL_PLACE_MAX + 16];
    size_t size;
    snprintf(from, sizeof from, "%s/install.key", c->directory);
    snprintf(to, sizeof to, "%s/install.key", after);
    char *key = helper_file(from, &size);
    c->out.unverified += fl_place_write(to, key, size, 0600, NULL) != FL_OK;
    free(key);
}

/* The power goes now: the disks it may leave. */
static void cut(void *self)
{
    cutter *c = self;
    c->moment++;
    for (unsigned k = 0; k < 2 + c->torn; k++) {
        const helper_tear tear = k == 0 ? HELPER_NOTHING_MORE : k == 1 ? HELPER_EVERYTHING : HELPER_TORN;
        const uint64_t seed = (c->seed * 100003 + c->moment) * 131 + k;
        if (!is_new(helper_vfs_cut(NULL, tear, seed))) continue;
        char after[FL_PLACE_MAX];
        fl_verify_report report = {0};
        helper_directory(after);
        helper_vfs_cut(after, tear, seed);
        const fl_status status = fl_verify(after, NULL, &report, NULL);
        c->out.cases++;
        c->out.unverified += status != FL_OK;
        c->out.lost += status == FL_OK && report.entries < c->acknowledged;
        if (status != FL_OK && !c->quiet)
            fprintf(stderr, "moment %u, disk %u: %s\n", c->moment, k, report.what);
        if (c->out.cases % 16 == 0 && status == FL_OK) { /* and it goes on from there */
            copy_key(c, after);
            check_after(after, c->clock, c->acknowledged, &c->out);
            c->out.cases--; /* it was the same disk */
        }
        helper_remove(after);
    }
}

/* A log is made, and then lives twice while the power may go at any moment, its closing and opening included.
 */
static void live_under_cuts(cutter *c, unsigned lives, unsigned entries, unsigned batch)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    helper_clock_init(&clock);
    helper_clock_add(&clock, (int64_t)c->seed * 977); /* other bytes in every entry */
    helper_directory(directory);
    helper_vfs_set(HELPER_NONE, 0);
    fl_journal *journal = NULL;
    const fl_journal_options options = options_for(&clock, HELPER_VFS);
    CHECK(fl_journal_open(directory, &options, &journal, NULL) == FL_OK, "open");
    c->directory = directory;
    c->clock = &clock;
    c->acknowledged = fl_journal_size(journal);
    helper_vfs_watch(cut, c);
    for (unsigned life = 0; life < lives; life++) {
        if (life) CHECK(fl_journal_open(directory, &options, &journal, NULL) == FL_OK, "open again");
        c->acknowledged = fl_journal_size(journal);
        CHECK(work(journal, &clock, entries * life, entries * (life + 1), batch, &c->acknowledged) == FL_OK,
              "work");
        fl_journal_close(journal);
        c->acknowledged++; /* the shutdown */
    }
    helper_vfs_watch(NULL, NULL);
    helper_vfs_set(HELPER_NONE, 0);
    helper_remove(directory);
}

/* The rig itself: a disk that says "synced" and has not loses what was promised, and that shows. */
static void a_lying_disk_is_caught(void)
{
    cutter c = {.torn = 1, .seed = 1, .quiet = true};
    helper_vfs_register();
    helper_vfs_lie(true);
    live_under_cuts(&c, 1, 16, 1);
    helper_vfs_lie(false);
    free(seen);
    seen = NULL;
    CHECK(c.out.lost + c.out.unverified > 100, "%u of %u", c.out.lost + c.out.unverified, c.out.cases);
}

/* Power is cut at each write and sync, with what the disk may have kept. */
/* hazards: H28 */
static void power_is_cut_at_every_write_and_sync(void)
{
    const bool full = getenv("FL_FULL") != NULL;
    cutter c = {.torn = full ? 24 : 2};
    helper_vfs_register();
    do {
        c.seed++;
        live_under_cuts(&c, full ? 3 : 2, full ? 16 : 24, 1 + (unsigned)c.seed % 3);
    } while (full && c.out.cases < 100000 && c.seed < 60);
    free(seen);
    seen = NULL;
    CHECK(c.out.cases >= (full ? 100000u : 500u) && !c.out.lost && !c.out.unverified && !c.out.unhealthy,
          "%u cuts: %u lost, %u unverified, %u unhealthy", c.out.cases, c.out.lost, c.out.unverified,
          c.out.unhealthy);
    fprintf(stderr, "    %u different disks after a power cut, at %u moments\n", c.out.cases, c.moment);
}

/* The child promises through a pipe, and dies anywhere. */
static void child_works(const char *directory, int pipe_end)
{
    helper_clock clock;
    helper_clock_init(&clock);
    fl_journal *journal = NULL;
    const fl_journal_options options = options_for(&clock, NULL);
    if (fl_journal_open(directory, &options, &journal, NULL) != FL_OK) _exit(3);
    uint64_t size = fl_journal_size(journal);
    for (;;) {
        if (write(pipe_end, &size, sizeof size) != sizeof size) _exit(4);
        fl_entry entry;
        helper_counter(&entry, 41207 + size);
        if (fl_journal_append(journal, &entry, 1, NULL) != FL_OK) _exit(5);
        size = fl_journal_size(journal);
    }
}

/* Real processes are killed while they write. */
/* hazards: H28 H29 */
static void killed_children_lose_nothing(void)
{
    char directory[FL_PLACE_MAX];
    fl_random random;
    fl_random_init(&random, 90210, 3);
    helper_directory(directory);
    unsigned lost = 0, unverified = 0, wrong_end = 0;
    uint64_t newest = 0;
    for (unsigned round = 0; round < 40; round++) {
        int ends[2];
        CHECK(pipe(ends) == 0, "pipe");
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            child_works(directory, ends[1]);
        }
        close(ends[1]);
        /* Killed after a number of promises, not after a time: what the machine does meanwhile is no matter.
         */
        uint64_t acknowledged = 0, wanted = 1 + fl_random_u64(&random) % 23, got;
        for (uint64_t i = 0; i < wanted && read(ends[0], &got, sizeof got) == sizeof got; i++)
            acknowledged = got;
        usleep((useconds_t)(fl_random_u64(&random) % 2000));
        kill(child, SIGKILL);
        while (read(ends[0], &got, sizeof got) == sizeof got) acknowledged = got;
        close(ends[0]);
        int how = 0;
        waitpid(child, &how, 0);
        wrong_end += !WIFSIGNALED(how);
        fl_verify_report report = {0};
        const fl_status status = fl_verify(directory, NULL, &report, NULL);
        /* The first may be killed before its log is founded. */
        unverified += status != FL_OK && acknowledged > 0;
        lost += status == FL_OK && report.entries < acknowledged;
        lost += acknowledged < newest && acknowledged > 0;
        if (acknowledged) newest = acknowledged;
    }
    CHECK(!lost && !unverified && !wrong_end, "%u lost, %u unverified, %u ended by themselves", lost,
          unverified, wrong_end);
    CHECK(newest > 100, "only %llu entries", (unsigned long long)newest);
    helper_remove(directory);
}

FL_TESTS("journal/crash", TEST(every_operation_fails_once), TEST(power_is_cut_at_every_write_and_sync),
         TEST(a_lying_disk_is_caught), TEST(killed_children_lose_nothing))
