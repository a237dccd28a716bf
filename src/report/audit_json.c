#include "audit_words.h"
#include "fadeline/report/audit_table.h"

#include "fadeline/report/shown_json.h"

#include <string.h>

/* RFC 3339, UTC */
static json_t *instant(fl_utc time)
{
    char room[48];
    static const fl_audit utc = {.simulated = false};
    if (!time.us) return json_null();
    fl_audit_time(&utc, time, room);
    room[10] = 'T';
    strcat(room, "Z");
    return json_string(room);
}

static json_t *text_or_null(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

static json_t *line_object(const fl_audit_line *line)
{
    char from[11], to[11];
    json_t *object = json_object();
    json_object_set_new(object, "device", json_string(line->dev));
    json_object_set_new(object, "site", text_or_null(line->site));
    json_object_set_new(object, "from", json_string(fl_date_text(line->from, from)));
    json_object_set_new(object, "to", json_string(fl_date_text(line->to, to)));
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {
        {"opening", (int64_t)line->opening},
        {"closing", (int64_t)line->closing},
        {"delta", line->delta},
        {"treatment", (int64_t)line->treatment},
        {"test", (int64_t)line->test},
        {"check", (int64_t)line->check},
        {"service", line->service},
        {"unexplained", line->unexplained},
        {"unexplained_absolute", (int64_t)line->unexplained_absolute},
        {"tolerance", (int64_t)line->tolerance},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json_object_set_new(object, numbers[i].key, json_integer(numbers[i].value));
    json_object_set_new(object, "flag", json_boolean(line->flag));
    return object;
}

static json_t *lines_array(const fl_audit_line *lines, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) json_array_append_new(array, line_object(&lines[i]));
    return array;
}

static json_t *finding_object(const fl_audit *audit, const fl_audit_finding *finding)
{
    char sentence[FL_AUDIT_SENTENCE], day[11];
    json_t *object = json_object();
    fl_audit_say(audit, finding, sentence);
    json_object_set_new(object, "code", json_string(fl_audit_code(finding->kind)));
    json_object_set_new(object, "text", json_string(sentence));
    json_object_set_new(object, "device", text_or_null(finding->dev));
    json_object_set_new(object, "site", text_or_null(finding->site));
    json_object_set_new(object, "day", json_string(fl_date_text(finding->day, day)));
    json_object_set_new(object, "since", instant(finding->since));
    json_object_set_new(object, "until", instant(finding->until));
    if (finding->kind == FL_AUDIT_GAP || finding->kind == FL_AUDIT_SERVICE ||
        finding->kind == FL_AUDIT_MISMATCH)
        json_object_set_new(object, "pulses", json_integer(finding->pulses));
    if (finding->kind == FL_AUDIT_GAP)
        json_object_set_new(object, "in_session", json_boolean(finding->in_session));
    size_t number;
    const uint64_t own = fl_audit_entry(audit, finding->log, finding->index, &number);
    json_object_set_new(object, "entry", json_integer((json_int_t)own));
    json_object_set_new(object, "log", json_integer((json_int_t)number));
    return object;
}

static json_t *journal_object(const fl_audit *audit, size_t source, size_t log)
{
    char sentence[FL_AUDIT_SENTENCE], root[2 * FL_SHA256_SIZE + 1];
    const fl_verify_report *verified = &audit->journals[source];
    const fl_history_log *of = &audit->histories[source].logs[log];
    const bool newest = log + 1 == audit->histories[source].count;
    json_t *journal = json_object();
    json_object_set_new(journal, "origin", json_string(of->origin));
    json_object_set_new(journal, "entries",
                        json_integer((json_int_t)(newest ? verified->entries : of->entries)));
    json_object_set_new(
        journal, "root_sha256",
        json_string(fl_hex(newest ? verified->root.byte : of->root.byte, FL_SHA256_SIZE, root)));
    json_object_set_new(journal, "missing", json_boolean(of->missing));
    fl_audit_proof(audit, source, log, sentence);
    json_object_set_new(journal, "check", json_string(sentence));
    return journal;
}

fl_status fl_audit_json(const fl_audit *audit, FILE *out)
{
    char from[11], to[11], sentence[FL_AUDIT_SENTENCE], zone[16];
    json_t *object = json_object(), *findings = json_array(), *journals = json_array();
    json_object_set_new(object, "verdict",
                        json_string(!audit->total_count ? "nothing"
                                    : audit->flagged    ? "flag"
                                                        : "ok"));
    fl_audit_verdict(audit, sentence);
    json_object_set_new(object, "verdict_text", json_string(sentence));
    json_object_set_new(object, "simulated", json_boolean(audit->simulated));
    if (audit->simulated) json_object_set_new(object, "notice", json_string("SIMULATED"));
    json_object_set_new(object, "from", json_string(fl_date_text(audit->options.from, from)));
    json_object_set_new(object, "to", json_string(fl_date_text(audit->options.to, to)));
    json_object_set_new(object, "days_in", json_string(fl_audit_zone(audit, zone)));
    json_object_set_new(object, "site", text_or_null(audit->site));
    for (size_t i = 0; i < audit->finding_count; i++)
        json_array_append_new(findings, finding_object(audit, &audit->findings[i]));
    json_object_set_new(object, "exceptions", findings);
    json_object_set_new(object, "devices", lines_array(audit->totals, audit->total_count));
    json_object_set_new(object, "days", lines_array(audit->days, audit->day_count));
    json_object_set_new(object, "unexplained_absolute",
                        json_integer((json_int_t)audit->unexplained_absolute));
    json_t *sections = json_object();
    const fl_audit_table *table;
    for (size_t t = 0; (table = fl_audit_table_at(t)); t++) {
        if (json_object_get(object, table->name)) continue; /* the older three stand above */
        json_t *rows = json_array();
        for (size_t i = 0; i < table->count(audit); i++)
            json_array_append_new(rows, fl_audit_table_json(table, audit, i));
        json_object_set_new(sections, table->name, rows);
    }
    json_object_set_new(object, "sections", sections);
    for (size_t i = 0; i < audit->journal_count; i++)
        for (size_t log = 0; log < audit->histories[i].count; log++)
            json_array_append_new(journals, journal_object(audit, i, log));
    json_object_set_new(object, "journals", journals);
    json_object_set_new(object, "identities_not_looked_at", text_or_null(audit->unlooked));
    json_object_set_new(object, "entries_not_read_again", json_integer((json_int_t)audit->warm));
    const bool written =
        fl_shown_json(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    return written ? FL_OK : FL_E_IO;
}
