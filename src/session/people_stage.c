/* A change of the file in two steps, because the journal must know it too and power may fail in between: the
 * new file is written beside the old one, then the journal says so, then the new one takes the old one's
 * place. The entry is what counts. Before it, the file beside means nothing and the next change writes over
 * it; after it, fl_people_load finds that the journal bears out the file beside and not the old one, and
 * reads that. So nobody is locked out and nobody signs in by a change that no entry tells of. */
#include "people_private.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

fl_status fl_people_may_add(const char *home, const char *who, const char *pin, fl_error *error)
{
    char path[FL_PLACE_MAX];
    if (!people_is_good_pin(pin)) {
        fl_error_set(error, FL_E_NO, "this PIN will not do");
        fl_error_hint(error, "%d to %d digits, not all alike and not counting up", FL_PIN_LEAST, FL_PIN_MOST);
        return FL_E_NO;
    }
    if (!*who || strlen(who) > 31 ||
        who[strspn(who, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")])
        return fl_error_set(error, FL_E_NO,
                            "'%s' is no pseudonym: letters, digits, - _ . : and at most 31 of them", who);
    people_path(home, PEOPLE_FILE, path);
    if (!fl_place_exists(path)) return FL_OK;
    fl_people *people;
    const fl_status status = people_read(home, PEOPLE_FILE, NULL, 0, &people, error);
    if (status != FL_OK) return status;
    const bool there = people_block(people, who) != NULL;
    fl_people_free(people);
    return there ? fl_error_set(error, FL_E_NO, "%s is in %s already", who, path) : FL_OK;
}

/* The old bytes, untouched, and the new person after them. */
static fl_status append(const char *home, const char *block, fl_error *error)
{
    static const char head[] =
        "# Who may sign in. Persons are pseudonyms; the list of names is kept elsewhere.\n"
        "# Changed by `fadeline people` only: a block changed by hand signs nobody in, because its PIN and\n"
        "# the journal both know what it said. Comments may be added.\n"
        "schema: people/1\npeople:\n";
    char path[FL_PLACE_MAX], *old = NULL;
    size_t size = 0;
    people_path(home, PEOPLE_FILE, path);
    if (fl_place_exists(path)) {
        const fl_status status = fl_place_read(path, FL_YAML_SIZE_MAX, &old, &size, error);
        if (status != FL_OK) return status;
    }
    const size_t room = size + sizeof head + strlen(block) + 2;
    char *bytes = malloc(room);
    FL_ASSERT(bytes);
    fl_text text = fl_text_in(bytes, room);
    if (old)
        fl_text_add_bytes(&text, old, size);
    else
        fl_text_add(&text, "%s", head);
    if (text.length && text.at[text.length - 1] != '\n') fl_text_add(&text, "\n");
    fl_text_add(&text, "%s", block);
    people_path(home, PEOPLE_NEXT, path);
    const fl_status status = fl_place_write(path, bytes, text.length, 0600, error);
    free(old);
    free(bytes);
    return status;
}

static void write_block(const person *p, const char *salt_hex, const char *hash_hex, char *block, size_t size)
{
    char words[80], day[11];
    fl_text text = fl_text_in(block, size);
    fl_text_add(&text,
                "  - id: %s\n    roles: [%s]\n    until: %s\n    pin_version: %d\n    pin_salt: %s\n"
                "    pin_scrypt: %s\n",
                p->id, people_role_words(p->roles, words, sizeof words), fl_date_text(p->until, day),
                p->version, salt_hex, hash_hex);
    FL_ASSERT(!text.cut);
}

fl_status fl_people_stage_add(const char *home, const char *who, unsigned roles, fl_date until,
                              const char *pin, fl_error *error)
{
    char block[512], salt_hex[2 * PIN_SALT + 1], hash_hex[2 * PIN_HASH + 1];
    uint8_t secret[PIN_SECRET], salt[PIN_SALT], hash[PIN_HASH];
    fl_status status = fl_people_may_add(home, who, pin, error);
    if (status == FL_OK) status = fl_place_make(home, error);
    if (status == FL_OK) status = people_make_secret(home, error);
    if (status == FL_OK) status = people_read_secret(home, secret, error);
    if (status != FL_OK) return status;
    if (fl_random_secret(salt, sizeof salt) != FL_OK)
        return fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    const person p = {.id = who, .roles = roles, .until = until, .version = PIN_BOUND};
    people_hash_pin(secret, &p, salt, pin, hash);
    OPENSSL_cleanse(secret, sizeof secret);
    write_block(&p, fl_hex(salt, PIN_SALT, salt_hex), fl_hex(hash, PIN_HASH, hash_hex), block, sizeof block);
    return append(home, block, error);
}

fl_status fl_people_staged(const char *home, fl_people **people, fl_error *error)
{
    return people_read(home, PEOPLE_NEXT, NULL, 0, people, error);
}

fl_status fl_people_keep(const char *home, fl_error *error)
{
    char next[FL_PLACE_MAX], path[FL_PLACE_MAX], *bytes;
    size_t size;
    people_path(home, PEOPLE_NEXT, next);
    people_path(home, PEOPLE_FILE, path);
    fl_status status = fl_place_read(next, FL_YAML_SIZE_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    status = fl_place_write(path, bytes, size, 0600, error);
    free(bytes);
    if (status == FL_OK) unlink(next); /* left, it says the same as the file */
    return status;
}

fl_status fl_people_settle(const char *home, const fl_roster *roster, fl_error *error)
{
    char path[FL_PLACE_MAX], next[FL_PLACE_MAX];
    fl_people *people = NULL;
    fl_status status = FL_OK;
    people_path(home, PEOPLE_FILE, path);
    people_path(home, PEOPLE_NEXT, next);
    if (!fl_place_exists(next)) return FL_OK;
    if (fl_place_exists(path)) status = people_read(home, PEOPLE_FILE, NULL, 0, &people, error);
    if (status == FL_OK && people_take_next(home, roster, &people))
        status = fl_people_keep(home, error);
    else if (status == FL_OK)
        unlink(next);
    fl_people_free(people);
    return status;
}

fl_status fl_people_add(const char *home, const char *who, unsigned roles, fl_date until, const char *pin,
                        fl_error *error)
{
    const fl_status status = fl_people_stage_add(home, who, roles, until, pin, error);
    return status == FL_OK ? fl_people_keep(home, error) : status;
}
