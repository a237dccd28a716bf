#include "page.h"
#include "page_notes.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/french/french.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NARROW_SPACE "\xe2\x80\xaf" /* U+202F, between thousands in French */
#define DASH "\xe2\x80\x93"

const char *say(const page *p, word w)
{
    return word_in(p->language, w);
}

const char *page_fill(page *p, word w, const char *value)
{
    const char *text = say(p, w), *mark = strstr(text, "%s");
    FL_ASSERT(mark);
    return page_format(p, "%.*s%s%s", (int)(mark - text), text, value, mark + 2);
}

const char *page_in_french(page *p, const char *english)
{
    char french[FL_FRENCH];
    const bool known = p->language == FRENCH && fl_french(english, french, sizeof french);
    return known ? page_format(p, "%s", french) : NULL;
}

void page_put_said(page *p, const char *english)
{
    const char *french = page_in_french(p, english);
    if (french)
        html_put(&p->html, "%s", french);
    else
        html_put(&p->html, p->language == ENGLISH ? "%s" : "<span lang=\"en\">%s</span>", english);
}

void page_put_no(page *p, const char *english, const char *hint)
{
    html_put(&p->html, "<div class=\"no\" role=\"alert\"><p>");
    page_put_said(p, english);
    if (hint && *hint) html_put(&p->html, "</p><p>"), page_put_said(p, hint);
    html_put(&p->html, "</p></div>");
}

/* Digits by threes from the right. */
static void group(fl_text *out, const char *digits, size_t count, const char *gap)
{
    for (size_t i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) fl_text_add(out, "%s", gap);
        fl_text_add_bytes(out, digits + i, 1);
    }
}

const char *page_number(page *p, double value, int decimals)
{
    char plain[400];
    if (!isfinite(value)) return DASH;
    snprintf(plain, sizeof plain, "%.*f", decimals, value);
    const char *digits = plain + (plain[0] == '-');
    const size_t whole = strspn(digits, "0123456789");
    bool nothing = true; /* -0.00 is 0.00 */
    for (const char *c = digits; *c; c++) nothing = nothing && (*c == '0' || *c == '.');
    char *room = page_note_new(p, 2000);
    if (!room) return "";
    fl_text out = fl_text_in(room, 2001);
    if (plain[0] == '-' && !nothing) fl_text_add(&out, "\xe2\x88\x92"); /* a true minus */
    /* 1064 nm is read as a word; five digits need help. Counts are always grouped. */
    group(&out, digits, whole, whole < 5 ? "" : p->language == FRENCH ? NARROW_SPACE : ",");
    if (digits[whole]) fl_text_add(&out, "%s%s", p->language == FRENCH ? "," : ".", digits + whole + 1);
    return room;
}

const char *page_count(page *p, uint64_t value)
{
    char digits[24];
    char *room = page_note_new(p, 64);
    if (!room) return "";
    fl_text out = fl_text_in(room, 65);
    const int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    group(&out, digits, (size_t)count, p->language == FRENCH ? NARROW_SPACE : ",");
    return room;
}

const char *page_date(page *p, fl_date date)
{
    char day[11];
    return fl_date_is_set(date) ? page_format(p, "%s", fl_date_text(date, day)) : DASH;
}

const char *page_time(page *p, fl_utc time)
{
    const time_t seconds = (time_t)(time.us / 1000000);
    struct tm local;
    if (!localtime_r(&seconds, &local)) return DASH;
    return page_format(p, p->language == FRENCH ? "%04d-%02d-%02d %d h %02d" : "%04d-%02d-%02d %02d:%02d",
                       local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min);
}

bool page_read_number(const char *text, double *value)
{
    char plain[64];
    if (!text || strlen(text) >= sizeof plain) return false;
    strcpy(plain, text);
    char *comma = strchr(plain, ',');
    if (comma) *comma = '.'; /* a second separator is then no number */
    return fl_read_double(plain, value) == FL_OK;
}

/* ---- addresses ---- */

static void add_part(fl_text *out, const char *part)
{
    for (; *part; part++) {
        const unsigned char c = (unsigned char)*part;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           (c && strchr("-._~:@", c));
        if (plain)
            fl_text_add_bytes(out, part, 1);
        else
            fl_text_add(out, "%%%02X", c);
    }
}

const char *page_url(page *p, const char *format, ...)
{
    enum { MOST = 3000 };
    FL_ASSERT(format[0] == '/' && format[1] != '/');
    char *room = page_note_new(p, MOST);
    if (!room) return "/";
    fl_text out = fl_text_in(room, MOST + 1);
    va_list list;
    va_start(list, format);
    for (const char *at = format; *at;) {
        const size_t plain = strcspn(at, "%");
        fl_text_add_bytes(&out, at, plain);
        at += plain;
        if (!*at) break;
        FL_ASSERT(at[1] == 's');
        add_part(&out, va_arg(list, const char *));
        at += 2;
    }
    va_end(list);
    FL_ASSERT(!out.cut);
    return room;
}
