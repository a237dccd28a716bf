/* labels: unit fault   timeout: 240 */
/* What somebody with a site's database login can put at the hub: never an entry, never a fork, never in the
 * way of the honest console. Here he knows the console's entries before it sends them, and writes well-formed
 * rows. */
#include "check.h"

#include "helper_chain.h"
#include "helper_server.h"
#include "parcel.h"

#include "fadeline/base/text.h"
#include "fadeline/hub/verify.h"

#define OTHER "SIMULATED/log.example/clinic-8/console-1"
#define BEFORE 300
#define LATER 1100

static fl_push_report report;
static fl_error error;
static fl_cosigned done;
static fl_hub_verified v;

/* The honest log, 300 entries cosigned, and what a clone would have written on. `site` is the login of both.
 */
typedef struct scene {
    test_hub h;
    chain honest, fake;
    fl_hub *site;
    char uri[256];
} scene;

static void begin(scene *s)
{
    chain_init(&s->honest, CHAIN_ORIGIN, 7);
    chain_add(&s->honest, BEFORE - 1, 1);
    test_hub_make(&s->h, NULL);
    helper_login("site_a");
    CHECK(fl_hub_enrol(s->h.by_owner, CHAIN_ORIGIN, s->honest.vkey, "A", "site_a", &error) == FL_OK, "%s",
          error.what);
    CHECK(fl_hub_open(helper_uri(s->h.database, "site_a", s->uri), 0, &s->site, &error) == FL_OK, "%s",
          error.what);
    CHECK(test_push(&s->h, &s->honest, &report, &error) == FL_OK, "%s", error.what);
    chain_copy(&s->honest, &s->fake);
    chain_add(&s->honest, LATER - BEFORE, 1);
    chain_add(&s->fake, LATER - BEFORE, 666);
}

static void end(scene *s)
{
    fl_hub_close(s->site);
    chain_fini(&s->honest);
    chain_fini(&s->fake);
    test_hub_close(&s->h);
}

/* The honest console pushes, the witness comes round; everything holds and nothing of the fake is seen. */
static void expect_honest_through(scene *s, bool with_key, unsigned pushes, const char *what)
{
    fl_hub_head head;
    const fl_push_options no_key = {0};
    for (unsigned i = 0; i < pushes; i++) {
        const fl_push_source source = chain_source(&s->honest);
        error = (fl_error){0};
        const fl_status status = with_key ? test_push(&s->h, &s->honest, &report, &error)
                                          : fl_hub_push(s->site, &source, &no_key, &report, &error);
        CHECK(status == FL_OK && report.judgement == FL_JUDGE_ACCEPT && !report.has_evidence, "%s: %s: %s",
              what, fl_judgement_text(report.judgement), error.what);
        if (with_key) break;
        CHECK(fl_hub_witness_offers(s->h.hub, &s->h.witness, test_clock(), &done, &error) == FL_OK &&
                  !done.forks && (i + 1 < pushes || done.signed_now == 1),
              "%s: %llu signed, %llu forks, %llu wait: %s", what, (unsigned long long)done.signed_now,
              (unsigned long long)done.forks, (unsigned long long)done.waiting, error.what);
    }
    CHECK(fl_hub_find(s->h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.tree.size == LATER &&
              !head.frozen,
          "%s: head %llu%s", what, (unsigned long long)head.tree.size, head.frozen ? ", frozen" : "");
    CHECK(fl_hub_verify(s->h.hub, &head, NULL, &v, &error) == FL_OK && v.report.entries == LATER &&
              !v.waiting,
          "%s: %s", what, error.what);
    fl_hub_reader *reader;
    CHECK(fl_hub_reader_new(s->h.hub, &head, &reader) == FL_OK, "a reader");
    for (uint64_t i = BEFORE; i < LATER; i++) {
        fl_record record;
        int64_t mark = 0;
        CHECK(fl_hub_reader_record(reader, i, &record) == FL_OK &&
                  fl_record_int(&record, "mark", &mark) == FL_OK && mark == 1,
              "%s: entry %llu", what, (unsigned long long)i);
    }
    fl_hub_reader_free(reader);
}

static fl_hash name_of(const chain *c, uint64_t first, uint64_t last)
{
    fl_hash leaves[FL_BUNDLE];
    for (uint64_t i = first; i < last; i++)
        leaves[i - first] = fl_tree_leaf(c->entries[i], strlen(c->entries[i]));
    return fl_parcel_name(leaves, (size_t)(last - first));
}

/* 0: a fake history under its own names. 1: under the names the honest console will use. 2: an honest name
 * with a single entry. 3: ahead, by 10^12. */
static void put_fakes(scene *s, int how)
{
    for (size_t k = 0; k < fl_parcel_count(BEFORE, LATER); k++) {
        uint64_t first, last;
        fl_parcel_span(BEFORE, LATER, k, &first, &last);
        const fl_hash honest = name_of(&s->honest, first, last);
        const char *state =
            test_parcel(&s->h, "site_a", &s->fake, first, how == 2 ? first + 1 : last, how ? &honest : NULL);
        CHECK_TEXT(state, "", "the site may put parcels there");
    }
    char sql[300];
    long rows;
    snprintf(sql, sizeof sql,
             "INSERT INTO fadeline.inbox VALUES(%lld, 1000000000000, sha256('x'), 0, 'xxxx')",
             (long long)fl_hub_log_id(CHAIN_ORIGIN));
    CHECK_TEXT(helper_try(s->h.database, "site_a", sql, &rows), "", "a parcel far ahead");
}

static void rows_put_there_before(void)
{
    for (int how = 0; how < 3; how++)
        for (int with_key = 0; with_key < 2; with_key++) {
            scene s;
            char what[60];
            snprintf(what, sizeof what, "fakes %d, %s the key", how, with_key ? "with" : "without");
            begin(&s);
            put_fakes(&s, how);
            /* Under its very names the console first believes that they are there; the witness misses them,
             * one a round, and clears the place. With the key the push itself comes again. */
            expect_honest_through(&s, with_key != 0, how ? 2 : 1, what);
            end(&s);
        }
}

/* An offer with the console's own signed note, which the login can read, and parcels that lead elsewhere. */
static void offers_with_a_borrowed_note(void)
{
    for (int how = 0; how < 4; how++) {
        scene s;
        fl_hub_head head;
        fl_offer offer, honest;
        begin(&s);
        test_offer(&s.fake, BEFORE, &offer);
        test_offer(&s.honest, BEFORE, &honest);
        snprintf(offer.note, sizeof offer.note, "%s", honest.note);
        if (how < 2) put_fakes(&s, 0);
        if (how == 1) offer.claim.root.byte[0] ^= 1; /* and with a claim that shows nothing */
        if (how == 2) offer.claim = honest.claim;
        if (how == 3) offer.old = 0, offer.count = 0;
        CHECK(fl_hub_find(s.site, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
        CHECK(fl_hub_offer(s.site, &head, &offer, &error) == FL_OK, "%s", error.what);
        /* Alone it leads nowhere, and nobody is accused. */
        CHECK(fl_hub_witness_offers(s.h.hub, &s.h.witness, test_clock(), &done, &error) == FL_OK &&
                  !done.forks && !done.signed_now,
              "offer %d: %s", how, error.what);
        CHECK(fl_hub_find(s.h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && !head.frozen &&
                  head.tree.size == BEFORE && test_rows(&s.h, CHAIN_ORIGIN) == BEFORE,
              "offer %d moved something", how);
        fl_offer again = offer;
        CHECK(fl_hub_offer(s.site, &head, &again, &error) == FL_OK, "%s", error.what);
        expect_honest_through(&s, false, 1, "beside a borrowed note");
        CHECK_TEXT(helper_sql(s.h.database, "SELECT count(*) FROM fadeline.offer"), "0",
                   "all offers are settled");
        free(offer.names);
        free(honest.names);
        end(&s);
    }
}

/* Between the parcels of a push: what is there already is honest, the rest is taken by the fake's. */
static void rows_put_there_in_between(void)
{
    scene s;
    fl_hub_head head;
    fl_offer offer;
    fl_bytes some[FL_BUNDLE];
    uint64_t known;
    begin(&s);
    test_offer(&s.honest, BEFORE, &offer);
    CHECK(fl_hub_find(s.site, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_offer(s.site, &head, &offer, &error) == FL_OK, "%s", error.what);
    for (size_t i = 0; i < 512 - BEFORE; i++)
        some[i] = (fl_bytes){s.honest.entries[BEFORE + i], strlen(s.honest.entries[BEFORE + i])};
    CHECK(fl_hub_receive(s.site, &head, BEFORE, some, 512 - BEFORE, &known, &error) == FL_OK, "%s",
          error.what);
    /* Now the attacker sees the names, and is faster with the next one; the console puts its own beside it.
     */
    CHECK_TEXT(test_parcel(&s.h, "site_a", &s.fake, 512, 768, &offer.names[1]), "", "the fake's");
    for (size_t i = 0; i < 256; i++)
        some[i] = (fl_bytes){s.honest.entries[512 + i], strlen(s.honest.entries[512 + i])};
    CHECK(fl_hub_receive(s.site, &head, 512, some, 256, &known, &error) == FL_OK && !known, "%s", error.what);
    expect_honest_through(&s, false, 1, "in between");
    free(offer.names);
    end(&s);
}

/* Nobody at a site writes entries, or says since when something waits. */
static void what_the_login_may_not(void)
{
    scene s;
    char sql[500];
    long rows;
    begin(&s);
    static const char *const never[] = {
        "INSERT INTO fadeline.entry VALUES(%lld, 300, sha256('x'), 'xx')",
        "INSERT INTO fadeline.entry SELECT log_id, idx + 300, leaf, data FROM fadeline.entry WHERE log_id = "
        "%lld",
        "INSERT INTO fadeline.offer VALUES(%lld, 400, 1, 'x', 0, sha256('x'), '', '', 5)",
        "DELETE FROM fadeline.inbox WHERE log_id = %lld",
        "DELETE FROM fadeline.offer WHERE log_id = %lld",
        "UPDATE fadeline.inbox SET data = 'xxxx' WHERE log_id = %lld"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(sql, sizeof sql, never[i], (long long)fl_hub_log_id(CHAIN_ORIGIN));
#pragma GCC diagnostic pop
        CHECK_TEXT(helper_try(s.h.database, "site_a", sql, &rows), "42501", sql);
    }
    /* Beyond the head lies nothing, and when somebody with every right puts something there, it is found. */
    fl_hub_head head;
    helper_sql(
        s.h.database,
        "INSERT INTO fadeline.entry SELECT log_id, 300, leaf, data FROM fadeline.entry WHERE idx = 299");
    CHECK(fl_hub_find(s.h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_verify(s.h.hub, &head, NULL, &v, &error) == FL_E_DAMAGED && v.report.first_bad == 300 &&
              strstr(v.report.what, "by hand"),
          "%s", v.report.what);
    const fl_push_source source = chain_source(&s.honest);
    const fl_push_options no_key = {0};
    CHECK(fl_hub_push(s.site, &source, &no_key, &report, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_witness_offers(s.h.hub, &s.h.witness, test_clock(), &done, &error) == FL_E_DAMAGED &&
              strstr(error.what, "beyond"),
          "%s", error.what);
    helper_sql(s.h.database, "DELETE FROM fadeline.entry WHERE idx >= 300");
    expect_honest_through(&s, false, 1, "when he has removed it");
    end(&s);
}

/* One site's log cannot be taken; the witness goes on to the others, before it and after it. */
static void the_witness_goes_on_with_the_others(void)
{
    static const char *const origins[] = {"SIMULATED/log.example/clinic-1/a",
                                          "SIMULATED/log.example/clinic-2/b",
                                          "SIMULATED/log.example/clinic-3/c"};
    for (int how = 0; how < 3; how++) {
        test_hub h;
        chain logs[3];
        fl_hub_head head;
        fl_offer offer;
        test_hub_make(&h, NULL);
        for (int i = 0; i < 3; i++) {
            chain_init(&logs[i], origins[i], (uint8_t)(20 + i));
            CHECK(fl_hub_enrol(h.by_owner, origins[i], logs[i].vkey, "S", NULL, &error) == FL_OK, "%s",
                  error.what);
            chain_add(&logs[i], 40, 1);
            if (i == how) chain_put(&logs[i], "{\"a\":1}"); /* signed, and no entry */
            test_offer(&logs[i], 0, &offer);
            CHECK(fl_hub_find(h.hub, origins[i], &head, &error) == FL_OK, "%s", error.what);
            CHECK(fl_hub_offer(h.hub, &head, &offer, &error) == FL_OK, "%s", error.what);
            CHECK_TEXT(test_parcel(&h, "service", &logs[i], 0, logs[i].count, NULL), "", "a parcel");
            free(offer.names);
        }
        CHECK(fl_hub_witness_offers(h.hub, &h.witness, test_clock(), &done, &error) == FL_E_DAMAGED &&
                  done.signed_now == 2 && done.broken == 1 && strstr(error.what, origins[how]) &&
                  strstr(error.what, "entry 41"),
              "log %d: %llu signed: %s", how, (unsigned long long)done.signed_now, error.what);
        for (int i = 0; i < 3; i++) {
            CHECK(fl_hub_find(h.hub, origins[i], &head, &error) == FL_OK &&
                      head.tree.size == (i == how ? 0u : 41u) && !head.frozen,
                  "log %d: %llu", i, (unsigned long long)head.tree.size);
            chain_fini(&logs[i]);
        }
        test_hub_close(&h);
    }
}

/* A signed checkpoint that was offered a day ago and is not cosigned is a finding. What only looks like one
 * is not. */
static void a_log_that_waits(void)
{
    scene s;
    fl_hub_head head;
    fl_offer offer;
    begin(&s);
    CHECK(fl_hub_find(s.h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
    test_offer(&s.honest, BEFORE, &offer);
    helper_sql(s.h.database,
               "INSERT INTO fadeline.offer VALUES(%lld, 9999, 1, 'no note', 300, sha256('x'), '', '', 0)",
               (long long)head.log_id);
    CHECK(fl_hub_verify(s.h.hub, &head, NULL, &v, &error) == FL_OK && !v.waiting, "junk: %s", error.what);
    CHECK(fl_hub_offer(s.site, &head, &offer, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_verify(s.h.hub, &head, NULL, &v, &error) == FL_OK && v.waiting == LATER - BEFORE &&
              !v.overdue,
          "fresh: %s", error.what);
    helper_sql(s.h.database, "UPDATE fadeline.offer SET since_us = since_us - 86390000000 WHERE size < 9999");
    CHECK(fl_hub_verify(s.h.hub, &head, NULL, &v, &error) == FL_OK, "just below a day: %s", error.what);
    helper_sql(s.h.database, "UPDATE fadeline.offer SET since_us = since_us - 11000000 WHERE size < 9999");
    CHECK(fl_hub_offer(s.site, &head, &offer, &error) == FL_OK,
          "offered again, it waits since the first time");
    CHECK(fl_hub_verify(s.h.hub, &head, NULL, &v, &error) == FL_E_NO && v.overdue && !v.report.damaged &&
              strstr(v.report.what, "800 more wait") && strstr(v.report.what, "24 h") && error.hint[0],
          "%s", v.report.what);
    expect_honest_through(&s, false, 1, "and then it is taken");
    free(offer.names);
    end(&s);
}

FL_TESTS("hub/provisional", TEST(rows_put_there_before), TEST(offers_with_a_borrowed_note),
         TEST(rows_put_there_in_between), TEST(what_the_login_may_not),
         TEST(the_witness_goes_on_with_the_others), TEST(a_log_that_waits))
