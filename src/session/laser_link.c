#include "laser_link.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"
#include "fadeline/link/laser.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fl_laser_link {
    fl_laser laser;
    fl_laser_look look; /* of the newest tick */
    char why[LASER_LINK_WHY];
    fl_carrier own;          /* of open */
    fl_dialect *own_dialect; /* of open */
    fl_carrier *carrier;
    const fl_dialect *dialect;
    const fl_clock *clock;
    const char *identity; /* what the device file calls it */
    bool aimed, again, counter_fell;
    double asked[FL_LASER_SETTINGS_MOST]; /* by the plan; NaN: it says nothing of this one, */
    double found[FL_LASER_SETTINGS_MOST]; /* and then what it had; NaN: not read yet */
    double moved_to;
    const char *moved; /* quantity of a found one that moved; NULL: none */
    uint64_t counted;  /* the most it ever showed */
};

FL_PRINTF(2, 3) static void because(fl_laser_link *link, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(link->why, sizeof link->why, format, arguments);
    va_end(arguments);
}

static const fl_dialect_laser *roles(const fl_laser_link *link)
{
    return &link->dialect->laser;
}

/* ---- what the plan asks ---- */

/* NaN: a plan says nothing of it. Energy and spot are the gate's to prove, by its sensors; a pump setting is
 * no energy. */
static double asked_of(double rate_Hz, const char *quantity)
{
    return fl_text_same(quantity, "rate_Hz") ? rate_Hz : NAN;
}

/* In the states that take it; in others it is said after the next beginning. */
static void say_wishes(fl_laser_link *link)
{
    const fl_laser_phase phase = link->laser.status.phase;
    if (phase != FL_LASER_GREETING && phase != FL_LASER_OPENING && phase != FL_LASER_UP) return;
    for (size_t i = 0; i < link->laser.settings_count; i++) {
        const fl_laser_setting *s = &link->laser.settings[i];
        const bool is_so = s->state == FL_LASER_VERIFIED && s->wanted == link->asked[i];
        if (isnan(link->asked[i]) || is_so) continue;
        const fl_status status = fl_laser_set(&link->laser, s->what->quantity, link->asked[i], NULL);
        FL_ASSERT(status == FL_OK); /* its limits were looked at, and the dialect is whole */
    }
}

static void judge(fl_laser_link *link);

/* Anew, as if it had just been plugged in: whatever was read before is not known. */
static void begin(fl_laser_link *link)
{
    fl_laser_init(&link->laser, link->carrier, link->dialect, link->clock);
    fl_laser_expect(&link->laser, link->identity);
    fl_laser_read_all(&link->laser);
    fl_laser_hold(&link->laser, true);
    link->again = false;
    if (link->aimed) say_wishes(link);
    judge(link);
}

static fl_status check_age(const fl_laser_link *link, fl_error *error)
{
    const long long oldest_ms = fl_laser_oldest_ms(&link->laser);
    if (oldest_ms <= LASER_LINK_OLDEST_MS) return FL_OK;
    fl_error_set(error, FL_E_DEVICE, "a status over %s may be %lld ms old, a session takes %d ms",
                 link->dialect->id, oldest_ms, LASER_LINK_OLDEST_MS);
    fl_error_code(error, "laser-too-slow");
    return fl_error_hint(error, "such a laser can be watched: fadeline devices ask"), FL_E_DEVICE;
}

fl_status fl_laser_link_new(fl_carrier *carrier, const fl_dialect *dialect, const char *identity,
                            const fl_clock *clock, fl_laser_link **made, fl_error *error)
{
    FL_ASSERT(carrier && dialect && identity && clock && made);
    *made = NULL;
    if (dialect->serves != FL_SERVES_LASER || !fl_dialect_is_whole(dialect)) {
        fl_error_set(error, FL_E_DEVICE, "what speaks %s may only be watched", dialect->id);
        fl_error_code(error, "laser-only-watched");
        return fl_error_hint(error, "its dialect has no word to know, to judge or to stop it"), FL_E_DEVICE;
    }
    fl_laser_link *link = malloc(sizeof *link);
    if (!link) return fl_error_set(error, FL_E_MEMORY, "no memory for the laser's line");
    explicit_bzero(link, sizeof *link); /* touches every page before the first tick */
    link->carrier = carrier;
    link->dialect = dialect;
    link->clock = clock;
    link->identity = identity;
    for (size_t i = 0; i < FL_LASER_SETTINGS_MOST; i++) link->asked[i] = link->found[i] = NAN;
    begin(link);
    const fl_status status = check_age(link, error);
    if (status != FL_OK) return free(link), status;
    return *made = link, FL_OK;
}

/* A simulated laser belongs to a pseudo-terminal, a real one to a real line: what opens the line knows which
 * it is, and the laser must say so (fl_laser). Here the device file must. */
static fl_status check_line(const fl_carrier *carrier, const fl_device *device, fl_error *error)
{
    if (carrier->simulated_only == fl_device_is_simulated(device)) return FL_OK;
    fl_error_set(error, FL_E_DEVICE,
                 carrier->simulated_only
                     ? "%s is no simulated laser, but its port is one for simulated lasers"
                     : "%s is a simulated laser, but its port is one for real lasers",
                 device->id);
    fl_error_code(error, "sim-and-real");
    return FL_E_DEVICE;
}

static fl_status open_own(fl_laser_link *link, const char *port, const fl_device *device, int priority,
                          fl_error *error)
{
    const fl_dialect_line *line = &link->dialect->line;
    const int baud = device->link.baud > 0 ? device->link.baud : line->baud;
    const fl_carrier_options how = {.baud = baud > 0 ? (unsigned)baud : 0,
                                    .other_words = true,
                                    .stop_bits = (unsigned)line->stop_bits,
                                    .priority = priority};
    fl_status status = fl_carrier_open(port, &how, &link->own, error);
    if (status == FL_OK) status = check_line(&link->own, device, error);
    if (status == FL_OK) begin(link); /* of a line that is there */
    return status;
}

fl_status fl_laser_link_open(const char *port, const fl_device *device, int priority, const fl_clock *clock,
                             fl_laser_link **made, fl_error *error)
{
    fl_dialect *dialect = NULL;
    fl_carrier none = {.fd = -1};
    fl_laser_link *link = NULL;
    *made = NULL;
    fl_status status = fl_dialect_load(device->link.dialect, &dialect, error);
    if (status == FL_OK)
        status = fl_laser_link_new(&none, dialect, device->link.identity, clock, &link, error);
    if (status != FL_OK) return fl_dialect_free(dialect), status;
    link->own_dialect = dialect;
    link->own = none;
    link->carrier = &link->own;
    status = open_own(link, port, device, priority, error);
    if (status != FL_OK) return fl_laser_link_free(link), status;
    return *made = link, FL_OK;
}

void fl_laser_link_free(fl_laser_link *link)
{
    if (!link) return;
    fl_carrier_close(&link->own);
    fl_dialect_free(link->own_dialect);
    free(link);
}

fl_status fl_laser_link_aim(fl_laser_link *link, double rate_Hz, fl_error *error)
{
    double asked[FL_LASER_SETTINGS_MOST];
    for (size_t i = 0; i < roles(link)->settings_count; i++) {
        const fl_dialect_setting *what = &roles(link)->settings[i];
        char out[FL_WORD_ROOM];
        asked[i] = asked_of(rate_Hz, what->quantity);
        if (isnan(asked[i])) continue;
        if (!fl_word_compose(link->dialect, fl_dialect_word(link->dialect, what->set), asked[i], out, error))
            return FL_E_RANGE;
    }
    for (size_t i = 0; i < roles(link)->settings_count; i++) {
        link->asked[i] = asked[i];
        link->found[i] = NAN;
        if (isnan(asked[i])) link->laser.settings[i].asked = (fl_instant){0}; /* it is read from now on */
    }
    link->moved = NULL;
    link->aimed = true;
    const fl_laser_phase phase = link->laser.status.phase;
    if (phase == FL_LASER_STOPPED || phase == FL_LASER_REJECTED) link->again = true; /* a person has looked */
    say_wishes(link);
    judge(link);
    return FL_OK;
}

/* ---- what it says ---- */

/* It begins anew for every session, so a counter that falls is remembered here. */
static void watch_counter(fl_laser_link *link)
{
    const fl_laser_status *s = &link->laser.status;
    if (!s->has_counter) return;
    if (s->counter < link->counted) link->counter_fell = true;
    if (s->counter > link->counted) link->counted = s->counter;
}

static bool was_read(const fl_laser_link *link, size_t i)
{
    const fl_laser_setting *s = &link->laser.settings[i];
    return s->asked.us > 0 && !isnan(s->read) && fl_laser_is_fresh(&link->laser, s->asked);
}

static void watch_found(fl_laser_link *link)
{
    for (size_t i = 0; i < link->laser.settings_count; i++) {
        const fl_laser_setting *s = &link->laser.settings[i];
        if (!link->aimed || !isnan(link->asked[i]) || !was_read(link, i)) continue;
        if (isnan(link->found[i]) && link->laser.status.phase == FL_LASER_UP) link->found[i] = s->read;
        if (isnan(link->found[i]) || fabs(s->read - link->found[i]) <= s->what->tolerance) continue;
        link->moved = s->what->quantity;
        link->moved_to = s->read;
    }
}

/* Every one that nobody asked for is known, now, and where it was. */
static bool found_are_good(fl_laser_link *link)
{
    if (link->moved) {
        because(link, "somebody changed %s: it is %.6g now", link->moved, link->moved_to);
        return false;
    }
    for (size_t i = 0; i < link->laser.settings_count; i++) {
        if (!isnan(link->asked[i]) || (!isnan(link->found[i]) && was_read(link, i))) continue;
        because(link, "%s is not read", link->laser.settings[i].what->quantity);
        return false;
    }
    return true;
}

/* The file's own word for the device, and the dialect's word for its kind: the laser object knows only the
 * first. */
static bool is_of_its_kind(const fl_laser_link *link)
{
    const char *kind = roles(link)->identity_holds;
    return !kind || strstr(link->laser.status.identity, kind);
}

static fl_laser_stand stand_of(fl_laser_phase phase)
{
    switch (phase) {
    case FL_LASER_GREETING:
    case FL_LASER_OPENING: return LASER_BEGINS;
    case FL_LASER_UP:
    case FL_LASER_WATCHED: return LASER_IS_UP;
    case FL_LASER_STOPPED: return LASER_STOPPED;
    case FL_LASER_REJECTED: return LASER_IS_OTHER;
    case FL_LASER_GONE: break;
    }
    return LASER_IS_GONE;
}

static bool is_healthy(fl_laser_link *link)
{
    const fl_laser_status *s = &link->laser.status;
    because(link, "%s", s->why);
    if (!s->healthy) return false;
    if (!is_of_its_kind(link))
        because(link, "another device answers: %s", s->identity);
    else if (link->counter_fell)
        because(link, "its counter went back");
    else
        return true;
    return false;
}

static bool is_set(fl_laser_link *link)
{
    if (link->aimed) return link->laser.status.good && found_are_good(link);
    because(link, "no zone and no test spot is chosen");
    return false;
}

static void judge(fl_laser_link *link)
{
    const fl_laser_status *s = &link->laser.status;
    fl_laser_look *look = &link->look;
    look->healthy = is_healthy(link);
    look->set = look->healthy && is_set(link);
    if (look->set) link->why[0] = 0;
    look->stand = fl_carrier_is_gone(link->carrier) ? LASER_IS_GONE : stand_of(s->phase);
    look->heard = s->link;
    look->why = link->why;
    look->identity = s->identity;
    look->dialect = link->dialect->id;
    look->counts = roles(link)->counter != NULL;
    look->has_counter = s->has_counter;
    look->counter = s->counter;
}

/* ---- time ---- */

/* Whoever was told to stop begins anew only when everything it says was asked for after that, and none of it
 * says light. */
static void begin_again(fl_laser_link *link)
{
    const fl_laser_phase phase = link->laser.status.phase;
    if (!link->again) return;
    if (phase == FL_LASER_REJECTED) return begin(link);
    if (phase != FL_LASER_STOPPED || !fl_laser_is_seen_stopped(&link->laser)) return;
    if (!link->laser.status.light) return begin(link);
    because(link, "it was told to stop, and what it says is not that it did");
}

void fl_laser_link_tick(fl_laser_link *link, bool gate_is_shut)
{
    fl_laser_hold(&link->laser, !gate_is_shut);
    fl_laser_tick(&link->laser);
    watch_counter(link);
    watch_found(link);
    judge(link);
    if (gate_is_shut) begin_again(link);
    link->look.ticks++;
}

void fl_laser_link_stop(fl_laser_link *link, const char *why)
{
    const fl_laser_phase phase = link->laser.status.phase;
    if (phase == FL_LASER_STOPPED || phase == FL_LASER_REJECTED) return; /* by itself: a person looks first */
    char reason[LASER_LINK_WHY]; /* what was bad says more than that we stopped */
    snprintf(reason, sizeof reason, "%s", link->why[0] ? link->why : why);
    fl_laser_stop(&link->laser, reason);
    link->again = true;
    fl_laser_tick(&link->laser); /* the first word leaves now */
    judge(link);
}

void fl_laser_link_leave(fl_laser_link *link)
{
    fl_laser_leave(&link->laser);
    link->again = false;
    judge(link);
}

const fl_laser_look *fl_laser_link_look(const fl_laser_link *link)
{
    return &link->look;
}

bool fl_laser_link_counter(const fl_laser_link *link, fl_instant since, uint64_t *shots)
{
    const fl_laser *laser = &link->laser;
    if (!laser->status.has_counter || laser->counter_asked.us < since.us) return false;
    *shots = laser->status.counter;
    return true;
}
