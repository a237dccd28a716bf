#include "fadeline/clients/identity.h"

#include "fadeline/base/text.h"
#include "fadeline/base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_text(const char *text)
{
    const char *at = text, *end = text + strlen(text);
    for (uint32_t code; at < end;)
        if (!fl_utf8_take(&at, end, &code) || code < 0x20 || code == 0x7F) return false;
    return true;
}

static void put(fl_text *text, const char *key, const char *value)
{
    if (!*value) return;
    fl_text_add(text, "%s\"%s\":\"", text->length > 1 ? "," : "", key);
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\') fl_text_add_word(text, "\\");
        fl_text_add_bytes(text, c, 1);
    }
    fl_text_add_word(text, "\"");
}

fl_status fl_identity_write(const fl_identity *identity, char text[FL_IDENTITY_MAX], fl_error *error)
{
    char born[11] = "";
    if (!identity->name[strspn(identity->name, " ")])
        return fl_error_set(error, FL_E_RANGE, "a client has a name");
    if (!is_text(identity->name) || !is_text(identity->contact))
        return fl_error_set(error, FL_E_RANGE, "name and contact are UTF-8 without control characters");
    if (identity->language[0] && !fl_text_same(identity->language, "en") &&
        !fl_text_same(identity->language, "fr"))
        return fl_error_set(error, FL_E_RANGE, "the language is en or fr");
    if (fl_date_is_set(identity->born)) fl_date_text(identity->born, born);
    fl_text made = fl_text_in(text, FL_IDENTITY_MAX);
    fl_text_add_word(&made, "{");
    put(&made, "born", born);
    put(&made, "contact", identity->contact);
    put(&made, "language", identity->language);
    put(&made, "name", identity->name);
    fl_text_add_word(&made, "}");
    return made.cut ? fl_error_set(error, FL_E_RANGE, "name and contact are too long") : FL_OK;
}

/* One "key":"value" at *at; false when it does not stand there or does not fit. */
static bool take(const char **at, const char *key, char *room, size_t size)
{
    const char *c = *at;
    size_t n = 0;
    if (*c == ',') c++;
    if (*c++ != '"' || strncmp(c, key, strlen(key)) != 0) return false;
    c += strlen(key);
    if (strncmp(c, "\":\"", 3) != 0) return false;
    for (c += 3; *c && *c != '"'; c++) {
        if (*c == '\\') c++;
        if (!*c || n + 1 >= size) return false;
        room[n++] = *c;
    }
    if (*c != '"') return false;
    room[n] = 0;
    *at = c + 1;
    return true;
}

fl_status fl_identity_read(const char *text, fl_identity *identity)
{
    fl_identity read = {0};
    char born[11] = "", again[FL_IDENTITY_MAX];
    const char *at = text;
    if (*at++ != '{') return FL_E_RANGE;
    if (take(&at, "born", born, sizeof born) && fl_date_read(born, &read.born) != FL_OK) return FL_E_RANGE;
    take(&at, "contact", read.contact, sizeof read.contact);
    take(&at, "language", read.language, sizeof read.language);
    take(&at, "name", read.name, sizeof read.name);
    if (fl_identity_write(&read, again, NULL) != FL_OK || strcmp(text, again) != 0) return FL_E_RANGE;
    *identity = read;
    return FL_OK;
}
