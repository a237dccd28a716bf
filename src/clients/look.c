#include "fadeline/clients/look.h"

bool fl_look_of(const fl_record *record, uint64_t index, const char *pat, fl_look *look)
{
    const fl_kind kind = fl_record_kind(record);
    if (kind != FL_KIND_LOOK && kind != FL_KIND_PRINT && kind != FL_KIND_EXPORT && kind != FL_KIND_ERASE)
        return false;
    if (!fl_record_text_is(record, "pat", pat)) return false;
    *look = (fl_look){.index = index, .kind = kind};
    if (fl_record_int(record, "utc_us", &look->at.us) != FL_OK) look->at.us = 0;
    if (fl_record_text(record, "who", look->who, sizeof look->who) != FL_OK) look->who[0] = 0;
    if (fl_record_text(record, "what", look->what, sizeof look->what) != FL_OK) look->what[0] = 0;
    return true;
}
