/* Letters: one code point in, one spelling out. Shared by the writer and the reader of entries, so that there
 * is one place that knows the spelling. */
#ifndef FL_JOURNAL_LETTERS_H
#define FL_JOURNAL_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether an entry may hold it: a character whose presence leaves NFC alone, and no U+FEFF. */
bool fl_letters_is_clean(uint32_t code);
/* Its bytes inside a quoted text; returns how many, at most 6. */
size_t fl_letters_spell(uint32_t code, char room[8]);
/* Its plain UTF-8 bytes, at most 4. */
size_t fl_letters_utf8(uint32_t code, char room[4]);
/* Whether a key may be called so: [a-z][A-Za-z0-9_]{0,31} */
bool fl_letters_is_key(const char *key, size_t size);

#endif
