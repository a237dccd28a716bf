/* fadeline hub verify, fadeline hub audit: what is stored, recomputed and compared. */
#include "audit_ask.h"
#include "hub_command.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/hub/verify.h"
#include "fadeline/report/audit_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_OUTSIDE 64

typedef struct outside {
    char *notes[MOST_OUTSIDE];
    size_t count;
} outside;

/* A file, or an export's folder, whose checkpoint is meant. */
static fl_status read_outside(const fl_args *args, outside *all, fl_error *error)
{
    size_t at = 0, size;
    fl_status status = FL_OK;
    for (const char *file; status == FL_OK && (file = fl_args_each(args, "against", &at));) {
        char path[FL_PLACE_MAX];
        struct stat about;
        const bool folder = stat(file, &about) == 0 && S_ISDIR(about.st_mode);
        if (all->count == MOST_OUTSIDE)
            return fl_error_set(error, FL_E_USAGE, "at most %d checkpoints", MOST_OUTSIDE);
        if (snprintf(path, sizeof path, "%s%s", file, folder ? "/checkpoint" : "") >= (int)sizeof path)
            return fl_error_set(error, FL_E_USAGE, "the path is too long");
        status = fl_place_read(path, FL_NOTE_MAX, &all->notes[all->count], &size, error);
        if (status == FL_OK) all->count++;
    }
    return status;
}

const char *hub_log_verdict(const fl_hub_verified *v)
{
    return v->report.damaged ? "DAMAGED" : v->report.fork ? "FORKED" : v->overdue ? "WAITING" : "intact";
}

static void print_log(const fl_hub_head *head, const fl_hub_verified *v)
{
    char root[2 * FL_SHA256_SIZE + 1];
    const fl_verify_report *r = &v->report;
    printf("%-8s %s%s  %s\n", hub_log_verdict(v), r->simulated ? "SIMULATED " : "", FL_SHOWN(head->site),
           FL_SHOWN(head->origin));
    printf("  %s\n", FL_SHOWN(r->what));
    printf("  cosigned %llu entries, checkpoints %llu; offered and waiting %llu\n",
           (unsigned long long)r->signed_size, (unsigned long long)r->checkpoints,
           (unsigned long long)v->waiting);
    printf("  root %s\n", fl_hex(r->root.byte, FL_SHA256_SIZE, root));
    if (v->rollback) puts("  an older copy of this log was once shown to the hub");
    if (v->frozen)
        printf("  frozen; the evidence %s\n",
               v->evidence_holds ? "holds by itself" : "does not hold by itself: it was edited");
    if (!r->fork) return;
    putchar('\n'), fl_show_lines(stdout, r->fork_a);
    putchar('\n'), fl_show_lines(stdout, r->fork_b), putchar('\n');
}

json_t *hub_log_json(fl_hub *hub, const fl_hub_head *head, const fl_hub_verified *v)
{
    char root[2 * FL_SHA256_SIZE + 1];
    const fl_verify_report *r = &v->report;
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:b, s:I, s:s, s:b, s:b, s:b, s:b, s:b, s:s}", "origin",
        head->origin, "site", head->site, "entries", (json_int_t)r->entries, "cosigned_entries",
        (json_int_t)r->signed_size, "checkpoints", (json_int_t)r->checkpoints, "waiting",
        (json_int_t)v->waiting, "waiting_s", (json_int_t)(v->waits_us / 1000000), "overdue", v->overdue,
        "pulses", (json_int_t)r->pulses, "root_sha256", fl_hex(r->root.byte, FL_SHA256_SIZE, root), "intact",
        !r->damaged, "fork", r->fork, "frozen", v->frozen, "rollback_seen", v->rollback, "simulated",
        r->simulated, "finding", r->what);
    json_object_set_new(object, "first_bad",
                        r->damaged ? json_integer((json_int_t)r->first_bad) : json_null());
    fl_evidence evidence;
    if (v->frozen && fl_hub_evidence(hub, head, &evidence, NULL) == FL_OK)
        json_object_set_new(object, "evidence", hub_evidence_json(&evidence));
    if (r->fork) json_object_set_new(object, "checkpoints_apart", json_pack("[s, s]", r->fork_a, r->fork_b));
    return object;
}

/* The worst of two answers: damage before a fork before anything else. */
static fl_status worse(fl_status a, fl_status b)
{
    if (a == FL_E_DAMAGED || b == FL_OK) return a;
    return a == FL_OK || b == FL_E_DAMAGED ? b : a;
}

static fl_status verify_all(const fl_args *args, fl_hub *hub, const fl_hub_head *heads, size_t count,
                            const outside *kept, fl_error *error)
{
    fl_vkey witness;
    hub_progress progress;
    const char *key = fl_args_value(args, "hub");
    json_t *logs = json_array();
    unsigned used = 0;
    fl_status worst = FL_OK;
    fl_hub_verify_options options = {.outside = (const char *const *)kept->notes,
                                     .outside_count = kept->count,
                                     .progress = hub_progress_show,
                                     .self = &progress};
    if (key && (fl_vkey_read(key, &witness) != FL_OK || witness.type != FL_KEY_COSIGNER))
        return json_decref(logs), fl_error_set(error, FL_E_FILE, "'%.80s' is no hub's key", key);
    if (key) options.witness = &witness;
    fl_hub_verified *v = calloc(1, sizeof *v);
    if (!v) return json_decref(logs), fl_error_set(error, FL_E_MEMORY, "no memory to verify");
    for (size_t i = 0; i < count; i++) {
        hub_progress_begin(&progress, heads[i].origin);
        const fl_status status = fl_hub_verify(hub, &heads[i], &options, v, error);
        hub_progress_end(&progress);
        if (status != FL_OK && !v->report.damaged && !v->report.fork &&
            !v->overdue) { /* not a finding: it could not be done */
            worst = status;
            break;
        }
        used += v->outside_used;
        worst = worse(worst, status);
        if (!fl_args_has(args, "json")) print_log(&heads[i], v);
        json_array_append_new(logs, hub_log_json(hub, &heads[i], v));
    }
    free(v);
    if (used < kept->count && (worst == FL_OK || worst == FL_E_NO)) {
        worst = FL_E_NO;
        fl_error_set(error, worst,
                     "%u of the %zu checkpoints handed in are of these logs and signed by their keys", used,
                     kept->count);
    }
    if (fl_args_has(args, "json")) {
        if (worst == FL_E_DAMAGED || worst == FL_E_NO) error->what[0] = 0; /* the object says it */
        hub_print_json(json_pack("{s:O, s:s, s:b, s:i, s:i}", "logs", logs, "hub", fl_hub_what(hub)->name,
                                 "simulated", fl_hub_what(hub)->simulated, "checkpoints_given",
                                 (int)kept->count, "checkpoints_used", (int)used));
    } else if (worst == FL_OK)
        printf("%s%zu logs, all hold\n  A hub that was set back shows only --against a checkpoint it once "
               "cosigned.\n",
               fl_hub_what(hub)->simulated ? "SIMULATED: " : "", count);
    json_decref(logs);
    return worst;
}

int hub_verify(const fl_args *args)
{
    fl_hub *hub = NULL;
    fl_hub_head *heads = NULL;
    size_t count = 0;
    outside kept = {0};
    fl_error error = {0};
    int code;
    if (!hub_open(args, &hub, &code)) return code;
    if (hub_choose(args, hub, &heads, &count, &code)) {
        fl_status status = read_outside(args, &kept, &error);
        if (status == FL_OK) status = verify_all(args, hub, heads, count, &kept, &error);
        if (status != FL_OK && error.what[0]) fl_error_print(stderr, &error);
        code = fl_status_exit(status);
        free(heads);
    }
    for (size_t i = 0; i < kept.count; i++) free(kept.notes[i]);
    fl_hub_close(hub);
    return code;
}

static fl_status write_file(const fl_audit *audit, const fl_audit_format *format,
                            const fl_audit_csv_options *csv, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    fl_status status = fl_audit_file(audit, format, csv, &bytes, &size, error);
    if (status == FL_OK) status = fl_place_write(path, bytes, size, 0644, error);
    free(bytes);
    return status;
}

/* Each log is verified first, and none explains another's pulses. */
static fl_status make_audit(fl_hub *hub, const fl_hub_head *heads, size_t count,
                            const fl_audit_options *options, fl_audit **audit, bool *overdue, fl_error *error)
{
    fl_hub_verified *verified = calloc(count ? count : 1, sizeof *verified);
    fl_audit_source *sources = calloc(count ? count : 1, sizeof *sources);
    fl_status status =
        verified && sources ? FL_OK : fl_error_set(error, FL_E_MEMORY, "no memory for the audit");
    for (size_t i = 0; i < count && status == FL_OK; i++) {
        hub_progress progress;
        fl_hub_reader *reader = NULL;
        hub_progress_begin(&progress, heads[i].origin);
        const fl_hub_verify_options with = {.progress = hub_progress_show, .self = &progress};
        status = fl_hub_verify(hub, &heads[i], &with, &verified[i], error);
        hub_progress_end(&progress);
        if (status == FL_E_NO && verified[i].report.fork) {
            fprintf(stderr, "fadeline: %s showed two histories; this is the one the hub witnessed\n",
                    FL_SHOWN(heads[i].origin));
            status = FL_OK;
        }
        if (status == FL_E_NO && verified[i].overdue) {
            fprintf(stderr, "fadeline: %s: %s\n", FL_SHOWN(heads[i].origin),
                    FL_SHOWN(verified[i].report.what));
            *overdue = true;
            status = FL_OK;
        }
        if (status == FL_OK) status = fl_hub_reader_new(hub, &heads[i], &reader);
        sources[i] = (fl_audit_source){&verified[i].report, fl_hub_reader_record, reader, NULL};
    }
    if (status == FL_OK) status = fl_audit_new_from(sources, count, options, audit, error);
    for (size_t i = 0; sources && i < count; i++) fl_hub_reader_free(sources[i].self);
    free(sources);
    free(verified);
    return status;
}

int hub_audit(const fl_args *args)
{
    fl_hub *hub = NULL;
    fl_hub_head *heads = NULL;
    fl_audit *audit = NULL;
    size_t count = 0;
    fl_error error = {0};
    int code;
    fl_audit_options options = {0};
    fl_audit_csv_options csv;
    const fl_audit_format *format;
    const char *path = fl_args_value(args, "out");
    const bool json = fl_args_has(args, "json");
    bool overdue = false;
    if (!audit_ask_day(args, "from", &options.from) || !audit_ask_day(args, "to", &options.to)) return 2;
    if (!audit_ask_file(args, &format, &csv)) return 2;
    if (!hub_open(args, &hub, &code)) return code;
    if (hub_choose(args, hub, &heads, &count, &code)) {
        fl_status status = make_audit(hub, heads, count, &options, &audit, &overdue, &error);
        if (status == FL_OK && format) status = write_file(audit, format, &csv, path, &error);
        if (status == FL_OK && (!format || json))
            if ((status = (json ? fl_audit_json : fl_audit_print)(audit, stdout)) != FL_OK)
                fl_error_set(&error, status, "cannot write the report");
        if (status == FL_OK && format && !json)
            printf("%saudit of %zu logs written to %s\n", audit->simulated ? "SIMULATED " : "", count, path);
        code = status != FL_OK                                    ? fl_args_failed(&error)
               : audit->flagged || !audit->total_count || overdue ? fl_status_exit(FL_E_NO)
                                                                  : 0;
        fl_audit_free(audit);
        free(heads);
    }
    fl_hub_close(hub);
    return code;
}
