/* The next date as a calendar file. Others see a calendar: it says when, and never what for. */
#include "client_words.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* RFC 5545: at most 75 bytes a line, then a break and a space; never within a character. */
static void put_line(FILE *out, const char *line)
{
    size_t used = 0;
    for (const char *at = line; *at;) {
        size_t length = 1;
        while (((unsigned char)at[length] & 0xc0) == 0x80) length++;
        if (used + length > 75) fputs("\r\n ", out), used = 1;
        fwrite(at, 1, length, out);
        used += length;
        at += length;
    }
    fputs("\r\n", out);
}

static void put(FILE *out, const char *format, ...) FL_PRINTF(2, 3);
static void put(FILE *out, const char *format, ...)
{
    char line[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    put_line(out, line);
}

static const char *digits(fl_date date, char room[16])
{
    snprintf(room, 16, "%04d%02d%02d", date.year % 10000, date.month % 100, date.day % 100);
    return room;
}

/* Commas, semicolons and backslashes carry meaning in a value. */
static const char *escaped(const char *text, char *room, size_t size)
{
    fl_text to = fl_text_in(room, size);
    for (; *text; text++) {
        if (strchr(",;\\", *text)) fl_text_add(&to, "\\");
        fl_text_add_bytes(&to, *text == '\n' || *text == '\r' ? " " : text, 1);
    }
    return room;
}

fl_status fl_calendar_write(const fl_client_paper *paper, const char *path, fl_error *error)
{
    const fl_date next = fl_client_next(paper);
    char from[16], to[16], made[16], hex[2 * FL_SHA256_SIZE + 1], call[400];
    if (!fl_date_is_set(next)) return fl_error_set(error, FL_E_NO, "no next date is known");
    const fl_date stamp = paper->record ? fl_date_of((fl_utc){paper->record->opened_us}) : paper->plan->date;
    /* The same visit gives the same UID: a calendar that imports it twice keeps one. Nobody is named in it.
     */
    if (paper->record)
        fl_hex(paper->record->entry_hash.byte, FL_SHA256_SIZE, hex);
    else
        fl_hex(paper->plan->sha256, FL_SHA256_SIZE, hex);
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out) return fl_error_set(error, FL_E_MEMORY, "no memory for the calendar file");
    put(out, "BEGIN:VCALENDAR");
    put(out, "VERSION:2.0");
    put(out, "PRODID:-//Fadeline//%s//%s", FL_VERSION, paper->lang == FL_LANG_FR ? "FR" : "EN");
    put(out, "BEGIN:VEVENT");
    put(out, "UID:%.32s@fadeline.invalid", hex);
    put(out, "DTSTAMP:%sT000000Z", digits(stamp, made));
    put(out, "DTSTART;VALUE=DATE:%s", digits(next, from));
    put(out, "DTEND;VALUE=DATE:%s", digits(fl_date_add_days(next, 1), to));
    put(out, "SUMMARY:%s",
        fl_said(paper->lang, "Appointment\\, from this day on", "Rendez-vous\\, à partir de ce jour"));
    put(out, "DESCRIPTION:%s%s%s", fl_said(paper->lang, "Not before this day.", "Pas avant ce jour."),
        paper->call ? " " : "", paper->call ? escaped(paper->call, call, sizeof call) : "");
    put(out, "CLASS:PRIVATE");
    put(out, "TRANSP:TRANSPARENT");
    put(out, "END:VEVENT");
    put(out, "END:VCALENDAR");
    const fl_status status = fclose(out) == 0
                                 ? fl_place_write(path, bytes, size, 0600, error)
                                 : fl_error_set(error, FL_E_MEMORY, "no memory for the calendar file");
    free(bytes);
    return status;
}
