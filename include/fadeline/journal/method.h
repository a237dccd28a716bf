/* How to check an export with openssl and a shell: METHOD.md. */
#ifndef FL_JOURNAL_METHOD_H
#define FL_JOURNAL_METHOD_H

#include <stddef.h>

const char *fl_method(size_t *size); /* the page, ended with 0 */

#endif
