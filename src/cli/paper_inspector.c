/* fadeline paper inspector: one laser, one period, one act that the journal remembers. */
#include "paper_common.h"

#include "fadeline/report/inspector.h"
#include "fadeline/report/paper_file.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_day(const fl_args *args, const char *name, fl_date *date)
{
    const char *text = fl_args_value(args, name);
    if (text && fl_date_read(text, date) == FL_OK) return true;
    if (text)
        fl_args_wrong(args, "--%s wants a day like 2026-05-01, not '%s'", name, text);
    else
        fl_args_wrong(args, "--%s is needed", name);
    return false;
}

/* Before the paper is handed out: no pack without its entry. A copy without its key is only read. */
static fl_status log_print(const fl_args *args, const fl_inspector *pack, const char *bytes, size_t size,
                           fl_error *error)
{
    const fl_audit *audit = fl_inspector_audit(pack);
    char path[FL_PLACE_MAX];
    fl_entry entry;
    fl_journal *journal = NULL;
    const char *given = fl_args_value(args, "journal");
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = audit->simulated};
    fl_status status = given ? FL_OK : fl_journal_place(fl_args_has(args, "simulated"), path, error);
    if (status == FL_OK) status = fl_journal_open(given ? given : path, &options, &journal, error);
    if (status == FL_E_REFUSED) {
        fprintf(stderr, "fadeline: this journal is a copy: the print is not written into it\n");
        return FL_OK;
    }
    if (status == FL_E_BUSY) fl_error_hint(error, "a pack is journalled: end the session first");
    if (status != FL_OK) return status;
    fl_inspector_entry(pack, bytes, size, &entry);
    status = fl_journal_append(journal, &entry, 1, error);
    if (status == FL_OK) status = fl_journal_checkpoint(journal, error);
    fl_journal_close(journal);
    return status;
}

static fl_status write_pack(const fl_args *args, const fl_inspector *pack, const char *path, fl_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    fl_status status = fl_inspector_pdf(pack, &bytes, &size, error);
    if (status == FL_OK) status = log_print(args, pack, bytes, size, error);
    if (status == FL_OK) status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    return status;
}

int paper_inspector(const fl_args *args)
{
    fl_audit_options options = {.device = fl_args_value(args, "device")};
    const char *path = fl_args_value(args, "out");
    if (args->count != 1) return fl_args_wrong(args, "nothing may follow 'inspector' but options");
    if (!options.device) return fl_args_wrong(args, "--device is needed: the laser the pack is about");
    if (!path && !fl_args_has(args, "json"))
        return fl_args_wrong(args, "--out FILE.pdf is needed (or --json)");
    if (path && fl_paper_kind_of(path) != FL_PAPER_PDF)
        return fl_args_wrong(args, "a pack is written as .pdf, not as '%s'", path);
    if (!read_day(args, "from", &options.from) || !read_day(args, "to", &options.to) ||
        !paper_offset(args, &options.utc_offset_min))
        return 2;
    fl_error error = {.status = FL_OK};
    fl_journal *journal = NULL;
    fl_inspector *pack = NULL;
    fl_status status = paper_open_journal(args, &journal, &error);
    if (status == FL_OK) status = fl_inspector_new(journal, &options, &pack, &error);
    fl_journal_close(journal);
    if (status == FL_OK && path) status = write_pack(args, pack, path, &error);
    if (status == FL_OK && fl_args_has(args, "json") && (status = fl_inspector_json(pack, stdout)) != FL_OK)
        fl_error_set(&error, status, "cannot write the pack");
    if (status == FL_OK && path && !fl_args_has(args, "json"))
        printf("%sinspector's pack of %s: %zu sessions, written to %s and to the journal\n",
               fl_inspector_audit(pack)->simulated ? "SIMULATED " : "", options.device,
               fl_inspector_sessions(pack), path);
    fl_inspector_free(pack);
    return status == FL_OK ? 0 : fl_args_failed(&error);
}
