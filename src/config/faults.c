#include "fadeline/config/yaml.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

fl_faults *fl_faults_new(void)
{
    fl_faults *faults = calloc(1, sizeof *faults);
    FL_ASSERT(faults);
    return faults;
}

void fl_faults_free(fl_faults *faults)
{
    free(faults);
}

static bool stands_after(const fl_fault *fault, fl_mark at)
{
    if (fault->at.line != at.line) return fault->at.line > at.line;
    return fault->at.column > at.column;
}

/* Where a fault of this file at this place belongs: files keep the order in which they came. */
static size_t slot_for(const fl_faults *faults, const char *file, fl_mark at)
{
    size_t slot = faults->count;
    while (slot && strcmp(faults->list[slot - 1].file, file) == 0 &&
           stands_after(&faults->list[slot - 1], at))
        slot--;
    return slot;
}

void fl_faults_add(fl_faults *faults, const char *file, fl_mark at, const char *hint, const char *format, ...)
{
    FL_ASSERT(faults && file && format);
    if (faults->count == FL_FAULTS_MAX) {
        faults->more++;
        return;
    }
    fl_fault fault = {.at = at};
    snprintf(fault.file, sizeof fault.file, "%s", file);
    if (hint) snprintf(fault.hint, sizeof fault.hint, "%s", hint);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault.what, sizeof fault.what, format, arguments);
    va_end(arguments);

    const size_t slot = slot_for(faults, fault.file, at);
    memmove(&faults->list[slot + 1], &faults->list[slot], (faults->count - slot) * sizeof fault);
    faults->list[slot] = fault;
    faults->count++;
}

static void as_error(const fl_fault *fault, fl_error *error)
{
    fl_error_set(error, FL_E_FILE, "%s", fault->what);
    if (fault->hint[0]) fl_error_hint(error, "%s", fault->hint);
    fl_error_at(error, fault->file, fault->at.line, fault->at.column);
}

void fl_faults_print(FILE *out, const fl_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        fl_error error = {0};
        as_error(&faults->list[i], &error);
        fl_error_print(out, &error);
    }
    if (faults->more) fprintf(out, "... and %zu more\n", faults->more);
}

fl_status fl_faults_error(const fl_faults *faults, fl_error *error)
{
    FL_ASSERT(faults->count);
    if (!error) return FL_E_FILE;
    as_error(&faults->list[0], error);
    const size_t others = faults->count - 1 + faults->more;
    if (others) {
        char room[sizeof error->hint];
        fl_text hint = fl_text_in(room, sizeof room);
        fl_text_add(&hint, "(and %zu more: fadeline check %.80s) %s", others, faults->list[0].file,
                    error->hint);
        fl_error_hint(error, "%s", room);
    }
    return FL_E_FILE;
}
