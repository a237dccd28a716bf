/* Table: a map of text becomes a struct, row by row. Private to config. */
#ifndef FL_CONFIG_TABLE_H
#define FL_CONFIG_TABLE_H

#include "values.h"

/* Fills *object (zeroed, of table->size) from a NODE_MAP. `schema_allowed`: this is the root, where the key
 * `schema` stands. False: faults were added. */
bool type_map(struct typing *typing, const fl_yaml_table *table, const node *map, void *object,
              bool schema_allowed);

#endif
