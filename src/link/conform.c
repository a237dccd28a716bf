/* The running of the conformance script: which checks, in which order, how often, and what is told of them.
 */
#include "conform_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"
#include "fadeline/link/probe.h"

#include <stdio.h>
#include <string.h>

/* What needs nothing first, then arming, then light: a device that fails early is not asked for a pulse late.
 */
static const fl_conform_check *const groups[] = {conform_words, conform_frames, conform_states,
                                                 conform_grants, conform_memory};

const char *fl_conform_class_name(fl_conform_class class)
{
    static const char *const names[] = {"dark", "armed", "light"};
    return class <= FL_CONFORM_LIGHT ? names[class] : "?";
}

const char *fl_conform_result_name(fl_conform_result result)
{
    static const char *const names[] = {"ok", "failed", "skipped"};
    return result <= FL_CONFORM_SKIPPED ? names[result] : "?";
}

const char *fl_conform_event_text(fl_conform_event event)
{
    switch (event) {
#define X(name, text)                                                                                        \
    case FL_CONFORM_##name: return text;
        FL_CONFORM_EVENT_LIST(X)
#undef X
    case FL_CONFORM_EVENTS: break;
    }
    return "?";
}

const fl_conform_check *fl_conform_at(size_t index)
{
    for (int class = FL_CONFORM_DARK; class <= FL_CONFORM_LIGHT; class ++)
        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
            for (const fl_conform_check *check = groups[i]; check->name; check++)
                if (check->class == (fl_conform_class) class && index-- == 0) return check;
    return NULL;
}

const fl_conform_check *fl_conform_find(const char *name)
{
    const fl_conform_check *check;
    for (size_t i = 0; (check = fl_conform_at(i)) != NULL; i++)
        if (fl_text_same(check->name, name)) return check;
    return NULL;
}

/* ---- one check ---- */

static bool can_all(const conform *c, uint32_t events, fl_conform_event *missing)
{
    const fl_conform_room *room = c->options->room;
    for (int event = 0; event < FL_CONFORM_EVENTS; event++)
        if (events >> event & 1 && (!room || !room->can(room->self, (fl_conform_event)event))) {
            *missing = (fl_conform_event)event;
            return false;
        }
    return true;
}

static void skip_what_cannot_be(conform *c)
{
    const fl_conform_check *check = c->outcome.check;
    fl_conform_event missing;
    if (check->class > c->options->up_to)
        conform_skip(c, "it is of class %s, and that was not allowed", fl_conform_class_name(check->class));
    else if (!can_all(c, check->events, &missing))
        conform_skip(c, "nobody is there to %s", fl_conform_event_text(missing));
    else if (check->cap & ~c->hello.value[FL_KEY_cap])
        conform_skip(c, "the laser has not got it: cap=%02X", (unsigned)c->hello.value[FL_KEY_cap]);
}

static void begin(conform *c)
{
    c->outcome.result = FL_CONFORM_OK;
    c->outcome.expected[0] = c->outcome.got[0] = c->outcome.why[0] = 0;
    c->outcome.said_count = c->outcome.said_before = 0;
    c->over = c->late = c->grave = c->wants_open = c->may_go = false;
    c->offered = 0;
    c->last_now =
        c->line->now(c->line->self); /* whoever was told of the check before may have taken its time */
}

static void try_once(conform *c)
{
    begin(c);
    if (c->outcome.check->spoils && c->spoiled) {
        conform_wait_until(c, fl_after(c->spoiled_at, fl_ms(SECOND_MS)));
        c->spoiled = false;
    }
    c->outcome.check->run(c);
    if (conform_goes(c)) conform_wait(c, 0); /* nothing more may have come */
}

static void run_check(conform *c, const fl_conform_check *check)
{
    const fl_conform_options *options = c->options;
    c->outcome = (fl_conform_outcome){.check = check, .said = c->said};
    if (options->begins) options->begins(options->self, check);
    begin(c);
    c->outcome.began = conform_now(c);
    skip_what_cannot_be(c);
    for (bool again = conform_goes(c); again;) {
        c->outcome.tries++;
        try_once(c);
        const bool failed = c->outcome.result == FL_CONFORM_FAILED;
        again = failed && c->late && !c->grave && c->outcome.tries < FL_CONFORM_TRIES && c->status == FL_OK;
        if (c->status == FL_OK) conform_restore(c, failed);
        if (c->outcome.result != FL_CONFORM_OK) c->in_session = c->committed = c->has_stat = false;
    }
    c->outcome.took = fl_since(conform_now(c), c->outcome.began);
    fl_conform_report *report = c->report;
    if (c->status != FL_OK) return;
    report->ok += c->outcome.result == FL_CONFORM_OK;
    report->failed += c->outcome.result == FL_CONFORM_FAILED;
    report->skipped += c->outcome.result == FL_CONFORM_SKIPPED;
    if (options->told) options->told(options->self, &c->outcome);
}

/* ---- the whole ---- */

static bool meet(conform *c, fl_error *error)
{
    fl_link_identity who;
    c->outcome = (fl_conform_outcome){.said = c->said};
    begin(c);
    c->waits_identity = c->may_go = true; /* what was on the line before is nobody's fault */
    conform_write(c, "\n!\n*IDN?\n", 9);
    conform_listen(c, 0, 0, 4 * ANSWER_MS);
    c->waits_identity = c->may_go = false;
    if (c->gone) conform_broken(c, FL_E_GONE);
    if (!conform_goes(c)) return false;
    if (!c->heard_size || fl_link_identity_read(c->heard, c->heard_size, &who) != FL_OK ||
        strlen(who.identity) > FL_MESSAGE_TEXT_MAX) {
        fl_error_set(error, FL_E_TIMEOUT, "nobody answers *IDN? with maker,model,identity,version");
        fl_error_hint(error, "is the laser on, and does it speak the grant link GL1?");
        conform_broken(c, FL_E_TIMEOUT);
        return false;
    }
    fl_conform_report *report = c->report;
    memcpy(report->maker, who.maker, sizeof report->maker);
    memcpy(report->model, who.model, sizeof report->model);
    memcpy(report->identity, who.identity, sizeof report->identity);
    memcpy(report->version, who.version, sizeof report->version);
    report->simulated = who.simulated;
    snprintf(c->identity, sizeof c->identity, "%.*s", FL_MESSAGE_TEXT_MAX, who.identity);
    if (c->options->identity && strcmp(c->options->identity, who.identity) != 0) {
        fl_error_set(error, FL_E_DEVICE, "the laser there is '%s', not '%s'", who.identity,
                     c->options->identity);
        conform_broken(c, FL_E_DEVICE);
    }
    /* cap decides which checks apply, k and ln where counting begins. A device that does not get that far
     * fails its first checks, which say how. */
    conform_hello(c);
    conform_poll(c, false);
    conform_get(c);
    return c->status == FL_OK;
}

static void say_goodbye(conform *c)
{
    if (c->status == FL_OK) {
        begin(c);
        conform_restore(c, true);
    }
    if (c->gone || c->status == FL_E_GONE) return;
    if (c->line->write(c->line->self, "\n!\n", 3) != FL_OK) conform_broken(c, FL_E_GONE);
}

/* Large, and only one at a time. */
static conform running;

fl_status fl_conform_run(const fl_conform_options *options, const fl_conform_line *line,
                         fl_conform_report *report, fl_error *error)
{
    FL_ASSERT(options && line && report);
    conform *c = &running;
    *c = (conform){.options = options, .line = line, .report = report};
    *report = (fl_conform_report){.simulated = false};
    if (fl_random_secret(&c->number, sizeof c->number) != FL_OK)
        return fl_error_set(error, FL_E_IO, "no random numbers");
    c->number &= 0x7FFFFFFF; /* numbers may pass FFFFFFFF within a session; that is another check */
    const fl_conform_check *check;
    if (meet(c, error))
        for (size_t i = 0; (check = fl_conform_at(i)) != NULL && c->status == FL_OK; i++)
            if (!options->wanted || options->wanted(options->self, check)) run_check(c, check);
    say_goodbye(c);
    if (c->status == FL_E_GONE) {
        fl_error_set(error, FL_E_GONE, "the line was lost%s%s", c->outcome.check ? " in " : "",
                     c->outcome.check ? c->outcome.check->name : "");
        fl_error_hint(error, "whether the laser still is armed is not known: look at it");
    }
    if (c->status == FL_E_INTERRUPTED)
        fl_error_set(error, FL_E_INTERRUPTED, "stopped; the laser was told to be SAFE");
    else if (c->status != FL_OK && c->status != FL_E_GONE && error && error->status == FL_OK)
        fl_error_set(error, c->status, "%s", fl_status_text(c->status));
    return c->status;
}
