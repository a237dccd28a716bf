#include "plan_table.h"

#define AT(type, member) .at = offsetof(type, member)
#define TEXT(key_, type, member)                                                                             \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_TEXT, AT(type, member), .room = sizeof(((type *)0)->member)            \
    }
#define OPTIONAL_TEXT(key_, type, member)                                                                    \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_TEXT, AT(type, member), .room = sizeof(((type *)0)->member),           \
        .optional = true                                                                                     \
    }
#define HEX(key_, type, member)                                                                              \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_HEX, AT(type, member), .room = sizeof(((type *)0)->member)             \
    }
#define FLAG(key_, type, member)                                                                             \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_FLAG, AT(type, member)                                                 \
    }
#define DATE(key_, type, member)                                                                             \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_DATE, AT(type, member)                                                 \
    }
#define WHOLE(key_, type, member, least_, most_)                                                             \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_WHOLE, AT(type, member), .unset = FL_NEVER, .least = least_,           \
        .most = most_                                                                                        \
    }
#define REAL(key_, type, member, scale_, least_, most_)                                                      \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_REAL, AT(type, member), .scale = scale_, .least = least_,              \
        .most = most_                                                                                        \
    }
#define IF(type, member) .has_flag = true, .flag = offsetof(type, member)
#define OBJECT(key_, table)                                                                                  \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_OBJECT, .fields = table                                                \
    }
#define OBJECT_AT(key_, type, member, table)                                                                 \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_OBJECT, AT(type, member), .fields = table                              \
    }
#define OBJECT_IF(key_, type, flag_, table)                                                                  \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_OBJECT, IF(type, flag_), .fields = table                               \
    }
#define REAL_IF(key_, type, member, flag_, scale_, least_, most_)                                            \
    {                                                                                                        \
        .key = key_, .kind = FL_FIELD_REAL, AT(type, member), IF(type, flag_), .scale = scale_,              \
        .least = least_, .most = most_                                                                       \
    }
#define LIST(key_, kind_, type, member, count, table)                                                        \
    {                                                                                                        \
        .key = key_, .kind = kind_, AT(type, member), .room = sizeof(((type *)0)->member[0]),                \
        .count_at = offsetof(type, count),                                                                   \
        .limit = sizeof(((type *)0)->member) / sizeof(((type *)0)->member[0]), .fields = table               \
    }
#define END                                                                                                  \
    {                                                                                                        \
        .key = NULL                                                                                          \
    }

#define PER_M_TO_NM 1e9
#define PER_M_TO_MM 1e3
#define PER_M2_TO_CM2 1e4
#define PER_J_TO_MJ 1e3
#define PER_S_TO_PS 1e12
#define J_M2_TO_J_CM2 1e-4

// clang-format off
static const char *const verdicts[] = {
#define X(name, word, line) word,
    FL_PLAN_VERDICTS(X)
#undef X
    NULL
};
static const char *const ranks[] = {
#define X(name, word) word,
    FL_PLAN_RANKS(X)
#undef X
    NULL
};

static const fl_field reason_fields[] = {
    TEXT("code", fl_plan_reason, code),
    { .key = "class", .kind = FL_FIELD_WORD, AT(fl_plan_reason, rank), .words = ranks },
    TEXT("text", fl_plan_reason, text),
    { .key = "until", .kind = FL_FIELD_DATE, AT(fl_plan_reason, until), .optional = true },
    OPTIONAL_TEXT("change", fl_plan_reason, change),
    END
};

static const fl_field skin_fields[] = {
    { .key = "type", .kind = FL_FIELD_SKIN, AT(fl_plan_skin, type) },
    { .key = "form_total", .kind = FL_FIELD_WHOLE, AT(fl_plan_skin, form_total), .unset = -1, .optional = true,
      .least = 0, .most = 40 },
    { .key = "form_subtotal", .kind = FL_FIELD_WHOLE, AT(fl_plan_skin, form_subtotal), .unset = -1, .optional = true,
      .least = 0, .most = 32 },
    { .key = "ita_deg", .kind = FL_FIELD_REAL, AT(fl_plan_skin, ita_deg), IF(fl_plan_skin, ita_known), .optional = true,
      .scale = 1, .least = -90, .most = 90 },
    { .key = "planned_as", .kind = FL_FIELD_SKIN, AT(fl_plan_skin, planned_as) },
    END
};

static const fl_field budget_fields[] = {
    WHOLE("notice", fl_plan_zone, budget.notice, 0, 1e9),
    WHOLE("planned", fl_plan_zone, budget.planned, 0, 1e9),
    WHOLE("soft_stop", fl_plan_zone, budget.soft_stop, 0, 1e9),
    WHOLE("hard_stop", fl_plan_zone, budget.hard_stop, 0, 1e9),
    END
};

static const fl_field covered_fields[] = {
    REAL("once", fl_plan_zone, covered_once, 1, 0, 1),
    REAL("twice", fl_plan_zone, covered_twice, 1, 0, 1),
    REAL("thrice", fl_plan_zone, covered_thrice, 1, 0, 1),
    END
};

static const fl_field zone_fields[] = {
    TEXT("id", fl_plan_zone, id),
    REAL("area_cm2", fl_plan_zone, area.m2, PER_M2_TO_CM2, 0.001, 10000),
    REAL("spot_mm", fl_plan_zone, spot.m, PER_M_TO_MM, 0.1, 100),
    REAL("overlap", fl_plan_zone, overlap, 1, 0, 0.9),
    WHOLE("pulses", fl_plan_zone, pulses, 0, 1e9),
    OBJECT("budget", budget_fields),
    FLAG("locked", fl_plan_zone, locked),
    OPTIONAL_TEXT("reason", fl_plan_zone, reason),
    { .key = "rows", .kind = FL_FIELD_WHOLE, AT(fl_plan_zone, rows), .unset = FL_NEVER, IF(fl_plan_zone, drawn),
      .optional = true, .least = 0, .most = 1e6 },
    { .key = "covered", .kind = FL_FIELD_OBJECT, IF(fl_plan_zone, drawn), .optional = true, .fields = covered_fields },
    { .key = "minutes", .kind = FL_FIELD_REAL, AT(fl_plan_zone, minutes), IF(fl_plan_zone, timed), .optional = true,
      .scale = 1, .least = 0, .most = 1e6 },
    { .key = "anaesthetic_cm2", .kind = FL_FIELD_REAL, AT(fl_plan_zone, anaesthetic.m2), IF(fl_plan_zone, creamed),
      .optional = true, .scale = PER_M2_TO_CM2, .least = 0, .most = 1e6 },
    END
};

static const fl_field window_fields[] = {
    REAL("start", fl_plan_setting, start.J_m2, J_M2_TO_J_CM2, 0.001, 1000),
    REAL("low", fl_plan_setting, low.J_m2, J_M2_TO_J_CM2, 0.001, 1000),
    REAL("high", fl_plan_setting, high.J_m2, J_M2_TO_J_CM2, 0.001, 1000),
    END
};

#define BAND(name, member)                                             \
    static const fl_field name[] = {                                   \
        REAL("median", fl_plan_setting, member.median, 1, 0, 1e6),     \
        REAL("p05", fl_plan_setting, member.p05, 1, 0, 1e6),           \
        REAL("p95", fl_plan_setting, member.p95, 1, 0, 1e6),           \
        END                                                            \
    }
BAND(at_ink_fields, fluence_at_ink_ratio);
BAND(at_basal_fields, fluence_at_basal_ratio);
BAND(ink_margin_fields, ink_margin);
BAND(epidermis_margin_fields, epidermis_margin);

static const fl_field input_fields[] = {
    TEXT("input", fl_plan_input, input),
    REAL("share", fl_plan_input, share, 1, 0, 1),
    END
};

static const fl_field matters_fields[] = {
    LIST("ink", FL_FIELD_LIST, fl_plan_setting, ink_inputs, ink_input_count, input_fields),
    LIST("skin", FL_FIELD_LIST, fl_plan_setting, skin_inputs, skin_input_count, input_fields),
    END
};

static const fl_field setting_fields[] = {
    REAL("wavelength_nm", fl_plan_setting, wavelength.m, PER_M_TO_NM, 200, 12000),
    REAL("pulse_ps", fl_plan_setting, pulse.s, PER_S_TO_PS, 1, 1e10),
    REAL("spot_mm", fl_plan_setting, spot.m, PER_M_TO_MM, 0.1, 100),
    TEXT("head", fl_plan_setting, head),
    FLAG("allowed", fl_plan_setting, allowed),
    LIST("reasons", FL_FIELD_LIST, fl_plan_setting, reasons, reason_count, reason_fields),
    OBJECT_IF("fluence_J_cm2", fl_plan_setting, has_fluence, window_fields),
    { .key = "limited_by", .kind = FL_FIELD_TEXT, AT(fl_plan_setting, limited_by), .room = 16,
      IF(fl_plan_setting, has_fluence) },
    REAL_IF("energy_mJ", fl_plan_setting, energy.J, has_fluence, PER_J_TO_MJ, 0.001, 1e6),
    REAL("rate_Hz", fl_plan_setting, rate.Hz, 1, 0.01, 1e4),
    WHOLE("passes", fl_plan_setting, passes, 1, 4),
    OBJECT_IF("fluence_at_ink_ratio", fl_plan_setting, has_physics, at_ink_fields),
    OBJECT_IF("fluence_at_basal_ratio", fl_plan_setting, has_physics, at_basal_fields),
    OBJECT_IF("ink_margin", fl_plan_setting, has_physics, ink_margin_fields),
    OBJECT_IF("epidermis_margin", fl_plan_setting, has_physics, epidermis_margin_fields),
    REAL_IF("injury_probability", fl_plan_setting, injury_probability, has_physics, 1, 0, 1),
    REAL_IF("effect_probability", fl_plan_setting, effect_probability, has_physics, 1, 0, 1),
    OBJECT_IF("what_matters_most", fl_plan_setting, has_physics, matters_fields),
    END
};

static const fl_field kirby_desai_fields[] = {
    WHOLE("score", fl_plan_sessions, kirby_desai_score, 4, 26),
    WHOLE("low", fl_plan_sessions, kirby_desai_low, 1, 40),
    WHOLE("high", fl_plan_sessions, kirby_desai_high, 1, 40),
    END
};

static const fl_field per_session_fields[] = {
    REAL("median", fl_plan_sessions, per_session.median, 1, 0, 1),
    REAL("p05", fl_plan_sessions, per_session.p05, 1, 0, 1),
    REAL("p95", fl_plan_sessions, per_session.p95, 1, 0, 1),
    END
};

static const fl_field left_fields[] = {
    WHOLE("after", fl_plan_left, after, 0, 99),
    REAL("median", fl_plan_left, left.median, 1, 0, 1),
    REAL("p05", fl_plan_left, left.p05, 1, 0, 1),
    REAL("p95", fl_plan_left, left.p95, 1, 0, 1),
    REAL("goal_probability", fl_plan_left, goal_probability, 1, 0, 1),
    END
};

static const fl_field sessions_fields[] = {
    { .key = "low", .kind = FL_FIELD_WHOLE, AT(fl_plan_sessions, low), .unset = FL_NEVER, IF(fl_plan_sessions, known),
      .least = 0, .most = 99 },
    { .key = "likely", .kind = FL_FIELD_WHOLE, AT(fl_plan_sessions, likely), .unset = FL_NEVER,
      IF(fl_plan_sessions, known), .least = 0, .most = 99 },
    { .key = "high", .kind = FL_FIELD_WHOLE, AT(fl_plan_sessions, high), .unset = FL_NEVER, IF(fl_plan_sessions, known),
      .least = 1, .most = 99 },
    { .key = "goal_share", .kind = FL_FIELD_REAL, AT(fl_plan_sessions, goal_share), IF(fl_plan_sessions, modelled),
      .optional = true, .scale = 1, .least = 0, .most = 1 },
    { .key = "reads", .kind = FL_FIELD_WHOLE, AT(fl_plan_sessions, reads), .unset = FL_NEVER,
      IF(fl_plan_sessions, modelled), .optional = true, .least = 0, .most = 99 },
    { .key = "per_session", .kind = FL_FIELD_OBJECT, IF(fl_plan_sessions, modelled), .optional = true,
      .fields = per_session_fields },
    { .key = "left", .kind = FL_FIELD_LIST, AT(fl_plan_sessions, left), .room = sizeof(fl_plan_left),
      .count_at = offsetof(fl_plan_sessions, left_count), .limit = FL_PLAN_LEFT, IF(fl_plan_sessions, modelled),
      .optional = true, .fields = left_fields },
    LIST("reasons", FL_FIELD_LINES, fl_plan_sessions, reasons, reason_count, NULL),
    OBJECT_IF("kirby_desai", fl_plan_sessions, scored, kirby_desai_fields),
    END
};

static const fl_field spot_fields[] = {
    TEXT("id", fl_plan_spot, id),
    TEXT("zone", fl_plan_spot, zone),
    WHOLE("setting", fl_plan_spot, setting, 0, FL_PLAN_SETTINGS - 1),
    REAL("wavelength_nm", fl_plan_spot, wavelength.m, PER_M_TO_NM, 200, 12000),
    REAL("spot_mm", fl_plan_spot, spot.m, PER_M_TO_MM, 0.1, 100),
    REAL("fluence_J_cm2", fl_plan_spot, fluence.J_m2, J_M2_TO_J_CM2, 0.001, 1000),
    REAL("energy_mJ", fl_plan_spot, energy.J, PER_J_TO_MJ, 0.001, 1e6),
    WHOLE("pulses", fl_plan_spot, pulses, 1, 10),
    END
};

static const fl_field test_spots_fields[] = {
    FLAG("required", fl_plan_test_spots, required),
    FLAG("same_day", fl_plan_test_spots, same_day),
    WHOLE("look_minutes", fl_plan_test_spots, look_minutes, 0, 240),
    LIST("grid", FL_FIELD_LIST, fl_plan_test_spots, grid, grid_count, spot_fields),
    DATE("place_not_before", fl_plan_test_spots, place_not_before),
    DATE("read_not_before", fl_plan_test_spots, read_not_before),
    DATE("read_by", fl_plan_test_spots, read_by),
    END
};

static const fl_field eyewear_fields[] = {
    REAL("od", fl_plan_eyewear, od, 1, 0, 30),
    TEXT("en207", fl_plan_eyewear, en207),
    REAL_IF("nohd_m", fl_plan_eyewear, nohd.m, nohd_known, 1, 0, 1e7),
    END
};

static const fl_field case_fields[] = {
    TEXT("client", fl_plan, client),
    TEXT("procedure", fl_plan, procedure),
    TEXT("variant", fl_plan, variant),
    TEXT("goal", fl_plan, goal),
    END
};

static const fl_field device_fields[] = {
    TEXT("id", fl_plan, device),
    HEX("sha256", fl_plan, device_sha256),
    END
};

static const fl_field rules_fields[] = {
    TEXT("file", fl_plan, rules.file),
    TEXT("version", fl_plan, rules.version),
    HEX("sha256", fl_plan, rules.sha256),
    END
};

const fl_field fl_plan_fields[] = {
    { .key = "verdict", .kind = FL_FIELD_WORD, AT(fl_plan, verdict), .words = verdicts },
    LIST("reasons", FL_FIELD_LIST, fl_plan, reasons, reason_count, reason_fields),
    OBJECT_AT("skin", fl_plan, skin, skin_fields),
    LIST("zones", FL_FIELD_LIST, fl_plan, zones, zone_count, zone_fields),
    LIST("settings", FL_FIELD_LIST, fl_plan, settings, setting_count, setting_fields),
    { .key = "chosen", .kind = FL_FIELD_WHOLE, AT(fl_plan, chosen), .unset = -1, .least = 0,
      .most = FL_PLAN_SETTINGS - 1 },
    OBJECT_AT("sessions", fl_plan, sessions, sessions_fields),
    OBJECT_AT("test_spots", fl_plan, test_spots, test_spots_fields),
    DATE("next_not_before", fl_plan, next_not_before),
    LIST("eyewear", FL_FIELD_BY_NM, fl_plan, eyewear, eyewear_count, eyewear_fields),
    OBJECT("case", case_fields),
    OBJECT("device", device_fields),
    DATE("date", fl_plan, date),
    { .key = "seed", .kind = FL_FIELD_SEED, AT(fl_plan, seed) },
    OBJECT("rules", rules_fields),
    HEX("inputs_sha256", fl_plan, inputs_sha256),
    TEXT("plan_id", fl_plan, plan_id),
    END
};
// clang-format on
