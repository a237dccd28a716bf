#include "case_table.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/client_code.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdio.h>

// clang-format off
static const fl_yaml_choice goal_choices[] = {
    { "remove", FL_GOAL_REMOVE, "as far as safe" }, { "fade", FL_GOAL_FADE, "by a share, see fade_percent" },
    { "lighten-for-redo", FL_GOAL_LIGHTEN_FOR_REDO, "until new work covers it" },
    { "reshape", FL_GOAL_RESHAPE, "remove a part, keep the rest" }, { NULL, 0, NULL },
};
static const fl_yaml_choice read_choices[] = {
    { "open", FL_READ_OPEN, "not read yet" }, { "lighter", FL_READ_LIGHTER, "" }, { "same", FL_READ_SAME, "" },
    { "darker", FL_READ_DARKER, "" }, { NULL, 0, NULL },
};

static const fl_yaml_field goal_fields[] = {
    { "kind", FL_YAML_CHOICE(fl_case_goal, kind, goal_choices), .help = "" },
    { "fade_percent", FL_YAML_NUMBER(fl_case_goal, fade_percent, 5, 99), .help = "share of the ink to go" },
    { "text", FL_YAML_TEXT(fl_case_goal, text), .help = "in the client's words" },
    { "deadline", FL_YAML_DATE(fl_case_goal, deadline), .help = "a day by which the client wants it done" },
    { "deadline_for", FL_YAML_TEXT(fl_case_goal, deadline_for), .help = "" },
    { "deadline_stands", FL_YAML_YES_NO(fl_case_goal, deadline_stands), .help = "no: the client gave it up" },
    { .key = NULL },
};
static const fl_yaml_table goal_table = { "goal", sizeof(fl_case_goal), goal_fields, .check = NULL };

#define ITEM(name) { #name, FL_YAML_WHOLE(fl_case_form, name, 0, FL_SKIN_ITEM_MOST), .help = "0 to 4; left out: blank" }
static const fl_yaml_field form_fields[] = {
    ITEM(G1), ITEM(G2), ITEM(G3), ITEM(G4), ITEM(R1), ITEM(R2), ITEM(R3), ITEM(R4), ITEM(T1), ITEM(T2), { .key = NULL },
};
static const fl_yaml_table form_table = { "form", sizeof(fl_case_form), form_fields, .check = NULL };

static const fl_yaml_field skin_fields[] = {
    { "form", FL_YAML_MAP(fl_case_skin, form, form_table), .help = "ten answers" },
    { "site_ita_deg", FL_YAML_NUMBER(fl_case_skin, site_ita_deg, -90, 90), .help = "or site_lightness and site_b" },
    { "unexposed_ita_deg", FL_YAML_NUMBER(fl_case_skin, unexposed_ita_deg, -90, 90), .help = "" },
    { "site_lightness", FL_YAML_NUMBER(fl_case_skin, site_lightness, 0, 100), .help = "L*" },
    { "site_b", FL_YAML_NUMBER(fl_case_skin, site_b, 0.1, 100), .help = "b*" },
    { "unexposed_lightness", FL_YAML_NUMBER(fl_case_skin, unexposed_lightness, 0, 100), .help = "" },
    { "unexposed_b", FL_YAML_NUMBER(fl_case_skin, unexposed_b, 0.1, 100), .help = "" },
    { "practitioner", FL_YAML_CHOICE(fl_case_skin, practitioner, fl_skin_type_choices), .help = "type as the practitioner sees it" },
    { "last_sun", FL_YAML_DATE(fl_case_skin, last_sun), .help = "last day of sun or tanning on the site" },
    { .key = NULL },
};
static const fl_yaml_table skin_table = { "skin", sizeof(fl_case_skin), skin_fields, .check = NULL };

static const fl_yaml_field lab_fields[] = {
    { "L", FL_YAML_NUMBER(fl_case_lab, L, 0, 100), FL_YAML_REQUIRED, .help = "as `fadeline colour` prints it" },
    { "a", FL_YAML_NUMBER(fl_case_lab, a, -128, 128), FL_YAML_REQUIRED, .help = "" },
    { "b", FL_YAML_NUMBER(fl_case_lab, b, -128, 128), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table lab_table = { "lab", sizeof(fl_case_lab), lab_fields, .check = NULL };
static const fl_yaml_field ink_fields[] = {
    { "id", FL_YAML_ID(fl_case_ink, id), .help = "row of profiles/inks.yaml; or one of the next three" },
    { "family", FL_YAML_CHOICE(fl_case_ink, family, fl_ink_family_choices), .help = "what the brand sells" },
    { "seen", FL_YAML_CHOICE(fl_case_ink, seen, fl_ink_word_choices), .help = "the colour as a person names it" },
    { "lab", FL_YAML_MAP(fl_case_ink, lab, lab_table), .help = "the colour as measured" },
    { "skin_lab", FL_YAML_MAP(fl_case_ink, skin_lab, lab_table), .help = "bare skin beside it, in the same photo" },
    { "cover", FL_YAML_ID(fl_case_ink, cover), .help = "ink laid over it: a corrector, a cover-up" },
    { "geometry", FL_YAML_ID(fl_case_ink, geometry), .help = "how it lies; absent: the procedure's" },
    { "identified", FL_YAML_YES_NO(fl_case_ink, identified), .help = "brand or maker known" },
    { "colours", FL_YAML_SET(fl_case_ink, colours, fl_colour_choices), .help = "as seen today" },
    { "white_inside", FL_YAML_YES_NO(fl_case_ink, white_inside), .help = "corrector or white was mixed in" },
    { "age_months", FL_YAML_WHOLE(fl_case_ink, age_months, 0, 900), .help = "" },
    { "layers", FL_YAML_WHOLE(fl_case_ink, layers, 1, 20), .help = "of different ink; corrections count" },
    { "text", FL_YAML_TEXT(fl_case_ink, text), .help = "" },
    { .key = NULL },
};
int fl_case_ink_names(const fl_case_ink *ink)
{
    return (ink->id != NULL) + (ink->family != 0) + (ink->seen != 0) + isfinite(ink->lab.L);
}

static void ink_change_check(void *object, const fl_yaml_place *place)
{
    static const char *const names[] = { "id", "family", "seen", "lab" };
    fl_case_ink *ink = object;
    const char *first = NULL, *second = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!fl_yaml_given(place, names[i])) continue;
        if (!first) first = names[i];
        else if (!second) second = names[i];
    }
    if (second)
        fl_yaml_fault(place, second, "keep what is known best: id, then family, lab, seen; other colours stand in `colours`",
                      "an ink is named once, and this one by '%s' and '%s'", first, second);
    if (fl_yaml_given(place, "skin_lab") && !fl_yaml_given(place, "lab"))
        fl_yaml_fault(place, "skin_lab", "add `lab:` of the ink, from the same photo", "the skin is measured and the ink is not");
    /* What a person sees is a colour seen today: rules that ask for colours hear of it. */
    if (ink->seen) ink->colours |= 1u << ink->seen;
}
static void ink_check(void *object, const fl_yaml_place *place)
{
    ink_change_check(object, place);
    if (!fl_case_ink_names(object))
        fl_yaml_fault(place, NULL, "add `id:` (fadeline inks lists them), `family:`, `seen:` or `lab:`",
                      "nothing says what this ink is");
}
static const fl_yaml_table ink_table = { "ink", sizeof(fl_case_ink), ink_fields, .check = ink_check };
const fl_yaml_table fl_case_ink_change_table = { "ink", sizeof(fl_case_ink), ink_fields, .check = ink_change_check };

static const fl_yaml_field score_fields[] = {
    { "colour", FL_YAML_ID(fl_case_score, colour), .help = "level of the Kirby-Desai score" },
    { "ink", FL_YAML_ID(fl_case_score, ink), .help = "" },
    { "scarring", FL_YAML_ID(fl_case_score, scarring), .help = "" },
    { "layering", FL_YAML_ID(fl_case_score, layering), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table score_table = { "kirby_desai", sizeof(fl_case_score), score_fields, .check = NULL };

static const fl_yaml_choice side_choices[] = {
    { "left", FL_SIDE_LEFT, "of the line, walking from its first point" }, { "right", FL_SIDE_RIGHT, "" }, { NULL, 0, NULL },
};
static const fl_yaml_field circle_fields[] = {
    { "diameter_mm", FL_YAML_NUMBER(struct fl_case_circle, diameter, 0.1, 2000), FL_YAML_REQUIRED, .help = "" },
    { "centre_mm", FL_YAML_NUMBERS(struct fl_case_circle, centre, -2000, 2000), .items_max = 2, .help = "[x, y]; absent: [0, 0]" },
    { .key = NULL },
};
static const fl_yaml_table circle_table = { "circle", sizeof(struct fl_case_circle), circle_fields, .check = NULL };
static const fl_yaml_field polygon_fields[] = {
    { "points_mm", FL_YAML_NUMBERS(struct fl_case_polygon, points, -2000, 2000), FL_YAML_REQUIRED, .items_max = 2 * FL_SHAPE_POINTS,
      .help = "[x, y, x, y ...], x to the right and y up" },
    { .key = NULL },
};
static const fl_yaml_table polygon_table = { "polygon", sizeof(struct fl_case_polygon), polygon_fields, .check = NULL };
static const fl_yaml_field strip_fields[] = {
    { "line_mm", FL_YAML_NUMBERS(struct fl_case_strip, line, -2000, 2000), FL_YAML_REQUIRED, .items_max = 2 * FL_SHAPE_POINTS,
      .help = "along its middle, [x, y, x, y ...]" },
    { "width_mm", FL_YAML_NUMBER(struct fl_case_strip, width, 0.1, 2000), FL_YAML_REQUIRED, .help = "from edge to edge" },
    { .key = NULL },
};
static const fl_yaml_table strip_table = { "strip", sizeof(struct fl_case_strip), strip_fields, .check = NULL };
static const fl_yaml_field band_fields[] = {
    { "line_mm", FL_YAML_NUMBERS(struct fl_case_band, line, -2000, 2000), FL_YAML_REQUIRED, .items_max = 2 * FL_SHAPE_POINTS,
      .help = "the keep line, [x, y, x, y ...]; no part of a spot crosses it" },
    { "width_mm", FL_YAML_NUMBER(struct fl_case_band, width, 0.1, 2000), FL_YAML_REQUIRED, .help = "of the zone, away from what stays" },
    { "keep", FL_YAML_CHOICE(struct fl_case_band, keep, side_choices), FL_YAML_REQUIRED, .help = "the side that stays" },
    { "feather_rows", FL_YAML_NUMBERS(struct fl_case_band, feather, 0, 1), .items_max = FL_SHAPE_FEATHER,
      .help = "share of spots in the last rows; the last is at the line" },
    { .key = NULL },
};
static const fl_yaml_table band_table = { "band", sizeof(struct fl_case_band), band_fields, .check = NULL };

static const fl_yaml_field shape_fields[] = {
    { "circle", FL_YAML_MAP(fl_case_shape, circle, circle_table), .help = "one of the four" },
    { "polygon", FL_YAML_MAP(fl_case_shape, polygon, polygon_table), .help = "" },
    { "strip", FL_YAML_MAP(fl_case_shape, strip, strip_table), .help = "a scar: a line and its width" },
    { "band", FL_YAML_MAP(fl_case_shape, band, band_table), .help = "along a hairline" },
    { "spill_mm", FL_YAML_NUMBER(fl_case_shape, spill, 0, 50), .help = "a spot's edge beyond a free edge; absent: half a spot" },
    { "anaesthetic_margin_mm", FL_YAML_NUMBER(fl_case_shape, anaesthetic_margin, 0, 100), .help = "cream beyond the zone" },
    { "hand_rate_Hz", FL_YAML_NUMBER(fl_case_shape, hand_rate, 0.1, 100), .help = "pulses a second that hands reach" },
    { .key = NULL },
};

/* Where in the file a fault of a drawing stands. */
static void fault_at(const fl_yaml_place *place, const fl_case_shape *shape, const fl_shape_fault *fault)
{
    char path[64];
    const char *kind = shape->band.line_count ? "band" : shape->strip.line_count ? "strip" : shape->polygon.points_count ? "polygon" : "circle";
    if (fl_text_same(fault->member, "points"))
        snprintf(path, sizeof path, "%s.%s_mm[%zu]", kind, shape->polygon.points_count ? "points" : "line", 2 * fault->item);
    else if (fl_text_same(fault->member, "feather"))
        snprintf(path, sizeof path, "band.feather_rows[%zu]", fault->item);
    else
        snprintf(path, sizeof path, "%s.%s%s", kind, fault->member,
                 fl_text_same(fault->member, "keep") ? "" : "_mm");
    fl_yaml_fault(place, path, fault->hint, "%s", fault->text);
}

static void shape_check(void *object, const fl_yaml_place *place)
{
    const fl_case_shape *drawing = object;
    static const char pairs[] = "write x, y, x, y ...";
    const int kinds = fl_yaml_given(place, "circle") + fl_yaml_given(place, "polygon") + fl_yaml_given(place, "strip") +
                      fl_yaml_given(place, "band");
    if (kinds != 1) {
        fl_yaml_fault(place, NULL, "one of circle, polygon, strip and band", "a shape is drawn once, not %d times", kinds);
        return;
    }
    if (drawing->circle.centre_count == 1)
        fl_yaml_fault(place, "circle.centre_mm", "write [x, y]", "a centre has two numbers");
    else if (drawing->polygon.points_count % 2)
        fl_yaml_fault(place, "polygon.points_mm", pairs, "%zu numbers are no pairs", drawing->polygon.points_count);
    else if (drawing->strip.line_count % 2)
        fl_yaml_fault(place, "strip.line_mm", pairs, "%zu numbers are no pairs", drawing->strip.line_count);
    else if (drawing->band.line_count % 2)
        fl_yaml_fault(place, "band.line_mm", pairs, "%zu numbers are no pairs", drawing->band.line_count);
    else {
        fl_shape *shape;
        fl_shape_fault fault = { .member = "" };
        const fl_status status = fl_case_shape_new(drawing, &shape, &fault);
        FL_ASSERT(status == FL_OK || status == FL_E_RANGE);
        if (status == FL_OK) fl_shape_free(shape);
        else fault_at(place, drawing, &fault);
    }
}
const fl_yaml_table fl_case_shape_table = { "shape", sizeof(fl_case_shape), shape_fields, .check = shape_check };

bool fl_case_areas_agree(fl_area given, fl_area drawn)
{
    return fabs(given.m2 - drawn.m2) <= FL_CASE_AREAS_AGREE * drawn.m2;
}

/* The shape's own check has run: what is drawn can be made. */
static void drawn_check(void *object, const fl_yaml_place *place)
{
    fl_case_zone *zone = object;
    if (!fl_case_shape_is_drawn(&zone->shape)) return;
    fl_shape *shape;
    const fl_status status = fl_case_shape_new(&zone->shape, &shape, NULL);
    FL_ASSERT(status == FL_OK);
    const fl_area drawn = fl_shape_area(shape);
    fl_shape_free(shape);
    if (isfinite(zone->area.m2) && !fl_case_areas_agree(zone->area, drawn))
        fl_yaml_fault(place, "area_cm2", "leave area_cm2 out, or draw the zone as it was measured",
                      "zone '%s' is drawn with %.2f cm2, which is not within 5 %% of %.2f", zone->id, fl_as_cm2(drawn),
                      fl_as_cm2(zone->area));
    zone->area = drawn;
}

static void zone_check(void *object, const fl_yaml_place *place)
{
    const fl_case_zone *zone = object;
    drawn_check(object, place);
    if (!isfinite(zone->area.m2))
        fl_yaml_fault(place, NULL, "add `area_cm2:` or draw it: `shape:`", "this zone has no 'area_cm2'");
}

#define ZONE_ROWS                                                                                     \
    { "id", FL_YAML_ID(fl_case_zone, id), FL_YAML_REQUIRED, .help = "F-L, BRW-R, LID-UL ..." },              \
    { "area_cm2", FL_YAML_NUMBER(fl_case_zone, area, 0.05, 2000), .help = "needed without a shape" },        \
    { "shape", FL_YAML_MAP(fl_case_zone, shape, fl_case_shape_table), .help = "the zone as it is drawn" },   \
    { "locked", FL_YAML_YES_NO(fl_case_zone, locked), .help = "the keep side of a line" },                   \
    { "why", FL_YAML_TEXT(fl_case_zone, why), .help = "why it is locked" },                                  \
    { "features", FL_YAML_TEXTS(fl_case_zone, features), .help = "what is seen: ids of the rule file" },      \
    { "test_site", FL_YAML_TEXT(fl_case_zone, test_site), .help = "where a test spot may go, two landmarks" }
static const fl_yaml_field zone_fields[] = { ZONE_ROWS, { .key = NULL } };
static const fl_yaml_table zone_table = { "zone", sizeof(fl_case_zone), zone_fields, .check = zone_check };
static const fl_yaml_table zone_change_table = { "zone", sizeof(fl_case_zone), zone_fields, .check = drawn_check };

static const fl_yaml_field answer_fields[] = {
    { "id", FL_YAML_ID(fl_case_answer, id), FL_YAML_REQUIRED, .help = "of the rule file's screening" },
    { "on", FL_YAML_DATE(fl_case_answer, on), .help = "it ended, ends or happened on" },
    { "text", FL_YAML_TEXT(fl_case_answer, text), .help = "" },
    { "cleared_by", FL_YAML_TEXT(fl_case_answer, cleared_by), .help = "physician whose written word is on file" },
    { "cleared_on", FL_YAML_DATE(fl_case_answer, cleared_on), .help = "" },
    { .key = NULL },
};
static void answer_check(void *object, const fl_yaml_place *place)
{
    const fl_case_answer *answer = object;
    if ((answer->cleared_by != NULL) != fl_date_is_set(answer->cleared_on))
        fl_yaml_fault(place, "cleared_by", "a clearance has a name and a day",
                      "'%s' has one of cleared_by and cleared_on", answer->id);
}
static const fl_yaml_table answer_table = { "reported", sizeof(fl_case_answer), answer_fields, .check = answer_check };

static const fl_yaml_field earlier_fields[] = {
    { "id", FL_YAML_ID(fl_case_earlier, id), FL_YAML_REQUIRED, .help = "" },
    { "on", FL_YAML_DATE(fl_case_earlier, on), .help = "" },
    { "elsewhere", FL_YAML_YES_NO(fl_case_earlier, elsewhere), .help = "" },
    { "zones", FL_YAML_TEXTS(fl_case_earlier, zones), .help = "absent: all" },
    { "device", FL_YAML_ID(fl_case_earlier, device), .help = "id of a device file; absent: unknown" },
    { "wavelength_nm", FL_YAML_NUMBER(fl_case_earlier, wavelength, 400, 1400), .help = "" },
    { "spot_mm", FL_YAML_NUMBER(fl_case_earlier, spot, 0.5, 20), .help = "" },
    { "fluence_J_cm2", FL_YAML_NUMBER(fl_case_earlier, fluence, 0.01, 200), .help = "as recorded" },
    { "read_on", FL_YAML_DATE(fl_case_earlier, read_on), .help = "absent: nobody read it" },
    { "cleared_percent", FL_YAML_NUMBER(fl_case_earlier, cleared_percent, 0, 100), .help = "of the ink there was before this session" },
    { "text", FL_YAML_TEXT(fl_case_earlier, text), .help = "" },
    { .key = NULL },
};
static void earlier_check(void *object, const fl_yaml_place *place)
{
    const fl_case_earlier *earlier = object;
    const bool dated = fl_date_is_set(earlier->read_on);
    if (dated != (bool)isfinite(earlier->cleared_percent))
        fl_yaml_fault(place, dated ? "read_on" : "cleared_percent", "a read has a day and a share",
                      "'%s' has one of read_on and cleared_percent", earlier->id);
    else if (dated && fl_date_is_set(earlier->on) && fl_date_compare(earlier->read_on, earlier->on) <= 0)
        fl_yaml_fault(place, "read_on", "read it weeks after", "'%s' was read before it had taken place", earlier->id);
}
static const fl_yaml_table earlier_table = { "earlier", sizeof(fl_case_earlier), earlier_fields, .check = earlier_check };

static const fl_yaml_field test_fields[] = {
    { "id", FL_YAML_ID(fl_case_test, id), FL_YAML_REQUIRED, .help = "" },
    { "zone", FL_YAML_ID(fl_case_test, zone), .help = "" },
    { "placed_on", FL_YAML_DATE(fl_case_test, placed_on), .help = "" },
    { "read_on", FL_YAML_DATE(fl_case_test, read_on), .help = "absent: not read yet" },
    { "device", FL_YAML_ID(fl_case_test, device), .help = "" },
    { "wavelength_nm", FL_YAML_NUMBER(fl_case_test, wavelength, 400, 1400), .help = "" },
    { "spot_mm", FL_YAML_NUMBER(fl_case_test, spot, 0.5, 20), .help = "" },
    { "fluence_J_cm2", FL_YAML_NUMBER(fl_case_test, fluence, 0.01, 20), .help = "" },
    { "pulses", FL_YAML_WHOLE(fl_case_test, pulses, 1, 10), .help = "" },
    { "result", FL_YAML_CHOICE(fl_case_test, result, read_choices), .help = "of the read" },
    { "cleared_percent", FL_YAML_NUMBER(fl_case_test, cleared_percent, 0, 100), .help = "" },
    { "skin_change", FL_YAML_YES_NO(fl_case_test, skin_change), .help = "pigment or texture of the skin itself" },
    { "hair_white", FL_YAML_YES_NO(fl_case_test, hair_white), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table test_table = { "test", sizeof(fl_case_test), test_fields, .check = NULL };

static const fl_yaml_field wish_fields[] = {
    { "wavelength_nm", FL_YAML_NUMBER(fl_case_wish, wavelength, 400, 1400), FL_YAML_REQUIRED, .help = "" },
    { "text", FL_YAML_TEXT(fl_case_wish, text), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table wish_table = { "wish", sizeof(fl_case_wish), wish_fields, .check = NULL };

static const fl_yaml_field room_fields[] = {
    { "physician", FL_YAML_YES_NO(fl_case_room, physician), .help = "an authorised physician has signed in" },
    { "shields", FL_YAML_CHOICE(fl_case_room, shields, fl_shields_choices), .help = "recorded as worn" },
    { .key = NULL },
};
static const fl_yaml_table room_table = { "room", sizeof(fl_case_room), room_fields, .check = NULL };

#define BODY_ROWS(need_, zones_, ink_)                                                                             \
    { "client", FL_YAML_ID(fl_case_body, client), need_, .help = "a code, never a name" },                   \
    { "procedure", FL_YAML_ID(fl_case_body, procedure), need_, .help = "row of profiles/procedures.yaml" },  \
    { "site", FL_YAML_ID(fl_case_body, site), need_, .help = "row of profiles/sites.yaml" },                 \
    { "age_years", FL_YAML_WHOLE(fl_case_body, age_years, 0, 120), need_, .help = "" },                      \
    { "date", FL_YAML_DATE(fl_case_body, date), need_, .help = "day of the consultation; --date overrides" },\
    { "text", FL_YAML_TEXT(fl_case_body, text), .help = "free text: may add caution, decides nothing" },     \
    { "goal", FL_YAML_MAP(fl_case_body, goal, goal_table), need_, .help = "" },                              \
    { "skin", FL_YAML_MAP(fl_case_body, skin, skin_table), need_, .help = "" },                              \
    { "ink", FL_YAML_MAP(fl_case_body, ink, ink_), need_, .help = "" },                                 \
    { "kirby_desai", FL_YAML_MAP(fl_case_body, score, score_table), .help = "levels; absent: not scored" },  \
    { "overlap", FL_YAML_NUMBER(fl_case_body, overlap, 0, 0.5), .help = "fraction; absent: the procedure's" }, \
    { "zones", FL_YAML_MAPS(fl_case_body, zones, zones_), need_, .help = "" },                               \
    { "denied", FL_YAML_TEXTS(fl_case_body, denied), need_, .help = "screening questions answered no" },     \
    { "reported", FL_YAML_MAPS(fl_case_body, reported, answer_table), .help = "answered yes" },              \
    { "earlier", FL_YAML_MAPS(fl_case_body, earlier, earlier_table), .help = "laser sessions before this" }, \
    { "tests", FL_YAML_MAPS(fl_case_body, tests, test_table), .help = "test spots placed and read" },        \
    { "wishes", FL_YAML_MAPS(fl_case_body, wishes, wish_table), .help = "settings somebody insists on" },    \
    { "room", FL_YAML_MAP(fl_case_body, room, room_table), .help = "who is there, what is worn" },           \
    { "smoker", FL_YAML_YES_NO(fl_case_body, smoker), .help = "" },                                                 \
    { "picture_scale", FL_YAML_NUMBER(fl_case_body, picture_scale, 0.2, 5), .help = "of the pictures zones are drawn on; 1: a middling head" }

/* Plan and journal keep it, and keep for ever. */
static void check_client(const char *client, const fl_yaml_place *place)
{
    if (client && !fl_client_code_is(client))
        fl_yaml_fault(place, "client", "one to three capital letters, a hyphen, digits, as in C-0001: fadeline clients add",
                      "this is no client code, and names do not go into plans");
}
static void changes_check(void *object, const fl_yaml_place *place)
{
    check_client(((const fl_case_body *)object)->client, place);
}

static const fl_yaml_field change_fields[] = { BODY_ROWS(FL_YAML_OPTIONAL, zone_change_table, fl_case_ink_change_table), { .key = NULL } };
const fl_yaml_table fl_case_changes_table = { "changes", sizeof(fl_case_body), change_fields, .check = changes_check };

static const fl_yaml_field variant_fields[] = {
    { "id", FL_YAML_ID(fl_case_variant, id), FL_YAML_REQUIRED, .help = "v1" },
    { "text", FL_YAML_TEXT(fl_case_variant, text), FL_YAML_REQUIRED, .help = "what is different" },
    { "changes", FL_YAML_MAP(fl_case_variant, changes, fl_case_changes_table), FL_YAML_REQUIRED, .help = "keys of the case" },
    { .key = NULL },
};
static const fl_yaml_table variant_table = { "variant", sizeof(fl_case_variant), variant_fields, .check = NULL };

static const fl_yaml_field file_fields[] = {
    { "id", FL_YAML_ID(fl_case_file, id), FL_YAML_REQUIRED, .help = "" },
    { "title", FL_YAML_TEXT(fl_case_file, title), FL_YAML_REQUIRED, .help = "" },
    BODY_ROWS(FL_YAML_REQUIRED, zone_table, ink_table),
    { "variants", FL_YAML_MAPS(fl_case_file, variants, variant_table), .help = "the same case with something different" },
    { .key = NULL },
};
/* The rows of the body count from its own beginning, so it has to stand first in the file's struct. */
_Static_assert(offsetof(fl_case_file, body) == 0, "the body stands first");

static void file_check(void *object, const fl_yaml_place *place)
{
    const fl_case_file *file = object;
    check_client(file->body.client, place);
    for (size_t i = 0; i < file->body.reported_count; i++)
        for (size_t j = 0; j < file->body.denied_count; j++)
            if (fl_text_same(file->body.reported[i].id, file->body.denied[j]))
                fl_yaml_fault(place, "reported", "answer it once", "'%s' is answered yes and no", file->body.denied[j]);
    for (size_t i = 0; i < file->body.zones_count; i++)
        for (size_t j = 0; j < i; j++)
            if (fl_text_same(file->body.zones[i].id, file->body.zones[j].id))
                fl_yaml_fault(place, "zones", "one row a zone", "zone '%s' stands twice", file->body.zones[i].id);
}
static const fl_yaml_table file_table = { "case", sizeof(fl_case_file), file_fields, .check = file_check };
const fl_yaml_schema fl_case_schema = { "case/1", "One client on one day", &file_table };
// clang-format on
