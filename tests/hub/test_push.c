/* labels: unit   timeout: 240 */
/* A log goes to a real server: once, again, cut short, forked, rolled back, replaced, with a wrong key. */
#include "check.h"

#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/base/text.h"

#define PUSH(h, c, want, label)                                                                              \
    do {                                                                                                     \
        const fl_status got_ = test_push(h, c, &report, &error);                                             \
        CHECK(got_ == (want), "%s: %s: %s", label, fl_status_name(got_), error.what);                        \
    } while (0)

static fl_push_report report;
static fl_error error;

static void a_log_grows_at_the_hub(void)
{
    chain c;
    test_hub h;
    fl_vkey keys[2];
    fl_note opened;
    char note[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX];
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, 699, 1);
    test_hub_make(&h, &c);
    PUSH(&h, &c, FL_OK, "first push");
    CHECK(report.judgement == FL_JUDGE_ACCEPT && report.sent == 700 && report.known == 0 &&
              report.bundles == 3,
          "%u, %llu sent, %llu known, %llu bundles", report.judgement, (unsigned long long)report.sent,
          (unsigned long long)report.known, (unsigned long long)report.bundles);
    snprintf(note, sizeof note, "%s%s", report.checkpoint, report.line);
    keys[0] = c.signer.vkey;
    keys[1] = h.witness.vkey;
    CHECK(fl_note_open(note, strlen(note), keys, 2, &opened) == FL_OK && opened.verified == 2 &&
              opened.time_s[1] == 1767225660,
          "both signatures hold");
    PUSH(&h, &c, FL_OK, "the same again");
    CHECK(report.judgement == FL_JUDGE_SAME && report.sent == 0 && strstr(note, report.line),
          "the same line again");
    chain_add(&c, 5, 1);
    PUSH(&h, &c, FL_OK, "five more");
    CHECK(report.judgement == FL_JUDGE_ACCEPT && report.sent == 5 && report.hub_size == 700, "%llu sent",
          (unsigned long long)report.sent);
    /* A parcel that is there already is put there once. */
    fl_hub_head head;
    fl_bytes more[10];
    uint64_t known = 0;
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK, "%s", error.what);
    chain_add(&c, 10, 1);
    for (size_t i = 0; i < 10; i++) more[i] = (fl_bytes){c.entries[705 + i], strlen(c.entries[705 + i])};
    for (int i = 0; i < 2; i++)
        CHECK(fl_hub_receive(h.hub, &head, 705, more, 10, &known, &error) == FL_OK && known == (i ? 10u : 0u),
              "%llu: %s", (unsigned long long)known, error.what);
    CHECK_TEXT(helper_sql(h.database, "SELECT count(*) FROM fadeline.inbox WHERE first = 705"), "1", "once");
    CHECK(test_rows(&h, CHAIN_ORIGIN) == 705, "every entry once");
    chain_fini(&c);
    test_hub_close(&h);
}

/* Journal reference, section 10.4, with its seeds: the cosigned checkpoint to the byte. */
static void the_reference_vector(void)
{
    static const char *const entries[] = {
        "{\"boot\":1,\"clk\":2,\"inst\":\"b7e1c0de00000000000000000000a001\",\"k\":\"log.open\",\"log\":"
        "\"log.example/"
        "clinic-7/console-2\",\"mono_us\":0,\"pred\":\"\",\"utc_us\":1767225600000000,\"v\":1}",
        "{\"boot\":1,\"clk\":2,\"cmt\":\"905100883942cbf5cc56d5c5f3ed9c4070ec537f76ccb1a9ed5670bcfff7adaa\","
        "\"k\":"
        "\"session.open\",\"mono_us\":1200345,\"pat\":\"p:5d1f\",\"sid\":1,\"utc_us\":1767225601200345,\"v\":"
        "1,\"who\":"
        "\"op:17\"}",
        "{\"boot\":1,\"clk\":2,\"energy_uJ\":250000,\"k\":\"plan.confirm\",\"mono_us\":9800111,\"plan\":"
        "\"38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a\",\"pulse_ps\":450,\"rate_mHz\":"
        "5000,"
        "\"sid\":1,\"spot_um\":3000,\"utc_us\":1767225609800111,\"v\":1,\"who\":\"op:17\",\"wl_nm\":1064,"
        "\"zone\":"
        "\"z:3\"}",
        "{\"boot\":1,\"clk\":2,\"ctr\":41207,\"gid\":1,\"k\":\"grant\",\"mono_us\":21400002,\"plan\":"
        "\"38d0287182a74a6879e277b5907da1f0807d24ed2cb56911517de9f9863d5a6a\",\"sid\":1,\"utc_us\":"
        "1767225621400002,"
        "\"v\":1}",
        "{\"boot\":1,\"clk\":2,\"ctr\":41208,\"gid\":1,\"k\":\"pulse\",\"meas_uJ\":251300,\"mono_us\":"
        "21406871,\"sid\":1,"
        "\"utc_us\":1767225621406871,\"v\":1}"};
    static const char want[] =
        "log.example/clinic-7/console-2\n5\n+9w1rZZUNuUJ7E92/K6hpSf5DS29rC5KIMwkPrV502c=\n\n"
        "\xE2\x80\x94 log.example/clinic-7/console-2 "
        "OnIzcCXMhkW6qDEh7asfrUqSDcRUOCRQpQAlr4ha53gppI7Wu6cmGgxY9gt9kc6rxNHwf1Ft1bE6QlOddBdkItEiSQM=\n"
        "\xE2\x80\x94 hub.example/witness-1 "
        "MhqXowAAAABpVbk8CeCI7Tasg9AFCJN+jy6djTCXouFG5xOACL98pQR0gZmFSxrCATpImLVEE4LIW9O4MoCk7894UXNyi/"
        "MVPbMWAg==\n";
    chain c;
    test_hub h;
    uint8_t seed[32];
    fl_hub_head head;
    char note[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX] = "";
    for (int i = 0; i < 32; i++) seed[i] = (uint8_t)i;
    chain_init(&c, "log.example/clinic-7/console-2", 1);
    chain_cut(&c, 0);
    CHECK(fl_signer_init(&c.signer, "log.example/clinic-7/console-2", FL_KEY_ED25519, seed) == FL_OK, "key");
    fl_vkey_text(&c.signer.vkey, c.vkey);
    for (int i = 0; i < 5; i++) chain_put(&c, entries[i]);
    test_hub_make(&h, &c);
    PUSH(&h, &c, FL_OK, "the reference log");
    CHECK(fl_hub_find(h.hub, c.signer.vkey.name, &head, &error) == FL_OK &&
              fl_hub_cosigned(h.hub, &head, note, &error) == FL_OK,
          "%s", error.what);
    CHECK(strcmp(note, want) == 0, "the cosigned checkpoint of section 10.4 is:\n%.700s", note);
    chain_fini(&c);
    test_hub_close(&h);
}

/* Freezes, names the sizes, and leaves evidence that needs no hub to be believed. */
static void expect_fork(test_hub *h, chain *c, const char *what)
{
    fl_hub_head head;
    fl_evidence evidence;
    PUSH(h, c, FL_E_NO, what);
    CHECK(report.judgement == FL_JUDGE_FORK && report.frozen && report.has_evidence, "%s: %u, %s", what,
          report.judgement, error.what);
    CHECK(fl_hub_find(h->hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.frozen, "%s: frozen", what);
    CHECK(fl_hub_evidence(h->hub, &head, &evidence, &error) == FL_OK, "%s: %s", what, error.what);
    CHECK(fl_evidence_check(&evidence, &c->signer.vkey), "%s: the evidence holds by itself", what);
    evidence.claim.root.byte[3] ^= 1;
    fl_checkpoint a, b;
    CHECK(fl_checkpoint_open(evidence.older, strlen(evidence.older), &c->signer.vkey, &a) == FL_OK &&
              fl_checkpoint_open(evidence.newer, strlen(evidence.newer), &c->signer.vkey, &b) == FL_OK,
          "%s: both are signed", what);
    if (a.size != b.size)
        CHECK(!fl_evidence_check(&evidence, &c->signer.vkey), "%s: a changed claim fails", what);
    PUSH(h, c, FL_E_NO, "a frozen log refuses");
    CHECK(report.frozen && report.has_evidence && report.sent == 0 && strstr(error.what, "frozen"), "%s",
          error.what);
}

static void two_clones_meet(void)
{
    /* How far each clone went on after the parting at 300; whether the first had been pushed before, too. */
    static const struct {
        const char *what;
        size_t before, a, b;
    } rows[] = {{"the other is longer", 0, 20, 45},
                {"the other is shorter", 0, 45, 20},
                {"both are as long", 300, 33, 33},
                {"longer, known before", 300, 1, 600},
                {"shorter, known before", 200, 600, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        chain a, b;
        test_hub h;
        chain_init(&a, CHAIN_ORIGIN, 7);
        chain_add(&a, 199, 1);
        test_hub_make(&h, &a);
        if (rows[i].before == 200) PUSH(&h, &a, FL_OK, "before");
        chain_add(&a, 100, 1);
        if (rows[i].before == 300) PUSH(&h, &a, FL_OK, "before");
        chain_copy(&a, &b);
        chain_add(&a, rows[i].a, 2);
        chain_add(&b, rows[i].b, 3);
        PUSH(&h, &a, FL_OK, "the first of the two");
        expect_fork(&h, &b, rows[i].what);
        PUSH(&h, &a, FL_E_NO, "the first is frozen as well");
        chain_fini(&a);
        chain_fini(&b);
        test_hub_close(&h);
    }
}

static void a_restored_copy_is_told(void)
{
    chain c, old;
    test_hub h;
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, 299, 1);
    chain_copy(&c, &old);
    chain_add(&c, 50, 1);
    test_hub_make(&h, &c);
    PUSH(&h, &c, FL_OK, "first");
    PUSH(&h, &old, FL_E_NO, "yesterday's copy");
    CHECK(report.judgement == FL_JUDGE_ROLLBACK && !report.frozen && strstr(error.what, "older"), "%u: %s",
          report.judgement, error.what);
    chain_add(&c, 3, 1);
    PUSH(&h, &c, FL_OK, "the true one goes on");
    chain_add(&old, 60, 9);
    expect_fork(&h, &old, "the copy went on");
    chain_fini(&c);
    chain_fini(&old);
    test_hub_close(&h);
}

static void a_replaced_entry_is_a_fork(void)
{
    chain c;
    test_hub h;
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, 400, 1);
    test_hub_make(&h, &c);
    PUSH(&h, &c, FL_OK, "first");
    chain_replace(&c, 123, 4);
    chain_add(&c, 2, 1);
    expect_fork(&h, &c, "entry 123 rewritten and signed again");
    chain_fini(&c);
    test_hub_close(&h);
}

/* The first clone was cut after it delivered entries and before its checkpoint was taken. */
static void entries_that_lie_there_already(void)
{
    /* Both went on from 300; a offered and delivered first, and is not cosigned. b: longer, shorter, much
     * longer. */
    static const size_t lengths[][2] = {{80, 90}, {120, 90}, {700, 800}};
    for (int round = 0; round < 3; round++) {
        chain a, b;
        test_hub h;
        fl_hub_head head;
        fl_cosigned done;
        const fl_push_options no_key = {0};
        chain_init(&a, CHAIN_ORIGIN, 7);
        chain_add(&a, 299, 1);
        test_hub_make(&h, &a);
        PUSH(&h, &a, FL_OK, "before");
        chain_copy(&a, &b);
        chain_add(&a, lengths[round][0], 2);
        chain_add(&b, lengths[round][1], 3);
        fl_push_source source = chain_source(&a);
        CHECK(fl_hub_push(h.hub, &source, &no_key, &report, &error) == FL_OK, "%s", error.what);
        if (round != 1) {
            /* Two signed checkpoints: b itself can prove it, also without the key. */
            source = chain_source(&b);
            CHECK(fl_hub_push(h.hub, &source, &no_key, &report, &error) == FL_E_NO && !report.frozen &&
                      report.judgement == FL_JUDGE_FORK && report.has_evidence,
                  "round %d: %s", round, error.what);
            CHECK(fl_evidence_check(&report.evidence, &b.signer.vkey), "round %d", round);
            if (round == 0) {
                PUSH(&h, &b, FL_E_NO, "with the key it is written down");
                CHECK(report.frozen && report.has_evidence, "%s", error.what);
            }
        } else
            PUSH(&h, &b, FL_OK, "a's checkpoint over more says nothing yet");
        /* What the witness makes of it: one is taken, and the other's own parcels convict it. */
        CHECK(fl_hub_witness_offers(h.hub, &h.witness, test_clock(), &done, &error) == FL_OK &&
                  done.forks == (round ? 1u : 0u),
              "round %d: %llu forks", round, (unsigned long long)done.forks);
        fl_evidence evidence;
        CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.frozen, "round %d", round);
        CHECK(fl_hub_evidence(h.hub, &head, &evidence, &error) == FL_OK &&
                  fl_evidence_check(&evidence, &b.signer.vkey),
              "round %d: %s", round, error.what);
        chain_fini(&a);
        chain_fini(&b);
        test_hub_close(&h);
    }
}

static void what_is_not_believed(void)
{
    chain c, d;
    test_hub h, real;
    fl_hub_head head;
    fl_witnessing w;
    fl_offer offer = {0};
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, 30, 1);
    test_hub_make(&h, NULL);
    PUSH(&h, &c, FL_E_NO, "nobody enrolled it");
    CHECK(strstr(error.what, "does not know"), "%s", error.what);
    CHECK(fl_hub_enrol(h.by_owner, CHAIN_ORIGIN, c.vkey, "S7", NULL, &error) == FL_OK, "%s", error.what);
    CHECK(fl_hub_enrol(h.by_owner, CHAIN_ORIGIN, c.vkey, "S7", NULL, &error) == FL_OK, "again: %s",
          error.what);
    chain_init(&d, CHAIN_ORIGIN, 8);
    CHECK(fl_hub_enrol(h.by_owner, CHAIN_ORIGIN, d.vkey, "S7", NULL, &error) == FL_E_NO, "another key");
    CHECK(fl_hub_enrol(h.by_owner, CHAIN_ORIGIN, c.vkey, "S8", NULL, &error) == FL_E_NO, "another site");
    CHECK(fl_hub_enrol(h.by_owner, "SIMULATED/x", c.vkey, "S7", NULL, &error) == FL_E_FILE,
          "another log's key");
    PUSH(&h, &d, FL_E_NO, "another key under this name");
    CHECK(strstr(error.what, "another key"), "%s", error.what);
    PUSH(&h, &c, FL_OK, "the right one");
    /* Another key's checkpoint, handed to the witness itself. */
    chain_add(&d, 40, 1);
    chain_sign(&d, 41, offer.note);
    CHECK(fl_hub_witness(h.hub, CHAIN_ORIGIN, &offer, &h.witness, NULL, &w, &error) == FL_E_NO &&
              w.judgement == FL_JUDGE_WRONG && !w.line[0],
          "a checkpoint of another key: %s", error.what);
    /* A proof that shows nothing is no reason to freeze anything. */
    chain_add(&c, 9, 1);
    chain_sign(&c, c.count, offer.note);
    offer.old = 31;
    CHECK(fl_hub_witness(h.hub, CHAIN_ORIGIN, &offer, &h.witness, NULL, &w, &error) == FL_E_NO &&
              w.judgement == FL_JUDGE_WRONG,
          "a wrong proof: %s", error.what);
    test_offer(&c, 31, &offer);
    CHECK(fl_hub_witness(h.hub, CHAIN_ORIGIN, &offer, &h.witness, NULL, &w, &error) == FL_E_NO &&
              w.missing == 31,
          "the first entry that has not come: %llu", (unsigned long long)w.missing);
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && !head.frozen && head.tree.size == 31,
          "nothing moved");
    PUSH(&h, &c, FL_OK, "and the honest push goes on");
    /* The witness's own key. */
    fl_signer other = h.witness;
    other.seed[0] ^= 1;
    CHECK(fl_signer_init(&other, h.witness.vkey.name, FL_KEY_COSIGNER, other.seed) == FL_OK, "key");
    CHECK(fl_hub_witness(h.hub, CHAIN_ORIGIN, &offer, &other, NULL, &w, &error) == FL_E_NO,
          "another witness");
    free(offer.names);
    /* Simulated and real never meet. */
    chain_fini(&d);
    chain_init(&d, "log.example/real", 9);
    test_hub_make(&real, &d);
    CHECK(fl_hub_enrol(real.by_owner, CHAIN_ORIGIN, c.vkey, "S7", NULL, &error) == FL_E_NO,
          "simulated into real");
    CHECK(fl_hub_enrol(h.by_owner, "log.example/real", d.vkey, "S7", NULL, &error) == FL_E_NO,
          "real into simulated");
    PUSH(&real, &c, FL_E_NO, "pushing a simulated log into a real hub");
    CHECK(strstr(error.what, "SIMULATED"), "%s", error.what);
    chain_fini(&c);
    chain_fini(&d);
    test_hub_close(&h);
    test_hub_close(&real);
}

static void entries_that_are_none(void)
{
    static const char *const bad[] = {
        "{\"a\": 1}", "{}", "{\"boot\":1,\"clk\":2,\"k\":\"note\",\"mono_us\":1,\"v\":1}",
        "{\"boot\":1,\"clk\":2,\"ctr\":1,\"dev\":\"X\",\"k\":\"counter\",\"mono_us\":1,"
        "\"sim\":0,\"utc_us\":1,\"v\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        chain c;
        test_hub h;
        chain_init(&c, CHAIN_ORIGIN, 7);
        chain_add(&c, 3, 1);
        chain_put(&c, bad[i]);
        test_hub_make(&h, &c);
        PUSH(&h, &c, FL_E_DAMAGED, bad[i]);
        CHECK(strstr(error.what, "entry 4") && test_inbox(&h, CHAIN_ORIGIN, 256) == 0, "%s", error.what);
        /* Put there behind the sender's check: the witness reads it back and says the same. */
        fl_witnessing w;
        fl_offer offer;
        CHECK_TEXT(test_parcel(&h, "service", &c, 0, c.count, NULL), "", "put there by hand");
        test_offer(&c, 0, &offer);
        CHECK(fl_hub_witness(h.hub, CHAIN_ORIGIN, &offer, &h.witness, NULL, &w, &error) == FL_E_DAMAGED &&
                  w.bad == 4 && !w.line[0] && test_rows(&h, CHAIN_ORIGIN) == 0,
              "entry %llu: %s", (unsigned long long)w.bad, error.what);
        free(offer.names);
        chain_fini(&c);
        test_hub_close(&h);
    }
}

/* A console without the hub's key: the offer waits, the hub's own process takes it. */
static void the_witness_comes_later(void)
{
    chain c, clone;
    test_hub h;
    fl_cosigned done;
    fl_hub_head head;
    const fl_push_options no_key = {0};
    chain_init(&c, CHAIN_ORIGIN, 7);
    chain_add(&c, 300, 1);
    test_hub_make(&h, &c);
    for (int i = 0; i < 2; i++) {
        const fl_push_source source = chain_source(&c);
        CHECK(fl_hub_push(h.hub, &source, &no_key, &report, &error) == FL_OK && !report.line[0], "%s",
              error.what);
        if (!i) chain_copy(&c, &clone);
        chain_add(&c, 40, 1);
    }
    CHECK(fl_hub_witness_offers(h.hub, &h.witness, test_clock(), &done, &error) == FL_OK, "%s", error.what);
    CHECK(done.logs == 1 && done.signed_now == 2 && !done.forks && !done.waiting, "%llu signed",
          (unsigned long long)done.signed_now);
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.tree.size == 341,
          "the head moved");
    CHECK(fl_hub_witness_offers(h.hub, &h.witness, test_clock(), &done, &error) == FL_OK && !done.logs,
          "nothing is done twice");
    chain_add(&clone, 3, 2);
    const fl_push_source source = chain_source(&clone);
    CHECK(fl_hub_push(h.hub, &source, &no_key, &report, &error) == FL_E_NO &&
              report.judgement == FL_JUDGE_FORK,
          "the console sees it itself: %s", error.what);
    CHECK(fl_hub_witness_offers(h.hub, &h.witness, test_clock(), &done, &error) == FL_OK && done.forks == 1,
          "and so does the hub");
    CHECK(fl_hub_find(h.hub, CHAIN_ORIGIN, &head, &error) == FL_OK && head.frozen, "frozen");
    chain_fini(&c);
    chain_fini(&clone);
    test_hub_close(&h);
}

FL_TESTS("hub/push", TEST(a_log_grows_at_the_hub), TEST(the_reference_vector), TEST(two_clones_meet),
         TEST(a_restored_copy_is_told), TEST(a_replaced_entry_is_a_fork),
         TEST(entries_that_lie_there_already), TEST(what_is_not_believed), TEST(entries_that_are_none),
         TEST(the_witness_comes_later))
