/* Shared by the dialect files of this module. Private to config. */
#ifndef FL_CONFIG_DIALECT_TABLES_H
#define FL_CONFIG_DIALECT_TABLES_H

#include "fadeline/config/dialect.h"

/* The rules between the values of a dialect file, and the replay of its transcript. */
void dialect_check(void *object, const fl_yaml_place *place);

#endif
