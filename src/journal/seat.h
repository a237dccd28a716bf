/* Seat: the directory a log lives in, with everything that is not the database: the lock, the key and its
 * bond to this machine, the ballast, the free space. */
#ifndef FL_JOURNAL_SEAT_H
#define FL_JOURNAL_SEAT_H

#include "fadeline/journal/journal.h"
#include "fadeline/journal/token.h"

#define FL_INSTALL_ID_SIZE 33

typedef struct fl_install { /* a secret: wipe the signer */
    fl_signer signer;
    char token[FL_TOKEN_URI_MAX]; /* "": the key is in install.key itself */
    char inst[FL_INSTALL_ID_SIZE];
    int64_t created_us;
    bool complete; /* the log was made; an empty database is then a loss, not a beginning */
} fl_install;

FL_MUST_USE fl_status fl_seat_path(const char *directory, const char *file, char path[FL_PLACE_MAX],
                                   fl_error *error);
/* FL_E_BUSY when another process, or another handle of this one, writes here. */
FL_MUST_USE fl_status fl_seat_lock(const char *directory, int *lock, fl_error *error);
/* Makes journal.db, empty, mode 0600, when it is not there; *made says so. */
FL_MUST_USE fl_status fl_seat_touch(const char *directory, bool *made, fl_error *error);

/* A new key for a new log. */
FL_MUST_USE fl_status fl_install_make(const fl_journal_options *options, int64_t now_us, fl_install *install,
                                      fl_error *error);
FL_MUST_USE fl_status fl_install_write(const char *directory, const fl_install *install, fl_error *error);
/* FL_E_NO: there is none. FL_E_REFUSED: it was made for another machine or file system, others can read it, or
 * the token holds another key. */
FL_MUST_USE fl_status fl_install_read(const char *directory, fl_install *install, fl_error *error);

/* "The disk failed while this was open": best effort, beside the seal that is then missing. */
void fl_failure_mark(const char *directory);
bool fl_failure_marked(const char *directory);
void fl_failure_clear(const char *directory);

void fl_ballast_keep(const char *directory); /* best effort; only with plenty of room */
bool fl_ballast_release(const char *directory);
uint64_t fl_space_free(const fl_space *space, const char *directory);

#endif
