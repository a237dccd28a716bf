#include "chain.h"

#include "handle.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

#define SHELF "journals"

fl_status fl_link_read(const fl_record *opening, const fl_record *succeed, fl_link *link)
{
    fl_link read = {.size = 0};
    char pred[FL_NOTE_NAME_MAX + 1], root[2 * FL_SHA256_SIZE + 1];
    *link = read;
    if (fl_record_text(opening, "pred", pred, sizeof pred) != FL_OK) return FL_E_DAMAGED;
    if (!pred[0]) return FL_E_NO;
    if (!succeed || !fl_record_is(succeed, FL_KIND_LOG_SUCCEED) ||
        fl_record_text(succeed, "log", read.origin, sizeof read.origin) != FL_OK ||
        !fl_text_same(read.origin, pred) || fl_record_count(succeed, "size", &read.size) != FL_OK ||
        fl_record_text(succeed, "root", root, sizeof root) != FL_OK ||
        fl_read_hex(root, read.root.byte, sizeof read.root.byte) != FL_OK ||
        fl_record_count(succeed, "before", &read.before) != FL_OK ||
        fl_record_count(succeed, "anchor", &read.anchor) != FL_OK)
        return FL_E_DAMAGED;
    if (!read.size || read.before < read.size || read.anchor < read.before) return FL_E_DAMAGED;
    *link = read;
    return FL_OK;
}

void fl_link_name(const char *origin, uint64_t size, const fl_hash *root, char name[25])
{
    char text[FL_NOTE_NAME_MAX + 120], hex[2 * FL_SHA256_SIZE + 1];
    uint8_t digest[FL_SHA256_SIZE];
    const int length = snprintf(text, sizeof text, "fadeline log %s\n%llu\n%s\n", origin,
                                (unsigned long long)size, fl_hex(root->byte, sizeof root->byte, hex));
    const fl_piece piece = {text, (size_t)length};
    fl_sha256_pieces(&piece, 1, digest);
    fl_hex(digest, 12, hex);
    memcpy(name, hex, 25);
}

/* "/a/b/c" and "/a/b/c/" both lie in "/a/b"; "c" lies in ".". */
static void parent_of(const char *directory, char parent[FL_PLACE_MAX])
{
    size_t size = strlen(directory);
    while (size > 1 && directory[size - 1] == '/') size--;
    while (size && directory[size - 1] != '/') size--;
    while (size > 1 && directory[size - 1] == '/') size--;
    if (!size) {
        snprintf(parent, FL_PLACE_MAX, ".");
        return;
    }
    memcpy(parent, directory, size);
    parent[size] = 0;
}

fl_status fl_link_shelf(const char *directory, char path[FL_PLACE_MAX], fl_error *error)
{
    char parent[FL_PLACE_MAX];
    parent_of(directory, parent);
    return fl_seat_path(parent, SHELF, path, error);
}

fl_status fl_link_place(const char *directory, const fl_link *link, char path[FL_PLACE_MAX], fl_error *error)
{
    char shelf[FL_PLACE_MAX], name[25];
    fl_link_name(link->origin, link->size, &link->root, name);
    fl_status status = fl_link_shelf(directory, shelf, error);
    if (status == FL_OK) status = fl_seat_path(shelf, name, path, error);
    if (status != FL_OK || fl_place_exists(path)) return status;
    parent_of(directory, shelf); /* seen from one that was put aside itself, it is a neighbour */
    status = fl_seat_path(shelf, name, path, error);
    if (status != FL_OK || fl_place_exists(path)) return status;
    fl_error_set(error, FL_E_FILE, "the journal before this one (%llu entries of %.80s) is not there",
                 (unsigned long long)link->size, link->origin);
    fl_error_hint(error,
                  "put its directory back as " SHELF
                  "/%s beside this one: budgets, locks and counters go on in it",
                  name);
    return fl_error_at(error, directory, 0, 0), FL_E_FILE;
}

fl_status fl_chain_learn(fl_journal *journal, fl_error *error)
{
    /* The records point into the store's rows, and reading the second moves on from the first. */
    char *opening = journal->buffer;
    const char *bytes;
    size_t size;
    fl_record first, second;
    fl_status status = fl_journal_read(journal, 0, &bytes, &size);
    if (status != FL_OK || fl_record_read(bytes, size, &first) != FL_OK)
        return FL_OK; /* verification names it */
    memcpy(opening, bytes, size);
    if (fl_record_read(opening, size, &first) != FL_OK) return FL_OK;
    const bool has_second = fl_journal_record(journal, 1, &second) == FL_OK;
    status = fl_link_read(&first, has_second ? &second : NULL, &journal->link);
    if (status != FL_E_DAMAGED || journal->options.mode == FL_JOURNAL_READ) return FL_OK;
    fl_error_set(error, status, "the log does not say which one it succeeded");
    fl_error_hint(error, "fadeline journal verify");
    return fl_error_at(error, journal->directory, 0, 0), status;
}

/* Head as stored: the whole of it is verified by `verify`, and beside every session. */
static fl_status compare(const fl_journal *journal, fl_journal *before, const char *path, fl_error *error)
{
    const fl_link *link = &journal->link;
    const fl_hash root = fl_journal_root(before);
    if (fl_text_same(before->origin, link->origin) && before->tree.size == link->size &&
        fl_hash_same(&root, &link->root) && before->options.simulated == journal->options.simulated &&
        before->link.before + before->tree.size == link->before)
        return FL_OK;
    fl_error_set(error, FL_E_DAMAGED,
                 "the journal before this one is another than it was when it was put aside");
    fl_error_hint(error, "find the directory as it was; fadeline journal verify says more");
    return fl_error_at(error, path, 0, 0), FL_E_DAMAGED;
}

fl_status fl_chain_before(fl_journal *journal, fl_journal **before, fl_error *error)
{
    *before = journal->pred;
    if (journal->pred || !journal->link.origin[0]) return FL_OK;
    char path[FL_PLACE_MAX];
    const fl_journal_options read = {.mode = FL_JOURNAL_READ, .vfs = journal->options.vfs};
    fl_status status = fl_link_place(journal->directory, &journal->link, path, error);
    if (status == FL_OK) status = fl_journal_open(path, &read, before, error);
    if (status != FL_OK) return status;
    status = compare(journal, *before, path, error);
    if (status != FL_OK) {
        fl_journal_close(*before);
        *before = NULL;
        return status;
    }
    (*before)->careful = true;
    journal->pred = *before;
    return FL_OK;
}

const char *fl_journal_predecessor(const fl_journal *journal)
{
    return journal->link.origin;
}

uint64_t fl_journal_before(const fl_journal *journal)
{
    return journal->link.before;
}

uint64_t fl_journal_anchor_base(const fl_journal *journal)
{
    return journal->link.anchor;
}

uint64_t fl_journal_length(const fl_journal *journal)
{
    return journal->link.before + journal->tree.size;
}

fl_status fl_journal_whole(fl_journal *journal, fl_error *error)
{
    fl_journal *at = journal;
    for (unsigned n = 0; at; n++) {
        fl_journal *before = NULL;
        const fl_status status = fl_chain_before(at, &before, error);
        if (status != FL_OK) return status;
        if (n == FL_CHAIN_MOST)
            return fl_error_set(error, FL_E_DAMAGED, "more than %d journals one after another",
                                FL_CHAIN_MOST);
        at = before;
    }
    return FL_OK;
}

/* The log that has it, and the own number there. */
static fl_status find_past(fl_journal *journal, uint64_t *position, fl_journal **at)
{
    fl_error error = {0};
    for (*at = journal; *position < (*at)->link.before;) {
        const fl_status status = fl_chain_before(*at, at, &error);
        if (status != FL_OK) return status;
    }
    *position -= (*at)->link.before;
    return FL_OK;
}

fl_status fl_journal_past(fl_journal *journal, uint64_t position, fl_record *record)
{
    fl_journal *at;
    const fl_status status = find_past(journal, &position, &at);
    return status == FL_OK ? fl_journal_record(at, position, record) : status;
}

fl_status fl_journal_past_bytes(fl_journal *journal, uint64_t position, const char **bytes, size_t *size)
{
    fl_journal *at;
    const fl_status status = find_past(journal, &position, &at);
    return status == FL_OK ? fl_journal_read(at, position, bytes, size) : status;
}
