/* labels: unit fault   timeout: 300 */
/* A push of 1,000 entries whose line is cut: at every message in either direction, at every 3,989th byte, by
 * the server's death. Then run again: nothing lost, nothing twice, at most one bundle sent again. FL_CUTS=97:
 * at every 97th byte as well. FL_CUTS=small: a push of 12 entries in two parcels, cut at every byte of both
 * directions. */
#include "check.h"

#include "helper_chain.h"
#include "helper_proxy.h"
#include "helper_server.h"

#include "fadeline/hub/verify.h"

#include <unistd.h>

#define ENTRIES 1000
#define STRIDE 3989 /* prime: no rhythm of messages hides from it */
#define BUNDLE 256

static test_hub h;
static chain c;
static fl_push_source source;
static fl_push_options options;
static fl_push_report report;
static fl_error error;
static char through[256];
static uint64_t total[2]; /* bytes of a push in peace; the last 5 going up say goodbye */
static unsigned cuts, commits_lost, healed;
static uint64_t most_again;           /* entries that went over the wire twice */
static size_t entries = ENTRIES, old; /* of the log, and of them at the hub before */

/* As it was before the push: what a superuser does to the tables, no console does. */
static void rewind_hub(void)
{
    const long long id = (long long)fl_hub_log_id(CHAIN_ORIGIN);
    helper_sql(h.database,
               "DELETE FROM fadeline.inbox; DELETE FROM fadeline.offer; DELETE FROM fadeline.evidence;"
               "DELETE FROM fadeline.entry WHERE log_id = %lld AND idx >= %zu;"
               "DELETE FROM fadeline.cosig WHERE log_id = %lld AND size > %zu;"
               "UPDATE fadeline.log l SET size = b.size, range = b.range, root = b.root, frozen = false,"
               " checkpoint = b.checkpoint FROM public.before b WHERE l.log_id = %lld",
               id, old, id, old, id);
}

static void begin(void)
{
    if (h.hub) return;
    const char *asked = getenv("FL_CUTS");
    if (asked && strcmp(asked, "small") == 0) old = 250, entries = 262;
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, (old ? old : entries) - 1, 1);
    test_hub_make(&h, &c);
    if (old) CHECK(test_push(&h, &c, &report, &error) == FL_OK, "%s", error.what);
    chain_add(&c, entries - c.count, 1);
    helper_sql(h.database, "CREATE TABLE public.before AS SELECT * FROM fadeline.log");
    source = chain_source(&c);
    options = (fl_push_options){.witness = &h.witness, .clock = test_clock()};
    proxy_start();
    proxy_uri(h.database, "service", through);
}

/* attempts 1: the cut is seen. More: the push heals by itself when the line comes back. */
static fl_status push_through(unsigned attempts)
{
    fl_hub *hub;
    error = (fl_error){0};
    report = (fl_push_report){0};
    fl_status status = fl_hub_open(through, attempts, &hub, &error);
    if (status != FL_OK) return status;
    status = fl_hub_push(hub, &source, &options, &report, &error);
    fl_hub_close(hub);
    return status;
}

static void expect_whole(const char *what, uint64_t at)
{
    fl_hub_head head;
    CHECK(test_rows(&h, CHAIN_ORIGIN) == entries, "%s %llu: %llu rows", what, (unsigned long long)at,
          (unsigned long long)test_rows(&h, CHAIN_ORIGIN));
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.tree.size == entries &&
              !head.frozen,
          "%s %llu: head %llu", what, (unsigned long long)at, (unsigned long long)head.tree.size);
    CHECK(report.line[0] != 0, "%s %llu: cosigned", what, (unsigned long long)at);
}

/* In the log, or on their way into it. */
static uint64_t delivered(void)
{
    const uint64_t rows = test_rows(&h, CHAIN_ORIGIN);
    if (rows > old) return rows - old;
    return strtoull(
        helper_sql(h.database,
                   "SELECT coalesce(sum(least((first / 256 + 1) * 256, %zu) - first), 0) FROM (SELECT"
                   " DISTINCT first FROM fadeline.inbox WHERE first >= %zu) i",
                   entries, old),
        NULL, 10);
}

/* The parcel that was under way, if all before it were acknowledged. */
static uint64_t in_flight(uint64_t acknowledged)
{
    const uint64_t first = old + acknowledged, edge = (first / BUNDLE + 1) * BUNDLE;
    return (edge < entries ? edge : entries) - first;
}

static void cut_at(int direction, uint64_t at)
{
    const char *what = direction == PROXY_UP ? "cut going up at" : "cut coming down at";
    rewind_hub();
    proxy_arm(direction, at, true, NULL);
    const fl_status first = push_through(1);
    CHECK(first == FL_E_GONE || (first == FL_OK && (!proxy_has_cut() || at + 5 >= total[direction])),
          "%s %llu: %s %s", what, (unsigned long long)at, fl_status_name(first), error.what);
    CHECK(first != FL_E_GONE || !report.line[0], "%s %llu: a line before it was durable", what,
          (unsigned long long)at);
    cuts += first == FL_E_GONE;
    const uint64_t acknowledged = report.sent, there = delivered();
    CHECK(there >= acknowledged, "%s %llu: %llu acknowledged, %llu there", what, (unsigned long long)at,
          (unsigned long long)acknowledged, (unsigned long long)there);
    CHECK((old + there) % BUNDLE == 0 || !there || old + there == entries,
          "%s %llu: %llu rows, half a bundle", what, (unsigned long long)at, (unsigned long long)there);
    commits_lost += there > acknowledged;
    CHECK(fl_hub_push(h.hub, &source, &options, &report, &error) == FL_OK, "%s %llu, again: %s", what,
          (unsigned long long)at, error.what);
    /* What was on the wire when it was cut was at most one bundle; nothing of what is there goes out again.
     */
    const uint64_t flown = acknowledged + (first == FL_E_GONE ? in_flight(acknowledged) : 0) + report.sent;
    if (flown > entries - old && flown - (entries - old) > most_again) most_again = flown - (entries - old);
    CHECK(!report.known && report.sent + there == entries - old, "%s %llu: %llu sent, %llu were there", what,
          (unsigned long long)at, (unsigned long long)report.sent, (unsigned long long)there);
    expect_whole(what, at);
}

static void heal_at(int direction, uint64_t at)
{
    rewind_hub();
    proxy_arm(direction, at, false, NULL);
    const fl_status status = push_through(4);
    if (status == FL_E_GONE && strstr(error.what, "cannot be reached")) return; /* said at once */
    CHECK(status == FL_OK && proxy_has_cut(), "heals from %llu: %s %s", (unsigned long long)at,
          fl_status_name(status), error.what);
    healed++;
    expect_whole("healed from", at);
}

static void at_every_message(void)
{
    static uint64_t marks[2][4096];
    size_t count[2];
    begin();
    proxy_arm(PROXY_UP, UINT64_MAX, false, NULL);
    CHECK(push_through(1) == FL_OK, "a push in peace: %s", error.what);
    for (int d = 0; d < 2; d++) {
        total[d] = proxy_bytes(d);
        count[d] = proxy_marks(d, marks[d], 4096);
    }
    const char *all = getenv("FL_CUTS");
    const uint64_t asked = all ? strtoull(all, NULL, 10) : 0, step = old ? 1 : asked ? asked : STRIDE;
    for (int d = 0; d < 2; d++) {
        /* Most of what comes down are rows read back: of those every twentieth will do. */
        const size_t stride = count[d] / 60 + 1;
        for (size_t i = 0; i < count[d]; i += i < 30 ? 4 : i < 125 || i + 12 > count[d] ? 1 : stride) {
            cut_at(d, marks[d][i]);
            if (i % 7 == 0) cut_at(d, marks[d][i] + 1);
            if (i % 5 == 0) heal_at(d, marks[d][i] - 1);
        }
        for (uint64_t at = 0; at < total[d]; at += step) cut_at(d, at);
        CHECK(count[d] > 20, "%zu messages", count[d]);
    }
    printf("(%zu + %zu messages, %llu + %llu bytes; %u cuts, in %u of them the answer to a commit was lost; "
           "%u healed; at most %llu entries twice on the wire) ",
           count[0], count[1], (unsigned long long)total[0], (unsigned long long)total[1], cuts, commits_lost,
           healed, (unsigned long long)most_again);
    CHECK(most_again <= BUNDLE, "%llu entries were sent again", (unsigned long long)most_again);
    CHECK(cuts > 100 && commits_lost > 0, "%u cuts, %u answers lost", cuts, commits_lost);
}

/* The server dies with the line and comes back: what was acknowledged is there. */
static void the_server_dies(void)
{
    begin();
    if (old) return; /* the other push is for bytes */
    static const uint64_t at[] = {3000, 60000, 120000, 150000, 187000};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        rewind_hub();
        proxy_arm(PROXY_UP, at[i], true, helper_server_crash);
        const fl_status status = push_through(1);
        CHECK(status == FL_E_GONE, "%llu: %s %s", (unsigned long long)at[i], fl_status_name(status),
              error.what);
        const uint64_t acknowledged = report.sent;
        helper_server_restart();
        CHECK(delivered() >= acknowledged, "acknowledged and lost");
        /* The old handle's line is dead as well: it makes a new one by itself. */
        CHECK(fl_hub_push(h.hub, &source, &options, &report, &error) == FL_OK, "after the crash: %s",
              error.what);
        CHECK(report.known <= BUNDLE, "%llu sent again", (unsigned long long)report.known);
        expect_whole("crash at", at[i]);
    }
    fl_hub_verified v;
    fl_hub_head head;
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK &&
              fl_hub_verify(h.hub, &head, NULL, &v, &error) == FL_OK,
          "verifies: %s", error.what);
    proxy_stop();
    test_hub_close(&h);
    chain_fini(&c);
}

FL_TESTS("hub/cut", TEST(at_every_message), TEST(the_server_dies))
