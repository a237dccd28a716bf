#include "session_record_parts.h"

#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>

static json_t *text(const char *value)
{
    return value[0] ? json_string(value) : json_null();
}

static json_t *number(bool known, uint64_t value)
{
    return known ? json_integer((json_int_t)value) : json_null();
}

/* As on paper: a figure that a reader of one sees in the other. */
static json_t *real(bool known, double value, int decimals)
{
    char room[48];
    if (!known) return json_null();
    snprintf(room, sizeof room, "%.*f", decimals, value);
    return json_real(strtod(room, NULL));
}

static json_t *instant(const fl_session_record *r, int64_t utc_us)
{
    char room[40], whole[64];
    if (!utc_us) return json_null();
    const int offset = r->options.utc_offset_min, size = offset < 0 ? -offset : offset;
    fl_session_when(r, utc_us, room);
    room[10] = 'T';
    snprintf(whole, sizeof whole, "%s%c%02d:%02d", room, offset < 0 ? '-' : '+', size / 60 % 24, size % 60);
    return json_string(whole);
}

static json_t *purpose(char p)
{
    return json_string(p == 'S' ? "test spot" : p == 'C' ? "energy check" : "treatment");
}

static json_t *interval_object(const fl_session_record *r, const fl_session_interval *i)
{
    json_t *o = json_object();
    json_object_set_new(o, "zone", text(i->zone));
    json_object_set_new(o, "purpose", purpose(i->purpose));
    json_object_set_new(o, "head", text(i->head));
    json_object_set_new(o, "began", instant(r, i->began_us));
    json_object_set_new(o, "ended", instant(r, i->ended_us));
    json_object_set_new(o, "counter_before", json_integer((json_int_t)i->ctr_was));
    json_object_set_new(o, "counter_after", json_integer((json_int_t)i->ctr_now));
    json_object_set_new(o, "wavelength_nm", number(i->wl_nm, i->wl_nm));
    json_object_set_new(o, "spot_mm", real(i->spot_um, (double)i->spot_um / 1e3, 2));
    json_object_set_new(o, "pulse_ps", number(i->pulse_ps, i->pulse_ps));
    json_object_set_new(o, "set_J_cm2", real(fl_session_fluence(i) > 0, fl_session_fluence(i), 2));
    json_object_set_new(o, "set_mJ", real(i->set_uJ, (double)i->set_uJ / 1e3, 1));
    json_object_set_new(o, "measured_pulses", json_integer((json_int_t)i->measured));
    json_object_set_new(o, "measured_mean_mJ", real(i->measured, i->mean_uJ / 1e3, 1));
    json_object_set_new(o, "measured_sd_mJ", real(i->measured > 1, i->sd_uJ / 1e3, 2));
    json_object_set_new(o, "measured_least_mJ", real(i->measured, (double)i->least_uJ / 1e3, 1));
    json_object_set_new(o, "measured_most_mJ", real(i->measured, (double)i->most_uJ / 1e3, 1));
    json_object_set_new(o, "rate_set_Hz", real(i->rate_mHz, (double)i->rate_mHz / 1e3, 1));
    json_object_set_new(o, "rate_measured_Hz", real(i->rate_Hz > 0, i->rate_Hz, 1));
    json_object_set_new(o, "pulses", json_integer((json_int_t)i->pulses));
    json_object_set_new(o, "pulses_unknown", json_integer((json_int_t)i->unknown));
    json_object_set_new(o, "endpoint", text(i->endpoint));
    json_object_set_new(o, "ended_by", text(i->ended_by));
    return o;
}

static json_t *remark_object(const fl_session_record *r, const fl_session_remark *m)
{
    json_t *o = json_object();
    json_object_set_new(o, "about", json_string(fl_session_about_word(m->about)));
    size_t log;
    json_object_set_new(o, "entry", json_integer((json_int_t)fl_session_entry(r, m->index, &log)));
    json_object_set_new(o, "log", json_integer((json_int_t)log));
    json_object_set_new(o, "at", instant(r, m->utc_us));
    json_object_set_new(o, "who", text(m->who));
    json_object_set_new(o, "what", text(m->what));
    json_object_set_new(o, "text", text(m->text));
    return o;
}

static json_t *counter_object(const fl_session_record *r)
{
    json_t *o = json_object();
    json_object_set_new(o, "start", number(r->ctr_opened_read, r->ctr_opened));
    json_object_set_new(o, "end", number(r->ctr_closed_read, r->ctr_closed));
    json_object_set_new(o, "difference",
                        r->ctr_opened_read && r->ctr_closed_read
                            ? json_integer((json_int_t)(r->ctr_closed - r->ctr_opened))
                            : json_null());
    json_object_set_new(o, "recorded_pulses", json_integer((json_int_t)fl_session_pulses(r, 0)));
    json_object_set_new(o, "stated_pulses", number(r->pulses_stated, r->pulses));
    return o;
}

static json_t *log_object(const fl_session_record *r)
{
    char hex[2 * FL_SHA256_SIZE + 1];
    json_t *o = json_object();
    json_object_set_new(o, "origin", text(r->origin));
    size_t first, last;
    json_object_set_new(o, "first_entry",
                        json_integer((json_int_t)fl_session_entry(r, r->first_index, &first)));
    json_object_set_new(o, "last_entry", json_integer((json_int_t)fl_session_entry(r, r->last_index, &last)));
    json_object_set_new(o, "first_log", json_integer((json_int_t)first));
    json_object_set_new(o, "log", json_integer((json_int_t)last));
    json_object_set_new(o, "missing_log",
                        fl_history_missing(&r->history) ? json_string(fl_history_missing(&r->history)->origin)
                                                        : json_null());
    json_object_set_new(o, "entry_sha256", json_string(fl_hex(r->entry_hash.byte, FL_SHA256_SIZE, hex)));
    json_object_set_new(o, "previous_sha256",
                        r->has_previous ? json_string(fl_hex(r->previous_hash.byte, FL_SHA256_SIZE, hex))
                                        : json_null());
    json_object_set_new(o, "checkpoint", text(r->checkpoint));
    return o;
}

static json_t *plan_object(const fl_session_record *r)
{
    const fl_plan *plan = r->options.plan;
    json_t *o = json_object();
    json_object_set_new(o, "sha256", text(r->plan));
    json_object_set_new(o, "plan_id", text(r->plan_id));
    json_object_set_new(o, "file_given", json_boolean(plan != NULL));
    if (!plan) return o;
    json_object_set_new(o, "rules_version", text(plan->rules.version));
    json_object_set_new(o, "goal", text(plan->goal));
    json_object_set_new(o, "skin_type", text(fl_skin_type_roman(plan->skin.type)));
    json_object_set_new(o, "form_total", number(plan->skin.form_total >= 0, (uint64_t)plan->skin.form_total));
    json_object_set_new(o, "ita_deg", real(plan->skin.ita_known, plan->skin.ita_deg, 1));
    json_object_set_new(o, "planned_as", text(fl_skin_type_roman(plan->skin.planned_as)));
    json_object_set_new(o, "sessions_low", number(plan->sessions.known, (uint64_t)plan->sessions.low));
    json_object_set_new(o, "sessions_likely", number(plan->sessions.known, (uint64_t)plan->sessions.likely));
    json_object_set_new(o, "sessions_high", number(plan->sessions.known, (uint64_t)plan->sessions.high));
    return o;
}

fl_status fl_session_record_json(const fl_session_record *r, FILE *out)
{
    json_t *o = json_object(), *intervals = json_array(), *zones = json_array(), *remarks = json_array();
    for (size_t i = 0; i < r->interval_count; i++)
        json_array_append_new(intervals, interval_object(r, &r->intervals[i]));
    for (size_t i = 0; i < r->zone_count; i++) {
        const fl_session_zone *z = &r->zones[i];
        json_t *zone = json_object();
        json_object_set_new(zone, "zone", text(z->id));
        json_object_set_new(zone, "purpose", purpose(z->purpose));
        json_object_set_new(zone, "planned", number(z->has_planned, z->planned));
        json_object_set_new(zone, "delivered", json_integer((json_int_t)z->delivered));
        json_object_set_new(zone, "unknown", json_integer((json_int_t)z->unknown));
        json_array_append_new(zones, zone);
    }
    for (size_t i = 0; i < r->remark_count; i++)
        json_array_append_new(remarks, remark_object(r, &r->remarks[i]));
    json_object_set_new(o, "session", json_integer((json_int_t)r->options.sid));
    json_object_set_new(o, "simulated", json_boolean(r->simulated));
    json_object_set_new(o, "by_hand", json_boolean(r->by_hand));
    json_object_set_new(o, "closed", json_boolean(r->closed));
    json_object_set_new(o, "interrupted", json_boolean(r->interrupted));
    json_object_set_new(o, "site", text(r->site));
    json_object_set_new(o, "device", text(r->dev));
    json_object_set_new(o, "laser", text(r->laser));
    json_object_set_new(o, "version", text(r->version));
    json_object_set_new(o, "profile", text(r->profile));
    json_object_set_new(o, "client", text(r->pat));
    json_object_set_new(o, "operator", text(r->who));
    json_object_set_new(o, "procedure", text(r->proc));
    json_object_set_new(o, "opened", instant(r, r->opened_us));
    json_object_set_new(o, "ended", instant(r, r->closed_us));
    json_object_set_new(o, "not_before", text(r->not_before));
    json_object_set_new(o, "energy_check", text(r->check));
    json_object_set_new(o, "plan", plan_object(r));
    json_object_set_new(o, "counter", counter_object(r));
    json_object_set_new(o, "zones", zones);
    json_object_set_new(o, "intervals", intervals);
    json_object_set_new(o, "remarks", remarks);
    json_object_set_new(o, "log", log_object(r));
    const int failed = fl_shown_json(o, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(o);
    return failed || fputc('\n', out) == EOF ? FL_E_IO : FL_OK;
}
