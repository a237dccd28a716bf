/* Photos: pictures of a client, apart from the journal, which has their hashes and what they show.
 *
 *     fl_photos_place(simulated, place, &error);
 *     fl_photos_put(place, "C-0001", bytes, size, digest, &error);      // durable, and shown by nobody yet
 *     fl_entry_hex(&entry, "sha256", digest, sizeof digest); ...        // the entry that makes it a photo
 *
 * A file each, $FADELINE_HOME/photos/C-0001/<sha256>, mode 0600, the bytes as they came: their hash is what
 * the journal says. Files and not the clients' database, because a clinic has gigabytes of them, and erasing
 * one client writes that database anew.
 *
 * The file first, then its entry. A file that no entry names is shown nowhere, and goes with the others when
 * its client is erased. Whether a picture may be taken (consent, no place in it) is the caller's to ask, with
 * care.h and location.h.
 */
#ifndef FL_CLIENTS_PHOTOS_H
#define FL_CLIENTS_PHOTOS_H

#include "fadeline/base/digest.h"
#include "fadeline/base/place.h"
#include "fadeline/clients/visits.h"
#include "fadeline/journal/journal.h"

#define FL_PHOTO_FILE_MAX ((size_t)128 << 20)

/* $FADELINE_HOME/photos, or photos-simulated; not made. */
FL_MUST_USE fl_status fl_photos_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error);
FL_MUST_USE fl_status fl_photos_put(const char *place, const char *code, const void *bytes, size_t size,
                                    uint8_t sha256[FL_SHA256_SIZE], fl_error *error);
/* *bytes is malloc'ed and the caller's. FL_E_NO: it is not here (recorded elsewhere, or erased). FL_E_FILE:
 * the file is not what the journal says, and is not shown. */
FL_MUST_USE fl_status fl_photos_read(const char *place, const char *code,
                                     const uint8_t sha256[FL_SHA256_SIZE], char **bytes, size_t *size,
                                     fl_error *error);
bool fl_photos_has(const char *place, const char *code); /* anything of this client */

/* All of a client: overwritten, removed, and looked for again: FL_E_IO when something is left. FL_OK when
 * there was nothing. */
FL_MUST_USE fl_status fl_photos_erase(const char *place, const char *code, fl_error *error);
/* What a crash left, or a backup brought back, of clients that the journal calls erased; *erased: of how
 * many. */
FL_MUST_USE fl_status fl_photos_settle(const char *place, fl_journal *journal, unsigned *erased,
                                       fl_error *error);

/* ---- what the journal says of photos ---- */

typedef struct fl_photo_entry {
    uint64_t index, sid;            /* sid 0: of no session */
    fl_utc at;                      /* when it was sent: `was_us` if its entry came later */
    char pat[FL_PAT_MAX], what[17]; /* before, after, test, screen (a laser's, which shows no client) */
    char zone[129], spot[65];       /* empty: not said; spot: id of a test spot of the client's case */
    char moment[9]; /* of the test spot or the session: 0-min, 15-min, read; empty: not said */
    char who[33];
    uint8_t sha256[FL_SHA256_SIZE];
} fl_photo_entry;

/* Whether this record is a photo, of this client when `pat` is not NULL. */
bool fl_photo_entry_of(const fl_record *record, uint64_t index, const char *pat, fl_photo_entry *photo);

#endif
