/* labels: unit physics   timeout: 600   needs: fadeline */
/* Whatever the case, these hold. 300 random cases every day, 10,000 in the slow run
 * (course_properties_from_1, _5001): skins, tans, inks, geometries, sites, procedures, screening, histories,
 * reads and wishes by lot, over all devices in devices/, as they ship and with their numbers confirmed.
 *
 *  1. No setting and no test spot lies outside what the device file says (read here line by line, not by the
 *     loader), the fluence and wavelength rows of both rule files, the clearances, or a read that was bad.
 *  2. A darker type, a tan, shallower ink and ink that nobody identified are never allowed more.
 *  3. A plan that refuses or asks for a clearance names no fluence, no energy and no grid, in its JSON as
 * well.
 *  4. Every code has a text in `fadeline explain`.
 *  5. The JSON of a plan reads back to the same JSON; the same inputs give the same id and bytes.
 *
 * A failure names its case:  FL_FIRST=4711 FL_CASES=1 FL_SHOW=1 tests/test_course_properties
 */
#include "check.h"
#include "helper_course.h"
#include "properties_case.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static ingredients pantry;
static unsigned long long number; /* of the case in hand */
static unsigned long long first_case = 1, cases = 300;

#define HAIR (1 + 1e-9)
/* Ink at another depth is another medium, so other photons: with 2 walks of 100 what skin bears strays by up
 * to 1.4 times (10,000 cases). shallower_ink_bears_no_more asks with photons enough. */
#define OTHER_PHOTONS 1.6

/* ---- device files, read again ---- */

enum { HEADS_MOST = 8, PAIRS_MOST = 16 };
typedef struct label {
    double nm, energy_mJ, cap_J_cm2, rate_Hz; /* NaN: not on it */
    double spot_mm[PAIRS_MOST], spot_cap[PAIRS_MOST];
    size_t caps;
    unsigned types;
} label;
typedef struct labels {
    const char *device;
    label heads[HEADS_MOST];
    size_t count;
} labels;
static labels read_labels[8];
static size_t labels_count;

static double after(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    char *end;
    const double value = at ? strtod(at + strlen(key), &end) : NAN;
    return at && end != at + strlen(key) ? value : NAN;
}

static unsigned types_in(const char *line)
{
    static const char *const roman[] = {"", "I", "II", "III", "IV", "V", "VI"};
    unsigned set = 0;
    char text[200];
    snprintf(text, sizeof text, "%.199s", strchr(line, '[') ? strchr(line, '[') : "");
    for (char *word = strtok(text, "[], \n#"); word; word = strtok(NULL, "[], \n#"))
        for (int type = 1; type <= 6; type++)
            if (strcmp(word, roman[type]) == 0) set |= 1u << type;
    return set;
}

static void read_label(labels *l, const fl_device *device)
{
    char path[FL_PLACE_MAX], *text;
    size_t size;
    snprintf(path, sizeof path, "%s/devices/%s.yaml", FL_SOURCE_DIR, device->id);
    if (fl_place_read(path, 1 << 20, &text, &size, NULL) != FL_OK) exit(1);
    *l = (labels){.device = device->id};
    label *head = NULL;
    bool in_heads = false;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        if (line[0] && line[0] != ' ' && line[0] != '#') in_heads = strncmp(line, "heads:", 6) == 0;
        if (!in_heads) continue;
        if (strncmp(line, "  - id:", 7) == 0) {
            head = &l->heads[l->count++];
            *head = (label){NAN, NAN, NAN, NAN, {0}, {0}, 0, 0};
            continue;
        }
        if (!head || strstr(line, "keys:")) continue;
        if (strncmp(line, "      - { spot_mm:", 18) == 0) {
            head->spot_mm[head->caps] = after(line, "spot_mm:");
            head->spot_cap[head->caps++] = after(line, "fluence_max_J_cm2:");
        } else if (strncmp(line, "    wavelength_nm:", 18) == 0) {
            head->nm = after(line, "wavelength_nm:");
        } else if (strncmp(line, "    energy_max_mJ:", 18) == 0) {
            head->energy_mJ = after(line, "energy_max_mJ:");
        } else if (strncmp(line, "    fluence_max_J_cm2:", 22) == 0) {
            head->cap_J_cm2 = after(line, "fluence_max_J_cm2:");
        } else if (strncmp(line, "    rate_max_Hz:", 16) == 0) {
            head->rate_Hz = after(line, "rate_max_Hz:");
        } else if (strncmp(line, "    skin_types:", 15) == 0) {
            head->types = types_in(line);
        }
    }
    free(text);
}

static const label *label_of(const fl_device *device, fl_wavelength wavelength)
{
    for (size_t i = 0; i < labels_count; i++)
        for (size_t k = 0; strcmp(read_labels[i].device, device->id) == 0 && k < read_labels[i].count; k++)
            if (llround(read_labels[i].heads[k].nm) == fl_whole_nm(wavelength))
                return &read_labels[i].heads[k];
    return NULL;
}

/* ---- what the cases are made of ---- */

static void confirm_in_memory(fl_device *device)
{
    for (size_t h = 0; h < device->heads_count; h++)
        for (int f = 0; f < FL_HEAD_FACTS; f++) {
            fl_provenance *fact = &device->heads[h].facts[f];
            if (!fact->stated || fact->sureness < FL_SURE_MEMORY || fact->sureness == FL_SURE_UNKNOWN)
                continue;
            fact->confirmed_by = "N. Example", fact->confirmed_document = "label",
            fact->confirmed_on = day("2026-04-02");
        }
}

/* Beside each geometry of the file its twin ID-shallow, top at 0.6 of the depth, the rest to the letter. */
static void add_shallow(const char *bytes, fl_text *more)
{
    const char *block = strstr(bytes, "\ngeometries:\n"), *end = strstr(bytes, "\ninks:");
    if (!block || !end) exit(1);
    for (block = strstr(block, "\n  - id: "); block && block < end;) {
        const char *next = strstr(block + 1, "\n  - id: ");
        if (!next || next > end) next = end;
        for (const char *line = block + 1; line < next; line = strchr(line, '\n') + 1) {
            const int length = (int)strcspn(line, "\n");
            if (length == 0 || line[0] == '#' || strncmp(line, "    #", 5) == 0) continue;
            if (strncmp(line, "  - id: ", 8) == 0)
                fl_text_add(more, "%.*s-shallow\n", length, line);
            else if (strncmp(line, "    top_mm: ", 12) == 0)
                fl_text_add(more, "    top_mm: %g\n", 0.6 * atof(line + 12));
            else
                fl_text_add(more, "%.*s\n", length, line);
        }
        block = next == end ? NULL : next;
    }
}

static const fl_planner_library *shallow_library(void)
{
    static fl_planner_library *found;
    static char text[8000];
    char home[FL_PLACE_MAX], folder[FL_PLACE_MAX + 16], path[FL_PLACE_MAX + 32], *bytes;
    size_t size;
    fl_error error;
    snprintf(home, sizeof home, "%s/tests/shallow-home-%ld", FL_BUILD_DIR, (long)getpid());
    snprintf(folder, sizeof folder, "%s/profiles", home);
    snprintf(path, sizeof path, "%s/inks.yaml", folder);
    if (fl_place_read(FL_SOURCE_DIR "/profiles/inks.yaml", 1 << 20, &bytes, &size, &error) != FL_OK) exit(1);
    fl_text more = fl_text_in(text, sizeof text);
    fl_text_add(&more, "geometries:\n");
    add_shallow(bytes, &more);
    free(bytes);
    const char *made_path = edited("profiles/inks.yaml", EDITS({"geometries:\n", text}));
    if (fl_place_make(folder, &error) != FL_OK ||
        fl_place_read(made_path, 1 << 20, &bytes, &size, &error) != FL_OK ||
        fl_place_write(path, bytes, size, 0600, &error) != FL_OK)
        exit(1);
    setenv("FADELINE_HOME", home, 1);
    if (fl_planner_library_load(&found, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        exit(1);
    }
    setenv("FADELINE_HOME", FL_BUILD_DIR "/tests/no-home", 1);
    free(bytes);
    unlink(made_path), unlink(path), rmdir(folder), rmdir(home);
    return found;
}

static void fill_pantry(void)
{
    static const char *const ids[] = {"discovery-pico", "enlighten-iii", "example-pico", "picosure",
                                      "picoway"};
    static fl_device *devices[2 * sizeof ids / sizeof *ids];
    static fl_case *pattern;
    static fl_rulebook *book;
    fl_error error;
    if (pantry.pattern) return;
    if (getenv("FL_CASES")) cases = strtoull(getenv("FL_CASES"), NULL, 10);
    if (getenv("FL_FIRST")) first_case = strtoull(getenv("FL_FIRST"), NULL, 10);
    (void)quick_rules(); /* leaves the home of whoever runs this */
    pantry.library = shallow_library();
    const char *path =
        edited("profiles/clinic.yaml", EDITS({"sampling: {draws: 24, variants: 22, photons: 1500}",
                                              "sampling: {draws: 2, variants: 4, photons: 100}"}));
    if (fl_rulebook_load(path, NULL, &book, &error) != FL_OK ||
        fl_case_load(case_file(1), NULL, &pattern, &error) != FL_OK)
        exit(1);
    unlink(path);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (fl_device_load(ids[i], &devices[2 * i], &error) != FL_OK ||
            fl_device_load(ids[i], &devices[2 * i + 1], &error) != FL_OK)
            exit(1);
        confirm_in_memory(devices[2 * i + 1]);
        read_label(&read_labels[labels_count++], devices[2 * i]);
    }
    pantry.book = book, pantry.pattern = pattern;
    pantry.devices = (const fl_device *const *)devices,
    pantry.devices_count = sizeof devices / sizeof *devices;
}

static void every_label_was_read(void)
{
    fill_pantry();
    for (size_t i = 0; i < pantry.devices_count; i++)
        for (size_t h = 0; h < pantry.devices[i]->heads_count; h++) {
            const fl_device_head *head = &pantry.devices[i]->heads[h];
            const label *l = label_of(pantry.devices[i], head->wavelength);
            CHECK(l != NULL, "%s: no label for %s", pantry.devices[i]->id, head->id);
            if (!l) continue;
            CHECK(isnan(l->energy_mJ) == isnan(head->energy_max.J) &&
                      !(fabs(l->energy_mJ - fl_as_mJ(head->energy_max)) > 1e-9),
                  "%s %s: %g mJ here, %g there", pantry.devices[i]->id, head->id, l->energy_mJ,
                  fl_as_mJ(head->energy_max));
            CHECK(l->caps == head->spot_caps_count && l->types == head->skin_types,
                  "%s %s: %zu caps, types %x", pantry.devices[i]->id, head->id, l->caps, l->types);
        }
}

/* ---- planning ---- */

static fl_plan *plan_of(const made *m, fl_course_physics *physics)
{
    fl_error error = {0};
    fl_plan *plan = fl_plan_new();
    const fl_course_inputs in = {.c = &m->c,
                                 .device = m->device,
                                 .book = pantry.book,
                                 .library = pantry.library,
                                 .seed = 7,
                                 .threads = 1,
                                 .physics = physics};
    if (!plan || fl_course_plan(&in, plan, &error) != FL_OK) {
        fprintf(stderr, "\ncase %llu\n", number);
        fl_error_print(stderr, &error);
        exit(1);
    }
    return plan;
}

/* ---- 1: limits ---- */

static bool recent_sun(const made *m)
{
    const fl_case_skin *skin = &m->c.body.skin;
    if (fl_date_is_set(skin->last_sun))
        return fl_date_days(m->c.body.date) - fl_date_days(skin->last_sun) < 28;
    return skin->form.T1 >= 3;
}

/* A row that allows this skin and ink in both files. */
static bool rows_allow(const fl_wavelength_rule *rows, size_t count, const made *m, const fl_plan *plan,
                       fl_wavelength nm)
{
    for (size_t i = 0; i < count; i++)
        if (fl_whole_nm(rows[i].wavelength) == fl_whole_nm(nm))
            return rows[i].skin_types & 1u << plan->skin.planned_as &&
                   !(rows[i].untanned == FL_YES && recent_sun(m)) &&
                   (!rows[i].colours || rows[i].colours & m->c.body.ink.colours);
    return false;
}

/* The lowest of all rows that name this wavelength and type; 0: none does. */
static void rows_limit(const fl_fluence_rule *rows, size_t count, int type, fl_wavelength nm, double *start,
                       double *max)
{
    for (size_t i = 0; i < count; i++) {
        if (fl_whole_nm(rows[i].wavelength) != fl_whole_nm(nm) || !(rows[i].skin_types & 1u << type))
            continue;
        *start = *start > 0 ? fmin(*start, rows[i].start.J_m2) : rows[i].start.J_m2;
        *max = *max > 0 ? fmin(*max, rows[i].max.J_m2) : rows[i].max.J_m2;
        return;
    }
}

static bool bad_read(const made *m, fl_wavelength nm, fl_length spot)
{
    for (size_t i = 0; i < m->c.body.tests_count; i++) {
        const fl_case_test *test = &m->tests[i];
        if (fl_whole_nm(test->wavelength) != fl_whole_nm(nm) || fl_whole_um(test->spot) != fl_whole_um(spot))
            continue;
        if (!fl_date_is_set(test->read_on) || fl_date_compare(test->read_on, m->c.body.date) > 0) continue;
        if (test->result == FL_READ_DARKER || test->skin_change == FL_YES || test->hair_white == FL_YES)
            return true;
    }
    return false;
}

static unsigned long long over_start; /* windows for test spots alone that begin above the rules' start */

/* Light that somebody could fire: a setting, or a test spot. */
static void check_light(const made *m, const fl_plan *plan, const char *what, const fl_plan_setting *s,
                        fl_fluence fluence, fl_energy energy)
{
    char name[120];
    snprintf(name, sizeof name, "case %llu, %.20s, %.0f nm %.1f mm, %s", number, m->device->id,
             fl_as_nm(s->wavelength), fl_as_mm(s->spot), what);
    const label *l = label_of(m->device, s->wavelength);
    CHECK(l != NULL, "%s: the device has no such line", name);
    if (!l) return;
    const double area_m2 = 0.78539816339744830962 * s->spot.m * s->spot.m;
    CHECK(fluence.J_m2 > 0 && fluence.J_m2 * area_m2 * 1e3 <= l->energy_mJ * HAIR,
          "%s: %.4g mJ, the label says %.4g", name, fluence.J_m2 * area_m2 * 1e3, l->energy_mJ);
    CHECK(energy.J * 1e3 <= l->energy_mJ * HAIR && energy.J <= fluence.J_m2 * area_m2 + 6e-7, "%s: %.4g mJ",
          name, fl_as_mJ(energy));
    CHECK(!(fl_as_J_cm2(fluence) > l->cap_J_cm2 * HAIR), "%s: over the label's cap", name);
    for (size_t i = 0; i < l->caps; i++)
        if (llround(l->spot_mm[i] * 1000) == fl_whole_um(s->spot))
            CHECK(fl_as_J_cm2(fluence) <= l->spot_cap[i] * HAIR, "%s: %.4g over the cap %.4g of the spot",
                  name, fl_as_J_cm2(fluence), l->spot_cap[i]);
    CHECK(s->rate.Hz > 0 && s->rate.Hz <= l->rate_Hz * HAIR, "%s: %.3g Hz", name, s->rate.Hz);
    CHECK(!l->types || l->types & 1u << plan->skin.planned_as, "%s: type %d is not on the label", name,
          plan->skin.planned_as);

    const fl_rules *rules = pantry.book->rules;
    double start = 0, max = 0;
    rows_limit(rules->fluences, rules->fluences_count, plan->skin.planned_as, s->wavelength, &start, &max);
    rows_limit(m->procedure->fluences, m->procedure->fluences_count, plan->skin.planned_as, s->wavelength,
               &start, &max);
    CHECK(fluence.J_m2 <= max * HAIR, "%s: %.4g J/cm2, the rules say %.4g", name, fl_as_J_cm2(fluence),
          max * 1e-4);
    over_start += !s->allowed && strcmp(what, "start") == 0 && fluence.J_m2 > start * HAIR;
    if (s->allowed && strcmp(what, "start") == 0)
        CHECK(fluence.J_m2 <= start * HAIR, "%s: begins at %.4g J/cm2, the rules at %.4g", name,
              fl_as_J_cm2(fluence), start * 1e-4);
    CHECK(rows_allow(rules->wavelengths, rules->wavelengths_count, m, plan, s->wavelength) &&
              rows_allow(m->procedure->wavelengths, m->procedure->wavelengths_count, m, plan, s->wavelength),
          "%s: no row allows type %d", name, plan->skin.planned_as);
    bool listed = false;
    for (size_t i = 0; i < m->procedure->spots_count; i++)
        listed |= fl_whole_um(m->procedure->spots[i]) == fl_whole_um(s->spot);
    CHECK(listed, "%s: not a spot of the procedure", name);
    CHECK(!bad_read(m, s->wavelength, s->spot), "%s: after a bad read", name);
}

/* Zones before a read: only where nothing asks for one. */
static bool read_is_asked_for(const made *m, const fl_plan *plan)
{
    const fl_case_ink *ink = &m->c.body.ink;
    return plan->skin.planned_as >= 4 || m->procedure->read_first == FL_YES || ink->identified != FL_YES ||
           m->ink->known == FL_NO || m->ink->darkens == FL_YES || ink->white_inside != FL_NO;
}

static bool good_read(const made *m, const fl_plan_setting *s)
{
    for (size_t i = 0; i < m->c.body.tests_count; i++) {
        const fl_case_test *test = &m->tests[i];
        if (fl_whole_nm(test->wavelength) == fl_whole_nm(s->wavelength) &&
            fl_whole_um(test->spot) == fl_whole_um(s->spot) && strcmp(test->device, m->device->id) == 0 &&
            fl_date_is_set(test->read_on) &&
            fl_date_days(test->read_on) - fl_date_days(test->placed_on) >= 28 &&
            (test->result == FL_READ_LIGHTER || test->result == FL_READ_SAME))
            return true;
    }
    return false;
}

static bool forbidden(const made *m)
{
    for (size_t i = 0; i < m->c.body.reported_count; i++)
        if (strcmp(m->reported[i].id, "gold") == 0 || strcmp(m->reported[i].id, "particle-tattoo") == 0)
            return true;
    return m->c.body.age_years < 18;
}

static void check_limits(const made *m, const fl_plan *plan)
{
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_plan_setting *s = &plan->settings[i];
        CHECK(!s->allowed || s->has_fluence, "case %llu: setting %zu is allowed and has no fluence", number,
              i);
        if (!s->has_fluence) continue;
        check_light(m, plan, "high", s, s->high, s->energy);
        check_light(m, plan, "start", s, s->start, s->energy);
        CHECK(s->low.J_m2 > 0 && s->low.J_m2 <= s->high.J_m2 && s->start.J_m2 <= s->high.J_m2,
              "case %llu: %g %g %g", number, s->low.J_m2, s->start.J_m2, s->high.J_m2);
    }
    for (size_t i = 0; i < plan->test_spots.grid_count; i++) {
        const fl_plan_spot *spot = &plan->test_spots.grid[i];
        const fl_plan_setting *s = &plan->settings[spot->setting];
        CHECK(fl_whole_nm(s->wavelength) == fl_whole_nm(spot->wavelength) &&
                  fl_whole_um(s->spot) == fl_whole_um(spot->spot),
              "case %llu: test spot %zu is not its setting's", number, i);
        check_light(m, plan, "test spot", s, spot->fluence, spot->energy);
    }
    CHECK(plan->chosen < 0 || plan->settings[plan->chosen].allowed, "case %llu: chosen and not allowed",
          number);
    CHECK(!forbidden(m) || plan->verdict == FL_VERDICT_REFUSE, "case %llu: %s", number,
          fl_plan_verdict_word(plan->verdict));
    if (fl_plan_treats_zones(plan) && read_is_asked_for(m, plan))
        CHECK(good_read(m, &plan->settings[plan->chosen]),
              "case %llu: zones without the read that is asked for", number);
}

/* ---- 2: pairs ---- */

static double zone_most(const fl_plan_setting *s)
{
    return s->allowed && s->has_fluence ? s->high.J_m2 : 0.0;
}

static const fl_setting *physics_of(const fl_course_physics *physics, const fl_plan_setting *s)
{
    for (size_t h = 0; h < physics->count; h++)
        for (unsigned i = 0; i < physics->answers[h]->count; i++) {
            const fl_setting *found = &physics->answers[h]->settings[i];
            if (fl_whole_nm(found->wavelength) == fl_whole_nm(s->wavelength) &&
                fl_whole_um(found->spot) == fl_whole_um(s->spot))
                return found;
        }
    return NULL;
}

static double grid_most(const fl_plan *plan, size_t setting)
{
    double most = 0.0;
    for (size_t i = 0; i < plan->test_spots.grid_count; i++)
        if (plan->test_spots.grid[i].setting == (int)setting)
            most = fmax(most, plan->test_spots.grid[i].fluence.J_m2);
    return most;
}

/* Known, and counted instead of failed:
 *   higher_tests   where a window opens for tests alone its spots begin at what the ink needs, and darker
 * skin needs more (below what either bears); higher_highs   its `high` is what is bearable at the risk of a
 * test, so it can lie above an open window's; higher_reads   a read that passed opens a closed window up to
 * its own fluence, and an open window only as far as physics goes: so the darker skin, whose window is
 * closed, gets the higher fluence. */
static unsigned long long higher_tests, higher_highs, higher_reads;

static bool opened_by_read(const fl_plan_setting *s)
{
    for (size_t i = 0; i < s->reason_count; i++)
        if (strcmp(s->reasons[i].code, "read-passed") == 0) return true;
    return false;
}

static void compare_plans(const fl_plan *a, const fl_course_physics *of_a, const fl_plan *b, const char *how,
                          bool may_need_less)
{
    const double more = may_need_less ? OTHER_PHOTONS : HAIR;
    CHECK(a->setting_count == b->setting_count, "case %llu, %s: other settings", number, how);
    for (size_t i = 0; i < a->setting_count && i < b->setting_count; i++) {
        const fl_plan_setting *x = &a->settings[i], *y = &b->settings[i];
        const fl_setting *physics = physics_of(of_a, x);
        char name[80];
        snprintf(name, sizeof name, "case %llu, %s, %.0f nm %.1f mm", number, how, fl_as_nm(x->wavelength),
                 fl_as_mm(x->spot));
        /* What skin bears for a few pulses ends the test spots of the other plan too. Not their own height:
         * where a window opens for tests alone they begin at what the ink needs, and darker skin needs more.
         */
        const double most = grid_most(b, i);
        if (most > 0)
            CHECK(physics && most <= physics->bearable_test.J_m2 * more, "%s: a test spot of %.2f J/cm2",
                  name, most * 1e-4);
        higher_tests += grid_most(a, i) > 0 && most > grid_most(a, i) * more;
        if (opened_by_read(y)) {
            CHECK(physics && y->high.J_m2 <= physics->bearable_test.J_m2 * more,
                  "%s: a read opens %.2f J/cm2", name, fl_as_J_cm2(y->high));
            higher_reads += zone_most(y) > zone_most(x) * more && !opened_by_read(x);
            continue;
        }
        /* `high` of a window for tests alone is what is bearable at the risk of a test, so it is compared
         * with that. */
        const double x_most = x->allowed && physics
                                  ? fmax(x->high.J_m2, fmin(physics->bearable_test.J_m2, physics->limit.J_m2))
                                  : x->high.J_m2;
        if (x->has_fluence && y->has_fluence && (x->allowed || !y->allowed)) {
            CHECK(y->high.J_m2 <= (y->allowed ? x->high.J_m2 : x_most) * more,
                  "%s: up to %.2f J/cm2 instead of %.2f", name, fl_as_J_cm2(y->high), x_most * 1e-4);
            higher_highs += y->high.J_m2 > x->high.J_m2 * more;
        }
        if (may_need_less && !(x->allowed && y->allowed)) continue;
        CHECK(zone_most(y) <= zone_most(x) * more, "%s: zones up to %.2f J/cm2 instead of %.2f", name,
              zone_most(y) * 1e-4, zone_most(x) * 1e-4);
        if (x->allowed && y->allowed)
            CHECK(y->start.J_m2 <= x->start.J_m2 * more, "%s: begins at %.2f J/cm2 instead of %.2f", name,
                  fl_as_J_cm2(y->start), fl_as_J_cm2(x->start));
    }
    CHECK(!fl_plan_treats_zones(b) || fl_plan_treats_zones(a) || may_need_less,
          "case %llu, %s: zones only now", number, how);
    if (fl_plan_treats_zones(a) && fl_plan_treats_zones(b) && a->chosen == b->chosen &&
        !opened_by_read(&b->settings[b->chosen]))
        CHECK(b->settings[b->chosen].start.J_m2 <= a->settings[a->chosen].start.J_m2 * more,
              "case %llu, %s: chosen start", number, how);
}

static void compare_physics(const fl_course_physics *a, const fl_course_physics *b, const fl_plan *plan,
                            const char *how, double more)
{
    for (size_t i = 0; i < plan->setting_count; i++) {
        const fl_setting *s = physics_of(a, &plan->settings[i]), *t = physics_of(b, &plan->settings[i]);
        if (!s || !t) continue;
        CHECK(t->bearable.J_m2 <= s->bearable.J_m2 * more &&
                  t->bearable_test.J_m2 <= s->bearable_test.J_m2 * more &&
                  t->bearable_heat.J_m2 <= s->bearable_heat.J_m2 * more,
              "case %llu, %s, %.0f nm %.1f mm: bears %.5g %.5g %.5g J/cm2 instead of %.5g %.5g %.5g", number,
              how, fl_as_nm(s->wavelength), fl_as_mm(s->spot), fl_as_J_cm2(t->bearable),
              fl_as_J_cm2(t->bearable_test), fl_as_J_cm2(t->bearable_heat), fl_as_J_cm2(s->bearable),
              fl_as_J_cm2(s->bearable_test), fl_as_J_cm2(s->bearable_heat));
    }
}

static unsigned long long pairs[4];

static void check_pair(made *m, const fl_plan *plan, const fl_course_physics *physics)
{
    const unsigned kind = (unsigned)(number % 4);
    fl_case_skin *skin = &m->c.body.skin;
    const char *how = NULL;
    switch (kind) {
    case 0:
        if (plan->skin.planned_as < 1 || plan->skin.planned_as > 5) return;
        skin->practitioner =
            plan->skin.planned_as + 1 + (int)(number / 4 % (6u - (unsigned)plan->skin.planned_as));
        mark_changed(m, how = "a darker type");
        break;
    case 1:
        skin->last_sun = fl_date_add_days(m->c.body.date, -3);
        mark_changed(m, how = "a tan");
        break;
    case 2:
        make_shallow(m);
        how = "shallower ink";
        break;
    default:
        m->c.body.ink.identified = FL_NO;
        mark_changed(m, how = "ink not identified");
        break;
    }
    pairs[kind]++;
    fl_course_physics other = {0};
    fl_plan *changed = plan_of(m, &other);
    compare_plans(plan, physics, changed, how, kind == 2);
    compare_physics(physics, &other, plan, how, kind == 2 ? OTHER_PHOTONS : HAIR);
    fl_course_physics_free(&other);
    fl_plan_free(changed);
}

/* ---- 3: refusals ---- */

/* Codes whose sentences say why there is no window, or what another clinic wrote down: the refusal itself. */
static bool may_name_fluence(const char *code)
{
    static const char *const list[] = {"no-window",  "limit-below-need", "ink-not-reached",
                                       "no-setting", "setting-refused",  "record-impossible"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(code, list[i]) == 0) return true;
    return false;
}

static bool says_fluence(const json_t *reason)
{
    const char *at = json_string_value(json_object_get(reason, "text"));
    if (may_name_fluence(json_string_value(json_object_get(reason, "code"))))
        return strstr(at, "only a test spot");
    for (const char *start = at; (at = strstr(at, " J/cm2")); at++)
        if (at > start && at[-1] >= '0' && at[-1] <= '9') return true;
    return false;
}

static void check_refusal(const fl_plan *plan, const json_t *json)
{
    if (plan->verdict != FL_VERDICT_REFUSE && plan->verdict != FL_VERDICT_CLEARANCE) return;
    CHECK(plan->chosen < 0 && plan->test_spots.grid_count == 0 && !fl_plan_tests(plan) &&
              !fl_plan_treats_zones(plan),
          "case %llu: refused and chosen", number);
    CHECK(json_is_null(json_object_get(json, "chosen")), "case %llu: chosen in the JSON", number);
    CHECK(json_array_size(json_object_get(json_object_get(json, "test_spots"), "grid")) == 0,
          "case %llu: a grid in the JSON", number);
    size_t i;
    json_t *s, *r;
    json_array_foreach(json_object_get(json, "settings"), i, s)
    {
        CHECK(!plan->settings[i].has_fluence && !plan->settings[i].allowed, "case %llu: refused and open",
              number);
        static const char *const keys[] = {"fluence_J_cm2", "energy_mJ", "limited_by"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            CHECK(json_is_null(json_object_get(s, keys[k])), "case %llu: %s in the JSON of setting %zu",
                  number, keys[k], i);
        size_t n;
        json_array_foreach(json_object_get(s, "reasons"), n, r)
            CHECK(!says_fluence(r), "case %llu: a refused setting says '%s'", number,
                  json_string_value(json_object_get(r, "text")));
    }
    json_array_foreach(json_object_get(json, "reasons"), i, r)
        CHECK(!says_fluence(r), "case %llu: a refused plan says '%s'", number,
              json_string_value(json_object_get(r, "text")));
}

/* ---- 4: codes ---- */

enum { CODES_MOST = 300 };
static struct seen {
    char code[FL_PLAN_NAME];
    unsigned long long times, first;
} codes[CODES_MOST];
static size_t codes_count;

static void note(const char *code)
{
    for (size_t i = 0; i < codes_count; i++)
        if (strcmp(codes[i].code, code) == 0) {
            codes[i].times++;
            return;
        }
    CHECK(codes_count < CODES_MOST, "more than %d codes", CODES_MOST);
    if (codes_count == CODES_MOST) return;
    snprintf(codes[codes_count].code, FL_PLAN_NAME, "%s", code);
    codes[codes_count].times = 1, codes[codes_count++].first = number;
}

static void note_codes(const fl_plan *plan)
{
    for (size_t i = 0; i < plan->reason_count; i++) note(plan->reasons[i].code);
    for (size_t i = 0; i < plan->setting_count; i++)
        for (size_t k = 0; k < plan->settings[i].reason_count; k++) note(plan->settings[i].reasons[k].code);
}

/* ---- 5: JSON ---- */

static void check_round_trip(const fl_plan *plan, const char *text)
{
    fl_error error = {0};
    fl_plan *again = fl_plan_new();
    CHECK(fl_plan_read_text(text, strlen(text), again, &error) == FL_OK, "case %llu: %s", number, error.what);
    char *second = fl_plan_json(again);
    CHECK(strcmp(text, second) == 0 && memcmp(plan->sha256, again->sha256, FL_SHA256_SIZE) == 0,
          "case %llu: another JSON after reading", number);
    free(second);
    fl_plan_free(again);
}

static void check_again(const made *m, const fl_plan *plan, const char *text)
{
    fl_plan *twin = plan_of(m, NULL);
    char *second = fl_plan_json(twin);
    CHECK(strcmp(twin->plan_id, plan->plan_id) == 0 && strcmp(text, second) == 0, "case %llu: another plan",
          number);
    free(second);
    fl_plan_free(twin);
}

static unsigned long long verdicts[8];

static void one_case(void)
{
    static made m;
    make_case(&pantry, number, &m);
    fl_course_physics physics = {0};
    fl_plan *plan = plan_of(&m, &physics);
    char *text = fl_plan_json(plan);
    json_t *json = json_loads(text, 0, NULL);
    if (getenv("FL_SHOW")) printf("\n%s\n", text);
    verdicts[plan->verdict]++;
    check_limits(&m, plan);
    check_refusal(plan, json);
    note_codes(plan);
    if (number % 50 == 1) check_round_trip(plan, text);
    if (number % 100 == 1) check_again(&m, plan, text);
    check_pair(&m, plan, &physics);
    json_decref(json);
    free(text);
    fl_course_physics_free(&physics);
    fl_plan_free(plan);
}

static void random_cases(void)
{
    fill_pantry();
    for (number = first_case; number < first_case + cases; number++) one_case();
    printf("\n  %llu cases from %llu:", cases, first_case);
    for (int v = FL_VERDICT_PLAN; v <= FL_VERDICT_REFUSE; v++)
        printf(" %llu %s%s", verdicts[v], fl_plan_verdict_word((fl_plan_verdict)v),
               v < FL_VERDICT_REFUSE ? "," : "");
    printf("; pairs: %llu darker, %llu tanned, %llu shallower, %llu not identified\n  ", pairs[0], pairs[1],
           pairs[2], pairs[3]);
    printf("windows for tests alone, where darker skin needs more: %llu test spots and %llu `high` above "
           "those of the lighter "
           "case, %llu begin above the rules' start\n  %llu windows opened by a read "
           "higher than the open window of a lighter case\n  ",
           higher_tests, higher_highs, over_start, higher_reads);
}

/* With photons enough: what skin bears does not rise when the same ink lies at 0.6 of its depth. 2 % are the
 * walks'. */
static void shallower_ink_bears_no_more(void)
{
    /* clang-format off */
    static const struct { const char *site, *geometry; } rows[] = { { "scalp-male", "smp" }, { "eyebrow", "pmu" }, { "body", "tattoo" } };
    static const struct { double nm, ps; } heads[] = { { 532, 375 }, { 755, 650 }, { 1064, 450 } };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
            fl_planner_answer *answers[2];
            for (int shallow = 0; shallow < 2; shallow++) {
                fl_planner_request r = fl_planner_request_default();
                r.site = fl_planner_site_find(library(), rows[i].site);
                r.skin_type = fl_planner_skin_type_find(library(), 3);
                r.ink = fl_planner_ink_find(library(), "carbon-black");
                fl_planner_geometry geometry = *fl_planner_geometry_find(library(), rows[i].geometry);
                if (shallow) geometry.top.m *= 0.6;
                r.geometry = &geometry;
                r.wavelength = fl_nm(heads[h].nm), r.pulse = fl_ps(heads[h].ps);
                r.crest = 1.0, r.rate_max = fl_Hz(10);
                r.spots[0] =
                    (fl_planner_spot){.spot = fl_mm(3), .limit = fl_J_cm2(30), .limited_by = FL_LIMIT_DEVICE};
                r.spot_count = 1, r.seed = 1, r.draws = 24, r.variants = 22, r.photons = 1500, r.threads = 2;
                fl_error error = {0};
                if (fl_planner_run(&r, &answers[shallow], &error) != FL_OK) {
                    fl_error_print(stderr, &error);
                    exit(1);
                }
            }
            const fl_setting *deep = &answers[0]->settings[0], *near = &answers[1]->settings[0];
            CHECK(near->bearable.J_m2 <= 1.04 * deep->bearable.J_m2 &&
                      near->bearable_test.J_m2 <= 1.04 * deep->bearable_test.J_m2 &&
                      near->bearable_heat.J_m2 <= 1.04 * deep->bearable_heat.J_m2,
                  "%s, %s, %.0f nm: bears %.3f %.3f %.3f times", rows[i].site, rows[i].geometry, heads[h].nm,
                  near->bearable.J_m2 / deep->bearable.J_m2,
                  near->bearable_test.J_m2 / deep->bearable_test.J_m2,
                  near->bearable_heat.J_m2 / deep->bearable_heat.J_m2);
            fl_planner_answer_free(answers[0]), fl_planner_answer_free(answers[1]);
        }
}

static void every_code_is_explained(void)
{
    char command[300];
    printf("\n  %zu codes:", codes_count);
    for (size_t i = 0; i < codes_count; i++) {
        snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline explain %.47s >/dev/null 2>&1",
                 codes[i].code);
        const int how = system(command);
        CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 0, "'%.47s' has no text (first in case %llu)",
              codes[i].code, codes[i].first);
        printf(" %s %llu%s", codes[i].code, codes[i].times, i + 1 < codes_count ? "," : "\n  ");
    }
}

FL_TESTS("course/properties", TEST(every_label_was_read), TEST(random_cases),
         TEST(shallower_ink_bears_no_more), TEST(every_code_is_explained))
