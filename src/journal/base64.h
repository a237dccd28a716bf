/* Base64 (RFC 4648 section 4), one spelling only: padding required, unused bits 0, nothing in between. */
#ifndef FL_JOURNAL_BASE64_H
#define FL_JOURNAL_BASE64_H

#include "fadeline/base/status.h"

#include <stddef.h>

#define FL_BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1) /* room, with the end */

char *fl_base64(const void *bytes, size_t size, char *room); /* returns room */
/* FL_E_FILE when it is not base64, FL_E_FULL when it does not fit. */
FL_MUST_USE fl_status fl_base64_read(const char *text, size_t text_size, void *bytes, size_t room,
                                     size_t *size);

#endif
