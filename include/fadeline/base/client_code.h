/* What a client is called everywhere but in the clients' database. */
#ifndef FL_BASE_CLIENT_CODE_H
#define FL_BASE_CLIENT_CODE_H

#include <stdbool.h>

/* One to three capital letters, a hyphen, one to eight digits (C-0001): nothing a name fits into. */
bool fl_client_code_is(const char *code);

#endif
