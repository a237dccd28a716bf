/* labels: unit   timeout: 120 */
/* The case form against hostile hands: what is typed is escaped, faults stand at their inputs, sixty zones
 * and names of forty letters survive, and nothing leaves its folder. */
#include "check.h"

#include "helper_console.h"

#include "fadeline/base/place.h"
#include "fadeline/course/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_console *c;
static http_browser b;

static void begin(void)
{
    if (!c) c = console_start();
    http_browser_at(&b, fl_console_url(c));
    CHECK(http_sign_in(&b, "op:17", PIN_OPERATOR), "sign in");
}

static bool says(const http_answer *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

/* A form that is whole but for what `more` says; later fields of a name do not count, so `more` stands first.
 */
static char *form(const char *more)
{
    static char text[60000];
    snprintf(
        text, sizeof text,
        "%s&do=keep&client=C-0007&date=2026-05-04&age_years=34&procedure=smp-scalp&site=scalp-male&goal-kind="
        "remove&"
        "goal-fade_percent=90&skin-form-g1=1&skin-form-g2=2&skin-form-g3=1&skin-form-g4=2&skin-form-r1=1&"
        "skin-form-r2=1&skin-form-r3=1&skin-form-r4=2&skin-form-t1=0&skin-form-t2=1&ink-id=carbon-smp&"
        "ink-age_months=14&ask-gold=no&zones-0-id=F-L&zones-0-area_cm2=40",
        more);
    return text;
}

static http_answer send_form(const char *more)
{
    http_get(&b, "/case");
    return http_post(&b, "/case", form(more), true);
}

static fl_case *kept(const char *name)
{
    char path[400];
    fl_case *read = NULL;
    fl_error error = {0};
    snprintf(path, sizeof path, "%s/cases/%s.yaml", getenv("FADELINE_HOME"), name);
    CHECK(fl_case_load(path, NULL, &read, &error) == FL_OK, "%s: %s", name, error.what);
    return read;
}

static void faults_stand_at_their_inputs(void)
{
    static const struct {
        const char *more, *input, *sentence;
    } rows[] = {
        {"skin-form-g1=5", "skin-form-g1-wrong", "5 is out of range for &#39;G1&#39;"},
        {"skin-form-t2=11", "skin-form-t2-wrong", "11 is out of range for &#39;T2&#39;"},
        {"skin-form-r3=", "skin-form-r3-wrong", "Item R3 of the skin form is blank: no type, no plan."},
        {"zones-0-area_cm2=1.5e3", "zones-0-area_cm2-wrong", "is not a number"},
        {"skin-last_sun=2026-02-30", "skin-last_sun-wrong", "is not a date"},
        {"ink-layers=0,5", "ink-layers-wrong", "is not a whole number"}};
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char at[80];
        const http_answer a = send_form(rows[i].more);
        snprintf(at, sizeof at, "id=\"%s\"", rows[i].input);
        CHECK(a.status == 422 && says(&a, at) && says(&a, rows[i].sentence), "%s: %d", rows[i].more,
              a.status);
    }
    CHECK(send_form("client=../../x").status == 422, "a code that is a path");
    CHECK(send_form("client=Ann").status == 422, "a name");
}

static void a_comma_is_a_point_in_the_file(void)
{
    begin();
    const http_answer a = send_form("client=C-0008&skin-site_ita_deg=45,9&overlap=0,2&zones-0-area_cm2=40,5");
    CHECK(a.status == 303, "%d", a.status);
    fl_case *read = kept("C-0008-2026-05-04");
    if (read) {
        CHECK_NEAR(read->body.skin.site_ita_deg, 45.9, 1e-9, "ITA");
        CHECK_NEAR(read->body.overlap, 0.2, 1e-9, "overlap");
        CHECK_NEAR(fl_as_cm2(read->body.zones[0].area), 40.5, 1e-9, "area");
    }
    fl_case_free(read);
    const http_answer twice = send_form("client=C-0008");
    CHECK(twice.status == 422 && says(&twice, "There is a case of this client and day already"),
          "written over: %d", twice.status);
}

static void hostile_texts_are_escaped(void)
{
    begin();
    const http_answer a =
        send_form("client=C-0009&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27&goal-text=a%3A+%7Bb%7D+%23c&"
                  "zones-0-test_site=%22%3E%3Cimg+src%3Dx%3E");
    CHECK(a.status == 303, "%d", a.status);
    fl_case *read = kept("C-0009-2026-05-04");
    if (read) {
        CHECK_TEXT(read->body.text, "<script>alert(1)</script>\"'", "remarks");
        CHECK_TEXT(read->body.goal.text, "a: {b} #c", "goal");
    }
    fl_case_free(read);
    const http_answer page = http_get(&b, "/case/C-0009-2026-05-04");
    CHECK(page.status == 200 && !says(&page, "<script>alert") && !says(&page, "<img src=x") &&
              says(&page, "&lt;script&gt;alert(1)"),
          "markup came through");
    const int out = http_get(&b, "/case/..%2F..%2Fpeople").status;
    CHECK(out == 400 || out == 404, "out of the folder: %d", out);
}

static void sixty_zones_and_long_names(void)
{
    char more[12000] = "client=C-0010";
    begin();
    for (int i = 0; i < 60; i++) {
        char zone[160];
        snprintf(zone, sizeof zone, "&zones-%d-id=F-%038d&zones-%d-area_cm2=%d", i, i, i, i + 1);
        strcat(more, zone);
    }
    const http_answer a = send_form(more);
    CHECK(a.status == 303, "sixty zones: %d", a.status);
    fl_case *read = kept("C-0010-2026-05-04");
    if (read)
        CHECK(read->body.zones_count == 60 && strlen(read->body.zones[59].id) == 40, "%zu",
              read->body.zones_count);
    fl_case_free(read);
    const http_answer page = http_get(&b, "/case/C-0010-2026-05-04");
    CHECK(page.status == 200 && says(&page, "zones-59-id"), "sixty zones are not shown");
}

static void a_file_that_cannot_be_read_is_named(void)
{
    static const char *const texts[] = {"schema: case/1\nskin: [", "\xff\xfe\x01", ""};
    char path[400];
    begin();
    snprintf(path, sizeof path, "%s/cases/C-0099-2026-05-04.yaml", getenv("FADELINE_HOME"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        console_need(fl_place_write(path, texts[i], strlen(texts[i]), 0600, NULL) == FL_OK, path);
        const http_answer a = http_get(&b, "/case/C-0099-2026-05-04");
        CHECK(a.status == 422 && says(&a, "role=\"alert\""), "text %zu: %d", i, a.status);
    }
    remove(path);
    CHECK(http_get(&b, "/case/C-0099-2026-05-04").status == 409, "no such case");
}

static void only_planners_write(void)
{
    begin();
    http_browser other;
    http_browser_at(&other, fl_console_url(c));
    CHECK(http_sign_in(&other, "aud:2", PIN_AUDITOR), "auditor");
    CHECK(http_get(&other, "/case").status == 403 &&
              http_post(&other, "/case", form("a=b"), true).status == 403,
          "an auditor writes cases");
    CHECK(http_get(&other, "/plans").status == 200, "an auditor reads plans");
    static const char *const outside[] = {"/plan/P-..%2F..%2Fpeople",
                                          "/plan/P-0123456789abcdef/file/..%2Fx",
                                          "/plan/P-0123456789abcdeg",
                                          "/plan/P-0123456789abcdef/file/plan.secret",
                                          "/tests/..%2Fx",
                                          "/plans/work/1"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        const int status = http_get(&other, outside[i]).status;
        CHECK(status == 400 || status == 404, "%s: %d", outside[i], status);
    }
    console_stop(c);
}

FL_TESTS("console/case", TEST(faults_stand_at_their_inputs), TEST(a_comma_is_a_point_in_the_file),
         TEST(hostile_texts_are_escaped), TEST(sixty_zones_and_long_names),
         TEST(a_file_that_cannot_be_read_is_named), TEST(only_planners_write))
