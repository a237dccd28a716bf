#include "helper_chain.h"

#include "check.h"
#include "helper_server.h"

#include "parcel.h"

#include "fadeline/base/text.h"

static void must(bool good, const char *what, const fl_error *error)
{
    if (good) return;
    fprintf(stderr, "test helper: %s failed\n", what);
    if (error) fl_error_print(stderr, error);
    abort();
}

static void finish(chain *c, fl_entry *entry)
{
    char bytes[FL_ENTRY_MAX + 1];
    size_t size;
    fl_entry_int(entry, "v", 1);
    fl_entry_int(entry, "boot", 1);
    fl_entry_int(entry, "mono_us", c->mono_us += 1000);
    fl_entry_int(entry, "utc_us", 1767225600000000 + c->mono_us);
    fl_entry_int(entry, "clk", 2);
    must(fl_entry_encode(entry, bytes, FL_ENTRY_MAX, &size) == FL_OK, entry->fault, NULL);
    bytes[size] = 0;
    chain_put(c, bytes);
}

void chain_put(chain *c, const char *bytes)
{
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 64;
        c->entries = realloc(c->entries, c->room * sizeof *c->entries);
        must(c->entries != NULL, "memory", NULL);
    }
    must((c->entries[c->count++] = strdup(bytes)) != NULL, "memory", NULL);
}

void chain_init(chain *c, const char *origin, uint8_t seed)
{
    uint8_t seeds[32] = {seed};
    fl_entry entry;
    *c = (chain){0};
    must(fl_signer_init(&c->signer, origin, FL_KEY_ED25519, seeds) == FL_OK, "the log's key", NULL);
    fl_vkey_text(&c->signer.vkey, c->vkey);
    fl_entry_begin(&entry, FL_KIND_LOG_OPEN);
    fl_entry_text(&entry, "inst", "b7e1c0de00000000000000000000a001");
    fl_entry_text(&entry, "log", origin);
    fl_entry_text(&entry, "pred", "");
    finish(c, &entry);
}

static void note_entry(chain *c, int64_t mark)
{
    fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "who", "op:17");
    fl_entry_text(&entry, "text", "hub test");
    fl_entry_int(&entry, "mark", mark);
    fl_entry_int(&entry, "n", (int64_t)c->count);
    finish(c, &entry);
}

void chain_add(chain *c, size_t count, int64_t mark)
{
    for (size_t i = 0; i < count; i++) note_entry(c, mark);
}

void chain_replace(chain *c, size_t index, int64_t mark)
{
    note_entry(c, mark);
    free(c->entries[index]);
    c->entries[index] = c->entries[--c->count];
}

void chain_cut(chain *c, size_t count)
{
    while (c->count > count) free(c->entries[--c->count]);
}

void chain_copy(const chain *from, chain *to)
{
    *to = *from;
    to->entries = NULL;
    to->count = to->room = 0;
    for (size_t i = 0; i < from->count; i++) chain_put(to, from->entries[i]);
}

void chain_fini(chain *c)
{
    chain_cut(c, 0);
    free(c->entries);
}

void chain_sign(const chain *c, size_t size, char note[FL_CHECKPOINT_MAX])
{
    fl_tree tree = {0};
    fl_checkpoint checkpoint = {.size = size};
    for (size_t i = 0; i < size; i++) {
        const fl_hash leaf = fl_tree_leaf(c->entries[i], strlen(c->entries[i]));
        fl_tree_append(&tree, &leaf);
    }
    checkpoint.root = fl_tree_root(&tree);
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", c->signer.vkey.name);
    must(fl_checkpoint_sign(&checkpoint, &c->signer, note) == FL_OK, "signing", NULL);
}

static fl_status read_entry(void *self, uint64_t index, const char **bytes, size_t *size)
{
    const chain *c = self;
    if (index >= c->count) return FL_E_NO;
    *bytes = c->entries[index];
    *size = strlen(*bytes);
    return FL_OK;
}

fl_push_source chain_source(chain *c)
{
    fl_push_source source = {.read = read_entry, .self = c};
    snprintf(source.origin, sizeof source.origin, "%s", c->signer.vkey.name);
    snprintf(source.vkey, sizeof source.vkey, "%s", c->vkey);
    chain_sign(c, c->count, source.checkpoint);
    return source;
}

static fl_utc still(void *self)
{
    (void)self;
    return (fl_utc){1767225660000000};
}

const fl_clock *test_clock(void)
{
    static const fl_clock clock = {.utc = still};
    return &clock;
}

void test_hub_make(test_hub *h, const chain *c)
{
    fl_error error = {0};
    fl_hub_about about;
    uint8_t seed[32];
    for (int i = 0; i < 32; i++) seed[i] = (uint8_t)(0x20 + i); /* the witness of the reference's vectors */
    const bool simulated = !c || fl_text_begins(c->signer.vkey.name, FL_JOURNAL_SIMULATED);
    *h = (test_hub){0};
    must(fl_signer_init(&h->witness, simulated ? "SIMULATED/hub.example/witness-1" : "hub.example/witness-1",
                        FL_KEY_COSIGNER, seed) == FL_OK,
         "the hub's key", NULL);
    helper_database(h->database);
    helper_uri(h->database, "owner", h->owner_uri);
    must(fl_hub_init(h->owner_uri, &h->witness.vkey, &about, &error) == FL_OK, "init", &error);
    helper_login("service");
    helper_sql(h->database, "GRANT fadeline_service TO service");
    helper_uri(h->database, "service", h->uri);
    must(fl_hub_open(h->uri, 0, &h->hub, &error) == FL_OK, "open", &error);
    must(fl_hub_open(h->owner_uri, 0, &h->by_owner, &error) == FL_OK, "open", &error);
    if (c)
        must(fl_hub_enrol(h->by_owner, c->signer.vkey.name, c->vkey, "S7", NULL, &error) == FL_OK, "enrol",
             &error);
}

void test_hub_close(test_hub *h)
{
    fl_hub_close(h->hub);
    fl_hub_close(h->by_owner);
}

fl_status test_push(test_hub *h, chain *c, fl_push_report *report, fl_error *error)
{
    const fl_push_source source = chain_source(c);
    const fl_push_options options = {.witness = &h->witness, .clock = test_clock()};
    *error = (fl_error){0};
    return fl_hub_push(h->hub, &source, &options, report, error);
}

uint64_t test_rows(const test_hub *h, const char *origin)
{
    uint64_t rows = 0;
    must(fl_read_u64(helper_sql(h->database, "SELECT count(*) FROM fadeline.entry WHERE log_id = %lld",
                                (long long)fl_hub_log_id(origin)),
                     &rows) == FL_OK,
         "counting", NULL);
    return rows;
}

uint64_t test_inbox(const test_hub *h, const char *origin, uint64_t end)
{
    uint64_t count = 0;
    must(
        fl_read_u64(helper_sql(h->database,
                               "SELECT coalesce(sum(least(256, %lld - first)), 0) FROM (SELECT DISTINCT first"
                               " FROM fadeline.inbox WHERE log_id = %lld AND first < %lld) i",
                               (long long)end, (long long)fl_hub_log_id(origin), (long long)end),
                    &count) == FL_OK,
        "counting", NULL);
    return count;
}

static fl_hash name_of(const chain *c, uint64_t first, uint64_t end)
{
    fl_hash leaves[FL_BUNDLE];
    for (uint64_t i = first; i < end; i++)
        leaves[i - first] = fl_tree_leaf(c->entries[i], strlen(c->entries[i]));
    return fl_parcel_name(leaves, (size_t)(end - first));
}

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    const chain *c = self;
    *leaf = fl_tree_leaf(c->entries[index], strlen(c->entries[index]));
    return FL_OK;
}

void test_offer(chain *c, uint64_t old, fl_offer *offer)
{
    const fl_leaves leaves = {read_leaf, c};
    *offer = (fl_offer){.old = old, .count = fl_parcel_count(old, c->count)};
    chain_sign(c, c->count, offer->note);
    offer->names = calloc(offer->count + 1, sizeof *offer->names);
    must(offer->names != NULL, "memory", NULL);
    for (size_t k = 0; k < offer->count; k++) {
        uint64_t first, end;
        fl_parcel_span(old, c->count, k, &first, &end);
        offer->names[k] = name_of(c, first, end);
    }
    if (!old || old > c->count) return;
    must(fl_tree_root_of(&leaves, 0, old, &offer->claim.root) == FL_OK &&
             fl_tree_prove_consistency(&leaves, old, c->count, &offer->claim.proof) == FL_OK,
         "a claim", NULL);
}

/* nonce 0: where an honest console puts its own first */
const char *test_parcel(const test_hub *h, const char *login, const chain *c, uint64_t first, uint64_t end,
                        const fl_hash *named)
{
    long rows;
    char *sql = NULL, hex[2 * FL_SHA256_SIZE + 1];
    size_t size;
    const fl_hash own = named ? *named : name_of(c, first, end);
    FILE *out = open_memstream(&sql, &size);
    must(out != NULL, "memory", NULL);
    fprintf(out, "INSERT INTO fadeline.inbox VALUES(%lld, %llu, '\\x%s', 0, '\\x",
            (long long)fl_hub_log_id(c->signer.vkey.name), (unsigned long long)first,
            fl_hex(own.byte, sizeof own, hex));
    for (uint64_t i = first; i < end; i++) {
        const size_t length = strlen(c->entries[i]);
        fprintf(out, "%04zx", length);
        for (size_t at = 0; at < length; at++) fprintf(out, "%02x", (unsigned char)c->entries[i][at]);
    }
    fputs("')", out);
    must(fclose(out) == 0, "memory", NULL);
    const char *state = helper_try(h->database, login, sql, &rows);
    free(sql);
    return state;
}

void test_forget(const test_hub *h, const char *origin)
{
    const long long id = (long long)fl_hub_log_id(origin);
    helper_sql(
        h->database,
        "DELETE FROM fadeline.entry WHERE log_id = %lld; DELETE FROM fadeline.cosig WHERE log_id = %lld;"
        "DELETE FROM fadeline.inbox WHERE log_id = %lld; DELETE FROM fadeline.offer WHERE log_id = %lld;"
        "DELETE FROM fadeline.evidence WHERE log_id = %lld;"
        "UPDATE fadeline.log SET size = 0, range = '', checkpoint = '', frozen = false,"
        " root = '\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' WHERE log_id = %lld",
        id, id, id, id, id, id);
}
