/* A text that a person typed and the journal will keep: refused when it names a client. */
#ifndef FL_CLI_NAMED_H
#define FL_CLI_NAMED_H

#include "fadeline/base/error.h"

#include <stdbool.h>

/* Both clients' databases of this installation are asked (clients/names.h): who a client is does not belong
 * into the journal of an exercise either. `what` begins the sentence of the refusal ("--why"); `about` is the
 * code of the client it is about in the world of `simulated`, or NULL. A text of NULL names nobody. FL_E_NO,
 * or that a database cannot be read. */
FL_MUST_USE fl_status named_check(bool simulated, const char *what, const char *text, const char *about,
                                  fl_error *error);

#endif
