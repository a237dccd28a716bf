#include "fadeline/journal/succeed.h"

#include "handle.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One succession on its way. */
typedef struct work {
    const char *directory;
    const fl_journal_options *options;
    const fl_succession *wish;
    fl_succession_done *done;
    int lock;
    fl_verify_state state; /* of the old log */
    fl_link link;          /* to its own predecessor */
    uint64_t signed_size;
    char note_hex[2 * FL_SHA256_SIZE + 1]; /* hash of its newest checkpoint; "": it has none */
    uint64_t anchor;                       /* where the new log begins to count for lasers */
    char stage[FL_PLACE_MAX], shelf[FL_PLACE_MAX];
    fl_entry succeed;
} work;

static void step(const work *w, const char *name)
{
    if (w->wish->step) w->wish->step(w->wish->self, name);
}

bool fl_succession_is_reason(const char *why)
{
    static const char *const all[] = {FL_SUCCEED_COPY, FL_SUCCEED_RESTORED, FL_SUCCEED_KEY_LOST,
                                      FL_SUCCEED_KEY_STOLEN};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (why && fl_text_same(all[i], why)) return true;
    return false;
}

/* ---- the old log: whole, and what it leaves behind ---- */

static void hash_note(work *w, const fl_verify_report *report)
{
    uint8_t digest[FL_SHA256_SIZE];
    const fl_piece piece = {report->checkpoint, strlen(report->checkpoint)};
    w->note_hex[0] = 0;
    if (!piece.size) return;
    fl_sha256_pieces(&piece, 1, digest);
    fl_hex(digest, sizeof digest, w->note_hex);
}

static fl_status verify_old(work *w, fl_journal *old, fl_error *error)
{
    fl_verify_report *report = calloc(1, sizeof *report);
    if (!report) return fl_error_set(error, FL_E_MEMORY, "no memory for the verification");
    fl_status status = fl_verify_run(old, NULL, report, &w->state, error);
    if (status == FL_E_DAMAGED)
        fl_error_hint(
            error, "a damaged log has no successor: what it lost nobody could know. fadeline journal verify");
    w->signed_size = report->signed_size;
    w->done->size = report->entries;
    w->done->root = report->root;
    hash_note(w, report);
    free(report);
    return status;
}

static fl_status read_old(work *w, fl_error *error)
{
    fl_journal *old;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ, .vfs = w->options->vfs};
    fl_status status = fl_journal_open(w->directory, &read, &old, error);
    if (status != FL_OK) return status;
    snprintf(w->done->old_origin, sizeof w->done->old_origin, "%s", old->origin);
    if (old->options.simulated != w->options->simulated)
        status = fl_error_set(error, FL_E_REFUSED, "this is the journal of %s lasers",
                              old->options.simulated ? "SIMULATED" : "real");
    if (status == FL_OK) status = verify_old(w, old, error);
    if (status == FL_OK) status = fl_journal_whole(old, error);
    w->link = old->link;
    w->done->before = w->link.before + w->done->size;
    fl_journal_close(old);
    return status;
}

/* ---- aside: a new log, made whole ---- */

static void sync_directory(const char *path)
{
    const int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    fsync(file);
    close(file);
}

static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm", "install.key",
                                    "lock",       "ballast",        "failed"};

/* A try that was cut off. Nothing else lies under this name, and if it does, the directory stays. */
static fl_status clear_stage(const work *w, fl_error *error)
{
    char path[FL_PLACE_MAX];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (fl_seat_path(w->stage, files[i], path, NULL) == FL_OK) unlink(path);
    if (rmdir(w->stage) == 0 || errno == ENOENT) return FL_OK;
    fl_error_set(error, FL_E_IO, "an unfinished successor cannot be removed: %s", strerror(errno));
    return fl_error_at(error, w->stage, 0, 0), FL_E_IO;
}

static fl_status find_stage(work *w, fl_error *error)
{
    char name[25];
    fl_journal *there;
    fl_error none = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ, .vfs = w->options->vfs};
    fl_link_name(w->done->old_origin, w->done->size, &w->done->root, name);
    fl_status status = fl_link_shelf(w->directory, w->shelf, error);
    if (status == FL_OK) status = fl_place_make(w->shelf, error);
    if (status == FL_OK) status = fl_seat_path(w->shelf, name, w->stage, error);
    if (status != FL_OK || !fl_place_exists(w->stage)) return status;
    if (fl_journal_open(w->stage, &read, &there, &none) == FL_OK) {
        const bool same = fl_text_same(there->origin, w->done->old_origin);
        fl_journal_close(there);
        if (same) {
            fl_error_set(error, FL_E_REFUSED, "this very log was succeeded before; it came back from a copy");
            fl_error_hint(error, "put its successor back in its place");
            return fl_error_at(error, w->stage, 0, 0), FL_E_REFUSED;
        }
    }
    return clear_stage(w, error);
}

static void write_succeed(work *w)
{
    char root[2 * FL_SHA256_SIZE + 1];
    fl_entry *entry = &w->succeed;
    fl_entry_begin(entry, FL_KIND_LOG_SUCCEED);
    fl_entry_text(entry, "log", w->done->old_origin);
    fl_entry_count(entry, "size", w->done->size);
    fl_entry_text(entry, "root", fl_hex(w->done->root.byte, sizeof w->done->root.byte, root));
    fl_entry_count(entry, "signed", w->signed_size);
    if (w->note_hex[0]) fl_entry_text(entry, "note_sha256", w->note_hex);
    fl_entry_count(entry, "before", w->done->before);
    fl_entry_count(entry, "anchor", w->anchor);
    fl_entry_count(entry, "sid", w->state.counters.last_sid);
    fl_entry_text(entry, "who", w->wish->who);
    fl_entry_text(entry, "why", w->wish->why);
    if (w->wish->text) fl_entry_text(entry, "text", w->wish->text);
}

static fl_status carry_over(const work *w, fl_journal *made, fl_error *error)
{
    static fl_entry entry;
    const fl_counters *counters = &w->state.counters;
    fl_status status = FL_OK;
    for (size_t i = 0; i < counters->count && status == FL_OK; i++) {
        if (!counters->list[i].dev[0]) continue; /* entries that named no laser have no counter */
        fl_entry_begin(&entry, FL_KIND_COUNTER);
        fl_entry_device(&entry, counters->list[i].dev, w->options->simulated);
        fl_counters_carry(&counters->list[i], &entry);
        status = fl_journal_append(made, &entry, 1, error);
    }
    for (size_t i = 0; i < w->wish->seen_count && status == FL_OK; i++) {
        const fl_seen *seen = &w->wish->seen[i];
        char root[2 * FL_SHA256_SIZE + 1];
        fl_entry_begin(&entry, FL_KIND_ANCHOR_DEVICE);
        fl_entry_device(&entry, seen->dev, w->options->simulated);
        fl_entry_count(&entry, "size", seen->size);
        fl_entry_text(&entry, "root", fl_hex(seen->root.byte, sizeof seen->root.byte, root));
        fl_entry_int(&entry, "seen", 1);
        fl_entry_text(&entry, "who", w->wish->who);
        status = fl_journal_append(made, &entry, 1, error);
    }
    if (status == FL_OK && w->wish->then_count)
        status = fl_journal_append(made, w->wish->then, w->wish->then_count, error);
    return status;
}

static fl_status make_stage(work *w, fl_error *error)
{
    write_succeed(w);
    if (fl_entry_status(&w->succeed) != FL_OK)
        return fl_error_set(error, FL_E_RANGE, "the succession cannot be written: %s", w->succeed.fault);
    const fl_successor successor = {w->done->old_origin, &w->succeed};
    fl_journal_options options = *w->options;
    options.mode = FL_JOURNAL_CREATE;
    options.origin = w->wish->origin;
    options.successor = &successor;
    fl_journal *made;
    fl_status status = fl_journal_open(w->stage, &options, &made, error);
    if (status != FL_OK) return status;
    step(w, "carry");
    status = carry_over(w, made, error);
    if (status == FL_OK) status = fl_journal_checkpoint(made, error);
    snprintf(w->done->origin, sizeof w->done->origin, "%s", made->origin);
    snprintf(w->done->vkey, sizeof w->done->vkey, "%s", made->vkey);
    step(w, "close");
    fl_journal_close(made);
    sync_directory(w->stage);
    sync_directory(w->shelf);
    return status;
}

/* ---- the one step that counts ---- */

static fl_status exchange(const work *w, fl_error *error)
{
    char parent[FL_PLACE_MAX];
    step(w, "exchange");
    if (renameat2(AT_FDCWD, w->stage, AT_FDCWD, w->directory, RENAME_EXCHANGE) != 0) {
        const int why = errno;
        fl_error_set(error, FL_E_IO, "the new journal cannot take its place: %s", strerror(why));
        if (why == EINVAL || why == ENOSYS)
            fl_error_hint(error,
                          "this file system cannot exchange two directories in one step; move the state of "
                          "Fadeline to a local disk (ext4, xfs, btrfs) and set FADELINE_HOME");
        return fl_error_at(error, w->directory, 0, 0), FL_E_IO;
    }
    step(w, "sync");
    sync_directory(w->shelf);
    if (snprintf(parent, sizeof parent, "%s/..", w->shelf) < (int)sizeof parent) sync_directory(parent);
    return FL_OK;
}

void fl_succeed_retire(const char *kept)
{
    static const char *const gone[] = {"install.key", "ballast"};
    char path[FL_PLACE_MAX];
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (fl_seat_path(kept, gone[i], path, NULL) == FL_OK) unlink(path);
    sync_directory(kept);
}

static fl_status succeed(work *w, fl_error *error)
{
    step(w, "lock");
    fl_status status = fl_seat_lock(w->directory, &w->lock, error);
    step(w, "verify");
    if (status == FL_OK) status = read_old(w, error);
    if (status != FL_OK) return status;
    w->anchor = w->link.anchor + w->done->size;
    for (size_t i = 0; i < w->wish->seen_count; i++)
        if (w->wish->seen[i].size > w->anchor) w->anchor = w->wish->seen[i].size;
    step(w, "stage");
    status = find_stage(w, error);
    step(w, "make");
    if (status == FL_OK) status = make_stage(w, error);
    if (status == FL_OK) status = exchange(w, error);
    if (status != FL_OK) return status;
    step(w, "retire");
    fl_succeed_retire(w->stage);
    memcpy(w->done->kept, w->stage, sizeof w->done->kept);
    step(w, "done");
    return FL_OK;
}

fl_status fl_journal_succeed(const char *directory, const fl_journal_options *options,
                             const fl_succession *wish, fl_succession_done *done, fl_error *error)
{
    FL_ASSERT(fl_succession_is_reason(wish->why) && wish->who && wish->seen_count <= FL_SUCCEED_SEEN_MOST);
    char path[FL_PLACE_MAX];
    *done = (fl_succession_done){.size = 0};
    fl_status status = fl_seat_path(directory, "journal.db", path, error);
    if (status != FL_OK) return status;
    if (!fl_place_exists(path)) {
        fl_error_set(error, FL_E_FILE, "there is no journal here");
        fl_error_hint(error, "what does not exist needs no successor: the first session begins a new one");
        return fl_error_at(error, directory, 0, 0), FL_E_FILE;
    }
    work *w = calloc(1, sizeof *w);
    if (!w) return fl_error_set(error, FL_E_MEMORY, "no memory for the succession");
    *w = (work){.directory = directory, .options = options, .wish = wish, .done = done, .lock = -1};
    status = succeed(w, error);
    if (w->lock >= 0) close(w->lock);
    fl_counters_fini(&w->state.counters);
    free(w);
    return status;
}
