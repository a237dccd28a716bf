/* One person's line in people.yaml, changed without touching what else people wrote there. The new text is
 * read back before it is kept: exactly one person may differ, in exactly one thing. */
#include "fadeline/session/people.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct edit {
    const char *who, *key; /* the line: "until: DAY", or a new one "ended: DAY" behind it */
    fl_date day;
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

/* The `until` line of the item that holds this id; NULL: not found. Items begin at the first one's indent: a
 * dash further in is a list inside. */
static const char *find_line(const char *bytes, const char *who)
{
    bool ours = false, any = false;
    size_t indent = 0;
    const char *until = NULL;
    for (const char *line = bytes;; line = next_line(line)) {
        const bool dash = line[indent_of(line)] == '-';
        if (!*line || (dash && (!any || indent_of(line) <= indent))) {
            if (ours || !*line) return ours ? until : NULL;
            if (!any) indent = indent_of(line);
            any = true;
            until = NULL;
        }
        if (any && is_id(line, who)) ours = true;
        if (any && is_key(line, "until")) until = line;
    }
}

static void write_edited(const char *bytes, const char *line, const edit *e, fl_text *text)
{
    char day[11];
    const char *next = next_line(line), *content = content_of(line);
    fl_date_text(e->day, day);
    if (strcmp(e->key, "until") == 0) {
        const char *value = content + 6 + strspn(content + 6, " ");
        fl_text_add_bytes(text, bytes, (size_t)(value - bytes));
        fl_text_add_word(text, day);
        value += strcspn(value, " #\n");
        fl_text_add_bytes(text, value, strlen(value));
        return;
    }
    fl_text_add_bytes(text, bytes, (size_t)(next - bytes));
    if (next > bytes && next[-1] != '\n') fl_text_add_word(text, "\n");
    fl_text_add(text, "%*s%s: %s\n", (int)(content - line), "", e->key, day);
    fl_text_add_bytes(text, next, strlen(next));
}

/* Everybody as before but for the one thing. */
static bool is_as_wanted(const fl_people *was, const fl_people *is, const edit *e)
{
    fl_person a, b;
    size_t n = 0;
    for (; fl_people_at(was, n, &a); n++) {
        if (!fl_people_at(is, n, &b) || strcmp(a.id, b.id) != 0 || a.roles != b.roles) return false;
        if (fl_text_same(a.id, e->who)) {
            if (strcmp(e->key, "until") == 0)
                a.until = e->day;
            else
                a.ended = e->day;
        }
        if (fl_date_compare(a.until, b.until) != 0 || fl_date_compare(a.ended, b.ended) != 0) return false;
    }
    return !fl_people_at(is, n, &b);
}

static fl_status check_edited(const char *home, const fl_people *was, const fl_text *text, const edit *e,
                              fl_error *error)
{
    fl_people *is = NULL;
    fl_status status = fl_people_read(home, text->at, text->length, &is, error);
    if (status == FL_OK && !is_as_wanted(was, is, e)) status = FL_E_FILE;
    fl_people_free(is);
    if (status == FL_OK) return FL_OK;
    fl_error_set(error, FL_E_FILE, "people.yaml is written in a way that is not changed by a program");
    return fl_error_hint(error, "one key on a line for %s: id, roles, until; or change it by hand", e->who);
}

static fl_status apply(const char *home, const fl_people *was, const edit *e, bool write, fl_error *error)
{
    char path[FL_PLACE_MAX], *bytes = NULL;
    size_t size = 0;
    if (snprintf(path, sizeof path, "%s/people.yaml", home) >= (int)sizeof path)
        return fl_error_set(error, FL_E_IO, "the path is too long");
    fl_status status = fl_place_read(path, FL_YAML_SIZE_MAX, &bytes, &size, error);
    if (status != FL_OK) return status;
    char *room = malloc(size + 64);
    const char *line = find_line(bytes, e->who);
    fl_text text = {0};
    if (!room) {
        status = fl_error_set(error, FL_E_MEMORY, "no memory for people.yaml");
    } else {
        text = fl_text_in(room, size + 64);
        if (line) write_edited(bytes, line, e, &text);
        status = check_edited(home, was, &text, e, error);
    }
    if (status == FL_OK && write) status = fl_place_write(path, text.at, text.length, 0600, error);
    free(room);
    free(bytes);
    return status;
}

static fl_status change(const char *home, const edit *e, bool write, fl_error *error)
{
    fl_people *people;
    fl_person person;
    char day[11];
    fl_status status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    if (!fl_people_find(people, e->who, &person)) {
        fl_error_set(error, FL_E_NO, "nobody here is called %s", e->who);
        status = fl_error_hint(error, "fadeline people list");
    } else if (fl_date_is_set(person.ended)) {
        fl_error_set(error, FL_E_NO, "%s left on %s", e->who, fl_date_text(person.ended, day));
        status = fl_error_hint(error, "a person who comes back gets a new pseudonym: fadeline people add");
    } else {
        status = apply(home, people, e, write, error);
    }
    fl_people_free(people);
    return status;
}

fl_status fl_people_renew(const char *home, const char *who, fl_date until, bool write, fl_error *error)
{
    return change(home, &(edit){who, "until", until}, write, error);
}

fl_status fl_people_end(const char *home, const char *who, fl_date day, bool write, fl_error *error)
{
    return change(home, &(edit){who, "ended", day}, write, error);
}
