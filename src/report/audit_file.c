#include "fadeline/report/audit_file.h"

#include "fadeline/base/digest.h"
#include "fadeline/report/audit_paper.h"

#include <stdlib.h>
#include <string.h>

typedef fl_status writer(const fl_audit *audit, FILE *out);

/* NULL: the CSV, which has options. */
static fl_status collect(const fl_audit *audit, writer *write, const fl_audit_csv_options *csv, char **bytes,
                         size_t *size, fl_error *error)
{
    FILE *memory = open_memstream(bytes, size);
    if (!memory) return fl_error_set(error, FL_E_MEMORY, "no memory for the report");
    fl_status status = write ? write(audit, memory) : fl_audit_write_csv(audit, csv, memory);
    if (fclose(memory) != 0 && status == FL_OK) status = FL_E_MEMORY;
    if (status == FL_OK) return FL_OK;
    free(*bytes);
    *bytes = NULL;
    return fl_error_set(error, status, "cannot write the report");
}

#define MAKER(name, write)                                                                                   \
    static fl_status name(const fl_audit *audit, const fl_audit_csv_options *csv, char **bytes,              \
                          size_t *size, fl_error *error)                                                     \
    {                                                                                                        \
        return collect(audit, write, csv, bytes, size, error);                                               \
    }
MAKER(make_csv, NULL)
MAKER(make_json, fl_audit_json)
MAKER(make_jsonl, fl_audit_jsonl)
MAKER(make_fhir, fl_audit_fhir)
MAKER(make_text, fl_audit_print)

static fl_status make_pdf(const fl_audit *audit, const fl_audit_csv_options *csv, char **bytes, size_t *size,
                          fl_error *error)
{
    (void)csv;
    return fl_audit_pdf(audit, bytes, size, error);
}
static fl_status make_xlsx(const fl_audit *audit, const fl_audit_csv_options *csv, char **bytes, size_t *size,
                           fl_error *error)
{
    return fl_audit_xlsx(audit, csv->french, bytes, size, error);
}

/* The one place where a format is plugged in. Longer endings first. */
static const fl_audit_format formats[] = {
    {".fhir.json", "application/fhir+json", make_fhir},
    {".csv", "text/csv; charset=utf-8", make_csv},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", make_xlsx},
    {".json", "application/json", make_json},
    {".jsonl", "application/jsonl", make_jsonl},
    {".txt", "text/plain; charset=utf-8", make_text},
    {".pdf", "application/pdf", make_pdf},
};

const fl_audit_format *fl_audit_format_at(size_t i)
{
    return i < sizeof formats / sizeof *formats ? &formats[i] : NULL;
}

const fl_audit_format *fl_audit_format_of(const char *path)
{
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const size_t size = strlen(formats[i].ending);
        if (length > size && strcmp(path + length - size, formats[i].ending) == 0) return &formats[i];
    }
    return NULL;
}

const fl_audit_format *fl_audit_format_find(const char *ending)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].ending, ending) == 0) return &formats[i];
    return NULL;
}

fl_status fl_audit_file(const fl_audit *audit, const fl_audit_format *format, const fl_audit_csv_options *csv,
                        char **bytes, size_t *size, fl_error *error)
{
    *bytes = NULL;
    return format->make(audit, csv, bytes, size, error);
}

void fl_audit_file_entry(const fl_audit *audit, const fl_audit_format *format, const char *bytes, size_t size,
                         fl_entry *entry)
{
    char what[200], from[11], to[11];
    uint8_t digest[FL_SHA256_SIZE];
    const fl_audit_options *o = &audit->options;
    snprintf(what, sizeof what, "audit%s %s %s%s%s%s%s", format->ending, fl_date_text(o->from, from),
             fl_date_text(o->to, to), o->site ? " site " : "", o->site ? o->site : "",
             o->device ? " device " : "", o->device ? o->device : "");
    fl_sha256(bytes, size, digest);
    fl_entry_begin(entry, FL_KIND_EXPORT);
    fl_entry_text(entry, "what", what);
    fl_entry_count(entry, "entries", audit->journals[0].entries);
    fl_entry_hex(entry, "sha256", digest, sizeof digest);
}
