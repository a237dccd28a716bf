#include "session_record_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/show.h"
#include "fadeline/journal/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what an entry says ---- */

uint64_t fl_session_count_of(const fl_record *record, const char *key)
{
    uint64_t value = 0;
    return fl_record_count(record, key, &value) == FL_OK ? value : 0;
}

const char *fl_session_text_of(const fl_record *record, const char *key, char *room, size_t size)
{
    room[0] = 0;
    char stored[FL_ENTRY_TEXT_MAX + 1], whole[FL_SHOWN_MAX];
    if (fl_record_text(record, key, stored, sizeof stored) != FL_OK) return room;
    fl_show_text(whole, sizeof whole, stored); /* everything here is read by eyes: paper, page, its JSON */
    size_t end = strlen(whole);
    if (end >= size)
        for (end = size - 1; end && ((unsigned char)whole[end] & 0xc0) == 0x80;) end--;
    memcpy(room, whole, end);
    room[end] = 0;
    return room;
}
#define TEXT(record, key, room) fl_session_text_of(record, key, room, sizeof(room))

/* One more at the end of a list, all 0. */
static void *one_more(void **list, size_t *count, size_t size)
{
    if ((*count & (*count - 1)) == 0) { /* 0, 1, 2, 4, ...: full */
        void *more = realloc(*list, (*count ? 2 * *count : 1) * size);
        if (!more) return NULL;
        *list = more;
    }
    return memset((char *)*list + (*count)++ * size, 0, size);
}

/* ---- intervals ---- */

typedef struct reading {
    fl_session_record *r;
    fl_session_interval *open; /* NULL: none runs */
    double sum, squares;       /* of its measured energies, about the first */
    uint64_t first_uJ;
    int64_t last_grant_us;
    uint64_t grants;
    bool no_memory;
} reading;

static void end_interval(reading *s, int64_t at_us, const char *why)
{
    fl_session_interval *i = s->open;
    if (!i) return;
    if (i->measured) {
        const double n = (double)i->measured, mean = s->sum / n;
        i->mean_uJ = (double)s->first_uJ + mean;
        i->sd_uJ = n > 1 ? sqrt(fmax(0, (s->squares - n * mean * mean) / (n - 1))) : 0;
    }
    if (s->grants > 1 && s->last_grant_us > i->began_us)
        i->rate_Hz = (double)(s->grants - 1) * 1e6 / (double)(s->last_grant_us - i->began_us);
    if (at_us) i->ended_us = at_us;
    snprintf(i->ended_by, sizeof i->ended_by, "%s", why);
    s->open = NULL;
}

static fl_session_interval *begin_interval(reading *s, const fl_record *record, int64_t at_us)
{
    fl_session_record *r = s->r;
    end_interval(s, 0, "another setting");
    fl_session_interval *i = one_more((void **)&r->intervals, &r->interval_count, sizeof *i);
    if (!i) return s->no_memory = true, NULL;
    char purpose[8];
    TEXT(record, "zone", i->zone);
    TEXT(record, "head", i->head);
    i->purpose = *TEXT(record, "pu", purpose) ? purpose[0] : 'T';
    i->began_us = i->ended_us = at_us;
    i->ctr_was = i->ctr_now = fl_session_count_of(record, "ctr");
    i->wl_nm = fl_session_count_of(record, "wl_nm");
    i->spot_um = fl_session_count_of(record, "spot_um");
    i->set_uJ = fl_session_count_of(record, "energy_uJ");
    i->pulse_ps = fl_session_count_of(record, "pulse_ps");
    i->rate_mHz = fl_session_count_of(record, "rate_mHz");
    i->planned = fl_session_count_of(record, "planned");
    s->sum = s->squares = 0;
    s->grants = 0;
    return s->open = i;
}

static bool same_setting(const fl_session_interval *i, const fl_record *record)
{
    return fl_record_text_is(record, "zone", i->zone) && i->wl_nm == fl_session_count_of(record, "wl_nm") &&
           i->spot_um == fl_session_count_of(record, "spot_um") &&
           i->set_uJ == fl_session_count_of(record, "energy_uJ");
}

static void take_grant(reading *s, const fl_record *record, int64_t at_us)
{
    if (!s->open || !same_setting(s->open, record))
        if (!begin_interval(s, record, at_us)) return;
    s->grants++;
    s->last_grant_us = at_us;
}

static void take_pulse(reading *s, const fl_record *record, int64_t at_us)
{
    fl_session_interval *i = s->open;
    if (!i) return;
    const uint64_t uJ = fl_session_count_of(record, "meas_uJ");
    i->pulses++;
    i->ended_us = at_us;
    i->ctr_now = fl_session_count_of(record, "ctr");
    if (!fl_record_has(record, "meas_uJ")) return;
    if (!i->measured++) s->first_uJ = i->least_uJ = i->most_uJ = uJ;
    i->least_uJ = uJ < i->least_uJ ? uJ : i->least_uJ;
    i->most_uJ = uJ > i->most_uJ ? uJ : i->most_uJ;
    const double off = (double)uJ - (double)s->first_uJ;
    s->sum += off, s->squares += off * off;
}

static void take_unknown(reading *s)
{
    fl_session_record *r = s->r;
    if (r->interval_count) r->intervals[r->interval_count - 1].unknown++;
}

/* The outstanding grant is settled: it made its pulse, or it did not. */
static void take_recon(reading *s, const fl_record *record)
{
    fl_session_record *r = s->r;
    if (!r->interval_count) return;
    fl_session_interval *last = &r->intervals[r->interval_count - 1];
    if (last->unknown) last->unknown--;
    if (fl_session_count_of(record, "delivered") == 1) last->pulses++;
    if (fl_session_count_of(record, "man") == 1 && s->open)
        end_interval(s, 0, "counted by nobody: see the reconciliation");
}

static void take_counted(reading *s, const fl_record *record, int64_t at_us)
{
    fl_session_interval *i = s->open ? s->open : begin_interval(s, record, at_us);
    if (!i) return;
    i->pulses = fl_session_count_of(record, "pulses");
    i->ctr_was = fl_session_count_of(record, "ctr_was");
    i->ctr_now = fl_session_count_of(record, "ctr_now");
    if (fl_record_has(record, "planned")) i->planned = fl_session_count_of(record, "planned");
    const uint64_t over = fl_session_count_of(record, "over");
    end_interval(s, at_us,
                 over == 2   ? "counted; beyond the hard stop"
                 : over == 1 ? "counted; beyond the soft stop"
                             : "counted");
}

/* ---- the session's own fields ---- */

static void take_open(reading *s, const fl_record *record, int64_t at_us)
{
    fl_session_record *r = s->r;
    r->opened_us = at_us;
    r->by_hand = fl_session_count_of(record, "man") == 1;
    r->ctr_opened_read = fl_record_has(record, "ctr");
    r->ctr_opened = fl_session_count_of(record, "ctr");
    TEXT(record, "dev", r->dev);
    TEXT(record, "laser", r->laser);
    TEXT(record, "profile", r->profile);
    TEXT(record, "pat", r->pat);
    TEXT(record, "who", r->who);
    TEXT(record, "proc", r->proc);
    TEXT(record, "plan", r->plan);
    TEXT(record, "not_before", r->not_before);
}

static void take_close(reading *s, const fl_record *record, int64_t at_us)
{
    fl_session_record *r = s->r;
    end_interval(s, 0, "end of the session");
    r->closed = true;
    r->closed_us = at_us;
    r->interrupted = fl_session_count_of(record, "interrupted") == 1;
    r->ctr_closed_read = fl_record_has(record, "ctr");
    r->ctr_closed = fl_session_count_of(record, "ctr");
    r->pulses_stated = true;
    r->pulses = fl_session_count_of(record, "pulses");
}

static void take_own(reading *s, const fl_record *record, int64_t at_us)
{
    char cause[FL_SESSION_LINE];
    switch (fl_record_kind(record)) {
    case FL_KIND_SESSION_OPEN: take_open(s, record, at_us); break;
    case FL_KIND_SESSION_CLOSE: take_close(s, record, at_us); break;
    case FL_KIND_GRANT: take_grant(s, record, at_us); break;
    case FL_KIND_PULSE: take_pulse(s, record, at_us); break;
    case FL_KIND_PULSE_UNKNOWN: take_unknown(s); break;
    case FL_KIND_RECON: take_recon(s, record); break;
    case FL_KIND_ZONE:
        if (fl_record_has(record, "ctr")) begin_interval(s, record, at_us);
        break;
    case FL_KIND_PULSES: take_counted(s, record, at_us); break;
    case FL_KIND_DROP:
    case FL_KIND_FAULT:
    case FL_KIND_ESTOP:
    case FL_KIND_SVC: end_interval(s, 0, TEXT(record, "cause", cause)); break;
    default: break;
    }
}

/* ---- what stands elsewhere in the log and belongs to it ---- */

typedef struct latest { /* as of each entry */
    char version[FL_SESSION_NAME];
} latest;

static void take_check(fl_session_record *r, const fl_record *record, int64_t at_us)
{
    char verdict[24], when[40];
    TEXT(record, "verdict", verdict);
    fl_session_when(r, at_us, when);
    snprintf(r->check, sizeof r->check, "%s: set %.1f mJ, mean %.1f mJ of %llu, %s", when,
             (double)fl_session_count_of(record, "set_uJ") / 1e3,
             (double)fl_session_count_of(record, "mean_uJ") / 1e3,
             (unsigned long long)(fl_record_has(record, "n") ? fl_session_count_of(record, "n")
                                                             : fl_session_count_of(record, "pulses")),
             verdict[0]                            ? verdict
             : fl_session_count_of(record, "pass") ? "pass"
                                                   : "not passed");
}

/* The planned pulses of a zone or test spot: of the plan, else as confirmed by hand. */
static void tally_zones(reading *s)
{
    fl_session_record *r = s->r;
    const fl_plan *plan = r->options.plan;
    for (size_t k = 0; k < r->interval_count; k++) {
        const fl_session_interval *i = &r->intervals[k];
        fl_session_zone *z = NULL;
        for (size_t n = 0; n < r->zone_count && !z; n++)
            if (strcmp(r->zones[n].id, i->zone) == 0 && r->zones[n].purpose == i->purpose) z = &r->zones[n];
        if (!z) {
            z = one_more((void **)&r->zones, &r->zone_count, sizeof *z);
            if (!z) {
                s->no_memory = true;
                return;
            }
            memcpy(z->id, i->zone, sizeof z->id);
            z->purpose = i->purpose;
        }
        z->delivered += i->pulses;
        z->unknown += i->unknown;
        if (i->planned) z->has_planned = true, z->planned = i->planned;
        if (!plan) continue;
        const fl_plan_zone *planned = fl_plan_zone_of(plan, z->id);
        if (planned && z->purpose == 'T')
            z->has_planned = true, z->planned = (uint64_t)planned->budget.planned;
        for (size_t n = 0; n < plan->test_spots.grid_count && z->purpose == 'S'; n++)
            if (strcmp(plan->test_spots.grid[n].id, z->id) == 0)
                z->has_planned = true, z->planned = (uint64_t)plan->test_spots.grid[n].pulses;
    }
}

static void give_endpoint(fl_session_record *r, const fl_record *record)
{
    char zone[FL_SESSION_NAME];
    TEXT(record, "zone", zone);
    if (!fl_record_text_is(record, "text", "endpoint")) return;
    for (size_t k = r->interval_count; k-- > 0;)
        if (strcmp(r->intervals[k].zone, zone) == 0) {
            TEXT(record, "seen", r->intervals[k].endpoint);
            return;
        }
}

/* A correction names an entry of the log it stands in. */
static bool belongs(const fl_session_record *r, uint64_t position, const fl_record *record, bool opened)
{
    uint64_t number;
    if (fl_record_count(record, "sid", &number) == FL_OK) return number == r->options.sid;
    switch (fl_record_kind(record)) {
    case FL_KIND_CONSENT: return opened && fl_record_text_is(record, "pat", r->pat);
    case FL_KIND_CORRECTION:
        if (!opened || fl_record_count(record, "index", &number) != FL_OK) return false;
        number += fl_history_of(&r->history, position)->first;
        return number >= r->first_index && number <= r->last_index;
    default: return false;
    }
}

/* Consent comes before the session and may name only the client: a first reading finds who that is. */
static fl_status find_session(fl_journal *journal, fl_session_record *r, fl_error *error)
{
    for (uint64_t i = r->history.from; i < r->entries; i++) {
        fl_record record;
        if (fl_journal_past(journal, i, &record) != FL_OK)
            return fl_error_set(error, FL_E_DAMAGED, "entry %llu cannot be read", (unsigned long long)i);
        if (!fl_record_is(&record, FL_KIND_SESSION_OPEN) ||
            fl_session_count_of(&record, "sid") != r->options.sid)
            continue;
        TEXT(&record, "dev", r->dev);
        TEXT(&record, "pat", r->pat);
        TEXT(&record, "plan", r->plan);
        r->first_index = i;
        return FL_OK;
    }
    fl_error_set(error, FL_E_NO, "the journal has no session %llu%s", (unsigned long long)r->options.sid,
                 fl_history_missing(&r->history) ? ", as far as it is here: an older log is missing" : "");
    return error ? fl_error_hint(error, "fadeline journal show --kind session.open lists them") : FL_E_NO;
}

static fl_status check_plan(const fl_session_record *r, fl_error *error)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    if (!r->options.plan || strcmp(fl_hex(r->options.plan->sha256, FL_SHA256_SIZE, hex), r->plan) == 0)
        return FL_OK;
    fl_error_set(error, FL_E_FILE, "plan %s is not the plan of session %llu", r->options.plan->plan_id,
                 (unsigned long long)r->options.sid);
    return error
               ? fl_error_hint(error, "the journal says sha256 %.16s..., the file has %.16s...", r->plan, hex)
               : FL_E_FILE;
}

static fl_status read_all(fl_journal *journal, reading *s, fl_error *error)
{
    fl_session_record *r = s->r;
    latest seen = {""};
    bool open = false, opened = false;
    for (uint64_t i = r->history.from; i < r->entries; i++) {
        fl_record record;
        int64_t at_us = 0;
        if (fl_journal_past(journal, i, &record) != FL_OK ||
            fl_record_int(&record, "utc_us", &at_us) != FL_OK)
            return fl_error_set(error, FL_E_DAMAGED, "entry %llu cannot be read", (unsigned long long)i);
        const fl_kind kind = fl_record_kind(&record);
        const bool mine = belongs(r, i, &record, opened || kind == FL_KIND_CONSENT);
        if (kind == FL_KIND_BOOT && !opened) TEXT(&record, "version", seen.version);
        if (kind == FL_KIND_PLAN_LOAD && !opened && fl_record_text_is(&record, "plan", r->plan))
            TEXT(&record, "plan_id", r->plan_id);
        if (kind == FL_KIND_CHECK && !opened && fl_record_text_is(&record, "dev", r->dev))
            take_check(r, &record, at_us);
        if (fl_record_text_is(&record, "dev", r->dev) && fl_record_has(&record, "site") && (!opened || mine))
            TEXT(&record, "site", r->site);
        if (!mine) continue;
        if (kind == FL_KIND_SESSION_OPEN)
            open = opened = true, memcpy(r->version, seen.version, sizeof r->version);
        if (open) {
            r->last_index = i;
            take_own(s, &record, at_us);
        }
        if (kind == FL_KIND_NOTE && open) give_endpoint(r, &record);
        if (!fl_session_remark_take(r, i, &record, at_us)) s->no_memory = true;
        if (kind == FL_KIND_SESSION_CLOSE) open = false;
    }
    end_interval(s, 0, "no end was recorded");
    return FL_OK;
}

static fl_status take_hashes(fl_journal *journal, fl_session_record *r, fl_error *error)
{
    const char *bytes;
    size_t size;
    fl_status status = fl_journal_past_bytes(journal, r->last_index, &bytes, &size);
    if (status == FL_OK) r->entry_hash = fl_tree_leaf(bytes, size);
    r->has_previous = r->last_index > fl_history_of(&r->history, r->last_index)->first;
    if (status == FL_OK && r->has_previous) {
        status = fl_journal_past_bytes(journal, r->last_index - 1, &bytes, &size);
        if (status == FL_OK) r->previous_hash = fl_tree_leaf(bytes, size);
    }
    snprintf(r->origin, sizeof r->origin, "%s", fl_history_of(&r->history, r->last_index)->origin);
    if (fl_journal_newest_checkpoint(journal, r->checkpoint) != FL_OK) r->checkpoint[0] = 0;
    return status == FL_OK ? FL_OK : fl_error_set(error, status, "the journal cannot be read");
}

fl_status fl_session_record_new(fl_journal *journal, const fl_session_options *options,
                                fl_session_record **record, fl_error *error)
{
    FL_ASSERT(journal && options && record);
    *record = NULL;
    fl_session_record *r = calloc(1, sizeof *r);
    if (!r) return fl_error_set(error, FL_E_MEMORY, "no memory for a session");
    r->options = *options;
    r->simulated = fl_journal_is_simulated(journal);
    reading s = {.r = r};
    fl_status status = fl_history_read(journal, &r->history, error);
    r->entries = fl_journal_length(journal);
    if (options->entries && fl_journal_before(journal) + options->entries < r->entries)
        r->entries = fl_journal_before(journal) + options->entries;
    if (status == FL_OK) status = find_session(journal, r, error);
    if (status == FL_OK) status = check_plan(r, error);
    if (status == FL_OK) status = read_all(journal, &s, error);
    if (status == FL_OK) tally_zones(&s);
    if (status == FL_OK && s.no_memory) status = fl_error_set(error, FL_E_MEMORY, "no memory for a session");
    if (status == FL_OK) status = take_hashes(journal, r, error);
    if (status == FL_OK)
        *record = r;
    else
        fl_session_record_free(r);
    return status;
}

void fl_session_record_free(fl_session_record *r)
{
    if (!r) return;
    free(r->intervals);
    free(r->zones);
    free(r->remarks);
    fl_history_fini(&r->history);
    free(r);
}

uint64_t fl_session_entry(const fl_session_record *r, uint64_t position, size_t *number)
{
    const fl_history_log *log = fl_history_of(&r->history, position);
    *number = (size_t)(log - r->history.logs) + 1;
    return position - log->first;
}

uint64_t fl_session_pulses(const fl_session_record *r, char purpose)
{
    uint64_t sum = 0;
    if (!r->interval_count && !purpose)
        return r->pulses; /* by hand and not zone by zone: as stated at the close */
    for (size_t i = 0; i < r->interval_count; i++)
        if (!purpose || r->intervals[i].purpose == purpose) sum += r->intervals[i].pulses;
    return sum;
}

double fl_session_fluence(const fl_session_interval *i)
{
    const double radius_cm = (double)i->spot_um / 2e4;
    return i->spot_um && i->set_uJ ? (double)i->set_uJ / 1e6 / (M_PI * radius_cm * radius_cm) : 0;
}
