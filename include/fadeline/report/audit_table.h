/* Tables: every section as rows of typed cells, once, for every format that is made of rows.
 *
 * A column's key is its header and carries the unit ("delta_pulses", "set_mJ"); `titre` is the French header.
 * Cells hold numbers and days, not texts of them: what a decimal point or a day looks like is the writer's
 * business.
 *
 *     for (size_t t = 0; (table = fl_audit_table_at(t)); t++)
 *         for (size_t i = 0; i < table->count(audit); i++) {
 *             fl_audit_row row = fl_audit_table_row(table, audit, i);
 */
#ifndef FL_REPORT_AUDIT_TABLE_H
#define FL_REPORT_AUDIT_TABLE_H

#include "fadeline/report/audit_export.h"

#include <jansson.h>

typedef enum fl_cell_kind {
    FL_CELL_NONE = 0, /* not known: an empty cell, null */
    FL_CELL_TEXT,
    FL_CELL_WHOLE,
    FL_CELL_REAL,
    FL_CELL_DAY,
    FL_CELL_TIME /* UTC */
} fl_cell_kind;

typedef struct fl_audit_cell {
    fl_cell_kind kind;
    const char *text;
    int64_t whole;
    double real;
    int decimals;
    fl_date day;
    fl_utc at;
} fl_audit_cell;

#define FL_AUDIT_COLUMNS_MAX 24
typedef struct fl_audit_row {
    fl_audit_cell cells[FL_AUDIT_COLUMNS_MAX];
    size_t count;
    char room[2 * FL_SHA256_SIZE + 1]; /* for a text that had to be made */
} fl_audit_row;

typedef struct fl_audit_column {
    const char *key, *titre;
} fl_audit_column;

typedef struct fl_audit_table {
    const char *name, *feuille;                    /* sheet and --table; French sheet */
    fl_audit_column columns[FL_AUDIT_COLUMNS_MAX]; /* ends with a key of NULL */
    size_t (*count)(const fl_audit *audit);
    void (*row)(const fl_audit *audit, size_t i, fl_audit_row *row);
} fl_audit_table;

const fl_audit_table *fl_audit_table_at(size_t i); /* NULL past the last */
const fl_audit_table *fl_audit_table_find(const char *name);
size_t fl_audit_table_columns(const fl_audit_table *table);
/* As many cells as the table has columns. */
void fl_audit_table_row(const fl_audit_table *table, const fl_audit *audit, size_t i, fl_audit_row *row);
json_t *fl_audit_table_json(const fl_audit_table *table, const fl_audit *audit, size_t i); /* of one row */

/* "2026-05-13T09:30:00Z" */
const char *fl_audit_instant(fl_utc time, char room[40]);
/* Whether a spreadsheet would run it: = + - @ or their full-width forms after any white space, or white space
 * that hides what follows. */
bool fl_audit_runs(const char *text);

#endif
