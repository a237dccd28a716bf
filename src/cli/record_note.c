/* record note: what should have been said at the end of a session, afterwards. The same words as the order
 * `note` of a live session (fadeline/session/said.h), for a session of this client. */
#include "record.h"

#include "fadeline/base/text.h"
#include "fadeline/session/said.h"

#include <stdio.h>

/* A session that there was, and not one in which nobody was treated. */
static fl_status put_visit(recording *r, fl_error *error)
{
    uint64_t sid;
    const char *given = fl_args_value(r->act.args, "sid");
    const fl_visit *visit = NULL;
    if (fl_read_u64(given, &sid) == FL_OK) visit = fl_visits_find(&r->act.care.visits, sid);
    if (!visit) {
        fl_error_set(error, FL_E_NO, "there was no session '%s'", given);
        return fl_error_hint(error, "fadeline journal show --kind session.open"), FL_E_NO;
    }
    if (!visit->pat[0]) return fl_error_set(error, FL_E_NO, "session %s was of nobody", given);
    r->pat = visit->pat;
    fl_entry_count(&r->entry, "sid", sid);
    fl_entry_text(&r->entry, "pat", r->pat);
    return FL_OK;
}

fl_status record_note_fill(recording *r, fl_error *error)
{
    fl_said said;
    const char *what = fl_args_value(r->act.args, "what"), *words = fl_args_value(r->act.args, "said");
    fl_status status = put_visit(r, error);
    if (status == FL_OK) status = fl_said_read(what, words, &said, error);
    if (status == FL_OK) status = act_sentence(&r->act, "said", words, r->pat, error);
    if (status != FL_OK) return status;
    fl_said_put(&said, &r->entry);
    snprintf(r->said, sizeof r->said, "%s of session %s (%s): %.100s", said.about,
             fl_args_value(r->act.args, "sid"), r->pat, said.text[0] ? said.text : words);
    return FL_OK;
}
