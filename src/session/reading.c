#include "fadeline/session/reading.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/entry.h"

#include <string.h>

fl_status fl_reading_take(const char *text, uint64_t *shown, fl_error *error)
{
    uint64_t value;
    const size_t length = strlen(text);
    const bool digits = length > 0 && strspn(text, "0123456789") == length;
    if (digits && fl_read_u64(text, &value) == FL_OK && value <= FL_ENTRY_INT_MAX)
        return *shown = value, FL_OK;
    if (digits)
        fl_error_set(error, FL_E_NO, "no counter shows so large a number");
    else if (strspn(text, "0123456789., '") == length && length)
        fl_error_set(error, FL_E_NO, "'%.40s' is not one whole number", text);
    else
        fl_error_set(error, FL_E_NO, "'%.40s' is not a number", text);
    fl_error_code(error, "counter-number");
    return fl_error_hint(error, "type the digits of the shot counter and nothing else, such as 88410"),
           FL_E_NO;
}

fl_reading_fit fl_reading_before(bool known, uint64_t held, uint64_t shown)
{
    if (!known) return FL_READING_FIRST;
    if (shown < held) return FL_READING_BEHIND;
    if (shown == held) return FL_READING_GOOD;
    return shown - held <= FL_READING_TOLERANCE ? FL_READING_AHEAD : FL_READING_FAR;
}

fl_reading_fit fl_reading_after(uint64_t begun, uint64_t shown, int had, const fl_plan_budget *budget,
                                bool allowed)
{
    if (shown < begun) return FL_READING_BEHIND;
    const uint64_t room_hard = had < budget->hard_stop ? (uint64_t)(budget->hard_stop - had) : 0;
    const uint64_t room_soft = had < budget->soft_stop ? (uint64_t)(budget->soft_stop - had) : 0;
    const uint64_t pulses = shown - begun;
    if (pulses > room_hard) return FL_READING_FAR;
    return pulses > room_soft && !allowed ? FL_READING_AHEAD : FL_READING_GOOD;
}

uint64_t fl_reading_possible(fl_rate rate_max, fl_duration between)
{
    if (!(rate_max.Hz > 0) || between.us < 0) return UINT64_MAX;
    return (uint64_t)(rate_max.Hz * ((double)between.us / 1e6 + FL_READING_SLACK_S));
}

fl_plan_budget fl_reading_spot_budget(int pulses)
{
    return (fl_plan_budget){
        .notice = pulses, .planned = pulses, .soft_stop = pulses, .hard_stop = 2 * pulses};
}
bool fl_mismatch_is_far(const fl_mismatch *mismatch, uint64_t shown)
{
    return mismatch->far || fl_reading_before(true, mismatch->held, shown) > FL_READING_AHEAD;
}

void fl_mismatch_find(fl_mismatch *mismatch, uint64_t held, uint64_t shown)
{
    if (!mismatch->open) *mismatch = (fl_mismatch){.open = true, .held = held};
    mismatch->far = fl_mismatch_is_far(mismatch, shown);
}

void fl_mismatch_take(fl_mismatch *mismatch, const fl_record *record)
{
    uint64_t was, now;
    switch (fl_record_kind(record)) {
    case FL_KIND_RECON: *mismatch = (fl_mismatch){0}; break;
    case FL_KIND_DROP:
        if (fl_record_count(record, "ctr_was", &was) == FL_OK &&
            fl_record_count(record, "ctr_now", &now) == FL_OK)
            fl_mismatch_find(mismatch, was, now);
        break;
    case FL_KIND_COUNTER:
        if (mismatch->open && fl_record_count(record, "ctr", &now) == FL_OK)
            fl_mismatch_find(mismatch, mismatch->held, now);
        break;
    default: break;
    }
}
