#include "seal.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE                                                                                                \
    "fadeline journal seal 1" /* with spaces: no checkpoint begins so, and no key has such a name            \
                               */
#define TAIL 256              /* entries at the end that are read again, at least */
#define SUBTREE 4096          /* and at most so many for one perfect subtree */

#define N(x) ((unsigned long long)(x))

static void add_device(fl_text *text, const fl_counter_state *c)
{
    char hex[2 * sizeof c->dev + 1] = "-"; /* an id may hold anything a text may */
    if (c->dev[0]) fl_hex((const uint8_t *)c->dev, strlen(c->dev), hex);
    fl_text_add(text, "device %s %d %llu %llu %d %d %d %d %d %d %llu %llu %llu\n", hex, c->known, N(c->ctr),
                N(c->gid), c->outstanding, c->unknown, c->in_session, c->manual, c->in_zone, c->zoned,
                N(c->sid), N(c->pulses), N(c->grant_sid));
}

fl_status fl_seal_text(const fl_seal *seal, char *room, size_t room_size, size_t *size)
{
    const fl_verify_state *s = &seal->state;
    const fl_hash root = fl_tree_root(&s->tree);
    char hex[2 * FL_SHA256_SIZE + 1];
    fl_text text = fl_text_in(room, room_size < FL_SEAL_MAX ? room_size : FL_SEAL_MAX);
    fl_text_add(&text, TITLE "\norigin %s\nsize %llu\nroot %s\n", seal->origin, N(s->tree.size),
                fl_hex(root.byte, sizeof root.byte, hex));
    fl_text_add(&text, "newest %llu %lld %lld\n", N(s->boot), (long long)s->mono_us, (long long)s->utc_us);
    fl_text_add(&text, "full %llu %lld\n", N(seal->full_size), (long long)seal->full_utc_us);
    fl_text_add(&text, "sums %llu %llu %llu %llu\n", N(s->counters.grants), N(s->counters.pulses),
                N(s->counters.unknowns), N(s->counters.last_sid));
    for (unsigned i = 0; i < s->tree.peaks; i++)
        fl_text_add(&text, "peak %s\n", fl_hex(s->tree.peak[i].byte, sizeof s->tree.peak[i].byte, hex));
    for (size_t i = 0; i < s->counters.count; i++) add_device(&text, &s->counters.list[i]);
    *size = text.length;
    return text.cut ? FL_E_FULL : FL_OK;
}

static bool read_device(const char *line, fl_counters *counters)
{
    fl_counter_state c = {0};
    char hex[2 * sizeof c.dev + 1];
    int flag[7];
    unsigned long long n[5];
    if (sscanf(line, "device %128s %d %llu %llu %d %d %d %d %d %d %llu %llu %llu", hex, &flag[0], &n[0],
               &n[1], &flag[1], &flag[2], &flag[3], &flag[4], &flag[5], &flag[6], &n[2], &n[3], &n[4]) != 13)
        return false;
    if (strcmp(hex, "-") != 0 && (strlen(hex) % 2 || strlen(hex) > 2 * FL_DEVICE_ID_MAX ||
                                  fl_read_hex(hex, (uint8_t *)c.dev, strlen(hex) / 2) != FL_OK))
        return false;
    c.known = flag[0] == 1, c.outstanding = flag[1] == 1, c.unknown = flag[2] == 1,
    c.in_session = flag[3] == 1;
    c.manual = flag[4] == 1, c.in_zone = flag[5] == 1, c.zoned = flag[6] == 1;
    c.ctr = n[0], c.gid = n[1], c.sid = n[2], c.pulses = n[3], c.grant_sid = n[4];
    return fl_counters_put(counters, &c) == FL_OK;
}

static bool read_line(const char *line, fl_seal *seal)
{
    fl_verify_state *s = &seal->state;
    unsigned long long n[4];
    long long t[2];
    if (strcmp(line, TITLE) == 0 || strncmp(line, "root ", 5) == 0) return true; /* both are derived */
    if (strncmp(line, "origin ", 7) == 0)
        return snprintf(seal->origin, sizeof seal->origin, "%s", line + 7) < (int)sizeof seal->origin;
    if (sscanf(line, "size %llu", &n[0]) == 1) return s->tree.size = n[0], true;
    if (sscanf(line, "newest %llu %lld %lld", &n[0], &t[0], &t[1]) == 3)
        return s->boot = n[0], s->mono_us = t[0], s->utc_us = t[1], true;
    if (sscanf(line, "full %llu %lld", &n[0], &t[0]) == 2)
        return seal->full_size = n[0], seal->full_utc_us = t[0], true;
    if (sscanf(line, "sums %llu %llu %llu %llu", &n[0], &n[1], &n[2], &n[3]) == 4) {
        s->counters.grants = n[0], s->counters.pulses = n[1];
        s->counters.unknowns = n[2], s->counters.last_sid = n[3];
        return true;
    }
    if (strncmp(line, "peak ", 5) == 0)
        return s->tree.peaks < 64 &&
               fl_read_hex(line + 5, s->tree.peak[s->tree.peaks++].byte, sizeof(fl_hash)) == FL_OK;
    return read_device(line, &s->counters);
}

/* Read with a light hand, and then written again and compared: only the one text of what was understood
 * passes. */
fl_status fl_seal_read(const char *text, size_t size, fl_seal *seal)
{
    *seal = (fl_seal){.full_size = 0};
    char *copy = malloc(size + 1), *again = malloc(FL_SEAL_MAX);
    bool good = copy && again;
    const bool memory = good;
    if (good) {
        memcpy(copy, text, size);
        copy[size] = 0;
    }
    for (char *at = copy, *next; good && *at; at = next) {
        next = strchr(at, '\n');
        if (!next)
            good = false;
        else {
            *next++ = 0;
            good = read_line(at, seal);
        }
    }
    size_t length = 0;
    good = good && (unsigned)__builtin_popcountll(seal->state.tree.size) == seal->state.tree.peaks &&
           fl_seal_text(seal, again, FL_SEAL_MAX, &length) == FL_OK && length == size &&
           memcmp(again, text, size) == 0;
    free(copy);
    free(again);
    if (good) return FL_OK;
    fl_counters_fini(&seal->state.counters);
    *seal = (fl_seal){.full_size = 0};
    return memory ? FL_E_DAMAGED : FL_E_MEMORY;
}

void fl_seal_close(fl_journal *journal)
{
    char *note = malloc(FL_NOTE_MAX), line[FL_NOTE_LINE_MAX];
    size_t size = 0;
    fl_seal seal = {.full_size = journal->full_size,
                    .full_utc_us = journal->full_utc_us,
                    .state = {.tree = journal->tree,
                              .counters = journal->counters, /* lent */
                              .boot = journal->boot,
                              .mono_us = journal->newest_mono_us,
                              .utc_us = journal->newest_utc_us}};
    memcpy(seal.origin, journal->origin, sizeof seal.origin);
    const bool is_ready = note && journal->signed_size == journal->tree.size &&
                          fl_store_settle_all(&journal->store) == FL_OK &&
                          fl_seal_text(&seal, note, FL_SEAL_MAX, &size) == FL_OK &&
                          fl_note_sign(&journal->signer, note, size, line) == FL_OK;
    if (is_ready) {
        snprintf(note + size, FL_NOTE_MAX - size, "\n%s", line);
        if (fl_store_put_seal(&journal->store, note) != FL_OK) fl_failure_mark(journal->directory);
    }
    free(note);
}

/* The note in the store, opened: FL_E_NO when there is none, FL_E_DAMAGED when it is none of this key's. */
static fl_status fetch(fl_journal *journal, const fl_vkey *key, fl_seal *seal)
{
    char *note = malloc(FL_NOTE_MAX);
    fl_note opened;
    *seal = (fl_seal){.full_size = 0};
    fl_status status = note ? fl_store_seal(&journal->store, note, FL_NOTE_MAX) : FL_E_MEMORY;
    if (status == FL_OK)
        status = fl_note_open(note, strlen(note), key, 1, &opened) == FL_OK ? FL_OK : FL_E_DAMAGED;
    if (status == FL_OK) status = fl_seal_read(opened.text, opened.text_size, seal);
    free(note);
    return status;
}

/* The stored entry, if it is one and its bytes have the hash stored with them. */
static bool read_entry(fl_journal *journal, uint64_t index, fl_hash *leaf, fl_record *record)
{
    fl_store_row row;
    if (fl_store_row_at(&journal->store, index, &row) != FL_OK || row.index != index || !row.data ||
        row.data_size > FL_ENTRY_READ_MAX || row.leaf_size != sizeof *leaf)
        return false;
    *leaf = fl_tree_leaf(row.data, row.data_size);
    return memcmp(leaf->byte, row.leaf, sizeof leaf->byte) == 0 &&
           fl_record_read(row.data, row.data_size, record) == FL_OK;
}

static bool begins_well(fl_journal *journal)
{
    fl_hash leaf;
    fl_record record;
    return read_entry(journal, 0, &leaf, &record) && fl_record_is(&record, FL_KIND_LOG_OPEN) &&
           fl_record_text_is(&record, "log", journal->origin);
}

/* The last perfect subtrees are grown again from the entries, and nothing comes after them. */
static bool ends_well(fl_journal *journal, const fl_verify_state *state)
{
    const fl_tree *want = &state->tree;
    fl_tree tree = *want;
    fl_record record = {0};
    while (tree.peaks && want->size - tree.size < TAIL) {
        const uint64_t subtree = tree.size & (~tree.size + 1);
        if (subtree > SUBTREE) break;
        tree.size -= subtree;
        tree.peaks--;
    }
    const bool grows =
        tree.size < want->size; /* else one huge subtree: of the newest entry at least the bytes */
    for (uint64_t i = grows ? tree.size : want->size - 1; i < want->size; i++) {
        fl_hash leaf;
        if (!read_entry(journal, i, &leaf, &record)) return false;
        if (grows) fl_tree_append(&tree, &leaf);
    }
    fl_store_row beyond;
    uint64_t boot;
    int64_t mono_us, utc_us;
    const bool newest = fl_record_is(&record, FL_KIND_SHUTDOWN) &&
                        fl_record_count(&record, "boot", &boot) == FL_OK &&
                        fl_record_int(&record, "mono_us", &mono_us) == FL_OK &&
                        fl_record_int(&record, "utc_us", &utc_us) == FL_OK && boot == state->boot &&
                        mono_us == state->mono_us && utc_us == state->utc_us;
    /* The record points into the row, and this moves on from it. */
    return newest && fl_store_row_at(&journal->store, want->size, &beyond) == FL_E_NO &&
           memcmp(tree.peak, want->peak, want->peaks * sizeof *want->peak) == 0;
}

/* Head and newest checkpoint are those of the seal. */
static bool is_signed(fl_journal *journal, const fl_vkey *key, const fl_tree *tree)
{
    const fl_hash root = fl_tree_root(tree);
    char note[FL_CHECKPOINT_MAX];
    fl_checkpoint checkpoint;
    fl_hash stored;
    fl_tree head;
    uint64_t size = 0;
    if (fl_store_head(&journal->store, &size, &head, &stored) != FL_OK || size != tree->size ||
        !fl_hash_same(&stored, &root) || memcmp(head.peak, tree->peak, tree->peaks * sizeof *tree->peak) != 0)
        return false;
    return fl_store_checkpoint(&journal->store, true, &size, note, sizeof note) == FL_OK &&
           size == tree->size && fl_checkpoint_open(note, strlen(note), key, &checkpoint) == FL_OK &&
           checkpoint.size == size && fl_hash_same(&checkpoint.root, &root);
}

fl_status fl_seal_trust(fl_journal *journal, fl_seal *seal)
{
    const fl_vkey *key = &journal->signer.vkey;
    const fl_status status = fetch(journal, key, seal);
    if (status != FL_OK) return status;
    if (seal->state.tree.size && fl_text_same(seal->origin, journal->origin) &&
        is_signed(journal, key, &seal->state.tree) && begins_well(journal) &&
        ends_well(journal, &seal->state))
        return FL_OK;
    fl_counters_fini(&seal->state.counters);
    *seal = (fl_seal){.full_size = 0};
    return FL_E_NO;
}

fl_status fl_seal_compare(fl_journal *journal, const fl_vkey *key, const fl_verify_state *state, char *why,
                          size_t why_size)
{
    fl_seal stored;
    fl_status status = fetch(journal, key, &stored);
    if (status == FL_E_NO) return FL_OK;
    if (status == FL_E_DAMAGED) snprintf(why, why_size, "the seal of the last closing is not this log's");
    if (status != FL_OK) return status;
    const uint64_t size = stored.state.tree.size;
    fl_seal derived = {.full_size = stored.full_size, .full_utc_us = stored.full_utc_us, .state = *state};
    memcpy(derived.origin, journal->origin, sizeof derived.origin);
    char *a = malloc(FL_SEAL_MAX), *b = malloc(FL_SEAL_MAX);
    size_t a_size = 0, b_size = 0;
    if (!a || !b)
        status = FL_E_MEMORY;
    else if (size > state->tree.size) {
        snprintf(why, why_size, "it is missing: the journal was closed with %llu entries, here are %llu",
                 N(size), N(state->tree.size));
        status = FL_E_DAMAGED;
    } else if (size == state->tree.size && (fl_seal_text(&stored, a, FL_SEAL_MAX, &a_size) != FL_OK ||
                                            fl_seal_text(&derived, b, FL_SEAL_MAX, &b_size) != FL_OK ||
                                            a_size != b_size || memcmp(a, b, a_size) != 0)) {
        snprintf(why, why_size, "the seal of the last closing says something else than the entries");
        status = FL_E_DAMAGED;
    } /* an older one was left by a program that did not know of seals; opening passes over it too */
    free(a);
    free(b);
    fl_counters_fini(&stored.state.counters);
    return status;
}
