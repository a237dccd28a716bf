#include "endpoint.h"

#include "fadeline/base/text.h"

#include <stddef.h>

// clang-format off
static const fl_endpoint endpoints[] = {
    /* seen         look   lock   bar    stop   pause */
    {"none",        true,  false, false, false, false},
    {"frost",       true,  false, false, false, false},
    {"weak",        true,  false, false, false, false},
    {"bleed",       false, false, false, true,  true},
    {"darkened",    false, true,  true,  true,  false},
    {"hair-white",  false, true,  true,  true,  false},
    {"spark",       false, false, true,  true,  false},
};
// clang-format on

const fl_endpoint *fl_endpoint_find(const char *seen)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (fl_text_same(endpoints[i].seen, seen)) return &endpoints[i];
    return NULL;
}
