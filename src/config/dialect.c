#include "fadeline/config/dialect.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_path(const char *name)
{
    const size_t length = strlen(name);
    return strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

static fl_status find_file(const char *name, char path[FL_PLACE_MAX], fl_error *error)
{
    char relative[128];
    if (is_path(name)) {
        if (snprintf(path, FL_PLACE_MAX, "%s", name) < FL_PLACE_MAX) return FL_OK;
        return fl_error_set(error, FL_E_FILE, "the path of the dialect file is too long");
    }
    if (snprintf(relative, sizeof relative, "devices/dialects/%s.yaml", name) >= (int)sizeof relative)
        return fl_error_set(error, FL_E_FILE, "no dialect has so long a name");
    return fl_place_find(relative, path, error);
}

fl_status fl_dialect_load(const char *name, fl_dialect **dialect, fl_error *error)
{
    FL_ASSERT(name && dialect);
    char path[FL_PLACE_MAX];
    fl_status status = find_file(name, path, error);
    if (status != FL_OK) return status;
    fl_faults *faults = fl_faults_new();
    fl_yaml *file;
    status = fl_yaml_load(path, &fl_dialect_schema, faults, &file);
    if (status != FL_OK) {
        fl_faults_error(faults, error);
        fl_faults_free(faults);
        return status;
    }
    fl_faults_free(faults);
    fl_dialect *fresh = malloc(sizeof *fresh);
    FL_ASSERT(fresh);
    *fresh = *(const fl_dialect *)fl_yaml_root(file);
    fresh->file = file;
    if (!is_path(name) && !fl_text_same(name, fresh->id)) {
        fl_error_set(error, FL_E_FILE, "the file of '%s' calls itself '%s'", name, fresh->id);
        fl_error_hint(error, "give the file the name of its id");
        fl_error_at(error, path, 0, 0);
        fl_dialect_free(fresh);
        return FL_E_FILE;
    }
    *dialect = fresh;
    return FL_OK;
}

void fl_dialect_free(fl_dialect *dialect)
{
    if (!dialect) return;
    fl_yaml_free(dialect->file);
    free(dialect);
}

const fl_word *fl_dialect_word(const fl_dialect *dialect, const char *id)
{
    for (size_t i = 0; id && i < dialect->words_count; i++)
        if (fl_text_same(dialect->words[i].id, id)) return &dialect->words[i];
    return NULL;
}

bool fl_dialect_is_whole(const fl_dialect *dialect)
{
    const fl_dialect_laser *laser = &dialect->laser;
    return dialect->serves == FL_SERVES_LASER && laser->identity && laser->status_count &&
           laser->interlock_count && laser->stop_count;
}
