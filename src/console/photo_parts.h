/* What the pages with photos on them share: who may see them now, which there are, one of them small. */
#ifndef FL_CONSOLE_PHOTO_PARTS_H
#define FL_CONSOLE_PHOTO_PARTS_H

#include "page.h"

#include "fadeline/clients/photos.h"

#define PHOTO_LOOK_US (15 * 60 * (int64_t)1000000) /* so long a look that was written down holds */

/* Whether this person's look at `what` (photos, identity) of this client stands in the journal, not long ago. */
bool look_stands(const page *p, fl_journal *journal, const char *pat, const char *what, const char *sha256);
/* Whether this person's look at this client's photos stands in the journal, not long ago; with `sha256`, in
 * hexadecimal digits, at that one. */
bool photo_was_opened(const page *p, fl_journal *journal, const char *pat, const char *sha256);

/* The newest word of the client on photos. */
typedef enum photo_state { PHOTO_NO_WORD, PHOTO_CONSENT, PHOTO_WITHDRAWN, PHOTO_GONE } photo_state;
/* GONE: the client's identity is erased, and the photos with it. on: of that entry; version: of the text,
 * empty when not said; both may be NULL. */
photo_state photo_consent(fl_journal *journal, const char *pat, fl_date *on, char version[65]);

/* As the journal has them, oldest first; malloc'ed, the caller's. pat NULL is nobody's business: always one
 * client. */
size_t photo_list(fl_journal *journal, const char *pat, fl_photo_entry **list);
const char *photo_says(page *p, const fl_photo_entry *photo); /* "test · 15 min · BRW-L" */

/* <figure> with the small picture as a button that opens it, inside a form to /photos/open that the caller
 * began with photo_form; with `tick`, a box to compare it. */
void photo_form(page *p, const char *code);
void photo_put(page *p, const fl_photo_entry *photo, bool tick);

#endif
