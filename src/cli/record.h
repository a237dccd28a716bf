/* Record: what people put into the journal that no machine sees. One form a kind of entry (record_forms.c):
 * which fields, how each is checked, who may. The command finds the form, lets the person sign, and writes
 * what the form filled in. */
#ifndef FL_CLI_RECORD_H
#define FL_CLI_RECORD_H

#include "act.h"

typedef struct recording {
    act act;
    fl_entry entry;
    const char *pat;                /* NULL: of nobody */
    const fl_care *care;            /* of pat */
    char dev[FL_DEVICE_ID_MAX + 1]; /* empty: no laser is named */
    bool keeps;                     /* a text waits in the clients' database for this entry */
    fl_commitment cmt;
    char said[160]; /* for people: what was recorded */
} recording;

typedef struct record_form {
    const char *word; /* "near-miss" */
    fl_kind kind;
    act_right right;
    const char *needs;                                /* options that must be given, with blanks between */
    const char *takes;                                /* and those that may */
    fl_status (*fill)(recording *r, fl_error *error); /* after the sign-in */
} record_form;

extern const record_form record_forms[]; /* ends with a row of NULL */

/* record_note.c */
fl_status record_note_fill(recording *r, fl_error *error);

#endif
