/* What a person saw that no counter says, in a session by hand: how the client was at the end, and a near
 * miss. */
#include "manual_private.h"

#include "fadeline/session/said.h"

fl_status fl_manual_note(fl_manual *m, const char *about, const char *said, fl_error *error)
{
    fl_said read;
    manual_attend(m);
    if (!m->who[0])
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN", "nobody is signed in");
    if (!m->sid)
        return manual_no(m, error, "no-session", "it opens with the first counter: before COUNTER",
                         "no session is open, so this belongs to none");
    if (fl_said_read(about, said, &read, error) != FL_OK) return manual_refused(m, error);
    fl_entry *entry = manual_entry(m, FL_KIND_NOTE);
    fl_entry_text(entry, "who", m->who);
    fl_said_put(&read, entry);
    return manual_post(m, error);
}

fl_status fl_manual_near_miss(fl_manual *m, const char *what, fl_error *error)
{
    const char *word = fl_near_miss_find(what);
    manual_attend(m);
    if (!m->who[0])
        return manual_no(m, error, "not-signed-in", "type: sign-in WHO PIN", "nobody is signed in");
    if (!word)
        return manual_no(m, error, "near-miss-unknown",
                         "wrong-spot, eyewear, zone or other; say more with: fadeline record near-miss",
                         "this is none of the four near misses");
    fl_entry *entry = manual_entry(m, FL_KIND_NEAR_MISS);
    fl_entry_text(entry, "what", word);
    fl_entry_text(entry, "who", m->who);
    if (m->known) fl_entry_count(entry, "ctr", m->counter);
    fl_entry_text(entry, "pat", m->setup.plan->client);
    if (m->open.open || m->target.chosen)
        fl_entry_text(entry, "zone", m->open.open ? m->open.zone : m->target.name);
    const fl_status status = manual_post(m, error);
    if (status == FL_OK) m->stopped = true;
    if (status == FL_OK)
        manual_say(m, "note", "near-miss", m->open.open ? "then read the shot counter: after COUNTER" : "",
                   "near miss noted: %s; foot off, laser to STANDBY", word);
    return status;
}
