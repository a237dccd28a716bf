#include "helper_vectors.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *helper_vectors(const char *part)
{
    static json_t *all;
    json_error_t error;
    if (!all) all = json_load_file(FL_TEST_DIR "/vectors/journal.json", 0, &error);
    json_t *found = all ? json_object_get(all, part) : NULL;
    if (found) return found;
    fprintf(stderr, "no vectors '%s'\n", part);
    abort();
}

const char *helper_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text) return text;
    fprintf(stderr, "no vector '%s'\n", key);
    abort();
}

size_t helper_bytes(const char *hex, uint8_t *room, size_t room_size)
{
    const size_t size = strlen(hex) / 2;
    if (size <= room_size && fl_read_hex(hex, room, size) == FL_OK) return size;
    fprintf(stderr, "'%s' is no hexadecimal of at most %zu bytes\n", hex, room_size);
    abort();
}

fl_hash helper_hash(const char *hex)
{
    fl_hash hash;
    if (helper_bytes(hex, hash.byte, sizeof hash.byte) != sizeof hash.byte) abort();
    return hash;
}

fl_hash helper_hash_of(const json_t *text)
{
    return helper_hash(json_string_value(text));
}
