/* Long texts on a screen: at most 100 columns. The width is fixed, so that what a command prints is the same
 * on a terminal, in a file and in a test.
 *
 *     printf("  means: ");
 *     wrap(stdout, text, 9, 9);       words, broken at spaces; one longer than a line anywhere
 *     wrap_bytes(stdout, frame, 28);  frames, whose spaces are words of the protocol: broken anywhere
 */
#ifndef FL_CLI_WRAP_H
#define FL_CLI_WRAP_H

#include <stdio.h>

/* The first line begins at column `at`, where the cursor is; the others at `indent`. Ends the line. */
void wrap(FILE *out, const char *text, int at, int indent);

void wrap_bytes(FILE *out, const char *text, int indent);

#endif
