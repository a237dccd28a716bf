/* Shared by the dialect files of this module. Private to config. */
#ifndef FL_CONFIG_DIALECT_TABLES_H
#define FL_CONFIG_DIALECT_TABLES_H

#include "fadeline/config/dialect.h"

typedef struct dialect_checking {
    const fl_dialect *d;
    const fl_yaml_place *place;
} dialect_checking;

/* "words[3].ask", for fl_yaml_fault. */
const char *dialect_path(const char *list, size_t index, const char *key, char room[120]);
/* The rules between the values of a dialect file, and the replay of its transcript. */
void dialect_check(void *object, const fl_yaml_place *place);
void dialect_replay(const dialect_checking *c);

#endif
