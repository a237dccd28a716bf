/* Fields: names and values of a query, of a form's body or of a cookie line, read strictly.
 *
 *     fields f;
 *     if (!fields_read_form(&f, body, size)) ... refuse
 *     const char *code = fields_get(&f, "code");     // NULL: not given
 *     fields_fini(&f);
 *
 * Values are UTF-8 without 0 and, but for line ends and tabs, without control characters: anything else, a
 * name that is no [a-z0-9_-]{1,32}, a broken % escape or more than FIELDS_MOST is refused as a whole. A name
 * may come again (boxes that are ticked); fields_get gives the first.
 */
#ifndef FL_CONSOLE_FIELDS_H
#define FL_CONSOLE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#define FIELDS_MOST 1024 /* a case of 64 zones has 600 */
#define FIELD_NAME_MOST 32

typedef struct field {
    const char *name, *value; /* value: terminated, `size` bytes; a file's bytes may hold anything */
    size_t size;
    bool file;
    const char *file_name; /* as the browser said, for messages only; never NULL for a file */
} field;

typedef struct fields {
    char *room; /* the bytes that the names and values stand in; wiped at the end, a PIN may be among them */
    size_t room_size;
    field *list;
    size_t count;
} fields;

/* application/x-www-form-urlencoded, also a query without its '?'. *f is empty when refused. */
bool fields_read_form(fields *f, const char *bytes, size_t size);
/* multipart/form-data; `type` is the Content-Type with its boundary. */
bool fields_read_multipart(fields *f, const char *type, const char *bytes, size_t size);
const char *fields_get(const fields *f, const char *name);
const char *fields_each(const fields *f, const char *name, size_t *position); /* start at 0 */
const field *fields_file(const fields *f, const char *name);                  /* NULL: none was sent */
size_t fields_files(const fields *f); /* how many parts are files, empty ones too */
void fields_fini(fields *f);

/* One cookie of a Cookie header's value. 0: not there, 1: in value, 2: there twice or too long: believe
 * neither. */
int fields_cookie(const char *header, const char *name, char *value, size_t size);
/* Decodes %XX once, in place; false for a broken escape or one of 0. Returns the new length in *size. */
bool fields_unescape(char *text, size_t *size, bool plus_is_space);
bool fields_is_utf8(const char *bytes, size_t size);

#endif
