/* The key in the token: found, known to be what is needed, made, and used. */
#include "note_text.h"
#include "token.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <string.h>

/* id-Ed25519, 1.3.101.112 (RFC 8410), and the name that PKCS#11 3.0 allows in its place. */
static const uint8_t oid[] = {0x06, 0x03, 0x2B, 0x65, 0x70};
static const uint8_t curve_name[] = "\x13\x0C"
                                    "edwards25519";

static bool is_ed25519(const uint8_t *parameters, size_t size)
{
    return (size == sizeof oid && memcmp(parameters, oid, size) == 0) ||
           (size == sizeof curve_name - 1 && memcmp(parameters, curve_name, size) == 0);
}

static fl_status refuse(fl_token *t, const char *what, fl_error *error)
{
    fl_error_set(error, FL_E_REFUSED, "the token '%s': %s", t->label, what);
    return fl_error_hint(error, "fadeline journal init --make-key makes one that fits"), FL_E_REFUSED;
}

/* The private key by the URI, its public half by the same CKA_ID. */
static fl_status find_pair(fl_token *t, CK_OBJECT_HANDLE *public, fl_error *error)
{
    CK_ULONG count = 0;
    CK_KEY_TYPE type = 0;
    uint8_t id[128];
    CK_ATTRIBUTE about[] = {{CKA_KEY_TYPE, &type, sizeof type}, {CKA_ID, id, sizeof id}};
    fl_status status = fl_token_find(t, CKO_PRIVATE_KEY, NULL, &t->key, &count, error);
    if (status != FL_OK) return status;
    if (count != 1) return refuse(t, count ? "more than one key fits the URI" : "no key fits the URI", error);
    if (t->call->C_GetAttributeValue(t->session, t->key, about, 2) != CKR_OK || type != CKK_EC_EDWARDS)
        return refuse(t, "its key is not Ed25519", error);
    status = fl_token_find(t, CKO_PUBLIC_KEY, &about[1], public, &count, error);
    if (status == FL_OK && count != 1)
        status = refuse(t, "the key's public half is not there, or twice", error);
    return status;
}

/* CKA_EC_POINT is an OCTET STRING by the standard and the bare point with some. */
static fl_status read_public(fl_token *t, CK_OBJECT_HANDLE public, uint8_t key[32], fl_error *error)
{
    uint8_t parameters[64], point[64];
    CK_ATTRIBUTE about[] = {{CKA_EC_PARAMS, parameters, sizeof parameters},
                            {CKA_EC_POINT, point, sizeof point}};
    const CK_RV rv = t->call->C_GetAttributeValue(t->session, public, about, 2);
    if (rv != CKR_OK) return fl_token_failed(t, rv, "the public key cannot be read", FL_E_REFUSED, error);
    const bool wrapped = about[1].ulValueLen == 34 && point[0] == 0x04 && point[1] == 32;
    if (!is_ed25519(parameters, about[0].ulValueLen) || (!wrapped && about[1].ulValueLen != 32))
        return refuse(t, "its key is not Ed25519", error);
    memcpy(key, point + (wrapped ? 2 : 0), 32);
    return FL_OK;
}

static fl_status sign_in_token(const fl_signer *signer, const void *bytes, size_t size, uint8_t signature[64])
{
    fl_token *t = signer->token;
    CK_MECHANISM mechanism = {CKM_EDDSA, NULL, 0};
    CK_ULONG length = 64;
    union {
        const void *given;
        CK_BYTE *taken; /* the interface knows no const */
    } text = {bytes};
    CK_RV rv = t->call->C_SignInit(t->session, &mechanism, t->key);
    if (rv == CKR_OK) rv = t->call->C_Sign(t->session, text.taken, size, signature, &length);
    if (rv != CKR_OK) return fl_token_failed(t, rv, "it did not sign", FL_E_IO, NULL);
    if (length == 64 && fl_ed25519_verify(signer->vkey.key, bytes, size, signature) == FL_OK) return FL_OK;
    snprintf(t->why, sizeof t->why, "its signature does not verify");
    return FL_E_IO;
}

static void close_token(fl_signer *signer)
{
    fl_token_close(signer->token);
}

/* Whether the private half is there, can be used and belongs to the public one; the text is no checkpoint. */
static fl_status try_out(const fl_signer *signer, fl_error *error)
{
    uint8_t text[64] = "fadeline: is this key here?\n", signature[64];
    if (fl_random_secret(text + 32, 32) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    if (signer->sign(signer, text, sizeof text, signature) == FL_OK) return FL_OK;
    return refuse(signer->token, signer->token->why, error);
}

fl_status fl_signer_open_token(const char *uri, const char *name, fl_key_type type, fl_signer *signer,
                               fl_error *error)
{
    fl_signer made = {.vkey = {.type = type}, .sign = sign_in_token, .close = close_token};
    CK_OBJECT_HANDLE public = 0;
    if (!fl_note_is_name(name, strlen(name)))
        return fl_error_set(error, FL_E_RANGE, "'%.100s' cannot be the name of a key", name);
    snprintf(made.vkey.name, sizeof made.vkey.name, "%s", name);
    fl_status status = fl_token_open(uri, false, &made.token, error);
    if (status != FL_OK) return status;
    status = find_pair(made.token, &public, error);
    if (status == FL_OK) status = read_public(made.token, public, made.vkey.key, error);
    if (status == FL_OK && !fl_vkey_is_good(&made.vkey))
        status = refuse(made.token, "its key is a bad one", error);
    if (status == FL_OK) status = try_out(&made, error);
    if (status != FL_OK) return fl_token_close(made.token), status;
    fl_vkey_make_id(&made.vkey);
    *signer = made;
    return FL_OK;
}

const char *fl_signer_why(const fl_signer *signer)
{
    return signer->token ? signer->token->why : "";
}

/* ---- making one ---- */

static const CK_ATTRIBUTE *label_of(fl_token *t)
{
    CK_ULONG count = 0;
    const CK_ATTRIBUTE *named = p11_kit_uri_get_attributes(t->uri, &count);
    for (CK_ULONG i = 0; i < count; i++)
        if (named[i].type == CKA_LABEL) return &named[i];
    return NULL;
}

static fl_status generate(fl_token *t, const CK_ATTRIBUTE *label, fl_error *error)
{
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    uint8_t id[16], parameters[sizeof oid];
    CK_OBJECT_HANDLE public, private;
    CK_MECHANISM mechanism = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};
    if (fl_random_secret(id, sizeof id) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gives no random bytes");
    memcpy(parameters, oid, sizeof oid);
    CK_ATTRIBUTE of_public[] = {
        {CKA_TOKEN, &yes, sizeof yes},  {CKA_PRIVATE, &no, sizeof no},
        {CKA_VERIFY, &yes, sizeof yes}, {CKA_EC_PARAMS, parameters, sizeof parameters},
        {CKA_ID, id, sizeof id},        *label};
    CK_ATTRIBUTE of_private[] = {{CKA_TOKEN, &yes, sizeof yes},
                                 {CKA_PRIVATE, &yes, sizeof yes},
                                 {CKA_SENSITIVE, &yes, sizeof yes},
                                 {CKA_EXTRACTABLE, &no, sizeof no},
                                 {CKA_SIGN, &yes, sizeof yes},
                                 {CKA_ID, id, sizeof id},
                                 *label};
    const CK_RV rv =
        t->call->C_GenerateKeyPair(t->session, &mechanism, of_public, sizeof of_public / sizeof *of_public,
                                   of_private, sizeof of_private / sizeof *of_private, &public, &private);
    if (rv == CKR_OK) return FL_OK;
    return fl_token_failed(t, rv, "no Ed25519 key was made", FL_E_REFUSED, error);
}

fl_status fl_token_make_key(const char *uri, fl_error *error)
{
    fl_token *t = NULL;
    CK_OBJECT_HANDLE object;
    CK_ULONG count = 0;
    fl_status status = fl_token_open(uri, true, &t, error);
    if (status != FL_OK) return status;
    const CK_ATTRIBUTE *label = label_of(t);
    if (!label)
        status = fl_error_set(error, FL_E_USAGE, "the URI names no key: object=NAME");
    else
        status = fl_token_find(t, CKO_PRIVATE_KEY, NULL, &object, &count, error);
    if (status == FL_OK && count) {
        status = fl_error_set(error, FL_E_NO, "there is a key of that name in the token '%s'", t->label);
        fl_error_hint(error, "leave --make-key out to use it, or name another: object=");
    }
    if (status == FL_OK) status = generate(t, label, error);
    fl_token_close(t);
    return status;
}
