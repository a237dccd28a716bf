/* Identities that are gone: who a client is was deleted from the clients' database, and no `erase` entry says
 * by whom.
 *
 * The journal alone cannot tell, so this is asked of an audit that is made already, by whoever has the
 * installation's clients.db: not of a copy of a journal, nor of a hub. Each is a row of section 11.
 *
 *     status = fl_audit_new(journal, &options, &audit, &error);
 *     if (status == FL_OK) status = fl_audit_identities(audit, journal, clients, &error);    // clients NULL:
 * there is none
 */
#ifndef FL_REPORT_AUDIT_IDENTITY_H
#define FL_REPORT_AUDIT_IDENTITY_H

#include "fadeline/clients/clients.h"
#include "fadeline/report/audit.h"

/* Reads the whole history once more. Also clients of before the period: it is so now. An audit of one site or
 * laser gets the clients who ever had a session there. */
FL_MUST_USE fl_status fl_audit_identities(fl_audit *audit, fl_journal *journal, fl_clients *clients,
                                          fl_error *error);
/* They were not looked at; the page and the JSON say so. why: "--warm does not read who was added". */
void fl_audit_identities_unlooked(fl_audit *audit, const char *why);

#endif
