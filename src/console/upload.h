/* Upload: what page.h's page_upload does behind it, for the server and for the book. */
#ifndef FL_CONSOLE_UPLOAD_H
#define FL_CONSOLE_UPLOAD_H

#include "core.h"
#include "page.h"

#include "fadeline/clients/photos.h"

/* Writes the entries of photos that came while a session held the journal, each with when it came. The caller
 * holds the journal for writing. */
FL_MUST_USE fl_status upload_pay(const fl_console *c, fl_journal *journal, fl_error *error);
/* Photos of this client that still wait for that: each given to `each`; how many. each NULL: only counted. */
size_t upload_waiting(const page *p, const char *pat, void (*each)(void *self, const fl_photo_entry *photo),
                      void *self);

#endif
