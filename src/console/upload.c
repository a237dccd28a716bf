/* A photo that a form brought: looked at, asked for, kept, and written into the journal by its hash.
 *
 * While a session holds the journal its entry cannot be written, and that is just when photos are taken. The
 * file is kept then, with a note of its entry beside it (photos/waiting); whatever writes the journal next
 * from here writes that entry first. A note outlives the console. */
#include "upload.h"

#include "book.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/care.h"
#include "fadeline/clients/location.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_MOST 4096

/* ---- the entry ---- */

static void put_some(fl_entry *entry, const char *key, const char *value)
{
    if (*value) fl_entry_text(entry, key, value);
}

static void fill(fl_entry *entry, const fl_photo_entry *photo, bool late)
{
    fl_entry_begin(entry, FL_KIND_PHOTO);
    fl_entry_text(entry, "pat", photo->pat);
    fl_entry_text(entry, "what", photo->what);
    fl_entry_hex(entry, "sha256", photo->sha256, sizeof photo->sha256);
    if (photo->sid) fl_entry_count(entry, "sid", photo->sid);
    put_some(entry, "zone", photo->zone);
    put_some(entry, "spot", photo->spot);
    put_some(entry, "moment", photo->moment);
    fl_entry_text(entry, "who", photo->who);
    if (late) fl_entry_int(entry, "was_us", photo->at.us);
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
    page *p;
    const page_photo *photo;
    const field *file;
    fl_photo_entry entry;
    char place[FL_PLACE_MAX];
    word wrong;
} sent;

/* Asked of the journal that it is written to, under the lock; the file is there before its entry. */
static fl_status keep(void *self, fl_journal *journal, fl_error *error)
{
    sent *s = self;
    uint8_t sha256[FL_SHA256_SIZE];
    const fl_status status = judge(journal, s->photo, s->entry.sha256, &s->wrong, error);
    if (status != FL_OK) return status;
    if (s->wrong != W_NONE) return fl_error_set(error, FL_E_NO, "%s", word_in(ENGLISH, s->wrong));
    return fl_photos_put(s->place, s->photo->pat, s->file->value, s->file->size, sha256, error);
}

static fl_status waiting_folder(const char *place, char path[FL_PLACE_MAX], fl_error *error)
{
    if (snprintf(path, FL_PLACE_MAX, "%s/waiting", place) < FL_PLACE_MAX - 80) return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of the photos is too long");
}

static fl_status keep_for_later(sent *s, fl_error *error)
{
    fl_journal *journal = NULL;
    fl_entry entry;
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + 80], hex[2 * FL_SHA256_SIZE + 1], text[NOTE_MOST];
    size_t size = 0;
    fl_status status = book_look(s->p, &journal, error);
    if (status == FL_OK) status = keep(s, journal, error);
    fl_journal_close(journal);
    fill(&entry, &s->entry, true);
    if (status == FL_OK) status = fl_entry_encode(&entry, text, sizeof text, &size);
    if (status == FL_OK) status = waiting_folder(s->place, folder, error);
    if (status == FL_OK) status = fl_place_make(folder, error);
    if (status != FL_OK) return status;
    snprintf(path, sizeof path, "%s/%s", folder, fl_hex(s->entry.sha256, sizeof s->entry.sha256, hex));
    return fl_place_write(path, text, size, 0600, error);
}

static void copy(char *room, size_t size, const char *text)
{
    snprintf(room, size, "%s", text ? text : "");
}

static void describe(sent *s)
{
    fl_photo_entry *e = &s->entry;
    const fl_clock *clock = &s->p->console->clock;
    *e = (fl_photo_entry){.sid = s->photo->sid, .at = clock->utc(clock->self)};
    copy(e->pat, sizeof e->pat, s->photo->pat);
    copy(e->what, sizeof e->what, s->photo->what);
    copy(e->zone, sizeof e->zone, s->photo->zone);
    copy(e->spot, sizeof e->spot, s->photo->spot);
    copy(e->moment, sizeof e->moment, s->photo->moment);
    copy(e->who, sizeof e->who, s->p->visitor->who);
    fl_sha256(s->file->value, s->file->size, e->sha256);
}

bool page_upload(page *p, const page_photo *photo, word *wrong)
{
    fl_error error = {0};
    fl_entry entry;
    sent s = {.p = p, .photo = photo, .file = fields_file(&p->request->form, "photo")};
    *wrong = judge_bytes(s.file);
    if (*wrong != W_NONE) return false;
    describe(&s);
    fill(&entry, &s.entry, false);
    fl_status status = fl_photos_place(p->simulated, s.place, &error);
    if (status == FL_OK) status = book_write_if(p, keep, &s, &entry, 1, NULL, &error);
    if (status == FL_E_BUSY) status = keep_for_later(&s, &error);
    *wrong = s.wrong;
    if (status != FL_OK && s.wrong == W_NONE) page_failed(p, &error);
    return status == FL_OK;
}

/* ---- what waits ---- */

static bool read_note(const char *folder, const char *name, fl_photo_entry *photo)
{
    char path[FL_PLACE_MAX + 300], *bytes;
    size_t size;
    fl_record record;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (fl_place_read(path, NOTE_MOST, &bytes, &size, NULL) != FL_OK) return false;
    const bool good =
        fl_record_read(bytes, size, &record) == FL_OK && fl_photo_entry_of(&record, 0, NULL, photo);
    free(bytes);
    return good;
}

/* The next note at which a photo can be read; false: there is none any more. */
static bool next_note(DIR *list, const char *folder, char name[2 * FL_SHA256_SIZE + 1], fl_photo_entry *photo)
{
    struct dirent *found;
    while (list && (found = readdir(list)))
        if (strlen(found->d_name) == 2 * FL_SHA256_SIZE && read_note(folder, found->d_name, photo)) {
            memcpy(name, found->d_name, 2 * FL_SHA256_SIZE + 1);
            return true;
        }
    return false;
}

size_t upload_waiting(const page *p, const char *pat, void (*each)(void *self, const fl_photo_entry *photo),
                      void *self)
{
    char place[FL_PLACE_MAX], folder[FL_PLACE_MAX], name[2 * FL_SHA256_SIZE + 1];
    fl_photo_entry photo;
    size_t count = 0;
    if (fl_photos_place(p->simulated, place, NULL) != FL_OK || waiting_folder(place, folder, NULL) != FL_OK)
        return 0;
    DIR *list = opendir(folder);
    while (next_note(list, folder, name, &photo)) {
        if (strcmp(photo.pat, pat) != 0) continue;
        count++;
        if (each) each(self, &photo);
    }
    if (list) closedir(list);
    return count;
}

/* A console that was stopped between entry and note finds the entry there. */
static bool is_written(fl_journal *journal, const fl_photo_entry *photo)
{
    for (uint64_t i = fl_journal_length(journal); i-- > 0;) {
        fl_record record;
        fl_photo_entry other;
        if (fl_journal_past(journal, i, &record) == FL_OK &&
            fl_photo_entry_of(&record, i, photo->pat, &other) && fl_same_digest(other.sha256, photo->sha256))
            return true;
    }
    return false;
}

fl_status upload_pay(const fl_console *c, fl_journal *journal, fl_error *error)
{
    char place[FL_PLACE_MAX], folder[FL_PLACE_MAX], name[2 * FL_SHA256_SIZE + 1];
    fl_photo_entry photo;
    fl_entry entry;
    fl_status status = fl_photos_place(c->simulated, place, error);
    if (status == FL_OK) status = waiting_folder(place, folder, error);
    DIR *list = status == FL_OK ? opendir(folder) : NULL;
    while (status == FL_OK && next_note(list, folder, name, &photo)) {
        fill(&entry, &photo, true);
        if (fl_entry_status(&entry) != FL_OK)
            continue; /* a note of another make: it must not stop the others */
        if (!is_written(journal, &photo)) status = fl_journal_append(journal, &entry, 1, error);
        if (status == FL_OK) unlinkat(dirfd(list), name, 0);
    }
    if (list) closedir(list);
    return status;
}
