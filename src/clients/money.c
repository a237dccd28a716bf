#include "fadeline/clients/money.h"

#include "grow.h"

#include "fadeline/base/text.h"

#include <string.h>

static const struct {
    const char *word, *text;
} findings[] = {
#define X(name, word, text) {word, text},
    FL_MONEY_FINDINGS(X)
#undef X
};

const char *fl_money_word(fl_money_finding finding)
{
    return findings[finding].word;
}

const char *fl_money_text(fl_money_finding finding)
{
    return findings[finding].text;
}

fl_status fl_cents_read(const char *text, int64_t *cents)
{
    const size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    int64_t value = 0;
    if (!whole || whole > 12) return FL_E_RANGE;
    for (size_t i = 0; i < whole; i++) value = 10 * value + (text[i] - '0');
    value *= 100;
    if (*rest) {
        const size_t part = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
        if (part < 1 || part > 2 || rest[1 + part]) return FL_E_RANGE;
        value += (rest[1] - '0') * 10 + (part == 2 ? rest[2] - '0' : 0);
    }
    *cents = value;
    return FL_OK;
}

bool fl_currency_is(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static fl_status take_invoice(fl_money_book *book, const fl_record *record, uint64_t index)
{
    char day[11];
    int64_t utc_us = 0;
    const fl_status status = grow(&book->invoices, book->count, &book->room, sizeof *book->invoices);
    if (status != FL_OK) return status;
    fl_invoice *v = &book->invoices[book->count++];
    *v = (fl_invoice){.index = index};
    if (fl_record_count(record, "sid", &v->sid) != FL_OK) v->sid = 0;
    if (fl_record_text(record, "no", v->no, sizeof v->no) != FL_OK) v->no[0] = 0;
    if (fl_record_text(record, "pat", v->pat, sizeof v->pat) != FL_OK) v->pat[0] = 0;
    if (fl_record_text(record, "cur", v->cur, sizeof v->cur) != FL_OK) v->cur[0] = 0;
    if (fl_record_int(record, "cents", &v->cents) != FL_OK) v->cents = 0;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = 0;
    if (fl_record_text(record, "day", day, sizeof day) != FL_OK || fl_date_read(day, &v->day) != FL_OK)
        v->day = fl_date_of((fl_utc){utc_us});
    return FL_OK;
}

fl_status fl_money_take(fl_money_book *book, const fl_record *record, uint64_t index)
{
    return fl_record_is(record, FL_KIND_INVOICE) ? take_invoice(book, record, index)
                                                 : fl_visits_take(&book->visits, record, index);
}

/* ---- matching ---- */

static bool costs(const fl_visit *visit)
{
    return visit->pat[0] && visit->pulses;
}

/* Invoices that name their session come first: what they take is not free for one that names none. */
static void match_named(const fl_money_book *book, fl_money_row *rows, bool *taken)
{
    for (size_t i = 0; i < book->count; i++) {
        const fl_invoice *v = &book->invoices[i];
        if (!v->sid) continue;
        const fl_visit *visit = fl_visits_find(&book->visits, v->sid);
        rows[i].visit = visit;
        if (!visit || !visit->pulses) {
            rows[i].finding = FL_MONEY_NO_PULSES;
        } else if (strcmp(visit->pat, v->pat) != 0) {
            rows[i].finding = FL_MONEY_OTHER;
        } else {
            bool *already = &taken[visit - book->visits.list];
            rows[i].finding = *already ? FL_MONEY_TWICE : FL_MONEY_MATCHED;
            *already = true;
        }
    }
}

static const fl_visit *nearest_free(const fl_money_book *book, const fl_invoice *v, const bool *taken)
{
    const fl_visit *found = NULL;
    int best = 2;
    for (size_t i = 0; i < book->visits.count; i++) {
        const fl_visit *visit = &book->visits.list[i];
        if (taken[i] || !costs(visit) || strcmp(visit->pat, v->pat) != 0) continue;
        const int away = abs(fl_date_days(fl_visit_day(visit)) - fl_date_days(v->day));
        if (away < best) best = away, found = visit;
    }
    return found;
}

static void match_unnamed(const fl_money_book *book, fl_money_row *rows, bool *taken)
{
    for (size_t i = 0; i < book->count; i++) {
        if (book->invoices[i].sid) continue;
        rows[i].visit = nearest_free(book, &book->invoices[i], taken);
        rows[i].finding = rows[i].visit ? FL_MONEY_MATCHED : FL_MONEY_NO_PULSES;
        if (rows[i].visit) taken[rows[i].visit - book->visits.list] = true;
    }
}

static int compare_numbers(const void *a, const void *b)
{
    const fl_invoice *x = (*(fl_money_row *const *)a)->invoice, *y = (*(fl_money_row *const *)b)->invoice;
    const int by_text = strcmp(x->no, y->no);
    return by_text ? by_text : x->index < y->index ? -1 : x->index > y->index;
}

/* One number is one invoice. The first keeps it. */
static fl_status mark_same_numbers(fl_money_row *rows, size_t count)
{
    fl_money_row **sorted = calloc(count + 1, sizeof *sorted);
    if (!sorted) return FL_E_MEMORY;
    for (size_t i = 0; i < count; i++) sorted[i] = &rows[i];
    qsort(sorted, count, sizeof *sorted, compare_numbers);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i]->invoice->no, sorted[i - 1]->invoice->no) == 0)
            sorted[i]->finding = FL_MONEY_TWICE;
    free(sorted);
    return FL_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const fl_money_row *x = a, *y = b;
    const int by_day = fl_date_compare(x->day, y->day);
    if (by_day) return by_day;
    const uint64_t p = x->invoice ? x->invoice->index : x->visit->opened_at,
                   q = y->invoice ? y->invoice->index : y->visit->opened_at;
    return p < q ? -1 : p > q;
}

static bool is_within(fl_date day, fl_date from, fl_date to)
{
    return fl_date_compare(day, from) >= 0 && fl_date_compare(day, to) <= 0;
}

static size_t keep_period(fl_money_row *rows, size_t count, fl_date from, fl_date to)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        rows[i].day = rows[i].invoice ? rows[i].invoice->day : fl_visit_day(rows[i].visit);
        if (is_within(rows[i].day, from, to)) rows[kept++] = rows[i];
    }
    if (kept) qsort(rows, kept, sizeof *rows, compare_rows);
    return kept;
}

fl_status fl_money_match(const fl_money_book *book, fl_date from, fl_date to, fl_money_row **rows,
                         size_t *count)
{
    size_t n = book->count;
    bool *taken = calloc(book->visits.count + 1, sizeof *taken);
    fl_money_row *made = calloc(book->count + book->visits.count + 1, sizeof *made);
    fl_status status = taken && made ? FL_OK : FL_E_MEMORY;
    if (status == FL_OK) {
        for (size_t i = 0; i < n; i++) made[i].invoice = &book->invoices[i];
        match_named(book, made, taken);
        match_unnamed(book, made, taken);
        status = mark_same_numbers(made, n);
    }
    if (status == FL_OK) {
        for (size_t i = 0; i < book->visits.count; i++)
            if (!taken[i] && costs(&book->visits.list[i]))
                made[n++] = (fl_money_row){.finding = FL_MONEY_NO_INVOICE, .visit = &book->visits.list[i]};
        *count = keep_period(made, n, from, to);
        *rows = made;
        made = NULL;
    }
    free(taken);
    free(made);
    return status;
}

void fl_money_fini(fl_money_book *book)
{
    fl_visits_fini(&book->visits);
    free(book->invoices);
    *book = (fl_money_book){0};
}
