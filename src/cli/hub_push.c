/* fadeline hub push: the console's side, with the journal opened for writing when that may be. */
#include "hub_command.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/hub/push.h"
#include "fadeline/journal/cosign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct pushing {
    const fl_args *args;
    fl_hub *hub;
    fl_journal *journal;
    bool writes; /* the journal: it can be signed, and what the hub says can be kept */
    fl_signer witness;
    bool has_witness, has_hub, pinned;
    fl_vkey hub_key; /* whose cosignature counts */
    char pin[FL_PLACE_MAX];
    fl_push_report report;
    uint64_t kept_before, kept; /* size the hub's cosignature kept here is over */
    fl_error error;
} pushing;

/* A restored copy: the hub has seen more of it. Opening it for writing would write, and make a fork of what
 * `hub restore` can still make good. */
static bool is_behind(const pushing *p, const fl_journal *reader)
{
    fl_hub_head head;
    fl_error none = {0};
    return fl_hub_find(p->hub, fl_journal_origin(reader), &head, &none) == FL_OK &&
           fl_journal_size(reader) < head.tree.size;
}

/* To sign and to keep, the journal is opened for writing; a running session or a copy is only read. */
static fl_status open_journal(pushing *p)
{
    char path[FL_PLACE_MAX];
    const char *given = fl_args_value(p->args, "journal");
    fl_status status = given ? FL_OK : fl_journal_place(fl_args_has(p->args, "simulated"), path, &p->error);
    if (given && snprintf(path, sizeof path, "%s", given) >= (int)sizeof path)
        status = fl_error_set(&p->error, FL_E_USAGE, "the path is too long");
    fl_journal_options options = {.mode = FL_JOURNAL_READ};
    fl_journal *reader = NULL;
    if (status == FL_OK) status = fl_journal_open(path, &options, &reader, &p->error);
    if (status != FL_OK) return status;
    if (is_behind(p, reader)) {
        p->journal = reader;
        return FL_OK;
    }
    options.mode = FL_JOURNAL_WRITE;
    options.simulated = fl_journal_is_simulated(reader);
    status = fl_journal_open(path, &options, &p->journal, &p->error);
    if (status == FL_OK) {
        fl_journal_close(reader);
        p->writes = true;
        return fl_journal_checkpoint(p->journal, &p->error);
    }
    if (status != FL_E_BUSY && status != FL_E_REFUSED) return fl_journal_close(reader), status;
    fprintf(stderr, "fadeline: not signing now (%s); what is signed already goes out\n", p->error.what);
    p->journal = reader;
    return FL_OK;
}

/* Whose cosignature counts: the key given, the one remembered, or that of the secret key at hand. */
static fl_status know_hub(pushing *p)
{
    char home[FL_PLACE_MAX], key_path[FL_PLACE_MAX], *pinned = NULL;
    const char *given = fl_args_value(p->args, "hub");
    size_t size;
    fl_error none = {0};
    fl_status status = fl_place_home(home, &p->error);
    if (status == FL_OK && snprintf(p->pin, sizeof p->pin, "%s/%s", home,
                                    fl_journal_is_simulated(p->journal) ? "hub-simulated.vkey"
                                                                        : "hub.vkey") >= (int)sizeof p->pin)
        status = fl_error_set(&p->error, FL_E_USAGE, "the path is too long");
    if (status == FL_OK) status = hub_key_path(p->args, key_path, &p->error);
    if (status != FL_OK) return status;
    status = fl_hub_key_read(key_path, &p->witness, &none);
    p->has_witness = status == FL_OK;
    if (status != FL_OK && (status != FL_E_NO || fl_args_has(p->args, "hub-key")))
        return p->error = none, status;
    if (fl_place_exists(p->pin)) {
        status = fl_place_read(p->pin, FL_VKEY_TEXT_MAX, &pinned, &size, &p->error);
        if (status != FL_OK) return status;
        pinned[strcspn(pinned, "\n")] = 0;
        p->pinned = true;
    }
    const char *text = given ? given : pinned;
    char own[FL_VKEY_TEXT_MAX];
    if (!text && p->has_witness) text = fl_vkey_text(&p->witness.vkey, own);
    if (!text)
        fl_error_set(&p->error, status = FL_E_USAGE, "this console does not know the hub's key yet"),
            fl_error_hint(&p->error,
                          "ask the hub's owner for it (hub init prints it) and give it once: --hub VKEY");
    else if (pinned && !fl_text_same(pinned, text))
        fl_error_set(&p->error, status = FL_E_NO, "this console knows another hub: %.100s", pinned),
            fl_error_hint(&p->error, "if the hub was really replaced, remove %s", p->pin);
    else if (fl_vkey_read(text, &p->hub_key) != FL_OK || p->hub_key.type != FL_KEY_COSIGNER)
        fl_error_set(&p->error, status = FL_E_FILE, "'%.80s' is no hub's key", text);
    else
        status = FL_OK;
    free(pinned);
    return status;
}

/* Keeps the hub's newest cosignature when it is good and over a checkpoint of ours, and anchors it as an
 * entry. */
static fl_status keep(pushing *p)
{
    char note[FL_CHECKPOINT_MAX + FL_NOTE_LINE_MAX], root[2 * FL_SHA256_SIZE + 1];
    fl_hub_head head;
    fl_note opened;
    fl_checkpoint checkpoint;
    fl_entry entry;
    fl_error none = {0};
    fl_status status =
        fl_hub_find(p->hub, p->report.checkpoint[0] ? fl_journal_origin(p->journal) : "", &head, &none);
    if (status == FL_OK) status = fl_hub_cosigned(p->hub, &head, note, &none);
    if (status == FL_E_NO) return FL_OK; /* not cosigned yet */
    if (status != FL_OK) return p->error = none, status;
    if (fl_note_open(note, strlen(note), &p->hub_key, 1, &opened) != FL_OK ||
        fl_checkpoint_read(opened.text, opened.text_size, &checkpoint) != FL_OK ||
        !fl_text_same(checkpoint.origin, fl_journal_origin(p->journal))) {
        fl_error_set(&p->error, FL_E_NO, "the cosignature there is not by the hub this console knows");
        return fl_error_hint(&p->error,
                             "somebody answers in the hub's place, or its key was changed: ask its owner");
    }
    p->kept = checkpoint.size;
    if (!p->writes || checkpoint.size <= p->kept_before) return FL_OK;
    const char *line = strrchr(note, '\n');
    while (line > note && line[-1] != '\n') line--; /* the last line: the hub's */
    status = fl_journal_keep_cosignature(p->journal, checkpoint.size, line, &p->hub_key, &p->error);
    if (status != FL_OK) return status;
    fl_entry_begin(&entry, FL_KIND_ANCHOR_HUB);
    fl_entry_count(&entry, "size", checkpoint.size);
    fl_entry_text(&entry, "root", fl_hex(checkpoint.root.byte, FL_SHA256_SIZE, root));
    fl_entry_text(&entry, "hub", FL_SHOWN(p->hub_key.name));
    status = fl_journal_append(p->journal, &entry, 1, &p->error);
    return status == FL_OK ? fl_journal_checkpoint(p->journal, &p->error) : status;
}

static fl_status enrol_first(pushing *p)
{
    const char *site = fl_args_value(p->args, "enrol");
    if (!site) return FL_OK;
    return fl_hub_enrol(p->hub, fl_journal_origin(p->journal), fl_journal_vkey(p->journal), site,
                        fl_args_value(p->args, "login"), &p->error);
}

/* Without the key, the hub's own process signs when it comes round. */
static fl_status wait_for_hub(pushing *p, unsigned long long seconds)
{
    fl_status status = keep(p);
    const struct timespec half = {0, 500000000};
    for (unsigned long long i = 0; status == FL_OK && p->kept < p->report.size && i < 2 * seconds; i++) {
        nanosleep(&half, NULL);
        status = keep(p);
    }
    return status;
}

static fl_status push(pushing *p)
{
    fl_push_source source;
    hub_progress progress;
    unsigned long long seconds = 0;
    if (!fl_args_whole(p->args, "wait", 3600, &seconds, NULL)) return FL_E_USAGE;
    fl_status status = open_journal(p);
    if (status == FL_OK) status = know_hub(p);
    if (status == FL_OK && (status = fl_journal_cosigned(p->journal, &p->hub_key, &p->kept_before)) != FL_OK)
        fl_error_set(&p->error, status, "the journal's cosignatures cannot be read");
    if (status == FL_OK) status = enrol_first(p);
    if (status == FL_OK) status = fl_push_from(p->journal, &source, &p->error);
    if (status != FL_OK) return status;
    hub_progress_begin(&progress, "pushing");
    const fl_push_options options = {
        .witness = p->has_witness ? &p->witness : NULL, .progress = hub_progress_show, .self = &progress};
    status = fl_hub_push(p->hub, &source, &options, &p->report, &p->error);
    hub_progress_end(&progress);
    if (p->report.size && p->report.hub_size < p->kept_before)
        fprintf(stderr,
                "fadeline: the hub once cosigned %llu entries and now knows %llu: it was set back. Tell its "
                "owner.\n",
                (unsigned long long)p->kept_before, (unsigned long long)p->report.hub_size);
    if (status == FL_OK) status = wait_for_hub(p, seconds);
    if (status == FL_OK && p->kept && !p->pinned) {
        char text[FL_VKEY_TEXT_MAX + 1];
        fl_vkey_text(&p->hub_key, text);
        text[strlen(text) + 1] = 0;
        text[strlen(text)] = '\n';
        char *slash = strrchr(p->pin, '/');
        *slash = 0;
        status = fl_place_make(p->pin, &p->error);
        *slash = '/';
        if (status == FL_OK) status = fl_place_write(p->pin, text, strlen(text), 0600, &p->error);
    }
    return status;
}

static void print_evidence(const fl_evidence *evidence)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    puts("\nEVIDENCE: two checkpoints signed by one key that cannot belong to one history. Keep both.\n");
    fl_show_lines(stdout, evidence->older), putchar('\n');
    fl_show_lines(stdout, evidence->newer);
    if (evidence->claim.proof.count)
        printf("\nthe newer history had at the older one's size the root %s, proven by %u hashes\n",
               fl_hex(evidence->claim.root.byte, FL_SHA256_SIZE, hex), evidence->claim.proof.count);
}

static void print_json(const pushing *p, fl_status status)
{
    const fl_push_report *r = &p->report;
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b}", "origin", fl_journal_origin(p->journal),
        "judgement", fl_judgement_text(r->judgement), "entries", (json_int_t)r->size, "hub_entries_before",
        (json_int_t)r->hub_size, "sent", (json_int_t)r->sent, "known", (json_int_t)r->known,
        "confirmed_entries", (json_int_t)p->kept, "confirmed", status == FL_OK && p->kept >= r->size,
        "frozen", r->frozen, "simulated", fl_journal_is_simulated(p->journal));
    if (r->has_evidence) json_object_set_new(object, "evidence", hub_evidence_json(&r->evidence));
    json_object_set_new(object, "finding", status == FL_OK ? json_null() : json_string(p->error.what));
    hub_print_json(object);
}

static void print_text(const pushing *p, fl_status status)
{
    const fl_push_report *r = &p->report;
    const char *mark = fl_journal_is_simulated(p->journal) ? "SIMULATED: " : "";
    if (status == FL_OK && p->kept >= r->size)
        printf("%s%llu entries at the hub, %llu of them new; cosigned by %s\n", mark,
               (unsigned long long)r->size, (unsigned long long)(r->size - r->hub_size), p->hub_key.name);
    else if (status == FL_OK)
        printf("%s%llu entries delivered; the hub has cosigned %llu and takes the rest when it comes round\n",
               mark, (unsigned long long)r->size, (unsigned long long)p->kept);
    if (r->has_evidence) print_evidence(&r->evidence);
}

int hub_push(const fl_args *args)
{
    int code = 0;
    pushing *p = calloc(1, sizeof *p);
    if (!p) return fl_status_exit(FL_E_MEMORY);
    p->args = args;
    if (hub_open(args, &p->hub, &code)) {
        const fl_status status = push(p);
        const bool json = p->report.size && fl_args_has(args, "json");
        if (json)
            print_json(p, status);
        else if (p->report.size)
            print_text(p, status);
        if (status != FL_OK && p->error.what[0] && !json) fl_error_print(stderr, &p->error);
        code = fl_status_exit(status);
    }
    fl_signer_wipe(&p->witness);
    fl_journal_close(p->journal);
    fl_hub_close(p->hub);
    free(p);
    return code;
}
