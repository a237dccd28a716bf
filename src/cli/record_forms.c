#include "record.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/follow_up.h"
#include "fadeline/clients/location.h"
#include "fadeline/clients/money.h"
#include "fadeline/clients/photos.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields ---- */

static const char *value(const recording *r, const char *option)
{
    return fl_args_value(r->act.args, option);
}

static void say(recording *r, const char *format, ...) FL_PRINTF(2, 3);
static void say(recording *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(r->said, sizeof r->said, format, list);
    va_end(list);
}

static fl_status wrong(fl_error *error, const char *format, ...) FL_PRINTF(2, 3);
static fl_status wrong(fl_error *error, const char *format, ...)
{
    char what[300];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return fl_error_set(error, FL_E_USAGE, "%s", what);
}

/* One of these words, with blanks between; '-' in a word may be a blank in the journal. */
static fl_status put_choice(recording *r, const char *option, const char *words, fl_error *error)
{
    char copy[200], written[48], *rest = copy;
    const char *given = value(r, option);
    snprintf(copy, sizeof copy, "%s", words);
    for (const char *word; (word = strsep(&rest, " "));) {
        snprintf(written, sizeof written, "%s", word);
        for (char *c = written; *c; c++)
            if (*c == '_') *c = ' ';
        if (!fl_text_same(given, written)) continue;
        fl_entry_text(&r->entry, option, written);
        return FL_OK;
    }
    for (char *c = memcpy(copy, words, strlen(words) + 1); *c; c++)
        *c = *c == ' ' ? ',' : *c == '_' ? ' ' : *c;
    return wrong(error, "--%s is one of %s, not '%s'", option, copy, given);
}

/* A whole number; what is typed with a gap is refused, never half read. Not given: nothing is written. */
static fl_status put_number(recording *r, const char *option, const char *key, uint64_t least, uint64_t most,
                            fl_error *error)
{
    uint64_t number;
    const char *given = value(r, option);
    if (!given) return FL_OK;
    if (fl_read_u64(given, &number) != FL_OK || number < least || number > most)
        return wrong(error, "--%s wants a whole number from %llu to %llu, not '%s'", option,
                     (unsigned long long)least, (unsigned long long)most, given);
    fl_entry_count(&r->entry, key, number);
    return FL_OK;
}

static fl_status put_sentence(recording *r, const char *option, const char *key, fl_error *error)
{
    const char *given = value(r, option);
    if (!given) return FL_OK;
    const fl_status status = act_sentence(&r->act, option, given, r->pat, error);
    if (status == FL_OK) fl_entry_text(&r->entry, key, given);
    return status;
}

static fl_status put_client(recording *r, fl_error *error)
{
    if (!(r->pat = value(r, "pat"))) return FL_OK;
    const fl_status status = act_client(&r->act, r->pat, &r->care, error);
    if (status == FL_OK) fl_entry_text(&r->entry, "pat", r->pat);
    return status;
}

/* A session that there was, of this client when one is named. */
static fl_status put_session(recording *r, const fl_visit **visit, fl_error *error)
{
    uint64_t sid;
    const char *given = value(r, "sid");
    *visit = NULL;
    if (!given) return FL_OK;
    if (fl_read_u64(given, &sid) == FL_OK) *visit = fl_visits_find(&r->act.care.visits, sid);
    if (!*visit) {
        fl_error_set(error, FL_E_NO, "there was no session '%s'", given);
        fl_error_hint(error, "fadeline journal show --kind session.open");
        return FL_E_NO;
    }
    if (r->pat && strcmp((*visit)->pat, r->pat) != 0)
        return fl_error_set(error, FL_E_NO, "session %s was of %s, not of %s", given,
                            (*visit)->pat[0] ? (*visit)->pat : "nobody", r->pat);
    fl_entry_count(&r->entry, "sid", sid);
    return FL_OK;
}

/* ---- forms ---- */

/* Counter before and after the work: without this entry a drop is flagged, and with it the match goes on. */
static fl_status check_counter(const recording *r, uint64_t old, fl_error *error)
{
    fl_counter_state state;
    if (!fl_journal_counter(r->act.journal, r->dev, &state)) return FL_OK;
    if (state.outstanding || state.in_session) {
        fl_error_set(error, FL_E_NO, "a session with this laser is not closed");
        return fl_error_hint(error, "close it, or let `fadeline run` settle what it left open"), FL_E_NO;
    }
    if (!state.known || old >= state.ctr) return FL_OK;
    fl_error_set(error, FL_E_NO,
                 "the records hold %llu for this laser, and --old says %llu: a counter does not run back",
                 (unsigned long long)state.ctr, (unsigned long long)old);
    fl_error_hint(error, "read it again; if it was reset before, that is a service of its own");
    return FL_E_NO;
}

static fl_status fill_service(recording *r, fl_error *error)
{
    uint64_t old = 0, after = 0;
    fl_status status = put_number(r, "old", "old", 0, FL_ENTRY_INT_MAX, error);
    if (status == FL_OK) status = put_number(r, "new", "new", 0, FL_ENTRY_INT_MAX, error);
    if (status == FL_OK &&
        (fl_read_u64(value(r, "old"), &old) != FL_OK || fl_read_u64(value(r, "new"), &after) != FL_OK))
        status = FL_E_BUG;
    if (status == FL_OK) status = check_counter(r, old, error);
    if (status == FL_OK) status = put_number(r, "next", "next", after + 1, FL_ENTRY_INT_MAX, error);
    if (status == FL_OK) status = put_sentence(r, "doc", "doc", error);
    if (status == FL_OK) status = put_sentence(r, "what", "what", error);
    if (status == FL_OK) status = put_sentence(r, "site", "site", error);
    say(r, "service of %s: counter %llu before, %llu after, %.24s", r->dev, (unsigned long long)old,
        (unsigned long long)after, value(r, "doc"));
    return status;
}

/* The signed text goes into the clients' database, its hash into the entry. */
static fl_status put_signed_text(recording *r, fl_error *error)
{
    char *bytes;
    size_t size;
    const char *path = value(r, "file");
    if (!path) return FL_OK;
    fl_status status = fl_place_read(path, FL_CLIENT_TEXT_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    status = fl_clients_put(r->act.clients, r->pat, FL_TEXT_CONSENT, bytes, size, &r->cmt, error);
    explicit_bzero(bytes, size);
    free(bytes);
    if (status != FL_OK) return status;
    r->keeps = true;
    fl_entry_hex(&r->entry, "cmt", r->cmt.byte, sizeof r->cmt.byte);
    return FL_OK;
}

static fl_status fill_consent(recording *r, fl_error *error)
{
    const fl_visit *visit;
    const bool withdrawn = fl_args_has(r->act.args, "withdrawn");
    fl_status status = put_client(r, error);
    if (status == FL_OK) status = put_choice(r, "what", "treatment photo teaching advertising", error);
    if (status == FL_OK && !withdrawn && !value(r, "version"))
        status = fl_error_set(error, FL_E_USAGE, "--version says which text was signed");
    if (status == FL_OK) status = put_sentence(r, "version", "version", error);
    if (status == FL_OK) status = put_session(r, &visit, error);
    if (withdrawn) fl_entry_int(&r->entry, "withdrawn", 1);
    if (status == FL_OK) status = put_signed_text(r, error);
    say(r, "consent of %s: %s%s", r->pat, value(r, "what"), withdrawn ? ", withdrawn" : "");
    return status;
}

static fl_status check_photo(const char *path, const void *bytes, size_t size, fl_error *error)
{
    switch (fl_photo_location(bytes, size)) {
    case FL_LOCATION_NONE: return FL_OK;
    case FL_LOCATION_NOT_A_PHOTO:
        fl_error_set(error, FL_E_FILE, "this is neither a JPEG nor a PNG");
        fl_error_hint(error, "whether another kind of file says where it was taken, we cannot tell");
        break;
    case FL_LOCATION_EXIF:
    case FL_LOCATION_XMP:
        fl_error_set(error, FL_E_FILE, "this photo says where it was taken");
        fl_error_hint(
            error,
            "turn location off in the camera; of this one: exiftool -gps:all= -xmp:all= FILE, then again");
        break;
    }
    fl_error_at(error, path, 0, 0);
    fl_error_code(error, "photo-location");
    return FL_E_FILE;
}

static fl_status fill_photo(recording *r, fl_error *error)
{
    char *bytes, place[FL_PLACE_MAX];
    size_t size;
    uint8_t digest[FL_SHA256_SIZE];
    const fl_visit *visit;
    const char *path = r->act.args->words[1];
    fl_status status = put_client(r, error);
    if (status == FL_OK && r->care->photo_withdrawn)
        status = fl_error_set(error, FL_E_NO, "%s took the consent to photos back", r->pat);
    if (status == FL_OK) status = put_choice(r, "what", "before after test", error);
    if (status == FL_OK) status = put_session(r, &visit, error);
    if (status == FL_OK) status = put_sentence(r, "zone", "zone", error);
    if (status == FL_OK) status = fl_place_read(path, FL_PHOTO_FILE_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    status = check_photo(path, bytes, size, error);
    if (status == FL_OK) status = fl_photos_place(r->act.simulated, place, error);
    if (status == FL_OK) status = fl_photos_put(place, r->pat, bytes, size, digest, error);
    free(bytes);
    if (status != FL_OK) return status;
    fl_entry_hex(&r->entry, "sha256", digest, sizeof digest);
    say(r, "photo of %s: %s, %zu bytes", r->pat, value(r, "what"), size);
    if (status == FL_OK && !r->care->photo_consent)
        fprintf(stderr, "fadeline: no consent of %s to photos is in this journal\n", r->pat);
    return status;
}

static fl_status fill_look(recording *r, fl_error *error)
{
    fl_status status = put_client(r, error);
    if (status == FL_OK) status = put_choice(r, "what", "photos record identity", error);
    say(r, "%s looked at %s of %s", r->act.who, value(r, "what"), r->pat);
    return status;
}

static fl_status check_number_is_new(const recording *r, fl_error *error)
{
    const char *no = value(r, "no");
    for (uint64_t i = 0; i < fl_journal_length(r->act.journal); i++) {
        fl_record record;
        if (fl_journal_past(r->act.journal, i, &record) == FL_OK && fl_record_is(&record, FL_KIND_INVOICE) &&
            fl_record_text_is(&record, "no", no))
            return fl_error_set(error, FL_E_NO, "invoice %s is in the journal already (entry %llu)", no,
                                (unsigned long long)i);
    }
    return FL_OK;
}

static fl_status fill_invoice(recording *r, fl_error *error)
{
    int64_t cents = 0;
    fl_date day;
    const fl_visit *visit;
    const char *no = value(r, "no"), *cur = value(r, "currency"), *on = value(r, "day");
    fl_status status = put_client(r, error);
    if (status == FL_OK && strlen(no) > 32) status = wrong(error, "--no is at most 32 characters");
    if (status == FL_OK) status = put_sentence(r, "no", "no", error);
    if (status == FL_OK) status = check_number_is_new(r, error);
    if (status == FL_OK && fl_cents_read(value(r, "amount"), &cents) != FL_OK)
        status = wrong(error, "--amount wants 120.00, with a point, not '%s'", value(r, "amount"));
    if (status == FL_OK && !fl_currency_is(cur))
        status = wrong(error, "--currency wants CAD, EUR, GBP, not '%s'", cur);
    if (status == FL_OK && (fl_date_read(on, &day) != FL_OK || fl_date_compare(day, r->act.today) > 0))
        status = wrong(error, "--day is the day of the session, YYYY-MM-DD and not to come, not '%s'", on);
    if (status == FL_OK) status = put_session(r, &visit, error);
    fl_entry_int(&r->entry, "cents", cents);
    fl_entry_text(&r->entry, "cur", cur);
    fl_entry_text(&r->entry, "day", on);
    say(r, "invoice %.32s to %s: %lld.%02lld %.3s for %.10s", no, r->pat, (long long)(cents / 100),
        (long long)(cents % 100), cur, on);
    return status;
}

static fl_status fill_event(recording *r, fl_error *error)
{
    const fl_visit *visit;
    fl_status status = put_client(r, error);
    if (status == FL_OK)
        status = put_choice(r, "what", "blister burn crust infection pigment scar hair other", error);
    if (status == FL_OK) status = put_session(r, &visit, error);
    if (status == FL_OK) status = put_number(r, "after-h", "after_h", 0, 24 * 3660, error);
    if (status == FL_OK) status = put_number(r, "grade", "grade", 1, 5, error);
    if (status == FL_OK) status = put_sentence(r, "text", "text", error);
    say(r, "event of %s: %s", r->pat, value(r, "what"));
    return status;
}

static fl_status fill_near_miss(recording *r, fl_error *error)
{
    const fl_visit *visit;
    fl_status status = put_client(r, error);
    if (status == FL_OK) status = put_choice(r, "what", "wrong_spot eyewear zone other", error);
    if (status == FL_OK) status = put_number(r, "counter", "ctr", 0, FL_ENTRY_INT_MAX, error);
    if (status == FL_OK) status = put_session(r, &visit, error);
    if (status == FL_OK) status = put_sentence(r, "text", "text", error);
    say(r, "near miss: %s", value(r, "what"));
    return status;
}

static fl_status fill_follow_up(recording *r, fl_error *error)
{
    const fl_visit *visit;
    fl_follow_task task;
    fl_status status = put_session(r, &visit, error);
    if (status == FL_OK && (!visit->pat[0] || !visit->pulses))
        status = fl_error_set(error, FL_E_NO, "nobody was treated in session %s", value(r, "sid"));
    if (status == FL_OK) r->pat = visit->pat;
    if (status == FL_OK && !fl_follow_find(value(r, "task"), &task))
        status = wrong(error, "--task is one of 24h,7d,6wk, not '%s'", value(r, "task"));
    if (status == FL_OK) status = put_sentence(r, "result", "result", error);
    fl_entry_text(&r->entry, "task", value(r, "task"));
    if (status == FL_OK) say(r, "follow-up %s of session %s (%s)", value(r, "task"), value(r, "sid"), r->pat);
    return status;
}

static fl_status fill_correction(recording *r, fl_error *error)
{
    static char pat[FL_PAT_MAX];
    uint64_t index, sid;
    fl_record record;
    fl_status status = put_number(r, "index", "index", 0, fl_journal_size(r->act.journal) - 1, error);
    if (status != FL_OK) return status;
    if (fl_read_u64(value(r, "index"), &index) != FL_OK ||
        fl_journal_record(r->act.journal, index, &record) != FL_OK)
        return fl_error_set(error, FL_E_DAMAGED, "entry %s cannot be read", value(r, "index"));
    if (fl_record_text(&record, "pat", pat, sizeof pat) == FL_OK && *pat) r->pat = pat;
    if (!r->pat && fl_record_count(&record, "sid", &sid) == FL_OK) {
        const fl_care *care = fl_care_of_session(&r->act.care, sid);
        if (care) r->pat = care->code;
    }
    status = put_sentence(r, "text", "text", error);
    say(r, "entry %s (%s) is corrected; it stays", value(r, "index"), fl_kind_text(fl_record_kind(&record)));
    return status;
}

/* clang-format off */
const record_form record_forms[] = {
    {"service",    FL_KIND_SERVICE,    ACT_SERVICE,    "device old new doc",            "what next site",             fill_service},
    {"consent",    FL_KIND_CONSENT,    ACT_CONSENT,    "pat what",                      "version sid file withdrawn", fill_consent},
    {"photo",      FL_KIND_PHOTO,      ACT_PHOTO,      "pat what",                      "sid zone",                   fill_photo},
    {"look",       FL_KIND_LOOK,       ACT_LOOK_AT,    "pat what",                      "",                           fill_look},
    {"invoice",    FL_KIND_INVOICE,    ACT_INVOICE,    "no pat amount currency day",    "sid",                        fill_invoice},
    {"event",      FL_KIND_EVENT,      ACT_EVENT,      "pat what",                      "sid after-h grade text",     fill_event},
    {"near-miss",  FL_KIND_NEAR_MISS,  ACT_NEAR_MISS,  "what",                          "pat device counter sid text", fill_near_miss},
    {"follow-up",  FL_KIND_FOLLOW_UP,  ACT_FOLLOW_UP,  "sid task",                      "result",                     fill_follow_up},
    {"correction", FL_KIND_CORRECTION, ACT_CORRECTION, "index text",                    "",                           fill_correction},
    {"note",       FL_KIND_NOTE,       ACT_FOLLOW_UP, "sid what said",                 "",                           record_note_fill},
    {NULL, FL_KIND_UNKNOWN, ACT_ADD, NULL, NULL, NULL},
};
/* clang-format on */
