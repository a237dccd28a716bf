/* Entry: one fact, written so that anybody can read it and only one byte string says it.
 *
 * An entry is a small restricted JSON object: sorted keys, whole numbers, no spaces, one spelling for every
 * value. Because the encoding is unique, a hash of the bytes is a hash of the meaning. Units live in the key
 * (`energy_uJ`); a bare `energy` is refused.
 *
 *     fl_entry entry;
 *     fl_entry_begin(&entry, FL_KIND_PULSE);
 *     fl_entry_count(&entry, "gid", 41);
 *     fl_entry_int(&entry, "meas_uJ", 251300);
 *     status = fl_journal_append(journal, &entry, 1, &error);      // adds v, boot, mono_us, utc_us, clk
 *
 * The first mistake (bad key, key twice, text that is not clean, no room) sticks; fl_entry_status tells it,
 * and fl_journal_append refuses the entry. No allocation; an fl_entry is about 5 KB and may be static.
 *
 * Read back, an entry is a record:
 *
 *     fl_record record;
 *     if (fl_record_read(bytes, size, &record) != FL_OK) ...       // anything but the one encoding is
 * refused uint64_t gid; if (fl_record_is(&record, FL_KIND_PULSE) && fl_record_count(&record, "gid", &gid) ==
 * FL_OK) ...
 *
 * Text must be UTF-8 in NFC. We hold it to more: no character that can combine with its neighbours at all, so
 * that no table of compositions is needed (src/journal/README.md). fl_entry_takes tells beforehand.
 */
#ifndef FL_JOURNAL_ENTRY_H
#define FL_JOURNAL_ENTRY_H

#include "fadeline/base/status.h"
#include "fadeline/journal/kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FL_ENTRY_MAX 4096       /* bytes our writer makes */
#define FL_ENTRY_READ_MAX 65535 /* bytes any reader takes: the tile bundle has a 16-bit length */
#define FL_ENTRY_FIELDS 40
#define FL_ENTRY_KEY_MAX 32
#define FL_ENTRY_TEXT_MAX 1024 /* bytes of one text */
#define FL_ENTRY_LIST_MAX 64
#define FL_ENTRY_INT_MAX 9007199254740991 /* 2^53 - 1: what every JSON reader keeps exactly */

typedef struct fl_entry {
    struct {
        char key[FL_ENTRY_KEY_MAX + 1];
        uint16_t at, size;
    } fields[FL_ENTRY_FIELDS]; /* sorted by key */
    unsigned count;
    char pool[FL_ENTRY_MAX]; /* encoded values, in the order they came */
    size_t used;
    fl_status status;
    char fault[96]; /* the first mistake, as a sentence; empty when there is none */
} fl_entry;

void fl_entry_begin(fl_entry *entry, fl_kind kind);
void fl_entry_begin_inner(fl_entry *entry);                         /* a nested object, for fl_entry_object */
void fl_entry_int(fl_entry *entry, const char *key, int64_t value); /* |value| <= FL_ENTRY_INT_MAX */
/* Counters: a number up to FL_ENTRY_INT_MAX, a decimal string above. */
void fl_entry_count(fl_entry *entry, const char *key, uint64_t value);
void fl_entry_text(fl_entry *entry, const char *key, const char *text);
void fl_entry_hex(fl_entry *entry, const char *key, const void *bytes, size_t size);
void fl_entry_ints(fl_entry *entry, const char *key, const int64_t *values, size_t count);
void fl_entry_texts(fl_entry *entry, const char *key, const char *const *texts, size_t count);
void fl_entry_object(fl_entry *entry, const char *key, const fl_entry *inner); /* one level only */
/* `dev` and `sim`: whatever names a device also says whether the device is simulated. */
void fl_entry_device(fl_entry *entry, const char *id, bool simulated);

fl_status fl_entry_status(const fl_entry *entry); /* FL_OK, or FL_E_RANGE / FL_E_FULL with entry->fault */
/* Whether fl_entry_text would take this text: UTF-8, not too long, nothing that combines. */
bool fl_entry_takes(const char *text);
/* The bytes. FL_E_FULL when room is too small, or the status of the first mistake. Not terminated by a 0. */
FL_MUST_USE fl_status fl_entry_encode(const fl_entry *entry, char *room, size_t room_size, size_t *size);

typedef enum fl_record_type {
    FL_RECORD_INT = 1,
    FL_RECORD_TEXT,
    FL_RECORD_INTS,
    FL_RECORD_TEXTS,
    FL_RECORD_OBJECT
} fl_record_type;

/* Points into the bytes it was read from: they must outlive it. */
typedef struct fl_record {
    struct fl_record_field {
        const char *key, *value; /* value: still encoded */
        uint16_t key_size, value_size;
        uint8_t type; /* fl_record_type */
    } fields[FL_ENTRY_FIELDS * 2];
    unsigned count;
} fl_record;

/* Strict: parsed, encoded again and compared. FL_E_DAMAGED when these bytes are not the one encoding of their
 * value; *record is then not to be used. */
FL_MUST_USE fl_status fl_record_read(const void *bytes, size_t size, fl_record *record);

/* Lookups. FL_E_NO when the key is not there, FL_E_RANGE when it holds something else; outputs then
 * untouched. */
bool fl_record_has(const fl_record *record, const char *key);
FL_MUST_USE fl_status fl_record_int(const fl_record *record, const char *key, int64_t *value);
FL_MUST_USE fl_status fl_record_count(const fl_record *record, const char *key, uint64_t *value);
/* Decoded and terminated. FL_E_FULL when it does not fit; FL_E_RANGE when it holds a U+0000. */
FL_MUST_USE fl_status fl_record_text(const fl_record *record, const char *key, char *room, size_t room_size);
bool fl_record_text_is(const fl_record *record, const char *key, const char *text);
/* Numbers of a list; *count is room in, members out. */
FL_MUST_USE fl_status fl_record_ints(const fl_record *record, const char *key, int64_t *values,
                                     size_t *count);
FL_MUST_USE fl_status fl_record_object(const fl_record *record, const char *key, fl_record *inner);
fl_kind fl_record_kind(const fl_record *record); /* FL_KIND_UNKNOWN when `k` is none of ours */
bool fl_record_is(const fl_record *record, fl_kind kind);

#endif
