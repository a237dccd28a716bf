/* Token: a log's key that lives in a PKCS#11 token and signs there.
 *
 * A key in a file can be copied by whoever can read the file, and two logs then sign as one. In a token it
 * cannot leave. The key is named by a URI (RFC 7512), which is what install.key holds in place of the key:
 *
 *     pkcs11:token=clinic;object=fadeline?pin-source=file:/etc/fadeline/token.pin&module-path=/usr/lib/x.so
 *
 * token, serial, object and id choose token and key; exactly one must fit. module-path names the driver,
 * without it all that p11-kit knows are asked. pin-source is a file that only its owner (or root) may read,
 * one line; there is no prompt, because a session must start without one, and no pin-value, because a URI is
 * shown. A wrong PIN is tried once: tokens lock.
 *
 * The key must be Ed25519 and the token must sign with it (CKM_EDDSA, PKCS#11 3.0): checkpoints are C2SP
 * notes of that kind. At opening it signs a text that cannot be a checkpoint, and every signature is verified
 * before it is used: a checkpoint that does not verify would stand in the log for ever. A token that is gone
 * is an I/O error, which closes the journal for writing; no other key ever signs in its place.
 *
 * No TPM: TPM 2.0 parts have no Ed25519, and tpm2-pkcs11 offers P-256, whose signatures are of another type
 * than the verifiers of C2SP notes (0x01, 0x04) know; a log signed so would be checked by nobody's tools but
 * ours. A token with EdDSA (a smart card of today, a network HSM, softhsm2 for trying) is what this is for.
 */
#ifndef FL_JOURNAL_TOKEN_H
#define FL_JOURNAL_TOKEN_H

#include "fadeline/base/error.h"
#include "fadeline/journal/note.h"

#define FL_TOKEN_URI_MAX 512

/* FL_E_USAGE: not such a URI. FL_E_FILE: the PIN's file is missing or others can read it. FL_E_DEVICE: no
 * such token or driver. FL_E_REFUSED: wrong PIN, or not exactly one key that can sign Ed25519. */
FL_MUST_USE fl_status fl_signer_open_token(const char *uri, const char *name, fl_key_type type,
                                           fl_signer *signer, fl_error *error);
/* Makes the key `object` of the URI in the token: it cannot be read out and cannot be copied. FL_E_NO: there
 * is one already. */
FL_MUST_USE fl_status fl_token_make_key(const char *uri, fl_error *error);
/* Why the last signature failed, "" when none did. */
const char *fl_signer_why(const fl_signer *signer);

#endif
