/* Running a script: causes are told, events come out when they are due. */
#include "script.h"

#include <stdlib.h>

fl_status script_init(twin_script *script)
{
    *script = (twin_script){.lines = calloc(SCRIPT_LINES_MAX, sizeof(script_line))};
    return script->lines ? FL_OK : FL_E_MEMORY;
}

void script_fini(twin_script *script)
{
    free(script->lines);
    *script = (twin_script){.lines = NULL};
}

/* Let line happen `wait_ms` from now. The list is bounded; what does not fit is counted, and main says so. */
static void wait_for(twin_script *script, unsigned line, uint64_t wait_ms)
{
    if (script->waiting_count == SCRIPT_WAITING_MAX) {
        script->lost++;
        return;
    }
    script->waiting[script->waiting_count].line = line;
    script->waiting[script->waiting_count++].due_ms = script->now_ms + wait_ms;
}

static fl_status add_one(twin_script *script, const script_line *line, fl_error *error)
{
    if (script->count == SCRIPT_LINES_MAX)
        return fl_error_set(error, FL_E_FULL, "more than %d events", SCRIPT_LINES_MAX);
    script->lines[script->count++] = *line;
    return FL_OK;
}

/* Each switch is held longer than a host that asks every 100 ms needs to see it, and all of it happens with
 * the key off, where a pressed e-stop is no emergency. */
#define PROVE_STEP_MS 400

static fl_status add_prove(twin_script *script, const script_line *line, fl_error *error)
{
    static const struct {
        const char *text;
        uint32_t contacts;
        bool on;
    } steps[] = {
        {"prove: key off", GL1_IN_KEY, false},
        {"prove: estop press", GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, false},
        {"prove: estop release", GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, true},
        {"prove: door open", GL1_IN_DOOR_A | GL1_IN_DOOR_B, false},
        {"prove: door close", GL1_IN_DOOR_A | GL1_IN_DOOR_B, true},
        {"prove: foot down", GL1_IN_FOOT_A | GL1_IN_FOOT_B, true},
        {"prove: foot up", GL1_IN_FOOT_A | GL1_IN_FOOT_B, false},
        {"prove: key on", GL1_IN_KEY, true},
    };
    fl_status status = FL_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == FL_OK; i++) {
        script_line step = *line;
        if (i) step.cue = (twin_cue){.kind = CUE_THEN, .plus_ms = PROVE_STEP_MS};
        step.event = (twin_event){.kind = EVENT_SWITCH, .contacts = steps[i].contacts, .on = steps[i].on};
        snprintf(step.event.text, sizeof step.event.text, "%s", steps[i].text);
        status = add_one(script, &step, error);
    }
    return status;
}

fl_status script_add(twin_script *script, const script_line *line, fl_error *error)
{
    const unsigned first = script->count;
    const fl_status status =
        line->event.kind == EVENT_PROVE ? add_prove(script, line, error) : add_one(script, line, error);
    if (status == FL_OK && line->cue.kind == CUE_NOW) wait_for(script, first, 0);
    return status;
}

static bool waits(const twin_script *script, unsigned from)
{
    for (unsigned i = 0; i < script->waiting_count; i++)
        if (script->waiting[i].line >= from) return true;
    return false;
}

fl_status script_say(twin_script *script, const char *text, fl_error *error)
{
    script_line line;
    bool empty;
    const fl_status status = script_line_read(text, &line, &empty, error);
    if (status != FL_OK || empty) return status;
    if (!script->live) script->lasting = script->count;
    script->live = true;
    const bool follows = line.cue.kind == CUE_THEN;
    if (follows && script->count == script->lasting)
        return script_wrong(error, "say it after a line of `now`", "'then' follows nothing");
    if (!follows && !waits(script, script->lasting)) script->count = script->lasting;
    const unsigned first = script->count;
    const fl_status added = script_add(script, &line, error);
    if (added != FL_OK) return added;
    if (follows && !waits(script, first - 1)) wait_for(script, first, line.cue.plus_ms);
    if (!follows && line.cue.kind != CUE_NOW) script->lasting = script->count;
    return FL_OK;
}

void script_state_entered(twin_script *script, unsigned state)
{
    if (state > CUE_HELLO) return;
    const unsigned times = ++script->entered[state];
    for (unsigned i = 0; i < script->count; i++) {
        const twin_cue *cue = &script->lines[i].cue;
        if (cue->kind == CUE_STATE && cue->state == state && (cue->every || cue->count == times))
            wait_for(script, i, cue->plus_ms);
    }
}

void script_pulsed(twin_script *script)
{
    const uint64_t pulses = ++script->pulses;
    for (unsigned i = 0; i < script->count; i++) {
        const twin_cue *cue = &script->lines[i].cue;
        if (cue->kind == CUE_PULSES && (cue->every ? pulses % cue->count == 0 : pulses == cue->count))
            wait_for(script, i, cue->plus_ms);
    }
}

/* AT and PERIOD: those whose moment lies in (before, now]; `at 0` belongs to the first call. */
void script_time(twin_script *script, uint64_t now_ms)
{
    const uint64_t before_ms = script->now_ms;
    const bool first = !script->begun;
    script->begun = true;
    script->now_ms = now_ms;
    for (unsigned i = 0; i < script->count; i++) {
        const twin_cue *cue = &script->lines[i].cue;
        if (cue->kind == CUE_AT && cue->at_ms <= now_ms &&
            (cue->at_ms > before_ms || (first && cue->at_ms == 0)))
            wait_for(script, i, 0);
        if (cue->kind == CUE_PERIOD && now_ms / cue->at_ms != before_ms / cue->at_ms) wait_for(script, i, 0);
    }
}

const script_line *script_due(twin_script *script)
{
    unsigned best = script->waiting_count;
    for (unsigned i = 0; i < script->waiting_count; i++) {
        if (script->waiting[i].due_ms > script->now_ms) continue;
        if (best == script->waiting_count || script->waiting[i].due_ms < script->waiting[best].due_ms)
            best = i;
    }
    if (best == script->waiting_count) return NULL;
    const unsigned line = script->waiting[best].line;
    for (unsigned i = best + 1; i < script->waiting_count; i++) script->waiting[i - 1] = script->waiting[i];
    script->waiting_count--;
    if (line + 1 < script->count && script->lines[line + 1].cue.kind == CUE_THEN)
        wait_for(script, line + 1, script->lines[line + 1].cue.plus_ms);
    return &script->lines[line];
}
