/* Tables of the audit on a screen: rows of audit_table.h, in the reader's words. */
#include "owner.h"
#include "owner_words.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- words ---- */

typedef struct pair {
    const char *key, *in[LANGUAGES];
} pair;

#define X(key, english, french) {key, {english, french}},
static const pair columns[] = {COLUMN_LIST(X)}, values[] = {VALUE_LIST(X)};
#undef X

static const char *find(const pair *list, size_t count, const char *key, language l)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].key, key) == 0) return list[i].in[l];
    return NULL;
}

bool owner_knows_column(const char *key)
{
    return find(columns, sizeof columns / sizeof *columns, key, ENGLISH) != NULL;
}

const char *owner_column(const page *p, const char *key)
{
    const char *text = find(columns, sizeof columns / sizeof *columns, key, p->language);
    return text ? text : key;
}

const char *owner_value(const page *p, const char *code)
{
    const char *text = find(values, sizeof values / sizeof *values, code, p->language);
    return text ? text : code;
}

/* ---- cells ---- */

/* Word and shape; the colour repeats it. */
static const char *state_of(const char *key, const char *text)
{
    const bool verdict = strcmp(key, "flag") == 0 || strcmp(key, "verdict") == 0,
               grave = strcmp(key, "severe") == 0;
    if (!verdict && !grave) return NULL;
    if (grave) return strcmp(text, "yes") == 0 ? "bad" : "off";
    if (fl_text_same(text, "ok") || fl_text_same(text, "pass")) return "good";
    if (fl_text_same(text, "FLAG") || fl_text_same(text, "lock")) return "bad";
    return fl_text_same(text, "warn") ? "warn" : "off";
}

/* Sentences that the audit makes in English. */
static bool is_english(const char *key)
{
    static const char *const keys[] = {"text", "term", "meaning", "finding"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

static void put_text(page *p, const char *key, const char *text)
{
    html *w = &p->html;
    const char *state = state_of(key, text), *said = owner_value(p, text);
    char shown[FL_SHOWN_MAX];
    if (state)
        html_put(w, "<span class=\"state %s\">%s</span>", state, said);
    else if (strcmp(key, "repeat_with") == 0) /* a command is the same in every language */
        html_put(w, "<code>%s</code>", fl_show_text(shown, sizeof shown, text));
    else if (said == text && is_english(key))
        page_put_said(p, fl_show_text(shown, sizeof shown, text));
    else
        html_put(w, "%s", fl_show_text(shown, sizeof shown, said));
}

static bool ends(const char *key, const char *ending)
{
    const size_t a = strlen(key), b = strlen(ending);
    return a > b && strcmp(key + a - b, ending) == 0;
}

/* A session and an entry have pages of their own; a person who may not open them sees the number. */
static void put_whole(page *p, const fl_audit *audit, size_t log, const char *key, int64_t value)
{
    html *w = &p->html;
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    if (strcmp(key, "session") == 0)
        html_put(w, "<a href=\"%s\">%s</a>", page_url(p, "/record/%s", digits), digits);
    else if (strcmp(key, "entry") == 0 || strcmp(key, "about_entry") == 0)
        html_put(w, "<a href=\"%s\">%s</a>", owner_entry_url(p, log, fl_audit_logs(audit), (uint64_t)value),
                 owner_count(p, value));
    else if (strcmp(key, "unexplained_pulses") == 0)
        html_put(w, "%s", owner_signed(p, value));
    else if (strcmp(key, "wavelength_nm") == 0)
        html_put(w, "%s", digits);
    else
        html_put(w, "%s", owner_count(p, value));
}

static void put_cell(page *p, const fl_audit *audit, size_t log, const char *key, const fl_audit_cell *cell)
{
    char day[11];
    html *w = &p->html;
    switch (cell->kind) {
    case FL_CELL_TEXT: put_text(p, key, cell->text); break;
    case FL_CELL_WHOLE: put_whole(p, audit, log, key, cell->whole); break;
    case FL_CELL_REAL: html_put(w, "%s", page_number(p, cell->real, cell->decimals)); break;
    case FL_CELL_DAY:
        if (page_may(p, OVERSIGHT) && (strcmp(key, "day") == 0 || strcmp(key, "session_day") == 0))
            html_put(w, "<a href=\"%s\">%s</a>", page_url(p, "/day/%s", fl_date_text(cell->day, day)),
                     page_date(p, cell->day));
        else
            html_put(w, "%s", page_date(p, cell->day));
        break;
    case FL_CELL_TIME: html_put(w, "%s", owner_time(p, cell->at)); break;
    default: html_put(w, "\xe2\x80\x93");
    }
}

/* ---- tables ---- */

#define ROWS_MOST 100 /* of one table on a page */
#define FOLDS_FROM 12 /* rows: more of them are behind one touch, or the page has no end */

typedef struct view {
    const fl_audit *audit;
    const fl_audit_table *table;
    owner_wanted *wanted;
    const void *self;
    bool used[FL_AUDIT_COLUMNS_MAX],
        number[FL_AUDIT_COLUMNS_MAX]; /* a column that holds nothing is left out */
    size_t rows;
} view;

static bool next_row(const view *v, size_t i, fl_audit_row *row)
{
    fl_audit_table_row(v->table, v->audit, i, row);
    return !v->wanted || v->wanted(v->self, v->table, row);
}

static void measure(view *v)
{
    fl_audit_row row;
    for (size_t i = 0; i < v->table->count(v->audit); i++) {
        if (!next_row(v, i, &row)) continue;
        v->rows++;
        for (size_t c = 0; c < row.count; c++) {
            const fl_audit_cell *cell = &row.cells[c];
            v->used[c] |= cell->kind != FL_CELL_NONE && !(cell->kind == FL_CELL_TEXT && !cell->text[0]);
            v->number[c] |= cell->kind == FL_CELL_WHOLE || cell->kind == FL_CELL_REAL;
        }
    }
    for (size_t c = 0; c < fl_audit_table_columns(v->table); c++)
        if (strcmp(v->table->columns[c].key, "log") == 0 && fl_audit_logs(v->audit) == 1) v->used[c] = false;
    /* a day is the same day twice, and the period is that of the page */
    if (strcmp(v->table->name, "days") == 0) v->used[3] = false;
    if (strcmp(v->table->name, "devices") == 0) v->used[2] = v->used[3] = false;
}

/* The log that a row's entries are in; without such a column it is the newest. */
static size_t log_of(const view *v, const fl_audit_row *row)
{
    for (size_t c = 0; c < row->count; c++)
        if (strcmp(v->table->columns[c].key, "log") == 0 && row->cells[c].kind == FL_CELL_WHOLE)
            return (size_t)row->cells[c].whole;
    return fl_audit_logs(v->audit);
}

static void put_row(page *p, const view *v, const fl_audit_row *row)
{
    html *w = &p->html;
    const size_t log = log_of(v, row);
    html_put(w, "<tr>");
    for (size_t c = 0; c < row->count; c++) {
        const char *key = v->table->columns[c].key;
        if (!v->used[c]) continue;
        const fl_cell_kind kind = row->cells[c].kind;
        html_put(w, v->number[c]                                  ? "<td class=\"number\">"
                    : ends(key, "_sha256")                        ? "<td class=\"hash\">"
                    : kind == FL_CELL_DAY || kind == FL_CELL_TIME ? "<td class=\"when\">"
                                                                  : "<td>");
        /* the day of a row of days leads to its sessions */
        put_cell(p, v->audit, log,
                 strcmp(v->table->name, "days") == 0 && strcmp(key, "from") == 0 ? "day" : key,
                 &row->cells[c]);
        html_put(w, "</td>");
    }
    html_put(w, "</tr>");
}

/* Which rows are shown, and how one gets to the others. */
typedef struct cut {
    bool folds;
    size_t from, most; /* most 0: all */
    const char *path;  /* of the page whose ?from= goes on; NULL: the rest is in the exports */
} cut;

static void put_rest(page *p, const view *v, const cut *c)
{
    if (c->path) return page_paging(p, c->path, c->from, c->most, v->rows);
    if (!c->most || v->rows <= c->most) return;
    html_put(&p->html, "<p>%s <a href=\"%s\">%s</a></p>",
             page_fill(p, W_OW_MORE_ROWS, page_count(p, v->rows - c->most)),
             page_url(p, "/exports/%s", owner_month(p, v->audit->options.from)), say(p, W_OW_EXPORTS));
}

static void put_rows(page *p, const view *v, const cut *c)
{
    fl_audit_row row;
    size_t seen = 0;
    for (size_t i = 0; i < v->table->count(v->audit); i++) {
        if (!next_row(v, i, &row) || seen++ < c->from) continue;
        if (c->most && seen > c->from + c->most) break;
        put_row(p, v, &row);
    }
}

static void put_table(page *p, view *v, word nothing, const cut *c)
{
    html *w = &p->html;
    measure(v);
    if (!v->rows) {
        if (nothing != W_NONE) html_put(w, "<p class=\"nothing\">%s</p>", say(p, nothing));
        return;
    }
    const bool folds = c->folds && v->rows > FOLDS_FROM;
    if (folds) html_put(w, "<details><summary>%s</summary>", page_fill(p, W_OW_ROWS, page_count(p, v->rows)));
    const char *label = p->language == FRENCH ? v->table->feuille : v->table->name;
    html_put(w,
             "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"audit\" "
             "data-table=\"%s\"><thead><tr>",
             label, v->table->name);
    for (size_t k = 0; k < fl_audit_table_columns(v->table); k++)
        if (v->used[k])
            html_put(w, "<th scope=\"col\">%s</th>",
                     strcmp(v->table->name, "days") == 0 && k == 2
                         ? owner_column(p, "day")
                         : owner_column(p, v->table->columns[k].key));
    html_put(w, "</tr></thead><tbody>");
    put_rows(p, v, c);
    html_put(w, "</tbody></table></div>");
    put_rest(p, v, c);
    if (folds) html_put(w, "</details>");
}

void owner_table(page *p, const fl_audit *audit, const char *name, word nothing)
{
    view v = {.audit = audit, .table = fl_audit_table_find(name)};
    put_table(p, &v, nothing, &(cut){.folds = true, .most = ROWS_MOST});
}

void owner_table_of(page *p, const fl_audit *audit, const char *name, word nothing, owner_wanted *wanted,
                    const void *self)
{
    view v = {.audit = audit, .table = fl_audit_table_find(name), .wanted = wanted, .self = self};
    put_table(p, &v, nothing, &(cut){0});
}

void owner_table_paged(page *p, const fl_audit *audit, const char *name, word nothing, const char *path)
{
    uint64_t from = 0;
    const char *given = page_given(p, "from");
    view v = {.audit = audit, .table = fl_audit_table_find(name)};
    if (given && (fl_read_u64(given, &from) != FL_OK || from >= v.table->count(audit))) from = 0;
    put_table(p, &v, nothing, &(cut){.from = (size_t)from, .most = ROWS_MOST, .path = path});
}
