/* Confirmations: kept beside the device files, never in them, and honoured only for the very bytes they were
 * made for. */
#include "device_tables.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const fl_yaml_field row_fields[] = {
    { "device_sha256", FL_YAML_TEXT(fl_confirmation, device_sha256), FL_YAML_REQUIRED,
      .help = "of the device file it was read against" },
    { "head", FL_YAML_ID(fl_confirmation, head), FL_YAML_REQUIRED, .help = "id of the head" },
    { "key", FL_YAML_ID(fl_confirmation, key), FL_YAML_REQUIRED, .help = "which number" },
    { "value", FL_YAML_TEXT(fl_confirmation, value), FL_YAML_REQUIRED,
      .help = "as the label says, in the unit of the key" },
    { "person", FL_YAML_TEXT(fl_confirmation, person), FL_YAML_REQUIRED, .help = "who read it" },
    { "document", FL_YAML_TEXT(fl_confirmation, document), FL_YAML_REQUIRED, .help = "label photo or manual page" },
    { "on", FL_YAML_DATE(fl_confirmation, on), FL_YAML_REQUIRED, .help = "the day" },
    { "journal_entry", FL_YAML_WHOLE(fl_confirmation, journal_entry, 0, 2147483647),
      .help = "index of its entry in the journal" },
    { .key = NULL },
};
static const fl_yaml_table row_table = { "confirmation", sizeof(fl_confirmation), row_fields, NULL, NULL };
static const fl_yaml_field file_fields[] = {
    { "device", FL_YAML_ID(confirmed_file, device), FL_YAML_REQUIRED, .help = "id of the device" },
    { "confirmed", FL_YAML_MAPS(confirmed_file, confirmed, row_table), FL_YAML_REQUIRED, .items_max = 1000,
      .help = "written by `fadeline devices confirm`" },
    { .key = NULL },
};
/* clang-format on */
static const fl_yaml_table file_table = {"file of confirmations", sizeof(confirmed_file), file_fields, NULL,
                                         NULL};
const fl_yaml_schema fl_confirmed_schema = {"confirmed/1", "numbers a person has read off the label",
                                            &file_table};

/* ---- is it the value of the file? ---- */

static const char *next_token(const char *at, char token[64])
{
    while (*at == ' ' || *at == ',') at++;
    size_t length = strcspn(at, ",");
    const char *after = at + length;
    while (length && at[length - 1] == ' ') length--;
    snprintf(token, 64, "%.*s", (int)length, at);
    return after;
}

/* "2,2.5, 3.0" is "2, 2.5, 3". */
static bool same_value(const char *a, const char *b)
{
    for (;;) {
        char one[64], other[64];
        double x, y;
        a = next_token(a, one);
        b = next_token(b, other);
        const bool numbers = fl_read_double(one, &x) == FL_OK && fl_read_double(other, &y) == FL_OK;
        if (numbers ? x < y || x > y : strcmp(one, other) != 0) return false;
        if (!*one || !*other) return true;
    }
}

static fl_status refuse(fl_error *error, const char *what, const char *hint)
{
    fl_error_set(error, FL_E_NO, "%s", what);
    return fl_error_hint(error, "%s", hint), FL_E_NO; /* also without an error to fill */
}

static bool is_kept_text(const char *text)
{
    return text && *text && strlen(text) <= 200 && text_is_printable(text, strlen(text));
}

static fl_status find_fact(const fl_device *device, const fl_confirmation *it, const fl_device_head **head,
                           fl_head_fact *fact, fl_error *error)
{
    *head = fl_device_head_find(device, it->head);
    if (!*head) {
        fl_error_set(error, FL_E_NO, "%s has no head '%s'", device->id, it->head);
        return fl_error_hint(error, "see: fadeline devices list"), FL_E_NO;
    }
    return fl_head_fact_find(it->key, fact, error);
}

fl_status fl_device_may_confirm(const fl_device *device, const fl_confirmation *it, fl_error *error)
{
    const fl_device_head *head;
    fl_head_fact fact;
    const fl_status status = find_fact(device, it, &head, &fact, error);
    if (status != FL_OK) return status;
    const fl_provenance *own = &head->facts[fact];
    char says[300];
    fl_head_fact_value(head, fact, says, sizeof says);
    if (!own->stated)
        return refuse(error, "this number is unknown: there is nothing to confirm",
                      "enter it from the label, with `sure: label`, in a device file of your own");
    if (own->sureness != FL_SURE_MEMORY && own->sureness != FL_SURE_MEMORY_WEAK)
        return refuse(error, "this number needs no confirmation", "it was read in the source the file names");
    if (!same_value(it->value, says)) {
        fl_error_set(error, FL_E_NO, "the device file says %s = %.120s, the label says %.80s", it->key, says,
                     it->value);
        fl_error_hint(error,
                      "the label wins: enter its number, with `sure: label`, in a device file of your own");
        return FL_E_NO;
    }
    if (!is_kept_text(it->person) || !is_kept_text(it->document) || !fl_date_is_set(it->on))
        return refuse(error, "who read it, from which document, and on what day?",
                      "1 to 200 printable letters each");
    return FL_OK;
}

/* ---- the file ---- */

static fl_status file_path(const char *id, char path[FL_PLACE_MAX], fl_error *error)
{
    char home[FL_PLACE_MAX];
    const fl_status status = fl_place_home(home, error);
    if (status != FL_OK) return status;
    if (snprintf(path, FL_PLACE_MAX, "%s/devices/confirmed/%s.yaml", home, id) < FL_PLACE_MAX) return FL_OK;
    return fl_error_set(error, FL_E_IO, "the path of the confirmations is too long");
}

static fl_status load_file(const char *id, fl_yaml **file, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_status status = file_path(id, path, error);
    *file = NULL;
    if (status != FL_OK || !fl_place_exists(path)) return status;
    fl_faults *faults = fl_faults_new();
    status = fl_yaml_load(path, &fl_confirmed_schema, faults, file);
    if (status != FL_OK) fl_faults_error(faults, error);
    fl_faults_free(faults);
    if (status == FL_OK && !fl_text_same(((const confirmed_file *)fl_yaml_root(*file))->device, id)) {
        fl_yaml_free(*file);
        *file = NULL;
        fl_error_set(error, FL_E_FILE, "these confirmations belong to another device than '%s'", id);
        fl_error_hint(error, "move the file away and confirm again");
        fl_error_at(error, path, 0, 0);
        status = FL_E_FILE;
    }
    return status;
}

static void apply(fl_device *device, fl_confirmation_proof proof, void *self)
{
    char sha256[2 * FL_SHA256_SIZE + 1];
    fl_hex(device->sha256, FL_SHA256_SIZE, sha256);
    const confirmed_file *file = fl_yaml_root(device->confirmed);
    device->confirmed_stale = device->confirmed_unproven = 0;
    for (size_t i = 0; i < file->confirmed_count; i++) {
        const fl_confirmation *it = &file->confirmed[i];
        const fl_device_head *head;
        fl_head_fact fact;
        if (!fl_text_same(it->device_sha256, sha256) || fl_device_may_confirm(device, it, NULL) != FL_OK ||
            find_fact(device, it, &head, &fact, NULL) != FL_OK) {
            device->confirmed_stale++;
            continue;
        }
        if (proof && !proof(self, device, it)) {
            device->confirmed_unproven++;
            continue;
        }
        fl_provenance *own = &device->heads[head - device->heads].facts[fact];
        own->confirmed_by = it->person;
        own->confirmed_document = it->document;
        own->confirmed_on = it->on;
    }
}

fl_status confirmed_apply(fl_device *device, fl_error *error)
{
    char home[FL_PLACE_MAX];
    if (fl_place_home(home, NULL) != FL_OK) return FL_OK; /* no state at all: nothing was confirmed */
    const fl_status status = load_file(device->id, &device->confirmed, error);
    if (status == FL_OK && device->confirmed) apply(device, NULL, NULL);
    return status;
}

void fl_device_prove(fl_device *device, fl_confirmation_proof proof, void *self)
{
    if (!device->confirmed) return;
    for (size_t i = 0; i < device->heads_count; i++)
        for (fl_head_fact fact = 0; fact < FL_HEAD_FACTS; fact++) {
            fl_provenance *own = &device->heads[i].facts[fact];
            own->confirmed_by = own->confirmed_document = NULL;
            own->confirmed_on = (fl_date){0};
        }
    apply(device, proof, self);
}

/* ---- keeping ---- */

static void add_quoted(fl_text *text, const char *key, const char *value)
{
    fl_text_add(text, "    %s: '", key);
    for (const char *at = value; *at; at++) fl_text_add(text, *at == '\'' ? "''" : "%c", *at);
    fl_text_add(text, "'\n");
}

static void add_row(fl_text *text, const fl_confirmation *it, const char *sha256)
{
    char day[11];
    fl_text_add(text, "  - head: '%s'\n", it->head);
    add_quoted(text, "key", it->key);
    add_quoted(text, "value", it->value);
    add_quoted(text, "person", it->person);
    add_quoted(text, "document", it->document);
    fl_text_add(text, "    on: %s\n", fl_date_text(it->on, day));
    if (it->journal_entry >= 0) fl_text_add(text, "    journal_entry: %d\n", it->journal_entry);
    add_quoted(text, "device_sha256", sha256);
}

/* Rows for other versions of the device file are kept: they come back to life with that version. */
static fl_status compose(const fl_device *device, const confirmed_file *old, const fl_confirmation *fresh,
                         fl_text *text, fl_error *error)
{
    char sha256[2 * FL_SHA256_SIZE + 1];
    fl_text_add(text,
                "# Written by `fadeline devices confirm`; each row has its entry in the journal.\n"
                "schema: confirmed/1\ndevice: %s\nconfirmed:\n",
                device->id);
    for (size_t i = 0; old && i < old->confirmed_count; i++)
        add_row(text, &old->confirmed[i], old->confirmed[i].device_sha256);
    add_row(text, fresh, fl_hex(device->sha256, FL_SHA256_SIZE, sha256));
    if (!text->cut) return FL_OK;
    return fl_error_set(error, FL_E_FULL, "too many confirmations of %s", device->id);
}

fl_status fl_device_keep_confirmation(const fl_device *device, const fl_confirmation *it, fl_error *error)
{
    char path[FL_PLACE_MAX], directory[FL_PLACE_MAX];
    fl_status status = fl_device_may_confirm(device, it, error);
    if (status != FL_OK) return status;
    if ((status = file_path(device->id, path, error)) != FL_OK) return status;
    snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(path, '/') - path), path);
    if ((status = fl_place_make(directory, error)) != FL_OK) return status;
    fl_yaml *old = NULL;
    if ((status = load_file(device->id, &old, error)) != FL_OK) return status;
    char *room = malloc(FL_YAML_SIZE_MAX);
    FL_ASSERT(room);
    fl_text text = fl_text_in(room, FL_YAML_SIZE_MAX);
    status = compose(device, old ? fl_yaml_root(old) : NULL, it, &text, error);
    if (status == FL_OK) status = fl_place_write(path, text.at, text.length, 0600, error);
    free(room);
    fl_yaml_free(old);
    return status;
}
