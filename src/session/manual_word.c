/* A person's word for pulses that nobody planned or that no record explains: the operator's for a few, a
 * supervisor's beyond. They stay unexplained in the audit; what the word does is let the session go on. */
#include "manual_private.h"

#include <string.h>

#define WHY_MOST 200

static fl_status take_why(fl_manual *m, const char *why, fl_error *error)
{
    if (why[0] && strlen(why) <= WHY_MOST && fl_entry_takes(why)) return FL_OK;
    return manual_no(m, error, "reason-missing", "such as: explain calibration shots of the laser",
                     why[0] ? "this reason cannot be written down" : "a reason is needed");
}

static fl_status sign_over(fl_manual *m, const char *who, const char *why, fl_error *error)
{
    fl_entry *entry = manual_entry(m, FL_KIND_OVERRIDE);
    fl_entry_text(entry, "who", who);
    fl_entry_text(entry, "reason", "over-plan");
    fl_entry_text(entry, "text", why);
    const fl_status status = manual_post(m, error);
    if (status == FL_OK) m->over = FL_OVER_NOT;
    return status;
}

/* The counter is taken as it is. No pulse of it is anybody's: the audit shows it as unexplained. */
static fl_status sign_counter(fl_manual *m, const char *who, const char *code, const char *why,
                              fl_error *error)
{
    const bool ends_zone = m->open.open;
    const uint64_t now = ends_zone ? m->shown : m->counter;
    fl_entry *entry = &m->entries[0];
    fl_entry_begin(entry, FL_KIND_RECON);
    fl_entry_device(entry, m->setup.dev, m->setup.training);
    if (ends_zone || m->sid) fl_entry_count(entry, "sid", ends_zone ? m->open.sid : m->sid);
    fl_entry_count(entry, "ctr_was", m->counter);
    fl_entry_count(entry, "ctr_now", now);
    fl_entry_int(entry, "delivered", 0);
    fl_entry_int(entry, "man", 1);
    fl_entry_text(entry, "by", who);
    fl_entry_text(entry, "why", code);
    fl_entry_text(entry, "text", why);
    if (ends_zone) { /* nobody knows how many: the plan's count against the zone */
        const int left = m->open.planned - m->open.had;
        fl_entry_text(entry, "zone", m->open.zone);
        fl_entry_text(entry, "pu", m->open.test ? FL_PURPOSE_TEST : FL_PURPOSE_TREAT);
        fl_entry_int(entry, "possible", left > 0 ? left : 0);
    }
    const fl_status status = manual_post(m, error);
    if (status != FL_OK) return status;
    if (ends_zone) return m->target = (manual_target){0}, manual_load(m, error);
    m->mismatch = (fl_mismatch){0};
    return FL_OK;
}

fl_status fl_manual_explain(fl_manual *m, const char *why, fl_error *error)
{
    fl_manual_view view;
    manual_attend(m);
    fl_manual_look(m, &view);
    if (view.next == FL_NEXT_SIGN_IN)
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN", "nobody is signed in");
    if (view.next == FL_NEXT_SUPERVISOR)
        return manual_no(m, error, "supervisor-signs", MANUAL_SUPERVISOR_HINT,
                         "this is more than an operator may explain");
    if (view.next != FL_NEXT_EXPLAIN)
        return manual_no(m, error, "nothing-to-sign", "", "nothing waits for a reason");
    const fl_status status = take_why(m, why, error);
    if (status != FL_OK) return status;
    return m->mismatch.open ? sign_counter(m, m->who, "explained", why, error)
                            : sign_over(m, m->who, why, error);
}

fl_status fl_manual_reconcile(fl_manual *m, const char *who, const char *pin, const char *why,
                              fl_error *error)
{
    manual_attend(m);
    fl_status status = manual_check_person(m, who, pin, FL_ROLE_SUPERVISOR, error);
    if (status != FL_OK) return status;
    if (!m->mismatch.open && m->over == FL_OVER_NOT)
        return manual_no(m, error, "nothing-to-sign", "", "nothing waits for a supervisor");
    status = take_why(m, why, error);
    if (status != FL_OK) return status;
    if (m->mismatch.open && m->open.open && !m->shown_known)
        return manual_no(m, error, "counter-mismatch", "read the shot counter and type: after COUNTER",
                         "what the laser shows now has to be typed in first");
    if (m->mismatch.open) status = sign_counter(m, who, "counter-mismatch", why, error);
    if (status == FL_OK && m->over != FL_OVER_NOT) status = sign_over(m, who, why, error);
    return status;
}
