/* The page for a stranger, as it stands in METHOD.md, inside the program: it goes out with every export. */
#include "fadeline/journal/method.h"

/* clang-format off */
__asm__(
    ".pushsection .rodata\n"
    ".global fl_method_page\nfl_method_page:\n"
    ".incbin \"" FL_METHOD_PAGE "\"\n"
    ".global fl_method_page_end\nfl_method_page_end:\n"
    ".byte 0\n"
    ".popsection\n");
/* clang-format on */

extern const char fl_method_page[], fl_method_page_end[];

const char *fl_method(size_t *size)
{
    *size = (size_t)(fl_method_page_end - fl_method_page);
    return fl_method_page;
}
