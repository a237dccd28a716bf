#include "helper_books.h"

#include "fadeline/journal/succeed.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fl_instant now(void *self)
{
    return (fl_instant){((books *)self)->now_us};
}
static fl_utc utc(void *self)
{
    return (fl_utc){((books *)self)->utc_us};
}

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "books: %s\n", what);
    abort();
}

void books_open(books *b, bool simulated)
{
    const char *base = getenv("TMPDIR");
    fl_error error = {0};
    *b = (books){.simulated = simulated, .utc_us = 1777536000000000}; /* 2026-04-30 08:00:00 */
    b->clock = (fl_clock){now, now, utc, b};
    snprintf(b->root, sizeof b->root, "%s/fadeline-books-XXXXXX", base ? base : "/tmp");
    must(mkdtemp(b->root) != NULL, "mkdtemp");
    snprintf(b->directory, sizeof b->directory, "%s/journal", b->root);
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = simulated, .clock = &b->clock, .no_ballast = true};
    const fl_status status = fl_journal_open(b->directory, &options, &b->journal, &error);
    must(status == FL_OK, error.what);
}

void books_close(books *b)
{
    fl_journal_close(b->journal);
    b->journal = NULL;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

void books_remove(books *b)
{
    books_close(b);
    nftw(b->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void books_at(books *b, const char *day, int hour, int minute)
{
    fl_date date;
    must(fl_date_read(day, &date) == FL_OK, day);
    const int64_t utc_us =
        ((int64_t)fl_date_days(date) * 24 + hour) * 3600000000 + (int64_t)minute * 60000000;
    b->now_us += utc_us - b->utc_us; /* both hands: no step */
    b->utc_us = utc_us;
}

void books_succeed(books *b)
{
    fl_error error = {0};
    fl_succession_done done;
    const fl_succession wish = {.who = "owner:1", .why = FL_SUCCEED_COPY, .text = "the PC was cloned"};
    fl_journal_options options = {.simulated = b->simulated, .clock = &b->clock, .no_ballast = true};
    books_close(b);
    must(fl_journal_succeed(b->directory, &options, &wish, &done, &error) == FL_OK, error.what);
    memcpy(b->kept, done.kept, sizeof b->kept);
    options.mode = FL_JOURNAL_WRITE;
    must(fl_journal_open(b->directory, &options, &b->journal, &error) == FL_OK, error.what);
}

void books_add(books *b, const fl_entry *entry)
{
    fl_error error = {0};
    const fl_status status = fl_journal_append(b->journal, entry, 1, &error);
    must(status == FL_OK, error.what);
}

/* The end of a session; the owner may have a new log made just then. */
static void add_close(books *b, const fl_entry *entry)
{
    books_add(b, entry);
    if (++b->closed == b->split_after) books_succeed(b);
}

static void begin(const books *b, fl_entry *entry, fl_kind kind, const char *site, const char *dev)
{
    fl_entry_begin(entry, kind);
    fl_entry_device(entry, dev, b->simulated);
    if (site) fl_entry_text(entry, "site", site);
}

void books_counter(books *b, const char *site, const char *dev, uint64_t ctr)
{
    fl_entry entry;
    begin(b, &entry, FL_KIND_COUNTER, site, dev);
    fl_entry_count(&entry, "ctr", ctr);
    books_add(b, &entry);
}

void books_put(books *b, fl_kind kind, const char *site, const char *dev, const char *fields)
{
    fl_entry entry;
    char copy[1024], *rest = copy, *field;
    must(snprintf(copy, sizeof copy, "%s", fields) < (int)sizeof copy, fields);
    fl_entry_begin(&entry, kind);
    if (dev) fl_entry_device(&entry, dev, b->simulated);
    if (site) fl_entry_text(&entry, "site", site);
    while ((field = strsep(&rest, "|"))) {
        char *is = strpbrk(field, "#=");
        must(is != NULL, field);
        const bool whole = *is == '#';
        *is = 0;
        whole ? fl_entry_int(&entry, field, atoll(is + 1)) : fl_entry_text(&entry, field, is + 1);
    }
    books_add(b, &entry);
}

void books_visit(books *b, const char *site, const char *dev, const char *pat, const char *who, uint64_t *ctr,
                 uint64_t treatment, uint64_t test)
{
    char fields[256];
    snprintf(fields, sizeof fields, "sid#%llu|ctr#%llu|who=%s|pat=%s|plan=-|man#1|proc=smp",
             (unsigned long long)++b->sid, (unsigned long long)*ctr, who, pat);
    books_put(b, FL_KIND_SESSION_OPEN, site, dev, fields);
    *ctr += treatment + test;
    b->now_us += 1800000000, b->utc_us += 1800000000;
    snprintf(fields, sizeof fields, "sid#%llu|ctr#%llu|pulses#%llu|tests#%llu|checks#0",
             (unsigned long long)b->sid, (unsigned long long)*ctr, (unsigned long long)(treatment + test),
             (unsigned long long)test);
    books_put(b, FL_KIND_SESSION_CLOSE, NULL, dev, fields);
}

static void open_session(books *b, const char *site, const char *dev, uint64_t ctr, bool manual)
{
    fl_entry entry;
    begin(b, &entry, FL_KIND_SESSION_OPEN, site, dev);
    fl_entry_count(&entry, "sid", ++b->sid);
    fl_entry_count(&entry, "ctr", ctr);
    fl_entry_text(&entry, "who", "op:17");
    fl_entry_text(&entry, "pat", "p:5d1f");
    fl_entry_text(&entry, "plan", "-");
    if (manual) fl_entry_int(&entry, "man", 1);
    books_add(b, &entry);
}

void books_manual(books *b, const char *site, const char *dev, uint64_t open, uint64_t close, uint64_t treat,
                  uint64_t test, uint64_t check)
{
    fl_entry entry;
    open_session(b, site, dev, open, true);
    b->now_us += 1800000000, b->utc_us += 1800000000; /* half an hour */
    begin(b, &entry, FL_KIND_SESSION_CLOSE, NULL, dev);
    fl_entry_count(&entry, "sid", b->sid);
    fl_entry_count(&entry, "ctr", close);
    fl_entry_count(&entry, "pulses", treat + test + check);
    fl_entry_count(&entry, "tests", test);
    fl_entry_count(&entry, "checks", check);
    add_close(b, &entry);
}

void books_granted(books *b, const char *site, const char *dev, uint64_t ctr, const char *purpose,
                   unsigned pulses)
{
    fl_entry entry;
    open_session(b, site, dev, ctr, false);
    for (unsigned i = 0; i < pulses; i++) {
        begin(b, &entry, FL_KIND_GRANT, NULL, dev);
        fl_entry_count(&entry, "gid", ++b->gid);
        fl_entry_count(&entry, "ctr", ctr + i);
        fl_entry_count(&entry, "sid", b->sid);
        fl_entry_text(&entry, "plan", "-");
        fl_entry_text(&entry, "zone", "F-L");
        fl_entry_text(&entry, "pu", purpose);
        fl_entry_int(&entry, "energy_uJ", 199800);
        fl_entry_int(&entry, "spot_um", 4000);
        fl_entry_int(&entry, "wl_nm", 1064);
        fl_entry_text(&entry, "who", "op:17");
        books_add(b, &entry);
        b->now_us += 200000, b->utc_us += 200000;
        begin(b, &entry, FL_KIND_PULSE, NULL, dev);
        fl_entry_count(&entry, "gid", b->gid);
        fl_entry_count(&entry, "ctr", ctr + i + 1);
        fl_entry_count(&entry, "sid", b->sid);
        fl_entry_int(&entry, "meas_uJ", 197350);
        books_add(b, &entry);
    }
    begin(b, &entry, FL_KIND_SESSION_CLOSE, NULL, dev);
    fl_entry_count(&entry, "sid", b->sid);
    fl_entry_count(&entry, "ctr", ctr + pulses);
    fl_entry_count(&entry, "pulses", pulses);
    add_close(b, &entry);
}

void books_service(books *b, const char *site, const char *dev, uint64_t old, uint64_t new)
{
    fl_entry entry;
    begin(b, &entry, FL_KIND_SERVICE, site, dev);
    fl_entry_count(&entry, "old", old);
    fl_entry_count(&entry, "new", new);
    fl_entry_text(&entry, "who", "svc:3");
    fl_entry_text(&entry, "doc", "S-2026-0413");
    books_add(b, &entry);
}

fl_audit *books_audit(books *b, const char *from, const char *to, const char *site)
{
    fl_audit_options options = {.site = site};
    fl_audit *audit = NULL;
    fl_journal *reader = NULL;
    fl_error error = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    must(fl_date_read(from, &options.from) == FL_OK && fl_date_read(to, &options.to) == FL_OK, "days");
    books_close(b);
    fl_status status = fl_journal_open(b->directory, &read, &reader, &error);
    if (status == FL_OK) status = fl_audit_new(reader, &options, &audit, &error);
    must(status == FL_OK, error.what);
    fl_journal_close(reader);
    return audit;
}

const fl_audit_line *books_total(const fl_audit *audit, const char *dev)
{
    for (size_t i = 0; i < audit->total_count; i++)
        if (strcmp(audit->totals[i].dev, dev) == 0) return &audit->totals[i];
    must(false, dev);
    return NULL;
}

const fl_audit_line *books_day(const fl_audit *audit, const char *dev, const char *day)
{
    fl_date date;
    must(fl_date_read(day, &date) == FL_OK, day);
    for (size_t i = 0; i < audit->day_count; i++)
        if (strcmp(audit->days[i].dev, dev) == 0 && fl_date_compare(audit->days[i].from, date) == 0)
            return &audit->days[i];
    must(false, day);
    return NULL;
}

char *books_text(const fl_audit *audit, fl_status (*write)(const fl_audit *audit, FILE *out))
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    must(memory && write(audit, memory) == FL_OK && fclose(memory) == 0, "writing the page");
    return text;
}

char *books_page(const fl_audit *audit)
{
    char *text = books_text(audit, fl_audit_print), *to = text;
    for (const char *line = text, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        size_t letters = 0;
        for (const char *at = line; at < end; at++) letters += ((unsigned char)*at & 0xC0) != 0x80;
        if (letters > 100) fprintf(stderr, "books: %zu columns: %.*s\n", letters, (int)(end - line), line);
        must(letters <= 100, "a line of the page is too wide");
    }
    for (const char *at = text; *at; at++) { /* broken lines are put together again */
        const bool space = *at == ' ' || *at == '\n';
        if (!space) *to++ = *at;
        if (space && to > text && to[-1] != ' ') *to++ = ' ';
    }
    *to = 0;
    return text;
}

/* A's day 13 with its 122, B +9, C -3, D +1,080 in three lumps, E 640 on a counter that did not move. */
void books_of_may(books *b)
{
    static const struct {
        const char *site, *dev;
        uint64_t ctr;
    } start[] = {
        {"A", "SIM-A", 1204310}, {"B", "SIM-B", 300100}, {"C", "SIM-C", 77001},
        {"D", "SIM-D", 510007},  {"E", "SIM-E", 9000},
    };
    books_at(b, "2026-04-30", 17, 30);
    for (size_t i = 0; i < sizeof start / sizeof *start; i++)
        books_counter(b, start[i].site, start[i].dev, start[i].ctr);
    books_at(b, "2026-05-04", 9, 0);
    books_manual(b, "A", "SIM-A", 1204310, 1217400, 12800, 100, 190);
    books_manual(b, "B", "SIM-B", 300100, 300100 + 7009, 6900, 50, 50);
    books_manual(b, "C", "SIM-C", 77001, 77001 + 9377, 9120, 60, 200);
    books_at(b, "2026-05-07", 9, 0);
    books_manual(b, "D", "SIM-D", 510007, 510007 + 10400, 9800, 75, 190);
    books_at(b, "2026-05-13", 9, 0);
    books_manual(b, "A", "SIM-A", 1217400, 1217400 + 1140, 1100, 3, 37);
    books_at(b, "2026-05-13", 13, 30);
    books_granted(b, "A", "SIM-A", 1217400 + 1140 + 122, "T", 48);
    books_granted(b, "A", "SIM-A", 1217400 + 1140 + 170, "S", 5);
    books_granted(b, "A", "SIM-A", 1217400 + 1140 + 175, "C", 3);
    books_at(b, "2026-05-19", 9, 0);
    books_manual(b, "D", "SIM-D", 520407 + 345, 520407 + 345 + 10315, 10050, 75, 190);
    books_manual(b, "E", "SIM-E", 9000, 9000, 640, 0, 0);
    books_at(b, "2026-05-28", 9, 0);
    books_manual(b, "A", "SIM-A", 1218718, 1231042, 12040, 104, 180);
    books_manual(b, "B", "SIM-B", 307109, 307109 + 7896, 7710, 46, 140);
    books_counter(b, "D", "SIM-D", 510007 + 21460);
}

/* What happened at one site in May: a log each. */
void books_of_site(books *b, char site)
{
    char name[2] = {site}, dev[] = "SIM-?";
    dev[4] = site;
    books_open(b, true);
    books_at(b, "2026-04-30", 17, 30);
    static const uint64_t start[] = {1204310, 300100, 77001, 510007, 9000};
    books_counter(b, name, dev, start[site - 'A']);
    books_at(b, "2026-05-04", 9, 0);
    if (site == 'A') {
        books_manual(b, "A", dev, 1204310, 1217400, 12800, 100, 190);
        books_at(b, "2026-05-13", 9, 0);
        books_manual(b, "A", dev, 1217400, 1217400 + 1140, 1100, 3, 37);
        books_at(b, "2026-05-13", 13, 30);
        books_granted(b, "A", dev, 1217400 + 1140 + 122, "T", 48);
        books_granted(b, "A", dev, 1217400 + 1140 + 170, "S", 5);
        books_granted(b, "A", dev, 1217400 + 1140 + 175, "C", 3);
        books_at(b, "2026-05-28", 9, 0);
        books_manual(b, "A", dev, 1218718, 1231042, 12040, 104, 180);
    } else if (site == 'B') {
        books_manual(b, "B", dev, 300100, 307109, 6900, 50, 50);
        books_at(b, "2026-05-28", 9, 0);
        books_manual(b, "B", dev, 307109, 315005, 7710, 46, 140);
    } else if (site == 'C')
        books_manual(b, "C", dev, 77001, 77001 + 9377, 9120, 60, 200);
    else if (site == 'D') {
        books_manual(b, "D", dev, 510007, 510007 + 10400, 9800, 75, 190);
        books_at(b, "2026-05-19", 9, 0);
        books_manual(b, "D", dev, 520407 + 345, 520407 + 345 + 10315, 10050, 75, 190);
        books_at(b, "2026-05-28", 9, 0);
        books_counter(b, "D", dev, 510007 + 21460);
    } else {
        books_at(b, "2026-05-19", 9, 0);
        books_manual(b, "E", dev, 9000, 9000, 640, 0, 0);
    }
    books_close(b);
}
