#include "html.h"

#include "fadeline/base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void html_raw(html *w, const char *markup, size_t size)
{
    if (w->failed || !size) return;
    if (size > HTML_MOST - w->size) {
        w->failed = true;
        return;
    }
    if (w->size + size > w->room) {
        const size_t room = 2 * (w->size + size) + 4096;
        char *bytes = realloc(w->bytes, room);
        if (!bytes) {
            w->failed = true;
            return;
        }
        w->bytes = bytes;
        w->room = room;
    }
    memcpy(w->bytes + w->size, markup, size);
    w->size += size;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n':
    case '\t': return NULL;
    default: return (unsigned char)c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL; /* no controls in a page */
    }
}

void html_text(html *w, const char *text)
{
    if (!text) return;
    const char *from = text;
    for (const char *at = text; *at; at++) {
        const char *escape = escape_of(*at);
        if (!escape) continue;
        html_raw(w, from, (size_t)(at - from));
        html_raw(w, escape, strlen(escape));
        from = at + 1;
    }
    html_raw(w, from, strlen(from));
}

static void put_u64(html *w, unsigned long long value)
{
    char digits[24];
    html_raw(w, digits, (size_t)snprintf(digits, sizeof digits, "%llu", value));
}

static void put_i64(html *w, long long value)
{
    char digits[24];
    html_raw(w, digits, (size_t)snprintf(digits, sizeof digits, "%lld", value));
}

/* One conversion; returns what follows it. */
static const char *convert(html *w, const char *at, va_list *list)
{
    static const char *const spelled[] = {"s", "d", "u", "ld", "lu", "lld", "llu", "zu", "%"};
    size_t n = 0;
    while (n < sizeof spelled / sizeof *spelled && strncmp(at, spelled[n], strlen(spelled[n])) != 0) n++;
    switch (n) {
    case 0: html_text(w, va_arg(*list, const char *)); break;
    case 1: put_i64(w, va_arg(*list, int)); break;
    case 2: put_u64(w, va_arg(*list, unsigned)); break;
    case 3: put_i64(w, va_arg(*list, long)); break;
    case 4: put_u64(w, va_arg(*list, unsigned long)); break;
    case 5: put_i64(w, va_arg(*list, long long)); break;
    case 6: put_u64(w, va_arg(*list, unsigned long long)); break;
    case 7: put_u64(w, va_arg(*list, size_t)); break;
    case 8: html_raw(w, "%", 1); break;
    default: FL_ASSERT(!"html_put knows no such letter");
    }
    return at + strlen(spelled[n]);
}

void html_put(html *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    for (const char *at = format; *at;) {
        const size_t plain = strcspn(at, "%");
        html_raw(w, at, plain);
        at += plain;
        if (*at) at = convert(w, at + 1, &list);
    }
    va_end(list);
}

void html_fini(html *w)
{
    free(w->bytes);
    *w = (html){0};
}
