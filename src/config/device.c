#include "fadeline/config/device.h"

#include "device_tables.h"
#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *choice_word(const fl_yaml_choice *choices, int value)
{
    for (const fl_yaml_choice *choice = choices; choice->word; choice++)
        if (choice->value == value) return choice->word;
    return NULL;
}

const char *fl_sureness_word(fl_sureness sureness)
{
    const char *word = choice_word(fl_sureness_choices, (int)sureness);
    return word ? word : "unsaid";
}

const char *fl_skin_type_text(int type)
{
    const char *word = choice_word(fl_skin_type_choices, type);
    return word ? word : "-";
}

bool fl_provenance_is_usable(const fl_provenance *provenance)
{
    if (!provenance->stated) return false;
    switch (provenance->sureness) {
    case FL_SURE_LABEL:
    case FL_SURE_SOURCE_SEEN:
    case FL_SURE_COMPUTED: return true;
    case FL_SURE_MEMORY:
    case FL_SURE_MEMORY_WEAK: return provenance->confirmed_by != NULL;
    case FL_SURE_UNSAID:
    case FL_SURE_UNKNOWN: break;
    }
    return false;
}

/* ---- loading ---- */

bool config_is_path(const char *name)
{
    const size_t length = strlen(name);
    return strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

fl_status config_find(const char *folder, const char *name, char path[FL_PLACE_MAX], fl_error *error)
{
    if (config_is_path(name)) {
        if (snprintf(path, FL_PLACE_MAX, "%s", name) < FL_PLACE_MAX) return FL_OK;
        return fl_error_set(error, FL_E_FILE, "the path of the file is too long");
    }
    char relative[128];
    if (snprintf(relative, sizeof relative, "%s/%s.yaml", folder, name) >= (int)sizeof relative)
        return fl_error_set(error, FL_E_FILE, "nothing in %s has so long a name", folder);
    return fl_place_find(relative, path, error);
}

fl_status config_same_name(const char *name, const char *id, const char *path, fl_error *error)
{
    if (config_is_path(name) || fl_text_same(name, id)) return FL_OK;
    fl_error_set(error, FL_E_FILE, "the file of '%s' calls itself '%s'", name, id);
    fl_error_hint(error, "give the file the name of its id");
    return fl_error_at(error, path, 0, 0), FL_E_FILE;
}

static fl_status adopt(const char *name, const char *path, fl_device *device, fl_error *error)
{
    fl_yaml *file = device->file;
    *device = *(const fl_device *)fl_yaml_root(file);
    device->file = file;
    memcpy(device->sha256, fl_yaml_sha256(file), sizeof device->sha256);
    const fl_status status = config_same_name(name, device->id, path, error);
    return status == FL_OK ? confirmed_apply(device, error) : status;
}

fl_status fl_device_load(const char *name, fl_device **device, fl_error *error)
{
    FL_ASSERT(name && device);
    char path[FL_PLACE_MAX];
    const fl_status found = config_find("devices", name, path, error);
    if (found != FL_OK) return found;
    fl_device *fresh = calloc(1, sizeof *fresh);
    fl_faults *faults = fl_faults_new();
    FL_ASSERT(fresh);
    fl_status status = fl_yaml_load(path, &fl_device_schema, faults, &fresh->file);
    if (status != FL_OK)
        fl_faults_error(faults, error);
    else
        status = adopt(name, path, fresh, error);
    fl_faults_free(faults);
    if (status == FL_OK)
        *device = fresh;
    else
        fl_device_free(fresh);
    return status;
}

void fl_device_free(fl_device *device)
{
    if (!device) return;
    fl_yaml_free(device->confirmed);
    fl_yaml_free(device->file);
    free(device);
}

bool fl_device_is_simulated(const fl_device *device)
{
    return device->link.kind == FL_LINK_KIND_SIMULATED;
}

/* ---- heads ---- */

const fl_device_head *fl_device_head_find(const fl_device *device, const char *id)
{
    for (size_t i = 0; i < device->heads_count; i++)
        if (fl_text_same(device->heads[i].id, id)) return &device->heads[i];
    return NULL;
}

const fl_device_head *fl_device_head_at(const fl_device *device, fl_wavelength wavelength)
{
    for (size_t i = 0; i < device->heads_count; i++)
        if (fl_whole_nm(device->heads[i].wavelength) == fl_whole_nm(wavelength)) return &device->heads[i];
    return NULL;
}

bool fl_device_head_has_spot(const fl_device_head *head, fl_length spot)
{
    for (size_t i = 0; i < head->spots_count; i++)
        if (fl_whole_um(head->spots[i]) == fl_whole_um(spot)) return true;
    return false;
}

/* ---- limits ---- */

static const fl_spot_cap *cap_at(const fl_device_head *head, fl_length spot)
{
    for (size_t i = 0; i < head->spot_caps_count; i++)
        if (fl_whole_um(head->spot_caps[i].spot) == fl_whole_um(spot)) return &head->spot_caps[i];
    return NULL;
}

/* Every setting of a pulse rests on these, so one that nobody knows stops the answer. */
static const fl_head_fact needed[] = {FL_FACT_WAVELENGTH, FL_FACT_PULSES, FL_FACT_ENERGY_MAX,
                                      FL_FACT_RATE_MAX, FL_FACT_SPOTS};
#define NEEDED (sizeof needed / sizeof *needed)

static fl_status refuse_unknown(const fl_device_head *head, fl_error *error)
{
    char names[160] = "";
    fl_text list = fl_text_in(names, sizeof names);
    for (size_t i = 0; i < NEEDED; i++) {
        if (head->facts[needed[i]].stated) continue;
        fl_text_add(&list, "%s%s", list.length ? ", " : "", fl_head_fact_key(needed[i]));
    }
    if (!list.length) return FL_OK;
    fl_error_set(error, FL_E_NO, "limits of the head '%s' are not known: %s", head->id, names);
    fl_error_hint(error, "enter them from the label in a device file of your own");
    fl_error_code(error, "device-limits-unknown");
    return FL_E_NO;
}

static fl_status refuse_spot(const fl_device_head *head, fl_length spot, fl_error *error)
{
    char names[160];
    fl_error_set(error, FL_E_NO, "the head '%s' has no spot of %g mm", head->id, fl_as_mm(spot));
    fl_error_hint(error, "spots: %s mm", fl_head_fact_value(head, FL_FACT_SPOTS, names, sizeof names));
    fl_error_code(error, "device-no-such-spot");
    return FL_E_NO;
}

static void note_open(const fl_device_head *head, fl_head_limits *limits, fl_head_fact fact)
{
    if (head->facts[fact].stated && !fl_provenance_is_usable(&head->facts[fact]))
        limits->open[limits->open_count++] = fact;
}

fl_status fl_device_head_limits(const fl_device_head *head, fl_length spot, fl_head_limits *limits,
                                fl_error *error)
{
    FL_ASSERT(head && limits);
    fl_status status = refuse_unknown(head, error);
    if (status != FL_OK) return status;
    if (!isfinite(spot.m) || !fl_device_head_has_spot(head, spot)) return refuse_spot(head, spot, error);

    fl_head_limits found = {
        .spot = spot, .energy_max = head->energy_max, .rate_max = head->rate_max, .bound = FL_BOUND_ENERGY};
    if (!isnan(head->fluence_max.J_m2) && fl_energy_of(head->fluence_max, spot).J < found.energy_max.J) {
        found.energy_max = fl_energy_of(head->fluence_max, spot);
        found.bound = FL_BOUND_LABEL_CAP;
    }
    const fl_spot_cap *cap = cap_at(head, spot);
    if (cap && fl_energy_of(cap->fluence_max, spot).J < found.energy_max.J) {
        found.energy_max = fl_energy_of(cap->fluence_max, spot);
        found.bound = FL_BOUND_SPOT_CAP;
    }
    found.fluence_max = fl_fluence_of(found.energy_max, spot);
    /* A shape that is not stated, or only remembered, is read as the one that burns in the middle. */
    const bool flat =
        head->shape == FL_DEVICE_TOP_HAT && fl_provenance_is_usable(&head->facts[FL_FACT_SHAPE]);
    found.crest = flat ? 1.0 : 2.0;
    for (size_t i = 0; i < NEEDED; i++) note_open(head, &found, needed[i]);
    note_open(head, &found, FL_FACT_SHAPE);
    note_open(head, &found, FL_FACT_FLUENCE_MAX);
    if (cap) note_open(head, &found, FL_FACT_SPOT_CAPS);
    *limits = found;
    return FL_OK;
}

/* ---- clearance ---- */

static fl_answer set_says(const fl_provenance *fact, unsigned set, int value, bool complete)
{
    if (!fact->stated) return FL_NOT_STATED;
    if (set & 1u << value) return fl_provenance_is_usable(fact) ? FL_YES : FL_NOT_STATED;
    return complete ? FL_NO : FL_NOT_STATED;
}

fl_answer fl_device_is_cleared(const fl_device_head *head, fl_colour colour, int skin_type)
{
    FL_ASSERT(colour >= FL_COLOUR_BLACK && colour <= FL_COLOUR_WHITE && skin_type >= 1 && skin_type <= 6);
    const fl_answer skin = set_says(&head->facts[FL_FACT_SKIN_TYPES], head->skin_types, skin_type, true);
    const fl_answer ink =
        set_says(&head->facts[FL_FACT_COLOURS], head->colours, (int)colour, head->colours_complete == FL_YES);
    if (head->tattoo_use == FL_NO || skin == FL_NO || ink == FL_NO) return FL_NO;
    return skin == FL_YES && ink == FL_YES ? FL_YES : FL_NOT_STATED;
}

/* ---- values as text ---- */

static void add_number(fl_text *text, double value)
{
    fl_text_add(text, "%s%.10g", text->length ? ", " : "", value);
}

static void add_words(fl_text *text, const fl_yaml_choice *choices, unsigned set)
{
    for (const fl_yaml_choice *choice = choices; choice->word; choice++)
        if (set & 1u << choice->value) fl_text_add(text, "%s%s", text->length ? ", " : "", choice->word);
}

/* Numbers went through SI and back: ten digits show what was typed. */
char *fl_head_fact_value(const fl_device_head *head, fl_head_fact fact, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    if (!head->facts[fact].stated) return fl_text_add(&text, "unknown"), room;
    switch (fact) {
    case FL_FACT_WAVELENGTH: add_number(&text, fl_as_nm(head->wavelength)); break;
    case FL_FACT_PULSES:
        for (size_t i = 0; i < head->pulses_count; i++) add_number(&text, fl_as_ps(head->pulses[i]));
        break;
    case FL_FACT_SHAPE:
        fl_text_add(&text, "%s", head->shape == FL_DEVICE_TOP_HAT ? "top-hat" : "gaussian");
        break;
    case FL_FACT_ENERGY_MAX: add_number(&text, fl_as_mJ(head->energy_max)); break;
    case FL_FACT_FLUENCE_MAX: add_number(&text, fl_as_J_cm2(head->fluence_max)); break;
    case FL_FACT_SPOT_CAPS:
        for (size_t i = 0; i < head->spot_caps_count; i++)
            fl_text_add(&text, "%s%.10g:%.10g", i ? ", " : "", fl_as_mm(head->spot_caps[i].spot),
                        fl_as_J_cm2(head->spot_caps[i].fluence_max));
        break;
    case FL_FACT_RATE_MAX: add_number(&text, head->rate_max.Hz); break;
    case FL_FACT_SPOTS:
        for (size_t i = 0; i < head->spots_count; i++) add_number(&text, fl_as_mm(head->spots[i]));
        break;
    case FL_FACT_SKIN_TYPES: add_words(&text, fl_skin_type_choices, head->skin_types); break;
    case FL_FACT_COLOURS: add_words(&text, fl_colour_choices, head->colours); break;
    case FL_HEAD_FACTS: FL_ASSERT(!"a fact");
    }
    return room;
}
