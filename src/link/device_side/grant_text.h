/* Text of the grant link: what a C library would do, and the fields of a body. Private to grant_link.c. */
#ifndef GRANT_TEXT_H
#define GRANT_TEXT_H

#include "grant_link.h"

size_t gl_size_of(const char *text);
bool gl_same(const void *a, const void *b, size_t size); /* in a time that tells nothing */
bool gl_is_zero(const uint8_t *bytes, size_t size);
uint32_t gl_crc32c(uint32_t crc, const char *bytes, size_t size); /* 0 to begin; "123456789" is E3069283 */

typedef struct gl_text { /* what does not fit is left out, and `cut` says so */
    char bytes[GL_LINE_MOST + 1];
    size_t size;
    bool cut;
} gl_text;

gl_text gl_text_begin(void);
void gl_put(gl_text *t, const char *words);
void gl_put_number(gl_text *t, const char *key, uint64_t value, unsigned digits); /* 0 digits: decimal */

/* Upper case only: one number has one spelling. */
bool gl_read_hex(const char *at, unsigned digits, uint64_t *value);

enum { DECIMAL = 0, PURPOSE = 1, BIT = 2, WIDE = 17 }; /* other forms: hexadecimal of so many digits */

typedef struct gl_field {
    const char *key;
    unsigned form;
    bool given;
    uint64_t value;
    uint8_t bytes[32];
} gl_field;

/* From the blank behind the verb. How many of the fields are there; -1: not of our grammar, a key that is not
 * in the list, or one that stands twice. */
int gl_read_fields(const char *at, const char *end, gl_field *fields, size_t count);

#endif
