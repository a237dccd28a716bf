#include "paper_lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last place of `what`, or NULL. */
static const char *last_of(const char *bytes, size_t size, const char *what)
{
    const char *found = NULL;
    const size_t length = strlen(what);
    for (const char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), what, length)); at++)
        found = at;
    return found;
}

static bool number_after(const char *text, const char *end, const char *key, long *value)
{
    const char *at = memmem(text, (size_t)(end - text), key, strlen(key));
    return at && sscanf(at + strlen(key), "%ld", value) == 1;
}

bool fl_paper_say_lang(char **bytes, size_t *size, const char *lang)
{
    const char *end = *bytes + *size, *trailer = last_of(*bytes, *size, "trailer");
    long objects, root, info, old_xref;
    if (!trailer || !number_after(trailer, end, "/Size", &objects) ||
        !number_after(trailer, end, "/Root", &root) || !number_after(trailer, end, "/Info", &info) ||
        !number_after(trailer, end, "startxref", &old_xref))
        return true;
    char begin[40];
    snprintf(begin, sizeof begin, "\n%ld 0 obj\n<<", root);
    const char *from = last_of(*bytes, *size, begin);
    const char *inner = from ? from + strlen(begin) : NULL;
    const char *to = inner ? memmem(inner, (size_t)(end - inner), ">>\nendobj", 9) : NULL;
    if (!to || memmem(inner, (size_t)(to - inner), "/Lang", 5)) return true;

    char *update = NULL;
    size_t update_size = 0;
    FILE *out = open_memstream(&update, &update_size);
    if (!out) return false;
    fprintf(out, "%ld 0 obj\n<<", root);
    fwrite(inner, 1, (size_t)(to - inner), out);
    fprintf(out, "   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n", lang);
    const long xref = (long)*size + ftell(out);
    fprintf(out, "xref\n%ld 1\n%010zu 00000 n \n", root, *size);
    fprintf(out,
            "trailer\n<< /Size %ld\n   /Root %ld 0 R\n   /Info %ld 0 R\n   /Prev "
            "%ld\n>>\nstartxref\n%ld\n%%%%EOF\n",
            objects, root, info, old_xref, xref);
    const bool written = fclose(out) == 0;
    char *more = written ? realloc(*bytes, *size + update_size) : NULL;
    if (more) {
        memcpy(more + *size, update, update_size);
        *bytes = more, *size += update_size;
    }
    free(update);
    return more != NULL;
}
