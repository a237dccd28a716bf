/* Values: the text of one scalar becomes one typed value, or a fault. Private to config. */
#ifndef FL_CONFIG_VALUES_H
#define FL_CONFIG_VALUES_H

#include "tree.h"

typedef struct unit {
    const char *suffix; /* of the key, with its underscore */
    const char *name;   /* for people */
    fl_yaml_quantity quantity;
    double times, over; /* SI = value * times / over: the same arithmetic as units.h, to the bit */
} unit;

/* By the longest suffix that fits the key; NULL: the key names no unit we know. */
const unit *unit_of(const char *key);
/* The unit of a number's row; stops the process when key and member disagree (our bug). */
const unit *unit_of_field(const fl_yaml_field *field);

struct typing {
    const char *name; /* of the file, for faults */
    fl_faults *faults;
    arena *room;
};

void typing_fault(struct typing *typing, fl_mark at, const char *hint, const char *format, ...)
    FL_PRINTF(4, 5);

/* Types one scalar into *member (of the row's kind, an item's for lists). False: a fault was added. */
bool type_scalar(struct typing *typing, const fl_yaml_field *field, const node *scalar, void *member);
/* What the member holds when the key is absent and the row has no `otherwise`. */
void type_absent(const fl_yaml_field *field, void *member);

/* "one of: I, II, III" */
const char *list_words(const fl_yaml_choice *choices, char *room, size_t size);
/* A value as it can be shown: at most 40 bytes, printable. */
const char *show(const char *text, size_t length, char room[64]);

#endif
