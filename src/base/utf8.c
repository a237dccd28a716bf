#include "fadeline/base/utf8.h"

bool fl_utf8_take(const char **at, const char *end, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (*at >= end) return false;
    const unsigned char *c = (const unsigned char *)*at;
    const size_t size = c[0] < 0x80                   ? 1
                        : c[0] >= 0xC2 && c[0] < 0xE0 ? 2
                        : (c[0] & 0xF0) == 0xE0       ? 3
                        : c[0] >= 0xF0 && c[0] < 0xF5 ? 4
                                                      : 0;
    if (size == 0 || (size_t)(end - *at) < size) return false;
    uint32_t sum = size == 1 ? c[0] : c[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((c[i] & 0xC0) != 0x80) return false;
        sum = sum << 6 | (c[i] & 0x3Fu);
    }
    if (sum < least[size] || (sum >= 0xD800 && sum < 0xE000) || sum > 0x10FFFF) return false;
    *at += size;
    *code = sum;
    return true;
}

bool fl_utf8_is_plain(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } not_plain[] = {
        {0, 0x1F},          {0x7F, 0x9F},     /* C0, DEL, C1 */
        {0x61C, 0x61C},     {0x200B, 0x200B}, /* marks of direction; a space of no width */
        {0x200E, 0x200F},   {0x2028, 0x202E}, /* ends of lines, overrides */
        {0x2060, 0x206F},                     /* isolates, invisible operators */
        {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF}, /* noncharacters; a mark of byte order */
        {0xFFF9, 0xFFFB},                     /* annotations */
        {0xE0000, 0xE0FFF},                   /* tags */
    };
    for (size_t i = 0; i < sizeof not_plain / sizeof *not_plain && code >= not_plain[i].first; i++)
        if (code <= not_plain[i].last) return false;
    return (code & 0xFFFE) != 0xFFFE;
}
