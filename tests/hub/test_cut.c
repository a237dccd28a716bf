/* labels: unit fault   timeout: 300 */
/* A push of 1,000 entries whose line is cut: at every message in either direction, within messages, by the
 * server's death. Then run again: nothing lost, nothing twice, at most one bundle sent again. FL_CUTS=all: at
 * every byte; FL_CUTS=97: at every 97th. */
#include "check.h"

#include "helper_chain.h"
#include "helper_proxy.h"
#include "helper_server.h"

#include "fadeline/base/random.h"
#include "fadeline/hub/verify.h"

#include <unistd.h>

#define ENTRIES 1000
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

static void begin(void)
{
    if (h.hub) return;
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, ENTRIES - 1, 1);
    test_hub_make(&h, &c);
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
    CHECK(test_rows(&h, CHAIN_ORIGIN) == ENTRIES, "%s %llu: %llu rows", what, (unsigned long long)at,
          (unsigned long long)test_rows(&h, CHAIN_ORIGIN));
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.tree.size == ENTRIES &&
              !head.frozen,
          "%s %llu: head %llu", what, (unsigned long long)at, (unsigned long long)head.tree.size);
    CHECK(report.line[0] != 0, "%s %llu: cosigned", what, (unsigned long long)at);
}

/* In the log, or on their way into it. */
static uint64_t delivered(void)
{
    const uint64_t rows = test_rows(&h, CHAIN_ORIGIN);
    return rows ? rows : test_inbox(&h, CHAIN_ORIGIN, ENTRIES);
}

static void cut_at(int direction, uint64_t at)
{
    const char *what = direction == PROXY_UP ? "cut going up at" : "cut coming down at";
    test_forget(&h, CHAIN_ORIGIN);
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
    CHECK(there % BUNDLE == 0 || there == ENTRIES, "%s %llu: %llu rows, half a bundle", what,
          (unsigned long long)at, (unsigned long long)there);
    commits_lost += there > acknowledged;
    CHECK(fl_hub_push(h.hub, &source, &options, &report, &error) == FL_OK, "%s %llu, again: %s", what,
          (unsigned long long)at, error.what);
    CHECK(report.known <= BUNDLE && report.sent + there <= ENTRIES + BUNDLE, "%s %llu: %llu sent again", what,
          (unsigned long long)at, (unsigned long long)report.known);
    expect_whole(what, at);
}

static void heal_at(int direction, uint64_t at)
{
    test_forget(&h, CHAIN_ORIGIN);
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
    const uint64_t step = all ? strcmp(all, "all") == 0 ? 1 : strtoull(all, NULL, 10) : 0;
    for (int d = 0; d < 2; d++) {
        /* Most of what comes down are rows read back: of those every twentieth will do. */
        const size_t stride = count[d] / 60 + 1;
        for (size_t i = 0; i < count[d]; i += i < 30 ? 4 : i < 125 || i + 12 > count[d] ? 1 : stride) {
            cut_at(d, marks[d][i]);
            if (i % 7 == 0) cut_at(d, marks[d][i] + 1);
            if (i % 5 == 0) heal_at(d, marks[d][i] - 1);
        }
        for (uint64_t at = 0; step && at < total[d]; at += step) cut_at(d, at);
        CHECK(count[d] > 40, "%zu messages", count[d]);
    }
    fl_random random;
    fl_random_init(&random, 20261127, 7);
    for (int i = 0; i < 15 && !step; i++) cut_at(PROXY_UP, fl_random_u64(&random) % total[PROXY_UP]);
    printf("(%zu + %zu messages, %llu + %llu bytes; %u cuts, in %u of them the answer to a commit was lost; "
           "%u healed) ",
           count[0], count[1], (unsigned long long)total[0], (unsigned long long)total[1], cuts, commits_lost,
           healed);
    CHECK(cuts > 100 && commits_lost > 0, "%u cuts, %u answers lost", cuts, commits_lost);
}

/* The server dies with the line and comes back: what was acknowledged is there. */
static void the_server_dies(void)
{
    begin();
    static const uint64_t at[] = {3000, 60000, 120000, 150000, 187000};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        test_forget(&h, CHAIN_ORIGIN);
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
