#include "fadeline/course/rules.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>

const char *fl_level_word(fl_level level)
{
    for (const fl_yaml_choice *choice = fl_level_choices; choice->word; choice++)
        if (choice->value == (int)level) return choice->word;
    return "-";
}

/* NULL for `path`: the file of that name in the data directories, the clinic's own first. */
static fl_status load_one(const char *path, const char *shipped, const fl_yaml_schema *schema, fl_yaml **file,
                          fl_error *error)
{
    char found[FL_PLACE_MAX];
    if (!path) {
        fl_status status = fl_place_find(shipped, found, error);
        if (status != FL_OK) return status;
        path = found;
    }
    fl_faults *faults = fl_faults_new();
    fl_status status = fl_yaml_load(path, schema, faults, file);
    if (status != FL_OK) status = fl_faults_error(faults, error);
    fl_faults_free(faults);
    return status;
}

fl_status fl_rulebook_load(const char *rules_path, const char *procedures_path, fl_rulebook **book,
                           fl_error *error)
{
    FL_ASSERT(book);
    fl_yaml *rules = NULL, *procedures = NULL;
    fl_status status = load_one(rules_path, "profiles/clinic.yaml", &fl_rules_schema, &rules, error);
    if (status != FL_OK) return status;
    status = load_one(procedures_path, "profiles/procedures.yaml", &fl_procedures_schema, &procedures, error);
    if (status != FL_OK) {
        fl_yaml_free(rules);
        return status;
    }
    fl_rulebook *made = calloc(1, sizeof *made);
    FL_ASSERT(made);
    made->rules_file = rules;
    made->procedures_file = procedures;
    made->rules = fl_yaml_root(rules);
    made->procedures = fl_yaml_root(procedures);
    *book = made;
    return FL_OK;
}

void fl_rulebook_free(fl_rulebook *book)
{
    if (!book) return;
    fl_yaml_free(book->rules_file);
    fl_yaml_free(book->procedures_file);
    free(book);
}

static fl_status check_date(const fl_yaml *file, fl_date signed_on, fl_date review_by, fl_date today,
                            fl_error *error)
{
    char day[11], end[11];
    if (fl_date_compare(today, review_by) > 0) {
        fl_error_set(error, FL_E_FILE, "the rules were to be reviewed by %s and it is %s: they are not used",
                     fl_date_text(review_by, end), fl_date_text(today, day));
        if (error)
            fl_error_hint(error, "the medical director reviews the file, signs it and sets a new review_by");
    } else if (fl_date_compare(today, signed_on) < 0) {
        fl_error_set(error, FL_E_FILE, "the rules were signed on %s, after %s: they did not hold then",
                     fl_date_text(signed_on, end), fl_date_text(today, day));
        if (error)
            fl_error_hint(error, "plan for a day on or after the signature, or use the rules of that time");
    } else {
        return FL_OK;
    }
    if (error) {
        fl_error_at(error, fl_yaml_path(file), 0, 0);
        fl_error_code(error, "rules-expired");
    }
    return FL_E_FILE;
}

fl_status fl_rulebook_check_date(const fl_rulebook *book, fl_date today, fl_error *error)
{
    const fl_rules *rules = book->rules;
    const fl_procedures *procedures = book->procedures;
    fl_status status = check_date(book->rules_file, rules->signed_on, rules->review_by, today, error);
    if (status != FL_OK) return status;
    return check_date(book->procedures_file, procedures->signed_on, procedures->review_by, today, error);
}

const fl_procedure *fl_procedure_find(const fl_rulebook *book, const char *id)
{
    for (size_t i = 0; i < book->procedures->list_count; i++)
        if (fl_text_same(book->procedures->list[i].id, id)) return &book->procedures->list[i];
    return NULL;
}

const fl_screening_rule *fl_screening_find(const fl_rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->screening_count; i++)
        if (fl_text_same(rules->screening[i].id, id)) return &rules->screening[i];
    return NULL;
}

const fl_feature_rule *fl_feature_find(const fl_rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->features_count; i++)
        if (fl_text_same(rules->features[i].id, id)) return &rules->features[i];
    return NULL;
}

fl_region fl_region_of_zone(const fl_rules *rules, const char *zone)
{
    fl_region region = 0;
    size_t longest = 0;
    for (size_t i = 0; i < rules->zones_count; i++) {
        const size_t length = strlen(rules->zones[i].prefix);
        if (length <= longest || !fl_text_begins(zone, rules->zones[i].prefix)) continue;
        longest = length;
        region = rules->zones[i].region;
    }
    return region;
}

const fl_interval_rule *fl_interval_for(const fl_interval_rule *rows, size_t count, int skin_type)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].skin_types & 1u << skin_type) return &rows[i];
    return NULL;
}

static const fl_fluence_rule *fluence_in(const fl_fluence_rule *rows, size_t count, fl_wavelength wavelength,
                                         int skin_type)
{
    for (size_t i = 0; i < count; i++)
        if (fl_whole_nm(rows[i].wavelength) == fl_whole_nm(wavelength) &&
            rows[i].skin_types & 1u << skin_type)
            return &rows[i];
    return NULL;
}

const fl_fluence_rule *fl_fluence_for(const fl_rulebook *book, const fl_procedure *procedure,
                                      fl_wavelength wavelength, int skin_type)
{
    const fl_rules *rules = book->rules;
    const fl_fluence_rule *own =
        fluence_in(procedure->fluences, procedure->fluences_count, wavelength, skin_type);
    const fl_fluence_rule *general =
        fluence_in(rules->fluences, rules->fluences_count, wavelength, skin_type);
    if (!own || !general) return own ? own : general;
    /* The lower of the two: a procedure tightens the clinic's limit and never loosens it. */
    return own->max.J_m2 <= general->max.J_m2 ? own : general;
}
