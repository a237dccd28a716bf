/* A photo that a form brought: looked at, asked for, kept, and written into the journal by its hash. */
#include "core.h"
#include "owe.h"
#include "page.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/care.h"
#include "fadeline/clients/location.h"
#include "fadeline/clients/photos.h"

#include <string.h>

/* ---- the entry ---- */

static void put_some(fl_entry *entry, const char *key, const char *value)
{
    if (value && *value) fl_entry_text(entry, key, value);
}

static void fill(fl_entry *entry, const page_photo *photo, const uint8_t sha256[FL_SHA256_SIZE],
                 const char *who)
{
    fl_entry_begin(entry, FL_KIND_PHOTO);
    fl_entry_text(entry, "pat", photo->pat);
    fl_entry_text(entry, "what", photo->what);
    fl_entry_hex(entry, "sha256", sha256, FL_SHA256_SIZE);
    if (photo->sid) fl_entry_count(entry, "sid", photo->sid);
    put_some(entry, "zone", photo->zone);
    put_some(entry, "test", photo->spot);
    put_some(entry, "moment", photo->moment);
    fl_entry_text(entry, "who", who);
}

/* ---- whether it may be taken ---- */

static bool is_of_session(const fl_care_book *book, const page_photo *photo)
{
    const fl_visit *visit = fl_visits_find(&book->visits, photo->sid);
    return !photo->sid || (visit && strcmp(visit->pat, photo->pat) == 0);
}

/* A screen shows a laser and nobody: it needs no consent. */
static word judge_client(const fl_care_book *book, const page_photo *photo)
{
    const fl_care *care = fl_care_find(book, photo->pat);
    const bool screen = strcmp(photo->what, "screen") == 0;
    if (!care) return W_CLIENT_NONE;
    if (care->erased) return W_PHOTO_ERASED;
    if (!screen && care->photo_withdrawn) return W_PHOTO_WITHDRAWN;
    if (!screen && !care->photo_consent) return W_PHOTO_NO_CONSENT;
    return is_of_session(book, photo) ? W_NONE : W_PHOTO_NO_SESSION;
}

/* Against the journal as it is. A file that was recorded before is no photo of today, whoever it was of. */
static fl_status judge(fl_journal *journal, const page_photo *photo, const uint8_t *sha256, word *wrong,
                       fl_error *error)
{
    fl_care_book book = {0};
    fl_status status = FL_OK;
    bool twice = false;
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(journal); i++) {
        fl_record record;
        fl_photo_entry other;
        status = fl_journal_past(journal, i, &record);
        if (status == FL_OK) status = fl_care_take(&book, &record, i);
        if (status != FL_OK)
            fl_error_set(error, status, "entry %llu of the journal cannot be read", (unsigned long long)i);
        else if (fl_photo_entry_of(&record, i, NULL, &other) && fl_same_digest(other.sha256, sha256))
            twice = true;
    }
    if (status == FL_OK) *wrong = twice ? W_PHOTO_TWICE : judge_client(&book, photo);
    fl_care_fini(&book);
    return status;
}

static word judge_bytes(const field *file)
{
    if (!file) return W_PHOTO_CHOOSE;
    switch (fl_photo_location(file->value, file->size)) {
    case FL_LOCATION_NONE: return W_NONE;
    case FL_LOCATION_NOT_A_PHOTO: return W_PHOTO_NOT_ONE;
    default: return W_PHOTO_PLACE;
    }
}

/* ---- kept ---- */

typedef struct sent {
    const page *p;
    const page_photo *photo;
    const field *file;
    uint8_t sha256[FL_SHA256_SIZE];
    char place[FL_PLACE_MAX];
    word wrong;
} sent;

/* What the journal does not have yet: a session holds it. */
static void see_owed(void *self, const fl_record *record)
{
    sent *s = self;
    fl_photo_entry other;
    if (fl_photo_entry_of(record, 0, NULL, &other) && fl_same_digest(other.sha256, s->sha256))
        s->wrong = W_PHOTO_TWICE;
}

/* Asked of the journal that it is written to, under the lock; the file is there before its entry. */
static fl_status keep(void *self, fl_journal *journal, fl_error *error)
{
    sent *s = self;
    const fl_status status = judge(journal, s->photo, s->sha256, &s->wrong, error);
    if (status != FL_OK) return status;
    if (s->wrong == W_NONE) owe_each(s->p, NULL, see_owed, s);
    if (s->wrong != W_NONE) return fl_error_set(error, FL_E_NO, "%s", word_in(ENGLISH, s->wrong));
    return fl_photos_put(s->place, s->photo->pat, s->file->value, s->file->size, s->sha256, error);
}

bool page_upload(page *p, const page_photo *photo, word *wrong)
{
    fl_error error = {0};
    fl_entry entry;
    sent s = {.p = p, .photo = photo, .file = fields_file(&p->request->form, "photo")};
    *wrong = judge_bytes(s.file);
    if (*wrong != W_NONE) return false;
    fl_sha256(s.file->value, s.file->size, s.sha256);
    fill(&entry, photo, s.sha256, p->visitor->who);
    fl_status status = fl_photos_place(p->simulated, s.place, &error);
    if (status == FL_OK) status = owe_write(p, keep, &s, &entry, 1, &error);
    *wrong = s.wrong;
    if (status != FL_OK && s.wrong == W_NONE) page_failed(p, &error);
    return status == FL_OK;
}
