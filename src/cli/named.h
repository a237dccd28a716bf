/* A text that a person typed and the journal will keep: refused when it names a client. */
#ifndef FL_CLI_NAMED_H
#define FL_CLI_NAMED_H

#include "fadeline/clients/names.h"

/* `what` begins the sentence of the refusal ("--why"). */
FL_MUST_USE static inline fl_status named_check(bool simulated, const char *what, const char *text,
                                                const char *about, fl_error *error)
{
    return fl_clients_names_nobody(simulated, what, text, about, error);
}

#endif
