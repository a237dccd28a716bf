/* UTF-8, one code point at a time. */
#ifndef FL_BASE_UTF8_H
#define FL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes one code point off strict UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
 * False, moving nothing, when none stands there. */
bool fl_utf8_take(const char **at, const char *end, uint32_t *code);
/* A letter as a person types it into a record: no control (C0, DEL, C1), no end of a line, nothing that turns
 * a line round or is there without being seen (marks of direction, overrides, tags, U+FEFF), no noncharacter.
 */
bool fl_utf8_is_plain(uint32_t code);

#endif
