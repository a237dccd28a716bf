/* Note: a text with signatures under it (C2SP signed-note v1, Ed25519).
 *
 *     <text, ends in a newline>
 *     <blank line>
 *     — <key name> base64(key id[4] || signature)
 *
 * Others can check our checkpoints with their own tools because the format is not ours. A signature by a key
 * we do not know says nothing and is passed over; a bad one by a key we know condemns the whole note.
 *
 *     fl_vkey key;
 *     fl_note note;
 *     if (fl_vkey_read("example.com/foo+530d903a+AekyeRrm...", &key) == FL_OK &&
 *         fl_note_open(bytes, size, &key, 1, &note) == FL_OK) ...       // note.text, note.verified >= 1
 */
#ifndef FL_JOURNAL_NOTE_H
#define FL_JOURNAL_NOTE_H

#include "fadeline/base/status.h"

#include <stddef.h>
#include <stdint.h>

#define FL_NOTE_MAX 65536 /* bytes */
#define FL_NOTE_SIGNATURES 100
#define FL_NOTE_NAME_MAX 255
#define FL_VKEY_TEXT_MAX 384
#define FL_NOTE_LINE_MAX 512 /* one signature line with its newline and end */

typedef enum fl_key_type {
    FL_KEY_ED25519 = 0x01,
    FL_KEY_COSIGNER = 0x04 /* Ed25519 over "cosignature/v1" with a time */
} fl_key_type;

typedef struct fl_vkey {
    char name[FL_NOTE_NAME_MAX + 1];
    uint8_t id[4];
    fl_key_type type;
    uint8_t key[32];
} fl_vkey;

/* Whoever signs for a key. The key is in `seed` (read from a file that only its owner may read), or in a
 * token behind `token` and never here (token.h). Callers see no difference: sign, and close with
 * fl_signer_wipe. */
typedef struct fl_signer {
    fl_vkey vkey;
    /* 64 bytes of Ed25519 (RFC 8032). FL_E_IO when the token is gone: nothing signs in its place. */
    fl_status (*sign)(const struct fl_signer *self, const void *bytes, size_t size, uint8_t signature[64]);
    void (*close)(struct fl_signer *self);
    uint8_t seed[32];       /* a secret; zero with a token */
    struct fl_token *token; /* NULL with a seed */
} fl_signer;

/* "name+hex8+base64". FL_E_FILE for anything that is not exactly a key of a type above, or a key of small
 * order. */
FL_MUST_USE fl_status fl_vkey_read(const char *text, fl_vkey *key);
const char *fl_vkey_text(const fl_vkey *key, char room[FL_VKEY_TEXT_MAX]);
/* FL_E_RANGE when the name cannot be a key name. */
FL_MUST_USE fl_status fl_signer_init(fl_signer *signer, const char *name, fl_key_type type,
                                     const uint8_t seed[32]);
/* "PRIVATE+KEY+name+hex8+base64(type || seed)" and back. */
FL_MUST_USE fl_status fl_signer_read(const char *text, fl_signer *signer);
const char *fl_signer_text(const fl_signer *signer, char room[FL_VKEY_TEXT_MAX]);
/* FL_E_NO for a signer that was wiped or never made. */
FL_MUST_USE fl_status fl_signer_sign(const fl_signer *signer, const void *bytes, size_t size,
                                     uint8_t signature[64]);
/* Wipes the seed, lets go of the token; the vkey stays. Fine twice, and on an all-zero signer. */
void fl_signer_wipe(fl_signer *signer);
/* The signer moves to the caller; what is left is as if wiped. Two copies would close one token twice. */
FL_MUST_USE fl_signer fl_signer_take(fl_signer *signer);

/* Ed25519 as in RFC 8032; FL_E_NO when the signature is not by this key. */
FL_MUST_USE fl_status fl_ed25519_verify(const uint8_t key[32], const void *bytes, size_t size,
                                        const uint8_t signature[64]);

/* The signature line for a text, with its newline. FL_E_RANGE when the text cannot stand in a note. */
FL_MUST_USE fl_status fl_note_sign(const fl_signer *signer, const char *text, size_t size,
                                   char line[FL_NOTE_LINE_MAX]);

typedef struct fl_note { /* points into the bytes it was opened from */
    const char *text;
    size_t text_size;
    const char *lines; /* the signature lines */
    size_t lines_size;
    unsigned verified;      /* different known keys whose signature holds; at least 1 */
    unsigned unknown;       /* lines by keys we do not know */
    uint64_t verified_keys; /* bit i: known[i] */
    uint64_t time_s[8];     /* of known[i] when it is a cosigner: POSIX seconds */
} fl_note;

/* FL_E_FILE: not a note. FL_E_NO: no known key signed it, or a known key's signature is bad. At most 8 known.
 */
FL_MUST_USE fl_status fl_note_open(const void *bytes, size_t size, const fl_vkey *known, size_t known_count,
                                   fl_note *note);

#endif
