/* labels: unit   timeout: 240 */
/* Rights are the database's: what a site's login, the service and the owner may do, statement by statement.
 */
#include "check.h"

#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/base/text.h"
#include "fadeline/hub/verify.h"

#define OTHER "SIMULATED/log.example/clinic-8/console-1"

static fl_push_report report;
static fl_error error;

/* Two sites with a log each and a login each, both pushed. */
static void two_sites(test_hub *h, chain *a, chain *b)
{
    chain_init(a, CHAIN_ORIGIN, 7);
    chain_init(b, OTHER, 8);
    chain_add(a, 20, 1);
    chain_add(b, 30, 1);
    test_hub_make(h, NULL);
    helper_login("site_a");
    helper_login("site_b");
    CHECK(fl_hub_enrol(h->by_owner, CHAIN_ORIGIN, a->vkey, "A", "site_a", &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_enrol(h->by_owner, OTHER, b->vkey, "B", "site_b", &error) == FL_OK, "%s", error.what);
    CHECK(test_push(h, a, &report, &error) == FL_OK, "%s", error.what);
    CHECK(test_push(h, b, &report, &error) == FL_OK, "%s", error.what);
}

static void no_statement_gets_through(void)
{
    test_hub h;
    chain a, b;
    two_sites(&h, &a, &b);
    const long long mine = (long long)fl_hub_log_id(CHAIN_ORIGIN), other = (long long)fl_hub_log_id(OTHER);
    static const char *const tables[] = {"hub",   "log",   "entry",    "inbox",
                                         "offer", "cosig", "evidence", "member"};
    static const char *const logins[] = {"site_a", "service"};
    char sql[600];
    long rows;
    unsigned tried = 0;
    for (size_t l = 0; l < 2; l++)
        for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
            static const char *const all[] = {
                "TRUNCATE fadeline.%s",
                "DROP TABLE fadeline.%s",
                "ALTER TABLE fadeline.%s DISABLE ROW LEVEL SECURITY",
                "CREATE POLICY mine ON fadeline.%s USING (true)",
                "ALTER TABLE fadeline.%s ADD COLUMN x int8",
                "CREATE TRIGGER t BEFORE INSERT ON fadeline.%s EXECUTE FUNCTION x()",
                "GRANT ALL ON fadeline.%s TO public"};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++, tried++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(sql, sizeof sql, all[i], tables[t]);
#pragma GCC diagnostic pop
                const char *state = helper_try(h.database, logins[l], sql, &rows);
                /* A GRANT by somebody without the right is a warning and gives nothing. */
                CHECK(strcmp(state, "42501") == 0 || (strncmp(sql, "GRANT", 5) == 0 && !*state),
                      "%s: '%s': '%s'", logins[l], sql, state);
            }
        }
    /* Changes of every column, for the site; for the service all but the five of a head. */
    static const char *const columns[] = {
        "hub SET version = 9",   "hub SET vkey = 'x'",         "log SET origin = 'x'",
        "log SET log_id = 1",    "log SET vkey = 'x'",         "log SET site = 'A'",
        "entry SET idx = 99",    "entry SET log_id = 1",       "entry SET data = 'xx'",
        "entry SET leaf = leaf", "cosig SET line = 'x'",       "cosig SET note = 'x'",
        "cosig SET size = 1",    "offer SET note = 'x'",       "evidence SET kind = 'x'",
        "member SET site = 'B'", "member SET login = 'site_a'"};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++, tried++) {
            snprintf(sql, sizeof sql, "UPDATE fadeline.%s", columns[i]);
            CHECK(strcmp(helper_try(h.database, logins[l], sql, &rows), "42501") == 0, "%s: %s", logins[l],
                  sql);
        }
    static const char *const heads[] = {"size = 0", "range = ''", "root = ''", "checkpoint = ''",
                                        "frozen = false"};
    for (size_t i = 0; i < 5; i++, tried++) {
        snprintf(sql, sizeof sql, "UPDATE fadeline.log SET %s", heads[i]);
        CHECK(strcmp(helper_try(h.database, "site_a", sql, &rows), "42501") == 0, "site_a: %s", sql);
    }
    /* A site puts nothing where only the owner or the witness writes, nor into another's log, nor over its
     * own. */
    const struct {
        const char *login, *sql, *state;
    } inserts[] = {
        {"site_a", "INSERT INTO fadeline.log VALUES('x', 1, 'x', 'A', 0, '', '', '', false)", "42501"},
        {"service", "INSERT INTO fadeline.log VALUES('x', 1, 'x', 'A', 0, '', '', '', false)", "42501"},
        {"site_a", "INSERT INTO fadeline.member VALUES('site_a', 'B')", "42501"},
        {"service", "INSERT INTO fadeline.member VALUES('service', 'B')", "42501"},
        {"site_a", "INSERT INTO fadeline.cosig SELECT log_id, 99, note, line FROM fadeline.cosig", "42501"},
        {"site_a", "INSERT INTO fadeline.evidence VALUES(%other, 'x', 'fork', '', '', '', '', 0)", "42501"},
        {"site_a", "INSERT INTO fadeline.entry SELECT %other, idx, leaf, data FROM fadeline.entry", "42501"},
        {"site_a",
         "INSERT INTO fadeline.offer(log_id, size, nonce, note, old, old_root, proof, names) VALUES(%other, "
         "99, 1, 'x', 0, '', '', '')",
         "42501"},
        {"site_a", "INSERT INTO fadeline.entry SELECT log_id, idx, leaf, data FROM fadeline.entry LIMIT 1",
         "42501"},
        {"site_a", "INSERT INTO fadeline.inbox VALUES(%other, 31, sha256('x'), 0, 'xxxx')", "42501"},
        {"service", "INSERT INTO fadeline.entry SELECT log_id, idx, leaf, data FROM fadeline.entry LIMIT 1",
         "23505"},
        {"site_a",
         "INSERT INTO fadeline.entry SELECT log_id, idx, leaf, data FROM fadeline.entry ON CONFLICT (log_id, "
         "idx) DO "
         "UPDATE SET data = 'xx'",
         "42501"},
        {"site_a", "SET ROLE owner", "42501"},
        {"site_a", "SET ROLE fadeline_service", "42501"},
        {"site_a", "SET row_security = off; SELECT count(*) FROM fadeline.entry", "42501"},
        {"site_a", "COPY fadeline.entry TO '/tmp/fl-never'", "42501"},
        {"site_a", "CREATE TABLE fadeline.mine(x int)", "42501"},
    };
    for (size_t i = 0; i < sizeof inserts / sizeof *inserts; i++, tried++) {
        const char *at = strstr(inserts[i].sql, "%other");
        if (at)
            snprintf(sql, sizeof sql, "%.*s%lld%s", (int)(at - inserts[i].sql), inserts[i].sql, other,
                     at + 6);
        else
            snprintf(sql, sizeof sql, "%s", inserts[i].sql);
        const char *state = helper_try(h.database, inserts[i].login, sql, &rows);
        CHECK(strcmp(state, inserts[i].state) == 0, "%s: '%s': '%s'", inserts[i].login, sql, state);
    }
    CHECK(tried > 160, "%u statements", tried);
    /* What a site sees: its own rows of every table, and nothing of the other's. */
    static const char *const seen[] = {"log", "entry", "cosig"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(sql, sizeof sql, "SELECT 1 FROM fadeline.%s WHERE log_id = %lld", seen[i], other);
        CHECK(*helper_try(h.database, "site_a", sql, &rows) == 0 && rows == 0, "%s: %ld rows", sql, rows);
        snprintf(sql, sizeof sql, "SELECT 1 FROM fadeline.%s WHERE log_id = %lld", seen[i], mine);
        CHECK(*helper_try(h.database, "site_a", sql, &rows) == 0 && rows > 0, "%s: %ld rows", sql, rows);
        snprintf(sql, sizeof sql, "SELECT 1 FROM fadeline.%s", seen[i]);
        CHECK(*helper_try(h.database, "owner", sql, &rows) == 0 && rows > 1, "the owner sees all: %ld", rows);
    }
    CHECK(*helper_try(h.database, "site_a", "SELECT 1 FROM fadeline.member", &rows) == 0 && rows == 1,
          "%ld members", rows);
    helper_login("stranger");
    CHECK(strcmp(helper_try(h.database, "stranger", "SELECT 1 FROM fadeline.entry", &rows), "42501") == 0,
          "somebody else's login");
    helper_login("reader");
    helper_sql(h.database, "GRANT fadeline_owner TO reader");
    CHECK(*helper_try(h.database, "reader", "SELECT 1 FROM fadeline.entry", &rows) == 0 && rows == 52, "%ld",
          rows);
    CHECK(strcmp(helper_try(h.database, "reader", "INSERT INTO fadeline.member VALUES('a', 'b')", &rows),
                 "42501") == 0,
          "reads only");
    CHECK(test_rows(&h, CHAIN_ORIGIN) == 21 && test_rows(&h, OTHER) == 31, "nothing changed");
    chain_fini(&a);
    chain_fini(&b);
    test_hub_close(&h);
}

/* The same through the program: a site's login pushes its own log and meets nobody else's. */
static void a_site_pushes_its_own_only(void)
{
    test_hub h;
    chain a, b;
    fl_hub *site;
    char uri[256];
    fl_hub_head *heads, head;
    size_t count;
    const fl_push_options no_key = {0};
    two_sites(&h, &a, &b);
    CHECK(fl_hub_open(helper_uri(h.database, "site_a", uri), 0, &site, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_logs(site, &heads, &count, &error) == FL_OK && count == 1, "%zu logs", count);
    if (count) CHECK_TEXT(heads[0].origin, CHAIN_ORIGIN, "its own");
    free(heads);
    chain_add(&a, 300, 1);
    chain_add(&b, 300, 1);
    fl_push_source source = chain_source(&a);
    CHECK(fl_hub_push(site, &source, &no_key, &report, &error) == FL_OK && report.sent == 300, "%s",
          error.what);
    source = chain_source(&b);
    CHECK(fl_hub_push(site, &source, &no_key, &report, &error) == FL_E_NO &&
              strstr(error.what, "does not know"),
          "%s", error.what);
    /* With a head from elsewhere it still puts nothing into the other's log. */
    uint64_t known;
    const fl_bytes entry = {b.entries[31], strlen(b.entries[31])};
    CHECK(fl_hub_find(h.hub, OTHER, &head, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_receive(site, &head, 31, &entry, 1, &known, &error) == FL_E_NO &&
              strstr(error.what, "may not do it"),
          "%s", error.what);
    /* Nor does it witness, even with the key. */
    fl_witnessing w;
    fl_offer offer;
    test_offer(&a, 21, &offer);
    CHECK(fl_hub_witness(site, CHAIN_ORIGIN, &offer, &h.witness, NULL, &w, &error) == FL_E_NO && !w.line[0],
          "%s", error.what);
    free(offer.names);
    fl_cosigned done;
    CHECK(fl_hub_witness_offers(h.hub, &h.witness, NULL, &done, &error) == FL_OK && done.signed_now == 1,
          "%s", error.what);
    fl_hub_verified v;
    CHECK(fl_hub_find(site, CHAIN_ORIGIN, &head, &error) == FL_OK &&
              fl_hub_verify(site, &head, NULL, &v, &error) == FL_OK && v.report.entries == 321,
          "a site verifies its own log: %s", error.what);
    fl_hub_close(site);
    chain_fini(&a);
    chain_fini(&b);
    test_hub_close(&h);
}

FL_TESTS("hub/rights", TEST(no_statement_gets_through), TEST(a_site_pushes_its_own_only))
