/* A month's audit out of a long log: read whole, and from a summary. Processor seconds, for the machine is
 * shared.
 *
 *     bench_audit [entries]         default 1,000,000, a grant and a pulse each two of them, in the folder
 * $TMPDIR */
#include "helper_books.h"

#include "fadeline/report/audit_warm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define BATCH 512
#define PULSES_A_SESSION 400

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
    fprintf(stderr, "bench_audit: %s\n", error->what);
    exit(1);
}

/* Ten sessions a day of 400 pulses: three months and a bit are a million entries. */
static void fill(books *b, uint64_t entries)
{
    static fl_entry batch[BATCH];
    fl_error error = {0};
    uint64_t ctr = 1000, gid = 0, sid = 0;
    b->utc_us -= 400 * 86400000000;
    while (fl_journal_size(b->journal) < entries) {
        b->now_us += 2 * 3600000000, b->utc_us += 2 * 3600000000;
        fl_entry *e = batch;
        fl_entry_begin(e, FL_KIND_SESSION_OPEN), fl_entry_device(e, "SIM-A", true),
            fl_entry_text(e, "site", "A");
        fl_entry_count(e, "sid", ++sid), fl_entry_count(e, "ctr", ctr), fl_entry_text(e, "who", "op:17");
        fl_entry_text(e, "pat", sid % 3 ? "p:5d1f" : "p:5d20"), fl_entry_text(e, "plan", "-"),
            fl_entry_text(e, "proc", "smp");
        must(fl_journal_append(b->journal, batch, 1, &error), &error);
        for (unsigned done = 0; done < PULSES_A_SESSION; done += BATCH / 4) {
            size_t n = 0;
            for (unsigned i = 0; i < BATCH / 4 && done + i < PULSES_A_SESSION; i++) {
                e = &batch[n++];
                fl_entry_begin(e, FL_KIND_GRANT), fl_entry_device(e, "SIM-A", true);
                fl_entry_count(e, "gid", ++gid), fl_entry_count(e, "ctr", ctr), fl_entry_count(e, "sid", sid);
                fl_entry_text(e, "plan", "P-0123456789abcdef"), fl_entry_text(e, "zone", "F-L"),
                    fl_entry_text(e, "pu", "T");
                fl_entry_int(e, "energy_uJ", 199800), fl_entry_int(e, "spot_um", 4000),
                    fl_entry_int(e, "wl_nm", 1064);
                fl_entry_text(e, "who", "op:17");
                e = &batch[n++];
                fl_entry_begin(e, FL_KIND_PULSE), fl_entry_device(e, "SIM-A", true);
                fl_entry_count(e, "gid", gid), fl_entry_count(e, "ctr", ++ctr), fl_entry_count(e, "sid", sid);
                fl_entry_int(e, "meas_uJ", 197350);
            }
            must(fl_journal_append(b->journal, batch, n, &error), &error);
        }
        fl_entry_begin(batch, FL_KIND_SESSION_CLOSE), fl_entry_device(batch, "SIM-A", true);
        fl_entry_count(batch, "sid", sid), fl_entry_count(batch, "ctr", ctr);
        fl_entry_count(batch, "pulses", PULSES_A_SESSION);
        must(fl_journal_append(b->journal, batch, 1, &error), &error);
    }
    must(fl_journal_checkpoint(b->journal, &error), &error);
}

static uint64_t measure(const books *b, const char *what, const char *path, const fl_audit_options *options)
{
    fl_journal *journal = NULL;
    fl_audit *audit = NULL;
    fl_error error = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    const double begun = seconds();
    must(fl_journal_open(b->directory, &read, &journal, &error), &error);
    const double opened = seconds();
    must(path ? fl_audit_new_warm(journal, path, options, &audit, &error)
              : fl_audit_new(journal, options, &audit, &error),
         &error);
    const double ended = seconds();
    const uint64_t pulses = audit->total_count ? audit->totals[0].treatment : 0;
    printf("%-22s open %6.3f s   audit %7.3f s   %llu pulses in the month, %llu entries not read again\n",
           what, opened - begun, ended - opened, (unsigned long long)pulses, (unsigned long long)audit->warm);
    fl_audit_free(audit);
    fl_journal_close(journal);
    return pulses;
}

int main(int argc, char **argv)
{
    static books b;
    char path[FL_PLACE_MAX + 16];
    struct stat about;
    const uint64_t entries = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    books_open(&b, true);
    const double begun = seconds();
    fill(&b, entries);
    printf("SIMULATED log of %llu entries written in %.1f s of processor time\n",
           (unsigned long long)fl_journal_size(b.journal), seconds() - begun);
    const fl_date last = fl_date_of((fl_utc){b.utc_us});
    const fl_audit_options options = {.from = fl_date_add_days(last, -30), .to = last};
    snprintf(path, sizeof path, "%s/a.summary", b.directory);
    books_close(&b);
    const uint64_t whole = measure(&b, "whole", NULL, &options);
    measure(&b, "whole, summary made", path, &options);
    const fl_journal_options write = {
        .mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &b.clock, .no_ballast = true};
    fl_error error = {0};
    must(fl_journal_open(b.directory, &write, &b.journal, &error), &error);
    books_counter(&b, "A", "SIM-A", 77); /* something new */
    books_close(&b);
    const bool same = measure(&b, "from the summary", path, &options) == whole;
    measure(&b, "again, nothing new", path, &options);
    if (stat(path, &about) == 0) printf("summary: %lld bytes\n", (long long)about.st_size);
    books_remove(&b);
    if (!same) puts("THE TWO DO NOT AGREE");
    return same ? 0 : 1;
}
