/* Faces: the server end of the socket described in fadeline/session/face.h.
 *
 * Never waits, never allocates after open. Each face has a bounded queue: status lines are left out when it
 * is half full, and a face whose queue overflows with answers and events, or that sends a line that is too
 * long or not canonical, is cut off. At most FACES_MOST faces at once.
 *
 * Every refused order is a record, so orders are counted: a place gives FACES_RATE orders a second and at
 * most FACES_BURST at once. A face that gives more is cut off, with one FL_DO_FLOOD for the record, and its
 * place stays shut until half the burst has come back, so dialling again buys nothing. STANDBY costs nothing
 * and is never held back, not even behind a flood from the same face.
 *
 *     fl_faces_poll(faces);                                   // accept, read, write: whatever is ready
 *     while (fl_faces_order(faces, &order)) obey(&order);
 *     fl_faces_answer(faces, &order, FL_OK, "armed", "...", NULL);
 *     fl_faces_tell(faces, &event, false);
 */
#ifndef FL_SESSION_FACES_H
#define FL_SESSION_FACES_H

#include "fadeline/base/clock.h"
#include "fadeline/base/error.h"
#include "fadeline/interlock/reason.h"
#include "fadeline/journal/entry.h"
#include "fadeline/session/face.h"

#include <stdbool.h>

#define FACES_MOST 4
#define FACES_IN (4 * FL_FACE_LINE_MAX)
#define FACES_OUT (16 * FL_FACE_LINE_MAX)
#define FACES_TEXT 128
#define FACES_SCREEN 25
#define FACES_RATE 20 /* orders a second; a hand and a script need fewer */
#define FACES_BURST 40

typedef enum fl_face_do {
    FL_DO_NONE,
    FL_DO_SIGN_IN,
    FL_DO_SIGN_OUT,
    FL_DO_RECONCILE,
    FL_DO_SERVICE,
    FL_DO_SECOND,
    FL_DO_DATE,
    FL_DO_EYEWEAR,
    FL_DO_ZONE,
    FL_DO_SPOTS,
    FL_DO_ARM,
    FL_DO_STANDBY,
    FL_DO_RESET,
    FL_DO_ENDPOINT,
    FL_DO_NOTE,
    FL_DO_NEAR_MISS,
    FL_DO_END,
    FL_DO_HERE,
    FL_DO_FLOOD, /* no face says it: this one gave too many orders and is cut off */
    FL_DO_UNKNOWN
} fl_face_do;

typedef struct fl_face_order {
    fl_face_do what;
    unsigned face;  /* which connection */
    int64_t number; /* strictly rising per face; an old one is answered as refused and never seen here */
    int64_t value;  /* wl_nm, spot or fault; -1: not given */
    char who[FACES_TEXT], pin[FACES_TEXT]; /* who signs */
    char about[FACES_TEXT];                /* what a note is about */
    char screen[FACES_SCREEN];             /* which screen gave it; "": not said */
    char text[FACES_TEXT];                 /* zone, eyewear code, endpoint, what was said, reason or date */
} fl_face_order;

typedef struct fl_faces fl_faces;

/* Listens on `path` (mode 0600, made anew). */
FL_MUST_USE fl_status fl_faces_open(const char *path, fl_faces **faces, fl_error *error);
void fl_faces_close(fl_faces *faces); /* flushes what can be written at once; NULL is fine */
/* As just opened: everybody is cut off and forgotten, who dials waits to be let in. For who opens a million
 * times. */
void fl_faces_restart(fl_faces *faces);
/* Descriptors to poll for, at most FACES_MOST + 1. */
struct pollfd;
unsigned fl_faces_pollfds(const fl_faces *faces, struct pollfd *fds);
void fl_faces_poll(fl_faces *faces, fl_instant now);
bool fl_faces_order(fl_faces *faces, fl_face_order *order);

/* ok: `status` is FL_OK. `reasons` is a set for "code: sentence" lines; 0: none. Texts may be "". */
void fl_faces_answer(fl_faces *faces, const fl_face_order *order, fl_status status, const char *code,
                     const char *text, const char *hint, fl_reasons reasons);
/* To every face. A line that may be lost (status) is left out where the queue is half full. */
void fl_faces_tell(fl_faces *faces, const fl_entry *line, bool may_be_lost);
/* To one face, if it is still there. */
void fl_faces_tell_one(fl_faces *faces, unsigned face, const fl_entry *line);

/* The newest connection's number; they grow by one, so a greeter knows whom it has not greeted. */
unsigned fl_faces_newest(const fl_faces *faces);
unsigned fl_faces_count(const fl_faces *faces);
bool fl_faces_is_here(const fl_faces *faces, unsigned face);     /* still connected */
fl_instant fl_faces_heard(const fl_faces *faces, unsigned face); /* last line from it */

#endif
