#include "case_table.h"

#include "fadeline/base/text.h"

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

static const fl_yaml_field ink_fields[] = {
    { "id", FL_YAML_ID(fl_case_ink, id), .help = "row of profiles/inks.yaml" },
    { "geometry", FL_YAML_ID(fl_case_ink, geometry), .help = "how it lies; absent: the procedure's" },
    { "identified", FL_YAML_YES_NO(fl_case_ink, identified), .help = "brand or maker known" },
    { "colours", FL_YAML_SET(fl_case_ink, colours, fl_colour_choices), .help = "as seen today" },
    { "white_inside", FL_YAML_YES_NO(fl_case_ink, white_inside), .help = "corrector or white was mixed in" },
    { "age_months", FL_YAML_WHOLE(fl_case_ink, age_months, 0, 900), .help = "" },
    { "layers", FL_YAML_WHOLE(fl_case_ink, layers, 1, 20), .help = "of different ink; corrections count" },
    { "text", FL_YAML_TEXT(fl_case_ink, text), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table ink_table = { "ink", sizeof(fl_case_ink), ink_fields, .check = NULL };

static const fl_yaml_field score_fields[] = {
    { "colour", FL_YAML_ID(fl_case_score, colour), .help = "level of the Kirby-Desai score" },
    { "ink", FL_YAML_ID(fl_case_score, ink), .help = "" },
    { "scarring", FL_YAML_ID(fl_case_score, scarring), .help = "" },
    { "layering", FL_YAML_ID(fl_case_score, layering), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table score_table = { "kirby_desai", sizeof(fl_case_score), score_fields, .check = NULL };

#define ZONE_ROWS(need_)                                                                                     \
    { "id", FL_YAML_ID(fl_case_zone, id), FL_YAML_REQUIRED, .help = "F-L, BRW-R, LID-UL ..." },              \
    { "area_cm2", FL_YAML_NUMBER(fl_case_zone, area, 0.05, 2000), need_, .help = "" },                       \
    { "locked", FL_YAML_YES_NO(fl_case_zone, locked), .help = "the keep side of a line" },                   \
    { "why", FL_YAML_TEXT(fl_case_zone, why), .help = "why it is locked" },                                  \
    { "features", FL_YAML_TEXTS(fl_case_zone, features), .help = "what is seen: ids of the rule file" },      \
    { "test_site", FL_YAML_TEXT(fl_case_zone, test_site), .help = "where a test spot may go, two landmarks" }
static const fl_yaml_field zone_fields[] = { ZONE_ROWS(FL_YAML_REQUIRED), { .key = NULL } };
static const fl_yaml_field zone_change_fields[] = { ZONE_ROWS(FL_YAML_OPTIONAL), { .key = NULL } };
static const fl_yaml_table zone_table = { "zone", sizeof(fl_case_zone), zone_fields, .check = NULL };
static const fl_yaml_table zone_change_table = { "zone", sizeof(fl_case_zone), zone_change_fields, .check = NULL };

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
    { "text", FL_YAML_TEXT(fl_case_earlier, text), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table earlier_table = { "earlier", sizeof(fl_case_earlier), earlier_fields, .check = NULL };

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

#define BODY_ROWS(need_, zones_)                                                                             \
    { "client", FL_YAML_ID(fl_case_body, client), need_, .help = "a code, never a name" },                   \
    { "procedure", FL_YAML_ID(fl_case_body, procedure), need_, .help = "row of profiles/procedures.yaml" },  \
    { "site", FL_YAML_ID(fl_case_body, site), need_, .help = "row of profiles/sites.yaml" },                 \
    { "age_years", FL_YAML_WHOLE(fl_case_body, age_years, 0, 120), need_, .help = "" },                      \
    { "date", FL_YAML_DATE(fl_case_body, date), need_, .help = "day of the consultation; --date overrides" },\
    { "text", FL_YAML_TEXT(fl_case_body, text), .help = "free text: may add caution, decides nothing" },     \
    { "goal", FL_YAML_MAP(fl_case_body, goal, goal_table), need_, .help = "" },                              \
    { "skin", FL_YAML_MAP(fl_case_body, skin, skin_table), need_, .help = "" },                              \
    { "ink", FL_YAML_MAP(fl_case_body, ink, ink_table), need_, .help = "" },                                 \
    { "kirby_desai", FL_YAML_MAP(fl_case_body, score, score_table), .help = "levels; absent: not scored" },  \
    { "overlap", FL_YAML_NUMBER(fl_case_body, overlap, 0, 0.5), .help = "fraction; absent: the procedure's" }, \
    { "zones", FL_YAML_MAPS(fl_case_body, zones, zones_), need_, .help = "" },                               \
    { "denied", FL_YAML_TEXTS(fl_case_body, denied), need_, .help = "screening questions answered no" },     \
    { "reported", FL_YAML_MAPS(fl_case_body, reported, answer_table), .help = "answered yes" },              \
    { "earlier", FL_YAML_MAPS(fl_case_body, earlier, earlier_table), .help = "laser sessions before this" }, \
    { "tests", FL_YAML_MAPS(fl_case_body, tests, test_table), .help = "test spots placed and read" },        \
    { "wishes", FL_YAML_MAPS(fl_case_body, wishes, wish_table), .help = "settings somebody insists on" },    \
    { "room", FL_YAML_MAP(fl_case_body, room, room_table), .help = "who is there, what is worn" },           \
    { "smoker", FL_YAML_YES_NO(fl_case_body, smoker), .help = "" }

static const fl_yaml_field change_fields[] = { BODY_ROWS(FL_YAML_OPTIONAL, zone_change_table), { .key = NULL } };
const fl_yaml_table fl_case_changes_table = { "changes", sizeof(fl_case_body), change_fields, .check = NULL };

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
    BODY_ROWS(FL_YAML_REQUIRED, zone_table),
    { "variants", FL_YAML_MAPS(fl_case_file, variants, variant_table), .help = "the same case with something different" },
    { .key = NULL },
};
/* The rows of the body count from its own beginning, so it has to stand first in the file's struct. */
_Static_assert(offsetof(fl_case_file, body) == 0, "the body stands first");

static void file_check(void *object, const fl_yaml_place *place)
{
    const fl_case_file *file = object;
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
