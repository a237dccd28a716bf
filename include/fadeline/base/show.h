/* Show: a text that somebody else stored, on the owner's screen.
 *
 * The writer refuses what paints over a screen (fl_entry_takes), but an old journal, a foreign one, a hub, a
 * clients' database or a file may hold anything. Whatever was stored and is printed goes through here: what
 * is not plain (fl_utf8_is_plain) becomes \u{1B}, a byte that is no letter becomes \x{FF}. A plain text
 * passes as it is; so does a backslash, for what is shown is for eyes and is not read back.
 *
 *     printf("by %s\n", FL_SHOWN(look->who));
 *     fl_show_json(out, text, length);            // the same for JSON: \u001b, and every reader gets what
 * was stored
 */
#ifndef FL_BASE_SHOW_H
#define FL_BASE_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define FL_SHOWN_MAX 2048 /* every plain text that an entry or clients.db holds, and its end */

/* On one line. What does not fit ends with "..."; size at least 8. NULL is shown as nothing. Returns room. */
char *fl_show_text(char *room, size_t size, const char *text);
char *fl_show_bytes(char *room, size_t size, const char *bytes, size_t length);
/* For the arguments of one statement: its room lives as long as the block around it. */
#define FL_SHOWN(text) fl_show_text((char[FL_SHOWN_MAX]){""}, FL_SHOWN_MAX, (text))

/* A text of several lines, as a signed note is: each shown, the ends of the lines kept. */
void fl_show_lines(FILE *out, const char *text);

/* The bytes of JSON to a file. Ends of lines and tabs between the texts stay. */
void fl_show_json(FILE *out, const char *json, size_t length);

#endif
