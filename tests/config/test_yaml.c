/* labels: unit fault */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/config/yaml.h"

/* A schema with one row of every kind, as another module would write it. */
typedef enum mood { MOOD_CALM = 3, MOOD_CROSS = 7 } mood;
typedef struct bin {
    const char *id;
    fl_area area;
    int pulses;
} bin;
typedef struct lamp {
    fl_length reach;
    double tilt_deg;
    fl_answer lit;
} lamp;
typedef struct shed {
    const char *name, *note;
    fl_energy energy;
    double share_percent;
    int doors, windows;
    fl_answer dry, wet;
    fl_date built;
    mood mood;
    unsigned types;
    lamp lamp, spare;
    const char **words;
    size_t words_count;
    fl_fluence *fluences;
    size_t fluences_count;
    mood *moods;
    size_t moods_count;
    bin *bins;
    size_t bins_count;
    char *made; /* by the check */
} shed;

static const fl_yaml_choice moods[] = {
    {"calm", MOOD_CALM, NULL}, {"cross", MOOD_CROSS, NULL}, {NULL, 0, NULL}};
static const fl_yaml_choice types[] = {{"I", 1, NULL}, {"II", 2, NULL}, {"VI", 6, NULL}, {NULL, 0, NULL}};

static void bin_check(void *object, const fl_yaml_place *place)
{
    const bin *it = object;
    if (it->pulses > 900) fl_yaml_fault(place, "pulses", "fewer", "bin '%s' is full", it->id);
}

static void shed_check(void *object, const fl_yaml_place *place)
{
    shed *it = object;
    it->made = fl_yaml_room(place, 3);
    memcpy(it->made, "ok", 3);
    if (it->doors == 9) fl_yaml_fault(place, "bins[1].area_cm2", NULL, "nine doors and a second bin");
    if (it->windows == 0 && fl_yaml_given(place, "windows")) fl_yaml_fault(place, NULL, NULL, "no window");
    if (it->windows == 8) fl_yaml_fault(place, "lamp.nothing", NULL, "eight windows");
}

/* clang-format off */
static const fl_yaml_field bin_fields[] = {
    { "id",       FL_YAML_ID(bin, id),                FL_YAML_REQUIRED, .help = "short" },
    { "area_cm2", FL_YAML_NUMBER(bin, area, 0.5, 70), FL_YAML_REQUIRED, .help = "ground" },
    { "pulses",   FL_YAML_WHOLE(bin, pulses, 0, 999), .otherwise = "13", .help = "inside" },
    { .key = NULL },
};
static const fl_yaml_table bin_table = { "bin", sizeof(bin), bin_fields, bin_check, "A bin." };
static const fl_yaml_field lamp_fields[] = {
    { "reach_mm", FL_YAML_NUMBER(lamp, reach, 1, 90), FL_YAML_REQUIRED, .help = "how far" },
    { "tilt_deg", FL_YAML_NUMBER(lamp, tilt_deg, -80, 80), .otherwise = "-3.5", .help = "kept in degrees" },
    { "lit",      FL_YAML_YES_NO(lamp, lit), .help = "now" },
    { .key = NULL },
};
static const fl_yaml_table lamp_table = { "lamp", sizeof(lamp), lamp_fields, NULL, NULL };
static const fl_yaml_field shed_fields[] = {
    { "name",           FL_YAML_TEXT(shed, name), FL_YAML_REQUIRED, .help = "what people call it" },
    { "note",           FL_YAML_TEXT(shed, note), .help = "anything" },
    { "energy_mJ",      FL_YAML_NUMBER(shed, energy, 0.1, 5000), .may_be_unknown = true, .help = "in it" },
    { "share_percent",  FL_YAML_NUMBER(shed, share_percent, 0, 100), .help = "kept in percent" },
    { "doors",          FL_YAML_WHOLE(shed, doors, 0, 9), .help = "to go in" },
    { "windows",        FL_YAML_WHOLE(shed, windows, 0, 9), .otherwise = "4", .help = "to look out" },
    { "dry",            FL_YAML_YES_NO(shed, dry), .help = "inside" },
    { "wet",            FL_YAML_YES_NO(shed, wet), .otherwise = "no", .help = "outside" },
    { "built",          FL_YAML_DATE(shed, built), .help = "the day" },
    { "mood",           FL_YAML_CHOICE(shed, mood, moods), .help = "of the keeper" },
    { "types",          FL_YAML_SET(shed, types, types), .help = "let in" },
    { "lamp",           FL_YAML_MAP(shed, lamp, lamp_table), .help = "the lamp" },
    { "spare",          FL_YAML_MAP(shed, spare, lamp_table), .help = "another" },
    { "words",          FL_YAML_TEXTS(shed, words), .items_max = 3, .help = "on the door" },
    { "fluences_J_cm2", FL_YAML_NUMBERS(shed, fluences, 0.1, 90), .help = "seen" },
    { "moods",          FL_YAML_CHOICES(shed, moods, moods), .help = "of visitors" },
    { "bins",           FL_YAML_MAPS(shed, bins, bin_table), .help = "in the corner" },
    { .key = NULL },
};
/* clang-format on */
static const fl_yaml_table shed_table = {"shed", sizeof(shed), shed_fields, shed_check, NULL};
static const fl_yaml_schema shed_schema = {"shed/1", "a shed for tests", &shed_table};
static const fl_yaml_schema *const only_shed = &shed_schema;

static fl_status read(const char *text, fl_faults *faults, fl_yaml **file)
{
    faults->count = faults->more = 0;
    *file = NULL;
    return fl_yaml_read("shed.yaml", text, strlen(text), &only_shed, 1, faults, file);
}

/* Each kind of value, converted by the unit at the end of its key. */
/* hazards: H39 */
static void every_kind_arrives_in_si(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    const fl_status status =
        read("schema: shed/1\n"
             "name: Caf\xc3\xa9 d'\xc3\xa9t\xc3\xa9\n"
             "energy_mJ: 251.3\nshare_percent: 12.5\ndoors: 2\ndry: yes\n"
             "built: 2024-02-29\nmood: cross\ntypes: [VI, I]\n"
             "lamp: { reach_mm: 37, lit: no }\n"
             "words: [one, \"two, three\"]\nfluences_J_cm2: [1.59, 2]\nmoods: [cross, calm, calm]\n"
             "bins:\n  - { id: F-L, area_cm2: 41.5 }\n  - id: 'OCC'\n    area_cm2: 0.5\n    pulses: 0\n",
             faults, &file);
    CHECK(status == FL_OK, "refused: %s", faults->list[0].what);
    if (status != FL_OK) return fl_faults_free(faults);
    const shed *it = fl_yaml_root(file);
    CHECK_TEXT(it->name, "Caf\xc3\xa9 d'\xc3\xa9t\xc3\xa9", "name");
    CHECK_NEAR(it->energy.J, fl_mJ(251.3).J, 0, "energy, to the bit");
    CHECK_NEAR(it->share_percent, 12.5, 0, "plain numbers stay in the unit of the key");
    CHECK(it->doors == 2 && it->windows == 4 && it->dry == FL_YES && it->wet == FL_NO, "wholes and answers");
    CHECK(fl_date_days(it->built) == 19782 && it->mood == MOOD_CROSS, "date and choice");
    CHECK(it->types == ((1u << 6) | (1u << 1)), "set %x", it->types);
    CHECK_NEAR(it->lamp.reach.m, fl_mm(37).m, 0, "inner map");
    CHECK(it->lamp.lit == FL_NO, "inner answer");
    CHECK_NEAR(it->lamp.tilt_deg, -3.5, 0, "inner default");
    CHECK(it->words_count == 2 && strcmp(it->words[1], "two, three") == 0, "texts");
    CHECK(it->fluences_count == 2, "numbers");
    CHECK_NEAR(it->fluences[0].J_m2, fl_J_cm2(1.59).J_m2, 0, "list of quantities");
    CHECK(it->moods_count == 3 && it->moods[0] == MOOD_CROSS && it->moods[2] == MOOD_CALM, "choices");
    CHECK(it->bins_count == 2 && it->bins[0].pulses == 13 && it->bins[1].pulses == 0, "maps");
    CHECK_TEXT(it->made, "ok", "made by the check");
    CHECK_TEXT(fl_yaml_schema_of(file)->name, "shed/1", "schema");
    fl_yaml_free(file);
    fl_faults_free(faults);
}

static void absent_reads_as_bad(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    CHECK(read("schema: shed/1\nname: bare\nenergy_mJ: unknown\n", faults, &file) == FL_OK, "refused");
    if (!file) return fl_faults_free(faults);
    const shed *it = fl_yaml_root(file);
    CHECK(isnan(it->energy.J) && isnan(it->share_percent), "numbers");
    CHECK(it->doors == -1 && it->dry == FL_NOT_STATED && !fl_date_is_set(it->built), "whole, answer, date");
    CHECK(!it->note && it->mood == 0 && !it->types && !it->bins_count && !it->words_count,
          "text, choice, set, lists");
    CHECK(isnan(it->lamp.reach.m) && it->lamp.lit == FL_NOT_STATED, "an absent map is absent all through");
    CHECK_NEAR(it->lamp.tilt_deg, -3.5, 0, "but its defaults stand");
    fl_yaml_free(file);
    fl_faults_free(faults);
}

/* One change to a good file, one complaint: where, what. */
/* hazards: H39 H42 */
static void each_rule_has_its_place(void)
{
    /* clang-format off */
    static const struct { const char *rows, *what; unsigned line, column; } wrong[] = {
        { "energy_mJ: 5000.0001",              "5000.0001 is out of range for 'energy_mJ'", 3, 12 },
        { "share_percent: -0.0001",            "-0.0001 is out of range for 'share_percent'", 3, 16 },
        { "share_percent: unknown",            "'unknown' is not a number for 'share_percent'", 3, 16 },
        { "doors: 10",                         "10 is out of range for 'doors'", 3, 8 },
        { "doors: 1.0",                        "'1.0' is not a whole number for 'doors'", 3, 8 },
        { "built: 2023-02-29",                 "'2023-02-29' is not a date for 'built'", 3, 8 },
        { "built: 04.05.2026",                 "'04.05.2026' is not a date for 'built'", 3, 8 },
        { "dry: Yes",                          "'Yes' is neither yes nor no for 'dry'", 3, 6 },
        { "types: [I, I]",                     "'I' stands twice in 'types'", 3, 12 },
        { "types: I",                          "'types' is one value, not a list", 3, 8 },
        { "words: [a, b, c, d]",               "too many items in 'words'", 3, 8 },
        { "words: [a, '']",                    "'words' has no value", 3, 12 },
        { "lamp: { lit: yes }",                "this lamp has no 'reach_mm'", 3, 9 },
        { "lamp: { reach_mm: 3, reach_cm: 1 }", "a lamp has no key 'reach_cm'", 3, 22 },
        { "bins: [3]",                         "item 1 of 'bins' is one value, not a map of keys", 3, 8 },
        { "bins:\n  - { id: a b, area_cm2: 2 }", "'a b' is no short name for 'id'", 4, 11 },
        { "bins:\n  - { id: a, area_cm2: 2, pulses: 950 }", "bin 'a' is full", 4, 35 },
        { "doors: 9\nbins: [{ id: a, area_cm2: 2 }, { id: b, area_cm2: 7 }]", "nine doors and a second bin", 4, 51 },
        { "doors: 9",                          "nine doors and a second bin", 1, 1 },
        { "windows: 0",                        "no window", 1, 1 },
        { "windows: 8\nlamp: { reach_mm: 3 }",   "eight windows", 4, 7 },
        { "note: \"a\\tb\"",                   "'a?b' is no text for 'note'", 3, 7 },
        { "mood: [calm]",                      "'mood' is a list, not one value", 3, 7 },
        { "schema: shed/1",                    "the key 'schema' stands twice", 3, 1 },
    };
    /* clang-format on */
    fl_faults *faults = fl_faults_new();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[400];
        fl_yaml *file;
        snprintf(text, sizeof text, "schema: shed/1\nname: x\n%s\n", wrong[i].rows);
        CHECK(read(text, faults, &file) == FL_E_FILE, "accepted: %s", wrong[i].rows);
        CHECK(faults->count == 1, "%s: %zu faults, second: %s", wrong[i].rows, faults->count,
              faults->list[1].what);
        CHECK_TEXT(faults->list[0].what, wrong[i].what, wrong[i].rows);
        CHECK(faults->list[0].at.line == wrong[i].line && faults->list[0].at.column == wrong[i].column,
              "%s: at %u:%u", wrong[i].rows, faults->list[0].at.line, faults->list[0].at.column);
    }
    fl_faults_free(faults);
}

static void columns_count_characters(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    CHECK(read("schema: shed/1\nname: x\nlamp: { reach_mm: 3, \xc3\xa9t\xc3\xa9: 1 }\n", faults, &file) ==
              FL_E_FILE,
          "accepted");
    CHECK(faults->list[0].at.column == 22, "column %u", faults->list[0].at.column);
    CHECK(read("schema: shed/1\nname: [\xc3\xa9\xc3\xa9\xc3\xa9, \t3]\n", faults, &file) == FL_E_FILE,
          "accepted");
    CHECK(faults->count == 2 && faults->list[1].at.column == 13, "%zu, column %u", faults->count,
          faults->list[1].at.column);
    fl_faults_free(faults);
}

static void sizes_have_ends(void)
{
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    char *big = malloc(FL_YAML_SIZE_MAX + 2);
    if (!big) return;
    const char start[] = "schema: shed/1\nname: x\n#";
    memset(big, 'x', FL_YAML_SIZE_MAX + 1);
    memcpy(big, start, sizeof start - 1);
    big[FL_YAML_SIZE_MAX] = 0;
    CHECK(read(big, faults, &file) == FL_OK, "1 MiB to the byte");
    fl_yaml_free(file);
    big[FL_YAML_SIZE_MAX] = 'x';
    big[FL_YAML_SIZE_MAX + 1] = 0;
    CHECK(read(big, faults, &file) == FL_E_FILE && faults->count == 1, "one byte more");

    /* Brackets without end, and a list without end: refused after a bounded number of steps. */
    memset(big, '[', FL_YAML_SIZE_MAX);
    big[FL_YAML_SIZE_MAX] = 0;
    CHECK(read(big, faults, &file) == FL_E_FILE && faults->count == 1, "a megabyte of brackets");
    fl_text text = fl_text_in(big, FL_YAML_SIZE_MAX);
    fl_text_add(&text, "schema: shed/1\nname: x\nwords: [");
    while (text.length < 900000) fl_text_add(&text, "a,");
    fl_text_add(&text, "a]\n");
    CHECK(read(big, faults, &file) == FL_E_FILE && faults->count == 1, "450 000 words");

    text = fl_text_in(big, FL_YAML_SIZE_MAX);
    fl_text_add(&text, "schema: shed/1\nname: x\nbins:\n");
    for (int i = 0; i < 64; i++) fl_text_add(&text, "  - { id: a b, area_cm2: 0, pulses: x, extra: 1 }\n");
    CHECK(read(big, faults, &file) == FL_E_FILE, "256 faults");
    CHECK(faults->count == FL_FAULTS_MAX && faults->more == 56, "%zu and %zu more", faults->count,
          faults->more);
    for (size_t i = 1; i < faults->count; i++)
        CHECK(faults->list[i - 1].at.line <= faults->list[i].at.line, "out of order at %zu", i);
    fl_error error = {0};
    CHECK(fl_faults_error(faults, &error) == FL_E_FILE && strstr(error.hint, "and 255 more"), "%s",
          error.hint);
    CHECK(error.line == 4 && strcmp(error.file, "shed.yaml") == 0, "place of the first");
    free(big);
    fl_faults_free(faults);
}

/* Complaints of several files stay together, each file's in the order of its lines. */
static void faults_stand_in_order(void)
{
    fl_faults *faults = fl_faults_new();
    static const struct {
        const char *file;
        unsigned line, column;
    } come[] = {
        {"b", 7, 2}, {"b", 3, 9}, {"b", 3, 1}, {"a", 5, 5}, {"a", 1, 1}, {"b", 1, 1},
    };
    static const char wanted[] = "b:3:1 b:3:9 b:7:2 a:1:1 a:5:5 b:1:1 ";
    for (size_t i = 0; i < sizeof come / sizeof *come; i++)
        fl_faults_add(faults, come[i].file, (fl_mark){come[i].line, come[i].column}, NULL, "x");
    char room[200];
    fl_text text = fl_text_in(room, sizeof room);
    for (size_t i = 0; i < faults->count; i++)
        fl_text_add(&text, "%s:%u:%u ", faults->list[i].file, faults->list[i].at.line,
                    faults->list[i].at.column);
    CHECK_TEXT(room, wanted, "order");
    fl_faults_free(faults);
}

static void the_table_prints_its_own_reference(void)
{
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);
    fl_yaml_reference(out, &shed_schema);
    fclose(out);
    for (const fl_yaml_field *field = shed_fields; field->key; field++)
        CHECK(strstr(page, field->key) && strstr(page, field->help), "the page says nothing of '%s'",
              field->key);
    static const char *const says[] = {"number, 0.1 to 5000 mJ, or the word unknown",
                                       "whole number, 0 to 9; when absent: 4",
                                       "list of: I, II, VI",
                                       "one of: calm, cross",
                                       "list of maps: see 'bin' below",
                                       "area_cm2  (needed)",
                                       "list of numbers, 0.1 to 90 J/cm2",
                                       "A bin."};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        CHECK(strstr(page, says[i]), "the page lacks '%s'", says[i]);
    free(page);
}

FL_TESTS("config/yaml", TEST(every_kind_arrives_in_si), TEST(absent_reads_as_bad),
         TEST(each_rule_has_its_place), TEST(columns_count_characters), TEST(sizes_have_ends),
         TEST(faults_stand_in_order), TEST(the_table_prints_its_own_reference))
