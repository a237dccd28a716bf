/* Html: text for a browser, escaped unless somebody says otherwise.
 *
 * Whatever comes in by %s is escaped for an element and for an attribute in double quotes; the format itself
 * is ours and goes out as it stands. There is no other way to put a text into a page but html_raw, which is
 * easy to search for and is for markup that we made.
 *
 *     html_put(w, "<td title=\"%s\">%s</td>", code, name);       // name is <b>? it is read as &lt;b&gt;
 *
 * The traps: an attribute without quotes, and text inside <script>, <style> or a URL that begins with it
 * (href="%s" may be javascript:): page.h has page_link for that. Numbers with decimals have no letter here on
 * purpose: page_number knows the reader's comma.
 */
#ifndef FL_CONSOLE_HTML_H
#define FL_CONSOLE_HTML_H

#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct html {
    char *bytes; /* malloc'ed; no 0 at its end */
    size_t size, room;
    bool failed; /* memory was short, or it would be beyond HTML_MOST: the page is not sent */
} html;

#define HTML_MOST ((size_t)16 << 20)

/* %s escaped, %d %u %ld %lu %lld %llu %zu plain, %% itself; any other letter is our bug and stops the
 * process. */
void html_put(html *w, const char *format, ...) FL_PRINTF(2, 3);
void html_text(html *w, const char *text);               /* escaped; NULL puts nothing */
void html_raw(html *w, const char *markup, size_t size); /* markup that we made ourselves */
/* In a page that is whole and French: no break before : % and units. Tags, scripts and code stay. */
void html_french_spaces(html *w);
void html_fini(html *w);

#endif
