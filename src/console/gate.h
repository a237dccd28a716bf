/* Gate: what a request must look like before any page hears of it.
 *
 * A browser on this machine can be told by any web page to send requests here, also with the user's cookies;
 * a name of the attacker's can be made to point at 127.0.0.1; and another program can speak HTTP badly on
 * purpose. The gate looks at the head alone, remembers nothing, and says no with a status and a sentence.
 * What it lets through came from our own page or from the address line, is of a form that our readers know,
 * and has a stated and bounded length.
 *
 *     const gate_rules rules = {.hosts = hosts, .host_count = 3, .scheme = "http"};
 *     gate_answer answer;
 *     if (!gate_passes(&rules, &head, &answer)) ... answer.status, answer.why
 *
 * Who signed in, tokens and rights come after it (visitors.h, routes.h).
 *
 * Pure.
 */
#ifndef FL_CONSOLE_GATE_H
#define FL_CONSOLE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATE_TARGET_MOST 2048       /* bytes of path and query */
#define GATE_HEADERS_MOST 64        /* lines */
#define GATE_HEAD_MOST 16384        /* bytes of all header lines */
#define GATE_BODY_MOST (256u << 10) /* of a form */
#define GATE_PHOTO_MOST (8u << 20)  /* of a form with a picture */
#define GATE_COOKIE_MOST 4096

typedef struct gate_header {
    const char *name, *value;
} gate_header;

typedef struct gate_head {
    const char *method, *version;
    const char *target; /* as it came, escapes and all; may hold anything; a 0 behind it */
    size_t target_size;
    const gate_header *headers;
    size_t header_count;
} gate_head;

typedef struct gate_rules {
    const char *const *hosts; /* "127.0.0.1:8020", in small letters */
    size_t host_count;
    const char *scheme; /* "http" or "https" */
} gate_rules;

typedef struct gate_answer {
    int status;      /* of the refusal */
    const char *why; /* a sentence for the one who wrote the client */
    bool post, head, multipart;
    uint64_t length; /* of the body */
} gate_answer;

bool gate_passes(const gate_rules *rules, const gate_head *head, gate_answer *answer);

/* The one value of a header; NULL when it is not there or there twice (*count tells). */
const char *gate_header_of(const gate_head *head, const char *name, size_t *count);

/* Path and query of a target, decoded once: no empty, "." or ".." part, no / or \ or control that was
 * escaped, and no escape that is left after it. `path` has room for GATE_TARGET_MOST + 1; *query points into
 * target, "" when there is none. */
bool gate_path(const char *target, size_t size, char *path, const char **query);

#endif
