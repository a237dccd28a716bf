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

/* Sessions of three pulses; *acknowledged follows what was promised. Stops at the first failure. */
static fl_status work(fl_journal *journal, helper_clock *clock, unsigned entries, uint64_t *acknowledged)
{
    fl_entry entry;
    for (uint64_t i = 0; i < entries; i++) {
        const uint64_t sid = i / 8, step = i % 8, base = 41207 + 3 * sid;
        const uint64_t gid = 1 + 3 * sid + (step ? (step - 1) / 2 : 0);
        helper_clock_add(clock, 31013);
        if (step == 0)
            helper_session_open(&entry, sid + 1, base);
        else if (step == 7)
            helper_session_close(&entry, sid + 1, base + 3, 3);
        else if (step % 2)
            helper_grant(&entry, gid, base + (step - 1) / 2, sid + 1);
        else
            helper_pulse(&entry, gid, base + step / 2, sid + 1);
        const fl_status status = fl_journal_append(journal, &entry, 1, NULL);
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

/* One run with the n-th operation failing. false: the run met no failure. */
static bool fail_once(helper_fault fault, unsigned n, outcome *out)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    uint64_t acknowledged = 0;
    fl_journal *journal = NULL;
    helper_clock_init(&clock);
    helper_directory(directory);
    helper_vfs_set(fault, n);
    const fl_journal_options options = options_for(&clock, HELPER_VFS);
    fl_status status = fl_journal_open(directory, &options, &journal, NULL);
    if (status == FL_OK) {
        acknowledged = fl_journal_size(journal);
        status = work(journal, &clock, 16, &acknowledged);
        fl_entry entry;
        helper_counter(&entry, 555);
        /* Closed for good after an I/O error; open again after a full disk. */
        if (status != FL_OK && status != FL_E_FULL && status != FL_E_BUSY &&
            (fl_journal_is_healthy(journal) || fl_journal_append(journal, &entry, 1, NULL) != FL_E_IO))
            out->silent++;
        if (status == FL_E_FULL && fl_journal_append(journal, &entry, 1, NULL) != FL_OK) out->unhealthy++;
        if (status == FL_E_FULL) acknowledged = fl_journal_size(journal);
    }
    fl_journal_close(journal);
    const bool fired = helper_vfs_fired();
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
        {"EIO on write", HELPER_EIO_WRITE}, {"ENOSPC", HELPER_ENOSPC},
        {"short write", HELPER_SHORT},      {"EIO on sync", HELPER_EIO_SYNC},
        {"open fails", HELPER_EIO_OPEN},    {"EIO on truncate", HELPER_EIO_TRUNCATE},
        {"EIO on read", HELPER_EIO_READ},   {"no memory", HELPER_NO_MEMORY},
    };
    helper_vfs_register();
    unsigned total = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        outcome out = {0};
        unsigned n = 1;
        /* Every one; of the allocations, of which there are far more, every third. */
        while (n < 9000 && fail_once(rows[i].fault, n, &out)) n += rows[i].fault == HELPER_NO_MEMORY ? 3 : 1;
        CHECK(n < 9000 && (n > 1 || rows[i].fault == HELPER_EIO_TRUNCATE), "%s: %u runs", rows[i].what, n);
        CHECK(!out.lost && !out.unverified && !out.unhealthy && !out.silent,
              "%s, %u cases: %u lost, %u unverified, %u unhealthy, %u silent", rows[i].what, out.cases,
              out.lost, out.unverified, out.unhealthy, out.silent);
        total += out.cases;
    }
    fprintf(stderr, "    %u failures injected\n", total);
}

typedef struct cutter {
    const char *directory;
    helper_clock *clock;
    uint64_t acknowledged;
    unsigned moment;
    outcome out;
} cutter;

/* The power goes now: three disks it may leave. */
static void cut(void *self)
{
    cutter *c = self;
    c->moment++;
    for (int tear = HELPER_NOTHING_MORE; tear <= HELPER_TORN; tear++) {
        char after[FL_PLACE_MAX], from[FL_PLACE_MAX + 16], to[FL_PLACE_MAX + 16];
        fl_verify_report report = {0};
        helper_directory(after);
        helper_vfs_cut(after, (helper_tear)tear, c->moment);
        const fl_status status = fl_verify(after, NULL, &report, NULL);
        c->out.cases++;
        c->out.unverified += status != FL_OK;
        c->out.lost += status == FL_OK && report.entries < c->acknowledged;
        if (status != FL_OK) fprintf(stderr, "moment %u, tear %d: %s\n", c->moment, tear, report.what);
        if (c->moment % 16 == 0 && status == FL_OK) { /* and it goes on from there */
            snprintf(from, sizeof from, "%s/install.key", c->directory);
            snprintf(to, sizeof to, "%s/install.key", after);
            size_t size;
            char *key = helper_file(from, &size);
            c->out.unverified += fl_place_write(to, key, size, 0600, NULL) != FL_OK;
            free(key);
            check_after(after, c->clock, c->acknowledged, &c->out);
        }
        helper_remove(after);
    }
}

/* Power is cut at each write and sync, with what the disk may have kept. */
/* hazards: H28 */
static void power_is_cut_at_every_write_and_sync(void)
{
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    helper_clock_init(&clock);
    helper_directory(directory);
    helper_vfs_register();
    helper_vfs_set(HELPER_NONE, 0);
    fl_journal *journal = NULL;
    const fl_journal_options options = options_for(&clock, HELPER_VFS);
    CHECK(fl_journal_open(directory, &options, &journal, NULL) == FL_OK, "open");
    cutter c = {.directory = directory, .clock = &clock, .acknowledged = fl_journal_size(journal)};
    helper_vfs_watch(cut, &c);
    CHECK(work(journal, &clock, 48, &c.acknowledged) == FL_OK, "work");
    helper_vfs_watch(NULL, NULL);
    fl_journal_close(journal);
    helper_vfs_set(HELPER_NONE, 0);
    helper_remove(directory);
    CHECK(c.out.cases > 900 && !c.out.lost && !c.out.unverified && !c.out.unhealthy,
          "%u cuts: %u lost, %u unverified, %u unhealthy", c.out.cases, c.out.lost, c.out.unverified,
          c.out.unhealthy);
    fprintf(stderr, "    %u power cuts\n", c.out.cases);
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
         TEST(killed_children_lose_nothing))
