#include "fadeline/clients/register.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fl_status fl_register_read(fl_clients *clients, const char *code, fl_identity *who, fl_error *error)
{
    char *text;
    size_t size;
    fl_commitment cmt;
    if (!clients) return fl_error_set(error, FL_E_NO, "there is no clients' database");
    fl_status status = fl_clients_read(clients, code, FL_TEXT_IDENTITY, &text, &size, &cmt, error);
    if (status != FL_OK) return status;
    if (fl_identity_read(text, who) != FL_OK)
        status =
            fl_error_set(error, FL_E_FILE, "the identity of %s is not one that this version wrote", code);
    explicit_bzero(text, size);
    free(text);
    return status;
}

fl_status fl_register_born(const char *text, fl_date today, fl_date *born, fl_error *error)
{
    if (text && fl_date_read(text, born) == FL_OK && fl_date_compare(*born, today) <= 0 && born->year >= 1900)
        return FL_OK;
    fl_error_set(error, FL_E_RANGE, "'%s' is no day of birth; write YYYY-MM-DD", text ? text : "");
    return fl_error_hint(error, "it decides how long a minor's record is kept"), FL_E_RANGE;
}

fl_status fl_register_next_code(const fl_care_book *book, fl_clients *clients, char code[FL_CLIENT_CODE_MAX],
                                fl_error *error)
{
    uint64_t number;
    fl_status status = fl_care_next_code(book, code);
    while (status == FL_OK && fl_clients_has(clients, code)) {
        status = fl_read_u64(code + 2, &number);
        if (status == FL_OK && number >= 99999999) status = FL_E_FULL;
        if (status == FL_OK)
            snprintf(code, FL_CLIENT_CODE_MAX, "C-%04u", (unsigned)(number + 1) % 100000000u);
    }
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "all codes are used: give one with --code");
}

fl_status fl_register_may_erase(const fl_care_book *book, const fl_care *care, fl_clients *clients,
                                fl_date today, fl_date *until, fl_error *error)
{
    char day[11], next[11];
    fl_identity who = {0};
    const fl_retention *rule = fl_care_rule(book);
    /* No identity, no birthday. One that cannot be read may be a minor's: then nobody knows. */
    const fl_status known = fl_register_read(clients, care->code, &who, error);
    if (known != FL_OK && known != FL_E_NO) return known;
    if (known == FL_E_NO) who.born = (fl_date){0};
    if (error) *error = (fl_error){0};
    *until = fl_retention_until(rule, care->last, who.born);
    explicit_bzero(&who, sizeof who);
    if (care->hold) {
        fl_error_set(error, FL_E_NO, "%s is on legal hold, whatever the day", care->code);
        fl_error_code(error, "client-on-hold");
        return fl_error_hint(error, "fadeline clients hold %s --lift, by an owner or supervisor", care->code);
    }
    if (fl_date_compare(today, *until) > 0) return FL_OK;
    fl_error_set(error, FL_E_NO, "the record of %s has to be kept until %s", care->code,
                 fl_date_text(*until, day));
    fl_error_code(error, "retention-not-over");
    return fl_error_hint(error, "rule %s, last entry %s; it may be erased from %s on", rule->id,
                         fl_date_text(care->last, next), fl_date_text(fl_date_add_days(*until, 1), day));
}
