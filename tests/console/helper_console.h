/* A console of the test's own: a FADELINE_HOME under /tmp with people and a simulated journal, gone at the
 * end. */
#ifndef FL_TESTS_CONSOLE_HELPER_CONSOLE_H
#define FL_TESTS_CONSOLE_HELPER_CONSOLE_H

#include "core.h"
#include "helper_http.h"

#define PIN_OWNER "493027"      /* own:1, also supervisor */
#define PIN_OPERATOR "660318"   /* op:17 */
#define PIN_SERVICE "720519"    /* svc:3 */
#define PIN_AUDITOR "815204"    /* aud:2 */
#define PIN_LATE "936471"       /* op:9, whose certificate has ended */
#define PIN_SUPERVISOR "148250" /* sup:2 */

/* Fails the test and leaves when there is none. Simulated. */
fl_console *console_start(void);
void console_stop(fl_console *c);
uint64_t console_handled(const fl_console *c); /* calls of handlers so far */
/* Stops the process when the world does not allow the test: with what was tried. */
void console_need(bool good, const char *what);

#endif
