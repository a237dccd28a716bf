/* What a person saw that no machine sees: how the client was at the end, and a near miss. Both are entries,
 * no more: nothing is decided by them, but a near miss while armed also stands down. */
#include "conduct_private.h"

#include "fadeline/session/said.h"

#include <string.h>

void conduct_note(fl_conduct *c, const fl_face_order *order)
{
    fl_said said;
    fl_error error = {0};
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (conduct_calibrates(c))
        return conduct_no(c, order, "calibration-only",
                          "this session checks the laser in its calibration port",
                          "end it; treat with: fadeline run");
    if (!c->sid)
        return conduct_no(c, order, "no-session", "no session is open, so this belongs to none",
                          "wait for the laser, or afterwards: fadeline record note --sid N");
    if (fl_said_read(order->about, order->text, &said, &error) != FL_OK)
        return conduct_no(c, order, error.code, error.what, error.hint);
    fl_entry *entry = conduct_entry(c, FL_KIND_NOTE);
    fl_entry_text(entry, "who", c->who);
    fl_said_put(&said, entry);
    conduct_post(c);
    conduct_yes(c, order, "noted");
}

void conduct_near_miss(fl_conduct *c, const fl_face_order *order)
{
    const char *what = fl_near_miss_find(order->text);
    uint64_t shown = 0;
    char text[100];
    if (!c->who[0]) return conduct_no(c, order, "not-signed-in", "nobody is signed in", "sign in first");
    if (!what)
        return conduct_no(c, order, "near-miss-unknown", "this is none of the four near misses",
                          "wrong-spot, eyewear, zone or other; say more with: fadeline record near-miss");
    if (fl_mode_is_armed(c->mode)) c->cmd = FL_CMD_STANDBY; /* what nearly went wrong may go wrong again */
    const bool read = conduct_read_counter(c, &shown);
    if (!read && c->books.known) shown = conduct_held(c);
    fl_entry *entry = conduct_entry(c, FL_KIND_NEAR_MISS);
    fl_entry_text(entry, "what", what);
    fl_entry_text(entry, "who", c->who);
    conduct_screen(entry, order);
    if (read || c->books.known) fl_entry_count(entry, "ctr", shown);
    if (!conduct_calibrates(c)) {
        fl_entry_text(entry, "pat", c->setup.plan->client);
        if (c->target.kind != TARGET_NONE) fl_entry_text(entry, "zone", c->target.name);
    }
    conduct_post(c);
    snprintf(text, sizeof text, "near miss noted: %s", what);
    conduct_yes(c, order, text);
}
