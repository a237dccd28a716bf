#include "properties_case.h"

#include "check.h"

#include "fadeline/base/random.h"

static fl_random lot;
static bool plain; /* of a healthy client who fits the procedure: or nearly every case would be refused for
                      several reasons */

static unsigned below(unsigned n)
{
    return (unsigned)(fl_random_uniform(&lot) * n);
}

static bool chance(double p)
{
    return fl_random_uniform(&lot) < p;
}

static double between(double least, double most)
{
    return least + (most - least) * fl_random_uniform(&lot);
}

static fl_answer answer(void)
{
    return chance(0.1) ? FL_NOT_STATED : chance(0.5) ? FL_NO : FL_YES;
}

static fl_date past(fl_date today, int days)
{
    return fl_date_add_days(today, -(int)below((unsigned)days));
}

static void make_skin(fl_case_skin *skin, fl_date today)
{
    fl_case_form *form = &skin->form;
    int *const items[] = {&form->G1, &form->G2, &form->G3, &form->G4, &form->R1,
                          &form->R2, &form->R3, &form->R4, &form->T1, &form->T2};
    const bool filled = !chance(0.1), blank = !plain && chance(0.03);
    const unsigned darkest = 2 + below(3); /* forms of one person lie together */
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        *items[i] = filled ? (int)below(darkest + 1) : -1;
    if (chance(plain ? 0.95 : 0.7)) form->T1 = filled ? (int)below(3) : -1; /* no sun lately */
    if (blank) *items[below(10)] = -1;
    skin->practitioner = chance(plain ? 0.7 : 0.5) ? 0 : 1 + (int)below(6);
    skin->site_ita_deg = chance(plain ? 0.8 : 0.5) ? NAN : between(-60, 70);
    skin->unexposed_ita_deg = chance(0.8) ? NAN : between(-60, 70);
    skin->site_lightness = skin->site_b = skin->unexposed_lightness = skin->unexposed_b = NAN;
    if (chance(0.1))
        skin->site_ita_deg = NAN, skin->site_lightness = between(20, 80), skin->site_b = between(0, 25);
    skin->last_sun = chance(plain ? 0.8 : 0.4) ? (fl_date){0} : past(today, 200);
}

static void make_ink(const ingredients *from, made *m)
{
    static const char *const geometries[] = {"smp", "pmu", "tattoo"};
    fl_case_ink *ink = &m->c.body.ink;
    size_t inks = 0;
    while (fl_planner_ink_row(from->library, inks)) inks++;
    m->ink = chance(plain ? 0.6 : 0.2) ? fl_planner_ink_find(from->library, "carbon-smp")
                                       : fl_planner_ink_row(from->library, below((unsigned)inks));
    ink->id = m->ink->id;
    ink->geometry = chance(plain ? 0.85 : 0.6) ? NULL : geometries[below(3)];
    m->geometry = ink->geometry ? ink->geometry : m->procedure->geometry;
    ink->identified = chance(plain ? 0.9 : 0.6) ? FL_YES : answer();
    ink->colours = 1u << (FL_COLOUR_BLACK + below(FL_COLOUR_WHITE));
    if (plain || chance(0.5)) ink->colours |= 1u << FL_COLOUR_BLACK | 1u << FL_COLOUR_BROWN;
    if (!plain && chance(0.05)) ink->colours = 0;
    ink->white_inside = chance(plain ? 0.9 : 0.6) ? FL_NO : answer();
    ink->layers = 1 + (int)below(3);
    ink->age_months = (int)below(200);
}

static void make_zones(const ingredients *from, made *m)
{
    const fl_rules *rules = from->book->rules;
    fl_case_body *body = &m->c.body;
    body->zones_count = 1 + below(MADE_ZONES);
    for (size_t i = 0; i < body->zones_count; i++) {
        const fl_zone_prefix *prefix = &rules->zones[below((unsigned)rules->zones_count)];
        const bool anywhere = !plain && chance(0.1);
        for (int tries = 0; tries < 200 && !anywhere && !(m->procedure->regions & 1u << prefix->region);
             tries++)
            prefix = &rules->zones[below((unsigned)rules->zones_count)];
        snprintf(m->zone_ids[i], sizeof m->zone_ids[i], "%.10s%zu", prefix->prefix, i + 1);
        fl_case_zone *zone = &m->zones[i];
        *zone = from->pattern->body.zones[0];
        zone->id = m->zone_ids[i];
        zone->area = fl_cm2(between(0.3, 120));
        zone->locked = chance(plain ? 0.02 : 0.1) ? FL_YES : FL_NOT_STATED;
        zone->why = NULL;
        zone->features = m->features[i];
        zone->features_count = chance(plain ? 0.03 : 0.25) ? 1 : 0;
        m->features[i][0] = rules->features[below((unsigned)rules->features_count)].id;
        zone->test_site = chance(0.4) ? "between two landmarks" : NULL;
    }
    body->zones = m->zones;
}

static void make_screening(const ingredients *from, made *m, fl_date today)
{
    const fl_rules *rules = from->book->rules;
    fl_case_body *body = &m->c.body;
    const char *const missing =
        chance(0.07) ? rules->screening[below((unsigned)rules->screening_count)].id : "";
    body->reported_count = chance(plain ? 0.95 : 0.6) ? 0 : 1 + below(MADE_REPORTED);
    for (size_t i = 0; i < body->reported_count; i++) {
        const fl_screening_rule *rule = &rules->screening[below((unsigned)rules->screening_count)];
        if (i && strcmp(m->reported[0].id, rule->id) == 0) {
            body->reported_count = i;
            break;
        }
        m->reported[i] =
            (fl_case_answer){.id = rule->id, .on = chance(0.3) ? (fl_date){0} : past(today, 400)};
        if (chance(0.4))
            m->reported[i].cleared_by = "Dr C. Example", m->reported[i].cleared_on = past(today, 100);
    }
    body->denied_count = 0;
    for (size_t i = 0; i < rules->screening_count && body->denied_count < MADE_DENIED; i++) {
        bool said =
            strcmp(rules->screening[i].id, missing) == 0 || strcmp(rules->screening[i].id, "sun") == 0;
        for (size_t k = 0; k < body->reported_count; k++)
            said |= strcmp(rules->screening[i].id, m->reported[k].id) == 0;
        if (!said) m->denied[body->denied_count++] = rules->screening[i].id;
    }
    body->reported = m->reported, body->denied = m->denied;
}

static const fl_device_head *some_head(const made *m)
{
    return &m->device->heads[below((unsigned)m->device->heads_count)];
}

/* Half of all tests lie on a spot of the procedure, so that they count. */
static fl_length some_spot(const made *m)
{
    return m->procedure->spots[below((unsigned)m->procedure->spots_count)];
}

static void make_past(made *m, fl_date today)
{
    fl_case_body *body = &m->c.body;
    static const char *const ids[] = {"E1", "E2"}, *const test_ids[] = {"T1", "T2", "T3", "T4"};
    body->earlier_count = chance(plain ? 0.9 : 0.7) ? 0 : 1 + below(MADE_EARLIER);
    for (size_t i = 0; i < body->earlier_count; i++)
        m->earlier[i] = (fl_case_earlier){.id = ids[i],
                                          .on = chance(0.1) ? (fl_date){0} : past(today, 300),
                                          .elsewhere = answer(),
                                          .device = chance(0.3) ? NULL : m->device->id,
                                          .wavelength = some_head(m)->wavelength,
                                          .spot = some_spot(m),
                                          .fluence = {chance(0.2) ? NAN : 1e4 * between(0.3, 9)}};
    body->tests_count = chance(plain ? 0.6 : 0.5) ? 0 : 1 + below(MADE_TESTS);
    for (size_t i = 0; i < body->tests_count; i++) {
        fl_case_test *test = &m->tests[i];
        *test = (fl_case_test){
            .id = test_ids[i],
            .zone = m->zone_ids[0],
            .placed_on = past(today, 200),
            .device = chance(0.1) ? "another-laser" : m->device->id,
            .wavelength = chance(0.6) ? fl_nm(1064) : some_head(m)->wavelength,
            .spot = some_spot(m),
            .fluence = {chance(0.05) ? NAN : 1e4 * between(0.1, 4)},
            .pulses = 2,
            .result = plain && chance(0.8) ? FL_READ_LIGHTER : (fl_read_result)(FL_READ_OPEN + (int)below(4)),
            .cleared_percent = NAN,
            .skin_change = chance(plain ? 0.02 : 0.1) ? FL_YES : FL_NO,
            .hair_white = chance(plain ? 0.02 : 0.1) ? FL_YES : FL_NO};
        if (test->result != FL_READ_OPEN)
            test->read_on = fl_date_add_days(test->placed_on, plain ? 42 + (int)below(14) : (int)below(70));
    }
    body->earlier = m->earlier, body->tests = m->tests;
    body->wishes_count = chance(0.3) ? 1 : 0;
    m->wishes[0] = (fl_case_wish){.wavelength = some_head(m)->wavelength};
    body->wishes = m->wishes;
}

void mark_changed(made *m, const char *how)
{
    uint8_t before[FL_SHA256_SIZE];
    memcpy(before, m->c.sha256, sizeof before);
    const fl_piece pieces[] = {{before, sizeof before}, {how, strlen(how)}};
    fl_sha256_pieces(pieces, 2, m->c.sha256);
}

void make_shallow(made *m)
{
    static const char *const names[][2] = {
        {"smp", "smp-shallow"}, {"pmu", "pmu-shallow"}, {"tattoo", "tattoo-shallow"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(m->geometry, names[i][0]) == 0) m->c.body.ink.geometry = names[i][1];
    m->geometry = m->c.body.ink.geometry;
    mark_changed(m, "shallow");
}

void make_case(const ingredients *from, uint64_t number, made *m)
{
    memset(m, 0, sizeof *m);
    fl_random_init(&lot, 20260504, number);
    plain = chance(0.6);
    m->c = *from->pattern;
    fl_case_body *body = &m->c.body;
    const fl_procedures *procedures = from->book->procedures;
    m->device = from->devices[below((unsigned)from->devices_count)];
    /* The second of each pair is confirmed; unconfirmed ones bar nearly everything. */
    if (plain) m->device = from->devices[below((unsigned)from->devices_count / 2) * 2 + 1];
    m->procedure = &procedures->list[below((unsigned)procedures->list_count)];
    body->procedure = m->procedure->id;
    size_t sites = 0;
    while (fl_planner_site_row(from->library, sites)) sites++;
    body->site = fl_planner_site_row(from->library, below((unsigned)sites))->id;
    body->age_years = !plain && chance(0.05) ? 15 + (int)below(3) : 18 + (int)below(60);
    body->date = fl_date_add_days(body->date, (int)below(200));
    body->overlap = plain || chance(0.7) ? NAN : between(0.0, 0.3);
    make_skin(&body->skin, body->date);
    make_ink(from, m);
    make_zones(from, m);
    make_screening(from, m, body->date);
    make_past(m, body->date);
    body->goal.deadline =
        chance(plain ? 0.98 : 0.9) ? (fl_date){0} : fl_date_add_days(body->date, (int)below(300));
    body->goal.deadline_stands = answer();
    body->room.physician = answer();
    body->room.shields = (fl_shields)below(5);
    if (plain) body->room.physician = FL_YES, body->room.shields = FL_SHIELDS_METAL_INTERNAL;
    body->smoker = answer();
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    mark_changed(m, digits);
}
