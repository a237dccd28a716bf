#include "fadeline/config/dialect.h"

#include "device_tables.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdlib.h>

fl_status fl_dialect_load(const char *name, fl_dialect **dialect, fl_error *error)
{
    FL_ASSERT(name && dialect);
    char path[FL_PLACE_MAX];
    fl_status status = config_find("devices/dialects", name, path, error);
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
    status = config_same_name(name, fresh->id, path, error);
    if (status == FL_OK)
        *dialect = fresh;
    else
        fl_dialect_free(fresh);
    return status;
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

size_t fl_dialect_missing(const fl_dialect *dialect, const char *missing[FL_DIALECT_PARTS])
{
    const fl_dialect_laser *laser = &dialect->laser;
    size_t count = 0;
    if (dialect->serves != FL_SERVES_LASER) return 0;
    if (!laser->identity) missing[count++] = "identity";
    if (!laser->status_count) missing[count++] = "status";
    if (!laser->interlock_count) missing[count++] = "interlock";
    if (!laser->stop_count) missing[count++] = "stop";
    return count;
}

bool fl_dialect_is_whole(const fl_dialect *dialect)
{
    const char *missing[FL_DIALECT_PARTS];
    return dialect->serves == FL_SERVES_LASER && fl_dialect_missing(dialect, missing) == 0;
}
