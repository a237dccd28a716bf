/* Attacks: a request that is good, and the same with one thing wrong. Each wrong one must be refused with its
 * status and must never reach a handler; the good one, sent last with the very same token, must pass, or the
 * refusals showed nothing.
 *
 *     attack a;
 *     attack_begin(&a, c, "svc:3", PIN_SERVICE);
 *     a.origin = "Origin: http://evil.example\r\n";
 *     attack_refused(&a, "another origin", 403);
 *     attack_restore(&a);
 *     attack_passes(&a, "our own form");
 */
#ifndef FL_TESTS_CONSOLE_HELPER_ATTACK_H
#define FL_TESTS_CONSOLE_HELPER_ATTACK_H

#include "helper_console.h"

typedef struct attack {
    fl_console *console;
    http_browser browser;
    /* the parts of the request, each with its line ends; "" leaves it out */
    const char *method, *target, *version;
    const char *host, *origin, *site, *cookie, *type, *length, *more, *body;
    char own_host[100], own_origin[100], own_cookie[300], own_length[60], own_body[300];
    unsigned refused; /* so far */
} attack;

/* Signed in; the good request is the act POST /service (who svc:3), or for who NULL the page GET /. */
void attack_begin(attack *a, fl_console *c, const char *who, const char *pin);
void attack_restore(attack *a); /* every part as it should be */
int attack_send(attack *a, http_answer *answer);
void attack_refused(attack *a, const char *what, int status);
void attack_passes(attack *a, const char *what); /* and a handler was called */
/* What no answer may ever hold: a header that opens us to other origins. */
void attack_look(const attack *a, const char *what, const http_answer *answer);

#endif
