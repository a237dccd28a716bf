/* labels: unit   timeout: 240 */
/* hub verify against a hub whose tables were edited by somebody with every right. */
#include "check.h"

#include "helper_chain.h"
#include "helper_server.h"

#include "fadeline/base/text.h"
#include "fadeline/hub/verify.h"

#define COUNT 600

static fl_push_report report;
static fl_error error;
static fl_hub_verified v;

/* A log of 600 entries in three pushes of 200. kept: the cosigned checkpoint over 400. */
static void make(test_hub *h, chain *c, char kept[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX])
{
    chain_init(c, CHAIN_ORIGIN, 7);
    test_hub_make(h, c);
    for (int i = 0; i < 3; i++) {
        chain_add(c, i ? 200 : 199, 1);
        CHECK(test_push(h, c, &report, &error) == FL_OK, "%s", error.what);
        if (i == 1)
            snprintf(kept, FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX, "%s%s", report.checkpoint, report.line);
    }
}

static fl_status check(const test_hub *h, const fl_hub_verify_options *options)
{
    fl_hub_head head;
    error = (fl_error){0};
    snprintf(head.origin, sizeof head.origin, "%s", CHAIN_ORIGIN);
    const fl_status status = fl_hub_find(h->by_owner, CHAIN_ORIGIN, &head, &error);
    if (status != FL_OK) { /* even its row is unusable: verify says so itself */
        head = (fl_hub_head){.log_id = fl_hub_log_id(CHAIN_ORIGIN)};
        snprintf(head.origin, sizeof head.origin, "%s", CHAIN_ORIGIN);
    }
    return fl_hub_verify(h->by_owner, &head, options, &v, &error);
}

static void every_edit_is_found(void)
{
    static const struct {
        const char *sql;    /* %id: the log */
        uint64_t first_bad; /* the entry named */
        const char *why;
    } rows[] = {
        {"UPDATE fadeline.entry SET data = set_byte(data, 40, 63) WHERE log_id = %id AND idx = 123", 123,
         "hash stored"},
        {"UPDATE fadeline.entry SET leaf = set_byte(leaf, 31, get_byte(leaf, 31) # 1) WHERE log_id = %id AND "
         "idx = 599",
         599, "hash stored"},
        {"UPDATE fadeline.entry SET data = '\\x7b7d', leaf = sha256('\\x007b7d') WHERE log_id = %id AND idx "
         "= 300",
         300, "every entry has"},
        {"DELETE FROM fadeline.entry WHERE log_id = %id AND idx = 0", 0, "missing"},
        {"DELETE FROM fadeline.entry WHERE log_id = %id AND idx = 77", 77, "missing"},
        {"DELETE FROM fadeline.entry WHERE log_id = %id AND idx >= 590", 590, "missing"},
        {"DELETE FROM fadeline.entry WHERE log_id = %id", 0, "missing"},
        {"UPDATE fadeline.log SET root = sha256('x') WHERE log_id = %id", 600, "head's hashes"},
        {"UPDATE fadeline.log SET range = set_byte(range, 9, get_byte(range, 9) # 8) WHERE log_id = %id", 600,
         "head's hashes"},
        {"UPDATE fadeline.log SET range = '' WHERE log_id = %id", 0, "own size"},
        {"DELETE FROM fadeline.cosig WHERE log_id = %id AND size = 600", 400, "no cosignature"},
        {"UPDATE fadeline.cosig SET line = replace(line, 'A', 'B') WHERE log_id = %id AND size = 400", 200,
         "not the hub's"},
        {"UPDATE fadeline.cosig SET note = replace(note, '400', '401') WHERE log_id = %id AND size = 400",
         200, "not signed by the log's key"},
        {"UPDATE fadeline.cosig SET note = (SELECT note FROM fadeline.cosig x WHERE x.log_id = %id AND size "
         "= 200),"
         " line = (SELECT line FROM fadeline.cosig x WHERE x.log_id = %id AND size = 200) WHERE log_id = %id "
         "AND size = "
         "400",
         200, "not signed"},
        {"UPDATE fadeline.log SET vkey = (SELECT vkey FROM fadeline.hub) WHERE log_id = %id", 0,
         "not this log's"},
        /* A head set back by hand: what was cosigned beyond it says so. */
        {"UPDATE fadeline.log SET size = 256, range = (SELECT sha256('x')) WHERE log_id = %id", 256,
         "cosigned 600"},
    };
    chain c;
    test_hub h;
    char kept[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char sql[1000];
        fl_text text = fl_text_in(sql, sizeof sql);
        make(&h, &c, kept);
        CHECK(check(&h, NULL) == FL_OK && v.report.entries == COUNT && v.report.checkpoints == 3, "%s",
              error.what);
        for (const char *at = rows[i].sql; *at;) {
            const char *id = strstr(at, "%id");
            fl_text_add_bytes(&text, at, id ? (size_t)(id - at) : strlen(at));
            if (id) fl_text_add(&text, "%lld", (long long)fl_hub_log_id(CHAIN_ORIGIN));
            at = id ? id + 3 : at + strlen(at);
        }
        helper_sql(h.database, "%s", sql);
        CHECK(check(&h, NULL) == FL_E_DAMAGED && v.report.damaged, "%.300s: not found", sql);
        CHECK(v.report.first_bad == rows[i].first_bad && strstr(v.report.what, rows[i].why),
              "%.300s: entry %llu: %s", sql, (unsigned long long)v.report.first_bad, v.report.what);
        chain_fini(&c);
        test_hub_close(&h);
    }
}

/* Data and hash replaced together: the signed root is another, and the range is named. */
static void a_replaced_entry_shows_at_the_next_root(void)
{
    chain c;
    test_hub h;
    char kept[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX], hex[65];
    make(&h, &c, kept);
    chain_replace(&c, 250, 9);
    c.mono_us = 0;
    char *other = strdup(c.entries[250]), *mono = strstr(other, "\"mono_us\":");
    memcpy(mono + 10, strstr(c.entries[249], "\"mono_us\":") + 10, 6); /* as old as its neighbour: in order */
    const fl_hash leaf = fl_tree_leaf(other, strlen(other));
    helper_sql(h.database,
               "UPDATE fadeline.entry SET data = '%s', leaf = '\\x%s' WHERE log_id = %lld AND idx = 250",
               other, fl_hex(leaf.byte, 32, hex), (long long)fl_hub_log_id(CHAIN_ORIGIN));
    CHECK(check(&h, NULL) == FL_E_DAMAGED && v.report.first_bad == 200 && v.report.last_good == 199, "%s",
          v.report.what);
    CHECK(strstr(v.report.what, "among 200 to 399"), "%s", v.report.what);
    free(other);
    chain_fini(&c);
    test_hub_close(&h);
}

static void what_was_kept_elsewhere(void)
{
    chain c, fork;
    test_hub h;
    char kept[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX], last[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX],
        note[FL_CHECKPOINT_MAX];
    make(&h, &c, kept);
    snprintf(last, sizeof last, "%s%s", report.checkpoint, report.line);
    const char *notes[2] = {kept, last};
    fl_hub_verify_options options = {.witness = &h.witness.vkey, .outside = notes, .outside_count = 2};
    CHECK(check(&h, &options) == FL_OK && v.outside_used == 2, "both are contained: %s", error.what);
    /* Another key said to be the hub's. */
    fl_signer other;
    CHECK(fl_signer_init(&other, h.witness.vkey.name, FL_KEY_COSIGNER, (const uint8_t[32]){1}) == FL_OK,
          "key");
    options.witness = &other.vkey;
    CHECK(check(&h, &options) == FL_E_DAMAGED, "another hub's key");
    options.witness = &h.witness.vkey;
    /* A checkpoint the hub does not know yet is no damage; one it cosigned itself and lost is. */
    chain_add(&c, 10, 1);
    chain_sign(&c, c.count, note);
    notes[0] = note;
    CHECK(check(&h, &options) == FL_OK && v.outside_used == 2, "not pushed yet: %s", error.what);
    helper_sql(h.database,
               "DELETE FROM fadeline.cosig WHERE size > 400; DELETE FROM fadeline.entry WHERE idx >= 400;"
               "UPDATE fadeline.log SET size = 400, checkpoint = (SELECT note FROM fadeline.cosig WHERE size "
               "= 400)");
    CHECK(check(&h, NULL) == FL_E_DAMAGED, "range and root of the head are still the later ones");
    fl_tree tree = {0};
    char range[64 * 64 + 1], root[65];
    for (size_t i = 0; i < 400; i++) {
        const fl_hash leaf = fl_tree_leaf(c.entries[i], strlen(c.entries[i]));
        fl_tree_append(&tree, &leaf);
    }
    const fl_hash top = fl_tree_root(&tree);
    helper_sql(h.database, "UPDATE fadeline.log SET range = '\\x%s', root = '\\x%s'",
               fl_hex(tree.peak[0].byte, tree.peaks * sizeof(fl_hash), range), fl_hex(top.byte, 32, root));
    CHECK(check(&h, NULL) == FL_OK, "a hub set back well is whole by itself: %s", error.what);
    CHECK(check(&h, &options) == FL_E_DAMAGED && strstr(v.report.what, "set back"),
          "but not against what it cosigned: %s", v.report.what);
    /* The console that still has all heals it. */
    CHECK(test_push(&h, &c, &report, &error) == FL_OK && report.hub_size == 400, "%s", error.what);
    CHECK(check(&h, &options) == FL_OK, "healed: %s", error.what);
    /* Another history under the same key, shown by somebody. */
    chain_copy(&c, &fork);
    chain_replace(&fork, 5, 8);
    chain_sign(&fork, 300, note);
    CHECK(check(&h, &options) == FL_E_NO && v.report.fork && !v.report.damaged && v.report.fork_b[0], "%s",
          error.what);
    note[5] ^= 1;
    CHECK(check(&h, &options) == FL_OK && v.outside_used == 1, "a changed checkpoint is not counted as used");
    chain_fini(&fork);
    chain_fini(&c);
    test_hub_close(&h);
}

FL_TESTS("hub/verify", TEST(every_edit_is_found), TEST(a_replaced_entry_shows_at_the_next_root),
         TEST(what_was_kept_elsewhere))
