/* Words shared by the device files of this module. Private to config. */
#ifndef FL_CONFIG_DEVICE_TABLES_H
#define FL_CONFIG_DEVICE_TABLES_H

#include "fadeline/base/place.h"
#include "fadeline/config/device.h"

extern const fl_yaml_choice fl_sureness_choices[];

typedef struct confirmed_file {
    const char *device;
    fl_confirmation *confirmed;
    size_t confirmed_count;
} confirmed_file;

/* Marks what $FADELINE_HOME/devices/confirmed/ID.yaml confirms. No such file is fine; a faulty one is not. */
FL_MUST_USE fl_status confirmed_apply(fl_device *device, fl_error *error);
/* A name is an id, found as FOLDER/ID.yaml where our files are, or a path with a '/' or ending in ".yaml". */
bool config_is_path(const char *name);
FL_MUST_USE fl_status config_find(const char *folder, const char *name, char path[FL_PLACE_MAX],
                                  fl_error *error);
/* A file found by its id must call itself so; FL_E_FILE otherwise. */
FL_MUST_USE fl_status config_same_name(const char *name, const char *id, const char *path, fl_error *error);
/* The word of a choice's value; NULL: not in the list. */
const char *choice_word(const fl_yaml_choice *choices, int value);

#endif
