#include "fadeline/journal/kinds.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *text, *fields;
    unsigned size;
    bool signs;
} kinds[] = {
#define X(name, text, sign, fields) {text, fields, sizeof text - 1, sign},
    FL_KIND_LIST(X)
#undef X
};

static bool is_known(fl_kind kind)
{
    return (size_t)kind < sizeof kinds / sizeof *kinds;
}

const char *fl_kind_text(fl_kind kind)
{
    return is_known(kind) ? kinds[kind].text : "?";
}
const char *fl_kind_fields(fl_kind kind)
{
    return is_known(kind) ? kinds[kind].fields : "";
}
bool fl_kind_signs(fl_kind kind)
{
    return is_known(kind) && kinds[kind].signs;
}

fl_kind fl_kind_find(const char *text, unsigned size)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].size == size && size && kinds[i].text[0] == text[0] &&
            memcmp(kinds[i].text, text, size) == 0)
            return (fl_kind)i;
    return FL_KIND_UNKNOWN;
}
