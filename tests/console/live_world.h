/* The world of the live session's tests: a console of our own with its people and a plan, a real control
 * process beside our program, a simulated laser whose room is told live. Everything is gone when the program
 * ends.
 *
 *     CHECK(world_start(), "no session: %s", world_answer);        // STANDBY, op:17 signed in, nothing
 * missing CHECK(world_arm(), "no READY"); world_room("foot down");
 *
 * A busy machine may be too slow for a laser that wants a word every 100 ms: then it is reset, as a person
 * would. What does not come is said on standard error; nothing here fails a test by itself. */
#ifndef FL_TESTS_CONSOLE_LIVE_WORLD_H
#define FL_TESTS_CONSOLE_LIVE_WORLD_H

#include "helper_console.h"
#include "live.h"

#include <stdint.h>
#include <sys/types.h>

#define PAGE "page=00112233445566778899aabbccddeeff&script=1&" /* the tab that orders */

extern fl_console *world;
extern http_browser op17, op18; /* who does the session; a colleague */
extern char world_answer[600];  /* to the newest order: status and body */
extern char world_port[64];     /* where the laser is */

int64_t world_ms(void);
void world_rest(int ms);
void world_begin(void); /* once: console, plan, laser */
void world_signed_in(http_browser *who,
                     const char *name); /* without the tenths of a second that a PIN takes */
void world_room(const char *event);     /* "foot down" */
bool world_start(void);
bool world_press(http_browser *who, const char *up); /* the button goes down; "up=1&": up */
bool world_hold_and_arm(void);                       /* for a second; then the order */
bool world_beat(void);                               /* of that tab; false: it is not the one that armed */
bool world_arm(void);
void world_mend_fault(void);
bool world_order(const char *form); /* of op:17; true: taken */
bool world_soon(const char *form);  /* the same, for 8 s: what was before still settles */
int world_order_of(http_browser *who, const char *form); /* its HTTP status */
void world_look(live_view *v);
bool world_until_state(const char *state, int ms);
bool world_until_good(int ms);
pid_t world_control(void); /* the control process; 0: none */

#endif
