#include "helper_story.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void tell(books *b, const char *line, ...)
{
    char whole[2000], *rest = whole, *part;
    va_list arguments;
    va_start(arguments, line);
    vsnprintf(whole, sizeof whole, line, arguments);
    va_end(arguments);
    part = strsep(&rest, "|");
    fl_entry entry;
    fl_entry_begin(&entry, fl_kind_find(part, (unsigned)strlen(part)));
    b->now_us += 1000000, b->utc_us += 1000000;
    while ((part = strsep(&rest, "|"))) {
        uint64_t number;
        char *value = strchr(part, '=');
        *value++ = 0;
        if (strcmp(part, "dev") == 0)
            fl_entry_device(&entry, value, b->simulated);
        else if (fl_read_u64(value, &number) == FL_OK)
            fl_entry_count(&entry, part, number);
        else
            fl_entry_text(&entry, part, value);
    }
    books_add(b, &entry);
}

void tell_pulses(books *b, const char *dev, unsigned sid, const char *zone, const char *purpose, unsigned ctr,
                 unsigned pulses, unsigned set_uJ, unsigned of)
{
    for (unsigned i = 0; i < pulses; i++) {
        const int64_t pace = 1000000 / (int64_t)of - 1000000;
        b->now_us += pace, b->utc_us += pace;
        tell(b,
             "grant|dev=%s|gid=%llu|ctr=%u|plan=-|sid=%u|zone=%s|pu=%s|energy_uJ=%u|spot_um=4000|wl_nm=1064|"
             "who=op:17",
             dev, (unsigned long long)++b->gid, ctr + i, sid, zone, purpose, set_uJ);
        b->now_us -= 980000, b->utc_us -= 980000;
        tell(b, "pulse|dev=%s|gid=%llu|ctr=%u|sid=%u|meas_uJ=%u", dev, (unsigned long long)b->gid,
             ctr + i + 1, sid, set_uJ - 3000 + 1000 * (i % 7));
        b->now_us -= 20000, b->utc_us -= 20000;
    }
}

static bool stands(double number, const char *text)
{
    for (const char *at = text; *at;) {
        char token[64];
        size_t length = 0;
        if (!isdigit((unsigned char)*at)) {
            at++;
            continue;
        }
        /* 1,204,310 is one number; a comma is dropped when three digits follow */
        while (length + 1 < sizeof token &&
               (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1])) ||
                (*at == ',' && isdigit((unsigned char)at[1])))) {
            if (*at != ',') token[length++] = *at;
            at++;
        }
        token[length] = 0;
        /* a real number may be rounded to the decimals that are printed, a whole one stands as it is */
        const char *point = strchr(token, '.');
        const bool rounded = point && number != floor(number);
        const double slack = rounded ? 0.5 * pow(10, -(double)strlen(point + 1)) : 0;
        if (fabs(strtod(token, NULL) - fabs(number)) <= slack + 1e-9) return true;
    }
    return false;
}

static unsigned walk(const char *key, const json_t *value, const char *text)
{
    unsigned missing = 0;
    const char *inner;
    json_t *part;
    size_t i;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)value, inner, part) missing += walk(inner, part, text);
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, part) missing += walk(key, part, text);
    } else if (json_is_number(value) && !stands(json_number_value(value), text) &&
               !(strstr(key, "_per_month") && stands(round(json_number_value(value)), text))) {
        fprintf(stderr, "not on paper: %s %.15g\n", key, json_number_value(value));
        missing++;
    }
    return missing;
}

unsigned numbers_missing(const char *json, const char *pdf_text)
{
    json_t *root = json_loads(json, 0, NULL);
    if (!root) {
        fprintf(stderr, "no JSON\n");
        return 1;
    }
    const unsigned missing = walk("", root, pdf_text);
    json_decref(root);
    return missing;
}
