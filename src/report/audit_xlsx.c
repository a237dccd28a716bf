/* The audit as a workbook: a sheet a table. Texts are written as strings, whatever they look like: the file
 * holds no formula, so nothing in it can run. */
#include "fadeline/report/audit_table.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

typedef struct formats {
    lxw_format *head, *whole, *day, *time, *real[4];
} formats;

static lxw_format *format_of(lxw_workbook *book, const char *code)
{
    lxw_format *format = workbook_add_format(book);
    if (format && code) format_set_num_format(format, code);
    return format;
}

static bool add_formats(lxw_workbook *book, formats *f)
{
    static const char *const reals[] = {"0", "0.0", "0.00", "0.000"};
    f->head = format_of(book, NULL);
    f->whole = format_of(book, "#,##0");
    f->day = format_of(book, "yyyy-mm-dd");
    f->time = format_of(book, "yyyy-mm-dd hh:mm:ss");
    bool good = f->head && f->whole && f->day && f->time;
    for (size_t i = 0; i < 4; i++) good &= (f->real[i] = format_of(book, reals[i])) != NULL;
    if (good) format_set_bold(f->head);
    return good;
}

/* A spreadsheet keeps 15 digits of a number: a count that has more is written as text. */
static lxw_error put_whole(lxw_worksheet *sheet, lxw_row_t at, lxw_col_t column, int64_t value,
                           const formats *f)
{
    char room[32];
    if (value < 1000000000000000 && value > -1000000000000000)
        return worksheet_write_number(sheet, at, column, (double)value, f->whole);
    snprintf(room, sizeof room, "%lld", (long long)value);
    return worksheet_write_string(sheet, at, column, room, NULL);
}

static lxw_error put_cell(lxw_worksheet *sheet, lxw_row_t at, lxw_col_t column, const fl_audit_cell *cell,
                          const formats *f)
{
    /* days of the 1900 calendar as spreadsheets count them from 1 March 1900 on */
    const double day_zero = 25569;
    switch (cell->kind) {
    case FL_CELL_TEXT: return worksheet_write_string(sheet, at, column, FL_SHOWN(cell->text), NULL);
    case FL_CELL_WHOLE: return put_whole(sheet, at, column, cell->whole, f);
    case FL_CELL_REAL:
        return worksheet_write_number(sheet, at, column, cell->real, f->real[cell->decimals & 3]);
    case FL_CELL_DAY:
        return worksheet_write_number(sheet, at, column, day_zero + fl_date_days(cell->day), f->day);
    case FL_CELL_TIME:
        return worksheet_write_number(sheet, at, column, day_zero + (double)(cell->at.us / 1000000) / 86400.0,
                                      f->time);
    default: return LXW_NO_ERROR;
    }
}

static size_t width_of(const fl_audit_cell *cell)
{
    switch (cell->kind) {
    case FL_CELL_TEXT: return strlen(cell->text);
    case FL_CELL_TIME: return 19;
    case FL_CELL_NONE: return 0;
    default: return 11;
    }
}

static lxw_error add_sheet(lxw_workbook *book, const fl_audit *audit, const fl_audit_table *table,
                           bool french, const formats *f)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book, french ? table->feuille : table->name);
    const size_t columns = fl_audit_table_columns(table), rows = table->count(audit);
    size_t widths[FL_AUDIT_COLUMNS_MAX + 1] = {10};
    lxw_error error = sheet ? LXW_NO_ERROR : LXW_ERROR_MEMORY_MALLOC_FAILED;
    if (error == LXW_NO_ERROR)
        error = worksheet_write_string(sheet, 0, 0, french ? "monde" : "world", f->head);
    for (size_t c = 0; c < columns && error == LXW_NO_ERROR; c++) {
        const char *title = french ? table->columns[c].titre : table->columns[c].key;
        widths[c + 1] = strlen(title);
        error = worksheet_write_string(sheet, 0, (lxw_col_t)(c + 1), title, f->head);
    }
    for (size_t i = 0; i < rows && error == LXW_NO_ERROR; i++) {
        fl_audit_row row;
        const lxw_row_t at = (lxw_row_t)(i + 1);
        fl_audit_table_row(table, audit, i, &row);
        error = worksheet_write_string(sheet, at, 0, audit->simulated ? "SIMULATED" : "real", NULL);
        for (size_t c = 0; c < columns && error == LXW_NO_ERROR; c++) {
            error = put_cell(sheet, at, (lxw_col_t)(c + 1), &row.cells[c], f);
            const size_t width = width_of(&row.cells[c]);
            if (width > widths[c + 1]) widths[c + 1] = width;
        }
    }
    if (error != LXW_NO_ERROR) return error;
    for (size_t c = 0; c <= columns; c++)
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, (double)(widths[c] > 60 ? 60 : widths[c]) + 2,
                             NULL);
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_repeat_rows(sheet, 0, 0);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_header(sheet, audit->simulated ? "&LSIMULATED&C&A" : "&C&A");
    worksheet_set_footer(sheet, "&C&P / &N");
    return LXW_NO_ERROR;
}

static lxw_error fill(lxw_workbook *book, const fl_audit *audit, bool french)
{
    formats f;
    lxw_error error = add_formats(book, &f) ? LXW_NO_ERROR : LXW_ERROR_MEMORY_MALLOC_FAILED;
    const fl_audit_table *table;
    char title[32];
    snprintf(title, sizeof title, "%saudit", audit->simulated ? "SIMULATED " : "");
    lxw_doc_properties about = {.title = title, .created = (time_t)fl_date_days(audit->options.to) * 86400};
    workbook_set_properties(book, &about); /* no clock of its own: the same audit is the same file */
    for (size_t t = 0; error == LXW_NO_ERROR && (table = fl_audit_table_at(t)); t++)
        error = add_sheet(book, audit, table, french, &f);
    return error;
}

fl_status fl_audit_xlsx(const fl_audit *audit, bool french, char **bytes, size_t *size, fl_error *error)
{
    const char *base = getenv("TMPDIR");
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + 16]; /* the library writes files only */
    if (snprintf(folder, sizeof folder, "%s/fadeline-xlsx-XXXXXX", base ? base : "/tmp") >=
            (int)sizeof folder ||
        !mkdtemp(folder))
        return fl_error_set(error, FL_E_FILE, "no temporary folder for the workbook");
    snprintf(path, sizeof path, "%s/audit.xlsx", folder);
    lxw_workbook_options options = {.tmpdir = folder};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_error trouble = book ? fill(book, audit, french) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    if (book) {
        const lxw_error closed = workbook_close(book);
        if (trouble == LXW_NO_ERROR) trouble = closed;
    }
    struct stat about = {0}; /* fl_place_read takes as much memory as it is allowed to read */
    if (trouble == LXW_NO_ERROR && stat(path, &about) != 0) trouble = LXW_ERROR_CREATING_XLSX_FILE;
    fl_status status = trouble == LXW_NO_ERROR
                           ? fl_place_read(path, (size_t)about.st_size, bytes, size, error)
                           : fl_error_set(error, FL_E_IO, "the workbook: %s", lxw_strerror(trouble));
    unlink(path);
    rmdir(folder);
    return status;
}
