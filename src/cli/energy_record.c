/* An energy check in the journal: begun, the session that fadeline-control wrote, the verdict. */
#include "energy_check.h"
#include "energy_page.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/session/beside.h"
#include "fadeline/session/people.h"

#include <math.h>
#include <stdio.h>

fl_status energy_open_meter(checking *c, fl_error *error)
{
    const fl_meter_wish wish = {.wavelength_nm = (double)fl_whole_nm(c->head->wavelength),
                                .range = c->range,
                                .energy_J =
                                    c->set_mJ / 1e3 * (1 + c->device->calibration.energy_lock_percent / 100),
                                .rate_Hz = c->rate_Hz};
    return energy_meter_open(&c->meter, fl_args_value(c->args, "meter"), fl_args_value(c->args, "dialect"),
                             c->simulated, &wish, error);
}

/* By hand nothing verifies the whole beside the check: the start does. */
fl_status energy_open_journal(checking *c, bool by_hand, fl_error *error)
{
    char place[FL_PLACE_MAX];
    c->history = (fl_energy_history){0};
    fl_status status = fl_journal_place(c->simulated, place, error);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = c->simulated,
                                        .full = by_hand,
                                        .clock = &c->clock,
                                        .clk = c->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &options, &c->journal, error);
    if (status == FL_OK && by_hand) {
        static fl_entry verified;
        fl_beside_record_own(fl_journal_verified(c->journal, NULL), &verified);
        status = fl_journal_append(c->journal, &verified, 1, error);
    }
    if (status == FL_OK) status = fl_journal_whole(c->journal, error);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(c->journal); i++) {
        fl_record record;
        status = fl_journal_past(c->journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        fl_energy_take(&record, c->dev, &c->history);
        if (fl_record_text_is(&record, "dev", c->dev)) fl_mismatch_take(&c->mismatch, &record);
        fl_people_recall(&record, &c->tries);
    }
    c->last = fl_energy_last_of(&c->history, c->device, c->head);
    return status;
}

fl_status energy_sign(checking *c, act_right right, fl_error *error)
{
    act a = {.args = c->args,
             .simulated = c->simulated,
             .clock = c->clock,
             .days_ahead = c->days_ahead,
             .today = c->today,
             .journal = c->journal};
    fl_people_resume(&a.guard, &c->tries, c->clock.utc(c->clock.self), c->clock.now(c->clock.self));
    const fl_status status = act_sign(&a, c->who, right, error);
    fl_people_free(a.people);
    return status;
}

uint64_t energy_journal_size(const checking *c)
{
    char place[FL_PLACE_MAX];
    fl_error error = {0};
    fl_journal *journal;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    if (fl_journal_place(c->simulated, place, &error) != FL_OK ||
        fl_journal_open(place, &options, &journal, &error) != FL_OK)
        return 0;
    const uint64_t size = fl_journal_size(journal);
    fl_journal_close(journal);
    return size;
}

/* ---- what fadeline-control wrote ---- */

static void take_pulse(checking *c, const fl_record *record)
{
    uint64_t uJ = 0, delivered = 0;
    switch (fl_record_kind(record)) {
    case FL_KIND_PULSE:
        c->granted++;
        if (c->report_count < FL_ENERGY_MOST && fl_record_count(record, "meas_uJ", &uJ) == FL_OK && uJ)
            c->reports_J[c->report_count++] = (double)uJ / 1e6;
        break;
    case FL_KIND_RECON: /* the counter says that it was made; nobody reported it */
        if (fl_record_count(record, "delivered", &delivered) == FL_OK) c->granted += delivered;
        break;
    case FL_KIND_SESSION_CLOSE: {
        uint64_t after;
        c->has_after = fl_record_count(record, "ctr", &after) == FL_OK && after >= c->before;
        if (c->has_after) c->after = after;
        break;
    }
    default: break;
    }
}

fl_status energy_read_session(checking *c, uint64_t since, fl_error *error)
{
    bool begun = false;
    c->is_granted = true;
    for (uint64_t i = since; i < fl_journal_size(c->journal); i++) {
        fl_record record;
        uint64_t sid = 0, ctr = 0;
        const fl_status status = fl_journal_record(c->journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        if (!fl_record_text_is(&record, "dev", c->dev) || fl_record_count(&record, "sid", &sid) != FL_OK)
            continue;
        if (fl_record_is(&record, FL_KIND_SESSION_OPEN) &&
            fl_record_text_is(&record, "pu", FL_PURPOSE_CHECK) &&
            fl_record_count(&record, "ctr", &ctr) == FL_OK) {
            c->sid = sid, c->before = ctr, c->granted = 0, c->report_count = 0, c->has_after = false;
        } else if (c->sid && sid == c->sid) {
            if (fl_record_is(&record, FL_KIND_CHECK)) /* one with a verdict is somebody else's, and over */
                begun = fl_record_text_is(&record, "verdict", FL_ENERGY_BEGUN);
            take_pulse(c, &record);
        }
    }
    return begun ? FL_OK : fl_error_set(error, FL_E_NO, "no check was begun");
}

/* ---- entries ---- */

fl_status energy_mark(checking *c, const char *verdict, fl_error *error)
{
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, c->dev, c->simulated);
    if (c->sid) fl_entry_count(&entry, "sid", c->sid);
    fl_energy_put_mark(&entry, verdict, c->head->id, (uint64_t)fl_whole_nm(c->head->wavelength),
                       c->set_mJ / 1e3, c->who);
    return fl_journal_append(c->journal, &entry, 1, error);
}

static void ppm(fl_entry *entry, const char *key, double percent)
{
    if (isfinite(percent) && fabs(percent) < 1e6) fl_entry_int(entry, key, llround(percent * 1e4));
}

static void uJ(fl_entry *entry, const char *key, double J)
{
    if (isfinite(J) && J < 1e6) fl_entry_int(entry, key, llround(J * 1e6));
}

/* Pulses with grants are in the record already, one by one: `pulses` are those that are not. Of these, too,
 * only what a meter saw was a pulse of this check: what the counter moved beyond it stays unexplained in the
 * audit. */
static void put_pulses(const checking *c, const fl_energy_check *check, fl_entry *entry)
{
    const uint64_t seen = check->count + check->over + check->bad;
    fl_entry_count(entry, "pulses", c->is_granted ? 0 : check->pulses < seen ? check->pulses : seen);
    if (c->is_granted) {
        fl_entry_count(entry, "sid", c->sid);
        fl_entry_count(entry, "granted", c->granted);
    } else if (check->counted) {
        fl_entry_count(entry, "ctr", c->after);
    }
}

static fl_status write_verdict(checking *c, const fl_energy_check *check, const fl_energy_result *r,
                               fl_error *error)
{
    static fl_entry entry;
    const char *meter = c->meter.meter.status.identity;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, c->dev, c->simulated);
    put_pulses(c, check, &entry);
    fl_entry_text(&entry, "head", c->head->id);
    fl_entry_int(&entry, "wl_nm", fl_whole_nm(c->head->wavelength));
    uJ(&entry, "set_uJ", check->set_J);
    uJ(&entry, "mean_uJ", isfinite(r->mean_J) ? r->mean_J : 0);
    uJ(&entry, "spread_uJ", r->sd_J);
    uJ(&entry, "se_uJ", r->se_J);
    uJ(&entry, "low_uJ", r->low_J);
    uJ(&entry, "high_uJ", r->high_J);
    uJ(&entry, "laser_uJ", r->laser_J);
    ppm(&entry, "off_ppm", r->off_percent);
    ppm(&entry, "unsure_ppm", r->unsure_percent);
    ppm(&entry, "drift_ppm", r->drift_percent);
    fl_entry_count(&entry, "n", check->count);
    fl_entry_int(&entry, "pass", r->verdict == FL_ENERGY_PASS || r->verdict == FL_ENERGY_WARN);
    fl_entry_text(&entry, "verdict", fl_energy_verdict_text(r->verdict));
    if (r->reason_count) fl_entry_text(&entry, "reason", r->reasons[0]);
    fl_entry_text(&entry, "meter", fl_entry_takes(meter) ? meter : "?");
    fl_entry_text(&entry, "who", c->who);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* ---- for people ---- */

void energy_seen(void *self, const fl_meter_reading *r)
{
    const checking *c = self;
    const size_t n = c->meter.count + c->meter.over + c->meter.bad;
    const char *mark = c->simulated ? "SIMULATED " : "";
    if (c->json) return;
    switch (r->kind) {
    case FL_METER_ENERGY: printf("%s%3zu  %8.4g mJ\n", mark, n, r->energy_J * 1e3); break;
    case FL_METER_OVER: printf("%s%3zu  over range\n", mark, n); break;
    case FL_METER_BAD: printf("%s%3zu  no number: %s\n", mark, n, FL_SHOWN(r->why)); break;
    case FL_METER_LOST: printf("%s     %llu readings lost\n", mark, (unsigned long long)r->count); break;
    case FL_METER_MISSING:
        printf("%s     no pulse in time: foot up, or one that was not seen\n", mark);
        break;
    }
    fflush(stdout);
}

/* Nothing was measured, counted or granted. Only a counter that was read says that nothing was made. */
static fl_status end_without_light(checking *c, fl_error *error)
{
    const fl_status status = c->has_after ? energy_mark(c, FL_ENERGY_WITHDRAWN, error) : FL_OK;
    if (status != FL_OK) return status;
    if (c->has_after) return fl_error_set(error, FL_E_NO, "no pulse was made, so nothing was checked");
    fl_error_set(error, FL_E_NO,
                 "no pulse was seen, and nobody says what the counter shows: the check has no verdict");
    return fl_error_hint(error, "this head is locked for treatment until a check is good"), FL_E_NO;
}

/* What stands for this head now that the verdict is written: a pass may be less than the lock before it asks
 * for. */
static fl_status stands_now(checking *c, const char **why, fl_error *error)
{
    static char text[200];
    fl_record record;
    const uint64_t index = fl_journal_size(c->journal) - 1;
    const fl_status status = fl_journal_record(c->journal, index, &record);
    if (status != FL_OK)
        return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)index);
    fl_energy_take(&record, c->dev, &c->history);
    fl_energy_last last;
    (void)fl_energy_stand_for(&c->history, c->device, c->head, (uint64_t)llround(c->set_mJ * 1e3), c->today,
                              c->simulated, &last);
    if (!last.pass) *why = fl_energy_stand_text(&last, FL_STAND_LOCKED, text, sizeof text);
    return FL_OK;
}

fl_status energy_conclude(checking *c, bool proven, fl_error *error)
{
    fl_energy_result result;
    const fl_energy_check check = {.set_J = c->set_mJ / 1e3,
                                   .wanted = (size_t)c->wanted,
                                   .laser_J = c->laser_mJ / 1e3,
                                   .reports_J = c->reports_J,
                                   .report_count = c->report_count,
                                   .readings_J = c->meter.readings_J,
                                   .count = c->meter.count,
                                   .pulses = c->has_after ? c->after - c->before : 0,
                                   .counted = c->has_after,
                                   .granted = c->granted,
                                   .is_granted = c->is_granted,
                                   .over = c->meter.over,
                                   .bad = c->meter.bad,
                                   .lost = c->meter.lost,
                                   .proven = proven,
                                   .before_ratio = c->last.seen ? c->last.ratio : NAN};
    if (!check.pulses && !check.granted && !energy_meter_seen(&c->meter)) return end_without_light(c, error);
    fl_energy_judge(&c->device->calibration, &check, &result);
    const char *locked = NULL;
    fl_status status = write_verdict(c, &check, &result, error);
    if (status == FL_OK) status = stands_now(c, &locked, error);
    if (status != FL_OK) return status;
    const energy_page page = {.device = c->device,
                              .head = c->head,
                              .who = c->who,
                              .meter = c->meter.meter.status.identity,
                              .simulated = c->simulated,
                              .counter_before = c->before,
                              .counter_after = c->after,
                              .entry = (int64_t)fl_journal_size(c->journal) - 1,
                              .day = c->today,
                              .check = &check,
                              .result = &result,
                              .locked = locked};
    c->json ? energy_page_json(&page) : energy_page_print(&page);
    return locked ? FL_E_NO : FL_OK;
}
