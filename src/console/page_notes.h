/* Notes: room for a string that lives as long as the page. Only the files of page.h need it. */
#ifndef FL_CONSOLE_PAGE_NOTES_H
#define FL_CONSOLE_PAGE_NOTES_H

#include "page.h"

char *page_note_new(page *p,
                    size_t size); /* size + 1 bytes, "" at first; NULL: no memory, and the page knows */

#endif
