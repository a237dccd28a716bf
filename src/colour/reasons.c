#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/colour/correction.h"

#include <stdarg.h>
#include <stdio.h>

/* Why each refusal is one, and what would change it. The page of `fadeline explain` stands in the cli's list.
 */
static const struct {
    const char *code, *why, *change;
} rows[] = {
    {"colour-photo-grey", "a photo without colour cannot be measured for colour",
     "take it again in colour, without a filter"},
    {"colour-card-small", "too few pixels of a patch give no steady median",
     "go nearer, or use the camera's full resolution; a patch wants 12 pixels across at least"},
    {"colour-overexposed", "where the sensor is full, its number says only 'at least'",
     "less exposure (-1 stop), no flash; keep the card's white below full white"},
    {"colour-underexposed", "so dark a picture is mostly noise and rounding",
     "more light or a longer exposure"},
    {"colour-no-card", "the greys of the card do not stand where the corners say",
     "look at the overlay (--png) and give the corners of the card as printed, clockwise from its top left"},
    {"colour-patch-uneven", "glare, a shadow, dirt or a neighbour's edge inside a patch falsifies its colour",
     "tilt the card or move the lamp, wipe it, look at the overlay (--png) and give the corners closer"},
    {"colour-light-uneven", "light that changes so much across the card is not known at the skin beside it",
     "turn so that light falls evenly, and lay the card beside the skin in the same plane"},
    {"colour-card-residual",
     "camera and light do not agree with the card's values, so nothing else can be trusted",
     "switch off beauty, HDR and night modes, use one kind of light, check that this is the card of the "
     "file"},
    {"colour-region-small", "too few pixels for a median", "a larger radius, or go nearer with the camera"},
    {"colour-region-glare", "shine on skin is the lamp's colour, not the skin's",
     "dry the skin, light it from the side or use crossed polarisers; or choose a place without shine"},
    {"colour-region-dark", "so dark a place is mostly noise and rounding",
     "more light, or a place out of the shadow"},
    {"colour-region-far", "so far from the card the light is guessed, not measured",
     "lay the card beside the skin and photograph both from straight above"},
};
#define ROWS (sizeof rows / sizeof *rows)

const char *fl_colour_code(size_t n)
{
    return n < ROWS ? rows[n].code : NULL;
}

void fl_colour_say(fl_colour_reasons *reasons, const char *code, const char *format, ...)
{
    size_t row = 0;
    while (row < ROWS && !fl_text_same(rows[row].code, code)) row++;
    FL_ASSERT(row < ROWS);
    if (reasons->count == FL_COLOUR_REASONS_MAX) return;
    fl_colour_reason *reason = &reasons->list[reasons->count++];
    *reason = (fl_colour_reason){.code = rows[row].code, .why = rows[row].why, .change = rows[row].change};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason->what, sizeof reason->what, format, arguments);
    va_end(arguments);
}
