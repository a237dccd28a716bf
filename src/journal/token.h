/* A session with the token that a URI names: the inside of token.c and token_key.c. */
#ifndef FL_JOURNAL_TOKEN_SESSION_H
#define FL_JOURNAL_TOKEN_SESSION_H

#include "fadeline/journal/token.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <stdbool.h>

typedef struct fl_token {
    P11KitUri *uri;
    CK_FUNCTION_LIST **modules; /* all that p11-kit knows; NULL: `one` was named */
    CK_FUNCTION_LIST *one;
    CK_FUNCTION_LIST *call; /* the module of the token */
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE key;
    bool open;
    char label[33];
    char why[120]; /* of the last failure */
} fl_token;

/* Reads the URI, finds the token, opens a session and logs in. */
FL_MUST_USE fl_status fl_token_open(const char *uri, bool write, fl_token **token, fl_error *error);
void fl_token_close(fl_token *token); /* NULL is fine */
/* The objects of a class that the URI names; at most 2 are counted, *object is the first. */
FL_MUST_USE fl_status fl_token_find(fl_token *token, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *id,
                                    CK_OBJECT_HANDLE *object, CK_ULONG *count, fl_error *error);
/* Sets the error of a call that failed. Returns status. */
fl_status fl_token_failed(fl_token *token, CK_RV rv, const char *what, fl_status status, fl_error *error);

#endif
