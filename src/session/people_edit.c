/* One person's line in people.yaml, changed without touching what else people wrote there. The new text is
 * read back before it is kept: exactly one person may differ, in exactly one thing. */
#include "people_private.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VALUES 4

typedef struct value {
    const char *key, *text;
} value;

typedef struct edit {
    person wanted;             /* the block as it is to be */
    value values[MOST_VALUES]; /* each the value of its line, or of a new line at the end of the block */
    size_t count;
} edit;

static size_t indent_of(const char *line)
{
    return strspn(line, " ");
}

/* Behind the spaces and a list's dash. */
static const char *content_of(const char *line)
{
    line += indent_of(line);
    if (line[0] == '-' && line[1] == ' ') line += 1 + strspn(line + 1, " ");
    return line;
}

static bool is_key(const char *line, const char *key)
{
    const char *c = content_of(line);
    const size_t length = strlen(key);
    return strncmp(c, key, length) == 0 && c[length] == ':';
}

/* "id: op:17", perhaps in quotes, perhaps with a comment. */
static bool is_id(const char *line, const char *who)
{
    if (!is_key(line, "id")) return false;
    const char *c = content_of(line) + 3;
    c += strspn(c, " ");
    const char quote = *c == '"' || *c == '\'' ? *c++ : 0;
    const size_t length = strlen(who);
    if (strncmp(c, who, length) != 0) return false;
    c += length;
    if (quote && *c++ != quote) return false;
    c += strspn(c, " ");
    return *c == '\n' || *c == '#' || !*c;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

typedef struct block {
    const char *begin, *end; /* whole lines */
    const char *until;       /* its line: new lines go behind it */
} block;

/* The item that holds this id. Items begin at the first one's indent: a dash further in is a list inside. */
static bool find_block(const char *bytes, const char *who, block *found)
{
    bool ours = false, any = false;
    size_t indent = 0;
    block b = {0};
    for (const char *line = bytes;; line = next_line(line)) {
        const bool dash = line[indent_of(line)] == '-';
        if (!*line || (dash && (!any || indent_of(line) <= indent))) {
            b.end = line;
            if (ours || !*line) return *found = b, ours && b.until;
            if (!any) indent = indent_of(line);
            any = true;
            b = (block){.begin = line};
        }
        if (any && is_id(line, who)) ours = true;
        if (any && is_key(line, "until")) b.until = line;
    }
}

/* "key:  old  # why" with another value. */
static void write_line(const char *line, const value *v, fl_text *text)
{
    const char *at = content_of(line) + strlen(v->key) + 1;
    at += strspn(at, " ");
    fl_text_add_bytes(text, line, (size_t)(at - line));
    fl_text_add_word(text, v->text);
    at += strcspn(at, " #\n");
    fl_text_add_bytes(text, at, (size_t)(next_line(line) - at));
}

static void write_edited(const char *bytes, const block *b, const edit *e, fl_text *text)
{
    bool written[MOST_VALUES] = {false};
    for (const char *line = bytes; *line; line = next_line(line)) {
        size_t i = 0;
        const bool inside = line >= b->begin && line < b->end;
        while (inside && i < e->count && (written[i] || !is_key(line, e->values[i].key))) i++;
        if (inside && i < e->count)
            write_line(line, &e->values[i], text), written[i] = true;
        else
            fl_text_add_bytes(text, line, (size_t)(next_line(line) - line));
        if (line != b->until) continue;
        if (next_line(line)[-1] != '\n') fl_text_add_word(text, "\n");
        for (i = 0; i < e->count; i++) {
            bool there = false;
            for (const char *l = b->begin; l < b->end; l = next_line(l)) there |= is_key(l, e->values[i].key);
            if (there) continue;
            fl_text_add(text, "%*s%s: %s\n", (int)(content_of(line) - line), "", e->values[i].key,
                        e->values[i].text);
        }
    }
}

/* Everybody as before, and the one as wanted: what the journal is told of each is compared. */
static bool is_as_wanted(const fl_people *was, const fl_people *is, const edit *e)
{
    fl_person a, b;
    size_t n = 0;
    for (; fl_people_at(was, n, &a); n++) {
        if (!fl_people_at(is, n, &b) || strcmp(a.id, b.id) != 0) return false;
        if (fl_text_same(a.id, e->wanted.id)) people_commit(&e->wanted, a.cmt);
        if (memcmp(a.cmt, b.cmt, sizeof a.cmt) != 0) return false;
    }
    return !fl_people_at(is, n, &b);
}

static fl_status check_edited(const char *home, const fl_people *was, const fl_text *text, const edit *e,
                              fl_error *error)
{
    fl_people *is = NULL;
    fl_status status = people_read(home, PEOPLE_FILE, text->at, text->length, &is, error);
    if (status == FL_OK && !is_as_wanted(was, is, e)) status = FL_E_FILE;
    fl_people_free(is);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, FL_E_FILE, "people.yaml is written in a way that is not changed by a program");
    return fl_error_hint(error, "one key on a line for %s: id, roles, until, pin_salt, pin_scrypt",
                         e->wanted.id),
           FL_E_FILE;
}

static fl_status stage(const char *home, const fl_people *was, const edit *e, fl_error *error)
{
    char path[FL_PLACE_MAX], *bytes = NULL;
    size_t size = 0;
    people_path(home, PEOPLE_FILE, path);
    fl_status status = fl_place_read(path, FL_YAML_SIZE_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    char *room = malloc(size + 512);
    block b;
    if (!room) {
        status = fl_error_set(error, FL_E_MEMORY, "no memory for people.yaml");
    } else {
        fl_text text = fl_text_in(room, size + 512);
        if (find_block(bytes, e->wanted.id, &b)) write_edited(bytes, &b, e, &text);
        status = check_edited(home, was, &text, e, error);
        people_path(home, PEOPLE_NEXT, path);
        if (status == FL_OK) status = fl_place_write(path, text.at, text.length, 0600, error);
    }
    free(room);
    free(bytes);
    return status;
}

/* FL_OK: *people and the block of one who has not left. */
static fl_status find(const char *home, const char *who, fl_people **people, person *found, fl_error *error)
{
    char day[11];
    fl_status status = people_read(home, PEOPLE_FILE, NULL, 0, people, error);
    if (status != FL_OK) return status;
    const person *p = people_block(*people, who);
    if (p && !fl_date_is_set(p->ended)) return *found = *p, FL_OK;
    if (!p) {
        fl_error_set(error, FL_E_NO, "nobody here is called %s", who);
        fl_error_hint(error, "fadeline people list");
    } else {
        fl_error_set(error, FL_E_NO, "%s left on %s", who, fl_date_text(p->ended, day));
        fl_error_hint(error, "a person who comes back gets a new pseudonym: fadeline people add");
    }
    fl_people_free(*people);
    *people = NULL;
    return FL_E_NO;
}

fl_status fl_people_stage_renew(const char *home, const char *who, fl_date until, const char *pin,
                                fl_error *error)
{
    fl_people *people = NULL;
    edit e = {.count = 0};
    char day[11], salt_hex[2 * PIN_SALT + 1], hash_hex[2 * PIN_HASH + 1];
    uint8_t salt[PIN_SALT], hash[PIN_HASH];
    fl_status status = find(home, who, &people, &e.wanted, error);
    if (status == FL_OK && fl_random_secret(salt, sizeof salt) != FL_OK)
        status = fl_error_set(error, FL_E_IO, "the system gave no random bytes");
    if (status == FL_OK) {
        e.wanted.until = until;
        e.wanted.version = PIN_BOUND;
        people_hash_pin(people->secret, &e.wanted, salt, pin, hash);
        e.wanted.salt = fl_hex(salt, PIN_SALT, salt_hex);
        e.wanted.hash = fl_hex(hash, PIN_HASH, hash_hex);
        e.values[e.count++] = (value){"until", fl_date_text(until, day)};
        e.values[e.count++] = (value){"pin_version", "2"};
        e.values[e.count++] = (value){"pin_salt", salt_hex};
        e.values[e.count++] = (value){"pin_scrypt", hash_hex};
        status = stage(home, people, &e, error);
    }
    fl_people_free(people);
    return status;
}

fl_status fl_people_stage_end(const char *home, const char *who, fl_date day, fl_error *error)
{
    fl_people *people = NULL;
    edit e = {.count = 1};
    char text[11];
    fl_status status = find(home, who, &people, &e.wanted, error);
    if (status == FL_OK) {
        e.wanted.ended = day;
        e.values[0] = (value){"ended", fl_date_text(day, text)};
        status = stage(home, people, &e, error);
    }
    fl_people_free(people);
    return status;
}
