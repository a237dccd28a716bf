/* The one way to light (grant link, section 6, rules 5 to 7).
 *
 * The order of the checks is the order of the page, and the first that fails is named. After the last one:
 * counter and grant number into non-volatile memory, then the trigger, then the answer. A power cut between
 * the first two leaves the counter one ahead of the light and never behind it.
 */
#include "gl1_core.h"

#include <string.h>

enum { G, F, EP, K, EN, SP, PU, PH, FIELDS };

static bool answers_fresh_stat(const gl1_device *device, uint64_t number)
{
    for (unsigned i = 0; i < GL1_STATS_KEPT; i++)
        if (device->stats[i].valid && device->stats[i].number == number)
            return device->now_ms - device->stats[i].ms <= GL1_GA_MS;
    return false;
}

/* At least 1/RR since the last pulse: RR is in mHz, so RR * ms reaches 1 000 000 after one period. */
static bool too_soon(const gl1_device *device)
{
    if (!device->has_pulsed) return false;
    const uint64_t since_ms = device->now_ms - device->pulsed_ms;
    return since_ms * device->set.rr_mHz < 1000000u;
}

static const char *refused(const gl1_device *device, const gl1_field *field)
{
    const uint32_t sensed_um = device->on.spot(device->on.self);
    const bool docked = device->in & GL1_IN_DOCKED, calibrate = field[PU].value == 'C';
    if (device->state != GL1_READY) return "STATE";
    if (field[G].value <= device->kept.g) return "OLD";
    if (!answers_fresh_stat(device, field[F].value)) return "AGE";
    if (field[EP].value != device->epoch) return "EPOCH";
    if (!gl1_committed(device) || memcmp(field[PH].bytes, device->plan, sizeof device->plan) != 0)
        return "PLAN";
    if (field[K].value != device->kept.k) return "COUNT";
    if (field[EN].value != device->set.en_uJ) return "ENERGY";
    if (field[SP].value != sensed_um || field[SP].value != device->set.sp_um) return "SPOT";
    if (docked != calibrate) return "DOCK";
    if (gl1_bad_inputs(device)) return "ILK";
    if (!gl1_foot_down(device)) return "FOOT";
    if (!gl1_shutters_open(device)) return "SHUT";
    if (too_soon(device)) return "RATE";
    return NULL;
}

void gl1_word_grant(gl1_device *device, const char *body)
{
    gl1_field field[FIELDS] = {
        [G] = {.key = "g", .form = GL1_HEX16},     [F] = {.key = "f", .form = GL1_HEX8},
        [EP] = {.key = "ep", .form = GL1_HEX8},    [K] = {.key = "k", .form = GL1_HEX16},
        [EN] = {.key = "en", .form = GL1_DECIMAL}, [SP] = {.key = "sp", .form = GL1_DECIMAL},
        [PU] = {.key = "pu", .form = GL1_PURPOSE}, [PH] = {.key = "ph", .form = GL1_HEX32},
    };
    size_t verb;
    bool whole = gl1_fields_read(body, &verb, field, FIELDS);
    for (unsigned i = 0; i < FIELDS; i++) whole = whole && field[i].present;
    const char *why = whole ? refused(device, field) : "SYN";
    if (why) {
        gl1_answer_nak(device, why);
        return;
    }
    gl1_kept next = device->kept;
    next.g = field[G].value;
    next.k++;
    if (!device->on.keep(device->on.self, &next)) {
        gl1_to_fault(device, GL1_CAUSE_MEMORY);
        gl1_answer_nak(device, "COUNT");
        return;
    }
    device->kept = next;
    device->has_pulsed = true;
    device->pulsed_ms = device->now_ms;
    device->flashes_owed = 1;
    device->energy_uJ = device->on.pulse(device->on.self, &device->set);
    gl1_answer_stat(device);
}
