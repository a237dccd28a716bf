#include "fadeline/base/error.h"

#include "fadeline/base/show.h"

#include <stdarg.h>
#include <string.h>

fl_status fl_error_set(fl_error *error, fl_status status, const char *format, ...)
{
    if (!error) return status;
    *error = (fl_error){.status = status};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->what, sizeof error->what, format, arguments);
    va_end(arguments);
    return status;
}

fl_status fl_error_hint(fl_error *error, const char *format, ...)
{
    if (!error) return FL_E_BUG;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
    return error->status;
}

fl_status fl_error_at(fl_error *error, const char *file, unsigned line, unsigned column)
{
    if (!error) return FL_E_BUG;
    snprintf(error->file, sizeof error->file, "%s", file);
    error->line = line;
    error->column = column;
    return error->status;
}

void fl_error_code(fl_error *error, const char *code)
{
    if (error) snprintf(error->code, sizeof error->code, "%s", code);
}

/* An error quotes what it complains of: a line of a file, an answer of a laser, a text of a record. */
void fl_error_print(FILE *out, const fl_error *error)
{
    char what[FL_SHOWN_MAX];
    fl_show_text(what, sizeof what, error->what);
    if (error->file[0] && error->line)
        fprintf(out, "%s:%u:%u: error: %s\n", FL_SHOWN(error->file), error->line, error->column, what);
    else if (error->file[0])
        fprintf(out, "%s: error: %s\n", FL_SHOWN(error->file), what);
    else
        fprintf(out, "fadeline: %s\n", what);
    if (error->hint[0]) fprintf(out, "  hint: %s\n", FL_SHOWN(error->hint));
    if (error->code[0]) fprintf(out, "  more: fadeline explain %s\n", error->code);
}
