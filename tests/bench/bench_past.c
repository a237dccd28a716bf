/* What a session's start reads of a long journal: all of it, and by the index (src/session/past_index.h).
 *
 *     bench_past [entries]        default 1000000; sessions of 1,000 entries, 10 a client, a check each
 * morning
 *
 * Processor seconds of this process, one core; the journal was opened by its seal before. */
#include "helper_plan.h"

#include "past.h"
#include "past_index.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define DEVICE "SIM-0007"
enum { PULSES = 480, SESSION = 2 * PULSES + 12, BATCH = 1000 };

static fl_entry batch[BATCH];
static size_t waiting;

static double seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void must(fl_status status, const fl_error *error)
{
    if (status == FL_OK) return;
    fl_error_print(stderr, error);
    exit(1);
}

static fl_entry *next(fl_journal *journal, fl_kind kind)
{
    fl_error error = {0};
    if (waiting == BATCH) must(fl_journal_append(journal, batch, waiting, &error), &error), waiting = 0;
    fl_entry *entry = &batch[waiting++];
    fl_entry_begin(entry, kind);
    fl_entry_device(entry, DEVICE, true);
    return entry;
}

static void session(fl_journal *journal, uint64_t sid, const char *client, const char *plan, uint64_t *ctr)
{
    fl_entry *e = next(journal, FL_KIND_CHECK);
    fl_entry_int(e, "pulses", 0), fl_entry_int(e, "set_uJ", 199800), fl_entry_int(e, "mean_uJ", 199500);
    fl_entry_int(e, "pass", 1), fl_entry_text(e, "who", "op:17"), fl_entry_text(e, "verdict", "pass");
    fl_entry_text(e, "head", "A"), fl_entry_int(e, "wl_nm", 1064);
    for (int i = 0; i < 3; i++) {
        e = next(journal, FL_KIND_SELFTEST);
        fl_entry_text(e, "what", i == 0 ? "motion:door" : i == 1 ? "motion:estop" : "motion:foot");
        fl_entry_int(e, "ok", 1);
    }
    e = next(journal, FL_KIND_AUTH_OK), fl_entry_text(e, "who", "op:17");
    e = next(journal, FL_KIND_SESSION_OPEN);
    fl_entry_count(e, "sid", sid), fl_entry_count(e, "ctr", *ctr), fl_entry_text(e, "who", "op:17");
    fl_entry_text(e, "pat", client), fl_entry_text(e, "plan", plan), fl_entry_text(e, "profile", plan);
    e = next(journal, FL_KIND_ARM), fl_entry_count(e, "sid", sid), fl_entry_text(e, "who", "op:17");
    for (int i = 0; i < PULSES; i++) {
        e = next(journal, FL_KIND_GRANT);
        fl_entry_count(e, "gid", *ctr + 1), fl_entry_count(e, "ctr", *ctr), fl_entry_count(e, "sid", sid);
        fl_entry_text(e, "plan", plan), fl_entry_text(e, "zone", "MID"), fl_entry_text(e, "pu", "T");
        fl_entry_int(e, "energy_uJ", 199800), fl_entry_int(e, "spot_um", 4000),
            fl_entry_int(e, "wl_nm", 1064);
        fl_entry_text(e, "who", "op:17");
        e = next(journal, FL_KIND_PULSE);
        fl_entry_count(e, "gid", *ctr + 1), fl_entry_count(e, "ctr", ++*ctr), fl_entry_count(e, "sid", sid);
        fl_entry_int(e, "meas_uJ", 199350);
    }
    e = next(journal, FL_KIND_SESSION_CLOSE);
    fl_entry_count(e, "sid", sid), fl_entry_count(e, "ctr", *ctr), fl_entry_count(e, "pulses", PULSES);
}

static void start(fl_journal *journal, const fl_plan *plan, const char *what)
{
    static fl_past past;
    fl_error error = {0};
    const double begun = seconds();
    must(fl_past_read(journal, DEVICE, plan, fl_clock_system()->utc(NULL), &past, &error), &error);
    printf("%-28s %8.3f s of processor; %d pulses of this plan\n", what, seconds() - begun, past.plan_pulses);
}

int main(int argc, char **argv)
{
    const uint64_t entries = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    const uint64_t sessions = entries / SESSION + 1;
    char place[] = "/var/tmp/fl-bench-XXXXXX", command[80], hex[2 * FL_SHA256_SIZE + 1];
    fl_journal *journal;
    fl_error error = {0};
    if (!mkdtemp(place)) return 1;
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true, .no_ballast = true};
    must(fl_journal_open(place, &options, &journal, &error), &error);
    fl_plan *plan = helper_plan((fl_date){2026, 5, 4}, HELPER_NO_TESTS);
    uint64_t ctr = 41207;
    for (uint64_t sid = 1; sid <= sessions; sid++) {
        char client[32];
        uint8_t hash[FL_SHA256_SIZE] = {(uint8_t)sid, (uint8_t)(sid >> 8), (uint8_t)(sid >> 16), 7};
        const bool ours = sid % (sessions / 10 + 1) == 1;
        snprintf(client, sizeof client, "p:%llu", (unsigned long long)(sid % (sessions / 10 + 1)));
        fl_hex(ours ? plan->sha256 : hash, sizeof hash, hex);
        session(journal, sid, ours ? plan->client : client, hex, &ctr);
    }
    if (waiting) must(fl_journal_append(journal, batch, waiting, &error), &error);
    printf("%llu entries, %llu sessions, %llu of one client\n", (unsigned long long)fl_journal_size(journal),
           (unsigned long long)sessions, (unsigned long long)(sessions / (sessions / 10 + 1)));
    start(journal, plan, "first start, reads all");
    start(journal, plan, "next start, by the index");
    for (uint64_t sid = sessions + 1; sid <= sessions + 4; sid++) {
        waiting = 0;
        session(journal, sid, "p:other", hex, &ctr);
        must(fl_journal_append(journal, batch, waiting, &error), &error);
    }
    start(journal, plan, "and after four more sessions");
    fl_journal_close(journal);
    fl_plan_free(plan);
    snprintf(command, sizeof command, "ls -l %s/past.index && rm -rf %s", place, place);
    return system(command) != 0;
}
