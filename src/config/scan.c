/* What libyaml would let pass or misplace is caught on the bytes, where line and column are certain. */
#include "tree.h"

#include <stdint.h>
#include <string.h>

/* One code point (RFC 3629: shortest form, no surrogates, at most U+10FFFF); bytes taken, 0 when it is not
 * UTF-8. */
static size_t decode(const char *at, size_t left, uint32_t *code)
{
    const uint8_t *b = (const uint8_t *)at;
    if (b[0] < 0x80) return *code = b[0], 1;
    const size_t size = b[0] >= 0xF0 && b[0] <= 0xF4  ? 4
                        : b[0] >= 0xE0 && b[0] < 0xF0 ? 3
                        : b[0] >= 0xC2 && b[0] < 0xE0 ? 2
                                                      : 0;
    if (!size || size > left) return 0;
    uint32_t value = b[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((b[i] & 0xC0) != 0x80) return 0;
        value = value << 6 | (b[i] & 0x3Fu);
    }
    if (size == 3 && (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF))) return 0;
    if (size == 4 && (value < 0x10000 || value > 0x10FFFF)) return 0;
    *code = value;
    return size;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

/* Characters that reorder what follows on the screen: what a person signs would not be what we read. */
static bool turns_text(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
           code == 0x200F;
}

static bool ends_line(uint32_t code)
{
    return code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool text_is_printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t code;
        const size_t size = decode(text + i, length - i, &code);
        if (!size || is_control(code) || turns_text(code) || ends_line(code) || code == 0xFEFF) return false;
        i += size;
    }
    return true;
}

struct scan {
    const char *name;
    fl_faults *faults;
    fl_mark at;
    bool leading; /* only spaces so far on this line */
    bool tab_on_line;
    bool parse; /* still worth parsing */
};

static void complain(struct scan *scan, const char *hint, const char *what)
{
    fl_faults_add(scan->faults, scan->name, scan->at, hint, "%s", what);
}

static void meet_tab(struct scan *scan, char *byte)
{
    if (!scan->tab_on_line)
        complain(scan, "write spaces; most editors have a setting for it", "a tab character");
    scan->tab_on_line = true;
    if (scan->leading) scan->parse = false; /* the indentation cannot be known */
    *byte = ' ';
}

/* False: stop reading, the rest would only repeat it. */
static bool meet(struct scan *scan, uint32_t code, char *byte, bool before_newline)
{
    if (code == '\t') return meet_tab(scan, byte), true;
    if (code == '\r') {
        if (before_newline) return true; /* CR LF: a file from Windows */
        complain(scan, "end lines with LF or CR LF", "a carriage return inside a line");
        return false;
    }
    if (code == 0xFEFF) {
        complain(scan, "save the file as UTF-8 without a byte order mark", "a byte order mark");
        return false;
    }
    if (ends_line(code)) {
        complain(scan, "end lines with LF", "an unusual line separator");
        return false;
    }
    if (is_control(code)) {
        complain(scan, "this looks like a binary file; a YAML text is needed", "a control character");
        return false;
    }
    if (turns_text(code)) {
        complain(scan, "delete it: what is read must be what is seen",
                 "an invisible character that turns text around");
        return false;
    }
    return true;
}

bool scan_bytes(const char *name, char *bytes, size_t size, fl_faults *faults)
{
    struct scan scan = {.name = name, .faults = faults, .at = {1, 1}, .leading = true, .parse = true};
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        complain(&scan, "save the file as UTF-8", "this is UTF-16 text");
        return false;
    }
    for (size_t i = 0; i < size;) {
        uint32_t code;
        const size_t taken = decode(bytes + i, size - i, &code);
        if (!taken) {
            complain(&scan, "save the file as UTF-8", "this byte is not UTF-8 text");
            return false;
        }
        if (code == '\n') {
            scan.at = (fl_mark){scan.at.line + 1, 1};
            scan.leading = true;
            scan.tab_on_line = false;
        } else {
            if (!meet(&scan, code, bytes + i, i + 1 < size && bytes[i + 1] == '\n')) return false;
            if (code != ' ' && code != '\t') scan.leading = false;
            scan.at.column++;
        }
        i += taken;
    }
    return scan.parse;
}
