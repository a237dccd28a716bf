/* labels: unit   timeout: 180 */
/* Zones drawn in the case form, against hands that draw badly and hands that mean harm: what a line of a
 * drawing means, that a drawing comes back as it was, that each fault stands at its input and takes nothing
 * away. */
#include "check.h"

#include "helper_console.h"

#include "fadeline/base/place.h"
#include "fadeline/course/case.h"

#include <math.h>
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

/* For a form: spaces, and what would end a value. */
static const char *escaped(const char *text)
{
    static char room[4][240000];
    static int turn;
    char *to = room[turn = (turn + 1) % 4], *from = to;
    for (; *text && to < from + sizeof room[0] - 4; text++) {
        if (strchr(" &=%+#\"<>", *text))
            to += sprintf(to, "%%%02X", (unsigned)(unsigned char)*text);
        else
            *to++ = *text;
    }
    *to = 0;
    return from;
}

static char *form(const char *client, const char *more)
{
    static char text[250000];
    snprintf(
        text, sizeof text,
        "%s&do=keep&client=%s&date=2026-05-04&age_years=34&procedure=hairline&site=scalp-male&goal-kind="
        "remove&"
        "goal-fade_percent=90&skin-form-g1=1&skin-form-g2=2&skin-form-g3=1&skin-form-g4=2&skin-form-r1=1&"
        "skin-form-r2=1&skin-form-r3=1&skin-form-r4=2&skin-form-t1=0&skin-form-t2=1&ink-id=carbon-smp&"
        "ink-age_months=14&ask-gold=no",
        more, client);
    return text;
}

static http_answer send_form(const char *client, const char *more)
{
    http_get(&b, "/case");
    return http_post(&b, "/case", form(client, more), true);
}

static char *file_of(const char *name)
{
    char path[400], *text = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/cases/%s-2026-05-04.yaml", getenv("FADELINE_HOME"), name);
    CHECK(fl_place_read(path, 1u << 20, &text, &size, NULL) == FL_OK, "%s is not there", path);
    return text ? text : strdup("");
}

static http_answer ask(const char *line)
{
    static char body[250000];
    snprintf(body, sizeof body, "line=%s", escaped(line));
    http_get(&b, "/case");
    return http_post(&b, "/case/shape", body, false);
}

/* ---- what a line means ---- */

static void areas_are_the_servers(void)
{
    static const struct {
        const char *line, *area;
    } rows[] = {{"polygon:0,0 40,0 40,25 0,25", "\"area_cm2\":10.0"},
                {"polygon:0,25 40,25 40,0 0,0", "\"area_cm2\":10.0"}, /* the other way round */
                {"strip:0,0 70,0 width=20", "\"area_cm2\":14.0"},
                {"band:0,0 90,0 width=12 keep=left feather=0.75,0.5", "\"area_cm2\":10.8"},
                {"circle:20@5,5", "\"area_cm2\":3.1415926"}};
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const http_answer a = ask(rows[i].line);
        CHECK(a.status == 200 && says(&a, rows[i].area) && says(&a, "\"outline\":[["), "%s: %d %.200s",
              rows[i].line, a.status, a.body);
    }
}

static const struct {
    const char *line, *says;
} bad[] = {
    {"polygon:0,0 40,25 40,0 0,25", "edge 1 (from point 1 to 2) crosses edge 3"},
    {"polygon:0,0 20,0 40,0", "folds back on"},
    {"polygon:0,0 20,1e-7 40,0", "the points stand on one line and enclose nothing"},
    {"polygon:0,0 40,0", "a polygon has 3 to 256 points, not 2"},
    {"polygon:0,0 40,0 40,nan", "this is no point"},
    {"polygon:0,0 40,0 40,inf", "this is no point"},
    {"polygon:0,0 40,0 1e300,25", "lies further than 2 m from the origin"},
    {"polygon:0,0 40,0 40,2500", "lies further than 2 m from the origin"},
    {"polygon:0,0 0,0 40,25", "stand on one place"},
    {"polygon:0,0 40;0 40,25", "this is no point"},
    {"strip:0,0 70,0", "a strip has no width of 0 mm"},
    {"strip:0,0 70,0 width=1e9", "a strip has no width"},
    {"strip:0,0 20,0 20,5 0,5 width=12", "the strip folds over itself"},
    {"band:0,0 90,0 width=12", "it is not said which side of the line is kept"},
    {"band:0,0 90,0 width=12 keep=left feather=2", "2 is no share"},
    {"<script>alert(1)</script>", "this is no shape"},
    {"polygon", "this is no shape"},
};

static void bad_lines_have_a_sentence(void)
{
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const http_answer a = ask(bad[i].line);
        CHECK(a.status == 200 && says(&a, "\"fault\":\"") && says(&a, bad[i].says), "%s: %d %.300s",
              bad[i].line, a.status, a.body);
    }
}

/* n points around a circle of 60 mm: no edge crosses. */
static const char *many(size_t n)
{
    static char line[200000];
    char *to = line + sprintf(line, "polygon:");
    for (size_t i = 0; i < n; i++)
        to += sprintf(to, "%.3f,%.3f ", 60 * cos(2 * M_PI * (double)i / (double)n),
                      60 * sin(2 * M_PI * (double)i / (double)n));
    return line;
}

static void ten_thousand_points(void)
{
    begin();
    http_answer a = ask(many(256));
    CHECK(a.status == 200 && says(&a, "\"area_cm2\":113."), "256: %.100s", a.body);
    a = ask(many(257));
    CHECK(says(&a, "one point too many"), "257: %.100s", a.body);
    a = ask(many(10000));
    CHECK(a.status == 200 && says(&a, "one point too many"), "10,000: %d %.100s", a.status, a.body);
    CHECK(ask("").status == 200, "nothing at all");
    http_browser other;
    http_browser_at(&other, fl_console_url(c));
    CHECK(http_sign_in(&other, "aud:2", PIN_AUDITOR), "auditor");
    http_get(&other, "/plans");
    CHECK(http_post(&other, "/case/shape", "line=circle:3", false).status == 403, "an auditor draws");
}

/* ---- the form ---- */

static const char zones[] =
    "zones-0-id=F-BAND&zones-0-area_cm2=&zones-0-test_site=left+end&zones-0-shape=%s&"
    "zones-1-id=F-KEEP&zones-1-area_cm2=&zones-1-locked=yes&zones-1-why=stays&zones-1-shape=%s&"
    "zones-2-id=SCAR-1&zones-2-area_cm2=&zones-2-features=scar&zones-2-shape=%s&"
    "zones-3-id=VTX&zones-3-area_cm2=90&picture_scale=1,08";

/* Written by a person, in the order and the spelling that the form keeps. */
static const char by_hand[] = "zones:\n"
                              "  - id: F-BAND\n"
                              "    shape:\n"
                              "      band:\n"
                              "        line_mm: [0, 0, 45.5, 9, 90, 0]\n"
                              "        width_mm: 12\n"
                              "        keep: left\n"
                              "        feather_rows: [0.75, 0.5]\n"
                              "    test_site: \"left end\"\n"
                              "  - id: F-KEEP\n"
                              "    shape:\n"
                              "      polygon:\n"
                              "        points_mm: [0, 5, 45, 14, 90, 5, 80, 45, 10, 45]\n"
                              "    locked: yes\n"
                              "    why: stays\n"
                              "  - id: SCAR-1\n"
                              "    shape:\n"
                              "      strip:\n"
                              "        line_mm: [0, -60, 70, -56.5]\n"
                              "        width_mm: 20\n"
                              "    features: [scar]\n"
                              "  - id: VTX\n"
                              "    area_cm2: 90\n";

static void what_was_drawn_is_what_a_hand_writes(void)
{
    static char more[4000];
    begin();
    snprintf(more, sizeof more, zones, escaped("band:0,0 45.5,9 90,0 width=12 keep=left feather=0.75,0.5"),
             escaped("polygon:0,5 45,14 90,5 80,45 10,45"), escaped("strip:0,-60 70,-56.5 width=20"));
    const http_answer a = send_form("C-0031", more);
    CHECK(a.status == 303, "%d %.3000s", a.status, a.status == 422 ? strstr(a.body, "role=\"alert\"") : "");
    char *text = file_of("C-0031");
    CHECK(strstr(text, by_hand) != NULL, "kept:\n%s", text);
    CHECK(strstr(text, "picture_scale: 1.08\n") != NULL, "scale");
    /* shown again: the same lines, and the drawings where they lie */
    const http_answer page = http_get(&b, "/case/C-0031-2026-05-04");
    CHECK(says(&page, "value=\"band:0,0 45.5,9 90,0 width=12 keep=left feather=0.75,0.5\"") &&
              says(&page, "value=\"polygon:0,5 45,14 90,5 80,45 10,45\"") &&
              says(&page, "value=\"strip:0,-60 70,-56.5 width=20\""),
          "the lines do not come back");
    CHECK(says(&page, "<g class=\"drawn\">") && says(&page, "class=\"keep\"") &&
              says(&page, "class=\"tooth\"") && says(&page, "class=\"shape locked\""),
          "they are not on the pictures");
    /* kept again from what the page holds: not a byte changes */
    strcat(more, "&base=C-0031-2026-05-04");
    CHECK(send_form("C-0031", more).status == 303, "again");
    char *again = file_of("C-0031");
    CHECK_TEXT(again, text, "kept twice");
    free(again);
    free(text);
}

static void faults_stand_at_their_drawing(void)
{
    static char more[8000], value[600];
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(more, sizeof more,
                 "zones-0-id=F-L&zones-0-area_cm2=40&zones-1-id=F-R&zones-1-area_cm2=&zones-1-why=mole&zones-"
                 "1-shape=%s",
                 escaped(bad[i].line));
        const http_answer a = send_form("C-0032", more);
        CHECK(a.status == 422 && says(&a, "id=\"zones-1-shape-wrong\"") && says(&a, bad[i].says), "%s: %d",
              bad[i].line, a.status);
        if (!strchr(bad[i].line, '<')) {
            snprintf(value, sizeof value, "name=\"zones-1-shape\" value=\"%s\"", bad[i].line);
            CHECK(says(&a, value), "%s: what was typed is lost", bad[i].line);
        }
        CHECK(says(&a, "value=\"mole\"") && says(&a, "value=\"40\""), "%s: the rest is lost", bad[i].line);
        CHECK(!says(&a, "<script>alert"), "markup came through");
    }
    /* an area that the drawing has not */
    snprintf(more, sizeof more, "zones-0-id=F-L&zones-0-area_cm2=40&zones-0-shape=%s",
             escaped("polygon:0,0 40,0 40,25 0,25"));
    const http_answer a = send_form("C-0032", more);
    CHECK(a.status == 422 && says(&a, "id=\"zones-0-area_cm2-wrong\"") && says(&a, "is drawn with 10.00 cm2"),
          "40 cm2 for 10: %d", a.status);
    /* drawn, and not named */
    snprintf(more, sizeof more, "zones-0-id=&zones-0-shape=%s", escaped("polygon:0,0 40,0 40,25 0,25"));
    const http_answer unnamed = send_form("C-0032", more);
    CHECK(unnamed.status == 422 && says(&unnamed, "polygon:0,0 40,0 40,25 0,25"), "nobody draws twice: %d",
          unnamed.status);
    const http_answer scale = send_form("C-0032", "zones-0-id=F-L&zones-0-area_cm2=40&picture_scale=1e9");
    CHECK(scale.status == 422 && says(&scale, "id=\"picture_scale-wrong\""), "a huge scale: %d",
          scale.status);
    CHECK(send_form("C-0032", "zones-0-id=F-L&zones-0-area_cm2=40&picture_scale=nan").status == 422,
          "no scale");
}

static void sixty_zones_drawn(void)
{
    static char more[60000];
    begin();
    more[0] = 0;
    for (int i = 0; i < 60; i++)
        sprintf(more + strlen(more),
                "%szones-%d-id=F-%038d&zones-%d-area_cm2=&zones-%d-why=&zones-%d-test_site=&"
                "zones-%d-features=&zones-%d-shape=%s",
                i ? "&" : "", i, i, i, i, i, i, i, escaped("polygon:0,0 40,0 40,25 0,25"));
    const http_answer a = send_form("C-0033", more);
    CHECK(a.status == 303, "sixty drawings: %d", a.status);
    const http_answer page = http_get(&b, "/case/C-0033-2026-05-04");
    size_t drawn = 0;
    for (const char *at = page.body; (at = strstr(at, "<g class=\"drawn\">")); at++) drawn++;
    CHECK(page.status == 200 && drawn == 60, "%zu drawings are shown", drawn);
}

/* A case opened, its first zone taken out: what the form does not show stays with the zone it belongs to. */
static void what_is_not_shown_stays_with_its_zone(void)
{
    char path[400];
    begin();
    static char more[2000];
    snprintf(more, sizeof more, zones, escaped("circle:9"), escaped("circle:9@30,0"),
             escaped("circle:9@60,0"));
    CHECK(send_form("C-0034", more).status == 303, "first");
    char *text = file_of("C-0034"), *at = strstr(text, "  - id: F-KEEP\n    shape:\n");
    CHECK(at != NULL, "%s", text);
    char *with = malloc(strlen(text) + 100);
    const size_t head = (size_t)(at - text) + strlen("  - id: F-KEEP\n    shape:\n");
    sprintf(with, "%.*s      hand_rate_Hz: 2.5\n%s", (int)head, text, text + head);
    snprintf(path, sizeof path, "%s/cases/C-0034-2026-05-04.yaml", getenv("FADELINE_HOME"));
    console_need(fl_place_write(path, with, strlen(with), 0600, NULL) == FL_OK, path);
    snprintf(more, sizeof more,
             "base=C-0034-2026-05-04&zones-0-id=&zones-0-shape=&zones-0-area_cm2=&zones-1-id=F-KEEP&zones-1-"
             "locked=yes&"
             "zones-1-why=stays&zones-1-area_cm2=&zones-1-shape=%s&zones-3-id=VTX&zones-3-area_cm2=90",
             escaped("circle:9@30,0"));
    CHECK(send_form("C-0034", more).status == 303, "without the first");
    free(text);
    text = file_of("C-0034");
    CHECK(!strstr(text, "F-BAND") && !strstr(text, "SCAR-1"), "two zones went: %s", text);
    CHECK(
        strstr(
            text,
            "  - id: F-KEEP\n    shape:\n      circle:\n        diameter_mm: 9\n        centre_mm: [30, 0]\n"
            "      hand_rate_Hz: 2.5\n") != NULL,
        "the rate went: %s", text);
    free(with);
    free(text);
    console_stop(c);
}

FL_TESTS("console/zones", TEST(areas_are_the_servers), TEST(bad_lines_have_a_sentence),
         TEST(ten_thousand_points), TEST(what_was_drawn_is_what_a_hand_writes),
         TEST(faults_stand_at_their_drawing), TEST(sixty_zones_drawn),
         TEST(what_is_not_shown_stays_with_its_zone))
