/* Reads: of test spots and of whole sessions. Which count, until when, and what they tell.
 *
 * A test spot is on file from its placing: read it from `from` to `by`, and the read counts until `expires`
 * and for this device only. Late is better than never: ink goes on fading, so a late read counts and is said.
 * An early one does not: it would call a good spot poor.
 */
#include "work.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>

#define CAUSES                                                                                               \
    "Look for the cause: ink family and colour against the wavelength, depth of the ink, spot size and "     \
    "window of "                                                                                             \
    "the handpiece, energy check, too short an interval. The start fluence is not raised for it."

const fl_interval_rule *fl_work_read_window(const fl_work *w)
{
    return fl_interval_for(w->rules->test.reads, w->rules->test.reads_count, w->skin.planned_as);
}

static bool is_past(const fl_work *w, fl_date date)
{
    return fl_date_is_set(date) && fl_date_compare(date, w->date) <= 0;
}

/* ---- test spots ---- */

/* Can this laser have made it? */
static bool is_possible(const fl_work *w, const fl_case_test *test)
{
    const fl_device_head *head = fl_device_head_at(w->in->device, test->wavelength);
    fl_head_limits limits;
    if (!head || !isfinite(test->spot.m) || !isfinite(test->fluence.J_m2))
        return true; /* nothing to compare */
    if (fl_device_head_limits(head, test->spot, &limits, NULL) != FL_OK) return true;
    return test->fluence.J_m2 <= FL_WORK_READING_TOLERANCE * limits.fluence_max.J_m2;
}

fl_work_spot fl_work_spot_of(const fl_work *w, const fl_case_test *test)
{
    fl_work_spot spot = {.state = FL_SPOT_NONE};
    const fl_interval_rule *window = fl_work_read_window(w);
    if (!window || !is_past(w, test->placed_on)) return spot;
    spot.from = fl_date_add_days(test->placed_on, window->min_days);
    spot.by = fl_date_add_days(test->placed_on, window->max_days);
    if (!is_past(w, test->read_on) || test->result <= FL_READ_OPEN) {
        spot.state = FL_SPOT_OPEN;
    } else if (fl_date_compare(test->read_on, spot.from) < 0) {
        spot.state = FL_SPOT_EARLY;
    } else {
        spot.late = fl_date_compare(test->read_on, spot.by) > 0;
        spot.expires = fl_date_add_days(test->read_on, w->rules->test.expires_days);
        spot.state = fl_date_compare(w->date, spot.expires) > 0 ? FL_SPOT_EXPIRED : FL_SPOT_COUNTS;
    }
    if (!fl_text_same(test->device, w->in->device->id))
        spot.state = FL_SPOT_FOREIGN;
    else if (isfinite(test->wavelength.m) && !is_possible(w, test))
        spot.state = FL_SPOT_IMPOSSIBLE;
    return spot;
}

static bool is_of(const fl_case_test *test, fl_wavelength wavelength, fl_length spot)
{
    return isfinite(test->wavelength.m) && fl_whole_nm(test->wavelength) == fl_whole_nm(wavelength) &&
           isfinite(test->spot.m) && fl_whole_um(test->spot) == fl_whole_um(spot);
}

static bool is_good(const fl_case_test *test)
{
    return test->result > FL_READ_OPEN && test->result != FL_READ_DARKER && test->skin_change != FL_YES &&
           test->hair_white != FL_YES;
}

/* "Same" is a number too: nothing went. */
static double cleared(const fl_case_test *test)
{
    if (isfinite(test->cleared_percent)) return test->cleared_percent / 100.0;
    return test->result == FL_READ_SAME ? 0.0 : NAN;
}

/* An expired or foreign read is no read; a darker one stays dark for ever, with any laser. */
fl_work_read fl_work_read_of(const fl_work *w, fl_wavelength wavelength, fl_length at)
{
    fl_work_read found = {.share = NAN};
    for (size_t i = 0; i < w->body->tests_count; i++) {
        const fl_case_test *test = &w->body->tests[i];
        if (!is_of(test, wavelength, at) || !is_past(w, test->placed_on)) continue;
        const bool read = is_past(w, test->read_on) && test->result > FL_READ_OPEN;
        if (read && test->result == FL_READ_DARKER) found.dark = true, found.id = test->id;
        if (read && (test->skin_change == FL_YES || test->hair_white == FL_YES)) {
            found.harmed = true;
            if (!found.dark) found.id = test->id;
        }
        const fl_work_spot spot = fl_work_spot_of(w, test);
        if (spot.state == FL_SPOT_OPEN) {
            found.open = true;
            found.open_from = fl_date_later(found.open_from, spot.from);
            found.open_by = spot.by;
        }
        if (spot.state != FL_SPOT_COUNTS || !isfinite(test->fluence.J_m2) || !is_good(test)) continue;
        found.passed = true;
        if (test->result == FL_READ_LIGHTER && test->fluence.J_m2 > found.lightened.J_m2)
            found.lightened = test->fluence;
        if (!(test->fluence.J_m2 > found.highest.J_m2)) continue;
        found.highest = test->fluence;
        found.share = cleared(test);
        if (!found.dark && !found.harmed) found.id = test->id;
    }
    if (found.dark || found.harmed) found.passed = false, found.lightened = (fl_fluence){0};
    return found;
}

/* ---- sessions ---- */

typedef enum session_read {
    NO_READ,
    READ_EARLY,
    READ_COUNTS,
} session_read;

static session_read read_of(const fl_work *w, const fl_case_earlier *earlier)
{
    const fl_interval_rule *window = fl_work_read_window(w);
    if (!window || !is_past(w, earlier->on) || !is_past(w, earlier->read_on)) return NO_READ;
    if (!isfinite(earlier->cleared_percent)) return NO_READ;
    const fl_date from = fl_date_add_days(earlier->on, window->min_days);
    return fl_date_compare(earlier->read_on, from) < 0 ? READ_EARLY : READ_COUNTS;
}

static bool is_low(const fl_work *w, const fl_case_earlier *earlier)
{
    return read_of(w, earlier) == READ_COUNTS && earlier->cleared_percent <= w->rules->fade.read_low_percent;
}

fl_fluence fl_work_low_at(const fl_work *w, fl_wavelength wavelength)
{
    fl_fluence least = {0};
    for (size_t i = 0; i < w->body->earlier_count; i++) {
        const fl_case_earlier *earlier = &w->body->earlier[i];
        if (!is_low(w, earlier) || !isfinite(earlier->fluence.J_m2)) continue;
        if (!isfinite(earlier->wavelength.m) || fl_whole_nm(earlier->wavelength) != fl_whole_nm(wavelength))
            continue;
        if (!(least.J_m2 > 0) || earlier->fluence.J_m2 < least.J_m2) least = earlier->fluence;
    }
    return least;
}

/* Every zone that may be treated was treated then. Otherwise the others still have all their ink. */
static bool was_whole(const fl_work *w, const fl_case_earlier *earlier)
{
    for (size_t i = 0; i < w->plan->zone_count; i++)
        if (!w->zones[i].shut && !fl_work_concerns(earlier, w->body->zones[i].id)) return false;
    return true;
}

static bool same_kind(const fl_work *w, const fl_case_earlier *earlier)
{
    if (w->plan->chosen < 0 || !isfinite(earlier->wavelength.m)) return true;
    return fl_whole_nm(earlier->wavelength) == fl_whole_nm(w->plan->settings[w->plan->chosen].wavelength);
}

/* The ink is counted from the first session that was read; what an unread one before it took, nobody knows.
 */
static fl_date counted_from(const fl_work *w)
{
    fl_date first = {0};
    for (size_t i = 0; i < w->body->earlier_count; i++) {
        const fl_case_earlier *earlier = &w->body->earlier[i];
        if (read_of(w, earlier) != READ_COUNTS || !was_whole(w, earlier)) continue;
        if (!fl_date_is_set(first) || fl_date_compare(earlier->on, first) < 0) first = earlier->on;
    }
    return first;
}

static fl_status feed_one(const fl_work *w, fl_fade *fade, const fl_case_earlier *earlier, fl_date first,
                          bool *used)
{
    const fl_fade_read read = {.share = earlier->cleared_percent / 100.0,
                               .noise = w->rules->fade.read_noise_percent / 100.0};
    *used = read_of(w, earlier) == READ_COUNTS;
    if (*used) {
        if (was_whole(w, earlier))
            return same_kind(w, earlier) ? fl_fade_session(fade, &read) : fl_fade_other(fade, &read);
        *used = same_kind(w, earlier);
        return *used ? fl_fade_spot(fade, &read) : FL_OK;
    }
    const bool after = fl_date_is_set(first) && is_past(w, earlier->on) &&
                       fl_date_compare(earlier->on, first) > 0 && was_whole(w, earlier);
    return after ? fl_fade_session(fade, NULL) : FL_OK;
}

int fl_work_feed(const fl_work *w, fl_fade *fade, char *said, size_t room)
{
    int reads = 0;
    fl_text text = fl_text_in(said, room);
    const fl_date first = counted_from(w);
    for (size_t i = 0; i < w->body->earlier_count; i++) {
        const fl_case_earlier *earlier = &w->body->earlier[i];
        bool used;
        const fl_status status = feed_one(w, fade, earlier, first, &used);
        FL_ASSERT(status == FL_OK); /* the tables keep shares and noise in range */
        if (!used) continue;
        fl_text_add(&text, "%ssession %s %.0f %%", reads ? ", " : "", earlier->id, earlier->cleared_percent);
        reads++;
    }
    if (w->plan->chosen < 0) return reads;
    const fl_plan_setting *s = &w->plan->settings[w->plan->chosen];
    const fl_work_read spot = fl_work_read_of(w, s->wavelength, s->spot);
    if (!spot.passed || !isfinite(spot.share)) return reads;
    const fl_fade_read read = {.share = spot.share, .noise = w->rules->fade.test_noise_percent / 100.0};
    const fl_status status = fl_fade_spot(fade, &read);
    FL_ASSERT(status == FL_OK);
    fl_text_add(&text, "%stest spot %s %.0f %%", reads ? ", " : "", spot.id, 100.0 * spot.share);
    return reads + 1;
}

/* ---- what is said ---- */

static void say_low(fl_work *w, const char *what, const char *id, double percent)
{
    fl_plan_reason *reason = fl_plan_say(w->plan, FL_RANK_CAUTION, "read-low", "%s %s cleared %.0f %%. %s",
                                         what, id, percent, CAUSES);
    snprintf(reason->change, sizeof reason->change,
             "The cause, found; a higher fluence only after test spots of its own.");
}

static void say_early(fl_work *w, const char *what, const char *id, fl_date read_on, fl_date from)
{
    char day[11], first[11];
    fl_plan_reason *reason =
        fl_plan_say(w->plan, FL_RANK_CAUTION, "read-early",
                    "%s %s was read on %s, before %s, and ink was still going: it does not count.", what, id,
                    fl_date_text(read_on, day), fl_date_text(from, first));
    snprintf(reason->change, sizeof reason->change, "Read it again.");
}

static void say_late(fl_work *w, const char *what, const char *id, fl_date read_on, fl_date by)
{
    char day[11], last[11];
    fl_plan_say(w->plan, FL_RANK_INFO, "read-late", "%s %s was read on %s, after %s. It counts.", what, id,
                fl_date_text(read_on, day), fl_date_text(by, last));
}

static void say_sessions(fl_work *w)
{
    const fl_interval_rule *window = fl_work_read_window(w);
    for (size_t i = 0; i < w->body->earlier_count; i++) {
        const fl_case_earlier *earlier = &w->body->earlier[i];
        const session_read read = read_of(w, earlier);
        if (read == NO_READ) continue;
        const fl_date by = fl_date_add_days(earlier->on, window->max_days);
        if (read == READ_EARLY)
            say_early(w, "Session", earlier->id, earlier->read_on,
                      fl_date_add_days(earlier->on, window->min_days));
        else if (fl_date_compare(earlier->read_on, by) > 0)
            say_late(w, "Session", earlier->id, earlier->read_on, by);
        if (is_low(w, earlier)) say_low(w, "Session", earlier->id, earlier->cleared_percent);
    }
}

static bool is_looked_at(const fl_work *w, const fl_case_test *test)
{
    for (size_t i = 0; i < w->plan->setting_count; i++)
        if (is_of(test, w->plan->settings[i].wavelength, w->plan->settings[i].spot)) return true;
    return false;
}

/* A read that had passed and no longer counts, where nothing newer does. */
static void say_gone(fl_work *w, const fl_case_test *test, const fl_work_spot *spot)
{
    char day[11];
    fl_plan_reason *reason;
    if (spot->state == FL_SPOT_EXPIRED)
        reason = fl_plan_say(w->plan, FL_RANK_CAUTION, "test-expired",
                             "Test spot %s no longer counts: its read held until %s.", test->id,
                             fl_date_text(spot->expires, day));
    else
        reason = fl_plan_say(w->plan, FL_RANK_CAUTION, "test-expired",
                             "Test spot %s does not count here: it was made with %s.", test->id,
                             test->device ? test->device : "a device nobody wrote down");
    snprintf(reason->change, sizeof reason->change, "A new test spot with this device, and its read.");
}

static void say_spots(fl_work *w)
{
    for (size_t i = 0; i < w->body->tests_count; i++) {
        const fl_case_test *test = &w->body->tests[i];
        if (!is_looked_at(w, test) || !is_good(test) || !is_past(w, test->read_on)) continue;
        const fl_work_spot spot = fl_work_spot_of(w, test);
        const fl_work_read all = fl_work_read_of(w, test->wavelength, test->spot);
        if (all.dark || all.harmed || (all.passed && spot.state != FL_SPOT_COUNTS)) continue;
        if (spot.state == FL_SPOT_EARLY)
            say_early(w, "Test spot", test->id, test->read_on, spot.from);
        else if (spot.state == FL_SPOT_COUNTS && spot.late)
            say_late(w, "Test spot", test->id, test->read_on, spot.by);
        else if (spot.state == FL_SPOT_EXPIRED || spot.state == FL_SPOT_FOREIGN)
            say_gone(w, test, &spot);
        else if (spot.state == FL_SPOT_IMPOSSIBLE)
            fl_plan_say(
                w->plan, FL_RANK_CAUTION, "record-impossible",
                "The record of test spot %s says %.2f J/cm2 with %.1f mm, more than this laser can make; it "
                "is not used.",
                test->id, fl_as_J_cm2(test->fluence), fl_as_mm(test->spot));
    }
    if (w->plan->chosen < 0) return;
    const fl_plan_setting *s = &w->plan->settings[w->plan->chosen];
    const fl_work_read read = fl_work_read_of(w, s->wavelength, s->spot);
    if (read.passed && 100.0 * read.share <= w->rules->fade.read_low_percent)
        say_low(w, "Test spot", read.id, 100.0 * read.share);
}

void fl_work_reads(fl_work *w)
{
    say_sessions(w);
    say_spots(w);
}
