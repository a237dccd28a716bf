#include "helper_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const fl_test_head test_heads[3] = {{532, 375}, {755, 650}, {1064, 450}};

static fl_planner_library *library;
static void end(void)
{
    fl_planner_library_free(library);
}

const fl_planner_library *test_library(void)
{
    fl_error error = {0};
    if (library) return library;
    if (fl_planner_library_load(&library, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        exit(1);
    }
    atexit(end);
    return library;
}

fl_planner_request test_request(const char *site, int type, const char *ink, const char *geometry,
                                fl_test_head head)
{
    fl_planner_request r = fl_planner_request_default();
    r.site = fl_planner_site_find(test_library(), site);
    r.skin_type = fl_planner_skin_type_find(test_library(), type);
    r.ink = fl_planner_ink_find(test_library(), ink);
    r.geometry = fl_planner_geometry_find(test_library(), geometry);
    r.wavelength = fl_nm(head.nm);
    r.pulse = fl_ps(head.ps);
    r.crest = 1.0;
    r.rate_max = fl_Hz(10);
    for (int i = 0; i < 5; i++)
        r.spots[i] =
            (fl_planner_spot){.spot = fl_mm(2 + i), .limit = fl_J_cm2(12), .limited_by = FL_LIMIT_DEVICE};
    r.spot_count = 5;
    r.seed = 7;
    r.draws = 4, r.variants = 8, r.photons = 200;
    return r;
}

void test_full_budget(fl_planner_request *r)
{
    const fl_planner_request full = fl_planner_request_default();
    r->draws = full.draws, r->variants = full.variants, r->photons = full.photons;
}

fl_planner_answer *test_run(const fl_planner_request *request)
{
    fl_planner_answer *answer;
    fl_error error = {0};
    if (fl_planner_run(request, &answer, &error) == FL_OK) return answer;
    fl_error_print(stderr, &error);
    exit(1);
}

fl_planner_request test_one_spot(const char *site, int type, const char *ink, const char *geometry,
                                 fl_test_head head, double mm, double limit_J_cm2)
{
    fl_planner_request r = test_request(site, type, ink, geometry, head);
    r.spots[0] =
        (fl_planner_spot){.spot = fl_mm(mm), .limit = fl_J_cm2(limit_J_cm2), .limited_by = FL_LIMIT_DEVICE};
    r.spot_count = 1;
    test_full_budget(&r);
    return r;
}

bool test_says(const fl_setting *s, const char *code)
{
    for (unsigned i = 0; i < s->reason_count; i++)
        if (strcmp(s->reasons[i].code, code) == 0) return true;
    return false;
}
