/* The plan reader: what somebody else's program, disk or editor made of a plan.
 *
 * The first byte chooses: bit 0, plan_sha256 is made right, so that what stands behind the digest is reached;
 * bit 1, the rest is not text but edits of a good plan: which value, and what stands there instead; bit 2, of
 * a plan with everything in it; bit 3, of one that refuses and has nothing in it.
 *
 * What must hold of an accepted plan: its digest is the one of its content, computed here from the text that
 * was read; no number in it is beyond what the page allows, and energies are fluence times area; written
 * again and read again it is the same plan. A refused one leaves the caller's plan alone and says why.
 */
#include "fuzz.h"

#include "fadeline/base/text.h"
#include "fadeline/course/plan.h"

#include <jansson.h>
#include <math.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 8192
#define ROOM (4 * MOST)
#define CANONICAL (JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(12))

/* ---- a good plan, cut at its values ---- */

enum { LEAN, FULL, BARE, BASES }; /* bare: a refusal, with nothing in its lists */
static struct base {
    char text[MOST];
    size_t size;
    struct {
        size_t at, size;
    } values[300];
    size_t count;
} bases[BASES];

static void fill_setting(fl_plan *plan, bool full)
{
    fl_plan_setting *s = &plan->settings[0];
    *s = (fl_plan_setting){.wavelength = fl_nm(755), .pulse = {.s = 750e-12}, .spot = fl_mm(4), .head = "a"};
    s->allowed = s->has_fluence = true;
    s->start = s->high = fl_J_cm2(1.59);
    s->low = fl_J_cm2(0.8);
    s->energy = (fl_energy){199806e-6};
    s->rate.Hz = 10;
    s->passes = 1;
    snprintf(s->limited_by, sizeof s->limited_by, "rules");
    plan->setting_count = 1;
    if (!full) return;
    s->has_physics = s->has_sides = s->has_hair = true;
    s->reason_count = 1;
    s->reasons[0] = (fl_plan_reason){.code = "c", .rank = FL_RANK_CAUTION, .text = "t", .change = "u"};
    const fl_plan_band band = {1.5, 1.25, 1.75};
    s->fluence_at_ink_ratio = s->fluence_at_basal_ratio = s->ink_margin = s->epidermis_margin = band;
    s->ink_reached = s->hair_shaft_margin = s->hair_bulb_margin = band;
    s->ink_input_count = 1;
    s->ink_inputs[0] = (fl_plan_input){"depth", 0.5};
}

static void fill_rest(fl_plan *plan, fl_date day)
{
    plan->skin = (fl_plan_skin){2, 12, 11, true, 41.5, 2};
    plan->reason_count = 1;
    plan->reasons[0] = (fl_plan_reason){.code = "r", .rank = FL_RANK_INFO, .text = "why"};
    plan->next_not_before = plan->reasons[0].until = day;
    plan->sessions = (fl_plan_sessions){.known = true,
                                        .low = 2,
                                        .likely = 3,
                                        .high = 5,
                                        .modelled = true,
                                        .goal_share = 0.5,
                                        .per_session = {0.25, 0.125, 0.5},
                                        .left_count = 1,
                                        .left = {{1, {0.5, 0.25, 0.75}, 0.5}},
                                        .reasons = {"s"},
                                        .reason_count = 1,
                                        .scored = true,
                                        .kirby_desai_score = 6,
                                        .kirby_desai_low = 2,
                                        .kirby_desai_high = 9};
    plan->test_spots.required = true;
    plan->test_spots.look_minutes = 15;
    plan->test_spots.read_not_before = plan->test_spots.read_by = day;
    plan->eyewear[0] = (fl_plan_eyewear){fl_nm(755), 6.5, "M LB7", true, {.m = 30}};
    plan->eyewear_count = 1;
    fl_plan_zone *zone = &plan->zones[0];
    zone->drawn = zone->timed = zone->creamed = true;
    zone->rows = 3;
    zone->covered_once = 0.5;
    zone->covered_twice = 0.25;
    zone->minutes = 2.5;
    zone->anaesthetic.m2 = 60e-4;
}

static void fill_plan(fl_plan *plan, bool full)
{
    plan->verdict = FL_VERDICT_PLAN;
    plan->chosen = 0;
    fill_setting(plan, full);
    plan->zones[0] = (fl_plan_zone){.id = "F",
                                    .area = {.m2 = 40e-4},
                                    .spot = fl_mm(4),
                                    .overlap = 0.125,
                                    .pulses = 9,
                                    .budget = {9, 9, 10, 11}};
    plan->zone_count = 1;
    plan->test_spots.grid[0] = (fl_plan_spot){.id = "T",
                                              .zone = "F",
                                              .wavelength = fl_nm(755),
                                              .spot = fl_mm(4),
                                              .fluence = fl_J_cm2(1.59),
                                              .energy = {199806e-6},
                                              .pulses = 2};
    plan->test_spots.grid_count = 1;
}

static void fill(fl_plan *plan, int which)
{
    fl_date day = {0};
    FUZZ_MUST(fl_date_read("2026-05-04", &day) == FL_OK, "no day");
    plan->date = day;
    plan->verdict = FL_VERDICT_REFUSE;
    if (which != BARE) fill_plan(plan, which == FULL);
    snprintf(plan->client, sizeof plan->client, "C");
    snprintf(plan->plan_id, sizeof plan->plan_id, "P-1");
    char *const digests[] = {plan->device_sha256, plan->rules.sha256, plan->inputs_sha256};
    for (int i = 0; i < 3; i++) memset(digests[i], 'a' + i, 64);
    if (which == FULL) fill_rest(plan, day);
    fl_plan_seal(plan);
}

/* Every number, word and text of the plan, with its quotes. Nothing in it holds a quote inside. */
static void cut(struct base *base)
{
    bool text = false;
    for (size_t i = 0; i < base->size; i++) {
        const char c = base->text[i];
        if (c == '"') text = !text;
        if (text || !strchr(":[", c)) continue;
        const size_t at = i + 1;
        const char *rest = base->text + at;
        if (strchr("{[]", *rest)) continue;
        const size_t size = *rest == '"' ? strcspn(rest + 1, "\"") + 2 : strcspn(rest, ",]}");
        FUZZ_MUST(base->count < sizeof base->values / sizeof *base->values, "too many values");
        base->values[base->count].at = at;
        base->values[base->count++].size = size;
    }
}

static void make_base(struct base *base, int which)
{
    fl_plan *plan = fl_plan_new();
    fill(plan, which);
    char *whole = fl_plan_json(plan);
    json_t *root = json_loads(whole, 0, NULL);
    char *text = json_dumps(root, CANONICAL);
    base->size = strlen(text);
    FUZZ_MUST(base->size < sizeof base->text, "the plan has grown to %zu bytes", base->size);
    memcpy(base->text, text, base->size);
    cut(base);
    json_decref(root);
    free(text);
    free(whole);
    fl_plan_free(plan);
}

/* ---- from bytes to text ---- */

static const char *const instead[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    "2",
    "40",
    "1e400",
    "-0.0",
    "0.0",
    "1e-320",
    "-1.5",
    "1e9",
    "1e308",
    "0.001",
    "1000.0",
    "1000000.0",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "\"\"",
    "\"II\"",
    "\"plan\"",
    "\"refuse\"",
    "\"2026-02-30\"",
    "\"2026-05-04\"",
    "\"F\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\xff\"",
    "[]",
    "{}",
    "[1]",
    "{\"a\":1}",
    "1.59",
    "199.806",
    "3.18",
    "399.612",
    "4.0",
    "755.0",
    "1.0000000000001",
    "1.5e0",
    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
    "31",
    "32",
    "\"VI\"",
    "NaN",
    "\"refuse\",\"zz\":1",
    "1,\"aa\":{}",
};
#define CHOICES (sizeof instead / sizeof *instead)
static struct { /* how it is spelt in a canonical text; NULL when it is no value, or more than one */
    char *text;
    bool keys; /* it puts a key of its own behind the value */
} canonical[CHOICES];

static void make_canonical(void)
{
    for (size_t i = 0; i < CHOICES; i++) {
        json_t *value = json_loads(instead[i], JSON_DECODE_ANY, NULL);
        canonical[i].text = value ? json_dumps(value, CANONICAL | JSON_ENCODE_ANY) : NULL;
        canonical[i].keys = !value && strstr(instead[i], "\":");
        json_decref(value);
    }
}

/* Which choice stands instead of each value, counted from 1. */
typedef struct edit_list {
    const struct base *base;
    uint8_t choice[300];
    bool keys, broken; /* keys were put in; something is no JSON */
} edit_list;

static void choose(const struct base *base, fuzz_bytes bytes, edit_list *to)
{
    *to = (edit_list){.base = base};
    while (bytes.at < bytes.end) {
        const size_t which = (fuzz_byte(&bytes) | (size_t)fuzz_byte(&bytes) << 8) % base->count;
        to->choice[which] = (uint8_t)(1 + fuzz_byte(&bytes) % CHOICES);
    }
    for (size_t i = 0; i < base->count; i++) {
        const size_t choice = to->choice[i];
        if (!choice) continue;
        to->keys = to->keys || canonical[choice - 1].keys;
        to->broken = to->broken || (!canonical[choice - 1].keys && !canonical[choice - 1].text);
    }
}

static size_t write_edits(const edit_list *edits, bool as_canonical, char *text)
{
    const struct base *base = edits->base;
    size_t made = 0, from = 0;
    for (size_t i = 0; i < base->count; i++) {
        const size_t choice = edits->choice[i];
        if (!choice) continue;
        const char *put = as_canonical ? canonical[choice - 1].text : instead[choice - 1];
        const size_t before = base->values[i].at - from, size = strlen(put);
        if (made + before + size + base->size > ROOM) break;
        memcpy(text + made, base->text + from, before);
        memcpy(text + made + before, put, size);
        made += before + size;
        from = base->values[i].at + base->values[i].size;
    }
    memcpy(text + made, base->text + from, base->size - from);
    return made + base->size - from;
}

static void spell(const uint8_t digest[SHA256_DIGEST_LENGTH], char hex[65])
{
    for (int i = 0; i < 2 * SHA256_DIGEST_LENGTH; i++)
        hex[i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
    hex[64] = 0;
}

/* The digest a text ought to carry; false when it is no object. */
static bool digest_of(const char *text, size_t size, char hex[65], const char **carried)
{
    static char carries[80];
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    *carried = NULL;
    if (!json_is_object(root)) return json_decref(root), false;
    const char *given = json_string_value(json_object_get(root, "plan_sha256"));
    if (given && strlen(given) == 64) *carried = strcpy(carries, given);
    json_object_del(root, "plan_sha256");
    json_object_del(root, "plan_seal");
    char *whole = json_dumps(root, CANONICAL);
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (whole) SHA256((const uint8_t *)whole, strlen(whole), digest);
    spell(digest, hex);
    json_decref(root);
    free(whole);
    return whole != NULL;
}

/* Where the digest stands; NULL when it was edited away. */
static char *find_digest(char *text, size_t size)
{
    static const char key[] = "\"plan_sha256\":\"";
    char *at = memmem(text, size, key, sizeof key - 1);
    return at && at[sizeof key - 1 + 64] == '"' ? at + sizeof key - 1 : NULL;
}

/* What was edited need not be read: its canonical text, without the digest, is known. */
static void repair_edits(const edit_list *edits, char *text, size_t size)
{
    static char other[ROOM + 1];
    char *at = find_digest(text, size), hex[65];
    if (!at) return;
    const size_t length = write_edits(edits, true, other);
    char *from = find_digest(other, length);
    if (!from) return;
    const size_t key = strlen("\"plan_sha256\":\""), behind = 64 + 2; /* quote and comma */
    memmove(from - key, from + behind, length - (size_t)(from + behind - other));
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256((const uint8_t *)other, length - key - behind, digest);
    spell(digest, hex);
    memcpy(at, hex, 64);
}

/* In place: both digests have 64 digits. */
static void repair(char *text, size_t size)
{
    char hex[65];
    const char *carried;
    if (!digest_of(text, size, hex, &carried) || !carried) return;
    char *at = memmem(text, size, carried, 64);
    if (at) memcpy(at, hex, 64);
}

/* ---- what must hold ---- */

static bool within(double value, double least, double most)
{
    const double slack = 1e-9; /* from unit to unit and back */
    return isfinite(value) && value >= least * (1 - slack) && value <= most * (1 + slack);
}

static bool is_product(fl_energy energy, fl_fluence fluence, fl_length spot)
{
    const double want_J = fluence.J_m2 * 0.78539816339744830962 * spot.m * spot.m;
    return fabs(energy.J - want_J) <= 1.001e-6 + 1.001e-4 * want_J;
}

static void light_is_bounded(fl_length spot, fl_fluence fluence, fl_energy energy, fl_wavelength wavelength)
{
    FUZZ_MUST(within(spot.m, 1e-4, 0.1), "a spot of %g m", spot.m);
    FUZZ_MUST(within(fluence.J_m2, 10, 1e7), "a fluence of %g J/m2", fluence.J_m2);
    FUZZ_MUST(within(energy.J, 1e-6, 1e3), "an energy of %g J", energy.J);
    FUZZ_MUST(within(wavelength.m, 2e-7, 1.2e-5), "a wavelength of %g m", wavelength.m);
    FUZZ_MUST(is_product(energy, fluence, spot), "%g J is not %g J/m2 on %g m", energy.J, fluence.J_m2,
              spot.m);
}

static void limits_hold(const fl_plan *plan)
{
    FUZZ_MUST(plan->setting_count <= FL_PLAN_SETTINGS && plan->zone_count <= FL_PLAN_ZONES &&
                  plan->test_spots.grid_count <= FL_PLAN_GRID && plan->reason_count <= FL_PLAN_REASONS,
              "a list is too long");
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        FUZZ_MUST(within(s->rate.Hz, 0.01, 1e4) && s->passes >= 1 && s->passes <= 4 && s->pulse.s > 0,
                  "a rate of %g Hz, %d passes", s->rate.Hz, s->passes);
        FUZZ_MUST(!s->allowed || s->has_fluence, "allowed without a fluence");
        if (s->has_physics)
            FUZZ_MUST(within(s->injury_probability, 0, 1) && within(s->effect_probability, 0, 1),
                      "no chance");
        if (!s->has_fluence) continue;
        light_is_bounded(s->spot, s->start, s->energy, s->wavelength);
        FUZZ_MUST(s->start.J_m2 <= s->high.J_m2 * (1 + 2e-9), "starts above its limit");
    }
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        light_is_bounded(spot->spot, spot->fluence, spot->energy, spot->wavelength);
        FUZZ_MUST(spot->pulses >= 1 && spot->pulses <= 10, "%d test pulses", spot->pulses);
        FUZZ_MUST(spot->setting >= 0 && (size_t)spot->setting < plan->setting_count, "no such setting");
    }
    for (size_t i = 0; i < plan->zone_count; i++) {
        const fl_plan_zone *z = &plan->zones[i];
        FUZZ_MUST(within(z->area.m2, 1e-7, 1) && z->pulses >= 0 && z->budget.hard_stop >= 0 &&
                      z->budget.planned >= 0 && memchr(z->id, 0, sizeof z->id),
                  "zone %zu", i);
    }
    FUZZ_MUST(plan->chosen >= -1 && plan->chosen < (int)plan->setting_count, "chooses %d", plan->chosen);
    FUZZ_MUST(plan->chosen < 0 || plan->settings[plan->chosen].allowed, "chooses what is not allowed");
    FUZZ_MUST(plan->verdict >= FL_VERDICT_PLAN && plan->verdict <= FL_VERDICT_REFUSE, "no verdict");
    FUZZ_MUST(plan->verdict != FL_VERDICT_PLAN || plan->chosen >= 0, "a plan without a setting");
}

static fl_plan plan, back;

/* Parts of `plan` are 0x5A before a reading, and still are after a refusal. (All of it is a third of a
 * megabyte.) */

static void mark(uint8_t with, bool *same)
{
    const struct {
        void *at;
        size_t size;
    } parts[] = {{&plan, 256}, {&plan.chosen, 4}, {plan.client, 40}, {plan.sha256, 32}, {plan.settings, 256}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint8_t *at = parts[i].at;
        for (size_t k = 0; same && k < parts[i].size; k++) *same = *same && at[k] == with;
        memset(at, with, parts[i].size);
    }
}

static char *rewritten; /* static: a check may leave by longjmp */

static void accepted(const char *text, size_t size)
{
    limits_hold(&plan);
    char hex[65], own[65];
    const char *carried;
    FUZZ_MUST(digest_of(text, size, hex, &carried) && carried && strcmp(hex, carried) == 0,
              "accepted without its digest");
    FUZZ_MUST(memcmp(plan.hash, plan.sha256, sizeof plan.hash) == 0 &&
                  strcmp(fl_hex(plan.sha256, FL_SHA256_SIZE, own), hex) == 0,
              "another hash");
    free(rewritten);
    rewritten = fl_plan_json(&plan);
    FUZZ_MUST(rewritten && fl_plan_read_text(rewritten, strlen(rewritten), &back, NULL) == FL_OK,
              "written again and refused");
    FUZZ_MUST(memcmp(back.sha256, plan.sha256, sizeof back.sha256) == 0 && back.has_seal == plan.has_seal,
              "written again and changed");
    /* What sets the laser, bit for bit. */
    FUZZ_MUST(back.chosen == plan.chosen && back.setting_count == plan.setting_count &&
                  memcmp(&back.settings[0].energy, &plan.settings[0].energy, sizeof(fl_energy)) == 0,
              "another setting");
}

static void spoil(bool *good)
{
    if (fuzz_bad == 2 && *good && plan.setting_count && plan.settings[0].has_fluence)
        plan.settings[0].energy.J *= 2;
    if (fuzz_bad == 3 && *good && plan.setting_count && plan.settings[0].has_fluence)
        plan.settings[0].start.J_m2 = NAN;
    if (fuzz_bad == 4 && !*good) plan.chosen = 0;
}

static void run(const uint8_t *data, size_t size)
{
    static char text[ROOM + 1], seen[ROOM + 1];
    if (!bases[0].size) {
        for (int i = 0; i < BASES; i++) make_base(&bases[i], i);
        make_canonical();
    }
    if (!size || size > MOST) return;
    fuzz_bytes bytes = {data, data + size};
    const uint8_t how = fuzz_byte(&bytes);
    size_t length = size - 1;
    static edit_list edits;
    if (how & 2) {
        choose(&bases[how & 8 ? BARE : how >> 2 & 1], bytes, &edits);
        length = write_edits(&edits, false, text);
    } else {
        memcpy(text, bytes.at, length);
    }
    if (how & 1 && how & 2 && !edits.keys && !edits.broken)
        repair_edits(&edits, text, length);
    else if (how & 1 && !(how & 2 && edits.broken)) /* what cannot be read has no digest */
        repair(text, length);
    memcpy(seen, text, length);
    if (fuzz_bad == 1) repair(seen, length);

    mark(0x5A, NULL);
    fl_error error;
    error.what[0] = 0;
    error.status = FL_OK;
    bool good = fl_plan_read_text(seen, length, &plan, &error) == FL_OK;
    spoil(&good);
    if (good) {
        accepted(text, length);
    } else {
        bool kept = true;
        mark(0x5A, &kept);
        FUZZ_MUST(kept, "a refused plan was written into");
        FUZZ_MUST(error.status == FL_E_FILE && error.what[0], "refused without a word");
    }
}

static const char *const bad_words[] = {"the digest is not compared", "an energy is not fluence times area",
                                        "a fluence is no number", "a refused plan is written into"};
const fuzz_target fuzz_plan = {"plan", run, 4, bad_words};
