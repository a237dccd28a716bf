/* fadeline audit: does the laser's counter agree with the record? */
#include "command.h"

#include "fadeline/base/text.h"
#include "fadeline/report/audit.h"

#include <stdlib.h>
#include <string.h>

typedef fl_status (*writer)(const fl_audit *audit, FILE *out);

/* What the file's name asks for. false: printed why not. */
static bool choose_writer(const fl_args *args, const char *path, writer *write)
{
    static const struct {
        const char *ending;
        writer write;
    } all[] = {{".csv", fl_audit_csv},
               {".json", fl_audit_json},
               {".txt", fl_audit_print},
               {".pdf", NULL},
               {".xlsx", NULL}};
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof all / sizeof *all; i++) {
        if (strcmp(ending, all[i].ending) != 0) continue;
        *write = all[i].write;
        if (all[i].write) return true;
        fl_args_wrong(args, "this version does not write %s yet; take .csv, .json or .txt", ending);
        return false;
    }
    fl_args_wrong(args, "--out wants a name that ends in .csv, .json or .txt, not '%s'", path);
    return false;
}

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

static bool read_day(const fl_args *args, const char *name, fl_date *date)
{
    const char *text = fl_args_value(args, name);
    if (text && fl_date_read(text, date) == FL_OK) return true;
    fl_args_wrong(args, text ? "--%s wants a day like 2026-05-01, not '%s'" : "--%s is needed%s", name,
                  text ? text : "");
    return false;
}

static fl_status write_file(const fl_audit *audit, writer write, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);
    if (!memory) return fl_error_set(error, FL_E_MEMORY, "no memory for the report");
    fl_status status = write(audit, memory);
    if (fclose(memory) != 0 && status == FL_OK) status = FL_E_MEMORY;
    if (status == FL_OK)
        status = fl_place_write(path, bytes, size, 0644, error);
    else
        fl_error_set(error, status, "cannot write the report");
    free(bytes);
    return status;
}

static fl_status open_journal(const fl_args *args, fl_journal **journal, fl_error *error)
{
    char path[FL_PLACE_MAX];
    const char *given = fl_args_value(args, "journal");
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    if (given) return fl_journal_open(given, &read, journal, error);
    const fl_status status = fl_journal_place(fl_args_has(args, "simulated"), path, error);
    return status == FL_OK ? fl_journal_open(path, &read, journal, error) : status;
}

static int run(const fl_args *args)
{
    fl_audit_options options = {.site = fl_args_value(args, "site")};
    const char *path = fl_args_value(args, "out");
    writer write = fl_args_has(args, "json") ? fl_audit_json : fl_audit_print, to_file = NULL;
    if (args->count) return fl_args_wrong(args, "nothing may follow 'audit' but options");
    if (!read_day(args, "from", &options.from) || !read_day(args, "to", &options.to) ||
        !read_offset(args, &options.utc_offset_min))
        return 2;
    if (path && !choose_writer(args, path, &to_file)) return 2;
    fl_journal *journal = NULL;
    fl_audit *audit = NULL;
    fl_error error = {0};
    fl_status status = open_journal(args, &journal, &error);
    if (status == FL_OK) status = fl_audit_new(journal, &options, &audit, &error);
    if (status == FL_OK && to_file) status = write_file(audit, to_file, path, &error);
    if (status == FL_OK && (!to_file || fl_args_has(args, "json")) &&
        (status = write(audit, stdout)) != FL_OK)
        fl_error_set(&error, status, "cannot write the report");
    if (status == FL_OK && to_file && !fl_args_has(args, "json"))
        printf("%swritten to %s\n", audit->simulated ? "SIMULATED audit " : "audit ", path);
    const bool flagged = audit && audit->flagged;
    fl_audit_free(audit);
    fl_journal_close(journal);
    if (status != FL_OK) return fl_args_failed(&error);
    return flagged ? fl_status_exit(FL_E_NO) : 0;
}

static const fl_option options[] = {
    {"from", "DAY", "first day, YYYY-MM-DD"},
    {"to", "DAY", "last day"},
    {"site", "SITE", "only devices of this site"},
    {"utc-offset", "+HH:MM", "days and times of this offset (default UTC)"},
    {"out", "FILE", "write FILE.csv, FILE.json or FILE.txt"},
    {"json", NULL, "one object on stdout"},
    {"journal", "DIR", "the journal in this directory instead of this installation's"},
    {"simulated", NULL, "this installation's journal of simulated lasers"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_audit = {
    .name = "audit",
    .arguments = "--from DAY --to DAY [--site SITE] [--out FILE] [--json] [--journal DIR] [--simulated]",
    .summary = "compare each laser's own counter with what was recorded",
    .more = "The journal is verified first; a damaged one is not audited (exit 6). Exit 1 when a device or a "
            "day is flagged.\n\n"
            "  fadeline audit --from 2026-05-01 --to 2026-05-31\n"
            "  fadeline audit --from 2026-05-13 --to 2026-05-13 --site A --json\n",
    .options = options,
    .run = run,
};
