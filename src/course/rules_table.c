/* The tables of rules/1 and procedures/1. Every row's help stands on the reference page. */
#include "fadeline/course/rules.h"
#include "fadeline/planner/planner.h"

// clang-format off
const fl_yaml_choice fl_region_choices[] = {
    { "scalp", FL_REGION_SCALP, "" }, { "brow", FL_REGION_BROW, "" }, { "lid", FL_REGION_LID, "margin of an eyelid" },
    { "lip", FL_REGION_LIP, "" }, { "beard", FL_REGION_BEARD, "" }, { "areola", FL_REGION_AREOLA, "" },
    { "scar", FL_REGION_SCAR, "" }, { "body", FL_REGION_BODY, "" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_shields_choices[] = {
    { "goggles", FL_SHIELDS_GOGGLES, "" }, { "opaque", FL_SHIELDS_OPAQUE, "light-tight, over the eyes" },
    { "metal-external", FL_SHIELDS_METAL_EXTERNAL, "" },
    { "metal-internal", FL_SHIELDS_METAL_INTERNAL, "corneal shields, placed by a clinician" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_rank_choices[] = {
    { "info", FL_RANK_INFO, "" }, { "caution", FL_RANK_CAUTION, "" }, { "defer", FL_RANK_DEFER, "not before a date" },
    { "clearance", FL_RANK_CLEARANCE, "a physician decides" }, { "refuse", FL_RANK_REFUSE, "" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_level_choices[] = {
    { "none", FL_LEVEL_NONE, "" }, { "low", FL_LEVEL_LOW, "" }, { "medium", FL_LEVEL_MEDIUM, "" },
    { "high", FL_LEVEL_HIGH, "" }, { "very-high", FL_LEVEL_VERY_HIGH, "" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_when_choices[] = {
    { "type-IV-VI", FL_WHEN_TYPE_IV_VI, "planned as IV, V or VI" },
    { "ink-unknown", FL_WHEN_INK_UNKNOWN, "nobody identified the ink" },
    { "ink-darkens", FL_WHEN_INK_DARKENS, "a pigment is known to turn dark, or white was mixed in" },
    { "treated-elsewhere", FL_WHEN_TREATED_ELSEWHERE, "earlier sessions without usable records" },
    { "scar", FL_WHEN_SCAR, "ink in a scar" }, { "layers", FL_WHEN_LAYERS, "more than one layer of different ink" },
    { "smoker", FL_WHEN_SMOKER, "" }, { "unpublished", FL_WHEN_UNPUBLISHED, "no published series for this work" },
    { "procedure", FL_WHEN_PROCEDURE, "the procedure's row asks for it" },
    { "hair-high", FL_WHEN_HAIR_HIGH, "hair risk high" }, { NULL, 0, NULL },
};
const fl_yaml_choice fl_reach_choices[] = {
    { "none", FL_REACH_NONE, "" }, { "picosecond", FL_REACH_PICOSECOND, "the picosecond-adjusted score" },
    { "score", FL_REACH_SCORE, "" }, { "score-high", FL_REACH_SCORE_HIGH, "upper end of the score's band" },
    { NULL, 0, NULL },
};
static const fl_yaml_choice band_types[] = {
    { "I", 1, "" }, { "II", 2, "" }, { "III", 3, "" }, { "IV", 4, "" }, { "V", 5, "" }, { "VI", 6, "" },
    { "V-VI", FL_SKIN_V_VI, "the practitioner chooses" }, { NULL, 0, NULL },
};

static const fl_yaml_field band_fields[] = {
    { "from", FL_YAML_WHOLE(fl_skin_band, from, 0, 40), FL_YAML_REQUIRED, .help = "lowest total" },
    { "to", FL_YAML_WHOLE(fl_skin_band, to, 0, 40), FL_YAML_REQUIRED, .help = "highest total, belongs to it" },
    { "type", FL_YAML_CHOICE(fl_skin_band, type, band_types), FL_YAML_REQUIRED, .help = "where two bands hold a total, the darker is taken" },
    { .key = NULL },
};
static const fl_yaml_table band_table = { "band", sizeof(fl_skin_band), band_fields, .check = NULL };

static const fl_yaml_field class_fields[] = {
    { "name", FL_YAML_TEXT(fl_skin_class, name), FL_YAML_REQUIRED, .help = "of the ITA class" },
    { "above_deg", FL_YAML_NUMBER(fl_skin_class, above_deg, -91, 90), FL_YAML_REQUIRED, .help = "ITA above this" },
    { "type", FL_YAML_CHOICE(fl_skin_class, type, band_types), FL_YAML_REQUIRED, .help = "customary pairing, not an identity" },
    { .key = NULL },
};
static const fl_yaml_table class_table = { "class", sizeof(fl_skin_class), class_fields, .check = NULL };

static const fl_yaml_field skin_fields[] = {
    { "form_version", FL_YAML_TEXT(fl_skin_rules, form_version), FL_YAML_REQUIRED, .help = "stored with the answers" },
    { "bands", FL_YAML_MAPS(fl_skin_rules, bands, band_table), FL_YAML_REQUIRED, .help = "of the form's total" },
    { "ita_classes", FL_YAML_MAPS(fl_skin_rules, ita_classes, class_table), FL_YAML_REQUIRED, .help = "lightest first" },
    { "tan_drop_deg", FL_YAML_NUMBER(fl_skin_rules, tan_drop_deg, 1, 60), FL_YAML_REQUIRED, .help = "unexposed less site above this suggests a tan" },
    { "sun_item_recent", FL_YAML_WHOLE(fl_skin_rules, sun_item_recent, 1, 4), FL_YAML_REQUIRED, .help = "answer of T1 from which the sun is recent" },
    { "tan_factor", FL_YAML_NUMBER(fl_skin_rules, tan_factor, 1, 3), FL_YAML_REQUIRED, .help = "melanin of tanned over untanned skin" },
    { "source", FL_YAML_TEXT(fl_skin_rules, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table skin_table = { "skin", sizeof(fl_skin_rules), skin_fields, .check = NULL };

static const fl_yaml_field screening_fields[] = {
    { "id", FL_YAML_ID(fl_screening_rule, id), FL_YAML_REQUIRED, .help = "also the code of the reason" },
    { "ask", FL_YAML_TEXT(fl_screening_rule, ask), FL_YAML_REQUIRED, .help = "the question, answered yes or no" },
    { "class", FL_YAML_CHOICE(fl_screening_rule, rank, fl_rank_choices), FL_YAML_REQUIRED, .help = "what a yes means" },
    { "months", FL_YAML_WHOLE(fl_screening_rule, months, 1, 120), .help = "wait after the date of the answer" },
    { "days", FL_YAML_WHOLE(fl_screening_rule, days, 0, 3650), .help = "the same in days" },
    { "clearable", FL_YAML_YES_NO(fl_screening_rule, clearable), .otherwise = "no", .help = "a physician's written word lifts it" },
    { "must", FL_YAML_YES_NO(fl_screening_rule, must), .otherwise = "yes", .help = "unanswered stops the plan" },
    { "regions", FL_YAML_SET(fl_screening_rule, regions, fl_region_choices), .help = "asked only for these; absent: always" },
    { "text", FL_YAML_TEXT(fl_screening_rule, text), FL_YAML_REQUIRED, .help = "one sentence for people" },
    { "change", FL_YAML_TEXT(fl_screening_rule, change), FL_YAML_REQUIRED, .help = "what would change it" },
    { "source", FL_YAML_TEXT(fl_screening_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void screening_check(void *object, const fl_yaml_place *place)
{
    const fl_screening_rule *rule = object;
    if (rule->months > 0 && rule->days >= 0)
        fl_yaml_fault(place, "days", "keep one of the two", "'%s' has both months and days", rule->id);
    if ((rule->months > 0 || rule->days >= 0) && rule->rank != FL_RANK_DEFER)
        fl_yaml_fault(place, "class", "write class: defer, or leave the interval out",
                      "'%s' has an interval, and only defer ends by itself", rule->id);
}
static const fl_yaml_table screening_table = { "screening", sizeof(fl_screening_rule), screening_fields, .check = screening_check };

static const fl_yaml_field feature_fields[] = {
    { "id", FL_YAML_ID(fl_feature_rule, id), FL_YAML_REQUIRED, .help = "word used in a zone's features" },
    { "locks", FL_YAML_YES_NO(fl_feature_rule, locks), FL_YAML_REQUIRED, .help = "no pulse in that zone" },
    { "class", FL_YAML_CHOICE(fl_feature_rule, rank, fl_rank_choices), FL_YAML_REQUIRED, .help = "for the plan as a whole" },
    { "text", FL_YAML_TEXT(fl_feature_rule, text), FL_YAML_REQUIRED, .help = "" },
    { "change", FL_YAML_TEXT(fl_feature_rule, change), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_feature_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table feature_table = { "feature", sizeof(fl_feature_rule), feature_fields, .check = NULL };

static const fl_yaml_field prefix_fields[] = {
    { "prefix", FL_YAML_ID(fl_zone_prefix, prefix), FL_YAML_REQUIRED, .help = "beginning of a zone id; the longest counts" },
    { "region", FL_YAML_CHOICE(fl_zone_prefix, region, fl_region_choices), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table prefix_table = { "zone", sizeof(fl_zone_prefix), prefix_fields, .check = NULL };

static const fl_yaml_field region_fields[] = {
    { "region", FL_YAML_CHOICE(fl_region_rule, region, fl_region_choices), FL_YAML_REQUIRED, .help = "" },
    { "physician", FL_YAML_YES_NO(fl_region_rule, physician), FL_YAML_REQUIRED, .help = "an authorised physician signs in" },
    { "shields", FL_YAML_CHOICE(fl_region_rule, shields, fl_shields_choices), FL_YAML_REQUIRED, .help = "least that is worn" },
    { "class", FL_YAML_CHOICE(fl_region_rule, rank, fl_rank_choices), FL_YAML_REQUIRED, .help = "when it is not recorded" },
    { "code", FL_YAML_ID(fl_region_rule, code), FL_YAML_REQUIRED, .help = "" },
    { "text", FL_YAML_TEXT(fl_region_rule, text), FL_YAML_REQUIRED, .help = "" },
    { "change", FL_YAML_TEXT(fl_region_rule, change), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_region_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table region_table = { "region", sizeof(fl_region_rule), region_fields, .check = NULL };

static const fl_yaml_field wavelength_fields[] = {
    { "wavelength_nm", FL_YAML_NUMBER(fl_wavelength_rule, wavelength, 400, 1400), FL_YAML_REQUIRED, .help = "" },
    { "skin_types", FL_YAML_SET(fl_wavelength_rule, skin_types, fl_skin_type_choices), .help = "allowed for; absent or empty: none" },
    { "colours", FL_YAML_SET(fl_wavelength_rule, colours, fl_colour_choices), .help = "only when the ink shows one of these; absent: any" },
    { "untanned", FL_YAML_YES_NO(fl_wavelength_rule, untanned), .otherwise = "no", .help = "not while a tan is known or suspected" },
    { "test_only", FL_YAML_YES_NO(fl_wavelength_rule, test_only), .otherwise = "no", .help = "test spots alone until a read passed" },
    { "code", FL_YAML_ID(fl_wavelength_rule, code), .help = "of the reason when it is not allowed" },
    { "why_not", FL_YAML_TEXT(fl_wavelength_rule, why_not), .help = "" },
    { "change", FL_YAML_TEXT(fl_wavelength_rule, change), .help = "" },
    { "source", FL_YAML_TEXT(fl_wavelength_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table wavelength_table = { "wavelength", sizeof(fl_wavelength_rule), wavelength_fields, .check = NULL };

static const fl_yaml_field fluence_fields[] = {
    { "wavelength_nm", FL_YAML_NUMBER(fl_fluence_rule, wavelength, 400, 1400), FL_YAML_REQUIRED, .help = "" },
    { "skin_types", FL_YAML_SET(fl_fluence_rule, skin_types, fl_skin_type_choices), FL_YAML_REQUIRED, .help = "a type without a row is a refusal" },
    { "start_J_cm2", FL_YAML_NUMBER(fl_fluence_rule, start, 0.01, 20), FL_YAML_REQUIRED, .help = "highest start" },
    { "max_J_cm2", FL_YAML_NUMBER(fl_fluence_rule, max, 0.01, 20), FL_YAML_REQUIRED, .help = "never above, whatever device and physics allow" },
    { "source", FL_YAML_TEXT(fl_fluence_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void fluence_check(void *object, const fl_yaml_place *place)
{
    const fl_fluence_rule *rule = object;
    if (rule->start.J_m2 > rule->max.J_m2)
        fl_yaml_fault(place, "start_J_cm2", "start at or below the maximum", "the start lies above the maximum");
}
static const fl_yaml_table fluence_table = { "fluence", sizeof(fl_fluence_rule), fluence_fields, .check = fluence_check };

static const fl_yaml_field interval_fields[] = {
    { "skin_types", FL_YAML_SET(fl_interval_rule, skin_types, fl_skin_type_choices), FL_YAML_REQUIRED, .help = "" },
    { "min_days", FL_YAML_WHOLE(fl_interval_rule, min_days, 1, 400), FL_YAML_REQUIRED, .help = "" },
    { "max_days", FL_YAML_WHOLE(fl_interval_rule, max_days, 1, 400), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_interval_rule, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void interval_check(void *object, const fl_yaml_place *place)
{
    const fl_interval_rule *rule = object;
    if (rule->min_days > rule->max_days)
        fl_yaml_fault(place, "max_days", "the later day second", "min_days lies after max_days");
}
static const fl_yaml_table interval_table = { "interval", sizeof(fl_interval_rule), interval_fields, .check = interval_check };

static const fl_yaml_field need_fields[] = {
    { "when", FL_YAML_CHOICE(fl_test_need, when, fl_when_choices), FL_YAML_REQUIRED, .help = "" },
    { "text", FL_YAML_TEXT(fl_test_need, text), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_test_need, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table need_table = { "need", sizeof(fl_test_need), need_fields, .check = NULL };

static const fl_yaml_field test_fields[] = {
    { "reads", FL_YAML_MAPS(fl_test_rules, reads, interval_table), FL_YAML_REQUIRED, .help = "window of the later read" },
    { "expires_days", FL_YAML_WHOLE(fl_test_rules, expires_days, 1, 400), FL_YAML_REQUIRED, .help = "a read older than this no longer counts" },
    { "steps", FL_YAML_WHOLE(fl_test_rules, steps, 1, 5), FL_YAML_REQUIRED, .help = "fluence steps of one wavelength" },
    { "step_percent", FL_YAML_NUMBER(fl_test_rules, step_percent, 1, 30), FL_YAML_REQUIRED, .help = "from step to step" },
    { "pulses", FL_YAML_WHOLE(fl_test_rules, pulses, 1, 5), FL_YAML_REQUIRED, .help = "of one spot, side by side, never stacked" },
    { "look_minutes", FL_YAML_WHOLE(fl_test_rules, look_minutes, 1, 120), FL_YAML_REQUIRED, .help = "second look after placing" },
    { "zones_when_unknown", FL_YAML_WHOLE(fl_test_rules, zones_when_unknown, 1, 4), FL_YAML_REQUIRED, .help = "tested when nobody identified the ink" },
    { "read_first_when", FL_YAML_MAPS(fl_test_rules, needs, need_table), FL_YAML_REQUIRED, .help = "no zone before a read when one of these holds" },
    { .key = NULL },
};
static const fl_yaml_table test_table = { "test", sizeof(fl_test_rules), test_fields, .check = NULL };

static const fl_yaml_field budget_fields[] = {
    { "notice", FL_YAML_NUMBER(fl_budget_shares, notice, 0.1, 3), FL_YAML_REQUIRED, .help = "tone" },
    { "planned", FL_YAML_NUMBER(fl_budget_shares, planned, 0.1, 3), FL_YAML_REQUIRED, .help = "tone" },
    { "soft_stop", FL_YAML_NUMBER(fl_budget_shares, soft_stop, 0.1, 3), FL_YAML_REQUIRED, .help = "stop with a reason to go on" },
    { "hard_stop", FL_YAML_NUMBER(fl_budget_shares, hard_stop, 0.1, 3), FL_YAML_REQUIRED, .help = "no pulse until planned again" },
    { .key = NULL },
};
static void budget_check(void *object, const fl_yaml_place *place)
{
    const fl_budget_shares *b = object;
    if (!(b->notice < b->planned && b->planned < b->soft_stop && b->soft_stop < b->hard_stop))
        fl_yaml_fault(place, NULL, "notice < planned < soft_stop < hard_stop", "the shares do not rise");
}
static const fl_yaml_table budget_table = { "budget", sizeof(fl_budget_shares), budget_fields, .check = budget_check };

static const fl_yaml_field series_fields[] = {
    { "procedures", FL_YAML_TEXTS(fl_series, procedures), FL_YAML_REQUIRED, .help = "ids" },
    { "low", FL_YAML_WHOLE(fl_series, low, 1, 30), FL_YAML_REQUIRED, .help = "sessions" },
    { "likely", FL_YAML_WHOLE(fl_series, likely, 1, 30), FL_YAML_REQUIRED, .help = "" },
    { "high", FL_YAML_WHOLE(fl_series, high, 1, 30), FL_YAML_REQUIRED, .help = "" },
    { "published", FL_YAML_YES_NO(fl_series, published), FL_YAML_REQUIRED, .help = "no: from memory or clinic pages" },
    { "text", FL_YAML_TEXT(fl_series, text), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_series, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void series_check(void *object, const fl_yaml_place *place)
{
    const fl_series *s = object;
    if (s->low > s->likely || s->likely > s->high || s->low == s->high)
        fl_yaml_fault(place, "high", "low <= likely <= high, and never one number", "the range does not rise");
}
static const fl_yaml_table series_table = { "series", sizeof(fl_series), series_fields, .check = series_check };

static const fl_yaml_field seen_fields[] = {
    { "procedures", FL_YAML_TEXTS(fl_seen, procedures), FL_YAML_REQUIRED, .help = "ids" },
    { "wavelength_nm", FL_YAML_NUMBER(fl_seen, wavelength, 400, 1200), FL_YAML_REQUIRED, .help = "" },
    { "low_J_cm2", FL_YAML_NUMBER(fl_seen, low, 0.01, 20), FL_YAML_REQUIRED, .help = "" },
    { "high_J_cm2", FL_YAML_NUMBER(fl_seen, high, 0.01, 20), FL_YAML_REQUIRED, .help = "" },
    { "text", FL_YAML_TEXT(fl_seen, text), FL_YAML_REQUIRED, .help = "who, on what, with which spot" },
    { "source", FL_YAML_TEXT(fl_seen, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void seen_check(void *object, const fl_yaml_place *place)
{
    const fl_seen *seen = object;
    if (seen->high.J_m2 < seen->low.J_m2)
        fl_yaml_fault(place, "high_J_cm2", "low stands first", "high lies below low");
}
static const fl_yaml_table seen_table = { "setting seen", sizeof(fl_seen), seen_fields, .check = seen_check };

static const fl_yaml_field change_fields[] = {
    { "when", FL_YAML_CHOICE(fl_series_change, when, fl_when_choices), FL_YAML_REQUIRED, .help = "" },
    { "likely_add", FL_YAML_WHOLE(fl_series_change, likely_add, 0, 10), .otherwise = "0", .help = "" },
    { "high_add", FL_YAML_WHOLE(fl_series_change, high_add, 0, 10), .otherwise = "0", .help = "" },
    { "high_at_least", FL_YAML_CHOICE(fl_series_change, high_at_least, fl_reach_choices), .otherwise = "none", .help = "a Kirby-Desai number" },
    { "text", FL_YAML_TEXT(fl_series_change, text), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_series_change, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table change_table = { "change", sizeof(fl_series_change), change_fields, .check = NULL };

/* With defaults: files signed before the model read on. */
static const fl_yaml_field fade_fields[] = {
    { "read_low_percent", FL_YAML_NUMBER(fl_fade_rules, read_low_percent, 0, 50), .otherwise = "10", .help = "a read at or below it asks for causes, not for fluence" },
    { "read_noise_percent", FL_YAML_NUMBER(fl_fade_rules, read_noise_percent, 3, 50), .otherwise = "10", .help = "standard deviation of a zone's read, in points" },
    { "test_noise_percent", FL_YAML_NUMBER(fl_fade_rules, test_noise_percent, 3, 50), .otherwise = "15", .help = "the same of a test spot, which speaks for one place" },
    { "variation_percent", FL_YAML_NUMBER(fl_fade_rules, variation_percent, 10, 50), .otherwise = "35", .help = "of one session about the client's own" },
    { "slow_percent", FL_YAML_NUMBER(fl_fade_rules, slow_percent, 0, 4), .otherwise = "2", .help = "of clients: the ink hardly answers" },
    { "goal_percent", FL_YAML_NUMBER(fl_fade_rules, goal_percent, 5, 99), .otherwise = "90", .help = "what counts as cleared when a case does not say" },
    { .key = NULL },
};
static const fl_yaml_table fade_table = { "fade", sizeof(fl_fade_rules), fade_fields, .check = NULL };

static const fl_yaml_field risk_fields[] = {
    { "injury_accepted", FL_YAML_NUMBER(fl_risk_rules, injury_accepted, 0.0001, 0.2), FL_YAML_REQUIRED, .help = "chance of epidermal injury at the start fluence" },
    { "test_injury_accepted", FL_YAML_NUMBER(fl_risk_rules, test_injury_accepted, 0.0001, 0.3), FL_YAML_REQUIRED, .help = "the same of a test spot of a few pulses" },
    { "effect_least", FL_YAML_NUMBER(fl_risk_rules, effect_least, 0.05, 0.95), FL_YAML_REQUIRED, .help = "chance of an effect that makes a pass worth it" },
    { "test_effect_least", FL_YAML_NUMBER(fl_risk_rules, test_effect_least, 0.01, 0.95), FL_YAML_REQUIRED, .help = "the same of a test spot" },
    { "warming_max_K", FL_YAML_NUMBER(fl_risk_rules, warming_max, 1, 20), FL_YAML_REQUIRED, .help = "of the epidermis before the next pulse" },
    { "cooling_film", FL_YAML_NUMBER(fl_risk_rules, cooling_film, 0, 10000), .otherwise = "0", .help = "W/m2/K by air or gel, when it is always on; 0: none is counted on" },
    { "passes_max", FL_YAML_WHOLE(fl_risk_rules, passes_max, 1, 4), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void risk_check(void *object, const fl_yaml_place *place)
{
    const fl_risk_rules *r = object;
    if (r->test_injury_accepted < r->injury_accepted)
        fl_yaml_fault(place, "test_injury_accepted", "a few pulses in a hidden place may risk more, not less",
                      "a test spot may risk less than a zone");
    if (r->test_effect_least > r->effect_least)
        fl_yaml_fault(place, "test_effect_least", "a test may ask for less than a zone, not for more",
                      "a test spot asks for more effect than a zone");
}
static const fl_yaml_table risk_table = { "risk", sizeof(fl_risk_rules), risk_fields, .check = risk_check };

static const fl_yaml_field sampling_fields[] = {
    { "draws", FL_YAML_WHOLE(fl_sampling_rules, draws, 1, 64), FL_YAML_REQUIRED, .help = "scatterings of the skin, each a photon walk" },
    { "variants", FL_YAML_WHOLE(fl_sampling_rules, variants, 2, FL_PLANNER_VARIANTS), FL_YAML_REQUIRED, .help = "absorptions of each walk" },
    { "photons", FL_YAML_WHOLE(fl_sampling_rules, photons, 100, 1000000), FL_YAML_REQUIRED, .help = "of each walk" },
    { .key = NULL },
};
static const fl_yaml_table sampling_table = { "sampling", sizeof(fl_sampling_rules), sampling_fields, .check = NULL };

static const fl_yaml_field rules_fields[] = {
    { "version", FL_YAML_ID(fl_rules, version), FL_YAML_REQUIRED, .help = "changes with every signature" },
    { "title", FL_YAML_TEXT(fl_rules, title), FL_YAML_REQUIRED, .help = "" },
    { "signed_by", FL_YAML_TEXT(fl_rules, signed_by), FL_YAML_REQUIRED, .help = "medical director" },
    { "signed_on", FL_YAML_DATE(fl_rules, signed_on), FL_YAML_REQUIRED, .help = "" },
    { "review_by", FL_YAML_DATE(fl_rules, review_by), FL_YAML_REQUIRED, .help = "past this day the file is not used" },
    { "source", FL_YAML_TEXT(fl_rules, source), FL_YAML_REQUIRED, .help = "what the marks mean" },
    { "skin", FL_YAML_MAP(fl_rules, skin, skin_table), FL_YAML_REQUIRED, .help = "typing form, colour classes, tan" },
    { "age_least_years", FL_YAML_WHOLE(fl_rules, age_least_years, 0, 100), FL_YAML_REQUIRED, .help = "younger is refused" },
    { "screening", FL_YAML_MAPS(fl_rules, screening, screening_table), FL_YAML_REQUIRED, .help = "questions and what a yes means" },
    { "zones", FL_YAML_MAPS(fl_rules, zones, prefix_table), FL_YAML_REQUIRED, .help = "where a zone lies, by its id" },
    { "features", FL_YAML_MAPS(fl_rules, features, feature_table), FL_YAML_REQUIRED, .help = "what is seen on a zone" },
    { "regions", FL_YAML_MAPS(fl_rules, regions, region_table), FL_YAML_REQUIRED, .help = "who and what must be there" },
    { "wavelengths", FL_YAML_MAPS(fl_rules, wavelengths, wavelength_table), FL_YAML_REQUIRED, .help = "by skin type, whatever the procedure" },
    { "fluences", FL_YAML_MAPS(fl_rules, fluences, fluence_table), FL_YAML_REQUIRED, .help = "where a procedure has none of its own" },
    { "test", FL_YAML_MAP(fl_rules, test, test_table), FL_YAML_REQUIRED, .help = "test spots" },
    { "earlier_session_days", FL_YAML_WHOLE(fl_rules, earlier_session_days, 1, 400), FL_YAML_REQUIRED, .help = "before a zone treated by anybody is treated again" },
    { "budget", FL_YAML_MAP(fl_rules, budget, budget_table), FL_YAML_REQUIRED, .help = "shares of a zone's planned pulses" },
    { "series", FL_YAML_MAPS(fl_rules, series, series_table), FL_YAML_REQUIRED, .help = "sessions seen in practice" },
    { "settings_seen", FL_YAML_MAPS(fl_rules, settings_seen, seen_table), .help = "published settings, to compare with: never a limit" },
    { "series_changes", FL_YAML_MAPS(fl_rules, series_changes, change_table), FL_YAML_REQUIRED, .help = "what widens the range" },
    { "fade_per_session", FL_YAML_NUMBER(fl_rules, fade_per_session, 0.01, 0.9), FL_YAML_REQUIRED, .help = "share of the ink that is left each time" },
    { "fade", FL_YAML_MAP(fl_rules, fade, fade_table), .help = "how reads change the range of sessions" },
    { "risk", FL_YAML_MAP(fl_rules, risk, risk_table), FL_YAML_REQUIRED, .help = "" },
    { "sampling", FL_YAML_MAP(fl_rules, sampling, sampling_table), FL_YAML_REQUIRED, .help = "speed against error of the physics" },
    { "ink_known_from", FL_YAML_NUMBER(fl_rules, ink_known_from, 0.5, 1), .otherwise = "0.8",
      .help = "chance from which a brand family names the ink [our rule]; colour alone never does" },
    { .key = NULL },
};
static void rules_check(void *object, const fl_yaml_place *place)
{
    const fl_rules *rules = object;
    for (int total = 0; total <= 40; total++) {
        bool held = false;
        for (size_t i = 0; i < rules->skin.bands_count; i++)
            held |= total >= rules->skin.bands[i].from && total <= rules->skin.bands[i].to;
        if (!held) fl_yaml_fault(place, "skin", "the bands must cover 0 to 40", "no band holds a total of %d", total);
    }
    if (fl_date_compare(rules->review_by, rules->signed_on) < 0)
        fl_yaml_fault(place, "review_by", "the later day", "review_by lies before signed_on");
}
static const fl_yaml_table rules_table = { "rules", sizeof(fl_rules), rules_fields, .check = rules_check };
const fl_yaml_schema fl_rules_schema = { "rules/1", "A clinic's rules", &rules_table };

static const fl_yaml_field note_fields[] = {
    { "code", FL_YAML_ID(fl_procedure_note, code), FL_YAML_REQUIRED, .help = "" },
    { "class", FL_YAML_CHOICE(fl_procedure_note, rank, fl_rank_choices), FL_YAML_REQUIRED, .help = "" },
    { "skin_types", FL_YAML_SET(fl_procedure_note, skin_types, fl_skin_type_choices), .help = "said only for these; absent: all" },
    { "text", FL_YAML_TEXT(fl_procedure_note, text), FL_YAML_REQUIRED, .help = "" },
    { "change", FL_YAML_TEXT(fl_procedure_note, change), .help = "" },
    { .key = NULL },
};
static const fl_yaml_table note_table = { "note", sizeof(fl_procedure_note), note_fields, .check = NULL };

static const fl_yaml_field grid_fields[] = {
    { "wavelength_nm", FL_YAML_NUMBER(fl_procedure_grid, wavelength, 400, 1400), FL_YAML_REQUIRED, .help = "" },
    { "steps", FL_YAML_WHOLE(fl_procedure_grid, steps, 1, 5), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table grid_table = { "grid", sizeof(fl_procedure_grid), grid_fields, .check = NULL };

static const fl_yaml_field procedure_fields[] = {
    { "id", FL_YAML_ID(fl_procedure, id), FL_YAML_REQUIRED, .help = "" },
    { "title", FL_YAML_TEXT(fl_procedure, title), FL_YAML_REQUIRED, .help = "" },
    { "area", FL_YAML_TEXT(fl_procedure, area), FL_YAML_REQUIRED, .help = "for people" },
    { "regions", FL_YAML_SET(fl_procedure, regions, fl_region_choices), FL_YAML_REQUIRED, .help = "zones of other regions are refused" },
    { "usual_ink", FL_YAML_TEXT(fl_procedure, usual_ink), FL_YAML_REQUIRED, .help = "" },
    { "in_scar", FL_YAML_YES_NO(fl_procedure, in_scar), .otherwise = "no", .help = "the ink lies in a scar: known less well, and it bears less" },
    { "geometry", FL_YAML_ID(fl_procedure, geometry), FL_YAML_REQUIRED, .help = "how ink lies: smp, pmu, tattoo" },
    { "location", FL_YAML_ID(fl_procedure, location), FL_YAML_REQUIRED, .help = "of the Kirby-Desai score" },
    { "eye_protection", FL_YAML_TEXT(fl_procedure, eye_protection), FL_YAML_REQUIRED, .help = "" },
    { "hair_risk", FL_YAML_CHOICE(fl_procedure, hair_risk, fl_level_choices), FL_YAML_REQUIRED, .help = "" },
    { "darkening", FL_YAML_CHOICE(fl_procedure, darkening, fl_level_choices), FL_YAML_REQUIRED, .help = "" },
    { "read_first", FL_YAML_YES_NO(fl_procedure, read_first), FL_YAML_REQUIRED, .help = "no zone before a test spot was read" },
    { "deadlines", FL_YAML_YES_NO(fl_procedure, deadlines), .otherwise = "yes", .help = "no: none is accepted" },
    { "wavelengths", FL_YAML_MAPS(fl_procedure, wavelengths, wavelength_table), FL_YAML_REQUIRED, .help = "in the order of choice; one that is not here is not used" },
    { "spots_mm", FL_YAML_NUMBERS(fl_procedure, spots, 0.5, 20), FL_YAML_REQUIRED, .help = "" },
    { "spot_mm", FL_YAML_NUMBER(fl_procedure, spot, 0.5, 20), FL_YAML_REQUIRED, .help = "first choice" },
    { "overlap", FL_YAML_NUMBER(fl_procedure, overlap, 0, 0.5), FL_YAML_REQUIRED, .help = "fraction" },
    { "overlap_most", FL_YAML_NUMBER(fl_procedure, overlap_most, 0, 0.5), FL_YAML_REQUIRED, .help = "" },
    { "intervals", FL_YAML_MAPS(fl_procedure, intervals, interval_table), FL_YAML_REQUIRED, .help = "between sessions" },
    { "fluences", FL_YAML_MAPS(fl_procedure, fluences, fluence_table), .help = "tighter than the clinic's" },
    { "grid", FL_YAML_MAPS(fl_procedure, grid, grid_table), .help = "of test spots; absent: steps at the first wavelength" },
    { "notes", FL_YAML_MAPS(fl_procedure, notes, note_table), .help = "said in every plan" },
    { "differs", FL_YAML_TEXT(fl_procedure, differs), FL_YAML_REQUIRED, .help = "" },
    { "source", FL_YAML_TEXT(fl_procedure, source), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static void procedure_check(void *object, const fl_yaml_place *place)
{
    const fl_procedure *p = object;
    bool first_listed = false;
    for (size_t i = 0; i < p->spots_count; i++) first_listed |= fl_whole_um(p->spots[i]) == fl_whole_um(p->spot);
    if (!first_listed) fl_yaml_fault(place, "spot_mm", "name one of spots_mm", "the first choice is not among the spots");
    if (p->overlap > p->overlap_most) fl_yaml_fault(place, "overlap", NULL, "overlap lies above overlap_most");
}
static const fl_yaml_table procedure_table = { "procedure", sizeof(fl_procedure), procedure_fields, .check = procedure_check };

static const fl_yaml_field procedures_fields[] = {
    { "version", FL_YAML_ID(fl_procedures, version), FL_YAML_REQUIRED, .help = "" },
    { "title", FL_YAML_TEXT(fl_procedures, title), FL_YAML_REQUIRED, .help = "" },
    { "signed_by", FL_YAML_TEXT(fl_procedures, signed_by), FL_YAML_REQUIRED, .help = "" },
    { "signed_on", FL_YAML_DATE(fl_procedures, signed_on), FL_YAML_REQUIRED, .help = "" },
    { "review_by", FL_YAML_DATE(fl_procedures, review_by), FL_YAML_REQUIRED, .help = "past this day the file is not used" },
    { "source", FL_YAML_TEXT(fl_procedures, source), FL_YAML_REQUIRED, .help = "" },
    { "procedures", FL_YAML_MAPS(fl_procedures, list, procedure_table), FL_YAML_REQUIRED, .help = "" },
    { .key = NULL },
};
static const fl_yaml_table procedures_table = { "procedures", sizeof(fl_procedures), procedures_fields, .check = NULL };
const fl_yaml_schema fl_procedures_schema = { "procedures/1", "Kinds of work", &procedures_table };
// clang-format on
