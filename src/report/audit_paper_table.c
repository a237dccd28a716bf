/* The tables of the audit on paper: nobody sets widths by hand for twenty tables. */
#include "audit_paper_parts.h"
#include "audit_words.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIZE 6.8
#define PAD 9.5      /* what a cell needs beside its letters */
#define WIDEST 230.0 /* what a column asks for at most; the rest wraps */

typedef struct view { /* the columns that hold something */
    const fl_audit *audit;
    const fl_audit_table *table;
    fl_folio_column columns[FL_AUDIT_COLUMNS_MAX];
    size_t source[FL_AUDIT_COLUMNS_MAX], count;
    double size; /* of letters: smaller when the columns have no room */
    char titles[FL_AUDIT_COLUMNS_MAX][64];
} view;

/* Numbers that name something are not counted in thousands. */
static bool is_name(const char *key)
{
    static const char *const names[] = {"session", "entry", "about_entry", "wavelength_nm", "log", "grade"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(key, names[i]) == 0) return true;
    return false;
}

static const char *cell_text(const view *v, const fl_audit_row *row, size_t source, char room[FL_FOLIO_CELL])
{
    const fl_audit_cell *cell = &row->cells[source];
    room[0] = 0;
    switch (cell->kind) {
    case FL_CELL_TEXT: fl_show_text(room, FL_FOLIO_CELL, cell->text); break;
    case FL_CELL_WHOLE:
        if (is_name(v->table->columns[source].key))
            snprintf(room, FL_FOLIO_CELL, "%lld", (long long)cell->whole);
        else
            fl_audit_grouped(cell->whole, room);
        break;
    case FL_CELL_REAL: snprintf(room, FL_FOLIO_CELL, "%.*f", cell->decimals, cell->real); break;
    case FL_CELL_DAY: fl_date_text(cell->day, room); break;
    case FL_CELL_TIME: fl_audit_time(v->audit, cell->at, room); break;
    default: break;
    }
    return room;
}

static const char *cell(const void *what, size_t index, size_t column, char room[FL_FOLIO_CELL])
{
    const view *v = what;
    fl_audit_row row;
    fl_audit_table_row(v->table, v->audit, index, &row);
    return cell_text(v, &row, v->source[column], room);
}

static bool strong(const void *what, size_t index)
{
    const view *v = what;
    fl_audit_row row;
    fl_audit_table_row(v->table, v->audit, index, &row);
    for (size_t c = 0; c < row.count; c++) {
        if (row.cells[c].kind != FL_CELL_TEXT) continue;
        if (strcmp(row.cells[c].text, "FLAG") == 0 || strcmp(row.cells[c].text, "lock") == 0) return true;
        if (strcmp(v->table->columns[c].key, "severe") == 0 && strcmp(row.cells[c].text, "yes") == 0)
            return true;
    }
    return false;
}

/* "delta pulses", "set mJ": the unit stays in the head. */
static void title_of(const char *key, char room[64])
{
    snprintf(room, 64, "%s", key);
    for (char *at = room; *at; at++)
        if (*at == '_') *at = ' ';
    char *utc = strstr(room, " utc");
    if (utc) *utc = 0; /* times are those of the audit's offset, which the page names */
}

static double widest_word(fl_folio *folio, fl_type type, const char *text)
{
    char word[FL_FOLIO_CELL];
    double most = 0;
    while (*text) {
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        most = fmax(most, fl_paper_text_width(folio->paper, type, word));
        text += length + (text[length] == ' ');
    }
    return most;
}

/* Each column: how wide it would like to be and what it cannot do without. */
static void measure(fl_folio *folio, view *v, double *liked, double *needed)
{
    const fl_type type = {.size = SIZE, .bold = true}, head = {.size = SIZE - 0.5, .bold = true};
    char room[FL_FOLIO_CELL];
    const size_t rows = v->table->count(v->audit), columns = fl_audit_table_columns(v->table);
    bool used[FL_AUDIT_COLUMNS_MAX] = {false}, number[FL_AUDIT_COLUMNS_MAX] = {false};
    double like[FL_AUDIT_COLUMNS_MAX] = {0}, need[FL_AUDIT_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < rows; i++) {
        fl_audit_row row;
        fl_audit_table_row(v->table, v->audit, i, &row);
        for (size_t c = 0; c < columns; c++) {
            const char *text = cell_text(v, &row, c, room);
            if (!*text) continue;
            used[c] = true;
            number[c] |= row.cells[c].kind == FL_CELL_WHOLE || row.cells[c].kind == FL_CELL_REAL;
            like[c] = fmax(like[c], fmin(WIDEST, fl_paper_text_width(folio->paper, type, text)));
            need[c] = fmax(need[c], fmin(64, widest_word(folio, type, text)));
        }
    }
    for (size_t c = 0; c < columns; c++) {
        const char *key = v->table->columns[c].key;
        if (!used[c] || (strcmp(key, "log") == 0 && v->audit->journal_count == 1 &&
                         strcmp(v->table->name, "journals") != 0))
            continue;
        const size_t k = v->count++;
        title_of(key, v->titles[k]);
        v->source[k] = c;
        v->columns[k] = (fl_folio_column){v->titles[k], 0, number[c] ? FL_ALIGN_RIGHT : FL_ALIGN_LEFT};
        needed[k] = fmax(need[c], widest_word(folio, head, v->titles[k]));
        liked[k] = fmax(like[c], needed[k]);
    }
}

/* Everybody gets what it needs, and of the rest in proportion to what it would still like. */
static void share_out(view *v, const double *liked, const double *needed)
{
    double need = 0, wish = 0;
    for (size_t k = 0; k < v->count; k++) need += needed[k], wish += liked[k] - needed[k];
    const double room = FL_FOLIO_INNER - PAD * (double)v->count, part = fmin(1, room / fmax(need, 1));
    const double rest = room - need * part;
    v->size = SIZE * part;
    for (size_t k = 0; k < v->count; k++) {
        const double more = wish > 0 ? rest * (liked[k] - needed[k]) / wish : rest / (double)v->count;
        v->columns[k].share = (needed[k] * part + PAD + more) / FL_FOLIO_INNER;
    }
}

void fl_audit_paper_table(fl_folio *folio, const fl_audit *audit, const char *name, const char *nothing)
{
    view v = {.size = SIZE, .audit = audit, .table = fl_audit_table_find(name)};
    double liked[FL_AUDIT_COLUMNS_MAX], needed[FL_AUDIT_COLUMNS_MAX];
    FL_ASSERT(v.table);
    measure(folio, &v, liked, needed);
    share_out(&v, liked, needed);
    const fl_folio_table table = {.columns = v.columns,
                                  .column_count = v.count,
                                  .rows = v.table->count(audit),
                                  .cell = cell,
                                  .strong = strong,
                                  .what = &v,
                                  .size = v.size,
                                  .nothing = nothing};
    fl_folio_table_draw(folio, &table);
}
