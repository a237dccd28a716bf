/* Register: what every face asks before it changes who a client is, so that all answer alike.
 *
 *     status = fl_register_read(clients, "C-0001", &who, &error);          // wipe `who` afterwards
 *     status = fl_register_next_code(&book, clients, code, &error);
 *     status = fl_register_may_erase(&book, care, clients, today, &until, &error);
 *
 * Nothing here writes: the order of text, entry and keeping is in clients.h.
 */
#ifndef FL_CLIENTS_REGISTER_H
#define FL_CLIENTS_REGISTER_H

#include "fadeline/clients/care.h"
#include "fadeline/clients/identity.h"

/* The newest identity. FL_E_NO: there is none, or no database (`clients` NULL). */
FL_MUST_USE fl_status fl_register_read(fl_clients *clients, const char *code, fl_identity *who,
                                       fl_error *error);
/* FL_E_RANGE with a sentence when a day of birth cannot stand: it decides how long a minor's record is kept. */
FL_MUST_USE fl_status fl_register_born(const char *text, fl_date today, fl_date *born, fl_error *error);
/* One more than any code of the journal, and none that the database holds: it may be older than the journal. */
FL_MUST_USE fl_status fl_register_next_code(const fl_care_book *book, fl_clients *clients,
                                            char code[FL_CLIENT_CODE_MAX], fl_error *error);
/* FL_E_NO with code client-on-hold or retention-not-over; *until is the last day that the record must be there,
 * also then. */
FL_MUST_USE fl_status fl_register_may_erase(const fl_care_book *book, const fl_care *care, fl_clients *clients,
                                            fl_date today, fl_date *until, fl_error *error);

#endif
