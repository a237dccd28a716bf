#include "reasons.h"

#include "fadeline/french/french.h"

#include <string.h>

static const fl_reason_words rows[] = {
#define X(code, text, change, whom) {code, text, change, FL_WHOM_##whom},
    FL_REASONS_FR(X)
#undef X
};

const fl_reason_words *fl_reason_words_of(const char *code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].code, code) == 0) return &rows[i];
    return NULL;
}
