/* Raw HTTP over a socket, byte by byte as a test says: no client library that would mend what is meant to be
 * wrong. */
#ifndef FL_TESTS_CONSOLE_HELPER_HTTP_H
#define FL_TESTS_CONSOLE_HELPER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct http_answer {
    int status;       /* 0: nothing came, or no HTTP */
    char head[8192];  /* header lines, terminated */
    const char *body; /* static, terminated; valid until the next call in this thread */
    size_t body_size; /* of what came */
} http_answer;

int http_connect(const char *url); /* of fl_console_url; -1 with a failed check */
/* Sends the bytes (size 0: to the end of the text), reads one answer. */
http_answer http_ask(const char *url, const char *bytes, size_t size);
/* The same on a line that is open; the line stays open. */
http_answer http_ask_on(int fd, const char *bytes, size_t size);
http_answer http_read(int fd, bool head_only);
bool http_header(const http_answer *a, const char *name, char *value,
                 size_t size); /* the first of that name */

/* One browser: its cookie jar of one, and the token of the page that it saw last. */
typedef struct http_browser {
    char url[64];
    char host[64], cookie[200], token[64], act[64];
} http_browser;

void http_browser_at(http_browser *b, const char *url);
http_answer http_get(http_browser *b, const char *path);
/* With Origin and the last token (act when `act`); `form` is name=value&... without it. */
http_answer http_post(http_browser *b, const char *path, const char *form, bool act);
bool http_sign_in(http_browser *b, const char *who, const char *pin);

#endif
