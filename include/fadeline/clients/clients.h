/* Clients: the clinic's own database of who is behind a code, apart from the journal.
 *
 * The journal never holds a name. It holds a code (C-0001) and cmt = SHA-256(0x02 || salt || text) of each
 * text that may have to go one day: who the client is, the consent that was signed. Text and its salt of 16
 * random bytes are here, in one SQLite file of mode 0600. When they are erased, the hash in the journal is a
 * hash of nothing anybody has, and the journal verifies as before.
 *
 *     fl_clients *clients;
 *     fl_clients_place(simulated, path, &error);
 *     fl_clients_open(path, simulated, &clients, &error);
 *     fl_clients_settle(clients, journal, &settled, &error);           // what a crash left half, first
 *     fl_clients_put(clients, "C-0001", FL_TEXT_IDENTITY, text, size, &cmt, &error);    // durable, and
 * waiting fl_journal_append(journal, &client_entry_with_cmt, 1, &error); fl_clients_keep(clients, &cmt,
 * &error);                          // no more waiting
 *
 * The order is the promise. A text first waits; the entry of the journal makes it one that is kept. An
 * erasure is first written into the journal, then done. So after any crash fl_clients_settle needs only the
 * journal to know: a waiting text whose hash it holds is kept, any other was never acknowledged and goes; a
 * text of a client it calls erased goes, and so does one that an old backup brought back.
 *
 * One process at a time changes it: the one that has the journal open for writing.
 */
#ifndef FL_CLIENTS_CLIENTS_H
#define FL_CLIENTS_CLIENTS_H

#include "fadeline/base/client_code.h"
#include "fadeline/base/digest.h"
#include "fadeline/journal/journal.h"

#define FL_CLIENT_CODE_MAX 12 /* C-00000001 and its end */
#define FL_CLIENT_SALT 16
#define FL_CLIENT_TEXT_MAX (1u << 20) /* bytes of one text: a consent may be a scan */

typedef struct fl_clients fl_clients;

typedef enum fl_client_text { FL_TEXT_IDENTITY = 1, FL_TEXT_CONSENT } fl_client_text;

typedef struct fl_commitment {
    uint8_t byte[FL_SHA256_SIZE];
} fl_commitment;

fl_commitment fl_commit(const uint8_t salt[FL_CLIENT_SALT], const void *bytes, size_t size);

/* $FADELINE_HOME/clients.db, or clients-simulated.db: who an invented client is does not stand among real
 * ones. */
FL_MUST_USE fl_status fl_clients_place(bool simulated, char path[FL_PLACE_MAX], fl_error *error);
/* Made when it is not there. FL_E_FILE, with a hint, for a file that others may read, that is damaged, that
 * another program made, that belongs to the other world, or that a newer version wrote; none of them is
 * touched. */
FL_MUST_USE fl_status fl_clients_open(const char *path, bool simulated, fl_clients **clients,
                                      fl_error *error);
void fl_clients_close(fl_clients *clients); /* NULL is fine */

/* Durable when it returns, and waiting for its entry in the journal. */
FL_MUST_USE fl_status fl_clients_put(fl_clients *clients, const char *code, fl_client_text kind,
                                     const void *bytes, size_t size, fl_commitment *cmt, fl_error *error);
FL_MUST_USE fl_status fl_clients_keep(fl_clients *clients, const fl_commitment *cmt, fl_error *error);

typedef struct fl_settled {
    unsigned kept, dropped; /* waiting texts: the journal held their hash, or did not */
    unsigned erased;        /* clients whose erasure was finished, or repeated after a backup came back */
} fl_settled;
/* `journal` is open for writing, so nobody else is between two steps. Reads all of it. */
FL_MUST_USE fl_status fl_clients_settle(fl_clients *clients, fl_journal *journal, fl_settled *settled,
                                        fl_error *error);

/* The newest kept text of a kind; *bytes is malloc'ed, has a 0 after its end, and is the caller's. Its hash
 * is computed again: FL_E_FILE when the text is not the one that was committed to. FL_E_NO when there is
 * none. */
FL_MUST_USE fl_status fl_clients_read(fl_clients *clients, const char *code, fl_client_text kind,
                                      char **bytes, size_t *size, fl_commitment *cmt, fl_error *error);
bool fl_clients_has(fl_clients *clients, const char *code); /* any text of this client, waiting or kept */
bool fl_clients_has_identity(fl_clients *clients, const char *code); /* the same, of who it is */

/* All texts and salts of a client, gone from the file and its write-ahead log: deleted (secure_delete), the
 * file written anew without them, the log cut to nothing; then both are read and searched for every salt, and
 * FL_E_IO says when one is still found. What a disk keeps of blocks that were given back is not ours to say:
 * encrypt the disk. */
FL_MUST_USE fl_status fl_clients_erase(fl_clients *clients, const char *code, fl_error *error);

#endif
