#include "fadeline/report/shown_json.h"

#include "fadeline/base/show.h"

#include <stdlib.h>
#include <string.h>

int fl_shown_json(const json_t *object, FILE *out, size_t flags)
{
    char *text = json_dumps(object, flags);
    if (!text) return -1;
    fl_show_json(out, text, strlen(text));
    free(text);
    return ferror(out) ? -1 : 0;
}
