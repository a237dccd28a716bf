/* Page: what a handler has in hand, and the only ways to put something on a screen. README.md shows one in
 * ten lines.
 *
 *     void page_lasers(page *p)
 *     {
 *         page_begin(p, say(p, W_LASERS));
 *         html_put(&p->html, "<p>%s J/cm²</p>", page_number(p, 1.59, 2));   // 1.59, or 1,59 in French
 *         page_end(p);
 *     }
 *
 * Strings that functions here return live as long as the page. Nothing here fails visibly: without memory the
 * whole page is replaced by a sentence and status 500.
 */
#ifndef FL_CONSOLE_PAGE_H
#define FL_CONSOLE_PAGE_H

#include "fields.h"
#include "html.h"
#include "routes.h"
#include "visitors.h"
#include "words.h"

#include "fadeline/base/date.h"
#include "fadeline/base/error.h"
#include "fadeline/console/console.h"

#include <sys/types.h>

typedef struct request { /* after the gate */
    const route *route;
    const char *path;               /* as it was asked for, escapes and all */
    char room[2049];                /* GATE_TARGET_MOST and its end: what the parts point into */
    const char *parts[ROUTE_PARTS]; /* of :names, decoded */
    fields query, form;
    const char *if_none_match, *last_event, *languages; /* NULL: not sent */
    uint64_t halts; /* how often STOP had come when this was asked: live_halts */
} request;

typedef struct page_note page_note; /* strings that live as long as the page */

/* Bytes for a stream that goes on: up to `room` bytes, or -1 for the end. It may wait, but no longer than a
 * second at a time (0: nothing yet), or the console cannot stop. */
typedef ssize_t page_stream_read(void *self, char *bytes, size_t room);

typedef struct page {
    fl_console *console;
    const request *request;
    visitor *visitor;
    unsigned roles;   /* of who is signed in, today; 0: nobody, or locked */
    bool late;        /* that certificate has ended: may consult */
    bool far, paired; /* asked from another device; which was paired */
    bool simulated;
    language language;
    bool light; /* the theme for reading */
    fl_date today;
    html html;
    int status;
    const char *type, *download; /* download: name of a file to be saved */
    const char *location, *etag;
    const char *cookies[4];
    char act_token[VISITOR_TOKEN]; /* the next one, after an act; empty: none */
    page_stream_read *stream;
    void (*stream_free)(void *self);
    void *stream_self;
    page_note *notes;
} page;

/* ---- the frame ---- */

/* Head, banner, menu, <main> and its one h1. `title` goes into <title> too, with SIMULATED before it. */
void page_begin(page *p, const char *title);
/* The same for a page that is touched with gloves: larger targets and digits. */
void page_begin_gloves(page *p, const char *title);
/* And for the session's screen, which fits a screen without scrolling: no menu, session.css. */
void page_begin_live(page *p, const char *title);
void page_end(page *p);

/* ---- words, numbers, days ---- */

const char *say(const page *p, word w);
const char *page_fill(page *p, word w, const char *value); /* the %s of a word replaced */
const char *page_format(page *p, const char *format, ...) FL_PRINTF(2, 3);
/* A value with so many decimals, and the reader's comma; a dash when it is not finite. Units stand behind it
 * in the page's text. */
const char *page_number(page *p, double value, int decimals);
const char *page_count(page *p, uint64_t value); /* 26,732; 26 732 in French */
/* A sentence that the program makes in English (an error, a reason, what control said), for this reader: in
 * French when fadeline/french knows it, else as it is, marked lang="en" on a French page. */
void page_put_said(page *p, const char *english);
/* The same for a place that holds text alone; NULL: the reader reads English, or it is not known. */
const char *page_in_french(page *p, const char *english);
/* The same in a box that says no: what, and what to do (may be NULL). */
void page_put_no(page *p, const char *english, const char *hint);
const char *page_date(page *p, fl_date date); /* 2026-05-04 in both */
const char *page_time(page *p, fl_utc time);  /* 2026-05-04 18:30, local; 18 h 30 in French */
/* What a person typed: a number with a point or a comma. false: it is none. */
bool page_read_number(const char *text, double *value);

/* ---- addresses ---- */

/* Our own addresses only: each %s is one part and is escaped for it. For href="%s". */
const char *page_url(page *p, const char *format, ...) FL_PRINTF(2, 3);
const char *page_part(const page *p, size_t n); /* of :names, never NULL for a name that the row has */
const char *page_given(const page *p,
                       const char *name);     /* of the form, or of the query of a GET; NULL: not given */
bool page_may(const page *p, unsigned roles); /* whether who is signed in has one of these */
bool page_may_open(const page *p, route_method method, const char *path); /* by the row of that address */

/* Ways to the `most` before and after `from`, of `count`, as ?from= of this path; nothing when all are shown.
 */
void page_paging(page *p, const char *path, uint64_t from, uint64_t most, uint64_t count);

/* Whether a sentence that was typed names a client (clients/names.h), whose code it is about or NULL: then it does not
 * go into the journal, and the page says W_NAMES_CLIENT. True also when the register cannot be read: nobody knows. */
bool page_names_client(const page *p, const char *sentence, const char *about);

/* ---- forms ---- */

/* <form> to one of our POST rows (its absence is our bug), with the token that row asks for. */
void page_form(page *p, const char *action);
void page_form_photo(page *p, const char *action); /* multipart */
void page_form_end(page *p, word button);
/* Label, hint and input of one line; `wrong` is the sentence why what was given cannot be taken, W_NONE:
 * nothing is. What was typed is shown again, except for type "password". type: text, password, number (digits
 * on a touch keyboard), date. */
void page_input(page *p, const char *name, const char *type, word label, word hint, word wrong);
/* One of several as large buttons; value and its text by turns, the texts already said. */
void page_choice(page *p, const char *name, word label, const char *const *values, const char *const *texts,
                 size_t count, word wrong);
/* For scripts: the page's set token stands in <meta name="token">, and each answer to an act carries the next
 * act token in the header Fadeline-Token. */

/* ---- a photo that a form brings ---- */

/* A form that brings one goes to a row with ROUTE_PHOTO and is begun with page_form_photo:
 *
 *     page_form_photo(p, "/photos/take");
 *     page_photo_input(p, "photo", W_PHOTO_TAKE, W_NONE);         // a tablet opens its camera
 *     page_form_end(p, W_RECORD_IT);
 * and its handler
 *     const page_photo photo = {.pat = code, .what = "screen", .sid = sid, .zone = "F-L"};
 *     if (page_upload(p, &photo, &wrong)) page_redirect(p, ...);
 *     else if (wrong != W_NONE) p->status = 422, show(p, wrong);      // the form again, with the sentence
 *
 * What is taken: one JPEG or PNG by its bytes, up to 8 MB, that does not say where it was taken, not recorded
 * before, of a client who consented to photos and did not take it back. `screen` is a picture of a laser and
 * asks no consent. Kept apart (clients/photos.h), journalled by its hash as `fadeline record photo` does.
 * While a session holds the journal its entry waits and is written when that has ended: to the page that is
 * the same, it was taken. zone and spot are ids of ours, never what a person typed. */
typedef struct page_photo {
    const char *pat, *what;           /* client's code; before, after, test or screen */
    uint64_t sid;                     /* of its session; 0: of none */
    const char *zone, *spot, *moment; /* may be NULL; spot: of a test spot; moment: 0-min, 15-min, read */
} page_photo;

/* false: *wrong is a sentence for the form, or W_NONE when the page has answered by itself. */
bool page_upload(page *p, const page_photo *photo, word *wrong);
/* The field `photo`; id: its own on this page. */
void page_photo_input(page *p, const char *id, word label, word wrong);

/* ---- pictures ---- */

/* <figure> with a picture of ours of so many units; its caption is what a screen reader says first. svg.h
 * draws into it. */
void page_picture(page *p, const char *caption, double width, double height);
void page_picture_end(page *p);

/* ---- other answers ---- */

void page_redirect(page *p, const char *url); /* 303: after every form that was taken */
/* A page of its own that says no: what, and what to do (may be NULL). */
void page_refuse(page *p, int status, const char *what, const char *hint);
/* The same with a sentence of ours that is English; hint NULL: the error's own. */
void page_refuse_error(page *p, int status, const fl_error *error, const char *hint);
void page_failed(page *p,
                 const fl_error *error); /* the same for an error of ours; FL_E_BUSY is 409 and says why */
/* A file for saving; bytes are copied. */
void page_file(page *p, const char *type, const char *name, const void *bytes, size_t size);
/* One that was made just now, or why it could not be; `bytes` is freed. */
void page_file_made(page *p, fl_status status, const fl_error *error, const char *type, const char *name,
                    char *bytes, size_t size);
void page_stream(page *p, const char *type, page_stream_read *read, void *self, void (*free_self)(void *));
bool page_is_stopping(const page *p);
void page_cookie(page *p, const char *name, const char *value); /* a choice of this screen, kept a year */

/* The `to` of the form or query when it is an address of ours, else "/". */
const char *page_way_back(page *p);

/* ---- for the server and for signing in ---- */

visitors *page_visitors(const page *p);
struct tablets *page_tablets(const page *p);
const char *page_far_url(const page *p); /* NULL: not open to other devices */
void page_tablet_cookie(page *p, const char *value);

void page_fini(page *p);

#endif
