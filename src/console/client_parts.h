/* What the pages of clients read of the journal, once a page, and what they share. Private to
 * page_client*.c, page_progress.c and progress.c. */
#ifndef FL_CONSOLE_CLIENT_PARTS_H
#define FL_CONSOLE_CLIENT_PARTS_H

#include "page.h"
#include "visit.h"

#include "fadeline/clients/care.h"
#include "fadeline/clients/follow_up.h"
#include "fadeline/course/case.h"

#include <stdlib.h>

typedef struct client_books {
    fl_journal *journal; /* NULL: there is none yet */
    fl_care_book care;
    fl_follow_book follow;
    fl_follow_up *tasks;
    size_t task_count;
    bool cut; /* an entry cannot be read: what stands here is what was written before it */
    uint64_t cut_at;
} client_books;

FL_MUST_USE fl_status client_book(const page *p, client_books *b, fl_error *error);
void client_book_fini(client_books *b);                            /* also after an error */
size_t client_open_tasks(const client_books *b, const char *code); /* due and overdue */

void client_put_cut(page *p, const client_books *b); /* says so, first of all */

/* A page of the client :code, behind a look that stands in the journal; it asks for that look first. */
void client_page(page *p, void (*show)(page *p, const client_books *b, const char *code));
/* The newest case of this client and its name; NULL: none, or it cannot be read. Free it. */
fl_case *client_newest_case(page *p, const char *code, const char **name);
/* The newest visit; NULL: never here. */
const fl_visit *client_last_visit(const client_books *b, const char *code);
/* Next date, its calendar file, and the client's sheet of this visit. */
void client_put_next(page *p, const visit_file *v);

#endif
