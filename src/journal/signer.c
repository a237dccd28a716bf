/* Signers: one who signs for a key, wherever the key is. Here: in our own memory, from a file. token.c: in a
 * token that never shows it. */
#include "note_text.h"

#include "fadeline/base/text.h"

#include "base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define PRIVATE "PRIVATE+KEY+"

static fl_status sign_with_seed(const fl_signer *signer, const void *bytes, size_t size,
                                uint8_t signature[64])
{
    return fl_ed25519_sign(signer->seed, bytes, size, signature);
}

static void wipe_seed(fl_signer *signer)
{
    OPENSSL_cleanse(signer->seed, sizeof signer->seed);
}

fl_status fl_signer_sign(const fl_signer *signer, const void *bytes, size_t size, uint8_t signature[64])
{
    return signer->sign ? signer->sign(signer, bytes, size, signature) : FL_E_NO;
}

void fl_signer_wipe(fl_signer *signer)
{
    if (signer->close) signer->close(signer);
    *signer = (fl_signer){.vkey = signer->vkey};
}

fl_signer fl_signer_take(fl_signer *signer)
{
    const fl_signer taken = *signer;
    OPENSSL_cleanse(signer->seed, sizeof signer->seed);
    *signer = (fl_signer){.vkey = taken.vkey};
    return taken;
}

fl_status fl_signer_init(fl_signer *signer, const char *name, fl_key_type type, const uint8_t seed[32])
{
    fl_signer made = {.vkey = {.type = type}, .sign = sign_with_seed, .close = wipe_seed};
    size_t size = sizeof made.vkey.key;
    if (!fl_note_is_name(name, strlen(name))) return FL_E_RANGE;
    if (type != FL_KEY_ED25519 && type != FL_KEY_COSIGNER) return FL_E_RANGE;
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    const bool good = pair && EVP_PKEY_get_raw_public_key(pair, made.vkey.key, &size) == 1 && size == 32;
    EVP_PKEY_free(pair);
    if (!good) return FL_E_MEMORY;
    snprintf(made.vkey.name, sizeof made.vkey.name, "%s", name);
    memcpy(made.seed, seed, 32);
    fl_vkey_make_id(&made.vkey);
    *signer = made;
    fl_signer_wipe(&made);
    return FL_OK;
}

fl_status fl_signer_read(const char *text, fl_signer *signer)
{
    char name[FL_NOTE_NAME_MAX + 1];
    uint8_t id[4], typed[33];
    fl_signer made;
    if (!text || !fl_text_begins(text, PRIVATE)) return FL_E_FILE;
    if (fl_vkey_parts(text + strlen(PRIVATE), name, id, typed) != FL_OK) return FL_E_FILE;
    fl_status status = fl_signer_init(&made, name, (fl_key_type)typed[0], typed + 1);
    if (status == FL_OK && memcmp(made.vkey.id, id, 4) == 0)
        *signer = made;
    else if (status != FL_E_MEMORY)
        status = FL_E_FILE;
    OPENSSL_cleanse(typed, sizeof typed);
    fl_signer_wipe(&made);
    return status;
}

const char *fl_signer_text(const fl_signer *signer, char room[FL_VKEY_TEXT_MAX])
{
    uint8_t typed[33] = {(uint8_t)signer->vkey.type};
    char hex[9], coded[FL_BASE64_SIZE(33)];
    memcpy(typed + 1, signer->seed, 32);
    snprintf(room, FL_VKEY_TEXT_MAX, PRIVATE "%s+%s+%s", signer->vkey.name, fl_hex(signer->vkey.id, 4, hex),
             fl_base64(typed, 33, coded));
    OPENSSL_cleanse(typed, sizeof typed);
    OPENSSL_cleanse(coded, sizeof coded);
    return room;
}
