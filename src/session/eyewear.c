#include "eyewear.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD 24
#define NOT_PRINTED (-1)
#define OD_MOST 30
#define LB_MOST 10        /* EN 207 ends there */
#define NM_LEAST 100      /* what is below stands for no wavelength */
#define NM_MOST 1000000.0 /* 1 mm, where EN 207 ends */

static const char letters[] = "DIRM"; /* EN 207: continuous, above 1 us, above 1 ns, below 1 ns */
enum { LETTERS = 4 };

/* What stands for one wavelength: the lowest of all that is printed for it. */
typedef struct printed {
    bool covered, letter[LETTERS], any_lb;
    double od;
    int lb[LETTERS];
} printed;

typedef struct reading {
    double nm;      /* the wavelength asked about */
    bool here;      /* the band being read covers it */
    bool band_last; /* the word before was a wavelength, perhaps with "nm" to follow */
    bool od_next, lb_next;
    bool group[LETTERS], group_done; /* the letters that the next LB is for */
    printed found;
} reading;

/* The next word into `word`; what separates are blanks, commas, semicolons and plus signs. A comma between a
 * digit and one last digit is a decimal one. FL_E_NO for a word that is too long. */
static fl_status next_word(const char **at, char word[WORD])
{
    *at += strspn(*at, " \t,;+");
    size_t n = 0;
    for (; **at && !strchr(" \t;+", **at); (*at)++) {
        const char *s = *at;
        const bool decimal = *s == ',' && n && isdigit((unsigned char)s[-1]) &&
                             isdigit((unsigned char)s[1]) && !isdigit((unsigned char)s[2]);
        if (*s == ',' && !decimal) break;
        if (n + 1 >= WORD) return word[n] = 0, FL_E_NO;
        word[n++] = decimal ? '.' : *s;
    }
    word[n] = 0;
    return FL_OK;
}

/* Digits and a point, nothing else: no sign, no exponent. */
static bool number_of(const char *word, double *value)
{
    return strspn(word, "0123456789.") == strlen(word) && fl_read_double(word, value) == FL_OK;
}

/* "755", "755nm" or "730-1085". */
static bool band_of(const char *word, double *low, double *high)
{
    char room[WORD];
    size_t length = strlen(word);
    memcpy(room, word, length + 1);
    if (length > 2 && fl_text_same(room + length - 2, "nm")) room[length - 2] = 0;
    char *dash = strchr(room, '-');
    if (dash) *dash = 0;
    if (!number_of(room, low)) return false;
    *high = *low;
    if (dash && !number_of(dash + 1, high)) return false;
    return *low >= NM_LEAST && *low <= *high && *high <= NM_MOST;
}

/* Mode letters in the order of the standard, as in "M" or "DIRM". */
static bool letters_of(const char *word, bool out[LETTERS])
{
    memset(out, 0, LETTERS * sizeof *out);
    size_t from = 0;
    for (const char *c = word; *c; c++) {
        const char *where = strchr(letters + from, *c);
        if (!where) return false;
        out[where - letters] = true;
        from = (size_t)(where - letters) + 1;
    }
    return *word != 0;
}

static bool take_od(reading *r, const char *word)
{
    double od;
    if (!number_of(word, &od) || od > OD_MOST) return false;
    if (r->here && (r->found.od < 0 || od < r->found.od)) r->found.od = od;
    r->od_next = false;
    return true;
}

/* "9" or "9Y": Y says that the test was made with few pulses per second. */
static bool take_lb(reading *r, const char *word)
{
    char room[WORD];
    uint64_t lb;
    const size_t length = strlen(word);
    memcpy(room, word, length + 1);
    if (length > 1 && room[length - 1] == 'Y') room[length - 1] = 0;
    if (fl_read_u64(room, &lb) != FL_OK || lb < 1 || lb > LB_MOST) return false;
    bool any = false;
    for (size_t i = 0; i < LETTERS; i++) {
        if (!r->group[i]) continue;
        any = true;
        if (r->here && (r->found.lb[i] == NOT_PRINTED || (int)lb < r->found.lb[i])) r->found.lb[i] = (int)lb;
    }
    r->found.any_lb |= r->here;
    r->lb_next = false;
    r->group_done = true;
    return any; /* an LB without a letter says nothing */
}

static void take_letters(reading *r, const bool which[LETTERS])
{
    for (size_t i = 0; i < LETTERS; i++) {
        r->group[i] = which[i] || (r->group[i] && !r->group_done);
        r->found.letter[i] |= r->here && which[i];
    }
    r->group_done = false;
}

static void enter_band(reading *r, double low, double high)
{
    memset(r->group, 0, sizeof r->group);
    r->group_done = false;
    r->here = low <= r->nm && r->nm <= high;
    r->found.covered |= r->here;
}

static bool take_word(reading *r, const char *word)
{
    double low, high;
    bool which[LETTERS];
    const bool band_last = r->band_last;
    r->band_last = false;
    if (r->od_next) return take_od(r, word);
    if (r->lb_next) return take_lb(r, word);
    if (fl_text_begins(word, "OD")) return word[2] ? take_od(r, word + 2) : (r->od_next = true);
    if (fl_text_begins(word, "LB")) return word[2] ? take_lb(r, word + 2) : (r->lb_next = true);
    if (letters_of(word, which)) return take_letters(r, which), true;
    if (band_last && fl_text_same(word, "nm")) return true;
    if (!band_of(word, &low, &high)) return false;
    enter_band(r, low, high);
    return r->band_last = true;
}

/* Marks before any wavelength belong to `nm`. false: `word` was not understood. */
static bool read_marks(const char *marks, double nm, printed *found, char word[WORD])
{
    reading r = {.nm = nm, .here = true, .found = {.od = NOT_PRINTED}};
    for (size_t i = 0; i < LETTERS; i++) r.found.lb[i] = NOT_PRINTED;
    bool first = true;
    for (;; first = false) {
        if (next_word(&marks, word) != FL_OK) return false;
        if (!*word) break;
        if (!take_word(&r, word)) return false;
        if (first && !r.band_last) r.found.covered = true;
    }
    *found = r.found;
    snprintf(word, WORD, "%s", r.od_next ? "OD" : r.lb_next ? "LB" : "");
    return !*word;
}

static fl_status missing(fl_error *error, const char *hint)
{
    fl_error_hint(error, "%s", hint);
    return FL_E_NO;
}

/* The pulsed mode (the first letter of "M LB9 + D LB5") must be there; what else the plan names must not be
 * lower where it is printed. */
static fl_status check_modes(const printed *has, const fl_plan_eyewear *need, fl_error *error)
{
    const long long nm = fl_whole_nm(need->wavelength);
    const char *const hint = "take eyewear marked for these pulses; the plan names what is needed";
    printed want;
    char word[WORD];
    size_t first = 0;
    if (read_marks(need->en207, (double)nm, &want, word))
        for (size_t i = 1; i < LETTERS; i++)
            if (want.letter[i]) first = i;
    if (*word || !want.letter[first]) {
        fl_error_set(error, FL_E_NO, "the plan names no EN 207 mark at %lld nm", nm);
        return missing(error, "plan again");
    }
    if (!has->letter[first]) {
        fl_error_set(error, FL_E_NO, "the letter %c is missing at %lld nm, %s is needed%s", letters[first],
                     nm, need->en207,
                     letters[first] == 'M' ? ": not tested with pulses below a nanosecond" : "");
        return missing(error, hint);
    }
    for (size_t i = LETTERS; i-- > 0;) {
        if (!want.letter[i] || want.lb[i] == NOT_PRINTED) continue;
        if (has->lb[i] == NOT_PRINTED && (i != first || !has->any_lb)) continue;
        if (has->lb[i] >= want.lb[i]) continue;
        if (has->lb[i] == NOT_PRINTED)
            fl_error_set(error, FL_E_NO, "%c without an LB at %lld nm, %c LB%d is needed", letters[i], nm,
                         letters[i], want.lb[i]);
        else
            fl_error_set(error, FL_E_NO, "%c LB%d at %lld nm, %c LB%d is needed", letters[i], has->lb[i], nm,
                         letters[i], want.lb[i]);
        return missing(error, hint);
    }
    return FL_OK;
}

fl_status fl_eyewear_check(const char *marks, const fl_plan_eyewear *need, fl_error *error)
{
    const long long nm = fl_whole_nm(need->wavelength);
    printed has;
    char word[WORD];
    if (!read_marks(marks, (double)nm, &has, word)) {
        fl_error_set(error, FL_E_NO, "'%s' cannot be read as a mark of eyewear", word);
        return missing(error, "wavelengths, each with its OD, letters and LB, nothing else: 1064 OD7 M LB9");
    }
    if (!has.covered) {
        fl_error_set(error, FL_E_NO, "this eyewear is not marked for %lld nm", nm);
        return missing(error, "take the eyewear for the planned wavelength");
    }
    if (!(has.od >= need->od)) {
        if (has.od < 0)
            fl_error_set(error, FL_E_NO, "no OD is marked at %lld nm, OD %g is needed", nm, need->od);
        else
            fl_error_set(error, FL_E_NO, "OD %g at %lld nm, OD %g is needed", has.od, nm, need->od);
        return missing(error, "take eyewear that is dense enough at this wavelength");
    }
    return check_modes(&has, need, error);
}
