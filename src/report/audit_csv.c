/* Tables as CSV (RFC 4180) and as JSON lines. */
#include "fadeline/report/audit_table.h"

#include "fadeline/base/show.h"
#include "fadeline/report/shown_json.h"

#include <string.h>

/* Quoted when it must be, and never run. */
static void put_text(const char *stored, FILE *out)
{
    char room[FL_SHOWN_MAX];
    const char *cell = fl_show_text(room, sizeof room, stored);
    const bool runs = fl_audit_runs(stored);
    if (!runs && !strpbrk(cell, ",\"\r\n;")) {
        fputs(cell, out);
        return;
    }
    fputs(runs ? "\"'" : "\"", out);
    for (; *cell; cell++) {
        if (*cell == '"') fputc('"', out);
        fputc(*cell, out);
    }
    fputc('"', out);
}

static void put_cell(const fl_audit_cell *cell, bool french, FILE *out)
{
    char room[64], *point;
    switch (cell->kind) {
    case FL_CELL_TEXT: put_text(cell->text, out); break;
    case FL_CELL_WHOLE: fprintf(out, "%lld", (long long)cell->whole); break;
    case FL_CELL_REAL:
        snprintf(room, sizeof room, "%.*f", cell->decimals, cell->real);
        if ((point = strpbrk(room, ".,")))
            *point = french ? ',' : '.'; /* whatever this desktop's locale made of it */
        fputs(room, out);
        break;
    case FL_CELL_DAY: fputs(fl_date_text(cell->day, room), out); break;
    case FL_CELL_TIME: fputs(fl_audit_instant(cell->at, room), out); break;
    default: break;
    }
}

fl_status fl_audit_write_csv(const fl_audit *audit, const fl_audit_csv_options *options, FILE *out)
{
    const fl_audit_table *table = fl_audit_table_find(options->table ? options->table : "days");
    if (!table) return FL_E_NO;
    const char between = options->french ? ';' : ',';
    const size_t columns = fl_audit_table_columns(table), rows = table->count(audit);
    if (options->bom) fputs("\xEF\xBB\xBF", out);
    fputs(options->french ? "monde" : "world", out);
    for (size_t c = 0; c < columns; c++)
        fprintf(out, "%c%s", between, options->french ? table->columns[c].titre : table->columns[c].key);
    fputs("\r\n", out);
    for (size_t i = 0; i < rows; i++) {
        fl_audit_row row;
        fl_audit_table_row(table, audit, i, &row);
        fputs(audit->simulated ? "SIMULATED" : "real", out);
        for (size_t c = 0; c < row.count; c++) {
            fputc(between, out);
            put_cell(&row.cells[c], options->french, out);
        }
        fputs("\r\n", out);
    }
    return fflush(out) == 0 && !ferror(out) ? FL_OK : FL_E_IO;
}

fl_status fl_audit_csv(const fl_audit *audit, FILE *out)
{
    return fl_audit_write_csv(audit, &(fl_audit_csv_options){.table = NULL}, out);
}

fl_status fl_audit_jsonl(const fl_audit *audit, FILE *out)
{
    const fl_audit_table *table;
    for (size_t t = 0; (table = fl_audit_table_at(t)); t++) {
        for (size_t i = 0; i < table->count(audit); i++) {
            json_t *line = json_object(), *row = fl_audit_table_json(table, audit, i);
            json_object_set_new(line, "table", json_string(table->name));
            json_object_set_new(line, "world", json_string(audit->simulated ? "SIMULATED" : "real"));
            json_object_update(line, row);
            fl_shown_json(line, out, JSON_COMPACT);
            fputc('\n', out);
            json_decref(row);
            json_decref(line);
        }
    }
    return fflush(out) == 0 && !ferror(out) ? FL_OK : FL_E_IO;
}
