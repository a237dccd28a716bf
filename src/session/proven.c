#include "fadeline/session/proven.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"

static bool says(const fl_record *record, const fl_device *device, const fl_confirmation *it)
{
    char day[11];
    return fl_record_kind(record) == FL_KIND_CONFIG_CHANGE &&
           fl_record_text_is(record, "what", "device.confirm") &&
           fl_record_text_is(record, "profile", device->id) &&
           fl_record_text_is(record, "sha256", it->device_sha256) &&
           fl_record_text_is(record, "head", it->head) && fl_record_text_is(record, "key", it->key) &&
           fl_record_text_is(record, "value", it->value) && fl_record_text_is(record, "who", it->person) &&
           fl_record_text_is(record, "doc", it->document) &&
           fl_record_text_is(record, "on", fl_date_text(it->on, day));
}

/* self: the journal; NULL: there is none. */
static bool is_in_journal(void *self, const fl_device *device, const fl_confirmation *it)
{
    fl_record record;
    if (!self || it->journal_entry < 0) return false;
    return fl_journal_record(self, (uint64_t)it->journal_entry, &record) == FL_OK &&
           says(&record, device, it);
}

fl_status fl_device_load_proven(const char *name, fl_device **device, fl_error *error)
{
    char place[FL_PLACE_MAX];
    fl_journal *journal = NULL;
    const fl_status status = fl_device_load(name, device, error);
    if (status != FL_OK || !(*device)->confirmed) return status;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (fl_journal_place(fl_device_is_simulated(*device), place, NULL) == FL_OK &&
        fl_journal_open(place, &options, &journal, NULL) != FL_OK)
        journal = NULL;
    fl_device_prove(*device, is_in_journal, journal);
    fl_journal_close(journal);
    return FL_OK;
}
