/* One pass over the log: every entry goes to the part of the pack it belongs to. */
#include "audit_words.h"
#include "inspector_parts.h"
#include "session_record_parts.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const fl_pack_form fl_pack_forms[FL_PACK_PARTS] = {{"register",
                                                    "Register of sessions",
                                                    "No session in this period.",
                                                    {{"began", 0.11, FL_ALIGN_LEFT},
                                                     {"ended", 0.08, FL_ALIGN_LEFT},
                                                     {"session", 0.07, FL_ALIGN_RIGHT},
                                                     {"client", 0.085, FL_ALIGN_LEFT},
                                                     {"person", 0.07, FL_ALIGN_LEFT},
                                                     {"what", 0.085, FL_ALIGN_LEFT},
                                                     {"settings", 0.16, FL_ALIGN_LEFT},
                                                     {"counter before", 0.08, FL_ALIGN_RIGHT},
                                                     {"counter after", 0.075, FL_ALIGN_RIGHT},
                                                     {"pulses", 0.065, FL_ALIGN_RIGHT},
                                                     {"eyewear", 0.12, FL_ALIGN_LEFT}}},
                                                   {"device",
                                                    "Service, files and limits",
                                                    "Nothing was serviced, imported or changed.",
                                                    {{"when", 0.16, FL_ALIGN_LEFT},
                                                     {"kind", 0.13, FL_ALIGN_LEFT},
                                                     {"what", 0.51, FL_ALIGN_LEFT},
                                                     {"person", 0.12, FL_ALIGN_LEFT},
                                                     {"entry", 0.08, FL_ALIGN_RIGHT}}},
                                                   {"training",
                                                    "Training and authorisation",
                                                    "The log gives nobody a role.",
                                                    {{"person", 0.2, FL_ALIGN_LEFT},
                                                     {"role", 0.2, FL_ALIGN_LEFT},
                                                     {"until", 0.14, FL_ALIGN_LEFT},
                                                     {"at the end of the period", 0.18, FL_ALIGN_LEFT},
                                                     {"given on", 0.12, FL_ALIGN_LEFT},
                                                     {"by", 0.08, FL_ALIGN_LEFT},
                                                     {"entry", 0.08, FL_ALIGN_RIGHT}}},
                                                   {"local_rules",
                                                    "Local rules",
                                                    "The log names no file of rules.",
                                                    {{"when", 0.16, FL_ALIGN_LEFT},
                                                     {"kind", 0.13, FL_ALIGN_LEFT},
                                                     {"what", 0.51, FL_ALIGN_LEFT},
                                                     {"person", 0.12, FL_ALIGN_LEFT},
                                                     {"entry", 0.08, FL_ALIGN_RIGHT}}},
                                                   {"eyewear",
                                                    "Eyewear confirmed",
                                                    "None was confirmed.",
                                                    {{"marking", 0.34, FL_ALIGN_LEFT},
                                                     {"nm", 0.1, FL_ALIGN_RIGHT},
                                                     {"first", 0.18, FL_ALIGN_LEFT},
                                                     {"last", 0.18, FL_ALIGN_LEFT},
                                                     {"times confirmed", 0.2, FL_ALIGN_RIGHT}}},
                                                   {"incidents",
                                                    "Incidents",
                                                    "None was recorded.",
                                                    {{"when", 0.16, FL_ALIGN_LEFT},
                                                     {"kind", 0.12, FL_ALIGN_LEFT},
                                                     {"what", 0.44, FL_ALIGN_LEFT},
                                                     {"session", 0.08, FL_ALIGN_RIGHT},
                                                     {"person", 0.12, FL_ALIGN_LEFT},
                                                     {"entry", 0.08, FL_ALIGN_RIGHT}}}};

size_t fl_pack_columns(fl_pack_part part)
{
    size_t count = 0;
    while (count < FL_PACK_COLUMNS && fl_pack_forms[part].columns[count].title) count++;
    return count;
}

typedef struct reading {
    fl_inspector *pack;
    const fl_audit_options *o;
    uint64_t index;
    const fl_record *record;
    int64_t at_us;
    bool inside;       /* in the period */
    fl_pack_row *open; /* of the register: the session that runs, or NULL */
    uint64_t sid;      /* of it */
    uint64_t pulses;
    uint64_t *sids; /* all sessions of this laser so far, rising */
    size_t sid_count;
    bool known, no_memory;
} reading;

#define TEXT(key, room) fl_session_text_of(r->record, key, room, sizeof(room))

/* ---- cells ---- */

static void set(reading *r, char **cell, const char *format, ...) FL_PRINTF(3, 4);
static void set(reading *r, char **cell, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) text = NULL;
    va_end(arguments);
    if (!text) r->no_memory = true;
    free(*cell);
    *cell = text;
}

static void set_entry(reading *r, fl_pack_row *row, size_t column)
{
    char where[FL_HISTORY_WHERE];
    row->entry = fl_audit_entry(r->pack->audit, 0, r->index, &row->log);
    if (fl_audit_logs(r->pack->audit) > 1)
        set(r, &row->cells[column], "%s", fl_history_where(&r->pack->audit->histories[0], r->index, where));
    else
        set(r, &row->cells[column], "%llu", (unsigned long long)row->entry);
}

/* "a; b": each thing once. */
static void add_once(reading *r, char **cell, const char *what)
{
    if (!what[0] || (*cell && strstr(*cell, what))) return;
    if (!*cell || !**cell)
        set(r, cell, "%s", what);
    else if (strlen(*cell) < 400) {
        char *was = strdup(*cell);
        if (was) set(r, cell, "%s; %s", was, what);
        free(was);
    }
}

static fl_pack_row *add_row(reading *r, fl_pack_part part)
{
    fl_pack_list *list = &r->pack->parts[part];
    if ((list->count & (list->count - 1)) == 0) {
        void *more = realloc(list->at, (list->count ? 2 * list->count : 1) * sizeof *list->at);
        if (!more) {
            r->no_memory = true;
            return NULL;
        }
        list->at = more;
    }
    return memset(&list->at[list->count++], 0, sizeof *list->at);
}

static const char *when(const reading *r, char room[40])
{
    return fl_audit_time(r->pack->audit, (fl_utc){r->at_us}, room);
}

/* ---- register ---- */

static void open_session(reading *r)
{
    char room[FL_SESSION_NAME], time[40];
    r->sid = fl_session_count_of(r->record, "sid");
    r->pulses = 0;
    uint64_t *more = realloc(r->sids, (r->sid_count + 1) * sizeof *more);
    if (!more) {
        r->no_memory = true;
        return;
    }
    r->sids = more;
    r->sids[r->sid_count++] = r->sid;
    r->open = r->inside ? add_row(r, FL_PACK_REGISTER) : NULL;
    if (!r->open) return;
    char **c = r->open->cells;
    set(r, &c[0], "%s", when(r, time));
    set(r, &c[1], "not closed");
    set(r, &c[2], "%llu", (unsigned long long)r->sid);
    set(r, &c[3], "%s", TEXT("pat", room));
    set(r, &c[4], "%s", TEXT("who", room));
    set(r, &c[5], "%s",
        TEXT("proc", room)[0]                     ? room
        : fl_record_text_is(r->record, "pu", "C") ? "energy check"
                                                  : "not recorded");
    set(r, &c[6], "%s", "");
    if (fl_record_has(r->record, "ctr"))
        set(r, &c[7], "%llu", (unsigned long long)fl_session_count_of(r->record, "ctr"));
    set(r, &c[9], "0");
    set(r, &c[10], "%s", "");
}

static void note_setting(reading *r)
{
    char setting[80];
    const double um = (double)fl_session_count_of(r->record, "spot_um"),
                 uJ = (double)fl_session_count_of(r->record, "energy_uJ");
    const uint64_t nm = fl_session_count_of(r->record, "wl_nm");
    if (!r->open || !nm || um <= 0) return;
    snprintf(setting, sizeof setting, "%llu nm, %.4g mm, %.2f J/cm²", (unsigned long long)nm, um / 1e3,
             uJ / 1e6 / (M_PI * um * um / 4e8));
    add_once(r, &r->open->cells[6], setting);
}

static void count_pulses(reading *r, uint64_t pulses)
{
    r->pulses += pulses;
    if (r->open) set(r, &r->open->cells[9], "%llu", (unsigned long long)r->pulses);
}

static void close_session(reading *r)
{
    char time[40];
    if (r->open && r->sid == fl_session_count_of(r->record, "sid")) {
        when(r, time);
        set(r, &r->open->cells[1], "%s", time + 11);
        if (fl_record_has(r->record, "ctr"))
            set(r, &r->open->cells[8], "%llu", (unsigned long long)fl_session_count_of(r->record, "ctr"));
        else
            set(r, &r->open->cells[8], "not read");
        set(r, &r->open->cells[9], "%llu", (unsigned long long)fl_session_count_of(r->record, "pulses"));
    }
    r->open = NULL;
}

/* ---- other parts ---- */

static void add_told(reading *r, fl_pack_part part, const char *what)
{
    char time[40], room[FL_SESSION_NAME];
    fl_pack_row *row = add_row(r, part);
    if (!row) return;
    set(r, &row->cells[0], "%s", when(r, time));
    set(r, &row->cells[1], "%s", TEXT("k", room));
    set(r, &row->cells[2], "%s", what);
    set(r, &row->cells[3], "%s", TEXT("who", room));
    set_entry(r, row, 4);
}

static void add_service(reading *r)
{
    char what[200], doc[200], line[700];
    const uint64_t old = fl_session_count_of(r->record, "old"), now = fl_session_count_of(r->record, "new"),
                   next = fl_session_count_of(r->record, "next");
    fl_text text = fl_text_in(line, sizeof line);
    fl_text_add(&text, "%s%scounter before %llu, after %llu; paper %s", TEXT("what", what),
                what[0] ? "; " : "", (unsigned long long)old, (unsigned long long)now, TEXT("doc", doc));
    if (next) fl_text_add(&text, "; next due at %llu", (unsigned long long)next);
    add_told(r, FL_PACK_DEVICE, line);
}

static void add_file(reading *r, fl_pack_part part)
{
    char what[300], sha[80], line[500];
    const bool profile = fl_record_is(r->record, FL_KIND_PROFILE);
    snprintf(line, sizeof line, "%s%s%s", TEXT(profile ? "profile" : "what", what),
             profile ? ", sha256 " : "", profile ? TEXT("sha256", sha) : "");
    add_told(r, part, line);
}

/* The newest word about each person and role, an entry a role; `none` takes all of them away. */
static void add_role(reading *r)
{
    char who[FL_SESSION_NAME], role[FL_SESSION_NAME], by[FL_SESSION_NAME], time[40], until[16];
    fl_pack_list *list = &r->pack->parts[FL_PACK_TRAINING];
    fl_pack_row *row = NULL;
    fl_date last;
    TEXT("who", who), TEXT("role", role), TEXT("until", until), TEXT("by", by);
    const bool none = strcmp(role, "none") == 0;
    bool had = false;
    when(r, time);
    time[10] = 0;
    for (size_t i = 0; i < list->count; i++) {
        fl_pack_row *at = &list->at[i];
        if (strcmp(at->cells[0], who) != 0) continue;
        had = true;
        char where[FL_HISTORY_WHERE];
        if (none)
            set(r, &at->cells[3], "taken away on %s, %s", time,
                fl_history_where(&r->pack->audit->histories[0], r->index, where));
        else if (strcmp(at->cells[1], role) == 0)
            row = at;
    }
    if (none && had) return;
    if (!row) row = add_row(r, FL_PACK_TRAINING);
    if (!row) return;
    const bool dated = fl_date_read(until, &last) == FL_OK;
    set(r, &row->cells[0], "%s", who);
    set(r, &row->cells[1], "%s", role);
    set(r, &row->cells[2], "%s", dated ? until : "not recorded");
    set(r, &row->cells[3], "%s",
        none                                  ? "may do nothing"
        : !dated                              ? "no end was recorded"
        : fl_date_compare(last, r->o->to) < 0 ? "ENDED"
                                              : "in force");
    set(r, &row->cells[4], "%s", time);
    set(r, &row->cells[5], "%s", by);
    set_entry(r, row, 6);
}

static void add_eyewear(reading *r)
{
    char marks[200], nm[24] = "", time[40];
    fl_pack_list *list = &r->pack->parts[FL_PACK_EYEWEAR];
    fl_pack_row *row = NULL;
    if (!TEXT("marks", marks)[0]) snprintf(marks, sizeof marks, "not recorded");
    if (fl_record_has(r->record, "wl_nm"))
        snprintf(nm, sizeof nm, "%llu", (unsigned long long)fl_session_count_of(r->record, "wl_nm"));
    if (r->open) add_once(r, &r->open->cells[10], marks);
    for (size_t i = 0; i < list->count && !row; i++)
        if (strcmp(list->at[i].cells[0], marks) == 0 && strcmp(list->at[i].cells[1], nm) == 0)
            row = &list->at[i];
    when(r, time);
    time[10] = 0;
    if (row) {
        set(r, &row->cells[3], "%s", time);
        set(r, &row->cells[4], "%llu", strtoull(row->cells[4], NULL, 10) + 1);
        return;
    }
    row = add_row(r, FL_PACK_EYEWEAR);
    if (!row) return;
    set(r, &row->cells[0], "%s", marks);
    set(r, &row->cells[1], "%s", nm);
    set(r, &row->cells[2], "%s", time);
    set(r, &row->cells[3], "%s", time);
    set(r, &row->cells[4], "1");
}

static void add_incident(reading *r)
{
    char time[40], room[FL_SESSION_NAME], line[700], part[300];
    static const char *const keys[] = {"what", "cause", "text"};
    fl_text text = fl_text_in(line, sizeof line);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (TEXT(keys[i], part)[0]) fl_text_add(&text, "%s%s", text.length ? "; " : "", part);
    const uint64_t after = fl_session_count_of(r->record, "after_h"),
                   grade = fl_session_count_of(r->record, "grade");
    if (after) fl_text_add(&text, "; after %llu h", (unsigned long long)after);
    if (grade) fl_text_add(&text, "; grade %llu", (unsigned long long)grade);
    fl_pack_row *row = add_row(r, FL_PACK_INCIDENTS);
    if (!row) return;
    set(r, &row->cells[0], "%s", when(r, time));
    set(r, &row->cells[1], "%s", TEXT("k", room));
    set(r, &row->cells[2], "%s", line);
    if (fl_record_has(r->record, "sid"))
        set(r, &row->cells[3], "%llu", (unsigned long long)fl_session_count_of(r->record, "sid"));
    set(r, &row->cells[4], "%s", TEXT("who", room));
    set_entry(r, row, 5);
}

/* ---- the pass ---- */

static bool is_ours(const reading *r)
{
    uint64_t sid;
    if (fl_record_has(r->record, "dev")) return fl_record_text_is(r->record, "dev", r->o->device);
    if (fl_record_count(r->record, "sid", &sid) != FL_OK) return false;
    for (size_t i = r->sid_count; i-- > 0;)
        if (r->sids[i] == sid) return true;
    return false;
}

static void take_own(reading *r, fl_kind kind)
{
    switch (kind) {
    case FL_KIND_SESSION_OPEN: open_session(r); break;
    case FL_KIND_SESSION_CLOSE: close_session(r); break;
    case FL_KIND_GRANT: note_setting(r); break;
    case FL_KIND_ZONE: note_setting(r); break;
    case FL_KIND_PULSE: count_pulses(r, 1); break;
    case FL_KIND_PULSES: count_pulses(r, fl_session_count_of(r->record, "pulses")); break;
    case FL_KIND_RECON: count_pulses(r, fl_session_count_of(r->record, "delivered")); break;
    case FL_KIND_EYEWEAR:
        if (r->inside) add_eyewear(r);
        break;
    case FL_KIND_SERVICE:
        if (r->inside) add_service(r);
        break;
    case FL_KIND_EVENT:
    case FL_KIND_NEAR_MISS:
    case FL_KIND_FAULT:
    case FL_KIND_SVC:
    case FL_KIND_ESTOP:
        if (r->inside) add_incident(r);
        break;
    default: break;
    }
}

/* Rules and limits of the whole installation count for every laser; those before the period may still be in
 * force. */
static void take(reading *r)
{
    const fl_kind kind = fl_record_kind(r->record);
    const fl_date day = fl_date_of((fl_utc){r->at_us + (int64_t)r->o->utc_offset_min * 60000000});
    r->inside = fl_date_compare(day, r->o->from) >= 0 && fl_date_compare(day, r->o->to) <= 0;
    if (fl_date_compare(day, r->o->to) > 0) return;
    const bool names = fl_record_has(r->record, "dev"), ours = is_ours(r);
    r->known |= ours;
    if (kind == FL_KIND_ROLE_CHANGE) add_role(r);
    if (kind == FL_KIND_PROFILE && (!names || ours)) add_file(r, FL_PACK_DEVICE);
    if ((kind == FL_KIND_LIMITS || kind == FL_KIND_CONFIG_CHANGE) && (!names || ours) &&
        !fl_record_has(r->record, "pat")) /* what holds for one client is no rule of the house */
        add_file(r, FL_PACK_RULES);
    if (ours) take_own(r, kind);
}

static fl_status read_all(fl_journal *journal, reading *r, fl_error *error)
{
    const fl_history *history = &r->pack->audit->histories[0];
    for (uint64_t i = history->from; i < history->length; i++) {
        fl_record record;
        if (fl_journal_past(journal, i, &record) != FL_OK ||
            fl_record_int(&record, "utc_us", &r->at_us) != FL_OK)
            return fl_error_set(error, FL_E_DAMAGED, "entry %llu cannot be read", (unsigned long long)i);
        r->index = i, r->record = &record;
        take(r);
    }
    if (r->no_memory) return fl_error_set(error, FL_E_MEMORY, "no memory for the pack");
    if (r->known) return FL_OK;
    fl_error_set(error, FL_E_NO, "until that day the journal never names '%s'", r->o->device);
    return error ? fl_error_hint(error, "fadeline audit over the same days lists the lasers") : FL_E_NO;
}

fl_status fl_inspector_new(fl_journal *journal, const fl_audit_options *options, fl_inspector **pack,
                           fl_error *error)
{
    FL_ASSERT(journal && options && options->device && pack);
    *pack = NULL;
    fl_inspector *p = calloc(1, sizeof *p);
    if (!p) return fl_error_set(error, FL_E_MEMORY, "no memory for the pack");
    reading r = {.pack = p, .o = options};
    fl_status status = fl_audit_new(journal, options, &p->audit, error);
    if (status == FL_OK) status = read_all(journal, &r, error);
    free(r.sids);
    if (status == FL_OK)
        *pack = p;
    else
        fl_inspector_free(p);
    return status;
}

void fl_inspector_free(fl_inspector *pack)
{
    if (!pack) return;
    for (int part = 0; part < FL_PACK_PARTS; part++) {
        for (size_t i = 0; i < pack->parts[part].count; i++)
            for (size_t c = 0; c < FL_PACK_COLUMNS; c++) free(pack->parts[part].at[i].cells[c]);
        free(pack->parts[part].at);
    }
    fl_audit_free(pack->audit);
    free(pack);
}

const fl_audit *fl_inspector_audit(const fl_inspector *pack)
{
    return pack->audit;
}

size_t fl_inspector_sessions(const fl_inspector *pack)
{
    return pack->parts[FL_PACK_REGISTER].count;
}
