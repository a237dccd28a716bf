#include "values.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#define TEXT_MOST 1000u
#define ID_MOST 63u
#define DIGITS_MOST 30u

/* clang-format off */
static const unit units[] = {
    { "_nm",      "nm",      FL_YAML_WAVELENGTH,      1,   1e9  },
    { "_mm",      "mm",      FL_YAML_LENGTH,          1,   1e3  },
    { "_um",      "um",      FL_YAML_LENGTH,          1,   1e6  },
    { "_cm",      "cm",      FL_YAML_LENGTH,          1,   1e2  },
    { "_cm2",     "cm2",     FL_YAML_AREA,            1,   1e4  },
    { "_ps",      "ps",      FL_YAML_PULSE_LENGTH,    1,   1e12 },
    { "_mJ",      "mJ",      FL_YAML_ENERGY,          1,   1e3  },
    { "_J_cm2",   "J/cm2",   FL_YAML_FLUENCE,         1e4, 1    },
    { "_Hz",      "Hz",      FL_YAML_RATE,            1,   1    },
    { "_per_cm",  "1/cm",    FL_YAML_ATTENUATION,     1e2, 1    },
    { "_K",       "K",       FL_YAML_WARMING,         1,   1    },
    { "_K",       "K",       FL_YAML_TEMPERATURE,     1,   1    },
    { "_mrad",    "mrad",    FL_YAML_ANGLE,           1,   1e3  },
    { "_m2_g",    "m2/g",    FL_YAML_MASS_ABSORPTION, 1e3, 1    },
    { "_mg_cm2",  "mg/cm2",  FL_YAML_AREAL_MASS,      1e-2, 1   },
    /* kept as they are in a plain double or a whole number */
    { "_percent", "percent", FL_YAML_PLAIN,           1,   1    },
    { "_years",   "years",   FL_YAML_PLAIN,           1,   1    },
    { "_months",  "months",  FL_YAML_PLAIN,           1,   1    },
    { "_weeks",   "weeks",   FL_YAML_PLAIN,           1,   1    },
    { "_days",    "days",    FL_YAML_PLAIN,           1,   1    },
    { "_hours",   "hours",   FL_YAML_PLAIN,           1,   1    },
    { "_minutes", "minutes", FL_YAML_PLAIN,           1,   1    },
    { "_s",       "s",       FL_YAML_PLAIN,           1,   1    },
    { "_ms",      "ms",      FL_YAML_PLAIN,           1,   1    },
    { "_deg",     "degrees", FL_YAML_PLAIN,           1,   1    },
    { "_degC",    "degC",    FL_YAML_PLAIN,           1,   1    },
};
/* clang-format on */
#define UNITS (sizeof units / sizeof *units)

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), wanted = strlen(end);
    return length > wanted && strcmp(text + length - wanted, end) == 0;
}

const unit *unit_of(const char *key)
{
    const unit *best = NULL;
    for (size_t i = 0; i < UNITS; i++)
        if (ends_with(key, units[i].suffix) && (!best || strlen(units[i].suffix) > strlen(best->suffix)))
            best = &units[i];
    return best;
}

const unit *unit_of_field(const fl_yaml_field *field)
{
    const unit *found = unit_of(field->key);
    if (field->quantity == FL_YAML_PLAIN) return found;
    FL_ASSERT(found); /* the key of a quantity ends in its unit */
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(units[i].suffix, found->suffix) == 0 && units[i].quantity == field->quantity)
            return &units[i];
    FL_ASSERT(!"the unit at the end of the key is not one of the member's type");
    return NULL;
}

void typing_fault(struct typing *typing, fl_mark at, const char *hint, const char *format, ...)
{
    char what[sizeof((fl_fault *)0)->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fl_faults_add(typing->faults, typing->name, at, hint, "%s", what);
}

const char *show(const char *text, size_t length, char room[64])
{
    size_t kept = length < 40 ? length : 40;
    while (kept && kept < length && ((unsigned char)text[kept] & 0xC0) == 0x80)
        kept--; /* not inside a character */
    memcpy(room, text, kept);
    for (size_t i = 0; i < kept; i++)
        if ((unsigned char)room[i] < 0x20 || room[i] == 0x7F) room[i] = '?';
    if (!text_is_printable(room, kept)) return "(unprintable)";
    snprintf(room + kept, 64 - kept, "%s", kept < length ? "..." : "");
    return room;
}

const char *list_words(const fl_yaml_choice *choices, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    for (const fl_yaml_choice *c = choices; c->word; c++)
        fl_text_add(&text, "%s%s", c == choices ? "" : ", ", c->word);
    return room;
}

/* ---- numbers ---- */

/* -?(0|[1-9][0-9]*)(\.[0-9]+)? and nothing else: no locale, no hexadecimal, no octal, no NaN can slip in. */
static bool is_decimal(const char *text, size_t length, bool whole)
{
    size_t i = 0;
    if (length > DIGITS_MOST || strlen(text) != length) return false;
    if (text[i] == '-') i++;
    if (!isdigit((unsigned char)text[i])) return false;
    if (text[i] == '0' && isdigit((unsigned char)text[i + 1])) return false;
    while (isdigit((unsigned char)text[i])) i++;
    if (text[i] == '.' && !whole) {
        if (!isdigit((unsigned char)text[i + 1])) return false;
        for (i++; isdigit((unsigned char)text[i]);) i++;
    }
    return i == length;
}

static const char *number_hint(const char *text, size_t length)
{
    const char *at = text + (text[0] == '-' || text[0] == '+');
    if (length > DIGITS_MOST) return "no number here needs so many digits";
    if (strchr(text, ',')) return "write a point, not a comma";
    if (fl_text_same(text, "unknown")) return "this number has to be known: read it off the label";
    if (strcasestr(at, "nan") || strcasestr(at, "inf"))
        return "a real number is needed: NaN and infinity limit nothing";
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X' || at[1] == 'o' || at[1] == 'b'))
        return "write it in decimal digits";
    if (at[0] == '0' && isdigit((unsigned char)at[1])) return "write it without the leading zero";
    if (text[0] == '+') return "write it without the plus sign";
    if (strchr(text, '_')) return "write it without underscores";
    if (text[0] == '.' || text[length - 1] == '.') return "put a digit before and after the point";
    const size_t digits = strspn(at, "0123456789.");
    if (digits && (at[digits] == 'e' || at[digits] == 'E')) return "write it out, without an exponent";
    if (digits && (isalpha((unsigned char)at[digits]) || at[digits] == ' ' || at[digits] == '%'))
        return "write the number alone: its unit is in the key";
    return "write digits, with a point if needed";
}

static bool type_number(struct typing *typing, const fl_yaml_field *field, const node *scalar, double *value)
{
    char shown[64];
    const bool whole = field->kind == FL_YAML_KIND_WHOLE;
    if (field->may_be_unknown && fl_text_same(scalar->text, "unknown")) return *value = NAN, true;
    if (!is_decimal(scalar->text, scalar->length, whole)) {
        const bool has_point = whole && is_decimal(scalar->text, scalar->length, false);
        typing_fault(typing, scalar->at,
                     has_point ? "write it without a point" : number_hint(scalar->text, scalar->length),
                     "'%s' is not a %snumber for '%s'", show(scalar->text, scalar->length, shown),
                     whole ? "whole " : "", field->key);
        return false;
    }
    double read;
    const fl_status status = fl_read_double(scalar->text, &read);
    FL_ASSERT(status == FL_OK && isfinite(read)); /* at most 30 digits */
    if (!(read >= field->least && read <= field->most)) {
        const unit *in = unit_of(field->key);
        char hint[120];
        snprintf(hint, sizeof hint, "from %.10g to %.10g%s%s", field->least, field->most, in ? " " : "",
                 in ? in->name : "");
        typing_fault(typing, scalar->at, hint, "%s is out of range for '%s'",
                     show(scalar->text, scalar->length, shown), field->key);
        return false;
    }
    *value = read;
    return true;
}

static bool type_quantity(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    double value;
    if (!type_number(typing, field, scalar, &value)) return false;
    const unit *in = unit_of_field(field);
    if (in) value = value * in->times / in->over;
    FL_ASSERT(field->size == sizeof value);
    memcpy(member, &value, sizeof value);
    return true;
}

static bool type_whole(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    double value;
    FL_ASSERT(field->size == sizeof(int) && field->least >= INT_MIN && field->most <= INT_MAX);
    if (!type_number(typing, field, scalar, &value)) return false;
    const int whole = (int)value;
    memcpy(member, &whole, sizeof whole);
    return true;
}

/* ---- words ---- */

static bool type_choice(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    const char *words[64];
    size_t count = 0;
    FL_ASSERT(field->size == sizeof(int));
    for (const fl_yaml_choice *c = field->choices; c->word; c++) {
        FL_ASSERT(c->value && count < sizeof words / sizeof *words);
        words[count++] = c->word;
        if (strlen(c->word) != scalar->length || !fl_text_same(c->word, scalar->text)) continue;
        memcpy(member, &c->value, sizeof c->value);
        return true;
    }
    char shown[64], list[200], hint[280];
    /* one or two letters are near to everything */
    const char *near = scalar->length > 2 ? fl_text_nearest(scalar->text, words, count) : NULL;
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'? one of: %s", near,
                 list_words(field->choices, list, sizeof list));
    else
        snprintf(hint, sizeof hint, "one of: %s", list_words(field->choices, list, sizeof list));
    typing_fault(typing, scalar->at, hint, "'%s' is no choice for '%s'",
                 show(scalar->text, scalar->length, shown), field->key);
    return false;
}

static bool type_yes_no(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    const fl_answer answer = fl_text_same(scalar->text, "yes")  ? FL_YES
                             : fl_text_same(scalar->text, "no") ? FL_NO
                                                                : FL_NOT_STATED;
    char shown[64];
    if (answer == FL_NOT_STATED || strlen(scalar->text) != scalar->length) {
        typing_fault(typing, scalar->at, "write yes or no", "'%s' is neither yes nor no for '%s'",
                     show(scalar->text, scalar->length, shown), field->key);
        return false;
    }
    memcpy(member, &answer, sizeof answer);
    return true;
}

static bool type_date(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    fl_date date;
    char shown[64];
    if (strlen(scalar->text) != scalar->length || fl_date_read(scalar->text, &date) != FL_OK) {
        typing_fault(typing, scalar->at, "write a day that exists as YYYY-MM-DD",
                     "'%s' is not a date for '%s'", show(scalar->text, scalar->length, shown), field->key);
        return false;
    }
    memcpy(member, &date, sizeof date);
    return true;
}

static const char *text_trouble(const fl_yaml_field *field, const node *scalar)
{
    const bool id = field->kind == FL_YAML_KIND_ID;
    if (scalar->plain && (fl_text_same(scalar->text, "~") || fl_text_same(scalar->text, "null")))
        return "delete the key when there is nothing to say";
    if (scalar->length > (id ? ID_MOST : TEXT_MOST)) return id ? "at most 63 letters" : "at most 1000 bytes";
    if (strchr(scalar->text, '\n')) return "keep it one line: `>-` folds lines into one";
    if (!text_is_printable(scalar->text, scalar->length)) return "printable text only";
    if (!id) return NULL;
    for (size_t i = 0; i < scalar->length; i++)
        if (!isalnum((unsigned char)scalar->text[i]) && !strchr("-_.:", scalar->text[i]))
            return "letters A-Z a-z, digits, and - _ . : only";
    return NULL;
}

static bool type_text(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    char shown[64];
    const char *trouble = text_trouble(field, scalar);
    if (trouble) {
        typing_fault(typing, scalar->at, trouble, "'%s' is no %s for '%s'",
                     show(scalar->text, scalar->length, shown),
                     field->kind == FL_YAML_KIND_ID ? "short name" : "text", field->key);
        return false;
    }
    memcpy(member, &scalar->text, sizeof scalar->text);
    return true;
}

bool type_scalar(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member)
{
    FL_ASSERT(scalar->kind == NODE_SCALAR);
    if (!scalar->length) {
        typing_fault(typing, scalar->at, "write it after the colon, or delete the key", "'%s' has no value",
                     field->key);
        return false;
    }
    switch (field->kind) {
    case FL_YAML_KIND_TEXT:
    case FL_YAML_KIND_TEXTS:
    case FL_YAML_KIND_ID: return type_text(typing, field, scalar, member);
    case FL_YAML_KIND_NUMBER:
    case FL_YAML_KIND_NUMBERS: return type_quantity(typing, field, scalar, member);
    case FL_YAML_KIND_WHOLE: return type_whole(typing, field, scalar, member);
    case FL_YAML_KIND_YES_NO: return type_yes_no(typing, field, scalar, member);
    case FL_YAML_KIND_DATE: return type_date(typing, field, scalar, member);
    case FL_YAML_KIND_CHOICE:
    case FL_YAML_KIND_CHOICES:
    case FL_YAML_KIND_SET: return type_choice(typing, field, scalar, member);
    case FL_YAML_KIND_MAP:
    case FL_YAML_KIND_MAPS: break;
    }
    FL_ASSERT(!"a map has no scalar");
    return false;
}

void type_absent(const fl_yaml_field *field, void *member)
{
    const double nothing = NAN;
    const int minus = -1;
    if (field->kind == FL_YAML_KIND_NUMBER)
        memcpy(member, &nothing, sizeof nothing);
    else if (field->kind == FL_YAML_KIND_WHOLE)
        memcpy(member, &minus, sizeof minus);
    /* the rest is zero already: NULL, FL_NOT_STATED, no date, no choice, an empty list */
}
