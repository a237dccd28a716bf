#include "helper_table.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

static const fl_yaml_choice families[] = {
    {"ENUM", FAMILY_ENUM, "every state and every input, enumerated"},
    {"SIM", FAMILY_SIM, "simulation with faults put in"},
    {"HIL", FAMILY_HIL, "on a real laser, with measuring instruments"},
    {"FUZZ", FAMILY_FUZZ, "random and hostile input"},
    {"CRASH", FAMILY_CRASH, "power cuts and kills at every point"},
    {"PROP", FAMILY_PROP, "properties that must hold for all inputs"},
    {"UX", FAMILY_UX, "trials with the people who will use it"},
    {"REV", FAMILY_REV, "review by a second person"},
    {NULL, 0, ""},
};

static const fl_yaml_field control_fields[] = {
    {"what", FL_YAML_TEXT(control, what), FL_YAML_REQUIRED, .help = "what the program does about it"},
    {"where", FL_YAML_TEXTS(control, where), FL_YAML_REQUIRED, .help = "source files that do it"},
    {.key = NULL},
};
static const fl_yaml_table control_table = {"control", sizeof(control), control_fields, .check = NULL};

static const fl_yaml_field absence_fields[] = {
    {"what", FL_YAML_TEXT(absence, what), FL_YAML_REQUIRED, .help = "what the reference asks for"},
    {"why", FL_YAML_TEXT(absence, why), FL_YAML_REQUIRED, .help = "why it is not here, who must do it"},
    {.key = NULL},
};
static const fl_yaml_table absence_table = {"not_here", sizeof(absence), absence_fields, .check = NULL};

static void check_hazard(void *object, const fl_yaml_place *place)
{
    const hazard *h = object;
    if (!h->controls_count && !h->not_here_count)
        fl_yaml_fault(place, NULL, "say what is missing under not_here", "%s has no control", h->id);
}

static const fl_yaml_field hazard_fields[] = {
    {"id", FL_YAML_ID(hazard, id), FL_YAML_REQUIRED, .help = "H01 to H58"},
    {"hazard", FL_YAML_TEXT(hazard, hazard), FL_YAML_REQUIRED, .help = "what goes wrong"},
    {"harm", FL_YAML_TEXT(hazard, harm), FL_YAML_REQUIRED, .help = "whom or what it hurts"},
    {"severity", FL_YAML_WHOLE(hazard, severity, 1, 5), FL_YAML_REQUIRED, .help = "5 is death or blindness"},
    {"cause", FL_YAML_TEXT(hazard, cause), FL_YAML_REQUIRED, .help = "how it comes about"},
    {"families", FL_YAML_SET(hazard, families, families), FL_YAML_REQUIRED, .help = "ways to verify"},
    {"controls", FL_YAML_MAPS(hazard, controls, control_table), .help = "implemented here"},
    {"not_here", FL_YAML_MAPS(hazard, not_here, absence_table), .help = "asked for and not implemented"},
    {.key = NULL},
};
static const fl_yaml_table hazard_rows = {"hazard", sizeof(hazard), hazard_fields, .check = check_hazard};

static const fl_yaml_field root_fields[] = {
    {"hazards", FL_YAML_MAPS(hazard_table, hazards, hazard_rows), FL_YAML_REQUIRED, .help = "one row each"},
    {.key = NULL},
};
static const fl_yaml_table root_table = {"hazards", sizeof(hazard_table), root_fields, .check = NULL};
static const fl_yaml_schema schema = {"hazards/1", "Hazards and their controls", &root_table};

const char *family_word(family f)
{
    return f >= 1 && f < FAMILIES ? families[f - 1].word : "?";
}

const char *family_sentence(family f)
{
    return f >= 1 && f < FAMILIES ? families[f - 1].help : "?";
}

bool family_needs_people(family f)
{
    return f == FAMILY_HIL || f == FAMILY_UX || f == FAMILY_REV;
}

const char *severity_words(int severity)
{
    static const char *const words[] = {"a wrong record or lost business", "minor harm",
                                        "an injury that needs treatment", "a permanent injury",
                                        "death or blindness"};
    return severity >= 1 && severity <= 5 ? words[severity - 1] : "?";
}

const hazard_table *table_load(const char *path, fl_faults *faults, fl_yaml **file)
{
    return fl_yaml_load(path, &schema, faults, file) == FL_OK ? fl_yaml_root(*file) : NULL;
}

int table_find(const hazard_table *table, const char *id)
{
    for (size_t i = 0; i < table->hazards_count; i++)
        if (fl_text_same(table->hazards[i].id, id)) return (int)i;
    return -1;
}

static void judge_order(const hazard_table *table, const char *path, int rows, fl_faults *faults)
{
    char id[16];
    for (int number = 1; number <= rows; number++) {
        snprintf(id, sizeof id, "H%02d", number);
        const int at = table_find(table, id);
        if (at < 0)
            fl_faults_add(faults, path, (fl_mark){0}, "a hazard is never taken out of the table",
                          "%s is missing", id);
        else if (at != number - 1)
            fl_faults_add(faults, path, (fl_mark){0}, "rows stand in the order of their numbers",
                          "%s is row %d", id, at + 1);
    }
    for (size_t i = 0; i < table->hazards_count; i++) {
        const char *own = table->hazards[i].id;
        if (table_find(table, own) != (int)i)
            fl_faults_add(faults, path, (fl_mark){0}, NULL, "%s stands twice", own);
        int number = 0;
        if (strlen(own) != 3 || sscanf(own, "H%2d", &number) != 1 || number < 1 || number > rows)
            fl_faults_add(faults, path, (fl_mark){0}, "add it to the reference first, then raise HAZARDS",
                          "%s is not a hazard of the reference", own);
    }
}

void table_judge(const hazard_table *table, const char *path, const char *root, int rows, fl_faults *faults)
{
    judge_order(table, path, rows, faults);
    for (size_t i = 0; i < table->hazards_count; i++) {
        const hazard *h = &table->hazards[i];
        for (size_t c = 0; c < h->controls_count; c++)
            for (size_t w = 0; w < h->controls[c].where_count; w++) {
                char full[FL_PLACE_MAX];
                snprintf(full, sizeof full, "%s/%s", root, h->controls[c].where[w]);
                if (!fl_place_exists(full))
                    fl_faults_add(faults, path, (fl_mark){0}, "a control names the files that implement it",
                                  "%s: there is no %s", h->id, h->controls[c].where[w]);
            }
    }
}
