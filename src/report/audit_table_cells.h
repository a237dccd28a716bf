/* How a row is filled, cell by cell; for audit_table*.c only. */
#ifndef FL_REPORT_AUDIT_TABLE_CELLS_H
#define FL_REPORT_AUDIT_TABLE_CELLS_H

#include "fadeline/report/audit_table.h"

#include <math.h>

const fl_audit_table *fl_audit_table_more(size_t i);

static inline fl_audit_cell *next_cell(fl_audit_row *row)
{
    fl_audit_cell *cell = &row->cells[row->count++];
    *cell = (fl_audit_cell){0};
    return cell;
}
static inline void none(fl_audit_row *row)
{
    next_cell(row);
}
static inline void text(fl_audit_row *row, const char *text)
{
    fl_audit_cell *cell = next_cell(row);
    if (text[0]) cell->kind = FL_CELL_TEXT, cell->text = text;
}
static inline void signed_whole(fl_audit_row *row, int64_t value)
{
    fl_audit_cell *cell = next_cell(row);
    cell->kind = FL_CELL_WHOLE, cell->whole = value;
}
static inline void whole(fl_audit_row *row, uint64_t value)
{
    signed_whole(row, (int64_t)value);
}
static inline void id(fl_audit_row *row, uint64_t value) /* 0: none */
{
    value ? whole(row, value) : none(row);
}
static inline void real(fl_audit_row *row, double value, int decimals)
{
    fl_audit_cell *cell = next_cell(row);
    if (isfinite(value)) cell->kind = FL_CELL_REAL, cell->real = value, cell->decimals = decimals;
}
static inline void day(fl_audit_row *row, fl_date value)
{
    fl_audit_cell *cell = next_cell(row);
    if (fl_date_is_set(value)) cell->kind = FL_CELL_DAY, cell->day = value;
}
static inline void at(fl_audit_row *row, fl_utc value)
{
    fl_audit_cell *cell = next_cell(row);
    if (value.us) cell->kind = FL_CELL_TIME, cell->at = value;
}

/* The last two cells of a row that stands for an entry. With one log only, nobody needs to be told which. */
static inline void entry(fl_audit_row *row, const fl_audit *audit, unsigned log, uint64_t index)
{
    size_t number;
    whole(row, fl_audit_entry(audit, log, index, &number));
    fl_audit_logs(audit) > 1 ? whole(row, number) : none(row);
}

#endif
