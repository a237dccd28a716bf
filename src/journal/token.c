#include "token.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIN_MOST 256
#define SLOTS_MOST 64

fl_status fl_token_failed(fl_token *token, CK_RV rv, const char *what, fl_status status, fl_error *error)
{
    snprintf(token->why, sizeof token->why, "%s: %s", what, p11_kit_strerror(rv));
    return fl_error_set(error, status, "the token '%s': %s", token->label, token->why);
}

/* ---- the PIN ---- */

static fl_status refuse_pin(fl_error *error, const char *path, const char *why)
{
    fl_error_set(error, FL_E_FILE, "the PIN of the token: %s", why);
    fl_error_at(error, path, 0, 0);
    return fl_error_hint(error,
                         "a file of one line, chmod 600, owned by who runs fadeline; name it in the URI: "
                         "?pin-source=file:/path"),
           FL_E_FILE;
}

/* What is opened is what is looked at: nobody exchanges it in between. */
static fl_status read_pin(const char *source, char pin[PIN_MOST], fl_error *error)
{
    struct stat about;
    if (!source) return refuse_pin(error, "pin-source", "the URI names no file");
    const char *path = fl_text_begins(source, "file:") ? source + 5 : source;
    if (path[0] == '/' && path[1] == '/') path += 2; /* file:///path */
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return refuse_pin(error, path, strerror(errno));
    fl_status status = FL_OK;
    ssize_t size = 0;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        status = refuse_pin(error, path, "not a file");
    else if (about.st_mode & 077)
        status = refuse_pin(error, path, "others can read it");
    else if (about.st_uid != geteuid() && about.st_uid != 0)
        status = refuse_pin(error, path, "it belongs to somebody else");
    else if ((size = read(file, pin, PIN_MOST - 1)) <= 0)
        status = refuse_pin(error, path, "it is empty");
    close(file);
    if (status != FL_OK) return status;
    pin[size] = 0;
    pin[strcspn(pin, "\r\n")] = 0;
    return FL_OK;
}

/* ---- which token ---- */

static fl_status read_uri(fl_token *t, const char *text, fl_error *error)
{
    t->uri = p11_kit_uri_new();
    if (!t->uri) return fl_error_set(error, FL_E_MEMORY, "no memory for a token");
    const int code = strlen(text) < FL_TOKEN_URI_MAX ? p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, t->uri)
                                                     : P11_KIT_URI_BAD_SYNTAX;
    if (code == P11_KIT_URI_OK && !p11_kit_uri_any_unrecognized(t->uri) &&
        !p11_kit_uri_get_pin_value(t->uri) && !strpbrk(text, "\n\r"))
        return FL_OK;
    fl_error_set(error, FL_E_USAGE, "not a token's URI: %s",
                 code != P11_KIT_URI_OK ? p11_kit_uri_message(code)
                 : p11_kit_uri_get_pin_value(t->uri)
                     ? "a PIN in it would be shown to everybody; use pin-source"
                     : "something in it is not known");
    return fl_error_hint(error, "pkcs11:token=NAME;object=KEY?pin-source=file:/path (RFC 7512)"), FL_E_USAGE;
}

static fl_status load_modules(fl_token *t, fl_error *error)
{
    const char *path = p11_kit_uri_get_module_path(t->uri);
    if (!path) {
        t->modules = p11_kit_modules_load_and_initialize(0);
        if (t->modules && t->modules[0]) return FL_OK;
        fl_error_set(error, FL_E_DEVICE, "p11-kit knows no driver of a token");
        return fl_error_hint(error, "name it in the URI: &module-path=/usr/lib/....so"), FL_E_DEVICE;
    }
    t->one = p11_kit_module_load(path, 0);
    const CK_RV rv = t->one ? p11_kit_module_initialize(t->one) : CKR_GENERAL_ERROR;
    if (rv == CKR_OK) return FL_OK;
    if (t->one) p11_kit_module_release(t->one);
    t->one = NULL;
    fl_error_set(error, FL_E_DEVICE, "the token's driver does not load");
    return fl_error_at(error, path, 0, 0), FL_E_DEVICE;
}

static void look_in(fl_token *t, CK_FUNCTION_LIST *module, unsigned *fitting)
{
    CK_SLOT_ID slots[SLOTS_MOST];
    CK_ULONG count = SLOTS_MOST;
    CK_TOKEN_INFO info;
    if (module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) return;
    for (CK_ULONG i = 0; i < count; i++) {
        if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK || !(info.flags & CKF_TOKEN_INITIALIZED))
            continue;
        if (!p11_kit_uri_match_token_info(t->uri, &info)) continue;
        t->call = module;
        t->slot = slots[i];
        size_t length = sizeof info.label;
        while (length && info.label[length - 1] == ' ') length--;
        snprintf(t->label, sizeof t->label, "%.*s", (int)length, (const char *)info.label);
        ++*fitting;
    }
}

static fl_status find_token(fl_token *t, fl_error *error)
{
    unsigned fitting = 0;
    if (t->one) look_in(t, t->one, &fitting);
    for (size_t i = 0; t->modules && t->modules[i]; i++) look_in(t, t->modules[i], &fitting);
    if (fitting == 1) return FL_OK;
    fl_error_set(error, FL_E_DEVICE, fitting ? "%u tokens fit this URI" : "no token fits this URI", fitting);
    return fl_error_hint(error, fitting ? "say which: token= or serial="
                                        : "is it plugged in? see: p11tool or p11-kit list-modules"),
           FL_E_DEVICE;
}

static fl_status log_in(fl_token *t, bool write, fl_error *error)
{
    char pin[PIN_MOST];
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (write ? CKF_RW_SESSION : 0);
    fl_status status = read_pin(p11_kit_uri_get_pin_source(t->uri), pin, error);
    if (status != FL_OK) return status;
    CK_RV rv = t->call->C_OpenSession(t->slot, flags, NULL, NULL, &t->session);
    t->open = rv == CKR_OK;
    if (rv != CKR_OK) status = fl_token_failed(t, rv, "no session", FL_E_DEVICE, error);
    if (rv == CKR_OK) {
        rv = t->call->C_Login(t->session, CKU_USER, (CK_UTF8CHAR *)pin, strlen(pin));
        if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN) {
            status = fl_token_failed(t, rv, "the PIN was not taken", FL_E_REFUSED, error);
            fl_error_hint(error,
                          "it was tried once; most tokens lock after three: mend the PIN's file first");
        }
    }
    OPENSSL_cleanse(pin, sizeof pin);
    return status;
}

fl_status fl_token_open(const char *uri, bool write, fl_token **token, fl_error *error)
{
    fl_token *t = calloc(1, sizeof *t);
    if (!t) return fl_error_set(error, FL_E_MEMORY, "no memory for a token");
    fl_status status = read_uri(t, uri, error);
    if (status == FL_OK) status = load_modules(t, error);
    if (status == FL_OK) status = find_token(t, error);
    if (status == FL_OK) status = log_in(t, write, error);
    if (status == FL_OK)
        *token = t;
    else
        fl_token_close(t);
    return status;
}

void fl_token_close(fl_token *t)
{
    if (!t) return;
    if (t->open) t->call->C_CloseSession(t->session); /* the last one of a process logs out */
    if (t->one) {
        p11_kit_module_finalize(t->one);
        p11_kit_module_release(t->one);
    }
    if (t->modules) p11_kit_modules_finalize_and_release(t->modules);
    p11_kit_uri_free(t->uri);
    free(t);
}

fl_status fl_token_find(fl_token *t, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *id, CK_OBJECT_HANDLE *object,
                        CK_ULONG *count, fl_error *error)
{
    CK_ATTRIBUTE wanted[10] = {{CKA_CLASS, &class, sizeof class}};
    CK_OBJECT_HANDLE found[2] = {0};
    CK_ULONG terms = 1, given = 0;
    const CK_ATTRIBUTE *named = p11_kit_uri_get_attributes(t->uri, &given);
    if (id) wanted[terms++] = *id;
    for (CK_ULONG i = 0; i < given && !id && terms < 10; i++)
        if (named[i].type != CKA_CLASS) wanted[terms++] = named[i];
    CK_RV rv = t->call->C_FindObjectsInit(t->session, wanted, terms);
    if (rv == CKR_OK) {
        rv = t->call->C_FindObjects(t->session, found, 2, count);
        t->call->C_FindObjectsFinal(t->session);
    }
    if (rv != CKR_OK) return fl_token_failed(t, rv, "cannot look for the key", FL_E_DEVICE, error);
    *object = found[0];
    return FL_OK;
}
