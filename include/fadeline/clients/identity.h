/* Identity: who a client is, as one text that can be hashed:
 * {"born":"1990-04-01","contact":"...","language":"fr", "name":"..."}, keys in this order, UTF-8, no spaces
 * between. What is not known is left out.
 *
 * Names are taken as people write them, in any script; the only thing refused is a control character.
 */
#ifndef FL_CLIENTS_IDENTITY_H
#define FL_CLIENTS_IDENTITY_H

#include "fadeline/base/date.h"
#include "fadeline/base/error.h"

#define FL_NAME_MAX 200
#define FL_CONTACT_MAX 400
#define FL_IDENTITY_MAX 1500 /* bytes of the text: every character of both could need a second byte */

typedef struct fl_identity {
    char name[FL_NAME_MAX + 1];
    char contact[FL_CONTACT_MAX + 1]; /* how to reach the client; empty: not said */
    char language[3];                 /* "en" or "fr"; empty: not said */
    fl_date born;                     /* not set: not said, and then kept as if a minor might be */
} fl_identity;

/* FL_E_RANGE with a sentence for what cannot stand. */
FL_MUST_USE fl_status fl_identity_write(const fl_identity *identity, char text[FL_IDENTITY_MAX],
                                        fl_error *error);
/* Only what fl_identity_write wrote: read, written again and compared. FL_E_RANGE otherwise. */
FL_MUST_USE fl_status fl_identity_read(const char *text, fl_identity *identity);

/* Whether a sentence about this client names it: a word of the name of two letters or more, or the contact;
 * compared as names.h says. *word is then which, as the identity has it. */
bool fl_identity_is_in(const fl_identity *identity, const char *sentence, char word[FL_NAME_MAX + 1]);

#endif
