/* What the commands that print papers share. */
#ifndef FL_CLI_PAPER_COMMON_H
#define FL_CLI_PAPER_COMMON_H

#include "command.h"

#include "fadeline/journal/journal.h"

/* --journal DIR, else this installation's (--simulated: of simulated lasers), for reading. */
fl_status paper_open_journal(const fl_args *args, fl_journal **journal, fl_error *error);
/* --utc-offset +02:00; 0 when not given. false: printed why not. */
bool paper_offset(const fl_args *args, int *offset_min);
/* Whether a word is the number of a session. */
bool paper_is_sid(const char *word, uint64_t *sid);

/* One kind of paper each. */
int paper_session(const fl_args *args);
int paper_client_sheet(const fl_args *args);
int paper_refusal(const fl_args *args);
int paper_inspector(const fl_args *args);

#endif
