/* fadeline journal: look at the record, check it, hand it to somebody. */
#include "journal_page.h"
#include "journal_succeed.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/export.h"
#include "fadeline/journal/token.h"
#include "fadeline/journal/verify.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_OUTSIDE 16

static fl_status find_directory(const fl_args *args, char path[FL_PLACE_MAX], fl_error *error)
{
    const char *given = fl_args_value(args, "journal");
    if (!given) return fl_journal_place(fl_args_has(args, "simulated"), path, error);
    if (snprintf(path, FL_PLACE_MAX, "%s", given) < FL_PLACE_MAX) return FL_OK;
    return fl_error_set(error, FL_E_USAGE, "the path is too long");
}

static fl_status open_as(const fl_args *args, fl_journal_mode mode, fl_journal **journal, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_journal *reader = NULL;
    fl_status status = find_directory(args, path, error);
    /* A reader first: the log itself says whether it is simulated. */
    fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (status == FL_OK) status = fl_journal_open(path, &options, &reader, error);
    if (status != FL_OK || mode == FL_JOURNAL_READ) return *journal = reader, status;
    options.simulated = fl_journal_is_simulated(reader);
    options.mode = mode;
    fl_journal_close(reader);
    return fl_journal_open(path, &options, journal, error);
}

static int print_json(json_t *object)
{
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
    return 0;
}

static void put_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text && *text ? json_string(text) : json_null());
}

static void print_report_json(const fl_verify_report *report, const char *key_place)
{
    char root[2 * FL_SHA256_SIZE + 1];
    json_t *object = json_object();
    json_object_set_new(object, "entries", json_integer((json_int_t)report->entries));
    json_object_set_new(object, "pulses", json_integer((json_int_t)report->pulses));
    json_object_set_new(object, "grants", json_integer((json_int_t)report->grants));
    json_object_set_new(object, "pulses_unknown", json_integer((json_int_t)report->unknowns));
    json_object_set_new(object, "first_bad",
                        report->damaged ? json_integer((json_int_t)report->first_bad) : json_null());
    json_object_set_new(object, "last_good",
                        report->has_good ? json_integer((json_int_t)report->last_good) : json_null());
    put_text(object, "root_sha256", fl_hex(report->root.byte, FL_SHA256_SIZE, root));
    put_text(object, "checkpoint", report->checkpoint);
    json_object_set_new(object, "checkpoint_entries", json_integer((json_int_t)report->signed_size));
    json_object_set_new(object, "logs_before", json_integer((json_int_t)report->predecessors));
    json_object_set_new(object, "entries_before", json_integer((json_int_t)report->before));
    put_text(object, "log_before_missing", report->missing);
    json_object_set_new(object, "intact", json_boolean(!report->damaged));
    json_object_set_new(object, "simulated", json_boolean(report->simulated));
    json_object_set_new(object, "key_from_outside", json_boolean(report->vkey_from_outside));
    put_text(object, "origin", report->origin);
    put_text(object, "key", report->vkey);
    put_text(object, "key_place", key_place);
    put_text(object, "finding", report->what);
    if (report->fork) {
        json_t *fork = json_array();
        json_array_append_new(fork, json_string(report->fork_a));
        json_array_append_new(fork, json_string(report->fork_b));
        json_object_set_new(object, "fork", fork);
    }
    print_json(object);
}

static void print_report(const fl_verify_report *report, const char *key_place)
{
    char root[2 * FL_SHA256_SIZE + 1];
    const char *mark = report->simulated ? "SIMULATED " : "";
    printf("%sjournal %s: %s\n", mark, report->damaged ? "DAMAGED" : "intact", FL_SHOWN(report->what));
    if (report->fork) {
        puts("\nFORK: two histories signed by one key. Keep both; together they are the evidence.\n");
        fl_show_lines(stdout, report->fork_a), putchar('\n');
        fl_show_lines(stdout, report->fork_b), putchar('\n');
    }
    printf("  origin      %s\n", report->origin[0] ? FL_SHOWN(report->origin) : "-");
    printf("  entries     %llu%s\n", (unsigned long long)report->entries, report->damaged ? " good" : "");
    printf("  pulses      %llu, by %llu grants and by hand; %llu unknown when written\n",
           (unsigned long long)report->pulses, (unsigned long long)report->grants,
           (unsigned long long)report->unknowns);
    printf("  signed      %llu entries, by %s\n", (unsigned long long)report->signed_size,
           report->vkey_from_outside ? "the key you gave" : "the key stored beside the log");
    printf("  key         %s\n", key_place);
    printf("  root        %s\n", fl_hex(report->root.byte, FL_SHA256_SIZE, root));
    if (report->predecessors)
        printf("  before it   %u log%s with %llu entries, verified as well\n", report->predecessors,
               report->predecessors == 1 ? "" : "s", (unsigned long long)report->before);
    if (report->missing[0])
        printf(
            "  MISSING     %s, which came before, is not where it was put: what it says was not verified\n",
            report->missing);
    if (report->damaged) return;
    puts("  An end cut off with its checkpoints shows only against one kept elsewhere: --against "
         "FILE.");
}

static int verify(const fl_args *args)
{
    char path[FL_PLACE_MAX], *notes[MOST_OUTSIDE];
    fl_verify_report report = {0};
    fl_error error = {0};
    size_t count = 0, size, at = 0;
    fl_status status = find_directory(args, path, &error);
    for (const char *file; status == FL_OK && (file = fl_args_each(args, "against", &at));) {
        if (count == MOST_OUTSIDE)
            status = fl_error_set(&error, FL_E_USAGE, "at most %d checkpoints", MOST_OUTSIDE);
        if (status == FL_OK) status = fl_place_read(file, FL_NOTE_MAX, &notes[count], &size, &error);
        if (status == FL_OK) count++;
    }
    const fl_verify_options options = {
        .vkey = fl_args_value(args, "key"), .outside = (const char *const *)notes, .outside_count = count};
    if (status == FL_OK) status = fl_verify(path, &options, &report, &error);
    for (size_t i = 0; i < count; i++) free(notes[i]);
    if (status != FL_OK && !report.damaged) return fl_args_failed(&error);
    char key_place[FL_JOURNAL_KEY_PLACE];
    fl_journal_key_place(path, key_place);
    if (fl_args_has(args, "json"))
        print_report_json(&report, key_place);
    else
        print_report(&report, key_place);
    return fl_status_exit(status);
}

static int show(const fl_args *args)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    unsigned long long first = 0, last = 0;
    bool has_last;
    const char *kind = fl_args_value(args, "kind");
    if (!fl_args_whole(args, "from", INT64_MAX, &first, NULL) ||
        !fl_args_whole(args, "to", INT64_MAX, &last, &has_last))
        return 2;
    if (kind && fl_kind_find(kind, (unsigned)strlen(kind)) == FL_KIND_UNKNOWN)
        return fl_args_wrong(args, "there is no kind of entry '%s'", kind);
    fl_status status = open_as(args, FL_JOURNAL_READ, &journal, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    const bool json = fl_args_has(args, "json");
    if (!json && fl_journal_is_simulated(journal)) puts("SIMULATED journal");
    for (uint64_t i = first; !has_last || i <= last; i++) {
        const char *bytes;
        size_t size;
        fl_record record;
        status = fl_journal_read(journal, i, &bytes, &size);
        if (status == FL_OK) status = fl_record_read(bytes, size, &record);
        if (status != FL_OK) break;
        if (kind && !fl_record_text_is(&record, "k", kind)) continue;
        if (json)
            journal_print_entry_json(journal, i, bytes, size);
        else
            journal_print_entry(i, &record, bytes, size);
    }
    fl_journal_close(journal);
    if (status == FL_OK || status == FL_E_NO) return 0;
    fl_error_set(&error, status, "an entry cannot be read");
    fl_error_hint(&error, "fadeline journal verify names it");
    return fl_args_failed(&error);
}

/* Writes down that the record was handed out, and signs. A copy without its key is only read. */
static fl_status log_export(const fl_args *args, const char *what, fl_error *error)
{
    fl_journal *journal = NULL;
    fl_entry entry;
    fl_status status = open_as(args, FL_JOURNAL_WRITE, &journal, error);
    if (status == FL_E_REFUSED) {
        fprintf(
            stderr,
            "fadeline: this journal is a copy: what is signed goes out, and nothing is written into it\n");
        return FL_OK;
    }
    if (status != FL_OK) return status;
    fl_entry_begin(&entry, FL_KIND_EXPORT);
    fl_entry_text(&entry, "what", what);
    fl_entry_count(&entry, "entries", fl_journal_size(journal));
    status = fl_journal_append(journal, &entry, 1, error);
    if (status == FL_OK) status = fl_journal_checkpoint(journal, error);
    fl_journal_close(journal);
    return status;
}

static int export_tiles(const fl_args *args)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    uint64_t entries = 0;
    if (args->count != 2) return fl_args_wrong(args, "export needs one new directory");
    fl_status status = log_export(args, "tiles", &error);
    if (status == FL_OK) status = open_as(args, FL_JOURNAL_READ, &journal, &error);
    if (status == FL_OK) status = fl_export_tiles(journal, args->words[1], &entries, &error);
    const bool simulated = journal && fl_journal_is_simulated(journal);
    fl_journal_close(journal);
    if (status != FL_OK) return fl_args_failed(&error);
    if (fl_args_has(args, "json"))
        return print_json(json_pack("{s:s, s:I, s:b}", "directory", args->words[1], "entries",
                                    (json_int_t)entries, "simulated", simulated));
    printf("%s%llu entries exported to %s (C2SP tlog-tiles)\n", simulated ? "SIMULATED: " : "",
           (unsigned long long)entries, args->words[1]);
    return 0;
}

static int print_checkpoint(const fl_args *args)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    char note[FL_CHECKPOINT_MAX], root[2 * FL_SHA256_SIZE + 1];
    fl_checkpoint checkpoint = {0};
    fl_vkey key;
    fl_status status = open_as(args, FL_JOURNAL_WRITE, &journal, &error);
    if (status == FL_E_BUSY || status == FL_E_REFUSED) {
        fprintf(stderr, "fadeline: not signing now (%s); this is the newest checkpoint\n", error.what);
        status = open_as(args, FL_JOURNAL_READ, &journal, &error);
    } else if (status == FL_OK)
        status = fl_journal_checkpoint(journal, &error);
    if (status == FL_OK && (status = fl_journal_newest_checkpoint(journal, note)) != FL_OK)
        fl_error_set(&error, status, "nothing in this journal is signed yet");
    if (status == FL_OK && (fl_vkey_read(fl_journal_vkey(journal), &key) != FL_OK ||
                            fl_checkpoint_open(note, strlen(note), &key, &checkpoint) != FL_OK))
        status = fl_error_set(&error, FL_E_DAMAGED, "the newest checkpoint is not signed by this log's key");
    char vkey[FL_VKEY_TEXT_MAX] = "";
    if (status == FL_OK) snprintf(vkey, sizeof vkey, "%s", fl_journal_vkey(journal));
    fl_journal_close(journal);
    if (status != FL_OK) return fl_args_failed(&error);
    if (!fl_args_has(args, "json")) return fl_show_lines(stdout, note), 0;
    return print_json(json_pack("{s:s, s:I, s:s, s:s, s:s, s:b}", "origin", checkpoint.origin, "entries",
                                (json_int_t)checkpoint.size, "root_sha256",
                                fl_hex(checkpoint.root.byte, FL_SHA256_SIZE, root), "checkpoint", note, "key",
                                vkey, "simulated", fl_text_begins(checkpoint.origin, FL_JOURNAL_SIMULATED)));
}

static int print_proof(const fl_args *args)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    uint64_t index;
    char *proof = NULL;
    size_t size = 0;
    if (args->count != 2 || fl_read_u64(args->words[1], &index) != FL_OK)
        return fl_args_wrong(args, "proof needs the index of one entry");
    FILE *memory = open_memstream(&proof, &size);
    if (!memory) return fl_status_exit(FL_E_MEMORY);
    fl_status status = open_as(args, FL_JOURNAL_READ, &journal, &error);
    if (status == FL_OK) status = fl_export_proof(journal, index, memory, &error);
    fclose(memory);
    const char *bytes = "";
    size_t record_size = 0;
    if (status == FL_OK) status = fl_journal_read(journal, index, &bytes, &record_size);
    if (status == FL_OK && fl_args_has(args, "json"))
        print_json(json_pack("{s:I, s:s, s:s%, s:b}", "index", (json_int_t)index, "proof", proof, "entry",
                             bytes, record_size, "simulated", fl_journal_is_simulated(journal)));
    else if (status == FL_OK)
        fl_show_lines(stdout, proof);
    fl_journal_close(journal);
    free(proof);
    return status == FL_OK ? 0 : fl_args_failed(&error);
}

/* Begins a log whose key is where --key says; without it the first entry of any command begins one. */
static int init(const fl_args *args)
{
    char path[FL_PLACE_MAX], database[FL_PLACE_MAX + 16], place[FL_JOURNAL_KEY_PLACE];
    fl_journal *journal = NULL;
    fl_error error = {0};
    const char *key = fl_args_value(args, "key");
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = fl_args_has(args, "simulated"), .token = key};
    if (key && !fl_text_begins(key, "pkcs11:"))
        return fl_args_wrong(args,
                             "init: --key wants a URI, pkcs11:token=NAME;object=KEY?pin-source=file:/path");
    if (!key && fl_args_has(args, "make-key"))
        return fl_args_wrong(args, "--make-key goes with --key pkcs11:...");
    fl_status status = find_directory(args, path, &error);
    snprintf(database, sizeof database, "%s/journal.db", path);
    struct stat about;
    if (status == FL_OK && stat(database, &about) == 0 && about.st_size) {
        status =
            fl_error_set(&error, FL_E_NO, "there is a journal here already, and a log has one key for ever");
        fl_error_at(&error, path, 0, 0);
        fl_error_hint(&error, "move it aside to begin a new one; the old one stays readable");
    }
    if (status == FL_OK && fl_args_has(args, "make-key")) status = fl_token_make_key(key, &error);
    /* Tried before anything is made: what is half made would be begun with a key of its own by the next
     * command. */
    fl_signer signer = {.token = NULL};
    if (status == FL_OK && key) status = fl_signer_open_token(key, "trial", FL_KEY_ED25519, &signer, &error);
    fl_signer_wipe(&signer);
    if (status == FL_OK) status = fl_journal_open(path, &options, &journal, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    char vkey[FL_VKEY_TEXT_MAX];
    snprintf(vkey, sizeof vkey, "%s", fl_journal_vkey(journal));
    const bool simulated = fl_journal_is_simulated(journal);
    fl_journal_close(journal);
    fl_journal_key_place(path, place);
    if (fl_args_has(args, "json"))
        return print_json(json_pack("{s:s, s:s, s:s, s:b}", "directory", path, "key", vkey, "key_place",
                                    place, "simulated", simulated));
    printf("%sjournal begun in %s\n  key         %s\n  known as    %s\n", simulated ? "SIMULATED: " : "",
           path, place, vkey);
    return 0;
}

static int run(const fl_args *args)
{
    static const struct {
        const char *name;
        int (*run)(const fl_args *args);
        int words;
    } all[] = {
        {"verify", verify, 1},       {"show", show, 1},
        {"export", export_tiles, 2}, {"checkpoint", print_checkpoint, 1},
        {"proof", print_proof, 2},   {"succeed", journal_succeed, 1},
        {"init", init, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all && args->count; i++)
        if (fl_text_same(all[i].name, args->words[0]))
            return args->count <= all[i].words
                       ? all[i].run(args)
                       : fl_args_wrong(args, "too many words after '%s'", all[i].name);
    if (!args->count) return fl_args_wrong(args, "say what to do with the journal");
    return fl_args_wrong(args, "there is no 'journal %s'", args->words[0]);
}

static const fl_option options[] = {
    {"json", NULL, "one object on stdout (show: one per entry)"},
    {"journal", "DIR", "the journal in this directory instead of this installation's"},
    {"simulated", NULL, "this installation's journal of simulated lasers"},
    {"against", "FILE", "verify: a checkpoint kept elsewhere must be contained; may be given again"},
    {"key", "VKEY", "verify: the log's key, known from elsewhere; init: pkcs11: URI of the key in a token"},
    {"make-key", NULL, "init: make that key in the token first"},
    {"from", "INDEX", "show: first entry"},
    {"to", "INDEX", "show: last entry"},
    {"kind", "KIND", "show: only entries of this kind"},
    {"who", "WHO", "succeed: the owner; the PIN comes from the keyboard or standard input"},
    {"why", "REASON", "succeed: copy, restored, key-lost or key-stolen"},
    {"text", "TEXT", "succeed: a sentence about it"},
    {"seen", "LASER:NUMBER:ROOT",
     "succeed: what a laser has seen and no journal here explains; may be given again"},
    {"origin", "NAME", "succeed: name of the new log, like clinic.example/site/console"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_journal = {
    .name = "journal",
    .arguments = "init [--key URI]|verify|show|export DIR|checkpoint|proof INDEX|succeed "
                 "[--json] [--journal DIR] [--simulated]",
    .summary = "check, read and hand out the record nobody can quietly change",
    .more = "verify recomputes every hash, signature and counter and names the first entry that does not "
            "hold; exit 6.\n"
            "checkpoint signs what is there and prints it: keep it somewhere else, and any later change to "
            "what came\n"
            "before it will show (verify --against FILE).\n"
            "export writes the log as plain files (C2SP tlog-tiles) that independent tools verify, and "
            "METHOD.md: how\n"
            "to do that by hand.\n"
            "init begins a log whose key lives in a PKCS#11 token and cannot leave it; its PIN is in a file\n"
            "that only you may read. Without init a log begins with the first entry, and its key is in\n"
            "install.key.\n"
            "succeed ends this log and begins another with a new key, when this one may not be written here\n"
            "any more: a cloned PC, a restored backup, a lost or stolen key. An owner signs. Budgets, locks\n"
            "and counters go on; the old log stays readable in journals/, and verify checks both.\n\n"
            "  fadeline journal verify --simulated\n"
            "  fadeline journal show --kind fault\n"
            "  fadeline journal checkpoint\n"
            "  fadeline journal proof 1024\n"
            "  fadeline journal init --key "
            "'pkcs11:token=clinic;object=log?pin-source=file:/etc/fadeline/pin' \\\n"
            "    --make-key\n"
            "  fadeline journal succeed --who op:1 --why key-stolen\n",
    .options = options,
    .run = run,
};
