/* Keys: names, identities and the curve. */
#include "fadeline/journal/note.h"

#include "base64.h"
#include "note_text.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"
#include "fadeline/base/utf8.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* Unicode White_Space */
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool fl_note_is_name(const char *name, size_t size)
{
    if (size == 0 || size > FL_NOTE_NAME_MAX) return false;
    for (const char *at = name; at < name + size;) {
        uint32_t code;
        if (!fl_utf8_take(&at, name + size, &code) || is_space(code) || code == '+' || code < 0x20)
            return false;
    }
    return true;
}

void fl_vkey_make_id(fl_vkey *key)
{
    const uint8_t type = (uint8_t)key->type;
    const fl_piece pieces[] = {{key->name, strlen(key->name)}, {"\n", 1}, {&type, 1}, {key->key, 32}};
    uint8_t digest[FL_SHA256_SIZE];
    fl_sha256_pieces(pieces, 4, digest);
    memcpy(key->id, digest, sizeof key->id);
}

/* A key of small order accepts one signature for many texts. These are the canonical y coordinates,
 * little-endian and without the sign bit, of the eight points P with 8 P = 0 (computed: each was added to
 * itself three times). */
static bool is_small_order(const uint8_t key[32])
{
    static const char *const ys[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    for (size_t i = 0; i < sizeof ys / sizeof *ys; i++) {
        uint8_t y[32];
        if (fl_read_hex(ys[i], y, sizeof y) != FL_OK) return true;
        if (memcmp(y, key, 31) == 0 && y[31] == (key[31] & 0x7F)) return true;
    }
    return false;
}

/* y < 2^255 - 19, so that a key has one spelling. */
static bool is_canonical(const uint8_t key[32])
{
    if ((key[31] & 0x7F) != 0x7F || key[0] < 0xED) return true;
    for (int i = 1; i < 31; i++)
        if (key[i] != 0xFF) return true;
    return false;
}

bool fl_vkey_is_good(const fl_vkey *key)
{
    if (key->type != FL_KEY_ED25519 && key->type != FL_KEY_COSIGNER) return false;
    if (!is_canonical(key->key) || is_small_order(key->key)) return false;
    return true;
}

/* "name+hex8+base64(type || 32 bytes)"; the id is checked by the caller, who knows what it is over. */
fl_status fl_vkey_parts(const char *text, char name[FL_NOTE_NAME_MAX + 1], uint8_t id[4], uint8_t typed[33])
{
    const char *plus = strchr(text, '+');
    if (!plus || !fl_note_is_name(text, (size_t)(plus - text))) return FL_E_FILE;
    if (strlen(plus) < 10 || plus[9] != '+') return FL_E_FILE;
    char hex[9] = {0}, again[9];
    memcpy(hex, plus + 1, 8);
    if (fl_read_hex(hex, id, 4) != FL_OK || strcmp(fl_hex(id, 4, again), hex) != 0) return FL_E_FILE;
    size_t size;
    if (fl_base64_read(plus + 10, strlen(plus + 10), typed, 33, &size) != FL_OK || size != 33)
        return FL_E_FILE;
    memcpy(name, text, (size_t)(plus - text));
    name[plus - text] = 0;
    return FL_OK;
}

fl_status fl_vkey_read(const char *text, fl_vkey *key)
{
    fl_vkey read = {.type = FL_KEY_ED25519};
    uint8_t id[4], typed[33];
    if (!text || fl_vkey_parts(text, read.name, id, typed) != FL_OK) return FL_E_FILE;
    read.type = (fl_key_type)typed[0];
    memcpy(read.key, typed + 1, 32);
    fl_vkey_make_id(&read);
    if (!fl_vkey_is_good(&read) || memcmp(read.id, id, 4) != 0) return FL_E_FILE;
    *key = read;
    return FL_OK;
}

const char *fl_vkey_text(const fl_vkey *key, char room[FL_VKEY_TEXT_MAX])
{
    uint8_t typed[33] = {(uint8_t)key->type};
    char hex[9], coded[FL_BASE64_SIZE(33)];
    memcpy(typed + 1, key->key, 32);
    snprintf(room, FL_VKEY_TEXT_MAX, "%s+%s+%s", key->name, fl_hex(key->id, 4, hex),
             fl_base64(typed, 33, coded));
    return room;
}

/* libcrypto refuses S >= L and recomputes R, so a second spelling of a signature fails. */
fl_status fl_ed25519_verify(const uint8_t key[32], const void *bytes, size_t size,
                            const uint8_t signature[64])
{
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool good = public && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
                      EVP_DigestVerify(context, signature, 64, bytes, size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public);
    return good ? FL_OK : FL_E_NO;
}

fl_status fl_ed25519_sign(const uint8_t seed[32], const void *bytes, size_t size, uint8_t signature[64])
{
    size_t room = 64;
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool good = pair && context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
                      EVP_DigestSign(context, signature, &room, bytes, size) == 1 && room == 64;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    return good ? FL_OK : FL_E_MEMORY;
}
