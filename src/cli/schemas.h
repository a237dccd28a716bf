/* Every kind of file people edit: one line a schema. `fadeline check` finds the one a file names. */
#ifndef FL_CLI_SCHEMAS_H
#define FL_CLI_SCHEMAS_H

#define FL_SCHEMA_LIST(X) \
    X(fl_device_schema) \
    X(fl_confirmed_schema) \
    X(fl_dialect_schema) \
    X(fl_case_schema) \
    X(fl_rules_schema) \
    X(fl_procedures_schema) \
    X(fl_planner_sites_schema) \
    X(fl_planner_skin_types_schema) \
    X(fl_planner_inks_schema) \
    X(fl_people_schema) \
    X(fl_card_schema)

#endif
