/* Appending beside the two things it is made of: SQLite with the same settings and a bare insert, and a file
 * that is written to and synced. They take turns, entry by entry. */
#include "bench_journal.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 256
#define MOST 4096

enum { OURS, SQLITE, FILE_SYNC, STORES };
static const char *const names[STORES] = {"journal", "bare SQLite", "bare file"};

typedef struct rivals {
    char directory[FL_PLACE_MAX];
    helper_clock clock;
    fl_journal *journal;
    sqlite3 *db;
    sqlite3_stmt *begin, *insert, *commit;
    int file;
    uint64_t next;
} rivals;

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    must(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sql);
    return statement;
}

static void start(rivals *r)
{
    char path[FL_PLACE_MAX + 16], ours[FL_PLACE_MAX + 16];
    *r = (rivals){.next = 0};
    helper_clock_init(&r->clock);
    helper_directory(r->directory);
    snprintf(ours, sizeof ours, "%s/journal", r->directory);
    r->journal = helper_open(ours, &r->clock, FL_JOURNAL_CREATE);
    snprintf(path, sizeof path, "%s/bare.db", r->directory);
    must(sqlite3_open(path, &r->db) == SQLITE_OK, path);
    must(sqlite3_exec(r->db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=256;"
                      "PRAGMA journal_size_limit=4194304;"
                      "CREATE TABLE entry(idx INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT",
                      NULL, NULL, NULL) == SQLITE_OK,
         "schema");
    r->begin = prepared(r->db, "BEGIN IMMEDIATE");
    r->insert = prepared(r->db, "INSERT INTO entry VALUES(NULL,?1)");
    r->commit = prepared(r->db, "COMMIT");
    snprintf(path, sizeof path, "%s/bare.log", r->directory);
    r->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    must(r->file >= 0, path);
}

static void stop(rivals *r)
{
    sqlite3_finalize(r->begin);
    sqlite3_finalize(r->insert);
    sqlite3_finalize(r->commit);
    sqlite3_close(r->db);
    close(r->file);
    fl_journal_close(r->journal);
    helper_remove(r->directory);
}

static void step(sqlite3_stmt *statement)
{
    must(sqlite3_step(statement) == SQLITE_DONE, "sqlite3_step");
    sqlite3_reset(statement);
}

/* The same number of bytes into each: a counter reading of about 260 bytes. */
static void turn(rivals *r, int store, unsigned count, const fl_entry *entries, const char *bytes,
                 size_t size)
{
    if (store == OURS) {
        helper_clock_add(&r->clock, 100);
        must(fl_journal_append(r->journal, entries, count, NULL) == FL_OK, "append");
    } else if (store == SQLITE) {
        step(r->begin);
        for (unsigned i = 0; i < count; i++) {
            sqlite3_bind_blob(r->insert, 1, bytes, (int)size, SQLITE_STATIC);
            step(r->insert);
        }
        step(r->commit);
    } else {
        static char all[BATCH * 512];
        for (unsigned i = 0; i < count; i++) memcpy(all + i * size, bytes, size);
        must(write(r->file, all, count * size) == (ssize_t)(count * size) && fdatasync(r->file) == 0,
             "write");
    }
}

static void measure(rivals *r, unsigned rounds, unsigned count)
{
    static double wall[STORES][MOST];
    double cpu[STORES] = {0};
    static fl_entry entries[BATCH];
    char bytes[512];
    memset(bytes, 'x', sizeof bytes);
    for (unsigned i = 0; i < rounds; i++) {
        for (unsigned k = 0; k < count; k++) {
            helper_counter(&entries[k], ++r->next);
            fl_entry_text(
                &entries[k], "text",
                "so long that the entry is as long as that of a grant, which is what is written most: "
                "two hundred and sixty bytes, with all the fields that every entry has");
        }
        for (int store = 0; store < STORES; store++) {
            const double begin = bench_wall_s(), used = bench_cpu_s();
            turn(r, store, count, entries, bytes, 260);
            wall[store][i] = bench_wall_s() - begin;
            cpu[store] += bench_cpu_s() - used;
        }
    }
    printf("\n%u at a time, %u times, in turn: ms a commit, and of processor\n", count, rounds);
    printf("  %-12s %8s %8s %8s %8s %10s   entries/s at p50\n", "", "p50", "p95", "p99", "most", "processor");
    for (int store = 0; store < STORES; store++) {
        double *w = wall[store];
        const double p50 = bench_quantile(w, rounds, 0.5);
        printf("  %-12s %8.3f %8.3f %8.3f %8.3f %10.4f   %.0f\n", names[store], 1e3 * p50,
               1e3 * bench_quantile(w, rounds, 0.95), 1e3 * bench_quantile(w, rounds, 0.99),
               1e3 * w[rounds - 1], 1e3 * cpu[store] / rounds, count / p50);
    }
}

void bench_append(unsigned rounds)
{
    rivals r;
    if (rounds > MOST) rounds = MOST;
    start(&r);
    measure(&r, rounds, 1);
    measure(&r, rounds / 3 + 1, BATCH);
    stop(&r);
}
