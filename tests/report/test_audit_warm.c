/* labels: unit   timeout: 180 */
/* A summary says exactly what reading the whole log says, for every place it can have been made at, and is
 * not believed when anything about it or the log is not as it was. */
#include "check.h"
#include "helper_books.h"

#include "fadeline/base/digest.h"
#include "fadeline/report/audit_warm.h"

#include <sqlite3.h>
#include <unistd.h>

typedef struct bench {
    books b;
    char path[FL_PLACE_MAX + 16];
    fl_error error;
} bench;

static const fl_audit_options may = {.from = {2026, 5, 1}, .to = {2026, 5, 31}};

static fl_journal *reader(bench *t)
{
    fl_journal *journal = NULL;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(t->b.directory, &read, &journal, &t->error) == FL_OK, "%s", t->error.what);
    return journal;
}

static void writer(bench *t)
{
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &t->b.clock};
    CHECK(fl_journal_open(t->b.directory, &write, &t->b.journal, &t->error) == FL_OK, "%s", t->error.what);
}

static char *answer(bench *t, bool warm, const fl_audit_options *options, uint64_t *not_read)
{
    fl_journal *journal = reader(t);
    fl_audit *audit = NULL;
    const fl_status status = warm ? fl_audit_new_warm(journal, t->path, options, &audit, &t->error)
                                  : fl_audit_new(journal, options, &audit, &t->error);
    fl_journal_close(journal);
    if (status != FL_OK) return NULL;
    if (not_read) *not_read = audit->warm;
    audit->warm = 0; /* the one difference there is */
    char *text = books_text(audit, fl_audit_json);
    fl_audit_free(audit);
    return text;
}

static void open_books(bench *t)
{
    books_open(&t->b, true);
    snprintf(t->path, sizeof t->path, "%s/a.summary", t->b.directory);
    books_of_may(&t->b);
}

/* More of everything, a step at a time; some of it in the middle of a session and of a grant. */
static void step(books *b, int n)
{
    char fields[160];
    books_at(b, "2026-05-29", 8, n);
    switch (n) {
    case 0:
        books_put(b, FL_KIND_SESSION_OPEN, "A", "SIM-A", "sid#700|ctr#1231042|who=op:17|pat=p:1|plan=-");
        break;
    case 1:
        books_put(
            b, FL_KIND_GRANT, NULL, "SIM-A",
            "gid#9000|ctr#1231042|sid#700|plan=-|zone=F-L|pu=S|energy_uJ#1|spot_um#1|wl_nm#1064|who=op:17");
        break;
    case 2: books_put(b, FL_KIND_PULSE, NULL, "SIM-A", "gid#9000|ctr#1231043|sid#700|meas_uJ#1"); break;
    case 3: books_put(b, FL_KIND_OVERRIDE, NULL, NULL, "who=op:9|reason=soft-stop|sid#700"); break;
    case 4: books_put(b, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", "sid#700|ctr#1231043|pulses#1"); break;
    case 5:
        books_put(b, FL_KIND_INVOICE, NULL, NULL,
                  "no=7|pat=p:1|cents#100|cur=CAD|who=op:17|sid#700|day=2026-05-29");
        break;
    case 6:
        books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:17|role=operator|by=owner:1|until=2026-06-01");
        break;
    case 7:
        books_put(b, FL_KIND_SERVICE, "B", "SIM-B", "old#315005|new#0|who=svc:3|doc=S-1|next#90000");
        break;
    case 8:
        books_put(b, FL_KIND_EVENT, NULL, NULL, "pat=p:1|what=blister|who=op:17|sid#700|after_h#24");
        break;
    case 9:
        books_put(b, FL_KIND_CHECK, "A", "SIM-A",
                  "pulses#0|head=H1|set_uJ#200000|mean_uJ#0|pass#0|verdict=begun|who=op:17");
        break;
    case 10:
        books_put(b, FL_KIND_CHECK, "A", "SIM-A",
                  "pulses#0|head=H1|set_uJ#200000|mean_uJ#190200|pass#1|verdict=pass|who=op:17");
        break;
    case 11: books_put(b, FL_KIND_ARM_REFUSED, NULL, NULL, "sid#700|cause=limit-reached"); break;
    case 12: books_put(b, FL_KIND_LOOK, NULL, NULL, "pat=p:1|what=photos|who=op:18"); break;
    case 13: books_put(b, FL_KIND_AUTH_FAIL, NULL, NULL, "who=op:18|why=wrong-pin"); break;
    default:
        snprintf(fields, sizeof fields, "who=op:17|text=look-early|sid#700");
        books_put(b, FL_KIND_NOTE, NULL, NULL, fields);
        break;
    }
}

static void a_summary_made_anywhere_says_the_same(void)
{
    bench t = {0};
    uint64_t not_read = 1, last = 0;
    open_books(&t);
    books_close(&t.b);
    char *first = answer(&t, true, &may, &not_read);
    CHECK(first && not_read == 0, "the first time everything is read");
    free(first);
    for (int n = 0; n < 15; n++) {
        writer(&t);
        step(&t.b, n);
        books_close(&t.b);
        char *warm = answer(&t, true, &may, &not_read), *cold = answer(&t, false, &may, NULL);
        CHECK(warm && cold && strcmp(warm, cold) == 0, "step %d: %s", n, t.error.what);
        CHECK(not_read > last, "step %d: %llu entries not read again", n, (unsigned long long)not_read);
        last = not_read;
        free(warm);
        free(cold);
    }
    /* the summary knows no period, site or device */
    const fl_audit_options others[] = {{.from = {2026, 5, 13}, .to = {2026, 5, 13}},
                                       {.from = {2026, 4, 1}, .to = {2026, 5, 7}, .site = "A"},
                                       {.from = {2026, 5, 1}, .to = {2026, 5, 29}, .device = "SIM-B"},
                                       {.from = {2026, 6, 1}, .to = {2026, 6, 30}}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char *warm = answer(&t, true, &others[i], &not_read), *cold = answer(&t, false, &others[i], NULL);
        CHECK(warm && cold && strcmp(warm, cold) == 0 && not_read > 0, "question %zu", i);
        free(warm);
        free(cold);
    }
    const fl_audit_options west = {.from = {2026, 5, 1}, .to = {2026, 5, 31}, .utc_offset_min = -240};
    char *warm = answer(&t, true, &west, &not_read), *cold = answer(&t, false, &west, NULL);
    CHECK(warm && cold && strcmp(warm, cold) == 0 && not_read == 0, "other days need another summary");
    free(warm);
    free(cold);
    books_remove(&t.b);
}

static void put_file(const char *path, const char *bytes, size_t size) /* no sync: there are many */
{
    FILE *file = fopen(path, "wbe");
    CHECK(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "%s", path);
}

/* One byte changed, cut or added, wherever: read whole, same answer. With a right hash over wrong insides as
 * well. */
static void a_damaged_summary_is_not_used(void)
{
    bench t = {0};
    uint64_t not_read;
    char *bytes;
    size_t size;
    open_books(&t);
    books_close(&t.b);
    char *good = answer(&t, true, &may, NULL);
    CHECK(fl_place_read(t.path, 1 << 26, &bytes, &size, &t.error) == FL_OK, "%s", t.error.what);
    unsigned tried = 0;
    for (size_t at = 0; at < size; at += size / 16 + 1, tried++) {
        bytes[at] ^= 1;
        put_file(t.path, bytes, size);
        char *got = answer(&t, true, &may, &not_read);
        CHECK(got && not_read == 0 && strcmp(got, good) == 0, "byte %zu: used", at);
        free(got);
        bytes[at] ^= 1;
    }
    const size_t cuts[] = {0, 1, 32, 200, size / 2, size - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++, tried++) {
        put_file(t.path, bytes, cuts[i]);
        char *got = answer(&t, true, &may, &not_read);
        CHECK(got && not_read == 0 && strcmp(got, good) == 0, "cut at %zu: used", cuts[i]);
        free(got);
    }
    for (size_t at = 64; at < 1400 && at + 40 < size;
         at += 8, tried++) { /* head: counts, sizes, tree, origin */
        bytes[at] ^= 0x55;
        fl_sha256(bytes, size - FL_SHA256_SIZE, (uint8_t *)bytes + size - FL_SHA256_SIZE);
        put_file(t.path, bytes, size);
        char *got = answer(&t, true, &may, &not_read);
        CHECK(got && (not_read == 0 || strcmp(got, good) == 0) && strcmp(got, good) == 0, "head byte %zu",
              at);
        free(got);
        bytes[at] ^= 0x55;
    }
    CHECK(tried > 50, "%u tried", tried);
    free(bytes);
    free(good);
    books_remove(&t.b);
}

static void execute(bench *t, const char *sql)
{
    sqlite3 *db;
    char path[FL_PLACE_MAX + 16];
    snprintf(path, sizeof path, "%s/journal.db", t->b.directory);
    CHECK(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
          "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* A new entry that was changed, a log that was cut back, another log: the summary is left aside, the log is
 * judged. */
static void a_changed_log_is_found(void)
{
    bench t = {0};
    uint64_t not_read;
    open_books(&t);
    books_close(&t.b);
    free(answer(&t, true, &may, NULL));
    writer(&t);
    for (int n = 0; n < 5; n++) step(&t.b, n);
    books_close(&t.b);
    execute(&t, "DROP TRIGGER entry_no_update; UPDATE entry SET data=CAST(replace(CAST(data AS "
                "TEXT),'soft-stop','soft-stay') "
                "AS BLOB)");
    char *got = answer(&t, true, &may, &not_read);
    CHECK(!got && t.error.status == FL_E_DAMAGED, "a changed new entry: %s", t.error.what);
    free(got);
    execute(&t, "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'soft-stay','soft-stop') AS BLOB)");
    got = answer(&t, true, &may, &not_read);
    CHECK(got && not_read > 0, "changed back: %s", t.error.what);
    free(got);
    bench other = {0};
    open_books(&other);
    books_close(&other.b);
    memcpy(other.path, t.path, sizeof other.path);
    got = answer(&other, true, &may, &not_read);
    CHECK(got && not_read == 0, "the summary of another log is none");
    free(got);
    got = answer(&t, true, &may, &not_read); /* it now holds the other one's */
    CHECK(got && not_read == 0, "and back again");
    free(got);
    books_remove(&other.b);
    books_remove(&t.b);
}

/* A summary of a longer log than there is: cut back to before it. */
static void a_log_cut_back_is_not_summed_up(void)
{
    bench t = {0};
    open_books(&t);
    char sql[200];
    uint64_t not_read = 1;
    const unsigned long long before = fl_journal_size(t.b.journal);
    for (int n = 0; n < 5; n++) step(&t.b, n);
    books_close(&t.b);
    free(answer(&t, true, &may, NULL));
    snprintf(sql, sizeof sql, "DROP TRIGGER entry_no_delete; DELETE FROM entry WHERE idx >= %llu", before);
    execute(&t, sql);
    char *got = answer(&t, true, &may, &not_read);
    CHECK(!got, "an answer over entries that are gone");
    free(got);
    books_remove(&t.b);
}

FL_TESTS("report/audit_warm", TEST(a_summary_made_anywhere_says_the_same),
         TEST(a_damaged_summary_is_not_used), TEST(a_changed_log_is_found),
         TEST(a_log_cut_back_is_not_summed_up))
