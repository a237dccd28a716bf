#include "fadeline/base/date.h"

#include <stdio.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_digits(const char *text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

fl_status fl_date_read(const char *text, fl_date *date)
{
    fl_date read;
    if (!text || !read_digits(text, 4, &read.year) || text[4] != '-' ||
        !read_digits(text + 5, 2, &read.month) || text[7] != '-' || !read_digits(text + 8, 2, &read.day) ||
        text[10])
        return FL_E_RANGE;
    if (read.year < 1900 || read.year > 2999 || read.month < 1 || read.month > 12 || read.day < 1 ||
        read.day > month_days(read.year, read.month))
        return FL_E_RANGE;
    *date = read;
    return FL_OK;
}

const char *fl_date_text(fl_date date, char room[11])
{
    if (!fl_date_is_set(date))
        snprintf(room, 11, "-");
    else
        snprintf(room, 11, "%04u-%02u-%02u", (unsigned)date.year % 10000u, (unsigned)date.month % 100u,
                 (unsigned)date.day % 100u);
    return room;
}

bool fl_date_is_set(fl_date date)
{
    return date.year != 0;
}

/* Hinnant 2013, "chrono-compatible low-level date algorithms": years begin in March. */
int fl_date_days(fl_date date)
{
    const int y = date.year - (date.month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    const int of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

fl_date fl_date_from_days(int days)
{
    days += 719468;
    const int era = (days >= 0 ? days : days - 146096) / 146097, d = days - era * 146097;
    const int of_era = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    const int of_year = d - (365 * of_era + of_era / 4 - of_era / 100), m = (5 * of_year + 2) / 153;
    const int month = m < 10 ? m + 3 : m - 9;
    return (fl_date){of_era + era * 400 + (month <= 2), month, of_year - (153 * m + 2) / 5 + 1};
}

fl_date fl_date_add_days(fl_date date, int days)
{
    return fl_date_from_days(fl_date_days(date) + days);
}

fl_date fl_date_add_months(fl_date date, int months)
{
    const int count = date.year * 12 + date.month - 1 + months;
    fl_date moved = {count / 12, count % 12 + 1, date.day};
    const int last = month_days(moved.year, moved.month);
    if (moved.day > last) moved.day = last;
    return moved;
}

int fl_date_compare(fl_date a, fl_date b)
{
    return fl_date_days(a) - fl_date_days(b);
}

fl_date fl_date_of(fl_utc time)
{
    const int64_t day = 86400000000;
    return fl_date_from_days((int)((time.us >= 0 ? time.us : time.us - day + 1) / day));
}
