#include "fadeline/planner/planner.h"

#include "setting.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <stdlib.h>

fl_planner_request fl_planner_request_default(void)
{
    return (fl_planner_request){
        .tan_factor = 1.0,
        .passes_max = 1,
        .accepted_risk = 0.02,
        .accepted_test_risk = 0.20,
        .effect_least = 1.0 / 3.0,
        .effect_least_test = 0.15,
        .warming_max = {.K = 20.0},
        .seed = 1,
        .draws = 8,
        .variants = 16,
        .photons = 600,
        .threads = 1,
    };
}

const char *fl_planner_limit_word(fl_planner_limit limit)
{
    static const char *const words[] = {"none", "device", "rules", "physics"};
    return (unsigned)limit < sizeof words / sizeof *words ? words[limit] : "?";
}

static fl_status check_numbers(const fl_planner_request *r, fl_error *error)
{
    const struct {
        const char *what;
        double value, least, most;
    } rows[] = {
        {"tan factor", r->tan_factor, 1.0, 5.0},
        {"wavelength [nm]", fl_as_nm(r->wavelength), 532.0, 1064.0},
        {"pulse length [ps]", fl_as_ps(r->pulse), 10.0, 1e5}, /* 10 ps to 100 ns: heat is still confined */
        {"crest of the beam", r->crest, 1.0, 3.0},
        {"highest rate [Hz]", r->rate_max.Hz, 0.1, 100.0},
        {"passes", r->passes_max, 1.0, 10.0},
        {"accepted risk", r->accepted_risk, 1e-4, 0.5},
        {"accepted risk of a test spot", r->accepted_test_risk, r->accepted_risk, 0.5},
        {"least chance of an effect", r->effect_least, 0.01, 0.99},
        {"least chance of an effect of a test spot", r->effect_least_test, 0.01, r->effect_least},
        {"warming limit [K]", r->warming_max.K, 0.1, 40.0},
        {"draws", r->draws, 1.0, 64.0},
        {"variants", r->variants, 2.0, FL_PLANNER_VARIANTS},
        {"cooling [W/m2/K]", r->cooling.W_m2_K, 0.0, 1e5},
        {"photons", r->photons, 100.0, 1e9},
        {"threads", r->threads, 1.0, FL_PLANNER_THREADS},
        {"number of spots", r->spot_count, 1.0, FL_PLANNER_SPOTS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        /* A wavelength computed from nanometres may miss 532 or 1064 by rounding. */
        if (!(rows[i].value >= rows[i].least * (1.0 - 1e-9) && rows[i].value <= rows[i].most * (1.0 + 1e-9)))
            return fl_error_set(error, FL_E_RANGE, "plan: %s is %g, must be %g to %g", rows[i].what,
                                rows[i].value, rows[i].least, rows[i].most);
    return FL_OK;
}

static fl_status check(const fl_planner_request *r, fl_error *error)
{
    const struct {
        const char *what;
        const void *is;
    } parts[] = {{"site", r->site},
                 {"skin type", r->skin_type},
                 {"ink", r->ink},
                 {"geometry of the ink", r->geometry}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!parts[i].is) return fl_error_set(error, FL_E_RANGE, "plan: no %s is given", parts[i].what);
    if (check_numbers(r, error) != FL_OK) return FL_E_RANGE;
    for (unsigned i = 0; i < r->spot_count; i++) {
        const fl_planner_spot *s = &r->spots[i];
        const double mm = fl_as_mm(s->spot), limit = fl_as_J_cm2(s->limit), begin = fl_as_J_cm2(s->begin);
        if (!(mm >= 0.5 && mm <= 30.0))
            return fl_error_set(error, FL_E_RANGE, "plan: spot %u is %g mm, must be 0.5 to 30", i + 1, mm);
        if (i && !(s->spot.m > r->spots[i - 1].spot.m))
            return fl_error_set(error, FL_E_RANGE, "plan: spot %u (%g mm) does not rise", i + 1, mm);
        if (!(limit > 0.0 && limit <= 100.0))
            return fl_error_set(error, FL_E_RANGE,
                                "plan: the limit of spot %u is %g J/cm2, must be above 0 to 100", i + 1,
                                limit);
        if (s->limited_by != FL_LIMIT_DEVICE && s->limited_by != FL_LIMIT_PROFILE)
            return fl_error_set(error, FL_E_RANGE, "plan: nobody says whose limit that of spot %u is", i + 1);
        if (!(s->proven.J_m2 >= 0.0 && s->proven.J_m2 <= 1e6))
            return fl_error_set(error, FL_E_RANGE,
                                "plan: what spot %u has proven is %g J/cm2, must be 0 to 100", i + 1,
                                fl_as_J_cm2(s->proven));
        if (!(begin >= 0.0 && begin <= 100.0))
            return fl_error_set(error, FL_E_RANGE, "plan: the start of spot %u is %g J/cm2, must be 0 to 100",
                                i + 1, begin);
    }
    return FL_OK;
}

/* Best: open and the likeliest effect at its start; of those that sampling cannot tell from it (a hundredth),
 * the largest spot: deeper, fewer pulses. */
#define TOO_CLOSE 0.01

static int best_of(const fl_planner_answer *answer)
{
    double most = -1.0;
    int best = -1;
    for (unsigned i = 0; i < answer->count; i++)
        if (answer->settings[i].allowed) most = fmax(most, answer->settings[i].effect_probability);
    for (unsigned i = 0; i < answer->count; i++)
        if (answer->settings[i].allowed && answer->settings[i].effect_probability >= most - TOO_CLOSE)
            best = (int)i;
    return best;
}

/* More than one pass in a day is for when it opens a window, or makes an effect likelier by what can be seen.
 */
#define WORTH_ANOTHER_PASS 0.05

static bool better(const fl_setting *a, const fl_setting *b)
{
    if (a->window != b->window) return a->window > b->window;
    return a->window == FL_WINDOW_OPEN && a->injury_probability <= b->injury_probability + 0.005 &&
           a->effect_probability > b->effect_probability + WORTH_ANOTHER_PASS;
}

static fl_status make_spot(fl_study *study, fl_cloud *cloud, unsigned spot, fl_setting *best, fl_error *error)
{
    const fl_planner_request *r = study->request;
    /* Green light bursts vessels each time: one pass (clinical reference, R20). */
    const int most = fl_as_nm(r->wavelength) < 600.0 ? 1 : r->passes_max;
    for (int passes = 1; passes <= most; passes++) {
        fl_setting made;
        fl_cloud_fill(cloud, study, spot, passes);
        const fl_status status = fl_setting_make(study, cloud, spot, passes, &made, error);
        if (status != FL_OK) return status;
        if (passes == 1 || better(&made, best)) *best = made;
    }
    return FL_OK;
}

fl_status fl_planner_run(const fl_planner_request *request, fl_planner_answer **answer, fl_error *error)
{
    FL_ASSERT(request && answer);
    if (check(request, error) != FL_OK) return FL_E_RANGE;
    fl_study *study = NULL;
    fl_cloud *cloud = NULL;
    fl_planner_answer *a = calloc(1, sizeof *a);
    fl_status status = a ? fl_study_new(request, &study, error) : FL_E_MEMORY;
    if (status == FL_OK) status = fl_cloud_new(study->count, &cloud);
    if (status == FL_OK) {
        a->count = request->spot_count;
        a->samples = (unsigned)study->count;
        a->accepted_risk = request->accepted_risk, a->accepted_test_risk = request->accepted_test_risk;
        a->effect_least = request->effect_least, a->effect_least_test = request->effect_least_test;
        for (unsigned s = 0; status == FL_OK && s < request->spot_count; s++)
            status = make_spot(study, cloud, s, &a->settings[s], error);
    }
    if (status == FL_OK) status = fl_anatomy_make(study, &a->anatomy);
    if (status == FL_E_MEMORY) fl_error_set(error, status, "no memory for the plan");
    fl_cloud_free(cloud);
    fl_study_free(study);
    if (status != FL_OK) return free(a), status;
    a->best = best_of(a);
    *answer = a;
    return FL_OK;
}

void fl_planner_answer_free(fl_planner_answer *answer)
{
    free(answer);
}
