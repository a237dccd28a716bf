/* What the pages of clients read of the journal, once a page. Private to page_client*.c. */
#ifndef FL_CONSOLE_CLIENT_PARTS_H
#define FL_CONSOLE_CLIENT_PARTS_H

#include "page.h"

#include "fadeline/clients/care.h"
#include "fadeline/clients/follow_up.h"

#include <stdlib.h>

typedef struct client_books {
    fl_journal *journal; /* NULL: there is none yet */
    fl_care_book care;
    fl_follow_book follow;
    fl_follow_up *tasks;
    size_t task_count;
} client_books;

FL_MUST_USE fl_status client_book(const page *p, client_books *b, fl_error *error);
void client_book_fini(client_books *b);                            /* also after an error */
size_t client_open_tasks(const client_books *b, const char *code); /* due and overdue */

#endif
