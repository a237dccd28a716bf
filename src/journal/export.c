#include "handle.h"

#include "fadeline/journal/export.h"

#include "base64.h"
#include "fadeline/journal/method.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TILE 256
#define PROOF_HEAD "c2sp.org/tlog-proof@v1\n"

fl_status fl_tile_path(int level, uint64_t number, unsigned width, char *room, size_t room_size)
{
    fl_text text = fl_text_in(room, room_size);
    if (level < 0)
        fl_text_add(&text, "tile/entries/");
    else
        fl_text_add(&text, "tile/%d/", level);
    uint64_t unit = 1;
    while (number / unit >= 1000) unit *= 1000;
    for (; unit > 1; unit /= 1000) fl_text_add(&text, "x%03u/", (unsigned)(number / unit % 1000));
    fl_text_add(&text, "%03u", (unsigned)(number % 1000));
    if (width && width < TILE) fl_text_add(&text, ".p/%u", width);
    return text.cut ? FL_E_FULL : FL_OK;
}

/* The newest checkpoint, opened and compared with the entries it is over. */
static fl_status signed_part(fl_journal *journal, char note[FL_CHECKPOINT_MAX], fl_checkpoint *checkpoint,
                             fl_error *error)
{
    fl_vkey key;
    fl_status status = fl_journal_newest_checkpoint(journal, note);
    if (status == FL_E_NO) {
        fl_error_set(error, status, "nothing in this journal is signed yet");
        return fl_error_hint(error, "fadeline journal checkpoint signs what is there");
    }
    if (status == FL_OK) status = fl_vkey_read(journal->vkey, &key) == FL_OK ? FL_OK : FL_E_DAMAGED;
    if (status == FL_OK && fl_checkpoint_open(note, strlen(note), &key, checkpoint) != FL_OK)
        status = FL_E_DAMAGED;
    if (status == FL_OK && checkpoint->size > journal->tree.size) status = FL_E_DAMAGED;
    if (status != FL_OK)
        fl_error_set(error, status,
                     "the newest checkpoint cannot be used; fadeline journal verify says more");
    return status;
}

static fl_status read_leaf(void *self, uint64_t index, fl_hash *leaf)
{
    const char *bytes;
    size_t size;
    const fl_status status = fl_journal_read(self, index, &bytes, &size);
    if (status != FL_OK) return status == FL_E_NO ? FL_E_DAMAGED : status;
    *leaf = fl_tree_leaf(bytes, size);
    return FL_OK;
}

/* Writes one file below the export directory, with the directories it needs. */
static fl_status write_below(const char *directory, const char *relative, const void *bytes, size_t size,
                             fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_status status = fl_seat_path(directory, relative, path, error);
    if (status != FL_OK) return status;
    char *slash = strrchr(path, '/');
    *slash = 0;
    status = fl_place_make(path, error);
    *slash = '/';
    return status == FL_OK ? fl_place_write(path, bytes, size, 0644, error) : status;
}

/* One bundle of entries with its tile of level 0; its hash goes up to level 1. */
static fl_status write_bundle(fl_journal *journal, const char *directory, uint64_t first, unsigned count,
                              fl_tree *subtree, fl_error *error)
{
    char path[128];
    uint8_t *bundle = malloc((size_t)count * (2 + FL_ENTRY_READ_MAX));
    fl_hash tile[TILE];
    size_t used = 0;
    if (!bundle) return fl_error_set(error, FL_E_MEMORY, "no memory for a bundle");
    fl_status status = FL_OK;
    for (unsigned i = 0; i < count && status == FL_OK; i++) {
        const char *bytes;
        size_t size;
        status = fl_journal_read(journal, first + i, &bytes, &size);
        if (status != FL_OK) {
            fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)(first + i));
            break;
        }
        bundle[used++] = (uint8_t)(size >> 8);
        bundle[used++] = (uint8_t)size;
        memcpy(bundle + used, bytes, size);
        used += size;
        tile[i] = fl_tree_leaf(bytes, size);
        fl_tree_append(subtree, &tile[i]);
    }
    if (status == FL_OK) status = fl_tile_path(-1, first / TILE, count, path, sizeof path);
    if (status == FL_OK) status = write_below(directory, path, bundle, used, error);
    if (status == FL_OK) status = fl_tile_path(0, first / TILE, count, path, sizeof path);
    if (status == FL_OK) status = write_below(directory, path, tile, count * sizeof *tile, error);
    free(bundle);
    return status;
}

/* Tiles of one level from the hashes of it; what is whole goes up. Works in place: hashes shrinks by 256. */
static fl_status write_level(const char *directory, int level, fl_hash *hashes, uint64_t *count,
                             fl_error *error)
{
    uint64_t up = 0;
    fl_status status = FL_OK;
    for (uint64_t first = 0; first < *count && status == FL_OK; first += TILE) {
        const unsigned width = *count - first < TILE ? (unsigned)(*count - first) : TILE;
        char path[128];
        status = fl_tile_path(level, first / TILE, width, path, sizeof path);
        if (status == FL_OK)
            status = write_below(directory, path, hashes + first, width * sizeof *hashes, error);
        if (width < TILE) break;
        fl_tree subtree = {0};
        for (unsigned i = 0; i < TILE; i++) fl_tree_append(&subtree, &hashes[first + i]);
        hashes[up++] = fl_tree_root(&subtree);
    }
    *count = up;
    return status;
}

static fl_status write_tiles(fl_journal *journal, const char *directory, uint64_t size, fl_error *error)
{
    fl_hash *level_1 = malloc((size_t)(size / TILE + 1) * sizeof *level_1);
    if (!level_1) return fl_error_set(error, FL_E_MEMORY, "no memory for the tiles");
    fl_status status = FL_OK;
    uint64_t whole = 0;
    for (uint64_t first = 0; first < size && status == FL_OK; first += TILE) {
        fl_tree subtree = {0};
        const unsigned count = size - first < TILE ? (unsigned)(size - first) : TILE;
        status = write_bundle(journal, directory, first, count, &subtree, error);
        if (count == TILE) level_1[whole++] = fl_tree_root(&subtree);
    }
    for (int level = 1; whole && status == FL_OK; level++)
        status = write_level(directory, level, level_1, &whole, error);
    free(level_1);
    return status;
}

static fl_status must_be_empty(const char *directory, fl_error *error)
{
    DIR *open = opendir(directory);
    if (!open && errno == ENOENT) return FL_OK;
    fl_status status = open ? FL_OK : FL_E_IO;
    for (struct dirent *found; open && (found = readdir(open));)
        if (!fl_text_same(found->d_name, ".") && !fl_text_same(found->d_name, "..")) status = FL_E_NO;
    if (open) closedir(open);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, status,
                 status == FL_E_NO ? "the directory is not empty" : "cannot look into the directory");
    fl_error_hint(error, "export into a new one: a mixture of two exports proves nothing");
    return fl_error_at(error, directory, 0, 0), status;
}

fl_status fl_export_tiles(fl_journal *journal, const char *directory, uint64_t *entries, fl_error *error)
{
    char note[FL_CHECKPOINT_MAX];
    fl_checkpoint checkpoint;
    fl_status status = signed_part(journal, note, &checkpoint, error);
    if (status == FL_OK) status = must_be_empty(directory, error);
    if (status == FL_OK) status = write_tiles(journal, directory, checkpoint.size, error);
    size_t page_size;
    const char *page = fl_method(&page_size);
    if (status == FL_OK) status = write_below(directory, "METHOD.md", page, page_size, error);
    /* Last, so that a directory with a checkpoint is a whole export. */
    if (status == FL_OK) status = write_below(directory, "checkpoint", note, strlen(note), error);
    if (status == FL_OK && entries) *entries = checkpoint.size;
    return status;
}

fl_status fl_export_proof(fl_journal *journal, uint64_t index, FILE *out, fl_error *error)
{
    char note[FL_CHECKPOINT_MAX];
    fl_checkpoint checkpoint;
    fl_proof proof;
    const fl_leaves leaves = {read_leaf, journal};
    fl_status status = signed_part(journal, note, &checkpoint, error);
    if (status != FL_OK) return status;
    if (index >= checkpoint.size) {
        fl_error_set(error, FL_E_NO, "entry %llu is not signed; the newest checkpoint is over %llu entries",
                     (unsigned long long)index, (unsigned long long)checkpoint.size);
        fl_error_hint(error, "fadeline journal checkpoint signs what is there");
        return FL_E_NO;
    }
    status = fl_tree_prove_inclusion(&leaves, index, checkpoint.size, &proof);
    if (status != FL_OK)
        return fl_error_set(error, status, "the entries cannot be read; fadeline journal verify says more");
    fprintf(out, PROOF_HEAD "index %llu\n", (unsigned long long)index);
    for (unsigned i = 0; i < proof.count; i++) {
        char coded[FL_BASE64_SIZE(FL_SHA256_SIZE)];
        fprintf(out, "%s\n", fl_base64(proof.hash[i].byte, FL_SHA256_SIZE, coded));
    }
    fprintf(out, "\n%s", note);
    return ferror(out) ? fl_error_set(error, FL_E_IO, "cannot write the proof") : FL_OK;
}

/* Takes one line off *at, without its newline. */
static fl_status take_line(const char **at, const char *end, const char **line, size_t *size)
{
    const char *newline = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    if (!newline) return FL_E_FILE;
    *line = *at;
    *size = (size_t)(newline - *at);
    *at = newline + 1;
    return FL_OK;
}

static fl_status read_index(const char *line, size_t size, uint64_t *index)
{
    char digits[24];
    if (size < 7 || size - 6 >= sizeof digits || memcmp(line, "index ", 6) != 0) return FL_E_FILE;
    memcpy(digits, line + 6, size - 6);
    digits[size - 6] = 0;
    if (digits[0] == '0' && digits[1]) return FL_E_FILE;
    return fl_read_u64(digits, index) == FL_OK ? FL_OK : FL_E_FILE;
}

fl_status fl_proof_check(const char *text, size_t size, const void *record, size_t record_size,
                         const fl_vkey *log, fl_checkpoint *checkpoint, uint64_t *index)
{
    const char *at = text, *end = text + size, *line;
    size_t length, made;
    fl_proof proof = {0};
    fl_checkpoint read;
    uint64_t position;
    if (size < strlen(PROOF_HEAD) || memcmp(text, PROOF_HEAD, strlen(PROOF_HEAD)) != 0) return FL_E_FILE;
    at += strlen(PROOF_HEAD);
    if (take_line(&at, end, &line, &length) != FL_OK) return FL_E_FILE;
    if (length >= 6 && memcmp(line, "extra ", 6) == 0) /* not authenticated, and nothing to us */
        if (take_line(&at, end, &line, &length) != FL_OK) return FL_E_FILE;
    if (read_index(line, length, &position) != FL_OK) return FL_E_FILE;
    for (;;) {
        if (take_line(&at, end, &line, &length) != FL_OK) return FL_E_FILE;
        if (!length) break;
        if (proof.count == FL_PROOF_MAX) return FL_E_FILE;
        fl_hash *hash = &proof.hash[proof.count++];
        if (fl_base64_read(line, length, hash->byte, sizeof hash->byte, &made) != FL_OK ||
            made != sizeof hash->byte)
            return FL_E_FILE;
    }
    const fl_status status = fl_checkpoint_open(at, (size_t)(end - at), log, &read);
    if (status != FL_OK) return status;
    const fl_hash leaf = fl_tree_leaf(record, record_size);
    if (!fl_tree_verify_inclusion(position, read.size, &leaf, proof.hash, proof.count, &read.root))
        return FL_E_NO;
    *checkpoint = read;
    *index = position;
    return FL_OK;
}
