#include "verify_source.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One run: what is known to hold so far. */
typedef struct run {
    const fl_verify_source *from;
    fl_verify_report *report;
    fl_verify_state *state;
    fl_vkey key;
    uint64_t next_checkpoint; /* size of the next stored one, or UINT64_MAX */
    char next_note[FL_CHECKPOINT_MAX];
    char why[200];                   /* of the damage */
    char pred[FL_NOTE_NAME_MAX + 1]; /* the log before this one, as entry 0 names it */
} run;

/* 1,024 for people. */
static const char *with_commas(uint64_t number, char room[32])
{
    char digits[24];
    const int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    char *to = room;
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0) *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return room;
}

/* "1,024 does not match; 1 to 1,023 good, and 0, the opening of the log (why)". */
static void say_damage(fl_verify_report *report, const char *why)
{
    char bad[32], good[32], from[32], to[32];
    fl_text text = fl_text_in(report->what, sizeof report->what);
    const uint64_t unproven = report->has_good ? report->last_good + 1 : 0;
    if (!report->first_bad)
        fl_text_add(&text, "0, the opening of the log, does not match; nothing is good");
    else if (!report->has_good)
        fl_text_add(&text, "%s does not match; nothing is proven good", with_commas(report->first_bad, bad));
    else if (!report->last_good)
        fl_text_add(&text, "%s does not match; only 0, the opening of the log, is good",
                    with_commas(report->first_bad, bad));
    else
        fl_text_add(&text, "%s does not match; 1 to %s good, and 0, the opening of the log",
                    with_commas(report->first_bad, bad), with_commas(report->last_good, good));
    if (unproven < report->first_bad)
        fl_text_add(&text, "; %s to %s are not proven", with_commas(unproven, from),
                    with_commas(report->first_bad - 1, to));
    fl_text_add(&text, " (%s)", why);
}

/* The first thing that does not hold; nothing after it is looked at. */
static fl_status damaged(run *r, uint64_t first_bad, const char *format, ...) FL_PRINTF(3, 4);
static fl_status damaged(run *r, uint64_t first_bad, const char *format, ...)
{
    fl_verify_report *report = r->report;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->why, sizeof r->why, format, arguments);
    va_end(arguments);
    report->damaged = true;
    report->first_bad = first_bad;
    report->has_good = first_bad > 0;
    report->last_good = first_bad ? first_bad - 1 : 0;
    say_damage(report, r->why);
    return FL_E_DAMAGED;
}

/* Only what is signed is proven: the finding may be the trace of something before it that was replaced with
 * its hash. */
static fl_status only_signed(run *r)
{
    const uint64_t first_bad = r->report->first_bad, signed_size = r->report->signed_size;
    const uint64_t good = signed_size < first_bad ? signed_size : first_bad;
    r->report->has_good = good > 0;
    r->report->last_good = good ? good - 1 : 0;
    say_damage(r->report, r->why);
    return FL_E_DAMAGED;
}

/* A store that cannot be read is damaged from here on; a disk that fails now is another matter. */
static fl_status unreadable(run *r, fl_status status, uint64_t from)
{
    if (status == FL_E_DAMAGED || status == FL_E_NO || status == FL_E_FULL)
        return damaged(r, from, "the store cannot be read: %s", r->from->why(r->from->self));
    return status;
}

static fl_status fetch_checkpoint(run *r, uint64_t least)
{
    uint64_t size = least;
    const fl_status status = r->from->checkpoint(r->from->self, &size, r->next_note, sizeof r->next_note);
    if (status == FL_E_NO) return r->next_checkpoint = UINT64_MAX, FL_OK;
    if (status == FL_OK) r->next_checkpoint = size;
    return status;
}

/* The tree has just reached the size of a stored checkpoint. */
static fl_status check_checkpoint(run *r)
{
    const uint64_t size = r->next_checkpoint;
    fl_checkpoint checkpoint;
    const fl_hash root = fl_tree_root(&r->state->tree);
    const uint64_t from = r->report->signed_size; /* what a bad one leaves unvouched */
    if (fl_checkpoint_open(r->next_note, strlen(r->next_note), &r->key, &checkpoint) != FL_OK)
        return damaged(r, from, "the checkpoint over %llu entries is not signed by this log's key",
                       (unsigned long long)size);
    if (checkpoint.size != size)
        return damaged(r, from, "the checkpoint stored for %llu entries is over %llu",
                       (unsigned long long)size, (unsigned long long)checkpoint.size);
    if (!fl_hash_same(&checkpoint.root, &root))
        return damaged(
            r, from,
            "the signed root over %llu entries is another: something among entries %llu to %llu was replaced",
            (unsigned long long)size, (unsigned long long)from, (unsigned long long)(size ? size - 1 : 0));
    r->report->signed_size = size;
    r->report->checkpoints++;
    snprintf(r->report->checkpoint, sizeof r->report->checkpoint, "%s", r->next_note);
    const fl_status status = fetch_checkpoint(r, size + 1);
    return status == FL_OK ? FL_OK : unreadable(r, status, r->state->tree.size);
}

static fl_status check_order(run *r, const fl_record *record, uint64_t index)
{
    fl_verify_state *state = r->state;
    uint64_t version, boot, clk;
    int64_t mono, utc;
    if (fl_record_count(record, "v", &version) != FL_OK || fl_record_count(record, "boot", &boot) != FL_OK ||
        fl_record_int(record, "mono_us", &mono) != FL_OK || fl_record_int(record, "utc_us", &utc) != FL_OK ||
        fl_record_count(record, "clk", &clk) != FL_OK || clk > FL_CLK_WITNESSED ||
        !fl_record_has(record, "k"))
        return damaged(r, index, "a field that every entry has is missing or wrong");
    if (boot < state->boot)
        return damaged(r, index, "start %llu after start %llu", (unsigned long long)boot,
                       (unsigned long long)state->boot);
    if (boot == state->boot && mono < state->mono_us)
        return damaged(r, index, "it is older than the entry before it");
    const bool opening = fl_record_is(record, FL_KIND_LOG_OPEN);
    if (opening != (index == 0))
        return damaged(r, index, opening ? "a second opening" : "the log does not begin with its opening");
    if (opening && !fl_record_text_is(record, "log", r->from->origin))
        return damaged(r, index, "it opens another log than '%.80s'", r->from->origin);
    if (opening && fl_record_text(record, "pred", r->pred, sizeof r->pred) != FL_OK)
        return damaged(r, index, "it does not say which log was before it");
    const bool succeeds = fl_record_is(record, FL_KIND_LOG_SUCCEED);
    if (succeeds != (index == 1 && r->pred[0]))
        return damaged(r, index,
                       succeeds ? "it succeeds a log that the opening does not name"
                                : "the opening names a log before this one, and it does not say which");
    if (succeeds && !fl_record_text_is(record, "log", r->pred))
        return damaged(r, index, "it succeeds another log than the opening names");
    state->boot = boot;
    state->mono_us = mono;
    state->utc_us = utc;
    return FL_OK;
}

static fl_status check_entry(run *r, const fl_store_row *row, uint64_t index)
{
    fl_record record;
    char why[160];
    if (row->index != index)
        return damaged(r, index, "it is missing; the next one there is %llu", (unsigned long long)row->index);
    if (!row->data || row->data_size > FL_ENTRY_READ_MAX || row->leaf_size != sizeof(fl_hash))
        return damaged(r, index, "it has no usable data");
    const fl_hash leaf = fl_tree_leaf(row->data, row->data_size);
    if (memcmp(leaf.byte, row->leaf, sizeof leaf.byte) != 0)
        return damaged(r, index, "its bytes do not have the hash stored with them");
    if (fl_record_read(row->data, row->data_size, &record) != FL_OK)
        return damaged(r, index, "it is not written as an entry is written");
    const fl_status status = check_order(r, &record, index);
    if (status != FL_OK) return status;
    switch (fl_counters_take(&r->state->counters, &record, why, sizeof why)) {
    case FL_OK: break;
    case FL_E_MEMORY: return FL_E_MEMORY;
    default: return damaged(r, index, "%s", why);
    }
    fl_tree_append(&r->state->tree, &leaf);
    return FL_OK;
}

/* The next root somebody stood for: a signed checkpoint, or for the unsigned end the head. */
static bool next_root(run *r, uint64_t *size, fl_hash *root)
{
    fl_checkpoint checkpoint;
    fl_tree head;
    if (r->next_checkpoint == UINT64_MAX) return r->from->head(r->from->self, size, &head, root) == FL_OK;
    if (fl_checkpoint_open(r->next_note, strlen(r->next_note), &r->key, &checkpoint) != FL_OK) return false;
    *size = checkpoint.size;
    *root = checkpoint.root;
    return true;
}

/* Whether the tree comes out as it was signed when the bad entry is taken at its stored hash, or it and all
 * that come after it, or (for a damaged hash) at its data. Then everything before it is proven. */
typedef enum by { BY_DATA, BY_ITS_HASH, BY_HASHES } by;
static bool comes_out(run *r, uint64_t index, by way)
{
    uint64_t size;
    fl_hash root, leaf;
    fl_tree tree = r->state->tree;
    if (!next_root(r, &size, &root) || size <= index) return false;
    while (tree.size < size) {
        fl_store_row row;
        if (r->from->row(r->from->self, tree.size, &row) != FL_OK || row.index != tree.size) return false;
        if (row.leaf_size != sizeof leaf || !row.data) return false;
        if (way == BY_HASHES || (way == BY_ITS_HASH && row.index == index))
            memcpy(leaf.byte, row.leaf, sizeof leaf.byte);
        else
            leaf = fl_tree_leaf(row.data, row.data_size);
        fl_tree_append(&tree, &leaf);
    }
    const fl_hash got = fl_tree_root(&tree);
    return fl_hash_same(&got, &root);
}

/* An entry that does not hold may be the trace of an earlier one that was replaced with its hash: what stands
 * between the last good checkpoint and here is only good when the tree says so. */
static void judge_neighbours(run *r, uint64_t index)
{
    if (comes_out(r, index, BY_ITS_HASH) || comes_out(r, index, BY_HASHES) || comes_out(r, index, BY_DATA))
        return;
    (void)only_signed(r);
}

/* Whoever waits may look, and may go: every so many entries. */
static bool is_stopped(const fl_verify_options *options, uint64_t entries)
{
    return options && options->watch && entries % 1024 == 0 && !options->watch(options->self, entries);
}

static fl_status check_entries(run *r, const fl_verify_options *options)
{
    fl_tree *tree = &r->state->tree;
    fl_status status = fetch_checkpoint(r, tree->size ? tree->size + 1 : 0);
    if (status != FL_OK) return unreadable(r, status, 0);
    for (;;) {
        fl_store_row row;
        if (is_stopped(options, tree->size)) return FL_E_INTERRUPTED;
        if (r->next_checkpoint == tree->size && (status = check_checkpoint(r)) != FL_OK) return status;
        status = r->from->row(r->from->self, tree->size, &row);
        if (status == FL_E_NO) break;
        if (status != FL_OK) return unreadable(r, status, tree->size);
        status = check_entry(r, &row, tree->size);
        if (status == FL_E_DAMAGED) judge_neighbours(r, tree->size);
        if (status != FL_OK) return status;
    }
    if (r->next_checkpoint != UINT64_MAX) {
        (void)damaged(r, tree->size,
                      "it is missing: %llu entries are there, a checkpoint was signed over %llu",
                      (unsigned long long)tree->size, (unsigned long long)r->next_checkpoint);
        return only_signed(r);
    }
    return tree->size ? FL_OK : damaged(r, 0, "there is not one entry");
}

/* The writer's own idea of where it stands. */
static fl_status check_head(run *r)
{
    const fl_tree *tree = &r->state->tree;
    uint64_t size;
    fl_tree head;
    fl_hash stored;
    const fl_hash root = fl_tree_root(tree);
    const fl_status status = r->from->head(r->from->self, &size, &head, &stored);
    if (status != FL_OK) return unreadable(r, status, r->report->signed_size);
    if (size != tree->size) {
        if (size > tree->size)
            (void)damaged(r, tree->size, "it is missing: the head counts %llu entries",
                          (unsigned long long)size);
        else
            (void)damaged(r, size, "the head counts only %llu entries", (unsigned long long)size);
        return only_signed(r);
    }
    if (!fl_hash_same(&stored, &root) || memcmp(head.peak, tree->peak, tree->peaks * sizeof *tree->peak) != 0)
        return damaged(r, r->report->signed_size, "the head's hashes are not those of the entries");
    return FL_OK;
}

static fl_status check_seal(run *r)
{
    char why[160];
    const fl_status status = r->from->seal(r->from->self, &r->key, r->state, why, sizeof why);
    return status == FL_E_DAMAGED ? damaged(r, r->state->tree.size, "%s", why) : status;
}

/* Checkpoints that somebody else kept: the log must still contain them. */
static fl_status check_outside(run *r, const char *note)
{
    fl_checkpoint outside, ours = {0};
    const uint64_t entries = r->state->tree.size;
    if (fl_checkpoint_open(note, strlen(note), &r->key, &outside) != FL_OK)
        return damaged(r, r->report->signed_size, "the checkpoint handed in is not signed by this log's key");
    if (outside.size > entries)
        return damaged(r, entries,
                       "it is missing: a checkpoint kept elsewhere is over %llu entries, here are %llu",
                       (unsigned long long)outside.size, (unsigned long long)entries);
    fl_tree tree = {0};
    for (uint64_t i = 0; i < outside.size; i++) {
        fl_store_row row;
        const fl_status status = r->from->row(r->from->self, i, &row);
        if (status != FL_OK) return unreadable(r, status, i);
        const fl_hash leaf = fl_tree_leaf(row.data, row.data_size);
        fl_tree_append(&tree, &leaf);
    }
    const fl_hash root = fl_tree_root(&tree);
    if (fl_hash_same(&outside.root, &root)) return FL_OK;
    uint64_t size = outside.size;
    char note_here[FL_CHECKPOINT_MAX];
    const bool signed_here =
        r->from->checkpoint(r->from->self, &size, note_here, sizeof note_here) == FL_OK &&
        fl_checkpoint_open(note_here, strlen(note_here), &r->key, &ours) == FL_OK;
    if (signed_here) {
        r->report->fork = true;
        snprintf(r->report->fork_a, sizeof r->report->fork_a, "%s", note_here);
        snprintf(r->report->fork_b, sizeof r->report->fork_b, "%.*s", FL_CHECKPOINT_MAX - 1, note);
    }
    return damaged(
        r, 0, "a checkpoint kept elsewhere over %llu entries has another root: this is another history%s",
        (unsigned long long)outside.size, r->report->fork ? ", signed by the same key" : "");
}

static fl_status take_key(run *r, const fl_verify_options *options)
{
    const char *text = options && options->vkey ? options->vkey : r->from->vkey;
    r->report->vkey_from_outside = options && options->vkey;
    if (fl_vkey_read(text, &r->key) != FL_OK || r->key.type != FL_KEY_ED25519) {
        if (r->report->vkey_from_outside)
            return snprintf(r->report->what, sizeof r->report->what, "'%.80s' is no log key", text),
                   FL_E_FILE;
        return damaged(r, 0, "the key stored with the log is unusable");
    }
    snprintf(r->report->vkey, sizeof r->report->vkey, "%s", text);
    if (!fl_text_same(r->key.name, r->from->origin))
        return damaged(r, 0, "the key is for '%.60s', the log says it is '%.60s'", r->key.name,
                       r->from->origin);
    return FL_OK;
}

static fl_status check_all(run *r, const fl_verify_options *options)
{
    fl_status status = take_key(r, options);
    if (status == FL_OK) status = check_entries(r, options);
    if (status == FL_OK) status = check_head(r);
    if (status == FL_OK) status = check_seal(r);
    for (size_t i = 0; status == FL_OK && options && i < options->outside_count; i++)
        status = check_outside(r, options->outside[i]);
    return status;
}

fl_status fl_verify_source_run(const fl_verify_source *source, const fl_verify_options *options,
                               uint64_t from, fl_verify_report *report, fl_verify_state *state)
{
    FL_ASSERT(state->tree.size == from);
    run r = {.from = source, .report = report, .state = state};
    *report = (fl_verify_report){.simulated = source->simulated, .signed_size = from};
    snprintf(report->origin, sizeof report->origin, "%.*s", (int)sizeof report->origin - 1, source->origin);
    const fl_status status = check_all(&r, options);
    report->entries = state->tree.size;
    report->grants = state->counters.grants;
    report->pulses = state->counters.pulses;
    report->unknowns = state->counters.unknowns;
    report->root = fl_tree_root(&state->tree);
    if (status == FL_OK) {
        char size[32];
        report->has_good = true;
        report->last_good = report->entries - 1;
        snprintf(report->what, sizeof report->what, "all %s entries match",
                 with_commas(report->entries, size));
    }
    return status;
}

uint64_t fl_verify_good(const fl_verify_report *report)
{
    if (!report->damaged) return report->entries;
    return report->has_good ? report->last_good + 1 : 0;
}
