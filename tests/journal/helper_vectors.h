/* The published and computed vectors, read with jansson. */
#ifndef FL_TESTS_JOURNAL_HELPER_VECTORS_H
#define FL_TESTS_JOURNAL_HELPER_VECTORS_H

#include "fadeline/journal/tree.h"

#include <jansson.h>

json_t *helper_vectors(const char *part); /* owned by the helper */
const char *helper_string(const json_t *object, const char *key);
fl_hash helper_hash(const char *hex); /* hexadecimal */
fl_hash helper_hash_of(const json_t *text);
/* "00ff" into bytes; returns how many. */
size_t helper_bytes(const char *hex, uint8_t *room, size_t room_size);

/* Makes a journal in the directory that holds the small log of the reference. Without its key. */
void helper_reference_log(const char *directory);

#endif
