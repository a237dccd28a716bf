/* Date: a calendar day (proleptic Gregorian), for intervals, gates and review dates.
 *
 *     fl_date today, next;
 *     fl_date_read("2026-05-04", &today);             // FL_OK
 *     next = fl_date_add_days(today, 42);             // 2026-06-15
 *
 * Adding months keeps the day of the month, or takes the last day of a shorter one ("6 months after
 * 2026-08-31" is 2027-02-28).
 */
#ifndef FL_BASE_DATE_H
#define FL_BASE_DATE_H

#include "fadeline/base/clock.h"
#include "fadeline/base/status.h"

#include <stdbool.h>

typedef struct fl_date {
    int year, month, day; /* month and day from 1; all 0: not set */
} fl_date;

FL_MUST_USE fl_status fl_date_read(const char *text, fl_date *date); /* YYYY-MM-DD, a day that exists */
const char *fl_date_text(fl_date date, char room[11]);               /* "-" when not set; returns room */
bool fl_date_is_set(fl_date date);
int fl_date_days(fl_date date); /* days since 1970-01-01 */
fl_date fl_date_from_days(int days);
fl_date fl_date_add_days(fl_date date, int days);
fl_date fl_date_add_months(fl_date date, int months);
int fl_date_compare(fl_date a, fl_date b); /* < 0, 0, > 0 */
static inline fl_date fl_date_later(fl_date a, fl_date b) { return fl_date_compare(a, b) >= 0 ? a : b; }
fl_date fl_date_of(fl_utc time); /* the UTC day */

#endif
