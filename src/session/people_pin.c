/* A PIN, as it is kept: what scrypt covers, and what the journal is told of it. */
#include "people_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

fl_status people_read_secret(const char *home, uint8_t secret[PIN_SECRET], fl_error *error)
{
    char path[FL_PLACE_MAX], *bytes;
    size_t size;
    people_path(home, "people.secret", path);
    fl_status status = fl_place_read(path, PIN_SECRET, &bytes, &size, error);
    if (status != FL_OK) return status;
    if (size == PIN_SECRET)
        memcpy(secret, bytes, PIN_SECRET);
    else
        status = fl_error_set(error, FL_E_FILE, "%s is not 32 bytes; without it no PIN can be checked", path);
    OPENSSL_cleanse(bytes, size);
    free(bytes);
    return status;
}

fl_status people_make_secret(const char *home, fl_error *error)
{
    char path[FL_PLACE_MAX];
    uint8_t secret[PIN_SECRET];
    people_path(home, "people.secret", path);
    if (fl_place_exists(path)) return FL_OK;
    if (fl_random_secret(secret, sizeof secret) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    const fl_status status = fl_place_write(path, secret, sizeof secret, 0600, error);
    OPENSSL_cleanse(secret, sizeof secret);
    return status;
}

bool people_is_good_pin(const char *pin)
{
    const size_t length = strlen(pin);
    if (length < FL_PIN_LEAST || length > FL_PIN_MOST || strspn(pin, "0123456789") != length) return false;
    bool alike = true, rising = true;
    for (size_t i = 1; i < length; i++)
        alike = alike && pin[i] == pin[0], rising = rising && pin[i] == pin[i - 1] + 1;
    return !alike && !rising;
}

/* "op:17", "operator", "2027-05-31", each with its end, so that no two blocks read alike. */
static void add_terms(fl_text *text, const person *p)
{
    char words[80], day[11];
    fl_text_add(text, "%s\n%s\n%s\n", p->id, people_role_words(p->roles, words, sizeof words),
                fl_date_text(p->until, day));
}

/* Version 1 was the salt alone: a hash copied into another block was that person's. Version 2 hashes who, as
 * what and until when into it: in another block, or under other roles or another date, it is nobody's.
 * `ended` is not in it, because whoever leaves is not there to type a PIN; the journal knows that. */
static void make_salt(const person *p, const uint8_t salt[PIN_SALT], uint8_t made[FL_SHA256_SIZE])
{
    char terms[256];
    fl_text text = fl_text_in(terms, sizeof terms);
    fl_text_add(&text, "fadeline pin 2\n");
    add_terms(&text, p);
    FL_ASSERT(!text.cut);
    const fl_piece pieces[] = {{terms, text.length}, {salt, PIN_SALT}};
    fl_sha256_pieces(pieces, 2, made);
}

void people_hash_pin(const uint8_t secret[PIN_SECRET], const person *p, const uint8_t salt[PIN_SALT],
                     const char *pin, uint8_t hash[PIN_HASH])
{
    uint8_t salted[FL_SHA256_SIZE + PIN_SECRET];
    const size_t size = p->version < PIN_BOUND ? PIN_SALT : FL_SHA256_SIZE;
    make_salt(p, salt, salted);
    if (p->version < PIN_BOUND) memcpy(salted, salt, PIN_SALT);
    memcpy(salted + size, secret, PIN_SECRET);
    FL_ASSERT(EVP_PBE_scrypt(pin, strlen(pin), salted, size + PIN_SECRET, 32768, 8, 1, 64u << 20, hash,
                             PIN_HASH) == 1);
    OPENSSL_cleanse(salted, sizeof salted);
}

/* Nobody finds a PIN in it: the hash is behind people.secret, which is in no journal. */
void people_commit(const person *p, uint8_t cmt[FL_SHA256_SIZE])
{
    char block[512], day[11];
    fl_text text = fl_text_in(block, sizeof block);
    fl_text_add(&text, "fadeline person 1\n");
    add_terms(&text, p);
    fl_text_add(&text, "%s\n%d\n%s\n%s\n", fl_date_text(p->ended, day), p->version, p->salt, p->hash);
    FL_ASSERT(!text.cut);
    fl_sha256(block, text.length, cmt);
}
