/* Test spots of a case: those the newest plan asked for, placed and read. A read is written into the case,
 * where the next plan finds it: a spot that went darker excludes its setting. */
#include "cases.h"
#include "core.h"
#include "plan_parts.h"

#include "fadeline/base/text.h"
#include "fadeline/config/draft.h"
#include "fadeline/course/case.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const results[] = {"open", "lighter", "same", "darker"};
static const word result_words[] = {W_READ_OPEN, W_READ_LIGHTER, W_READ_SAME, W_READ_DARKER};

/* The newest plan of this client that has a grid; NULL: none. */
static fl_plan *plan_for(const page *p, const char *client)
{
    char path[FL_PLACE_MAX];
    struct dirent *found;
    fl_plan *best = NULL;
    if (snprintf(path, sizeof path, "%s/plans", p->console->home) >= (int)sizeof path) return NULL;
    DIR *folder = opendir(path);
    while (folder && (found = readdir(folder))) {
        if (strncmp(found->d_name, "P-", 2) != 0 || !strstr(found->d_name, ".json") ||
            snprintf(path, sizeof path, "%s/plans/%s", p->console->home, found->d_name) >= (int)sizeof path)
            continue;
        fl_plan *plan = fl_plan_new();
        const bool good = plan && fl_plan_read_json(path, plan, NULL) == FL_OK &&
                          strcmp(plan->client, client) == 0 && plan->test_spots.grid_count &&
                          (!best || fl_date_compare(plan->date, best->date) > 0);
        fl_plan_free(good ? best : plan);
        if (good) best = plan;
    }
    if (folder) closedir(folder);
    return best;
}

static fl_draft *draft_of(page *p, const char *name, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_case *c;
    if (!cases_path(p, name, path)) {
        fl_error_set(error, FL_E_NO, "there is no such case");
        return NULL;
    }
    if (fl_case_load(path, NULL, &c, error) != FL_OK) return NULL;
    fl_draft *d = fl_draft_new(&fl_case_schema);
    fl_draft_take(d, fl_yaml_root(c->file));
    fl_case_free(c);
    return d;
}

static const char *at(page *p, size_t n, const char *key)
{
    return page_format(p, "tests[%zu]%s%s", n, *key ? "." : "", key);
}

static const char *held(page *p, const fl_draft *d, size_t n, const char *key)
{
    const char *value = fl_draft_get(d, at(p, n, key));
    return value ? value : "–";
}

static const char *reader_text(page *p, const char *value, int decimals)
{
    double number;
    return fl_read_double(value, &number) == FL_OK ? page_number(p, number, decimals) : value;
}

static void put_spot(page *p, const fl_draft *d, size_t n, const char *name)
{
    html *w = &p->html;
    const char *texts[4], *cleared = fl_draft_get(d, at(p, n, "cleared_percent"));
    html_put(w, "<section><h2>%s · %s</h2><p>%s nm · %s mm · %s J/cm² · %s %s</p>", held(p, d, n, "id"),
             held(p, d, n, "zone"), held(p, d, n, "wavelength_nm"),
             reader_text(p, held(p, d, n, "spot_mm"), 1), reader_text(p, held(p, d, n, "fluence_J_cm2"), 2),
             say(p, W_TESTS_PLACED), held(p, d, n, "placed_on"));
    const char *now = fl_draft_get(d, at(p, n, "result"));
    if (now && strcmp(now, "open") != 0) {
        for (size_t i = 0; i < 4; i++)
            if (strcmp(now, results[i]) == 0)
                html_put(w, "<p><span class=\"state %s\">%s</span> %s%s%s</p>", i == 3 ? "bad" : "good",
                         say(p, result_words[i]), held(p, d, n, "read_on"), cleared ? " · " : "",
                         cleared ? page_format(p, "%s %%", cleared) : "");
    } else if (page_may_open(p, ROUTE_POST, "/tests")) {
        for (size_t i = 0; i < 4; i++) texts[i] = say(p, result_words[i]);
        page_form(p, "/tests");
        html_put(w,
                 "<input type=\"hidden\" name=\"case\" value=\"%s\"><input type=\"hidden\" name=\"spot\" "
                 "value=\"%zu\">",
                 name, n);
        html_put(w, "<fieldset class=\"choice\"><legend>%s</legend>", say(p, W_TESTS_RESULT));
        for (size_t i = 1; i < 4; i++)
            html_put(
                w,
                "<label><input type=\"radio\" name=\"result\" value=\"%s\" required><span>%s</span></label>",
                results[i], texts[i]);
        html_put(w,
                 "</fieldset><div class=\"field\"><label for=\"cleared-%zu\">%s</label><input type=\"text\" "
                 "inputmode=\"decimal\" "
                 "id=\"cleared-%zu\" name=\"cleared\" value=\"\"></div>",
                 n, say(p, W_CLIENT_CLEARED_PERCENT), n);
        html_put(w,
                 "<p><label class=\"tick\"><input type=\"checkbox\" name=\"skin\" value=\"yes\"> %s</label> ",
                 say(p, W_TESTS_SKIN));
        html_put(w,
                 "<label class=\"tick\"><input type=\"checkbox\" name=\"hair\" value=\"yes\"> %s</label></p>",
                 say(p, W_TESTS_HAIR));
        page_form_end(p, W_RECORD_IT);
    }
    html_put(w, "</section>");
}

static size_t spots_of(page *p, const fl_draft *d)
{
    size_t n = 0;
    while (n < 64 && fl_draft_get(d, at(p, n, "id"))) n++;
    return n;
}

static void show(page *p, const fl_draft *d, const char *name, const fl_faults *faults)
{
    html *w = &p->html;
    const size_t count = spots_of(p, d);
    const char *client = fl_draft_get(d, "client");
    fl_plan *plan = plan_for(p, client);
    page_begin(p, page_format(p, "%s %s", say(p, W_PLAN_TESTS), name));
    for (size_t i = 0; faults && i < faults->count; i++)
        page_put_no(p, faults->list[i].what, faults->list[i].hint);
    if (plan) {
        plan_put_tests(p, plan);
        if (!count && fl_plan_tests(plan) && page_may_open(p, ROUTE_POST, "/tests")) {
            page_form(p, "/tests");
            html_put(w,
                     "<input type=\"hidden\" name=\"case\" value=\"%s\"><input type=\"hidden\" "
                     "name=\"place\" value=\"%s\">",
                     name, plan->plan_id);
            page_form_end(p, W_TESTS_PLACE);
        }
    }
    for (size_t n = 0; n < count; n++) put_spot(p, d, n, name);
    if (!plan && !count) html_put(w, "<p>%s</p>", say(p, W_TESTS_NONE));
    html_put(w, "<p><a class=\"button\" href=\"/plans\">%s</a></p>", say(p, W_PLANS_NEW));
    page_end(p);
    fl_plan_free(plan);
}

void page_test_spots(page *p)
{
    fl_error error = {0};
    fl_draft *d = draft_of(p, page_part(p, 0), &error);
    if (!d) return page_refuse_error(p, error.status == FL_E_NO ? 404 : 500, &error, NULL);
    show(p, d, page_part(p, 0), NULL);
    fl_draft_free(d);
}

/* ---- placed today, as the plan asked ---- */

static void place(page *p, fl_draft *d, const fl_plan *plan)
{
    char day[11];
    size_t n = spots_of(p, d);
    for (size_t i = 0; i < plan->test_spots.grid_count; i++, n++) {
        const fl_plan_spot *s = &plan->test_spots.grid[i];
        fl_draft_set(d, at(p, n, "id"), page_format(p, "%s-%s", s->id, fl_date_text(p->today, day)));
        fl_draft_set(d, at(p, n, "zone"), s->zone);
        fl_draft_set(d, at(p, n, "placed_on"), fl_date_text(p->today, day));
        fl_draft_set(d, at(p, n, "device"), plan->device);
        fl_draft_set(d, at(p, n, "wavelength_nm"), page_format(p, "%.10g", fl_as_nm(s->wavelength)));
        fl_draft_set(d, at(p, n, "spot_mm"), page_format(p, "%.10g", fl_as_mm(s->spot)));
        fl_draft_set(d, at(p, n, "fluence_J_cm2"), page_format(p, "%.6g", fl_as_J_cm2(s->fluence)));
        fl_draft_set(d, at(p, n, "pulses"), page_format(p, "%d", s->pulses));
        fl_draft_set(d, at(p, n, "result"), "open");
    }
}

static void read_spot(page *p, fl_draft *d, size_t n)
{
    char day[11];
    double value;
    const char *cleared = page_given(p, "cleared");
    fl_draft_set(d, at(p, n, "result"), page_given(p, "result"));
    fl_draft_set(d, at(p, n, "read_on"), fl_date_text(p->today, day));
    if (cleared && page_read_number(cleared, &value)) cleared = page_format(p, "%.6g", value);
    fl_draft_set(d, at(p, n, "cleared_percent"), cleared);
    fl_draft_set(d, at(p, n, "skin_change"), page_given(p, "skin") ? "yes" : "no");
    fl_draft_set(d, at(p, n, "hair_white"), page_given(p, "hair") ? "yes" : "no");
}

void page_test_spots_post(page *p)
{
    char path[FL_PLACE_MAX];
    size_t size;
    uint64_t spot;
    fl_error error = {0};
    const char *name = page_given(p, "case"), *wanted = page_given(p, "place"),
               *given = page_given(p, "spot");
    fl_draft *d = name ? draft_of(p, name, &error) : NULL;
    if (!d) return page_refuse(p, 404, say(p, W_TESTS_NONE), NULL);
    if (wanted && !spots_of(p, d)) {
        fl_plan *plan = plan_of(p, wanted);
        if (!plan) return fl_draft_free(d);
        if (fl_plan_tests(plan) && fl_text_same(plan->client, fl_draft_get(d, "client"))) place(p, d, plan);
        fl_plan_free(plan);
    } else if (given && fl_read_u64(given, &spot) == FL_OK && spot < spots_of(p, d)) {
        read_spot(p, d, spot);
    }
    fl_faults *faults = fl_faults_new();
    fl_status status = fl_draft_check(d, faults);
    const char *text = fl_draft_yaml(d, &size);
    if (status != FL_OK) {
        p->status = 422;
        show(p, d, name, faults);
    } else if (!cases_path(p, name, path) || fl_place_write(path, text, size, 0600, &error) != FL_OK) {
        page_failed(p, &error);
    } else {
        page_redirect(p, page_url(p, "/tests/%s", name));
    }
    fl_faults_free(faults);
    fl_draft_free(d);
}
