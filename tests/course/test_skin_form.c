/* labels: unit */
#include "check.h"
#include "helper_course.h"

#define BLANK FL_SKIN_BLANK

/* The answers of the eight cases, and the edges of every band. */
static void totals_and_bands(void)
{
    // clang-format off
    static const struct { const char *what; int answers[10]; int total, subtotal, type; bool two, sun; } rows[] = {
        { "case 1",             { 1,2,1,2,1,1,1,2,0,1 }, 12, 11, 2,            false, false },
        { "case 2, tan inside", { 3,3,3,4,3,3,3,3,3,3 }, 31, 25, FL_SKIN_V_VI, false, true  },
        { "case 2 v1",          { 3,3,3,4,3,3,3,3,1,1 }, 27, 25, 4,            false, false },
        { "case 3",             { 3,3,2,3,2,2,2,3,0,1 }, 21, 20, 3,            false, false },
        { "case 4",             { 2,3,2,3,2,2,2,2,0,1 }, 19, 18, 3,            false, false },
        { "case 5",             { 1,1,1,1,1,1,1,1,0,1 },  9,  8, 2,            false, false },
        { "case 6",             { 3,4,3,4,2,3,2,3,1,1 }, 26, 24, 4,            false, false },
        { "case 7",             { 4,4,4,4,4,4,3,4,0,2 }, 33, 31, FL_SKIN_V_VI, false, false },
        { "case 8",             { 1,2,2,2,1,2,1,2,0,1 }, 14, 13, 2,            false, false },
        { "nothing at all",     { 0,0,0,0,0,0,0,0,0,0 },  0,  0, 1,            false, false },
        { "7 is still I",       { 1,1,1,1,1,1,1,0,0,0 },  7,  7, 1,            false, false },
        { "8 is II",            { 1,1,1,1,1,1,1,1,0,0 },  8,  8, 2,            false, false },
        { "16 is still II",     { 2,2,2,2,2,2,2,2,0,0 }, 16, 16, 2,            false, false },
        { "17 is III",          { 3,2,2,2,2,2,2,2,0,0 }, 17, 17, 3,            false, false },
        { "24 is still III",    { 3,3,3,3,3,3,3,3,0,0 }, 24, 24, 3,            false, false },
        { "25: the darker",     { 3,3,3,3,3,3,3,3,0,1 }, 25, 24, 4,            true,  false },
        { "30 is still IV",     { 4,4,4,4,4,4,3,3,0,0 }, 30, 30, 4,            false, false },
        { "31 is V-VI",         { 4,4,4,4,4,4,4,3,0,0 }, 31, 31, FL_SKIN_V_VI, false, false },
        { "everything",         { 4,4,4,4,4,4,4,4,4,4 }, 40, 32, FL_SKIN_V_VI, false, true  },
        { "under a month",      { 1,1,1,1,1,1,1,1,3,0 }, 11,  8, 2,            false, true  },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_skin_form form;
        memcpy(form.answers, rows[i].answers, sizeof form.answers);
        fl_skin_score score;
        CHECK(fl_skin_form_score(&form, &quick_rules()->rules->skin, &score, NULL) == FL_OK, "%s: refused",
              rows[i].what);
        CHECK(score.total == rows[i].total, "%s: total %d", rows[i].what, score.total);
        CHECK(score.subtotal == rows[i].subtotal, "%s: subtotal %d", rows[i].what, score.subtotal);
        CHECK(score.type == rows[i].type, "%s: type %d", rows[i].what, score.type);
        CHECK(score.two_bands == rows[i].two, "%s: two bands", rows[i].what);
        CHECK(score.sun_recent == rows[i].sun, "%s: sun", rows[i].what);
        CHECK(score.blank == -1, "%s: blank %d", rows[i].what, score.blank);
    }
}

static void an_answer_outside_0_to_4_is_refused(void)
{
    static const int wrong[] = {5, 11, -2, 40, 2147483647, -2147483647 - 1};
    for (int item = 0; item < FL_SKIN_ITEMS; item++)
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            fl_skin_form form = {{1, 2, 1, 2, 1, 1, 1, 2, 0, 1}};
            form.answers[item] = wrong[i];
            fl_skin_score score = {.total = 77};
            fl_error error;
            CHECK(fl_skin_form_score(&form, &quick_rules()->rules->skin, &score, &error) == FL_E_RANGE,
                  "%s = %d", fl_skin_item_name(item), wrong[i]);
            CHECK(score.total == 77, "%s = %d: the score was touched", fl_skin_item_name(item), wrong[i]);
            CHECK(strstr(error.what, fl_skin_item_name(item)) != NULL, "the error does not name the item: %s",
                  error.what);
        }
}

/* A form with a blank has no skin type. */
/* hazards: H34 */
static void a_blank_gives_no_type(void)
{
    for (int item = 0; item < FL_SKIN_ITEMS; item++) {
        fl_skin_form form = {{1, 2, 1, 2, 1, 1, 1, 2, 0, 1}};
        form.answers[item] = BLANK;
        fl_skin_score score;
        CHECK(fl_skin_form_score(&form, &quick_rules()->rules->skin, &score, NULL) == FL_OK, "item %d", item);
        CHECK(score.blank == item && score.type == 0 && score.total == -1, "item %d: type %d, total %d", item,
              score.type, score.total);
        CHECK((score.subtotal == -1) == (item < FL_SKIN_SUN_LAST), "item %d: subtotal %d", item,
              score.subtotal);
        /* Nor can a practitioner or a meter plan around it. */
        fl_skin_decision decision;
        const fl_skin_evidence evidence = {
            .score = &score, .practitioner = 2, .has_ita_site = true, .ita_site_deg = 50};
        fl_skin_decide(&evidence, &quick_rules()->rules->skin, &decision);
        CHECK(decision.planned_as == 0, "item %d blank, and planned as %d", item, decision.planned_as);
    }
}

/* atan((56.3 - 50) / 13.1) = 25.68 degrees; the classes take their lower edge with the darker one. */
static void the_angle(void)
{
    double deg = 7;
    CHECK(fl_skin_ita(56.3, 13.1, &deg) == FL_OK, "refused");
    CHECK_NEAR(deg, 25.6838, 1e-3, "L* 56.3, b* 13.1");
    CHECK(fl_skin_ita(31.7, 17.2, &deg) == FL_OK, "refused");
    CHECK_NEAR(deg, -46.7751, 1e-3, "L* 31.7, b* 17.2");
    static const double wrong[][2] = {{-0.1, 10}, {100.1, 10}, {60, 0}, {60, -3}, {NAN, 10}, {60, NAN}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        deg = 7;
        CHECK(fl_skin_ita(wrong[i][0], wrong[i][1], &deg) == FL_E_RANGE && deg == 7, "L* %g, b* %g",
              wrong[i][0], wrong[i][1]);
    }
    // clang-format off
    static const struct { double deg; int type; } rows[] = {
        { 89, 1 }, { 55.1, 1 }, { 55, 2 }, { 45.9, 2 }, { 41, 3 }, { 36.0, 3 }, { 31.1, 3 }, { 28, 4 }, { 21.5, 4 },
        { 10, 5 }, { -12.9, 5 }, { -30, 6 }, { -89, 6 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_skin_class *found = fl_skin_ita_class_of(&quick_rules()->rules->skin, rows[i].deg);
        CHECK(found && found->type == rows[i].type, "%g degrees: type %d", rows[i].deg,
              found ? found->type : 0);
    }
}

/* Of form, measurement and word the darkest one is planned with. */
/* hazards: H34 */
static void the_darkest_is_planned_with(void)
{
    // clang-format off
    static const struct {
        const char *what; int form; bool ita; double site, unexposed; int practitioner; int planned, type; bool disagree, open, tan;
    } rows[] = {
        { "all say II",                    2, true,  45.9, NAN,  2, 2, 2, false, false, false },
        { "practitioner darker",           3, true,  38.8, NAN,  4, 4, 3, true,  false, false },
        { "practitioner lighter",          4, false, 0,    NAN,  2, 4, 4, true,  false, false },
        { "colour darker",                 2, true,  21.5, NAN,  0, 4, 2, true,  false, false },
        { "colour lighter",                4, true,  31.1, NAN,  0, 4, 4, true,  false, false },
        { "V-VI and nobody chose",         7, true,  21.5, 32.6, 0, 6, 7, true,  true,  true  },
        { "V-VI, practitioner V",          7, true, -12.9, NAN,  5, 5, 5, false, false, false },
        { "V-VI, practitioner says III",   7, false, 0,    NAN,  3, 6, 7, true,  true,  false },
        { "no form, practitioner III",     0, false, 0,    NAN,  3, 3, 3, false, false, false },
        { "no form, colour alone",         0, true,  21.5, NAN,  0, 0, 0, false, false, false },
        { "a fall of 10.0 is no tan",      2, true,  45.0, 55.0, 0, 2, 2, false, false, false },
        { "a fall of 10.1 is",             2, true,  45.0, 55.1, 0, 2, 2, false, false, true  },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fl_skin_score score = {.blank = -1, .type = rows[i].form};
        const fl_skin_evidence evidence = {.score = rows[i].form ? &score : NULL,
                                           .has_ita_site = rows[i].ita,
                                           .ita_site_deg = rows[i].site,
                                           .has_ita_unexposed = !isnan(rows[i].unexposed),
                                           .ita_unexposed_deg = rows[i].unexposed,
                                           .practitioner = rows[i].practitioner};
        fl_skin_decision d;
        fl_skin_decide(&evidence, &quick_rules()->rules->skin, &d);
        CHECK(d.planned_as == rows[i].planned, "%s: planned as %d", rows[i].what, d.planned_as);
        CHECK(d.open == rows[i].open, "%s: open", rows[i].what);
        CHECK(d.disagree == rows[i].disagree, "%s: disagree", rows[i].what);
        CHECK(d.tan_suspected == rows[i].tan, "%s: tan", rows[i].what);
        CHECK(d.type == rows[i].type, "%s: type %d", rows[i].what, d.type);
    }
}

FL_TESTS("course/skin_form", TEST(totals_and_bands), TEST(an_answer_outside_0_to_4_is_refused),
         TEST(a_blank_gives_no_type), TEST(the_angle), TEST(the_darkest_is_planned_with))
