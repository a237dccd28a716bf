#include "owe.h"

#include "core.h"

#include "fadeline/base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME 48 /* microseconds and a number: in the order of time */

static fl_status folder_of(const fl_console *c, char path[FL_PLACE_MAX], fl_error *error)
{
    if (snprintf(path, FL_PLACE_MAX, "%s/%s", c->home, c->simulated ? "owed-simulated" : "owed") <
        FL_PLACE_MAX - NAME - 2)
        return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of the home is too long");
}

/* ---- to owe ---- */

static fl_status owe_one(const page *p, const fl_entry *given, size_t n, int64_t now_us, fl_error *error)
{
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + NAME], text[FL_ENTRY_MAX + 64];
    size_t size = 0;
    fl_entry entry = *given;
    fl_entry_int(&entry, "was_us", now_us);
    fl_status status = fl_entry_encode(&entry, text, sizeof text, &size);
    if (status != FL_OK) return fl_error_set(error, status, "%s", entry.fault);
    status = folder_of(p->console, folder, error);
    if (status == FL_OK) status = fl_place_make(folder, error);
    if (status != FL_OK) return status;
    do snprintf(path, sizeof path, "%s/%020lld-%06zu", folder, (long long)now_us, n++);
    while (fl_place_exists(path));
    return fl_place_write(path, text, size, 0600, error);
}

fl_status owe_write(page *p, book_check *check, void *self, const fl_entry *entries, size_t count,
                    fl_error *error)
{
    fl_journal *journal = NULL;
    const fl_clock *clock = &p->console->clock;
    fl_status status = book_write_if(p, check, self, entries, count, NULL, error);
    if (status != FL_E_BUSY) return status;
    status = check ? book_look(p, &journal, error) : FL_OK;
    if (status == FL_OK && check) status = check(self, journal, error);
    fl_journal_close(journal);
    pthread_mutex_lock(&p->console->book); /* two pages at one instant */
    const int64_t now_us = clock->utc(clock->self).us;
    for (size_t i = 0; status == FL_OK && i < count; i++) status = owe_one(p, &entries[i], i, now_us, error);
    pthread_mutex_unlock(&p->console->book);
    return status;
}

/* ---- what is owed ---- */

static int is_note(const struct dirent *found)
{
    return strlen(found->d_name) == 27 && found->d_name[20] == '-';
}

typedef struct note {
    char *bytes;
    fl_record record; /* points into them */
} note;

static bool read_note(const char *folder, const char *name, note *n)
{
    char path[FL_PLACE_MAX + NAME];
    size_t size;
    snprintf(path, sizeof path, "%s/%.30s", folder, name);
    if (fl_place_read(path, FL_ENTRY_MAX + 64, &n->bytes, &size, NULL) != FL_OK) return false;
    if (fl_record_read(n->bytes, size, &n->record) == FL_OK) return true;
    free(n->bytes);
    return false;
}

void owe_each(const page *p, const char *pat, owe_each_entry *each, void *self)
{
    char folder[FL_PLACE_MAX];
    struct dirent **list = NULL;
    if (folder_of(p->console, folder, NULL) != FL_OK) return;
    const int count = scandir(folder, &list, is_note, alphasort);
    for (int i = 0; i < count; i++) {
        note n;
        if (read_note(folder, list[i]->d_name, &n)) {
            if (!pat || fl_record_text_is(&n.record, "pat", pat)) each(self, &n.record);
            free(n.bytes);
        }
        free(list[i]);
    }
    free(list);
}

/* ---- to pay ---- */

/* A console that was stopped between an entry and its file finds the entry there. */
static bool is_written(fl_journal *journal, const fl_record *given)
{
    int64_t was_us, other_us;
    char who[64];
    if (fl_record_int(given, "was_us", &was_us) != FL_OK ||
        fl_record_text(given, "who", who, sizeof who) != FL_OK)
        return false;
    for (uint64_t i = fl_journal_length(journal); i-- > 0;) {
        fl_record record;
        if (fl_journal_past(journal, i, &record) == FL_OK &&
            fl_record_kind(&record) == fl_record_kind(given) &&
            fl_record_int(&record, "was_us", &other_us) == FL_OK && other_us == was_us &&
            fl_record_text_is(&record, "who", who)) {
            char a[65] = "", b[65] = ""; /* several of one moment differ by their photo or test spot */
            const char *key = fl_record_has(given, "sha256") ? "sha256" : "test";
            if (fl_record_text(given, key, a, sizeof a) != FL_OK ||
                fl_record_text(&record, key, b, sizeof b) != FL_OK)
                return true;
            if (strcmp(a, b) == 0) return true;
        }
    }
    return false;
}

/* Texts and numbers, all that our pages write. */
static void copy(const fl_record *record, fl_entry *entry)
{
    fl_entry_begin(entry, fl_record_kind(record));
    for (unsigned i = 0; i < record->count; i++) {
        char key[FL_ENTRY_KEY_MAX + 1], text[FL_ENTRY_TEXT_MAX + 1];
        int64_t number;
        snprintf(key, sizeof key, "%.*s", (int)record->fields[i].key_size, record->fields[i].key);
        if (strcmp(key, "k") == 0) continue;
        if (fl_record_int(record, key, &number) == FL_OK)
            fl_entry_int(entry, key, number);
        else if (fl_record_text(record, key, text, sizeof text) == FL_OK)
            fl_entry_text(entry, key, text);
    }
}

fl_status owe_pay(const fl_console *c, fl_journal *journal, fl_error *error)
{
    char folder[FL_PLACE_MAX], path[FL_PLACE_MAX + NAME];
    struct dirent **list = NULL;
    fl_status status = folder_of(c, folder, error);
    const int count = status == FL_OK ? scandir(folder, &list, is_note, alphasort) : 0;
    for (int i = 0; i < count; i++) {
        note n;
        fl_entry entry;
        if (status == FL_OK && read_note(folder, list[i]->d_name, &n)) {
            copy(&n.record, &entry); /* what is no entry must not stop the others, nor a sign-in: it stays */
            const bool good =
                fl_entry_status(&entry) == FL_OK && fl_record_kind(&n.record) != FL_KIND_UNKNOWN;
            if (good && !is_written(journal, &n.record))
                status = fl_journal_append(journal, &entry, 1, error);
            snprintf(path, sizeof path, "%s/%.30s", folder, list[i]->d_name);
            if (good && status == FL_OK) unlink(path);
            free(n.bytes);
        }
        free(list[i]);
    }
    free(list);
    return status;
}
