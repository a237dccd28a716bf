#include "fadeline/clients/care.h"

#include "grow.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

/* FNV-1a, over places that are a power of two and at most half full. */
static uint32_t *slot_of(const fl_care_book *book, const char *code)
{
    uint32_t hash = 2166136261u;
    for (const char *c = code; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
    size_t at = hash & (book->slot_count - 1);
    while (book->slots[at] && strcmp(book->list[book->slots[at] - 1].code, code) != 0)
        at = (at + 1) & (book->slot_count - 1);
    return &book->slots[at];
}

static fl_status more_slots(fl_care_book *book)
{
    if (book->slot_count > 2 * book->count + 2) return FL_OK;
    const size_t wanted = book->slot_count ? 2 * book->slot_count : 64;
    uint32_t *made = calloc(wanted, sizeof *made);
    if (!made) return FL_E_MEMORY;
    free(book->slots);
    book->slots = made;
    book->slot_count = wanted;
    for (size_t i = 0; i < book->count; i++) *slot_of(book, book->list[i].code) = (uint32_t)(i + 1);
    return FL_OK;
}

static fl_status find_or_add(fl_care_book *book, const char *code, fl_care **care)
{
    fl_status status = more_slots(book);
    if (status == FL_OK) status = grow(&book->list, book->count, &book->room, sizeof *book->list);
    if (status != FL_OK) return status;
    uint32_t *slot = slot_of(book, code);
    if (!*slot) {
        fl_care *made = &book->list[book->count++];
        *made = (fl_care){0};
        snprintf(made->code, sizeof made->code, "%s", code);
        *slot = (uint32_t)book->count;
    }
    *care = &book->list[*slot - 1];
    return FL_OK;
}

/* Of whom it speaks; *care stays NULL when of nobody. What follows a session's opening names it by `sid`
 * only. */
static fl_status take_whom(fl_care_book *book, const fl_record *record, uint64_t index, fl_care **care)
{
    char code[FL_PAT_MAX];
    uint64_t sid;
    const fl_status status = fl_visits_take(&book->visits, record, index);
    if (status != FL_OK) return status;
    if (fl_record_text(record, "pat", code, sizeof code) != FL_OK || !*code) {
        if (fl_record_count(record, "sid", &sid) != FL_OK) return FL_OK;
        const fl_visit *visit = fl_visits_find(&book->visits, sid);
        if (!visit || !visit->pat[0]) return FL_OK;
        memcpy(code, visit->pat, sizeof code);
    }
    return find_or_add(book, code, care);
}

static bool is_treatment(fl_kind kind)
{
    switch (kind) {
    case FL_KIND_LOOK:
    case FL_KIND_ERASE:
    case FL_KIND_PRINT:
    case FL_KIND_EXPORT:
    case FL_KIND_CONFIG_CHANGE: return false;
    default: return true;
    }
}

static void take_consent(fl_care *care, const fl_record *record)
{
    int64_t withdrawn = 0;
    if (!fl_record_text_is(record, "what", "photo")) return;
    if (fl_record_int(record, "withdrawn", &withdrawn) != FL_OK) withdrawn = 0;
    care->photo_consent = !withdrawn;
    care->photo_withdrawn = withdrawn != 0;
}

static void take_change(fl_care_book *book, fl_care *care, const fl_record *record)
{
    int64_t on;
    char rule[FL_ENTRY_KEY_MAX];
    if (care && fl_record_text_is(record, "what", "hold") && fl_record_int(record, "on", &on) == FL_OK)
        care->hold = on != 0;
    if (fl_record_text_is(record, "what", "retention") &&
        fl_record_text(record, "rule", rule, sizeof rule) == FL_OK && fl_retention_find(rule))
        book->rule = fl_retention_find(rule);
}

fl_status fl_care_take(fl_care_book *book, const fl_record *record, uint64_t index)
{
    const fl_kind kind = fl_record_kind(record);
    int64_t utc_us = 0;
    fl_care *care = NULL;
    const fl_status status = take_whom(book, record, index, &care);
    if (status != FL_OK) return status;
    if (kind == FL_KIND_CONFIG_CHANGE) take_change(book, care, record);
    if (!care) return FL_OK;
    if (fl_record_int(record, "utc_us", &utc_us) != FL_OK) utc_us = 0;
    const fl_date day = fl_date_of((fl_utc){utc_us});
    if (!fl_date_is_set(care->first)) care->first = day;
    if (is_treatment(kind)) care->last = fl_date_is_set(care->last) ? fl_date_later(care->last, day) : day;
    switch (kind) {
    case FL_KIND_SESSION_OPEN: care->sessions++; break;
    case FL_KIND_CLIENT:
        if (!care->registered) care->registered_on = day, care->registered_at = index;
        care->registered = true;
        break;
    case FL_KIND_CONSENT: take_consent(care, record); break;
    case FL_KIND_ERASE:
        if (!fl_record_text_is(record, "what", "identity")) break;
        care->erased = true;
        care->erased_on = day;
        break;
    default: break;
    }
    return FL_OK;
}

bool fl_care_is_missing(const fl_care *care, fl_clients *clients)
{
    return care->registered && !care->erased && !(clients && fl_clients_has_identity(clients, care->code));
}

const fl_care *fl_care_find(const fl_care_book *book, const char *code)
{
    const uint32_t at = book->slot_count ? *slot_of(book, code) : 0;
    return at ? &book->list[at - 1] : NULL;
}

const fl_care *fl_care_of_session(const fl_care_book *book, uint64_t sid)
{
    const fl_visit *visit = fl_visits_find(&book->visits, sid);
    return visit ? fl_care_find(book, visit->pat) : NULL;
}

const fl_retention *fl_care_rule(const fl_care_book *book)
{
    return book->rule ? book->rule : fl_retention_at(0);
}

fl_status fl_care_next_code(const fl_care_book *book, char code[FL_CLIENT_CODE_MAX])
{
    uint64_t highest = 0, number;
    for (size_t i = 0; i < book->count; i++)
        if (fl_client_code_is(book->list[i].code) && fl_text_begins(book->list[i].code, "C-") &&
            fl_read_u64(book->list[i].code + 2, &number) == FL_OK && number > highest)
            highest = number;
    if (highest >= 99999999) return FL_E_FULL;
    snprintf(code, FL_CLIENT_CODE_MAX, "C-%04u", (unsigned)(highest + 1));
    return FL_OK;
}

void fl_care_fini(fl_care_book *book)
{
    free(book->list);
    free(book->slots);
    fl_visits_fini(&book->visits);
    *book = (fl_care_book){0};
}
