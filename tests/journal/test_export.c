/* labels: unit   timeout: 120 */
#include "check.h"
#include "helper_log.h"
#include "helper_vectors.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/export.h"

static void paths_are_those_of_the_standard(void)
{
    static const struct {
        int level;
        uint64_t number;
        unsigned width;
        const char *want;
    } rows[] = {
        {0, 1234067, 0, "tile/0/x001/x234/067"},
        {-1, 0, 5, "tile/entries/000.p/5"},
        {2, 0, 1, "tile/2/000.p/1"},
        {1, 1, 17, "tile/1/001.p/17"},
        {0, 273, 112, "tile/0/273.p/112"},
        {0, 999, 256, "tile/0/999"},
        {-1, 1000, 0, "tile/entries/x001/000"},
    };
    char path[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(fl_tile_path(rows[i].level, rows[i].number, rows[i].width, path, sizeof path) == FL_OK, "%s",
              rows[i].want);
        CHECK_TEXT(path, rows[i].want, "path");
    }
    CHECK(fl_tile_path(0, 1234067, 0, path, 10) == FL_E_FULL, "a short room");
}

static fl_journal *open_reader(const char *directory)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    const fl_journal_options read = {0};
    CHECK(fl_journal_open(directory, &read, &journal, &error) == FL_OK, "%s", error.what);
    return journal;
}

static void file_is(const char *directory, const char *relative, size_t want_size, const char *want_sha256)
{
    char path[FL_PLACE_MAX + 64], hex[2 * FL_SHA256_SIZE + 1];
    uint8_t digest[FL_SHA256_SIZE];
    size_t size;
    snprintf(path, sizeof path, "%s/%s", directory, relative);
    CHECK(fl_place_exists(path), "%s is missing", relative);
    if (!fl_place_exists(path)) return;
    char *bytes = helper_file(path, &size);
    fl_sha256(bytes, size, digest);
    CHECK(size == want_size, "%s: %zu bytes", relative, size);
    if (want_sha256) CHECK_TEXT(fl_hex(digest, sizeof digest, hex), want_sha256, relative);
    free(bytes);
}

static void the_reference_log_exports(void)
{
    const json_t *log = helper_vectors("example_log");
    char directory[FL_PLACE_MAX], out[FL_PLACE_MAX], path[FL_PLACE_MAX + 64];
    fl_error error = {0};
    uint64_t entries = 0;
    helper_reference_log(helper_directory(directory));
    helper_directory(out);
    fl_journal *journal = open_reader(directory);
    CHECK(fl_export_tiles(journal, out, &entries, &error) == FL_OK && entries == 5, "%s", error.what);
    CHECK(fl_export_tiles(journal, out, &entries, &error) == FL_E_NO, "over an older export");
    file_is(out, helper_string(log, "bundle_path"), 958, helper_string(log, "bundle_sha256"));
    file_is(out, helper_string(log, "tile_path"), 160, helper_string(log, "tile_sha256"));
    snprintf(path, sizeof path, "%s/checkpoint", out);
    char *note = helper_file(path, NULL);
    CHECK(strcmp(note, helper_string(log, "checkpoint_5")) == 0, "checkpoint");
    free(note);
    fl_journal_close(journal);
    helper_remove(out);
    helper_remove(directory);
}

static void proofs_of_single_records(void)
{
    const json_t *log = helper_vectors("example_log");
    const char *published = helper_string(log, "tlog_proof_entry_4");
    const char *entry = json_string_value(json_array_get(json_object_get(log, "entries"), 4));
    char directory[FL_PLACE_MAX];
    helper_reference_log(helper_directory(directory));
    fl_journal *journal = open_reader(directory);
    fl_error error = {0};
    fl_vkey key;
    fl_checkpoint checkpoint;
    uint64_t index = 99;
    CHECK(fl_vkey_read(helper_string(log, "log_vkey"), &key) == FL_OK, "key");
    CHECK(fl_proof_check(published, strlen(published), entry, strlen(entry), &key, &checkpoint, &index) ==
                  FL_OK &&
              index == 4 && checkpoint.size == 5,
          "the published proof");
    char *made = NULL;
    size_t size;
    FILE *memory = open_memstream(&made, &size);
    CHECK(fl_export_proof(journal, 4, memory, &error) == FL_OK, "%s", error.what);
    fclose(memory);
    /* Ours has no cosignature; everything before it is the same text. */
    CHECK(strncmp(made, published, size) == 0 && size > 200, "got\n%s", made);
    index = 99;
    for (size_t at = 0; at < size; at++) {
        made[at] ^= 4;
        if (fl_proof_check(made, size, entry, strlen(entry), &key, &checkpoint, &index) == FL_OK)
            CHECK(false, "byte %zu is not watched", at);
        made[at] ^= 4;
        CHECK(fl_proof_check(made, at, entry, strlen(entry), &key, &checkpoint, &index) != FL_OK,
              "cut at %zu", at);
    }
    CHECK(index == 99, "a refusal touched the index");
    CHECK(fl_proof_check(made, size, entry, strlen(entry) - 1, &key, &checkpoint, &index) == FL_E_NO,
          "another record");
    free(made);
    memory = open_memstream(&made, &size);
    CHECK(fl_export_proof(journal, 5, memory, &error) == FL_E_NO, "an entry that is not there");
    fclose(memory);
    free(made);
    fl_journal_close(journal);
    helper_remove(directory);
}

/* A log of more than two tiles: every tile is where it must be, and the tiles alone give the signed root. */
static void tiles_give_the_root(void)
{
    char directory[FL_PLACE_MAX], out[FL_PLACE_MAX], path[FL_PLACE_MAX + 64];
    helper_clock clock;
    helper_clock_init(&clock);
    fl_journal *journal = helper_open(helper_directory(directory), &clock, FL_JOURNAL_CREATE);
    CHECK(helper_session(journal, &clock, 1, 1, 9, 301) == FL_OK, "session");
    fl_journal_close(journal); /* 2 + 604 + 1 */
    helper_directory(out);
    journal = open_reader(directory);
    fl_error error = {0};
    uint64_t entries = 0;
    CHECK(fl_export_tiles(journal, out, &entries, &error) == FL_OK && entries == 607, "%llu %s",
          (unsigned long long)entries, error.what);
    file_is(out, "tile/0/000", 8192, NULL);
    file_is(out, "tile/0/001", 8192, NULL);
    file_is(out, "tile/0/002.p/95", 95 * 32, NULL);
    file_is(out, "tile/1/000.p/2", 64, NULL);
    snprintf(path, sizeof path, "%s/tile/2", out);
    CHECK(!fl_place_exists(path), "an empty level is not served");
    snprintf(path, sizeof path, "%s/tile/1/000.p/2", out);
    fl_hash *top = (fl_hash *)(void *)helper_file(path, NULL), *last;
    snprintf(path, sizeof path, "%s/tile/0/002.p/95", out);
    last = (fl_hash *)(void *)helper_file(path, NULL);
    fl_tree tail = {0};
    for (int i = 0; i < 95; i++) fl_tree_append(&tail, &last[i]);
    const fl_hash right = fl_tree_root(&tail), left = fl_tree_node(&top[0], &top[1]),
                  root = fl_tree_node(&left, &right);
    const fl_hash want = fl_journal_root(journal);
    CHECK(fl_hash_same(&root, &want), "root from tiles");
    free(top);
    free(last);
    fl_journal_close(journal);
    helper_remove(out);
    helper_remove(directory);
}

FL_TESTS("journal/export", TEST(paths_are_those_of_the_standard), TEST(the_reference_log_exports),
         TEST(proofs_of_single_records), TEST(tiles_give_the_root))
