/* Alternatives: when nothing can be used today, what would change that. The planner is asked again with one
 * thing changed, the tan gone or another laser; the answer names the change and never a fluence.
 */
#include "work.h"

/* Picosecond heads as they are sold (clinical reference, lasers): what another laser could be. */
static const struct {
    double nm, ps;
} others[] = {{1064, 450}, {755, 650}, {532, 375}};

static const fl_wavelength_rule *permits(const fl_work *w, fl_wavelength wavelength)
{
    const fl_wavelength_rule *found = NULL;
    for (size_t i = 0; i < w->rules->wavelengths_count; i++) {
        const fl_wavelength_rule *rule = &w->rules->wavelengths[i];
        if (fl_whole_nm(rule->wavelength) == fl_whole_nm(wavelength) &&
            !(rule->skin_types & 1u << w->skin.planned_as))
            return NULL;
    }
    for (size_t i = 0; i < w->procedure->wavelengths_count; i++) {
        const fl_wavelength_rule *rule = &w->procedure->wavelengths[i];
        if (fl_whole_nm(rule->wavelength) == fl_whole_nm(wavelength) &&
            rule->skin_types & 1u << w->skin.planned_as)
            found = rule;
    }
    return found;
}

/* The procedure's spots under the rules' highest fluence, whatever a device can do. */
static void add_spots(const fl_work *w, fl_planner_request *request)
{
    const fl_fluence_rule *rule =
        fl_fluence_for(w->in->book, w->procedure, request->wavelength, w->skin.planned_as);
    request->spot_count = 0;
    for (size_t i = 0; rule && i < w->procedure->spots_count && request->spot_count < FL_PLANNER_SPOTS; i++)
        request->spots[request->spot_count++] = (fl_planner_spot){.spot = w->procedure->spots[i],
                                                                  .limit = rule->max,
                                                                  .limited_by = FL_LIMIT_PROFILE,
                                                                  .begin = rule->start};
}

static fl_status best_window(fl_work *w, const fl_planner_request *request, fl_planner_window *best,
                             fl_length *spot)
{
    fl_planner_answer *answer;
    *best = FL_WINDOW_CLOSED;
    if (!request->spot_count) return FL_OK;
    const fl_status status = fl_planner_run(request, &answer, w->error);
    if (status != FL_OK) return status;
    for (unsigned i = 0; i < answer->count; i++)
        if (answer->settings[i].window > *best)
            *best = answer->settings[i].window, *spot = answer->settings[i].spot;
    fl_planner_answer_free(answer);
    return FL_OK;
}

static const char *what_opens(fl_planner_window window)
{
    return window == FL_WINDOW_OPEN ? "a window for the zones" : "a window for test spots";
}

static fl_status without_tan(fl_work *w)
{
    if (!w->tanned) return FL_OK;
    const fl_device *device = w->in->device;
    for (size_t i = 0; i < device->heads_count; i++) {
        const fl_device_head *head = &device->heads[i];
        fl_planner_window window;
        fl_length spot;
        if (!head->pulses_count || head->tattoo_use == FL_NO || !permits(w, head->wavelength)) continue;
        fl_planner_request request = fl_work_request(w);
        fl_work_request_head(head, &request);
        add_spots(w, &request);
        request.tan_factor = 1.0;
        const fl_status status = best_window(w, &request, &window, &spot);
        if (status != FL_OK) return status;
        if (window == FL_WINDOW_CLOSED) continue;
        fl_plan_say(w->plan, FL_RANK_INFO, "would-open",
                    "When the tan has gone, %.0f nm with %.1f mm would open %s.", fl_as_nm(head->wavelength),
                    fl_as_mm(spot), what_opens(window));
        return FL_OK;
    }
    return FL_OK;
}

static bool was_asked(const fl_work *w, fl_wavelength wavelength)
{
    for (size_t i = 0; i < w->plan->setting_count; i++)
        if (w->settings[i].has_physics &&
            fl_whole_nm(w->plan->settings[i].wavelength) == fl_whole_nm(wavelength))
            return true;
    return false;
}

static fl_status with_another_laser(fl_work *w)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const fl_wavelength wavelength = fl_nm(others[i].nm);
        fl_planner_window window;
        fl_length spot;
        if (was_asked(w, wavelength) || !permits(w, wavelength)) continue;
        fl_planner_request request = fl_work_request(w);
        request.wavelength = wavelength, request.pulse = fl_ps(others[i].ps);
        request.crest = 1.0, request.rate_max = fl_Hz(10);
        add_spots(w, &request);
        const fl_status status = best_window(w, &request, &window, &spot);
        if (status != FL_OK) return status;
        if (window == FL_WINDOW_CLOSED) continue;
        fl_plan_say(w->plan, FL_RANK_INFO, "would-open",
                    "Another laser would: %.0f nm in picoseconds, flat top, with %.1f mm opens %s.",
                    others[i].nm, fl_as_mm(spot), what_opens(window));
        return FL_OK;
    }
    return FL_OK;
}

fl_status fl_work_alternatives(fl_work *w)
{
    bool asked = false;
    for (size_t i = 0; i < w->plan->setting_count; i++) {
        if (w->plan->settings[i].has_fluence) return FL_OK;
        asked |= w->settings[i].has_physics;
    }
    if (!asked) return FL_OK; /* rules stand in the way, and have said what would change them */
    const fl_status status = without_tan(w);
    return status == FL_OK ? with_another_laser(w) : status;
}
