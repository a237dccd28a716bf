#include "devices_record.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROW_ROOM 4000

/* Bytes as the transcript spells them, inside single quotes of YAML. */
static void add_bytes(fl_text *text, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        switch (c) {
        case '\r': fl_text_add(text, "\\r"); break;
        case '\n': fl_text_add(text, "\\n"); break;
        case '\t': fl_text_add(text, "\\t"); break;
        case '\\': fl_text_add(text, "\\\\"); break;
        case '\'': fl_text_add(text, "''"); break;
        default: fl_text_add(text, c >= ' ' && c <= '~' ? "%c" : "\\x%02X", c);
        }
    }
}

/* What was understood: a person compares it with the page, and `fadeline check` with the bytes. */
static void add_meaning(fl_text *text, const fl_talk *talk)
{
    const fl_reading *r = &talk->reading;
    if (r->kind == FL_READ_REFUSED) return fl_text_add(text, ", result: refused");
    if (r->kind == FL_READ_GARBAGE) return fl_text_add(text, ", result: bad");
    if (talk->word->say || r->kind != FL_READ_VALUE) return;
    const char *state = talk->word->value == FL_VALUE_TEXT ? r->text : r->state ? r->state->name : NULL;
    if (talk->word->value == FL_VALUE_NUMBER) fl_text_add(text, ", value: %.10g", r->number);
    if (talk->word->value == FL_VALUE_BITS || talk->word->value == FL_VALUE_FLAGS)
        fl_text_add(text, ", value: %llu", (unsigned long long)r->bits);
    if ((talk->word->value == FL_VALUE_TEXT || talk->word->value == FL_VALUE_STATE) && state) {
        fl_text_add(text, ", state: '");
        add_bytes(text, state, strlen(state));
        fl_text_add(text, "'");
    }
}

static void on_answer(void *listener, const fl_talk *talk)
{
    devices_record *record = listener;
    char row[ROW_ROOM];
    fl_text text = fl_text_in(row, sizeof row);
    fl_text_add(&text, "  - { word: \"%s\"", talk->word->id);
    if (talk->word->say && strstr(talk->word->say, "{}")) fl_text_add(&text, ", value: %.10g", talk->value);
    fl_text_add(&text, ", sent: '");
    add_bytes(&text, talk->out, talk->out_size);
    fl_text_add(&text, "', answer: '");
    add_bytes(&text, talk->in, talk->in_size);
    fl_text_add(&text, "'");
    add_meaning(&text, talk);
    fl_text_add(&text, ", from: 'recorded %s from ", record->day);
    add_bytes(&text, record->port, strlen(record->port));
    fl_text_add(&text, "' }\n");
    if (text.cut || strstr(record->rows, row)) return; /* a poll asks the same again and again */
    record->rows = realloc(record->rows, record->size + text.length + 1);
    FL_ASSERT(record->rows);
    memcpy(record->rows + record->size, row, text.length + 1);
    record->size += text.length;
}

void devices_record_begin(devices_record *record, fl_talk *talk, const char *port)
{
    const fl_clock *clock = fl_clock_system();
    *record = (devices_record){.rows = calloc(1, 1), .port = port};
    FL_ASSERT(record->rows);
    fl_date_text(fl_date_of(clock->utc(clock->self)), record->day);
    talk->listener = record;
    talk->ear = on_answer;
}

fl_status devices_record_end(devices_record *record, const char *path, fl_error *error)
{
    const fl_status status = fl_place_write(path, record->rows, record->size, 0644, error);
    free(record->rows);
    record->rows = NULL;
    return status;
}
