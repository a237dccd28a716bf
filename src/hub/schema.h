/* Schema: the tables of a hub as one list of statements, and the roles and policies around them. */
#ifndef FL_HUB_SCHEMA_H
#define FL_HUB_SCHEMA_H

#include "db.h"

#include "fadeline/hub/hub.h"

/* Reads the mark. FL_E_NO without an error text: there is no schema `fadeline` here. */
FL_MUST_USE fl_status fl_schema_look(fl_db *db, fl_hub_about *about, fl_error *error);
/* In the present transaction, into an empty database. */
FL_MUST_USE fl_status fl_schema_make(fl_db *db, const fl_vkey *witness, fl_hub_about *about, fl_error *error);

#endif
