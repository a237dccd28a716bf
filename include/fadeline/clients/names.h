/* Names: whether a text that somebody typed holds the name of a client. Such a text does not go into the
 * journal, which keeps for ever.
 *
 *     if (fl_clients_named(clients, "--why", text, "C-0001", &named, &error) != FL_OK) ...   // error says
 * whose, by code
 *
 * Asked at every place where a person types a sentence (the list stands in src/clients/README.md). Names are
 * compared as people type them: capitals and small letters, accents and none ("Zoe" finds Zoë, "Oestergaard"
 * does not find Østergaard, "Ostergaard" does), letters in the wide forms of East Asian keyboards. A name
 * stands as a whole word, from two letters up; one in Chinese, Japanese or Korean letters stands anywhere,
 * for they write no blanks.
 *
 * A clinic of a thousand clients has a Rose, a Brown and a Long, and sentences about brown ink: of other
 * clients than the one the sentence is about, such a word counts only beside another word of the same name.
 * Particles (de, van, bin) never count.
 */
#ifndef FL_CLIENTS_NAMES_H
#define FL_CLIENTS_NAMES_H

#include "fadeline/clients/clients.h"
#include "fadeline/clients/identity.h"

typedef struct fl_named {
    char code[FL_CLIENT_CODE_MAX]; /* whose name it is */
    char word[FL_NAME_MAX + 1];    /* as it stands in the clients' database */
} fl_named;

/* FL_OK: no client's name, nor contact, is in it, of all that clients.db holds, also of names since changed.
 * FL_E_NO, with *named filled in and a hint, when one is. `what` begins the sentence of the error ("--why").
 * `about`: the client the text is about; NULL: nobody in particular. `clients` NULL: there are none. FL_E_IO,
 * FL_E_MEMORY when the database cannot be read: then nobody knows. */
FL_MUST_USE fl_status fl_clients_named(fl_clients *clients, const char *what, const char *text,
                                       const char *about, fl_named *named, fl_error *error);

/* The same for every face: both databases of this installation are asked, because who a client is does not belong into
 * the journal of an exercise either. `about` is the code of a client in the world of `simulated`, or NULL. A text of
 * NULL names nobody. */
FL_MUST_USE fl_status fl_clients_named_here(bool simulated, const char *what, const char *text,
                                            const char *about, fl_error *error);

#endif
