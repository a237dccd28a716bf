/* A check by hand: a person sets the laser and a foot fires it; the meter is read live. The counter is
 * written down before any light, and the check is begun on record, so pulses of one that is broken off are in
 * the record as pulses nobody explained, and the head is locked. */
#include "energy_check.h"

#include "ask.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/session/people.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static fl_status sign_in(checking *c, unsigned wrong, fl_duration ago, fl_error *error)
{
    char home[FL_PLACE_MAX], pin[FL_PIN_MOST + 2];
    fl_people *people;
    fl_people_guard guard = {0};
    const fl_instant now = c->clock.now(c->clock.self);
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    fl_people_resume(&guard, wrong, ago, now);
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    if (ask_pin(pin))
        answer = fl_people_check_any(people, &guard, c->clock.now(c->clock.self), c->who, pin, FL_ROLES_CHECK,
                                     c->today);
    explicit_bzero(pin, sizeof pin);
    fl_people_free(people);
    static fl_entry entry;
    fl_entry_begin(&entry, answer == FL_PEOPLE_YES ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    fl_entry_text(&entry, "who", c->who);
    if (answer != FL_PEOPLE_YES) fl_entry_text(&entry, "why", fl_people_answer_code(answer));
    status = fl_journal_append(c->journal, &entry, 1, error);
    if (status != FL_OK || answer == FL_PEOPLE_YES) return status;
    fl_error_set(error, FL_E_NO, "%s", fl_people_answer_text(answer));
    return fl_error_code(error, fl_people_answer_code(answer)), FL_E_NO;
}

/* A laser in the middle of a session is not checked beside it. */
static fl_status write_counter(checking *c, fl_error *error)
{
    fl_counter_state state;
    if (fl_journal_counter(c->journal, c->dev, &state) && (state.outstanding || state.in_session)) {
        fl_error_set(error, FL_E_NO, "a session with this laser is not closed");
        return fl_error_hint(error, "close it, or let `fadeline run` settle what it left open"), FL_E_NO;
    }
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_count(&entry, "ctr", c->before);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* What the laser shows now. Nobody answering is an answer too: the check is void, and its pulses stay
 * unexplained, for what a meter saw is no reading of a counter. */
static void ask_after(checking *c)
{
    char line[64];
    while (!c->has_after && ask_line("shot counter now", line, sizeof line) && *line) {
        uint64_t value;
        c->has_after = fl_read_u64(line, &value) == FL_OK && value >= c->before && value <= FL_ENTRY_INT_MAX;
        if (c->has_after)
            c->after = value;
        else
            fprintf(stderr, "a whole number, and not below %llu\n", c->before);
    }
    double mJ;
    while (isnan(c->laser_mJ) && isatty(STDIN_FILENO) &&
           ask_line("what the laser measured, mean in mJ (nothing: it does not say)", line, sizeof line) &&
           *line)
        if (fl_read_double(line, &mJ) == FL_OK && mJ > 0) c->laser_mJ = mJ;
}

static fl_status measure(checking *c, fl_error *error)
{
    fl_error stopped = {0};
    fl_status status = energy_meter_ready(&c->meter, c->stop, error);
    if (status == FL_OK) status = energy_mark(c, FL_ENERGY_BEGUN, error);
    if (status != FL_OK) return status;
    fprintf(stderr,
            "%sthe meter is ready: %s\nset %g mJ, dock the handpiece at the meter, fire %llu pulses\n",
            c->simulated ? "SIMULATED " : "", c->meter.meter.status.identity, c->set_mJ, c->wanted);
    status =
        energy_meter_collect(&c->meter, (size_t)c->wanted, c->patience_s, energy_seen, c, c->stop, &stopped);
    const bool proven = status == FL_OK && energy_meter_prove(&c->meter, &stopped);
    if (stopped.what[0]) fprintf(stderr, "%s\n", stopped.what);
    ask_after(c);
    return energy_conclude(c, proven, error);
}

fl_status energy_by_hand(checking *c, fl_error *error)
{
    unsigned wrong = 0;
    fl_duration ago = {0};
    /* The meter first: one that does not belong here leaves no trace in a clinic's record. */
    fl_status status = energy_open_meter(c, error);
    if (status == FL_OK) status = energy_open_journal(c, &wrong, &ago, error);
    if (status == FL_OK) status = sign_in(c, wrong, ago, error);
    if (status == FL_OK) status = write_counter(c, error);
    return status == FL_OK ? measure(c, error) : status;
}
