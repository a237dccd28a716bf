#include "helper_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text of some markup up to `end`. */
static void text_of(const char *at, const char *end, char *room, size_t size)
{
    static const struct {
        const char *entity;
        char letter;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    size_t n = 0;
    while (at < end && n + 1 < size) {
        if (*at == '<') {
            while (at < end && *at != '>') at++;
            at++;
            continue;
        }
        bool found = false;
        for (size_t i = 0; i < sizeof entities / sizeof *entities && !found; i++) {
            const size_t length = strlen(entities[i].entity);
            if (strncmp(at, entities[i].entity, length) != 0) continue;
            room[n++] = entities[i].letter;
            at += length;
            found = true;
        }
        if (!found) room[n++] = *at++;
    }
    room[n] = 0;
}

/* The cells of one row, from `at` to `end`. */
static size_t cells_of(const char *at, const char *end, char cell[24][160])
{
    size_t n = 0;
    while (n < 24) {
        const char *td = strstr(at, "<t");
        while (td && td < end && td[2] != 'd' && td[2] != 'h') td = strstr(td + 2, "<t");
        if (!td || td >= end) break;
        const char *from = strchr(td, '>') + 1, *to = strstr(from, td[2] == 'd' ? "</td>" : "</th>");
        if (!to) break;
        text_of(from, to, cell[n++], 160);
        at = to;
    }
    return n;
}

bool rows_read(const char *body, const char *name, rows *r)
{
    char mark[100], head[24][160];
    memset(r, 0, sizeof *r);
    snprintf(mark, sizeof mark, "data-table=\"%s\"", name);
    const char *table = strstr(body, mark), *end = table ? strstr(table, "</table>") : NULL;
    if (!end) return false;
    for (const char *row = strstr(table, "<tr>"); row && row < end; row = strstr(row + 4, "<tr>")) {
        const char *stop = strstr(row, "</tr>");
        if (!stop) return false;
        if (!r->columns) {
            r->columns = cells_of(row, stop, head);
            for (size_t c = 0; c < r->columns; c++) snprintf(r->head[c], 64, "%.63s", head[c]);
            continue;
        }
        if (r->rows == 400 || cells_of(row, stop, r->cell[r->rows]) != r->columns) return false;
        r->rows++;
    }
    return true;
}

/* Digits, one sign, one point. */
static bool plain(const char *cell, char *room, size_t size)
{
    size_t n = 0;
    for (const char *at = cell; *at && n + 1 < size;) {
        if (strncmp(at, "\xe2\x88\x92", 3) == 0)
            room[n++] = '-', at += 3;
        else if (strncmp(at, "\xe2\x80\xaf", 3) == 0)
            at += 3;
        else if (*at == '+')
            at++;
        else if (*at == ',' && strlen(at) >= 4 && strspn(at + 1, "0123456789") >= 3)
            at++;
        else if (*at == ',')
            room[n++] = '.', at++;
        else if (strchr("0123456789.", *at))
            room[n++] = *at++;
        else
            return false;
    }
    room[n] = 0;
    return n > 0;
}

bool rows_whole(const char *cell, long long *value)
{
    char digits[40], *end;
    if (!plain(cell, digits, sizeof digits)) return false;
    *value = strtoll(digits, &end, 10);
    return *end == 0;
}

bool rows_real(const char *cell, double *value)
{
    char digits[40], *end;
    if (!plain(cell, digits, sizeof digits)) return false;
    *value = strtod(digits, &end);
    return *end == 0;
}
