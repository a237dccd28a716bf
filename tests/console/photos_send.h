/* Photos to send: a PNG and a JPEG of this test's making, and forms with them as bytes, one thing wrong. */
#ifndef FL_TESTS_CONSOLE_PHOTOS_SEND_H
#define FL_TESTS_CONSOLE_PHOTOS_SEND_H

#include "helper_console.h"

typedef struct bytes {
    char *at; /* malloc'ed, or NULL */
    size_t size;
} bytes;

/* A picture of so many pixels, its left upper quarter red, the rest blue; `mark` makes it another picture. */
bytes photos_png(unsigned width, unsigned height, unsigned mark);
/* The same as JPEG, with an Exif block: how the camera was held (1 to 8), its serial number, and where. */
bytes photos_jpeg(unsigned width, unsigned height, unsigned mark, unsigned turn, bool where);

/* A form in parts. Every text may be NULL for what is right. */
typedef struct sending {
    const char *boundary_said, *boundary_used; /* "b" */
    const char *end;                           /* "\r\n--b--\r\n" */
    const char *head;                          /* of the photo's part, before its empty line */
    const char *more;                          /* a whole part before the photo */
    const char *origin, *site, *token;
    const char *code, *what, *sid;
    const bytes *photo; /* NULL: none is sent */
    bytes second;       /* a second photo */
    size_t length;      /* stated; 0: as long as it is */
} sending;

http_answer photos_send(http_browser *b, const sending *s);

#endif
