/* The conversation of section 12 of the reference page, as printed there. */
#ifndef FL_TESTS_LINK_VECTORS_H
#define FL_TESTS_LINK_VECTORS_H

#include "fadeline/link/message.h"

#define VECTOR_IDENTITY "SIM-00042"
#define VECTOR_GRANT 11

typedef struct vector {
    uint32_t session, number;
    fl_word word;
    const char *line;
} vector;

extern const vector vectors[];
extern const size_t vector_count;

#endif
