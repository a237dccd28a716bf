#include "eyewear.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD 24

/* A decimal of at most seven characters, point only; moves *at behind it. -1 when there is none. */
static double take_number(const char **at)
{
    char digits[8];
    size_t n = 0;
    while ((isdigit((unsigned char)(*at)[n]) || (*at)[n] == '.') && n + 1 < sizeof digits) {
        digits[n] = (*at)[n];
        n++;
    }
    digits[n] = 0;
    double value = -1;
    if (n == 0 || fl_read_double(digits, &value) != FL_OK) return -1;
    *at += n;
    return value;
}

/* "755" or "730-1085", perhaps with "nm". */
static bool covers(const char *word, double wavelength_nm)
{
    const double low = take_number(&word);
    if (low < 100) return false;
    double high = low;
    if (*word == '-') {
        word++;
        high = take_number(&word);
        if (high < low) return false;
    }
    if (*word && !fl_text_same(word, "nm")) return false;
    return low <= wavelength_nm && wavelength_nm <= high;
}

/* The letters of the mode mark: D, I, R and M in this order, as in "M" or "DIRM". */
static bool is_for_short_pulses(const char *word)
{
    const char *order = "DIRM";
    for (; *word; word++) {
        order = strchr(order, *word);
        if (!order || !*order) return false;
        if (*order == 'M') return word[1] == 0;
        order++;
    }
    return false;
}

fl_status fl_eyewear_check(const char *marks, uint64_t wavelength_nm, double od, fl_error *error)
{
    bool wave = false, dense = false, mode = false, od_next = false;
    const char *at = marks;
    while (*at) {
        at += strspn(at, " \t,;");
        char word[WORD];
        const size_t length = strcspn(at, " \t,;");
        if (length == 0) break;
        if (length >= sizeof word)
            return fl_error_set(error, FL_E_NO, "what is printed on the eyewear cannot be read");
        memcpy(word, at, length);
        word[length] = 0;
        at += length;
        const char *number = od_next ? word : fl_text_begins(word, "OD") ? word + 2 : NULL;
        od_next = number && !*number;
        if (number && *number) {
            dense = dense || take_number(&number) >= od;
        } else if (!number) {
            wave = wave || covers(word, (double)wavelength_nm);
            mode = mode || is_for_short_pulses(word);
        }
    }
    const unsigned long long nm = wavelength_nm;
    if (!wave) return fl_error_set(error, FL_E_NO, "this eyewear is not marked for %llu nm", nm);
    if (!dense)
        return fl_error_set(error, FL_E_NO, "optical density %.1f or more is needed at %llu nm", od, nm);
    if (!mode)
        return fl_error_set(
            error, FL_E_NO,
            "the letter M is missing: this eyewear was not tested with pulses below a nanosecond");
    return FL_OK;
}
