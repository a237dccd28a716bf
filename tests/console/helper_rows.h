/* Rows: the tables of a page as a person reads them, cell by cell, to hold against what the audit says. */
#ifndef FL_TESTS_CONSOLE_HELPER_ROWS_H
#define FL_TESTS_CONSOLE_HELPER_ROWS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct rows {
    size_t rows, columns;
    char head[24][64];
    char cell[400][24][160]; /* texts without markup, entities resolved */
} rows;

/* The table with data-table="name". false: it is not on the page. */
bool rows_read(const char *body, const char *name, rows *r);
/* The whole number in a cell: thousands' marks and a true minus understood, also the French ones. */
bool rows_whole(const char *cell, long long *value);
bool rows_real(const char *cell, double *value);

#endif
