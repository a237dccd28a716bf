/* Bench: five clinics over three years, 10^8 pulses in bursts, as lasers that are set by hand write them; and
 * a stretch of pulses with a grant each, for what a pulse costs when every one is written down.
 *
 *     bench_scale FOLDER [CLINICS [MONTHS [LASERS]]]      5 clinics, 36 months, 4 lasers each; the journals
 * are left there
 *
 * Prints bytes a pulse, how long the whole verification of a log takes, and the audit of one month over all
 * of it. Everything is SIMULATED and invented; the clock is a number. */
#include "fadeline/base/date.h"
#include "fadeline/journal/verify.h"
#include "fadeline/report/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define BATCH 240
#define SESSIONS_A_DAY 14
#define ZONES 2
#define GRANTED 50000u

typedef struct clinic {
    int number;
    char folder[400];
    int64_t now_us, utc_us;
    fl_clock clock;
    fl_journal *journal;
    uint64_t sid, gid, pulses, ctr[16];
    uint64_t state; /* of its random numbers */
    size_t waiting;
} clinic;

static fl_entry batch[BATCH];

static fl_instant now(void *self)
{
    return (fl_instant){((clinic *)self)->now_us};
}

static fl_utc utc(void *self)
{
    return (fl_utc){((clinic *)self)->utc_us};
}

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "bench_scale: %s\n", what);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double processor(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- writing ---- */

static void flush(clinic *c)
{
    fl_error error = {0};
    if (c->waiting) must(fl_journal_append(c->journal, batch, c->waiting, &error) == FL_OK, error.what);
    c->waiting = 0;
}

static void pass(clinic *c, int64_t us)
{
    c->now_us += us;
    c->utc_us += us;
}

static fl_entry *put(clinic *c, fl_kind kind, int laser, bool of_session)
{
    char dev[24];
    if (c->waiting == BATCH) flush(c);
    fl_entry *entry = &batch[c->waiting++];
    fl_entry_begin(entry, kind);
    snprintf(dev, sizeof dev, "SIM-%d%03d", c->number, laser);
    if (laser >= 0) fl_entry_device(entry, dev, true);
    if (of_session) fl_entry_count(entry, "sid", c->sid);
    return entry;
}

static unsigned draw(clinic *c, unsigned below)
{
    c->state = c->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(c->state >> 33) % below;
}

static void open_session(clinic *c, int laser, bool by_hand)
{
    char client[24], site[2] = {(char)('A' + c->number), 0};
    c->sid++;
    fl_entry *e = put(c, FL_KIND_SESSION_OPEN, laser, true);
    snprintf(client, sizeof client, "p:%06x", draw(c, 1u << 24));
    fl_entry_count(e, "ctr", c->ctr[laser]);
    fl_entry_text(e, "who", laser % 2 ? "op:17" : "op:18");
    fl_entry_text(e, "pat", client);
    fl_entry_text(e, "plan", "38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a");
    fl_entry_text(e, "site", site);
    if (by_hand) fl_entry_int(e, "man", 1);
}

static void close_session(clinic *c, int laser, uint64_t pulses)
{
    fl_entry *e = put(c, FL_KIND_SESSION_CLOSE, laser, true);
    fl_entry_count(e, "ctr", c->ctr[laser]);
    fl_entry_count(e, "pulses", pulses);
}

static void zone_by_hand(clinic *c, int laser, int zone, unsigned pulses)
{
    static const char *const names[] = {"F-L", "F-R", "T-L", "T-R", "MID", "VTX", "P-L", "P-R", "OCC"};
    fl_entry *e = put(c, FL_KIND_ZONE, laser, true);
    fl_entry_text(e, "zone", names[zone % 9]);
    fl_entry_text(e, "who", "op:17");
    fl_entry_text(e, "pu", "T");
    fl_entry_count(e, "ctr", c->ctr[laser]);
    fl_entry_int(e, "energy_uJ", 200000);
    fl_entry_int(e, "spot_um", 4000);
    fl_entry_int(e, "wl_nm", 1064);
    e = put(c, FL_KIND_PULSES, laser, true);
    fl_entry_text(e, "zone", names[zone % 9]);
    fl_entry_text(e, "pu", "T");
    fl_entry_count(e, "ctr_was", c->ctr[laser]);
    fl_entry_count(e, "ctr_now", c->ctr[laser] += pulses);
    fl_entry_count(e, "pulses", pulses);
    fl_entry_text(e, "who", "op:17");
    c->pulses += pulses;
}

static void day_of_work(clinic *c, int lasers)
{
    for (int s = 0; s < SESSIONS_A_DAY; s++)
        for (int laser = 0; laser < lasers; laser++) {
            uint64_t sum = 0;
            open_session(c, laser, true);
            fl_entry *e = put(c, FL_KIND_EYEWEAR, laser, true);
            fl_entry_text(e, "who", "op:17");
            fl_entry_int(e, "wl_nm", 1064);
            for (int zone = 0; zone < ZONES; zone++) {
                const unsigned pulses = 140 + draw(c, 120);
                zone_by_hand(c, laser, s + zone, pulses);
                sum += pulses;
            }
            close_session(c, laser, sum);
            pass(c, 400000000 / lasers);
        }
    flush(c);
}

/* One session in which every pulse has a grant and an entry of its own. */
static void granted(clinic *c, int laser, unsigned pulses)
{
    open_session(c, laser, false);
    for (unsigned i = 0; i < pulses; i++) {
        fl_entry *e = put(c, FL_KIND_GRANT, laser, true);
        fl_entry_count(e, "gid", ++c->gid);
        fl_entry_count(e, "ctr", c->ctr[laser]);
        fl_entry_text(e, "plan", "38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a");
        fl_entry_text(e, "zone", "F-L");
        fl_entry_text(e, "pu", "T");
        fl_entry_int(e, "energy_uJ", 200000);
        fl_entry_int(e, "spot_um", 4000);
        fl_entry_int(e, "wl_nm", 755);
        fl_entry_int(e, "rate_mHz", 5000);
        fl_entry_text(e, "who", "op:17");
        fl_entry_text(e, "head", "alex-755");
        e = put(c, FL_KIND_PULSE, laser, true);
        fl_entry_count(e, "gid", c->gid);
        fl_entry_count(e, "ctr", ++c->ctr[laser]);
        fl_entry_int(e, "meas_uJ", 195000 + draw(c, 10000));
        pass(c, 200000);
    }
    close_session(c, laser, pulses);
    flush(c);
    c->pulses += pulses;
}

static void open_clinic(clinic *c, int number, const char *folder)
{
    fl_error error = {0};
    *c = (clinic){
        .number = number, .utc_us = 1672560000000000, .state = 17u + (unsigned)number}; /* 2023-01-01 08:00 */
    c->clock = (fl_clock){now, now, utc, c};
    snprintf(c->folder, sizeof c->folder, "%s/clinic-%c", folder, 'A' + number);
    mkdir(c->folder, 0700);
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &c->clock, .no_ballast = true};
    must(fl_journal_open(c->folder, &options, &c->journal, &error) == FL_OK, error.what);
    for (int i = 0; i < 16; i++) c->ctr[i] = 1000000;
}

static double bytes_of(const clinic *c)
{
    static const char *const parts[] = {"journal.db", "journal.db-wal"};
    double sum = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[500];
        struct stat about;
        snprintf(path, sizeof path, "%s/%s", c->folder, parts[i]);
        if (stat(path, &about) == 0) sum += (double)about.st_size;
    }
    return sum;
}

/* ---- reading ---- */

static void look(const clinic *c)
{
    fl_verify_report report;
    fl_error error = {0};
    double begun = processor();
    must(fl_verify(c->folder, NULL, &report, &error) == FL_OK, error.what);
    const double verified = processor() - begun;
    fl_journal *journal;
    fl_audit *audit;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    const fl_audit_options month = {.from = {2025, 5, 1}, .to = {2025, 5, 31}};
    must(fl_journal_open(c->folder, &options, &journal, &error) == FL_OK, error.what);
    begun = seconds();
    must(fl_audit_new(journal, &month, &audit, &error) == FL_OK, error.what);
    const double audited = seconds() - begun;
    printf("clinic %c: %9" PRIu64 " entries, %9" PRIu64
           " pulses, %7.1f MB, %6.2f bytes a pulse; verified in %.2f s, "
           "%.0f entries/s; month of May 2025 (%zu lines) audited in %.2f s\n",
           'A' + c->number, report.entries, c->pulses, bytes_of(c) / 1e6, bytes_of(c) / (double)c->pulses,
           verified, (double)report.entries / verified, audit->day_count, audited);
    fl_audit_free(audit);
    fl_journal_close(journal);
}

int main(int argc, char **argv)
{
    must(argc > 1, "usage: bench_scale FOLDER [CLINICS [MONTHS [LASERS]]]");
    const int clinics = argc > 2 ? atoi(argv[2]) : 5, months = argc > 3 ? atoi(argv[3]) : 36;
    const int lasers = argc > 4 ? atoi(argv[4]) : 4;
    must(clinics > 0 && clinics < 27 && months > 0 && lasers > 0 && lasers < 16,
         "clinics 1 to 26, lasers 1 to 15");
    static clinic c;
    uint64_t pulses = 0;
    const double begun = seconds();
    for (int n = 0; n < clinics; n++) {
        open_clinic(&c, n, argv[1]);
        for (int day = 0; day < months * 26; day++) {
            const int64_t morning = c.utc_us;
            day_of_work(&c, lasers);
            pass(&c, 86400000000 * 7 / 6 - (c.utc_us - morning)); /* six days a week, spread evenly */
        }
        const double before = bytes_of(&c);
        if (n == 0) granted(&c, 0, GRANTED);
        if (n == 0)
            printf("a pulse with a grant of its own: %.0f bytes\n", (bytes_of(&c) - before) / GRANTED);
        fl_journal_close(c.journal);
        pulses += c.pulses;
        look(&c);
    }
    printf("%" PRIu64 " pulses in %d clinics and %d months, %.0f s in all; load ", pulses, clinics, months,
           seconds() - begun);
    fflush(stdout);
    return system("cut -d' ' -f1-3 /proc/loadavg");
}
