/* bench_hub [ENTRIES]: how fast a push goes into a hub, with a real server that syncs, beside a raw COPY of
 * the same rows into the same table in the same run. Rates by the clock, and the client's own processor time
 * beside them. */
#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/hub/verify.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct stopwatch {
    struct timespec wall;
    struct rusage used;
} stopwatch;

static stopwatch begin(void)
{
    stopwatch s;
    clock_gettime(CLOCK_MONOTONIC, &s.wall);
    getrusage(RUSAGE_SELF, &s.used);
    return s;
}

static double seconds_of(const struct rusage *r)
{
    return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) +
           (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1e6;
}

static double finish(const stopwatch *s, const char *what, size_t entries)
{
    const stopwatch now = begin();
    const double wall =
        (double)(now.wall.tv_sec - s->wall.tv_sec) + (double)(now.wall.tv_nsec - s->wall.tv_nsec) / 1e9;
    const double used = seconds_of(&now.used) - seconds_of(&s->used);
    printf("%-34s %8.2f s  %9.0f entries/s   client %6.2f s processor, %9.0f entries/s\n", what, wall,
           (double)entries / wall, used, (double)entries / used);
    fflush(stdout);
    return (double)entries / wall;
}

static void must(bool good, const char *what, const fl_error *error)
{
    if (good) return;
    fprintf(stderr, "bench_hub: %s\n", what);
    if (error) fl_error_print(stderr, error);
    exit(1);
}

static void put_number(char **at, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) *(*at)++ = (char)(value >> (8 * i));
}

/* The same rows, hashed by the client, by COPY in binary: the fastest way in that PostgreSQL has. */
static void copy_rows(const test_hub *h, const chain *c, size_t per_commit)
{
    PGconn *conn = PQconnectdb(h->owner_uri); /* row rights forbid COPY to everybody else */
    char row[FL_ENTRY_MAX + 128], *at;
    const uint64_t id = fl_hub_log_id(c->signer.vkey.name);
    for (size_t first = 0; first < c->count; first += per_commit) {
        PGresult *result = PQexec(conn, "COPY fadeline.entry FROM STDIN (FORMAT binary)");
        must(PQresultStatus(result) == PGRES_COPY_IN, PQerrorMessage(conn), NULL);
        PQclear(result);
        must(PQputCopyData(conn, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19) == 1, PQerrorMessage(conn), NULL);
        for (size_t i = first; i < c->count && i < first + per_commit; i++) {
            const size_t size = strlen(c->entries[i]);
            const fl_hash leaf = fl_tree_leaf(c->entries[i], size);
            at = row;
            put_number(&at, 4, 2);
            put_number(&at, 8, 4);
            put_number(&at, id, 8);
            put_number(&at, 8, 4);
            put_number(&at, i, 8);
            put_number(&at, 32, 4);
            memcpy(at, leaf.byte, 32);
            at += 32;
            put_number(&at, size, 4);
            memcpy(at, c->entries[i], size);
            at += size;
            must(PQputCopyData(conn, row, (int)(at - row)) == 1, PQerrorMessage(conn), NULL);
        }
        must(PQputCopyData(conn, "\377\377", 2) == 1 && PQputCopyEnd(conn, NULL) == 1, PQerrorMessage(conn),
             NULL);
        result = PQgetResult(conn);
        must(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(conn), NULL);
        PQclear(result);
        while ((result = PQgetResult(conn))) PQclear(result);
    }
    PQfinish(conn);
}

/* As our own treatment records are: a grant of some 260 bytes. */
static void add_grants(chain *c, size_t count)
{
    char entry[FL_ENTRY_MAX];
    for (size_t i = 0; i < count; i++) {
        c->mono_us += 100000;
        snprintf(entry, sizeof entry,
                 "{\"boot\":1,\"clk\":2,\"ctr\":%zu,\"dev\":\"SIM-0007\",\"gid\":%zu,\"k\":\"note\",\"meas_"
                 "uJ\":251300,"
                 "\"mono_us\":%lld,\"plan\":"
                 "\"38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a\",\"sid\":1,"
                 "\"sim\":1,\"spot_um\":3000,\"text\":\"pulse\",\"utc_us\":%lld,\"v\":1,\"who\":\"op:17\"}",
                 41207 + c->count, c->count, (long long)c->mono_us,
                 (long long)(1767225600000000 + c->mono_us));
        chain_put(c, entry);
    }
}

static fl_status deliver(test_hub *h, chain *c, fl_push_report *report, fl_error *error)
{
    const fl_push_source source = chain_source(c);
    const fl_push_options options = {0};
    return fl_hub_push(h->hub, &source, &options, report, error);
}

int main(int argc, char **argv)
{
    const size_t entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
    chain c;
    test_hub h;
    fl_push_report report;
    fl_error error = {0};
    fl_hub_verified v;
    fl_hub_head head;
    helper_server_start(true);
    chain_init(&c, CHAIN_ORIGIN, 7);
    add_grants(&c, entries - 1);
    test_hub_make(&h, &c);
    printf("%zu entries of %zu bytes; PostgreSQL %s, fsync on, Unix socket\n", entries,
           strlen(c.entries[entries - 1]), helper_sql(h.database, "SHOW server_version"));
    double rates[2][2];
    for (int round = 0; round < 2; round++) {
        test_forget(&h, CHAIN_ORIGIN);
        helper_sql(h.database, "VACUUM FULL fadeline.entry");
        stopwatch s = begin();
        copy_rows(&h, &c, 8192);
        rates[round][0] = finish(&s, "raw COPY, 8,192 rows a commit", entries);
        test_forget(&h, CHAIN_ORIGIN);
        helper_sql(h.database, "VACUUM FULL fadeline.entry");
        s = begin();
        must(deliver(&h, &c, &report, &error) == FL_OK, "deliver", &error);
        rates[round][1] = finish(&s, "push: checked, hashed, delivered", entries);
        s = begin();
        fl_cosigned done;
        must(fl_hub_witness_offers(h.hub, &h.witness, NULL, &done, &error) == FL_OK && done.signed_now == 1,
             "witness", &error);
        finish(&s, "witness: read back, recomputed, signed", entries);
    }
    must(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK, "find", &error);
    printf("push is %.2f and %.2f of raw COPY\n", rates[0][1] / rates[0][0], rates[1][1] / rates[1][0]);
    printf("on the disk: entry %s bytes with its index, %.0f a row\n",
           helper_sql(h.database, "SELECT pg_total_relation_size('fadeline.entry')"),
           strtod(helper_sql(h.database, "SELECT pg_total_relation_size('fadeline.entry')"), NULL) /
               (double)entries);
    stopwatch s = begin();
    const fl_status verified = fl_hub_verify(h.hub, &head, NULL, &v, &error);
    finish(&s, verified == FL_OK ? "verify" : "verify (stopped)", v.report.entries);
    test_hub_close(&h);
    chain_fini(&c);
    return 0;
}
