/* Facts looked up by client or by session: sorted once, then found by halves. */
#include "audit_collect.h"

#include <stdlib.h>
#include <string.h>

static bool is_by_session(fl_kind kind)
{
    return kind == FL_KIND_FOLLOW_UP || kind == FL_KIND_INVOICE;
}

static int compare_keys(const fl_fact *a, fl_kind kind, const char *pat, uint64_t sid)
{
    if (a->kind != kind) return a->kind < kind ? -1 : 1;
    return is_by_session(kind) ? (a->sid > sid) - (a->sid < sid) : strcmp(a->pat, pat);
}

static int compare(const void *a, const void *b)
{
    const fl_fact *x = a, *y = b;
    const int order = compare_keys(x, y->kind, y->pat, y->sid);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

void fl_facts_sort(fl_collect *c)
{
    if (c->facts.count) qsort(c->facts.at, c->facts.count, sizeof *c->facts.at, compare);
}

const fl_fact *fl_facts_find(const fl_collect *c, fl_kind kind, const char *pat, uint64_t sid, size_t *count)
{
    size_t low = 0, high = c->facts.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_keys(&c->facts.at[middle], kind, pat, sid) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < c->facts.count && compare_keys(&c->facts.at[high], kind, pat, sid) == 0;) high++;
    *count = high - low;
    return c->facts.at + low;
}
