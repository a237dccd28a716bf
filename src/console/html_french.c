/* Spaces of a French page that may not break, put in once the page is whole: every text has them, wherever it
 * came from. */
#include "html.h"

#include "fadeline/french/french.h"

#include <string.h>

/* What is no prose: left as it is, up to its end tag. */
static const char *const as_is[] = {"script", "style", "pre", "code", "textarea"};

/* The end of the tag that begins here; of an element of as_is, the beginning of its end tag. */
static const char *behind_tag(const char *tag, const char *end)
{
    const char *after = memchr(tag, '>', (size_t)(end - tag));
    if (!after) return end;
    after++;
    for (size_t i = 0; i < sizeof as_is / sizeof *as_is; i++) {
        const size_t size = strlen(as_is[i]);
        if (strncmp(tag + 1, as_is[i], size) != 0 || !strchr(" >", tag[1 + size])) continue;
        const char *c = after;
        while ((c = memchr(c, '<', (size_t)(end - c))) &&
               (c[1] != '/' || strncmp(c + 2, as_is[i], size) != 0))
            c++;
        return c ? c : end;
    }
    return after;
}

void html_french_spaces(html *w)
{
    html out = {0};
    html_raw(w, "", 1); /* a 0, for those who compare words */
    if (w->failed) return;
    const char *end = w->bytes + --w->size, *from = w->bytes;
    char before = 0; /* the letter before, also over tags: <b>1,59</b> J/cm² */
    for (const char *at = from; at < end;) {
        if (*at == '<') {
            at = behind_tag(at, end);
            continue;
        }
        const char *gap = *at == ' ' ? fl_french_gap(before, at) : NULL;
        if (gap) {
            html_raw(&out, from, (size_t)(at - from));
            html_raw(&out, gap, strlen(gap));
            from = at + 1;
        }
        before = *at++;
    }
    html_raw(&out, from, (size_t)(end - from));
    html_fini(w);
    *w = out;
}
