/* Relay: the cable between a virtual laser and the control process. A thread with a pseudo-terminal of its
 * own carries bytes both ways, so that the cable can be pulled, plugged in again, held up, and filled with
 * rubbish while both ends live.
 */
#ifndef FL_TESTS_DISTURB_HELPER_RELAY_H
#define FL_TESTS_DISTURB_HELPER_RELAY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct relay relay;

typedef enum relay_rubbish {
    RELAY_BYTES, /* of any value */
    RELAY_LINES, /* empty ones */
    RELAY_AGAIN, /* the newest real bytes, over and over */
    RELAY_RUBBISH_KINDS
} relay_rubbish;

/* `link` will name the end for the host; `laser` names the virtual laser's own terminal, which need not be
 * there yet and may come again. */
relay *relay_new(const char *laser, const char *link, uint64_t seed);
void relay_free(relay *r); /* NULL is fine */

void relay_cut(relay *r); /* both ends see that the other is gone */
void relay_plug(relay *r);
void relay_hold(relay *r, int ms); /* nothing passes; it comes later */
void relay_flood(relay *r, bool to_laser, relay_rubbish kind, int ms);
uint64_t relay_rubbish_sent(const relay *r); /* bytes */

#endif
