/* fadeline audit: does the laser's counter agree with the record? */
#include "audit_ask.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/audit_identity.h"
#include "fadeline/report/audit_warm.h"

#include <stdlib.h>
#include <string.h>

/* "+02:00", "-04:30" */
static bool read_offset(const fl_args *args, int *offset_min)
{
    const char *text = fl_args_value(args, "utc-offset");
    uint64_t hours, minutes;
    char part[3] = "";
    if (!text) return true;
    if (strlen(text) == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
        memcpy(part, text + 1, 2);
        const bool good = fl_read_u64(part, &hours) == FL_OK && fl_read_u64(text + 4, &minutes) == FL_OK;
        if (good && hours <= 14 && minutes < 60) {
            *offset_min = (int)(hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
            return true;
        }
    }
    fl_args_wrong(args, "--utc-offset looks like +02:00, not '%s'", text);
    return false;
}

static fl_status find_journal(const fl_args *args, char path[FL_PLACE_MAX], fl_error *error)
{
    const char *given = fl_args_value(args, "journal");
    if (!given) return fl_journal_place(fl_args_has(args, "simulated"), path, error);
    if (snprintf(path, FL_PLACE_MAX, "%s", given) < FL_PLACE_MAX) return FL_OK;
    return fl_error_set(error, FL_E_USAGE, "the path is too long");
}

/* Who handed out what is part of the record: no file without its entry. A copy without its key is only read.
 */
static fl_status log_export(const char *directory, const fl_audit *audit, const fl_entry *entry,
                            fl_error *error)
{
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = audit->simulated};
    fl_status status = fl_journal_open(directory, &options, &journal, error);
    if (status == FL_E_REFUSED) {
        fprintf(stderr, "fadeline: this journal is a copy: the export is not written into it\n");
        return FL_OK;
    }
    if (status == FL_E_BUSY)
        fl_error_hint(error, "an export is journalled: end the session first, or look at it without --out");
    if (status != FL_OK) return status;
    status = fl_journal_append(journal, entry, 1, error);
    if (status == FL_OK) status = fl_journal_checkpoint(journal, error);
    fl_journal_close(journal);
    return status;
}

static fl_status write_file(const char *directory, const fl_audit *audit, const fl_audit_csv_options *csv,
                            const fl_audit_format *format, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    fl_entry entry;
    fl_status status = fl_audit_file(audit, format, csv, &bytes, &size, error);
    if (status == FL_OK) {
        fl_audit_file_entry(audit, format, bytes, size, &entry);
        status = log_export(directory, audit, &entry, error);
    }
    if (status == FL_OK) status = fl_place_write(path, bytes, size, 0644, error);
    free(bytes);
    return status;
}

static fl_status make_audit(const fl_args *args, fl_journal *journal, const fl_audit_options *options,
                            fl_audit **audit, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (!fl_args_has(args, "warm")) return fl_audit_new(journal, options, audit, error);
    const fl_status status = fl_audit_warm_place(journal, path, error);
    return status == FL_OK ? fl_audit_new_warm(journal, path, options, audit, error) : status;
}

/* Only this installation's clients.db belongs to this installation's journal; a summary does not read who was
 * added. What was not looked at is said. */
static fl_status look_for_identities(const fl_args *args, fl_journal *journal, fl_audit *audit,
                                     fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_clients *clients = NULL;
    const bool simulated = fl_journal_is_simulated(journal);
    const char *why = fl_args_has(args, "journal") ? "the names of another journal are not here"
                      : fl_args_has(args, "warm")  ? "--warm does not read again who was added"
                                                   : NULL;
    if (why) return fl_audit_identities_unlooked(audit, why), FL_OK;
    fl_status status = fl_clients_place(simulated, path, error);
    if (status == FL_OK && fl_place_exists(path) &&
        fl_clients_open(path, simulated, &clients, error) != FL_OK) {
        fprintf(stderr, "fadeline: whether identities are missing is not known: %s\n", FL_SHOWN(error->what));
        fl_audit_identities_unlooked(audit, "clients.db cannot be opened");
        *error = (fl_error){0};
        return FL_OK; /* the counters are another matter */
    }
    if (status == FL_OK) status = fl_audit_identities(audit, journal, clients, error);
    fl_clients_close(clients);
    return status;
}

static int run(const fl_args *args)
{
    fl_audit_options options = {.site = fl_args_value(args, "site"), .device = fl_args_value(args, "device")};
    fl_audit_csv_options csv;
    char directory[FL_PLACE_MAX];
    const fl_audit_format *format = NULL;
    const char *path = fl_args_value(args, "out");
    fl_status (*const write)(const fl_audit *, FILE *) =
        fl_args_has(args, "json") ? fl_audit_json : fl_audit_print;
    if (args->count) return fl_args_wrong(args, "nothing may follow 'audit' but options");
    if (!audit_ask_day(args, "from", &options.from) || !audit_ask_day(args, "to", &options.to) ||
        !read_offset(args, &options.utc_offset_min))
        return 2;
    if (!audit_ask_file(args, &format, &csv)) return 2;
    if (path && fl_args_has(args, "warm"))
        return fl_args_wrong(args, "--warm is for looking; what is handed out is read whole");
    fl_journal *journal = NULL;
    fl_audit *audit = NULL;
    fl_error error = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    fl_status status = find_journal(args, directory, &error);
    if (status == FL_OK) status = fl_journal_open(directory, &read, &journal, &error);
    if (status == FL_OK) status = make_audit(args, journal, &options, &audit, &error);
    if (status == FL_OK) status = look_for_identities(args, journal, audit, &error);
    fl_journal_close(journal);
    if (status == FL_OK && format) status = write_file(directory, audit, &csv, format, path, &error);
    if (status == FL_OK && (!format || fl_args_has(args, "json")) && (status = write(audit, stdout)) != FL_OK)
        fl_error_set(&error, status, "cannot write the report");
    if (status == FL_OK && format && !fl_args_has(args, "json"))
        printf("%swritten to %s\n", audit->simulated ? "SIMULATED audit " : "audit ", path);
    const bool flagged =
        audit && (audit->flagged || !audit->total_count); /* a slip in a name is not "in order" */
    fl_audit_free(audit);
    if (status != FL_OK) return fl_args_failed(&error);
    return flagged ? fl_status_exit(FL_E_NO) : 0;
}

static const fl_option options[] = {
    {"from", "DAY", "first day, YYYY-MM-DD"},
    {"to", "DAY", "last day"},
    {"site", "SITE", "only devices of this site"},
    {"utc-offset", "+HH:MM", "days and times of this offset (default UTC)"},
    {"device", "NAME", "only this laser, by its name in the journal, such as its serial number"},
    {"out", "FILE", "write FILE.pdf, .xlsx, .csv, .json, .jsonl, .fhir.json, .txt; it is journalled"},
    AUDIT_ASK_CSV,
    {"warm", NULL, "for looking: go on from the kept summary instead of the first entry"},
    {"json", NULL, "one object on stdout"},
    {"journal", "DIR", "the journal in this directory instead of this installation's"},
    {"simulated", NULL, "this installation's journal of simulated lasers"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_audit = {
    .name = "audit",
    .arguments =
        "--from DAY --to DAY [--site SITE] [--device ID] [--out FILE] [--json] [--journal DIR] [--simulated]",
    .summary = "compare each laser's own counter with what was recorded",
    .more = "The journal is verified first; a damaged one is not audited (exit 6). Exit 1 when there is "
            "nothing to audit, or a device or a "
            "day is flagged.\nExports: totals equal the page to the pulse; no cell runs as a formula; "
            "--table help names the tables.\n\n"
            "  fadeline audit --from 2026-05-01 --to 2026-05-31\n"
            "  fadeline audit --from 2026-05-13 --to 2026-05-13 --site A --json\n"
            "  fadeline audit --from 2026-03-01 --to 2026-05-31 --device SIM-0007 --simulated\n"
            "  fadeline audit --from 2026-05-01 --to 2026-05-31 --out audit.csv --french\n"
            "  fadeline audit --from 2026-05-01 --to 2026-05-31 --out audit.pdf\n",
    .options = options,
    .run = run,
};
