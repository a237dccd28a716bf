/* What people and the interlock said during a session, and about it later: each entry as one sentence. */
#include "session_record_parts.h"

#include <stdlib.h>
#include <string.h>

const char *fl_session_when(const fl_session_record *record, int64_t utc_us, char room[40])
{
    char day[11];
    if (!utc_us) return strcpy(room, "-");
    const int64_t us_a_day = 86400000000, local = utc_us + (int64_t)record->options.utc_offset_min * 60000000;
    const int64_t in_day = (local % us_a_day + us_a_day) % us_a_day;
    snprintf(room, 40, "%s %02d:%02d:%02d", fl_date_text(fl_date_of((fl_utc){local}), day),
             (int)(in_day / 3600000000), (int)(in_day / 60000000 % 60), (int)(in_day / 1000000 % 60));
    return room;
}

const char *fl_session_offset(const fl_session_record *record, char room[16])
{
    const int offset = record->options.utc_offset_min, size = abs(offset);
    if (offset)
        snprintf(room, 16, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', size / 60 % 24, size % 60);
    else
        snprintf(room, 16, "UTC");
    return room;
}

const char *fl_session_about_word(fl_session_about about)
{
    static const char *const words[] = {"?",        "eyewear",   "response",   "stop",
                                        "override", "near-miss", "event",      "photo",
                                        "consent",  "follow-up", "correction", "note"};
    return words[about <= FL_SESSION_NOTE ? about : 0];
}

typedef struct field {
    const char *key, *before, *after;
} field;

/* "marks OD7 M LB9, 1064 nm": every field that is there, in this order. */
static void say(const fl_record *record, const field *fields, size_t count, char room[FL_SESSION_LINE])
{
    fl_text text = fl_text_in(room, FL_SESSION_LINE);
    for (size_t i = 0; i < count; i++) {
        char value[FL_SESSION_LINE];
        int64_t number;
        if (fl_record_int(record, fields[i].key, &number) == FL_OK)
            snprintf(value, sizeof value, "%lld", (long long)number);
        else
            fl_session_text_of(record, fields[i].key, value, sizeof value);
        if (value[0])
            fl_text_add(&text, "%s%s%s%s", text.length ? ", " : "", fields[i].before, value, fields[i].after);
    }
}

/* Fields of the journal's table that matter to a reader of one session. */
#define FIELDS(...) ((const field[]){__VA_ARGS__}), sizeof((const field[]){__VA_ARGS__}) / sizeof(field)

static fl_session_about about_note(const fl_record *record)
{
    static const char *const responses[] = {"endpoint",    "pain",      "reaction", "cooling",
                                            "anaesthetic", "aftercare", "photos"};
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++)
        if (fl_record_text_is(record, "text", responses[i])) return FL_SESSION_RESPONSE;
    return FL_SESSION_NOTE;
}

static fl_session_about look(const fl_record *record, const char **what_key, char line[FL_SESSION_LINE])
{
    line[0] = 0;
    *what_key = "what";
    switch (fl_record_kind(record)) {
    case FL_KIND_EYEWEAR:
        say(record, FIELDS({"marks", "", ""}, {"wl_nm", "for ", " nm"}), line);
        return FL_SESSION_EYEWEAR;
    case FL_KIND_NOTE:
        *what_key = "text";
        say(record,
            FIELDS({"seen", "", ""}, {"score", "", " of 10"}, {"version", "version ", ""},
                   {"zone", "zone ", ""}, {"pulses", "", " pulses"}, {"ctr", "counter ", ""},
                   {"after_s", "looked at after ", " s"}, {"planned_s", "planned ", " s"}, {"duty", "", ""},
                   {"code", "", ""}, {"why", "", ""}, {"said", "", ""}),
            line);
        return about_note(record);
    case FL_KIND_ARM_REFUSED:
    case FL_KIND_DROP:
    case FL_KIND_FAULT:
    case FL_KIND_ESTOP:
    case FL_KIND_SVC:
        *what_key = "k";
        say(record,
            FIELDS({"cause", "", ""}, {"text", "", ""}, {"held", "counter ", ""}, {"ctr_was", "records ", ""},
                   {"ctr_now", "laser ", ""}),
            line);
        return FL_SESSION_STOP;
    case FL_KIND_PULSE_UNKNOWN:
    case FL_KIND_RECON:
        *what_key = "k";
        say(record,
            FIELDS({"gid", "grant ", ""}, {"ctr", "counter ", ""}, {"ctr_was", "records ", ""},
                   {"ctr_now", "laser ", ""}, {"delivered", "delivered ", ""}, {"by", "by ", ""},
                   {"why", "", ""}, {"text", "", ""}),
            line);
        return FL_SESSION_STOP;
    case FL_KIND_OVERRIDE:
        *what_key = "reason";
        say(record,
            FIELDS({"text", "", ""}, {"zone", "zone ", ""}, {"pulses", "after ", " pulses"},
                   {"second", "with ", ""}, {"date", "", ""}),
            line);
        return FL_SESSION_OVERRIDE;
    case FL_KIND_NEAR_MISS:
        say(record, FIELDS({"text", "", ""}, {"zone", "zone ", ""}, {"ctr", "counter ", ""}), line);
        return FL_SESSION_NEAR_MISS;
    case FL_KIND_EVENT:
        say(record, FIELDS({"grade", "grade ", ""}, {"after_h", "after ", " h"}, {"text", "", ""}), line);
        return FL_SESSION_EVENT;
    case FL_KIND_PHOTO:
        say(record, FIELDS({"zone", "zone ", ""}, {"sha256", "sha256 ", ""}), line);
        return FL_SESSION_PHOTO;
    case FL_KIND_CONSENT:
        say(record,
            FIELDS({"version", "version ", ""}, {"cmt", "signed text ", ""}, {"withdrawn", "withdrawn ", ""}),
            line);
        return FL_SESSION_CONSENT;
    case FL_KIND_FOLLOW_UP:
        *what_key = "task";
        say(record, FIELDS({"result", "", ""}), line);
        return FL_SESSION_FOLLOW_UP;
    case FL_KIND_CORRECTION:
        *what_key = "k";
        say(record, FIELDS({"index", "entry ", " is wrong"}, {"text", "", ""}), line);
        return FL_SESSION_CORRECTION;
    default: return 0;
    }
}

bool fl_session_remark_take(fl_session_record *r, uint64_t index, const fl_record *record, int64_t at_us)
{
    char line[FL_SESSION_LINE];
    const char *what_key;
    const fl_session_about about = look(record, &what_key, line);
    if (!about) return true;
    fl_session_remark *more = realloc(r->remarks, (r->remark_count + 1) * sizeof *more);
    if (!more) return false;
    r->remarks = more;
    fl_session_remark *m = &more[r->remark_count++];
    *m = (fl_session_remark){.about = about, .index = index, .utc_us = at_us};
    fl_session_text_of(record, "who", m->who, sizeof m->who);
    fl_session_text_of(record, what_key, m->what, sizeof m->what);
    memcpy(m->text, line, sizeof m->text);
    return true;
}
