/* Visitors: which browser is who, for how long, and what its forms carry.
 *
 * A browser is known by a cookie of 256 random bits; of it only a hash is kept. Until somebody signs in it is
 * nobody's, and nothing is remembered for it: its secret is made from the cookie, so that a thousand
 * strangers push nobody out. Signing in gives a new cookie (who knew the old one knows nothing), five minutes
 * without a touch lock it, and twelve hours end it; both also while the machine sleeps.
 *
 * Tokens: a form must carry one that only our own page of this very browser can know. The `set` token stays
 * (language, beats); an `act` token is for one act: the second time it is SPENT, and nothing is done twice.
 *
 * Safe from any thread; nothing is held while a page is made.
 */
#ifndef FL_CONSOLE_VISITORS_H
#define FL_CONSOLE_VISITORS_H

#include "fadeline/base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISITORS_MOST 32 /* signed in at a time; the one longest untouched goes first */
#define VISITOR_LOCK_MS (5 * 60 * 1000)
#define VISITOR_END_MS (12 * 60 * 60 * 1000)
#define VISITOR_COOKIE (2 * 32 + 1)
#define VISITOR_TOKEN (2 * 24 + 1)
#define VISITOR_WINDOW 1024 /* act tokens behind the newest that are still good */

typedef enum visitor_token { TOKEN_GOOD, TOKEN_WRONG, TOKEN_SPENT, TOKEN_OLD } visitor_token;

typedef struct visitor {         /* as it was when the request came */
    char cookie[VISITOR_COOKIE]; /* what the browser has, or is given now */
    bool fresh;                  /* it is to be given */
    bool known, locked;          /* somebody signed in; and was away too long */
    char who[64];                /* empty: nobody */
    uint8_t secret[32];
} visitor;

typedef struct visitors visitors;

visitors *visitors_new(const fl_clock *clock); /* NULL: no memory or no randomness */
void visitors_free(visitors *all);

/* `cookie` as it came, NULL for none. `touch`: a person did this, not a beat of the page. */
void visitors_find(visitors *all, const char *cookie, bool touch, visitor *v);
/* *v is from now on somebody's, under a new cookie. false: no randomness. */
bool visitors_sign_in(visitors *all, visitor *v, const char *who);
void visitors_sign_out(visitors *all, visitor *v);

void visitors_set_token(const visitor *v, char token[VISITOR_TOKEN]);
visitor_token visitors_check_set(const visitor *v, const char *token);
void visitors_act_token(visitors *all, const visitor *v, char token[VISITOR_TOKEN]); /* "" for nobody */
/* TOKEN_GOOD once. */
visitor_token visitors_spend(visitors *all, const visitor *v, const char *token);

#endif
